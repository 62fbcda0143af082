"""What the desk refuses is said in a sentence, for every reason that there is."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desk.conftest import DATE, DAY, PASSWORD, QUICK, Office, Person
from desk.test_edits import CLINIC, change, form_of, line_of, name_of
from qjaudio.desk import edits
from qjaudio.desk.accounts import FINAL, ROLES, Account, Accounts, RefusedError, Visit
from qjaudio.desk.sound import Drafts
from qjaudio.desk.work import _approve
from qjaudio.errors import NotWritableError
from qjaudio.pipeline.review import Review, Withdrawal
from qjaudio.script.prepare import MAX_LINE

SHORT = "\n\n# 桥通车了\n\n（记者 甲一）新桥昨天通车。\n"


@pytest.fixture
def chief(office_of: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who may do all, at a show with a review, whose audio nobody makes."""
    monkeypatch.setattr(Drafts, "plan", lambda *_words, **_more: None)
    office = office_of(review="one")
    page = office.folder / "issues" / DATE / "page1.md"
    page.write_text(page.read_text("utf-8") + SHORT, "utf-8")
    return office.person("张总编", *ROLES)


def lines(person: Person, kind: str) -> list[dict[str, str]]:
    """The fields that name each sentence of a kind."""
    row = rf'class="line {kind}.*?line\?part=(\d+)&amp;index=(\d+)&amp;key=(\w+)'
    found = re.findall(row, person.get(DAY).text, re.S)
    return [dict(zip(("part", "index", "key"), one, strict=True)) for one in found]


