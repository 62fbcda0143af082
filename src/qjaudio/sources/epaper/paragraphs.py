"""The text of an article's body: paragraphs, and the captions of its pictures."""

from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborNode

from qjaudio.paper.characters import ends_sentence, han
from qjaudio.sources.epaper.markup import Line, lines_of

CAPTION_CHARS = 160
MAX_PICTURES = 200
WRAPPED = 34
"""Han characters of the longest crosshead: a longer line without an end was wrapped by <br>."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or a caption."""

    text: str
    kind: str = "body"
    """`body` or `caption`."""


def parts_of(body: LexborNode | None, skip: frozenset[int], captions: list[str]) -> list[Part]:
    """The paragraphs of a body in order, then its captions."""
    beside, words = _picture_text(body, skip) if body else (frozenset[int](), [])
    lines = _joined(lines_of(body, skip | beside)) if body else []
    paragraphs = [Part(line.text) for line in lines if line.text.strip()]
    return paragraphs + [Part(text, "caption") for text in dict.fromkeys([*captions, *words])]


def _picture_text(body: LexborNode, skip: frozenset[int]) -> tuple[frozenset[int], list[str]]:
    """Elements that hold a picture and the words to it: a table, a paragraph or the one after."""
    found: set[int] = set()
    words: list[str] = []
    for image in body.css("img")[:MAX_PICTURES]:
        for box in _boxes(image, body):
            texts = [
                line.text for line in lines_of(box, skip, limit=2 * CAPTION_CHARS) if han(line.text)
            ]
            if box.mem_id in found or box.mem_id in skip or len("".join(texts)) > CAPTION_CHARS:
                break
            found.add(box.mem_id)
            words += texts or _words_after(box, found, skip)
            break
    return frozenset(found), words


def _boxes(image: LexborNode, body: LexborNode) -> list[LexborNode]:
    """What may hold a picture together with its words, widest first."""
    boxes: list[LexborNode] = []
    node = image.parent
    for _ in range(6):
        if node is None or node.mem_id == body.mem_id:
            break
        texts = (
            lines_of(node, limit=2 * CAPTION_CHARS)
            if node.tag in ("table", "figure", "p", "center", "div")
            else None
        )
        # A short story stands in a box with its picture too: in a <div>, one line is the caption.
        one_line = texts is not None and (len(texts) <= 1 or node.tag in ("table", "figure"))
        if texts is not None and one_line and sum(len(t.text) for t in texts) <= CAPTION_CHARS:
            boxes.insert(0, node)
        node = node.parent
    return boxes


def _words_after(box: LexborNode, found: set[int], skip: frozenset[int]) -> list[str]:
    """The words to a picture in an element of their own: centred, or ending with who took it."""
    after = box.next
    while after is not None and after.tag == "-text" and not (after.text() or "").strip():
        after = after.next
    if after is None or after.tag not in ("p", "div", "center") or after.mem_id in skip:
        return []
    texts = [line.text for line in lines_of(after, limit=2 * CAPTION_CHARS) if han(line.text)]
    text = "".join(texts)
    style = f"{after.attributes.get('align') or ''} {after.attributes.get('style') or ''}".lower()
    shown = (
        "center" in style or after.tag == "center" or text.rstrip("）) 。").endswith(("摄", "供图"))
    )
    if not text or len(text) > CAPTION_CHARS or not shown:
        return []
    found.add(after.mem_id)
    return texts


def _joined(lines: list[Line]) -> list[Line]:
    """Lines that <br> only wrapped, put together again."""
    groups: list[list[Line]] = []
    indents = sum(line.indented for line in lines) >= max(2, 0.5 * len(lines))
    for line in lines:
        if groups and _wraps(groups[-1], line, indents=indents):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_one(group) for group in groups]


def _one(group: list[Line]) -> Line:
    first = group[0]
    if len(group) == 1:
        return first
    parts = [first.text]
    for before, line in pairwise(group):
        parts += (_gap(before.text, line.text), line.text)
    return Line("".join(parts), first.indented, first.hard, first.tag)


def _wraps(before: list[Line], line: Line, *, indents: bool) -> bool:
    """Whether a line goes on with those before it."""
    first, last = before[0], before[-1].text
    if ends_sentence(last) or line.indented:
        return False
    if last[-1:] in "，、,":
        return True
    if line.hard and first.tag in ("p", "div", "h1", "h2", "h3", "h4") and not indents:
        return False
    return (indents and not line.hard) or _is_long(before)


def _is_long(group: list[Line]) -> bool:
    """Whether lines make more than a crosshead; the first ones tell."""
    count = 0
    for line in group[:WRAPPED]:
        count += len(han(line.text[: 4 * WRAPPED]))
        if count > WRAPPED:
            return True
    return False


def _gap(before: str, after: str) -> str:
    latin = before[-1:].isascii() and after[:1].isascii()
    return " " if latin and before[-1:].isalnum() and after[:1].isalnum() else ""
