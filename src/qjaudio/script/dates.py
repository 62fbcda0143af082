"""Dates, years and clock times as newspapers print them."""

import re
from functools import cache

from qjaudio.rules import phrases
from qjaudio.script.numerals import (
    DASH,
    START,
    Listed,
    Match,
    around,
    by_digit,
    cardinal,
    counted,
    is_measured,
    spoken_number,
    until,
)

_YEAR = r"(?:1[0-9]|20)\d\d"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_END = r"(?![\d.]*\d)"
_ALONE = r"(?<![\d.])(?<!\d[:：])"
"""No digit before, also none before a colon: 比分：3:1 begins at 3."""
_PRICES = "￥¥$€£第"
# Words that tell a score or a ratio from a time of day.
_SCORE_BEFORE = re.compile(
    r"(?:比分|[战击]败|战胜|战平|逼平|横扫|淘汰|不敌|负于|[险完大小]胜|完胜|力克|轻取|[领先]先|落后|扳[成平]|改写"
    r"|比例|配比|按|之比|总分|大比分|局分|打成|取[得下]|(?<!第)[首末次胜终决一二三四五六七八九][局节盘]|[队国女男]足?|胜|负|平|稀释|尺寸|比(?!赛))[^，。；\d]{0,6}$"
)
_SCORE_AFTER = re.compile(
    r"[^，。；]{0,4}(?:战胜|逆转|击败|胜|负|败|不敌|力克|领先|落后|逼平|战平|战|横扫|轻取|淘汰|取胜|获胜|夺冠|险胜|拿下|的?比[分例]|配比|比例)"
)
_TIME_BEFORE = re.compile(
    r"(?:[上中下]午|凌晨|早[上晨]?|晚[上间]?|清晨|傍晚|夜[里间]?|[时期]间|时[段刻点]|高峰|班车?|至|到|[日号天]|每[天日]|周[一二三四五六日末]"
    r"|[出发到抵]达?|开[放门馆市盘]|营业|起飞|计划|预计|[于在])(?:[）)]|时[间段])?[为是：:约]?$"
)


def dates() -> Listed:
    """The rules for dates, in order."""
    feast = "|".join(phrases("contexts")["feast"])
    listed: Listed = (
        (
            "duration",
            r"(?<![\d:：.])(\d{1,2})[:：]([0-5]\d)\.(\d\d)(?![\d.])",  # 1:58.32
            lambda m: f"{cardinal(m[1])}分{_sixtieth(m[2], '秒')}{by_digit(m[3])}",
        ),
        (
            "event date",
            r"(?<=[“‘\"'])(1[0-2]|[1-9])[·•‧.](3[01]|[12]\d|[1-9])(?=[^“”]{0,8}[”’\"'])",
            _event_said,
        ),
        ("date", rf"{START}({_YEAR})[ ]?([-/.·])[ ]?({_MONTH})[ ]?\2[ ]?({_DAY}){_END}", _date),
        ("date", rf"{START}({_DAY})([-/.])({_MONTH})\2({_YEAR}){_END}", _date_backwards),
        (
            "year and month",
            rf"{START}({_YEAR})[-/.](1[0-2]|0[1-9]){_END}(?!\w*[倍个万亿元])",
            _year_month,
        ),
        (
            "year and month",
            rf"{START}(1[0-2]|0[1-9])[-/.]({_YEAR}){_END}",
            lambda m: f"{by_digit(m[2])}年{cardinal(m[1])}月",
        ),
        (
            "month and day",
            rf"{START}(0[1-9]|1[0-2])([-/.])(0[1-9]|[12]\d|3[01]){_END}(?![%‰个倍米元岁人万亿])",
            _month_day,
        ),
        ("event date", rf"{START}(1[0-2]|[1-9])\.(3[01]|[12]\d|[1-9])(?={feast})", _event_said),
        ("event date", r"(?<![\d·.])(1[0-2]|[1-9])[·•](3[01]|[12]\d|[1-9])(?![\d·])", _event_said),
        ("date", rf"{START}((?:19|20)\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)", _date_run),
    )
    later = r"(?<![\d.,第])(\d\d)(?=年([\u4e00-\u9fff](?:[\u4e00-\u9fff]?了)?))"
    years = (("years", _OLD_YEARS, _years), *_years_and_generations(), ("year", later, _next_year))
    return (*listed, *years)


_OLD_YEARS = (
    rf"(?:(?<=公元)|(?<=[（(])(?=\d+{DASH}(?:1\d|20)\d\d(?<!00)[）)]))"
    rf"(\d{{3,4}})(年?)({DASH})(\d{{3,4}})(?=[年）)])"
)
"""Years before 1900: in brackets after a name (566—1990), and after 公元."""


