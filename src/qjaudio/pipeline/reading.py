"""From a date or a location to the issue of that day."""

import contextlib
import datetime
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from qjaudio import plugins, store
from qjaudio.config import UNNAMED, Config, PaperDays
from qjaudio.errors import (
    MissingPartError,
    NoPaperError,
    NotAnIssueError,
    QjaudioError,
    UsageError,
    unreadable,
)
from qjaudio.paper.model import Issue, Page, Picture, is_marked
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import compact
from qjaudio.sources.model import MAX_ISSUE_CHARS, Source, SourceContext, advice_on
from qjaudio.store import OutFolder

_log = logging.getLogger(__name__)
CORRECTIONS = "corrections.toml"
"""Of a date, in its folder of `out/`."""
_CORRECTIONS_BYTES = 1_000_000
"""Of corrections.toml."""


_LATE = (".docx", ".json", ".jsonl", ".xml")
"""Beside a PDF, a scan or text of the same date these are not the issue."""
_LEFT_BY_BROWSERS = (".html", ".htm", ".xhtml")


def location_of(date: datetime.date, config: Config) -> str:
    """Where the issue of a date lies: in `issues/` under that name, else on the paper's site.

    A folder without a file is as good as none: whoever fills it has not begun. Beside a folder
    only a file that a source can read counts: what an editor or a download left is not an issue.

    Raises:
        NoPaperError: there is none.
    """
    folder = Path(config.issues)
    path = folder / date.isoformat()
    if path.exists() and not _is_empty(path):
        return str(path)
    files = sorted(folder.glob(f"{date.isoformat()}.*"))
    for path in sorted(files, key=lambda path: path.suffix.lower() in _LATE):
        if path.stem == date.isoformat() and _is_issue_file(path):
            return str(path)
    if config.epaper:
        from qjaudio.sources.epaper.address import address_for

        return address_for(config.epaper, date)
    others = ((path, advice_on(path)) for path in files)
    advice = next((f"{path.name}: {hint}" for path, hint in others if hint), "")
    raise NoPaperError(
        f"no issue for {date.isoformat()} in {folder}/",
        hint=advice
        or f"put its pages into {folder}/{date.isoformat()}/ or name them with --from PATH",
    )


def _is_empty(path: Path) -> bool:
    try:
        return path.is_dir() and all(child.name.startswith(".") for child in path.iterdir())
    except OSError:  # not allowed: whoever reads it will say so
        return False


def is_date(text: str) -> bool:
    """Whether a text is a date as our folders have it; nothing else becomes a part of a path."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def dates_with_issue(folder: Path) -> set[str]:
    """The dates whose issue lies in a folder of issues, as `location_of` would find it."""
    try:
        paths = list(folder.iterdir())
    except OSError:
        return set()
    readable: dict[str, bool] = {}  # by suffix: there may be thousands of files
    found = set()
    for path in paths:
        if not path.suffix:
            found |= {path.name} if not _is_empty(path) else set()
        elif path.suffix not in readable or not readable[path.suffix]:
            readable[path.suffix] = _is_issue_file(path)
        if path.suffix and readable[path.suffix] and path.is_file():
            found.add(path.stem)
    return found


def _is_issue_file(path: Path) -> bool:
    backup = path.name.endswith("~") or path.suffix.lower() in _LEFT_BY_BROWSERS
    return not backup and path.is_file() and bool(_accepting(str(path), SourceContext()))


def check_links(location: str, config: Config) -> None:
    """Make sure that no page is a link to another place.

    Who may put files into the folder of issues may not be allowed to read all that we can, and
    what a page holds is published. A location that the user names may itself be a link.

    Raises:
        NotAnIssueError: one is, and the setting `links_to` does not allow it.
    """
    path, issues = Path(location), Path(config.issues)
    roots = [issues if path.parent == issues else path, *_links_to(config.links_to)]
    with contextlib.suppress(OSError, ValueError, RuntimeError):  # the source will say so
        pages = [path, *path.iterdir()] if path.is_dir() else [path]
        links = (page for page in pages if page.is_symlink())
        for out in (link for link in links if store.leads_outside(link, *roots)):
            raise NotAnIssueError(f"{out} is a link to another place", hint=_ABOUT_LINKS)


def check_link(path: Path, out: OutFolder, links_to: str) -> None:
    """Raise UsageError where a file of `out/` is a link out of it that `links_to` forbids."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):  # reading it will say so
        if store.leads_outside(path, out.root, *_links_to(links_to)):
            raise UsageError(f"{path} is a link to another place", hint=_ABOUT_LINKS)


_ABOUT_LINKS = 'copy the file; or name the folder that holds it: links_to = "…"'


def _links_to(folder: str) -> list[Path]:
    return [Path(folder)] if folder else []


