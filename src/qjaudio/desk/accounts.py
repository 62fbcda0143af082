"""Who may use the desk: accounts with roles, sessions that end, and how often a login may fail.

They stand in one SQLite file of the show. It holds no password and no key of a session, only their
hashes: Argon2id for what people choose, SHA-256 for what we draw by lot.
"""

import contextlib
import errno
import hashlib
import re
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qjaudio.errors import UsageError
from qjaudio.store import not_writable, refused_by_sqlite

FILE = ".desk.sqlite"
"""Its name in the output folder."""
EDITOR, FIRST, SECOND, FINAL, ADMIN = ROLES = ("编辑", "一审", "二审", "终审", "管理员")
"""What an account may do; one may have several."""
IDLE_S = 2 * 3600
"""A session without a request for so long has ended."""
LONGEST_S = 12 * 3600
"""No session is older: a working day."""
INVITED_S = 24 * 3600
"""How long an invitation may be used, once."""
WINDOW_S = 900
"""Failed logins of so long count."""
FAILURES = {"both": 5, "address": 60, "name": 50}
"""So many from one address for one name, from one address, and for one name; then nobody is heard
until some are older than the window."""
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_NAME = re.compile(r"[\w·.\- ]{1,20}")
_NOTED_S = 60
"""That a session was used is written down no more often."""
_TABLES = """
create table if not exists users (
  name text primary key, password text not null, roles text not null);
create table if not exists invites (
  key text primary key, name text not null, roles text not null, until real not null);
create table if not exists sessions (
  key text primary key, name text not null references users on delete cascade,
  form_key text not null, made real not null, seen real not null);
create table if not exists failures (who text not null, at real not null);
create index if not exists failures_of on failures (who, at);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person."""

    name: str
    roles: frozenset[str]

    def may(self, *roles: str) -> bool:
        """Whether the account has one of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who is logged in."""

    account: Account
    form_key: str
    """What every form of this session carries, so that no other site can send one."""


class RefusedError(UsageError):
    """What an account asked for is not allowed; the message is Chinese, for the page."""


