"""Pages from text: one .txt or .md file, a folder of them, or standard input.

OCR text keeps a piece of a column on one line of the file, with spaces where the printed lines
broke. Other texts break the lines of the file where the print broke, or write one paragraph a line.
The widths tell which. No character is dropped but Markdown marks and white space.

What OCR tools and chat models add is sorted out first (`sheets`): tables, captions and what the
tool itself says become blocks of their own kind, which are left out and listed.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median

from qjaudio import rules
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.drafts import is_short_name
from qjaudio.paper.lines import (
    folio_page,
    is_credit,
    is_label,
    is_signed,
    is_signoff,
    kind_of,
    opens_story,
    take_jumps,
)
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import (
    HAN,
    MARK_WIDTH,
    RADICALS,
    Doubt,
    PageText,
    Span,
    compact,
    ends_sentence,
    han,
    number,
    print_width,
)
from qjaudio.paper.words import covered, cut, is_pen_name, parted_word
from qjaudio.sources.model import (
    FALLBACK,
    MAX_ISSUE_CHARS,
    TEXT_SUFFIXES,
    FileSource,
    TextPassage,
    check_size,
    files_of,
    give_numbers,
    is_folder,
    page_in_head,
    page_in_name,
    read_within,
)
from qjaudio.sources.sheets import pages_of_fields, sort_sheets

_HEADING = re.compile(r"\s{0,3}(#{1,6})(?!#)")
_EMPHASIS = re.compile(r"^\s*(\*\*|__)(.+)\1\s*$")
_SENTENCE_MARK = re.compile(r"[，。；：！？,;:!?]")
_MARKS_FIELDS = re.compile(r"[:：【〖\[,\t<=|]|\w[ \t*]*#")
"""What each text with names of fields has (标题：…, a table with commas), and many another."""
_MAX_COLUMN = 45
"""Widest printed column in Han characters: a wider line of the file is not a printed line."""
_TOLERANCE = 2.5
MIN_COLUMN = 8  # so many lines tell how wide their column is
_SET_IN = ("　　", "    ")
_HANGING = "，。、；：！？”）》"
_MARKS = (MARK_WIDTH, 1.0)  # print squeezes its marks, a text of fixed places does not

SUFFIXES = TEXT_SUFFIXES
MAX_BYTES = 5_000_000
"""A page of a newspaper is about 20 kB of text; beyond this it is something else."""
MAX_LINE = 10_000
"""The longest line: a whole page without a line break."""

MIN_VERSE, MAX_VERSE, EVEN_VERSE = 4, 16, 10
"""Lines of the shortest poem, width of its widest line, and of one whose lines are all as wide."""
MOST_ENDED = 0.8
"""Where so many of the wide lines end a sentence, each line is a paragraph."""
MAX_CREDIT = 60
"""Characters of the longest line that says who wrote a story."""
MAX_CREDITED, MAX_SHORT = 6, 24
"""Lines of the longest head with its editors, and characters of the longest of these."""
MAX_HEAD = 3
"""Lines of the longest running head: name, date, folio."""
_FOLIO_IN_HEAD = re.compile(
    r"(?:第\|?|^|(?<=[报·—-])|(?<=(?<!今[日天])(?<!本期)(?<!共)\|)|(?<=\d日))"
    r"[A-D]?(\d{1,2}|[一二三四五六七八九十]{1,3})\|?版"
)
"""In lines whose blanks are vertical lines."""
_PAPER_IN_HEAD = r"\S{1,6}(?:日报|晚报|早报|晨报|时报|周报|商报|都市报)"
_PRINTED_DAY = r"\d{4}年\d{1,2}月\d{1,2}日(?: ?(?:星期|周).)?"
_FACT = re.compile(rf"{_PAPER_IN_HEAD}|{_PRINTED_DAY}")
_HEAD_NUMBER = re.compile(
    rf"{_PAPER_IN_HEAD}[\s·|]*[A-D]?(\d{{1,2}})\D{{0,8}}|[A-D]?(\d{{1,2}})\D{{0,8}}?{_PAPER_IN_HEAD}"
    rf"|[A-D]?(0\d) ?[{HAN}]{{2,6}} {_PRINTED_DAY}|{_PRINTED_DAY} [{HAN}]{{2,6}} ?[A-D]?(0\d)"
)
"""`03 民生 河湾日报`, `03 民生 2026年3月2日`: a running head without the word for a page."""

_WIDE_GAP = re.compile(r"(?<=\S)(?:[ \u3000\xa0\t]{2,}|\t)(?=\S)")
"""What may be a gutter between two columns."""
_UPRIGHT = re.compile(rf"(?:^[ \t\u3000]*[{HAN}“”\d][ \t\u3000]*\n){{4,}}", re.M)
"""Letters of a headline that stand one under the other."""
_BROKEN = re.compile(
    rf"(?:^(#+[ \t]+)|(?:\A|(?<=\n\n))([ \t\u3000]+))([{HAN}\dA-Za-z“”《》、]{{3,14}})\n"
    rf"([ \t\u3000]*)([{HAN}\dA-Za-z“”《》、]{{3,14}})[ \t]*(?=\n[ \t\u3000]*\n)",
    re.M,
)
"""Two short lines: a marked one and the one below it, or both set in."""
_SCORED = re.compile(r"^(?:(?!\(\[)(.*\S)[ \t,]+[\[(]?(?:0\.\d+|1(?:\.0+)?)[\])]?|)[ \t]*$", re.M)
"""A line with how sure a program is of it, or an empty one."""
_BREAK = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
"""Whatever else than a line feed ends a line of text."""
_SPREAD = re.compile(
    rf"^[ \t\u3000]*(?:#+ *)?(?:[{HAN}](?P<gap>\u3000|[ \t]{{2,4}})[{HAN}](?:(?P=gap)[{HAN}]){{2,}}"
    rf"|[{HAN}](?: [{HAN}]){{5,}})[ \t\u3000]*$",
    re.M,
)
"""A line whose characters are set far apart, as headlines are."""
_DATA = re.compile(
    r"```(?:json)?\s*\n\s*(?P<fenced>[\[{].*[\]}])\s*\n\s*```|```xml\s*\n(?P<xml>\s*<.*>)\s*\n\s*```"
    r"|\A\s*(?P<rows>[\[(]+\[\[[^\n]*[\])](?:\n+[\[(]\[\[[^\n]*[\])])*)\s*\Z",
    re.S,
)
_RAW = re.compile(r"\s*(?:\{\s*[\"']\w|\[\s*\{\s*[\"']\w|<\?xml|\{\\rtf)")
"""How a file of data begins that has the suffix of a text."""
_OPEN_DATA = re.compile(r"```json\s*\n\s*[\[{](?!.*```)", re.S)
"""Data in a fence that does not end."""
_EMBEDDED = re.compile(r"data:[\w/+.-]{3,40};base64,[A-Za-z0-9+/=\s]{40,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MAGIC = {
    b"%PDF": ".pdf", b"PK\x03\x04": ".docx or .zip", b"\xd0\xcf\x11\xe0": ".doc", b"{\\rtf": ".rtf",
    b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\0": ".tif", b"<html": ".html",
    b"<!DOCTYPE html": ".html",
}  # fmt: skip
"""How files of other kinds begin."""
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def blocks_of(text: str) -> list[Block]:
    """The blocks of one page: groups between blank lines, parted where the widths say so."""
    blocks, group = list[Block](), list[str]()
    wide = [line for line in text.split("\n") if len(line) > MAX_VERSE and line[0] != "#"]
    least = 1 + all(len(line) < MAX_SHORT for line in wide)
    whole = len(wide) > least and sum(map(_is_whole, wide)) >= MOST_ENDED * len(wide)
    for line in [*text.split("\n"), ""]:
        heading = _HEADING.match(line)
        title = line[heading.end() :].rstrip().rstrip("#").split() if heading else []
        if heading or not line.strip():
            blocks += _group_blocks(group, unbroken=whole)
            group = []
        if heading and title:
            words = (TextLine(text=" ".join(title)),)
            blocks.append(Block(lines=words, level=len(heading[1])))
        elif line.strip() and not heading:
            group.append(_EMPHASIS.sub(r"\2", line).rstrip())
    return _with_verse(blocks)


def _is_whole(line: str) -> bool:
    """Whether a line ends as a paragraph does, also before a name or a jump line."""
    return ends_sentence(line) or is_signed(line) or ends_sentence(take_jumps(PageText(line)).text)


def _with_verse(blocks: list[Block]) -> list[Block]:
    """The blocks; short lines that stand under a heading or a name are those of a poem."""
    if sum(len(block.lines) for block in blocks) < MIN_VERSE:
        return blocks
    found, marked = list[Block](), any(block.level for block in blocks)
    for short, grouped in groupby(blocks, key=_is_narrow):
        whole = [*grouped]
        run = [*_titled_parts(whole[0]), *whole[1:]] if short else whole
        titled = bool(found and found[-1].level)
        alone = [block for block in run if len(block.lines) == 1][:2] if short else []
        first = [block.lines[0].text for block in alone]
        names = [
            at for at, x in enumerate(first, 1) if _is_name(x) or (at > 1 and is_short_name(x))
        ]
        over = max(names, default=0) if titled or 2 in names else 0
        # Where no heading is marked, the last line may be that of the next story.
        end = len(run) - (not marked and run[-1] is not blocks[-1] and len(run[-1].lines) == 1)
        lines = [line for block in run[over:end] for line in block.lines]
        if short and (titled or over) and _is_verse([line.text for line in lines]):
            verse = (Block(lines=(x,), kind="verse", opens=True, filled=False) for x in lines)
            run[over:end] = verse
            if over > 1 and not marked:
                run[:2] = [replace(run[0], kind="headline"), replace(run[1], kind="byline")]
            whole = run
        found += whole
    return found


def _titled_parts(block: Block) -> list[Block]:
    """A block of short lines in parts, where title and name may stand right over a poem."""
    parts = [block.lines[:1], block.lines[1:2], block.lines[2:]]
    name = parts[1][0].text if parts[1] else ""
    signed = name and (_is_name(name) or is_short_name(name))
    return [replace(block, lines=part) for part in parts if part] if signed else [block]


def _is_narrow(block: Block) -> bool:
    texts = [line.text for line in block.lines]
    return not block.level and all(print_width(x) <= MAX_VERSE and not _is_head(x) for x in texts)


def _is_name(text: str) -> bool:
    return is_pen_name(text) or is_credit(text)


def _group_blocks(group: list[str], *, unbroken: bool) -> list[Block]:
    """One block, or several where the lines of the file are paragraphs of their own."""
    if len(group) < 2:
        return [Block(lines=_text_lines(group))] if group else []
    blocks: list[list[str]] = []
    widest = [*map(_widest, zip(*map(_widths, group), strict=True))]
    unbroken = unbroken or any(print_width(x) > _MAX_COLUMN for x in group)
    signed = opened = False
    plain = not any(line.startswith(_SET_IN) for line in group)
    for line, after in pairwise([*group, ""]):
        begins = not blocks or line.startswith(_SET_IN) or signed or opened
        begins = begins or kind_of(blocks[-1][-1]) in ("masthead", "folio")
        ended = not begins and (ends_sentence(blocks[-1][-1]) or is_signed(blocks[-1][-1]))
        titled = (opened := opens_story(after)) or after.startswith(_SET_IN)
        titled = (titled and not _SENTENCE_MARK.search(line)) or (ended and bool(kind_of(line)))
        lost = plain and ended and not ends_sentence(line) and _lost_indent(line, after, widest)
        begins = begins or lost or (ended and (unbroken or titled))
        able = len(line) < MAX_CREDIT and (begins or _may_end(blocks[-1][-1]))
        signed = able and is_credit(line)
        begins = begins or signed or _is_wider(line, widest)
        if begins or _is_paragraph(blocks[-1][-1], widest):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    some = 0 < sum(line.startswith(_SET_IN) for line in group) < len(group)
    opens = [True if some and lines[0].startswith(_SET_IN) else None for lines in blocks]
    return [Block(lines=_text_lines(x), opens=o) for x, o in zip(blocks, opens, strict=True)]


def _is_verse(lines: list[str]) -> bool:
    """Whether lines are those of a poem, and not of a column: short, none with a mark inside, none
    that ends in a word, not all of one width."""
    widths = [print_width(line) for line in lines]
    if len(lines) < MIN_VERSE:
        return False
    even = max(widths) > EVEN_VERSE and min(widths[:-1]) > max(widths) - _TOLERANCE
    marked = sum(bool(_SENTENCE_MARK.search(line[:-1])) for line in lines)
    other = any(kind_of(line) or is_credit(line) or opens_story(line) for line in lines)
    parted = any(len(cut(b)[0]) == 1 and parted_word(a, b) for a, b in pairwise(lines))
    return not (even or other or parted) and 4 * marked <= len(lines)


def _may_end(line: str) -> bool:
    """Whether a line may stand over one that says who wrote it: a heading, or the end of a text."""
    return not _SENTENCE_MARK.search(line) or line.rstrip()[-1:] in "。！？”"


def _is_paragraph(line: str, widest: list[float]) -> bool:
    """Whether the text of a line of the file does not run on into the next line.

    `widest` are the widths of the widest line, for each width that marks and figures may have.
    """
    gaps = _gaps(line, widest)
    return min(gaps) > _TOLERANCE or max(gaps) < -_TOLERANCE or print_width(line) > _MAX_COLUMN


def _is_wider(line: str, widest: list[float]) -> bool:
    """Whether a line is no part of a column of this width."""
    return max(_gaps(line, widest)) < -_TOLERANCE


def _lost_indent(line: str, after: str, widest: list[float]) -> bool:
    """Whether a line ends short of its column by the two characters that were its indent, over one
    that fills it."""
    gaps, below = _gaps(line, widest)[1::2], _gaps(after, widest)
    return min(gaps, default=0) > 1 >= min(below) and any(1.5 <= x <= _TOLERANCE for x in gaps)


def _gaps(line: str, widest: list[float]) -> list[float]:
    return [b - a for a, b in zip(_widths(line), widest, strict=True)] if widest[0] > 2 else [0.0]


def _widest(widths: Sequence[float]) -> float:
    """How wide a column is: of many lines, not the one that is wider than all others."""
    rows = sorted(widths, reverse=True)
    column = (a for a, b in pairwise(rows) if a - b <= _TOLERANCE)
    return next(column, rows[0]) if len(rows) >= MIN_COLUMN else rows[0]


def _widths(line: str) -> list[float]:
    """How far a line of the file reaches, by the width of its marks, and with figures set wide."""
    return [_set_width(x, mark) for x in (line, re.sub(r"\d", "〇", line)) for mark in _MARKS]


def _set_width(line: str, mark: float) -> float:
    """How far a line of the file reaches, in Han characters: its indent counts, a mark at its end
    may hang over."""
    indent = line[: len(line) - len(line.lstrip())].expandtabs(4)
    set_in = sum(1.0 if char == "\u3000" else 0.5 for char in indent)
    return set_in + print_width(line.rstrip().rstrip(_HANGING), mark)


def _text_lines(lines: list[str]) -> tuple[TextLine, ...]:
    parts = print_lines(lines[0]) if len(lines) == 1 else tuple(" ".join(x.split()) for x in lines)
    return tuple(TextLine(text=part) for part in parts)


def print_lines(text: str) -> tuple[str, ...]:
    """The printed lines inside one line of the file; the whole where nothing points to a column.

    Spaces that OCR put inside a printed line (before numbers, between names) are told from line
    breaks by the width: what still fits the column is one line.
    """
    words = text.split()
    plain = len(words) < 2 or not _SENTENCE_MARK.search(text) or len(han(text)) < 12
    widths = [] if plain else list(map(print_width, words))
    if plain or not 6 <= max(widths) <= _MAX_COLUMN:
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


class TextSource(FileSource):
    """Reads text in UTF-8 (with or without mark) or GB18030."""

    name = "text"
    priority = FALLBACK
    suffixes = TEXT_SUFFIXES

    def accepts(self, location: str) -> bool:
        """Whether a location looks like text: `-`, a text suffix, a folder or a bare name."""
        if location in ("", "-") or "://" in location:
            return location == "-"
        suffix = (path := Path(location)).suffix.lower()
        return suffix in SUFFIXES or not suffix[1:].isalpha() or is_folder(path)

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages of a file or folder in natural order; NotAnIssueError: no text there."""
        found, room = list[Page](), MAX_ISSUE_CHARS
        for name, stem, raw in _read_files(location):
            text = drop_embedded(decode_text(raw, name))
            room -= len(text)
            _check_lengths(text, room, name)
            found += split_pages(text, stem=stem, source=name)
        if not any(page.blocks for page in found):
            reason = f"{location} is empty"
            raise NotAnIssueError(reason, hint="give the text of the day's pages, one file a page")
        return iter(give_numbers(found))


