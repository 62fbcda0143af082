"""Down the page: what each piece is, and to which story it belongs."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from qjaudio.paper.byline import closes_story, is_credit, is_signoff, opens_story
from qjaudio.paper.characters import ends_sentence, han, overlap, print_width
from qjaudio.paper.furniture import Jumps, kind_of, take_jumps
from qjaudio.paper.model import LeftOut
from qjaudio.paper.pieces import Piece
from qjaudio.paper.words import Wording, parted_word
from qjaudio.provenance import PageText


@dataclass(slots=True)
class Draft:
    """Pieces of one article, gathered while walking down the page (so it is changed in place)."""

    page: int
    heads: list[Piece] = field(default_factory=list)
    """The headings above its text, in order."""
    body: list[Piece] = field(default_factory=list)
    crossheads: set[int] = field(default_factory=set)
    """The `order` of those pieces of the body that are crossheads."""
    credits: list[Piece] = field(default_factory=list)
    """Lines that only say who wrote it."""
    signoffs: list[Piece] = field(default_factory=list)
    repeats: list[Piece] = field(default_factory=list)
    """Headings that repeat its own above the part on another page."""
    onward: int | None = None
    """The page that its jump line names."""
    back: int | None = None
    """The page that its 上接 line names: it is the rest of a story."""
    told: bool = False
    """Whether the source told its parts, so that nothing is guessed or repaired."""

    @property
    def text(self) -> str:
        """The text of its body so far."""
        return " ".join(piece.text for piece in self.body)


@dataclass(slots=True)
class Remains:
    """What belongs to no article, with its place in the issue."""

    rows: list[tuple[int, LeftOut]] = field(default_factory=list)

    def add(self, piece: Piece, kind: str, text: PageText | None = None) -> None:
        """Leave out a piece, or a part of its text."""
        printed = piece.text if text is None else text
        if printed.strip():
            self.rows.append((piece.order, LeftOut(text=printed, kind=kind, page=piece.page)))

    def in_order(self) -> tuple[LeftOut, ...]:
        """Everything left out, in the order of the page."""
        return tuple(row for _, row in sorted(self.rows, key=lambda row: row[0]))


MIN_RUN = 3
"""Fewest single characters in a row that are the remains of a vertical headline."""


def is_fragment(piece: Piece) -> bool:
    """Whether a piece is no more than a character or two, so no text of an article by itself."""
    if any(char in "。！？；，、,;.!?" for char in piece.text):
        return False  # the last characters of a paragraph
    words = piece.text.split()
    if len(words) > MIN_RUN:
        return all(len(word) <= 1 for word in words)
    return len(piece.compact) <= 2


def debris_runs(pieces: list[Piece]) -> list[list[Piece]]:
    """The runs of neighbouring fragments on a page that together hold at least three characters."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if not is_fragment(piece):
            continue
        last = runs[-1][-1] if runs else None
        if last and last.order == piece.order - 1 and last.page == piece.page:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [run for run in runs if sum(len(piece.compact) for piece in run) >= MIN_RUN]


def characters(run: list[Piece]) -> str:
    """The characters of a run, in the order in which they were read."""
    return "".join(piece.compact for piece in run)


BULLETS = "◆●■▲★◎□※◇▶►"
MAX_HEADING = 34
"""Han characters of the longest heading that no Markdown mark shows to be one."""
MIN_HEADING = 3
LONG_HEADING = 45
"""A marked heading beyond this is a paragraph that OCR took for a heading."""
NEAR_OVERLAP = 0.3


