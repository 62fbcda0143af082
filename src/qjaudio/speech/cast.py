"""The cast: which reader says which part, and with which voice of an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.script.model import Part, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One who reads: a name for the listener, and voices for each engine, best first."""

    key: str
    name: str
    voices: Mapping[str, tuple[str, ...]]

    def voice(self, engine: str, offered: tuple[str, ...]) -> str:
        """The first of its voices that the engine offers, else the engine's first."""
        wanted = self.voices.get(engine, ())
        return next((voice for voice in wanted if voice in offered), offered[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Readers and their parts."""

    readers: Mapping[str, Reader]
    parts: Mapping[str, str]
    """Reader of `opening`, `headlines` and `sign_off`."""
    stories: tuple[str, ...]
    """Readers of the stories, in turn."""

    def assigned(self, script: Script) -> tuple[Reader, ...]:
        """The reader of each part."""
        turn = 0
        readers = []
        for part in script.parts:
            key = self._key(part, turn)
            turn += part.kind == "story"
            readers.append(self.readers[key])
        return tuple(readers)

    def _key(self, part: Part, turn: int) -> str:
        named = [key for key, reader in self.readers.items() if part.reader in (key, reader.name)]
        if part.reader and named:
            return named[0]
        if part.kind == "story":
            return self.stories[turn % len(self.stories)]
        return self.parts[part.kind]


def parse_cast(table: Mapping[str, Any]) -> Cast:
    """Read the tables of cast.toml.

    Raises:
        UsageError: a part names a reader that is not there.
    """
    readers = {
        key: Reader(
            key=key,
            name=str(facts.get("name", key)),
            voices={engine: tuple(voices) for engine, voices in facts.items() if engine != "name"},
        )
        for key, facts in table.get("readers", {}).items()
    }
    cast = table.get("cast", {})
    parts = {kind: cast.get(kind, "") for kind in ("opening", "headlines", "sign_off")}
    stories = tuple(cast.get("stories", ()))
    unknown = sorted({*parts.values(), *stories} - set(readers))
    if unknown or not stories:
        raise UsageError(
            f"cast.toml names no such reader: {', '.join(unknown) or 'stories is empty'}",
            hint="each name under [cast] needs a table [readers.NAME]",
        )
    return Cast(readers=readers, parts=parts, stories=stories)
