"""Pieces sorted into the drafts of stories: down the page, then put together over the breaks.

A story gets back its parts under 小标题 and its rest on another page.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from qjaudio.paper.lines import Jumps, is_signed, is_signoff
from qjaudio.paper.model import LeftOut
from qjaudio.paper.pieces import Piece
from qjaudio.paper.text import PageText, bigrams, han, overlap, print_width, shared_with
from qjaudio.paper.words import parted_word, stops_midway


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
        if not printed.isspace() and printed:
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
    return len(piece.facts.compact) <= 2


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
    return [run for run in runs if sum(len(piece.facts.compact) for piece in run) >= MIN_RUN]


def characters(run: list[Piece]) -> str:
    """The characters of a run, in the order in which they were read."""
    return "".join(piece.facts.compact for piece in run)


BULLETS = "◆●■▲★◎□※◇▶►"
MAX_HEADING = 34
"""Han characters of the longest heading that no Markdown mark shows to be one."""
MIN_HEADING = 3
MIN_MARKED = 2
"""Where so many headings are marked, a line without a mark is one only if it looks like nothing
else."""
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
    marked: int = 0
    """How many headings the source marked."""
    ended: tuple[Piece | None, bool] = (None, False)
    """The last piece of text that was asked about, and whether its story ended there."""

    def __post_init__(self) -> None:
        """Find the debris and the bullets."""
        runs = debris_runs(self.pieces)
        self.marked = sum(piece.level > 0 for piece in self.pieces)
        self.fragments = {piece.order for run in runs for piece in run}
        starts = Counter(str(piece.text)[0] for piece in self.pieces)
        self.bullets = {bullet for bullet in BULLETS if starts[bullet] > 1}
        after: Piece | None = None
        for piece in reversed(self.pieces):
            after = after if after and after.page == piece.page else None
            self.followers.append(after)
            if piece.order not in self.fragments and not piece.facts.kind:
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
        furniture = piece.facts.kind
        if furniture and not self._kept(at, furniture, pending):
            return furniture
        if is_fragment(piece) and not piece.facts.ends_sentence:
            return self._fragment(at, last)
        return self._line(at, last, pending)

    def _line(self, at: int, last: Piece | None, pending: bool) -> str:
        piece = self.pieces[at]
        if piece.facts.is_credit:
            return "credit"
        if piece.level and not _reads_as_text(piece):
            return "heading"
        if last and not pending and is_signoff(piece.text) and self._story_ends(at):
            return "signoff"
        return self._plain(at, last)

    def _fragment(self, at: int, last: Piece | None) -> str:
        """A character or two by themselves: a short heading, the rest of a paragraph, or debris."""
        piece, after = self.pieces[at], self.followers[at]
        if last and not last.facts.ends_sentence:
            return "body" if parted_word(last.text, piece.text) else "debris"
        titled = piece.facts.han_count == 2 and bool(after) and not is_fragment(after or piece)
        return "heading" if titled else "debris"

    def news_follows(self, at: int) -> bool:
        """Whether the next piece of the page opens a story."""
        after = self.followers[at]
        return after is not None and after.facts.opens_story

    def _kept(self, at: int, furniture: str, pending: bool) -> bool:
        """Whether a line that looks like furniture is text after all: briefs, a photo's story."""
        piece = self.pieces[at]
        if furniture != "caption":
            return False
        if piece.text[0] in self.bullets:
            return True
        return pending and self._story_ends(at) and piece.facts.han_count > MAX_HEADING

    def _story_ends(self, at: int) -> bool:
        after = self.followers[at]
        return after is None or bool(after.level) or after.facts.opens_story

    def _plain(self, at: int, last: Piece | None) -> str:
        """A line without Markdown mark: text or heading."""
        piece, after = self.pieces[at], self.followers[at]
        if not _heading_like(piece) or self._cut_after(at) or self._is_half(piece, last):
            return "body"
        if self._before_rest(at):
            return "heading"
        runs_on = after is not None and after.opens is False and not after.facts.opens_story
        if last is None or last.filled is False or self._ended(last):
            return "body" if runs_on and not (after and after.level) else "heading"
        if parted_word(last.text, piece.text) or (piece.filled and not self._near(at, piece)):
            return "body"
        return "caption" if runs_on else "heading" if after else "body"

    def _is_half(self, piece: Piece, last: Piece | None) -> bool:
        """Whether a line under a text is half a sentence, where headings are marked."""
        if last is None or self.marked < MIN_MARKED:
            return False
        return "，" in piece.text or stops_midway(piece.text)

    def _ended(self, last: Piece) -> bool:
        if self.ended[0] is not last:
            is_end = last.facts.ends_sentence or is_signed(last.text) or is_signoff(last.lines[-1])
            self.ended = (last, is_end)
        return self.ended[1]

    def _cut_after(self, at: int) -> bool:
        """Whether a line is cut in the middle: by a jump line, or inside a word."""
        piece = self.pieces[at]
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if after is None or after.page != piece.page or after.level:
            return False
        return bool(after.facts.jumps.onward or parted_word(piece.text, after.text))

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
    if piece.kind in ("caption", "banner", "table", "page_mark", "tool"):
        furniture = piece.facts.kind
        return furniture or piece.kind
    return piece.facts.kind or "heading"


