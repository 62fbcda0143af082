"""The episode as frozen values. Time is in whole milliseconds from the start of the file."""

from dataclasses import dataclass


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
    audio_bytes: int = 0
    """Length of the MP3 file."""
    audio_sha256: str = ""
    """Of the MP3 file, in hexadecimal; empty in records of older versions."""
    stem: str = ""
    """What its files are called without their suffix, while that is not its date."""

    def file(self, suffix: str) -> str:
        """The name of one of its files: `2025-05-20.mp3`."""
        return f"{self.stem or self.date}{suffix}"
