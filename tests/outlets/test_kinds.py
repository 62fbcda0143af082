"""Stories, article, video and books: read back by readers that are not ours."""

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from unittest.mock import MagicMock
from xml.etree import ElementTree as ET

import pytest
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4

from builders import line, story
from qjaudio.episode.cover import GRID
from qjaudio.episode.tag import check_label, label_of, sound_sha256
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.language import translated
from qjaudio.machine import run_ffmpeg
from qjaudio.outlets import Finished, books, outlet_of, stories, video, wechat
from qjaudio.outlets.stories import Stories
from qjaudio.outlets.video import LABEL_MS, SHAPES, Video

Build = Callable[..., Finished]
NOTICE = "本节目由人工智能合成语音播报。"
LONG = story("长长的一条", *(f"这是第{n}句，说的是桥。" for n in "一二三四五六"))


def pieces(source: Finished, number: int, **limits: object) -> list[list[str]]:
    """The texts of each piece of a part."""
    spoken = source.spoken  # type: ignore[attr-defined]
    kind = Stories(**limits)  # type: ignore[arg-type]
    notice = tuple(n for n, one in enumerate(spoken.utterances) if one.text == NOTICE)
    return [
        [spoken.utterances[n].text for n in piece]
        for piece in kind._pieces(source, spoken, number, notice)
    ]


def test_a_long_story_is_split_at_sentences(build: Build) -> None:
    """All of it is said, in order, no sentence is cut; the headline stays with what follows it."""
    source = build(LONG)
    whole = [said.text for said in LONG.lines]
    assert [whole] == pieces(source, 2)
    split = pieces(source, 2, seconds=13.0)
    assert 1 < len(split)
    assert whole == [text for piece in split for text in piece]
    assert 2 <= len(split[0])


def test_bytes_limit_as_seconds_do(build: Build) -> None:
    """What is too large for a message is split, too; what holds no sentence is refused."""
    assert 1 < len(pieces(build(LONG), 2, bytes=160_000))
    for limits in ({"seconds": 3.0}, {"bytes": 70_000}):
        with pytest.raises(UsageError, match="no whole sentence"):
            pieces(build(LONG), 2, **limits)


def test_each_story_is_a_file_and_a_text(build: Build, tmp_path: Path) -> None:
    """Numbered, under the limit, with the notice and a label of its own."""
    source = build(story("新桥通车了", "桥很长。"), LONG)
    Stories(seconds=13.0).write(source, tmp_path, tmp_path)
    place = tmp_path / "2025-05-20-stories"
    names = sorted(one.name for one in place.iterdir())
    assert ["01.mp3", "01.txt", "02-1.mp3", "02-1.txt", "02-2.mp3"] == names[:5]
    numbers = set()
    for path in sorted(place.glob("*.mp3")):
        check_label(label_of(path), sound_sha256(path))
        numbers.add(json.loads(label_of(path))["ProduceID"])
        assert 13.1 > MP3(path).info.length
        assert path.with_suffix(".txt").read_text("utf-8").endswith(f"{NOTICE}\n")
    assert len(names) == 2 * len(numbers)
    assert place.joinpath("01.txt").read_text("utf-8").startswith("新桥通车了\n今日衢江 2025-05-20")


def test_stories_need_the_notice(build: Build, tmp_path: Path) -> None:
    """A script without it gives no stories: each of them would be without."""
    source = build()
    parts = source.script.parts[:-1]
    object.__setattr__(source.script, "parts", parts)
    with pytest.raises(IncompleteError, match="says that AI speaks"):
        Stories().write(source, tmp_path, tmp_path)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_article_has_inline_styles_alone(build: Build, tmp_path: Path) -> None:
    """What the editor of WeChat keeps: no scripts, classes, ids; nothing that is not escaped."""
    evil = story("<script>alert(1)</script>", "a < b & c。")
    source = build(evil, LONG, base_url="https://example.cn/qj/")
    wechat.Wechat().write(source, tmp_path, tmp_path)
    place = tmp_path / "2025-05-20-wechat"
    page = Elements(place.joinpath("article.html").read_text("utf-8"))
    body = [one for one in page.found if one[0] in ("section", "p", "img", "a", "span")]
    assert {"html", "head", "meta", "title", "body", "section", "p", "img", "a"} == {
        name for name, _ in page.found
    }
    assert {"style", "src", "alt", "href"} == {key for _, attrs in body for key in attrs}
    for text in ("<script>alert(1)</script>", "a < b & c。", "人工智能合成", NOTICE, "第1版"):
        assert text in page.text
    for said in LONG.lines[1:]:
        assert said.text in page.text
    label = next(attrs["content"] for _, attrs in page.found if attrs.get("name") == "AIGC")
    assert "1" == json.loads(label or "")["Label"]
    assert place.joinpath("cover.jpg").read_bytes() == source.cover


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_summary_is_short(build: Build, count: int) -> None:
    """Under 120 characters; as many headlines as fit, each of them whole."""
    source = build(*(story(f"第{n}条新闻的标题有点长") for n in range(count)))
    text = wechat.summary(source)
    assert 120 > len(text)
    assert text.startswith("今日要闻：第0条新闻的标题有点长")
    assert re.fullmatch("今日要闻：(第[0-9]+条新闻的标题有点长[；。])+", text)


