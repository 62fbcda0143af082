"""Lines that belong to no article: the 报头, the folios of pages, jump lines, editors, adverts."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from qjaudio import rules
from qjaudio.paper.characters import HAN, compact, has_han, number
from qjaudio.paper.model import Masthead, Page
from qjaudio.provenance import PageText, join_texts, shortened

_NUMERALS = "[0-9〇○零一二三四五六七八九十廿]"
_DATES = (
    re.compile(rf"({_NUMERALS}{{4}})年({_NUMERALS}{{1,3}})月({_NUMERALS}{{1,3}})日"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})[-./]([01]?\d)[-./]([0-3]?\d)(?!\d)"),
)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]")
_LUNAR = re.compile(
    r"(?:农历)?([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?(闰?[正一二三四五六七八九十冬腊]{1,2}月)"
    r"(初[一二三四五六七八九十]|[十廿二三][一二三四五六七八九十]{1,2}|三十)"
)
_NUMBERS = (re.compile(r"总第?(\d{1,6})期"), re.compile(r"(?:第|NO\.?|№)(\d{2,6})期?", re.I))
_COUNT = re.compile(r"(?:今日|今天|本期|本报今日)共?([\d一二三四五六七八九十]{1,3})版")
_PUBLISHER = re.compile(rf"([{HAN}]{{2,24}}?)(?:主管主办|主办)")
_ORGANIZER = re.compile(rf"([{HAN}]{{2,24}}?)(?:承办|编辑出版|出版)")
_NAME = re.compile(
    rf"今日[{HAN}]{{2,4}}|[{HAN}]{{2,7}}(?:日报|晚报|早报|晨报|时报|周报|新报|都市报|快报|商报|导报|农村报|之声|新闻|报)"
)
_PINYIN = re.compile(r"[A-Za-z]+(?:[ ·'’-][A-Za-z]+)*")
_MAX_SPELLED = 100
"""Latin words of the masthead that may be the name of the paper."""
_MAX_WORDING = 50_000
"""Characters of the issue in which the name is looked for."""
_WORDS_OF_NAMES = ("今日", "日报", "晚报", "时报", "新闻", "周报", "早报", "晨报", "报")


def read_masthead(lines: Iterable[str], names: Iterable[str], page_text: str) -> Masthead:
    """The facts in the masthead's lines; `names` are the short lines that may hold the name.

    Where the name is printed only in pinyin, its characters are looked up in `page_text`.
    """
    lines = tuple(lines)
    facts = " ".join(compact(line) for line in lines)
    weekday, lunar = _WEEKDAY.search(facts), _lunar(facts)
    issue = next((found for found in (p.search(facts) for p in _NUMBERS) if found), None)
    count = _COUNT.search(facts)
    return Masthead(
        paper=_printed_name(names) or _name_from_pinyin(lines, page_text),
        date=find_date(facts),
        weekday=weekday[0] if weekday else "",
        lunar_date=lunar,
        issue_number=int(issue[1]) if issue else None,
        page_count=number(count[1]) if count else None,
        publisher=_named_body(lines, _PUBLISHER),
        organizer=_named_body(lines, _ORGANIZER),
    )


def find_date(text: str) -> str:
    """The first full date in a text as ISO 8601, or an empty string."""
    for pattern in _DATES:
        for found in pattern.finditer(compact(text)):
            parts = [number(part.replace("○", "〇")) for part in found.groups()]
            try:
                return datetime.date(*(part or 0 for part in parts)).isoformat()
            except (ValueError, OverflowError):
                continue
    return ""


def _lunar(facts: str) -> str:
    for found in _LUNAR.finditer(facts):
        if found[0].startswith("农历") or found[1]:
            return found[0]
    return ""


def _named_body(lines: tuple[str, ...], pattern: re.Pattern[str]) -> str:
    """A publisher's name: from the word of the line that says what it does."""
    for line in lines:
        for word in line.split():
            found = pattern.fullmatch(word)
            if found:
                return found[1]
    found = pattern.search(" ".join(lines))
    return found[1] if found else ""


def _printed_name(names: Iterable[str]) -> str:
    for name in names:
        for part in [compact(name), *re.split(r"[\s　|｜·]+", name)]:
            if _NAME.fullmatch(part) and not _COUNT.fullmatch(part):
                return part
    return ""


def is_latin_line(text: str) -> bool:
    """Whether a line holds Latin letters only: a name in pinyin, an address."""
    return not has_han(text) and any(char.isalpha() for char in text)


def _name_from_pinyin(lines: tuple[str, ...], page_text: str) -> str:
    spelled = dict.fromkeys(found[0] for line in lines for found in _PINYIN.finditer(line))
    for pinyin in [*spelled][:_MAX_SPELLED]:
        name = characters_of(pinyin, page_text)
        if len(name) >= 3:
            return name
    return ""


def characters_of(pinyin: str, page_text: str) -> str:
    """The characters that a name in pinyin stands for, taken from words of the page, or nothing.

    Of all ways to cover the pinyin with words of the page, fewest words win, then the commonest.
    """
    spelled = "".join(char for char in pinyin.lower() if char.isalpha())
    if not 4 <= len(spelled) <= 40:
        return ""
    words = _words_by_pinyin(page_text[:_MAX_WORDING])
    best: dict[int, tuple[float, str]] = {0: (0.0, "")}
    for end in range(1, len(spelled) + 1):
        for start in range(end):
            word = words.get(spelled[start:end])
            if word and start in best:
                cost, name = best[start]
                rank = (cost + 1 + 1 / (1 + word[1]), name + word[0])
                if end not in best or rank < best[end]:
                    best[end] = rank
    return best.get(len(spelled), (0.0, ""))[1]


