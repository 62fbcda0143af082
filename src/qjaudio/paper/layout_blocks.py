"""From the parts of a page to blocks: drop caps and end names, then its articles.

An article has a heading, paragraphs and captions. Paragraphs are told by their indents, also where
lines are narrower beside a photo.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from qjaudio.paper.layout_labels import head_order, topic_and_head
from qjaudio.paper.layout_lines import DROP_CAP_SIZES, SIDE_SIZES, alike, text_line
from qjaudio.paper.layout_parts import DECK_RATIO, HALF_RATIO, MAX_CROSSHEAD, SENTENCE
from qjaudio.paper.layout_regions import (
    ALIGNED_PITCHES,
    CROSSHEAD_RATIO,
    Region,
    Scale,
)
from qjaudio.paper.layout_regions import part as part_of
from qjaudio.paper.lines import bare_names, has_surname, opens_story, read_masthead
from qjaudio.paper.model import Block, LayoutLine
from qjaudio.paper.pieces import ROOM_SIZES, is_byline
from qjaudio.paper.text import (
    Box,
    PageText,
    box_around,
    compact,
    ends_sentence,
    han,
    join_texts,
    parts_level,
)
from qjaudio.paper.words import author_of, is_pen_name, parted_word

MIN_CROSSHEAD = 4
"""Han characters of the shortest 小标题 that its place alone shows."""
NAME_ROOM = 3.0
"""What stands free before a name that signs at the right edge, in type sizes."""


def is_indented(text: Region, scale: Scale) -> bool:
    """Whether a column begins with a paragraph, or a byline over it."""
    first = next((line for line in text.lines if not is_byline(line)), text.lines[0])
    return first.box.left > text.box.left + scale.body


def with_drop_caps(lines: list[LayoutLine], body: float) -> list[LayoutLine]:
    """Lines with each drop cap before the first of the lines that stand beside it."""
    low, high = DROP_CAP_SIZES
    for cap in lines:
        fits = len(cap.text) == 1 and low * body < cap.size < high * body
        if not fits or not (cap.text.isalnum() or cap.text == "\ufffd"):
            continue
        left = cap.box.left
        beside = sorted(
            (line for line in lines if line is not cap and _is_beside(line, cap, body)),
            key=lambda line: line.box.top,
        )
        if len(beside) < 2 or beside[0].box.top > cap.box.top + body:
            continue
        first = replace(
            beside[0],
            text=join_texts((cap.text, beside[0].text)),
            box=replace(beside[0].box, left=left),
        )
        moved = {id(beside[0]): first}
        moved |= {id(one): replace(one, box=replace(one.box, left=left)) for one in beside[1:]}
        lines = [moved.get(id(line), line) for line in lines if line is not cap]
    return lines


def _is_beside(line: LayoutLine, cap: LayoutLine, body: float) -> bool:
    level = (
        cap.box.top - 0.6 * body < line.box.top and line.box.bottom < cap.box.bottom + 0.6 * body
    )
    near = 0.6 * cap.size < line.box.left - cap.box.left < 1.3 * cap.size + 3 * body
    return level and near and line.size < 1.2 * body


def signed_end(
    text: PageText, box: Box, left: float, right: float, size: float
) -> tuple[PageText, PageText]:
    """A line without the bare name that signs at its right edge, and that name.

    `left` and `right` are the column's edges. A line of its own is all name.
    """
    if box.right < right - 1.3 * size:
        return text, PageText()
    words = text.split()
    for count in (1, 2, 3):
        name = "".join(words[-count:])
        rest = text[: _start_of_words(text, count)].rstrip()
        fits = is_signature(" ".join(words[-count:]).strip("（）()"))
        fits = fits and (name[0] not in "（(" or name[-1] in "）)")  # （通讯(员 李明）
        alone = not rest and box.left > left + NAME_ROOM * size and 2 <= len(name) <= 10
        if fits and ((rest and ends_sentence(rest)) or alone):
            return rest, text[len(rest) :].strip()
        if not rest:
            break
    return text, PageText()


def is_signature(text: str) -> bool:
    """Whether a text is nothing but names with known family names."""
    names = bare_names(text)
    return bool(names) and all(map(has_surname, names))


def _start_of_words(text: str, count: int) -> int:
    """Where the last so many words of a text begin."""
    at = len(text)
    for _ in range(count):
        at = len(text[:at].rstrip())
        at = max(text.rfind(" ", 0, at), text.rfind("\u3000", 0, at)) + 1
    return at


@dataclass(frozen=True, slots=True)
class Group:
    """An article as the page's geometry shows it: headings, then its columns in order."""

    headings: tuple[Region, ...]
    columns: tuple[tuple[Region, ...], ...]
    """Text, crossheads, captions and pictures, column by column."""

    @property
    def parts(self) -> list[Region]:
        """All of them."""
        return [*self.headings, *(part for column in self.columns for part in column)]


