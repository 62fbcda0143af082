"""An edition is drafted, signed, published, withdrawn and restored by commands."""

import contextlib
import datetime
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from commands import Command, snapshot
from qjaudio import config, errors
from qjaudio.errors import IncompleteError
from qjaudio.pipeline import catalogue, checking, locking, publishing, review
from qjaudio.pipeline.journal import JOURNAL, Journal, JournalEntry
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder

DATE = "2025-05-20"
ENDS = (".mp3", ".vtt", ".srt", ".json", ".chapters.json", ".jpg", ".png", ".html")


@pytest.fixture
def three(folder: Path, qjaudio: Command, unmixed: None) -> Command:
    """Commands in a show with three signatures that publishes to the folder `www`."""
    (folder / "qjaudio.toml").write_text(
        'review = "three"\nminutes = 0.4\nbase_url = "https://example.cn/qj/"\npublish_to = "www"\n'
    )
    return qjaudio


def edition(qjaudio: Command) -> dict[str, Any]:
    answer = qjaudio("status", DATE, "--json")
    assert 0 == answer.code, answer.err
    (found,) = json.loads(answer.out)
    return dict(found)


def signed(qjaudio: Command, *names: str) -> None:
    for name in names:
        answer = qjaudio("approve", DATE, "--as", name)
        assert 0 == answer.code, answer.err


def public(root: Path) -> list[str]:
    """The files of the edition that anybody can reach."""
    return sorted(path.name for path in root.glob(f"{DATE}.*"))


def shown(root: Path) -> list[Path]:
    """Whatever the world sees that names the date."""
    seen = [path for path in root.iterdir() if path.is_file() and path.name[0] != "."]
    return [path for path in seen if DATE.encode() in path.name.encode() + path.read_bytes()]


def edited(folder: Path) -> None:
    """Somebody adds a sentence to script.md."""
    script = folder / "out" / DATE / "script.md"
    script.write_text(script.read_text().rstrip() + "\n\n明天见。\n")


def acts(folder: Path) -> list[str]:
    return [row.act for row in Journal(OutFolder(folder / "out")).entries()]


def test_nothing_public_shows_a_draft(three: Command, folder: Path) -> None:
    """Whichever command runs: neither feed, pages, search index nor target know of it."""
    made = three("make", DATE)
    assert (0, True) == (made.code, "qjaudio approve 2025-05-20 --as NAME" in made.out)
    assert 0 == three("make", f"{DATE}..{DATE}").code
    assert [] == shown(folder / "out")
    three("feed")
    assert [] == shown(folder / "out")
    assert ("待审", ["一审", "二审", "终审"]) == (
        edition(three)["state"], edition(three)["roles_left"],
    )  # fmt: skip
    assert "一审" in three("status").out
    assert ["drafted"] == acts(folder)


def test_three_sign_in_order_and_nobody_twice(three: Command, folder: Path) -> None:
    """After the last signature it is in the feed and at the target."""
    three("make", DATE)
    assert 2 == three("approve", DATE, "--as", "丙", "--role", "终审").code
    assert 2 == three("approve", DATE, "--as", " ").code
    signed(three, "甲")
    for name in ("甲", " 甲 "):
        assert "has signed it already" in three("approve", DATE, "--as", name).err
    signed(three, "乙")
    assert [] == shown(folder / "out")
    signed(three, "Ｗang丙")
    assert "已发布" == edition(three)["state"]
    for root in (folder / "out", folder / "www"):
        assert sorted(DATE + end for end in ENDS) == public(root)
        assert f"{DATE}.mp3" in (root / "feed.xml").read_text()
    assert ["drafted", "signed", "signed", "signed", "published"] == acts(folder)
    assert "Wang丙" in three("journal", DATE).out
    assert 4 == three("approve", DATE, "--as", "丁").code
    assert "nothing made" in three("make", DATE, "--if-new").out


