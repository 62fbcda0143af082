"""Errors that nothing else in the suite raises: each has its words, and a way out.

`tests/raised/sitecustomize.py` lists the places that no test reaches.
"""

import asyncio
import builtins
import datetime
import errno
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import aiohttp
import asyncssh
import pypdfium2
import pytest
from edge_tts import exceptions as edge
from PIL import Image

from qjaudio import config as config_module
from qjaudio import errors, machine, outlets, plugins, store, testing
from qjaudio.config import Config
from qjaudio.engines import http, listened, service, wrappers
from qjaudio.engines.edge import classify
from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.engines.silent import SilentEngine
from qjaudio.episode import cover
from qjaudio.episode.model import Cue, Episode
from qjaudio.paper import corrections
from qjaudio.pipeline import (
    batch,
    branding,
    checking,
    lexicons,
    listening,
    locking,
    review,
    voicing,
)
from qjaudio.pipeline.journal import Journal, JournalEntry
from qjaudio.pipeline.reading import issue_at, source_for
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.script import lexicon, readings
from qjaudio.sources import document, model, ocr, pdf, pdf_page, pictures, scan, tools
from qjaudio.sources.epaper import article
from qjaudio.speech.model import Utterance, Word
from qjaudio.targets import folder as folder_target
from qjaudio.targets import s3, sending, sftp
from qjaudio.web import app, server

DATE = "2025-05-20"
WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\xc0\x5d\0\0\x80\xbb\0\0\2\0\x10\0data\0\0\0\0"
ALTO = b"<alto><Layout><Page><TextBlock/><TextBlock/></Page></Layout></alto>"
HTML = (
    "<html><head><title>桥通车了</title></head><body><div class='title'>桥通车了</div>"
    "<founder-content><p>本报讯（记者 甲一）桥很长。</p><p>路很平。</p></founder-content>"
    "</body></html>"
)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: service.decode_speech(WAV), service.NotAudioError, "of wav without sound"),
        (lambda: service.decode_speech(b"fLaC" + b"x" * 99), service.NotAudioError, "damaged flac"),
        (
            lambda: corrections.parse_corrections("checked = 1", "c.toml"),
            errors.UsageError, "checked is not true or false",
        ),
        (
            lambda: corrections.parse_corrections("[[correction]]\n" * 20_000, "c.toml"),
            errors.UsageError, "more than",
        ),
        (
            lambda: lexicon.parse_lexicon("#" * (lexicon.MAX_CHARS + 1), "l.tsv"),
            errors.UsageError, "characters",
        ),
        (
            lambda: lexicon.parse_lexicon("字\x07\tzi4", "l.tsv"),
            errors.UsageError, "a control character",
        ),
        (
            lambda: lexicon.parse_lexicon(f"字\t{'zi4 ' * 900}", "l.tsv"),
            errors.UsageError, "the reading is too long",
        ),
        (
            lambda: document.pages_of_hocr("<html></html>", "p.hocr"),
            errors.NotAnIssueError, "no page of hOCR",
        ),
        (
            lambda: model.read_within(Path(__file__).parent, 10),
            errors.NotAnIssueError, "is not a file",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    call: Callable[[], object], kind: type[errors.QjaudioError], words: str
) -> None:
    """Content that is at fault."""
    with pytest.raises(kind, match=words) as caught:
        call()
    assert caught.value.hint or kind is service.NotAudioError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (edge.UnexpectedResponse("odd"), service.NotAudioError),
        (edge.UnknownResponse("odd"), service.NotAudioError),
        (edge.WebSocketError("gone"), service.UnreachableError),
        (aiohttp.SocketTimeoutError("slow"), service.StalledError),
    ],
)
def test_what_a_library_raises_has_a_name(error: Exception, kind: type[Exception]) -> None:
    """The rare ones."""
    assert type(classify(error, bytes_received=0)) is kind


