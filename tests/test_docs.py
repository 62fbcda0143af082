"""What the documentation names is there: paths, links, modules, and the map of the architecture."""

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import test_layers
from qjaudio.cli import COMMANDS
from qjaudio.config import setting_names

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "qjaudio"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
ADDED = re.compile(r"^ *```\w+ (\S+)$", re.M)
"""Files that a page of CONTRIBUTING.md has its reader write."""
OF_READERS = ("issues/DATE/", "issues/日期/", "issues/2025-05-21/", "benchmarks/results/")
_PATH = re.compile(r"`((?:benchmarks|docs|issues|src|tests|voices)/[\w./-]+)(?:::(\w+))?`")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_MODULE = re.compile(r"\bqjaudio((?:\.[a-z_0-9]+)+)\b(?!\.(?:service|timer))")
_IMPORT = re.compile(r"^ *from (qjaudio[\w.]*) import ([\w, ]+)$", re.M)
_CODE = re.compile(r"`([^`]+)`")
MAP = ROOT / "docs" / "explanation" / "architecture.md"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_is_there(page: Path) -> None:
    """A file that was moved is moved in the documentation, too; so is a test that is named."""
    if page.name == "CHANGELOG.md":
        return  # it tells of the past
    text = page.read_text("utf-8")
    added = set(ADDED.findall(text))
    lacking = [
        path
        for path, function in _PATH.findall(text)
        if path not in added
        and not path.startswith(OF_READERS)
        and not ((ROOT / path).exists() and f"def {function}" in _text_of(ROOT / path, function))
    ]
    assert [] == lacking


