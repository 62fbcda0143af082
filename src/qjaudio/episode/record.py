"""episode.json: an episode as a readable file, and back."""

from dataclasses import asdict, fields
from typing import Any

from qjaudio.episode.model import Chapter, Cue, Episode


def to_record(episode: Episode) -> dict[str, Any]:
    """The episode as plain JSON values."""
    return asdict(episode)


def from_record(record: dict[str, Any]) -> Episode | None:
    """The episode of a record; None where the record is not one of ours."""
    known = {field.name for field in fields(Episode)}
    try:
        chapters = tuple(
            Chapter(**{**chapter, "byline": tuple(chapter["byline"])})
            for chapter in record["chapters"]
        )
        cues = tuple(Cue(**cue) for cue in record["cues"])
        plain = {name: value for name, value in record.items() if name in known}
        return Episode(**{**plain, "chapters": chapters, "cues": cues})
    except (KeyError, TypeError):
        return None
