"""What OCR tools and chat models write, sorted: text, headings, captions, tables, their own talk.

LaTeX becomes what is printed: `$32.5\\%$` is 32.5%, never dollars. A sheet without markup passes as
it is; `rich_text` reads the others. The words of the tools are in rules/tools.toml,
their markup in rules/markup.toml.
"""

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import takewhile

from qjaudio import rules
from qjaudio.paper.drafts import BULLETS
from qjaudio.paper.lines import folio_page, is_credit, is_label, kind_of, opens_story
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import HAN, number, overlap
from qjaudio.sources.model import MARKUP, MAX_CAPTION, TextPassage

_RULES = rules.phrases("tools")
_MARKUP = rules.phrases("markup")


@dataclass(frozen=True, slots=True)
class SortedSheet:
    """The passages of one page; number 0 where no mark tells it."""

    number: int
    passages: tuple[TextPassage, ...]


_LONG_BLANK = re.compile(r"([ \t\u3000]{40})[ \t\u3000]+|(\n{40})\n+")
MIN_SPACED = 0.8
"""Share of neighbouring Han characters with a space between them where OCR spaced all letters."""
_SHIFTED = re.compile(r"<(sup|sub)>\s*([0-9+\-]{1,4})\s*</\1>", re.I)
_FENCED = re.compile(r"^[ \t]*(```+|~~~+)[\w-]*[ \t]*\n(.*?)(?:\n[ \t]*\1[ \t]*$|\Z)", re.M | re.S)
_REGION = re.compile(
    r"<\|ref\|>(?P<label>title|sub_title|text|list|image|figure|table|equation|(?:page_)?(?:header|footer)|page_number|page_footnote|aside_text"
    r"|(?:image|figure|table)_caption)<\|/ref\|>\s*<\|det\|>.{0,400}?<\|/det\|>[ \t]*\n?"
    r"(?P<words>[^<]*(?:<(?!\|ref\|>)[^<]*)*)"
)
"""A region as DeepSeek-OCR writes it: its label, its place, its words up to the next one."""
_OTHER_MARKUP = [(sign, re.compile(one, re.S), way) for sign, one, way in _MARKUP["other"]]
_THOUGHT = re.compile(
    r"\s*(?:<think(?:ing)?>(.{0,50000}?)</think(?:ing)?>"
    r"|---\n((?:[\w-]{1,40}:[^\n]*\n){1,30})---\n)",
    re.S,
)
"""What a model thought, or the facts in YAML that a tool writes above a page."""
_SPACED = re.compile(rf"([{HAN}]) +(?=[{HAN}])")
_CJK = f"{HAN}，。、；：！？“”‘’（）《》【】…—"

