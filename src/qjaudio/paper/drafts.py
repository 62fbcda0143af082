"""Pieces sorted into the drafts of stories, and what belongs to none, down the page."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qjaudio.paper.lines import (
    Jumps,
    has_surname,
    is_credit,
    is_label,
    is_signoff,
    names_of_credit,
    take_opening,
)
from qjaudio.paper.model import LeftOut
from qjaudio.paper.pieces import (
    MAY_REACH,
    Piece,
    advert_among,
    characters,
    debris_runs,
    has_indents,
    is_fragment,
    is_of_photo,
    is_shop,
    is_told_below,
    listed_below,
    reaches,
    words_of_lines,
)
from qjaudio.paper.sentences import TAKEN_BY, advert_points, is_contact, speaks_as_advert
from qjaudio.paper.text import INNER_DE, PageText, han, overlap, print_width
from qjaudio.paper.words import author_of, is_pen_name, parted_word, stops_midway


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The pieces of one article, sorted but not yet put together."""

    page: int
    heads: tuple[Piece, ...] = ()
    """The headings above its text, in order."""
    body: tuple[Piece, ...] = ()
    crossheads: frozenset[int] = frozenset()
    """The `order` of those pieces of the body that are crossheads."""
    credits: tuple[Piece, ...] = ()
    """Lines that only say who wrote it."""
    signoffs: tuple[Piece, ...] = ()
    repeats: tuple[Piece, ...] = ()
    """Headings that repeat its own above the part on another page."""
    onward: int | None = None
    """The page that its jump line names."""
    back: int | None = None
    """The page that its 上接 line names: it is the rest of a story."""
    marked: bool = False
    """Whether the source itself says what its parts are, so that nothing is guessed or repaired."""
    labelled: bool = False
    """Whether a label of its own stands over it, so that it is no part of the story before."""


@dataclass(slots=True)
class Remains:
    """What a step of reading leaves out, each with its place in the issue; returned by the step."""

    rows: list[tuple[int, LeftOut]] = field(default_factory=list)

    def add(self, piece: Piece, kind: str, text: PageText | None = None) -> None:
        """Leave out a piece, or a part of its text."""
        printed = piece.text if text is None else text
        if not printed.isspace() and printed:
            self.rows.append((piece.order, LeftOut(text=printed, kind=kind, page=piece.page)))


BULLETS = "◆●■▲★◎□※◇▶►"
MIN_PHOTO_STORY = 20  # Han characters of the shortest caption that is the whole story of a photo
MAX_CROSSHEAD = 26  # Han characters of the longest
MIN_HEADING, MAX_HEADING = 3, 34
"""Han characters of the shortest and the longest heading that no Markdown mark shows to be one."""
MIN_MARKED = 2
"""Where so many headings are marked, a line without a mark is one only if it looks like nothing
else."""
LONG_HEADING = 45  # a marked heading beyond this is a paragraph that OCR took for a heading
NEAR_OVERLAP = 0.3
NOTE = re.compile(
    r"[【\[（(\s]*(?:编者按|编者的话|编者语|编前话?|开栏的话|开栏语|主持人语)(?![，。])|[^，。]{2,10}[：:]$"
)
_AFTERWORD = re.compile(r"[【\[（(\s]*编后(?:语|的话|记)?[：:】\])）\s]")
"""What begins the editors' word under a letter."""
_NUMERAL = "[0-9〇○零一二三四五六七八九十]"
DATE_ALONE = re.compile(f"{_NUMERAL}{{4}}年{_NUMERAL}{{1,2}}月{_NUMERAL}{{1,3}}日")
"""What stands below the name of who signs a notice."""
_SIGNED = re.compile(
    r"(?<=\S\S)(?:\s*[（(]?本报|\s*[（(□■]|\s+)\s?\S{0,4}(?:记者|通讯员)|\s+[□■◎]|\s+文[/／]"
)
_SPEAKER = re.compile(r"(?:问|答复?|主持人|本?报?记者)[:：]|[问答]\s|(?:市民|网友)[:：].*？$")
"""What begins a question or an answer of an interview."""


