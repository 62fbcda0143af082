"""Pages of which the source knows every block: entries of an e-paper become the articles.

Nothing is guessed of headlines and order here; only what print adds to an article (datelines,
names, jump lines, editors' lines) is taken off with the same grammar as everywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from qjaudio import rules
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.characters import compact, ends_sentence, han, letters, overlap
from qjaudio.paper.drafts import Draft, Remains
from qjaudio.paper.furniture import Jumps, take_jumps
from qjaudio.paper.joining import join_jumps
from qjaudio.paper.marked_article import Entry, article_of_entry
from qjaudio.paper.masthead import read_masthead
from qjaudio.paper.model import Article, Issue, Masthead, Page
from qjaudio.paper.pieces import Piece

MIN_COPY = 40
"""Letters of a text that cannot be the same by chance, whatever the title."""
_FACTS = ("paper", "date", "masthead")
_BRACKETS = "【】[]（）()《》■□●：: "


def is_marked(pages: Iterable[Page]) -> bool:
    """Whether the source says of every block of these pages what it is.

    Kinds alone do not tell: the layout of a scan also names headlines and captions.
    """
    filled = [page for page in pages if page.blocks]
    return bool(filled) and all(page.marked for page in filled)


def marked_issue(pages: Iterable[Page], *, date: str = "") -> Issue:
    """Turn marked pages into the issue; `date` (ISO 8601) stands in where the pages have none.

    Raises:
        NotAnIssueError: none of their entries is an article.
    """
    remains = Remains()
    facts, entries = _entries(pages, remains)
    stories: list[Entry] = []
    wordings = _Wordings()
    for entry in entries:
        kind = _no_article(entry, wordings)
        if kind:
            entry.leave_all(remains, kind)
        else:
            stories.append(entry)
            wordings.add(entry)
    articles = _articles(stories, remains)
    if not articles:
        raise NotAnIssueError(
            "no article found on the pages of this site",
            hint="check the address in a browser, or give the pages as files",
        )
    return Issue(
        masthead=_masthead(facts, date),
        articles=tuple(articles),
        left_out=remains.in_order(),
    )


@dataclass(slots=True)
class _Facts:
    paper: str = ""
    date: str = ""
    lines: list[str] = field(default_factory=list)


def _entries(pages: Iterable[Page], remains: Remains) -> tuple[_Facts, list[Entry]]:
    """The blocks, gathered into entries, each beginning with its headline."""
    facts, entries, order = _Facts(), list[Entry](), 0
    for page in pages:
        open_entry: Entry | None = None
        for block in page.blocks:
            text = " ".join(line.text for line in block.lines)
            piece = Piece(text=text, page=page.number, order=order)
            order += 1
            if block.kind == "headline":
                open_entry = Entry(page=page.number, main=piece)
                entries.append(open_entry)
            elif block.kind == "masthead":
                facts.lines.append(text)
                remains.add(piece, "masthead")
            elif block.kind in _FACTS:
                setattr(facts, block.kind, text)
            elif open_entry is None:
                remains.add(piece, block.kind)
            else:
                open_entry.add(block.kind, piece)
    for entry in entries:
        _take_jumps(entry, remains)
    return facts, entries


def _take_jumps(entry: Entry, remains: Remains) -> None:
    """Take the jump lines off title and text; the text that held nothing else goes."""

    def rest(piece: Piece) -> Piece:
        found: Jumps = take_jumps(piece.text)
        for line in found.printed:
            remains.add(piece, "jump_line", line)
        entry.onward = entry.onward or found.onward
        entry.back = entry.back or found.back
        return replace(piece, text=found.text) if found.printed else piece

    entry.main = rest(entry.main)
    entry.beside = [(kind, rest(piece)) for kind, piece in entry.beside]
    entry.body = [piece for piece in map(rest, entry.body) if piece.text.strip()]


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["kind"], re.compile("|".join(f"(?:{title})" for title in row["titles"])))
        for row in rules.phrases("epaper")["entry"]
    )


@dataclass(slots=True)
class _Wordings:
    """The letters of the articles so far, to know one that comes again."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    """For each text the titles above it."""

    def add(self, entry: Entry) -> None:
        self.texts.setdefault(letters(entry.text), set()).add(letters(entry.main.text))

    def has(self, entry: Entry) -> bool:
        """Whether an entry repeats another, or is a rest that another holds."""
        mine = letters(entry.text)
        titles = self.texts.get(mine)
        if titles and (len(mine) > MIN_COPY or letters(entry.main.text) in titles):
            return True
        is_rest = bool(entry.back) and len(mine) > MIN_COPY
        return is_rest and any(mine in theirs for theirs in self.texts)


def _no_article(entry: Entry, before: _Wordings) -> str:
    """Why an entry is no article, as a kind of what is left out; empty for an article."""
    title = compact(entry.main.text).strip(_BRACKETS)
    kind = next((kind for kind, titles in _kinds() if titles.fullmatch(title)), "")
    if kind and not (kind == "untitled" and entry.back):
        return kind
    entry.use_caption()
    if not any(han(piece.text) for piece in entry.body):
        return "empty"
    return "duplicate" if before.has(entry) else ""


def _articles(stories: list[Entry], remains: Remains) -> list[Article]:
    """Join what jumps, then make the articles."""
    drafts = [entry.draft() for entry in stories]
    entry_of = {id(draft): entry for draft, entry in zip(drafts, stories, strict=True)}
    _announce(drafts)
    articles = []
    for draft in join_jumps(drafts):
        entry = entry_of[id(draft)]
        if draft.back and not han(draft.heads[0].text if draft.heads else ""):
            entry.leave_all(remains, "rest")  # the rest of a story whose beginning is not here
            continue
        article = article_of_entry(entry, draft, remains)
        if article:
            articles.append(article)
        else:
            entry.leave_all(remains, "empty")
    return articles


def _announce(drafts: list[Draft]) -> None:
    """Let the story that a rest belongs to name its page, where its jump line was lost."""
    for rest in (draft for draft in drafts if draft.back):
        on_page = [d for d in drafts if d.page == rest.back and not d.back]
        if any(draft.onward == rest.page for draft in on_page):
            continue
        title = " ".join(piece.text for piece in rest.heads)
        alike = [d for d in on_page if d.heads and overlap(title, d.heads[0].text) >= 0.6]
        cut = [d for d in on_page if not ends_sentence(d.body[-1].text)]
        for draft in (alike or (cut if len(cut) == 1 else []))[:1]:
            draft.onward = rest.page


def _masthead(facts: _Facts, date: str) -> Masthead:
    """The facts of the masthead; a weekday or lunar date of another day is the server's."""
    read = read_masthead(facts.lines, [facts.paper], "")
    same = not facts.date or read.date in ("", facts.date)
    return replace(
        read,
        paper=facts.paper or read.paper,
        date=facts.date or read.date or date,
        weekday=read.weekday if same else "",
        lunar_date=read.lunar_date if same else "",
    )
