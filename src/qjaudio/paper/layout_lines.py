"""From what a source found side by side on a page to printed lines."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from qjaudio.paper.lines import has_surname, names_in, names_of_credit, opens_story
from qjaudio.paper.model import LayoutLine, Page, TextLine
from qjaudio.paper.pieces import is_byline
from qjaudio.paper.text import (
    Box,
    PageText,
    box_around,
    compact,
    frames_of,
    han,
    han_count,
    join_texts,
    shortened,
)

SAME_SIZE_RATIO = 1.15
"""Types of one size differ by less: scans measure them within a tenth or so."""
INLINE_GAP_SIZES = 3.0  # widest gap in a line of text, in type sizes: before a signature, say
HEADING_GAP_SIZES = 1.3  # widest gap inside a heading, and after a credit, in type sizes
DROP_CAP_SIZES = (1.6, 5.0)
"""The size of a drop cap in type sizes of the text: two lines are about 2.5, three 4."""
CERTAIN_SIZES, CERTAIN_EXACT_SIZES = 0.4, 0.55
"""Narrower gaps are never gutters: in scans, whose boxes are wider than the type, and in PDFs."""
NEARBY_SIZES = 3.5
"""How many type sizes above and below are searched for lines that show a gutter."""
MAX_ABREAST = 3  # vertical lines side by side that may be taken for level ones
LARGE_RATIO, EXACT_LARGE_RATIO = 1.3, 1.06
"""Type of so many times the body's size is a headline's; the second where a PDF states sizes."""
TWO_SIZES_GAP, TWO_SIZES_MARK = 1.25, 0.5
"""Widest gap between the parts of a headline in two sizes, a space, and what a mark leaves bare
beside it: in the larger type."""
UNDER_SIZES = 6.0  # how far under a headline its text or its deck begins at most, in type sizes
MIN_HEADLINE = 4  # Han characters of the shortest headline that stands by itself
SPACE_SIZES, WIDE_SPACE_SIZES = 0.2, 1.2
"""A wider gap is a space, in type sizes; beside a mark, which leaves room, the second."""
OPENING, CLOSING = "（《“‘「『【", "，。、；：！？）》”’」』】"
"""Marks that leave room beside them without a space."""
MARK_SIZES = 0.35
"""That room, in type sizes: 0.1 to 0.7, as marks are squeezed."""
MIN_COLUMN_GAP, MIN_COLUMN_LINES, COLUMN_REACH, NEXT_LINE = 0.02, 4, 20.0, 3.2
"""A column whose left edge so many lines nearby share, in type sizes, is one at any gap: hanging
marks and lines set too long leave hardly any."""
ASKEW = 0.2  # how far lines of a scan begin beside each other, in type sizes
MIN_COLUMN_SIZES, SPACE_GAP = 4.0, 1.4
"""What is narrower is no line of a column; what stands so near goes on with it, in type sizes."""
MAX_SIGNATURE = 14  # characters of the longest signature: 本报记者 and two names
SHORT_CHARS, ROUGH_RATIO = 8, 1.4
"""Of runs of fewer characters a scan measures the type only so well, larger over smaller."""
LIKE_BODY_RATIOS = (0.85, 1.15)
"""Type within these multiples of the body's size counts where its spread and pitch are measured."""
EXACT_SPREAD, EXACT_SHARE = 0.004, 0.85
"""A PDF states sizes: three hold such a share of the lines; measured ones, in whole dots, 70 %."""
UPRIGHT_RATIO = 1.06  # vertical runs in type that differs more are lines of their own
STACK_OFFSET_SIZES = 0.4  # characters of a vertical line stand centred, and overlap, by less
TIGHT_STEPS, TALL_FRAME = (0.88, 0.8, 0.65), 2.5
"""From one line to the next characters stand no further apart than these of what is between those
beside each other; the second where the lines are more than the characters of each, the third where
they stand alone in a frame so many times as high as wide."""
MIN_TEXT_LINES, MIN_TEXT_STOPS, MAX_TEXT_RATIO = 6, 2, 1.4
"""So many lines with so many full stops, no larger than so, are the text of a story that is set
larger than the others; headlines have no full stops."""
SIDE_SIZES = 3.5  # a headline beside its columns stands no further from them, in type sizes
ROW_SHARE = 0.6  # lines that overlap by this share of their height stand in one row


