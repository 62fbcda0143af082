"""Offline voices of sherpa-onnx: a folder with one of its Mandarin models.

Kokoro gets our phonemes, by `GenerationConfig.phoneme_codepoints` of sherpa-onnx 2. VITS, Matcha
and ZipVoice read characters by a lexicon of their own, so they get our readings as homophones.
Kokoro was tried with the packaged weights; models of the other families were not at hand.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from qjaudio.engines.kokoro import MAX_TOKENS, KokoroFolder, find_file, list_in, speakers_of, to_pcm
from qjaudio.engines.service import decode_speech, resample
from qjaudio.errors import EngineError, IncompleteError, MissingPartError, UsageError
from qjaudio.machine import cores
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance

_FAMILIES: Mapping[str, Mapping[str, str]] = {
    "kokoro": {"model": "model*.onnx", "voices": "voices.bin", "tokens": "tokens.txt"},
    "zipvoice": {
        "encoder": "encoder*.onnx", "decoder": "decoder*.onnx", "vocoder": "vocos*.onnx",
        "tokens": "tokens.txt", "lexicon": "lexicon*.txt",
    },
    "matcha": {
        "acoustic_model": "model-steps*.onnx", "vocoder": "[vh][oi]*.onnx",
        "tokens": "tokens.txt", "lexicon": "lexicon*.txt",
    },
    "vits": {"model": "*.onnx", "tokens": "tokens.txt", "lexicon": "lexicon*.txt"},
}  # fmt: skip
"""The files of each family by parameter: a folder is the first that has all of its files. The
vocoder of Matcha is a Vocos or a HiFi-GAN."""
_PROBE = (
    "import json, sys; task = json.load(sys.stdin); sys.path[:] = task['path']; "
    "from qjaudio.engines.sherpa import open_model; open_model(*task['model'])"
)
_PROBE_S = 120
_SILENCE = 1.0
"""As long as the model makes them; the library's own 0.2 cuts pauses to a fifth."""


