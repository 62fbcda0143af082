"""Azure's service: SSML goes there, with our readings; a WAV comes back."""

from typing import Any

import pytest
from lxml.etree import fromstring

from qjaudio.engines import service
from qjaudio.engines.azure import AzureEngine
from qjaudio.errors import UsageError
from qjaudio.speech.model import Utterance, Word
from qjaudio.testing import check_engine
from speech_server import KEY, half, send, server

SPEAK = "{http://www.w3.org/2001/10/synthesis}"


def test_the_engine_keeps_the_contract() -> None:
    """Key, format and voice reach the service as its documentation says."""
    with server() as (url, asked):
        check_engine(AzureEngine(base_url=url.removesuffix("/v1"), key=KEY))
    assert {"/cognitiveservices/v1"} == {one["path"] for one in asked}
    headers = asked[0]["headers"]
    assert headers["Ocp-Apim-Subscription-Key"] == KEY
    assert headers["X-Microsoft-OutputFormat"] == "riff-24khz-16bit-mono-pcm"
    voice = fromstring(asked[0]["input"]).find(f"{SPEAK}voice")
    assert voice is not None
    assert voice.get("name") == "zh-CN-YunyangNeural"


def test_readings_rate_and_pitch_reach_the_service() -> None:
    """A surname, a changed 一 and a word of two readings are marked; plain words and signs not."""
    words = (
        Word("区", ("ou1",)),
        Word("志强", ("zhi4", "qiang2")),
        Word("一", ("yi2",), ("yi1",)),
        Word("再", ("zai4",)),
        Word("<&>", ()),
        Word("女儿", ("nv3", "er2")),
        Word("苹果", ("ping2", "guo3")),
        Word("银行", ("yin2", "hang2")),
    )
    told = Utterance(text="", words=words, rate=1.05, pitch_hz=-2, voice='a"b')
    ssml = AzureEngine(region="eastasia", key=KEY).request(told, 'a"b').body.decode()
    voice = fromstring(ssml)[0]
    assert voice.get("name") == 'a"b'
    prosody = voice[0]
    assert prosody.attrib == {"rate": "+5%", "pitch": "-2Hz"}
    marked = [(one.text, one.get("ph")) for one in prosody]
    assert ("区", "ou 1") in marked
    assert ("一", "yi 2") in marked
    assert "苹果" not in dict(marked)
    assert "女儿" not in dict(marked)
    assert "银行" not in dict(marked)  # a character of two readings in a word of one
    assert "".join(prosody.itertext()) == "区志强一再<&>女儿苹果银行"


def test_a_word_of_many_syllables_is_marked_as_the_documentation_does() -> None:
    """Syllables are parted by a hyphen between spaces, the tone stands apart."""
    words = (Word("重庆市", ("chong2", "qing4", "shi4"), homophone="虫庆市"),)
    body = (
        AzureEngine(region="eastasia", key=KEY).request(Utterance(text="", words=words), "v").body
    )
    assert 'ph="chong 2 - qing 4 - shi 4"' in body.decode()


@pytest.mark.parametrize(
    "settings",
    [{}, {"region": "east asia"}, {"base_url": "file:///x"}, {"region": "eastasia", "key": ""}],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any]) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError, match="azure"):
        AzureEngine(**{"key": KEY, **settings})


def test_faults_have_their_names(utterance: Any) -> None:
    """Refused, slowed down, cut: as with every other service, and the key is never shown."""
    for answer, error in (
        (lambda h, _: send(h, KEY.encode(), 400), service.RejectedError),
        (lambda h, _: send(h, b"", 401), service.UnauthorizedError),
        (lambda h, _: send(h, b"", 429), service.ThrottledError),
        (half, service.CutError),
    ):
        with server(answer) as (url, _), pytest.raises(error) as caught:
            AzureEngine(base_url=url, key=KEY).speak(utterance())
        assert KEY not in str(caught.value)
