"""Hostile files of a show: settings, cast, lexicon, pictures, pipes; refused in two lines."""

import io
import os
import socket
import struct
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from qjaudio import config, rules
from qjaudio.errors import NotAnIssueError, QjaudioError, UsageError
from qjaudio.pipeline.voicing import cast_of, chain_of
from qjaudio.script.lexicon import parse_lexicon
from qjaudio.script.model import Script
from qjaudio.script.prepare import from_markdown
from qjaudio.sources import pictures
from qjaudio.sources.pdf import PdfSource
from qjaudio.sources.text import TextSource
from qjaudio.speech.plan import parse_cast

HUGE = "0x" + "f" * 9000
"""TOML takes hexadecimal numbers of any length; Python cannot write them in decimal."""
SETTINGS: dict[str, str | bytes] = {
    "a whole number beyond floats": "minutes = 1" + "0" * 400,
    "a number without a text": f"minutes = {HUGE}",
    "a huge number for a text": f"paper = {HUGE}",
    "a huge gain": f"bed = {HUGE}",
    "an infinite length": "minutes = inf",
    "a date for a text": "paper = 1979-05-27",
    "brackets that do not close": 'base_url = "http://["',
    "a port that is none": 'base_url = "http://a:b:c"',
    "an address of two lines": 'base_url = "http://a/\\nb"',
    "NUL": "paper = 'x\0'",
    "GB18030": "paper = '今日衢江'".encode("gb18030"),
    "escapes in a name": '"a\\u001b[2J" = 1',
    "a name of a megabyte": f"{'a' * 900_000} = 1",
    "a table for a text": "paper.x.y.z = 1",
    "too long": "#" * (config.MOST_SETTINGS + 1),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_hostile_settings_are_refused(tmp_path: Path, case: str) -> None:
    """Whatever qjaudio.toml holds: one of our errors, short and printable."""
    written = SETTINGS[case]
    raw = written if isinstance(written, bytes) else written.encode()
    (tmp_path / config.FILE).write_bytes(raw)
    with pytest.raises(UsageError) as caught:
        config.load(folder=tmp_path, environ={})
    assert caught.value.hint
    assert len(str(caught.value)) < 300 + len(str(tmp_path))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("raw", ["\ufeffpaper = 'x'", "paper = 'x'\r\nvoice = 'silent'\r\n"])
def test_settings_of_other_editors_are_read(tmp_path: Path, raw: str) -> None:
    """A byte order mark and CRLF are what editors write, no attack."""
    (tmp_path / config.FILE).write_bytes(raw.encode())
    assert "x" == config.load(folder=tmp_path, environ={}).paper


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in sorted(config.setting_names() - {"engines"})
        for value in (HUGE, "[[1]]", "true", "1979-05-27", "{ a = { b = 1 } }")
        if value != "true" or name not in ("explicit", "strict", "slow", "verify")
    ],
)
def test_no_wrong_type_is_a_crash(tmp_path: Path, name: str, value: str) -> None:
    """Each setting with a value of each wrong type is an error of ours."""
    (tmp_path / config.FILE).write_text(f"[a]\n{name} = {value}", encoding="utf-8")
    with pytest.raises(UsageError):
        config.load(folder=tmp_path, environ={})


CASTS = (
    f"[readers.a]\nname = {HUGE}",
    f"[cast]\nopening = {HUGE}",
    f"[cast]\nstories = {HUGE}",
    f"[cast.pages]\n1 = {HUGE}",
    f"[cast.sections]\na = {{ b = {HUGE} }}",
    f'[readers.a]\n[cast]\nstories = ["a"]\n[voices.x]\ngain_db = {HUGE}',
    '[readers.a]\n[cast]\nstories = ["a"]\n[voices.x]\nrate = "+٣%"\npitch = inf',
    "readers = [[]]",
    "cast = 1979-05-27",
)


