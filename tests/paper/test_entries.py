"""Pages whose every block is known become articles without guessing."""

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import Block, Box, Issue, Page, TextLine, is_marked
from qjaudio.paper.reading import read_issue

FIRST = "清早的集市上，卖菜的人比买菜的人先到，灯光把摊位照得通亮。"
SECOND = "到了七点，河边的早点铺子坐满了人，豆浆一锅接着一锅地端出来。"


def entry(title: str, *body: str, **beside: str) -> list[Block]:
    """An entry: headline, what stands beside it, and its paragraphs."""
    blocks = [("headline", title), *beside.items(), *(("body", text) for text in body)]
    return [Block(kind=kind, lines=(TextLine(text=text),) if text else ()) for kind, text in blocks]


def issue(*pages: list[Block]) -> Issue:
    return read_issue(
        Page(number=number, blocks=tuple(blocks), marked=True)
        for number, blocks in enumerate(pages, start=1)
    )


def kinds(found: Issue) -> set[str]:
    return {row.kind for row in found.left_out}


def test_a_cut_word_is_joined_over_the_page() -> None:
    """上接 as the whole title: the sentence that the page turn cut is one again."""
    found = issue(
        entry("集市醒得早", FIRST, "摊主老", "（下转第二版）"),
        entry("（上接第一版）", "罗说，今年的菜价稳。") + entry("别的消息", SECOND),
    )
    assert (FIRST, "摊主老罗说，今年的菜价稳。") == found.articles[0].paragraphs
    assert 2 == found.articles[0].continues_on
    assert 2 == len(found.articles)


def test_two_rests_on_one_page_find_their_stories() -> None:
    """The repeated title decides which rest belongs to which story."""
    found = issue(
        entry("集市醒得早", FIRST + "老罗说，", "（下转第二版）")
        + entry("夜里修好的路", SECOND + "工长说，", "（下转第二版）"),
        entry("夜里修好的路（上接第一版）", "路灯也换了。")
        + entry("（上接第一版）集市醒得早", "菜价稳。"),
    )
    assert ["老罗说，菜价稳。", "工长说，路灯也换了。"] == [
        article.paragraphs[-1].partition("。")[2] for article in found.articles
    ]


def test_a_rest_is_joined_though_the_first_half_names_no_page() -> None:
    """Where the 下转 line was lost, the one unfinished story on that page is meant."""
    found = issue(
        entry("集市醒得早", FIRST + "老罗说，") + entry("夜里修好的路", SECOND),
        entry("（上接第一版）", "菜价稳。"),
    )
    assert FIRST + "老罗说，菜价稳。" == found.articles[0].paragraphs[0]


def test_a_jump_line_in_a_box_belongs_to_the_story_that_the_rest_repeats() -> None:
    """The line stood in the box that the story is set around: the heading tells whose it is."""
    found = issue(
        entry("集市醒得早", FIRST + "老罗说，")
        + entry("摊位怎样租", "每个摊位每月租金60元，先到先得。", "（下转第二版）"),
        entry("集市醒得早（上接第一版）", "菜价稳。"),
    )
    assert [(FIRST + "老罗说，菜价稳。",), ("每个摊位每月租金60元，先到先得。",)] == [
        article.paragraphs for article in found.articles
    ]


def test_a_story_that_is_whole_loses_only_its_jump_line() -> None:
    """下转第二版 under a finished story changes nothing else."""
    found = issue(entry("集市醒得早", FIRST, "下转第二版"))
    assert (FIRST,) == found.articles[0].paragraphs
    assert {"jump_line"} == kinds(found)


def test_a_rest_that_repeats_a_whole_story_is_a_duplicate() -> None:
    """The site gives the story whole and its rest once more."""
    found = issue(
        entry("集市醒得早", FIRST, SECOND + SECOND, "（下转第二版）"),
        entry("（上接第一版）", SECOND + SECOND),
    )
    assert [(FIRST, SECOND + SECOND)] == [article.paragraphs for article in found.articles]
    assert "duplicate" in kinds(found)


def test_a_cut_sentence_is_not_spoken_without_its_rest() -> None:
    """The other page is not there: the clause that the jump cut is left out."""
    found = issue(entry("集市醒得早", FIRST, SECOND + "老板娘一边擦着桌子一边", "（下转第三版）"))
    assert (FIRST, SECOND) == found.articles[0].paragraphs
    assert "cut" in kinds(found)


