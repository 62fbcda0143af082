"""Lines of an image with their places: found by RapidOCR, put right by the ink.

rapidocr 3.10 carries small models of PP-OCRv6 in its wheel, so nothing is fetched. They know rare
characters of names that those of PP-OCRv4 leave out (樨, 掰) or take for others (岙 for 吞). Its
defaults shrink a page until the text is lost; in bands of the whole page it finds every line.

It reads across the gutter between two columns, and finds headlines set from top to bottom in
pieces: the ink shows where a line has to be cut, and where such a headline stands.
"""

import logging
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qjaudio.errors import MissingPartError
from qjaudio.machine import cores
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box, box_around, is_han
from qjaudio.sources.raster import (
    Grey,
    character_height,
    gap_goes_on,
    ink_level,
    ink_of,
    inked_columns,
    last_inked,
    level_page,
    opening_mark,
    part_of,
    resized,
    space_out,
    stretch_of,
    unread_ink,
)

MIN_SCORE = 0.5  # below this certainty a line is noise: stains, edges, the grain of a photo
PROBES, CERTAIN = 9, 0.85
"""So many lines tell whether a page lies on its side or its head, and so certain they are read
where they stand upright: measured 0.99, and less than 0.5 on their heads."""
SURE, SURE_DIGIT = 0.8, 0.9
"""Below this certainty a character is unsure, and its line is read again. Of 43,000 Han characters
of six clean pages at 200 dpi 17 that are right have less; those misread (千 for 干, 趙, which is
traditional, for 趟) 0.5 to 0.76. Of 2,100 digits 4 that are right have less; none was wrong."""
BAND_PIXELS, OVERLAP = 1_000_000, 90
"""Lines are found in bands of the page, each with so many rows of its neighbours', as finding them
takes some 200 MB for a million pixels."""
SEAM = 8
"""Pixels by which the middle of a line may lie on either side of where two bands meet."""
FOUND_SIZE, MOST_SHRUNK = 20.0, 0.6
"""Height in pixels of the characters of a page on which lines are found, where it is larger; and
the least share to which it is shrunk for that."""
READ_HEIGHT, MIN_READ_WIDTH = 48, 48
"""Pixels of a line as the model reads it."""
ROOM = 0.06
"""What a line's box gets above and below, in its height: as high as thresholds here count with."""
VIEWS, SHORT_LINE = ((0.6, 0.1), (1.0, 0.1), (1.0, 0.25)), 4.0
"""How far the width of a line's image is narrowed, and what it has above and below its ink, in
heights of that; lines shorter than so many heights begin with the second. The narrower, the fewer
steps the model takes: 0.6 costs 0.8 times as much as 0.75. What is doubted is read again."""
DISPUTED = 2.0
"""By what the certainty of a character is divided that no other reading has in its place."""
UNREAD = "\ufffd"
"""The text of a line that is none at any reading: a sentence with it is doubted, and not spoken."""
MIN_ROW_INK = 0.01
TALL = 1.5  # from so many times its width on a line is read from top to bottom, as RapidOCR does
MIN_GAP = 0.6
"""Narrowest gutter in heights of OCR's boxes; marks leave gaps up to 0.8 inside lines, so a gutter
must go on above and below."""
WITNESS, WITNESS_WIDE = 1.8, 0.6
"""Inked rows on both sides, in heights of boxes: three lines besides the one cut, as marks stand
under each other by chance in two; one line where the gap is wider than a mark's."""
WIDE, SHORT = 1.0, 3.0
"""From which width on a gap is wider than a mark's, and the witness where a piece is so short."""
MARK_REACH = 0.5
"""How far from a line's box, and from each other, marks stand at its ends, in its height."""
SLIVER, EDGE = 0.7, 0.35
"""A side that is narrower than this share of its height is the edge of the next column's line, ink
at the end of a box, beyond a gap, that of its character."""
EDGES, INDENTED = 2, 2.5
"""Where so many other lines end, and begin, on both sides of a gap it is a gutter; and how far in,
in heights of boxes, the first line of a paragraph begins."""

