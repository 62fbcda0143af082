"""Lines of no article are told from text."""

import pytest

from qjaudio.paper.lines import kind_of
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("富强 民主 文明", "slogan"),
        ("一年来，立案少了两成。讲文明 树新风", ""),
        ("中共石桥县委主办 石桥传媒集团承办", "masthead"),
        ("中共石桥县委机关报", "masthead"),
        ("石桥日报重回县委机关报行列", ""),
        ("内部资料 免费交流", "masthead"),
        ("JIN RI SHI QIAO", "masthead"),
        ("二〇二五年五月二十日 星期二", "masthead"),
        ("石桥日报 总第312期", "masthead"),
        ("《石桥日报》第3期 民生", "masthead"),
        ("《石桥信息报》3月9日稿件", "masthead"),
        ("━━━ 第2版 综合 ━━━", "folio"),
        ("石桥日报 要闻版", "masthead"),
        ("明日天气", "weather"),
        ("第二版", "folio"),
        ("【民生】", "folio"),
        ("（李明）", ""),
        ("责任编辑 王小丽 版式 李飞 校对 赵青", "editors"),
        ("社址：石桥县中街12号，邮编324000。", "editors"),
        ("本报地址：中街12号 邮编：324000 印刷：本报印务部", "editors"),
        ("（责编：赵青）", "editors"),
        ("【责任编辑:赵青】", "editors"),
        ("审核人：赵青", "editors"),
        ("责编赵青/版式李飞", "editors"),
        ("（共187字）", "editors"),
        ("（完）", "editors"),
        ("二条", "editors"),
        ("三条路", ""),
        ("公益广告:节约用水 人人有责", "advert"),
        ("【广告】石桥驾校报名，学费2680元起", "advert"),
        ("[推广] 石桥驾校", "advert"),
        ("广告牌拆了两百块", ""),
        ("遗失声明", "advert"),
        ("石桥县供电公司停电公告", "advert"),
        ("拟任职人员公示", "advert"),
        ("关于幸福渠清淤施工的公告", "advert"),
        ("2026年征订启事", "advert"),
        ("6月18日停电预告", "advert"),
        ("图片及说明", "caption"),
        ("（图片两张，说明：老船靠岸）", "caption"),
        ("6月18日二版稿签", "masthead"),
        ("今日导读", "teaser"),
        ("新桥通车 详见第3版", "teaser"),
        ("扫码关注石桥发布公众号", "code"),
        ("微信扫一扫 看视频", "code"),
        ("扫一扫就能查账", ""),
        ("▲图为工人在检修线路。", "caption"),
        ("插图/李明", "caption"),
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
        "应对高温天气",
        "石桥日报社迁入新楼",
        "新桥通车",
        "全县招聘工作会议召开",
        "2023年7月4日，新桥通车，村民走上桥头。",
    ],
)
def test_text_is_no_furniture(line: str) -> None:
    """Sentences and headlines that only mention such things stay."""
    assert "" == kind_of(line)


BRIDGE = "# 新桥通车\n\n本报讯（记者 李明）新桥昨天通车，三个村的人出门近了十里路，都说走着踏实。"
BOOKS = "# 书屋开门\n\n本报讯（记者 王芳）石桥边的书屋上周开门，孩子放学就来看书，周末有人讲故事。"


@pytest.mark.parametrize(
    "between",
    [
        "## 今日天气\n\n阴转小雨，偏北风3级，8℃～13℃。",
        "## 一周天气\n\n多云 9～12℃\n\n本周多阴雨，平均气温12.5℃，比常年高。",
        "## 人民法院公告\n\n张某：现依法向你公告送达传票。\n\n石桥县人民法院\n\n2024年1月2日"
        "\n\n## 讣告\n\n退休教师张某因病去世，享年93岁。",
    ],
)
@pytest.mark.parametrize("mark", ["#", ""])
def test_what_stands_between_stories_joins_none(between: str, mark: str) -> None:
    """A forecast, and who signs a notice, are left out; the day of a notice is not the paper's."""
    text = f"{BRIDGE}{'县里还要修三座桥，让山里人家都走上大路，' * 2}。\n\n{between}\n\n{BOOKS}"
    issue = read_issue(split_pages(text if mark else text.replace("#", "")))
    assert ("", ["新桥通车", "书屋开门"], [1, 1]) == (
        issue.masthead.date,
        [str(one.headline.main) + one.headline.kicker for one in issue.articles],
        [len(one.paragraphs) for one in issue.articles],
    )


def test_a_story_about_the_weather_stays() -> None:
    """Only what stands under the title of a forecast is one."""
    text = BRIDGE.replace("新桥昨天通车", "昨天降温，最低气温3℃，山里下了雪")
    (article,) = read_issue(
        split_pages(f"{text}\n\n市民添了衣裳，气温要到周末才回升到10℃，阴雨天还有两天。")
    ).articles
    assert 2 == len(article.paragraphs)
