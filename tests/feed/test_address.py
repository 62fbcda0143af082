"""Addresses in ASCII, and names that last."""

import pytest

from feed.shows import show
from qjaudio.feed.model import ascii_url, episode_guid, file_url, podcast_guid, show_guid


@pytest.mark.parametrize(
    ("feed_url", "expected"),
    [
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("http://podnews.net/rss/", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_guids_of_known_podcasts(feed_url: str, expected: str) -> None:
    """The examples in the documentation of the podcast namespace come out as printed there."""
    assert expected == podcast_guid(feed_url)


@pytest.mark.parametrize("base_url", ["http://example.cn/qj", "https://example.cn/qj/"])
def test_guid_ignores_scheme_and_slash(base_url: str) -> None:
    """A move to https changes no guid."""
    assert show_guid(show()) == show_guid(show(base_url=base_url))


def test_guid_once_made_is_kept() -> None:
    """A show that has a guid keeps it wherever it moves."""
    assert "kept" == show_guid(show(guid="kept", base_url="https://elsewhere.cn/"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.cn/qj/", "https://example.cn/qj/"),
        ("https://报纸.cn/", "https://xn--4ruw83d.cn/"),
        ("http://127.0.0.1:8010/a b/", "http://127.0.0.1:8010/a%20b/"),
        ("http://[::1]:8010/", "http://[::1]:8010/"),
        (
            "https://example.cn/%E6%8A%A5/?日=1#顶",
            "https://example.cn/%E6%8A%A5/?%E6%97%A5=1#%E9%A1%B6",
        ),
    ],
)
def test_addresses_are_ascii(url: str, expected: str) -> None:
    """Host, path and query come in ASCII; what is quoted already stays."""
    assert expected == ascii_url(url)


def test_file_is_found_with_and_without_slash() -> None:
    """The address of a file has one slash, whether or not the show's has one."""
    expected = "https://example.cn/qj/2025-05-20.mp3"
    assert expected == file_url(show(), "2025-05-20.mp3")
    assert expected == file_url(show(base_url="https://example.cn/qj"), "2025-05-20.mp3")


@pytest.mark.parametrize("paper", ["今日衢江", " 今日衢江 ", "今日 衢江"])
def test_stray_spaces_make_no_other_episode(paper: str) -> None:
    """A space that OCR puts into the paper's name does not change a guid."""
    assert episode_guid(show(), "2025-05-20") == episode_guid(show(paper=paper), "2025-05-20")


def test_two_papers_of_a_day_differ() -> None:
    """The guid tells papers apart as it tells days apart."""
    guids = {
        episode_guid(show(paper=paper), date)
        for paper in ("今日衢江", "衢州日报")
        for date in ("2025-05-20", "2025-05-21")
    }
    assert 4 == len(guids)
