"""The reading view: the page as it came, beside the articles that were read from it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from qjaudio.paper.model import (
    Article,
    Issue,
    LeftOut,
    Page,
    Picture,
    Repair,
    doubt_lines,
)
from qjaudio.paper.reading import in_reading_order
from qjaudio.paper.text import Doubt, PageText, Span, spans_of
from qjaudio.rules import phrases

HUES = (4, 210, 130, 280, 35, 175, 320, 90, 240, 55)
"""Degrees on the colour circle; neighbours on the page are far apart on it."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where characters of the page went."""

    kind: str = ""
    """`article`, or the kind of a piece that was left out; empty = nowhere."""
    number: int = 0
    """Of the article, from 1."""


_NOWHERE = _Target()
_Place = tuple[int, int, int]
"""Page, line, and character of the line."""


def reading_page(
    pages: Sequence[Page], issue: Issue, pictures: Mapping[int, Picture] | None = None
) -> str:
    """One HTML page without scripts and without anything from elsewhere.

    `pictures` are those of whole pages, by their number: what is in doubt is marked on them, too.
    """
    words = phrases("reading_view")
    head = issue.masthead
    lost = 0
    source = []
    targets = _targets(issue)
    doubts = _doubts_by_line(issue)
    for page in in_reading_order(pages):
        picture = (pictures or {}).get(page.number)
        source.append(f"<h2>{words['page'].format(page=page.number)}</h2>")
        source.append(_picture_html(page.number, picture, doubts) if picture else "")
        for line in (line for block in page.blocks for line in block.lines):
            stretches = _stretches(line.text, targets)
            lost += sum(len(text) for text, target in stretches if not target.kind)
            row = "".join(_stretch_html(*one) for one in stretches)
            source.append(f"<p{_doubt_attributes(line.text, doubts)}>{row}</p>")
    articles = [_article(number, a, words) for number, a in enumerate(issue.articles, start=1)]
    return Template(_template()).substitute(
        title=escape(words["title"].format(paper=head.paper, date=head.date)),
        summary=escape(
            words["summary"].format(
                articles=len(issue.articles), left=len(issue.left_out), lost=lost
            )
        ),
        colours="".join(_colour(number) for number in range(1, len(issue.articles) + 1)),
        source="".join(source),
        articles=_doubt_list(issue, words)
        + f"<h2>{words['articles']}</h2>"
        + "".join(articles)
        + _left_out(issue.left_out, words)
        + _repairs(issue.repairs, words),
    )


def _doubts_by_line(issue: Issue) -> dict[tuple[int, int], list[Doubt]]:
    """The doubts of each printed line: its page, its number."""
    found: dict[tuple[int, int], list[Doubt]] = {}
    for doubt in issue.doubts:
        if isinstance(doubt.where, Span) and doubt.where.end:
            found.setdefault((doubt.where.page, doubt.where.line), []).append(doubt)
    return found


def _doubt_attributes(line: str, doubts: Mapping[tuple[int, int], Sequence[Doubt]]) -> str:
    """The attributes of a printed line: why it is in doubt, if it is."""
    for span in spans_of(line)[:1]:
        if found := doubts.get((span.page, span.line)):
            why = "；".join(dict.fromkeys(doubt.why for doubt in found))
            return f' class="doubt" id="l{span.page}-{span.line}" title="{escape(why)}"'
    return ""


def _picture_html(
    number: int, picture: Picture, doubts: Mapping[tuple[int, int], Sequence[Doubt]]
) -> str:
    """The picture of a page, with a yellow mark on each line that is in doubt."""
    marks = []
    for (page, _), found in doubts.items():
        where = found[0].where
        if page != number or not isinstance(where, Span) or not where.box:
            continue
        box, wide, tall = where.box, picture.width / 100, picture.height / 100
        place = (
            f"left:{box.left / wide:.2f}%;top:{box.top / tall:.2f}%;"
            f"width:{box.width / wide:.2f}%;height:{box.height / tall:.2f}%"
        )
        why = escape("；".join(dict.fromkeys(doubt.why for doubt in found)))
        marks.append(
            f'<a class="mark" href="#l{page}-{where.line}" title="{why}" style="{place}"></a>'
        )
    code = base64.b64encode(picture.jpeg).decode()
    return f'<figure><img alt="" src="data:image/jpeg;base64,{code}">{"".join(marks)}</figure>'


