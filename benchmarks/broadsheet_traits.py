"""Broadsheets as strangers build them: those of broadsheet.py with more traits, by seed.

    python benchmarks/broadsheet_traits.py FOLDER --seeds odd:3001-3199

writes the same files. Drawn besides: decks as large as the text, headlines on photos and in blocks
beside their text, frames across columns, quotations between rules, boxes of briefs with small
headlines, adverts in prose, pages of few stories, pages that a viewer turns, marks outside them.
"""

from dataclasses import replace

from broadsheet import Page, Running, Signing, Space, Told, main, measure
from broadsheet_words import DECKS, Topic, name

BOX_LABELS = ("一周速览", "简讯", "基层短波", "县城这几天", "快读", "身边事")
ADVERT_MARKS = ("广告", "分类广告", "便民信息")


class StrangePage(Page):
    """A page with more traits."""

    def heading(self, space: Space, topic: Topic, told: Told, level: int) -> float:
        """A heading on a photo, or with a deck as large as the text, or as others are."""
        dice, look = self.dice, self.look
        roomy = space.height > 30 * look.leading and space.width > 30 * look.body
        if level > 1 and roomy and dice.random() < 0.1:
            end = space.top + min(0.3 * space.height, 0.5 * space.width)
            self.sheet.picture(space.left, space.top, space.right, end, dice)
            size = 2.6 * look.body
            told.headline = topic.headline(int(space.width / size) - 3)
            size = min(size, 0.9 * space.width / measure(told.headline, look.family))
            left, top = space.left + look.body, space.top + dice.uniform(1, 3) * look.body
            self.sheet.text(told.headline, left, top, size, family=look.family, grey=1)
            return end + 0.8 * look.body
        top = super().heading(space, topic, told, level)
        if level > 1 and not told.deck and dice.random() < 0.2:
            deck = "——" + topic.words(dice.choice(DECKS))
            if measure(deck) * look.body < space.width:
                told.deck = deck
                self.put(
                    deck,
                    space,
                    top - 0.1 * look.body,
                    look.body,
                    family="Serif",
                    bold=False,
                    centred=True,
                )
                top += 1.6 * look.leading - look.body * 0.5
        return top

    def story(
        self,
        space: Space,
        level: int,
        *,
        label: str = "",
        photo: bool = False,
        rest: Running | None = None,
    ) -> None:
        """A story; some with their headline in a tint beside the text."""
        dice, look = self.dice, self.look
        plain = not label and not rest
        low = 14 * look.leading < space.height < 40 * look.leading
        if not (plain and low and space.width > 50 * look.body and dice.random() < 0.25):
            if not rest and dice.random() < 0.15:
                photo = True
            super().story(space, level, label=label, photo=photo, rest=rest)
            return
        topic, told = self.topic(), Told("", self.number)
        size, wide = 2.2 * look.body, 18 * look.body
        told.headline = topic.headline(13).replace(" ", "")
        bottom = space.top + dice.uniform(7, 10) * look.leading
        self.sheet.box(space.left, space.top - 2, space.left + wide, bottom, fill=0.88)
        half = (len(told.headline) + 1) // 2
        top = space.top + look.body
        for part in (told.headline[:half], told.headline[half:]):
            here = min(size, (wide - 2 * look.body) / measure(part, look.family))
            self.sheet.text(part, space.left + look.body, top, here, family=look.family)
            top += 1.25 * size
        text = replace(space, left=space.left + wide + 1.5 * look.body)
        slots = self.slots(self.columns(text, self.column_count(text.width)), [])
        self._text(topic, told, slots, Signing("dateline", [name(dice)]))
        if told.body:
            self.stories.append(told)

    def _photos(self, space: Space, columns: list[Space], top: float) -> list[Space]:
        dice, look = self.dice, self.look
        roll, tall = dice.random(), space.bottom - top
        if roll < 0.3 and len(columns) > 1 and tall > 12 * look.leading:
            return [self._framed_words(columns, top, tall)]
        if roll < 0.5 and tall > 14 * look.leading:
            return [self._quotation(dice.choice(columns), top, tall)]
        return super()._photos(space, columns, top)

    def _framed_words(self, columns: list[Space], top: float, tall: float) -> Space:
        """A frame with a picture and a few words across two columns."""
        dice, look = self.dice, self.look
        first = dice.randrange(len(columns) - 1)
        left, right = columns[first].left, columns[first + 1].right
        start = top + dice.uniform(0.15, 0.5) * tall
        frame = Space(left, start, right, start + 5 * look.leading)
        self.sheet.box(frame.left, frame.top, frame.right, frame.bottom, line=0.7)
        self.sheet.picture(left + 8, start + 6, left + 4.4 * look.leading, frame.bottom - 6, dice)
        for n, words in enumerate(("扫一扫", f"看{self.topic().place}视频")):
            at = frame.top + (0.7 + 1.5 * n) * look.leading
            self.sheet.text(words, left + 5.5 * look.leading, at, look.body, family="Sans")
        return Space(left - 1, frame.top - 0.6 * look.body, right + 1, frame.bottom + look.body)

    def _quotation(self, column: Space, top: float, tall: float) -> Space:
        """Words of a story between two rules in one of its columns."""
        look, dice = self.look, self.dice
        start = top + dice.uniform(0.2, 0.5) * tall
        size = look.body * dice.choice((1.04, 1.15, 1.3))
        words = f"“{self.topic().headline(20)}。”"
        each = max(4, int(column.width / size) - 1)
        rows = [words[at : at + each] for at in range(0, len(words), each)]
        end = start + (len(rows) * 1.5 + 1) * size
        for y in (start, end):
            self.sheet.rule(column.left, y, column.right, y, line=2)
        for n, row in enumerate(rows):
            at = start + (0.7 + 1.5 * n) * size
            self.put(row, column, at, size, family="Sans", bold=False, centred=True)
        return Space(column.left - 1, start - 0.8 * look.body, column.right + 1, end + look.body)

    def framed(self, space: Space, level: int) -> None:
        """A box of briefs whose headlines are as small as the text of the page, or a frame."""
        dice, page = self.dice, self.look
        if dice.random() < 0.4 or space.height < 20 * page.leading:
            super().framed(space, level)
            return
        tint = {"fill": 0.93} if dice.random() < 0.5 else {"line": 1.0}
        self.sheet.box(space.left, space.top, space.right, space.bottom, **tint)
        body = round(dice.uniform(0.85, 0.93) * page.body, 1)
        self.look = look = replace(page, body=body, leading=dice.uniform(1.45, 1.65) * body)
        inner = space.inside(1.2 * body, 1.2 * body)
        top, marked = inner.top, dice.random() < 0.5
        if dice.random() < 0.7:
            size = page.body * dice.uniform(1.25, 1.8)
            words = dice.choice(BOX_LABELS)
            self.put(words, inner, top, size, family="Sans", bold=True, centred=dice.random() < 0.5)
            top += 1.6 * size
        columns = self.columns(replace(inner, top=top), self.column_count(inner.width))
        for column in columns:
            here = column
            while here.bottom - here.top > 7 * look.leading:
                topic, told = self.topic(), Told("", self.number)
                size = body if marked else min(1.12 * body, page.body)
                told.headline = topic.headline(int(column.width / size) - 2)
                mark = "■" if marked else ""
                self.sheet.text(
                    mark + told.headline, here.left, here.top, size, family="Sans", bold=True
                )
                text = replace(here, top=here.top + 1.5 * size)
                rows = self.slots([text], [])[: dice.randint(4, 8)]
                self._text(topic, told, rows, Signing("dateline", [name(dice)]))
                if told.body:
                    self.stories.append(told)
                here = replace(here, top=rows[-1].top + 2.0 * look.leading)
        self.look = page

    def advert(self, space: Space) -> None:
        """An advert in prose that says what it is, or another one."""
        dice, look = self.dice, self.look
        if dice.random() < 0.5 or space.height < 10 * look.leading:
            super().advert(space)
            return
        self.sheet.box(space.left, space.top, space.right, space.bottom, line=1)
        mark, inner = dice.choice(ADVERT_MARKS), space.inside(1.5 * look.body, 1.2 * look.body)
        topic, top = self.topic(), inner.top
        if mark == "广告":
            self.sheet.text(mark, inner.right - 3 * look.body, space.top + 4, 0.7 * look.body)
            title = f"{topic.place}{topic.thing}节满百减二十"
            size = min(2 * look.body, inner.width / measure(title))
            self.put(title, inner, top, size, family="Sans", bold=True, centred=True)
            top += 1.5 * size
        else:
            self.put(mark, inner, top, 1.5 * look.body, family="Sans", bold=True, centred=True)
            top += 2.3 * look.body
        columns = self.columns(replace(inner, top=top), self.column_count(inner.width))
        self.fill(topic, self.slots(columns, []), first=topic.sentence(), most=4)

    def split(self, space: Space, count: int) -> list[Space]:
        """The parts of a page, of some pages only two or three."""
        return super().split(space, self.dice.choice((2, 3)) if self.dice.random() < 0.2 else count)

    def draw(self, top: float, rests: list[Running]) -> None:
        """Fill the page; some are turned in the file, some have marks outside."""
        dice, sheet = self.dice, self.sheet
        super().draw(top, rests)
        sheet.turned = sheet.turned or dice.random() < 0.1
        if dice.random() < 0.1:
            sheet.margin = 40.0
            slug = f"{name(dice)} 三校 大样 此处不付印"
            sheet.text(slug, 20, -30, 12, family="Sans")
            sheet.text("上一期残稿不付印。" * 3, 20, sheet.height + 10, 12)


if __name__ == "__main__":
    main(StrangePage)
