"""HTML before and while it is parsed: is it whole, is it sane, what text does it hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qjaudio import rules
from qjaudio.errors import NotAnIssueError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,30})(?![\w-])[^<>]*>")
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)
_BEGINS = re.compile(r"<(?:html|body)[\s>]", re.I)
_MUST_CLOSE = ("founder-content", "cms-content", "map", "ul", "ol", "table", "script", "style")
MAX_DEPTH = 500
"""Parsing is quadratic in nesting: 200,000 open <div> take minutes. Real pages stay under 100."""

MAX_TEXT = 400_000
"""Characters of a page that are looked at; a page of print has about 10,000."""

_SPARE_NODES = 400
"""How many more elements than characters are looked at: a line of print needs three."""

_TAGS: dict[str, list[str]] = rules.phrases("epaper")["tags"]
BLOCKS = frozenset(_TAGS["blocks"])
"""Elements that begin and end a line."""
SILENT = frozenset(_TAGS["silent"])
"""Elements whose text is not shown, or is no text of the page."""
_NOT_NESTED = frozenset(_TAGS["not_nested"])
_INDENT = re.compile(r"^(?:[\t\r\n ]*)(?:\u3000|\xa0|\u2003){2}|^[\t\r\n ]*\u3000")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text between two breaks of a web page."""

    text: str
    indented: bool
    hard: bool
    """Whether an element of its own begins here; False after <br>."""
    tag: str
    """The innermost block around it: `p`, `td`."""


def check_depth(text: str, address: str) -> None:
    """Refuse markup that only an attack nests.

    Raises:
        NotAnIssueError: it is nested deeper than any page of a newspaper.
    """
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[0].endswith("/>") or tag[2].lower() in _NOT_NESTED:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            raise NotAnIssueError(
                f"{address} is nested too deeply for a web page",
                hint="open it in a browser, save its text and give the file",
            )


def broken_off(text: str) -> bool:
    """Whether a page that began whole ends before its end: no closing tag, and something open."""
    if _ENDS.search(text) or not _BEGINS.search(text):
        return False
    tail = text[text.rfind(">") + 1 :]
    if tail.strip():
        return True
    lower = text.lower()
    return any(lower.count(f"<{tag}") > lower.count(f"</{tag}") for tag in _MUST_CLOSE)


def plain(text: str) -> str:
    """Text without control characters, runs of white space and the spaces at both ends."""
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def text_of(node: "LexborNode", limit: int = MAX_TEXT) -> str:
    """The text of an element, its lines joined with spaces; `limit` as in `lines_of`."""
    return " ".join(line.text for line in lines_of(node, limit=limit))


def lines_of(
    node: "LexborNode", skip: frozenset[int] = frozenset(), *, limit: int = MAX_TEXT
) -> list[Line]:
    """The text of an element as lines, without the elements in `skip` (by `mem_id`).

    Reading stops soon after `limit` characters, or where there are far more elements than text: a
    hostile page asks for the same text many times.
    """
    lines: list[Line] = []
    run: list[str] = []
    hard, tag = True, node.tag or ""
    blocks = [tag]
    seen = 0

    def flush() -> None:
        raw = "".join(run)
        text = plain(raw)
        if text:
            lines.append(Line(text, bool(_INDENT.match(raw)), hard, blocks[-1]))
        run.clear()

    for step, kid in _walk(node, skip, limit + _SPARE_NODES):
        if step == "text":
            run.append((kid.text(deep=False) or "")[: limit + 1])
            seen += len(run[-1])
            if seen > limit:
                break
        elif step == "br":
            flush()
            hard = False
        else:
            flush()
            hard = True
            if step == "open":
                blocks.append(kid.tag or "")
            else:
                blocks.pop()
    flush()
    return lines


def _walk(top: "LexborNode", skip: frozenset[int], most: int) -> Iterator[tuple[str, "LexborNode"]]:
    """Text, breaks and the two ends of blocks of the first `most` elements, in order.

    Without recursion: depth is hostile.
    """
    stack: list[tuple[str, LexborNode]] = [("node", top)]
    seen = 0
    while stack and seen < most:
        seen += 1
        step, node = stack.pop()
        tag = (node.tag or "").lower()
        if step == "close":
            yield "close", node
            continue
        # One neighbour at a time: an element may have a million children, and few are looked at.
        if node is not top and node.next is not None:
            stack.append(("node", node.next))
        if tag in ("-text", "br"):
            yield tag.removeprefix("-"), node
        elif node is top or (tag not in SILENT and node.mem_id not in skip):
            if tag in BLOCKS:
                yield "open", node
                stack.append(("close", node))
            if node.first_child is not None:
                stack.append(("node", node.first_child))
