"""Tone changes: the tones that are heard instead of those of the dictionary.

一 and 不 by what follows, third tones inside words; across words newsreaders keep the third tone
where a phrase may end, so only a lone syllable leans on the next word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qjaudio.paper.text import is_han
from qjaudio.paper.words import is_word
from qjaudio.script.readings import NUMERALS, known_parts

_SCALES = frozenset("百千万亿")
_DAYS = frozenset("初周")
"""Before 一 in one word they number a day: 初一, 周一."""
_DATES = frozenset("月号日")


@dataclass(frozen=True, slots=True)
class Syllable:
    """One Han character, or a mark that stands between syllables (then `sound` is empty)."""

    char: str
    sound: str
    word: int
    """The number of its word."""
    fixed: bool = False
    """Whether 一 and 不 are written in the tone that is heard, as in the lexicon."""
    loose: bool = False
    """Whether its word stands in no dictionary, so that its end is a guess."""
    holds: bool = False
    """Whether its word keeps its third tones: names of persons, numbers digit by digit."""

    @property
    def tone(self) -> int:
        """1 to 5; 0 for a mark."""
        return int(self.sound[-1]) if self.sound else 0

    def toned(self, tone: int) -> str:
        """Its sound with another tone."""
        return f"{self.sound[:-1]}{tone}"


_LEANING = frozenset("很小")
"""Words of one syllable that lean on any word after them: 很满意, 小礼物."""
_LEANING_ON_ONE = frozenset("也把")
"""Words of one syllable that lean on another one: 也走了, 把水."""
_COMPLEMENTS = frozenset("好满稳紧")
"""What a verb of one syllable leans on: 走好, 打满."""
_KIN = frozenset("姐奶姥婶嫂宝")
"""Doubled they are nouns and keep their third tone: 姐姐, but 走走."""
_PREFIXES = frozenset("小老大总副新好很真最太更也只")
"""Characters that stand before a whole word more often than inside one."""
_UNITS = frozenset("百点秒米亩种场本起里把朵桶碗首角口款笔组版股所匹捆盏小")
"""Before these a digit rises though its number holds its tones: 五百, 四十五秒."""
_MARK = Syllable("", "", -1)


def apply_sandhi(syllables: Sequence[Syllable]) -> tuple[str, ...]:
    """The sounds as heard, one for each syllable."""
    heard = [_yi_bu(syllables, index) for index in range(len(syllables))]
    for index in _third_tones(syllables) + _doubled_verbs(syllables):
        heard[index] = syllables[index].toned(2)
    return tuple(heard)


def _doubled_verbs(syllables: Sequence[Syllable]) -> list[int]:
    """The first syllables of doubled verbs of the third tone: 想想, 走走."""
    return [
        index
        for index, (here, after) in enumerate(pairwise(syllables))
        if here.char == after.char and here.tone == 3 and after.tone == 5 and here.char not in _KIN
    ]


def _yi_bu(syllables: Sequence[Syllable], index: int) -> str:
    here = syllables[index]
    if here.char not in "一不" or not here.sound or here.fixed:
        return here.sound
    after = syllables[index + 1] if index + 1 < len(syllables) else _MARK
    if _stands_between_twins(syllables, index) or (here.char == "不" and _cannot(syllables, index)):
        return here.toned(5)  # 看一看, 是不是, 做不了
    if here.char == "不":
        return here.toned(2 if after.tone == 4 and after.char != "一" else 4)
    if _keeps_first_tone(syllables, index):
        return here.toned(1)
    return here.toned(2 if after.tone == 4 or after.char == "个" else 4)


def _stands_between_twins(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether 一 or 不 stands in a doubled verb; not in 中国|一国两制, 一项|一项."""
    if not 0 < index < len(syllables) - 1:
        return False
    before, after = syllables[index - 1], syllables[index + 1]
    if before.char != after.char or not is_han(before.char) or before.char in NUMERALS:
        return False
    here = syllables[index]
    if here.word > before.word + 1 or after.word > here.word + 1:
        return False  # a quotation mark stands between them: 港“一港”
    if here.char == "不" and here.word == after.word:
        follows = syllables[index + 2 : index + 3]
        return not follows or follows[0].word != after.word  # 会|不会, but 时间|不间断
    return here.word == before.word or _word_start(syllables, index - 1) == index - 1


