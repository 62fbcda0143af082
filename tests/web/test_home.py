"""The page for listeners who have no app."""

from datetime import date, timedelta
from pathlib import Path

from outline import Outline
from qjaudio.web.app import episode_dates, home_page


def test_the_page_offers_feed_code_and_players() -> None:
    """The feed can be scanned or copied, and every episode can be played right there."""
    page = home_page((date(2025, 5, 21), date(2025, 5, 20)), "http://10.0.0.2:8010/feed.xml")
    outline = Outline(page)
    assert not outline.open
    players = [attributes for tag, attributes in outline.tags if tag == "audio"]
    assert [player["src"] for player in players] == ["2025-05-21.mp3", "2025-05-20.mp3"]
    assert all("controls" in player for player in players)
    assert "http://10.0.0.2:8010/feed.xml" in page
    assert "svg" in [tag for tag, _ in outline.tags]
    assert "2025年5月20日 星期二" in page
    assert "合成语音" in page


def test_the_page_without_feed_and_episodes_says_so() -> None:
    """An empty folder gives a page, not an error, and no code that leads nowhere."""
    page = home_page((), None)
    assert "还没有节目" in page
    assert "<svg" not in page


def test_an_address_cannot_break_out_of_the_page() -> None:
    """What comes from outside is escaped."""
    assert "<script>" not in home_page((), "http://a/<script>")


def test_many_episodes_do_not_make_a_heavy_page() -> None:
    """Ten years of a daily are not four thousand players."""
    days = [date(2025, 5, 20) - timedelta(days=n) for n in range(4000)]
    page = home_page(days, None)
    assert page.count("<audio") == 30
    assert "更早的节目" in page


def test_only_audio_named_by_a_date_is_an_episode(tmp_path: Path) -> None:
    """Foreign files and impossible days are passed over; the newest comes first."""
    names = ("2025-05-20.mp3", "2025-05-21.mp3", "2025-02-30.mp3", "song.mp3", "2025-05-22.vtt")
    for name in names:
        (tmp_path / name).touch()
    assert (date(2025, 5, 21), date(2025, 5, 20)) == episode_dates(tmp_path)
    assert episode_dates(tmp_path / "nowhere") == ()
