"""An article for a WeChat official account: HTML with inline styles, a picture, a summary."""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from qjaudio.episode.model import printable, shorten
from qjaudio.outlets import Finished, from_template
from qjaudio.rules import phrases
from qjaudio.script.compose import printed_date

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
            "article.html": from_template("wechat.html", title=title, label=label, body=body),
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
    """What is pasted into the editor of official accounts."""
    words, episode = phrases("outlets")["wechat"], source.episode
    minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
    date = printed_date(datetime.date.fromisoformat(episode.date))
    facts = [
        words["from"].format(paper=printable(episode.paper), date=date),
        words["length"].format(minutes=minutes, seconds=seconds),
    ]
    address = source.config.base_url
    return from_template(
        "wechat_article.html",
        words=words,
        facts=" · ".join(facts),
        url=address and f"{address}{episode.date}.html",
        titles=[printable(part.title) for part in source.script.stories],
        parts=[*_shown_parts(source)],
    )


def _shown_parts(source: Finished) -> Iterator[dict[str, Any]]:
    """Number, facts and paragraphs of each part that is shown."""
    number = 0
    for part, said in source.parts:
        is_story = part.kind == "story"
        number += is_story
        page = phrases("outlets")["wechat"]["page"].format(page=part.page) if part.page else ""
        facts = filter(None, (page, *map(printable, (*part.byline, part.signoff))))
        lines = groupby((line for line, _ in said), lambda line: (line.paragraph, line.kind))
        texts = [(kind, printable("".join(line.text for line in own))) for (_, kind), own in lines]
        if part.kind != "headlines":
            yield {
                "number": number if is_story else 0,
                "facts": " · ".join(facts),
                "paragraphs": [row for row in texts if row[0] != "headline" and row[1]],
            }
