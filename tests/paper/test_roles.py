"""What stands around a story: lists, titles of documents, notes, tables, who wrote it."""

import pytest

from qjaudio.paper.lines import is_credit, names_of_credit
from qjaudio.paper.model import Issue
from qjaudio.paper.reading import read_issue
from qjaudio.sources.model import give_numbers
from qjaudio.sources.text import split_pages

BRIDGE = "本报讯（记者 甘棠）石浦镇的便桥昨天拆了，新桥今早六点放行，第一个走过去的是卖豆腐的老段。"
SAYS = "老段说，从前绕路要走四十分钟，现在只要抽两袋烟的工夫。"
MARKET = "本报讯（记者 齐越）菜市场的公平秤换成了电子的，昨天一上午有七十多人来复称。"
ENDS = "管理员每天早上用砝码校一次。"
NEXT = f"## 公平秤换新\n\n{MARKET}\n\n{ENDS}\n"


def read(text: str) -> Issue:
    return read_issue(give_numbers(split_pages(text)))


def told(issue: Issue) -> list[tuple[str, str, str]]:
    """Kicker, headline and deck of each story, without blanks."""
    heads = [article.headline for article in issue.articles]
    return [
        ("".join(head.kicker.split()), "".join(head.main.split()), "".join(head.deck.split()))
        for head in heads
    ]


TWO = [("", "新桥今早放行", ""), ("", "公平秤换新", "")]


@pytest.mark.parametrize(
    ("headline", "whole"),
    [
        ("## 石浦新桥架起来<br>今早六点头班车", "石浦新桥架起来今早六点头班车"),
        ("## 石浦新桥架起来\n今早六点头班车", "石浦新桥架起来今早六点头班车"),
        ("　　石浦新桥\n　　　今早六点放行", "石浦新桥今早六点放行"),
        ("石\n浦\n新\n桥\n今\n早\n放\n行", "石浦新桥今早放行"),
    ],
)
def test_a_headline_on_several_lines_is_one(headline: str, whole: str) -> None:
    """Broken by a tag, below its mark, set in further, or letter by letter."""
    issue = read(f"{headline}\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}")
    assert [("", whole, ""), TWO[1]] == told(issue)


def test_lines_without_indents_run_on_from_no_headline() -> None:
    """They fill their column from its edge, the first of a paragraph too."""
    bridge = (
        "石浦镇的便桥昨天拆了，新桥今\n早六点放行，第一个走过去的是\n卖豆腐的老段，他走了三个来回。"
    )
    scales = "菜市场的公平秤昨天换成电子的\n一上午有七十多人来复称。"
    issue = read(f"新桥今早放行\n\n{bridge}\n\n公平秤换新\n\n{scales}\n")
    assert TWO == told(issue)


@pytest.mark.parametrize("line", ["□甘棠", "齐越", "石浦镇供电所", "简讯"])
def test_a_name_below_a_mark_is_no_half_of_a_headline(line: str) -> None:
    """Nor a label."""
    issue = read(f"## 新桥今早放行\n{line}\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}")
    assert "新桥今早放行" == told(issue)[0][1]


def test_kicker_and_headline_in_the_middle_of_the_line_stay_two() -> None:
    """The shorter one is set in further."""
    issue = read(f"　　便桥拆了三天之后\n　　　新桥今早放行\n\n　　{BRIDGE}\n\n　　{SAYS}\n")
    assert [("便桥拆了三天之后", "新桥今早放行", "")] == told(issue)


@pytest.mark.parametrize(
    "between",
    [
        '<div style="text-align: center;">过桥人数</div>\n\n'
        "<table><tr><td>早</td><td>40</td></tr></table>\n\n注：不含车辆。",
        "过桥人数一览\n\n| 时段 | 人数 |\n|---|---|\n| 早 | 40 |\n| 晚 | 55 |\n\n单位：人",
        "　　　　过桥人数\n　　时段　　人数　　车数\n　　早上　　40　　12\n"
        "　　晚上　　55　　9\n　　单位：人",
        "<center><font size=2>老段和他的豆腐担子</font></center>",
        "![](a.jpg)\n\n①拆桥。②放行。\n照片均由石浦镇提供",
    ],
)
def test_titles_and_notes_of_tables_and_pictures_part_no_story(between: str) -> None:
    """They are left out with what they belong to."""
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{between}\n\n{SAYS}\n\n{NEXT}")
    assert TWO == told(issue)
    assert 2 == len(issue.articles[0].paragraphs)
    assert SAYS == issue.articles[0].paragraphs[1]


