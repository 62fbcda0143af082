"""Drafts put together to whole stories, and those left out that are none: adverts and paid notices.

A story gets its parts under 小标题, its rest on another page, and what another story parts from it,
as where the reading order broke at a wide picture: it stops in the middle of a sentence, and its
rest stands below the text of another one. Which pieces are the rest is told by the word that the
break cuts in two, by what cannot begin a sentence, and by the wording of both stories.

What speaks for an advert is in rules/adverts.toml: how to reach a shop, its own voice, prices, what
it offers. A dateline, a reporter and people who say something speak for news, so that news with a
telephone number stays news.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain, groupby, takewhile

from qjaudio.paper.drafts import MAX_CROSSHEAD, NEAR_OVERLAP, Draft, Remains
from qjaudio.paper.headline import UNMARKED
from qjaudio.paper.lines import has_closing
from qjaudio.paper.model import Article, LeftOut
from qjaudio.paper.pieces import Piece
from qjaudio.paper.sentences import is_contact, speaks_as_advert
from qjaudio.paper.text import (
    HAN,
    NO_TEXT,
    Box,
    PageText,
    box_around,
    han,
    has_box,
    overlap,
    spans_of,
)
from qjaudio.paper.words import is_common, parted_word, stops_midway, surnames, tagged, times_of

_NUMBER = re.compile(
    r"^[（(【]?(?:第?[一二三四五六七八九十]{1,2}(?:[、：:）)．.]|[步招篇章是])|第[一二三四五六七八九十\d]{1,2}[步招篇章站]|"
    r"[1-9１-９][.．、)）](?!\d)|0\d[\s.、]?|[①②③④⑤⑥⑦⑧⑨]|[（(]\d[)）])"
)
_LEAD_START = re.compile(
    r"^(?:本报|近日|日前|连日来|昨[日天]|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|[上中下]旬)|\d{1,2}日[上下，,]"
    r"|[本上][周月]|即日起)"
)
MAX_PARTS = 30
"""No story of a page has more crossheads that read like headings of their own."""
SELDOM_NAME = 200  # times in the dictionary's corpus: 老师 and 小区 are no names
UNTOLD = 0.5  # a heading of a story has more of its words in its text
FAR, LEVEL = 5.0, 0.6
"""A 小标题 stands nearer under the text before it, and is level with the top of that, in heights of
a line."""
MIN_PLAIN, MAX_PLAIN = 4, 12  # Han characters of a 小标题 among headings that are marked
MIN_NEWS = 2  # so many stories show how headlines are marked in a text
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
        if _stands_elsewhere(story, (story, *run)[-1], part):
            break
        run.append(part)
        if _is_finished(part):
            break
    for size in range(len(run), 0, -1):
        if _is_series(story, run[:size]):
            return size
    lower = len([*takewhile(lambda part: _is_lower(story, part, drafts), run)])
    rest = drafts[at + 1 : at + 1 + MAX_PARTS]
    return lower or len([*takewhile(lambda part: _is_untold(story, part), rest)])


def _is_lower(story: Draft, part: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether a part stands under a lesser heading than all that open stories of this text, or one
    without mark where most have one, and has nouns of the story that no other one has, or none of
    the heading's words; or is signed where the story is not."""
    head, level = part.heads[0], _highest_level(story)
    headed = [x for x in drafts if x.heads]
    news = [x for x in headed if x.credits or (x.body and x.body[0].facts.opens_story)]
    levels = [*map(_highest_level, news)]
    plain = not head.level and level < UNMARKED and 2 * levels.count(UNMARKED) < len(news)
    plain = plain and head.facts.han_count <= MAX_PLAIN and len(story.body) > 1  # no brief
    if has_box(head.text) or len(news) < MIN_NEWS or not (plain or {*levels} == {level}):
        return False
    last = part.body[-1]
    if part.signoffs or has_closing(last.text, last.lines[-1]):
        return plain and not (story.credits or story.body[0].facts.opens_story)
    if plain and overlap(head.text, " ".join(x.text for x in part.body)) < NEAR_OVERLAP:
        return True
    own = _nouns_of(part.body) & _nouns_of([*story.heads, *story.body])
    return bool(own.difference(*(_nouns_of(x.body) for x in news if x is not story)))