@dataclass(slots=True)
class Sorter:
    """Sorts pieces one after the other; knows which bullets and debris the issue has."""

    pieces: list[Piece]
    fragments: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    """Those in lists of what stands below."""
    bullets: set[str] = field(default_factory=set)
    followers: list[Piece | None] = field(default_factory=list)
    """For each piece the next one of its page that is neither debris nor furniture."""
    marked: int = 0
    """How many headings the source marked."""
    indents: bool = False
    ended: tuple[Piece | None, bool] = (None, False)
    """The last piece of text that was asked about, and whether its story ended there."""

    def __post_init__(self) -> None:
        """Find the debris and the bullets."""
        if len(self.pieces) > 2:  # a story alone has neither debris nor a list over it
            self.fragments = {x.order for run in debris_runs(self.pieces) for x in run}
            self.listed = listed_below(self.pieces)
        self.marked = sum(piece.level > 0 for piece in self.pieces)
        self.indents = any(x.opens is False for x in self.pieces) and has_indents(self.pieces)
        starts = Counter(str(piece.text)[0] for piece in self.pieces)
        self.bullets = {bullet for bullet in BULLETS if starts[bullet] > 1}
        after: Piece | None = None
        for piece in reversed(self.pieces):
            after = after if after and after.page == piece.page else None
            self.followers.append(after)
            listed = piece.facts.kind == "caption" and str(piece.text)[0] in self.bullets
            if piece.order not in self.fragments and (listed or not piece.facts.kind):
                after = piece
        self.followers.reverse()

    def kind(self, at: int, last: Piece | None, *, pending: bool) -> str:
        """`debris`, `heading`, `body`, `credit`, `signoff`, or a kind of furniture.

        `last` is the piece of text before, if the story still runs; `pending` says that headings
        wait for their story.
        """
        piece = self.pieces[at]
        listed = piece.order in self.listed and piece.kind in ("", "verse", "body")
        if piece.kind or listed:
            return "teaser" if listed else _kind_by_place(piece)
        if piece.order in self.fragments:
            return "debris"
        after = self.followers[at]
        over = after and (after.level or _heading_like(after))
        if (over or not piece.facts.compact[0].isalnum()) and is_label(piece.facts.compact):
            return "banner"
        furniture = piece.facts.kind
        if furniture and not self._is_text(at, furniture, pending):
            return furniture
        short = len(piece.facts.compact) <= max(2, len(piece.text.split()))
        if short and not piece.facts.ends_sentence and is_fragment(piece):
            return self._fragment(at, last, pending)
        return self._line(at, last, pending)

    def _line(self, at: int, last: Piece | None, pending: bool) -> str:
        piece = self.pieces[at]
        signs = piece.facts.is_credit or self._signs(at, last, pending)
        if signs and not is_shop(piece, *self.pieces[at + 1 : at + 2]):
            return "credit"
        if piece.level and not _reads_as_text(piece):
            return "heading"
        ends = self._story_ends(at) and not self.news_follows(at)  # else it is a headline
        below = self.pieces[at + 1] if at + 1 < len(self.pieces) else piece
        ends = ends or bool(DATE_ALONE.fullmatch(below.facts.compact))
        if last and not pending and ends and is_signoff(piece.text):
            return "signoff"
        told = last and not piece.level and "。" not in piece.text and is_told_below(piece, last)
        return "verse" if told else self._plain(at, last)

    def _signs(self, at: int, last: Piece | None, pending: bool) -> bool:
        """Whether a line between a heading and its text is a name alone, or one between a text that
        has ended and a heading only says who wrote it."""
        piece, after = self.pieces[at], self.followers[at]
        if pending:
            if after is None or after.level:
                return False
            return is_pen_name(piece.text) or (is_short_name(piece.text) and not piece.level)
        if last is None or piece.level:
            return False
        bare = piece.text.strip("—－- （）()")
        if not is_pen_name(bare) and author_of(bare) is None:
            return False
        over = self._story_ends(at) or (after is not None and _heading_like(after))
        return over and self._is_ended(last)

    def _fragment(self, at: int, last: Piece | None, pending: bool) -> str:
        """A character or two by themselves: a short heading, the rest of a paragraph, or debris."""
        piece, after = self.pieces[at], self.followers[at]
        if self._signs(at, last, pending):
            return "credit"
        if last and not last.facts.ends_sentence:
            return "body" if parted_word(last.text, piece.text) else "debris"
        titled = piece.facts.han_count == 2 and bool(after) and not is_fragment(after or piece)
        return "heading" if titled else "debris"

    def is_photo(self, at: int, heads: Sequence[Piece]) -> bool:
        """Whether a piece is the words to a photo; who took it may stand on the line below."""
        piece, after, credit = self.pieces[at], self.followers[at], ""
        if piece.kind or piece.level or piece.facts.opens_story:
            return False
        if after and after.facts.is_credit and TAKEN_BY.search(after.text):
            credit = str(after.text)
            after = self.followers[at + 1]
        return is_of_photo(piece, "".join(x.text for x in heads), after, credit)

    def news_follows(self, at: int) -> bool:
        """Whether the next piece of the page opens a story."""
        after = self.followers[at]
        return after is not None and after.facts.opens_story

    def _is_text(self, at: int, furniture: str, pending: bool) -> bool:
        """Whether a line that looks like furniture is text after all: briefs, a photo's story."""
        piece = self.pieces[at]
        if furniture != "caption":
            return False
        if piece.text[0] in self.bullets:
            return True
        return pending and self._story_ends(at) and piece.facts.han_count >= MIN_PHOTO_STORY

    def _story_ends(self, at: int) -> bool:
        after, below = self.followers[at], next(iter(self.pieces[at + 1 : at + 2]), None)
        if after is None or after.level or after.facts.opens_story:
            return True
        return bool(below and below.level and below.page == after.page)  # of a notice

    def _plain(self, at: int, last: Piece | None) -> str:
        """A line without Markdown mark: text or heading."""
        piece, after = self.pieces[at], self.followers[at]
        if not _heading_like(piece) or self._cut_after(at) or self._is_half(at, last):
            return "body"
        lists = (last or self.marked) and piece.text.endswith(("：", ":"))
        if (lists or (last and last.text[-1] == "：")) and not (after and after.level):
            return "body"  # what is listed below
        if (signs := after is not None and _AFTERWORD.match(after.text)) or self._before_rest(at):
            return "credit" if signs else "heading"
        runs_on = after is not None and after.opens is False and self.indents
        if after is not None and (after.facts.opens_story or _is_one_heading(after)):
            runs_on = False
        if last is None or last.filled is False or self._is_ended(last):
            return "body" if runs_on and not (after and after.level) else "heading"
        if parted_word(last.text, piece.text) or (piece.filled and not self._near(at, piece)):
            return "body"
        return "caption" if runs_on else "heading" if after else "body"

    def _is_half(self, at: int, last: Piece | None) -> bool:
        """Whether a line under a text is half a sentence, where headings are marked, and does not
        stand over who wrote what follows."""
        text, below = self.pieces[at].text, self.pieces[at + 1 : at + 2]
        if last is None or self.marked < MIN_MARKED or (below and below[0].facts.is_credit):
            return False
        return "，" in text or stops_midway(text)

    def _is_ended(self, last: Piece) -> bool:
        if self.ended[0] is not last:
            is_end = last.facts.ends_sentence or last.facts.is_signed or is_signoff(last.lines[-1])
            self.ended = (last, is_end)
        return self.ended[1]

    def _cut_after(self, at: int) -> bool:
        """Whether a line is cut in the middle: by a jump line, inside a word, or before 的."""
        piece = self.pieces[at]
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if after is None or after.page != piece.page or after.level:
            return False
        cut = _NO_START.match(after.text) or parted_word(piece.text, after.text)
        return bool(after.facts.jumps.onward or cut)

    def _before_rest(self, at: int) -> bool:
        """Whether the rest of a story from another page (上接…) begins right below."""
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        return bool(after and after.facts.jumps.back)

    def _near(self, at: int, piece: Piece) -> bool:
        """Whether a line shares its wording with the text below it, as a heading does."""
        below = " ".join(follower.text for follower in self.pieces[at + 1 : at + 4])
        return overlap(piece.text, below) >= NEAR_OVERLAP


