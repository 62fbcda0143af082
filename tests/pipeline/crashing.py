"""A program for test_crashes: runs that are broken off at every touch of the disk, one by one.

`python crashing.py FOLDER SCENARIO FAULT [EVERY]` counts the touches of one whole run, then for
each of them (or every EVERY-th) starts from the same state, lets the fault strike there, looks at
what is left, and runs again to the end. One line of JSON for each is printed. It forks before it
has any thread, so that the runs share one import. What a touch is stands in `TOUCHES`.
"""

import builtins
import datetime
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import article, issue
from qjaudio.config import Config
from qjaudio.engines.silent import SilentEngine
from qjaudio.episode.ffmpeg import Loudness
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import making, paging, publishing, scheduling
from qjaudio.pipeline.progress import Quiet
from qjaudio.pipeline.scripting import script_issue
from qjaudio.speech.model import Clip, Utterance
from qjaudio.store import OutFolder

NOW = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=scheduling.CHINA)
TOUCHES = ((os, "replace"), (os, "rename"), (os, "link"), (os, "unlink"), (os, "fsync"))
"""Besides each opening of a file for writing. A folder's own making and removal lose nothing."""
FAULTS = ("killed", "torn", "full", "readonly", "gone")
_REFUSALS = {"full": errno.ENOSPC, "readonly": errno.EROFS}
CLIP_TOUCHES = 12
"""How many touches of the cache of clips are tried: each clip is kept in the same way."""
_speak = SilentEngine.speak
_open = builtins.open
_os_open = os.open


class Strike:
    """Counts the touches below a folder, and lets the fault strike at the n-th."""

    def __init__(self, out: Path, fault: str, at: int) -> None:
        self.out, self.fault, self.at = out, fault, at
        self.seen: list[str] = []
        self.clips = 0

    def touch(self, what: str, path: object) -> bool:
        """Count one; True when a torn write is to be left here."""
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if what != "fsync" and not name.startswith(str(self.out)):
            return False
        if f"{os.sep}clips{os.sep}" in name:
            self.clips += 1
            if self.clips > CLIP_TOUCHES:
                return False
        self.seen.append(f"{what} {name.removeprefix(str(self.out))}")
        if len(self.seen) != self.at:
            return False
        if self.fault == "killed":
            os._exit(137)
        number = _REFUSALS.get(self.fault)
        if number and (what, self.fault) != ("unlink", "full"):
            raise OSError(number, os.strerror(number), name)
        if self.fault == "gone":
            shutil.rmtree(self.out, ignore_errors=True)
        return self.fault == "torn" and what == "open"


def armed(strike: Strike) -> None:
    """Put the strike into the functions of the system through which files are written."""
    for module, name in TOUCHES:
        original = getattr(module, name)

        def call(*args: Any, _name: str = name, _real: Any = original, **kwargs: Any) -> Any:
            strike.touch(_name, args[-1] if _name != "fsync" else "")
            return _real(*args, **kwargs)

        setattr(module, name, call)

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        writes = set(mode) & set("wax+")
        torn = bool(writes) and strike.touch("open", file)
        found = _open(file, mode, *args, **kwargs)
        if torn:
            found.write(b"half" if "b" in mode else "half")
            found.flush()
            os._exit(137)
        return found

    import io

    builtins.open = opened
    io.open = opened


def make(out: Path, story: str) -> int:
    """One run of `make` on a small issue; returns how many utterances were spoken."""
    spoken = 0

    def counted(self: SilentEngine, utterance: Utterance) -> Clip:
        nonlocal spoken
        spoken += 1
        return _speak(self, utterance)

    SilentEngine.speak = counted  # type: ignore[method-assign]
    config = Config(out=str(out), voice="silent")
    folder = OutFolder(config.out_folder)
    paper = issue(
        article("甲村的桥通车了", "甲村的桥很长。"), article(f"{story}村的路修好了", "路很平。")
    )
    making.make(
        issue=paper,
        scripted=script_issue(paper, config, folder),
        config=config,
        out=folder,
        progress=Quiet(),
        now=NOW,
    )
    return spoken


def rebuild(out: Path) -> int:
    """One run of `feed`."""
    publishing.publish_feed(OutFolder(out), Config(out=str(out)))
    return 0


def _drawn(**words: str) -> bytes:
    return repr(sorted(words.items())).encode()