def _is_untold(story: Draft, part: Draft) -> bool:
    """Whether a part without an own beginning stands under a short heading marked like a headline
    that hardly says what its text says, and is about a person of the story."""
    head, last = part.heads[-1] if part.heads else None, part.body[-1]
    if head is None or len(part.heads) > 1 or part.labelled or part.back or part.credits:
        return False
    alike = part.page == story.page and head.level == _highest_level(story)
    alike = alike and not (head.kind or has_box(head.text))
    if not alike or not _may_be_untold(head.text, [x.text for x in part.body]):
        return False
    signed = bool(story.credits) or story.body[0].facts.opens_story
    if part.body[0].facts.opens_story or (signed and has_closing(last.text, last.lines[-1])):
        return False
    texts, own = ([x.text for x in draft.body] for draft in (story, part))
    return _share_a_person(texts, own)


@cache
def _person() -> re.Pattern[str]:
    names = "|".join(surnames())
    says = "说|道|表示|告诉|介绍|笑|回忆|坦言"
    return re.compile(f"[老小阿](?:{names})|(?:{names})[{HAN}]{{1,2}}(?={says})")


def _share_a_person(texts: Iterable[str], others: Iterable[str]) -> bool:
    """Whether somebody who speaks in one text, or is called 老方, is named in the other, too."""
    one, other = "\n".join(texts), "\n".join(others)
    found = {*_person().findall(one), *_person().findall(other)}
    return any(x in one and x in other and times_of(x) < SELDOM_NAME for x in found)


def _may_be_untold(heading: str, texts: Sequence[str]) -> bool:
    """Whether a short heading hardly says what the text below it says, as a 小标题 may."""
    short = MIN_PLAIN <= len(han(heading)) <= MAX_PLAIN and not _LEAD_START.match(texts[0].lstrip())
    return short and overlap(heading, " ".join(texts)) < UNTOLD


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
        or _stands_higher(part, story)
        or any(not first or credit.order < first.order for credit in part.credits)
    ):
        return False
    head = part.heads[0]
    main = _highest_level(story)
    deeper = bool(story.heads) and (not head.level or head.level > main)
    deeper = deeper and bool(head.kind or _is_plain(head, story) or not story.labelled)
    numbered = bool(_NUMBER.match(head.text))
    if head.facts.han_count > MAX_CROSSHEAD or not (deeper or numbered):
        return False
    lead = first and _LEAD_START.match(str(first.text).lstrip())
    apart = lead or _spans_columns(part) or _set_apart(story, part)
    return numbered or _is_placed_part(part) or not apart


def _stands_elsewhere(story: Draft, before: Draft, part: Draft) -> bool:
    """Whether a heading stands further left than the text before it, as in no column after it; far
    under it; or in a column that the story's headline does not reach."""
    last = _boxes_of(before.body[-1:])
    head = _boxes_of(part.heads[:1])
    row = [box for box in last[-2:] if box.shared_height(last[-1]) > 0]  # a mark stands by itself
    if not (last and head) or head[0].right < min(box.left for box in row):
        return bool(last and head)
    if _is_placed_part(part):
        return False
    over = box_around(box for box in last[-2:] if box.shared_width(last[-1]) > 0)
    if head[0].shared_width(over) > 0:  # the last line may end before the heading
        return head[0].top - over.bottom > FAR * last[-1].height
    main = _boxes_of(story.heads)
    beside = any(box.is_tall or box.bottom > last[0].top for box in main)
    text = _boxes_of(chain(before.heads if before is not story else (), story.body, before.body))
    column = [box.top for box in text if box.shared_width(last[-1]) > 0]
    level = abs(min(column) - head[0].top) < LEVEL * head[0].height  # at the top of the next column
    left = min(box.left for box in (head[0], *_boxes_of(part.body[:1])))  # it may be centred there
    return not (beside or level) and all(box.right < left for box in main)


def _stands_higher(part: Draft, story: Draft) -> bool:
    """Whether a part's heading stands over a whole level headline, as none of its parts does but
    where the text of that begins higher, beside it."""
    head = _boxes_of(part.heads[:1])
    main = _boxes_of(story.heads)
    text = _boxes_of(story.body[:1])
    top = min((box.top for box in main), default=0.0)
    if not head or head[0].bottom >= top or box_around(main).is_tall:
        return False
    return not text or text[0].bottom > top


def _set_apart(story: Draft, part: Draft) -> bool:
    """Whether two texts are printed in columns of clearly different widths."""
    narrow, wide = sorted(map(_column_width, (story, part)))
    return 0 < narrow < MIN_SAME_WIDTH * wide


def _spans_columns(part: Draft) -> bool:
    """Whether a heading stands over more than one column of its text, as no crosshead does."""
    heading = _boxes_of(part.heads[:1])
    lines = _boxes_of(part.body)
    under = [box for box in lines if any(box.shared_width(one) > 0 for one in heading)]
    if any(box.shared_width(one) > 0.99 * one.width for box in under for one in heading):
        return False  # a line set wide has gaps too
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


