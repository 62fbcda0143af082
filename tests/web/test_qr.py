"""QR codes that a phone can read."""

import re

import segno

from qjaudio.web.addresses import svg_qr, terminal_qr

ADDRESS = "http://192.168.1.20:8010/feed.xml"


def test_the_drawing_in_the_terminal_is_the_code() -> None:
    """Half blocks, unfolded into modules, are the code with a quiet zone around it."""
    rows = []
    for line in terminal_qr(ADDRESS).splitlines():
        rows.append([character in " ▄" for character in line])
        rows.append([character in " ▀" for character in line])
    code = [[bool(module) for module in row] for row in segno.make(ADDRESS, micro=False).matrix]
    size = len(code)
    assert code == [row[2 : 2 + size] for row in rows[2 : 2 + size]]
    assert not any(any(row) for row in rows[:2])


def test_the_drawing_fits_into_a_small_terminal() -> None:
    """A terminal of 80 by 24 shows the code of an ordinary address whole."""
    lines = terminal_qr(ADDRESS).splitlines()
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 40


def test_the_drawing_on_a_page_has_a_name() -> None:
    """A screen reader says what the picture is."""
    svg = svg_qr(ADDRESS, "订阅<地址>")
    assert re.match(r"<svg .*<title>订阅&lt;地址&gt;</title>", svg)
