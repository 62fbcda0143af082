"""Bytes of a web page as text, whatever the server says of them."""

import codecs
import re

from qjaudio.errors import NotAnIssueError

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
_SAYS_NOTHING = {"iso8859-1", "ascii", "cp1252", "latin-1"}
"""Servers name these by default; no Chinese page is written in them."""
_META_BYTES = 4096
_MAX_LOST = 0.002
"""A page may hold this share of broken characters in the charset that it names itself."""


def decode(raw: bytes, declared: str = "", *, address: str = "the page") -> str:
    """The text of a page: UTF-8 where it is that, else the charset named, else GB18030.

    UTF-8 comes first because long text in another charset is never valid UTF-8 by chance, while
    headers and <meta> are often wrong. Bytes of a character that the end cut off are dropped.

    Raises:
        NotAnIssueError: it is text in none of them.
    """
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"),
                        (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if raw.startswith(mark):
            declared, raw = codec, raw[3:] if codec == "utf-8" else raw
    named = [*_known(declared), *_known(_in_meta(raw))]
    short = sum(byte > 127 for byte in raw[:_META_BYTES]) < 12
    order = [*named, "utf-8", "gb18030"] if short else ["utf-8", *named, "gb18030"]
    for codec in dict.fromkeys(order):
        text = _strictly(raw, codec)
        if text is not None:
            return text
    for codec in named:
        text = raw.decode(codec, "replace")
        if text.count("\ufffd") <= _MAX_LOST * len(text):
            return text.replace("\ufffd", "")
    raise NotAnIssueError(
        f"{address} is not text in a charset that we know",
        hint="open it in a browser; if it is readable there, save its text and give the file",
    )


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        cut_off = error.start >= len(raw) - 3 and len(raw) > 64
        return raw[: error.start].decode(codec) if cut_off else None


def _in_meta(raw: bytes) -> str:
    found = _META.search(raw[:_META_BYTES])
    return found[1].decode("ascii", "replace") if found else ""


def _known(name: str) -> list[str]:
    name = name.strip(" \"';").lower()
    try:
        codec = codecs.lookup(_CHINESE.get(name, name)).name
    except LookupError:
        return []
    codec = _CHINESE.get(codec, codec)
    is_text = codec.startswith(("utf", "gb", "big5", "hz"))
    return [codec] if is_text and codec not in _SAYS_NOTHING else []
