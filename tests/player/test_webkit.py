"""The player in WebKit, the engine of every iPhone, driven over WebDriver.

apt-get install webkit2gtk-driver xvfb; where they are missing the test is skipped.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from player.conftest import SlowLine, slow_line
from qjaudio.web.app import create_app
from web.served import running

DRIVER, SCREEN = map(shutil.which, ("WebKitWebDriver", "Xvfb"))
BROWSER = next(iter(Path("/usr").glob("lib*/*/webkit2gtk-4.*/MiniBrowser")), None)
PAGE = "2025-05-20.html#play"
_PATIENCE_S = 240.0
_STATE = """
const audio = document.querySelector("audio"), keep = document.querySelector("#keep");
return {time: audio.currentTime, paused: audio.paused, error: audio.error && audio.error.message,
        loop: audio.loop, kept: keep.dataset.state,
        status: document.querySelector("#status").textContent};
"""


class WebKit:
    """A browser with one window."""

    def __init__(self, client: aiohttp.ClientSession, address: str) -> None:
        self._client, self._address = client, address

    async def call(self, path: str, **parameters: Any) -> Any:
        """The result of a command of WebDriver."""
        async with self._client.post(f"{self._address}{path}", json=parameters) as reply:
            answer = (await reply.json())["value"]
            assert reply.ok, answer
            return answer

    async def run(self, script: str) -> Any:
        """What the script returns in the page."""
        return await self.call("/execute/sync", script=script, args=[])

    async def until(self, is_so: str) -> dict[str, Any]:
        """The state of the page once this expression about it is true."""
        script = f"const state = (() => {{ {_STATE} }})(); return [{is_so}, state];"
        while not (answer := await self.run(script))[0]:
            await asyncio.sleep(0.1)
        return dict(answer[1])


@asynccontextmanager
async def webkit(home: Path) -> AsyncIterator[WebKit]:
    """A WebKit of its own, on a screen that nobody sees."""
    quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
    ours, theirs = os.pipe()
    words = ["-displayfd", str(theirs), "-screen", "0", "390x844x24", "-nolisten", "tcp"]
    screen = await asyncio.create_subprocess_exec(str(SCREEN), *words, pass_fds=[theirs], **quiet)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        display = (await asyncio.to_thread(pipe.readline)).strip()
    settings = {"HOME": str(home), "DISPLAY": f":{display}", "PATH": os.environ["PATH"]}
    if os.geteuid() == 0:
        settings["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
    with running(web.Application()) as port:  # one that is free when this one is closed
        pass
    driver = await asyncio.create_subprocess_exec(
        str(DRIVER), f"--port={port}", env=settings, **quiet
    )
    try:
        async with aiohttp.ClientSession() as client:
            address = f"http://127.0.0.1:{port}"
            session = await _open(WebKit(client, address))
            yield WebKit(client, f"{address}/session/{session}")
            async with client.delete(f"{address}/session/{session}") as reply:
                await reply.read()  # a busy driver sends it after its headers
    finally:
        for process in (driver, screen):
            process.terminate()
            await process.wait()


async def _open(driver: WebKit) -> str:
    options = {"binary": str(BROWSER), "args": ["--automation", "--autoplay-policy=allow"]}
    wanted = {"webkitgtk:browserOptions": options}
    while True:
        try:
            session = await driver.call("/session", capabilities={"alwaysMatch": wanted})
            return str(session["sessionId"])
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.1)


async def _listen(home: Path, base: str, line: SlowLine) -> int:
    """Play, jump and keep; what was loaded before it was kept, in bytes."""
    async with webkit(home) as browser:
        await browser.call("/url", url=base + PAGE)
        state = await browser.until("state.time > 0.5 && state.kept === 'keep'")
        assert not state["paused"]
        assert not state["loop"]  # it was, to sound early
        assert [None, ""] == [state["error"], state["status"]]
        start = await browser.run(
            "const story = document.querySelectorAll('#stories a[data-number]')[2];"
            "story.click(); return Number(story.dataset.start);"
        )
        state = await browser.until(f"state.time > {start} + 0.5")
        assert state["time"] < start + 30
        assert [False, None, ""] == [state[name] for name in ("paused", "error", "status")], state
        carried = line.carried
        await browser.run("document.querySelector('#keep').click()")
        await browser.until("state.kept === 'kept'")
        return carried


@pytest.mark.nightly
@pytest.mark.skipif(not (DRIVER and SCREEN and BROWSER), reason="there is no WebKit")
def test_webkit_plays_and_keeps_an_episode(finished: Path, tmp_path: Path) -> None:
    """It plays from the first tap and loads the episode once, and again only to keep it."""
    size = (finished / "2025-05-20.mp3").stat().st_size
    with running(create_app(finished)) as origin, slow_line(origin, 1e7) as (port, line):
        listening = _listen(tmp_path, f"http://127.0.0.1:{port}/", line)
        heard = asyncio.run(asyncio.wait_for(listening, _PATIENCE_S))
    assert heard < 1.3 * size  # with the pages and the picture
    # Not three times; a busy browser throws away more of what it was sent before the jump.
    assert line.carried < 2.7 * size
