"""Our own validator: what Apple, Spotify, PSP-1, AntennaPod and the podcast namespace ask."""

import re
from collections.abc import Mapping
from datetime import datetime

from feed import feed_rules, file_rules, item_rules
from feed.inspected import Feed


def faults(text: str, *, files: Mapping[str, str], now: datetime) -> list[str]:
    """Everything that is wrong with a feed, as `RULE: what`; empty for a good one.

    `files` are the texts of the files that the feed names, by their names.
    """
    feed = Feed(text, files, now)
    return [
        f"{name.upper()}: {fault}"
        for rules in (feed_rules, item_rules, file_rules)
        for name, check in vars(rules).items()
        if re.fullmatch(r"[a-z][0-9]{2}", name)
        for fault in check(feed)
    ]
