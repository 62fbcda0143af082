"""What was fetched before is a help and never a danger."""

from pathlib import Path

import pytest

from qjaudio.sources.epaper.fetch import Fetched, PageCache

URL = "http://paper.example/node_1.htm"
PAGE = Fetched(body="一版".encode(), charset="utf-8", kind="text/html", etag='"1"')


def kept(folder: Path) -> Path:
    """The only file of the cache."""
    PageCache(folder).put(URL, PAGE)
    (path,) = folder.rglob("*.page")
    return path


def test_an_entry_comes_back_as_it_went(tmp_path: Path) -> None:
    """Body, charset and validators; an answer that cannot be asked about again is not kept."""
    kept(tmp_path)
    assert PAGE == PageCache(tmp_path).get(URL)
    PageCache(tmp_path).put("http://paper.example/2", Fetched(body=b"x"))
    assert None is PageCache(tmp_path).get("http://paper.example/2")


@pytest.mark.parametrize("cut", [0, 1, 64, 65, 90, -1])
def test_a_damaged_entry_is_no_entry(tmp_path: Path, cut: int) -> None:
    """Cut anywhere, or with one other byte: it is fetched again."""
    path = kept(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    assert None is PageCache(tmp_path).get(URL)
    path.write_bytes(whole[:cut] + bytes([whole[cut] ^ 1]) + whole[cut:][1:])
    assert None is PageCache(tmp_path).get(URL)


def test_a_cache_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """A file in place of its folder: nothing is kept, and nothing raised."""
    (tmp_path / "cache").touch()
    cache = PageCache(tmp_path / "cache")
    cache.put(URL, PAGE)
    assert None is cache.get(URL)
