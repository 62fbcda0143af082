"""The online voice: Microsoft's read-aloud service, by way of edge-tts."""

import re
import subprocess
import threading
from importlib.metadata import version

from qjaudio.engines.edge_errors import NotAudioError, TooShortError
from qjaudio.engines.edge_service import MP3_BYTES_PER_MS, Request, Route, converse
from qjaudio.errors import IncompleteError, MissingPartError, QjaudioError, UsageError
from qjaudio.programs import ffmpeg, not_startable
from qjaudio.speech.duration import band_ms, is_speakable, silence, sounding
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance, Word

VOICES = (
    "zh-CN-YunyangNeural",  # made for news
    "zh-CN-XiaoxiaoNeural",
    "zh-CN-YunjianNeural",
    "zh-CN-XiaoyiNeural",
    "zh-CN-YunxiNeural",
)
"""Mandarin voices, the newsreader first."""
MAX_REQUEST_CHARS = 300
"""edge-tts cuts text over 4,096 bytes, at spaces, which Chinese has none of. 300 characters are
1,500 bytes even if every one is escaped as `&amp;`, so that it never cuts."""
_UNSPEAKABLE_MS = 200
_DECODE_TIMEOUT_S = 30
_VOICE_NAME = re.compile(r"[a-z]{2,3}-[A-Z]{2}-(?:[a-z]+-)?[A-Za-z]+Neural")
_PROBE = Utterance(text="你好。", words=(Word("你好", ("ni2", "hao3")), Word("。")))


class EdgeEngine:
    """Speaks Mandarin by way of a foreign service that may fail in every way; see edge_errors.

    It follows an utterance's rate and pitch. Readings cannot be told to it: it speaks the spoken
    form as it thinks best, with the homophones of the lexicon where it would be wrong. An utterance
    without a speakable character is not sent (the service would answer with nothing): it becomes
    0.2 s of silence.
    """

    name = "edge"
    max_chars = 120
    settings = ("rate", "pitch")
    parallel = 4
    """More connections at once invite a block."""

    def __init__(
        self,
        *,
        proxy: str | None = None,
        endpoint: str | None = None,
        connect_timeout_s: float = 5,
        receive_timeout_s: float = 15,
        total_timeout_s: float = 60,
        voices: tuple[str, ...] = VOICES,
        stop: threading.Event | None = None,
    ) -> None:
        """Speak with `voices`, best first.

        `proxy` is an http:// address; without it the proxy variables of the environment count.
        `endpoint` is a ws:// or wss:// address without query that stands in for the service's:
        a reverse proxy, or a test. A piece fails when no connection stands after
        `connect_timeout_s` (rounded up to whole seconds), when nothing comes for
        `receive_timeout_s`, or when it is not whole after `total_timeout_s`. Setting `stop` ends
        all conversations.

        Raises:
            UsageError: the endpoint is no such address.
        """
        if endpoint is not None and not re.fullmatch(r"wss?://[^\s?#]+", endpoint):
            raise UsageError(
                f"no endpoint of the online voice: {endpoint}",
                hint="it begins with ws:// or wss:// and has no ?",
            )
        self.voices = voices
        self._total_timeout_s = total_timeout_s
        self._route = Route(
            proxy=proxy,
            endpoint=endpoint,
            connect_timeout_s=connect_timeout_s,
            receive_timeout_s=receive_timeout_s,
            stop=stop,
        )

    @property
    def identity(self) -> str:
        """Version of edge-tts and of our recipe; the service does not tell its own."""
        return f"edge/{version('edge-tts')}/1"

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance; the silence that the service adds at both ends stays.

        Raises:
            OnlineVoiceError: one of its classes tells what happened.
            IncompleteError: more text than one request takes; nothing is cut in silence.
            MissingPartError: no such voice, or no ffmpeg.
        """
        return self._speak(utterance, self._total_timeout_s)

    def probe(self, timeout_s: float = 4.0, voice: str = "") -> str | None:
        """Say one short word: None when it came within `timeout_s`, else the reason."""
        try:
            self.ask(voice, timeout_s)
        except QjaudioError as error:
            return str(error)
        return None

    def ask(self, voice: str = "", timeout_s: float = 4.0) -> None:
        """Have a voice say one short word; raises as `speak` does."""
        self._speak(Utterance(text=_PROBE.text, words=_PROBE.words, voice=voice), timeout_s)

    def _speak(self, utterance: Utterance, total_timeout_s: float) -> Clip:
        spoken = utterance.respelled
        if not is_speakable(spoken):
            return silence(_UNSPEAKABLE_MS)
        if len(spoken) > MAX_REQUEST_CHARS:
            raise IncompleteError(
                f"{len(spoken)} characters are too many for one request: {spoken[:18]}…",
                hint="put a full stop or a comma into this sentence in script.md",
            )
        voice = utterance.voice or self.voices[0]
        if not _VOICE_NAME.fullmatch(voice):
            raise MissingPartError(
                f"no online voice {voice!r}", hint="qjaudio voices lists those that are there"
            )
        request = Request(
            text=spoken, voice=voice, rate=utterance.rate, pitch_hz=utterance.pitch_hz
        )
        mp3 = converse(request, self._route, total_timeout_s=total_timeout_s)
        return _whole(utterance, Clip(decode_mp3(mp3)))


def _whole(utterance: Utterance, clip: Clip) -> Clip:
    heard = sounding(clip)
    speaking_ms = heard.speaking_ms if heard else 0
    least_ms = band_ms(utterance)[0]
    if speaking_ms < least_ms:
        raise TooShortError(
            f"{speaking_ms / 1000:.1f} s of speech where {least_ms / 1000:.1f} s are the least"
        )
    return clip


def decode_mp3(mp3: bytes) -> bytes:
    """Decode MP3 of constant 48 kbit/s to signed 16-bit little-endian mono PCM at 24 kHz.

    Raises:
        NotAudioError: the bytes, or a tenth of them, are no such MP3.
        MissingPartError: there is no ffmpeg.
    """
    try:
        done = subprocess.run(
            [ffmpeg(), "-hide_banner", "-loglevel", "error", "-f", "mp3", "-i", "pipe:0",
             "-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE), "pipe:1"],
            input=mp3, capture_output=True, timeout=_DECODE_TIMEOUT_S, check=False,
        )  # fmt: skip
    except OSError as error:
        raise not_startable(error) from error
    except subprocess.TimeoutExpired as error:
        raise NotAudioError("ffmpeg could not make sense of it in time") from error
    decoded_ms, expected_ms = Clip(done.stdout).duration_ms, len(mp3) / MP3_BYTES_PER_MS
    # ffmpeg skips what it cannot read and is content; a frame or two may be lost at the ends.
    if decoded_ms < expected_ms * 0.9 - 100 or not done.stdout:
        raise NotAudioError(f"{decoded_ms} ms of sound in {len(mp3)} bytes")
    return done.stdout