def test_subtitles_follow_the_voice(build: Build) -> None:
    """Each cue is seen when it begins, over its story; the label is on the first picture."""
    source = build(LONG, story())
    scenes = list(video._scenes(source))
    times = [time for time, _, _ in scenes]
    assert times == sorted(set(times))
    assert 0 == times[0]
    assert [None] == list({chapter for time, chapter, _ in scenes if time < LABEL_MS})
    seen = {time: (chapter, text) for time, chapter, text in scenes}
    for cue in source.episode.cues:
        assert cue.text == seen[cue.start_ms][1]
    for chapter in source.episode.chapters:
        if chapter.kind == "story" and chapter.start_ms >= LABEL_MS:
            assert chapter == seen[chapter.start_ms][0]


@pytest.mark.parametrize("size", SHAPES)
def test_nothing_is_drawn_outside_the_margins(build: Build, size: str) -> None:
    """The longest subtitle and headline leave a tenth at the sides and the controls' room below."""
    source, shape = build(), SHAPES[size]
    cue, head = "很长的一句字幕，" * 12, source.episode.chapters[2]
    ground = video._draw_ground(source, shape, _cover(source), head)
    picture = video._add_subtitle(ground, shape, cue)
    assert (shape.width, shape.height) == picture.size
    grey = picture.convert("L").point(lambda level: 255 if level < 180 else 0)
    left, _, right, bottom = grey.crop((0, 40, *picture.size)).getbbox()
    assert left >= shape.width * 0.06
    assert right <= shape.width * 0.94
    assert bottom + 40 <= shape.height * (0.82 if size == "9:16" else 0.97)


@pytest.mark.parametrize("size", SHAPES)
def test_the_lines_of_a_long_headline_stand_below_each_other(build: Build, size: str) -> None:
    source, shape = build(), SHAPES[size]
    head = replace(source.episode.chapters[2], title="市里开会部署防汛抗旱和安全生产工作" * 2)
    picture = video._draw_ground(source, shape, _cover(source), head)
    middle, height, sizes = shape.headline
    scale = shape.width / GRID
    top, bottom = (round((middle + half * height) * scale) for half in (-0.5, 0.5))
    ink = picture.convert("L").point(lambda level: 255 if level < 180 else 0)
    _, first, _, last = ink.crop((0, top, shape.width, bottom)).getbbox()
    assert last - first > 1.5 * sizes[0] * scale


def _cover(source: Finished):  # type: ignore[no-untyped-def]
    import io

    from PIL import Image

    return Image.open(io.BytesIO(source.cover))


def test_a_video_is_read_back(build: Build, tmp_path: Path) -> None:
    """H.264 and AAC of the right size and length, with the label where it is looked for."""
    source = build(story("桥"), lengths=[400] * 8)
    (tmp_path / "work").mkdir()
    Video(sizes=("9:16",)).write(source, tmp_path, tmp_path / "work")
    path = tmp_path / "2025-05-20-9x16.mp4"
    report = run_ffmpeg(["-i", str(path), "-f", "null", "-"])
    for words in ("h264", "aac", "1080x1920", "yuv420p", "15 fps", '"Label":"1"', "新桥通车了"):
        assert words in report
    assert source.episode.duration_ms / 1000 == pytest.approx(MP4(path).info.length, abs=0.15)


