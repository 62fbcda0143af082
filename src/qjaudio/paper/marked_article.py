"""One entry of an e-paper as the article: names, dateline and editors' lines taken off its text."""

from dataclasses import dataclass, field, replace

from qjaudio.paper.article import lead_count_of
from qjaudio.paper.byline import (
    Credit,
    is_credit,
    is_signoff,
    name_of,
    names_in,
    names_of_credit,
    take_closing,
    take_opening,
    take_signoff,
)
from qjaudio.paper.characters import ends_sentence, han, letters
from qjaudio.paper.drafts import BULLETS, Draft, Remains
from qjaudio.paper.furniture import kind_of
from qjaudio.paper.joining import MAX_CROSSHEAD
from qjaudio.paper.model import Article, Crosshead, Headline
from qjaudio.paper.pieces import Piece
from qjaudio.paper.punctuation import close_up, close_up_heading, full_width
from qjaudio.paper.repair import mend_end

_CREDIT_MARKS = "□■◎●○◆"
_FURNITURE = ("editors", "folio", "mark")
_MIN_STORY = 20
"""Han characters of the shortest caption that is the whole story of a photo."""


@dataclass(slots=True)
class Entry:
    """What a site gives as one article."""

    page: int
    main: Piece
    beside: list[tuple[str, Piece]] = field(default_factory=list)
    """Kickers, decks, bylines and captions, with their kind."""
    body: list[Piece] = field(default_factory=list)
    onward: int | None = None
    back: int | None = None

    @property
    def text(self) -> str:
        """The text of its body."""
        return " ".join(piece.text for piece in self.body)

    def add(self, kind: str, piece: Piece) -> None:
        """Take up a block of the entry."""
        if kind == "body":
            self.body.append(piece)
        else:
            self.beside.append((kind, piece))

    def of(self, kind: str) -> list[Piece]:
        """Its pieces of one kind, such as `kicker`."""
        return [piece for own, piece in self.beside if own == kind]

    def use_caption(self) -> None:
        """Where a photo is the whole story, its words are the text."""
        words = [piece for piece in self.of("caption") if len(han(piece.text)) >= _MIN_STORY]
        if not self.body and words:
            self.body = words
            self.beside = [(kind, piece) for kind, piece in self.beside if piece not in words]

    def draft(self) -> Draft:
        """The entry as a draft, to be joined with its rest."""
        return Draft(
            page=self.page,
            heads=[self.main] if self.main.text else [],
            body=list(self.body),
            onward=self.onward,
            back=self.back,
        )

    def leave_all(self, remains: Remains, kind: str) -> None:
        """Leave the whole entry out."""
        for piece in (self.main, *(piece for _, piece in self.beside), *self.body):
            remains.add(piece, kind)


@dataclass(slots=True)
class _Making:
    """An article while it is put together."""

    remains: Remains
    paragraphs: list[Piece]
    names: dict[str, None] = field(default_factory=dict)
    """In the order of print, each once."""
    dateline: str = ""
    signoff: str = ""

    def credit(self, credit: Credit, at: Piece) -> None:
        """Note the names of a credit; what else it says is left out."""
        fresh = tuple(name for name in credit.names if name not in self.names)
        self.names |= dict.fromkeys(fresh)
        self._leave(at, replace(credit, names=fresh).rest)

    def _leave(self, at: Piece, text: str) -> None:
        if any(char.isalnum() for char in text):
            self.remains.add(at, "byline", text)

    def sign(self, printed: str, at: Piece) -> None:
        """Note the department that signs; a second one is left out."""
        name = name_of(printed)
        rest = printed if self.signoff else han(printed).replace(han(name), "", 1)
        self.signoff = self.signoff or name
        self._leave(at, rest)


def article_of_entry(entry: Entry, draft: Draft, remains: Remains) -> Article | None:
    """Make the article of an entry whose rest is already joined; None where no text is left."""
    making = _Making(remains, _paragraphs(draft))
    _drop_furniture(making, entry)
    _opening(making)
    _closing(making)
    _lines_of_credit(making, entry)
    _mend_jump(making, draft)
    texts, crossheads = _texts(making)
    for piece in (*entry.of("caption"), *draft.repeats):
        remains.add(piece, "caption" if piece not in draft.repeats else "banner")
    if not texts:
        return None
    return Article(
        headline=Headline(
            main=_heading(entry.main.text),
            kicker=" ".join(_heading(piece.text) for piece in entry.of("kicker")),
            deck=" ".join(_heading(piece.text) for piece in entry.of("deck")),
        ),
        paragraphs=tuple(texts),
        page=entry.page,
        continues_on=draft.onward,
        dateline=making.dateline,
        byline=tuple(making.names),
        signoff=making.signoff,
        crossheads=crossheads,
        lead_count=lead_count_of(texts),
    )


def _heading(text: str) -> str:
    return full_width(close_up_heading(text)) if text.strip() else ""


def _paragraphs(draft: Draft) -> list[Piece]:
    """The paragraphs; one that the page turn cut is put together again."""
    paragraphs: list[Piece] = []
    for piece in draft.body:
        before = paragraphs[-1] if paragraphs else None
        if before and before.page != piece.page and not ends_sentence(before.text):
            paragraphs[-1] = replace(piece, text=f"{before.text} {piece.text}")
        else:
            paragraphs.append(piece)
    return paragraphs