LONE_RATIO = 1.6
"""A headline that has no text under it is so much larger than the text; a deck is no larger."""


def with_lone_heads(groups: list[Group], frames: Sequence[Box], scale: Scale) -> list[Group]:
    """Articles, a headline that has no text put to the only one that wants it: under its text in
    one frame, over its deck, beside either."""
    found = [*groups]
    for lone in groups:
        wanting = [x for x in found if x is not lone and _wants_head(x, lone, frames, scale)]
        if len(wanting) == 1 and lone in found:
            group = wanting[0]
            columns = (part for one in (*group.columns, *lone.columns) for part in one)
            heads = [*lone.headings, *group.headings]
            if lone.headings[0].box.top > group.parts[-1].box.bottom:
                heads = [*group.headings, *lone.headings]
            whole = Group(tuple(heads), columns_of([*columns]))
            found = [whole if one is group else one for one in found if one is not lone]
    return found


def _columns_in(group: Group) -> list[Region]:
    return [part for part in group.parts if part.kind == "text"]


def _wants_head(group: Group, lone: Group, frames: Sequence[Box], scale: Scale) -> bool:
    """Whether an article without a headline, or with a mere deck for one, has it in another group
    that has no text, or goes on in its columns."""
    size = max((part.size for part in lone.headings), default=0.0)
    deck = max((part.size for part in group.headings if part.kind == "heading"), default=0.0)
    texts, rest = _columns_in(group), _columns_in(lone)
    large = size >= LONE_RATIO * scale.body > deck and deck <= DECK_RATIO * size
    if not large or 0 < deck < scale.heading or not any(map(_is_prose, texts)):
        return False
    head = box_around(part.box for part in lone.headings)
    whole = box_around(part.box for part in (*group.headings, *texts))
    if rest:
        return deck > 0 and _shares_row(group, lone, scale)
    slack = scale.body / 3
    around = [x for x in frames if x.holds(whole, slack)]
    grounds = [x for x in frames if x.holds(head, slack) and x not in around]
    if grounds[1:] or not all(frame.holds(head, slack) for frame in around):
        return False  # an advert has a double frame
    ground, most = (grounds[0], scale.body) if grounds else (head, size)
    over = _is_head_over(ground, whole, most, scale)
    if grounds or (over and deck):
        return over
    under = bool(around) and _is_head_over(whole, head, whole.height, scale)
    under &= deck < size / 2  # a label's size
    upright = any(part.lines[0].vertical for part in lone.headings)
    whole = box_around(part.box for part in group.parts)  # with photos
    return under or ((upright or not deck) and _is_head_beside(head, whole, texts, scale))


def _is_head_beside(head: Box, whole: Box, texts: list[Region], scale: Scale) -> bool:
    """Whether a headline stands beside an article, no higher or lower than it."""
    edge = max((part.box for part in texts), key=head.shared_width)
    near = -scale.body < -head.shared_width(whole) < SIDE_SIZES * scale.body
    near &= head.shared_height(whole) > 0.8 * head.height
    return near and not any(parts_level(rule, head, edge) for rule in scale.rules)


def _is_head_over(upper: Box, lower: Box, most: float, scale: Scale) -> bool:
    """Whether one box stands over another, no further than so much, and one is as wide as both."""
    both = box_around((upper, lower))
    within = both.width < max(upper.width, lower.width) + 2 * scale.body
    near = -scale.body < lower.top - upper.bottom < most
    return within and near and not scale.ruled(upper, lower)