_MARKED = re.compile("[■□●◆▲★▶►]")
_GAP = re.compile(r"(?<![!-~]) | (?![!-~])")  # beside a Chinese character the ink tells better
_TORN_DASH = re.compile("—[-一]|[-一]—|-一|一-|--|^一一(?=[^，。；]{3,20}$)")

_READ_FIGURE = re.compile(r"[\d.,:：%％年月日时点十百千万亿]*\d[\d.,:：%％年月日时点十百千万亿]*")

Mask = NDArray[np.bool_]

LARGE, MAX_LARGE = 1.35, 6.0
"""How many times as high as the lines of the text headlines set so are, at least and at most."""
STEP, MIN_LENGTH, BETWEEN = 0.65, 2.4, 0.04
"""Widest gap between two characters of a headline, how long it is at least, and from which gap on
two of them stand side by side, in widths of it."""
MAX_ABREAST, MIN_ROWS = 3, 1.25
"""So many vertical lines are found as a level one, and have more rows than those are: each takes so
many widths with the white over it."""
CLEAR = 0.03  # share of ink that is still clear paper: speckles


class ReadText(str):
    """What is read of a line."""

    __slots__ = ("certain", "certainty", "unsure")

    certain: Sequence[float]
    """How certain each character is, 0 to 1."""
    certainty: float
    """The mean of that."""
    unsure: tuple[str, ...]
    """The figures and characters of which the model was not sure."""

    def __new__(cls, text: str, certain: Sequence[float] = ()) -> Self:
        """A text and how certain each of its characters is."""
        self = super().__new__(cls, text.strip())
        start = len(text) - len(text.lstrip())
        self.certain = certain = certain[start : start + len(self)]
        found = [
            figure[0]
            for figure in _READ_FIGURE.finditer(self)
            if min(certain[figure.start() : figure.end()], default=1.0) < SURE_DIGIT
        ]
        pairs = zip(self, certain, strict=False)
        found += [char for char, sure in pairs if is_han(char) and sure < SURE]
        self.unsure = tuple(dict.fromkeys(found))
        self.certainty = sum(certain) / max(1, len(certain))
        return self

    @property
    def is_doubted(self) -> bool:
        """Whether to read it again."""
        return not self or UNREAD in self or bool(self.unsure)


def _best_of(readings: Sequence[ReadText]) -> ReadText:
    """The reading with the most certainty in all, as its mean rises where a character is lost.

    What others read alike is as sure as the surest of them says.
    """
    best, *others = sorted(readings, key=lambda text: -sum(text.certain))
    if not others or not best:
        return best
    certain = [sure / DISPUTED for sure in best.certain]
    for other in others:
        for a, b, size in SequenceMatcher(None, best, other, autojunk=False).get_matching_blocks():
            for at, sure in enumerate(other.certain[b : b + size], start=a):
                certain[at] = max(certain[at], best.certain[at], sure)
    return ReadText(best, certain)


def unsure_of(text: str) -> tuple[str, ...]:
    """What of a text that was read is not sure."""
    return text.unsure if isinstance(text, ReadText) else ()


