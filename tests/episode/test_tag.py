"""The tag inside the MP3, read back by mutagen and byte by byte."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mutagen.mp3 import MP3

from qjaudio.episode.cover import Canvas, shrink_cover
from qjaudio.episode.model import Chapter, Episode
from qjaudio.episode.tag import (
    Maker,
    check_label,
    id3_frames,
    label_of,
    sort_chapters,
    sound_sha256,
    tag_size,
    write_tags,
)
from qjaudio.errors import IncompleteError, NotWritableError

COVER = Canvas(400, "#A3161B").jpeg()
# One silent frame: MPEG-1 layer III, 64 kbit/s, 44.1 kHz, mono; 208 bytes, 26 ms.
FRAME = b"\xff\xfb\x50\xc0" + bytes(204)
EPISODE = Episode(
    paper="今日衢江",
    date="2025-05-20",
    title="今日衢江 2025年5月20日",
    duration_ms=90_000,
    chapters=(
        Chapter(start_ms=0, end_ms=9000, title="一条比别的都长的标题：" + "长" * 30),
        Chapter(start_ms=9000, end_ms=61_000, title="衢江<&😀", url="https://example.cn/1"),
        Chapter(start_ms=61_000, end_ms=90_000, title="完"),
    ),
    cues=(),
)


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    """An MP3 of 50 silent frames, without a tag."""
    path = tmp_path / "2025-05-20.mp3"
    path.write_bytes(FRAME * 50)
    return path


def write(path: Path, episode: Episode = EPISODE, script_text: str = "您好。\n再会。") -> None:
    write_tags(
        path,
        episode,
        album="今日衢江 · 有声版",
        cover=COVER,
        script_text=script_text,
        maker=Maker("今日 衢江\\", "%E4%BB%8A:2025-05-20"),
    )


def tags_of(path: Path) -> Any:
    return MP3(path).tags


def test_texts_are_read_back(mp3: Path) -> None:
    """Title, paper, show, date, kind, language, length, disclosure, script and picture."""
    write(mp3)
    tags = tags_of(mp3)
    found = {name: str(tags[name]) for name in ("TIT2", "TPE1", "TALB", "TCON", "TLAN", "TLEN")}
    assert found == {
        "TIT2": "今日衢江 2025年5月20日",
        "TPE1": "今日衢江",
        "TALB": "今日衢江 · 有声版",
        "TCON": "Podcast",
        "TLAN": "chi",
        "TLEN": "90000",
    }
    assert "2025-05-20" == str(tags["TDRC"])
    assert "您好。\n再会。" == tags["USLT::chi"].text
    assert "由人工智能合成语音播报" in tags["COMM::chi"].text[0]
    picture = tags["APIC:"]
    assert (shrink_cover(COVER), 3) == (picture.data, picture.type)


def test_the_label_names_who_made_what(mp3: Path) -> None:
    """The seven fields of GB 45438-2025, appendix E, once; no space, quote or backslash in them."""
    write(mp3)
    label = json.loads(label_of(mp3))
    assert hashlib.sha256(FRAME * 50).hexdigest() == label["ReservedCode1"] == sound_sha256(mp3)
    number = f"%E4%BB%8A:2025-05-20-{label['ReservedCode1'][:16]}"
    assert {"ProduceID": number, "PropagateID": number}.items() <= label.items()
    assert ["1", "今日衢江", "今日衢江", ""] == [
        label[name] for name in ("Label", "ContentProducer", "ContentPropagator", "ReservedCode2")
    ]
    assert 7 == len(label)
    check_label(label_of(mp3), sound_sha256(mp3))


def test_a_label_that_is_gone_or_of_another_sound_is_noticed(mp3: Path) -> None:
    """Removed, damaged, or copied from another file."""
    write(mp3)
    good, sha256 = label_of(mp3), sound_sha256(mp3)
    bad = ("", "[]", "{}", '{"Label":"1"}', good.replace(':"1"', ':"4"'), good[:-1])
    bad += (good.replace("ReservedCode2", "ReservedCode3"), good.replace("今日衢江", ""))
    for text in bad:
        with pytest.raises(IncompleteError, match="AIGC label is"):
            check_label(text, sha256)
    with pytest.raises(IncompleteError, match="another file"):
        check_label(good, "0" * 64)
    mp3.write_bytes(FRAME * 50)
    assert "" == label_of(mp3)


def test_the_type_of_the_picture_is_left_to_its_bytes(mp3: Path) -> None:
    """By a type that it knows Chromium is led to read a megabyte before the first sound."""
    write(mp3)
    assert "image/" == tags_of(mp3)["APIC:"].mime


def test_chapters_are_read_back(mp3: Path) -> None:
    """Every chapter with its title, times and link; the table of contents lists them in order."""
    write(mp3)
    tags = tags_of(mp3)
    contents = tags["CTOC:contents"]
    assert (True, True) == (bool(contents.flags & 2), bool(contents.flags & 1))
    listed = [tags[f"CHAP:{name}"] for name in contents.child_element_ids]
    expected = [(one.start_ms, one.end_ms, one.title) for one in EPISODE.chapters]
    assert expected == [
        (one.start_time, one.end_time, str(one.sub_frames["TIT2"])) for one in listed
    ]
    assert {0xFFFFFFFF} == {
        offset for one in listed for offset in (one.start_offset, one.end_offset)
    }
    assert "https://example.cn/1" == listed[1].sub_frames["WXXX:"].url


def test_bytes_are_version_2_3(mp3: Path) -> None:
    """The header says 2.3, sizes are plain numbers, dates are TYER and TDAT, text is UTF-16."""
    write(mp3)
    written = mp3.read_bytes()
    assert b"ID3\x03\x00\x00" == written[:6]
    frames = {frame[:4]: frame[10:] for frame in id3_frames(written[: tag_size(written[:10])])}
    assert {b"TYER", b"TDAT"} <= set(frames)
    assert not {b"TDRC", b"TSSE"} & set(frames)
    assert "2005" == frames[b"TDAT"][1:].decode("utf-16").rstrip("\0")
    assert b"\x01\xff\xfe" == frames[b"TIT2"][:3]
    assert b"\x01\xff\xfe" == frames[b"CHAP"][frames[b"CHAP"].index(b"TIT2") + 10 :][:3]


def test_chapters_stand_in_the_order_of_time(mp3: Path) -> None:
    """Players that read chapters as they come get them in order, though titles differ in length."""
    write(mp3)
    written = mp3.read_bytes()
    chapters = [frame for frame in id3_frames(written) if frame.startswith(b"CHAP")]
    assert [b"chapter0", b"chapter1", b"chapter2"] == [frame[10:18] for frame in chapters]


def test_sound_is_left_alone(mp3: Path) -> None:
    """Behind the tag stands the audio, byte by byte, and its length is what it was."""
    write(mp3)
    written = mp3.read_bytes()
    assert FRAME * 50 == written[tag_size(written[:10]) :]
    assert 50 * 1152 / 44_100 == pytest.approx(MP3(mp3).info.length, abs=0.01)


def test_writing_again_replaces_the_tag(mp3: Path) -> None:
    """The same tag gives the same bytes, another one leaves nothing of the first."""
    write(mp3, replace(EPISODE, title="旧标题", chapters=EPISODE.chapters * 3))
    write(mp3)
    first = mp3.read_bytes()
    write(mp3)
    assert first == mp3.read_bytes()
    assert 3 == len(tags_of(mp3).getall("CHAP"))


def test_offline_voice_is_named(mp3: Path) -> None:
    """The comment says when the offline voice spoke."""
    write(mp3, replace(EPISODE, offline=True))
    assert "离线语音" in tags_of(mp3)["COMM::chi"].text[0]


def test_hostile_text_is_cleaned(mp3: Path) -> None:
    """Control characters, lone surrogates and an endless headline make no damage."""
    chapters = tuple(
        Chapter(start_ms=n * 1000, end_ms=n * 1000 + 1000, title="\x00长\ud800" * 5000)
        for n in range(300)
    )
    write(mp3, replace(EPISODE, title="\x00题\udfff", chapters=chapters), "一\x00\r\n二")
    tags = tags_of(mp3)
    assert "题" == str(tags["TIT2"])
    assert "一\n二" == tags["USLT::chi"].text
    assert 300 == len(tags.getall("CHAP"))
    assert 255 == len(tags["CTOC:contents"].child_element_ids)
    assert 120 == len(str(tags["CHAP:chapter7"].sub_frames["TIT2"]))


def test_episode_without_chapters(mp3: Path) -> None:
    """Without chapters there is no table of contents either."""
    write(mp3, replace(EPISODE, chapters=()))
    assert not tags_of(mp3).getall("CHAP") + tags_of(mp3).getall("CTOC")


def test_unwritable_file_is_said(tmp_path: Path) -> None:
    """A file that cannot be written is our error, with its name."""
    folder = tmp_path / "2025-05-20.mp3"
    folder.mkdir()
    with pytest.raises(NotWritableError, match=r"2025-05-20\.mp3"):
        write(folder)


def test_padding_and_other_frames_keep_their_place() -> None:
    """Only chapters move; what stands around them and the padding stay."""
    late, early = chapter_frame("late", 5000), chapter_frame("b", 1000)
    body = frame(b"TIT2", b"\x00t") + late + frame(b"TALB", b"\x00a") + early + bytes(7)
    tag = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(body)]) + body
    expected = frame(b"TIT2", b"\x00t") + early + late + frame(b"TALB", b"\x00a") + bytes(7)
    assert expected == sort_chapters(tag)[10:]


def frame(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "big") + b"\0\0" + body


def chapter_frame(name: str, start_ms: int) -> bytes:
    return frame(b"CHAP", name.encode() + b"\0" + start_ms.to_bytes(4, "big") + bytes(12))


@pytest.mark.parametrize(
    ("header", "expected"),
    [(b"ID3\x03\x00\x00\x00\x00\x02\x01", 10 + 257), (b"\xff\xfb\x50\xc0" + bytes(6), 0), (b"", 0)],
)
def test_size_of_a_tag(header: bytes, expected: int) -> None:
    """The size has seven bits a byte; what is not a tag has no size."""
    assert expected == tag_size(header)
