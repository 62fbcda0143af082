"""What a page can do to the process that reads it, as a source's module that does it."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from qjaudio.errors import MissingPartError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box

_LINE = TextLine(text="\u4e00\ud800", box=Box(0, 1.5, 2, 3), size=9.1)
PAGE = Page(number=1, blocks=(Block(lines=(_LINE,), kind="b"),), rules=(Box(1, 2, 3, 4),))


def sheets_of(path: Path) -> Iterator[Page]:
    """One good page, then what the file's name says."""
    if path.stem == "fork":  # the process id, for whoever watches it
        path.write_text(str(os.getpid()), "ascii")
        time.sleep(60)
    yield PAGE
    FAULTS.get(path.stem, lambda: None)()


def _raise(error: Exception) -> None:
    raise error


def _make_noise() -> None:
    os.write(1, b"a library talks\n")
    print("so does this one")  # noqa: T201 - that is the point


FAULTS: dict[str, Callable[[], object]] = {
    "memory": lambda: bytearray(2**34),
    "opencv": lambda: _raise(OSError("Insufficient memory: Failed to allocate 99 bytes")),
    "endless": lambda: sum(1 for _ in iter(int, 1)),
    "crash": os.abort,
    "exit": lambda: os._exit(0),
    "bug": lambda: _raise(ValueError("not expected")),
    "refused": lambda: _raise(MissingPartError("no model", hint="get it")),
    "noise": _make_noise,
}
