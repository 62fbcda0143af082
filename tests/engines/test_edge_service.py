"""What is decided about a reply before it is decoded, and how failures get their names."""

import aiohttp
import pytest

from qjaudio.engines.edge import Reply, classify
from qjaudio.engines.service import CutError, UnreachableError


@pytest.mark.parametrize(
    ("said", "until_ms", "audio_ms", "short"),
    [
        ("一二三。四五六。", 2000.0, 2700.0, False),
        ("一二三。四五六。", 2000.0, 1400.0, True),
        ("", 0.0, 2700.0, False),
        ("一二三。", 1000.0, 1100.0, False),
        ("一二三。", 1000.0, 600.0, True),
    ],
)
def test_named_sentences_must_have_their_sound(
    said: str, until_ms: float, audio_ms: float, short: bool
) -> None:
    """Sound that ends before the sentences that the service has named is short of the text."""
    reply = Reply(mp3=bytearray(int(audio_ms * 6)), said=said, said_until_ms=until_ms)
    assert short == reply.is_short_of("一二三。四五六。")


def test_every_connection_error_has_a_name() -> None:
    """What aiohttp and the socket raise before any sound is unreachable, and cut after some."""
    for error in (aiohttp.ServerDisconnectedError(), ConnectionResetError("reset"), OSError()):
        before = classify(error, bytes_received=0)
        after = classify(error, bytes_received=99)
        assert [UnreachableError, CutError] == [type(before), type(after)]
