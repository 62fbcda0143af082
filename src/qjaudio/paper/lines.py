"""Lines that are not the text of a story: the 报头, folios, jump lines, adverts, 署名 and 消息头.

The grammar of credits is in rules/bylines.toml. A credit counts as one only when nothing but names
is left after the words for roles are taken out of it, so that a sentence about a reporter is none.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from qjaudio import rules
from qjaudio.paper.model import Masthead, Page
from qjaudio.paper.text import (
    HAN,
    NO_TEXT,
    SENTENCE_ENDS,
    TAIL,
    PageText,
    compact,
    ends_sentence,
    han,
    is_han,
    join_texts,
    number,
    shortened,
)
from qjaudio.paper.words import author_of, is_pen_name, surnames, tagged

_BYLINES, _FURNITURE = rules.phrases("bylines"), rules.phrases("furniture")["kind"]
_HAN, _EDITORS = re.compile(f"[{HAN}]"), re.compile(_BYLINES["editors"])
_NUMERALS = "[0-9０-９〇○零一二三四五六七八九十廿]"
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
_PUBLISHER = re.compile(rf"([{HAN}]{{2,24}}?)(?:主管主办|主办|机关报)")
_ORGANIZER = re.compile(rf"([{HAN}]{{2,24}}?)(?:承办|编辑出版|出版)")
_PAPER_NAME = re.compile(
    rf"今日[{HAN}]{{2,4}}|[{HAN}]{{2,7}}(?:日报|晚报|早报|晨报|时报|周报|新报|都市报|快报|商报|导报|农村报|之声|新闻|[报報])"
)
_PINYIN = re.compile(r"[A-Za-z]+(?:[ ·'’-][A-Za-z]+)*")
_MAX_SPELLED, _MAX_WORDING = 100, 50_000
"""Latin words that may be the paper's name, and characters of the issue where it is looked for."""
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
        date=_first_date(facts.replace(" ", "")),
        weekday=weekday[0] if weekday else "",
        lunar_date=lunar,
        issue_number=int(issue[1]) if issue else None,
        page_count=number(count[1]) if count else None,
        publisher=_named_body(lines, _PUBLISHER),
        organizer=_named_body(lines, _ORGANIZER),
    )


def find_date(text: str) -> str:
    """The first full date in a text as ISO 8601, or an empty string."""
    return _first_date(compact(text))


def _first_date(text: str) -> str:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            parts = [number(part.replace("○", "〇")) for part in found.groups()]
            try:
                return datetime.date(*(part or 0 for part in parts)).isoformat()
            except (ValueError, OverflowError):
                continue
    return ""


def _lunar(facts: str) -> str:
    return next((x[0] for x in _LUNAR.finditer(facts) if x[0].startswith("农历") or x[1]), "")


def _named_body(lines: tuple[str, ...], pattern: re.Pattern[str]) -> str:
    """A publisher's name: from the word of the line that says what it does."""
    words = map(pattern.fullmatch, " ".join(lines).split())
    found = next(filter(None, words), None) or pattern.search(" ".join(lines))
    return found[1] if found else ""


def _printed_name(names: Iterable[str]) -> str:
    for name in names:
        for part in ["".join(name.split()), *re.split(r"[\s　|｜·]+", name)]:
            is_name = _PAPER_NAME.fullmatch(part) and not (_COUNT.fullmatch(part) or is_label(part))
            kinds = {kind_of_compact(part), kind_of_compact(f"01{part}")}  # 今日导读, 综合新闻
            if is_name and kinds.isdisjoint(("teaser", "folio", "weather")):
                return part
    return ""


def has_han(text: str) -> bool:
    """Whether a text has any Han character."""
    return _HAN.search(text) is not None


