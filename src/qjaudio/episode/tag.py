"""The ID3v2.3 tag of an episode: title, picture, script and chapters inside the MP3."""

import datetime
from pathlib import Path
from typing import Any

from qjaudio.episode.model import Chapter, Episode
from qjaudio.episode.titles import chapter_title, printable
from qjaudio.errors import NotWritableError
from qjaudio.rules import phrases

LANGUAGE = "chi"
"""Chinese in ISO 639-2, the list that ID3v2 refers to."""
_UTF16 = 1
_FRONT_COVER = 3
_TOP_LEVEL_ORDERED = 0b11
_NO_OFFSET = 0xFFFFFFFF  # the byte offsets of a chapter are not used: its times count
_MOST_CHILDREN = 255  # the table of contents counts its entries in one byte


def write_tags(path: Path, episode: Episode, *, album: str, cover: bytes, script_text: str) -> None:
    """Write the whole tag of the MP3 at `path`; a tag that it has is replaced.

    Version 2.3 with UTF-16 text, which every player reads. Chapters follow the ID3v2 Chapter
    Frame Addendum 1.0. `cover` is a JPEG, `script_text` what is said, line by line.

    Raises:
        NotWritableError: the file cannot be changed.
    """
    from mutagen import MutagenError
    from mutagen.id3 import ID3

    tag = ID3()
    for frame in [
        *_text_frames(episode, album),
        *_long_frames(episode, cover, script_text),
        *_chapter_frames(episode.chapters),
    ]:
        tag.add(frame)
    tag.update_to_v23()
    try:
        # No ID3v1 (it has no Chinese), and no padding: the same episode gives the same bytes.
        tag.save(path, v1=0, v2_version=3, padding=lambda _: 0)
    except MutagenError as error:
        raise NotWritableError(
            f"cannot write the tags of {path}: {error}", hint="free some space, then run it again"
        ) from error


def _text_frames(episode: Episode, album: str) -> list[Any]:
    from mutagen.id3 import TALB, TCON, TDAT, TIT2, TLAN, TLEN, TPE1, TYER

    day = datetime.date.fromisoformat(episode.date)
    texts = {
        TIT2: episode.title,
        TPE1: episode.paper,
        TALB: album,
        TYER: f"{day.year:04}",
        TDAT: f"{day.day:02}{day.month:02}",
        TCON: "Podcast",
        TLAN: LANGUAGE,
        TLEN: str(episode.duration_ms),
    }
    return [frame(encoding=_UTF16, text=[printable(text)]) for frame, text in texts.items()]


def _long_frames(episode: Episode, cover: bytes, script_text: str) -> list[Any]:
    from mutagen.id3 import APIC, COMM, USLT

    lines = "\n".join(printable(line) for line in script_text.splitlines())
    return [
        COMM(encoding=_UTF16, lang=LANGUAGE, desc="", text=[_comment(episode)]),
        USLT(encoding=_UTF16, lang=LANGUAGE, desc="", text=lines),
        APIC(encoding=0, mime="image/jpeg", type=_FRONT_COVER, desc="", data=cover),
    ]


def _comment(episode: Episode) -> str:
    """That a machine speaks, and which."""
    words = phrases("notes")["notes"]
    day = datetime.date.fromisoformat(episode.date)
    disclosure = words["disclosure"].format(
        paper=printable(episode.paper), year=day.year, month=day.month, day=day.day
    )
    return disclosure + (words["offline"] if episode.offline else "")


def _chapter_frames(chapters: tuple[Chapter, ...]) -> list[Any]:
    """One CHAP for each chapter, and the CTOC that lists them in order."""
    from mutagen.id3 import CHAP, CTOC

    frames = [
        CHAP(
            element_id=f"chapter{number}",
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=_titled(chapter),
        )
        for number, chapter in enumerate(chapters)
    ]
    if not frames:
        return []
    names = [frame.element_id for frame in frames[:_MOST_CHILDREN]]
    contents = CTOC(
        element_id="contents", flags=_TOP_LEVEL_ORDERED, child_element_ids=names, sub_frames=[]
    )
    return [*frames, contents]


def _titled(chapter: Chapter) -> list[Any]:
    from mutagen.id3 import TIT2, WXXX

    title = TIT2(encoding=_UTF16, text=[chapter_title(chapter)])
    if not chapter.url:
        return [title]
    return [title, WXXX(encoding=_UTF16, desc="", url=printable(chapter.url))]
