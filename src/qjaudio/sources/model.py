"""The Protocol of a source, what there is to know beside a location, and the files of an issue."""

import datetime
import filecmp
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf
from pathlib import Path
from statistics import median
from typing import Protocol, runtime_checkable

from qjaudio import rules
from qjaudio.errors import NotAnIssueError, way_out
from qjaudio.paper.lines import folio_page, kind_of
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import RADICALS, Box, Doubt, Span, box_around, compact, letters, number

MAX_ISSUE_CHARS = 600_000
"""All text of an issue: 40 pages in full have about that."""
FALLBACK, BY_LOOK = 0, 10
"""Priorities: of a source that takes what all others leave, and of one that knows its locations by
their look (a suffix, a scheme)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext:
    """What a source is made from; one that needs none of it ignores it."""

    date: datetime.date | None = None
    """The day whose issue is asked for, where the user named one."""
    cache: Path | None = None
    """A folder that keeps what was fetched before; None where nothing is to be kept."""
    hosts: tuple[str, ...] = ()
    """Hosts that may be asked beside that of the location: others of the same paper."""
    user_agent: str = ""
    """What to call ourselves to a site; empty = as the program does."""


@runtime_checkable
class Source(Protocol):
    """Something that can read the pages of one issue from a location.

    Its class is named by an entry point of the group `qjaudio.sources`, and is called with a
    `SourceContext`.
    """

    @property
    def name(self) -> str:
        """Its short name: `text`."""

    @property
    def priority(self) -> int:
        """Of several sources that accept a location, the one with the highest priority reads it.

        Those of the program have 10, and `text` as the fallback 0; equals are asked by name.
        """

    def accepts(self, location: str) -> bool:
        """Whether it can read this location, judged by its look alone."""

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages in their order, or raise NotAnIssueError."""


@dataclass(frozen=True, slots=True)
class TextPassage:
    """A stretch of a sheet: text with Markdown headings, or something of a certain kind."""

    text: str
    kind: str = ""
    """`caption`, `table`, `page_mark` or `tool`; empty for text, `unsure` for what may be one of
    these, `unclosed` for what stands behind a mark that does not end."""


MAX_FILES = 200
MAX_CAPTION = 160
"""Characters of the longest caption."""
MARKUP = re.compile(r"<[A-Za-z/!]|!\[|&#?\w{2,10};|^\s*\|.*\|\s*$|\*\*|^\s*```|\]\(", re.M)
TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".mmd", ".text")

_COPY = re.compile(
    r"^(?:copy of |副本[-_ ]*)"
    r"|(?:[-_ ]+|(?= *[(（]))[(（]?(?:(?:another|\d+\w\w) )?copy *[(（]?\d*[)）]?$"
    r"|[-_ ]*[(（]?(?:的)?副本 *[(（]?\d*[)）]?$",
    re.IGNORECASE,
)
"""What file managers add to the name of a copy: ` - Copy (2)`, ` (another copy)`, ` - 副本`."""

_DRAFT = re.compile(r"_(?:ori|det|nohf)$")
"""How DeepSeek-OCR and dots.ocr name a second form of the same page."""
_MIN_COPY = 400
"""Bytes that two pages have in common by chance, at most: 130 characters, as of notices."""

