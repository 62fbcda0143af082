"""Publishing to a folder, and whatever can break on the way."""

import datetime
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from breaking_target import Breaking, KilledError, LostAnswer
from published_show import BASE, DATES, add_episode, assert_true, published, reader, show, whole
from qjaudio.config import Config
from qjaudio.errors import (
    EngineError,
    NotAnIssueError,
    NotWritableError,
    QjaudioError,
    UsageError,
)  # fmt: skip
from qjaudio.pipeline.journal import Journal, JournalEntry
from qjaudio.pipeline.locking import locked
from qjaudio.pipeline.publishing import Mirrored, mirror
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder
from qjaudio.targets import place_of
from qjaudio.targets.model import Stored, TargetUnreachableError

NOW = datetime.datetime.now(datetime.UTC)


def send(out: OutFolder, where: Path | str, **others: Any) -> Mirrored:
    config = others.pop("config", Config(base_url=BASE))
    return mirror(
        target=str(where), config=config, out=out, progress=Quiet(), now=others.pop("now", NOW),
        sleep=lambda _: None, **others,
    )  # fmt: skip


def names(mirrored: Mirrored) -> list[str]:
    return [upload.name for upload in mirrored.sent]


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    return show(tmp_path / "out")


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "网 站"


def test_what_serve_shows_is_published(out: OutFolder, www: Path) -> None:
    """The files of finished episodes, the picture and the feed; nothing else."""
    (out.root / "holiday.jpg").write_bytes(b"foreign")
    (out.root / "notes.txt").write_bytes(b"foreign")
    (out.root / ".secret.xml").write_bytes(b"hidden")
    (out.root / "2025-05-22.mp3").write_bytes(b"half an episode")
    (out.root / "icon-9.svg").symlink_to("/etc/passwd")
    (out.root / "icon-8.svg").mkdir()
    mirrored = send(out, www)
    suffixes = (".mp3", ".vtt", ".srt", ".json", ".chapters.json", ".jpg")
    wanted = {f"{date}{suffix}" for date in DATES for suffix in suffixes}
    assert wanted | {"cover.jpg", "feed.xml"} <= set(published(www)) == set(names(mirrored))
    foreign = {"holiday.jpg", "notes.txt", ".secret.xml", "2025-05-22.mp3", "icon-9.svg"}
    assert set() == foreign & set(published(www))
    assert [] == [name for name in published(www) if name.startswith(".")]
    assert published(www) == {name: (out.root / name).read_bytes() for name in published(www)}
    assert set(assert_true(reader(www))) == {f"{date}.mp3" for date in DATES}


def test_everything_that_the_program_writes_has_a_name_of_ours(out: OutFolder, www: Path) -> None:
    """Whatever `feed` puts beside the episodes is published: no page or picture is forgotten."""
    send(out, www)
    visible = {path.name for path in out.root.iterdir() if path.is_file()}
    assert {name for name in visible if not name.startswith(".")} == set(published(www))


def test_only_what_changed_is_sent(out: OutFolder, www: Path) -> None:
    """Nothing the second time; a new day costs its files and the feed, the feed last."""
    first = send(out, www)
    assert [] == names(send(out, www))
    add_episode(out, "2025-05-22")
    second = send(out, www)
    assert "2025-05-22.mp3" == names(second)[0]
    assert "feed.xml" == names(second)[-1]
    assert not [name for name in names(second) if name.endswith(".mp3") and "-22" not in name]
    assert len(first.sent) > second.unchanged >= 12


@pytest.mark.parametrize("harm", ["delete", "cut", "overwrite"])
def test_what_is_damaged_there_is_sent_again(out: OutFolder, www: Path, harm: str) -> None:
    """Missing, shorter, or other bytes of the same length: that file, and no other."""
    send(out, www)
    path = www / "2025-05-20.mp3"
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(bytes(100 if harm == "cut" else path.stat().st_size))
    assert ["2025-05-20.mp3"] == names(send(out, www))
    assert out.published("2025-05-20", ".mp3").read_bytes() == path.read_bytes()


