"""The episode: frozen values, laid out from the lengths of clips, and as episode.json.

Times are milliseconds from its start.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, get_origin, get_type_hints

from qjaudio.rules import phrases
from qjaudio.script.model import Script
from qjaudio.speech.model import Utterance

LABEL = "AIGC"
"""The name of the implicit label in every kind of file (GB 45438-2025, appendix E)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One piece of the transcript and the time in which it is heard."""

    start_ms: int
    end_ms: int
    text: str
    """As printed."""
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One part of the script in time; starts on a whole second."""

    start_ms: int
    end_ms: int
    title: str
    kind: str = "story"
    """`opening`, `headlines`, `story` or `sign_off`."""
    page: int | None = None
    byline: tuple[str, ...] = ()
    signoff: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One day's programme as it is published."""

    paper: str
    date: str
    """ISO 8601."""
    title: str
    duration_ms: int
    chapters: tuple[Chapter, ...]
    cues: tuple[Cue, ...]
    engine: str = ""
    """The engine that spoke it: the whole of it."""
    offline: bool = False
    """Whether the offline voice took over because the online one did not answer."""
    lunar_date: str = ""
    issue_number: int | None = None
    published: str = ""
    """When it was first published: ISO 8601 with offset. Kept when the same date is made again."""
    updated: str = ""
    """When it was last made again; empty = never."""
    audio_bytes: int = 0
    """Length of the MP3 file."""
    audio_sha256: str = ""
    """Of the MP3 file, in hexadecimal; empty in records of older versions."""
    stem: str = ""
    """What its files are called without their suffix, while that is not its date."""

    def file(self, suffix: str) -> str:
        """The name of one of its files: `2025-05-20.mp3`."""
        return f"{self.stem or self.date}{suffix}"


def to_record(episode: Episode) -> dict[str, Any]:
    """The episode as plain JSON values."""
    return asdict(episode)


def from_record(record: Mapping[str, Any]) -> Episode | None:
    """The episode of a record; None where the record is not one of ours or a value is damaged."""
    try:
        chapters = tuple(
            Chapter(**{**chapter, "byline": tuple(chapter["byline"])})
            for chapter in record["chapters"]
        )
        cues = tuple(Cue(**cue) for cue in record["cues"])
        plain = {name: value for name, value in record.items() if name in _types_of(Episode)}
        episode = Episode(**{**plain, "chapters": chapters, "cues": cues})
    except (KeyError, TypeError, AttributeError):
        return None
    whole = all(map(_has_valid_types, (episode, *chapters, *cues)))
    return episode if whole and _stays_in_folder(episode.stem or episode.date) else None


@cache
def _types_of(model: type) -> dict[str, Any]:
    return get_type_hints(model)


def _has_valid_types(value: Any) -> bool:
    """Whether every value has the type that the model gives it, and no number is negative."""
    for name, kind in _types_of(value.__class__).items():
        found: Any = getattr(value, name)
        if isinstance(found, bool) != (kind is bool):  # True is not a number here
            return False
        if not isinstance(found, tuple if get_origin(kind) is tuple else kind):
            return False
        if isinstance(found, int) and found < 0:
            return False
        if name == "byline" and not all(isinstance(one, str) for one in found):
            return False
    return True


def _stays_in_folder(text: str) -> bool:
    """Whether a name stays in its folder: `../x` and `/x` do not."""
    return bool(text) and not set(text) & set("/\\\0") and not text.startswith(".")


MOST_TITLE_CHARS = 120
"""A longer chapter title is cut: players show one or two lines of it."""
ELLIPSIS = "…"

# Not allowed in XML 1.0 (section 2.2) or in UTF-16 tags, or able to turn the line around.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LOOSE_ENDS = "\u200d\ufe0f ，、；：（《“‘【"


def printable(text: str) -> str:
    """The text on one line, without control characters and with single spaces."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def shorten(text: str, most: int) -> str:
    """The text in at most `most` characters; what is cut off is marked by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip(_LOOSE_ENDS) + ELLIPSIS