HEAD = 0.1
"""Share of the page's height in which a folio stands, at the top."""
CORNER = 0.06
"""A bare number as 03 is the page's where it stands no further from the edge of its text, as a
share of that width: beside it stands nothing, but the day of a date does not begin there."""
_IN_CORNER, _LARGE_NUMBER = re.compile("0[1-9]"), re.compile("[A-D]?0?([1-9][0-9]?)")
LARGE_NUMBER = 1.6
"""Any number in the corner is the page's where it is set so many times as large as most lines."""
SPREAD_RATIO = 1.2
"""A sheet that is so many times as wide as high shows two pages; a single one measures 0.7."""
SPREAD_SLACK = 0.01
"""Nothing but a fold picture or rule goes over its middle, but for this share of its width."""
MIN_SPREAD_LINES, MIN_SIDE_SHARE = 60, 0.15
"""Fewest lines of such a sheet whose pages are not both named, and the least share on either."""
_FOLIO = re.compile(
    r"(?:^|(?<![今日本期共转接转到]))第?[A-D]?0?(?P<page>[1-9]\d?|[一二三四五六七八九十]{1,3})版(?!面)"
)
MAX_HEAD_LINE = 80
"""Characters of the longest line of a page's head."""
_COUNT = re.compile(r"(?:今日|本期|今天|共)[\d一二三四五六七八九十]+版")
_DATE_IN_NAME = re.compile(r"(?:19|20)\d{2}[-_.年]?\d{2}[-_.月]?\d{2}日?")
_PAGE_IN_NAME = re.compile(
    r"(?:^|[^0-9a-z.]|(?<!\d)\.|(?<![a-z])(?:[a-uw-z]|page|pg|no|scan|img|image|pic|photo|sheet|ban|file))0*(\d{1,2})(?:版.*)?$",
    re.I,
)
"""A number that ends a word, as in base64 or ocrv5, is a part of that word."""
MAX_FACTS = 400
"""Characters at the top of a text in which its facts stand."""
_PAGE_AS_FACT = re.compile(
    r"(?:^|\n)[\W_]*(?:版[面次号]|页码)[^\w\n]+第?0{0,2}(\d{1,2}|[一二三四五六七八九十]{1,3})版"
)
OF_PAGE = re.compile(
    r"第?0?(?P<page>\d{1,2}|[一二三四五六七八九十]{1,3})版[^/\d]{0,12}/"
    r"|[^/]*/(?:第?0?(?P<named>\d{1,2})版|[A-D]0?(?P<section>\d{1,2}))(?=[-_ ]\d)"
)
"""How the name of a file begins that holds one of the stories of a page, behind its folder."""
_RANK = re.compile(r"[\W_]*\d{0,2}[-_ .、]*(?:[头\d二三四五六]条)?")
"""The place of a story on its page, before its headline in the name of a file."""
_GUIDED = re.compile(r"[▶►▷→>见]+[A-D]?\d{1,2}版|(?:导读|导览|要目|看点|提要).*")
"""Where a guide (▶3版, 见3版, 今日导读) says on which page something stands."""


class FileSource:
    """What sources of files share: they go by suffixes, and a file says all there is to know."""

    suffixes: tuple[str, ...] = ()
    priority = BY_LOOK

    def __init__(self, _context: SourceContext | None = None) -> None:
        """Nothing is needed."""

    def accepts(self, location: str) -> bool:
        """Whether a location has one of the suffixes, or is a folder that holds such files."""
        if not location or "://" in location:
            return False
        path = Path(location)
        if not is_folder(path):
            return path.suffix.lower() in self.suffixes
        try:
            return self.takes_folder(path)
        except OSError:
            return False

    def takes_folder(self, folder: Path) -> bool:
        """Whether it reads a folder; one that also holds pages of text is the text source's."""
        return bool(pages_in(folder, self.suffixes)) and not pages_in(folder, TEXT_SUFFIXES)


class ApartSource(FileSource):
    """What sources share whose files are read in a process of their own.

    `sheets_of` in the module of the source reads the pages of one file there.
    """

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages one by one.

        Raises:
            NotAnIssueError: nothing there, broken, too large, or no text on it.
            MissingPartError: the pages are pictures and the extra `scan` is not installed.
        """
        from qjaudio.sources import apart  # late: all sources are asked, few read

        sheets = apart.read_apart(type(self).__module__, files_of(location, self.suffixes))
        return number_pages(with_text(sheets, location))


def is_folder(path: Path) -> bool:
    """Whether a folder lies at a path; False for one that the system does not take."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def advice_on(path: Path) -> str:
    """What to do with a file of a kind that is not read; empty for other files."""
    suffix = path.suffix.lower()
    rows = rules.phrases("tools")["refused"]
    return next((str(row["hint"]) for row in rows if suffix in row["suffixes"]), "")


def _advice_on_folder(folder: Path) -> str:
    """The same for the first such file in a folder."""
    advice = ((path, advice_on(path)) for path in sorted(folder.iterdir()))
    return next((f"{path.name}: {hint}" for path, hint in advice if hint), "")