def test_a_lost_manifest_costs_only_time(out: OutFolder, www: Path) -> None:
    """All is sent again, nothing breaks; foreign files and old episodes there are left alone."""
    send(out, www)
    (www / "theirs.txt").write_text("keep me")
    for path in (out.root / ".published").iterdir():
        path.unlink()
    assert len(send(out, www).sent) == whole(out)
    assert "keep me" == (www / "theirs.txt").read_text()
    assert len(published(www)) == whole(out) + 1


def test_a_dry_run_lists_and_sends_nothing(out: OutFolder, www: Path) -> None:
    """The same list in the same order as the run after it."""
    dry = send(out, www, dry_run=True)
    assert not www.exists()
    assert names(dry) == names(send(out, www))


def test_the_feed_is_built_with_the_present_base_url(out: OutFolder, www: Path) -> None:
    """An old feed in out/ names an old place; what is published names the new one, in ASCII."""
    out.feed.write_text("<rss/>")
    send(out, www)
    feed = (www / "feed.xml").read_text("utf-8")
    assert "https://example.cn/%E5%90%AC%20%E6%8A%A5/2025-05-20.mp3" in feed
    assert "127.0.0.1" not in feed


def test_what_cannot_be_published_is_refused(out: OutFolder, www: Path, tmp_path: Path) -> None:
    """Each with its class, and before anything is written."""
    with pytest.raises(UsageError, match="base_url"):
        send(out, www, config=Config())
    with pytest.raises(UsageError, match="no TARGET"):
        send(out, "")
    for inside in (out.root, out.root / "www"):
        with pytest.raises(UsageError, match="lies in the output"):
            send(out, inside)
    with pytest.raises(NotAnIssueError, match="no finished episode"):
        send(OutFolder(tmp_path / "none"), www)
    assert not www.exists()


def test_another_show_is_not_overwritten(out: OutFolder, www: Path, tmp_path: Path) -> None:
    """Two shows in one folder would take each other's feed away; a moved show keeps its folder."""
    send(out, www)
    other = show(tmp_path / "other")
    theirs = Config(base_url="https://example.cn/other/")
    before = published(www)
    with pytest.raises(UsageError, match="another show"):
        send(other, www, config=theirs)
    assert before == published(www)
    moved = names(send(out, www, config=theirs))
    assert "feed.xml" == moved[-1]
    assert not [name for name in moved if name.endswith(".mp3")]


def test_two_runs_to_one_target_are_kept_apart(out: OutFolder, www: Path) -> None:
    """The second is told so; another target is free."""
    with locked(out, f"publish-{place_of(str(www)).key}", NOW):
        with pytest.raises(UsageError, match="another run is publishing"):
            send(out, www)
        assert send(out, f"{www}2").sent


def remade(tmp_path: Path) -> tuple[OutFolder, Path]:
    """A published show in which one episode was made again and one is new."""
    out, www = show(tmp_path / "out"), tmp_path / "www"
    send(out, www)
    add_episode(out, "2025-05-20", size=6000, seed=2)
    add_episode(out, "2025-05-22")
    return out, www


def steps_of_a_run(tmp_path: Path, *, puts_whole: bool) -> int:
    out, www = remade(tmp_path)
    whole = Breaking(www, puts_whole=puts_whole)
    send(out, www, opener=lambda _: whole)
    return whole.steps


