"""Which places that raise an error does a run of the tests reach?

    export PYTHONPATH=$PWD/tests/raised QJAUDIO_RAISED=$PWD/raised
    ./run test
    .venv/bin/python tests/raised/sitecustomize.py

Python imports this module as it starts, in the tests and in every process that they start: each
`raise` of src, and each error that is made there to be raised elsewhere, then notes its line in a
file that all of them add to. The last command names the places that were not reached, counts
those that were, and ends with 1 where one was not. Lines are compared, so the code must not change
between the two.
"""

import ast
import builtins
import contextlib
import hashlib
import marshal
import os
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

FOLDER = os.environ.get("QJAUDIO_RAISED", "")
SOURCE = Path(__file__).parents[2] / "src/qjaudio"


class Marked(ast.NodeTransformer):
    """Puts a note around each error that is raised or made, and keeps the places."""

    def __init__(self, path: Path) -> None:
        self.path, self.places = path, dict[int, str]()

    def _noted(self, error: ast.expr, line: int, words: str) -> ast.expr:
        self.places[line] = words
        place = ast.Constant(f"{self.path}\t{line}\n")
        call = ast.Call(ast.Name("_note_the_place", ast.Load()), [error, place], [])
        return ast.fix_missing_locations(ast.copy_location(call, error))

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """Any error, however it was made; none is named where the one at hand goes on."""
        if node.exc:
            words = ast.unparse(node)
            self.generic_visit(node.exc)
            node.exc = self._noted(node.exc, node.lineno, words)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """An error that somebody else raises."""
        self.generic_visit(node)
        is_error = ast.unparse(node.func).endswith("Error")
        return self._noted(node, node.lineno, ast.unparse(node)) if is_error else node


class Loader(SourceFileLoader):
    """Loads a module of src with its notes, compiled once for all processes."""

    def path_stats(self, path: Any) -> Any:
        """None: the compiled code beside the module has no notes, and must not get any."""
        raise OSError(path)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        """Compile it, or take what another process has compiled."""
        name = hashlib.blake2b(bytes(data) + str(path).encode(), digest_size=16).hexdigest()
        kept = Path(FOLDER) / f"{name}.code"
        with contextlib.suppress(OSError, ValueError, EOFError):
            return marshal.loads(kept.read_bytes())  # type: ignore[no-any-return] # noqa: S302
        tree = Marked(Path(path)).visit(ast.parse(data, path))
        code: CodeType = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        with contextlib.suppress(OSError):
            new = kept.with_suffix(f".{os.getpid()}")
            new.write_bytes(marshal.dumps(code))
            new.replace(kept)
        return code


class Finder:
    """Finds the modules of src as Python does, for a loader of our own."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """None for all other modules."""
        if name.partition(".")[0] != "qjaudio":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


def watch(folder: Path) -> None:
    """Note the place of each error that is raised from now on."""
    known: set[str] = set()
    written = os.open(folder / "places", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    def note(error: object, place: str) -> object:
        if place not in known:
            known.add(place)
            with contextlib.suppress(OSError):  # a test may close all files, or limit their size
                os.write(written, place.encode())
        return error

    builtins._note_the_place = note  # type: ignore[attr-defined]
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]


def places() -> Iterator[tuple[Path, int, str]]:
    """Each place that raises or makes an error: file, line, and its words."""
    for path in sorted(SOURCE.rglob("*.py")):
        marked = Marked(path)
        marked.visit(ast.parse(path.read_text(encoding="utf-8")))
        yield from ((path, line, words) for line, words in sorted(marked.places.items()))


def report(folder: Path) -> int:
    """Print what was not reached; how many places."""
    reached = {*(folder / "places").read_text("utf-8").splitlines()}
    found = [*places()]
    missed = [place for place in found if f"{place[0]}\t{place[1]}" not in reached]
    for path, line, words in missed:
        print(f"{path.relative_to(SOURCE)}:{line}: {words[:140]}")
    print(f"{len(found) - len(missed)} of {len(found)} places that raise an error were reached")
    return len(missed)


if __name__ == "__main__":
    sys.exit(report(Path(FOLDER or "raised")) > 0)
elif FOLDER:
    FOLDER = os.path.abspath(FOLDER)  # noqa: PTH100
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    watch(Path(FOLDER))
