"""小标题: headings inside a story, told from the headline of the next one."""

import re

from qjaudio.paper.byline import is_signed, opens_story
from qjaudio.paper.characters import han
from qjaudio.paper.draft import Draft

_NUMBER = re.compile(
    r"^[（(【]?(?:第?[一二三四五六七八九十]{1,2}(?:[、：:）)．.]|[步招篇章是])|第[一二三四五六七八九十\d]{1,2}[步招篇章站]|"
    r"[1-9１-９][.．、)）](?!\d)|0\d[\s.、]?|[①②③④⑤⑥⑦⑧⑨]|[（(]\d[)）])"
)
_LEAD_START = re.compile(
    r"^(?:本报|近日|日前|连日来|昨[日天]|(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日[上下，,])"
)
MAX_CROSSHEAD = 26
MAX_PARTS = 30
"""No story of a page has more crossheads that read like headings of their own."""


def merge_crossheads(drafts: list[Draft]) -> list[Draft]:
    """Give stories back the parts that stand under crossheads of their own."""
    merged: list[Draft] = []
    at = 0
    while at < len(drafts):
        size = _parts_after(drafts, at)
        story, parts = drafts[at], drafts[at + 1 : at + 1 + size]
        _split_first(story, parts)
        for part in parts:
            _take(story, part)
        merged.append(story)
        at += 1 + size
    return merged


def _split_first(story: Draft, parts: list[Draft]) -> None:
    """The first crosshead may stand right under the headline: it is no part of it."""
    numbered = bool(parts) and all(_NUMBER.match(part.heads[0].text) for part in parts)
    if numbered and len(story.heads) > 1 and _NUMBER.match(story.heads[-1].text):
        first = story.heads.pop()
        story.crossheads.add(first.order)
        story.body.insert(0, first)


def _take(story: Draft, part: Draft) -> None:
    story.crossheads |= {piece.order for piece in part.heads} | part.crossheads
    story.body += part.heads + part.body
    story.credits += part.credits
    story.signoffs += part.signoffs
    story.onward = story.onward or part.onward


def _parts_after(drafts: list[Draft], at: int) -> int:
    """How many of the following drafts are parts of this one."""
    story = drafts[at]
    if _finished(story):
        return 0
    run: list[Draft] = []
    for part in drafts[at + 1 : at + 1 + MAX_PARTS]:
        if part.page != story.page or not _may_be_part(story, part):
            break
        run.append(part)
        if _finished(part):
            break
    for size in range(len(run), 0, -1):
        if _is_series(story, run[:size]):
            return size
    return 0


def _finished(story: Draft) -> bool:
    """Whether a story shows its end: a credit, a sign-off or a jump line."""
    if story.onward or story.signoffs or not story.body:
        return True
    return is_signed(story.body[-1].text)


def _may_be_part(story: Draft, part: Draft) -> bool:
    first = part.body[0].text if part.body else ""
    if len(part.heads) != 1 or part.credits or part.back or opens_story(first):
        return False
    head = part.heads[0]
    main = _level(story)
    deeper = _depth(head.level) > main or (not head.level and main >= 7)
    numbered = bool(_NUMBER.match(head.text))
    if len(han(head.text)) > MAX_CROSSHEAD or not (deeper or numbered):
        return False
    return numbered or not _LEAD_START.match(first.lstrip())


def _depth(level: int) -> int:
    return level or 7


def _level(story: Draft) -> int:
    return min((_depth(head.level) for head in story.heads), default=0)


def _is_series(story: Draft, parts: list[Draft]) -> bool:
    """Whether the headings of parts go together: numbered, or two or more of one make."""
    heads = [part.heads[0] for part in parts]
    if all(_NUMBER.match(head.text) for head in heads):
        return True
    if len(heads) < 2 or any(_NUMBER.match(head.text) for head in heads):
        return False
    if _level(story) >= 7 and not opens_story(story.body[0].text) and not story.credits:
        return False
    lengths = [len(han(head.text)) for head in heads]
    levels = {head.level for head in heads}
    alike = max(lengths) - min(lengths) <= 2 or len({han(head.text)[-1:] for head in heads}) == 1
    return len(levels) == 1 and alike and max(lengths) <= 20