@pytest.mark.parametrize("puts_whole", [False, True], ids=["folder", "objects"])
@pytest.mark.parametrize("error", [KilledError, TargetUnreachableError])
def test_wherever_it_is_cut_the_feed_there_is_true(
    tmp_path: Path, puts_whole: bool, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut at many steps in turn; every enclosure is there with its length; a rerun ends it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power fails here, and there are hundreds
    total = steps_of_a_run(tmp_path / "count", puts_whole=puts_whole)
    assert total > 40  # five to a file: strides of 3 and 7 meet every kind of step
    here = tmp_path / "here"  # the manifest goes by the target's path: every cut begins there
    out, www = remade(here)
    shutil.copytree(here, tmp_path / "before")
    for at in range(0, total, 3 if error is KilledError else 7):
        shutil.rmtree(here)
        shutil.copytree(tmp_path / "before", here)
        cut = Breaking(www, at=at, error=error, puts_whole=puts_whole, times=5)
        with pytest.raises(error):
            send(out, www, opener=lambda _, cut=cut: cut)
        assert_true(reader(www))
        send(out, www, opener=lambda _: Breaking(www, puts_whole=puts_whole))
        there = published(www)
        assert {name: (out.root / name).read_bytes() for name in there} == there
        assert {f"2025-05-2{day}.mp3" for day in (0, 1, 2)} == set(assert_true(reader(www)))


def test_foreign_feeds_there_are_left_alone(tmp_path: Path) -> None:
    """Somebody else's feed beside ours is not rewritten, though it names the same file."""
    out, www = remade(tmp_path)
    theirs = (www / "feed.xml").read_bytes()
    (www / "podcast.xml").write_bytes(theirs)
    send(out, www)
    assert theirs == (www / "podcast.xml").read_bytes()


def test_a_rerun_sends_only_what_is_missing(tmp_path: Path) -> None:
    """What arrived whole before the kill is not sent again, be it shown already or waiting."""
    out, www = remade(tmp_path)
    cut = Breaking(www, at=steps_of_a_run(tmp_path / "count", puts_whole=False) - 12)
    with pytest.raises(KilledError):
        send(out, www, opener=lambda _: cut)
    assert len(cut.puts) >= 13
    again = Breaking(www)
    send(out, www, opener=lambda _: again)
    assert [] == [name for name in again.puts if name in cut.puts]


def test_a_short_failure_is_tried_again(tmp_path: Path) -> None:
    """Four failures in a row are waited for, each told and each pause twice as long."""
    out, www = show(tmp_path / "out"), tmp_path / "www"
    pauses: list[float] = []
    told: list[str] = []

    class Told(Quiet):
        def say(self, text: str) -> None:
            told.append(text)

    mirror(
        target=str(www), config=Config(base_url=BASE), out=out, progress=Told(), now=NOW,
        opener=lambda _: Breaking(www, at=3, error=TargetUnreachableError, times=4),
        sleep=pauses.append,
    )  # fmt: skip
    assert [1.0, 2.0, 4.0, 8.0] == pauses
    assert 4 == sum("trying again" in line for line in told)
    assert 2 == len(assert_true(reader(www)))


def test_a_rename_whose_answer_was_lost_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second try finds nothing to rename, and that is not a failure."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    out, www = show(tmp_path / "out"), tmp_path / "www"
    count = Breaking(www)
    send(out, www, opener=lambda _: count)
    for at in range(0, count.steps, 3):
        fresh = tmp_path / f"www{at}"
        send(out, fresh, opener=lambda _, at=at, fresh=fresh: LostAnswerOnly(fresh, at=at))
        assert published(www) == published(fresh)


class LostAnswerOnly(LostAnswer):
    """Only moves lose their answer; other steps count but work."""

    def _step(self) -> bool:
        broken = super()._step()
        return broken and sys._getframe(1).f_code.co_name == "move"


def test_a_failure_tells_what_is_there(tmp_path: Path) -> None:
    """Exit code 6; how many files are there, and that the feed is still true."""
    out, www = show(tmp_path / "out"), tmp_path / "www"
    dead = Breaking(www, at=11, error=TargetUnreachableError, times=99)
    with pytest.raises(EngineError, match=r"2 of \d+ files are there; the feed there") as caught:
        send(out, www, opener=lambda _: dead)
    assert 6 == caught.value.exit_code


def test_a_file_that_arrives_damaged_is_noticed(tmp_path: Path) -> None:
    """A target that drops bytes in silence: not shown, and named."""
    out, www = show(tmp_path / "out"), tmp_path / "www"

    class Dropping(Breaking):
        def put(self, upload: Any, name: str) -> None:
            super().put(upload, name)
            if upload.name == "2025-05-21.vtt":
                (www / name).write_bytes(bytes(upload.size))

    with pytest.raises(EngineError, match=r"2025-05-21.vtt did not arrive complete"):
        send(out, www, opener=lambda _: Dropping(www))
    assert not (www / "2025-05-21.vtt").exists()
    assert not (www / "feed.xml").exists()
    send(out, www)
    assert (www / "2025-05-21.vtt").read_bytes() == (out.root / "2025-05-21.vtt").read_bytes()


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    """make writes while we send: the feed that is older than the file is not shown."""
    out, www = show(tmp_path / "out"), tmp_path / "www"

    class Busy(Breaking):
        def put(self, upload: Any, name: str) -> None:
            super().put(upload, name)
            if upload.name == "2025-05-21.mp3":
                add_episode(out, "2025-05-21", size=4000, seed=9)

    with pytest.raises(EngineError, match="changed while it was being sent"):
        send(out, www, opener=lambda _: Busy(www))
    assert not (www / "feed.xml").exists()
    assert 2 == len(enclosed(out, www))


def enclosed(out: OutFolder, www: Path) -> dict[str, int]:
    send(out, www)
    return assert_true(reader(www))


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path, out: OutFolder) -> None:
    """A file where the folder should be; exit code 7 with a way out."""
    (tmp_path / "www").write_text("a file")
    with pytest.raises(QjaudioError) as caught:
        send(out, tmp_path / "www")
    assert isinstance(caught.value, NotWritableError)
    assert "run this again" in caught.value.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is there on Linux only")
