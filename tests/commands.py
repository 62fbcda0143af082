"""A folder like a new user's, and commands run in it."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from qjaudio.cli import run
from qjaudio.machine import Loudness
from qjaudio.pipeline import making

REPO = Path(__file__).parents[1]
SAMPLE = REPO / "issues" / "2025-05-20"


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the sample issue, the current one during the test.

    Its show asks for the silent voice by name; whoever tests another says so.
    """
    shutil.copytree(SAMPLE, tmp_path / "issues" / "2025-05-20")
    monkeypatch.chdir(tmp_path)
    for name in ("QJAUDIO_OUT", "QJAUDIO_PAPER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QJAUDIO_VOICE", "silent")
    # Nobody listens at the discard port: the online voice is down for every test that asks it.
    monkeypatch.setenv("QJAUDIO_EDGE_ENDPOINT", "ws://127.0.0.1:9/edge")
    return tmp_path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with the sample episode, made once for all tests, modules and workers.

    A fixture that is imported is one of each module that does: each has a copy of its own.
    """
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "sample"
    with FileLock(f"{kept}.lock"), pytest.MonkeyPatch.context() as settings:
        if not kept.exists():
            settings.setenv("QJAUDIO_VOICE", "silent")
            half = kept.with_name("sample.new")
            words = ["make", "2025-05-20", "--from", str(SAMPLE), "--out", str(half)]
            assert 0 == run(words)
            half.rename(kept)
    return Path(shutil.copytree(kept, tmp_path_factory.mktemp("finished") / "out"))


@pytest.fixture
def made(folder: Path, finished: Path) -> Path:
    """`out/` of `folder`, with the sample episode in it."""
    shutil.copytree(finished, folder / "out")
    return folder / "out"


@pytest.fixture
def qjaudio(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in `folder`; standard output and error are kept apart."""

    def command(*words: str) -> Answer:
        capsys.readouterr()
        code = run(list(words))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return command


def sample_sound(finished: Path) -> Callable[..., Loudness]:
    """In place of `making.mix`, its longest step: any MP3 becomes that of the sample episode."""

    def take(_clips: object, _episode: object, path: Path, **_: object) -> Loudness:
        shutil.copyfile(finished / "2025-05-20.mp3", path)
        return Loudness(-16.0, -1.5)

    return take


@pytest.fixture
def unmixed(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is spoken, the MP3 is that of the sample episode."""
    monkeypatch.setattr(making, "mix", sample_sound(finished))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, but for the logs: a run that fails tells why.

    What is in the cache but the clips only remembers which files need no second look.
    """
    noted = {".cache/feed.json", ".cache/archives.json", ".cache/feed.lock"}
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.log" and "/".join(path.parts[-2:]) not in noted
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
