"""What a piece is, seen with its neighbours: heading, text, credit, furniture."""

from collections import Counter
from dataclasses import dataclass, field

from qjaudio.paper.byline import closes_story, is_credit, opens_story
from qjaudio.paper.characters import ends_sentence, han, overlap, print_width
from qjaudio.paper.debris import debris_runs, is_fragment
from qjaudio.paper.furniture import kind_of
from qjaudio.paper.jump import take_jumps
from qjaudio.paper.pieces import Piece
from qjaudio.paper.signoff import is_signoff
from qjaudio.paper.words import parted_word

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
        starts = Counter(piece.text[0] for piece in self.pieces if piece.text[0] in BULLETS)
        self.bullets = {bullet for bullet, times in starts.items() if times > 1}
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
    if piece.kind in ("caption", "banner"):
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
