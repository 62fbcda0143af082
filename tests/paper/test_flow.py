"""Stories whose lines do not follow each other on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from qjaudio.paper.flow import (
    _Column,
    _columns_of,
    _has_other_part,
    _is_left,
    _is_signed_off,
    _Row,
    _Sheet,
    misplaced,
)
from qjaudio.paper.model import Article, Block, Headline, Page, TextLine
from qjaudio.paper.text import Box, PageText, Span, join_texts, place_lines

SIZE, PITCH, WIDTH = 10.0, 15.0, 100.0


@dataclass(frozen=True)
class Story:
    """Where a story has its heading and, one after the other, its columns of four lines."""

    heading: Box
    columns: tuple[tuple[float, float], ...]
    second: Box | None = None
    """The second line of its heading."""


def heading(left: float, top: float, columns: int = 2, size: float = 24.0) -> Box:
    """A heading over so many columns."""
    return Box(left, top, left + columns * 120 - 20, top + size)


def kinds(
    stories: Sequence[Story],
    skipped: int = 99,
    rules: tuple[Box, ...] = (),
    strange: int | None = None,
    ended: Sequence[Story] = (),
    dateline: str = "",
) -> dict[str, set[int]]:
    """The stories, from 0, that have each kind of doubt; a line of each column is skipped.

    One may have a strange headline, and some end with a sentence.
    """
    boxes, parts, last = list[Box](), list[slice](), list[int]()
    for story in stories:
        start = len(boxes)
        boxes += filter(None, (story.heading, story.second))
        for left, top in story.columns:
            steps = [step for step in range(6) if step not in (skipped, skipped + 1)][:4]
            tops = [top + step * PITCH for step in steps]
            boxes += [Box(left, down, left + WIDTH, down + SIZE) for down in tops]
        parts.append(slice(start, len(boxes)))
        last += [len(boxes) - 1] * (story in ended)
    texts = [f"一二三四五六七八九{number}{'。' * (number in last)}" for number in range(len(boxes))]
    spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    lines = place_lines(texts, spans)
    articles = [
        Article(
            headline=Headline(main=join_texts(own[:n])),
            paragraphs=(join_texts(own[n:]),),
            page=1,
            dateline=dateline,
        )
        for own, n in (
            (lines[part], 1 + bool(x.second)) for x, part in zip(stories, parts, strict=True)
        )
    ]
    owner = {span: n for n, part in enumerate(parts) for span in spans[part]}
    found: dict[str, set[int]] = {}
    alien = set[object]() if strange is None else {spans[parts[strange].start]}
    for kind, text in misplaced(articles, Page(number=1, blocks=(), rules=rules), alien):
        found.setdefault(kind, set()).add(owner[_line(text, spans)])
    return found


def _line(text: PageText, spans: Sequence[Span]) -> Span:
    return spans[text.spans[0].line]


LEFT = Story(heading(0, 0), ((0, 40), (120, 40)))
RIGHT = Story(heading(240, 0), ((240, 40), (360, 40)))
BELOW = Story(heading(0, 120), ((0, 160), (120, 160)))


def test_columns_under_their_headings_are_right() -> None:
    """Nothing is said of stories side by side, one under the other, or set into another."""
    inset = Story(heading(120, 44, columns=1, size=14), ((120, 70),))
    round_it = Story(heading(0, 0, columns=3), ((0, 40), (240, 40)))
    assert kinds([LEFT, RIGHT, BELOW]) == {}
    assert kinds([round_it, inset]) == {}


def test_a_headline_under_its_text_is_over_no_other_story() -> None:
    """A story whose own headline stands beside it may begin right under that one."""
    beside = Story(heading(120, 140, columns=1), ((0, 130),))
    for columns, told in ((((0, 40), (120, 40)), False), (((0, 40), (240, 130)), True)):
        found = kinds([Story(heading(0, 102), columns), beside])
        assert told == ("lost_column" in found), found


def test_a_last_column_may_begin_level_with_its_heading() -> None:
    """It goes on with an open sentence, right under the text of another story; lower it may not."""
    upper = Story(heading(0, 0), ((0, 40), (120, 40)))
    for top, told in ((105, {}), (0, {"other_column", "lost_column"})):
        beside = Story(heading(-120, top, columns=1), ((-120, top + 35), (120, 108)))
        assert set(told) == set(kinds([upper, beside]))


def test_a_column_of_another_story_is_told() -> None:
    """Both stories are named: the one that has a column too many, and the one that lacks it."""
    other = Story(RIGHT.heading, ((360, 40),))
    found = kinds([Story(LEFT.heading, (*LEFT.columns, (240, 60))), other])
    assert found == {"other_column": {0}, "lost_column": {1}}


def test_a_line_no_larger_than_the_text_is_no_heading_of_another_story() -> None:
    """Who wrote a story may stand over a column of another one."""
    own = Story(heading(0, 0), ((0, 40), (120, 80)))
    for size, told in ((24, {0}), (10, set[int]())):
        other = Story(heading(120, 76 - size, columns=1, size=size), ((240, 80),))
        assert kinds([own, other]).get("other_column", set()) == told, size


def test_the_story_next_to_one_under_a_strange_headline_may_lack_it() -> None:
    """What its even columns stand beside, unless a rule is between or the columns are of others."""
    piece = Story(heading(240, 0, columns=1), ((240, 40),))
    narrow = Story(heading(0, 0), ((0, 40),))
    between = Box(229, 0, 230, 200)
    assert kinds([LEFT, piece, BELOW]) == {}
    assert kinds([LEFT, piece, BELOW], strange=1) == {"lost_column": {0}}
    assert kinds([LEFT, piece], rules=(between,), strange=1) == {}
    assert kinds([narrow, piece], strange=1) == {}
    assert kinds([LEFT, piece, BELOW], strange=1, ended=[LEFT]) == {}  # nothing is missing there
    for top, told in ((0, {}), (-20, {"lost_column": {0}})):  # a brief beside a brief
        brief = Story(heading(120, top, columns=1), ((120, 40),))
        assert kinds([brief, piece], strange=1) == told


def test_a_column_over_the_heading_of_its_story_is_told() -> None:
    """The story beside it lacks it."""
    over = Story(BELOW.heading, ((120, 40), *BELOW.columns))
    found = kinds([over, Story(LEFT.heading, ((0, 40),))])
    assert 0 in found["other_column"]
    assert found["lost_column"] == {1}


def test_a_column_far_wider_than_the_others_of_its_story_is_told() -> None:
    """A story is set in one measure; its first column may be a wide lead."""
    narrow = [*_column(0), *_column(120)]
    for width, told in ((WIDTH, False), (1.5 * WIDTH, True)):
        last = [replace(box, right=box.left + width) for box in _column(240)]
        assert told == ("other_column" in _told([Box(0, 0, 220, 24)], [*narrow, *last])), width
    lead = [replace(box, right=box.left + 220) for box in _column(0)]
    below = [replace(box, top=box.top + 60, bottom=box.bottom + 60) for box in narrow]
    assert _told([Box(0, 0, 220, 24)], [*lead, *below]) == set()


def test_lines_that_stand_apart_are_told() -> None:
    """Two lines are missing in each column."""
    assert kinds([LEFT], skipped=2)["other_column"] == {0}


def test_words_between_two_rules_may_part_a_column() -> None:
    """A quotation is set into the text; one rule alone ends a story."""
    for tops, told in (((70, 90), {}), ((80,), {"other_column": {0}})):
        rules = tuple(Box(0, top, 220, top + 1) for top in tops)
        assert kinds([LEFT], skipped=2, rules=rules) == told, tops


def _parted(*columns: str, dateline: str = "", signed: bool = False) -> set[str]:
    """What is said of columns of a story under one heading, in lines of ten characters, of which
    the first may be its reporter's name."""
    texts, boxes = ["泉水村的新路通了"], [heading(0, 0, columns=len(columns))]
    for number, column in enumerate(columns):
        for row, line in enumerate(column.split("\n")):
            text, left = line.lstrip("\u3000"), 120 * number + SIZE * line.count("\u3000")
            left += SIZE / 2 * text.startswith("“")  # half of its square is bare
            top = 40 + PITCH * row
            texts.append(text)
            boxes.append(Box(left, top, left + SIZE * len(text), top + SIZE))
    spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    lines = place_lines(texts, spans)
    story = Article(
        headline=Headline(main=lines[0]),
        paragraphs=(join_texts(lines[1 + signed :]),),
        page=1,
        dateline=dateline,
        byline=(lines[1],) if signed else (),
    )
    return {kind for kind, _ in misplaced([story], Page(number=1, blocks=()))}


