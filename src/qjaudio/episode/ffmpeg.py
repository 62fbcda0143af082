"""ffmpeg, as it comes with imageio-ffmpeg: run it, and read its loudness report."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from qjaudio.errors import QjaudioError
from qjaudio.programs import ffmpeg

TIMEOUT_S = 1800


@dataclass(frozen=True, slots=True)
class Loudness:
    """What EBU R128 (ITU-R BS.1770) measures over a whole file."""

    integrated: float
    """LUFS."""
    true_peak: float
    """dBTP."""


def run(arguments: list[str]) -> str:
    """Run ffmpeg with these arguments; returns what it reports.

    Raises:
        QjaudioError: it failed; the last line of its report says why.
    """
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-y", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
    report = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        last = report.strip().rpartition("\n")[2]
        if "No space left" in report:
            raise OSError(28, "No space left on device")
        raise QjaudioError(f"ffmpeg failed: {last[:160]}", hint="qjaudio check tests ffmpeg")
    return report


def measure(inputs: list[str]) -> Loudness:
    """The loudness of a file, given as ffmpeg's input arguments."""
    report = run([*inputs, "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
    summary = report.rpartition("Summary:")[2]
    integrated = re.search(r"I:\s+(-?[\d.]+|-inf|nan) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS", summary)
    if not integrated or not peak:
        raise QjaudioError("ffmpeg reported no loudness", hint="qjaudio check tests ffmpeg")
    return Loudness(_number(integrated[1]), _number(peak[1]))


def _number(text: str) -> float:
    return -70.0 if text in ("-inf", "nan") else float(text)


def decode(path: Path, sample_rate: int) -> bytes:
    """A sound file as signed 16-bit mono PCM."""
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-v", "error", "-i", str(path), "-f", "s16le"]
    done = subprocess.run(
        [*command, "-ac", "1", "-ar", str(sample_rate), "-"],
        capture_output=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    return done.stdout
