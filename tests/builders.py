"""Small values for tests, in our own words."""

from qjaudio.paper.model import (
    Article,
    Block,
    Crosshead,
    Headline,
    Issue,
    Masthead,
    Page,
    TextLine,
)
from qjaudio.paper.reading import read_issue
from qjaudio.script.model import Clause, Line, Part, Script, Word
from qjaudio.speech.model import Utterance


def word(text: str) -> Word:
    """A word with the syllable ma1 for each of its characters; a mark has none."""
    return Word(text, tuple("ma1" for _ in text) if text.isalpha() else ())


def clause(text: str) -> Clause:
    """A clause of two-character words and its mark."""
    body = text.rstrip("，。、！？；：")
    words = [word(body[start : start + 2]) for start in range(0, len(body), 2)]
    return Clause(text, (*words, *(word(mark) for mark in text[len(body) :])))


def line(*clauses: str, kind: str = "body", paragraph: int = 1) -> Line:
    """A pronounced line."""
    return Line(
        text="".join(clauses),
        kind=kind,  # type: ignore[arg-type]
        paragraph=paragraph,
        clauses=tuple(clause(text) for text in clauses),
    )


def utterance(text: str, **others: object) -> Utterance:
    """An utterance of one clause."""
    return Utterance(text=text, words=clause(text).words, **others)  # type: ignore[arg-type]


def issue(*articles: Article, date: str = "2025-05-20") -> Issue:
    """An issue of 《今日衢江》 with these articles, or with one of its own."""
    masthead = Masthead(
        paper="今日衢江",
        date=date,
        weekday="星期二",
        lunar_date="农历乙巳年四月廿三",
        issue_number=3854,
    )
    return Issue(masthead=masthead, articles=articles or (article(),))


def article(headline: str = "新桥通车了", *paragraphs: str) -> Article:
    """An article with a crosshead before its second paragraph."""
    return Article(
        headline=Headline(main=headline),
        paragraphs=paragraphs or ("桥很长。大家走上桥头。", "从此过河不用船。"),
        page=1,
        byline=("甲一",),
        crossheads=(Crosshead(before=1, text="一桥两岸"),),
    )


def script(*stories: Part) -> Script:
    """A pronounced script: opening, the stories, sign-off."""
    opening = Part(kind="opening", title="开场", lines=(line("您好。", kind="phrase"),))
    closing = Part(kind="sign_off", title="结束语", lines=(line("再会。", kind="phrase"),))
    return Script(paper="今日衢江", date="2025-05-20", parts=(opening, *stories, closing))


def story(headline: str = "新桥通车了", *sentences: str) -> Part:
    """A story part, pronounced."""
    lines = [line(headline + "。", kind="headline", paragraph=0)]
    lines += [line(sentence) for sentence in sentences or ("桥很长。", "大家走上桥头。")]
    return Part(kind="story", title=headline, lines=tuple(lines), page=1)


PAGE_HEAD = "今日石桥\n2025年5月20日 星期二 农历乙巳年四月廿三 总第3854期 今日1版"
WELLS = (
    "# 三个村的老井通了电",
    "本报讯（记者 甲一）昨天，三个村的老井都通了电，水泵一按就响。",
    "村民说，以后不用再挑水。",
)
SHOPS = (
    "# 集市搬进新大棚",
    "本报讯（记者 乙二）城西的集市上周搬进新大棚，下雨天也照常开。",
    "大棚有四百个摊位，先到先选。",
)
ROADS = (
    "# 山路上装了护栏",
    "本报讯（记者 丙三）通往茶山的山路装了护栏，夜里会反光。",
    "司机说，开车稳当多了。",
)


def read_page(*stories: tuple[str, ...], head: str = PAGE_HEAD, number: int = 1) -> Issue:
    """The issue of these stories, a paragraph a block."""
    texts = [text for story in (tuple(head.split("\n")), *stories) for text in story]
    blocks = tuple(
        Block(lines=(TextLine(text=text.removeprefix("# ")),), level=int(text.startswith("# ")))
        for text in texts
    )
    return read_issue([Page(number=number, blocks=blocks)])
