"""Columns that stand side by side in a text, as `pdftotext -layout` writes them, one after another.

A gutter is a place at which the lines of a stretch of text have a gap of two spaces or more, or no
text at all. Such programs count a Han character as one place or as two, so both are tried; letters
of half the width make a gutter ragged by a few places.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, mode

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.lines import kind_of
from qjaudio.paper.text import han

RAGGED = 4
"""Places by which the gap of a line may miss the gutter."""
MIN_ROWS = 3
"""Fewest lines with text on both sides of a gutter."""
MAX_HEADING_ROWS = 2
"""Most lines of a headline over several columns."""
MIN_SIDE = 20
"""Fewest Han characters on each side of a gutter."""
MIN_PART = 4
"""Fewest Han characters in a line of a column, in the middle of all."""
MIX_SHARE = 0.4
"""Where so many of the lines hold wide gaps and no gutter is found, the columns cannot be told."""
_MIXED_SIDE = 7
_GAP = re.compile(r"(?<=\S)(?:[ \u3000\xa0]{2,}|[ \u3000\xa0]*\t[ \u3000\xa0\t]*)(?=\S)")
_WIDE_GAP = re.compile(r"\S[ \u3000\xa0\t]{3,}\S")
_SENTENCE_MARK = re.compile("[，。；！？]")
_FOLIO = re.compile(r"第\s*[A-D]?(\d{1,2}|[一二三四五六七八九十]{1,3})\s*版")
_THROUGH = ("masthead", "folio", "editors")
"""Lines whose gaps part facts, not columns."""
_ENDLESS = 1_000_000
_INDENT = "\u3000\u3000"
_INDENT_PLACES = 2
"""By so many places a first line begins further right, where no full-width spaces say so."""
_MAX_LINES = 2_000
"""Lines of the longest page that is looked at."""
_DEEPEST = 12
"""So many times a page is cut at most: a newspaper has about eight columns."""


@dataclass(frozen=True, slots=True)
class _TextRow:
    """A line of the text, with the places at which its text begins and ends, and its gaps."""

    text: str
    first: int
    last: int
    gaps: tuple[tuple[int, int, int, int], ...]
    """Of each gap its first and last place, and the characters of the line where it stands."""


def part_columns(text: str, name: str = "the text") -> str:
    """The text with its columns one after another, from left to right; other texts as they are.

    Raises:
        NotAnIssueError: it has columns that cannot be told from each other.
    """
    lines = text.expandtabs(8).split("\n")
    if len(lines) > _MAX_LINES or not any(map(_GAP.search, lines)):
        return text
    found = (_cut_columns(lines, wide, 0) for wide in (1, 2))
    parted, cuts = max(found, key=lambda result: (result[1], -len(result[0])))  # in fewer pieces
    rest = parted if cuts else lines
    mixed = [line for line in rest if _is_mixed(line)]
    filled = sum(bool(line.strip()) for line in rest)
    if len(mixed) > MIN_ROWS and len(mixed) > MIX_SHARE * filled:
        reason = f"{name} has columns side by side that cannot be told from each other"
        raise NotAnIssueError(reason, hint="write the text without -layout, or give the PDF itself")
    return "\n".join(parted) if cuts else text


def _is_mixed(line: str) -> bool:
    """Whether a line looks like two lines of prose with a gutter between them."""
    gap = _WIDE_GAP.search(line)
    sides = (line[: gap.start() + 1], line[gap.end() - 1 :]) if gap else ("", "")
    return min(len(han(side)) for side in sides) >= _MIXED_SIDE


def _cut_columns(lines: list[str], wide: int, depth: int) -> tuple[list[str], int]:
    """The lines with their columns one after another, and how many lines were cut."""
    rows = [_measure_line(line, wide) for line in lines]
    best = _longest_run(rows) if depth < _DEEPEST else None
    if best is None:
        return _level_lines(lines) if depth else lines, 0
    start, end, gutter = best
    left, right = _sides(rows[start:end], gutter)
    pieces = [
        _cut_columns(part, wide, depth + 1) for part in (lines[:start], left, right, lines[end:])
    ]
    found = [line for piece, _ in pieces if any(map(str.strip, piece)) for line in ["", *piece]]
    return found[1:], end - start + sum(count for _, count in pieces)


def _measure_line(line: str, wide: int) -> _TextRow:
    """A line, measured with Han characters that take `wide` places."""
    places = [0]
    for char in line:
        full = wide == 2 and unicodedata.east_asian_width(char) in "WF"
        places.append(places[-1] + (2 if full else 1))
    bare = line.strip()
    first = _first(line)
    through = kind_of(line) in _THROUGH
    folios = [*_FOLIO.finditer(line)]
    sheet = through and len({folio[1] for folio in folios}) > 1  # two pages side by side
    if through and not sheet:
        return _TextRow(line, 0, _ENDLESS, ())
    gaps = []
    for gap in _GAP.finditer(line):
        start, end = gap.span()
        indent = len(gap[0]) - len(gap[0].rstrip("\u3000"))
        end -= indent if indent < len(gap[0]) - 1 else 0
        gaps.append((places[start], places[end], start, end))
    if sheet:
        between = [g for g in gaps if folios[0].end() <= g[2] and g[3] <= folios[-1].start()]
        gaps = sorted(between, key=lambda gap: gap[0] - gap[1])[:1]
    return _TextRow(line, places[first], places[first + len(bare)], tuple(gaps))


def _longest_run(rows: list[_TextRow]) -> tuple[int, int, int] | None:
    """The longest run of rows with a gutter: its first row, the row after it, the gutter."""
    centres = sorted({(low + high) // 2 for row in rows for low, high, _, _ in row.gaps})
    best: tuple[int, int, int] | None = None
    over = _headings_over(rows)
    for gutter in _gutters(centres):
        start = 0
        for at in range(len(rows) + 1):
            if at < len(rows) and at not in over and _side_of(rows[at], gutter) != "across":
                continue
            longer = best is None or at - start > best[1] - best[0]
            if longer and _parts_prose(rows[start:at], gutter):
                best = (start, at, gutter)
            start = at + 1
    return best


def _headings_over(rows: list[_TextRow]) -> set[int]:
    """The rows of a line or two with nothing above, below or beside: headings over all columns."""
    filled = [bool(row.text.strip()) for row in rows]
    found, start = set[int](), 0
    for at, is_filled in enumerate([*filled, False]):
        if is_filled:
            continue
        block = rows[start:at]
        if 0 < len(block) <= MAX_HEADING_ROWS and not any(r.gaps or "。" in r.text for r in block):
            found.update(range(start, at))
        start = at + 1
    return found


def _gutters(centres: Sequence[int]) -> list[int]:
    """Places where a gutter may stand: one of each few centres of gaps that are near each other."""
    groups: list[list[int]] = []
    for centre in centres:
        if groups and centre - groups[-1][0] <= RAGGED:
            groups[-1].append(centre)
        else:
            groups.append([centre])
    return [round(median(group)) for group in groups]


def _gap_at(row: _TextRow, gutter: int) -> tuple[int, int, int, int] | None:
    """The gap of a row that is nearest to a gutter, if one is near."""

    def away(gap: tuple[int, int, int, int]) -> int:
        return max(gap[0] - gutter, gutter - gap[1], 0)

    gap = min(row.gaps, key=away, default=None)
    return gap if gap is not None and away(gap) <= RAGGED else None


def _side_of(row: _TextRow, gutter: int) -> str:
    """`both`, `left`, `right`, `none`, or `across` where text runs through the gutter."""
    if not row.text.strip():
        return "none"
    if _gap_at(row, gutter):
        return "both"
    if row.last <= gutter + 1:
        return "left"
    return "right" if row.first >= gutter - 1 else "across"


def _parts_prose(rows: list[_TextRow], gutter: int) -> bool:
    """Whether both sides of a gutter hold sentences, on enough lines side by side."""
    if sum(_side_of(row, gutter) == "both" for row in rows) < MIN_ROWS:
        return False
    for side in _sides(rows, gutter):
        filled = [len(han(line)) for line in side if line.strip()]
        text = "".join(side)
        if sum(filled) < MIN_SIDE or median(filled) < MIN_PART or not _SENTENCE_MARK.search(text):
            return False
    return True


def _sides(rows: list[_TextRow], gutter: int) -> tuple[list[str], list[str]]:
    """The lines left and right of a gutter, those on the right from its edge on."""
    found = [(row, _gap_at(row, gutter)) for row in rows]
    edge = min((gap[1] for _, gap in found if gap), default=gutter)
    left, right = list[str](), list[str]()
    for row, gap in found:
        if gap:
            left.append(row.text[: gap[2]])
            right.append(" " * (gap[1] - edge) + row.text[gap[3] :])
        elif _side_of(row, gutter) == "right":
            left.append("")
            right.append(" " * max(0, row.first - edge) + row.text.lstrip(" \t\xa0"))
        else:
            left.append(row.text)
            right.append("")
    return left, right


def _level_lines(lines: list[str]) -> list[str]:
    """The lines of one column without its place on the page; only a first line is indented."""
    filled = [line for line in lines if line.strip()]
    printed = any(line.lstrip(" \xa0").startswith(_INDENT) for line in filled)
    edge = mode(map(_first, filled)) if filled else 0
    return [
        line.strip(" \xa0")
        if printed
        else _INDENT * (_first(line) - edge >= _INDENT_PLACES) + line.strip()
        for line in lines
    ]


def _first(text: str) -> int:
    """The place of the first character that is no white space."""
    return len(text) - len(text.lstrip())