WHOLE = "　　今天早上新路通了，\n大家都来看。\n　　路边种上了柳树，来"
OPEN = "年还要装上路灯和长椅。\n　　大家说好。\n　　新的桥也快修好了吧。"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ((WHOLE, OPEN), False),  # goes on with a sentence
        ((WHOLE, "“年还要装上路灯，\n大家都说好。”\n" + WHOLE), False),
        ((OPEN, WHOLE), True),  # begins inside one, under the heading
        ((WHOLE + "\n年装灯。", OPEN), True),  # goes on where none is open
        ((WHOLE, WHOLE), True),  # begins a paragraph inside one
        ((WHOLE[:-1] + "，", OPEN), False),
        ((WHOLE[:-1] + "，", WHOLE), True),
        ((WHOLE[:-1] + "，", WHOLE.replace("今", "“")), False),  # what somebody says
        (
            (WHOLE + "\n年装灯。\n今天早上新路也通车了，", *(OPEN, WHOLE) * 3, OPEN),
            True,
        ),  # not set in
        (
            (WHOLE + "\n年装灯。\n往后怎么走\n" + WHOLE, *(OPEN, WHOLE) * 3, OPEN),
            False,
        ),  # a crosshead
        (("　" + WHOLE.replace("\n　　", "\n"), OPEN), False),  # a page without indents
        (("各位乡亲：\n" + WHOLE, OPEN), False),  # a letter
        ((WHOLE + "\n　　时间：早上八点", "　　地点：渡口\n" + WHOLE), False),  # a list
        ((WHOLE + "\n　　早上八点大家", "　　地点：渡口\n" + WHOLE), True),
    ],
)
def test_a_column_that_goes_on_with_no_sentence_is_told(
    columns: tuple[str, ...], told: bool
) -> None:
    """Where paragraphs begin with an indent, each column shows whether it goes on with a text."""
    assert told == ("other_column" in _parted(*columns)), columns


