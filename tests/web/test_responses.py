"""What is sent: ranges, conditions and codings against RFC 9110, and bytes made for a client.

Each truth about ranges and conditions holds for a file that is sent as it lies there (the audio)
and for text that is made for the client (the feed, with its address in it).
"""

import gzip
import os
import socket
import threading
from contextlib import closing
from email.utils import formatdate

import pytest
from aiohttp.test_utils import make_mocked_request

from qjaudio.web.app import CacheFullError, SharedCache, create_app, prefers_gzip
from web.conftest import MODIFIED
from web.served import AUDIO, BASE_URL, FEED, Reply, Site, running
from web.test_attacks import settles

NOTES = ("今天的报纸。" * 2000).encode()
SERVED = "Tue, 20 May 2025 00:30:00 GMT"
EARLIER = "Tue, 20 May 2025 00:29:59 GMT"
LATER = "Tue, 20 May 2025 00:30:01 GMT"
BOTH = pytest.mark.parametrize("path", ["/2025-05-20.mp3", "/feed.xml"])


@pytest.fixture
def text_site(site: Site) -> Site:
    """A server that also has a long text."""
    path = site.root / "long.html"
    path.write_bytes(NOTES)
    os.utime(path, (MODIFIED, MODIFIED))
    return site


@BOTH
@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=50-", 50, None),
        ("bytes=50-10000000", 50, None),
        ("bytes=-5", -5, None),
        ("bytes=-50000000", 0, None),
        ("Bytes=0-1", 0, 2),
        ("bytes= 0-1", 0, 2),
        ("bytes=0-" + "9" * 18, 0, None),
        ("bytes=0007-8", 7, 9),
    ],
)
def test_one_range_is_cut_out(
    site: Site, path: str, header: str, start: int, stop: int | None
) -> None:
    """One range is cut to the file, however it is written."""
    whole = site.ask(path).body
    reply = site.ask(path, Range=header)
    expected = whole[start:stop]
    first = len(whole) + start if start < 0 else start
    named = f"bytes {first}-{first + len(expected) - 1}/{len(whole)}"
    assert (206, named) == (reply.status, reply.headers["content-range"])
    assert expected == reply.body


@BOTH
@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=-0",
        "bytes=a-b",
        "bytes=1_0-20",
        "bytes=+1-2",
        "bytes=5-2",
        "bytes=1-2-3",
        "lines=1-2",
        "bytes=0-1,x",
        "bytes=0-1,5-6",
        "bytes=0-1,bytes=3-4",
        "bytes=0-59,40-99",
        "bytes=-10, 0-9",
        "bytes=0-9,100000000-",
        "bytes=0-" + "9" * 5000,
        "bytes=" + ",".join(["0-"] * 1900),
    ],
)
def test_no_range_or_several_mean_the_whole_file(site: Site, path: str, header: str) -> None:
    """What is not a range is ignored, and several are never added up: the file comes once."""
    reply = site.ask(path, Range=header)
    assert 200 == reply.status
    assert "content-range" not in reply.headers
    assert site.ask(path).body == reply.body


def test_two_lines_of_ranges_are_several(site: Site) -> None:
    """RFC 9110 5.3 makes one list of them."""
    lines = b"Range: bytes=0-1\r\nRange: bytes=5-6\r\nConnection: close\r\n\r\n"
    reply = site.say(b"GET /2025-05-20.mp3 HTTP/1.1\r\nHost: a\r\n" + lines)
    assert reply.startswith(b"HTTP/1.1 200 ")


@BOTH
@pytest.mark.parametrize(
    "header", ["bytes=256000-", "bytes=256000-256100", "bytes=" + "9" * 17 + "-"]
)
def test_a_range_behind_the_end_names_the_length(site: Site, path: str, header: str) -> None:
    """A range without a single byte of the file is refused, and no cache keeps the refusal."""
    size = len(site.ask(path).body)
    reply = site.ask(path, Range=header)
    assert (416, f"bytes */{size}") == (reply.status, reply.headers["content-range"])
    assert "no-store" == reply.headers["cache-control"]


def test_an_empty_file_has_no_last_bytes(site: Site) -> None:
    """It is sent whole, and nothing of it in part."""
    (site.root / "empty.mp3").touch()
    assert (200, b"") == (site.ask("/empty.mp3").status, site.ask("/empty.mp3").body)
    assert 416 == site.ask("/empty.mp3", Range="bytes=0-").status


