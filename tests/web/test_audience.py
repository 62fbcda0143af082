"""How many listened: whoever was sent a minute, once a day, in every format of logs."""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web_fileresponse

from qjaudio.cli import stats
from qjaudio.episode.model import Chapter, Episode
from qjaudio.errors import NotAnIssueError, UsageError
from qjaudio.web.app import create_app
from qjaudio.web.audience import Audience, Track, count_downloads
from web.served import Site, running

RATE = 8000
EPISODE = Episode(
    paper="今日衢江",
    date="2025-05-20",
    title="桥通车了",
    duration_ms=180_000,
    audio_bytes=180 * RATE,
    cues=(),
    chapters=(
        Chapter(start_ms=0, end_ms=60_000, title="内容提要", kind="headlines"),
        Chapter(start_ms=60_000, end_ms=120_000, title="桥通车了"),
        Chapter(start_ms=120_000, end_ms=180_000, title="杨梅熟了"),
    ),
)
ALL = 180 * RATE
PHONE = "AntennaPod/3.4"
FORMATS: dict[str, Callable[..., str]] = {}


def combined(address: str, sent: int, agent: str = PHONE, status: int = 200, *, file: str = "2025-05-20.mp3", day: str = "20/May/2025:07:01:02 +0800", more: str = "", method: str = "GET") -> str:  # fmt: skip  # noqa: E501
    """A line as nginx and Apache write it."""
    return (
        f'{address} - - [{day}] "{method} /qj/{file} HTTP/1.1" {status} {sent} "-" "{agent}"{more}'
    )


def caddy(address: str, sent: int, agent: str = PHONE, status: int = 200) -> str:
    """A line of Caddy's."""
    request = {"remote_ip": address, "method": "GET", "uri": "/qj/2025-05-20.mp3?from=wx"}
    request |= {"headers": {"User-Agent": [agent]}}
    return json.dumps({"ts": 1747695662.5, "request": request, "status": status, "size": sent})


def s3(address: str, sent: int, agent: str = PHONE, status: int = 200) -> str:
    """A line of an S3 access log."""
    return (
        f"79a5 shows [19/May/2025:23:01:02 +0000] {address} - 3E57 REST.GET.OBJECT "
        f'qj/2025-05-20.mp3 "GET /shows/qj/2025-05-20.mp3 HTTP/1.1" {status} - {sent} {ALL} '
        f'70 10 "-" "{agent}" - xyz= SigV4 ECDHE AuthHeader s3.example TLSv1.2 - -'
    )


def count(tmp_path: Path, *lines: str) -> Audience:
    log = tmp_path / "access.log"
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return count_downloads([log], track_of)


def track_of(stem: str) -> Track | None:
    return Track(EPISODE) if stem == EPISODE.date else None


@pytest.mark.parametrize("line", [combined, caddy, s3])
def test_every_format_tells_the_same(tmp_path: Path, line: Callable[..., str]) -> None:
    """Two phones and a robot, one of them twice: two downloads, on the day in China."""
    found = count(
        tmp_path,
        line("192.0.2.1", ALL),
        line("192.0.2.1", ALL),
        line("192.0.2.2", ALL, "Mozilla/5.0 MicroMessenger/8.0"),
        line("192.0.2.3", ALL, "Googlebot/2.1"),
        line("192.0.2.4", 30 * RATE),
        line("192.0.2.5", ALL, status=404),
        "GET of something else",
    )
    (episode,) = found.episodes
    assert {"2025-05-20": 2} == episode.by_day
    assert {"AntennaPod": 1, "微信": 1} == episode.by_app
    assert {"robots": 1, "short": 1} == found.ignored


def test_ranges_are_joined_and_counted_once(tmp_path: Path) -> None:
    """Six ranges of ten seconds, each asked for twice, are a minute; three of them are not."""
    step = 10 * RATE

    def ranges(address: str, many: int) -> list[str]:
        return [
            combined(address, step, status=206, more=f' "bytes={place * step}-"')
            for place in range(many)
        ] * 2

    assert 1 == count(tmp_path, *ranges("192.0.2.1", 6)).episodes[0].downloads
    assert () == count(tmp_path, *ranges("192.0.2.1", 3)).episodes


def test_a_story_is_heard_where_its_bytes_went(tmp_path: Path) -> None:
    """Who jumped to the last story did not hear the one before; without ranges nobody knows."""
    jumped = combined("192.0.2.1", 60 * RATE, status=206, more=f' "bytes={120 * RATE}-"')
    (episode,) = count(tmp_path, jumped, combined("192.0.2.2", ALL)).episodes
    assert (("桥通车了", 0.5), ("杨梅熟了", 1.0)) == episode.stories
    (episode,) = count(tmp_path, combined("192.0.2.1", ALL, status=206)).episodes
    assert (("桥通车了", None), ("杨梅熟了", None)) == episode.stories


