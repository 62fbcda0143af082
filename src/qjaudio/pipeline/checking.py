"""`check`: will tomorrow morning work, and is a finished episode whole?"""

import contextlib
import datetime
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from mmap import mmap
from pathlib import Path
from typing import Any

from qjaudio import config as settings
from qjaudio import store
from qjaudio.config import Config
from qjaudio.engines.kokoro import VOICES, cache_folder, model_file, style_vectors
from qjaudio.episode.model import Episode
from qjaudio.episode.tag import check_label, label_of, sound_sha256
from qjaudio.errors import (
    EngineError,
    IncompleteError,
    MissingPartError,
    NotAnIssueError,
    NotWritableError,
    QjaudioError,
)
from qjaudio.machine import decode_audio, ffmpeg, measure_loudness, run_ffmpeg
from qjaudio.pipeline import branding, catalogue, lexicons, publishing, reading, voicing
from qjaudio.pipeline.journal import Journal
from qjaudio.script.compose import discloses
from qjaudio.sources.epaper.address import address_for
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, letters_to_say
from qjaudio.store import OutFolder
from qjaudio.targets import place_of

EPISODE_BYTES = 100_000_000
"""What an episode of half an hour takes while it is made: PCM twice, MP3, clips in the cache."""
FREE_BYTES = 5 * EPISODE_BYTES
"""Less free than five episodes is too little for a program that nobody watches."""
_STALE_DAYS = 3
"""A weekend without a paper is not a sign of trouble; more days without an episode may be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str
    needed: bool = True
    """Whether an episode can be made without it."""
    hint: str = ""
    """What to do where it is not good."""
    exit_code: int = 0
    """What `check` returns because of it; 0 where it is good or not needed."""


def installation(
    config: Config, now: datetime.datetime, fault: QjaudioError | None = None
) -> Iterator[Finding]:
    """Everything that `make` needs tomorrow morning, one finding each; nothing is spoken.

    `fault` is what is wrong with the settings themselves; `config` are others then.
    """
    out = config.output
    python = f"{platform.python_version()}, {sys.executable}"
    yield Finding(what="Python", good=True, found=python)
    yield _finding("ffmpeg", _ffmpeg)
    yield _finding("offline voice", _model)
    yield _finding("cover font", _font)
    yield _online(config)
    yield _finding("settings", lambda: prove_settings(config, fault))
    yield _finding("output folder", lambda: _writable(out))
    yield _finding("disk space", lambda: _space(out))
    journal = _finding("journal", lambda: _journal(out))
    yield from [journal] if journal.found else []
    yield _pages(config, now)
    yield _last(out, config, now)


def _journal(out: OutFolder) -> str:
    """Whether anybody has tampered with it; empty where there is none."""
    there = Journal(out)
    if not there.exists():
        return ""
    there.check()
    return f"{len(there.entries())} rows, each follows the one before"


def exit_code(findings: list[Finding]) -> int:
    """That of the first finding that stands in the way; 0 when tomorrow morning will work."""
    return next((finding.exit_code for finding in findings if finding.exit_code), 0)


def _finding(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, good=True, found=attempt())
    except QjaudioError as error:
        code = error.exit_code
        return Finding(what=what, good=False, found=str(error), hint=error.hint, exit_code=code)


def _ffmpeg() -> str:
    """Run it: a program that is there may still be that of another machine."""
    path = Path(ffmpeg())
    try:
        run_ffmpeg(["-f", "lavfi", "-i", "anullsrc=d=0.1", "-c:a", "libmp3lame", "-f", "null", "-"])
    except (OSError, QjaudioError) as error:
        raise MissingPartError(
            f"{path} does not work: {error}",
            hint="set IMAGEIO_FFMPEG_EXE to an ffmpeg that can write MP3",
        ) from error
    return path.name


def _model() -> str:
    """Read model and voices whole: a size that is right says nothing of a damaged disk."""
    model = model_file()
    for voice in VOICES:
        style_vectors(voice)
    kept = f"in memory, as {cache_folder()} cannot be written"
    kept = kept if isinstance(model, bytes) else model.name
    return f"{kept} and {len(VOICES)} voices, sha256 right"


def _font() -> str:
    from qjaudio.episode.cover import cover_font

    return cover_font("serif", 64).getname()[0] or "found"


def _online(config: Config) -> Finding:
    """Ask it; only a show that takes no other voice needs it."""
    reason = voicing.probe(config)
    needed = voicing.needs_network(config)
    instead = 'set voice = "auto"' if needed else "the offline voice speaks instead"
    return Finding(
        what="online voice",
        good=reason is None,
        found=reason or "answers",
        needed=needed,
        hint=instead if reason else "",
        exit_code=EngineError.exit_code if reason and needed else 0,
    )


def prove_settings(config: Config, fault: QjaudioError | None = None) -> str:
    """Where the settings come from, when none of them is wrong, nor what they name.

    Raises:
        QjaudioError: one is.
    """
    if fault:
        raise fault
    chain = voicing.chain_of(config)
    for name in config.engines:
        voicing.engine_parts(name, config)
    cast, offered = voicing.cast_of(config, chain), dict[str, tuple[str, ...]]()
    for name in chain.engines:
        with contextlib.suppress(QjaudioError):  # what is wrong with it is told by itself
            offered[name] = voicing.make_engine(name, config).voices
    lacking = [
        f"the cast gives {reader.name} no voice of {engine}: the first of its voices reads"
        for engine in (chain.engines if config.voice == voicing.AUTO else ())
        for reader in cast.readers.values()
        if not {*(wanted := reader.voices.get(engine, ()))} & {*offered.get(engine, wanted)}
    ]
    lexicons.lexicon_of(config)
    branding.check(config)
    if config.publish_to:
        place_of(config.publish_to, endpoint=config.s3_endpoint)
    if config.epaper:
        address_for(config.epaper, datetime.date(2025, 5, 20))  # any day
    path = Path(settings.FILE)
    found = str(path.absolute()) if path.is_file() else f"no {settings.FILE} here, the defaults"
    return "; ".join(filter(None, (found, *lacking, publishing.insecure_remark(config))))


def _writable(out: OutFolder) -> str:
    store.check_writable(out.cache)
    return str(out.root.absolute())


def _space(out: OutFolder) -> str:
    there = next(path for path in (out.root, *out.root.absolute().parents) if path.exists())
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        raise store.not_writable(there, error) from error
    told = f"{free / 1e9:.1f} GB free, an episode needs {EPISODE_BYTES / 1e9:.1f} GB"
    if free < FREE_BYTES:
        hint = f"free some space, or move {out.root} elsewhere"
        raise NotWritableError(f"only {told}", hint=hint)
    return told


def _pages(config: Config, now: datetime.datetime) -> Finding:
    """Where the next issue will come from."""
    if config.epaper:
        day = now.astimezone(reading.CHINA).date()
        return _finding("pages", lambda: address_for(config.epaper, day))
    folder, needed = Path(config.issues), False
    if folder.is_dir():
        return Finding(what="pages", good=True, found=f"{folder}/DATE", needed=needed)
    found, hint = f"there is no folder {folder}", "set epaper or issues in qjaudio.toml"
    return Finding(what="pages", good=False, found=found, needed=needed, hint=hint)


def _last(out: OutFolder, config: Config, now: datetime.datetime) -> Finding:
    """The newest whole episode and its age."""
    newest = catalogue.newest_episode(out, config)
    if newest is None:
        return Finding(what="last episode", good=False, found="none yet", needed=False)
    day = datetime.date.fromisoformat(newest.date)
    age = (now.astimezone(reading.CHINA).date() - day).days
    ago = "today" if age <= 0 else "yesterday" if age == 1 else f"{age} days ago"
    good, told = age <= _STALE_DAYS, f"{newest.date}, {ago}"
    hint = "" if good else f"{out.stage('DATE', 'run.log')} tells what happened since"
    return Finding(what="last episode", good=good, found=told, needed=False, hint=hint)


SLACK_MS = 100
"""How far the decoded length may be from the record's: an MP3 frame at both ends is 52 ms."""
FRAME_MS = 50
VOICED_PERCENTILE = 75
"""A struck note may ring into a cue; a quarter of the frames of a cue may be its sound."""
VOICE_RMS = 1300
"""−28 dBFS. In the sample episode the quietest cue has −17 by this measure; the loudest bed that
the settings allow, alone, has −33."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a finished episode was found to be."""

    selected_chars: int
    spoken_chars: int
    duration_ms: int
    lufs: float
    true_peak: float
    doubts: int = 0
    """The places to check, of the pages and of the script."""
    grave_doubts: int = 0


