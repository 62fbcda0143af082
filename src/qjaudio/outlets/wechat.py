"""An article for a WeChat official account: HTML with inline styles, a picture, a summary."""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from qjaudio.episode.model import LABEL, printable, shorten
from qjaudio.outlets import Finished
from qjaudio.rules import phrases
from qjaudio.script.compose import printed_date
from qjaudio.script.model import Line, Part

MOST_TITLE, MOST_SUMMARY = 64, 119
"""Characters that the editor of official accounts takes; a summary has under 120."""
_RED, _GREY = "#a3161b", "#5f574d"
_BODY = "font-size:16px;line-height:1.9;color:#1e1b18;letter-spacing:0.5px;"
_BOX = f"{_BODY}padding:0 8px;"
_NOTE = f"font-size:14px;line-height:1.7;color:{_GREY};margin:0 0 16px;"
_STORY_TITLE = f"font-size:19px;line-height:1.5;font-weight:bold;color:{_RED};margin:32px 0 8px;"
_CROSSHEAD = "font-size:16px;line-height:1.6;font-weight:bold;margin:16px 0 8px;"
_NOTICE_BOX = (
    f"font-size:14px;line-height:1.7;color:{_RED};border:1px solid {_RED};"
    "padding:8px 12px;margin:0 0 16px;"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wechat:
    """The settings of `[export.wechat]`."""

    name: str = "{date}-wechat"
    """The name of the folder."""

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:  # noqa: ARG002
        """Write article.html, cover.jpg, title.txt and summary.txt."""
        place = folder / source.name(self.name)
        place.mkdir()
        body = "\n".join(_article(source))
        label = source.maker.label(hashlib.sha256(body.encode("utf-8")).hexdigest())
        title = shorten(printable(source.episode.title), MOST_TITLE)
        texts = {
            "article.html": _ARTICLE.format(title=escape(title), label=escape(label), body=body),
            "title.txt": f"{title}\n",
            "summary.txt": f"{summary(source)}\n",
        }
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8")
        (place / "cover.jpg").write_bytes(source.cover)
        return ()


_ARTICLE = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    f'<meta name="{LABEL}" content="{{label}}">\n</head>\n'
    '<body style="margin:0 auto;max-width:677px;">\n{body}\n</body>\n</html>\n'
)


def summary(source: Finished) -> str:
    """The headlines of the first stories, as many as fit into 119 characters."""
    words = phrases("outlets")["wechat"]
    titles = [printable(part.title) for part in source.script.stories]
    texts = [
        words["summary"].format(headlines=words["between"].join(titles[:count]))
        for count in range(len(titles), 0, -1)
    ]
    fitting = (text for text in texts if len(text) <= MOST_SUMMARY)
    return next(fitting, shorten(texts[-1] if texts else source.episode.title, MOST_SUMMARY))


def _article(source: Finished) -> Iterator[str]:
    """What is pasted into the editor: no classes, scripts or style sheets, which it takes away."""
    words, episode = phrases("outlets")["wechat"], source.episode
    minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
    date = printed_date(datetime.date.fromisoformat(episode.date))
    facts = [
        words["from"].format(paper=printable(episode.paper), date=date),
        words["length"].format(minutes=minutes, seconds=seconds),
    ]
    yield f'<section style="{_BOX}">'
    yield _paragraph(words["label"], _NOTICE_BOX)
    yield '<p style="margin:0 0 16px;"><img src="cover.jpg" alt="" style="width:100%;"></p>'
    listen = ""
    if source.config.base_url:
        url = escape(f"{source.config.base_url}{episode.date}.html")
        listen = f' · <a href="{url}" style="color:{_RED};">{words["listen"]}</a>'
    yield f'<p style="{_NOTE}">{escape(" · ".join(facts))}{listen}</p>'
    yield _paragraph(words["list"], _CROSSHEAD)
    for number, part in enumerate(source.script.stories, start=1):
        yield _paragraph(f"{number}. {printable(part.title)}", f"{_BODY}margin:0;")
    number = 0
    for part, said in source.parts:
        number += part.kind == "story"
        if part.kind != "headlines":
            yield from _part_html(part, [line for line, _ in said], number)
    yield "</section>"


def _part_html(part: Part, lines: Sequence[Line], number: int) -> Iterator[str]:
    words = phrases("outlets")["wechat"]
    if part.kind == "story":
        yield _paragraph(f"{number}. {printable(part.title)}", _STORY_TITLE)
        facts = [words["page"].format(page=part.page)] if part.page else []
        facts += map(printable, (*part.byline, part.signoff))
        yield _paragraph(" · ".join(filter(None, facts)), _NOTE)
    for (_, kind), group in groupby(lines, lambda line: (line.paragraph, line.kind)):
        text = "".join(line.text for line in group)
        if kind != "headline":
            is_head = kind == "crosshead"
            yield _paragraph(text, _CROSSHEAD if is_head else f"{_BODY}margin:12px 0;")


def _paragraph(text: str, style: str) -> str:
    return f'<p style="{style}">{escape(printable(text))}</p>' if text else ""