def _read_files(location: str) -> Iterator[tuple[str, str, bytes]]:
    """Name, stem and bytes of each file of text."""
    if location == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        check_size(raw, "standard input", MAX_BYTES)
        yield "standard input", "", raw
        return
    for path in files_of(location, SUFFIXES):
        yield str(path), path.stem, read_within(path, MAX_BYTES, may_be_empty=True)


def _check_lengths(text: str, room: int, name: str) -> None:
    """Refuse what no newspaper prints before any rule reads it."""
    if room < 0:
        reason = f"more than {MAX_ISSUE_CHARS:,} characters of text with {name}"
        raise NotAnIssueError(reason, hint="give the text of one issue, one file a page")
    if not _RAW.match(text) and max(map(len, text.splitlines()), default=0) > MAX_LINE:
        reason = f"{name} has a line of more than {MAX_LINE:,} characters"
        raise NotAnIssueError(reason, hint="save the page with its lines as printed")


def decode_text(raw: bytes, name: str = "the text") -> str:
    """Bytes as text by their mark, else UTF-8, else GB18030; NotAnIssueError: none of these."""
    marked = [codec for mark, codec in _BOMS.items() if raw.startswith(mark)]
    for codec in marked or ("utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.translate(RADICALS)
    hint = in_other_suffix(raw) or "save it as UTF-8 text; give PDFs and scans with their suffix"
    raise NotAnIssueError(f"{name} is not text", hint=hint)


def in_other_suffix(raw: bytes) -> str:
    """What to do with a file that is of another kind than its name says; empty where it is not."""
    suffix = next((found for mark, found in _MAGIC.items() if raw.lstrip().startswith(mark)), "")
    return f"it is a {suffix} file inside: give its name that suffix" if suffix else ""


def drop_embedded(text: str) -> str:
    """The text without pictures embedded as base64, which may be millions of characters."""
    return _EMBEDDED.sub("", text) if ";base64," in text else text


def split_pages(text: str, *, stem: str = "", source: str = "") -> list[Page]:
    """The pages of one file: a form feed or a folio line of its own (第二版) begins the next.

    A page whose number is not known has the number 0.
    """
    text = _BREAK.sub("\n", text)
    if "0." in text and all(map(_SCORED.match, text.split("\n"))):
        text = _SCORED.sub(r"\1", text)
    named = page_in_name(stem) if re.search(r"\d", stem) else 0
    named = named or (page_in_head(text) if "版" in text else 0)
    pages = _pages_of_raw_data(text, source) if _RAW.match(text) else []
    pages = pages or _pages_of_fenced_data(text, source)
    pages = pages or (pages_of_fields(text, source) if _MARKS_FIELDS.search(text) else [])
    if pages:
        told = pages[0].number if len(pages) > 1 or pages[0].number > 1 else named
        return [replace(pages[0], number=told or pages[0].number), *pages[1:]]
    pages = _pages_of_sheets(text, source)
    if named and len(pages) > 1 and (pages[0].number, pages[1].number) == (0, named):  # its head
        pages[:2] = [replace(pages[1], blocks=(*pages[0].blocks, *pages[1].blocks))]
    if named and pages and not (len(pages) > 1 and pages[0].number):
        pages[0] = replace(pages[0], number=named)
    return pages


def _pages_of_sheets(text: str, source: str) -> list[Page]:
    """The pages of a text that is no data; what a tool says before the first one is none."""
    pages, held = list[Page](), list[Block]()
    for part in text.split("\f"):
        if _WIDE_GAP.search(part):
            from qjaudio.sources.columns import part_columns  # late: most text has none

            part = part_columns(part, source or "the text")  # noqa: PLW2901
        part = _UPRIGHT.sub(_closed_up, _BROKEN.sub(_whole_heading, part))  # noqa: PLW2901
        for sheet in sort_sheets(_SPREAD.sub(lambda found: "".join(found[0].split()), part)):
            rows = [(one.kind, _blocks_of_passage(one)) for one in sheet.passages]
            blocks = [*held, *(block for _, own in rows for block in own)]
            held = blocks if all(block.kind == "tool" for block in blocks) else []
            if held:
                continue
            unsure = [(block, kind) for kind, own in rows if kind in _UNSURE for block in own]
            found = [_with_doubts(page, unsure) for page in split_at_folios(blocks, source)]
            if found and sheet.number:
                found[0] = replace(found[0], number=sheet.number)
            pages += found
    if held:
        pages[-1:] = [replace(page, blocks=(*page.blocks, *held)) for page in pages[-1:]]
    return pages


def _pages_of_raw_data(text: str, source: str) -> list[Page]:
    """The pages in a text that is JSON or XML as a whole.

    Raises:
        NotAnIssueError: it is of no known form, so that no field of it is taken for text.
    """
    from qjaudio.sources.document import pages_of_xml  # late, as below
    from qjaudio.sources.tool_json import pages_of_json, pages_of_json_lines

    if text.lstrip().startswith("<?xml"):
        return [] if "<html" in text else pages_of_xml(text.encode(), source)
    rows = [line.lstrip() for line in text.splitlines() if line.strip()]
    by_line = len(rows) > 1 and all(row.startswith('{"') for row in rows)
    try:
        return (pages_of_json_lines if by_line else pages_of_json)(text, source)
    except NotAnIssueError as error:
        hint = in_other_suffix(text.encode()) or error.hint
        raise NotAnIssueError(f"{source} is data of a program, no text", hint=hint) from error


def _closed_up(found: re.Match[str]) -> str:
    """Letters one under the other as a line, where they make words in this order."""
    line = "".join(found[0].split())
    return f"{line}\n" if covered(line) >= 0.5 * len(line) else found[0]


def _whole_heading(found: re.Match[str]) -> str:
    """Two lines as one heading: the second stands right below a mark, or is set in further."""
    mark, side, first, inner, second = found.groups()
    stepped = mark or (len(inner) > len(side) and len(second) >= len(first))
    others = any(
        other(x) for other in (is_credit, is_signoff, is_label, kind_of) for x in (first, second)
    )
    if not stepped or others or is_pen_name(second):
        return found[0]
    return f"{mark or side}{first} {second}"


def _pages_of_fenced_data(text: str, source: str) -> list[Page]:
    """The pages in JSON or XML that a model wrote into its Markdown, or in lists that a program
    printed; none where there is none of them."""
    found = _DATA.search(text) if "```" in text or text.lstrip()[:1] in ("[", "(") else None
    if not found and _OPEN_DATA.search(text):
        hint = "copy the file again, or run the tool again"
        raise NotAnIssueError(f"{source} is not complete JSON", hint=hint)
    if not found or len(found[0]) < 0.5 * len(text):
        return []
    from qjaudio.sources.document import pages_of_xml  # late: these read Markdown by this module
    from qjaudio.sources.tool_json import pages_of_json

    try:
        if found["xml"]:
            pages = pages_of_xml(found["xml"].encode(), source)
        elif found["rows"]:
            plain = re.sub(r"np\.\w+\(([^()]*)\)", r"\1", found["rows"]).splitlines()
            rows = [ast.literal_eval(row) for row in plain if row.strip()]
            pages = pages_of_json(json.dumps(rows if len(rows) > 1 else rows[0]), source)
        else:
            pages = pages_of_json(found["fenced"], source)
    except (NotAnIssueError, ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return []
    around = [part.strip() for part in (text[: found.start()], text[found.end() :])]
    talk = [Block(lines=(TextLine(text=" ".join(x.split())),), kind="tool") for x in around if x]
    return [replace(pages[0], blocks=(*talk, *pages[0].blocks)), *pages[1:]]


_UNSURE = ("unsure", "unclosed")


def _with_doubts(page: Page, unsure: list[tuple[Block, str]]) -> Page:
    """The page with a doubt at each block that may be the words to a picture, or a remark."""
    doubts, line = [*page.doubts], 0
    for block in page.blocks:
        for kind in (kind for one, kind in unsure if one is block):
            rule = rules.phrases("tools")["doubt"][kind]
            where, what = Span(page.number, line, 0, len(block.lines[0].text)), block.lines[0].text
            doubts.append(Doubt(kind=rule["kind"], where=where, what=what, why=rule["why"]))
        line += len(block.lines)
    return replace(page, doubts=tuple(doubts))


def _blocks_of_passage(passage: TextPassage) -> list[Block]:
    if passage.kind in ("", *_UNSURE):
        return blocks_of(passage.text)
    return [Block(lines=(TextLine(text=" ".join(passage.text.split())),), kind=passage.kind)]


def split_at_folios(blocks: list[Block], source: str) -> list[Page]:
    """Pages, each beginning with a line of its own that names it; number 0 where none does."""
    pages: list[Page] = []
    current: list[Block] = []
    number = 0
    for block in blocks:
        found = named_page(block)
        number = number or _bare_number(block, current)
        if found and found != number:
            # The headline of the first page may stand over its folio.
            over = [block for block in current if number or not block.level]
            over = over if number else [x for x in over if not _FACT.fullmatch(x.lines[0].text)]
            text = any(block.kind not in ("page_mark", "tool") for block in over)
            if text and (number or found > 1):
                pages.append(Page(number=number, blocks=tuple(current), source=source))
                current = []
            number = found
        current.append(block)
    if current:
        pages.append(Page(number=number, blocks=tuple(current), source=source))
    return pages


def _bare_number(block: Block, above: list[Block]) -> int:
    """The page that a line of two figures (`02`) under nothing but a head names, or 0."""
    text = block.lines[0].text.strip()
    if not re.fullmatch(r"0[1-9]", text):
        return 0
    lines = [line.text for one in above for line in one.lines]
    short = all(len(compact(x)) <= MAX_SHORT and not _SENTENCE_MARK.search(x) for x in lines)
    return int(text) if short and len(lines) <= MAX_CREDITED else 0


def named_page(block: Block) -> int | None:
    """The page that a block names: a folio, or a running head with one in it or below it."""
    texts = [line.text for line in block.lines]
    if not any("版" in text or "报" in text or "日" in text for text in texts):
        return None
    if len(texts) == 1 and (page := folio_page(texts[0])):
        return page
    bare = None if block.kind else _HEAD_NUMBER.fullmatch(texts[0].strip("# *"))
    told = bare.lastindex or 0 if bare and len(texts) == 1 else 0
    if bare and (told > 2 or (told and kind_of(texts[0]) == "masthead")):
        return int(bare[told]) or None
    head = len(texts) <= MAX_HEAD and all(map(_is_head, texts))
    if block.kind or not (head or kind_of(" ".join(texts)) == "masthead"):
        return None
    words = "|".join(" ".join(texts).split())
    found = {number(each[1]) for each in _FOLIO_IN_HEAD.finditer(words)}
    return next(iter(found)) or None if len(found) == 1 else None


def _is_head(text: str) -> bool:
    return bool(folio_page(text)) or kind_of(text) in ("masthead", "folio")
