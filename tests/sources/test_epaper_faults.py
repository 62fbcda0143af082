"""Sites that fail, lie or attack: named errors, bounded time and memory."""

import time
from dataclasses import replace

import pytest

from qjaudio.errors import EngineError, NoPaperError, NotAnIssueError, QjaudioError
from qjaudio.paper.reading import read_issue
from qjaudio.sources.epaper import EpaperSource
from qjaudio.sources.epaper.fetch import Limits, NotSentError, PublicResolver, is_public
from site_pages import article_path, first_page, site
from site_server import FAULTS, Answer, SiteServer

FAST = Limits(pause_s=0, retry_s=0, request_s=15, total_s=60)
"""As patient as a slow machine needs."""
HASTY = replace(FAST, request_s=0.4)
"""For a site that never answers."""
FIRST, ARTICLE = first_page("founder"), article_path("founder", 2)
STRANGER = (
    b'<META HTTP-EQUIV=REFRESH CONTENT="0; URL=http://169.254.169.254/html/2025-05/20/node_1.htm">'
)
ON_FIRST_PAGE = {
    "unavailable": (NotSentError, "answers 503"),
    "later": (EngineError, "answers 429, and asks to be left alone for 3600 s"),
    "gone": (NoPaperError, "no issue on 2025-05-20"),
    "forbidden": (NotSentError, "answers 403"),
    "mute": (NotSentError, "does not answer in time"),
    "cut": (NotSentError, "broke off"),
    "cut_quietly": (NotSentError, "breaks off"),
    "circle": (NotAnIssueError, "redirects endlessly"),
    "chain": (NotAnIssueError, "redirects endlessly"),
    "stranger": (NotAnIssueError, "another host"),
    "endless": (NotAnIssueError, "too large"),
    "pdf": (NotAnIssueError, "application/pdf"),
}


def read(server: SiteServer, limits: Limits = FAST, path: str = FIRST) -> int:
    """How many articles come out."""
    return len(read_issue(EpaperSource(limits=limits).pages(server.url + path)).articles)


@pytest.mark.parametrize("fault", ON_FIRST_PAGE)
def test_a_failing_first_page_is_named(fault: str) -> None:
    """Each fault raises its own class, says what happened and what to do, in two short lines."""
    kind, words = ON_FIRST_PAGE[fault]
    site_server = SiteServer(site("founder"), {FIRST: fault})
    with site_server as server, pytest.raises(QjaudioError, match=words) as caught:
        read(server, HASTY if fault == "mute" else FAST)
    assert kind is type(caught.value)
    assert caught.value.hint
    assert "\n" not in f"{caught.value}{caught.value.hint}"


def test_every_fault_is_tried() -> None:
    """The table above names all faults of the server but those that pass."""
    assert set(FAULTS) - {"unavailable_once", "cookie", "unnamed"} == set(ON_FIRST_PAGE)


@pytest.mark.parametrize("fault", ["cookie", "unnamed"])
def test_a_cookie_is_sent_back_and_markup_without_a_type_is_a_page(fault: str) -> None:
    """Neither keeps a reader with a browser from the page."""
    with SiteServer(site("founder"), {FIRST: fault, ARTICLE: fault}) as server:
        assert 5 == read(server)


@pytest.mark.parametrize("fault", ["unavailable", "forbidden", "mute", "cut", "cut_quietly"])
def test_an_article_that_fails_costs_itself_and_is_doubted(fault: str) -> None:
    """The others are of the same morning; a grave doubt names the one that is missing and why."""
    with SiteServer(site("founder"), {ARTICLE: fault}) as server:
        limits = replace(FAST, request_s=3) if fault == "mute" else FAST
        issue = read_issue(EpaperSource(limits=limits).pages(server.url + FIRST))
    (doubt,) = [one for one in issue.doubts if "没有读到" in one.why]
    assert 4 == len(issue.articles)
    assert "grave" == doubt.kind
    assert ON_FIRST_PAGE[fault][1] in doubt.why


def test_two_failing_articles_after_each_other_stop_the_issue() -> None:
    """Then it is the site that fails, and all may be there in a moment."""
    faults = {ARTICLE: "forbidden", article_path("founder", 3): "forbidden"}
    with SiteServer(site("founder"), faults) as server, pytest.raises(EngineError, match="403"):
        read(server)


def test_an_article_that_asks_to_be_left_alone_stops_the_issue() -> None:
    """Who asks for an hour's peace is not asked for the next article."""
    with SiteServer(site("founder"), {ARTICLE: "later"}) as server, pytest.raises(EngineError):
        read(server)


@pytest.mark.parametrize("fault", ["gone", "circle", "stranger", "endless", "pdf"])
def test_an_article_that_is_none_is_left_out(fault: str) -> None:
    """A dead or misleading link costs itself alone."""
    with SiteServer(site("founder"), {ARTICLE: fault}) as server:
        assert 4 == read(server)


