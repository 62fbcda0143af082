"""Where to publish, what is sent, what a target holds, and what every target can do."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from qjaudio.errors import EngineError

UNKNOWN_TYPE = "application/octet-stream"
_PART = re.compile(r"(.*/)?\.qjaudio-[0-9a-f]{24}\.part")


class TargetUnreachableError(EngineError):
    """The target did not answer, or broke off: worth another try."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file as it is published."""

    name: str
    """Its path below the root of the target, with `/` between folders."""
    path: Path
    size: int
    sha256: str
    md5: str
    """Object stores prove a transfer by it; nothing else relies on it."""
    modified_ns: int
    """The local file's time of change: tells whether it is still the one that was hashed."""
    media_type: str = UNKNOWN_TYPE
    cache_control: str = ""

    @property
    def part(self) -> str:
        """The name under which it waits on the target; other bytes wait under another name."""
        folder, slash, _ = self.name.rpartition("/")
        digest = hashlib.sha256(f"{self.name}\n{self.sha256}".encode()).hexdigest()
        return f"{folder}{slash}.qjaudio-{digest[:24]}.part"


def is_part_name(name: str) -> bool:
    """Whether a name on the target is one under which our files wait."""
    return _PART.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One file as the target tells of it."""

    size: int
    mark: str
    """Changes when the file does: an ETag, or a time of change."""
    modified: float
    """Seconds since 1970."""
    md5: str = ""
    """Of its bytes, where the target knows it."""


class Target(Protocol):
    """A place that holds published files. Names are relative to its root.

    Every method raises TargetUnreachableError where another try may help, and another QjaudioError
    where it cannot.
    """

    @property
    def puts_whole(self) -> bool:
        """Whether `put` shows the whole new file or the old one, never a part of it."""

    def listing(self, folder: str) -> dict[str, Stored]:
        """The files of one folder, ours and others'; `""` is the root. Empty if it is missing."""

    def stat(self, name: str) -> Stored | None:
        """One file; None where it is missing."""

    def read(self, name: str) -> bytes:
        """The bytes of a small file."""

    def put(self, upload: Upload, name: str) -> None:
        """Send a file and store it as `name`, whose folder is made where it is missing."""

    def move(self, old: str, new: str) -> None:
        """Put `old` into the place of `new` in one step."""

    def remove(self, name: str) -> None:
        """Remove a file."""

    def close(self) -> None:
        """Let the connection go."""