class SherpaEngine:
    """Speaks with a model in a folder; it is loaded at the first utterance."""

    name = "sherpa"
    max_chars = 60
    parallel = 1
    online = False
    follows = ("rate",)
    settings: ClassVar[Mapping[str, object]] = {
        "folder": "",
        "threads": 0.0,
        "reference": "",
        "reference_text": "",
    }

    def __init__(
        self, *, folder: str = "", threads: float = 0, reference: str = "", reference_text: str = ""
    ) -> None:
        """Speak with the model in `folder`; ZipVoice as in the sound file `reference`.

        Raises:
            UsageError: no folder is named, or it holds no model that is known.
            MissingPartError: sherpa-onnx is not installed.
        """
        if not folder:
            reason = "[engine.sherpa] names no folder of a model"
            raise UsageError(reason, hint="docs/how-to/choose-the-voices.md says which to fetch")
        if find_spec("sherpa_onnx") is None:
            reason = "the voices of sherpa need sherpa-onnx"
            raise MissingPartError(reason, hint="pip install sherpa-onnx")
        self._folder = Path(folder)
        self._family, self._files = family_of(self._folder)
        self._threads = int(threads) or cores()
        self._reference = (reference, reference_text)
        if self._family == "zipvoice" and not (Path(reference).is_file() and reference_text):
            raise UsageError(
                "ZipVoice speaks as somebody else did",
                hint="set reference to a short WAV and reference_text to what is said in it",
            )
        self._kokoro = KokoroFolder(self._folder) if self._family == "kokoro" else None
        first = next(iter(self._files.values()))
        self.voices = self._kokoro.voices if self._kokoro else speakers_of(first)
        self._alone = threading.Lock()

    @property
    def repeatable(self) -> bool:
        """The models of the other families draw lots as they speak."""
        return self._kokoro is not None

    @property
    def identity(self) -> str:
        """The library's version, and name, size and time of each file."""
        from importlib.metadata import version

        heard = [Path(self._reference[0])] if self._family == "zipvoice" else []
        looks = [(path.name, path.stat()) for path in (*self._files.values(), *heard)]
        files = "/".join(f"{name} {look.st_size} {look.st_mtime_ns}" for name, look in looks)
        return f"sherpa/{version('sherpa-onnx')}/{files}/{'/'.join(self._reference)}/1"

    @cached_property
    def _model(self) -> Any:
        files = {parameter: str(path) for parameter, path in self._files.items()}
        model = (self._family, files, self._threads)
        _require_readable(self._folder, model)
        return open_model(*model)

    @cached_property
    def _example(self) -> Any:
        """The reference as samples from −1 to 1."""
        import numpy as np

        pcm = decode_speech(Path(self._reference[0]).read_bytes())
        return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768.0

    @cached_property
    def _known(self) -> frozenset[str]:
        """The characters that a lexicon reads."""
        return frozenset("".join(line.split()[0] for line in list_in(self._files["lexicon"])))

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance at its rate, whole, or raise IncompleteError or EngineError."""
        import sherpa_onnx

        asked = sherpa_onnx.GenerationConfig()
        voice = utterance.voice or self.voices[0]
        asked.sid = (self._kokoro.speakers if self._kokoro else self.voices).index(voice)
        asked.speed, asked.silence_scale = utterance.rate, _SILENCE
        text = ""
        if self._kokoro:
            symbols = self._kokoro.symbols(utterance.words)
            if len(symbols) > MAX_TOKENS:
                raise _too_much(utterance)
            asked.phoneme_codepoints = [[*map(ord, symbols)]]
            asked.extra = {"max_codepoints_in_sentence": str(MAX_TOKENS)}
        else:
            text = self._readable(utterance)
        if self._family == "zipvoice":
            asked.reference_audio, asked.reference_sample_rate = self._example, SAMPLE_RATE
            asked.reference_text = self._reference[1]
        try:
            with self._alone:
                sound = self._model.generate(text, asked)
        except RuntimeError as error:
            reason = f"sherpa-onnx failed: {str(error)[:120]}"
            raise EngineError(reason, hint="take --voice kokoro") from error
        return _as_clip(sound)

    def _readable(self, utterance: Utterance) -> str:
        """The text with homophones; the library would leave out what its lexicon lacks."""
        text = utterance.respelled
        if len(text) > 2 * self.max_chars:
            raise _too_much(utterance)
        unknown = {char for char in text.lower() if char.isalnum()} - self._known
        if unknown:
            reason = f"the model in {self._folder} cannot read {''.join(sorted(unknown))}"
            raise IncompleteError(reason, hint="give the word other characters in the lexicon")
        return text


def _too_much(utterance: Utterance) -> IncompleteError:
    return IncompleteError(
        f"too much at once for the offline voice: {utterance.text[:30]}…",
        hint="put a full stop or a comma into this sentence in script.md",
    )


def family_of(folder: Path) -> tuple[str, dict[str, Path]]:
    """The family of a folder's model, and its files by parameter; UsageError for one unknown."""
    for family, patterns in _FAMILIES.items():
        try:
            return family, {name: find_file(folder, one) for name, one in patterns.items()}
        except UsageError:
            continue
    raise UsageError(
        f"no model of sherpa-onnx in {folder}",
        hint=f"known are {', '.join(_FAMILIES)}: docs/how-to/choose-the-voices.md",
    )


def open_model(family: str, files: Mapping[str, str], threads: int) -> Any:
    """The model, loaded."""
    import sherpa_onnx

    kind = getattr(sherpa_onnx, f"OfflineTts{family.capitalize()}ModelConfig")
    named = {family: kind(**files)}
    model = sherpa_onnx.OfflineTtsModelConfig(**named, num_threads=threads)
    return sherpa_onnx.OfflineTts(sherpa_onnx.OfflineTtsConfig(model=model))


def _require_readable(folder: Path, model: tuple[str, dict[str, str], int]) -> None:
    """Load the model in a child first: the library ends the process where it cannot read a file."""
    task = json.dumps({"path": sys.path, "model": model})
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-c", _PROBE], input=task.encode(), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, timeout=_PROBE_S, check=False,
        )  # fmt: skip
        said, failed = child.stderr.decode("utf-8", "replace").strip(), child.returncode != 0
    except (OSError, subprocess.TimeoutExpired) as error:
        said, failed = str(error), True
    if failed:
        reason = said.rpartition("\n")[2].rpartition("/")[2][:160]
        raise MissingPartError(
            f"sherpa-onnx cannot load the model in {folder}: {reason or 'it ended'}",
            hint="fetch the folder again, whole; docs/how-to/choose-the-voices.md",
        )


def _as_clip(sound: Any) -> Clip:
    import numpy as np

    pcm, rate = to_pcm(np.asarray(sound.samples, np.float32)), int(sound.sample_rate)
    if pcm and rate != SAMPLE_RATE:
        pcm = resample(pcm, rate)
    if not pcm:
        raise EngineError("sherpa-onnx gave no sound", hint="take --voice kokoro")
    return Clip(pcm)
