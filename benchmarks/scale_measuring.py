"""What a date, a feed and an answer cost on this machine: the inputs of the plan in scale.md.

Every measure runs in a process of its own, so that memory and core-seconds (user and system, with
ffmpeg and other children) are its own. Core-seconds do not depend on what else the machine does;
wall seconds do, so they are only taken in pairs.
"""

import contextlib
import datetime
import multiprocessing
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from scale_parts import (
    BASE_URL,
    FIRST,
    PAGES,
    bundle_costs,
    clocks,
    feed_costs,
    issue_of,
    page_costs,
    peak_mib,
)
from scale_serving import answers

from qjaudio import __version__, rules
from qjaudio.config import Config
from qjaudio.feed.rss import COMPANIONS
from qjaudio.paper.digest import digest
from qjaudio.pipeline.making import Order, make_day
from qjaudio.pipeline.reading import issue_at
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import pronounce
from qjaudio.store import OutFolder

SHORT_MINUTES = 1.0
PAIRS = 3
DAYS = 3652
"""Ten years of a daily."""
NOW = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


class Meter:
    """A `Progress` that reads the clocks wherever a stage of a date ends."""

    def __init__(self) -> None:
        self.stages: dict[str, dict[str, float]] = {}
        self._last = clocks()

    def say(self, text: str) -> None:  # noqa: ARG002
        """The first word comes when the issue has been read."""
        if "reading" not in self.stages:
            self.end("reading")

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002
        """The script is there when speaking begins."""
        if "script" not in self.stages:
            self.end("script")
        yield lambda: None
        self.end("mixing" if text == "mixing" else "synthesis")

    def end(self, stage: str) -> None:
        """Note what has been used since the last stage ended."""
        core, wall = clocks()
        former = self.stages.setdefault(stage, {"core_s": 0.0, "wall_s": 0.0})
        former["core_s"] += core - self._last[0]
        former["wall_s"] += wall - self._last[1]
        self._last = (core, wall)


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` returns in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def measure() -> dict[str, Any]:
    """All of it, as the JSON file holds it."""
    cores = len(os.sched_getaffinity(0))
    busy = _busy_ticks()
    core, began = clocks()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told: dict[str, Any] = {"dates": {}}
        for voice in ("silent", "kokoro"):
            print(f"a date of {PAGES} pages, {voice} …", flush=True)
            told["dates"][voice] = apart(date_costs, folder / voice, voice)
        print("pages, bundles …", flush=True)
        told["core_s_a_page"] = apart(page_costs)
        told["bundle"] = apart(bundle_costs, folder / "kokoro", folder / "caller")
        for days in (1, DAYS):
            print(f"a feed of {days} …", flush=True)
            told[f"feed_{days}"] = apart(feed_costs, folder / "kokoro", folder / str(days), days)
            told[f"answers_{days}"] = answers(folder / str(days), FIRST.isoformat())
        print(f"one core against two, {PAIRS} pairs …", flush=True)
        told["pairs"] = [_pair(folder / f"pair{number}", number) for number in range(PAIRS)]
    used, ended = clocks()
    others = (_busy_ticks() - busy) / os.sysconf("SC_CLK_TCK") - (used - core)
    told["machine"] = {
        "processor": _processor(),
        "cores": cores,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "qjaudio": __version__,
        "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cores_busy_with_other_work": round(max(0.0, others) / (ended - began), 2),
    }
    return told


def made(folder: Path, date: str, voice: str, minutes: float | None, pages: int) -> dict[str, Any]:
    """Make one date, and what each of its stages took."""
    issue_of(folder / "issues" / date, date, pages)
    config = Config(
        out=str(folder / "out"), issues=str(folder / "issues"), voice=voice, minutes=minutes,
        base_url=BASE_URL,
    )  # fmt: skip
    meter = Meter()
    day = datetime.date.fromisoformat(date)
    done = make_day(day, config, Order(publish=False), now=NOW, progress=meter)
    meter.end("files")
    episode = done.episode  # type: ignore[union-attr]
    return {"duration_s": episode.duration_ms / 1000, "stages": meter.stages}


def date_costs(folder: Path, voice: str) -> dict[str, Any]:
    """A short date that starts everything, and a whole one behind it."""
    start = clocks()[0]
    first, second, whole = (str(FIRST + datetime.timedelta(days=-n)) for n in (2, 1, 0))
    cold = made(folder, first, voice, SHORT_MINUTES, 1)
    warm = made(folder, second, voice, SHORT_MINUTES, 1)
    one = made(folder, whole, voice, None, PAGES)
    config = Config(issues=str(folder / "issues"))
    issue = issue_at(str(folder / "issues" / whole), config, FIRST)
    script = compose(digest(issue), rules.phrases("phrases"))
    before = time.process_time()
    spoken = pronounce(script, default_lexicon())
    pronouncing = time.process_time() - before
    _divide(one["stages"], pronouncing)
    lines = [line.text for part in spoken.parts for line in part.lines]
    return {
        "pages": PAGES,
        "articles": len(issue.articles),
        "characters": sum(map(len, lines)),
        "duration_s": one["duration_s"],
        "stages": _rounded(one["stages"]),
        "start_core_s": round(start + _core(cold) - _core(warm), 2),
        "bytes": _sizes(OutFolder(folder / "out"), whole),
        "peak_mib": round(peak_mib()),
    }


def _divide(stages: dict[str, dict[str, float]], pronouncing: float) -> None:
    """The script's time as that of composing and that of pronouncing."""
    script = stages.pop("script")
    share = min(1.0, pronouncing / script["core_s"])
    stages["composing"] = {name: value * (1 - share) for name, value in script.items()}
    stages["pronouncing"] = {name: value * share for name, value in script.items()}


def _core(one: dict[str, Any]) -> float:
    return float(sum(stage["core_s"] for stage in one["stages"].values()))


def _rounded(stages: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        stage: {name: round(value, 3) for name, value in spent.items()}
        for stage, spent in stages.items()
    }


def _sizes(out: OutFolder, date: str) -> dict[str, int]:
    """Bytes of each file of a date; `stages` are those in its folder that nobody publishes."""
    sizes = {end: out.published(date, end).stat().st_size for end in (".mp3", *COMPANIONS)}
    kept = (path for path in out.stage(date, "").iterdir() if path.name != "run.log")
    return {**sizes, "stages": sum(path.stat().st_size for path in kept)}


def short_date(folder: Path, cores: Sequence[int]) -> dict[str, float]:
    """The second of two short dates with the offline voice on these cores."""
    os.sched_setaffinity(0, cores)
    made(folder, str(FIRST), "kokoro", SHORT_MINUTES, 1)
    one = made(folder, str(FIRST + datetime.timedelta(days=1)), "kokoro", SHORT_MINUTES, 1)
    wall = sum(stage["wall_s"] for stage in one["stages"].values())
    return {
        "core_s": round(_core(one), 2),
        "synthesis_core_s": round(one["stages"]["synthesis"]["core_s"], 2),
        "wall_s": round(wall, 2),
        "peak_mib": round(peak_mib()),
    }


def _pair(folder: Path, number: int) -> dict[str, Any]:
    """A process on two cores, and two at once with one core each; which is first changes."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    found: dict[str, Any] = {}
    for side in ("two_cores", "one_core_each")[:: 1 if number % 2 else -1]:
        if side == "two_cores":
            found[side] = apart(short_date, folder / side, cores)
            continue
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            both = [pool.submit(short_date, folder / f"{side}{at}", [at]) for at in cores]
            ends = [one.result() for one in both]
        found[side] = {
            name: round(statistics.mean(end[name] for end in ends), 2) for name in ends[0]
        }
    shutil.rmtree(folder)
    return found


def _busy_ticks() -> int:
    """Clock ticks that all cores have worked since the machine started (/proc/stat)."""
    numbers = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, interrupts, soft = map(int, numbers[:7])
    return user + nice + system + interrupts + soft


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
