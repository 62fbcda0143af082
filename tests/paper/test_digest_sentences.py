"""A story answers its headline: which sentences are taken, and which give way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import article
from qjaudio.paper.digest import few_leaders, promised, select, sentences_of
from qjaudio.paper.model import Article, Crosshead, Headline
from qjaudio.paper.reading import lead_count_of
from qjaudio.paper.text import Span, place_lines, spans_of

OWN = json.loads((Path(__file__).parents[1] / "quality" / "stories.json").read_text("utf-8"))


def printed(headline: str, *paragraphs: str) -> Article:
    """An article as it is read."""
    return Article(
        headline=Headline(main=headline),
        paragraphs=paragraphs,
        page=1,
        lead_count=lead_count_of(paragraphs),
    )


def told(headline: str, *paragraphs: str) -> str:
    return "".join(select(printed(headline, *paragraphs)).paragraphs)


@pytest.mark.parametrize(
    "sentence",
    [
        "《谁来爱我？》的首发式昨天举行。",
        "写着“谁来修桥？”的牌子拆了。",
        "牌子（出口在哪？）已经换新。",
    ],
)
def test_a_story_is_chosen_by_the_sentences_of_the_script(sentence: str) -> None:
    """A mark inside a title, a quotation or brackets ends no sentence: one splitter for both."""
    after = "区文化馆明天照常开门。"
    assert [sentence, after] == [
        one.text for one in sentences_of(printed("新书", sentence + after))
    ]


def test_a_scene_gives_way_to_the_answer() -> None:
    """What the headline promises is told, though it stands in the third paragraph."""
    story = told(
        "大湾村装上路灯",
        "傍晚时分，微风轻拂，炊烟袅袅，村口的大樟树下三三两两坐着纳凉的人。",
        "记者在村口看到，孩子们追逐嬉戏，笑声传得很远很远。",
        "5月起，大湾村装上了86盏太阳能路灯，共花了31万元。",
    )
    assert "86盏" in story
    assert "微风" not in story
    assert "追逐" not in story


def test_the_figure_that_a_report_leads_up_to_is_kept() -> None:
    """Calls and aims give way to what was signed; the head of the place stays with the meeting."""
    story = told(
        "全区招商大会召开",
        "5月6日，全区招商大会召开。区委书记王立新强调，要提高认识，全力以赴抓好招商工作。区领导赵明、钱亮参加。",
        "王立新指出，要进一步优化环境，切实增强信心，坚决完成目标。要压实责任，着力破解难题。",
        "会上，12个项目集中签约，总投资38亿元。",
    )
    assert "38亿元" in story
    assert "区委书记王立新强调" in story
    assert "优化环境" not in story


@pytest.mark.parametrize(
    "news",
    [
        "报名时间为6月20日9时至25日17时，在网上办理。",
        "每天22时至次日5时停止供水。",
        "材料须在4月30日前交齐。",
        "竞赛定于4月13日在文化馆举行。",
        "凡2019年以后出生的儿童均可参加。",
        "会议表决通过了人事任免事项。",
        "一审判处窦某有期徒刑。",
        "顾师傅在厂里一干就是38年。",
    ],
)
def test_what_a_notice_or_a_decision_is_read_for_is_told(news: str) -> None:
    """From when to when, by when and for whom; what was settled; for how many years."""
    idle = "这件事受到了大家的普遍关注，街头巷尾都在谈论，许多人还记得从前的样子。"
    head = "这件事的办法公布，有关部门介绍了经过，此前各方面已经做了很长时间的准备工作，" + idle
    story = told("办法公布", head, idle + idle, news, idle)
    assert news in story
    assert story.count(idle) == 1


def test_a_headline_in_short_is_answered_by_the_long_form() -> None:
    """停水 is what 停止供水 is called for short."""
    news = "老城区将停止供水。"
    idle = "街坊们坐在门口聊天，孩子们追来追去，一天就这样过去了，谁也没有想到别的事情。"
    story = told("今晚停水", idle, idle, news)
    assert news in story


def test_who_was_there_is_never_told_without_who_led() -> None:
    """The list of those who attended needs the sentence before it."""
    text = (
        "区委书记王立新到港区调研。区领导赵明、钱亮、孙洪参加。" + "他看了12个码头、3座仓库。" * 4
    )
    story = told("港区3座仓库完工", text)
    assert ("赵明" in story) <= ("王立新到港区" in story)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("河口村卫生院搬进了新楼。", "该院有床位120张。"),
        ("教师李桂兰退休了。", "她办了3个图书角。"),
        ("5月3日，老人走进银行。", "当天，柜员拦下了8万元。"),
        ("“夜里也敢走了。”", "家住街边的周大爷说，路灯有120盏。"),
        ("旧校舍漏雨。", "为此，县里拨款120万元。"),
    ],
)
def test_a_sentence_brings_what_it_points_at(first: str, second: str) -> None:
    """A sentence that cannot be understood alone is not told alone."""
    filler = "天气很好，大家都很高兴，孩子们也很高兴，到处是一派热闹的样子。" * 3
    story = told("夏天的几件小事", filler + first + second)
    assert (second in story) <= (first in story)


def test_a_crosshead_goes_with_the_paragraph_below_it() -> None:
    """One whose paragraph is not told is not said; the others stand before theirs."""
    whole = replace(
        printed(
            "三村修路9公里",
            "三村修路9公里，花20万元。",
            "记者在村口看到，一派热闹景象，孩子们追逐嬉戏，大人们笑得合不拢嘴，老人们都来看这条路。",
            "路灯装了40盏，共8万元。",
        ),
        crossheads=(Crosshead(before=1, text="高兴"), Crosshead(before=2, text="路灯")),
    )
    short = select(whole)
    assert ("三村修路9公里，花20万元。", "路灯装了40盏，共8万元。") == short.paragraphs
    assert (Crosshead(before=1, text="路灯"),) == short.crossheads
    assert short.abridged


def test_briefs_are_told_with_all_their_items() -> None:
    """A box of briefs is one story, and each item is news of its own."""
    items = [f"{name}村昨天修好了桥，大家都来看。" for name in "甲乙丙丁戊己"]
    assert "".join(items) == told("简讯", *items)


def test_a_headline_promises_words_and_figures() -> None:
    """Function words and measures promise nothing; figures weigh most."""
    found = promised("我县新增5个省级森林村庄")
    assert {"新增", "5", "省级", "森林", "村庄"} <= set(found)
    assert not {"个", "我县的"} & set(found)
    assert max(found, key=lambda word: found[word]) == "5"


def test_our_own_stories_are_answered_as_well_as_before() -> None:
    """Who, where and how many of sixty stories, at little more than the length of their leads."""
    heard = asked = chars = lead = 0
    for row in OWN["articles"]:
        whole = printed(row["headline"], *row["body"])
        story = "".join(select(whole).paragraphs)
        heard += sum(answer in story for answer in row["answers"])
        asked += len(row["answers"])
        chars += len(story)
        lead += sum(map(len, whole.lead))
    assert heard >= 199  # the leads alone answer 121
    assert asked == 211
    assert chars <= 1.35 * lead


def test_an_article_of_one_sentence_stays_as_it_is() -> None:
    """There is nothing to choose."""
    whole = article("新桥", "桥通了。")
    assert whole == select(whole)


def test_what_only_announces_is_not_told_alone() -> None:
    """A few words that begin a paragraph come with the sentence that they announce, or not."""
    story = told(
        "一家茶厂带活十片茶园",
        "眼下正是夏茶开采的时候，太真乡的茶农却不像往年那样为卖茶发愁。今年春天，乡里推出“1+10”联营办法，"
        "由1家加工厂统一收购10个村的鲜叶，按质论价，当天付款。",
        "茶园里也没闲着。农技员带着大家在茶行间套种黄豆，豆秆还田当肥料，化肥用量比上年减少22.8%。"
        "种了30年茶的毛根土说：“叶子好，价钱才站得住。”",
    )
    assert ("没闲着" in story) == ("22.8%" in story)


@pytest.mark.parametrize(
    ("printed_text", "told_text"),
    [
        ("区领导张立、李海、王田等参加会议。", "区领导张立、李海等参加会议。"),
        ("市领导张 立、李海、欧阳田、赵青等12人出席。", "市领导张 立、李海等12人出席。"),
        ("区领导张立、李海、王田一同参加。", "区领导张立、李海〔等〕一同参加。"),
        ("参加会议的领导有张立、李海、王田。", "参加会议的领导有张立、李海〔等〕。"),
        (
            "会后，区委副书记张立、区政协主席李海、副区长王田陪同。",
            "会后，区委副书记张立、区政协主席李海〔等〕陪同。",
        ),
        *(
            (text, text)
            for text in (
                "区领导张立、李海参加。",
                "区领导看望了张立、李海、王田等困难群众。",
                "县委副书记、县长张立出席。",
                "区领导到杜家乡、王家镇、李家村调研。",
                "区领导要求抓好水稻、小麦、玉米等生产。",
                "张立、李海、王田等参加比赛。",
            )
        ),
    ],
)
def test_of_leaders_who_were_there_the_first_are_named(printed_text: str, told_text: str) -> None:
    """As the paper ranks them, cut at its 等; one that is added stands in brackets."""
    said = few_leaders(printed("会开了", f"会开了。{printed_text}"), 2)
    assert (f"会开了。{told_text}",) == said.paragraphs
    assert said.abridged == (printed_text != told_text)


def test_a_shortened_list_keeps_its_places() -> None:
    """What is left of a list still knows where it stands on the page; what is added does not."""
    words = "区领导张立、李海、王田参加。"
    (text,) = place_lines([words], (Span(1, 0, 0, len(words)),))
    (told_text,) = few_leaders(printed("会开了", text), 1).paragraphs
    assert "区领导张立〔等〕参加。" == told_text
    assert [(0, 5), (11, 14)] == [(one.start, one.end) for one in spans_of(told_text)]
