"""One article page: which of its text is title, author, paragraph, caption, and its blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio import rules
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.lines import is_credit, is_label, names_of_credit, opens_story
from qjaudio.paper.model import Block, TextLine
from qjaudio.paper.text import HAN, compact, ends_sentence, han, letters, overlap
from qjaudio.sources.epaper.address import selectors
from qjaudio.sources.epaper.markup import (
    BLOCKS,
    MAX_DEPTH,
    SILENT,
    BodyPart,
    SiteRecord,
    WebLine,
    body_parts,
    clean_text,
    element_text,
    is_whole_of,
    links_onward,
    mark_hidden,
    names_no_story,
    read_record,
    web_lines,
)

MAX_NODES = 100
"""Elements that one selector may find, such as `.author`."""
MAX_LINES = 1000
MAX_LINKS = 2000
MAX_HEAD = 1000
MAX_ROWS = 30
MAX_ARTICLE = 100_000
"""Characters; the longest report fills two pages of print with 20,000."""
_MOST_ELEMENTS = 60_000
_MOST_BOXES = 8
_MIN_HEADLINE = 4
"""Han characters of the shortest headline that is found by its place alone."""
_TITLE_CLASS = re.compile(r"title|headline|biaoti|(?<![a-z])(?:bt|tit|tt|hd|h1)(?![a-z])", re.I)
_MORE_PROSE = 2
"""How many times as much text elsewhere tells that an element of a known name is not the body."""
_MIN_PROSE = 6
"""Han characters of the shortest run of text that counts as a sentence."""
_SENTENCE = re.compile(r"[。！？；…”，、]")
_SITE_WORDS = re.compile(
    r"版权|备案|ICP|Cookie|未经\S{0,8}(?:授权|许可|允许)|不得转载|举报|浏览器|下载\S{0,6}客户端|扫一扫|扫码"
    r"|二维码\S{0,6}(?:关注|下载|订阅|观看|收看|收听|查看)|原创发布$|建议使用|技术支持|设为首页|经营许可"
)
_MAX_SITE_LINE = 60
_NEARLY_ALL = 0.8
"""Of the text of an element, what a part of it has to hold to be the body alone."""
MAX_BESIDE, LONG_CLAUSE = 80, 20
"""Han characters of the longest kicker or deck, and of a clause that may be the first of a text."""
_MAX_REFUSAL = 30
"""Han characters of a text that a message of the site may be."""
MAX_BRIEF_HEAD = 34
"""Han characters of the longest headline over one of several briefs."""
_PRINTED_ON = re.compile(r"《[^》]{2,20}》\s*[（(][^（）()]{0,40}版[^（）()]{0,10}[）)]")
_NAMED_BESIDE = re.compile(
    rf"(?:作者|记者|通讯员|撰稿)(?:[:：]\s*|\s+)"
    rf"[{HAN}·]{{2,8}}?(?:[ 、，][{HAN}·]{{2,8}}?){{0,3}}"
    r"(?=\s|$|[|｜\d]|(?:字号|字体|来源|发布|时间|日期|阅读|浏览|点击|责?编)[:：])"
)
"""Who wrote it, in a line of the site with the date and the source."""
_NUMBERED = re.compile(
    r"^\W*(?:\d{1,2}(?!\d)|[\[【(（](?:\S{1,3})[\]】)）]|组?图|视频)\W*|\W*(?:20\d\d\W)?\d\d?-\d\d?\W*$"
)
"""What a list sets before or behind a title."""
_DAY = re.compile(r"(?:20\d\d[-/.年])?(?<!\d)\d\d?[-/.月]\d\d?(?!\d)日?(?:\s*\d\d?(?::\d\d)+)?")
_PHOTO_BY = re.compile(r"^(?!.*文).*(?:摄影?|供图|[/／]图)[）)]?$")
_BOLD_LEAD = re.compile(
    rf"(?<=>)((?:\s|&nbsp;)*<(?:strong|b)>[^<>。]{{4,{MAX_BRIEF_HEAD}}}</(?:strong|b)>)(?=(?:\s|&nbsp;)+[^\s<&])",
    re.I,
)
_AUTHOR_WORD = re.compile(r"^(?:作者|记者|通讯员|文字?|撰稿|□|■)\s*[:：|丨｜]\s*")


@dataclass(slots=True)
class WebArticle:
    """The parts of an article page, as the page marks them."""

    address: str
    main: str = ""
    kicker: str = ""
    deck: str = ""
    authors: list[str] = field(default_factory=list)
    """Lines that say who wrote it."""
    parts: list[BodyPart] = field(default_factory=list)
    printed_on: str = ""
    """`《…日报》（2025年5月20日 第1版）`, where the page has such a line."""
    lost: str = ""
    """Why its page could not be read; empty where it could."""
    cut: bool = False
    """Whether its headline is one that the list cut short."""
    running: bool = False
    """Whether its deck is a clause among the lines of its text: perhaps the first of them."""
    outside: int = 0
    """Han characters of sentences on its page that went nowhere."""
    withheld: bool = False
    """Whether the site says that the rest is for readers who pay or log in."""
    goes_on: list[str] = field(default_factory=list)
    """The addresses of further pages of the same article."""


@cache
def _furniture() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row) for row in rules.phrases("epaper")["article"]["furniture"])


def read_article(
    html: str, address: str, *, listed: str = "", paper: str = "", drawn: bool = False
) -> WebArticle:
    """Take an article page apart.

    `listed` is the title under which the page of the paper names it, `paper` the paper's name. A
    title that is `drawn`, on the picture of the page, counts where the article has it, too.

    Raises:
        NotAnIssueError: it is far longer than any article.
    """
    # A brief's headline in bold before its text.
    tree = LexborHTMLParser(_BOLD_LEAD.sub(r"\1</p><p>", html) if is_label(listed) else html)
    mark_hidden(tree)
    _take_out_around(tree)
    facts = read_record(html)
    here = not drawn or (tree.body and letters(listed) in letters(element_text(tree.body)))
    known = [
        text
        for text in (facts.main, listed if here else "")
        if han(text) and not names_no_story(text)
    ]
    article = WebArticle(address)
    body, article.outside = _body_element(tree, address)
    main, article.main = _headline(tree, known, body, address, paper)
    article.main = article.main or listed * drawn
    article.cut = not main and is_whole_of(f"{article.main}x", article.main)
    article.goes_on = links_onward(tree, address)
    article.kicker, article.deck = facts.kicker, facts.deck
    _take_named(tree, article)
    _take_authors(tree, body, article, facts)
    inside = body is not None and (main is None or _contains(body, main.parent))
    if main:
        _take_beside(main, body, article, known, paper, facts.kicker)
    if tree.body and not article.authors:
        _add_authors(article, _signed_around(tree.body, body))
    skip, captions = _skipped(tree, body, main, address)
    parts = body_parts(body, skip, captions)
    article.parts = [part for part in parts if not _is_site_line(part.text)]
    if body and inside:
        _take_inside(body, article, paper)
    _take_refusal(article)
    ours = (part.text for part in parts if _is_site_line(part.text))
    _add_authors(article, [name for text in ours for name in _names_beside(text)])
    if sum(len(part.text) for part in article.parts) > MAX_ARTICLE:
        raise NotAnIssueError(f"{address} is too long for an article", hint="open it in a browser")
    return article


def _take_out_around(tree: LexborHTMLParser) -> None:
    """Take out what the site sets around an article: related news, the comments of readers."""
    for _ in range(_MOST_BOXES):
        found = filter(
            _heads_a_box, tree.css("h2, h3, h4, h5, h6, dt, p, div, span, b")[:MAX_LINES]
        )
        if (box := next(found, None)) is None:
            return
        words, alone = element_text(box, 40), True
        while (outer := box.parent) and element_text(outer, 200).startswith(words):
            if outer.tag in ("body", "html") or outer.css_first("h1"):
                break
            box, alone = outer, False
        linked = _is_called("linked", words)
        while alone and box.next and not (linked and _tells(box.next)):
            box.next.decompose()
        box.decompose()


def _heads_a_box(node: LexborNode) -> bool:
    text = element_text(node, 40)
    if _is_called("linked", text):
        while node.next is None and node.parent and element_text(node.parent, 40) == text:
            node = node.parent
        after = node.next
        while after is not None and not element_text(after, 40):
            after = after.next
        return after is not None and bool(after.css_first("a[href]")) and not _tells(after)
    return _is_called("around", text)


def _is_called(name: str, text: str) -> bool:
    return compact(text[:40]).strip("【】[]：:>»") in rules.phrases("epaper")["article"][name]


def _tells(node: LexborNode) -> bool:
    """Whether an element holds a sentence."""
    return any(map(ends_sentence, (line.text for line in web_lines(node))))


def _first_with_text(tree: LexborHTMLParser, wanted: list[str]) -> LexborNode | None:
    """The first element with Han characters, for the first selector that has one."""
    for selector in wanted:
        for node in tree.css(selector)[:MAX_NODES]:
            if han(element_text(node, MAX_HEAD)):
                return node
    return None


def _body_element(tree: LexborHTMLParser, address: str) -> tuple[LexborNode | None, int]:
    """The element with the text, and how much other text of sentences the page has.

    Of those that the rules name, the one with most; where none has text, or the page has far more
    of it elsewhere, the one in which the sentences stand.
    """
    prose = _Prose(tree)
    for selector in selectors("body", address):
        nodes = tree.css(selector)[:10]
        best = max(nodes, key=lambda node: len(han(element_text(node))), default=None)
        if best is not None and (size := len(han(element_text(best)))):
            if prose.total > _MORE_PROSE * size and prose.of(best) < prose.total / _MORE_PROSE:
                break
            return best, prose.total - prose.of(best)
    found = prose.element()
    return found, prose.total - prose.of(found) if found else 0


class _Prose:
    """Where on a page the sentences stand, that are no links and no words of the site itself."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._weights: dict[int, int] = {}
        self._body = tree.body
        self.total = 0
        for at, node in enumerate(tree.body.traverse(include_text=True) if tree.body else ()):
            if at > _MOST_ELEMENTS:
                break
            if node.tag == "-text":
                self._take(node)

    def _take(self, node: LexborNode) -> None:
        raw = (node.text(deep=False) or "")[:MAX_ARTICLE]
        size = len(han(raw))
        if size < _MIN_PROSE or not _SENTENCE.search(raw) or _SITE_WORDS.search(raw):
            return
        if _is_site_line(clean_text(raw)):
            return
        outer = node.parent
        chain: list[int] = []
        while outer is not None and len(chain) < MAX_DEPTH:
            if outer.tag in SILENT or outer.tag == "a":
                return
            chain.append(outer.mem_id)
            outer = outer.parent
        self.total += size
        for mem_id in chain:
            self._weights[mem_id] = self._weights.get(mem_id, 0) + size

    def of(self, node: LexborNode) -> int:
        """The Han characters of sentences in an element."""
        return self._weights.get(node.mem_id, 0)

    def element(self) -> LexborNode | None:
        """The smallest element that holds nearly all of them, with what stands beside one alone."""
        node = found = self._body
        if node is None or not self.total:
            return None
        while node is not None:
            kid, best = node.first_child, None
            while kid is not None:
                if self.of(kid) >= _NEARLY_ALL * self.of(node):
                    best = kid
                kid = kid.next
            node, found = best, best or found
        # A single paragraph has the rest of its story, verse or names, beside it.
        while found and found.parent and (found.tag == "p" or _fills_parent(found)):
            found = found.parent
            if found.tag in BLOCKS - {"p"}:
                break
        return found


