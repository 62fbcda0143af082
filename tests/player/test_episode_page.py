"""The page of an episode as HTML."""

import re
from dataclasses import replace

import pytest

from outline import Outline
from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.feed.model import Show
from qjaudio.player.pages import episode_page

SHOW = Show(
    paper="今日衢江",
    title="今日衢江 · 有声版",
    description="每天听报。",
    author="今日衢江",
    base_url="https://news.example/qj/",
)
EPISODE = Episode(
    paper="今日衢江",
    date="2025-05-20",
    title="今日衢江 2025年5月20日",
    duration_ms=65_500,
    chapters=(
        Chapter(start_ms=0, end_ms=9000, title="开场", kind="opening"),
        Chapter(start_ms=9000, end_ms=60_000, title="新桥通车了", page=1, byline=("甲一", "乙二")),
        Chapter(start_ms=60_000, end_ms=65_500, title="结束语", kind="sign_off"),
    ),
    cues=(
        Cue(start_ms=400, end_ms=3000, text="您好！"),
        Cue(start_ms=9100, end_ms=11_000, text="新桥通车了。"),
        Cue(start_ms=12_000, end_ms=14_000, text="桥很长。"),
        Cue(start_ms=61_000, end_ms=62_000, text="再会。"),
    ),
    issue_number=3854,
    lunar_date="农历四月廿三",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onload=alert(1) x='",
    "</title></head><body><img src=https://evil.example/a.png>",
    "{{ 7 * 7 }} {% raw %}",
    "😀👨‍👩‍👧‍👦\u202eabc\u200f",
    "长" * 5000,
    "\x00\x0b\ud800 \ufffe",
    "",
)


def page_of(episode: Episode, show: Show = SHOW) -> str:
    """The page as the pipeline has it made."""
    return episode_page(show, episode, audio_version="a1", stamp="b2")


def test_the_page_says_what_is_heard() -> None:
    """Date, facts, chapters with their times and the transcript are in the text of the page."""
    page = page_of(EPISODE)
    assert not Outline(page).open
    for text in ("2025年5月20日", "星期二 · 农历四月廿三 · 总第3854期 · 1条新闻 · 约1分钟"):
        assert text in page
    assert "第1版 · 采写：甲一、乙二 · 51秒" in page
    assert 'href="2025-05-20.mp3?v=a1#t=9"' in page
    assert "<h3><span class=cue data-start=9.1>新桥通车了。</span></h3>" in page
    assert "<span class=cue data-start=12>桥很长。</span>" in page
    assert "合成语音" in page


def test_a_crosshead_does_not_run_into_its_text() -> None:
    """It ends without a mark: a space parts it from the sentence after it, as on the screen."""
    cues = (*EPISODE.cues, Cue(start_ms=12_500, end_ms=13_000, text="桥边的人"))
    assert "<span class=cue data-start=12.5>桥边的人　</span>" in page_of(
        replace(EPISODE, cues=cues)
    )


def test_the_same_episode_gives_the_same_bytes() -> None:
    """Nothing of clock or chance gets into a page."""
    assert page_of(EPISODE) == page_of(EPISODE)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    """Whatever a paper prints, the page has the same tags as with harmless text."""
    story = replace(
        EPISODE.chapters[1], title=text, byline=(text,), url=f"https://a.example/{text}"
    )
    cues = (*EPISODE.cues, Cue(start_ms=12_500, end_ms=13_000, text=text or "无"))
    chapters = (EPISODE.chapters[0], story, EPISODE.chapters[2])
    hostile = replace(EPISODE, paper=text, chapters=chapters, cues=cues, lunar_date=text)
    page = page_of(hostile, replace(SHOW, title=text, author=text))
    outline = Outline(page)
    assert not outline.open
    assert 1 == sum(tag == "script" for tag, _ in outline.tags)
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)
    assert "img" not in {tag for tag, _ in outline.tags}
    assert "\u202e" not in page
    assert page.encode("utf-8")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_only_addresses_of_the_web_are_linked(url: str) -> None:
    """A link that would run something is left out."""
    chapters = (replace(EPISODE.chapters[1], url=url),)
    assert url not in page_of(replace(EPISODE, chapters=chapters))


def test_everything_is_found_beside_the_page() -> None:
    """Addresses are relative and lead to files of the show, so that any folder will do."""
    wanted = []
    for tag, attributes in Outline(page_of(EPISODE)).tags:
        if tag in ("a", "link", "script", "audio"):
            wanted += [attributes[name] for name in ("href", "src") if name in attributes]
    assert wanted
    assert [] == [url for url in wanted if url and re.match(r"[a-z]+:|/", url)]


def test_an_episode_without_chapters_and_cues_has_a_page() -> None:
    """The least there can be is a heading and the audio."""
    page = page_of(replace(EPISODE, chapters=(), cues=()))
    assert "<audio" in page
    assert "<h3" not in page


def test_messengers_show_the_headlines() -> None:
    """A link to an episode is previewed by its day, its headlines and its picture."""
    page = episode_page(
        SHOW, EPISODE, audio_version="a", stamp="b", base="https://news.example/qj/"
    )
    outline = Outline(page)
    metas = {one["property"]: one["content"] for tag, one in outline.tags if "property" in one}
    assert metas == {
        "og:type": "website",
        "og:title": "2025年5月20日 今日衢江 · 有声版",
        "og:description": "新桥通车了",
        "og:url": "https://news.example/qj/2025-05-20.html",
        "og:image": "https://news.example/qj/2025-05-20.jpg",
    }


@pytest.mark.parametrize("count", [1, 120])
def test_few_stories_and_many_have_a_page(count: int) -> None:
    """Every story has its row; a hundred and twenty of them weigh little."""
    story = EPISODE.chapters[1]
    stories = tuple(replace(story, start_ms=n * 1000, end_ms=n * 1000 + 999) for n in range(count))
    page = page_of(replace(EPISODE, chapters=stories))
    assert count == page.count('class="story"')
    assert len(page.encode()) < 45_000
