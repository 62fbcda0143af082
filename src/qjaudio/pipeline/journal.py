"""What has happened to the editions of a show: a journal that only grows.

It is the SQLite file `.journal.sqlite` in the output folder, and has to be backed up with the
audio: withdrawals and signatures stand nowhere else. Each row carries the SHA-256 of the one
before, so that it is noticed when a row was changed, put in or taken out.
"""

import contextlib
import csv
import datetime
import getpass
import hashlib
import hmac
import http.client
import io
import json
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from qjaudio import store
from qjaudio.config import Config
from qjaudio.errors import IncompleteError, NotWritableError, QjaudioError
from qjaudio.store import OutFolder

JOURNAL = ".journal.sqlite"
BEGUN = ".journal.begun"
"""The file beside it that tells, where the journal is gone, that there was one."""
Act = Literal[
    "drafted", "edited", "signed", "returned", "scheduled", "published", "withdrawn", "restored"
]
_FIRST = "0" * 64
"""What the first row carries in place of a hash."""
_WAIT_S = 30.0
_BACKUP = "put it back from your backup; until then nothing is signed or published"
_CREATE = """
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, date TEXT NOT NULL,
    act TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, why TEXT NOT NULL,
    story TEXT NOT NULL, content TEXT NOT NULL, before TEXT NOT NULL, facts TEXT NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_date ON journal (date);
CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One row of the journal."""

    number: int = 0
    at: str
    """ISO 8601, with the zone; what the clock said, even where it went back."""
    date: str
    """Of the edition."""
    act: Act
    who: str
    role: str = ""
    """As whom somebody signed: `一审`, `二审` or `终审`."""
    why: str = ""
    story: str = ""
    """The headline of the story that was withdrawn or restored; empty = the whole edition."""
    content: str = ""
    """The hash of the exact content that the row is about."""
    before: str = ""
    """That of the content which it replaces."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else is to be known: the hashes of the content's parts, a time, what has changed."""
    previous: str = ""
    """The hash of the row before."""
    hash: str = ""
    """That of this row, of all other columns."""

    @property
    def own_hash(self) -> str:
        """What `hash` has to be."""
        rest = {name: value for name, value in asdict(self).items() if name != "hash"}
        text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_COLUMNS = tuple(one.name for one in fields(JournalEntry))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM journal"  # noqa: S608 - names of our own
_INSERT = f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)})"  # noqa: S608


