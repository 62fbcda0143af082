"""The one door to RapidOCR: an image in, lines with their places out.

rapidocr 3.8 carries the PP-OCRv4 models in its wheel, so nothing is fetched. Measured on a page of
1827 × 2583 pixels: its defaults shrink the page until the text is lost; on the whole page it finds
every line. From 3.9 on the wheel carries other models, which miss small print (16 lines of 240).
"""

import logging
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

from qjaudio.errors import MissingPartError
from qjaudio.paper.characters import han, print_width
from qjaudio.paper.model import TextLine
from qjaudio.paper.plane import around, height, is_tall, width
from qjaudio.provenance import Box
from qjaudio.sources.ink import cut_at_gutters
from qjaudio.sources.raster import MAX_SIDE, Grey

MIN_SCORE = 0.5
"""Below this certainty a line is noise: stains, edges, the grain of a photo."""
THREADS = 2
SHORT, LONG = 2, 9
"""Fewer characters say nothing about the type by their width; from so many Han on, they say all."""
MAX_STRETCH = 1.15
"""Type measured by the width of a line may be letter-spaced: it is no larger than its height."""


@cache
def reader() -> Any:
    """RapidOCR with its models loaded, once for all pages.

    Raises:
        MissingPartError: it is not installed.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        if not isinstance(error, ModuleNotFoundError):  # OpenCV wants libraries of the system
            raise MissingPartError(
                f"reading scans: {error}",
                hint="on Debian and Ubuntu: apt-get install libgl1 libglib2.0-0",
            ) from error
        raise MissingPartError(
            "reading scans needs RapidOCR, which is not installed",
            hint='pip install "qjaudio[scan]", or give the PDF with its text layer',
        ) from error
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    side = MAX_SIDE
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": MIN_SCORE,
            "Global.use_cls": False,
            "Global.max_side_len": side,
            "Det.limit_type": "max",
            "Det.limit_side_len": side,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        }
    )


def read_lines(grey: Grey, rules: list[Box]) -> list[TextLine]:
    """The lines of an image, boxes in pixels, cut at the gutters between columns.

    `rules` are the printed rules, which may stand in the gutters.

    Raises:
        MissingPartError: RapidOCR is not installed.
    """
    # RapidOCR keeps the steps of its last call, so each call names all of them.
    found = reader()(_colours(grey), use_det=True, use_cls=False, use_rec=True)
    if found.boxes is None or found.txts is None:
        return []
    lines = [
        TextLine(text=text.strip(), box=_box_of(corners))
        for corners, text in zip(found.boxes, found.txts, strict=True)
    ]
    return cut_at_gutters([line for line in lines if line.text], rules, grey, read_line)


def find_large(grey: Grey) -> list[Box]:
    """Where large type stands: found on the page at half its size, as large as text is then."""
    found = reader()(_colours(grey[::2, ::2]), use_det=True, use_cls=False, use_rec=False)
    boxes = [] if found.boxes is None else found.boxes
    return [_box_of([(2 * x, 2 * y) for x, y in corners]) for corners in boxes]


def read_line(crop: Grey) -> str:
    """The text of one line, whose place is known."""
    found = reader()(_colours(crop), use_det=False, use_cls=False, use_rec=True)
    return found.txts[0].strip() if found.txts else ""


def _colours(grey: Grey) -> Any:
    import numpy as np

    return np.repeat(grey[:, :, None], 3, axis=2)


def _box_of(corners: Any) -> Box:
    return around(Box(float(x), float(y), float(x), float(y)) for x, y in corners)


def sized(lines: list[TextLine]) -> list[TextLine]:
    """The lines with their type size in pixels: the width of a line over its characters.

    OCR draws its boxes wider than the type; how much, the long lines tell for the short ones.
    """
    shares = [
        min(1.0, along / print_width(line.text) / across)
        for line, along, across in map(_measures, lines)
        if len(han(line.text)) >= LONG
    ]
    usual = median(shares) if shares else 0.8
    return [replace(line, size=_type_size(line, usual)) for line in lines]


def _measures(line: TextLine) -> tuple[TextLine, float, float]:
    """A line with its length and its thickness."""
    assert line.box is not None  # noqa: S101  OCR gives every line a box
    wide, tall = width(line.box), height(line.box)
    return (line, tall, wide) if is_tall(line.box) else (line, wide, tall)


def _type_size(line: TextLine, usual: float) -> float:
    _, along, across = _measures(line)
    if len(line.text) < SHORT:
        return (max if han(line.text) else min)(along, across) * usual
    return min(along / print_width(line.text), MAX_STRETCH * across * usual)