def _shares_row(group: Group, lone: Group, scale: Scale) -> bool:
    """Whether columns under a deck stand in one row with those of a headline: it is upright, and
    the deck in the middle over all of them; or as wide, and its deck and byline over the first."""
    first, later = _columns_in(group), _columns_in(lone)
    row = box_around(part.box for part in (*first, *later))
    head, deck = (box_around(part.box for part in one.headings) for one in (lone, group))
    tops = [min(part.box.top for part in one) for one in (first, later)]
    if abs(tops[0] - tops[1]) > ALIGNED_PITCHES * scale.pitch:
        return False
    if any(part.lines[0].vertical for part in lone.headings):
        return abs(deck.middle - row.middle) < scale.body
    after = min(x.box.left for x in later) > max(x.box.right for x in first)
    named = any(is_byline(x) for part in group.headings for x in part.lines)  # over the deck
    return after and named and _is_head_over(head, box_around((deck, row)), scale.body, scale)


LEVEL_RATIOS = (2.4, 1.9, 1.5, 1.25, 1.1)
"""From which multiple of the body's type size a heading has level 1, 2, …; below the last, 6."""
INDENT_SIZES = 1.2
"""A first line is indented by two characters, less what the source measures too wide."""
MIN_NARROW_LINES = 3
"""So many lines in a row that begin or end further inside stand beside a photo."""


TITLE_SIZES = 12.0
"""A poem's title in the middle of its measure stands no further beside its only column."""
RAGGED_SIZES, FEWEST_RAGGED = 0.8, 3
"""The lines of a poem end so far from each other, in type sizes, so often at least."""


def is_poem(parts: Iterable[Sequence[LayoutLine]], *, signed: bool = False) -> bool:
    """Whether a text is set line for line: most lines end elsewhere than the next, in no sentence's
    end, or no mark stands in it and some do or its writer stands over it. In running text only the
    last lines of paragraphs do, and those beside a photo once."""
    pairs = [pair for lines in parts for pair in pairwise(lines)]
    bare = len(pairs) >= FEWEST_RAGGED and all(x.text == han(x.text) for y in pairs for x in y)
    ragged = sum(
        abs(upper.box.right - lower.box.right) > RAGGED_SIZES * upper.size
        and not (ends_sentence(upper.text) or ends_sentence(lower.text))
        for upper, lower in pairs
    )
    if ragged < (not signed if bare else max(FEWEST_RAGGED, len(pairs) / 2)):
        return False
    # Running text that is not justified ends its lines inside words and numbers.
    return sum(bool(parted_word(upper.text, lower.text)) for upper, lower in pairs) < 2


def blocks_of_group(group: Group, scale: Scale) -> list[Block]:
    """The blocks of an article: kicker, headline and deck, paragraphs; captions marked."""
    group = _with_text_of_head(group)
    texts = [part for column in group.columns for part in column if part.kind == "text"]
    rows = [[line for line in part.lines if not is_byline(line)] for part in texts]
    heads = ((line, head) for head in group.headings for line in head.lines)
    poem = is_poem(rows, signed=any(is_byline(x) or _is_pen_name(x, y, scale) for x, y in heads))
    has_text = poem or any(map(_is_prose, texts))
    blocks: list[Block] = []
    if group.headings:
        blocks += _heading(group.headings, scale, spare=not has_text)
    writer = _Writer(scale, _indents(group, scale), poem)
    for column in group.columns:
        for part, edges in _with_edges(column, scale):
            writer.part(part, edges)
    spoken = writer.done()
    if group.headings and not has_text:  # an advert's lines, and no end of the story before it
        spoken = [replace(one, kind=one.kind or "banner") for one in spoken]
    return blocks + spoken


def _with_text_of_head(group: Group) -> Group:
    """A heading alone in whose lines a story opens, as measured type of one size may join them: its
    text begins there."""
    lines = group.headings[-1].lines if group.headings and not any(group.columns) else ()
    at = next((n for n, line in enumerate(lines) if n and opens_story(line.text)), 0)
    if not at or not _is_prose(text := part_of("text", list(lines[at:]))):
        return group
    head = part_of("heading", list(lines[:at]))
    return Group((*group.headings[:-1], head), ((text,),))


def _is_prose(part: Region) -> bool:
    """Whether a part is text of an article, not a date line or a list of names by themselves."""
    text = "".join(line.text for line in part.lines)
    ends = ends_sentence(text) or "。" in text  # who took the photo may stand after its end
    return ends or (len(part.lines) > 1 and any(mark in text for mark in "，；"))


