"""Addresses as the client wrote them."""

import pytest

from qjaudio.web.address import client_base, readdress, with_slash

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


@pytest.mark.parametrize("client", [None, "http://news.example/"])
def test_an_unknown_or_public_client_gets_the_file_as_it_is(client: str | None) -> None:
    """Behind a proxy the show's own address is right; without a safe one nothing is changed."""
    assert (
        readdress(b"https://news.example/qj/a.mp3", BASE, client)
        == b"https://news.example/qj/a.mp3"
    )


def test_an_address_may_come_with_or_without_its_slash() -> None:
    """One slash stands at the end, and no address stays none."""
    assert (with_slash(BASE), with_slash(BASE[:-1]), with_slash("")) == (BASE, BASE, "")
