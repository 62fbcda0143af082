"""The files beside an MP3: transcripts as WebVTT, SubRip and JSON, and chapters as JSON."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from qjaudio.episode.model import (
    Chapter,
    Cue,
    Episode,
    chapter_link,
    chapter_title,
    printable,
    timestamp,
)

TRANSCRIPTS = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
}
CHAPTERS = ".chapters.json"
PICTURE = ".jpg"
PAGE = ".html"
COMPANIONS = (*TRANSCRIPTS, CHAPTERS, PICTURE)
"""The files that `make` writes beside every MP3."""


def vtt(episode: Episode) -> str:
    """The transcript as WebVTT; each cue names its speaker in a voice span."""
    blocks = (
        f"{number}\n{_time_span(cue, '.')}\n{_voiced(cue)}\n"
        for number, cue in enumerate(_cues_with_text(episode), 1)
    )
    return "\n".join(("WEBVTT\n", *blocks))


def srt(episode: Episode) -> str:
    """The transcript as SubRip; a cue begins with the speaker's name where the speaker changes."""
    blocks = []
    speaker = ""
    for number, cue in enumerate(_cues_with_text(episode), 1):
        name = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaker else ""
        speaker = cue.speaker
        text = f"{name}{cue.text}".replace("-->", "→")  # SubRip can escape nothing
        blocks.append(f"{number}\n{_time_span(cue, ',')}\n{text}\n")
    return "\n".join(blocks)


def transcript_json(episode: Episode) -> str:
    """The transcript as JSON, a segment for each cue; times are seconds."""
    segments = [_segment(cue) for cue in _cues_with_text(episode)]
    document = {"version": "1.0.0", "segments": segments}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cues_with_text(episode: Episode) -> Iterator[Cue]:
    """The cues that have text, in the order of time, each with a length.

    Players fail on an empty cue (AntennaPod reads the first character of the next one).
    """
    for cue in sorted(episode.cues, key=lambda cue: cue.start_ms):
        text, speaker = printable(cue.text), printable(cue.speaker)
        if text:
            end = max(cue.end_ms, cue.start_ms + 1)
            yield replace(cue, text=text, speaker=speaker, end_ms=end)


def _segment(cue: Cue) -> dict[str, Any]:
    speaker = {"speaker": cue.speaker} if cue.speaker else {}
    times = {"startTime": cue.start_ms / 1000, "endTime": cue.end_ms / 1000}
    return {**speaker, **times, "body": cue.text}


def _time_span(cue: Cue, mark: str) -> str:
    return f"{timestamp(cue.start_ms, mark)} --> {timestamp(cue.end_ms, mark)}"


def _voiced(cue: Cue) -> str:
    text = _escaped(cue.text)
    return f"<v {_escaped(cue.speaker)}>{text}" if cue.speaker else text


def _escaped(text: str) -> str:
    """Text with the three marks that WebVTT would take for markup as references."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def chapters_json(episode: Episode) -> str:
    """The chapters of an episode; starts are whole seconds, because players cut off fractions."""
    document = {
        "version": "1.2.0",
        "title": printable(episode.title),
        "podcastName": printable(episode.paper),
        "fileName": f"{episode.date}.mp3",
        "chapters": [_chapter_entry(chapter) for chapter in episode.chapters],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _chapter_entry(chapter: Chapter) -> dict[str, Any]:
    url = chapter_link(chapter)
    entry = {
        "startTime": chapter.start_ms // 1000,
        "title": chapter_title(chapter),
        "toc": True,
    }
    return {**entry, "url": url} if url else entry
