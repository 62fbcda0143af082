"""The show as a frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The programme that people subscribe to."""

    paper: str
    """`今日衢江`; with the date it makes the guid of an episode, for ever."""
    title: str
    description: str
    author: str
    base_url: str
    """Where `out/` will be reached, with a slash at the end."""
    language: str = "zh-cn"
    category: tuple[str, ...] = ("News", "Daily News")
    link: str = ""
    email: str = ""
    guid: str = ""
    """The show's podcast:guid; empty = made from the feed's address."""
