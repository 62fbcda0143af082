"""An article for a WeChat official account: HTML with inline styles, a picture, a summary."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

from qjaudio.episode.model import printable, shorten
from qjaudio.outlets import Finished, fill_template
from qjaudio.rules import phrases
from qjaudio.script.compose import printed_date
from qjaudio.script.model import Line, Part

MOST_TITLE, MOST_SUMMARY = 64, 119
"""Characters that the editor of official accounts takes; a summary has under 120."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wechat:
    """The settings of `[export.wechat]`."""

    name: str = "{date}-wechat"
    """The name of the folder."""

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:  # noqa: ARG002
        """Write article.html, cover.jpg, title.txt and summary.txt."""
        place = folder / source.name(self.name)
        place.mkdir()
        body = _article(source)
        label = source.maker.label(hashlib.sha256(body.encode("utf-8")).hexdigest())
        title = shorten(printable(source.episode.title), MOST_TITLE)
        texts = {
            "article.html": fill_template("article.html", title=title, label=label, body=body),
            "title.txt": f"{title}\n",
            "summary.txt": f"{summary(source)}\n",
        }
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8")
        (place / "cover.jpg").write_bytes(source.cover)
        return ()


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


def _article(source: Finished) -> str:
    """What is pasted into the editor: no classes, scripts or style sheets, which it takes away."""
    words, episode = phrases("outlets")["wechat"], source.episode
    minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
    date = printed_date(datetime.date.fromisoformat(episode.date))
    facts = [
        words["from"].format(paper=printable(episode.paper), date=date),
        words["length"].format(minutes=minutes, seconds=seconds),
    ]
    base = source.config.base_url
    numbers = count(1)
    parts = [
        _part(part, [line for line, _ in said], next(numbers) if part.kind == "story" else 0)
        for part, said in source.parts
        if part.kind != "headlines"
    ]
    return fill_template(
        "article_body.html",
        words=words,
        facts=" · ".join(facts),
        url=base and f"{base}{episode.date}.html",
        titles=[printable(part.title) for part in source.script.stories],
        parts=parts,
    ).rstrip()


def _part(
    part: Part, lines: Sequence[Line], number: int
) -> tuple[str, str, list[tuple[str, bool]]]:
    """Title and facts of a story, then paragraphs, each with whether it is a crosshead."""
    page = phrases("outlets")["wechat"]["page"].format(page=part.page) if part.page else ""
    facts = filter(None, (page, *map(printable, (*part.byline, part.signoff))))
    paragraphs = [
        (text, kind == "crosshead")
        for (_, kind), group in groupby(lines, lambda line: (line.paragraph, line.kind))
        if kind != "headline" and (text := printable("".join(line.text for line in group)))
    ]
    told = (f"{number}. {printable(part.title)}", " · ".join(facts)) if number else ("", "")
    return *told, paragraphs
