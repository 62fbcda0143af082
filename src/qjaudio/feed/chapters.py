"""Chapters as the JSON of the podcast namespace, version 1.2."""

import json
from typing import Any

from qjaudio.episode.model import Chapter, Episode
from qjaudio.episode.titles import chapter_link, chapter_title, printable


def chapters_json(episode: Episode) -> str:
    """The chapters of an episode; starts are whole seconds, because players cut off fractions."""
    document = {
        "version": "1.2.0",
        "title": printable(episode.title),
        "podcastName": printable(episode.paper),
        "fileName": f"{episode.date}.mp3",
        "chapters": [_entry(chapter) for chapter in episode.chapters],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _entry(chapter: Chapter) -> dict[str, Any]:
    url = chapter_link(chapter)
    entry = {
        "startTime": chapter.start_ms // 1000,
        "title": chapter_title(chapter),
        "toc": True,
    }
    return {**entry, "url": url} if url else entry
