"""Will tomorrow morning work? One finding for each thing that may be missing."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from commands import finished
from qjaudio.config import Config
from qjaudio.errors import MissingPartError, QjaudioError, UsageError
from qjaudio.pipeline import checking
from qjaudio.pipeline.checking import Finding, exit_code, installation
from qjaudio.rules import voices_folder
from qjaudio.store import OutFolder

__all__ = ["finished"]
NOW = datetime.datetime(2025, 5, 21, 12, 0, tzinfo=datetime.UTC)
DOWN = "ws://127.0.0.1:9/edge"


def found(folder: Path, **settings: Any) -> dict[str, Finding]:
    settings = {"out": str(folder / "out"), "engines": {"edge": {"endpoint": DOWN}}, **settings}
    return {one.what: one for one in installation(Config(**settings), NOW)}


def code(folder: Path, **settings: str) -> int:
    return exit_code(list(found(folder, **settings).values()))


def test_a_whole_installation_works_tomorrow(tmp_path: Path) -> None:
    """All parts are there; the online voice that is down has the offline one behind it."""
    findings = found(tmp_path)
    needed = [one.what for one in findings.values() if one.needed and not one.good]
    assert ([], 0) == (needed, code(tmp_path))
    assert (False, "") != (findings["online voice"].good, findings["online voice"].hint)


def test_a_show_that_takes_only_the_online_voice_needs_it(tmp_path: Path) -> None:
    """With voice = "edge" nobody speaks tomorrow when it is down."""
    assert 6 == code(tmp_path, voice="edge")
    assert 6 == code(tmp_path, voice="edge:zh-CN-YunyangNeural")


def test_a_wrong_setting_of_an_engine_is_no_matter_of_the_network(tmp_path: Path) -> None:
    """`make` speaks with the next voice of the chain; `check` says that the settings are wrong."""
    findings = found(tmp_path, engines={"edge": {"prxy": "x"}})
    assert "[engine.edge] has no setting 'prxy'" == findings["settings"].found
    assert UsageError.exit_code == exit_code(list(findings.values()))


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("http://bao.example.cn/qj/", True),
        ("https://bao.example.cn/qj/", False),
        ("http://192.168.1.5:8010/", False),
        ("http://studio.local/", False),
        ("", False),
    ],
)
def test_an_address_that_apps_refuse_is_told(tmp_path: Path, address: str, warned: bool) -> None:
    """Several apps play no show by http; an address at home is nobody else's matter."""
    finding = found(tmp_path, base_url=address)["settings"]
    assert finding.good
    assert warned == ("is not https" in finding.found)


def test_a_damaged_model_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right size is not enough: it is read whole."""
    monkeypatch.setattr("qjaudio.engines.kokoro.MODEL_SHA256", "0" * 64)
    finding = found(tmp_path)["offline voice"]
    assert (False, 5) == (finding.good, finding.exit_code)
    assert "sha256 is wrong" in finding.found


def test_a_damaged_voice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model alone does not speak: each voice's vectors are read as well."""
    shutil.copytree(voices_folder() / "kokoro", tmp_path / "kokoro")
    (tmp_path / "kokoro" / "zm_yunxi.bin").write_bytes(b"damaged")
    monkeypatch.setattr("qjaudio.engines.kokoro.voices_folder", lambda: tmp_path)
    finding = found(tmp_path)["offline voice"]
    assert (False, 5) == (finding.good, finding.exit_code)
    assert "zm_yunxi is damaged" in finding.found


def test_an_ffmpeg_that_does_not_run_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of that name is not a program."""

    def broken(_arguments: list[str]) -> str:
        raise OSError(8, "Exec format error")

    monkeypatch.setattr(checking, "run_ffmpeg", broken)
    assert 5 == found(tmp_path)["ffmpeg"].exit_code


def test_a_missing_font_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cover cannot be drawn without it."""

    def missing(*_words: object) -> None:
        raise MissingPartError("no font", hint="install it")

    monkeypatch.setattr("qjaudio.episode.cover.cover_font", missing)
    finding = found(tmp_path)["cover font"]
    assert (5, "install it") == (finding.exit_code, finding.hint)


@pytest.mark.parametrize(
    "settings",
    [
        {"voice": "nobody"},
        {"cast": "nowhere.toml"},
        {"lexicon": "nowhere.tsv"},
        {"epaper": "http://example.cn/{jahr}"},
        {"publish_to": "ftp://example.cn/x"},
    ],
)
def test_settings_that_stop_a_run_are_found(tmp_path: Path, settings: dict[str, str]) -> None:
    """Each is a usage error tomorrow, so it is one today."""
    assert 2 == code(tmp_path, **settings)


def test_a_reader_without_a_voice_of_the_chain_is_told(tmp_path: Path) -> None:
    """An engine that the cast does not know reads everybody with its first voice."""
    assert "no voice of" not in found(tmp_path)["settings"].found
    told = found(tmp_path, chain=("kokoro", "silent"))["settings"].found
    assert "the cast gives 女主播 no voice of silent" in told
    assert "男主播" in told
    cast = (voices_folder() / "cast.toml").read_text("utf-8")
    own = tmp_path / "cast.toml"
    own.write_text(cast.replace("zm_", "nobody_"), "utf-8")
    told = found(tmp_path, cast=str(own))["settings"].found
    assert "the cast gives 男主播 no voice of kokoro" in told
    assert "女主播" not in told


def test_a_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "out").touch()
    assert 7 == found(tmp_path)["output folder"].exit_code


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than five episodes is too little to sleep well."""
    little = shutil.disk_usage(tmp_path)._replace(free=checking.FREE_BYTES - 1)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: little)
    finding = found(tmp_path)["disk space"]
    assert 7 == finding.exit_code
    assert "only 0.5 GB free" in finding.found


def test_the_last_episode_has_an_age(tmp_path: Path, finished: Path) -> None:
    """Today, yesterday, days ago; half an episode does not count; an old one is worth a look."""
    assert "none yet" == found(tmp_path, voice="silent")["last episode"].found
    shutil.copytree(finished, tmp_path / "out", dirs_exist_ok=True)
    assert "2025-05-20, yesterday" == found(tmp_path, voice="silent")["last episode"].found
    later = NOW + datetime.timedelta(days=9)
    config = Config(out=str(tmp_path / "out"), engines={"edge": {"endpoint": DOWN}}, voice="silent")
    last = list(installation(config, later))[-1]
    assert (False, 0, "2025-05-20, 10 days ago") == (last.good, last.exit_code, last.found)
    (tmp_path / "out/2025-05-20.mp3").unlink()
    assert "none yet" == found(tmp_path, voice="silent")["last episode"].found


@pytest.mark.parametrize("name", ["out", "ot", "my show"])
def test_a_hint_names_the_folder_that_was_asked_for(
    tmp_path: Path, finished: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is told to be deleted or made lies in that folder, whatever its name."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(finished, name)
    out = OutFolder(Path(name))
    made = {"out": "", "ot": " --out ot", "my show": " --out 'my show'"}[name]
    for date in ("2025-05-20", "2025-05-19"):  # timed silence; none
        with pytest.raises(QjaudioError) as refused:
            checking.prove(out, date)
        assert f"qjaudio make {date}{made}" in refused.value.hint
        assert ("delete" in refused.value.hint) == (f"{name}/{date}/e" in refused.value.hint)
