"""The pages beside the audio: of an episode, of the list, and what a phone installs."""

import hashlib
import io
import json
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from qjaudio import __version__
from qjaudio.episode.model import (
    MOST_TITLE_CHARS,
    Chapter,
    Cue,
    Episode,
    chapter_link,
    chapter_title,
    disclosures,
    printable,
    shorten,
)
from qjaudio.feed.model import FEED, SHOW_COVER, Show
from qjaudio.feed.rss import ListedShow

SPEEDS = ("0.75", "1", "1.25", "1.5", "1.75", "2")
SLEEP_MINUTES = (15, 30)
STAMP = '<meta name="qjaudio-page" content="{stamp}">'
"""How a page says from what it was made; it stands in the first lines of the page."""
_SCRIPT_WORDS = (
    "play", "pause", "position_text", "slept", "keep", "keeping", "kept", "keep_failed", "offline",
    "keep_full", "gone", "server_fails", "interrupted", "damaged", "no_output", "story_now",
    "loading", "renewed", "copied_link", "share_by_menu", "heard", "ended", "older", "newer",
)  # fmt: skip
_MOST_PREVIEW_CHARS = 150
_MARKS = "。，、；：！？ 　"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSentence:
    """One cue of the transcript, ready to be shown."""

    start: str
    """Seconds, as an attribute of the page."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What is said in one chapter."""

    title: str
    kind: str
    heading: ShownSentence | None
    """The sentence that says the title, where the chapter begins with it."""
    sentences: tuple[ShownSentence, ...]


