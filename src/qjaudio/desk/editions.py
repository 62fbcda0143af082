"""What the desk shows: the editions of a show, and one of them beside its pages.

An edition is read as `make` reads it, and kept in memory for as long as none of its files changes.
"""

import contextlib
import datetime
import difflib
import hashlib
import itertools
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from qjaudio import store
from qjaudio.config import LEXICON, Config
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.paper.corrections import (
    Correction,
    Corrections,
    correct,
    names_of_stories,
    parse_corrections,
)
from qjaudio.paper.digest import STORY_SECONDS, reading_seconds
from qjaudio.paper.model import Article, Issue, Page, Picture, articles_of_doubts, texts_of
from qjaudio.paper.reading import in_reading_order
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import Box, Doubt, PageText, Span, box_around, compact, letters, spans_of
from qjaudio.pipeline import reading, scripting
from qjaudio.pipeline.lexicons import lexicon_path
from qjaudio.script.model import Line, Part, Script
from qjaudio.script.prepare import Scripted, unprinted
from qjaudio.web.reading_view import HUES, doubts_by_line, printed_row, targets_of

KEPT = 6
"""Editions that are kept in memory."""
SHOWN_DAYS = 31
"""So many of the newest dates are listed."""
_SITE_S = 600
"""The pages of a site are looked at again after so long."""
_NEAR = 0.5
"""How alike a sentence and one of the page are where they are shown as one that was changed."""
_AROUND_S = 9.0
"""Music and pauses before the first story and after the last one, but for what is said there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some characters of a sentence, with what is not sure of them."""

    text: str
    why: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One sentence as it is shown."""

    part: int
    index: int
    line: Line
    key: str
    """Of its text: whoever changes it says which text he has seen."""
    stretches: tuple[Stretch, ...]
    paper: str | None = None
    """What the page has in its place, where they differ; empty where it has nothing like it."""
    corrected: bool = False
    """Whether it differs because the reading was corrected; else the page does not have it."""
    where: tuple[int, int] = (0, 0)
    """The page, and the line of it, at which it begins."""

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        return reading_seconds(self.line.spoken)

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """What was changed: pieces that are the `same`, of the page (`del`) and new (`ins`)."""
        before, after, found = self.paper or "", str(self.line.text), []
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for name, begin, end, start, stop in matcher.get_opcodes():
            if name == "equal":
                found.append(("same", before[begin:end]))
            else:
                found += [("del", before[begin:end]), ("ins", after[start:stop])]
        return tuple(piece for piece in found if piece[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStory:
    """A story, or our own words around the stories."""

    title: str
    number: int = 0
    """From 1; 0 for what is no story, or is not spoken."""
    part: int | None = None
    """Its place in the script; None = it is not spoken."""
    lines: tuple[ShownLine, ...] = ()
    mark: int = 0
    """The number of its article in the issue, by which pages know it; 0 where it has none."""
    article: Article | None = None
    name: str = ""
    """The words by which a correction names it; empty where it has none."""
    silent: tuple[str, ...] = ()
    """Its sentences that are not spoken."""
    doubts: tuple[Doubt, ...] = ()
    """What is not sure of it, and stands in none of its spoken sentences."""
    version: str = ""

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return sum(line.seconds for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptEdit:
    """One place at which an editor has changed the script."""

    place: tuple[int, int]
    """Where it begins and ends among the lines as composed."""
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def key(self) -> str:
        """By which a form names it."""
        return short_key(repr((self.before, self.after)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """A page as it came."""

    number: int
    rows: tuple[Mapping[str, Any], ...]
    """Its printed lines."""
    picture: Picture | None
    frames: tuple[tuple[int, int, Box], ...]
    """Around each story, by the number and the hue of the story."""
    marks: tuple[tuple[int, Box, str], ...]
    """On each line that is in doubt: its number, place, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEdition:
    """An issue on its way to being an episode."""

    date: str
    pictures: Mapping[int, Picture]
    raw: Issue
    """As it was read, before anything was put right."""
    issue: Issue
    corrections: Corrections
    misfits: tuple[tuple[Correction, str], ...]
    """Corrections that fit the page no more, and why."""
    found: scripting.FoundScript
    scripted: Scripted
    stories: tuple[ShownStory, ...]
    shown_pages: tuple[ShownPage, ...]
    version: str
    """Changes with whatever is shown."""
    moved: tuple[tuple[str, str], ...] = ()
    """What the page has changed since the script was edited: `ins` and `del` lines."""

    @property
    def seconds(self) -> float:
        """About how long it is."""
        script = self.scripted.script
        said = [line.spoken for part in script.parts for line in part.lines]
        return _seconds_of(said, len(script.stories))

    @property
    def base(self) -> tuple[str, ...]:
        """The lines of the script as composed before somebody edited it."""
        return self.found.base or self.scripted.composed

    @property
    def edits(self) -> tuple[ScriptEdit, ...]:
        """What was changed in the script, place by place."""
        edited = self.scripted.edited
        return tuple(_script_edits(self.base, self.scripted.script)) if edited else ()

    @property
    def doubts(self) -> int:
        """How many places are to be checked."""
        return len(self.issue.doubts) + len(self.scripted.script.doubts)

    def line(self, key: str, part: int, index: int) -> ShownLine | None:
        """The sentence with this key: at its place, or where it stands now."""
        lines = [line for story in self.stories for line in story.lines if line.key == key]
        here = [line for line in lines if (line.part, line.index) == (part, index)]
        return next(iter((*here, *lines)), None)

    def story(self, name: str) -> ShownStory | None:
        """The story that corrections call so."""
        return next((one for one in self.stories if one.name and one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDate:
    """A date in the list of editions."""

    date: str
    seconds: float | None = None
    stories: int | None = None
    doubts: int | None = None


@dataclass(slots=True)
class _Kept:
    """What is known of a date, and of which files it was made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    pages_of: tuple[Any, ...] = ()
    pages: tuple[Page, ...] = ()
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    raw: Issue | None = None
    made_of: tuple[Any, ...] = ()
    edition: OpenEdition | None = None


class Editions:
    """The editions of a show."""

    def __init__(self, config: Config) -> None:
        self.config, self.out = config, config.output
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._keeping = threading.Lock()

    def dates(self) -> tuple[ListedDate, ...]:
        """The newest dates with an issue or a folder of their own, newest first."""
        found = reading.dates_with_issue(Path(self.config.issues)) | set(self.out.dates())
        if self.config.epaper:
            found.add(datetime.datetime.now(reading.CHINA).date().isoformat())
        dates = sorted(filter(reading.is_date, found), reverse=True)[:SHOWN_DAYS]
        return tuple(map(self._listed, dates))

    def _listed(self, date: str) -> ListedDate:
        kept = self._kept.get(date)
        if kept and (one := kept.edition):
            count = sum(story.number > 0 for story in one.stories)
            return ListedDate(date=date, seconds=one.seconds, stories=count, doubts=one.doubts)
        script = store.read_json(self.out.stage(date, scripting.SCRIPT_JSON)) or {}
        issue = store.read_json(self.out.stage(date, scripting.ISSUE)) or {}
        with contextlib.suppress(KeyError, TypeError):  # not as we write them
            parts = script["parts"]
            lines = [line for part in parts for line in part["lines"]]
            stories = sum(part["kind"] == "story" for part in parts)
            return ListedDate(
                date=date,
                seconds=_seconds_of([line["text"] for line in lines], stories),
                stories=stories,
                doubts=sum(len(line["doubts"]) for line in lines) + len(issue["doubts"]),
            )
        return ListedDate(date=date)

    def open(self, date: str) -> OpenEdition:
        """The edition of a date as its files are now; QjaudioError where it cannot be read."""
        with self._keeping:
            kept = self._kept.setdefault(date, _Kept())
            self._kept.move_to_end(date)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            self._read_pages(kept, datetime.date.fromisoformat(date))
            stages = (reading.CORRECTIONS, scripting.SCRIPT, scripting.SCRIPT_JSON, LEXICON)
            paths = (*(self.out.stage(date, name) for name in stages), lexicon_path(self.config))
            made_of = (kept.pages_of, *(tuple(store.stamp_of(path)) for path in paths))
            if kept.edition is None or made_of != kept.made_of:
                assert kept.raw is not None  # noqa: S101  it has just been read
                kept.edition = self._make(date, kept, kept.raw, short_key(repr(made_of)))
                kept.made_of = made_of
            return kept.edition

    def _read_pages(self, kept: _Kept, day: datetime.date) -> None:
        location = reading.location_of(day, self.config)
        pages_of = (location, *_stamps(location))
        if pages_of == kept.pages_of:
            return
        reading.check_links(location, self.config)
        cache = self.out.cache / "web"
        pages = reading.read_pages(location, day, cache=cache, config=self.config)
        issue = reading.understand(pages, self.config, day)
        kept.raw = reading.with_date(issue, day, force=False)
        kept.pictures = reading.pictures_at(location, pages, cache=cache, config=self.config)
        kept.pages, kept.pages_of = tuple(in_reading_order(pages)), pages_of

    def _make(self, date: str, kept: _Kept, raw: Issue, version: str) -> OpenEdition:
        text, path = reading.corrections_text(date, self.config)
        issue, corrections, misfits = fitting(raw, parse_corrections(text, str(path)))
        found = scripting.find_script(self.out, date, links_to=self.config.links_to)
        scripted = scripting.script_issue(issue, self.config, self.out, found)
        names = names_of_stories(raw, corrections)
        return OpenEdition(
            date=date,
            pictures=kept.pictures,
            raw=raw,
            issue=issue,
            corrections=corrections,
            misfits=misfits,
            found=found,
            scripted=scripted,
            stories=tuple(_shown_stories(raw, issue, scripted, names)),
            shown_pages=tuple(_shown_pages(kept.pages, kept.pictures, issue)),
            version=version,
            moved=_page_changes(found, scripted),
        )


def fitting(
    raw: Issue, found: Corrections
) -> tuple[Issue, Corrections, tuple[tuple[Correction, str], ...]]:
    """The issue with the corrections that fit it, these, and the others, each with the reason."""
    with contextlib.suppress(UsageError):
        return _put_right(raw, found), found, ()
    entries: tuple[Correction, ...] = ()
    misfits = []
    for entry in found.entries:
        try:
            correct(raw, Corrections(entries=(*entries, entry), name=found.name))
        except QjaudioError as error:
            misfits.append((entry, str(error)))
        else:
            entries = (*entries, entry)
    kept = Corrections(entries=entries, checked=found.checked, name=found.name)
    return _put_right(raw, kept), kept, tuple(misfits)


def _put_right(raw: Issue, found: Corrections) -> Issue:
    return correct(raw, found) if found.entries or found.checked else raw


def _stamps(location: str) -> Iterator[Any]:
    """What changes when the pages of a location do."""
    path = Path(location)
    if "://" in location:
        yield int(time.time() / _SITE_S)
    elif path.is_dir():
        yield from ((child.name, *store.stamp_of(child)) for child in sorted(path.iterdir()))
    else:
        yield from store.stamp_of(path)


def _seconds_of(said: Sequence[str], stories: int) -> float:
    """About how long an episode is in which this is said."""
    return sum(map(reading_seconds, said)) + stories * STORY_SECONDS + _AROUND_S


def _script_edits(base: Sequence[str], script: Script) -> Iterator[ScriptEdit]:
    """Where a script differs from the lines as composed; the rundown follows by itself."""
    rows = [(part.kind, str(line.text)) for part in script.parts for line in part.lines]
    texts = [text for _, text in rows]
    matcher = difflib.SequenceMatcher(None, list(base), texts, autojunk=False)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        if name == "equal" or rows[min(j1, len(rows) - 1)][0] == "headlines":
            continue
        each = range(j2 - j1) if i2 - i1 == j2 - j1 else ()  # sentence by sentence
        places = [(i1 + at, i1 + at + 1, j1 + at, j1 + at + 1) for at in each]
        for begin, end, start, stop in places or [(i1, i2, j1, j2)]:
            before, after = tuple(base[begin:end]), tuple(texts[start:stop])
            yield ScriptEdit(place=(begin, end), before=before, after=after)


def short_key(text: str) -> str:
    """A short name of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _page_changes(found: scripting.FoundScript, scripted: Scripted) -> tuple[tuple[str, str], ...]:
    """What the page says otherwise since the script was edited."""
    if not scripted.edited or not found.base:
        return ()
    before, after = found.base, scripted.composed
    gone = (("del", line) for line in before if line not in after)
    return (*gone, *(("ins", line) for line in after if line not in before))


def _shown_stories(
    raw: Issue, issue: Issue, scripted: Scripted, names: Sequence[tuple[str, int | None]]
) -> Iterator[ShownStory]:
    """The parts of the script, then the stories of the paper that are not spoken."""
    paper, script = _Paper(raw, issue, scripted, names), scripted.script
    left = dict(enumerate(issue.articles))
    numbers = itertools.count(1)
    for place, part in enumerate(script.parts):
        lines = tuple(paper.line(place, index, line, part) for index, line in enumerate(part.lines))
        number = next(numbers) if part.kind == "story" else 0
        shown = ShownStory(title=str(part.title), number=number, part=place, lines=lines)
        at = _article_of(part, left) if part.kind == "story" else None
        if at is not None:
            del left[at]
        yield paper.story(shown, at)
    for at, article in left.items():
        yield paper.story(ShownStory(title=str(article.headline.main)), at)


def _article_of(part: Part, left: Mapping[int, Article]) -> int | None:
    """Which story of the paper a part of the script is: by its headline, else by its places."""
    for at, article in left.items():
        if article.headline.main == part.title and part.page in (None, article.page):
            return at
    here = {(span.page, span.line) for line in part.lines for span in spans_of(line.text)}
    shared = {
        at: len(here & {(span.page, span.line) for span in spans_of(*texts_of(article))})
        for at, article in left.items()
    }
    best = max(shared, key=lambda at: shared[at], default=None)
    return best if best is not None and shared[best] else None


class _Paper:
    """What is asked of the paper about each sentence."""

    def __init__(
        self, raw: Issue, issue: Issue, scripted: Scripted, names: Sequence[tuple[str, int | None]]
    ) -> None:
        self._raw, self._issue, self._names = raw, issue, names
        script, added = scripted.script, {*scripted.unprinted}
        lines = (line for part in script.parts for line in part.lines)
        phrases = tuple(one for one in lines if one.kind == "phrase" and one.text not in added)
        own = Script(paper="", date="", parts=(Part(kind="opening", title="", lines=phrases),))
        self._misread = set(unprinted(script, raw, own))
        self._added = set(unprinted(script, issue, own))
        self._by_line = doubts_by_line(issue)
        self._doubts: dict[int, list[Doubt]] = {}
        for doubt, mark in zip(issue.doubts, articles_of_doubts(issue), strict=True):
            self._doubts.setdefault(mark, []).append(doubt)

    @cached_property
    def _sentences(self) -> list[str]:
        """The headlines and sentences of the page as it was read."""
        return [
            str(text)
            for article in self._raw.articles
            for paragraph in (article.headline.main, *article.paragraphs)
            for text in sentences(paragraph)
        ]

    def story(self, shown: ShownStory, at: int | None) -> ShownStory:
        """A story with what its article, the one at a place in the issue, says of it."""
        mark = 0 if at is None else at + 1
        why = "".join(stretch.why for line in shown.lines for stretch in line.stretches)
        doubts = tuple(one for one in self._doubts.pop(mark, ()) if one.why not in why)
        texts = [str(line.line.text) for line in shown.lines]
        if at is None:
            return replace(shown, doubts=doubts, version=short_key(repr(texts)))
        article, name, said = self._issue.articles[at], self._names[at], letters("".join(texts))
        printed = (str(one) for paragraph in article.paragraphs for one in sentences(paragraph))
        return replace(
            shown,
            mark=mark,
            article=article,
            name=json.dumps(name, ensure_ascii=False) if name[0] else "",
            silent=tuple(text for text in printed if letters(text) not in said),
            doubts=doubts,
            version=short_key(repr((texts_of(article), texts))),
        )

    def line(self, place: int, index: int, line: Line, part: Part) -> ShownLine:
        """A sentence as it is shown."""
        text, span = str(line.text), next(iter(spans_of(line.text)), None)
        changed, near = text in self._misread, list[str]()
        if changed:
            near = difflib.get_close_matches(text, self._sentences, n=1, cutoff=_NEAR)
        return ShownLine(
            part=place,
            index=index,
            line=line,
            key=short_key(text),
            stretches=() if part.kind == "headlines" else self._stretches(line),
            paper="".join(near) if changed else None,
            corrected=changed and text not in self._added,
            where=(span.page, span.line) if span else (0, 0),
        )

    def _stretches(self, line: Line) -> tuple[Stretch, ...]:
        """The text, cut where what is in doubt begins and ends."""
        text = line.text
        found: list[tuple[int, int, Doubt]] = [
            (*doubt.where, doubt) for doubt in line.doubts if isinstance(doubt.where, tuple)
        ]
        for at, span in text.runs if isinstance(text, PageText) else ():
            for doubt in self._by_line.get((span.page, span.line), ()):
                where = doubt.where
                if isinstance(where, Span):
                    start, end = max(where.start, span.start), min(where.end, span.end)
                    found += [(at + start - span.start, at + end - span.start, doubt)] * (
                        start < end
                    )
        if not found:
            return ()
        edges = sorted(
            {0, len(text), *(place for start, end, _ in found for place in (start, end))}
        )
        return tuple(
            Stretch(
                text=str(text)[start:end],
                why="；".join(dict.fromkeys(one.why for one in over)),
                kind=min((one.kind for one in over), default=""),  # grave before slight
            )
            for start, end in itertools.pairwise(edges)
            for over in ([doubt for first, last, doubt in found if first <= start and end <= last],)
        )


def _shown_pages(
    pages: Iterable[Page], pictures: Mapping[int, Picture], issue: Issue
) -> Iterator[ShownPage]:
    targets, doubts = targets_of(issue), doubts_by_line(issue)
    for page in pages:
        lines = [line.text for block in page.blocks for line in block.lines]
        marks = [
            (line, one.where.box, one.why)
            for (number, line), found in doubts.items()
            for one in found[:1]
            if number == page.number and isinstance(one.where, Span) and one.where.box
        ]
        yield ShownPage(
            number=page.number,
            rows=tuple(printed_row(text, targets, doubts) for text in lines if compact(text)),
            picture=pictures.get(page.number),
            frames=tuple(_story_frames(page.number, issue)),
            marks=tuple(marks),
        )


def _story_frames(page: int, issue: Issue) -> Iterator[tuple[int, int, Box]]:
    """Boxes around the text of each story on a page: lines below each other share one."""
    for number, article in enumerate(issue.articles, start=1):
        spans = {span.line: span.box for span in spans_of(*texts_of(article)) if span.page == page}
        frames: list[list[Box]] = []
        for box in sorted(filter(None, spans.values()), key=lambda box: box.top):
            above = (lines for lines in frames if _goes_on_below(box, lines[-1]))
            frame = next(above, None)
            if frame is None:
                frames.append(frame := [])
            frame.append(box)
        hue = HUES[(number - 1) % len(HUES)]
        yield from ((number, hue, box_around(lines)) for lines in frames)


def _goes_on_below(box: Box, above: Box) -> bool:
    """Whether a line goes on below another one in the same column."""
    near = box.top - above.bottom < 1.5 * max(box.height, above.height)
    return near and 2 * above.shared_width(box) > min(box.width, above.width)
