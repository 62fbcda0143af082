"""What OCR tools and chat models add to a page is told from its text."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjaudio.paper.model import Block, TextLine
from qjaudio.paper.reading import read_issue
from qjaudio.sources.model import give_numbers, page_in_name
from qjaudio.sources.sheets import pages_of_fields, print_formulas, sort_sheets
from qjaudio.sources.text import (
    drop_embedded,
    named_page,
    split_pages,
)

STORY = "本报讯（记者 李明）渡口的老船昨天修好了，三个村的人又能坐船过河赶集。"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for sheet in sort_sheets(text) for one in sheet.passages]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            '增长<math><mrow><mn>8.6</mn><mi>%</mi></mrow><annotation encoding="application/x-tex">'
            r"8.6 \%</annotation></math>。",
            "增长8.6%。",
        ),
        (
            '占<span class="katex"><span><math><mn>1</mn><mn>3</mn><annotation encoding="x-tex">'
            r"\frac{1}{3}</annotation></math></span>"
            '<span aria-hidden="true"><span><span>1</span></span><span>3</span></span></span>。',
            "占1/3。",
        ),
        ("占<math><mfrac><mn>1</mn><mn>3</mn></mfrac></math>。", "占1/3。"),
        ("<math><msup><mn>10</mn><mn>4</mn></msup></math>亩", "10⁴亩"),
        ("<ruby>栎<rp>(</rp><rt>lì</rt><rp>)</rp></ruby>川", "栎川"),
        ("记者 [[李明]]、[[王芳|小王]]讯，==四十==分。 ^a1b2c3", "记者 李明、小王讯，四十分。"),
        ("*注意*防冻，增长*3.2%*。`A1`", "注意防冻，增长3.2%。A1"),
        (r"有$\begin{array}{c}12\\13\end{array}$个", "有12 13个"),
        ("管径15*20*25毫米", "管径15*20*25毫米"),
        ("走3~~5天，10~~12里{++才++}到。", "走3~~5天，10~~12里才到。"),
        ("票价<!-- formula-not-decoded -->元。", "票价[无法识别]元。"),
        (
            "<doctag><inline><loc_1><text>票价</text><formula>12</formula><text>元。</text></inline>",
            "票价12元。",
        ),
        ("{{报纸|河湾报}}\n== 老船 ==\n'''李明'''说。[[Category:报]]", "# 老船\n\n李明说。"),
        ("■老船下水\n　　船好了。", "# 老船下水\n\n　　船好了。"),
        ("■本报记者 李明\n　　灯亮了。", "■本报记者 李明\n　　灯亮了。"),
        (
            f"**老船下水**\n\n{STORY}\n\n**村民来看**\n灯亮了。",
            f"## 老船下水\n\n{STORY}\n\n### 村民来看\n灯亮了。",
        ),
        ("船过河。\n\n**老船下水**\n\n船好了。", "船过河。\n\n老船下水\n\n船好了。"),
        ("~~~~~~\n~~ 老船下水 ~~\n船好了。", "老船下水\n船好了。"),
    ],
)
def test_what_is_written_twice_or_in_other_marks_is_read_once(written: str, printed: str) -> None:
    """A formula beside its picture, how a character is read, links and marks, a model in a loop."""
    assert [("", printed)] == [(kind, words.strip()) for kind, words in kinds(written)]


@pytest.mark.parametrize(
    ("written", "kept", "struck"),
    [
        ("等了<del>74</del><ins>47</ins>分。", "等了47分。", "74"),
        ("共~~91~~19户。", "共19户。", "91"),
        ("共{~~91~>19~~}户，{--都--}搬了。", "共19户，搬了。", "91 都"),
    ],
)
def test_words_that_are_crossed_out_are_left_out(written: str, kept: str, struck: str) -> None:
    """They stand in no sentence, and are listed below it."""
    text, left = kinds(written)
    assert ("", kept, "tool", struck) == (text[0], text[1].strip(), *left)


@pytest.mark.parametrize("between", ["", "\n\n"])
def test_what_a_model_repeats_is_read_once(between: str) -> None:
    """The others are left out, and listed."""
    passages = kinds(between.join([STORY] * 9))
    assert [STORY] == [words.strip() for kind, words in passages if not kind]
    assert 9 == sum(words.count(STORY) for _, words in passages)


def test_a_sentence_that_stands_twice_is_read_once() -> None:
    """A short one may be meant so."""
    said = "他说，当时没想那么多。"
    assert [said, "加油！加油！"] == [
        words.strip() for kind, words in kinds(f"{said}{said}\n\n加油！加油！") if not kind
    ]


def test_a_fence_that_does_not_end_is_read() -> None:
    """A model was stopped inside it; no mark is spoken."""
    assert [("", STORY)] == [(k, w.strip()) for k, w in kinds(f"```html\n<p>{STORY}</p>\n<p cla")]


def test_what_a_tool_says_is_no_page() -> None:
    """The mark of an app above the first page does not count as one."""
    text = f"扫描全能王 创建\n\n-----第1页-----\n\n{STORY}\n\n-----第2页-----\n\n{STORY}"
    assert [1, 2] == [page.number for page in give_numbers(split_pages(text))]


def test_a_file_without_a_number_takes_one_that_is_free() -> None:
    """It moves no page from the number in its name."""
    names = ("附页", "01版", "02版")
    pages = give_numbers([split_pages(STORY, stem=name, source=name)[0] for name in names])
    assert [(1, "01版"), (2, "02版"), (3, "附页")] == [(page.number, page.source) for page in pages]


@pytest.mark.parametrize(
    "talk",
    [
        "您说：\n\n把字打出来\n\nChatGPT 说：",
        "已思考 14 秒",
        "**【区域二：右侧，通栏】**",
        "【右下】",
        "#待校对 #头版",
        "[OCR skipped on page(s) 2-3]",
        "复制代码\n\n要不要我再把它排成 Word 文档？",
        "### 识别说明\n\n1. 共2篇。",
    ],
)
def test_talk_of_chats_is_no_text(talk: str) -> None:
    """Whoever speaks in it, and where it says a story stood."""
    assert not [words for kind, words in kinds(f"{talk}\n") if not kind and words.strip()]


@pytest.mark.parametrize("char", [" ", "\t", "\u3000", "\n", "\\", "<", "_", "{"])
def test_a_run_of_one_character_takes_no_time(char: str) -> None:
    """A text full of blanks is read as fast as another."""
    began = time.process_time()
    sort_sheets(f"老船{char * 9000}^{{下水\n")
    assert 1.5 > time.process_time() - began


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            f"**User:**\n\n请识别这张报纸\n\n**ChatGPT:**\n\n好的，以下是识别结果：\n\n{STORY}",
            STORY,
        ),
        (f"{STORY}\n\n由扫描全能王扫描创建\n", STORY),
    ],
)
def test_what_a_chat_or_an_app_adds_is_no_text(text: str, left: str) -> None:
    """Who speaks in a chat, what was asked, and the mark of an app that scans."""
    assert [left] == [words.strip() for kind, words in kinds(text) if not kind]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"提高 $32.5\%$ ，", "提高 32.5% ，"),
        (r"$3 2 . 5 \%$", "32.5%"),
        (r"$5\textperthousand$", "5‰"),
        (r"5\textperthousand", "5‰"),
        (r"约$3.2\times10^{4}$亩", "约3.2×10⁴亩"),
        (r"10^{4}亩", "10⁴亩"),
        (r"$10^{-3}$克", "10⁻³克"),
        (r"$\mathrm{km}^2$", "km²"),
        (r"$25 ^ { \circ } \mathrm { C }$", "25℃"),
        (r"$\frac{1}{3}$", "1/3"),
        (r"$\text{PM}_{2.5}$", "PM2.5"),
        (r"\(5\%\)", "5%"),
        ("$100，共$200", "$100，共$200"),
        ("从$5-$10", "从$5-$10"),
        (r"\$32万，多了 $\frac{1}{3}$ ，", r"\$32万，多了 1/3 ，"),
        (r"$\unknown{3}$", r"\unknown{3}"),
        (r"$\underline { { 9 . 1 \% } }$", "9.1%"),
        (r"$22\pm1^\circ\mathrm{C}$", "22±1℃"),
        (r"$6 . 1 ^ { \prime \prime }$", "6.1″"),
        (r"$12^{th}$", "12th"),
        (r"$\$32$", "$32"),
    ],
)
def test_a_formula_is_what_print_shows(written: str, printed: str) -> None:
    """No figure changes, no percentage becomes dollars, and prices stay prices."""
    assert printed == print_formulas(written)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f"# 题\n\n{STORY}", [("", f"# 题\n\n{STORY}")]),
        ("水面420 m<sup>2</sup>，10<sup>4</sup>亩", [("", "水面420 m2，10⁴亩")]),
        ("![](a.jpg)  \n老船下水。 李明 摄", [("caption", "老船下水。 李明 摄")]),
        ("<table><tr><td>站名</td><td>末班</td></tr></table>", [("table", "站名 末班")]),
        ("| 站名 | 末班 |\n|---|---|\n| 渡口 | 9:30 |", [("table", "站名 末班 渡口 9:30")]),
        (
            "### 票价（单位：元）\n\n| 渡口 | 2 |\n|---|---|",
            [("table", "票价（单位：元）"), ("table", "渡口 2")],
        ),
        ("<h2>老船下水</h2><p>船好了。</p>", [("", "## 老船下水\n\n船好了。")]),
        ("甲&nbsp;乙 &lt;3", [("", "甲 乙 <3")]),
        (f"以下是图片中的文字：\n\n{STORY}", [("tool", "以下是图片中的文字："), ("", STORY)]),
        (f"我已认真看过这张图：\n\n{STORY}", [("tool", "我已认真看过这张图："), ("", STORY)]),
        ("***", []),
        ("<|ref|>老船<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", [("", "老船")]),
    ],
)
def test_each_passage_has_its_kind(page: str, found: list[tuple[str, str]]) -> None:
    """Text stays text; tables, captions and talk of the tool are no text."""
    assert found == kinds(page)


SECOND = "本报讯（通讯员 王芳）石桥边的书屋上周开门，孩子放学就来看书，周末还有人讲故事。"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("老船下水\n=====", "# 老船下水"),
        (r"\section*{老船下水}", "# 老船下水"),
        (f"> {STORY}", STORY),
        (f"> {STORY}\n>\n> 船好了。", f"{STORY}\n\n船好了。"),
        ("老船[^1]下水。", "老船下水。"),
        (f"== 老船下水\n\n{STORY}", f"# 老船下水\n\n{STORY}"),
        (f"* 老船下水\n{STORY}", f"# 老船下水\n{STORY}"),
        (f"* 老船下水\n:PROPERTIES:\n:ID: 1\n:END:\n{STORY}", f"# 老船下水\n{STORY}"),
        (".. image:: a.jpg\n   :alt: 船\n", ""),
        ("* 船票：三元", "* 船票：三元"),
        ("[b]老船下水[/b]\n[color=red]船好了。[/color]", "老船下水\n船好了。"),
        ("老船［1］下水②。\n\n［1］木船。\n②昨天", "老船下水。"),
        ("分工如下：①修船；②架桥。\n①先修船", "分工如下：①修船；②架桥。\n①先修船"),
        ("老船下水.\n\n船票3.5元,涨了4%.", "老船下水。\n\n船票3.5元,涨了4%。"),
        (f"<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n{STORY}", STORY),
        (f"- {STORY}", STORY),
        ("**本报讯（记者 李明）**渡口的老船修好了。", "本报讯（记者 李明）渡口的老船修好了。"),
        ("老船\u200b下水。", "老船下水。"),
        ("老船下水。<sup>1</sup>", "老船下水。"),
        (r"票价一元\*", "票价一元*"),
        (r"提高12.6\%", "提高12.6%"),
        (r"收鱼9\.4万斤\(含虾\)", "收鱼9.4万斤(含虾)"),
        (r"收鱼\(9.4\)万斤", "收鱼9.4万斤"),
        ("[老船]{.mark}下水", "老船下水"),
        ("::: {custom-style=\"正文\"}\n老船下水\n:::", "\n老船下水\n"),
        (f"灯亮了。\n\n老船下水\n--------\n\n{STORY}", f"灯亮了。\n\n## 老船下水\n\n{STORY}"),
        ("老船\\\n下水", "老船\n下水"),
        ("# 标题：老船下水", "# 老船下水"),
        (f"~~~markdown\n{STORY}\n~~~", STORY),
        (f"{STORY}<|endoftext|>", STORY),
        (f"<|box_start|>(1,2),(3,4)<|box_end|>{STORY}", STORY),
        ("\\title{\n老船下水\n}", "# 老船下水"),
        ("\\author{\n本报记者 李明\n}", "本报记者 李明"),
        (f"**正文：**\n{STORY}", f"\n{STORY}"),
        (f"正文：{STORY}", STORY),
        ("▌老船下水", "# 老船下水"),
        (f"## 简讯\n\n- **老船下水三个村**：{STORY}\n- **书屋昨天上午开门**：{SECOND}",
         f"## 简讯\n\n## 老船下水三个村\n\n{STORY}\n## 书屋昨天上午开门\n\n{SECOND}"),
        ("**副标题：三个村又能过河**", "\n副标题：三个村又能过河\n"),
        ("**【头条】老船下水**", "# 老船下水"),
        ("〖HT2XBS〗〖JZ〗老船下水〖HT〗\n〖HT5SS〗船好了。〖HH〗", "# 老船下水\n船好了。\n"),
        (f"**老船下水三个村过河** {STORY}\n\n**书屋开门孩子来看书** {STORY}",
         f"## 老船下水三个村过河\n\n{STORY}\n\n## 书屋开门孩子来看书\n\n{STORY}"),
        (f"### 文章一：老船下水\n\n{STORY}\n\n### 文章二：书屋开门\n\n孩子来看书。",
         f"### 老船下水\n\n{STORY}\n\n### 书屋开门\n\n孩子来看书。"),
        (f"**一、老船下水**\n{STORY}\n**二、书屋开门**\n{SECOND}\n**三、路灯换新**\n灯亮了。",
         f"### 老船下水\n{STORY}\n### 书屋开门\n{SECOND}\n### 路灯换新\n灯亮了。"),
        (f"① 老船下水\n{STORY}\n② 书屋开门\n{SECOND}",
         f"# 老船下水\n{STORY}\n# 书屋开门\n{SECOND}"),
        (f"新闻一：老船下水\n{STORY}\n新闻二：书屋开门\n{SECOND}",
         f"# 老船下水\n{STORY}\n# 书屋开门\n{SECOND}"),
        (f"1. 老船下水\n{STORY}\n2. 书屋开门\n{SECOND}",
         f"# 老船下水\n{STORY}\n# 书屋开门\n{SECOND}"),
        (f"## 一、老船下水\n{STORY}\n## 二、书屋开门\n{SECOND}",
         f"## 老船下水\n{STORY}\n## 书屋开门\n{SECOND}"),
    ],
)  # fmt: skip
def test_marks_that_say_nothing_go(written: str, plain: str) -> None:
    """Headings underlined or of LaTeX, quotations, bold type, numbers of a list of stories."""
    assert plain == "".join(text for kind, text in kinds(written) if not kind)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("[图片]", "caption"),
        ("[^1]: 资料来源：镇政府。", "caption"),
        (
            "<|ref|>image_caption<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n<center>老船</center>",
            "caption",
        ),
        ("（此处为一张图片：船工在修船）", "caption"),
        ("[Image: a boat at the ferry]", "caption"),
        ("<!-- image -->\n\n老船下水。 李明 摄", "caption"),
        ("![](a.jpg)\n\n*老船下水。李明 摄*", "caption"),
        ("![](a.jpg)\n<center>船工在修船。</center>", "caption"),
        ("<!-- image -->\n\n*船工在修船。*", "caption"),
        (
            "<doctag><picture><loc_1><loc_2><photograph><caption><loc_3>船工在修船。</caption></picture>",
            "caption",
        ),
        ("<doctag>\n<caption><loc_3>船工在修船。</caption>", "caption"),
        ("**【图片说明】**\n船工在修船。（李明 摄）", "caption"),
        ("图片\n船工在修船", "caption"),
        ("---\nprimary_language: zh\nis_table: False\n---", "tool"),
        ("点击蓝字 关注我们", "tool"),
        ("【全文结束】", "tool"),
        ("（未完待续）", "tool"),
        ("来源 | 河湾日报", "tool"),
        ("点“在看”，让邻居也知道", "tool"),
        ("已为您识别完毕，共3篇。", "tool"),
        ("以上为这张版面的全部内容，请以纸质报为准。", "tool"),
        ("**小结**：本版共有三篇报道。", "tool"),
        ("如果还需要识别别的版面，继续发给我就好～", "tool"),
        ("![](a.jpg)\n\n**图：** 船工在修船。", "caption"),
        ("![](a.jpg)\n\nFigure 2: 船工在修船", "caption"),
        ("**Photo caption:** 船工在修船。", "caption"),
        ("往期推荐\n● 书屋开门了", "tool"),
        ("以上内容由AI生成，仅供参考。可以继续上传图片哦～", "tool"),
        ("> 说明：右下角部分文字较模糊，可能存在识别误差。", "tool"),
        ("![](a.jpg)\n\n图1 船工在修船", "caption"),
        ("表1 末班车时间\n\n<table><tr><td>站名</td></tr></table>", "table"),
        (r"\begin{tabular}{|c|}\hline 站名 \\ \hline\end{tabular}", "table"),
        ("<think>\n先看标题。\n</think>", "tool"),
        ("**说明**：部分文字模糊，已根据上下文推断。", "tool"),
        (":::warning\n这条先不要播。\n:::", "tool"),
        ("> [!NOTE]\n> 等主编看过。", "tool"),
        ("（未完待续，回复“继续”看下一段）\n\n继续\n\n好的，接上文：", "tool"),
        ("<watermark>河湾日报</watermark>", "tool"),
        ("<!-- Page-Footer (9, 9, 9, 9) -->\n新闻热线 12345", "tool"),
        ("<!-- Figure caption (9, 9, 9, 9) -->\n船工在修船。", "caption"),
        ("<details>\n<summary>text_image</summary>\n\n河湾渡口\n</details>", "caption"),
        (
            "**----- Start of picture text -----**<br>\n河湾渡口<br>"
            "**----- End of picture text -----**<br>",
            "caption",
        ),
        ("（注：右下角部分文字被遮挡，无法识别。）", "tool"),
        ("（图片中部分文字模糊，以[?]表示）", "tool"),
        ("**备注：**\n1. 图中广告未收录。\n2. 字迹不清处已标出。", "tool"),
        (
            "✅ 以上内容已全部识别完成。\n💡 小提示：右下角的广告没有收录。\n您可以：\n- 让我总结",
            "tool",
        ),
        ("您还可以：\n\n- 让我翻译成英文\n- 让我导出文件", "tool"),
        ("<aside>\n💡 本版已过三审。\n\n</aside>", "tool"),
        ('<callout emoji="bulb">待二审。</callout>', "tool"),
        ("状态: 已签发\n责编: 王芳", "tool"),
        ("### 📰 右下", "tool"),
        ("来源丨河湾日报\n记者丨李明 王芳", "tool"),
        (
            '<div style="text-align: center;"><div style="text-align: center;">修船</div></div>',
            "caption",
        ),
    ],
)
def test_what_is_no_text_of_the_page_is_left_out(written: str, kind: str) -> None:
    """In front of the stories or after them, none of it is spoken."""
    above = kind == "tool" and ("<" in written or "---" in written)
    page = f"{written}\n\n{STORY}" if above else f"{STORY}\n\n{written}"
    found = kinds(page)
    assert STORY == "".join(text for kind, text in found if not kind).strip()
    assert {kind} == {kind for kind, _ in found if kind}


def test_a_crosshead_with_a_number_keeps_it() -> None:
    """Numbers over the parts of one story are no list of stories."""
    text = f"# 老船下水\n\n{STORY}\n\n一、换船底\n\n船底换了。\n\n二、上新漆\n\n漆是蓝的。"
    assert "一、换船底" in kinds(text)[0][1]


@pytest.mark.parametrize("name", ["【标题】", "**标题：**", "标题："])
def test_names_of_fields_are_written_in_many_ways(name: str) -> None:
    """In brackets or bold, with or without a colon."""
    body = name.replace("标题", "正文")
    (page,) = pages_of_fields(f"{name}老船下水\n\n{body}船好了。", "day.md")
    assert [("headline", "老船下水"), ("body", "船好了。")] == [
        (block.kind, block.lines[0].text) for block in page.blocks
    ]


MARKED = f"# 老船下水\n\n{STORY}\n\n![](a.jpg)\n\n{{}}\n\n船工说，还要刷一遍桐油。"


def test_a_figure_may_hold_blank_lines_or_be_latex() -> None:
    """Azure writes the first, Mathpix the second."""
    latex = "\\begin{figure}\n\\includegraphics{a.jpg}\n\\caption{船工在修船。}\n\\end{figure}"
    for figure in ("<figure>\n\n船工在修船。\n\n</figure>", latex):
        assert ("caption", "船工在修船。") in kinds(f"{STORY}\n\n{figure}\n\n{SECOND}")


def test_a_heading_of_paper_and_page_is_none() -> None:
    """As a chat model writes it above a list of stories whose credits stand below their titles."""
    rows = (
        f"## 一、老船下水\n\n**记者：李明**\n\n{STORY[12:]}",
        f"## 二、书屋开门\n\n文/王芳\n\n{SECOND}",
    )
    issue = read_issue(split_pages("\n\n".join(("# 河湾日报 第02版", *rows))))
    assert ("河湾日报", [2, 2]) == (issue.masthead.paper, [one.page for one in issue.articles])
    assert ["老船下水", "书屋开门"] == [str(one.headline.main) for one in issue.articles]


@pytest.mark.parametrize(
    "last",
    ["如果你家里有旧船，可以随时联系渡口。", "以上就是老船一百年的故事。", "问：船还漏水吗？"],
)
def test_the_last_words_of_a_story_are_no_talk(last: str) -> None:
    """Nobody is told of pictures, or what to send."""
    issue = read_issue(split_pages(f"# 老船下水\n\n{STORY}\n\n{last}"))
    assert last == str(issue.articles[0].paragraphs[-1])


def test_words_under_the_picture_of_a_photo_story_are_its_text() -> None:
    """Alone under a headline and its picture; who took it is not left in the text."""
    text = "昨天清晨渡口雾气散去，赶集的村民排队上船，头一班船晚开了半小时。"
    page = f"# 渡口的早晨\n\n![](a.jpg)\n\n{text} 李明 摄\n\n# 书屋开门\n\n{SECOND}"
    assert [text] == [*map(str, read_issue(split_pages(page)).articles[0].paragraphs)]


def test_a_list_of_the_stories_is_none() -> None:
    """Whether it has links or not; the stories stand below."""
    for item in ("- [老船下水](#1)", "1. 老船下水"):
        found = kinds(f"## 目录\n\n{item}\n{item}\n\n## 老船下水\n\n{STORY}")
        assert ["tool", ""] == [kind for kind, _ in found]


def test_a_folio_under_a_page_mark_is_the_number_of_that_page() -> None:
    """The mark alone is no page."""
    for second in ('<!-- PageNumber="第3版" -->', "第3版"):
        first = f"第2版\n\n# 老船下水\n\n{STORY}\n\n<!-- PageBreak -->"
        text = f"{first}\n\n{second}\n\n# 书屋开门\n\n{SECOND}"
        assert [2, 3] == [page.number for page in split_pages(text)]


@pytest.mark.parametrize("before", ["", "船长。", "船长。\n", "船长。\n\n"])
@pytest.mark.parametrize("hidden", ["旧", "旧\n## 旧稿\n旧文。\n", "\n\n## 旧稿\n\n旧文。\n\n"])
def test_a_comment_hides_all_that_it_holds(before: str, hidden: str) -> None:
    """Headings and blank lines too, and wherever it begins; what stands around it stays."""
    (page,) = split_pages(f"## 一\n{before}<!-- {hidden} -->\n\n## 二\n\n水涨。\n")
    text = "".join(line.text for block in page.blocks for line in block.lines)
    assert f"一{before.strip()}二水涨。" == text


@pytest.mark.parametrize("end", ["", "\n", "\n\n<!-- image -->", "\n\n<p>水涨了。</p>"])
@pytest.mark.parametrize("before", ["", "水清了。"])
@pytest.mark.parametrize(
    "mark", ["<!--", "<!DOCTYPE", "<![CDATA[", "<script>", "<Style ", '<textarea rows="2">']
)
def test_a_mark_that_does_not_end_swallows_nothing(mark: str, before: str, end: str) -> None:
    """What stands behind it may be a remark and is told; headings and stories stay as they are."""
    rest = f"# 书屋开门\n\n{SECOND}"
    (page,) = split_pages(f"# 老船下水\n\n{STORY}\n\n{before}{mark} 此处待核{end}\n\n{rest}")
    (told,) = [one for one in page.doubts if "没有关上" in one.why]
    assert ("grave", "此处待核") == (told.kind, told.what)
    (known,) = split_pages(rest)
    assert known.blocks == page.blocks[-len(known.blocks) :]
    (page,) = split_pages(f"# 老船下水\n\n{STORY}\n\n{mark}\n\n{rest}")
    assert known.blocks == page.blocks[-len(known.blocks) :]


@pytest.mark.parametrize("line", ["记者：李明　摄影：王芳", "**来源**：《河湾日报》", "文/李明"])
def test_a_line_of_credits_stands_by_itself(line: str) -> None:
    """Without a blank line under the headline and above the text."""
    (page,) = split_pages(f"老船下水\n{line}\n三个村的人又能坐船过河赶集。")
    assert 3 == len(page.blocks)


def test_a_short_line_under_a_picture_is_its_caption() -> None:
    """Where headings are marked; credits are no captions."""
    assert ("caption", "船工在修船") in kinds(MARKED.format("船工在修船"))
    assert not any(kind == "caption" for kind, _ in kinds(MARKED.format("本报记者 李明")))


def test_a_sentence_under_a_picture_is_in_doubt() -> None:
    """It may be the caption, or the next paragraph; where a story begins below, it is the first."""
    (page,) = split_pages(MARKED.format("船工在修船，边上堆着木板。"))
    assert [(3, "slight")] == [(d.where and d.where.line, d.kind) for d in page.doubts]
    text = f"# 老船下水\n\n![](a.jpg)\n\n船工在修船，边上堆着木板。\n\n{STORY}"
    assert ("caption", "船工在修船，边上堆着木板。") in kinds(text)


def test_json_of_a_model_may_have_any_names() -> None:
    """Title and text side by side are a story; what is said around the JSON is left out."""
    row = {"headline": "老船下水", "reporter": "李明", "text": [STORY[12:], "船工说，还要刷桐油。"]}
    inner = json.dumps({"paper": "河湾日报", "date": "2025年5月20日", "page": "03", "news": [row]})
    (page,) = split_pages(f"识别结果：\n```json\n{inner}\n```\n希望有帮助。")
    issue = read_issue([page])
    assert ("河湾日报", "2025-05-20") == (issue.masthead.paper, issue.masthead.date)
    (story,) = issue.articles
    assert (3, "老船下水", ("李明",), 2) == (
        story.page, story.headline.main, story.byline, len(story.paragraphs)
    )  # fmt: skip


FENCED = (
    "```xml\n<page number='2'><article><title>老船下水</title><author>李明</author><content>"
    "<p>渡口的老船昨天修好了。</p><p>三个村的人又能坐船过河。</p></content></article></page>\n```",
    "```yaml\npage: 2\narticles:\n  - title: 老船下水\n    author: [李明]\n    content: |\n"
    "      渡口的老船昨天修好了。\n      三个村的人又能坐船过河。\n```",
    "<|box_start|>010 020 300 400<|box_end|><|ref_start|>page_number<|ref_end|><|md_start|>2"
    "<|md_end|>\n<|ref_start|>title<|ref_end|><|md_start|>老船下水"
    "<|md_end|>\n<|ref_start|>text<|ref_end|><|md_start|>本报讯（记者 李明）渡口的老船昨天修好了。"
    "<|md_end|>\n<|ref_start|>text<|ref_end|><|md_start|>三个村的人又能坐船过河。<|md_end|>",
    "第2版\n\n老船下水\n\n<ref>　　本报讯（记者 李明）渡口的老船昨天</ref>"
    "<quad>(6,8),(9,10)</quad>\n"
    "<ref>修好了。</ref><quad>(6,10),(9,12)</quad>\n<ref>　　三个村的人又能坐船过河。</ref>"
    "<quad>(6,12),(9,14)</quad>",
)


@pytest.mark.parametrize("text", FENCED)
def test_marks_of_models_and_data_in_a_fence_are_read(text: str) -> None:
    """XML, YAML, and the raw answers of MinerU's and Tencent's models."""
    (article,) = read_issue(split_pages(text)).articles
    told = [*map(str, article.paragraphs)]
    assert ["渡口的老船昨天修好了。", "三个村的人又能坐船过河。"] == told
    assert ("老船下水", ("李明",), 2) == (article.headline.main, article.byline, article.page)


@pytest.mark.parametrize(
    "form",
    [
        "[[[60, {0}], [{1}, {0}], [{1}, {2}], [60, {2}]], ('{3}', 0.98)]",
        "([[60, {0}], [{1}, {0}], [{1}, {2}], [60, {2}]], '{3}', 0.98)",
        "([[np.int32(60), {0}], [{1}, {0}], [{1}, {2}], [60, {2}]], '{3}', np.float64(0.98))",
    ],
)
def test_lists_that_a_program_printed_are_read(form: str) -> None:
    """As EasyOCR and PaddleOCR show what they found."""
    rows = (
        ("老船下水", 40),
        ("本报讯（记者 李明）渡口的老船昨天修好了，三个村", 20),
        ("的人又能过河。", 20),
    )
    printed = "\n".join(
        form.format(y, 60 + n * len(t), y + n, t)
        for y, (t, n) in zip((60, 120, 146), rows, strict=True)
    )
    (article,) = read_issue(split_pages(printed)).articles
    assert ("老船下水", ("李明",)) == (article.headline.main, article.byline)


def test_a_division_of_a_page_begins_one() -> None:
    """As Tika writes the pages of a PDF."""
    text = "".join(f'<div class="page"><p/><p>{one}</p></div>' for one in (STORY, SECOND))
    assert [0, 0] == [page.number for page in split_pages(f"<html><body>{text}</body></html>")]


def test_a_headline_set_wide_is_one_line() -> None:
    """Each character stands by itself; two names with spaces in them do not."""
    heads = ("老　船　昨　天　下　水", "# 老  船  下  水", "李 明 王 芳")
    assert ["老船昨天下水", "老船下水", "李 明 王 芳"] == [
        split_pages(f"{head}\n\n{STORY}")[0].blocks[0].lines[0].text for head in heads
    ]


def test_fields_may_be_numbered_as_a_list() -> None:
    """A chat model numbers the stories and writes the names of the parts in bold type."""
    (page,) = pages_of_fields("📌 标题：老船下水\n✍️ 作者：李明\n📝 正文：\n船好了。", "day.md")
    assert ["headline", "byline", "body"] == [block.kind for block in page.blocks]
    text = "新闻如下：\n\n1. **标题**：老船下水\n   **作者**：李明\n   **正文**：\n   船好了。"
    (page,) = pages_of_fields(text, "day.md")
    assert ["masthead", "headline", "byline", "body"] == [block.kind for block in page.blocks]


@pytest.mark.parametrize(
    ("stem", "number"),
    [
        ("page3", 3),
        ("A03", 3),
        ("衢江3", 3),
        ("scan_12", 12),
        ("page-ppocrv5", 0),
        ("base64", 0),
        ("day_v2.5", 0),
        ("page.3", 3),
    ],
)
def test_a_number_that_ends_a_word_is_no_page(stem: str, number: int) -> None:
    """Names of tools and formats end with digits of their own."""
    assert page_in_name(stem) == number


def test_a_running_head_may_name_the_editor_too() -> None:
    """Name, date, editor and page on one line: the page is the one it names."""
    head = "2025年5月20日 星期二 责任编辑：何冰 第2版"
    assert [2] == [
        page.number for page in split_pages(f"石桥日报\n\n{head}\n\n{STORY}") if page.number
    ]


def test_a_list_of_boxes_in_markdown_is_read() -> None:
    """Models that are asked for places answer with JSON."""
    rows = [
        {"bbox_2d": [9, 9, 99, 30], "label": "title", "text_content": "老船下水"},
        {"bbox_2d": [9, 40, 99, 90], "label": "text", "text_content": STORY},
    ]
    (page,) = split_pages(f"```json\n{json.dumps(rows, ensure_ascii=False)}\n```")
    texts = [" ".join(line.text for line in block.lines) for block in page.blocks]
    assert ["老船下水", STORY] == texts
    assert page.ordered


@pytest.mark.parametrize("mark", ["===第2页===", "## Page 2", "<!-- page 2 -->", "[第2页]"])
def test_a_page_mark_begins_a_page(mark: str) -> None:
    """Its number is the page's; it stays with what is left out."""
    assert [0, 2] == [page.number for page in split_pages(f"{STORY}\n\n{mark}\n\n{STORY}")]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", "{}\n\n-----\n"), ("", "<page_number>{}</page_number>"),
        ("≦ day_0{}.jpg ≧\n", ""), ("===== scan/p0{}.png =====\n", ""),
    ],
)  # fmt: skip
def test_the_number_of_a_page_stands_above_or_below_it(above: str, below: str) -> None:
    """Also as the name of its picture; a mark that ends the text belongs to what is above it."""
    text = "\n\n".join(f"{above.format(n)}{STORY}\n\n{below.format(n)}" for n in (2, 3))
    assert [2, 3] == [page.number for page in split_pages(text)]
    assert [STORY] * 2 == [
        passage.text.strip()
        for sheet in sort_sheets(text)
        for passage in sheet.passages
        if not passage.kind
    ]