def _kind_by_place(piece: Piece) -> str:
    """The kind of a piece whose place on the page tells it."""
    signed = piece.facts.is_credit or is_pen_name(piece.text)
    if piece.kind == "byline" or (piece.kind == "deck" and signed):
        return "credit"
    if piece.kind == "verse":
        return "body"
    if piece.kind == "body":
        return piece.facts.kind or ("credit" if signed else "body")
    if piece.kind in ("caption", "banner", "masthead", "table", "page_mark", "teaser", "tool"):
        furniture = piece.facts.kind
        return furniture or piece.kind
    return piece.facts.kind or "heading"


def _reads_as_text(piece: Piece) -> bool:
    size = piece.facts.han_count
    opens = piece.facts.opens_story and (size > 20 or not take_opening(piece.text).text.strip())
    if _is_note(piece) or opens:
        return True
    return size > LONG_HEADING or (size > 25 and piece.text.rstrip().endswith(("。", "；")))


def _is_note(piece: Piece) -> bool:
    """Whether a line says that a note of the editors follows."""
    return bool(NOTE.match(piece.text)) and piece.text[-1] not in "：:"


def is_short_name(text: str) -> bool:
    """Whether a line under a headline is so short that it is a name, if a word like any other."""
    return 2 <= len(text) <= 3 and len(han(text)) == len(text) and has_surname(text)