@dataclass(slots=True)
class Sorter:
    """Sorts pieces one after the other; knows which bullets and debris the issue has."""

    pieces: list[Piece]
    fragments: set[int] = field(default_factory=set)
    bullets: set[str] = field(default_factory=set)
    followers: list[Piece | None] = field(default_factory=list)
    """For each piece the next one of its page that is neither debris nor furniture."""
    ended: tuple[Piece | None, bool] = (None, False)
    """The last piece of text that was asked about, and whether its story ended there."""

    def __post_init__(self) -> None:
        """Find the debris and the bullets."""
        runs = debris_runs(self.pieces)
        self.fragments = {piece.order for run in runs for piece in run}
        starts = Counter(str(piece.text)[0] for piece in self.pieces)
        self.bullets = {bullet for bullet in BULLETS if starts[bullet] > 1}
        after: Piece | None = None
        for piece in reversed(self.pieces):
            after = after if after and after.page == piece.page else None
            self.followers.append(after)
            if piece.order not in self.fragments and not kind_of(piece.text):
                after = piece
        self.followers.reverse()

    def kind(self, at: int, last: Piece | None, *, pending: bool) -> str:
        """`debris`, `heading`, `body`, `credit`, `signoff`, or a kind of furniture.

        `last` is the piece of text before, if the story still runs; `pending` says that headings
        wait for their story.
        """
        piece = self.pieces[at]
        if piece.kind:
            return _kind_by_place(piece)
        if piece.order in self.fragments:
            return "debris"
        furniture = kind_of(piece.text)
        if furniture and not self._kept(at, furniture, pending):
            return furniture
        if is_fragment(piece) and not ends_sentence(piece.text):
            return self._fragment(at, last)
        return self._line(at, last, pending)

    def _line(self, at: int, last: Piece | None, pending: bool) -> str:
        piece = self.pieces[at]
        if is_credit(piece.text):
            return "credit"
        if piece.level and not _reads_as_text(piece):
            return "heading"
        if last and not pending and is_signoff(piece.text) and self._story_ends(at):
            return "signoff"
        return self._plain(at, last)

    def _fragment(self, at: int, last: Piece | None) -> str:
        """A character or two by themselves: a short heading, the rest of a paragraph, or debris."""
        piece, after = self.pieces[at], self._next(at)
        if last and not ends_sentence(last.text):
            return "body" if parted_word(last.text, piece.text) else "debris"
        titled = len(han(piece.text)) == 2 and bool(after) and not is_fragment(after or piece)
        return "heading" if titled else "debris"

    def news_follows(self, at: int) -> bool:
        """Whether the next piece of the page opens a story."""
        after = self._next(at)
        return after is not None and opens_story(after.text)

    def _kept(self, at: int, furniture: str, pending: bool) -> bool:
        """Whether a line that looks like furniture is text after all: briefs, a photo's story."""
        piece = self.pieces[at]
        if furniture != "caption":
            return False
        if piece.text[0] in self.bullets:
            return True
        return pending and self._story_ends(at) and len(han(piece.text)) > MAX_HEADING

    def _next(self, at: int) -> Piece | None:
        return self.followers[at]

    def _story_ends(self, at: int) -> bool:
        after = self._next(at)
        return after is None or bool(after.level) or opens_story(after.text)

    def _plain(self, at: int, last: Piece | None) -> str:
        """A line without Markdown mark: text or heading."""
        piece, after = self.pieces[at], self._next(at)
        if not _heading_like(piece) or self._cut_after(at):
            return "body"
        if self._before_rest(at):
            return "heading"
        runs_on = after is not None and after.opens is False and not opens_story(after.text)
        if last is None or last.filled is False or self._ended(last):
            return "body" if runs_on and not after_is_level(after) else "heading"
        if parted_word(last.text, piece.text) or (piece.filled and not self._near(at, piece)):
            return "body"
        return "caption" if runs_on else "heading" if after else "body"

    def _ended(self, last: Piece) -> bool:
        if self.ended[0] is not last:
            is_end = ends_sentence(last.text) or closes_story(last.text, last.lines[-1])
            self.ended = (last, is_end)
        return self.ended[1]

    def _cut_after(self, at: int) -> bool:
        """Whether a line is cut in the middle: by a jump line, or inside a word."""
        piece = self.pieces[at]
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if after is None or after.page != piece.page or after.level:
            return False
        return bool(take_jumps(after.text).onward or parted_word(piece.text, after.text))

    def _before_rest(self, at: int) -> bool:
        """Whether the rest of a story from another page (上接…) begins right below."""
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        return bool(after and take_jumps(after.text).back)

    def _near(self, at: int, piece: Piece) -> bool:
        """Whether a line shares its wording with the text below it, as a heading does."""
        below = " ".join(follower.text for follower in self.pieces[at + 1 : at + 4])
        return overlap(piece.text, below) >= NEAR_OVERLAP