class Journal:
    """The journal of the show in an output folder; without a row there is no file.

    Every method raises NotWritableError where the system refuses the file, and IncompleteError
    where it is no journal any more, or gone.
    """

    def __init__(self, out: OutFolder) -> None:
        self.path: Path = out.root / JOURNAL
        self._traces = (out.root / BEGUN, out.root / out.withdrawn.name)

    def exists(self) -> bool:
        """Whether there is one; an empty file is none. IncompleteError where it has vanished."""
        traces = [str(one) for one in self._traces if one.is_file() or any(one.glob("*/*"))]
        if self.path.exists():
            if traces:
                return True
            with self._opened("rw") as base:
                query = "SELECT 1 FROM sqlite_master WHERE name = 'journal'"
                return bool(base.execute(query).fetchone())
        if traces:
            raise IncompleteError(
                f"the journal is missing: {self.path}",
                hint=f"{_BACKUP}; to begin a new one, without the withdrawals and signatures that "
                f"stood there, delete {' '.join(traces)}",
            )
        return False

    def add(self, entry: JournalEntry) -> JournalEntry:
        """Add a row, and return it as it stands there: after a crash it is there whole, or not.

        `number`, `previous` and `hash` are set here. Where the clock is behind the last row, the
        row says by how many seconds.
        """
        self.exists()
        with self._opened("rwc") as base:
            base.executescript(_CREATE)
            base.execute("BEGIN IMMEDIATE")
            last = next(_rows_where(base, "ORDER BY number DESC LIMIT 1"), None)
            behind = _seconds_between(entry.at, last.at) if last else 0
            late = {"clock_behind_s": behind} if behind > 1 else {}
            entry = replace(
                entry,
                number=_last_number(base) + 1,
                facts={**entry.facts, **late},
                previous=last.hash if last else _FIRST,
            )
            entry = replace(entry, hash=entry.own_hash)
            facts = json.dumps(entry.facts, ensure_ascii=False, sort_keys=True)
            base.execute(_INSERT, {**asdict(entry), "facts": facts})
            base.execute("COMMIT")
        with contextlib.suppress(NotWritableError):  # the next row will try again
            store.write_text(self.path.with_name(BEGUN), f"{JOURNAL}\n")
        return entry

    def entries(self, date: str = "") -> tuple[JournalEntry, ...]:
        """The rows of an edition, or of all, oldest first."""
        if date:
            return self._rows("WHERE date = ? ORDER BY number", (date,))
        return self._rows("ORDER BY number")

    def _rows(self, where: str, values: tuple[str, ...] = ()) -> tuple[JournalEntry, ...]:
        if not self.exists():
            return ()
        with self._opened("rw") as base:
            return tuple(_rows_where(base, where, values))

    def withdrawals(self) -> dict[str, dict[str, JournalEntry]]:
        """What is withdrawn today: by date, then by the headline of the story; "" = all of it."""
        found: dict[str, dict[str, JournalEntry]] = {}
        for entry in self._rows("WHERE act IN ('withdrawn', 'restored') ORDER BY number"):
            of_date = found.setdefault(entry.date, {})
            of_date.pop(entry.story, None)
            if entry.act == "withdrawn":
                of_date[entry.story] = entry
        return {date: stories for date, stories in found.items() if stories}

    def faults(self) -> tuple[str, ...]:
        """What shows that somebody has tampered with the journal; empty where nothing does."""
        if not self.exists():
            return ()
        found, before, number = [], _FIRST, 0
        with self._opened("rw") as base:
            for number, entry in enumerate(_rows_where(base, "ORDER BY number"), start=1):
                if entry.hash != entry.own_hash:
                    found.append(f"row {entry.number} was changed")
                if entry.previous != before or entry.number != number:
                    found.append(f"row {entry.number} does not follow the one before")
                before = entry.hash
            if _last_number(base) > number:
                found.append(f"of {_last_number(base)} rows {number} are left")
        return tuple(found)

    def check(self) -> None:
        """Raise IncompleteError where somebody has tampered with the journal."""
        if faults := self.faults():
            reason = f"{self.path} was tampered with: {'; '.join(faults[:3])}"
            raise IncompleteError(reason, hint=_BACKUP)

    @contextlib.contextmanager
    def _opened(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            if mode == "rwc":
                self.path.parent.mkdir(parents=True, exist_ok=True)
            address = f"{self.path.resolve().as_uri()}?mode={mode}"
            opened = sqlite3.connect(address, uri=True, timeout=_WAIT_S, isolation_level=None)
            with contextlib.closing(opened) as base:
                base.execute("PRAGMA synchronous = EXTRA")
                yield base
        except sqlite3.Error as error:
            if refused := store.refused_by_sqlite(error):
                raise store.not_writable(self.path, refused) from error
            raise IncompleteError(f"{self.path} is damaged: {error}", hint=_BACKUP) from error
        except OSError as error:
            raise store.not_writable(self.path, error) from error


def _last_number(base: sqlite3.Connection) -> int:
    """The number of the last row that was ever there."""
    row = base.execute("SELECT MAX(seq) FROM sqlite_sequence WHERE name = 'journal'").fetchone()
    return int(row[0] or 0)


def _rows_where(
    base: sqlite3.Connection, where: str, values: tuple[str, ...] = ()
) -> Iterator[JournalEntry]:
    for row in base.execute(f"{_SELECT} {where}", values):
        found = dict(zip(_COLUMNS, row, strict=True))
        try:
            facts = dict(json.loads(found["facts"]))
        except (ValueError, TypeError):
            facts = {"damaged": str(found["facts"])}
        yield JournalEntry(**{**found, "facts": facts})


def _seconds_between(earlier: str, later: str) -> int:
    try:
        first, second = map(datetime.datetime.fromisoformat, (earlier, later))
        return round((second - first).total_seconds())
    except (ValueError, TypeError):
        return 0


def journal_csv(entries: tuple[JournalEntry, ...]) -> str:
    """The rows for a spreadsheet; what it would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_COLUMNS)
    for entry in entries:
        facts = json.dumps(entry.facts, ensure_ascii=False, sort_keys=True)
        cells = map(str, {**asdict(entry), "facts": facts}.values())
        rows.writerow("'" + cell if cell[:1] in _OF_FORMULAS else cell for cell in cells)
    return text.getvalue()


_OF_FORMULAS = frozenset("=+-@\t\r")


TOLD = frozenset({"drafted", "returned", "published", "withdrawn", "restored"})
"""What the webhook is told of."""
_PATIENCE_S = 5.0


def record(
    out: OutFolder, config: Config, entry: JournalEntry, tell: Callable[[str], None]
) -> JournalEntry:
    """Add a row to the journal, and tell the webhook; one that fails stops nobody."""
    entry = Journal(out).add(entry)
    if config.webhook and entry.act in TOLD:
        try:
            call_webhook(config, asdict(entry))
        except QjaudioError as error:
            tell(str(error))
    return entry


def note_draft(
    out: OutFolder,
    config: Config,
    date: str,
    parts: Mapping[str, str],
    *,
    now: datetime.datetime,
    tell: Callable[[str], None],
    owner: Callable[[str], str] = lambda _: "",
) -> None:
    """Note that a draft is ready to be signed, unless the same content was noted last.

    `parts` are the hashes of what it is made of. What has changed since the draft before is said,
    and by whom: by those whose edits are in the journal, else by the `owner` of the part's file.
    """
    rows, content = Journal(out).entries(date), content_hash(parts)
    at = max((at for at, row in enumerate(rows) if row.act == "drafted"), default=-1)
    former = rows[at] if at >= 0 else None
    if former and former.content == content:
        return
    known = dict(former.facts.get("parts", {})) if former else dict(parts)
    changed = [name for name in parts if parts[name] != known.get(name)]
    by = {row.who for row in rows[at + 1 :] if row.act == "edited"} or set(map(owner, changed))
    entry = JournalEntry(
        at=now.isoformat(timespec="seconds"),
        date=date,
        act="drafted",
        who=system_user(),
        content=content,
        before=former.content if former else "",
        facts={"parts": dict(parts), "changed": changed, "by": sorted(by - {""})},
    )
    record(out, config, entry, tell)


def content_hash(parts: Mapping[str, str]) -> str:
    """One hash of the hashes of all parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def system_user(otherwise: str = "qjaudio") -> str:
    """Who runs this, as the system has it."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return otherwise


class WebhookError(QjaudioError):
    """The webhook did not take what it was told."""

    exit_code = 6


def call_webhook(config: Config, message: Mapping[str, Any]) -> int:
    """Send a message to the webhook, and return the status of its answer.

    The body is JSON. With a `webhook_secret` the header `X-Qjaudio-Signature` holds `sha256=` and
    the HMAC-SHA256 of the body in hexadecimal. Redirects are not followed.

    Raises:
        WebhookError: it cannot be reached within 5 s, or its answer is no success.
    """
    body = json.dumps({"paper": config.paper, **message}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "qjaudio"}
    if config.webhook_secret:
        proof = hmac.new(config.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Qjaudio-Signature"] = f"sha256={proof}"
    request = urllib.request.Request(config.webhook, body, headers)  # noqa: S310 - checked: http(s)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_PATIENCE_S) as answer:
            return int(answer.status)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise WebhookError(
            f"the webhook was not told: {error}",
            hint="check the setting webhook, and try it: qjaudio journal --test-webhook",
        ) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none: the message is for the one address of the settings."""
