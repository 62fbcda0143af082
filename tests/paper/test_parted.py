"""The rest of a paragraph that stands below another story comes back, and only that."""

import pytest

from qjaudio.paper.model import Issue
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

BOAT = "本报讯（记者 李明）渡口的老船昨天修好，三个村的人又能坐船过河赶集。"
BOOKS = "本报讯（通讯员 王芳）石桥边的书屋上周开门，孩子放学就来看书。"


def read(*paragraphs: str) -> Issue:
    return read_issue(split_pages("\n\n".join(paragraphs), stem="page1"))


def bodies(issue: Issue) -> list[list[str]]:
    return [list(map(str, article.paragraphs)) for article in issue.articles]


@pytest.mark.parametrize(
    ("half", "rest"),
    [
        ("船工老周说，船底换了十二块新板，再用十年不", "成问题。"),  # a word is cut in two
        ("船工老周说，船底换", "了十二块新板，再用十年不成问题。"),  # 了 begins nothing
        ("去年过河的人有3", "20万人次，今年还会更多。"),  # a number is cut in two
        ("船工老周说，过河的人", "，一天比一天多。"),
    ],
)
def test_a_rest_below_another_story_comes_back(half: str, rest: str) -> None:
    """What cannot begin a sentence belongs to the story that stops in one, with all below it."""
    more = "老船下水那天，渡口站满了人。"
    issue = read("# 渡口的老船修好了", BOAT, half, "# 石桥边开了书屋", BOOKS, rest, more)
    assert [
        ["渡口的老船昨天修好，三个村的人又能坐船过河赶集。", half + rest, more],
        ["石桥边的书屋上周开门，孩子放学就来看书。"],
    ] == bodies(issue)


def test_a_lost_full_stop_moves_nothing() -> None:
    """A story that lost its last mark leaves the paragraphs of the next one where they are."""
    issue = read(
        "# 渡口的老船修好了", BOAT, "船工老周说，船底换了十二块新板",
        "# 石桥边开了书屋", BOOKS, "书都是大家捐的，已经有两千多本。",
    )  # fmt: skip
    assert "船工老周说，船底换了十二块新板。" == bodies(issue)[0][-1]
    assert ["换了十二块新板"] == [doubt.what[-7:] for doubt in issue.doubts]  # its end may be lost
    assert "书都是大家捐的，已经有两千多本。" == bodies(issue)[1][-1]


def test_half_a_sentence_gets_no_full_stop() -> None:
    """Where the last word says that a sentence goes on, what is cut is left out."""
    issue = read("# 渡口的老船修好了", BOAT, "新船下水了，老船还", "# 石桥边开了书屋", BOOKS)
    assert ["渡口的老船昨天修好，三个村的人又能坐船过河赶集。"] == bodies(issue)[0]


def test_half_a_sentence_is_no_headline() -> None:
    """Where headings are marked, a line that stops after a comma does not become one."""
    issue = read("# 渡口的老船修好了", BOAT, "老周还带着徒弟，他", "# 石桥边开了书屋", BOOKS)
    assert ["渡口的老船修好了", "石桥边开了书屋"] == [str(a.headline.main) for a in issue.articles]
