"""Numbers that name something: phones, documents, models, roads, rooms. They are read digit by digit."""

import re

from qjaudio.rules import table
from qjaudio.script.numerals import START, by_digit, cardinal
from qjaudio.script.traced import Rule

Match = re.Match[str]

_PHONE_WORD = r"(?:热线|电话|拨打|致电|手机号?码?|客服|专线|传真|拨|固话|座机|服务号)"
_DIGIT_WORD = r"(?:尾号|编号|代号|刊号|国内统一刊号|邮编|邮政编码|账号|卡号|证号|代码|密码|验证码|学号|工号|车牌号?|QQ群?号?|微信[群公众]*号?|批号|号码|序列号|房号)"
_DIGITS = r"\d(?:[\d -]*\d)?"
_VARIED = 5
"""A bare run of seven and more digits with so many different ones is dialled, not counted."""
_LETTERS = r"(?<![A-Za-z])"


def codes() -> tuple[Rule, ...]:
    """The rules, in order."""
    rules = (
        ("address", r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.])", lambda m: "点".join(by_digit(p) for p in m[1].split("."))),
        ("phone", rf"({_PHONE_WORD}[^\d，。；]{{0,6}})({_DIGITS})", _phone),
        ("phone", rf"({_DIGITS})(?=[^\d，。；]{{0,2}}(?:热线|电话|急救|报警|火警|短信|平台)|打个?电话)", _short_phone),
        ("phone", r"(?<![\d.-])(0\d{2,3}-\d{7,8}|1[3-9]\d{9}|[48]00-?\d{3,4}-?\d{3,4})(?![\d.]|-\d)", lambda m: by_digit(m[1], phone=True)),
        ("phone", r"(?<![A-Za-z\d.-])(12[1-9]\d\d|95\d{3}|96\d{3})(?=(?![人名个次件元户万亿余多家])[\u4e00-\u9fff]{0,8}(?:热线|专线|平台)|来?(?:咨询|投诉|举报|网站|客户端|APP|购票|订票|打)|$)", lambda m: by_digit(m[1], phone=True)),
        ("phone", r"^(100[1-9]\d)$", _operator),
        ("phone", r"^(\d{7,11})$", lambda m: by_digit(m[1]) if len(set(m[1])) >= _VARIED else m[0]),
        ("number", rf"(?<![A-Za-z\d.,])(?:{_named_numbers()})(?![\d.])", lambda m: by_digit(m[0], phone=m[0][0] == "1")),
        ("number", rf"({_DIGIT_WORD}[为是：:]?)([A-Za-z]*)(\d[\d-]*)", lambda m: m[1] + m[2] + by_digit(m[3])),
        ("number", r"(?<=[“‘\"'])(\d{3,})(?=[”’\"'])", lambda m: by_digit(m[1])),
        ("name", r"(?<![A-Za-z\d])([A-Z]{1,4})(\d{1,2})?-(\d{2,5})(?:-(\d+))?(?![\d%])", _hyphenated),
        ("number", r"(?<![\d.])(?<!\d,)(0\d+)(?![\d.]|年)", lambda m: by_digit(m[1])),
        ("road", r"(?<![\d.])(\d{3})(?=国道|省道|县道|乡道|高速|工程|高校|院校|大学|新政|政策|事件|计划|行动|房间|室(?!内)|路公交)", lambda m: by_digit(m[1])),
        ("name", r"(?<=[歼轰运直轰教风旗舟宫娥箭星征剑鹰龙机])-(?=\d)", lambda m: ""),
        ("pages", r"(?<![A-Za-z])([A-Z])(\d{1,2})[-—~至到]{1,2}([A-Z])(\d{1,2})", lambda m: f"{m[1]}{_short(m[2])}到{m[3]}{_short(m[4])}"),
        ("document", r"[〔\[]([零一二三四五六七八九]{4})[〕\]](?=第?(\d+)号)", lambda m: f"{m[1]}，"),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in rules)


def models() -> tuple[Rule, ...]:
    """Numbers that stand in a name after letters: C919, PM2.5. They come after the units (m2)."""
    listed = (
        ("to", r"(?<![A-Za-z\d])([BCOPGVDMFS])2([BCOPGVMDX])(?![A-Za-z\d])", lambda m: f"{m[1]} to {m[2]}"),
        ("model", r"(?<=[A-Za-z])(\d+)(?!\.\d|[\d%])", lambda m: _short(m[1])),
        ("model", r"(?<=[A-Za-z])(\d+)\.(\d+)(?![\d%])", lambda m: f"{_short(m[1])}点{by_digit(m[2])}"),
    )
    return tuple(Rule(name, re.compile(pattern), said) for name, pattern, said in listed)


def _phone(match: Match) -> str:
    digits = re.sub(r"\D", "", match[2])
    after = match.string[match.end() :]
    if len(digits) < 3 or re.match(r"[\d.,]*(?:[万亿余多个次人件通起部条台门名元%])", after):
        return match[0]
    return match[1] + by_digit(digits, phone=True)


def _operator(match: Match) -> str:
    """A number of a telephone company (10086); one of only 0 and 1 is rather a quantity."""
    return match[0] if set(match[1]) <= {"0", "1"} else by_digit(match[1], phone=True)


def _named_numbers() -> str:
    return "|".join(f"{row[0]}(?={row[1]})" if len(row) > 1 else row[0] for row in table("numbers"))


def _short_phone(match: Match) -> str:
    digits = re.sub(r"\D", "", match[1])
    return by_digit(digits, phone=True) if 3 <= len(digits) <= 12 else match[0]


def _hyphenated(match: Match) -> str:
    letters, first, second, third = match.groups()
    if first:
        return letters + by_digit(first + second + (third or ""))
    return letters + _short(second) + (by_digit(third) if third else "")


def _short(digits: str) -> str:
    """The number of a model: under a hundred as a number, longer or with 0 in front digit by digit."""
    return cardinal(digits) if len(digits) <= 2 and digits[0] != "0" else by_digit(digits)
