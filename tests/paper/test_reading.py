"""Whole pages: every case is a page of our own beside what it should be read as."""

import json
import pathlib
import subprocess
import sys
from copy import deepcopy

import pytest

from builders import PAGE_HEAD, SHOPS, WELLS
from paper.summary import summary
from printed import column, line, page
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.drafts import sort_pieces
from qjaudio.paper.entries import join_jumps
from qjaudio.paper.model import TextLine, issue_json
from qjaudio.paper.pieces import has_indents, pieces_of
from qjaudio.paper.reading import article_of, evidence_of, in_reading_order, read_issue
from qjaudio.paper.stories import merge_crossheads
from qjaudio.sources.text import TextSource, split_pages

CASES = pathlib.Path(__file__).parent / "cases"
SHARED = pathlib.Path(__file__).parents[3] / "shared"
FLOORS = {
    "seeds/2025-05-20.md": ("practice/2025-05-20.gold.json", 98.0),
    "practice/2024-03-14": ("practice/2024-03-14/gold.json", 97.0),
}


@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.txt")))
def test_a_page_is_read_as_a_subscriber_reads_it(case: str) -> None:
    """Each page becomes the masthead, articles, remains and repairs written beside it."""
    expected = json.loads((CASES / f"{case}.json").read_text(encoding="utf-8"))
    issue = read_issue(TextSource().pages(str(CASES / f"{case}.txt")))
    assert expected == summary(issue)


@pytest.mark.parametrize("case", ["crossheads", "jump_two_pages", "vertical_headline"])
def test_no_step_of_reading_changes_what_it_is_given(case: str) -> None:
    """Drafts are joined, and articles made of them, again and again to the same end."""
    pages = in_reading_order(TextSource().pages(str(CASES / f"{case}.txt")))
    pieces = pieces_of(pages)
    found = sort_pieces(pieces)
    drafts = join_jumps(merge_crossheads(found.drafts))
    evidence = evidence_of(pieces, found.debris, "", indents=has_indents(pieces))
    before = deepcopy((pieces, found, drafts, evidence.debris))
    made = [article_of(draft, evidence) for draft in drafts]
    assert drafts == join_jumps(merge_crossheads(found.drafts))
    assert made == [article_of(draft, evidence) for draft in drafts]
    assert before == (pieces, found, drafts, evidence.debris)
    assert len(drafts) < len(found.drafts) or case == "vertical_headline"


@pytest.mark.parametrize("name", FLOORS)
def test_real_pages_keep_their_score(name: str, tmp_path: pathlib.Path) -> None:
    """The score of a real page does not fall below its floor."""
    gold, floor = FLOORS[name]
    if not (SHARED / gold).exists():
        pytest.skip("the pages to practise on are not here")
    report = tmp_path / "report.json"
    issue = read_issue(TextSource().pages(str(SHARED / name)))
    report.write_text(json.dumps(issue_json(issue), ensure_ascii=False), encoding="utf-8")
    scorer = str(SHARED / "practice/score_articles.py")
    run = subprocess.run(
        [sys.executable, scorer, str(report), str(SHARED / gold), "--json"],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
    )
    assert json.loads(run.stdout)["score"] >= floor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "公益广告:节约用水\n\n2025年5月20日 星期二",
        "# 第一章\n\n那年秋天，雨下得特别久。他站在屋檐下。\n\n# 第二章\n\n火车进站了。",
        "# News\n\nThe bridge was opened on 20 May 2025. Everybody was happy.",
        "# ニュース 2025年5月20日\n\n橋が開通しました。みんなが喜びました。記者が伝えました。",
    ],
    ids=["nothing", "adverts", "a novel", "English", "Japanese"],
)
def test_what_is_no_chinese_newspaper_is_refused(text: str) -> None:
    """Adverts, a novel or another language are refused with advice, not read."""
    with pytest.raises(NotAnIssueError) as caught:
        read_issue(split_pages(text))
    assert caught.value.hint


def test_radicals_that_a_font_gives_are_characters() -> None:
    """⻋ looks like 车, but no voice and no search knows it."""
    text = "⻓桥⻋多\n\n本报讯（记者 李明）昨天⼗⼀时，⼭⻔的⻢路通⻋。"
    (article,) = read_issue(split_pages(text)).articles
    assert ("长桥车多", ["昨天十一时，山门的马路通车。"]) == (
        article.headline.main,
        [*map(str, article.paragraphs)],
    )