def _reads_as_text(piece: Piece) -> bool:
    size = piece.facts.han_count
    if piece.facts.opens_story and size > 20:
        return True
    return size > LONG_HEADING or (size > 25 and piece.text.rstrip().endswith(("。", "；")))


def _heading_like(piece: Piece) -> bool:
    size, text = piece.facts.han_count, piece.facts.compact
    if len(piece.lines) > 2 or not MIN_HEADING <= size <= MAX_HEADING or piece.facts.opens_story:
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
        starts = piece.facts.opens_story and bool(self.current and self.current.body)
        begins = self.heads or jumps.back or self.back or self.current is None or starts
        if begins and not self._runs_over_page(piece):
            self._begin(piece)
        if self.current:
            self.current.body.append(piece)

    def _runs_over_page(self, piece: Piece) -> bool:
        """Take up a story that ran on over the page turn without a jump line."""
        before = self.drafts[-1] if self.drafts and self.current is None else None
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
    jumps = piece.facts.jumps
    for line in jumps.printed:
        state.remains.add(piece, "jump_line", line)
    if jumps.back:
        state.drop_heads("teaser") if state.back else None
        state.back = jumps.back
    rest = replace(piece, text=jumps.text) if jumps.printed else piece
    if rest.facts.compact:
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
    return kind != "body" or not piece.facts.opens_story


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
        if kind == "advert" and piece.facts.han_count <= MAX_ADVERT_TITLE:
            state.advert = ":" not in piece.text and "：" not in piece.text


def _credit(state: Walk, piece: Piece) -> None:
    """A credit under a heading is for the story to come; any other, and one in brackets, for the
    story that ends."""
    if state.current is None or (state.heads and not piece.text.startswith(("（", "("))):
        state.credits.append(piece)
    else:
        state.current.credits.append(piece)


_NUMBER = re.compile(
    r"^[（(【]?(?:第?[一二三四五六七八九十]{1,2}(?:[、：:）)．.]|[步招篇章是])|第[一二三四五六七八九十\d]{1,2}[步招篇章站]|"
    r"[1-9１-９][.．、)）](?!\d)|0\d[\s.、]?|[①②③④⑤⑥⑦⑧⑨]|[（(]\d[)）])"
)
_LEAD_START = re.compile(
    r"^(?:本报|近日|日前|连日来|昨[日天]|(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日[上下，,])"
)
MAX_CROSSHEAD = 26
MAX_PARTS = 30
"""No story of a page has more crossheads that read like headings of their own."""


def merge_crossheads(drafts: list[Draft]) -> list[Draft]:
    """Give stories back the parts that stand under crossheads of their own."""
    merged: list[Draft] = []
    at = 0
    while at < len(drafts):
        size = _parts_after(drafts, at)
        story, parts = drafts[at], drafts[at + 1 : at + 1 + size]
        _split_first(story, parts)
        for part in parts:
            _take_part(story, part)
        merged.append(story)
        at += 1 + size
    return merged


def _split_first(story: Draft, parts: list[Draft]) -> None:
    """The first crosshead may stand right under the headline: it is not part of it."""
    numbered = bool(parts) and all(_NUMBER.match(part.heads[0].text) for part in parts)
    if numbered and len(story.heads) > 1 and _NUMBER.match(story.heads[-1].text):
        first = story.heads.pop()
        story.crossheads.add(first.order)
        story.body.insert(0, first)


def _take_part(story: Draft, part: Draft) -> None:
    story.crossheads |= {piece.order for piece in part.heads} | part.crossheads
    story.body += part.heads + part.body
    story.credits += part.credits
    story.signoffs += part.signoffs
    story.onward = story.onward or part.onward


def _parts_after(drafts: list[Draft], at: int) -> int:
    """How many of the following drafts are parts of this one."""
    story = drafts[at]
    if _finished(story):
        return 0
    run: list[Draft] = []
    for part in drafts[at + 1 : at + 1 + MAX_PARTS]:
        if part.page != story.page or not _may_be_part(story, part):
            break
        run.append(part)
        if _finished(part):
            break
    for size in range(len(run), 0, -1):
        if _is_series(story, run[:size]):
            return size
    return 0


def _finished(story: Draft) -> bool:
    """Whether a story shows its end: a credit, a sign-off or a jump line."""
    if story.onward or story.signoffs or not story.body:
        return True
    return is_signed(story.body[-1].text)


def _may_be_part(story: Draft, part: Draft) -> bool:
    first = part.body[0] if part.body else None
    if len(part.heads) != 1 or part.credits or part.back or (first and first.facts.opens_story):
        return False
    head = part.heads[0]
    main = _level(story)
    deeper = _depth(head.level) > main or (not head.level and main >= 7)
    numbered = bool(_NUMBER.match(head.text))
    if head.facts.han_count > MAX_CROSSHEAD or not (deeper or numbered):
        return False
    return numbered or not (first and _LEAD_START.match(str(first.text).lstrip()))


