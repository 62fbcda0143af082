"""A plan is carried out: sent, verified, shown in order. Whatever breaks, the feed stays true."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from qjaudio import store
from qjaudio.errors import EngineError, UsageError
from qjaudio.feed.model import FEED, serialize, tag
from qjaudio.targets.model import UNKNOWN_TYPE, Place, Stored, Target, Upload, is_part_name
from qjaudio.targets.planning import (
    AUDIO,
    Manifest,
    ManifestEntry,
    UploadPlan,
    is_feed,
    is_waiting,
    upload_of,
)

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
                raise EngineError(
                    f"{upload.name} is not there after it was moved to its place",
                    hint="does another program write there? Run this again",
                )
            self._remember(upload, upload.name, there)
            self._manifest.claim(upload.part)
        self.shown.append(upload)

    def _remember(self, upload: Upload, name: str, there: Stored) -> None:
        entry = ManifestEntry(
            name=name,
            size=upload.size,
            sha256=upload.sha256,
            md5=upload.md5,
            modified_ns=upload.modified_ns,
            mark=there.mark,
        )
        self._manifest.add(entry)

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
        """Put an interim feed in the place of one; the plan brings the final one."""
        final = next((one for one in plan.held if one.name == name), None)
        with tempfile.TemporaryDirectory(prefix="qjaudio-") as folder:
            path = Path(folder) / "feed.xml"
            path.write_bytes(feed)
            media_type = final.media_type if final else UNKNOWN_TYPE
            cache_control = final.cache_control if final else ""
            interim = upload_of(path, name, media_type=media_type, cache_control=cache_control)
            self._put(interim, interim.part)
            self._manifest.claim(name)
            self._target.move(interim.part, name)
            self._manifest.claim(interim.part)


def check_ownership(
    place: Place,
    target: Target,
    plan: UploadPlan,
    stored: Mapping[str, Stored],
    manifest: Manifest,
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
    if not names:
        return
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
        raise EngineError(
            f"{upload.path} was changed while it was being sent",
            hint="wait until make has ended, then run this again",
        )


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
