"""Doubts of reading: each kind is told with its place, and a page that is right has none."""

import re
from dataclasses import replace
from typing import Any

import pytest

from builders import PAGE_HEAD, ROADS, SHOPS, WELLS, read_page
from printed import line, page
from qjaudio.cli.read import outline
from qjaudio.paper import flow
from qjaudio.paper.doubts import doubts_of
from qjaudio.paper.headline import is_misread
from qjaudio.paper.model import (
    Article,
    Block,
    Headline,
    Issue,
    LeftOut,
    Masthead,
    Page,
    TextLine,
    articles_of_doubts,
    issue_json,
)
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import Box, Doubt, PageText, Span, join_texts, place_lines
from qjaudio.rules import phrases
from qjaudio.sources.text import split_pages

MORE = (
    "摊主们忙着挂招牌，卖豆腐的老周占了头一个摊位，旁边是修鞋的和配钥匙的，顾客挑挑拣拣，谁也不着急。"
    "管理员说，租金三年不涨，停车也不要钱，等明年新桥修好，对岸几个村子都能来赶集。"
)
"""A paragraph more for SHOPS."""


def printed(*lines: str) -> Block:
    """A paragraph in the lines of its column."""
    return Block(lines=tuple(TextLine(text=line) for line in lines))


def named(issue: Issue) -> list[str]:
    """The names of the doubts of an issue, as rules/doubts.toml has them."""
    rules: dict[str, Any] = phrases("doubts")
    return [
        name
        for doubt in issue.doubts
        for name, rule in rules.items()
        if "why" in rule and re.fullmatch(re.sub(r"{\w+}", ".+", rule["why"]), doubt.why)
    ]


def test_a_page_that_is_right_has_no_doubt() -> None:
    """Three whole stories, each under its headline: nothing is to be checked."""
    assert not read_page(WELLS, SHOPS, ROADS).doubts


def test_a_story_may_begin_with_its_dateline_closed_up() -> None:
    """A scan loses the space after 本报讯: it is no other story's."""
    assert not read_page(WELLS, changed(SHOPS, 1, "本报讯城西的集市上周搬进新大棚。"), ROADS).doubts


@pytest.mark.parametrize(("typeset", "told"), [({1}, True), ((), False)])
def test_type_as_ocr_measures_it_is_in_no_doubt(
    monkeypatch: pytest.MonkeyPatch, typeset: set[int], *, told: bool
) -> None:
    """On a scan the line above 12%。 is larger than that by as much as it has figures."""
    monkeypatch.setattr(flow, "misplaced", lambda *_: [("other_type", PageText("12%。"))])
    placed = page(line("渡口步道修好", 0, 12, size=18))
    found = doubts_of(read_page(WELLS), [placed], typeset=typeset)
    assert told is any("字号" in doubt.why for doubt in found)


def changed(story: tuple[str, ...], at: int, text: str) -> tuple[str, ...]:
    """A story with another text in one place."""
    return (*story[:at], text, *story[at + 1 :])


