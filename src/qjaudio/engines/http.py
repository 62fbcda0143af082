"""Speech services that take one HTTP request for each utterance and answer with its sound.

They are told the reading of each word that they might misread (`reading_to_tell`).
"""

import asyncio
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar, Final, TypedDict, Unpack
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from qjaudio import rules
from qjaudio.engines import service
from qjaudio.errors import UsageError
from qjaudio.speech.model import Clip, Utterance, Word, is_speakable, silence

_MOST_BYTES_PER_MS = 192
"""48 kHz, stereo, 16 bits."""
_SHOWN_BYTES = 2_000
"""Of an answer that is an error."""
_AS_HEARD = frozenset("一不")
"""Their tone is given as it changes; other changes of tone are left to the service."""
_LASTING = 4_096


class CommonSettings(TypedDict, total=False):
    """What the table of each of these engines may hold (see docs/reference/config.md)."""

    voices: tuple[str, ...]
    key: str
    max_chars: float
    parallel: float
    total_timeout_s: float
    stop: threading.Event | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRequest:
    """What is sent for an utterance."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class HttpEngine(ABC):
    """What these engines share; a subclass says how to ask and how to hear the answer.

    An utterance without a speakable character is not sent: it becomes 0.2 s of silence. Redirects
    are not followed: they would carry text and key to another host. The key is never shown.
    """

    name: ClassVar[str]
    online = True
    repeatable = False
    secrets = ("key",)
    needs_key = True
    common: ClassVar[Mapping[str, object]] = {
        "key": "",
        "max_chars": 120.0,
        "parallel": 2.0,
        "total_timeout_s": 60.0,
    }
    """Settings with their defaults, a part of each subclass's `settings`."""
    default_voices: ClassVar[tuple[str, ...]]

    def __init__(self, address: str, **common: Unpack[CommonSettings]) -> None:
        """Speak with the service at `address` until `stop`; UsageError for a wrong setting."""
        self.address: Final = self._check_service_address(address)
        self.voices = common.get("voices", self.default_voices)
        self._key = common.get("key", "")
        if self.needs_key and not self._key:
            reason = f"{self.name} has no key"
            raise UsageError(reason, hint=f"set {self._key_variable} in the environment")
        if not (self._key.isascii() and self._key.isprintable()):
            raise UsageError(
                f"the key of {self.name} has characters that no key has",
                hint=f"set {self._key_variable} again, without spaces and line breaks around it",
            )
        self.max_chars = int(common.get("max_chars", 120))
        self.parallel = int(common.get("parallel", 2))
        self._total_timeout_s = common.get("total_timeout_s", 60.0)
        self._stop = common.get("stop")
        can_be = self.max_chars >= 10 and self.parallel >= 1 and self._total_timeout_s > 0
        if not (self.voices and can_be):
            raise UsageError(
                f"[engine.{self.name}] cannot speak with these numbers, or without a voice",
                hint="max_chars is at least 10, parallel at least 1; voices names at least one",
            )

    @property
    def _key_variable(self) -> str:
        return f"QJAUDIO_{self.name.upper()}_KEY"

    @abstractmethod
    def request(self, utterance: Utterance, voice: str) -> SpeechRequest:
        """How to ask for an utterance."""

    def pcm(self, answer: bytes) -> bytes:
        """The answer, of whatever kind, as 16-bit mono PCM at 24 kHz, or an OnlineVoiceError."""
        return service.decode_speech(answer)

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance, whole, or raise OnlineVoiceError, or IncompleteError if too long."""
        if not is_speakable(utterance.spoken):
            return silence(service.UNSPEAKABLE_MS)
        service.require_short(utterance.spoken, 2 * self.max_chars)
        request = self.request(utterance, utterance.voice or self.voices[0])
        most_bytes = service.most_sound_ms(utterance) * _MOST_BYTES_PER_MS
        try:
            return Clip(self.pcm(service.converse(self._ask(request, most_bytes), self._stop)))
        except service.OnlineVoiceError as error:
            error.hint = f"look at the service and at [engine.{self.name}] in qjaudio.toml"
            raise

    async def _ask(self, request: SpeechRequest, most_bytes: int) -> bytes:
        import aiohttp

        answer, limit_s = bytearray(), self._total_timeout_s
        try:
            async with (
                asyncio.timeout(limit_s),
                aiohttp.ClientSession(trust_env=True) as session,
                session.post(
                    request.url, data=request.body, headers=request.headers, allow_redirects=False
                ) as reply,
            ):
                if reply.status != 200:
                    raise await self._refusal(reply)
                async for piece in reply.content.iter_any():
                    answer += piece
                    service.require_bounded(len(answer), most_bytes)
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            if type(error) is TimeoutError:  # ours; aiohttp raises classes of its own
                told = f"{len(answer)} bytes, then {limit_s:g} s were up"
                raise service.StalledError(told) from error
            if isinstance(error, aiohttp.ClientResponseError):  # less came than was announced
                raise service.CutError(f"after {len(answer)} bytes") from error
            raise service.classify_connection(error, bytes_received=len(answer)) from error
        if answer[:1] == b"{":  # an error with status 200
            raise service.NotAudioError(self.reason(bytes(answer)))
        return bytes(answer)

    async def _refusal(self, answer: Any) -> service.OnlineVoiceError:
        """What an answer without success means, with the service's own reason."""
        error = service.classify_status(answer.status, answer.headers)
        if type(error) is not service.RejectedError:
            return error
        where = f"HTTP {answer.status}"
        if 300 <= answer.status < 400:
            return service.RejectedError(f"{where}, a redirect to another address")
        reason = self.reason(await answer.content.read(_SHOWN_BYTES))
        return service.RejectedError(f"{where}: {reason}" if reason else where)

    def reason(self, body: bytes) -> str:
        """The message of a JSON error, else the first words of the body; never our key."""
        text = body[:_SHOWN_BYTES].decode("utf-8", "replace")
        found = re.search(r'"(?:message|detail|error)"\s*:\s*"((?:[^"\\]|\\.){1,200})', text)
        words = found[1] if found else text[:80]
        words = "".join(char if char.isprintable() else " " for char in words)
        return words.replace(self._key, "***") if self._key else words

    def _check_service_address(self, address: str) -> str:
        try:
            parts = urlsplit(address)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
            is_address = is_address and (parts.port or 0) >= 0 and address.isprintable()
            is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
        except ValueError:  # brackets that do not close, or a port that is not a number
            is_address = is_plain = False
        if not (is_address and is_plain):
            raise UsageError(
                f"[engine.{self.name}] base_url is not a plain web address",
                hint='write base_url = "http://127.0.0.1:8000/v1"; '
                f"a key goes to {self._key_variable}",
            )
        return address.rstrip("/")

    def refuse_unless(self, setting: str, value: str, known: tuple[str, ...]) -> None:
        """Raise UsageError unless the value of a setting is one of those known."""
        if value not in known:
            reason = f"[engine.{self.name}] {setting} cannot be {value!r}"
            raise UsageError(reason, hint=f"it is one of {', '.join(known)}")


