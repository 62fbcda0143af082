"""How long the mix takes, and how much memory, for episodes of 10 minutes to 3 hours.

    python benchmarks/mixing.py [MINUTES …] [--json FILE]

Each length is mixed in a process of its own, with all music, from bursts of noise in the rhythm of
sentences. Prints seconds, seconds for each minute of sound, and the peak of resident memory: of the
process, and of ffmpeg. Time is to grow evenly with the length and memory is to stay flat; the exit
status is 1 when the longest takes over 1 GB or, minute for minute, twice as long as the shortest.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import results

from qjaudio.episode.mix import mix
from qjaudio.episode.model import Episode, lay_out
from qjaudio.episode.music import Levels, place_music
from qjaudio.episode.sound import trim
from qjaudio.script.model import Line, Part, PartKind, Script
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance

MINUTES = (10, 60, 180)
SENTENCE_S = 6
SENTENCES_A_STORY = 8
LEVELS = Levels(sting=-3.0, bed=-24.0, chime=-9.0, closing=-5.0)
MOST_MB = 1000
MOST_SLOWER = 2.0


def burst() -> Clip:
    """Noise in the rhythm of syllables, as long as a sentence; the same at every call."""
    noise = np.random.default_rng(1).normal(size=SENTENCE_S * SAMPLE_RATE)
    smooth = np.convolve(noise, np.hanning(12), mode="same")
    syllables = np.abs(np.sin(np.pi * 4.5 * np.arange(len(smooth)) / SAMPLE_RATE))
    wave = smooth * syllables
    return trim(Clip((wave / np.abs(wave).max() * 20_000).astype("<i2").tobytes()))


def episode_of(minutes: int, clip: Clip) -> Episode:
    """An episode of about so many minutes in which every sentence is the same clip."""
    stories = max(1, minutes * 60 // (SENTENCES_A_STORY * (SENTENCE_S + 1)))
    story: PartKind = "story"
    kinds: tuple[PartKind, ...] = ("opening", "headlines", *[story] * stories, "sign_off")
    line = Line(text="字", kind="body")
    parts = tuple(Part(kind=kind, title="字", lines=(line,) * SENTENCES_A_STORY) for kind in kinds)
    spoken = [
        Utterance(text="字", words=(), part=part, line=index, pause_ms=380)
        for part in range(len(parts))
        for index in range(SENTENCES_A_STORY)
    ]
    return lay_out(
        Script(paper="", date="", parts=parts),
        spoken,
        [clip.duration_ms] * len(spoken),
        lead_ms=LEVELS.lead_ms,
        tail_ms=LEVELS.tail_ms,
    )


def mixed(minutes: int) -> dict[str, float]:
    """Mix one episode and tell what it took."""
    clip = burst()
    episode = episode_of(minutes, clip)
    clips: Iterator[Clip] = (clip for _ in episode.cues)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        reached = mix(clips, episode, Path(folder) / "a.mp3", layers=place_music(episode, LEVELS))
    return {
        "minutes": episode.duration_ms / 60_000,
        "seconds": time.monotonic() - began,
        "own_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ffmpeg_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "lufs": reached.integrated,
        "true_peak": reached.true_peak,
    }


def figures(rows: list[dict[str, float]], slower: float, most: float) -> list[results.Figure]:
    """What is kept of the run."""
    paces = [
        results.Figure(
            what=f"mixing {row['minutes']:.0f} minutes",
            unit="s for each minute",
            values=(row["seconds"] / row["minutes"],),
        )
        for row in rows
    ]
    longest, shortest = rows[-1]["minutes"], rows[0]["minutes"]
    what = f"mixing {longest:.0f} minutes against {shortest:.0f}, minute for minute"
    return [
        *paces,
        results.Figure(what=what, unit="× the time", values=(slower,)),
        results.Figure(what="mixing: peak memory, ffmpeg included", unit="MiB", values=(most,)),
    ]


def main() -> int:
    """Mix all lengths, print a row for each, and judge."""
    parser = results.options(__doc__)
    parser.add_argument("minutes", type=int, nargs="*")
    wish = parser.parse_args()
    rows = []
    for minutes in wish.minutes or MINUTES:
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            row = alone.apply(mixed, (minutes,))
        rows.append(row)
        print(
            f"{row['minutes']:6.1f} min  {row['seconds']:6.1f} s"
            f"  {row['seconds'] / row['minutes']:.3f} s a minute"
            f"  {row['own_mb']:4.0f} MB + ffmpeg {row['ffmpeg_mb']:4.0f} MB"
            f"  {row['lufs']:.1f} LUFS  {row['true_peak']:.1f} dBTP",
            flush=True,
        )
    paces = [row["seconds"] / row["minutes"] for row in rows]
    slower, most = paces[-1] / paces[0], max(row["own_mb"] + row["ffmpeg_mb"] for row in rows)
    print(f"longest against shortest, minute for minute: {slower:.2f}; most {most:.0f} MB")
    results.save(wish.json, figures(rows, slower, most))
    return int(slower > MOST_SLOWER or most > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