def _years_and_generations() -> Listed:
    in_a_year = "|".join(phrases("contexts")["in_a_year"])
    in_a_late_year = "|".join(phrases("contexts")["in_a_late_year"])
    return (
        ("years", rf"{START}(\d{{4}})()(/)(\d{{4}})(?=学?年|赛季|财年)", _years),
        (
            "years",
            rf"{START}(\d{{4}})(年?)({DASH})(\d{{4}})(?=年|学年|赛季|财年|雪季|期间|跨年)",
            _years,
        ),
        (
            "years",
            rf"{START}((?:19|20)\d\d)()({DASH})((?:19|20)\d\d)(?![\d.万亿余多元人米个吨名户亩件家只])",
            _years,
        ),
        ("years", rf"{START}((?:19|20)\d\d)()({DASH})(\d\d)(?=赛季|学年|财年|雪季)", _years),
        ("year", r"(?<=公元前)(\d{1,4})(?=年)|(?<=公元)(\d{1,4})(?=年)", lambda m: by_digit(m[0])),
        (
            "year or span",
            rf"{START}(2000)(?=年前[^后夕])(?!年前，?[^，。]{{0,6}}(?:先[民人祖]|古人|祖先))",
            lambda m: by_digit(m[1]),
        ),
        ("year", rf"{START}(\d{{4}})(?=年)", _year),
        ("year", rf"{START}(0\d)(?=年)|(?<=['’‘])(\d\d)(?=年)", lambda m: by_digit(m[0])),
        ("year", r"(?<=[〔\[【(（])((?:19|20)\d\d)(?=[〕\]】)）])", lambda m: by_digit(m[1])),
        (
            "year",
            rf"{START}((?:19|20)\d\d)(?=届|级(?![别台])|学年|赛季|款|版|财年|雪季|[春秋夏冬](?!\w*[个人])|[—-]20|[\u4e00-\u9fff]{{0,8}}(?:世界杯|奥运会|亚运会|博览会|大会|论坛|马拉松|峰会|联赛|锦标赛))",
            lambda m: by_digit(m[1]),
        ),
        (
            "year",
            r"(?<=[\u4e00-\u9fffA-Za-z])-((?:19|20)\d\d)(?=[”’》〉」』，。；、）)]|$)|(?<=[\u4e00-\u9fff])((?:19|20)\d\d)(?=》)",
            lambda m: by_digit(m[1] or m[2]),
        ),
        (
            "year",
            rf"(?<![\d.,%A-Za-z/-])(?<![{_PRICES}])((?:19|20)\d\d)(?![\d%‰:：/×*~])(?![.,]\d)",
            _bare_year,
        ),
        (
            "year",
            rf"(?<![\d.,])(\d\d)(?=年(?:{in_a_year}))|{START}([5-9]\d)(?=年(?:{in_a_late_year}))"
            r"|(?<=[是在从自到于])([4-9]\d)(?=年(?:[，。春夏秋冬底初]|开始|起))|(?<=是)([6-9]\d)(?=年的(?:[^历变时风岁经]|$))"
            r"|(?<![\d.,\u4e00-\u9fff])([4-9]\d)(?=年，(?:[他她]|我(?!们)))"
            r"|(?<![\d.,第])\d\d(?=[级届](?:[、和]\d\d[级届])*的?老?(?:大学生|学生|毕业|校友|同学|新生|学[长姐弟]|战友))"
            r"|(?<![\d.,第])[5-9]\d(?=年(?![来前后间多以里如华])[^，。；]{0,12}[，。；][^，。；]{0,12}零[^零]年)"
            r"|(?<![\d.,第])[5-9][1-9](?=年[、和][5-9][1-9]年)|(?<=\d年[、和])[5-9][1-9](?=年)"
            r"|(?<=从)\d\d(?=年(?:算|[春夏秋冬底初])?起)|(?<=从)[4-9]\d(?=年[到至][4-9]\d年)|(?<=从\d\d年[到至])[4-9]\d(?=年)|(?<![\d.])[6-9]\d(?=版(?:电视剧)?《)"
            r"|(?<=[“‘])[5-9]\d(?=(?:抗洪|洪水|奥运|世界杯|国庆|阅兵|春晚)[”’])",
            lambda m: by_digit(m[0]),
        ),
        (
            "generation",
            r"(?<![\d:：])(?:[5-9]0|0[05]|[5-9]5|1[05])(?=后(?!来|面|方|退|期|又|再|的|，|。))"
            r"|(?<!\d)(?:[5-9]0|[5-9]5|0[05])(?=[后、—到至-]{0,2}[、—到至-](?:[5-9]0|[5-9]5|[01][05])后)",
            lambda m: by_digit(m[0]),
        ),
    )