def test_a_rest_without_its_story_is_left_out() -> None:
    """Nobody can tell what it is the rest of."""
    found = issue(entry("集市醒得早", FIRST), entry("（上接第五版）", SECOND))
    assert 1 == len(found.articles)
    assert "rest" in kinds(found)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("广告", "advert"), ("公益广告", "advert"), ("【图片新闻】", "caption"),
        ("导读", "teaser"), ("今日导读", "teaser"), ("报头", "masthead"), ("", "untitled"),
        ("责任编辑：许安 版式：何佳", "editors"), ("无标题", "untitled"), ("无标题2", "untitled"),
        ("天气预报", "weather"), ("图片", "caption"),
        ("本报今日导读", "teaser"), ("停水公告", "advert"),
    ],
)  # fmt: skip
def test_an_entry_that_is_no_article_is_left_out(title: str, kind: str) -> None:
    """By its title, whatever its text."""
    found = issue(entry("集市醒得早", FIRST) + entry(title, SECOND))
    assert 1 == len(found.articles)
    assert (SECOND, kind) in {(row.text, row.kind) for row in found.left_out}


@pytest.mark.parametrize(
    "title",
    [
        "广告牌下的读书会",
        "扫码点餐要留一份纸菜单",
        "图片里的老城",
        "编辑部的春天",
        "一条虚假广告的来历",
    ],
)
def test_a_title_that_only_begins_like_one_stays(title: str) -> None:
    """Headlines may begin with the words of rubrics."""
    assert [title] == [article.headline.main for article in issue(entry(title, FIRST)).articles]


def test_an_empty_entry_is_left_out() -> None:
    """A title without text is not spoken."""
    assert {"empty"} == kinds(issue(entry("集市醒得早", FIRST) + entry("只有题目")))


def test_the_same_article_twice_is_spoken_once() -> None:
    """Sites list a story on two pages under two addresses."""
    found = issue(entry("集市醒得早", FIRST), entry("集市醒得早", FIRST))
    assert (1, {"duplicate"}) == (len(found.articles), kinds(found))


def test_a_photo_whose_words_are_the_story_is_an_article() -> None:
    """Without other text the words under the photo are read, and who took it signs."""
    found = issue(entry("早点铺子开张", caption=SECOND + "（苏叶 摄）"))
    assert ((SECOND,), ("苏叶",)) == (found.articles[0].paragraphs, found.articles[0].byline)


@pytest.mark.parametrize("line", ["（相关报道见2版）", "（详见第3版）"])
def test_where_more_is_told_is_no_text(line: str) -> None:
    """A sentence that names a page is."""
    found = issue(entry("集市醒得早", FIRST, line, SECOND))
    assert (FIRST, SECOND) == found.articles[0].paragraphs
    assert (line, "teaser") in {(row.text, row.kind) for row in found.left_out}


def test_the_title_of_a_table_goes_with_it() -> None:
    """It stands last in the text, as the table itself is left out."""
    blocks = (
        *entry("集市醒得早", FIRST, "各村的集"),
        Block(lines=(TextLine(text="一 六"),), kind="table"),
    )
    assert (FIRST,) == issue(blocks).articles[0].paragraphs
    assert (FIRST, "各村的集") == issue(blocks[:-1]).articles[0].paragraphs


