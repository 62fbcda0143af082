"""Corrections: what a person has put right in an issue, as data anchored to the page's own words.

They are applied on every reading, so that a second reading of the page does not lose them. One
whose words are no longer on the page, or stand there twice, is refused: it would be a guess.
"""

import contextlib
import difflib
import re
import tomllib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.paper.lines import take_opening
from qjaudio.paper.model import Article, Crosshead, Headline, Issue, LeftOut, Repair, texts_of
from qjaudio.paper.reading import lead_count_of
from qjaudio.paper.text import (
    Doubt,
    PageText,
    Span,
    ends_sentence,
    full_width,
    join_texts,
    letters,
    rewritten,
    spans_of,
)
from qjaudio.paper.words import parted_word

MOST = 500
"""Corrections of one issue."""
FEWEST_LETTERS = 2
"""Of the words that name a story."""
LONGEST_QUOTE = 80
"""Letters of the beginning of a text that are compared."""
TABLE = "correction"
CHECKED = "checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One entry of corrections.toml: a story, and what is other with it."""

    story: str
    """Its headline as it was read, or the first words of its text."""
    page: int | None = None
    """Its page, where two stories begin alike."""
    headline: str | None = None
    kicker: str | None = None
    deck: str | None = None
    """Other words; empty for kicker and deck = there is none."""
    byline: str | None = None
    """The names of its reporters, with 、 between them; empty = there is none."""
    wrong: str = ""
    """Words of its text, which stand there once; `right` takes their place."""
    right: str | None = None
    join: str = ""
    """The story that goes on with it: both are one."""
    join_headline: str = "crosshead"
    """What the headline of that story is: `crosshead`, `text` or `none`."""
    cut: str = ""
    """The words from which on it is another story."""
    cut_headline: str = ""
    """The headline of that story; where its text begins with these words, they are taken off it."""
    before: str = ""
    after: str = ""
    """The story before or after which it comes."""
    spoken: bool = True
    advert: bool = False
    checked: bool = False
    """Whether somebody has compared it with the page: it is in no doubt."""
    line: int = 0
    """Where the entry begins in its file, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """All that was put right in an issue."""

    entries: tuple[Correction, ...] = ()
    checked: bool = False
    """Whether somebody has compared the whole issue with its pages."""
    name: str = ""
    """The name of the file, for messages."""


_KEYS = {field.name: field.type for field in fields(Correction) if field.name != "line"}
_JOIN_HEADLINES = ("crosshead", "text", "none")


def parse_corrections(text: str, name: str) -> Corrections:
    """The corrections of a TOML file; `name` is that of the file, for messages.

    Raises:
        UsageError: it is no TOML, has a key that we do not know, or a value of another kind.
    """
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"cannot read {name}: {error}", hint="put this line right") from error
    lines = _lines_of_entries(text)
    _check_keys(found, {TABLE: None, CHECKED: None}, name, _lines_of_keys(text, 0))
    rows = found.get(TABLE, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(
            f"{name}: {TABLE} is not a list of tables", hint=f"begin each with a line [[{TABLE}]]"
        )
    if len(rows) > MOST:
        raise UsageError(f"{name} has more than {MOST} corrections", hint="correct the page itself")
    lines += [0] * (len(rows) - len(lines))
    entries = [
        _parse_correction(row, name, line, _lines_of_keys(text, line))
        for row, line in zip(rows, lines, strict=False)
    ]
    checked = found.get(CHECKED, False)
    if not isinstance(checked, bool):
        raise UsageError(f"{name}: {CHECKED} is not true or false", hint=f"write {CHECKED} = true")
    return Corrections(entries=tuple(entries), checked=checked, name=name)


def _lines_of_entries(text: str) -> list[int]:
    """The lines at which entries begin, from 1."""
    rows = enumerate(text.split("\n"), start=1)
    return [number for number, row in rows if re.match(rf"\s*\[\[\s*{TABLE}\s*\]\]", row)]


def _lines_of_keys(text: str, begin: int) -> dict[str, int]:
    """The line of each key of the entry that begins at a line; 0 = of those before any entry."""
    found: dict[str, int] = {}
    for number, row in enumerate(text.split("\n")[begin:], start=begin + 1):
        if row.lstrip().startswith("["):
            break
        if key := re.match(r"""\s*["']?([^\s"'=#]+)["']?\s*=""", row):
            found.setdefault(key[1], number)
    return found


def _check_keys(
    row: Mapping[str, Any], known: Mapping[str, Any], name: str, lines: Mapping[str, int]
) -> None:
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            where = f", line {lines[key]}" if key in lines else ""
            raise UsageError(f"{name}{where}: there is no {key[:40]!r}", hint=hint)


def _parse_correction(
    row: dict[str, Any], name: str, line: int, lines: Mapping[str, int]
) -> Correction:
    _check_keys(row, _KEYS, name, lines)
    for key, value in row.items():
        wanted = bool if _KEYS[key] is bool else int if key == "page" else str
        if type(value) is not wanted:
            kind = {bool: "true or false", int: "a number", str: "text in quotation marks"}[wanted]
            raise UsageError(
                f"{name}, line {lines.get(key, line)}: {key} is not {kind}",
                hint=f"write {key} = {_EXAMPLES[wanted]}",
            )
    correction = Correction(**{"story": "", **row}, line=line)
    if fault := _fault_of(correction, row):
        what, hint = fault
        raise UsageError(f"{name}, line {line}: {what}", hint=hint)
    return correction


_EXAMPLES = {bool: "true", int: "2", str: '"…"'}


def _fault_of(entry: Correction, row: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with an entry as a whole, and what to do."""
    faults = {
        len(letters(entry.story)) < FEWEST_LETTERS: (
            "it names no story",
            'write story = "the headline, or the first words of the text"',
        ),
        not set(row) - {"story", "page"}: (
            "it corrects nothing",
            "say what to change: headline, spoken, join, cut, wrong and right, …",
        ),
        bool(entry.wrong) != (entry.right is not None): (
            "wrong and right belong together",
            'write both; right = "" takes the words out',
        ),
        entry.headline is not None and not letters(entry.headline): (
            "its headline is empty",
            "every story has one; leave the line out to keep it",
        ),
        entry.join_headline not in _JOIN_HEADLINES: (
            f"join_headline = {entry.join_headline!r}",
            f"it is one of {', '.join(_JOIN_HEADLINES)}",
        ),
        bool(entry.before and entry.after): (
            "it comes before one story and after another",
            "write one of the two",
        ),
    }
    return faults.get(True)


