"""A phone with a browser, in front of a server of the sample episode."""

import asyncio
import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commands import finished  # noqa: F401 - the sample episode, as a fixture
from qjaudio.web.app import create_app
from web.served import running

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PAGE = "2025-05-20.html"
_LOOK_MS = 30
PATIENCE_S = 100.0
"""Nothing takes a tenth of it on a quiet machine."""
PHONE = {"width": 390, "height": 844}


def playwright_error() -> type[Exception]:
    """What playwright raises."""
    from playwright.sync_api import Error

    return Error


@dataclass
class Phone:
    """A page in a browser of its own, with what went wrong in it and where it asked."""

    page: Any
    context: Any
    base: str
    stop_server: Callable[[], None]
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, name: str = PAGE) -> "Phone":
        """Load a page of the show."""
        self.page.goto(self.base + name)
        return self

    def tap(self, selector: str, number: int = 0) -> None:
        """Touch the element, after it was scrolled to."""
        self.page.locator(selector).nth(number).tap()

    def until(self, expression: str, seconds: float = PATIENCE_S) -> bool:
        """Wait until the expression is true in the page; True, for the test fails else.

        An expression that throws is not true yet: what it asks for may still be missing, or the
        page may just be replaced by the next one.
        """
        # playwright's own wait_for_function needs eval, which the policy of our pages forbids.
        thrown = ""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.page.evaluate(expression):
                    return True
                thrown = ""
            except playwright_error() as error:
                thrown = f" ({error})"
            self.page.wait_for_timeout(_LOOK_MS)
        return bool(pytest.fail(f"never true in the page: {expression}{thrown}"))

    def value(self, expression: str) -> Any:
        """What the expression is in the page."""
        return self.page.evaluate(expression)


class SlowLine:
    """A way to a port at a speed in bytes a second, which all its connections share."""

    def __init__(self, port: int, speed: float) -> None:
        self._port, self._speed, self._free_at = port, speed, 0.0
        self.carried = 0
        """Bytes that came from the port."""

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what one client says and hears."""
        with contextlib.suppress(asyncio.CancelledError, OSError):
            theirs, ours = await asyncio.open_connection("127.0.0.1", self._port, limit=4096)
            writer.transport.set_write_buffer_limits(4096)
            await asyncio.gather(self._carry(reader, ours, 0), self._carry(theirs, writer, 1))

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, slowly: int
    ) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while data := await reader.read(4096):
                self.carried += slowly * len(data)
                seconds = slowly * len(data) / self._speed
                self._free_at = max(self._free_at, time.monotonic()) + seconds
                await asyncio.sleep(slowly * (self._free_at - time.monotonic()))
                writer.write(data)
                await writer.drain()


@contextmanager
def slow_line(port: int, speed: float) -> Iterator[tuple[int, SlowLine]]:
    """A port that leads to another one over a line of so many bytes a second, and that line."""
    loop = asyncio.new_event_loop()
    line = SlowLine(port, speed)

    async def start() -> asyncio.Server:
        return await asyncio.start_server(line.connect, "127.0.0.1", 0)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield int(server.sockets[0].getsockname()[1]), line
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    words = ["--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium has no sandbox for root
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=words)
        yield chromium
        chromium.close()


@pytest.fixture
def phone_of(browser: Any) -> Iterator[Callable[..., Phone]]:
    """Make a phone that stands before a server of a folder; the rest are options of playwright."""
    with ExitStack() as stack:

        def make(
            root: Path, prefix: str = "", bytes_per_second: float = 0, **options: Any
        ) -> Phone:
            server = stack.enter_context(ExitStack())
            port = server.enter_context(running(create_app(root)))
            if bytes_per_second:
                port, _ = server.enter_context(slow_line(port, bytes_per_second))
            usual = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
            context = browser.new_context(**{**usual, **options})
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_S * 1000)
            base = f"http://127.0.0.1:{port}/{prefix}"
            phone = Phone(context.new_page(), context, base, server.close)
            _listen(phone)
            return phone

        yield make


def _listen(phone: Phone) -> None:
    phone.page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    phone.page.on(
        "console",
        lambda line: phone.complaints.append(line.text) if line.type == "error" else None,
    )
    phone.context.on("request", lambda request: phone.requests.append(request.url))


@pytest.fixture
def phone(phone_of: Callable[..., Phone], finished: Path) -> Phone:  # noqa: F811
    """A phone before the sample episode."""
    return phone_of(finished)
