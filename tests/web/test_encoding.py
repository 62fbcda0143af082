"""Text is sent compressed to those who want it so."""

import gzip
import os

import pytest

from qjaudio.web.encoding import is_text, prefers_gzip
from qjaudio.web.media import medium_of
from web.conftest import MODIFIED
from web.served import AUDIO, Reply, Site

NOTES = ("今天的报纸。" * 2000).encode()
SERVED = "Tue, 20 May 2025 00:30:00 GMT"


@pytest.fixture
def text_site(site: Site) -> Site:
    """A server that also has a long text."""
    path = site.root / "long.html"
    path.write_bytes(NOTES)
    os.utime(path, (MODIFIED, MODIFIED))
    return site


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("x-gzip", True),
        ("GZip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("deflate", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("identity, gzip", True),
        ("identity;q=1, gzip;q=0.5", False),
        ("identity;q=0.2, gzip ; q=0.5", True),
        ("gzip;q=2", False),
        ("gzip;q=x", False),
        ("gzipped", False),
        (",,gzip,,", True),
    ],
)
def test_weights_decide(header: str | None, wanted: bool) -> None:
    """What is named with weight 0 is not wanted, and plain bytes win where they weigh more."""
    assert wanted == prefers_gzip(header)


@pytest.mark.parametrize("name", ["a.mp3", "a.jpg", "a.png", "a.ico", "a.woff2"])
def test_sound_and_pictures_are_no_text(name: str) -> None:
    """They are compressed already."""
    medium = medium_of(name)
    assert medium is not None
    assert not is_text(medium)


@pytest.mark.parametrize(
    "name", ["a.xml", "a.vtt", "a.srt", "a.json", "a.html", "a.css", "a.js", "a.svg"]
)
def test_pages_feeds_and_transcripts_are_text(name: str) -> None:
    """Everything that is written in characters."""
    medium = medium_of(name)
    assert medium is not None
    assert is_text(medium)


def ask(site: Site, method: str = "GET", **headers: str) -> Reply:
    """Ask for the long text as a client that takes gzip."""
    return site.ask("/long.html", method, **{"Accept_Encoding": "gzip", **headers})


def test_text_comes_smaller_and_whole(text_site: Site) -> None:
    """The bytes unpack to the file, and every header that HEAD sends is that of GET."""
    packed, head = ask(text_site), ask(text_site, "HEAD")
    assert NOTES == gzip.decompress(packed.body)
    assert len(packed.body) < len(NOTES) / 10
    assert packed.headers["content-encoding"] == "gzip"
    assert str(len(packed.body)) == packed.headers["content-length"]
    passing = {"date", "connection"}
    assert packed.headers.keys() - passing == head.headers.keys() - passing
    assert packed.headers["etag"] == head.headers["etag"]


def test_each_coding_has_its_own_tag_and_says_that_it_varies(text_site: Site) -> None:
    """A cache between us never mixes them, and 304 answers only for the coding that was asked."""
    packed, plain = ask(text_site), text_site.ask("/long.html")
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gz"'
    assert [packed.headers["vary"], plain.headers["vary"]] == ["Accept-Encoding"] * 2
    again = ask(text_site, If_None_Match=packed.headers["etag"])
    assert (304, packed.headers["etag"]) == (again.status, again.headers["etag"])
    assert again.headers["vary"] == "Accept-Encoding"
    assert ask(text_site, If_None_Match=plain.headers["etag"]).status == 200


def test_ranges_count_plain_bytes(text_site: Site) -> None:
    """Who asks for a range gets it of the text, never of its compressed form."""
    part = ask(text_site, Range="bytes=3-8")
    assert (206, NOTES[3:9]) == (part.status, part.body)
    assert "content-encoding" not in part.headers


def test_half_a_compressed_file_is_not_continued_with_plain_bytes(text_site: Site) -> None:
    """Neither its tag nor its date, which both codings share, lead to a part."""
    packed = ask(text_site)
    for condition in (packed.headers["etag"], SERVED):
        reply = ask(text_site, Range="bytes=3-8", If_Range=condition)
        assert (200, NOTES) == (reply.status, reply.body)
    plain = text_site.ask("/long.html", Range="bytes=3-8", If_Range=SERVED)
    assert (206, NOTES[3:9]) == (plain.status, plain.body)


def test_sound_is_sent_as_it_is(site: Site) -> None:
    """Whatever the client takes; and no cache needs to keep two of it."""
    reply = site.ask("/2025-05-20.mp3", Accept_Encoding="gzip")
    assert (200, AUDIO) == (reply.status, reply.body)
    assert {"content-encoding", "vary"} & reply.headers.keys() == set()


def test_the_home_page_is_compressed_too(site: Site) -> None:
    """Pages made on request are text like all others."""
    plain, packed = site.ask("/"), site.ask("/", Accept_Encoding="gzip")
    assert plain.body == gzip.decompress(packed.body)
    assert plain.headers["etag"] != packed.headers["etag"]