def test_letters_spaced_by_ocr_are_closed_up() -> None:
    """A sheet in which nearly all letters are spaced loses the spaces, another one keeps them."""
    spaced = " ".join(STORY.replace(" ", ""))
    assert [("", STORY.replace(" ", ""))] == kinds(spaced)
    assert [("", "一 心 一 意")] == kinds("一 心 一 意")


def test_headings_lose_the_numbers_of_a_list() -> None:
    """1. 2. 3. of a tool are no part of the headlines; a lone 1. may be."""
    assert "# 甲乙\n" in kinds("### 1. 甲乙\n\n文。\n\n### 2. 丙丁\n\n文。")[0][1]
    assert "### 1. 甲乙" in kinds("### 1. 甲乙\n\n文。")[0][1]


def test_how_sure_a_program_is_of_each_line_is_no_text() -> None:
    """Only where all lines say it."""
    scored = "老船下水\t0.99\n船好了。\t1.0\n"
    for text, told in ((scored, False), (f"{scored}灯亮了。\n", True)):
        (page,) = split_pages(text)
        assert told == any("0.99" in x.text for block in page.blocks for x in block.lines)


def test_an_export_with_fields_is_marked() -> None:
    """标题 and 正文 say what each line is; 版次 is the page."""
    text = (
        "标题：老船下水\n作者：李明\n版次：03\n正文：\n　　船好了。\n\n标题：桥通了\n正文：桥好了。"
    )
    (page,) = pages_of_fields(text, "day.txt")
    assert (3, True) == (page.number, page.marked)
    assert [
        ("headline", "老船下水"), ("byline", "李明"), ("body", "船好了。"),
        ("headline", "桥通了"), ("body", "桥好了。"),
    ] == [(block.kind, block.lines[0].text) for block in page.blocks]  # fmt: skip
    assert [] == pages_of_fields(f"标题：\n\n{STORY}", "day.txt")
    assert (
        page
        == pages_of_fields(
            '标题,作者,版次,正文\n老船下水,李明,03,"　　船好了。"\n桥通了,,,桥好了。', "day.txt"
        )[0]
    )


