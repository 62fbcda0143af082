"""Numbers that name something: phones, documents, models, roads, rooms; read digit by digit."""

import re
from functools import cache

from qjaudio.rules import phrases, table
from qjaudio.script.numerals import Listed, Match, around, by_digit, cardinal, is_measured, until

_DIGITS = r"\d(?:[\d -]{0,40}\d)?"
_VARIED = 5
"""A bare run of seven and more digits with so many different ones is dialled, not counted."""


def codes() -> Listed:
    """The rules that come before quantities, in order: what is dialled, then other names."""
    return (*_phone_rules(), *_number_rules(), *_model_rules(), *_place_rules())


def _phone_rules() -> Listed:
    return (
        (
            "address",
            r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.])",
            lambda m: "点".join(by_digit(p) for p in m[1].split(".")),
        ),
        ("phone", rf"((?:{_any_of('phone')})[^\d，。；]{{0,6}})({_DIGITS})", _phone),
        (
            "phone",
            rf"({_DIGITS})(?=[^\d，。；]{{0,2}}(?:热线|电话|急救|报警|火警|短信|平台)|打个?电话)",
            _short_phone,
        ),
        (
            "phone",
            r"(?<![\d.-])(0\d{2,3}-\d{7,8}|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}"
            r"|[48]00-?\d{3,4}-?\d{3,4})(?![\d.]|-\d)",
            _dialled,
        ),
        (
            "phone",
            r"(?<![A-Za-z\d.-])(12[1-9]\d\d|95\d{3}|96\d{3})(?=(?![人名个次件元户万亿余多家])[\u4e00-\u9fff]{0,8}(?:热线|专线|平台|客服|电话)|来?(?:咨询|投诉|举报|网站|客户端|APP|购票|订票|打)|$)",
            _dialled,
        ),
        (
            "phone",
            r"(?<![A-Za-z\d.,-])(12[39]\d\d|9[56]\d{3}(?=[”’\u4e00-\u9fff]))(?![\d.,%-])",
            _service_number,
        ),
        ("phone", r"(?<![A-Za-z\d.,-])(1(?:10|14|19|20|22))(?![\d.,%:：-])", _emergency_number),
        ("phone", r"^(100[1-9]\d)$", _operator),
        ("phone", r"^(\d{7,11})$", lambda m: by_digit(m[1]) if len(set(m[1])) >= _VARIED else m[0]),
    )


def _number_rules() -> Listed:
    return (
        (
            "number",
            rf"(?<![A-Za-z\d.,])(?:{_named_numbers()})(?![\d.])",
            lambda m: by_digit(m[0], phone=m[0][0] == "1" or m[0] in _NAMED_AS_DIALLED),
        ),
        ("model", r"(?<=[GDCZTKYLS])(?<![A-Za-z\d][A-Z])(\d{3,4})(?=次)", _dialled),
        (
            "number",
            rf"((?:{_any_of('number')})[为是：:]?)([A-Za-z]*)(\d[\d-]*)",
            lambda m: m[1] + m[2] + by_digit(m[3]),
        ),
        (
            "standard",
            rf"(?<![A-Za-z])((?:{_any_of('standard')})(?:/[A-Z]+)?)[ ]?(\d{{3,}})"
            r"(?:[-—](\d{4}))?",
            lambda m: f"{m[1].replace('/', '')}{by_digit(m[2])}{by_digit(m[3] or '')}",
        ),
        (
            "version",
            r"(?<!\d)\.?(\d+(?:\.\d+){2,})(?!\d)",
            lambda m: "点".join(cardinal(part) for part in m[1].split(".")),
        ),
        ("number", r"(?<=第)(\d{4})(?=号决议)", lambda m: by_digit(m[1])),
        ("number", r"(?<=备)(\d{6,})", lambda m: by_digit(m[1])),
        ("number", r"(?<=\d)#(?=[\u4e00-\u9fff]|$)", "号"),
        ("number", r"(?<=[“‘\"'])(\d{3,})(?=[”’\"'])", _quoted),
        (
            "variety",
            rf"(?:{_any_of('varieties')})(\d{{2,4}})(?![\d年.%])",
            lambda m: m[0][: -len(m[1])] + _model_number(m[1]),
        ),
    )


