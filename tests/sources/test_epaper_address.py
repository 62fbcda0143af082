"""What addresses say of date, page and article."""

import datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from qjaudio import rules
from qjaudio.errors import UsageError
from qjaudio.sources.epaper.address import (
    SELECTORS,
    IssueAddress,
    System,
    address_for,
    check_location,
    date_in,
    key_of,
    resolve_link,
    same_host,
    systems,
)

DAY = datetime.date(2025, 5, 3)
HOST = "http://epaper.example.cn"


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("/html/{year}-{month}/{day}/node_1.htm", "/html/2025-05/03/node_1.htm"),
        ("/pc/layout/{year}{month}/{day}/node_01.html", "/pc/layout/202505/03/node_01.html"),
        ("/qx/{year}{month}{day}/html/index.htm", "/qx/20250503/html/index.htm"),
        ("/paperindex.htm", "/paperindex.htm"),
    ],
)
def test_a_template_becomes_the_address_of_a_day(template: str, address: str) -> None:
    """Month and day have two digits."""
    assert HOST + address == address_for(HOST + template, DAY)


@pytest.mark.parametrize("template", [HOST + "/{date}/", "epaper.example.cn/{year}", "ftp://x/"])
def test_a_wrong_template_is_refused(template: str) -> None:
    """Unknown parts and other schemes are named."""
    with pytest.raises(UsageError):
        address_for(template, DAY)


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("/html/2025-05/20/node_1.htm", "2025-05-20"),
        ("/rmrb/pc/layout/202412/24/node_01.html", "2024-12-24"),
        ("/czrb/20221229/html/content_20221229002006.htm", "2022-12-29"),
        ("/epaper/uniflows/html/2019/07/05/01/default.htm", "2019-07-05"),
        ("/html/2025-13/20/node_1.htm", None),
        ("/html/2025-02/30/node_1.htm", None),
        ("/paperindex.htm", None),
        ("/content_2025052099.htm?d=2025-05-20", None),
    ],
)
def test_the_date_stands_in_the_path(path: str, date: str | None) -> None:
    """In any of the ways that the systems write it; an impossible date is none."""
    found = date_in(HOST + path)
    assert date == (found.isoformat() if found else None)


ISSUES = {
    "founder": ("/jrqx/html/2025-05/20/node_18.htm", [
        ("/jrqx/html/2025-05/20/node_220.htm", "page"),
        ("/jrqx/html/2025-05/20/content_3876756.htm?div=-1", "article"),
        ("/jrqx/html/2025-05/20/content_12_3876756.htm", "article"),
        ("/jrqx/html/2025-05/19/node_18.htm", ""),
        ("/jrqx/html/2025-05/19/content_1.htm", ""),
        ("/other/html/2025-05/20/node_18.htm", ""),
        ("/jrqx/html/2025-05/20/01/1_pdf.pdf", ""),
    ]),
    "founder-pc": ("/paper/pc/layout/202505/20/node_A01.html", [
        ("/paper/pc/layout/202505/20/node_B02.html", "page"),
        ("/paper/pc/column/202505/20/node_A01.html", ""),
        ("/paper/pc/content/202505/20/content_123.html", "article"),
        ("/paper/pc/con/202505/20/c123.html", "article"),
        ("/paper/pc/c/202505/20/content_1.html", "article"),
        ("/wanbao/pc/content/202505/20/content_123.html", ""),
        ("/paper/pc/content/202505/21/content_123.html", ""),
    ]),
    "column flavour": ("/202505/20/col01.html", [
        ("/202505/20/col02.html", "page"),
        ("/202505/20/c123.html", "article"),
    ]),
    "nbs": ("/rmrb/html/2022-09/02/nbs.D110000renmrb_01.htm", [
        ("/rmrb/html/2022-09/02/nbs.D110000renmrb_02.htm", "page"),
        ("/rmrb/html/2022-09/02/nw.D110000renmrb_20220902_1-01.htm", "article"),
        ("/rmrb/html/2022-09/01/nbs.D110000renmrb_01.htm", ""),
    ]),
    "huaguang": ("/czrb/20221229/html/index.htm", [
        ("/czrb/20221229/html/page_02.htm", "page"),
        ("/czrb/20221229/html/content_20221229002006.htm", "article"),
        ("/czrb/20221229/html/page_02_content_001.htm", "article"),
        ("/czrb/20221228/html/index.htm", ""),
    ]),
    "uniflows": ("/epaper/uniflows/html/2019/07/05/01/default.htm", [
        ("/epaper/uniflows/html/2019/07/05/02/default.htm", "page"),
        ("/epaper/uniflows/html/2019/07/05/02/02_12.htm", "article"),
    ]),
    "shtml": ("/shtml/dzrb/20250520/vA1.shtml", [
        ("/shtml/dzrb/20250520/v02.shtml", "page"),
        ("/shtml/dzrb/20250520/733421.shtml", "article"),
        ("/shtml/dzwb/20250520/733421.shtml", ""),
    ]),
    "szbz": ("/Html/szbz/20250520/Index.Html", [
        ("/Html/szbz/20250520/szbzA1.Html", "page"),
        ("/Html/szbz/20250520/szbz90012.Html", "article"),
    ]),
    "unknown": ("/paper/d/2025-05-20/page-1.html", [
        ("/paper/d/2025-05-20/page-2.html", "page"),
        ("/paper/d/2025-05-20/story-77.html", "article"),
        ("/paper/d/2025-05-20/about.html", ""),
        ("/paper/d/2025-05-19/page-1.html", ""),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", ISSUES)
def test_links_are_told_apart_by_their_look(name: str) -> None:
    """Pages and articles of the same paper and day, and nothing else, belong to the issue."""
    first, links = ISSUES[name]
    issue = IssueAddress.of(HOST + first)
    kinds = [
        (link, "page" if issue.is_page(HOST + link) else "article" * issue.is_article(HOST + link))
        for link, _ in links
    ]
    assert links == kinds


def test_another_host_is_never_part_of_the_issue() -> None:
    """The same path elsewhere is another paper."""
    issue = IssueAddress.of(HOST + "/html/2025-05/20/node_1.htm")
    other = "http://example.org/html/2025-05/20/node_2.htm"
    assert not issue.is_page(other) and not issue.is_article(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.cn/x", "https://a.cn/y", True),
        ("http://a.cn:80/x", "http://a.cn/y", True),
        ("http://a.cn:8080/x", "http://a.cn/y", False),
        ("http://a.cn/x", "http://b.a.cn/x", False),
        ("http://A.cn/x", "http://a.cn/x", True),
    ],
)
def test_a_host_is_name_and_port(one: str, other: str, same: bool) -> None:
    """http and https on their own ports are one site."""
    assert same is same_host(one, other)


def test_views_of_one_article_share_a_key() -> None:
    """?div=-1, ?v=1 and fragments are the same article; other parameters are not."""
    article = HOST + "/content_1.htm"
    assert {key_of(article)} == {
        key_of(f"{article}{view}") for view in ("?div=-1", "?v=1", "?div=0")
    }
    assert key_of(HOST + "/a.jsp?id=1") != key_of(HOST + "/a.jsp?id=2")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("../21/node_2.htm#top", HOST + "/html/2025-05/21/node_2.htm"),
        (" content_1.\nhtm ", HOST + "/html/2025-05/20/content_1.htm"),
        ("javascript:void(0)", ""),
        ("file:///etc/passwd", ""),
        ("http://[::1", ""),
        ("//other.cn:x/", ""),
        ("//[fe80::1]:8080/a", "http://[fe80::1]:8080/a"),
        ("", HOST + "/html/2025-05/20/node_1.htm"),
    ],
)
def test_links_become_addresses_of_the_web(link: str, address: str) -> None:
    """Other schemes and broken links become nothing."""
    assert address == resolve_link(HOST + "/html/2025-05/20/node_1.htm", link)