@BOTH
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"If_None_Match": "TAG"}, 304),
        ({"If_None_Match": "W/TAG"}, 304),
        ({"If_None_Match": '"x", W/"y" ,TAG'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": "TAG"[:-1]}, 200),
        ({"If_None_Match": '"a", "b"'}, 200),
        ({"If_Modified_Since": SERVED}, 304),
        ({"If_Modified_Since": "Tuesday, 20-May-25 00:30:00 GMT"}, 304),
        ({"If_Modified_Since": "Tue May 20 00:30:00 2025"}, 304),
        ({"If_Modified_Since": EARLIER}, 200),
        ({"If_Modified_Since": "never"}, 200),
        ({"If_Modified_Since": "Sun, 06 Nov 19940000000 08:49:37 GMT"}, 200),
        ({"If_None_Match": '"x"', "If_Modified_Since": SERVED}, 200),
        ({"If_None_Match": "TAG", "If_Modified_Since": EARLIER}, 304),
        ({"If_Match": "TAG"}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": "W/TAG"}, 412),
        ({"If_Match": '"x"'}, 412),
        ({"If_Unmodified_Since": EARLIER}, 412),
        ({"If_Unmodified_Since": SERVED}, 200),
        ({"If_Unmodified_Since": "Sun, 06 Nov 19940000000 08:49:37 GMT"}, 200),
        ({"If_Match": "TAG", "If_Unmodified_Since": EARLIER}, 200),
    ],
)
def test_conditions_are_judged_in_order(
    site: Site, path: str, headers: dict[str, str], expected: int
) -> None:
    """An entity tag beats a date, a weak tag is good enough only for 304, no date is not a date."""
    etag = site.ask(path).headers["etag"]
    named = {name: value.replace("TAG", etag) for name, value in headers.items()}
    reply = site.ask(path, **named)
    assert expected == reply.status
    assert (reply.body != b"") == (expected == 200)


@BOTH
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("TAG", 206),
        ("W/TAG", 200),
        ('"x"', 200),
        (SERVED, 206),
        (EARLIER, 200),
        (LATER, 200),
        ("nonsense", 200),
        ("Sun, 06 Nov 19940000000 08:49:37 GMT", 200),
    ],
)
def test_a_part_is_cut_only_from_the_version_that_was_begun(
    site: Site, path: str, condition: str, expected: int
) -> None:
    """If-Range by tag or date: a part of the same file, or the whole of the new one."""
    etag = site.ask(path).headers["etag"]
    reply = site.ask(path, Range="bytes=5-", If_Range=condition.replace("TAG", etag))
    assert expected == reply.status


def test_a_date_between_two_seconds_still_names_its_version(site: Site) -> None:
    """A file system counts finer than HTTP; what we have said is understood when it comes back."""
    path = site.root / "2025-05-20.mp3"
    os.utime(path, ns=(MODIFIED * 10**9 + 400_000_000,) * 2)
    said = site.ask("/2025-05-20.mp3").headers["last-modified"]
    assert formatdate(MODIFIED + 1, usegmt=True) == said
    assert 304 == site.ask("/2025-05-20.mp3", If_Modified_Since=said).status
    assert 206 == site.ask("/2025-05-20.mp3", Range="bytes=1-", If_Range=said).status
    feed = site.root / "feed.xml"
    os.utime(feed, ns=(MODIFIED * 10**9 + 400_000_000,) * 2)
    assert said == site.ask("/feed.xml").headers["last-modified"]
    assert 304 == site.ask("/feed.xml", If_Modified_Since=said).status


def test_a_packed_file_beside_ours_is_not_sent(site: Site) -> None:
    """Only what is published leaves the folder, whatever lies beside it under a longer name."""
    for name in ("2025-05-20.mp3.gz", "2025-05-20.mp3.br"):
        (site.root / name).write_bytes(b"secret")
    reply = site.ask("/2025-05-20.mp3", Accept_Encoding="gzip, br")
    assert (200, AUDIO) == (reply.status, reply.body)


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
    headers = {} if header is None else {"Accept-Encoding": header}
    assert wanted == prefers_gzip(make_mocked_request("GET", "/", headers=headers))


def ask_packed(site: Site, method: str = "GET", **headers: str) -> Reply:
    """Ask for the long text as a client that takes gzip."""
    return site.ask("/long.html", method, **{"Accept_Encoding": "gzip", **headers})


def test_text_comes_smaller_and_whole(text_site: Site) -> None:
    """The bytes unpack to the file, and every header that HEAD sends is that of GET."""
    packed, head = ask_packed(text_site), ask_packed(text_site, "HEAD")
    assert NOTES == gzip.decompress(packed.body)
    assert len(packed.body) < len(NOTES) / 10
    assert packed.headers["content-encoding"] == "gzip"
    assert str(len(packed.body)) == packed.headers["content-length"]
    passing = {"date", "connection"}
    assert packed.headers.keys() - passing == head.headers.keys() - passing
    assert packed.headers["etag"] == head.headers["etag"]