def _boxes_of(pieces: Iterable[Piece]) -> list[Box]:
    """The places of all lines of some pieces."""
    return [span.box for piece in pieces for span in piece.text.spans if span.box]


def _highest_level(story: Draft) -> int:
    return min((head.level or UNMARKED for head in story.heads), default=0)


def _is_series(story: Draft, parts: list[Draft]) -> bool:
    """Whether the headings of parts go together: numbered, or two or more of one make."""
    heads = [part.heads[0] for part in parts]
    if all(_NUMBER.match(head.text) for head in heads):
        return True
    if all(head.kind == "crosshead" or _is_plain(head, story) for head in heads):
        return True
    if len(heads) < 2 or any(_NUMBER.match(head.text) for head in heads):
        return False
    if _highest_level(story) >= 7 and not story.body[0].facts.opens_story and not story.credits:
        return False
    lengths = [head.facts.han_count for head in heads]
    levels = {head.level for head in heads}
    alike = max(lengths) - min(lengths) <= 2 or len({han(head.text)[-1:] for head in heads}) == 1
    return len(levels) == 1 and alike and max(lengths) <= 20


def _is_plain(head: Piece, story: Draft) -> bool:
    """Whether a heading on a printed page is in the size of the text, where its story's is not."""
    return not head.level and has_box(head.text) and 0 < _highest_level(story) < 7


CERTAIN, PROOF, LIKELY = 6, 4, 3
"""Points of a break inside a number, of a proof by words, and the fewest that join two pieces."""
MAX_STORIES, MAX_STOPS = 60, 12
"""No page has more stories; where more of them stop in a sentence, the source drops full stops."""
_NO_BEGINNING = "，。、；：！？）》”’%℃"
_NO_START = ("uj", "ul", "uz", "uv", "ud", "ug", "y", "k", "q", "zg", "ng", "vg", "ag")
"""Of words that begin none: 的, 了, 着, of 吗 and 呢, of 们, of measures, parts of words."""
_NOUNS = ("n", "nz", "nr", "ns", "nt", "vn", "l", "j")
MIN_CLAUSE = 4
"""Han characters of the shortest clause that opens a sentence, but for 目前, 随后 and such."""
MIN_NOUNS = 2
"""So many nouns of one story alone tell whose a text is."""


