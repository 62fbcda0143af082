"""Other outlets than the feed: a finished episode as files for loudspeakers, phones and pages.

Each kind is a frozen dataclass of its settings that writes its files into a folder. Nothing is read
again from the paper: an outlet says what the episode says.
"""

import contextlib
import datetime
import filecmp
import importlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qjaudio import store
from qjaudio.config import Config
from qjaudio.engines.wrappers import Cached, ClipCache, Wrapping
from qjaudio.episode.model import Cue, Episode, to_record
from qjaudio.episode.tag import Maker, sound_sha256
from qjaudio.errors import (
    EngineError,
    IncompleteError,
    NotAnIssueError,
    NotWritableError,
    UsageError,
    way_out,
)
from qjaudio.pipeline import catalogue, locking, publishing, voicing
from qjaudio.pipeline.freshness import fingerprint
from qjaudio.pipeline.reporting import Progress
from qjaudio.rules import phrases
from qjaudio.script.model import Line, Part, Script, script_from_json
from qjaudio.speech.model import Clip, Utterance, letters_to_say

if TYPE_CHECKING:
    from jinja2 import Environment

KINDS = {
    "loudspeaker": "loudspeaker",
    "stories": "stories",
    "wechat": "wechat",
    "video": "video",
    "epub": "books",
    "m4b": "books",
}
"""Each kind with the module of its class, which is called as the kind, with a capital."""
_NAME_FIELD = re.compile(r"\{(\w+)\}")
_IN_NO_NAME = re.compile(r'[/\\:*?"<>|{}\x00-\x1f\x7f]|^[.\s]|[.\s]$')
"""Not in the names of Windows, or leading to another folder."""
_MOST_NAME_BYTES = 180
_LENGTH = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)|(\d{1,5}(?:\.\d)?)")


class Kind(Protocol):
    """A kind of export with its settings."""

    def write(self, source: "Finished", folder: Path, work: Path) -> Sequence[str]:
        """Write the files into `folder`, using `work`; returns what the producer must know."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A finished episode with all that an outlet needs of it."""

    config: Config
    episode: Episode
    script: Script
    maker: Maker
    title: str
    """Of the show."""
    progress: Progress

    @property
    def audio(self) -> Path:
        """The published MP3."""
        return self.config.output.published(self.episode.date, ".mp3")

    @cached_property
    def cover(self) -> bytes:
        """The picture of the episode, a JPEG."""
        return store.bytes_of(self.config.output.published(self.episode.date, ".jpg"))

    @cached_property
    def _sound_sha256(self) -> str:
        return sound_sha256(self.audio)

    def label(self, form: str) -> str:
        """The label of a file of this form that holds the published sound."""
        return replace(self.maker, guid=f"{self.maker.guid}:{form}").label(self._sound_sha256)

    @cached_property
    def parts(self) -> tuple[tuple[Part, tuple[tuple[Line, tuple[Cue, ...]], ...]], ...]:
        """The parts of the script, each line with its cues; IncompleteError: of another run."""
        cues = iter(self.episode.cues)
        found = tuple(
            (part, tuple((line, tuple(_said(line, cues))) for line in part.lines))
            for part in self.script.parts
        )
        if next(cues, None):
            raise _other_run(self.episode.date)
        return found

    def facts(self, page: int | None) -> list[str]:
        """Paper, date and page of a story, as far as they are known."""
        said = phrases("notes")["notes"]["page"].format(page=page) if page else ""
        return [*filter(None, (self.episode.paper, self.episode.date, said))]

    def speak(self, work: Path) -> voicing.Spoken:
        """The clips of the episode, one for each cue.

        Raises:
            EngineError: they are not in the cache, and their engine cannot say them again.
            IncompleteError: cast or settings have changed since.
        """
        config, name = self.config, self.episode.engine
        if voicing.chain_of(config).engines != (name,):
            config = replace(config, voice=voicing.AUTO, chain=(name,))
        speaker = voicing.Speaker(
            config=config,
            cast=voicing.cast_of(config, voicing.chain_of(config)),
            cache=ClipCache(config.clip_folder),
            progress=self.progress,
        )
        mute = Cached(_Mute(voicing.make_engine(name, config)), speaker.cache)
        try:
            spoken = speaker.speak_with(name, self.script, work, offline=False, made=mute)
        except EngineError:
            spoken = speaker.speak(self.script, work)
        said = [(one.text, one.reader) for one in spoken.utterances]
        if said != [(cue.text, cue.speaker) for cue in self.episode.cues] or not spoken.clips:
            raise _other_run(self.episode.date)
        return spoken

    def name(self, pattern: str, **more: str) -> str:
        """A file's name by its pattern, `{date}-{paper}`; UsageError where that is none."""
        year, month, day = self.episode.date.split("-")
        known = {"date": self.episode.date, "year": year, "month": month, "day": day}
        known |= {"paper": _IN_NO_NAME.sub("", self.episode.paper), **more}
        unknown = [name for name in _NAME_FIELD.findall(pattern) if name not in known]
        name = _NAME_FIELD.sub(lambda found: known.get(found[1], ""), pattern)
        too_long = len(name.encode("utf-8")) > _MOST_NAME_BYTES
        if unknown or not name or too_long or _IN_NO_NAME.search(name):
            raise UsageError(
                f"name = {pattern[:80]!r} is not a pattern for a file name",
                hint=f"letters, and the fields {', '.join(f'{{{one}}}' for one in known)}",
            )
        return name


