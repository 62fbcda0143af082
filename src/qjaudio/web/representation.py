"""What is sent for a file: its bytes, its length and the marks of this version."""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qjaudio.web.address import readdress
from qjaudio.web.media import HOME_PAGE, Medium, medium_of
from qjaudio.web.preconditions import Validators
from qjaudio.web.shelf import open_published

_LARGEST_READDRESSED = 32 * 2**20  # bytes; a feed of ten years in one file has some ten million


@dataclass(frozen=True, slots=True)
class Representation:
    """An open file, or bytes made for this client, ready to be sent. Whoever gets it closes it."""

    file: BinaryIO
    size: int
    """Length in bytes."""
    medium: Medium
    validators: Validators


def of_published(
    root: Path, parts: tuple[str, ...], base_url: str, client: str | None
) -> Representation | None:
    """Open the published file of these names for this client; None where there is none."""
    medium = medium_of(parts[-1])
    file = open_published(root, parts) if medium else None
    if file is None or medium is None:
        return None
    status = os.fstat(file.fileno())
    modified = int(status.st_mtime)
    if medium.holds_addresses and base_url and status.st_size <= _LARGEST_READDRESSED:
        with file:
            content = readdress(file.read(), base_url, client)
        return _of_bytes(content, medium, modified)
    # Files are replaced whole (store.writing), so time and length tell their versions apart.
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    return Representation(file, status.st_size, medium, Validators(etag, modified))


def of_page(html: str) -> Representation:
    """A page that was made on request."""
    return _of_bytes(html.encode(), HOME_PAGE, None)


def _of_bytes(content: bytes, medium: Medium, modified: int | None) -> Representation:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Representation(io.BytesIO(content), len(content), medium, Validators(etag, modified))
