"""From a location to pages: what is more than an issue."""

from pathlib import Path

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.pipeline import reading


def test_more_text_than_an_issue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the source, reading stops at the page that is too much."""
    seen = []

    class Endless:
        def pages(self, _location: str) -> object:
            for number in range(1, 100):
                seen.append(number)
                line = TextLine(text="桥" * 100_000)
                yield Page(number=number, blocks=(Block(lines=(line,)),), source="x")

    monkeypatch.setattr(reading, "source_for", lambda *_: Endless())
    with pytest.raises(NotAnIssueError, match="600,000 characters in the first 7 pages"):
        reading.read_pages("anywhere")
    assert [1, 2, 3, 4, 5, 6, 7] == seen


def test_an_issue_within_the_limit_is_read(tmp_path: Path) -> None:
    """Its pages come in order."""
    for number in (1, 2):
        path = tmp_path / f"page{number}.md"
        path.write_text(f"# 桥通车了\n\n桥{number}很长。\n", encoding="utf-8")
    assert [1, 2] == [page.number for page in reading.read_pages(str(tmp_path))]
