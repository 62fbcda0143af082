"""Who may come in, and what nobody gets past."""

import datetime
import http.client
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from commands import Command, qjaudio  # noqa: F401 - a fixture
from desk.conftest import DATE, DAY, PASSWORD, QUICK, Office, Person
from qjaudio import config as settings
from qjaudio.desk.accounts import (
    FAILURES,
    IDLE_S,
    INVITED_S,
    LONGEST_S,
    ROLES,
    WINDOW_S,
    Account,
    Accounts,
    RefusedError,
)
from qjaudio.pipeline import locking


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of `accounts`."""
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    """The accounts of a show, with one administrator."""
    found = Accounts(tmp_path / "desk.sqlite", hasher=QUICK, clock=clock)
    found.accept(found.invite("", ROLES), "王主编", PASSWORD)
    return found


BOSS = Account(name="王主编", roles=frozenset(ROLES))


def test_an_invitation_is_used_once_and_in_time(accounts: Accounts, clock: Clock) -> None:
    """It makes one account; an old one none; nobody takes a name that is taken."""
    key = accounts.invite("李编辑", ["编辑"])
    with pytest.raises(RefusedError, match="密码至少"):
        accounts.accept(key, "李编辑", "short")
    with pytest.raises(RefusedError):
        accounts.accept(key, "别人", PASSWORD)
    assert accounts.accept(key, "李编辑", PASSWORD).roles == {"编辑"}
    with pytest.raises(RefusedError, match="已经用过"):
        accounts.accept(key, "李编辑", PASSWORD)
    late = accounts.invite("赵编辑", ["编辑"])
    clock.now += INVITED_S + 1
    assert accounts.invited(late) is None
    with pytest.raises(RefusedError, match="有人用了"):
        accounts.accept(accounts.invite("", ["编辑"]), "李编辑", PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "a" * 21, "<b>", "../x", "a\nb", "a\0b", "“张”", "a;b"])
def test_names_are_names(accounts: Accounts, name: str) -> None:
    """No markup, no path, nothing that cannot be seen."""
    with pytest.raises(RefusedError, match="姓名"):
        accounts.accept(accounts.invite("", ["编辑"]), name, PASSWORD)


def test_invitations_are_listed_and_taken_back(office: Office) -> None:
    """Who has not come yet, for how long still; a link that was taken back opens nothing."""
    boss = office.person("王主编", *ROLES)
    page = boss.post("/accounts", action="invite", name="李编辑", role="编辑").text
    link = re.search(r"(/invited/[\w-]+)<", page)
    assert link
    assert "李编辑：编辑，还有 23 小时" in boss.get("/accounts").text
    assert "设置您的密码" in Person(office.port).get(link[1]).text
    assert 403 == office.person("赵编辑", "编辑").post("/accounts", action="uninvite").status
    assert 303 == boss.post("/accounts", action="uninvite", name="李编辑").status
    assert "李编辑" not in boss.get("/accounts").text
    assert 422 == Person(office.port).get(link[1]).status


def test_a_desk_says_who_else_is_there(
    qjaudio: Command,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second desk of a show is warned of; a name that is none of a computer is refused."""
    monkeypatch.setattr("qjaudio.web.server.serve_app", lambda *_: None)
    out = settings.load({}).output
    assert "another desk" not in qjaudio("desk").err
    with locking.locked(out, "desk", datetime.datetime.now(datetime.UTC)):
        assert "another desk" in qjaudio("desk").err
    for name in ("evil/..", "-x", "a b", "http://x", "x:1"):
        assert 2 == qjaudio("desk", "--lan", f"--host={name}").code
    assert 0 == qjaudio("desk", "--host", "radio-pc").code
    assert "without --cert" in qjaudio("desk", "--lan").err
    Path("desk.pem").write_text("no certificate", "utf-8")
    assert 2 == qjaudio("desk", "--lan", "--cert", "desk.pem").code


