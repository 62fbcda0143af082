"""The Chinese tutorials for technicians, editors and chief editors: every command in them works."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from commands import SAMPLE, finished, unmixed  # noqa: F401 - fixtures
from qjaudio.cli import run

PAGES = Path(__file__).parents[1] / "docs" / "zh"
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


@pytest.mark.usefixtures("unmixed")
def test_one_day_of_three_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder to a signed edition that is taken back, page after page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QJAUDIO_VOICE", "silent")
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    failed = []
    for page in ("technician", "editor", "chief-editor"):
        text = (PAGES / f"{page}.md").read_text("utf-8")
        for line in "".join(_SHELL.findall(text)).splitlines():
            words = shlex.split(line)
            if words[0] == "cd":
                monkeypatch.chdir(words[1])
                shutil.copytree(SAMPLE, "issues/2025-05-20")
            elif words[0] != "qjaudio" or run(words[1:]):
                failed.append(line)
    assert [] == failed