class LineReader:
    """Finds lines and reads them."""

    def __init__(self, engine: Any, networks: tuple[Any, Any]) -> None:
        """`networks`, of which the second keeps to one core, take the place of the engine's own."""
        self._engine = engine
        engine.text_det.session.session, engine.text_rec.session.session = networks
        engine.text_rec.rec_image_shape = [3, READ_HEIGHT, MIN_READ_WIDTH]

    def find(self, grey: Grey) -> list[Box]:
        """The boxes of all lines, in pixels."""
        boxes: list[Box] = []
        tall, wide = grey.shape
        own = max(2 * OVERLAP, BAND_PIXELS // wide - 2 * OVERLAP)
        for top in range(0, tall, own):
            first = max(0, top - OVERLAP)
            found = self._engine.text_det(_colours(grey[first : top + own + OVERLAP])).boxes
            for corners in () if found is None else found:
                box = _box_of(corners + np.array([0, first]))
                if not -SEAM <= box.centre - top < own + SEAM:
                    continue
                if box.centre < top + 2 * SEAM:  # found in the band above, too, in one piece or two
                    if _is_part(box, boxes):
                        continue
                    boxes = [one for one in boxes if not _is_part(one, [box])]
                boxes.append(box)
        return boxes

    def read(self, crops: Sequence[Grey]) -> list[ReadText]:
        """The texts of lines; empty where what is read is not sure enough to be text.

        Lines are read beside each other on all cores: threads within one line, which is little
        work, mostly wait for each other.
        """
        from rapidocr.ch_ppocr_rec.typings import TextRecInput

        def read_one(crop: Grey) -> ReadText:
            crops = [_colours(crop)]
            found = self._engine.text_rec(TextRecInput(img=crops, return_word_box=True))
            if found.scores[0] < MIN_SCORE:
                return ReadText("")
            return ReadText(*_with_unread(found.txts[0], found.word_results[0], crop))

        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(read_one, crops))


def _with_unread(text: str, told: Any, line: Grey) -> tuple[str, list[float]]:
    """What was read of a line, with a mark where it has a character that was not."""
    gaps = {match.start() for match in _GAP.finditer(text)}
    certain = [sure for at, sure in enumerate(told.confs) if at not in gaps]
    text = _GAP.sub("", text)
    columns = [column for word in told.word_cols for column in word]
    chars = [at for at, char in enumerate(text) if not char.isspace()]
    places = [
        ((column + 0.5) / told.line_txt_len, is_han(text[at]))
        for at, column in zip(chars, columns, strict=True)
    ]
    for lost in reversed(unread_ink(line, places)):
        at = chars[lost] if lost < len(chars) else len(text)
        text = text[:at] + UNREAD + text[at:]
        certain.insert(at, 0.0)
    return text, certain


@cache
def reader() -> LineReader:
    """RapidOCR with its models, loaded once for all pages; MissingPartError: not installed."""
    try:
        import rapidocr
    except ImportError as error:
        if not isinstance(error, ModuleNotFoundError):  # OpenCV wants libraries of the system
            raise MissingPartError(
                f"reading scans: {error}",
                hint="on Debian and Ubuntu: apt-get install libgl1 libglib2.0-0",
            ) from error
        raise MissingPartError(
            "reading scans needs RapidOCR, which is not installed",
            hint='pip install "rapidocr<3.11", or give the PDF with its text layer',
        ) from error
    from onnxruntime import InferenceSession, SessionOptions

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine: Any = rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Det.limit_type": "min",  # with "max" a side is never more than 2000 pixels
            "Det.limit_side_len": 32,
            "Det.unclip_ratio": 1.25,  # else it draws boxes into the next column
            "Rec.rec_batch_num": 1,  # in a batch short lines are padded to the longest
        }
    )
    engine.text_det, engine.text_rec = engine._load_det_model(), engine._load_rec_model()
    models = Path(rapidocr.__file__).parent / "models"

    def network(task: str, threads: int) -> Any:
        options = SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.enable_cpu_mem_arena = False  # it never gives back what a large band took
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4
        model = models / f"PP-OCRv6_{task}_small.onnx"
        return InferenceSession(model, options, providers=["CPUExecutionProvider"])

    return LineReader(engine, (network("det", cores()), network("rec", 1)))


def find_lines(image: Grey) -> tuple[Grey, list[Box], int]:
    """A page made level and turned upright, its lines, and by how many quarters to the left.

    Raises:
        MissingPartError: RapidOCR is not installed.
    """
    page, boxes = _found_on(image)
    turns = _quarters(page, boxes)
    if turns:
        page, boxes = _found_on(np.ascontiguousarray(np.rot90(image, turns)))
    return page, boxes, turns