def test_a_crosshead_in_the_middle_of_the_line_is_spoken() -> None:
    """What is bold is no caption."""
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n<center><b>少走的路</b></center>\n\n{SAYS}\n")
    assert "少走的路" not in {row.text for row in issue.left_out}


@pytest.mark.parametrize(
    "above",
    [
        "# 石浦报11月18日小样",
        "# 二版 石浦报 2026年11月18日 送审稿",
        "**今日导读**\n\n菜价连跌三周　　　2版▶\n渡船停航　　　3版▶",
        "**今日导读**\n\n菜价连跌三周（2版）\n渡船停航（3版）",
        "**今日导读**\n\n公平秤换新\n新桥今早放行",
        "石浦报\n\n十一月十八日\n\n星期三",
        "目录\n\n新桥今早放行……1\n\n公平秤换新……1",
        "丙午年十月初十",
        "# 走在前面 · 石浦实践",
        "石浦镇文明办　石浦镇融媒体中心　宣",
    ],
)
def test_what_names_no_story_is_no_part_of_a_headline(above: str) -> None:
    """Titles of documents, lists of what stands below, dates, names of series, who advertises."""
    issue = read(f"{above}\n\n## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}")
    assert TWO == told(issue)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("（作者单位：石浦镇第二中学）", ()),
        ("（作者系石浦镇中心小学教师）", ()),
        ("（作者单位：县文联）", ()),
        ("（段小禾 石浦镇横山村农民）", ("段小禾",)),
        ("（段小禾，石浦镇中心小学）", ("段小禾",)),
        ("（石浦镇水利局　段小禾）", ("段小禾",)),
        ("（石浦镇中心小学五（2）班 段小禾 指导老师 甘棠）", ("段小禾",)),
        ("（作者：段小禾，系石浦镇文化馆干部）", ("段小禾",)),
    ],
)
@pytest.mark.parametrize("mark", ["\n\n", ""])
def test_an_author_may_be_named_with_their_work(
    line: str, names: tuple[str, ...], mark: str
) -> None:
    """Below the story or behind its last sentence; it is no kicker of the next one."""
    issue = read(f"## 老桥\n\n桥板换过三回，桥墩还是祖父砌的。{mark}{line}\n\n{NEXT}")
    assert [("", "老桥", ""), TWO[1]] == told(issue)
    assert names == issue.articles[0].byline
    assert "桥板换过三回，桥墩还是祖父砌的。" == issue.articles[0].paragraphs[-1]


def test_the_place_behind_a_credit_begins_the_story() -> None:
    """A printed line may hold no more of the sentence than the place: it is no author's work."""
    assert not is_credit("（通讯员 段小禾）石浦镇")
    assert names_of_credit("（段小禾 石浦镇）")


@pytest.mark.parametrize("note", ["**编者按** ", "【编者按】", "开栏的话 ", "### 编者按\n\n"])
def test_a_note_of_the_editors_does_not_part_a_story(note: str) -> None:
    """The story below it has its dateline and its reporter."""
    note = f"{note}修桥补路是大事。本报今起推出专栏，请读者一起看。"
    issue = read(f"## 新桥今早放行\n\n{note}\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}")
    assert TWO == told(issue)
    assert ("甘棠",) == issue.articles[0].byline
    assert 3 == len(issue.articles[0].paragraphs)


def test_a_story_from_another_page_may_go_on_under_a_note_of_the_editors() -> None:
    """The jump line under the note begins no story of its own."""
    note = "编者按：修桥补路是大事，本报今起推出专栏。"
    issue = read(f"## 新桥今早放行\n\n{note}\n\n（上接第1版）{SAYS}\n\n{NEXT}")
    assert TWO == told(issue)
    assert SAYS == issue.articles[0].paragraphs[-1]


def test_a_list_of_names_keeps_the_blanks_between_them() -> None:
    """What announces it is no headline, what follows no part of it, and no full stop is added."""
    names = "段小禾　甘　棠（女）　齐越　欧阳春　石大山　林　朵　方圆（女）"
    told_first = f"{BRIDGE}\n\n名单如下（按姓氏笔画为序）："
    issue = read(f"## 新桥今早放行\n\n{told_first}\n\n{names}\n\n{SAYS}\n\n{NEXT}")
    assert TWO == told(issue)
    assert (
        "名单如下（按姓氏笔画为序）：",
        "段小禾 甘棠（女） 齐越 欧阳春 石大山 林朵 方圆（女）",
        SAYS,
    ) == issue.articles[0].paragraphs[1:]
    assert not issue.repairs


