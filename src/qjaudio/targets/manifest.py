"""What we have sent to a target, remembered beside the output: one line of JSON for each file.

Lines are only added, so that a run that is killed loses at most the line that it was writing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from qjaudio import store


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file as it was sent and found there afterwards."""

    name: str
    size: int
    sha256: str
    md5: str
    modified_ns: int
    """Of the local file, to spare hashing it again."""
    mark: str
    """Of the file on the target; empty = it is no longer what we have sent."""


class Manifest:
    """The entries of one target by name; damaged lines count as missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: dict[str, Entry] = {}
        lines = 0
        for entry in _lines(path):
            lines += 1
            self._take(entry)
        if lines > 2 * len(self.entries) + 1000:
            self._compact()

    def add(self, entry: Entry) -> None:
        """Remember a file.

        Raises:
            NotWritableError: the manifest cannot be written.
        """
        self._take(entry)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "ab", opener=store.only_file) as file:
                # The line before may have been cut: a line break of our own ends it.
                file.write(b"\n" + _line(entry))
        except OSError as error:
            raise store.not_writable(self._path, error) from error

    def forget(self, name: str) -> None:
        """From now on the file there is not what we have sent; before it is replaced."""
        if name in self.entries:
            self.add(Entry(name=name, size=0, sha256="", md5="", modified_ns=0, mark=""))

    def _take(self, entry: Entry) -> None:
        if entry.mark:
            self.entries[entry.name] = entry
        else:
            self.entries.pop(entry.name, None)

    def _compact(self) -> None:
        store.write_bytes(self._path, b"\n".join(map(_line, self.entries.values())))


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode()


def _lines(path: Path) -> Iterator[Entry]:
    try:
        text = store.bytes_of(path)
    except OSError:
        return
    for line in text.split(b"\n"):
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if isinstance(entry.name, str) and isinstance(entry.mark, str):
            yield entry