@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("no_headline", (WELLS, SHOPS[1:], ROADS)),
        *(
            ("markup", (changed(WELLS, 2, f"村民说，老井出水多了{mark}。"), SHOPS, ROADS))
            for mark in (r"\unknown{3}", "3^{x}", "[[3", '{"text": 3', "~~3~~4")
        ),
        (
            "half_sentence",
            (WELLS, changed(SHOPS, 2, "大棚有四百个摊位，先到先选，租金三年不涨，今年便"), ROADS),
        ),
        *(
            ("half_start", (changed(WELLS, 2, f"{text}以后不用再挑水。"), SHOPS, ROADS))
            for text in ("，", "月，", "的村民")
        ),
        *(
            ("unread", (WELLS, changed(SHOPS, 2, f"大棚有{mark}个摊位，先到先选。"), ROADS))
            for mark in (
                "□□",
                "四百■",
                "\ufffd百",
                "四[无法辨认]",
                "四百（或：四十）",
                "[?]百",
                "？.9万",
                "__",
            )
        ),
        *(
            ("remark", (changed(WELLS, 2, f"村民说，老井出水多了{mark}，不用挑水。"), SHOPS, ROADS))
            for mark in ("（此处待核实）", "//太长，改短//", "【批注：问镇里】", "TODO")
        ),
        ("remark", (changed(WELLS, 0, "# 松岭村通了自来水（待补地址）"), SHOPS, ROADS)),
        ("plain_heading", (WELLS, SHOPS[:2], ("新桥开工", "司机都说，往后稳当多了。"), ROADS)),
        ("sentence_deck", (("# 城西的集市", "# 大棚里开张", *SHOPS[1:]), WELLS, ROADS)),
        ("sentence_deck", (("# 集市搬进城西大棚", "# 摊位免费开张", *SHOPS[1:]), WELLS, ROADS)),
        ("slip", (WELLS, changed(SHOPS, 2, "大棚有四百个摊位，卖不完的菜就送人。"), ROADS)),
        ("misread_headline", (WELLS, changed(SHOPS, 0, "# 集市搬进□大棚"), ROADS)),
        ("short_headline", (WELLS, changed(SHOPS, 0, "# 简讯"), ROADS)),
        ("short_headline", (WELLS, changed(SHOPS, 0, "# 新闻集装箱"), ROADS)),
        ("sentence_headline", (WELLS, changed(SHOPS, 0, "# 此外，大棚里有摊位"), ROADS)),
        ("sentence_headline", (WELLS, changed(SHOPS, 0, "# “大棚里有摊位"), ROADS)),
        ("strange_headline", (WELLS, changed(SHOPS, 0, "# 护栏夜里会反光"), ROADS)),
        ("strange_headline", (WELLS, changed(SHOPS, 0, "# 大棚边护栏夜里会反光"), ROADS)),
        ("strange_headline", (WELLS, ("# 春季运动会昨日闭幕", *SHOPS[1:], MORE), ROADS)),
        ("misread_headline", (changed(WELLS, 0, "# 松‧岭通了自来水"), SHOPS, ROADS)),
        ("short_headline", (WELLS, changed(SHOPS, 0, "# 基层动态 集市搬进大棚"), ROADS)),
        ("same_headline", (WELLS, SHOPS, (SHOPS[0], *ROADS[1:]))),
        ("jump", (WELLS, (*SHOPS, "（下转第3版）"), ROADS)),
        (
            "other_story",
            (
                WELLS,
                changed(SHOPS, 2, "大棚有四百个摊位，每天先到本报讯（记者 丁四）先选。"),
                ROADS,
            ),
        ),
        (
            "other_story",
            (WELLS, changed(SHOPS, 2, "大棚有四百个摊位。（记者 丁四）每天先到先选。"), ROADS),
        ),
        (
            "other_story",
            (WELLS, changed(SHOPS, 2, "大棚有四百个摊位。（丁小禾）每天先到先选。"), ROADS),
        ),
        (
            "advert",
            (WELLS, ("# 家电下乡送上门", "彩电全部八折，以旧换新。"), ROADS),
        ),
        ("advert", (WELLS, changed(SHOPS, 0, "# 服务热线：0570-2345678"), ROADS)),
        (
            "caption",
            (WELLS, changed(SHOPS, 2, "大棚有四百个摊位。通讯员 丁小禾 摄 摊主先到先选。"), ROADS),
        ),
    ],
)
def test_what_is_not_sure_is_told(name: str, stories: tuple[tuple[str, ...], ...]) -> None:
    """Each fault of a page is told by its own doubt."""
    assert name in named(read_page(*stories))


def test_particles_make_no_headline_one_of_another_story() -> None:
    """里的 stands in any text; a word of another story tells."""
    for other, told in (("这里的人都说新路好走。", False), ("山里灯亮了，人都说好。", True)):
        names = named(read_page(WELLS, changed(SHOPS, 0, "# 山里的灯光"), (*ROADS, other)))
        assert told is ("strange_headline" in names), other


@pytest.mark.parametrize("told", [False, True])
def test_of_a_page_with_places_a_strange_headline_is_in_words_of_another_text(
    *, told: bool
) -> None:
    """No text is lost on such a page: what a headline of another says, stands somewhere."""
    rows = [line("春季运动会昨日闭幕", 20, 10, size=20)]
    text = "".join(SHOPS[1:]) + MORE
    other = "".join(WELLS[1:]) + "来看运动会的人也喝上了井水。" * told
    for body, top in ((text, 50), (other, 470)):
        parts = [body[at : at + 18] for at in range(0, len(body), 18)]
        rows += [line(part, 20 * (not n), top + 14 * n) for n, part in enumerate(parts)]
    issue = read_issue([page(*rows, line(WELLS[0].strip("# "), 10, 430, size=20))])
    assert 2 == len(issue.articles)
    assert told is ("strange_headline" in named(issue))