def _name_from_pinyin(lines: tuple[str, ...], page_text: str) -> str:
    spelled = dict.fromkeys(found[0] for line in lines for found in _PINYIN.finditer(line))
    names = (characters_of(pinyin, page_text) for pinyin in [*spelled][:_MAX_SPELLED])
    return next((name for name in names if len(name) >= 3), "")


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
    rf"[^\w“‘《（(]*(?:第\s*)?{_NUMERAL}\s*版(?:[^\w，。！？、；”’》）)]+(?P<rest>[^，。！？]{{0,40}}))?"
)


def folio_page(line: str) -> int | None:
    """The page number that a line of its own names (`第二版 要闻`, `A02版`), or None."""
    found = _FOLIO.fullmatch(str(line).strip())
    return (number(found["page"]) or None) if found else None


_SECTION = re.compile(r"[\u4e00-\u9fff]{2,6}")
_NO_SECTION = re.compile(
    r"(?:[责组主]任?编|编辑|美编|版式|校对|组版|电话|电子|邮箱|第.*[版期]|总第|农历|公历|星期|周[一二三四五六日]$)"
)
"""What else a folio says: who made the page, how to reach them, the date."""


def folio_section(line: str) -> str:
    """The section (版名) that a folio names: 要闻 of `第二版 要闻 责编：…`; empty where none is."""
    found = _FOLIO.fullmatch(str(line).strip())
    words = re.split(r"[\s:：·|｜【\[】\]（()）—\-]+", (found and found["rest"]) or "")
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
    rf"{_MARKS}[①-⑳]?[（(【\[]?\s{{0,12}}(?:下\s*转|转|紧\s*转)\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}[①-⑳]?{_TITLE}\s*[）)】\]]?{_MARKS}"
)
_ONWARD_BARE = re.compile(rf"[（(【\[]\s*转\s*{_PAGE}|[下紧]\s*转\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}")
_BACK = re.compile(
    rf"{_MARKS}[①-⑳]?[（(【\[]?\s{{0,12}}(?:上|紧)\s*接\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}[①-⑳]?{_TITLE}\s*[）)】\]]?{_MARKS}"
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
    if not (_ONWARD.search(text) or _BACK.search(text)):
        return Jumps(text)
    rest = PageText(text)
    printed: list[PageText] = []
    pages: dict[str, int | None] = {"onward": None, "back": None}
    for pattern, way in ((_ONWARD, "onward"), (_BACK, "back")):
        pieces, start = list[PageText](), 0
        for match in pattern.finditer(rest):
            page = number(match[1])
            if page and (way == "back" or _ONWARD_BARE.search(match[0])):
                turned = "紧" in match[0] and match.start() > 0  # 紧接 ends a part, or begins one
                pages["onward" if turned else way] = page
                printed.append(rest[match.start() : match.end()].strip())
                pieces.append(rest[start : match.start()])
                start = match.end()
        if printed:  # no long run of spaces for the next rule
            rest = join_texts([*pieces, rest[start:]], " ")
            rest = shortened(rest.strip(), " ".join(rest.split()))
    return Jumps(rest, tuple(printed), pages["onward"], pages["back"])


_NARROW = str.maketrans("：（）", ":()")
_STRIPES = re.compile(r"^([^\w\s])\1+(?=.*\1$)|([━─═=~*—-])\2+$")


@cache
def _kinds() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind["name"], kind["limit"], re.compile("|".join(f"(?:{p})" for p in kind["patterns"])))
        for kind in _FURNITURE
    )


def is_label(text: str) -> bool:
    """Whether a line without white space is a label over several headings (简讯)."""
    return re.search(rules.phrases("furniture")["label"], text) is not None


def kind_of(text: str) -> str:
    """The kind of furniture that a line is (`editors`, `advert`, …); empty for other text."""
    return kind_of_compact(compact(text))


@lru_cache(maxsize=1024)
def kind_of_compact(text: str) -> str:
    """The same for a line without its white space."""
    plain = _STRIPES.sub("", text.translate(_NARROW))  # ══第2版══
    if not has_han(plain):
        return "masthead" if len(plain) <= 60 and any(map(str.isalpha, plain)) else "mark"
    for name, limit, pattern in _kinds():
        if len(plain) <= limit and pattern.search(plain):
            return name
    return ""


