"""From an issue, a text or an editor's script.md to a script ready to be spoken; no disk is read.

`make`, `script`, `say` and whoever shows a script to an editor come this way. script.md is the
script as a page that a human reads and edits, and back again. And the first promise is checked:
every spoken sentence is in the paper or is one of our phrases.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from qjaudio.errors import UsageError
from qjaudio.paper.digest import digest, length_remark, short_headline
from qjaudio.paper.model import Issue, doubt_lines
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import Doubt
from qjaudio.script.compose import (
    calendar_differences,
    compose,
    discloses,
    headline_line,
    sentence_lines,
)
from qjaudio.script.lexicon import Lexicon
from qjaudio.script.model import USUAL_PACE, Line, LineKind, Part, PartKind, Script
from qjaudio.script.people import Person, people_of
from qjaudio.script.pronounce import pronounce

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """A script ready to be spoken, and what the producer should know of it."""

    script: Script
    markdown: str
    """script.md as it is or will be."""
    edited: bool
    """Whether the script is an editor's, not ours."""
    unprinted: tuple[str, ...]
    """Lines of an edited script that are not in the paper."""
    remarks: tuple[str, ...]
    people: tuple[Person, ...] = ()
    """The persons of the issue, in the order in which it names them."""
    composed: tuple[str, ...] = ()
    """The lines of the script as we compose it, whatever an editor made of it."""
    pages: tuple[str, ...] = ()
    """The doubts of the issue, each in words."""

    def messages(self, *, see: str = "") -> tuple[str, ...]:
        """The remarks, the persons, the places to check, what is not in the paper.

        `see` is the file that says more of the places, where it is written.
        """
        found = [*self.remarks]
        if self.pages:
            found.append(
                f"{_how_many(len(self.pages))} of the pages to check: {'; '.join(self.pages)}"
            )
        if self.people:
            found.append(f"persons (? = ask how it is read): {', '.join(map(str, self.people))}")
        if doubts := self.script.doubts:
            places = "、".join(dict.fromkeys(doubt.what for doubt in doubts))
            found.append(f"{_how_many(len(doubts))} to check{see and f', see {see}'}: {places}")
        return (*found, *(f"not in the paper: {line}" for line in self.unprinted))


def _how_many(count: int) -> str:
    return f"{count} place{'s' if count > 1 else ''}"


def prepare_issue(  # noqa: PLR0913 - what is chosen, and what an editor wrote
    issue: Issue,
    phrases: dict[str, Any],
    lexicon: Lexicon,
    *,
    minutes: float | None = None,
    leaders: int | None = None,
    pace: int | None = None,
    edited: str | None = None,
    edited_name: str = "script.md",
    base: Sequence[str] = (),
) -> Scripted:
    """Digest, compose (or take the edited script) and pronounce.

    Args:
        issue: The issue as read, whole.
        phrases: Our own sentences: `rules/phrases.toml`.
        lexicon: The readings that come before all others.
        minutes: How long the episode may be; None = what tells each story.
        leaders: How many are named of a list of leaders who were there; None = all.
        pace: Characters a minute, for the length; None = as the voices speak.
        edited: An editor's script.md; None or our own text = speak what we composed.
        edited_name: Where it stands, for remarks and errors.
        base: The lines that we had composed when it was edited; empty where nobody knows.

    Raises:
        UsageError: the edited script has no part left, or is longer than an issue.
    """
    slower = USUAL_PACE / pace if pace else 1.0
    chosen = digest(issue, minutes and minutes / slower, leaders)
    composed = compose(chosen, phrases)
    written = to_markdown(composed, phrases)
    lines = tuple(str(line.text) for part in composed.parts for line in part.lines)
    remarks = (*calendar_differences(issue), *length_remark(issue, chosen, minutes, slower))
    people = people_of(issue, lexicon)
    script, added = composed, tuple[str, ...]()
    if edited == written:  # not edited: what told that we had written it is lost
        edited = None
    if edited is not None:
        script = with_places(from_markdown(edited, composed, phrases, name=edited_name), issue)
        script, renewed = with_own_rundown(script, composed)
        added = unprinted(script, issue, composed)
        changes = (*renewed, *_both_changes(base, lines, script, edited_name))
        if not any(part.kind == "sign_off" for part in script.parts):
            changes = (f"{edited_name} has no 结束语: is it whole?", *changes)
        if minutes:
            changes = (f"minutes = {minutes:g} changes nothing in an edited script", *changes)
        remarks = (*remarks, f"speaking the edited {edited_name}", *changes)
    return Scripted(
        script=_with_notice_doubted(pronounce(script, lexicon, people)),
        markdown=written if edited is None else edited,
        edited=edited is not None,
        unprinted=added,
        remarks=remarks,
        people=people,
        composed=lines,
        pages=doubt_lines(issue),
    )


_NO_NOTICE = "没有提示由人工智能合成：开场白或结束语须有一句含“人工智能”和“合成”（或“生成”）"


def _with_notice_doubted(script: Script) -> Script:
    """The script; its last line is in grave doubt if nothing says that AI speaks it."""
    own = (part for part in script.parts if part.kind in ("opening", "sign_off"))
    if any(discloses(line.text) for part in own for line in part.lines):
        return script
    *parts, last = script.parts
    *lines, line = last.lines
    what = f"{line.text}（{_NO_NOTICE}）"
    doubt = Doubt(kind="grave", where=(0, len(line.text)), what=what, why=_NO_NOTICE)
    line = replace(line, doubts=(*line.doubts, doubt))
    return replace(script, parts=(*parts, replace(last, lines=(*lines, line))))


_SHOWN_CHANGES = 3
"""So many lines of a change are quoted; the others are counted."""


def _both_changes(
    base: Sequence[str], composed: Sequence[str], script: Script, name: str
) -> tuple[str, ...]:
    """What the page has changed since a script was edited, and what the editor had changed."""
    if not base or list(base) == list(composed):
        return ()
    edited = [str(line.text) for part in script.parts for line in part.lines]
    return (
        f"the page has changed since {name} was edited: {_difference(base, composed)}",
        f"{name} itself changes: {_difference(base, edited)}; delete it to have it written again",
    )


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    """The lines that are new, and those that are gone."""
    new, gone = [x for x in after if x not in before], [x for x in before if x not in after]
    parts = [_quote(word, lines) for word, lines in (("new", new), ("gone", gone)) if lines]
    return ", ".join(parts) or "the order"


def _quote(word: str, lines: Sequence[str]) -> str:
    more = f" and {len(lines) - _SHOWN_CHANGES} more" if len(lines) > _SHOWN_CHANGES else ""
    return f"{word} {' '.join(f'“{line}”' for line in lines[:_SHOWN_CHANGES])}{more}"


def prepare_text(text: str, lexicon: Lexicon) -> Script:
    """A text of any length as a pronounced script of one story without a title."""
    lines = tuple(sentence_lines(text, kind="body", number=1))
    part = Part(kind="story", title="", lines=lines)
    return pronounce(Script(paper="", date="", parts=(part,)), lexicon)
