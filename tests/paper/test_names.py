"""Names come apart where print ran them together, and together where it broke them."""

import pytest

from qjaudio.paper.lines import names_in, names_of_credit
from qjaudio.paper.words import surnames
from qjaudio.rules import phrases


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张丽莹 徐俊 杰", ("张丽莹", "徐俊杰")),
        ("李 勤", ("李勤",)),
        ("王海洋、李雪", ("王海洋", "李雪")),
        ("王海洋李雪", ("王海洋", "李雪")),
        ("欧阳文静", ("欧阳文静",)),
        ("张三 李 四", ("张三", "李四")),
        ("阿依古丽·买买提", ("阿依古丽·买买提",)),
        ("周敏|吴", ()),
        ("周 敏之李雪", ("周敏之", "李雪")),
        ("王海洋李雪周敏 之", ("王海洋", "李雪", "周敏之")),
        ("周 走进这座村", ()),
        ("周敏之李 雪梅", ("周敏之", "李雪梅")),
        ("王海 李雪梅", ("王海", "李雪梅")),
        ("今天会议召开了三次", ()),
        ("", ()),
    ],
)
def test_names_are_told_apart(text: str, names: tuple[str, ...]) -> None:
    """Only a text of names and nothing else gives names."""
    assert names == names_in(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("现场图片", ()),
        ("图：现场", ()),
        ("图：李明", ("李明",)),
        ("作者：李明 来源：河湾日报", ("李明",)),
        ("□李明 方小怡", ("李明", "方小怡")),
        ("□ 李 明", ("李明",)),
        ("□ 高山 流水", ()),
        ("记者 李学文", ("李学文",)),
        ("李学文 著", ("李学文",)),
        ("成效 显著", ()),
        ("记者 方小怡文", ("方小怡",)),
        ("记者从县水利", ()),
        ("记者来到龙潭", ()),
        ("记者从志强", ("从志强",)),
    ],
)
def test_a_source_or_a_place_is_no_name(text: str, names: tuple[str, ...]) -> None:
    """Beside 图片 and 来源 stands what is no name, too."""
    assert names == names_of_credit(text)


def test_one_list_of_surnames() -> None:
    """Names in a credit and names in a sentence are known by the same family names."""
    assert {"逄", "佘", "欧阳", "澹台", "单"} <= surnames()
    assert not {"能", "欧阳 上官", "\t"} & surnames()
    assert surnames().issuperset(phrases("groups")["姓"][0].strip("[]"))
