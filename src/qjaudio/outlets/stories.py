"""One MP3 and one text for each story, within a limit of seconds and bytes: for chats and posts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from qjaudio.episode.mix import AudioSpec, mix
from qjaudio.episode.model import Episode, lay_out
from qjaudio.episode.tag import write_tags
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.outlets import Finished
from qjaudio.outlets.loudspeaker import check_loudness
from qjaudio.pipeline.voicing import Spoken
from qjaudio.script.compose import discloses

LEAD_MS, TAIL_MS = 200, 300
LEAST_S = 3
"""The notice of AI alone takes as long."""
_KBITS = 64
"""Enough for one voice; a minute has half a megabyte."""
_TAG_BYTES = 60_000
"""At most: picture, text and label."""
_ENCODER_MS = 60
"""What MP3 adds at both ends."""
Numbers = tuple[int, ...]
"""Which utterances of the episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """The settings of `[export.stories]`; WeChat takes voice of 60 s and 2 MB."""

    seconds: float = 60.0
    bytes: int = 2_000_000
    lufs: float = -16.0
    name: str = "{date}-stories"
    """The name of the folder."""

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        check_loudness(self.lufs)
        if not LEAST_S <= self.seconds <= 14_400:
            raise UsageError(
                f"seconds = {self.seconds:g} is not a length for a piece",
                hint=f"from {LEAST_S} to 14400; the notice of AI alone needs three",
            )

    def write(self, source: Finished, folder: Path, work: Path) -> Sequence[str]:
        """Write `01.mp3` and `01.txt`, …; of a longer story `01-1.mp3` and so on."""
        place = folder / source.name(self.name)
        place.mkdir()
        spoken = source.speak(work)
        notice = _notice(source, spoken)
        stories = [at for at, part in enumerate(source.script.parts) if part.kind == "story"]
        for count, number in enumerate(stories, start=1):
            pieces = list(self._pieces(source, spoken, number, notice))
            for turn, piece in enumerate(pieces, start=1):
                name = f"{count:02}-{turn}" if len(pieces) > 1 else f"{count:02}"
                mark = f"（{turn}/{len(pieces)}）" if len(pieces) > 1 else ""
                self._write_piece(source, spoken, (number, mark), (*piece, *notice), place / name)
        return ()

    def _pieces(
        self, source: Finished, spoken: Spoken, number: int, notice: Numbers
    ) -> Iterator[Numbers]:
        """The utterances of a story in as few pieces as the limits allow, cut at sentences.

        Raises:
            UsageError: a limit is too short for a sentence with the notice.
        """
        most_ms = min(self.seconds * 1000, (self.bytes - _TAG_BYTES) * 8 / _KBITS) - _ENCODER_MS

        def is_too_long(numbers: Numbers) -> bool:
            return _laid_out(source, spoken, (*numbers, *notice)).duration_ms > most_ms

        piece: Numbers = ()
        for sentence in _by_sentence(spoken, number):
            if piece and is_too_long((*piece, *sentence)):
                yield piece
                piece = ()
            for one in sentence:
                if is_too_long((*piece, one)):
                    if not piece:
                        raise UsageError(
                            f"{self.seconds:g} s and {self.bytes:,} bytes hold no whole sentence",
                            hint="give more of both; the notice of AI needs three seconds",
                        )
                    yield piece
                    piece = ()
                piece += (one,)
        if piece:
            yield piece

    def _write_piece(
        self, source: Finished, spoken: Spoken, story: tuple[int, str], numbers: Numbers, path: Path
    ) -> None:
        part = source.script.parts[story[0]]
        title = f"{part.title}{story[1]}"
        text = "\n".join(line for line in _texts(spoken, numbers) if line != part.title)
        facts = " ".join(source.facts(part.page))
        path.with_suffix(".txt").write_text(f"{title}\n{facts}\n\n{text}\n", encoding="utf-8")
        episode = replace(_laid_out(source, spoken, numbers), title=title, chapters=())
        audio, spec = path.with_suffix(".mp3"), AudioSpec(lufs=self.lufs, bit_rate=f"{_KBITS}k")
        mix(spoken.clips_of(numbers), episode, audio, spec)
        write_tags(
            audio, episode, album=source.title, cover=source.cover, script_text=text,
            maker=source.maker,
        )  # fmt: skip
        if audio.stat().st_size > self.bytes:
            raise IncompleteError(f"{path.name}.mp3 has more than {self.bytes:,} bytes")


def _notice(source: Finished, spoken: Spoken) -> Numbers:
    """The utterances that say that AI speaks; IncompleteError where there are none."""
    for at, part in enumerate(source.script.parts):
        for index, line in enumerate(part.lines):
            if part.kind in ("opening", "sign_off") and discloses(line.text):
                said = enumerate(spoken.utterances)
                return tuple(n for n, one in said if (one.part, one.line) == (at, index))
    raise IncompleteError(
        "no sentence of opening or sign-off says that AI speaks, and each story needs it",
        hint="put it back into script.md: 本节目由人工智能合成语音播报。 Then make the date again",
    )


def _by_sentence(spoken: Spoken, part: int) -> list[Numbers]:
    """The utterances of a story by lines, the headline with what follows it."""
    numbers = [at for at, one in enumerate(spoken.utterances) if one.part == part]
    lines = [tuple(group) for _, group in groupby(numbers, lambda n: spoken.utterances[n].line)]
    return [lines[0] + lines[1], *lines[2:]] if len(lines) > 1 else lines


def _texts(spoken: Spoken, numbers: Numbers) -> Iterator[str]:
    """What is said, line by line."""
    said = (spoken.utterances[number] for number in numbers)
    for _, group in groupby(said, lambda one: (one.part, one.line)):
        yield "".join(one.text for one in group)


def _laid_out(source: Finished, spoken: Spoken, numbers: Numbers) -> Episode:
    return lay_out(
        source.script,
        [spoken.utterances[number] for number in numbers],
        [spoken.durations_ms[number] for number in numbers],
        lead_ms=LEAD_MS,
        tail_ms=TAIL_MS,
    )
