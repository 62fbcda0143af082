"""Show notes, plain and in HTML."""

import pytest

from feed.shows import HOSTILE, episode, hostile, story
from qjaudio.episode.model import timestamp, within_bytes
from qjaudio.feed.rss import html_notes, plain_notes


def test_plain_notes_of_a_day() -> None:
    """The news first, then who speaks, then every chapter with its time, page and reporters."""
    expected = """本期要闻：新桥通车了；老街又热闹了。
《今日衢江》2025年5月20日有声版，由人工智能合成语音播报。

00:00:00 开场
00:00:10 新桥通车了（第1版，采写：甲一、乙二）
00:01:01 老街又热闹了（第2版，采写：乙二）
00:01:20 结束语"""
    assert expected == plain_notes(episode())


def test_html_notes_of_a_day() -> None:
    """The same in HTML, with a link to the page of the episode where there is one."""
    expected = """<p>本期要闻：新桥通车了。</p>
<p>《今日衢江》2025年5月20日有声版，由人工智能合成语音播报。</p>
<ul>
<li>00:00:00 <a href="https://example.cn/1?a=1&amp;b=2">新桥通车了（第1版）</a></li>
</ul>
<p><a href="https://example.cn/qj/2025-05-20.html">在网页上收听和阅读</a></p>
"""
    chapter = story(0, 9000, "新桥通车了", url="https://example.cn/1?a=1&b=2")
    one = episode(chapters=(chapter,))
    assert expected == html_notes(one, "https://example.cn/qj/2025-05-20.html")


@pytest.mark.parametrize("render", [plain_notes, html_notes])
def test_offline_voice_is_named(render: object) -> None:
    """A day that the offline voice saved says so; another day does not."""
    assert callable(render)
    assert "离线语音" in render(episode(offline=True))
    assert "离线语音" not in render(episode())


def test_hostile_text_stays_text() -> None:
    """Markup in a headline shows as it is printed and runs nowhere."""
    notes = html_notes(hostile())
    assert "<b>" not in notes
    assert "javascript:" not in notes
    assert "A&lt;b&gt;&amp;amp;&quot;c&quot;" in notes


def test_long_notes_end_after_a_whole_line() -> None:
    """Notes over 4000 bytes lose stories at the end and say so; who speaks is kept."""
    notes = plain_notes(hostile())
    lines = notes.split("\n")
    assert 3700 < len(notes.encode()) <= 4000
    assert "由人工智能合成语音播报" in notes
    assert "更多内容请见文字稿。" == lines[-1]
    assert lines[-2].startswith("00:00:")
    assert lines[-2].endswith("）")


def test_no_stories_no_news() -> None:
    """Without stories the notes begin with who speaks."""
    assert "《今日衢江》2025年5月20日有声版，由人工智能合成语音播报。" == plain_notes(
        episode(chapters=())
    )


@pytest.mark.parametrize("most", range(20, 60))
def test_cut_never_splits_a_character(most: int) -> None:
    """However small the room, what is kept is a beginning of the text, and it fits."""
    cut = within_bytes("长" * 30, most, "完")
    assert len(cut.encode()) <= most
    assert cut.removesuffix("\n完") == "长" * ((most - 4) // 3)


def test_text_that_fits_is_left_alone() -> None:
    """At the limit nothing is cut; one byte less cuts at the line end."""
    assert "一行\n二行" == within_bytes("一行\n二行", 13, "完")
    assert "一行\n完" == within_bytes("一行\n二行", 12, "完")


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [(0, "00:00:00"), (59_999, "00:00:59"), (83_000, "00:01:23"), (36_000_000, "10:00:00")],
)
def test_clock(milliseconds: int, expected: str) -> None:
    """Times are cut to whole seconds: rounding up would name a second in another chapter."""
    assert expected == timestamp(milliseconds)


def test_names_are_cleaned() -> None:
    """A byline of nothing but control characters names nobody."""
    chapter = story(0, 1000, "标题", byline=("\x00", HOSTILE))
    assert "采写：A<b>" in plain_notes(episode(chapters=(chapter,)))


def test_who_signs_a_story_is_named() -> None:
    """A department that signs at the end of a story stands beside its page, cleaned."""
    chapter = story(0, 1000, "体检进村", signoff="区卫生健康局")
    assert "体检进村（第1版，来源：区卫生健康局）" in plain_notes(episode(chapters=(chapter,)))
    assert "来源" not in plain_notes(episode(chapters=(story(0, 9, "标题", signoff="\x00"),)))
