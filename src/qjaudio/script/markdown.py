"""script.md: the script as a page that a human reads and edits, and back again.

And the first promise, checked: every spoken sentence is in the paper or is one of our phrases.
"""

import re
from dataclasses import replace
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.paper.digest import short_headline
from qjaudio.paper.model import Issue
from qjaudio.paper.sentences import sentences
from qjaudio.script.compose import headline_line, sentence_lines
from qjaudio.script.model import Line, LineKind, Part, PartKind, Script

_HASHES = re.compile(r"\s*([#＃]+)\s*(.*?)\s*")
_NUMBERED = re.compile(r"^\d+\s*[.．。、,，)）]\s*")
_LIKE_HEADING = re.compile(r"^\W*\d+\W+")
_INSIDE = "\v"
"""Stands in a comment for each line break that it had, so that lines can be counted."""
_COMMENT = re.compile(r"<!--(.*?)-->")
_PAGE = re.compile(r"第(\d{1,4})版(?:[ \t]+(?!记者|供稿|播读)([一-鿿]{2,6})(?=[\s·]|$))?")
_READER = re.compile(r"播读\s*[:：]\s*([^\s|·]\S*)")
_READER_MARK = re.compile(r"播读\s*[:：]")
_FACT_ENDS = r"(?=\s+·|·\s|\s*·(?:第\d|记者|供稿|播读)|\s*\||\s*$)"
"""Where a fact of a comment ends; the point in 阿依古丽·买买提 is none of these."""
_REPORTERS = re.compile(rf"记者\s+([^|]+?){_FACT_ENDS}")
_SIGNOFF = re.compile(rf"供稿\s+([^|]+?){_FACT_ENDS}")
_MARK = re.compile(r"\\|^(?=[#＃]|[-*]\s)|(?<=<)(?=!--)|(?=-->)")
_ESCAPED = re.compile(r"\\([\\#＃*!-])")
_LIST_ITEM = re.compile(r"^[-*]\s+")
_NOT_SAID = re.compile(r"[^0-9A-Za-z%\u3400-\u9fff]")
MAX_CHARS = 600_000
"""Of an edited script: as much as an issue may have."""
MAX_LINE = 10_000


def to_markdown(script: Script, phrases: dict[str, Any]) -> str:
    """The whole script, one printed paragraph a paragraph."""
    words = phrases["script"]
    title = words["title"].format(paper=script.paper, date=script.date)
    note = words["note"].format(date=script.date)
    number = 0
    pieces = [f"# {_escape(title)}", f"<!-- {note} -->"]
    for part in script.parts:
        number += part.kind == "story"
        head = f"{number}. {_escape(part.title)}" if part.kind == "story" else part.title
        pieces += [f"## {head}", *_origin(part, words), *_printed_paragraphs(part)]
    return "\n\n".join(pieces) + "\n"


def _origin(part: Part, words: dict[str, str]) -> list[str]:
    """The comment under a title: the story's page, its reporters, who signs it, who reads it."""
    facts = []
    if part.page is not None:
        facts.append(f"{words['page'].format(page=part.page)} {part.section}".rstrip())
    if part.byline:
        facts.append(words["reporters"].format(names="、".join(part.byline)))
    if part.signoff:
        facts.append(words["signoff"].format(name=part.signoff))
    if part.reader:
        facts.append(words["reader"].format(name=part.reader))
    return [f"<!-- {' · '.join(facts)} -->"] if facts else []


def _printed_paragraphs(part: Part) -> list[str]:
    """The paragraphs of a part; a story's headline already stands in its title."""
    found: dict[tuple[int, LineKind], list[str]] = {}
    for line in part.lines:
        if part.kind == "story" and line.kind == "headline":
            continue
        key = (line.paragraph, line.kind)
        found.setdefault(key, []).append(line.text)
    marks: dict[str, str] = {"crosshead": "### ", "headline": "- "}
    return [marks.get(kind, "") + _escape("".join(texts)) for (_, kind), texts in found.items()]