_ITEM = re.compile(
    r"[ \t]*(#{1,6}[ \t]+)?(?P<named>(?:新闻|文章|稿件|报道)[ \t]*)?[（(]?"
    r"(?P<place>\d{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳])(?:[.．、:：)）]|(?<=[①-⑳]))[ \t]*(?=\S)"
)
NEAR = 0.3
"""Of the words of a headline so much stands in the text behind it."""
MAX_ITEM = 60  # characters of the longest headline of a list
_HASHES = re.compile(r"^#{1,6}(?!#)", re.M)
_FRONT_MATTER = re.compile(r"^---\n((?:(?:[\w-]{1,40}:|[ \t]*-)[^\n]*\n){1,30})---[ \t]*$", re.M)
_YAML = re.compile(r"^[ \t]*(?:-[ \t]+)?([a-z_]{2,20}):[ \t]*[|>]?-?[ \t]*(.*)$", re.M)
_FACT = re.compile(r"^([\w-]{1,40}):([^\n]*(?:\n[ \t]*-[^\n]*)*)$", re.M)
_PAPER = re.compile(rf"^[{HAN}]{{1,6}}(?:日报|晚报|早报|晨报|时报|周报|报|新闻)$")
_TAGGED = re.compile(r"[ \t]*<[\u4e00-\u9fff]")
_ENDED = re.compile(r"[<\[]/([^<>\[\]\n]{2,11})[>\]]|</?p>|^[ \t]*<([^<>\n/]{2,11})>[ \t]*$", re.M)
"""The end of a tagged field, paragraphs in it, and a tag alone on its line, as around a story."""
_DECORATED = re.compile(
    "^([ \t]*(?:#{1,6}[ \t]*)?(?:\\*\\*)?)[\U0001f000-\U0001faff\u2705\u2728\u2b50]+\ufe0f?[ \t]*",
    re.M,
)
"""A picture of a character that a model writes before a line."""
_NOTHING = ("", "无", "暂无", "未署名", "未标注", "未注明", "未知", "空")
_SECTION = re.compile(_RULES["section"]["pattern"])
MIN_TEXT = 30  # characters of the shortest line that begins the text of a story below its fields
_FIRST_FIELDS = ("headline", "kicker", "page", "paper", "left_out")
_NAME = r"(?:稿件|文章|新闻|报道)?([\u4e00-\u9fff]{2,4}|ID|[A-Z][A-Za-z]{2,11}"
_FIELD = re.compile(
    r"^[^\w\n【\[<〖]{0,12}(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、)）\ufe0f\u20e3 ]{1,3})?"
    rf"[^\w\n【\[<〖]{{0,12}}(?:[【\[<〖]{_NAME}|[a-z]{{4,11}})[】\]>〗]|{_NAME})[ \t*]*[:：=#])"
    r"[ \t*]*[:：=]?[ \t*]*(.*?)[ \t*]*$"
)
"""`标题：…`, `【标题】…`, `**标题：** …`, `1. **标题**：…`, `<标题>…`, `TITLE=…`."""


@cache
def _patterns(table: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row) for row in _RULES[table][name])


def sort_sheets(text: str) -> list[SortedSheet]:
    """The sheets that page marks of a tool part, each sorted into passages."""
    text = _LONG_BLANK.sub(r"\1\2", text)
    if "\n+" in text or "\n@@ " in text:
        from qjaudio.sources.rich_text import as_patched  # late: as below

        text = as_patched(text)
    for sign, pattern, simpler in _OTHER_MARKUP:
        text = pattern.sub(simpler, text) if sign in text else text
    if "<|ref|>" in text:
        told = re.findall(r"<\|ref\|>page_number<\|/ref\|>[^\n]*>\s*(\d{1,3})\b", text)
        mark = f"[Page {told[0]}]\n" if len(told) == 1 else ""
        text = mark + _REGION.sub(_region, text).rstrip("\n")
    if "<|" in text or "[[" in text:
        for pattern in _patterns("mark", "patterns"):
            text = pattern.sub("", text)
    text = re.sub(r"(?m)^[ \t]*(\d{1,3})[ \t]*\n\s*-{5,}[ \t]*$", r"[Page \1]", text)
    rows = [(line, _page_mark(line)) for line in text.split("\n")]
    filled = [mark is None for line, mark in rows if line.strip()]
    if len(filled) > 1 and filled[0] and not filled[-1]:
        rows.reverse()  # the marks stand below their pages
        return [*reversed([*_sheets_of(rows, step=-1)])]
    return [*_sheets_of(rows, step=1)]


def _sheets_of(rows: list[tuple[str, int | None]], *, step: int) -> Iterator[SortedSheet]:
    """The sheets of lines, each behind its marks; with a `step` of -1 the lines go upwards."""
    number, lines, marks = 0, list[str](), list[TextPassage]()
    for line, mark in rows:
        if mark is None:
            lines.append(line)
            continue
        if any(map(str.strip, lines)):
            yield SortedSheet(number, (*marks, *passages_of("\n".join(lines[::step]))))
            marks = []
        number, lines = mark, []
        marks.append(TextPassage(line.strip(), "page_mark"))
    yield SortedSheet(number, (*marks, *passages_of("\n".join(lines[::step]))))


def _region(found: re.Match[str]) -> str:
    """The text of a region without its label; a caption or the place of a picture as a figure."""
    label, words = found["label"], found["words"]
    if label.endswith("_caption") or label in ("image", "figure"):
        return f"\n\n<figure>{' '.join(words.split())}</figure>\n\n"
    return "# " * (label == "title" and words[:1] != "#") + f"{words.strip()}\n\n"


