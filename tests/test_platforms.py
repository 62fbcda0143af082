"""What can be told here of systems that are not here: Windows, macOS, a container.

Nothing of this was ever run on Windows or macOS. What holds: no module needs a library that Windows
lacks, and the program makes an episode where those libraries, and the calls that Windows refuses,
are taken away.
"""

import ast
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

import qjaudio
from qjaudio import store, targets
from qjaudio.cli import COMMANDS, run
from qjaudio.errors import NotWritableError

ROOT = Path(__file__).parents[1]
SRC = Path(qjaudio.__file__).parent
POSIX = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog", "posix", "readline"}
POSIX_CALLS = {
    "os": {
        "fork", "getuid", "geteuid", "getgid", "setsid", "getpgid", "killpg", "getloadavg", "nice",
        "sched_getaffinity", "statvfs", "mkfifo", "chown", "fchmod", "fchown", "O_NONBLOCK",
        "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "fdatasync", "sync", "uname", "wait", "openpty",
    },
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGPIPE", "alarm", "setitimer"},
    "socket": {"AF_UNIX"},
    "asyncio": {"start_unix_server"},
}  # fmt: skip


def guarded(tree: ast.Module) -> set[ast.AST]:
    """What stands in a `try` that does without a missing module, or in an `if` on the system."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = " ".join(ast.unparse(one.type) for one in node.handlers if one.type)
            if re.search("ImportError|AttributeError", caught):
                found |= {inner for one in node.body for inner in ast.walk(one)}
        elif isinstance(node, ast.If) and re.search(
            "platform|os.name|hasattr", ast.unparse(node.test)
        ):
            found |= set(ast.walk(node))
    return found


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_needs_what_windows_lacks(path: Path) -> None:
    """An import or a call of POSIX alone has a twin: it stands where its lack is looked after."""
    tree = ast.parse(path.read_text("utf-8"))
    safe = guarded(tree)
    for node in ast.walk(tree):
        if node in safe:
            continue
        names = {one.name for one in node.names} if isinstance(node, ast.Import) else set()
        names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        assert not names & POSIX, f"{path.name}, line {node.lineno}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in POSIX_CALLS.get(node.value.id, ()), f"line {node.lineno}"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer without what Windows lacks, and refusing what Windows refuses."""
    import fcntl

    flags, real_open, real_sync = fcntl.fcntl, os.open, os.fsync

    def opened(path: str, *words: int, **more: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *words, **more)

    def synced(handle: int) -> None:
        if not flags(handle, fcntl.F_GETFL) & (os.O_RDWR | os.O_WRONLY):
            raise OSError(9, "Bad file descriptor")
        real_sync(handle)

    for name in POSIX - {"posix"}:
        monkeypatch.setitem(sys.modules, name, None)
    # What the standard library itself calls here stays.
    kept = {"O_CLOEXEC", "O_NOFOLLOW", "O_DIRECTORY", "O_NONBLOCK", "uname", "statvfs", "getuid"}
    for name in POSIX_CALLS["os"] - kept:
        monkeypatch.delattr(os, name, raising=False)
    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(store, "_is_windows", lambda: True)


@pytest.mark.usefixtures("windows")
def test_a_file_is_written_as_on_windows(tmp_path: Path) -> None:
    """No folder is opened, nothing is synced that may not be written."""
    store.write_text(tmp_path / "a/b.txt", "甲")
    assert "甲" == (tmp_path / "a/b.txt").read_text("utf-8")
    assert [tmp_path / "a/b.txt"] == list((tmp_path / "a").iterdir())


@pytest.mark.usefixtures("windows")
def test_a_file_that_is_being_read_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows replaces none while a player or a scanner of viruses has it; some let go soon."""
    refused, real, waited = [1, 1, *[0] * 3, *[1] * 9], Path.replace, []

    def replaced(path: Path, target: Path) -> Path:
        if refused.pop(0):
            raise PermissionError(13, "Permission denied", str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(store.time, "sleep", waited.append)
    store.write_text(tmp_path / "a.txt", "甲")
    assert ("甲", 2) == ((tmp_path / "a.txt").read_text("utf-8"), len(waited))
    del refused[:3]
    with pytest.raises(NotWritableError, match="Permission denied"):
        store.write_text(tmp_path / "a.txt", "乙")
    assert ("甲", 1) == ((tmp_path / "a.txt").read_text("utf-8"), len([*tmp_path.iterdir()]))


def test_an_address_of_a_drive_is_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of an address begins with a slash, and that of a drive does not."""
    monkeypatch.setattr(targets, "url2pathname", lambda path: unquote(path).lstrip("/"))
    assert Path("D:/节目").absolute() == Path(targets.place_of("file:///D:/节目").path)
    assert Path(r"D:\节目").absolute() == Path(targets.place_of(r"D:\节目").path)


@pytest.mark.usefixtures("windows")
def test_an_episode_is_made_as_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From init to feed: no command needs what Windows lacks."""
    monkeypatch.chdir(tmp_path)
    assert 0 == run(["init", "--yes", "--paper", "今日衢江", "--voice", "silent"])
    page = tmp_path / "issues/2025-05-20/page1.txt"
    page.parent.mkdir()
    page.write_text(
        "今日衢江\n2025年5月20日 星期二\n\n村里的桥通车了\n\n本报讯 昨天，村里的桥通车了。"
        "新桥长三十米，宽八米，可以走大车。村民去镇上，比从前少走二十分钟。\n",
        "utf-8",
    )
    assert 0 == run(["make", "2025-05-20", "--minutes", "1"])
    assert (tmp_path / "out/2025-05-20.mp3").is_file()
    assert "2025-05-20.mp3" in (tmp_path / "out/feed.xml").read_text("utf-8")


def test_run_ps1_does_what_run_does() -> None:
    """Each word of `run` is known there; the rest goes to qjaudio in both."""
    shell, power = ((ROOT / name).read_text("utf-8") for name in ("run", "run.ps1"))
    words = re.findall(r"^    (\w+)\)$", shell, re.M)
    assert {"test", "lint", "check", "bench", "docs", "lock", "help"} == set(words)
    assert {"test", "lint", "bench", "docs", "lock", "help"} <= set(re.findall(r"'(\w+)'", power))
    for text in ("--require-hashes", "--no-deps --editable .", "requirements$set.lock", "exit 5"):
        assert text in power
    assert power.count("{") == power.count("}")
    assert "check" in COMMANDS


def test_the_container_installs_this_project() -> None:
    """Its file names extras that there are, and runs the program as nobody of importance."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    extras = re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    (wished,) = re.findall(r"/opt/qjaudio\[([\w,]+)\]", text)
    assert set(wished.split(",")) <= set(extras)
    assert text.index("USER radio") < text.index("ENTRYPOINT")
