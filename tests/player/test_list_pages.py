"""The first page and the archive."""

import gzip
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from outline import Outline
from player.test_episode_page import EPISODE, HOSTILE, SHOW
from qjaudio.player.pages import (
    MOST_ON_INDEX,
    EpisodeSummary,
    archive_pages,
    icon,
    index_page,
    manifest,
    search_indexes,
    summarize_episode,
)


def entries(count: int) -> list[EpisodeSummary]:
    """So many days of a daily, newest first."""
    newest = date(2025, 5, 20)
    days = [(newest - timedelta(days=number)).isoformat() for number in range(count)]
    return [
        EpisodeSummary(date=day, duration_ms=360_000, stories=(("9", "新桥通车了"),))
        for day in days
    ]


def test_the_newest_episode_comes_first() -> None:
    """It has the big button and its stories; those before it are a list; the feed is named."""
    page = index_page(SHOW, [summarize_episode(EPISODE), *entries(3)[1:]])
    assert not Outline(page).open
    assert 'href="2025-05-20.html#play"' in page
    assert 'href="2025-05-20.html#t=9&amp;play"' in page
    assert 'href="2025-05-18.html"' in page
    assert 'href="feed.xml"' in page
    assert "合成语音" in page
    assert "built-in" not in page


def test_an_empty_show_has_a_page() -> None:
    """Before the first episode the page says so."""
    assert "还没有节目" in index_page(SHOW, [])


def test_ten_years_do_not_make_a_heavy_page() -> None:
    """The first page has the newest sixty; every older one is on the page of its month."""
    days = entries(4000)
    page = index_page(SHOW, days)
    assert MOST_ON_INDEX - 1 == page.count("<time ")
    assert len(page.encode()) < 20_000
    archive = archive_pages(SHOW, days)
    assert 'href="archive-2025-05.html"' in archive["archive.html"]
    assert all(len(page.encode()) < 30_000 for page in archive.values())
    assert 4000 == sum(page.count("<time ") for page in archive.values())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_stay_text(text: str) -> None:
    """A list has the same tags whatever the titles are."""
    hostile = EpisodeSummary(date="2025-05-20", duration_ms=1000, stories=(("0", text[:200]),))
    outline = Outline(index_page(SHOW, [hostile, hostile]))
    assert not outline.open
    assert 1 == sum(tag == "script" for tag, _ in outline.tags)


def test_the_manifest_names_only_what_lies_beside_it() -> None:
    """Installed, the show opens at its first page, wherever that is."""
    members = json.loads(manifest(SHOW))
    assert ("index.html", "./") == (members["start_url"], members["scope"])
    assert ["icon.svg", "icon-512.png"] == [one["src"] for one in members["icons"]]


def test_the_icon_is_small() -> None:
    """A square PNG of the asked size, in few bytes, the same each time."""
    drawn = icon(512)
    assert (512, 512) == Image.open(BytesIO(drawn)).size
    assert drawn == icon(512)
    assert len(drawn) < 4000


def test_a_year_of_headlines_is_a_small_file() -> None:
    """What the search loads for a year of eight stories a day travels in at most 60 kB."""
    chance = random.Random(16)  # noqa: S311
    common = "".join(map(chr, range(0x4E00, 0x4E00 + 1500)))  # as many as headlines use

    def story(number: int) -> tuple[str, str]:
        return str(53 + number * 44), "".join(chance.choices(common, k=chance.randint(8, 20)))

    days = [replace(one, stories=tuple(map(story, range(8)))) for one in entries(250)]
    indexes = search_indexes(days)
    assert {"episodes-2025.json", "episodes-2024.json"} == set(indexes)
    assert days[0].stories[1][1] == json.loads(indexes["episodes-2025.json"])["2025-05-20"][3]
    assert sum(len(gzip.compress(one.encode())) for one in indexes.values()) < 60_000


def test_previews_name_addresses_that_the_world_reaches() -> None:
    """Messengers want whole addresses; without one of the show's own there is no picture."""
    days = [summarize_episode(EPISODE)]
    assert "og:image" not in index_page(SHOW, days)
    page = index_page(SHOW, days, base="https://news.example/qj/")
    assert 'content="https://news.example/qj/cover.jpg"' in page
