"""From the digest of an issue to the script: opening, headlines, stories, sign-off.

The opening names weekday and lunar date; the calendar checks what the masthead says of them.
"""

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lunardate import LunarDate

from qjaudio.paper.digest import in_rundown, reading_seconds, short_headline
from qjaudio.paper.model import Article, Issue
from qjaudio.paper.sentences import sentences
from qjaudio.script.model import Line, LineKind, Part, PartKind, Script

_WEEKDAYS = "一二三四五六日"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "腊")
_MONTH_NAMES = {"冬": "十一", "十二": "腊", "一": "正"}
_TENS = ("初", "十", "廿", "三")
_DIGITS = "十一二三四五六七八九"
_AGENCY = re.compile(r"社.*[电讯]")
"""A dateline that names an agency: 新华社北京9月7日电; 本报讯 is the paper itself."""


def compose(issue: Issue, phrases: dict[str, Any]) -> Script:
    """Write the script of an issue. Our own sentences come from `phrases`, all others are printed.

    The lunar date is the masthead's where calculation agrees with it, else the calculated one.
    """
    paper, date = issue.masthead.paper, issue.masthead.date
    filled = _placeholders(issue)
    parts = (
        _fixed("opening", phrases, filled),
        _rundown(issue, phrases["headlines"]),
        *(story(article) for article in issue.articles),
        _fixed("sign_off", phrases, filled),
    )
    return Script(paper=paper, date=date, parts=parts)


def story(article: Article) -> Part:
    """One article as a part: its headline, the agency that it is from, its paragraphs.

    A crosshead stands before the paragraph it heads.
    """
    lines: list[Line] = []
    if _AGENCY.search(article.dateline):
        lines.append(Line(text=article.dateline, kind="body"))
    heads: dict[int, list[str]] = {}
    for head in article.crossheads:
        heads.setdefault(head.before, []).append(head.text)
    for number, paragraph in enumerate(article.paragraphs, start=1):
        above = heads.get(number - 1, ())
        lines += [Line(text=text, kind="crosshead", paragraph=number) for text in above]
        lines += sentence_lines(paragraph, kind="body", number=number)
    return Part(
        kind="story",
        title=str(article.headline.main),
        lines=(headline_line(article.headline.main, lines), *lines),
        page=article.page,
        section=str(article.section),
        byline=tuple(map(str, article.byline)),
        signoff=str(article.signoff),
    )


def headline_line(headline: str, lines: Sequence[Line]) -> Line:
    """The headline above a story's lines: to a mark where a first sentence says all of it again."""
    first = [line.text for line in lines if line.kind == "body"][:2]
    repeats = any(headline in text for text in first)
    return Line(text=short_headline(headline) if repeats else headline, kind="headline")


def sentence_lines(paragraph: str, *, kind: LineKind, number: int) -> list[Line]:
    """The sentences of paragraph `number` as lines, each with its place on the page."""
    return [Line(text=text, kind=kind, paragraph=number) for text in sentences(paragraph)]


def _placeholders(issue: Issue) -> dict[str, str]:
    day = datetime.date.fromisoformat(issue.masthead.date)
    return {
        "paper": issue.masthead.paper,
        "date": printed_date(day),
        "day": f"{day.month}月{day.day}日",
        "weekday": weekday(day),
        "lunar": lunar_date(day),
        "count": str(len(issue.articles)),
    }


def _fixed(kind: PartKind, phrases: dict[str, Any], filled: dict[str, str]) -> Part:
    """The opening or the sign-off."""
    lines = (
        Line(text=text.format(**filled).replace("，。", "。"), kind="phrase")
        for text in phrases[kind]["lines"]
    )
    return Part(kind=kind, title=phrases[kind]["title"], lines=tuple(lines))


