"""The lexicon that a run reads by: ours, and the user's own on top, which the commands write."""

from pathlib import Path

from qjaudio import store
from qjaudio.config import Config
from qjaudio.errors import UsageError, unreadable
from qjaudio.pipeline.locking import edit_lock
from qjaudio.script.lexicon import (
    SHIPPED,
    Lexicon,
    default_lexicon,
    parse_lexicon,
    parse_reading,
)

_MOST_BYTES = 8_000_000
"""Of a lexicon: above what its reader takes, in characters of up to 4 bytes."""


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
        raise unreadable(path, error, "save it as UTF-8 text") from error
    return parse_lexicon(text, str(path))


def lexicon_of(config: Config) -> Lexicon:
    """Our lexicon with the user's own on top."""
    return default_lexicon().merged(own_lexicon(config))


def add_reading(config: Config, text: str, reading: str, homophone: str) -> Path:
    """Put a reading into the user's own lexicon, in the place of an older one of the same word.

    Raises:
        UsageError: the reading does not fit, or the word has marks that a lexicon cannot hold.
        BusyError: another run has been writing it for too long.
    """
    if not text.strip() or set(text + homophone) & set("\t\r\n#"):
        raise UsageError(f"{text!r} is not a word for a lexicon", hint="give one Chinese word")
    syllables = parse_reading(text, reading, text)
    path = lexicon_path(config)
    with edit_lock(path):
        own_lexicon(config)  # a file with a wrong line is not written on
        rows = store.text_of(path, _MOST_BYTES).splitlines() if path.is_file() else []
        kept = [row for row in rows if row.split("\t")[0].strip() != text]
        row = "\t".join(filter(None, (text, " ".join(syllables), homophone)))
        store.write_text(path, "\n".join([*kept, row]) + "\n")
    return path
