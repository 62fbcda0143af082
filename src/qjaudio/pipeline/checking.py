"""`check`: will tomorrow morning work, and is a finished episode whole?"""

import importlib.util
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjaudio import store
from qjaudio.config import Config
from qjaudio.engines.kokoro import model_path
from qjaudio.episode.ffmpeg import decode, ffmpeg, measure
from qjaudio.episode.model import Episode
from qjaudio.errors import IncompleteError, NotAnIssueError, QjaudioError
from qjaudio.pipeline import publishing, voicing
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE
from qjaudio.store import OutFolder

FREE_BYTES = 500_000_000
"""An episode with its clips takes about 100 MB; less free than five of them is a warning."""
SLACK_MS = 100
"""How far the decoded length may be from the record's: an MP3 frame at both ends is 52 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str
    needed: bool = True
    """Whether an episode can be made without it."""


def installation(config: Config) -> Iterator[Finding]:
    """Everything that `make` needs, one finding each."""
    yield Finding(what="Python", good=True, found=platform.python_version())
    yield _tried("ffmpeg", lambda: Path(ffmpeg()).name)
    yield _tried("offline voice", lambda: model_path().name)
    font = importlib.util.find_spec("pylopdf_fonts_zh_cn") is not None
    yield Finding(what="cover font", good=font, found="Noto Sans SC" if font else "missing")
    reason = voicing.probe(config)
    yield Finding(what="online voice", good=reason is None, found=reason or "answers", needed=False)
    yield _tried("output folder", lambda: _writable(OutFolder(config.out_folder)))
    last = [*OutFolder(config.out_folder).dates()][-1:]
    yield Finding(
        what="last episode", good=bool(last), found=last[0] if last else "none yet", needed=False
    )


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, good=True, found=attempt())
    except QjaudioError as error:
        return Finding(what=what, good=False, found=str(error))


def _writable(out: OutFolder) -> str:
    probe = out.cache / ".writable"
    store.write_bytes(probe, b"1")
    probe.unlink(missing_ok=True)
    free = shutil.disk_usage(out.root).free
    if free < FREE_BYTES:
        raise QjaudioError(f"{out.root} has only {free // 1_000_000} MB free")
    return f"{out.root}, {free // 1_000_000_000} GB free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a finished episode was found to be."""

    selected_chars: int
    spoken_chars: int
    duration_ms: int
    lufs: float
    true_peak: float


def prove(out: OutFolder, date: str) -> Proof:
    """Prove from its files that an episode says all of its script.

    Raises:
        NotAnIssueError: there is no episode of that date.
        IncompleteError: a line has no cue, a cue no sound, or the length is another.
    """
    episode = publishing.finished_episode(out, date)
    script = store.read_json(out.stage(date, "script.json"))
    if episode is None or script is None:
        raise NotAnIssueError(
            f"there is no whole episode of {date} in {out.root}",
            hint=f"make it: qjaudio make {date}",
        )
    selected = _letters(line["text"] for part in script["parts"] for line in part["lines"])
    said = _letters(cue.text for cue in episode.cues)
    _all_cued(date, script, episode)
    audio = out.published(date, ".mp3")
    pcm = decode(audio, SAMPLE_RATE)
    length = len(pcm) // BYTES_PER_SAMPLE * 1000 // SAMPLE_RATE
    if abs(length - episode.duration_ms) > SLACK_MS:
        raise _incomplete(date, f"{length} ms are heard, {episode.duration_ms} ms recorded")
    _all_heard(date, episode, pcm)
    loudness = measure(["-i", str(audio)])
    return Proof(
        selected_chars=len(selected),
        spoken_chars=len(said),
        duration_ms=length,
        lufs=loudness.integrated,
        true_peak=loudness.true_peak,
    )


def _all_cued(date: str, script: dict[str, Any], episode: Episode) -> None:
    """Each line of the script is said by cues of its own, in its order, and no cue says more."""
    cues = iter(episode.cues)
    for part in script["parts"]:
        for line in part["lines"]:
            wanted, said = _letters([line["text"]]), ""
            while len(said) < len(wanted) and (cue := next(cues, None)):
                said += _letters([cue.text])
            if said != wanted:
                place = f"{part['title'] or part['kind']}: {line['text'][:20]}"
                raise _incomplete(date, f"the transcript differs from the script at {place}")
    if any(_letters([cue.text]) for cue in cues):
        raise _incomplete(date, "the transcript says more than the script")


def _letters(texts: Iterable[str]) -> str:
    """What has a sound: marks alone make no cue."""
    return "".join(char for text in texts for char in text if char.isalnum())


def _all_heard(date: str, episode: Episode, pcm: bytes) -> None:
    """Each cue's stretch of the decoded sound holds sound."""
    import numpy as np

    sound = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    for cue in episode.cues:
        stretch = sound[cue.start_ms * SAMPLE_RATE // 1000 : cue.end_ms * SAMPLE_RATE // 1000]
        if episode.engine != "silent" and (not stretch.size or float(np.abs(stretch).max()) < 500):
            raise _incomplete(
                date, f"nothing is heard at {cue.start_ms // 1000} s: {cue.text[:20]}"
            )


def _incomplete(date: str, reason: str) -> IncompleteError:
    return IncompleteError(
        f"the episode of {date} is not whole: {reason}",
        hint=f"make it again: delete out/{date}/episode.json, then qjaudio make {date}",
    )
