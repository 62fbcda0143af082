"""Lines of no article are told from text."""

import pytest

from qjaudio.paper.lines import kind_of


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("富强 民主 文明", "slogan"),
        ("中共石桥县委主办 石桥传媒集团承办", "masthead"),
        ("JIN RI SHI QIAO", "masthead"),
        ("二〇二五年五月二十日 星期二", "masthead"),
        ("第二版", "folio"),
        ("责任编辑 王小丽 版式 李飞 校对 赵青", "editors"),
        ("社址：石桥县中街12号，邮编324000。", "editors"),
        ("（责编：赵青）", "editors"),
        ("【责任编辑:赵青】", "editors"),
        ("审核人：赵青", "editors"),
        ("责编赵青/版式李飞", "editors"),
        ("公益广告:节约用水 人人有责", "advert"),
        ("遗失声明", "advert"),
        ("石桥县供电公司停电公告", "advert"),
        ("今日导读", "teaser"),
        ("新桥通车 详见第3版", "teaser"),
        ("扫码关注石桥发布公众号", "code"),
        ("▲图为工人在检修线路。", "caption"),
        ("——————", "mark"),
    ],
)
def test_furniture_has_a_kind(line: str, kind: str) -> None:
    """Each kind of line that is never read has its name."""
    assert kind == kind_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "全程票价2元，刷卡或扫码乘车打九折，70周岁以上老人免费。",
        "县委召开会议，主办单位介绍了今日4版的安排。",
        "电话那头，老人说：“桥修好了，我想回去看看。”",
        "定价由村民大会商定：每人每次两元，老人和孩子不收钱。",
        "书屋的编辑和校对都是志愿者，大家轮流值班。",
        "新桥昨天通车，村民说走着踏实。（责任编辑：赵青 校对：王小丽）",
        "审核很严：每张表要两个人签字。",
        "责任编辑李四说，稿子要改三遍。",
        "责任编辑李四每天把稿子读两遍。",
        "新桥通车",
        "全县招聘工作会议召开",
        "2023年7月4日，新桥通车，村民走上桥头。",
    ],
)
def test_text_is_no_furniture(line: str) -> None:
    """Sentences and headlines that only mention such things stay."""
    assert "" == kind_of(line)
