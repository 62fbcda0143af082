"""The journal only grows, survives a kill, and shows that somebody has tampered with it."""

import csv
import datetime
import hashlib
import hmac
import io
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from qjaudio.config import Config
from qjaudio.errors import IncompleteError, NotWritableError
from qjaudio.pipeline import journal
from qjaudio.pipeline.journal import Act, Journal, JournalEntry, WebhookError, record
from qjaudio.store import OutFolder

DATE, AT = "2025-05-20", "2025-05-20T06:00:00+08:00"


def entry(act: Act = "signed", *, at: str = AT, **more: str) -> JournalEntry:
    return JournalEntry(**{"date": DATE, "who": "王编辑", **more}, at=at, act=act)  # type: ignore[arg-type]


@pytest.fixture
def kept(tmp_path: Path) -> Journal:
    """A journal with five rows."""
    there = Journal(OutFolder(tmp_path / "out"))
    for number in range(5):
        there.add(entry(why=f"第{number}次"))
    return there


def tampered(kept: Journal, *statements: str) -> tuple[str, ...]:
    """What is noticed after somebody has opened the file and taken off its triggers."""
    with sqlite3.connect(kept.path) as base:
        base.executescript("DROP TRIGGER no_change; DROP TRIGGER no_removal")
        for statement in statements:
            base.execute(statement)
    base.close()
    return kept.faults()


def test_it_is_read_as_it_was_written(kept: Journal) -> None:
    """Rows in their order, each with the hash of the one before; without a row there is no file."""
    rows = kept.entries(DATE)
    assert ["第0次", "第1次", "第2次", "第3次", "第4次"] == [row.why for row in rows]
    assert [row.hash for row in rows[:-1]] == [row.previous for row in rows[1:]]
    assert () == kept.faults() == kept.entries("2025-05-21")
    empty = Journal(OutFolder(kept.path.parent / "other"))
    assert ((), (), {}) == (empty.entries(), empty.faults(), empty.withdrawals())
    assert not empty.path.exists()


@pytest.mark.parametrize("statement", ["UPDATE journal SET who = '别人'", "DELETE FROM journal"])
def test_no_statement_changes_a_row(kept: Journal, statement: str) -> None:
    """The database itself refuses."""
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        sqlite3.connect(kept.path).execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET who = '别人' WHERE number = 3",
        "UPDATE journal SET facts = '不是JSON' WHERE number = 1",
        "DELETE FROM journal WHERE number = 1",
        "DELETE FROM journal WHERE number = 3",
        "DELETE FROM journal WHERE number = 5",
        "DELETE FROM journal",
        "INSERT INTO journal SELECT 6, at, date, act, '伪造', role, why, story, content, before,"
        " facts, hash, 'abc' FROM journal WHERE number = 5",
        "UPDATE journal SET number = 9 WHERE number = 5",
    ],
)
def test_tampering_is_noticed(kept: Journal, statement: str) -> None:
    """A row changed, forged, moved or taken out: of the middle, the beginning and the end."""
    assert tampered(kept, statement)
    with pytest.raises(IncompleteError, match="tampered"):
        kept.check()


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough" * 99])
def test_a_damaged_file_is_no_journal(kept: Journal, content: bytes) -> None:
    """It is told, with the way out; nothing takes it for an empty one."""
    kept.path.write_bytes(content)
    for look in (kept.entries, kept.withdrawals, kept.faults):
        with pytest.raises(IncompleteError, match="damaged"):
            look()


def test_a_kill_before_the_first_row_leaves_no_journal(tmp_path: Path) -> None:
    """The file was opened, and nothing written: it is begun by the next row."""
    there = Journal(OutFolder(tmp_path))
    there.path.touch()
    assert ((), (), {}) == (there.entries(), there.faults(), there.withdrawals())
    assert 1 == there.add(entry()).number == len(there.entries())


def test_a_journal_that_is_gone_is_no_empty_one(kept: Journal) -> None:
    """What lies beside tells that there was one: nothing is read or added, until it is back."""
    content = kept.path.read_bytes()
    kept.path.unlink()
    for look in (kept.entries, kept.withdrawals, kept.check, lambda: kept.add(entry())):
        with pytest.raises(IncompleteError, match="missing") as caught:
            look()
    assert journal.BEGUN in caught.value.hint
    kept.path.write_bytes(content)
    assert 6 == kept.add(entry()).number
    kept.path.unlink()
    kept.path.with_name(journal.BEGUN).unlink()
    assert 1 == kept.add(entry()).number
    kept.path.unlink()
    kept.path.with_name(journal.BEGUN).unlink()
    withdrawn = OutFolder(kept.path.parent).withdrawn.folder(DATE) / "episode.json"
    withdrawn.parent.mkdir(parents=True)
    withdrawn.touch()
    with pytest.raises(IncompleteError, match="missing"):
        kept.withdrawals()


