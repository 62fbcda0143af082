"""From pages to the issue: the whole of reading, step by step."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.doubts import doubts_of
from qjaudio.paper.drafts import (
    BULLETS,
    DATE_ALONE,
    NOTE,
    Draft,
    Remains,
    is_short_name,
    sort_pieces,
)
from qjaudio.paper.entries import drafts_of_entries, join_jumps, with_pages_of_rests
from qjaudio.paper.headline import Evidence, headline_of
from qjaudio.paper.lines import (
    NAME_MARKS,
    Credit,
    bare_names,
    has_closing,
    is_signoff,
    names_of_credit,
    read_masthead,
    sections_of,
    signoff_name,
    take_closing,
    take_name,
    take_opening,
    take_signoff,
)
from qjaudio.paper.model import (
    Article,
    Crosshead,
    Issue,
    LayoutLine,
    LeftOut,
    Masthead,
    Page,
    Repair,
    has_places,
    is_marked,
)
from qjaudio.paper.pieces import Paragraph, Piece, has_indents, paragraphs_of, pieces_of
from qjaudio.paper.sentences import sentences
from qjaudio.paper.stories import join_parted, leave_adverts, merge_crossheads
from qjaudio.paper.text import (
    NO_TEXT,
    RADICALS,
    TAIL,
    PageText,
    Span,
    close_up,
    close_up_heading,
    compact,
    ends_sentence,
    full_width,
    han,
    has_box,
    join_texts,
    place_lines,
    shortened,
)
from qjaudio.paper.words import PageWordings, author_of, is_pen_name, repair_end, repair_slips

MAX_NAME = 12
"""Characters of the longest line that may be the name of the paper."""
MIN_HAN_SHARE = 0.5
MAX_FOREIGN_SHARE = 0.05
"""Of the letters: a Chinese paper has at least so many Han characters, at most so much kana."""
_NAME_WORDS = re.compile("今日|日报|晚报|时报|周报|早报|新闻|报$")
_NEWS = re.compile(r"\d{1,2}月\d{1,2}日|日前|近日|连日来|今年以来|记者|昨天|昨日")
_FOREIGN = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")


def read_issue(pages: Iterable[Page], *, date: str = "") -> Issue:
    """Turn pages into the issue: masthead, articles in the order of the page, and what is left out.

    Every Han character of the pages goes to one place: a headline, a paragraph, a crosshead, a
    byline, a sign-off or `left_out`, and each of these texts knows its spans on the page.
    Characters that are changed are listed in `repairs`. `date` (ISO 8601) stands in where the pages
    print none.

    Raises:
        NotAnIssueError: the pages hold no article, or are no newspaper.
    """
    given = tuple(pages)
    pages = in_reading_order(given)
    marked = is_marked(pages)
    if marked:
        masthead, parts, remains = drafts_of_entries(pages, date=date)
        parts, adverts = leave_adverts(parts, remains.rows)
        remains.rows += adverts.rows
        drafts = join_jumps(with_pages_of_rests(parts))
        evidence, sections = Evidence(PageWordings()), dict[int, str]()
        typeset, evidence.wording.typeset = set[int](), {page.number for page in pages}
    else:
        pieces = pieces_of(pages)
        indents = has_indents(pieces)
        masthead, sections, rest, names = _take_masthead(pieces, pages)
        found = sort_pieces(rest)
        several = len(found.drafts) > 1
        stories = join_parted(found.drafts) if several else found.drafts
        stories, adverts = leave_adverts(stories, found.remains.rows)
        remains = Remains([*found.remains.rows])
        for piece in names:
            remains.add(piece, "masthead")
        remains.rows += adverts.rows
        drafts = join_jumps(with_pages_of_rests(merge_crossheads(stories))) if several else stories
        evidence = evidence_of(rest, found.debris, masthead.paper, indents=indents)
        evidence.wording.typeset = typeset = {page.number for page in pages if _is_typeset(page)}
    articles, repairs, rows = _articles(drafts, evidence)
    if not articles or not (marked or _is_newspaper(masthead, drafts, articles)):
        raise _no_article_error(marked=marked)
    issue = Issue(
        masthead=masthead if masthead.date else replace(masthead, date=date),
        articles=tuple(
            replace(article, section=sections.get(article.page, "")) for article in articles
        ),
        left_out=tuple(row for _, row in sorted(remains.rows + rows, key=lambda row: row[0])),
        repairs=tuple(repairs),
    )
    return replace(issue, doubts=doubts_of(issue, pages, given, typeset))


def _is_typeset(page: Page) -> bool:
    """Whether a page states the sizes of its type, as a PDF that was made from its text does."""
    rows = (line for block in page.blocks for line in block.lines)
    placed = [(x.text, x.box, x.size) for x in rows if x.box and x.size]
    if not placed:
        return False
    from qjaudio.paper.layout_lines import body_size, is_exact  # late: texts have none

    lines = [LayoutLine(PageText(text), box, size) for text, box, size in placed]
    return is_exact(lines, body_size(lines))


def evidence_of(
    pieces: Sequence[Piece], debris: Mapping[int, Sequence[str]], paper: str, *, indents: bool
) -> Evidence:
    """What all pieces of the issue, and the scattered characters of each page, can prove."""
    texts: dict[int, list[str]] = {}
    for piece in pieces:
        texts.setdefault(piece.page, []).append(str(piece.text))
    wording = PageWordings()
    wording.texts = texts
    return Evidence(wording, debris, indents, _NAME_WORDS.sub("", paper))


def in_reading_order(pages: Iterable[Page]) -> tuple[Page, ...]:
    """The pages with blocks in reading order, and lines whose text knows its place (`PageText`).

    Lines are counted as the source gave them.
    """
    pages = tuple(pages)
    counts: dict[int, int] = {}
    spans = []
    for page in pages:
        for line in (line for block in page.blocks for line in block.lines):
            number = counts[page.number] = counts.get(page.number, -1) + 1
            spans.append(Span(page.number, number, 0, len(line.text), line.box))
    texts = [line.text for page in pages for block in page.blocks for line in block.lines]
    every = [str(text).translate(RADICALS) for text in texts]
    placed = iter(place_lines(every, tuple(spans)))
    ordered = []
    for page in pages:
        blocks = tuple(
            replace(block, lines=tuple(replace(line, text=next(placed)) for line in block.lines))
            for block in page.blocks
        )
        ordered.append(replace(page, blocks=blocks))
    if not any(map(has_places, ordered)):
        return tuple(ordered)
    from qjaudio.paper.layout import arrange

    return tuple(map(arrange, ordered))


def _take_masthead(
    pieces: list[Piece], pages: tuple[Page, ...]
) -> tuple[Masthead, dict[int, str], list[Piece], list[Piece]]:
    """What masthead and folios say, the other pieces, and those that are only the paper's name."""
    lines, names = _name_lines(pieces)
    text = " ".join(piece.text for piece in pieces)
    spaced = "".join(piece.text for piece in names if len(piece.text) == 1)
    masthead = read_masthead(lines, [*(piece.text for piece in names), spaced], text)
    sections = sections_of(pages, masthead.paper)
    if not masthead.paper:
        return masthead, sections, pieces, []
    own = {piece.order for piece in names if piece.facts.compact == masthead.paper}
    rest = [piece for piece in pieces if piece.order not in own]
    return masthead, sections, rest, [piece for piece in pieces if piece.order in own]


