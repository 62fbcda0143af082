"""The issue as JSON: what `qjaudio read --json` prints and the stage file keeps."""

from dataclasses import asdict
from typing import Any

from qjaudio.paper.model import (
    Article,
    Crosshead,
    Headline,
    Issue,
    LeftOut,
    Masthead,
    Repair,
)


def issue_json(issue: Issue) -> dict[str, Any]:
    """The issue as an object of JSON; `body` is all paragraphs without the crossheads."""
    facts = asdict(issue.masthead)
    return {
        "date": facts.pop("date"),
        "paper": facts.pop("paper"),
        "issue_number": facts.pop("issue_number"),
        "lunar_date": facts.pop("lunar_date"),
        "articles": [_article_json(article) for article in issue.articles],
        "left_out": [asdict(row) for row in issue.left_out],
        "repairs": [asdict(repair) for repair in issue.repairs],
        **facts,
    }


def _article_json(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline.main,
        "kicker": article.headline.kicker or None,
        "deck": article.headline.deck or None,
        "restored": article.headline.restored or None,
        "dateline": article.dateline or None,
        "byline": list(article.byline),
        "signoff": article.signoff or None,
        "page": article.page,
        "section": article.section or None,
        "continues_on": article.continues_on,
        "lead": list(article.lead),
        "body": list(article.paragraphs),
        "crossheads": [asdict(crosshead) for crosshead in article.crossheads],
        "abridged": article.abridged,
    }


def issue_from_json(report: dict[str, Any]) -> Issue:
    """The issue that a report describes; `issue_from_json(issue_json(x)) == x`.

    Raises:
        KeyError, TypeError: the report lacks what it needs.
    """
    return Issue(
        masthead=Masthead(
            **{name: report[name] for name in Masthead.__dataclass_fields__ if name in report}
        ),
        articles=tuple(_article_of(row) for row in report["articles"]),
        left_out=tuple(LeftOut(**row) for row in report["left_out"]),
        repairs=tuple(Repair(**row) for row in report["repairs"]),
    )


def _article_of(row: dict[str, Any]) -> Article:
    return Article(
        headline=Headline(
            main=row["headline"],
            kicker=row["kicker"] or "",
            deck=row["deck"] or "",
            restored=row["restored"] or "",
        ),
        paragraphs=tuple(row["body"]),
        page=row["page"],
        section=row.get("section") or "",
        continues_on=row["continues_on"],
        dateline=row["dateline"] or "",
        byline=tuple(row["byline"]),
        signoff=row["signoff"] or "",
        crossheads=tuple(Crosshead(**crosshead) for crosshead in row["crossheads"]),
        lead_count=len(row["lead"]),
        abridged=row["abridged"],
    )
