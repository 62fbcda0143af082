"""An issue in the short form that the cases are written in."""

from typing import Any

from qjaudio.paper.model import Article, Issue


def summary(issue: Issue) -> dict[str, Any]:
    """What was read, without empty fields; `left_out` and `repairs` as one line each."""
    masthead = issue.masthead
    return {
        "masthead": {
            name: getattr(masthead, name)
            for name in masthead.__dataclass_fields__
            if getattr(masthead, name)
        },
        "articles": [_article(article) for article in issue.articles],
        "left_out": [f"{row.kind}: {row.text}" for row in issue.left_out],
        "repairs": [f"{repair.before} > {repair.after}" for repair in issue.repairs],
    }


def _article(article: Article) -> dict[str, Any]:
    headline = article.headline
    fields = {
        "kicker": headline.kicker,
        "headline": headline.main,
        "deck": headline.deck,
        "restored": bool(headline.restored),
        "dateline": article.dateline,
        "byline": list(article.byline),
        "signoff": article.signoff,
        "page": article.page,
        "continues_on": article.continues_on,
        "lead_count": article.lead_count,
        "crossheads": [f"{row.before}: {row.text}" for row in article.crossheads],
        "body": list(article.paragraphs),
    }
    return {name: value for name, value in fields.items() if value}
