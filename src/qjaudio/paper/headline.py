"""引题, 主题 and 副题 of a story: chosen from its headings, completed where the page proves it.

A heading that stops inside a word, or inside a quotation, which the story's first paragraph holds
whole, is completed from there. A vertical heading that OCR scattered is found as the stretch of the
lead that holds the scattered characters. Everything else stays as it is printed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qjaudio import rules
from qjaudio.paper.drafts import BULLETS, NOTE, Draft, Remains
from qjaudio.paper.lines import is_signoff
from qjaudio.paper.model import Headline, Repair
from qjaudio.paper.pieces import Piece
from qjaudio.paper.sentences import first_clause, told_part, without_open_quote
from qjaudio.paper.text import (
    HAN,
    NO_TEXT,
    PageText,
    bigrams,
    close_up_heading,
    full_width,
    han,
    has_box,
    is_han,
    join_texts,
    letters,
    overlap,
    shared_with,
    shortened,
)
from qjaudio.paper.words import (
    PageWordings,
    Wording,
    cut,
    is_word,
    parted_word,
    quotations_by_end,
    repair_slips,
    tagged,
    times_of,
    word_around,
)

MIN_ANCHOR = 4
"""Fewest characters that heading and lead must share before the lead may complete the heading."""
MIN_TOWN, NEAR_END = 3, 4
"""A clause of which so few characters are missing from a scattered headline belongs to it whole."""
LONG_ANCHOR = 8
"""So many shared characters are proof enough where the last word could also stand alone."""
MAX_HEADING = 40
MIN_SHARE = 0.5
"""How much of the scattered characters a stretch of the lead must hold."""
MAX_TRIES = 3  # so many runs of the page may look like a story's headline and be none
_HAN = re.compile(f"[{HAN}]")
_QUOTES = re.compile(r"[“”‘’\"]")
_CLAUSE = re.compile(r"[，。；！？,;!?：]")
_STANDING_ENDINGS, _STANDING_STARTS = "会县市区镇村厅局办处日年月", "县市区镇乡省村州"
_ORDINAL = re.compile(r"^[一二三四五六七八九十\d]{1,3}届")
_PLACE = re.compile(r"[\u4e00-\u9fff]{0,3}[省市县区旗州镇乡]$")
MAX_RUNS, MAX_RUN = 24, 160
"""Vertical headlines of the fullest page; characters of the longest, half made up by OCR."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The wording of each page, and the characters of headlines that OCR scattered on it."""

    wording: PageWordings
    debris: Mapping[int, Sequence[str]] = field(default_factory=dict)
    indents: bool = False
    """Whether paragraphs are indented, so that first lines can be told."""

    place: str = ""
    """The town in the paper's name: 石桥 of 今日石桥 or 石桥日报."""


@lru_cache(maxsize=64)
def _headline_runs(runs: tuple[str, ...]) -> tuple[str, ...]:
    """The runs of scattered characters that may be a headline, and all of them together."""
    together = (*runs[:MAX_RUNS], "".join(runs))
    return tuple(run for run in dict.fromkeys(together) if len(run) <= MAX_RUN)


@dataclass(frozen=True, slots=True)
class Restored:
    """A heading made whole, with the words of the page that prove it."""

    text: PageText = NO_TEXT
    evidence: str = ""


def complete(
    main: PageText, lead: PageText, body: PageText, page: Wording, place: str = ""
) -> Restored:
    """Complete a heading that lost its first or its last characters.

    The end is completed from the lead, the beginning from anywhere in the story, or with the first
    character of `place`, the paper's own town, where the heading begins with its second.
    """
    front = _front(main, body, page)
    if not front.evidence:
        front = _town(main, place, page)
    back = _back(front.text, lead)
    evidence = "; ".join(part for part in (front.evidence, back.evidence) if part)
    return Restored(back.text, evidence)


def _plain_map(text: str) -> tuple[str, list[int]]:
    """Letters and Han of a text, and where each of them stands."""
    places = [at for at, char in enumerate(text) if char.isalnum()]
    return "".join(filter(str.isalnum, text)), places


