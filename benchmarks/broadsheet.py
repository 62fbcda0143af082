"""Draw made-up broadsheets by seed, with what is right about them: for measuring, not for users.

    python benchmarks/broadsheet.py FOLDER --seeds 0-99 [--dpi 200 --skew 0.5 --noise 6]

writes `broadsheet-0007.pdf` and `.expected.json` (articles with headline, byline, page, body,
kicker, deck) for each seed, and with --dpi a scan of each page (`broadsheet-0007_1.png`). The words
are our own; sizes, columns, frames, labels, adverts, photos and jumps are drawn by the seed.
Needs fontTools.
"""

import argparse
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from broadsheet_pdf import Sheet, face, written
from broadsheet_words import (
    ADVERTS,
    BRIEF_LABELS,
    DECKS,
    FIRST,
    KICKERS,
    LABEL_ENDS,
    LABELS,
    PAPERS,
    PLACES,
    SECTIONS,
    THINGS,
    Topic,
    name,
)

from qjaudio.paper.text import Box

SIZES = ((1105, 1559), (1105, 1559), (1020, 1450), (992, 1419), (780, 1100), (640, 915))
"""Sheets in points: 390 × 550 mm and smaller ones."""
CLOSING, OPENING = "，。、；：！？”）》", "“（《"


@dataclass
class Look:
    """How a page is set."""

    body: float
    leading: float
    gutter: float
    rules: str
    """`all`, `level` or `none`."""
    family: str
    """Of the headlines."""
    centred: bool
    breaks_numbers: bool
    apart: bool
    """Whether the file holds each character by itself."""
    closing: str
    """Where a story says who wrote it, unless it goes its own way."""


class Space(Box):
    """A box on the sheet."""

    def inside(self, across: float, down: float) -> "Space":
        """The box without a margin."""
        return Space(self.left + across, self.top + down, self.right - across, self.bottom - down)

    def meets(self, other: "Space") -> bool:
        """Whether two boxes overlap."""
        return self.shared_width(other) > 0 and self.shared_height(other) > 0


@dataclass
class Slot:
    """Room for one line of text."""

    left: float
    top: float
    width: float


@dataclass
class Told:
    """What is right about a story."""

    headline: str
    page: int
    body: list[str] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    kicker: str = ""
    deck: str = ""
    onward: int | None = None

    def row(self) -> dict[str, Any]:
        """As an article of JSON."""
        row: dict[str, Any] = {
            "headline": self.headline,
            "byline": self.byline,
            "page": self.page,
            "lead": self.body[:1],
            "body": self.body,
        }
        row |= {key: value for key in ("kicker", "deck") if (value := getattr(self, key))}
        return row


def measure(text: str, family: str = "Serif") -> float:
    """The width of a text in type sizes."""
    return sum(face(family).width(char) for char in text)


def units_of(text: str, *, breaks_numbers: bool) -> list[str]:
    """A text in pieces that no line break parts."""
    units: list[str] = []
    for char in text:
        if (units and (char in CLOSING or units[-1][-1] in OPENING)) or (
            units and not breaks_numbers and char.isdigit() and units[-1][-1].isdigit()
        ):
            units[-1] += char
        else:
            units.append(char)
    return units


@dataclass
class Signing:
    """Who wrote a story, and where it says so."""

    how: str
    names: list[str]


@dataclass
class Running:
    """A story that goes on on another page."""

    told: Told
    topic: Topic
    text: str
    """The rest of the paragraph that the page's end cut."""


