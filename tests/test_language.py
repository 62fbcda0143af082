"""What the program says is said in Chinese, too, to whoever reads Chinese."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo

from qjaudio.cli import COMMANDS, run
from qjaudio.config import setting_names
from qjaudio.language import CHINESE, ENGLISH, display_width, language, translated, wrapped

REPO = Path(__file__).parents[1]
GENERATOR = runpy.run_path(str(REPO / "docs/reference/generate_messages.py"))
WAY_OUT = """
Write the Chinese of new messages into src/qjaudio/locale/zh_CN/LC_MESSAGES/qjaudio.po, after
    python docs/reference/generate_messages.py
has put them there; run it again afterwards: it compiles. Then generate_errors.py beside it."""
NAMES = """
accepts all anchor auto bootstrap checked chmod chown combined cron crontab cut dask distributed
dmesg dpi eastasia edge en enable engine epub extra false ffmpeg format gzip headline https iconv
install join kinds kokoro launchctl launchd length loginctl loudspeaker lufs model name nginx none
off one page pages parallel pip priority pypinyin qjaudio reference region right root schtasks
seconds settings sherpa silent speak spoken sshfs ssh stderr stories story systemctl systemd test
three today true ulimit video wechat worker wrong yesterday zh
"""
"""Words in small letters that are typed as they stand, beside commands and settings."""
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def english_in(text: str) -> list[str]:
    """The words in small letters that are no name, path, option or command to type."""
    known = {*NAMES.split(), *COMMANDS, *setting_names()}
    text = re.sub(r"qjaudio [ -~]+|`[^`]*`|\{\w*\}", " ", text)
    words = [word.strip("(),\"'") for word in re.findall(r"[!-~]+", text)]
    return [word for word in words if re.fullmatch("[a-z]{2,}", word) and word not in known]


def has_english(text: str) -> bool:
    """Whether three English words stand in a row, but for commands to type."""
    return bool(SENTENCE.search(re.sub(r"qjaudio [ -~]+", "", text)))


@pytest.fixture(scope="module")
def pairs() -> dict[str, str]:
    """Every message with its Chinese."""
    return {str(one.id): str(one.string) for one in GENERATOR["catalogue"]() if one.id}


def test_no_message_lacks_its_chinese(pairs: dict[str, str]) -> None:
    """The catalogue holds what the code says and nothing else, all of it in Chinese."""
    shapes = {GENERATOR["shape"](text): chinese for text, chinese in pairs.items()}
    wanted = set(map(GENERATOR["shape"], GENERATOR["messages"]()))
    assert [] == sorted(text for text in wanted if not shapes.get(text)), WAY_OUT
    assert [] == sorted(shapes.keys() - wanted), WAY_OUT


def test_the_compiled_catalogue_is_the_catalogue(pairs: dict[str, str]) -> None:
    """qjaudio.mo, which the program reads, says what qjaudio.po says."""
    with GENERATOR["COMPILED"].open("rb") as file:
        compiled = {str(one.id): str(one.string) for one in read_mo(file) if one.id}
    assert pairs == compiled, WAY_OUT


def test_chinese_holds_no_english_words(pairs: dict[str, str]) -> None:
    """Nor do the hints of errors, those too short to be messages of the catalogue."""
    errors = runpy.run_path(str(REPO / "docs/reference/generate_errors.py"))
    hints = [errors["in_chinese"](part) for _, *row in errors["rows"]() for part in row]
    assert [] == [text for text in (*pairs.values(), *hints) if english_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wechat: nothing is missing: x; y", "wechat：没有缺的：x；y"),
        ("5 places of the pages to check: 第1版甲; 第2版乙", "版面有 5 处待查：第1版甲；第2版乙"),
        (
            "x: failed (exit 4) (3 of 3): y is cut off: its end is missing",
            "x：失败（退出码 4）（第3个，共3个）：y 不完整：缺了结尾",
        ),
        (
            "cannot read x.toml: Invalid statement (at line 2, column 1)",
            "读不了 x.toml：这一行看不懂（第 2 行第 1 列）",
        ),
        ("/www  3 files sent, 5 bytes; 0 unchanged", "/www  已发送 3 个文件，5 字节；0 个没有变化"),
        ("its settings are sizes, fps, name", "可用的设置有 sizes, fps, name"),
    ],
)
def test_what_stands_in_a_row_is_said_one_by_one(text: str, expected: str) -> None:
    """A message behind a label is a message; names in a list are none."""
    assert expected == translated(text, CHINESE)


def test_every_message_is_found_again_with_its_values(pairs: dict[str, str]) -> None:
    """Whatever the values are, a text is taken for the message that it was made from."""
    names = GENERATOR["names_in"]
    for text, chinese in pairs.items():
        values = {name: f"⟨{name}⟩" for name in names(text)}
        assert set(names(chinese)) <= set(values), text
        if text.strip("{}") in values:
            continue
        assert chinese.format(**values) == translated(text.format(**values), CHINESE), text


def test_messages_fit_a_terminal(pairs: dict[str, str]) -> None:
    """An error and its hint, without their values, are at most 80 columns wide once wrapped."""
    for text in (text for pair in pairs.items() for text in pair):
        bare = GENERATOR["_built"](text, lambda _: "").format()
        assert all(display_width(line) <= 80 for line in wrapped(f"qjaudio: {bare}", 76)), text


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ENGLISH),
        ({"LANG": "C"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, CHINESE),
        ({"LANG": "xx_YY.UTF-8"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ({"LANG": "C", "LC_MESSAGES": "zh_CN"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "QJAUDIO_LANG": "en"}, ENGLISH),
        ({"LANG": "C", "QJAUDIO_LANG": "zh"}, CHINESE),
        ({"QJAUDIO_LANG": "klingon\u0000"}, ENGLISH),
    ],
)
def test_the_language_is_asked_for(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """QJAUDIO_LANG decides, else the system's locale; one that does not exist is English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", variables)
    assert expected == language()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('lang = "zh"', CHINESE),
        ('[show]\nlang = "zh"', CHINESE),
        ("lang = 3", ENGLISH),
        ("lang = ", ENGLISH),
        ("\xff", ENGLISH),
    ],
)
def test_a_show_may_have_its_language(
    settings: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`lang` in qjaudio.toml stands before the locale; a file that is broken decides nothing."""
    (tmp_path / "qjaudio.toml").write_text(settings, "latin-1")
    monkeypatch.chdir(tmp_path)
    for locale in ("C", "xx_YY.nonsense"):
        monkeypatch.setattr("os.environ", {"LANG": locale})
        assert expected == language()


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS), ["lexicon", "add"]])
def test_help_is_chinese_and_fits(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No English sentence is left, and no line is wider than the terminal."""
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "80")
    assert 0 == run([*words, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert all(display_width(line) <= 80 for line in lines)
    assert [] == [line for line in lines if has_english(line)]
    assert any("帮助" in line for line in lines)


MISTAKES = [
    "mkae", "make", "make --froce", "make 2025-13-01", "make 2025-05-20 --minutes x",
    "make 2025-05-20 --minutes -1", "make 2025-05-20 --from nowhere.txt", "make 2025-05-20",
    "make 2025-05-20 --voice robot", "make 2025-05-20 --expect-by 9", "make --since 2999-01-01",
    "make 2025-05-21..2025-05-20", "make --missing", "make --shows nowhere",
    "make 2025-05-20..2025-05-21 --from x", "make 2025-05-20 --cluster x",
    "make 2025-05-20 --out", "make 2025-05-20 --strict=x", "read", "read nowhere", "read a b",
    "script", "script 20", "script 2025-05-20", "say", "say x --voice", "say x --voice robot",
    "say 。 -o x.mp3", "lexicon ad", "lexicon add 廿里", "lexicon add 廿里 nian", "feed",
    "feed --out nowhere", "serve --port x", "serve --port 70000", "serve --out nowhere",
    "serve --key x", "publish", "publish nowhere://x", "check --listen", "check 2025-05-20",
    "schedule --at 25:00", "schedule --at 10:00 --expect-by 09:00", "schedule --every 0",
    "schedule --every x",
]  # fmt: skip


def test_mistakes_are_answered_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """More than forty errors: two lines each, with a way out; the same exit status in both."""
    monkeypatch.chdir(tmp_path)
    for words in MISTAKES:
        told: dict[str, Any] = {}
        for wish in ("en", "zh"):
            monkeypatch.setenv("QJAUDIO_LANG", wish)
            told[wish] = (run(words.split()), *capsys.readouterr().err.splitlines()[-2:])
        assert told["en"][0] == told["zh"][0] != 0, words
        assert told["en"][1].startswith("qjaudio: "), words
        assert told["en"][2].startswith("  hint: "), words
        assert told["zh"][2].startswith("  怎么办："), words
        assert re.search(r"[一-鿿]", told["zh"][1]), told
        assert not has_english(" ".join(told["zh"][1:])), told


def test_json_and_exit_codes_have_no_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A program reads the same whatever its user speaks."""
    monkeypatch.chdir(tmp_path)
    answers = set()
    for wish in ("en", "zh"):
        monkeypatch.setenv("QJAUDIO_LANG", wish)
        answers.add((run(["voices", "--json"]), capsys.readouterr().out))
    assert 1 == len(answers)