def episode_page(
    show: Show,
    episode: Episode,
    *,
    audio_version: str,
    stamp: str,
    picture: str = "",
    base: str = "",
) -> str:
    """The page of an episode; `audio_version` changes whenever the audio does.

    `picture` is the name of a small one that the page shows, `base` the address at which the
    world reaches the show, for previews in messengers; what is empty is left out.

    The version stands in the address of the audio, so that neither a browser nor our worker can
    play yesterday's file to today's corrected transcript.
    """
    labels = words()["episode"]
    spoken = {name: labels[name] for name in _SCRIPT_WORDS}
    spoken |= {name: words()[name] for name in ("seconds", "minutes_seconds", "day")}
    date, heading = episode.date, long_day_text(episode.date)
    return render(
        "episode.html",
        show,
        stamp=STAMP.format(stamp=stamp),
        preview=_preview(show, base, heading, f"{date}.html", f"{date}.jpg", _headlines(episode)),
        date=date,
        picture=picture,
        length_s=-(-episode.duration_ms // 1000),
        audio=f"{date}.mp3?v={audio_version}",
        heading=heading,
        facts=_episode_facts(episode),
        chapters=_list_chapters(episode),
        passages=_passages(episode),
        disclosures=disclosures(episode),
        speeds=SPEEDS,
        sleep_minutes=SLEEP_MINUTES,
        script_words=_joined(spoken),
    )


def _preview(
    show: Show, base: str, heading: str, page: str, image: str, text: str
) -> Mapping[str, str]:
    """What messengers show of a link to a page."""
    title = " ".join(filter(None, (heading, shorten(printable(show.title), MOST_TITLE_CHARS))))
    return {"title": title, "text": text, "base": base, "page": page, "image": image}


def _headlines(episode: Episode) -> str:
    """The first headlines, as many as a preview has room for."""
    titles = (chapter_title(one) for one in episode.chapters if one.kind == "story")
    return shorten("；".join(titles), _MOST_PREVIEW_CHARS) or printable(episode.title)


def _episode_facts(episode: Episode) -> str:
    """Weekday, lunar date, number of the issue, stories and length."""
    labels = words()
    count = sum(chapter.kind == "story" for chapter in episode.chapters)
    number = episode.issue_number
    return with_dots(
        weekday_text(episode.date),
        printable(episode.lunar_date),
        labels["issue_number"].format(number=number) if number else "",
        labels["stories_count"].format(count=count) if count else "",
        rough_length_text(episode.duration_ms),
    )


def _list_chapters(episode: Episode) -> list[Mapping[str, str]]:
    """The chapters as a list for the template; stories are numbered."""
    rows: list[Mapping[str, str]] = []
    number = 0
    for chapter in episode.chapters:
        number += chapter.kind == "story"
        rows.append(
            {
                "number": str(number) if chapter.kind == "story" else "",
                "kind": chapter.kind,
                "start": start_attribute(chapter.start_ms),
                "title": chapter_title(chapter),
                "facts": story_facts(chapter),
                "url": chapter_link(chapter),
            }
        )
    return rows


def start_attribute(milliseconds: int) -> str:
    """A time in seconds as short as it can be written: `52`, `4.4`."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")


def _passages(episode: Episode) -> tuple[Passage, ...]:
    """The cues by the chapter in which they begin; one passage without title if there is none."""
    if not episode.chapters:
        return (_passage("", "", episode.cues),) if episode.cues else ()
    starts = [chapter.start_ms for chapter in episode.chapters]
    said: list[list[Cue]] = [[] for _ in starts]
    for cue in episode.cues:
        said[max(0, bisect_right(starts, cue.start_ms) - 1)].append(cue)
    return tuple(
        _passage(chapter_title(chapter), chapter.kind, cues)
        for chapter, cues in zip(episode.chapters, said, strict=True)
    )


def _passage(title: str, kind: str, cues: Sequence[Cue]) -> Passage:
    sentences = tuple(
        ShownSentence(start=start_attribute(cue.start_ms), text=_spaced(text))
        for cue in cues
        if (text := printable(cue.text))
    )
    says_title = bool(title and sentences) and sentences[0].text.rstrip(_MARKS) == title.rstrip(
        _MARKS
    )
    return Passage(
        title=title,
        kind=kind,
        heading=sentences[0] if says_title else None,
        sentences=sentences[1:] if says_title else sentences,
    )


def _spaced(text: str) -> str:
    """A sentence, or a crosshead with the space that parts it from what follows."""
    return f"{text}　" if text[-1].isalnum() else text


ARCHIVE = "archive.html"
_MOST_NAME_CHARS = 20
# Nothing from anywhere else, nothing inside the page: a title that gets through the escaping
# would still not run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


@cache
def words() -> dict[str, Any]:
    """The content of words.toml: all that listeners read in the player."""
    return tomllib.loads((files("qjaudio.player") / "words.toml").read_text(encoding="utf-8"))


def render(name: str, show: Show, **values: Any) -> str:
    """Fill the template of this name; all text is escaped."""
    title = shorten(printable(show.title), MOST_TITLE_CHARS)
    author = shorten(printable(show.author), MOST_TITLE_CHARS)
    about = {
        "show_title": title or words()["site"]["app"],
        "author": author,
        "preview": None,
        "is_slow": show.is_slow,
        "colour": show.colour,
        "footer": show.footer,
        "logo": show.logo,
    }
    return str(_load_template(name).render(about | values))


def _joined(phrases: Mapping[str, str]) -> str:
    """Words for the script: shorter than JSON, whose quotation marks an attribute has to escape."""
    return "|".join(f"{name}={text}" for name, text in phrases.items())


@cache
def _load_template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qjaudio.player"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {"words": words(), "policy": _POLICY, "feed": FEED, "archive": ARCHIVE}
    searching = words()["search"] | {"day": words()["long_day"]}
    environment.globals["search_words"] = _joined(searching)
    return environment.get_template(name)


@cache
def program_fingerprint() -> str:
    """The fingerprint of all that shapes a page beside the episode and the show.

    It is made of the release and of this package's own code, templates and words, so that an
    upgrade, or a change by a developer, makes every page again.
    """
    digest = hashlib.sha256(__version__.encode())
    package = files("qjaudio.player")
    for folder in (package, package / "templates"):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".html", ".toml")):
                digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def day_text(iso_date: str) -> str:
    """The day without its year: `5月20日`."""
    return _date_text("day", iso_date)


def long_day_text(iso_date: str) -> str:
    """The whole date: `2025年5月20日`."""
    return _date_text("long_day", iso_date)


def month_text(iso_date: str) -> str:
    """The month with its year: `2025年5月`."""
    return _date_text("month", iso_date)


def _date_text(name: str, iso_date: str) -> str:
    when = date.fromisoformat(iso_date)
    return str(words()[name].format(year=when.year, month=when.month, day=when.day))


def weekday_text(iso_date: str) -> str:
    """The day of the week: `星期二`."""
    return str(words()["weekdays"][date.fromisoformat(iso_date).weekday()])


def length_text(milliseconds: int) -> str:
    """A length to the second: `53秒`, `2分`, `1分5秒`."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    name = "seconds" if not minutes else "minutes_seconds" if seconds else "minutes"
    return str(words()[name].format(minutes=minutes, seconds=seconds))


def rough_length_text(milliseconds: int) -> str:
    """A length to the minute, at least one: `约6分钟`."""
    return str(words()["about_minutes"].format(minutes=max(1, round(milliseconds / 60_000))))


def with_dots(*parts: str) -> str:
    """The parts that say something, with dots between."""
    return str(words()["between"]).join(part for part in parts if part)


def story_facts(chapter: Chapter) -> str:
    """Page, reporters and length of a story, where the paper gives them."""
    page = words()["page"].format(page=chapter.page) if chapter.page is not None else ""
    names = [shorten(name, _MOST_NAME_CHARS) for name in map(printable, chapter.byline) if name]
    byline = words()["byline"].format(names=words()["names_between"].join(names)) if names else ""
    return with_dots(page, byline, length_text(chapter.end_ms - chapter.start_ms))


MOST_ON_INDEX = 60
"""Episodes on the first page: three months of a paper with five issues a week."""
OPML = "shows.opml"
_MOST_TEASER_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSummary:
    """One episode in a list."""

    date: str
    duration_ms: int
    stories: tuple[tuple[str, str], ...]
    """Start in seconds, and title, of each story."""


def summarize_episode(episode: Episode) -> EpisodeSummary:
    """What lists show of an episode."""
    return EpisodeSummary(
        date=episode.date,
        duration_ms=episode.duration_ms,
        stories=tuple(
            (start_attribute(chapter.start_ms), chapter_title(chapter))
            for chapter in episode.chapters
            if chapter.kind == "story"
        ),
    )


def index_page(
    show: Show,
    episodes: Sequence[EpisodeSummary],
    *,
    qr: str = "",
    picture: str = "",
    base: str = "",
    other: str = "",
) -> str:
    """The first page; `episodes` newest first, `qr` an SVG of the published feed's address.

    `picture` and `base` are as those of `episode_page`, `other` leads to the other edition.
    """
    description = printable(show.description)
    return render(
        "index.html",
        show,
        preview=_preview(show, base, "", "", SHOW_COVER, description),
        description=description,
        newest=_newest(episodes[0]) | {"picture": picture} if episodes else None,
        years=list(dict.fromkeys(episode.date[:4] for episode in episodes)),
        entries=[_episode_row(episode) for episode in episodes[1:MOST_ON_INDEX]],
        has_older=len(episodes) > MOST_ON_INDEX,
        qr=qr,
        other=other,
    )


def search_indexes(episodes: Sequence[EpisodeSummary]) -> dict[str, str]:
    """What the search looks through: starts and titles of each episode, a file for each year."""
    indexes = {}
    for year, in_year in groupby(episodes, key=lambda episode: episode.date[:4]):
        titles = {one.date: [part for story in one.stories for part in story] for one in in_year}
        text = json.dumps(titles, ensure_ascii=False, separators=(",", ":"))
        indexes[f"episodes-{year}.json"] = f"{text}\n"
    return indexes


def archive_pages(show: Show, episodes: Sequence[EpisodeSummary]) -> dict[str, str]:
    """A page of each month and one that leads to them, by file name; `episodes` newest first."""
    pages, years = {}, []
    for year, in_year in groupby(episodes, key=lambda episode: episode.date[:4]):
        months = []
        for month, group in groupby(in_year, key=lambda episode: episode.date[:7]):
            name, in_month = f"archive-{month}.html", list(group)
            title = month_text(in_month[0].date)
            rows = [_episode_row(episode) for episode in in_month]
            pages[name] = render("archive.html", show, heading=title, rows=rows, years=[])
            months.append({"page": name, "title": title, "count": len(in_month)})
        years.append((year, months))
    title = words()["index"]["older"]
    pages[ARCHIVE] = render("archive.html", show, heading=title, rows=[], years=years)
    return pages


def _newest(episode: EpisodeSummary) -> dict[str, object]:
    return {
        "date": episode.date,
        "length": str(episode.duration_ms // 1000),
        "day": day_text(episode.date),
        "facts": _facts_line(episode),
        "stories": episode.stories,
    }


def _episode_row(episode: EpisodeSummary) -> Mapping[str, str]:
    teaser = episode.stories[0][1] if episode.stories else ""
    return {
        "page": f"{episode.date}.html",
        "date": episode.date,
        "length": str(episode.duration_ms // 1000),
        "day": day_text(episode.date),
        "facts": _facts_line(episode),
        "teaser": shorten(teaser, _MOST_TEASER_CHARS),
    }


def _facts_line(episode: EpisodeSummary) -> str:
    return with_dots(weekday_text(episode.date), rough_length_text(episode.duration_ms))


def shows_title() -> str:
    """The title of the page of all shows, and of their OPML."""
    return str(words()["shows"]["title"])


def shows_page(shows: Sequence[ListedShow]) -> str:
    """The page of all shows; addresses are taken as they are, all text is escaped."""
    page = Show(paper="", title=shows_title(), description="", author="", base_url="")
    return render("shows.html", page, shows=[_show_row(show) for show in shows], opml=OPML)


def _show_row(show: ListedShow) -> Mapping[str, str]:
    labels = words()["shows"]
    newest = labels["newest"].format(day=long_day_text(show.newest)) if show.newest else ""
    count = labels["count"].format(count=show.episodes) if show.episodes else ""
    return {
        "page": show.page_url,
        "title": printable(show.title),
        "facts": with_dots(newest, count),
        "teaser": shorten(printable(show.headline), _MOST_TEASER_CHARS),
    }


MANIFEST = "player.webmanifest"
APPLE_ICON_SIDE = 180
LARGE_ICON_SIDE = 512
_MOST_SHORT_CHARS = 12  # home screens cut longer names
_RED = "#a3161b"
_CREAM = (255, 251, 242)


def manifest(show: Show) -> str:
    """The web manifest of the show; all addresses are relative, so that any folder will do."""
    name = printable(show.title) or words()["site"]["app"]
    members = {
        "name": shorten(name, 60),
        "short_name": shorten(printable(show.paper) or name, _MOST_SHORT_CHARS),
        "lang": "zh-CN",
        "dir": "ltr",
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "theme_color": show.colour or _RED,
        "background_color": "#f7f2e8",
        "categories": ["news"],
        "icons": [
            {"src": "icon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": "icon-512.png", "type": "image/png", "sizes": "512x512",
             "purpose": "any maskable"},
        ],
    }  # fmt: skip
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def icon(side: int, colour: str = "") -> bytes:
    """The drawing of icon.svg as a PNG: a sheet of paper that can be played.

    `side` is in pixels. All that matters lies inside the circle that Android leaves of an icon.
    """
    from PIL import Image, ImageDraw

    red = colour or _RED
    picture = Image.new("RGB", (2 * side, 2 * side), red)
    draw = ImageDraw.Draw(picture)
    scale = 2 * side / 512

    def scaled(*points: tuple[int, int]) -> list[tuple[float, float]]:
        return [(x * scale, y * scale) for x, y in points]

    draw.rectangle(scaled((136, 108), (376, 404)), fill=_CREAM)
    draw.rectangle(scaled((164, 140), (348, 180)), fill=red)
    draw.polygon(scaled((212, 216), (212, 356), (324, 286)), fill=red)
    small = picture.resize((side, side), Image.Resampling.LANCZOS).quantize(16)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()
