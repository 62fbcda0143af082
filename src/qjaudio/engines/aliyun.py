"""Aliyun Model Studio's CosyVoice and Qwen-Audio voices over HTTP.

The request is that of its "CosyVoice HTTP API" (page of 15 October 2026), answered as server-sent
events, so that no second host is asked for the sound. The service itself was not at hand: this is
tested against a server on loopback.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Unpack

from qjaudio.engines.http import (
    CommonSettings,
    HttpEngine,
    SpeechRequest,
    reading_to_tell,
    with_phonemes,
)
from qjaudio.engines.service import CutError, NoAudioError, NotAudioError
from qjaudio.speech.model import SAMPLE_RATE, Utterance

_PATH = "/api/v1/services/audio/tts/SpeechSynthesizer"
_YUAN = {"cosyvoice-v3-flash": 1, "cosyvoice-v3-plus": 2, "cosyvoice-v2": 2}
"""For 10,000 characters, in Beijing (help.aliyun.com, "CosyVoice", read in November 2026)."""
_BILLED_A_MINUTE = 570
"""270 Han characters, each counted as two, and 30 marks; SSML is not counted (the same page)."""
_READINGS = ("ssml", "hot_fix", "homophones", "none")


class AliyunEngine(HttpEngine):
    """Speaks by way of Model Studio. It follows an utterance's rate.

    Its documentation allows SSML for some models and voices, `hot_fix` for others: `readings`
    says which one it is.
    """

    name = "aliyun"
    follows = ("rate",)
    default_voices = ("longanyang",)
    settings: ClassVar[Mapping[str, object]] = {
        "base_url": "https://dashscope.aliyuncs.com",
        "model": "cosyvoice-v3-flash",
        "voices": default_voices,
        "readings": "ssml",
        **HttpEngine.common,
    }

    def __init__(
        self,
        *,
        base_url: str = "https://dashscope.aliyuncs.com",
        model: str = "cosyvoice-v3-flash",
        readings: str = "ssml",
        **common: Unpack[CommonSettings],
    ) -> None:
        """Speak with a model at `base_url`, without `/api/v1`; UsageError as for `HttpEngine`."""
        super().__init__(base_url, **common)
        self.refuse_unless("readings", readings, _READINGS)
        self._model, self._readings = model, readings

    @property
    def identity(self) -> str:
        """Address, model and recipe; the service does not tell its version."""
        return f"aliyun/{self.address}/{self._model}/{self._readings}/2"

    @property
    def minute_costs(self) -> str:
        """What a minute costs; empty for a model whose price we do not know."""
        yuan = _YUAN.get(self._model, 0) * _BILLED_A_MINUTE / 10_000
        return f"about {yuan:.2f} yuan" if yuan else ""

    def request(self, utterance: Utterance, voice: str) -> SpeechRequest:
        """JSON with our readings, for events with PCM of 24 kHz."""
        told: dict[str, Any] = {
            "text": utterance.respelled if self._readings == "homophones" else utterance.spoken,
            "voice": voice,
            "format": "pcm",
            "sample_rate": SAMPLE_RATE,
        }
        if utterance.rate != 1.0:
            told["rate"] = utterance.rate
        if self._readings == "ssml":
            spoken = with_phonemes(utterance, "py", syllable="{0}{1}", between=" ")
            told |= {"text": f"<speak>{spoken}</speak>", "enable_ssml": True}
        elif self._readings == "hot_fix":
            marked = {word.text: " ".join(reading_to_tell(word)) for word in utterance.words}
            fixes = [{text: pinyin} for text, pinyin in marked.items() if pinyin]
            told |= {"hot_fix": {"pronunciation": fixes}} if fixes else {}
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "X-DashScope-SSE": "enable",
        }
        body = json.dumps({"model": self._model, "input": told}, ensure_ascii=False).encode()
        return SpeechRequest(url=self.address + _PATH, headers=headers, body=body)

    def pcm(self, answer: bytes) -> bytes:
        """The sound of all events; the last one must say that it is the last."""
        sound, is_whole = bytearray(), False
        try:
            for event in _events(answer):
                if "output" not in event:
                    raise NotAudioError(self.reason(json.dumps(event).encode()))
                output = event["output"]
                sound += base64.b64decode(output["audio"].get("data") or "", validate=True)
                is_whole |= output.get("finish_reason") == "stop"
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotAudioError(self.reason(answer)) from error
        if not is_whole:
            raise CutError(f"after {len(sound)} bytes of sound")
        if not sound:
            raise NoAudioError()
        return bytes(sound[: len(sound) // 2 * 2])


def _events(answer: bytes) -> Iterator[dict[str, Any]]:
    """The JSON of each server-sent event, whose `data:` lines belong together (HTML, 9.2.6)."""
    for block in answer.decode("utf-8").replace("\r\n", "\n").split("\n\n"):
        lines = [line[5:] for line in block.split("\n") if line.startswith("data:")]
        if lines:
            yield json.loads("\n".join(lines))