def files_of(location: str, suffixes: tuple[str, ...]) -> list[Path]:
    """The file, or the files of the folder in natural order (page10 after page2).

    Raises:
        NotAnIssueError: there is none, or there are too many for one issue.
    """
    path = Path(location)
    try:
        folder = path.is_dir()
        single = [path] if path.is_file() else []
        found = pages_in(path, suffixes) if folder else single
        if folder and not found:  # a folder for each page, with its stories
            pages = [one for one in pages_in(path) if OF_PAGE.match(f"{one.name}/")]
            found = [story for page in pages for story in pages_in(page, suffixes)]
    except (OSError, ValueError) as error:
        raise unreadable_pages(path, error) from error
    if not found and folder:
        raise NotAnIssueError(
            f"{location} holds no pages of text",
            hint=_advice_on_folder(path) or "put the day's pages there as page1.txt, page2.txt, …",
        )
    if not found:
        raise NotAnIssueError(f"there is no file {location}", hint="check the path")
    if len(found) > MAX_FILES:
        reason = f"{location} holds {len(found)} files"
        raise NotAnIssueError(reason, hint="give the pages of one issue")
    _check_copies(found)
    return found


def _check_copies(paths: list[Path]) -> None:
    """Make sure that no page is there twice: by a copy's name, in a second format, or in bytes."""
    first: dict[str, Path] = {}
    for path in paths:
        if path.stem in first:
            raise _twice(first[path.stem], path)
        first[path.stem] = path
    for path in paths:
        original = first.get(_COPY.sub("", path.stem), path)
        if original != path:
            raise _twice(original, path)
    for one, other in combinations(paths, 2):
        if _is_same_file(one, other):
            raise _twice(one, other)


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes, and enough of them for that not to be chance."""
    try:
        size = one.stat().st_size
        return size == other.stat().st_size > _MIN_COPY and filecmp.cmp(one, other, shallow=False)
    except OSError:  # it will be told when it is read
        return False


def _twice(path: Path, copy: Path) -> NotAnIssueError:
    return NotAnIssueError(
        f"{copy.name!r} and {path.name!r} look like the same page",
        hint="keep one of them in the folder; if both are pages, give them names of their own",
    )


def read_within(path: Path, limit: int, *, may_be_empty: bool = False) -> bytes:
    """The bytes of a file; NotAnIssueError: empty, more than `limit`, or unreadable."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, for ever
            raise NotAnIssueError(f"{path.name!r} is not a file", hint="take it out of the folder")
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise unreadable_pages(path, error) from error
    if not raw and not may_be_empty:
        raise NotAnIssueError(f"{path.name} is empty", hint="copy or download it again")
    check_size(raw, path.name, limit)
    return raw


def check_size(raw: bytes, name: str, limit: int) -> None:
    """Raise NotAnIssueError for more than `limit` bytes."""
    if len(raw) > limit:
        raise NotAnIssueError(
            f"{name} is larger than {limit // 1_000_000} MB",
            hint="give the pages of one issue, one file a page; PDFs in screen quality",
        )


def with_text(pages: Iterator[Page], location: str) -> Iterator[Page]:
    """The pages one by one; NotAnIssueError at the end, when none of them held text."""
    found = False
    for page in pages:
        found = found or bool(page.blocks)
        yield page
    if not found:
        reason = f"no text found in {Path(location).name}"
        raise NotAnIssueError(reason, hint="scan the pages upright, at 200 to 300 dpi")


def pages_in(folder: Path, suffixes: tuple[str, ...] = ()) -> list[Path]:
    """What may be a page by its suffix (any, where none is named), in natural order."""
    files = [
        path
        for path in folder.iterdir()
        if (not suffixes or path.suffix.lower() in suffixes)
        and not path.name.startswith((".", "~"))
        and not path.stem.lower().startswith(("readme", "说明"))
    ]
    stems = {path.stem for path in files}
    drafts = (path for path in files if _DRAFT.sub("", path.stem) in stems - {path.stem})
    return sorted({*files} - {*drafts}, key=lambda path: natural_order(path.name))