_SEPARATORS = re.compile(r"[\s、，,;；|/／:：&和]+")
_PERSON_NAME = re.compile(
    f"[{HAN}]{{1,4}}(?:[·•][{HAN}]{{1,8}})?|[{HAN}]{{1,8}}(?:[·•][{HAN}]{{1,8}}){{1,3}}"
)
MAX_NAMES = 12


def has_surname(name: str) -> bool:
    """Whether a name begins with a known family name."""
    return name[:1] in surnames() or name[:2] in surnames()


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that holds nothing but names, else none. No name runs over a vertical
    line, which stands where a word for a role was."""
    groups = [_SEPARATORS.split(group.strip()) for group in text.split("|")]
    words = [names for group in groups for names in _whole_names([word for word in group if word])]
    if not words or len(words) > 3 * MAX_NAMES:
        return ()
    names = [name for word in words for name in _apart(word)]
    if not all(name[1:] and has_surname(name) for name in names):  # OCR: 孙 卫东李勤
        glued = [name for one in filter(any, groups) for name in _apart("".join(one))]
        usual = all(1 < len(name) < 4 and has_surname(name) for name in glued)
        names = glued if usual else names
    fits = all(_PERSON_NAME.fullmatch(name) and len(name) >= 2 for name in names)
    return tuple(names) if fits and len(names) <= MAX_NAMES else ()


def _whole_names(words: list[str]) -> list[str]:
    """Join what a line break or a wide setting parted: 徐俊 杰, 李 勤; not the next family name."""
    names: list[str] = []
    for word, after in pairwise([*words, ""]):
        size = len(names[-1]) if names else 0
        third = size == 2 and len(word) == 1 and not (has_surname(word) and 0 < len(after) <= 2)
        if third or (size == 1 and len(word) <= 2):
            names[-1] += word
        else:
            names.append(word)
    return names


def _apart(word: str) -> list[str]:
    """Split names that were printed without a space, by their family names."""
    size = len(word)
    if size <= 3 or "·" in word or "•" in word or (size == 4 and word[:2] in surnames()):
        return [word]
    for first in (3, 2, 4):
        rest = word[first:]
        if len(rest) >= 2 and has_surname(word) and has_surname(rest):
            parts = _apart(rest)
            if all(2 <= len(part) <= 4 for part in parts):
                return [word[:first], *parts]
    return [word]


MIN_LENGTH, MAX_LENGTH = 4, 16
_BRACKET = re.compile(r"\s*[（(]([^（）()]{4,20})[）)]\s*$")
_SOURCE = re.compile(r"^(?:来源|供稿单位|供稿|据)[:：]?\s*|\s*(?:\d{4}年)?\d{1,2}月\d{1,2}日$")


@cache
def _signing_body() -> re.Pattern[str]:
    endings = "|".join(sorted(_BYLINES["signoff_endings"], key=len, reverse=True))
    return re.compile(rf"[{HAN}]{{1,{MAX_LENGTH}}}?(?:{endings})")


def is_signoff(text: str) -> bool:
    """Whether a line is the name of a department, firm or body and nothing else."""
    bare = _SOURCE.sub("", text.strip("（）() \t　")).removesuffix("供稿")
    return MIN_LENGTH <= len(bare) <= MAX_LENGTH and bool(_signing_body().fullmatch(bare))


def take_signoff(paragraph: PageText, last_line: str) -> tuple[PageText, PageText]:
    """A paragraph without the sign-off at its end, and that sign-off as printed.

    Only where the paragraph has ended before it, or the last printed line holds the name alone and
    no full stop follows: print puts the name at the right edge or on a line of its own.
    """
    text = str(paragraph)
    cut = max(0, len(text) - TAIL)
    bracket = _BRACKET.search(text, cut)
    if bracket and ends_sentence(text[: bracket.start()]) and is_signoff(bracket[1]):
        whole = PageText(paragraph)
        return whole[: bracket.start()].rstrip(), whole[bracket.start() :].strip()
    line = str(last_line).strip()
    for words in {line: None, (line.split() or [""])[-1]: None}:
        rest = text.rstrip()[: -len(words)].rstrip() if words else ""
        if not rest or not text.rstrip().endswith(words) or not is_signoff(words):
            continue
        if ends_sentence(rest) or (words == line and len(rest) > 20 and rest[-1] not in "，,、"):
            whole = PageText(paragraph)
            return whole[: len(rest)], whole[: len(text.rstrip())][-len(words) :]
    return paragraph, NO_TEXT


def signoff_name(printed: str) -> PageText:
    """The body's name in a printed sign-off, without 来源 and brackets."""
    name = PageText(printed).strip("（）() \t　")
    return shortened(name, _SOURCE.sub("", name))