def _found_on(image: Grey) -> tuple[Grey, list[Box]]:
    page = level_page(image)
    share = max(MOST_SHRUNK, min(1.0, FOUND_SIZE / character_height(page)))
    return page, [box.scaled(1 / share) for box in reader().find(resized(page, share, share))]


def _quarters(page: Grey, boxes: list[Box]) -> int:
    """By how many quarters a page has to be turned to the left: as its longest lines are read."""
    longest = sorted(boxes, key=lambda box: -max(box.width, box.height))[:PROBES]
    side = int(2 * sum(box.is_tall for box in longest) > len(longest))
    crops = [np.rot90(part_of(page, box), side) for box in longest if box.is_tall == bool(side)]
    if not crops or (upright := _certainty(crops)) > CERTAIN:
        return side if crops else 0
    return 2 + side if _certainty([np.rot90(crop, 2) for crop in crops]) > CERTAIN > upright else 0


def _certainty(crops: list[Grey]) -> float:
    return median(text.certainty for text in reader().read(crops))


def find_large(grey: Grey) -> list[Box]:
    """Where large type stands: found on the page at half its size, as large as text is then."""
    return [box.scaled(2.0) for box in reader().find(grey[::2, ::2])]


def _line_image(grey: Grey, box: Box, ink: Mask, turn: int) -> Grey:
    """What is read of a line in this turn: its ink and a little room, level, narrowed."""
    if box.height > TALL * box.width:
        return np.ascontiguousarray(np.rot90(part_of(grey, box)))
    rows = np.flatnonzero(part_of(ink, box).mean(axis=1) > MIN_ROW_INK)
    top, bottom = int(box.top), int(box.bottom) + 1
    if len(rows):
        top, bottom = max(0, int(box.top)) + int(rows[0]), max(0, int(box.top)) + int(rows[-1]) + 1
    first = 0 if box.width > SHORT_LINE * box.height else 1
    narrow, room = VIEWS[(first + turn) % len(VIEWS)]
    room = round(room * (bottom - top))
    part = grey[max(0, top - room) : bottom + room, max(0, int(box.left)) : int(box.right) + 1]
    return resized(part, narrow)


def _colours(grey: Grey) -> Any:
    return np.repeat(grey[:, :, None], 3, axis=2)


def _box_of(corners: Any) -> Box:
    box = box_around(Box(float(x), float(y), float(x), float(y)) for x, y in corners)
    wide, tall = (ROOM * box.width, 0.0) if box.is_tall else (0.0, ROOM * box.height)
    return Box(box.left - wide, box.top - tall, box.right + wide, box.bottom + tall)


def cut_at_gutters(
    boxes: list[Box],
    rules: list[Box],
    grey: Grey,
    read: Callable[[list[Grey]], Sequence[ReadText]],
) -> list[TextLine]:
    """Cut lines at gutters and read them; `rules` may stand in the gutters."""
    ink = ink_of(grey)
    for rule in rules:
        if rule.is_tall:
            left = max(0, int(rule.left) - 2)
            ink[int(rule.top) : int(rule.bottom), left : int(rule.right) + 2] = False
    free = ink.copy()
    for box in boxes:
        part_of(free, box)[:] = False
    solid = [rule for rule in rules if rule.is_tall]
    whole, near = [_with_ends(box, free, boxes) for box in boxes], boxes
    for _ in range(2):  # where one line was cut shows where to cut the one below
        sides = [side for box in whole for side in _sides_of(box, ink, near, solid)]
        near = [seen for _, seen in sides]
    texts = _read_until_sure([seen for _, seen in sides], grey, ink, read)
    pairs = zip(texts, sides, strict=True)
    return [space_out(_marked_line(text, side, ink), ink) for text, (side, _) in pairs]