def test_a_headline_may_end_with_a_place() -> None:
    """地 after a noun, a verb or a number is land; after how something is done a verb follows. Or
    with the number of a part."""
    for title, hangs in (("集市搬进番薯地", False), ("摊主慢慢地", True), ("老渡口（6）", False)):
        names = named(read_page(WELLS, changed(SHOPS, 0, f"# {title}"), ROADS))
        assert hangs is ("sentence_headline" in names), title


def test_two_columns_that_are_mixed_are_told() -> None:
    """Lines of two columns in turn make no running text; each of them alone does."""
    left = (
        "昨天三个村的老井都通了电水",
        "泵一按就响村民们围在井台边",
        "看了半天谁也不愿意先走开老",
        "人说这口井养活了几代人如今",
        "终于不用再挑水了孩子们抢着",
        "按开关水花溅了一地大家都笑",
    )
    right = (
        "城西的集市上周搬进新大棚下",
        "雨天也照常开摊主们忙着挂招",
        "牌卖豆腐的老周占了头一个摊",
        "位旁边是修鞋的和配钥匙的顾",
        "客挑挑拣拣谁也不着急管理员",
        "说摊位先到先选租金三年不涨",
    )
    mixed = tuple(line for pair in zip(left, right, strict=True) for line in pair)
    head = [printed(line) for line in PAGE_HEAD.split("\n")]
    names = []
    for lines in (left, mixed):
        story = Block(lines=(TextLine(text="三个村的老井通了电"),), level=1)
        page = Page(number=1, blocks=(*head, story, printed(*lines[:-1], f"{lines[-1]}。")))
        names.append("mixed" in named(read_issue([page])))
    assert [False, True] == names
    guide = ("导读", *(f"{line[:9]} 3版" for line in (*left, *right)))
    assert "mixed" not in named(read_page(guide, WELLS, SHOPS))


def test_lines_of_two_stories_that_changed_places_are_told() -> None:
    """Each goes on better with the lines of the other at two places; else none is told."""
    told = []
    for changed in (False, True):
        stories = []
        for own, name in (("老井", "水泵"), ("大棚", "摊位")):
            text = (
                f"村里的{own}装了新的{name}，{own}边上的石板也换了新的，{name}一天到晚都有人用。"
                * 4
            )
            stories.append([text[at : at + 14] for at in range(0, len(text), 14)])
        wells, stalls = stories
        if changed:
            wells[4:6], stalls[5:7] = stalls[5:7], wells[4:6]
        blocks = [printed(line) for line in PAGE_HEAD.split("\n")]
        for title, lines in (("老井装了新的水泵", wells), ("大棚里的摊位换了新的", stalls)):
            blocks += [Block(lines=(TextLine(text=title),), level=1), printed(*lines)]
        told.append(named(read_issue([Page(number=1, blocks=tuple(blocks))])).count("mixed"))
    assert [0, 2] == told


@pytest.mark.parametrize(
    ("text", "after", "name"),
    [
        ("老周说：“摊位先到先选，租金都降了。", "大棚里的摊位都租完了。", "half_sentence"),
        ("老周说：“摊位先到“先选，租金都降了。”", "大棚里的摊位都租完了。", "half_sentence"),
        ("老周说：“摊位先到先选，租金都降了。", "“大棚里的摊位都租完了。”", ""),
    ],
)
def test_a_quotation_that_stays_open_is_told(text: str, after: str, name: str) -> None:
    """The next paragraph may go on with it, where it begins with a mark of its own."""
    told = named(read_page(WELLS, (*SHOPS, text, after), ROADS))
    assert ([name] if name else []) == [one for one in told if one.startswith("half")]