@pytest.mark.parametrize("onward", ["（紧接第3版）", "\n\n（紧接第3版）"])
def test_a_jump_may_say_that_the_rest_follows_directly(onward: str) -> None:
    """It ends one part of a story, or begins the other."""
    front = f"第1版 要闻\n\n# 新桥今早放行\n\n{BRIDGE}\n\n老段说，从前绕路要走{onward}"
    inner = "第3版 综合\n\n# （紧接第1版）\n\n四十分钟，现在只要抽两袋烟的工夫。"
    issue = read(f"{front}\n\n{inner}\n\n{NEXT}")
    assert TWO == told(issue)
    assert SAYS == issue.articles[0].paragraphs[1]


def test_a_page_from_a_reader_of_sites_has_its_headline() -> None:
    """The head of Jina Reader, links, and a folio below the headline."""
    head = "Title: 新桥今早放行\n\nURL Source: http://a.example/c.htm\n\nMarkdown Content:\n"
    links = "[首页](http://a.example/) [下一版](http://a.example/2.htm)\n\n"
    folio = "石浦报 2026年11月18日 第02版\n\n"
    for title in ("", "新桥今早放行\n======\n\n"):
        issue = read(f"{head}{links}{title}{folio}{BRIDGE}\n\n{SAYS}\n")
        assert TWO[:1] == told(issue)
        assert 2 == issue.articles[0].page


def test_comments_of_a_shared_document_are_not_spoken() -> None:
    """Neither their marks nor what they say; the title names the page."""
    mark = '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>'
    note = '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>请核实时间</span></p></div>'
    body = f"<p>{BRIDGE.replace('六点', f'六点{mark}')}</p><p>{SAYS}</p>"
    issue = read(f"<p>石浦报 二版 11月18日</p><h2>新桥今早放行</h2>{body}{note}")
    assert TWO[:1] == told(issue)
    assert (BRIDGE.partition("）")[2], SAYS) == issue.articles[0].paragraphs
    assert 2 == issue.articles[0].page


def test_a_name_in_single_letters_is_the_paper() -> None:
    """As a heading each."""
    issue = read(
        f"## 石\n\n## 浦\n\n## 报\n\n2026.11.18\n\n## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n"
    )
    assert "石浦报" == issue.masthead.paper


@pytest.mark.parametrize(
    ("below", "photo"),
    [
        ("5月6日，新桥上人来车往。这座桥修了两年。\n\n记者 段小禾 摄", "新桥上人来车往"),
        ("5月6日，新桥上人来车往。这座桥修了两年。（记者 段小禾 摄）", "新桥上人来车往"),
        ("新桥上人来车往。\n\n记者 段小禾 摄", ""),
        ("5月6日，新桥上人来车往。\n\n记者 段小禾", ""),
    ],
)
def test_the_text_of_a_photo_under_a_story_is_a_story(below: str, photo: str) -> None:
    """It begins with its day, and who took the photo stands at its end."""
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{below}\n\n{NEXT}")
    assert 2 + bool(photo) == len(issue.articles)
    assert photo in issue.articles[1].headline.main
    assert ("段小禾",) * bool(photo) == issue.articles[1].byline * bool(photo)


def test_a_caption_of_two_sentences_is_told() -> None:
    """It may be news; the doubt is no article's."""
    below = "![图](a.jpg)\n\n5月6日，新桥上人来车往。这座桥修了两年。（段小禾 摄）"
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{below}\n\n{NEXT}")
    told = [doubt for doubt in issue.doubts if "图片" in doubt.why]
    assert 1 == len(told)
    assert "5月6日" in told[0].what


def test_plain_headings_under_a_label_are_those_of_briefs() -> None:
    """Not crossheads of the first one."""
    texts = ("修桥队昨天离开石浦镇，桥头的工棚拆了，空地留给赶集的人。",
             "镇上的瓜农今天进城，头一车西瓜卖到每斤两元，傍晚就空了。")  # fmt: skip
    briefs = f"修桥队离开石浦\n{texts[0]}\n\n头一车西瓜进城\n{texts[1]}"
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{NEXT}\n\n## 短讯\n\n{briefs}")
    assert ["修桥队离开石浦", "头一车西瓜进城"] == [main for _, main, _ in told(issue)][-2:]