def _page_mark(line: str) -> int | None:
    """The number on a line that begins a page, 0 where it has none; None for another line."""
    bare = line.strip()
    if not 3 <= len(bare) <= 120 or not re.search("[页Pp}]", bare):
        return None
    found = (pattern.fullmatch(bare) for pattern in _patterns("page_mark", "patterns"))
    return next((int(one.groupdict().get("page") or 0) for one in found if one), None)


def passages_of(sheet: str) -> list[TextPassage]:
    """The passages of one sheet, or of one region of it."""
    above, sheet, below = _without_talk(sheet)
    sheet = _simplified(_close_up(sheet))
    if _LATEX.search(sheet):
        sheet = _ESCAPED_MARK.sub(r"\1", print_formulas(sheet))
    passages = [TextPassage(sheet)]
    if MARKUP.search(sheet):  # late: most text has no markup
        from qjaudio.sources.rich_text import passages_of_markup

        passages = passages_of_markup(sheet)
    over, under = ([TextPassage(text, "tool") for text in told] for told in (above, below))
    return _drop_list_numbers([x for x in (*over, *passages, *under) if x.text.strip()])


_PLACE_LABEL = f"【(?:{'|'.join(_RULES['label']['words'])})】"
_SIMPLER = [
    (re.compile(one.replace("{label}", _PLACE_LABEL)), way) for one, way in _MARKUP["simpler"]
]
_RUN_IN = re.compile(
    rf"^[ \t\u3000]*(?P<item>(?:[-*+•●]|\d{{1,2}}[.、)])[ \t]+)?"
    rf"(?P<mark>[{BULLETS}]?)[ \t\u3000]*(?P<dress>\*\*|【|)【?"
    r"(?!\S{0,6}(?:本报|记者|通讯员|[讯电]】)|\d{4}年\S{0,6}\s)"
    r"(?P<title>(?=[^\n]{0,9}[\u4e00-\u9fff]{3})[^\n*，。！？；【】\u3000\t]{4,40}?)(?<!日)(?<!年)"
    rf"(?:】?[：:]?\*\*[ \t]*[：:]?|】|(?=[\u3000\t]| {{2}}| [^ \n]+$))"
    rf"(?P<gap>[ \t\u3000]*)(?=[{HAN}\d“《][^\n]{{20}})",
    re.M,
)
"""A headline before its text on the line: marked, in 【】, bold, or with a wide blank after it."""
_TABULAR = re.compile(
    r"\$*[ \t]*\\begin\{(tabular|array|longtable)\*?\}(.{0,20000}?)\\end\{\1\*?\}[ \t]*\$*", re.S
)
_LATEX = re.compile(r"[$\\]|[\^_]\{|<su[pb]>", re.I)
_ESCAPED_MARK = re.compile(r"\\([!-/:-@\[\]-`{-~])")
"""A mark that Markdown escapes, as in `9\\.43`: after the formulas, no backslash is print."""


def _simplified(sheet: str) -> str:
    """The sheet with fewer kinds of marks."""
    sheet = _DECORATED.sub(r"\1", sheet)
    if "**" in sheet:
        from qjaudio.sources.rich_text import with_bold_headings  # late

        sheet = with_bold_headings(sheet)
    sheet = _with_run_in(sheet)
    for name in ("contents", "aside", "table"):
        sheet = _as_figures(sheet, name, ' class="table"' if name == "table" else _TOOL)
    sheet = "\n\n".join(map(_without_struck, sheet.split("\n\n")))
    sheet = _with_notes(sheet)
    for pattern, simpler in _SIMPLER:
        sheet = pattern.sub(simpler, sheet)
    sheet = _as_figures(_as_figures(sheet, "placeholder", ""), "platform", _TOOL)
    return _TABULAR.sub(_tabular, sheet)


