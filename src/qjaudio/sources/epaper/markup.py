"""From the bytes of a web page to its text: characters, elements, lines, paragraphs."""

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio import rules
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.lines import opens_story
from qjaudio.paper.text import compact, ends_sentence, han
from qjaudio.sources.epaper.address import resolve_link
from qjaudio.sources.sheets import shift_signs

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_CHARSET = re.compile(r"(?:x-)?(utf|gb|big5|hz)")
"""Those of Chinese pages; servers name others by default."""
_META_BYTES = 4096
_MAX_LOST = 0.002
"""A page may hold this share of broken characters in the charset that it names itself."""

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,30})(?![\w-])[^<>]*>")
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)
_BEGINS = re.compile(r"<(?:html|body)[\s>]", re.I)
_MUST_CLOSE = ("founder-content", "cms-content", "map", "ul", "ol", "table", "script", "style")
MAX_DEPTH = 500
"""Parsing is quadratic in nesting: 200,000 open <div> take minutes. Real pages stay under 100."""

MAX_ATTRIBUTES = 3000
"""Parsing is quadratic in the attributes of one element: 20,000 take seven seconds."""
_OPENS = re.compile("<[a-zA-Z]")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/]+")
_SCRIPT = re.compile(r"<script(?=[\s>])", re.I)
_SCRIPT_ENDS = re.compile(r"</script", re.I)

MAX_TEXT = 400_000
"""Characters of a page that are looked at; a page of print has about 10,000."""

_SPARE_NODES = 400
"""How many more elements than characters are looked at: a line of print needs three."""

