"""Errors that nothing else in the suite raises: each has its words, and a way out.

`tests/raised/sitecustomize.py` lists the places that no test reaches.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from edge_tts import exceptions as edge

from qjaudio import errors
from qjaudio.config import Config
from qjaudio.engines import listened, service
from qjaudio.engines.edge import classify
from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.paper import corrections
from qjaudio.pipeline.reading import issue_at
from qjaudio.script import lexicon, readings
from qjaudio.sources import document, model, tools
from qjaudio.sources.epaper import article
from qjaudio.speech.model import Utterance, Word

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


def test_the_limits_of_what_tools_write_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of pages, of characters; and that there is no text at all."""
    for number in (1, 2):
        page = f'[[[[0, 0], [9, 0], [9, 9], [0, 9]], ["第{number}版桥通车了", 0.9]]]'
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