def alike(one: LayoutLine, other: LayoutLine, ratio: float = SAME_SIZE_RATIO) -> bool:
    """Whether two lines are set in type of one size."""
    return max(one.size, other.size) <= ratio * min(one.size, other.size)


@dataclass(frozen=True, slots=True)
class _Around:
    """What tells a gap inside a line from a gutter."""

    runs: list[LayoutLine]
    rules: list[Box]
    boxes: tuple[Box, ...]
    """Pictures and frames."""
    body: float
    exact: bool


def lines_of(page: Page) -> list[LayoutLine]:
    """The printed lines of a page, in no special order."""
    found = [_line(line) for block in page.blocks for line in block.lines]
    runs = _stacked([line for line in found if line], page.rules)
    level = [run for run in runs if not run.vertical]
    body = body_size(level)
    level = _with_one_text_size(level, body)
    exact = is_exact(level, body)
    upright = [rule for rule in page.rules if rule.is_tall and rule.width < body]
    frames, _ = frames_of(page.rules, 2 * body)
    upright += [replace(x, left=side, right=side) for x in frames for side in (x.left, x.right)]
    around_them = _Around(level, upright, (*page.pictures, *frames), body, exact)
    rows = [line for row in _rows(level, exact=exact) for line in _join_row(row, around_them)]
    return [run for run in runs if run.vertical] + _join_sizes(rows, around_them)


def _with_one_text_size(runs: list[LayoutLine], body: float) -> list[LayoutLine]:
    """The runs, those of a second size of text as large as the first: many, and of sentences."""
    sizes: dict[float, list[LayoutLine]] = {}
    for run in runs:
        sizes.setdefault(round(run.size, 1), []).append(run)
    found = set[int]()
    for size, group in sizes.items():
        if not EXACT_LARGE_RATIO * body < size < MAX_TEXT_RATIO * body:
            continue
        found |= {id(x) for x in group if size < LIKE_BODY_RATIOS[1] * body and opens_story(x.text)}
        words = "".join(run.text for run in group)
        several = len(group) >= MIN_TEXT_LINES and words.count("。") >= MIN_TEXT_STOPS
        for chain in _one_below_the_other(group):
            text = "".join(run.text for run in chain)
            marks = len(re.findall("[，。；]", text))
            lead = len(chain) > 1 and "。" in text and marks > 1
            long = han_count(text) > 5 * len(chain) or text.endswith("。")
            long |= several and "。" in text
            if (lead or (several and marks)) and long:
                signed = (run for run in group if re.fullmatch("（[^（）]+）", run.text))
                found |= {id(run) for run in (*chain, *_at_ends_of(chain, group), *signed)}
    return [replace(run, size=body) if id(run) in found else run for run in runs]


def _at_ends_of(chain: list[LayoutLine], runs: list[LayoutLine]) -> list[LayoutLine]:
    """The runs that stand in a column beside the ends of its lines: who signs it."""
    whole = box_around(run.box for run in chain)
    return [
        run
        for run in runs
        if whole.left < run.box.left and run.box.right < whole.right + 0.5 * run.size
        if any(abs(run.box.top - one.box.top) < 0.2 * run.size for one in chain)
    ]


def _one_below_the_other(runs: list[LayoutLine]) -> list[list[LayoutLine]]:
    """Runs of one size, those together that follow each other in a column."""
    chains: list[list[LayoutLine]] = []
    for run in sorted(runs, key=lambda run: run.box.top):
        for chain in chains:
            last = chain[-1].box
            below = 0.8 * run.size < run.box.top - last.top < 1.9 * run.size
            if below and abs(run.box.left - last.left) < 2.6 * run.size:
                chain.append(run)
                break
        else:
            chains.append([run])
    return chains