def _kind_by_place(piece: Piece) -> str:
    """The kind of a piece whose place on the page tells it."""
    if piece.kind in ("caption", "banner", "table", "page_mark", "tool"):
        furniture = kind_of(piece.text)
        return furniture or piece.kind
    return kind_of(piece.text) or "heading"


def after_is_level(piece: Piece | None) -> bool:
    """Whether a piece is a marked heading."""
    return bool(piece and piece.level)


def _reads_as_text(piece: Piece) -> bool:
    size = len(han(piece.text))
    if opens_story(piece.text) and size > 20:
        return True
    return size > LONG_HEADING or (size > 25 and piece.text.rstrip().endswith(("。", "；")))


def _heading_like(piece: Piece) -> bool:
    size, text = len(han(piece.text)), piece.compact
    if len(piece.lines) > 2 or not MIN_HEADING <= size <= MAX_HEADING or opens_story(piece.text):
        return False
    if text[-1] in "。，、；,;" or text[0] in "，。、；,;)）”》" or text[0] in BULLETS:
        return False
    commas = sum(text.count(mark) for mark in "，,。；;")
    return commas == 0 or (commas == 1 and "。" not in text and print_width(text) <= 24)


MAX_ADVERT_TITLE = 24


@dataclass(slots=True)
class Walk:
    """Where we are on the page."""

    remains: Remains = field(default_factory=Remains)
    drafts: list[Draft] = field(default_factory=list)
    debris: list[Piece] = field(default_factory=list)
    heads: list[Piece] = field(default_factory=list)
    credits: list[Piece] = field(default_factory=list)
    current: Draft | None = None
    back: int | None = None
    advert: bool = False

    @property
    def last(self) -> Piece | None:
        """The last piece of text of the story that still runs."""
        return self.current.body[-1] if self.current and self.current.body else None

    def turn_page(self) -> None:
        """Begin a page: headings without text stay behind, a story may run on."""
        self.drop_heads("teaser")
        self.current, self.back, self.advert = None, None, False

    def drop_heads(self, kind: str) -> None:
        """Leave out headings under which no text came."""
        for piece in self.heads + self.credits:
            self.remains.add(piece, kind)
        self.heads, self.credits = [], []

    def text(self, piece: Piece, jumps: Jumps) -> None:
        """Add a piece of text to the running story or begin a new one."""
        starts = opens_story(piece.text) and bool(self.current and self.current.body)
        begins = self.heads or jumps.back or self.back or self.current is None or starts
        if begins and not self._runs_over_page(piece):
            self._begin(piece)
        if self.current:
            self.current.body.append(piece)

    def _runs_over_page(self, piece: Piece) -> bool:
        """Take up a story that ran on over the page turn without a jump line."""
        before = self.drafts[-1] if self.drafts and self.current is None else None
        if before is None or self.heads or self.back or opens_story(piece.text):
            return False
        last = before.body[-1]
        if last.page == piece.page or ends_sentence(last.text):
            return False
        if not parted_word(last.text, piece.text) and piece.opens is True:
            return False
        self.current = before
        return True

    def _begin(self, piece: Piece) -> None:
        self.current = Draft(
            page=piece.page, heads=self.heads, credits=self.credits, back=self.back
        )
        self.drafts.append(self.current)
        self.heads, self.credits, self.back = [], [], None


def walk(pieces: list[Piece]) -> Walk:
    """Sort all pieces of an issue into drafts, debris and remains."""
    state, sorter = Walk(), Sorter(list(pieces))
    page: int | None = None
    for at, piece in enumerate(pieces):
        if piece.page != page:
            state.turn_page()
            page = piece.page
        _step(state, sorter, at, piece)
    state.turn_page()
    return state


