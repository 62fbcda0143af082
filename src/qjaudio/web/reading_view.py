"""The reading view: the page as it came, beside the articles that were read from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from qjaudio.paper.model import Article, Issue, LeftOut, Page, Repair
from qjaudio.paper.reading import in_reading_order
from qjaudio.paper.text import PageText, Span, spans_of
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


def reading_page(pages: Sequence[Page], issue: Issue) -> str:
    """One HTML page without scripts and without anything from elsewhere."""
    words = phrases("reading_view")
    head = issue.masthead
    lost = 0
    source = []
    targets = _targets(issue)
    for page in in_reading_order(pages):
        lines = [_stretches(line.text, targets) for block in page.blocks for line in block.lines]
        lost += sum(len(text) for line in lines for text, target in line if not target.kind)
        rows = "".join(f"<p>{''.join(_stretch_html(*one) for one in line)}</p>" for line in lines)
        source.append(f"<h2>{words['page'].format(page=page.number)}</h2>{rows}")
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
        articles=f"<h2>{words['articles']}</h2>"
        + "".join(articles)
        + _left_out(issue.left_out, words)
        + _repairs(issue.repairs, words),
    )


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
            found |= dict.fromkeys(_places(span), _Target("article", number))
    for left in issue.left_out:
        for place in (place for span in spans_of(left.text) for place in _places(span)):
            found.setdefault(place, _Target(left.kind))
    return found


def _places(span: Span) -> list[_Place]:
    return [(span.page, span.line, at) for at in range(span.start, span.end)]


def _stretches(line: str, targets: dict[_Place, _Target]) -> list[tuple[str, _Target]]:
    """A line as stretches that went to one place; marks go with the letter before them."""
    went = [_NOWHERE] * len(line)
    for at, span in line.runs if isinstance(line, PageText) else ():
        for offset, place in enumerate(_places(span)):
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