def test_a_story_that_goes_on_about_something_else_is_told() -> None:
    """Two stories in one part where their words do, and a long story keeps to its own."""
    wells = ("村里的老井装上了水泵，老井边铺了石板。", "水泵一按，老井就出水，老井旁修了水渠。")
    stalls = (
        "大棚里的摊位都租完了，大棚下雨也开门。",
        "摊位不贵，大棚里还有摊位，大棚外能停车。",
    )
    head, start = WELLS[0], WELLS[1:]
    for texts, names in (
        ((*start, *wells, *wells), []),
        ((*start, *wells, *wells, *stalls, *stalls), ["other_topic"]),
        ((*start, *wells, *stalls, *wells, *stalls), []),
    ):
        told = named(read_page((head, *texts), SHOPS, ROADS))
        assert names == [name for name in told if name == "other_topic"]


def test_one_word_that_is_cut_off_is_told_but_not_a_name() -> None:
    """A line that went to another story leaves a word or two of its sentence."""
    issue = read_page(WELLS, SHOPS)
    for text, names in (("结果", ["cut_sentence"]), ("丁小禾", []), ("摘自农事手册", [])):
        found = replace(issue, left_out=(LeftOut(text=text, kind="cut", page=1),))
        told = named(replace(issue, doubts=doubts_of(found, ())))
        assert names == [name for name in told if name == "cut_sentence"]


def test_a_deck_between_the_lines_of_a_text_is_told() -> None:
    """A line that begins with a dash and has no mark; an aside after a dash has some."""
    for dash, told in (("——八十户报名", True), ("——八十户，", False)):
        story = (*(printed(text.removeprefix("# ")) for text in SHOPS[:2]),)
        body = printed("大棚有四百个摊位，每天都", dash, "是先到先选，租金三年不涨。")
        issue = read_issue([Page(number=1, blocks=(printed(PAGE_HEAD), *story, body))])
        assert told == ("deck_inside" in named(issue)), dash


def test_a_line_without_a_mark_that_got_its_full_stop_from_us_is_told() -> None:
    """It may be a headline that has lost its text; a sentence printed so is one."""
    issue = read_page(WELLS, SHOPS)
    line = place_lines(["老年食堂开进南岭村"], (Span(1, 40, 0, 9, None),))[0]
    for text, told in ((join_texts([line, "。"]), True), (line[:8], False)):
        first = replace(issue.articles[0], paragraphs=(*issue.articles[0].paragraphs, text))
        found = doubts_of(replace(issue, articles=(first, *issue.articles[1:])), ())
        assert told == ("lost_end" in named(replace(issue, doubts=found))), text


def test_a_doubt_is_of_the_story_that_its_line_goes_on_with() -> None:
    """Right under its text, or in the next column; not further down, nor level with it."""
    boxes = [Box(0, top, 100, top + 10) for top in (100, 115, 130)]
    spans = tuple(Span(1, n, 0, 3, box) for n, box in enumerate(boxes))
    lines = place_lines(["大棚有", "四百个", "摊位。"], spans)
    story = Article(headline=Headline(main=lines[0]), paragraphs=(join_texts(lines[1:]),), page=1)
    for left, top, number in ((0, 145, 1), (0, 200, 0), (120, 130, 0), (120, 40, 1)):
        where = Span(1, 3, 0, 3, Box(left, top, left + 100, top + 10))
        doubt = Doubt(kind="slight", where=where, what="每天先", why="试验")
        issue = Issue(masthead=Masthead(), articles=(story,), doubts=(doubt,))
        assert (number,) == articles_of_doubts(issue), (left, top)


def test_pages_that_were_not_read_are_told() -> None:
    """A masthead counts the pages; between two that were read one may be missing without it."""
    four = PAGE_HEAD.replace("今日1版", "今日4版")
    assert ["page_count"] == named(read_page(WELLS, SHOPS, ROADS, head=four))
    page = read_page(WELLS, SHOPS, ROADS, head=four, number=3)
    assert ["第1版", "第2版"] == [doubt.what for doubt in page.doubts if doubt.kind == "grave"]
    pages = [
        Page(number=number, blocks=tuple(printed(text) for text in story))
        for number, story in ((2, WELLS), (4, SHOPS))
    ]
    assert ["第3版"] == [d.what for d in read_issue(pages).doubts if "没有读到" in d.why]


