r"""Seconds from a first visit by `…html#play` to the first sound, and which visits die.

    QJAUDIO_VOICE=silent qjaudio make 2025-05-20 --from issues/2025-05-20 --out show
    python benchmarks/first_sound.py show --visits 200 --to visits.jsonl

Chromium, Firefox and WebKit as the tests of the player drive them, each visit with an empty
profile, in an order drawn by the seed; an engine that is not installed is left out. Each visit is a
line of the file: run it again, and it goes on where it stopped. On stdout comes a table in
Markdown: median, least and most by the page's own clock, and how many of the visits died: their
sound stops, or never comes within two minutes.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from qjaudio.web.app import create_app

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from player.conftest import CHROMIUM, slow_line
from player.test_firefox import FIREFOX, firefox
from player.test_webkit import BROWSER, DRIVER, SCREEN, webkit
from web.served import running

KILOBITS = (150, 300, 600, 1000, 3000, 10_000)
"""Of a second: a bad cell of 3G to a good line at home."""
PATIENCE_S = 120.0
HEARD_S = 3.0
"""How long it has to play on to count as alive: what died, died within three seconds."""
WATCH = """
addEventListener("timeupdate", ({ target }) => {
  if (target.currentTime > 0) window.first ??= performance.now() / 1000 - target.currentTime;
}, true);
"""
"""What is added to the player's script: WebKit answers its driver only when it has loaded."""
CLOCKS = "[window.first || 0, (document.querySelector('audio') || {}).currentTime || 0]"
"""Seconds from the page's begin to the first sound, and of sound by now."""

Tab = tuple[Callable[[str], Awaitable[Any]], Callable[[str], Awaitable[Any]]]
"""How to open an address, and how to read an expression."""


@asynccontextmanager
async def open_chromium(_home: Path) -> AsyncIterator[Tab]:
    """A new profile of Chromium."""
    from playwright.async_api import async_playwright

    words = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    async with async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROMIUM, args=words)
        page = await browser.new_page()
        yield lambda url: page.goto(url, wait_until="domcontentloaded"), page.evaluate
        await browser.close()


@asynccontextmanager
async def open_firefox(home: Path) -> AsyncIterator[Tab]:
    """A new profile of Firefox."""
    os.environ["HOME"] = str(home)
    async with firefox(home) as browser:
        yield browser.open, browser.value


@asynccontextmanager
async def open_webkit(home: Path) -> AsyncIterator[Tab]:
    """A new profile of WebKit."""
    async with webkit(home) as browser:
        yield (
            lambda url: browser.call("/url", url=url),
            lambda expression: browser.run(f"return {expression}"),
        )


ENGINES = {
    "Chromium": (CHROMIUM, open_chromium),
    "Firefox": (FIREFOX, open_firefox),
    "WebKit": (DRIVER and SCREEN and BROWSER, open_webkit),
}


async def visit(opened: Any, url: str, home: Path) -> float | None:
    """Seconds to the first sound of one visit; None where it dies."""
    async with opened(home) as (go, value):
        begun = time.monotonic()
        await asyncio.wait_for(go(url), PATIENCE_S)
        while time.monotonic() - begun < PATIENCE_S:
            first, at = map(float, await asyncio.wait_for(value(CLOCKS), PATIENCE_S))
            if at > HEARD_S:
                return first
            await asyncio.sleep(0.05)
        return None


def watched(show: Path, copy: Path) -> Path:
    """A copy of a show whose player tells when it first sounded."""
    shutil.copytree(show, copy, ignore=shutil.ignore_patterns(".cache"))
    with (copy / "player.js").open("a", encoding="utf-8") as script:
        script.write(WATCH)
    return copy


def first_visit(show: Path, engine: str, kilobits: int) -> float | None:
    """Seconds to the first sound over a line of that speed; None where it dies."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        running(create_app(watched(show, Path(home) / "show"))) as port,
        slow_line(port, kilobits * 125) as (slow, _line),
    ):
        url = f"http://127.0.0.1:{slow}/2025-05-20.html#play"
        try:
            return asyncio.run(visit(ENGINES[engine][1], url, Path(home)))
        except TimeoutError:
            return None


def measure(
    show: Path, visits: int, engines: list[str], kilobits: list[int], seed: int, to: Path
) -> None:
    """Make the visits that the file does not have yet, and print a row for each engine."""
    there = [name for name in engines if ENGINES[name][0]]
    pairs = [(name, speed) for name in there for speed in kilobits]
    plan = [pairs[at % len(pairs)] for at in range(visits)]
    random.Random(seed).shuffle(plan)  # noqa: S311
    to.touch()
    done = [tuple(json.loads(row)) for row in to.read_text("utf-8").splitlines()]
    for name, speed in plan[len(done) :]:
        done.append((name, speed, first_visit(show, name, speed)))
        with to.open("a", encoding="utf-8") as file:
            file.write(json.dumps(done[-1]) + "\n")
    print(f"| engine | {' | '.join(f'{speed} kbit/s' for speed in kilobits)} |")
    print(f"|---|{'---|' * len(kilobits)}")
    for name in there:
        cells = ([one[2] for one in done if one[:2] == (name, at)] for at in kilobits)
        print(f"| {name} | {' | '.join(map(told, cells))} |")


def told(seconds: list[float | None]) -> str:
    """The visits of one engine at one speed in words."""
    heard = [one for one in seconds if one is not None] or [0.0]
    low, middle, high = (f(heard) for f in (min, statistics.median, max))
    return f"{middle:.1f} ({low:.1f}-{high:.1f}); {seconds.count(None)} of {len(seconds)} died"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("show", type=Path, help="the output folder of `make`")
    parser.add_argument("--visits", type=int, default=54)
    parser.add_argument("--engines", nargs="*", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--kilobits", type=int, nargs="*", default=list(KILOBITS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, default=Path("visits.jsonl"))
    measure(**vars(parser.parse_args()))
