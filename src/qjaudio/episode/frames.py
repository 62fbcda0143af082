"""The frames of an ID3v2.3 tag as bytes (id3.org, ID3v2.3.0 sections 3.1 and 3.3)."""

from collections.abc import Iterator

_HEADER = 10
"""Bytes before the tag's first frame, and before the body of each frame."""


def tag_size(header: bytes) -> int:
    """The length in bytes of the tag that begins with this header; 0 where there is none.

    The four bytes of the size carry seven bits each.
    """
    if header[:3] != b"ID3" or len(header) < _HEADER:
        return 0
    size = 0
    for byte in header[6:_HEADER]:
        size = size << 7 | byte
    return _HEADER + size


def frames_of(tag: bytes) -> Iterator[bytes]:
    """The frames of a whole tag of version 2.3, headers and all, as they stand."""
    start = _HEADER
    while tag[start : start + 4].strip(b"\0"):
        end = start + _HEADER + int.from_bytes(tag[start + 4 : start + 8], "big")
        yield tag[start:end]
        start = end


def in_time_order(tag: bytes) -> bytes:
    """The tag with its chapters by their start, where the first of them stood."""
    frames = list(frames_of(tag))
    chapters = sorted((frame for frame in frames if _is_chapter(frame)), key=_chapter_start)
    if not chapters:
        return tag
    place = next(number for number, frame in enumerate(frames) if _is_chapter(frame))
    before = b"".join(frames[:place])
    after = b"".join(frame for frame in frames[place:] if not _is_chapter(frame))
    ordered = tag[:_HEADER] + before + b"".join(chapters) + after
    return ordered + tag[len(ordered) :]  # padding stays where it was


def _is_chapter(frame: bytes) -> bool:
    return frame.startswith(b"CHAP")


def _chapter_start(frame: bytes) -> int:
    """Milliseconds; they follow the name of the chapter and its closing zero."""
    start = frame.index(b"\0", _HEADER) + 1
    return int.from_bytes(frame[start : start + 4], "big")