def _text_of(path: Path, function: str) -> str:
    return path.read_text("utf-8") if function else "def "


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links from page to page."""
    links = _LINK.findall(page.read_text("utf-8"))
    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_module_is_there(page: Path) -> None:
    """`qjaudio.sources.model` and what stands in it."""
    text = page.read_text("utf-8")
    added = {path.removesuffix(".py").replace("/", ".") for path in ADDED.findall(text)}
    for found in sorted(set(_MODULE.findall(text))):
        name = f"qjaudio{found}"
        if found in (".toml", ".sources", ".engines") or f"src.{name}" in added:
            continue
        module, _, last = name.rpartition(".")
        assert _is_module(name) or last in _names_in(module), f"{name} in {page.name}"
    for module, names in _IMPORT.findall(text):
        if f"src.{module}" not in added:
            there = import_module(module)
            assert [] == [name for name in names.split(", ") if not hasattr(there, name)]


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _names_in(module: str) -> set[str]:
    """What a module defines at its top, and the members of its classes."""
    path = SOURCE.joinpath(*module.split(".")[1:]).with_suffix(".py")
    path = path if path.exists() else path.with_suffix("") / "__init__.py"
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            members = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            found |= {node.name} | {f"{node.name}.{one.name}" for one in members}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return found


def rows() -> dict[str, list[str]]:
    """The rows of the map by package: the cells after the first."""
    table = MAP.read_text("utf-8").partition("\n## The map\n")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_map_names_every_module() -> None:
    """A module that is new has a place in the map, and one that has gone has none."""
    for package, (_, _, _, files, _) in rows().items():
        there = {
            path.relative_to(SOURCE / package).with_suffix("").as_posix()
            for path in (SOURCE / package).rglob("*.py")
        }
        assert there - {"__init__"} == set(_CODE.findall(files)) - {"__init__"}, package
    beside = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py"}
    beside |= {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    named = MAP.read_text("utf-8")
    assert [] == [name for name in beside - {"__init__", "__main__"} if f"`{name}`" not in named]


def test_the_map_names_what_is_in_the_files() -> None:
    """Each function of the column `begins at` stands in the file that is named after it."""
    for package, (_, starts, _, _, _) in rows().items():
        for names, module in re.findall(r"((?:`[\w.]+`(?:, )?)+) in `([\w/]+)`", starts):
            there = _names_in(f"qjaudio.{module.replace('/', '.')}".removesuffix(".__init__"))
            assert set() == set(_CODE.findall(names)) - there, package


def test_the_map_says_what_may_be_imported() -> None:
    """As the test of the layers has it."""
    for package, (_, _, _, _, allowed) in rows().items():
        assert test_layers.MAY_SEE[package] == set(_CODE.findall(allowed)), package


PAIRS = [
    *((page, ROOT / "docs/zh" / page.name) for page in sorted((ROOT / "docs/how-to").glob("*.md"))),
    *((ROOT / "docs/reference" / page.name.replace(".zh-CN", ""), page)
      for page in sorted((ROOT / "docs/reference").glob("*.zh-CN.md"))),
]  # fmt: skip
"""English pages, each with the Chinese one."""
FOR_ENGINEERS = ("use-several-computers.md",)
_WRITTEN = re.compile(r"`(qjaudio [a-z]+|--[a-z-]+|[a-z]+(?:_[a-z]+)*)(?=[ `=])")


def outlined(page: Path) -> dict[str, object]:
    """What a page and its twin have in common: headings, commands, tables, what is typed.

    Its last heading may be `For engineers`: what stands below that is in English alone.
    """
    text = page.read_text("utf-8").partition("\n## For engineers\n")[0]
    words = re.findall(r"(?:qjaudio|pip|cd|dask) [^\n|]*|^\|(?= )|^#+(?= )", text, re.M)
    known = setting_names() | {f"qjaudio {name}" for name in COMMANDS}
    lines = re.findall(r"^ *(?:\$ )?((?:qjaudio [a-z]|pip|cd) ?[^\n#：:]*?) *(?:#.*)?$", text, re.M)
    return {
        "headings": [word for word in words if word[0] == "#"],
        "rows of tables": words.count("|"),
        "commands": lines,
        "names": {name for name in _WRITTEN.findall(text) if name[0] == "-" or name in known},
    }


@pytest.mark.parametrize("english, chinese", PAIRS, ids=lambda page: page.name)
def test_both_languages_say_the_same(english: Path, chinese: Path) -> None:
    """Every page for producers is there in Chinese: same headings, commands, tables and names."""
    if english.name in FOR_ENGINEERS:
        assert not chinese.exists()
        return
    one, other = outlined(english), outlined(chinese)
    assert one.pop("names") == other.pop("names")
    assert one == other


def test_messages_in_chinese_pages_are_those_of_the_program() -> None:
    """The first cell of a table of error messages is what the program says, … for its values."""
    path = ROOT / "src/qjaudio/locale/zh_CN/LC_MESSAGES/qjaudio.po"
    said = re.sub(r"\{\w+\}", "…", path.read_text("utf-8"))
    head = r"^\| 错误信息 .*\n\|[-|]+\|\n((?:\|.*\n)+)"
    for page in (ROOT / "docs/zh").glob("*.md"):
        rows = "".join(re.findall(head, page.read_text("utf-8"), re.M)).splitlines()
        for row in rows:
            pieces = re.split("[…；：]", row.split("|")[1])
            assert all(piece.strip(" 《》") in said for piece in pieces), (page.name, row)


def test_chinese_pages_lead_to_chinese_pages() -> None:
    """Where a page has a twin, whoever reads Chinese is led to that."""
    twins = {english.name for english, chinese in PAIRS if chinese.exists()}
    for page in (*(ROOT / "docs/zh").glob("*.md"), *(ROOT / "docs/reference").glob("*.zh-CN.md")):
        links = [Path(link.partition("#")[0]) for link in _LINK.findall(page.read_text("utf-8"))]
        assert [] == [
            link
            for link in links
            if link.name in twins - {"error-messages.md"} and "zh" not in str(page.parent / link)
        ], page.name


def test_both_readmes_say_the_same() -> None:
    """As many headings of each depth, the same pictures, commands and promises."""
    english, chinese = (
        (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    for what in (
        r"^(#+) ",
        r"!\[.*?\]\((\S+?)\)",
        r"`(?:\./run|python|qjaudio) ([a-z][\w/.-]*)",
        r"^(?:\./run|qjaudio) (\w+)",
        r"^- \*\*(?=.)",
    ):
        both = [re.findall(what, text, re.M) for text in (english, chinese)]
        assert sorted(both[0]) == sorted(both[1]), what
    assert "无需人手" not in chinese