def _with_run_in(sheet: str) -> str:
    """The sheet with headlines that stand before their text, as briefs have them, made headings."""
    if not (found := [*_RUN_IN.finditer(sheet)]):
        return sheet
    short = ("".join(x.strip("#*0123456789.、 ").split()) for x in sheet.split("\n") if len(x) < 24)
    labelled = any(map(is_label, short))
    keys = [one["dress"] or one["mark"] for one in found]
    behind = [overlap(one["title"], sheet[one.end() : one.end() + 60]) for one in found]
    often = Counter(keys)
    known = Counter(key for key, share in zip(keys, behind, strict=True) if share >= NEAR)
    parts, at, listed = list[str](), 0, False
    for key, one in zip(keys, found, strict=True):
        between = sheet[at : one.start()]
        above = between.strip().split("\n")
        joined = "\n\n" in sheet and not between.endswith("\n\n") and len(above[-1]) > MIN_TEXT
        if not at or len(above) > 1:
            listed = joined or above[-1].endswith(("：", ":"))
        near, bold = 2 * known[key] >= often[key] > 0, key == "**"
        alone = bold and near and re.fullmatch(r"#{1,6} .{1,6}", above[-1])  # a label's one brief
        dressed = near if one["gap"] == " " and not one["dress"] else bold or near
        several = often[key] > 1 and (labelled or not one["item"]) and (key or near)
        heads = dressed and not listed and (several or alone or (near and key and not bold))
        parts += [between, f"## {one['title'].strip()}\n\n" if heads else one[0]]
        at = one.end()
    return "".join([*parts, sheet[at:]])


_NOTE = re.compile(r"^[ \t]*([\[［〔【]\d{1,2}[\]］〕】]|[①-⑳])[:：]?[ \t]*(?=\S)", re.M)


def _with_notes(sheet: str) -> str:
    """The sheet with its notes as those of Markdown: `[1] …` below a word with [1] behind it."""
    for mark in dict.fromkeys(_NOTE.findall(sheet)):
        note = rf"^[ \t]*{re.escape(mark)}"
        last = max((x.start() for x in re.finditer(note, sheet, re.M)), default=0)
        if len(above := re.sub(rf"(?<=[{HAN}”》）%％]){re.escape(mark)}", "", sheet[:last])) < last:
            sheet = re.sub(rf"(?m){note}[:：]?[ \t]*", "[^1]: ", above + sheet[last:])
    return sheet


_TOOL = ' class="tool"'
_STRUCK = re.compile(rules.phrases("markup")["struck"], re.S)


def take_struck(part: str) -> tuple[str, str]:
    """A paragraph without the words that are crossed out in it, and these."""
    struck = " ".join(one["old"] for one in _STRUCK.finditer(part))
    return _STRUCK.sub(lambda one: one["new"] or "", part), struck


def _without_struck(part: str) -> str:
    kept, struck = take_struck(part)
    return f"{kept}\n\n<figure{_TOOL}>{escape(struck)}</figure>" if struck else part


def _as_figures(sheet: str, name: str, look: str) -> str:
    """The sheet with what patterns of rules/tools.toml find made figures: it is left out."""
    for pattern in _patterns(name, "patterns"):
        sheet = pattern.sub(
            lambda x: f"\n\n<figure{look}>{escape(' '.join(x[1].split()))}</figure>\n\n", sheet
        )
    return sheet


def _tabular(found: re.Match[str]) -> str:
    """A table of LaTeX as one of HTML with a single cell."""
    # One column is words over each other.
    if found[1] == "array" and "&" not in found[2] and len(found[2]) <= MAX_CAPTION:
        inner = re.sub(r"^\s*\{[^{}]*\}", "", found[2]).replace("\\\\", r"\text{ }")
        return f"${' '.join(inner.split())}$"
    words = " ".join(re.sub(r"\\[A-Za-z]+\*?(?:\{[^{}]{0,40}\})?|[&\\|{}]", " ", found[2]).split())
    return f"\n\n<table><tr><td>{escape(words)}</td></tr></table>\n\n"


