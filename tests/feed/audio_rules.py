"""What is asked of the audio (M) and of the chapters inside it (C), measured on the MP3."""

import re
import shutil
import subprocess
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from mutagen.id3 import ID3, ID3NoHeaderError
from mutagen.mp3 import MP3, BitrateMode

from feed.inspected import ITUNES, Folder, text_of

ONSET_MS = 100
_TEXTS = ("TIT2", "TPE1", "TALB", "TLAN")
_LOUD = 0.25  # of the loudest sample


def m01(folder: Folder) -> Iterator[str]:
    """The feed's duration is that of the header, of the stream, and of ffprobe's opinion."""
    for item in folder.items:
        path = folder.audio(item)
        said = int(text_of(item, f"{ITUNES}duration"))
        lengths = {"header": MP3(path).info.length, "stream": len(sound(path)) / 1000}
        if shutil.which("ffprobe"):
            lengths["ffprobe"] = _probed(path)
        for name, seconds in lengths.items():
            if abs(seconds - said) > 0.6:  # half a second of rounding, two frames of padding
                yield f"{path.name} has {seconds:.2f} s by its {name}, {said} s in the feed"


def m02(folder: Folder) -> Iterator[str]:
    """Constant bit rate, 44.1 or 48 kHz, 64 kbit/s a channel or more."""
    for item in folder.items:
        facts = MP3(folder.audio(item)).info
        if facts.bitrate_mode != BitrateMode.CBR or facts.sample_rate not in (44_100, 48_000):
            yield f"{facts.bitrate_mode} at {facts.sample_rate} Hz"
        if facts.bitrate < 64_000 * facts.channels:
            yield f"{facts.bitrate} bit/s"


def m03(folder: Folder) -> Iterator[str]:
    """−16 LKFS within 1, true peak under −1 dBFS."""
    for item in folder.items:
        report = _ffmpeg(
            folder.audio(item), "-af", "ebur128=peak=true:framelog=verbose", "-f", "null"
        ).stderr.decode()
        summary = report.rpartition("Summary:")[2]
        loudness, peak = (
            float(re.search(rf"{name}:\s+(-?[\d.]+|-inf) ", summary)[1])  # type: ignore[index]
            for name in ("I", "Peak")
        )
        if abs(loudness + 16) > 1 or peak > -1:
            yield f"{loudness} LKFS, peak {peak} dBFS"


def m04(folder: Folder) -> Iterator[str]:
    """ID3v2.3 or 2.4: title, artist, show, language, date, and a picture that is a JPEG."""
    for item in folder.items:
        tag = _tag(folder.audio(item))
        if tag is None or tag.version[:2] not in ((2, 3), (2, 4)):
            yield "no ID3v2.3 or 2.4"
            continue
        missing = [name for name in _TEXTS if not str(tag.get(name, ""))]
        if missing or not (tag.get("TDRC") or tag.get("TYER")):
            yield f"the tag lacks {missing or 'the date'}"
        pictures = tag.getall("APIC")
        if not pictures or not pictures[0].data.startswith(b"\xff\xd8\xff"):
            yield "no picture in the tag"


def c03(folder: Folder) -> Iterator[str]:
    """The chapters in the tag are those of the JSON, each until the next."""
    for item in folder.items:
        tag, chapters = _tag(folder.audio(item)), folder.chapters(item)
        inside = sorted(tag.getall("CHAP"), key=lambda one: one.start_time) if tag else []
        found = [(one.start_time, str(one.sub_frames.get("TIT2", ""))) for one in inside]
        if found != [(one["startTime"] * 1000, one["title"]) for one in chapters]:
            yield "the chapters in the tag are not those of the JSON"
        ends = [one.end_time for one in inside[:-1]]
        if ends != [one.start_time for one in inside[1:]]:
            yield "a chapter does not end where the next begins"


def c04(folder: Folder) -> Iterator[str]:
    """One table of contents, on top and in order, of all chapters."""
    for item in folder.items:
        tag = _tag(folder.audio(item))
        tables = tag.getall("CTOC") if tag else []
        listed = [name for table in tables for name in table.child_element_ids]
        if len(tables) != 1 or tables[0].flags != 3:
            yield "not one table of contents on top and in order"
        elif len(listed) != len(folder.chapters(item)):
            yield "the table of contents lacks chapters"


def c06(folder: Folder) -> Iterator[str]:
    """Every chapter but the first begins within 0.1 s of the first sound of its speech."""
    for item in folder.items:
        heard = sound(folder.audio(item), folder.speech)
        loud = _LOUD * max(map(abs, heard), default=0)
        for chapter in folder.chapters(item)[1:]:
            start = round(chapter["startTime"] * 1000)
            around = heard[start - 400 : start + 1000]
            onset = next((ms for ms, value in enumerate(around, -400) if abs(value) > loud), 9999)
            if abs(onset) > ONSET_MS:
                yield f"{chapter['title']}: speech sets in {onset} ms after its chapter"


def sound(path: Path, filters: str = "") -> "array[int]":
    """The decoded sound, a sample a millisecond, filtered before."""
    words = ["-af", filters] if filters else []
    return array("h", _ffmpeg(path, *words, "-f", "s16le", "-ac", "1", "-ar", "1000").stdout)


def _tag(path: Path) -> Any:
    try:
        return ID3(path)
    except ID3NoHeaderError:
        return None


def _ffmpeg(path: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-nostats"]
    return subprocess.run(
        [*command, "-i", str(path), *words, "-"], capture_output=True, check=True, timeout=60
    )


def _probed(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    done = subprocess.run([*command, str(path)], capture_output=True, check=True, timeout=60)
    return float(done.stdout)
