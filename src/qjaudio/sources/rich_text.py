"""Markdown and HTML inside the text of OCR tools: headings, captions, tables and running text.

Markdown is parsed by markdown-it, HTML by selectolax.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio.paper.lines import is_credit, kind_of, opens_story
from qjaudio.paper.sentences import TAKEN_BY
from qjaudio.paper.text import ends_sentence, han, overlap
from qjaudio.sources.epaper.markup import BLOCKS, SILENT, check_depth, clean_text, element_text
from qjaudio.sources.model import MARKUP, MAX_CAPTION, TextPassage

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG = re.compile(r"</?([A-Za-z][\w-]*)")
_TABLE_TITLE = re.compile(
    r"#{0,6}\s*附?表(?:格)?\s*[\d一二三四五六七八九十]{0,3}[\s:：.、][^\n。]{0,40}"
)
_TABLE_HEADING = re.compile(
    r"#[^\n。]{2,40}[（(]单位[:：]?[^）)\n]{1,12}[）)]"
    r"|#{2,6}[^\n。]{2,40}(?:表|一览|名单|名录|排名|排行|明细|[（(]单位[:：]?[^）)\n]{1,12}[）)])"
)
_TABLE_NOTE = re.compile(
    r"(?:备?注|说明|单位|(?:资料|数据)来源|制表)[:：][^\n]{1,60}"
    r"|[（(][^）)\n]{2,16}(?:提供|发布|整理|制表)[）)]"
)
_FIGURE = re.compile(
    r"(?:(?:图|图片|照片|插图|Fig(?:ure|\.)?|Photo|Image)\s*[\d一二三四五六七八九十]{1,3}[\s:：.、]"
    r"|(?:图|图片|照片|插图|Photo|Image|Caption)\s*[:：])[^\n。]{1,60}。?",
    re.I,
)
MAX_BELOW = 30
"""Han characters of the longest line without a full stop that is the words to a picture."""
_PICTURED = re.compile(r"caption|tuzhu|tushuo|(?:img|pic|photo)[-_]?(?:desc|info|text|note|title)")
_HUNK = re.compile(r"^(?:@@ [^\n]{1,80}@@[^\n]*|```diff[^\n]*)\n", re.M)
_EXCHANGED = re.compile(r"^- ?([^-\s][^\n]{5,})\n(?:[ \t]*\n)?\+ ?([^\n]{6,})$", re.M)
MIN_SAME = 0.5
"""So much of an old line stands in the new one of a patch."""


def passages_of_markup(sheet: str) -> list[TextPassage]:
    """The passages of a sheet in Markdown; blocks without markup keep their lines as they are."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.disable(["code", "lheading", "reference", "list", "blockquote", "autolink"])
    sheet = _without_open_marks(sheet)
    sheet = _without_drawn(sheet) if 'aria-hidden="true"' in sheet else sheet
    lines = sheet.split("\n")
    tokens = parser.parse(sheet)
    found: list[TextPassage] = []
    for at, token in enumerate(tokens):
        if token.level == 0 and token.map is not None:
            source = "\n".join(lines[slice(*token.map)])
            found += _of_token(token, source, tokens[min(at + 1, len(tokens) - 1)])
    passages: list[TextPassage] = []
    above, over, under = "", "", ""
    marked = any(passage.text.startswith("#") for passage in found)
    for passage, after in pairwise([*found, TextPassage("")]):
        kind = "" if passage.kind == "centred" else passage.kind
        if above and not kind:
            sorts = marked and above == "picture"
            kind = _kind_below(passage, after.text, marked=sorts)
            alone = over.startswith("#") and (not after.text or after.text.startswith("#"))
            kind = "" if alone and len(passage.text) > MAX_BELOW else kind  # the story of a photo
        kind = kind or _kind_between(passage, over, under, after, marked=marked)
        over, under = passage.text or over, kind or passage.kind
        if passage.text.strip() or kind == "picture":
            above = kind if kind in ("picture", "caption") else ""
        if passage.text.strip():
            passages.append(TextPassage(passage.text.lstrip("# " * bool(kind)), kind))
    return _together(passages)


_MARKS = (
    (re.compile("(<!--)"), "-->"),
    (re.compile(r"(<!\[CDATA\[)"), "]]>"),
    (re.compile(r"(<script\b(?:[^>\n]{0,200}>)?)", re.I), "</script"),
    (re.compile(r"(<style\b(?:[^>\n]{0,200}>)?)", re.I), "</style"),
    (re.compile(r"(<textarea\b(?:[^>\n]{0,200}>)?)", re.I), "</textarea"),
    (re.compile(r"(<![A-Za-z]+)"), ">"),
)
"""What CommonMark takes for markup until it ends, however much text that is."""


