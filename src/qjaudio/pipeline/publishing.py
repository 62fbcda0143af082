"""What is finished becomes files that people subscribe to: the episode's, then the feed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from qjaudio import store
from qjaudio.config import DEFAULT_PAPER, Config
from qjaudio.episode.cover import draw_cover, draw_show_cover
from qjaudio.episode.model import Episode
from qjaudio.episode.titles import printable
from qjaudio.errors import NotWritableError
from qjaudio.feed.companions import COMPANIONS, PAGE, chapters_json, srt, transcript_json, vtt
from qjaudio.feed.model import Show, ascii_url
from qjaudio.feed.rss import render_feed, split_feed
from qjaudio.pipeline import catalogue, locking, replacing
from qjaudio.pipeline.paging import write_pages
from qjaudio.rules import phrases
from qjaudio.store import OutFolder

LOCAL_URL = "http://127.0.0.1:8010/"
"""The address of `qjaudio serve`, which puts the one it is reached by in its place."""


def show_of(config: Config, paper: str = "") -> Show:
    """The show of the settings; what they leave open is made from the paper's name."""
    paper = config.paper or paper or DEFAULT_PAPER
    words = phrases("show")
    return Show(
        paper=paper,
        title=printable(config.title or words["title"].format(paper=paper)),
        description=config.description or words["description"].format(paper=paper),
        author=printable(config.author or paper),
        base_url=config.base_url or LOCAL_URL,
        link=config.link,
        email=config.email,
        guid=config.guid,
    )


def served_base(config: Config) -> str:
    """The address in the feed for which `serve` puts the one that it is reached by."""
    return ascii_url(show_of(config).base_url)


def newest_episode(out: OutFolder) -> Episode | None:
    """The last of the episodes in `out/` whose MP3 is there and whole."""
    episodes = (finished_episode(out, date) for date in reversed(out.dates()))
    return next(filter(None, episodes), None)


def finished_episode(out: OutFolder, date: str) -> Episode | None:
    """The episode of a date, if its record and its whole MP3 are there."""
    episode = published_episode(out, date)
    return episode if episode and not episode.stem else None


def published_episode(out: OutFolder, date: str) -> Episode | None:
    """The same; also where a run that died has left the MP3 under its second name only."""
    record = store.read_json(out.stage(date, "episode.json"))
    episode = catalogue.sound(record, date) if record else None
    return replacing.found(out, episode) if episode else None


def make_way(out: OutFolder, config: Config, former: Episode) -> None:
    """Have the feed name the former files of an episode while new ones are put in their place."""
    replacing.park(out, former)
    publish_feed(out, config, replaced=former.date)


def publish_feed(out: OutFolder, config: Config, *, replaced: str = "") -> tuple[Path, int]:
    """Write feed.xml and its archives from what is in `out/`; returns its path and the episodes.

    feed.xml goes last: it never names an archive that is not there. The episode of the date
    `replaced` is named by its second names, if it has them (see `replacing`).

    Raises:
        NotWritableError: the folder cannot be read or written.
    """
    try:
        with locking.feed_lock(out):
            return _published_feed(out, config, replaced)
    except OSError as error:
        raise store.not_writable(out.root, error) from error


def _published_feed(out: OutFolder, config: Config, replaced: str) -> tuple[Path, int]:
    show, episodes, known = catalogue.identified(
        out,
        lambda paper: show_of(config, paper),
        has_address=bool(config.base_url),
        replaced=replaced,
    )
    cover = out.root / "cover.jpg"
    if not (cover.exists() and cover.stat().st_size):
        store.write_bytes(cover, draw_show_cover(show.paper))
    write_pages(out, show, episodes, has_address=bool(config.base_url))
    _write_documents(out, show, episodes, known.episodes)
    _check_still_there(out, episodes)
    replacing.clear(out, episodes)
    return out.feed, len(episodes)


def _check_still_there(out: OutFolder, episodes: list[Episode]) -> None:
    """Take the feed back if somebody has removed the folder's files while it was written."""
    if not episodes or replacing.found(out, episodes[-1], former=bool(episodes[-1].stem)):
        return
    out.feed.unlink(missing_ok=True)
    raise NotWritableError(
        f"the files in {out.root} were removed while the feed was written",
        hint="put them back from a backup, or run make again",
    )


def _write_documents(
    out: OutFolder, show: Show, episodes: list[Episode], guids: Mapping[str, str]
) -> None:
    """Write the archives and then the feed; an archive of the same values is left as it is."""
    names = {path.name for path in out.root.iterdir()}
    drawer = catalogue.Drawer(out)
    documents = list(split_feed(episodes))
    for part in documents:
        dates = [episode.date for episode in part.episodes]
        there = [one.file(end) in names for one in part.episodes for end in (*COMPANIONS, PAGE)]
        made_of = (show, part, there, [guids.get(date) for date in dates])
        text = partial(render_feed, show, part, files=names, guids=guids)
        drawer.write(part.name, made_of, text)
    drawer.close()
    catalogue.remove_archives(out, keep={part.name for part in documents})


def write_companions(out: OutFolder, episode: Episode, cover: bytes) -> None:
    """The files beside the MP3: transcripts, chapters and picture."""
    date = episode.date
    store.write_text(out.published(date, ".vtt"), vtt(episode))
    store.write_text(out.published(date, ".srt"), srt(episode))
    store.write_text(out.published(date, ".json"), transcript_json(episode))
    store.write_text(out.published(date, ".chapters.json"), chapters_json(episode))
    store.write_bytes(out.published(date, ".jpg"), cover)


def mend_companions(out: OutFolder, episode: Episode, weekday: str) -> None:
    """Write those files beside a finished MP3 that are missing or damaged; the others stay."""
    try:
        cover = store.bytes_of(out.published(episode.date, ".jpg"))
    except OSError:
        cover = b""
    is_whole = cover.startswith(b"\xff\xd8") and cover.endswith(b"\xff\xd9")
    write_companions(out, episode, cover if is_whole else cover_of(episode, weekday))


def cover_of(episode: Episode, weekday: str) -> bytes:
    """The picture of an episode, with its first headline."""
    headline = next((c.title for c in episode.chapters if c.kind == "story"), "")
    return draw_cover(
        paper=episode.paper,
        date=episode.date,
        weekday=weekday,
        lunar_date=episode.lunar_date,
        headline=headline,
    )


def titled(episode: Episode) -> Episode:
    """The episode with the title that listeners see."""
    return replace(
        episode,
        title=phrases("show")["episode"].format(
            paper=episode.paper,
            year=episode.date[:4],
            month=int(episode.date[5:7]),
            day=int(episode.date[8:]),
        ),
    )
