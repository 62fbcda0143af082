"""Exports are written whole or not at all, and not again when nothing has changed."""

import datetime
import errno
import json
import os
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands import Command, finished, folder, made, qjaudio
from qjaudio import outlets
from qjaudio.config import Config, load, load_show
from qjaudio.errors import (
    EngineError,
    IncompleteError,
    NotAnIssueError,
    NotWritableError,
    UsageError,
)
from qjaudio.outlets import Finished, Kind, outlet_of
from qjaudio.pipeline.checking import prove
from qjaudio.pipeline.locking import BusyError
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.store import OutFolder

__all__ = ["finished", "folder", "made", "qjaudio"]
NOW = datetime.datetime(2025, 5, 20, 8, tzinfo=datetime.UTC)
DATE = "2025-05-20"


@dataclass(frozen=True)
class Notes:
    """A kind that writes a file and a folder, or fails at the end."""

    text: str = "一"
    failure: Exception | None = None

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:  # noqa: ARG002
        """Write them."""
        (folder / "notes.txt").write_text(self.text, "utf-8")
        (folder / "many").mkdir()
        (folder / "many" / f"{self.text}.txt").write_text(self.text, "utf-8")
        if self.failure:
            raise self.failure
        return ("told",)


def export(out: Path, kind: Kind, folder: Path | None = None) -> outlets.Exported:
    config = Config(out=str(out), voice="silent")
    kinds, folder = {"notes": kind}, folder or out.parent / "exports"
    return next(outlets.export(config, DATE, kinds, now=NOW, progress=Quiet(), folder=folder))


