"""Numbers in words, how they stand in print, and the form of the rules that say them.

Digits are ASCII. The words follow GB/T 15835-2011 and the usage of newsreaders.
"""

import re
from collections.abc import Callable
from functools import cache

from qjaudio.paper.words import cut, is_word
from qjaudio.rules import phrases

Match = re.Match[str]
Listed = tuple[tuple[str, str | re.Pattern[str], Callable[[Match], str] | str], ...]
"""Rules of the written language, in order: name, pattern, and what is said for a match of it.

What is said is a text or a function of the match, which gives back the match itself where its rule
does not apply.
"""

DIGITS = "零一二三四五六七八九"
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,8}|\d+)(?:\.\d+)?"
"""A number in print, as a regular expression: 1,234.5"""
SCALE = r"[十百千万亿兆]{0,4}[余多几来]?[十百千万亿]{0,4}"
"""What may stand between a number and its unit: 3万, 300多亿, 10余"""
DASH = r"[ ]?(?:-{1,2}|—{1,2}|~|至|到)[ ]?"
"""A dash that joins two numbers, after folding."""
START = r"(?<![\d.])"
"""No digit before: a number is never begun in its middle."""
NEAR = 40
"""How many characters around a number may tell what it is."""

_PLACES = ("", "十", "百", "千")
_LONGEST_CARDINAL = 16
_LEADING_TWO = re.compile(r"^二(?=[千万亿])")


def until(dash: str) -> str:
    """What is said for a dash between two numbers; 至 stays as it is printed."""
    return "至" if "至" in dash else "到"


def by_digit(number: str, *, phone: bool = False) -> str:
    """Digit by digit: 2025 → 二零二五; a phone number says 幺 for 1. Other signs are left out."""
    said = "".join(DIGITS[int(digit)] for digit in number if digit in "0123456789")
    return said.replace("一", "幺") if phone else said


def cardinal(number: str) -> str:
    """A whole number: 58392 → 五万八千三百九十二. Over sixteen digits it is read digit by digit."""
    number = number.lstrip("0")
    if not number:
        return "零"
    if len(number) > _LONGEST_CARDINAL:
        return by_digit(number)
    said = _grouped(number, 8, "亿")
    said = said.removeprefix("一") if said.startswith("一十") else said
    return _LEADING_TWO.sub("两", said)


def _grouped(number: str, size: int, unit: str) -> str:
    """Read what stands above `size` digits, the unit, then the rest; 零 where places are empty."""
    high, low = number[:-size].lstrip("0"), number[-size:]
    below = low.lstrip("0")
    rest = "" if not below else _group(below) if size == 4 else _grouped(below, 4, "万")
    if not high:
        return rest
    above = _group(high) if size == 4 else _grouped(high, 4, "万")
    gap = "零" if below and len(below) < len(low) else ""
    if gap and "万" in rest:
        rest = rest.removeprefix("一") if rest.startswith("一十") else rest  # 一百亿零十万
    return above + unit + gap + rest


def _group(group: str) -> str:
    """A number under ten thousand, without zeros in front."""
    said = ""
    for index, digit in enumerate(group):
        place = len(group) - 1 - index
        if digit == "0":
            said += "" if said.endswith("零") else "零"
        else:
            said += DIGITS[int(digit)] + _PLACES[place]
    return said.rstrip("零")


def spoken_number(text: str) -> str:
    """A number with or without decimals: 584.38 → 五百八十四点三八; `1,200` is one number."""
    text = text.replace(",", "")
    sign = "负" if text.startswith("-") else ""
    whole, _, decimals = text.lstrip("+-").partition(".")
    said = sign + cardinal(whole)
    return f"{said}点{by_digit(decimals)}" if decimals else said


# Measure words and units before which a lone 2 is 两; ordinals (2楼, 2号, 2月, 2级) stay 二.
_COUNTED = (
    "个位名条家件项次场所座栋户间张辆台只头亩册份岁天年米公吨万亿千倍种套人元块小时点分秒"
    "周斤处支根枚颗棵株艘架匹把本篇首幅片段批笔桩起对双副顶道门口井眼层轮代届篮箱瓶杯袋盒桶克平立里"
    "列国省县市胜部例宗款节趟档股面晚夜季句票成角寸尺桌盏餐顿碗粒串束盆朵尾团则卷课堂载毫厘升"
)
_TWO_OF = re.compile(rf"[{_COUNTED}]|[死伤亡](?=[\d伤亡，。的])")  # 2死3伤
_NOT_COUNTED = re.compile(
    r"月|日|号|楼|年级|年\d|层楼|公斤?路|分之|小(?!时)|点\d+(?![\d分])|[国省县]道|季度|面积|课(?!时)|成[立为]|所[示列述]|道(?=街)|分(?=[，。])"
)


def counted(text: str, after: str) -> str:
    """A number before its measure word: a bare 2 is 两 (2个 → 两个), but 2月 and 22个 are not."""
    if text == "2" and _TWO_OF.match(after) and not _NOT_COUNTED.match(after):
        return "两"
    return spoken_number(text)


_MEASURE_SIGNS = frozenset(_COUNTED) | frozenset(
    "字词步羽剂针班票股箱码磅桶担盘包声响强月日时号级类期度页章集版伏赫吋分角毛克拉匹赔折载宿员席架"
)
_MEASURE_WORD = re.compile(
    r"[十百千万亿兆余多几来]+(?:个|人|名|户|家|年|元|亩|吨|米|次|项|件|条|份|斤|里|美元|人次|公里)?"
    r"|公[里斤顷分升]|平方.*|立方.*|[千兆吉百毫厘微纳][米克瓦帕伏升秒安]|海[里拔]|英[里寸镑尺]"
    r"|[人车班架场台户件床头艘]次|[台件人户]套|个人|人[份天均]|[美日欧港澳韩]元|卢[布比]|法郎|小时|分钟|世纪|左右|上下"
    r"|以[上下内]|之[多内间]|[床车]位|周[年岁]|摄氏度|百分点|课时|个[月半]|公[亩制]|市[亩斤]"
)


def around(match: Match) -> tuple[str, str]:
    """The characters before and after a match that may tell what it is."""
    start, end = match.span()
    return match.string[max(0, start - NEAR) : start], match.string[end : end + NEAR]


@cache
def _not_measured() -> re.Pattern[str]:
    return re.compile("|".join(phrases("contexts")["not_measured"]))


def is_measured(after: str) -> bool:
    """Whether the text after a number begins with its measure word: 2024亩, but 2024亩均论坛 not.

    A word of the dictionary that only begins like one (人工智能, 多彩) is none.
    """
    if not after or _not_measured().match(after):
        return False
    word = cut(after[:8])[0]
    if len(word) > 1 and is_word(word):
        many = word.lstrip("万亿")  # 万公顷, 亿千瓦时
        return bool(_MEASURE_WORD.fullmatch(word) or (many != word and _MEASURE_WORD.match(many)))
    return after[0] in _MEASURE_SIGNS or bool(_MEASURE_WORD.match(after))
