"""QR codes of addresses: for a terminal and for a page."""

import io

import segno

_BORDER = 2  # light modules around the code; readers ask for 4, phones read 2 on a screen


def terminal_qr(text: str) -> str:
    """The QR code of `text` in half-block characters, two rows of modules in one line.

    Light modules are drawn and dark ones left out, for a terminal with a dark background; today's
    phones read the negative as well.
    """
    with io.StringIO() as drawing:
        segno.make(text, micro=False).terminal(drawing, border=_BORDER, compact=True)
        return drawing.getvalue()


def svg_qr(text: str, label: str) -> str:
    """The QR code of `text` as an SVG element to stand inside a page, with a title for readers."""
    code = segno.make(text, micro=False)
    return code.svg_inline(scale=6, border=4, title=label)
