"""Drafts put together to whole stories: their parts under 小标题, their rest on another page."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from qjaudio.paper.drafts import Draft
from qjaudio.paper.text import PageText, bigrams, han, overlap, shared_with
from qjaudio.paper.words import parted_word

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


MIN_SAME_WIDTH, MIN_COLUMN_LINES, MAX_COLUMN = 0.75, 4, 100
"""Columns of one story are about as wide; fewer lines do not tell how wide a column is, nor are
more compared."""


def merge_crossheads(drafts: Sequence[Draft]) -> list[Draft]:
    """Give stories back the parts that stand under crossheads of their own."""
    merged: list[Draft] = []
    at = 0
    while at < len(drafts):
        size = _parts_after(drafts, at)
        merged.append(_with_parts(drafts[at], drafts[at + 1 : at + 1 + size]))
        at += 1 + size
    return merged


def _with_parts(story: Draft, parts: Sequence[Draft]) -> Draft:
    """A story with its parts; the first crosshead may stand right under the headline."""
    heads, first = story.heads, story.heads[:0]
    numbered = bool(parts) and all(_NUMBER.match(part.heads[0].text) for part in parts)
    if numbered and len(heads) > 1 and _NUMBER.match(heads[-1].text):
        heads, first = heads[:-1], heads[-1:]
    titles = [piece.order for piece in chain(first, *(part.heads for part in parts))]
    return replace(
        story,
        heads=heads,
        body=(*first, *story.body, *chain(*(part.heads + part.body for part in parts))),
        crossheads=story.crossheads.union(titles, *(part.crossheads for part in parts)),
        credits=(*story.credits, *chain(*(part.credits for part in parts))),
        signoffs=(*story.signoffs, *chain(*(part.signoffs for part in parts))),
        onward=next(filter(None, (story.onward, *(part.onward for part in parts))), None),
    )


def _parts_after(drafts: Sequence[Draft], at: int) -> int:
    """How many of the following drafts are parts of this one."""
    story = drafts[at]
    if _is_finished(story):
        return 0
    run: list[Draft] = []
    for part in drafts[at + 1 : at + 1 + MAX_PARTS]:
        if part.page != story.page or not _may_be_part(story, part):
            break
        run.append(part)
        if _is_finished(part):
            break
    for size in range(len(run), 0, -1):
        if _is_series(story, run[:size]):
            return size
    return 0


def _is_finished(story: Draft) -> bool:
    """Whether a story shows its end: a credit, a sign-off or a jump line."""
    if story.onward or story.signoffs or not story.body:
        return True
    last = story.body[-1]
    return last.facts.is_signed or any(credit.order > last.order for credit in story.credits)


def _may_be_part(story: Draft, part: Draft) -> bool:
    first = part.body[0] if part.body else None
    if (
        len(part.heads) != 1
        or part.labelled
        or part.back
        or (first and first.facts.opens_story)
        or any(not first or credit.order < first.order for credit in part.credits)
    ):
        return False
    head = part.heads[0]
    main = _highest_level(story)
    deeper = (bool(story.heads) and _depth(head.level) > main) or (not head.level and main >= 7)
    numbered = bool(_NUMBER.match(head.text))
    if head.facts.han_count > MAX_CROSSHEAD or not (deeper or numbered):
        return False
    if numbered or _spans_columns(part):
        return numbered
    lead = first and _LEAD_START.match(str(first.text).lstrip())
    return not lead and not _set_apart(story, part)


def _set_apart(story: Draft, part: Draft) -> bool:
    """Whether two texts are printed in columns of clearly different widths."""
    narrow, wide = sorted(map(_column_width, (story, part)))
    return 0 < narrow < MIN_SAME_WIDTH * wide


def _spans_columns(part: Draft) -> bool:
    """Whether a heading stands over more than one column of its text, as no crosshead does."""
    heading = [span.box for span in part.heads[0].text.spans if span.box]
    lines = [span.box for piece in part.body for span in piece.text.spans if span.box]
    under = [box for box in lines if any(box.shared_width(one) > 0 for one in heading)]
    return any(
        one.shared_height(other) > 0.5 * one.height and one.shared_width(other) < -0.9 * one.height
        for one in under[:MAX_COLUMN]
        for other in under
    )


def _column_width(draft: Draft) -> float:
    """The width of the widest line of a text; 0 where few lines, or no places, are known."""
    lines = chain.from_iterable(piece.lines for piece in draft.body)
    spans = chain.from_iterable(PageText(line).spans for line in lines)
    widths = [span.box.width for span in spans if span.box]
    return max(widths) if len(widths) >= MIN_COLUMN_LINES else 0.0


def _depth(level: int) -> int:
    return level or 7


def _highest_level(story: Draft) -> int:
    return min((_depth(head.level) for head in story.heads), default=0)


def _is_series(story: Draft, parts: list[Draft]) -> bool:
    """Whether the headings of parts go together: numbered, or two or more of one make."""
    heads = [part.heads[0] for part in parts]
    if all(_NUMBER.match(head.text) for head in heads):
        return True
    if len(heads) < 2 or any(_NUMBER.match(head.text) for head in heads):
        return False
    if _highest_level(story) >= 7 and not story.body[0].facts.opens_story and not story.credits:
        return False
    lengths = [head.facts.han_count for head in heads]
    levels = {head.level for head in heads}
    alike = max(lengths) - min(lengths) <= 2 or len({han(head.text)[-1:] for head in heads}) == 1
    return len(levels) == 1 and alike and max(lengths) <= 20


NEAR = 0.5
MAX_JUMPS = 300
"""No issue has so many stories that jump; the rest of one beyond stays a story of its own."""
MAX_PAIRS = 2_000
"""Nor so many that fit each other by their pages; a paper of 40 pages has about 60."""
MAX_HEADS = 6
"""So many headings above a text are compared."""


def join_jumps(drafts: Sequence[Draft]) -> list[Draft]:
    """Join each rest (上接第1版) with the story that jumped there; an orphan stays a story.

    Where several stories jump to one page, the pair that fits best is joined first.
    """
    jumping = [draft for draft in drafts if not draft.back and draft.onward][:MAX_JUMPS]
    rests = [draft for draft in drafts if draft.back][:MAX_JUMPS]
    free = [draft for draft in jumping if not _has_its_rest(draft)]
    pairs = [(story, rest) for rest in rests for story in free if _may_belong(story, rest)]
    pairs = pairs[:MAX_PAIRS]
    fits = [(_fit(story, rest), (story, rest)) for story, rest in pairs]
    fits.sort(key=lambda row: -row[0])
    rest_of: dict[int, Draft] = {}
    taken: set[int] = set()
    for _, (story, rest) in fits:
        if id(story) not in rest_of and id(rest) not in taken:
            rest_of[id(story)] = rest
            taken.add(id(rest))
    return [
        _with_rest(draft, rest_of[id(draft)]) if id(draft) in rest_of else draft
        for draft in drafts
        if id(draft) not in taken
    ]


def _may_belong(story: Draft, rest: Draft) -> bool:
    """Whether the two ends name each other; where a page is misnumbered, one of them must."""
    if story.page >= rest.page:
        return False
    return story.onward == rest.page or story.page == rest.back


def _has_its_rest(story: Draft) -> bool:
    return any(piece.page != story.page for piece in story.body)


_pairs_of = lru_cache(maxsize=1024)(bigrams)


def _fit(story: Draft, rest: Draft) -> float:
    """How well a rest fits a story: by heading, page, the word cut in two, and wording."""
    last, first = story.body[-1].text, rest.body[0].text if rest.body else ""
    heads, others = (" ".join(head.text for head in draft.heads) for draft in (story, rest))
    text, more = (" ".join(piece.text for piece in draft.body) for draft in (story, rest))
    wording = _pairs_of(more)
    # A text that starts in mid-sentence wants one that stops there, and the other way round.
    midway = bool(rest.body) and rest.body[0].opens is False
    return (
        3 * _same_heading(story, rest)
        + 2 * (story.onward == rest.page)
        + (story.page == rest.back)
        + bool(parted_word(last, first))
        + 0.5 * (midway != story.body[-1].facts.ends_sentence)
        + shared_with(others, _pairs_of(text))
        + (len(wording & _pairs_of(heads + text[:400])) / len(wording) if wording else 0.0)
    )


def _same_heading(story: Draft, rest: Draft) -> float:
    mine, others = story.heads[-MAX_HEADS:], rest.heads[-MAX_HEADS:]
    pairs = ((head.text, other.text) for head in others for other in mine)
    return max((min(1.0, overlap(a, b) + overlap(b, a)) for a, b in pairs), default=0.0)


def _with_rest(story: Draft, rest: Draft) -> Draft:
    """Both as one: a heading that repeats the story's is not spoken, any other is a crosshead."""
    body, repeats, crossheads = story.body, story.repeats, story.crossheads | rest.crossheads
    if _same_heading(story, rest) >= NEAR or len(rest.heads) > 1:
        repeats += rest.heads
    else:
        crossheads |= {head.order for head in rest.heads}
        body += rest.heads
    more = rest.body
    if more and not body[-1].facts.ends_sentence:
        more = (replace(more[0], opens=False), *more[1:])  # the page turn cut the paragraph
    return replace(
        story,
        body=body + more,
        repeats=repeats,
        crossheads=crossheads,
        credits=story.credits + rest.credits,
        signoffs=story.signoffs + rest.signoffs,
    )
