"""What is put right at the desk: corrections of the issue, edits of the script, readings.

Each becomes a file that people can read and that `make` obeys: `corrections.toml` and `script.md`
of the date, and the lexicon, of the date or of the show. The journal says who did it.
"""

import contextlib
import datetime
import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qjaudio import rules, store
from qjaudio.config import LEXICON
from qjaudio.desk.accounts import RefusedError
from qjaudio.desk.editions import Editions, OpenEdition, ShownLine, ShownStory, fitting
from qjaudio.errors import UsageError
from qjaudio.paper.corrections import Correction, parse_corrections
from qjaudio.paper.digest import short_headline
from qjaudio.paper.model import Issue
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import ends_sentence, is_han
from qjaudio.pipeline import lexicons, locking, reading, scripting
from qjaudio.pipeline.journal import Journal, JournalEntry
from qjaudio.script.compose import sentence_lines
from qjaudio.script.lexicon import Lexicon, LexiconEntry
from qjaudio.script.model import Line, Part, Script, Word
from qjaudio.script.prepare import MAX_LINE, prepare_text, to_markdown
from qjaudio.script.readings import digit, readings_of

_LONGEST_NAME = 400
_LONGEST_NOTE = 2_000
"""Of a text in the journal."""
_HEAD = re.compile(r"\s*\[\[\s*correction\s*\]\]")
_SYLLABLE = re.compile(r"[^\W\d]+[1-5]?")
_IDEOGRAPHS = (0x4E00, 0xA000)
_UNFIT = "这处改动在版面上找不到唯一的位置，没有保存"
_NOT_PRINTED = "这句话不是版面上的文字，请改播报稿"


class ConflictError(Exception):
    """Somebody else has changed the same place; what is there now, and what was to be saved."""

    def __init__(self, theirs: str, mine: str, line: ShownLine | None = None) -> None:
        super().__init__(theirs)
        self.theirs, self.mine, self.line = theirs, mine, line


