"""A program for test_damage: `make` and `feed` after each file of a finished show was damaged.

`python damaging.py FOLDER [EVERY]` makes a show of two episodes with an archive, then spoils one
file after the other in each way (or every EVERY-th of these pairs), runs `make` for that date
and `feed`, and prints one line of JSON for each. It forks before it has any thread.
"""

import contextlib
import io
import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1]))

from crashing import forked

from crash_scenes import BASE, cheapened, files, put_pages, warmed, wrong
from qjaudio.cli import run
from qjaudio.feed import rss
from qjaudio.store import SCHEMA

DATES = ("2025-05-19", "2025-05-20")


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _halved(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _scrambled(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(random.Random(path.name).randbytes(size))  # noqa: S311


def _put(text: str) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return put


def _of_another_schema(path: Path) -> None:
    text = path.read_text("utf-8", "replace")
    other = text.replace(f'"schema": {SCHEMA}', f'"schema": {SCHEMA + 998}', 1)
    path.write_text(other if other != text else '{"schema": 999}', encoding="utf-8")


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").write_text("of somebody")


def _hollowed(path: Path) -> None:
    """Our schema, and every value of another type than it should be."""
    try:
        values = json.loads(path.read_text("utf-8"))
        names = list(values) if isinstance(values, dict) else []
    except ValueError:
        names = []
    strange = {name: [None] if name != "schema" else SCHEMA for name in names}
    path.write_text(json.dumps({"schema": SCHEMA, **strange}), encoding="utf-8")


def _made_old(path: Path) -> None:
    os.utime(path, (0, 0))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty": _emptied,
    "half": _halved,
    "random": _scrambled,
    "null": _put("null"),
    "list": _put("[]"),
    "object": _put("{}"),
    "schema": _of_another_schema,
    "types": _hollowed,
    "folder": _made_a_folder,
    "gone": Path.unlink,
    "old": _made_old,
    "locked": lambda path: path.chmod(0),
}
"""`locked` says nothing to root, who may read all."""

ALWAYS = (
    (".show.json", "half"),
    (f"{DATES[1]}/episode.json", "empty"),
    (f"{DATES[1]}/script.json", "schema"),
    (f"{DATES[1]}.mp3", "random"),
    (f"{DATES[1]}.vtt", "half"),
    (f"{DATES[1]}.html", "half"),
)
"""Each of these is repaired in a way of its own."""


def command(place: Path, *words: str) -> dict[str, Any]:
    """What a command answers: its exit status and its lines on stderr."""
    os.chdir(place)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = run([*words, "--out", str(place / "out")])
    lines = [line for line in said.getvalue().splitlines() if line.strip()]
    return {"code": code, "said": lines[-2:] if code else []}


def make(place: Path, date: str) -> dict[str, Any]:
    """`make DATE`, with the silent voice."""
    return command(place, "make", date, "--voice", "silent")


def finished(place: Path) -> dict[str, Any]:
    """Two dates, made one after the other; what went wrong with it."""
    (place / "qjaudio.toml").write_text(
        f'base_url = "{BASE}"\nvoice = "silent"\n', encoding="utf-8"
    )
    for date, name, weekday in zip(DATES, "甲乙", ("星期一", "星期二"), strict=True):
        put_pages(place, date, weekday, name)
        answer = make(place, date)
        if answer["code"]:
            return answer
    return {}


def identities(out: Path) -> dict[str, str]:
    """The guid of each enclosure that the documents of the feed name."""
    items = (
        item
        for path in sorted((*out.glob("feed.xml"), *out.glob("archive-*.xml")))
        if path.is_file()
        for item in ET.parse(path).getroot().iter("item")  # noqa: S314 - our own
    )
    return {
        enclosure.attrib["url"]: item.findtext("guid", "")
        for item in items
        if (enclosure := item.find("enclosure")) is not None
    }


def victims(place: Path) -> list[Path]:
    """Every file of the finished show; of the clips, which are all alike, two."""
    found = sorted(path for path in (place / "out").rglob("*") if path.is_file())
    clips = [path for path in found if "clips" in path.parts]
    kept = [path for path in found if path not in clips[2:]]
    lock = place / "out/.cache" / f"{DATES[1]}.lock"
    return [path.relative_to(place) for path in (*kept, lock)]


def cases(place: Path, every: int) -> Iterator[tuple[Path, str]]:
    """Pairs of a file and a damage."""
    pairs = [(victim, damage) for victim in victims(place) for damage in DAMAGES]
    chosen = {*pairs[every - 1 :: every], *((Path("out") / name, how) for name, how in ALWAYS)}
    yield from (pair for pair in pairs if pair in chosen)


def row(before: Path, place: Path, victim: Path, damage: str) -> dict[str, Any]:
    """What `make` and `feed` do with a show in which one file is damaged."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(before, place)
    path = place / victim
    path.touch()
    DAMAGES[damage](path)
    date = DATES[0] if DATES[0] in str(victim) else DATES[1]
    answers = {"make": forked(lambda: make(place, date))}
    answers["feed"] = forked(lambda: command(place, "feed"))
    again = identities(place / "out")
    wanted, found = files(before), files(place)
    unrepaired = [name for name in wanted if found.get(name) != wanted[name]]
    mp3 = [f"{date}.mp3" for date in DATES if f"{BASE}{date}.mp3" in again]
    return {
        **answers,
        "file": str(victim),
        "damage": damage,
        "wrong": wrong(place),
        "unrepaired": [name for name in unrepaired if not name.endswith("run.log")],
        "guids": identities(before / "out") == again,
        "audio": all(
            (place / "out" / name).read_bytes() == (before / "out" / name).read_bytes()
            for name in mp3
        ),
    }


def main(root: Path, every: int = 1) -> None:
    """All files and damages, one after the other, or every so many."""
    cheapened()
    rss.PER_DOCUMENT = 1
    warmed(root / "warm")
    place, before = root / "place", root / "before"
    place.mkdir()
    answer = forked(lambda: finished(place))
    assert not answer, answer
    place.rename(before)
    for victim, damage in cases(before, every):
        told = row(before, place, victim, damage)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
