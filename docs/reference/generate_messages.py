"""Bring the catalogue of Chinese messages up to date: `python docs/reference/generate_messages.py`.

Collects what the program says in English from the code, by the rules below, and brings the
catalogue src/qjaudio/locale/zh_CN/LC_MESSAGES/qjaudio.po to it: what is new stands there without
Chinese, what is gone is gone. Then it compiles qjaudio.mo and tells what lacks its Chinese: write
that into qjaudio.po (any editor for PO files does) and run this again.

A message is a string or f-string of the code that holds words; `{name}` stands for a value.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import qjaudio
from qjaudio import rules
from qjaudio.script import normalize
from qjaudio.script.readings import Source

SOURCE = Path(qjaudio.__file__).parent
CATALOGUE = SOURCE / "locale/zh_CN/LC_MESSAGES/qjaudio.po"
COMPILED = CATALOGUE.with_suffix(".mo")
NO_MESSAGES = (
    "testing.py", "language.py", "desk/", "player/", "feed/", "script/codes.py", "script/dates.py",
    "script/normalize.py", "script/numerals.py", "script/polyphones.py", "script/pronounce.py",
    "script/quantities.py", "script/readings.py", "web/app.py",
    "engines/kokoro_graph.py",
    "outlets/books.py", "outlets/wechat.py",
)  # fmt: skip
"""Modules whose words are for engineers, listeners (in Chinese) or programs, but for errors."""
NO_CALLS = re.compile(
    r"(_?log|_LOG)\.(?!one_line)\w+|re\.\w+|"
    r"\w+\.css|\w+\.startswith|add_element|TypeAlias|Literal|"
    r"with_phonemes|\w+\.search|click\.\w*Range|\w*cast|isinstance"
)
"""Calls whose words nobody reads."""
NO_WORDS = re.compile(
    r"Bearer |<|qjaudio[/:]|import |faster-whisper|bytes |No space left|start new thread|"
    r"temporary directory|title doc_title|caption image|image image_body|table table_body|"
    r"header footer|any maskable|socket\.send|meta\[|dry run$|no paper$|cd \{|our words|"
    r"CREATE |INSERT INTO|SELECT | *BEGIN |.* TEXT NOT NULL|"
    r"duration \{|qjaudio say|qjaudio \{|\{identity\}|"
    r"\{where\} \w+$|formula inline|"
    r"\{[^}]*\}\{[^}]*\}$|.*\n|new thread|.*; charset=|public, max|a\[href|h1, h2|\{head\}"
)
"""Strings with spaces that are no messages: markup, commands, names of states for programs."""
MORE = (
    # single words that are shown
    "mixing", "made", "unchanged", "failed", "answers", "today", "yesterday", "sent", "found",
    "settings", "pages", "page", "feed",
    "slow edition", "robots", "unknown files", "lines", "short", "other",
    "online", "offline", "hint: ", "ok", "NO",
    "rerun", "dates", "shows", "check", "all of the paper", "what fits of the paper",
    "stopped; run it again to go on from here", "repaired:",
    # the states of an edition, and the parts of its content
    "drafted", "edited", "returned", "scheduled", "published", "withdrawn", "restored", "journal",
    "signed", "next", "why", "name", "reason", "script", "corrections", "lexicon", "voices",
    "audio", "closed", "opened",
    "float range", "integer range",
    "did you mean {name}? {command} --help", "see {command} --help",
    # kinds of what is left out
    "slogan", "masthead", "banner", "teaser", "debris", "jump_line", "caption", "advert", "folio",
    "editors", "byline", "crosshead", "table", "notice", "left_out",
    # click's own
    "Usage: ", "Options", "Commands", "Show this message and exit.", "Show the version and exit.",
    "Example: {command}", "default: {value}]", "required]", "kinds in [export]",
    "No such option: {name}", "No such option {name}.", "No such command {name}.",
    "Missing argument {name}.", "Missing option {name}.", "Missing command.",
    "Got unexpected extra argument ({words})", "Got unexpected extra arguments ({words})",
    "Option {name} requires an argument.", "Option {name} does not take a value.",
    "Invalid value for {name}: {reason}", "{value} is not in the range {range}.",
    "{value} is not a valid integer.", "{value} is not a valid float.",
    "{value} is not a valid {kind}.", "{value} is not one of {choices}.",
    # the system's own
    "[Errno {number}] {reason}: {path}", "[Errno {number}] {reason}",
    "No such file or directory", "Permission denied", "Is a directory", "Not a directory",
    "No space left on device", "Read-only file system", "Input/output error", "File exists",
    "Too many open files", "Cannot allocate memory", "Operation not permitted",
    "File name too long", "File too large", "Disk quota exceeded", "Connection refused",
    "<urlopen error {reason}>", "Name or service not known", "Temporary failure in name resolution",
    "No address associated with hostname", "Connect call failed {address}",
    "Address already in use", "Cannot assign requested address",
    "Try once at start-up if the machine was off at the last of these times.",
    # what libraries say of a broken file
    "File is not a zip file",
    "{reason} (at line {line}, column {column})", "{reason} (at end of document)",
    "Invalid statement", "Invalid value", "Unclosed array", "Unterminated string",
    "Expected '=' after a key in a key/value pair",
    "Expected newline or end of document after a statement",
    "Expected ']' at the end of a table declaration", "Invalid initial character for a key part",
    "Cannot overwrite a value", "Cannot declare {name} twice", "Illegal character {char}",
    "Unescaped '\\' in a string", "Invalid date or datetime",
    # hints of few words
    'write "#0b5c4a"', "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    # SQLite's own
    "file is not a database", "database disk image is malformed", "no such table: {name}",
)  # fmt: skip
"""Messages that stand nowhere in the code as a string with words."""
DULL = {
    "len", "str", "ascii", "join", "repr", "map", "round", "sorted", "self", "for", "in", "if",
    "else", "not", "and", "or", "chr", "hex", "min", "max", "sum", "next", "type",
}  # fmt: skip
"""Words of an expression that do not tell what its value is."""
_WORDS = re.compile(r"e\.g\. |[a-z]{2,}[,;:]? [a-z(“{–\d-]|[a-z})”]:? [a-z]{2,}")


def shape(text: str) -> str:
    """A message without the names of its values: what tells one from another when it is said."""
    return _built(text, lambda _: "{}")


def names_in(text: str) -> list[str]:
    """The names of the values of a message, in their order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def _built(text: str, field: Callable[[str], str]) -> str:
    """The message with something else for each of its values."""
    return "".join(
        escaped(literal) + ("" if name is None else field(name))
        for literal, name, _, _ in Formatter().parse(text)
    )


