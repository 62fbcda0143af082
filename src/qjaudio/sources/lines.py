"""From plain text to blocks of printed lines.

OCR text keeps a piece of a column on one line of the file, with spaces where the printed lines
broke. Other texts break the lines of the file where the print broke, or write one paragraph a line.
The widths tell which. No character is dropped but Markdown marks and white space.
"""

import re
from statistics import median

from qjaudio.paper.characters import han, print_width
from qjaudio.paper.model import Block, TextLine

_HEADING = re.compile(r"\s{0,3}(#{1,6})(?!#)")
_EMPHASIS = re.compile(r"^\s*(\*\*|__)(.+)\1\s*$")
_SENTENCE_MARK = re.compile(r"[，。；：！？,;:!?]")
_MAX_COLUMN = 45
"""Widest printed column in Han characters: a line of the file that is wider is no printed line."""
_TOLERANCE = 2.5


def blocks_of(text: str) -> list[Block]:
    """The blocks of one page: groups between blank lines, parted where the widths say so."""
    blocks: list[Block] = []
    group: list[str] = []
    for line in [*text.split("\n"), ""]:
        heading = _HEADING.match(line)
        title = line[heading.end() :].rstrip().rstrip("#").split() if heading else []
        if heading or not line.strip():
            blocks += _group_blocks(group)
            group = []
        if heading and title:
            words = (TextLine(text=" ".join(title)),)
            blocks.append(Block(lines=words, level=len(heading[1])))
        elif line.strip() and not heading:
            group.append(_EMPHASIS.sub(r"\2", line).rstrip())
    return blocks


def _group_blocks(group: list[str]) -> list[Block]:
    """One block, or several where the lines of the file are paragraphs of their own."""
    blocks: list[list[str]] = []
    widest = max((print_width(line) for line in group), default=0.0)
    for line in group:
        indented = line.startswith(("　　", "    "))
        if not blocks or indented or _stands_alone(blocks[-1][-1], widest):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [Block(lines=_text_lines(lines)) for lines in blocks]


def _stands_alone(line: str, widest: float) -> bool:
    """Whether the text of a line of the file does not run on into the next line."""
    width = print_width(line)
    return width > _MAX_COLUMN or (widest > 2 and width < widest - _TOLERANCE)


def _text_lines(lines: list[str]) -> tuple[TextLine, ...]:
    parts = print_lines(lines[0]) if len(lines) == 1 else tuple(" ".join(x.split()) for x in lines)
    return tuple(TextLine(text=part) for part in parts)


def print_lines(text: str) -> tuple[str, ...]:
    """The printed lines inside one line of the file; the whole where nothing points to a column.

    Spaces that OCR put inside a printed line (before numbers, between names) are told from line
    breaks by the width: what still fits the column is one line.
    """
    words = text.split()
    widths = [print_width(word) for word in words]
    wrapped = len(words) > 1 and _SENTENCE_MARK.search(text) and len(han(text)) >= 12
    if not wrapped or max(widths) > _MAX_COLUMN or max(widths) < 6:
        return (" ".join(words),)
    full = [width for width in widths if width >= 0.75 * max(widths)]
    column = median(full) + 0.6
    lines = [words[0]]
    for word in words[1:]:
        if print_width(lines[-1]) + print_width(word) <= column:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return tuple(lines)
