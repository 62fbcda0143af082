"""ffmpeg, as it comes with imageio-ffmpeg: run it, decode with it, read its loudness report."""

import errno
import mmap
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qjaudio.errors import MissingPartError
from qjaudio.machine import ffmpeg, not_startable

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
            command,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_S,
            check=False,
        )
    except OSError as error:
        raise not_startable(error) from error
    except subprocess.TimeoutExpired as error:
        raise MissingPartError(
            f"ffmpeg did not finish within {TIMEOUT_S} s", hint="qjaudio check tests ffmpeg"
        ) from error
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