@pytest.mark.parametrize("folio", ["【第02版】", "11月27日 二版"])
def test_a_folio_in_brackets_or_behind_the_day_is_no_text(folio: str) -> None:
    """It names the page."""
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{folio}\n\n{NEXT}")
    assert ([("", "新桥今早放行", ""), TWO[1]], [1, 2]) == (
        told(issue),
        [a.page for a in issue.articles],
    )


@pytest.mark.parametrize(
    "line", ["学生在桥上测试。段小禾 摄", "5月6日，新桥上人来车往。本报记者 段小禾 摄"]
)
def test_a_sentence_by_who_took_a_photo_is_a_caption(line: str) -> None:
    """Its photographer is no reporter of the story above it."""
    issue = read(f"## 新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{line}\n\n{NEXT}")
    assert ("甘棠",) == issue.articles[0].byline
    assert [line] == [row.text for row in issue.left_out if row.kind == "caption"]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("# 石浦镇的新桥", "# 能走大车了", "石浦镇的新桥能走大车了"),
        ("# 石浦镇今早推出", "“过桥不打烊”", "石浦镇今早推出“过桥不打烊”"),
    ],
)
def test_a_headline_in_two_lines_that_only_make_a_sentence_together(
    first: str, second: str, whole: str
) -> None:
    """Somebody or something, and what they do; a verb, and its object in quotation marks."""
    issue = read(f"{first}\n\n{second}\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT.replace('##', '#')}")
    assert whole == told(issue)[0][1]


def test_a_line_under_a_headline_that_is_a_short_name_signs_the_story() -> None:
    """Even if it is a word, too."""
    issue = read(f"## 新桥今早放行\n\n向东\n\n{SAYS}\n\n{NEXT}")
    assert ("向东",) == issue.articles[0].byline


@pytest.mark.parametrize(("ask", "answer"), [("问 ", "答 "), ("市民：", "答复：")])
def test_questions_and_answers_are_text(ask: str, answer: str) -> None:
    """A short question is neither a deck nor a crosshead, whatever tells who asks."""
    said = [f"{ask}晚上几点关灯？", f"{answer}六点。", f"{ask}要带什么？", f"{answer}{SAYS}"]
    article = read("\n\n".join(["## 步道怎么走", *said, NEXT])).articles[0]
    assert 4 == len(article.paragraphs) and not article.crossheads


@pytest.mark.parametrize(
    "words",
    [
        "9月2日，赶集的人走过新桥。 本报记者 甘棠 摄",
        "赶集的人走过新桥 甘棠 摄",
        "灯光里的新桥。（资料图片）",
        "灯光里的新桥。（县住建局供图）",
        "灯光里的新桥。（图片由县住建局提供）",
        "灯光里的新桥。\n\n本报记者 甘棠 摄",
        "老码头的船工在检修渡船。",
    ],
)
@pytest.mark.parametrize("mark", ["## ", ""])
def test_words_to_a_photo_between_headline_and_text_are_no_part_of_it(
    words: str, mark: str
) -> None:
    """A text tells them by who took the photo, or by the story that begins below them."""
    page = f"{mark}新桥今早放行\n\n{words}\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}"
    issue = read(page.replace("## ", mark))
    assert TWO == told(issue)
    assert SAYS == str(issue.articles[0].paragraphs[-1])
    assert 2 == len(issue.articles[0].paragraphs)


def test_a_sentence_over_a_story_may_be_no_caption_and_is_told() -> None:
    """Nothing but its place says that it is one."""
    issue = read(f"## 新桥今早放行\n\n老码头的船工在检修渡船。\n\n{BRIDGE}\n\n{SAYS}\n\n{NEXT}")
    assert ["像是图片说明，不播读，也可能是正文里的一句"] == [x.why for x in issue.doubts]


def test_a_brief_over_one_without_a_headline_is_no_caption() -> None:
    """Its headline speaks of it, and not of the text below."""
    issue = read(f"## 渡船检修\n\n渡船今天检修一天。\n\n{BRIDGE}\n\n{NEXT}")
    assert "渡船今天检修一天。" in map(str, issue.articles[0].paragraphs)


@pytest.mark.parametrize("column", ["民生一线", "基层在线", "民情快递"])
def test_the_name_of_a_column_marked_like_a_headline_takes_its_place_not(column: str) -> None:
    """A program marks both alike."""
    issue = read(f"## {column}\n\n## 走了十年的便桥拆了\n\n□甘棠\n\n{SAYS}\n\n{SAYS}\n\n{NEXT}")
    assert "走了十年的便桥拆了" == told(issue)[0][1]