@pytest.mark.parametrize(
    "written",
    [
        "http://epaper.example.cn/qx/./html/2025-05/20/node_1.htm",
        "http://epaper.example.cn/qx/html/./2025-05/20/../20/./node_1.htm",
        "http://epaper.example.cn/../qx/html/2025-05/20/node_1.htm",
        "HTTP://EPAPER.example.CN:80/qx/html/2025-05/20/node_1.htm#top",
        "http://epaper.example.cn:/q%78/html/2025%2d05/20/node%5F1.htm",
        "http://epaper.example.cn/qx/%2e/html/2025-05/%2E%2E/2025-05/20/node_1.htm",
    ],
)
def test_equal_addresses_are_written_alike(written: str) -> None:
    """Dot segments, default ports, case and needless escapes are as good as not there."""
    assert HOST + "/qx/html/2025-05/20/node_1.htm" == check_location(written)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("http://a.cn", "http://a.cn/"),
        ("http://a.cn/?d=%7e%e4", "http://a.cn/?d=~%E4"),
        ("http://a.cn/今日/1.htm", "http://a.cn/%E4%BB%8A%E6%97%A5/1.htm"),
        ("http://a.cn/%e4%bb%8a%e6%97%a5/1.htm", "http://a.cn/%E4%BB%8A%E6%97%A5/1.htm"),
        ("https://a.cn:443/a%2Fb//c", "https://a.cn/a%2Fb//c"),
        ("http://a.cn:443/", "http://a.cn:443/"),
        ("http://a.cn/100%", "http://a.cn/100%25"),
    ],
)
def test_an_address_keeps_what_it_means(written: str, normal: str) -> None:
    """An escaped slash, an empty segment, another port: none of these may go."""
    assert normal == check_location(written)


@pytest.mark.parametrize("system", systems(), ids=lambda system: system.name)
def test_a_system_of_the_rules_is_whole(system: System) -> None:
    """Both patterns name the root, and what the parser does not understand is found here."""
    assert "root" in system.page.groupindex and "root" in system.article.groupindex
    assert set() == {*rules.phrases("epaper")["shared"]} - {*SELECTORS, "main_vague"}
    page = LexborHTMLParser("<p>桥</p>")
    for name in SELECTORS:
        for selector in (*system.selectors.get(name, ()), *rules.phrases("epaper")["shared"][name]):
            assert [] == page.css(selector)


def test_no_system_has_a_part_that_is_not_known() -> None:
    """A misspelt name of a part would be passed over in silence."""
    known = {"name", "page", "article", *SELECTORS}
    assert set() == {name for row in rules.phrases("epaper")["system"] for name in row} - known
