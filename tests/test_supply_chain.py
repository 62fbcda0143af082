"""What we install is what was meant, and what we run is nothing that a text could name."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from qjaudio.engines import kokoro

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "pyproject.toml"
LOCKS = ("requirements.lock", "requirements-test.lock")
_WISH = re.compile(
    r'^\s*"(?P<name>[A-Za-z][\w.-]*)(?:\[[^]]*\])?(?P<bounds>[^";]*)[^"]*",?(?P<rest>.*)$'
)
_PINNED = re.compile(r"^([A-Za-z0-9][\w.\[\]-]*)==\S+", re.M)
_STARTERS = {"run", "Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput"}
_FORBIDDEN = {
    "eval", "exec", "compile", "__import__",
    "os.system", "os.popen", "os.startfile", "tempfile.mktemp", "builtins.eval", "builtins.exec",
    "asyncio.create_subprocess_shell", "ssl._create_unverified_context", "np.load", "numpy.load",
}  # fmt: skip
_FORBIDDEN_BEGINNINGS = ("os.exec", "os.spawn", "pickle.", "marshal.", "shelve.", "dill.", "yaml.")
_FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml"}
_NO_CHECK = {"verify", "check_hostname", "verify_ssl", "ssl", "use_ssl"}
"""Words whose value False gives up the proof of who the other side is."""


def faults(tree: ast.AST) -> Iterator[str]:
    """What in a module could run a text, trust a stranger, or never end."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names]
            for name in {name.partition(".")[0] for name in names} & _FORBIDDEN_MODULES:
                yield f"{node.lineno}: imports {name}"
        elif isinstance(node, ast.Call):
            yield from (f"{node.lineno}: {fault}" for fault in _call_faults(node))


def _call_faults(call: ast.Call) -> Iterator[str]:
    called = ast.unparse(call.func)
    words = {word.arg: word.value for word in call.keywords}
    if called in _FORBIDDEN or called.startswith(_FORBIDDEN_BEGINNINGS):
        yield called
    if "shell" in words:
        yield f"{called} with a shell"
    for name in _NO_CHECK & set(words):
        value = words[name]
        if isinstance(value, ast.Constant) and value.value is False:
            yield f"{called} with {name}=False"
    if called.startswith("subprocess.") and called.partition(".")[2] in _STARTERS:
        yield from _start_faults(called, call, words)


def _start_faults(
    called: str, call: ast.Call, words: Mapping[str | None, ast.expr]
) -> Iterator[str]:
    if called != "subprocess.run":
        yield f"{called}: only subprocess.run has a timeout and waits"
    if "timeout" not in words:
        yield f"{called} without a timeout"
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant | ast.JoinedStr | ast.BinOp):
        yield f"{called} with a text instead of a list"


def test_nothing_runs_a_text_or_trusts_a_stranger() -> None:
    """No module of ours evaluates, unpickles, starts a shell, or waits for ever."""
    found = [
        f"{path.relative_to(ROOT)}:{fault}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for fault in faults(ast.parse(path.read_text("utf-8")))
    ]
    assert [] == found


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')",
        "subprocess.run('ls', timeout=1)",
        "subprocess.run(f'ls {x}', timeout=1)",
        "subprocess.run(['ls'])",
        "subprocess.run(['ls'], timeout=1, shell=True)",
        "subprocess.Popen(['ls'])",
        "import pickle",
        "from yaml import load",
        "os.system('ls')",
        "tempfile.mktemp()",
        "session.get(url, ssl=False)",
        "requests.get(url, verify=False)",
    ],
)
def test_the_walk_sees_each_kind(code: str) -> None:
    """Each forbidden thing is found where it is planted, so that an empty list means something."""
    assert list(faults(ast.parse(code)))
    assert not list(faults(ast.parse("subprocess.run([program, 'a'], timeout=1)")))


def test_the_security_rules_of_the_linter_are_on() -> None:
    """All of bandit's rules; for the program itself only the one that our own walk replaces."""
    lint = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert ["S603"] == [rule for rule in lint["ignore"] if re.fullmatch(r"S\d*", rule)]
    for place, rules in lint["per-file-ignores"].items():
        if place.startswith("src"):
            assert [] == [rule for rule in rules if re.fullmatch(r"S\d*", rule)], place


def wishes() -> Iterator[tuple[str, str, str]]:
    """Name, bounds and comment of every dependency in pyproject.toml."""
    is_list = False
    for line in PROJECT.read_text("utf-8").splitlines():
        if re.match(r"\[tool\.", line):
            return
        is_list = is_list or re.match(r"(dependencies|\w+) = \[", line) is not None
        found = _WISH.match(line) if is_list else None
        if found and re.search(r"[<>=~!]", found["bounds"]):
            yield found["name"], found["bounds"], found["rest"].partition("#")[2].strip()


def test_an_upper_bound_has_a_reason() -> None:
    """A bound that keeps newer versions out says why on its own line; all have a lower bound."""
    found = list(wishes())
    assert 40 <= len(found)
    assert [] == [name for name, bounds, _ in found if not re.search(r">=|==|~=", bounds)]
    upper = [(name, why) for name, bounds, why in found if re.search(r"<|==|~=|!=", bounds)]
    assert "rapidocr" in dict(upper)
    assert [] == [name for name, why in upper if len(why) < 20]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    """One exact version each, at least one sha256, and nothing that comes from elsewhere."""
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert 40 <= len(entries)
    assert [] == [one for one in entries if not _PINNED.match(one)]
    assert [] == [one[:60] for one in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)]
    assert not re.search(r"://|^-e |--index-url|--find-links|--trusted-host", text, re.M)


def test_every_dependency_is_locked() -> None:
    """What pyproject asks for is in the list that `./run` and CI install from."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for lock, asked in (
        (LOCKS[0], project["dependencies"]),
        (LOCKS[1], [*project["dependencies"], *extras["scan"], *extras["test"]]),
    ):
        names = [re.match(r"[\w.-]+", wish) for wish in asked]
        wanted = {_normal(name[0]) for name in names if name and name[0] != "qjaudio"}
        locked = {_normal(name) for name in _PINNED.findall((ROOT / lock).read_text("utf-8"))}
        assert set() == wanted - locked, lock


def test_both_locks_name_the_same_versions() -> None:
    """Whoever tests, tests what whoever runs has: both lists go into one environment."""
    first, second = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.M))
        for lock in LOCKS
    )
    assert {} == {name: version for name, version in first.items() if second.get(name) != version}


def test_run_and_ci_install_from_the_lock() -> None:
    """`./run` asks for the hashes and stops where one differs; CI calls nothing but `./run`."""
    run = (ROOT / "run").read_text("utf-8")
    assert '--require-hashes -r "requirements$1.lock"' in run
    assert re.search(r"grep -q 'DO NOT MATCH' \S+; then exit 5", run)
    ci = (ROOT / ".ci/run").read_text("utf-8")
    assert "./run lint" in ci
    assert "./run test" in ci
    assert "pip install" not in ci


def test_the_shipped_voices_are_those_of_the_list() -> None:
    """SHA256SUMS, for who checks by hand, and the program name the same voices and sums."""
    folder = ROOT / "voices/kokoro"
    rows = (row.split() for row in (folder / "SHA256SUMS").read_text("ascii").splitlines())
    listed = {name.removesuffix(".bin"): digest for digest, name in rows}
    assert kokoro.VECTORS_SHA256 == listed
    assert sorted(listed) == sorted(path.stem for path in folder.glob("*.bin"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
