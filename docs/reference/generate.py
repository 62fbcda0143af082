"""Write the pages of the command line from the program's help: `python docs/reference/generate.py`.

The Chinese one shows what whoever reads Chinese sees; its help is that of the catalogue.
"""

import os
from pathlib import Path
from unittest import mock

import click

from qjaudio.cli import COMMANDS, group

HEADS = {
    "cli.md": """# Command line

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
""",
    "cli.zh-CN.md": """# 全部命令

本页由 `python docs/reference/generate.py` 根据程序的帮助生成，有测试核对。

结果写到 stdout，过程和提醒写到 stderr。一项设置先看选项，再看环境变量 `QJAUDIO_名称`，再看
`qjaudio.toml`，都没有用默认值（[全部设置](config.zh-CN.md)）。

| 退出码 | 意思 |
|---|---|
| 0 | 做好了 |
| 1 | qjaudio 自身的缺陷 |
| 2 | 命令或设置写错了 |
| 3 | 不完整：有一句没能念全，没有发布 |
| 4 | 给的不是读得了的报纸 |
| 5 | 缺模型、字体或程序 |
| 6 | 语音或网络不通 |
| 7 | 输出文件夹写不进 |
| 130 | 按 Ctrl-C 停下 |
""",
}


def reference(name: str = "cli.md") -> str:
    """The whole page of this name."""
    with mock.patch.dict(os.environ, QJAUDIO_LANG="zh" if "zh" in name else "en"):
        context = group.make_context("qjaudio", [], resilient_parsing=True)
        pages = [HEADS[name], _section("qjaudio", group, context)]
        for called in COMMANDS:
            command = group.get_command(context, called)
            if command is None:
                raise LookupError(called)
            inner = command.context_class(command, info_name=called, parent=context)
            pages.append(_section(f"qjaudio {called}", command, inner))
    return "\n".join(pages)


def _section(title: str, command: click.Command, context: click.Context) -> str:
    context.terminal_width = 90
    return f"## {title}\n\n```\n{command.get_help(context).strip()}\n```\n"


if __name__ == "__main__":
    for page in HEADS:
        (Path(__file__).parent / page).write_text(reference(page), encoding="utf-8")
