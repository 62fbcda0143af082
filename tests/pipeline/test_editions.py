"""The slow edition: the same script, said slowly, as a show of its own beside the first."""

import datetime
import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import PAGE_HEAD, ROADS, SHOPS, WELLS
from published_show import enclosures
from qjaudio import config as settings
from qjaudio import outlets
from qjaudio.config import SLOW, SLOW_PACE, Config
from qjaudio.engines.wrappers import ClipCache
from qjaudio.errors import EngineError
from qjaudio.pipeline import catalogue, checking, making, publishing
from qjaudio.pipeline.making import Made, Order, make_day
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder
from qjaudio.targets.sending import Manifest

DATE = "2025-05-20"
DAY = datetime.date.fromisoformat(DATE)
NOW = datetime.datetime(2025, 5, 20, 8, tzinfo=datetime.UTC)


def made(folder: Path, **others: object) -> tuple[Config, Made]:
    """A day that was made with the slow edition."""
    page = folder / "page.md"
    text = "\n\n".join((*PAGE_HEAD.split("\n"), *WELLS, *SHOPS, *ROADS))
    page.write_text(text, encoding="utf-8")
    out = str(folder / "out")
    config = Config(out=out, voice="silent", slow=True, base_url="https://example.cn/qj/")
    config = replace(config, **others)  # type: ignore[arg-type]
    done = make_day(DAY, config, Order(origin=str(page)), now=NOW, progress=Quiet())
    assert isinstance(done, Made)
    return config, done


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A show with both editions of a day."""
    return made(tmp_path_factory.mktemp("editions"))[0]


def spoken(out: OutFolder) -> list[str]:
    """All that is said after the rundown, with what comes before it."""
    record = json.loads(out.stage(DATE, "script.json").read_text("utf-8"))
    parts = [part for part in record["parts"] if part["kind"] != "headlines"]
    return [line["text"] for part in parts for line in part["lines"]]


def test_the_slow_edition_says_the_same_slowly(both: Config) -> None:
    """Every line but the rundown; the first story within 15 s; the pace of a slow reader."""
    usual, slow = both.output, OutFolder(both.output.root / SLOW)
    assert spoken(usual) == spoken(slow)
    episode = catalogue.recorded_episode(slow, DATE)
    assert episode is not None
    chapters, cues = episode.episode.chapters, episode.episode.cues
    stories = [one for one in chapters if one.kind == "story"]
    assert "headlines" not in {one.kind for one in chapters}
    assert stories[0].start_ms <= 15_000
    syllables = seconds = 0.0
    for story in stories:
        inside = [cue for cue in cues if story.start_ms <= cue.start_ms < story.end_ms]
        syllables += sum(map(str.isalnum, "".join(cue.text for cue in inside)))
        seconds += (inside[-1].end_ms - inside[0].start_ms) / 1000
    assert SLOW_PACE == pytest.approx(60 * syllables / seconds, rel=0.04)


def test_the_slow_edition_is_exported_as_it_is_spoken(both: Config, tmp_path: Path) -> None:
    """From the clips of its own pace; a withdrawal removes its files with those of the first."""
    slow = both.editions[1]
    source = outlets._source(slow, DATE, Quiet())
    assert 0 == source.speak(tmp_path).clips_spoken
    kinds = {"wechat": outlets.outlet_of("wechat", {})}
    written = [
        next(outlets.export(one, DATE, kinds, now=NOW, progress=Quiet(), folder=tmp_path / "x"))
        for one in (both, slow)
    ]
    assert [tmp_path / "x", tmp_path / "x" / SLOW] == [one.files[0].parent for one in written]
    catalogue.remove_exports(both.output, DATE)
    assert not [one for one in written if one.files[0].exists()]


def test_the_slow_edition_is_a_show_of_its_own(both: Config) -> None:
    """Its feed names its own audio, its guid is another one, its pages are in large print."""
    usual, slow = both.output.root, both.output.root / SLOW
    for folder in (usual, slow):
        assert [f"{DATE}.mp3"] == [*enclosures((folder / "feed.xml").read_bytes())]
    assert f"https://example.cn/qj/{SLOW}/{DATE}.mp3" in (slow / "feed.xml").read_text("utf-8")
    guids = [json.loads((one / ".show.json").read_text("utf-8"))["guid"] for one in (usual, slow)]
    assert len({*guids}) == 2
    for name, large in itertools.product((f"{DATE}.html", "index.html"), (False, True)):
        page = ((slow if large else usual) / name).read_text("utf-8")
        assert large == ('class="large slow"' in page)
    assert f'href="{SLOW}/index.html"' in (usual / "index.html").read_text("utf-8")
    assert 'href="../index.html"' in (slow / "index.html").read_text("utf-8")


def test_both_editions_are_published_and_checked(both: Config, tmp_path: Path) -> None:
    """`publish` brings all files of both, the first feed last; `check` proves both."""
    sent = publishing.publishable(both.output, both, Manifest(tmp_path / "manifest"))
    names = [one.name for one in sent]
    for name in (f"{DATE}.mp3", f"{DATE}.html", "feed.xml", "player.js"):
        assert {name, f"{SLOW}/{name}"} <= set(names)
    folders = [out.root.name for out, _ in publishing.editions_in(both.output, both)]
    assert ["out", SLOW] == folders
    assert not [one for one in (both.output.root / SLOW / DATE).iterdir() if one.suffix == ".md"]
    lone = replace(both, slow=False)
    assert [(both.output, lone)] == publishing.editions_in(both.output, lone)
    with pytest.raises(Exception, match="timed silence"):  # it is looked for where it is
        checking.prove(OutFolder(both.output.root / SLOW), DATE)


def test_a_second_run_makes_nothing_anew(
    both: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both editions are fresh; what is spoken is kept in one cache."""
    assert both.clip_folder == both.output.cache / "clips"
    assert both.clip_folder == both.editions[1].clip_folder
    assert not (both.output.root / SLOW / ".cache" / "clips").exists()
    monkeypatch.setattr(ClipCache, "put", lambda *_: pytest.fail("something was spoken"))
    monkeypatch.setattr(making.EpisodeJob, "produce", lambda *_: pytest.fail("made again"))
    assert not made(tmp_path, out=both.out)[1].fresh


def test_a_slow_edition_that_fails_leaves_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The show's own episode is published; the next run makes what is missing."""
    produce = making.EpisodeJob.produce

    def fails(job: making.EpisodeJob, former: catalogue.Recorded | None) -> Made:
        if job.config.edition:
            raise EngineError("the voice has gone")
        return produce(job, former)

    with monkeypatch.context() as patched:
        patched.setattr(making.EpisodeJob, "produce", fails)
        with pytest.raises(EngineError):
            made(tmp_path)
    out = tmp_path / "out"
    assert [f"{DATE}.mp3"] == [*enclosures((out / "feed.xml").read_bytes())]
    assert f"{SLOW}/index.html" not in (out / "index.html").read_text("utf-8")
    assert not (out / SLOW / "feed.xml").exists()
    made(tmp_path)
    assert f"{SLOW}/index.html" in (out / "index.html").read_text("utf-8")


def test_the_slow_edition_is_asked_for_by_a_setting(tmp_path: Path) -> None:
    """As `edition.slow = true`; without it there is one edition."""
    assert [""] == [one.edition for one in Config().editions]
    (tmp_path / settings.FILE).write_text("edition.slow = true\n", encoding="utf-8")
    found = settings.load(environ={}, folder=tmp_path)
    assert ["", SLOW] == [one.edition for one in found.editions]
    assert found.editions[1].editions == (found.editions[1],)
