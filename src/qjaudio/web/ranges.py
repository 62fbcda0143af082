"""Which bytes a Range header asks for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")
_MOST_DIGITS = 18  # far beyond any file; int() refuses some thousands of digits


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` up to but not including `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes these are."""
        return self.stop - self.start


class RangeNotSatisfiable(ValueError):
    """The range is well written, but no byte of the file lies in it: the answer is 416."""


def asked_span(header: str, size: int) -> Span | None:
    """The one span that `header` asks for of a file of `size` bytes; None means: send it whole.

    What is no byte range, is badly written or names several ranges is ignored, as RFC 9110 14.2
    allows: the sum of many overlapping ranges has brought servers down (section 17.15).

    Raises:
        RangeNotSatisfiable: the one range lies behind the end of the file.
    """
    unit, equals, rest = header.partition("=")
    ranges = [part.strip(" \t") for part in rest.split(",") if part.strip(" \t")]
    if unit.strip().lower() != "bytes" or not equals or len(ranges) != 1:
        return None
    match = _ONE_RANGE.fullmatch(ranges[0])
    if match is None or match[0] == "-":
        return None
    if not match["first"]:
        return _suffix(_whole_number(match["last"]), size)
    first = _whole_number(match["first"])
    last = _whole_number(match["last"]) if match["last"] else size - 1
    if match["last"] and last < first:
        return None
    if first >= size:
        raise RangeNotSatisfiable(header)
    return Span(first, min(last + 1, size))


def _suffix(length: int, size: int) -> Span | None:
    if length == 0:
        raise RangeNotSatisfiable("no bytes from the end")
    if size == 0:
        return None
    return Span(max(0, size - length), size)


def _whole_number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