def within_bytes(text: str, most: int, more: str) -> str:
    """The text cut to `most` bytes of UTF-8, at a line end if there is one; `more` then ends it."""
    if len(text.encode("utf-8")) <= most:
        return text
    room = most - len(f"\n{more}".encode())
    kept = text.encode("utf-8")[: room + 1].decode("utf-8", errors="ignore")
    whole_lines, newline, _ = kept.rpartition("\n")
    if not newline:  # one long line: cut inside it
        whole_lines = kept.encode("utf-8")[:room].decode("utf-8", errors="ignore")
    return f"{whole_lines.rstrip()}\n{more}"


def timestamp(milliseconds: int, mark: str = "") -> str:
    """A time as `00:01:23`; `mark` stands before the milliseconds, without it they are cut off."""
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}" + (f"{mark}{fraction:03}" if mark else "")


def chapter_title(chapter: Chapter) -> str:
    """The title of a chapter as every list of chapters shows it; never empty."""
    title = shorten(printable(chapter.title), MOST_TITLE_CHARS)
    return title or str(phrases("notes")["titles"]["untitled"])


def chapter_link(chapter: Chapter) -> str:
    """The address that a chapter leads to; empty unless it is one of the web."""
    url = "".join(printable(chapter.url).split())
    return url if url.startswith(("https://", "http://")) else ""


def disclosures(episode: Episode) -> tuple[str, ...]:
    """The sentences that say which programme this is and that a machine speaks it."""
    words = phrases("notes")["notes"]
    year, month, day = (int(number) for number in episode.date.split("-"))
    paper = printable(episode.paper)
    said = words["disclosure"].format(paper=paper, year=year, month=month, day=day)
    return (said, words["offline"]) if episode.offline else (said,)


SECOND_MS = 1000
TAIL_MS = 800
"""Silence at the end of the file."""


def lay_out(
    script: Script,
    utterances: Sequence[Utterance],
    durations_ms: Sequence[int],
    *,
    lead_ms: int = 0,
    tail_ms: int = TAIL_MS,
) -> Episode:
    """Place every clip: one cue each, one chapter for each part.

    A chapter starts on a whole second, the pause before it is stretched to reach it: so ID3, JSON
    and show notes agree to the millisecond in every app. The first starts with the file, `lead_ms`
    before its first word. Clip number i is heard from the start of cue number i; the mix relies on
    that. `tail_ms` lie between the last word and the end.
    """
    cues: list[Cue] = []
    starts: dict[int, int] = {}
    time = lead_ms
    for utterance, duration in zip(utterances, durations_ms, strict=True):
        if not starts:
            starts[utterance.part] = 0
        elif utterance.part not in starts:
            time = -(-time // SECOND_MS) * SECOND_MS
            starts[utterance.part] = time
        cues.append(
            Cue(
                start_ms=time, end_ms=time + duration, text=utterance.text, speaker=utterance.reader
            )
        )
        time += duration + utterance.pause_ms
    end = (cues[-1].end_ms if cues else 0) + tail_ms
    return Episode(
        paper=script.paper,
        date=script.date,
        title=f"{script.paper} {script.date}",
        duration_ms=end,
        chapters=_chapters(script, starts, end),
        cues=tuple(cues),
    )


def _chapters(script: Script, starts: dict[int, int], end: int) -> tuple[Chapter, ...]:
    begins = sorted(starts.items())
    ends = [*(start for _, start in begins[1:]), end]
    return tuple(
        Chapter(start_ms=start, end_ms=stop, **{key: getattr(part, key) for key in _OF_PART})
        for (number, start), stop in zip(begins, ends, strict=True)
        for part in (script.parts[number],)
    )


_OF_PART = ("title", "kind", "page", "byline", "signoff")
"""What a chapter takes from its part of the script."""
