"""A programme of an exact length for village loudspeakers and radio: WAV or MP3."""

import hashlib
import os
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from qjaudio.episode.mix import AudioSpec, mix
from qjaudio.episode.model import LABEL, lay_out, timestamp
from qjaudio.episode.music import Levels, gong, line_up_tone, place_music_to_end
from qjaudio.episode.sound import SPEECH_LUFS, Wave, integrated_loudness
from qjaudio.episode.tag import Maker, write_tags
from qjaudio.errors import UsageError
from qjaudio.outlets import Finished, check_choice, seconds_of_text
from qjaudio.paper.digest import short_headline
from qjaudio.pipeline.making import levels_of
from qjaudio.speech.model import SAMPLE_RATE, Utterance

BEFORE: dict[str, Callable[[], Wave] | None] = {"gong": gong, "tone": line_up_tone, "none": None}
RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Hertz; MP3 has them all."""
LOUDNESS = (-30.0, -12.0)
"""LUFS: EBU R 128 asks for −23, Apple for −16; louder than this the limiter is heard."""
STRETCH_MS = 2000
"""So much longer may the pause between two parts become."""
_PART_MS = 1000
"""What the start of a part on a whole second may cost."""
_ENCODER_SAMPLES = 600
"""Half of what LAME adds: players that skip it and those that play it are both within 0.1 s."""
_LONGEST_S = 4 * 3600
_LONG_MUSIC_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudspeaker:
    """The settings of `[export.loudspeaker]`."""

    length: str = "30:00"
    """Minutes and seconds, or seconds; kept to a tenth of a second."""
    format: str = "mp3"
    before: str = "gong"
    """What is heard first: `gong`, `tone` (1 kHz) or `none`."""
    lufs: float = -16.0
    rate: int = 44_100
    name: str = "{date}"
    """The name of the file, without its ending."""

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        check_choice("format", self.format, ("mp3", "wav"))
        check_choice("before", self.before, tuple(BEFORE))
        check_choice("rate", self.rate, RATES)
        check_loudness(self.lufs)
        if not 0 < seconds_of_text("length", self.length) <= _LONGEST_S:
            raise UsageError("length is not a time, or is over four hours", hint="length = 30:00")

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:
        """Write the file; returns which stories are left out, and how much of it is music."""
        path = folder / f"{source.name(self.name)}.{self.format}"
        want_ms = round(seconds_of_text("length", self.length) * 1000)
        frame_ms = sum(
            one.end_ms - one.start_ms
            for one in source.episode.chapters
            if one.kind in ("opening", "sign_off")
        )
        if want_ms < frame_ms:  # before anything is spoken
            raise UsageError(
                f"length = {self.length} is too short for opening and sign-off",
                hint=f"give it at least {timestamp(frame_ms + 999)[3:]}, and a story's time more",
            )
        spoken, levels = source.speak(work), levels_of(source.config)
        before = _pcm_before(BEFORE[self.before])
        before_ms = len(before) * 1000 // (2 * SAMPLE_RATE)
        want_ms -= before_ms + (_ENCODER_SAMPLES * 1000 // self.rate if self.format == "mp3" else 0)
        try:
            numbers = _choose(source, spoken.utterances, spoken.durations_ms, levels, want_ms)
        except _TooShortError as error:
            needed = timestamp(error.needed_ms + before_ms + 999)[3:]
            raise UsageError(
                f"length = {self.length} is too short for {error}",
                hint=f"give it at least {needed}",
            ) from error
        lengths = [spoken.durations_ms[number] for number in numbers]
        said = [spoken.utterances[number] for number in numbers]
        said = _stretch(source, said, lengths, levels, want_ms)
        episode = lay_out(source.script, said, lengths, lead_ms=levels.lead_ms, tail_ms=0)
        music_s = (want_ms - episode.duration_ms) / 1000
        episode = replace(episode, title=source.episode.title, duration_ms=want_ms)
        spec = AudioSpec(
            lufs=self.lufs,
            sample_rate=self.rate,
            container="mp3" if self.format == "mp3" else "wav",
        )
        layers = place_music_to_end(episode, levels)
        mix(spoken.clips_of(numbers), episode, path, spec, layers=layers, before=before)
        if self.format == "mp3":
            text = "\n".join(one.text for one in said)
            no_chapters = replace(episode, chapters=())  # the gong would shift them all
            write_tags(
                path, no_chapters, album=source.title, cover=source.cover, script_text=text,
                maker=source.maker,
            )  # fmt: skip
        else:
            write_wave_label(path, source.maker)
        return _remarks(source, said, music_s)


def check_loudness(lufs: float) -> None:
    """Make sure that a programme may be so loud; UsageError where it may not."""
    if not LOUDNESS[0] <= lufs <= LOUDNESS[1]:
        raise UsageError(
            f"lufs = {lufs:g} is not the loudness of a programme",
            hint=f"from {LOUDNESS[0]:g} to {LOUDNESS[1]:g}; radio has -23, podcasts -16",
        )


def _pcm_before(wave: Callable[[], Wave] | None) -> bytes:
    """The PCM of what is heard first, as loud as the speech."""
    if wave is None:
        return b""
    samples = wave() * 10 ** ((SPEECH_LUFS - integrated_loudness(wave(), SAMPLE_RATE)) / 20)
    return bytes(np.rint(samples * 32767).astype("<i2").tobytes())


def _choose(
    source: Finished,
    said: Sequence[Utterance],
    lengths_ms: Sequence[int],
    levels: Levels,
    want_ms: int,
) -> list[int]:
    """The numbers of the utterances that fit: whole stories, and no headline of another.

    Raises:
        _TooShortError: not even opening and sign-off fit, or no story beside them.
    """
    parts = source.script.parts
    owners = _stories_of_lines(source)
    costs = dict.fromkeys(range(len(parts)), 0)
    for one, length in zip(said, lengths_ms, strict=True):
        costs[owners.get((one.part, one.line), one.part)] += length + one.pause_ms
    stories = [number for number, part in enumerate(parts) if part.kind == "story"]
    frame = sum(cost + _PART_MS for number, cost in costs.items() if number not in stories)
    left = want_ms - frame - levels.lead_ms - levels.tail_ms
    items = {number: costs[number] + _PART_MS for number in stories}
    kept = best_filled(items, left) if left > 0 else frozenset()
    if stories and not kept:
        shortest = min(items.values()) - left + want_ms
        what = "opening and sign-off" if left <= 0 else "opening, sign-off and the shortest story"
        raise _TooShortError(what, shortest)
    whole = len(kept) == len(stories)
    dropped = {number for number in stories if number not in kept}
    return [
        number
        for number, one in enumerate(said)
        if (owner := owners.get((one.part, one.line), one.part)) not in dropped
        and (whole or owner != _NOBODY)
    ]


class _TooShortError(Exception):
    """What does not fit, and how long it would have to be."""

    def __init__(self, what: str, needed_ms: int) -> None:
        super().__init__(what)
        self.needed_ms = needed_ms


_NOBODY = -1
"""Whose a line of the rundown is that fits no story: an editor's own words for one."""


