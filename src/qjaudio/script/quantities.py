"""Per cents, money, measures, ranges and reckoning as newspapers print them."""

import re
from functools import cache, lru_cache

from qjaudio.rules import table
from qjaudio.script.numerals import (
    DASH,
    NEAR,
    NUMBER,
    SCALE,
    START,
    Listed,
    Match,
    by_digit,
    cardinal,
    counted,
    is_measured,
    spoken_number,
    until,
)

_OF = {"%": "百分之", "‰": "千分之", "‱": "万分之"}
_SIGNS = {"±": "正负", "+": "正", "-": "负", "−": "负", "": "", None: ""}
_CHANGES = ("提高", "提升", "增长", "上升", "下降", "降低", "增加", "减少")
_WEATHER = re.compile(r"[气低高]温|温度|最[低高]|零下|℃|天气|冷|雪|冰")
_UPPER = re.compile(rf"-?{NUMBER}[ ]?(℃|°C)")
# The last characters of units that may stand before the dash as well: 3万元-5万元, 6月5日-8日.
_REPEATED = set(
    "年月日号时点分秒岁级度元块米里斤吨亩个人名位只头台辆天周届期层楼版页章节条款项件次场所户%℃轮组集倍"
)


def quantities() -> Listed:
    """The rules, in order: rates and money, then sizes, ranges and measures."""
    return (*_rates(), *_amounts())


def _rates() -> Listed:
    unit, money, under = map(_alternatives, (units(), currencies(), per()))
    value = rf"(?:{NUMBER}{SCALE}{DASH})?{NUMBER}{SCALE}(?:{unit}|[\u4e00-\u9fff]{{1,4}})"
    return (
        (
            "ten thousand",
            rf"{START}(\d{{5,12}}|\d{{1,3}}(?:,\d{{3}}){{1,3}})(\.\d+)?万(?!亿)",
            _tens_of_thousands,
        ),
        (
            "per",
            rf"{START}({value})[ ]?/[ ]?({NUMBER})?({unit}|{under})(?:[·/]({under}))?(?![A-Za-z])",
            _per,
        ),
        (
            "per cent",
            rf"(?<!\d)([±+-]?)({NUMBER})[%‰]?({DASH})([±+-]?)({NUMBER})[ ]?([%‰‱])",
            _percent_range,
        ),
        ("per cent", rf"(?<![\d%])([±+-]?)[ ]?({NUMBER})[ ]?([%‰‱])", _percent),
        ("per cent", r"百分之(\d+(?:\.\d+)?)", lambda m: f"百分之{spoken_number(m[1])}"),
        (
            "money",
            rf"({money})[ ]?(-?{NUMBER})({SCALE})(?:({DASH})(?:{money})?({NUMBER})({SCALE}))?",
            _money,
        ),
        (
            "money",
            rf"({NUMBER})({SCALE})([$€£￥¥]|USD|EUR|RMB|HKD|GBP|JPY)(?![A-Za-z\d])",
            lambda m: f"{spoken_number(m[1])}{m[2]}{currencies()[m[3]]}",
        ),
        ("money", rf"{START}(\d+)(?:\.00|(\.\d)0)(?=元)", lambda m: f"{m[1]}{m[2] or ''}"),
    )


def _amounts() -> Listed:
    unit = _alternatives(units())
    return (
        (
            "size",
            rf"(?<=\d)([\u4e00-\u9fff]{{0,2}}|{unit})[ ]?[×xX*][ ]?(?=\d)",
            lambda m: f"{m[1]}乘",
        ),
        (
            "degrees",
            rf"{START}(-?{NUMBER})°(?:({NUMBER})[′'])?(?:({NUMBER})[″\"])?(?![CF])",
            _degrees,
        ),
        (
            "pressure",
            r"(?<=血压)(?:为|是)?(\d{2,3})/(\d{2,3})|(?<!\d)(\d{2,3})/(\d{2,3})(?=[ ]?mmHg)",
            lambda m: m[0].replace("/", "、"),
        ),
        ("power", r"(\d+)\^(\d+)", lambda m: f"{spoken_number(m[1])}的{spoken_number(m[2])}次方"),
        (
            "list",
            rf"{START}(\d{{1,2}})/(\d{{1,2}})(?=[月号楼])",
            lambda m: f"{spoken_number(m[1])}、{spoken_number(m[2])}",
        ),
        (
            "per",
            rf"{START}({NUMBER})/(10|100)?([万亿])(?![元人个户件\d])",
            lambda m: f"{cardinal(m[2] or '') if m[2] else ''}{m[3]}分之{spoken_number(m[1])}",
        ),
        ("fraction", r"(?<![\d./A-Za-z])(-?)(\d+)[ ]?/[ ]?(\d+)(?![\d/]|\.\d)", _fraction),
        (
            "range or score",
            r"(?<![\d.A-Za-z-])(\d{1,3})-(\d{1,3})(?![\d.:%‰℃°A-Za-z×/-])",
            _range_or_score,
        ),
        (
            "range",
            rf"(?<![\d.])(?<![A-Za-z]-)(?<![A-Za-z])(-?)({NUMBER})({SCALE}(?:{unit}|[\u4e00-\u9fff]{{1,3}}?)?)({DASH})(?=-?({NUMBER})(?![\d:]))",
            _range,
        ),
        (
            "measure",
            rf"(?<![\d.])(?:(?<![A-Za-z])([±+-]?))({NUMBER})({SCALE})[ ]?({unit})(?![A-Za-z\d])",
            _measure,
        ),
        (
            "ten thousand",
            rf"{START}({NUMBER})w(?=[\u4e00-\u9fff+]|$)",
            lambda m: f"{spoken_number(m[1])}万",
        ),
    )


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