def _back(main: PageText, lead: PageText) -> Restored:
    plain, _ = _plain_map(main)
    flat, places = _plain_map(lead)
    for size in range(len(plain), MIN_ANCHOR - 1, -1):
        at = flat.find(plain[-size:])
        if at < 0:
            continue
        end = at + size
        if end >= len(flat) or not _lost_end(lead, places, end, plain, size):
            return Restored(main)
        rest = _to_clause_end(lead, places[end], keep_marks=any(c in main for c in '“"'))
        if len(letters(rest)) + len(plain) > MAX_HEADING:
            rest = _word_end(lead, places[end])
        return Restored(main.rstrip() + rest, f"the lead has …{plain[-size:]}{rest}")
    return Restored(main)


def _lost_end(lead: str, places: list[int], end: int, plain: str, shared: int) -> bool:
    """Whether a heading that ends here in the lead ends inside a word or inside a quotation."""
    here, following = places[end - 1], places[end]
    between = lead[here + 1 : following]
    if _CLAUSE.search(between):
        return False
    opened = lead[:following].count("“") - lead[:following].count("”")
    if opened > 0 and not between and plain.count("“") == 0:
        quoted_from = lead.rfind("“", 0, following)
        inside = letters(lead[quoted_from:following])
        if len(inside) >= 3 and plain.endswith(inside):
            return True
    if between or plain[-1] in _STANDING_ENDINGS:
        return False
    start, stop = word_around(lead, following)
    tail = cut(plain)[-1]
    broken = len(tail) == 1 or not is_word(tail) or shared >= max(LONG_ANCHOR, len(plain))
    return start <= here and broken and is_word(lead[start:stop])


def _to_clause_end(lead: PageText, start: int, *, keep_marks: bool) -> PageText:
    found = _CLAUSE.search(lead, start)
    rest = lead[start : found.start() if found else len(lead)]
    return rest if keep_marks else shortened(rest, _QUOTES.sub("", rest))


def _word_end(lead: PageText, start: int) -> PageText:
    _, stop = word_around(lead, start)
    return lead[start:stop]


def _front(main: PageText, body: PageText, page: Wording) -> Restored:
    quoted = _front_quote(main, body, page)
    if quoted:
        return quoted
    plain, _ = _plain_map(main)
    if not (_HAN.match(plain) or plain[:1].isdigit()):
        return Restored(main)
    for size in range(min(len(plain), 12), MIN_ANCHOR - 2, -1):
        at = body.find(plain[:size])
        if at < 0:
            continue
        if at == 0 or not _HAN.match(body, at - 1):
            break
        lost = _lost_word(plain, body, at, page)
        lost = lost or (_lost_owner(plain, body, at) if size >= MIN_ANCHOR else "")
        return Restored(lost + main, f"the story has {lost}{plain[:size]}…" if lost else "")
    return Restored(main)


def _town(main: PageText, place: str, page: Wording) -> Restored:
    """A heading that begins with the last character of the paper's own town's name."""
    if len(place) != 2 or main.startswith(place) or not main.startswith(place[1]):
        return Restored(main)
    if len(cut(main)[0]) > 1 or page.count(place) < MIN_TOWN:
        return Restored(main)
    return Restored(place[0] + main, f"the page has {place} {page.count(place)} times")


def _front_quote(main: PageText, body: str, page: Wording) -> Restored | None:
    """A closing quotation mark without an opening one: the page has the quotation whole."""
    close = min((at for at in (main.find("”"), main.find('"')) if at >= 0), default=-1)
    opens = main[:close].count("“") if close >= 0 else 1
    if close < 2 or opens or (main[close] == '"' and main.count('"') % 2 == 0):
        return None
    tail = main[:close]
    quotation = quotations_by_end(body).get(tail) or page.quotation(tail)
    if not quotation:
        return None
    whole = f"“{quotation.removesuffix(tail)}" + main[:close] + "”" + main[close + 1 :]
    return Restored(whole, f"the page has “{quotation}”")


def _lost_word(plain: str, lead: PageText, at: int, page: Wording) -> str:
    """The beginning of a word of the lead in the middle of which the heading starts, with no word.

    One that the dictionary lacks counts where the page never has its end without its beginning.
    """
    start, stop = word_around(lead, at)
    first = cut(plain)[0]
    if times_of(plain[0]) >= SELDOM or (len(first) > 1 and is_word(first)):
        return ""
    proves, lost = is_word(str(lead)[start:stop]), lead[start:at]
    if not 1 <= len(lost) <= 2 or plain[0] in _STANDING_STARTS or not all(map(is_han, lost)):
        return ""
    return lost if proves or page.always_after(plain[:2], lost) else ""