class Page:
    """One newspaper page while it is drawn."""

    def __init__(
        self, dice: random.Random, sheet: Sheet, space: Space, look: Look, number: int
    ) -> None:
        """Begin a page in a space of a sheet."""
        self.dice, self.sheet, self.space, self.look, self.number = dice, sheet, space, look, number
        self.stories: list[Told] = []
        self.running: list[Running] = []
        """Stories that run on over the page, for the next one to take up."""
        self.may_jump: int | None = None
        self.curves_used = 0

    # Text ---------------------------------------------------------------------------------------

    def topic(self) -> Topic:
        """A new topic."""
        return Topic(self.dice, self.dice.choice(PLACES), self.dice.choice(THINGS))

    def lines(self, text: str, slots: list[Slot], at: int, *, indent: float = 2.0) -> int:
        """Set a paragraph into slots from number `at`; the next free one, or -1 if it is full."""
        look, line, wide = self.look, "", indent
        size = look.body
        for unit in units_of(text, breaks_numbers=look.breaks_numbers):
            if at >= len(slots):
                return -1
            more = measure(unit)
            squeeze = 0.45 * sum(char in CLOSING for char in unit[-1:])
            if line and (wide + more - squeeze) * size > slots[at].width + 0.01:
                self._set(line, slots[at], indent, full=True)
                at, line, wide, indent = at + 1, "", 0.0, 0.0
            line += unit
            wide += more
        if at >= len(slots):
            return -1
        self._set(line, slots[at], indent, full=False)
        return at + 1

    def _set(self, line: str, slot: Slot, indent: float, *, full: bool) -> None:
        size = self.look.body
        room = slot.width - (indent + measure(line)) * size
        step = room / (len(line) - 1) if full and len(line) > 1 else min(0.0, room) / len(line)
        self.pending.append((line, slot.left + indent * size, slot.top, step))

    def fill(
        self,
        topic: Topic,
        slots: list[Slot],
        *,
        first: str = "",
        goes_on: str = "",
        most: int = 999,
        indent: float = 2.0,
    ) -> list[str]:
        """Fill slots with paragraphs; the text that is set, `goes_on` first."""
        body: list[str] = []
        used, ready = 0, []
        text, indent = first + goes_on, 0.0 if goes_on else indent
        size = self.dice.randint(2, 4)
        while len(body) < most:
            self.pending: list[tuple[str, float, float, float]] = []
            end = self.lines(text, slots, used, indent=indent)
            if end < 0:
                break
            kept, kept_end, kept_text = self.pending, end, text
            if text.count("。") < size or len(text) < 40:
                text += topic.sentence()
                ready_now = (kept, kept_end, kept_text)
                ready.append(ready_now)
                continue
            ready.clear()
            self._print(kept)
            body.append(kept_text)
            used, indent, text = kept_end, 2.0, topic.sentence()
            size = self.dice.randint(2, 4)
        if ready and ready[-1][2]:
            self._print(ready[-1][0])
            body.append(ready[-1][2])
            used = ready[-1][1]
        self.used = used
        return body

    def _print(self, lines: list[tuple[str, float, float, float]]) -> None:
        for text, left, top, step in lines:
            self.sheet.text(text, left, top, self.look.body, step=step, apart=self.look.apart)
            self.last = (text, left + (measure(text)) * self.look.body + step * len(text), top)

    def slots(self, columns: list[Space], blocked: list[Space]) -> list[Slot]:
        """Room for lines in columns, less what photos and labels take; a narrow rest is used."""
        found = []
        for column in columns:
            top = column.top
            while top + self.look.body <= column.bottom + 0.1:
                row = Space(column.left, top, column.right, top + self.look.body)
                for block in blocked:
                    if not row.meets(block):
                        continue
                    left, right = block.left - row.left, row.right - block.right
                    if max(left, right) < 7 * self.look.body:
                        row = replace(row, right=row.left)
                    elif right > left:
                        row = replace(row, left=block.right)
                    else:
                        row = replace(row, right=block.left)
                if row.width > 6 * self.look.body:
                    width = math.floor(row.width / self.look.body + 0.001) * self.look.body
                    found.append(Slot(row.left, top, width))
                top += self.look.leading
        return found

    def columns(self, space: Space, count: int) -> list[Space]:
        """Columns of one measure in a space."""
        gutter = self.look.gutter
        width = (space.width - gutter * (count - 1)) / count
        return [
            replace(
                space,
                left=space.left + n * (width + gutter),
                right=space.left + n * (width + gutter) + width,
            )
            for n in range(count)
        ]

    def column_count(self, width: float) -> int:
        """How many columns a width has: each of 11 to 22 characters."""
        chars = width / self.look.body
        counts = [n for n in range(1, 9) if 11 <= (chars - 2 * (n - 1)) / n <= 22]
        return self.dice.choice(counts) if counts else max(1, round(chars / 16))

    # Headings -----------------------------------------------------------------------------------

    def put(  # noqa: PLR0913  all that a line of type has
        self,
        text: str,
        space: Space,
        top: float,
        size: float,
        *,
        family: str,
        bold: bool,
        centred: bool,
        how: str = "",
    ) -> None:
        """A line of a heading; `how` is `curves`, `outlined` or nothing."""
        wide = measure(text, family) * size
        left = space.left + max(0.0, (space.width - wide) / 2 if centred else 0.0)
        if how == "curves":
            whole = self.dice.random() < 0.5
            self.sheet.curves(text, left, top, size, family=family, bold=bold, whole=whole)
        else:
            self.sheet.text(
                text,
                left,
                top,
                size,
                family=family,
                bold=bold,
                outlined=how == "outlined",
                apart=self.look.apart,
            )

    def heading(self, space: Space, topic: Topic, told: Told, level: int) -> float:
        """Draw kicker, headline and deck over a space; where the text may begin."""
        dice, look = self.dice, self.look
        size = min(look.body * (1.7, 2.1, 2.7, 3.6, 4.8)[level], space.width / 8)
        longest = int(space.width / size)
        bold = dice.random() < 0.5
        centred = look.centred if dice.random() < 0.85 else not look.centred
        small = max(1.25 * look.body, 0.5 * size)
        top = space.top
        given = {"family": look.family, "centred": centred}
        if level > 1 and dice.random() < 0.25:
            told.kicker = topic.words(dice.choice(KICKERS))
            if measure(told.kicker) * small < space.width:
                self.put(told.kicker, space, top, small, bold=False, **given)
                top += 1.35 * small
            else:
                told.kicker = ""
        two = longest < 13 and dice.random() < 0.4 and level > 0
        told.headline = topic.headline(2 * longest - 2 if two else longest)
        if measure(told.headline, look.family) * size > space.width and not two:
            size = space.width / measure(told.headline, look.family)
        how = ""
        if dice.random() < 0.05:
            how = "outlined"
        elif self.curves_used < 1 and dice.random() < 0.06:
            how, self.curves_used = "curves", 1
        top = self._main(told.headline, space, top, size, two=two, bold=bold, how=how, given=given)
        if level > 1 and dice.random() < 0.25:
            deck = topic.words(dice.choice(DECKS))
            if measure(deck) * small < space.width:
                told.deck = deck
                self.put(deck, space, top, small, bold=False, **given)
                top += 1.4 * small
        return top + 0.5 * look.body

    def _main(  # noqa: PLR0913  the same
        self,
        text: str,
        space: Space,
        top: float,
        size: float,
        *,
        two: bool,
        bold: bool,
        how: str,
        given: dict[str, Any],
    ) -> float:
        family = given["family"]
        if " " in text and self.dice.random() < 0.7 and measure(text, family) * size < space.width:
            first, second = text.split(" ", 1)
            smaller = max(1.25 * self.look.body, size * self.dice.choice((1.0, 0.8, 0.7, 1.25)))
            wide = (measure(first, family) + 1) * size + measure(second, family) * smaller
            if wide < space.width:
                left = space.left + ((space.width - wide) / 2 if given["centred"] else 0)
                other = self.dice.choice(("Serif", "Sans"))
                here = replace(space, left=left)
                given = given | {"centred": False}
                self.put(first, here, top, size, bold=bold, how=how, **given)
                here = replace(space, left=left + (measure(first, family) + 1) * size)
                drop = 0.88 * (size - smaller)
                self.put(
                    second,
                    here,
                    top + drop,
                    smaller,
                    bold=bold,
                    how=how,
                    **(given | {"family": other}),
                )
                return top + 1.3 * max(size, smaller)
        if two and measure(text, family) * size > space.width:
            parts = text.split(" ", 1)
            half = (len(text) + 1) // 2
            if len(parts) < 2 or max(measure(p, family) for p in parts) * size > space.width:
                parts = [text[:half], text[half:]]
            if parts[1][0] in CLOSING or parts[0][-1].isdigit():
                parts = [text[: half - 1], text[half - 1 :]]
            most = max(measure(part, family) for part in parts)
            size = min(size, space.width / most)
            for part in parts:
                self.put(part.strip(), space, top, size, bold=bold, how=how, **given)
                top += 1.2 * size
            return top + 0.1 * size
        size = min(size, space.width / measure(text, family))
        self.put(text, space, top, size, bold=bold, how=how, **given)
        return top + 1.3 * size

    def label(self, space: Space, top: float, *, left: float | None = None) -> Space:
        """A label of two boxes: white on black, and framed."""
        dice, size = self.dice, self.look.body * self.dice.choice((1.4, 1.7, 2.0))
        one, two = dice.choice(LABELS), dice.choice(LABEL_ENDS)
        start = space.left if left is None else left
        middle, end = start + (len(one) + 1) * size, start + (len(one) + len(two) + 2) * size
        kind = dice.choice(("boxes", "boxes", "black", "framed", "tint"))
        bottom = top + 1.4 * size
        if kind == "boxes":
            self.sheet.box(start, top, middle, bottom, fill=0)
            self.sheet.box(middle, top, end, bottom, fill=1, line=1)
            self.sheet.text(one, start + 0.5 * size, top + 0.2 * size, size, family="Sans", grey=1)
            self.sheet.text(two, middle + 0.5 * size, top + 0.2 * size, size, family="Sans")
            return Space(start, top, end, bottom)
        fill = {"black": 0.0, "framed": 1.0, "tint": 0.8}[kind]
        self.sheet.box(start, top, end - size, bottom, fill=fill, line=1)
        self.sheet.text(
            one + two,
            start + 0.5 * size,
            top + 0.2 * size,
            size,
            family="Sans",
            grey=float(kind == "black"),
        )
        return Space(start, top, end - size, bottom)

    # Stories ------------------------------------------------------------------------------------

    def story(
        self,
        space: Space,
        level: int,
        *,
        label: str = "",
        photo: bool = False,
        rest: Running | None = None,
    ) -> None:
        """Draw a story that fills a space, or the rest of one."""
        dice, look = self.dice, self.look
        if space.height < 11 * look.leading:
            return
        topic = rest.topic if rest else self.topic()
        told = Told("", self.number)
        top = space.top
        if label == "over":
            top = self.label(space, top).bottom + 0.8 * look.body
        count = self.column_count(space.width)
        uneven = count > 2 and dice.random() < 0.08 and not rest and not label
        over = count - 1 if uneven else count
        columns = self.columns(replace(space, top=top), count)
        head = replace(space, top=top, right=columns[over - 1].right)
        top = (
            self._rest_heading(head, rest.told) if rest else self.heading(head, topic, told, level)
        )
        signing = self._signing()
        if signing.how == "under" and not rest:
            top = self._sign_under(head, top, signing, told)
        columns = [replace(one, top=top if n < over else one.top) for n, one in enumerate(columns)]
        blocked = self._photos(space, columns, top) if photo else []
        if label == "column":
            box = self.label(columns[0], top + 0.2 * look.body)
            columns[0] = replace(columns[0], top=box.bottom + 0.8 * look.body)
        slots = self.slots(columns, blocked)
        if dice.random() < 0.3:  # balanced columns, white below them
            slots = self._balanced(slots)
        if look.rules == "columns":
            self._column_rules(columns, blocked)
        if rest:
            self._rest_text(rest, slots, signing)
        else:
            self._text(topic, told, slots, signing)
            self.stories.append(told)

    def _signing(self) -> Signing:
        dice = self.dice
        ways = ("dateline", "name", "bracket", "none", "under")
        how = self.look.closing if dice.random() < 0.7 else dice.choice(ways)
        return Signing(how, [name(dice) for _ in range(dice.choice((1, 1, 2)))])

    def _sign_under(self, head: Space, top: float, signing: Signing, told: Told) -> float:
        """Put the writers under the heading; where the text may begin."""
        dice, look = self.dice, self.look
        role = dice.choice(("□ ", "", "●")) + dice.choice(("本报记者", "记者"))
        line = f"{role} {' '.join(signing.names)}"
        self.put(line, head, top, look.body, family="Sans", bold=False, centred=True)
        told.byline = signing.names
        return top + look.leading + 0.3 * look.body

    def _column_rules(self, columns: list[Space], blocked: list[Space]) -> None:
        """Rules between the columns of a story, where no photo stands."""
        for one, two in pairwise(columns):
            middle = (one.right + two.left) / 2
            line = Space(middle, one.top, middle + 1, one.bottom)
            if not any(line.meets(block) for block in blocked):
                self.sheet.rule(middle, one.top, middle, one.bottom, line=0.4)

    def _rest_heading(self, head: Space, story: Told) -> float:
        size = self.look.body
        self.sheet.text(f"（上接第{story.page}版）", head.left, head.top, size, family="Sans")
        top = head.top + 1.6 * size
        if self.dice.random() < 0.6:
            large = min(2 * size, head.width / measure(story.headline, self.look.family))
            self.put(
                story.headline,
                head,
                top,
                large,
                family=self.look.family,
                bold=True,
                centred=self.look.centred,
            )
            top += 1.5 * large
        return top + 0.4 * size

    def _balanced(self, slots: list[Slot]) -> list[Slot]:
        """The upper part of every column."""
        keep = self.dice.uniform(0.75, 0.95)
        columns: dict[float, list[Slot]] = {}
        for slot in slots:
            columns.setdefault(slot.left, []).append(slot)
        return [slot for rows in columns.values() for slot in rows[: max(3, int(len(rows) * keep))]]

    def _text(self, topic: Topic, told: Told, slots: list[Slot], signing: Signing) -> None:
        dice = self.dice
        first, opening = topic.words(dice.choice(FIRST)), ""
        if signing.how == "dateline":
            role, names = dice.choice(("记者 ", "通讯员 ", "记者")), " ".join(signing.names)
            ways = ("本报讯（{}{}）", "本报讯 （{}{}）", "（{}{}）")
            opening = dice.choice(ways).format(role, names)
            told.byline = signing.names
        jumps = self.may_jump is not None and len(slots) > 30 and not self.running
        room = slots[:-1]
        if not opening and dice.random() < 0.06 and len(room) > 12:
            told.body = self._dropped(topic, first, room)
        else:
            body = self.fill(topic, room, first=opening + first)
            told.body = [text.removeprefix(opening) for text in body]
        if jumps:
            self._jump(topic, told, slots)
        elif signing.how in ("name", "bracket"):
            self._sign(told, slots, signing)

    def _dropped(self, topic: Topic, first: str, room: list[Slot]) -> list[str]:
        size, look = 2, self.look
        first = first.lstrip("“")
        big = look.leading + look.body
        self.sheet.text(first[0], room[0].left, room[0].top, big, family=look.family, bold=True)
        wide = math.ceil(big / look.body + 0.3) * look.body
        narrow = [Slot(s.left + wide, s.top, s.width - wide) for s in room[:size]]
        body = self.fill(topic, narrow + room[size:], first=first[1:], indent=0.0)
        if body:
            body[0] = first[0] + body[0]
        return body

    def _sign(self, told: Told, slots: list[Slot], signing: Signing) -> None:
        """Put the writers at the end: in the last line, or on one of their own."""
        size = self.look.body
        text = " ".join(signing.names)
        if signing.how == "bracket":
            text = f"（{self.dice.choice(('记者 ', '通讯员 ', ''))}{text}）"
        elif self.dice.random() < 0.15:
            text = self.dice.choice(("本报记者 ", "文/")) + text
        wide = measure(text) * size
        _, end, top = self.last
        slot = next(
            (s for s in slots if s.top == top and s.left <= end <= s.left + s.width + 2 * size),
            None,
        )
        if slot is None:
            return
        right = slot.left + slot.width
        if right - wide > end + 1.5 * size:
            at = Slot(right - wide, top, wide)
        elif signing.how == "bracket" and right - wide > end:
            at = Slot(end, top, wide)
        else:
            free = slots[self.used] if self.used < len(slots) else None
            if free is None or free.width < wide:
                return
            at = Slot(free.left + free.width - wide, free.top, wide)
        self.sheet.text(text, at.left, at.top, size, family=self.dice.choice(("Serif", "Sans")))
        told.byline = signing.names

    def _jump(self, topic: Topic, told: Told, slots: list[Slot]) -> None:
        """Stop a story in the middle and say on which page it goes on."""
        text, self.pending = topic.sentence() + topic.sentence(), []
        self.lines(text, slots[:-1], self.used)
        self._print(self.pending)
        set_here = "".join(line for line, *_ in self.pending)
        if set_here:
            told.body.append(text)
        self.running.append(Running(told, topic, text[len(set_here) :] if set_here else ""))
        line, at = f"（下转第{self.may_jump}版）", slots[-1]
        wide = measure(line) * self.look.body
        self.sheet.text(line, at.left + at.width - wide, at.top, self.look.body, family="Sans")

    def _rest_text(self, rest: Running, slots: list[Slot], signing: Signing) -> None:
        start = {"goes_on": rest.text} if rest.text else {"first": rest.topic.sentence()}
        body = self.fill(rest.topic, slots[:-1], **start)
        told = rest.told
        if rest.text:
            told.body[-1] += body.pop(0)[len(rest.text) :]
        told.body += body
        if signing.how in ("name", "bracket") and not told.byline:
            self._sign(told, slots, signing)

    def _photos(self, space: Space, columns: list[Space], top: float) -> list[Space]:
        """A photo among the columns: over some of them, at their foot, or between two."""
        dice, look = self.dice, self.look
        if len(columns) == 1:
            tall = min(0.4 * (space.bottom - top), 0.7 * space.width)
            if tall < 5 * look.leading:
                return []
            end = self.photo(Space(space.left, top, space.right, top + tall))
            return [Space(space.left, top - 1, space.right, end + 0.6 * look.body)]
        first = dice.randrange(len(columns))
        last = min(len(columns) - 1, first + dice.choice((0, 1, 1)))
        left, right = columns[first].left, columns[last].right
        tall = min(dice.uniform(0.35, 0.6) * (space.bottom - top), right - left)
        if tall < 6 * look.leading:
            return []
        if first and last < len(columns) - 1 and dice.random() < 0.4:  # text runs around it
            left, right = left + 0.45 * columns[0].width, right + 0.3 * columns[0].width
            middle = (top + space.bottom - tall) / 2
            end = self.photo(Space(left, middle, right, middle + tall))
            return [
                Space(
                    left - look.gutter,
                    middle - 0.4 * look.body,
                    right + look.gutter,
                    end + 0.6 * look.body,
                )
            ]
        if dice.random() < 0.5:
            start = space.bottom - tall - 2.2 * look.leading
            end = self.photo(Space(left, start, right, start + tall))
            return [Space(left - 1, start - 0.7 * look.body, right + 1, space.bottom + 9)]
        end = self.photo(Space(left, top, right, top + tall))
        return [Space(left - 1, top - 1, right + 1, end + 0.7 * look.body)]

    def photo(self, box: Space) -> float:
        """A photo with its caption under it, on it or in a white box on it; where it all ends."""
        dice, look = self.dice, self.look
        if dice.random() < 0.7:
            self.sheet.picture(box.left, box.top, box.right, box.bottom, dice)
        else:
            self.sheet.box(box.left, box.top, box.right, box.bottom, fill=0.7)
            part = box.inside(0.15 * box.width, 0.15 * box.height)
            self.sheet.box(part.left, part.top, part.left + 0.3 * box.width, part.bottom, fill=0.4)
        topic = self.topic()
        small = look.body * dice.choice((0.85, 0.9, 1.0, 1.0))
        by = dice.choice(
            (f"{name(dice)} 摄", f"本报记者 {name(dice)} 摄", f"通讯员 {name(dice)} 摄", "")
        )
        text = topic.words(
            dice.choice(
                (
                    "图为{w}在{p}{t}忙碌。",
                    "{d}，{w}{s}在{p}检查{t}。",
                    "▲{p}的{t}。",
                    "{s}在{t}里忙活。",
                )
            )
        )
        wide = box.width - 2 * small
        kind = dice.choice(("under", "under", "under", "on", "boxed"))
        rows = self._caption_rows(f"{text} {by}".strip(), wide, small)
        if kind == "on":
            for n, row in enumerate(rows):
                self.sheet.text(
                    row,
                    box.left + small,
                    box.bottom - (len(rows) - n) * 1.4 * small - 2,
                    small,
                    family="Sans",
                    grey=1,
                )
            return box.bottom
        if kind == "boxed" and box.height > 8 * small:
            top = box.bottom - (len(rows) * 1.4 + 1.6) * small
            self.sheet.box(
                box.left + small, top, box.right - small, box.bottom - 0.6 * small, fill=1
            )
            for n, row in enumerate(rows):
                self.sheet.text(row, box.left + 1.5 * small, top + (0.5 + n * 1.4) * small, small)
            return box.bottom
        for n, row in enumerate(rows):
            self.sheet.text(
                row, box.left + small, box.bottom + (0.4 + n * 1.35) * small, small, family="Sans"
            )
        return box.bottom + (0.4 + len(rows) * 1.35) * small

    @staticmethod
    def _caption_rows(text: str, wide: float, size: float) -> list[str]:
        rows = [""]
        for unit in units_of(text, breaks_numbers=False):
            if measure(rows[-1] + unit) * size > wide and rows[-1]:
                rows.append("")
            rows[-1] += unit
        return [row.strip() for row in rows]

    # Other things -------------------------------------------------------------------------------

    def briefs(self, space: Space) -> None:
        """Short stories under a label."""
        dice, look = self.dice, self.look
        size = look.body * 2.2
        label = dice.choice(BRIEF_LABELS)
        kind = dice.choice(("plain", "black", "ruled"))
        wide = measure(label, "Sans") * size
        left = space.left + (space.width - wide) / 2
        if kind == "black":
            self.sheet.box(
                left - 0.5 * size,
                space.top,
                left + wide + 0.5 * size,
                space.top + 1.4 * size,
                fill=0,
            )
        self.sheet.text(
            label, left, space.top + 0.2 * size, size, family="Sans", grey=float(kind == "black")
        )
        top = space.top + 1.6 * size + 0.6 * look.body
        if kind == "ruled":
            self.sheet.rule(space.left, top - 0.5 * look.body, space.right, top - 0.5 * look.body)
        ways = ("none", "bracket", "name", "dateline")
        for column in self.columns(replace(space, top=top), self.column_count(space.width)):
            here = column
            while here.bottom - here.top > 7.5 * look.leading:
                topic, told = self.topic(), Told("", self.number)
                head = self.heading(here, topic, told, 0)
                rows = min(dice.randint(4, 9), int((here.bottom - head) / look.leading))
                slots = self.slots([replace(here, top=head)], [])[:rows]
                if len(slots) < 3:
                    break
                self._text(topic, told, slots, Signing(dice.choice(ways), [name(dice)]))
                if told.body:
                    self.stories.append(told)
                here = replace(here, top=slots[-1].top + 2.2 * look.leading)

    def advert(self, space: Space) -> None:
        """An advert in a frame."""
        dice, topic = self.dice, self.topic()
        rows = [topic.words(row) for row in dice.choice(ADVERTS)]
        if dice.random() < 0.6:
            self.sheet.box(space.left, space.top, space.right, space.bottom, line=1)
        else:
            self.sheet.box(space.left, space.top, space.right, space.bottom, fill=0.85)
        size = min(0.25 * space.height, 0.8 * space.width / len(rows[0]), 60)
        top = space.top + 0.6 * size
        for n, row in enumerate(rows):
            here = (
                size
                if not n
                else max(self.look.body, min(0.5 * size, 0.9 * space.width / measure(row)))
            )
            if top + here > space.bottom:
                break
            self.put(row, space, top, here, family="Sans", bold=not n, centred=True)
            top += 1.5 * here

    def photo_news(self, space: Space) -> None:
        """A photo by itself with its caption."""
        self.photo(replace(space, bottom=space.bottom - 3 * self.look.body))

    def framed(self, space: Space, level: int) -> None:
        """A frame or tint with one story or several."""
        dice, look = self.dice, self.look
        if dice.random() < 0.5:
            self.sheet.box(space.left, space.top, space.right, space.bottom, fill=0.92)
        else:
            self.sheet.box(
                space.left,
                space.top,
                space.right,
                space.bottom,
                line=dice.choice((0.7, 1.5, 3)),
                grey=dice.choice((0, 0.3)),
            )
        inner = space.inside(1.4 * look.body, 1.6 * look.body)
        if dice.random() < 0.5:
            size = self.label(
                inner,
                space.top - 0.6 * look.body if dice.random() < 0.5 else inner.top,
                left=space.left + dice.uniform(1, 6) * look.body,
            )
            inner = replace(inner, top=size.bottom + look.body)
        several = 1
        if inner.height > 40 * look.leading:
            several = dice.choice((1, 2, 3))
        tall = inner.height / several
        for n in range(several):
            part = replace(
                inner, top=inner.top + n * tall, bottom=inner.top + (n + 1) * tall - 1.4 * look.body
            )
            self.story(part, min(level, 2) if several > 1 else level, photo=dice.random() < 0.2)

    def vertical(self, space: Space) -> None:
        """A story with its headline set from top to bottom beside the text."""
        look, topic, told = self.look, self.topic(), Told("", self.number)
        size = 2.4 * look.body
        told.headline = topic.headline(int(space.height / (1.1 * size)) - 1).replace(" ", "")
        if any(char in "“”，：" or char.isdigit() for char in told.headline):
            told.headline = f"{topic.place}有了{topic.thing}"
        size = min(size, (space.height - look.body) / len(told.headline) / 1.1)
        right = self.dice.random() < 0.3
        left = space.right - size if right else space.left
        for n, char in enumerate(told.headline):
            self.sheet.text(
                char, left, space.top + n * 1.1 * size, size, family=look.family, bold=True
            )
        if right:
            text = replace(space, right=space.right - size - look.gutter)
        else:
            text = replace(space, left=space.left + size + look.gutter)
        slots = self.slots(self.columns(text, self.column_count(text.width)), [])
        self._text(topic, told, slots, Signing(self.look.closing, [name(self.dice)]))
        if told.body:
            self.stories.append(told)

    # The page -----------------------------------------------------------------------------------

    def masthead(self, date: tuple[int, int, int], paper: str) -> float:
        """The paper's name and its facts, in one column or two; where the page begins."""
        dice, look, space = self.dice, self.look, self.space
        size = space.width / 14
        year, month, day = date
        facts = [
            f"{year}年{month}月{day}日",
            f"星期{'一二三四五六'[day % 6]}",
            f"总第{dice.randint(1000, 9999)}期",
            f"今日{dice.choice('48')}版",
        ]
        top = space.top
        self.sheet.text(
            paper, space.left + size * 0.3, top, size, family="Serif", bold=True, step=0.1 * size
        )
        small = 1.1 * look.body
        if dice.random() < 0.5:
            left = space.left + space.width * 0.6
            self.sheet.text(
                "　".join(facts[:2]).replace("　", "  "),
                left,
                top + 0.2 * size,
                small,
                family="Sans",
            )
            self.sheet.text(
                "  ".join(facts[2:]), left, top + 0.2 * size + 1.6 * small, small, family="Sans"
            )
            top += 1.3 * size
        else:
            top += 1.25 * size
            self.sheet.text(
                "   ".join([*facts, "国内统一刊号 邮发代号"]), space.left, top, small, family="Sans"
            )
            top += 1.6 * small
        self.sheet.rule(space.left, top, space.right, top, line=1.5)
        return top + 1.2 * look.body

    def folio(self, date: tuple[int, int, int], paper: str) -> float:
        """The head of an inner page, its number in large type."""
        dice, look, space = self.dice, self.look, self.space
        year, month, day = date
        small, large = look.body, look.body * dice.choice((1.6, 2.4, 3.4))
        base, kind = space.top + 0.88 * large, dice.randrange(3)
        number = str(self.number)
        right = space.right
        if kind == 0:
            number_at = right - 1.6 * small - 0.6 * large
            self.sheet.text(
                "第", number_at - 1.4 * small, base - 0.88 * small, small, family="Sans"
            )
            self.sheet.text(number, number_at, space.top, large, family="Sans", bold=True)
            self.sheet.text(
                "版", number_at + 0.7 * large, base - 0.88 * small, small, family="Sans"
            )
            right = number_at - 3 * small
        elif kind == 1:
            self.sheet.text(
                f"0{number}", right - 1.3 * large, space.top, large, family="Sans", bold=True
            )
            right -= 1.3 * large + 2 * small
        else:
            self.sheet.text(
                f"{number}版", right - 1.8 * large, space.top, large, family="Sans", bold=True
            )
            right -= 1.8 * large + 2 * small
        when = f"{year}年{month}月{day}日 星期{'一二三四五六'[day % 6]}"
        self.sheet.text(
            when,
            right - (measure(when, "Sans") + 1) * small,
            base - 0.88 * small,
            small,
            family="Sans",
        )
        self.sheet.text(paper, space.left, space.top, large, family="Serif")
        section = dice.choice(SECTIONS)
        self.sheet.text(
            section, space.left + space.width * 0.42, base - 1.5 * small, 1.5 * small, family="Sans"
        )
        top = space.top + 1.3 * large
        if dice.random() < 0.5:
            credit = f"责编 {name(dice)}  版式 {name(dice)}  校对 {name(dice)}"
            self.sheet.text(
                credit,
                space.left + space.width * 0.62 - 30,
                space.top - 1.2 * small,
                small,
                family="Sans",
            )
        self.sheet.rule(space.left, top, space.right, top, line=1)
        return top + 1.2 * look.body

    def split(self, space: Space, count: int) -> list[Space]:
        """A space in irregular parts with rules or white between them."""
        parts, look = [space], self.look
        self.marks: list[tuple[float, float, float, float]] = []
        least_wide, least_tall = 15 * look.body, 15 * look.leading
        while len(parts) < count:
            parts.sort(key=lambda part: -part.width * part.height)
            part = next(
                (p for p in parts if p.width > 2.2 * least_wide or p.height > 2.2 * least_tall),
                None,
            )
            if part is None:
                break
            parts.remove(part)
            wide = part.width > 2.2 * least_wide
            level = part.height > 2.2 * least_tall and (
                not wide or self.dice.random() < part.height / (part.height + part.width) + 0.1
            )
            share = self.dice.uniform(0.32, 0.68)
            gap = 1.1 * look.body
            if level:
                at = min(
                    max(part.top + share * part.height, part.top + least_tall),
                    part.bottom - least_tall,
                )
                self.marks.append((part.left, at, part.right, at))
                parts += [replace(part, bottom=at - gap), replace(part, top=at + gap)]
            else:
                at = min(
                    max(part.left + share * part.width, part.left + least_wide),
                    part.right - least_wide,
                )
                self.marks.append((at, part.top, at, part.bottom))
                parts += [replace(part, right=at - gap), replace(part, left=at + gap)]
        return parts

    def draw(self, top: float, rests: list[Running]) -> None:
        """Fill the page below its head."""
        dice, look = self.dice, self.look
        bottom = self.space.bottom
        if dice.random() < 0.4:
            self.sheet.rule(
                self.space.left,
                bottom - 1.6 * look.body,
                self.space.right,
                bottom - 1.6 * look.body,
            )
            line = "本报地址：长堤街8号 邮编：300000 电话：0571-2345678 印刷：本报印务中心"
            self.sheet.text(
                line, self.space.left, bottom - 1.2 * look.body, look.body, family="Sans"
            )
            bottom -= 2.6 * look.body
        space = replace(self.space, top=top, bottom=bottom)
        if dice.random() < 0.3:
            advert = replace(space, top=space.bottom - dice.uniform(0.08, 0.16) * space.height)
            self.advert(advert)
            space = replace(space, bottom=advert.top - 1.5 * look.body)
        if self.number == 1 and dice.random() < 0.35:
            space = self._teasers(space)
        parts = self.split(space, dice.randint(5, 9))
        plain = [
            mark
            for mark in self.marks
            if look.rules == "all" or (look.rules in ("level", "columns") and mark[1] == mark[3])
        ]
        parts.sort(key=lambda part: -part.width * part.height)
        framed = self._parts(parts, rests)
        for left, rule_top, right, rule_bottom in plain:
            mark = Space(
                left - 1.5 * look.body,
                rule_top - 1.5 * look.body,
                right + 1.5 * look.body,
                rule_bottom + 1.5 * look.body,
            )
            if not any(mark.meets(frame) for frame in framed):
                self.sheet.rule(left, rule_top, right, rule_bottom)

    def _teasers(self, space: Space) -> Space:
        """What stands on other pages, in a row over the page; the space below it."""
        size = 1.2 * self.look.body
        self.sheet.box(space.left, space.top, space.left + 4 * size, space.top + 2 * size, fill=0)
        self.sheet.text(
            "导读", space.left + size, space.top + 0.5 * size, size, family="Sans", grey=1
        )
        left = space.left + 5 * size
        for page in (2, 3, 4):
            text = f"{self.topic().headline(16)} ·{page}版"
            if left + measure(text, "Sans") * size > space.right:
                break
            self.sheet.text(text, left, space.top + 0.5 * size, size, family="Sans")
            left += (measure(text, "Sans") + 3) * size
        below = space.top + 2.6 * size
        self.sheet.rule(space.left, below, space.right, below)
        return replace(space, top=below + self.look.body)

    def _parts(self, parts: list[Space], rests: list[Running]) -> list[Space]:
        dice, look, framed = self.dice, self.look, []
        waiting = list(rests)
        for n, part in enumerate(parts):
            level = 4 if n == 0 else dice.choice((3, 2, 2)) if n < 4 else dice.choice((1, 2))
            level = min(level, 3) if part.width < 40 * look.body else level
            roll = dice.random()
            if n and waiting:
                self.story(part, 1, rest=waiting.pop())
            elif n and roll < 0.17:
                self.framed(part, level)
                framed.append(part)
            elif n and roll < 0.25 and part.height > 20 * look.leading:
                self.briefs(part)
            elif n > 3 and roll < 0.31:
                self.advert(part)
                framed.append(part)
            elif n > 2 and roll < 0.36:
                self.photo_news(part)
            elif (
                n
                and roll < 0.42
                and 12 * look.leading < part.height < 45 * look.leading
                and part.width > 17 * look.body
            ):
                self.vertical(part)
            else:
                label = dice.choice(("over", "column")) if dice.random() < 0.2 else ""
                self.story(part, level, label=label, photo=dice.random() < 0.3)
        return framed