def as_patched(text: str) -> str:
    """A text as a patch in it makes it; the lines that it takes out stand at the end."""
    old = list[str]()

    def new(one: re.Match[str]) -> str:
        if overlap(one[1], one[2]) < MIN_SAME:
            return one[0]
        old.append(one[1])
        return one[2]

    if head := _HUNK.search(text):
        above, text = text[: head.end()], text[head.end() :]
        old = re.findall(r"^-(?!-- )(.+)$", text, re.M)
        text = above + re.sub(r"^(?:-(?!-- )[^\n]*\n?|\+(?!\+\+ )| )", "", text, flags=re.M)
    else:
        text = _EXCHANGED.sub(new, text)
    told = f'\n\n<figure class="tool">{escape(" ".join(old))}</figure>'
    return text + told * bool(old)


_BOLD = re.compile(
    r"^(?:(?:[-*+•●]|\d{1,2}[.、)])[ \t]+)?\*\*"
    r"(?![（(]?[一二三四五六七八九十①-⑳]|[（(【\[]?[主副引肩眉]标?题[）)】\]：:])"
    r"([^*\n。，：]{4,40})\*\*[ \t]*\n(?=\s*([^\n]*))",
    re.M,
)

_OVER = re.compile("#{1,6}(?=[ \\t])")
LESS = 0.3
"""A crosshead has less of its words in the text below."""


def with_bold_headings(sheet: str) -> str:
    """The sheet with lines in bold type made headings, where most stand over a story's start; lower
    ones where the text below does not say what they say.

    Below a marked heading they are briefs where all the texts do, else crossheads.
    """
    marks: dict[int, str] = {}
    lines = [one for one in _BOLD.finditer(sheet) if not is_credit(one[1])]
    for over, found in groupby(lines, lambda x: sheet.rfind("\n#", 0, x.start())):
        rows = [*found]
        said = [overlap(x[1], x[2]) for x in rows]
        news = [opens_story(x[2]) or is_credit(x[2].strip("* ")) for x in rows]
        if marked := _OVER.match(sheet, over + 1):
            least = MIN_SAME if any(x[0][:2] == "**" for x in rows) else LESS  # or a list
            briefs = len(rows) > 1 and min(said) >= least and not any(news)
            marks |= {x.start(): marked[0] for x in rows if briefs}
        elif 2 * sum(news) >= len(rows):
            low = [share < LESS and not begins for share, begins in zip(said, news, strict=True)]
            marks |= {x.start(): "#" * (2 + one) for x, one in zip(rows, low, strict=True)}
    dress = {at: f"{mark} {{}}\n" for at, mark in marks.items()}
    return _BOLD.sub(lambda x: dress.get(x.start(), x[0]).format(x[1]), sheet)


def _without_drawn(sheet: str) -> str:
    """The sheet without the formulas that KaTeX draws once more, for the eye."""
    body = LexborHTMLParser(sheet).body
    if body is None:
        return sheet
    for node in body.css('[aria-hidden="true"]'):
        node.decompose()
    return (body.html or "").removeprefix("<body>").removesuffix("</body>")


def _without_open_marks(sheet: str) -> str:
    """The sheet with each mark that does not end made a figure around the paragraph behind it.

    One that ends beyond a heading or a blank line begins a line of its own, as CommonMark wants it.
    """
    for mark, end in _MARKS:
        parts = mark.split(sheet)
        for at in range(2, len(parts), 2):
            text = parts[at].partition("\n\n")[0] if end == ">" else parts[at]
            if end not in text.lower():
                parts[at] = parts[at].lstrip()
                is_heading = parts[at].startswith("#")
                parts[at - 1] = "\n\n" if is_heading else '\n\n<figure class="unclosed">'
            elif re.search(r"\n\s*[\n#]", text.lower().partition(end)[0]):
                parts[at - 1] = f"\n{parts[at - 1]}"
        sheet = "".join(parts)
    return sheet


def _of_token(token: "Token", source: str, inline: "Token") -> list[TextPassage]:
    """The passages of one block of Markdown."""
    if token.type == "html_block":
        return list(_of_html(source))
    if token.type == "table_open":
        return [TextPassage(clean_text(re.sub(r"\||:?-{3,}:?", " ", source)), "table")]
    if token.type in ("heading_open", "paragraph_open") and MARKUP.search(source):
        return _of_inline(inline, token)
    if token.type == "fence":
        return [TextPassage(token.content)]
    return [] if token.type == "hr" else [TextPassage(source)]


def _together(passages: list[TextPassage]) -> list[TextPassage]:
    """Passages of text that follow each other as one, a blank line between them."""
    found: list[TextPassage] = []
    for passage in passages:
        if found and not (found[-1].kind or passage.kind):
            found[-1] = TextPassage(f"{found[-1].text}\n\n{passage.text}")
        else:
            found.append(passage)
    return found


