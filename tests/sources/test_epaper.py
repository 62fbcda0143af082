"""Whole issues from sites of our own, in the markup of four systems."""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Article, Page, is_marked, issue_json
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import han
from qjaudio.sources.epaper import EpaperSource
from qjaudio.sources.epaper.fetch import Limits
from qjaudio.sources.model import SourceContext
from qjaudio.testing import check_source
from site_pages import SYSTEMS, article_path, first_page, issue, site, system_of
from site_server import Answer, SiteServer

FAST = Limits(pause_s=0, retry_s=0, request_s=15, total_s=60)
DATE = "2025-05-20"


def pages_of(system: str, files: dict[str, Answer] | None = None) -> tuple[list[Page], SiteServer]:
    with SiteServer(files or site(system)) as server:
        return list(EpaperSource(limits=FAST).pages(server.url + first_page(system))), server


def seen(article: Article) -> dict[str, Any]:
    """An article in the form of issue.toml, which leaves out what is empty."""
    facts = {
        "headline": article.headline.main,
        "kicker": article.headline.kicker,
        "deck": article.headline.deck,
        "page": article.page,
        "dateline": article.dateline,
        "byline": list(article.byline),
        "signoff": article.signoff,
        "crossheads": [crosshead.text for crosshead in article.crossheads],
        "body": list(article.paragraphs),
    }
    return {name: value for name, value in facts.items() if value}


@pytest.mark.parametrize("system", SYSTEMS)
def test_articles_come_out_as_written(system: str) -> None:
    """Headline, kicker, deck, names, crossheads, paragraphs and joined jumps are the paper's."""
    pages, _ = pages_of(system)
    assert issue()["article"] == [seen(article) for article in read_issue(pages).articles]


@pytest.mark.parametrize("system", SYSTEMS)
def test_paper_and_date_are_known(system: str) -> None:
    """The paper's name comes from the titles, the date from the address."""
    masthead = read_issue(pages_of(system)[0]).masthead
    assert (issue()["paper"], DATE) == (masthead.paper, masthead.date)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_document_is_asked_for_once_and_alone(system: str) -> None:
    """Lists, maps and boxes name an article many times; it is fetched once, one after the other."""
    _, server = pages_of(system)
    paths = [path.partition("?")[0] for path in server.asked]
    assert {1} == set(Counter(paths).values())
    assert 1 == server.most_at_once


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_han_character_is_lost_or_doubled(system: str) -> None:
    """Every Han character of the pages is in an article or left out, once."""
    pages, _ = pages_of(system)
    facts = ("paper", "date")
    given = "".join(
        line.text
        for page in pages
        for block in page.blocks
        for line in block.lines
        if block.kind not in facts
    )
    report = issue_json(read_issue(pages))
    # A dateline is named in the article and stays, with its brackets, in what was left out.
    keys = ("headline", "kicker", "deck", "signoff")
    kept = [article[key] or "" for article in report["articles"] for key in keys]
    kept += ["".join(article["byline"] + article["body"]) for article in report["articles"]]
    kept += [row["text"] for article in report["articles"] for row in article["crossheads"]]
    kept += [row["text"] for row in report["left_out"]]
    assert Counter(han(given)) == Counter(han("".join(kept)))


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_no_article_is_left_out_by_kind(system: str) -> None:
    """Adverts, photo rubrics, editors, untitled entries and jump lines are kept, never spoken."""
    kinds = {row.kind for row in read_issue(pages_of(system)[0]).left_out}
    assert set() == {"advert", "caption", "editors", "untitled", "jump_line", "byline"} - kinds


@pytest.mark.parametrize("system", ["founder", "huaguang"])
def test_the_front_door_leads_to_the_issue(system: str) -> None:
    """A <meta> refresh or a script that sends the reader on is followed on the same host."""
    with SiteServer(site(system)) as server:
        pages = list(EpaperSource(limits=FAST).pages(server.url + system_of(system)["index_path"]))
    assert DATE == read_issue(pages).masthead.date


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_address_with_dot_segments_finds_all_articles(system: str) -> None:
    """/./ and /../ in the address that a user copied mean nothing (RFC 3986, section 5.2.4)."""
    with SiteServer(site(system)) as server:
        location = server.url + "/./archive/../" + first_page(system).removeprefix("/")
        found = read_issue(EpaperSource(limits=FAST).pages(location))
    assert issue()["article"] == [seen(article) for article in found.articles]


def test_the_weekday_and_number_of_the_page_are_read() -> None:
    """What the first page prints beside the date reaches the masthead."""
    masthead = read_issue(pages_of("founder")[0]).masthead
    assert ("星期二", 1208) == (masthead.weekday, masthead.issue_number)