def _doubt_list(issue: Issue, words: dict[str, str]) -> str:
    """The list of what is to be checked, the grave places first."""
    rows = []
    lines = zip(issue.doubts, doubt_lines(issue), strict=True)
    for doubt, line in sorted(lines, key=lambda row: row[0].kind):
        text, where = escape(line), doubt.where
        if isinstance(where, Span) and where.end:
            text = f'<a href="#l{where.page}-{where.line}">{text}</a>'
        rows.append(f'<li class="{doubt.kind}">{text}</li>')
    head = words["doubts"].format(count=len(rows))
    return f'<h2>{head}</h2><ul class="doubts">{"".join(rows)}</ul>' if rows else ""


def _template() -> str:
    return (files("qjaudio.web") / "templates" / "reading.html").read_text(encoding="utf-8")


def _colour(number: int) -> str:
    hue = HUES[(number - 1) % len(HUES)]
    return (
        f".a{number} {{ background: hsl({hue} 70% 55% / .28); }}"
        f" article.a{number} {{ background: none; border-color: hsl({hue} 60% 50%); }}\n"
    )


def _stretch_html(text: str, target: _Target) -> str:
    text = escape(text)
    if target.kind == "article":
        return f'<span class="a{target.number}" title="{target.number}">{text}</span>'
    if target.kind:
        return f'<span class="left" title="{escape(target.kind)}">{text}</span>'
    return f'<span class="nowhere">{text}</span>' if text.strip() else text


def _targets(issue: Issue) -> dict[_Place, _Target]:
    """Where each character of the pages went."""
    found: dict[_Place, _Target] = {}
    for number, article in enumerate(issue.articles, start=1):
        head = article.headline
        texts = [head.kicker, head.main, head.deck, article.dateline, article.signoff]
        texts += [*article.byline, *article.paragraphs, *(row.text for row in article.crossheads)]
        for span in (span for text in texts for span in spans_of(text)):
            found |= dict.fromkeys(_places_in_span(span), _Target("article", number))
    for left in issue.left_out:
        for place in (place for span in spans_of(left.text) for place in _places_in_span(span)):
            found.setdefault(place, _Target(left.kind))
    return found


def _places_in_span(span: Span) -> list[_Place]:
    return [(span.page, span.line, at) for at in range(span.start, span.end)]


def _stretches(line: str, targets: dict[_Place, _Target]) -> list[tuple[str, _Target]]:
    """A line as stretches that went to one place; marks go with the letter before them."""
    went = [_NOWHERE] * len(line)
    for at, span in line.runs if isinstance(line, PageText) else ():
        for offset, place in enumerate(_places_in_span(span)):
            went[at + offset] = targets.get(place, _NOWHERE)
    current = next((to for char, to in zip(line, went, strict=True) if char.isalnum()), _NOWHERE)
    found: list[tuple[str, _Target]] = []
    for char, target in zip(line, went, strict=True):
        current = target if char.isalnum() else current
        if found and found[-1][1] == current:
            found[-1] = (found[-1][0] + char, current)
        else:
            found.append((char, current))
    return found


def _article(number: int, article: Article, words: dict[str, str]) -> str:
    head = article.headline
    facts = [words["page"].format(page=article.page)]
    if article.byline:
        facts.append(words["reporters"].format(names="、".join(article.byline)))
    facts += [article.signoff] if article.signoff else []
    if article.continues_on:
        facts.append(words["continues"].format(page=article.continues_on))
    if head.restored:
        facts.append(words["restored"].format(evidence=head.restored))
    lead, rest = article.lead, article.paragraphs[article.lead_count :]
    return (
        f'<article class="a{number}">{_small(head.kicker)}<h3>{number}. {escape(head.main)}</h3>'
        f"{_small(head.deck)}{_small(' · '.join(facts))}"
        + "".join(f'<p class="lead">{escape(text)}</p>' for text in lead)
        + "".join(f'<p class="rest">{escape(text)}</p>' for text in rest)
        + "</article>"
    )


def _small(text: str) -> str:
    return f'<p class="small">{escape(text)}</p>' if text else ""


def _left_out(left: Sequence[LeftOut], words: dict[str, str]) -> str:
    rows = "".join(
        f'<li><span class="small">{escape(piece.kind)}</span> {escape(piece.text)}</li>'
        for piece in left
    )
    return f"<h2>{words['left_out']}</h2><ul>{rows}</ul>" if rows else ""


def _repairs(repairs: Sequence[Repair], words: dict[str, str]) -> str:
    rows = "".join(
        f"<li><del>{escape(fix.before)}</del> <ins>{escape(fix.after)}</ins>"
        f' <span class="small">{escape(fix.evidence)}</span></li>'
        for fix in repairs
    )
    return f"<h2>{words['repairs']}</h2><ul>{rows}</ul>" if rows else ""
