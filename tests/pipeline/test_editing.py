"""A script.md is read as an editor's program saved it, and left alone while somebody writes it."""

import dataclasses
import datetime
import os
from pathlib import Path

import pytest

from builders import article, issue
from qjaudio.config import Config
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.pipeline.scripting import check_finished, find_script, script_issue, write_stages
from qjaudio.script.model import Part, Script
from qjaudio.speech.plan import parse_cast
from qjaudio.store import OutFolder

PAPER = issue(article("甲村的桥通车了", "甲村的桥很长。"), article("乙村开学了", "书很新。"))
DATE = PAPER.masthead.date
NOW = datetime.datetime(2025, 5, 20, 6, 0, tzinfo=datetime.UTC)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """script.md as we wrote it, an hour ago."""
    out, config = OutFolder(tmp_path), Config(out=str(tmp_path))
    found = find_script(out, DATE)
    write_stages(out, PAPER, script_issue(PAPER, config, out, found), found)
    return out.stage(DATE, "script.md")


def saved(script: Path, text: str | bytes, seconds_ago: float = 3600) -> Path:
    script.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(script, (0, NOW.timestamp() - seconds_ago))
    return script


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gbk", "gb18030"])
def test_it_is_read_in_what_editors_save(script: Path, encoding: str) -> None:
    """With a byte order mark, as 记事本 does, or in the encoding of older Chinese programs."""
    text = script.read_text("utf-8").replace("书很新。", "书都很新。")
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    saved(script, mark + text.replace("\n", "\r\n").encode(encoding))
    found = find_script(OutFolder(script.parents[1]), DATE)
    assert (text, True) == (found.text, found.edited)


def test_a_cut_file_is_not_taken_for_another_encoding(script: Path) -> None:
    """Bytes that are no UTF-8 and hold no heading of ours would be read aloud as rubbish."""
    saved(script, script.read_bytes().partition("书很新".encode())[0] + "书".encode()[:2])
    with pytest.raises(UsageError, match="cannot read"):
        find_script(OutFolder(script.parents[1]), DATE)


def test_a_timer_leaves_a_script_alone_that_somebody_writes(script: Path) -> None:
    """Saved less than a minute ago, by a clock that may be ahead: the next try takes it."""
    text = script.read_text("utf-8").replace("书很新。", "书都很新。")
    out = OutFolder(script.parents[1])
    for seconds, waits in ((1, True), (59, True), (61, False), (-30, True), (-90, False)):
        saved(script, text, seconds)
        assert waits == bool(check_finished(find_script(out, DATE), script, NOW, Config())), seconds


@pytest.mark.parametrize("cut", ["## 结束语", "## 2. ", "以上是"])
def test_a_timer_speaks_no_script_without_its_end(script: Path, cut: str) -> None:
    """A copy that broke off is refused; our own text, whatever its age, is not asked."""
    text, out = script.read_text("utf-8"), OutFolder(script.parents[1])
    saved(script, text, 1)
    assert "" == check_finished(find_script(out, DATE), script, NOW, Config())
    saved(script, text.partition(cut)[0])
    with pytest.raises(IncompleteError, match="has no end"):
        check_finished(find_script(out, DATE), script, NOW, Config())
    remarks = script_issue(PAPER, Config(out=str(out.root)), out).messages()
    assert "is it whole?" in " ".join(remarks)


def test_the_end_of_a_script_has_the_heading_of_the_show(script: Path) -> None:
    """A show may call its last part otherwise than we do; a copy that broke off has it not."""
    own = script.with_name("phrases.toml")
    own.write_text('[sign_off]\ntitle = "再会（完）"\n', "utf-8")
    out, config = OutFolder(script.parents[1]), Config(phrases=str(own))
    text = script.read_text("utf-8").replace("书很新。", "书都很新。")
    saved(script, text.replace("## 结束语", "## 再会（完）"))
    assert "" == check_finished(find_script(out, DATE), script, NOW, config)
    saved(script, text.partition("## 结束语")[0])
    with pytest.raises(IncompleteError, match="has no end"):
        check_finished(find_script(out, DATE), script, NOW, config)


def test_minutes_beside_an_edited_script_are_told(script: Path) -> None:
    """They change nothing, and that is said."""
    saved(script, script.read_text("utf-8").replace("书很新。", "书都很新。"))
    out = OutFolder(script.parents[1])
    remarks = script_issue(PAPER, Config(out=str(out.root), minutes=3), out).messages()
    assert "minutes = 3 changes nothing in an edited script" in remarks


def test_a_reader_whom_the_cast_has_not_is_refused() -> None:
    """Another reader's voice is no answer to 播读:张三."""
    readers = {"her": {"name": "女主播"}, "him": {"name": "男主播"}}
    roles = {"opening": "her", "headlines": "her", "sign_off": "her", "stories": ["her", "him"]}
    cast = parse_cast({"readers": readers, "cast": roles}, engines=())
    part = Part(kind="story", title="桥", lines=(), reader="男主播")
    script = Script(paper="报", date=DATE, parts=(part,))
    assert ["男主播"] == [reader.name for reader in cast.assigned(script)]
    with pytest.raises(UsageError, match="no reader 张三") as caught:
        part = dataclasses.replace(part, reader="张三")
        cast.assigned(dataclasses.replace(script, parts=(part,)))
    assert "女主播、男主播" in caught.value.hint
