"""Boxes on the page: how they lie to each other. Points from the top left corner."""

from collections.abc import Iterable

from qjaudio.provenance import Box


def width(box: Box) -> float:
    """How wide a box is."""
    return box.right - box.left


def height(box: Box) -> float:
    """How tall a box is."""
    return box.bottom - box.top


def middle(box: Box) -> float:
    """The middle of its width."""
    return (box.left + box.right) / 2


def centre(box: Box) -> float:
    """The middle of its height."""
    return (box.top + box.bottom) / 2


def shared_width(one: Box, other: Box) -> float:
    """How much of their widths overlaps; negative: how far they stand apart."""
    return min(one.right, other.right) - max(one.left, other.left)


def shared_height(one: Box, other: Box) -> float:
    """How much of their heights overlaps; negative: how far they stand apart."""
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def holds(outer: Box, inner: Box, slack: float = 1.0) -> bool:
    """Whether a box lies inside another, but for `slack` points."""
    return (
        outer.left - slack <= inner.left
        and inner.right <= outer.right + slack
        and outer.top - slack <= inner.top
        and inner.bottom <= outer.bottom + slack
    )


def box_around(boxes: Iterable[Box]) -> Box:
    """The smallest box around some boxes."""
    found = list(boxes)
    return Box(
        min(box.left for box in found),
        min(box.top for box in found),
        max(box.right for box in found),
        max(box.bottom for box in found),
    )


def is_tall(box: Box) -> bool:
    """Whether a line of this box is set from top to bottom."""
    return height(box) > 1.5 * width(box)


def gaps(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps between intervals, from low to high."""
    found: list[tuple[float, float]] = []
    reach: float | None = None
    for low, high in sorted(spans):
        if reach is not None and low > reach:
            found.append((reach, low))
        reach = high if reach is None else max(reach, high)
    return found