def test_a_mark_with_a_place_of_its_own_ends_its_line() -> None:
    """As hung full stops have it: a text seemed open at its end. A line lower it is a row."""
    for top, rows in ((2, ["大家都来看", "年装灯。"]), (PITCH, ["大家都来看", "年装灯", "。"])):
        texts = ["大家都来看", "年装灯", "。"]
        boxes = [Box(0, 0, 50, SIZE), Box(0, PITCH, 30, PITCH + SIZE)]
        boxes.append(Box(27, PITCH + top, 37, PITCH + top + SIZE))
        spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
        text = join_texts(place_lines(texts, spans))
        story = Article(headline=Headline(main=PageText("新路通了")), paragraphs=(text,), page=1)
        (column,) = _columns_of(story, 0, Page(number=1, blocks=()))
        assert rows == [row.text for row in column.rows]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("户都说新路修得真好呀，", True),
        ("　　户都说新路修得真好", False),  # set in
        ("新路通了大家都说真好，", False),  # begins with a word
        ("户", False),  # a drop cap
    ],
)
def test_a_story_whose_text_begins_as_a_paragraph_goes_on_is_told(start: str, told: bool) -> None:
    """Its first line is not set in on a page that sets them in, and begins inside a word."""
    columns = f"{start}\n大家都来看。\n{WHOLE}", OPEN
    assert told == ("half_start" in _parted(*columns))
    assert "half_start" not in _parted(*columns, dateline="本报讯")  # a line before it
    for short, last in (("来到现场。", True), ("大家好：", False)):  # the end of a paragraph
        assert last == ("half_start" in _parted(f"{short}\n{WHOLE}", OPEN)), short
    for names, kept in (("　　秦望", False), ("秦望", told)):  # they open the paragraph
        signed = _parted(f"{names}\n{columns[0]}", OPEN, signed=True)
        assert kept == ("half_start" in signed), names