@pytest.mark.parametrize(
    "form",
    [
        "<稿件>\n<标题>老船下水</标题><作者>李明</作者>\n<正文><p>船好了。</p><p>灯亮了。</p></正文>\n</稿件>",
        "<story>\n<title>老船下水</title>\n<author>李明</author>\n<text>\n船好了。\n灯亮了。\n</text>\n</story>",
        "[标题]老船下水[/标题]\n[作者]李明\n[正文]\n船好了。\n灯亮了。\n[/正文]",
        "〖标题〗老船下水\n〖作者〗李明\n〖正文〗\n船好了。\n灯亮了。",
        "#标题#老船下水\n#作者#李明\n#正文#\n船好了。\n灯亮了。",
        "TITLE=老船下水\nAUTHOR=李明\nTEXT=船好了。\n灯亮了。",
        "Headline: 老船下水\nByline: 李明\nBody:\n船好了。\n\n灯亮了。",
        "稿件标题：老船下水\n稿件作者：李明\n稿件正文：船好了。\n灯亮了。",
        "### 一、主标题：**老船下水**\n\n- **作者**：李明\n- **正文**：\n\n船好了。\n\n灯亮了。",
        "**主标题：老船下水**\n*李明 文*\n**正文内容**：\n船好了。\n灯亮了。",
        "| 标题 | 作者 | 正文 |\n|---|---|---|\n| 老船下水 | 李明 | 船好了。<br>灯亮了。 |",
        'id;content;title;author;page\n7;"船好了。\n灯亮了。";老船下水;李明;1',
    ],
)
def test_no_name_of_a_field_is_spoken(form: str) -> None:
    """Tags, brackets, English names, headings of a chat model and tables hold the same story."""
    (page,) = split_pages(
        f"{form}\n\n如果需要，我还可以帮您：\n1. 提炼摘要\n2. 翻译成英文\n\n请告诉我您的需求！😊"
    )
    (article,) = read_issue((page,)).articles
    told = (article.headline.main, article.byline, article.paragraphs)
    assert ("老船下水", ("李明",), ("船好了。", "灯亮了。")) == told


