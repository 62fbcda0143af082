"""Write docs/reference/cli.md from the program's own help: `python docs/reference/generate.py`."""

from pathlib import Path

import click

from qjaudio.cli import COMMANDS, group

HEAD = """# Command line

Written by `python docs/reference/generate.py` from the program's help; a test holds it to that.

Answers go to stdout, messages and progress to stderr. A setting is taken from the option, else
from `QJAUDIO_NAME` in the environment, else from `qjaudio.toml`, else its default
([settings](config.md)).

| exit | means |
|---|---|
| 0 | done |
| 1 | a bug in qjaudio |
| 2 | the command line or a setting is not valid |
| 3 | incomplete: something could not be spoken whole, nothing was published |
| 4 | the input is not an issue that can be read |
| 5 | a model, font or program is missing |
| 6 | a voice or the network failed |
| 7 | the output folder cannot be written |
| 130 | stopped by Ctrl-C |
"""


def reference() -> str:
    """The whole page."""
    context = click.Context(group, info_name="qjaudio", **group.context_settings)
    pages = [HEAD, _section("qjaudio", group, context)]
    for name in COMMANDS:
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(name)
        inner = click.Context(command, info_name=name, parent=context)
        pages.append(_section(f"qjaudio {name}", command, inner))
    return "\n".join(pages)


def _section(title: str, command: click.Command, context: click.Context) -> str:
    context.terminal_width = 90
    return f"## {title}\n\n```\n{command.get_help(context).strip()}\n```\n"


if __name__ == "__main__":
    (Path(__file__).parent / "cli.md").write_text(reference(), encoding="utf-8")