def _name_lines(pieces: list[Piece]) -> tuple[list[str], list[Piece]]:
    """The lines with facts of the masthead, and the short lines that may be the paper's name."""
    facts: list[str] = []
    names: list[Piece] = []
    text_began, before = False, None
    first = pieces[0].page if pieces else 0
    for piece in pieces:
        signed = text_began and before and is_signoff(before.text)
        before = piece
        if piece.kind == "tool" or (signed and DATE_ALONE.fullmatch(piece.facts.compact)):
            continue  # the date of a letter or a notice is not the paper's
        if piece.facts.kind in {"masthead", "folio"} or piece.kind == "masthead":
            facts.append(piece.text)
            names.append(piece)
        elif piece.page == first and not text_began:
            if len(piece.facts.compact) <= MAX_NAME:
                names.append(piece)
            text_began = piece.level == 0 and piece.facts.han_count > 60
    return facts, names


def _articles(
    drafts: Sequence[Draft], evidence: Evidence
) -> tuple[list[Article], list[Repair], list[tuple[int, LeftOut]]]:
    """The articles of drafts, what was changed in them, and what of the drafts is left out."""
    articles: list[Article] = []
    repairs: list[Repair] = []
    remains, known = Remains(), set[tuple[str, ...]]()
    for draft in drafts:
        if draft.marked and draft.back and not any(han(piece.text) for piece in draft.heads):
            # The rest of a story whose beginning is not here.
            for piece in (*draft.heads, *draft.body, *draft.credits, *draft.signoffs):
                remains.add(piece, "rest")
            continue
        article, changes, rows = article_of(draft, evidence)
        printed = draft.marked or has_box(draft.body[0].text)
        said = (article.headline.main, *article.paragraphs) if article and not printed else ()
        if said and said in known:  # a program has read it twice
            for piece in (*draft.heads, *draft.body, *draft.credits, *draft.signoffs):
                remains.add(piece, "duplicate")
            continue
        known.add(said)
        repairs += changes
        remains.rows += rows
        if article:
            articles.append(article)
    return articles, repairs, remains.rows


