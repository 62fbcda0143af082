"""What has to be sent, by what we remember of the target; then sent, verified, shown in order.

The manifest lies beside the output: one line of JSON for each file. Lines are only added, so that a
run that is killed loses at most the line that it was writing. Whatever breaks, the feed stays true.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from qjaudio import store
from qjaudio.errors import EngineError, UsageError
from qjaudio.feed.model import FEED, serialize, tag
from qjaudio.targets.model import UNKNOWN_TYPE, Place, Stored, Target, Upload, is_part_name

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
        """Remember a file; NotWritableError where the manifest cannot be written."""
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
        name=name, path=path, size=status.st_size, sha256=sha256, md5=md5,
        modified_ns=status.st_mtime_ns, media_type=media_type, cache_control=cache_control,
    )  # fmt: skip


def _digests(path: Path) -> tuple[str, str]:
    """The SHA-256 and the MD5 of a file, in hexadecimal."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with open(path, "rb", opener=store.only_file) as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), md5.hexdigest()


REREAD_BYTES = 4_000_000
"""Files up to this size are read back after they were sent: every transcript, page and feed."""
MOST_NAMED = 5
"""Of the files that would be replaced, so many are named."""
STALE_S = 86_400.0
"""Waiting files that nobody has used for a day are of runs that will not come back."""


class Sender:
    """Carries out one plan on one target."""

    def __init__(
        self,
        target: Target,
        manifest: Manifest,
        stored: Mapping[str, Stored],
        say: Callable[[str], None],
    ) -> None:
        self._target, self._manifest, self._stored = target, manifest, stored
        self._say = say
        self.shown: list[Upload] = []
        """What is in its place there, in the order in which it came there."""

    def send(self, plan: UploadPlan) -> None:
        """Send what is new, then what replaces, then show the replacements, the feed last.

        Raises:
            EngineError: the target failed, or a file changed while it was being sent.
            NotWritableError: the target or the manifest cannot be written.
        """
        total = len(plan.sends)
        for number, upload in enumerate(plan.sends, start=1):
            waits = upload in plan.held or not self._target.puts_whole
            again = waits and is_waiting(upload, self._stored, self._manifest.entries)
            how = ", there already" if again else ""
            self._say(f"{number} of {total}  {upload.name}  {upload.size:,} bytes{how}")
            if not again:
                self._put(upload, upload.part if waits else upload.name)
            if upload not in plan.held:
                self._show(upload, waits=waits)
        self._hide_stale(plan)
        for upload in plan.held:
            self._show(upload, waits=True)

    def tidy(self, plan: UploadPlan, now: float) -> None:
        """Remove the waiting files of dead runs; `now` is in seconds since 1970."""
        ours = {upload.part for upload in plan.sends}
        for name, there in self._stored.items():
            if is_part_name(name) and name not in ours and there.modified < now - STALE_S:
                self._target.remove(name)
                self._manifest.claim(name)

    def _put(self, upload: Upload, name: str) -> None:
        _check_unchanged(upload)
        self._manifest.claim(name)
        self._target.put(upload, name)
        _check_unchanged(upload)
        self._prove(upload, name)

    def _prove(self, upload: Upload, name: str) -> None:
        """What arrived is what was sent; then it is remembered."""
        there = self._target.stat(name)
        found = there.size if there else 0
        good = there is not None and found == upload.size
        if good and upload.size <= REREAD_BYTES:
            good = hashlib.sha256(self._target.read(name)).hexdigest() == upload.sha256
        if there is None or not good:
            raise EngineError(
                f"{upload.name} did not arrive complete: {found:,} of {upload.size:,} bytes",
                hint="is the disk there full? Run this again: it goes on where it stopped",
            )
        self._remember(upload, name, there)

    def _show(self, upload: Upload, *, waits: bool) -> None:
        if waits:
            self._manifest.claim(upload.name)
            self._target.move(upload.part, upload.name)
            there = self._target.stat(upload.name)
            if there is None or there.size != upload.size:
                reason = f"{upload.name} is not there after it was moved to its place"
                raise EngineError(reason, hint="does another program write there? Run this again")
            self._remember(upload, upload.name, there)
            self._manifest.claim(upload.part)
        self.shown.append(upload)

    def _remember(self, upload: Upload, name: str, there: Stored) -> None:
        told = {key: getattr(upload, key) for key in ("size", "sha256", "md5", "modified_ns")}
        self._manifest.add(ManifestEntry(name=name, mark=there.mark, **told))

    def _hide_stale(self, plan: UploadPlan) -> None:
        """Let the feeds there say nothing of an MP3 that is about to change its length."""
        sizes = {one.name: one.size for one in plan.held if one.name.endswith(AUDIO)}
        if not sizes:
            return
        ours = self._manifest.owned | {one.name for one in plan.held}
        feeds = (name for name in self._stored if is_feed(name) and name in ours)
        for name in sorted(feeds, key=len):  # feed.xml first: it is what apps read
            feed = without_stale_items(self._target.read(name), sizes)
            if feed is not None:
                self._replace(name, feed, plan)

    def _replace(self, name: str, feed: bytes, plan: UploadPlan) -> None:
        """Put an interim feed in place of one; the plan brings the final one."""
        final = next((one for one in plan.held if one.name == name), None)
        with tempfile.TemporaryDirectory(prefix="qjaudio-") as folder:
            path = Path(folder) / "feed.xml"
            path.write_bytes(feed)
            interim = upload_of(path, name)
            if final:
                media_type, cache_control = final.media_type, final.cache_control
                interim = replace(interim, media_type=media_type, cache_control=cache_control)
            self._put(interim, interim.part)
            self._manifest.claim(name)
            self._target.move(interim.part, name)
            self._manifest.claim(interim.part)


