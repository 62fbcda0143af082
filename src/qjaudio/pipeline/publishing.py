"""What is finished becomes files that people subscribe to, here and on the show's targets."""

import contextlib
import datetime
import hashlib
import os
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import chain
from pathlib import Path

import rcssmin
import rjsmin

from qjaudio import store
from qjaudio.config import SLOW, UNNAMED, Config
from qjaudio.episode.cover import draw_cover, draw_show_cover, small_cover
from qjaudio.episode.model import Episode, from_record, printable
from qjaudio.episode.tag import Maker
from qjaudio.errors import NotAnIssueError, NotWritableError, QjaudioError, UsageError
from qjaudio.feed import rss
from qjaudio.feed.model import FEED, Show, ascii_url, episode_guid, file_url
from qjaudio.paper.digest import short_headline
from qjaudio.pipeline import branding, catalogue, locking
from qjaudio.pipeline.freshness import fingerprint
from qjaudio.pipeline.journal import Journal
from qjaudio.pipeline.locking import Tell, locked
from qjaudio.pipeline.reporting import Progress
from qjaudio.player import pages
from qjaudio.player.pages import manifest, words
from qjaudio.rules import phrases
from qjaudio.script.model import Script
from qjaudio.store import OutFolder
from qjaudio.targets import RetryingTarget, open_target, place_of, sending
from qjaudio.targets.model import Place, Stored, Target, Upload
from qjaudio.web.addresses import is_public_host, medium_of, published_path, svg_qr

SITE = ("feed.xml", "index.html", "archive.html", "sw.js")
"""The files that a web site of somebody else may have, too."""
LOGO = "logo.png"
"""The name under which the show's logo is published."""
LOCAL_URL = "http://127.0.0.1:8010/"
"""The address of `qjaudio serve`, which puts the one it is reached by in its place."""


def show_of(config: Config, paper: str = "") -> Show:
    """The show of the settings; what they leave open is made from the paper's name."""
    paper = config.paper or paper or UNNAMED
    words = phrases("show")
    title = config.title or words["title"].format(paper=paper)
    return Show(
        paper=paper,
        title=printable(words["slow_title"].format(title=title) if config.edition else title),
        description=config.description or words["description"].format(paper=paper),
        author=printable(config.author or paper),
        base_url=(config.base_url or LOCAL_URL) + (config.edition and f"{config.edition}/"),
        link=config.link,
        email=config.email,
        guid=config.guid,
        category=branding.category_of(config),
        copyright=config.copyright,
        owner=config.owner,
        explicit=config.explicit,
        colour=branding.brand_colour(config),
        footer=printable(config.footer),
        logo=LOGO if config.logo else "",
        is_slow=bool(config.edition),
    )


def maker_of(out: OutFolder, config: Config, episode: Episode) -> Maker:
    """What the labels of an episode's files name."""
    show = show_of(config, episode.paper)
    guid = catalogue.known_guid(out, episode.date) or episode_guid(show, episode.date)
    return Maker(config.producer or show.author, guid)


def insecure_remark(config: Config) -> str:
    """What to know of an address that the world reaches by http; empty where there is nothing."""
    scheme, _, rest = config.base_url.partition("://")
    if scheme == "http" and is_public_host(rest.partition("/")[0], config.base_url):
        return f"base_url {config.base_url} is not https: several apps do not play such a show"
    return ""


def served_base(config: Config) -> str:
    """The address in the feed for which `serve` puts the one that it is reached by."""
    return ascii_url(show_of(config).base_url)


def check_is_show(out: OutFolder) -> None:
    """Raise NotAnIssueError unless the folder is one of a show."""
    if not catalogue.is_show(out):
        hint = f"check --out, or make one: {catalogue.make_command(out)}"
        raise NotAnIssueError(f"there is no show in {out.root}", hint=hint)


def check_replaces_nothing(root: Path, names: Sequence[str], *, is_ours: bool) -> None:
    """Raise UsageError where files of others would be replaced in a folder that is not ours."""
    if there := [name for name in names if not is_ours and os.path.lexists(root / name)]:
        reason = f"{root} holds files of others: {', '.join(there)} would be replaced"
        raise UsageError(reason, hint="give --out a folder of its own, or move those files away")