@lru_cache(_LASTING)
def reading_to_tell(word: Word) -> tuple[str, ...]:
    """The syllables of a word that a service might misread, with tone digits; else none.

    These are single characters for which we need rules of context, words that need a homophone
    elsewhere, and those which pypinyin reads otherwise: a surname, a place, a word of the lexicon.
    儿 is never marked: whether it is a syllable of its own is the service's to know.
    """
    if len(word.pinyin) != len(word.text) or "儿" in word.text:
        return ()
    citation = word.citation or word.pinyin
    told = tuple(
        heard if char in _AS_HEARD else tone
        for char, heard, tone in zip(word.text, word.pinyin, citation, strict=True)
    )
    if word.homophone or word.text in _ambiguous() or told != _usual(word.text):
        return told
    return ()


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset("".join(row[0] for row in rules.table("polyphones")))


def _usual(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))


def with_phonemes(utterance: Utterance, alphabet: str, *, syllable: str, between: str) -> str:
    """The spoken form as the content of an SSML element.

    `syllable` is a format for letters and tone, as in `{0} {1}`, `between` stands between two.
    """
    return "".join(
        f"<phoneme alphabet={quoteattr(alphabet)} ph={quoteattr(ph)}>{escape(word.text)}</phoneme>"
        if (ph := between.join(syllable.format(one[:-1], one[-1]) for one in reading_to_tell(word)))
        else escape(word.text)
        for word in utterance.words
    )