def test_limits_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files in a folder, of blocks in a file, of characters in an article."""
    for name in ("page1.txt", "page2.txt"):
        (tmp_path / name).write_text(f"一个版面 {name}\n", encoding="utf-8")
    monkeypatch.setattr(model, "MAX_FILES", 1)
    with pytest.raises(errors.NotAnIssueError, match="holds 2 files"):
        model.files_of(str(tmp_path), (".txt",))
    monkeypatch.setattr(document, "MAX_ELEMENTS_OF_TEXT", 1)
    with pytest.raises(errors.NotAnIssueError, match="more than an issue"):
        document.pages_of_xml(ALTO, "p.xml")
    monkeypatch.setattr(article, "MAX_ARTICLE", 9)
    with pytest.raises(errors.NotAnIssueError, match="too long for an article"):
        article.read_article(HTML, "http://127.0.0.1/content_1.htm")


def test_letters_and_tables_that_are_none_are_told() -> None:
    """Letters in letters without end; a table of other columns."""
    with pytest.raises(errors.NotAnIssueError, match="not a complete e-mail"):
        document.pages_of_mail(b"Content-Type: message/rfc822\n\n" * 5_000, "day.eml")
    with pytest.raises(errors.NotAnIssueError, match="not a table"):
        document.pages_of_tsv("level\tpage_num\n5\t1\n", "day.tsv")


def test_the_limits_of_what_tools_write_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of pages, of characters; and that there is no text at all."""
    for number in (1, 2):
        line = f'[[[0, 0], [9, 0], [9, 9], [0, 9]], ["第{number}版桥通车了", 0.9]]'
        page = f"[{line}, {line}]"
        (tmp_path / f"{number}.json").write_text(page, encoding="utf-8")
    monkeypatch.setattr(tools, "MAX_FILES", 1)
    with pytest.raises(errors.NotAnIssueError, match="holds 2 pages"):
        issue_at(str(tmp_path), Config())
    monkeypatch.setattr(tools, "MAX_FILES", 9)
    monkeypatch.setattr(tools, "MAX_ISSUE_CHARS", 3)
    with pytest.raises(errors.NotAnIssueError, match="more than 3 characters"):
        issue_at(str(tmp_path), Config())
    empty = tmp_path / "empty.json"
    empty.write_text('{"parsing_res_list": []}', encoding="utf-8")
    with pytest.raises(errors.NotAnIssueError, match=r"holds no text|no text found"):
        issue_at(str(empty), Config())