def _read_until_sure(
    boxes: list[Box], grey: Grey, ink: Mask, read: Callable[[list[Grey]], Sequence[ReadText]]
) -> list[ReadText]:
    """The texts of lines; those in doubt are read in other sizes as well."""
    readings: list[list[ReadText]] = [[] for _ in boxes]
    again = list(range(len(boxes)))
    for turn in range(len(VIEWS)):
        seen = read([_line_image(grey, boxes[at], ink, turn) for at in again]) if again else ()
        for at, text in zip(again, seen, strict=True):
            readings[at].append(text)
        again = [at for at in again if _best_of(readings[at]).is_doubted]
    return [_best_of(own) or ReadText(UNREAD) for own in readings]


def _marked_line(text: str, box: Box, ink: Mask) -> TextLine:
    """A line with the mark before it, and the dashes, that OCR reads as something else."""
    mark = opening_mark(box, ink) if len(text) > 1 and not box.is_tall else ""
    whole: str = text
    if mark == "——":
        whole = mark + text.lstrip("-—一")
    elif mark and not _MARKED.match(text):
        whole = mark + text
    whole = re.sub("—{3,}", "——", _TORN_DASH.sub("——", whole))
    return TextLine(text=whole, box=box, unsure=unsure_of(text))


def _with_ends(box: Box, free: Mask, boxes: list[Box]) -> Box:
    """A line's box with the marks at its ends that it leaves out: quotation marks, a dash.

    `free` is ink in none of the boxes; what touches another one is the edge of its character.
    """
    if box.is_tall:
        return box
    reach, rows = MARK_REACH * box.height, slice(max(0, int(box.top)), int(box.bottom) + 1)
    ends = [box.left, box.right]
    for at, start, step in ((0, max(0, int(box.left) - 1), -1), (1, int(box.right) + 1, 1)):
        share = free[rows, start::step].mean(axis=0)
        inked = (share > 0) & (share < 1 - EDGE)  # a rule beside the line is no mark
        last = last_inked(inked, 0, 1, reach)
        around = free[max(0, rows.start - 2) : rows.stop + 2, start::step][:, : last + 1]
        if inked[: last + 1].any() and not around[[0, -1]].any():  # a drop cap goes on beyond
            ends[at] = float(start + step * last)
    room = EDGE / 2 * box.height
    near = [
        other
        for other in boxes
        if other is not box and other.shared_height(box) > EDGE * min(other.height, box.height)
    ]
    if any(ends[0] - room < other.right <= box.middle for other in near):
        ends[0] = box.left
    if any(ends[1] + room > other.left >= box.middle for other in near):
        ends[1] = box.right
    return replace(box, left=ends[0], right=ends[1])


def _sides_of(box: Box, ink: Mask, boxes: list[Box], rules: list[Box]) -> list[tuple[Box, Box]]:
    """A line, or its sides where gutters part it: the box of its ink, and what is to be read."""
    tight = _tight_line(box, ink)
    sides = _columns_of(tight, ink, boxes, rules)
    if len(sides) < 2:  # what the tight box leaves out may be a mark
        return [(tight, box)]
    return [(side, side) for side in sides if side.width > SLIVER * side.height]


def _tight_line(box: Box, ink: Mask) -> Box:
    """A box drawn in at both ends to the ink: as OCR draws them, they hide indents and gaps."""
    if box.is_tall:
        return box
    inked = inked_columns(box, ink)
    if not len(inked):
        return box
    runs = np.split(inked, np.flatnonzero(np.diff(inked) > MIN_GAP * box.height) + 1)
    # The edge of a character of the next column, which the box just touches, is none of the line.
    for end in (0, -1):
        if len(runs) > 1 and len(runs[end]) < EDGE * box.height:
            runs.pop(end)
    left = max(0, int(box.left))
    return replace(box, left=left + float(runs[0][0]), right=left + float(runs[-1][-1]) + 1)


