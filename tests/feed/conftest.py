"""The sample episode, and a short one whose speech sets in as sharply as a bell."""

import math
import random
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import finished
from qjaudio.cli import run
from qjaudio.engines import silent, wrappers
from qjaudio.speech.model import SAMPLE_RATE

__all__ = ["finished", "sounding"]

ISSUE = Path(__file__).parent / "issue"


def syllables(duration_ms: int) -> bytes:
    """A hum of 120 Hz in syllables of different length and loudness."""
    chance = random.Random(duration_ms)  # noqa: S311
    sound = array("h")
    while len(sound) < duration_ms * SAMPLE_RATE // 1000:
        loud, quiet = chance.randint(90, 240), chance.randint(40, 110)
        volume = chance.randint(5000, 9000)
        samples = range(loud * SAMPLE_RATE // 1000)
        sound.extend(round(volume * math.sin(2 * math.pi * 120 * n / SAMPLE_RATE)) for n in samples)
        sound.extend([0] * (quiet * SAMPLE_RATE // 1000))
    rest = 40 * SAMPLE_RATE // 1000
    return (sound[: duration_ms * SAMPLE_RATE // 1000 - rest] + array("h", [0] * rest)).tobytes()


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
        patch.setattr(wrappers, "doubt", lambda *_: "")  # the gate hears that it is no speech
        words = ["make", "2025-05-20", "--voice", "silent", "--from", str(ISSUE)]
        assert 0 == run(words)
    yield folder / "out"