def test_missing_parts_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is gone, a program that hangs."""
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(errors.MissingPartError, match="needs faster-whisper"):
        listened.Whisper()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(errors.MissingPartError, match="pypinyin is missing"):
        readings._pypinyin_table("no_such_table")

    def hangs(*words: object, **named: object) -> None:
        raise subprocess.TimeoutExpired("ffmpeg", 30)

    monkeypatch.setattr(subprocess, "run", hangs)
    with pytest.raises(service.NotAudioError, match="in time"):
        service.decode_speech(WAV)


@pytest.mark.parametrize(
    ("words", "hint"), [("bad allocation", "memory"), ("Node failed", "qjaudio check")]
)
def test_a_model_that_fails_is_told(words: str, hint: str) -> None:
    """With its words, and whether memory was short."""

    class Failing(Exception):
        __module__ = "onnxruntime.capi"

    class Session:
        def run(self, *_words: object) -> object:
            raise Failing(words)

    engine = KokoroEngine()
    engine.__dict__["_session"] = Session()
    with pytest.raises(errors.EngineError, match=words) as caught:
        engine.speak(Utterance(text="好", words=(Word("好", ("hao3",)),)))
    assert hint in caught.value.hint


NOW = datetime.datetime(2025, 5, 20, 8, tzinfo=datetime.UTC)


def failing(error: BaseException) -> Callable[..., Any]:
    """A function that raises it, whatever it is given."""

    def fail(*_words: object, **_more: object) -> Any:
        raise error

    return fail


def test_what_a_show_lacks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issues, pages, an edition, a source for a file, a font, a plug-in, bytes in a file."""
    config = Config(out=str(tmp_path / "out"), issues=str(tmp_path / "issues"), review="one")
    empty = tmp_path / "logo.png"
    empty.touch()
    reviewed = Review(config=config, now=NOW, progress=Quiet())
    point = SimpleNamespace(name="odd", load=failing(ImportError("no such thing")))
    refused = store.not_writable(tmp_path, OSError(errno.EIO, "x"))
    monkeypatch.setattr(listening, "Whisper", lambda _: None)
    monkeypatch.setattr(shutil, "disk_usage", failing(OSError(errno.EIO, "Input/output error")))
    cases: list[tuple[Callable[[], object], type[errors.QjaudioError], str]] = [
        (lambda: batch.dates_of((), config, None, True, NOW), errors.NoPaperError, "no issue in"),
        (lambda: source_for(str(tmp_path / "none.caj")), errors.NoPaperError, "no file or folder"),
        (lambda: branding._file("logo", str(empty), 9), errors.UsageError, "has 0 bytes"),
        (lambda: reviewed.approve(DATE, who="甲"), errors.NotAnIssueError, "no draft of"),
        (lambda: reviewed.withdraw(DATE, who="甲", why="误"), errors.NotAnIssueError, "no edition"),
        (
            lambda: replace(reviewed, config=Config()).approve(DATE, who="甲"),
            errors.UsageError, "has no review",
        ),
        (lambda: checking._space(config.output), type(refused), "Input/output"),
        (lambda: plugins._as_like((), 3, "voices"), errors.UsageError, "not a list of texts"),
        (
            lambda: lexicons.add_reading(config, "一\t二", "yi1", ""),
            errors.UsageError, "not a word for a lexicon",
        ),
        (
            lambda: listening.listen_to_episode(config.output, DATE, config),
            errors.NotAnIssueError, "no complete episode",
        ),
    ]  # fmt: skip
    for call, kind, words in cases:
        with pytest.raises(kind, match=words) as caught:
            call()
        assert caught.value.hint
    Image.new("L", (9, 9)).save(tmp_path / "large.png")
    monkeypatch.setattr(branding, "MOST_PIXELS", 80)
    with pytest.raises(errors.UsageError, match="has 9 × 9 pixels"):
        branding._read_picture("logo", str(tmp_path / "large.png"))
    (tmp_path / "a.caj").write_bytes(b"CAJ")
    (tmp_path / "a.xyz").write_bytes(b"?")
    for name, words in (("a.caj", "caj file, which is not read"), ("a.xyz", "no source can read")):
        with pytest.raises(errors.NotAnIssueError, match=words):
            source_for(str(tmp_path / name))
    with monkeypatch.context() as patch:
        patch.setattr(plugins, "_entry_points", lambda _: {"odd": point})
        with pytest.raises(errors.MissingPartError, match="odd cannot be loaded"):
            plugins.load_plugins("x")
        patch.setattr(Path, "glob", failing(OSError(errno.EACCES, "no")))
        with pytest.raises(errors.UsageError, match="cannot read"):
            batch.shows_in(tmp_path, {})


