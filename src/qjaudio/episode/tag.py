"""The ID3v2.3 tag of an episode: title, picture, script, chapters and the label of the law."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjaudio.episode.cover import shrink_cover
from qjaudio.episode.model import (
    LABEL,
    Chapter,
    Episode,
    chapter_link,
    chapter_title,
    disclosures,
    printable,
)
from qjaudio.errors import IncompleteError, NotWritableError, way_out

_HEADER = 10
"""Bytes before the tag's first frame, and before the body of each frame."""


def tag_size(header: bytes) -> int:
    """The length in bytes of the tag that begins with this header; 0 where there is none.

    The four bytes of the size carry seven bits each.
    """
    if header[:3] != b"ID3" or len(header) < _HEADER:
        return 0
    size = 0
    for byte in header[6:_HEADER]:
        size = size << 7 | byte
    return _HEADER + size


def id3_frames(tag: bytes) -> Iterator[bytes]:
    """The frames of a whole tag of version 2.3, headers and all, as they stand."""
    start = _HEADER
    while tag[start : start + 4].strip(b"\0"):
        end = start + _HEADER + int.from_bytes(tag[start + 4 : start + 8], "big")
        yield tag[start:end]
        start = end


def sort_chapters(tag: bytes) -> bytes:
    """The tag with its chapters by their start, where the first of them stood."""
    frames = list(id3_frames(tag))
    chapters = sorted((frame for frame in frames if _is_chapter(frame)), key=_chapter_start)
    if not chapters:
        return tag
    place = next(number for number, frame in enumerate(frames) if _is_chapter(frame))
    before = b"".join(frames[:place])
    after = b"".join(frame for frame in frames[place:] if not _is_chapter(frame))
    ordered = tag[:_HEADER] + before + b"".join(chapters) + after
    return ordered + tag[len(ordered) :]  # padding stays where it was


def _is_chapter(frame: bytes) -> bool:
    return frame.startswith(b"CHAP")


def _chapter_start(frame: bytes) -> int:
    """Milliseconds; they follow the name of the chapter and its closing zero."""
    start = frame.index(b"\0", _HEADER) + 1
    return int.from_bytes(frame[start : start + 4], "big")


LANGUAGE = "chi"
"""Chinese in ISO 639-2, the list that ID3v2 refers to."""
_UTF16 = 1
_FRONT_COVER = 3
# What ID3v2.3 4.15 gives for a type that is not said; players look at the bytes. Chromium's FFmpeg
# has no decoder for pictures: told of a JPEG it reads on for one, a megabyte before the first
# sound. At 300 kbit/s that comes after 2.4 s with this type, and not within 9 s with image/jpeg.
_PICTURE_MIME = "image/"
_TOP_LEVEL_ORDERED = 0b11
_NO_OFFSET = 0xFFFFFFFF  # the byte offsets of a chapter are not used: its times count
_MOST_CHILDREN = 255  # the table of contents counts its entries in one byte


