"""Pages of which the source knows every block: the entries of an e-paper become drafts of articles;
and the entries of packs of briefs in print.

Nothing is guessed of headlines and order of an e-paper here; only what print adds to an article
(datelines, names, jump lines, editors' lines) is told apart with the same grammar as everywhere.
Here too the rests of stories, of whatever source, are joined over the pages by their jump lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise

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
    opens_story,
    read_masthead,
    take_jumps,
)
from qjaudio.paper.model import LayoutLine, Masthead, Page
from qjaudio.paper.pieces import MAX_BOX_LABEL, ROOM_SIZES, Piece, is_byline, texts_of_blocks
from qjaudio.paper.text import (
    Box,
    PageText,
    bigrams,
    compact,
    ends_sentence,
    han,
    join_texts,
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


_RUN_IN = re.compile(r"[■●◆★□]([^。；！？（]{4,26}?)(?:\s+(本(?:报(?:讯.*)?)?|（.*))?")
_ENTRY = re.compile(
    r"[■●◆★□▲△▶◇○]?\s?【?([^，。；！？：（【】\s]{4,26}?)"
    r"(?:(?:】\s*|\s+|(?<=[”》])(?=\S*[，。]\S*$))(\S.*)|】)?"
)
_HEAD_END = re.compile(r"([^，。；！？：（【】\s]{1,8})(?:】\s*|\s+)(?=\S)")
ENTRY_SPACE, ENTRY_STEP = (0.6, 2.5), 2.6
"""Type sizes between a headline and its text on one line, and at most from line to line."""
OVER_COLUMNS = 6.0
"""So many type sizes under their first lines two columns show that they are two."""
MIN_RUN_IN = 2
"""So many headlines in the first lines of their text show that the page sets briefs so."""


def with_run_in_heads(lines: list[LayoutLine], least: float) -> tuple[list[LayoutLine], list[Box]]:
    """Lines, the headlines of briefs apart that stand in the first line of their text, in type of
    at least `least`; and rules that part the briefs, which are as near as lines.
    """
    found = {id(line): m for line in lines if (m := _RUN_IN.fullmatch(line.text))}
    if sum(bool(match[2]) for match in found.values()) < MIN_RUN_IN:
        found = {}
    packs = _packs_of(lines, least)
    taken = {id(line) for entry in packs.values() for line in entry.lines}
    apart = [line for line in lines if id(line) not in found.keys() | taken]
    cuts: list[Box] = []
    for line in lines:
        match, entry = found.get(id(line)), packs.get(id(line))
        if match and not entry and id(line) not in taken:
            rest = line.text[match.start(2) :] if match[2] else ""
            entry = _RunIn((line,), line.text[match.start(1) : match.end(1)].strip(), rest)
        if not entry:
            continue
        last, size = entry.lines[-1], line.size
        right = max(one.box.right for one in entry.lines)
        left = line.box.left - (2 * size if entry.indented else 0)  # where its text begins
        cuts.append(Box(left, line.box.top - 0.1, right, line.box.top - 0.1))
        top, bottom = (y - 0.3 * size for y in (line.box.top, line.box.bottom))
        raised = replace(line.box, top=top, bottom=bottom)
        apart.append(LayoutLine(entry.head, raised, max(size, least)))
        if entry.rest:
            first = replace(last.box, left=min(left + 2 * size, last.box.right - 1))
            apart.append(replace(last, text=PageText(entry.rest), box=first))
    return apart, cuts


@dataclass(frozen=True, slots=True)
class _RunIn:
    """A headline that stands in the first line of its text."""

    lines: tuple[LayoutLine, ...]
    """The line in which both stand; two if a wide space parts them, or the headline takes two."""
    head: PageText
    rest: PageText | str = ""
    """The text behind it."""
    indented: bool = False
    """Whether it is set in from its text as a paragraph is."""

    @property
    def marked(self) -> bool:
        """Whether a mark stands before it."""
        return self.lines[0].text[:1] != self.head[:1]


def _packs_of(lines: list[LayoutLine], least: float) -> dict[int, _RunIn]:
    """By their first lines, the entries of packs of briefs, each of which begins with its headline
    and a wide space: no paragraph of their column begins without."""
    entries = {id(line): entry for line in lines if (entry := _run_in(line, lines))}
    found = dict[int, _RunIn]()
    for first in sorted(lines, key=lambda line: line.box.top):
        if id(first) in entries and id(first) not in found:
            pack = _pack_from(first, lines, entries)
            if any(x.rest for x in pack) and not _is_headed(first, lines, least):
                found |= {id(entry.lines[0]): entry for entry in pack}
    return found


def _run_in(line: LayoutLine, lines: list[LayoutLine]) -> _RunIn | None:
    """The headline, a few words without a mark of a sentence, and what a wide space parts from it
    on its line, if anything does."""
    match = _ENTRY.fullmatch(line.text)
    if not match or opens_story(line.text) or is_byline(line):
        return None
    head = line.text[match.start(1) : match.end(1)]
    if match[2]:
        return _RunIn((line,), head, line.text[match.start(2) :])
    low, high = (x * line.size for x in ENTRY_SPACE)
    for one in (x for x in lines if abs(x.box.top - line.box.top) < 0.2 * line.size):
        near = low < one.box.left - line.box.right < high
        if near and _is_alike(one, line) and not _is_over_columns(line, one, lines):
            return _RunIn((line, one), head, one.text)
    return _RunIn((line,), head)


def _is_over_columns(left: LayoutLine, right: LayoutLine, lines: list[LayoutLine]) -> bool:
    """Whether two lines side by side are of two columns: below stand others so, where the right one
    begins, and the left one has a mark of a sentence."""
    near = [x for x in lines if 0 < x.box.top - left.box.top < OVER_COLUMNS * left.size]
    under = [x.box for x in near if abs(x.box.left - right.box.left) < 0.3 * left.size]
    beside = [x for x in near if left.box.left < x.box.right < right.box.left]
    text = [x.box for x in beside if "，" in x.text or "。" in x.text]
    return any(x.shared_height(y) > 0.5 * x.height for x in text for y in under)


def _is_alike(one: LayoutLine, other: LayoutLine) -> bool:
    return abs(one.size - other.size) < 0.02 * other.size


def _pack_from(
    first: LayoutLine, lines: list[LayoutLine], entries: dict[int, _RunIn]
) -> list[_RunIn]:
    """The entries of which a column consists from a line on; none if a paragraph has no headline,
    or there is but one."""
    size = first.size

    def edge(line: LayoutLine) -> float:
        return line.box.left / size - 0.5 * (line.text[0] in "（“《【")  # of its square

    def shift(line: LayoutLine) -> float:
        return edge(line) - edge(first)

    near = (x for x in lines if _is_alike(x, first) and abs(shift(x)) < 2.6)
    column = sorted(near, key=lambda line: line.box.top)
    steps = [low.box.top - up.box.top for up, low in pairwise(column)]
    ends = [n for n, step in enumerate(steps, 1) if step > ENTRY_STEP * size]
    at = column.index(first)
    if at and at not in ends:
        return []  # a text is above
    column = column[at : next((n for n in ends if n > at), None)]
    held = [entries.get(id(x), _RunIn((x,), x.text)) for x in column]
    right = max(line.box.right for entry in held for line in entry.lines)
    flush = {round(shift(x)) for x in column} - {0}  # what is further left than the headlines
    pack = list[_RunIn]()
    for n, line in enumerate(column):
        last = held[n - 1].lines[-1]
        text, short = last.text.rstrip(), last.box.right < right - ROOM_SIZES * size
        ended = not n or ends_sentence(text) or text.endswith(("）", ")"))
        full = held[n].lines[-1].box.right > right - ROOM_SIZES * size
        alone = held[n].marked or (full and (short or not n) and not any(x.marked for x in pack))
        if ended and id(line) in entries and abs(shift(line)) < 0.3 and (held[n].rest or alone):
            pack.append(_with_next(held[n], held[n + 1 : n + 2] if full else []))
        elif (flush and abs(shift(line)) < 0.3) or (ended and short):
            return []
    if len(pack) < MIN_RUN_IN or not flush <= {-2}:
        return []
    return [replace(entry, indented=bool(flush)) for entry in pack]


def _with_next(entry: _RunIn, after: list[_RunIn]) -> _RunIn:
    """An entry whose headline is longer than its line, with the end of it on the next."""
    for last in after:
        if not entry.rest and (match := _HEAD_END.match(last.lines[0].text)):
            line = last.lines[0]
            head = join_texts((entry.head, line.text[: match.end(1)]))
            return _RunIn((*entry.lines, line), head, line.text[match.end() :])
    return entry


def _is_headed(first: LayoutLine, lines: list[LayoutLine], least: float) -> bool:
    """Whether a headline, which is longer than a label, stands right over a line: what begins the
    paragraphs of its text are crossheads."""
    box = first.box
    over = (x for x in lines if 0 < box.top - x.box.bottom < ENTRY_STEP * first.size)
    heads = (x for x in over if x.size >= least and x.box.shared_width(box) > 0)
    return any(len(han(x.text)) > MAX_BOX_LABEL for x in heads)
