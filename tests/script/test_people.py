"""Persons: who is named, how the name is read, and when somebody has to ask."""

import random

import pytest

from qjaudio.paper.model import Article, Headline, Issue, Masthead
from qjaudio.script.lexicon import Lexicon, default_lexicon, parse_lexicon
from qjaudio.script.people import find_people, people_of, read_name
from qjaudio.script.pronounce import explain

FOUND = [
    ("县领导盖永福、仇玉堂、曾雨生、查新民、区汉良参加。", "盖永福 仇玉堂 曾雨生 查新民 区汉良"),
    ("过海生、相玉梅、庹长根等陪同察看。", "过海生 相玉梅 庹长根"),
    ("县委副书记解春山主持，任雪琴、华金水出席。", "任雪琴 华金水 解春山"),
    ("村民仇阿根说，水清了。", "仇阿根"),
    ("退休教师单一航每天扫雪。", "单一航"),
    ("镇长尉迟广田介绍了经过。", "尉迟广田"),
    ("曾小芹种了两百亩茶。", "曾小芹"),
    ("书记与单怀远握手。", "单怀远"),
    ("本报讯（记者 朴正南 通讯员 乐冬生）昨天通水。", "朴正南 乐冬生"),
    ("任先生把伞还了回来，曾女士又借走了。", "任先生 曾女士"),
    ("运动员冯雪作为旗手入场。", "冯雪"),
    ("主任委员李飞作的报告通过了。", "李飞"),
    ("村民王解放种了十亩稻。", "王解放"),
    ("糕点师盖冬梅和护边员种志强、选调生单跃进都来了。", "盖冬梅 种志强 单跃进"),
    ("主唱 解晓荷", "解晓荷"),
    ("曾青海养了两头牛。", "曾青海"),
    ("短道名将任子岚夺冠。", "任子岚"),
    ("解春生今年六十岁，单宏伟蹲在地头，曾亮把卷宗合上。", "解春生 单宏伟 曾亮"),
    ("县委解冬常委和电视台台长葛敏到场。", "葛敏 解冬"),
    ("金牌得主任海波夺冠。", "任海波"),
    ("厨师长查永福掌勺。", "查永福"),
    ("寨老朴解放、月嫂仇雪、独臂老人覃和平时常走动。", "朴解放 仇雪 覃和平"),
]  # fmt: skip
NOBODY = [
    "工人忙着盖房子、盖猪圈。",
    "他曾参加过三次比赛，曾用名不详。",
    "区妇联介绍，区二小也报了名。",
    "务工人员陆续返乡，党员干部坚持值守。",
    "总书记都牵挂着群众，代表应邀发言。",
    "产量增长任务重，解放思想要先行。",
    "老师和学生、市民和游客都来了。",
    "白菜、萝卜、毛豆涨了价。",
    "接待了30万游客，单就这一项就不少。",
    "纪念馆、宿舍楼、查干湖都在修。",
    "农民富起来，国家对青年充分信任。",
    "欧元区经济、两国人员往来、先导区山东、农户种满了树、民警查明。",
    "解群众之急，刘福生任书记，教练员水平高，华茂公司，欧美人过元旦。",
    "画家平安回家，代表卢拉总统迎接游客原生态的歌。",
]


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_people_are_found_by_what_stands_around_them(text: str, names: str) -> None:
    """Titles, lists, bylines and verbs show a person."""
    assert names.split() == [person.name for person in find_people([text])]


@pytest.mark.parametrize("text", NOBODY)
def test_words_are_no_people(text: str) -> None:
    """A surname that is a common character makes no name of a word."""
    assert () == find_people([text])


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("盖振海", "ge3 zhen4 hai3"),
        ("宁小海", "ning2 xiao3 hai3"),
        ("万俟长河", "mo4 qi2 chang2 he2"),
        ("任重阳", "ren2 chong2 yang2"),
        ("王乐行", "wang2 le4 xing2"),
        ("李子明", "li3 zi3 ming2"),
    ],
)
def test_names_are_read_as_names(name: str, reading: str) -> None:
    """The surname as a surname, the given name without neutral tones."""
    assert reading == " ".join(read_name(name)[0])


