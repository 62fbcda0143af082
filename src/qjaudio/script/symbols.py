"""What is left: ordinals, plain numbers, signs, spaces and marks."""

import re

from qjaudio.paper.characters import HAN
from qjaudio.script.numerals import NUMBER, START, by_digit, cardinal, counted, number
from qjaudio.script.traced import Listed, Rule, compiled

Match = re.Match[str]

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


def addresses() -> tuple[Rule, ...]:
    """Addresses of the web and of mail: the name of the site with its dots, not the path."""
    return (
        Rule("address", _ADDRESS, _address),
        Rule(
            "Roman numeral", _ROMAN_NUMERAL, lambda match: cardinal(str(_ROMAN.index(match[0]) + 1))
        ),
    )


def _address(match: Match) -> str:
    name = re.sub(r"^https?://", "", match[0]).split("/")[0].split("?")[0]
    return name.strip(".").replace("@", " at ").replace(".", "点")


def plain_numbers() -> tuple[Rule, ...]:
    """Numbers that no other rule has taken."""
    listed: Listed = (
        ("more than", r"(?<=[\d万])\+(?=[个家名位人条项件次户台辆只所场种款天年篇吨亩座])", "多"),
        (
            "sign",
            r"(?<=[A-Za-z\d\u4e00-\u9fff”’）])[ ]?(<=|>=|[+=<>≤≥×÷≠≈])[ ]?",
            lambda m: _SIGN[m[1]],
        ),
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
        ("number", rf"{START}({NUMBER})", _counted),
        ("number", r"\.(\d+)", lambda m: number(f"0.{m[1]}")),
        ("number", r"\d+", lambda m: cardinal(m[0])),
    )
    return compiled(listed)


def _counted(match: Match) -> str:
    return counted(match[1], match.string[match.end() : match.end() + _NEAR])


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


def marks() -> tuple[Rule, ...]:
    """Spaces, quotation marks and signs: what cannot be spoken goes."""
    keep = rf"{HAN}A-Za-z ，。！？：；、（）“”‘’《》…—"
    listed: Listed = (
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
        ("space", r"(?<=[^A-Za-z])[ ]+|[ ]+(?=[^A-Za-z])|^ +| +$", ""),
        ("mark", r"[,;:!?()]", lambda m: m[0].translate(_TO_FULL)),
        ("mark", r"\.(?=\s|$|[”’）])", "。"),
        ("dropped sign", rf"[^{keep}]", ""),
    )
    return compiled(listed)
