"""Our own validator: what Apple, Spotify, PSP-1, AntennaPod and the podcast namespace ask."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import Any

from feed import audio_rules, feed_rules, file_rules, folder_rules, item_rules
from feed.inspected import Feed, Folder

OF_FEEDS = (feed_rules, item_rules, file_rules)
OF_FOLDERS = (folder_rules, audio_rules)


def faults(text: str, *, files: Mapping[str, str], now: datetime) -> list[str]:
    """Everything that is wrong with a feed, as `RULE: what`; empty for a good one.

    `files` are the texts of the files that the feed names, by their names.
    """
    feed = Feed(text, files, now)
    return _broken(OF_FEEDS, feed)


def folder_faults(folder: Folder) -> list[str]:
    """Everything that is wrong with a published folder: its feed, its archives, their files."""
    broken = _broken(OF_FOLDERS, folder)
    return broken + [
        f"{name}: {fault}"
        for name, feed in folder.documents.items()
        for fault in _broken(OF_FEEDS, feed)
    ]


def rule_names(modules: tuple[ModuleType, ...]) -> set[str]:
    """The names of all rules."""
    return {
        name for rules in modules for name in vars(rules) if re.fullmatch("[a-z][0-9]{2}", name)
    }


def _broken(modules: tuple[ModuleType, ...], inspected: Any) -> list[str]:
    return [
        f"{name.upper()}: {fault}"
        for rules in modules
        for name, check in vars(rules).items()
        if re.fullmatch("[a-z][0-9]{2}", name)
        for fault in check(inspected)
    ]
