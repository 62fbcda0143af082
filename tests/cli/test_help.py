"""Every command and option explains itself, quickly."""

import runpy
import subprocess
import sys
from pathlib import Path

import click
import pytest

from qjaudio.cli import COMMANDS, group, run
from qjaudio.config import setting_names

REPO = Path(__file__).parents[2]


def commands() -> dict[str, click.Command]:
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in COMMANDS}
    return {name: command for name, command in found.items() if command}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_have_help(name: str) -> None:
    """A sentence, an example to copy, and words for every option."""
    command = commands()[name]
    assert command.help
    assert "Example: qjaudio " + name in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def test_the_reference_is_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/reference/cli.md, and the Chinese one, are what the generator writes today."""
    monkeypatch.setenv("QJAUDIO_LANG", "")
    reference = runpy.run_path(str(REPO / "docs/reference/generate.py"))["reference"]
    for name in ("cli.md", "cli.zh-CN.md"):
        assert reference(name) == (REPO / "docs/reference" / name).read_text("utf-8"), name


@pytest.mark.parametrize(
    "page",
    ["README.md", "README.zh-CN.md", "docs/reference/config.md", "docs/reference/config.zh-CN.md"],
)
def test_settings_and_commands_are_documented(page: str) -> None:
    """Both READMEs name every command, both pages of settings every setting."""
    text = (REPO / page).read_text("utf-8")
    wanted = sorted(setting_names()) if "config" in page else list(COMMANDS)
    assert [] == [
        name for name in wanted if f"`{name}" not in text and f"qjaudio {name}" not in text
    ]


def test_help_imports_nothing_heavy() -> None:
    """No help, of any command, loads a sound, model, network or PDF library, nor the pipeline.

    That of `say` does not load what reads and writes whole issues either.
    """
    code = (
        "import sys, qjaudio.cli as c; c.run(['--help']); c.run(['say', '--help']); "
        "issues = {'qjaudio.pipeline.reading', 'qjaudio.pipeline.scripting'} & set(sys.modules); "
        "[c.run([name, '--help']) for name in c.COMMANDS]; "
        "heavy = {'numpy', 'onnxruntime', 'aiohttp', 'edge_tts', 'pydub', 'mutagen', 'PIL',"
        " 'wetext', 'pypinyin', 'rjieba', 'rich', 'jinja2', 'qjaudio.pipeline.making'}; "
        "sys.exit(' '.join(sorted(issues | heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the words that were wrong."""
    assert 2 == run(["mkae"])
    assert "mkae" in capsys.readouterr().err
