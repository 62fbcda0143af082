"""署名 and 消息头: who wrote it and where it comes from, taken off the text.

Grammar in rules/bylines.toml. A credit counts as one only when nothing but names is left after the
words for roles are taken out of it, so that a sentence about a reporter is not a credit.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qjaudio import rules
from qjaudio.paper.characters import HAN, SENTENCE_ENDS, TAIL, compact, ends_sentence, han, is_han
from qjaudio.paper.words import surnames
from qjaudio.provenance import NO_TEXT, PageText, shortened

_SEPARATORS = re.compile(r"[\s、，,;；|/／:：&和]+")
_NAME = re.compile(
    f"[{HAN}]{{1,4}}(?:[·•][{HAN}]{{1,8}})?|[{HAN}]{{1,8}}(?:[·•][{HAN}]{{1,8}}){{1,3}}"
)
MAX_NAMES = 12


def has_surname(name: str) -> bool:
    """Whether a name begins with a known family name."""
    return name[:1] in surnames() or name[:2] in surnames()


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that holds nothing but names; empty where it holds anything else.

    A vertical line stands where a word for a role was: no name runs over it.
    """
    groups = [_SEPARATORS.split(group.strip()) for group in text.split("|")]
    words = [names for group in groups for names in _whole_names([word for word in group if word])]
    if not words or len(words) > 3 * MAX_NAMES:
        return ()
    names = [name for word in words for name in _apart(word)]
    fits = all(_NAME.fullmatch(name) and len(name) >= 2 for name in names)
    return tuple(names) if fits and len(names) <= MAX_NAMES else ()


def _whole_names(words: list[str]) -> list[str]:
    """Join what a line break or a wide setting parted: 徐俊 杰, 李 勤."""
    names: list[str] = []
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        size = len(names[-1]) if names else 0
        second = size == 1 and len(word) <= 2
        third = size == 2 and len(word) == 1 and not _begins(word, after)
        if second or third:
            names[-1] += word
        else:
            names.append(word)
    return names


def _begins(word: str, after: str) -> bool:
    """Whether a single character is the family name of what follows."""
    return has_surname(word) and 0 < len(after) <= 2


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
_SOURCE = re.compile(r"^(?:来源|供稿单位|供稿|据)[:：]?\s*")


@cache
def _signing_body() -> re.Pattern[str]:
    endings = "|".join(sorted(rules.phrases("bylines")["signoff_endings"], key=len, reverse=True))
    return re.compile(rf"[{HAN}]{{1,{MAX_LENGTH}}}?(?:{endings})")


def is_signoff(text: str) -> bool:
    """Whether a line is the name of a department, firm or body and nothing else."""
    bare = _SOURCE.sub("", text.strip("（）() \t　"))
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
    line = last_line.strip()
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
    source = _SOURCE.match(name)
    return name[source.end() :] if source else name


_BULLETS = "□■◎○●◇◆▲△▼*※·—- \t　"
_BRACKETED = re.compile(r"\s*[（(\[【]\s*([^（）()\[\]【】]{1,90}?)\s*[）)\]】]\s*")
_LAST_BRACKET = re.compile(r"\s*[（(\[【]([^（）()\[\]【】]{2,60})[）)\]】]\s*$")
_COLON = re.compile(r"\s*[：:]?\s*")
_HEAD = 240
"""How many characters are looked at for a credit at the start; one has 80 at the most."""


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
    grammar = rules.phrases("bylines")
    words = sorted(grammar["roles"], key=len, reverse=True)
    # A line may break inside a word: 报 道.
    long = "|".join(r"\s*".join(map(re.escape, word)) for word in words if len(word) > 1)
    # 文, 图 and 摄 are syllables of names too: they count only beside a stroke or after a name.
    return re.compile(
        rf"(?:{grammar['houses']})?\s*(?:{long})|(?<=[\s/／]){'[文图摄]'}(?=[\s/／]|$)|^[文图摄]\s*[/／:：]"
    )


@cache
def _datelines() -> re.Pattern[str]:
    return re.compile(rf"[【\[]?(?:{'|'.join(rules.phrases('bylines')['datelines'])})[】\]]?")


def names_of_credit(text: str, *, role_needed: bool = True) -> tuple[str, ...]:
    """The names of a credit, or nothing where the text is none."""
    bare = str(text).strip(_BULLETS + "（）()[]【】：:")
    if (len(bare) > 80 and len(compact(bare)) > 80) or any(char in bare for char in "。！？"):
        return ()
    without, roles = _roles().subn("|", bare)
    without, shots = re.subn(rf"(?<=[{HAN}]{{2}})[摄文](?=\s|$|[/／])", "|", without)
    if role_needed and not roles + shots:
        return ()
    names = names_in(without)
    if not roles and not all(has_surname(name) and len(name) <= 3 for name in names):
        return ()
    return names