def test_two_headings_are_one_headline_where_the_text_has_the_seam() -> None:
    """Of one level, one below the other, as tools write a headline of two lines."""
    text = "# 渠首泵站除险\n\n# 工程冬前完工\n\n本报讯（记者 陈立）泵站除险工程昨天完工，灌溉不误。"
    (article,) = read_issue(split_pages(text)).articles
    assert ("渠首泵站除险工程冬前完工", "") == (article.headline.main, article.headline.deck)


def test_a_body_below_the_lines_of_a_notice_is_no_kicker() -> None:
    """It signs what stands above, where the headline is marked."""
    lines = ["## 冬灌轮水安排", "6月18日 东渠：前村、后村", "石桥县灌溉中心", *SHOPS]
    headline = read_issue(split_pages("\n\n".join([*WELLS, *lines]))).articles[-1].headline
    assert (SHOPS[0][2:], "") == (headline.main, headline.kicker)


def test_a_headline_that_ends_like_an_office_signs_no_story() -> None:
    """夜里不关灯的图书馆 stands over the story that begins below it."""
    text = "\n".join([*WELLS, "夜里不关灯的图书馆", "本报讯（记者 李明）昨天，馆里坐满了人。"])
    first, second = read_issue(split_pages(text.removeprefix("# "))).articles
    assert ("", "夜里不关灯的图书馆") == (first.signoff, second.headline.main)


def test_a_date_stands_in_only_where_the_page_prints_none() -> None:
    """The date of the page wins over the one that was asked for."""
    body = "# 新桥通车\n\n本报讯(记者 陈立)新桥通车。"
    assert "2025-05-20" == read_issue(split_pages(body), date="2025-05-20").masthead.date
    dated = f"2023年7月4日 星期二\n\n{body}"
    assert "2023-07-04" == read_issue(split_pages(dated), date="2025-05-20").masthead.date


def test_a_story_runs_over_a_page_turn_without_a_jump_line() -> None:
    """A word that the page turn cuts in two joins the halves of the story."""
    issue = read_issue(split_pages("# 新桥通车\n\n本报讯(记者 陈立)新桥今天通\f车，村民走上桥头。"))
    assert ("新桥今天通车，村民走上桥头。",) == issue.articles[0].paragraphs


@pytest.mark.parametrize("cut", ["的桥面上。", "的《谁来爱我？》首发式上。", "说：“来了！”"])
def test_the_rest_of_a_story_whose_beginning_is_absent_starts_with_a_whole_sentence(
    cut: str,
) -> None:
    """Of 上接 without its page only whole sentences are kept."""
    text = f"# 新桥通车\n\n(上接第1版){cut}村民们都来了。本报讯不在这里。\n\n2023年7月4日 星期二"
    issue = read_issue(split_pages(text))
    assert ("村民们都来了。本报讯不在这里。",) == issue.articles[0].paragraphs
    assert cut in [row.text for row in issue.left_out if row.kind == "cut"]


@pytest.mark.parametrize(("characters", "across", "stories"), [(16, 0, 3), (9, 0, 1), (9, 95, 3)])
def test_parts_of_a_story_are_as_wide_as_it_is(characters: int, across: int, stories: int) -> None:
    """Two smaller headings over wider columns, or more of them, begin stories; else parts."""

    def told(start: str, left: float, top: float, wide: int) -> list[TextLine]:
        text = f"　　{start}" + "门口铺了新的石板，来往的人都说走着踏实。" * 3
        return column([text[at : at + wide] for at in range(0, len(text), wide)], left, top)

    found = read_issue(
        [
            page(
                line("渡口旁铺了新步道", 60, 10, size=30),
                *told("本报讯（记者　何青）", 50, 50, 9),
                line("书屋夏夜开门", 50 + 0.6 * across, 190, size=16),
                *told("书屋", 50, 215, characters),
                *(told("路灯", 50 + 1.1 * across, 215, characters) if across else ()),
                line("菜场换了屋顶", 290 + 0.6 * across, 190, size=16),
                *told("菜场", 290, 215, characters),
                *(told("路灯", 290 + 1.1 * across, 215, characters) if across else ()),
            )
        ]
    )
    assert stories == len(found.articles)


PHOTO = "5月18日，城南小学的孩子们在石桥边写生，把春天的河岸画进本子。"


