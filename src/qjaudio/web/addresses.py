"""Under which address a client reached us, which files the world may see, and how each is served.

A feed names its files by the address of the show. A phone in the same house does not know that
address before the show is published, so we answer with the address that the phone itself used.

The key of a private show is the first name in the path of every address, and nothing is found
without it. It is compared in equal time, and no message of ours may hold it.
"""

import contextlib
import hmac
import io
import ipaddress
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from qjaudio.errors import UsageError

_HOST = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_MAX_HOST_CHARS = 255
_LOCAL_ENDS = (".localhost", ".local", ".home.arpa", ".internal", ".lan")
"""RFC 6761, 6762 and 8375, ICANN's name for private use, and what routers call their network."""
_KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")
_BORDER = 2  # light modules around a QR code; readers ask for 4, phones read 2 on a screen
_RANDOM_BYTES = 18  # 144 bits: nobody guesses it, and it makes 24 characters without padding


def client_base(scheme: str, host_header: str | None, key: str = "") -> str | None:
    """The address of our root as the client wrote it, with the key and a slash at the end.

    None where the Host header is missing or holds anything but a plain name or number, so that
    nobody can smuggle markup or another site's path into a file.
    """
    host = host_header or ""
    if len(host) > _MAX_HOST_CHARS or not _HOST.fullmatch(host):
        return None
    return f"{scheme}://{host}/{key}/" if key else f"{scheme}://{host}/"


def is_own_host(host_header: str | None, base_url: str) -> bool:
    """Whether a request by this Host header is meant for us.

    It is by the show's own host, by a number, and by a name that nobody can register. A page of a
    stranger may have its name lead to this machine (DNS rebinding); it would read what we answer.
    Browsers always send the header; without it no page can be behind the request.
    """
    if host_header is None:
        return True
    name = _host_name(f"//{host_header}")
    return bool(name) and (name == _host_name(base_url) or _is_number(name) or _is_local(name))


def is_public_host(host_header: str | None, base_url: str) -> bool:
    """Whether the request came by the host of a published show, which all the world may read."""
    name = _host_name(f"//{host_header or ''}")
    if not name or name != _host_name(base_url):
        return False
    return ipaddress.ip_address(name).is_global if _is_number(name) else not _is_local(name)


def _host_name(url: str) -> str:
    with contextlib.suppress(ValueError):
        return (urlsplit(url).hostname or "").removesuffix(".")
    return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_local(name: str) -> bool:
    return "." not in name or name.endswith(_LOCAL_ENDS)


def with_slash(base_url: str) -> str:
    """The address of the show with exactly one slash at its end; empty stays empty."""
    return base_url.rstrip("/") + "/" if base_url else ""


def shown_base(base_url: str, client: str | None, key: str = "") -> str:
    """The address that stands in files for this client in place of `base_url`.

    A client that came by the show's own host keeps it: behind a proxy that speaks TLS the address
    in the file is right and what we see of the connection is not. Only the key of a private show
    joins it, where it is not in it already. An empty `base_url` stays empty.
    """
    if not base_url:
        return ""
    if client and urlsplit(base_url).netloc.lower() != urlsplit(client).netloc.lower():
        return client
    return base_url if not key or base_url.endswith(f"/{key}/") else f"{base_url}{key}/"


def replace_base(content: bytes, base_url: str, shown: str) -> bytes:
    """Replace the address of the show by the one that is shown to the client."""
    if not base_url or base_url == shown:
        return content
    # In one pass, so that an address that holds the old one is not replaced again.
    written = {base_url, base_url.replace("&", "&amp;"), base_url.replace("/", "\\/")}
    pattern = re.compile(b"|".join(re.escape(form.encode()) for form in sorted(written)))
    return pattern.sub(lambda _: shown.encode(), content)