def bare_names(text: str) -> tuple[str, ...]:
    """The names in the field of the author, whatever their family names."""
    names = names_in(text)
    fits = all(len(name) <= 4 or "·" in name for name in names)
    return names if fits and len(han(text)) <= 16 else ()


def is_credit(text: str) -> bool:
    """Whether a whole line is a credit: `□ 本报记者 张三 通讯员 李四`."""
    if _opening_of(text)[2]:
        return False  # the start of a story
    return bool(names_of_credit(text)) or _source_only(text)


def _source_only(text: str) -> bool:
    """`（据新华社）`, `来源：浙江日报`, `（本报综合）`: a source without a person."""
    bare = compact(text).strip("（）()[]【】" + _BULLETS)
    return len(bare) <= 24 and bool(
        re.fullmatch(
            r"(?:综合|据|来源[:：]?).{0,8}(?:社|网|报|台|消息|报道|客户端|新闻|综合|电)+|本报综合",
            bare,
        )
    )


def take_opening(paragraph: PageText) -> Credit:
    """Take dateline and reporters off the start of a story's first paragraph."""
    at, names, dateline_end = _opening_of(str(paragraph))
    if not at:
        return Credit(paragraph)
    text = PageText(paragraph)
    printed = text[:dateline_end]
    dateline = shortened(printed, compact(printed)).strip("【】[]")
    return Credit(text[at:], names, dateline, text[:at].strip())


def _opening_of(text: str) -> tuple[int, tuple[str, ...], int]:
    """Where the credit at the start of a text ends, its names, and where its dateline ends."""
    head = str(text)[:_HEAD]
    start = _datelines().match(head)
    at = start.end() if start else 0
    bracket = _BRACKETED.match(head, at)
    names: tuple[str, ...] = ()
    if bracket:
        names = names_of_credit(bracket[1], role_needed=not start)
    if bracket and (names or _source_only(bracket[1])):
        at = bracket.end()
    else:
        end, names = _open_credit(head, at)
        at = end or at
    colon = _COLON.match(text, at) if at else None
    at = colon.end() if colon else at
    if start and not names and not _headed(text, start.end(), at):
        return 0, (), 0
    return at, names, start.end() if start else 0


def _headed(text: str, end: int, at: int) -> bool:
    """Whether a dateline without names really heads the text: a space, bracket or mark follows."""
    return (
        at > end
        or text[end : end + 1] in (" ", "　", "", "，", "（", "(", "]", "】")
        or text[end : end + 1].isdecimal()
    )


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
        found = pattern.match(text, at)
        if found and (names := names_of_credit(found[1])) and all(map(has_surname, names)):
            return found.end(), names
    return 0, ()


def take_closing(paragraph: PageText) -> Credit:
    """Take a credit off the end of a story: `（李勤）`, `本报记者 张三 摄`, `（据新华社）`."""
    cut = max(0, len(paragraph) - TAIL)
    last = str(paragraph)[cut:]
    bracket = _LAST_BRACKET.search(last)
    if bracket:
        ended = last[: bracket.start()].rstrip()[-1:] in SENTENCE_ENDS + "”’》"
        names = names_of_credit(bracket[1], role_needed=not ended)
        if names or _source_only(bracket[1]):
            text, at = PageText(paragraph), cut + bracket.start()
            return Credit(text[:at].rstrip(), names, printed=text[at:].strip())
    for end in reversed([found.end() for found in re.finditer(r"[。！？!?]['\"”’）)]*", last)]):
        tail = last[end:].strip()
        if not tail:
            continue
        if len(compact(tail)) <= 40 and is_credit(tail):
            text, names = PageText(paragraph), names_of_credit(tail)
            at = cut + end
            return Credit(text[:at].rstrip(), names, printed=text[at:].strip())
        break
    return Credit(paragraph)


def is_signed(text: str) -> bool:
    """Whether a credit stands at the end of a text."""
    return _is_signed(str(text)[-TAIL:])


@lru_cache(maxsize=4096)
def _is_signed(end: str) -> bool:
    return bool(take_closing(PageText(end)).printed)


def closes_story(text: str, last_line: str) -> bool:
    """Whether a text stops as only the last paragraph of a story does: signed, or at a credit."""
    return is_signed(text) or is_signoff(last_line)


def opens_story(text: str) -> bool:
    """Whether a paragraph begins as only the first one of a story does."""
    return _opens_story(str(text)[: _HEAD + 1])


@lru_cache(maxsize=4096)
def _opens_story(head: str) -> bool:
    at, names, dateline_end = _opening_of(head)
    return bool(dateline_end) or bool(names and head[:at].strip()[0] not in "（(")
