"""What all of the layout shares: a part of the page, and the measures that parts are told by."""

from dataclasses import dataclass
from statistics import median

from qjaudio.paper.layout_lines import SAME_SIZE, Line
from qjaudio.paper.plane import around, shared_width, width
from qjaudio.provenance import Box

HEADING = 1.18
"""Type that is this many times as large as the body's is a heading's, in a scan."""
EXACT_HEADING, EXACT_SAME = 1.06, 1.04
"""The same, and how far type of one size differs, where sizes are known exactly."""
DOUBTFUL = 1.4
"""Up to this many times the body's size a line may be text that was measured too large."""


@dataclass(frozen=True, slots=True)
class Part:
    """What stands together on the page: lines of one column, a heading, a caption, a picture."""

    kind: str
    """`text`, `heading`, `crosshead`, `caption`, `picture`, or `frame` (a boxed region)."""
    box: Box
    lines: tuple[Line, ...] = ()
    inside: tuple["Part", ...] = ()
    """The parts of a frame."""

    @property
    def size(self) -> float:
        """The size of its largest type."""
        return max((line.size for line in self.lines), default=0.0)


def part(kind: str, lines: list[Line]) -> Part:
    """A part made of lines."""
    return Part(kind, around(line.box for line in lines), tuple(lines))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page's parts are told by: type size of the text, pitch of its lines, rules."""

    body: float
    pitch: float
    rules: tuple[Box, ...] = ()
    exact: bool = False
    """Whether type sizes are known exactly."""

    @property
    def heading(self) -> float:
        """The least type size of a heading."""
        return (EXACT_HEADING if self.exact else HEADING) * self.body

    @property
    def same(self) -> float:
        """By which factor sizes of one type differ at most."""
        return EXACT_SAME if self.exact else SAME_SIZE

    def ruled(self, above: Box, below: Box) -> bool:
        """Whether a level rule parts two boxes, one above the other."""
        low, high = above.bottom - 0.3 * self.body, below.top + 0.3 * self.body
        narrow = min(width(above), width(below))
        return any(
            low <= rule.top <= high
            and width(rule) > self.body
            and min(shared_width(rule, above), shared_width(rule, below)) > 0.5 * narrow
            for rule in self.rules
        )


def line_pitch(lines: list[Line], body: float) -> float:
    """The usual distance from line to line of the text."""
    steps: list[float] = []
    level = sorted((x for x in lines if 0.85 < x.size / body < 1.15), key=lambda x: x.box.top)
    for at, line in enumerate(level):
        for below in level[at + 1 : at + 40]:
            step = below.box.top - line.box.top
            if step > 2.5 * body:
                break
            if step > 0.8 * body and shared_width(line.box, below.box) > 3 * body:
                steps.append(step)
                break
    return median(steps) if steps else 1.5 * body