def _is_newspaper(masthead: Masthead, drafts: Sequence[Draft], articles: Sequence[Article]) -> bool:
    """Whether the pages show any sign of a Chinese newspaper: masthead, bylines, headed news."""
    body = [piece for draft in drafts for piece in draft.body]
    text = "".join(piece.text for piece in body)
    letters = sum(map(str.isalpha, text))
    if len(_FOREIGN.findall(text)) > MAX_FOREIGN_SHARE * letters:
        return False
    if sum(piece.facts.han_count for piece in body) < MIN_HAN_SHARE * letters:
        return False
    if masthead.date or masthead.issue_number or masthead.publisher:
        return True
    if any(article.dateline or article.byline or article.signoff for article in articles):
        return True
    headed = [draft for draft in drafts if draft.heads]
    begin = (" ".join(piece.text for piece in draft.body[:200])[:200] for draft in headed)
    return any(map(_NEWS.search, begin))


def _no_article_error(*, marked: bool) -> NotAnIssueError:
    if marked:
        return NotAnIssueError(
            "no article found on the pages of this site",
            hint="check the address in a browser, or give the pages as files",
        )
    return NotAnIssueError(
        "no article found: this does not read like a page of a Chinese newspaper",
        hint="give the text of the day's pages, with headlines and datelines as printed",
    )


SHORT_LEAD = 60
"""A first paragraph of fewer Han characters only sets the scene: the next belongs to the lead."""


@dataclass(slots=True)
class _Making:
    """An article while it is put together."""

    draft: Draft
    evidence: Evidence
    remains: Remains = field(default_factory=Remains)
    paragraphs: list[Paragraph] = field(default_factory=list)
    crossheads: list[tuple[int, Piece]] = field(default_factory=list)
    names: dict[PageText, None] = field(default_factory=dict)
    """In the order of print, each once."""
    dateline: PageText = NO_TEXT
    signoff: PageText = NO_TEXT
    repairs: list[Repair] = field(default_factory=list)

    def leave(self, paragraph: Paragraph, kind: str, text: PageText) -> None:
        """Leave out a part of a paragraph."""
        if text.strip():
            row = LeftOut(text=text, kind=kind, page=paragraph.page)
            self.remains.rows.append((paragraph.order, row))

    def credit(self, credit: Credit, at: Paragraph) -> None:
        """Note the names of a credit; what is left of its wording is left out."""
        rest = credit.printed
        for name in credit.names:
            if name not in self.names:
                found, rest = take_name(rest, name)
                self.names[found] = None
        if not self.draft.marked or any(map(str.isalnum, rest)):
            self.leave(at, "byline", shortened(rest, compact(rest)))


