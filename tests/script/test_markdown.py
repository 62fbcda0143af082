"""script.md is read and edited by people."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builders import article, issue
from qjaudio.errors import UsageError
from qjaudio.rules import phrases
from qjaudio.script.compose import compose
from qjaudio.script.prepare import from_markdown, to_markdown, unprinted, with_own_rundown

PHRASES = phrases("phrases")
ISSUE = issue(article("甲村通车"), article("乙村“开学”", "“开学了！”他说。书很新。"))
SCRIPT = compose(ISSUE, PHRASES)
PAGE = to_markdown(SCRIPT, PHRASES)


def texts(script: object) -> list[list[str]]:
    return [[line.text for line in part.lines] for part in script.parts]  # type: ignore[attr-defined]


def test_the_page_comes_back_as_the_script() -> None:
    """Unedited, it says what the script says, with pages and reporters."""
    back = from_markdown(PAGE, SCRIPT, PHRASES)
    assert texts(SCRIPT) == texts(back)
    assert [part.kind for part in SCRIPT.parts] == [part.kind for part in back.parts]
    assert [p.byline for p in SCRIPT.parts] == [p.byline for p in back.parts]
    assert [p.page for p in SCRIPT.parts] == [p.page for p in back.parts]


def test_a_deleted_story_is_not_spoken() -> None:
    """Parts may go and change places."""
    start, end = PAGE.index("## 1. "), PAGE.index("## 2. ")
    back = from_markdown(PAGE[:start] + PAGE[end:], SCRIPT, PHRASES)
    assert ["乙村“开学”"] == [part.title for part in back.stories]


def test_comments_are_not_spoken() -> None:
    """What stands in <!-- --> is for editors, also over several lines."""
    back = from_markdown(PAGE.replace("桥很长。", "<!-- 待\n核实 -->桥很长。"), SCRIPT, PHRASES)
    assert texts(SCRIPT) == texts(back)


def test_an_editor_can_name_the_reader() -> None:
    """播读:男主播 in a story's comment."""
    back = from_markdown(PAGE.replace("<!-- 第1版", "<!-- 播读:男主播 · 第1版"), SCRIPT, PHRASES)
    assert ["男主播", "男主播"] == [part.reader for part in back.stories]


def test_windows_line_ends_do_not_matter() -> None:
    """An editor on Windows saves the same script."""
    assert texts(SCRIPT) == texts(from_markdown(PAGE.replace("\n", "\r\n"), SCRIPT, PHRASES))


def test_a_page_without_parts_is_refused() -> None:
    """With nothing to say there is no episode; the way out is named."""
    with pytest.raises(UsageError, match="no part left") as caught:
        from_markdown("桥很长。\n", SCRIPT, PHRASES)
    assert "delete" in caught.value.hint


def test_added_sentences_are_reported() -> None:
    """What is not in the paper is found; corrected punctuation is not."""
    edited = PAGE.replace("桥很长。", "桥很长！听说明天还要修路。")
    script = from_markdown(edited, SCRIPT, PHRASES)
    assert ("听说明天还要修路。",) == unprinted(script, ISSUE, SCRIPT)
    assert () == unprinted(SCRIPT, ISSUE, SCRIPT)


def test_sentences_of_two_articles_do_not_make_one() -> None:
    """The end of one article and the start of another are not a printed sentence."""
    joined = replace(SCRIPT.stories[0].lines[1], text="不用船乙村开学")
    script = replace(SCRIPT, parts=(replace(SCRIPT.stories[0], lines=(joined,)),))
    assert ("不用船乙村开学",) == unprinted(script, ISSUE, SCRIPT)


@pytest.mark.parametrize(
    ("comment", "page", "section"),
    [
        ("第2版 综合新闻 · 记者 甲一", 2, "综合新闻"),
        ("第2版 综合新闻", 2, "综合新闻"),
        ("第2版 · 记者 甲一", 2, ""),
        ("第2版 记者 甲一", 2, ""),
        ("第2版 播读:男主播", 2, ""),
        ("播读:男主播 · 第2版 要闻", 2, "要闻"),
        ("第2版", 2, ""),
    ],
)
def test_page_and_section_stand_in_the_comment(comment: str, page: int, section: str) -> None:
    """第2版 综合: number and name of the printed page; what else stands there is no section."""
    back = from_markdown(PAGE.replace("第1版 · 记者 甲一", comment), SCRIPT, PHRASES)
    assert {(page, section)} == {(part.page, part.section) for part in back.stories}