@cache
def _before(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(phrases('contexts')[name])})$")


def _ends_with(name: str, before: str) -> bool:
    """Whether a text ends with one of the words of a list in `rules/contexts.toml`."""
    return bool(_before(name).search(before))


@cache
def _after(name: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases("contexts")[name]))


def _begins_with(name: str, after: str) -> bool:
    """Whether a text begins with one of the words of a list in `rules/contexts.toml`."""
    return bool(_after(name).match(after))


def _bare_year(match: Match) -> str:
    """A year that stands before a name, or alone, without 年: 2025中国…, 走进2025."""
    before, after = around(match)
    year, after = int(match[1]), after.lstrip()
    if not (1949 <= year <= 2060 and year != 2000 and before + after) or _ends_with(
        "no_year", before
    ):
        return match[0]
    if after[:1] in "-—" and after:
        return by_digit(match[1]) if after.startswith("——") else match[0]
    if re.match(r"(?:[、和与及]|以及)?(?:19|20)\d\d(?!\d)", after):
        return by_digit(match[1])
    if re.match(r"[A-Za-z]", after):
        return by_digit(match[1]) if re.match(r"[A-Z]{2,}|[A-Z][a-z]{2,}", after) else match[0]
    return match[0] if is_measured(after) else by_digit(match[1])


def clock() -> Listed:
    """The rules for times of day, scores and ratios, in order."""
    minutes = r"([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?"
    half = r"(?:[ ]?([AaPp])\.?[Mm]\.?(?![A-Za-z])|分(?!钟))?"
    return (
        (
            "duration",
            r"(\d{1,3})['′][ ]?(\d{1,2})(?:[\"″]|'')(\d{1,2})?",
            lambda m: f"{m[1]}分{m[2]}秒{m[3] or ''}",
        ),
        (
            "seconds",
            r"(?<=\d秒)(\d{1,3})(?!\d|[名个人万])|(?<=\d米)(\d\d)(?![\d.]|[名个人万岁张根])",
            lambda m: by_digit(m[0]),
        ),
        (
            "time",
            rf"{_ALONE}([01]?\d|2[0-4])([:：][0-5]\d)({DASH})(?=(?:次日|翌日|第二天|当[日晚]|凌晨)?"
            r"(?:[01]?\d|2[0-4])[:：][0-5]\d(?!\d))",
            _clock_span,
        ),
        ("time or score", rf"{_ALONE}([1-7])[:：]([0-5]\d)()()(?![\d:：]|\.\d)", _time_or_score),
        ("time", rf"{_ALONE}{minutes}{half}(?![\d:：]|\.\d)", _time_said),
        (
            "time",
            r"(?<![\d:：.])(1[0-2]|[1-9])[ ]?([AaPp])\.?[Mm]\.?(?![A-Za-z])",
            lambda m: f"{_HALF[m[2].lower()]}{counted(m[1], '点钟')}点",
        ),
        (
            "ratio",
            rf"{_ALONE}(\d+(?:\.\d+)?)[:：](\d+(?:\.\d+)?)(?:[:：](\d+(?:\.\d+)?))?(?![\d:：])",
            _ratio_said,
        ),
        ("difference", r"(?<=\d)[ ]?-[ ]?(?=\d+(?:\.\d+)?[ ]?=)", "减"),
        (
            "score",
            r"(?<![\d.-])(\d{1,3})-(\d{1,3})(?![\d.-]|[ ]?[%‰℃岁人个年月日元米])",
            _score_said,
        ),
    )


def _event_said(match: Match) -> str:
    if (match[1], match[2]) == ("10", "1"):
        return "十一"  # the National Day is the one that is not said digit by digit
    return by_digit(match[1]) + by_digit(match[2])


def _date(match: Match) -> str:
    return f"{by_digit(match[1])}年{cardinal(match[3])}月{cardinal(match[4])}日"


def _date_run(match: Match) -> str:
    return f"{by_digit(match[1])}年{cardinal(match[2])}月{cardinal(match[3])}日"


def _date_backwards(match: Match) -> str:
    return f"{by_digit(match[4])}年{cardinal(match[3])}月{cardinal(match[1])}日"


def _year_month(match: Match) -> str:
    return f"{by_digit(match[1])}年{cardinal(match[2])}月"


def _month_day(match: Match) -> str:
    # 12.08 may be an amount; a leading zero before the month (08.08) or a dash can only be a date.
    if match[1][0] != "0":
        return match[0]
    return f"{cardinal(match[1])}月{cardinal(match[3])}日"