def join_parted(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, each with the rest that stood in another one of its page."""
    found: list[Draft] = []
    for _, page in groupby(drafts, key=lambda draft: draft.page):
        stories = [*page]
        if 1 < len(stories) <= MAX_STORIES:
            stories = _joined_on_page(stories)
        found += [story for story in stories if story.body]
    return found


def _joined_on_page(stories: list[Draft]) -> list[Draft]:
    stopped = [story for story in stories if _stops(story)]
    if not 0 < len(stopped) <= MAX_STOPS:
        return stories
    for _ in stopped:
        pairs = [
            (points, story, other, at)
            for story in stories
            if _stops(story)
            for other in stories
            if other is not story
            for points, at in _rests(story, other)
        ]
        if not pairs:
            break
        _, story, other, at = max(pairs, key=lambda pair: pair[0])
        now = dict(zip((id(story), id(other)), _moved(story, other, at), strict=True))
        stories = [now.get(id(one), one) for one in stories]
    return stories


def _stops(story: Draft) -> bool:
    """Whether a story stops in the middle of a sentence, and no other page has its rest."""
    if story.marked or story.onward or story.signoffs or not story.body:
        return False
    return not _ended(story.body[-1])


def _ended(piece: Piece) -> bool:
    return piece.facts.ends_sentence or piece.facts.is_signed or piece.kind == "verse"


@lru_cache(maxsize=4096)
def _nouns(text: str) -> frozenset[str]:
    return frozenset(word for word, tag in tagged(text) if len(word) > 1 and tag in _NOUNS)


def nouns_in(texts: Iterable[str]) -> set[str]:
    """The nouns of some texts."""
    return set().union(*map(_nouns, map(str, texts)))


def _nouns_of(pieces: Iterable[Piece]) -> set[str]:
    return nouns_in(piece.text for piece in pieces)


def _rests(story: Draft, other: Draft) -> Iterator[tuple[int, int]]:
    """How much speaks for the pieces of another draft being the rest of a story, and from where."""
    tail = story.body[-1]
    mine, theirs = _nouns_of([*story.heads, *story.body]), _nouns_of(other.heads)
    for at, piece in enumerate(other.body):
        above = other.body[at - 1] if at else None
        if _is_unopened(tail, piece) and (at or not (other.heads or other.back)):
            points = _goes_on(tail, piece)
            if above is not None and not _ended(above):
                # Both stories stop: only a proof decides.
                points = points if points >= PROOF > _goes_on(above, piece) else 0
            else:
                nearer = _nearer(_nouns_of(other.body[at : at + 3]), mine, theirs)
                points += nearer if points < CERTAIN else 0
            if points >= LIKELY:
                yield points, at
        theirs |= _nouns_of([piece])


def _is_unopened(tail: Piece, piece: Piece) -> bool:
    """Whether nothing shows that a piece begins a paragraph, a story, or stands further up."""
    begins = piece.opens is True or piece.level or piece.facts.opens_story
    return not begins and piece.order > tail.order


def _nearer(rest: set[str], mine: set[str], theirs: set[str]) -> int:
    """What the nouns say for the story that stops, against the one above the rest."""
    shared = len(rest & mine - theirs) - len(rest & theirs - mine)
    return 2 if shared >= MIN_NOUNS else -2 if shared < 0 else 0


def _goes_on(tail: Piece, piece: Piece) -> int:
    """How much speaks for a piece that goes on where another one stops, by their words alone."""
    before, after = tail.text.rstrip(), piece.text.lstrip()
    if after[0] in _NO_BEGINNING or (before[-1].isdecimal() and after[0].isdecimal()):
        return CERTAIN
    midway = _midway(after)
    word = parted_word(before, after)
    parted = 3 if word and is_common(word) else 2 * bool(word)
    return midway + (midway > 1) + parted + 2 * stops_midway(before)


def _midway(text: str) -> int:
    """How much the first words of a text look as if a sentence had begun before them."""
    words = tagged(text[:8])
    first, tag = words[0]
    if tag in _NO_START:
        return 3
    clause = re.split("[，。；：！？]", text[:14], maxsplit=1)[0]
    inside = tagged(clause)
    stopped = len(clause) < len(text[:14]) and text[len(clause)] != "，"
    if stopped and not any(tag[0] in "va" for _, tag in inside):
        return 2  # a sentence without a verb
    bare = len(han(clause)) < MIN_CLAUSE and len(inside) < 3 and inside[-1][1][0] in "vn"
    if bare and len(first) == 1:
        return 2
    return 1 if tag == "d" or (tag == "v" and len(first) == 1) else 0


def _moved(story: Draft, other: Draft, at: int) -> tuple[Draft, Draft]:
    """Both, the pieces of the other from `at` on in the story, but for what goes on above them."""
    end = len(other.body)
    if at and not _ended(other.body[at - 1]):
        above = other.body[at - 1]
        goes_on = (n for n in range(at + 1, end) if _goes_on(above, other.body[n]) >= PROOF)
        end = next(goes_on, end)
    first, *rest = other.body[at:end]
    last = other.body[end].order if end < len(other.body) else None
    moved = {piece.order for piece in rest}
    taken = {
        piece.order
        for piece in other.credits + other.signoffs
        if first.order < piece.order and (last is None or piece.order < last)
    }

    def of(pieces: tuple[Piece, ...], *, below: bool) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if (piece.order in taken) == below)

    return replace(
        story,
        body=(*story.body, replace(first, opens=False), *rest),
        credits=story.credits + of(other.credits, below=True),
        signoffs=story.signoffs + of(other.signoffs, below=True),
        crossheads=story.crossheads | other.crossheads & moved,
        onward=other.onward if last is None else story.onward,
    ), replace(
        other,
        body=other.body[:at] + other.body[end:],
        credits=of(other.credits, below=False),
        signoffs=of(other.signoffs, below=False),
        crossheads=other.crossheads - moved,
        onward=None if last is None else other.onward,
    )


_ENDLESS = 1 << 60
MAX_HAN = 600
"""Han characters of the longest text that is looked at: a longer one is written to be read."""


def leave_adverts(
    drafts: Sequence[Draft], left_out: Iterable[tuple[int, LeftOut]]
) -> tuple[list[Draft], Remains]:
    """The drafts that are stories, and the others, as adverts.

    `left_out` are the rows left out so far: lines of editors among them may belong to an advert.
    """
    stories, found, remains = [*drafts], list[Draft](), Remains()
    rows = sorted((order, row.text) for order, row in left_out if row.kind == "editors")
    for at in range(len(stories)):
        draft, after = stories[at], stories[at + 1] if at + 1 < len(stories) else None
        end = _order(after) if after else _ENDLESS
        below = rows[bisect_left(rows, (_order(draft), "")) : bisect_left(rows, (end, ""))]
        heads = [*takewhile(_is_contact, after.heads)] if after else []
        contacts = [*(text for _, text in below), *(piece.text for piece in heads)]
        part = bool(found) and found[-1] is stories[at - 1] and _is_placed_part(draft)
        if part or not is_advert(draft, contacts):
            found.append(draft)
            continue
        for piece in (*draft.heads, *draft.body, *draft.credits, *draft.signoffs, *heads):
            remains.add(piece, "advert")
        if after:
            stories[at + 1] = replace(after, heads=after.heads[len(heads) :])
    return found, remains


def _is_placed_part(draft: Draft) -> bool:
    """Whether a text stands under a crosshead, as its place shows."""
    return any(head.kind == "crosshead" for head in draft.heads[:1])


def _is_contact(piece: Piece) -> bool:
    """Whether a line without a heading's mark only says how to reach somebody."""
    return not piece.level and is_contact(piece.facts.compact)


def _order(draft: Draft) -> int:
    """The place of its first piece in the issue."""
    return min(piece.order for piece in (*draft.heads, *draft.body))


def is_advert(draft: Draft, contacts: Iterable[str] = ()) -> bool:
    """Whether a draft is an advert or a notice; `contacts` are lines below it that say how to reach
    somebody."""
    if draft.onward or draft.back or draft.credits or not draft.body:
        return False
    if any(piece.facts.opens_story or piece.facts.is_signed for piece in draft.body):
        return False
    if sum(piece.facts.han_count for piece in draft.body) > MAX_HAN:
        return False
    heads = [piece.facts.compact for piece in draft.heads]
    body = [piece.facts.compact for piece in draft.body]
    return speaks_as_advert(heads, body, contacts)


_ONGOING = re.compile("正在|[们民员人童子工农]在")


def strange_kickers(
    articles: Iterable[Article], levels: Mapping[tuple[int, int], int]
) -> Iterator[PageText]:
    """Lines over a marked headline, marked like it or telling what a photo shows, that share no
    word with it or with its text."""
    for article in articles:
        own, main = PageText(article.headline.kicker), article.headline.main
        marks = [{levels.get((x.page, x.line), 0) for x in spans_of(text)} for text in (own, main)]
        words = "".join((main, article.headline.deck, *article.paragraphs))
        alike = marks[0] == marks[1] or (marks[0] == {0} and _ONGOING.search(own))
        alike = alike and 0 not in marks[1]
        if own and alike and not has_box(own) and not overlap(own, words):
            yield own


def perhaps_parts(articles: Sequence[Article]) -> Iterator[Article]:
    """Texts without an own beginning under a short heading that hardly says what they say, below a
    story that has not ended: perhaps its parts."""
    before: Article | None = None
    for article in articles:
        opens, ends = _signed(article)
        head = article.headline
        plain = not (head.kicker or head.deck or head.restored or opens or has_box(head.main))
        below = before if before and before.page == article.page else None
        if plain and below and not (ends and any(_signed(below))):
            others = [x for x in articles if x is not below and _signed(x)[0]]
            if _may_be_untold(head.main, article.paragraphs) and _is_linked(below, article, others):
                yield article
                before = None if ends else before
                continue
        before = None if ends else article


def _is_linked(story: Article, part: Article, others: Iterable[Article]) -> bool:
    """Whether two texts name somebody or something that no other one does; or, in a signed story,
    the heading of the second nothing that its text names for the first time."""
    above, own = nouns_in(story.paragraphs), nouns_in(part.paragraphs)
    if _share_a_person(story.paragraphs, part.paragraphs):
        return True
    if (own & above).difference(*(nouns_in(x.paragraphs) for x in others)):
        return True
    told = nouns_in([part.headline.main]) & own - above
    return not told and (_signed(story)[0] or bool(story.crossheads))


def _signed(article: Article) -> tuple[bool, bool]:
    """Whether a story says over its text who wrote it, and whether below."""
    places = [(x.page, x.line, x.start) for x in spans_of(*article.byline, article.paragraphs[0])]
    over = bool(article.dateline) or (bool(article.byline) and places[0] < places[-1])
    return over, bool(article.signoff) or (bool(article.byline) and not over)


def strange_crosshead(article: Article) -> PageText:
    """The first 小标题 of a text without places, where nothing below it names what stands above."""
    first = next(iter(article.crossheads), None)
    if not first or has_box(first.text):
        return NO_TEXT
    above, below = article.paragraphs[: first.before], article.paragraphs[first.before :]
    linked = nouns_in([article.headline.main, *above]) & nouns_in(below)
    return NO_TEXT if linked or _share_a_person(above, below) else PageText(first.text)