def _drop_list_numbers(passages: list[TextPassage]) -> list[TextPassage]:
    """The passages without the numbers of a list of stories, each over the start of a news.

    Where all headings but one are numbered (the name of the paper may stand above), these are such
    a list, too.
    """
    lines = "\n\0\n".join(passage.text for passage in passages if not passage.kind).split("\n")
    filled = [at for at, line in enumerate(lines) if line.strip(" \t\0")]
    found: list[tuple[int, re.Match[str]]] = []
    news = 0
    for place, at in enumerate(filled):
        item = _ITEM.match(lines[at]) if len(lines[at]) <= MAX_ITEM else None
        if not item:
            continue
        below = [lines[n].replace("*", "").strip(" \t\u3000-") for n in filled[place + 1 :][:2]]
        below = [*takewhile(lambda words: words[:1] != "#", below)]
        begins = item["named"] or any(opens_story(words) or is_credit(words) for words in below)
        if begins or item[1]:  # a marked heading may stand over a story without dateline
            found.append((at, item))
            news += bool(begins)
    places = [_place_in_list(item["place"]) for _, item in found]
    marked = sum(bool(item[1] and re.search(r"\d[.．、]\s*$", item[0])) for _, item in found)
    listed = news > 1 or marked > max(1, sum(map(bool, map(_HASHES.match, lines))) - 2)
    told = [_ITEM.match(passage.text) for passage in passages if passage.kind == "tool"]
    gone = {_place_in_list(item["place"]) for item in told if item}  # no stories
    last = max((place or 0 for place in places), default=0)
    if not listed or places != [n for n in range(1, last + 1) if n in places or n not in gone]:
        return passages
    for at, item in found:
        lines[at] = f"{item[1] if news > 1 and item[1] else '# '}{lines[at][item.end() :]}"
    texts = iter("\n".join(lines).split("\n\0\n"))
    return [one if one.kind else TextPassage(next(texts)) for one in passages]


def _place_in_list(mark: str) -> int | None:
    return ord(mark) - ord("①") + 1 if "①" <= mark <= "⑳" else number(mark)


def shift_signs(before: str, text: str, *, up: bool) -> str:
    """m<sup>2</sup> is m2 as everywhere; the power of a number must not become a part of it."""
    if before.isalpha() or not re.fullmatch(r"\s*[0-9+-]{1,4}\s*", text):
        return text
    return raise_signs(text.strip(), up=up)