def test_the_doubts_of_a_page_reach_the_issue_with_their_place() -> None:
    """What layout or source is not sure of is told with page, article and words."""
    blocks = tuple(printed(text.removeprefix("# ")) for text in (*PAGE_HEAD.split("\n"), *WELLS))
    doubt = Doubt(kind="grave", where=Span(1, 3, 0, 6), what="本报讯", why="试验")
    issue = read_issue([Page(number=1, blocks=blocks, doubts=(doubt,))])
    assert doubt in issue.doubts
    row = next(row for row in issue_json(issue)["doubts"] if row["why"] == "试验")
    assert (1, 1, "grave", "本报讯") == (row["page"], row["article"], row["kind"], row["what"])
    assert "第1版，第1篇“本报讯”：试验" in outline(issue)
    assert "to check" not in outline(replace(issue, doubts=()))


def test_what_is_cut_off_and_what_goes_nowhere_is_told() -> None:
    """A clause that stopped, a long text that belongs to no story, a deck that is a sentence."""
    half = changed(SHOPS, 2, "大棚有四百个摊位，先到先选，租金都降低了一成，并且为每一位新来的")
    assert ["cut_sentence"] == named(read_page(WELLS, half, ROADS))
    issue = read_page(WELLS, SHOPS)
    lost = LeftOut(text="村民" * 20, kind="debris", page=1)
    known = LeftOut(text="村民" * 20, kind="caption", page=1)
    told = LeftOut(text="村民们都说，这件事办得好，" * 3 + "大家放心。", kind="advert", page=1)
    offer = replace(told, text="遗失营业执照正副本，特此声明作废，联系电话13800000000。" * 2)
    deck = replace(
        issue.articles[0].headline, deck="三个村的老井都通了电，水泵一按就响，村民都说好"
    )
    first = replace(issue.articles[0], headline=deck)
    changes = replace(
        issue, left_out=(lost, known, told, offer), articles=(first, *issue.articles[1:])
    )
    found = doubts_of(changes, ())
    assert ["page_count", "sentence_deck", "lost_text", "lost_text"] == named(
        replace(issue, doubts=found)
    )
    # What a site marks as the deck is one, and what a text calls so.
    site = Page(number=1, blocks=(printed(PAGE_HEAD),), marked=True)
    assert "sentence_deck" not in named(replace(issue, doubts=doubts_of(changes, (site,))))
    called = ("# 集市搬进城西大棚", "# 副题：摊位免费开张", *SHOPS[1:])
    assert "sentence_deck" not in named(read_page(called, WELLS, ROADS))


def test_what_an_advert_says_of_itself_counts_for_each_of_its_sentences() -> None:
    """Its heading and the line below it with a number to call; not those of the one below."""
    issue = read_page(WELLS, SHOPS)

    def told(*texts: str) -> list[str]:
        rows = [LeftOut(text=text, kind="advert", page=1) for text in texts]
        return [x.what for x in doubts_of(replace(issue, left_out=(*rows,)), ()) if "归入" in x.why]

    shop = "月底以前到店订购书柜和衣柜的顾客，每一家都能拿到一个不锈钢的水槽。"
    cut = "二十五日早上七点到下午五点半，上桥村和下桥村的线路要检修，请各家各户提前做好准备。"
    assert [] == told("秋天的家装节！柜子特价", shop, "咨询热线：0570-3021866")
    assert [] == told("停电公告", cut, "县供电公司")
    assert [shop[:24]] == told(shop, "停电公告", cut)
    assert [shop[:24]] == told("河边新开的店", shop, "停电公告", cut, "咨询热线：0570-3021866")


LONG = "四百个摊位都搬进了新大棚，再也不怕刮风下雨"


@pytest.mark.parametrize(
    ("deck", "wide", "high", "doubts"),
    [
        (LONG, 80, 10, ["sentence_deck"]),
        (LONG, 110, 10, []),
        (LONG, 80, 14, []),
        ("四百个摊位搬家", 80, 14, []),
        ("先搬家", 80, 14, ["sentence_deck"]),
    ],
)
def test_a_deck_wider_or_in_larger_type_than_the_text_is_no_sentence_of_it(
    deck: str, wide: int, high: int, doubts: list[str]
) -> None:
    """One set as the text is may be its first sentence, a very short one a crosshead."""
    texts = ["集市搬进大棚", deck, "赶集的人不再怕雨。"]
    boxes = Box(0, 0, 80, 30), Box(0, 40, wide, 40 + high), Box(0, 60, 80, 70)
    main, below, text = place_lines(
        texts, tuple(Span(1, n, 0, 40, box) for n, box in enumerate(boxes))
    )
    story = Article(headline=Headline(main=main, deck=below), paragraphs=(text,), page=1)
    issue = Issue(masthead=Masthead(), articles=(story,))
    assert doubts == named(replace(issue, doubts=doubts_of(issue, [])))