def _of_inline(inline: "Token", opening: "Token") -> list[TextPassage]:
    """A heading or paragraph without its marks; a picture in front makes the rest its caption."""
    children = inline.children or []
    parts: list[str] = []
    pictures: list[str] = []
    for child in children:
        tag = _TAG.match(child.content) if child.type == "html_inline" else None
        name = tag[1].lower() if tag else ""
        if child.type == "image" or name == "img":
            pictures.append("" if name else child.content)
        elif name == "br":
            parts.append("\n\n" if ends_sentence("".join(parts)) else "\n")
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type in ("text", "code_inline"):
            parts.append(child.content.replace("\xa0", " "))
    text = "".join(parts).strip("\n ")
    found = [TextPassage(alt, "caption") for alt in pictures if len(han(alt)) > 4]
    found += [TextPassage("", "picture")] * bool(pictures)
    if opening.type == "heading_open":
        return [*found, TextPassage(f"{opening.markup} {' '.join(text.split())}")]
    leads = bool(pictures) and children[0].type in ("image", "html_inline")
    captioned = leads and len(text) <= MAX_CAPTION
    return [*found, TextPassage(clean_text(text) if captioned else text, "caption" * captioned)]


def _kind_below(passage: TextPassage, after: str, *, marked: bool) -> str:
    """The kind of what stands below a picture: its words, text, or either (`unsure`).

    Right below it, where headings are `marked`, a short line without a full stop is none.
    """
    text = passage.text.strip()
    if _is_caption(text) or _FIGURE.fullmatch(text) or kind_of(text) == "caption":
        return "caption"
    if passage.kind == "centred" and len(text) <= MAX_CAPTION:
        return "caption"
    if not marked or text[:1] in "#—-" or is_credit(text) or opens_story(text) or "\n" in text:
        return ""
    if not re.search("[。！？：]", text):
        return "caption" if 0 < len(han(text)) <= MAX_BELOW else ""
    one = len(re.findall("[。！？]", text)) == 1 and len(han(text)) <= 1.5 * MAX_BELOW
    return "" if not one else "caption" if opens_story(after.strip()) else "unsure"


def _kind_between(
    passage: TextPassage, over: str, under: str, after: TextPassage, *, marked: bool
) -> str:
    """The kind of a line that stands over a table, as its title, or in the middle of a story."""
    text, below = passage.text.strip(), after.text.strip()
    if (after.kind == "table" or _TABLE_NOTE.fullmatch(below)) and _TABLE_HEADING.fullmatch(text):
        return "table"
    if text[:1] == "#" or "\n" in text or is_credit(text) or opens_story(text):
        return ""
    short = 0 < len(han(text)) <= MAX_BELOW and not re.search("[，。！？：:]", text)
    noted = "table" in (under, after.kind) and _TABLE_NOTE.fullmatch(text)
    if noted or (after.kind == "table" and (short or _TABLE_TITLE.fullmatch(text))):
        return "table"
    # Centred in a story, where headings are marked, it is none.
    inside = over[:1] not in ("", "#") and below[:1] not in ("", "#") and not opens_story(below)
    inside = inside and "centred" not in (under, after.kind)  # a poem
    return "caption" if marked and inside and short and passage.kind == "centred" else ""


def _is_caption(text: str) -> bool:
    """Whether the text below a picture says who took it."""
    return len(text) <= MAX_CAPTION and bool(TAKEN_BY.search(text.strip()))


def _of_html(html: str) -> Iterator[TextPassage]:
    """The passages of a piece of HTML."""
    check_depth(html, "the text")
    body = LexborHTMLParser(html).body
    if body is not None:
        yield from _of_element(body)


def _of_element(node: LexborNode) -> Iterator[TextPassage]:
    """The passages of an element, in the order of its text."""
    tag = node.tag or ""
    look = " ".join(str(value) for value in node.attributes.values()).lower()
    if re.fullmatch("h[1-6]", tag):
        yield TextPassage(f"{'#' * int(tag[1])} {element_text(node)}")
    elif tag == "table" and not node.css_first("h1, h2, h3, p + p"):
        yield TextPassage(element_text(node), "table")
    elif tag == "figure" and look in ("tool", "unclosed", "table"):
        yield TextPassage(element_text(node), look)
    elif "center" in look and node.css_first("div > div[style*='center']:only-child"):
        yield TextPassage(element_text(node), "caption")  # as PaddleOCR-VL writes captions
    elif tag in ("figure", "figcaption", "caption") or (tag != "body" and _PICTURED.search(look)):
        yield from (TextPassage("", "picture"), TextPassage(element_text(node), "caption"))
    else:
        yield from _of_children(
            node, centred=(tag == "center" or "center" in look) and not node.css_first("b, strong")
        )


def _of_children(node: LexborNode, *, centred: bool) -> Iterator[TextPassage]:
    run: list[str] = []
    child = node.first_child
    while child is not None:
        name = child.tag or ""
        if name == "img" or name in BLOCKS:
            yield from _of_run(run, centred=centred)
            yield from [TextPassage("", "picture")] if name == "img" else _of_element(child)
        elif name == "-text":
            run.append(child.text(deep=False) or "")
        elif name not in SILENT:
            run.append("\n" if name == "br" else element_text(child))
        child = child.next
    yield from _of_run(run, centred=centred)


def _of_run(run: list[str], *, centred: bool) -> Iterator[TextPassage]:
    """The text between two blocks, emptied."""
    lines = [clean_text(line) for line in "".join(run).split("\n")]
    text = "\n".join(line for line in lines if line)
    run.clear()
    if text:
        yield TextPassage(text, ("caption" if _is_caption(text) else "centred") * centred)