def _shifted(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    return shift_signs(before, found[2], up=found[1].lower() == "sup")


def _without_talk(sheet: str) -> tuple[list[str], str, list[str]]:
    """What the model says above, the page itself, and what the model says below."""
    thought = _THOUGHT.match(sheet)
    if thought:
        above, rest, below = _without_talk(sheet[thought.end() :])
        day = dict(_FACT.findall(thought[2] or "")).get("date", "").strip(" \"'")
        rest = f"日期：{day}\n\n{rest}" if day else rest
        return [(thought[1] or thought[2]).strip(), *above], rest, below
    fenced = next((f for f in _FENCED.finditer(sheet) if len(f[2]) > 0.5 * len(sheet)), None)
    if fenced:
        around = (sheet[: fenced.start()], sheet[fenced.end() :])
        above, below = ([part.strip()] * bool(part.strip()) for part in around)
        return above, fenced[2], below
    above, parts, below = [], re.split(r"\n[ \t]*\n", sheet.strip("\n")), []
    while len(parts) > 1 and _is_talk(parts[0], "first"):
        above.append(parts.pop(0).strip())
    while len(parts) > 1 and _is_talk(parts[-1], "last"):
        below.insert(0, parts.pop().strip())
    return (above, "\n\n".join(parts), below) if above or below else ([], sheet, [])


def _is_talk(part: str, name: str) -> bool:
    """Whether a paragraph, or each of its lines, is what a model says itself."""
    lines = part.strip().split("\n")
    if len(lines) > 1 and all(_is_talk(line, name) for line in lines):
        return True
    text = _DECORATED.sub("", " ".join(part.strip().removeprefix(">").replace("**", "").split()))
    text = re.sub(r"^(?:[-*_]{3,}\s*\n)?\s*([*_]?)(.*?)\1\s*$", r"\2", text, flags=re.S)
    return len(text) <= MAX_CAPTION and any(p.fullmatch(text) for p in _patterns("talk", name))


def _close_up(sheet: str) -> str:
    """The sheet without the spaces between letters, where OCR spaced all of them."""
    spaced = len(_SPACED.findall(sheet))
    if spaced < 20:
        return sheet
    together = len(re.findall(rf"[{HAN}](?=[{HAN}])", sheet))
    if spaced < MIN_SPACED * (spaced + together):
        return sheet
    return re.sub(rf"(?<=[{_CJK}]) (?=\S)|(?<=\S) (?=[{_CJK}])", "", sheet)


def _names_of_fields() -> dict[str, str]:
    """What each name of a field says, in Chinese and as programs write it."""
    names = {name: kind for kind, row in _RULES["fields"].items() for name in row}
    facts = {key: names[name] for key, name in _RULES["facts"].items()}
    return {**names, **facts, **{key.title(): kind for key, kind in facts.items()},
            **{key.upper(): kind for key, kind in facts.items()}}  # fmt: skip


def _kind_of_field(line: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The kind of a field and its words; of another line none, but for one that names a page."""
    if section := _SECTION.fullmatch(line):
        return ("caption" if section["part"] else "left_out"), line
    if found := _FIELD.match(line):
        kind = names.get(
            found[1] or found[2], "left_out" * (len(line) < MIN_TEXT and bool(_TAGGED.match(line)))
        )
        return kind, line if kind in ("", "left_out") else found[3]
    page = folio_page(_DECORATED.sub(r"\1", line).strip("#* ")) if len(line) < MAX_ITEM else None
    return ("page", str(page)) if page else ("", line)


def pages_of_fields(text: str, source: str) -> list[Page]:
    """Marked pages from an export with names of fields (标题：… 正文：…); none where it is none."""
    facts, names = _RULES["facts"], _names_of_fields()
    is_page = re.search("<(?:html|head|!doctype)", text, re.I)  # its <title> is no field
    names = {name: names[name] for name in names if not (is_page and name.isascii())}
    text = _table_as_fields(text, names)
    if "```y" in text:
        text = _YAML.sub(lambda x: f"{facts.get(x[1], '栏目')}：{x[2].strip('[]')}", text)
    if ("</" in text or "[/" in text) and not is_page:
        text = _ENDED.sub(lambda x: x[0] if x[2] in names else "\n", text)
    lines = _FRONT_MATTER.sub(_facts_as_fields, text).split("\n")
    fields = list(map(_FIELD.match, lines))
    said = {line for part in _without_talk("\n".join(["", *lines]))[2] for line in part.split("\n")}
    if not any(fields) or "\nURL Source:" in text:
        return []
    from qjaudio.sources.epaper.markup import clean_text  # late: few texts have fields

    rows = _with_bodies([("left_out", x) if x in said else _kind_of_field(x, names) for x in lines])
    kinds = [kind for kind, words in rows if kind and (kind != "headline" or words.strip("* "))]
    if not {"headline", "body"} <= {*kinds} or kinds[0] not in _FIRST_FIELDS:
        return []
    pages: dict[int, list[Block]] = {}
    number = 1
    for story in _stories(rows):
        digits = [re.search(r"[1-9]\d?", words) for kind, words in story if kind == "page"]
        number = next((int(found[0]) for found in digits if found), number)
        kept = [(kind, clean_text(words)) for kind, words in story if kind != "page"]
        # The headline begins an article, wherever its field stood.
        kept.sort(key=lambda row: (row[0] not in ("masthead", "paper"), row[0] != "headline"))
        pages.setdefault(number, []).extend(
            Block(lines=(TextLine(text=words),), kind=kind, level=kind == "headline")
            for kind, words in kept
            if words.strip("（）()-—/") not in _NOTHING
        )
    return [
        Page(number=page, blocks=tuple(blocks), source=source, marked=True)
        for page, blocks in sorted(pages.items())
    ]


def _table_as_fields(text: str, names: Mapping[str, str]) -> str:
    """A table of stories, with commas or tabs, as fields, the text last; another as it is."""
    piped = [line.strip().strip("|") for line in text.split("\n") if line.lstrip()[:1] == "|"]
    mark = "|" if piped else max("\t,;", key=text.split("\n", 1)[0].count)
    table = "\n".join(line for line in piped if line.strip("|-: ")) or text
    head = [name.strip(' "*') for name in table.split("\n", 1)[0].split(mark)]
    if not {"headline", "body"} <= {*map(names.get, head)}:
        return text
    with contextlib.suppress(csv.Error):
        rows = [*csv.reader(io.StringIO(table), delimiter=mark, skipinitialspace=True)][1:]
        told = [_RULES["facts"].get(x.lower(), x if x in names else "栏目") for x in head]
        order = sorted(range(len(told)), key=lambda at: names[told[at]] == "body")
        cells = [(told[at], row[at].strip()) for row in rows for at in order if at < len(row)]
        lines = [f"{key}：{re.sub('(?i)<br ?/?>', chr(10), cell)}" for key, cell in cells if cell]
        return "\n".join(lines)
    return text


def _facts_as_fields(found: re.Match[str]) -> str:
    """The facts in YAML above a story as fields; those of a whole page stay as they are."""
    facts = {
        key.lower(): " ".join(re.split(r"\n[ \t]*-", words)).strip(" \t\"'[]")
        for key, words in _FACT.findall(found[1])
    }
    headline = facts.get("title", "")
    if kind_of(headline) or re.search(r"^#", found.string, re.M) or _PAPER.search(headline):
        return found[0]
    named = [(_RULES["facts"].get(key, "栏目"), words) for key, words in facts.items()]
    return "".join(f"{name}：{words}\n" for name, words in named if words) + "\n正文：\n"


def _with_bodies(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows of fields, the first long line below a story's fields as its text.

    A heading over fields is no text; one over text belongs to it, and to a text whose parts are
    not named: then there are no rows.
    """
    headed = "body" in {kind for kind, _ in rows}  # then every text is named
    found, below = list[tuple[str, str]](), ""
    for kind, words in reversed(rows):
        rule = re.fullmatch(r"[ \t]*[-*_]{3,}[ \t]*", words)
        if kind not in ("", "left_out"):
            below = "headline" if kind == "headline" else below or kind
        elif words.startswith("#") and below == "text" and not headed:
            return []
        elif not kind and len(words) > MIN_TEXT and not words.startswith("#"):
            below = "text"
        over = rule or (words.startswith("#") and below != "text")
        found.append(("left_out" if over and not kind else kind, words))
    found.reverse()
    before = ""
    for at, (kind, words) in enumerate(found):
        named = not headed and before not in ("", "body", "caption")
        if named and not kind and len(words) > MIN_TEXT:
            found[at] = ("body", words)
        before = found[at][0] if found[at][0] not in ("", "left_out") else before
    return found


def _stories(rows: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Kind and words of the lines of each story: one begins with the first field after a text."""
    stories: list[list[tuple[str, str]]] = [[]]
    body = False
    for kind, words in rows:
        again = kind == "headline" and any(row[0] == "headline" for row in stories[-1])
        if kind and kind != "left_out" and (body or again):
            stories.append([])
            body = False
        body = body or kind == "body"
        signs = "byline" if is_credit(words.strip("*_ ")) else "masthead"
        shown = "masthead" if kind == "left_out" else kind or ("body" if body else signs)
        stories[-1].append((shown, words))
    return stories


_FORMULA = re.compile(
    r"\$\$(?P<a>[^$]{1,400}?)\$\$|\\\[(?P<b>[^$]{1,400}?)\\\]|\\\((?P<c>[^$\n]{1,400}?)\\\)"
    r"|(?<!\\)\$(?P<d>(?:\\\$|[^$\n]){1,200}?)(?<!\\)\$(?!\d)"
)
_BARE = re.compile(
    r"[!-~]{0,80}(?:\\[A-Za-z]{2,}|[\^_]\{)[!-~]*(?: [!-~]{0,80}(?:\\[A-Za-z]|[\^_]\{)[!-~]*)*"
)
"""A run of ASCII that holds a command or a raised group, without dollars around it."""
_HAN_OR_MARK = re.compile("[\u3400-\u9fff，。；：！？、]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*")
_GROUPED = re.compile(
    r"\\(?:math[a-z]+|text(?:rm|bf|it|sf|tt|up|normal)?|operatorname|rm|bf|it|mbox|hbox|boldsymbol|emph"
    r"|(?:under|over)(?:line|brace)|wide(?:hat|tilde)|hat|bar|tilde|vec|dot|boxed|fbox)(?![a-z])\s*"
)
_CIRCLED = re.compile(r"\\textcircled\s*\{\s*(?:\\[a-z]+\s*)?(\d{1,2})\s*\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_RAISED = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|[A-Za-z0-9+\-*]))")
_SIGNS: dict[str, str] = _MARKUP["latex"]
_UP = dict(zip("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True))
_DOWN = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))


def print_formulas(text: str) -> str:
    """A text with its formulas as they are printed; what is not understood stays as it is."""
    text = _SHIFTED.sub(_shifted, text)
    if "$" in text or "\\" in text:
        text = _FORMULA.sub(_of_match, text)
    if "\\" in text or "^{" in text or "_{" in text:
        text = _BARE.sub(lambda found: _print_formula(found[0]) or found[0], text)
    return text


def raise_signs(text: str, *, up: bool) -> str:
    """Digits and signs as those that stand above or below the line."""
    signs = _UP if up else _DOWN
    return "".join(signs.get(char, char) for char in text)


def _of_match(found: re.Match[str]) -> str:
    formula = next(part for part in found.groups() if part is not None)
    # Between two prices there is text: $100，共$200 is not a formula; \[1\] is a mark.
    marked = any(mark in formula for mark in "\\^_{")
    if not marked and (found["b"] or _HAN_OR_MARK.search(formula)):
        return found[0]
    printed = _print_formula(formula)
    return formula.strip() if printed is None else printed  # never with dollars around it


def _print_formula(formula: str) -> str | None:
    """A formula as print shows it; None where it holds what we cannot show."""
    kept: list[str] = []
    text = re.sub(
        r"\\text(?:rm|bf|it|normal)?\s*\{([^{}]*)\}", lambda f: _keep(kept, f[1]), formula
    )
    text = _CIRCLED.sub(lambda f: chr(0x245F + int(f[1])) if 0 < int(f[1]) < 21 else f[1], text)
    text = _GROUPED.sub("", text).replace("~", "")
    for _ in range(3):  # groups inside groups
        text = _FRACTION.sub(r"\1/\2", text)
        text = _RAISED.sub(_raise, text)
    unknown = [name for name in _COMMAND.findall(text) if name not in _SIGNS]
    if unknown or "^" in text or "_" in text:
        return None
    text = _COMMAND.sub(lambda found: _SIGNS[found[1]], text)
    text = re.sub(r"[{}\s]+", "", text).replace("°C", "℃")
    return re.sub("[\ue000-\ue0ff]", lambda found: kept[ord(found[0]) - 0xE000], text)


def _keep(kept: list[str], words: str) -> str:
    """A place for words that keep their spaces."""
    if len(kept) > 0xFF:
        return words
    kept.append(words)
    return chr(0xE000 + len(kept) - 1)


def _raise(found: re.Match[str]) -> str:
    """What stands above or below the line."""
    inner = (found[2] if found[2] is not None else found[3]).replace(" ", "")
    if inner in ("\\circ", "°", "\\prime", "\\prime\\prime", "st", "nd", "rd", "th"):
        return {"\\prime": "′", "\\prime\\prime": "″", "\\circ": "°"}.get(inner, inner)
    if not inner:
        return ""
    if found[1] == "^" and inner.startswith("\\circ"):
        return "°" + inner.removeprefix("\\circ")
    signs = _UP if found[1] == "^" else _DOWN
    if all(char in signs for char in inner):
        return "".join(signs[char] for char in inner)
    if found[1] == "^" and inner in ("\\%", "%"):
        return "%"
    return found[0].replace(" ", "") if "\\" in inner or found[1] == "^" else inner
