"""Text that is nothing but one mark over and over: does the time to read it grow with its length?

`python benchmarks/growth.py` makes pages of every mark, marker and figure that the rules know,
alone and in pairs, as one long line, as rows, as paragraphs, under headings, and nested. Each is
read, selected, composed and pronounced at `--chars` characters and at twice as many. A shape whose
time grows more than `--growth` times, or that would take longer than `--bar` seconds at the limit
of an issue, is printed, and the exit status is 1. `--speech` does the same for one line of the
front end alone, `--html` for articles of an e-paper site. `--only TEXT` chooses shapes by name.
"""

# ruff: noqa: E501
import argparse
import itertools
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

import qjaudio.rules
from qjaudio.errors import QjaudioError
from qjaudio.paper.digest import digest
from qjaudio.paper.reading import read_issue
from qjaudio.rules import phrases
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.prepare import from_markdown, to_markdown
from qjaudio.script.pronounce import pronounce, pronounce_text
from qjaudio.sources.epaper.article import read_article
from qjaudio.sources.model import MAX_ISSUE_CHARS
from qjaudio.sources.text import MAX_LINE, split_pages

HEAD = (
    "今日石桥\n\n2025年5月20日 星期二 农历乙巳年四月廿三 总第1234期\n\n"
    "# 新桥今天通车\n\n本报讯（记者 李勤）5月19日，新桥在河口通车，两岸的人走到了一起。\n\n"
)
MARKS = tuple(
    "，。！？；：、…—·～“”‘’（）《》〈〉【】〔〕「」『』,.;:!?-~\"'()[]{}<>|#*_/\\&%‰℃°+=×±@$￥^`"
)
BULLETS = tuple("◆●■▲★◎□※◇▶►○①㈠②▼△←→")
SPACES = (" ", "　", "\t", "\u00a0", "\u200b", "\u2028", "\x0b", "\x85")
FIGURES = (
    "1", "1-", "1.", "1,111,", "1:1", "1/", "1%", "1、", "一、", "一", "十", "万", "0", "１", "²",
    "2025年", "2025-05-20 ", "5月20日", "12:30", "1万", "1十", "3-5", "1℃", "1m/", "$1", "-1",
    "a1", "A", "a ", "1+", "第1", "1x", "www.a", "a@", "http://a/", "1w", "1–2", "2000/", "100万余",
)  # fmt: skip
WORDS = (
    "日报", "今日", "记者", "通讯员", "记者甲一", "记者 甲一 ", "本报记者 李勤 ", "甲一", "甲一 ", "李勤、", "报道",
    "（记者 甲一）", "（甲一）", "【甲】", "（据新华社）", "本报讯", "新华社北京5月20日电", "摄", "文/图",
    "下转第2版", "（上接第1版）", "转", "第二版", "第2版", "责任编辑", "责任编辑：甲", "电话：1", "热线1",
    "区卫生局", "公益广告", "图为", "▲图为", "农历", "总第1期", "主办", "甲主办", "导读", "己经", "己", "日", "问题",
    "“己", "“甲一乙一丙”", "能", "、己", "甲、乙能", "及", "的", "一", "不", "老", "衢江", "行", "重", "单", "为了",
    "气温-1℃", "比分1-1", "1:1胜", "血压120/", "NO.1", "http", "富强民主文明", "今天", "天气1℃", "二维码",
    "甲", "甲乙丙", "了", "啊", "a", "石桥", "李", "欧阳", "二零", "〇", "々", "龘", "Ａ", "é", "😀", "𠀀", "\u0301",
    "# ", "## ", "- ", "**", "__", "<b>", "</b>", "<!--", "-->", "<p>", "&amp;", "播读：", "第1版 ", "記者",
    "。”", "？”", "”。", "。）", "——", "……", "，，", "甲，", "甲。", "甲、", "甲“", "甲（", "“甲”", "《甲》", "◆甲。",
)  # fmt: skip
NESTED = ("（）", "()", "《》", "【】", "[]", "“”", "‘’", "「」", "〔〕", "{}", "<>")


class TooLongError(Exception):
    """The alarm has rung."""


def ring(_number: int, _frame: FrameType | None) -> None:
    """Stop what runs."""
    raise TooLongError


def broken(text: str, width: int, gap: str) -> str:
    """A text as lines of `width` characters."""
    return gap.join(text[at : at + width] for at in range(0, len(text), width))


