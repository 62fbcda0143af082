"""Speech servers of the OpenAI shape: POST {base_url}/audio/speech, sound back.

The request is that of the API reference's "Create speech"; many local servers speak it, each with
a mood of its own, so the answer is judged by what it holds and not by what its headers say. None of
them was at hand when this was written: it is tested against servers on loopback.
"""

import asyncio
import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from qjaudio.engines.audio import decode_speech
from qjaudio.engines.service import (
    CutError,
    NotAudioError,
    OnlineVoiceError,
    RejectedError,
    StalledError,
    classify_connection,
    classify_status,
    converse,
)
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.speech.gate import band_ms, is_speakable
from qjaudio.speech.model import Clip, Utterance, Word, silence

READINGS = ("homophones", "none", "brackets", "index-tts")
"""How a server is told the reading of a word that it would misread."""
_UNSPEAKABLE_MS = 200
_MOST_BYTES_PER_MS = 192
"""48 kHz, stereo, 16 bits."""
_SPARE_MS = 10_000
_SHOWN_BYTES = 2_000
"""Of an answer that is an error."""
_RESERVED = {"model", "input", "voice", "response_format", "speed"}


class OpenAIEngine:
    """Speaks by way of a server of the OpenAI shape, in the next room or on the network.

    It follows an utterance's rate. Redirects are not followed: they would carry text and key to
    another host.
    """

    name = "openai"
    online = True
    repeatable = False
    follows = ("rate",)
    settings: ClassVar[Mapping[str, object]] = {
        "base_url": "",
        "model": "tts-1",
        "voices": ("default",),
        "key": "",
        "format": "wav",
        "readings": "homophones",
        "extra": {},
        "max_chars": 120.0,
        "parallel": 2.0,
        "total_timeout_s": 60.0,
    }
    secrets = ("key",)

    def __init__(  # noqa: PLR0913 - the settings, by name
        self,
        *,
        base_url: str = "",
        model: str = "tts-1",
        voices: tuple[str, ...] = ("default",),
        key: str = "",
        format: str = "wav",
        readings: str = "homophones",
        extra: Mapping[str, Any] | None = None,
        max_chars: float = 120.0,
        parallel: float = 2.0,
        total_timeout_s: float = 60.0,
        stop: threading.Event | None = None,
    ) -> None:
        """Speak with the server at `base_url`, whose address is that before `/audio/speech`.

        `extra` are further fields of the request. Setting `stop` ends all conversations.

        Raises:
            UsageError: a setting is not an address, no key, or none of the ways to tell readings.
        """
        self._url: Final = f"{_checked_address(base_url)}/audio/speech"
        if not (key.isascii() and key.isprintable()):  # never shown: it is a secret
            raise UsageError(
                "the key of openai has characters that no key has",
                hint="set QJAUDIO_OPENAI_KEY again, without spaces and line breaks around it",
            )
        if readings not in READINGS:
            raise UsageError(
                f"[engine.openai] readings cannot be {readings!r}",
                hint=f"it is one of {', '.join(READINGS)}",
            )
        if not voices or max_chars < 10 or parallel < 1 or total_timeout_s <= 0:
            raise UsageError(
                "[engine.openai] cannot speak with these numbers, or without a voice",
                hint="max_chars is 10 at the least, parallel 1; voices names one at the least",
            )
        if taken := _RESERVED & set(extra or {}):
            raise UsageError(
                f"[engine.openai] extra cannot hold {', '.join(sorted(taken))}",
                hint="model, voices and format are settings of their own",
            )
        self.voices = voices
        self.max_chars = int(max_chars)
        self.parallel = int(parallel)
        self._model, self._format, self._readings = model, format, readings
        self._extra = dict(extra or {})
        self._key, self._total_timeout_s, self._stop = key, total_timeout_s, stop

    @property
    def identity(self) -> str:
        """Server, model and fields of the request; the server does not tell its own version."""
        extra = json.dumps(self._extra, sort_keys=True, ensure_ascii=False, default=str)
        return f"openai/{self._url}/{self._model}/{self._format}/{self._readings}/{extra}/1"

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance.

        Raises:
            OnlineVoiceError: one of its classes tells what happened.
            IncompleteError: more text than one request may have; nothing is cut in silence.
        """
        text = with_readings(utterance, self._readings)
        if not is_speakable(text):
            return silence(_UNSPEAKABLE_MS)
        if len(utterance.spoken) > 2 * self.max_chars:
            raise IncompleteError(
                f"{len(utterance.spoken)} characters are too many for one request: {text[:18]}…",
                hint="put a full stop or a comma into this sentence in script.md",
            )
        request = {
            "model": self._model,
            "input": text,
            "voice": utterance.voice or self.voices[0],
            "response_format": self._format,
            **({"speed": utterance.rate} if utterance.rate != 1.0 else {}),
            **self._extra,
        }
        most_bytes = (band_ms(utterance)[1] + _SPARE_MS) * _MOST_BYTES_PER_MS
        try:
            sound = converse(self._ask(request, most_bytes), self._stop)
            return Clip(decode_speech(sound))
        except OnlineVoiceError as error:
            error.hint = "look at the server and at [engine.openai] in qjaudio.toml"
            raise

    async def _ask(self, request: Mapping[str, Any], most_bytes: int) -> bytes:
        import aiohttp

        sound = bytearray()
        try:
            async with asyncio.timeout(self._total_timeout_s):
                await self._receive(request, sound, most_bytes)
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            if type(error) is TimeoutError:  # ours; aiohttp raises classes of its own
                limit_s = self._total_timeout_s
                raise StalledError(f"{len(sound)} bytes, then {limit_s:g} s were up") from error
            if isinstance(error, aiohttp.ClientResponseError):  # less came than was announced
                raise CutError(f"after {len(sound)} bytes") from error
            raise classify_connection(error, bytes_received=len(sound)) from error
        if sound[:1] == b"{":  # an error with status 200
            raise NotAudioError(self._reason(bytes(sound)))
        return bytes(sound)

    async def _receive(self, request: Mapping[str, Any], sound: bytearray, most_bytes: int) -> None:
        import aiohttp

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with (
            aiohttp.ClientSession(trust_env=True) as session,
            session.post(self._url, json=request, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise await self._refusal(answer)
            async for piece in answer.content.iter_any():
                sound += piece
                if len(sound) > most_bytes:
                    raise NotAudioError(f"over {most_bytes} bytes for so short a text")

    async def _refusal(self, answer: Any) -> OnlineVoiceError:
        """What an answer without success means, with the server's own reason."""
        error = classify_status(answer.status, answer.headers)
        if type(error) is not RejectedError:
            return error
        where = f"HTTP {answer.status}"
        if 300 <= answer.status < 400:
            return RejectedError(f"{where}, a redirect to another address")
        reason = self._reason(await answer.content.read(_SHOWN_BYTES))
        return RejectedError(f"{where}: {reason}" if reason else where)

    def _reason(self, body: bytes) -> str:
        """The message of a JSON error, else the first words of the body; never our key."""
        text = body[:_SHOWN_BYTES].decode("utf-8", "replace")
        found = re.search(r'"(?:message|detail|error)"\s*:\s*"((?:[^"\\]|\\.){1,200})', text)
        words = found[1] if found else text[:80]
        words = "".join(char if char.isprintable() else " " for char in words)
        return words.replace(self._key, "***") if self._key else words


def _checked_address(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address = is_address and (parts.port or 0) >= 0 and base_url.isprintable()
        is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:  # brackets that do not close, or a port that is not a number
        is_address = is_plain = False
    if not (is_address and is_plain):
        raise UsageError(
            "[engine.openai] base_url is not a plain web address",
            hint='write base_url = "http://127.0.0.1:8000/v1"; a key goes to QJAUDIO_OPENAI_KEY',
        )
    return base_url.rstrip("/")


def with_readings(utterance: Utterance, readings: str) -> str:
    """The spoken form as the server shall get it (see `READINGS`).

    Only words that a service would misread are marked: those for which the lexicon has a homophone.
    """
    if readings == "none":
        return utterance.spoken
    if readings == "homophones":
        return utterance.respelled
    return "".join(_marked(word, readings) for word in utterance.words)


@cache
def _marked(word: Word, readings: str) -> str:
    if not word.homophone or not word.pinyin:
        return word.text
    if readings == "brackets":
        return f"{word.text}({''.join(word.pinyin)})"
    return "".join(pinyin.upper() for pinyin in word.pinyin)
