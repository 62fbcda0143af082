"""`qjaudio publish` for a user and for a program."""

import builtins
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from commands import Command
from published_show import assert_true, published, reader


@pytest.fixture(autouse=True)
def _with_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QJAUDIO_BASE_URL", "https://example.cn/听 报")
    monkeypatch.delenv("QJAUDIO_PUBLISH_TO", raising=False)


def test_a_made_episode_is_published(made: Path, folder: Path, qjaudio: Command) -> None:
    """What `make` wrote is at the target, whole and named by the feed; then nothing changes."""
    answer = qjaudio("publish", "网站")
    assert 0 == answer.code, answer.err
    assert "2025-05-20.mp3" in answer.err
    assert {"2025-05-20.mp3"} == set(assert_true(reader(folder / "网站")))
    for name, found in published(folder / "网站").items():
        assert (made / name).read_bytes() == found
    assert "0 files sent, 0 bytes" in qjaudio("publish", "网站").out


def test_every_file_that_make_leaves_for_listeners_is_published(
    made: Path, folder: Path, qjaudio: Command
) -> None:
    """A new kind of page, script or picture in out/ needs a name in targets/sending.py."""
    qjaudio("publish", "www")
    visible = {path.name for path in made.iterdir() if path.is_file() and path.name[0] != "."}
    assert visible == set(published(folder / "www"))


def test_a_program_gets_one_object(
    made: Path, qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target of the settings; --dry-run lists in order and sends nothing."""
    monkeypatch.setenv("QJAUDIO_PUBLISH_TO", "www")
    dry = json.loads(qjaudio("publish", "--dry-run", "--json").out)
    assert dry["dry_run"]
    assert not Path("www").exists()
    sent = json.loads(qjaudio("publish", "--json").out)
    assert dry["sent"] == sent["sent"]
    assert ["2025-05-20.mp3", "feed.xml"] == [sent["sent"][0]["name"], sent["sent"][-1]["name"]]
    assert sent["sent_bytes"] == sum(one["bytes"] for one in sent["sent"])
    assert str(Path("www").absolute()) == sent["target"]


def test_a_dry_run_is_a_list_for_people(made: Path, qjaudio: Command) -> None:
    """A line for each file, then the numbers."""
    lines = qjaudio("publish", "www", "--dry-run").out.splitlines()
    assert lines[0].endswith("2025-05-20.mp3")
    assert lines[-2].endswith("feed.xml")
    assert "files to send" in lines[-1]


@pytest.mark.parametrize(
    ("words", "settings", "code", "said"),
    [
        (("www",), {"QJAUDIO_BASE_URL": ""}, 2, "base_url"),
        ((), {}, 2, "publish_to"),
        (("ftp://me:secret@example.cn/a",), {}, 2, "sftp://"),
        (("out",), {}, 2, "lies in the output folder"),
        (("www", "--out", "none"), {}, 4, "no finished episode"),
    ],
)
def test_what_is_off_is_told_in_two_lines(
    made: Path,
    qjaudio: Command,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    settings: Mapping[str, str],
    code: int,
    said: str,
) -> None:
    """The exit code of its kind, what and what now, and no password."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    answer = qjaudio("publish", *words)
    assert code == answer.code
    assert said in answer.err
    assert 2 == len(answer.err.strip().splitlines())
    assert "secret" not in answer.err


@pytest.mark.parametrize(("target", "extra"), [("sftp://h/a", "sftp"), ("s3://b/a", "s3")])
def test_a_missing_extra_is_told(
    made: Path, qjaudio: Command, monkeypatch: pytest.MonkeyPatch, target: str, extra: str
) -> None:
    """Exit code 5 and the line that installs it; a folder needs neither."""
    original = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] in {"sshfs", "asyncssh", "s3fs", "botocore", "fsspec"}:
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    answer = qjaudio("publish", target)
    assert 5 == answer.code
    assert f"pip install {'sshfs' if extra == 'sftp' else 's3fs'}" in answer.err
    assert 0 == qjaudio("publish", "www").code