def natural_order(name: str) -> list[tuple[int, str]]:
    """What names are sorted by so that page10 comes after page2."""
    ranked = re.sub("^[头二三四五六七八九]条", lambda x: f"{number(x[0][0]) or 1}条", name.lower())
    parts = re.split(r"(\d+)", ranked)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts if part]


def unreadable_pages(path: Path, error: Exception) -> NotAnIssueError:
    """The error for what the system does not let us read."""
    reason = getattr(error, "strerror", None) or str(error)
    return NotAnIssueError(
        f"cannot read {path.name!r}: {reason}",
        hint=way_out(error, "check the path and its permissions"),
    )


def halves(page: Page) -> tuple[Page, ...]:
    """The two pages of a sheet that shows two side by side; any other page as it is."""
    boxes = [line.box for block in page.blocks for line in block.lines]
    if not boxes or any(box is None for box in boxes):
        return (page,)
    known = [box for box in boxes if box is not None]
    left, right = min(box.left for box in known), max(box.right for box in known)
    if right - left < SPREAD_RATIO * (max(box.bottom for box in known) - min(b.top for b in known)):
        return (page,)
    middle = (left + right) / 2
    slack = SPREAD_SLACK * (right - left)
    over = [box for box in (*known, *page.pictures, *page.rules) if box.left < middle - slack]
    if any(box.right > middle + slack for box in over):
        return (page,)
    sides = [_side(page, middle, after=False), _side(page, middle, after=True)]
    shares = [len(side.blocks) / len(known) for side in sides]
    named = len(boxes) >= MIN_SPREAD_LINES or all(folio_of(x) or _is_front(x) for x in sides)
    return tuple(sides) if named and min(shares) > MIN_SIDE_SHARE else (page,)


def _side(page: Page, middle: float, *, after: bool) -> Page:
    def here(box: Box | None) -> bool:
        return box is not None and (box.middle > middle) == after

    return replace(
        page,
        blocks=tuple(block for block in page.blocks if here(block.lines[0].box)),
        rules=tuple(box for box in page.rules if here(box)),
        pictures=tuple(box for box in page.pictures if here(box)),
    )


def number_pages(pages: Iterable[Page]) -> Iterator[Page]:
    """Give each page a rising number: what its folio says, else one more than the page before.

    A sheet with two pages side by side is two; the outer one has the last page left of the first.
    """
    last = 0
    for page in _in_order([halves(sheet) for sheet in pages]):
        found = folio_of(page)
        last = found if found and found > last else last + 1
        yield replace(page, number=last)


def _in_order(sheets: list[tuple[Page, ...]]) -> list[Page]:
    """The pages of sheets as their folios count, where each has its own; else as they lie."""
    pages = [page for sheet in sheets for page in sheet]
    folios = [folio_of(page) or 0 for page in pages]
    if folios.count(0) == 1 and 1 not in folios and _is_front(pages[folios.index(0)]):
        folios[folios.index(0)] = 1
    if len(pages) == len(sheets) or 0 in folios or len({*folios}) < len(folios):
        return pages
    return [page for _, page in sorted(zip(folios, pages, strict=True), key=lambda row: row[0])]


def _is_front(page: Page) -> bool:
    """Whether a page says how many pages the issue has, as only the first one does."""
    lines = (compact(line.text) for block in page.blocks for line in block.lines)
    return any(len(line) < MAX_HEAD_LINE and _COUNT.search(line) for line in lines)


