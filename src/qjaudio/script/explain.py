"""Why something is said as it is: for the producer who wants to mend a reading."""

from dataclasses import dataclass

from qjaudio.script.lexicon import Lexicon
from qjaudio.script.normalize import trace
from qjaudio.script.pronounce import read


@dataclass(frozen=True, slots=True)
class Explained:
    """One word: how it is said, and what decided it."""

    text: str
    pinyin: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text, its spoken form and the reading of each word."""

    text: str
    spoken: str
    """The spoken form with its marks."""
    words: tuple[Explained, ...]

    @property
    def pinyin(self) -> tuple[str, ...]:
        """A syllable for each Han character of `spoken`, tones as heard (5 = neutral, v = ü)."""
        return tuple(syllable for word in self.words for syllable in word.pinyin)

    def as_json(self) -> dict[str, str | list[str]]:
        """What `qjaudio say --explain --json` prints."""
        return {"text": self.text, "spoken": self.spoken, "pinyin": list(self.pinyin)}

    def as_table(self) -> tuple[tuple[str, str, str], ...]:
        """Rows for the terminal: word, pinyin, reason."""
        return tuple((word.text, " ".join(word.pinyin), word.reason) for word in self.words)


def explain(text: str, lexicon: Lexicon) -> Explanation:
    """How a text is said, and why."""
    traced = trace(text)
    words = []
    for word in read(traced.text, lexicon):
        printed = traced.rule[word.start : word.start + len(word.token.text)]
        reasons = [*dict.fromkeys(rule for rule in printed if rule), word.why]
        if word.reading != word.heard:
            reasons.append("tone change")
        words.append(Explained(word.token.text, word.heard, ", ".join(reasons)))
    return Explanation(text, traced.text, tuple(words))
