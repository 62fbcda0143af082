"""Reading in a process of its own, whose memory and time are limited.

PDFium, Pillow and OCR take what a page makes them take: a PDF of 669 bytes with a form that calls
itself twice would take all the memory there is. So one child reads the files of an issue, and a
page that it does not survive is an error like another. The child answers in JSON, a line a sheet,
as nothing that a broken page has touched is to be trusted more than that page.
"""

import base64
import dataclasses
import faulthandler
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qjaudio import errors
from qjaudio.paper.model import Block, Page, Picture, TextLine
from qjaudio.paper.text import Box, Doubt, Span

MAX_MEMORY = 4 * 2**30
"""Bytes that the child may fill: a picture of 170 million pixels with transparency takes 2.8."""
MAX_SECONDS = 600
"""For one page: OCR of a broadsheet page takes 20 on two cores."""
MAX_ISSUE_SECONDS = 4 * 3600
_START = (
    "import json, sys; task = json.load(sys.stdin); sys.path[:] = task['path']; "
    "from qjaudio.sources.apart import read_task; read_task(task)"
)
_KNOWN = {kind.__name__: kind for kind in (Page, Block, TextLine, Box, Doubt, Span, Picture)}
_HINT = "look at it in a viewer and save it again, or give its text instead"


def read_apart(module: str, paths: Sequence[Path]) -> Iterator[Any]:
    """What `sheets_of` of a module finds in files, read by a child.

    Raises:
        QjaudioError: what `sheets_of` raises; NotAnIssueError for a page that ends the child.
        MissingPartError: the system cannot start a child.
    """
    task = {
        "path": sys.path, "module": module, "files": [str(path.absolute()) for path in paths],
        "memory": MAX_MEMORY, "seconds": MAX_SECONDS,
    }  # fmt: skip
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-c", _START],
            input=json.dumps(task).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=MAX_ISSUE_SECONDS, check=False,
        )  # fmt: skip
        status, written = child.returncode, child.stdout
    except subprocess.TimeoutExpired as error:
        status, written = 1, error.stdout or b""
    except OSError as error:
        raise errors.MissingPartError(
            f"no process can be started to read pages: {error.strerror or error}",
            hint="end other programs, or raise the limit of processes, and run it again",
        ) from error
    yield from _sheets_in(written, status)


def read_here(module: str, paths: Sequence[Path]) -> Iterator[Any]:
    """The same in this process, for tests and measurements, which put it in its place."""
    for path in paths:
        yield from importlib.import_module(module).sheets_of(path)


def _sheets_in(written: bytes, status: int) -> Iterator[Any]:
    """The sheets in what a child has written, which ends with an error where the child failed."""
    name, count = "", 0
    for line in written.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break  # it died while it wrote
        what, *rest = json.loads(line, object_hook=_revive)
        if what == "sheet":
            count += 1
            yield rest[0]
        elif what == "file":
            name, count = rest[0], 0
        elif what == "refused":
            kind, message, hint = rest
            raise getattr(errors, kind)(message, hint=hint)
        elif what == "bug":
            bug = RuntimeError(rest[0])
            bug.add_note(rest[1])
            raise bug
        else:
            return
    if not name:
        raise errors.MissingPartError(
            f"the process that reads pages ended at once (status {status})",
            hint="check that there is free memory, and reinstall qjaudio",
        )
    reason = f"reading page {count + 1} of {name} {_ending(status)}"
    raise errors.NotAnIssueError(reason, hint=_HINT)


_NO_MEMORY = ("memory", "alloc", "new thread", "systemerror")
"""Words of the errors that Python, OpenCV and onnxruntime have for it."""
_TOO_MUCH = 3
"""Exit status of a child that was refused more memory; faulthandler's is 1 when time is up."""


def _ending(status: int) -> str:
    if status == 1:
        return f"takes longer than {MAX_SECONDS / 60:.3g} minutes"
    if status == _TOO_MUCH:
        return f"takes more than {MAX_MEMORY / 2**30:.3g} GB of memory"
    try:
        reason = signal.Signals(-status).name
    except ValueError:  # Windows has other numbers
        reason = f"status {status}"
    return f"crashes or runs out of memory ({reason})"


def read_task(task: dict[str, Any]) -> None:
    """Do in the child what the parent asks, and write it on stdout, which nothing else gets."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit_memory(task["memory"])
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()

    def tell(*row: Any) -> None:
        faulthandler.dump_traceback_later(task["seconds"], exit=True)  # even where C holds the GIL
        out.write(json.dumps(row, default=_as_json).encode() + b"\n")
        out.flush()

    try:
        for path in map(Path, task["files"]):
            tell("file", path.name)
            for sheet in read_here(task["module"], [path]):
                tell("sheet", sheet)
        tell("end")
    except errors.QjaudioError as error:
        tell("refused", type(error).__name__, str(error), error.hint)
    except Exception as error:
        words = f"{type(error).__name__} {error}".lower()
        if any(word in words for word in _NO_MEMORY):
            os._exit(_TOO_MUCH)
        tell("bug", f"{type(error).__name__}: {error}", traceback.format_exc())
    os._exit(0)  # nothing is left to be done; the libraries' ends take time


def _limit_memory(most: int) -> None:
    """Take no more than so much; where memory is short all the same, be the first to be ended."""
    try:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    except (ImportError, OSError, ValueError):  # Windows; systems other than Linux
        return


def _leave_with(parent: int) -> None:
    """End this process when its parent has gone (Windows: it ends at its next sheet)."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def _as_json(value: Any) -> dict[str, Any]:
    """What JSON makes of one of our values, or of bytes."""
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    names = [field.name for field in dataclasses.fields(value)]
    return {type(value).__name__: {name: getattr(value, name) for name in names}}


def _revive(row: dict[str, Any]) -> Any:
    name, value = next(iter(row.items()))
    if name == "bytes":
        return base64.b64decode(value)
    if name in _KNOWN:
        return _KNOWN[name](**value)
    return {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