def article_of(
    draft: Draft, evidence: Evidence
) -> tuple[Article | None, list[Repair], list[tuple[int, LeftOut]]]:
    """Make the article of a draft, None where no text is left in it; repairs; what is left out."""
    making = _Making(draft, evidence)
    _gather(making)
    _credits(making)
    if draft.back and not draft.marked:
        _orphan_start(making)
    texts, lines = _paragraph_texts(making)
    headline, changes, untaken = headline_of(draft, texts, evidence)
    making.repairs += changes
    making.remains.rows += untaken.rows
    for piece in draft.repeats:
        making.remains.add(piece, "banner")
    if not texts:
        for text in filter(None, (*making.names, making.signoff)):
            making.leave(_line_of(draft.body[0]), "byline", text)
        for _, piece in making.crossheads:
            making.remains.add(piece, "banner")
        return None, making.repairs, making.remains.rows
    article = Article(
        headline=headline,
        paragraphs=tuple(texts),
        page=draft.page,
        continues_on=draft.onward,
        dateline=making.dateline,
        byline=tuple(making.names),
        signoff=making.signoff,
        crossheads=tuple(
            Crosshead(before=lines[before], text=full_width(close_up_heading(piece.text)))
            for before, piece in making.crossheads
        ),
        lead_count=lead_count_of(texts),
    )
    where = headline.main
    repairs = [replace(repair, where=f"{where}: {repair.where}") for repair in making.repairs]
    return article, repairs, making.remains.rows


def lead_count_of(paragraphs: Sequence[str]) -> int:
    """How many paragraphs are the lead: a short first one takes the second along."""
    return 2 if len(paragraphs) > 1 and len(han(paragraphs[0])) < SHORT_LEAD else 1


def _gather(making: _Making) -> None:
    """Put the paragraphs between crossheads together."""
    run: list[Piece] = []
    for piece in [*making.draft.body, None]:
        if piece is not None and piece.order not in making.draft.crossheads:
            run.append(piece)
            continue
        marked = making.draft.marked
        for paragraph in paragraphs_of(run, indents=making.evidence.indents, marked=marked):
            making.paragraphs += [paragraph] if marked else _items(paragraph)
        run = []
        if piece is not None:
            making.crossheads.append((len(making.paragraphs), piece))


_ITEM = re.compile(rf"\s*([{re.escape(BULLETS)}])\s*")


def _items(paragraph: Paragraph) -> list[Paragraph]:
    """The brief items (◆…) inside a paragraph."""
    starts = [0]
    for at, char in enumerate(paragraph.text):
        if not at or char not in BULLETS:
            continue
        before = paragraph.text[max(0, at - TAIL) : at].rstrip()
        if ends_sentence(before) or before.endswith(("）", ")")):
            starts.append(at)
    if len(starts) == 1:
        return [paragraph]
    ends = [*starts[1:], len(paragraph.text)]
    return [
        replace(paragraph, text=paragraph.text[start:end].strip())
        for start, end in zip(starts, ends, strict=True)
    ]


def _credits(making: _Making) -> None:
    """Take datelines, names and sign-offs off the text, and add those of lines of their own."""
    if not making.paragraphs:
        return
    noted = len(making.paragraphs) > 1 and bool(NOTE.match(making.paragraphs[0].text))
    _opening(making, int(noted))
    for at, paragraph in enumerate(making.paragraphs):
        last = at == len(making.paragraphs) - 1
        item = not making.draft.marked and _ITEM.match(paragraph.text)
        if item:
            _opening(making, at)
            paragraph = making.paragraphs[at]  # noqa: PLW2901
        ends = last or item
        if ends and has_closing(paragraph.text, paragraph.last_line):
            making.paragraphs[at] = _closing(making, paragraph)
    for piece in making.draft.signoffs:
        _sign(making, piece.text, _line_of(piece))
    _lines_of_credit(making)


def _opening(making: _Making, at: int) -> None:
    """Take dateline and reporters off the start of a paragraph, behind the mark of a brief item."""
    paragraph = making.paragraphs[at]
    item = None if making.draft.marked else _ITEM.match(paragraph.text)
    opening = take_opening(paragraph.text[item.end() :] if item else paragraph.text)
    if opening.printed:
        making.dateline = making.dateline or opening.dateline
        making.credit(opening, paragraph)
        mark = paragraph.text[item.start(1) : item.end(1)] if item else ""
        making.paragraphs[at] = replace(paragraph, text=mark + opening.text)


def _line_of(piece: Piece) -> Paragraph:
    return Paragraph(piece.text, None, piece.text, piece.order, piece.page)