def make_way(
    out: OutFolder, config: Config, former: Episode, *, tell: Tell = locking.tell_nobody
) -> None:
    """Have the feed name the former files of an episode while new ones are put in their place."""
    catalogue.park(out, former)
    publish_feed(out, config, replaced=former.date, tell=tell)


def publish_feed(
    out: OutFolder, config: Config, *, replaced: str = "", tell: Tell = locking.tell_nobody
) -> tuple[Path, int]:
    """Write feed.xml and its archives from what is in `out/`; returns its path and the episodes.

    So are the slow edition's, once it has an episode. feed.xml goes last: it never names an archive
    that is not there. The episode of the date `replaced` is named by its second names, if it has
    them (see `catalogue.park`). `tell` is told when another run has to be waited for.

    Raises:
        BusyError, NotWritableError: another run writes it for too long; the folder is closed to us.
    """
    written, gone = [], catalogue.withdrawn_dates(out)
    for folder, one in reversed(editions_in(out, config)):
        try:
            with locking.feed_lock(folder, tell, wait_s=config.wait):
                catalogue.bring_back(folder, one, gone)
                written.append(_write_feed(folder, one, replaced, gone))
                catalogue.take_away(folder, gone)
        except OSError as error:
            raise store.not_writable(folder.root, error) from error
    return written[-1]


def editions_in(out: OutFolder, config: Config) -> list[tuple[OutFolder, Config]]:
    """The folders and settings of the editions in a folder: the show's own, and those made so far.

    Whatever is done for a date is done in each of them.
    """
    first, *others = config.editions
    more = [(OutFolder(out.root / one.edition), one) for one in others]
    return [(out, first), *((folder, one) for folder, one in more if catalogue.is_show(folder))]


def _write_feed(
    out: OutFolder, config: Config, replaced: str, gone: Container[str]
) -> tuple[Path, int]:
    show, episodes, known = catalogue.identified(
        out, config, lambda paper: show_of(config, paper), replaced=replaced, without=gone
    )
    branding.write_cover(out, show, config, _ICONS, partial(draw_show_cover, show.paper))
    if show.logo:
        store.write_bytes(out.root / show.logo, branding.logo_of(config))
    write_pages(out, show, episodes, has_address=bool(config.base_url))
    _write_documents(out, show, episodes, known.episodes)
    _check_still_there(out, episodes)
    catalogue.remove_second_names(out, episodes)
    return out.feed, len(episodes)


def _check_still_there(out: OutFolder, episodes: list[Episode]) -> None:
    """Take the feed back if somebody has removed the folder's files while it was written."""
    if episodes and not catalogue.locate(out, episodes[-1], former=bool(episodes[-1].stem)):
        out.feed.unlink(missing_ok=True)
        reason = f"the files in {out.root} were removed while the feed was written"
        raise NotWritableError(reason, hint="put them back from a backup, or run make again")


def _write_documents(
    out: OutFolder, show: Show, episodes: list[Episode], guids: Mapping[str, str]
) -> None:
    """Write the archives and then the feed; an archive of the same values is left as it is."""
    names = {path.name for path in out.root.iterdir()}
    archives = catalogue.ArchiveWriter(out)
    documents = list(rss.split_feed(episodes))
    for part in documents:
        dates = [episode.date for episode in part.episodes]
        there = [
            one.file(end) in names for one in part.episodes for end in (*rss.COMPANIONS, rss.PAGE)
        ]
        made_of = (show, part, there, [guids.get(date) for date in dates])
        text = partial(rss.render_feed, show, part, files=names, guids=guids)
        archives.write(part.name, made_of, text)
    archives.close()
    catalogue.remove_archives(out, keep={part.name for part in documents})


def write_companions(out: OutFolder, episode: Episode, cover: bytes) -> None:
    """The files beside the MP3: transcripts, chapters and picture."""
    texts = {
        ".vtt": rss.vtt,
        ".srt": rss.srt,
        ".json": rss.transcript_json,
        ".chapters.json": rss.chapters_json,
    }
    for end, text_of in texts.items():
        store.write_text(out.published(episode.date, end), text_of(episode))
    store.write_bytes(out.published(episode.date, ".jpg"), cover)


