"""Adverts and notices are left out; news with a telephone number stays news."""

import pytest

from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

ABOVE = "# 渡口的老船修好了\n\n本报讯（记者 李明）渡口的老船昨天修好，三个村的人又能坐船过河。"
BELOW = "# 石桥边开了书屋\n\n本报讯（通讯员 王芳）石桥边的书屋上周开门，孩子放学就来看书。"


def headlines(story: str) -> list[str]:
    issue = read_issue(split_pages(f"{ABOVE}\n\n{story}\n\n{BELOW}", stem="page1"))
    assert 2 <= len(issue.articles) <= 3
    assert all("地点" not in (article.headline.kicker or "") for article in issue.articles)
    return [str(article.headline.main) for article in issue.articles]


@pytest.mark.parametrize(
    "advert",
    [
        "# 凉席特价三天\n\n本店竹席一律八折，买一送一。\n\n地址：北门街十二号 电话：0570-3012345",
        "# 湖滨苑火爆热销\n\n现房发售，首付十万元起。\n\n签约热线：0570-8012345",
        "# 诚聘\n\n本公司招聘车工三名，月薪五千元，包吃住。\n\n联系人：王经理 13800001111",
        "# 聘\n\n河湾纱厂诚聘车工三名，月薪五千元，包吃住。",
        "# 减资公告\n\n经股东会决议，本公司注册资本减至一百万元，债权人可要求清偿。特此公告。",
        "# 家具城让利\n\n满一万元减一千，现场抽大奖。\n\n地点：建材城一楼\n\n热线：400-800-9000",
        "招聘：某公司招聘车工三名，月薪五千元，联系电话13800001111。",
        "# 改道通告\n\n因修路，三路车改道，敬请谅解。\n\n河湾县公交公司\n2025年5月20日",
        "# 认领启事\n\n老桥边发现一条黄狗，知情者请与派出所联系。",
        "# 招租公告\n\n老桥边的门面三间，现对外公开招租，租期三年，每月三千六百元。",
        "# 厂房出租\n\n城西有厂房两千平方米出租，水电齐全。\n\n有意者请电 13500001111",
    ],
)
def test_an_advert_is_left_out(advert: str) -> None:
    """How to reach a shop, its voice and its prices tell it from news."""
    assert ["渡口的老船修好了", "石桥边开了书屋"] == headlines(advert)


@pytest.mark.parametrize(
    "news",
    [
        "# 供水热线换了号码\n\n从下月起，自来水公司的服务热线改为96390，市民可以随时拨打。",
        "# 社区食堂开张\n\n城北的食堂上周开张，老人八折就餐，地址在北门街。“菜软。”老徐说。",
        "# 消费券今天开抢\n\n家电消费券今天开抢，满一千元减两百元，以旧换新再减三百元，先到先得。",
        "# 果农学直播\n\n村里的果农学起了直播，一个上午卖出三百箱，每箱四十五元，还包邮。",
        "# 招聘会周六举行\n\n人才市场周六办招聘会，月薪多在五千元以上。\n\n咨询电话：0570-3022233，"
        "去年有四百多人找到工作，记者了解到，今年的岗位更多。",
        "# 夜间门诊开了\n\n县医院的夜间门诊下周起开放，预约电话0570-3022222，也可以在手机上挂号。",
    ],
)
def test_news_with_a_telephone_number_stays(news: str) -> None:
    """A number, a price or a discount alone is no advert."""
    assert 3 == len(headlines(news))


def test_the_papers_own_address_makes_no_advert() -> None:
    """The line with address and telephone of the paper at the foot of a page belongs to nobody."""
    story = (
        "# 茶园开采\n\n山上的茶园开采了，茶农天不亮就上山。\n\n本报地址：人民路1号 电话：3012345"
    )
    assert 3 == len(headlines(story))