def test_what_is_returned_at_that_moment_is_not_published(
    three: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at an edition and the lock another run may have returned it."""
    three("make", DATE)
    signed(three, "甲", "乙")
    assert 0 == three("approve", DATE, "--as", "丙", "--at", "2099-01-01T07:00").code
    now = datetime.datetime(2099, 1, 2, tzinfo=datetime.UTC)

    @contextlib.contextmanager
    def returned_before(out: OutFolder, date: str, at: datetime.datetime) -> Iterator[None]:
        with locking.locked(out, date, at):
            Journal(out).add(JournalEntry(at=at.isoformat(), date=date, act="returned", who="甲"))
            yield

    monkeypatch.setattr(review, "locked", returned_before)
    looked = review.Review(config=config.load({}), now=now, progress=Quiet())
    assert () == looked.publish_due()
    assert [] == shown(folder / "out")


def test_what_is_published_is_what_make_would_have_published(three: Command, folder: Path) -> None:
    """The same files, byte for byte, as a show without a review has; which keeps no journal."""
    three("make", DATE)
    signed(three, "甲", "乙", "丙")
    first = {name: data for name, data in snapshot(folder / "out").items() if name[0] != "."}
    shutil.rmtree(folder / "out")
    text = (folder / "qjaudio.toml").read_text()
    (folder / "qjaudio.toml").write_text(text.replace("three", "none"))
    three("make", DATE)
    second = {name: data for name, data in snapshot(folder / "out").items() if name[0] != "."}
    assert first == second
    assert not (folder / "out" / JOURNAL).exists()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("out/2025-05-20/script.md", None, "script"),
        ("out/2025-05-20/corrections.toml", "checked = true\n", "corrections"),
        ("lexicon.tsv", "衢江\tqu2 jiang1\n", "lexicon"),
    ],
)
def test_a_later_change_takes_signatures_back(
    three: Command, folder: Path, name: str, content: str | None, what: str
) -> None:
    """It is said what has changed, and nobody signs what was not spoken."""
    three("make", DATE)
    signed(three, "甲", "乙")
    (folder / "lexicon.tsv").write_text("鄱阳湖\tpo2 yang2 hu2\n")
    assert "二审" == edition(three)["state"]
    (folder / name).write_text(content) if content else edited(folder)
    now = edition(three)
    assert ("待审", [what], []) == (now["state"], now["changed"], now["signatures"])
    refused = three("approve", DATE, "--as", "丙")
    assert (2, True) == (refused.code, what in refused.err)
    three("make", DATE)
    now = edition(three)
    assert ("待审", [], "一审") == (now["state"], now["changed"], now["roles_left"][0])
    last = three("journal", DATE).out.splitlines()[-1]
    assert f"changed: {what} ({(folder / name).owner()})" in last.replace(", audio", "")
    signed(three, "甲", "乙", "丙")
    assert "已发布" == edition(three)["state"]


def test_a_returned_draft_is_signed_anew(three: Command, folder: Path) -> None:
    """The reason is told; without one nothing is returned."""
    three("make", DATE)
    signed(three, "甲", "乙")
    assert 2 == three("return", DATE, "--why", "\n").code
    assert 0 == three("return", DATE, "--as", "丙", "--why", "第三条标题有误").code
    now = edition(three)
    assert ("待审", "第三条标题有误", []) == (now["state"], now["why"], now["signatures"])
    signed(three, "丙", "甲", "乙")
    assert sorted(DATE + end for end in ENDS) == public(folder / "out")
    assert 4 == three("return", DATE, "--why", "晚了").code


def test_a_time_is_waited_for(three: Command, folder: Path) -> None:
    """It is published by the first run after that time."""
    three("make", DATE)
    signed(three, "甲", "乙")
    assert 2 == three("approve", DATE, "--as", "丙", "--at", "七点").code
    assert 0 == three("approve", DATE, "--as", "丙", "--at", "2999-01-01T07:00").code
    three("feed")
    assert ("终审", []) == (edition(three)["state"], shown(folder / "out"))
    assert "to be published" in three("approve", DATE, "--as", "丁").err
    three("return", DATE, "--why", "改时间")
    signed(three, "甲", "乙")
    assert 2 == three("approve", DATE, "--as", "丙", "--at", "2025-05-21T07:00").code  # it is past
    assert 0 == three("approve", DATE, "--as", "丙").code
    assert ("已发布", "") == (edition(three)["state"], edition(three)["publish_at"])


def test_a_new_version_of_what_is_public_is_signed_before_it_is(
    three: Command, folder: Path
) -> None:
    """Meanwhile the one that was signed stays in the feed."""
    three("make", DATE)
    signed(three, "甲", "乙", "丙")
    before = {name: (folder / "out" / name).read_bytes() for name in public(folder / "out")}
    edited(folder)
    assert 0 == three("make", DATE).code
    three("feed")
    assert before == {name: (folder / "out" / name).read_bytes() for name in before}
    assert (True, "待审") == (edition(three)["is_public"], edition(three)["state"])
    signed(three, "甲", "乙", "丙")
    assert before[f"{DATE}.vtt"] != (folder / "out" / f"{DATE}.vtt").read_bytes()


@pytest.mark.parametrize("review", ["none", "three"])
def test_a_withdrawn_edition_is_gone_and_stays_so(
    three: Command, folder: Path, review: str
) -> None:
    """Here and at the target; no run brings it back; restored it has its guid again."""
    text = (folder / "qjaudio.toml").read_text()
    (folder / "qjaudio.toml").write_text(text.replace("three", review))
    names = ("甲", "乙", "丙") if review == "three" else ()
    three("make", DATE)
    signed(three, *names)
    three("publish")
    guid = (folder / "out/feed.xml").read_text().partition("<guid")[2].partition("</guid>")[0]
    foreign = folder / "www" / "2025-05-20.notes"
    foreign.write_text("of somebody else")
    answer = three("withdraw", DATE, "--why", "来稿有误", "--as", "主编", "--json")
    assert 0 == answer.code, answer.err
    done = json.loads(answer.out)
    wanted = sorted(DATE + end for end in ENDS)
    assert (wanted, wanted) == (done["removed"], sorted(done["removed_there"]))
    for again in ((), ("make", DATE), ("make", f"{DATE}..{DATE}"), ("feed",), ("publish",)):
        assert 0 == (three(*again).code if again else 0)
        assert ([], [foreign]) == (shown(folder / "out"), shown(folder / "www"))
    assert "withdrawn" in three("make", DATE, "--if-new").out
    assert ("已撤回", "来稿有误") == (edition(three)["state"], edition(three)["why"])
    assert 2 == three("withdraw", DATE, "--why", "再撤").code
    assert 0 == three("restore", DATE).code
    signed(three, *names)
    assert wanted == public(folder / "out")
    assert guid in (folder / "out/feed.xml").read_text()
    assert 2 == three("restore", DATE).code


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        ("approve", errors.NotWritableError),
        ("withdraw", locking.BusyError),
        ("restore", errors.NotWritableError),
    ],
)
def test_what_is_noted_and_not_carried_out_is_taken_up(
    three: Command,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    refused: type[Exception],
) -> None:
    """A full disk, a feed that another run holds: it is said so, and the command that does it."""
    settings = folder / "qjaudio.toml"
    kind = "one" if act == "approve" else "none"
    settings.write_text(settings.read_text().replace("three", kind))
    three("make", DATE)
    if act == "restore":
        three("withdraw", DATE, "--why", "误")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish_feed", mock.Mock(side_effect=refused("no", hint="x")))
        words = {"approve": ["--as", "乙"], "withdraw": ["--why", "误"]}.get(act, [])
        answer = three(act, DATE, *words)
    assert refused.exit_code == answer.code
    assert "it is in the journal, and not carried out yet: no" in answer.err
    assert "qjaudio publish" in answer.err
    assert 0 == three("publish").code
    for root in (folder / "out", folder / "www"):
        assert bool(public(root)) == (act != "withdraw")
        assert (f"{DATE}.mp3" in (root / "feed.xml").read_text()) == (act != "withdraw")
    assert ("已撤回" if act == "withdraw" else "已发布") == edition(three)["state"]


def test_a_signature_that_could_not_be_followed_is_not_asked_for_again(
    three: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full as the signed draft was put in its place: the same command goes on."""
    three("make", DATE)
    signed(three, "甲", "乙")
    with monkeypatch.context() as patch:
        full = errors.NotWritableError("full", hint="run it again")
        patch.setattr(catalogue, "copy_episode", mock.Mock(side_effect=full))
        assert 7 == three("approve", DATE, "--as", "丙").code
    assert ("终审", []) == (edition(three)["state"], public(folder / "out"))
    signed(three, "丙")
    assert ["signed", "published"] == acts(folder)[-2:]


def test_the_target_says_what_it_keeps(three: Command, folder: Path) -> None:
    """A file whose sending nobody remembers is not removed, and is named; so is a dead target."""
    three("make", DATE)
    signed(three, "甲", "乙", "丙")
    (memory,) = (folder / "out/.published").glob("*.jsonl")
    lines = memory.read_text().splitlines()
    memory.write_text("\n".join(line for line in lines if f'"{DATE}.mp3"' not in line))
    answer = three("withdraw", DATE, "--why", "有误")
    assert (6, True) == (answer.code, f"by hand: {DATE}.mp3" in answer.out)
    assert [f"{DATE}.mp3"] == public(folder / "www")
    (folder / "www" / f"{DATE}.mp3").unlink()
    three("restore", DATE)
    signed(three, "甲", "乙", "丙")
    shutil.rmtree(folder / "www")
    (folder / "www").write_text("in the way")
    answer = three("withdraw", DATE, "--why", "有误")
    assert (6, True) == (answer.code, "NOT there" in answer.out)
    assert [] == public(folder / "out")


@pytest.mark.parametrize("review", ["none", "three"])
def test_a_story_is_withdrawn_alone(three: Command, folder: Path, review: str) -> None:
    """The episode is made without it at once, in script, rundown and chapters, and stays so."""
    text = (folder / "qjaudio.toml").read_text()
    (folder / "qjaudio.toml").write_text(text.replace("three", review).replace("0.4", "1.5"))
    three("make", DATE)
    signed(three, *(("甲", "乙", "丙") if review == "three" else ()))
    out = folder / "out"
    chapters = json.loads((out / f"{DATE}.chapters.json").read_text())["chapters"]
    title = chapters[2]["title"]
    assert 2 == three("withdraw", DATE, "--story", "99", "--why", "有误").code
    answer = three("withdraw", DATE, "--story", "1", "--why", "有误")
    assert 0 == answer.code, answer.err
    for path in (out / f"{DATE}.vtt", out / f"{DATE}.chapters.json", out / DATE / "script.md"):
        assert title not in path.read_text()
    assert ("已发布", [title]) == (edition(three)["state"], edition(three)["withdrawn_stories"])
    (out / DATE / "script.md").unlink()
    assert "nothing changed" in three("make", DATE).out
    assert 0 == three("restore", DATE).code
    assert title in (out / DATE / "script.md").read_text()
    assert ("待审" if review == "three" else "已发布") == edition(three)["state"]


def test_a_story_known_under_another_headline_stays_out(three: Command, folder: Path) -> None:
    """An editor who gives a withdrawn story another headline does not bring it back."""
    (folder / "qjaudio.toml").write_text("minutes = 1.5\n")
    three("make", DATE)
    script = folder / "out" / DATE / "script.md"
    before = script.read_text()
    title = before.partition("## 1. ")[2].partition("\n")[0]
    three("withdraw", DATE, "--story", "1", "--why", "有误")
    script.write_text(before.replace(title, "另起的标题"))
    assert "withdrawn, and not spoken: 另起的标题" in three("make", DATE).err
    assert "另起的标题" not in (folder / "out" / f"{DATE}.chapters.json").read_text()


def test_more_than_the_story_is_new_so_all_of_it_goes(three: Command, folder: Path) -> None:
    """What nobody has signed is not published beside a withdrawal."""
    text = (folder / "qjaudio.toml").read_text()
    (folder / "qjaudio.toml").write_text(text.replace("0.4", "1.5"))
    three("make", DATE)
    signed(three, "甲", "乙", "丙")
    edited(folder)
    three("withdraw", DATE, "--story", "1", "--why", "有误")
    assert ([], "已撤回") == (public(folder / "out"), edition(three)["state"])
    assert f"qjaudio restore {DATE}" in three("approve", DATE, "--as", "丁").err
    three("restore", DATE)
    assert "待审" == edition(three)["state"]


def test_a_journal_that_was_tampered_with_stops_signatures(three: Command, folder: Path) -> None:
    """And publishing; a withdrawal is carried out all the same."""
    three("make", DATE)
    signed(three, "甲", "乙", "丙")
    assert "is published already" in three("approve", DATE, "--as", "丁").err
    with sqlite3.connect(folder / "out" / JOURNAL) as base:
        base.execute("DROP TRIGGER no_change")
        base.execute("UPDATE journal SET who = '别人' WHERE number = 2")
    base.close()
    answer = three("journal", DATE)
    assert (3, True) == (answer.code, "row 2 was changed" in answer.err)
    with pytest.raises(IncompleteError, match="row 2 was changed"):
        checking._journal(OutFolder(folder / "out"))
    edited(folder)
    three("make", DATE)
    assert 3 == three("approve", DATE, "--as", "甲").code
    assert 0 == three("withdraw", DATE, "--why", "有误").code
    assert [] == public(folder / "out")


def test_the_journal_is_exported(three: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """As CSV with a mark that spreadsheets read Chinese by, and as JSON."""
    three("make", DATE)
    signed(three, "甲")
    rows = three("journal", "--csv").out
    assert rows.startswith("\ufeffnumber,at,date")
    assert "一审" in rows
    assert [] == json.loads(three("journal", DATE, "--json").out)["faults"]
    assert 2 == three("journal", "--test-webhook").code
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    assert ["送审", "已签"] == [row.split("  ")[2] for row in three("journal").out.splitlines()]


def test_a_slow_edition_is_signed_and_withdrawn_with_the_first(
    three: Command, folder: Path
) -> None:
    """One signature is for both; here and at the target both are gone."""
    with (folder / "qjaudio.toml").open("a") as file:
        file.write("edition.slow = true\n")
    three("make", DATE)
    slow = folder / "out" / "slow"
    assert [] == shown(folder / "out") == public(slow)
    signed(three, "甲", "乙")
    (slow / ".drafts" / DATE / f"{DATE}.mp3").write_bytes(b"another take")
    assert "待审" == edition(three)["state"]
    three("make", DATE)
    signed(three, "丙")  # what the others have signed is there again
    wanted = sorted(DATE + end for end in ENDS)
    assert wanted == public(folder / "out") == public(slow) == public(folder / "www" / "slow")
    done = json.loads(three("withdraw", DATE, "--why", "有误", "--json").out)
    assert len(wanted) * 2 == len(done["removed"]) == len(done["removed_there"])
    for root in (folder / "out", slow, folder / "www", folder / "www" / "slow"):
        assert [] == shown(root)
    three("restore", DATE)
    signed(three, "甲", "乙", "丙")
    assert wanted == public(slow)


def test_outlets_get_what_has_its_last_signature(three: Command, folder: Path) -> None:
    """A draft is not exported, neither by its making nor by the signatures before the last."""
    with (folder / "qjaudio.toml").open("a") as file:
        file.write('[export]\nkinds = ["wechat"]\n')
    article = folder / "exports/2025-05-20-wechat/article.html"
    assert 0 == three("make", DATE).code
    signed(three, "甲", "乙")
    assert not article.exists()
    signed(three, "丙")
    assert article.is_file()
    answer = three("withdraw", DATE, "--why", "有误")
    assert (0, True) == (answer.code, "exports    1 files removed" in answer.out)
    assert not article.exists()