def _model_rules() -> Listed:
    return (
        (
            "plate",
            r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z])"
            r"[·.• ]?((?=[A-Z]*\d[A-Z]*\d)[A-HJ-NP-Z\d]{5,6}|[A-Z\d]{4}(?=[学挂警领试港澳]))"
            r"(?![A-Za-z\d])",
            lambda m: m[1] + "".join(by_digit(c, phone=True) or c for c in m[2]),
        ),
        (
            "model",
            r"(?<![\d.A-Za-z-])(\d{1,3})-(\d{1,4})"
            rf"(?=[A-Z]{{0,3}}(?:{_any_of('model_after')}))",
            _hyphenated_model,
        ),
        ("model", r"(?<![\d-])(7[0-8]7)-(\d{1,3})(?![\d-])", _hyphenated_model),
        (
            "model",
            rf"(?:{_after_any_of('model_before')})(\d{{1,3}})-(\d{{1,4}})(?![\d-])",
            _hyphenated_model,
        ),
        ("model", r"(?<=N)95(?!\d)", "九五"),
        ("model", r"(?<![\d.A-Za-z])([5-9]\d)(?=式(?![样子微]))", lambda m: by_digit(m[1])),
        ("model", r"(?<![\d.A-Za-z])(9[69])(?=A?(?:主战|型)?坦克)", lambda m: by_digit(m[1])),
        ("model", r"(?<=波音|空客)(\d{3})(?!\d)", lambda m: by_digit(m[1])),
        ("model", r"(?<![A-Za-z\d])([A-Z])(\d{3})-(\d{3})(?![\d-])", _airliner),
        ("variant", r"(?<=[A-Z]{2})(?<!NO)\.(?=\d)", "点"),
        (
            "name",
            r"(?<![A-Za-z\d])([A-Z]{1,4})(\d{1,2})?-(\d{2,5})(?:-(\d+))?(?![\d%])",
            _hyphenated,
        ),
    )


def _place_rules() -> Listed:
    return (
        (
            "address",
            r"(?<![\d.-])(\d{1,3})-(\d{1,3})-(\d{2,4})(?=室|$|[，。、；）])",
            lambda m: f"{cardinal(m[1])}杠{cardinal(m[2])}杠{_model_number(m[3])}",
        ),
        (
            "address",
            r"(?:(?<=[路街道巷弄村段])(\d{1,4})-(\d{1,3})(?=号)|(?<![\d.-])(\d{1,2})-(\d{3,4})(?=室))",
            lambda m: f"{cardinal(m[1] or m[3])}杠{_model_number(m[2] or m[4])}",
        ),
        (
            "room",
            r"(?<=\d[幢栋])(\d{3,4})(?=室|$|[，。、；）])|(?<=单元)(\d{3,4})(?=室|$|[，。、；）])",
            lambda m: by_digit(m[0]),
        ),
        ("number", r"(?<![\d.])(?<!\d,)(0\d+)(?![\d.]|年)", lambda m: by_digit(m[1])),
        (
            "road",
            rf"(?<![\d.])(\d{{3}})(?=(?:[、，和及]\d{{3}})+室|{_any_of('named')})",
            lambda m: by_digit(m[1]),
        ),
        ("number", r"(?<![\d.,])(\d{5})(?=(?:[、，和及]\d{5})*部队)", lambda m: by_digit(m[1])),
        ("road", r"(?<=[国省县乡]道)[ ]?(\d{3})(?!\d)", lambda m: by_digit(m[1])),
        (
            "bus",
            r"(?<![\d.])(\d{3,4})(?=(?:[、和及或](?:[A-Z]?\d{1,4}))*路(?!段|径|程|[口灯网由过边面障桥基堤缘政易])|路(?:公交|车))",
            _dialled,
        ),
        (
            "number",
            r"(?:(?<=分)|(?<=分[成为头]))2(?=路)|(?<!\d)2(?=路(?:增援|人马|大军|专家|纵队|队伍|记者))",
            "两",
        ),
        (
            "name",  # 图-160 is dialled, 空警-500 counted below
            rf"({_any_of('vessel')})-(?!\d00)(\d{{3}})(?!\d|[.%])",
            lambda m: m[1] + by_digit(m[2], phone=True),
        ),
        ("name", rf"({_any_of('vessel')})-(?=\d)", lambda m: m[1]),
        (
            "pages",
            r"(?<![A-Za-z])([A-Z])(\d{1,2})([-—~至到]{1,2})([A-Z])(\d{1,2})",
            lambda m: f"{m[1]}{_model_number(m[2])}{until(m[3])}{m[4]}{_model_number(m[5])}",
        ),
        (
            "document",
            r"[〔\[]([零一二三四五六七八九]{4})[〕\]](?=第?(\d+)号)",
            lambda m: f"{m[1]}，",
        ),
    )


