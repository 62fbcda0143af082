"""Text that is nothing but one mark over and over takes time in proportion to its length."""

# ruff: noqa: E501
import contextlib
import itertools
import time
from collections.abc import Callable

import pytest

from builders import article, issue
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.paper.digest import digest
from qjaudio.paper.drafts import Draft
from qjaudio.paper.entries import MAX_JUMPS, join_jumps
from qjaudio.paper.pieces import Piece, with_facts
from qjaudio.paper.reading import read_issue
from qjaudio.paper.sentences import LONGEST, stretches
from qjaudio.paper.text import PageText
from qjaudio.paper.words import Wording
from qjaudio.rules import phrases
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.prepare import from_markdown, to_markdown
from qjaudio.script.pronounce import pronounce, pronounce_text
from qjaudio.sources.epaper.article import read_article
from qjaudio.sources.text import split_pages
from qjaudio.web.reading_view import reading_page

HEAD = (
    "今日石桥\n\n2025年5月20日 星期二 总第1234期\n\n# 新桥今天通车\n\n"
    "本报讯（记者 李勤）5月19日，新桥在河口通车，两岸的人走到了一起。\n\n"
)
CHARS = 20_000
CAP_S = 8
"""Each shape takes 0.2 to 2 s; what grew with the square of the length took a quarter of a minute."""