def look_of(dice: random.Random, width: float) -> Look:
    """How a page is set, by the dice."""
    body = width / dice.uniform(105, 132)
    return Look(
        body=round(body, 1),
        leading=body * dice.uniform(1.42, 1.75),
        gutter=body * dice.uniform(1.2, 2.2),
        rules=dice.choice(("all", "all", "level", "columns", "none")),
        family=dice.choice(("Sans", "Sans", "Serif")),
        centred=dice.random() < 0.7,
        breaks_numbers=dice.random() < 0.3,
        apart=dice.random() < 0.2,
        closing=dice.choice(("dateline", "dateline", "name", "bracket", "under")),
    )


def draw(seed: int, kind_of_page: type[Page] = Page) -> tuple[bytes, dict[str, Any]]:
    """The PDF of a seed and what is right about it: one page, two, or two on one sheet."""
    dice = random.Random(seed)  # noqa: S311  no secret
    width, height = dice.choice(SIZES)
    date = (2025, dice.randint(1, 12), dice.randint(1, 28))
    paper = dice.choice(PAPERS)
    kind = dice.choice(("front", "inner", "inner", "front", "two", "spread"))
    numbers = {"front": (1,), "inner": (dice.randint(2, 8),), "two": (1, dice.choice((2, 3, 4)))}
    first = dice.choice((2, 4))
    shown = numbers.get(kind, (first, first + 1))
    sheets: list[Sheet] = []
    stories: list[Told] = []
    rests: list[Running] = []
    look = look_of(dice, width)
    if kind == "spread":
        sheets.append(Sheet(2 * width, height))
    for at, number in enumerate(shown):
        if kind != "spread":
            sheets.append(Sheet(width, height))
        left = at * width if kind == "spread" else 0.0
        space = Space(left, 0, left + width, height).inside(0.035 * width, 0.028 * height)
        page = kind_of_page(dice, sheets[-1], space, look, number)
        if len(shown) > 1 and not at and dice.random() < 0.8:
            page.may_jump = shown[1]
        top = page.masthead(date, paper) if number == 1 else page.folio(date, paper)
        page.draw(top, rests)
        stories += page.stories
        rests = page.running
    rows = [told.row() for told in stories if told.body]
    facts = {"date": "{}-{:02}-{:02}".format(*date), "paper": paper, "kind": kind}
    return written(sheets), facts | {"articles": rows}


