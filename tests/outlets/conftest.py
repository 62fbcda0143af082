"""A small finished episode, as outlets see it, with a voice that hums."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builders import line, script, story
from qjaudio.config import Config
from qjaudio.episode.cover import Canvas
from qjaudio.episode.mix import ClipFile
from qjaudio.episode.model import lay_out
from qjaudio.episode.tag import Maker
from qjaudio.outlets import Finished
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.voicing import Spoken
from qjaudio.script.model import Part, Script
from qjaudio.speech.model import Utterance
from tones import tone

NOTICE = "本节目由人工智能合成语音播报。"
# One silent frame: MPEG-1 layer III, 64 kbit/s, 44.1 kHz, mono; 208 bytes, 26 ms.
FRAME = b"\xff\xfb\x50\xc0" + bytes(204)


def programme(*stories: Part) -> Script:
    """Opening, the headlines of all stories, the stories, and a sign-off with the notice."""
    whole = script(*stories)
    heads = tuple(line(one.title, kind="headline", paragraph=at) for at, one in enumerate(stories))
    rundown = Part(
        kind="headlines", title="内容提要", lines=(*heads, line("请听。", kind="phrase"))
    )
    *rest, last = whole.parts
    last = replace(last, lines=(line(NOTICE, kind="phrase"), *last.lines))
    return replace(whole, parts=(rest[0], rundown, *rest[1:], last))


class Spoke(Finished):
    """A source whose clips are at hand."""

    spoken: Spoken

    def speak(self, work: Path) -> Spoken:
        """As they were given; the sound is written when it is asked for."""
        clips = ClipFile(work / "clips.pcm")
        clips.record(tone(ms) for ms in self.spoken.durations_ms)
        return replace(self.spoken, clips=clips)


Build = Callable[..., Finished]


def utterances_of(whole: Script) -> list[Utterance]:
    """One for each line, with a pause of 400 ms."""
    return [
        Utterance(text=said.text, words=(), reader="甲", part=at, line=number, pause_ms=400)
        for at, part in enumerate(whole.parts)
        for number, said in enumerate(part.lines)
    ]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A source of these stories; `lengths` are the milliseconds of each line."""

    def made(*stories: Part, lengths: Sequence[int] = (), **settings: object) -> Finished:
        whole = programme(*(stories or (story(), story("路修好了", "路很宽。"))))
        said = utterances_of(whole)
        times = [*lengths] or [200 * len(one.text) for one in said]
        episode = replace(
            lay_out(whole, said, times, lead_ms=300),
            title="新桥通车了 · 今日衢江 5月20日",
            engine="silent",
            published="2025-05-20T06:00:00+08:00",
        )
        config = Config(out=str(tmp_path / "out"), **settings)  # type: ignore[arg-type]
        (tmp_path / "out").mkdir(exist_ok=True)
        config.output.published(whole.date, ".mp3").write_bytes(
            FRAME * (episode.duration_ms * 441 // 11_520)
        )
        source = Spoke(
            config=config, episode=episode, script=whole, title="今日衢江 · 有声版",
            maker=Maker("A1", "qj:2025-05-20"), progress=Quiet(),
        )  # fmt: skip
        spoken = Spoken(engine="silent", utterances=tuple(said), durations_ms=times)
        object.__setattr__(source, "spoken", spoken)
        object.__setattr__(source, "cover", Canvas(400, "#A3161B").jpeg())
        return source

    return made
