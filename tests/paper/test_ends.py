"""What print lost at the end of a paragraph."""

import pytest

from qjaudio.paper.words import repair_end


def test_room_in_the_last_line_means_a_lost_full_stop() -> None:
    """Only the full stop comes back."""
    end = repair_end("相关部门正在协调解决", filled=False)
    assert ("相关部门正在协调解决。", "") == (end.text, end.cut)


@pytest.mark.parametrize(
    ("text", "kept", "cut"),
    [
        (
            "农技员讲解了技术要点，演示了农具的用法，提高了广大农",
            "农技员讲解了技术要点，演示了农具的用法。",
            "提高了广大农",
        ),
        (
            "路修好了。村里通过直播的方式，把茶叶卖到城",
            "路修好了。",
            "村里通过直播的方式，把茶叶卖到城",
        ),
        (
            "公司加快转型，着力打造“三江”物流链、航运创新“三高地”及港产城融合示",
            "公司加快转型，着力打造“三江”物流链、航运创新“三高地”。",
            "及港产城融合示",
        ),
        ("增产增收。今年以来，目前，全省", "增产增收。", "今年以来，目前，全省"),
        ("桥修好了。《谁来爱我？》的首发式在", "桥修好了。", "《谁来爱我？》的首发式在"),
        ("桥修好了。，", "桥修好了。", "，"),
    ],
)
def test_a_full_last_line_means_lost_words(text: str, kept: str, cut: str) -> None:
    """The clause that was cut is left out, down to a whole statement."""
    end = repair_end(text, filled=True)
    assert (kept, cut) == (end.text, end.cut)


def test_a_jump_to_an_absent_page_cuts_the_sentence() -> None:
    """What the jump cut is not spoken, whatever the line looks like."""
    end = repair_end("桥修好了。村民们走上", filled=False, jumped=True)
    assert ("桥修好了。", "村民们走上") == (end.text, end.cut)


@pytest.mark.parametrize("text", ["桥通了。", "他说：“好！”", "要点如下：", "（一）修路；"])
def test_a_whole_end_stays(text: str) -> None:
    """A paragraph that ends is not touched."""
    assert (text, "", "") == (
        repair_end(text, filled=True).text,
        "",
        repair_end(text, filled=True).cut,
    )
