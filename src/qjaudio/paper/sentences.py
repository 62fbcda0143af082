"""Where sentences and clauses end or stay open, and where a text turns to another topic."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from qjaudio import rules
from qjaudio.paper.model import LeftOut
from qjaudio.paper.text import PageText, TextLook, compact, ends_sentence, letters, shortened

PAIRS = {
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〔": "〕",
    "[": "]",
    "「": "」",
    "『": "』",
}
"""Brackets that are never cut open; quotation marks may hold whole sentences, brackets do not."""

LONGEST_BRACKET = 80
"""A pair further apart than this many characters is taken for a slip of print or of OCR."""

LONGEST = 600
"""Characters of the longest stretch that is read in one go; a long sentence has 150."""

DEEPEST = 16
"""Brackets nested deeper than this are not paired: such a text is damaged."""

_ENDS = "。！？!?…"
_QUOTES = "”’」』"
_CLOSING = _QUOTES + "）)》〉】〕]\"'"
_SENTENCE_END = re.compile(rf"[{_ENDS}]+[{re.escape(_CLOSING)}]*|\n+")
# A mark that the sentence goes on after: “……！”她说。 and “……？”，他问。
_GOES_ON = re.compile(rf"[{_ENDS}]+[{_QUOTES}\"']+[，、,；：的等了是与和—]")
_CLAUSE_END = re.compile(
    rf"(?:[，。；：！？!?;…、]|—{{2,}}|(?<!\d),|,(?!\d)|(?<!\d):|:(?!\d))+[{re.escape(_CLOSING)}]*"
)
_STRETCH_END = re.compile(r"[，。；！？](?![\d”’）》])")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:，\d{3})+(?!\d)")


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph, in order and without loss: joined they give it back.

    Closing quotes and brackets go with the end mark before them; a mark inside a bracket pair
    (《谁？》) ends nothing; a quotation that the sentence goes on after is not cut off.
    """
    inside = _bracketed(paragraph)
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(paragraph)
        if not inside[match.start()] and not _GOES_ON.match(paragraph, match.start())
    ]
    return _cut_at(paragraph, ends)


_CUT_NUMBER = re.compile(
    r"(?<=[，。；、])[^，。；、\0]*\d\0\d"
    r"|\d\0(?:\.\d|[%％℃]|[万亿]?(?:元|余|吨|平方|立方|公[里斤顷]|千瓦|人次|毫米)|[万亿]多)"
)


def parted_number(before: str, after: str) -> str:
    """The number that a break between two texts cuts in two, or parts from its unit; or nothing.

    A line that no mark shows to be text may be a headline over a date.
    """
    found = _CUT_NUMBER.search(f"{before}\0{after}")
    return found[0] if found else ""


def turned_quotes(text: str) -> Iterator[tuple[int, str, int, int, str]]:
    """Quotation marks that face the wrong way where they open and close by turns: 他说：“好。“"""
    marks = [at for at, char in enumerate(text) if char in "“”"]
    wrong = [(at, "“”"[n % 2]) for n, at in enumerate(marks) if text[at] != "“”"[n % 2]]
    closes = all(mark == "“" or text[at - 1] in _ENDS + "，" for at, mark in wrong)
    opens = all(mark == "”" or text[at - 1 : at] in ("", *"，。：！？、") for at, mark in wrong)
    for at, mark in wrong if closes and opens and not len(marks) % 2 else ():
        yield at, mark, max(0, at - 1), at + 2, "quotation marks open and close by turns"


def clauses(sentence: str) -> tuple[str, ...]:
    """The clauses of a sentence, each with its mark; joined they give it back.

    Marks are ， 。 ； ： ！ ？ …… —— and 、; none inside a number (8：30, 12，000), a name with a
    dot or a bracket pair counts.
    """
    inside = _bracketed(sentence)
    for match in _THOUSANDS.finditer(sentence):
        inside[match.start() : match.end()] = [True] * len(match[0])
    ends = [
        match.end()
        for match in _CLAUSE_END.finditer(sentence)
        if not inside[match.start()] and not _is_inside_number(sentence, match)
    ]
    return _cut_at(sentence, ends)