_NOT_IN_LABEL = re.compile(r'[\s"\\]')
"""Appendix E leaves these out of the values."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who answers for a file, and what it is a file of: what the label names."""

    producer: str
    """The name or the registered code of the producer."""
    guid: str
    """That of the episode in the feed; ASCII."""

    def label(self, sha256: str) -> str:
        """The label as JSON: the seven fields of appendix E, for content of this hash.

        Label 1 says that the content is generated; where it is written first, who spreads it and
        under which number are who has produced it and the number of that (note 1 there).
        """
        number = f"{self.guid}-{sha256[:16]}"
        fields = {
            "Label": "1",
            "ContentProducer": self.producer,
            "ProduceID": number,
            "ReservedCode1": sha256,
            "ContentPropagator": self.producer,
            "PropagateID": number,
            "ReservedCode2": "",
        }
        plain = {name: _NOT_IN_LABEL.sub("", value) for name, value in fields.items()}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def check_label(text: str, sha256: str) -> None:
    """Raise IncompleteError unless a text is the label of content of this hash."""
    try:
        found = json.loads(text)
        whole = found == json.loads(
            Maker(found["ContentProducer"], found["ProduceID"].rpartition("-")[0]).label(sha256)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        found, whole = None, False
    if not whole or not found["ContentProducer"]:
        kind = "is damaged or that of another file" if text else "is missing"
        raise IncompleteError(f"the {LABEL} label {kind}")


def label_of(path: Path) -> str:
    """The label in the tag of an MP3; empty where there is none, or where there are several."""
    from mutagen import MutagenError

    try:
        frames = _id3().ID3(path).getall(f"TXXX:{LABEL}")
    except MutagenError:
        return ""
    return str(frames[0]) if len(frames) == 1 else ""


def sound_sha256(path: Path) -> str:
    """The sha256 of an MP3 without its tag, in hexadecimal."""
    with path.open("rb", buffering=0) as file:
        file.seek(tag_size(file.read(_HEADER)))
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_tags(
    path: Path, episode: Episode, *, album: str, cover: bytes, script_text: str, maker: Maker
) -> None:
    """Write the whole tag of the MP3 at `path`; a tag that it has is replaced.

    Version 2.3 with UTF-16 text, which every player reads. Chapters follow the ID3v2 Chapter
    Frame Addendum 1.0. `cover` is a JPEG, which the tag holds in small, `script_text` what is
    said, line by line, `maker` what its label names.

    Raises:
        NotWritableError: the file cannot be changed.
    """
    from mutagen import MutagenError

    tag = _id3().ID3()
    for frame in (
        *_text_frames(episode, album),
        *_long_frames(episode, cover, script_text),
        *_chapter_frames(episode.chapters),
    ):
        tag.add(frame)
    tag.update_to_v23()
    try:
        label = maker.label(sound_sha256(path))
        tag.add(_id3().TXXX(encoding=_UTF16, desc=LABEL, text=[label]))
        # No ID3v1 (it has no Chinese), and no padding: the same episode gives the same bytes.
        tag.save(path, v1=0, v2_version=3, padding=lambda _: 0)
        _put_in_order(path)
    except (MutagenError, OSError) as error:
        reason = f"cannot write the tags of {path}: {error}"
        raise NotWritableError(reason, hint=way_out(error, "run it again")) from error


def _id3() -> Any:
    """The frames of mutagen, which calls itself typed and is not."""
    from mutagen import id3

    return id3


def _put_in_order(path: Path) -> None:
    """Mutagen writes frames by their size; some players list chapters as they come."""
    with path.open("r+b") as file:
        size = tag_size(file.read(_HEADER))
        file.seek(0)
        tag = file.read(size)
        file.seek(0)
        file.write(sort_chapters(tag))


def _text_frames(episode: Episode, album: str) -> list[Any]:
    id3 = _id3()
    day = datetime.date.fromisoformat(episode.date)
    texts = {
        id3.TIT2: episode.title,
        id3.TPE1: episode.paper,
        id3.TALB: album,
        id3.TYER: f"{day.year:04}",
        id3.TDAT: f"{day.day:02}{day.month:02}",
        id3.TCON: "Podcast",
        id3.TLAN: LANGUAGE,
        id3.TLEN: str(episode.duration_ms),
    }
    return [frame(encoding=_UTF16, text=[printable(text)]) for frame, text in texts.items()]


def _long_frames(episode: Episode, cover: bytes, script_text: str) -> list[Any]:
    id3 = _id3()
    comment = "".join(disclosures(episode))
    small = shrink_cover(cover)
    lines = "\n".join(printable(line) for line in script_text.splitlines())
    return [
        id3.COMM(encoding=_UTF16, lang=LANGUAGE, desc="", text=[comment]),
        id3.USLT(encoding=_UTF16, lang=LANGUAGE, desc="", text=lines),
        id3.APIC(encoding=0, mime=_PICTURE_MIME, type=_FRONT_COVER, desc="", data=small),
    ]


def _chapter_frames(chapters: tuple[Chapter, ...]) -> list[Any]:
    """One CHAP for each chapter, and the CTOC that lists them in order."""
    id3 = _id3()
    frames = [
        id3.CHAP(
            element_id=f"chapter{number}",
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=_with_title(chapter),
        )
        for number, chapter in enumerate(chapters)
    ]
    if not frames:
        return []
    names = [frame.element_id for frame in frames[:_MOST_CHILDREN]]
    contents = id3.CTOC(
        element_id="contents", flags=_TOP_LEVEL_ORDERED, child_element_ids=names, sub_frames=[]
    )
    return [*frames, contents]


def _with_title(chapter: Chapter) -> list[Any]:
    id3 = _id3()
    title = id3.TIT2(encoding=_UTF16, text=[chapter_title(chapter)])
    url = chapter_link(chapter)
    return [title, id3.WXXX(encoding=_UTF16, desc="", url=url)] if url else [title]