def _join_sizes(lines: list[LayoutLine], page: _Around) -> list[LayoutLine]:
    """Lines with those parts of a headline joined that are set in two sizes on one line."""
    least = (EXACT_LARGE_RATIO if page.exact else LARGE_RATIO) * page.body
    large = [line for line in lines if line.size > least]
    kept = {id(line) for line in large}
    for widest in (CERTAIN_SIZES, TWO_SIZES_GAP):  # a figure first with the word behind it
        joined: list[LayoutLine] = []
        for line in sorted(large, key=lambda line: line.box.left):
            fits = (x for x in reversed(joined) if _goes_on_larger(x, line, widest, page))
            if last := next(fits, None):
                parts = sorted((last, line), key=lambda part: (bool(han(part.text)), part.size))
                whole = replace(_one([last, line]), size=parts[1].size)  # a figure may be larger
                joined[joined.index(last)] = whole
            else:
                joined.append(line)
        large = joined
    return [line for line in lines if id(line) not in kept] + large


def _goes_on_larger(last: LayoutLine, line: LayoutLine, widest: float, page: _Around) -> bool:
    """Whether a line goes on with one of another size: on its baseline, less than a square away."""
    large, small = max(last.size, line.size), min(last.size, line.size)
    level = abs(last.box.bottom - line.box.bottom) < (0.16 if page.exact else 0.25) * large
    marks = (last.text[-1] in CLOSING) + (line.text[0] in OPENING)
    gap = line.box.left - last.box.right - TWO_SIZES_MARK * marks * large
    cap = min(len(last.text), len(line.text)) == 1  # a drop cap beside the headline
    widest = min(widest, 0.5) if cap else widest
    if not level or not -0.8 * small < gap < widest * large or large > 2.5 * small:
        return False
    if any(_stands_between(rule, last.box, line.box) for rule in page.rules):
        return False
    return not _are_two_headlines(last, line, page)


def _are_two_headlines(last: LayoutLine, line: LayoutLine, page: _Around) -> bool:
    """Whether of two parts of a line each is a headline: over columns of its own, or over none."""
    low, high, size = last.box.right, line.box.left, min(last.size, line.size)
    if line.text.startswith("——"):
        return True
    near = [
        box
        for box in (*(run.box for run in page.runs if run.size < 0.95 * size), *page.boxes)
        if 0 < box.top - last.box.bottom < 1.7 * UNDER_SIZES * page.body
        and box.width > 4 * page.body
    ]
    left, right = ([x for x in near if x.shared_width(y.box) > page.body] for y in (last, line))
    wide = [x.top for x in left if x.left < low - page.body and x.right > high + page.body]
    if wide and min(wide) < min(box.top for box in (*left, *right)) + page.body:
        return False
    if bool(left) != bool(right):
        head = (last if left else line).box
        return head.right < max(box.right for box in left or right) + page.body
    # Where both have text under them, a story begins there.
    if not _over_own_columns(last, page) or len(han(last.text)) < MIN_HEADLINE:
        return False
    if len(han(line.text)) < MIN_HEADLINE:  # the first part of a headline
        return _begins_story(_text_under(line, page), page)
    return _over_own_columns(line, page)


def _over_own_columns(line: LayoutLine, page: _Around) -> bool:
    """Whether the columns right under a heading are its own: flush or centred, and they begin."""
    under = _text_under(line, page)
    beside = [x.box for x in under]
    caps = [x for x in page.runs if len(x.text) == 1 and x.size > DROP_CAP_SIZES[0] * page.body]
    caps = [x for x in caps if any(0 < y.left - x.box.right < page.body for y in beside)]
    if not caps and not _begins_story(under, page):
        return False
    left, right = min(x.box.left for x in caps + under), max(run.box.right for run in under)
    flush = abs(left - line.box.left) < 0.6 * page.body
    return flush or abs((left + right) / 2 - line.box.middle) < 0.8 * page.body


def _text_under(line: LayoutLine, page: _Around) -> list[LayoutLine]:
    """The lines of text right under a heading, which may have another line of its type."""
    near = (x.box for x in page.runs if x.size == line.size and x.box.shared_width(line.box) > 0)
    ends = (x.bottom for x in near if 0 < x.top - line.box.bottom < 0.5 * line.size)
    bottom = max(ends, default=line.box.bottom)
    return [
        run
        for run in page.runs
        if abs(run.size - page.body) < 0.05 * page.body
        and 0 < run.box.top - bottom < 1.3 * UNDER_SIZES * page.body
        and run.box.width > 4 * page.body
        and run.box.shared_width(line.box) > page.body
        and not is_byline(run)
    ]


