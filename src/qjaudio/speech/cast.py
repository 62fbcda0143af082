"""The cast: which reader says which part, with which voice of an engine, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from qjaudio.script.model import Part, Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One who reads: a name for the listener, and voices for each engine, best first."""

    key: str
    name: str
    voices: Mapping[str, tuple[str, ...]]

    def voice(self, engine: str, offered: tuple[str, ...]) -> str:
        """The first of its voices that the engine offers, else the engine's first."""
        wanted = self.voices.get(engine, ())
        return next((voice for voice in wanted if voice in offered), offered[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a voice speaks; the defaults are the voice as it is."""

    rate: float = 1.0
    """A factor: 1.05 speaks faster by a twentieth."""
    pitch_hz: int = 0
    """How much higher than the voice is by nature."""
    gain_db: float = 0.0
    """How much louder than the common level of all clips."""

    def asked(self) -> set[str]:
        """What an engine must follow: `rate`, `pitch`; the gain is ours."""
        asked = {"rate": self.rate != 1.0, "pitch": self.pitch_hz != 0}
        return {setting for setting, is_asked in asked.items() if is_asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Readers and their parts."""

    readers: Mapping[str, Reader]
    parts: Mapping[str, str]
    """Reader of `opening`, `headlines` and `sign_off`."""
    stories: tuple[str, ...]
    """Readers of the stories, in turn."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """Readers of the stories of a printed page."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Readers of the stories of a section (版名); before `pages`."""
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    """By the name of the voice."""

    def assigned(self, script: Script) -> tuple[Reader, ...]:
        """The reader of each part: who the script names, else by section, by page, in turn.

        A reader named in the script takes no turn away, so that naming one changes one story.
        """
        turn = 0
        readers = []
        for part in script.parts:
            key = self._placed(part)
            if not key:
                key = self.stories[turn % len(self.stories)]
                turn += 1
            readers.append(self.readers[self._named(part) or key])
        return tuple(readers)

    def delivery(self, voice: str) -> Delivery:
        """How a voice is to speak."""
        return self.deliveries.get(voice, Delivery())

    def engines_of(self, voice: str) -> tuple[str, ...]:
        """The engines for which a reader has the voice."""
        lists = [pair for reader in self.readers.values() for pair in reader.voices.items()]
        return tuple(dict.fromkeys(engine for engine, voices in lists if voice in voices))

    def with_one_voice(self, engine: str, voice: str) -> "Cast":
        """The same cast, everybody with one voice of an engine."""
        readers = {
            key: replace(reader, voices={**reader.voices, engine: (voice,)})
            for key, reader in self.readers.items()
        }
        return replace(self, readers=readers)

    def _named(self, part: Part) -> str:
        """The reader whom an edited script names."""
        wanted = ((key, reader.name) for key, reader in self.readers.items())
        return next((key for key, name in wanted if part.reader in (key, name)), "")

    def _placed(self, part: Part) -> str:
        """The reader by kind of part, section or page; empty for a story that goes by turns."""
        if part.kind != "story":
            return self.parts[part.kind]
        by_page = self.pages.get(part.page, "") if part.page is not None else ""
        return self.sections.get(part.section, by_page)
