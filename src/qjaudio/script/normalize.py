"""Written → spoken: all rules of print in their order, and a text that remembers its print."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby

from qjaudio.paper.sentences import stretches
from qjaudio.paper.text import HAN, Doubt, is_han
from qjaudio.paper.words import cut, is_word
from qjaudio.rules import phrases, table
from qjaudio.script.codes import codes, models
from qjaudio.script.dates import clock, dates
from qjaudio.script.numerals import (
    NUMBER,
    START,
    Listed,
    Match,
    around,
    by_digit,
    cardinal,
    counted,
    spoken_number,
)
from qjaudio.script.quantities import quantities

MARKS = "，。！？：；、（）“”‘’《》…—"
"""The marks that a spoken form may hold."""

_PLAIN = re.compile(rf"(?!.*([{HAN}])”\1)(?:[{HAN}，。！？：；、“‘’《…—]|[”》](?![“《]))*")
"""A text in which no rule finds anything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the written language: a pattern, and what is said for a match."""

    name: str
    pattern: re.Pattern[str]
    said: Callable[[re.Match[str]], str]
    """Gives the spoken form of a match; the match itself where the rule does not apply."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A text in which each character knows its printed place and the rule that wrote it."""

    text: str
    origin: tuple[int, ...]
    """For each character the index of the printed character that it comes from; never falls."""
    rule: tuple[str, ...]
    """For each character the name of the last rule that wrote it; empty = as printed."""

    @classmethod
    def printed(cls, text: str) -> "Traced":
        """A text as it is printed."""
        return cls(text, tuple(range(len(text))), ("",) * len(text))

    @classmethod
    def joined(cls, pieces: Sequence[tuple[str, "Traced"]]) -> "Traced":
        """Texts that are printed one after the other, each with what it became."""
        if len(pieces) == 1:
            return pieces[0][1]
        origin: list[int] = []
        rules: list[str] = []
        start = 0
        for text, traced in pieces:
            origin += [start + place for place in traced.origin]
            rules += traced.rule
            start += len(text)
        return cls("".join(traced.text for _, traced in pieces), tuple(origin), tuple(rules))

    def rewritten(self, rule: Rule) -> "Traced":
        """The text after one rule; itself where the rule finds nothing."""
        if not rule.pattern.search(self.text):
            return self
        text: list[str] = []
        origin: list[int] = []
        names: list[str] = []
        done = 0
        for match in rule.pattern.finditer(self.text):
            said = rule.said(match)
            start, end = match.span()
            if said == match[0]:
                continue
            text += (self.text[done:start], said)
            origin += (*self.origin[done:start], *(self.origin[start],) * len(said))
            names += (*self.rule[done:start], *(rule.name,) * len(said))
            done = end
        if not done and not text:
            return self
        text.append(self.text[done:])
        origin += self.origin[done:]
        names += self.rule[done:]
        return Traced("".join(text), tuple(origin), tuple(names))

    def printed_span(self, start: int, end: int, printed: str) -> tuple[int, int]:
        """From which to which character of `printed` the characters `start` to `end` come."""
        after = bisect_right(self.origin, self.origin[end - 1])
        return self.origin[start], self.origin[after] if after < len(self.origin) else len(printed)

    def place(self, printed: int) -> int:
        """The first index of the text that comes from `printed` or later."""
        return bisect_left(self.origin, printed)


def rewrite(text: str) -> Traced:
    """The spoken form of a text, with the printed place and the rule of each character."""
    if _PLAIN.fullmatch(text):
        return Traced.printed(text)
    pieces: list[tuple[str, Traced]] = []
    for stretch in stretches(text):
        traced = Traced.printed(stretch)
        for rule in rules_of_print():
            traced = traced.rewritten(rule)
        pieces.append((stretch, traced))
    return Traced.joined(pieces)


def doubts_of_print(printed: str, traced: Traced) -> tuple[Doubt, ...]:
    """The expressions of a printed text that no rule knows, so that they are said by guess."""
    found: list[Doubt] = []
    unsure: dict[str, str] = phrases("contexts")["unsure"]
    places = zip(traced.rule, traced.origin, strict=True)
    for (name, origin), _ in groupby(place for place in places if place[0] in unsure):
        at = traced.place(origin)
        start, end = traced.printed_span(at, at + 1, printed)
        found.append(
            Doubt(kind="slight", where=(start, end), what=printed[start:end], why=unsure[name])
        )
    return tuple(found)