def _depth(level: int) -> int:
    return level or 7


def _level(story: Draft) -> int:
    return min((_depth(head.level) for head in story.heads), default=0)


def _is_series(story: Draft, parts: list[Draft]) -> bool:
    """Whether the headings of parts go together: numbered, or two or more of one make."""
    heads = [part.heads[0] for part in parts]
    if all(_NUMBER.match(head.text) for head in heads):
        return True
    if len(heads) < 2 or any(_NUMBER.match(head.text) for head in heads):
        return False
    if _level(story) >= 7 and not story.body[0].facts.opens_story and not story.credits:
        return False
    lengths = [head.facts.han_count for head in heads]
    levels = {head.level for head in heads}
    alike = max(lengths) - min(lengths) <= 2 or len({han(head.text)[-1:] for head in heads}) == 1
    return len(levels) == 1 and alike and max(lengths) <= 20


NEAR = 0.5
MAX_JUMPS = 300
"""No issue has so many stories that jump; the rest of one beyond stays a story of its own."""
MAX_PAIRS = 2_000
"""Nor so many that fit each other by their pages; a paper of 40 pages has about 60."""
MAX_HEADS = 6
"""So many headings above a text are compared."""


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story.

    Where several stories jump to one page, the pair that fits best is joined first.
    """
    jumping = [draft for draft in drafts if not draft.back and draft.onward][:MAX_JUMPS]
    rests = [draft for draft in drafts if draft.back][:MAX_JUMPS]
    free = [draft for draft in jumping if not _has_its_rest(draft)]
    pairs = [(story, rest) for rest in rests for story in free if _may_go_on(story, rest)]
    pairs = pairs[:MAX_PAIRS]
    ends = {id(draft): _Ends.of(draft) for pair in pairs for draft in pair}
    fits = [(_fit(ends[id(story)], ends[id(rest)]), (story, rest)) for story, rest in pairs]
    fits.sort(key=lambda row: -row[0])
    taken: set[int] = set()
    for _, (story, rest) in fits:
        if id(story) not in taken and id(rest) not in taken:
            _take_rest(story, rest)
            taken |= {id(story), id(rest)}
    joined = {id(rest) for rest in rests} & taken
    return [draft for draft in drafts if id(draft) not in joined]


def _may_go_on(story: Draft, rest: Draft) -> bool:
    """Whether the two ends name each other; where a page is misnumbered, one of them must."""
    if story.page >= rest.page:
        return False
    return story.onward == rest.page or story.page == rest.back


def _has_its_rest(story: Draft) -> bool:
    return any(piece.page != story.page for piece in story.body)


@dataclass(frozen=True, slots=True)
class _Ends:
    """What of a draft is compared, made once: its wording as pairs of letters."""

    draft: Draft
    heads: str
    text: set[str]
    start: set[str]
    """The headings and the first 400 characters."""

    @classmethod
    def of(cls, draft: Draft) -> "_Ends":
        heads, text = " ".join(head.text for head in draft.heads), draft.text
        return cls(draft, heads, bigrams(text), bigrams(heads + text[:400]))


def _fit(story: _Ends, rest: _Ends) -> float:
    """How well a rest fits a story: by heading, page, the word cut in two, and wording."""
    one, other = story.draft, rest.draft
    last, first = one.body[-1].text, other.body[0].text if other.body else ""
    # A text that starts in mid-sentence wants one that stops there, and the other way round.
    midway = bool(other.body) and other.body[0].opens is False
    return (
        3 * _same_heading(one, other)
        + 2 * (one.onward == other.page)
        + (one.page == other.back)
        + bool(parted_word(last, first))
        + 0.5 * (midway != one.body[-1].facts.ends_sentence)
        + shared_with(rest.heads, story.text)
        + (len(rest.text & story.start) / len(rest.text) if rest.text else 0.0)
    )


def _same_heading(story: Draft, rest: Draft) -> float:
    mine, others = story.heads[-MAX_HEADS:], rest.heads[-MAX_HEADS:]
    pairs = ((head.text, other.text) for head in others for other in mine)
    return max((min(1.0, overlap(a, b) + overlap(b, a)) for a, b in pairs), default=0.0)


def _take_rest(story: Draft, rest: Draft) -> None:
    """Join them: a heading that repeats the story's is not spoken, any other is a crosshead."""
    if _same_heading(story, rest) >= NEAR or len(rest.heads) > 1:
        story.repeats += rest.heads
    else:
        story.crossheads |= {head.order for head in rest.heads}
        story.body += rest.heads
    story.crossheads |= rest.crossheads
    if rest.body and not story.body[-1].facts.ends_sentence:
        rest.body[0] = replace(rest.body[0], opens=False)  # the page turn cut the paragraph
    story.body += rest.body
    story.credits += rest.credits
    story.signoffs += rest.signoffs