def _lost_owner(plain: str, lead: str, at: int) -> str:
    """An ordinal without its owner (第…届 of which county?): the lead says whose it is."""
    if not _ORDINAL.match(plain):
        return ""
    place = _PLACE.search(lead[max(0, at - 4) : at])
    return place[0][-1] if place else ""


def from_debris(runs: Sequence[str], lead: str) -> Restored:
    """The stretch of the lead's first clauses that holds the scattered characters of a heading.

    `runs` are the scattered characters of the headings of the page; the first that fits is it.
    """
    clause = first_clause(lead)
    there = Counter(clause)
    tries = 0
    for run in runs:
        wanted = Counter(char for char in run if is_han(char) or char.isdigit())
        total = sum(wanted.values())
        if total < MIN_ANCHOR or (wanted & there).total() < MIN_SHARE * total:
            continue
        share, start, end = _best_stretch(str(clause), wanted, total)
        if share >= MIN_SHARE:
            evidence = f"scattered characters: {run}"
            return Restored(_whole_words(clause, start, end), evidence)
        tries += 1
        if tries == MAX_TRIES:
            break
    return Restored()


def _best_stretch(clause: str, wanted: Counter[str], total: int) -> tuple[float, int, int]:
    """How much of what is wanted the best stretch of a clause holds, and its start and end."""
    best = (0.0, 0, 0)
    for start in range(len(clause)):
        left = dict(wanted)
        hits = 0
        for end in range(start + 1, min(len(clause), start + MAX_HEADING) + 1):
            char = clause[end - 1]
            if left.get(char):
                left[char] -= 1
                hits += 1
            best = max(best, (hits / total - 0.01 * (end - start - hits), -start, end))
    return best[0], -best[1], best[2]


def _whole_words(clause: PageText, start: int, end: int) -> PageText:
    """Widen a stretch to whole words, and to the ends of the clause where little is left out."""
    start = 0 if start <= NEAR_END else word_around(clause, start)[0]
    end = word_around(clause, end - 1)[1]
    return clause[start : len(clause) if len(clause) - end <= NEAR_END else end]


def from_lead(lead: str) -> Restored:
    """A heading for a story that has none on the page: its own first statement."""
    clause = first_clause(lead)
    if len(letters(clause)) > MAX_HEADING:
        end = 0
        for word in cut(clause):
            if len(letters(clause[: end + len(word)])) > MAX_HEADING:
                break
            end += len(word)
        clause = without_open_quote(clause[:end])
    return Restored(clause, "the lead's first statement") if letters(clause) else Restored()


LEVEL_BONUS = 0.35
"""What the biggest type in the group counts against wording shared with the lead (0 to 1)."""
MOTTO_MALUS = 0.2
FEW_WORDS = 1.2  # the largest type has few: of two headings under one mark the longer has more
NEAR = 0.25
LONGEST = 120
"""Characters; a heading is never joined with more lines than make that."""
UNMARKED, TOLD = 7, 9  # without Markdown mark smaller than all marked ones, as a told kicker is
_SERIES = re.compile(r"\S\s*[·•|｜]\s*\S|^【|(?:专栏|系列报道|系列|特别报道|进行时|来信)$")
_COLUMN = re.compile(rules.phrases("furniture")["column"])
_DATE = re.compile("[\\d〇一二三四五六七八九十年月日号 ]+")
_BOXED = re.compile("【[^【】]+】|《[^《》]+》")
_GIVING = re.compile(
    "(?:推出|打造|推行|试行|举办|成立|获评|荣获|迎来|有了|开展|建起|办起|走出|上演)$"
)
"""Verbs that have no object yet."""
_JOINERS = tuple("的和与及暨、，—·：:在将为对向")


