"""Every text of an issue knows where it stands on the pages."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from qjaudio.paper.digest import digest
from qjaudio.paper.lines import has_han
from qjaudio.paper.model import Issue, Page, issue_json
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import PageText, spans_of
from qjaudio.rules import phrases
from qjaudio.script.compose import compose
from qjaudio.sources.text import TextSource

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def texts_of(issue: Issue) -> Iterator[str]:
    """All texts that came from the pages."""
    for article in issue.articles:
        head = article.headline
        yield from (head.main, head.kicker, head.deck, article.dateline, article.signoff)
        yield from (*article.byline, *article.paragraphs)
        yield from (row.text for row in article.crossheads)
    yield from (row.text for row in issue.left_out)


def lines_of_pages(pages: list[Page]) -> dict[tuple[int, int], str]:
    """The lines of pages as spans count them."""
    found: dict[tuple[int, int], str] = {}
    for page in pages:
        lines = [line for block in page.blocks for line in block.lines]
        found |= {(page.number, at): line.text for at, line in enumerate(lines)}
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_spans_lead_back_to_the_page(path: Path) -> None:
    """What stands in the spans of a text is the text, but for what is listed as repaired."""
    pages = [*TextSource().pages(str(path))]
    issue = read_issue(pages)
    printed = lines_of_pages(pages)
    slips = {char for fix in issue.repairs for char in str(fix.before) + fix.after}
    for text in texts_of(issue):
        for at, span in PageText(text).runs:
            before = printed[span.page, span.line][span.start : span.end]
            after = text[at : at + span.end - span.start]
            assert len(before) == len(after)
            pairs = [pair for pair in zip(before, after, strict=True) if has_han("".join(pair))]
            assert all(one == other or one in slips for one, other in pairs)
    assert any(spans_of(text) for text in texts_of(issue))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_stage_file_has_the_spans_of_every_text(path: Path) -> None:
    """A program that reads the JSON finds each text on the page, from its character `at` on."""
    issue = read_issue(TextSource().pages(str(path)))
    report = json.loads(json.dumps(issue_json(issue)))
    found = []
    for article in report["articles"]:
        spans = article["spans"]
        found += [spans[part] for part in ("headline", "kicker", "deck", "dateline", "signoff")]
        found += [*spans["byline"], *spans["body"], *spans["crossheads"]]
    found += [row["spans"] for row in report["left_out"]]
    runs = [PageText(text).runs for text in texts_of(issue)]
    assert [[{"at": at, **asdict(span)} for at, span in own] for own in runs] == found


@pytest.mark.parametrize("path", CASES[::3], ids=lambda path: path.stem)
def test_every_printed_line_of_a_script_leads_back_to_the_page(path: Path) -> None:
    """Digested and composed, or cut short, a sentence knows its place; our own has none."""
    pages = [*TextSource().pages(str(path))]
    issue = read_issue(pages, date="2025-05-20")
    printed = lines_of_pages(pages)
    slips = {char for fix in issue.repairs for char in str(fix.before) + fix.after}
    for minutes in (None, 0.7, 60):
        script = compose(digest(issue, minutes), phrases("phrases"))
        for line in (line for part in script.parts for line in part.lines):
            runs = PageText(line.text).runs
            assert bool(runs) == (line.kind != "phrase") or line.text in issue.repairs[0].after
            for at, span in runs:
                before = printed[span.page, span.line][span.start : span.end]
                pairs = zip(before, line.text[at:], strict=False)
                assert all(a == b or {a, b} <= slips or not has_han(a + b) for a, b in pairs)