def _step(state: Walk, sorter: Sorter, at: int, piece: Piece) -> None:
    jumps = take_jumps(piece.text)
    for line in jumps.printed:
        state.remains.add(piece, "jump_line", line)
    if jumps.back:
        state.drop_heads("teaser") if state.back else None
        state.back = jumps.back
    rest = replace(piece, text=jumps.text) if jumps.printed else piece
    if rest.text.strip():
        if jumps.printed:
            sorter.pieces[at] = rest
        last = None if state.heads else state.last
        kind = sorter.kind(at, last, pending=bool(state.heads))
        if state.advert:
            state.advert = _advert_goes_on(sorter, at, kind)
        _place(state, rest, kind, jumps)
    if jumps.onward and state.current:
        state.current.onward = jumps.onward


def _advert_goes_on(sorter: Sorter, at: int, kind: str) -> bool:
    """Whether a notice still runs: a marked heading, or news, ends it."""
    piece = sorter.pieces[at]
    if kind == "heading":
        return not piece.level and not sorter.news_follows(at)
    return kind != "body" or not opens_story(piece.text)


def _place(state: Walk, piece: Piece, kind: str, jumps: Jumps) -> None:
    if state.advert:
        state.remains.add(piece, "advert")
    elif kind == "body":
        state.text(piece, jumps)
    elif kind == "heading":
        state.heads.append(piece)
    elif kind == "debris":
        state.debris.append(piece)
        state.remains.add(piece, kind)
    elif kind == "credit":
        _credit(state, piece)
    elif kind == "signoff" and state.current:
        state.current.signoffs.append(piece)
    else:
        state.remains.add(piece, kind)
        if kind == "advert" and len(han(piece.text)) <= MAX_ADVERT_TITLE:
            state.advert = ":" not in piece.text and "：" not in piece.text


def _credit(state: Walk, piece: Piece) -> None:
    """A credit under a heading is for the story to come; any other, and one in brackets, for the
    story that ends."""
    if state.current is None or (state.heads and not piece.text.startswith(("（", "("))):
        state.credits.append(piece)
    else:
        state.current.credits.append(piece)


_NAME_WORDS = re.compile("今日|日报|晚报|时报|周报|早报|新闻|报$")
MAX_RUNS = 24
"""No page of print has so many vertical headlines."""
MAX_RUN = 160
"""Characters of the longest run that can be one, with as many that OCR made up."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The wording of each page, and the characters of headlines that OCR scattered on it."""

    wording: dict[int, Wording] = field(default_factory=dict)
    debris: dict[int, tuple[str, ...]] = field(default_factory=dict)
    indents: bool = False
    """Whether paragraphs are indented, so that first lines can be told."""

    place: str = ""
    """The town in the paper's name: 石桥 of 今日石桥 or 石桥日报."""

    @classmethod
    def of(
        cls, pieces: list[Piece], debris: list[Piece], paper: str, *, indents: bool
    ) -> "Evidence":
        """Gather it from all pieces of the issue, and from those that are scattered headlines."""
        wording: dict[int, list[str]] = {}
        for piece in pieces:
            wording.setdefault(piece.page, []).append(str(piece.text))
        scattered: dict[int, list[str]] = {}
        for run in debris_runs(debris):
            scattered.setdefault(run[0].page, []).append(characters(run))
        return cls(
            {page: Wording(*texts) for page, texts in wording.items()},
            {page: _headline_runs(runs) for page, runs in scattered.items()},
            indents,
            _NAME_WORDS.sub("", paper),
        )


def _headline_runs(runs: list[str]) -> tuple[str, ...]:
    """The runs of scattered characters that may be a headline, and all of them together."""
    together = (*runs[:MAX_RUNS], "".join(runs))
    return tuple(run for run in dict.fromkeys(together) if len(run) <= MAX_RUN)