def _begins_story(under: list[LayoutLine], page: _Around) -> bool:
    """Whether the first of some lines is indented, or words right over it that begin a line are."""
    if not under:
        return False
    left = min(run.box.left for run in under)  # who wrote it may stand on its first line
    top = min(run.box.top for run in under if run.box.left < left + 3 * page.body)
    first = [
        (round((run.box.top - top) / page.body), run.box.left - left)
        for run in page.runs
        if abs(run.size - page.body) < (0.05 if page.exact else 0.15) * page.body
        if -0.5 < (run.box.left - left) / page.body < 3.0
        if -2.2 < (run.box.top - top) / page.body < 0.5 and not is_byline(run)
    ]
    return min(first, default=(0, 0.0))[1] > 1.2 * page.body


def body_size(lines: list[LayoutLine]) -> float:
    """The type size in which most of the text is set."""
    sizes = [line.size for line in lines for _ in compact(line.text) if len(line.text) > 5]
    sizes = sizes or [line.size for line in lines]
    return median(sizes) if sizes else 10.0


def is_like_body(line: LayoutLine, body: float) -> bool:
    """Whether a line is set in about the size of the body."""
    return LIKE_BODY_RATIOS[0] < line.size / body < LIKE_BODY_RATIOS[1]


def is_exact(lines: list[LayoutLine], body: float) -> bool:
    """Whether the type sizes of a page are known exactly (PDF) or were measured (scan)."""
    near = [line.size / body for line in lines if is_like_body(line, body)]
    alike = sum(abs(size - 1.0) < EXACT_SPREAD for size in near)
    stated = Counter(round(size / EXACT_SPREAD) for size in near).most_common(3)
    few = sum(count for _, count in stated if count > 2)
    return alike > 0.5 * len(near) or few > EXACT_SHARE * len(near)


def _line(line: TextLine) -> LayoutLine | None:
    if line.box is None or not line.text.strip():
        return None
    size = line.size or min(line.box.height, line.box.width)
    return LayoutLine(PageText(line.text).strip(), line.box, max(size, 1.0))


def text_line(line: LayoutLine) -> TextLine:
    """A line as text sources give it."""
    return TextLine(text=line.text, box=line.box, size=line.size)