_PHOTO_LABEL = re.compile("图片新闻|图片报道|图片故事|图说新闻|新闻图片")
NAME_MARKS = "□■◎○●◇◆▲△▼*※\ufffd"
_BULLETS = NAME_MARKS + "·—- \t　"
_BRACKETED = re.compile(r"\s*[（(\[【]\s*([^（）()\[\]【】]{1,90}?)\s*[）)\]】]\s*")
_LAST_BRACKET = re.compile(
    r"\s*[（(\[【]((?:[^（）()\[\]【】]|[（(]\d{1,2}[）)]){2,60})[）)\]】]\s*$"
)
_COLON = re.compile(r"\s*[：:]?\s*")
_SIMPLE = str.maketrans("報訊記員攝專電綜據", "报讯记员摄专电综据")  # in the words of credits
_HEAD = 240
"""How many characters are looked at for a credit at the start; one has at most 80."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A text without its credit."""

    text: PageText
    names: tuple[str, ...] = ()
    dateline: PageText = NO_TEXT
    printed: PageText = NO_TEXT
    """What was taken off, as printed; empty where nothing was."""


def take_name(text: PageText, name: str) -> tuple[PageText, PageText]:
    """A name as the text has it, spaces in it or not, and the text without it."""
    start = text.find(name[0])
    while start >= 0:
        end = start + 1
        for char in name[1:]:
            while end < len(text) and text[end] != char and not is_han(text[end]):
                end += 1
            if text[end : end + 1] != char:
                break
            end += 1
        else:
            return shortened(text[start:end], name), text[:start] + text[end:]
        start = text.find(name[0], start + 1)
    return PageText(name), text


@cache
def _roles() -> re.Pattern[str]:
    words = sorted(_BYLINES["roles"], key=len, reverse=True)
    # A line may break inside a word: 报 道.
    long = "|".join(r"\s*".join(map(re.escape, word)) for word in words if len(word) > 1)
    # 文, 图, 著 and 摄 are syllables of names too: they count only beside a stroke or after a name.
    return re.compile(
        rf"(?:{_BYLINES['houses']})?\s*(?:{long})|(?<=[\s/／]){'[文图摄著]'}(?=[\s/／]|$)|^[文图摄]\s*[/／:：]"
    )


@cache
def _datelines() -> re.Pattern[str]:
    return re.compile(rf"[【\[]?(?:{'|'.join(_BYLINES['datelines'])})[】\]]?")


_VAGUE_ROLES = {"图片", "文字", "图文", "图：", "图:"}  # also beside what is no name: 现场图片
_SOURCED = re.compile(r"(?:稿件)?来源\s*[:：|]\s*\S+|^编辑(?:部)?(?:同志|老师)[:：]?$")


