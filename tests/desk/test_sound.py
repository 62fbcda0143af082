"""Every sentence can be heard, and read in another way."""

import io
import re
import threading
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest

from commands import folder  # noqa: F401 - a fixture
from desk.conftest import DATE, DAY, Answered, Office, Person, until
from desk.test_edits import change
from qjaudio import config as settings
from qjaudio.desk import sound
from qjaudio.desk.edits import homophone_of, said_as, syllables_of
from qjaudio.engines.wrappers import Cached
from qjaudio.pipeline import voicing
from qjaudio.script.lexicon import default_lexicon


def seconds(answer: Answered) -> float:
    """How long a sound is."""
    assert "audio/wav" == answer.headers["content-type"]
    with wave.open(io.BytesIO(answer.body)) as file:
        return file.getnframes() / file.getframerate()


def rest_of(answer: Answered) -> str:
    """The address of the next piece of a sentence; empty where there is none."""
    return answer.headers.get("x-rest", "")


def test_each_sentence_is_heard_and_kept(office: Office, editor: Person) -> None:
    """As long as it takes to say; the second time from the cache that `make` takes."""
    links = editor.get(DAY).links("sound")
    assert len(links) > 20
    until(lambda: not rest_of(editor.get(links[8])))
    assert 2 < seconds(editor.get(links[8])) < 20
    clips = list((office.folder / "out/.cache/clips").rglob("*.pcm"))
    assert clips
    editor.get(links[8])
    assert clips == list((office.folder / "out/.cache/clips").rglob("*.pcm"))


def test_a_new_sentence_is_heard_in_pieces(office_of: Callable[..., Office]) -> None:
    """Where the voice is slow the first piece comes soon; all of it is said, and later it is one.

    Nothing of a sentence is said twice, whatever comes into the cache meanwhile.
    """
    with mock.patch.object(sound, "SOON_S", 0.0):
        editor = office_of().person("王编辑", "编辑")
        link = next(one for one in editor.get(DAY).links("sound")[8:] if rest_of(editor.get(one)))
        pieces = [editor.get(link)]
        while rest := rest_of(pieces[-1]):
            pieces.append(editor.get(rest))
        until(lambda: not rest_of(editor.get(link)))
    whole = seconds(editor.get(link))
    assert 2 <= len(pieces)
    assert seconds(pieces[0]) < whole / 2 + 1
    assert whole == pytest.approx(sum(map(seconds, pieces)), abs=0.5 * len(pieces))


@pytest.mark.usefixtures("folder")
def test_a_service_that_does_not_answer_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is still asked for its word, the offline voice speaks."""
    answer, made = threading.Event(), voicing.engine_for

    def engine_for(name: str, *words: Any) -> Cached:
        if name == "edge":
            answer.wait(60)
        return made(name, *words)

    monkeypatch.setattr(voicing, "engine_for", engine_for)
    sounds = sound.Sounds(replace(settings.load({"voice": "auto"}), chain=("edge", "silent")))
    asking = threading.Thread(target=sounds.get_ready)
    asking.start()
    wav, rest = sounds.sentence(said_as("重庆", "", default_lexicon()), 0, 0)
    assert (True, 0, True) == (len(wav) > 10_000, rest, asking.is_alive())
    answer.set()
    asking.join()


def test_a_word_is_heard_in_each_reading(editor: Person) -> None:
    """By digits or marks; one that does not fit is refused."""
    editor.get(DAY)
    for reading in ("chong2 qing4", "chóng qìng", ""):
        assert seconds(editor.get(f"{DAY}/say?text={quote('重庆')}&reading={quote(reading)}")) > 0.3
    assert 422 == editor.get(f"{DAY}/say?text={quote('重庆')}&reading=chong2").status


def test_a_reading_holds_here_or_in_the_show(office: Office, editor: Person) -> None:
    """In this edition or in all; who and when is told; what it changes; it can be undone."""
    link = editor.get(DAY).links("reading")[6]
    words = editor.get(link).links("reading")
    panel = editor.get(words[-1]).text
    word = re.search(r'name="word" value="([^"]+)"', panel)
    assert word
    count = len(word[1])
    own = {"word": word[1], "reading": " ".join(["dà"] * count), "propose": "1"}
    page = change(editor, "here", own).text
    here = office.folder / "out" / DATE / "lexicon.tsv"
    assert f"{word[1]}\t{' '.join(['da4'] * count)}" in here.read_text("utf-8")
    assert "王编辑 20" in here.read_text("utf-8")
    assert f"读音 {word[1]} {' '.join(['dà'] * count)}" in page
    assert not (office.folder / "lexicon.tsv").exists()
    change(editor, "everywhere", own)
    assert word[1] in (office.folder / "lexicon.tsv").read_text("utf-8")
    change(editor, "forget", {"word": word[1]})
    page = change(editor, "forget", {"word": word[1], "show": "1"}).text
    assert "<span>读音" not in page
    assert 422 == change(editor, "here", {"word": word[1], "reading": "xyz"}).status


def test_persons_are_confirmed_once(office: Office, editor: Person) -> None:
    """What was chosen is remembered by the show, with who confirmed it."""
    editor.get(DAY)
    panel = editor.get(f"{DAY}/persons").text
    found = re.findall(r'name="(person [^"]+)" value="([^"]+)"', panel)
    assert len(found) > 3
    change(editor, "confirm", dict(found[:1]))
    assert found[0][0].removeprefix("person ") in (office.folder / "lexicon.tsv").read_text("utf-8")
    assert "已确认 王编辑" in editor.get(f"{DAY}/persons").text


@pytest.mark.parametrize("text", ["zhòng qìng", "zhong4 qing4", "zhong4qing4", "ZHÒNG  QÌNG"])
def test_pinyin_is_written_as_people_do(text: str) -> None:
    """With marks or digits, with spaces or without."""
    assert "zhong4 qing4" == syllables_of(text)


def test_umlauts_are_written_as_people_do() -> None:
    """ü, v and u: are one; no mark is the neutral tone."""
    assert ["lv4 nv3 ma5"] * 2 == [syllables_of(text) for text in ("lǜ nǚ ma", "lv4 nu:3 ma5")]


def test_homophones_have_one_reading() -> None:
    """Who takes no readings is given characters that cannot be read otherwise."""
    found = homophone_of("重庆", ("chong2", "qing4"))
    assert 2 == len(found)
    assert "重" not in found
    assert "" == homophone_of("重庆", ("chong2", "zzz4"))
    assert default_lexicon()