def _stories_of_lines(source: Finished) -> dict[tuple[int, int], int]:
    """For each headline of the rundown, by part and line, the number of its story."""
    parts = source.script.parts
    titles: dict[str, int] = {}
    for number, part in reversed([*enumerate(parts)]):
        if part.kind == "story":
            titles |= {part.title: number, short_headline(part.title): number}
    return {
        (number, at): titles.get(str(line.text), _NOBODY)
        for number, part in enumerate(parts)
        if part.kind == "headlines"
        for at, line in enumerate(part.lines)
        if line.kind == "headline"
    }


def best_filled(items: dict[int, int], room_ms: int) -> frozenset[int]:
    """The items, with their lengths in ms, that fill the room best; the first ones weigh double.

    The knapsack in steps of a tenth of a second.
    """
    step = 100
    room = room_ms // step
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * (room + 1)
    for rank, (number, length) in enumerate(items.items()):
        size, worth = -(-length // step), length * (1 + 1 / (1 + rank))
        for at in range(room, size - 1, -1):
            value, taken = best[at - size]
            if value + worth > best[at][0]:
                best[at] = (value + worth, (*taken, number))
    return frozenset(best[-1][1])


def _stretch(
    source: Finished,
    said: Sequence[Utterance],
    lengths_ms: Sequence[int],
    levels: Levels,
    want_ms: int,
) -> list[Utterance]:
    """The utterances with longer pauses between the parts: what is left of the time, as it can."""
    lead, tail = levels.lead_ms, levels.tail_ms
    length = lay_out(source.script, said, lengths_ms, lead_ms=lead, tail_ms=tail).duration_ms
    ends = [at for at, (one, after) in enumerate(pairwise(said)) if one.part != after.part]
    seconds = min((want_ms - length) // 1000, len(ends) * STRETCH_MS // 1000)
    stretched = list(said)
    for turn in range(seconds):  # whole seconds: each part begins on one
        at = ends[turn % len(ends)]
        stretched[at] = replace(stretched[at], pause_ms=stretched[at].pause_ms + 1000)
    return stretched


def _remarks(source: Finished, said: Sequence[Utterance], music_s: float) -> list[str]:
    told = {one.part for one in said}
    parts = enumerate(source.script.parts)
    left = [f"left out: {part.title}" for at, part in parts if part.lines and at not in told]
    long = f"the last {music_s:.0f} s are music: make the episode longer, with --minutes"
    return [*left, *([long] if music_s > _LONG_MUSIC_S else [])]


def write_wave_label(path: Path, maker: Maker) -> None:
    """Append the label to a WAV, as a chunk of its own (TC260-PG-202510A).

    Its hash is that of all that stands before it, without the header of twelve bytes, in which the
    length of the file stands.
    """
    with path.open("r+b") as file:
        file.seek(12)
        chunk = maker.label(hashlib.file_digest(file, "sha256").hexdigest()).encode("utf-8")
        chunk += b" " * (len(chunk) % 2)
        file.seek(0, os.SEEK_END)
        file.write(LABEL.encode() + struct.pack("<I", len(chunk)) + chunk)
        length = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", length - 8))