@dataclass(frozen=True, slots=True)
class Editor:
    """One person at work on the edition of a date."""

    editions: Editions
    date: str
    who: str

    @property
    def _now(self) -> datetime.datetime:
        return datetime.datetime.now(reading.CHINA)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[OpenEdition]:
        """The edition as it is now, while nobody else changes it, in this program or another."""
        path = self.editions.out.stage(self.date, reading.CORRECTIONS)
        path.parent.mkdir(parents=True, exist_ok=True)
        with locking.edit_lock(path):
            yield self.editions.open(self.date)

    def correct_story(self, name: str, version: str, row: Mapping[str, Any]) -> None:
        """Add a correction; ConflictError for another `version`, RefusedError if it fits none."""
        with self._alone() as edition:
            story = edition.story(name)
            if story is None or version != story.version:
                raise ConflictError(_as_text(story), in_words(Correction(story=name, **row)))
            self._add(edition, story, row)

    def reword(self, key: str, part: int, index: int, text: str) -> None:
        """Correct the reading of a sentence: the page says `text`.

        Raises:
            ConflictError: the sentence is another one by now.
            RefusedError: it is no sentence of the page, or there is nothing to change.
        """
        with self._alone() as edition:
            line, text = self._line(edition, key, part, index, text)
            story = next((one for one in edition.stories if one.part == line.part), None)
            if story is None or story.article is None or not story.name:
                raise RefusedError(_NOT_PRINTED)
            before = str(line.line.text)
            if before == text:
                raise RefusedError("没有改动")
            if line.line.kind == "headline":
                self._add(edition, story, {"headline": text})
                return
            crossheads = (row.text for row in story.article.crossheads)
            found = quoted((*story.article.paragraphs, *crossheads), before, text)
            if found is None:
                raise RefusedError(_NOT_PRINTED)
            self._add(edition, story, {"wrong": found[0], "right": found[1]})

    def rewrite(self, key: str, part: int, index: int, text: str) -> None:
        """Say a sentence otherwise than the page has it; empty = do not say it.

        Raises:
            ConflictError: the sentence is another one by now.
            RefusedError: it stands in the rundown, which follows the stories.
        """
        with self._alone() as edition:
            line, text = self._line(edition, key, part, index, text)
            script = edition.scripted.script
            there = script.parts[line.part]
            if there.kind == "headlines" or line.line.kind == "headline":
                raise RefusedError("内容提要和标题跟着稿件走：请改这一条的标题")
            if text and not ends_sentence(text) and line.line.kind == "body":
                text += "。"
            body = [one for one in there.lines if one.kind == "body"]
            if not text and body == [line.line]:
                raise RefusedError("这是最后一句；整条不播请点“不播”")
            lines = sentence_lines(text, kind=line.line.kind, number=line.line.paragraph)
            script = _script_with(script, line.part, line.index, line.index + 1, lines)
            self._save_script(edition, edition.issue, script)
            self._note("script", str(line.line.text), text)

    def say_too(self, name: str, text: str) -> None:
        """Say a sentence of a story that was left out, at its place."""
        with self._alone() as edition:
            story = edition.story(name)
            if story is None or story.part is None or text not in story.silent:
                raise ConflictError(_as_text(story), text)
            assert story.article is not None  # noqa: S101  a name is that of an article
            printed = [
                Line(text=sentence, kind="body", paragraph=number)
                for number, paragraph in enumerate(story.article.paragraphs, start=1)
                for sentence in sentences(paragraph)
            ]
            place = [str(line.text) for line in printed].index(text)
            before = {str(line.text) for line in printed[:place]}
            spoken = [line.index for line in story.lines if str(line.line.text) in before]
            at = max(spoken, default=0) + 1
            script = _script_with(edition.scripted.script, story.part, at, at, [printed[place]])
            self._save_script(edition, edition.issue, script)
            self._note("script", "", text)

    def recompose(self) -> None:
        """Drop all edits of the script: it is what the paper says again."""
        with self._alone() as edition:
            self.editions.out.stage(self.date, scripting.SCRIPT).unlink(missing_ok=True)
            self._write_stages(edition.issue, scripting.FoundScript(text=None))
            self._note("script", f"{len(edition.scripted.unprinted)} 句", "按版面重新生成")

    def undo_edit(self, key: str) -> None:
        """Take back one edit of the script, and keep the others."""
        with self._alone() as edition:
            edit = next((one for one in edition.edits if one.key == key), None)
            if edit is None:
                raise ConflictError("这处改稿已经不在了", "")
            begin, end = edit.place  # as if that had been composed: then it is no edit
            base = (*edition.base[:begin], *edit.after, *edition.base[end:])
            self._carry_over(edition, edition.issue, base)
            self._note("script", "".join(edit.after), "".join(edit.before))

    def follow_page(self) -> None:
        """Take what the page says by now, and keep the edits of the script."""
        with self._alone() as edition:
            self._carry_over(edition, edition.issue, edition.base)
            self._note("script", "", "采用新版面，保留改稿")

    def undo(self, line: int) -> None:
        """Take back the correction at a line of the file; RefusedError where others need it."""
        with self._alone() as edition:
            rows = self._rows()
            if not (0 < line <= len(rows) and _HEAD.match(rows[line - 1])):
                raise ConflictError("这条更正已经不在了", "")
            start, end = line - 1, line
            while start and rows[start - 1].startswith("#"):
                start -= 1
            while end < len(rows) and not _HEAD.match(rows[end]):
                end += 1
            while end < len(rows) and end > line and rows[end - 1].startswith("#"):
                end -= 1
            gone = "\n".join(rows[start:end]).strip()
            self._write_corrections(edition, [*rows[:start], *rows[end:]])
            self._note("corrections", gone, "")

    def _rows(self) -> list[str]:
        text, _ = reading.corrections_text(self.date, self.editions.config)
        return text.split("\n") if text else []

    def _line(
        self, edition: OpenEdition, key: str, part: int, index: int, text: str
    ) -> tuple[ShownLine, str]:
        line, text = edition.line(key, part, index), " ".join(text.split())
        if len(text) > MAX_LINE:
            raise RefusedError("一句话太长了")
        if line is None:
            lines = (line for story in edition.stories for line in story.lines)
            there = next((one for one in lines if (one.part, one.index) == (part, index)), None)
            raise ConflictError(str(there.line.text) if there else "", text, there)
        return line, text

    def _add(self, edition: OpenEdition, story: ShownStory, row: Mapping[str, Any]) -> None:
        name, page = json.loads(story.name)
        entry = {"story": name, **({"page": page} if page else {}), **row}
        title = " ".join(story.title.split())[:40]
        block = [f"# {self._signed()}：{title}", "[[correction]]"]
        block += [f"{key} = {json.dumps(entry[key], ensure_ascii=False)}" for key in entry]
        rows = self._rows()
        while rows and not rows[-1].strip():
            rows.pop()
        self._write_corrections(edition, [*rows, *([""] if rows else []), *block, ""])
        self._note("corrections", title, in_words(Correction(**entry)))

    def _signed(self) -> str:
        return f"{self.who} {self._now:%Y-%m-%d %H:%M}"

    def _write_corrections(self, edition: OpenEdition, rows: Sequence[str]) -> None:
        """Write the corrections if the issue can be put right by them; then what follows of it."""
        path, text = self.editions.out.stage(self.date, reading.CORRECTIONS), "\n".join(rows)
        try:
            found = parse_corrections(text, str(path))
        except UsageError as error:
            raise RefusedError(_UNFIT, hint=str(error)) from error
        issue, _, misfits = fitting(edition.raw, found)
        if len(misfits) > len(edition.misfits):
            raise RefusedError(_UNFIT, hint=misfits[-1][1])
        store.write_text(path, text)
        if edition.scripted.edited:
            self._carry_over(edition, issue, edition.base)
        else:
            self._write_stages(issue, edition.found)

    def _carry_over(self, edition: OpenEdition, issue: Issue, base: Sequence[str]) -> None:
        """Compose the script of an issue again, and put what was changed of `base` into it."""
        out, config = self.editions.out, self.editions.config
        new = scripting.script_issue(issue, config, out, scripting.FoundScript(text=None)).script
        merged, lost = carry_over(base, edition.scripted.script, new)
        if lost:
            self._note("script", " ".join(lost), "这几句改稿没有了着落")
        self._save_script(edition, issue, merged)

    def _save_script(self, edition: OpenEdition, issue: Issue, script: Script) -> None:
        path, date = self.editions.out.stage(self.date, scripting.SCRIPT), self.date
        text = to_markdown(script, rules.phrases("phrases"))
        now = scripting.find_script(self.editions.out, date, links_to=self.editions.config.links_to)
        if now.text != edition.found.text:
            raise ConflictError("播报稿文件刚刚被别人改过", "")
        store.write_text(path, text)
        stamp = tuple(store.stamp_of(path))
        self._write_stages(issue, scripting.FoundScript(text=text, edited=True, stamp=stamp))

    def _write_stages(self, issue: Issue, found: scripting.FoundScript) -> None:
        """Write what follows of corrections and script; a run of the date does it itself."""
        out, config = self.editions.out, self.editions.config
        scripted = scripting.script_issue(issue, config, out, found)
        with contextlib.suppress(locking.BusyError), locking.locked(out, self.date, self._now):
            scripting.write_stages(out, issue, scripted, found)

    def _note(self, what: str, before: str, after: str) -> None:
        """Write into the journal what was changed."""
        facts = {"what": what, "before": before[:_LONGEST_NOTE], "after": after[:_LONGEST_NOTE]}
        at = self._now.isoformat(timespec="seconds")
        entry = JournalEntry(at=at, date=self.date, act="edited", who=self.who, facts=facts)
        Journal(self.editions.out).add(entry)

    def add_reading(self, word: str, spoken: str, homophone: str, *, show: bool) -> None:
        """Have a word read so, here or in the whole show; RefusedError where it does not fit."""
        syllables = syllables_of(spoken)
        date, note = "" if show else self.date, self._signed()
        try:
            lexicons.add_reading(
                self.editions.config, word, syllables, homophone, note=note, date=date
            )
        except UsageError as error:
            reason = "读音与词对不上：每个汉字写一个音节，声调写 1–5 或标调号"
            raise RefusedError(reason, hint=str(error)) from error
        self._note("lexicon", word, f"{syllables} {homophone}".strip())

    def remove_reading(self, word: str, *, show: bool) -> None:
        """Take a reading out of the lexicon of this edition, or of the show."""
        lexicons.remove_reading(self.editions.config, word, date="" if show else self.date)
        self._note("lexicon", word, "")

    def readings(self) -> tuple[tuple[bool, LexiconEntry, int], ...]:
        """The entries of the show (true) and of this edition, each with its count in the script."""
        script = self.editions.open(self.date).scripted.script
        texts = [str(line.text) for part in script.parts for line in part.lines]
        path = self.editions.out.stage(self.date, LEXICON)
        mine = lexicons.read_lexicon(path) if path.is_file() else Lexicon()
        ours = lexicons.own_lexicon(self.editions.config)
        counted = (
            (in_show, entry, sum(entry.text in text for text in texts))
            for in_show, lexicon in ((False, mine), (True, ours))
            for entry in lexicon.entries.values()
        )
        return tuple(row for row in counted if row[2] or not row[0])


