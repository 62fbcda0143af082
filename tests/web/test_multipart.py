"""Several parts in one answer, as a mail program would read them."""

from email.parser import BytesParser
from email.policy import HTTP

from qjaudio.web.multipart import lay_out
from qjaudio.web.ranges import Span
from web.served import AUDIO, Site


def test_each_part_names_its_place_and_holds_its_bytes(site: Site) -> None:
    """A reader of our own language's library finds both parts; the length is right."""
    reply = site.ask("/2025-05-20.mp3", Range="bytes=1000-1099, 0-9, -5")
    assert (206, str(len(reply.body))) == (reply.status, reply.headers["content-length"])
    assert "content-range" not in reply.headers
    head = f"Content-Type: {reply.headers['content-type']}\r\n\r\n".encode()
    parts = list(BytesParser(policy=HTTP).parsebytes(head + reply.body).iter_parts())
    assert ["audio/mpeg"] * 3 == [part.get_content_type() for part in parts]
    expected = ["bytes 1000-1099/256000", "bytes 0-9/256000", "bytes 255995-255999/256000"]
    assert expected == [part["Content-Range"] for part in parts]
    boundary = reply.headers["content-type"].partition("boundary=")[2].encode()
    bodies = [
        part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        for part in reply.body.split(b"--" + boundary)[1:-1]
    ]
    assert bodies == [AUDIO[1000:1100], AUDIO[:10], AUDIO[-5:]]


def test_ranges_that_become_one_are_an_ordinary_part(site: Site) -> None:
    """Where only one span is left, the answer has no parts."""
    reply = site.ask("/2025-05-20.mp3", Range="bytes=0-9,5-19,300000-")
    assert (206, "bytes 0-19/256000") == (reply.status, reply.headers["content-range"])
    assert AUDIO[:20] == reply.body


def test_boundaries_cannot_be_foretold() -> None:
    """Who could guess it might plant it in a file."""
    layouts = [lay_out([Span(0, 1), Span(2, 3)], 9, "audio/mpeg") for _ in range(2)]
    assert layouts[0].boundary != layouts[1].boundary