def _heading(headings: Sequence[Region], scale: Scale, *, spare: bool) -> list[Block]:
    """The lines of headings; those of one size that follow each other are one."""
    runs: list[list[LayoutLine]] = []
    bylines: list[LayoutLine] = []
    for heading in headings:
        named = [x for x in heading.lines if is_byline(x) or _is_pen_name(x, heading, scale)]
        named = named if spare or len(named) < len(heading.lines) else []
        bylines += named
        for line in sorted(heading.lines, key=head_order):
            if line in named:
                continue
            if runs and alike(line, runs[-1][0], _same(line, runs[-1][0], scale)):
                runs[-1].append(line)
            else:
                runs.append([line])
    dashed = (at for at, run in enumerate(runs) if at and run[0].text[:1] in "—－")  # no kicker
    top, main = topic_and_head([max(x.size for x in run) for run in runs[: next(dashed, None)]])
    blocks = []
    for at, run in enumerate(runs):
        kind = "headline" if at == main else "kicker" if at < main else "deck"
        kind, level = "banner" if spare or at < top else kind, level_of(run[0].size, scale.body)
        blocks.append(Block(lines=tuple(map(text_line, run)), level=level, kind=kind))
    return blocks + [Block(lines=(text_line(line),), kind="byline") for line in bylines]


def _is_pen_name(line: LayoutLine, heading: Region, scale: Scale) -> bool:
    """Whether a short word in small type stands by itself as the last line under others: a name."""
    name, others = compact(line.text), [one for one in heading.lines if one is not line]
    last = all(one.box.top < line.box.top and one.size > line.size for one in others)
    short = 2 <= len(han(name)) == len(name) <= 4 and line.size < CROSSHEAD_RATIO * scale.body
    if not others:
        return short and name != line.text and is_pen_name(name)  # beside its headline
    named = name != line.text or (len(name) < 4 and has_surname(name))
    return short and last and (len(others) > 1 or named)


def level_of(size: float, body: float) -> int:
    """The Markdown level of a heading in type of this size."""
    return next((n for n, ratio in enumerate(LEVEL_RATIOS, 1) if size >= ratio * body), 6)


CURVES_RATIO = 1.06
"""How far letters drawn as curves, which are measured, differ."""
MAX_HALVES, SHORT_RATIO, _PARTED = 14, 1.46, frozenset(" 　—－，。；：")
"""Two lines of so many characters at most are one headline, in type that differs by so much."""