@pytest.mark.parametrize("line", ["## 📰 第2版（民生）", "**第2版：民生**", "- **版次**：第2版"])
def test_the_page_of_fields_may_be_a_heading(line: str) -> None:
    """A chat model writes the folio over its stories."""
    text = f"好的，以下是识别结果：\n\n{line}\n\n**标题**：老船下水\n**正文**：\n船好了。"
    assert [2] == [page.number for page in split_pages(text)]


@pytest.mark.parametrize("row", ["| 版面 | 第04版 民生 |", "版次：四版", "**版号**：第4版"])
def test_the_page_may_be_a_fact_above_the_stories(row: str) -> None:
    """In a table or a line; what stories say of pages below is none."""
    facts = f"| 项目 | 内容 |\n|---|---|\n{row}" if row.startswith("|") else row
    text = f"# 基本信息\n\n{facts}\n\n# 老船下水\n\n{STORY}\n\n（相关报道见第7版）"
    assert [4] == [page.number for page in split_pages(text)]


def test_a_chapter_with_the_rest_is_no_story() -> None:
    """A chat model writes the editors and the address of the paper below the stories."""
    text = f"# 老船下水\n\n{STORY}\n\n# 其他信息\n\n- 责任编辑：何冰\n- 邮箱：a@example.org"
    (article,) = read_issue(give_numbers(split_pages(text))).articles
    assert "老船下水" == article.headline.main
    assert "邮箱" not in "".join(article.paragraphs)


