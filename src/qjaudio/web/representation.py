"""What is sent for a file: its bytes, its length and the marks of this version."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from qjaudio.web.address import readdress, shown_base
from qjaudio.web.encoding import compressed, is_text
from qjaudio.web.media import HOME_PAGE, Medium, medium_of
from qjaudio.web.pantry import Pantry
from qjaudio.web.preconditions import Validators
from qjaudio.web.shelf import open_published

_SMALLEST_CODED = 100  # bytes; gzip's own frame makes less than that longer
_HEAD_BYTES = 4096  # of a page, where its own policy would stand
_LARGEST_MADE = 16 * 2**20  # bytes; larger text is sent from the disk, as it is


@dataclass(frozen=True, slots=True)
class Client:
    """What the bytes depend on beside the file."""

    base: str | None = None
    """Under which address it reached our root, the key included; None where that is not safe."""
    gzip: bool = False
    """Whether it prefers text compressed."""
    key: str = ""
    """The key of a private show."""


@dataclass(frozen=True, slots=True)
class Representation:
    """An open file, or bytes made for this client, ready to be sent. Whoever gets it closes it."""

    file: BinaryIO
    size: int
    """Length in bytes."""
    medium: Medium
    validators: Validators
    coding: str = ""
    """The Content-Encoding; empty for the plain bytes."""
    own_policy: bool = False
    """Whether the page brings a Content-Security-Policy of its own, which then holds alone."""

    @property
    def may_be_coded(self) -> bool:
        """Whether another client could get other bytes for its Accept-Encoding."""
        return is_text(self.medium)


def of_published(
    root: Path, parts: tuple[str, ...], base_url: str, client: Client, pantry: Pantry
) -> Representation | None:
    """Open the published file of these names for this client; None where there is none.

    Raises:
        PantryFull: bytes have to be made for it, and there is no room now.
    """
    file = open_published(root, parts)
    if file is None:
        return None
    try:
        return _chosen(file, "/".join(parts), base_url, client, pantry)
    except BaseException:
        file.close()
        raise


def of_page(html: str, client: Client, pantry: Pantry) -> Representation:
    """A page that was made on request.

    Raises:
        PantryFull: there is no room for it now.
    """
    content = html.encode()
    mark = hashlib.sha256(content).hexdigest()[:32]
    coding = "gzip" if client.gzip else ""
    file, size = pantry.lend((mark, coding), lambda: _coded(content, coding))
    return Representation(file, size, HOME_PAGE, Validators(_tag(mark, coding), None), coding)


def _chosen(
    file: BinaryIO, name: str, base_url: str, client: Client, pantry: Pantry
) -> Representation:
    medium = medium_of(name)
    assert medium is not None  # noqa: S101 - the shelf opens no other files
    status = os.fstat(file.fileno())
    # Files are replaced whole (store.writing), so time and length tell their versions apart.
    mark = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    shown = base_url
    if medium.holds_addresses and status.st_size <= _LARGEST_MADE:
        shown = shown_base(base_url, client.base, client.key)
    if shown != base_url:
        mark += f"-{hashlib.sha256(f'{base_url} {shown}'.encode()).hexdigest()[:16]}"
    worth_it = is_text(medium) and _SMALLEST_CODED <= status.st_size <= _LARGEST_MADE
    coding = "gzip" if client.gzip and worth_it else ""
    modified = int(status.st_mtime)
    validators = Validators(_tag(mark, coding), modified)
    own_policy = medium.media_type.startswith("text/html") and _brings_policy(file)
    found = Representation(file, status.st_size, medium, validators, coding, own_policy)
    if shown == base_url and not coding:
        return found
    with file:
        made, size = pantry.lend(
            (name, mark, coding),
            lambda: _coded(readdress(file.read(), base_url, shown), coding),
        )
    return replace(found, file=made, size=size)


def _brings_policy(file: BinaryIO) -> bool:
    head = file.read(_HEAD_BYTES).lower()
    file.seek(0)
    return b'http-equiv="content-security-policy"' in head


def _tag(mark: str, coding: str) -> str:
    """A strong entity tag: each coding of a version has its own (RFC 9110 8.8.3.3)."""
    return f'"{mark}-gz"' if coding else f'"{mark}"'


def _coded(content: bytes, coding: str) -> bytes:
    return compressed(content) if coding else content
