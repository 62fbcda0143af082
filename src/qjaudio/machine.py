"""What this machine has: ffmpeg, as imageio-ffmpeg brings it, and cores that we may use."""

import errno
import math
import mmap
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from qjaudio.errors import MissingPartError, way_out


def not_startable(error: OSError) -> MissingPartError:
    """What to raise where the system cannot start ffmpeg: not ours to run, or another machine's."""
    reason = f"ffmpeg cannot be started: {error.strerror or error}"
    other = "set IMAGEIO_FFMPEG_EXE to an ffmpeg that runs here and can write MP3"
    short = error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)
    return MissingPartError(reason, hint=way_out(error) if short else other)


@cache
def ffmpeg() -> str:
    """The ffmpeg of `IMAGEIO_FFMPEG_EXE` or the packaged one; MissingPartError: there is none."""
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MissingPartError(
            "ffmpeg is missing: the package imageio-ffmpeg holds none for this system",
            hint="install ffmpeg and set IMAGEIO_FFMPEG_EXE to its path",
        ) from error


TIMEOUT_S = 1800


@dataclass(frozen=True, slots=True)
class Loudness:
    """What EBU R128 (ITU-R BS.1770) measures over a whole file."""

    integrated: float
    """LUFS."""
    true_peak: float
    """dBTP."""


def run_ffmpeg(arguments: list[str], output: IO[bytes] | None = None) -> str:
    """Run ffmpeg with these arguments; returns what it reports. `output` takes its stdout.

    Raises:
        MissingPartError: it cannot be started, does not end, or failed, and why.
        OSError: the disk is full.
    """
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-y", *arguments]
    try:
        done = subprocess.run(
            command, stdout=output or subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise not_startable(error) from error
    except subprocess.TimeoutExpired as error:
        reason = f"ffmpeg did not finish within {TIMEOUT_S} s"
        raise MissingPartError(reason, hint="qjaudio check tests ffmpeg") from error
    report = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        last = report.strip().rpartition("\n")[2]
        if "No space left" in report:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise _failed(last[:160] or f"status {done.returncode}")
    return report


def _failed(reason: str) -> MissingPartError:
    hint = "qjaudio check tests ffmpeg; is there enough memory?"
    return MissingPartError(f"ffmpeg failed: {reason}", hint=hint)


def measure_loudness(inputs: list[str]) -> Loudness:
    """The loudness of a file, given as ffmpeg's input arguments."""
    report = run_ffmpeg([*inputs, "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
    summary = report.rpartition("Summary:")[2]
    integrated = re.search(r"I:\s+(-?[\d.]+|-inf|nan) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS", summary)
    if not integrated or not peak:
        raise _failed("it reports no loudness")
    return Loudness(_decibels(integrated[1]), _decibels(peak[1]))


def _decibels(text: str) -> float:
    return -70.0 if text in ("-inf", "nan") else float(text)


def decode_audio(
    path: Path | str, sample_rate: int, most_s: float | None = None
) -> mmap.mmap | bytes:
    """A sound file, or its first `most_s` seconds, as signed 16-bit mono PCM.

    The bytes lie in a file without a name that goes with them: memory does not grow with the
    length of the sound.

    Raises:
        MissingPartError: it cannot be decoded.
    """
    with tempfile.TemporaryFile() as file:
        limit = [] if most_s is None else ["-t", str(most_s)]
        run_ffmpeg(
            ["-i", str(path), *limit, "-f", "s16le", "-ac", "1", "-ar", str(sample_rate), "-"], file
        )
        if not os.fstat(file.fileno()).st_size:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


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