def test_a_line_of_the_text_as_headline_is_told() -> None:
    """A headline in type of the size of the text may be a line of the story beside it."""
    small = Story(Box(240, 40, 340, 50), ((240, 55),))
    assert kinds([Story(LEFT.heading, LEFT.columns), small])["small_headline"] == {1}
    assert "small_headline" not in kinds([LEFT, small], dateline="本报讯")  # a story begins there


def test_a_heading_right_under_another_one_is_told() -> None:
    """A deck that was taken for a headline has the first columns of the story over it."""
    deck = Story(heading(0, 26, size=14), ((0, 45),))
    whole = Story(heading(0, 0, columns=3), ((240, 45),))
    assert kinds([deck, whole]) == {"other_column": {0}, "lost_column": {1}}


@pytest.mark.parametrize(("size", "told"), [(12.0, True), (18.0, False)])
def test_a_headline_hardly_larger_than_the_columns_under_it_is_told(
    size: float, *, told: bool
) -> None:
    """Over columns side by side stand headlines, over one of them a crosshead or a brief's."""
    story = Story(heading(0, 0, 2, size), ((0, 30), (120, 30), (240, 30)))
    alone = Story(heading(0, 0, 1, size), ((0, 30), (0, 90), (0, 150)))
    assert told is ("low_headline" in kinds([story]))
    assert "low_headline" not in kinds([alone])


def test_a_smaller_headline_right_under_the_text_of_a_story_is_told() -> None:
    """A crosshead was taken for a headline; one of two lines, as large or under a rule is none."""
    for size, rules, told in (
        (14, (), {"other_column": {1}, "lost_column": {0}}),
        (22, (), {}),
        (14, (Box(0, 97, 220, 98),), {}),
    ):
        under = Story(heading(0, 105, size=size), ((0, 130), (120, 130)))
        assert kinds([LEFT, under], rules=rules) == told, (size, rules)
    two = Story(heading(0, 105, size=14), ((0, 145), (120, 145)), heading(0, 121, size=14))
    assert not kinds([LEFT, two])
    for size, told in ((17, True), (19, False)):  # so large stands over a story
        large = Story(heading(0, -20, size=40), LEFT.columns)
        under = Story(heading(0, 105, size=size), ((0, 130), (120, 130)))
        assert told is ("other_column" in kinds([large, under])), size
    signed = replace(LEFT, second=Box(40, 98, 100, 108))  # its reporter, who ends it
    under = Story(heading(0, 120, size=14), ((0, 145), (120, 145)))
    assert not kinds([signed, under])