def _rundown(issue: Issue, phrases: dict[str, Any]) -> Part:
    """The headlines of the first news, as a news programme opens; long ones to a mark.

    Where there are many stories more, a last sentence says how many each page has: in the time of
    headlines, so that the first story is heard no later.
    """
    after, seconds = phrases["after"], phrases["seconds"]
    if len(issue.articles) >= phrases["many"] and (pages := _by_page(issue, phrases)):
        seconds -= max(0.0, reading_seconds(pages) - reading_seconds(after))
        after = pages
    heads = [
        Line(text=short_headline(article.headline.main), kind="headline", paragraph=number)
        for number, article in enumerate(in_rundown(issue, seconds), start=1)
    ]
    first, last = (
        [Line(text=text, kind="phrase", paragraph=at)] if text else []
        for text, at in ((phrases["before"], 0), (after, len(heads) + 1))
    )
    return Part(kind="headlines", title=phrases["title"], lines=(*first, *heads, *last))


def _by_page(issue: Issue, phrases: dict[str, Any]) -> str:
    """`今天共30条：要闻12条，文化18条。`; empty where all stand on one page, or nobody knows."""
    pages = Counter(
        str(one.section) or phrases["page"].format(page=one.page) for one in issue.articles
    )
    counts, most = [*pages.items()], phrases["most_pages"]
    if most < len(counts):
        counts[most:] = [(phrases["others"], sum(count for _, count in counts[most:]))]
    told = "，".join(phrases["of_page"].format(page=page, count=count) for page, count in counts)
    whole = phrases["by_page"].format(count=pages.total(), pages=told)
    return str(whole) if len(counts) > 1 else ""


_NOTICE = re.compile("(?:人工智能|AI)[^。！？]*(?:生成|合成)")
"""GB 45438-2025 asks for both words in the spoken notice of synthetic sound."""


def discloses(text: str) -> bool:
    """Whether a sentence says that what is heard is made by AI."""
    return bool(_NOTICE.search(text))


def weekday(date: datetime.date) -> str:
    """`星期二`."""
    return f"星期{_WEEKDAYS[date.weekday()]}"


def printed_date(date: datetime.date) -> str:
    """`2025年5月20日`."""
    return f"{date.year}年{date.month}月{date.day}日"


def lunar_date(date: datetime.date) -> str:
    """The day of the farmers' calendar: `农历四月廿三`; empty outside 1900–2099."""
    try:
        day = LunarDate.from_solar_date(date.year, date.month, date.day)
    except ValueError:
        return ""
    leap = "闰" if day.is_leap_month else ""
    return f"农历{leap}{_MONTHS[day.month - 1]}月{_lunar_day(day.day)}"


def _lunar_day(day: int) -> str:
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return _TENS[day // 10] + _DIGITS[day % 10]


def is_same_lunar_day(first: str, second: str) -> bool:
    """Whether two printed lunar dates name one day: 农历乙巳年四月廿三 and 农历四月廿三 do."""
    return _lunar_key(first) == _lunar_key(second)


def _lunar_key(text: str) -> str:
    month, _, day = text.removeprefix("农历").rpartition("年")[2].partition("月")
    day = day.removesuffix("日").replace("廿十", "二十").replace("卅", "三十")
    day = re.sub("^廿", "二十", day)
    plain = month.removeprefix("闰")
    return f"{'闰' if month != plain else ''}{_MONTH_NAMES.get(plain, plain)}月{day}"


def calendar_differences(issue: Issue) -> tuple[str, ...]:
    """What the masthead says otherwise than the calendar, in words for the producer."""
    day = datetime.date.fromisoformat(issue.masthead.date)
    said = issue.masthead
    found = []
    if said.weekday and said.weekday != weekday(day):
        found.append(f"the masthead says {said.weekday}, the calendar {weekday(day)}")
    if said.lunar_date and not is_same_lunar_day(said.lunar_date, lunar_date(day)):
        found.append(f"the masthead says {said.lunar_date}, the calendar {lunar_date(day)}")
    return tuple(found)