def _heading_like(piece: Piece) -> bool:
    size, text = piece.facts.han_count, piece.facts.compact
    if len(piece.lines) > 2 or not MIN_HEADING <= size <= MAX_HEADING or piece.facts.opens_story:
        return False
    if (
        _is_note(piece)
        or _SPEAKER.match(piece.text)
        or text[-1] in "。，、；,;"
        or text[0] in "，。、；,;)）”》" + BULLETS
    ):
        return False
    commas = sum(text.count(mark) for mark in "，,。；;")
    return commas == 0 or (commas == 1 and "。" not in text and print_width(text) <= 24)


_NO_START = re.compile(f"{INNER_DE}|[，。、；：！？]")
"""What no text begins with."""


def _is_one_heading(piece: Piece) -> bool:
    return len(piece.lines) == 1 and _heading_like(piece)


_ENDS, _OF_PHOTO = re.compile("[。！？]"), re.compile("(?<![文/])摄(?:影(?:报道)?)?[）)]?$")
_PHOTO_START = re.compile(r"(?:\d{1,2}月)?\d{1,2}日[，,]?|[近日][日前][，,]|图为")
"""How the story of a photo begins, with the day when it was taken."""
MAX_ADVERT_TITLE = 24
_FORECAST = re.compile("(?=.{0,60}[晴阴雨雪雾云])(?=.{0,99}(?:\\d(?:℃|°C|度|级)|气温))")


@dataclass(frozen=True, slots=True)
class SortedPieces:
    """All pieces of an issue, each in its place."""

    drafts: tuple[Draft, ...]
    debris: dict[int, tuple[str, ...]]
    """For each page the characters of what may be vertical headlines, run by run."""
    remains: Remains


@dataclass(slots=True)
class _RunningStory:
    """The pieces of a story, gathered while walking down the page."""

    page: int
    heads: list[Piece]
    credits: list[Piece]
    back: int | None
    labelled: bool = False
    body: list[Piece] = field(default_factory=list)
    signoffs: list[Piece] = field(default_factory=list)
    onward: int | None = None

    def draft(self) -> Draft:
        """The same as a value."""
        return Draft(
            page=self.page,
            heads=tuple(self.heads),
            body=tuple(self.body),
            credits=tuple(self.credits),
            signoffs=tuple(self.signoffs),
            onward=self.onward,
            back=self.back,
            labelled=self.labelled,
        )