def test_what_does_not_keep_its_promise_is_no_export(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A story with more bytes than were allowed; a video, or a book, that has lost its label."""
    source = build(story("桥"), lengths=[400] * 8)
    (tmp_path / "work").mkdir()

    def large(_clips: object, _episode: object, audio: Path, _spec: object) -> None:
        with audio.open("wb") as file:
            file.truncate(1 << 30)

    def unlabelled(words: list[str]) -> None:
        Path(words[-1]).write_bytes(b"no label")

    monkeypatch.setattr(stories, "mix", large)
    monkeypatch.setattr(stories, "write_tags", lambda *_, **__: None)
    monkeypatch.setattr(video, "run_ffmpeg", unlabelled)
    monkeypatch.setattr(books, "run_ffmpeg", unlabelled)
    monkeypatch.setattr("mutagen.mp4.MP4", MagicMock())
    for kind, words in (
        (Stories(), "has more than"), (Video(sizes=("9:16",)), "label out of"),
        (books.M4b(), "label is not in"),
    ):  # fmt: skip
        with pytest.raises(IncompleteError, match=words):
            kind.write(source, tmp_path, tmp_path / "work")


XHTML, SMIL = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/ns/SMIL}"
OPF = "{http://www.idpf.org/2007/opf}"


def test_a_book_keeps_the_rules_of_epub(build: Build, tmp_path: Path) -> None:
    """EPUB 3.3 and media overlays: what epubcheck would ask (it was asked, too)."""
    evil = story("一 < 二 & 三", "“说”<了>。")
    source = build(evil, LONG)
    books.Epub().write(source, tmp_path, tmp_path)
    with zipfile.ZipFile(tmp_path / "2025-05-20.epub") as book:
        assert ("mimetype", 0) == (book.infolist()[0].filename, book.infolist()[0].compress_type)
        names = {name.removeprefix("book/") for name in book.namelist()[2:]}
        package = ET.fromstring(book.read("book/package.opf"))  # noqa: S314
        texts = {name: book.read(f"book/{name}") for name in names if name != "audio.mp3"}
    items = {one.get("id"): one for one in package.iter(f"{OPF}item")}
    assert names == {one.get("href") for one in items.values()} | {"package.opf"}
    metas = {
        (one.get("property"), one.get("refines")): one.text for one in package.iter(f"{OPF}meta")
    }
    assert "1" == json.loads(metas["TC260:AIGC", None] or "")["Label"]
    total, said, last_ms = 0.0, "", 0.0
    for ref in package.iter(f"{OPF}itemref"):
        item = items[ref.get("idref")]
        page = ET.fromstring(texts[str(item.get("href"))])  # noqa: S314
        ids = [one.get("id") for one in page.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        if not (overlay := item.get("media-overlay")):
            continue
        smil = ET.fromstring(texts[str(items[overlay].get("href"))])  # noqa: S314
        length = 0.0
        for par in smil.iter(f"{SMIL}par"):
            text, audio = par[0].get("src", ""), par[1]
            target = text.partition("#")[2]
            element = next(one for one in page.iter() if one.get("id") == target)
            said += "".join(element.itertext())
            begin, end = (float(audio.get(f"clip{x}", "").rstrip("s")) for x in ("Begin", "End"))
            assert last_ms <= begin < end <= source.episode.duration_ms / 1000
            last_ms, length = begin, length + end - begin
        assert length == pytest.approx(float((metas["media:duration", f"#{overlay}"] or "")[:-1]))
        total += length
    assert total == pytest.approx(float((metas["media:duration", None] or "")[:-1]))
    assert "".join(cue.text for cue in source.episode.cues) == said


def test_the_same_book_has_the_same_bytes(build: Build, tmp_path: Path) -> None:
    """No clock and no chance is in it."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        books.Epub().write(build(), tmp_path / name, tmp_path)
    first, second = ((tmp_path / name / "2025-05-20.epub").read_bytes() for name in "ab")
    assert first == second


def test_an_audio_book_has_chapters_and_a_label(build: Build, tmp_path: Path) -> None:
    """Titles with marks that mean something to ffmpeg come through."""
    source = build(story("甲=乙;丙#丁", "桥。"), story("路"))
    books.M4b().write(source, tmp_path, tmp_path)
    found = MP4(tmp_path / "2025-05-20.m4b")
    expected = [(one.start_ms / 1000, one.title) for one in source.episode.chapters]
    for (start, title), (seen, text) in zip(
        expected, ((one.start, one.title) for one in found.chapters), strict=True
    ):
        assert (pytest.approx(seen, abs=0.05), text) == (start, title)
    assert "1" == json.loads(bytes(found["----:com.apple.iTunes:AIGC"][0]))["Label"]
    assert ["今日衢江"] == found["\xa9ART"]
    assert b"M4B " == (tmp_path / "2025-05-20.m4b").read_bytes()[8:12]


def test_lines_and_cues_of_two_runs_are_noticed(build: Build) -> None:
    """A script.json that is not the transcript's is no source of any outlet."""
    source = build()
    assert [len(part.lines) for part in source.script.parts] == [
        len(said) for _, said in source.parts
    ]
    other = build()
    first, *rest = other.script.parts
    object.__setattr__(other.script, "parts", (first, *rest[:-1]))
    with pytest.raises(IncompleteError, match="have changed"):
        _ = other.parts
    assert all(one.end_ms <= after.start_ms for one, after in pairwise(source.episode.cues))
    assert line("桥。").text == "桥。"


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [("stories", "seconds", "-5"), ("stories", "seconds", "1"), ("stories", "lufs", "3")],
)
def test_the_setting_that_is_wrong_is_named(kind: str, name: str, value: str) -> None:
    """And no other; before anything is spoken."""
    with pytest.raises(UsageError, match=f"^{name} = {value} "):
        outlet_of(kind, {name: value})


def test_a_setting_of_another_kind_is_unknown() -> None:
    """The message has a form of its own, and so has its Chinese."""
    with pytest.raises(UsageError) as caught:
        outlet_of("wechat", {"length": "30:00"})
    assert "wechat 没有 'length' 这项设置" == translated(str(caught.value), "zh")
    assert "可用的设置有 name" == translated(caught.value.hint, "zh")
