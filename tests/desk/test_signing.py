"""Three sign an edition, each once; it is published, and taken back."""

import re
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from commands import unmixed  # noqa: F401 - a fixture
from desk.conftest import DATE, DAY, Answered, Office, Person, until
from desk.test_edits import change, line_of
from qjaudio.desk.sound import Drafts
from qjaudio.pipeline.journal import JournalEntry
from qjaudio.pipeline.review import _History

pytestmark = pytest.mark.usefixtures("unmixed")


def content_seen(person: Person) -> dict[str, str]:
    """The field of the form that tells which content is signed; empty where nothing is."""
    page = person.get(f"{DAY}/sign").text
    content = re.search(r'name="content" value="(\w+)"', page)
    return {"content": content[1] if content else ""}


def sign(person: Person, action: str, **fields: str) -> Answered:
    """Do something about the state, as the form on the page says."""
    return person.post(f"{DAY}/sign", content_seen(person) | fields, action=action)


def wait_for_audio(person: Person) -> None:
    """Wait until no audio is being made."""
    until(lambda: "data-busy" not in person.get(f"{DAY}/sign").text)


def drafted(person: Person) -> None:
    """Have the draft made, and wait for it."""
    assert 200 == sign(person, "make").status
    wait_for_audio(person)
    assert "音频草稿" in person.get(f"{DAY}/sign").text


def test_three_sign_and_it_is_published_and_taken_back(office_of: Callable[..., Office]) -> None:
    """In order, each once, under lock; a return voids it; after the last one it is in the feed."""
    office = office_of(review="three")
    first = office.person("一审员", "编辑", "一审", "二审")
    second, last = office.person("二审员", "二审"), office.person("终审员", "终审")
    out = office.folder / "out"
    line = line_of(first, "25分钟")
    change(first, "rewrite", line, text="如今开车只要一刻钟。")
    assert 422 == sign(first, "approve").status
    drafted(first)
    assert not (out / "feed.xml").exists()
    assert 200 == first.get(f"{DAY}/episode.mp3").status
    assert 422 == sign(second, "approve").status  # it is the first one's turn
    assert 200 == sign(first, "approve").status
    assert "您已签过" in sign(first, "approve").text or "您已经签过" in sign(first, "approve").text
    assert 422 == change(first, "recompose", {}).status
    assert 200 == sign(second, "return", why="再核一遍数字").status
    assert "再核一遍数字" in first.get(DAY).text
    for person in (first, second, last):
        assert 200 == sign(person, "approve").status
    assert DATE in (out / "feed.xml").read_text("utf-8")
    assert "已发布" in last.get("/").text
    assert 200 == change(first, "drop", line_of(first, "改造段全长")).status  # a new draft of it
    wait_for_audio(first)
    assert "待审" in last.get("/").text
    assert 200 == sign(last, "return", why="不必再改").status
    assert 422 == sign(last, "withdraw", why="").status
    assert 200 == sign(last, "withdraw", why="来稿有误").status
    assert not (out / f"{DATE}.mp3").exists()
    assert f"{DATE}.mp3" not in (out / "feed.xml").read_text("utf-8")
    assert "已撤回" in last.get("/").text
    assert 200 == sign(last, "restore", why="核实无误").status
    told = last.get(DAY).text
    acts = re.findall(r"<td>(恢复|撤稿|发布|\w+签发)</td>", told)
    assert ["恢复", "撤稿", "发布", "终审签发"] == acts[:4]
    assert "如今开车只要一刻钟。" in told


def test_a_signature_is_for_what_was_seen(office_of: Callable[..., Office]) -> None:
    """A form of before a change signs nothing; the change makes the draft again by itself."""
    office = office_of(review="one")
    editor, last = office.person("编辑", "编辑"), office.person("终审员", "终审")
    drafted(last)
    seen = content_seen(last)
    assert seen["content"]
    change(editor, "rewrite", line_of(editor, "25分钟"), text="如今开车只要一刻钟。")
    assert 422 == last.post(f"{DAY}/sign", seen, action="approve").status
    wait_for_audio(last)
    assert "内容又变了" in last.post(f"{DAY}/sign", seen, action="approve").text
    when = sign(last, "approve", at="2099-01-01T06:00")
    assert "定于 2099-01-01 06:00 发布" in when.text


def test_a_show_without_review_is_published_by_a_button(office: Office) -> None:
    """No draft is made ahead there, which would be public at once."""
    last = office.person("终审员", "终审")
    assert 422 == sign(last, "make").status
    change(last, "rewrite", line_of(last, "25分钟"), text="如今开车只要一刻钟。")
    assert not (office.folder / "out" / "feed.xml").exists()
    assert 200 == sign(last, "publish").status
    wait_for_audio(last)
    assert DATE in (office.folder / "out" / "feed.xml").read_text("utf-8")


def test_a_journal_that_was_changed_is_told(office_of: Callable[..., Office]) -> None:
    """Nobody signs while a row of it is not what was written."""
    import sqlite3
    from contextlib import closing

    office = office_of(review="one")
    last = office.person("终审员", "终审")
    drafted(last)
    with closing(sqlite3.connect(office.folder / "out" / ".journal.sqlite")) as base:
        base.execute("drop trigger no_change")
        base.execute("update journal set who = '别人'")
        base.commit()
    assert "审核记录被改动过" in last.get(DAY).text
    assert 422 == sign(last, "approve").status


def test_what_could_not_be_made_is_told(office_of: Callable[..., Office], tmp_path: Path) -> None:
    """Why there is no audio stands where it would be signed."""
    office = office_of(review="one", voice="kokoro:nobody")
    last = office.person("终审员", "终审")
    last.get(DAY)
    sign(last, "make")
    wait_for_audio(last)
    assert "音频没有做成" in last.get(f"{DAY}/sign").text
    assert tmp_path.exists()


def test_a_withdrawal_waits_for_no_audio(office_of: Callable[..., Office]) -> None:
    """While a draft is being made all else waits; the whole edition goes, and comes back."""
    office = office_of(review="one")
    last = office.person("终审员", "终审")
    drafted(last)
    past = sign(last, "approve", at="2001-01-01T06:00")
    assert (422, True) == (past.status, "已经过去" in past.text)
    assert 200 == sign(last, "approve").status
    assert "定于" not in last.get(DAY).text
    assert 404 == last.get("/edition/2030-01-01").status
    with mock.patch.object(Drafts, "share", lambda _self, _date: 0.5):
        assert 422 == sign(last, "withdraw", why="来稿有误", story="一条").status
        assert 200 == sign(last, "withdraw", why="来稿有误").status
        assert 200 == sign(last, "restore").status


def test_the_reason_of_a_return_goes_with_the_next_signature() -> None:
    """What was put right since is no reason any more."""
    history = _History()
    for act in ("scheduled", "returned", "signed"):
        facts = {"publish_at": "2099-01-01T06:00:00+08:00"}
        history.take(JournalEntry(at="", date=DATE, act=act, who="甲", why="再核", facts=facts))  # type: ignore[arg-type]
    assert not history.why