def restore_companions(out: OutFolder, episode: Episode, weekday: str, config: Config) -> None:
    """Write those files beside a finished MP3 that are missing or damaged; the others stay."""
    try:
        cover = store.bytes_of(out.published(episode.date, ".jpg"))
    except OSError:
        cover = b""
    is_whole = cover.startswith(b"\xff\xd8") and cover.endswith(b"\xff\xd9")
    write_companions(out, episode, cover if is_whole else cover_of(episode, weekday, config))


def cover_of(episode: Episode, weekday: str, config: Config) -> bytes:
    """The picture of an episode, with its first headline."""
    headline = next((c.title for c in episode.chapters if c.kind == "story"), "")
    return draw_cover(
        paper=episode.paper, date=episode.date, weekday=weekday, lunar_date=episode.lunar_date,
        headline=headline, look=branding.look_of(config),
    )  # fmt: skip


def episode_title(script: Script) -> str:
    """The title that listeners see: it begins with the first story."""
    year, month, day = (int(number) for number in script.date.split("-"))
    headline = short_headline(script.stories[0].title) if script.stories else ""
    title: str = phrases("show")["episode" if headline else "without_stories"]
    return title.format(headline=headline, paper=script.paper, year=year, month=month, day=day)


_MINIFY = {".js": rjsmin.jsmin, ".css": rcssmin.cssmin}
"""Comments and indentation are for us, not for a slow line."""
_STATIC = ("player.css", "player.js", "sw.js", "icon.svg")
_ICONS = {"apple-touch-icon.png": pages.APPLE_ICON_SIDE, "icon-512.png": pages.LARGE_ICON_SIDE}
_MARK = b'<meta name="qjaudio-page"'
_TAIL_BYTES = 32
_HEAD_BYTES = 512  # the stamp stands in the second line of the head


def write_pages(
    out: OutFolder, show: Show, episodes: Iterable[Episode], *, has_address: bool = False
) -> int:
    """Write the page of each episode, the lists and what they need; returns the pages rendered.

    A page that says that it was made from the same record by the same program is left alone
    unread: of 4,000 pages only that of the day is rendered. `has_address` says that the show's
    base_url is one that the world can reach, so that its feed gets a QR code.
    """
    write_static(out.root, (*_STATIC, *_ICONS), show.colour)
    store.write_text(out.root / pages.MANIFEST, manifest(show))
    base = file_url(show, "") if has_address else ""
    entries, rendered = [], 0
    for episode in episodes:
        entries.append(pages.summarize_episode(episode))
        rendered += _write_page(out, show, episode.date, base)
    entries.sort(key=lambda entry: entry.date, reverse=True)
    address = file_url(show, FEED) if has_address else ""
    qr = svg_qr(address, words()["index"]["qr"]) if address else ""
    picture = f"{entries[0].date}.png" if entries else ""
    picture = picture if (out.root / picture).is_file() else ""
    other = "../index.html" if show.is_slow else f"{SLOW}/index.html"
    other = other if (out.root / other).is_file() else ""
    index = pages.index_page(show, entries, qr=qr, picture=picture, base=base, other=other)
    lists = {"index.html": index} | pages.search_indexes(entries)
    if len(entries) > pages.MOST_ON_INDEX:
        lists |= pages.archive_pages(show, entries)
    for name, page in lists.items():
        if name.endswith(".json") or not _is_foreign(out.root / name):
            store.write_text(out.root / name, page)
    for path in filter(lambda path: sending.is_list(path.name), out.root.iterdir()):
        is_page = path.suffix == ".html" and not _is_foreign(path)
        if path.name not in lists and (is_page or path.suffix == ".json"):
            path.unlink()
    return rendered


def _is_foreign(path: Path) -> bool:
    """Whether somebody has put a page of his own there, which is kept."""
    head = _head(path)
    return bool(head) and _MARK not in head


