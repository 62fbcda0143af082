"""From the issue to a pronounced script and its files; an edited script.md wins."""

import codecs
import contextlib
import datetime
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.errors import IncompleteError, unreadable
from qjaudio.paper.digest import short_headline
from qjaudio.paper.model import Issue, issue_json
from qjaudio.pipeline.branding import phrases_of
from qjaudio.pipeline.journal import Journal, JournalEntry
from qjaudio.pipeline.lexicons import lexicon_of
from qjaudio.pipeline.reading import CORRECTIONS, check_link
from qjaudio.script.model import script_json
from qjaudio.script.prepare import Scripted, prepare_issue, to_markdown
from qjaudio.store import OutFolder

SCRIPT = "script.md"
SCRIPT_JSON = "script.json"
ISSUE = "issue.json"
_MOST_BYTES = 8_000_000
"""Of script.md and of a lexicon: above what their readers take, in characters of up to 4 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundScript:
    """script.md as a run found it; read once."""

    text: str | None
    """None where there is none."""
    edited: bool = False
    """Whether somebody changed it since we wrote it."""
    stamp: tuple[int, ...] = ()
    """What changes when it is saved."""
    before: str | None = None
    """The sha256 of that which it had replaced, where it is ours."""
    base: tuple[str, ...] = ()
    """The lines that we had composed when it was edited."""


def find_script(out: OutFolder, date: str, *, links_to: str = "") -> FoundScript:
    """Read script.md, and find out whose it is.

    `links_to` is the folder outside `out/` to which it may be a link; what it holds is published.

    Raises:
        UsageError: it is not UTF-8 text, or a link to another place.
    """
    path = out.stage(date, SCRIPT)
    check_link(path, out, links_to)
    stamp = tuple(store.stamp_of(path))
    try:
        text = _decoded(store.bytes_of(path, _MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return FoundScript(text=None)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, "save it as UTF-8 text") from error
    ours = store.read_json(out.stage(date, SCRIPT_JSON)) or {}
    known = (ours.get("markdown_sha256"), ours.get("former_sha256"))
    edited = digest_of(text) not in known
    base = _base_of(ours, digest_of(text)) if edited else ()
    return FoundScript(text=text, edited=edited, stamp=stamp, before=known[1], base=base)


def _decoded(content: bytes) -> str:
    """The text of a script.md, in UTF-8, UTF-16 or GB 18030, as editors on Windows save it.

    Nearly all bytes are some text of GB 18030: only one that has our heading at its end is taken.
    """
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = content.decode("gb18030", "replace")
        if "\ufffd" in text or not has_end(text, rules.phrases("phrases")):
            raise error from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def has_end(text: str, phrases: Mapping[str, Any]) -> bool:
    """Whether an edited script has its last part, with words in it: else it may be half of one."""
    title = re.escape(phrases["sign_off"]["title"])
    last = re.split(rf"^\s*[#＃]+\s*{title}\s*[:：]?\s*$", text, flags=re.MULTILINE)
    return len(last) > 1 and bool(re.search(r"[\u3400-\u9fff]", last[-1]))


def check_finished(found: FoundScript, path: Path, now: datetime.datetime, config: Config) -> str:
    """Why an unwatched run leaves an edited script, or empty; IncompleteError: it has no end."""
    if not found.edited or found.text is None:
        return ""
    age_s = now.timestamp() - found.stamp[0] / 1e9
    if abs(age_s) < STILL_EDITED_S:
        return f"{path} was saved {age_s:.0f} s ago: it is taken when it has been left for a minute"
    if not has_end(found.text, phrases_of(config)):
        raise IncompleteError(
            f"{path} has no end: its last part is missing",
            hint="write its last heading and words again, or make that date by itself",
        )
    return ""


STILL_EDITED_S = 60.0
"""How long an edited script is left alone by a run that nobody watches."""


def _base_of(record: Mapping[str, Any], digest: str) -> tuple[str, ...]:
    """The lines that an edited script began with: those of the run before it was saved."""
    same = record.get("spoken_sha256") == digest
    lines = record.get("base" if same else "composed")
    with contextlib.suppress(KeyError, TypeError):
        if lines is None and not same:
            lines = [line["text"] for part in record["parts"] for line in part["lines"]]
        return tuple(map(str, lines or ()))
    return ()


def script_issue(
    issue: Issue, config: Config, out: OutFolder, found: FoundScript | None = None
) -> Scripted:
    """The script of an issue: an editor's script.md where one was found, else ours.

    `found` is script.md as it was read; None = as it is now. Withdrawn stories are left out.
    """
    date, phrases = issue.masthead.date, phrases_of(config)
    found = found or find_script(out, date, links_to=config.links_to)
    scripted = prepare_issue(
        issue, phrases, lexicon_of(config, date), minutes=config.minutes, leaders=config.leaders,
        pace=config.pace, edited=found.text if found.edited else None,
        edited_name=str(out.stage(date, SCRIPT)), base=found.base,
    )  # fmt: skip
    withdrawn = Journal(out).withdrawals().get(date, {})
    return _without_stories(scripted, withdrawn, phrases) if withdrawn else scripted


def _without_stories(
    scripted: Scripted, withdrawn: Mapping[str, JournalEntry], phrases: dict[str, Any]
) -> Scripted:
    """The script without the stories that were withdrawn, and without their line in the rundown.

    A story is known by its headline, and under another headline by its longest sentence.
    """
    known = {str(entry.facts.get("sentence")) for entry in withdrawn.values()} - {"", "None"}
    gone = [
        part.title
        for part in scripted.script.stories
        if part.title in withdrawn or any(line.text in known for line in part.lines)
    ]
    named = {*gone, *map(short_headline, gone)}
    parts = tuple(
        replace(part, lines=tuple(line for line in part.lines if line.text not in named))
        if part.kind == "headlines"
        else part
        for part in scripted.script.parts
        if part.kind != "story" or part.title not in gone
    )
    script = replace(scripted.script, parts=parts)
    markdown = scripted.markdown if scripted.edited else to_markdown(script, phrases)
    told = (f"withdrawn, and not spoken: {title}" for title in gone)
    return replace(scripted, script=script, markdown=markdown, remarks=(*scripted.remarks, *told))


def write_stages(
    out: OutFolder, issue: Issue, scripted: Scripted, found: FoundScript
) -> tuple[str, ...]:
    """Write issue.json, script.json and script.md of a date; returns what the producer must know.

    script.json goes first and knows both texts, the new one and that which it replaces: whichever
    of them a run that dies leaves behind is not taken for an editor's. A script.md that somebody
    has saved since it was `found` is kept, for the next run.
    """
    date, new = scripted.script.date, digest_of(scripted.markdown)
    remarks = _write_issue(out, date, issue)
    former = None
    if not scripted.edited and found.text is not None and not found.edited:
        there = digest_of(found.text)
        former = found.before if there == new else there
    record: dict[str, Any] = {
        "markdown_sha256": None if scripted.edited else new,
        "former_sha256": former,
        "spoken_sha256": new,
    }
    if scripted.edited:
        record |= {"base": found.base or scripted.composed, "composed": scripted.composed}
    store.write_json(out.stage(date, SCRIPT_JSON), record | script_json(scripted.script))
    path = out.stage(date, SCRIPT)
    if _write_script(path, scripted, found):
        return remarks
    saved = f"{path} was saved while this ran: it is kept as it is, run this again to use it"
    return (*remarks, saved)


def _write_issue(out: OutFolder, date: str, issue: Issue) -> tuple[str, ...]:
    """Write issue.json with its own hash; one that somebody has edited is kept beside it."""
    path, record = out.stage(date, ISSUE), issue_json(issue)
    record[_OWN_HASH] = _hash_of(record)
    kept = _keep_edited(path, str(record[_OWN_HASH]))
    store.write_json(path, record)
    if kept is None:
        return ()
    where = out.stage(date, CORRECTIONS)
    return (f"{path} was edited: it is kept as {kept.name}; what you put right belongs in {where}",)


def _keep_edited(path: Path, new: str) -> Path | None:
    """Copy an issue.json that somebody has changed, to other than is written now; its new place.

    One without a hash is that of an older version; what cannot be read nobody has written.
    """
    try:
        content = store.bytes_of(path, _MOST_BYTES)
    except OSError:
        return None
    record = store.parse_json(content)
    known = record is not None and (
        _OWN_HASH not in record or _hash_of(record) in (record[_OWN_HASH], new)
    )
    if known or not content.strip():
        return None
    names = (f"issue.edited{number or ''}.json" for number in itertools.count())
    kept = next(there for name in names if not (there := path.with_name(name)).exists())
    store.write_bytes(kept, content)
    return kept


_OWN_HASH = "sha256"


def _hash_of(record: Mapping[str, Any]) -> str:
    """The sha256 of a record but for its own hash and the number of the schema."""
    rest = {name: value for name, value in record.items() if name not in (_OWN_HASH, "schema")}
    return digest_of(json.dumps(rest, ensure_ascii=False, sort_keys=True))


class _SavedMeanwhileError(Exception):
    """Somebody has saved script.md since it was read."""


def _write_script(path: Path, scripted: Scripted, found: FoundScript) -> bool:
    """Write script.md if it is not an editor's; whether it is what is spoken."""
    untouched = found.stamp and found.stamp == tuple(store.stamp_of(path))
    there = found.text if untouched else _current_text(path)
    if scripted.edited or there == scripted.markdown:
        return there in (None, scripted.markdown)
    with contextlib.suppress(_SavedMeanwhileError), store.writing(path) as beside:
        beside.write_bytes(scripted.markdown.encode("utf-8"))
        if _current_text(path) not in (None, found.text):  # asked last, just before the change
            raise _SavedMeanwhileError
        return True
    return False


def _current_text(path: Path) -> str | None:
    """What stands there now; of what cannot be read a text that nobody has written."""
    try:
        return _decoded(store.bytes_of(path, _MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError):
        return "\0"


def script_is_spoken(out: OutFolder, date: str) -> bool:
    """Whether the script.md that is there now is the one that script.json was made of."""
    record = store.read_json(out.stage(date, SCRIPT_JSON)) or {}
    text = _current_text(out.stage(date, SCRIPT))
    return text is None or digest_of(text) == record.get("spoken_sha256")


def digest_of(text: str) -> str:
    """The sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
