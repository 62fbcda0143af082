"""The player in Firefox, driven over WebDriver BiDi.

apt-get install firefox-esr; where it is missing the test is skipped.
"""

import asyncio
import json
import re
import shutil
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


async def state_of_keeping(url: str, profile: Path) -> str:
    """Open the page in a Firefox of its own; what the button to keep the episode comes to."""
    (profile / "user.js").write_text(_SETTINGS, "utf-8")
    words = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    firefox = await asyncio.create_subprocess_exec(
        str(FIREFOX), *words, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        assert firefox.stderr is not None
        while not (found := re.search(rb"ws://\S+", await firefox.stderr.readline())):
            assert firefox.returncode is None
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{found[0].decode()}/session") as socket,
        ):
            return await _watch(Bidi(socket), url)
    finally:
        firefox.terminate()
        await firefox.wait()


class Bidi:
    """Commands to a browser and their results."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, count(1)

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command; events in between are passed over."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            reply = await self._socket.receive_json()
            if reply.get("id") == number:
                assert "result" in reply, reply
                return reply["result"]


async def _watch(firefox: Bidi, url: str) -> str:
    await firefox.call("session.new", capabilities={})
    tree = await firefox.call("browsingContext.getTree")
    tab = tree["contexts"][0]["context"]
    await firefox.call("browsingContext.navigate", context=tab, url=url, wait="interactive")
    question = "JSON.stringify(document.querySelector('#keep').dataset.state || '')"
    while True:
        answer = await firefox.call(
            "script.evaluate", expression=question, target={"context": tab}, awaitPromise=False
        )
        state = str(json.loads(answer["result"]["value"]))
        if state in ("kept", "keep_failed"):
            return state
        await asyncio.sleep(0.1)


@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox")
def test_firefox_keeps_an_episode(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker's fetch of what the player has begun is answered in part; it is asked for again."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with running(create_app(finished)) as port:
        keeping = state_of_keeping(f"http://127.0.0.1:{port}/{PAGE}", tmp_path)
        assert "kept" == asyncio.run(asyncio.wait_for(keeping, _PATIENCE_S))
