"""A look at the bytes of a PDF before they are opened: bombs and broken files are refused.

PDFium inflates a stream whole. So every stream is inflated here first, piece by piece, up to a
limit, and thrown away: that bounds memory and time.
"""

import re
import zlib

from qjaudio.errors import NotAnIssueError

MAX_BYTES = 150_000_000
"""The largest file; an issue of 24 pages in print quality has about 60 MB."""
MAX_TEXT_STREAM = 24_000_000
"""Page contents and fonts, inflated; a page in print quality has 1 to 5 MB, a CJK font up to 20."""
MAX_IMAGE_STREAM = 250_000_000
MAX_INFLATED = 800_000_000
_CHUNK = 1 << 16
_STREAM = re.compile(rb"stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A character of a name written as its number: /Fl#61teDecode is /FlateDecode."""
_TAIL = 2048
_DICTIONARY = 4096
_HINT = "check the PDF in a viewer, and print it to a new PDF there"


def check_bytes(raw: bytes, name: str) -> None:
    """Refuse bytes that are no whole PDF, or that would swell beyond the limits.

    Raises:
        NotAnIssueError: with what is wrong.
    """
    if b"%PDF-" not in raw[:1024]:
        raise NotAnIssueError(f"{name} is not a PDF", hint="give PDF, text or images of the pages")
    if b"%%EOF" not in raw[-_TAIL:]:
        raise NotAnIssueError(
            f"{name} is cut off: its end is missing", hint="copy or download the PDF once more"
        )
    total = 0
    for start in _STREAM.finditer(raw):
        head = raw[max(0, start.start() - _DICTIONARY) : start.start()]
        head = head[head.rfind(b" obj") + 1 :]
        head = _HEX.sub(lambda found: bytes([int(found[1], 16)]), head)
        filters = len(_FLATE.findall(head))
        if not filters:
            continue
        limit = MAX_IMAGE_STREAM if _IMAGE.search(head) else MAX_TEXT_STREAM
        size = _inflated(raw, start.end(), limit)
        total += size
        if filters > 1 or size > limit or total > MAX_INFLATED:
            raise NotAnIssueError(f"{name} unpacks to far too much for a newspaper", hint=_HINT)


def _inflated(raw: bytes, start: int, limit: int) -> int:
    """How many bytes a stream unpacks to; counting stops beyond the limit."""
    inflater = zlib.decompressobj()
    size, at = 0, start
    view = memoryview(raw)
    try:
        while not inflater.eof and size <= limit:
            chunk = inflater.unconsumed_tail
            if not chunk:
                if at >= len(raw):
                    break
                chunk = bytes(view[at : at + _CHUNK])
                at += _CHUNK
            size += len(inflater.decompress(chunk, _CHUNK))
    except zlib.error:
        return size  # encrypted, or no stream at all: PDFium will say
    return size
