"""Sources and engines by name, from entry points: ours and those of others in the same way."""

import os
import shlex
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from qjaudio.errors import MissingPartError, UsageError, way_out

SOURCES = "qjaudio.sources"
ENGINES = "qjaudio.engines"
_LONGEST_SECRET = 10_000


def plugin_names(group: str) -> tuple[str, ...]:
    """The names in a group; imports nothing."""
    return tuple(sorted(_entry_points(group)))


@cache
def _entry_points(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group, looked up once: every distribution's file is read for it."""
    return {point.name: point for point in reversed([*entry_points(group=group)])}


def load_plugin(group: str, name: str) -> Any:
    """The class behind a name.

    Raises:
        UsageError: there is none of that name.
        MissingPartError: it cannot be imported.
    """
    if name not in _entry_points(group):
        kind = group.rpartition(".")[2].rstrip("s")
        reason = f"no {kind} {name!r}"
        raise UsageError(reason, hint=f"available: {', '.join(plugin_names(group)) or 'none'}")
    return load_plugins(group, (name,))[name]


def load_plugins(group: str, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The classes of a group by their names, in the order of these; None = all, alphabetically.

    Raises:
        MissingPartError: one cannot be imported.
    """
    points, found = _entry_points(group), {}
    for name in sorted(points) if names is None else names:
        try:
            found[name] = points[name].load()
        except Exception as error:  # whatever somebody else's module does when it is imported
            reason = f"{name} cannot be loaded: {error}"
            raise MissingPartError(reason, hint="install what it needs, then try again") from error
    return found


def engine_options(
    name: str, made: Any, table: Mapping[str, Any], environ: Mapping[str, str]
) -> dict[str, Any]:
    """The settings of `[engine.NAME]` and `QJAUDIO_NAME_…` that an engine takes, checked.

    The engine's `settings` names them with their defaults, whose types are those of the values;
    those of its `secrets` are taken from the environment, or the file that it names, so that no
    file of settings that is copied around holds one.
    """
    known: Mapping[str, Any] = made.settings
    secrets: tuple[str, ...] = getattr(made, "secrets", ())
    options: dict[str, Any] = {}
    for setting, value in table.items():
        if setting in secrets:
            reason = f"[engine.{name}] {setting} is a secret and does not belong in this file"
            raise UsageError(reason, hint=f"set {_variable(name, setting)} in the environment")
        if setting not in known:
            raise UsageError(
                f"[engine.{name}] has no setting {setting!r}",
                hint=f"known are {', '.join(sorted(set(known) - set(secrets))) or 'none'}",
            )
        options[setting] = _as_like(known[setting], value, f"[engine.{name}] {setting}")
    for setting, default in known.items():
        variable = _variable(name, setting)
        if variable in environ:
            options[setting] = _as_like(default, environ[variable], variable)
        elif setting in secrets and (file := environ.get(f"{variable}_FILE")):
            options[setting] = _secret_in(Path(file), f"{variable}_FILE")
    return options


def _secret_in(path: Path, variable: str) -> str:
    """The one line of a file that only its owner can read."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(
                f"others can read the file of {variable}",
                hint=f"chmod 600 {shlex.quote(str(path))}",
            )
        return path.read_text(encoding="utf-8")[:_LONGEST_SECRET].strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(
            f"the file of {variable} cannot be read: {reason}",
            hint=way_out(error, "put the secret into one line of it"),
        ) from error


def _variable(name: str, setting: str) -> str:
    return f"QJAUDIO_{name}_{setting}".upper()


def _as_like(default: Any, value: Any, where: str) -> Any:
    """The value in the type of the default, or a UsageError that does not show it."""
    if isinstance(default, tuple):
        if isinstance(value, str):
            value = [word.strip() for word in value.split(",") if word.strip()]
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise UsageError(f"{where} is not a list of texts", hint='write it as ["one", "another"]')
    if isinstance(default, bool) and isinstance(value, bool):
        return value
    if isinstance(default, float) and not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    elif isinstance(default, str | dict) and isinstance(value, type(default)):
        return value
    kinds = {bool: "true or false", float: "a number", str: "a text", dict: "a table"}
    raise UsageError(f"{where} must be {kinds[type(default)]}", hint="see docs/reference/config.md")