@dataclass(slots=True)
class _Walk:
    """Where we are on the page."""

    remains: Remains = field(default_factory=Remains)
    stories: list[_RunningStory] = field(default_factory=list)
    debris: list[Piece] = field(default_factory=list)
    heads: list[Piece] = field(default_factory=list)
    credits: list[Piece] = field(default_factory=list)
    current: _RunningStory | None = None
    back: int | None = None
    notice: str = ""
    """`advert` or `weather` while one runs below its title, `contact` below how to reach a shop."""
    labelled: bool = False

    @property
    def last(self) -> Piece | None:
        """The last piece of text of the story that still runs."""
        return self.current.body[-1] if self.current and self.current.body else None

    def turn_page(self) -> None:
        """Begin a page: headings without text stay behind, a story may run on."""
        self.drop_heads("teaser")
        self.current, self.back, self.notice = None, None, ""

    def drop_heads(self, kind: str) -> None:
        """Leave out headings under which no text came."""
        for piece in self.heads + self.credits:
            self.remains.add(piece, kind)
        self.heads, self.credits = [], []

    def text(self, piece: Piece, jumps: Jumps) -> None:
        """Add a piece of text to the running story or begin a new one."""
        if self._is_of_photo(piece, piece):
            self.photo(piece)
            return
        body = self.current.body if self.current else []
        noted = body and NOTE.match(body[0].text) and not any(x.facts.opens_story for x in body)
        starts = piece.facts.opens_story and bool(body) and not noted
        if self.current and noted and len(body) == 1 and not self.heads:
            self.current.back, self.back = self.back, None  # 编者按 over （上接第1版）
        elif jumps.back:
            starts = True
        begins = self.heads or self.back or self.current is None or starts
        if begins and not self._runs_over_page(piece):
            self._begin(piece)
        if self.current:
            self.current.body.append(piece)

    def part_photo(self, credit: Piece) -> None:
        """Make the last text of a signed story one of its own: who took a photo stands below it."""
        body = self.current.body if self.current else []
        if len(body) > 1 and self._is_of_photo(body[-1], credit):
            self.photo(body.pop())

    def photo(self, piece: Piece) -> None:
        """Begin a story with the text of a photo; one sentence alone is a caption."""
        if len(_ENDS.findall(piece.text)) > 1:
            self._begin(piece)
            self.stories[-1].body.append(piece)
        else:
            self.remains.add(piece, "caption")

    def _is_of_photo(self, piece: Piece, credit: Piece) -> bool:
        """Whether a text below a signed story begins and ends as that of a photo does."""
        body = self.current.body if self.current and not self.heads else []
        begins = _PHOTO_START.match(piece.facts.compact) or len(_ENDS.findall(piece.text)) == 1
        told = begins and _OF_PHOTO.search(credit.text) and not piece.facts.opens_story
        return bool(told and body and (body[0].facts.opens_story or self.stories[-1].credits))

    def _runs_over_page(self, piece: Piece) -> bool:
        """Take up a story that ran on over the page turn without a jump line."""
        before = self.stories[-1] if self.stories and self.current is None else None
        if before is None or self.heads or self.back or piece.facts.opens_story:
            return False
        last = before.body[-1]
        if last.page == piece.page or last.facts.ends_sentence:
            return False
        if not parted_word(last.text, piece.text) and piece.opens is True:
            return False
        self.current = before
        return True

    def _begin(self, piece: Piece) -> None:
        start, end = advert_among(self.heads) if len(self.heads) > 1 else (0, 0)
        for head in self.heads[start:end]:
            self.remains.add(head, "advert")
        self.heads[start:end] = []
        self.current = _RunningStory(piece.page, self.heads, self.credits, self.back, self.labelled)
        self.labelled = False
        self.stories.append(self.current)
        self.heads, self.credits, self.back = [], [], None


def sort_pieces(pieces: Sequence[Piece]) -> SortedPieces:
    """Sort all pieces of an issue into drafts, debris and what is left out."""
    state, sorter = _Walk(), Sorter(list(pieces))
    page: int | None = None
    for at, piece in enumerate(pieces):
        if piece.page != page:
            state.turn_page()
            page = piece.page
        _step(state, sorter, at, piece)
    state.turn_page()
    debris: dict[int, tuple[str, ...]] = {}
    for run in debris_runs(state.debris) if state.debris else ():
        debris[run[0].page] = (*debris.get(run[0].page, ()), characters(run))
    return SortedPieces(tuple(story.draft() for story in state.stories), debris, state.remains)


def _step(state: _Walk, sorter: Sorter, at: int, piece: Piece) -> None:
    jumps = piece.facts.jumps
    if jumps.back and jumps.back > piece.page and "紧" in jumps.printed[0]:
        jumps = replace(jumps, onward=jumps.back, back=None)
    for line in jumps.printed:
        state.remains.add(piece, "jump_line", line)
    if jumps.back:
        state.drop_heads("teaser") if state.back else None
        state.back = jumps.back
    rest = piece.with_text(jumps.text) if jumps.printed else piece
    if rest.facts.compact:
        if jumps.printed:
            sorter.pieces[at] = rest
        _sort(state, sorter, at, jumps)
    if jumps.onward and state.current:
        state.current.onward = jumps.onward