@pytest.mark.parametrize(
    ("above", "before", "headline"),
    [
        ("# 石桥边学写生", "", "石桥边学写生"),
        ("# 石桥边学写生", "图为", "石桥边学写生"),
        ("# 图片新闻", "", "图片新闻"),
        ("图片新闻\n\n# 石桥边学写生", "", "石桥边学写生"),
    ],
)
def test_photo_news_reads_its_caption(above: str, before: str, headline: str) -> None:
    """With a headline or under a label alone, it is a story, and no part of the one before it."""
    whole = "\n\n".join((*WELLS, *above.split("\n\n"), f"{before}{PHOTO}本报记者 甲一 摄"))
    wells, photo = read_issue(split_pages(f"{PAGE_HEAD}\n\n{whole}"), date="2025-05-20").articles
    assert (headline, (before + PHOTO,)) == (photo.headline.main, photo.paragraphs)
    assert PHOTO not in "".join(wells.paragraphs)


def test_each_brief_may_name_its_source() -> None:
    """The box is one story; the bodies that sign its items are its sources, each once."""
    items = ("▲城西修好了两座桥。", "▲乡里开了六场招聘会。", "▲城东添了一座桥。")
    bodies = ("（区交通运输局）", "（区人力社保局）", "（区交通运输局）")
    box = "\n\n".join(map("".join, zip(items, bodies, strict=True)))
    (story,) = read_issue(
        split_pages(f"{PAGE_HEAD}\n\n# 简讯\n\n{box}"), date="2025-05-20"
    ).articles
    assert tuple(item[1:] for item in items) == story.paragraphs
    assert "区交通运输局、区人力社保局" == story.signoff


def test_a_series_of_parts_may_end_with_who_wrote_it() -> None:
    """小标题 over parts of a story without dateline; the credit stands alone at its end."""
    text = "桥面上铺了新的石板，来往的人都说走着踏实。"
    parts = "\n\n".join(f"### {name}\n\n{text}" for name in ("家门口的渡船", "桥面上的新灯"))
    text = f"## 石桥边写生\n\n{PHOTO}\n\n{parts}\n\n（记者 何青）\n\n## 渡口修好\n\n{PHOTO}"
    found = read_issue(split_pages(f"{PAGE_HEAD}\n\n{text}")).articles
    assert [(3, ("何青",)), (1, ())] == [(len(one.paragraphs), one.byline) for one in found]


def test_questions_of_an_interview_are_no_headlines() -> None:
    """「记者：…？」 on a line of its own is said by someone: the story goes on."""
    lines = "近日，记者走访了渡口。\n\n记者：现在进展如何？\n\n秦立：步道上周修好了。"
    (article,) = read_issue(split_pages(f"# 渡口步道修好\n\n{lines}")).articles
    assert "记者：现在进展如何？" in article.paragraphs


def test_briefs_under_a_label_are_stories() -> None:
    """Marked headings of the next level under 简 讯 are no 小标题 of it."""
    briefs = "\n\n".join(f"## {name}\n\n{PHOTO}" for name in ("渡口修好了", "石桥点灯了"))
    found = read_issue(split_pages(f"{PAGE_HEAD}\n\n# 简 讯\n\n{briefs}")).articles
    assert ["渡口修好了", "石桥点灯了"] == [str(one.headline.main) for one in found]


@pytest.mark.parametrize("mark", ["# ", ""])
@pytest.mark.parametrize("name", ["读者 李明", "李明", "——周建明", "河湾镇 李明", "河湾中学 李明"])
def test_a_name_at_the_end_of_a_story_is_no_kicker(name: str, mark: str) -> None:
    """It signs the story above it, and stands over no other one."""
    first, second = (f"{mark}{one[0][2:]}\n\n{one[1]}" for one in (WELLS, SHOPS))
    above, below = read_issue(split_pages(f"{first}\n\n{name}\n\n{second}")).articles
    assert name.lstrip("—").split()[-1] == above.byline[-1]
    assert not below.headline.kicker


def test_who_signs_a_letter_heads_no_word_of_the_editors_under_it() -> None:
    """编后 tells what comes of the letter."""
    letter = ["编辑同志：", "我们巷子里的路灯坏了半年，请早些修好。", "居民 周小满"]
    after = "编后：来信已转给有关部门，修好以后我们再来看。"
    text = "\n\n".join(["# 路灯几时再亮", *letter, after, *SHOPS])
    first, _ = read_issue(split_pages(text)).articles
    assert ("路灯几时再亮", after) == (first.headline.main, first.paragraphs[-1])


