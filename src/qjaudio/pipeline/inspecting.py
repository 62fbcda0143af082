"""`check` without a date: will tomorrow morning work?"""

import datetime
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qjaudio import config as settings
from qjaudio import store
from qjaudio.config import Config
from qjaudio.engines.kokoro import VOICES, model_path, style_vectors
from qjaudio.episode.ffmpeg import run_ffmpeg
from qjaudio.errors import EngineError, MissingPartError, NotWritableError, QjaudioError
from qjaudio.pipeline import publishing, scheduling, scripting, voicing
from qjaudio.programs import ffmpeg
from qjaudio.sources.epaper import address_for
from qjaudio.store import OutFolder

EPISODE_BYTES = 100_000_000
"""What an episode of half an hour takes while it is made: PCM twice, MP3, clips in the cache."""
FREE_BYTES = 5 * EPISODE_BYTES
"""Less free than five episodes is too little for a program that nobody watches."""
_STALE_DAYS = 3
"""A weekend without a paper is no sign of trouble; more days without an episode may be one."""


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
    out = OutFolder(config.out_folder)
    python = f"{platform.python_version()}, {sys.executable}"
    yield Finding(what="Python", good=True, found=python)
    yield _tried("ffmpeg", _ffmpeg)
    yield _tried("offline voice", _model)
    yield _tried("cover font", _font)
    yield _online(config)
    yield _tried("settings", lambda: _settings(config, fault))
    yield _tried("output folder", lambda: _writable(out))
    yield _tried("disk space", lambda: _space(out))
    yield _pages(config, now)
    yield _last(out, now)


def exit_code(findings: list[Finding]) -> int:
    """That of the first finding that stands in the way; 0 when tomorrow morning will work."""
    return next((finding.exit_code for finding in findings if finding.exit_code), 0)


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, good=True, found=attempt())
    except QjaudioError as error:
        return Finding(
            what=what, good=False, found=str(error), hint=error.hint, exit_code=error.exit_code
        )


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
    path = model_path()
    for voice in VOICES:
        style_vectors(voice)
    return f"{path.name} and {len(VOICES)} voices, sha256 right"


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


def _settings(config: Config, fault: QjaudioError | None) -> str:
    """Where the settings come from, when cast, lexicon, voice and days can be read."""
    if fault:
        raise fault
    voicing.cast_of(config, voicing.chain_of(config))
    scripting.lexicon_of(config)
    scheduling.paper_days(config)
    path = Path(settings.FILE)
    return str(path.absolute()) if path.is_file() else f"no {settings.FILE} here, the defaults"


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
        raise NotWritableError(f"only {told}", hint="free some space, or move out/ elsewhere")
    return told


def _pages(config: Config, now: datetime.datetime) -> Finding:
    """Where the next issue will come from."""
    folder = Path(config.issues)
    if config.epaper:
        day = now.astimezone(scheduling.CHINA).date()
        return _tried("pages", lambda: address_for(config.epaper, day))
    return Finding(
        what="pages",
        good=folder.is_dir(),
        found=f"{folder}/DATE" if folder.is_dir() else f"there is no folder {folder}",
        needed=False,
        hint="" if folder.is_dir() else "set epaper or issues in qjaudio.toml",
    )


def _last(out: OutFolder, now: datetime.datetime) -> Finding:
    """The newest whole episode and its age."""
    today = now.astimezone(scheduling.CHINA).date()
    newest = publishing.newest_episode(out)
    if newest is None:
        return Finding(what="last episode", good=False, found="none yet", needed=False)
    age = (today - datetime.date.fromisoformat(newest.date)).days
    return Finding(
        what="last episode",
        good=age <= _STALE_DAYS,
        found=f"{newest.date}, {_ago(age)}",
        needed=False,
        hint="" if age <= _STALE_DAYS else "out/DATE/run.log tells what happened since",
    )


def _ago(days: int) -> str:
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"
