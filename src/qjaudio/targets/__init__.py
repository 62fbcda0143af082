"""Where a show is sent: the target that answers at a place; it is asked again when it fails."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from qjaudio.errors import UsageError
from qjaudio.targets.folder import FolderTarget
from qjaudio.targets.model import Place, Stored, Target, TargetUnreachableError, Upload

_WAYS = "give a folder, file:///srv/show, sftp://user@host/path or s3://bucket/folder"


def place_of(target: str, *, endpoint: str = "") -> Place:
    """Read TARGET; percent signs in a URL are decoded, Chinese and spaces may stand as they are.

    Raises:
        UsageError: it is empty or names something that cannot publish to.
    """
    if not target.strip():
        raise UsageError("there is no TARGET to publish to", hint=f"{_WAYS}, or set publish_to")
    scheme, colon, rest = target.partition("://")
    if not colon:
        return Place(kind="folder", path=str(Path(target).expanduser().absolute()))
    try:
        # A ? or # is part of a folder's name here: these URLs have no query.
        url = urlsplit(f"{scheme}://{rest.replace('?', '%3F').replace('#', '%23')}")
        port, path = url.port, unquote(url.path)
    except ValueError as error:
        raise UsageError(f"TARGET is not an address: {error}", hint=_WAYS) from error
    if scheme.lower() == "file" and url.netloc in ("", "localhost") and path:
        return Place(kind="folder", path=str(Path(url2pathname(url.path)).absolute()))
    if scheme.lower() == "sftp" and url.hostname:
        path = path.rstrip("/") or ("/" if path else "")
        home = path == "/~" or path.startswith("/~/")
        path = path[2:].lstrip("/") if home else path
        user, password = unquote(url.username or ""), unquote(url.password or "")
        return Place(
            kind="sftp", host=url.hostname, port=port, user=user, password=password, path=path
        )
    if scheme.lower() == "s3" and url.netloc and "@" not in url.netloc:
        path = f"{unquote(url.netloc)}/{path.strip('/')}".rstrip("/")
        return Place(kind="s3", path=path, endpoint=endpoint)
    shown = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"  # without a password
    raise UsageError(f"cannot publish to {shown}", hint=_WAYS)


def open_target(place: Place) -> Target:
    """The target of a place; MissingPartError where the extra for it is not installed."""
    if place.kind == "sftp":
        from qjaudio.targets.sftp import SftpTarget

        return SftpTarget(place)
    if place.kind == "s3":
        from qjaudio.targets.s3 import S3Target

        return S3Target(place)
    return FolderTarget(Path(place.path))


WAITS_S = (1.0, 2.0, 4.0, 8.0)
"""The pauses between five tries: a line that is down for longer is left to the next run."""
_Answer = TypeVar("_Answer")


class RetryingTarget:
    """Wraps a target; each step is tried again after a pause, the last failure is let through."""

    def __init__(
        self,
        target: Target,
        *,
        say: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target, self._say, self._sleep = target, say, sleep

    @property
    def puts_whole(self) -> bool:
        """As the target does."""
        return self._target.puts_whole

    def listing(self, folder: str) -> dict[str, Stored]:
        """The files of one folder."""
        return self._again(lambda: self._target.listing(folder))

    def stat(self, name: str) -> Stored | None:
        """One file."""
        return self._again(lambda: self._target.stat(name))

    def read(self, name: str) -> bytes:
        """Its bytes."""
        return self._again(lambda: self._target.read(name))

    def put(self, upload: Upload, name: str) -> None:
        """Send a file, from its beginning each time."""
        self._again(lambda: self._target.put(upload, name))

    def move(self, old: str, new: str) -> None:
        """Put `old` into the place of `new`; an answer that was lost is not taken for a failure."""
        tried = False

        def once() -> None:
            nonlocal tried
            if tried and self._target.stat(old) is None and self._target.stat(new) is not None:
                return
            tried = True
            self._target.move(old, new)

        self._again(once)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._again(lambda: self._target.remove(name))

    def close(self) -> None:
        """Let the connection go."""
        self._target.close()

    def _again(self, step: Callable[[], _Answer]) -> _Answer:
        for wait_s in WAITS_S:
            try:
                return step()
            except TargetUnreachableError as error:
                self._say(f"{error}; trying again in {wait_s:g} s")
                self._sleep(wait_s)
        return step()