@pytest.mark.parametrize(
    "said", ["I'm unable to transcribe the rest.", "（注：右下角部分文字被遮挡，无法识别。）"]
)
def test_a_program_that_gave_up_is_told(said: str) -> None:
    """What it says of the page is not read aloud, but an editor hears of it."""
    issue = read_issue(split_pages("\n\n".join([*WELLS, *SHOPS, said])))
    assert ["given_up"] == named(issue)
    assert all(said not in text for one in issue.articles for text in one.paragraphs)


def test_a_story_that_was_read_twice_is_told() -> None:
    """Not that two stories have one paragraph in common."""
    same = "大棚有四百个摊位，先到先选。"
    again = ("# 集市搬进新的大棚", *SHOPS[1:])
    assert "repeated" in named(read_page(WELLS, SHOPS, again))
    other = (*ROADS, "护栏有两千米长，都是新的。", same)
    assert "repeated" not in named(read_page(WELLS, SHOPS, other))


def test_a_headline_that_its_text_has_otherwiseis_misread() -> None:
    """A character lost, or another one, in a name that the text has; other words are no faults."""
    text = "木樨巷的集市开了。从木樨巷到大岙镇有八公里。大岙镇换上了新灯，大岙镇的集市也开了。"
    text += "大岙镇的集市下雨也开。"
    assert [True, True, False, False, False] == [
        is_misread(headline, text)
        for headline in (
            "集市开进木巷",
            "集市开进大吞镇",
            "集市开进木樨巷",
            "大岙镇换新灯",
            "大岙镇集市",
        )
    ]


def test_a_brief_may_have_its_headline_in_other_words() -> None:
    """It is no fault where no other text has them, nor is a verb that its text has otherwise."""
    assert "strange_headline" not in named(
        read_page(WELLS, changed(SHOPS, 0, "# 赶圩不怕淋"), ROADS)
    )
    assert not is_misread("卫生室重新开了门", "村里的卫生室新添了仪器，灯又亮了。")


@pytest.mark.parametrize(
    ("title", "size", "changes", "told"),
    [
        ("晒豆子", 24, {}, False),
        ("晒豆", 24, {}, False),
        ("村里见闻", 24, {}, False),
        ("村里见闻", 16, {}, True),  # may be a column's name
        ("晒豆子", 12, {}, True),  # a label over the text
        ("晒豆子", 24, {"byline": ()}, True),
        ("晒豆子", 24, {"dateline": "本报讯"}, True),  # news have longer headlines
        ("晒豆子", 24, {"deck": "院里的一个秋天"}, True),
        ("晒豆子", 24, {"deck": "——院里的一个秋天"}, False),
        ("晒豆", 24, {"signed_at": 28}, False),  # right under it stands who wrote the piece
        ("村里见闻", 24, {"signed_at": 28}, False),
        ("晒豆", 16, {"signed_at": 28}, False),
        ("晒豆", 16, {"signed_at": 70}, True),
        ("晒豆", 12, {"signed_at": 28}, True),
    ],
)
def test_the_short_title_of_a_signed_essay_is_whole(
    title: str, size: float, changes: dict[str, Any], told: bool
) -> None:
    """No other headline is so short."""
    texts = [title, "豆子晒在院里。", "鸡来啄了几颗。"]
    boxes = [Box(0, 0, 80, size), *(Box(0, top, 80, top + 10) for top in (40, 55))]
    main, *text = place_lines(texts, tuple(Span(1, n, 0, 7, box) for n, box in enumerate(boxes)))
    rest = {"byline": ("何青",), **changes}
    if top := rest.pop("signed_at", 0):
        where = Span(1, 9, 0, 2, Box(20, top, 40, top + 10))
        rest["byline"] = tuple(place_lines(["何青"], (where,)))
    head = Headline(main=main, deck=rest.pop("deck", ""))
    story = Article(headline=head, paragraphs=tuple(text), page=1, **rest)
    issue = Issue(masthead=Masthead(), articles=(story,))
    doubts = doubts_of(issue, [])
    assert told == any(doubt.why.startswith("标题太短") for doubt in doubts)