_LISTED_NAME = rf"[{HAN}·]{{2,6}}(?:[（(][^（）()]{{1,8}}[）)])?"


@cache
def rules_of_print() -> tuple[Rule, ...]:
    """Every rule, first to last: signs of print, dates, names, times, quantities, what is left."""
    listed = (
        *folding(),
        *addresses(),
        *dates(),
        *clock(),
        *codes(),
        *quantities(),
        *models(),
        *plain_numbers(),
        *marks(),
    )
    return tuple(
        Rule(name, re.compile(pattern), said if callable(said) else _always(said))
        for name, pattern, said in listed
    )


def _always(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text


_ODD = re.compile(r"[^\x21-\x7e\u4e00-\u9fff，。！？：；、（）“”‘’《》…—]")
_DASHES = (
    dict.fromkeys("‐‑‒–−﹣－﹘⁃", "-") | dict.fromkeys("～〜∼˜∽﹏", "~") | {"―": "—", "─": "—"}
)
_KEPT = set("μ℃℉°′″‰‱№×÷±≤≥≠≈￥€£¥·•〔〕【】「」『』〈〉 ")
_FULL_THOUSANDS = re.compile(r"(?<![\d，])\d{1,3}(?:，\d{3})+(?=[\u4e00-\u9fff])")
_ORDINAL = re.compile("[①-⑳⑴-⒇⒈-⒛⓪❶-❿㈠-㈩]")
_CIRCLED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_NEAR = 40
"""How many characters after a number may tell how it is said."""
_TO_FULL = str.maketrans(",;:!?()", "，；：！？（）")
_SIGN = {
    "+": "加",
    "=": "等于",
    "<": "小于",
    ">": "大于",
    "≤": "小于等于",
    "≥": "大于等于",
    "×": "乘",
    "÷": "除以",
    "≠": "不等于",
    "≈": "约等于",
    "±": "正负",
    "<=": "小于等于",
    ">=": "大于等于",
}


_ROMAN_NUMERAL = re.compile(
    r"(?<![A-Za-z])(?:I{1,3}|IV|VI{0,3}|IX|X)(?=[级类])"
    r"|(?<![A-Za-z])(?:II|III|IV|VI{1,3}|IX)(?=[期型度区])"
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:~+-]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")


def folding() -> Listed:
    """The rules that go first: signs folded into the few that the others know."""
    return (
        ("thousands", _FULL_THOUSANDS, lambda match: match[0].replace("，", ",")),
        ("power", re.compile(r"(?<=\d)(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"), lambda match: _power(match[1])),
        ("root", re.compile(r"√(?=\d)"), "根号"),
        ("repeated character", re.compile(f"([{HAN}])々"), lambda match: match[1] * 2),
        (
            "list number",
            re.compile(f"(?<=第){_ORDINAL.pattern}"),
            lambda match: _list_number(match[0]),
        ),
        ("list number", _ORDINAL, lambda match: f"第{_list_number(match[0])}，"),
        ("folded sign", _ODD, lambda match: fold(match[0])),
        ("long number", re.compile(r"\d{25,}"), lambda match: by_digit(match[0])),
        (
            "boundary",  # 多元 传承 创新, and a list of names: 甲某 乙某某（女） …
            rf"(?<![{HAN} ])(?:[{HAN}]{{2}}(?:[ ][{HAN}]{{2}}){{2,}}"
            rf"|(?:{_LISTED_NAME}[ ]){{5,}}{_LISTED_NAME})(?![{HAN} ])",
            lambda match: match[0].replace(" ", "、"),
        ),
        ("boundary", rf"(?<=[{HAN}》”])[ ]+(?=[{HAN}《“])", _boundary),
        (
            "boundary",
            rf"(?<=[{HAN}]{{3}})[ ]+(?=(?:\d[\d.]*|[A-Z][A-Za-z\d-]*)[{HAN}%])",
            _before_number,
        ),
        ("space", r"(?<=\d)[ ]+(?=[年月日号时点分秒%％℃]|[万亿千]?[元人名家个亩户吨米])", ""),
    )


def _power(exponent: str) -> str:
    """A raised number after digits; folded into the line, 10⁴ would be 104."""
    known = {"²": "的平方", "³": "的立方"}
    sign = "负" if exponent.startswith("⁻") else ""
    digits = unicodedata.normalize("NFKC", exponent.removeprefix("⁻"))
    return known.get(exponent) or f"的{sign}{cardinal(digits)}次方"


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
        return _numeral_sign(char)
    folded = unicodedata.normalize("NFKC", char)
    plain = "".join(part for part in folded if "!" <= part <= "~" or is_han(part))
    return plain or _bare_letters(folded)


def _numeral_sign(char: str) -> str:
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


def addresses() -> Listed:
    """Addresses of the web and of mail: the name of the site with its dots, not the path."""
    return (
        ("address", _ADDRESS, _address),
        ("Roman numeral", _ROMAN_NUMERAL, lambda match: cardinal(str(_ROMAN.index(match[0]) + 1))),
    )


def _address(match: Match) -> str:
    name = re.sub(r"^https?://", "", match[0]).split("/")[0].split("?")[0]
    named = re.sub(r"\d+", lambda digits: by_digit(digits[0]), name.strip("."))
    return named.replace("@", " at ").replace(".", "点")


def plain_numbers() -> Listed:
    """Numbers that no other rule has taken."""
    return (
        ("more than", r"(?<=[\d万])\+(?=[个家名位人条项件次户台辆只所场种款天年篇吨亩座])", "多"),
        (
            "sign",
            r"(?<=[A-Za-z\d\u4e00-\u9fff”’）])[ ]?(<=|>=|[+=<>≤≥×÷≠≈])[ ]?",
            lambda m: _SIGN[m[1]],
        ),
        ("sign", r"(?<=[“‘])\+(?=[”’])", "加"),
        ("sign", r"(<=|>=|[<>≤≥≠≈±])[ ]?(?=[\d百千负正])", lambda m: _SIGN[m[1]]),
        (
            "minus",
            r"(?:(?<![A-Za-z\d\u4e00-\u9fff”）])|(?<=[是为达至到约算得即值温负正加减乘]))-(?=\d|\.\d)",
            "负",
        ),
        ("ordinal", r"第(\d+)", lambda m: f"第{cardinal(m[1])}"),
        (
            "ordinal",
            r"(?:№|[Nn][Oo]\.)[ ]?(\d+)",
            lambda m: f"第{by_digit(m[1]) if m[1][0] == '0' else cardinal(m[1])}",
        ),
        ("list number", r"^(\d{1,2})[.．][ ]?(?=[\u4e00-\u9fff])", lambda m: f"{cardinal(m[1])}、"),
        ("unknown number", r"(?<=\d[:：/_*^~|\\@])\d+(?:\.\d+)?", lambda m: spoken_number(m[0])),
        ("number", rf"{START}({NUMBER})", _counted),
        ("number", r"\.(\d+)", lambda m: spoken_number(f"0.{m[1]}")),
        ("unknown number", r"\d+", lambda m: cardinal(m[0])),
    )


def _counted(match: Match) -> str:
    if _ORDINALS.search(match.string, max(0, match.start() - 8), match.start()):
        return cardinal(match[1])  # 第1、2批: 第一、二批
    return counted(match[1], match.string[match.end() : match.end() + _NEAR])


_ORDINALS = re.compile(r"第[一二三四五六七八九十\d]{1,3}[、和及与]$")


def _byline(match: Match) -> str:
    """Names with a space between them get a pause: 记者 甲某 乙某 → 记者甲某、乙某."""
    parts = match[0].split()
    said = ""
    for index, part in enumerate(parts):
        role = part.endswith(("记者", "通讯员"))
        if said and role:
            said += "，"
        elif said and _is_new_name(said, parts[index : index + 2]):
            said += "、"
        said += part
    return said


def _is_new_name(said: str, parts: list[str]) -> bool:
    """Whether a name begins; 李 勤 is one name spread out, 徐俊 杰 one broken by a line end."""
    last = re.split("[、，]|记者|通讯员", said)[-1]
    spread_out = len(parts) == 2 and len(parts[0]) == len(parts[1]) == 1
    return len(last) > 1 and (len(parts[0]) > 1 or spread_out)


_ROLE = re.compile("(?:记者|通讯员|作者|编辑|摄影|文|图)$")
_IN_CREDIT = re.compile("[（(][^（）()]*(?:记者|通讯员)[^（）()]*$")
_RUN_BEFORE = re.compile(rf"[{HAN}]*$")
_RUN_AFTER = re.compile(rf"[{HAN}\d]*")
_LEFT_HALF = re.compile(rf"[“《][{HAN}]{{4,12}}$")
_RIGHT_HALF = re.compile(rf"[{HAN}]{{4,12}}[”》]")  # “放歌新时代 剧耀新征程”
_DATELINE = re.compile(r"(?:日|本报|社|本台)[^，。；]{0,8}[电讯](?:[（(][^（）()]{1,30}[）)])?$")


def _boundary(match: Match) -> str:
    """A space that stands for a boundary: after a dateline, and between two phrases."""
    before, after = around(match)
    left = _RUN_BEFORE.search(before)
    right = _RUN_AFTER.match(after)
    halves = _LEFT_HALF.search(before) and _RIGHT_HALF.match(after)
    signers = before.endswith("中共中央") and after.startswith("国务院")
    if halves or signers or before[-1] in "》”" or after[0] in "《“" or _DATELINE.search(before):
        return "，"
    if not (left and right) or len(left[0]) < 3 or len(right[0]) < 3 or _ROLE.search(left[0]):
        return match[0]
    if _IN_CREDIT.search(before):
        return match[0]
    return "，" if _parts_words(left[0][-8:], right[0][:8]) else match[0]


def _parts_words(left: str, right: str) -> bool:
    """Whether a space between two runs stands between words: 拉法|巴总统, but 国务|院."""
    words = cut(left + right)
    ends = list(accumulate(map(len, words)))
    over = next(word for word, end in zip(words, ends, strict=True) if end >= len(left))
    return len(left) in ends or (min(len(left), len(right)) > 3 and not is_word(over))


_SPACED_NUMBER = re.compile(rf"[A-Za-z\d][ ]+[{HAN}]")


def _before_number(match: Match) -> str:
    """The same before a number: 林火肆虐 45座; not in 共有 45座, nor if all digits are spaced."""
    left = _RUN_BEFORE.search(around(match)[0])
    if not left or _SPACED_NUMBER.search(match.string) or _leads_to_number().search(left[0]):
        return match[0]
    return "，"


@cache
def _leads_to_number() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(phrases('contexts')['leads_to_number'])})$")