_TAGS: dict[str, list[str]] = rules.phrases("epaper")["tags"]
BLOCKS = frozenset(_TAGS["blocks"])
"""Elements that begin and end a line."""
SILENT = frozenset(_TAGS["silent"])
"""Elements whose text is not shown, or is not text of the page."""
_NOT_NESTED = frozenset(_TAGS["not_nested"])
_INLINE = frozenset(("a", "b", "em", "font", "i", "span", "strong", "u"))
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|(?<![\w-])(?:left|top)\s*:\s*-(?:\d{4}|999)",
    re.I,
)
_WHITE = re.compile(r"(?<![\w-])color\s*[:=]\s*(?:#fff(?:fff)?\b|white\b|transparent)", re.I)
_STYLE_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_NOT_ALWAYS = re.compile(r"/\*.*?\*/|@media[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.S)
_PLAIN_SELECTOR = re.compile(r"[\w.#\s>-]{2,100}")
_UNFOLDS = re.compile(r"^\W*(?:点击)?(?:展开|显示|查看|阅读)(?:更多|全[文部]|余下|剩余|下文)")
_MAX_STYLE = 50_000
_MOST_HIDDEN = 2000
_UNSEEN = "data-unseen"
"""Our own mark of an element that the style of its page hides."""
_RAISING = re.compile(r"vertical-align\s*:\s*(su[pb])", re.I)
_INDENT = re.compile(r"^(?:[\t\r\n ]*)(?:\u3000|\xa0|\u2003){2}|^[\t\r\n ]*\u3000")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CUT = re.compile(r"\s*(?:[.．]{2,}|…+|。{2,})$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_BEGIN = re.compile(r"<!--\s?enpproperty", re.I)
_MAX_COMMENT = 20_000
_FIELD = re.compile(r"<(?:founder-)?(\w+)>(.{0,4000}?)</(?:founder-)?\1>", re.S | re.I)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_NAMES = {"introtitle": "kicker", "pretitle": "kicker", "title": "main", "subtitle": "deck",
          "author": "author"}  # fmt: skip

CAPTION_CHARS = 160
MAX_PICTURES = 200
WRAPPED = 34
"""Han characters of the longest crosshead: a longer line without an end was wrapped by <br>."""

_TURNS_ON = ("下一页", "下页", "后一页", "余下全文", "阅读全文")
"""The words of a link to the next page of an article."""
_TURNED_BY_SCRIPT = re.compile(
    r"createPage\w*\(\s*(?P<first>[\"'][^\"']*[\"']\s*,\s*)?(?P<pages>\d{1,2})\s*,\s*(?P<at>\d{1,2})\s*,"
    r"\s*[\"'](?P<name>[\w./-]{1,80})[\"']\s*,\s*[\"'](?P<ending>\w{2,6})[\"']"
)
"""How TRS writes its links to the pages of an article: their number, this one, their names. It
counts from nought, but from one where the first argument names an element."""
_PAGED_BY_SCRIPT = re.compile(
    r"(?:page_?(?:count|total|all)|(?:total|all|count|max)_?page)s?[\"']?\s*[=:]\s*[\"']?(?:[2-9]|\d\d)\b",
    re.I,
)
_MOST_LINKS = 5000
_PHOTO_LINE = re.compile(r"^.{0,150}[\s。（(]\S{2,12}\s*(?<!文[/／])(?<!文并)摄[）)]?$")
"""A caption among the paragraphs ends with who took the picture."""
_PAGER = re.compile(r"(?=.*页)(?:[上下前后]一?页|首页|[尾末]页|[\s\d|/.…«»<>[\]]){2,30}")
"""The numbers and words that turn a story's pages, where they stand in its text."""
_HEADING_TAG = re.compile(r"<(h[1-4])[\s>]", re.I)


def decode_page(raw: bytes, declared: str = "", *, address: str = "the page") -> str:
    """The text of a page: UTF-8 where it is that, else the charset named, else GB18030.

    UTF-8 comes first because long text in another charset is never valid UTF-8 by chance, while
    headers and <meta> are often wrong. Bytes of a character that the end cut off are dropped.

    Raises:
        NotAnIssueError: it is text in none of them.
    """
    meta = _META.search(raw[:_META_BYTES])
    names = [
        declared.strip(" \"';").lower(),
        meta[1].decode("ascii", "replace").lower() if meta else "",
    ]
    known = [(name, found[1]) for name in names if (found := _CHARSET.match(name))]
    named = ["gb18030" if family == "gb" else name for name, family in known]
    marked = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    strict = [(codec, "strict") for codec in (marked, *named, "gb18030")]
    for codec, errors in (*strict, *((codec, "replace") for codec in named)):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            # A decoder that waits for more says nothing of a character that the end cut off.
            text = codecs.getincrementaldecoder(codec)(errors).decode(raw)
            if errors == "strict":
                return text
            if text.count("\ufffd") <= _MAX_LOST * len(text):
                return text.replace("\ufffd", "")
    raise NotAnIssueError(
        f"{address} is not text in a known charset",
        hint="open it in a browser; if it is readable there, save its text and give the file",
    )


@dataclass(frozen=True, slots=True)
class WebLine:
    """A run of text between two breaks of a web page."""

    text: str
    indented: bool
    hard: bool
    """Whether an element of its own begins here; False after <br>."""
    tag: str
    """The innermost block around it: `p`, `td`."""


def check_depth(text: str, address: str) -> None:
    """Raise NotAnIssueError for markup that only an attack nests, or gives so many attributes."""
    if any(_is_crowded(piece) for piece in _without_scripts(text).split(">")):
        reason = f"{address} has an element with thousands of attributes"
        raise NotAnIssueError(reason, hint="open it in a browser, save its text and give the file")
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


def _is_crowded(piece: str) -> bool:
    """Whether a tag, with the text before it, has more attributes than any tag."""
    start = _OPENS.search(piece) if len(piece) > MAX_ATTRIBUTES else None
    if not start:
        return False
    return len(_BETWEEN_ATTRIBUTES.split(_VALUE.sub("", piece[start.start() :]))) > MAX_ATTRIBUTES


def _without_scripts(text: str) -> str:
    """Markup without the insides of scripts, in which `<` means less than."""
    first, *parts = _SCRIPT.split(text)
    return first + "<script>".join(["", *(_SCRIPT_ENDS.split(part, 1)[-1] for part in parts)])


def broken_off(text: str) -> bool:
    """Whether a page that began whole ends before its end: no closing tag, and something open."""
    if _ENDS.search(text) or not _BEGINS.search(text):
        return False
    tail = text[text.rfind(">") + 1 :]
    if tail.strip():
        return True
    lower = text.lower()
    return any(lower.count(f"<{tag}") > lower.count(f"</{tag}") for tag in _MUST_CLOSE)


def clean_text(text: str) -> str:
    """Text without control characters, runs of white space and the spaces at both ends."""
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def is_whole_of(text: str, cut: str) -> bool:
    """Whether a text is what a list has cut short with `...`."""
    start = _CUT.sub("", cut)
    return cut not in (start, text) and bool(han(start)) and text.startswith(start)


def element_text(node: LexborNode, limit: int = MAX_TEXT) -> str:
    """The text of an element, its lines joined with spaces; `limit` as in `web_lines`."""
    return " ".join(line.text for line in web_lines(node, limit=limit))


def web_lines(
    node: LexborNode, skip: frozenset[int] = frozenset(), *, limit: int = MAX_TEXT
) -> list[WebLine]:
    """The text of an element as lines, without the elements in `skip` (by `mem_id`).

    Reading stops soon after `limit` characters, or where there are far more elements than text: a
    hostile page asks for the same text many times.
    """
    lines: list[WebLine] = []
    run: list[str] = []
    hard, tag = True, node.tag or ""
    blocks = [tag]
    seen = 0

    def flush() -> None:
        lines.extend(_lines_of("".join(run), blocks[-1], hard=hard))
        run.clear()

    for step, kid in _walk(node, skip, limit + _SPARE_NODES):
        if step == "text":
            run.append(_printed(kid, "".join(run[-1:]), limit))
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


def _lines_of(raw: str, tag: str, *, hard: bool) -> Iterator[WebLine]:
    """The lines of a run of text: several in one that is shown as it was typed."""
    for line in raw.split("\n") if tag == "pre" else [raw]:
        if text := clean_text(line):
            yield WebLine(text, bool(_INDENT.match(line)), hard, tag)


def _walk(top: LexborNode, skip: frozenset[int], most: int) -> Iterator[tuple[str, LexborNode]]:
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
        elif node is top or not (tag in SILENT or node.mem_id in skip or _is_unseen(node)):
            if tag in BLOCKS:
                yield "open", node
                stack.append(("close", node))
            if node.first_child is not None:
                stack.append(("node", node.first_child))


def _is_unseen(node: LexborNode) -> bool:
    """Whether words are struck out, or hidden within a line; scripts may show a hidden block."""
    if node.tag in ("del", "s", "strike") or _UNSEEN in node.attributes:
        return True
    if node.tag not in _INLINE or not node.attributes:
        return False
    style = node.attributes.get("style") or ""
    aside = node.attributes.get("aria-hidden") == "true"  # KaTeX draws a formula a second time
    return aside or "hidden" in node.attributes or bool(_HIDING.search(style))


def mark_hidden(tree: LexborHTMLParser) -> None:
    """Mark the words and paragraphs that a page hides by its style, unless a button shows them."""
    sheet = _NOT_ALWAYS.sub("", " ".join(x.text() for x in tree.css("style"))[:_MAX_STYLE])
    names = [one for found in _STYLE_RULE.findall(sheet) if _HIDING.search(found[1])
             for one in found[0].split(",") if _PLAIN_SELECTOR.fullmatch(one.strip())]  # fmt: skip
    buttons = tree.css("a, button, span, div")[:_MOST_HIDDEN]
    unfolds = any(_UNFOLDS.search(element_text(button, 40)) for button in buttons)
    hidden = [node for name in names[:100] for node in tree.css(name)[:_MOST_HIDDEN]]
    styled = tree.css("[style], [hidden], [color]")[:_MOST_HIDDEN]
    hidden += [node for node in styled if _hides(node)]
    unfolds = unfolds or sum(x.tag == "p" for x in hidden) > len(tree.css("p")) / 2
    for node in hidden:
        if node.tag in (_INLINE if unfolds else _INLINE | {"p"}):
            node.attrs[_UNSEEN] = ""


def _hides(node: LexborNode) -> bool:
    """Whether the attributes of an element hide it: white, where others write the sentence."""
    style = node.attributes.get("style") or ""
    if "hidden" in node.attributes or _HIDING.search(style):
        return True
    white = _WHITE.search(f"{style}; color={node.attributes.get('color')}")
    return bool(white and node.tag in _INLINE and _is_aside(node))


def _is_aside(node: LexborNode) -> bool:
    outer = element_text(node.parent) if node.parent else ""
    return ends_sentence(outer) and len(element_text(node)) < len(outer)


def _printed(node: LexborNode, before: str, limit: int) -> str:
    """The words of a text as they stand above, below or on its line."""
    text, shift = (node.text(deep=False) or "")[: limit + 1], _shift_of(node)
    return shift_signs(before[-1:], text, up=shift == "sup") if shift else text


def _shift_of(text: LexborNode) -> str:
    """`sup` or `sub` where a text stands above or below its line; else empty."""
    outer = text.parent
    if outer is None or outer.tag not in _INLINE:
        return outer.tag if outer and outer.tag in ("sup", "sub") else ""
    found = _RAISING.search(outer.attributes.get("style") or "")
    return found[1].lower() if found else ""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A paragraph or a caption."""

    text: str
    kind: str = "body"
    """`body`, `table` or `caption`."""


def body_parts(
    body: LexborNode | None, skip: frozenset[int], captions: list[str]
) -> list[BodyPart]:
    """The paragraphs of a body in order, then its captions."""
    beside, words = _picture_text(body, skip) if body else (frozenset[int](), [])
    tables = [table for table in body.css("table") if _holds_data(table)] if body else []
    beside |= {table.mem_id for table in tables}
    lines = _unwrap(web_lines(body, skip | beside)) if body else []
    listed = [BodyPart(element_text(table), "table") for table in tables]
    parts = [BodyPart(x, "caption" if _PHOTO_LINE.match(x) else "body") for x in lines]
    parts = [part for part in parts if not _PAGER.fullmatch(part.text)]
    return (
        parts + listed + [BodyPart(text, "caption") for text in dict.fromkeys([*captions, *words])]
    )


def _holds_data(table: LexborNode) -> bool:
    """Whether a table is one in print, of short cells; others only place the text of a page."""
    cells = [element_text(cell) for cell in table.css("td, th")]
    filled = [text for text in cells if text]
    return len(filled) > 3 and all(len(x) < 30 and not ends_sentence(x) for x in filled)


def _picture_text(body: LexborNode, skip: frozenset[int]) -> tuple[frozenset[int], list[str]]:
    """Elements that hold a picture and the words to it: a table, a paragraph or the one after."""
    found: set[int] = set()
    words: list[str] = []
    for image in body.css("img")[:MAX_PICTURES]:
        box = _picture_box(image, body)
        if box is not None and not {box.mem_id} & (found | skip):
            found.add(box.mem_id)
            words += _caption_lines(box, skip) or _words_after(box, found, skip)
    return frozenset(found), words


def _picture_box(image: LexborNode, body: LexborNode) -> LexborNode | None:
    """The widest element that holds a picture together with its words, and nothing else."""
    box, node = None, image.parent
    for _ in range(6):
        if node is None or node.mem_id == body.mem_id:
            break
        if node.tag in ("table", "figure", "p", "center", "div"):
            texts = web_lines(node, limit=2 * CAPTION_CHARS)
            # A short story stands in a box with its picture too: in a <div>, one line is the words.
            one_line = len(texts) <= 1 or node.tag in ("table", "figure")
            short = sum(len(line.text) for line in texts) <= CAPTION_CHARS
            box = node if one_line and short else box
        node = node.parent
    return box


def _caption_lines(node: LexborNode, skip: frozenset[int] = frozenset()) -> list[str]:
    found = web_lines(node, skip, limit=2 * CAPTION_CHARS)
    return [line.text for line in found if han(line.text)]


def _words_after(box: LexborNode, found: set[int], skip: frozenset[int]) -> list[str]:
    """The words to a picture in an element of their own: centred, or ending with who took it."""
    after = box.next
    while after is not None and after.tag == "-text" and not (after.text() or "").strip():
        after = after.next
    if after is None or after.tag not in ("p", "div", "center") or after.mem_id in skip:
        return []
    texts = _caption_lines(after)
    text = "".join(texts)
    look = f"{after.tag} {after.attributes.get('align')} {after.attributes.get('style')}".lower()
    shown = "center" in look or text.rstrip("）) 。").endswith(("摄", "供图"))
    if not text or len(text) > CAPTION_CHARS or not shown:
        return []
    found.add(after.mem_id)
    return texts


def _unwrap(lines: list[WebLine]) -> list[str]:
    """Lines that <br> only wrapped, put together again."""
    groups: list[list[WebLine]] = []
    indents = sum(line.indented for line in lines) >= max(2, 0.5 * len(lines))
    full = _line_of_print(lines)
    for line in lines:
        if groups and _wraps(groups[-1], line, indents=indents, full=full):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_join_pieces([line.text for line in group]) for group in groups]


def _join_pieces(texts: list[str]) -> str:
    """Texts as one, a space between two letters or digits."""
    ends = [before[-1:] + after[:1] for before, after in pairwise(texts)]
    spaces = [" " * (end.isascii() and end.isalnum()) for end in ends]
    return "".join(space + text for space, text in zip(["", *spaces], texts, strict=True))


def _line_of_print(lines: list[WebLine]) -> int:
    """The least characters of a full line where each is an element of its own; 0: none is."""
    cut = [len(line.text) for line in lines if line.hard and not ends_sentence(line.text)]
    least = max(cut, default=0) - 3
    alike = sum(chars >= least for chars in cut)
    return least if 0 < least < WRAPPED and alike > max(3, 0.7 * len(cut)) else 0


def _wraps(before: list[WebLine], line: WebLine, *, indents: bool, full: int) -> bool:
    """Whether a line goes on with those before it."""
    first, last = before[0], before[-1].text
    if ends_sentence(last) or line.indented:
        return False
    if last[-1:] in "，、," or (full and len(last) >= full):
        return True
    if line.hard and first.tag in ("p", "div", "h1", "h2", "h3", "h4") and not indents:
        return False
    # More than a crosshead; the first lines tell.
    begun = "".join(row.text[: 4 * WRAPPED] for row in before[:12])
    return (indents and not line.hard) or len(han(begun)) > WRAPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecord:
    """The title and author that the system has in its records; empty where it does not say."""

    kicker: str = ""
    main: str = ""
    deck: str = ""
    author: str = ""


def read_record(html: str) -> SiteRecord:
    """Read the comment. A form of it that holds values without names says nothing."""
    begin = _BEGIN.search(html)
    if not begin:
        return SiteRecord()
    comment = html[begin.end() : begin.end() + _MAX_COMMENT].partition("-->")[0]
    found: dict[str, str] = {}
    for tag, value in _FIELD.findall(comment):
        text = clean_text(unescape(_MARKUP.sub(" ", unescape(value))))
        if text and tag.lower() in _NAMES:
            found.setdefault(_NAMES[tag.lower()], text)
    return SiteRecord(**found)


def links_onward(tree: LexborHTMLParser, address: str) -> list[str]:
    """The addresses of further pages of the same article: content_1_2.htm, ?page=2.

    Where only a script leads there, it is that of the article itself.
    """
    stem = address.partition("?")[0].rpartition(".")[0]
    links = tree.css("a[href]")[:_MOST_LINKS]
    rows = [x.attributes.get("href") or "" for x in links if _turns_on(element_text(x, 20))]
    scripts = " ".join(node.text() for node in tree.css("script"))
    script = _TURNED_BY_SCRIPT.search(scripts)
    if script and int(script["at"]) + (not script["first"]) < int(script["pages"]):
        rows.append(f"{script['name']}_{int(script['at']) + 1}.{script['ending']}")
    further = re.compile(
        rf"{re.escape(address)}[?&].*|{re.escape(stem)}[_\-(]\d{{1,2}}\)?\.\w{{2,6}}"
    )
    found = (resolve_link(address, row) for row in rows)
    urls = [url for url in dict.fromkeys(found) if further.fullmatch(url)]
    if urls or script:
        return urls
    calls = tree.css("a[href*='(']:not([href*='void(']), [onclick*='(']")[:_MOST_LINKS]
    turned = any(
        _bare(element_text(node, 20)) in _TURNS_ON[:3] or _is_second(node) for node in calls
    )
    return [address] * bool(turned or _PAGED_BY_SCRIPT.search(scripts))


def _is_second(node: LexborNode) -> bool:
    """Whether a call is the 2 of a row of numbers: `1 2 3`."""
    outer = node.parent
    rows = [element_text(one, 40) for one in (outer, outer.parent if outer else None) if one]
    return element_text(node, 3) == "2" and any(
        compact(row).lstrip("<«‹首上一页").startswith("12") for row in rows
    )


def _bare(text: str) -> str:
    return text.strip("[]()（）【】>» ")


def _turns_on(text: str) -> bool:
    """Whether the words of a link lead to a further page: 下一页, or its number."""
    bare = text.strip("[]()（）【】第页>» ")
    return _bare(text) in _TURNS_ON or (bare.isdigit() and 1 < int(bare) < 100)


def names_no_story(text: str) -> bool:
    """Whether the words of a link are no title: 文字版, or the name of a page."""
    return bool(re.fullmatch(rules.phrases("epaper")["article"]["no_title"], compact(text)))


def split_stories(html: str, listed: str) -> list[str]:
    """The parts of a document that holds all stories of a page, each from its heading on.

    Empty for one of a single story, and for one that a list names by its title.
    """
    if han(listed) and not names_no_story(listed):
        return []
    tags = [tag.lower() for tag in _HEADING_TAG.findall(html)]
    tag, count = Counter(tags).most_common(1)[0] if tags else ("", 0)
    if count < 2:
        return []
    above, *parts = re.split(rf"(?=<{tag}[\s>])", html, flags=re.I)
    # Under the headline of an article the others are crossheads.
    headed = any(one.lower() < tag for one in _HEADING_TAG.findall(above))
    texts = (LexborHTMLParser(part).body for part in parts)
    openings = [any(opens_story(line.text) for line in web_lines(x)[:4]) for x in texts if x]
    return parts if not headed or sum(openings) > 1 else []
