"""The show as a frozen value, and where its files are reached."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

FEED = "feed.xml"
SHOW_COVER = "cover.jpg"
_URL_MARKS = "/%:@!$&'()*+,;=~?#[]"


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


def ascii_url(url: str) -> str:
    """The address in ASCII, as feeds need it: IDNA for the host, percent signs for the rest."""
    scheme, host, path, query, fragment = urlsplit(url)
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    quoted = (quote(part, safe=_URL_MARKS) for part in (path, query, fragment))
    return urlunsplit((scheme, host, *quoted))


def file_url(show: Show, name: str) -> str:
    """The address of a published file."""
    return ascii_url(show.base_url.rstrip("/") + "/") + quote(name)
