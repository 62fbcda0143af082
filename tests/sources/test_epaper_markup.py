"""Text of web pages, whatever the server says of its charset."""

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.sources.epaper.markup import decode_page

TEXT = "<p>青溪镇的十二座老桥重新通车，沿河的人家都出来看热闹。</p>"


@pytest.mark.parametrize(
    ("codec", "declared", "meta"),
    [
        ("utf-8", "", ""),
        ("utf-8", "gb2312", ""),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "no-such-charset", ""),
        ("gb18030", "", ""),
        ("gb18030", "", "gb2312"),
        ("gb18030", "utf-8", ""),
        ("gb18030", "ISO-8859-1", "gbk"),
        ("utf-8-sig", "gbk", ""),
        ("utf-16", "", ""),
        ("big5", "big5", ""),
        ("big5", "", "big5"),
    ],
)
def test_text_is_read_in_its_true_charset(codec: str, declared: str, meta: str) -> None:
    """Valid UTF-8 is UTF-8; else the charset named, else GB18030 decides."""
    text = TEXT if codec != "big5" else "<p>臺灣的報紙用繁體字印刷，編碼常常是另外一種。</p>"
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    assert head + text == decode_page((head + text).encode(codec), declared)


def test_gb2312_stands_for_all_of_gb18030() -> None:
    """Names hold characters that GB2312 lacks, whatever the page says."""
    assert "朱镕基与㛃" == decode_page("朱镕基与㛃".encode("gb18030"), "gb2312")


def test_a_character_cut_at_the_end_is_dropped() -> None:
    """A text that the connection cut in the middle of a character is read up to there."""
    raw = (TEXT * 3).encode()
    assert (TEXT * 3 + "青") == decode_page(raw + "青溪".encode()[:-1])


def test_a_few_broken_bytes_do_not_matter() -> None:
    """A page that names its charset may hold a broken character in a thousand."""
    half = TEXT.encode() * 20
    assert TEXT * 40 == decode_page(half + b"\xff" + half, "utf-8")


def test_what_is_no_text_is_refused() -> None:
    """Bytes that fit no charset are named with their address."""
    with pytest.raises(NotAnIssueError, match=r"http://x\.cn/1\.htm is not text"):
        decode_page(bytes(range(128, 256)) * 20, address="http://x.cn/1.htm")
