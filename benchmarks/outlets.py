"""Time, size and exact length of exports: `python benchmarks/outlets.py [MINUTES …]`.

The editions are made of hummed sentences and random headlines; nothing is spoken. First twenty
slots of random length are filled, and each file's length is read by ffmpeg; then each edition of
MINUTES (5 and 30) is written as every kind, each in a process of its own, and read back by ffprobe,
mediainfo, epubcheck and Chromium, as far as they are there. Video is written at 16:9 only with
--video: it takes as long as all the others together.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from qjaudio.config import Config
from qjaudio.episode.mix import ClipFile, mix
from qjaudio.episode.model import lay_out
from qjaudio.episode.tag import Maker
from qjaudio.machine import run_ffmpeg
from qjaudio.outlets import Finished, outlet_of
from qjaudio.pipeline.publishing import cover_of
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.voicing import Spoken
from qjaudio.script.model import Line, Part, Script
from qjaudio.speech.model import Utterance
from tones import tone

NOTICE = "本节目由人工智能合成语音播报。"
HAN = "山水田村路桥河茶稻果校医车船电灯树花鸟鱼春夏秋冬东西南北中新大小多少上下来去开通"
MS_PER_CHAR = 210


def edition(minutes: float, seed: int) -> Script:
    """A script of about this length: stories of three to ten sentences."""
    chance = random.Random(seed)  # noqa: S311

    def text(most: int) -> str:
        return "".join(chance.choices(HAN, k=chance.randint(8, most)))

    stories, left = [], minutes * 60_000 / MS_PER_CHAR
    while left > 0:
        title = text(16)
        body = [f"{text(45)}。" for _ in range(chance.randint(3, 10))]
        left -= sum(map(len, (title, *body))) * 1.15
        lines = [Line(text=title, kind="headline")]
        lines += [Line(text=one, kind="body", paragraph=at // 3 + 1) for at, one in enumerate(body)]
        stories.append(Part(kind="story", title=title, lines=tuple(lines), page=1))
    heads = tuple(Line(text=one.title, kind="headline", paragraph=1) for one in stories[:4])
    ends = (Line(text=NOTICE, kind="phrase"), Line(text="我们下期再会。", kind="phrase"))
    parts = (
        Part(kind="opening", title="开场", lines=(Line(text="有声版。", kind="phrase"),)),
        Part(kind="headlines", title="内容提要", lines=heads),
        *stories,
        Part(kind="sign_off", title="结束语", lines=ends),
    )
    return Script(paper="今日衢江", date="2025-05-20", parts=parts)


class Hummed(Finished):
    """A finished episode whose clips are hummed."""

    def speak(self, work: Path) -> Spoken:
        """The clips, written anew."""
        clips = ClipFile(work / "clips.pcm")
        said = utterances_of(self.script)
        clips.record(tone(MS_PER_CHAR * len(one.text)) for one in said)
        lengths = clips.durations_ms
        return Spoken(engine="hum", utterances=said, durations_ms=lengths, clips=clips)


def utterances_of(script: Script) -> tuple[Utterance, ...]:
    """One for each line."""
    return tuple(
        Utterance(text=line.text, words=(), part=at, line=number, pause_ms=450)
        for at, part in enumerate(script.parts)
        for number, line in enumerate(part.lines)
    )


def finished(script: Script, folder: Path, *, with_audio: bool) -> Finished:
    """The episode, with its MP3 where it is needed."""
    said = utterances_of(script)
    lengths = [MS_PER_CHAR * len(one.text) for one in said]
    laid = lay_out(script, said, lengths, lead_ms=2300, tail_ms=3650)
    episode = replace(laid, title="试验", published="2025-05-20T06:00:00+08:00")
    config = Config(out=str(folder))
    if with_audio:
        audio = config.output.published(script.date, ".mp3")
        mix((tone(length) for length in lengths), episode, audio)
    config.output.published(script.date, ".jpg").write_bytes(cover_of(episode, "星期二", config))
    return Hummed(
        config=config,
        episode=episode,
        script=script,
        maker=Maker("A1", "bench:2025-05-20"),
        title="试验",
        progress=Quiet(),
    )


def length_of(path: Path) -> float:
    """Seconds, by what ffmpeg decodes."""
    report = run_ffmpeg(["-i", str(path), "-f", "null", "-"])
    hours, minutes, seconds = re.findall(r"time=(\d+):(\d+):([\d.]+)", report)[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def exact_lengths(folder: Path, count: int = 20) -> None:
    """The largest error of so many slots."""
    worst = 0.0
    for seed in range(count):
        chance = random.Random(seed)  # noqa: S311
        wish, form = chance.randint(90, 400), ("mp3", "wav")[seed % 2]
        source = finished(edition(chance.uniform(2, 9), seed), folder, with_audio=False)
        kind = outlet_of("loudspeaker", {"length": str(wish), "format": form, "rate": 22_050})
        place = Path(tempfile.mkdtemp(dir=folder))
        kind.write(source, place, place)
        (path,) = place.glob(f"*.{form}")
        worst = max(worst, abs(length_of(path) - wish))
    print(f"{count} slots: at most {worst * 1000:.0f} ms off")


def timed(minutes: float, folder: Path, kinds: dict[str, dict[str, object]]) -> None:
    """Seconds, bytes and the most memory of each kind, and what foreign programs say of it."""
    source = finished(edition(minutes, 1), folder, with_audio=True)
    for name, settings in kinds.items():
        place, work = Path(tempfile.mkdtemp(dir=folder)), Path(tempfile.mkdtemp(dir=folder))
        began = time.monotonic()
        if not (child := os.fork()):
            outlet_of(name, settings).write(source, place, work)
            os._exit(0)
        _, status, used = os.wait4(child, 0)
        wall, cpu = time.monotonic() - began, used.ru_utime + used.ru_stime
        files = sorted(one for one in place.rglob("*") if one.is_file())
        size = sum(one.stat().st_size for one in files)
        length = source.episode.duration_ms / 60_000
        print(
            f"| {name} | {length:.1f} min | {wall:.1f} s | {cpu:.1f} s | {size / 1e6:.1f} MB | "
            f"{used.ru_maxrss / 1000:.0f} MB |{' failed' if status else ''}",
            flush=True,
        )
        for file in [one for one in files if one.suffix not in (".txt", ".jpg")][:3]:
            print(f"    {file.name}: {'; '.join(read_back(file))}", flush=True)


READERS = {
    "ffprobe": "-v error -show_entries format=duration:stream=codec_name,width,height -of csv=p=0",
    "mediainfo": "--Inform=General;%Format%,%Duration%ms,%VideoCount%,%AudioCount%,%MenuCount%",
    "java": "-jar /usr/bin/epubcheck --quiet",
    "chromium": "--headless --no-sandbox --disable-gpu --dump-dom",
}
READERS_OF = {".epub": ["java"], ".html": ["chromium"]}


def read_back(path: Path) -> list[str]:
    """What each program that reads such a file, and is there, says of it."""
    told = []
    for name in filter(shutil.which, READERS_OF.get(path.suffix, ["ffprobe", "mediainfo"])):
        words = [name, *READERS[name].split(), str(path)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        answer = done.stdout if name != "chromium" else f"{done.stdout.count('<p')} paragraphs"
        answer += done.stderr if name == "java" else ""
        told.append(f"{name} {done.returncode} {' '.join(answer.split())}")
    return told


def main() -> None:
    """Both."""
    words = [one for one in sys.argv[1:] if one != "--video"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "--video" not in sys.argv:
            exact_lengths(folder)
        for minutes in map(float, words or ("5", "30")):
            kinds: dict[str, dict[str, object]] = {
                "loudspeaker": {"length": f"{minutes * 60:.0f}"},
                "stories": {},
                "wechat": {},
                "epub": {},
                "m4b": {},
            }
            if "--video" in sys.argv:
                kinds = {"video": {"sizes": ["16:9"]}}
            timed(minutes, folder, kinds)


if __name__ == "__main__":
    main()
