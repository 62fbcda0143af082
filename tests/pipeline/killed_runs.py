"""A program for test_killed: runs that are killed at random moments, each followed by a whole one.

`python killed_runs.py FOLDER COUNT SEED` makes an episode of a few stories COUNT times in
FOLDER/0, FOLDER/1, …; each first run is killed by signal 9. One line of JSON for each is printed.
It forks before it has any thread, so that the runs share one import.
"""

import datetime
import io
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PIL import Image

from builders import article, issue
from qjaudio.config import Config
from qjaudio.engines.silent import SilentEngine
from qjaudio.episode.mix import AudioSpec, mix
from qjaudio.pipeline import making, publishing, reading
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.scripting import find_script, script_issue
from qjaudio.speech.model import Clip, Utterance
from qjaudio.store import OutFolder

NOW = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=reading.CHINA)
_speak = SilentEngine.speak


def make(folder: Path) -> None:
    """One run; `begun` grows by a byte with each utterance, `answer` tells how it ended."""

    def slowly(self: SilentEngine, utterance: Utterance) -> Clip:
        with (folder / "begun").open("ab") as file:
            file.write(b".")
        time.sleep(0.06)
        return _speak(self, utterance)

    SilentEngine.speak = slowly  # type: ignore[method-assign]
    silence = {"sting": None, "bed": None, "chime": None, "closing": None}
    config = Config(out=str(folder / "out"), voice="silent", **silence)
    out = OutFolder(config.out_folder)
    paper = issue(*(article(f"{name}村的桥通车了", f"{name}村的桥很长。") for name in "甲乙丙丁"))
    made = making.EpisodeJob(
        issue=paper,
        scripted=script_issue(paper, config, out),
        config=config,
        out=out,
        progress=Quiet(),
        now=NOW,
        found=find_script(out, paper.masthead.date),
    ).make()
    (folder / "answer").write_text(str(made.clips_spoken))


def forked(folder: Path) -> int:
    """A child that makes the episode and is gone."""
    child = os.fork()
    if child:
        return child
    try:
        make(folder)
    finally:
        os._exit(0)


def ended(child: int) -> float:
    """Wait for a child; returns the seconds that it took from now."""
    started = time.monotonic()
    os.waitpid(child, 0)
    return time.monotonic() - started


def clips(folder: Path) -> int:
    """How many whole clips are kept."""
    return len(list((folder / "out/.cache/clips").glob("??/*.pcm")))


def wait_for(begun: Path, count: int, most_s: float) -> None:
    """Until so many utterances have begun, or as long as a whole run takes."""
    until = time.monotonic() + most_s
    while time.monotonic() < until:
        if begun.exists() and begun.stat().st_size >= count:
            return
        time.sleep(0.005)


def small_picture() -> bytes:
    """A cover that takes no time to draw."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG")
    return held.getvalue()


def main(root: Path, count: int, seed: int) -> None:
    """All runs, one after the other."""
    chance = random.Random(seed)  # noqa: S311
    picture = small_picture()
    publishing.draw_cover = lambda **_words: picture  # type: ignore[assignment]
    publishing.draw_show_cover = lambda _paper, **_: picture  # type: ignore[assignment]
    once = AudioSpec(tolerance=50.0, true_peak=50.0)  # one pass of the encoder
    making.mix = lambda clips, episode, path, **more: mix(clips, episode, path, once, **more)
    (root / "warm").mkdir(parents=True)
    make(root / "warm")  # modules and dictionaries are loaded once, not in each child
    (root / "whole").mkdir()
    whole_s = ended(forked(root / "whole"))
    for number in range(count):
        folder = root / str(number)
        folder.mkdir()
        killed_after_s = chance.uniform(0.0, whole_s)
        child = forked(folder)
        if number % 2:  # while it speaks, which is a short part of the whole
            wait_for(folder / "begun", chance.randint(1, 16), whole_s)
            killed_after_s = chance.uniform(0.0, 0.05)
        time.sleep(killed_after_s)
        os.kill(child, signal.SIGKILL)
        ended(child)
        kept, begun = clips(folder), folder / "begun"
        row = {"after_s": round(killed_after_s, 3), "kept": kept}
        row["begun"] = begun.stat().st_size if begun.exists() else 0
        feed = folder / "out/feed.xml"
        row["feed"] = feed.stat().st_size if feed.exists() else 0
        begun.unlink(missing_ok=True)
        (folder / "answer").unlink(missing_ok=True)
        ended(forked(folder))
        row["begun_again"] = begun.stat().st_size if begun.exists() else 0
        sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
