"""Azure's speech service, by contract what edge-tts is without one; also the cloud in China.

The request is that of its "Text to speech REST API", the readings are those of its "SSML phonetic
alphabets, zh-CN" (both read in November 2026). The service itself was not at hand: this is tested
against a server on loopback.
"""

from collections.abc import Mapping
from typing import ClassVar, Unpack
from xml.sax.saxutils import quoteattr

from qjaudio.engines.http import CommonSettings, HttpEngine, SpeechRequest, with_phonemes
from qjaudio.errors import UsageError
from qjaudio.speech.model import Utterance

_PATH = "/cognitiveservices/v1"


class AzureEngine(HttpEngine):
    """Speaks by way of Azure, with our readings. It follows an utterance's rate and pitch."""

    name = "azure"
    follows = ("rate", "pitch")
    minute_costs = "about 1,900 billed characters"
    """A minute has some 270 syllables. Each Han character counts as two, and our readings as they
    are written (learn.microsoft.com, "Billable characters", read in November 2026): 6.9 for a
    syllable of the sample issue. What a million costs is the region's to say."""
    default_voices = ("zh-CN-YunyangNeural", "zh-CN-XiaoxiaoNeural", "zh-CN-YunxiNeural")
    settings: ClassVar[Mapping[str, object]] = {
        "region": "",
        "base_url": "",
        "voices": default_voices,
        **HttpEngine.common,
    }

    def __init__(
        self, *, region: str = "", base_url: str = "", **common: Unpack[CommonSettings]
    ) -> None:
        """Speak with a region's service, as `eastasia`, or at `base_url`; UsageError: neither."""
        if not base_url and not (region.isascii() and region.isalnum()):
            raise UsageError(
                "[engine.azure] needs a region or a base_url",
                hint='write region = "eastasia", or base_url = '
                '"https://chinaeast2.tts.speech.azure.cn" for the cloud in China',
            )
        super().__init__(base_url or f"https://{region}.tts.speech.microsoft.com", **common)

    @property
    def identity(self) -> str:
        """Address and recipe; the service does not tell its version."""
        return f"azure/{self.address}/2"

    def request(self, utterance: Utterance, voice: str) -> SpeechRequest:
        """SSML with our readings, for WAV of 24 kHz."""
        rate, pitch = round(utterance.rate * 100) - 100, utterance.pitch_hz
        spoken = with_phonemes(utterance, "sapi", syllable="{0} {1}", between=" - ")
        ssml = (
            '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="zh-CN">'
            f'<voice name={quoteattr(voice)}><prosody rate="{rate:+d}%" pitch="{pitch:+d}Hz">'
            f"{spoken}</prosody></voice></speak>"
        )
        headers = {
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": "riff-24khz-16bit-mono-pcm",
            "Ocp-Apim-Subscription-Key": self._key,
            "User-Agent": "qjaudio",
        }
        return SpeechRequest(url=self.address + _PATH, headers=headers, body=ssml.encode())