def _fills_parent(node: LexborNode) -> bool:
    """Whether an element within a line is all that its parent holds."""
    inline = node.tag not in BLOCKS and node.tag != "body"
    return inline and node.parent is not None and element_text(node) == element_text(node.parent)


def _headline(
    tree: LexborHTMLParser, known: list[str], body: LexborNode | None, address: str, paper: str
) -> tuple[LexborNode | None, str]:
    """The headline and its element: by its name, and in accord with what is known of the title.

    Where nothing names it, it is what the window is called, else a line above the text: one whose
    class or id speaks of a title, else the nearest.
    """
    named = [
        (name, node)
        for name in ("main", "main_vague")
        for selector in selectors(name, address)
        for node in tree.css(selector)[:MAX_NODES]
        if not _contains(node, body) and _is_title(_head_text(node), paper)
    ]
    sure = (n for _, n in named if not known or any(_agrees(_head_text(n), t) for t in known))
    bare = [_NUMBERED.sub("", title) for title in known]
    main = next(sure, None) or _element_like(tree, [*known, *bare], body)
    main = main or next((node for name, node in named if name == "main"), None)
    window = tree.css_first("title")
    text = re.split(r"\s*[-_|—–]+\s*", clean_text(window.text()) if window else "")[0]
    if main or (known and not any(is_whole_of(text, title) for title in known) | (text in bare)):
        return main, _head_text(main) if main else known[0]
    if _may_be_headline(text, paper):
        return _element_like(tree, [text], body), text
    above: list[LexborNode] = []
    for node in tree.css("div, p, td, span, strong, b, font, center, h4, h5")[:MAX_LINES]:
        if body is None or node.mem_id == body.mem_id:
            break
        inner = _head_text(node) if not _contains(node, body) else ""
        if _may_be_headline(inner, paper) and not node.css_first("a[href], img"):
            above.append(node)
    names = ((node, node.attributes.get(name)) for node in above for name in ("class", "id"))
    called = (node for node, name in names if _TITLE_CLASS.search(name or ""))
    found = next(called, above[-1] if above else None)
    return found, _head_text(found) if found else ""