def models() -> Listed:
    """Numbers that stand in a name after letters: C919, PM2.5. They come after the units (m2)."""
    return (
        (
            "to",
            r"(?<![A-Za-z\d])([BCOPGVDMFS])2([BCOPGVMDX])(?![A-Za-z\d])",
            lambda m: f"{m[1]} to {m[2]}",
        ),
        ("model", r"(?<=(?i:TOP))[ ]?(\d+)", lambda m: cardinal(m[1])),
        ("model", r"(?<![\d.,])(\d{3})(?=[A-Z](?![A-Za-z]))", _before_letter),
        ("model", r"(?<=[A-Za-z])(\d+)(?!\.\d|[\d%])", lambda m: _model_number(m[1])),
        (
            "model",
            r"(?<=[A-Za-z])(\d+)\.(\d+)(?![\d%])",
            lambda m: f"{_model_number(m[1])}点{by_digit(m[2])}",
        ),
    )


def _any_of(name: str) -> str:
    return "|".join(phrases("contexts")[name])


def _after_any_of(name: str) -> str:
    return "|".join(f"(?<={word})" for word in phrases("contexts")[name])


def _phone(match: Match) -> str:
    digits = re.sub(r"\D", "", match[2])
    after = around(match)[1]
    if len(digits) < 3 or re.match(r"[\d.,]*(?:[万亿余多个次人件通起部条台门名元%])", after):
        return match[0]
    return match[1] + by_digit(digits, phone=True)


_EMERGENCY = frozenset(("110", "114", "119", "120", "122"))
_NAMED_AS_DIALLED = frozenset(("211", "301"))
_CALLED_ALSO = re.compile(
    r"(?<!\d)(?:(?:1(?:10|14|19|20|22)|幺(?:幺[零四九]|二[零二]))[”’\"]?(?:或者?|[和、及与/])[“‘\"]?){1,4}$"
)
_CALLED_NEXT = re.compile(
    r"[”’\"]?(?:或者?|[和、及与/])[“‘\"]?(?:1(?:10|14|19|20|22)|幺[零一二三四五六七八九幺]{4})(?:[”’\"，。！？；高联双对平热]|$|[、或和及]1(?:10|14|19|20|22)(?!\d))"
)


_COUNTS_ON = re.compile(r"[、和及或](?!1(?:10|14|19|20|22)\D)\d+[\u4e00-\u9fff]")  # 、130米


@cache
def _call_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before, and what stands after, a number that is dialled."""
    before = re.compile(rf"(?:{_any_of('called')})[“‘\"]?$")
    return before, re.compile(rf"[”’\"]?(?:{_any_of('calling')})")


def _dialled(match: Match) -> str:
    return by_digit(match[1], phone=True)


def _emergency_number(match: Match) -> str:
    """110, 119, 120 … as a number that is dialled, where words around say so and nothing counts."""
    before, after = around(match)
    called, calling = _call_words()
    earlier = _CALLED_ALSO.search(before)
    before = before[: earlier.start()] if earlier else before  # 拨110或120
    if (is_measured(after) or _COUNTS_ON.match(after)) and not calling.match(after):
        return match[0]
    others = earlier or _CALLED_NEXT.match(after)
    dialled = others or called.search(before) or calling.match(after)
    return by_digit(match[1], phone=True) if dialled else match[0]


def _service_number(match: Match) -> str:
    """12345, 12306: a service, unless it counts something."""
    before, after = around(match)
    counts = is_measured(after) or re.search(r"[达共超逾近过满为第约至到增减][：:]?$", before)
    return match[0] if counts else by_digit(match[1], phone=True)


def _quoted(match: Match) -> str:
    digits = match[1]
    dialled = digits in _EMERGENCY | _NAMED_AS_DIALLED or re.fullmatch(r"12[39]\d\d", digits)
    return by_digit(digits, phone=bool(dialled))


def _hyphenated_model(match: Match) -> str:
    """787-8, 21-1: the first number of three digits digit by digit, the hyphen as 杠."""
    return f"{_model_number(match[1])}杠{_series_number(match[2])}"


def _airliner(match: Match) -> str:
    return f"{match[1]}{by_digit(match[2])}杠{_series_number(match[3])}"


def _series_number(digits: str) -> str:
    """The number after the hyphen: 200 is said as a number, 214 digit by digit."""
    return cardinal(digits) if digits.endswith("00") and digits[0] != "0" else _model_number(digits)


def _before_letter(match: Match) -> str:
    """415X digit by digit; a round number counts: 100G."""
    return match[0] if match[1][-1] == "0" else by_digit(match[1])


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
    if first and re.fullmatch("[1-9]00", second) and not third:
        return f"{letters}{_model_number(first)}杠{cardinal(second)}"
    if first:
        return letters + by_digit(first + second + (third or ""))
    is_round = len(letters) == 1 and re.fullmatch("[1-9]00", second)  # S-400
    number = cardinal(second) if is_round else _model_number(second)
    return letters + number + (by_digit(third) if third else "")


def _model_number(digits: str) -> str:
    """The number of a model: under a hundred as a number, longer ones digit by digit."""
    return cardinal(digits) if len(digits) <= 2 and digits[0] != "0" else by_digit(digits)
