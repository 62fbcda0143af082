"""What the program says, in English or in Chinese.

The code says everything in English, in f-strings where it happens; logs and JSON stay so. Where a
person reads it, `translated` finds the message of the catalogue that the text was made from, takes
the values out of the text and puts them into the Chinese. The catalogue is
`locale/zh_CN/LC_MESSAGES/qjaudio.po` (compiled: `.mo`, which this reads);
docs/reference/generate_messages.py brings it up to date, and a test tells when it is not.
"""

import contextlib
import os
import re
import sys
from functools import cache
from string import Formatter
from typing import NamedTuple
from unicodedata import east_asian_width

ENGLISH, CHINESE = "en", "zh_CN"
_LOCALE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system tells the language of messages; the first that is set decides (locale(7))."""
_COMPILED = f"locale/{CHINESE}/LC_MESSAGES/qjaudio.mo"
_DEEPEST_MESSAGE = 4
"""A message may hold a message: a hint that names an error that names what the system said."""


def language() -> str:
    """The language of messages: `QJAUDIO_LANG`, else `lang` in qjaudio.toml, else the locale.

    Anything that is no Chinese is English: there are no other catalogues.
    """
    wish = os.environ.get("QJAUDIO_LANG") or _wish_of_folder() or _locale()
    return CHINESE if wish.lower().startswith(("zh", "chinese")) else ENGLISH


def _wish_of_folder() -> str:
    """`lang` in the settings of this folder, which may be wrong in all other ways."""
    if not os.path.isfile("qjaudio.toml"):  # noqa: PTH113 - pathlib would be a twentieth of the start
        return ""
    import tomllib  # late, as all that few starts need
    from pathlib import Path

    with contextlib.suppress(OSError, ValueError, RecursionError):
        tables = tomllib.loads(Path("qjaudio.toml").read_text(encoding="utf-8-sig"))
        for table in (tables, *tables.values()):
            if isinstance(table, dict) and isinstance(table.get("lang"), str):
                return str(table["lang"])
    return ""


def _locale() -> str:
    """The name of the system's locale, such as `zh_CN.UTF-8`; empty where it has none."""
    found = next((os.environ[name] for name in _LOCALE_NAMES if os.environ.get(name)), "")
    if not found and sys.platform == "win32":
        import ctypes
        import locale

        found = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return found


_PIECES = r"(?:[“‘（《]*(?:[!-~]+|[^\s!-~]))[，。；：、？！）》”’…]* *|\s+"
"""Where a line may be wrapped: between Chinese characters, at spaces; never before a mark."""
_MARKS = {"; ": "；", ": ": "：", ", ": "，"}
"""What stands between the parts of a text that are said one by one."""
_BETWEEN_CHINESE = re.compile(r"(?<=[^ -~])[;:] (?=[^ -~])")
_FEW_LETTERS, _FEW_SPACES = 8, 6
"""A message of a word and a value is not looked for in a sentence."""


class _Message(NamedTuple):
    """A message with values: what to look for, and what to say."""

    weight: int
    """How many characters stand outside the values: of two that fit, the heavier one is meant."""
    fewness: int
    """Of two of one weight, the one with fewer values."""
    key: str
    """The longest of its pieces: a text without it need not be compared."""
    english: str
    chinese: str


def translated(text: str, wish: str = "") -> str:
    """A text in the language of whoever reads it, or in that of `wish`; as it is if unknown."""
    return _in_chinese(text, 0) if (wish or language()).startswith("zh") else text


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes: two for a Chinese character."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    """The text with spaces behind it, up to so many columns."""
    return text + " " * (columns - display_width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns; no line begins with a mark that ends something.

    Words of Latin letters stay whole where they fit.
    """
    lines, line = [], ""
    for piece in re.findall(_PIECES, text):
        if line and display_width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _in_chinese(text: str, depth: int) -> str:
    whole, messages = _catalogue()
    # Within another message a single word may as well be a name: a folder called pages.
    if text in whole and (depth == 0 or " " in text):
        return whole[text]
    if depth > _DEEPEST_MESSAGE or not text.strip():
        return text
    for message in messages:
        if message.weight < _FEW_LETTERS and text.count(" ") > _FEW_SPACES:
            continue
        if message.key in text and (found := _pattern(message.english).fullmatch(text)):
            values = {
                name: _in_chinese(value, depth + 1) for name, value in found.groupdict().items()
            }
            return message.chinese.format(**values)
    for mark in filter(text.__contains__, _MARKS):
        parts = text.split(mark, 1 if mark == ": " else -1)  # what follows may be a message itself
        said = [_in_chinese(part, depth + 1) for part in parts]
        if said != parts:
            return _MARKS[mark].join(said)
    return _BETWEEN_CHINESE.sub(lambda found: _MARKS[found[0]], text)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = (
        re.escape(literal) + ("" if name is None else f"(?P<{name}>.*?)")
        for literal, name, _, _ in Formatter().parse(template)
    )
    return re.compile("".join(pieces), re.S)


@cache
def _catalogue() -> tuple[dict[str, str], list[_Message]]:
    """The messages without values, and those with values, the heaviest first.

    The format is that of GNU gettext's MO files: a head of seven numbers, then length and place of
    each message and of each translation. Python's gettext does not list what it holds.
    """
    import struct
    from pathlib import Path

    data = (Path(__file__).parent / _COMPILED).read_bytes()
    _, _, count, english, chinese = struct.unpack_from("<5I", data)
    whole, messages = {}, []
    for number in range(count):
        length, at = struct.unpack_from("<2I", data, english + 8 * number)
        length2, at2 = struct.unpack_from("<2I", data, chinese + 8 * number)
        text, there = data[at : at + length].decode(), data[at2 : at2 + length2].decode()
        pieces = [(literal, name) for literal, name, _, _ in Formatter().parse(text)]
        if not text:  # the head of the catalogue
            continue
        if all(name is None for _, name in pieces):
            whole[text.format()] = there.format()
        else:
            literals = [literal for literal, _ in pieces]
            weight, key = len("".join(literals)), max(literals, key=len)
            messages.append(_Message(weight, -len(pieces), key, text, there))
    return whole, sorted(messages, reverse=True)
