"""From an issue, or a text, to a script that is ready to be spoken; nothing here reads a disk.

`make`, `script`, `say` and whoever shows a script to an editor come this way.
"""

from dataclasses import dataclass
from typing import Any

from qjaudio.paper.model import Issue
from qjaudio.paper.sentences import digest
from qjaudio.script.compose import calendar_differences, compose, sentence_lines
from qjaudio.script.lexicon import Lexicon
from qjaudio.script.markdown import from_markdown, to_markdown, unprinted, with_places
from qjaudio.script.model import Part, Script
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

    def messages(self, *, see: str = "") -> tuple[str, ...]:
        """The remarks, the persons, the places to check, what is not in the paper.

        `see` is the file that says more of the places, where it is written.
        """
        found = [*self.remarks]
        if self.people:
            found.append(f"persons (? = ask how it is read): {', '.join(map(str, self.people))}")
        if doubts := self.script.doubts:
            places = "、".join(dict.fromkeys(doubt.what for doubt in doubts))
            count = f"{len(doubts)} place{'s' if len(doubts) > 1 else ''}"
            found.append(f"{count} to check{see and f', see {see}'}: {places}")
        return (*found, *(f"not in the paper: {line}" for line in self.unprinted))


def prepare_issue(
    issue: Issue,
    phrases: dict[str, Any],
    lexicon: Lexicon,
    *,
    minutes: float | None = None,
    edited: str | None = None,
    edited_name: str = "script.md",
) -> Scripted:
    """Digest, compose (or take the edited script) and pronounce.

    Args:
        issue: The issue as read, whole.
        phrases: Our own sentences: `rules/phrases.toml`.
        lexicon: The readings that come before all others.
        minutes: How long the episode may be; None = headlines and leads.
        edited: An editor's script.md; None or our own text = speak what we composed.
        edited_name: Where it stands, for remarks and errors.

    Raises:
        UsageError: the edited script has no part left, or is longer than an issue.
    """
    composed = compose(digest(issue, minutes), phrases)
    written = to_markdown(composed, phrases)
    remarks = calendar_differences(issue)
    people = people_of(issue, lexicon)
    if edited is None or edited == written:  # ours: what told that we had written it is lost
        return Scripted(
            script=pronounce(composed, lexicon, people),
            markdown=written,
            edited=False,
            unprinted=(),
            remarks=remarks,
            people=people,
        )
    script = with_places(from_markdown(edited, composed, phrases, name=edited_name), issue)
    return Scripted(
        script=pronounce(script, lexicon, people),
        markdown=edited,
        edited=True,
        unprinted=unprinted(script, issue, composed),
        remarks=(*remarks, f"speaking the edited {edited_name}"),
        people=people,
    )


def prepare_text(text: str, lexicon: Lexicon) -> Script:
    """A text of any length as a pronounced script of one story without a title."""
    lines = tuple(sentence_lines(text, kind="body", number=1))
    part = Part(kind="story", title="", lines=lines)
    return pronounce(Script(paper="", date="", parts=(part,)), lexicon)
