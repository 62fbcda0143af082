"""The transcript in its three forms."""

import json

import pytest

from feed.shows import HOSTILE, episode, hostile
from qjaudio.episode.model import Cue, printable
from qjaudio.feed.rss import srt, transcript_json, vtt


def test_vtt_of_a_day() -> None:
    """WebVTT with a number, times and a voice for each cue."""
    assert vtt(episode()).startswith(
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.345\n<v 晓伊>您好。\n\n"
        "2\n00:00:10.000 --> 00:00:12.000\n<v 云希>新桥通车了。\n\n3\n"
    )


def test_srt_names_a_speaker_where_the_speaker_changes() -> None:
    """SubRip has no voices: a name stands before the first cue of each speaker's turn."""
    assert srt(episode()).startswith(
        "1\n00:00:00,000 --> 00:00:02,345\n晓伊: 您好。\n\n"
        "2\n00:00:10,000 --> 00:00:12,000\n云希: 新桥通车了。\n\n"
        "3\n00:00:12,700 --> 00:00:15,030\n桥很长。\n\n4\n"
    )


def test_json_of_a_day() -> None:
    """Segments have seconds, speaker and text."""
    document = json.loads(transcript_json(episode()))
    assert "1.0.0" == document["version"]
    expected = {"speaker": "云希", "startTime": 12.7, "endTime": 15.03, "body": "桥很长。"}
    assert expected == document["segments"][2]


def test_markup_is_escaped_in_vtt_only() -> None:
    """WebVTT escapes its three marks; SubRip and JSON show the text as it is."""
    assert "<v A&lt;b&gt;&amp;amp;" in vtt(hostile())
    assert "--&gt;" in vtt(hostile())
    assert "A<b>&amp;" in srt(hostile())
    assert printable(HOSTILE) == json.loads(transcript_json(hostile()))["segments"][0]["body"]


@pytest.mark.parametrize("render", [vtt, srt])
def test_text_cannot_forge_a_cue(render: object) -> None:
    """Each cue has one arrow, whatever its text: two cues, the empty third is left out."""
    assert callable(render)
    assert 2 == render(hostile()).count("-->")


def test_every_cue_lasts() -> None:
    """A cue without length gets a millisecond, and cues stand in the order of time."""
    cues = (Cue(start_ms=5000, end_ms=5000, text="二"), Cue(start_ms=0, end_ms=1000, text="一"))
    expected = [(0.0, 1.0, "一"), (5.0, 5.001, "二")]
    segments = json.loads(transcript_json(episode(cues=cues)))["segments"]
    assert expected == [(one["startTime"], one["endTime"], one["body"]) for one in segments]


def test_hours_are_written() -> None:
    """Times over an hour are right in both forms."""
    cue = Cue(start_ms=3_723_004, end_ms=3_724_000, text="晚了。")
    assert "01:02:03.004 --> 01:02:04.000" in vtt(episode(cues=(cue,)))
    assert "01:02:03,004 --> 01:02:04,000" in srt(episode(cues=(cue,)))


def test_silence_is_a_valid_file() -> None:
    """Without cues there is still a WebVTT file and a JSON document."""
    assert "WEBVTT\n" == vtt(episode(cues=()))
    assert [] == json.loads(transcript_json(episode(cues=())))["segments"]