@cache
def _noun_brackets() -> re.Pattern[str]:
    items = "|".join(phrases("contexts")["in_a_noun"])
    return re.compile(f"(?:{items})(?:、(?:{items}))*")


def _inside_a_noun(match: Match) -> str:
    """The other nouns of a group without their brackets: 各县（市、区） is 各县市区."""
    inside = match[1]
    goes_on = is_han(match.string[match.end() : match.end() + 1])
    short = goes_on and len(inside) == 1 and inside not in _stays_apart()
    if _noun_brackets().fullmatch(inside) or short:
        return inside.replace("、", "")
    return match[0]


@cache
def _stays_apart() -> frozenset[str]:
    return frozenset(phrases("contexts")["stays_apart"])


def marks() -> Listed:
    """Spaces, quotation marks and signs: what cannot be spoken goes."""
    keep = rf"{HAN}A-Za-z ，。！？：；、（）“”‘’《》…—"
    return (
        ("quotation", r'"([^"]*)"', lambda m: f"“{m[1]}”"),
        ("bracket", r"[〔【「『\[{]", lambda m: "“" if m[0] in "「『" else "（"),
        ("bracket", r"[〕】」』\]}]", lambda m: "”" if m[0] in "」』" else "）"),
        (
            "until",
            r"(?<=[零一二三四五六七八九十百千万亿年月日号时点分秒度])[-—~]{1,2}(?=[零一二三四五六七八九十百千两])",
            "到",
        ),
        ("byline", r"(?<=[（(])[^（）()]{0,40}(?:记者|通讯员)[^（）()]{0,60}(?=[）)])", _byline),
        ("list", rf"(?<=[{HAN}A-Za-z])[ ]?/[ ]?(?=[{HAN}A-Za-z])", "、"),
        ("and", r"&", "和"),
        ("pause", r"(?<=[》”])(?=[《“])", "、"),
        ("pause", rf"([{HAN}])”(?=\1)", lambda m: f"{m[1]}”、"),  # “课堂”堂堂: else one word
        ("bracket", rf"(?<=[{HAN}])[（(]([{HAN}、]{{1,12}})[）)]", _inside_a_noun),
        ("space", r"(?<=[^A-Za-z])[ ]+|[ ]+(?=[^A-Za-z])|^ +| +$", ""),
        ("mark", r"[,;:!?()]", lambda m: m[0].translate(_TO_FULL)),
        ("mark", r"\.(?=\s|$|[”’）])", "。"),
        ("dropped sign", rf"[^{keep}]", ""),
    )