@dataclass(frozen=True, slots=True)
class Unit:
    """One heading: a piece, or several that one heading was broken over."""

    text: PageText
    level: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a story by their part."""

    main: Unit | None = None
    kicker: Unit | None = None
    decks: tuple[Unit, ...] = ()
    banners: tuple[Unit, ...] = ()


_MARKS = f"{BULLETS} "


def units_of(heads: Sequence[Piece], lead: str) -> list[Unit]:
    """The headings of a group, those that were broken over lines joined again.

    A word cut in two, a quotation left open, or the joined wording in the lead prove a break.
    """
    wording = letters(lead)
    units: list[Unit] = []
    for piece in heads:
        text = close_up_heading(piece.text).lstrip(_MARKS)
        text, told = told_part(text) if "题" in text else (text, "")
        level = {"": piece.level or UNMARKED, "主": 1}.get(told, TOLD)
        if told == "引" and piece is heads[-1] and units:
            units.insert(-1, Unit(text, level, (piece,)))
            continue
        last = units[-1] if units else None
        alike = last and (last.level, last.pieces[0].kind) == (level, piece.kind)
        alike = alike or (last and _is_object(last.text, text))
        column = last and piece.kind != "headline" and _COLUMN.fullmatch(last.text)
        if last and alike and not column and _heading_goes_on(last.text, text, wording):
            units.pop()
            units.append(Unit(close_up_heading(last.text + text), level, (*last.pieces, piece)))
        else:
            units.append(Unit(text, level, (piece,)))
    return units


def _heading_goes_on(before: str, after: str, wording: str) -> bool:
    if len(before) > LONGEST:
        return False
    seam = letters(before)[-2:] + letters(after)[:2]  # 除险加固 | 工程完工
    if letters(before + after) in wording or (seam in wording and not has_box(before)):
        return True
    if before.endswith(_JOINERS) or after.startswith(("暨", "、", "”", "》")):
        return True
    if (before.endswith("了") and len(han(after)) < 5) or _is_object(before, after):
        return True
    does = tagged(after)[0][1] in ("v", "d", "p") and is_noun(before)
    return does or _open_quote(before) or bool(parted_word(before, after))


def _is_object(before: str, after: str) -> bool:
    """Whether a heading begins with the name of what the line above it says is given or made."""
    return after[:1] in "“《" and bool(_GIVING.search(before))


def is_noun(text: str) -> bool:
    """Whether a heading names somebody or something without what they do."""
    return not any(tag in ("v", "a", "d") for _, tag in tagged(text))


def _open_quote(text: str) -> bool:
    return (
        text.count("“") > text.count("”")
        or text.count("《") > text.count("》")
        or text.count('"') % 2 == 1
    )


def choose(units: list[Unit], lead: str, body: str) -> Headings:
    """Choose the main heading by its type size and by the wording it shares with the lead."""
    if not units:
        return Headings()
    at = _best_unit(units, lead, body) if len(units) > 1 else 0
    # Where the page's geometry tells the parts of a heading, nothing is guessed.
    known = [n for n, unit in enumerate(units) if unit.pieces[0].kind == "headline"]
    at = known[-1] if known else at
    main = units[at]
    twice = [x for x in units if x is not main and letters(x.text) == letters(main.text)]
    above, below = ([x for x in part if x not in twice] for part in (units[:at], units[at + 1 :]))
    told = bool(above) and above[-1].pieces[0].kind == "kicker"
    kicker = above[-1] if above and (told or _is_kicker(above[-1], main, body)) else None
    banners = above[:-1] if kicker else above
    return Headings(main, kicker, tuple(below[:2]), (*banners, *twice, *below[2:]))


def _best_unit(units: list[Unit], lead: str, body: str) -> int:
    """The place of the heading that most likely is the main one."""
    if _COLUMN.fullmatch(units[0].text) and units[1].level <= units[0].level:
        return 1
    if _is_column(units, body):
        return 1 + (_best_unit(units[1:], lead, body) if len(units) > 2 else 0)
    biggest = min(unit.level for unit in units)
    tops = [at for at, unit in enumerate(units) if unit.level == biggest]
    placed = has_box(units[0].text)
    far = not placed or units[0].level > biggest + 2
    if far and tops[0] and len(tops) == 1 and units[0].level != UNMARKED:
        return tops[0]  # marks of two levels, the lower one above: a kicker
    if not placed and tops == [0] and units[1].level > biggest + 1 and len(han(units[0].text)) > 5:
        return 0  # two levels lower: a deck
    of_lead, of_body = bigrams(lead), bigrams(body)
    sizes = [len(han(unit.text)) for unit in units]
    uneven = len(units) == len(tops) == 2 and max(sizes) > FEW_WORDS * min(sizes)
    if uneven and not placed and all(shared_with(x.text, of_lead) < NEAR for x in units):
        return sizes.index(min(sizes))
    scores = [_score(unit, biggest, of_lead, of_body) for unit in units]
    return max(range(len(units)), key=lambda place: (scores[place], -place))


def _is_column(units: list[Unit], body: str) -> bool:
    """Whether the first heading is the name of a column, marked like the headline below it: four or
    five characters, of which the text has none together."""
    name, below = units[0], units[1]
    short = 3 < len(han(name.text)) == len(name.text) <= LONGEST_LABEL < 0.7 * len(han(below.text))
    alike = name.level == below.level < UNMARKED and below.text[0] not in "—-"
    return bool(short and alike and not has_box(name.text) and not overlap(name.text, body))


def _score(unit: Unit, biggest: int, lead: set[str], body: set[str]) -> float:
    shared = shared_with(unit.text, lead)
    score = shared + 0.2 * shared_with(unit.text, body)
    score += LEVEL_BONUS if unit.level == biggest else 0.0
    score -= 1.0 if unit.text.startswith(("—", "-")) else 0.0  # a dash begins a 副题
    score -= LEVEL_BONUS if shared < NEAR and _SERIES.search(unit.text) else 0.0
    return score - (MOTTO_MALUS if shared < NEAR and _is_motto(unit.text) else 0.0)


def _is_motto(text: str) -> bool:
    """Two halves of the same length, as banners and kickers like them: `同心聚力 共创未来`."""
    halves = [han(half) for half in re.split(r"[\s，,]+", text.strip())]
    return len(halves) == 2 and len(halves[0]) == len(halves[1]) <= 9


def _is_kicker(unit: Unit, main: Unit, body: str) -> bool:
    """A line right above the main heading in smaller type, or one about the same matter."""
    signs = unit.level == UNMARKED > main.level and is_signoff(unit.text)  # a notice above
    label = len(han(unit.text)) <= LONGEST_LABEL and overlap(unit.text, body) < NEAR
    alike = unit.level == main.level < UNMARKED and not has_box(unit.text)
    alike = alike and not _COLUMN.fullmatch(unit.text)  # a program marks them all alike
    if signs or _DATE.fullmatch(unit.text) or (label and not (alike and not is_noun(unit.text))):
        return False
    if alike:
        return True
    halves = " " in unit.text and not (_CLAUSE.search(unit.text) or has_box(unit.text))
    return unit.level >= main.level + (not halves) or overlap(unit.text, body) >= NEAR


LONGEST_LABEL = 5
"""Han characters of a line above a headline that names its column, and is no first line of it."""
OWN_HEADING = 0.5
"""A heading that shares this much of its wording with the lead is the main one, come what may."""


def headline_of(
    draft: Draft, texts: list[PageText], evidence: Evidence
) -> tuple[Headline, list[Repair], Remains]:
    """The headline of a story, what was changed in it, and the headings that were not taken."""
    remains = Remains()
    if not texts:
        for piece in draft.heads:
            remains.add(piece, "banner")
        return Headline(main=""), [], remains
    if draft.marked:
        return _marked_headline(draft), [], remains
    texts = texts[1:] if len(texts) > 1 and NOTE.match(texts[0]) else texts
    units = units_of(draft.heads, texts[0])
    lead, body = join_texts(texts[:2])[:300], join_texts(texts)
    headings = choose(units, texts[0], body)
    found, unused = _find_scattered(draft, lead, headings, evidence), headings.banners
    if headings.main and not found.text:
        wording = evidence.wording[draft.page]
        headline, repairs = _repair_printed(headings, lead, body, wording, evidence.place)
    else:
        headline, repairs = _replace_printed(headings, found if found.text else from_lead(texts[0]))
        unused += (*filter(None, (headings.kicker,)), *headings.decks)
    for unit in unused:
        for piece in unit.pieces:
            remains.add(piece, "banner")
    return headline, repairs, remains


def _marked_headline(draft: Draft) -> Headline:
    """The headline of which the source says what its parts are."""

    def part(kind: str) -> PageText:
        pieces = [piece for piece in draft.heads if piece.kind == kind]
        texts = (close_up_heading(piece.text).lstrip(_MARKS) for piece in pieces)
        return join_texts(map(full_width, texts), " ")

    return Headline(main=part("headline"), kicker=part("kicker"), deck=part("deck"))


def _find_scattered(draft: Draft, lead: str, headings: Headings, evidence: Evidence) -> Restored:
    """The vertical headline whose scattered characters fit this story's lead, if any."""
    runs = tuple(evidence.debris.get(draft.page, ()))
    if not runs or (headings.main and overlap(headings.main.text, lead) >= OWN_HEADING):
        return Restored()
    return from_debris(_headline_runs(runs), lead)