_TOLD = {
    "headline": "标题改为", "kicker": "引题改为", "deck": "副题改为", "byline": "记者改为",
    "join": "合并", "cut": "从这里分开", "before": "移到其前", "after": "移到其后",
}  # fmt: skip


def in_words(entry: Correction) -> str:
    """A correction in words."""
    said = [f"{_TOLD[name]}“{value}”" for name in _TOLD if (value := getattr(entry, name))]
    said += [f"“{entry.wrong}”改为“{entry.right}”"] if entry.right is not None else []
    marks = ((entry.advert, "是广告"), (not entry.spoken, "不播"), (entry.checked, "已核对"))
    return "，".join([*said, *(word for is_so, word in marks if is_so)]) or "清空"


def _as_text(story: ShownStory | None) -> str:
    if story is None:
        return "这一条已经不在了"
    lines = (str(line.line.text) for line in story.lines)
    return "\n".join((f"标题：{story.title}", "文字：", *lines))


def _script_with(script: Script, part: int, begin: int, end: int, lines: Sequence[Line]) -> Script:
    """The script with other lines in place of some of a part."""
    parts, old = [*script.parts], script.parts[part].lines
    parts[part] = replace(parts[part], lines=(*old[:begin], *lines, *old[end:]))
    return replace(script, parts=tuple(parts))


