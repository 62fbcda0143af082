"""Imports point one way, and pure packages do nothing but compute."""

import ast
from pathlib import Path

import pytest

import qjaudio

SRC = Path(qjaudio.__file__).parent
MAY_SEE = {
    "paper": {"paper"},
    "script": {"script", "paper"},
    "speech": {"speech", "script"},
    "episode": {"episode", "speech", "script", "programs"},
    "feed": {"feed", "episode"},
    "sources": {"sources", "paper", "store"},
    "engines": {"engines", "speech", "store", "programs", "cores"},
    "web": {"web", "feed", "episode", "paper", "store"},
    "player": {"player", "feed", "episode"},
    "targets": {"targets", "feed", "store"},
    "rules": {"rules"},
}
EVERYBODY = {"errors", "rules", "provenance"}
PURE = ("paper", "script", "speech", "feed")
IMPURE = {
    "aiohttp", "asyncio", "os", "random", "requests", "socket", "subprocess", "tempfile", "time",
    "urllib.request",
}  # fmt: skip


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


@pytest.mark.parametrize("package", MAY_SEE)
def test_imports_point_one_way(package: str) -> None:
    """A package sees only those before it in the flow."""
    allowed = MAY_SEE[package] | EVERYBODY
    for path in (SRC / package).rglob("*.py"):
        ours = {name.split(".")[1] for name in imported(path) if name.startswith("qjaudio.")}
        assert set() == ours - allowed - {"__version__"}, path


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_touch_nothing(package: str) -> None:
    """No network, clock, chance or subprocess in the packages that decide."""
    for path in (SRC / package).rglob("*.py"):
        assert set() == imported(path) & IMPURE, path


def test_functions_fit_on_a_screen() -> None:
    """No function is over 60 lines, and no module over 600: one subject each."""
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 600, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= 60, f"{path}: {node.name}"