def _replace_printed(headings: Headings, found: Restored) -> tuple[Headline, list[Repair]]:
    """A headline that is not printed in one piece: the main one that is stands above it."""
    kicker = full_width(headings.main.text) if headings.main else NO_TEXT
    headline = Headline(main=found.text, kicker=kicker, restored=found.evidence)
    repair = Repair(where="headline", before="", after=found.text, evidence=found.evidence)
    return headline, [repair]


def _repair_printed(
    headings: Headings, lead: PageText, body: PageText, wording: Wording, place: str
) -> tuple[Headline, list[Repair]]:
    assert headings.main is not None  # noqa: S101  the caller has looked
    repairs: list[Repair] = []

    def repaired(text: PageText, where: str) -> PageText:
        whole, slips = repair_slips(full_width(text), wording, where)
        repairs.extend(slips)
        return whole

    # Before quotation marks are paired: a lost one would turn the others round.
    printed = headings.main.text
    if _BOXED.fullmatch(printed) and printed not in body:  # no title of a book
        printed = printed[1:-1]
    # Where the page's geometry showed the heading whole, nothing is missing.
    told = headings.main.pieces[0].kind == "headline"
    whole = complete(printed, lead, body, wording, place) if not told else Restored(printed)
    if whole.evidence:
        repairs.append(
            Repair(where="headline", before=printed, after=whole.text, evidence=whole.evidence)
        )
    main = repaired(whole.text, "headline")
    kicker = repaired(headings.kicker.text, "kicker") if headings.kicker else ""
    deck = NO_TEXT
    if headings.decks:
        deck = join_texts([repaired(unit.text, "deck") for unit in headings.decks], " ")
    return Headline(main=main, kicker=kicker, deck=deck, restored=whole.evidence), repairs