def _lines_of_credit(making: _Making) -> None:
    marked = making.draft.marked
    for piece in making.draft.credits:
        names = names_of_credit(piece.text, role_needed=not marked)
        bare = piece.text.strip("（）() —－-" + NAME_MARKS)
        bracketed = piece.text.strip()[:1] in "（("
        author = author_of(bare)
        names = names or author or ()
        if author is None and (
            piece.kind in ("byline", "deck")
            or bracketed
            or is_pen_name(bare)
            or is_short_name(bare)
        ):
            names = names or bare_names(bare)  # whatever the family names
        photo = "摄" in piece.text[-3:] and not (marked and "文" in piece.text)
        if making.names and photo and piece.kind != "byline":
            # Who took the photo, not who wrote the story.
            making.leave(_line_of(piece), "caption", piece.text)
        else:
            making.credit(Credit(PageText(), names, printed=piece.text), _line_of(piece))


def _closing(making: _Making, paragraph: Paragraph) -> Paragraph:
    """Take sign-off and credit off the end of a paragraph, in whichever order they stand."""
    for _ in range(2):
        text, printed = take_signoff(paragraph.text, paragraph.last_line)
        if printed:
            _sign(making, printed, paragraph)
            # The name stands on a line of its own, so the line before it had to be full.
            paragraph = replace(paragraph, text=text, filled=True)
        closing = take_closing(paragraph.text)
        if not closing.printed:
            break
        making.credit(closing, paragraph)
        paragraph = replace(paragraph, text=closing.text)
    return paragraph


def _sign(making: _Making, printed: PageText, at: Paragraph) -> None:
    name = signoff_name(printed)
    if making.signoff and (not _ITEM.match(at.text) or name in making.signoff):
        making.leave(at, "byline", printed)
        return
    # Each item of a box of briefs may have its own.
    making.signoff = join_texts([making.signoff, "、", name]) if making.signoff else name
    making.leave(at, "byline", take_name(shortened(printed, han(printed)), han(name))[1])


def _orphan_start(making: _Making) -> None:
    """The rest of a story whose beginning is not here starts with its first whole sentence."""
    if not making.paragraphs or making.draft.body[0].opens is True:
        return
    first = making.paragraphs[0]
    end = len(next(iter(sentences(first.text)), ""))
    making.leave(first, "cut", first.text[:end])
    making.paragraphs[0] = replace(first, text=first.text[end:])


def _paragraph_texts(making: _Making) -> tuple[list[PageText], list[int]]:
    """The paragraphs as they are spoken, and the new number of each old one (for crossheads)."""
    texts: list[PageText] = []
    numbers: list[int] = []
    draft = making.draft
    pages = {piece.page for piece in draft.body}
    is_there = draft.onward in pages if draft.marked else bool(pages - {draft.page})
    joined = draft.onward is None or is_there
    for at, paragraph in enumerate(making.paragraphs):
        numbers.append(len(texts))
        last = at == len(making.paragraphs) - 1
        text = _paragraph_text(making, paragraph, len(texts), jumped=last and not joined)
        if han(text) or (draft.marked and any(map(str.isalnum, text))):
            texts.append(text)
        else:
            making.leave(paragraph, "mark", text)
    return texts, [*numbers, len(texts)]


def _paragraph_text(
    making: _Making, paragraph: Paragraph, number: int, *, jumped: bool
) -> PageText:
    """One paragraph with its marks, slips and end put right."""
    text = full_width(close_up(paragraph.text.lstrip().lstrip(BULLETS)))
    ends = ends_sentence(text)
    text = text.rstrip(BULLETS) if ends else text
    has_text, where = bool(han(text)), f"paragraph {number + 1}"
    if not making.draft.marked:
        wording = making.evidence.wording[paragraph.page]
        text, slips = repair_slips(text, wording, where)
        making.repairs += slips
    if ends or not has_text or paragraph.verse or (making.draft.marked and not jumped):
        return text
    end = repair_end(text, filled=paragraph.filled, jumped=jumped)
    if not end.evidence:
        return text
    making.leave(paragraph, "cut", end.cut)
    if end.text and not text.startswith(end.text):
        kept = end.text[-9:]
        making.repairs.append(
            Repair(where=where, before=kept[:-1], after=kept, evidence=end.evidence)
        )
    return end.text