def test_a_list_of_facts_above_a_folio_is_no_page() -> None:
    """The name and the date stand on the page that the list names."""
    facts = "- 报纸名称：河湾日报\n- 日期：2025年5月20日\n- 版次：第4版\n\n"
    (page,) = split_pages(f"# 版面文字整理\n\n{facts}# 老船下水\n\n{STORY}")
    found = read_issue((page,)).masthead
    assert (4, "河湾日报", "2025-05-20") == (page.number, found.paper, found.date)


def test_the_text_below_fields_needs_no_name() -> None:
    """Labels of a chat model, or the facts in YAML above each story, and then the text."""
    long = f"{STORY}船工说，还要再刷一遍桐油。"
    text = f"\n\n{long}\n\n灯亮了。\n\n"
    chat = f"## 1️⃣ 左上\n\n- **主标题**：老船下水\n- **记者**：李明{text}---\n\n"
    yaml = f'---\ntitle: "老船下水"\nauthor:\n  - 李明\ntags: [渡口]\npage: 2\n---{text}'
    for text, number in ((chat * 2, 1), (yaml * 2, 2)):
        (page,) = pages_of_fields(text, "day.md")
        told = [(b.kind, b.lines[0].text) for b in page.blocks if b.kind != "masthead"]
        assert (number, [("headline", "老船下水"), ("byline", "李明"), ("body", long),
                         ("body", "灯亮了。")] * 2) == (page.number, told)  # fmt: skip
    assert [] == pages_of_fields(f"{chat}## 书屋开门\n\n{long}", "day.md")
    assert [] == pages_of_fields(f"---\ntitle: 河湾日报\n---\n\n# 老船下水\n\n{long}", "day.md")


