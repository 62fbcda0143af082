"""From a draft to the article: credits taken off, text put in order, headings told apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qjaudio.paper.byline import (
    Credit,
    bare_names,
    names_of_credit,
    signoff_name,
    take_closing,
    take_name,
    take_opening,
    take_signoff,
)
from qjaudio.paper.characters import (
    TAIL,
    close_up,
    close_up_heading,
    compact,
    ends_sentence,
    full_width,
    han,
)
from qjaudio.paper.drafts import BULLETS, Draft, Evidence, Remains
from qjaudio.paper.headline import headline_of
from qjaudio.paper.model import Article, Crosshead, LeftOut, Repair
from qjaudio.paper.pieces import Paragraph, Piece, paragraphs_of
from qjaudio.paper.repair import repair_end, repair_slips
from qjaudio.paper.sentences import sentences
from qjaudio.paper.words import NO_WORDING
from qjaudio.provenance import NO_TEXT, PageText, shortened

SHORT_LEAD = 60
"""A first paragraph of fewer Han characters only sets the scene: the next belongs to the lead."""


@dataclass(slots=True)
class Making:
    """An article while it is put together."""

    draft: Draft
    remains: Remains
    evidence: Evidence
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
        if not self.draft.told or any(map(str.isalnum, rest)):
            self.leave(at, "byline", shortened(rest, compact(rest)))


def article_of(
    draft: Draft, remains: Remains, evidence: Evidence
) -> tuple[Article | None, list[Repair]]:
    """Make the article of a draft; None where no text is left in it."""
    making = Making(draft, remains, evidence)
    _gather(making)
    _credits(making)
    if draft.back and not draft.told:
        _orphan_start(making)
    texts, lines = _paragraph_texts(making)
    headline, changes = headline_of(draft, texts, evidence, remains)
    making.repairs += changes
    for piece in draft.repeats:
        remains.add(piece, "banner")
    if not texts:
        for text in (*making.names, making.signoff):
            making.leave(_line_of(draft.body[0]), "byline", text)
        for _, piece in making.crossheads:
            remains.add(piece, "banner")
        return None, making.repairs
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
    return article, [replace(repair, where=f"{where}: {repair.where}") for repair in making.repairs]


def lead_count_of(paragraphs: Sequence[str]) -> int:
    """How many paragraphs are the lead: a short first one takes the second along."""
    return 2 if len(paragraphs) > 1 and len(han(paragraphs[0])) < SHORT_LEAD else 1


def _gather(making: Making) -> None:
    """Put the paragraphs between crossheads together."""
    run: list[Piece] = []
    for piece in [*making.draft.body, None]:
        if piece is not None and piece.order not in making.draft.crossheads:
            run.append(piece)
            continue
        told = making.draft.told
        for paragraph in paragraphs_of(run, indents=making.evidence.indents, told=told):
            making.paragraphs += [paragraph] if told else _items(paragraph)
        run = []
        if piece is not None:
            making.crossheads.append((len(making.paragraphs), piece))


def _items(paragraph: Paragraph) -> list[Paragraph]:
    """The brief items (◆…) inside a paragraph."""
    starts = [0]
    for at, char in enumerate(paragraph.text):
        if not at or char not in BULLETS:
            continue
        before = paragraph.text[max(0, at - TAIL) : at].rstrip()
        if ends_sentence(before) or before.endswith(("）", ")")):
            starts.append(at)
    ends = [*starts[1:], len(paragraph.text)]
    return [
        replace(paragraph, text=paragraph.text[start:end].strip())
        for start, end in zip(starts, ends, strict=True)
    ]


def _credits(making: Making) -> None:
    """Take datelines, names and sign-offs off the text, and add those of lines of their own."""
    if not making.paragraphs:
        return
    first = making.paragraphs[0]
    opening = take_opening(first.text.lstrip())
    if opening.printed:
        making.dateline = opening.dateline
        making.credit(opening, first)
        making.paragraphs[0] = replace(first, text=opening.text)
    for at, paragraph in enumerate(making.paragraphs):
        last = at == len(making.paragraphs) - 1
        if last or (not making.draft.told and paragraph.text.lstrip()[:1] in BULLETS):
            making.paragraphs[at] = _closing(making, paragraph)
    for piece in making.draft.signoffs:
        _sign(making, piece.text, _line_of(piece))
    _lines_of_credit(making)


def _line_of(piece: Piece) -> Paragraph:
    return Paragraph(piece.text, None, piece.text, piece.order, piece.page)


def _lines_of_credit(making: Making) -> None:
    told = making.draft.told
    for piece in making.draft.credits:
        names = names_of_credit(piece.text, role_needed=not told)
        if piece.kind == "byline":  # the field of the author: whatever the family names
            names = names or bare_names(piece.text)
        photo = "摄" in piece.text[-3:] and not (told and "文" in piece.text)
        if making.names and photo and piece.kind != "byline":
            # Who took the photo, not who wrote the story.
            making.leave(_line_of(piece), "caption", piece.text)
        else:
            making.credit(Credit(PageText(), names, printed=piece.text), _line_of(piece))


def _closing(making: Making, paragraph: Paragraph) -> Paragraph:
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


def _sign(making: Making, printed: PageText, at: Paragraph) -> None:
    if making.signoff:
        making.leave(at, "byline", printed)
        return
    making.signoff = signoff_name(printed)
    making.leave(at, "byline", take_name(shortened(printed, han(printed)), han(making.signoff))[1])


def _orphan_start(making: Making) -> None:
    """The rest of a story whose beginning is not here starts with its first whole sentence."""
    if not making.paragraphs or making.draft.body[0].opens is True:
        return
    first = making.paragraphs[0]
    end = len(next(iter(sentences(first.text)), ""))
    making.leave(first, "cut", first.text[:end])
    making.paragraphs[0] = replace(first, text=first.text[end:])


def _paragraph_texts(making: Making) -> tuple[list[PageText], list[int]]:
    """The paragraphs as they are spoken, and the new number of each old one (for crossheads)."""
    texts: list[PageText] = []
    numbers: list[int] = []
    draft = making.draft
    goes_on = (
        (piece.page == draft.onward) if draft.told else (piece.page != draft.page)
        for piece in draft.body
    )
    joined = draft.onward is None or any(goes_on)
    for at, paragraph in enumerate(making.paragraphs):
        numbers.append(len(texts))
        last = at == len(making.paragraphs) - 1
        text = _paragraph_text(making, paragraph, len(texts), jumped=last and not joined)
        if han(text) or (draft.told and any(map(str.isalnum, text))):
            texts.append(text)
        else:
            making.leave(paragraph, "mark", text)
    return texts, [*numbers, len(texts)]


def _paragraph_text(making: Making, paragraph: Paragraph, number: int, *, jumped: bool) -> PageText:
    """One paragraph with its marks, slips and end put right."""
    text = full_width(close_up(paragraph.text.lstrip().lstrip(BULLETS)))
    where = f"paragraph {number + 1}"
    if not making.draft.told:
        wording = making.evidence.wording.get(paragraph.page, NO_WORDING)
        text, slips = repair_slips(text, wording, where)
        making.repairs += slips
    if not han(text) or (making.draft.told and not jumped):
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