def test_a_person_is_one_in_the_whole_text() -> None:
    """A name that a title has shown is read so again, where nothing shows it."""
    said = explain("村民解小河说，解小河家的茶卖完了。", default_lexicon())
    assert 2 == said.pinyin.count("xie4")


def test_the_issue_knows_people_of_what_is_not_spoken() -> None:
    """Bylines and later paragraphs count, and the lexicon of the show settles a doubt."""
    article = Article(
        headline=Headline(main="桥通了"),
        paragraphs=("昨天桥通了。", "镇长盖玉田说，桥很好。"),
        page=1,
        byline=("单小溪",),
    )
    issue = Issue(masthead=Masthead(), articles=(article,))
    asked = people_of(issue, Lexicon())
    assert ["单小溪", "盖玉田"] == [person.name for person in asked]
    assert [False, True] == [person.is_doubtful for person in asked]
    settled = people_of(issue, parse_lexicon("盖玉田\tgai4 yu4 tian2\n", "lexicon.tsv"))
    assert ("盖玉田 gai4 yu4 tian2", False) == (str(settled[1]), settled[1].is_doubtful)


def test_a_surname_of_two_readings_is_a_doubt() -> None:
    """`say --explain` lists it with both readings, until the lexicon has the name."""
    text = "镇长盖玉田说，桥很好。"
    doubts = explain(text, default_lexicon()).doubts
    assert [("盖玉田", ("ge3 yu4 tian2", "gai4 yu4 tian2"))] == [
        (doubt.what, doubt.alternatives) for doubt in doubts
    ]
    known = default_lexicon().merged(parse_lexicon("盖玉田\tgai4 yu4 tian2\n", "lexicon.tsv"))
    assert () == explain(text, known).doubts


@pytest.mark.parametrize("text", ["查宏在田埂上", "大家推选仇三妹", "一等奖归了撒思源"])
def test_a_name_that_nothing_shows_is_a_doubt(text: str) -> None:
    """What the segmenter takes for a name, with a surname of two readings, has to be looked at."""
    assert explain(text, default_lexicon()).doubts


@pytest.mark.parametrize("text", ["单", "单、仇、区", "、".join(["盖永福"] * 2000), "任" * 10_000])
def test_odd_lists_of_names_are_read(text: str) -> None:
    """A name of one character, a list of thousands, a line of 10,000 characters."""
    assert explain(text, default_lexicon()).spoken


SURNAMES = {
    "单": "shan4", "仇": "qiu2", "曾": "zeng1", "查": "zha1", "区": "ou1", "盖": "ge3",
    "解": "xie4", "任": "ren2", "华": "hua4", "葛": "ge3", "朴": "piao2", "翟": "zhai2",
    "覃": "qin2", "缪": "miao4", "宁": "ning2", "冼": "xian3", "种": "chong2", "召": "shao4",
    "过": "guo1", "乐": "yue4", "纪": "ji3", "相": "xiang4", "应": "ying1", "燕": "yan1",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "令狐": "ling2 hu2", "长孙": "zhang3 sun1",
}  # fmt: skip
"""Written from the dictionary, not from our own table."""
GIVEN = ["广田", "玉堂", "水清", "阿根", "小荷", "怀远", "正南", "永福", "立群", "冬生", "新民"]
OPENINGS = ["县领导", "区领导", "市领导", "参加活动的领导", "出席会议的有"]


@pytest.mark.parametrize("seed", range(20))
def test_lists_of_leaders_are_read_right(seed: int) -> None:
    """Twenty lists of six names that nobody bears: each surname has its reading."""
    chance = random.Random(seed)  # noqa: S311
    surnames = chance.sample(sorted(SURNAMES), 6)
    names = [surname + chance.choice(GIVEN) for surname in surnames]
    said = explain(f"{chance.choice(OPENINGS)}{'、'.join(names)}等参加。", default_lexicon())
    readings = {word.text: " ".join(word.pinyin) for word in said.words}
    for surname, name in zip(surnames, names, strict=True):
        expected, sounds = SURNAMES[surname], readings[name].split()
        if surname == name[:1] and sounds[1][-1] == "3":  # 葛广田 ge2 guang3
            expected = expected.replace("3", "2")
        assert readings[name].startswith(f"{expected} "), name
