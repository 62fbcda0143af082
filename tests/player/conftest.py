"""A phone with a browser, in front of a server of the sample episode."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commands import finished  # noqa: F401 - the sample episode, as a fixture
from qjaudio.web.app import create_app
from web.served import running

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PAGE = "2025-05-20.html"
_MOST_LOOKS, _LOOK_MS = 160, 30
PHONE = {"width": 390, "height": 844}


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

    def until(self, expression: str) -> bool:
        """Wait until the expression is true in the page; True, for the test fails else."""
        # playwright's own wait_for_function needs eval, which the policy of our pages forbids.
        for _ in range(_MOST_LOOKS):
            if self.page.evaluate(expression):
                return True
            self.page.wait_for_timeout(_LOOK_MS)
        return bool(pytest.fail(f"never true in the page: {expression}"))

    def value(self, expression: str) -> Any:
        """What the expression is in the page."""
        return self.page.evaluate(expression)


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

        def make(root: Path, prefix: str = "", **options: Any) -> Phone:
            server = stack.enter_context(ExitStack())
            port = server.enter_context(running(create_app(root)))
            usual = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
            context = browser.new_context(**{**usual, **options})
            stack.callback(context.close)
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
