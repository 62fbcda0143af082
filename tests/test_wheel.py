"""An installed qjaudio works outside the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

REPO = Path(__file__).parents[1]


def test_the_wheel_carries_voices_and_rules(tmp_path: Path) -> None:
    """Every rule, voice and template of the checkout is in the wheel; it speaks from there."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=REPO, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
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
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    assert 0 == done.returncode, done.stderr.decode()