@lru_cache(maxsize=1)
def _words_by_pinyin(page_text: str) -> dict[str, tuple[str, int]]:
    """The commonest word of the page, of two to four characters, for each spelling."""
    from pypinyin import Style, lazy_pinyin

    counts: Counter[str] = Counter()
    for run in re.findall(f"[{HAN}]+", page_text + " " + " ".join(_WORDS_OF_NAMES)):
        for size in (2, 3, 4):
            counts.update(run[at : at + size] for at in range(len(run) - size + 1))
    for word in _WORDS_OF_NAMES:
        counts[word] += 10_000
    sounds = {c: lazy_pinyin(c, style=Style.NORMAL)[0] for c in {c for w in counts for c in w}}
    words: dict[str, tuple[str, int]] = {}
    for word, times in counts.items():
        sound = "".join(sounds[char] for char in word).replace("ü", "v")
        if times > words.get(sound, ("", 0))[1]:
            words[sound] = (word, times)
    return words


_NUMERAL = r"[A-DＡ-Ｄ]?(?P<page>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_FOLIO = re.compile(
    rf"[#\s【\[—\-]*(?:第\s*)?{_NUMERAL}\s*版(?:[\s:：·|】\]—\-]+(?P<rest>[^，。！？]{{0,40}}))?"
)


def folio_page(line: str) -> int | None:
    """The page number that a line of its own names (`第二版 要闻`, `A02版`), or None."""
    found = _FOLIO.fullmatch(line.strip())
    return (number(found["page"]) or None) if found else None


_SECTION = re.compile(r"[\u4e00-\u9fff]{2,6}")
_NO_SECTION = re.compile(
    r"(?:[责组主]任?编|编辑|美编|版式|校对|组版|电话|电子|邮箱|第.*[版期]|总第|农历|公历|星期|周[一二三四五六日]$)"
)
"""What else a folio says: who made the page, how to reach them, the date."""


def folio_section(line: str) -> str:
    """The section (版名) that a folio names: 要闻 of `第二版 要闻 责编：…`; empty where none is."""
    found = _FOLIO.fullmatch(line.strip())
    words = re.split(r"[\s:：·|｜【\[】\]—\-]+", (found and found["rest"]) or "")
    named = (word for word in words if _SECTION.fullmatch(word) and not _NO_SECTION.match(word))
    return next(named, "") if words and not _NO_SECTION.match(words[0]) else ""


def sections_of(pages: Iterable[Page], paper: str) -> dict[int, str]:
    """The sections that the folios of pages name, by page; `paper` is a name and no section."""
    found: dict[int, str] = {}
    for page in pages:
        for block in page.blocks:
            text = block.lines[0].text if len(block.lines) == 1 else ""
            section = folio_section(text)
            if section and folio_page(text) == page.number and section != compact(paper):
                found.setdefault(page.number, section)
    return found


_PAGE = r"第?\s*[A-DＡ-Ｄ]?\s*0?([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*版"
_MARKS = r"[\s▶►→>◀◄←<*※●■□▲▼…—]{0,12}"  # bounded: linear in a long run of marks
_TITLE = r"(?:\s*[《“\"][^》”\"]{1,40}[》”\"])?"
_ONWARD = re.compile(
    rf"{_MARKS}[（(【\[]?\s{{0,12}}(?:下\s*转|转|紧\s*转)\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}{_TITLE}\s*[）)】\]]?{_MARKS}"
)
_ONWARD_BARE = re.compile(rf"[（(【\[]\s*转\s*{_PAGE}|[下紧]\s*转\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}")
_BACK = re.compile(
    rf"{_MARKS}[（(【\[]?\s{{0,12}}(?:上|紧)\s*接\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}{_TITLE}\s*[）)】\]]?{_MARKS}"
)


@dataclass(frozen=True, slots=True)
class Jumps:
    """A text without its jump lines, and what they said."""

    text: PageText
    printed: tuple[PageText, ...] = ()
    onward: int | None = None
    """The page on which the story goes on."""
    back: int | None = None
    """The page on which it began."""


def take_jumps(text: PageText) -> Jumps:
    """Find the jump lines in a text and take them out; the text on both sides closes up."""
    if not _ONWARD.search(text) and not _BACK.search(text):
        return Jumps(text)
    rest = PageText(text)
    printed: list[PageText] = []
    pages: dict[str, int | None] = {"onward": None, "back": None}
    for pattern, way in ((_ONWARD, "onward"), (_BACK, "back")):
        pieces, start = list[PageText](), 0
        for match in pattern.finditer(rest):
            page = number(match[1])
            if page and (way == "back" or _ONWARD_BARE.search(match[0])):
                pages[way] = page
                printed.append(rest[match.start() : match.end()].strip())
                pieces.append(rest[start : match.start()])
                start = match.end()
        if printed:  # no long run of spaces for the next rule
            rest = join_texts([*pieces, rest[start:]], " ")
            rest = shortened(rest.strip(), " ".join(rest.split()))
    return Jumps(rest, tuple(printed), pages["onward"], pages["back"])


_NARROW = str.maketrans("：（）", ":()")


@cache
def _kinds() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind["name"], kind["limit"], re.compile("|".join(f"(?:{p})" for p in kind["patterns"])))
        for kind in rules.phrases("furniture")["kind"]
    )


def kind_of(text: str) -> str:
    """The kind of furniture that a line is (`editors`, `advert`, …); empty for other text."""
    return _kind_of(str(text))


@lru_cache(maxsize=1024)
def _kind_of(text: str) -> str:
    plain = compact(text).translate(_NARROW)
    if not has_han(plain):
        return "masthead" if is_latin_line(plain) and len(plain) <= 60 else "mark"
    for name, limit, pattern in _kinds():
        if len(plain) <= limit and pattern.search(plain):
            return name
    return ""