def scans(pdf: bytes, *, dpi: int, skew: float, noise: float) -> Iterator[Any]:
    """Each sheet of a PDF as a grey picture: askew, with grain."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    grain = np.random.default_rng(7)
    for sheet in pypdfium2.PdfDocument(pdf):
        image = sheet.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
        grey = np.asarray(image, dtype=np.float32) * 0.92
        if noise:
            grey += grain.standard_normal(grey.shape, dtype=np.float32) * noise
        yield Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def seeds_of(words: str) -> list[int]:
    """Seeds as they are given: 7, 0-99, even:0-99, odd:0-99."""
    kind, _, span = words.rpartition(":")
    low, _, high = span.partition("-")
    found = range(int(low), int(high or low) + 1)
    return [seed for seed in found if not kind or seed % 2 == (kind == "odd")]


def main(kind_of_page: type[Page] = Page) -> None:
    """Draw the seeds named on the command line, each page by a class of pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="0-9", help="7, 0-99, even:0-99 or odd:0-99")
    parser.add_argument("--dpi", type=int, default=0, help="draw scans as well")
    parser.add_argument("--skew", type=float, default=0.0, help="degrees")
    parser.add_argument("--noise", type=float, default=0.0, help="grey steps")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds_of(chosen.seeds):
        pdf, told = draw(seed, kind_of_page)
        stem = chosen.folder / f"broadsheet-{seed:04}"
        stem.with_suffix(".pdf").write_bytes(pdf)
        expected = json.dumps(told, ensure_ascii=False, indent=1)
        stem.with_suffix(".expected.json").write_text(expected, encoding="utf-8")
        if chosen.dpi:
            scanned = scans(pdf, dpi=chosen.dpi, skew=chosen.skew, noise=chosen.noise)
            for number, image in enumerate(scanned, 1):
                image.save(f"{stem}_{number}.png")


if __name__ == "__main__":
    main()