def check_ownership(
    place: Place, target: Target, plan: UploadPlan, stored: Mapping[str, Stored], manifest: Manifest
) -> None:
    """Make sure that a plan replaces nothing there that this show has not put there.

    What the manifest knows is ours, and so is what has the same bytes. Where the manifest was lost,
    everything is, if the feed there is of the same show.

    Raises:
        UsageError: it would; with the names.
    """
    unknown = [one for one in plan.held if one.name in stored and one.name not in manifest.owned]
    if not unknown:
        return
    feed = next((one for one in (*plan.held, *plan.unchanged) if one.name == FEED), None)
    has_feed = FEED in stored and FEED not in manifest.owned
    there = show_guid_in(target.read(FEED)) if has_feed else ""
    is_ours = feed is not None and there == show_guid_in(store.bytes_of(feed.path))
    if there and is_ours and not manifest.owned:
        return
    names = [one.name for one in unknown if not _is_same(target, one, stored[one.name])]
    if names:
        what = "the feed of another show" if there and not is_ours else "files of others"
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        raise UsageError(
            f"{place.label} holds {what}: {', '.join(names[:MOST_NAMED])}{more} would be replaced",
            hint="give the show a folder of its own; if they may go, run this again with --adopt",
        )


def _is_same(target: Target, upload: Upload, there: Stored) -> bool:
    if there.size != upload.size or there.size > REREAD_BYTES:
        return False
    return hashlib.sha256(target.read(upload.name)).hexdigest() == upload.sha256


def _check_unchanged(upload: Upload) -> None:
    """The local file is still the one that was hashed."""
    try:
        status = upload.path.stat()
        same = (status.st_size, status.st_mtime_ns) == (upload.size, upload.modified_ns)
    except OSError:
        same = False
    if not same:
        reason = f"{upload.path} was changed while it was being sent"
        raise EngineError(reason, hint="wait until make has ended, then run this again")


def without_stale_items(feed: bytes, sizes: Mapping[str, int]) -> bytes | None:
    """A feed without the items that name a file of `sizes` with another length than there.

    Two files cannot be replaced in one step. Were the MP3 first, the old feed would name a wrong
    length; were it the feed, the new one would. So the feed says nothing of that episode until
    both are there. None where nothing has to be left out, or where this is not a feed.
    """
    root = _parse_feed(feed)
    channel = None if root is None else root.find("channel")
    if root is None or channel is None:
        return None
    stale = [item for item in channel.findall("item") if _is_stale(item, sizes)]
    for item in stale:
        channel.remove(item)
    return serialize(root).encode() if stale else None


def show_guid_in(feed: bytes) -> str:
    """The podcast:guid of the show that a feed belongs to; empty where it tells none."""
    root = _parse_feed(feed)
    found = None if root is None else root.findtext(f"channel/{tag('podcast:guid')}")
    return (found or "").strip()


def _parse_feed(feed: bytes) -> ET.Element | None:
    try:
        return ET.fromstring(feed)  # noqa: S314 - expat limits entities; it is our own feed
    except (ET.ParseError, ValueError, LookupError):
        return None


def _is_stale(item: ET.Element, sizes: Mapping[str, int]) -> bool:
    enclosure = item.find("enclosure")
    if enclosure is None:
        return False
    name = unquote(urlsplit(enclosure.get("url", "")).path).rpartition("/")[2]
    return name in sizes and enclosure.get("length") != str(sizes[name])