NAMES = ["金湖饭店", "婚宴预订中　每桌988元起", "订餐热线：0570-3012345　地址：北门街12号"]
REPAIRS = ["家电维修", "上门服务　24小时热线：3012345"]
ROOMS = ["旺铺出租", "北门街8号临街店面", "有意者请致电 13500001111"]
SALE = ["百货商店国庆大放价", "鸡蛋3.98元/斤"]


@pytest.mark.parametrize("advert", [NAMES, REPAIRS, ROOMS, SALE])
@pytest.mark.parametrize("mark", ["# ", ""])
@pytest.mark.parametrize("gap", ["\n\n", "\n", "　"])
def test_an_advert_without_a_sentence_is_no_heading_of_the_next_story(
    advert: list[str], mark: str, gap: str
) -> None:
    """Its name may be marked or not; its lines may stand apart, in one block, or on one line."""
    name, *lines = advert
    story = f"{mark}{name}{gap if gap != '　' or not mark else ' '}{gap.join(lines)}"
    issue = read_issue(split_pages(f"{ABOVE}\n\n{story}\n\n{BELOW}", stem="page1"))
    assert [1, 1] == [len(one.paragraphs) for one in issue.articles]
    assert ["", ""] == [str(one.headline.kicker) for one in issue.articles]
    assert not issue.doubts


def test_an_advert_before_a_label_and_under_a_brief_belongs_to_neither() -> None:
    """A brief above an advert is not taken for its text."""
    brief = "早茶开采\n\n4月上旬，岭上的早茶陆续开采，预计产干茶30吨。"
    sale = "清仓特卖\n\n皮鞋厂家直销　全场3折起\n\n地址：北门街　电话：0570-3012345"
    text = f"{ABOVE}\n\n{brief}\n\n{sale}"
    issue = read_issue(split_pages(text.replace("# ", ""), stem="page1"))
    assert ["渡口的老船修好了", "早茶开采"] == [str(x.headline.main) for x in issue.articles]


def test_the_papers_own_address_in_brackets_is_no_line_of_a_text() -> None:
    """It tells nothing of an event."""
    address = "（本报地址：渡口县北门街12号 邮编：323000）"
    issue = read_issue(split_pages(f"{ABOVE}\n\n{address}", stem="page1"))
    assert 1 == len(issue.articles[0].paragraphs)


def test_a_list_of_numbers_to_call_is_the_text_of_news() -> None:
    """Each line is a paragraph; so is what goes on with such lines."""
    lines = "官塘镇：0570-3011111\n\n北涧镇：0570-3022222\n\n夜间：拨打12345"
    issue = read_issue(split_pages(f"{ABOVE}\n\n{lines}\n\n{BELOW}", stem="page1"))
    assert lines.split("\n\n") == [*map(str, issue.articles[0].paragraphs[1:])]


def test_time_place_and_number_stay_with_the_text_above_them() -> None:
    """Lines that tell when and where, and whom to ask, end a text about an event."""
    lines = "报名时间：即日起至9月30日\n\n报名地点：文化馆二楼\n\n咨询电话：0570-3012345"
    issue = read_issue(split_pages(f"{ABOVE}\n\n{lines}\n\n{BELOW}", stem="page1"))
    assert lines.split("\n\n") == [*map(str, issue.articles[0].paragraphs[1:])]
    assert not issue.articles[1].headline.kicker
    assert not issue.doubts


@pytest.mark.parametrize("shop", ["金湖饭店", "家电维修", "金宝贝摄影"])
def test_a_shop_with_a_name_like_a_person_signs_no_story(shop: str) -> None:
    """What it offers stands right below; who wrote the story stands over no offer."""
    story = f"{ABOVE.replace('本报讯（记者 李明）', '')}\n\n（李明）"
    text = f"{story}\n\n{shop}\n\n每套399元起\n\n电话：0570-3012345"
    issue = read_issue(split_pages(f"{text}\n\n{BELOW}", stem="page1"))
    assert [("李明",), ("王芳",)] == [one.byline for one in issue.articles]
    assert shop in [str(row.text) for row in issue.left_out if row.kind == "advert"]