def test_a_section_comes_back() -> None:
    """A script with sections, written and read, has them still."""
    whole = compose(issue(replace(article(), section="要闻")), PHRASES)
    back = from_markdown(to_markdown(whole, PHRASES), whole, PHRASES)
    assert ["", "", "要闻", ""] == [part.section for part in back.parts]


def test_who_signs_a_story_comes_back() -> None:
    """The department at the end of a story stands in its comment, with or without reporters."""
    signed = replace(article(), signoff="区卫生健康局")
    bare = replace(signed, byline=())
    whole = compose(issue(signed, replace(bare, section="要闻"), article()), PHRASES)
    back = from_markdown(to_markdown(whole, PHRASES), whole, PHRASES)
    assert ["区卫生健康局", "区卫生健康局", ""] == [part.signoff for part in back.stories]
    assert [("甲一",), (), ("甲一",)] == [part.byline for part in back.stories]
    assert ["", "要闻", ""] == [part.section for part in back.stories]


MARKS = (
    "#", "##", "- ", "* ", "<!--", "-->", "\\", "1. ", "·", "|", "第2版", "记者 ", "“", "。", "！",
)  # fmt: skip
PIECES = st.sampled_from(MARKS) | st.text("桥通车a1，\u3000\u200d", max_size=4)
TEXTS = st.lists(PIECES, min_size=1).map(lambda pieces: "".join(pieces).strip())
TEXTS = TEXTS.filter(lambda text: any(char.isalnum() for char in text))
NAMES = st.text("甲乙丙·", min_size=2, max_size=6).filter(lambda name: name.strip("·") == name)


@settings(deadline=None)
@given(headline=TEXTS, paragraph=TEXTS, names=st.lists(NAMES, max_size=3), signoff=NAMES)
@example(headline="########车20:40", paragraph="########车20:40开", names=[], signoff="甲乙")
@example(headline="3. 桥", paragraph="<!-- 桥 --> a", names=["阿依·古丽"], signoff="甲·乙")
@example(headline="- 桥", paragraph="\\# 桥\\", names=["甲乙", "丙·丁"], signoff="甲乙")
def test_what_is_written_is_read_back(
    headline: str, paragraph: str, names: list[str], signoff: str
) -> None:
    """Every text that can stand on one line, whatever marks are in it, and every name."""
    one = replace(article(headline, paragraph, headline), byline=tuple(names), signoff=signoff)
    written = compose(issue(one, article()), PHRASES)
    back = from_markdown(to_markdown(written, PHRASES), written, PHRASES)
    assert texts(written) == texts(back)
    assert [part.title for part in written.parts] == [part.title for part in back.parts]
    assert [part.byline for part in written.parts] == [part.byline for part in back.parts]
    assert [part.signoff for part in written.parts] == [part.signoff for part in back.parts]
    kinds = [[line.kind for line in part.lines] for part in written.parts]
    assert kinds == [[line.kind for line in part.lines] for part in back.parts]


def test_a_remark_is_no_part_of_a_name() -> None:
    """A second comment in a story says nothing of its reporters."""
    back = from_markdown(PAGE.replace("桥很长。", "桥很长。<!-- 待核实 -->"), SCRIPT, PHRASES)
    assert [part.byline for part in SCRIPT.parts] == [part.byline for part in back.parts]


@pytest.mark.parametrize(
    "edited",
    [
        PAGE.replace("桥很长。", "<!-- 待核实 桥很长。", 1),
        PAGE.replace("## 1. ", "<!--\n## 1. "),
        PAGE + "\n<!-- 完",
    ],
)
def test_a_comment_that_is_not_closed_is_refused(edited: str) -> None:
    """It would swallow the next story, or be read aloud."""
    with pytest.raises(UsageError, match="comment is not closed: <!--") as caught:
        from_markdown(edited, SCRIPT, PHRASES)
    assert "-->" in caught.value.hint


