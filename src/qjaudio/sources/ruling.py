"""Rules, frames and pictures on the image of a page, told from its ink. All boxes in pixels."""

from typing import Any

import numpy as np

from qjaudio.provenance import Box
from qjaudio.sources.raster import Grey, ink_level

RULE_SHARE = 0.05
"""A rule is at least this share of the page's width long: longer than any stroke of a character."""
MAX_RULE_SHARE = 0.004
"""…and at most this share of its height thick."""
WINDOW = 0.014
"""Side of the window in which the ground is sought, as a share of the page's width: wider than the
gaps between strokes of a headline."""
PICTURE, TINT = 40, 9
"""By how many steps of grey the ground of a picture, and of a tinted box, is darker than paper."""
MIN_PICTURE = 0.05
"""Least side of a picture as a share of the page's width."""


def rules_of(grey: Grey) -> list[Box]:
    """The printed rules, and the frames that rules make."""
    import cv2

    ink = (grey < ink_level(grey)).astype(np.uint8)
    length = max(20, round(RULE_SHARE * grey.shape[1]))
    thick = max(4.0, MAX_RULE_SHARE * grey.shape[0])
    level = [
        box
        for box in _runs(cv2, ink, (length, 1), (3, 3))
        if box.bottom - box.top <= thick and box.right - box.left >= length
    ]
    upright = [
        box
        for box in _runs(cv2, ink, (1, length), (3, 3))
        if box.right - box.left <= thick and box.bottom - box.top >= length
    ]
    return [*level, *upright, *_frames(level, upright, length / 4)]


def _runs(cv2: Any, ink: Any, kernel: tuple[int, int], closing: tuple[int, int]) -> list[Box]:
    """Long straight runs of ink; speckles of paper in them are closed first."""
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(closing[::-1], np.uint8))
    runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
    runs = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    return _boxes(cv2, runs)


def _boxes(cv2: Any, mask: Any) -> list[Box]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = stats[1:count].tolist()
    return [Box(x, y, x + wide, y + tall) for x, y, wide, tall, _ in found]


def _frames(level: list[Box], upright: list[Box], slack: float) -> list[Box]:
    """Boxes with a rule along each side."""
    found: list[Box] = []
    for top in level:
        for bottom in level:
            same = abs(top.left - bottom.left) < slack and abs(top.right - bottom.right) < slack
            if not same or bottom.top - top.top < 2 * slack:
                continue
            box = Box(top.left, top.top, top.right, bottom.bottom)
            sides = [
                any(_along(rule, box, x, slack) for rule in upright) for x in (box.left, box.right)
            ]
            if all(sides):
                found.append(box)
    return found


def _along(rule: Box, box: Box, x: float, slack: float) -> bool:
    covered = min(rule.bottom, box.bottom) - max(rule.top, box.top)
    return abs((rule.left + rule.right) / 2 - x) < slack and covered > 0.8 * (box.bottom - box.top)


def shades_of(grey: Grey) -> tuple[list[Box], list[Box]]:
    """Pictures (photos, drawings), and tinted boxes that hold text.

    The lightest pixel of a small window is bare paper between the strokes of any text, the tint of
    a box, or the inside of a picture.
    """
    import cv2

    paper = int(np.bincount(grey.ravel(), minlength=256)[128:].argmax()) + 128
    window = max(15, round(WINDOW * grey.shape[1]) | 1)
    ground = cv2.dilate(cv2.medianBlur(grey, 3), np.ones((window, window), np.uint8))
    ground = cv2.blur(ground, (window, window))
    dark = (ground < paper - PICTURE).astype(np.uint8)
    tinted = (ground < paper - TINT).astype(np.uint8)
    pictures = _large(_boxes(cv2, dark), grey, window)
    tints = [
        box
        for box in _large(_boxes(cv2, tinted), grey, window)
        if not any(_inside(box, picture) for picture in pictures)
    ]
    return pictures, tints


def _large(boxes: list[Box], grey: Grey, window: int) -> list[Box]:
    """The boxes that are large enough, grown by what the window took off their edges."""
    least, edge = MIN_PICTURE * grey.shape[1], window / 2
    return [
        Box(box.left - edge, box.top - edge, box.right + edge, box.bottom + edge)
        for box in boxes
        if box.right - box.left > least and box.bottom - box.top > least
    ]


def _inside(box: Box, picture: Box) -> bool:
    """Whether an area is hardly larger than a picture: its light parts."""
    shared = min(box.right, picture.right) - max(box.left, picture.left)
    tall = min(box.bottom, picture.bottom) - max(box.top, picture.top)
    area = (box.right - box.left) * (box.bottom - box.top)
    return shared > 0 and tall > 0 and shared * tall > 0.6 * area