LOST_TIMES = 2
"""So often the text has a character between two that stand together in the headline alone."""
SELDOM = 1_000
"""Times in the dictionary's corpus: a character that hardly stands alone is a part of a name."""
_NO_SIGN = re.compile("[‧·•]$|^[‧·•]|[‧|<>_^~□■\ufffd]")


def misread_at(text: str, unsure: str, start: int, end: int) -> int:
    """Where in a part of a text stands what may be misread; -1 where it makes words: it is not."""
    for found in re.finditer(re.escape(unsure), text[start:end]):
        at = start + found.start()
        first, last = word_around(text, at)
        if not is_han(unsure) or last - first == 1 or not is_word(text[first:last]):
            return at
    return -1


def is_misread(headline: str, body: str) -> bool:
    """Whether a character of a headline was lost or is another one: its text has it otherwise.

    So is `木巷` where the text has 木樨巷, `大吞镇` where it has 大岙镇, or a sign of no headline.
    A headline may do without 的.
    """
    if _NO_SIGN.search(headline):
        return True
    for before, char, after in zip(headline, headline[1:], f"{headline[2:]} ", strict=False):
        if before + char in body or not (is_han(before) and is_han(char)):
            continue
        rests = [rest for rest in body.split(before)[1:] if is_han(rest[:1])]
        lost = Counter(rest[0] for rest in rests if rest[1:2] == char)
        others = [x for x in lost if lost[x] >= LOST_TIMES]
        if char not in body and is_han(after):
            others += [rest[0] for rest in rests if rest[1:2] == after]
        if any(times_of(other) < SELDOM for other in others):
            return True
    return False
