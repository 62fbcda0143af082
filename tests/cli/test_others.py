"""read, script, feed, voices and check."""

import datetime
import json
import re
from pathlib import Path

import pytest

from commands import Command, snapshot
from edge_server import EdgeServer
from qjaudio.engines import silent, wrappers
from qjaudio.engines.aliyun import AliyunEngine
from qjaudio.engines.silent import SilentEngine
from qjaudio.pipeline import voicing
from qjaudio.pipeline.locking import locked
from qjaudio.store import OutFolder
from tones import syllables


def test_read_explains_itself(qjaudio: Command) -> None:
    """Headlines in order, then what was left out."""
    answer = qjaudio("read", "2025-05-20")
    issue = json.loads(qjaudio("read", "2025-05-20", "--json").out)
    positions = [answer.out.index(article["headline"]) for article in issue["articles"]]
    assert sorted(positions) == positions
    assert answer.out.index("left out:") > positions[-1]


def test_read_json_is_the_contract(qjaudio: Command) -> None:
    """The keys that the design names, on the sample issue."""
    issue = json.loads(qjaudio("read", "issues/2025-05-20", "--json").out)
    assert {"date", "paper", "issue_number", "lunar_date", "articles", "left_out"} <= set(issue)
    assert ("2025-05-20", "今日衢江", 3854) == (
        issue["date"],
        issue["paper"],
        issue["issue_number"],
    )
    keys = {
        "headline",
        "kicker",
        "deck",
        "byline",
        "signoff",
        "page",
        "continues_on",
        "lead",
        "body",
    }
    assert all(keys <= set(article) for article in issue["articles"])
    assert 6 <= len(issue["articles"])


def test_read_writes_nothing(qjaudio: Command, folder: Path) -> None:
    """Looking at an issue leaves no trace."""
    before = snapshot(folder)
    qjaudio("read", "2025-05-20")
    assert before == snapshot(folder)


def test_script_writes_the_page_to_edit(qjaudio: Command, folder: Path) -> None:
    """The path is the answer; a second run keeps an edited page."""
    answer = qjaudio("script", "2025-05-20")
    path = folder / answer.out.strip()
    assert path.read_text("utf-8").startswith("# 今日衢江 2025-05-20")
    path.write_text(path.read_text("utf-8") + "\n再见。\n", encoding="utf-8")
    again = qjaudio("script", "2025-05-20", "--json")
    assert json.loads(again.out)["edited"]
    assert path.read_text("utf-8").endswith("再见。\n")


def test_a_script_is_not_written_while_the_date_is_made(qjaudio: Command, folder: Path) -> None:
    """What reads files of a date and writes them holds its lock: neither loses the other's."""
    with locked(OutFolder(folder / "out"), "2025-05-20", datetime.datetime.now(datetime.UTC)):
        answer = qjaudio("script", "2025-05-20")
    assert 2 == answer.code
    assert "is being made by another run" in answer.err
    assert not (folder / "out/2025-05-20").exists()


def test_feed_is_rebuilt_from_what_is_there(qjaudio: Command, made: Path) -> None:
    """A deleted feed comes back byte for byte; a deleted MP3 drops its episode."""
    feed = made / "feed.xml"
    before = feed.read_bytes()
    feed.unlink()
    assert 1 == json.loads(qjaudio("feed", "--json").out)["episodes"]
    assert before == feed.read_bytes()
    (made / "2025-05-20.mp3").unlink()
    assert 0 == json.loads(qjaudio("feed", "--json").out)["episodes"]
    assert b"2025-05-20.mp3" not in feed.read_bytes()


@pytest.mark.parametrize("place", ["none", "issues", "site"])
def test_a_mistyped_folder_gets_no_feed(qjaudio: Command, folder: Path, place: str) -> None:
    """No folder, one of pages, one of somebody's site: nothing is made there, and it is said."""
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text("theirs")
    before = sorted(folder.rglob("*"))
    answer = qjaudio("feed", "--out", place)
    assert (4, "") == (answer.code, answer.out)
    assert f"there is no show in {place}" in answer.err
    assert before == sorted(folder.rglob("*"))


@pytest.mark.parametrize("name", ["index.html", "feed.xml", "2025-05-20.mp3"])
def test_a_site_of_others_is_not_made_a_show(qjaudio: Command, folder: Path, name: str) -> None:
    """`make` into a folder that holds somebody else's files: refused before a word is spoken."""
    (folder / "site").mkdir()
    (folder / "site" / name).write_text("theirs")
    answer = qjaudio("make", "2025-05-20", "--out", "site", "--voice", "silent")
    assert 2 == answer.code
    assert f"{name} would be replaced" in answer.err
    assert [name] == [path.name for path in (folder / "site").iterdir() if path.name[0] != "."]
    assert "theirs" == (folder / "site" / name).read_text()


def test_a_link_of_others_is_not_replaced(qjaudio: Command, folder: Path) -> None:
    """Neither is one that leads nowhere."""
    (folder / "site").mkdir()
    (folder / "site/sw.js").symlink_to("nowhere")
    answer = qjaudio("make", "2025-05-20", "--out", "site", "--voice", "silent")
    assert (2, True) == (answer.code, (folder / "site/sw.js").is_symlink())