def _tens_of_thousands(match: Match) -> str:
    """Over ten thousand times 万 is said with 亿: 27274万 → 两亿七千二百七十四万."""
    whole = int(match[1].replace(",", ""))
    if whole < 10_000:
        return match[0]
    said = cardinal(str(whole * 10_000))
    if not match[2]:
        return said
    return f"{said.removesuffix('万')}{'' if said.endswith('万') else '零'}点{by_digit(match[2])}万"


def _per(match: Match) -> str:
    value, times, under, again = match.groups()
    under = {"分": "分钟"}.get(under) or units().get(under, under)
    if under == "小时" and _ends(match, ("时速", "时速为", "时速达")):
        return value
    return f"每{times or ''}{under}{f'每{again}' if again else ''}{value}"


def _percent_range(match: Match) -> str:
    low_sign, low, dash, high_sign, high, sign = match.groups()
    is_change = re.search("%[ ]?[至到]", match[0]) and _ends(match, _CHANGES)  # 提高50%至84%
    again = _OF[sign] if low_sign or high_sign or is_change else ""
    low_said = f"{_SIGNS[low_sign]}{_OF[sign]}{spoken_number(low)}"
    return f"{low_said}{until(dash)}{_SIGNS[high_sign]}{again}{spoken_number(high)}"


def _percent(match: Match) -> str:
    value = "百" if match[2] == "100" and match[3] == "%" else spoken_number(match[2])
    return f"{_SIGNS[match[1]]}{_OF[match[3]]}{value}"


def _money(match: Match) -> str:
    said = spoken_number(match[2]) + match[3]
    if match[4]:
        said += f"{until(match[4])}{spoken_number(match[5])}{match[6]}"
    return said + currencies()[match[1]]


def _degrees(match: Match) -> str:
    parts = zip(match.groups(), "度分秒", strict=True)
    return "".join(f"{spoken_number(value)}{name}" for value, name in parts if value)


def _fraction(match: Match) -> str:
    return f"{'负' if match[1] else ''}{cardinal(match[3])}分之{cardinal(match[2])}"


def _range(match: Match) -> str:
    """The lower end and 到; the upper end is left to the rules that follow."""
    sign, low, unit, dash, high = match[1], match[2], match[3] or "", match[4], match[5]
    bare = re.sub(r"^[十百千万亿兆余多几来]+", "", unit)
    if bare and bare not in units() and bare[-1] not in _REPEATED:
        return match[0]
    if not unit and dash.strip() in "-—" and _is_falling(low, high):
        return f"{spoken_number(low)}比"  # a range never falls: 21-15 is a score
    after = unit or match.string[match.end() + len(high) :][:NEAR]  # 2—3米: 两到三米
    said = counted(low, after)
    upper = _UPPER.match(match.string, match.end())
    cold = sign and ("氏度" in _unit_said(unit) or upper)
    return f"{'零下' if cold else _SIGNS[sign]}{said}{_unit_said(unit)}{until(dash)}"


def _range_or_score(match: Match) -> str:
    """Two bare numbers with a hyphen that nothing counts: a range, or a score where it falls."""
    after = match.string[match.end() :][:NEAR].lstrip()
    if re.match(r"[十百千万亿余多几]|[a-zμ]", after) or is_measured(after):
        return match[0]
    low, high = match.groups()
    joint = "比" if _is_falling(low, high) else "到"
    return f"{spoken_number(low)}{joint}{spoken_number(high)}"


def _is_falling(low: str, high: str) -> bool:
    return low.isdecimal() and high.isdecimal() and int(low) > int(high)


@lru_cache(maxsize=1)
def _first_weather(text: str) -> int:
    """Where the first word of the weather in a text ends; beyond the text where there is none."""
    found = _WEATHER.search(text)
    return found.end() if found else len(text) + 1


def _ends(match: Match, words: tuple[str, ...]) -> bool:
    """Whether one of some words stands right before a match."""
    return match.string[max(0, match.start() - 8) : match.start()].endswith(words)


def _unit_said(unit: str) -> str:
    sign = max(filter(unit.endswith, units()), key=len, default="")
    return unit.removesuffix(sign) + units().get(sign, "")


def _measure(match: Match) -> str:
    sign, value, scale, unit = match.groups()
    spoken = units()[unit]
    if sign == "-" and spoken.endswith("氏度") and _first_weather(match.string) <= match.start():
        return f"零下{spoken_number(value)}度"
    return f"{_SIGNS[sign]}{counted(value, scale + spoken)}{scale}{spoken}"