def test_each_coding_has_its_own_tag_and_says_that_it_varies(text_site: Site) -> None:
    """A cache between us never mixes them, and 304 answers only for the coding that was asked."""
    packed, plain = ask_packed(text_site), text_site.ask("/long.html")
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gz"'
    assert [packed.headers["vary"], plain.headers["vary"]] == ["Accept-Encoding"] * 2
    again = ask_packed(text_site, If_None_Match=packed.headers["etag"])
    assert (304, packed.headers["etag"]) == (again.status, again.headers["etag"])
    assert again.headers["vary"] == "Accept-Encoding"
    assert ask_packed(text_site, If_None_Match=plain.headers["etag"]).status == 200


def test_ranges_count_plain_bytes(text_site: Site) -> None:
    """Who asks for a range gets it of the text, never of its compressed form."""
    part = ask_packed(text_site, Range="bytes=3-8")
    assert (206, NOTES[3:9]) == (part.status, part.body)
    assert "content-encoding" not in part.headers


def test_half_a_compressed_file_is_not_continued_with_plain_bytes(text_site: Site) -> None:
    """Neither its tag nor its date, which both codings share, lead to a part."""
    packed = ask_packed(text_site)
    for condition in (packed.headers["etag"], SERVED):
        reply = ask_packed(text_site, Range="bytes=3-8", If_Range=condition)
        assert (200, NOTES) == (reply.status, reply.body)
    plain = text_site.ask("/long.html", Range="bytes=3-8", If_Range=SERVED)
    assert (206, NOTES[3:9]) == (plain.status, plain.body)


def test_sound_is_sent_as_it_is(site: Site) -> None:
    """Whatever the client takes; and no cache needs to keep two of it."""
    reply = site.ask("/2025-05-20.mp3", Accept_Encoding="gzip")
    assert (200, AUDIO) == (reply.status, reply.body)
    assert {"content-encoding", "vary"} & reply.headers.keys() == set()


def test_the_same_thing_is_made_once() -> None:
    """Whoever comes second shares what is there."""
    cache, made = SharedCache(100), []

    def make() -> bytes:
        made.append(1)
        return b"bread"

    for _ in range(3):
        assert b"bread" == cache.acquire("a", make)
        cache.release("a")
    assert (made, cache.size) == ([1], 5)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """Room is made by forgetting what nobody uses."""
    cache = SharedCache(10)
    for name in ("a", "b", "a", "c"):
        cache.acquire(name, lambda: b"12345")
        cache.release(name)
    assert cache.size == 10
    cache.acquire("a", lambda: pytest.fail("a was asked for after b"))


def test_what_is_in_use_is_not_forgotten_and_more_is_refused() -> None:
    """Slow readers of many different things cannot take more memory than there may be."""
    cache = SharedCache(10)
    for name in "ab":
        cache.acquire(name, lambda: b"12345")
    with pytest.raises(CacheFullError):
        cache.acquire("c", lambda: b"1")
    assert cache.size == 10
    cache.release("a")
    cache.acquire("c", lambda: b"1")
    assert cache.size == 6
    cache.acquire("b", lambda: pytest.fail("b is in use"))


def test_a_maker_that_fails_leaves_room_and_no_lock() -> None:
    """A file that cannot be read is tried again next time."""
    cache = SharedCache(10)

    def fail() -> bytes:
        raise OSError

    with pytest.raises(OSError):
        cache.acquire("a", fail)
    assert cache.acquire("a", lambda: b"1") == b"1"


def test_many_threads_make_it_once() -> None:
    """Twenty clients that come together wait for one maker."""
    cache, made = SharedCache(100), []

    def make() -> bytes:
        made.append(1)
        return b"x"

    threads = [threading.Thread(target=lambda: cache.acquire("a", make)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_an_answer_gives_its_room_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, in part, unchanged or to a client that leaves: afterwards nothing is in use."""
    caches: list[SharedCache] = []
    whole = SharedCache.__init__

    def remember(self: SharedCache, max_bytes: int = 2**20) -> None:
        whole(self, max_bytes)
        caches.append(self)

    monkeypatch.setattr(SharedCache, "__init__", remember)
    (site.root / "feed.xml").write_text(FEED * 1000, encoding="utf-8")
    with running(create_app(site.root, base_url=BASE_URL)) as port:
        here = Site(site.root, port)
        etag = here.ask("/feed.xml").headers["etag"]
        here.ask("/feed.xml", Range="bytes=0-9")
        here.ask("/feed.xml", "HEAD")
        here.ask("/feed.xml", If_None_Match=etag)
        for _ in range(20):  # each host has bytes of its own, and a megabyte holds eleven
            with closing(socket.create_connection(("127.0.0.1", port))) as client:
                client.sendall(b"GET /feed.xml HTTP/1.1\r\nHost: 10.0.0.%d\r\n\r\n" % _)
        for n in range(20):  # those who have left may be noticed a moment later
            host = f"10.1.0.{n}"
            assert settles(lambda host=host: here.ask("/feed.xml", Host=host).status == 200)
    assert 0 < caches[0].size <= 2**20
