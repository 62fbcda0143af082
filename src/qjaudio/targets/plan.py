"""What has to be sent, and in which order it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qjaudio.targets.manifest import Entry
from qjaudio.targets.model import Stored, Upload
from qjaudio.targets.naming import is_feed, rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files in the order in which they appear on the target."""

    fresh: tuple[Upload, ...]
    """Nobody there knows of them yet: each is shown as soon as it is there."""
    held: tuple[Upload, ...]
    """They take the place of others, or name others: shown together, when all are there."""
    unchanged: tuple[Upload, ...]

    @property
    def sends(self) -> tuple[Upload, ...]:
        """All that is sent."""
        return self.fresh + self.held


def plan(
    wanted: Iterable[Upload], stored: Mapping[str, Stored], known: Mapping[str, Entry]
) -> Plan:
    """Compare what is wanted with what the target has and what we remember of it."""
    ordered = sorted(wanted, key=lambda upload: (rank(upload.name), upload.name))
    there = {one.name for one in ordered if _is_there(one, stored, known)}
    sends = [one for one in ordered if one.name not in there]
    held = {one.name for one in sends if one.name in stored or is_feed(one.name)}
    return Plan(
        fresh=tuple(one for one in sends if one.name not in held),
        held=tuple(one for one in sends if one.name in held),
        unchanged=tuple(one for one in ordered if one.name in there),
    )


def is_waiting(upload: Upload, stored: Mapping[str, Stored], known: Mapping[str, Entry]) -> bool:
    """Whether an earlier run has sent it whole under its waiting name.

    The size alone would not do: blocks arrive in any order, so that a file that broke off may be
    as long as the whole one.
    """
    there, entry = stored.get(upload.part), known.get(upload.part)
    return there is not None and entry is not None and _agree(upload, there, entry)


def _is_there(upload: Upload, stored: Mapping[str, Stored], known: Mapping[str, Entry]) -> bool:
    there, entry = stored.get(upload.name), known.get(upload.name)
    if there is None or there.size != upload.size:
        return False
    return there.md5 == upload.md5 or (entry is not None and _agree(upload, there, entry))


def _agree(upload: Upload, there: Stored, entry: Entry) -> bool:
    """Whether we have sent these bytes and the file there was not touched since."""
    return entry.sha256 == upload.sha256 and there.size == upload.size and entry.mark == there.mark
