"""The sample issue from page to episode with the offline voice, and the same again unchanged.

    python benchmarks/whole_run.py [PAIRS] [--json FILE]

Each pair is a first run into an empty folder and a rerun that finds everything done. Printed:
seconds of both, seconds for each second of the episode, the most resident memory of a run.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import results

REPO = Path(__file__).parents[1]
DATE = "2025-05-20"


def qjaudio(words: Sequence[str]) -> tuple[float, float]:
    """Run a command in the checkout: seconds, and the most resident memory in MiB."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "qjaudio", *words], cwd=REPO, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)  # of this process and those that it has waited for
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"qjaudio {words[0]} has ended with exit code {child.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux KiB
    return seconds, usage.ru_maxrss / unit


def make(out: Path) -> tuple[float, float]:
    """Make the sample's episode."""
    return qjaudio(["make", DATE, "--voice", "kokoro", "--out", str(out)])


def main() -> None:
    """Run the pairs and print what they took."""
    parser = results.options(__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=3)
    wish = parser.parse_args()
    firsts, agains, most, paces = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        # The offline voice rewrites its graph for speed at its first use ever.
        qjaudio(["say", "图书馆", "--voice", "kokoro", "--output", f"{folder}/word.mp3"])
        for pair in range(wish.pairs):
            out = Path(folder) / str(pair)
            first, peak = make(out)
            again, _ = make(out)
            episode = json.loads((out / DATE / "episode.json").read_text("utf-8"))
            firsts.append(first)
            agains.append(again)
            most.append(peak)
            paces.append(first / (episode["duration_ms"] / 1000))
            print(f"pair {pair + 1}: {first:.1f} s, again {again:.1f} s, {peak:.0f} MiB")
    figures = [
        results.Figure(what="the sample issue, page to episode", unit="s", values=tuple(firsts)),
        results.Figure(
            what="the same, for each second of the episode", unit="s", values=tuple(paces)
        ),
        results.Figure(
            what="a second run with nothing changed",
            unit="s",
            values=tuple(agains),
            peers={"the first": tuple(firsts)},
        ),
        results.Figure(what="peak memory of the whole run", unit="MiB", values=tuple(most)),
    ]
    for figure in figures:
        print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, figures)


if __name__ == "__main__":
    main()