def _same(line: LayoutLine, last: LayoutLine, scale: Scale) -> float:
    """How far sizes of a heading's lines may differ; a half may be smaller, no deck, no name."""
    words, large = line.text + last.text, min(line.size, last.size) > 1.5 * scale.body
    short = large and len(words) <= MAX_HALVES and not _PARTED & {*words}
    if short and not read_masthead((), (last.text,), "").paper:
        return SHORT_RATIO
    if scale.exact:
        return HALF_RATIO if large else CURVES_RATIO
    return 1.2 if len(line.text) > 2 else 1.5  # a last character or two are hard to measure


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the lines of a column begin and end."""

    left: float
    right: float

    def indented(self, line: LayoutLine) -> bool:
        return line.box.left > self.left + INDENT_SIZES * line.size

    def full(self, line: LayoutLine) -> bool:
        return line.box.right > self.right - ROOM_SIZES * line.size


def _with_edges(column: tuple[Region, ...], scale: Scale) -> list[tuple[Region, _Edges]]:
    """The parts of a column and where their lines begin and end; several that reach over the next
    column too, as a note does, have edges of their own."""
    widths = [part.box.width for part in column if part.kind == "text" for _ in part.lines]
    most = 1.5 * median(widths or [0.0])
    wide = [part for part in column if part.box.width > most and len(part.lines) > 1]
    usual = _column_edges(tuple(part for part in column if part not in wide), scale)
    return [(x, _column_edges((x,), scale) if x in wide else usual) for x in column]


def _column_edges(column: tuple[Region, ...], scale: Scale) -> _Edges:
    lines = [line for part in column if part.kind == "text" for line in part.lines]
    if not lines:
        return _Edges(0.0, 0.0)
    left = _flush([line.box.left for line in lines], scale)
    right = sorted(line.box.right for line in lines)[-max(1, len(lines) // 8)]
    return _Edges(left, max(right, left + 4 * scale.body))


def _edges_of_lines(lines: tuple[LayoutLine, ...], edges: _Edges) -> list[_Edges]:
    """The edges that each line of a column has: beside a photo several lines are narrower."""
    found = [edges] * len(lines)
    inward = [edges.indented(line) for line in lines]
    for start, end in _runs(inward):
        left, size = median(line.box.left for line in lines[start:end]), lines[start].size
        if abs(left - edges.left - 2 * size) > 0.3 * size:  # else single lines, each indented
            for at in range(start, end):
                if lines[at].box.left > left - 0.5 * size:
                    found[at] = replace(found[at], left=left)
    short = [not edges.full(line) for line in lines]
    for start, end in _runs(short):
        right = max(line.box.right for line in lines[start:end])
        for at in range(start, end):
            found[at] = replace(found[at], right=right)
    return found


def _runs(marks: list[bool]) -> list[tuple[int, int]]:
    """From where to where marks are set at least three times in a row."""
    found, start = [], None
    for at, mark in enumerate([*marks, False]):
        if mark and start is None:
            start = at
        elif not mark and start is not None:
            if at - start >= MIN_NARROW_LINES:
                found.append((start, at))
            start = None
    return found


def _flush(lefts: list[float], scale: Scale) -> float:
    """Where the lines of a column begin that are not indented; one that strays does not count."""
    enough = 1 if len(lefts) < 6 else 2
    for left in sorted(lefts):
        near = [other for other in lefts if left <= other < left + 0.7 * scale.body]
        if len(near) >= enough:
            return median(near)
    return min(lefts)


def _indents(group: Group, scale: Scale) -> bool:
    """Whether this article indents paragraphs: some lines are, few or all behind a full stop."""
    starts, lines = list[bool](), 0
    for column in group.columns:
        for part, edges in _with_edges(tuple(x for x in column if x.kind == "text"), scale):
            lines += len(part.lines)
            for before, line in pairwise([None, *part.lines]):
                if line and edges.indented(line):
                    starts.append(before is None or ends_sentence(before.text))
    return bool(starts) and (len(starts) < 0.6 * lines or all(starts))


@dataclass(slots=True)
class _Writer:
    """Writes paragraphs from the lines of columns, one after the other."""

    scale: Scale
    indents: bool
    poem: bool = False
    blocks: list[Block] = field(default_factory=list)
    lines: list[LayoutLine] = field(default_factory=list)
    opens: bool | None = None
    filled: bool | None = None

    def part(self, part: Region, edges: _Edges) -> None:
        """Go on with the next part of a column."""
        if part.kind == "text":
            owned = [*zip(part.lines, _edges_of_lines(part.lines, edges), strict=True)]
            for (line, own), below in zip(owned, [*owned[1:], None], strict=True):
                indented = below is not None and below[1].indented(below[0])
                if indented and self._is_flush_head(line, own):
                    self._crosshead((line,), line.size)
                    continue
                goes_on = self.indents and below is not None and not indented
                self._line(line, own, lone=len(part.lines) == 1, goes_on=goes_on)
            return
        if part.kind == "crosshead":
            self._crosshead(part.lines, part.size)
        elif part.kind in ("caption", "byline", "masthead"):
            # A photo cuts a paragraph: its caption waits until the paragraph is whole.
            lines = tuple(text_line(line) for line in part.lines)
            self.blocks.append(Block(lines=lines, kind=part.kind))

    def _crosshead(self, lines: Sequence[LayoutLine], size: float) -> None:
        self._close()
        level = level_of(size, self.scale.body)
        self.blocks.append(Block(lines=tuple(map(text_line, lines)), level=level, kind="crosshead"))

    def _is_flush_head(self, line: LayoutLine, edges: _Edges) -> bool:
        """Whether a short line at the left edge between indented paragraphs is a 小标题: the text
        before has ended, and no paragraph ends without a mark."""
        if not self.indents or self.poem or not (self.lines or self.blocks):
            return False
        if edges.indented(line) or edges.full(line) or is_byline(line):
            return False
        short = MIN_CROSSHEAD <= len(han(line.text)) <= MAX_CROSSHEAD and not SENTENCE.search(
            line.text
        )
        return short and not ends_sentence(line.text) and self._is_fresh()

    def _is_fresh(self) -> bool:
        return not self.lines or ends_sentence(self.lines[-1].text)

    def _line(self, line: LayoutLine, edges: _Edges, *, lone: bool, goes_on: bool) -> None:
        _, mark, last = self.lines[-1].text.rpartition("（") if self.lines else ("", "", "")
        if mark and "）" not in last and "）" in line.text:  # who signs, in two lines
            self.lines.append(line)
            return
        rest, name = signed_end(line.text, line.box, edges.left, edges.right, line.size)
        if rest and goes_on and " " not in name:
            name = PageText()  # the next line is none that opens a paragraph
        fresh = self._is_fresh()
        lone &= len(line.text) < 5 or " " in line.text  # names are set apart, words of text are not
        signed = is_byline(line) or (lone and is_signature(line.text))
        signed |= line.text.startswith(("指导", "辅导")) and author_of(line.text) == ()
        if name or (fresh and signed):
            if rest and name:
                self._text(replace(line, text=rest, box=line.box), edges)
            self._close()
            line = replace(line, text=name or line.text)
            self.blocks.append(Block(lines=(text_line(line),), kind="byline"))
            return
        if self.poem:
            verse = Block(lines=(text_line(line),), kind="verse", opens=True, filled=False)
            self.blocks.append(verse)
        else:
            self._text(line, edges)

    def _text(self, line: LayoutLine, edges: _Edges) -> None:
        indented = edges.indented(line)
        begins = indented if self.indents else not self.lines or self._ended()
        if begins or not self.lines:
            self._close()
            self.opens = indented if self.indents else None
        self.lines.append(line)
        self.filled = edges.full(line)

    def _ended(self) -> bool:
        """Whether a paragraph that is not indented ended: with room left after a full stop."""
        return self.filled is False and ends_sentence(self.lines[-1].text)

    def _close(self) -> None:
        if self.lines:
            lines = tuple(text_line(line) for line in self.lines)
            self.blocks.append(Block(lines=lines, opens=self.opens, filled=self.filled))
        self.lines = []

    def done(self) -> list[Block]:
        """All blocks."""
        self._close()
        return self.blocks


def poem_under(
    head: Region, texts: list[Region], over: list[Region | None], scale: Scale
) -> Box | None:
    """The box of a poem's title in the gutter between its columns, or beside the only one with no
    other headline `over` it, as wide as they are."""
    near = zip(texts, over, strict=True)
    free = [x for x, one in near if one in (None, head) or one.box.bottom < head.box.top]
    under = [x for x in free if -1 < (x.box.top - head.box.bottom) / scale.pitch < 2]
    for left, right in pairwise(under):
        between = left.box.middle < head.box.middle < right.box.left
        both = box_around((left.box, right.box))
        if between and is_poem((left.lines, right.lines)):
            return replace(head.box, left=both.left, right=both.right)
    most = TITLE_SIZES * scale.body
    aside = [x for x in under if 0 < -x.box.shared_width(head.box) < most]
    if not aside or any(x.box.shared_width(head.box) > 0 for x in under):
        return None
    box = aside[0].box
    verses = [x.lines for x in texts if x.box.top >= box.top and abs(x.box.left - box.left) < 1]
    parted = any(parts_level(rule, head.box, box) for rule in scale.rules)
    both = box_around((head.box, box))
    whole = replace(head.box, left=both.left, right=both.right)
    return None if parted or not is_poem(verses) else whole


def columns_of(parts: list[Region]) -> tuple[tuple[Region, ...], ...]:
    """Parts of one article by column: from left to right, each from top to bottom."""
    columns: list[list[Region]] = []
    for part in sorted(parts, key=lambda part: part.box.left):
        column = next((column for column in columns if _same_column(part, column)), None)
        if column is not None and part.kind in ("text", "crosshead", "caption", "masthead"):
            column.append(part)
        else:
            columns.append([part])
    return tuple(tuple(sorted(column, key=lambda part: part.box.top)) for column in columns)


def _same_column(part: Region, column: list[Region]) -> bool:
    texts = [other for other in column if other.kind in ("text", "crosshead")]
    told = part.kind in ("text", "crosshead")
    beside = (x.box for x in texts if told and x.kind == "text")
    if any(x.shared_width(part.box) <= 0 < x.shared_height(part.box) for x in beside):
        return False  # a wide one stands over both
    return any(
        part.box.shared_width(other.box) > 0.5 * min(part.box.width, other.box.width)
        for other in texts
    )