def new_key() -> str:
    """A key that nobody can guess, of characters that stand in an address as they are."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def check_key(key: str) -> str:
    """The key itself; empty stands for a show that is open to all.

    Raises:
        UsageError: it is too short, or its characters would be written otherwise in an address.
            The message does not quote it.
    """
    if key and not _KEY.fullmatch(key):
        reason = "the key is not made of 16 to 128 letters, digits, - and _"
        raise UsageError(reason, hint="qjaudio serve --key makes a good one and shows it")
    return key


def path_inside(raw_path: str, key: str) -> str | None:
    """The path behind the key, with its slash in front; None where the key is missing or wrong.

    `/KEY` alone gives an empty path: relative addresses need the slash that is missing there.
    Without a key every path is inside. The comparison takes the same time for all wrong keys.
    """
    if not key:
        return raw_path
    first, slash, rest = raw_path.removeprefix("/").partition("/")
    if not hmac.compare_digest(first.encode("utf-8", "surrogatepass"), key.encode()):
        return None
    return slash + rest


def terminal_qr(text: str) -> str:
    """The QR code of `text` in half-block characters, two rows of modules in one line.

    Light modules are drawn and dark ones left out, for a terminal with a dark background; today's
    phones read the negative as well.
    """
    import segno

    with io.StringIO() as drawing:
        segno.make(text, micro=False).terminal(drawing, border=_BORDER, compact=True)
        return drawing.getvalue()


def svg_qr(text: str, label: str) -> str:
    """The QR code of `text` as an SVG element to stand inside a page, with a title for readers."""
    import segno

    return segno.make(text, micro=False).svg_inline(scale=6, border=4, title=label)


_FRESH = "no-cache"  # kept, but asked about each time: a correction is seen at once
_QUIET = "public, max-age=600"  # large and seldom changed; a re-issue is seen in ten minutes
_STAGE_FOLDER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:]")  # a colon is a drive or a stream on Windows


@dataclass(frozen=True, slots=True)
class Medium:
    """How files of one kind are served."""

    media_type: str
    cache_control: str = _FRESH
    open_to_all: bool = False
    """Whether players on other people's pages may read it (CORS)."""
    holds_addresses: bool = False
    """Whether it may hold absolute addresses that begin with the show's base_url."""

    @property
    def is_text(self) -> bool:
        """Whether files of this kind become smaller: audio, pictures and fonts do not."""
        kind, _, rest = self.media_type.partition("/")
        return kind in ("text", "application") or rest.startswith("svg+xml")


_MEDIA = {
    # The podcast namespace names these types; transcripts and chapters have to be open to all.
    ".xml": Medium("application/rss+xml; charset=utf-8", open_to_all=True, holds_addresses=True),
    ".opml": Medium("text/x-opml; charset=utf-8", open_to_all=True),
    ".vtt": Medium("text/vtt", open_to_all=True),
    ".srt": Medium("application/x-subrip", open_to_all=True),
    ".chapters.json": Medium("application/json+chapters", open_to_all=True, holds_addresses=True),
    ".json": Medium("application/json", open_to_all=True, holds_addresses=True),
    ".mp3": Medium("audio/mpeg", _QUIET),
    ".jpg": Medium("image/jpeg", _QUIET),
    ".png": Medium("image/png", _QUIET),
    ".svg": Medium("image/svg+xml; charset=utf-8", _QUIET),
    ".ico": Medium("image/vnd.microsoft.icon", _QUIET),
    ".html": Medium("text/html; charset=utf-8", holds_addresses=True),
    ".css": Medium("text/css; charset=utf-8"),
    ".js": Medium("text/javascript; charset=utf-8"),
    ".webmanifest": Medium("application/manifest+json", holds_addresses=True),
    ".woff2": Medium("font/woff2", _QUIET),
}


def medium_of(name: str) -> Medium | None:
    """How a file of this name is served; None where it is of a kind that we never publish."""
    parts = name.lower().split(".")
    for keep in (2, 1):
        if len(parts) > keep and (medium := _MEDIA.get("." + ".".join(parts[-keep:]))):
            return medium
    return None


def published_parts(raw_path: str) -> tuple[str, ...] | None:
    """The names in the path of a URL, decoded once; None where it cannot name a published file.

    `raw_path` is still percent-encoded. It is cut at its slashes before it is decoded, so that an
    encoded slash stays inside a name, where it is refused.
    """
    if not raw_path.startswith("/"):
        return None
    try:
        parts = tuple(unquote_to_bytes(part).decode() for part in raw_path[1:].split("/"))
    except UnicodeDecodeError:
        return None
    return parts if _is_public(parts) else None


def _is_public(parts: tuple[str, ...]) -> bool:
    """Whether nothing in these names is hidden, a stage file, half written or a foreign kind."""
    return (
        all(part and not _FORBIDDEN.search(part) for part in parts)
        and not any(part.startswith(".") or part.endswith((".", " ")) for part in parts)
        and not any(_STAGE_FOLDER.fullmatch(part) for part in parts)
        and medium_of(parts[-1]) is not None
    )


def published_path(root: Path, parts: tuple[str, ...]) -> Path | None:
    """Where a published file lies; None where there is none, or it lies outside `root`.

    Links are followed; where they lead has to be as public as where they began. It is a regular
    file: reading a named pipe would wait for its writer.
    """
    try:
        folder = root.resolve(strict=True)
        path = folder.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(folder) or not _is_public(path.relative_to(folder).parts):
            return None
        is_readable = stat.S_ISREG(path.stat().st_mode) and os.access(path, os.R_OK)
    except (OSError, ValueError, RuntimeError):  # gone, too long, a loop of links, not allowed
        return None
    return path if is_readable else None
