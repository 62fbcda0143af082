"""What the pages as a whole prove: their wording, their debris, whether they are a newspaper."""

import re
from dataclasses import dataclass

from qjaudio.paper.characters import compact, han
from qjaudio.paper.debris import characters, debris_runs
from qjaudio.paper.draft import Draft
from qjaudio.paper.furniture import kind_of
from qjaudio.paper.model import Article, Masthead
from qjaudio.paper.pieces import Piece
from qjaudio.paper.punctuation import close_up, full_width
from qjaudio.paper.walk import Walk
from qjaudio.paper.wording import Wording

MAX_NAME = 12
_NEWS = re.compile(r"\d{1,2}月\d{1,2}日|日前|近日|连日来|今年以来|记者|昨天|昨日")
_NAME_WORDS = re.compile("今日|日报|晚报|时报|周报|早报|新闻|报$")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
MIN_HAN_SHARE = 0.5
MAX_RUNS = 24
"""No page of print has so many vertical headlines."""
MAX_RUN = 160
"""Characters of the longest run that can be one, with as many that OCR made up."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The wording of each page, and the characters of headlines that OCR scattered on it."""

    wording: dict[int, Wording]
    debris: dict[int, tuple[str, ...]]
    indents: bool
    """Whether paragraphs are indented, so that first lines can be told."""

    place: str = ""
    """The town in the paper's name: 石桥 of 今日石桥 or 石桥日报."""

    @classmethod
    def of(cls, pieces: list[Piece], state: Walk, paper: str, *, indents: bool) -> "Evidence":
        """Gather it from all pieces of the issue."""
        wording: dict[int, list[str]] = {}
        for piece in pieces:
            wording.setdefault(piece.page, []).append(full_width(close_up(piece.text)))
        debris: dict[int, list[str]] = {}
        for run in debris_runs(state.debris):
            debris.setdefault(run[0].page, []).append(characters(run))
        return cls(
            {page: Wording("\n".join(texts)) for page, texts in wording.items()},
            {page: _runs(runs) for page, runs in debris.items()},
            indents,
            _NAME_WORDS.sub("", paper),
        )


def _runs(runs: list[str]) -> tuple[str, ...]:
    """The runs of scattered characters that may be a headline, and all of them together."""
    together = (*runs[:MAX_RUNS], "".join(runs))
    return tuple(run for run in dict.fromkeys(together) if len(run) <= MAX_RUN)


def name_lines(pieces: list[Piece]) -> tuple[list[str], list[Piece]]:
    """The lines with facts of the masthead, and the short lines that may be the paper's name."""
    facts: list[str] = []
    names: list[Piece] = []
    text_began = False
    first = pieces[0].page if pieces else 0
    for piece in pieces:
        if kind_of(piece.text) in {"masthead", "folio"}:
            facts.append(piece.text)
            names.append(piece)
        elif piece.page == first and not text_began:
            if len(han(piece.text)) <= MAX_NAME and len(compact(piece.text)) <= MAX_NAME:
                names.append(piece)
            text_began = piece.level == 0 and len(han(piece.text)) > 60
    return facts, names


def is_newspaper(masthead: Masthead, drafts: list[Draft], articles: list[Article]) -> bool:
    """Whether the pages show any sign of a Chinese newspaper: masthead, bylines, headed news."""
    text = "".join("".join(article.paragraphs) for article in articles)
    letters = sum(char.isalpha() for char in text)
    if len(_KANA.findall(text)) + len(_HANGUL.findall(text)) > 0.05 * letters:
        return False
    if len(han(text)) < MIN_HAN_SHARE * letters:
        return False
    if masthead.date or masthead.issue_number or masthead.publisher:
        return True
    if any(article.dateline or article.byline or article.signoff for article in articles):
        return True
    headed = [draft for draft in drafts if draft.heads]
    return any(_NEWS.search(draft.text[:200]) for draft in headed)
