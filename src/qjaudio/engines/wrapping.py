"""What all engines around an engine share: they look like the one inside."""

from qjaudio.speech.model import Engine


class Wrapping:
    """An engine's face, passed on; a subclass adds its own `speak`."""

    def __init__(self, engine: Engine) -> None:
        """Wrap `engine`."""
        self.engine = engine

    @property
    def name(self) -> str:
        """The name of the engine inside."""
        return self.engine.name

    @property
    def identity(self) -> str:
        """The identity of the engine inside: a wrapper never changes the sound."""
        return self.engine.identity

    @property
    def max_chars(self) -> int:
        """The most spoken characters of one utterance."""
        return self.engine.max_chars

    @property
    def parallel(self) -> int:
        """How many utterances the engine inside can speak at once."""
        return self.engine.parallel

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices of the engine inside, best first."""
        return self.engine.voices