def corrections_text(date: str, config: Config) -> tuple[str, Path]:
    """What a date's corrections.toml says, empty = none, and its path; UsageError: unreadable."""
    path = config.output.stage(date, CORRECTIONS)
    check_link(path, config.output, config.links_to)
    try:
        return store.text_of(path, _CORRECTIONS_BYTES).removeprefix("\ufeff"), path
    except (FileNotFoundError, NotADirectoryError):
        return "", path
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, "save it as UTF-8 text") from error


def corrected(issue: Issue, date: datetime.date, config: Config) -> Issue:
    """The issue of a date with its corrections; UsageError where they do not fit (any more)."""
    text, path = corrections_text(date.isoformat(), config)
    if not text:
        return issue
    from qjaudio.paper import corrections  # late: few issues have some

    found = corrections.parse_corrections(text, str(path))
    _log.info("corrections", extra={"facts": {"path": path, "entries": len(found.entries)}})
    return corrections.correct(issue, found)


def read_pages(
    location: str,
    date: datetime.date | None = None,
    *,
    cache: Path | None = None,
    config: Config | None = None,
) -> tuple[Page, ...]:
    """The pages of a location, as its source gives them.

    `cache` is a folder for what is fetched from the web; without it every run asks again. `config`
    says which other hosts of a site may be asked, and by which name.

    Raises:
        NotAnIssueError: it is nothing that one of the sources can read, or more than an issue.
    """
    pages: list[Page] = []
    room = MAX_ISSUE_CHARS
    for page in _pages_of(source_for(location, date, cache, config), location):
        room -= sum(len(line.text) for block in page.blocks for line in block.lines)
        if room < 0:
            reason = f"more than {MAX_ISSUE_CHARS:,} characters in the first {len(pages) + 1} pages"
            raise NotAnIssueError(reason, hint="give the pages of one issue")
        pages.append(page)
    return tuple(pages)


def understand(
    pages: tuple[Page, ...],
    config: Config,
    date: datetime.date | None = None,
    *,
    force: bool = False,
) -> Issue:
    """The issue that pages make, under the name that the settings give the paper.

    A site says for certain which paper it is: there another name in the settings is an error when
    the issue of a date is asked for, and gives way otherwise.

    Raises:
        NotAnIssueError: they are no issue of a newspaper, or that of another paper and `force` is
            not set.
    """
    issue = read_issue(pages, date=date.isoformat() if date else "")
    printed = issue.masthead.paper
    marked = is_marked(pages)
    paper = config.paper or printed or (UNNAMED if date and not marked else "")
    if marked and printed and not force:
        one, other = compact(paper), compact(printed)  # sites put a word before or behind it
        if date and not (one in other or other in one):
            raise NotAnIssueError(
                f"the site is that of {printed}, the settings say {config.paper}",
                hint=f'give the right address, or write paper = "{printed}" in qjaudio.toml',
            )
        paper = paper if one in other or other in one else printed
    if date and not paper:
        reason = "the site does not say which paper it is"
        raise NotAnIssueError(reason, hint='write its name in qjaudio.toml: paper = "…"')
    return replace(issue, masthead=replace(issue.masthead, paper=paper))


def issue_at(
    location: str,
    config: Config,
    date: datetime.date | None = None,
    *,
    cache: Path | None = None,
    force: bool = False,
) -> Issue:
    """Read a location and understand it."""
    check_links(location, config)
    pages = read_pages(location, date, cache=cache, config=config)
    return understand(pages, config, date, force=force)


def pictures_at(
    location: str, pages: tuple[Page, ...], *, cache: Path | None, config: Config
) -> dict[int, Picture]:
    """The pictures of pages, by their number, where their source has some."""
    from qjaudio.sources.pictures import page_pictures

    return page_pictures(location, pages, _context(None, cache, config))


def _context(
    date: datetime.date | None, cache: Path | None, config: Config | None
) -> SourceContext:
    config = config or Config()
    hosts, agent = config.epaper_hosts, config.epaper_user_agent
    return SourceContext(date=date, cache=cache, hosts=hosts, user_agent=agent)


def source_for(
    location: str,
    date: datetime.date | None = None,
    cache: Path | None = None,
    config: Config | None = None,
) -> Source:
    """Of the sources that accept a location the one with the highest priority."""
    source = _accepting(location, _context(date, cache, config))
    if source:
        return source
    if not location.startswith(("http://", "https://")) and not Path(location).exists():
        reason = f"there is no file or folder {location}"
        raise NoPaperError(reason, hint="check the path given with --from")
    if advice := advice_on(Path(location)):
        kind = Path(location).suffix.lower()
        raise NotAnIssueError(f"{location} is a {kind} file, which is not read", hint=advice)
    hint = f"the sources are: {', '.join(plugins.plugin_names(plugins.SOURCES))}"
    raise NotAnIssueError(f"no source can read {location}", hint=hint)