def names_of_credit(text: str, *, role_needed: bool = True) -> tuple[str, ...]:
    """The names of a credit, or nothing where the text is none."""
    bare = _SOURCED.sub("", str(text).translate(_SIMPLE)).strip(_BULLETS + "（）()[]【】：:")
    if _EDITORS.match(bare) or len("".join(bare.split())) > 80 or {*bare} & {*"。！？"}:
        return ()
    bracketed = not role_needed or text.startswith(("（", "("))
    if bracketed and (author := author_of(bare)) is not None:
        return author
    without, roles = _roles().subn("|", bare)
    shot = rf"(?<=[{HAN}]{{2}})(?:摄(?=\s|$|[/／])|文(?=[/／]))|(?<=[{HAN}]{{3}})文(?=\s|$)"
    without, shots = re.subn(shot, "|", without)  # 黎学文 is a name
    if role_needed and not roles + shots:
        words = _whole_names(bare.split())
        return tuple(words) if text.startswith("□") and all(map(is_pen_name, words)) else ()
    tags = tagged(led[1]) if (led := re.search(r"\|([从来]\S{2,})", without)) else ()  # 从县局获悉
    names = () if len(tags) > 1 and not tags[-1][1].startswith("nr") else names_in(without)
    headed = len(han(without.partition("|")[0])) > MAX_LENGTH // 2
    sure = shots or not (headed or {*_roles().findall(bare)} <= _VAGUE_ROLES)
    enough = all if role_needed or len(names) == 1 else any  # a pen name beside a known name
    known = enough(map(has_surname, names)) and all(len(name) <= 3 for name in names)
    return names if sure or known else ()


def bare_names(text: str) -> tuple[str, ...]:
    """The names in the field of the author, whatever their family names."""
    names = names_in(text)
    return names * all(len(name) <= 4 or "·" in name for name in names) * (len(han(text)) <= 16)


def is_credit(text: str) -> bool:
    """Whether a whole line is a credit: `□ 本报记者 张三 通讯员 李四`."""
    found = names_of_credit(text) or _source_only(text)
    return bool(found) and not (
        _opening_of(str(text)[: _HEAD + 1])[2] or _PHOTO_LABEL.fullmatch(compact(text))
    )


def _source_only(text: str) -> bool:
    """`（据新华社）`, `来源：浙江日报`, `（作者单位：…）`: a source without a person."""
    bare = re.sub(r"[\s《》]", "", text).strip("（）()[]【】" + _BULLETS)
    source = r"(?:综合|据|来源[:：]?).{0,8}(?:社|网|报|台|消息|报道|客户端|新闻|综合|电)+|本报综合"
    told = "作者" in bare and author_of(bare) == ()
    return told or (len(bare) <= 24 and bool(re.fullmatch(source, bare)))


def take_opening(paragraph: PageText) -> Credit:
    """Take dateline and reporters off the start of a story's first paragraph."""
    at, names, dateline_end = _opening_of(str(paragraph)[: _HEAD + 1])
    if not at:
        return Credit(paragraph)
    text = PageText(paragraph)
    dateline = shortened(text[:dateline_end], compact(text[:dateline_end])).strip("【】[]")
    return Credit(text[at:], names, dateline, text[:at].strip())


@lru_cache(maxsize=4096)
def _opening_of(text: str) -> tuple[int, tuple[str, ...], int]:
    """Where the credit at the start of a text ends, its names, and where its dateline ends."""
    head = text[:_HEAD].translate(_SIMPLE)
    start = _datelines().match(head)
    at = start.end() if start else 0
    bracket = _BRACKETED.match(head, at)
    names = names_of_credit(bracket[1], role_needed=not start) if bracket else ()
    if bracket and (names or _source_only(bracket[1])):
        at = bracket.end()
    else:
        end, names = _open_credit(head, at)
        at = end or at
    at = colon.end() if at and (colon := _COLON.match(text, at)) else at
    if start and not names and not _headed(text, start.end(), at):
        return 0, (), 0
    return at, names, start.end() if start else 0