def repeated(atom: str, chars: int) -> str:
    """So many characters of an atom."""
    return (atom * (chars // len(atom) + 1))[:chars]


FORMS: dict[str, Callable[[str, int], str]] = {
    "line": lambda atom, chars: broken(repeated(atom, chars), MAX_LINE - 10, "\n\n"),
    "column": lambda atom, chars: broken(repeated(atom, chars), 20, "\n"),
    "rows": lambda atom, chars: repeated(atom.strip() + "\n", chars),
    "paragraphs": lambda atom, chars: repeated(atom.strip() + "\n\n", chars),
    "prose": lambda atom, chars: broken(
        repeated(atom + "今天新桥通车", chars), MAX_LINE - 10, "\n\n"
    ),
    "sentences": lambda atom, chars: repeated(f"今天新桥通车{atom}两岸的人走到一起。\n\n", chars),
    "headings": lambda atom, chars: repeated(f"## {atom}新桥\n\n今天新桥通车{atom}。\n\n", chars),
    "heads": lambda atom, chars: repeated(f"## {atom}新桥通车\n\n", chars) + "\n\n今天新桥通车。",
    "bullets": lambda atom, chars: repeated(f"◆新桥今天通车。{atom}\n\n", chars),
    "title": lambda atom, chars: broken(
        repeated(atom, chars), MAX_LINE - 20, "\n\n今天新桥在河口通车了。\n\n# 桥"
    ),
    "pages": lambda atom, chars: repeated(f"第2版\n{atom}\n\n今天{atom}通车\n第3版\n", chars),
}


def atoms() -> dict[str, tuple[str, ...]]:
    """Every mark and word that the rules know, with the forms that they are tried in."""
    units = (row[0] for name in ("units", "currencies", "per") for row in qjaudio.rules.table(name))
    grammar = phrases("bylines")
    words = (*grammar["roles"], *grammar["signoff_endings"], *phrases("clauses")["openers"])
    few = dict.fromkeys((*(f"1{unit}" for unit in units), *words), ("prose", "sentences"))
    return dict.fromkeys((*WORDS, *FIGURES, *MARKS, *BULLETS, *SPACES), tuple(FORMS)) | few


def shapes(*, pairs: bool) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Names and makers of text."""
    for atom, forms in atoms().items():
        for name in forms:
            form = FORMS[name]
            yield f"{name} {atom!r}", partial(form, atom)
    for pair in NESTED:
        for depth in (20, 400, 4_000):
            nest = pair[0] * depth + "甲" + pair[1] * depth
            yield f"nested {pair}{depth}", partial(FORMS["line"], nest)
    if pairs:
        chosen = [*MARKS, *BULLETS[:4], *FIGURES, "甲", "a", " ", "记者", "己"]
        for one, other in itertools.permutations(chosen, 2):
            for name in ("line", "paragraphs"):
                text = one + other
                yield (
                    f"{name} {text!r}",
                    partial(FORMS[name], text),
                )


def as_issue(text: str) -> None:
    """Read a text as an issue, and compose and pronounce the longest script of it."""
    issue = read_issue(split_pages(HEAD + text))
    fixed = phrases("phrases")
    digest(issue, 1.0)
    script = compose(digest(issue, 24 * 60.0), fixed)
    from_markdown(to_markdown(script, fixed), script, fixed)
    pronounce(script, default_lexicon())


def as_line(text: str) -> None:
    """Pronounce a text as one line, whatever its length."""
    pronounce_text(text, default_lexicon())


def as_html(text: str) -> None:
    """Read a text as the body of an article on an e-paper site."""
    read_article(
        f"<html><head><title>{text[:400]}</title></head><body><h1>新桥</h1>"
        f"<founder-content><p>{text}</p></founder-content></body></html>",
        "http://127.0.0.1/content_1.htm",
    )


def seconds(read: Callable[[str], None], text: str, longest: float) -> float:
    """How long it takes; `longest` where it does not end before."""
    signal.setitimer(signal.ITIMER_REAL, longest)
    began = time.process_time()
    try:
        read(text)
    except QjaudioError:
        pass
    except TooLongError:
        return longest
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.process_time() - began


def main() -> int:
    """Print what grows; returns how many shapes did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=20_000)
    parser.add_argument("--growth", type=float, default=2.6)
    parser.add_argument("--bar", type=float, default=20.0)
    parser.add_argument("--limit", type=int, default=MAX_ISSUE_CHARS, help="characters of the bar")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--only", default="")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--speech", action="store_true")
    kind.add_argument("--html", action="store_true")
    chosen = parser.parse_args()
    read = as_line if chosen.speech else as_html if chosen.html else as_issue
    signal.signal(signal.SIGALRM, ring)
    read(HEAD)
    count = bad = 0
    slowest = (0.0, "")
    for name, make in shapes(pairs=chosen.pairs):
        if chosen.only not in name:
            continue
        count += 1
        first = seconds(read, make(chosen.chars), 10.0)
        second = seconds(read, make(2 * chosen.chars), 10.0) if first < 10.0 else 10.0
        at_limit = second * chosen.limit / (2 * chosen.chars)
        slowest = max(slowest, (at_limit, name))
        grows = second > chosen.growth * max(first, 0.1)
        if grows or at_limit > chosen.bar:
            bad += 1
            print(f"{name:40} {first:7.2f} s {second:7.2f} s {at_limit:8.1f} s", flush=True)
    print(f"{count} shapes, {bad} of them slow; the slowest, {slowest[1]}: {slowest[0]:.1f} s")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