def test_a_full_target_keeps_its_feed(tmp_path: Path) -> None:
    """No space left: exit code 7, and the old show is still whole."""
    out, www = remade(tmp_path)
    before = published(www)

    class Full(Breaking):
        def put(self, upload: Any, name: str) -> None:
            (www / name).symlink_to("/dev/full")
            try:
                super().put(upload, name)
            finally:
                (www / name).unlink()

    with pytest.raises(NotWritableError, match="No space left"):
        send(out, www, opener=lambda _: Full(www))
    assert before == published(www)


def test_waiting_files_of_dead_runs_go_after_a_day(tmp_path: Path) -> None:
    """Ours only, and only old ones."""
    out, www = show(tmp_path / "out"), tmp_path / "www"
    www.mkdir()
    old = (NOW - datetime.timedelta(days=2)).timestamp()
    parts = [f".qjaudio-{letter * 24}.part" for letter in "ab"]
    for name in (*parts, ".theirs.part"):
        (www / name).write_text("x")
        if name != parts[1]:
            os.utime(www / name, (old, old))
    send(out, www)
    assert {parts[1], ".theirs.part"} == {name for name in published(www) if name[0] == "."}


FOREIGN = ["index.html", "cover.jpg", "2025-05-20.mp3", "2025-05-21.vtt", "feed.xml"]


@pytest.mark.parametrize("puts_whole", [False, True], ids=["folder", "objects"])
@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_have_put_there_is_never_replaced(
    out: OutFolder, www: Path, name: str, puts_whole: bool
) -> None:
    """Refused with the name, also in a dry run, and nothing is sent; --adopt replaces it."""
    www.mkdir()
    (www / name).write_bytes(b"<html>somebody else's</html>")

    def target(_: object) -> Breaking:
        return Breaking(www, puts_whole=puts_whole)

    before = published(www)
    for dry_run in (True, False):
        with pytest.raises(
            UsageError, match=f"files of others: {name} would be replaced"
        ) as caught:
            send(out, www, opener=target, dry_run=dry_run)
        assert "--adopt" in caught.value.hint
    assert before == published(www)
    send(out, www, opener=target, adopt=True)
    assert (out.root / name).read_bytes() == (www / name).read_bytes()
    assert set(assert_true(reader(www))) == {f"{date}.mp3" for date in DATES}
    assert [] == names(send(out, www))