def _drop_furniture(making: _Making, entry: Entry) -> None:
    """Leave out editors' lines, captions, and headings that the body repeats at its top."""
    heads = {letters(piece.text) for piece in (entry.main, *entry.of("kicker"), *entry.of("deck"))}
    kept: list[Piece] = []
    for piece in making.paragraphs:
        kind = kind_of(piece.text)
        if len(kept) < 2 and letters(piece.text) in heads:
            making.remains.add(piece, "banner")
        elif kind in _FURNITURE or (kind == "caption" and len(making.paragraphs) > 1):
            making.remains.add(piece, kind)
        else:
            kept.append(piece)
    making.paragraphs = kept


def _is_name_line(text: str) -> bool:
    """Whether a line of its own is a credit, also one of names alone as print sets them: 陈 默."""
    if is_credit(text):
        return True
    marked = text.strip()[:1] in _CREDIT_MARKS + "（(" or " " in text.strip()
    return marked and len(text) <= 30 and bool(names_of_credit(text, role_needed=False))


def _opening(making: _Making) -> None:
    """Take the credits and the dateline off the top."""
    while len(making.paragraphs) > 1 and _is_name_line(making.paragraphs[0].text):
        _credit_line(making, making.paragraphs.pop(0))
    if not making.paragraphs:
        return
    first = making.paragraphs[0]
    opening = take_opening(first.text)
    if opening.printed:
        making.dateline = opening.dateline
        making.credit(opening, first)
        making.paragraphs[0] = replace(first, text=opening.text)
        if not opening.text.strip():
            making.paragraphs.pop(0)


def _closing(making: _Making) -> None:
    """Take credits and sign-offs off the end, in whichever order they stand."""
    for _ in range(4):
        if not making.paragraphs:
            return
        last = making.paragraphs[-1]
        alone = len(making.paragraphs) > 1
        if alone and is_signoff(last.text):
            making.sign(making.paragraphs.pop().text, last)
        elif alone and _is_last_credit(last.text):
            _credit_line(making, making.paragraphs.pop())
        elif not _cut_end(making, last):
            return


def _is_last_credit(text: str) -> bool:
    if _is_name_line(text):
        return True
    return len(han(text)) <= 4 and bool(names_of_credit(text, role_needed=False))


def _credit_line(making: _Making, line: Piece) -> None:
    """Note a line of names; who took the photo is left out where the writers are known."""
    if making.names and "摄" in line.text[-4:] and "文" not in line.text:
        making.remains.add(line, "caption")
    else:
        names = names_of_credit(line.text, role_needed=False)
        making.credit(Credit("", names, "", line.text), line)


def _cut_end(making: _Making, last: Piece) -> bool:
    """Take a sign-off or credit off the end of the last paragraph."""
    text, printed = take_signoff(last.text, "")
    if printed:
        making.sign(printed, last)
    else:
        closing = take_closing(last.text)
        text, printed = closing.text, closing.printed
        if printed:
            making.credit(closing, last)
    if printed:
        making.paragraphs[-1] = replace(last, text=text)
    return bool(printed)


def _lines_of_credit(making: _Making, entry: Entry) -> None:
    """The author as the site names them, where the text does not."""
    for piece in entry.of("byline"):
        if is_signoff(piece.text):
            making.sign(piece.text, piece)
        else:
            names = names_of_credit(piece.text, role_needed=False) or _bare_names(piece.text)
            making.credit(Credit("", names, "", piece.text), piece)


def _bare_names(text: str) -> tuple[str, ...]:
    """The names in the field of the author, whatever their family names."""
    names = names_in(text)
    fits = all(len(name) <= 4 or "·" in name for name in names)
    return names if fits and len(han(text)) <= 16 else ()


def _mend_jump(making: _Making, draft: Draft) -> None:
    """The sentence that a jump cuts is not spoken where the other page is not at hand."""
    here = any(piece.page == draft.onward for piece in draft.body)
    if draft.onward is None or here or not making.paragraphs:
        return
    last = making.paragraphs[-1]
    if not ends_sentence(last.text):
        end = mend_end(full_width(close_up(last.text)), filled=None, jumped=True)
        making.remains.add(last, "cut", end.cut)
        making.paragraphs[-1] = replace(last, text=end.text)


def _texts(making: _Making) -> tuple[list[str], tuple[Crosshead, ...]]:
    """The paragraphs as they are spoken, and the crossheads between them."""
    texts = [full_width(close_up(p.text.lstrip().lstrip(BULLETS))) for p in making.paragraphs]
    texts = [text for text in texts if han(text) or any(char.isalnum() for char in text)]
    short = [_looks_like_crosshead(texts, at) for at in range(len(texts))]
    if sum(short) > 0.4 * len(texts):  # verse, or a list of names
        return texts, ()
    paragraphs: list[str] = []
    crossheads: list[Crosshead] = []
    for text, is_crosshead in zip(texts, short, strict=True):
        if is_crosshead:
            crossheads.append(Crosshead(before=len(paragraphs), text=text))
        else:
            paragraphs.append(text)
    return paragraphs, tuple(crossheads)


def _looks_like_crosshead(texts: list[str], at: int) -> bool:
    if at + 1 >= len(texts) or ends_sentence(texts[at]) or len(han(texts[at])) > MAX_CROSSHEAD:
        return False
    return ends_sentence(texts[at + 1]) and len(han(texts[at + 1])) > len(han(texts[at]))
