"""The reading view: the page as it came, beside the articles that were read from it."""

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from qjaudio.paper.model import Issue, Page, Picture, doubt_lines, texts_of
from qjaudio.paper.reading import in_reading_order
from qjaudio.paper.text import Doubt, PageText, Span, spans_of
from qjaudio.rules import phrases

if TYPE_CHECKING:
    from jinja2 import Template

HUES = (4, 210, 130, 280, 35, 175, 320, 90, 240, 55)
"""Degrees on the colour circle; neighbours on the page are far apart on it."""


class _Target(NamedTuple):
    """Where characters of the page went."""

    kind: str = ""
    """`article`, or the kind of a piece that was left out; empty = nowhere."""
    number: int = 0
    """Of the article, from 1."""


_NOWHERE = _Target()
_Line = tuple[int, int]
"""The page and the number of a printed line."""


def reading_page(
    pages: Sequence[Page], issue: Issue, pictures: Mapping[int, Picture] | None = None
) -> str:
    """One HTML page without scripts and without anything from elsewhere.

    `pictures` are those of whole pages, by their number: what is in doubt is marked on them, too.
    """
    targets, doubts = targets_of(issue), doubts_by_line(issue)
    source: list[dict[str, Any]] = []
    lost = 0
    for page in in_reading_order(pages):
        lines = [line.text for block in page.blocks for line in block.lines]
        rows = [printed_row(text, targets, doubts) for text in lines]
        went = [stretch for row in rows for stretch in row["stretches"]]
        lost += sum(len(text) for text, target in went if not target.kind)
        picture = (pictures or {}).get(page.number)
        shown = _picture(page.number, picture, doubts) if picture else None
        source.append({"number": page.number, "picture": shown, "rows": rows})
    listed = zip(issue.doubts, doubt_lines(issue), strict=True)
    return _template().render(
        issue=issue,
        hues=HUES,
        source=source,
        lost=lost,
        doubts=sorted(listed, key=lambda row: row[0].kind),
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qjaudio.web"), autoescape=True, undefined=StrictUndefined
    )
    environment.globals["words"] = phrases("reading_view")
    return environment.get_template("reading.html")


def doubts_by_line(issue: Issue) -> dict[_Line, list[Doubt]]:
    """The doubts of each printed line."""
    found: dict[_Line, list[Doubt]] = {}
    for doubt in issue.doubts:
        if isinstance(doubt.where, Span) and doubt.where.end:
            found.setdefault((doubt.where.page, doubt.where.line), []).append(doubt)
    return found


def _reasons(doubts: Sequence[Doubt]) -> str:
    return "；".join(dict.fromkeys(doubt.why for doubt in doubts))


def printed_row(
    text: str, targets: Mapping[Span, _Target], doubts: Mapping[_Line, list[Doubt]]
) -> dict[str, Any]:
    """A printed line: where its characters went, and why it is in doubt, if it is."""
    place = next(((span.page, span.line) for span in spans_of(text)), (0, 0))
    return {
        "stretches": _stretches(text, targets),
        "place": place,
        "why": _reasons(doubts.get(place, ())),
    }


def _picture(number: int, picture: Picture, doubts: Mapping[_Line, list[Doubt]]) -> dict[str, Any]:
    """The picture of a page, with a mark on each line that is in doubt: its place in percent."""
    marks, wide, tall = [], picture.width / 100, picture.height / 100
    for (page, line), found in doubts.items():
        box = next((one.where.box for one in found if isinstance(one.where, Span)), None)
        if page == number and box:
            place = (box.left / wide, box.top / tall, box.width / wide, box.height / tall)
            marks.append({"page": page, "line": line, "place": place, "why": _reasons(found)})
    return {"code": base64.b64encode(picture.jpeg).decode(), "marks": marks}


def _characters(span: Span) -> list[Span]:
    """Each character of a span alone."""
    return [Span(span.page, span.line, at, at + 1) for at in range(span.start, span.end)]


def targets_of(issue: Issue) -> dict[Span, _Target]:
    """Where each character of the pages went."""
    found: dict[Span, _Target] = {}
    for number, article in enumerate(issue.articles, start=1):
        for span in spans_of(*texts_of(article)):
            found |= dict.fromkeys(_characters(span), _Target("article", number))
    for left in issue.left_out:
        for char in (char for span in spans_of(left.text) for char in _characters(span)):
            found.setdefault(char, _Target(left.kind))
    return found


def _stretches(line: str, targets: Mapping[Span, _Target]) -> list[tuple[str, _Target]]:
    """A line as stretches that went to one place; marks go with the letter before them."""
    went = [_NOWHERE] * len(line)
    for at, span in line.runs if isinstance(line, PageText) else ():
        chars = _characters(span)
        went[at : at + len(chars)] = (targets.get(char, _NOWHERE) for char in chars)
    letters = [at for at, char in enumerate(line) if char.isalnum()]
    current, found = went[letters[0]] if letters else _NOWHERE, list[tuple[str, _Target]]()
    for at, char in enumerate(line):
        current = went[at] if char.isalnum() else current
        found.append((char, current))
    groups = groupby(found, key=lambda one: one[1])
    return [("".join(char for char, _ in group), target) for target, group in groups]
