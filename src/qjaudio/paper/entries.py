"""Pages of which the source knows every block: the entries of an e-paper become drafts of articles.

Nothing is guessed of headlines and order of an e-paper here; only what print adds to an article
(datelines, names, jump lines, editors' lines) is told apart with the same grammar as everywhere.
Here too the rests of stories, of whatever source, are joined over the pages by their jump lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from qjaudio import rules
from qjaudio.paper.drafts import (
    BULLETS,
    MAX_CROSSHEAD,
    MIN_PHOTO_STORY,
    Draft,
    Remains,
    is_short_name,
)
from qjaudio.paper.lines import (
    is_credit,
    is_signoff,
    kind_of,
    names_of_credit,
    read_masthead,
    take_jumps,
)
from qjaudio.paper.model import Masthead, Page
from qjaudio.paper.pieces import Piece, texts_of_blocks
from qjaudio.paper.text import (
    bigrams,
    compact,
    ends_sentence,
    han,
    letters,
    overlap,
    shared_with,
)
from qjaudio.paper.words import is_pen_name, parted_word

MIN_COPY = 40
"""Letters of a text that cannot be the same by chance, whatever the title."""
MAX_NAME_LINE = 30
"""Characters of the longest line that may hold nothing but names."""
MAX_SHORT_SHARE = 0.4
"""Where more of the paragraphs look like crossheads, they are verse, or a list of names."""
SAME_TITLE = 0.6
"""Titles that share so much of their wording are those of one story on two pages."""
MAX_RESTED = 60
"""So many rests, and headings over a story, are compared."""
_FACTS = ("paper", "date", "masthead")
_BRACKETS = "【】[]（）()《》■□●：: "
_CREDIT_MARKS = "□■◎●○◆（("
_FURNITURE = ("editors", "folio", "mark")


def drafts_of_entries(
    pages: Iterable[Page], *, date: str = ""
) -> tuple[Masthead, list[Draft], Remains]:
    """The masthead's facts and the drafts of marked pages, and what is left out of them.

    `date` (ISO 8601) stands in where the pages have none.
    """
    remains = Remains()
    facts, entries = _entries(pages, remains)
    drafts: list[Draft] = []
    wordings = _Wordings()
    for entry in entries:
        kind = _no_article(entry, wordings)
        if kind:
            for piece in (entry.main, *entry.beside, *entry.body):
                remains.add(piece, kind)
        else:
            wordings.add(entry)
            drafts.append(_draft(entry, remains))
    return _site_masthead(facts, date), drafts, remains


@dataclass(slots=True)
class _SiteFacts:
    paper: str = ""
    date: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _SiteArticle:
    """What a site gives as one article."""

    main: Piece
    beside: list[Piece] = field(default_factory=list)
    """Kickers, decks, bylines and captions."""
    body: list[Piece] = field(default_factory=list)
    onward: int | None = None
    back: int | None = None

    @property
    def letters(self) -> str:
        """The letters of its body."""
        return letters(" ".join(piece.text for piece in self.body))


def _entries(pages: Iterable[Page], remains: Remains) -> tuple[_SiteFacts, list[_SiteArticle]]:
    """The blocks, gathered into entries, each beginning with its headline."""
    facts, entries, order = _SiteFacts(), list[_SiteArticle](), 0
    for page in pages:
        entry: _SiteArticle | None = None
        for block in page.blocks:
            text, facts_of_text = texts_of_blocks([block])[0]
            piece = Piece(
                text=text, page=page.number, order=order, kind=block.kind, facts=facts_of_text
            )
            order += 1
            if block.kind == "headline":
                entry = _SiteArticle(piece)
                entries.append(entry)
            elif block.kind == "masthead":
                facts.lines.append(text)
                remains.add(piece, "masthead")
            elif block.kind in _FACTS:
                setattr(facts, block.kind, str(text))
            elif entry is None:
                remains.add(piece, block.kind)
            else:
                (entry.body if block.kind == "body" else entry.beside).append(piece)
    for entry in entries:
        _take_jump_lines(entry, remains)
    return facts, entries


def _take_jump_lines(entry: _SiteArticle, remains: Remains) -> None:
    """Take the jump lines off title and text; the text that held nothing else goes."""

    def rest(piece: Piece) -> Piece:
        found = take_jumps(piece.text)
        for line in found.printed:
            remains.add(piece, "jump_line", line)
        entry.onward = entry.onward or found.onward
        entry.back = entry.back or found.back
        return piece.with_text(found.text) if found.printed else piece

    entry.main = rest(entry.main)
    entry.beside = [rest(piece) for piece in entry.beside]
    entry.body = [piece for piece in map(rest, entry.body) if piece.text.strip()]


@cache
def _titles_of_no_article() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["kind"], re.compile("|".join(f"(?:{title})" for title in row["titles"])))
        for row in rules.phrases("epaper")["entry"]
    )


@dataclass(slots=True)
class _Wordings:
    """The letters of the articles so far, to know one that comes again."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    """For each text the titles above it."""

    def add(self, entry: _SiteArticle) -> None:
        self.texts.setdefault(entry.letters, set()).add(letters(entry.main.text))

    def has(self, entry: _SiteArticle) -> bool:
        """Whether an entry repeats another, or is a rest that another holds."""
        mine = entry.letters
        titles = self.texts.get(mine)
        if titles and (len(mine) > MIN_COPY or letters(entry.main.text) in titles):
            return True
        is_rest = bool(entry.back) and len(mine) > MIN_COPY
        return is_rest and any(mine in theirs for theirs in self.texts)


def _no_article(entry: _SiteArticle, before: _Wordings) -> str:
    """Why an entry is not an article, as a kind of what is left out; empty for an article."""
    kind = kind_of_entry(entry.main.text)
    if kind and not (kind == "untitled" and entry.back):
        return kind
    _use_caption(entry)
    if not any(han(piece.text) for piece in entry.body):
        return "empty"
    return "duplicate" if before.has(entry) else ""


def kind_of_entry(title: str) -> str:
    """What an entry is that is no article, by its title (广告, 报头); empty for any other."""
    plain, rows = compact(title).strip(_BRACKETS), _titles_of_no_article()
    return next((kind for kind, titles in rows if titles.fullmatch(plain)), "")


def _use_caption(entry: _SiteArticle) -> None:
    """Where a photo is the whole story, its words are the text."""
    words = [
        piece
        for piece in entry.beside
        if piece.kind == "caption" and len(han(piece.text)) >= MIN_PHOTO_STORY
    ]
    if not entry.body and words:
        entry.body = words
        entry.beside = [piece for piece in entry.beside if piece not in words]


def _draft(entry: _SiteArticle, remains: Remains) -> Draft:
    """An entry as a draft: its heads by kind, its text without furniture, lines of names apart."""
    heads = [piece for piece in entry.beside if piece.kind in ("kicker", "deck")]
    whole = _without_furniture(entry, heads, remains)
    body, credits, signoffs = _without_name_lines(whole)
    for piece in entry.beside:
        if piece.kind == "byline":
            (signoffs if is_signoff(piece.text) else credits).append(piece)
        elif piece not in heads:
            remains.add(piece, "table" if piece.kind == "table" else "caption")
    body, crossheads = _with_crossheads(body)
    return Draft(
        page=entry.main.page,
        heads=(entry.main, *heads) if entry.main.text else tuple(heads),
        body=tuple(body),
        crossheads=crossheads,
        credits=tuple(credits),
        signoffs=tuple(signoffs),
        onward=entry.onward,
        back=entry.back,
        marked=True,
    )


def _without_furniture(entry: _SiteArticle, heads: list[Piece], remains: Remains) -> list[Piece]:
    """Leave out editors' lines, captions, and headings that the body repeats at its top."""
    titles = {letters(piece.text) for piece in (entry.main, *heads)}
    kept: list[Piece] = []
    tables = any(piece.kind == "table" for piece in entry.beside)
    for piece in entry.body:
        kind, text = kind_of(piece.text), piece.text
        over = tables and piece is entry.body[-1] and _is_title(text) and not _is_name_line(text)
        guide = kind == "teaser" and text.strip()[:1] in "（("
        if len(kept) < 2 and letters(text) in titles:
            remains.add(piece, "banner")
        elif kind in _FURNITURE or guide or (kind == "caption" and len(entry.body) > 1):
            remains.add(piece, kind)
        elif over:
            remains.add(piece, "table")
        else:
            kept.append(piece)
    return kept


