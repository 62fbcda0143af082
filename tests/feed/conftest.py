"""The sample episode, and a short one whose speech sets in as sharply as a bell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import finished
from qjaudio.cli import run
from qjaudio.engines import silent, wrappers
from tones import syllables

__all__ = ["finished", "sounding"]

ISSUE = Path(__file__).parent / "issue"


@pytest.fixture(scope="session", params=["music", "no music"])
def sounding(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An output folder with an episode of three stories, hummed aloud, with an address."""
    folder = tmp_path_factory.mktemp("sounding")
    off = "".join(f'{name} = "off"\n' for name in ("sting", "bed", "chime", "closing"))
    settings = 'base_url = "https://example.cn/qj/"\n' + off * (request.param == "no music")
    (folder / "qjaudio.toml").write_text(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(silent, "_hum", syllables)
        patch.setattr(wrappers, "doubt", lambda *_: "")  # the gate hears that it is not speech
        patch.setenv("QJAUDIO_VOICE", "silent")
        words = ["make", "2025-05-20", "--from", str(ISSUE)]
        assert 0 == run(words)
    yield folder / "out"