class _Mute(Wrapping):
    """Says nothing, so that only what is in a cache around it is heard."""

    def speak(self, utterance: Utterance) -> Clip:
        raise EngineError(f"not in the cache: {utterance.text}")


def _said(line: Line, cues: Iterator[Cue]) -> Iterator[Cue]:
    wanted, said = letters_to_say(line.text), ""
    while len(said) < len(wanted) and (cue := next(cues, None)):
        said += letters_to_say(cue.text)
        yield cue


def _other_run(date: str) -> IncompleteError:
    return IncompleteError(
        f"the voices or the script of {date} have changed since its episode was made",
        hint=f"make it again: qjaudio make {date}",
    )


def fill_template(template: str, **values: Any) -> str:
    """Fill a template of articles and books; all text is escaped."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("qjaudio.outlets"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def seconds_of_text(name: str, text: str) -> float:
    """A length as settings have it, `30:00`, `1:00:00` or seconds; UsageError where it is none."""
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{name} = {text[:40]!r} is not a length", hint="e.g. 30:00, or seconds")
    hours, minutes, seconds, alone = found.groups()
    return float(alone) if alone else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def check_choice(name: str, value: object, choices: Sequence[object]) -> None:
    """Make sure that a setting is one of those that there are; UsageError where it is not."""
    if value not in choices:
        among = ", ".join(map(str, choices))
        raise UsageError(f"{name} = {str(value)[:40]!r} is not known", hint=f"one of {among}")


def outlet_of(name: str, settings: Mapping[str, Any]) -> Kind:
    """A kind of export with these settings, which may be texts; UsageError where one is wrong."""
    check_choice("kind", name, tuple(KINDS))
    module = importlib.import_module(f"qjaudio.outlets.{KINDS[name]}")
    made: Callable[..., Kind] = getattr(module, name.capitalize())
    defaults = {one.name: one.default for one in fields(made)}  # type: ignore[arg-type]
    values = {}
    for key, value in settings.items():
        if key not in defaults:
            known = ", ".join(defaults)
            raise UsageError(
                f"{name} has no setting {key[:40]!r}", hint=f"its settings are {known}"
            )
        values[key] = _typed(key, value, defaults[key])
    return made(**values)


def _typed(name: str, value: Any, default: Any) -> Any:
    """The value with the type of the default."""
    if isinstance(default, tuple) and isinstance(value, str):
        value = [one.strip() for one in value.split(",")]
    try:
        if isinstance(value, bool) or isinstance(value, list) != isinstance(default, tuple):
            raise ValueError(value)
        return type(default)(value)
    except (ValueError, TypeError, OverflowError) as error:
        reason = f"{name} = {str(value)[:40]!r} is not what it takes"
        raise UsageError(reason, hint=f"as in {name} = {default!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The files of one kind."""

    kind: str
    files: tuple[Path, ...]
    """Files, or a folder of them."""
    fresh: bool
    """Whether they were written in this run."""
    remarks: tuple[str, ...] = ()
    """What the producer must know: what is left out."""


def wanted(config: Config) -> dict[str, Kind]:
    """The kinds that `make` is to write, by `[export]`; UsageError where a setting is wrong."""
    names = config.exports.get("kinds", [])
    if not isinstance(names, list):
        raise UsageError("kinds in [export] is not a list", hint='kinds = ["wechat", "video"]')
    check_choice("folder", type(config.exports.get("folder", "")), (str,))
    for name in config.exports.keys() - {"kinds", "folder"}:
        outlet_of(name, outlet_settings(config, name))  # a slip is told before anything is made
    return {name: outlet_of(name, outlet_settings(config, name)) for name in map(str, names)}


def outlet_settings(config: Config, kind: str) -> dict[str, Any]:
    """The table `[export.KIND]` of the settings; UsageError where it is no table."""
    table = config.exports.get(kind, {})
    if not isinstance(table, dict):
        raise UsageError(f"{kind} in [export] is not known", hint=f"write a line [export.{kind}]")
    return dict(table)


