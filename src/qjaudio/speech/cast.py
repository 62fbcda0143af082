"""The cast: which reader says which part, with which voice of an engine, and how."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.script.model import Part, Script

_KINDS = ("opening", "headlines", "sign_off")
_TABLES = ("readers", "cast", "voices")
_CAST = (*_KINDS, "stories", "pages", "sections")
_RATE = re.compile(r"([+-]?\d{1,3}) ?%")
_RATES = (-50, 100)
"""Per cent. Beyond these a voice cannot be followed; the services take about the same."""
_PITCH = re.compile(r"([+-]?\d{1,3}) ?Hz", re.IGNORECASE)
_PITCHES = (-100, 100)
"""Hertz: from a man's voice of 110 Hz to a woman's of 210."""
_GAINS = (-12.0, 6.0)
"""Decibels. Clips are levelled to leave their peaks about that much room."""


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
class Delivery:
    """How a voice speaks; the defaults are the voice as it is."""

    rate: float = 1.0
    """A factor: 1.05 speaks faster by a twentieth."""
    pitch_hz: int = 0
    """How much higher than the voice is by nature."""
    gain_db: float = 0.0
    """How much louder than the common level of all clips."""

    def asked(self) -> set[str]:
        """What an engine must follow: `rate`, `pitch`; the gain is ours."""
        asked = {"rate": self.rate != 1.0, "pitch": self.pitch_hz != 0}
        return {setting for setting, is_asked in asked.items() if is_asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Readers and their parts."""

    readers: Mapping[str, Reader]
    parts: Mapping[str, str]
    """Reader of `opening`, `headlines` and `sign_off`."""
    stories: tuple[str, ...]
    """Readers of the stories, in turn."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """Readers of the stories of a printed page."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Readers of the stories of a section (版名); before `pages`."""
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    """By the name of the voice."""

    def assigned(self, script: Script) -> tuple[Reader, ...]:
        """The reader of each part: who the script names, else by section, by page, in turn.

        A reader named in the script takes no turn away, so that naming one changes one story.
        """
        turn = 0
        readers = []
        for part in script.parts:
            key = self._placed(part)
            if not key:
                key = self.stories[turn % len(self.stories)]
                turn += 1
            readers.append(self.readers[self._named(part) or key])
        return tuple(readers)

    def delivery(self, voice: str) -> Delivery:
        """How a voice is to speak."""
        return self.deliveries.get(voice, Delivery())

    def engines_of(self, voice: str) -> tuple[str, ...]:
        """The engines for which a reader has the voice."""
        lists = [pair for reader in self.readers.values() for pair in reader.voices.items()]
        return tuple(dict.fromkeys(engine for engine, voices in lists if voice in voices))

    def with_one_voice(self, engine: str, voice: str) -> "Cast":
        """The same cast, everybody with one voice of an engine."""
        readers = {
            key: replace(reader, voices={**reader.voices, engine: (voice,)})
            for key, reader in self.readers.items()
        }
        return replace(self, readers=readers)

    def _named(self, part: Part) -> str:
        """The reader whom an edited script names; empty where it names none.

        Raises:
            UsageError: there is no such reader.
        """
        wanted = ((key, reader.name) for key, reader in self.readers.items())
        found = next((key for key, name in wanted if part.reader in (key, name)), "")
        if part.reader and not found:
            names = "、".join(reader.name for reader in self.readers.values())
            raise UsageError(
                f"script.md: {part.title}: the cast has no reader {part.reader}",
                hint=f"write 播读: with one of {names}",
            )
        return found

    def _placed(self, part: Part) -> str:
        """The reader by kind of part, section or page; empty for a story that goes by turns."""
        if part.kind != "story":
            return self.parts[part.kind]
        by_page = self.pages.get(part.page, "") if part.page is not None else ""
        return self.sections.get(part.section, by_page)


