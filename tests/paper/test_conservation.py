"""No character is lost or doubled between the page, the articles and what is left out."""

import pathlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from paper.ledger import han_of, printed_in
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

SHARED = pathlib.Path(__file__).parents[3] / "shared"

LINES = (
    "# 全县春季造林动员会召开",
    "## 书记主持并讲话",
    "### 第一步：把树种下去",
    "山坡披上新绿装",
    "同心聚力开新局 真抓实干谱新篇",
    "本报讯(记者 王小林 通讯员 赵 青)3月2日,全县春季造林动员会召开。会议要求抓紧 施工。",
    "新华社北京3月1日电（记者李文、张强）国务院办公厅印发通知。",
    "记者 王小林 报道",
    "各地要抢抓时令,做好苗木调运、整地 挖穴、栽植管护能10项工作,不误农时",
    "目前己完成造林三千亩，年度日标任务过半，重点顶目进展顺利。(李勤)",
    "◆3月1日，县图书馆开馆。（周大海）◆近日，石桥修复完工。（王军）",
    "(下转第2版)",
    "(上接第1版)的山坡上,新栽的树苗已经 扎下了根。",
    "区林业局",
    "来源：县林业局",
    "▲图为干部群众在植树。本报记者 周敏 摄",
    "责任编辑:王小丽 版式:李四",
    "今日石桥 2025年3月3日 星期一 农历乙巳年二月初四 总第1234期",
    "遗失声明",
    "公 告",
    "林",
    "动\n员\n会\n召\n开",
    "\f",
    "第2版 综合",
    '"一二三"走出致富路',
    "他说：\"这是'最好'的时候。\"",
    "",
)


def check_account(text: str) -> None:
    """Read a text and settle its account; text that is not an issue is refused by our own error."""
    try:
        issue = read_issue(split_pages(text))
    except NotAnIssueError as error:
        assert error.hint
        return
    assert han_of([text]) == printed_in(issue)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(LINES), max_size=24), st.sampled_from(["\n", "\n\n"]))
def test_pages_of_newspaper_lines_keep_every_character(lines: list[str], between: str) -> None:
    """Whatever order the lines of a paper stand in, each character ends in one place."""
    check_account(between.join(lines))


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(
            "本报讯记者王小林，。\"'（）()第二版下转上接◆# \n\n一二召开会0月日3摄己能、"
        ),
        max_size=200,
    )
)
@example("本报讯 记者 摄(")
@example('# "\n\n本报讯 一。')
def test_any_text_is_read_or_refused(text: str) -> None:
    """The reader raises nothing but our own error, and keeps its account."""
    check_account(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_text_of_any_kind_is_read_or_refused(text: str) -> None:
    """Text of any alphabet is read or refused."""
    check_account(text)


@pytest.mark.parametrize("name", ["seeds/2025-05-20.md", "practice/2024-03-14/page1.txt"])
def test_a_real_page_keeps_every_character(name: str) -> None:
    """On a page as OCR gives it each character ends in one place."""
    path = SHARED / name
    if not path.exists():
        pytest.skip("the pages to practise on are not here")
    check_account(path.read_text(encoding="utf-8"))
