"""Reading cast.toml, with a sentence for every slip."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.speech.cast import Cast, Delivery, Reader

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


def parse_cast(table: Mapping[str, Any], engines: Collection[str] = ()) -> Cast:
    """Read the tables of cast.toml; `engines` are those that a reader may name, empty = any.

    Raises:
        UsageError: a table, a key or a value is none that we know, or a part has no reader.
    """
    _known(table, _TABLES, "tables")
    named = _table(table, "readers")
    readers = {key: _reader(key, _table(named, key, "readers."), engines) for key in named}
    cast = _table(table, "cast")
    _known(cast, _CAST, "[cast]")
    parts = {kind: _name(cast.get(kind, ""), f"[cast] {kind}") for kind in _KINDS}
    stories = _names(cast.get("stories", []), "[cast] stories")
    pages = _table(cast, "pages", "cast.")
    sections = _table(cast, "sections", "cast.")
    by_page = {key: _name(pages[key], f"[cast.pages] {key}") for key in pages}
    by_section = {key: _name(sections[key], f"[cast.sections] {key}") for key in sections}
    wanted = [*parts.values(), *stories, *by_page.values(), *by_section.values()]
    unknown = sorted({name for name in wanted if name not in readers})
    if unknown or not stories:
        reason = f"names no such reader: {', '.join(unknown)}" if unknown else "stories is empty"
        raise UsageError(
            f"cast.toml {reason}", hint="each name under [cast] needs a table [readers.NAME]"
        )
    voices = _table(table, "voices")
    return Cast(
        readers=readers,
        parts=parts,
        stories=stories,
        pages={_page(key): reader for key, reader in by_page.items()},
        sections={key.strip(): reader for key, reader in by_section.items()},
        deliveries={key: _delivery(key, _table(voices, key, "voices.")) for key in voices},
    )


def _reader(key: str, facts: Mapping[str, Any], engines: Collection[str]) -> Reader:
    where = f"[readers.{key}]"
    if engines:
        _known(facts, ("name", *engines), where)
    name = facts.get("name", key)
    if not isinstance(name, str) or not name.strip():
        raise _wrong(f"{where} name", name, 'a text: name = "女主播"')
    lists = {
        engine: _names(voices, f"{where} {engine}")
        for engine, voices in facts.items()
        if engine != "name"
    }
    return Reader(key=key, name=name, voices=lists)


def _delivery(voice: str, facts: Mapping[str, Any]) -> Delivery:
    where = f"[voices.{voice}]"
    _known(facts, ("rate", "pitch", "gain_db"), where)
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


def _page(key: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", key):
        raise _wrong("[cast.pages]", key, 'the number of a page: 1 = "anchor"')
    return int(key)


def _name(name: object, where: str) -> str:
    if not isinstance(name, str):
        raise UsageError(
            f"cast.toml {where} names no such reader: {_shown(name)}",
            hint='give the name of one: "anchor"',
        )
    return name


def _names(names: object, where: str) -> tuple[str, ...]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise _wrong(where, names, 'a list of names: ["one", "another"]')
    return tuple(names)


def _table(table: Mapping[str, Any], key: str, within: str = "") -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise _wrong(f"{within}{key}", found, f"a table: a line [{within}{key}], its keys below it")
    return found


def _known(table: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    unknown = sorted(set(table) - set(keys))
    if unknown:
        raise UsageError(
            f"cast.toml: {where} has no {unknown[0]!r}", hint=f"there are: {', '.join(keys)}"
        )


def _wrong(where: str, found: object, wanted: str) -> UsageError:
    return UsageError(f"cast.toml: {where} cannot be {_shown(found)}", hint=f"it is {wanted}")


def _shown(found: object) -> str:
    """A value as a message shows it; a whole number of thousands of digits has no text."""
    try:
        shown = repr(found)
    except (ValueError, RecursionError):
        return f"a {type(found).__name__} that is far too large"
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