def test_what_is_not_a_download_is_not_counted(tmp_path: Path) -> None:
    """Probes, HEAD, other files, and another day is another download."""
    found = count(
        tmp_path,
        combined("192.0.2.1", 2, status=206),
        combined("192.0.2.1", ALL, method="HEAD"),
        combined("192.0.2.1", ALL, file="2024-01-01.mp3"),
        combined("192.0.2.1", ALL),
        combined("192.0.2.1", ALL, day="20/May/2025:16:30:00 +0000"),
        combined("192.0.2.1", ALL, day="no day at all .mp3"),
    )
    assert {"2025-05-20": 1, "2025-05-21": 1} == found.episodes[0].by_day
    assert 1 == found.ignored["unknown_files"]


def test_a_day_counted_by_hand(tmp_path: Path) -> None:
    """By the rules of the IAB, on a log of one day, with who each line is and whether he counts."""
    second, third = "20/May/2025:09:30:00 +0800", "20/May/2025:23:59:59 +0800"
    whole, part = "Overcast/3.0", ' "bytes=0-"'
    found = count(
        tmp_path,
        combined("192.0.2.1", ALL),  # 1: a phone that takes all of it
        combined("192.0.2.1", ALL, day=second),  # the same in the afternoon: no more
        combined("192.0.2.1", ALL, agent=whole),  # 2: another program on the same line
        combined("192.0.2.2", 65 * RATE, status=206, more=part),  # 3: a minute and five seconds
        combined("192.0.2.3", 59 * RATE, status=206, more=part),  # under a minute: short
        combined("192.0.2.4", 2, status=206, more=' "bytes=0-1"'),  # a probe
        combined("192.0.2.4", 40 * RATE, status=206, more=part),  # 4: 40 s, and then 21 s
        combined("192.0.2.4", 30 * RATE, status=206, more=f' "bytes={31 * RATE}-"', day=third),
        combined("192.0.2.5", ALL, "Podcasts/1.0 (watchOS 10)"),  # a watch beside its phone
        combined("192.0.2.6", ALL, "SomeBot/1.0"),
        combined("192.0.2.7", ALL, status=304),
        combined("192.0.2.8", ALL, status=503),
        combined("192.0.2.9", 0, method="HEAD"),
        combined("2001:db8:1:2:3:4:5:6", ALL),  # 5: a phone at home,
        combined("2001:db8:1:2:ffff::1", ALL),  # which has taken another address there
        combined("2001:db8:1:3::1", ALL),  # 6: the neighbours
    )
    assert {"2025-05-20": 6} == found.episodes[0].by_day
    assert {"robots": 2, "short": 1} == found.ignored


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("{0} - - [{t}] {q} 200 {n} {a}", id="combined"),
        pytest.param("{0} - 王 some one [{t}] {q} 200 {n} {a}", id="with a user"),
        pytest.param("qj.example.cn:443 {0} - - [{t}] {q} 200 {n} {a}", id="vhost_combined"),
        pytest.param('10.0.0.2 - - [{t}] {q} 200 {n} {a} "{0}, 192.0.2.99"', id="forwarded"),
        pytest.param('{0} - - [{t}] {q} 200 {n} {a} "192.168.1.9"', id="forwarded, not public"),
        pytest.param('{0} - - [{t}] {q} 200 {n} {a} "-" 0.004 "192.0.2.99:80"', id="upstream"),
        pytest.param("{0} - - [2025-05-20T07:01:02+08:00] {q} 200 {n} {a}", id="iso8601"),
    ],
)
@pytest.mark.parametrize("place", ["203.0.113.{}", "2001:db8:0:{}::1", "2001:DB8:0:{}:1:2:3:4"])
def test_formats_of_ones_own(tmp_path: Path, form: str, place: str) -> None:
    """Whatever stands before and behind the combined format: three listeners, told apart."""
    words = {"t": "20/May/2025:07:01:02 +0800", "n": ALL, "a": f'"-" "{PHONE}"'}
    words["q"] = '"GET /2025-05-20.mp3 HTTP/2.0"'
    lines = [form.format(place.format(who), **words) for who in (1, 2, 3, 1, 2)]
    (episode,) = count(tmp_path, *lines).episodes
    assert {"2025-05-20": 3} == episode.by_day


def test_caddy_writes_times_in_words_too(tmp_path: Path) -> None:
    """With their zone; a time without one is of no known day."""
    line = json.loads(caddy("192.0.2.1", ALL))
    found = count(
        tmp_path,
        json.dumps(line | {"ts": "2025-05-19T23:01:02.5Z"}),
        json.dumps(line | {"ts": "2025-05-20T07:01:02"}),
    )
    assert ({"2025-05-20": 1}, 1) == (found.episodes[0].by_day, found.ignored["lines"])


