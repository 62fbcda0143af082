"""Addresses as the client wrote them."""

import pytest

from qjaudio.web.address import client_base, readdress, shown_base, with_slash

BASE = "https://news.example/qj/"


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
    """Anything but a plain name or number is no address of ours."""
    assert client_base("http", host) is None


def test_every_address_of_the_show_follows_the_client() -> None:
    """All occurrences change, and other people's addresses stay."""
    content = b"https://news.example/qj/a.mp3 https://news.example/qj/ https://other.example/qj/"
    expected = b"http://10.0.0.2:80/a.mp3 http://10.0.0.2:80/ https://other.example/qj/"
    assert expected == readdress(content, BASE, "http://10.0.0.2:80/")


def test_an_address_is_replaced_once() -> None:
    """The new address may begin with the old one, as with a private show behind a proxy."""
    assert f"{BASE}KEY/a.mp3".encode() == readdress(f"{BASE}a.mp3".encode(), BASE, f"{BASE}KEY/")


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
