"""`check DATE`: is a finished episode whole?"""

from dataclasses import dataclass
from mmap import mmap
from typing import Any

from qjaudio import store
from qjaudio.episode.ffmpeg import decode_audio, measure_loudness
from qjaudio.episode.model import Episode
from qjaudio.errors import IncompleteError, NotAnIssueError
from qjaudio.pipeline import publishing
from qjaudio.speech.gate import letters_to_say
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE
from qjaudio.store import OutFolder

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
    lines = _lines_of(script, date)
    selected = "".join(letters_to_say(text) for _, text in lines)
    said = "".join(letters_to_say(cue.text) for cue in episode.cues)
    _all_cued(date, lines, episode)
    audio = out.published(date, ".mp3")
    pcm = decode_audio(audio, SAMPLE_RATE)
    length = len(pcm) // BYTES_PER_SAMPLE * 1000 // SAMPLE_RATE
    if abs(length - episode.duration_ms) > SLACK_MS:
        raise _incomplete(date, f"{length} ms are heard, {episode.duration_ms} ms recorded")
    _all_heard(date, episode, pcm)
    loudness = measure_loudness(["-i", str(audio)])
    return Proof(
        selected_chars=len(selected),
        spoken_chars=len(said),
        duration_ms=length,
        lufs=loudness.integrated,
        true_peak=loudness.true_peak,
    )


def _lines_of(script: dict[str, Any], date: str) -> list[tuple[str, str]]:
    """Each line of a script.json: what it is a line of, and its text."""
    try:
        return [
            (part["title"] or part["kind"], line["text"] + "")
            for part in script["parts"]
            for line in part["lines"]
        ]
    except (KeyError, TypeError) as error:
        raise _incomplete(date, "its script.json is damaged") from error


def _all_cued(date: str, lines: list[tuple[str, str]], episode: Episode) -> None:
    """Each line of the script is said by cues of its own, in its order, and no cue says more."""
    cues = iter(episode.cues)
    for place, text in lines:
        wanted, said = letters_to_say(text), ""
        while len(said) < len(wanted) and (cue := next(cues, None)):
            said += letters_to_say(cue.text)
        if said != wanted:
            reason = f"the transcript differs from the script at {place}: {text[:20]}"
            raise _incomplete(date, reason)
    if any(letters_to_say(cue.text) for cue in cues):
        raise _incomplete(date, "the transcript says more than the script")


def _all_heard(date: str, episode: Episode, pcm: mmap | bytes) -> None:
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
        if episode.engine != "silent" and heard < VOICE_RMS:
            raise _incomplete(
                date, f"nothing is heard at {cue.start_ms // 1000} s: {cue.text[:20]}"
            )


def _incomplete(date: str, reason: str) -> IncompleteError:
    return IncompleteError(
        f"the episode of {date} is not whole: {reason}",
        hint=f"make it again: delete out/{date}/episode.json, then qjaudio make {date}",
    )
