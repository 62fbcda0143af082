"""What has to be sent: what is ours, less what the target has, as we remember it.

The manifest lies beside the output: one line of JSON for each file. Lines are only added, so that a
run that is killed loses at most the line that it was writing.
"""

import hashlib
import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from qjaudio import store
from qjaudio.feed.model import FEED
from qjaudio.targets.model import UNKNOWN_TYPE, Stored, Upload, is_part_name

AUDIO = ".mp3"
_DATED = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(\.former)?\.(mp3|vtt|srt|json|chapters\.json|jpg|png|html)"
)
"""Second names are there only while the feed uses them: see pipeline/catalogue.py."""
_SHOW = re.compile(
    r"""
    feed(-[\w-]+)?\.xml                             # the feed and the pages of its archive
    | archive(-[\w-]+)?\.(xml|html)
    | (cover|icon|logo|favicon|apple-touch-icon)(-[\w-]+)?\.(jpg|png|svg|ico)
    | (index|offline|404)\.html
    | (player|episode|reading|theme|style|app|sw|service-worker|register)(-[\w-]+)?\.(js|css)
    | [\w-]+\.webmanifest | manifest\.json | episodes(-\d{4})?\.json
    """,
    re.VERBOSE | re.ASCII,
)
_LIST = re.compile(r"archive(-\d+\.xml|(-\d{4}-\d{2})?\.html)|episodes-\d{4}\.json", re.ASCII)
_RANKS = (
    (0, (AUDIO,)),
    (1, (".jpg", ".png", ".svg", ".ico", ".woff2")),
    (2, (".vtt", ".srt", ".json")),
    (4, (".xml",)),
)
_PAGES = 3
_ARCHIVES = 4
_LAST = 5


def is_ours(name: str, dates: Container[str]) -> bool:
    """Whether a file of this name is published; `dates` are those of the finished episodes.

    Foreign files are left alone: a picture or a page that somebody has put into `out/` was not
    meant for the world.
    """
    dated = _DATED.fullmatch(name)
    return dated["date"] in dates if dated else _SHOW.fullmatch(name) is not None


def is_list(name: str) -> bool:
    """Whether a file is a list of older episodes, which goes where there are none any more."""
    return _LIST.fullmatch(name) is not None


def rank(name: str) -> int:
    """What goes first has the lower number: whatever is named goes before what names it.

    Audio, pictures, transcripts and chapters, pages, archive feeds; the feed last of all.
    """
    if name == FEED:
        return _LAST
    return next((number for number, ends in _RANKS if name.endswith(ends)), _PAGES)


def is_feed(name: str) -> bool:
    """Whether the file names audio with its length."""
    return rank(name) >= _ARCHIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One file as it was sent and found there afterwards."""

    name: str
    size: int
    sha256: str
    md5: str
    modified_ns: int
    """Of the local file, to spare hashing it again."""
    mark: str
    """Of the file on the target; empty = it is ours, but no longer what we have sent."""


class Manifest:
    """The entries of one target by name; damaged lines count as missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: dict[str, ManifestEntry] = {}
        self.owned: set[str] = set()
        """Every name under which we have ever put something: only these are ever replaced."""
        lines = 0
        for entry in _read_entries(path):
            lines += 1
            self._take(entry)
        if lines > 2 * len(self.owned) + 1000:
            self._compact()

    def add(self, entry: ManifestEntry) -> None:
        """Remember a file.

        Raises:
            NotWritableError: the manifest cannot be written.
        """
        self._take(entry)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "ab", opener=store.only_file) as file:
                # The line before may have been cut: a line break of our own ends it.
                file.write(b"\n" + _encode_entry(entry))
        except OSError as error:
            raise store.not_writable(self._path, error) from error

    def claim(self, name: str) -> None:
        """Note, before a file is put there, that it is ours and no longer what we have sent."""
        if name in self.entries or not (name in self.owned or is_part_name(name)):
            self.add(_claim(name))

    def _take(self, entry: ManifestEntry) -> None:
        if not is_part_name(entry.name):
            self.owned.add(entry.name)
        if entry.mark:
            self.entries[entry.name] = entry
        else:
            self.entries.pop(entry.name, None)

    def _compact(self) -> None:
        claims = map(_claim, sorted(self.owned - self.entries.keys()))
        entries = (*claims, *self.entries.values())
        store.write_bytes(self._path, b"\n".join(map(_encode_entry, entries)))


