"""Measure how text of tools is read: columns side by side, and sentences that another story parts.

    python benchmarks/tool_text.py odd

Pages are made by seed from words of our own. Even seeds were used while the rules were written, odd
ones were not.
"""

import random
import re
import sys
from collections.abc import Iterator
from itertools import zip_longest

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

PLACES = ["河西", "东岭", "石桥", "青山", "白水", "柳湾", "金塘", "南坪", "大坞", "新亭"]
NAMES = ["李明", "王小芳", "陈国强", "赵一平", "周敏", "吴海生", "郑欣", "孙立群"]
TOPICS = {
    "水闸": "闸门 渠道 旱季 灌溉 守闸人 水位", "公交": "末班车 停靠点 司机 车站 线路 票价",
    "茶叶": "茶园 春茶 茶农 收购 芽头 品质", "学校": "教室 操场 学生 课桌 家长 校车",
    "医院": "门诊 护士 病房 体检 药房 住院", "图书": "书架 读者 阅览室 绘本 藏书 管理员",
    "道路": "路面 路灯 行人 护栏 弯道 施工", "养蜂": "蜂箱 蜂蜜 蜂农 花期 蜂王 蜜源",
}  # fmt: skip
SENTENCES = (
    "{a}比以前方便多了，大家都说这件事办得好。",
    "据介绍，{a}和{b}一共花了{n}万元，用了{m}个月。",
    "以前{a}坏了没有人管，{b}也只能将就着用。",
    "现在{a}每天都有人照看，{b}出了问题当天就能修好。",
    "“以后{a}就不用愁了。”{p}村的一位老人这样说。",
    "村民们最关心的是{a}，其次才是{b}。",
    "{a}的数量从{m}处增加到{n}处，{b}不再排队。",
)
Story = tuple[str, str, list[str]]
CALM = "，。、；：！？”）"


def stories(dice: random.Random, count: int) -> list[Story]:
    """Headline, reporter and paragraphs of stories on different topics."""
    found = []
    for topic in dice.sample([*TOPICS], count):
        words = [topic, *TOPICS[topic].split()]

        def sentence(words: list[str] = words) -> str:
            a, b = dice.sample(words, 2)
            return dice.choice(SENTENCES).format(
                a=a, b=b, n=dice.randint(20, 900), m=dice.randint(2, 19), p=dice.choice(PLACES)
            )

        paragraphs = [
            "".join(sentence() for _ in range(dice.randint(1, 3)))
            for _ in range(dice.randint(2, 4))
        ]
        headline = f"{dice.choice(PLACES)}{dice.choice(words)}{dice.choice(['换新颜', '昨天启用'])}"
        found.append((headline, dice.choice(NAMES), paragraphs))
    return found


def opened(story: Story) -> list[str]:
    """The paragraphs, the first with its dateline."""
    _, name, (first, *rest) = story
    return [f"本报讯（记者 {name}）{first}", *rest]


def column(story: Story, width: int) -> Iterator[str]:
    """The lines of a story in a column of so many Han characters."""
    yield from (story[0], "")
    for text in opened(story):
        line, reach = "　　", 2.0
        for char in text:
            step = 1.0 if ord(char) > 255 else 0.5
            if reach + step > width and char not in CALM:
                yield line
                line, reach = "", 0.0
            line, reach = line + char, reach + step
        yield line


def beside(dice: random.Random) -> tuple[str, list[Story]]:
    """A page of two or three columns, as a program sets it that counts Han as one place or two."""
    found = stories(dice, dice.choice([2, 2, 3]))
    width, wide, gap = dice.randint(12, 20), dice.choice([1, 2]), dice.randint(2, 6)
    rows = []
    for cells in zip_longest(*(column(story, width) for story in found), fillvalue=""):
        row = ""
        for at, cell in enumerate(cells):
            reach = sum(wide if ord(char) > 255 else 1 for char in row)
            missing = at * (width * wide + gap) - reach
            row += " " * max(missing, 2 if row else 0) + cell if cell else ""
        rows.append(row.rstrip())
    return "\n".join(rows), found


def parted(dice: random.Random, *, lost: bool) -> tuple[str, list[Story]]:
    """A page on which a story stops in a sentence; its rest, unless `lost`, stands further down."""
    found = stories(dice, dice.randint(2, 4))
    first = dice.randrange(len(found) - 1)
    second = dice.randrange(first + 1, len(found))
    blocks, rest = list[str](), list[str]()
    for at, story in enumerate(found):
        texts = opened(story)
        if at == first and lost:
            texts[-1] = texts[-1][:-1]
        elif at == first:
            place = dice.randrange(len(texts))
            text = texts[place]
            start = text.find("）") + 6
            cuts = [n for n in range(start, len(text) - 4) if not {text[n - 1], text[n]} & {*CALM}]
            cut = dice.choice(cuts)
            rest = [text[cut:], *texts[place + 1 :]]
            texts = [*texts[:place], text[:cut]]
        blocks += [f"# {story[0]}", *texts, *(rest if at == second else [])]
    return "\n\n".join(blocks), found


def is_right(text: str, wanted: list[Story]) -> bool:
    """Whether a page is read as its stories, word for word."""
    try:
        issue = read_issue(split_pages(text, stem="page1"))
    except NotAnIssueError:
        return False
    got = {re.sub(r"\s", "", a.headline.main): [*map(str, a.paragraphs)] for a in issue.articles}
    return got == {head: paragraphs for head, _, paragraphs in wanted}


def main() -> None:
    """Print how many pages of each kind are read right."""
    odd = sys.argv[1:] == ["odd"]
    kinds = {
        "columns side by side": beside,
        "a sentence that goes on below": lambda dice: parted(dice, lost=False),
        "a full stop that is lost": lambda dice: parted(dice, lost=True),
    }
    for name, make in kinds.items():
        pages = [make(random.Random(seed)) for seed in range(odd, 200, 2)]  # noqa: S311
        right = sum(is_right(text, wanted) for text, wanted in pages)
        print(f"{name}: {right} of {len(pages)} pages right")


if __name__ == "__main__":
    main()
