"""An installed qjaudio works outside the checkout."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPO, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_wheel_carries_voices_and_rules(tmp_path: Path) -> None:
    """Every rule, voice and template of the checkout is in the wheel; it speaks from there."""
    with zipfile.ZipFile(build_wheel(tmp_path)) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    tracked = [p for p in (REPO / "src").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {str(path.relative_to(REPO / "src")) for path in tracked} <= names
    voices = [path for path in (REPO / "voices").rglob("*") if path.is_file()]
    assert {f"qjaudio/{path.relative_to(REPO)}" for path in voices} <= names
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import qjaudio; from qjaudio.rules import phrases, voices_folder\n"
        "from qjaudio.script.lexicon import default_lexicon\n"
        f"assert qjaudio.__file__.startswith({str(tmp_path)!r}), qjaudio.__file__\n"
        f"assert str(voices_folder()).startswith({str(tmp_path)!r}), voices_folder()\n"
        "assert phrases('phrases') and default_lexicon()\n"
        "from qjaudio.cli import run\n"
        "assert 0 == run(['init', '--yes', '--voice', 'silent', '--paper', '今日衢江'])\n"
        f"assert 0 == run(['make', '2025-05-20', '--from', {str(REPO / 'issues/2025-05-20')!r}, "
        "'--minutes', '1'])\n"
    )
    anywhere = tmp_path / "anywhere"
    anywhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=anywhere,
        capture_output=True,
        check=False,
        env=os.environ | {"QJAUDIO_LANG": "zh", "PYTHONUTF8": "1"},
    )
    assert 0 == done.returncode, done.stderr.decode()
    assert "已写好" in done.stdout.decode()
    assert (anywhere / "out/2025-05-20.mp3").is_file()


INSTALLS = re.compile(r"(?:pip|pipx|uv tool) install ((?:(?!, )[^`|;&\n—。，；（()])+)")
TEXTS = ("README*.md", "CONTRIBUTING.md", "docs/**/*.md", "Containerfile", "src/qjaudio/**/*.py")
TOOLS = {"pip-audit", "pipx", "uv"}


def install_lines() -> dict[tuple[str, ...], str]:
    """What stands behind each `install` of the docs, word by word, and in which file."""
    return {
        tuple(one.strip("\"',\\").rstrip(".:)") or "." for one in line.split()): path.name
        for path in sorted({path for text in TEXTS for path in REPO.glob(text)})
        for line in INSTALLS.findall(path.read_text("utf-8"))
    }


def test_every_line_that_installs_can_be_typed() -> None:
    """Only files of this project and packages that it names; no index knows its own name."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wishes = [*project["dependencies"], *(wish for extra in extras.values() for wish in extra)]
    known = {re.split(r"[^\w-]", wish)[0] for wish in wishes} | TOOLS
    lines = install_lines()
    for line, where in lines.items():
        for word in line:
            if word.startswith("-") or word in (".", "requirements.lock", "pip"):
                continue
            file, extra = re.fullmatch(r"(.*?)(?:\[([\w,]+)\])?", word).groups()  # type: ignore[union-attr]
            assert set((extra or "").split(",")) - {""} <= extras.keys(), (where, line)
            name = re.split(r"[<=>]", file)[0]
            is_file = file in (".", "/opt/qjaudio") or file.endswith(".whl")
            assert is_file or name in known, (where, line)
            assert is_file or name != "qjaudio", (where, line)
    assert len(lines) > 10


@pytest.mark.nightly
def test_every_line_that_installs_is_resolved(tmp_path: Path) -> None:
    """By pip, from its index, with the wheel that is built here; nothing is installed."""
    build_wheel(tmp_path)
    for line, where in install_lines().items():
        words = ["." + word[12:] if word.startswith("/opt/qjaudio") else word for word in line]
        words = [word.replace("./qjaudio-", f"{tmp_path}/qjaudio-") for word in words]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", *words],
            cwd=REPO, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert 0 == done.returncode, (where, line, done.stderr)
