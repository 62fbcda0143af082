r"""Seconds from a first visit by `…html#play` to the first sound, by engine and speed of the line.

    QJAUDIO_VOICE=silent qjaudio make 2025-05-20 --minutes 1 \
        --from issues/2025-05-20 --out show
    python benchmarks/first_sound.py show --repeat 3

Chromium, Firefox and WebKit as the tests of the player drive them, each time with an empty profile;
an engine that is not installed is left out. On stdout comes a table in Markdown: median, least and
most. `died` counts the visits whose sound stops or never comes within two minutes. WebKitGTK
answers its driver only when the file is loaded, so the show should be a short one.
"""

import argparse
import asyncio
import os
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
TIME = "document.querySelector('audio') && document.querySelector('audio').currentTime || 0"

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
        begun, sounded = time.monotonic(), 0.0
        await go(url)
        while time.monotonic() - begun < PATIENCE_S:
            at = float(await value(TIME))
            if at > 0 and not sounded:
                sounded = time.monotonic() - begun - at
            if at > HEARD_S:
                return sounded
            await asyncio.sleep(0.02)
        return None


def measure(show: Path, repeat: int, engines: list[str], kilobits: list[int]) -> None:
    """Print a row for each engine."""
    print(f"| engine | {' | '.join(f'{one} kbit/s' for one in kilobits)} | died |")
    print(f"|---|{'---|' * (len(kilobits) + 1)}")
    for name in engines:
        found, opened = ENGINES[name]
        if not found:
            continue
        cells, died = [], 0
        for one in kilobits:
            seconds = []
            for _ in range(repeat):
                with (
                    tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
                    running(create_app(show)) as port,
                    slow_line(port, one * 125) as (slow, _line),
                ):
                    url = f"http://127.0.0.1:{slow}/2025-05-20.html#play"
                    taken = asyncio.run(visit(opened, url, Path(home)))
                died += taken is None
                seconds += [] if taken is None else [taken]
            low, middle, high = (f(seconds or [0]) for f in (min, statistics.median, max))
            cells.append(f"{middle:.1f} ({low:.1f}-{high:.1f})")
        print(f"| {name} | {' | '.join(cells)} | {died} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("show", type=Path, help="the output folder of `make`")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engines", nargs="*", default=list(ENGINES), choices=list(ENGINES))
    parser.add_argument("--kilobits", type=int, nargs="*", default=list(KILOBITS))
    measure(**vars(parser.parse_args()))