def test_figures_and_characters_that_ocr_may_have_misread_are_told() -> None:
    """Each at its place in its article; those that are not read aloud are not worth a word."""
    name, date = PAGE_HEAD.split("\n")
    lines = [
        TextLine(text=name),
        TextLine(text=date, unsure=("2025年5月20日",)),
        TextLine(text="松岭通了自来水"),
        TextLine(text="本报讯（记者 郝一）松岭的4158户人家昨天用上了自来水。", unsure=("4158",)),
        TextLine(text="水从岙口来，以后不用再挑水了，大家都说好。", unsure=("岙",)),
    ]
    blocks = [Block(lines=(line,), level=int(at == 2)) for at, line in enumerate(lines)]
    issue = read_issue([Page(number=1, blocks=tuple(blocks))])
    assert [("unsure_figure", "4158"), ("unsure_character", "岙")] == [
        (name, doubt.what) for name, doubt in zip(named(issue), issue.doubts, strict=True)
    ]
    assert [3, 4] == [doubt.where.line for doubt in issue.doubts if isinstance(doubt.where, Span)]


@pytest.mark.parametrize("title", ["谷雨", "立秋，写给阿姊"])
def test_a_poem_need_not_name_its_title(title: str) -> None:
    """Nor end its lines as sentences, nor have a title of more than two characters."""
    blocks = [
        Block(
            lines=(TextLine(text=title, box=Box(50, 10, 230, 30), size=20),),
            kind="headline",
            level=2,
        ),
        Block(lines=(TextLine(text="◎程安之", box=Box(50, 34, 90, 44), size=10),), kind="byline"),
    ]
    rows = ["桨声还没有醒", "雾先过了河", "一只白鹭站在石阶上", "去年的船", "桨断了"]
    rows += [
        "灶膛里红薯正甜",
        "祖母唤鸡归窝",
        "檐下燕子忙着衔泥",
        "瓦缝漏下半勺月光",
        "蛙鸣涨满池塘",
    ]
    rows += ["谁家新娘洗麦苗", "柳絮飞向山外", "邮差骑车经过桑园"]
    for at, row in enumerate(rows):
        box = Box(50, 60 + 14 * at, 50 + 10 * len(row), 70 + 14 * at)
        blocks.append(
            Block(lines=(TextLine(text=row, box=box, size=10),), kind="verse", opens=True)
        )
    issue = read_issue([Page(number=1, blocks=tuple(blocks))])
    assert tuple(rows) == issue.articles[0].paragraphs
    assert ("程安之",) == issue.articles[0].byline
    assert not issue.doubts


@pytest.mark.parametrize("number", [1, 2])
def test_one_headline_over_two_stories_of_a_printed_page_is_right(number: int) -> None:
    """Where lines have places, a headline is printed again over the rest of a story on another
    page, and on its own page over another story."""
    boxes = [Box(left, top, left + 90, top + 9) for left in (0, 100) for top in (0, 20, 35)]
    texts = [
        "集市搬进大棚",
        "大棚有四百个摊位，",
        "先到先选。",
        "集市搬进大棚",
        "城东大棚也开张，",
        "停车免费。",
    ]
    pages = [1, 1, 1, number, number, number]
    spans = (Span(page, n, 0, len(texts[n]), boxes[n]) for n, page in enumerate(pages))
    lines = place_lines(texts, tuple(spans))
    articles = tuple(
        Article(headline=Headline(main=one[0]), paragraphs=(join_texts(one[1:]),), page=page)
        for one, page in ((lines[:3], 1), (lines[3:], number))
    )
    issue = Issue(masthead=Masthead(), articles=articles)
    told = doubts_of(issue, [Page(number=n, blocks=()) for n in {1, number}])
    why = phrases("doubts")["same_headline"]["why"]
    assert (why in {doubt.why for doubt in told}) == (number > 1)