def _is_title(text: str, paper: str) -> bool:
    long = len(han(text)) > 2 * MAX_BESIDE
    rest = letters(text).removeprefix(letters(paper)) if paper else text
    site = not rest or rest in rules.phrases("epaper")["paper"]["suffixes"]
    return not (not han(text) or long or site or _is_furniture(text))


def _may_be_headline(text: str, paper: str) -> bool:
    able = _MIN_HEADLINE <= len(han(text)) <= MAX_BESIDE and _is_title(text, paper)
    return able and not _is_credit_line(text)


def _element_like(
    tree: LexborHTMLParser, known: list[str], body: LexborNode | None
) -> LexborNode | None:
    """The element that holds the known title, or what a list has cut short, and nothing else."""
    for title in known:
        nodes = tree.css("h1, h2, h3, h4, td, p, div, span, strong, b, font")[:MAX_LINES]
        rows = [(_head_text(node), node) for node in nodes if not _contains(body, node)]
        same = (node for text, node in rows if letters(text) == letters(title))
        whole = [(len(text), at) for at, (text, _) in enumerate(rows) if is_whole_of(text, title)]
        if found := next(same, None) or (rows[min(whole)[1]][1] if whole else None):
            return found
    return None


def _agrees(text: str, title: str) -> bool:
    """Whether a line is the title or a part of it; lists cut titles short."""
    mine, theirs = letters(text), letters(title.rstrip(".…"))
    if not mine or not theirs:
        return False
    return mine in theirs or theirs in mine or overlap(text, title) >= 0.6