def _write_page(out: OutFolder, show: Show, date: str, base: str) -> bool:
    """Write the page of a date unless it is there already; whether it was rendered."""
    path = out.published(date, ".html")
    try:
        record = store.bytes_of(out.stage(date, catalogue.RECORD))
    except OSError:
        return False
    version = hashlib.sha256(record).hexdigest()
    brand = (show.colour, show.footer, show.logo)
    made_of = ("page", pages.program_fingerprint(), show.title, show.author, *brand, base, version)
    stamp = fingerprint(*made_of)[:24]
    if pages.STAMP.format(stamp=stamp).encode() in _head(path) and _has_end(path):
        return False
    value = store.parse_json(record)
    episode = from_record(value) if value else None
    if episode is None:
        return False
    page = pages.episode_page(
        show,
        episode,
        audio_version=version[:12],
        stamp=stamp,
        picture=_write_small_picture(out, date),
        base=base,
    )
    store.write_text(path, page)
    return True


def _write_small_picture(out: OutFolder, date: str) -> str:
    """The name of the picture that pages show; empty where the large one is not whole."""
    large, small = out.published(date, ".jpg"), out.published(date, ".png")
    try:
        if not small.exists() or small.stat().st_mtime_ns < large.stat().st_mtime_ns:
            store.write_bytes(small, small_cover(store.bytes_of(large)))
    except (OSError, ValueError):
        return ""
    return small.name


def _head(path: Path) -> bytes:
    """The first bytes of a page; none where it cannot be read."""
    try:
        with open(path, "rb", opener=store.only_file) as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def _has_end(path: Path) -> bool:
    """Whether nothing is cut off from a page."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(-min(_TAIL_BYTES, path.stat().st_size), os.SEEK_END)
        return file.read().rstrip().endswith(b"</html>")
    return False


def write_static(root: Path, names: Iterable[str], colour: str = "") -> None:
    """Style, script, worker and icons, by their names; an icon of somebody's own is kept."""
    folder = files("qjaudio.player") / "static"
    for name in names:
        if name not in _ICONS:
            minify = _MINIFY.get(Path(name).suffix, bytes)
            content = minify((folder / name).read_bytes())
            store.write_bytes(root / name, branding.recoloured(content, colour))
        elif not ((root / name).exists() and (root / name).stat().st_size):
            store.write_bytes(root / name, pages.icon(_ICONS[name], colour))


MANIFESTS = ".published"
"""The folder in `out/` that remembers what each target holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What was sent, or would be."""

    target: str
    sent: tuple[Upload, ...]
    """In the order in which the files appear on the target."""
    unchanged: int
    dry_run: bool
    removed: tuple[str, ...] = ()
    """Files of withdrawn episodes that were there."""
    left: tuple[str, ...] = ()
    """Those of them that stay: we do not know that we have sent them."""

    @property
    def sent_bytes(self) -> int:
        """The length of all that was sent."""
        return sum(upload.size for upload in self.sent)


def mirror(  # noqa: PLR0913 - the last two are for tests and other callers
    *,
    target: str | None,
    config: Config,
    out: OutFolder,
    progress: Progress,
    now: datetime.datetime,
    dry_run: bool = False,
    adopt: bool = False,
    opener: Callable[[Place], Target] = open_target,
    sleep: Callable[[float], None] = time.sleep,
) -> Mirrored:
    """Rebuild the feed, then send what the target has not, audio first and the feed last.

    The files of withdrawn episodes go before anything is sent.

    Raises:
        UsageError: target or base_url are off, another run publishes there, or, without `adopt`,
            files that this show has not sent would be replaced.
        NotAnIssueError: there is no finished episode.
        MissingPartError, EngineError, NotWritableError: as the target says.
    """
    place = place_of(target or config.publish_to, endpoint=config.s3_endpoint)
    _check(place, config, out)
    with _lock_target(place, out, now):
        publish_feed(out, config, tell=progress.say)
        manifest = sending.Manifest(out.root / MANIFESTS / f"{place.key}.jsonl")
        removed: tuple[str, ...] = ()
        wanted = tuple(publishable(out, config, manifest))
        retrying = RetryingTarget(opener(place), say=progress.say, sleep=sleep)
        with contextlib.closing(retrying) as reached:
            folders = (one.edition for one in config.editions)
            stored = dict(chain.from_iterable(reached.listing(one).items() for one in folders))
            if not dry_run:
                removed = _remove_withdrawn(out, reached, manifest, stored, progress.say)
            what = sending.plan_uploads(wanted, stored, manifest.entries)
            if not adopt:
                sending.check_ownership(place, reached, what, stored, manifest)
            if not dry_run:
                _send(sending.Sender(reached, manifest, stored, progress.say), what, now)
                sent = {upload.name for upload in wanted}
                _remove_lists(out, reached, manifest, stored.keys() - sent)
    return Mirrored(
        target=place.label,
        sent=what.sends,
        unchanged=len(what.unchanged),
        dry_run=dry_run,
        removed=removed,
        left=tuple(sorted(filter(partial(_is_of, catalogue.withdrawn_dates(out)), stored))),
    )