def _told(
    parts: Sequence[Box],
    columns: Sequence[Box],
    other: Box | None = None,
    words: str = "别的标题",
    *,
    banner: bool = False,
    first: str = "标题的各行",
    rules: tuple[Box, ...] = (),
) -> set[str]:
    """What is said of a story whose headline stands in some boxes, beside a heading of none, which
    may have been taken for a banner."""
    boxes = [*parts, *columns, *([other] if other else [])]
    texts = [f"标题的各行{number}" for number in range(len(parts) + len(columns))]
    texts += [words] if other else []
    texts[0] = first
    spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    lines = place_lines(texts, spans)
    text = len(parts) + len(columns)
    story = Article(
        headline=Headline(main=join_texts(lines[: len(parts)])),
        paragraphs=(join_texts(lines[len(parts) : text]),),
        page=1,
    )
    rows = [(TextLine(text=lines[n], box=boxes[n]),) for n in range(text, len(boxes))]
    kind, level = ("banner", 0) if banner else ("", 2)
    blocks = tuple(Block(lines=row, level=level, kind=kind) for row in rows)
    return {kind for kind, _ in misplaced([story], Page(number=1, blocks=blocks, rules=rules))}


def _column(left: float) -> list[Box]:
    return [Box(left, top, left + WIDTH, top + SIZE) for top in (40, 55, 70, 85)]


@pytest.mark.parametrize(
    ("other", "rules", "told"),
    [
        (Box(0, -32, 100, -8), (), True),  # over a deck
        (Box(0, -32, 100, -8), (Box(0, -5, 220, -4),), False),
        (Box(0, -32, 100, -8), (Box(-5, -40, 110, -4),), False),  # an advert's
        (Box(225, 20, 249, 100), (), True),  # upright
        (Box(225, 20, 249, 100), (Box(222, 0, 223, 110),), False),
        (Box(225, 200, 249, 300), (), False),
        (Box(0, 105, 100, 129), (Box(-5, 30, 230, 140),), True),  # under the text, in its frame
        (Box(0, 105, 100, 129), (Box(-5, 0, 230, 140),), True),  # much larger than its headline
        (Box(0, 105, 100, 119), (Box(-5, 0, 230, 140),), False),
    ],
)
def test_a_larger_headline_of_no_story_is_told(
    other: Box, rules: tuple[Box, ...], told: bool
) -> None:
    """Over the headline, upright beside the columns, or in a frame with them alone."""
    columns = [*_column(0), *_column(120)]
    found = _told([Box(0, 2, 90, 15)], columns, other, "新桥通车了", rules=rules)
    assert told == ("parted_headline" in found)


@pytest.mark.parametrize(
    ("parts", "columns", "expected"),
    [
        ([Box(30, 0, 90, 24), Box(115, 0, 200, 24)], [*_column(0), *_column(120)], set()),
        ([Box(0, 0, 100, 24), Box(120, 0, 220, 24)], _column(0), {"two_headlines"}),
        (
            [Box(0, 0, 100, 24), Box(120, 0, 220, 24)],
            [*_column(0), *_column(120)],
            {"two_headlines"},
        ),
        # set far apart
        (
            [Box(at, 0, at + 24, 24) for at in (0, 60, 120, 180)],
            [*_column(0), *_column(120)],
            set(),
        ),
    ],
)
def test_a_headline_that_may_be_those_of_two_stories_is_told(
    parts: list[Box], columns: list[Box], expected: set[str]
) -> None:
    """Its second part stands over no column of the story, or begins flush with a later one."""
    assert expected == _told(parts, columns)


@pytest.mark.parametrize(
    ("head", "words", "told"),
    [
        (Box(120, 10, 220, 24), "新桥通车了", True),
        (Box(120, 10, 220, 24), "一周快递", False),  # a label
        (Box(120, 12, 220, 24), "新桥通车了", True),  # over a brief
        (Box(120, 13, 220, 24), "新桥通车了", False),  # hardly larger than the text
        (Box(120, -30, 220, -16), "新桥通车了", False),  # far up
        (Box(224, 40, 238, 100), "新桥通车了", True),  # upright beside it
        (Box(260, 40, 274, 100), "新桥通车了", False),
    ],
)
def test_a_column_under_a_headline_of_no_story_is_told(head: Box, words: str, told: bool) -> None:
    """Another story begins there, whose headline was left out; a column that goes on is its own."""
    for begins in (True, False):
        columns = [*_column(0), *_column(120)]
        for at in (0, 2, 4, 6) if begins else (0, 2, 6):
            columns[at] = replace(columns[at], left=columns[at].left + 2 * SIZE)
        found = _told([Box(0, 0, 90, 24)], columns, head, words)
        assert ("parted_headline" in found) == (told and begins), begins