def _contains(outer: LexborNode | None, node: LexborNode | None) -> bool:
    while outer is not None and node is not None:
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


def _head_text(node: LexborNode) -> str:
    return element_text(node, MAX_HEAD)


def _take_named(tree: LexborHTMLParser, article: WebArticle) -> None:
    """Kicker and deck where elements carry their names."""
    for role in ("kicker", "deck"):
        node = _first_with_text(tree, selectors(role, article.address))
        text = _head_text(node) if node else ""
        if text and not _is_credit_line(text) and len(han(text)) <= 2 * MAX_BESIDE:
            setattr(article, role, text)


def _take_beside(
    main: LexborNode,
    body: LexborNode | None,
    article: WebArticle,
    known: list[str],
    paper: str,
    recorded: str,
) -> None:
    """Kicker, deck and author from the lines next to the headline."""
    above, own, below = _split_title(web_lines(main, limit=MAX_HEAD), known)
    article.main = " ".join(own)
    row = main
    while (
        row.parent is not None
        and not _contains(row.parent, body)
        and clean_text(_head_text(row.parent)) == clean_text(_head_text(main))
    ):
        row = row.parent
    if not (_contains(row.parent, body) and _contains(body, row)):
        above = [*_lines_near(row, body, forward=False), *above]
        below = [*below, *_lines_near(row, body, forward=True)]
    beside = [*above, *below]
    named = [found for text in beside if _is_furniture(text) for found in _names_beside(text)]
    _add_authors(article, [*filter(_is_credit_line, beside), *named])
    above, below = (
        [text for text in texts if _may_be_heading(text, article, paper)]
        for texts in (above, below)
    )
    # 引题 stands above and 副题 below, whatever the element is called, unless the record agrees.
    kicker = article.kicker if article.kicker not in below or article.kicker == recorded else ""
    article.kicker = kicker or " ".join(above[-2:])
    rest = [text for text in below if text not in article.kicker]
    article.deck = article.deck or " ".join(rest[:3])


