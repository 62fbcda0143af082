"""The proof that machines can die: dates on three workers, one killed, one paused for a minute.

    python benchmarks/cluster_proof.py [--dates 40] [--voice silent] [--pause 60]

A scheduler and three workers on loopback addresses of their own (127.0.0.2 to 127.0.0.4) make a
range that a single process has made before. After a few dates one worker gets SIGKILL, another
SIGSTOP and, a minute later, SIGCONT. Every file must be the same, feed and pages included.
"""

import argparse
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from dask_machines import Machines, issues, machines, published

HOSTS = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
KILLED_AFTER, PAUSED_AFTER = 4, 6
"""Dates that are finished before the blows fall: all workers are at work then."""
FIRST = datetime.date(2025, 3, 1)


def main() -> int:
    """Run both, compare, print the facts as JSON; 0 where the proof holds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dates", type=int, default=40)
    options.add_argument("--voice", default="silent")
    options.add_argument("--minutes", default="0.2")
    options.add_argument("--pause", type=float, default=60.0)
    asked = options.parse_args()
    os.environ["QJAUDIO_VOICE"] = asked.voice  # what the show asks for, so that it is published
    dates = [str(FIRST + datetime.timedelta(days=day)) for day in range(asked.dates)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issues(folder / "issues", dates)
        words = [f"{dates[0]}..{dates[-1]}", "--voice", asked.voice, "--minutes", asked.minutes]
        with machines(folder / "machines", *HOSTS) as running:
            alone_s = _alone(folder, words, running.environ)
            cluster_s, told, answer = _cluster(folder, words, running, asked.pause)
        facts = _compared(folder, dates)
    facts |= {
        "dates": len(dates),
        "voice": asked.voice,
        "cores": os.cpu_count(),
        "alone_s": round(alone_s, 1),
        "cluster_s": round(cluster_s, 1),
        "killed_noticed": any(HOSTS[1] in line and "has gone" in line for line in told),
        "made": answer["counts"]["made"],
        "failed": answer["counts"]["failed"],
    }
    print(json.dumps(facts, indent=1))
    whole = facts["made"] == len(dates) and not facts["different"] and facts["killed_noticed"]
    return 0 if whole and facts["files"] else 1


def _alone(folder: Path, words: list[str], environ: dict[str, str]) -> float:
    """Seconds of the single process, with a cache of clips of its own."""
    began = time.monotonic()
    make = [sys.executable, "-m", "qjaudio", "make", *words, "--out", "alone"]
    subprocess.run(make, cwd=folder, env=environ, check=True, capture_output=True)
    return time.monotonic() - began


def _cluster(
    folder: Path, words: list[str], running: Machines, pause_s: float
) -> tuple[float, list[str], dict[str, dict[str, int]]]:
    """Seconds, what was told, and the answer of the run on the workers."""
    began, told, finished = time.monotonic(), [], 0
    make = [sys.executable, "-m", "qjaudio", "make", *words, "--out", "out", "--json"]
    make += ["--cluster", running.address]
    with (
        (folder / "answer").open("w+") as answer,
        subprocess.Popen(
            make, cwd=folder, env=running.environ, stdout=answer, stderr=subprocess.PIPE, text=True
        ) as run,
    ):
        assert run.stderr
        for line in run.stderr:
            print(line, end="", file=sys.stderr)
            told.append(line)
            if ": made" in line:
                finished += 1
                _strike(running, finished, pause_s)
        run.wait()
        answer.seek(0)
        return time.monotonic() - began, told, json.load(answer)


def _strike(running: Machines, finished: int, pause_s: float) -> None:
    if finished == KILLED_AFTER:
        running.workers[HOSTS[1]].send_signal(signal.SIGKILL)
        print(f"  {HOSTS[1]} is killed", file=sys.stderr)
    if finished == PAUSED_AFTER:
        paused = running.workers[HOSTS[2]]
        paused.send_signal(signal.SIGSTOP)
        waker = threading.Timer(pause_s, paused.send_signal, [signal.SIGCONT])
        waker.daemon = True
        waker.start()
        print(f"  {HOSTS[2]} is paused for {pause_s:g} s", file=sys.stderr)


def _compared(folder: Path, dates: list[str]) -> dict[str, object]:
    alone, out = published(folder / "alone"), published(folder / "out")
    different = sorted(name for name in alone | out if alone.get(name) != out.get(name))
    lacking = [date for date in dates if f"{date}.mp3" not in out]
    return {
        "files": len(alone),
        "different": different,
        "lacking": lacking,
        "feed_identical": bool(alone) and alone["feed.xml"] == out.get("feed.xml"),
    }


if __name__ == "__main__":
    sys.exit(main())
