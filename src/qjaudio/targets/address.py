"""What the word TARGET means: a folder, `file://`, `sftp://` or `s3://`."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from qjaudio.errors import UsageError

_WAYS = "give a folder, file:///srv/show, sftp://user@host/path or s3://bucket/folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to publish. Its text form, `label`, holds no password."""

    kind: Literal["folder", "sftp", "s3"]
    path: str
    """A local folder; a folder on the server, from its home where it does not begin with `/`; for
    S3 the bucket and what all keys begin with."""
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = ""
    endpoint: str = ""
    """The address of an S3-compatible service; empty = as the AWS settings say."""

    @property
    def label(self) -> str:
        """How it is shown to people."""
        if self.kind == "folder":
            return self.path
        if self.kind == "s3":
            return f"s3://{self.path}"
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        path = self.path if self.path.startswith("/") else f"/~/{self.path}"
        return f"sftp://{user}{host}{port}{path}"

    @property
    def key(self) -> str:
        """Sixteen characters that stand for it in file names."""
        return hashlib.sha256(f"{self.label}\n{self.endpoint}".encode()).hexdigest()[:16]


def place_of(target: str, *, endpoint: str = "") -> Place:
    """Read TARGET; percent signs in a URL are decoded, Chinese and spaces may stand as they are.

    Raises:
        UsageError: it is empty or names something that we cannot publish to.
    """
    if not target.strip():
        raise UsageError("there is no TARGET to publish to", hint=f"{_WAYS}, or set publish_to")
    scheme, colon, rest = target.partition("://")
    if not colon:
        return Place(kind="folder", path=str(Path(target).expanduser().absolute()))
    try:
        # A ? or # is part of a folder's name here: these URLs have no query.
        url = urlsplit(f"{scheme}://{rest.replace('?', '%3F').replace('#', '%23')}")
        _ = url.port
    except ValueError as error:
        raise UsageError(f"TARGET is no address: {error}", hint=_WAYS) from error
    if scheme.lower() == "file" and url.netloc in ("", "localhost") and url.path:
        return Place(kind="folder", path=str(Path(unquote(url.path)).absolute()))
    if scheme.lower() == "sftp" and url.hostname:
        return _sftp(url)
    if scheme.lower() == "s3" and url.netloc and "@" not in url.netloc:
        path = f"{unquote(url.netloc)}/{unquote(url.path).strip('/')}".rstrip("/")
        return Place(kind="s3", path=path, endpoint=endpoint)
    raise UsageError(f"we cannot publish to {_without_password(url)}", hint=_WAYS)


def _sftp(url: SplitResult) -> Place:
    path = unquote(url.path).rstrip("/") or ("/" if url.path else "")
    home = path == "/~" or path.startswith("/~/")
    return Place(
        kind="sftp",
        host=url.hostname or "",
        port=url.port,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        path=path[2:].lstrip("/") if home else path,
    )


def _without_password(url: SplitResult) -> str:
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