def lines(atom: str, gap: str = "\n\n", width: int = 9_990) -> str:
    """So many characters of an atom in lines of a width."""
    text = (atom * (CHARS // len(atom) + 1))[:CHARS]
    return gap.join(text[at : at + width] for at in range(0, CHARS, width))


def rows(row: str) -> str:
    """So many characters of one row again and again."""
    return (row * (CHARS // len(row) + 1))[:CHARS]


PAGES = {
    "credits": rows("（记者 甲一）\n"),
    "credits apart": rows("（记者 甲一）\n\n"),
    "reporters in a line": lines("记者甲一 "),
    "reporters and houses": lines("本报首席记者甲一"),
    "writers of briefs": "".join(
        f"◆新桥今天通车。（{a}{b}{c}）\n\n"
        for a, b, c in itertools.product("李王张刘陈", "东西南北天地元黄宇宙洪荒" * 2, "一二三四五六七八九十")
    ),
    "single characters": rows("甲\n\n"),
    "furniture": rows("责任编辑：甲\n\n"),
    "half-width commas": lines("今天,"),
    "full stops": lines("。", "\n", 20),
    "spaces after a mark": f"# 桥{' ' * 9_000}x{' ' * 900}桥\n\n今天新桥通车。",
    "slips": lines("己经"),
    "slips with marks": lines("问题己经日标，"),
    "quoted chains": lines("“甲县一乙镇一丙村”"),
    "an open quotation": lines("“甲，新桥今天通车，"),
    "bullets": lines("今天新桥通车。◆"),
    "headings": rows("## 新桥通车的\n\n") + "今天新桥通车。",
    "crossheads": rows("## 新桥\n\n今天新桥通车\n\n"),
    "jumps": "".join(
        f"第{page}版\n# 新桥{way}\n\n今天新桥通车{way}\n" for page, way in
        itertools.product((1, 2), ("（下转第2版）", "（上接第1版）")) for _ in range(600)
    ),
    "debris": rows("新\n\n桥\n\n通\n\n车\n\n## 村\n\n今天新桥在河口通车，人走到一起。\n\n"),
    "Latin names": rows("JINRI SHIQIAOX\n\n"),
    "figures": lines("1-"),
    "thousands": lines("1,111,"),
    "scales": lines("1" + "万" * 40),
    "times": lines("1:1胜"),
    "degrees": lines("-1℃"),
    "brackets": lines("（【《"),
    "nested": lines("（" * 4_000 + "甲" + "）" * 4_000),
    "marks of nothing": lines(")。"),
    "line separators": "今天新桥通车。\u2028" * 4_000,
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_one_thing_over_and_over_ends_soon(name: str) -> None:
    """Reading, selecting, composing and pronouncing 20,000 characters takes seconds, whatever."""
    began = time.process_time()
    try:
        read = read_issue(split_pages(HEAD + PAGES[name]))
    except QjaudioError:
        read = None  # refused is well, too
    if read:
        fixed = phrases("phrases")
        digest(read, 1)
        script = compose(digest(read, 24 * 60), fixed)
        with contextlib.suppress(UsageError):  # a line longer than a page
            from_markdown(to_markdown(script, fixed), script, fixed)
        pronounce(script, default_lexicon())
    assert time.process_time() - began < CAP_S


@pytest.mark.parametrize(
    "atom", ["1-", "1万", "衢江", "①", "甲，", "1,111,", "电话1", "1/", "a.", "）。", "一", "-1℃"]
)
def test_one_endless_line_is_pronounced_soon(atom: str) -> None:
    """A title or a sentence of 20,000 characters costs the front end seconds."""
    began = time.process_time()
    pronounce_text((atom * CHARS)[:CHARS], default_lexicon())
    assert time.process_time() - began < CAP_S


@pytest.mark.parametrize("text", ["", "桥" * LONGEST, "新桥通车，" * 500, "1" * 5_000])
def test_no_stretch_is_longer_than_what_is_read_in_one_go(text: str) -> None:
    """A text is cut at its marks where it can be, and nothing of it is lost."""
    pieces = stretches(text)
    assert text == "".join(pieces)
    assert max(map(len, pieces)) <= LONGEST
    assert all(piece.endswith("，") for piece in pieces[:-1]) or "，" not in text


def test_a_cut_sentence_is_said_like_its_halves() -> None:
    """Cutting a long text at its marks changes no word and no tone."""
    half = "5月19日，新桥在河口通车，总投资3.5亿元，一年可省2000万元，"
    once = [word for clause in pronounce_text(half, default_lexicon()) for word in clause.words]
    many = [
        word for clause in pronounce_text(half * 60, default_lexicon()) for word in clause.words
    ]
    assert once[:-1] == many[: len(once) - 1]
    assert "".join(word.text for word in once[:-1]) == "".join(
        w.text for w in many[-len(once) : -1]
    )


def test_the_way_back_of_a_page_of_one_thing_ends_soon() -> None:
    """Showing where each of 7,000 single characters went takes seconds."""
    pages = split_pages(HEAD + PAGES["single characters"])
    began = time.process_time()
    html = reading_page(pages, read_issue(pages))
    assert time.process_time() - began < CAP_S
    assert "，0 个字没有着落" in html


def draft(page: int, order: int, **jump: int) -> Draft:
    """A story of one piece."""
    texts = [PageText(f"新桥{order}"), PageText(f"今天第{order}座新桥通车")]
    head, piece = (
        Piece(text=text, page=page, order=order, facts=facts) for text, facts in with_facts(texts)
    )
    return Draft(page=page, heads=(head,), body=(piece,), onward=jump.get("onward"), back=jump.get("back"))  # fmt: skip


def test_more_jumps_than_an_issue_has_stay_stories_of_their_own() -> None:
    """Up to the limit each rest finds its story; the rests beyond are kept, apart."""
    count = MAX_JUMPS + 5
    drafts = [draft(1, n, onward=2) for n in range(2)]
    drafts += [draft(2, 10 + n, back=1) for n in range(count)]
    joined = join_jumps(drafts)
    assert len(drafts) - 2 == len(joined)
    assert 2 == sum(len(story.body) == 2 for story in joined)


def test_a_page_answers_what_it_repeats_and_quotes() -> None:
    """The index of a page says what counting in its text would say."""
    page = Wording("小石桥通车。“小石桥”是新桥，大石桥通车了。")
    for phrase in ("小石桥", "石桥通", "桥通车", "石桥通车", "大石桥", "人人人"):
        assert (page.text.count(phrase) >= 2) == page.repeats(phrase)
    assert page.quotes("小石桥")
    assert not page.quotes("大石桥")
    assert page.always_after("石桥", "小") is False or page.text.count("大石桥") < 2
    assert "小石桥" == page.quotation("石桥")
    assert not Wording("人人人人人").repeats("人人人")


@pytest.mark.parametrize("minutes", [0.5, 1, 2, 24 * 60])
def test_a_digest_of_many_paragraphs_ends_soon(minutes: float) -> None:
    """5,000 paragraphs and 5,000 stories are counted once, not once for each that is added."""
    whole = issue(article("新桥通车", *["今天新桥在河口通车。"] * 5_000))
    many = issue(*[article("新桥通车", "今天新桥在河口通车。人走到一起。")] * 5_000)
    began = time.process_time()
    assert len(digest(whole, minutes).articles) == 1
    assert 1 <= len(digest(many, minutes).articles) <= 5_000
    assert time.process_time() - began < CAP_S


HTML: dict[str, Callable[[], str]] = {
    "pictures": lambda: "<table><tr><td><img src=a></td></tr></table>" * 4_000,
    "empty elements": lambda: "<img>" * 300 + "<i></i>" * 60_000,
    "wrapped lines": lambda: "<p>" + "甲，<br>" * 40_000 + "</p>",
    "titles": lambda: "<h2>甲</h2>" * 20_000,
    "nested titles": lambda: "<div class=content>" * 400 + "<h2>甲乙</h2>" * 5_000,
    "author lines": lambda: "".join(f"<div class=author>作者{n}</div>" for n in range(20_000)),
    "one of all names": lambda: (
        "<div id=Title class='main-article-title biaoti author'>" * 400 + "<b></b>" * 60_000
    ),
}


@pytest.mark.parametrize("name", HTML)
def test_an_article_of_one_thing_over_and_over_ends_soon(name: str) -> None:
    """Some 400 kB of the same markup takes seconds."""
    html = f"<html><body><h1>新桥</h1><founder-content>{HTML[name]()}</founder-content>"
    began = time.process_time()
    with contextlib.suppress(QjaudioError):
        read_article(html + "</body></html>", "http://127.0.0.1/content_1.htm", listed="新桥通车")
    assert time.process_time() - began < CAP_S