def _without_name_lines(pieces: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """A text without the lines of names and departments at its top and its end, and those lines."""
    body, credits, signoffs = [*pieces], list[Piece](), list[Piece]()
    while len(body) > 1 and _is_name_line(body[0].text):
        credits.append(body.pop(0))
    # A name that is a word, too, where no other short line stands over a text.
    over = [at for at in range(len(body)) if _looks_like_crosshead(body, at)]
    if not credits and over == [0] and is_short_name(body[0].text.strip()):
        credits.append(body.pop(0))
    while len(body) > 1:
        text = body[-1].text
        short = len(han(text)) <= 4 and names_of_credit(text, role_needed=False)
        if is_signoff(text):
            signoffs.append(body.pop())
        elif short or _is_name_line(text):
            credits.append(body.pop())
        else:
            break
    return body, credits, signoffs


def _is_title(text: str) -> bool:
    return 0 < len(han(text)) <= MAX_CROSSHEAD and not ends_sentence(text)


def _is_name_line(text: str) -> bool:
    """Whether a line of its own is a credit, also one of names alone as print sets them: 陈 默."""
    if is_credit(text) or is_pen_name(text):
        return True
    marked = text.strip()[:1] in _CREDIT_MARKS or " " in text.strip()
    return marked and len(text) <= MAX_NAME_LINE and bool(names_of_credit(text, role_needed=False))


def _with_crossheads(pieces: list[Piece]) -> tuple[list[Piece], frozenset[int]]:
    """The text and its crossheads: short lines over longer paragraphs, unless most are short."""
    body = [piece.with_text(piece.text.lstrip().lstrip(BULLETS)) for piece in pieces]
    short = [_looks_like_crosshead(body, at) for at in range(len(body))]
    if sum(short) > MAX_SHORT_SHARE * len(body):
        return pieces, frozenset()
    return body, frozenset(piece.order for piece, so in zip(body, short, strict=True) if so)


def _looks_like_crosshead(body: list[Piece], at: int) -> bool:
    if at + 1 >= len(body):
        return False
    text, below = body[at].text, body[at + 1].text
    return _is_title(text) and ends_sentence(below) and len(han(below)) > len(han(text))


def with_pages_of_rests(drafts: Sequence[Draft]) -> list[Draft]:
    """Let the story that a rest belongs to name its page, where its jump line was lost.

    A jump line that ends up in another story, for it stands in a box, is that story's no more where
    a third one of the page is headed as the rest is.
    """
    named = [*drafts]
    for rest in [draft for draft in drafts if draft.back][:MAX_RESTED]:
        on_page = [d for d in named if d.page == rest.back and not d.back and d.body]
        title = " ".join(piece.text for piece in rest.heads)
        alike = [
            draft
            for draft in on_page
            if any(overlap(title, head.text) >= SAME_TITLE for head in draft.heads[:MAX_RESTED])
        ]
        naming = [draft for draft in on_page if draft.onward == rest.page]
        cut = [] if naming else [d for d in on_page if not ends_sentence(d.body[-1].text)]
        owner = (alike or (cut if len(cut) == 1 else []))[:1]
        if not owner or owner[0].onward or len(naming) > 1:
            continue
        turned = {id(draft): None for draft in naming} | {id(owner[0]): rest.page}
        named = [replace(d, onward=turned.get(id(d), d.onward)) for d in named]
    return named


SAME_HEADING = 0.5
MAX_JUMPS, MAX_PAIRS, MAX_HEADS = 300, 2_000, 6
"""No issue has so many stories that jump, nor so many pairs that fit by their pages (one of 40 has
about 60); so many headings above a text are compared."""


def join_jumps(drafts: Sequence[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story.

    Where several stories jump to one page, the pair that fits best is joined first.
    """
    jumping = [draft for draft in drafts if not draft.back and draft.onward][:MAX_JUMPS]
    rests = [draft for draft in drafts if draft.back][:MAX_JUMPS]
    free = [draft for draft in jumping if not _has_its_rest(draft)]
    pairs = [(story, rest) for rest in rests for story in free if _may_belong(story, rest)]
    pairs = pairs[:MAX_PAIRS]
    fits = [(_fit(story, rest), (story, rest)) for story, rest in pairs]
    fits.sort(key=lambda row: -row[0])
    rest_of: dict[int, Draft] = {}
    taken: set[int] = set()
    for _, (story, rest) in fits:
        if id(story) not in rest_of and id(rest) not in taken:
            rest_of[id(story)] = rest
            taken.add(id(rest))
    return [
        _with_rest(draft, rest_of[id(draft)]) if id(draft) in rest_of else draft
        for draft in drafts
        if id(draft) not in taken
    ]


def _may_belong(story: Draft, rest: Draft) -> bool:
    """Whether the two ends name each other; where a page is misnumbered, one of them must."""
    if story.page >= rest.page:
        return False
    return story.onward == rest.page or story.page == rest.back


def _has_its_rest(story: Draft) -> bool:
    return any(piece.page != story.page for piece in story.body)


_pairs_of = lru_cache(maxsize=1024)(bigrams)


def _fit(story: Draft, rest: Draft) -> float:
    """How well a rest fits a story: by heading, page, the word cut in two, and wording."""
    last, first = story.body[-1].text, rest.body[0].text if rest.body else ""
    heads, others = (" ".join(head.text for head in draft.heads) for draft in (story, rest))
    text, more = (" ".join(piece.text for piece in draft.body) for draft in (story, rest))
    wording = _pairs_of(more)
    # A text that starts in mid-sentence wants one that stops there, and the other way round.
    midway = bool(rest.body) and rest.body[0].opens is False
    return (
        3 * _same_heading(story, rest)
        + 2 * (story.onward == rest.page)
        + (story.page == rest.back)
        + bool(parted_word(last, first))
        + 0.5 * (midway != story.body[-1].facts.ends_sentence)
        + shared_with(others, _pairs_of(text))
        + (len(wording & _pairs_of(heads + text[:400])) / len(wording) if wording else 0.0)
    )


def _same_heading(story: Draft, rest: Draft) -> float:
    mine, others = story.heads[-MAX_HEADS:], rest.heads[-MAX_HEADS:]
    pairs = ((head.text, other.text) for head in others for other in mine)
    return max((min(1.0, overlap(a, b) + overlap(b, a)) for a, b in pairs), default=0.0)


def _with_rest(story: Draft, rest: Draft) -> Draft:
    """Both as one: a heading that repeats the story's is not spoken, any other is a crosshead."""
    body, repeats, crossheads = story.body, story.repeats, story.crossheads | rest.crossheads
    if _same_heading(story, rest) >= SAME_HEADING or len(rest.heads) > 1:
        repeats += rest.heads
    else:
        crossheads |= {head.order for head in rest.heads}
        body += rest.heads
    more = rest.body
    if more and not body[-1].facts.ends_sentence:
        more = (replace(more[0], opens=False), *more[1:])  # the page turn cut the paragraph
    return replace(
        story,
        body=body + more,
        repeats=repeats,
        crossheads=crossheads,
        credits=story.credits + rest.credits,
        signoffs=story.signoffs + rest.signoffs,
    )


def _site_masthead(facts: _SiteFacts, date: str) -> Masthead:
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
