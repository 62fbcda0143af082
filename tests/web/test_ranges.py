"""Range headers against RFC 9110, section 14."""

import pytest

from qjaudio.web.ranges import RangeNotSatisfiable, Span, asked_span


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=90-", Span(90, 100)),
        ("bytes=90-100000", Span(90, 100)),
        ("bytes=-5", Span(95, 100)),
        ("bytes=-500", Span(0, 100)),
        ("Bytes=0-1", Span(0, 2)),
        ("bytes= 0-1 ,", Span(0, 2)),
        ("bytes=0-" + "9" * 5000, Span(0, 100)),
        ("bytes=" + "0" * 5000 + "7-8", Span(7, 9)),
    ],
)
def test_one_range_is_understood(header: str, expected: Span) -> None:
    """One range is cut to the file, however it is written."""
    assert expected == asked_span(header, 100)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1_0-20",
        "bytes=1０-20",
        "bytes=+1-2",
        "bytes=5-2",
        "bytes=1-2-3",
        "lines=1-2",
        "bytes=0-1,3-4",
        "bytes=" + ",".join(["0-"] * 2000),
    ],
)
def test_no_range_or_many_ranges_mean_the_whole_file(header: str) -> None:
    """What is no range is ignored, and several ranges are never added up."""
    assert asked_span(header, 100) is None


@pytest.mark.parametrize(
    "header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 99 + "-"]
)
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    """A range without a single byte of the file is refused."""
    with pytest.raises(RangeNotSatisfiable):
        asked_span(header, 100)


def test_an_empty_file_has_no_last_bytes_but_is_sent() -> None:
    """The last bytes of nothing are the whole of it: Content-Range could not say so."""
    assert asked_span("bytes=-5", 0) is None
    with pytest.raises(RangeNotSatisfiable):
        asked_span("bytes=0-", 0)