VERSES = ["月亮爬上山冈", "照着打谷场", "外婆摇着蒲扇", "把故事讲得很长", "我睡着了"]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "over", ["# 秋夜\n\n", "# 秋夜\n\n何青\n\n", "秋夜里\n\n何青\n\n", "# 秋夜\n\n```\n"]
)
def test_each_line_of_a_poem_is_a_paragraph(over: str, between: str) -> None:
    """Nothing is added to it, it loses no line to a headline, and it is in no doubt."""
    end = "\n```" if "```" in over else ""
    mark = "# " if over.startswith("#") else ""
    below = f"{mark}{WELLS[0][2:]}\n\n{WELLS[1]}"
    issue = read_issue(split_pages(f"{over}{between.join(VERSES)}{end}\n\n{below}"))
    poem, story = issue.articles
    assert VERSES == [*map(str, poem.paragraphs)]
    assert poem.headline.main.startswith("秋夜")
    assert not story.headline.kicker
    assert ["标题太短"] == [doubt.why[:4] for doubt in issue.doubts]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "老船昨天修好了三个村",
            "的人又能坐船过河去赶",
            "集船票还是两元钱上船",
            "后再买票",
        ],  # a column
        ["老船，昨天修好了", "三个村，都能去", "船票，还是两元", "上船，再买"],
        ["老船昨天修", "好了三个村的人", "又能坐船过河", "去赶集"],
    ],
)
def test_lines_of_a_column_are_no_poem(lines: list[str]) -> None:
    """They are as wide, have marks inside, or end in the middle of a word."""
    text = f"{WELLS[0]}\n\n{WELLS[1]}\n\n# 老船下水\n\n" + "\n".join(lines)
    assert 1 == len(read_issue(split_pages(text)).articles[1].paragraphs)


def test_a_lesser_heading_alone_is_a_crosshead() -> None:
    """Where two stories show how headlines are marked; and only over text about the same."""
    pages = f"{WELLS[0]}\n\n{WELLS[1]}\n\n**水泵安家**\n\n{WELLS[2]}以前老井里打水要走两里山路。"
    pages += f"\n\n{SHOPS[0]}\n\n{SHOPS[1]}\n\n### 松岭通车\n\n山路昨天通车，司机开车稳当多了。"
    first, second, third = read_issue(split_pages(pages)).articles
    assert ["水泵安家"] == [str(one.text) for one in first.crossheads]
    assert ("集市搬进新大棚", "松岭通车") == (second.headline.main, third.headline.main)


def test_a_lesser_heading_over_a_signed_text_is_a_story_of_its_own() -> None:
    """However much it shares with the story above."""
    part = f"**水泵安家**\n\n{WELLS[2]}以前老井里打水要走两里山路。 县水利局"
    pages = f"{WELLS[0]}\n\n{WELLS[1]}\n\n{part}\n\n{SHOPS[0]}\n\n{SHOPS[1]}"
    heads = [str(one.headline.main) for one in read_issue(split_pages(pages)).articles]
    assert "水泵安家" in heads


def test_headings_without_mark_among_marked_ones_are_crossheads() -> None:
    """As a program misses them: two over text about the same, one over the only name of an essay,
    which may be another story's; not one whose text says what it says."""
    essay = "# 莫让灯成摆设\n\n灯装好了，没人管。\n\n灯坏了，没人修。"
    pumps = "水泵安家\n\n水泵归水管员看着。\n\n老井有了新渠\n\n老井的水顺着石渠流进了田。"
    parts = [*WELLS, pumps, essay, "常修常新", "树要年年剪，渠要年年清。（丁小禾）", *SHOPS]
    issue = read_issue(
        split_pages("\n\n".join([*parts, "山路通车", "山路昨天通车，司机都说稳当。"]))
    )
    assert [["水泵安家", "老井有了新渠"], ["常修常新"], [], []] == [
        [str(one.text) for one in story.crossheads] for story in issue.articles
    ]
    assert ("丁小禾",) == issue.articles[1].byline
    assert ["常修常新"] == [doubt.what for doubt in issue.doubts if "小标题" in doubt.why]


def test_a_headline_without_mark_stands_over_who_wrote_its_text() -> None:
    """Also one with a comma, where others are marked."""
    parts = [*WELLS, "守桥人，守到老", "本报记者 丁小禾", "天没亮，他就上了桥。", *SHOPS]
    issue = read_issue(split_pages("\n\n".join(parts)))
    assert "守桥人，守到老" == issue.articles[1].headline.main


