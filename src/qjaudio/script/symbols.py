"""What is left: ordinals, plain numbers, signs, spaces and marks."""

import re

from qjaudio.script.hanzi import HAN
from qjaudio.script.numerals import NUMBER, SCALE, START, cardinal, counted, number
from qjaudio.script.traced import Rule

Match = re.Match[str]

_TO_FULL = str.maketrans(",;:!?()", "，；：！？（）")
_SIGN = {"+": "加", "=": "等于", "<": "小于", ">": "大于", "≤": "小于等于", "≥": "大于等于", "×": "乘", "÷": "除以", "≠": "不等于", "≈": "约等于", "±": "正负", "<=": "小于等于", ">=": "大于等于"}


def plain_numbers() -> tuple[Rule, ...]:
    """Numbers that no other rule has taken."""
    listed = (
        ("sign", r"(?<=[A-Za-z\d\u4e00-\u9fff”’）])[ ]?(<=|>=|[+=<>≤≥×÷≠≈])[ ]?", lambda m: _SIGN[m[1]]),
        ("sign", r"(<=|>=|[<>≤≥≠≈±])[ ]?(?=\d)", lambda m: _SIGN[m[1]]),
        ("minus", r"(?:(?<![A-Za-z\d\u4e00-\u9fff”）])|(?<=[是为达至到约算得即值温负正加减乘]))-(?=\d|\.\d)", lambda m: "负"),
        ("ordinal", rf"第(\d+)", lambda m: f"第{cardinal(m[1])}"),
        ("ordinal", r"(?:№|[Nn][Oo]\.)[ ]?(\d+)", lambda m: f"第{cardinal(m[1])}"),
        ("number", rf"{START}({NUMBER})", _counted),
        ("number", r"\.(\d+)", lambda m: number(f"0.{m[1]}")),
        ("number", r"\d+", lambda m: cardinal(m[0])),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in listed)


def _counted(match: Match) -> str:
    if match.string[match.end() : match.end() + 2].startswith("."):
        pass
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
