"""Which bytes a Range header asks for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")
_MOST_DIGITS = 18  # far beyond any file; int() refuses some thousands of digits
MOST_RANGES = 8
"""How many ranges one request may name; players ask for one, PDF readers for a few."""


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
    """The ranges are well written, but no byte of the file lies in one: the answer is 416."""


def asked_spans(header: str, size: int) -> tuple[Span, ...]:
    """The spans that `header` asks for of a file of `size` bytes; empty means: send it whole.

    They have no byte in common, those that touch are joined, and they stand in the order in which
    they were asked for. What is no byte range or is badly written is ignored; so are more than
    `MOST_RANGES`, and ranges whose sum exceeds the file: such requests have brought servers down
    (RFC 9110 17.15, which allows to ignore them in 14.2).

    Raises:
        RangeNotSatisfiable: not one range lies in the file.
    """
    unit, equals, rest = header.partition("=")
    written = [part.strip(" \t") for part in rest.split(",") if part.strip(" \t")]
    if unit.strip().lower() != "bytes" or not equals or not 1 <= len(written) <= MOST_RANGES:
        return ()
    matches = [_ONE_RANGE.fullmatch(part) for part in written]
    pairs = [(m["first"], m["last"]) for m in matches if m and m[0] != "-"]
    if len(pairs) < len(written) or any(_is_backwards(*pair) for pair in pairs):
        return ()
    if not size and all(not first and _whole_number(last) for first, last in pairs):
        return ()  # the last bytes of nothing: Content-Range cannot say so, but it can be sent
    spans = [span for pair in pairs if (span := _span(*pair, size))]
    if not spans:
        raise RangeNotSatisfiable(header)
    return _joined(spans) if sum(span.length for span in spans) <= size else ()


def _is_backwards(first: str, last: str) -> bool:
    return bool(first and last) and _whole_number(last) < _whole_number(first)


def _span(first: str, last: str, size: int) -> Span | None:
    """The bytes of the file that lie in one range; None where there are none."""
    if first:
        start = _whole_number(first)
        stop = min(_whole_number(last) + 1, size) if last else size
    else:
        start, stop = max(0, size - _whole_number(last)), size
    return Span(start, stop) if start < stop else None


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """The same bytes in spans that do not touch, each where the first of its parts stood."""
    joined: list[tuple[int, Span]] = []
    for place, span in sorted(enumerate(spans), key=lambda numbered: numbered[1].start):
        if joined and span.start <= joined[-1][1].stop:
            first, before = joined[-1]
            whole = Span(before.start, max(before.stop, span.stop))
            joined[-1] = (min(first, place), whole)
        else:
            joined.append((place, span))
    return tuple(span for _, span in sorted(joined, key=lambda numbered: numbered[0]))


def _whole_number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
