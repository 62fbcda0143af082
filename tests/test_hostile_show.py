"""Nasty words in page, settings and script, through `make` to all that is published and told."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from mutagen.id3 import ID3
from selectolax.lexbor import LexborHTMLParser

from commands import Command, finished, folder, made, qjaudio, sample_sound
from edge_server import EdgeServer
from qjaudio.cli import run
from qjaudio.engines.edge import EdgeEngine
from qjaudio.episode.model import from_record
from qjaudio.pipeline import making
from qjaudio.script.model import Word
from qjaudio.speech.model import Utterance

__all__ = ["finished", "folder", "made", "qjaudio"]
DATE = "2025-05-20"
PRINTED = (
    "<script>alert(1)</script>", "]]><evil/>", "&#0;", "-->", "{{7*7}}", "${x}{paper.__class__}",
    '"><img src=x onerror=alert(1)>', "00:00 --> 00:09", "%0d%0a", "; rm -rf /", "$(id)`id`",
    "'\"", "javascript:alert(1)", "<!--", "<![CDATA[", "&evil;", "../../etc/cron", "</p></body>",
    "%s%n{0}",
)  # fmt: skip
"""What a page may print: everything but control characters, for which it is refused."""
STEERING = "\x1b[2J\x1b]0;owned\x07\u202e\u2067\x9b2J\0\x7f\r"
"""What steers a terminal or turns a line; an editor's script may hold it."""
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
SPACES = {
    "", "{http://www.itunes.com/dtds/podcast-1.0.dtd", "{https://podcastindex.org/namespace/1.0",
    "{http://www.w3.org/2005/Atom", "{http://purl.org/rss/1.0/modules/content/",
    "{http://podlove.org/simple-chapters",
}  # fmt: skip


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory, finished: Path) -> Path:
    """The folder of a show all of whose words are nasty, its episode made, what it told kept."""
    root = tmp_path_factory.mktemp("nasty")
    (root / "issues" / DATE).mkdir(parents=True)
    page = "今日衢江\n2025年5月20日 星期二\n\n" + "".join(
        f"# 新桥{at}通车了{one}\n\n本报讯（记者 甲一）桥很长，{one}大家都来看。路很平。\n\n"
        for at, one in enumerate(PRINTED)
    )
    (root / "issues" / DATE / "page1.md").write_text(page, "utf-8")
    words = json.dumps("".join(PRINTED), ensure_ascii=False)
    settings = f"paper = {words}\ntitle = {words}\nauthor = {words}\nvoice = 'silent'\n"
    quiet = "sting = 'off'\nbed = 'off'\nchime = 'off'\nclosing = 'off'\n"
    (root / "qjaudio.toml").write_text(f"{settings}base_url = 'https://a.cn/'\n{quiet}", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(making, "mix", sample_sound(finished))
        assert 0 == run(["script", DATE])
        script = root / "out" / DATE / "script.md"
        written = script.read_text("utf-8").replace("大家都来", f"大家{STEERING}都来")
        script.write_text(written.replace("## 2. ", f"## 2. {STEERING[:-1]}"), "utf-8")
        assert 0 == run(["make", DATE, "--verbose"])
        assert 0 == run(["feed"])
    return root


def _cues(show: Path) -> list[str]:
    record = json.loads((show / "out" / DATE / "episode.json").read_text("utf-8"))
    episode = from_record(record)
    assert episode
    return [cue.text for cue in episode.cues]


def test_the_feed_holds_known_elements_only(show: Path) -> None:
    """No word becomes an element, no address leaves the show's own, nothing steers."""
    raw = (show / "out" / "feed.xml").read_text("utf-8")
    assert not FORBIDDEN.search(raw)
    for node in ElementTree.fromstring(raw).iter():  # noqa: S314 - our own feed
        space, _, name = node.tag.rpartition("}")
        assert name.isalpha()
        assert "evil" != name
        assert space in SPACES, node.tag
        for value in (node.get("url"), node.get("href")):
            assert value is None or value.startswith("https://a.cn/")
        if name == "encoded":
            notes = LexborHTMLParser(node.text or "").css("script, img, iframe, evil, [onerror]")
            assert [] == notes


@pytest.mark.parametrize("name", [f"{DATE}.html", "index.html"])
def test_the_pages_gain_no_markup(show: Path, finished: Path, name: str) -> None:
    """A page of nasty words has the elements and scripts of a page of plain ones."""
    nasty = LexborHTMLParser((show / "out" / name).read_bytes())
    plain = LexborHTMLParser((finished / name).read_bytes())
    for tag in ("script", "iframe", "object", "base", "form", "style"):
        assert len(plain.css(tag)) == len(nasty.css(tag)), tag
    assert plain.root
    assert nasty.root
    kinds = {node.tag for node in plain.root.traverse()}
    # with an address of its own a show has its code to point a telephone at
    kinds |= {"figure", "figcaption", "svg", "path", "rect", "title"}
    for node in nasty.root.traverse():
        assert node.tag in kinds, node.tag
        assert not any(key.startswith("on") for key in node.attributes)
        assert "x" != node.attributes.get("src")
        assert not (node.attributes.get("href") or "").startswith("javascript")
    assert not FORBIDDEN.search((show / "out" / name).read_text("utf-8"))


def test_transcripts_keep_their_cues(show: Path) -> None:
    """Arrows and blank lines in a text begin no cue of their own."""
    expected = sum(bool(text.strip()) for text in _cues(show))
    for suffix in (".vtt", ".srt"):
        text = (show / "out" / f"{DATE}{suffix}").read_text("utf-8")
        blocks = [block for block in re.split(r"\n{2,}", text.strip()) if "-->" in block]
        assert expected == len(blocks)
        assert all(1 == block.count("-->") for block in blocks)
        assert not FORBIDDEN.search(text)


def test_chapters_are_clean(show: Path) -> None:
    """The tags of the MP3 hold as many chapters as the record, without control characters."""
    tags: Any = ID3(show / "out" / f"{DATE}.mp3")  # type: ignore[no-untyped-call]
    chapters = json.loads((show / "out" / f"{DATE}.chapters.json").read_text("utf-8"))["chapters"]
    assert len(chapters) == len(tags.getall("CHAP"))
    for chapter in tags.getall("CHAP"):
        for frame in chapter.sub_frames.getall("TIT2"):
            assert not FORBIDDEN.search(str(frame))
    for frame in ("TIT2", "TALB", "TPE1"):
        assert not FORBIDDEN.search(str(tags.get(frame, "")))


def test_what_is_told_and_logged_does_not_steer(show: Path, qjaudio: Command) -> None:
    """run.log and both outputs hold neither escapes nor marks that turn the line."""
    assert not FORBIDDEN.search((show / "out" / DATE / "run.log").read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(show)
        for words in (["read", DATE], ["script", DATE, "--verbose"], ["schedule"]):
            answer = qjaudio(*words)
            assert 0 == answer.code
            assert not FORBIDDEN.search(answer.out + answer.err), words
        told = qjaudio("read", DATE, "--json").out
    assert json.loads(told)
    assert not FORBIDDEN.search(told)


def test_nothing_is_written_outside_out(show: Path) -> None:
    """A headline with ../ names no file; below out/ there are names of ours only."""
    assert {"issues", "out", "qjaudio.toml"} == {path.name for path in show.iterdir()}
    assert all(re.fullmatch(r"[\w.-]+", path.name, re.ASCII) for path in (show / "out").rglob("*"))


def test_schedule_lines_stay_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qjaudio: Command
) -> None:
    """A folder with quotes, per cents and commands in its name is one quoted word for cron."""
    root = tmp_path / "a b; $(id) %d '\"`x`"
    root.mkdir()
    monkeypatch.chdir(root)
    answer = json.loads(qjaudio("schedule", "--json").out)
    rows = [row for row in answer["cron"].splitlines() if not row.startswith("#")]
    assert rows
    for row in rows:
        assert re.match(r"[\d,]+ [\d,]+ \* \* \* cd '", row)
        assert not re.search(r"(?<!\\)%", row)
    folders = [row for row in answer["service"].splitlines() if "WorkingDirectory" in row]
    assert [f"WorkingDirectory={str(root).replace('%', '%%')}"] == folders


def test_speech_markup_is_escaped() -> None:
    """What the online voice is sent is well-formed, and says the words as words."""
    text = f"桥{''.join(PRINTED[:9])}{STEERING}长。"
    with EdgeServer() as server:
        engine = EdgeEngine(endpoint=server.url)
        engine.speak(Utterance(text=text, words=(Word(text, ()),), voice=engine.voices[0]))
    said = "".join(asked.text for asked in server.requests)
    assert "<script>alert(1)</script>" in said
    assert "]]><evil/>" in said
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", said)


def test_names_of_files_do_not_steer_the_terminal(folder: Path, qjaudio: Command) -> None:
    """A file name with an escape and a line break is told on one line, without them."""
    name = "p\x1b[2J\n.pdf"
    (folder / name).touch()
    for words in (["read", name], ["read", name, "--json"], ["make", DATE, "--from", name]):
        answer = qjaudio(*words)
        assert 4 == answer.code
        assert 2 == len(answer.err.strip().splitlines())
        assert not FORBIDDEN.search(answer.out + answer.err)


def test_an_issue_without_a_date_meets_no_calendar(folder: Path, qjaudio: Command) -> None:
    """`read` shows it; `script` and `make` take dates alone, so that none is composed."""
    page = "# 新桥0通车了\n\n本报讯（记者 甲一）桥很长，大家都来看。路很平。\n"
    (folder / "undated.md").write_text(page, "utf-8")
    assert 0 == qjaudio("read", "undated.md").code
    for command in ("script", "make"):
        answer = qjaudio(command, "undated.md")
        assert (2, 2) == (answer.code, len(answer.err.strip().splitlines()))
    assert 0 == qjaudio("script", DATE, "--from", "undated.md").code