def _is_of(dates: Container[str], name: str) -> bool:
    """Whether a name is that of a file of an episode of one of the dates."""
    last = name.rpartition("/")[2]
    return last[:10] in dates and sending.is_ours(last, dates)


def _remove_withdrawn(
    out: OutFolder, target: Target, manifest: sending.Manifest, stored: dict[str, Stored], say: Tell
) -> tuple[str, ...]:
    """Remove from a target, and from its listing, what we have sent of withdrawn episodes.

    The audio goes first.
    """
    is_gone = partial(_is_of, catalogue.withdrawn_dates(out))
    names = filter(is_gone, manifest.owned & stored.keys())
    removed = tuple(sorted(names, key=lambda one: (sending.rank(one), one)))
    for name in removed:
        say(f"withdrawn: {name} is removed")
        target.remove(name)
        manifest.claim(name)
        del stored[name]
    return removed


def _remove_lists(
    out: OutFolder, target: Target, manifest: sending.Manifest, left: AbstractSet[str]
) -> None:
    """Remove lists of ours that a target alone has still: withdrawn episodes may stand in them."""
    there = manifest.owned & left if Journal(out).withdrawals() else ()
    for name in sorted(there):
        if sending.is_list(name.rpartition("/")[2]):
            target.remove(name)
            manifest.claim(name)


def publishable(out: OutFolder, config: Config, manifest: sending.Manifest) -> Iterator[Upload]:
    """The files of `out/` that are ours to publish: those that `serve` shows, less foreign ones.

    A file whose size and time of change are as remembered is not hashed again.
    """
    for folder, one in editions_in(out, config):
        episodes = catalogue.episodes_of(folder)
        dates = {episode.date for episode in episodes if catalogue.may_publish(episode, config)}
        for path in sorted(folder.root.iterdir()):
            medium = medium_of(path.name) if sending.is_ours(path.name, dates) else None
            # None of ours is a folder, or a link out of it.
            if medium is None or published_path(folder.root, (path.name,)) is None:
                continue
            name = f"{one.edition}/{path.name}" if one.edition else path.name
            yield sending.upload_of(
                path,
                name,
                manifest.entries.get(name),
                media_type=medium.media_type,
                cache_control=medium.cache_control,
            )


def _check(place: Place, config: Config, out: OutFolder) -> None:
    if not config.base_url:
        raise UsageError(
            "there is no base_url, so the feed would name this computer only",
            hint='set where the files will be reached: base_url = "https://example.cn/qj/"',
        )
    if place.kind == "folder" and Path(place.path).resolve().is_relative_to(out.root.resolve()):
        reason = f"the target {place.path} lies in the output folder"
        raise UsageError(reason, hint="give a folder elsewhere")
    if catalogue.newest_episode(out, config) is None and not catalogue.withdrawn_dates(out):
        hint = f"make one: {catalogue.make_command(out)}"
        raise NotAnIssueError(f"there is no finished episode in {out.root}", hint=hint)


@contextlib.contextmanager
def _lock_target(place: Place, out: OutFolder, now: datetime.datetime) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(out, f"publish-{place.key}", now))
        except UsageError as error:
            reason = f"another run is publishing to {place.label}"
            raise UsageError(reason, hint="wait for it or stop it") from error
        yield


def _send(sender: sending.Sender, what: sending.UploadPlan, now: datetime.datetime) -> None:
    try:
        sender.tidy(what, now.timestamp())
        sender.send(what)
    except QjaudioError as error:
        state = (
            f"{len(sender.shown)} of {len(what.sends)} files are there; "
            "the feed there names only what is there"
        )
        raise type(error)(f"{error}; {state}", hint=error.hint or "run this again") from error
