"""Sources and engines by name, from entry points: ours and those of others in the same way."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from qjaudio.errors import MissingPartError, UsageError

SOURCES = "qjaudio.sources"
ENGINES = "qjaudio.engines"


def plugin_names(group: str) -> tuple[str, ...]:
    """The names in a group; imports nothing."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def load_plugin(group: str, name: str) -> Any:
    """The class behind a name.

    Raises:
        UsageError: there is none of that name.
        MissingPartError: it cannot be imported.
    """
    points: list[EntryPoint] = list(entry_points(group=group, name=name))
    if not points:
        kind = group.rpartition(".")[2].rstrip("s")
        raise UsageError(
            f"no {kind} {name!r}", hint=f"there are: {', '.join(plugin_names(group)) or 'none'}"
        )
    try:
        return points[0].load()
    except ImportError as error:
        raise MissingPartError(
            f"{name} cannot be loaded: {error}", hint="install what it needs, then try again"
        ) from error
