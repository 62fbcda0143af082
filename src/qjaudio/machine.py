"""What this machine has: programs that come as packages, and cores that we may use."""

import errno
import math
import os
import sys
from functools import cache
from pathlib import Path

from qjaudio.errors import MissingPartError, way_out


def not_startable(error: OSError) -> MissingPartError:
    """What to raise where the system cannot start ffmpeg: not ours to run, or another machine's."""
    reason = f"ffmpeg cannot be started: {error.strerror or error}"
    other = "set IMAGEIO_FFMPEG_EXE to an ffmpeg that runs here and can write MP3"
    short = error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)
    return MissingPartError(reason, hint=way_out(error) if short else other)


@cache
def ffmpeg() -> str:
    """The path of the ffmpeg that imageio-ffmpeg brings, or of `IMAGEIO_FFMPEG_EXE`.

    Raises:
        MissingPartError: there is none.
    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MissingPartError(
            "ffmpeg is missing: the package imageio-ffmpeg holds none for this system",
            hint="install ffmpeg and set IMAGEIO_FFMPEG_EXE to its path",
        ) from error


_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What the kernel grants a container: microseconds of processor time, and in how many of wall
time; `max` where there is no limit (Linux, Documentation/admin-guide/cgroup-v2.rst)."""


@cache
def cores() -> int:
    """At least 1: those that the system lets us run on, and that a container may keep busy.

    More threads than that only wait for each other.
    """
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    count = len(allowed(0)) if allowed else os.cpu_count() or 1
    return max(1, min(count, _quota()))


def _quota() -> int:
    """The container's share in cores, rounded up; more than any machine has where there is none."""
    try:
        granted, period = _QUOTA.read_text(encoding="ascii").split()
        return math.ceil(int(granted) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return sys.maxsize
