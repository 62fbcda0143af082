"""The issue as JSON."""

import json
from dataclasses import asdict
from pathlib import Path

from builders import article, issue
from qjaudio.paper.model import issue_json
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


def test_a_report_has_all_of_the_issue() -> None:
    """What is written to a stage file is the whole issue, field by field."""
    whole = read_issue(TextSource().pages(str(CASE)))
    report = json.loads(json.dumps(issue_json(whole)))
    assert asdict(whole.masthead).items() <= report.items()
    for row, story in zip(report["articles"], whole.articles, strict=True):
        said = {name: value or "" for name, value in row.items()}
        assert asdict(story.headline) == {
            "main": said["headline"],
            **{name: said[name] for name in ("kicker", "deck", "restored")},
        }
        assert [*story.paragraphs] == row["body"]
        assert story.lead_count == len(row["lead"])
        assert [asdict(one) for one in story.crossheads] == row["crossheads"]
        assert [*story.byline] == row["byline"]
        same = ("dateline", "signoff", "section", "page", "abridged")
        assert [getattr(story, name) or "" for name in same] == [said[name] for name in same]
        assert story.continues_on == row["continues_on"]
    for name in ("left_out", "repairs"):
        rows = [{key: row[key] for key in row if key != "spans"} for row in report[name]]
        assert [asdict(row) for row in getattr(whole, name)] == rows