def test_an_episode_that_is_not_what_was_recorded_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More in the transcript than in the script; another length; stories that are not there."""
    episode = Episode(
        paper="p", date=DATE, title="t", duration_ms=60_000, chapters=(),
        cues=(Cue(start_ms=0, end_ms=5, text="多余的话。"),),
    )  # fmt: skip
    with pytest.raises(errors.IncompleteError, match="says more than the script"):
        checking._all_cued([], episode)
    for name in ("_all_cued", "_is_labelled", "_all_heard"):
        monkeypatch.setattr(checking, name, lambda *_: None)
    monkeypatch.setattr(checking, "decode_audio", lambda *_: b"\0\0" * 24_000)
    with pytest.raises(errors.IncompleteError, match="1000 ms are heard, 60000 ms recorded"):
        checking._proof(episode, {"parts": []}, tmp_path / "a.mp3")
    out = store.OutFolder(tmp_path)
    story = {"kind": "story", "title": "桥", "lines": []}
    store.write_json(out.stage(DATE, "script.json"), {"parts": [story]})
    for title, words in (("船", "has no story “船”"), ("桥", "has no other story")):
        with pytest.raises(errors.UsageError, match=words):
            review._longest_sentence(out, DATE, title)
    one = Review(config=Config(out=str(tmp_path)), now=NOW, progress=Quiet())
    refused = errors.EngineError("it is down", hint="try again")
    monkeypatch.setattr(Review, "_make", failing(refused))
    with pytest.raises(errors.EngineError, match="still has that story") as caught:
        one._remake(DATE, None, "甲", "误")
    assert "withdraw all of it" in caught.value.hint


def test_what_the_system_refuses_in_rare_places_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a run, the journal's, a device in place of a file, a server not set up."""
    out = store.OutFolder(tmp_path)
    out.cache.mkdir()
    (out.cache / f"run-{DATE}").write_text("in the way")
    with pytest.raises(errors.NotWritableError), locking.workspace(out, DATE):
        pass
    (tmp_path / "file").touch()
    entry = JournalEntry(at="", date=DATE, act="edited", who="甲")
    with pytest.raises(errors.NotWritableError):
        Journal(store.OutFolder(tmp_path / "file" / "out")).add(entry)
    with pytest.raises(OSError, match="a pipe or a device"):
        open(os.devnull, opener=store.only_file)  # noqa: SIM115
    runner: Any = SimpleNamespace(server=None)
    with pytest.raises(RuntimeError, match="not set up"), socket.socket() as listener:
        asyncio.run(server.accept_connections(runner, listener, 1))
    monkeypatch.setattr(cover.ImageFont, "truetype", failing(OSError("damaged")))
    with pytest.raises(errors.MissingPartError, match="font of the covers"):
        cover.cover_font.__wrapped__("sans", 12)


