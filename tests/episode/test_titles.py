"""Text for other people's programs."""

import pytest

from qjaudio.episode.model import (
    Chapter,
    Episode,
    chapter_link,
    chapter_title,
    disclosures,
    printable,
    shorten,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新桥\n通车 \t了", "新桥 通车 了"),
        ("\x00新\x07桥\x1b\x7f", "新桥"),
        ("\ud800新\ufffe桥\uffff\ufeff", "新桥"),
        ("\u202e车通桥新\u2066", "车通桥新"),
        ("👨‍👩‍👧一家", "👨‍👩‍👧一家"),
        ("新\u3000桥\u2028通车", "新 桥 通车"),
        ("", ""),
    ],
)
def test_printable(text: str, expected: str) -> None:
    """Controls, halves of characters and turned lines go; emoji made of several signs stay."""
    assert expected == printable(text)


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("一二三", 3, "一二三"),
        ("一二三四", 3, "一二…"),
        ("一，“二三", 4, "一…"),
        ("一👨‍👩‍👧", 4, "一👨…"),
    ],
)
def test_shortened(text: str, most: int, expected: str) -> None:
    """What is cut ends with an ellipsis, never after a comma, an opening quote or half an emoji."""
    assert expected == shorten(text, most)


def test_chapter_without_title_is_named() -> None:
    """A list of chapters never shows an empty line."""
    assert "无题" == chapter_title(Chapter(start_ms=0, end_ms=1, title=" \x00"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.cn/1", "https://example.cn/1"),
        (" https://example.cn/\n1", "https://example.cn/1"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)
def test_only_the_web_is_linked(url: str, expected: str) -> None:
    """An address that is not one of the web becomes no link anywhere."""
    assert expected == chapter_link(Chapter(start_ms=0, end_ms=1, title="题", url=url))


def test_disclosures() -> None:
    """The synthetic voice is always said, the offline one where it spoke."""
    one = Episode(
        paper="今日衢江",
        date="2025-05-20",
        title="",
        duration_ms=0,
        chapters=(),
        cues=(),
        offline=True,
    )
    expected = ("《今日衢江》2025年5月20日有声版，由人工智能合成语音播报。", "本期由离线语音合成。")
    assert expected == disclosures(one)
