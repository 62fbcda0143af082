"""Programs that come as packages."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from qjaudio.engines.service import decode_mp3
from qjaudio.errors import MissingPartError
from qjaudio.machine import ffmpeg, run_ffmpeg


def test_ffmpeg_is_there() -> None:
    """Its path is that of a file."""
    assert Path(ffmpeg()).is_file()


def test_a_missing_ffmpeg_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 5, with the variable that can name another."""

    def none() -> str:
        raise RuntimeError("no ffmpeg")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    with pytest.raises(MissingPartError) as caught:
        ffmpeg.__wrapped__()
    assert "IMAGEIO_FFMPEG_EXE" in caught.value.hint


@pytest.mark.parametrize("use", [lambda: run_ffmpeg(["-version"]), lambda: decode_mp3(b"\0" * 600)])
def test_an_ffmpeg_that_cannot_be_started_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[], object]
) -> None:
    """A file that is not a program of this machine is a missing part, not a bug in qjaudio."""
    program = tmp_path / "ffmpeg"
    program.write_bytes(b"\x7fELF of another machine")
    program.chmod(0o755)
    monkeypatch.setattr("qjaudio.machine.ffmpeg", lambda: str(program))
    monkeypatch.setattr("qjaudio.engines.service.ffmpeg", lambda: str(program))
    with pytest.raises(MissingPartError, match="cannot be started") as caught:
        use()
    assert "IMAGEIO_FFMPEG_EXE" in caught.value.hint


def test_an_ffmpeg_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets its time and no more; what it was to write is not taken for whole."""
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("qjaudio.machine.ffmpeg", lambda: str(program))
    monkeypatch.setattr("qjaudio.machine.TIMEOUT_S", 0.2)
    with pytest.raises(MissingPartError, match="did not finish within") as caught:
        run_ffmpeg(["-version"])
    assert isinstance(caught.value.__cause__, subprocess.TimeoutExpired)
