"""The lexicon that a run reads by: ours, and the user's own on top, which the commands write."""

from pathlib import Path

from qjaudio import store
from qjaudio.config import LEXICON, Config
from qjaudio.errors import UsageError, unreadable
from qjaudio.pipeline.locking import edit_lock
from qjaudio.script.lexicon import SHIPPED, Lexicon, default_lexicon, parse_lexicon, parse_reading

_MOST_BYTES = 8_000_000
"""Of a lexicon: above what its reader takes, in characters of up to 4 bytes."""


def lexicon_path(config: Config) -> Path:
    """Where the user's own lexicon is or will be: as the settings say, else ./lexicon.tsv."""
    return Path(config.lexicon) if config.lexicon else Path(SHIPPED)


def own_lexicon(config: Config, date: str = "") -> Lexicon:
    """The user's own lexicon, with that of the issue of a date on top; empty where there is none.

    Raises:
        UsageError: one cannot be read, or one of its lines is wrong; or the settings name none.
    """
    path = lexicon_path(config)
    lexicon = read_lexicon(path) if config.lexicon or path.is_file() else Lexicon()
    beside = config.output.stage(date, LEXICON)
    if not date or not beside.is_file():
        return lexicon
    from qjaudio.pipeline.reading import check_link  # late, so that --help is quick

    check_link(beside, config.output, config.links_to)
    return lexicon.merged(read_lexicon(beside))


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon of a file; UsageError where it cannot be read, or one of its lines is wrong."""
    try:
        text = store.text_of(path, _MOST_BYTES)
    except (OSError, ValueError) as error:  # no UTF-8, or NUL in its name
        raise unreadable(path, error, "save it as UTF-8 text") from error
    return parse_lexicon(text, str(path))


def lexicon_of(config: Config, date: str = "") -> Lexicon:
    """Our lexicon with the user's own on top, and above it that of the issue of a date."""
    return default_lexicon().merged(own_lexicon(config, date))


def add_reading(
    config: Config, text: str, reading: str, homophone: str, *, note: str = "", date: str = ""
) -> Path:
    """Put a reading into the user's own lexicon, in place of an older one of the same word.

    With a `date` it is put into the lexicon that lies beside the issue of that date, for it alone.

    Raises:
        UsageError: the reading does not fit, or the word has marks that a lexicon cannot hold.
        BusyError: another run has been writing it for too long.
    """
    if not text.strip() or set(text + homophone + note) & set("\t\r\n#"):
        raise UsageError(f"{text!r} is not a word for a lexicon", hint="give one Chinese word")
    syllables = parse_reading(text, reading, text)
    row = "\t".join((text, " ".join(syllables), homophone, note)).rstrip("\t")
    return _write_row(config, text, row, date)


def remove_reading(config: Config, text: str, *, date: str = "") -> Path:
    """Take a word out of the user's lexicon, or of that of a date; raises as `add_reading` does."""
    return _write_row(config, text, "", date)


def _write_row(config: Config, text: str, row: str, date: str) -> Path:
    path = config.output.stage(date, LEXICON) if date else lexicon_path(config)
    path.parent.mkdir(parents=True, exist_ok=True)
    with edit_lock(path):
        rows = store.text_of(path, _MOST_BYTES).splitlines() if path.is_file() else []
        if rows:
            read_lexicon(path)  # a file with a wrong line is not written on
        kept = [line for line in rows if line.split("\t")[0].strip() != text]
        store.write_text(path, "\n".join([*kept, *([row] if row else [])]) + "\n")
    return path