def messages() -> dict[str, list[str]]:
    """Every message, and the modules that say it; of those of one shape, the first."""
    found: dict[str, list[str]] = {text: [] for text in (*MORE, *timer_comments(), *of_data())}
    shapes = {shape(text): text for text in found}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _messages_of(*(_errors_in(tree) if name.startswith(NO_MESSAGES) else [tree])):
            modules = found.setdefault(shapes.setdefault(shape(text), text), [])
            if name not in modules:
                modules.append(name)
    return found


def timer_comments() -> list[str]:
    """The comments in what `qjaudio schedule` prints."""
    rows = [row for text in rules.phrases("schedule").values() for row in text.splitlines()]
    return [re.sub(r":%H:%M\}", "}", row[2:]) for row in rows if row.startswith("# ")]


def of_data() -> list[str]:
    """What to do with a file that is not read, and why `qjaudio say --explain` says a word so."""
    hints = [row["hint"] for row in rules.phrases("tools")["refused"]]
    rules_of_print = [rule.name for rule in normalize.rules_of_print()]
    return [*dict.fromkeys((*hints, *rules_of_print, *get_args(Source), "tone change"))]


def _errors_in(tree: ast.Module) -> Iterator[ast.AST]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return (call for call in calls if re.fullmatch(r"(errors\.)?[A-Z]\w+Error", _called(call)))


def _called(node: ast.Call) -> str:
    """What is called, in at most two names; `…` for what has none."""
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
        case ast.Attribute(attr=name):
            return f"…{name}"
    return "…"


def _messages_of(*nodes: ast.AST) -> Iterator[str]:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.Call) and NO_CALLS.fullmatch(_called(node)):
            continue
        if isinstance(node, ast.FunctionDef):
            yield from help_paragraphs(node)
        text = template(node)
        yield from shown_parts(text)
        if isinstance(node, ast.BinOp) and text:
            continue
        waiting += [
            child
            for child in ast.iter_child_nodes(node)
            if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant))
        ]


