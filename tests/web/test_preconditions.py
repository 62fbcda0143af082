"""Conditional headers against RFC 9110, section 13."""

import pytest

from qjaudio.web.preconditions import (
    Validators,
    Verdict,
    http_date,
    judge,
    parse_http_date,
    range_applies,
)

FILE = Validators('"a,b"', 784111777)
SAME = "Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT"


@pytest.mark.parametrize(
    "text", [SAME, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_the_three_forms_of_a_date_are_one_moment(text: str) -> None:
    """HTTP has three forms of a date; all are read, one is written."""
    assert parse_http_date(text) == 784111777
    assert http_date(784111777) == SAME


@pytest.mark.parametrize("text", ["", "yesterday", "Sun, 06 Nov 19940000000 08:49:37 GMT", "\x00"])
def test_no_date_is_no_date(text: str) -> None:
    """A date that is none is ignored and raises nothing."""
    assert parse_http_date(text) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Verdict.SEND),
        ({"If-None-Match": '"a,b"'}, Verdict.NOT_MODIFIED),
        ({"If-None-Match": 'W/"a,b"'}, Verdict.NOT_MODIFIED),
        ({"If-None-Match": '"x", W/"y" ,"a,b"'}, Verdict.NOT_MODIFIED),
        ({"If-None-Match": "*"}, Verdict.NOT_MODIFIED),
        ({"If-None-Match": "a,b"}, Verdict.SEND),
        ({"If-None-Match": '"a", "b"'}, Verdict.SEND),
        ({"If-Modified-Since": SAME}, Verdict.NOT_MODIFIED),
        ({"If-Modified-Since": EARLIER}, Verdict.SEND),
        ({"If-Modified-Since": "never"}, Verdict.SEND),
        ({"If-None-Match": '"x"', "If-Modified-Since": SAME}, Verdict.SEND),
        ({"If-None-Match": '"a,b"', "If-Modified-Since": EARLIER}, Verdict.NOT_MODIFIED),
        ({"If-Match": '"a,b"'}, Verdict.SEND),
        ({"If-Match": "*"}, Verdict.SEND),
        ({"If-Match": 'W/"a,b"'}, Verdict.FAILED),
        ({"If-Unmodified-Since": EARLIER}, Verdict.FAILED),
        ({"If-Unmodified-Since": SAME}, Verdict.SEND),
        ({"If-Match": '"a,b"', "If-Unmodified-Since": EARLIER}, Verdict.SEND),
    ],
)
def test_headers_are_judged_in_order(headers: dict[str, str], expected: Verdict) -> None:
    """An entity tag beats a date, and a weak tag is good enough only for 304."""
    assert expected is judge(headers, FILE)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"a,b"', True),
        ('W/"a,b"', False),
        ('"x"', False),
        (SAME, True),
        (EARLIER, False),
        ("Sun, 06 Nov 1994 08:49:38 GMT", False),
        ("nonsense", False),
    ],
)
def test_if_range_needs_the_very_version(condition: str, expected: bool) -> None:
    """A range is cut only out of the version that the client has begun with."""
    assert expected is range_applies({"If-Range": condition}, FILE)
