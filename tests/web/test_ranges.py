"""Range headers against RFC 9110, section 14."""

import pytest

from qjaudio.web.ranges import MOST_RANGES, RangeNotSatisfiable, Span, asked_spans


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
    assert (expected,) == asked_spans(header, 100)


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
        "bytes=0-1,x",
        "bytes=0-1,bytes=3-4",
        "bytes=0-59,40-99",
        "bytes=0-,0-",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 90, 10)),
        "bytes=" + ",".join(["0-"] * 2000),
    ],
)
def test_no_range_or_too_many_mean_the_whole_file(header: str) -> None:
    """What is no range is ignored, and several ranges are never added up."""
    assert asked_spans(header, 100) == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-1,5-6", [(0, 2), (5, 7)]),
        ("bytes=50-59,0-9", [(50, 60), (0, 10)]),
        ("bytes=-10, 0-9", [(90, 100), (0, 10)]),
        ("bytes=0-9,5-14", [(0, 15)]),
        ("bytes=0-9,10-19", [(0, 20)]),
        ("bytes=60-69,0-9,65-79,5-6", [(60, 80), (0, 10)]),
        ("bytes=0-9,100-,200-300", [(0, 10)]),
    ],
)
def test_a_few_ranges_are_taken_without_what_they_share(
    header: str, expected: list[tuple[int, int]]
) -> None:
    """They come in the order of the request; those that touch are one, those behind the end go."""
    assert tuple(Span(*pair) for pair in expected) == asked_spans(header, 100)


@pytest.mark.parametrize("header", ["bytes=" + ",".join(["7-8"] * n) for n in range(1, 12)])
def test_no_request_gets_more_bytes_than_the_file_has(header: str) -> None:
    """Whatever is asked for, the sum of the spans stays within the file."""
    spans = asked_spans(header, 10)
    assert sum(span.length for span in spans) <= 10
    assert len(spans) <= MOST_RANGES


@pytest.mark.parametrize(
    "header",
    ["bytes=100-", "bytes=100-,-0", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 99 + "-"],
)
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    """A range without a single byte of the file is refused."""
    with pytest.raises(RangeNotSatisfiable):
        asked_spans(header, 100)


def test_an_empty_file_has_no_last_bytes_but_is_sent() -> None:
    """The last bytes of nothing are the whole of it: Content-Range could not say so."""
    assert asked_spans("bytes=-5", 0) == ()
    with pytest.raises(RangeNotSatisfiable):
        asked_spans("bytes=0-", 0)