def _accepting(location: str, context: SourceContext) -> Source | None:
    """The source that takes a location; what an entry point gives that is none is named."""
    hint = "update or uninstall what brings it; check_source in qjaudio.testing tells more"
    accepting: list[Source] = []
    for name, make in plugins.load_plugins(plugins.SOURCES).items():
        try:
            source = make(context)
        except Exception as error:
            reason = f"the source {name} cannot be used: {error}"
            raise MissingPartError(reason, hint=hint) from error
        if not isinstance(source, Source):
            reason = f"the source {name} cannot be used: it lacks name, priority, accepts or pages"
            raise MissingPartError(reason, hint=hint)
        try:
            accepting += [source] if source.accepts(location) else []
        except Exception as error:
            _blame(source, error)
    return max(accepting, key=lambda source: source.priority, default=None)


def _pages_of(source: Source, location: str) -> Iterator[Page]:
    try:
        yield from source.pages(location)
    except Exception as error:
        _blame(source, error)


def _blame(source: Source, error: Exception) -> NoReturn:
    """Say of a fault in somebody else's source whose it is; one of ours is our bug."""
    ours = type(source).__module__.partition(".")[0] == __package__.partition(".")[0]
    if ours or isinstance(error, QjaudioError):
        raise error
    _log.warning("source", exc_info=error, extra={"facts": {"source": source.name}})
    raise MissingPartError(
        f"the source {source.name} failed: {type(error).__name__}: {error}",
        hint="report it to those who wrote it; check_source in qjaudio.testing tells more",
    ) from error


def issue_of(date: datetime.date, origin: str | None, config: Config, *, force: bool) -> Issue:
    """The issue of a date: from `origin` where it is given, else from where the date's pages lie.

    Raises:
        NoPaperError: there is none, or `origin` still holds that of an earlier day.
        NotAnIssueError: it cannot be read, or is that of another day and `force` is not set.
    """
    from qjaudio.pipeline.reporting import log_input

    location = origin or location_of(date, config)
    log_input(location)
    cache = config.output.cache / "web"
    issue = issue_at(location, config, date, cache=cache, force=force)
    facts = {"paper": issue.masthead.paper, "articles": len(issue.articles)}
    _log.info("issue", extra={"facts": {**facts, "left_out": len(issue.left_out)}})
    if origin and "" < issue.masthead.date < date.isoformat() and not force:
        raise NoPaperError(
            f"{origin} still holds the issue of {issue.masthead.date}, not of {date.isoformat()}",
            hint="wait for the right pages, or take them as they are with --force",
        )
    return corrected(with_date(issue, date, force=force), date, config)


def with_date(issue: Issue, date: datetime.date, *, force: bool) -> Issue:
    """The issue as that of `date`; NotAnIssueError where it is another day's, without `force`."""
    printed, wanted = issue.masthead.date, date.isoformat()
    if printed == wanted:
        return issue
    if printed and not force:
        reason = f"the masthead says {printed}, you asked for {wanted}"
        raise NotAnIssueError(
            reason, hint="give the right pages, or take them as they are with --force"
        )
    masthead = replace(issue.masthead, date=wanted, weekday="", lunar_date="")
    return replace(issue, masthead=masthead)


CHINA = datetime.timezone(datetime.timedelta(hours=8), "Asia/Shanghai")
"""The time of the paper: all of China has one, without daylight saving since 1991."""
NAMED_DAYS = {"today": 0, "yesterday": 1}
"""Words for a date, and how many days ago it is in China."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def parse_time(text: str) -> datetime.time:
    """A time of day, `6:30`, `09:00`; UsageError where it is none."""
    if found := _CLOCK.fullmatch(text.strip()):
        return datetime.time(int(found[1]), int(found[2]))
    raise UsageError(f"{text!r} is not a time of day", hint="write hours and minutes: 09:00")


def is_late(
    day: datetime.date, expect_by: datetime.time, now: datetime.datetime, days: PaperDays
) -> bool:
    """Whether the paper of `day` should have been there at `now`; never on a day without one."""
    due = datetime.datetime.combine(day, expect_by, tzinfo=CHINA)
    return days.has(day) and now >= due


def time_in_china(at: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment of ISO 8601 as clocks in China have it; what is none as it is."""
    try:
        return datetime.datetime.fromisoformat(at).astimezone(CHINA).strftime(form)
    except ValueError:
        return at


def parse_date(text: str, now: datetime.datetime | None = None) -> datetime.date:
    """A date, ISO 8601, with `now` also `today`, `yesterday` in China; UsageError: it is none."""
    if now and text in NAMED_DAYS:
        return now.astimezone(CHINA).date() - datetime.timedelta(days=NAMED_DAYS[text])
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        hint = (
            "give the day; make takes its pages after --from: make 2025-05-20 --from PAGES"
            if re.search(r"[/\\]|\.\w+$", text)
            else "write year-month-day, for example 2025-05-20, or today"
        )
        raise UsageError(f"{text!r} is not a date", hint=hint) from error


def looks_like_date(text: str) -> bool:
    """Whether a word on the command line is meant as a date."""
    if text in NAMED_DAYS:
        return True
    return len(text) == len("2025-05-20") and text[4] == text[7] == "-" and text[:4].isdigit()
