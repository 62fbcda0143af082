"""Rules, frames and pictures on the image of a page, told from its ink. All boxes in pixels."""

from typing import Any

import numpy as np

from qjaudio.paper.model import Box
from qjaudio.sources.raster import Grey, ink_level

RULE_SHARE = 0.05
"""A rule is at least this share of the page's width long: longer than any stroke of a character."""
MAX_RULE_SHARE = 0.004
"""…and at most this share of its height thick."""
SHADE = 14
"""Steps of grey by which a picture is darker than the paper."""
MAX_TEXT = 0.15
"""Type is never higher than this share of the page's width: such a box is OCR gone astray."""
PICTURE_INK = 0.6
"""Share of ink and grey beyond which a spot belongs to a picture: text leaves more paper bare."""
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


def pictures_of(grey: Grey, text: list[Box]) -> list[Box]:
    """Photos, drawings and dark boxes: what covers the paper and is not `text`."""
    import cv2

    paper = int(np.bincount(grey.ravel(), minlength=256)[128:].argmax()) + 128
    soft = cv2.medianBlur(grey, 5)
    covered = (soft < paper - SHADE).astype(np.float32)
    for box in text:
        if box.bottom - box.top < MAX_TEXT * grey.shape[1]:
            covered[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 0.0
    window = max(9, round(0.012 * grey.shape[1]) | 1)
    dense = (cv2.blur(covered, (window, window)) > PICTURE_INK).astype(np.uint8)
    dense = cv2.morphologyEx(dense, cv2.MORPH_OPEN, np.ones((window, window), np.uint8))
    dense = cv2.morphologyEx(dense, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    least = MIN_PICTURE * grey.shape[1]
    return [
        box
        for box in _boxes(cv2, dense)
        if box.right - box.left > least and box.bottom - box.top > least
    ]
