"""A program for test_crashes: runs that are broken off at every touch of the disk, one by one.

`python crashing.py FOLDER SCENE,SCENE FAULT,FAULT [MOST]` counts the touches of a whole run, then
for each of them (or for MOST, evenly spread) starts from the same state, lets the fault strike
there, looks at what is left, and runs again to the end. One line of JSON for each is printed. It
forks before it has any thread, so that the runs share one import. What a touch is stands in
`TOUCHES`.
"""

import builtins
import errno
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from crash_scenes import SCENES, cheapened, files, left_over, unfit, warmed, wrong
from qjaudio.errors import QjaudioError

TOUCHES = ((os, "replace"), (os, "rename"), (os, "link"), (os, "unlink"), (os, "fsync"))
"""Besides each opening of a file for writing. A folder's own making and removal lose nothing."""
FAULTS = ("killed", "torn", "full", "readonly", "gone")
_REFUSALS = {"full": errno.ENOSPC, "readonly": errno.EROFS}
CLIP_TOUCHES = 12
"""How many touches of the cache of clips are tried: each clip is kept in the same way."""
_open = builtins.open


class Strike:
    """Counts the touches below a place, and lets the fault strike at the n-th."""

    def __init__(self, place: Path, fault: str, at: int) -> None:
        self.place, self.fault, self.at = place, fault, at
        self.seen: list[str] = []
        self.clips = 0

    def touch(self, what: str, path: object) -> bool:
        """Count one; True when a torn write is to be left here."""
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if what != "fsync" and not name.startswith(str(self.place)):
            return False
        if f"{os.sep}clips{os.sep}" in name:
            self.clips += 1
            if self.clips > CLIP_TOUCHES:
                return False
        self.seen.append(f"{what} {name.removeprefix(str(self.place))}")
        if len(self.seen) != self.at:
            return False
        if self.fault == "killed":
            os._exit(137)
        number = _REFUSALS.get(self.fault)
        if number and (what, self.fault) != ("unlink", "full"):
            raise OSError(number, os.strerror(number), name)
        if self.fault == "gone":
            shutil.rmtree(self.place / "out", ignore_errors=True)
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

    builtins.open = opened
    io.open = opened


def forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work in a child of its own gave; only `killed` where it was."""
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


class Walk:
    """One scene, from touch to touch. Every run is in one place: paths are kept."""

    def __init__(self, root: Path, scene: str) -> None:
        self.scene = SCENES[scene]
        self.before, self.whole, self.place = root / "before", root / "whole", root / "place"
        self.looked = root / "looked"
        self.place.mkdir(parents=True)
        forked(lambda: {"": self.scene.prepare(self.place)})
        self.place.rename(self.before)

    def struck(self, fault: str, at: int) -> dict[str, Any]:
        """What a run gives on which the fault strikes at a touch; 0 = at none."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.before, self.place)

        def work() -> dict[str, Any]:
            strike = Strike(self.place, fault, at)
            armed(strike)
            return {"spoken": self.scene.run(self.place), "touches": strike.seen}

        return forked(work)

    def touches(self) -> list[str]:
        """Those of an undisturbed run, which is kept as `whole`."""
        found: list[str] = self.struck("", 0)["touches"]
        self.place.rename(self.whole)
        return found

    def row(self, fault: str, at: int) -> dict[str, Any]:
        """What a strike leaves, and what a rerun makes of it."""
        row: dict[str, Any] = {"first": {**self.struck(fault, at), "touches": None}}
        row["wrong"] = wrong(self.place)
        row["unfit"] = unfit(self.place, self.before, self.whole, self.looked)
        row["kept"] = len(list((self.place / "out/.cache/clips").glob("??/*.pcm")))
        row["again"] = forked(lambda: {"spoken": self.scene.run(self.place)})
        row["same"] = files(self.whole) == files(self.place)
        row["left"] = left_over(self.place, self.whole)
        row["wrong_again"] = wrong(self.place)
        return row


def chosen(touches: list[str], fault: str, most: int) -> list[int]:
    """The numbers of the touches to be tried: all, or so many, others for each fault."""
    numbers = [
        number
        for number, touch in enumerate(touches, start=1)
        if fault != "torn" or touch.startswith("open")
    ]
    count = len(numbers)
    if not 0 < most < count:
        return numbers
    shift = count * FAULTS.index(fault) // len(FAULTS)
    return [numbers[(place * count + shift) // most] for place in range(most)]


def main(root: Path, scenes: str, faults: str, most: int = 0) -> None:
    """All touches, one after the other, or so many for each fault."""
    cheapened()
    warmed(root / "warm")
    for scene in scenes.split(","):
        walk = Walk(root / scene, scene)
        touches = walk.touches()
        for fault in faults.split(","):
            for number in chosen(touches, fault, most):
                named = {"scene": scene, "fault": fault, "touch": touches[number - 1]}
                row = {**named, "number": number, "of": len(touches), **walk.row(fault, number)}
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