@pytest.mark.parametrize("leads_to", ["nowhere", "."])
def test_a_link_of_others_is_never_replaced(out: OutFolder, www: Path, leads_to: str) -> None:
    """Also where it leads to no file: a rename would take its place."""
    www.mkdir()
    (www / "player.css").symlink_to(leads_to)
    with pytest.raises(UsageError, match=r"files of others: player\.css would be replaced"):
        send(out, www)
    assert leads_to == str((www / "player.css").readlink())


def test_a_folder_in_the_place_of_a_file_is_named(out: OutFolder, www: Path) -> None:
    """With what to do about it."""
    (www / "icon.svg").mkdir(parents=True)
    with pytest.raises(NotWritableError, match=r"icon\.svg: Is a directory") as caught:
        send(out, www)
    assert "move away the folder" in caught.value.hint


def test_another_shows_feed_can_be_taken_over(out: OutFolder, www: Path, tmp_path: Path) -> None:
    """Many names: the first five and how many more; --adopt is an order."""
    send(show(tmp_path / "other"), www, config=Config(base_url="https://example.cn/other/"))
    with pytest.raises(UsageError, match=r"feed of another show: .*feed\.xml"):
        send(out, www)
    send(out, www, adopt=True)
    assert (out.root / "feed.xml").read_bytes() == (www / "feed.xml").read_bytes()


def test_a_published_show_takes_no_new_name_from_others(out: OutFolder, www: Path) -> None:
    """Our manifest makes ours what we have sent, and nothing else in that folder."""
    send(out, www)
    (www / "2025-05-22.mp3").write_bytes(b"theirs")
    add_episode(out, "2025-05-22")
    with pytest.raises(UsageError, match=r"2025-05-22\.mp3 would be replaced"):
        send(out, www)
    assert b"theirs" == (www / "2025-05-22.mp3").read_bytes()
    (www / "2025-05-22.mp3").unlink()
    assert "2025-05-22.mp3" == names(send(out, www))[0]


def test_the_same_bytes_are_nobodys_loss(out: OutFolder, www: Path) -> None:
    """A copy of our own cover that somebody has put there is no reason to stop."""
    www.mkdir()
    shutil.copy(out.published("2025-05-20", ".jpg"), www)
    assert "feed.xml" == names(send(out, www))[-1]


@pytest.mark.parametrize("puts_whole", [False, True], ids=["folder", "objects"])
def test_a_first_run_that_was_cut_owns_what_it_has_sent(
    tmp_path: Path, puts_whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between a file and the note of it: the next run needs no --adopt."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    out = show(tmp_path / "out")
    count = Breaking(tmp_path / "count", puts_whole=puts_whole)
    send(out, tmp_path / "count", opener=lambda _: count)
    for at in range(0, count.steps, 3):
        fresh = tmp_path / f"www{at}"
        cut = Breaking(fresh, at=at, puts_whole=puts_whole)
        with pytest.raises(KilledError):
            send(out, fresh, opener=lambda _, cut=cut: cut)
        send(out, fresh, opener=lambda _, fresh=fresh: Breaking(fresh, puts_whole=puts_whole))
        assert published(tmp_path / "count") == published(fresh)


def test_an_archive_of_others_is_not_rewritten(tmp_path: Path) -> None:
    """While an MP3 is replaced our feeds there leave it out; one that we never sent stays."""
    out, www = remade(tmp_path)
    theirs = (www / "feed.xml").read_bytes()
    (www / "archive-7.xml").write_bytes(theirs)
    send(out, www)
    assert theirs == (www / "archive-7.xml").read_bytes()


def test_a_target_is_listed_once(out: OutFolder, www: Path) -> None:
    """Also where something is withdrawn: it may hold many thousands of names."""
    asked: list[str] = []

    class Counting(Breaking):
        def listing(self, folder: str) -> dict[str, Stored]:
            asked.append(folder)
            return super().listing(folder)

    send(out, www)
    Journal(out).add(JournalEntry(at=NOW.isoformat(), date=DATES[0], act="withdrawn", who="主编"))
    done = send(out, www, opener=lambda _: Counting(www))
    assert [""] == asked
    assert f"{DATES[0]}.mp3" in done.removed
    assert [] == [name for name in published(www) if DATES[0] in name]