def test_the_marks_of_headings_tell_kicker_headline_and_deck() -> None:
    """A lower mark above the highest is a kicker, although the text repeats its words."""
    for above, main in (("##", "#"), ("###", "##")):
        heads = f"{above} 河湾渡口\n\n{main} 老船下水\n\n{above} 三个村又通了"
        (article,) = read_issue(split_pages(f"{heads}\n\n{STORY}")).articles
        assert "河湾渡口" == article.headline.kicker
        assert ("老船下水", "三个村又通了") == (article.headline.main, article.headline.deck)


def test_a_heading_two_levels_lower_is_the_deck() -> None:
    """However much of the lead it repeats."""
    deck = "三个村的人又能坐船过河赶集"
    (one,) = read_issue(split_pages(f"# 老船修好了可下水\n\n### {deck}\n\n{STORY}")).articles
    assert ("老船修好了可下水", deck) == (one.headline.main, one.headline.deck)


def test_a_headline_in_two_headings_is_one() -> None:
    """The first one breaks off."""
    (one,) = read_issue(split_pages(f"# 一条老船修了\n\n# 两个月\n\n{STORY}")).articles
    assert "一条老船修了两个月" == one.headline.main


def test_a_shorter_heading_of_the_same_mark_is_the_headline() -> None:
    """Where the text repeats neither of two."""
    long, short = "集市搬到村口 岗位送到手边", "招工不用进城"
    for heads in ((long, short), (short, long)):
        (one,) = read_issue(split_pages(f"# {heads[0]}\n\n# {heads[1]}\n\n{STORY}")).articles
        beside = one.headline.kicker if heads[0] == long else one.headline.deck
        assert (short, long) == (one.headline.main, beside)


