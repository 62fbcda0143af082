"""What each online engine makes of each fault, and how long a script takes where many strike.

    python benchmarks/voice_faults.py [--minutes 5]

Servers on loopback speak the four protocols with a hum as long as speech. The first table has a
line for each fault: the error that refuses the clip, or `accepted`; no recogniser listens. The
second has the seconds for a script of so many minutes where none, a tenth and three tenths of the
answers are faulty, by way of the retry policy of `make`.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/engines"))

from test_aliyun import HEADER, stream

from edge_server import EdgeServer
from qjaudio.engines.aliyun import AliyunEngine
from qjaudio.engines.azure import AzureEngine
from qjaudio.engines.edge import EdgeEngine
from qjaudio.engines.openai import OpenAIEngine
from qjaudio.engines.wrappers import Breaker, Checked, Retrying
from qjaudio.errors import QjaudioError
from qjaudio.pipeline.voicing import ONLINE_ATTEMPTS, speak_all
from qjaudio.speech.model import Engine, Utterance, Word
from speech_server import KEY, Answer, flood, half, mp3, send, server

SYLLABLES = 28
A_MINUTE = 270 // SYLLABLES
"""Utterances."""
Sound = Callable[[bytes], bytes]


def changed(change: Callable[[bytes], bytes]) -> Sound:
    """A WAV with other samples, and a header that is true of them."""

    def make(wav: bytes) -> bytes:
        pcm = change(wav[HEADER:])
        pcm = pcm[: len(pcm) // 2 * 2]
        size = len(pcm).to_bytes(4, "little")
        riff = (len(pcm) + HEADER - 8).to_bytes(4, "little")
        return wav[:4] + riff + wav[8:40] + size + pcm

    return make


SOUNDS: dict[str, Sound] = {
    "nothing is wrong": lambda wav: wav,
    "half of the sound": changed(lambda pcm: pcm[: len(pcm) // 2]),
    "two thirds of the sound": changed(lambda pcm: pcm[: len(pcm) * 2 // 3]),
    "said twice": changed(lambda pcm: pcm * 2),
    "twice the speed": changed(lambda pcm: b"".join(pcm[n : n + 2] for n in range(0, len(pcm), 4))),
    "half the speed": changed(
        lambda pcm: b"".join(pcm[n : n + 2] * 2 for n in range(0, len(pcm), 2))
    ),
    "silence": changed(lambda pcm: bytes(len(pcm))),
    "an empty sound": changed(lambda _: b""),
    "a third is silent in the middle": changed(
        lambda pcm: pcm[: len(pcm) // 3] + bytes(len(pcm) // 3) + pcm[len(pcm) // 3 * 2 :]
    ),
}
ANSWERS: dict[str, Answer] = {
    "401": lambda h, _: send(h, b"", 401),
    "403": lambda h, _: send(h, b"", 403),
    "404 with a page": lambda h, _: send(h, b"<html>not here</html>", 404),
    "429, Retry-After": lambda h, _: send(h, b"", 429, Retry_After="7"),
    "500": lambda h, _: send(h, b"", 500),
    "503": lambda h, _: send(h, b"", 503),
    "a redirect": lambda h, _: send(h, b"", 302, Location="http://127.0.0.1:9/"),
    "an error with status 200": lambda h, _: send(h, b'{"error": {"message": "no"}}'),
    "an empty body": lambda h, _: send(h, b""),
    "a page with status 200": lambda h, _: send(h, b"<html>log in</html>"),
    "half of the body": half,
    "sound without end": flood,
    "silence for ever": lambda *_: time.sleep(3),
    "damaged MP3": lambda h, wav: send(h, mp3(wav)[:200] + b"\xff\xfb" + bytes(900)),
}
EDGE = {
    "403": "blocked", "429, Retry-After": "throttled", "503": "unavailable",
    "a page with status 200": "portal", "an empty body": "no_audio", "half of the body": "cut",
    "sound without end": "flood", "silence for ever": "mute", "damaged MP3": "half_noise",
    "half of the sound": "one_sentence", "said twice": "doubled", "twice the speed": "short",
    "nothing is wrong": "none",
}  # fmt: skip
"""The same as `edge_server` calls it; the others have no counterpart there."""


def spoken(number: int = 0) -> Utterance:
    """A sentence of so many syllables, no two alike."""
    chance = random.Random(number)  # noqa: S311
    chars = "河边新修的步道开放了大家都来散步村里又办起书屋孩子放学就去看书"
    text = "".join(chance.choice(chars) for _ in range(SYLLABLES - 10)) + "。" + chars[:10] + "。"
    words = tuple(Word(char, ("ma1",)) if char != "。" else Word(char) for char in text)
    return Utterance(text=text, words=words)


def engines(url: str) -> Iterator[Engine]:
    """The three that speak HTTP."""
    yield AzureEngine(base_url=url.removesuffix("/v1"), key=KEY, total_timeout_s=2)
    yield AliyunEngine(base_url=url, key=KEY, total_timeout_s=2)
    yield OpenAIEngine(base_url=url, total_timeout_s=2)


def told(sound: Sound) -> Answer:
    """An answer with this sound, in the protocol that was asked."""

    def answer(handler: object, wav: bytes) -> None:
        is_aliyun = "SpeechSynthesizer" in handler.path  # type: ignore[attr-defined]
        (stream if is_aliyun else send)(handler, sound(wav))  # type: ignore[operator,arg-type]

    return answer


def verdict(engine: Engine) -> str:
    """What comes of one sentence."""
    try:
        Checked(engine, takes=1, cuts=0).speak(spoken())
    except QjaudioError as error:
        return type(error).__name__.removesuffix("Error")
    return "accepted"


def faults() -> None:
    """The first table."""
    print("| fault | azure | aliyun | openai | edge |\n|---|---|---|---|---|")
    for name, answer in {**{n: told(s) for n, s in SOUNDS.items()}, **ANSWERS}.items():
        with server(answer) as (url, _):
            cells = [verdict(engine) for engine in engines(url)]
        cells.append("–")
        if name in EDGE:
            with EdgeServer(EDGE[name]) as edge:
                limits = {
                    "connect_timeout_s": 1.0,
                    "receive_timeout_s": 1.0,
                    "total_timeout_s": 2.0,
                }
                cells[-1] = verdict(EdgeEngine(endpoint=edge.url, **limits))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


@contextmanager
def shaky(share: float) -> Iterator[str]:
    """A server of which so many answers are faulty, by chance."""
    chance, drawing = random.Random(7), threading.Lock()  # noqa: S311
    wrong = [ANSWERS[name] for name in ("500", "503", "half of the body", "an empty body")]

    def answer(handler: object, wav: bytes) -> None:
        with drawing:
            is_wrong, which = chance.random() < share, chance.choice(wrong)
        (which if is_wrong else told(SOUNDS["nothing is wrong"]))(handler, wav)  # type: ignore[arg-type]

    with server(answer) as (url, _):
        yield url


def times(minutes: float) -> None:
    """The second table."""
    utterances = [spoken(number) for number in range(round(minutes * A_MINUTE))]
    shares = (0.0, 0.1, 0.3)
    print(f"\n| {minutes:g} minutes | {' | '.join(f'{share:.0%} faulty' for share in shares)} |")
    print("|---|---|---|---|")
    for number, name in enumerate(("azure", "aliyun", "openai")):
        cells = []
        for share in shares:
            with shaky(share) as url:
                breaker = Breaker()
                retrying = Retrying(
                    [*engines(url)][number], attempts=ONLINE_ATTEMPTS, breaker=breaker
                )
                began = time.monotonic()
                try:
                    list(speak_all(utterances, Checked(retrying), lambda: None, breaker))
                    cells.append(f"{time.monotonic() - began:.1f} s")
                except QjaudioError as error:
                    cells.append(type(error).__name__)
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    wish = parser.parse_args()
    faults()
    times(wish.minutes)