def _columns_of(box: Box, ink: Mask, boxes: list[Box], rules: list[Box]) -> list[Box]:
    """A line's box, parted at each gutter that it crosses."""
    if box.is_tall or box.width < 5 * box.height:
        return []
    inked = inked_columns(box, ink)
    sides = [box]
    for end, start in pairwise(inked):
        low, high = box.left + int(end) + 1, box.left + int(start)
        if high - low <= MIN_GAP * box.height:
            continue
        last = replace(sides[-1], right=box.right)
        ruled = any(low < x.middle < high and x.top < box.centre < x.bottom for x in rules)
        edge = ruled or _is_edge(last, low, high, boxes, ink)
        if edge or _is_column_gap(last, low, high, ink):
            sides.pop()
            sides += [replace(last, right=low), replace(last, left=high)]
    return sides


def _is_edge(box: Box, low: float, high: float, boxes: list[Box], ink: Mask) -> bool:
    """Whether other lines end and begin on both sides of a gap as far as it goes on."""
    near, (top, bottom) = EDGE * box.height, stretch_of(box, low, high, ink)
    around = [one for one in boxes if one is not box and top < one.centre < bottom]
    ends = sum(abs(one.right - low) < near for one in around)
    starts = [one.left - high for one in around if -near < one.left - high < INDENTED * box.height]
    return min(ends, len(starts)) >= EDGES and min(starts) < near  # paragraphs begin further in


def _is_column_gap(box: Box, low: float, high: float, ink: Mask) -> bool:
    """Whether a gap in a line is a gutter: a wide one, or one that parts longer pieces."""
    tall = box.height
    if high - low > WIDE * tall:
        # A mark at the end of the left line, or a quotation mark at the start of the right one,
        # makes the gap wider than the gutter: any part of it may be the bare one.
        third = (high - low) / 3
        parts = ((low, high), (low, high - third), (low + third, high))
        return any(gap_goes_on(box, *part, ink, WITNESS_WIDE) for part in parts)
    # Short pieces are parted by an indent and the marks under it, too, and names by a space.
    less, more = sorted((low - box.left, box.right - high))
    if less >= SHORT * tall:
        sides = gap_goes_on(box, low, high, ink, SHORT, level=False)
        return sides or gap_goes_on(box, low, high, ink, WITNESS)
    return more > 2 * SHORT * tall and gap_goes_on(box, low, high, ink, SHORT, level=False)


def with_upright(
    lines: list[TextLine],
    seeds: list[Box],
    solid: list[Box],
    grey: Grey,
    read: Callable[[list[Grey]], Sequence[str]],
) -> list[TextLine]:
    """The lines with the vertical headlines read whole, instead of in pieces.

    `seeds` are further places where a detector saw large type; `solid` are rules and pictures.
    """
    level = [line.box for line in lines if line.box and not line.box.is_tall]
    body = float(np.median([box.height for box in level])) if level else 0.0
    found = [line.box for line in lines if line.box]
    text = [box for box in level if box.width > 3.3 * box.height]
    ink = grey < ink_level(grey)
    for box in [*text, *solid]:
        top, left = max(0, int(box.top) - 2), max(0, int(box.left) - 2)
        ink[top : int(box.bottom) + 2, left : int(box.right) + 2] = False
    starts = [start for box in [*found, *seeds] for start in _side_by_side(box, ink)]
    strips = _strips([(box, least) for box, least in starts if _is_seed(box, body)], ink)
    kept = [line for line in lines if not (line.box and _is_part(line.box, strips))]
    whole = read([np.rot90(part_of(grey, strip, edge=0)) for strip in strips])
    return kept + [
        TextLine(text=text, box=strip, unsure=unsure_of(text))
        for text, strip in zip(whole, strips, strict=True)
        if text
    ]