def _cannot(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether 不 says that something cannot be done: 做不了; not in 不|了解, 不了了之."""
    before, _, *after = (_MARK, *syllables)[index : index + 4]
    if not (before.tone and after and after[0].char == "了" and after[0].tone == 3):
        return False
    return len(after) < 2 or after[1].word != after[0].word


def _word_start(syllables: Sequence[Syllable], index: int) -> int:
    """The index of the first syllable of a word."""
    while index and syllables[index - 1].word == syllables[index].word:
        index -= 1
    return index


def _keeps_first_tone(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether 一 counts, orders or ends: 第一, 二十一, 一九, 一月, 统一."""
    before = syllables[index - 1] if index else _MARK
    after = syllables[index + 1] if index + 1 < len(syllables) else _MARK
    here = syllables[index]
    is_inside = before.word == here.word
    return (
        not after.tone
        or before.char == "第"
        or (before.char in _DAYS and is_inside)
        or (
            before.char in NUMERALS
            and here.word <= before.word + 1  # no quotation mark between: 2024“一带一路”
            and not (before.char in _SCALES and after.char in "百千")  # 三千一百
            and not _ends_a_word(syllables, index - 1)
        )
        or (after.char in NUMERALS and after.char not in _SCALES)
        or (
            after.char in _DATES
            and before.char + after.char not in ("前日", "次日")
            and _ends_with_date(syllables, index)
        )
        or (is_inside and here.word != after.word and not here.loose)
    )


def _ends_with_date(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether 一 and what follows it are no beginning of a word: 一月|一日, but 一日三餐."""
    if syllables[index].word != syllables[index + 1].word:
        return _is_alone(syllables, index)
    after = syllables[index + 1 : index + 3]
    return after[0].char != "日" or after[-1].word != after[0].word or len(after) < 2


def _ends_a_word(syllables: Sequence[Syllable], end: int) -> bool:
    """Whether 一 at an index ends a word that is no number: 唯一|一个, 统一|一定."""
    start = _word_start(syllables, end)
    if syllables[end].char != "一" or syllables[end + 1].word == syllables[end].word:
        return False
    return not all(syllable.char in NUMERALS for syllable in syllables[start : end + 1])


def _third_tones(syllables: Sequence[Syllable]) -> list[int]:
    """The indexes of third tones that rise: inside a word, all but the last of a run."""
    rising: list[int] = []
    start = 0
    while start < len(syllables):
        end = start
        while (
            end + 1 < len(syllables)
            and syllables[end].tone == syllables[end + 1].tone == 3
            and _stands_close(syllables, end)
        ):
            end += 1
        rising.extend(_rising_in_run(syllables, start, end))
        start = end + 1
    return rising


def _leans_on_unit(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether a digit stands before a unit, or 点 in a number; 一九九五 keeps its tones."""
    before, here, after = (one.char for one in (_MARK, *syllables)[index : index + 3])
    if here in NUMERALS:
        return after in ("百点" if here in _SCALES else _UNITS)
    return here == "点" and before in NUMERALS and after in NUMERALS


def _stands_close(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether a syllable is said together with the next one."""
    here, after = syllables[index], syllables[index + 1]
    return (
        here.word == after.word
        or _is_lone_end(syllables, index + 1)
        or _leans_on_unit(syllables, index)
        or (
            _is_alone(syllables, index)
            and not after.holds
            and (
                here.char in _LEANING
                or (
                    _is_alone(syllables, index + 1)
                    and (here.char in _LEANING_ON_ONE or after.char in _COMPLEMENTS)
                )
            )
        )
    )


def _is_alone(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether a syllable is a word by itself."""
    word = syllables[index].word
    around = [*syllables[max(0, index - 1) : index], *syllables[index + 1 : index + 2]]
    return all(other.word != word for other in around)


def _is_lone_end(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether a word of one syllable ends the clause; it leans on the word before: 保管|好."""
    follows = syllables[index + 1] if index + 1 < len(syllables) else _MARK
    at_end = not follows.tone and not follows.char.isalnum()
    return at_end and syllables[index - 1].word != syllables[index].word


def _is_surname(syllables: Sequence[Syllable], index: int) -> bool:
    """Whether it begins a name that goes on, so that it leans on what follows: 沈晓明."""
    begins = _word_start(syllables, index) == index and not _is_alone(syllables, index)
    return begins and syllables[index].char not in NUMERALS


def _rising_in_run(syllables: Sequence[Syllable], start: int, end: int) -> list[int]:
    if syllables[start].holds:
        if end - start == 1 and _is_surname(syllables, start):
            return [start]
        return [index for index in range(start, end) if _leans_on_unit(syllables, index)]
    middle = _middle_of_four(syllables, start, end)
    if middle is not None:
        return [*range(start, middle), *range(middle + 1, end)]
    if end - start == 2 and _is_phrase(syllables, start + 1):
        return [start + 1]  # 老|保管
    return list(range(start, end))


def _middle_of_four(syllables: Sequence[Syllable], start: int, end: int) -> int | None:
    """The last syllable of the first half of a word of four that a run goes over: 老老|少少.

    共产党|员 has no such halves: a known word goes over its middle.
    """
    word = [
        index
        for index in range(max(0, start - 3), min(len(syllables), end + 4))
        if syllables[index].word == syllables[start].word
    ]
    if len(word) != 4 or not start <= word[1] < end <= word[3]:
        return None
    text = "".join(syllables[index].char for index in word)
    goes_over = any(len(known_parts(three)) == 1 for three in (text[:3], text[1:]))
    return None if goes_over else word[1]


def _is_phrase(syllables: Sequence[Syllable], start: int) -> bool:
    """Whether the last two of three stand closer together than the first two: 小老虎, 展览馆."""
    first = syllables[start - 1].char + syllables[start].char
    last = syllables[start].char + syllables[start + 1].char
    return is_word(last) and (syllables[start - 1].char in _PREFIXES or not is_word(first))