def _sort(state: _Walk, sorter: Sorter, at: int, jumps: Jumps) -> None:
    """Put a piece where it belongs."""
    last = None if state.heads else state.last
    kind = sorter.kind(at, last, pending=bool(state.heads))
    if kind in ("body", "heading") and sorter.is_photo(at, state.heads[-1:]):
        kind = "caption"
    if state.notice and not _goes_on(state.notice, sorter, at, kind):
        state.notice = ""
    if state.notice or not _ends_advert(state, sorter, at, kind):
        _place(state, sorter.pieces[at], kind, jumps)


def _goes_on(notice: str, sorter: Sorter, at: int, kind: str) -> bool:
    """Whether a notice still runs: a marked heading, or news, ends it; a forecast anything else."""
    piece = sorter.pieces[at]
    if notice == "contact":
        offers = advert_points([], [piece.facts.compact]) > 1 and not sorter.news_follows(at)
        return not piece.level and "。" not in piece.text and (offers or reaches(piece))
    if notice == "weather" and not _FORECAST.match(piece.facts.compact):
        return False
    if kind == "heading":
        return not piece.level and not sorter.news_follows(at)
    return kind != "body" or not piece.facts.opens_story


def _ends_advert(state: _Walk, sorter: Sorter, at: int, kind: str) -> bool:
    """Whether a piece says how to reach a shop, with which an advert ends: it is left out with the
    headings above it, from the last marked one on. Under a text it goes on with it."""
    piece, after = sorter.pieces[at], sorter.followers[at]
    told = kind in ("heading", "body", "verse", "editors") and MAY_REACH.search(piece.text)
    if not (told and reaches(piece)):
        return False
    start = max((n for n, head in enumerate(state.heads) if head.level), default=0)
    texts = [*(x.facts.compact for x in state.heads[start:]), *words_of_lines(piece)]
    over = after is None or bool(after.level) or _heading_like(after)
    offers = advert_points(texts[:1], texts[1:-1]) > 1 or over
    if is_contact(texts[0]) or not (offers and speaks_as_advert(texts[:1], texts[1:])):
        return False
    for head in state.heads[start:]:
        state.remains.add(head, "advert")
    state.heads[start:] = []
    state.remains.add(piece, "advert")
    state.notice = "contact"
    return True


def _place(state: _Walk, piece: Piece, kind: str, jumps: Jumps) -> None:
    state.labelled |= kind == "banner"
    if state.notice and kind != "tool":
        state.remains.add(piece, "advert" if state.notice == "contact" else state.notice)
    elif kind in ("body", "verse"):
        state.text(replace(piece, kind=kind) if kind == "verse" else piece, jumps)
    elif kind == "heading":
        _head(state, piece)
    elif kind == "debris":
        state.debris.append(piece)
        state.remains.add(piece, kind)
    elif kind == "credit":
        state.part_photo(piece)
        _credit(state, piece)
    elif kind == "signoff" and state.current:
        state.current.signoffs.append(piece)
    else:
        state.remains.add(piece, kind)
        no_title = {"advert": "[:：]", "weather": r"\d"}.get(kind, "")
        titled = piece.facts.han_count <= MAX_ADVERT_TITLE and piece.kind != "caption" and no_title
        if titled and not re.search(no_title, piece.text):
            state.notice = kind


def _credit(state: _Walk, piece: Piece) -> None:
    """A credit under a heading is for the story to come; any other, and one in brackets that is not
    set there as one, for the story that ends."""
    ends = piece.text.startswith(("（", "(")) and piece.kind != "byline"
    if state.current is None or (state.heads and not ends):
        state.credits.append(piece)
    else:
        state.current.credits.append(piece)


def _head(state: _Walk, piece: Piece) -> None:
    """A heading, and on its line perhaps who wrote the story."""
    found = None if piece.kind else _SIGNED.search(piece.text)
    tail = piece.text[found.start() :].strip() if found else piece.text
    known = found and (tail[0] in "（(□■◎本" or all(map(has_surname, names_of_credit(tail))))
    if found and known and is_credit(tail):
        state.credits.append(piece.with_text(tail))
        piece = piece.with_text(piece.text[: found.start()].rstrip())
    state.heads.append(piece)