def _years(match: Match) -> str:
    before, after = around(match)
    ago = re.match(r"年(?:以?前|历史|的?历史)", after) or _ends_with("span_of_years", before)
    first, last = int(match[1]), int(match[4])
    if len(match[4]) == 4 and (
        (ago and not (first % 100 and last % 100)) or max(first, last) > 2100
    ):
        return f"{cardinal(match[1])}{match[2]}{until(match[3])}{cardinal(match[4])}"
    return f"{by_digit(match[1])}{match[2]}{until(match[3])}{by_digit(match[4])}"


def _year(match: Match) -> str:
    """A year digit by digit, unless it is a number of years: too large, too round, 距今, 历史."""
    year, (before, after) = int(match[1]), around(match)
    old_or_round = (year % 100 == 0 or year < 1500) and year != 2000
    is_span = (
        year == 1000
        or (year > 2100 and not after.startswith(("年度", "年版")))
        or _ends_with("span_of_years", before)
        or _begins_with("span_after", after)
        or (year % 100 == 0 and year != 2000 and _ends_with("span_of_round_years", before))
        or (old_or_round and _begins_with("span_after_round", after))
    )
    return match[0] if is_span else by_digit(match[1])


_HALF = {"a": "上午", "p": "下午"}


def _clock_span(match: Match) -> str:
    """The first of two times and what joins them; two times of day in a row are no score."""
    hour, minute = match[1].lstrip("0") or "0", match[2][1:]
    said = f"{counted(hour, '点钟')}点{'' if minute == '00' else _sixtieth(minute, '分')}"
    return said + until(match[3])


def _time_said(match: Match) -> str:
    hour, minute, second = match[1], match[2], match[3]
    before, after = around(match)
    scored = _is_score(before, after) or (before.endswith("为") and int(hour) < 5)
    if not (second or match[4]) and scored and not _TIME_BEFORE.search(before):
        return f"{cardinal(hour)}比{cardinal(minute)}"
    said = _HALF[match[4].lower()] if match[4] else ""
    said += f"{counted(hour.lstrip('0') or '0', '点钟')}点"
    if second:
        return f"{said}{_sixtieth(minute, '分')}{_sixtieth(second, '秒')}"
    return said if minute == "00" else f"{said}{_sixtieth(minute, '分')}"


_TIME_AFTER = re.compile(r"[许起前后时]|左右|准时|开|出发|到|抵|集合|举|播|[-—~至]|分")


def _next_year(match: Match) -> str:
    """Two digits after a year of two digits in the same text: 06年嫁来，16年开了店."""
    before, _after = around(match)
    if not re.search(
        r"(?:^|[^零一二三四五六七八九十百])[零五六七八九][零一二三四五六七八九]年", before
    ):
        return match[0]
    told = match[2][1:].endswith("了") or (
        match[1] > "50" and match[2][0] not in "来前后间多以里如华的了"
    )
    return by_digit(match[1]) if told else match[0]


def _time_or_score(match: Match) -> str:
    """A small hour with minutes, and no word that tells a time from a score: said as a time."""
    before, after = around(match)
    told = _is_score(before, after) or _TIME_BEFORE.search(before) or before.endswith("为")
    return match[0] if told or _TIME_AFTER.match(after) else _time_said(match)


def _sixtieth(number: str, unit: str) -> str:
    return ("零" if number[0] == "0" and number != "00" else "") + cardinal(number) + unit


_LISTED = re.compile(r"(?:\d+[:：]\d+[、，和及与])+$|^(?:[、，和及与]\d+[:：]\d+)+")

_NO_TIME = re.compile(r"(?<!\d)(?:2[5-9]|[3-9]\d)[:：]\d\d(?!\d)")  # 25:19


def _is_score(before: str, after: str) -> bool:
    listed = "".join(found[0] for text in (before, after) for found in _LISTED.finditer(text))
    before, after = _LISTED.sub("", before), _LISTED.sub("", after)
    return bool(
        _NO_TIME.search(listed) or _SCORE_BEFORE.search(before) or _SCORE_AFTER.match(after)
    )


def _ratio_said(match: Match) -> str:
    return "比".join(spoken_number(part) for part in match.groups() if part)


_TEAM = re.compile(r"(?:中国|国足|日本|韩国|[队国]|比分(?:为|是|定格在)?)$")


def _score_said(match: Match) -> str:
    before, after = around(match)
    if (
        _SCORE_AFTER.match(after)
        or re.search(r"比分[^，。]{0,6}$|(?:战胜|击败|胜|负|[战打逼追踢扳言]平|败|先|敌)$", before)
        or _TEAM.search(before)
    ):
        return f"{cardinal(match[1])}比{cardinal(match[2])}"
    return match[0]