def prove(out: OutFolder, date: str) -> Proof:
    """Prove from its files that an episode says all of its script; a draft, where one waits.

    Raises:
        NotAnIssueError: there is no episode of that date.
        IncompleteError: a line has no cue, a cue no sound, the length is another, or it does not
            say, aloud and in its label, that it is made by AI.
    """
    where = out.drafts if date in out.drafts.dates() else out
    found = catalogue.recorded_episode(where, date)
    episode = found.episode if found and not found.episode.stem else None
    script = store.read_json(out.stage(date, "script.json"))
    if episode is None or script is None:
        catalogue.refuse_withdrawn(out, date)
        reason = f"there is no complete episode of {date} in {out.root}"
        raise NotAnIssueError(reason, hint=f"make it: {catalogue.make_command(out, date)}")
    if episode.engine == voicing.SILENT:
        raise IncompleteError(
            f"the episode of {date} is timed silence, spoken by no voice",
            hint=f'set voice = "auto" in {settings.FILE}, then '
            f"{catalogue.make_command(out, date)} --voice auto",
        )
    try:
        proof = _proof(episode, script, where.published(date, ".mp3"))
    except IncompleteError as error:
        raise IncompleteError(
            f"the episode of {date} is not whole: {error}",
            hint=f"make it again: delete {out.stage(date, catalogue.RECORD)}, "
            f"then {catalogue.make_command(out, date)}",
        ) from error
    doubts = _list_doubts(script, store.read_json(out.stage(date, "issue.json")) or {})
    return replace(proof, doubts=len(doubts), grave_doubts=doubts.count("grave"))