def folio_of(page: Page) -> int | None:
    """The page number printed at the top of a page (`第二版`, `03版`), or in its corner (`03`).

    In a head with a guide to several pages, or with their count, only `第二版` and `02版` count.
    Where the head has none, its foot counts (`03` in the corner), or a line upright in its margin.
    What a program took for the head or foot of a page is that, wherever it stands.
    """
    lines = [line for block in page.blocks for line in block.lines if line.box]
    whole = box_around(line.box for line in lines if line.box) if lines else Box(0, 0, 0, 0)
    usual = median(line.box.height for line in lines if line.box) if lines else 0.0
    corner, found = None, list[str]()
    rows = [(line, block.kind == "banner") for block in page.blocks for line in block.lines]
    rows = [row for row in rows if row[0].box or row[1]]
    rows.sort(key=lambda row: row[0].box.top if row[0].box and not row[1] else -inf)
    for line, is_told in rows:
        box = line.box or whole
        if not is_told and box.top > max(HEAD * whole.bottom, whole.top + 3 * usual):
            break
        text = compact(line.text).translate(RADICALS)
        bare = _GUIDED.sub("", _COUNT.sub("", text))
        if len(text) < MAX_HEAD_LINE and (named := _FOLIO.search(bare)):
            found.append(named[0])
        aside = min(box.left - whole.left, whole.right - box.right) < CORNER * whole.width
        outer = aside or is_told
        large = box.height > LARGE_NUMBER * usual and _LARGE_NUMBER.fullmatch(text)
        if outer and (large or _IN_CORNER.fullmatch(text)):
            corner = int(text.lstrip("ABCD"))
    if len(found) > 1 or (found and _is_front(page)):
        found = [each for each in found if re.match("第|[A-D]?0", each)]
    named = _FOLIO.search(found[0]) if found else None
    return number(named["page"]) if named else corner or _folio_elsewhere(lines, whole)


def _folio_elsewhere(lines: list[TextLine], whole: Box) -> int | None:
    """The page number that a line of its own names at the foot of a page, or upright beside it."""
    for line in lines:
        box = line.box or whole
        text = compact(line.text)
        at_foot = box.bottom > whole.bottom - 0.2 * HEAD * whole.height
        outer = min(box.left - whole.left, whole.right - box.right) < CORNER * whole.width
        if at_foot and outer and _IN_CORNER.fullmatch(text):
            return int(text)
        if at_foot or (outer and box.is_tall):
            named = folio_page(text)
            if named and len(text) < MAX_HEAD_LINE:
                return named
    return None


def with_page_number(lines: list[TextLine]) -> list[TextLine]:
    """The lines with a page number in large type between 第 and 版 put together to one."""
    for digits in lines:
        if digits.box is None or not re.fullmatch(r"[A-D]?[0-9]{1,2}", digits.text):
            continue
        beside = [line for line in lines if line.box and _on_baseline(line.box, digits.box)]
        before = [line for line in beside if line.text.endswith("第")]
        after = [line for line in beside if line.text.startswith("版")]
        if len(before) == len(after) == 1:
            three = (before[0], digits, after[0])
            text = "".join(line.text for line in three)
            box = box_around(line.box for line in three if line.box)
            whole = TextLine(text=text, box=box, size=before[0].size)
            return [whole, *(line for line in lines if line not in three)]
    return lines


def _on_baseline(box: Box, digits: Box) -> bool:
    near = max(box.left - digits.right, digits.left - box.right) < digits.height
    return near and abs(box.bottom - digits.bottom) < 0.3 * digits.height


MAX_HEADLINE = 60
"""Characters of the longest headline in several lines."""
SAME_SIZE = 0.95
"""Of the larger of two sizes: programs that read a scan measure one line a little smaller."""