def export(
    config: Config,
    date: str,
    kinds: Mapping[str, Kind],
    *,
    now: datetime.datetime,
    progress: Progress,
    folder: Path | None = None,
) -> Iterator[Exported]:
    """Write a finished episode for other outlets; what is there and unchanged stays.

    Each kind is written aside and put in its place whole.

    Raises:
        NotAnIssueError: there is no finished episode of that date.
        NotWritableError: the folder cannot be written.
        QjaudioError: a kind cannot be made; those before it are there.
    """
    to = (folder or Path(config.exports.get("folder", catalogue.EXPORTS))) / config.edition
    with locking.locked(config.output, f"export-{date}", now, what=f"the export of {date}"):
        source = _source(config, date, progress)
        for name, kind in kinds.items():
            try:
                yield _export(source, name, kind, to)
            except OSError as error:
                raise NotWritableError(
                    f"cannot write {to}: {error.strerror or error}",
                    hint=f"{way_out(error, 'make that folder')}, or choose another with --to DIR",
                ) from error


def _source(config: Config, date: str, progress: Progress) -> Finished:
    out = config.output
    episode = catalogue.finished_episode(out, date, config)
    try:
        script = script_from_json(store.read_json(out.stage(date, "script.json")) or {})
    except (KeyError, TypeError):
        script = None
    if not (episode and script and out.published(date, ".jpg").is_file()):
        catalogue.refuse_withdrawn(store.OutFolder(config.out_folder), date)
        raise NotAnIssueError(
            f"there is no complete episode of {date} in {out.root}",
            hint=f"make it: {catalogue.make_command(out, date)}",
        )
    return Finished(
        config=config,
        episode=episode,
        script=script,
        maker=publishing.maker_of(out, config, episode),
        title=publishing.show_of(config, episode.paper).title,
        progress=progress,
    )


def _export(source: Finished, name: str, kind: Kind, to: Path) -> Exported:
    cache, date = source.config.clip_folder.parent, source.episode.date
    made_of = (name, kind, to_record(source.episode), source.script, source.maker, source.title)
    inputs = fingerprint("export", *made_of)
    place = to.resolve()
    where = fingerprint("folder", place)[:12]
    path = cache / catalogue.EXPORTS / f"{date}-{name}-{where}.json"
    former = store.read_json(path) or {}
    known = former.get("files")
    there = known if isinstance(known, dict) and {dict} == {*map(type, known.values())} else {}
    is_same = former.get("inputs") == inputs and there
    if is_same and there == {one: catalogue.looks_of(to / one) for one in there}:
        files = tuple(to / one for one in there)
        remarks = tuple(former.get("remarks", ()))
        return Exported(kind=name, files=files, fresh=False, remarks=remarks)
    ours = fingerprint("out", source.config.output.root.resolve())[:8]  # shows may share a folder
    aside, was_there = to / f".{date}-{name}-{ours}.tmp", to.exists()
    shutil.rmtree(aside, ignore_errors=True)
    try:
        for folder in ("files", "work"):
            (aside / folder).mkdir(parents=True)
        with source.progress.step(f"exporting {name}", 1) as done:
            remarks = tuple(kind.write(source, aside / "files", aside / "work"))
            done()
        names = sorted(one.name for one in (aside / "files").iterdir())
        _refuse_others(aside / "files", to, names, there)
        looks = {
            one: catalogue.looks_of(aside / "files" / one) | there.get(one, {}) for one in names
        }
        # Before they lie there: a kill may follow.
        store.write_json(path, {"folder": str(place), "files": there | looks})
        for one in names:
            _put_in_place(aside / "files" / one, to / one, aside / "former")
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if not was_there:
            with contextlib.suppress(OSError):  # only an empty one goes
                to.rmdir()
    stamps = {one: catalogue.looks_of(to / one) for one in names}
    facts = {"inputs": inputs, "folder": str(place), "files": stamps, "remarks": remarks}
    store.write_json(path, facts)
    return Exported(kind=name, files=tuple(to / one for one in names), fresh=True, remarks=remarks)


def _refuse_others(new: Path, to: Path, names: Sequence[str], ours: Mapping[str, Any]) -> None:
    """Raise UsageError where more than an export's own files, or the same bytes, are replaced."""
    others = [
        str(to / one / name)
        for one in names
        for name in catalogue.looks_of(to / one).keys() - {*ours.get(one, ())}
        if (to / one / name).is_file()
        and not (
            (new / one / name).is_file() and filecmp.cmp(new / one / name, to / one / name, False)
        )
    ]
    if others:
        raise UsageError(
            f"this would replace what no export has written: {', '.join(sorted(others)[:5])}",
            hint="move it away, or choose another folder with --to DIR",
        )


def _put_in_place(new: Path, path: Path, former: Path) -> None:
    """Replace a file, or a folder with all that is in it."""
    for one in (new, *new.rglob("*")):
        if one.is_file():
            with one.open("r+b") as file:  # Windows syncs only what it may write
                os.fsync(file.fileno())
    if new.is_dir() and path.is_dir():
        store.replace_when_free(path, former)
        store.replace_when_free(new, path)
        shutil.rmtree(former)
    else:
        store.replace_when_free(new, path)
