"""Sixty issues in a row through `make` in one process: memory, handles, refusals, the feed.

    python benchmarks/soak.py FOLDER [--issues 60] [--kokoro] [--seconds 360]

Every tenth issue is damaged, each in another way; with --kokoro every fifth is spoken offline.
Prints one line an issue (exit status, resident memory in MB, open files), then the growth of
memory per issue over the second half, and what the feed names.
"""

import argparse
import contextlib
import datetime
import io
import os
import random
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from qjaudio.cli import run

FIRST = datetime.date(2025, 3, 1)
PLACES = "东西南北上下前后"
THINGS = ("桥", "路", "学校", "果园", "图书馆", "水渠")
DAMAGE = ("empty", "rubbish", "other day", "half", "no articles", "one character")


def page(day: datetime.date, chance: random.Random) -> str:
    """A page of one to nine articles."""
    weekday = "一二三四五六日"[day.weekday()]
    parts = [f"今日衢江\n\n{day.year}年{day.month}月{day.day}日 星期{weekday}\n"]
    for _ in range(chance.randint(1, 9)):
        place, thing = chance.choice(PLACES), chance.choice(THINGS)
        body = "\n\n".join(
            f"{place}村的{thing}今年{chance.randint(2, 900)}人用过，大家都说很好。"
            for _ in range(chance.randint(1, 8))
        )
        parts.append(f"# {place}村修好了{thing}\n\n{body}\n")
    return "\n".join(parts)


def damaged(text: str, kind: str) -> bytes:
    """The page with one fault."""
    raw = text.encode()
    return {
        "empty": b"",
        "rubbish": random.Random(1).randbytes(5000),  # noqa: S311
        "other day": text.replace("2025年", "2019年").encode(),
        "half": raw[: len(raw) // 2],
        "no articles": text.partition("#")[0].encode(),
        "one character": "报".encode(),
    }[kind]


def resident_mb() -> float:
    """The resident memory of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def slope(values: list[float]) -> float:
    """The growth per step of the line of least squares."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    rise = sum((x - middle) * (y - mean) for x, y in enumerate(values))
    return rise / sum((x - middle) ** 2 for x in range(len(values)))


def main() -> None:
    """All issues, one after the other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--issues", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=360.0)
    parser.add_argument("--kokoro", action="store_true")
    given = parser.parse_args()
    chance, memory, files, codes = random.Random(7), [], [], Counter[int]()  # noqa: S311
    out = given.folder / "out"
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ["QJAUDIO_VOICE"] = "silent"  # what the show asks for, so that it is published
    began = time.monotonic()
    for number in range(given.issues):
        if time.monotonic() - began > given.seconds:
            break
        day = FIRST + datetime.timedelta(days=number)
        text, kind = page(day, chance), ""
        if number % 10 == 7:
            kind = DAMAGE[number // 10 % len(DAMAGE)]
        path = given.folder / f"{day}.md"
        path.write_bytes(damaged(text, kind) if kind else text.encode())
        voice = "kokoro" if given.kokoro and number % 5 == 4 else "silent"
        words = ["make", str(day), "--from", str(path), "--out", str(out), "--voice", voice]
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = run([*words, "--minutes", "1" if voice == "kokoro" else "4"])
        codes[code] += 1
        memory.append(resident_mb())
        files.append(len(list(Path("/proc/self/fd").iterdir())))
        reason = next((s for s in said.getvalue().splitlines() if s.startswith("qjaudio: ")), "")
        print(
            f"{day} {kind or voice:13} exit {code} {memory[-1]:6.1f} MB {files[-1]} files {reason}"
        )
    half = memory[len(memory) // 2 :]
    items = ET.parse(out / "feed.xml").getroot().findall(".//item")  # noqa: S314
    print(f"{len(memory)} issues in {time.monotonic() - began:.0f} s, exits {dict(codes)}")
    print(
        f"memory {half[0]:.1f} to {half[-1]:.1f} MB in the second half, {slope(half):+.3f} an issue"
    )
    print(f"open files {min(files)} to {max(files)}; the feed names {len(items)} episodes")


if __name__ == "__main__":
    main()
