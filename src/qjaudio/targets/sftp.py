"""A folder on an SSH server, through sshfs (fsspec and asyncssh).

fsspec's own SFTP file system takes every host key (paramiko's AutoAddPolicy, fixed in its code up
to 2026.9), so a stranger between us and the server could take the show over. asyncssh compares with
known_hosts; sshfs switches that off unless it is told, and we tell it.
"""

import contextlib
import logging
import posixpath
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from qjaudio.errors import EngineError, MissingPartError, NotWritableError, QjaudioError
from qjaudio.targets.model import Place, Stored, TargetUnreachableError, Upload

_CONNECT_S = 20
_LOGIN_S = 30
_KEEPALIVE_S = 15
"""A server that is silent for three of these is taken for gone."""


class SftpTarget:
    """Files below a folder on a server; each step connects again where the line was cut."""

    puts_whole = False

    def __init__(self, place: Place) -> None:
        """Prepare; the first step connects. MissingPartError where sshfs is not installed."""
        try:
            import asyncssh
            import sshfs
        except ImportError as error:
            reason = "publishing by SFTP needs sshfs"
            raise MissingPartError(reason, hint="pip install sshfs") from error
        self._asyncssh, self._sshfs = asyncssh, sshfs
        logging.getLogger("asyncio").addFilter(_is_news)
        self._place = place
        self._open: Any = None

    def listing(self, folder: str) -> dict[str, Stored]:
        """The files of one folder."""
        with self._connected() as files, contextlib.suppress(FileNotFoundError):
            return {
                posixpath.join(folder, posixpath.basename(entry["name"])): _stored_entry(entry)
                for entry in files.ls(self._path(folder) or ".", detail=True)
                if entry["type"] in ("file", "link")
            }
        return {}

    def stat(self, name: str) -> Stored | None:
        """One file."""
        with self._connected() as files, contextlib.suppress(FileNotFoundError):
            return _stored_entry(files.info(self._path(name)))
        return None

    def read(self, name: str) -> bytes:
        """Its bytes."""
        with self._connected() as files:
            return bytes(files.cat_file(self._path(name)))

    def put(self, upload: Upload, name: str) -> None:
        """Send it; the folders above are made where they are missing."""
        with self._connected() as files:
            files.put_file(str(upload.path), self._path(name))

    def move(self, old: str, new: str) -> None:
        """Rename in one step: OpenSSH's extension `posix-rename`."""
        with self._connected() as files:
            files.mv(self._path(old), self._path(new))

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._connected() as files, contextlib.suppress(FileNotFoundError):
            files.rm_file(self._path(name))

    def close(self) -> None:
        """Log out."""
        files, self._open = self._open, None
        if files is None:
            return
        from fsspec.asyn import sync

        with contextlib.suppress(Exception):  # the line may be dead already
            sync(files.loop, files._pool.close, timeout=5)
            sync(files.loop, files._stack.aclose, timeout=5)

    def _path(self, name: str) -> str:
        return posixpath.join(self._place.path, name).rstrip("/")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        try:
            if self._open is None:
                self._open = self._connect()
            yield self._open
        except FileNotFoundError:
            raise
        except ValueError as error:  # sshfs's word for a server that opens no channel
            raise EngineError(
                f"{self._place.label} offers no SFTP: {error}",
                hint="ask the provider whether the account may use SFTP",
            ) from error
        except (OSError, self._asyncssh.Error) as error:
            ours = self._as_ours(error)
            if isinstance(ours, TargetUnreachableError):  # a farewell would only wait for an answer
                files, self._open = self._open, None
                if files is not None:
                    files.loop.call_soon_threadsafe(files.client.abort)
            raise ours from error

    def _connect(self) -> Any:
        place = self._place
        given = {"port": place.port, "username": place.user, "password": place.password}
        return self._sshfs.SSHFileSystem(
            place.host,
            **{name: value for name, value in given.items() if value},
            known_hosts=(),  # the user's file: sshfs's own default is to trust everybody
            connect_timeout=_CONNECT_S,
            login_timeout=_LOGIN_S,
            keepalive_interval=_KEEPALIVE_S,
            skip_instance_cache=True,
        )

    def _as_ours(self, error: Exception) -> QjaudioError:
        ssh, label = self._asyncssh, self._place.label
        reason = str(getattr(error, "reason", "") or error) or type(error).__name__
        if isinstance(error, ssh.HostKeyNotVerifiable):
            return EngineError(
                f"{self._place.host} shows a host key that known_hosts does not hold for it",
                hint="compare its fingerprint with the provider's, then log in once with ssh "
                "so that it is remembered",
            )
        if isinstance(error, PermissionError):
            return EngineError(
                f"{label} refuses the login: {reason}",
                hint="check the user's name, and that ssh logs in with your key or agent",
            )
        if isinstance(error, ssh.SFTPPermissionDenied):
            return NotWritableError(
                f"cannot write {label}: {reason}", hint="give the user the right to write there"
            )
        lost = ssh.SFTPConnectionLost | ssh.SFTPNoConnection | ssh.SFTPEOFError
        if isinstance(error, ssh.SFTPError) and not isinstance(error, lost):
            return NotWritableError(
                f"cannot write {label}: the server says {reason!r}",
                hint="is its disk full, or do a file and a folder share a name?",
            )
        return TargetUnreachableError(
            f"{label} does not answer: {reason}", hint="check the network and the server's name"
        )


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a message of asyncio tells more than the error that we tell ourselves.

    When a line is cut, asyncssh's other requests on it write on and fail unheard, each with its
    traceback on stderr.
    """
    failure = record.exc_info[1] if record.exc_info else None
    cut = record.getMessage().startswith("socket.send() raised exception")
    return not (cut or type(failure).__module__.startswith("asyncssh"))


def _stored_entry(entry: dict[str, Any]) -> Stored:
    changed: datetime | None = entry["mtime"]
    seconds = changed.timestamp() if changed else 0.0
    return Stored(size=int(entry["size"] or 0), mark=f"{seconds:.0f}", modified=seconds)
