"""What was fetched before, so that an unchanged page is not sent again."""

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qjaudio import store
from qjaudio.errors import NotWritableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer of the site."""

    body: bytes
    charset: str = ""
    """As the header names it; empty where it does not."""
    kind: str = ""
    """The media type: `text/html`."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class PageCache:
    """Answers by address, in a folder. A damaged entry counts as none."""

    folder: Path

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode("utf-8")).hexdigest()
        return self.folder / name[:2] / f"{name}.page"

    def get(self, url: str) -> Fetched | None:
        """What the address answered last time."""
        try:
            digest, _, rest = store.bytes_of(self._path(url)).partition(b"\n")
            if hashlib.sha256(rest).hexdigest().encode() != digest:
                return None
            head, _, body = rest.partition(b"\n")
            return Fetched(body=body, **json.loads(head))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, url: str, fetched: Fetched) -> None:
        """Keep an answer that can be asked for again; a full disk only costs the cache."""
        if not (fetched.etag or fetched.last_modified):
            return
        head = {name: value for name, value in asdict(fetched).items() if name != "body"}
        rest = json.dumps(head).encode() + b"\n" + fetched.body
        with contextlib.suppress(NotWritableError):
            store.write_bytes(
                self._path(url), hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest
            )
