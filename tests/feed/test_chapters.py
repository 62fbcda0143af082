"""Chapters as JSON."""

import json

from feed.shows import episode, hostile, story
from qjaudio.feed.rss import chapters_json


def test_chapters_of_a_day() -> None:
    """Each part of the programme is a chapter at its whole second."""
    document = json.loads(chapters_json(episode()))
    assert "1.2.0" == document["version"]
    assert "2025-05-20.mp3" == document["fileName"]
    expected = [(0, "开场"), (10, "新桥通车了"), (61, "老街又热闹了"), (80, "结束语")]
    assert expected == [(one["startTime"], one["title"]) for one in document["chapters"]]
    assert all(one["toc"] for one in document["chapters"])


def test_link_of_a_story_is_kept() -> None:
    """A story that has an address leads there; one that has none says nothing of it."""
    chapters = (story(0, 1000, "有", url="https://example.cn/1"), story(1000, 2000, "无"))
    listed = json.loads(chapters_json(episode(chapters=chapters)))["chapters"]
    assert ["https://example.cn/1", None] == [one.get("url") for one in listed]


def test_titles_are_short_and_never_empty() -> None:
    """An endless headline is cut; one without a visible character gets a word of ours."""
    titles = [one["title"] for one in json.loads(chapters_json(hostile()))["chapters"]]
    assert 120 == len(titles[0])
    assert titles[0].endswith("…")
    assert "无题" == titles[-1]
