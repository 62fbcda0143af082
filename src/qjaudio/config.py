"""Settings: a flag beats `QJAUDIO_*`, that beats `qjaudio.toml`, that beats the default."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qjaudio.errors import UsageError

FILE = "qjaudio.toml"
DEFAULT_PAPER = "今日衢江"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. In `qjaudio.toml` they stand as `name = value`, in any table."""

    paper: str = ""
    """The paper's name; empty = as the masthead says."""
    title: str = ""
    """The show's title; empty = made from the paper's name."""
    description: str = ""
    author: str = ""
    email: str = ""
    link: str = ""
    base_url: str = ""
    """Where `out/` is reached: `https://example.cn/qj/`. `serve` works without it."""
    guid: str = ""
    """The show's podcast:guid, to keep it when the feed moves."""
    out: str = "out"
    issues: str = "issues"
    epaper: str = ""
    """The first page of a day on the paper's site: `…/{year}-{month}/{day}/node_1.htm`."""
    voice: str = "auto"
    """`auto`, an engine (`edge`, `kokoro`, `silent`) or a voice (`kokoro:zm_yunxi`)."""
    minutes: float | None = None
    """Fill or trim the episode to about this long; unset = headlines and leads."""
    cast: str = ""
    """A cast.toml of your own."""
    lexicon: str = ""
    """A lexicon.tsv of your own, beside the one that comes with the program."""
    edge_proxy: str = ""
    """HTTP proxy for the online voice."""
    edge_endpoint: str = ""
    """Another address of the online voice's service (ws:// or wss://)."""

    @property
    def out_folder(self) -> Path:
        """Where episodes are written."""
        return Path(self.out)


def load(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Config:
    """Put the settings together from flags that are not None, environment and qjaudio.toml.

    Raises:
        UsageError: a setting has the wrong type, or the file an unknown name.
    """
    environ = os.environ if environ is None else environ
    found = _from_file((folder or Path()) / FILE)
    for name in _types():
        if f"QJAUDIO_{name.upper()}" in environ:
            found[name] = environ[f"QJAUDIO_{name.upper()}"]
    found |= {name: value for name, value in (flags or {}).items() if value is not None}
    config = Config(**{name: _checked(name, value) for name, value in found.items()})
    return replace(config, base_url=_checked_url(config.base_url))


def _types() -> dict[str, Any]:
    return {field.name: field.type for field in fields(Config)}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}", hint="mend or remove the file") from error
    found: dict[str, Any] = {}
    for name, value in tables.items():
        found |= value if isinstance(value, dict) else {name: value}
    unknown = sorted(set(found) - set(_types()))
    if unknown:
        raise UsageError(
            f"{path} has an unknown setting: {', '.join(unknown)}",
            hint=f"known are {', '.join(_types())}",
        )
    return found


def _checked(name: str, value: Any) -> Any:
    if name == "minutes":
        try:
            minutes = None if value in (None, "") else float(value)
        except (TypeError, ValueError):
            minutes = -1.0
        if minutes is not None and not 0 < minutes <= 24 * 60:
            raise UsageError(f"minutes = {value!r} is no length", hint="give minutes, e.g. 12")
        return minutes
    if not isinstance(value, str):
        raise UsageError(f"{name} = {value!r} must be text", hint=f'write {name} = "…" in {FILE}')
    return value


def _checked_url(url: str) -> str:
    if not url:
        return ""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise UsageError(
            f"base_url {url!r} is no web address",
            hint='write it with its scheme: base_url = "https://example.cn/qj/"',
        )
    return url.rstrip("/") + "/"
