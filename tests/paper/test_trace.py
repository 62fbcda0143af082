"""Every character of the page is shown where it went."""

from builders import article, issue
from qjaudio.paper.model import Block, LeftOut, Page, Repair, TextLine
from qjaudio.paper.trace import NOWHERE, Stretch, Target, trace


def page(*lines: str) -> Page:
    return Page(number=1, blocks=(Block(lines=tuple(TextLine(text=line) for line in lines)),))


FIRST = article("甲村的桥通车了", "新桥长五十米,大家走上桥头。")
SECOND = article("乙村小学开学", "孩子们领到了新书。")


def test_lines_go_to_their_articles() -> None:
    """Headline and wrapped lines of two articles, marks with what they follow."""
    lines = page("甲村的桥通车了", "新桥长五十米,大", "家走上桥头。", "孩子们领到了新书。")
    wanted = [1, 1, 1, 2]
    (found,) = trace([lines], issue(FIRST, SECOND))
    assert [(Stretch(t.text, Target("article", n)),) for t, n in zip(lines.blocks[0].lines, wanted, strict=True)] == list(found)  # fmt: skip  # noqa: E501


def test_what_was_left_out_keeps_its_kind() -> None:
    """A line of two halves is two stretches; joined they are the line."""
    from dataclasses import replace

    left = LeftOut(text="下转第二版", kind="jump_line", page=1)
    ((found,),) = trace([page("领到了新书。 下转第二版")], replace(issue(SECOND), left_out=(left,)))
    assert [Target("article", 1), Target("jump_line")] == [stretch.target for stretch in found]
    assert "领到了新书。 下转第二版" == "".join(stretch.text for stretch in found)


def test_a_mended_character_is_its_article_s() -> None:
    """What was mended is found by what stood there before."""
    from dataclasses import replace

    mended = Repair(where="乙村小学开学: paragraph 1", before="颌到", after="领到", evidence="")
    ((found,),) = trace([page("孩子们颌到了新书。")], replace(issue(SECOND), repairs=(mended,)))
    assert {Target("article", 1)} == {stretch.target for stretch in found}


def test_a_lost_character_is_shown_as_lost() -> None:
    """Text that is in no article and not left out stands out."""
    ((found,),) = trace([page("孩子们领到了新书。丢失的一句话。")], issue(SECOND))
    assert (Stretch("丢失的一句话。", NOWHERE),) == found[1:]
