"""From the issue to a pronounced script; an edited script.md wins."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.errors import UsageError
from qjaudio.paper.digest import digest
from qjaudio.paper.model import Issue
from qjaudio.script.almanac import calendar_differences
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import (
    SHIPPED,
    Lexicon,
    default_lexicon,
    parse_lexicon,
    parse_reading,
)
from qjaudio.script.markdown import from_markdown, to_markdown, unprinted
from qjaudio.script.model import Script
from qjaudio.script.pronounce import pronounce
from qjaudio.store import OutFolder

_MOST_BYTES = 8_000_000
"""Of script.md and of a lexicon: above what their readers take, in characters of up to 4 bytes."""


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

    @property
    def told(self) -> tuple[str, ...]:
        """The remarks, and each line that is not in the paper."""
        return (*self.remarks, *(f"not in the paper: {line}" for line in self.unprinted))


def script_issue(issue: Issue, config: Config, out: OutFolder) -> Scripted:
    """Digest, compose (or take the edited script) and pronounce."""
    phrases = rules.phrases("phrases")
    composed = compose(digest(issue, config.minutes), phrases)
    written = to_markdown(composed, phrases)
    edited = edited_markdown(out, issue.masthead.date)
    if edited == written:  # ours: what told that we had written it is lost
        edited = None
    script = from_markdown(edited, composed, phrases) if edited is not None else composed
    remarks = [*calendar_differences(issue)]
    if edited is not None:
        remarks.append(f"speaking the edited {out.stage(issue.masthead.date, 'script.md')}")
    return Scripted(
        script=pronounce(script, lexicon_of(config)),
        markdown=edited if edited is not None else written,
        edited=edited is not None,
        unprinted=unprinted(script, issue, composed) if edited is not None else (),
        remarks=tuple(remarks),
    )


def edited_markdown(out: OutFolder, date: str) -> str | None:
    """script.md, if somebody changed it since we wrote it; else None.

    Raises:
        UsageError: it is not UTF-8 text.
    """
    path = out.stage(date, "script.md")
    try:
        text = store.text_of(path, _MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}", hint="save it as UTF-8 text") from error
    ours = store.read_json(out.stage(date, "script.json")) or {}
    known = (ours.get("markdown_sha256"), ours.get("former_sha256"))
    return None if digest_of(text) in known else text


def former_hash(out: OutFolder, date: str, new: str) -> str | None:
    """The sha256 of the script.md of ours that one of the hash `new` replaces; None if none."""
    if edited_markdown(out, date) is not None:
        return None
    try:
        there = digest_of(store.text_of(out.stage(date, "script.md"), _MOST_BYTES))
    except OSError:
        return None
    known = store.read_json(out.stage(date, "script.json")) or {}
    return known.get("former_sha256") if there == new else there


def digest_of(text: str) -> str:
    """The sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def lexicon_path(config: Config) -> Path:
    """Where the user's own lexicon is or will be: as the settings say, else ./lexicon.tsv."""
    return Path(config.lexicon) if config.lexicon else Path(SHIPPED)


def own_lexicon(config: Config) -> Lexicon:
    """The user's own lexicon; empty where there is none and the settings name none.

    Raises:
        UsageError: it cannot be read, or one of its lines is wrong.
    """
    path = lexicon_path(config)
    if not config.lexicon and not path.is_file():
        return Lexicon()
    try:
        text = store.text_of(path, _MOST_BYTES)
    except (OSError, ValueError) as error:  # no UTF-8, or NUL in its name
        raise UsageError(f"cannot read {path}: {error}", hint="save it as UTF-8 text") from error
    return parse_lexicon(text, str(path))


def lexicon_of(config: Config) -> Lexicon:
    """Our lexicon with the user's own on top."""
    return default_lexicon().merged(own_lexicon(config))


def add_reading(config: Config, text: str, reading: str, homophone: str) -> Path:
    """Put a reading into the user's own lexicon, in the place of an older one of the same word.

    Raises:
        UsageError: the reading does not fit, or the word has marks that a lexicon cannot hold.
    """
    if not text.strip() or set(text + homophone) & set("\t\r\n#"):
        raise UsageError(f"{text!r} is no word for a lexicon", hint="give one Chinese word")
    syllables = parse_reading(text, reading, text)
    own_lexicon(config)  # a file with a wrong line is not written on
    path = lexicon_path(config)
    rows = store.text_of(path, _MOST_BYTES).splitlines() if path.is_file() else []
    kept = [row for row in rows if row.split("\t")[0].strip() != text]
    row = "\t".join(filter(None, (text, " ".join(syllables), homophone)))
    store.write_text(path, "\n".join([*kept, row]) + "\n")
    return path
