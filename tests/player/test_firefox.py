"""The player in Firefox, driven over WebDriver BiDi.

apt-get install firefox-esr; where it is missing the test is skipped.
"""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from qjaudio.web.app import create_app
from web.served import running

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
PAGE = "2025-05-20.html#play"
_SETTINGS = 'user_pref("media.autoplay.default", 0);\nuser_pref("media.volume_scale", "0.0");\n'
_PATIENCE_S = 240.0


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator["Bidi"]:
    """A Firefox of its own with a session, without a window."""
    (profile / "user.js").write_text(_SETTINGS, "utf-8")
    words = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    process = await asyncio.create_subprocess_exec(
        str(FIREFOX), *words, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stderr is not None
        while not (found := re.search(rb"ws://\S+", await process.stderr.readline())):
            assert process.returncode is None
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{found[0].decode()}/session") as socket,
        ):
            browser = Bidi(socket)
            await browser.call("session.new", capabilities={})
            browser.tab = (await browser.call("browsingContext.getTree"))["contexts"][0]["context"]
            yield browser
    finally:
        process.terminate()
        await process.wait()


async def state_of_keeping(url: str, profile: Path) -> str:
    """Open the page in a Firefox of its own; what the button to keep the episode comes to."""
    async with firefox(profile) as browser:
        await browser.open(url)
        while True:
            state = await browser.value("document.querySelector('#keep').dataset.state || ''")
            if state in ("kept", "keep_failed"):
                return str(state)
            await asyncio.sleep(0.1)


class Bidi:
    """Commands to a browser and their results."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, count(1)
        self.tab = ""

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; events in between are passed over."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            reply = await self._socket.receive_json()
            if reply.get("id") == number:
                assert "result" in reply, reply
                return reply["result"]

    async def open(self, url: str) -> None:
        """Go to a page; its pictures and its sound may still be missing."""
        await self.call("browsingContext.navigate", context=self.tab, url=url, wait="interactive")

    async def value(self, expression: str) -> Any:
        """What the expression is in the page, by way of JSON."""
        answer = await self.call(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.tab},
            awaitPromise=False,
        )
        return json.loads(answer["result"]["value"])


@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox")
def test_firefox_keeps_an_episode(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker's fetch of what the player has begun is answered in part; it is asked for again."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with running(create_app(finished)) as port:
        keeping = state_of_keeping(f"http://127.0.0.1:{port}/{PAGE}", tmp_path)
        assert "kept" == asyncio.run(asyncio.wait_for(keeping, _PATIENCE_S))