def test_a_story_can_be_commented_out() -> None:
    """A heading inside a comment begins no part."""
    start = PAGE.index("## 2. ")
    end = PAGE.index("## ", start + 3)
    story = PAGE[start:end].replace("<!-- ", "").replace(" -->", "")
    back = from_markdown(f"{PAGE[:start]}<!--\n{story}-->\n\n{PAGE[end:]}", SCRIPT, PHRASES)
    assert ["甲村通车"] == [part.title for part in back.stories]


HEADS = [part.title for part in SCRIPT.parts]


SECOND = PAGE[: PAGE.index("## 2. ")].count("\n") + 1


def second(instead: str) -> str:
    """The page with another line in place of the second headline."""
    return PAGE.replace("\n## 2. 乙村“开学”\n", f"\n{instead}\n")


@pytest.mark.parametrize(
    "typed",
    [
        "##2.", "＃＃ 2.", "＃＃　２．", "##\t2、", "  ## 2. ", "#＃ 2。", "##", "# 2. ",
        "### 2. ", "## 2) ",
    ],
)  # fmt: skip
def test_a_heading_is_known_as_an_ime_types_it(typed: str) -> None:
    """Without its space, in full-width marks, with one mark too few or too many: it is as meant."""
    back = from_markdown(second(f"{typed}乙村“开学”"), SCRIPT, PHRASES)
    assert HEADS == [part.title for part in back.parts]
    assert texts(SCRIPT) == texts(back)


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (
            second("2. 乙村“开学”"),
            f"line {SECOND}: the headline 乙村“开学” has no ##",
        ),
        (second("**乙村“开学”**"), f"line {SECOND}: the headline"),
        (second("# 乙村开了学"), f"line {SECOND}: a heading with one #"),
        (second("## 2. "), f"line {SECOND}: a heading without words"),
        (second("##"), f"line {SECOND}: a heading without words"),
        (PAGE.replace("<!-- 第1版", "第1版", 1), "line 19: a comment is not opened"),
        (PAGE.replace("<!-- 第1版", "<！-- 第1版", 1), "line 19: a comment is not opened"),
        (PAGE.replace("<!-- 第1版", "<!-- 播读：-->\n<!-- 第1版", 1), "播读 names nobody"),
    ],
)
def test_what_nobody_can_have_meant_is_refused_with_its_line(edited: str, said: str) -> None:
    """It is neither spoken nor melted into the story before."""
    with pytest.raises(UsageError) as caught:
        from_markdown(edited, SCRIPT, PHRASES)
    assert said in str(caught.value)


def test_lines_are_counted_behind_long_comments() -> None:
    """A comment of several lines does not shift the lines that errors name."""
    long = PAGE.replace("<!-- 第1版", "<!-- 第1版\n一\n二\n三", 1)
    with pytest.raises(UsageError, match=f"line {SECOND + 3}: a heading without words"):
        from_markdown(long.replace("## 2. 乙村“开学”", "##"), SCRIPT, PHRASES)


def test_what_is_printed_like_a_mark_comes_back() -> None:
    """＃ at the beginning of a paragraph and --> in it are text where the paper has them."""
    odd = compose(issue(article("桥", "＃＃ 桥。水-->岸。", "## 岸。")), PHRASES)
    assert texts(odd) == texts(from_markdown(to_markdown(odd, PHRASES), odd, PHRASES))


def test_the_rundown_follows_the_stories() -> None:
    """A story that was removed is not announced, one with another headline by that."""
    start, end = PAGE.index("## 1. "), PAGE.index("## 2. ")
    page = (PAGE[:start] + PAGE[end:]).replace("## 2. 乙村“开学”", "## 2. 乙村小学开学")
    back, changed = with_own_rundown(from_markdown(page, SCRIPT, PHRASES), SCRIPT)
    rundown = next(part for part in back.parts if part.kind == "headlines")
    assert ["乙村小学开学"] == [line.text for line in rundown.lines if line.kind == "headline"]
    assert 2 == len(changed)
    assert (SCRIPT, ()) == with_own_rundown(SCRIPT, SCRIPT)