def stretches(text: str) -> tuple[str, ...]:
    """A text as it is, or one that is longer than any sentence in pieces, cut at its marks.

    What rules look at around a word is bounded by this, whatever somebody calls a sentence.
    """
    pieces: list[str] = []
    start = 0
    while len(text) - start > LONGEST:
        marks = [*_STRETCH_END.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = marks[-1].end() if marks else start + LONGEST
        pieces.append(text[start:end])
        start = end
    return (*pieces, text[start:])


OTHER_TOPIC = 12.0
"""From here on a text has two topics: 1.4 % of the 2,489 stories of a month of a paper reach it,
most of them two that were taken for one, and 74 % of two put together (the source is
benchmarks/merged_stories.py)."""
SHARED = 3.0
"""What each pair of characters on both sides counts against two topics."""
SHORTEST_TOPIC = 0.08
"""A beginning or an end of less of the text is too short to tell."""


def topic_change(texts: Sequence[str]) -> int:
    """The first of the texts that belong to another topic than those before; 0 where none does.

    A story says its own words again. Wherever it is cut in two, some of the pairs of characters
    that it has more than once stand on both sides; of two stories there are hardly any. So it
    counts how unlikely it is, as a logarithm, that all the others keep to one side by chance.
    """
    own = [[a + b for a, b in pairwise(text) if a > "\u4dff" and b > "\u4dff"] for text in texts]
    total = Counter(pair for pairs in own for pair in pairs)
    again = {pair: count for pair, count in total.items() if count > 1}
    whole = max(1, total.total())
    before, after, shared, done = 0, sum(again.values()), 0, 0
    left = dict(again)
    best, found = OTHER_TOPIC, 0
    for number, pairs in enumerate(own[:-1], start=1):
        done += len(pairs)
        for pair in filter(again.__contains__, pairs):
            first, last = left[pair] == again[pair], left[pair] == 1
            left[pair] -= 1
            after -= first * again[pair]
            before += last * again[pair]
            shared += first - last
        share = done / whole
        if SHORTEST_TOPIC < share < 1 - SHORTEST_TOPIC:
            apart = min(-before * math.log(share), -after * math.log(1 - share))
            if apart - SHARED * shared > best:
                best, found = apart - SHARED * shared, number
    return found


def _is_inside_number(sentence: str, match: re.Match[str]) -> bool:
    """Whether the mark joins two numbers: 8：30 or 2021——2025, but not 5日，3人."""
    start, end = match.span()
    if not (start > 0 and end < len(sentence)):
        return False
    between_digits = sentence[start - 1].isdecimal() and sentence[end].isdecimal()
    return between_digits and match[0].strip("：—") == ""


def _bracketed(text: str) -> list[bool]:
    """For each character whether it stands inside a bracket pair (its closing mark does not)."""
    inside = [False] * len(text)
    waiting: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        if char in PAIRS:
            waiting = [*waiting[1 - DEEPEST :], (PAIRS[char], index)]
        elif waiting and any(char == closing for closing, _ in waiting):
            while waiting[-1][0] != char:
                waiting.pop()
            _, opened = waiting.pop()
            if index - opened <= LONGEST_BRACKET:
                inside[opened:index] = [True] * (index - opened)
    return inside


def _cut_at(text: str, ends: list[int]) -> tuple[str, ...]:
    """The pieces between the ends; one of only marks or spaces goes with the piece before."""
    starts: list[int] = []
    start = 0
    for end in [*ends, len(text)]:
        if start < end and not (starts and not any(map(str.isalnum, text[start:end]))):
            starts.append(start)
        start = max(start, end)
    return tuple(text[a:b] for a, b in pairwise([*starts, len(text)]))


def closes_first(text: str) -> bool:
    """Whether a quotation or a bracket closes that has not been opened."""
    pairs = ((one, text.partition(other)) for one, other in ("“”", "（）", "《》"))
    return any(closing and opening not in before for opening, (before, closing, _) in pairs)


def stays_open(text: str, after: str) -> bool:
    """Whether a quotation begins inside another one, or goes on where the next text has no mark."""
    marks = "".join(char for char in text if char in "“”")
    return "““" in marks or (marks.endswith("“") and not after.startswith("“"))


BEGINNING, MOST_ALIKE = 12, 0.5
"""Characters of the shortest text that is not printed twice, and what share of a story may be."""


def repeated_in(stories: Iterable[Sequence[TextLook]]) -> Iterator[str]:
    """Of each story of which much stood before, the first such text: it has been read twice."""
    seen: dict[str, str] = {}
    for story in stories:
        alike = list[str]()
        for look in story:
            plain = look.compact
            before = seen.setdefault(plain[:BEGINNING], plain)
            same = before is not plain and (plain.startswith(before) or before.startswith(plain))
            alike += [look.text] if same and len(plain) > BEGINNING < len(before) else []
        if len(alike) >= MOST_ALIKE * len(story):
            yield alike[0]


SAID_AGAIN, LEAST_SAID, RUN = 0.7, 10, 3
"""Of the runs of so many characters of a sentence, of so many at least, so many stand in lines of
text that say it, too: where one of those ends, two are parted."""


def is_said_in(sentence: str, lines: Iterable[str]) -> bool:
    """Whether a sentence, as a pull quote does, says what stands in other lines."""
    plain = "".join(filter(str.isalnum, sentence))
    runs = [plain[at : at + RUN] for at in range(len(plain) - RUN + 1)]
    if len(plain) < LEAST_SAID:
        return False
    others = "\n".join("".join(filter(str.isalnum, line)) for line in lines)
    return sum(run in others for run in runs) >= SAID_AGAIN * len(runs)


def other_topic(texts: Iterable[str]) -> str:
    """The sentence from which on a story is about something else; empty where there is none."""
    parts = [part for text in texts for part in sentences(text)]
    return parts[start] if (start := topic_change(parts)) else ""


_RULES = rules.phrases("adverts")
LONGEST_SHORT = 300
"""Of one that is short, and not signed."""
MAX_CONTACT = 90
"""Characters of the longest line that only says how to reach somebody."""


@dataclass(frozen=True, slots=True)
class _Sign:
    where: str
    points: int
    most: int
    patterns: tuple[re.Pattern[str], ...]
    without: re.Pattern[str] | None


_SIGNS = tuple(
    _Sign(
        row["where"],
        row["points"],
        row["most"],
        tuple(map(re.compile, row["patterns"])),
        re.compile(row["except"]) if "except" in row else None,
    )
    for row in _RULES["sign"]
)


def is_contact(line: str) -> bool:
    """Whether a line without white space says how to reach somebody."""
    return any(_points_of(sign, [line]) for sign in _SIGNS if sign.where == "lines")


def resembles_advert(headline: str, body: Sequence[str]) -> bool:
    """Whether texts are not far from an advert, or headed by a number to call."""
    head = "".join(headline.split())
    return advert_points([head], body) >= int(_RULES["doubt"]) or is_contact(head)


def speaks_as_advert(
    heads: Sequence[str], body: Sequence[str], contacts: Iterable[str] = ()
) -> bool:
    """Whether texts without white space are those of an advert or a notice; `contacts` are lines
    below them that say how to reach somebody."""
    return advert_points(heads, body, contacts) >= int(_RULES["threshold"])


def advert_points(heads: Sequence[str], body: Sequence[str], contacts: Iterable[str] = ()) -> int:
    """How much speaks for an advert in texts without white space."""
    lines = [*(text for text in body if len(text) <= MAX_CONTACT), *map(compact, contacts)]
    seen = {"text": ["".join([*heads, *body, *lines])], "heads": heads, "lines": lines}
    return sum(_points_of(sign, seen[sign.where]) for sign in _SIGNS)


def _points_of(sign: _Sign, texts: Sequence[str]) -> int:
    if sign.without:
        texts = [text for text in texts if not sign.without.search(text)]
    hits = sum(any(map(pattern.search, texts)) for pattern in sign.patterns)
    return sign.points * min(hits, sign.most)


_LEADING_DATE = re.compile(
    r"^(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日|近日|日前|近期|昨日|昨天|今日|今天|目前|连日来|当前|日来)"
    r"(?:上午|下午|晚上?|中午|清晨|凌晨|傍晚|至\d{1,2}日)?[，,]?"
)
_DOUBLE_QUOTES, _COMMA = re.compile("[“”]"), re.compile(r"[，。；！？,;!?：]")


def first_clause(lead: str) -> PageText:
    """The first statement of a lead, without its date: up to a comma that leaves enough to say."""
    text = PageText(lead).strip()
    while (found := _LEADING_DATE.match(text)) and found.end():
        text = text[found.end() :]
    marks = [found.start() for found in _COMMA.finditer(text)]
    for mark in marks:
        if len(letters(text[:mark])) >= 8:
            return without_open_quote(text[:mark])
    return text[: marks[-1]] if marks else text


def without_open_quote(text: PageText) -> PageText:
    """A clause without a quotation mark whose other half it lacks."""
    if text.count("“") == text.count("”"):
        return text
    return shortened(text, _DOUBLE_QUOTES.sub("", text))


def _adverts(rows: Iterable[LeftOut]) -> Iterator[list[LeftOut]]:
    """The rows of each advert: heading lines, what stands under them and says how to reach whom."""
    own, inside = list[LeftOut](), False
    for row in rows:
        ends = ends_sentence(row.text) or is_contact(compact(row.text))
        goes_on = ends and not ends_sentence(own[0].text) if inside else True
        if own and not (goes_on and own[0].page == row.page):
            yield own
            own = []
        own.append(row)
        inside = ends
    if own:
        yield own


def told_as_adverts(rows: Iterable[LeftOut]) -> Iterator[LeftOut]:
    """Rows of running text left out as adverts that offer and announce nothing."""
    for own in _adverts(row for row in rows if row.kind in ("advert", "editors")):
        texts = [row.text for row in own]
        heads = [*takewhile(lambda text: not ends_sentence(text), texts)]
        if not resembles_advert("".join(heads), [*map(compact, texts[len(heads) :])]):
            yield from (row for row in own if row.kind == "advert" and ends_sentence(row.text))


TOLD_BELOW = re.compile(
    r"(?!.*(?:本报|报社|社址|邮编|投稿|订阅|零售|印刷))\S{0,6}(?:时间|日期|地[点址]|电话|热线|对象|费用|收费|票价|方式|条件|名额|要求|网址|邮箱|联系人)[:：][^。]{2,60}"
)
TOLD_MORE = re.compile(r"\S{2,6}[:：][^。]{2,60}")
"""What a text about an event ends with, each in a line of its own and without a full stop."""
TAKEN_BY = re.compile(
    r"(?:(?<![拍文/／])摄(?:影(?:报道)?)?|供图|图[/／]\S{2,8}|制图|(?:资料|历史)(?:图|图片|照片)|效果图|(?:视频|监控)截图"
    r"|[（(]\S{0,8}(?:照片|图片|配图)|(?:图片?|照片|摄影)(?:均|皆|都)?(?:由|来自|来源[:：]?)\S{2,20}?(?:提供|拍摄)?)[）)]?。?$"
)
"""Who took a photo, or where it is from, at the end of the words to it."""
FILED = re.compile(
    r"[（( ](?:本报)?(?:资料|历史|航拍)(?:图|图片|照片)[）)]?$|(?:视频|监控)截图[）)]?$"
)
"""What stands under no text."""


_KNOWN = frozenset({
    "advert", "byline", "caption", "duplicate", "editors", "masthead", "slogan", "table", "teaser",
    "tool",
})  # fmt: skip
"""Kinds of which it is known what they are, and that they are not read aloud."""
_GUIDE = re.compile(r"(?:[^。]{4,30}?第?[A-D]?\d{1,2}版[▶►→>)）]*)+")


def is_lost(row: LeftOut) -> bool:
    """Whether a text that was left out is none of which it is known what it is: nor lines of 导读,
    nor those of an advert, which its place alone showed to be no text."""
    parts = row.text.split()
    offers = any(map(is_contact, parts)) and speaks_as_advert(parts[:1], parts[1:])
    guide = row.kind == "banner" and (offers or _GUIDE.fullmatch(compact(row.text)))
    return row.kind not in _KNOWN and not guide


_PART = re.compile(
    r"([（(【\[])?(?:(主)标?题|(副)标?题|[引肩眉]题)(?:([:：])|(?(1)[）)】\]][:：]?|(?!)))\s*"
)


def told_part(text: PageText) -> tuple[PageText, str]:
    """A heading without the words that tell its part (`引题：`, `（副题）`), and which part: 主, 副
    or 引. One pair of brackets may hold both."""
    if not (part := _PART.match(text)):
        return text, ""
    return text[part.end() : len(text) - bool(part[1] and part[4])], part[2] or part[3] or "引"