def names(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


def test_what_is_synced_can_be_written(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows syncs no file that was opened for reading alone."""
    synced = []

    def fsync(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.pwrite(descriptor, b"", 0)  # OSError where it cannot be written
            synced.append(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    export(made, Notes(text="二"))
    assert 2 <= len(synced)


def test_what_is_there_is_not_written_again(made: Path) -> None:
    """The same is left alone; what was changed, removed, or is made of something else is not."""
    folder = made.parent / "exports"
    first = export(made, Notes())
    assert (True, ("told",)) == (first.fresh, first.remarks)
    assert ["many", "many/一.txt", "notes.txt"] == names(folder)
    again = export(made, Notes())
    assert (False, first.files, ("told",)) == (again.fresh, again.files, again.remarks)
    for files in ([], {}, 3, {"many": [[1, 2]]}):
        (record,) = (made / ".cache/exports").iterdir()
        spoiled = json.loads(record.read_text("utf-8")) | {"files": files}
        record.write_text(json.dumps(spoiled), "utf-8")
        assert export(made, Notes()).fresh
    (folder / "many/一.txt").unlink()
    assert export(made, Notes()).fresh
    assert export(made, Notes(text="二")).fresh
    assert ["many", "many/二.txt", "notes.txt"] == names(folder)


def test_what_was_exported_goes_with_its_episode(made: Path) -> None:
    """A withdrawal takes files and folders away, but for those that somebody has changed since."""
    export(made, Notes())
    folder = made.parent / "exports"
    (folder / "many/二.txt").write_text("ours", "utf-8")
    review = Review(config=Config(out=str(made), voice="silent"), now=NOW, progress=Quiet())
    done = review.withdraw(DATE, who="王", why="有误")
    assert (str(folder / "notes.txt"),) == done.exports_removed
    assert (str(folder / "many"),) == done.exports_left
    for ask in (lambda: export(made, Notes()), lambda: prove(OutFolder(made), DATE)):
        with pytest.raises(NotAnIssueError, match="withdrawn") as caught:
            ask()
        assert f"qjaudio restore {DATE}" in caught.value.hint
    assert ["many", "many/一.txt", "many/二.txt"] == names(folder)


@pytest.mark.parametrize("name", ["notes.txt", "many/一.txt", "many/mine.txt"])
@pytest.mark.parametrize("before", [True, False])
def test_what_others_have_put_there_is_never_replaced(made: Path, name: str, before: bool) -> None:
    """Refused with its name, as at a target; what an export has written is replaced by the next."""
    folder = made.parent / "exports"
    if before:
        export(made, Notes())
        export(made, Notes(text="二"))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("of somebody", "utf-8")
    if before and name == "notes.txt":  # it was ours
        assert export(made, Notes()).fresh
        return
    with pytest.raises(UsageError, match=name) as caught:
        export(made, Notes())
    assert "--to" in caught.value.hint
    assert "of somebody" == (folder / name).read_text("utf-8")
    assert [] == [*folder.glob(".*")]


def test_two_exports_at_once_do_not_meet(made: Path) -> None:
    """Of one show the second is refused; two shows write into one folder side by side."""
    other = made.parent / "other/out"
    shutil.copytree(made, other)

    @dataclass(frozen=True)
    class Meanwhile:
        text: str

        def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:
            with pytest.raises(
                BusyError, match=f"the export of {DATE} is being made by another run"
            ):
                export(source.config.output.root, Notes())
            (work / "half").touch()
            if self.text == "一":
                export(other, Meanwhile("二"), made.parent / "exports")
            (folder / f"{self.text}.txt").write_bytes((work / "half").read_bytes())
            return ()

    export(made, Meanwhile("一"))
    assert ["一.txt", "二.txt"] == names(made.parent / "exports")


@pytest.mark.parametrize("failure", [EngineError("down"), ValueError("bug"), KeyboardInterrupt()])
def test_a_kind_that_fails_leaves_what_was_there(made: Path, failure: Exception) -> None:
    """Whatever stops it, the former files stay, and nothing half written is left."""
    export(made, Notes())
    with pytest.raises(type(failure)):
        export(made, Notes(text="二", failure=failure))
    folder = made.parent / "exports"
    assert ["many", "many/一.txt", "notes.txt"] == names(folder)
    assert "一" == (folder / "notes.txt").read_text("utf-8")


def test_a_full_folder_is_named(made: Path) -> None:
    """With a way out that is of this command."""
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(NotWritableError, match=r"cannot write .*exports: No space") as caught:
        export(made, Notes(failure=full))
    assert caught.value.hint.endswith("or choose another with --to DIR")


def test_what_is_not_finished_is_not_exported(made: Path) -> None:
    """Another date, a cut MP3, a damaged script."""
    config = Config(out=str(made), voice="silent")
    for date, spoil in ((DATE, "script.json"), ("2025-05-21", "")):
        if spoil:
            (made / date / spoil).write_text("{}", "utf-8")
        with pytest.raises(NotAnIssueError, match="no complete episode"):
            list(outlets.export(config, date, {"notes": Notes()}, now=NOW, progress=Quiet()))


def test_kinds_are_told_from_settings(tmp_path: Path) -> None:
    """[export] names what `make` writes, and its tables how; a slip is refused with its name."""
    settings = '[export]\nkinds = ["epub"]\nfolder = "x"\n[export.video]\nsizes = ["16:9"]\n'
    (tmp_path / "qjaudio.toml").write_text(settings, "utf-8")
    config = load(folder=tmp_path, environ={})
    assert ["epub"] == list(outlets.wanted(config))
    assert str(tmp_path / "x") == load_show(tmp_path, environ={}).exports["folder"]
    assert ("16:9",) == outlet_of("video", outlets.outlet_settings(config, "video")).sizes  # type: ignore[attr-defined]
    for slip in ('kinds = ["radio"]', "kinds = 3", "[export.video]\nsise = 1", "video = 3"):
        (tmp_path / "qjaudio.toml").write_text(f"[export]\n{slip}\n", "utf-8")
        with pytest.raises(UsageError):
            outlets.wanted(load(folder=tmp_path, environ={}))


def test_settings_that_cannot_be_made_are_refused() -> None:
    """Before anything is spoken or drawn, and no file is written over another."""
    with pytest.raises(UsageError) as caught:
        outlet_of("video", {"name": "{date}"})
    assert caught.value.hint
    assert outlet_of("video", {"name": "{date}", "sizes": "9:16"})


@pytest.mark.parametrize(
    "pattern",
    ["", "..", "../x", "a/b", "a\\b", ".x", "{unknown}", "{date.x}", "a\0", "桥" * 90, "x:y", " "],
)
def test_a_name_stays_in_its_folder(made: Path, pattern: str) -> None:
    """A pattern of a name leads nowhere else, on no system."""
    config = Config(out=str(made), voice="silent")
    source = outlets._source(config, DATE, Quiet())
    with pytest.raises(UsageError, match="not a pattern"):
        source.name(pattern)
    assert "今日衢江-20250520" == source.name("{paper}-{year}{month}{day}")


def test_the_command_writes_and_tells(qjaudio: Command, made: Path) -> None:
    """Files on stdout, one kind after the other; `make` writes those of the settings."""
    answer = qjaudio("export", DATE, "--as", "wechat", "--as", "epub", "--to", "x")
    assert (0, ["wechat", "epub"]) == (
        answer.code,
        [row.split()[0] for row in answer.out.splitlines()],
    )
    assert "nothing changed" in qjaudio("export", DATE, "--as", "epub", "--to", "x").out
    assert "in out/slow" in qjaudio("export", DATE, "--as", "epub", "--slow").err
    for words in ((), ("--as", "radio"), ("--with", "a=1"), ("--as", "epub", "--with", "name")):
        assert 2 == qjaudio("export", DATE, *words).code
    Path("qjaudio.toml").write_text('[export]\nkinds = ["epub"]\n', "utf-8")
    assert "exports/2025-05-20.epub" in qjaudio("make", DATE).err
    Path("exports/2025-05-20.epub").unlink()
    assert 0 == qjaudio("make", f"{DATE}..{DATE}").code
    assert Path("exports/2025-05-20.epub").is_file()


def test_clips_come_from_the_cache(made: Path, tmp_path: Path) -> None:
    """The engine is not asked for what it has said; other voices than then are noticed."""
    source = outlets._source(Config(out=str(made), voice="silent"), DATE, Quiet())
    spoken = source.speak(tmp_path)
    assert 0 == spoken.clips_spoken
    lengths = [cue.end_ms - cue.start_ms for cue in source.episode.cues]
    assert lengths == list(spoken.durations_ms)
    shutil.copytree(made, made / "slow", ignore=shutil.ignore_patterns(".*"))
    slow = Config(out=str(made), voice="silent", edition="slow")
    assert 0 == outlets._source(slow, DATE, Quiet()).speak(tmp_path).clips_spoken
    (made / DATE / "script.json").write_bytes(
        (made / DATE / "script.json").read_bytes().replace("通车".encode(), "通行".encode())
    )
    other = outlets._source(Config(out=str(made), voice="silent"), DATE, Quiet())
    object.__setattr__(other.episode, "cues", other.episode.cues[1:])
    with pytest.raises(IncompleteError, match="have changed"):
        other.speak(tmp_path)