def _headed(text: str, end: int, at: int) -> bool:
    """Whether a dateline without names really heads the text: a mark or no word of 讯 follows."""
    after = text[end : end + 1]
    closed = text[:end] == "本报讯" and after not in "息号问员者"  # OCR loses the space
    return at > end or closed or after.isdecimal() or after in " 　，（(]】“"


_OPEN = re.compile(
    rf"\s*[□■◎●◆]?\s*((?:(?:本报|全媒体|融媒体?)?(?:首席|见习|实习|特约)?(?:记者|通讯员|评论员)[\s:：]*"
    rf"(?:[{HAN}]{{2,4}}[\s、]+|[{HAN}][\s　]+[{HAN}][\s、]+){{1,5}})+"
    rf"(?:文/图|摄影报\s*道|综合报\s*道|报\s*道|文|摄)?[:：]?)\s*"
)
_REPORTER = r"(?:本报|全媒体|融媒体?)?(?:首席|见习|实习|特约)?(?:记者|通讯员)"
# Each reporter begins a group of their own, so that there is one way only to part the text.
_OPEN_REPORT = re.compile(
    rf"\s*((?:{_REPORTER}[\s:：]*+[{HAN}\s、]{{2}}(?:(?!{_REPORTER})[{HAN}\s、]){{0,12}}?)+"
    r"(?:摄影)?报\s*道[:：\s]+)"
)


def _open_credit(text: str, at: int) -> tuple[int, tuple[str, ...]]:
    """A credit without brackets at the start: `记者 张三 通讯员 李四 报道`."""
    for pattern in (_OPEN_REPORT, _OPEN):
        end = len(text)
        while (found := pattern.match(text, at, end)) and (names := names_of_credit(found[1])):
            if not all(map(has_surname, names)):
                break
            if len(names[-1]) != 4 or names[-1][:2] in surnames():
                return found.end(), names
            end = text.rfind(names[-1], at, end)  # the first words of the story: 曾经尘土
    return 0, ()


def take_closing(paragraph: PageText) -> Credit:
    """Take a credit off the end of a story: `（李勤）`, `本报记者 张三 摄`, `（据新华社）`."""
    cut = max(0, len(paragraph) - TAIL)
    if (closing := _closing_of(str(paragraph)[cut:])) is None:
        return Credit(paragraph)
    text, at = PageText(paragraph), cut + closing[0]
    return Credit(text[:at].rstrip(), closing[1], printed=text[at:].strip())


def has_closing(paragraph: PageText, last_line: str) -> bool:
    """Whether a sign-off or a credit stands at the end of a paragraph."""
    return is_signed(paragraph) or bool(take_signoff(paragraph, last_line)[1])


@lru_cache(maxsize=4096)
def _closing_of(last: str) -> tuple[int, tuple[str, ...]] | None:
    """Where the credit at the end of a text begins, and its names; None where there is none."""
    bracket = _LAST_BRACKET.search(last)
    if bracket:
        ended = last[: bracket.start()].rstrip()[-1:] in SENTENCE_ENDS + "”’》"
        names = names_of_credit(bracket[1], role_needed=not ended)
        if names or _source_only(bracket[1]) or _EDITORS.match(bracket[1]):
            return bracket.start(), names
    for end in reversed([found.end() for found in re.finditer(r"[。！？!?]['\"”’）)]*", last)]):
        tail = last[end:].strip()
        if tail:
            apart = last[end].isspace() and is_pen_name(tail)
            closes = len(compact(tail)) <= 40 and (_EDITORS.match(tail) or is_credit(tail))
            return (end, names_of_credit(tail, role_needed=not apart)) if closes or apart else None
    return None


def is_signed(text: str) -> bool:
    """Whether a credit stands at the end of a text."""
    return _closing_of(str(text)[-TAIL:]) is not None


def opens_story(text: str) -> bool:
    """Whether a paragraph begins as only the first one of a story does."""
    head = str(text)[: _HEAD + 1]
    at, names, dateline_end = _opening_of(head)
    return bool(dateline_end) or bool(names and head[:at].strip()[0] not in "（(")