def test_a_voice_that_stumbles_in_rare_ways_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of the audition, a sentence put together of good pieces, a clip not in the cache."""
    said = Utterance(text="好。好。", words=(Word("好", ("hao3",)), Word("好", ("hao3",))))
    monkeypatch.setattr(voicing, "doubt", lambda *_: "it is too short")
    with pytest.raises(errors.EngineError, match="too short"):
        voicing._ask(SilentEngine(), "silent")
    checked = wrappers.Checked(SilentEngine(), cuts=1)
    monkeypatch.setattr(checked, "_pieces", lambda one: (one, one))
    pieces = [(SilentEngine().speak(said), "first"), *[(SilentEngine().speak(said), "")] * 2]
    monkeypatch.setattr(checked, "_attempt", Mock(side_effect=pieces))
    monkeypatch.setattr(wrappers, "doubt", lambda *_: "the whole is too long")
    with pytest.raises(errors.IncompleteError, match="the whole is too long"):
        checked.speak(said)
    with pytest.raises(errors.EngineError, match="not in the cache"):
        outlets._Mute(SilentEngine()).speak(said)


def test_pages_that_are_no_pages_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a PDF: too many pieces, characters, drawings, pixels, or a page that is broken."""
    path = Path(__file__).parent / "sources/pages/two_pages.pdf"
    for module, name, most, words in (
        (pdf, "MAX_LINES", 1, "pieces of text"),
        (pdf_page, "MAX_CHARS", 1, "characters"),
        (pdf_page, "MAX_DRAWINGS", -999_999, "drawings on a page"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, most)
            with pytest.raises(errors.NotAnIssueError, match=words):
                list(pdf.sheets_of(path))
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "read_page", failing(pypdfium2.PdfiumError("x")))
        with pytest.raises(errors.NotAnIssueError, match=r"page 1 of two_pages\.pdf is broken"):
            list(pdf.sheets_of(path))
    with pytest.raises(errors.NotAnIssueError, match="90000 × 90000"):
        pictures._check_size(90_000, 90_000, "a.png")
    picture = SimpleNamespace(get_px_size=lambda: (90_000, 90_000))
    sheet = SimpleNamespace(get_objects=lambda **_: [picture])
    with pytest.raises(errors.NotAnIssueError, match="is a picture of 90000"):
        scan.read_sheet(sheet, 1, "a.pdf")
    monkeypatch.setattr(tools, "_files", failing(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(errors.NotAnIssueError, match="Input/output") as caught:
        tools._files_in(tmp_path)
    assert "check the disk" in caught.value.hint
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    real = builtins.__import__

    def without_libgl(name: str, *words: Any, **more: Any) -> Any:
        if name == "rapidocr":
            raise ImportError("libGL.so.1: cannot open shared object file")
        return real(name, *words, **more)

    monkeypatch.setattr(builtins, "__import__", without_libgl)
    with pytest.raises(errors.MissingPartError, match=r"reading scans: libGL") as missing:
        ocr.reader.__wrapped__()
    assert "libgl1" in missing.value.hint


def test_targets_that_fail_in_rare_ways_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount that is gone, keys without rights, a server without SFTP, a file that vanishes."""
    with (
        pytest.raises(errors.EngineError) as gone,
        folder_target.FolderTarget(tmp_path)._explained(),
    ):
        raise OSError(next(iter(folder_target._PASSING)), "x")
    assert "is it still mounted" in gone.value.hint
    one: Any = SimpleNamespace(_place=SimpleNamespace(label="s3://b"), _missing_keys=KeyError)
    refused = s3.S3Target._as_ours(one, PermissionError("AccessDenied"))
    assert (6, True) == (refused.exit_code, "refuses access" in str(refused))
    line: Any = SimpleNamespace(_open=None, _place=SimpleNamespace(label="sftp://h"))
    line._connect, line._asyncssh = failing(ValueError("no channel")), asyncssh
    with (
        pytest.raises(errors.EngineError, match="offers no SFTP"),
        sftp.SftpTarget._connected(line),
    ):
        pass
    upload: Any = SimpleNamespace(name="feed.xml", part="feed.xml.part", size=3)
    sender = sending.Sender(Mock(stat=lambda _: None), Mock(), {}, print)
    with pytest.raises(errors.EngineError, match="after it was moved"):
        sender._show(upload, waits=True)


def test_settings_and_programs_that_fail_in_rare_ways_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of qjaudio.toml; of ffmpeg, whose disk may be full; a contract of a plug-in's source."""
    for text, words in (
        ('epaper_user_agent = "a\\u0007"', "is not the name of a program"),
        ("export = 3", "export in qjaudio.toml is not a table"),
    ):
        (tmp_path / "qjaudio.toml").write_text(text, "utf-8")
        with pytest.raises(errors.UsageError, match=words):
            config_module.load(folder=tmp_path, environ={})
    full = SimpleNamespace(returncode=1, stderr=b"av_interleaved: No space left on device\n")
    with monkeypatch.context() as patch:
        patch.setattr(machine.subprocess, "run", lambda *_, **__: full)
        with pytest.raises(OSError, match="No space left"):
            machine.run_ffmpeg(["-version"])
    monkeypatch.setattr(machine, "run_ffmpeg", lambda _: "no summary")
    with pytest.raises(errors.MissingPartError, match="reports no loudness"):
        machine.measure_loudness(["-i", "a.mp3"])
    with pytest.raises(AssertionError, match="lacks one of"):
        testing.check_source(object(), "x")
    source: Any = SimpleNamespace(pages=failing(errors.NotAnIssueError("no")))
    with pytest.raises(AssertionError, match="did not read"):
        testing._read_pages(source, "x")
    request: Any = None
    with pytest.raises(FileNotFoundError):
        asyncio.run(app.send_file(request, Path("a.unknown"), "", request, request))
    with pytest.raises(errors.UsageError, match="cannot listen on"):
        server._bind_or_explain("127.0.0.1", 99_999)


def test_a_line_that_breaks_is_told_by_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first byte: the service cannot be reached."""
    engine: Any = SimpleNamespace(_total_timeout_s=5.0)
    refused = failing(aiohttp.ClientConnectionError("refused"))
    monkeypatch.setattr(aiohttp.ClientSession, "post", refused)
    with pytest.raises(service.UnreachableError, match="refused"):
        asyncio.run(http.HttpEngine._ask(engine, Mock(), 9))