@pytest.mark.parametrize(
    "heads",
    [
        "# 老船下水\n\n（引题：三个村又通了）",
        "（引题）三个村又通了\n老船下水",
        "三个村又通了（肩题）\n老船下水",
        "【引题】三个村又通了\n【主标题】老船下水",
    ],
)
def test_a_part_of_a_headline_may_be_told(heads: str) -> None:
    """Above it or below; the words that tell it are not spoken."""
    (one,) = read_issue(split_pages(f"{heads}\n\n{STORY}")).articles
    assert ("三个村又通了", "老船下水") == (one.headline.kicker, one.headline.main)


def test_facts_over_the_line_that_names_the_page_are_no_page() -> None:
    """As a chat lists them; a told part in bold leaves the numbers of the list what they are."""
    head = "**版面信息**：\n- 报纸：河湾时讯\n- 日期：2026年11月5日\n- 版次：第3版\n\n"
    told = f"**一、老船下水**\n**（引题）三个村又通了**\n\n{STORY}\n\n"
    told += f"**二、新桥通车**\n\n{STORY[:-3]}去。"
    issue = read_issue(give_numbers(split_pages(head + told)))
    assert [3, 3] == [one.page for one in issue.articles]
    assert ["老船下水", "新桥通车"] == [one.headline.main for one in issue.articles]


@pytest.mark.parametrize(
    "fact", ["**报纸名称**：河湾日报", "报纸：《河湾日报》", "**报名：** 河湾日报"]
)
def test_the_paper_may_be_a_fact_above_the_stories(fact: str) -> None:
    """In a list or not; to sign up (报名) is none."""
    for line, paper in ((fact, "河湾日报"), ("报名：即日起至月底", "")):
        issue = read_issue(split_pages(f"{line}\n**日期**：2026年11月5日\n\n# 老船下水\n\n{STORY}"))
        assert paper == issue.masthead.paper


def test_a_theme_is_no_name_of_a_part() -> None:
    """Without a mark behind it, 主题 is a word."""
    (one,) = read_issue(split_pages(f"# 主题公园开园\n\n{STORY}")).articles
    assert "主题公园开园" == one.headline.main


@pytest.mark.parametrize("credit", ["#### 本报讯（记者 李明）", "# 本报讯", "## 记者 李明"])
def test_a_credit_set_as_a_heading_is_one(credit: str) -> None:
    """It opens the text below it."""
    text = "渡口的老船昨天修好了，三个村的人又能坐船过河赶集。"
    (one,) = read_issue(split_pages(f"河湾日报 第2版\n\n# 老船下水\n\n{credit}\n\n{text}")).articles
    assert ("", (text,)) == (one.headline.deck, one.paragraphs)
    assert ("李明" in credit) == (one.byline == ("李明",))


@pytest.mark.parametrize("mark", ["━━━━ {} ━━━━", "◆◆ {} ◆◆", "=== {} ==="])
def test_marks_around_a_line_are_no_part_of_it(mark: str) -> None:
    """A folio begins a page, and a label over briefs is none of the story above it."""
    label = mark.format("简讯")
    text = f"{mark.format('第1版 要闻')}\n\n老船下水\n\n{STORY}\n\n{mark.format('第2版')}\n\n"
    text += f"新桥通车\n\n{STORY[:-2]}了。\n\n{label}\n\n村口亮灯\n\n路灯昨晚亮了，村民都来看。"
    issue = read_issue(split_pages(text))
    assert [1, 2, 2] == [one.page for one in issue.articles]
    assert not any(
        "简讯" in text for one in issue.articles for text in (*one.paragraphs, *one.byline)
    )


def test_the_date_above_a_page_counts() -> None:
    """In YAML, as Pandoc and olmOCR write it."""
    text = f"---\ntitle: 河湾日报\ndate: 2026-11-05\n---\n\n# 老船下水\n\n{STORY}"
    assert "2026-11-05" == read_issue(split_pages(text)).masthead.date


@pytest.mark.parametrize(
    "head",
    [
        "河湾日报 03 民生",
        "河湾日报 3",
        "03 民生 河湾日报",
        "3 河湾日报",
        "A03 民生 2026年5月20日\n\n# 河湾日报",
    ],
)
def test_a_running_head_needs_no_word_for_its_page(head: str) -> None:
    """The paper's name and a number, on either side of the sheet; neither is spoken."""
    text = f"{head}\n\n## 要闻\n\n# 老船下水\n\n{STORY}"
    issue = read_issue(tuple(split_pages(text)))
    (article,) = issue.articles
    assert ("河湾日报", 3) == (issue.masthead.paper, article.page)
    assert not article.headline.kicker
    assert None is named_page(Block(lines=(TextLine(text="河湾日报80周年"),)))


def test_a_picture_inside_the_text_is_dropped() -> None:
    """A megabyte of base64 is not a line of print."""
    text = f"![](data:image/png;base64,{'A' * 1_000_000})\n\n{STORY}"
    assert len(drop_embedded(text)) < 100


@given(st.text(alphabet="本报讯。 \n#<>/$\\{}^_|`!()[]&;bhtdiv12", max_size=300))
def test_any_text_is_sorted(text: str) -> None:
    """Broken markup of any kind is not a crash, and leaves no line without a character."""
    blocks = [block for page in split_pages(text) for block in page.blocks]
    assert all(line.text.strip() for block in blocks for line in block.lines)


def test_a_list_may_hold_a_story_without_dateline() -> None:
    """Its heading is marked as the others are, and loses its number with them."""
    text = f"### 1. 甲乙\n\n{STORY}\n\n### 2. 丙丁\n\n{SECOND}\n\n### 3. 戊己\n\n路灯换了新的。"
    found = kinds(text)[0][1]
    assert [line for line in found.split("\n") if line.startswith("#")] == [
        "### 甲乙", "### 丙丁", "### 戊己",
    ]  # fmt: skip


RUN_IN = ("老船今天下水{0}老船昨天修好了，三个村的人又能坐船过河赶集。",
          "书屋开门迎客{0}村里的书屋今早开门，孩子们来看书，周末有人讲故事。")  # fmt: skip


@pytest.mark.parametrize(("mark", "gap"), [("■", "　"), ("◆ ", " "), ("【", "】"), ("", "　　")])
def test_a_headline_may_stand_before_its_text(mark: str, gap: str) -> None:
    """Behind a mark, in brackets, or with a wide blank after it: each brief is a story."""
    briefs = [mark + one.format(gap) for one in RUN_IN]
    text = "".join(text for _, text in kinds("\n".join(["简讯", *briefs])))
    assert ["## 老船今天下水", "## 书屋开门迎客"] == [x for x in text.split("\n") if "##" in x]


SAID = [
    ("老船修好重新通航", "渡口的老船昨天修好，重新通航，三个村的人又能过河。"),
    ("书屋周末开门迎客", "村里的书屋周末也开门迎客，孩子们都来看书讲故事。"),
]


@pytest.mark.parametrize("form", ["**{}**\n{}", "1. **{}**\n   {}", "**【{}】** {}"])
def test_briefs_in_bold_stand_below_a_marked_headline(form: str) -> None:
    """Their texts say what they say; crossheads do not repeat themselves so."""
    text = "\n\n".join(["## 渡口通航", STORY, *(form.format(*one) for one in SAID)])
    headed = "".join(text for _, text in kinds(text))
    assert ["## 渡口通航", "## 老船修好重新通航", "## 书屋周末开门迎客"] == [
        line for line in headed.split("\n") if line.startswith("#")
    ]
    crossheads = "\n\n".join(["## 渡口通航", STORY, "**人心所向**\n灯亮了。", "**往后**\n船开了。"])
    assert 1 == "".join(text for _, text in kinds(crossheads)).count("##")


