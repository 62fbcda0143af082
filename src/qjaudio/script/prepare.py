"""From an issue, or a text, to a script that is ready to be spoken; nothing here reads a disk.

`make`, `script`, `say` and whoever shows a script to an editor come this way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from qjaudio.paper.digest import digest, length_remark
from qjaudio.paper.model import Issue, doubt_lines
from qjaudio.paper.text import Doubt
from qjaudio.script.compose import calendar_differences, compose, discloses, sentence_lines
from qjaudio.script.lexicon import Lexicon
from qjaudio.script.markdown import (
    from_markdown,
    to_markdown,
    unprinted,
    with_own_rundown,
    with_places,
)
from qjaudio.script.model import USUAL_PACE, Part, Script
from qjaudio.script.people import Person, people_of
from qjaudio.script.pronounce import pronounce


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