def quoted(texts: Sequence[str], before: str, after: str) -> tuple[str, str] | None:
    """The fewest words around a change that stand in these texts once, and what takes their place.

    None where `before` does not stand in them.
    """
    if not any(before in text for text in texts) or before == after:
        return None
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    first, last = start, len(before) - end
    while sum(text.count(before[first:last]) for text in texts) != 1 or first == last:
        if (first, last) == (0, len(before)):
            return None
        first, last = max(0, first - 2), min(len(before), last + 2)
    return before[first:last], before[first:start] + after[start : len(after) - end] + before[
        len(before) - end : last
    ]


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def carry_over(base: Sequence[str], edited: Script, new: Script) -> tuple[Script, tuple[str, ...]]:
    """A script composed again with the edits that an older one has; and what found no place.

    Args:
        base: The lines of the script that was edited, before it was.
        edited: That script with its edits.
        new: The script composed again.
    """
    lines = [line for part in edited.parts for line in part.lines]
    texts = [str(line.text) for line in lines]
    placed = [[*part.lines] for part in new.parts]
    lost: list[str] = []
    matcher = difflib.SequenceMatcher(None, list(base), texts, autojunk=False)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        if name == "equal":
            continue
        there = {str(line.text) for part in placed for line in part}
        gone = [text for text in base[i1:i2] if text not in texts]
        added = [line for line in lines[j1:j2] if str(line.text) not in there]
        anchor = gone[0] if gone else base[i1 - 1] if i1 else ""
        if (gone or added) and not _put_in(placed, new.parts, anchor, gone, added):
            lost += [str(line.text) for line in added] or gone
    readers = {part.title: part.reader for part in edited.parts}
    parts, gone_heads = [], set()
    for part, rows in reversed([*zip(new.parts, placed, strict=True)]):  # the rundown comes first
        if part.kind == "story" and all(row.kind == "headline" for row in rows):
            gone_heads.add(short_headline(part.title))
            continue
        heads = gone_heads if part.kind != "story" else ()
        told = tuple(row for row in rows if str(row.text) not in heads)
        parts.append(replace(part, lines=told, reader=readers.get(part.title, "")))
    return replace(new, parts=tuple(reversed(parts))), tuple(lost)


