"""The reading view: the page as it came, beside the articles that were read from it."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from qjaudio.paper.model import Article, Issue, LeftOut, Page, Repair
from qjaudio.paper.trace import Stretch, trace
from qjaudio.rules import phrases

HUES = (4, 210, 130, 280, 35, 175, 320, 90, 240, 55)
"""Degrees on the colour circle; neighbours on the page are far apart on it."""


def reading_page(pages: Sequence[Page], issue: Issue) -> str:
    """One HTML page without scripts and without anything from elsewhere."""
    words = phrases("reading_view")
    head = issue.masthead
    lost = 0
    source = []
    for page, lines in zip(pages, trace(pages, issue), strict=True):
        lost += sum(len(s.text) for line in lines for s in line if not s.target.kind)
        rows = "".join(f"<p>{''.join(map(_span, line))}</p>" for line in lines)
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


def _span(stretch: Stretch) -> str:
    target, text = stretch.target, escape(stretch.text)
    if target.kind == "article":
        return f'<span class="a{target.number}" title="{target.number}">{text}</span>'
    if target.kind:
        return f'<span class="left" title="{escape(target.kind)}">{text}</span>'
    return f'<span class="nowhere">{text}</span>' if text.strip() else text


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
