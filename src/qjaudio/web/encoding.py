"""Whether a client wants text compressed (RFC 9110, section 12.5.3)."""

import gzip
import re

from qjaudio.web.media import Medium

_CODING = re.compile(
    r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"(?:[ \t]*;[ \t]*[qQ]=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_LEVEL = 6


def prefers_gzip(header: str | None) -> bool:
    """Whether `header`, an Accept-Encoding, puts gzip at least as high as sending it plain.

    A coding that is badly written counts as not named; so does one of weight 0.
    """
    weights: dict[str, float] = {}
    for part in (header or "").split(","):
        if match := _CODING.fullmatch(part.strip(" \t")):
            weights.setdefault(match["name"].lower(), float(match["weight"] or 1))
    anything = weights.get("*", 0.0)
    ours = weights.get("gzip", weights.get("x-gzip", anything))
    # A client that names gzip and not identity prefers what it has named.
    return ours > 0 and ours >= weights.get("identity", 0.0)


def compressed(content: bytes) -> bytes:
    """`content` in gzip; the same bytes each time, so that a strong entity tag holds."""
    return gzip.compress(content, _LEVEL, mtime=0)


def is_text(medium: Medium) -> bool:
    """Whether files of this kind become smaller: audio, pictures and fonts do not."""
    kind, _, rest = medium.media_type.partition("/")
    name = rest.partition(";")[0]
    text = kind in ("text", "application")
    return text or name == "svg+xml"