@pytest.mark.parametrize("written", CASTS, ids=range(len(CASTS)))
def test_a_hostile_cast_is_refused(written: str) -> None:
    """Numbers that have no text and wrong types anywhere: one of our errors, short."""
    with pytest.raises(UsageError) as caught:
        parse_cast(tomllib.loads(written))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "row",
    ["桥\x1b[2J\tqiao2", "桥\x00\tqiao2", "桥\tqiao2\t\x07", "桥\t" + "qiao2 " * 100_000],
    ids=["escape", "nul", "bell", "long"],
)
def test_a_lexicon_holds_no_controls_and_no_endless_reading(row: str) -> None:
    """Nothing of an entry can steer a terminal, and a message stays short."""
    with pytest.raises(UsageError) as caught:
        parse_lexicon(row, "lexicon.tsv")
    assert len(str(caught.value)) < 200


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    """A FIFO in place of a file is refused; opening it would wait for ever."""
    for name in ("page1.txt", "page1.pdf", config.FILE, "cast.toml"):
        (tmp_path / name).unlink(missing_ok=True)
        os.mkfifo(tmp_path / name)
    with pytest.raises(NotAnIssueError):
        list(TextSource().pages(str(tmp_path)))
    with pytest.raises(NotAnIssueError, match="not a file"):
        list(PdfSource().pages(str(tmp_path)))
    with pytest.raises(UsageError, match="not a file"):
        config.load(folder=tmp_path, environ={})
    settings = config.Config(cast=str(tmp_path / "cast.toml"), voice="silent")
    with pytest.raises(UsageError, match="not a file"):
        cast_of(settings, chain_of(settings))


def test_sockets_and_devices_are_no_pages(tmp_path: Path) -> None:
    """A socket and a link to an endless device are refused."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "page1.txt"))
        with pytest.raises(QjaudioError):
            list(TextSource().pages(str(tmp_path)))
    (tmp_path / "page1.txt").unlink()
    (tmp_path / "page1.pdf").symlink_to("/dev/zero")
    with pytest.raises(NotAnIssueError, match="not a file"):
        list(PdfSource().pages(str(tmp_path)))


def _tiff(width: int, height: int) -> bytes:
    """A TIFF of a few hundred bytes whose header claims this size."""
    out = io.BytesIO()
    Image.new("1", (400, 400)).save(out, "TIFF")
    raw = bytearray(out.getvalue())
    (table,) = struct.unpack_from("<I", raw, 4)
    (count,) = struct.unpack_from("<H", raw, table)
    for at in range(table + 2, table + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from("<H", raw, at)
        if tag in (256, 257):
            struct.pack_into("<HHII", raw, at, tag, 4, 1, width if tag == 256 else height)
    return bytes(raw)


def _frames(count: int) -> bytes:
    out = io.BytesIO()
    page = Image.new("1", (400, 400))
    page.save(out, "TIFF", save_all=True, append_images=[page] * (count - 1))
    return out.getvalue()


def test_a_tiff_that_claims_too_much_is_refused() -> None:
    """2,500 million pixels in a header are never decoded."""
    with pytest.raises(NotAnIssueError, match="million pixels"):
        pictures.images_of(_tiff(50_000, 50_000), "huge.tiff")


def test_too_many_frames_are_refused_before_one_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The headers of all frames are looked at first: no pixel of the first is spent."""
    monkeypatch.setattr(pictures, "_grey", lambda _image: pytest.fail("decoded"))
    with pytest.raises(NotAnIssueError, match="more than 200 pages"):
        pictures.images_of(_frames(pictures.MAX_FRAMES + 1), "many.tiff")
    monkeypatch.setattr(pictures, "MAX_ALL_PIXELS", 400 * 400 * 3)
    with pytest.raises(NotAnIssueError, match="pixels"):
        pictures.images_of(_frames(4), "large.tiff")


def test_a_page_number_of_thousands_of_digits_is_none() -> None:
    """Python writes no number of 5,000 digits: a note with one is a note without a page."""
    empty = Script(paper="x", date="2025-05-20", parts=())
    text = f"## 一\n<!-- 第{'9' * 5000}版 要闻 -->\n桥很长。\n"
    assert from_markdown(text, empty, rules.phrases("phrases")).parts[0].page in (None, 9999)


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path) -> None:
    """They are counted, not opened; nothing of their names steers the terminal."""
    for at in range(1000):
        (tmp_path / f"page{at}\x1b[2J\n.pdf").touch()
    with pytest.raises(NotAnIssueError, match="holds 1000 files"):
        list(PdfSource().pages(str(tmp_path)))


def test_links_of_the_users_own_are_followed(tmp_path: Path) -> None:
    """A page may lie elsewhere: whoever puts a link into the folder means what it leads to."""
    (tmp_path / "kept.txt").write_text("今日衢江\n桥通车了", encoding="utf-8")
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "page1.txt").symlink_to(tmp_path / "kept.txt")
    assert 1 == len(list(TextSource().pages(str(tmp_path / "day"))))
    (tmp_path / "day" / "page2.txt").symlink_to(tmp_path / "day" / "page2.txt")
    with pytest.raises(NotAnIssueError):
        list(TextSource().pages(str(tmp_path / "day")))
