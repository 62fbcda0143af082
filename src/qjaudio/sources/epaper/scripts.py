"""Contents that a site keeps in JSON or in its scripts: which pages there are, and their articles.

No site is like another here. What tells an article is that a title and an address (or the text
itself) stand side by side; what tells a page is a number beside a list of articles.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.text import han, number
from qjaudio.sources.epaper.markup import clean_text

PageCode = tuple[str, int]
"""Section and number of a page: `("A", 1)`; the section is empty where a paper has none."""

_TOKENS = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?\*/|[\[\]{}]", re.S
)
_VALUE_BEFORE = re.compile(r"[=(:,?]\s*$|\breturn\s*$")
_PERSON = re.compile(r'"name": ("[^"]{2,80}")')
_INDEX = re.compile(r"\[\s*[\"']?([A-D]?\d{1,2})[\"']?\s*\]\s*=\s*$")
_PARSED = re.compile(
    r"(?:JSON\.parse\(|=)\s*(\"[\[{][\[{\s]*(?=\\)(?:[^\"\\]|\\.)*\"|'[\[{][\[{\s]*\"(?:[^'\\]|\\.)*')\s*[);\n]",
    re.S,
)
_ASKED = re.compile(r"(?:\bfetch|\bget|\bgetJSON)\(\s*[\"'`]([^\"'`\s<>{}$+]{3,200})[\"'`]\s*[,)]")
"""The address of an answer that a script asks for whole."""
_JSON_NAME = re.compile(
    r"[\"'`]([^\"'`\s<>{}$+]{1,200}\.(?:json|xml)(?:\?[^\"'`\s<>]{0,100})?)[\"'`]", re.I
)
_NUMBERED = re.compile(r"[\[\"']\s*[\"']?0{1,2}1(?:[\"']?\s*,\s*[\"']?\d{2,3}){1,199}[\"'\]]")
MAX_SCRIPT = 2_000_000
MAX_VALUES = 60
"""Values of one script that are looked at."""
_DEEPEST = 200
MAX_ENTRIES = 200_000
"""Lists, objects and their members that are looked at."""

_PAGE_CODE = re.compile(r"第?\s*([A-Za-z]?)[\s_-]?0*(\d{1,3})\s*版?")
_SURE_CODE = re.compile(r"[A-Z]\d{1,2}|[A-Z]?0\d{1,2}")
"""A value that can only be the number of a page: `A1`, `01`."""
_PLACE_KEY = re.compile(
    r"page|ban|bc$|layout|edition|paper_?n|pnum|^(?:no|num|number|p|b|ver)$|版", re.I
)
_NO_PLACE_KEY = re.compile(r"id$|count|total|size|width|height|sum|date|issue|qi$|x$|y$", re.I)
_LABEL = re.compile(r"^第?\s*([A-Z]?)\s*0*(\d{1,3})\s*版", re.I)
_TITLE_KEY = re.compile(r"title|headline|subject|bt$|biaoti|caption|标题", re.I)
_ADDRESS_KEY = re.compile(r"href|url|link|path|file|addr|src|地址", re.I)
_DOCUMENT_NAME = re.compile(
    r"(?:https?:)?/{0,2}[^\s<>\"'{}|\\^`一-鿿]{1,300}?\.(?:s?html?|aspx?|jsp|php|do)(?:[?#]\S{0,300})?"
    r"|(?:https?:/)?/[^\s<>\"'{}|\\^`一-鿿]{0,200}\d[^\s<>\"'{}|\\^`.一-鿿]{0,200}",
    re.I,
)
_ROLES = {
    "kicker": re.compile(r"intro|pre|shoulder|yin|kick|jian|引题|肩题", re.I),
    "deck": re.compile(r"sub|fu_?t|futi|deck|second|副题", re.I),
    "author": re.compile(r"author|writer|zuozhe|reporter|作者|记者", re.I),
}
_ESCAPED = re.compile(r"&(?:amp;)?lt;/?[a-z]", re.I)
_IDS = ("id", "Id", "ID")
_MIN_TITLE = 4
_MIN_TEXT = 12
"""Han characters of the shortest text that an entry may hold itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article or, where it has no title, a page that JSON or a script names."""

    title: str = ""
    address: str = ""
    """As written."""
    place: PageCode | None = None
    """The page of an article, or the number of a page."""
    text: str = ""
    """The article itself as HTML or plain text, where the entry holds it."""
    kicker: str = ""
    deck: str = ""
    author: str = ""


def json_names(script: str) -> list[str]:
    """The addresses of JSON that a script names or asks for whole."""
    script = script[:MAX_SCRIPT]
    return list(dict.fromkeys([*_JSON_NAME.findall(script), *_ASKED.findall(script)]))


def json_values(text: str, address: str) -> list[Any]:
    """The values of a JSON document, also in the brackets of a call (JSONP), or of one of XML.

    Raises:
        NotAnIssueError: it is nested deeper than any table of contents, or broken XML.
    """
    try:
        return [json.loads(text)]
    except RecursionError as error:
        reason = f"{address} is nested too deeply"
        raise NotAnIssueError(reason, hint="give the pages as files with --from PATH") from error
    except ValueError:
        if not text.lstrip().startswith("<?xml"):
            return list(script_values(text))
    from qjaudio.sources.document import xml_fields  # late: it reads articles by this package

    return [xml_fields(text.encode(), address)]


def numbered_pages(script: str, url: str) -> Iterator[tuple[str, int]]:
    """The addresses of the pages that a script numbers `"01,02,03"`, made from that of one."""
    for found in _NUMBERED.finditer(script[:MAX_SCRIPT]):
        codes = re.findall(r"\d+", found[0])
        head, folder, name = url.rsplit("/", 2)
        own = [code for code in codes if re.search(rf"(?<!\d){code}(?!\d)", name)]
        own = own or [code for code in codes if code == folder]
        if [*map(int, codes)] != [*range(1, len(codes) + 1)] or len(own) != 1:
            continue
        token = re.compile(rf"(?<!\d){own[0]}(?!\d)")
        # A folder of digits alone is a day, unless it is what tells the pages apart.
        is_day = folder.isdigit() and token.search(name)
        for at, code in enumerate(codes, 1):
            inside = folder if is_day else token.sub(code, folder)
            yield f"{head}/{inside}/{token.sub(code, name)}", at


def script_values(script: str) -> Iterator[Any]:
    """The lists and objects that a script holds as literals."""
    import chompjs

    script = script[:MAX_SCRIPT]
    pieces = [_string_value(found[1]) for found in _PARSED.finditer(script)]
    pieces += _literals(script)
    for piece in pieces[:MAX_VALUES]:
        try:
            yield chompjs.parse_js_object(piece)
        except (ValueError, RecursionError):
            continue


def _string_value(literal: str) -> str:
    """What a string of a script holds: a text of JSON."""
    if literal[0] == "'":
        return re.sub(r"\\(['\\])", r"\1", literal[1:-1])
    with contextlib.suppress(ValueError):
        return str(json.loads(literal))
    return ""


def _literals(script: str) -> list[str]:
    """The texts of lists and objects that stand where a value may stand, outermost first."""
    found: list[str] = []
    start = depth = 0
    for token in _TOKENS.finditer(script):
        if token[0] in "[{":
            if depth == 0:
                if not _VALUE_BEFORE.search(script, max(0, token.start() - 20), token.start()):
                    continue
                start, deepest = token.start(), 0
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}" and depth:
            depth -= 1
            if depth == 0 and deepest <= _DEEPEST and token.end() - start > 20:
                value = script[start : token.end()]
                index = _INDEX.search(script, max(0, start - 40), start)  # pages[2] = {…}
                found.append(f'{{"{index[1]}": {value}}}' if index else value)
    return found


def entries_in(value: Any) -> list[Entry]:
    """The articles and pages that a value names, in its order."""
    found: list[Entry] = []
    stack: list[tuple[Any, PageCode | None]] = [(value, None)]
    pages, beside = _pages_by_id(value), set[int]()
    seen = 0
    while stack and seen < MAX_ENTRIES:
        seen += 1
        one, place = stack.pop()
        if isinstance(one, list):
            row = _entry_of_row(one, place)
            if row:
                found.append(row)
            else:
                rows = [item for item in one if isinstance(item, dict)]
                entries = (_entry_of_object(item, place) for item in rows)
                if any(entry and entry.title for entry in entries):
                    beside |= {id(item) for item in rows}
                stack += [(item, place) for item in reversed(one) if isinstance(item, list | dict)]
        elif isinstance(one, dict):
            named = (v for k, v in _scalars(one).items() if _PLACE_KEY.search(k) and k[-2:] in _IDS)
            place = _place_of(one) or place or next((pages[v] for v in named if v in pages), None)
            entry = _entry_of_object(one, place, listed=id(one) in beside)
            if entry:
                found.append(entry)
            stack += [
                (item, place_in(str(key)) or place)
                for key, item in reversed(one.items())
                if isinstance(item, list | dict)
            ]
    return found


def _pages_by_id(value: Any) -> dict[str, PageCode]:
    """The pages that objects name, by the ids by which articles elsewhere may name them."""
    found: dict[str, set[PageCode]] = {}
    stack, seen = [value] if isinstance(value, list | dict) else [], 0
    while stack and seen < MAX_ENTRIES:
        seen += 1
        one = stack.pop()
        inner = one.values() if isinstance(one, dict) else one
        stack += [item for item in inner if isinstance(item, list | dict)]
        if isinstance(one, dict) and (place := _place_of(one)):
            for key, text in _scalars(one).items():
                if key[-2:] in _IDS:
                    found.setdefault(text, set()).add(place)
    return {text: next(iter(places)) for text, places in found.items() if len(places) == 1}


def place_in(text: str) -> PageCode | None:
    """The page that a short text names: `01`, `A2`, `第03版`."""
    found = _PAGE_CODE.fullmatch(text.strip()[:20])
    return (found[1].upper(), int(found[2])) if found and int(found[2]) else None


def _scalars(one: Mapping[str, Any]) -> dict[str, str]:
    """The values that are text or whole numbers, as text."""
    return {
        str(key): str(value).strip()[:200_000]
        for key, value in one.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _place_of(one: Mapping[str, Any]) -> PageCode | None:
    texts = _scalars(one)
    for text in texts.values():
        label = _LABEL.match(text[:20])
        if label and len(text) <= 24 and number(label[2]):
            return label[1].upper(), number(label[2]) or 0
    able = [key for key in texts if not _NO_PLACE_KEY.search(key)]
    named = [key for key in able if _PLACE_KEY.search(key)]
    if not named and any(isinstance(value, list) for value in one.values()):
        named = [key for key in able if _SURE_CODE.fullmatch(texts[key])]
    return next((place for key in named if (place := place_in(texts[key]))), None)


def _entry_of_object(
    one: Mapping[str, Any], place: PageCode | None, *, listed: bool = False
) -> Entry | None:
    """What an object names: an article by its title, a page by its number alone.

    One that is `listed` among articles may have nothing but its title.
    """
    texts = _scalars(one)
    address = _address_among(texts)
    text = max(texts.values(), key=lambda value: len(han(value)), default="")
    text = text if len(han(text)) >= _MIN_TEXT and re.search("[。！？]", text) else ""
    roles = {
        role: next((v for k, v in texts.items() if pattern.search(k) and _TITLE_KEY.search(k)), "")
        for role, pattern in _ROLES.items()
    }
    title = _title(texts, {*roles.values(), text, address})
    if not title and address and place and _place_of(one):
        return Entry(address=address, place=place)
    called = any(_TITLE_KEY.search(key) for key, value in texts.items() if value == title)
    nests = any(isinstance(item, list) and item for item in one.values())
    listed = listed and called and len(han(title)) >= _MIN_TITLE and not nests
    if not title or not (address or text or listed):
        return None
    people = json.dumps({k: v for k, v in one.items() if _ROLES["author"].search(k)})
    named = [str(name) for name in _PERSON.findall(people)]  # of a list of persons, as in JSON-LD
    author = next((v for k, v in texts.items() if _ROLES["author"].search(k) and len(v) <= 40), "")
    author = author or " ".join(json.loads(name) for name in named)
    return Entry(
        title=_plain(title),
        address=address,
        place=place,
        text="" if address else text,
        kicker=_plain(roles["kicker"]),
        deck=_plain(roles["deck"]),
        author=_plain(author),
    )


def _title(texts: Mapping[str, str], taken: set[str]) -> str:
    """The value that is called a title; where none is, the only one that can be."""
    able = {
        key: value
        for key, value in texts.items()
        if len(han(value)) >= 2 and len(value) <= 300 and value not in taken
    }
    called = [value for key, value in able.items() if _TITLE_KEY.search(key)]
    if called:
        return called[0]
    kept = [(key, value) for key, value in able.items() if not _LABEL.match(value)]
    others = [v for k, v in kept if not (_PLACE_KEY.search(k) or _ROLES["author"].search(k))]
    return others[0] if others and len(han(others[0])) >= 5 else ""


def _address_among(texts: Mapping[str, str]) -> str:
    able = {key: value for key, value in texts.items() if _DOCUMENT_NAME.fullmatch(value)}
    called = [value for key, value in able.items() if _ADDRESS_KEY.search(key)]
    return next(iter([*called, *able.values()]), "")


def _entry_of_row(one: list[Any], place: PageCode | None) -> Entry | None:
    """An article as a row of values: its address, its title, at times its page."""
    texts = {str(at): str(v).strip() for at, v in enumerate(one[:20]) if isinstance(v, str | int)}
    if len(texts) < 2 or len(texts) < len(one[:20]):
        return None
    address = _address_among(texts)
    titles = [v for v in texts.values() if len(v) <= 300 and not _LABEL.match(v)]
    title = max(titles, key=lambda value: len(han(value)), default="")
    if not address or len(han(title)) < 2:
        return None
    own = next((p for v in texts.values() if (p := place_in(v))), None)
    return Entry(title=_plain(title), address=address, place=own or place)


def unescaped(text: str) -> str:
    """HTML that its system escaped once more than JSON asks for."""
    for _ in range(2):
        text = unescape(text) if "<" not in text and _ESCAPED.search(text) else text
    return text


def _plain(text: str) -> str:
    return clean_text(unescape(re.sub(r"<[^<>]{0,200}>", " ", unescaped(text))))


def article_html(entry: Entry) -> str:
    """An article that JSON holds whole, as a page that says what each part of it is."""
    text = unescaped(entry.text)
    if "<" not in text:
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    parts = {"PreTitle": entry.kicker, "Title": entry.title, "SubTitle": entry.deck,
             "Author": entry.author}  # fmt: skip
    head = "".join(f'<p id="{name}">{escape(part)}</p>' for name, part in parts.items() if part)
    return f'<html><body>{head}<div id="ozoom">{text}</div></body></html>'


def addresses_of(entry: Entry, page: str, data: str) -> list[str]:
    """Where an entry's document may lie, likeliest first.

    Scripts put addresses together: a bare name may lie in the folder of its page, beside the page
    that is shown, or beside the JSON.
    """
    bases = [page, data]
    folder, _, name = urlsplit(page).path.rpartition("/")
    sign = re.search(r"([A-Za-z]?)(0*)([1-9]\d?)$", folder)
    if entry.place and sign and "/" not in entry.address:
        section, count = entry.place
        digits = f"{count:0{len(sign[2] + sign[3])}}"
        folders = [f"{folder[: sign.start()]}{letter}{digits}" for letter in (section, sign[1])]
        bases = [*(urljoin(page, f"{one}/{name}") for one in folders), *bases]
    return list(dict.fromkeys(urljoin(base, entry.address) for base in bases))
