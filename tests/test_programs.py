"""Programs that come as packages."""

from pathlib import Path

import imageio_ffmpeg
import pytest

from qjaudio.errors import MissingPartError
from qjaudio.programs import ffmpeg


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
