"""Speech servers of the OpenAI shape: POST {base_url}/audio/speech, sound back.

The request is that of the API reference's "Create speech"; many local servers speak it, each with
a mood of its own, so the answer is judged by what it holds and not by what its headers say. None of
them was at hand when this was written: it is tested against servers on loopback.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Unpack

from qjaudio.engines.http import CommonSettings, HttpEngine, SpeechRequest, reading_to_tell
from qjaudio.errors import UsageError
from qjaudio.speech.model import Utterance

READINGS = ("homophones", "none", "brackets", "index-tts")
"""How a server is told the reading of a word that it might misread."""
_RESERVED = {"model", "input", "voice", "response_format", "speed"}


class OpenAIEngine(HttpEngine):
    """Speaks by way of a server in the next room or on the network; follows an utterance's rate."""

    name = "openai"
    needs_key = False
    patience_s = 30.0
    """For its first word: a server in the next room may load its model then."""
    follows = ("rate",)
    default_voices = ("default",)
    settings: ClassVar[Mapping[str, object]] = {
        "base_url": "",
        "model": "tts-1",
        "voices": default_voices,
        "format": "wav",
        "readings": "homophones",
        "extra": {},
        **HttpEngine.common,
    }

    def __init__(
        self,
        *,
        base_url: str = "",
        model: str = "tts-1",
        format: str = "wav",
        readings: str = "homophones",
        extra: Mapping[str, Any] | None = None,
        **common: Unpack[CommonSettings],
    ) -> None:
        """Speak with the server at `base_url`, whose address is that before `/audio/speech`.

        `extra` are further fields of the request.

        Raises:
            UsageError: no such way to tell readings, a field that is ours, or as `HttpEngine` says.
        """
        super().__init__(base_url, **common)
        self.refuse_unless("readings", readings, READINGS)
        if taken := _RESERVED & set(extra or {}):
            reason = f"[engine.openai] extra cannot hold {', '.join(sorted(taken))}"
            raise UsageError(reason, hint="model, voices and format are settings of their own")
        self._model, self._format, self._readings = model, format, readings
        self._extra = dict(extra or {})

    @property
    def identity(self) -> str:
        """Server, model and fields of the request; the server does not tell its own version."""
        extra = json.dumps(self._extra, sort_keys=True, ensure_ascii=False, default=str)
        return f"openai/{self.address}/{self._model}/{self._format}/{self._readings}/{extra}/3"

    def request(self, utterance: Utterance, voice: str) -> SpeechRequest:
        """JSON with the text as `readings` says."""
        told = {
            "model": self._model,
            "input": with_readings(utterance, self._readings),
            "voice": voice,
            "response_format": self._format,
            **({"speed": utterance.rate} if utterance.rate != 1.0 else {}),
            **self._extra,
        }
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        body = json.dumps(told, ensure_ascii=False, default=str).encode()
        return SpeechRequest(url=f"{self.address}/audio/speech", headers=headers, body=body)


def with_readings(utterance: Utterance, readings: str) -> str:
    """The spoken form as the server shall get it (see `READINGS`)."""
    if readings == "none":
        return utterance.spoken
    if readings == "homophones":
        return utterance.respelled
    brackets = readings == "brackets"
    return "".join(
        (f"{word.text}({pinyin})" if brackets else pinyin.upper()) if pinyin else word.text
        for word in utterance.words
        for pinyin in ["".join(reading_to_tell(word))]
    )
