"""Slips are put right only where they are certain."""

from dataclasses import replace

import pytest

from printed import column, line, page
from qjaudio.paper.reading import read_issue
from qjaudio.paper.words import Wording, repair_slips


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("目前己完成一半。", "目前已完成一半。"),
        ("年度日标任务完成。", "年度目标任务完成。"),
        ("小麦田问管理加强。", "小麦田间管理加强。"),
        ("今年的重点顶目开工。", "今年的重点项目开工。"),
        ("小麦、油菜、蚕豆能12种作物", "小麦、油菜、蚕豆等12种作物"),
        ("补上人才、技术、资金能要素", "补上人才、技术、资金等要素"),
        ("建设“县城一中心镇一重点村”", "建设“县城—中心镇—重点村”"),
        ("厉奋进新征程", "踔厉奋进新征程"),
        ("3月14曰召开会议", "3月14日召开会议"),
        ("三月十五曰下午开会", "三月十五日下午开会"),
        ("今曰开放，工作入员到场", "今日开放，工作人员到场"),
        ("材集体收入增加", "村集体收入增加"),
        ("“好多了。“他说：”明年再来。”", "“好多了。”他说：“明年再来。”"),
    ],
)
def test_a_certain_slip_is_put_right_and_listed(read: str, printed: str) -> None:
    """Each change is listed with what stood before, what stands now, and why."""
    text, repairs = repair_slips(read, Wording(read), "here")
    assert printed == text
    assert ["here"] == list({repair.where for repair in repairs})
    assert all(repair.evidence and repair.before in read for repair in repairs)


@pytest.mark.parametrize(
    "text",
    [
        "自己的事自己做，知己知彼。",
        "“山泉水厂开了，我们少走八里路。”",
        "王日华书记问起庄稼。",
        "他问道路通了没有，村民能走吗？",
        "小麦、油菜、蚕豆能卖好价钱。",
        "三年一小步，五年一大步，“一老一小”有人管。",
        "树立“项目为王”的理念，以大项目带动发展，我先干。",
        "踔厉奋进新征程。",
        "“好多了。“他说，明年再来。”",
        "“他说“好”就好。",
        "2025年5月20日，投资千万元。",
        "一曰勤，二曰俭；其三曰信。",
        "木材里有学问，教材委托书商发行，器材干燥。",
        "收入和支出，人口和入口，两个人的事。",
        "一个人会种田，两个人会修车。",
    ],
)
def test_what_may_be_right_stays(text: str) -> None:
    """Names, numbers and everything that has a meaning stay as they are."""
    assert (text, ()) == repair_slips(text, Wording(text), "here")


def test_a_page_that_was_set_from_its_text_has_no_slips() -> None:
    """Nobody took 讨 for 过 where the sizes of the type are stated; a scan's are measured."""
    rows = ["　　本报讯（记者 程安之）", "昨天早上工人去讨薪，镇里", "帮他们要回了工资。"]
    rows += ["　　镇里的人说，谁欠的工", "钱谁来还，往后每个月", "都要来看一看。"]
    for wide, made in ((0.0, 0), (0.7, 1)):
        head, *text = (line("镇里帮忙要工资", 0, 10, size=18), *column(rows, 0, 40))
        sizes = [10 + wide * at % 1.9 for at in range(len(text))]
        found = [replace(one, size=size) for one, size in zip(text, sizes, strict=True)]
        issue = read_issue([page(head, *found)])
        assert made == len([x for x in issue.repairs if x.after == "去过"]), wide
        assert made == len(issue.doubts), wide
