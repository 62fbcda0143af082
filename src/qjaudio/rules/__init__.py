"""Rules of the language and of the trade: data files that a reader of Chinese can correct."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `rules/<name>.tsv`, without comments and blank lines."""
    return parse_table((files(__name__) / f"{name}.tsv").read_text(encoding="utf-8"))


def parse_table(text: str) -> tuple[tuple[str, ...], ...]:
    """Tab-separated rows; a line that begins with # is a comment."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(cell.strip(" ") for cell in line.split("\t")) for line in lines)


@cache
def phrases(name: str) -> dict[str, Any]:
    """The content of `rules/<name>.toml`."""
    return parse_phrases((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


def parse_phrases(text: str) -> dict[str, Any]:
    """The tables of a file of phrases; ValueError where it is not TOML."""
    return tomllib.loads(text)


def shipped_text(name: str) -> str:
    """The text of a file in `voices/`, for example of the lexicon."""
    return (voices_folder() / name).read_text(encoding="utf-8")


@cache
def voices_folder() -> Path:
    """The folder `voices/`: inside an installed package, or at the top of a checkout."""
    installed = Path(str(files("qjaudio"))) / "voices"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "voices"