@dataclass(frozen=True, slots=True)
class _Story:
    """A story while it is corrected, and the words by which corrections may name it."""

    article: Article
    headlines: tuple[str, ...]
    starts: tuple[str, ...]

    @classmethod
    def of(cls, article: Article) -> "_Story":
        start = letters("".join(article.paragraphs)[: 2 * LONGEST_QUOTE])
        return cls(article, (letters(article.headline.main),), (start,))

    def also(self, other: "_Story") -> "_Story":
        """This story, named by the words of another one as well."""
        headlines = dict.fromkeys((*self.headlines, *other.headlines))
        starts = dict.fromkeys((*self.starts, *other.starts))
        return _Story(self.article, tuple(headlines), tuple(starts))


class _Refused(Exception):
    """A correction that fits nothing, or two things; with what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(slots=True)
class _Desk:
    """The issue while it is corrected."""

    name: str
    stories: list[_Story]
    left_out: list[LeftOut]
    repairs: list[Repair]
    settled: set[tuple[int, int, int]]
    """Places that somebody has looked at: page, line, character."""

    def find(self, quote: str, page: int | None) -> int:
        """The place of the story of this name: by its whole headline, else by how it begins."""
        wanted = letters(quote)[:LONGEST_QUOTE]
        here = [
            (at, story)
            for at, story in enumerate(self.stories)
            if page is None or story.article.page == page
        ]
        found = [at for at, story in here if wanted in story.headlines] or [
            at
            for at, story in here
            if any(text.startswith(wanted) for text in (*story.headlines, *story.starts))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise _Refused(
                f"{len(found)} stories begin with “{quote}”", "quote more words, or add page = N"
            )
        near = difflib.get_close_matches(
            quote, [str(story.article.headline.main) for _, story in here], n=1
        )
        hint = f"did you mean “{near[0]}”?" if near else "take it out, or quote today's page"
        raise _Refused(f"no story begins with “{quote}”", hint)

    def settle(self, *texts: str) -> None:
        """Nothing of these texts is in doubt any more."""
        for span in (span for text in texts for span in spans_of(text)):
            self.settled |= {(span.page, span.line, at) for at in range(span.start, span.end)}

    def leave(self, texts: Iterable[str], kind: str, page: int) -> None:
        """Leave texts out."""
        self.left_out += [LeftOut(text=text, kind=kind, page=page) for text in texts if text]

    def repaired(self, entry: Correction, before: str, after: str) -> None:
        """Note a change of the words."""
        where = f"{entry.story}: {self.name}, line {entry.line}"
        self.repairs.append(Repair(where=where, before=before, after=after, evidence=self.name))


def correct(issue: Issue, corrections: Corrections) -> Issue:
    """The issue with its corrections applied, in their order.

    What is not spoken any more goes to `left_out`, other words are told in `repairs`, and doubts of
    what somebody has looked at are gone.

    Raises:
        UsageError: a correction fits nothing of the issue, or fits it twice.
    """
    desk = _corrected(issue, corrections)
    if not desk.stories:
        raise UsageError(f"{corrections.name} leaves no story", hint="take one of them out again")
    doubts = () if corrections.checked else tuple(_open_doubts(issue, desk))
    return replace(
        issue,
        articles=tuple(story.article for story in desk.stories),
        left_out=tuple(desk.left_out),
        repairs=tuple(desk.repairs),
        doubts=doubts,
    )


def names_of_stories(issue: Issue, corrections: Corrections) -> tuple[tuple[str, int | None], ...]:
    """By which words, and which page, one more correction may name each story of `correct`.

    The words are empty where none name that story alone.

    Raises:
        UsageError: as for `correct`.
    """
    desk = _corrected(issue, corrections)

    def name_of(at: int, story: _Story) -> tuple[str, int | None]:
        pages = (None, story.article.page)
        for name, page in ((n, p) for n in (*story.headlines, *story.starts) for p in pages):
            with contextlib.suppress(_Refused):
                if len(name) >= FEWEST_LETTERS and desk.find(name, page) == at:
                    return name[:LONGEST_QUOTE], page
        return "", None

    return tuple(name_of(at, story) for at, story in enumerate(desk.stories))


def _corrected(issue: Issue, corrections: Corrections) -> _Desk:
    """The issue with the corrections applied, in their order."""
    desk = _Desk(
        corrections.name,
        [_Story.of(article) for article in issue.articles],
        [*issue.left_out],
        [*issue.repairs],
        set(),
    )
    for entry in corrections.entries:
        try:
            _apply(desk, entry)
        except _Refused as error:
            raise UsageError(
                f"{corrections.name}, line {entry.line}: {error}", hint=error.hint
            ) from error
    return desk


def _open_doubts(issue: Issue, desk: _Desk) -> Iterator[Doubt]:
    for doubt in issue.doubts:
        where = doubt.where
        assert isinstance(where, Span)  # noqa: S101  those of an issue stand on a page
        places = {(where.page, where.line, at) for at in range(where.start, where.end)}
        if not places & desk.settled:
            yield doubt


def _apply(desk: _Desk, entry: Correction) -> None:
    """Apply one correction: words first, then what belongs together, then the order."""
    at = desk.find(entry.story, entry.page)
    if entry.right is not None:
        _reword(desk, at, entry, entry.right)
    if (entry.headline, entry.kicker, entry.deck, entry.byline) != (None, None, None, None):
        _rehead(desk, at, entry)
    if entry.cut:
        _cut_story(desk, at, entry)
    if entry.join:
        at = _join(desk, at, entry)
    if entry.before or entry.after:
        at = _reorder(desk, at, entry)
    article = desk.stories[at].article
    if entry.checked:
        desk.settle(*texts_of(article))
    if entry.advert or not entry.spoken:
        desk.settle(*texts_of(article))
        desk.leave(texts_of(article), "advert" if entry.advert else TABLE, article.page)
        del desk.stories[at]


def _put(desk: _Desk, at: int, article: Article) -> None:
    desk.stories[at] = replace(desk.stories[at], article=article)


def _reword(desk: _Desk, at: int, entry: Correction, right: str) -> None:
    """Put other words in place of some that stand in the story once."""
    article = desk.stories[at].article
    head = article.headline
    texts = [head.kicker, head.main, head.deck, *article.paragraphs]
    texts += [row.text for row in article.crossheads]
    number, start, end = _only_place(texts, entry.wrong)
    text = PageText(texts[number])
    before = text[start:end]
    inside = rewritten(before, right) if len(before) == len(right) else PageText(right)
    desk.settle(before)
    desk.repaired(entry, before, right)
    texts[number] = text[:start] + inside + text[end:]
    count, gone = len(article.paragraphs), number - 3 if not texts[number] else None
    kicker, main, deck, *rest = texts
    crossheads = [
        replace(row, text=text, before=row.before - (gone is not None and row.before > gone))
        for row, text in zip(article.crossheads, rest[count:], strict=True)
        if text
    ]
    paragraphs = tuple(text for text in rest[:count] if text)
    changed = replace(
        article,
        headline=replace(head, kicker=kicker, main=main, deck=deck),
        paragraphs=paragraphs,
        crossheads=tuple(crossheads),
        lead_count=min(article.lead_count, len(paragraphs)),
    )
    if not paragraphs or not letters(main):
        raise _Refused("no text, or no headline, is left of the story", "write spoken = false")
    _put(desk, at, changed)


def _only_place(texts: Iterable[str], quote: str) -> tuple[int, int, int]:
    """The number of the one text that has these words, and where they begin and end in it."""
    for words in dict.fromkeys((quote, str(full_width(quote)))):
        found = [
            (number, match.start(), match.end())
            for number, text in enumerate(texts)
            for match in re.finditer(re.escape(words), text)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise _Refused(f"“{quote}” stands in the story {len(found)} times", "quote more words")
    raise _Refused(f"“{quote}” does not stand in the story", "quote its text as read: qjaudio read")


def _rehead(desk: _Desk, at: int, entry: Correction) -> None:
    """Give the story other headings or reporters; those of the page are left out."""
    if entry.byline is not None:
        _rename_reporters(desk, at, entry, entry.byline)
    article = desk.stories[at].article
    head = article.headline
    for name in ("headline", "kicker", "deck"):
        other, field = getattr(entry, name), "main" if name == "headline" else name
        printed = getattr(article.headline, field)
        if other is None or other == printed:
            continue
        desk.settle(printed)
        desk.repaired(entry, printed, other)
        if not article.headline.restored:  # else it is a part of the text
            desk.leave([printed], TABLE, article.page)
        head = replace(head, **{field: _in_place_of(printed, other)})
    if entry.headline is not None:
        desk.settle(article.headline.main)
        head = replace(head, restored="")
    _put(desk, at, replace(article, headline=head))


def _in_place_of(printed: str, other: str) -> PageText:
    """Other words that stand where the printed ones do, each at its share of their length."""
    text, count = PageText(printed), len(other)
    if not text or not count:
        return PageText(other)
    places = array("q", (text.places[at * len(text) // count] for at in range(count)))
    return PageText(other, places, text.lines)


def _rename_reporters(desk: _Desk, at: int, entry: Correction, byline: str) -> None:
    """Give the story other reporters; the names of the page are left out."""
    article = desk.stories[at].article
    names = tuple(name for part in byline.split("、") if (name := part.strip()))
    desk.settle(*article.byline)
    desk.leave([name for name in article.byline if name not in names], TABLE, article.page)
    desk.repaired(entry, "、".join(article.byline), "、".join(names))
    kept = {str(name): name for name in article.byline}
    _put(desk, at, replace(article, byline=tuple(kept.get(name, name) for name in names)))


def _join(desk: _Desk, at: int, entry: Correction) -> int:
    """Put another story behind this one; returns its new place."""
    other = desk.find(entry.join, None)
    if other == at:
        raise _Refused("a story cannot be joined with itself", "name the story that goes on")
    story, rest = desk.stories[at], desk.stories[other]
    first, second = story.article, rest.article
    head = second.headline
    printed = not head.restored.startswith("the lead's")  # else the text has it as well
    paragraphs = [*second.paragraphs]
    crossheads = [*second.crossheads]
    desk.settle(head.main, first.paragraphs[-1], paragraphs[0])
    spare = [head.kicker, head.deck]
    if printed and entry.join_headline == "text":
        paragraphs[0] = join_texts((head.main, paragraphs[0]))
    elif printed and entry.join_headline == "crosshead":
        crossheads.insert(0, Crosshead(before=0, text=head.main))
    elif printed:
        spare.append(head.main)
    desk.leave(spare, TABLE, second.page)
    last = _without_our_stop(first.paragraphs[-1], paragraphs[0])
    together = not ends_sentence(last) and not any(row.before == 0 for row in crossheads)
    joined = [*first.paragraphs[:-1]]
    joined += [join_texts((last, paragraphs.pop(0)))] if together else [first.paragraphs[-1]]
    shift = len(first.paragraphs) - together
    jumps = first.continues_on not in (None, second.page)
    whole = replace(
        first,
        paragraphs=(*joined, *paragraphs),
        crossheads=(
            *first.crossheads,
            *(replace(row, before=row.before + shift) for row in crossheads),
        ),
        byline=tuple(dict.fromkeys((*first.byline, *second.byline))),
        signoff=first.signoff or second.signoff,
        continues_on=first.continues_on if jumps else second.continues_on,
    )
    desk.stories[at] = replace(story.also(rest), article=whole)
    del desk.stories[other]
    return at - (other < at)


def _without_our_stop(text: str, after: str) -> PageText:
    """A text without the full stop that reading put back, where its sentence goes on."""
    page_text = PageText(text)
    ours = text.endswith("。") and page_text.places[-1] < 0
    return page_text[:-1] if ours and parted_word(text[:-1], after) else page_text


def _cut_story(desk: _Desk, at: int, entry: Correction) -> None:
    """Make another story of the text from some words on."""
    article = desk.stories[at].article
    rows = [row for row in article.crossheads if letters(row.text) == letters(entry.cut)]
    if len(rows) == 1:
        number, start = rows[0].before, 0
        headline: PageText = PageText(rows[0].text)
        crossheads = tuple(row for row in article.crossheads if row is not rows[0])
    else:
        number, start, _ = _only_place(article.paragraphs, entry.cut)
        headline, crossheads = PageText(), article.crossheads
    if not number and not start:
        raise _Refused("nothing stands before these words", "cut further below")
    broken = PageText(article.paragraphs[number])
    first, rest = broken[:start].rstrip(), [broken[start:], *article.paragraphs[number + 1 :]]
    desk.settle(broken)
    if entry.cut_headline:
        taken, rest[0] = _headline_off(rest[0], entry.cut_headline)
        headline = taken or PageText(entry.cut_headline)
    if not headline:
        raise _Refused("the new story has no headline", 'write cut_headline = "…" as well')
    opening = take_opening(PageText(rest[0]))
    texts = tuple(text for text in (opening.text, *rest[1:]) if text)
    if not texts:
        raise _Refused("the new story has no text", "quote the words at which it begins")
    kept = (*article.paragraphs[:number], *([first] if first else []))
    above = tuple(row for row in crossheads if row.before < len(kept))
    below = tuple(
        replace(row, before=max(0, row.before - number)) for row in crossheads if row not in above
    )
    new = Article(
        headline=Headline(main=headline),
        paragraphs=texts,
        page=article.page,
        section=article.section,
        continues_on=article.continues_on,
        dateline=opening.dateline,
        byline=opening.names,
        signoff=article.signoff,
        crossheads=below,
        lead_count=lead_count_of(texts),
    )
    left = replace(
        article,
        paragraphs=kept,
        crossheads=above,
        signoff="",
        continues_on=None,
        lead_count=min(article.lead_count, len(kept)),
    )
    _put(desk, at, left)
    desk.stories.insert(at + 1, _Story.of(new))


def _headline_off(text: str, headline: str) -> tuple[PageText, PageText]:
    """The headline at the beginning of a text, and what follows; empty where none is there."""
    page_text, wanted, at = PageText(text), letters(headline), 0
    for char in wanted:
        while at < len(text) and not text[at].isalnum():
            at += 1
        if letters(text[at : at + 1]) != char:
            return PageText(), page_text
        at += 1
    return page_text[:at], page_text[at:].lstrip("，。、；： ")


def _reorder(desk: _Desk, at: int, entry: Correction) -> int:
    """Put the story before or after another one; returns its new place."""
    other = desk.find(entry.before or entry.after, None)
    if other == at:
        raise _Refused("a story cannot come before or after itself", "name another story")
    story = desk.stories.pop(at)
    place = other - (at < other) + bool(entry.after)
    desk.stories.insert(place, story)
    return place
