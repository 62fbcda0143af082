"""Imports point one way, and pure packages do nothing but compute."""

import ast
from pathlib import Path

import pytest

import qjaudio

SRC = Path(qjaudio.__file__).parent
MAY_SEE = {
    "errors": set(),
    "language": set(),
    "rules": set(),
    "machine": set(),
    "config": {"store"},
    "plugins": set(),
    "store": set(),
    "log": {"config"},
    "paper": set(),
    "script": {"paper"},
    "speech": {"script"},
    "episode": {"speech", "script", "machine"},
    "feed": {"episode"},
    "sources": {"machine", "paper", "store"},
    "engines": {"speech", "store", "machine"},
    "web": {"feed", "episode", "paper", "store"},
    "player": {"feed", "episode"},
    "targets": {"feed", "store"},
    "testing": {"paper", "sources", "speech", "engines"},
    "pipeline": {
        "config", "machine", "engines", "episode", "feed", "log", "paper", "player", "plugins",
        "script", "sources", "speech", "store", "targets", "web",
    },
    "cluster": {"config", "engines", "feed", "pipeline", "store", "targets"},
    "desk": {
        "config", "engines", "episode", "paper", "pipeline", "script", "speech", "store", "web",
    },
    "outlets": {
        "config", "engines", "episode", "feed", "machine", "paper", "pipeline", "script", "speech",
        "store",
    },
    "cli": {
        "cluster", "config", "desk", "episode", "log", "outlets", "paper", "pipeline", "script",
        "speech",
        "store", "web",
    },
    "__main__": {"cli"},
}  # fmt: skip
"""What each package, and each module beside them, may import; itself and EVERYBODY beside."""
EVERYBODY = {"errors", "language", "rules"}
PURE = ("paper", "script", "speech", "feed")
IMPURE = {
    "aiohttp", "asyncio", "os", "random", "requests", "socket", "subprocess", "tempfile", "time",
    "urllib.request",
}  # fmt: skip


OPENING = {
    "exists", "glob", "is_dir", "is_file", "iterdir", "mkdir", "open", "read_bytes", "read_text",
    "rglob", "stat", "unlink", "write_bytes", "write_text",
}  # fmt: skip
"""Calls that look at the disk, or change it."""


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules_of(package: str) -> list[Path]:
    """The files of a package, or the one of a module beside the packages."""
    alone = SRC / f"{package}.py"
    return [alone] if alone.exists() else sorted((SRC / package).rglob("*.py"))


def test_every_package_has_its_place() -> None:
    """Each package and each module beside them stands in the table, and nothing else does."""
    there = {path.relative_to(SRC).parts[0].removesuffix(".py") for path in modules()}
    assert there - {"__init__"} == set(MAY_SEE)


@pytest.mark.parametrize("package", MAY_SEE)
def test_imports_point_one_way(package: str) -> None:
    """A package sees only those before it in the flow."""
    allowed = MAY_SEE[package] | EVERYBODY | {package}
    for path in modules_of(package):
        ours = {name.split(".")[1] for name in imported(path) if name.startswith("qjaudio.")}
        assert set() == ours - allowed - {"__version__"}, path


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_touch_nothing(package: str) -> None:
    """No network, clock, chance or subprocess in the packages that decide."""
    for path in (SRC / package).rglob("*.py"):
        assert set() == imported(path) & IMPURE, path


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_open_no_files(package: str) -> None:
    """Whoever calls them reads and writes; no file or folder is a matter of theirs."""
    for path in modules_of(package):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        names |= {call.attr for call in calls if isinstance(call, ast.Attribute)}
        assert set() == names & OPENING, path


def test_functions_fit_on_a_screen() -> None:
    """No function is over 60 lines, and no module over 600: one subject each."""
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 600, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 60, f"{path}: {node.name}"