def join_headings(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, headings in type of one size right under each other as the lines of one."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else block
        lines = (*last.lines, *block.lines) if found else block.lines
        sizes = [line.size or 0.0 for line in lines]
        alike = block.level and last.level and min(sizes) > SAME_SIZE * max(sizes)
        apart = any(kind_of(line.text) or line.text[0] in "（(【[" for line in lines)
        said = sum(len(line.text) for line in lines)
        if found and alike and said < MAX_HEADLINE and not apart:
            found[-1] = replace(last, lines=lines)
        else:
            found.append(block)
    return found


MOST_SKIPPED = 16
"""Pages between two that are there; a larger step is a number of something else."""


def page_in_name(stem: str) -> int:
    """The number of the page that the name of a file ends with; 0 where it has none."""
    found = _PAGE_IN_NAME.search(_DATE_IN_NAME.sub("", stem))
    return int(found[1]) if found else 0


def page_in_head(text: str) -> int:
    """The page that the first line of a text names beside its paper or its day, or that a fact in
    its first lines tells (`| 版次 | 第4版 |`); 0 for none.

    It is a running head, or what a model says before the text of the page.
    """
    if fact := _PAGE_AS_FACT.search(text[:MAX_FACTS]):
        return number(fact[1]) or 0
    line = text.strip().partition("\n")[0]
    told = re.findall(r"(?<![上下转接见])第 ?(\d{1,2}|[一二三四五六七八九十]{1,3}) ?版", line)
    headed = len(line) <= MAX_HEAD_LINE and re.search(r"\d日|报纸|版面|图片|《.{2,8}》", line)
    return number(told[0]) or 0 if len(told) == 1 and headed else 0


def _with_stories(pages: list[Page]) -> list[Page]:
    """The pages; files with a story each (`01版-02-新桥通车`, `01版/2-新桥通车`) as their page."""
    names = [f"{Path(page.source).parent.name}/{Path(page.source).stem}" for page in pages]
    found = [OF_PAGE.match(name) for name in names]
    keys = {one[0] if one else str(at) for at, one in enumerate(found)}
    several = len({page.source for page in pages}) == len(pages) > len(keys)
    if not several or (len(keys) == 1 and min(keys).endswith("/")):
        return pages
    joined: list[Page] = []
    last = ""
    for one, name, page in zip(found, names, pages, strict=True):
        if not one:
            joined.append(page)
            continue
        here = number(next(filter(None, one.groups()))) or 0
        story = replace(page, number=here, blocks=_headed_by_name(page.blocks, name[one.end() :]))
        before = joined.pop() if one[0] == last else replace(story, blocks=(), doubts=())
        over = sum(len(block.lines) for block in before.blocks)
        moved = tuple(
            replace(x, where=replace(x.where, line=x.where.line + over))
            for x in page.doubts
            if isinstance(x.where, Span)
        )
        whole, last = (*before.blocks, *story.blocks), one[0]
        joined.append(replace(before, blocks=whole, doubts=before.doubts + moved))
    return joined


def _headed_by_name(blocks: Sequence[Block], name: str) -> tuple[Block, ...]:
    """The blocks of a story, its headline the line near its top that the file's name repeats."""
    title = letters(_RANK.sub("", name, count=1))
    heads = [letters(block.lines[0].text) * (len(block.lines) == 1) for block in blocks[:4]]
    same = (head[3:] and title[3:] and (title in head or head in title) for head in heads)
    at = next((at for at, so in enumerate(same) if so), -1)
    return tuple(
        replace(block, level=1 + (n < at)) if n <= at else block for n, block in enumerate(blocks)
    )


def give_numbers(pages: list[Page]) -> list[Page]:
    """The pages in order, each with a number: its own where each has another, else its place.

    A number that is far from the others is in doubt.
    """
    pages = _with_stories(pages)
    own = {page.number for page in pages}
    if len(own - {0}) == len(pages):
        pages = sorted(pages, key=lambda page: page.number)
    numbers: list[int] = []
    for page in pages:
        last = numbers[-1] if numbers else 0
        numbers.append(page.number or last + 1)
    if len(own - {0}) == sum(page.number > 0 for page in pages) and len({*numbers}) < len(pages):
        free = iter(sorted({*range(1, max(own) + len(pages))} - own))  # for those without a number
        pages = [page if page.number else replace(page, number=next(free)) for page in pages]
        pages.sort(key=lambda page: page.number)
        numbers = [page.number for page in pages]
    if not all(0 < after - before <= MOST_SKIPPED for before, after in pairwise(numbers)):
        numbers = [*range(1, len(pages) + 1)]
    return [_numbered(page, number) for page, number in zip(pages, numbers, strict=True)]


def _numbered(page: Page, number: int) -> Page:
    here = [
        replace(one, where=replace(one.where, page=number)) if isinstance(one.where, Span) else one
        for one in page.doubts
    ]
    if page.number <= number + MOST_SKIPPED:  # sections begin again: A01, B01
        return replace(page, number=number, doubts=tuple(here))
    rule = rules.phrases("tools")["doubt"]["page_number"]
    why = rule["why"].format(told=page.number, taken=number)
    where, what = Span(number, 0, 0, 0), Path(page.source).name
    doubt = Doubt(kind=rule["kind"], where=where, what=what, why=why)
    return replace(page, number=number, doubts=(*here, doubt))