class Accounts:
    """The accounts of a show."""

    def __init__(
        self,
        path: Path,
        *,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the file, or make it, for its owner alone; NotWritableError where that fails."""
        self._path, self._clock, self._hasher = path, clock, hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise not_writable(path, error) from error
        with self._changing() as database:
            for statement in _TABLES.split(";"):
                database.execute(statement)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        try:
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as database:
                database.execute("pragma foreign_keys = on")
                database.execute("begin immediate")
                try:
                    yield database
                except BaseException:
                    database.execute("rollback")
                    raise
                database.execute("commit")
        except sqlite3.Error as error:
            refused = refused_by_sqlite(error) or OSError(errno.EEXIST, str(error))
            raise not_writable(self._path, refused) from error

    def everybody(self) -> tuple[Account, ...]:
        """All accounts, by name."""
        with self._changing() as database:
            rows = database.execute("select name, roles from users order by name").fetchall()
        return tuple(_account(*row) for row in rows)

    def invite(self, name: str, roles: Iterable[str], *, new: bool = False) -> str:
        """A key with which `name` chooses a password, once; for an account that exists a new one,
        which keeps the roles that it has then; with `new` there may be none of that name.

        An empty name is chosen with the password.

        Raises:
            RefusedError: the name or a role is none, or the account exists.
        """
        name, wanted = _checked_name(name) if name else "", frozenset(roles)
        if not wanted or not wanted <= set(ROLES):
            raise RefusedError("请至少选一个角色")
        key, until = secrets.token_urlsafe(24), self._clock() + INVITED_S
        with self._changing() as database:
            known = database.execute("select 1 from users where name = ?", (name,)).fetchone()
            if new and known:
                raise RefusedError("已有这个账号：角色和密码在它那一栏里改")
            old = "delete from invites where name = ? or until < ?"
            database.execute(old, (name, self._clock()))
            row = (_hash(key), name, ",".join(sorted(wanted)), until)
            database.execute("insert into invites values (?, ?, ?, ?)", row)
        return key

    def invitations(self) -> tuple[tuple[Account, float], ...]:
        """Who was invited and has not come yet, each with the hours that are left for it."""
        now = self._clock()
        query = "select name, roles, until from invites where until >= ? order by until"
        with self._changing() as database:
            rows = database.execute(query, (now,)).fetchall()
        return tuple((_account(name, roles), (until - now) / 3600) for name, roles, until in rows)

    def take_back(self, name: str) -> None:
        """End the invitations of a name: their links open nothing any more."""
        with self._changing() as database:
            database.execute("delete from invites where name = ?", (name,))

    def invited(self, key: str) -> Account | None:
        """Who was invited by this key; None where it was used, or is too old."""
        with self._changing() as database:
            row = self._invited(database, key)
        return _account(*row) if row else None

    def _invited(self, database: sqlite3.Connection, key: str) -> tuple[str, str] | None:
        query = (
            "select name, coalesce(users.roles, invites.roles) from invites "
            "left join users using (name) where key = ? and until >= ?"
        )
        return next(database.execute(query, (_hash(key), self._clock())), None)

    def accept(self, key: str, name: str, password: str) -> Account:
        """Make an invited account, or give it a new password, or raise RefusedError."""
        name = _checked_name(name)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise RefusedError(f"密码至少 {SHORTEST_PASSWORD} 个字，最多 {LONGEST_PASSWORD} 个字")
        hashed = self._hasher.hash(password)
        with self._changing() as database:
            row = self._invited(database, key)
            if row is None or (row[0] and row[0] != name):
                raise RefusedError("这个邀请链接已经用过或已过期，请管理员重新发一个")
            known = database.execute("select 1 from users where name = ?", (name,)).fetchone()
            if known and not row[0]:
                raise RefusedError("这个姓名已经有人用了")
            database.execute("delete from invites where key = ?", (_hash(key),))
            database.execute("delete from sessions where name = ?", (name,))
            database.execute("replace into users values (?, ?, ?)", (name, hashed, row[1]))
        return _account(name, row[1])

    def log_in(self, name: str, password: str, address: str) -> str:
        """The key of a new session; RefusedError for a wrong password, or too many failures."""
        name = unicodedata.normalize("NFKC", name).strip()[:80]
        whose = {"both": f"{address} {name}", "address": address, "name": name}
        with self._changing() as database:
            self._refuse_too_many(database, whose)
            # Counted before it is known to be wrong, so that many at once are not all heard.
            rows = [(f"{kind} {who}", self._clock()) for kind, who in whose.items()]
            database.executemany("insert into failures values (?, ?)", rows)
            query = "select password from users where name = ?"
            found = database.execute(query, (name,)).fetchone()
        hashed = found[0] if found else self._nobody
        try:
            self._hasher.verify(hashed, password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError) as error:
            raise RefusedError("姓名或密码不对") from error
        key, now = secrets.token_urlsafe(32), self._clock()
        with self._changing() as database:
            still = "select 1 from users where name = ? and password = ?"
            if not database.execute(still, (name, hashed)).fetchone():
                raise RefusedError("姓名或密码不对")
            for kind in ("both", "name"):
                database.execute("delete from failures where who = ?", (f"{kind} {whose[kind]}",))
            row = (_hash(key), name, secrets.token_urlsafe(24), now, now)
            database.execute("insert into sessions values (?, ?, ?, ?, ?)", row)
        return key

    def _refuse_too_many(self, database: sqlite3.Connection, whose: dict[str, str]) -> None:
        since = self._clock() - WINDOW_S
        database.execute("delete from failures where at < ? or at > ?", (since, self._clock() + 60))
        for kind, who in whose.items():
            query = "select count(*) from failures where who = ?"
            (count,) = database.execute(query, (f"{kind} {who}",)).fetchone()
            if count >= FAILURES[kind]:
                raise RefusedError("失败次数太多，请过 15 分钟再试")

    def visit(self, key: str) -> Visit | None:
        """Who has this session; None where it has ended, or its account is gone."""
        now = self._clock()
        with self._changing() as database:
            query = (
                "select name, roles, form_key, made, seen from sessions join users using (name) "
                "where key = ?"
            )
            row = database.execute(query, (_hash(key),)).fetchone()
            if row is None:
                return None
            name, roles, form_key, made, seen = row
            # A clock that was put back ends sessions rather than making them last for ever.
            if not (made - _NOTED_S <= now < made + LONGEST_S and now < seen + IDLE_S):
                database.execute("delete from sessions where key = ?", (_hash(key),))
                return None
            if now - seen > _NOTED_S:
                database.execute("update sessions set seen = ? where key = ?", (now, _hash(key)))
        return Visit(account=_account(name, roles), form_key=form_key)

    def log_out(self, key: str) -> None:
        """End a session."""
        with self._changing() as database:
            database.execute("delete from sessions where key = ?", (_hash(key),))

    def change(self, by: Account, name: str, roles: Iterable[str]) -> None:
        """Give an account other roles, with none remove it, or raise RefusedError."""
        wanted = frozenset(roles)
        if not wanted <= set(ROLES):
            raise RefusedError("没有这个角色")
        with self._changing() as database:
            rows = database.execute("select name, roles from users").fetchall()
            now = {one.name: one.roles for one in (_account(*row) for row in rows)}
            if ADMIN not in now.get(by.name, ()):
                raise RefusedError("您已经不是管理员")
            if name not in now:
                raise RefusedError("没有这个账号")
            if not any(ADMIN in had for had in ({**now, name: wanted}).values()):
                raise RefusedError("至少要留一位管理员")
            if wanted:
                row = (",".join(sorted(wanted)), name)
                database.execute("update users set roles = ? where name = ?", row)
            else:
                database.execute("delete from users where name = ?", (name,))
                database.execute("delete from invites where name = ?", (name,))


def _account(name: str, roles: str) -> Account:
    return Account(name=name, roles=frozenset(roles.split(",")))


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFKC", name).strip()
    if not _NAME.fullmatch(name):
        raise RefusedError("姓名用 1 到 20 个汉字、字母或数字")
    return name


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
