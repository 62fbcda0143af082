"""Pictures, and the captions that belong to them."""

import re

from qjaudio.paper.characters import compact
from qjaudio.paper.layout_ground import Ground, Part, part
from qjaudio.paper.layout_lines import Line, alike
from qjaudio.paper.plane import around, centre, height, shared_height, shared_width, width
from qjaudio.provenance import Box

CAPTION, CAPTION_SCANNED = 0.96, 0.92
"""Captions are told by type that is smaller than this share of the body's, or by their words."""
MAX_LINES = 5
MAX_LARGE_LINES = 2
"""In type as large as the body's more lines are the text of photo news."""
MIN_PICTURE = 20.0
"""Least side of a picture in points."""
_WORDS = re.compile(
    r"^[▲▼△▽◀▶◄►↑↓←→]|^[（(]?(图为|图片为|上图|下图|左图|右图|资料图|效果图)|摄[）)]?$|供图[）)]?$"
)


def pictures_of(pictures: tuple[Box, ...]) -> list[Box]:
    """Pictures, those that overlap taken together."""
    found: list[Box] = []
    for box in sorted(pictures, key=lambda box: (box.left - box.right) * (box.bottom - box.top)):
        near = [
            other
            for other in found
            if shared_width(box, other) > -2 and shared_height(box, other) > -2
        ]
        found = [other for other in found if other not in near] + [around([box, *near])]
    return [box for box in found if min(width(box), height(box)) > MIN_PICTURE]


def captions_of(lines: list[Line], pictures: list[Box], ground: Ground) -> list[Part]:
    """The lines right under (or beside) a picture that are smaller or say what it shows."""
    captions: list[Part] = []
    small_type = _small_type(ground)
    for picture in pictures:
        below = sorted(
            (line for line in lines if _under(line, picture, ground)), key=lambda x: x.box.top
        )
        run: list[Line] = []
        for line in below:
            if len(run) == MAX_LINES or not _goes_on(line, run, picture, ground):
                break
            run.append(line)
        words = compact("".join(line.text for line in run))
        small = bool(run) and run[0].size < small_type
        if small or (len(run) <= MAX_LARGE_LINES and _WORDS.search(words)):
            captions.append(part("caption", run))
    loose = [x for x in lines if x.size < small_type and _WORDS.search(compact(x.text))]
    taken = {id(line) for caption in captions for line in caption.lines}
    return captions + [part("caption", [line]) for line in loose if id(line) not in taken]


def _small_type(ground: Ground) -> float:
    return (CAPTION if ground.exact else CAPTION_SCANNED) * ground.body


def _goes_on(line: Line, run: list[Line], picture: Box, ground: Ground) -> bool:
    """Whether a line is the next one of the caption under a picture."""
    if not run:
        return line.box.top - picture.bottom < 1.2 * ground.pitch
    last = run[-1]
    if centre(line.box) - centre(last.box) < 0.5 * ground.body:
        # Side by side: what it shows, and who took it; else two columns of text.
        return max(line.size, last.size) < _small_type(ground)
    full = last.box.right > picture.right - 3 * ground.body
    flush = abs(line.box.left - run[0].box.left) < 0.8 * ground.body
    near = line.box.top - last.box.bottom < 0.8 * ground.pitch
    return full and flush and near and alike(line, run[0], 1.1)


def _under(line: Line, picture: Box, ground: Ground) -> bool:
    inside = shared_width(line.box, picture) > 0.9 * width(line.box)
    down = line.box.top - picture.bottom
    return inside and -ground.body < down < 8 * ground.pitch and line.size < ground.heading