def test_the_date_of_the_server_is_not_the_papers() -> None:
    """A page that shows today's date keeps the date of its address, and loses the weekday."""
    files = site("founder")
    first = first_page("founder")
    other = files[first].body.replace("2025年5月20日".encode(), "2025年5月22日".encode())
    masthead = read_issue(pages_of("founder", files | {first: Answer(body=other)})[0]).masthead
    assert (DATE, "") == (masthead.date, masthead.weekday)


def test_an_article_without_a_page_is_left_out() -> None:
    """A dead link costs its article, which stays visible in what was left out."""
    with SiteServer(site("founder"), {article_path("founder", 2): "gone"}) as server:
        found = read_issue(EpaperSource(limits=FAST).pages(server.url + first_page("founder")))
    assert len(issue()["article"]) - 1 == len(found.articles)
    assert ("社区食堂添了夜宵窗口", "empty") in {(row.text, row.kind) for row in found.left_out}


def test_articles_belong_to_the_page_that_shows_them() -> None:
    """今日关注 on page one names an article of page two, which stays on page two."""
    pages, _ = pages_of("founder")
    second = read_issue(pages).articles[-2]
    assert ("图书馆里办起 修书课堂", 2) == (second.headline.main, second.page)


def test_the_source_keeps_the_contract() -> None:
    """The check that plugin authors run passes."""
    with SiteServer(site("pc")) as server:
        check_source(EpaperSource(limits=FAST), server.url + first_page("pc"))


def test_every_block_is_marked() -> None:
    """Each block says what it is, so that nobody has to guess."""
    assert is_marked(pages_of("zjol")[0])


@pytest.mark.parametrize(
    ("location", "accepted"),
    [
        ("http://epaper.example.cn/html/2025-05/20/node_1.htm", True),
        ("HTTPS://epaper.example.cn/", True),
        ("issues/2025-05-20", False),
        ("-", False),
        ("", False),
        ("file:///etc/passwd", False),
        ("http://", False),
        ("http://[::1", False),
    ],
)
def test_only_web_addresses_are_accepted(location: str, accepted: bool) -> None:
    """Files and other schemes are for other sources."""
    assert accepted is EpaperSource().accepts(location)


def test_another_day_is_refused() -> None:
    """An address of the 21st that leads to the issue of the 20th is not an issue of the 21st."""
    refresh = '<META HTTP-EQUIV=REFRESH CONTENT="0; URL=../20/node_17.htm">'
    files = site("founder") | {"/html/2025-05/21/node_17.htm": Answer(body=refresh.encode())}
    with SiteServer(files) as server:
        location = server.url + "/html/2025-05/21/node_17.htm"
        with pytest.raises(NotAnIssueError, match="issue of 2025-05-20, not of 2025-05-21"):
            list(EpaperSource(limits=FAST).pages(location))


def test_another_day_behind_the_same_address_is_refused() -> None:
    """A page of the 21st that links to the articles of the 20th is the paper of the 20th."""
    body = site("founder")[first_page("founder")].body
    stale = body.replace(b"content_", b"../20/content_").replace(b"node_", b"../20/node_")
    files = site("founder") | {"/html/2025-05/21/node_17.htm": Answer(body=stale)}
    with SiteServer(files) as server:
        location = server.url + "/html/2025-05/21/node_17.htm"
        with pytest.raises(NotAnIssueError, match="issue of 2025-05-20, not of 2025-05-21"):
            list(EpaperSource(limits=FAST).pages(location))


def test_articles_that_print_another_day_are_refused() -> None:
    """Where all articles say in which day's paper they stood, that day counts."""
    printed, other = ("2025年05月20日".encode(), "2025年05月19日".encode())
    files = {
        path: Answer(body=answer.body.replace(printed, other))
        for path, answer in site("pc").items()
    }
    with pytest.raises(NotAnIssueError, match="issue of 2025-05-19, not of 2025-05-20"):
        pages_of("pc", files)


def test_a_front_door_without_a_date_is_held_to_the_date_asked_for() -> None:
    """paperindex.htm shows the newest issue; asked for another day, that is refused."""
    with SiteServer(site("founder")) as server:
        source = EpaperSource(SourceContext(date=datetime.date(2025, 5, 21)), limits=FAST)
        with pytest.raises(NotAnIssueError, match="not of 2025-05-21"):
            list(source.pages(server.url + "/paperindex.htm"))


def test_unchanged_pages_are_not_sent_again(tmp_path: Path) -> None:
    """With a cache the second reading asks conditionally and gives the same pages."""
    with SiteServer(site("huaguang")) as server:
        location = server.url + first_page("huaguang")
        kept = SourceContext(cache=tmp_path)
        first = list(EpaperSource(kept, limits=FAST).pages(location))
        asked = len(server.asked)
        again = list(EpaperSource(kept, limits=FAST).pages(location))
    assert first == again
    assert asked == len(server.not_modified)