@pytest.mark.parametrize(
    "text",
    [
        "今日衢江\n村里的桥通车了\n",
        '2025/05/20 07:01:02 [error] 7#7: *1 open() failed, request: "GET /x HTTP/1.1"\n',
        '{"level":"info","msg":"server running"}\n',
        "\0\1\2" * 50_000,
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, text: str) -> None:
    """Though nothing in it speaks of sound; an empty log, or a day without listeners, is a log."""
    quiet = combined("192.0.2.1", 10, file="style.css")
    for written in ("", "\n", f"{quiet}\n", f"half of a line\n{quiet}\n"):
        assert Audience(episodes=(), ignored={}) == count(tmp_path, written)
    with pytest.raises(NotAnIssueError, match=r"access\.log is in no known format"):
        count(tmp_path, text)


def test_packed_logs_and_rubbish(tmp_path: Path) -> None:
    """A rotated log is unpacked; half of one, and a file of another kind, are refused by name."""
    packed = tmp_path / "access.log.2.gz"
    packed.write_bytes(gzip.compress((combined("192.0.2.1", ALL) + "\n").encode()))
    assert 1 == count_downloads([packed], track_of).episodes[0].downloads
    whole = packed.read_bytes()
    for spoiled in (whole[:-12], whole[:20] + b"\xff" * 20 + whole[40:], whole[:-8] + bytes(8)):
        packed.write_bytes(spoiled)
        with pytest.raises(UsageError, match=r"access\.log\.2\.gz"):
            count_downloads([packed], track_of)
    other = tmp_path / "list.txt"
    other.write_bytes(b"2025-05-20.mp3\n\xff{.mp3\n")
    with pytest.raises(NotAnIssueError, match="no known format"):
        count_downloads([other], track_of)
    with pytest.raises(UsageError):
        count_downloads([tmp_path], track_of)
    with pytest.raises(UsageError, match="a pipe or a device"):  # it may have no end
        count_downloads([Path(os.devnull)], track_of)


def test_it_is_told_as_csv_and_to_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each episode and day; or for each episode, with the shares of its stories, or why
    there are none.
    """
    audience = count(tmp_path, combined("1.1.1.1", ALL), combined("2.2.2.2", 1000))
    stats._print_csv(audience)
    assert "episode,day,downloads\n2025-05-20,2025-05-20,1\n" == capsys.readouterr().out
    stats._tell_audience(audience)
    told = capsys.readouterr().out
    assert "1 downloads  AntennaPod 1" in told
    assert "100%  桥通车了" in told
    assert "not counted: 1 short" in told
    stats._tell_audience(count(tmp_path, combined("1.1.1.1", ALL, status=206)))
    assert "which bytes were asked for" in capsys.readouterr().err


def test_it_is_told_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the names of programs is English, whatever was not counted."""
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    for lines in (
        [
            combined("1.1.1.1", ALL, "strange"), combined("2.2.2.2", 1000), "a line with .mp3",
            combined("2.2.2.2", ALL, "bot"), combined("3.3.3.3", ALL, file="2024-01-01.mp3"),
        ],
        [],
    ):  # fmt: skip
        stats._tell_audience(count(tmp_path, *lines))
        told = capsys.readouterr().out
        assert "未计入" in told
        assert not re.search("[a-z]", told)


def test_the_server_counts_without_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What serve writes is read back, ranges included, and holds no address and no key."""
    monkeypatch.setattr(web_fileresponse, "NOSENDFILE", True)  # as `serve --count` has it
    root, log, key = tmp_path / "out", tmp_path / "log", "a-long-key-of-ours-2025"
    root.mkdir()
    (root / "2025-05-20.mp3").write_bytes(bytes(ALL))
    (root / "feed.xml").write_text("<rss/>")
    with running(create_app(root, key=key, audience=log)) as port:
        site = Site(root, port)
        site.ask(f"/{key}/feed.xml", User_Agent=PHONE)
        site.ask(f"/{key}/2025-05-20.mp3", User_Agent=PHONE, Range=f"bytes={60 * RATE}-")
        site.ask(f"/{key}/2025-05-20.mp3", User_Agent=PHONE, Range="bytes=0-1")
        site.ask(f"/{key}/2025-05-20.mp3", "HEAD", User_Agent=PHONE)
    (path,) = log.iterdir()
    written = path.read_text()
    assert "127.0.0.1" not in written
    assert key not in written
    (episode,) = count_downloads([path], track_of).episodes
    assert 1 == episode.downloads
    assert (("桥通车了", 1.0), ("杨梅熟了", 1.0)) == episode.stories


def test_a_full_disk_stops_no_listener(tmp_path: Path) -> None:
    """Where the log cannot be written the sound is sent all the same."""
    root, log = tmp_path / "out", tmp_path / "log"
    root.mkdir()
    log.write_text("a file where the folder should be")
    (root / "2025-05-20.mp3").write_bytes(b"sound")
    with running(create_app(root, audience=log)) as port:
        assert b"sound" == Site(root, port).ask("/2025-05-20.mp3").body
