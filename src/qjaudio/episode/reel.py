"""The clips of an episode one after the other in a file, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip


class Reel:
    """Clips written once, in order, and read back as often as needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.durations_ms: list[int] = []
        self._sizes: list[int] = []

    def record(self, clips: Iterable[Clip]) -> None:
        """Write the clips; a clip is padded to whole milliseconds, the unit of the timeline."""
        with self.path.open("wb") as file:
            for clip in clips:
                size = clip.duration_ms * clip.sample_rate * BYTES_PER_SAMPLE // 1000
                file.write(clip.pcm.ljust(size, b"\0"))
                self.durations_ms.append(clip.duration_ms)
                self._sizes.append(size)

    def clips(self) -> Iterator[Clip]:
        """The clips in order."""
        with self.path.open("rb") as file:
            for size in self._sizes:
                yield Clip(file.read(size))