def _side_by_side(box: Box, ink: Mask) -> list[tuple[Box, float]]:
    """The vertical lines that a high box holds, bare from top to bottom between them, or heads of
    some in a level one; and how many times as high as wide such lines are at least."""
    if box.height < box.width:
        abreast = min(MAX_ABREAST, max(1, round(box.width / box.height)))
        step = (box.width - box.height) / max(1, abreast - 1)
        lefts = [box.left + at * step for at in range(abreast)] if abreast > 1 else []
        heads = [replace(box, left=x, right=x + box.height) for x in lefts]
        return [(box, MIN_LENGTH), *((head, MIN_ROWS * abreast + 0.4) for head in heads)]
    columns = np.flatnonzero(part_of(ink, box).mean(axis=0) > CLEAR)
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > BETWEEN * box.width) + 1)
    left = max(0, int(box.left))
    parts = [replace(box, left=left + x[0], right=left + x[-1] + 1) for x in runs if len(x)]
    return [(part, MIN_LENGTH) for part in (parts if len(parts) > 1 else [box])]


def _is_seed(box: Box, body: float) -> bool:
    """Whether a box may be a character of a vertical headline, or some of them."""
    wide = box.width
    return LARGE * body < wide < MAX_LARGE * body and box.height > 0.6 * wide


def _strips(starts: list[tuple[Box, float]], ink: Mask) -> list[Box]:
    """The vertical headlines that grow from some of their characters."""
    strips, ink = list[Box](), ink.copy()
    for box, least in sorted(starts, key=lambda start: start[0].height, reverse=True):
        if any(box.shared_width(s) > 0.3 * box.width and box.shared_height(s) > 0 for s in strips):
            continue
        strip = _grow(box, ink)
        if strip and strip.height > least * strip.width:
            strips.append(strip)
            part_of(ink, strip)[:] = False  # none of the next one's
    return strips


def _grow(box: Box, ink: Mask) -> Box | None:
    """A box stretched up and down as far as characters follow; None where others stand beside."""
    if (tight := _tight_character(box, ink)) is None:
        return None
    left, right = int(tight.left), int(tight.right)
    wide = right - left
    rows = ink[:, left:right].mean(axis=1) > CLEAR
    top = last_inked(rows, int(tight.top), -1, STEP * wide)
    bottom = last_inked(rows, int(tight.bottom) - 1, 1, STEP * wide) + 1
    margin = max(2, round(0.08 * wide))
    first = max(0, left - margin)
    inked = np.flatnonzero(ink[top:bottom, first : right + margin].any(axis=0))
    left, right = first + int(inked[0]), first + int(inked[-1]) + 1  # the widest of them
    beside = (
        ink[top:bottom, max(0, left - margin) : left],
        ink[top:bottom, right : right + margin],
    )
    if any(side.size and side.mean() > CLEAR for side in beside):
        return None
    return Box(left - margin, top - margin, right + margin, bottom + margin)


def _tight_character(box: Box, ink: Mask) -> Box | None:
    """A box drawn in (or out a little) to the ink of the character that it holds."""
    slack = round(0.1 * box.width)
    top, left = max(0, int(box.top)), max(0, int(box.left) - slack)
    part = ink[top : int(box.bottom), left : int(box.right) + slack]
    columns = np.flatnonzero(part.mean(axis=0) > CLEAR) if part.size else np.array([])
    rows = np.flatnonzero(part.mean(axis=1) > CLEAR) if part.size else np.array([])
    if not len(columns) or not len(rows):
        return None
    bare = BETWEEN if box.is_tall else 0.2
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > bare * box.width) + 1)
    main = max(runs, key=len)  # the detector's box may reach into the line beside
    return Box(
        left + float(main[0]),
        top + float(rows[0]),
        left + float(main[-1]) + 1,
        top + float(rows[-1]) + 1,
    )


def _is_part(box: Box, strips: list[Box]) -> bool:
    """Whether most of a box lies in vertical headlines."""
    shared = sum(
        max(0.0, box.shared_width(strip)) * max(0.0, box.shared_height(strip)) for strip in strips
    )
    return shared > 0.4 * box.width * box.height
