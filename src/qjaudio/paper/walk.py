"""Down the page: pieces become drafts of articles, and what is left over."""

from dataclasses import dataclass, field, replace

from qjaudio.paper.byline import opens_story
from qjaudio.paper.characters import ends_sentence, han
from qjaudio.paper.draft import Draft, Remains
from qjaudio.paper.jump import Jumps, take_jumps
from qjaudio.paper.pieces import Piece
from qjaudio.paper.sorting import Sorter
from qjaudio.paper.words import parted_word

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
    state, sorter = Walk(), Sorter(pieces)
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
