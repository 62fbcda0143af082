"""From the lengths of the clips to chapters and cues."""

from collections.abc import Sequence

from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.script.model import Script
from qjaudio.speech.model import Utterance

SECOND_MS = 1000
TAIL_MS = 800
"""Silence at the end of the file."""


def lay_out(
    script: Script,
    utterances: Sequence[Utterance],
    durations_ms: Sequence[int],
    *,
    lead_ms: int = 0,
    tail_ms: int = TAIL_MS,
) -> Episode:
    """Place every clip: one cue each, one chapter for each part.

    A chapter starts on a whole second, the pause before it is stretched to reach it: so ID3, JSON
    and show notes agree to the millisecond in every app. The first starts with the file, `lead_ms`
    before its first word. Clip number i is heard from the start of cue number i; the mix relies on
    that. `tail_ms` lie between the last word and the end.
    """
    cues: list[Cue] = []
    starts: dict[int, int] = {}
    time = lead_ms
    for utterance, duration in zip(utterances, durations_ms, strict=True):
        if not starts:
            starts[utterance.part] = 0
        elif utterance.part not in starts:
            time = -(-time // SECOND_MS) * SECOND_MS
            starts[utterance.part] = time
        cues.append(
            Cue(
                start_ms=time,
                end_ms=time + duration,
                text=utterance.text,
                speaker=utterance.reader,
            )
        )
        time += duration + utterance.pause_ms
    end = (cues[-1].end_ms if cues else 0) + tail_ms
    return Episode(
        paper=script.paper,
        date=script.date,
        title=f"{script.paper} {script.date}",
        duration_ms=end,
        chapters=_chapters(script, starts, end),
        cues=tuple(cues),
    )


def _chapters(script: Script, starts: dict[int, int], end: int) -> tuple[Chapter, ...]:
    begins = sorted(starts.items())
    ends = [*(start for _, start in begins[1:]), end]
    chapters = []
    for (number, start), stop in zip(begins, ends, strict=True):
        part = script.parts[number]
        chapters.append(
            Chapter(
                start_ms=start,
                end_ms=stop,
                title=part.title,
                kind=part.kind,
                page=part.page,
                byline=part.byline,
                signoff=part.signoff,
            )
        )
    return tuple(chapters)