@pytest.mark.parametrize("name", ["本报记者 丁小禾", "（记者 丁小禾）", "□ 丁小禾", "文/丁小禾"])
def test_who_wrote_a_story_may_stand_on_the_line_of_its_headline(name: str) -> None:
    """It is no part of the headline; who else is a reporter is one."""
    for head, kept in (
        (f"渡口的老船 {name}", "渡口的老船"),
        ("渡口来人了 三名记者 走基层",) * 2,
    ):
        (one,) = read_issue(split_pages(f"{PAGE_HEAD}\n\n# {head}\n\n{PHOTO}")).articles
        assert (kept, name in head) == (one.headline.main, one.byline == ("丁小禾",))


def test_a_headline_that_stands_twice_or_in_brackets_is_read_once() -> None:
    """It is no kicker of itself, and its brackets are no part of it."""
    pages = f"**{WELLS[0][2:]}**\n\n{WELLS[0]}\n\n{WELLS[1]}\n\n【{SHOPS[0][2:]}】\n\n{SHOPS[1]}"
    first, second = (one.headline for one in read_issue(split_pages(pages)).articles)
    assert (WELLS[0][2:], "") == (first.main, first.kicker)
    assert SHOPS[0][2:] == second.main
    name = f"《{SHOPS[0][2:]}》"
    for body, main in ((SHOPS[1], name[1:-1]), (f"{SHOPS[1]}这首歌叫{name}。", name)):
        (found,) = read_issue(split_pages(f"# {name}\n\n{body}")).articles
        assert main == found.headline.main


def test_a_story_that_a_program_wrote_twice_is_read_once() -> None:
    """The other one is left out, and listed."""
    story = "\n\n".join(WELLS)
    issue = read_issue(split_pages("\n\n".join([story, *SHOPS, story])))
    assert [WELLS[0][2:], SHOPS[0][2:]] == [str(one.headline.main) for one in issue.articles]
    assert {*map(str, (x.text for x in issue.left_out if x.kind == "duplicate"))} >= {*WELLS[1:]}


@pytest.mark.parametrize(
    ("above", "kicker"),
    [("身边的事", ""), ("孩子爱写生", "孩子爱写生"), ("法庭开在晒谷坪", "法庭开在晒谷坪")],
)
def test_the_name_of_a_column_is_no_kicker(above: str, kicker: str) -> None:
    """It is short and says nothing of the story, whatever the mark before it."""
    text = f"{PAGE_HEAD}\n\n## {above}\n\n# 石桥边学写生\n\n本报讯（记者 甲一）{PHOTO}"
    (story,) = read_issue(split_pages(text), date="2025-05-20").articles
    assert ("石桥边学写生", kicker) == (story.headline.main, story.headline.kicker)


@pytest.mark.parametrize("name", ["石桥时评", "【民生关注】", "一线见闻"])
def test_the_name_of_a_column_is_no_headline(name: str) -> None:
    """Under one mark with the headline below it, whatever that begins with."""
    text = f"{PAGE_HEAD}\n\n## {name}\n\n## 退伍老兵学写生\n\n本报讯（记者 甲一）{PHOTO}"
    (story,) = read_issue(split_pages(text)).articles
    assert "退伍老兵学写生" == story.headline.main


def test_who_says_it_is_no_paragraph() -> None:
    """The line behind the words ends with it, also where these end a line or a column."""
    text = f"{PAGE_HEAD}\n\n# 石桥边学写生\n\n本报讯（记者 甲一）{PHOTO}"
    said = "“画里有桥，也有我们自己。”"
    for words, count in (("九岁的写生班学生陈小禾说。", 2), ("陈小禾说，桥是奶奶修的。", 3)):
        pages = split_pages(f"{text}\n\n{said}\n\n{words}")
        (story,) = read_issue(pages, date="2025-05-20").articles
        assert count == len(story.paragraphs)


def test_a_body_that_signs_above_a_notice_is_no_kicker() -> None:
    """What is left out between it and the next headline parts them."""
    notice = "# 招领启事\n\n桥头拾到一串钥匙。"
    pages = (
        f"# 春耕提醒\n\n早稻要施肥。\n\n河湾县农业农村局\n\n{notice}\n\n{WELLS[0]}\n\n{WELLS[1]}"
    )
    first, second = read_issue(split_pages(pages)).articles
    assert ("河湾县农业农村局", "") == (first.signoff, second.headline.kicker)


