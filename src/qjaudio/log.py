"""What happened, one line an event: `time level place event key=value …`.

Whoever has something to tell writes `log.info("retry", extra={"facts": {"wait_s": 1.5}})` to
`logging.getLogger(__name__)`. Nobody sees it unless somebody asks: `--verbose`, or the `run.log`
of an episode. Lines hold no control characters, no line breaks and no passwords.
"""

import datetime
import json
import logging
import re
import sys
from collections.abc import Iterable
from dataclasses import fields
from urllib.parse import urlsplit

from qjaudio.config import Config

ROOT = "qjaudio"
MOST_CHARS = 2_000
"""Longer values are cut: a headline of 5,000 characters must not fill the log."""
HIDDEN = "***"
_SECRET_NAME = re.compile(r"key|secret|webhook|token|passw|credential", re.I)
_USER = re.compile(r"(?<=://)[^/\s@\"']+(?=@)")
_PARAMETER = re.compile(
    r"(?<=[?&])([^=&\s\"']*(?:key|token|secret|passw|sign|credential)[^=&\s\"']*)=[^&\s\"']+", re.I
)
_PLAIN = re.compile(r"[^\s\"=]+")


class EventFormatter(logging.Formatter):
    """Makes a line of a record; a traceback follows it, each of its lines behind a bar."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take words that no line may hold, whoever says them."""
        super().__init__()
        self._secrets = tuple(sorted({word for word in secrets if word}, key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        when = datetime.datetime.fromtimestamp(record.created, datetime.UTC).astimezone()
        place = record.name.removeprefix(f"{ROOT}.")
        level = record.levelname.lower()
        words = [when.isoformat(timespec="milliseconds"), level, place, self._clean(_event(record))]
        facts = getattr(record, "facts", {})
        words += [f"{name}={self._value(value)}" for name, value in facts.items()]
        lines = [" ".join(words)]
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            lines += [f"  | {self._clean(line)}" for line in trace]
        return "\n".join(lines)

    def _value(self, value: object) -> str:
        text = self._clean(f"{value:.3f}" if isinstance(value, float) else str(value))
        return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)

    def _clean(self, text: str) -> str:
        text = text if len(text) <= MOST_CHARS else f"{text[: MOST_CHARS - 1]}…"
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return one_line(without_passwords(text))


def _event(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a library's record whose arguments do not fit
        return str(record.msg)


def one_line(text: str) -> str:
    """Without line breaks and control characters: pages must not steer a terminal or a log."""
    return "".join(char if char.isprintable() else " " for char in text)


def without_passwords(text: str) -> str:
    """The text with what stands before the @ of an address, and keys in its query, taken out."""
    return _PARAMETER.sub(rf"\1={HIDDEN}", _USER.sub(HIDDEN, text))


def secrets_of(config: Config) -> tuple[str, ...]:
    """The values in the settings that no log may hold."""
    found = []
    values = [(field.name, getattr(config, field.name)) for field in fields(config)]
    values += [pair for table in config.engines.values() for pair in table.items()]
    for name, value in values:
        if not isinstance(value, str) or not value:
            continue
        if _SECRET_NAME.search(name):
            found.append(value)
        try:
            password = urlsplit(value).password
        except ValueError:
            continue
        if password:
            found.append(password)
    return tuple(found)


def settings_of(config: Config) -> dict[str, object]:
    """Every setting that is not empty, those with a secret hidden."""
    values = {field.name: getattr(config, field.name) for field in fields(config)}
    return {
        name: HIDDEN if _SECRET_NAME.search(name) else value
        for name, value in values.items()
        if value not in ("", None, {})
    }


class _Verbose(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to standard error as it is at the moment, not as it was when this began."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without, where stderr is closed, full or gone."""


def listen(handler: logging.Handler) -> None:
    """Give `handler` every event of ours from now on."""
    logger = logging.getLogger(ROOT)
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)


def unlisten(handler: logging.Handler) -> None:
    """Give `handler` no further event; when nobody listens any more nothing is prepared."""
    logger = logging.getLogger(ROOT)
    logger.removeHandler(handler)
    if all(isinstance(other, logging.NullHandler) for other in logger.handlers):
        logger.setLevel(logging.NOTSET)


def speak_up() -> None:
    """Show every event on standard error; a second call changes nothing."""
    logger = logging.getLogger(ROOT)
    if not any(isinstance(handler, _Verbose) for handler in logger.handlers):
        handler = _Verbose(sys.stderr)
        handler.setFormatter(EventFormatter())
        listen(handler)


def fall_silent() -> None:
    """Show nothing any more."""
    for handler in list(logging.getLogger(ROOT).handlers):
        if isinstance(handler, _Verbose):
            unlisten(handler)
