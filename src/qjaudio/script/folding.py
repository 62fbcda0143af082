"""Signs of print folded into the few that the rules know: widths, digits of any script, dashes."""

import re
import unicodedata
from functools import cache

from qjaudio.paper.characters import HAN, is_han
from qjaudio.rules import table
from qjaudio.script.numerals import by_digit, cardinal
from qjaudio.script.traced import Rule

_ODD = re.compile(r"[^\x21-\x7e\u4e00-\u9fff，。！？：；、（）“”‘’《》…—]")
_DASHES = (
    dict.fromkeys("‐‑‒–−﹣－﹘⁃", "-") | dict.fromkeys("～〜∼˜∽﹏", "~") | {"―": "—", "─": "—"}
)
_KEPT = set("μ℃℉°′″‰‱№×÷±≤≥≠≈￥€£¥·•〔〕【】「」『』〈〉 ")
_THOUSANDS = re.compile(r"(?<![\d，])\d{1,3}(?:，\d{3})+(?=[\u4e00-\u9fff])")
_ORDINAL = re.compile("[①-⑳⑴-⒇⒈-⒛⓪❶-❿㈠-㈩]")
_CIRCLED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"


def folding() -> tuple[Rule, ...]:
    """The rule that goes first."""
    return (
        Rule("thousands", _THOUSANDS, lambda match: match[0].replace("，", ",")),
        Rule(
            "power",
            re.compile(r"(?<=\d)([²³])"),
            lambda match: "的平方" if match[1] == "²" else "的立方",
        ),
        Rule("root", re.compile(r"√(?=\d)"), lambda _: "根号"),
        Rule("repeated character", re.compile(f"([{HAN}])々"), lambda match: match[1] * 2),
        Rule(
            "list number",
            re.compile(f"(?<=第){_ORDINAL.pattern}"),
            lambda match: _list_number(match[0]),
        ),
        Rule("list number", _ORDINAL, lambda match: f"第{_list_number(match[0])}，"),
        Rule("folded sign", _ODD, lambda match: fold(match[0])),
        Rule("long number", re.compile(r"\d{25,}"), lambda match: by_digit(match[0])),
    )


def _list_number(char: str) -> str:
    if char in _CIRCLED:
        return cardinal(str(_CIRCLED.index(char) + 1))
    return cardinal(
        re.sub(r"\D", "", unicodedata.normalize("NFKC", char)) or str(ord(char) - 0x2775)
    )


@cache
def fold(char: str) -> str:
    """One sign of print as the sign that the rules know; empty for what is never spoken."""
    if char in _KEPT or is_han(char):
        return unicodedata.normalize("NFKC", char) if "\uf900" <= char <= "\ufaff" else char
    named = _signs().get(char) or _DASHES.get(char)
    if named is not None:
        return named
    if char.isspace() or char == "\u200b":
        return " "
    if unicodedata.category(char) in {"Nd", "No", "Nl"} and unicodedata.numeric(char, -1) >= 0:
        return _numeral(char)
    folded = unicodedata.normalize("NFKC", char)
    plain = "".join(part for part in folded if "!" <= part <= "~" or is_han(part))
    return plain or _bare_letters(folded)


def _numeral(char: str) -> str:
    value = unicodedata.numeric(char)
    if value != int(value):  # ½
        return unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    if unicodedata.category(char) == "Nd" or char in "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉":
        return str(int(value))
    return cardinal(str(int(value)))  # Ⅲ → 三


def _bare_letters(text: str) -> str:
    """Latin letters without their accents: é → e; empty for other signs."""
    return "".join(
        part for part in unicodedata.normalize("NFD", text) if part.isascii() and part.isalpha()
    )


@cache
def _signs() -> dict[str, str]:
    return {row[0]: row[1] if len(row) > 1 else "" for row in table("signs")}
