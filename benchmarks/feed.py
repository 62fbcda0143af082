"""How long the feed of a show that has run for ten years takes to rebuild.

    python benchmarks/feed.py [EPISODES] [--repeats N] [--json FILE]

Records with ten chapters and 150 cues each are written into a temporary folder. Printed, for the
first rebuild (nothing is cached), those without a change and those after a new episode: seconds,
files written; at the end the peak of memory and the size of what was written.
"""

import datetime
import json
import resource
import tempfile
import time
from pathlib import Path

import results

from qjaudio import store
from qjaudio.config import Config
from qjaudio.episode.model import Chapter, Cue, Episode, to_record
from qjaudio.pipeline.publishing import publish_feed
from qjaudio.store import OutFolder

FIRST = datetime.date(2015, 1, 1)
STORIES = 10
CUES = 150
SENTENCE = "这一天桥头来了许多看热闹的人，大家一边走一边说起从前摆渡的日子。"


def episode(number: int) -> Episode:
    """The episode of the day `number`: twelve minutes."""
    date = (FIRST + datetime.timedelta(days=number)).isoformat()
    chapters = tuple(
        Chapter(
            start_ms=at * 72_000, end_ms=(at + 1) * 72_000, title=f"第{number}天的第{at}件新鲜事",
            page=at // 3 + 1, byline=("甲一", "乙二"),
        )
        for at in range(STORIES)
    )  # fmt: skip
    cues = tuple(
        Cue(start_ms=at * 4800, end_ms=at * 4800 + 4700, text=SENTENCE, speaker="晓伊")
        for at in range(CUES)
    )
    return Episode(
        paper="今日衢江", date=date, title=f"今日衢江 {date}", duration_ms=STORIES * 72_000,
        chapters=chapters, cues=cues, issue_number=number + 1,
        published=f"{date}T06:00:00+08:00", audio_bytes=3,
    )  # fmt: skip


def add(out: OutFolder, number: int) -> int:
    """Write the files of one day without syncing each; returns the size of the record."""
    one = episode(number)
    out.stage(one.date, "").mkdir(parents=True)
    for suffix in (".mp3", ".vtt", ".srt", ".json", ".chapters.json", ".jpg"):
        out.published(one.date, suffix).write_bytes(b"mp3")
    record = {"schema": store.SCHEMA, **to_record(one)}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    out.stage(one.date, "episode.json").write_text(text, "utf-8")
    return len(text)


def timed(title: str, out: OutFolder, config: Config) -> float:
    """Print and return how many seconds one rebuild takes."""
    before = {path: path.stat().st_mtime_ns for path in out.root.glob("*.xml")}
    start = time.perf_counter()
    _, count = publish_feed(out, config)
    seconds = time.perf_counter() - start
    after = {path: path.stat().st_mtime_ns for path in out.root.glob("*.xml")}
    written = len(after.items() - before.items())
    print(f"{title:12} {seconds:6.2f} s  {count} episodes  {written} documents written")
    return seconds


def figures(count: int, first: float, same: list[float], more: list[float]) -> list[results.Figure]:
    """What is kept of the run."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    title = f"feed and pages of {count:,} episodes"
    return [
        results.Figure(what=f"{title}: built for the first time", unit="s", values=(first,)),
        results.Figure(what=f"{title}: nothing changed", unit="s", values=tuple(same)),
        results.Figure(what=f"{title}: one more", unit="s", values=tuple(more)),
        results.Figure(what=f"{title}: peak memory", unit="MiB", values=(peak,)),
    ]


def main() -> None:
    """Make the records, then rebuild."""
    parser = results.options(__doc__)
    parser.add_argument("episodes", type=int, nargs="?", default=4000)
    parser.add_argument("--repeats", type=int, default=3)
    wish = parser.parse_args()
    same, more = [], []
    with tempfile.TemporaryDirectory() as folder:
        out, config = OutFolder(Path(folder)), Config(base_url="https://example.cn/qj/")
        records = sum(add(out, number) for number in range(wish.episodes))
        (out.root / "cover.jpg").write_bytes(b"jpg")
        first = timed("first", out, config)
        for number in range(wish.repeats):
            same.append(timed("no change", out, config))
            add(out, wish.episodes + number)
            more.append(timed("one more", out, config))
        feeds = sum(path.stat().st_size for path in out.root.glob("*.xml"))
    print(f"records {records / 1e6:.0f} M characters, feeds {feeds / 1e6:.1f} MB")
    found = figures(wish.episodes, first, same, more)
    print(f"peak memory {found[-1].values[0]:.0f} MiB")
    results.save(wish.json, found)


if __name__ == "__main__":
    main()
