"""Headers that keep a page, a listener and a private show to themselves."""

from collections.abc import Mapping, MutableMapping

from aiohttp import hdrs

_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Our pages load nothing from elsewhere and run no script but files of the show."""
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # SVG can hold scripts
_ALWAYS = {hdrs.SERVER: "qjaudio", "X-Content-Type-Options": "nosniff"}
_PRIVATE = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
_POLICIES: Mapping[str, str] = {"text/html": _PAGE_POLICY, "image/svg+xml": _PICTURE_POLICY}


def policy_of(media_type: str) -> dict[str, str]:
    """The Content-Security-Policy for a kind of file, where it can hold scripts."""
    policy = _POLICIES.get(media_type.partition(";")[0])
    return {"Content-Security-Policy": policy} if policy else {}


def guard(headers: MutableMapping[str, str], *, private: bool) -> None:
    """Add the headers that every answer has; of a private show nothing is kept by proxies."""
    headers.update(_ALWAYS)
    if private:
        headers.update(_PRIVATE)
        control = headers.get(hdrs.CACHE_CONTROL, "")
        if "no-store" not in control:
            open_to_proxies = control.removeprefix("public, ")
            headers[hdrs.CACHE_CONTROL] = f"private, {open_to_proxies}".rstrip(", ")