def test_every_reason_is_said(chief: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of changes of the text, of signatures, and of addresses that are none."""
    opening, (headline, *_), line = (
        lines(chief, "phrase")[0],
        lines(chief, "headline"),
        line_of(chief, "25分钟"),
    )
    same = {**line, "text": unescape(line["seen"])}
    only, clinic = line_of(chief, "新桥昨天通车"), form_of(chief, CLINIC)
    for status, words, answer in (
        (422, "不是版面上的文字", change(chief, "reword", opening, text="您好。")),
        (422, "没有改动", change(chief, "reword", same)),
        (422, "没有改动", change(chief, "head", clinic)),
        (422, "没有这一条", change(chief, "join", clinic, join="{}")),
        (422, "没有这一条", change(chief, "before", clinic, before="[" * 50_000)),
        (422, "请改这一条的标题", change(chief, "rewrite", headline, text="另一个。")),
        (422, "这是最后一句", change(chief, "drop", only)),
        (422, "一句话太长", change(chief, "rewrite", line, text="长" * (MAX_LINE + 1))),
        (422, "没有保存", change(chief, "head", clinic, headline="一\x7f二")),
        (409, "别人", change(chief, "say", {"name": name_of(CLINIC)}, text="没有这句。")),
        (409, "不在了", change(chief, "undo", {"line": "99"})),
        (409, "不在了", change(chief, "undo_edit", {"key": "x"})),
        (422, "先把音频草稿做好", chief.post(f"{DAY}/sign", action="approve")),
        (422, "原因", chief.post(f"{DAY}/sign", action="withdraw")),
        (400, "没有看懂", chief.post(f"{DAY}/sign", action="nothing")),
        (404, "没有您要找的", chief.get(f"{DAY}/episode.mp3")),
        (422, "刚刚被改过", chief.get(f"{DAY}/line?part=1&index=1&key=x")),
        (200, "请写姓名", chief.post("/accounts", action="invite", role="编辑")),
        (200, "至少选一个角色", chief.post("/accounts", action="change", name="张总编")),
        (200, "没有这个角色", chief.post("/accounts", action="change", name="张总编", role="神")),
        (200, "没有这个账号", chief.post("/accounts", action="change", name="无名", role="编辑")),
        (200, "至少选一个角色", chief.post("/accounts", action="invite", name="李", role="神")),
    ):
        assert (status, True) == (answer.status, words in answer.text), (words, answer.text[:400])
    assert 200 == change(chief, "rewrite", line, text="如今一刻钟。").status
    added = line_of(chief, "一刻钟")
    assert "不是版面上的文字" in change(chief, "reword", added, text="如今两刻钟。").text

    def meanwhile(*words: Any, **more: Any) -> object:
        script = Path("out", DATE, "script.md")
        script.write_text(script.read_text("utf-8") + "\n别人的一句。\n", "utf-8")
        return sentence_lines(*words, **more)

    sentence_lines = edits.sentence_lines
    monkeypatch.setattr(edits, "sentence_lines", meanwhile)
    answer = change(chief, "rewrite", line_of(chief, "如今一刻钟"), text="如今三刻钟。")
    assert (409, True) == (answer.status, "刚刚被别人改过" in answer.text)


def test_without_our_script_a_form_leads_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the edition; and a target that cannot be reached is named after a withdrawal."""
    one = office.person("张总编", *ROLES)
    done = Withdrawal(date=DATE, story="", removed=(), target="sftp://a", error="no answer")
    monkeypatch.setattr(Review, "withdraw", lambda _self, _date, **_: done)
    answer = one.post(f"{DAY}/sign", action="withdraw", why="误")
    assert (422, True) == (answer.status, "sftp://a 还没有撤掉" in answer.text)
    kept = replace(done, error="", exports_left=("exports/a.mp3",))
    monkeypatch.setattr(Review, "withdraw", lambda _self, _date, **_: kept)
    assert "exports/a.mp3" in one.post(f"{DAY}/sign", action="withdraw", why="误").text
    monkeypatch.setattr(Review, "withdraw", lambda _self, _date, **_: Withdrawal(
        date=DATE, story="", removed=()
    ))  # fmt: skip
    for path, fields, to in (
        ("sign", {"action": "withdraw", "why": "误"}, f"{DAY}#sign"),
        ("change", {"action": "recompose"}, DAY),
    ):
        answer = one.plain(f"{DAY}/{path}", {**fields, "form_key": one.form_key})
        assert (303, to) == (answer.status, answer.headers["location"])


def test_a_time_that_is_none_is_refused() -> None:
    """Before anything is signed."""
    edition = SimpleNamespace(signatures=(), content="c")
    standing: Any = SimpleNamespace(following=FINAL, edition=edition, date=DATE)
    visit = Visit(account=Account(name="张总编", roles=frozenset(ROLES)), form_key="")
    review: Any = None
    with pytest.raises(RefusedError, match="发布时间没有看懂"):
        _approve(review, standing, visit, {"content": "c", "at": "明早"})


def test_accounts_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    """No folder, a file that is no database, a full disk; and a password changed meanwhile."""
    (tmp_path / "file").write_text("no database, and long enough to be taken for one" * 30)
    for path in (tmp_path / "file" / "desk.sqlite", tmp_path / "file"):
        with pytest.raises(NotWritableError) as caught:
            Accounts(path, hasher=QUICK)
        assert "move away what stands there" in caught.value.hint
    accounts = Accounts(tmp_path / "desk.sqlite", hasher=QUICK)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_words: object, **_more: object) -> None:
            raise full

        patch.setattr(sqlite3, "connect", refuse)
        with pytest.raises(NotWritableError, match="No space left") as caught:
            accounts.everybody()
    assert caught.value.hint.startswith("free some space")
    key = accounts.invite("李编辑", [FINAL])
    accounts.accept(key, "李编辑", PASSWORD)

    class Slow:
        def verify(self, *_words: str) -> None:
            again = accounts.invite("李编辑", [FINAL])
            accounts.accept(again, "李编辑", PASSWORD + "二")

        hash = QUICK.hash

    accounts._hasher = Slow()  # type: ignore[assignment]
    with pytest.raises(RefusedError, match="姓名或密码不对"):
        accounts.log_in("李编辑", PASSWORD, "a")
    for name, roles in (("李编辑", ["神"]), ("无名", [FINAL])):
        with pytest.raises(RefusedError):
            accounts.change(Account(name="李编辑", roles=frozenset(ROLES)), name, roles)