@pytest.mark.parametrize(
    ("body", "byline", "names"),
    [
        (["本报讯（记者 周小禾）" + FIRST], "", ["周小禾"]),
        ([FIRST], "周小禾", ["周小禾"]),
        ([FIRST], "本报记者 周小禾 通讯员 沈一帆", ["周小禾", "沈一帆"]),
        (["□ 本报记者 周小禾", FIRST], "周小禾", ["周小禾"]),
        ([FIRST, "周小禾 沈一帆"], "", ["周小禾", "沈一帆"]),
        ([FIRST + "（周小禾）"], "", ["周小禾"]),
        ([FIRST, "（周小禾 文/图）"], "", ["周小禾"]),
        (["周 禾", FIRST, SECOND], "", ["周禾"]),
        (["周小禾", FIRST, SECOND], "", ["周小禾"]),
        ([FIRST + " 周小禾"], "", ["周小禾"]),
        ([FIRST, "责任编辑：许安"], "周小禾", ["周小禾"]),
        ([FIRST], "作者：周小禾", ["周小禾"]),
        ([FIRST], "古丽·阿依", ["古丽·阿依"]),
        ([FIRST], "", []),
    ],
)
def test_names_are_taken_off_the_text(body: list[str], byline: str, names: list[str]) -> None:
    """In the text, on lines of their own or in the field of the author: each name once."""
    article = issue(entry("集市醒得早", *body, **({"byline": byline} if byline else {}))).articles[
        0
    ]
    assert names == list(article.byline)
    assert FIRST == article.paragraphs[0]


def test_a_department_in_the_field_of_the_author_signs() -> None:
    """It is not a person."""
    article = issue(entry("集市醒得早", FIRST, byline="区农业农村局")).articles[0]
    assert ("区农业农村局", ()) == (article.signoff, article.byline)


def test_a_word_over_the_text_is_a_name_where_it_is_no_crosshead() -> None:
    """With a family's name, and no other short line over a paragraph."""
    article = issue(entry("集市醒得早", "高原", FIRST, SECOND)).articles[0]
    assert (("高原",), ()) == (article.byline, article.crossheads)
    parted = issue(entry("集市醒得早", "高原", FIRST, "平地", SECOND, FIRST)).articles[0]
    assert ((), 2) == (parted.byline, len(parted.crossheads))


def test_the_mark_of_a_brief_is_no_part_of_its_headline() -> None:
    """As ● before each of them."""
    assert "集市醒得早" == issue(entry("● 集市醒得早", FIRST)).articles[0].headline.main


def test_short_lines_between_paragraphs_are_crossheads() -> None:
    """They stand before the paragraph that follows."""
    article = issue(entry("集市醒得早", FIRST, "灯光下的秤", SECOND, "河边的桌子", FIRST)).articles[
        0
    ]
    assert [(1, "灯光下的秤"), (2, "河边的桌子")] == [
        (c.before, c.text) for c in article.crossheads
    ]
    assert (FIRST, SECOND, FIRST) == article.paragraphs


def test_verse_keeps_its_lines() -> None:
    """Where most lines are short, none is a crosshead."""
    lines = ("河水慢慢地流", "把灯影揉碎", "又一片一片地拼好", "等天亮")
    article = issue(entry("夜渡", *lines)).articles[0]
    assert (lines, ()) == (article.paragraphs, article.crossheads)


def test_headings_that_the_text_repeats_are_not_spoken_twice() -> None:
    """Some templates put the title into the element of the text."""
    article = issue(entry("集市醒得早", "集市醒得早", FIRST)).articles[0]
    assert (FIRST,) == article.paragraphs


def test_pages_are_marked_where_their_source_says_so() -> None:
    """Each page with text has to say it; one that does not has to be understood as print."""
    known = tuple(entry("集市醒得早", FIRST))
    marked = Page(number=1, blocks=known, marked=True)
    assert is_marked([marked, Page(number=2, blocks=())])
    assert not is_marked([marked, Page(number=2, blocks=known)])
    assert not is_marked([])


def test_a_scan_of_headings_and_captions_is_no_page_of_a_site() -> None:
    """The layout of a scan names kinds too; what is wrong with it is said in words for a scan."""
    heading = TextLine(text="集市醒得早", box=Box(100, 100, 400, 160), size=60)
    caption = TextLine(text="清早的集市。 李明 摄", box=Box(100, 420, 300, 432), size=12)
    blocks = (Block(lines=(heading,)), Block(lines=(caption,)))
    page = arrange(Page(number=1, blocks=blocks, pictures=(Box(100, 200, 400, 410),)))
    assert all(block.kind for block in page.blocks)
    with pytest.raises(NotAnIssueError, match="does not read like a page") as caught:
        read_issue([page])
    assert "browser" not in (caught.value.hint or "")


def test_adverts_alone_are_no_issue() -> None:
    """The error says so."""
    with pytest.raises(NotAnIssueError, match="no article"):
        issue(entry("广告", FIRST))
