"""The fault map names each module that touches the world, and a test that exists in each row."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs/explanation/faults.md"
SOURCE = ROOT / "src/qjaudio"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_MODULE = re.compile(r"`([a-z_0-9]+(?:/[a-z_0-9]+)*)[^`]*`")
WORLD = {
    # files and memory
    "os", "shutil", "tempfile", "fcntl", "mmap", "resource", "ctypes", "zipfile", "tarfile",
    "sqlite3", "importlib.resources", "PIL.Image", "mutagen", "pypdfium2", "onnx", "onnxruntime",
    "rapidocr", "faster_whisper",
    # network
    "socket", "ssl", "http", "urllib.request", "asyncio", "aiohttp", "edge_tts", "fsspec", "s3fs",
    "sshfs", "asyncssh", "distributed",
    # programs, clock, processes
    "subprocess", "imageio_ffmpeg", "signal", "time", "multiprocessing", "concurrent.futures",
}  # fmt: skip
"""Modules whose use touches files, network, programs, clock, memory or processes. `threading` is
not among them: a lock touches nothing but ourselves."""
CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "stat", "touch", "mkdir",
    "rmdir", "rmtree", "unlink", "rename", "iterdir", "glob", "rglob", "exists", "is_file",
    "is_dir", "symlink_to", "hardlink_to", "now", "today", "utcnow",
}  # fmt: skip
"""Methods of paths and of clocks, by name: a walk knows no types."""


def touches(tree: ast.AST) -> set[str]:
    """By which of these a module touches the world; imports for types alone do not count."""
    found: set[str] = set()
    for_types = {
        below
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for below in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        found |= {name for name in _imported(node) if _is_world(name)}
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            found |= {called} & CALLS
            found |= {"open"} if ast.unparse(node.func) == "open" else set()
        elif isinstance(node, ast.Attribute) and node.attr == "stdin":
            found.add("stdin")
    return found


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_world(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in WORLD)


def rows() -> Iterator[tuple[str, str]]:
    """First cell and whole row of each row of the tables that begin with `touches the world in`."""
    is_map = False
    for row in MAP.read_text("utf-8").splitlines():
        if not row.startswith("|"):
            is_map = False
        elif row.startswith("| touches the world in"):
            is_map = True
        elif is_map and not row.startswith("|---"):
            yield row.split("|")[1].strip(), row


def module_of(name: str) -> Path | None:
    """The file of `pipeline/making`, or of the package `rules`."""
    return next(
        (path for path in (SOURCE / f"{name}.py", SOURCE / name / "__init__.py") if path.is_file()),
        None,
    )


def test_every_module_that_touches_the_world_has_a_row() -> None:
    """Whoever opens a file, a connection, a program or a clock says here what can go wrong."""
    named = {module_of(name) for cell, _ in rows() for name in _MODULE.findall(cell)}
    lacking = {
        str(path.relative_to(SOURCE)): sorted(found)
        for path in sorted(SOURCE.rglob("*.py"))
        if path not in named and (found := touches(ast.parse(path.read_text("utf-8"))))
    }
    assert {} == lacking


def test_every_module_of_the_map_exists() -> None:
    """A row of a module that was renamed or removed is noticed."""
    names = {name for cell, _ in rows() for name in _MODULE.findall(cell)}
    assert 60 < len(names)
    assert [] == sorted(name for name in names if not module_of(name) and name != "out")


def test_every_row_begins_with_something() -> None:
    """`the same` stands only below a row that names something."""
    before = ""
    for cell, row in rows():
        assert cell, row
        assert before or cell != "the same", row
        before = cell


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import os.path", {"os.path"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.parse import quote", set()),
        ("from PIL import Image", {"PIL.Image"}),
        ("from concurrent.futures import ThreadPoolExecutor", {"concurrent.futures"}),
        ("import threading", set()),
        ("open('x')", {"open"}),
        ("Path('x').read_text()", {"read_text"}),
        ("datetime.datetime.now(datetime.UTC)", {"now"}),
        ("sys.stdin.read()", {"stdin"}),
        ("if TYPE_CHECKING:\n    import aiohttp", set()),
        ("text.replace('a', 'b')", set()),
    ],
)
def test_the_walk_sees_what_touches_the_world(code: str, found: set[str]) -> None:
    """Each kind is seen where it is planted, so that a map without gaps means something."""
    assert found == {name for name in touches(ast.parse(code)) if "ThreadPool" not in name}


def test_every_test_of_the_map_exists() -> None:
    """A renamed or removed test leaves no row without proof."""
    named = _NAMED.findall(MAP.read_text("utf-8"))
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text("utf-8")
    ]
    assert 40 < len(named)
    assert [] == missing


def test_every_row_of_a_map_has_a_test() -> None:
    """Tables whose last column is `test` have one in every row."""
    lacking, is_map = [], False
    for row in MAP.read_text("utf-8").splitlines():
        if not row.startswith("|"):
            is_map = False
        elif row.rstrip(" |").endswith("| test"):
            is_map = True
        elif is_map and not row.startswith("|---") and not _NAMED.search(row):
            lacking.append(row)
    assert [] == lacking