def _stacked(runs: list[LayoutLine], rules: tuple[Box, ...]) -> list[LayoutLine]:
    """Put characters that stand one below the other together into vertical lines, up to a rule.

    Sources take the heads of two vertical lines side by side for a level line of two characters:
    such short runs in large type are looked at character by character.
    """
    body = body_size(runs)
    cells = [cell for run in runs for cell in _cells(run, body)]
    chains: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.line.box.top):
        fits = (x for x in chains if _below(cell.line, x[-1].line, rules))
        chain = next((x for x in fits if not _begins_row(cell.line, x[-1].line, runs)), None)
        if chain:
            chain.append(cell)
        else:
            chains.append([cell])
    long = (c for c in chains if len(c) > 1 and sum(len(x.line.text) for x in c) > 2)
    tall = [x for x in rules if x.height > TALL_FRAME * x.width and x.width > body]
    tall = [x for x in tall if all(len(y.text) <= MAX_ABREAST for y in runs if x.holds(y.box, 1))]
    good = [chain for chain in long if not _are_heads_of_lines(chain, tall)]
    good += _left_over(cells, good)
    kept = {id(cell) for chain in good for cell in chain}
    broken = {id(cell.run) for cell in cells if id(cell) not in kept}
    whole = [chain for chain in good if not any(id(cell.run) in broken for cell in chain)]
    stacked = [
        LayoutLine(
            join_texts(cell.line.text for cell in chain),
            box_around(cell.line.box for cell in chain),
            max(cell.line.size for cell in chain),
        )
        for chain in whole
    ]
    taken = {id(cell.run) for chain in whole for cell in chain}
    return stacked + [run for run in runs if id(run) not in taken]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A character, or a vertical run, that may be part of a vertical line."""

    line: LayoutLine
    run: LayoutLine


def _left_over(cells: list[_Cell], chains: list[list[_Cell]]) -> list[list[_Cell]]:
    """The characters left over for the last of several vertical lines, level with their first."""
    kept = {id(cell) for chain in chains for cell in chain}
    rows = [[*row] for _, row in groupby(cells, key=lambda cell: id(cell.run))]
    rows = [row for row in rows if len(row) > 1 and row[0].line.box.left == row[0].run.box.left]
    return [[x] for x, *others in rows if id(x) not in kept and {*map(id, others)} <= kept]


def _are_heads_of_lines(chain: list[_Cell], tall: list[Box]) -> bool:
    """Whether characters one below the other stand closer to those beside them: level lines. More
    lines than each has characters are hardly level, nor are those alone in a tall frame."""
    for above, cell in pairwise(chain):
        run, count = above.run, round(above.run.box.width / above.line.box.width)
        step = (run.box.width - run.size) / max(count - 1, 1)
        least = TIGHT_STEPS[2 if any(x.holds(run.box, 1) for x in tall) else len(chain) > count]
        if count > 1 and step < least * (cell.line.box.top - above.line.box.top):
            return True
    return False


def _cells(run: LayoutLine, body: float) -> list[_Cell]:
    if run.vertical or len(run.text) == 1:
        return [_Cell(run, run)]
    text = shortened(run.text, compact(run.text))
    words = text.strip("，、：！？“”")  # a mark ends a line beside
    told = re.sub("[“”]", "", words)
    if len(text) > MAX_ABREAST or run.size < LARGE_RATIO * body or not words or told != han(told):
        return []
    step = run.box.width / len(text) if words == text else run.size
    left = run.box.left if text[:1] == words[:1] else run.box.right - len(text) * step
    lefts = [left + n * step for n in range(len(text))]
    boxes = [replace(run.box, left=x, right=x + step) for x in lefts]
    return [_Cell(LayoutLine(text[n : n + 1], box, run.size), run) for n, box in enumerate(boxes)]


def _below(run: LayoutLine, above: LayoutLine, rules: tuple[Box, ...]) -> bool:
    gap = run.box.top - (end := above.box.bottom)
    centred = abs(run.box.middle - above.box.middle) < STACK_OFFSET_SIZES * above.size
    room = 1.6 if run.vertical or above.vertical else 1.0  # words of a vertical line stand apart
    near = -STACK_OFFSET_SIZES * above.size < gap < room * above.size
    ratio = UPRIGHT_RATIO if run.vertical and above.vertical else ROUGH_RATIO
    if not (centred and near and alike(run, above, ratio)):
        return False
    return not any(-1 < x.top - end < gap + 1 and x.shared_width(run.box) > 0 for x in rules)


def _begins_row(run: LayoutLine, above: LayoutLine, runs: list[LayoutLine]) -> bool:
    """Whether the text beside two upright headlines is parted where they are."""
    if min(len(han(run.text)), len(han(above.text))) < MIN_HEADLINE:
        return False
    level = (x for x in runs if not x.vertical)
    beside = [x.box for x in level if 0 < -x.box.shared_width(run.box) < SIDE_SIZES * x.size]
    for side in (
        [box for box in beside if box.left > run.box.right],
        [box for box in beside if box.right < run.box.left],
    ):
        over = [box for box in side if box.centre < run.box.top]
        under = [box for box in side if run.box.top < box.centre < run.box.bottom]
        white = min((x.top for x in under), default=0.0) - max(
            (x.bottom for x in over), default=0.0
        )
        if over and under and white > 0.8 * (run.box.top - above.box.bottom):
            return True
    return False


def _rows(runs: list[LayoutLine], *, exact: bool) -> list[list[LayoutLine]]:
    """Runs of one size that stand side by side, from left to right."""
    rows: list[list[LayoutLine]] = []
    for run in sorted(runs, key=lambda run: run.box.left):
        fitting = [row for row in rows if _in_row(run, row[-1], exact=exact)]
        if fitting:
            max(fitting, key=lambda row: row[-1].box.right).append(run)
        else:
            rows.append([run])
    return rows


def _in_row(run: LayoutLine, before: LayoutLine, *, exact: bool) -> bool:
    shared = run.box.shared_height(before.box)
    level = shared >= ROW_SHARE * min(run.box.height, before.box.height)
    # A scan measures the type of short runs only roughly.
    rough = not exact and min(len(run.text), len(before.text)) < SHORT_CHARS
    return (
        level
        and alike(run, before, ROUGH_RATIO if rough else SAME_SIZE_RATIO)
        and run.box.left > before.box.middle
    )


def _join_row(row: list[LayoutLine], page: _Around) -> list[LayoutLine]:
    """A row, with those runs joined that are one line."""
    if _is_spaced(row):
        return [_one(row)]
    lines: list[list[LayoutLine]] = [[row[0]]]
    for run in row[1:]:
        if _is_one_line(lines[-1], run, page):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_one(line) for line in lines]


def _one(row: list[LayoutLine]) -> LayoutLine:
    texts: list[str] = [row[0].text]
    for last, run in pairwise(row):
        gap = run.box.left - last.box.right
        marks = last.text[-1] in CLOSING or run.text[0] in OPENING
        wide = gap > (WIDE_SPACE_SIZES if marks else SPACE_SIZES) * run.size
        texts += [" ", run.text] if wide else [run.text]
    return LayoutLine(
        join_texts(texts), box_around(run.box for run in row), max(run.size for run in row)
    )


def _is_spaced(row: list[LayoutLine]) -> bool:
    """Whether a row is one line set with wide even gaps: short words, all alike."""
    found = [b.box.left - a.box.right for a, b in pairwise(row)]
    short = len(found) > 1 and max(len(run.text) for run in row) <= 4
    return short and max(found) < 3 * row[0].size and max(found) - min(found) < 0.5 * row[0].size


def _is_one_line(line: list[LayoutLine], run: LayoutLine, page: _Around) -> bool:
    last = line[-1]
    size = max(last.size, run.size)
    marks = (last.text[-1] in CLOSING) + (run.text[0] in OPENING)
    gap = run.box.left - last.box.right - marks * MARK_SIZES * size
    if any(_stands_between(rule, last.box, run.box) for rule in page.rules):
        return False
    aside = page.exact and gap > CERTAIN_SIZES * size and not alike(last, run, EXACT_LARGE_RATIO)
    if last.box.right - line[0].box.left < MIN_COLUMN_SIZES * size and gap < SPACE_GAP * size:
        return not (page.exact and (aside or _opens_narrow(line[0], run, page)))  # a caption
    if page.exact and gap > MIN_COLUMN_GAP * size and _is_column_after(last, run, gap, page):
        return False
    sure = gap < (CERTAIN_EXACT_SIZES if page.exact else CERTAIN_SIZES) * size
    near = gap < HEADING_GAP_SIZES * size
    if sure or _signs(last, run, page) or (near and _ends_credit(last, run)):
        return True
    if size > LARGE_RATIO * page.body and _are_two_headlines(last, run, page):
        return False
    inside = gap <= INLINE_GAP_SIZES * size and size < SAME_SIZE_RATIO * page.body
    return (near or inside) and not aside and not _is_gutter(last, run, page)


def _opens_narrow(first: LayoutLine, run: LayoutLine, page: _Around) -> bool:
    """Whether a short run is an indented first line beside a picture, and not a word set wide.

    The next line of its narrow column begins before it, and ends before the next column.
    """
    low, high, size = first.box.right - page.body, run.box.left - 0.2 * page.body, page.body
    below = (x for x in page.runs if 0.8 < (x.box.centre - first.box.centre) / size < 2.2)
    return _starts_column(run, page, MIN_COLUMN_LINES) and any(
        x.box.left < first.box.left - size and low < x.box.right < high and alike(x, first)
        for x in below
    )


def _is_column_after(last: LayoutLine, run: LayoutLine, gap: float, page: _Around) -> bool:
    """Whether a run is the first one of a line of the next column."""
    # A mark at a line's end hangs into the gutter.
    bare = gap > CERTAIN_EXACT_SIZES * max(last.size, run.size) or last.text[-1] in CLOSING
    sure = bare and len(run.text) > 3 and not _is_crossed(last, run, page)
    return _starts_column(run, page, 1 if sure else MIN_COLUMN_LINES)


def _ends_credit(last: LayoutLine, run: LayoutLine) -> bool:
    """Whether a run is the name after 本报记者 and a wide space, or names after other names."""
    said = re.split("[（(]", last.text)[-1]  # 本报讯（记者
    if max(len(said), len(run.text)) > MAX_SIGNATURE:
        return False
    if names_of_credit(said):
        more = names_in(run.text)
        return bool(more) and all(has_surname(name) and len(name) < 4 for name in more)
    return bool(names_of_credit(f"{said} {run.text}"))


def _is_crossed(last: LayoutLine, run: LayoutLine, page: _Around) -> bool:
    """Whether the line of text right above or below goes over the gap between two runs."""
    return any(
        0.5 * page.body < abs(other.box.centre - run.box.centre) < 1.9 * page.body
        and alike(other, run, EXACT_LARGE_RATIO)  # no caption
        and other.box.left < last.box.right - page.body
        and other.box.right > run.box.left + page.body
        for other in page.runs
    )


def _starts_column(run: LayoutLine, page: _Around, least: int) -> bool:
    """Whether many runs near this one begin exactly where it does, as the lines of a column do."""
    if run.size > SAME_SIZE_RATIO * page.body:
        return False
    lefts = {run.box.left, run.box.left - 0.5 * run.size * (run.text[0] in OPENING)}
    slack = (ASKEW if least == 1 else 0.06) * page.body
    away = sorted(
        (abs(other.box.centre - run.box.centre) - _height_between(run, other, page)) / page.body
        for other in page.runs
        if other is not run
        and any(abs(other.box.left - left) < slack for left in lefts)
        and abs(other.size - run.size) < 0.02 * page.body
        and len(other.text) > 3
    )
    sure = least == 1 and len(away) >= MIN_COLUMN_LINES  # what is near may stand further in
    if sure and away[MIN_COLUMN_LINES - 1] < COLUMN_REACH:
        return True
    return len(away) >= least and away[0] < NEXT_LINE and away[least - 1] < COLUMN_REACH


def _height_between(one: LayoutLine, other: LayoutLine, page: _Around) -> float:
    """How much of the way from one line of a column to another a box takes, with its margins."""
    upper, lower = sorted((one.box, other.box), key=lambda box: box.top)
    over = (x for x in page.boxes if x.shared_width(one.box) > 0)
    found = (x.height for x in over if upper.centre < x.top < x.bottom < lower.centre)
    return max((height + 2 * page.body for height in found), default=0.0)


def _signs(last: LayoutLine, run: LayoutLine, page: _Around) -> bool:
    """Whether a short run at the right edge of a column ends its last line: who wrote the story.

    The line above goes on over the gap between them, as it could not between two columns.
    """
    if len(run.text) > MAX_SIGNATURE or run.size > SAME_SIZE_RATIO * page.body:
        return False
    return any(
        0.8 * page.body < run.box.centre - over.box.centre < 2.2 * page.body
        and over.size <= SAME_SIZE_RATIO * page.body  # a headline goes over two columns
        and (alike(over, last, EXACT_LARGE_RATIO) or not page.exact)  # no caption
        and over.box.left < last.box.left + 2.5 * page.body
        and abs(over.box.right - run.box.right) < page.body
        for over in page.runs
    )


def _stands_between(rule: Box, left: Box, right: Box) -> bool:
    across = left.right - 2 <= rule.middle <= right.left + 2
    return across and rule.top < left.centre < rule.bottom


def _is_gutter(last: LayoutLine, run: LayoutLine, page: _Around) -> bool:
    """Whether the gap between two runs goes on above or below them, as between two columns."""
    low, high, body, across, beside = last.box.right, run.box.left, page.body, 0, 0
    reach = NEARBY_SIZES * body + max(0.0, run.size - body)
    for other in page.runs:
        if other is last or other is run or other.size > SAME_SIZE_RATIO * body:
            continue
        away = abs(other.box.centre - run.box.centre)
        if not 0.3 * body < away <= reach:
            continue
        ends = min(high + body, run.box.right - 0.2 * body)  # a last letter by itself
        if other.box.left < low - body and other.box.right > ends:
            across += alike(other, run, EXACT_LARGE_RATIO) or not page.exact  # no caption
        elif _ends_at(other, last, run, body):
            beside += 1
    return beside > across


def _ends_at(other: LayoutLine, last: LayoutLine, run: LayoutLine, body: float) -> bool:
    """Whether a run ends or begins at the gap between two others."""
    low, high = last.box.right, run.box.left
    ends = low - 2.5 * body < other.box.right <= high - 0.2 * body
    begins = low + 0.2 * body <= other.box.left < min(high + 2.5 * body, run.box.right)
    return ends or begins
