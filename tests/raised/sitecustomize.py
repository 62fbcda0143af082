"""Which places that raise an error of ours does a run of the tests reach?

    export PYTHONPATH=$PWD/tests/raised QJAUDIO_RAISED=$PWD/raised
    ./run test
    .venv/bin/python tests/raised/sitecustomize.py

Python imports this module as it starts, in the tests and in every process that they start: each
error then notes where it was made, in a file that all of them add to. The last command names the
places in src that were not reached, and counts those that were. Lines are compared, so the code
must not change between the two.
"""

import ast
import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

FOLDER = os.environ.get("QJAUDIO_RAISED", "")
SOURCE = Path(__file__).parents[2] / "src/qjaudio"


def watch(folder: Path) -> None:
    """Note the place of each error that is made from now on."""
    from qjaudio.errors import QjaudioError

    known: set[tuple[str, int]] = set()
    made = QjaudioError.__init__
    written = os.open(folder / "places", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    def note(error: QjaudioError, *words: object, **named: object) -> None:
        place = _place_of(error, sys._getframe(1))
        if place not in known:
            known.add(place)
            with contextlib.suppress(OSError):  # a test may close all files, or limit their size
                os.write(written, f"{place[0]}\t{place[1]}\n".encode())
        made(error, *words, **named)  # type: ignore[arg-type]

    QjaudioError.__init__ = note  # type: ignore[method-assign]


def _place_of(error: object, frame: FrameType | None) -> tuple[str, int]:
    """File and line outside of the constructors of the error's own classes."""
    while frame and next(iter(frame.f_locals.values()), None) is error:
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else ("", 0)


def places() -> Iterator[tuple[Path, int, int, str]]:
    """Each place that makes an error: file, first and last line, and its words."""
    from qjaudio.errors import QjaudioError

    for path in sorted(SOURCE.rglob("*.py")):
        parts = ("qjaudio", *path.relative_to(SOURCE).with_suffix("").parts)
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                kind = getattr(module, name, None)
                kind = kind or getattr(getattr(module, "errors", None), name[7:], None)
                if isinstance(kind, type) and issubclass(kind, QjaudioError):
                    yield path, node.lineno, node.end_lineno or node.lineno, ast.unparse(node)


def report(folder: Path) -> None:
    """Print what was not reached."""
    lines = [line for path in folder.iterdir() for line in path.read_text("utf-8").splitlines()]
    reached: dict[str, set[int]] = {}
    for line in lines:
        name, _, number = line.partition("\t")
        reached.setdefault(str(Path(name).resolve()), set()).add(int(number))
    count, missed = 0, 0
    for path, first, last, words in places():
        count += 1
        if not reached.get(str(path), set()) & {*range(first, last + 1)}:
            missed += 1
            print(f"{path.relative_to(SOURCE)}:{first}: {words[:140]}")
    print(f"{count - missed} of {count} places that make an error were reached")


if __name__ == "__main__":
    report(Path(FOLDER or "raised"))
elif FOLDER:
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(ImportError):  # a Python without qjaudio
        watch(Path(FOLDER).absolute())
