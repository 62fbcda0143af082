"""The issue as JSON and back."""

import json
from pathlib import Path

from builders import article, issue
from qjaudio.paper.model import issue_from_json, issue_json
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import TextSource

CASE = Path(__file__).parent / "cases" / "jump_two_pages.txt"


def test_the_report_has_the_promised_fields() -> None:
    """The fields of the command line's contract are there, empty ones as null."""
    report = issue_json(issue(article()))
    promised = {"date", "paper", "issue_number", "lunar_date", "articles", "left_out"}
    assert promised <= report.keys()
    story = report["articles"][0]
    assert (None, None, None, None) == tuple(
        story[name] for name in ("kicker", "deck", "signoff", "continues_on")
    )
    assert ["甲一"] == story["byline"]
    assert story["lead"] == story["body"][:1]


def test_a_report_gives_the_issue_back() -> None:
    """What is written to a stage file is read back as the same issue."""
    whole = read_issue(TextSource().pages(str(CASE)))
    assert whole == issue_from_json(json.loads(json.dumps(issue_json(whole))))
