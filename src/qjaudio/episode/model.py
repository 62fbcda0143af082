"""The episode as frozen values and as episode.json; times are milliseconds from its start."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


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


_OPTIONAL = {"page", "issue_number"}
"""Numbers that may be null."""


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
        plain = {name: value for name, value in record.items() if name in _TYPES[Episode]}
        episode = Episode(**{**plain, "chapters": chapters, "cues": cues})
    except (KeyError, TypeError, AttributeError):
        return None
    whole = all(map(_has_valid_types, (episode, *chapters, *cues)))
    return episode if whole and _stays_in_folder(episode.stem or episode.date) else None


def _has_valid_types(value: object) -> bool:
    """Whether every value has the type that the model gives it, and no number is negative."""
    for name, kind in _TYPES[type(value)].items():
        found: Any = getattr(value, name)
        if found is None and name in _OPTIONAL:
            continue
        has_kind = type(found) is kind  # True is no number here
        if not has_kind or (kind is int and found < 0):
            return False
        if name == "byline" and not all(isinstance(one, str) for one in found):
            return False
    return True


def _stays_in_folder(text: str) -> bool:
    """Whether a name stays in its folder: `../x` and `/x` do not."""
    return bool(text) and not set(text) & set("/\\\0") and not text.startswith(".")


def _field_types(model: type) -> dict[str, type]:
    """The plain type of each field of a model."""
    plain = {"str": str, "bool": bool, "int": int, "int | None": int}
    return {field.name: plain.get(_type_name(field.type), tuple) for field in fields(model)}


def _type_name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)


_TYPES: dict[type, dict[str, type]] = {
    model: _field_types(model) for model in (Episode, Chapter, Cue)
}
