"""A desk on loopback, and people who sit at it."""

import html
import http.client
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher

from commands import finished, folder  # noqa: F401 - fixtures
from qjaudio import config as settings
from qjaudio.desk.accounts import FILE, Accounts
from qjaudio.desk.app import create_desk
from web.served import running

DATE = "2025-05-20"
DAY = f"/edition/{DATE}"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "一个很长的密码不会忘"


@dataclass
class Answered:
    """An answer of the desk."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()

    def links(self, kind: str) -> list[str]:
        """The addresses in it of one kind."""
        found = re.findall(r'(?:href|data-sound)="([^"]*)"', self.text)
        return [html.unescape(one) for one in found if f"/{kind}?" in one]

    @property
    def version(self) -> str:
        """The version of the story that its forms have."""
        return re.findall(r'name="version" value="(\w+)"', self.text)[0]


@dataclass
class Person:
    """Somebody with a browser that keeps cookies."""

    port: int
    cookie: str = ""
    form_key: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answered:
        """Ask for a page; again while the paper is still read."""
        while "refresh" in (answer := self._ask("GET", path, None, headers)).headers:
            time.sleep(0.2)
        return answer

    def post(self, path: str, fields: dict[str, str] | None = None, **more: str) -> Answered:
        """Send a form of a page of ours, as the script does."""
        found = {"form_key": self.form_key, **(fields or {}), **more}
        return self._ask("POST", path, urlencode(found), {"X-Fragment": "1"})

    def plain(self, path: str, fields: dict[str, str]) -> Answered:
        """Send a form as a browser without our script does."""
        return self._ask("POST", path, urlencode(fields), {})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answered:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            sent = {**self.headers, **headers, "Cookie": self.cookie}
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, sent)
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            content = answer.read()
        if cookie := found.get("set-cookie"):
            self.cookie = cookie.partition(";")[0]
        if key := re.search(rb'data-form-key="([^"]+)"', content):
            self.form_key = key[1].decode()
        return Answered(answer.status, found, content)

    def log_in(self, name: str, password: str = PASSWORD) -> Answered:
        """Log in, and look at the first page."""
        answer = self.post("/login", name=name, password=password)
        self.get("/")
        return answer


@dataclass
class Office:
    """A desk with its accounts."""

    folder: Path
    accounts: Accounts
    port: int

    def person(self, name: str = "", *roles: str) -> Person:
        """Somebody at the desk; with a name one who has an account, and has logged in."""
        one = Person(self.port)
        if name:
            key = self.accounts.invite(name, roles)
            self.accounts.accept(key, name, PASSWORD)
            one.log_in(name)
        return one

    def script(self) -> str:
        """The script as it is on the disk."""
        return (self.folder / "out" / DATE / "script.md").read_text("utf-8")

    def corrections(self) -> str:
        """What was put right."""
        return (self.folder / "out" / DATE / "corrections.toml").read_text("utf-8")


@pytest.fixture
def office_of(folder: Path) -> Iterator[Callable[..., Office]]:  # noqa: F811
    """Open the desk of a folder with three stories of the sample issue; words are settings."""
    page = folder / "issues" / DATE / "page1.md"
    page.write_text(page.read_text("utf-8").partition("# 公交8路")[0], "utf-8")
    with ExitStack() as stack:

        def make(**words: str) -> Office:
            config = settings.load(words)
            accounts = Accounts(config.out_folder / FILE, hasher=QUICK)
            port = stack.enter_context(running(create_desk(config, accounts)))
            return Office(folder, accounts, port)

        yield make


@pytest.fixture
def office(office_of: Callable[..., Office]) -> Office:
    """The desk of a show without a review."""
    return office_of()


@pytest.fixture
def editor(office: Office) -> Person:
    """Somebody who may put things right."""
    return office.person("王编辑", "编辑")


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
