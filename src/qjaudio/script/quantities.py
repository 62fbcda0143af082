"""Per cents, money, measures, ranges and reckoning as newspapers print them."""

import re
from functools import cache

from qjaudio.rules import table
from qjaudio.script.numerals import DASH, NUMBER, SCALE, START, by_digit, cardinal, counted, number
from qjaudio.script.traced import Rule

Match = re.Match[str]

_OF = {"%": "百分之", "‰": "千分之", "‱": "万分之"}
_SIGNS = {"±": "正负", "+": "正", "-": "负", "−": "负", "": "", None: ""}
_WEATHER = re.compile(r"[气低高]温|温度|最[低高]|零下|℃|天气|冷|雪|冰")
# The last characters of units that may stand before the dash as well: 3万元-5万元, 6月5日-8日.
_REPEATED = set("年月日号时点分秒岁级度元块米里斤吨亩个人名位只头台辆天周届期层楼版页章节条款项件次场所户%℃轮组集倍")


def quantities() -> tuple[Rule, ...]:
    """The rules, in order."""
    unit = _alternatives(units())
    listed = (
        ("per", rf"{START}((?:{NUMBER}{SCALE}{DASH})?{NUMBER}{SCALE}(?:(?:{unit})|[\u4e00-\u9fff]{{1,4}}))[ ]?/[ ]?({unit}|{_alternatives(per())})(?![A-Za-z\d])", _per),
        ("per cent", rf"(?<!\d)([±+-]?)({NUMBER})[%‰]?{DASH}([±+-]?)({NUMBER})[ ]?([%‰‱])", _percent_range),
        ("per cent", rf"(?<![\d%])([±+-]?)[ ]?({NUMBER})[ ]?([%‰‱])", _percent),
        ("per cent", rf"百分之(\d+(?:\.\d+)?)", lambda m: f"百分之{number(m[1])}"),
        ("money", rf"({_alternatives(currencies())})[ ]?(-?{NUMBER})({SCALE})(?:{DASH}(?:{_alternatives(currencies())})?({NUMBER})({SCALE}))?", _money),
        ("money", rf"({NUMBER})({SCALE})([$€£￥¥])(?!\d)", lambda m: f"{number(m[1])}{m[2]}{currencies()[m[3]]}"),
        ("money", rf"{START}(\d+)(?:\.00|(\.\d)0)(?=元)", lambda m: f"{m[1]}{m[2] or ''}"),
        ("duration", r"(\d{1,3})['′][ ]?(\d{1,2})(?:[\"″]|'')(\d{1,2})?", lambda m: f"{m[1]}分{m[2]}秒{m[3] or ''}"),
        ("size", rf"(?<=\d)([\u4e00-\u9fff]{{0,2}}|{unit})[ ]?[×xX*][ ]?(?=\d)", lambda m: f"{m[1]}乘"),
        ("degrees", rf"{START}(-?{NUMBER})°(?:({NUMBER})[′'])?(?:({NUMBER})[″\"])?(?![CF])", _degrees),
        ("fraction", rf"(?<![\d./])(-?)(\d+)[ ]?/[ ]?(\d+)(?![\d/]|\.\d)", _fraction),
        ("range", rf"(?<![\d.])(?<![A-Za-z]-)(?<![A-Za-z])(-?)({NUMBER})({SCALE}(?:{unit}|[\u4e00-\u9fff]{{1,3}}?)?){DASH}(?=-?({NUMBER})(?![\d:]))", _range),
        ("measure", rf"(?<![\d.])(?:(?<![A-Za-z])([±+-]?))({NUMBER})({SCALE})[ ]?({unit})(?![A-Za-z\d])", _measure),
        ("ten thousand", rf"{START}({NUMBER})w(?=[\u4e00-\u9fff+]|$)", lambda m: f"{number(m[1])}万"),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in listed)


@cache
def units() -> dict[str, str]:
    """Units that are written in signs and said in words."""
    return {row[0]: row[1] for row in table("units")}


@cache
def currencies() -> dict[str, str]:
    """Currencies that are written before their number."""
    return {row[0]: row[1] for row in table("currencies")}


@cache
def per() -> dict[str, str]:
    """What may stand after "/" and is said with 每."""
    return {row[0]: row[0] for row in table("per")}


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _per(match: Match) -> str:
    under = units().get(match[2], match[2])
    return f"每{'日' if under == '天' else under}{match[1]}"


def _percent_range(match: Match) -> str:
    low, high = _SIGNS[match[1]] + number(match[2]), _SIGNS[match[3]] + number(match[4])
    if match[1] or match[3]:
        of = _OF[match[5]]
        return f"{_SIGNS[match[1]]}{of}{number(match[2])}到{_SIGNS[match[3]]}{of}{number(match[4])}"
    return f"{_OF[match[5]]}{low}到{high}"


def _percent(match: Match) -> str:
    value = "百" if match[2] == "100" and match[3] == "%" else number(match[2])
    return f"{_SIGNS[match[1]]}{_OF[match[3]]}{value}"


def _money(match: Match) -> str:
    said = number(match[2]) + match[3]
    if match[4]:
        said += f"到{number(match[4])}{match[5]}"
    return said + currencies()[match[1]]


def _degrees(match: Match) -> str:
    said = f"{number(match[1])}度"
    said += f"{number(match[2])}分" if match[2] else ""
    return said + (f"{number(match[3])}秒" if match[3] else "")


def _fraction(match: Match) -> str:
    return f"{'负' if match[1] else ''}{cardinal(match[3])}分之{cardinal(match[2])}"


def _range(match: Match) -> str:
    """The lower end and 到; the upper end is left to the rules that follow."""
    sign, low, unit, high = match[1], match[2], match[3] or "", match[4]
    bare = re.sub(r"^[十百千万亿兆余多几来]+", "", unit)
    if bare and bare not in units() and bare[-1] not in _REPEATED:
        return match[0]
    if not unit and match[0].endswith("-") and _is_falling(low, high):
        return f"{number(low)}比"  # a range never falls: 21-15 is a score
    said = counted(low, unit) if unit else number(low)
    after = match.string[match.end() + len(high) :]
    cold = sign and ("氏度" in _spoken(unit) or after.startswith(("℃", "°C")))
    return f"{'零下' if cold else _SIGNS[sign]}{said}{_spoken(unit)}到"


def _is_falling(low: str, high: str) -> bool:
    return low.isdecimal() and high.isdecimal() and int(low) > int(high)


def _spoken(unit: str) -> str:
    for sign in sorted(units(), key=len, reverse=True):
        if unit.endswith(sign):
            return unit.removesuffix(sign) + units()[sign]
    return unit


def _measure(match: Match) -> str:
    sign, value, scale, unit = match.groups()
    spoken = units()[unit]
    if sign == "-" and spoken.endswith("氏度") and _WEATHER.search(match.string[: match.start()]):
        return f"零下{number(value)}度"
    return f"{_SIGNS[sign]}{counted(value, scale + spoken)}{scale}{spoken}"


__all__ = ["by_digit", "currencies", "per", "quantities", "units"]
