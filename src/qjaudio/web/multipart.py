"""Several parts of a file in one answer: multipart/byteranges (RFC 9110, section 14.6)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from qjaudio.web.ranges import Span


@dataclass(frozen=True, slots=True)
class Parts:
    """How an answer in parts is laid out around the bytes of the file."""

    boundary: str
    heads: tuple[bytes, ...]
    """What stands before each span, the boundary with it."""
    end: bytes
    length: int
    """Bytes of the whole body, the spans included."""

    @property
    def media_type(self) -> str:
        """The type of the answer; that of the file stands in each part."""
        return f"multipart/byteranges; boundary={self.boundary}"


def content_range(span: Span, size: int) -> str:
    """The value of Content-Range for a span of a file of `size` bytes."""
    return f"bytes {span.start}-{span.stop - 1}/{size}"


def lay_out(
    spans: Sequence[Span], size: int, media_type: str, boundary: str | None = None
) -> Parts:
    """Lay out the answer with these spans; without a `boundary` one is drawn that no file holds."""
    boundary = boundary or secrets.token_hex(16)
    line = "\r\n"
    heads = tuple(
        (
            f"{line if number else ''}--{boundary}{line}Content-Type: {media_type}{line}"
            f"Content-Range: {content_range(span, size)}{line}{line}"
        ).encode()
        for number, span in enumerate(spans)
    )
    end = f"\r\n--{boundary}--\r\n".encode()
    length = sum(map(len, heads)) + sum(span.length for span in spans) + len(end)
    return Parts(boundary, heads, end, length)
