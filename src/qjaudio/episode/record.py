"""episode.json: an episode as a readable file, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from qjaudio.episode.model import Chapter, Cue, Episode

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
    whole = _is_sound(episode) and all(map(_is_sound, chapters)) and all(map(_is_sound, cues))
    return episode if whole and _is_file_name(episode.stem or episode.date) else None


def _is_sound(value: Episode | Chapter | Cue) -> bool:
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


def _is_file_name(text: str) -> bool:
    """Whether a name stays in its folder: `../x` and `/x` do not."""
    return bool(text) and not set(text) & set("/\\\0") and not text.startswith(".")


def _kinds(model: type) -> dict[str, type]:
    """The plain type of each field of a model."""
    plain = {"str": str, "bool": bool, "int": int, "int | None": int}
    return {field.name: plain.get(_name_of(field.type), tuple) for field in fields(model)}


def _name_of(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)


_TYPES: dict[type, dict[str, type]] = {model: _kinds(model) for model in (Episode, Chapter, Cue)}