def test_sessions_end(accounts: Accounts, clock: Clock) -> None:
    """By rest, by age, by a clock that was put back, by leaving, by a new password."""
    first = clock.now
    key = accounts.log_in("王主编", PASSWORD, "a")
    assert accounts.visit(key)
    clock.now += IDLE_S + 1
    assert accounts.visit(key) is None
    key = accounts.log_in("王主编", PASSWORD, "a")
    for _ in range(LONGEST_S // IDLE_S * 2):
        clock.now += IDLE_S / 2
        accounts.visit(key)
    assert accounts.visit(key) is None
    key = accounts.log_in("王主编", PASSWORD, "a")
    clock.now = first
    assert accounts.visit(key) is None
    key = accounts.log_in("王主编", PASSWORD, "a")
    accounts.log_out(key)
    assert accounts.visit(key) is None
    key = accounts.log_in("王主编", PASSWORD, "a")
    accounts.accept(accounts.invite("王主编", ROLES), "王主编", PASSWORD + "新")
    assert accounts.visit(key) is None


def test_of_200_wrong_logins_few_are_heard(accounts: Accounts, clock: Clock) -> None:
    """Neither from one place nor from many for one name; later the right word is heard again."""
    heard = mock.Mock(wraps=QUICK.verify)
    with mock.patch.object(accounts, "_hasher", mock.Mock(verify=heard)):
        for number in range(200):
            with pytest.raises(RefusedError):
                accounts.log_in("王主编", "wrong", "10.0.0.1")
            with pytest.raises(RefusedError):
                accounts.log_in("王主编", "wrong", f"10.0.1.{number}")
            with pytest.raises(RefusedError):
                accounts.log_in(f"somebody {number}", "wrong", "10.0.0.2")
    assert heard.call_count <= FAILURES["name"] + FAILURES["address"]
    with pytest.raises(RefusedError, match="次数太多"):
        accounts.log_in("王主编", PASSWORD, "10.0.0.3")
    clock.now += WINDOW_S + 1
    assert accounts.visit(accounts.log_in("王主编", PASSWORD, "10.0.0.1"))


def test_an_administrator_is_left(accounts: Accounts) -> None:
    """Two cannot remove each other: the first one has removed the other's right to it."""
    accounts.accept(accounts.invite("李主任", ["管理员"]), "李主任", PASSWORD)
    second = Account(name="李主任", roles=frozenset(["管理员"]))
    accounts.change(BOSS, "李主任", [])
    with pytest.raises(RefusedError, match="不是管理员"):
        accounts.change(second, "王主编", [])
    with pytest.raises(RefusedError, match="至少要留一位"):
        accounts.change(BOSS, "王主编", [])
    with pytest.raises(RefusedError, match="至少要留一位"):
        accounts.change(BOSS, "王主编", ["编辑"])
    assert ["王主编"] == [one.name for one in accounts.everybody()]


def test_the_file_holds_no_secret(accounts: Accounts, tmp_path: Path) -> None:
    """Neither a password nor what opens a session or an invitation; and only its owner reads it."""
    keys = [accounts.log_in("王主编", PASSWORD, "a"), accounts.invite("李", ["编辑"])]
    raw = (tmp_path / "desk.sqlite").read_bytes()
    assert [] == [one for one in (PASSWORD, *keys) if one.encode() in raw]
    assert 0o600 == (tmp_path / "desk.sqlite").stat().st_mode & 0o777


def test_accounts_outlive_the_server(accounts: Accounts, tmp_path: Path, clock: Clock) -> None:
    """Started again, everybody is still there, and still logged in."""
    key = accounts.log_in("王主编", PASSWORD, "a")
    again = Accounts(tmp_path / "desk.sqlite", hasher=QUICK, clock=clock)
    assert again.visit(key)
    assert 1 == len(again.everybody())


def test_nothing_is_shown_to_strangers(office: Office) -> None:
    """Every page leads to the login, every form is refused; a deleted user is a stranger."""
    stranger = office.person()
    for path in ("/", DAY, f"{DAY}/line", "/accounts", f"{DAY}/episode.mp3", f"{DAY}/seen"):
        answer = stranger.get(path)
        assert (303, "/login") == (answer.status, answer.headers["location"])
    assert 401 == stranger.post(f"{DAY}/change", action="silence").status
    boss, editor = office.person("王主编", *ROLES), office.person("李编辑", "编辑")
    assert 200 == editor.get("/").status
    assert 303 == boss.post("/accounts", action="remove", name="李编辑").status
    assert 303 == editor.get("/").status


def test_roles_are_kept_apart(office: Office) -> None:
    """An editor gives no accounts and signs nothing; an administrator alone changes no text."""
    editor, boss = office.person("李编辑", "编辑"), office.person("管理员", "管理员")
    assert 403 == editor.get("/accounts").status
    assert 403 == editor.post("/accounts", action="invite", name="x", role="管理员").status
    assert 403 == editor.post(f"{DAY}/sign", action="approve").status
    assert 403 == editor.post(f"{DAY}/sign", action="withdraw", why="x").status
    assert 403 == boss.post(f"{DAY}/change", action="recompose").status


def test_a_form_comes_from_our_own_page(office: Office) -> None:
    """No other site sends one, none without the key of the session, none with another's."""
    editor, other = office.person("李编辑", "编辑"), office.person("赵编辑", "编辑")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        sly = Person(office.port, editor.cookie, editor.form_key, headers)
        assert 403 == sly.post(f"{DAY}/change", action="recompose").status
        assert 403 == sly.post("/login", name="李编辑", password=PASSWORD).status
    for key in ("", other.form_key):
        assert 403 == editor.post(f"{DAY}/change", {"form_key": key}, action="recompose").status


def test_headers_keep_scripts_and_frames_out(office: Office) -> None:
    """Only our own script runs; nobody frames us; the cookie is for http alone; none is cached."""
    one = office.person("李编辑", "编辑")
    page = one.get("/")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "no-store" == page.headers["cache-control"]
    assert [] == re.findall(r"<script(?! src=\"/static/)|\son\w+=|javascript:|style=", page.text)
    again = Person(office.port).log_in("李编辑")
    assert {"HttpOnly", "SameSite=Strict"} <= set(again.headers["set-cookie"].split("; "))


def test_the_name_of_a_stranger_s_page_is_refused(office: Office) -> None:
    """A page whose name leads to this machine gets nothing (DNS rebinding)."""
    assert 421 == Person(office.port).get("/login", Host="evil.example").status


def test_every_field_is_escaped(office: Office) -> None:
    """What is written with markup is shown, and never obeyed."""
    editor = office.person("李编辑", "编辑", "终审")
    mean = '"><script>alert(1)</script>&{{7*7}}'
    page = editor.get(DAY)
    place = re.search(r"/line\?part=(2)&amp;index=(1)&amp;key=(\w+)", page.text)
    assert place
    fields = dict(zip(("part", "index", "key"), place.groups(), strict=True))
    answer = editor.post(f"{DAY}/change", fields, action="rewrite", text=mean, seen=mean)
    assert 200 == answer.status
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    answer = editor.post(f"{DAY}/change", fields, action="rewrite", text=mean + "2", seen=mean)
    assert 409 == answer.status
    assert "<script>alert" not in answer.text
    for path in ("/invited/%22%3E%3Cscript%3E", f"{DAY}/story?name=%22%3E%3Cscript%3E"):
        assert "<script>" not in editor.get(path).text.replace('<script src="', "")


def test_a_paste_of_10_mb_is_refused(office: Office) -> None:
    """It is said, and the desk goes on."""
    editor = office.person("李编辑", "编辑")
    answer = editor.post(f"{DAY}/change", action="rewrite", text="长" * 3_500_000)
    assert 413 == answer.status
    assert "太长" in answer.text
    assert 200 == editor.get("/").status


def test_what_is_no_form_is_refused(office: Office) -> None:
    """Bytes of no encoding, an encoding that is none, parts without a border: 400, no bug."""
    form, parts = "application/x-www-form-urlencoded", "multipart/form-data"
    head = b"--b\r\nContent-Disposition: form-data; \x01\r\n\r\nx\r\n--b--\r\n"
    for kind, body in (
        (form, b"a=\xff"), (f"{form}; charset=nonsense", b"a=b"), (f"{form}; charset=gbk", b"\xff"),
        (parts, b"a=b"), (f"{parts}; boundary=b", b"a=b"), (f"{parts}; boundary=b", head),
    ):  # fmt: skip
        with closing(http.client.HTTPConnection("127.0.0.1", office.port, timeout=60)) as line:
            line.request("POST", "/login", body, {"Content-Type": kind})
            assert 400 == line.getresponse().status, (kind, body)


@pytest.mark.parametrize(
    "path",
    [
        "/edition/2025-13-45", "/edition/..%2f..%2fetc", f"{DAY}/page/1.jpg", "/static/../app.py",
        "/static/..%2fapp.py", "/edition/2025-05-20%00", f"{DAY}/sound?part=99&index=x&key=%ff",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(office: Office, path: str) -> None:
    """What is no page of ours is not found."""
    assert 404 == office.person("李编辑", "编辑").get(path).status


def test_the_first_administrator_comes_by_the_link(office_of: Callable[..., Office]) -> None:
    """The link of the first start makes one, who invites the others; each chooses a password."""
    office = office_of()
    first = Person(office.port)
    path = f"/invited/{office.accounts.invite('', ROLES)}"
    assert "设置您的密码" in first.get(path).text
    wrong = first.post(path, name="王主编", password=PASSWORD, again="x")
    assert "不一样" in wrong.text
    assert 303 == first.post(path, name="王主编", password=PASSWORD, again=PASSWORD).status
    assert "还没有识读" in first.get("/").text
    page = first.post("/accounts", action="invite", name="李编辑", role="编辑")
    link = re.search(r"http://[^<]+(/invited/[\w-]+)<", page.text)
    assert link
    other = Person(office.port)
    other.post(link[1], name="李编辑", password=PASSWORD, again=PASSWORD)
    assert 200 == other.get("/").status
    assert DATE in other.get("/").text


def test_a_link_for_a_new_password_gives_no_roles_back(accounts: Accounts) -> None:
    """The roles are those of the moment at which it is used; no new account takes an old name."""
    accounts.accept(accounts.invite("李编辑", ["编辑", "终审"]), "李编辑", PASSWORD)
    key = accounts.invite("李编辑", ["编辑", "终审"])
    accounts.change(BOSS, "李编辑", ["编辑"])
    assert accounts.accept(key, "李编辑", PASSWORD).roles == {"编辑"}
    assert {"编辑"} == next(one.roles for one in accounts.everybody() if one.name == "李编辑")
    with pytest.raises(RefusedError, match="已有这个账号"):
        accounts.invite("李编辑", ["管理员"], new=True)
