"""Where settings come from."""

from pathlib import Path

import pytest

from qjaudio import config
from qjaudio.errors import UsageError


def written(folder: Path, text: str) -> Path:
    (folder / config.FILE).write_text(text, encoding="utf-8")
    return folder


def test_a_flag_beats_the_environment_beats_the_file(tmp_path: Path) -> None:
    """The nearest word wins; a flag that is not given does not count."""
    folder = written(tmp_path, '[show]\npaper = "甲报"\nvoice = "edge"\nout = "a"\n')
    found = config.load(
        {"voice": "silent", "paper": None}, {"QJAUDIO_OUT": "b", "QJAUDIO_VOICE": "kokoro"}, folder
    )
    assert ("甲报", "silent", "b") == (found.paper, found.voice, found.out)


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    """No file, no environment: headlines and leads, voice auto."""
    assert config.Config() == config.load({}, {}, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('papper = "x"', "unknown setting: papper"),
        ("paper = 3", "paper = 3 must be text"),
        ('minutes = "long"', "not a length"),
        ("minutes = -1", "not a length"),
        ('base_url = "example.cn/qj"', "not a web address"),
        ('email = "radio"', "not an e-mail address"),
        ('email = "a b@example.cn"', "not an e-mail address"),
        ('email = "电台 <radio@example.cn>"', "not an e-mail address"),
        ('email = "radio@localhost"', "not an e-mail address"),
        ("email = 3", "not an e-mail address"),
        ("paper = ", "cannot read"),
        ('days = "weekdays"', "is not a day"),
        ('no_paper = "holidays"', "is not a day"),
        ("bed = 3", "neither a gain"),
        ("[sound]\nsting = true", "neither a gain"),
        ("chime = nan", "neither a gain"),
        ('closing = "loud"', "neither a gain"),
    ],
)
def test_a_wrong_setting_is_explained(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong is said, and how it should be."""
    with pytest.raises(UsageError, match=said) as caught:
        config.load({}, {}, written(tmp_path, text))
    assert caught.value.hint


def test_base_url_ends_with_a_slash(tmp_path: Path) -> None:
    """Addresses are put together behind it."""
    folder = written(tmp_path, 'base_url = "https://example.cn/报"')
    assert "https://example.cn/报/" == config.load({}, {}, folder).base_url


@pytest.mark.parametrize("name", sorted(config.LOUDEST_DB))
def test_music_is_a_gain_or_off(tmp_path: Path, name: str) -> None:
    """A number in the file, text in the environment, or off; its default is one that is allowed."""
    in_file = config.load({}, {}, written(tmp_path, f"[sound]\n{name} = -30\n"))
    assert -30.0 == getattr(in_file, name)
    by_environment = config.load({}, {f"QJAUDIO_{name.upper()}": "-31.5"}, tmp_path)
    assert -31.5 == getattr(by_environment, name)
    assert None is getattr(config.load({}, {}, written(tmp_path, f'{name} = "off"')), name)
    assert config.QUIETEST_DB <= getattr(config.Config(), name) <= config.LOUDEST_DB[name]


def test_the_chain_and_the_tables_of_engines(tmp_path: Path) -> None:
    """A list in the file, commas in the environment; each engine has its table."""
    path = tmp_path / "qjaudio.toml"
    text = '[voice]\nchain = ["azure", "kokoro"]\n\n[engine.azure]\nregion = "east"\n'
    path.write_text(text, encoding="utf-8")
    found = config.load(environ={}, folder=tmp_path)
    assert ("azure", "kokoro") == found.chain
    assert {"region": "east"} == found.engines["azure"]
    assert ("silent",) == config.load(environ={"QJAUDIO_CHAIN": "silent,"}, folder=tmp_path).chain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chain = []", "names no engine"),
        ('chain = ["edge", "edge"]', "names an engine twice"),
        ("chain = 3", "not a list of engines"),
        ("chain = [3]", "not a list of engines"),
        ("engine = 3", "not a table of tables"),
        ("[engine]\nproxy = 'x'", "not a table of tables"),
        ("engines = 3", "unknown setting"),
    ],
)
def test_a_chain_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A loop or an empty list would only be noticed in the morning."""
    (tmp_path / "qjaudio.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        config.load(environ={}, folder=tmp_path)


@pytest.mark.parametrize(
    "email", ["", "radio@example.cn", "a.b+c@mail.example.com", "台@广播.中国"]
)
def test_an_email_is_taken(email: str) -> None:
    """None, and what mail programs take."""
    assert email == config.load({"email": email}, {}).email


@pytest.mark.parametrize(
    "line",
    [
        'out = "a\\u0000b"', 'chain = ["a\\u0000"]', '[engine.edge]\nproxy = "\\u0000"',
        r'out = "D:\new"', r'[export.video]' "\n" r'name = "d:\temp"', r'issues = "D:\报纸"',
        r'logo = "C:\Users\me\logo.png"', r'logo = "D:\x.png"',
    ],
)  # fmt: skip
def test_no_setting_holds_nul(tmp_path: Path, line: str) -> None:
    """Nor what TOML makes of the backslashes of Windows: it is said of the setting, with a way out,
    not met as a bug later.
    """
    (tmp_path / "qjaudio.toml").write_text(line, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        config.load(folder=tmp_path, environ={})
    assert "write paths with /" in caught.value.hint


def test_settings_of_a_windows_editor_are_read(tmp_path: Path) -> None:
    """With CRLF and the mark of UTF-8; what is saved in the code page of the office is told."""
    text = (
        '[show]\r\npaper = \'今日衢江\'\r\nout = \'D:\\节目\'\r\ndescription = """一\r\n二"""\r\n'
    )
    (tmp_path / "qjaudio.toml").write_bytes(text.encode("utf-8-sig"))
    found = config.load(folder=tmp_path, environ={})
    assert ("今日衢江", "D:\\节目", "一\n二") == (found.paper, found.out, found.description)
    (tmp_path / "qjaudio.toml").write_bytes(text.encode("cp936"))
    with pytest.raises(UsageError) as caught:
        config.load(folder=tmp_path, environ={})
    assert "save it as UTF-8" == caught.value.hint


def test_leaders_and_pace_are_numbers_within_bounds(tmp_path: Path) -> None:
    """`all` and nothing mean all; what nobody could follow is refused."""
    (tmp_path / config.FILE).write_text('leaders = "all"\npace = 240\n', encoding="utf-8")
    found = config.load(environ={"QJAUDIO_LEADERS": "3"}, folder=tmp_path)
    assert (3, 240) == (found.leaders, found.pace)
    assert config.load(environ={}, folder=tmp_path).leaders is None
    for name, value in (("leaders", "0"), ("leaders", "2.5"), ("pace", "219"), ("pace", "fast")):
        with pytest.raises(UsageError, match=name):
            config.load(environ={f"QJAUDIO_{name.upper()}": value}, folder=tmp_path)