@pytest.mark.parametrize(
    ("head", "rules", "told"),
    [
        (Box(120, 10, 220, 24), (Box(120, 30, 220, 31),), True),  # only a rule between
        (Box(20, 50, 110, 74), (), True),  # left of it
        (Box(20, 50, 110, 74), (Box(15, 45, 115, 46), Box(15, 45, 16, 80)), True),
        (Box(20, 120, 110, 144), (), False),  # lower than it
    ],
)
def test_a_paragraph_beside_or_behind_a_rule_under_a_headline_of_none_is_told(
    head: Box, rules: tuple[Box, ...], told: bool
) -> None:
    """Its own headline stands elsewhere."""
    columns = [*_column(240), *_column(120)]
    for at in (0, 2, 4, 6):
        columns[at] = replace(columns[at], left=columns[at].left + 2 * SIZE)
    found = _told([Box(240, 0, 330, 24)], columns, head, "新桥通车了", rules=rules)
    assert told == ("parted_headline" in found)


def test_a_story_that_opens_under_a_headline_of_no_story_is_told() -> None:
    """Its own, a label over it, is further away; with its dateline its indent is cut off."""
    columns = [replace(box, top=box.top + 30, bottom=box.bottom + 30) for box in _column(0)]
    for left, told in ((0, True), (140, False)):
        other = Box(left, 16, left + 90, 40)
        found = _told([Box(0, 0, 50, 12)], columns, other, "新桥通车了")
        assert told == ("parted_headline" in found), left


def test_a_headline_with_a_large_line_of_no_story_beside_it_is_told() -> None:
    """It may be a part of it; none further away, at its corner, or smaller and over it is."""
    parts = [Box(100, 0, 220, 24)]
    columns = [*_column(0), *_column(120)]
    for banner in (False, True):
        assert "parted_headline" in _told(parts, columns, Box(0, 0, 90, 24), banner=banner)
    assert _told(parts, columns, Box(0, 0, 90, 24), "基层动态") == set()  # of all that follow
    for left, top in ((300, 0), (210, -30)):
        assert _told(parts, columns, Box(left, top, left + 90, top + 24)) == set()
    assert _told(parts, columns, Box(100, -18, 180, -4)) == set()
    for width, told in ((50, set[str]()), (70, {"parted_headline"})):  # a label; a first line
        assert _told(parts, columns, Box(100, -32, 100 + width, -8), "新桥上通了车") == told


@pytest.mark.parametrize(
    ("text", "signature", "told"),
    [
        ("灯亮了。", Box(60, 30, 100, 40), True),
        ("灯亮了，", Box(60, 30, 100, 40), False),  # goes on
        ("灯亮了。", Box(0, 30, 40, 40), False),  # a dateline begins at the left
        ("灯亮了。", Box(60, 90, 100, 100), False),
        ("灯亮了。", Box(60, 30, 100, 60), False),  # a heading
    ],
)
def test_a_story_hardly_goes_on_after_who_wrote_it(text: str, signature: Box, told: bool) -> None:
    """A name under the right end of a column signs the story; what follows is of another one."""
    row = _Row(Box(0, 10, 100, 20), 0, is_head=False, text=PageText(text))
    after = replace(row, box=Box(120, 10, 220, 20))
    before, column = (_Column(0, (one,), one.box) for one in (row, after))
    signed = replace(row, box=signature, is_head=True, text=PageText("林小满"))
    sheet = _Sheet((signed,), (before, column), (), (), PITCH, SIZE)
    assert told == _is_signed_off(before, column, sheet)
    assert _is_left(before, column, sheet) and not _is_left(column, before, sheet)