def _escape(text: str) -> str:
    """The text with a backslash where it would else be taken for a mark of the page."""
    return _MARK.sub(lambda found: f"\\{found[0]}", text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def from_markdown(
    text: str, original: Script, phrases: dict[str, Any], *, name: str = "script.md"
) -> Script:
    """The script that an edited script.md describes. Facts that it does not hold are `original`'s.

    `name` is what the text is called in errors: its path.

    Raises:
        UsageError: no heading of a part is left, it is far longer than an issue, or the line is
            named: a comment that is not closed or not opened, a heading that is empty or lost its
            marks, a reader without a name.
    """
    if len(text) > MAX_CHARS or max(map(len, text.split("\n"))) > MAX_LINE:
        raise UsageError(
            f"{name} is longer than an issue, or a line longer than a page",
            hint=f"write each paragraph on a line of its own, at most {MAX_LINE:,} characters",
        )
    titles: dict[str, PartKind] = {
        phrases["opening"]["title"]: "opening",
        phrases["headlines"]["title"]: "headlines",
        phrases["sign_off"]["title"]: "sign_off",
    }
    known = {_said_characters(part.title): part.title for part in original.stories}
    sections = _sections(_with_whole_comments(text, name), titles, known, name)
    parts = [part for part in sections if part.lines]
    if not parts:
        raise UsageError(
            f"{name} has no part left: each begins with a line “## …”",
            hint="delete it to have it written again",
        )
    return Script(paper=original.paper, date=original.date, parts=tuple(parts))


def _with_whole_comments(text: str, name: str) -> str:
    """The text with each comment on one line, so that no heading inside it begins a part.

    Raises:
        UsageError: one is not closed: what follows would be lost, or the comment be read aloud.
    """
    pieces, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        inside = text[start + 4 : end]
        if end < 0 or "<!--" in inside:
            raise _wrong_comment(text, start, name, "closed")
        breaks = _INSIDE * inside.count("\n")
        pieces += [text[at:start], "<!--", " ".join(inside.split()), breaks, "-->"]
        _check_no_end(text, at, start, name)
        at = end + 3
    _check_no_end(text, at, len(text), name)
    return "".join((*pieces, text[at:]))


def _check_no_end(text: str, start: int, end: int, name: str) -> None:
    """Refuse the end of a comment that never began: it would be read aloud."""
    found = text.find("-->", start, end)
    if found >= 0 and text[found - 1 : found] != "\\":
        raise _wrong_comment(text, text.rfind("\n", 0, found) + 1, name, "opened")


def _wrong_comment(text: str, at: int, name: str, lacking: str) -> UsageError:
    words = " ".join(text[at : at + 24].split())
    return UsageError(
        f"{name}, line {text.count(chr(10), 0, at) + 1}: a comment is not {lacking}: {words}",
        hint="begin it with <!-- and end it with -->, not one in another",
    )


def _sections(
    text: str, titles: dict[str, PartKind], known: dict[str, str], name: str
) -> list[Part]:
    """The parts; `known` are the headlines that we composed, by their letters."""
    parts: list[Part] = []
    heading = ""
    body: list[str] = []
    lost: dict[str, str] = {}
    number = 1
    for row in text.replace("\r\n", "\n").split("\n"):
        where = f"{name}, line {number}"
        found = _heading_of(row, known, where, is_first=not heading)
        if found is None:
            body.append(row)
            if _kind_of(heading, titles) == "story":
                said = (_said_characters(one) for one in (row, _LIKE_HEADING.sub("", row)))
                lost |= dict.fromkeys(known.keys() & set(said), where)
        else:
            if heading:
                parts.append(_part_of_section(heading, body, titles, where))
            heading, body = found, []
        number += 1 + row.count(_INSIDE)
    if heading:
        parts.append(_part_of_section(heading, body, titles, f"{name}, line {number}"))
    for part in parts:
        lost.pop(_said_characters(part.title), None)
    for letters, where in lost.items():
        raise UsageError(
            f"{where}: the headline {known[letters]} has no ## before it",
            hint="write ## before it, or remove it with its text",
        )
    return parts


def _heading_of(row: str, known: dict[str, str], where: str, *, is_first: bool) -> str | None:
    """What a row is the heading of; None for any other row. An IME writes ＃＃, and no space."""
    match = _HASHES.fullmatch(row)
    if not match:
        return None
    level, words = len(match[1]), match[2]
    plain = _NUMBERED.sub("", words)
    if level == 2:
        if not _said_characters(plain):
            raise UsageError(
                f"{where}: a heading without words",
                hint="write the headline behind ##, or remove the story with its text",
            )
        return words
    if plain != words and _said_characters(plain) in known:
        return words
    if level == 1 and not is_first:
        raise UsageError(
            f"{where}: a heading with one #", hint="write ## before a headline, ### before others"
        )
    return None


def _kind_of(heading: str, titles: dict[str, PartKind]) -> PartKind:
    """Of a story, unless it is a title of ours, also with a colon behind it."""
    return titles.get(heading.strip(" :："), "story")


def _part_of_section(
    heading: str, body: list[str], titles: dict[str, PartKind], where: str
) -> Part:
    kind = _kind_of(heading, titles)
    title = _unescape(_NUMBERED.sub("", heading)) if kind == "story" else heading.strip(" :：")
    whole = "\n".join(body)
    remarks = " | ".join(_COMMENT.findall(whole))
    lines: list[Line] = []
    rows = _COMMENT.sub("", whole).split("\n")
    paragraphs = [row.strip() for row in rows if row.strip()]
    for number, paragraph in enumerate(paragraphs, start=1):
        lines += _paragraph_lines(paragraph, number, kind)
    head = [headline_line(title, lines)] if kind == "story" else []
    page, reader = _PAGE.search(remarks), _READER.search(remarks)
    if not reader and _READER_MARK.search(remarks):
        raise UsageError(
            f"{where}: above it 播读 names nobody", hint="write 播读:NAME with a reader of the cast"
        )
    reporters, signoff = _REPORTERS.search(remarks), _SIGNOFF.search(remarks)
    return Part(
        kind=kind,
        title=title,
        lines=(*head, *lines),
        page=int(page[1]) if page else None,
        section=(page[2] or "") if page else "",
        byline=tuple(name.strip() for name in reporters[1].split("、")) if reporters else (),
        signoff=signoff[1].strip() if signoff else "",
        reader=reader[1] if reader else "",
    )


def _paragraph_lines(paragraph: str, number: int, kind: PartKind) -> list[Line]:
    if paragraph.startswith(("#", "＃")):
        text = _unescape(paragraph.lstrip("#＃ \u3000"))
        return [Line(text=text, kind="crosshead", paragraph=number)]
    if kind == "headlines" and _LIST_ITEM.match(paragraph):
        text = _unescape(_LIST_ITEM.sub("", paragraph))
        return [Line(text=text, kind="headline", paragraph=number)]
    text = _unescape(paragraph)
    return sentence_lines(text, kind="body" if kind == "story" else "phrase", number=number)


def with_places(script: Script, issue: Issue) -> Script:
    """A script that was read from a file, its printed sentences with their places on the page.

    A sentence that the issue has twice stands where its story has it. What an editor has written or
    changed, be it a comma, has no place.
    """
    printed: dict[str, str] = {}
    stories: dict[str, dict[str, str]] = {}
    for article in issue.articles:
        head = article.headline.main
        texts = [head, short_headline(head), article.dateline]
        texts += (row.text for row in article.crossheads)
        texts += (text for paragraph in article.paragraphs for text in sentences(paragraph))
        found = {str(text): text for text in reversed(texts)}  # the first of several wins
        stories.setdefault(str(article.headline.main), found)
        printed = found | printed

    def placed(part: Part) -> Part:
        known = printed | stories.get(part.title, {})
        texts = (
            line.text if line.kind == "phrase" else known.get(line.text, line.text)
            for line in part.lines
        )
        lines = (replace(line, text=text) for line, text in zip(part.lines, texts, strict=True))
        return replace(part, lines=tuple(lines))

    return replace(script, parts=tuple(map(placed, script.parts)))


def unprinted(script: Script, issue: Issue, composed: Script) -> tuple[str, ...]:
    """The lines of `script` that are neither in `issue` nor in the script composed from it.

    Spaces and punctuation don't count, so that an editor may correct a comma.
    """
    printed = _said_characters(
        "\n".join(
            "\n".join(
                (
                    article.headline.kicker,
                    article.headline.main,
                    article.headline.deck,
                    *(head.text for head in article.crossheads),
                    "".join(article.paragraphs),
                )
            )
            for article in issue.articles
        )
    )
    own = {_said_characters(line.text) for part in composed.parts for line in part.lines}
    return tuple(
        line.text
        for part in script.parts
        for line in part.lines
        if _said_characters(line.text) not in own and _said_characters(line.text) not in printed
    )


def _said_characters(text: str) -> str:
    """Han characters, letters and digits; articles stay apart by their line breaks."""
    return "\n".join(_NOT_SAID.sub("", row) for row in text.split("\n"))


def with_own_rundown(script: Script, composed: Script) -> tuple[Script, tuple[str, ...]]:
    """An edited script whose rundown names the stories as they are told, and what was changed.

    A headline that an editor has changed is changed there, too; one whose story is gone goes.
    """
    told = {part.title: part for part in script.stories}
    by_line = {line.text: part.title for part in script.stories for line in part.lines[1:]}
    now: dict[str, str] = {}
    for part in composed.stories:
        if part.title not in told:
            kept = [by_line[line.text] for line in part.lines[1:] if line.text in by_line]
            for text in (part.title, short_headline(part.title)):
                now[str(text)] = short_headline(kept[0]) if kept else ""
    changed: list[str] = []

    def renewed(line: Line) -> Line:
        if line.kind != "headline" or line.text not in now:
            return line
        changed.append(f"in the rundown: {line.text} → {now[line.text] or '-'}")
        return replace(line, text=now[line.text])

    parts = tuple(
        replace(part, lines=tuple(one for one in map(renewed, part.lines) if one.text))
        if part.kind == "headlines"
        else part
        for part in script.parts
    )
    return replace(script, parts=parts), tuple(changed)