def _put_in(
    placed: Sequence[list[Line]],
    parts: Sequence[Part],
    anchor: str,
    gone: Sequence[str],
    added: Sequence[Line],
) -> bool:
    """Put lines in place of those that are gone, or after the anchor; whether it was there."""
    is_there = False
    for rows, part in zip(placed, parts, strict=True):
        texts = [str(row.text) for row in rows]
        if part.kind == "headlines":  # it follows the stories by itself
            continue
        if anchor in texts and not is_there:
            is_there, place = True, texts.index(anchor) + (not gone)
            number = rows[texts.index(anchor)].paragraph
            rows[place:place] = [replace(line, paragraph=number) for line in added]
        rows[:] = [row for row in rows if str(row.text) not in gone]
    return is_there


def syllables_of(text: str) -> str:
    """Pinyin with tone marks or digits, with digits: `zhòng qìng` and `zhong4qing4` are one."""
    marked = text.lower().replace("u:", "v").replace("'", " ").replace("’", " ")
    return " ".join(
        part.replace("ü", "v") if part[-1].isdigit() else digit(part)
        for part in _SYLLABLE.findall(marked)
    )


def choices(word: str, reading_now: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The Han characters of a word, each with its readings, the present one first."""
    chars = [char for char in word if is_han(char)]
    now = [*reading_now] if len(reading_now) == len(chars) else [""] * len(chars)
    return tuple(
        (char, tuple(dict.fromkeys(one for one in (present, *readings_of(char)) if one)) or ("",))
        for char, present in zip(chars, now, strict=True)
    )


def homophone_of(word: str, syllables: Sequence[str]) -> str:
    """Common characters of the same sounds that have no other, for engines that take no readings.

    Empty where a syllable has none: then only a person can find one.
    """
    found = []
    for char, syllable in zip(word, syllables, strict=True):
        common = filter(_is_common, map(chr, range(*_IDEOGRAPHS)))
        same = (one for one in (char, *common) if readings_of(one) == (syllable,))
        found.append(next(same, ""))
    return "".join(found) if all(found) else ""


def _is_common(char: str) -> bool:
    """Whether a character is among the 3,755 of the first level of GB 2312."""
    code = char.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7  # its rows 16 to 55


def said_as(word: str, spoken: str, lexicon: Lexicon) -> Script:
    """A word as a script, read in one way, to be heard; RefusedError where that does not fit it."""
    syllables = tuple(syllables_of(spoken).split())
    if len(word) > _LONGEST_NAME or len(syllables) not in (0, sum(map(is_han, word))):
        raise RefusedError("读音与词对不上")
    own = Lexicon({word: LexiconEntry(word, syllables)}) if syllables else Lexicon()
    return prepare_text(word, lexicon.merged(own))


def words_of_line(line: Line) -> tuple[tuple[Word, int], ...]:
    """The words of a line that have a reading, each with its place in the text; -1 = respelled."""
    found, at, text = [], 0, str(line.text)
    for word in (word for clause in line.clauses for word in clause.words if word.pinyin):
        place = text.find(word.text, at)
        found.append((word, place))
        at = place + len(word.text) if place >= 0 else at
    return tuple(found)


def number_in(text: str | None, otherwise: int) -> int:
    """The number in a field of a form, or another one where there is none."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def line_named(query: Mapping[str, str]) -> tuple[str, int, int]:
    """The key of a sentence, its part and its place there."""
    return query.get("key", ""), number_in(query.get("part"), 0), number_in(query.get("index"), 0)


_Change = Callable[[Editor, dict[str, str]], None]


def _correct(*keys: str, **fixed: Any) -> _Change:
    """A change that is a correction of a story: fields of the form, and what is given."""

    def change(editor: Editor, form: dict[str, str]) -> None:
        row = {key: " ".join(form[key].split()) for key in keys if key in form}
        row = {key: row[key] for key in row if row[key] != form.get(f"old_{key}")}
        for key in row.keys() & {"join", "before", "after"}:  # they name another story
            row[key] = _first_of(row[key])
        if not row and not fixed:
            raise RefusedError("没有改动")
        editor.correct_story(form.get("name", ""), form.get("version", ""), {**row, **fixed})

    return change


def _first_of(name: str) -> str:
    """The words in the name of a story."""
    try:
        return str(json.loads(name)[0])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RefusedError("没有这一条") from error


def _text_of(form: Mapping[str, str]) -> str:
    if not (text := form.get("text", "").strip()):
        raise RefusedError("文字不能空：这句不播，请点“不播这一句”")
    return text


def _add_reading(*, show: bool) -> _Change:
    def change(editor: Editor, form: dict[str, str]) -> None:
        chosen = " ".join(form[name] for name in form if name.startswith("choice"))
        word, spoken = form.get("word", "").strip(), form.get("reading", "").strip() or chosen
        homophone = form.get("homophone", "").strip()
        if not homophone and form.get("propose"):
            homophone = homophone_of(word, syllables_of(spoken).split())
        editor.add_reading(word, spoken, homophone, show=show)

    return change


def _confirm(editor: Editor, form: dict[str, str]) -> None:
    """Keep the readings of the persons that were chosen."""
    for field, value in form.items():
        if field.startswith("person ") and value:
            editor.add_reading(field.removeprefix("person "), value, "", show=True)


CHANGES: Mapping[str, _Change] = {
    "head": _correct("headline", "kicker", "deck", "byline"),
    "silence": _correct(spoken=False),
    "advert": _correct(advert=True),
    "checked": _correct(checked=True),
    "join": _correct("join", "join_headline"),
    "cut": _correct("cut", "cut_headline"),
    "before": _correct("before"),
    "after": _correct("after"),
    "reword": lambda editor, form: editor.reword(*line_named(form), _text_of(form)),
    "rewrite": lambda editor, form: editor.rewrite(*line_named(form), _text_of(form)),
    "drop": lambda editor, form: editor.rewrite(*line_named(form), ""),
    "say": lambda editor, form: editor.say_too(form.get("name", ""), form.get("text", "")),
    "undo": lambda editor, form: editor.undo(number_in(form.get("line"), 0)),
    "undo_edit": lambda editor, form: editor.undo_edit(form.get("key", "")),
    "recompose": lambda editor, _: editor.recompose(),
    "follow": lambda editor, _: editor.follow_page(),
    "here": _add_reading(show=False),
    "everywhere": _add_reading(show=True),
    "forget": lambda editor, form: editor.remove_reading(
        form.get("word", ""), show=bool(form.get("show"))
    ),
    "confirm": _confirm,
}