@pytest.mark.parametrize(("kicker", "doubts"), [("从“要绕路”到“走新桥”", 0), ("山上秋茶开采", 1)])
def test_a_kicker_marked_like_its_headline_is_kept(kicker: str, doubts: int) -> None:
    """One that shares no word with it may be another story's headline."""
    heads = f"## {kicker}\n\n## 新桥今早放行\n\n## 便桥用了十年后拆除"
    issue = read(f"{heads}\n\n{BRIDGE}\n\n{NEXT}\n## 渡船检修\n\n{SAYS}")
    assert (kicker, "新桥今早放行", "便桥用了十年后拆除") == told(issue)[0]
    assert doubts == sum("引题" in doubt.why for doubt in issue.doubts)


FERRY = "天刚亮，撑船的老段已经走了两个来回，岸上还没有人。"
PARTS = [
    ("一根竹篙用到今天", "篙是师傅传下来的，磨短了一截。“顺手。”老段说。"),
    ("后来的人都走了", "前后收过七个徒弟，只有一个留了下来。"),
]


def features(marks: str, parts: list[tuple[str, str]]) -> Issue:
    under = "\n\n".join(f"{marks} {title}\n\n{text}" for title, text in parts)
    third = f"## 便桥昨天拆了\n\n{BRIDGE.replace('新桥', '大桥')}\n\n"
    return read(f"{third}## 渡口最后的船\n\n□本报记者 甘棠\n\n{FERRY}\n\n{under}\n\n{NEXT}")


def test_a_crosshead_marked_like_a_headline_stays_in_the_story_of_whom_it_tells() -> None:
    """The same person is named in both texts, and the second has no beginning of its own."""
    issue = features("##", PARTS[:1])
    assert ["便桥昨天拆了", "渡口最后的船", "公平秤换新"] == [x[1] for x in told(issue)]
    assert [PARTS[0][0]] == [str(x.text) for x in issue.articles[1].crossheads]


def test_a_short_heading_that_says_nothing_of_its_text_below_a_signed_story_is_told() -> None:
    """It may be a part of that; nothing proves it."""
    issue = features("##", PARTS[1:])
    assert ["可能是前一篇的小标题" in doubt.why for doubt in issue.doubts] == [True]


def test_a_brief_below_a_signed_story_is_a_story_of_its_own() -> None:
    """It begins with its day, or its headline says what it says."""
    for text in ("9月下旬，渡口换了新船。", "公平秤和竹篙都换了新的，后来的人不走了。"):
        issue = features("##", [(PARTS[1][0], text)])
        assert (4, ()) == (len(issue.articles), issue.doubts)


@pytest.mark.parametrize(
    "words",
    [
        "9月2日，赶集的人走过新桥。本报记者 齐越 摄",
        "赶集的人走过新桥。\n\n齐越 摄",
        "赶集的人走过新桥。（齐越 摄影报道）",
        "9月2日，雾散了，江面上一片光。赶集的人走过新桥，船都靠了岸。齐越 摄",
    ],
)
def test_a_last_paragraph_that_ends_with_who_took_a_photo_may_be_its_caption(words: str) -> None:
    """Where nobody signs the story itself, only an editor knows."""
    page = f"## 渡口最后的船\n\n{FERRY}\n\n{SAYS}\n\n{words}\n\n{NEXT}"
    assert "正文里像是混入了图片说明" in [doubt.why for doubt in read(page).doubts]


def test_a_headline_over_who_took_a_photo_is_no_caption() -> None:
    """It ends no sentence; the story above keeps its last paragraph."""
    issue = read(
        f"新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n渡口最后的船\n\n本报记者 齐越 摄\n\n{FERRY}"
    )
    assert ["新桥今早放行", "渡口最后的船"] == [x[1] for x in told(issue)]
    assert SAYS == str(issue.articles[0].paragraphs[-1])


def test_parts_that_name_nothing_of_what_stands_above_are_told() -> None:
    """Two headings alike may be those of other stories."""
    rest = "水田里种上了藕，荷叶刚出水。"
    parts = f"一塘新藕出水来\n\n{rest}\n\n半坡老茶又抽芽\n\n{rest}"
    issue = read(f"新桥今早放行\n\n{BRIDGE}\n\n{SAYS}\n\n{parts}\n\n{NEXT.replace('## ', '')}")
    assert any("与上文没有共同的词" in doubt.why for doubt in issue.doubts)
