"""From places on the page to reading order: pure geometry, no word is read.

`arrange` takes the lines of a PDF or scan as they were found and gives the page as text sources
give it: headings with their level, then the paragraphs of their article, whole across columns.
"""

from dataclasses import dataclass, field, replace
from statistics import median

from qjaudio.paper.characters import ends_sentence
from qjaudio.paper.layout_articles import Group, articles_of
from qjaudio.paper.layout_lines import LayoutLine, alike, body_size, is_exact, lines_of
from qjaudio.paper.layout_parts import Ground, Region, line_pitch, parts_of
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.provenance import Box, box_around

LEVEL_RATIOS = (2.4, 1.9, 1.5, 1.25, 1.1)
"""From which multiple of the body's type size a heading has level 1, 2, …; below the last, 6."""
INDENT_SIZES = 1.2
"""A first line is indented by two characters, less what the source measures too wide."""
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
    for line in sorted(heading.lines, key=place):
        if runs and alike(line, runs[-1][0], _same(line, ground)):
            runs[-1].append(line)
        else:
            runs.append([line])
    main = max(range(len(runs)), key=lambda at: runs[at][0].size)
    blocks = []
    for at, run in enumerate(runs):
        kind = "headline" if at == main else "kicker" if at < main else "deck"
        level = _level_of(run[0].size, ground)
        lines = tuple(_text_line(line) for line in run)
        blocks.append(Block(lines=lines, level=level, kind="banner" if spare else kind))
    return blocks


def _level_of(size: float, ground: Ground) -> int:
    """The Markdown level of a heading in type of this size."""
    return next((n for n, ratio in enumerate(LEVEL_RATIOS, 1) if size >= ratio * ground.body), 6)


def _same(line: LayoutLine, ground: Ground) -> float:
    """How far the type sizes of one heading's lines may differ."""
    if ground.exact:
        return 1.005
    return 1.2 if len(line.text) > 2 else 1.5  # a last character or two are hard to measure


def _text_line(line: LayoutLine) -> TextLine:
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
            for line in part.lines:
                self._line(line, edges)
            return
        if part.kind == "crosshead":
            self._close()
            level = _level_of(part.size, self.ground)
            lines = tuple(_text_line(line) for line in part.lines)
            self.blocks.append(Block(lines=lines, level=level, kind="crosshead"))
        elif part.kind == "caption":
            # A photo cuts a paragraph: its caption waits until the paragraph is whole.
            lines = tuple(_text_line(line) for line in part.lines)
            self.blocks.append(Block(lines=lines, kind="caption"))

    def _line(self, line: LayoutLine, edges: _Edges) -> None:
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
            lines = tuple(_text_line(line) for line in self.lines)
            self.blocks.append(Block(lines=lines, opens=self.opens, filled=self.filled))
        self.lines = []

    def done(self) -> list[Block]:
        """All blocks."""
        self._close()
        return self.blocks


FRAME_SLACK_POINTS = 3.0
"""What a frame holds may stand out of it by this much."""
MIN_FRAME_SIZES = 3.0
"""A frame is at least so many type sizes high and wide; a thinner one is a double rule."""


def has_places(page: Page) -> bool:
    """Whether the source knew where the lines of a page stand, and no more."""
    lines = [line for block in page.blocks for line in block.lines]
    return bool(lines) and all(line.box for line in lines) and not any(b.kind for b in page.blocks)


def arrange(page: Page) -> Page:
    """The page with its blocks in reading order; a page without places stays as it is."""
    if not has_places(page):
        return page
    lines = lines_of(page)
    body = body_size(lines)
    frames, rules = _frames(page.rules, body)
    ground = Ground(body, line_pitch(lines, body), tuple(rules), is_exact(lines, body))
    parts = _framed(parts_of(lines, page.pictures, ground), frames)
    groups = articles_of(parts, ground)
    blocks = [block for group in groups for block in blocks_of_group(group, ground)]
    return replace(page, blocks=tuple(blocks))


def _frames(rules: tuple[Box, ...], body: float) -> tuple[list[Box], list[Box]]:
    """Frames, smallest first, and plain rules."""
    frames = [box for box in rules if min(box.width, box.height) > MIN_FRAME_SIZES * body]
    frames.sort(key=lambda box: box.width * box.height)
    return frames, [box for box in rules if box not in frames]


def _framed(parts: list[Region], frames: list[Box]) -> list[Region]:
    """Put the parts inside each frame together, inner frames first."""
    for frame in frames:
        inside = [part for part in parts if frame.holds(part.box, FRAME_SLACK_POINTS)]
        if any(part.kind in ("text", "heading") for part in inside) and len(inside) < len(parts):
            box = box_around([frame, *(part.box for part in inside)])
            rest = [part for part in parts if part not in inside]
            parts = [*rest, Region("frame", box, (), tuple(inside))]
    return parts