def _list_doubts(script: dict[str, Any], issue: dict[str, Any]) -> list[str]:
    """The kinds of all doubts of script.json, in whose rundown they stand again, and issue.json."""
    parts = [part for part in script["parts"] if part["kind"] != "headlines"]
    lines = [line for part in parts for line in part["lines"]]
    try:
        rows = [*issue.get("doubts", ()), *(row for line in lines for row in line["doubts"])]
        return [str(row["kind"]) for row in rows]
    except (KeyError, TypeError):  # written by an older version
        return []


def _proof(episode: Episode, script: dict[str, Any], audio: Path) -> Proof:
    lines = _script_lines(script)
    _all_cued(lines, episode)
    _is_labelled(episode, audio)
    pcm = decode_audio(audio, SAMPLE_RATE)
    length = len(pcm) // BYTES_PER_SAMPLE * 1000 // SAMPLE_RATE
    if abs(length - episode.duration_ms) > SLACK_MS:
        raise IncompleteError(f"{length} ms are heard, {episode.duration_ms} ms recorded")
    _all_heard(episode, pcm)
    loudness = measure_loudness(["-i", str(audio)])
    return Proof(
        selected_chars=sum(len(letters_to_say(text)) for _, text in lines),
        spoken_chars=sum(len(letters_to_say(cue.text)) for cue in episode.cues),
        duration_ms=length,
        lufs=loudness.integrated,
        true_peak=loudness.true_peak,
    )


def _script_lines(script: dict[str, Any]) -> list[tuple[str, str]]:
    """Each line of a script.json: what it is a line of, and its text."""
    try:
        return [
            (part["title"] or part["kind"], line["text"] + "")
            for part in script["parts"]
            for line in part["lines"]
        ]
    except (KeyError, TypeError) as error:
        raise IncompleteError("its script.json is damaged") from error


def _all_cued(lines: list[tuple[str, str]], episode: Episode) -> None:
    """Each line of the script is said by cues of its own, in its order, and no cue says more."""
    cues = iter(episode.cues)
    for place, text in lines:
        wanted, said = letters_to_say(text), ""
        while len(said) < len(wanted) and (cue := next(cues, None)):
            said += letters_to_say(cue.text)
        if said != wanted:
            reason = f"the transcript differs from the script at {place}: {text[:20]}"
            raise IncompleteError(reason)
    if any(letters_to_say(cue.text) for cue in cues):
        raise IncompleteError("the transcript says more than the script")


def _is_labelled(episode: Episode, audio: Path) -> None:
    """It says aloud that it is made by AI, and so does the field in its file."""
    own = [one for one in episode.chapters if one.kind in ("opening", "sign_off")]
    said = "".join(
        cue.text
        for cue in episode.cues
        if any(chapter.start_ms <= cue.start_ms < chapter.end_ms for chapter in own)
    )
    if not discloses(said):
        raise IncompleteError("neither its opening nor its sign-off says that AI speaks it")
    check_label(label_of(audio), sound_sha256(audio))


def _all_heard(episode: Episode, pcm: mmap | bytes) -> None:
    """Each cue's stretch of the decoded sound is as loud as a voice: music alone is not enough."""
    import numpy as np

    sound = np.frombuffer(pcm, dtype="<i2")
    frame = SAMPLE_RATE * FRAME_MS // 1000
    for cue in episode.cues:
        stretch = sound[cue.start_ms * SAMPLE_RATE // 1000 : cue.end_ms * SAMPLE_RATE // 1000]
        whole = stretch[: len(stretch) // frame * frame] if len(stretch) >= frame else stretch
        frames = whole.astype(np.float64).reshape(-1, min(frame, max(1, len(whole))))
        levels = np.sqrt((frames**2).mean(axis=1))
        heard = float(np.percentile(levels, VOICED_PERCENTILE)) if levels.size else 0.0
        if heard < VOICE_RMS:
            raise IncompleteError(f"nothing is heard at {cue.start_ms // 1000} s: {cue.text[:20]}")
