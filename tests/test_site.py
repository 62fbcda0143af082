"""The docs as a site: every page is in its table of contents, and a search finds Chinese."""

import functools
import os
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from player.conftest import browser  # noqa: F401 - the system's Chromium, as a fixture

DOCS = Path(__file__).parents[1] / "docs"


def pages_of(nav: Any) -> list[str]:
    """The pages of a table of contents, in its order."""
    if isinstance(nav, str):
        return [nav]
    values = nav.values() if isinstance(nav, dict) else nav
    return [page for value in values for page in pages_of(value)]


def test_every_page_is_in_the_table_of_contents() -> None:
    """Each once; a page that was moved or is new is listed, too."""
    nav = tomllib.loads((DOCS / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    assert sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")) == sorted(
        pages_of(nav)
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, built in strict mode from a copy of the pages."""
    copy = tmp_path_factory.mktemp("docs") / "docs"
    shutil.copytree(DOCS, copy, ignore=shutil.ignore_patterns("site", ".cache"))
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    subprocess.run(command, cwd=copy, check=True, timeout=120, env=os.environ | {"NO_COLOR": "1"})
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(copy / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_search_finds_chinese_and_nobody_else_is_asked(site: str, browser: Any) -> None:  # noqa: F811
    """A word in the middle of a sentence leads to its page; all requests stay on the site."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.locator("input:focus").fill("手表的重复下载")
    page.get_by_text("怎么数").first.click()
    page.wait_for_url("**/zh/count-listeners.html*")
    assert [] == [url for url in asked if not url.startswith((site, "data:"))]
