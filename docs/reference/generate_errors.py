"""Write the tables of all errors: `python docs/reference/generate_errors.py`.

Each place in the code that raises one of our errors is a row: exit status, what is said, and what
to do now; `…` stands for a value. The Chinese words are those of the catalogue, by the English
ones: generate_messages.py comes first.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from qjaudio import errors
from qjaudio.language import CHINESE, translated

HERE = Path(__file__).parent
SOURCE = Path(errors.__file__).parent
HEADS = {
    "error-messages.md": """# All errors

Written by `python docs/reference/generate_errors.py` from the code; a test holds it to that.
An error is two lines on stderr and an exit status; `…` stands for a value.
More on some of them: [errors](errors.md). [中文](error-messages.zh-CN.md)

| exit | what is said | what to do now |
|---|---|---|
""",
    "error-messages.zh-CN.md": """# 全部错误信息

本页由 `python docs/reference/generate_errors.py` 根据程序代码生成，有测试核对。
程序报错时在 stderr 上写两行并给出退出码；`…` 处是具体的值。 [English](error-messages.md)

| 退出码 | 说什么 | 怎么办 | 英文原文 |
|---|---|---|---|
""",
}


def rows() -> list[tuple[int, str, str]]:
    """Exit status, message and hint of each error, each once."""
    found = {row for path in sorted(SOURCE.rglob("*.py")) for row in _rows_of(path)}
    return sorted(found)


def _rows_of(path: Path) -> Iterator[tuple[int, str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _rows_in(scope, constants, path)


def _rows_in(
    scope: ast.AST, constants: dict[str, ast.expr], path: Path
) -> Iterator[tuple[int, str, str]]:
    """The rows of one function; a name in the place of a text is what it was last given there."""
    known = dict(constants)
    nodes = [node for node in ast.walk(scope) if isinstance(node, ast.Assign | ast.Call)]
    for node in sorted(nodes, key=lambda node: node.lineno):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                known[name] = value
            case ast.Call(args=[text, *_]):
                code = _exit_status(ast.unparse(node.func), path)
                message = _template(text, known)
                hint = next((word.value for word in node.keywords if word.arg == "hint"), None)
                if code and any(char.isalpha() for char in message):
                    yield code, message, _template(hint, known) if hint else ""


def _exit_status(name: str, path: Path) -> int:
    """That of the error class of this name, as a module sees it; 0 for anything else."""
    name = name.removeprefix("errors.")
    if name == "unreadable":
        return errors.UsageError.exit_code
    module = ".".join(("qjaudio", *path.relative_to(SOURCE).with_suffix("").parts))
    kind = getattr(importlib.import_module(module.removesuffix(".__init__")), name, None)
    kind = kind or getattr(errors, name, None)
    is_ours = isinstance(kind, type) and issubclass(kind, errors.QjaudioError)
    return kind.exit_code if is_ours and not hasattr(kind, "advice") else 0


def _template(node: ast.expr, constants: dict[str, ast.expr]) -> str:
    """The text that an expression makes, with … for values, and all of what it may choose from."""
    inner = constants
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in constants:
            parts, inner, between = [constants[name]], {}, ""
        case ast.JoinedStr(values=parts):
            between = ""
        case ast.BinOp(left=one, op=ast.Add(), right=other):
            parts, between = [one, other], ""
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            parts, between = [one, other], " / "
        case ast.Call(args=[_, ast.expr() as other]) if "way_out" in ast.unparse(node.func):
            parts, between = [other], ""
        case _:
            return "…"
    texts = [_template(part, inner) for part in parts]
    if between:
        texts = [text for text in dict.fromkeys(texts) if text.strip("…")]
    return between.join(texts)


def in_chinese(text: str) -> str:
    """The Chinese of a text of `rows`, each of what it chooses from by itself."""
    return " / ".join(translated(part, CHINESE) for part in text.split(" / "))


def pages() -> dict[str, str]:
    """The texts of both pages by their names."""
    english = "".join(_row(str(code), what, now) for code, what, now in rows())
    chinese = "".join(
        _row(str(code), in_chinese(what), in_chinese(now), what) for code, what, now in rows()
    )
    refused = errors.WAYS_OUT.items()
    english += SYSTEM + "".join(_row(name, now) for name, now in refused)
    chinese += SYSTEM_ZH + "".join(_row(name, in_chinese(now)) for name, now in refused)
    texts = dict(zip(HEADS, (english, chinese), strict=True))
    return {name: head + texts[name] for name, head in HEADS.items()}


SYSTEM = """
Where the system refuses something (7, or 5 for memory) the way out follows its error, errno(3):

| error | what to do now |
|---|---|
"""
SYSTEM_ZH = """
系统拒绝读写时（退出码 7，内存不够是 5），按系统给出的错误处理：

| 系统的错误 | 怎么办 |
|---|---|
"""


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split()) or "–"


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
