"""Addresses as the client wrote them, and the key of a private show in them."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjaudio.errors import UsageError
from qjaudio.web.addresses import (
    check_key,
    client_base,
    new_key,
    path_inside,
    replace_base,
    shown_base,
    with_slash,
)
from qjaudio.web.app import create_app
from web.served import AUDIO, BASE_URL, Site, running

BASE = "https://news.example/qj/"
KEY = "Zq7-long_and-private-0"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8010", "news.local", "[fe80::1]:8010", "[::ffff:10.0.0.1]", "a-b.example:80"],
)
def test_a_plain_host_is_taken(host: str) -> None:
    """Names, numbers and IPv6 in brackets become an address with a slash."""
    assert f"http://{host}/" == client_base("http", host)


@pytest.mark.parametrize(
    "host",
    [None, "", "a b", "a/b", "a@b", 'a"><script>', "a:b", "a\n", "新闻.example", "[::1", "a" * 300],
)
def test_a_host_that_could_smuggle_is_refused(host: str | None) -> None:
    """Anything but a plain name or number is not an address of ours."""
    assert client_base("http", host) is None


def test_every_address_of_the_show_follows_the_client() -> None:
    """All occurrences change, and other people's addresses stay."""
    content = b"https://news.example/qj/a.mp3 https://news.example/qj/ https://other.example/qj/"
    expected = b"http://10.0.0.2:80/a.mp3 http://10.0.0.2:80/ https://other.example/qj/"
    assert expected == replace_base(content, BASE, "http://10.0.0.2:80/")


def test_an_address_is_replaced_once() -> None:
    """The new address may begin with the old one, as with a private show behind a proxy."""
    assert f"{BASE}KEY/a.mp3".encode() == replace_base(f"{BASE}a.mp3".encode(), BASE, f"{BASE}KEY/")


@pytest.mark.parametrize(
    ("client", "key", "expected"),
    [
        (None, "", BASE),
        ("http://news.example/", "", BASE),
        ("http://NEWS.example/", "", BASE),
        ("http://10.0.0.2/", "", "http://10.0.0.2/"),
        ("http://10.0.0.2/KEY/", "KEY", "http://10.0.0.2/KEY/"),
        ("http://news.example/KEY/", "KEY", f"{BASE}KEY/"),
        (None, "KEY", f"{BASE}KEY/"),
    ],
)
def test_which_address_stands_in_a_file(client: str | None, key: str, expected: str) -> None:
    """The client's own, or behind a proxy the show's; with the key of a private show."""
    assert expected == shown_base(BASE, client, key)


def test_a_key_that_is_in_the_address_of_the_show_is_not_added_again() -> None:
    """The feed may have been written with the key in it; without an address nothing is guessed."""
    assert f"{BASE}KEY/" == shown_base(f"{BASE}KEY/", "http://news.example/KEY/", "KEY")
    assert "" == shown_base("", "http://10.0.0.2/KEY/", "KEY")


def test_an_address_may_come_with_or_without_its_slash() -> None:
    """One slash stands at the end, and no address stays none."""
    assert (with_slash(BASE), with_slash(BASE[:-1]), with_slash("")) == (BASE, BASE, "")


@pytest.fixture
def private(root: Path) -> Iterator[Site]:
    """A server of a private show."""
    with running(create_app(root, base_url=BASE_URL, key=KEY)) as port:
        yield Site(root, port)


def test_keys_of_our_own_are_taken_and_differ() -> None:
    """What `serve --key` makes satisfies our own rule."""
    keys = [new_key() for _ in range(20)]
    assert keys == [check_key(key) for key in keys]
    assert len(set(keys)) == 20


@pytest.mark.parametrize("key", ["short", "a" * 200, "with space in it-here", "上" * 20, "a/b" * 9])
def test_a_key_that_could_be_guessed_or_garbled_is_refused(key: str) -> None:
    """The message says why and how, and does not quote it."""
    with pytest.raises(UsageError) as caught:
        check_key(key)
    assert key not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        (f"/{KEY}/feed.xml", "/feed.xml"),
        (f"/{KEY}/", "/"),
        (f"/{KEY}", ""),
        ("/feed.xml", None),
        ("/", None),
        (f"//{KEY}/feed.xml", None),
        (f"/{KEY}x/feed.xml", None),
        (f"/{KEY[:-1]}/feed.xml", None),
        (f"/{KEY.lower()}/feed.xml", None),
        (f"/x/{KEY}/feed.xml", None),
        ("/\udcff/feed.xml", None),
        ("*", None),
    ],
)
def test_only_the_exact_key_leads_inside(path: str, inside: str | None) -> None:
    """The first name has to be the key, character by character."""
    assert inside == path_inside(path, KEY)


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/2025-05-20.mp3", "/absent", f"/x{KEY}/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_without_the_key_there_is_nothing(private: Site, path: str, method: str) -> None:
    """Published, absent and forbidden look the same from outside."""
    reply, absent = private.ask(path, method), private.ask("/nothing", method)
    volatile = {"date"}
    assert (404, absent.body) == (reply.status, reply.body)
    assert {k: v for k, v in reply.headers.items() if k not in volatile} == {
        k: v for k, v in absent.headers.items() if k not in volatile
    }


def test_with_the_key_everything_is_there_and_names_it(private: Site) -> None:
    """The feed, read under the key, leads to audio under the key; also behind a proxy."""
    feed = private.ask(f"/{KEY}/feed.xml")
    address = f"http://127.0.0.1:{private.port}/{KEY}/2025-05-20.mp3"
    assert address.encode() in feed.body
    assert private.ask(f"/{KEY}/2025-05-20.mp3").body == AUDIO
    (private.root / "index.html").write_text(f'<!doctype html><a href="{BASE_URL}feed.xml">')
    assert f"/{KEY}/feed.xml".encode() in private.ask(f"/{KEY}/").body
    proxied = private.ask(f"/{KEY}/feed.xml", Host="news.example")
    assert f"{BASE_URL}{KEY}/2025-05-20.mp3".encode() in proxied.body
    slashless = private.ask(f"/{KEY}")
    assert (308, f"{KEY}/") == (slashless.status, slashless.headers["location"])


@pytest.mark.parametrize("path", [f"/{KEY}/", f"/{KEY}/feed.xml", f"/{KEY}/2025-05-20.mp3", "/"])
def test_nobody_passes_the_address_on(private: Site, path: str) -> None:
    """Search engines, other sites and shared caches are told to leave it alone."""
    headers = private.ask(path).headers
    assert (headers["x-robots-tag"], headers["referrer-policy"]) == ("noindex", "no-referrer")
    assert "public" not in headers["cache-control"]
    assert any(word in headers["cache-control"] for word in ("private", "no-store"))


def test_an_open_show_may_be_found(site: Site) -> None:
    """Without a key nothing is hidden from search engines."""
    assert "x-robots-tag" not in site.ask("/feed.xml").headers


def test_no_log_line_holds_the_key(
    private: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is not HTTP nor an error of ours brings it into a log."""
    caplog.set_level(logging.DEBUG)
    private.say(f"GET /{KEY}/ HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n".encode())
    private.say(f"GET /{KEY}/ HTTP/1.1\r\n{KEY}\r\n\r\n".encode())
    private.ask(f"/{KEY}/feed.xml")

    def fail(path: str) -> None:
        raise RuntimeError(f"cannot find {path} of {KEY}")

    monkeypatch.setattr("qjaudio.web.addresses.published_parts", fail)
    assert private.ask(f"/{KEY}/feed.xml").status == 500
    assert "RuntimeError" in caplog.text
    assert KEY not in caplog.text
