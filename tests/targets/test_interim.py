"""The feed of the moment in which an MP3 is replaced."""

from published_show import enclosures
from qjaudio.targets.sending import show_guid_in, without_stale_items

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:podcast="https://podcastindex.org/namespace/1.0" version="2.0"><channel>
<podcast:guid>g-1</podcast:guid>
<item><title>二十一日</title><enclosure url="https://e.cn/a%20b/2025-05-21.mp3" length="7" /></item>
<item><title>二十日</title><enclosure url="https://e.cn/a%20b/2025-05-20.mp3" length="9" /></item>
<item><title>公告</title></item>
</channel></rss>""".encode()


def test_an_item_whose_length_will_be_wrong_is_left_out() -> None:
    """Only that one; the others and the namespaces stay."""
    feed = without_stale_items(FEED, {"2025-05-20.mp3": 10})
    assert feed is not None
    assert {"2025-05-21.mp3": 7} == enclosures(feed)
    assert "公告" in feed.decode()
    assert "<podcast:guid>g-1<" in feed.decode()


def test_nothing_is_left_out_where_the_length_stays() -> None:
    """The same length, another episode, or no feed at all: nothing to do."""
    assert without_stale_items(FEED, {"2025-05-20.mp3": 9, "2025-05-22.mp3": 1}) is None
    for other in (
        b"",
        b"<html>",
        b"<rss/>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="x"?>',
    ):
        assert without_stale_items(other, {"2025-05-20.mp3": 10}) is None


def test_the_guid_tells_whose_feed_it_is() -> None:
    """Empty for what is not a feed."""
    assert "g-1" == show_guid_in(FEED)
    assert "" == show_guid_in(b"<rss>")
    assert "" == show_guid_in(b"<rss><channel/></rss>")
