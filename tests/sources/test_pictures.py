"""The pictures of whole pages, beside which doubts are shown."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image

from qjaudio.errors import EngineError
from qjaudio.paper.model import Page
from qjaudio.sources.epaper import fetch
from qjaudio.sources.pictures import LONGEST_PX, page_pictures
from qjaudio.sources.scan import PAGE_HEIGHT

PAGES = Path(__file__).parent / "pages"
TWO = [Page(number=number, blocks=()) for number in (1, 3)]


def test_each_sheet_of_a_pdf_is_the_picture_of_its_page() -> None:
    """In the points of the PDF, not larger than is needed."""
    found = page_pictures(str(PAGES / "two_pages.pdf"), TWO)
    assert [1, 3] == [*found]
    opened = Image.open(io.BytesIO(found[3].jpeg))
    assert max(opened.size) in range(LONGEST_PX - 1, LONGEST_PX + 2)
    assert found[3].width / found[3].height == pytest.approx(opened.width / opened.height, abs=0.01)


def test_where_sheets_are_not_pages_there_is_no_picture() -> None:
    """Two pages on a sheet would get each other's."""
    three = [*TWO, Page(number=4, blocks=())]
    for pages in (TWO[:1], three):
        assert {} == page_pictures(str(PAGES / "two_pages.pdf"), pages)


def test_a_scan_is_its_own_picture(tmp_path: Path) -> None:
    """In the points of a scan."""
    path = tmp_path / "page.png"
    Image.new("L", (400, 600), 255).save(path)
    found = page_pictures(str(path), TWO[:1])
    assert PAGE_HEIGHT == found[1].height
    assert found[1].width == pytest.approx(PAGE_HEIGHT * 400 / 600, rel=0.01)


def test_text_and_what_cannot_be_opened_have_none(tmp_path: Path) -> None:
    """A missing picture is no failure."""
    for name in ("page.md", "page.png", "page.pdf"):
        path = tmp_path / name
        path.write_text("nothing", encoding="utf-8")
        assert not page_pictures(str(path), TWO)


def test_a_site_is_asked_for_the_pictures_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is none, or that does not come, is left out."""
    file = io.BytesIO()
    Image.new("RGB", (400, 600)).save(file, "PNG")

    class Site:
        async def get_image(self, url: str) -> bytes | None:
            if url.endswith("broken"):
                raise EngineError("it does not answer")
            return file.getvalue() if url.endswith("png") else b"text" if url else None

    def fetching(read: Callable[[Site], Awaitable[object]], *_: object, **__: object) -> object:
        return asyncio.run(read(Site()))  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, "fetching", fetching)
    images = ("", "a.png", "broken", "text")
    pages = [Page(number=n, blocks=(), image=image) for n, image in enumerate(images, start=1)]
    assert [2] == [*page_pictures("https://paper.example.cn/", pages)]