def test_each_brief_item_loses_its_own_dateline() -> None:
    """As it loses its own names."""
    items = "\n\n".join(
        f"● 本报讯 {x}（{name}）" for x, name in (("船好了。", "李明"), ("灯亮了。", "王芳"))
    )
    story = read_issue(split_pages(f"{PAGE_HEAD}\n\n# 简讯\n\n{items}")).articles[0]
    assert ["船好了。", "灯亮了。"] == [*map(str, story.paragraphs)]
    assert ("本报讯", ("李明", "王芳")) == (story.dateline, story.byline)


def test_a_square_behind_a_story_ends_it() -> None:
    """It is no character that nobody could read, and the story lacks no rest."""
    pages = f"# ■ {WELLS[0][2:]}\n\n{WELLS[1]}□\n\n{SHOPS[0]}\n\n{SHOPS[1]}\n\n好不好？摊主说好。"
    issue = read_issue(split_pages(pages))
    first, second = issue.articles
    assert (WELLS[0][2:], 1, 2) == (
        str(first.headline.main),
        len(first.paragraphs),
        len(second.paragraphs),
    )
    assert first.paragraphs[0].endswith("。")
    assert not issue.doubts


def test_a_label_of_briefs_is_no_name_of_the_paper() -> None:
    """The briefs under two labels are two articles."""
    text = "# 简讯\n\n▲老船下水。\n\n▲新井出水。\n\n# 一句话新闻\n\n■灯亮了。\n\n■路通了。"
    issue = read_issue(split_pages(f"{PAGE_HEAD}\n\n{text}"))
    assert ["简讯", "一句话新闻"] == [str(one.headline.main) for one in issue.articles]


@pytest.mark.parametrize(("signed", "names"), [("□成之", ("成之",)), ("□ 时评", ())])
def test_a_name_behind_a_square_signs(signed: str, names: tuple[str, ...]) -> None:
    """A word behind it is the name of a column."""
    text = f"{PAGE_HEAD}\n\n# 写在石桥上\n\n{signed}\n\n{PHOTO}"
    assert names == read_issue(split_pages(text)).articles[0].byline


@pytest.mark.parametrize(("line", "names"), [("（何青山）", ("何青山",)), ("（成之）", ("成之",))])
def test_a_name_in_brackets_on_a_line_of_its_own_signs(line: str, names: tuple[str, ...]) -> None:
    """As one does that stands behind the last words."""
    text = f"{PAGE_HEAD}\n\n# 写在石桥上\n\n{PHOTO}\n\n{line}\n\n# 渡口修好了\n\n{PHOTO}"
    assert names == read_issue(split_pages(text)).articles[0].byline


def test_credits_may_be_in_traditional_characters() -> None:
    """本報訊 and 記者 are 本报讯 and 记者; the text keeps its characters."""
    (story,) = read_issue(
        split_pages("# 渡口修好了\n\n本報訊（記者 何青）渡口的舊船昨天修好了。")
    ).articles
    assert (("何青",), ["渡口的舊船昨天修好了。"]) == (story.byline, [*map(str, story.paragraphs)])


@pytest.mark.parametrize(
    ("line", "names", "deck"),
    [("成之", ("成之",), ""), ("何青山", ("何青山",), ""), ("小序", (), "小序")],
)
def test_a_name_alone_under_a_heading_signs(line: str, names: tuple[str, ...], deck: str) -> None:
    """A word of two characters is a deck."""
    (story,) = read_issue(split_pages(f"# 写在石桥上\n\n{line}\n\n{PHOTO}")).articles
    assert (names, deck) == (story.byline, str(story.headline.deck or ""))


@pytest.mark.parametrize(
    "line", ["2025-05-20 河湾日报", "来源：河湾网 2025-05-20 08:15", "河湾日报 2025年5月20日"]
)
def test_date_and_house_are_no_deck(line: str) -> None:
    """The line of a site under the headline."""
    (story,) = read_issue(split_pages(f"# 写在石桥上\n\n{line}\n\n{PHOTO}")).articles
    assert not story.headline.deck


def test_traditional_characters_begin_a_story_too() -> None:
    """本報訊（記者 …） is a dateline as 本报讯（记者 …） is."""
    text = "漁港昨日啟用，可泊六十艘漁船。"
    issue = read_issue(split_pages(f"# 漁港啟用\n\n本報訊（記者 李明）{text}"))
    assert (("李明",), (text,)) == (issue.articles[0].byline, issue.articles[0].paragraphs)
