"""What is left: ordinals, plain numbers, signs, spaces and marks."""

import re

from qjaudio.script.hanzi import HAN
from qjaudio.script.numerals import NUMBER, SCALE, START, by_digit, cardinal, counted, number
from qjaudio.script.traced import Rule

Match = re.Match[str]

_TO_FULL = str.maketrans(",;:!?()", "，；：！？（）")
_SIGN = {"+": "加", "=": "等于", "<": "小于", ">": "大于", "≤": "小于等于", "≥": "大于等于", "×": "乘", "÷": "除以", "≠": "不等于", "≈": "约等于", "±": "正负", "<=": "小于等于", ">=": "大于等于"}


_ADDRESS = re.compile(r"(?:https?://|www\.)[A-Za-z0-9./?=&_%#:~+-]+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")


def addresses() -> tuple[Rule, ...]:
    """Addresses of the web and of mail: the name of the site with its dots, not the path."""
    roman = r"(?<![A-Za-z])(?:I{1,3}|IV|VI{0,3}|IX|X(?=[级类]))(?=[级类])|(?<![A-Za-z])(?:II|III|IV|VI{1,3}|IX)(?=[期型度区])"
    return (
        Rule("address", _ADDRESS, _address),
        Rule("Roman numeral", re.compile(roman), lambda match: _ROMAN[match[0]]),
    )


_ROMAN = dict(zip("I II III IV V VI VII VIII IX X".split(), "一二三四五六七八九十", strict=True))


def _address(match: Match) -> str:
    name = re.sub(r"^https?://", "", match[0]).split("/")[0].split("?")[0]
    return name.strip(".").replace("@", " at ").replace(".", "点")


def plain_numbers() -> tuple[Rule, ...]:
    """Numbers that no other rule has taken."""
    listed = (
        ("sign", r"(?<=[A-Za-z\d\u4e00-\u9fff”’）])[ ]?(<=|>=|[+=<>≤≥×÷≠≈])[ ]?", lambda m: _SIGN[m[1]]),
        ("sign", r"(<=|>=|[<>≤≥≠≈±])[ ]?(?=\d)", lambda m: _SIGN[m[1]]),
        ("minus", r"(?:(?<![A-Za-z\d\u4e00-\u9fff”）])|(?<=[是为达至到约算得即值温负正加减乘]))-(?=\d|\.\d)", lambda m: "负"),
        ("ordinal", rf"第(\d+)", lambda m: f"第{cardinal(m[1])}"),
        ("ordinal", r"(?:№|[Nn][Oo]\.)[ ]?(\d+)", lambda m: f"第{by_digit(m[1]) if m[1][0] == '0' else cardinal(m[1])}"),
        ("list number", r"^(\d{1,2})[.．][ ]?(?=[\u4e00-\u9fff])", lambda m: f"{cardinal(m[1])}、"),
        ("number", rf"{START}({NUMBER})", _counted),
        ("number", r"\.(\d+)", lambda m: number(f"0.{m[1]}")),
        ("number", r"\d+", lambda m: cardinal(m[0])),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in listed)


def _counted(match: Match) -> str:
    return counted(match[1], match.string[match.end() :])


def marks() -> tuple[Rule, ...]:
    """Spaces, quotation marks and signs: what cannot be spoken goes."""
    keep = rf"{HAN}A-Za-z ，。！？：；、（）“”‘’《》…—"
    listed = (
        ("quotation", r'"([^"]*)"', lambda m: f"“{m[1]}”"),
        ("bracket", r"[〔【「『\[{]", lambda m: "“" if m[0] in "「『" else "（"),
        ("bracket", r"[〕】」』\]}]", lambda m: "”" if m[0] in "」』" else "）"),
        ("and", r"&", lambda m: "和"),
        ("space", rf"(?<=[^A-Za-z])[ ]+|[ ]+(?=[^A-Za-z])|^ +| +$", lambda m: ""),
        ("mark", r"[,;:!?()]", lambda m: m[0].translate(_TO_FULL)),
        ("mark", r"\.(?=\s|$|[”’）])", lambda m: "。"),
        ("dropped sign", rf"[^{keep}]", lambda m: ""),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in listed)
