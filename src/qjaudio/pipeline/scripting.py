"""From the issue to a pronounced script; an edited script.md wins."""

import hashlib
from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.errors import UsageError
from qjaudio.paper.model import Issue
from qjaudio.script.lexicon import (
    SHIPPED,
    Lexicon,
    default_lexicon,
    parse_lexicon,
    parse_reading,
)
from qjaudio.script.prepare import Scripted, prepare_issue
from qjaudio.store import OutFolder

_MOST_BYTES = 8_000_000
"""Of script.md and of a lexicon: above what their readers take, in characters of up to 4 bytes."""


def script_issue(issue: Issue, config: Config, out: OutFolder) -> Scripted:
    """The script of an issue: an editor's script.md in `out` where there is one, else ours."""
    date = issue.masthead.date
    return prepare_issue(
        issue,
        rules.phrases("phrases"),
        lexicon_of(config),
        minutes=config.minutes,
        edited=edited_markdown(out, date),
        edited_name=str(out.stage(date, "script.md")),
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
