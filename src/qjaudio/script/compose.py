"""From the digest of an issue to the script: opening, headlines, stories, sign-off."""

import datetime
from typing import Any

from qjaudio.paper.model import Article, Issue
from qjaudio.paper.sentences import sentences
from qjaudio.script import almanac
from qjaudio.script.model import Line, LineKind, Part, PartKind, Script


def compose(issue: Issue, phrases: dict[str, Any]) -> Script:
    """Write the script of an issue. Our own sentences come from `phrases`, all others are printed.

    The lunar date is the masthead's where calculation agrees with it, else the calculated one.
    """
    paper, date = issue.masthead.paper, issue.masthead.date
    filled = _placeholders(issue)
    parts = (
        _fixed("opening", phrases, filled),
        _rundown(issue, phrases["headlines"]),
        *(story(article) for article in issue.articles),
        _fixed("sign_off", phrases, filled),
    )
    return Script(paper=paper, date=date, parts=parts)


def story(article: Article) -> Part:
    """One article as a part: its headline, then its paragraphs with their crossheads."""
    lines = [Line(text=article.headline.main, kind="headline")]
    heads: dict[int, list[str]] = {}
    for head in article.crossheads:
        heads.setdefault(head.before, []).append(head.text)
    for number, paragraph in enumerate(article.paragraphs, start=1):
        above = heads.get(number - 1, ())
        lines += [Line(text=text, kind="crosshead", paragraph=number) for text in above]
        lines += sentence_lines(paragraph, kind="body", number=number)
    return Part(
        kind="story",
        title=article.headline.main,
        lines=tuple(lines),
        page=article.page,
        section=article.section,
        byline=article.byline,
        signoff=article.signoff,
    )


def sentence_lines(paragraph: str, *, kind: LineKind, number: int) -> list[Line]:
    """The sentences of paragraph `number` as lines."""
    return [Line(text=text, kind=kind, paragraph=number) for text in sentences(paragraph)]


def _placeholders(issue: Issue) -> dict[str, str]:
    day = datetime.date.fromisoformat(issue.masthead.date)
    return {
        "paper": issue.masthead.paper,
        "date": almanac.printed_date(day),
        "weekday": almanac.weekday(day),
        "lunar": almanac.lunar_date(day),
        "count": str(len(issue.articles)),
    }


def _fixed(kind: PartKind, phrases: dict[str, Any], filled: dict[str, str]) -> Part:
    """The opening or the sign-off."""
    lines = (
        Line(text=text.format(**filled).replace("，。", "。"), kind="phrase")
        for text in phrases[kind]["lines"]
    )
    return Part(kind=kind, title=phrases[kind]["title"], lines=tuple(lines))


def _rundown(issue: Issue, phrases: dict[str, Any]) -> Part:
    """All headlines in a row, as a news programme opens."""
    heads = (
        Line(text=article.headline.main, kind="headline", paragraph=number)
        for number, article in enumerate(issue.articles, start=1)
    )
    lines = (
        Line(text=phrases["before"], kind="phrase"),
        *heads,
        Line(text=phrases["after"], kind="phrase", paragraph=len(issue.articles) + 1),
    )
    return Part(kind="headlines", title=phrases["title"], lines=lines)