def test_check_proves_an_episode(
    qjaudio: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All characters selected are spoken; a cut file is found, and so is a missing one."""
    made = folder / "out"
    monkeypatch.setattr(silent, "_hum", syllables)
    monkeypatch.setattr(wrappers, "doubt", lambda *_: "")  # the gate hears that it is not speech
    monkeypatch.setenv("QJAUDIO_MINUTES", "0.5")
    assert 0 == qjaudio("make", "2025-05-20").code
    spoken = made / "2025-05-20/episode.json"
    spoken.write_text(spoken.read_text("utf-8").replace('"silent"', '"kokoro"'), "utf-8")
    proof = json.loads(qjaudio("check", "2025-05-20", "--json").out)
    assert proof["selected_chars"] == proof["spoken_chars"] > 100
    assert 1 >= abs(proof["lufs"] + 16)
    record = made / "2025-05-20/episode.json"
    text = record.read_text("utf-8")
    found = json.loads(text)
    found["cues"][3]["text"] = ""
    record.write_text(json.dumps(found), encoding="utf-8")
    refused = qjaudio("check", "2025-05-20")
    assert 3 == refused.code
    assert "differs from the script at" in refused.err
    record.write_text(text, encoding="utf-8")
    script = made / "2025-05-20/script.json"
    script.write_text('{"schema": 1, "parts": [{}]}', encoding="utf-8")
    assert "its script.json is damaged" in qjaudio("check", "2025-05-20").err
    assert 4 == qjaudio("check", "2025-05-21").code


def test_check_inspects_the_installation(qjaudio: Command) -> None:
    """Each part has a line; without the online voice tomorrow still works."""
    answer = qjaudio("check")
    assert 0 == answer.code, answer.out
    for part in ("Python", "ffmpeg", "offline voice", "cover font", "output folder"):
        assert f"ok  {part}" in answer.out
    assert "-   online voice" in answer.out


def test_check_looks_at_the_rest_when_the_settings_are_broken(qjaudio: Command) -> None:
    """A slip in qjaudio.toml is a finding among the others, and tomorrow does not work."""
    Path("qjaudio.toml").write_text("minuts = 5\n", encoding="utf-8")
    answer = qjaudio("check")
    assert 2 == answer.code
    assert "NO  settings" in answer.out
    assert "minuts" in answer.out
    assert "ok  ffmpeg" in answer.out


def test_voices_marks_the_cast(qjaudio: Command) -> None:
    """Each engine's voices, those of the cast marked, and how to hear one."""
    answer = qjaudio("voices")
    assert "* kokoro:zf_xiaoyi" in answer.out
    assert "qjaudio say 您好。 --voice edge:zh-CN-YunyangNeural" in answer.out


def test_each_engine_of_the_chain_is_asked(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that the cast does not know, with its price, and one that cannot be made."""
    monkeypatch.setenv("QJAUDIO_CHAIN", "aliyun,azure,openai,silent")
    monkeypatch.setenv("QJAUDIO_ALIYUN_KEY", "k")
    monkeypatch.setattr(voicing, "ask_online", lambda *_: None)
    answer = qjaudio("voices", "--test").out
    assert re.search(r"ok  aliyun:longanyang +0\.0 s .*about 0\.06 yuan a minute", answer)
    assert re.search(r"NO  azure: +\[engine\.azure\] needs a region", answer)
    assert re.search(r"NO  openai: +\[engine\.openai\] base_url", answer)
    assert "--voice auto takes aliyun now" in answer
    priced = AliyunEngine(key="k", model="cosyvoice-v2").minute_costs
    assert ("about 0.11 yuan", "") == (priced, AliyunEngine(key="k", model="other").minute_costs)


def test_voices_tells_what_works_from_here(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line for each voice of the cast: who takes it, or why it cannot speak."""
    monkeypatch.setattr("qjaudio.engines.kokoro.KokoroEngine.speak", SilentEngine.speak)
    with EdgeServer(withdrawn=("zh-CN-XiaoxiaoNeural",)) as server:
        monkeypatch.setenv("QJAUDIO_EDGE_ENDPOINT", server.url)
        answer = qjaudio("voices", "--test")
    told = {line.split()[1]: line for line in answer.out.splitlines()}
    assert "NO" == told["edge:zh-CN-XiaoxiaoNeural"][:2]
    assert "sent no audio" in told["edge:zh-CN-XiaoxiaoNeural"]
    assert "女主播" in told["edge:zh-CN-XiaoyiNeural"]
    assert "ok" == told["kokoro:zm_yunxi"][:2]
    assert "--voice auto takes edge now" in answer.out
    monkeypatch.setenv("QJAUDIO_EDGE_ENDPOINT", "ws://127.0.0.1:9/edge")
    heard = json.loads(qjaudio("voices", "--test", "--json").out)["voices"]
    assert {True} == {bool(one["reason"]) for one in heard if one["voice"].startswith("edge:")}
    assert {False} == {bool(one["reason"]) for one in heard if one["voice"].startswith("kokoro:")}
