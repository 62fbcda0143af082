"""Another model of Kokoro's kind, in a folder as sherpa-onnx lays it out.

That is `model.onnx` or `model.int8.onnx` with the names of the speakers in its metadata,
`tokens.txt` with the numbers of its symbols, and `voices.bin` with the vectors of all speakers one
after the other. The model v1.0 has our own symbols. v1.1-zh has zhuyin with tone digits
(`rules/zhuyin.tsv`), and the tones that are heard instead of those of the dictionary; its weights
were not at hand when this was written.
"""

import io
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qjaudio.engines.kokoro import MAX_TOKENS, symbols_of, word_symbols
from qjaudio.errors import IncompleteError, UsageError
from qjaudio.rules import table
from qjaudio.speech.model import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GUIDE = "docs/how-to/choose-the-voices.md says which files belong there"
_SHAPE = (MAX_TOKENS + 2, 1, 256)
_BYTES_OF_VOICE = _SHAPE[0] * _SHAPE[2] * 4
_METADATA = 14
"""The number of `metadata_props` in ONNX's ModelProto (onnx.proto, version 1.21)."""


class KokoroFolder:
    """The files of such a folder, each read when it is needed."""

    def __init__(self, folder: Path) -> None:
        """Look at the folder.

        Raises:
            UsageError: it lacks a file, or its vectors are not those of its speakers.
        """
        self.model = find_file(folder, "model*.onnx")
        self._tokens, self.vectors = (
            find_file(folder, "tokens.txt"),
            find_file(folder, "voices.bin"),
        )
        self.speakers = speakers_of(self.model)
        if self.vectors.stat().st_size != len(self.speakers) * _BYTES_OF_VOICE:
            raise UsageError(
                f"{self.vectors} does not hold the vectors of {len(self.speakers)} voices",
                hint="fetch the folder again, whole",
            )
        mandarin = tuple(name for name in self.speakers if name.startswith("z"))
        self.voices = mandarin or self.speakers

    @property
    def identity(self) -> str:
        """Sizes and times of the files that shape the sound."""
        looks = [path.stat() for path in (self.model, self.vectors)]
        return "/".join(f"{look.st_size}.{look.st_mtime_ns}" for look in looks)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        lines = self._tokens.read_text(encoding="utf-8").splitlines()
        pairs = [line.rpartition(" ") for line in lines if line.strip()]
        try:
            return {symbol: int(number) for symbol, _, number in pairs}
        except ValueError as error:
            raise UsageError(f"{self._tokens} is no list of symbols", hint=_GUIDE) from error

    def symbols(self, words: tuple[Word, ...]) -> str:
        """The symbols of an utterance, as this model was taught them.

        Raises:
            IncompleteError: it has no symbol for something that is to be said.
        """
        symbols = _in_zhuyin(words) if "ㄓ" in self._numbers else symbols_of(words)
        if unknown := set(symbols) - set(self._numbers):
            raise IncompleteError(
                f"the model in {self.model.parent} has no {' '.join(sorted(unknown))}",
                hint="give the word another reading in the lexicon",
            )
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
    """The file of this pattern in a folder; of several the first by name.

    Raises:
        UsageError: there is none.
    """
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise UsageError(f"there is no {pattern} in {folder}", hint=_GUIDE)
    return found[0]


@cache
def speakers_of(model: Path) -> tuple[str, ...]:
    """The names of a model's speakers, else their numbers from 0, by its metadata.

    Only that is read: `onnx.load` would take the memory of all weights.

    Raises:
        UsageError: it is no ONNX file.
    """
    told: dict[str, str] = {}
    try:
        with model.open("rb") as file:
            for number, length in _fields(file, model.stat().st_size):
                if number == _METADATA:
                    entry = io.BytesIO(file.read(length))
                    key, value = (entry.read(size) for _, size in _fields(entry, length))
                    told[key.decode()] = value.decode()
    except (OSError, ValueError) as error:
        raise UsageError(f"{model} is no whole ONNX file", hint=_GUIDE) from error
    count = told.get("n_speakers", "")
    numbers = range(max(1, int(count) if count.isdecimal() else 1))
    names = told.get("speaker_names") or ",".join(map(str, numbers))
    return tuple(names.split(","))


def _fields(file: IO[bytes], end: int) -> Iterator[tuple[int, int]]:
    """Number and length of each field with a length, in Protocol Buffers' wire format."""
    while file.tell() < end:
        tag = _varint(file)
        if tag & 7 == 0:
            _varint(file)
        elif tag & 7 == 2:
            length = _varint(file)
            after = file.tell() + length
            yield tag >> 3, length
            file.seek(after)
        else:
            raise ValueError(f"a field of kind {tag & 7}")


def _varint(file: IO[bytes]) -> int:
    number = shift = 0
    while shift < 64:
        (byte,) = file.read(1)
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number
        shift += 7
    raise ValueError("a number of more than 64 bits")


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