def _mixed(clips: Any, episode: Any, path: Path, *_: Any, **__: Any) -> Loudness:
    sound = b"".join(clip.pcm for clip in clips)
    path.write_bytes(f"{episode.duration_ms} ".encode() + sound[: episode.duration_ms % 997 + 99])
    return Loudness(-16.0, -1.5)


def cheapened() -> None:
    """Pictures and encoding take the time and touch nothing of `out/`."""
    publishing.draw_cover = _drawn
    publishing.draw_show_cover = lambda paper: _drawn(paper=paper)  # type: ignore[assignment]
    paging.icon = lambda side: f"icon {side}".encode()
    making.mix = _mixed  # type: ignore[assignment]
    making.write_tags = lambda *_, **__: None  # type: ignore[assignment]


def before_first(_: Path) -> None:
    """An empty place."""


def before_second(out: Path) -> None:
    """An episode of yesterday's text is there already."""
    make(out, "乙")


def before_feed(out: Path) -> None:
    """An episode is there, its feed is not."""
    make(out, "乙")
    (out / "feed.xml").unlink()


SCENARIOS: dict[str, tuple[Callable[[Path], None], Callable[[Path], int]]] = {
    "first": (before_first, lambda out: make(out, "乙")),
    "again": (before_second, lambda out: make(out, "丙")),
    "feed": (before_feed, rebuild),
}


def forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work in a child of its own gave; empty where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            answer = work()
        except QjaudioError as error:
            answer = {"refused": type(error).__name__, "said": str(error)}
        except BaseException as error:
            answer = {"bug": repr(error)}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    answer = json.loads(text) if text else {"killed": True}
    assert isinstance(answer, dict)
    return answer


def wrong(out: Path) -> list[str]:
    """What is wrong with what subscribers get: nothing, if all is well."""
    feed = out / "feed.xml"
    if not feed.exists():
        return []
    faults = []
    for item in ET.parse(feed).getroot().iter("item"):  # noqa: S314 - our own
        enclosure = item.find("enclosure")
        assert enclosure is not None
        audio = out / enclosure.attrib["url"].rpartition("/")[2]
        if not audio.exists():
            faults.append(f"{audio.name} is not there")
        elif audio.stat().st_size != int(enclosure.attrib["length"]):
            faults.append(f"{audio.name} has another length than the feed says")
    return faults


def published(out: Path) -> dict[str, str]:
    """All files but the cache, as text that can be compared."""
    files = [path for path in out.rglob("*") if path.is_file() and ".cache" not in path.parts]
    return {str(path.relative_to(out)): path.read_bytes().hex() for path in sorted(files)}


def warmed(folder: Path) -> None:
    """Dictionaries are loaded once, here, not in each child; this begins no thread."""
    script_issue(issue(), Config(out=str(folder)), OutFolder(folder))


def left_over(out: Path) -> list[str]:
    """Half-written files that are still there."""
    return sorted(str(path.relative_to(out)) for path in out.rglob(".*.tmp"))


def main(root: Path, scenario: str, fault: str, every: int = 1) -> None:
    """All touches, one after the other, or every so many."""
    cheapened()
    warmed(root / "warm")
    prepare, run = SCENARIOS[scenario]
    before = root / "before"
    forked(lambda: prepare(before) or {})
    before.mkdir(parents=True, exist_ok=True)

    def struck(out: Path, at: int) -> dict[str, Any]:
        strike = Strike(out, fault, at)
        armed(strike)
        return {"spoken": run(out), "touches": strike.seen}

    whole = root / "whole"
    shutil.copytree(before, whole)
    touches = forked(lambda: struck(whole, 0))["touches"]
    wanted = published(whole)
    for number, touch in enumerate(touches, start=1):
        if fault == "torn" and not touch.startswith("open"):
            continue
        if number % every:
            continue
        out = root / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(before, out)
        first = forked(lambda out=out, number=number: struck(out, number))  # type: ignore[misc]
        row = {"touch": touch, "first": {**first, "touches": None}, "wrong": wrong(out)}
        kept = len(list((out / ".cache/clips").glob("??/*.pcm")))
        again = forked(lambda out=out: {"spoken": run(out)})  # type: ignore[misc]
        row |= {"again": again, "kept": kept, "same": wanted == published(out)}
        row |= {
            "left": left_over(out),
            "wrong_again": wrong(out),
            "number": number,
            "of": len(touches),
        }
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
