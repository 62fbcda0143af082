"""What an editor has changed is never lost in silence, and what is in doubt can stop a run."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import ROADS, SHOPS, WELLS, read_page
from qjaudio import config as settings
from qjaudio.cluster.worker import _stage_files
from qjaudio.config import Config
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.paper.model import Issue
from qjaudio.pipeline.freshness import fingerprint_of_looks
from qjaudio.pipeline.making import Order, check_doubts, make_day
from qjaudio.pipeline.reading import CORRECTIONS
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.scripting import ISSUE, SCRIPT, find_script, script_issue, write_stages
from qjaudio.store import OutFolder

DATE = "2025-05-20"
DAY = datetime.date.fromisoformat(DATE)
NOW = datetime.datetime(2025, 5, 20, 8, tzinfo=datetime.UTC)


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    return OutFolder(tmp_path / "out")


def run(issue: Issue, out: OutFolder) -> list[str]:
    """What a run over an issue tells; its stage files are written."""
    found = find_script(out, DATE)
    scripted = script_issue(issue, Config(), out, found)
    return [*scripted.messages(), *write_stages(out, issue, scripted, found)]


def test_an_edited_issue_json_is_kept(out: OutFolder) -> None:
    """The program says where corrections belong; a file that is its own, or only looks other, is
    written again without a word."""
    issue, path = read_page(WELLS, SHOPS), out.stage(DATE, ISSUE)
    assert not [line for line in run(issue, out) if ISSUE in line]
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(record, indent=4), encoding="utf-8")
    assert not [line for line in run(read_page(WELLS, ROADS), out) if ISSUE in line]
    for number, headline in enumerate(("第一个题", "第二个题")):
        record["articles"][0]["headline"] = headline
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        [told] = [line for line in run(issue, out) if ISSUE in line]
        kept = path.with_name(f"issue.edited{number or ''}.json")
        assert kept.name in told
        assert CORRECTIONS in told
        assert headline in kept.read_text("utf-8")
        assert headline not in json.loads(path.read_text("utf-8"))["articles"][0]["headline"]


def test_both_changes_are_named(out: OutFolder) -> None:
    """The page changed after the script was edited: its new lines and the editor's are told, until
    the script is saved again."""
    run(read_page(WELLS, SHOPS), out)
    script = out.stage(DATE, SCRIPT)
    text = script.read_text("utf-8").replace("水泵一按就响", "电闸一合就响")
    script.write_text(text, encoding="utf-8")
    before = run(read_page(WELLS, SHOPS), out)
    assert not [line for line in before if "the page has changed" in line]
    for _ in range(2):
        told = run(read_page(WELLS, SHOPS, ROADS), out)
        page = next(line for line in told if "the page has changed" in line)
        own = next(line for line in told if "itself changes" in line)
        assert "山路上装了护栏" in page
        assert "电闸一合就响" in own
        assert "水泵一按就响" in own
    script.write_text(f"{text}\n", encoding="utf-8")
    after = run(read_page(WELLS, SHOPS, ROADS), out)
    assert not [line for line in after if "the page has changed" in line]


def test_places_to_check_are_told(out: OutFolder) -> None:
    """How many, and each with its page, its words and why."""
    told = run(read_page(WELLS, SHOPS[1:], ROADS), out)
    [line] = [line for line in told if "of the pages to check" in line]
    assert line.startswith("1 place of the pages to check: 第1版，第2篇“")
    assert not [line for line in run(read_page(WELLS), out) if "of the pages" in line]


def test_strict_makes_nothing_in_grave_doubt(tmp_path: Path) -> None:
    """Not even a dry run; what is slight, or was looked at, stops nothing."""
    page = tmp_path / "page.md"
    page.write_text("\n\n".join((*WELLS, *SHOPS[1:])), encoding="utf-8")
    config = Config(out=str(tmp_path / "out"), voice="silent", strict=True)
    order = Order(origin=str(page), dry_run=True)
    with pytest.raises(IncompleteError, match="strict: 1 in grave doubt: 第1版，第2篇") as caught:
        make_day(DAY, config, order, now=NOW, progress=Quiet())
    assert CORRECTIONS in caught.value.hint
    assert not config.out_folder.exists()
    corrections = tmp_path / "out" / DATE / CORRECTIONS
    corrections.parent.mkdir(parents=True, exist_ok=True)
    corrections.write_text("checked = true\n", encoding="utf-8")
    make_day(DAY, config, order, now=NOW, progress=Quiet())
    slight = read_page(WELLS, ("# 简讯", *SHOPS[1:]))
    scripted = script_issue(slight, config, OutFolder(tmp_path / "out"))
    check_doubts(slight, scripted, DAY)
    grave = replace(slight.doubts[0], kind="grave")
    with pytest.raises(IncompleteError, match="and 1 more"):
        check_doubts(replace(slight, doubts=(grave,) * 4), scripted, DAY)


def test_strict_is_a_setting(tmp_path: Path) -> None:
    """In the file true or false, in the environment a word, and a flag before both."""
    (tmp_path / settings.FILE).write_text("strict = true\n", encoding="utf-8")
    assert settings.load(environ={}, folder=tmp_path).strict
    assert not settings.load(environ={"QJAUDIO_STRICT": "0"}, folder=tmp_path).strict
    assert settings.load({"strict": True}, {"QJAUDIO_STRICT": "off"}, tmp_path).strict
    with pytest.raises(UsageError, match="strict = 'maybe' is not true or false"):
        settings.load(environ={"QJAUDIO_STRICT": "maybe"}, folder=tmp_path)


def test_corrections_are_a_part_of_what_an_episode_is_made_of(tmp_path: Path) -> None:
    """A range looks into a date again when they change, and a worker of a cluster gets them."""
    pages = tmp_path / "issues" / DATE
    pages.mkdir(parents=True)
    (pages / "page1.md").write_text("# 桥通车了\n\n本报讯 桥很长。\n", encoding="utf-8")
    config = Config(out=str(tmp_path / "out"), issues=str(tmp_path / "issues"))
    before = fingerprint_of_looks(DAY, config, NOW, force=False)
    assert before == fingerprint_of_looks(DAY, replace(config, strict=True), NOW, force=False)
    corrections = tmp_path / "out" / DATE / CORRECTIONS
    corrections.parent.mkdir(parents=True)
    corrections.write_text("checked = true\n", encoding="utf-8")
    assert before != fingerprint_of_looks(DAY, config, NOW, force=False)
    assert {CORRECTIONS: b"checked = true\n"} == _stage_files(OutFolder(tmp_path / "out"), DATE)
