"""Time and memory of counting a log: `python benchmarks/listeners.py GIGABYTES LISTENERS`.

The log is made up, in the combined format with ranges: so many listeners a day, half of them with
IPv6, for thirty days; blocks of 128 KiB in any order, other files and a robot. It is deleted.
"""

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from qjaudio.episode.model import Chapter, Episode
from qjaudio.web.audience import Track, count_downloads

AGENTS = (
    "AntennaPod/3.4", "Googlebot/2.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.49",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0 Safari/537.36",
)  # fmt: skip
BLOCK = 131_072
DAYS = 30


def write_log(path: Path, size: int, listeners: int) -> None:
    """So many bytes of it."""
    chance, written = random.Random(5), 0  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            who, day = chance.randrange(listeners), 1 + written * DAYS // size
            address = f"2001:db8:{who >> 16:x}:{who & 65535:x}::{chance.randrange(9)}"
            address = address if who % 2 else f"203.{who >> 16 & 255}.{who >> 8 & 255}.{who & 255}"
            name, asked = "player.css", "-"
            if chance.random() < 0.7:
                name = f"2025-05-{max(1, day - chance.randrange(5)):02}.mp3"
                asked = f"bytes={chance.randrange(12) * BLOCK}-"
            written += file.write(
                f"{address} - - [{day:02}/May/2025:{chance.randrange(24):02}:01:02 +0800] "
                f'"GET /qj/{name} HTTP/2.0" {206 if name.endswith("3") else 200} {BLOCK} '
                f'"https://qj.example.cn/" "{AGENTS[who // 2 % 4]}" "{asked}"\n'
            )


def main() -> None:
    """Count it, and tell."""
    gigabytes, listeners = map(float, sys.argv[1:3])
    story = Chapter(start_ms=0, end_ms=180_000, title="桥通车了")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "access.log"
        write_log(log, int(gigabytes * 1e9), int(listeners))
        began = time.process_time()
        found = count_downloads([log], lambda stem: Track(_episode(stem, story)))
        seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    downloads = sum(one.downloads for one in found.episodes)
    told = downloads + found.ignored.get("short", 0)
    print(f"{gigabytes:g} GB, {listeners:g} listeners: {seconds:.0f} s, {memory:.0f} MB at most")
    print(f"{told:,} listeners of an episode on a day, {downloads:,} downloads")


def _episode(stem: str, story: Chapter) -> Episode:
    size = 12 * BLOCK
    return Episode(
        paper="今日衢江", date=stem, title="", duration_ms=180_000, audio_bytes=size, cues=(),
        chapters=(story,),
    )  # fmt: skip


if __name__ == "__main__":
    main()