def test_a_full_disk_is_told(kept: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is not there, and those before it are."""
    monkeypatch.setattr(journal, "_CREATE", f"PRAGMA max_page_count = 1; {journal._CREATE}")
    with pytest.raises(NotWritableError) as caught:
        for _ in range(99):
            kept.add(entry(why="满" * 1000))
    assert "free some space" in caught.value.hint
    assert () == kept.faults()


def test_a_clock_that_goes_back_is_noted(kept: Journal) -> None:
    """The rows keep their order, and the row says by how much the clock was behind."""
    late = kept.add(entry(at="2025-05-20T05:00:00+08:00"))
    assert (6, 3600) == (late.number, late.facts["clock_behind_s"])
    assert () == kept.faults()


def test_a_kill_leaves_whole_rows(tmp_path: Path) -> None:
    """Whenever a process that writes is killed, the rows before are there and the next follow."""
    there = Journal(OutFolder(tmp_path))
    there.add(entry())
    for number in range(8):
        before = len(there.entries())
        child = os.fork()
        if not child:
            while True:
                there.add(entry(why="字" * 3000))
        until = time.monotonic() + 20
        while not (grown := len(there.entries()) > before) and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(0.0007 * number)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert grown
        assert () == there.faults()
    assert there.add(entry()).number == len(there.entries())


def test_a_spreadsheet_runs_no_formula(kept: Journal) -> None:
    """A cell that a spreadsheet would take for a formula is text."""
    kept.add(entry(who="=HYPERLINK(1)", why='他说"不"，\n换行'))
    rows = list(csv.reader(io.StringIO(journal.journal_csv(kept.entries()))))
    assert 7 == len(rows)
    assert {"'=HYPERLINK(1)", '他说"不"，\n换行'} < set(rows[-1])


def test_withdrawals_are_those_in_force(kept: Journal) -> None:
    """One that was taken back counts no more; a story's stands beside that of all."""
    for act, date, story in (
        ("withdrawn", "2025-05-20", ""),
        ("withdrawn", "2025-05-20", "桥"),
        ("withdrawn", "2025-05-21", ""),
        ("restored", "2025-05-20", ""),
        ("restored", "2025-05-21", ""),
    ):
        kept.add(entry(act, date=date, story=story))  # type: ignore[arg-type]
    assert {"2025-05-20": ["桥"]} == {k: list(v) for k, v in kept.withdrawals().items()}


class Hook(BaseHTTPRequestHandler):
    """Takes messages, and answers as its server says."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((body, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.taken, server.answer = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def with_hook(hook: HTTPServer) -> Config:
    return Config(webhook=f"http://127.0.0.1:{hook.server_port}/qj", webhook_secret="口令")  # noqa: S106


def test_the_webhook_is_told_and_can_prove_by_whom(hook: HTTPServer, tmp_path: Path) -> None:
    """The row as JSON, with its HMAC; a signature is nothing that all must know."""
    told: list[str] = []
    out = OutFolder(tmp_path)
    record(out, with_hook(hook), entry("signed"), told.append)
    row = record(out, with_hook(hook), entry("returned", why="有误"), told.append)
    ((body, headers),) = hook.taken  # type: ignore[attr-defined]
    proof = hmac.new("口令".encode(), body, hashlib.sha256).hexdigest()
    assert f"sha256={proof}" == headers["X-Qjaudio-Signature"]
    message = json.loads(body)
    assert ("returned", "有误", row.hash) == (message["act"], message["why"], message["hash"])
    assert [] == told


@pytest.mark.parametrize("answer", [500, 302])
def test_a_webhook_that_fails_stops_nobody(hook: HTTPServer, tmp_path: Path, answer: int) -> None:
    """The row is written, and it is said; a redirect is not followed."""
    told: list[str] = []
    hook.answer = answer  # type: ignore[attr-defined]
    record(OutFolder(tmp_path), with_hook(hook), entry("published"), told.append)
    assert 1 == len(Journal(OutFolder(tmp_path)).entries()) == len(told)
    assert "webhook" in told[0]
    assert 1 == len(hook.taken)  # type: ignore[attr-defined]
    with pytest.raises(WebhookError):
        journal.call_webhook(with_hook(hook), {"act": "test"})


def test_a_webhook_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nobody listens: the row is written all the same."""
    told: list[str] = []
    config = Config(webhook="http://127.0.0.1:9/")
    record(OutFolder(tmp_path), config, entry("withdrawn"), told.append)
    assert 1 == len(told)
    at = datetime.datetime.fromisoformat(Journal(OutFolder(tmp_path)).entries()[0].at)
    assert at.tzinfo