def _claim(name: str) -> ManifestEntry:
    return ManifestEntry(name=name, size=0, sha256="", md5="", modified_ns=0, mark="")


def _encode_entry(entry: ManifestEntry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode()


def _read_entries(path: Path) -> Iterator[ManifestEntry]:
    try:
        text = store.bytes_of(path)
    except OSError:
        return
    for line in text.split(b"\n"):
        try:
            entry = ManifestEntry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if isinstance(entry.name, str) and isinstance(entry.mark, str):
            yield entry


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPlan:
    """The files in the order in which they appear on the target."""

    fresh: tuple[Upload, ...]
    """Nobody there knows of them yet: each is shown as soon as it is there."""
    held: tuple[Upload, ...]
    """They take the place of others, or name others: shown together, when all are there."""
    unchanged: tuple[Upload, ...]

    @property
    def sends(self) -> tuple[Upload, ...]:
        """All that is sent."""
        return self.fresh + self.held


def plan_uploads(
    wanted: Iterable[Upload], stored: Mapping[str, Stored], known: Mapping[str, ManifestEntry]
) -> UploadPlan:
    """Compare what is wanted with what the target has and what we remember of it."""
    ordered = sorted(wanted, key=lambda upload: (rank(upload.name), upload.name))
    there = {one.name for one in ordered if _is_stored(one, stored, known)}
    sends = [one for one in ordered if one.name not in there]
    held = {one.name for one in sends if one.name in stored or is_feed(one.name)}
    return UploadPlan(
        fresh=tuple(one for one in sends if one.name not in held),
        held=tuple(one for one in sends if one.name in held),
        unchanged=tuple(one for one in ordered if one.name in there),
    )


def is_waiting(
    upload: Upload, stored: Mapping[str, Stored], known: Mapping[str, ManifestEntry]
) -> bool:
    """Whether an earlier run has sent it whole under its waiting name.

    The size alone would not do: blocks arrive in any order, so that a file that broke off may be
    as long as the whole one.
    """
    there, entry = stored.get(upload.part), known.get(upload.part)
    return there is not None and entry is not None and _is_as_sent(upload, there, entry)


def _is_stored(
    upload: Upload, stored: Mapping[str, Stored], known: Mapping[str, ManifestEntry]
) -> bool:
    there, entry = stored.get(upload.name), known.get(upload.name)
    if there is None or there.size != upload.size:
        return False
    return there.md5 == upload.md5 or (entry is not None and _is_as_sent(upload, there, entry))


def _is_as_sent(upload: Upload, there: Stored, entry: ManifestEntry) -> bool:
    """Whether we have sent these bytes and the file there was not touched since."""
    return entry.sha256 == upload.sha256 and there.size == upload.size and entry.mark == there.mark


def upload_of(
    path: Path,
    name: str,
    known: ManifestEntry | None = None,
    *,
    media_type: str = UNKNOWN_TYPE,
    cache_control: str = "",
) -> Upload:
    """A file as it is published. One of the size and time of change of `known` is not hashed."""
    status = path.stat()
    if known and (known.size, known.modified_ns) == (status.st_size, status.st_mtime_ns):
        sha256, md5 = known.sha256, known.md5
    else:
        sha256, md5 = _digests(path)
    return Upload(
        name=name,
        path=path,
        size=status.st_size,
        sha256=sha256,
        md5=md5,
        modified_ns=status.st_mtime_ns,
        media_type=media_type,
        cache_control=cache_control,
    )


def _digests(path: Path) -> tuple[str, str]:
    """The SHA-256 and the MD5 of a file, in hexadecimal."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with open(path, "rb", opener=store.only_file) as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), md5.hexdigest()
