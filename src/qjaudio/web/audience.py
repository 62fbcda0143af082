"""How many listened, by the logs of whatever server has sent the audio.

A download is counted as the IAB Podcast Measurement Technical Guidelines (2.2) say: a GET that was
answered, by no robot, of at least a minute of sound, and one listener (address and program) counts
once a day for an episode, however many ranges were asked for. Of an IPv6 address its first 64 bits
count. No address is kept: listeners are told apart by a hash whose salt is forgotten.
"""

import gzip
import hashlib
import ipaddress
import json
import re
import secrets
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from aiohttp import hdrs, web

from qjaudio import rules
from qjaudio.episode.model import Episode, chapter_title
from qjaudio.errors import NotAnIssueError, unreadable
from qjaudio.store import only_file

CHINA = timezone(timedelta(hours=8))
MINUTE_MS = 60_000
"""So much sound has to be sent: less is a look, not a listener (IAB 2.2, section 2.3)."""
_PROBE_BYTES = 2  # players ask for so many to learn whether ranges work (IAB 2.2)
_HEARD_SHARE = 0.5  # of a story's bytes; players ask for whole blocks, so no exact share is known
_MAX_LINE = 65536
_LOOKED_AT = 1000
"""So many lines without sound are looked at to find out whether a file is a log at all."""
_EPISODE_FILE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[\w-]*)\.mp3(?:\?\S*)?$", re.ASCII)
# Combined format (Apache, nginx), with the virtual host before it or not, and behind it whatever
# there is, such as $http_range or $http_x_forwarded_for; the same inside of S3's lines.
_IP = r"(?<![\w.:])(?:\d+(?:\.\d+){3}|[0-9a-fA-F]*:[0-9a-fA-F.:]*:[0-9a-fA-F.:]*)(?![\w.:])"
_IN_FRONT = re.compile(f"({_IP})")
_NOT_PUBLIC = r"10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cde]..:"
_FORWARDED = re.compile(rf'(?:"|, ?)(?!{_NOT_PUBLIC})({_IP})(?=[,"])')
_TIME = r"\[(?P<time>[^\]]+)\]"
_ASKED = r'"(?P<method>\S+) (?P<path>\S+)[^"]*" (?P<status>\d{3})'
_BY = r'"[^"]*" "(?P<agent>(?:[^"\\]|\\.)*)"(?P<rest>.*)'
_COMBINED = re.compile(rf"(?P<who>\S+ .*?){_TIME} {_ASKED} (?P<sent>\d+|-) {_BY}")
_S3 = re.compile(rf"\S+ \S+ {_TIME} (?P<who>\S+) .*?{_ASKED} \S+ (?P<sent>\d+|-) \S+ \S+ \S+ {_BY}")
_NOT_A_LINE = (
    ValueError, LookupError, TypeError, ArithmeticError, AttributeError, OSError, RecursionError
)  # fmt: skip
_RANGE = re.compile(r"bytes[= ](\d{1,15})-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One answer with sound, as a log tells of it."""

    day: str
    """In China, ISO 8601."""
    stem: str
    """The file without its suffix: `2025-05-20`."""
    listener: str
    """An address or a hash in its place."""
    agent: str
    first: int | None
    """The first byte sent; None where the log does not say."""
    length: int
    """Bytes sent."""


@dataclass(slots=True)
class _Listener:
    """What one listener was sent of an episode in a day."""

    agent: str
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """Sent bytes, from–to, without overlaps."""
    unplaced: int = 0
    """Bytes of which the log does not say where they stand."""

    def add(self, sending: Sending) -> None:
        """Count what was sent; twice the same bytes are once."""
        if sending.first is None:
            self.unplaced += sending.length
            return
        begin, end = sending.first, sending.first + sending.length
        for one in [one for one in self.ranges if one[0] <= end and begin <= one[1]]:
            self.ranges.remove(one)
            begin, end = min(begin, one[0]), max(end, one[1])
        self.ranges.append((begin, end))

    def sent_of(self, begin: int, end: int) -> int:
        """How many of these bytes were surely sent."""
        return sum(max(0, min(end, one[1]) - max(begin, one[0])) for one in self.ranges)


@dataclass(frozen=True, slots=True)
class Track:
    """An episode and how its bytes lie in time."""

    episode: Episode
    tag_bytes: int = 0
    """Before the sound begins."""

    def byte_at(self, time_ms: int) -> int:
        """Where a time stands in the file; our MP3s have a constant rate."""
        sound = self.episode.audio_bytes - self.tag_bytes
        return self.tag_bytes + sound * time_ms // max(1, self.episode.duration_ms)

    @classmethod
    def of(cls, episode: Episode, audio: Path) -> "Track":
        """Look into the file for where the sound begins."""
        from qjaudio.episode.tag import tag_size  # late: it draws pictures too, and a server none

        head = b""
        with suppress(OSError), audio.open("rb") as file:
            head = file.read(10)
        return cls(episode, tag_size(head))

    @property
    def least_bytes(self) -> int:
        """So many make a download: a minute, or all of a shorter episode."""
        return self.byte_at(min(MINUTE_MS, self.episode.duration_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeAudience:
    """Who listened to an episode."""

    stem: str
    title: str
    by_day: dict[str, int]
    """Downloads by the day in China on which they were made: ISO 8601."""
    by_app: dict[str, int]
    stories: tuple[tuple[str, float | None], ...] = ()
    """Each story and the share of listeners who were sent half of it or more; None = the log does
    not tell it of most of them."""

    @property
    def downloads(self) -> int:
        """On all days."""
        return sum(self.by_day.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What the logs tell of a show."""

    episodes: tuple[EpisodeAudience, ...]
    """Newest first."""
    ignored: dict[str, int]
    """What was not counted: `robots`, `short` (less than a minute), `unknown_files`, `lines`."""


def count_downloads(logs: list[Path], track_of: Callable[[str], Track | None]) -> Audience:
    """Count the downloads of a show by access logs, packed by gzip or not, of any length.

    Known are the combined format of nginx and Apache (with `"$http_range"` at the end it tells
    stories apart), Caddy's JSON, access logs of S3, and what `serve --count` writes.

    Raises:
        NotAnIssueError: not one of a log's lines is in a known format.
        UsageError: a log cannot be read.
    """
    heard: dict[str, dict[str, dict[bytes, _Listener]]] = defaultdict(lambda: defaultdict(dict))
    salts: dict[str, bytes] = defaultdict(lambda: secrets.token_bytes(16))
    tracks = cache(track_of)
    ignored: Counter[str] = Counter()
    for sending in chain.from_iterable(map(_sendings, logs)):
        if sending is None:
            ignored["lines"] += 1
        elif app_of(sending.agent) is None:
            ignored["robots"] += 1
        elif tracks(sending.stem) is None:
            ignored["unknown_files"] += 1
        elif sending.length > _PROBE_BYTES:
            name = f"{sending.listener}\0{sending.agent}".encode()
            key = hashlib.blake2b(name, key=salts[sending.day], digest_size=12).digest()
            listeners = heard[sending.stem][sending.day]
            listeners.setdefault(key, _Listener(sending.agent)).add(sending)
    episodes = []
    for stem, days in sorted(heard.items(), reverse=True):
        if track := tracks(stem):
            counted, short = _audience_of(stem, track, days)
            episodes += [counted] if counted.downloads else []
            ignored["short"] += short
    return Audience(episodes=tuple(episodes), ignored=dict(+ignored))


def _audience_of(
    stem: str, track: Track, days: dict[str, dict[bytes, _Listener]]
) -> tuple[EpisodeAudience, int]:
    """The audience of an episode, and how many were sent too little of it."""
    least, size = track.least_bytes, track.episode.audio_bytes
    downloads = {
        day: [one for one in found.values() if one.sent_of(0, size) + one.unplaced >= least]
        for day, found in days.items()
    }
    everybody = [one for found in downloads.values() for one in found]
    placed = [one for one in everybody if not one.unplaced]
    stories: list[tuple[str, float | None]] = []
    for chapter in track.episode.chapters:
        if chapter.kind == "story":
            begin, end = track.byte_at(chapter.start_ms), track.byte_at(chapter.end_ms)
            enough = (end - begin) * _HEARD_SHARE
            hearing = sum(one.sent_of(begin, end) >= enough for one in placed)
            share = round(hearing / len(placed), 3) if len(placed) * 2 > len(everybody) else None
            stories.append((chapter_title(chapter), share))
    audience = EpisodeAudience(
        stem=stem,
        title=track.episode.title,
        by_day={day: len(downloads[day]) for day in sorted(downloads) if downloads[day]},
        by_app=dict(Counter(app_of(one.agent) or "" for one in everybody).most_common()),
        stories=tuple(stories),
    )
    return audience, sum(map(len, days.values())) - len(everybody)


def _sendings(log: Path) -> Iterator[Sending | None]:
    """What the lines about sound tell; None for one that has it and cannot be understood."""
    known = lines = 0
    try:
        with open(log, "rb", opener=only_file) as file, _unpacked(file) as text:
            while line := text.readline(_MAX_LINE):
                is_sound = b".mp3" in line
                if not is_sound and (known or lines > _LOOKED_AT or not line.strip()):
                    continue
                is_known, sending = _understood(line)
                lines, known = lines + 1, known + is_known
                if sending or (is_sound and not is_known):
                    yield sending
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise unreadable(log, error, "give an access log, packed by gzip or not") from error
    if lines and not known:
        raise NotAnIssueError(
            f"{log} is in no known format: of {lines} lines none was understood",
            hint="known are nginx and Apache (combined), Caddy (JSON), S3, and serve --count",
        )


def _understood(line: bytes) -> tuple[bool, Sending | None]:
    try:
        return True, parse_line(line.decode("utf-8", errors="replace"))
    except _NOT_A_LINE:
        return False, None


def _unpacked(file: BinaryIO) -> Any:
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return gzip.open(file) if packed else file


def parse_line(line: str) -> Sending | None:
    """What a line of a log tells of sound that was sent; None for another answer.

    Raises:
        ValueError, KeyError, TypeError: it is in no known format.
    """
    if line.lstrip().startswith("{"):
        found = _from_json(json.loads(line))
    else:
        match = _S3.match(line) or _COMBINED.match(line)
        if not match:
            raise ValueError(line)
        found = match.groupdict()
        found["first"] = _first_byte(found["rest"], found["status"])
        address = _FORWARDED.search(found["rest"]) or _IN_FRONT.search(found["who"])
        found["address"] = address[1] if address else found["who"].split()[0]
    audio = _EPISODE_FILE.search(found["path"])
    good = found["method"] == hdrs.METH_GET and str(found["status"]) in ("200", "206")
    if not (audio and good):
        return None
    return Sending(
        day=_day_in_china(found["time"]),
        stem=audio[1],
        listener=_connection(found["address"]),
        agent=sys.intern(found["agent"]),  # many listeners, few programs
        first=found["first"],
        length=int(found["sent"]) if found["sent"] != "-" else 0,
    )


@lru_cache(maxsize=65536)
def _connection(address: str) -> str:
    """The address; of IPv6 the part that stays while a phone changes the rest (IAB 2.1)."""
    with suppress(ValueError):
        found = ipaddress.IPv6Address(address)
        return str(found.ipv4_mapped or found.packed[:8].hex())
    return address


def _from_json(record: dict[str, Any]) -> dict[str, Any]:
    """A line of Caddy's, or of our own."""
    request = record["request"]
    headers = request.get("headers", {})
    ranges = " ".join(headers.get("Range", []))
    return {
        "time": record["ts"],
        "address": request.get("client_ip") or request["remote_ip"],
        "method": request["method"],
        "path": request["uri"],
        "status": record["status"],
        "sent": record["size"],
        "agent": " ".join(headers.get("User-Agent", [])),
        "first": _first_byte(ranges, str(record["status"])),
    }


def _first_byte(text: str, status: str) -> int | None:
    asked = _RANGE.search(text) if status == "206" else None
    return int(asked[1]) if asked else 0 if status == "200" else None


def _day_in_china(time: str | float) -> str:
    if isinstance(time, str):
        if time[4] != "-":
            return _day_of_text(time[:14], time[-6:])  # to the hour
        since = datetime.fromtimestamp(0, CHINA)  # a TypeError for a time without its zone
        time = (datetime.fromisoformat(time) - since).total_seconds()
    return datetime.fromtimestamp(time, CHINA).date().isoformat()


@lru_cache(maxsize=256)
def _day_of_text(hour: str, zone: str) -> str:
    """The day in China of `20/May/2025:06` and ` +0800`."""
    local = datetime.strptime(hour + zone, "%d/%b/%Y:%H %z")
    return local.astimezone(CHINA).date().isoformat()


@lru_cache(maxsize=4096)
def app_of(agent: str) -> str | None:
    """The program that listens, by its User-Agent; `` if it is not known, None for a robot."""
    lower = agent.lower()
    for needle, app in rules.table("agents"):
        if needle in lower:
            return None if app == "-" else app
    return ""


class AudienceLog:
    """Writes what `count_downloads` reads, a file a day, with hashes in place of addresses.

    The salt lives in memory for one day: nobody can find out afterwards who it was.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = ""
        self._salt = b""

    def write(self, request: web.Request, response: web.StreamResponse, sent: int) -> None:
        """Add a line if sound was sent; a disk that takes no more stops no listener."""
        if request.method != hdrs.METH_GET or not request.path.endswith(".mp3"):
            return
        now = datetime.now(CHINA)
        if self._day != now.date().isoformat():
            self._day, self._salt = now.date().isoformat(), secrets.token_bytes(32)
        address = request.remote or ""
        if address in ("127.0.0.1", "::1"):  # a proxy of our own
            address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
        hidden = hashlib.blake2b(
            _connection(address).encode(), key=self._salt, digest_size=12
        ).hexdigest()
        headers = {hdrs.USER_AGENT: [request.headers.get(hdrs.USER_AGENT, "")[:500]]}
        if place := response.headers.get(hdrs.CONTENT_RANGE):
            headers[hdrs.RANGE] = [place]
        record = {
            "ts": now.timestamp(),
            "request": {
                "remote_ip": hidden,
                "method": request.method,
                "uri": f"/{request.path.rpartition('/')[2]}",
                "headers": headers,
            },
            "status": response.status,
            "size": sent,
        }
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / f"{self._day}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
