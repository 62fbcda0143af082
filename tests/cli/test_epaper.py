"""From a site of our own to the script."""

import json
from pathlib import Path

from commands import Command
from site_pages import first_page, issue, site
from site_server import SiteServer


def test_a_day_without_pages_is_taken_from_the_site(qjaudio: Command, folder: Path) -> None:
    """With `epaper` set, `script DATE` reads the site when issues/ has nothing for the date."""
    (folder / "issues").rename(folder / "elsewhere")
    with SiteServer(site("founder")) as server:
        template = server.url + first_page("founder").replace("2025-05/20", "{year}-{month}/{day}")
        (folder / "qjaudio.toml").write_text(f'epaper = "{template}"\n', "utf-8")
        answer = qjaudio("script", "2025-05-20", "--json")
        missing = qjaudio("script", "2025-05-21")
    assert 0 == answer.code, answer.err
    stories = [part for part in json.loads(answer.out)["parts"] if part["kind"] == "story"]
    assert [a["headline"] for a in issue()["article"]] == [story["title"] for story in stories]
    assert 4 == missing.code, missing.err


def test_read_takes_an_address(qjaudio: Command, folder: Path) -> None:
    """`read URL` prints the issue, and leaves nothing behind."""
    with SiteServer(site("pc")) as server:
        answer = qjaudio("read", server.url + first_page("pc"), "--json")
    assert [a["headline"] for a in issue()["article"]] == [
        article["headline"] for article in json.loads(answer.out)["articles"]
    ]
    assert not (folder / "out").exists()