def test_a_crosshead_in_bold_is_lower_than_the_headlines() -> None:
    """Most bold lines stand over a story, this one over a text that does not repeat it."""
    text = f"**老船下水**\n{STORY}\n\n**两岸同心**\n灯亮了。\n\n**书屋开门**\n{SECOND}"
    found = kinds(text)[0][1].split("\n")
    assert ["## 老船下水", "### 两岸同心", "## 书屋开门"] == [x for x in found if x[:1] == "#"]


def test_rows_of_a_table_may_stand_as_lines() -> None:
    """Words and figures, with their heads above; two such lines alone are text."""
    rows = ["品名 价格 涨跌", "白菜 1.35 -0.10", "鸡蛋 4.95 持平", "猪肉 13.8 +0.2"]
    text = "\n\n".join(["## 本周菜价（单位：元）", *rows, "（市场办提供）", "# 老船下水", STORY])
    assert ["table", "table", "table", ""] == [kind for kind, _ in kinds(text)]
    assert [""] == [kind for kind, _ in kinds("\n\n".join([*rows[1:3], STORY]))]


@pytest.mark.parametrize("mark", ["（头条）", "（右上，加框）", "【报眼】"])
def test_where_a_story_is_to_stand_is_no_text(mark: str) -> None:
    """The desk writes it over the headline."""
    assert ("tool", mark) in kinds(f"{mark}\n老船下水\n　　{STORY}")


@pytest.mark.parametrize("section", ["### 二、图片及说明", "广告：", "**图片说明**"])
def test_a_section_without_stories_ends_the_one_above(section: str) -> None:
    """A chat model lists pictures and adverts below the stories; their words are no text."""
    first, second = "第1篇\n标题：老船\n正文：\n船好了。", "第2篇\n标题：书屋\n正文：\n灯亮了。"
    text = f"{first}\n\n{second}\n{section}\n老船靠岸。"
    (page,) = pages_of_fields(text, "day.md")
    assert ["船好了。", "灯亮了。"] == [x.lines[0].text for x in page.blocks if x.kind == "body"]


@pytest.mark.parametrize(
    "section",
    [
        "## 三、广告及公告\n- 停电\n\n### 1. 停水\n明天停水。",
        "### 【右下·图片说明】\n（画面：船工）船工在修船。",
        "### 📌 内容要点\n1. 老船修好；",
        "## 二、正文内容",
    ],
)
def test_the_parts_of_an_answer_that_are_no_stories_are_left_out(section: str) -> None:
    """Up to the next story, or to a dateline whose headline has no mark."""
    found = kinds(f"{section}\n\n## 老船下水\n\n{STORY}")
    assert [("tool", section[-3:]), ("", STORY)] == [
        (kind, x[-3:] if kind else STORY) for kind, x in found
    ]
    assert ("", STORY) in kinds(f"{section}\n{STORY}")


def test_numbers_of_an_answer_below_its_own_headings_are_no_print() -> None:
    """`一、` counts its parts and `1.` the stories in one of them, the last a list of briefs."""
    told = "## 一、版面信息\n- **版名**：综合\n## 二、正文内容\n### 1. 老船下水\n"
    briefs = [
        f"- **{one}**：{one}，村里的孩子放学以后都跑到河边来看。"
        for one in ("书屋开门", "河灯亮了")
    ]
    text = f"{told}{STORY}\n### 2. 河湾修桥\n{SECOND}\n### 3. 简讯（2则）\n" + "\n".join(briefs)
    found = "\n".join(words for kind, words in kinds(text) if not kind).split("\n")
    assert ["老船下水", "河湾修桥", "简讯（2则）", "书屋开门", "河灯亮了"] == [
        x.strip("# ") for x in found if x[:1] == "#"
    ]


def test_a_part_of_a_list_that_is_left_out_counts() -> None:
    """Pictures may have a number among the stories."""
    told = (
        f"**1. 老船下水**\n{STORY}\n\n**2. 图片及说明**\n船工在修船。\n\n**3. 河湾修桥**\n{SECOND}"
    )
    found = "\n".join(words for kind, words in kinds(told) if not kind)
    assert ["老船下水", "河湾修桥"] == [x.strip("# ") for x in found.split("\n") if x[:1] == "#"]


@pytest.mark.parametrize(
    ("head", "page"),
    [
        ("以下是《河湾报》第3版的文字内容：", 3),
        ("河湾报 2026年5月6日 第3版 综合", 3),
        ("以下是《河湾报》第3版的文字内容（转第4版）：", 3),
        ("这份报纸第1版和第3版的文字如下：", 0),
        ("两个村子修路的事见第3版。", 0),
    ],
)
def test_what_stands_above_the_text_names_its_page(head: str, page: int) -> None:
    """Also above fields; a story that names a page does not."""
    texts = (f"# 老船下水\n\n{STORY}", f"标题：老船下水\n正文：\n{STORY}")
    numbers = [split_pages(f"{head}\n\n{text}")[0].number for text in texts]
    assert [page, page or 1] == numbers


def test_labels_among_fields_name_nobody() -> None:
    """`[简讯]` heads stories, `[广告]` is none."""
    second = "[简讯]\n[标题] 书屋\n[正文]\n灯亮了。\n[广告] 买一送一。"
    text = f"[标题] 老船\n[正文]\n{STORY}\n\n{second}"
    (page,) = pages_of_fields(text, "day.md")
    assert ["[简讯]", "[广告] 买一送一。"] == [
        x.lines[0].text for x in page.blocks if x.kind == "masthead"
    ]


@pytest.mark.parametrize("above", ["县里有两条办法：\n", f"{STORY}\n"])
def test_marked_points_of_a_story_are_no_headlines(above: str) -> None:
    """Those under a colon, or right under a paragraph where blank lines part the others."""
    text = f"{above}" + "\n".join("■" + one.format("　") for one in RUN_IN) + "\n\n灯亮了。"
    assert [("", text)] == kinds(text)


@pytest.mark.parametrize(
    "patch",
    [
        "@@ -1,2 +1,2 @@ 第2版\n-老船下水了，载三个人。\n+老船下水了，载四个人。\n 灯亮了。",
        "- 老船下水了，载三个人。\n+ 老船下水了，载四个人。\n灯亮了。",
    ],
)
def test_a_patch_is_read_as_what_it_makes(patch: str) -> None:
    """Lines that it takes out are a tool's, never said beside the new ones."""
    found = kinds(patch)
    assert "老船下水了，载四个人。\n灯亮了。" in "\n".join(text for kind, text in found if not kind)
    assert ("tool", "老船下水了，载三个人。") in found


@pytest.mark.parametrize(
    "stamp",
    ["[21:12] 林秋：", "2025-06-17 21:12:08 林秋: ", "林秋 21:12\n", "林秋\n6月17日 21:12\n"],
)
def test_who_wrote_in_a_chat_is_no_text(stamp: str) -> None:
    """The stamp of a message is the chat's; the message begins a paragraph."""
    assert [("tool", " ".join(stamp.split())), ("", STORY)] == kinds(f"{stamp}{STORY}")