def parse_cast(table: Mapping[str, Any], engines: Collection[str] = ()) -> Cast:
    """Read the tables of cast.toml; `engines` are those that a reader may name, empty = any.

    Raises:
        UsageError: a table, a key or a value is none that we know, or a part has no reader.
    """
    _require_known(table, _TABLES, "tables")
    named = _subtable(table, "readers")
    readers = {key: _reader(key, _subtable(named, key, "readers."), engines) for key in named}
    cast = _subtable(table, "cast")
    _require_known(cast, _CAST, "[cast]")
    parts = {kind: _reader_name(cast.get(kind, ""), f"[cast] {kind}") for kind in _KINDS}
    stories = _reader_names(cast.get("stories", []), "[cast] stories")
    pages = _subtable(cast, "pages", "cast.")
    sections = _subtable(cast, "sections", "cast.")
    by_page = {key: _reader_name(pages[key], f"[cast.pages] {key}") for key in pages}
    by_section = {key: _reader_name(sections[key], f"[cast.sections] {key}") for key in sections}
    wanted = [*parts.values(), *stories, *by_page.values(), *by_section.values()]
    unknown = sorted({name for name in wanted if name not in readers})
    if unknown or not stories:
        reason = f"names no such reader: {', '.join(unknown)}" if unknown else "stories is empty"
        raise UsageError(
            f"cast.toml {reason}", hint="each name under [cast] needs a table [readers.NAME]"
        )
    voices = _subtable(table, "voices")
    return Cast(
        readers=readers,
        parts=parts,
        stories=stories,
        pages={_page_of_name(key): reader for key, reader in by_page.items()},
        sections={key.strip(): reader for key, reader in by_section.items()},
        deliveries={key: _delivery(key, _subtable(voices, key, "voices.")) for key in voices},
    )


def _reader(key: str, facts: Mapping[str, Any], engines: Collection[str]) -> Reader:
    where = f"[readers.{key}]"
    if engines:
        _require_known(facts, ("name", *engines), where)
    name = facts.get("name", key)
    if not isinstance(name, str) or not name.strip():
        raise _wrong(f"{where} name", name, 'a text: name = "女主播"')
    lists = {
        engine: _reader_names(voices, f"{where} {engine}")
        for engine, voices in facts.items()
        if engine != "name"
    }
    return Reader(key=key, name=name, voices=lists)


def _delivery(voice: str, facts: Mapping[str, Any]) -> Delivery:
    where = f"[voices.{voice}]"
    _require_known(facts, ("rate", "pitch", "gain_db"), where)
    rate = _change(facts.get("rate", "0%"), _RATE, _RATES, f"{where} rate", "+5%")
    pitch = _change(facts.get("pitch", "0Hz"), _PITCH, _PITCHES, f"{where} pitch", "+2Hz")
    gain = facts.get("gain_db", 0.0)
    least, most = _GAINS
    if isinstance(gain, bool) or not isinstance(gain, int | float) or not least <= gain <= most:
        raise _wrong(f"{where} gain_db", gain, f"a number from {least:g} to {most:g}")
    return Delivery(rate=1 + rate / 100, pitch_hz=pitch, gain_db=float(gain))


def _change(
    text: object, form: re.Pattern[str], bounds: tuple[int, int], where: str, example: str
) -> int:
    """The number of a text like `+5%`, within its bounds."""
    found = form.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found or not bounds[0] <= int(found[1]) <= bounds[1]:
        unit = example.lstrip("+0123456789")
        allowed = f'a text like "{example}", from {bounds[0]}{unit} to +{bounds[1]}{unit}'
        raise _wrong(where, text, allowed)
    return int(found[1])


def _page_of_name(key: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", key):
        raise _wrong("[cast.pages]", key, 'the number of a page: 1 = "anchor"')
    return int(key)


def _reader_name(name: object, where: str) -> str:
    if not isinstance(name, str):
        raise UsageError(
            f"cast.toml {where} names no such reader: {_repr_in_brief(name)}",
            hint='give the name of one: "anchor"',
        )
    return name


def _reader_names(names: object, where: str) -> tuple[str, ...]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise _wrong(where, names, 'a list of names: ["one", "another"]')
    return tuple(names)


def _subtable(table: Mapping[str, Any], key: str, within: str = "") -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise _wrong(f"{within}{key}", found, f"a table: a line [{within}{key}], its keys below it")
    return found


def _require_known(table: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    unknown = sorted(set(table) - set(keys))
    if unknown:
        raise UsageError(
            f"cast.toml: {where} has no {unknown[0]!r}", hint=f"available: {', '.join(keys)}"
        )


def _wrong(where: str, found: object, wanted: str) -> UsageError:
    return UsageError(
        f"cast.toml: {where} cannot be {_repr_in_brief(found)}", hint=f"it is {wanted}"
    )


def _repr_in_brief(found: object) -> str:
    """A value as a message shows it; a whole number of thousands of digits has no text."""
    try:
        shown = repr(found)
    except (ValueError, RecursionError):
        return f"a {type(found).__name__} that is far too large"
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