def shown_parts(text: str) -> Iterator[str]:
    """The messages in the text of a string: its lines, a label that spaces follow by itself."""
    rows = text.split("\n") if "\n" in text.strip() else [text]
    for row in (re.sub(r"  \[default: .*\]$", "", row) for row in rows):
        labelled = re.fullmatch(r"([a-z]+(?: [a-z]+)*) {2,}(.*)", row)
        parts = labelled.groups() if labelled else [row]
        for part in parts:
            is_label = labelled is not None and part == parts[0]
            if is_label or (_WORDS.search(part) and not NO_WORDS.match(part)):
                yield part


def help_paragraphs(node: ast.FunctionDef) -> list[str]:
    """The paragraphs of the help that click shows of a command, but for its example."""
    commands = [
        one for one in node.decorator_list if re.search(r"\.(command|group)\b", ast.unparse(one))
    ]
    text = ast.get_docstring(node) if commands else None
    paragraphs = [" ".join(one.split()) for one in (text or "").split("\n\n")]
    return [escaped(one) for one in paragraphs if one and not one.startswith("Example:")]


def template(node: ast.AST) -> str:
    """What a string expression makes, with {name} for each value; empty for what is none."""
    match node:
        case ast.Constant(value=str(text)):
            return escaped(text)
        case ast.JoinedStr(values=parts):
            return _numbered("".join(_part(part) for part in parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right) if template(left) or template(right):
            return _numbered((template(left) or _value(left)) + (template(right) or _value(right)))
    return ""


def _part(node: ast.expr) -> str:
    return _value(node.value) if isinstance(node, ast.FormattedValue) else template(node)


def _value(node: ast.expr) -> str:
    """`{name}` for an expression, by its last name that tells something."""
    names = [name for name in re.findall(r"[A-Za-z_]\w*", ast.unparse(node)) if len(name) > 1]
    telling = [name for name in names if name not in DULL]
    called = isinstance(node, ast.Call | ast.IfExp)
    name = (telling or names or ["value"])[0 if called else -1]
    return f"{{{name.strip('_').lower()}}}"


def _numbered(text: str) -> str:
    """The names of a template made different: {name} and {name2}."""
    seen: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        if not found[1]:
            return found[0]
        bare = found[1].rstrip("0123456789")
        seen[bare] = seen.get(bare, 0) + 1
        return f"{{{bare}{seen[bare]}}}" if seen[bare] > 1 else f"{{{bare}}}"

    return re.sub(r"\{\{|\}\}|\{(\w+)\}", name, text)


def escaped(text: str) -> str:
    """A text as a template without values."""
    return text.replace("{", "{{").replace("}", "}}")


def catalogue() -> Catalog:
    """The catalogue as it stands in the file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def brought_up_to_date() -> Catalog:
    """The same with exactly the messages of the code."""
    known = catalogue() if CATALOGUE.is_file() else Catalog(locale="zh_CN")
    fresh = Catalog(
        locale="zh_CN", project="qjaudio", fuzzy=False, creation_date=known.creation_date,
        header_comment="# What qjaudio says, in Chinese. docs/reference/generate_messages.py brings"
        " it up to date.\n# {name} stands for a value: keep it as it is; leave out what Chinese"
        " does not need.",
    )  # fmt: skip
    formers = {shape(str(one.id)): one for one in known if one.id}
    for text, modules in sorted(messages().items()):
        former = formers.get(shape(text))
        chinese = _renamed(str(former.string), str(former.id), text) if former else ""
        fresh.add(text, chinese, locations=[(name, None) for name in modules])
    return fresh


def _renamed(chinese: str, former: str, text: str) -> str:
    """The Chinese of a message whose values have got other names in the code."""
    names = dict(zip(names_in(former), names_in(text), strict=True))
    return _built(chinese, lambda name: f"{{{names[name]}}}")


def lacking(found: Catalog) -> list[str]:
    """The messages that have no Chinese."""
    return [str(message.id) for message in found if message.id and not message.string]


def main() -> int:
    """Write the catalogue and compile it; 1 while a message lacks its Chinese."""
    fresh = brought_up_to_date()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, width=0, omit_header=False)
    with COMPILED.open("wb") as file:
        write_mo(file, fresh)
    for text in lacking(fresh):
        sys.stdout.write(f"no Chinese yet: {text}\n")
    return bool(lacking(fresh))


if __name__ == "__main__":
    sys.exit(main())
