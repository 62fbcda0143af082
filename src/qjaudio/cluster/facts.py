"""What a machine would speak with: two machines with the same facts make the same episode."""

import functools
import hashlib
import importlib.metadata
import platform
import re
from pathlib import Path

import qjaudio
from qjaudio import rules, store
from qjaudio.cluster.model import Facts
from qjaudio.engines import kokoro

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OURS = (".py", ".tsv", ".toml", ".bin")


@functools.cache
def facts(*, with_model: bool) -> Facts:
    """Those of this machine; `with_model` reads the offline voice's model, 90 MB.

    Raises:
        MissingPartError: the model is not there or is damaged.
    """
    return Facts(build=_build(), model=_model() if with_model else "", parts=_parts())


def _build() -> str:
    """One hash of our program, rules and voices, by name and bytes."""
    package, voices = Path(qjaudio.__file__).parent, rules.voices_folder()
    found = {f"qjaudio/{path.relative_to(package)}": path for path in package.rglob("*.*")}
    found = {name: path for name, path in found.items() if not name.startswith("qjaudio/voices/")}
    found |= {f"voices/{path.relative_to(voices)}": path for path in voices.rglob("*.*")}
    whole = hashlib.sha256()
    for name, path in sorted(found.items()):
        if path.suffix in _OURS:
            whole.update(f"{name} {store.sha256_of(path)}\n".encode())
    return whole.hexdigest()


def _model() -> str:
    return store.sha256_of(kokoro.model_path())


def _parts() -> dict[str, str]:
    """The versions of Python and of what the package needs without extras."""
    found = {"python": platform.python_version()}
    for line in importlib.metadata.requires("qjaudio") or ():
        match = _NAME.match(line)
        if match and "extra ==" not in line:
            try:
                found[match[0]] = importlib.metadata.version(match[0])
            except importlib.metadata.PackageNotFoundError:
                continue  # only asked for by another Python
    return found
