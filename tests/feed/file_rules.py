"""What is asked of transcripts (T) and chapters (C); each check yields what is wrong."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from feed.inspected import PODCAST, PSC, Feed, text_of

CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d{3})?")
CUE_TIMES = re.compile(r"(\d\d:\d\d:\d\d[.,]\d{3}) --> (\d\d:\d\d:\d\d[.,]\d{3})")
TYPES = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
}


def clock_seconds(text: str) -> int | None:
    match = CLOCK.fullmatch(text)
    return match and int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])  # type: ignore[return-value]


def transcripts(feed: Feed, suffix: str) -> Iterator[str]:
    """The text of each transcript of a kind, one for each item."""
    for item in feed.items:
        for one in item.findall(f"{PODCAST}transcript"):
            if one.get("type") == TYPES[suffix]:
                yield feed.file(one.get("url", ""))


def t01(feed: Feed) -> Iterator[str]:
    """A transcript of each kind, with its type."""
    for item in feed.items:
        found = [
            (one.get("url", ""), one.get("type")) for one in item.findall(f"{PODCAST}transcript")
        ]
        if {kind for _, kind in found} != set(TYPES.values()):
            yield "not one transcript of each kind"
        if any(TYPES.get("." + url.rpartition(".")[2]) != kind for url, kind in found):
            yield "the type of a transcript is not that of its name"


def t02(feed: Feed) -> Iterator[str]:
    """Each is there, in UTF-8 without a byte order mark."""
    for suffix in TYPES:
        if any(not text or text.startswith("\ufeff") for text in transcripts(feed, suffix)):
            yield f"a transcript {suffix} is missing, or begins with a byte order mark"


def t03(feed: Feed) -> Iterator[str]:
    """WebVTT: number, times, one escaped line that is not empty."""
    for text in transcripts(feed, ".vtt"):
        if not text.startswith("WEBVTT\n\n"):
            yield "no WebVTT"
        for cue in re.split(r"\n\n+", text.strip())[1:]:
            lines = cue.split("\n")
            if len(lines) != 3 or not CUE_TIMES.fullmatch(lines[1]):
                yield f"cue {cue!r} is not number, times and one line"
            elif not re.fullmatch(
                r"(<v [^<>&]*(&(amp|lt|gt);[^<>&]*)*>)?([^<>&]|&(amp|lt|gt);)+", lines[2]
            ):
                yield f"cue {lines[2]!r} is empty or not escaped"


def t04(feed: Feed) -> Iterator[str]:
    """Times run forward."""
    for suffix in (".vtt", ".srt"):
        for text in transcripts(feed, suffix):
            times = CUE_TIMES.findall(text)
            starts = [start for start, _ in times]
            if starts != sorted(starts) or any(start >= end for start, end in times):
                yield f"times of a transcript {suffix} run backwards"


def t05(feed: Feed) -> Iterator[str]:
    """SubRip: number, times, one line."""
    for text in transcripts(feed, ".srt"):
        for number, cue in enumerate(re.split(r"\n\n+", text.strip()), 1):
            lines = cue.split("\n")
            if len(lines) != 3 or lines[0] != str(number) or not CUE_TIMES.fullmatch(lines[1]):
                yield f"cue {cue!r} is not number, times and one line"


def t06(feed: Feed) -> Iterator[str]:
    """The JSON of the namespace; no segment is empty."""
    for text in transcripts(feed, ".json"):
        document = json.loads(text)
        if not isinstance(document["version"], str) or not document["segments"]:
            yield "the JSON transcript lacks version or segments"
        for segment in document["segments"]:
            if not segment["body"].strip() or not 0 <= segment["startTime"] < segment["endTime"]:
                yield f"segment {segment!r} is empty or without length"


def chapter_lists(feed: Feed) -> Iterator[tuple[ET.Element, list[dict[str, object]]]]:
    """Each item with the chapters of its JSON file."""
    for item in feed.items:
        named = item.find(f"{PODCAST}chapters")
        text = feed.file(named.get("url", "")) if named is not None else ""
        yield item, json.loads(text)["chapters"] if text else []


def c01(feed: Feed) -> Iterator[str]:
    """Chapters JSON 1.2 with its type."""
    for item, chapters in chapter_lists(feed):
        named = item.find(f"{PODCAST}chapters")
        if named is None or named.get("type") != "application/json+chapters" or not chapters:
            yield "no chapters, or not of their type"
        elif not json.loads(feed.file(named.get("url", "")))["version"].startswith("1.2"):
            yield "chapters are not of version 1.2"


def c02(feed: Feed) -> Iterator[str]:
    """Three chapters or more from 0 on, at whole seconds, with titles."""
    for _, chapters in chapter_lists(feed):
        starts = [chapter["startTime"] for chapter in chapters]
        if starts[:1] != [0] or len(starts) < 3 or starts != sorted(set(starts)):  # type: ignore[type-var]
            yield "chapters do not begin at 0, are under three or out of order"
        if any(not isinstance(start, int) for start in starts) or not all(
            one["title"] for one in chapters
        ):
            yield "a chapter starts inside a second or has no title"


def c05(feed: Feed) -> Iterator[str]:
    """Podlove chapters and the times in the notes agree with the JSON."""
    for item, chapters in chapter_lists(feed):
        simple = [
            (clock_seconds(one.get("start", "")), one.get("title"))
            for one in item.iter(f"{PSC}chapter")
        ]
        if simple != [(one["startTime"], one["title"]) for one in chapters]:
            yield "psc:chapters are not those of the JSON"
        noted = re.findall(r"^\d\d:\d\d:\d\d(?= )", text_of(item, "description"), re.MULTILINE)
        if [clock_seconds(time) for time in noted] != [
            start for start, _ in simple[: len(noted)]
        ] or len(noted) < 3:
            yield "the times in the notes are not those of the chapters"