@pytest.mark.parametrize("upright", [True, False])
def test_a_kicker_beside_a_headline_is_a_part_of_it_but_where_both_are_upright(
    *, upright: bool
) -> None:
    """Two upright lines come as rows of two characters, level with those of their kicker."""
    rows = [Box(50, 10 + 40 * n, 130, 50 + 40 * n) for n in range(3)]
    beside = [Box(135, 12 + 15 * n, 149, 26 + 15 * n) for n in range(4 if upright else 1)]
    texts = ["新渡", "修口", "好了", *"春耕一线"][: 3 + len(beside)]
    boxes = enumerate(rows + beside)
    lines = place_lines(texts, tuple(Span(1, n, 0, len(texts[n]), box) for n, box in boxes))
    head = Headline(main=join_texts(lines[:3]), kicker=join_texts(lines[3:]))
    sheet = _Sheet(heads=(), columns=(), pictures=(), rules=(), pitch=PITCH, size=SIZE)
    article = Article(headline=head, paragraphs=(), page=1)
    assert upright != _has_other_part(article, Page(number=1, blocks=()), sheet)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (Box(260, 27, 300, 37), True),  # over the third column, a line lower
        (Box(260, 15, 300, 25), False),  # level with the first
        (Box(0, 80, 40, 90), True),  # amid the first column
        (Box(300, 85, 340, 95), False),  # at the end
    ],
)
def test_a_name_that_does_not_end_a_signed_story_signs_another(second: Box, *, told: bool) -> None:
    """Those who wrote a story stand together, or where it begins and where it ends."""
    columns = [
        Box(left, 40 + 15 * n, left + 100, 50 + 15 * n) for left in (0, 120, 240) for n in range(4)
    ]
    boxes = [Box(20, 15, 60, 25), second, *columns]
    texts = ["秦川", "程安之", *("渡口的步道修好了" for _ in columns)]
    placed = place_lines(
        texts, tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    )
    text = join_texts(placed[2:])
    article = Article(
        headline=Headline(main="步道修好"), paragraphs=(text,), page=1, byline=tuple(placed[:2])
    )
    assert told is bool(article.names_inside)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([10.0, 10.0, 13.0, 13.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0], True),
        ([10.0] * 8 + [9.0, 9.0], True),  # a caption at the end
        ([10.0] * 8 + [9.0] * 8, False),  # smaller from a paragraph on, so that it fits
        ([10.0, 10.4, 9.6, 10.3, 9.7, 13.0, 10.2, 9.8, 10.1, 10.5], False),  # measured on a scan
    ],
)
def test_a_line_in_other_type_inside_a_text_is_told(sizes: list[float], *, told: bool) -> None:
    """A pull quote, a caption or another story's line was read as text."""
    boxes = [Box(0, 15.0 * n, 100, 15 * n + size) for n, size in enumerate(sizes)]
    texts = ["渡口的步道修好了"] * len(boxes)
    spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    text = join_texts(place_lines(texts, spans))
    article = Article(headline=Headline(main="步道修好"), paragraphs=(text,), page=1)
    assert told is bool(article.lines_set_in)


@pytest.mark.parametrize(("last", "told"), [("3523个。", False), ("老秦说路好走。", True)])
def test_the_type_of_a_line_of_figures_is_measured_roughly(last: str, *, told: bool) -> None:
    """A scan has it by their ink alone, which is lower than that of characters."""
    texts = ["渡口的步道修好了"] * 8 + [last]
    boxes = [Box(0, 15.0 * n, 100, 15 * n + (10 if n < 8 else 7)) for n in range(9)]
    spans = tuple(Span(1, n, 0, len(texts[n]), box) for n, box in enumerate(boxes))
    text = join_texts(place_lines(texts, spans))
    article = Article(headline=Headline(main="步道修好"), paragraphs=(text,), page=1)
    assert told is bool(article.lines_set_in)