@pytest.mark.parametrize("path", [FIRST, ARTICLE])
def test_one_retry_gets_over_a_busy_moment(path: str) -> None:
    """A 503 is asked again once, and the issue is whole."""
    with SiteServer(site("founder"), {path: "unavailable_once"}) as server:
        assert 5 == read(server)
        assert 2 == server.times(path)


def test_there_is_no_second_retry() -> None:
    """A site in trouble is not hammered."""
    with SiteServer(site("founder"), {FIRST: "unavailable"}) as server:
        with pytest.raises(EngineError):
            read(server)
        assert 2 == server.times(FIRST)


def test_a_pause_stands_between_requests() -> None:
    """Twelve requests with a pause of 20 ms take at least eleven pauses."""
    with SiteServer(site("founder")) as server:
        start = time.monotonic()
        read(server, replace(FAST, pause_s=0.02))
    assert 11 * 0.02 <= time.monotonic() - start


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"articles": 3}, "more than 3 articles"),
        ({"pages": 1}, "more than 1 pages"),
        ({"document_bytes": 500}, "too large for a page"),
        ({"issue_bytes": 6000}, "too large for an issue"),
    ],
)
def test_what_is_too_much_is_refused(limits: dict[str, int], words: str) -> None:
    """An archive, or a page of endless size, is not an issue."""
    with SiteServer(site("founder")) as server, pytest.raises(NotAnIssueError, match=words):
        read(server, replace(FAST, **limits))


def test_the_whole_issue_has_a_limit_of_time() -> None:
    """A site that is slow at every page is given up in the end."""
    site_server = SiteServer(site("founder"), {ARTICLE: "mute"})
    with site_server as server, pytest.raises(EngineError, match="longer than"):
        read(server, replace(FAST, request_s=30, total_s=0.5))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><body>nothing here</body></html>", "links to no article"),
        (b'<META HTTP-EQUIV=REFRESH CONTENT="0; URL=?1">', "links to no article"),
        (STRANGER, "another host"),
        (b"<script>location.replace('http://127.0.0.1:9/')</script>", "another host"),
        (bytes(range(128, 256)) * 50, "charset"),
        (b"<div>" * 100_000, "nested too deeply"),
        (b"<div %s>" % b" ".join(b"a%d=/" % at for at in range(20_000)), "thousands of attributes"),
        (b"<script>a" * 100_000, "nested too deeply"),
        (b"", "links to no article"),
    ],
)
def test_a_hostile_first_page_is_refused(body: bytes, words: str) -> None:
    """Whatever the page holds, the answer is one of our errors, soon."""
    start = time.monotonic()
    site_server = SiteServer(site("founder") | {FIRST: Answer(body=body)})
    with site_server as server, pytest.raises(NotAnIssueError, match=words):
        read(server)
    assert time.monotonic() - start < 14


def test_links_to_other_hosts_are_not_followed() -> None:
    """An article on another host is not asked for, even under the right date."""
    link = b"<a href=http://127.0.0.1:9/html/2025-05/20/content_1.htm>x</a></BODY>"
    first = site("founder")[FIRST].body.replace(b"</BODY>", link)
    with SiteServer(site("founder") | {FIRST: Answer(body=first)}) as server:
        assert 5 == read(server)


def test_an_unreachable_site_says_so() -> None:
    """Nobody listens: the network failed, and the reason is the system's."""
    with SiteServer({}) as server:
        address = server.url + FIRST
    with pytest.raises(EngineError, match=r"cannot reach .*refused"):
        list(EpaperSource(limits=FAST).pages(address))


@pytest.mark.parametrize("location", ["http://user:word@127.0.0.1/", "http://[::1", "nonsense"])
def test_what_is_no_plain_address_is_refused(location: str) -> None:
    """Credentials in an address and broken ones never reach the network."""
    with pytest.raises(NotAnIssueError, match="not a web address"):
        list(EpaperSource(limits=FAST).pages(location))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("2001:4860:4860::8888", True),
        ("nonsense", False),
    ],
)
def test_private_addresses_are_known(address: str, public: bool) -> None:
    """Loopback, link-local and private networks are not the public internet."""
    assert public is is_public(address)


def test_a_name_may_not_stand_for_a_private_address() -> None:
    """Unless it is allowed, or is localhost."""
    row = {"hostname": "x", "host": "10.0.0.1", "port": 80, "family": 2, "proto": 0, "flags": 0}
    with pytest.raises(NotAnIssueError, match="private network"):
        PublicResolver("paper.example.cn").permitted([row])  # type: ignore[list-item]
    for resolver in (PublicResolver("localhost"), PublicResolver("x", allow_private=True)):
        assert [row] == resolver.permitted([row])  # type: ignore[list-item]