def _take_inside(body: LexborNode, article: WebArticle, paper: str) -> None:
    """Kicker and deck from the lines between which the headline stands inside the body."""
    lines = [line.text for line in islice(web_lines(body), MAX_ROWS)]
    main = letters(article.main)
    at = next((n for n, text in enumerate(lines) if letters(text) == main), -1)
    lead = next((n for n, text in enumerate(lines) if opens_story(text) or ends_sentence(text)), -1)
    if not 0 <= at <= 3 or not at < lead <= at + 4:
        return
    beside = [text for text in lines[:lead] if _may_be_heading(text, article, paper)]
    _add_authors(article, [*filter(_is_credit_line, lines[:lead])])
    article.kicker = article.kicker or " ".join(x for x in beside if x in lines[:at])
    inner = " ".join(x for x in beside if x not in lines[:at])
    article.running = not article.deck and "，" in inner and len(han(inner)) >= LONG_CLAUSE
    article.deck = article.deck or inner
    taken = {*beside, *article.authors, *filter(_is_credit_line, lines[:lead]), lines[at]}
    article.parts = [part for part in article.parts if part.text not in taken]


def _split_title(lines: list[WebLine], known: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Lines of a whole title block, parted by the one that is the title."""
    texts = [line.text for line in lines]
    for title in known:
        for size in range(1, len(texts)):
            for start in range(len(texts) - size + 1):
                if letters("".join(texts[start : start + size])) == letters(title):
                    return texts[:start], texts[start : start + size], texts[start + size :]
    return [], texts, []


def _lines_near(row: LexborNode, body: LexborNode | None, *, forward: bool) -> list[str]:
    """The lines of the elements before or after a row, up to the body."""
    texts: list[str] = []
    node = row.next if forward else row.prev
    for _ in range(MAX_ROWS):
        if node is None or _contains(node, body):
            break
        shown = node.tag in BLOCKS or node.tag in ("span", "strong", "b", "font")
        own = [line.text for line in web_lines(node, limit=MAX_HEAD)] if shown else []
        if own and not node.css_first("a[href], img, input, select"):
            texts = [*texts, *own] if forward else [*own, *texts]
        elif forward and own:
            break
        node = node.next if forward else node.prev
    return texts[:6] if forward else texts[-3:]


def _take_refusal(article: WebArticle) -> None:
    """Take out what the site says in place of a text, or of its rest."""
    row = rules.phrases("epaper")["article"]
    alone = sum(len(han(part.text)) for part in article.parts) <= _MAX_REFUSAL
    refusal = re.compile("|".join([*row["refusals"], *[row["refused"]] * alone]))
    kept = [x for x in article.parts if len(x.text) > MAX_BESIDE or not refusal.search(x.text)]
    if len(kept) < len(article.parts):
        told = next(part.text for part in article.parts if part not in kept)
        article.withheld = any(ends_sentence(part.text) for part in kept)
        article.lost, article.parts = ("", kept) if article.withheld else (told, [])


def _is_furniture(text: str) -> bool:
    return any(pattern.search(compact(text)) for pattern in _furniture())


def _names_beside(text: str) -> list[str]:
    return [found[0] for found in _NAMED_BESIDE.finditer(text)]


def _is_site_line(text: str) -> bool:
    """Whether a line of the body is the site's own: 上一篇, 来源, the date and the page."""
    short = len(text) <= _MAX_SITE_LINE and not _SENTENCE.search(text[-1:])
    return short and (_is_furniture(text) or bool(_SITE_WORDS.search(text)))


def _undated(text: str) -> str:
    """A line without the day, where it holds names and nothing else."""
    rest = _DAY.sub(" ", text).strip()
    names = () if rest == text else names_of_credit(rest, role_needed=False)
    return text if not names or any(name[-1] in "报网社版刊" for name in names) else rest


def _is_credit_line(text: str) -> bool:
    pieces = re.split(r"[\s、，]+", text)
    row = len(pieces) > 1 and all(2 <= len(han(x)) == len(x) <= 3 for x in pieces)
    known = is_credit(text) or _AUTHOR_WORD.match(text) or _undated(text) != text
    short = (row or len(han(text)) <= 4) and bool(names_of_credit(text, role_needed=False))
    return short or (bool(known) and len(text) <= 60)


def _may_be_heading(text: str, article: WebArticle, paper: str) -> bool:
    taken = [letters(known) for known in (article.main, paper, *article.authors)]
    if not han(text) or len(han(text)) > MAX_BESIDE or letters(text) in taken or "。" in text:
        return False
    return not (_is_furniture(text) or _is_credit_line(text) or _PRINTED_ON.search(text))


def _take_authors(
    tree: LexborHTMLParser, body: LexborNode | None, article: WebArticle, facts: SiteRecord
) -> None:
    """The lines of the elements for authors, then what the comment says, each once."""
    found = [facts.author] if facts.author else []
    for selector in selectors("author", article.address):
        for node in tree.css(selector)[:MAX_NODES]:
            if not _contains(body, node) and not node.css_first("a[href]"):
                found += [line.text for line in web_lines(node, limit=MAX_HEAD)]
    printed = [match[0] for text in found if (match := _PRINTED_ON.search(text))]
    article.printed_on = printed[-1] if printed else ""
    _add_authors(article, [clean_text(_PRINTED_ON.sub(" ", text)) for text in found])


def _signed_around(page: LexborNode, body: LexborNode | None) -> list[str]:
    """The line that says who wrote it: by its first word, else those at one place around it."""

    def signed(skip: frozenset[int]) -> Iterator[tuple[int, str]]:
        for at, line in enumerate(web_lines(page, skip)):
            texts = _names_beside(line.text) if _is_furniture(line.text) else [line.text]
            names = (text for text in texts if names_of_credit(text) and is_credit(text))
            yield from ((at, x) for x in names if not (_is_furniture(x) or _PHOTO_BY.search(x)))

    called = [text for _, text in signed(frozenset()) if _AUTHOR_WORD.match(text)]
    around = [*signed(frozenset({body.mem_id} if body else ()))]
    apart = bool(around) and around[-1][0] - around[0][0] >= len(around)
    return called[:1] or [text for _, text in around if not apart]


def _add_authors(article: WebArticle, texts: list[str]) -> None:
    for text in map(_undated, texts):
        fresh = all(letters(text) not in letters(other) for other in article.authors)
        if han(text) and len(text) <= 80 and fresh and not _is_furniture(text):
            article.authors.append(text)


def _skipped(
    tree: LexborHTMLParser, body: LexborNode | None, main: LexborNode | None, address: str
) -> tuple[frozenset[int], list[str]]:
    """Elements inside the body that are no text of it, and the captions of all pictures."""

    def apart(name: str) -> list[LexborNode]:
        found = [n for selector in selectors(name, address) for n in tree.css(selector)[:MAX_NODES]]
        return [node for node in found if not _contains(node, body)]

    skip = {main.mem_id} if main is not None and _contains(body, main) else set()
    skip |= {node.mem_id for node in apart("head")}
    pictures = {node.mem_id: node for node in apart("pictures") if node.mem_id not in skip}
    lines = [line.text for n in pictures.values() for line in web_lines(n, limit=MAX_HEAD)]
    return frozenset(skip | {*pictures}), list(filter(han, lines))


def article_blocks(article: WebArticle) -> list[Block]:
    """One article: its headline begins it, even where it is empty; or the briefs of one page."""
    labelled = is_label(compact(article.main))
    heads = [
        at
        for at, (head, text) in enumerate(pairwise(article.parts))
        if (opens_story(text.text) or (labelled and ends_sentence(text.text)))
        and 0 < len(han(head.text)) <= MAX_BRIEF_HEAD and not ends_sentence(head.text)
    ]  # fmt: skip
    if len(heads) > 1 and heads[0] == 0:
        label = [("banner", text) for text in (article.main, article.kicker, article.deck)]
        rows = [
            ("headline" if at in heads else x.kind, x.text) for at, x in enumerate(article.parts)
        ]
        return blocks_of_kinds([*label, *(("masthead", x) for x in article.authors), *rows])
    lines = (TextLine(text=article.main),) if article.main.strip() else ()
    rows = [("kicker", article.kicker), ("deck", article.deck)]
    rows += [("byline", author) for author in article.authors]
    rows += [(part.kind, part.text) for part in article.parts]
    return [Block(lines=lines, level=1, kind="headline"), *blocks_of_kinds(rows)]


def blocks_of_kinds(rows: list[tuple[str, str]]) -> list[Block]:
    """A block for each text, with its kind."""
    return [Block(lines=(TextLine(text=t),), kind=kind) for kind, t in rows if t.strip()]
