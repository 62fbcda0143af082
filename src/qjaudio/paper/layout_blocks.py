"""From the parts of an article on the page to its blocks: heading, paragraphs, captions.

Paragraphs are told by their indents, also where lines are narrower beside a photo.
"""

from dataclasses import dataclass, field, replace
from statistics import median

from qjaudio.paper.layout_lines import LayoutLine, alike
from qjaudio.paper.layout_marks import is_signature, signed_end
from qjaudio.paper.layout_parts import Ground, Region, is_byline
from qjaudio.paper.model import Block, TextLine
from qjaudio.paper.text import ends_sentence


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


LEVEL_RATIOS = (2.4, 1.9, 1.5, 1.25, 1.1)
"""From which multiple of the body's type size a heading has level 1, 2, …; below the last, 6."""
INDENT_SIZES = 1.2
"""A first line is indented by two characters, less what the source measures too wide."""
MIN_NARROW_LINES = 3
"""So many lines in a row that begin or end further inside stand beside a photo."""
ROOM_SIZES = 1.3
"""A last line that leaves less room than this, in type sizes, is full."""


def blocks_of_group(group: Group, ground: Ground) -> list[Block]:
    """The blocks of an article: kicker, headline and deck, paragraphs; captions marked."""
    has_text = any(_is_prose(part) for column in group.columns for part in column)
    blocks: list[Block] = []
    for heading in group.headings:
        blocks += _heading(heading, ground, spare=not has_text)
    writer = _Writer(ground, _indents(group, ground))
    for column in group.columns:
        edges = _column_edges(column, ground)
        for part in column:
            writer.part(part, edges)
    return blocks + writer.done()


def _is_prose(part: Region) -> bool:
    """Whether a part is text of an article, not a date line or a list of names by themselves."""
    if part.kind != "text":
        return False
    text = "".join(line.text for line in part.lines)
    return ends_sentence(text) or (len(part.lines) > 1 and any(mark in text for mark in "，。；"))


def _heading(heading: Region, ground: Ground, *, spare: bool) -> list[Block]:
    """The lines of a heading; those of one size that follow each other are one."""
    vertical = heading.lines[0].vertical

    def place(line: LayoutLine) -> tuple[float, float]:
        return (-line.box.right, line.box.top) if vertical else (line.box.top, line.box.left)

    runs: list[list[LayoutLine]] = []
    bylines = [line for line in heading.lines if is_byline(line)]
    bylines = bylines if len(bylines) < len(heading.lines) else []
    for line in sorted(heading.lines, key=place):
        if line in bylines:
            continue
        if runs and alike(line, runs[-1][0], _same(line, ground)):
            runs[-1].append(line)
        else:
            runs.append([line])
    main = max(range(len(runs)), key=lambda at: runs[at][0].size)
    blocks = []
    for at, run in enumerate(runs):
        kind = "headline" if at == main else "kicker" if at < main else "deck"
        level = _level_of(run[0].size, ground)
        lines = tuple(text_line(line) for line in run)
        blocks.append(Block(lines=lines, level=level, kind="banner" if spare else kind))
    return blocks + [Block(lines=(text_line(line),), kind="byline") for line in bylines]


def _level_of(size: float, ground: Ground) -> int:
    """The Markdown level of a heading in type of this size."""
    return next((n for n, ratio in enumerate(LEVEL_RATIOS, 1) if size >= ratio * ground.body), 6)


def _same(line: LayoutLine, ground: Ground) -> float:
    """How far the type sizes of one heading's lines may differ."""
    if ground.exact:
        return 1.005
    return 1.2 if len(line.text) > 2 else 1.5  # a last character or two are hard to measure


def text_line(line: LayoutLine) -> TextLine:
    """A line as text sources give it."""
    return TextLine(text=line.text, box=line.box, size=line.size)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the lines of a column begin and end."""

    left: float
    right: float

    def indented(self, line: LayoutLine) -> bool:
        return line.box.left > self.left + INDENT_SIZES * line.size

    def full(self, line: LayoutLine) -> bool:
        return line.box.right > self.right - ROOM_SIZES * line.size

    def centred(self, line: LayoutLine) -> bool:
        """Whether a line leaves about the same room on both sides, as a 小标题 does."""
        before, after = line.box.left - self.left, self.right - line.box.right
        wide = min(before, after) > line.size
        return wide and abs(line.box.middle - (self.left + self.right) / 2) < 0.6 * line.size


def _column_edges(column: tuple[Region, ...], ground: Ground) -> _Edges:
    lines = [line for part in column if part.kind == "text" for line in part.lines]
    if not lines:
        return _Edges(0.0, 0.0)
    left = _flush([line.box.left for line in lines], ground)
    right = sorted(line.box.right for line in lines)[-max(1, len(lines) // 8)]
    return _Edges(left, max(right, left + 4 * ground.body))


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


def _flush(lefts: list[float], ground: Ground) -> float:
    """Where the lines of a column begin that are not indented; one that strays does not count."""
    enough = 1 if len(lefts) < 6 else 2
    for left in sorted(lefts):
        near = [other for other in lefts if left <= other < left + 0.7 * ground.body]
        if len(near) >= enough:
            return median(near)
    return min(lefts)


def _indents(group: Group, ground: Ground) -> bool:
    """Whether this article indents its paragraphs: some lines are, and the first one is."""
    lines = 0
    indented = 0
    for column in group.columns:
        edges = _column_edges(column, ground)
        for part in column:
            if part.kind == "text":
                lines += len(part.lines)
                indented += sum(edges.indented(line) for line in part.lines)
    return indented > 0 and indented < 0.6 * max(lines, 1)


@dataclass(slots=True)
class _Writer:
    """Writes paragraphs from the lines of columns, one after the other."""

    ground: Ground
    indents: bool
    blocks: list[Block] = field(default_factory=list)
    lines: list[LayoutLine] = field(default_factory=list)
    opens: bool | None = None
    filled: bool | None = None

    def part(self, part: Region, edges: _Edges) -> None:
        """Go on with the next part of a column."""
        if part.kind == "text":
            for line, own in zip(part.lines, _edges_of_lines(part.lines, edges), strict=True):
                self._line(line, own, lone=len(part.lines) == 1)
            return
        if part.kind == "crosshead":
            self._close()
            level = _level_of(part.size, self.ground)
            lines = tuple(text_line(line) for line in part.lines)
            self.blocks.append(Block(lines=lines, level=level, kind="crosshead"))
        elif part.kind in ("caption", "byline", "masthead"):
            # A photo cuts a paragraph: its caption waits until the paragraph is whole.
            lines = tuple(text_line(line) for line in part.lines)
            self.blocks.append(Block(lines=lines, kind=part.kind))

    def _line(self, line: LayoutLine, edges: _Edges, *, lone: bool) -> None:
        rest, name = signed_end(line.text, line.box, edges.left, edges.right, line.size)
        fresh = not self.lines or ends_sentence(self.lines[-1].text)
        signed = is_byline(line) or (lone and is_signature(line.text))
        if name or (fresh and signed):
            if rest and name:
                self._text(replace(line, text=rest, box=line.box), edges)
            self._close()
            line = replace(line, text=name or line.text)
            self.blocks.append(Block(lines=(text_line(line),), kind="byline"))
            return
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
