"""Are two dates at once worth it? `python benchmarks/two_dates.py [--voice NAME] [--minutes N]`.

Makes two varied dates one after the other in one process and both at once in two processes, in
pairs that take turns, so that a busy machine slows both. Prints one JSON object: wall seconds of
each run, and for each pair how many times as fast two processes were.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "issues" / "2025-05-20"
DATES = ("2025-05-20", "2025-05-21")


def main() -> None:
    """Run the pairs and print what they took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--voice", default="silent")
    options.add_argument("--minutes", default="")
    options.add_argument("--pairs", type=int, default=3)
    wish = options.parse_args()
    os.environ["QJAUDIO_VOICE"] = wish.voice  # what the show asks for, so that it is published
    words = ["--voice", wish.voice, *(["--minutes", wish.minutes] if wish.minutes else [])]
    pairs = []
    for number in range(wish.pairs):
        runs = (("in_turn", [[*DATES]]), ("at_once", [[date] for date in DATES]))
        turn = runs if number % 2 else runs[::-1]
        took = {name: timed(groups, words) for name, groups in turn}
        pairs.append({**took, "ratio": round(took["in_turn"] / took["at_once"], 2)})
    median = statistics.median(pair["ratio"] for pair in pairs)
    cores = len(os.sched_getaffinity(0))
    print(json.dumps({"voice": wish.voice, "cores": cores, "pairs": pairs, "median": median}))


def timed(groups: list[list[str]], words: list[str]) -> float:
    """Seconds for a process for each group of dates, all at once, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        for date in DATES:
            varied(Path(folder) / "issues" / date, date)
        began = time.monotonic()
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "qjaudio", "make", *dates, *words, "--force"],
                cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for dates in groups
        ]  # fmt: skip
        ends = [run.wait() for run in running]
        if any(ends):
            raise SystemExit("a run failed")
        return round(time.monotonic() - began, 1)


def varied(folder: Path, date: str) -> None:
    """The sample issue with other sentences each day, so that the cache has none of them."""
    shutil.copytree(SAMPLE, folder)
    page = folder / "page1.md"
    number = int(date[-2:])
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("。", f"{'一二三四五六七八九'[number % 9]}次。"), encoding="utf-8")


if __name__ == "__main__":
    main()
