"""The workers that may speak: each is examined once before it gets a date."""

import pkgutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qjaudio import __version__
from qjaudio.cluster import worker
from qjaudio.cluster.facts import facts
from qjaudio.cluster.model import Facts
from qjaudio.errors import EngineError, MissingPartError, QjaudioError
from qjaudio.targets.address import Place

if TYPE_CHECKING:
    from distributed import Client, Future

EXAMINE_S = 60.0
"""A worker that is busy with another run's date is examined when it is done with it."""
_VERSION = "qjaudio:__version__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a worker is asked: does it reach the storage, does it see the pages?"""

    place: Place
    run: str
    issues: str | None
    with_model: bool


class Fleet:
    """Who is there, who may work, and why the others may not."""

    def __init__(self, client: "Client", asked: Asked, say: Callable[[str], None]) -> None:
        self._client, self._asked, self._say = client, asked, say
        self._ours = facts(with_model=asked.with_model)
        self._pending: dict[str, tuple[Future, Future]] = {}
        self._approved: set[str] = set()
        self._refused: dict[str, QjaudioError] = {}
        self.alive: frozenset[str] = frozenset()

    @property
    def fit(self) -> list[str]:
        """The addresses of the workers that are there and may work."""
        return sorted(self._approved & self.alive)

    def assemble(self) -> None:
        """Wait until the first workers may work, and all that answer have been examined.

        Raises:
            QjaudioError: one of them may not: another version, no model, no way to the storage.
            EngineError: there is no worker at all.
        """
        deadline = time.monotonic() + EXAMINE_S
        while True:
            self.look()
            if self._refused:
                raise next(iter(self._refused.values()))
            if self.fit and not self._pending:
                break
            if time.monotonic() > deadline:
                if self.fit:
                    break
                raise self._nobody()
            time.sleep(0.1)
        self._say(f"{len(self.fit)} workers: {', '.join(self.fit)}")

    def look(self) -> None:
        """See who has come and who has gone; nobody is waited for."""
        before = self.alive
        self.alive = frozenset(self._client.ncores())
        for address in self.alive - before:
            self._pending[address] = self._examination(address)
        for address in list(self._pending):
            if address not in self.alive:
                self._forget(address)
        for address, (version, found) in list(self._pending.items()):
            if version.done() and (found.done() or _answer(version) != __version__):
                self._judge(address, _answer(version), _answer(found))
                self._forget(address)
        for address in sorted(before - self.alive):
            self._say(f"worker {address} has gone")

    def _examination(self, address: str) -> tuple["Future", "Future"]:
        asked = self._asked
        pinned = {"workers": [address], "allow_other_workers": False, "pure": False, "priority": 9}
        version = self._client.submit(pkgutil.resolve_name, _VERSION, **pinned)
        found = self._client.submit(
            worker.examine,
            asked.place,
            asked.run,
            with_model=asked.with_model,
            issues=asked.issues,
            **pinned,
        )
        return version, found

    def _forget(self, address: str) -> None:
        for future in self._pending.pop(address):
            future.cancel()

    def _judge(self, address: str, version: Any, found: Any) -> None:
        """Let it work, or note why not."""
        if refusal := self._refusal(address, version, found):
            self._refused[address] = refusal
            self._say(f"{refusal}; it gets no date")
            return
        self._approved.add(address)
        theirs, ours = found.parts, self._ours.parts
        others = sorted(name for name in ours if theirs.get(name) != ours[name])
        if others:
            told = ", ".join(f"{name} {theirs.get(name)} (here {ours[name]})" for name in others)
            self._say(f"worker {address} has {told}: its audio may differ in a few bytes")

    def _refusal(self, address: str, version: Any, found: Any) -> QjaudioError | None:
        who = f"worker {address}"
        hint = f'there: pip install "qjaudio[cluster]=={__version__}", then start the worker again'
        if isinstance(version, ImportError | AttributeError):
            return MissingPartError(f"{who} has no qjaudio", hint=hint)
        if isinstance(version, str) and version != __version__:
            return MissingPartError(
                f"{who} has qjaudio {version}, this is {__version__}", hint=hint
            )
        if isinstance(found, Facts):
            return self._difference(who, found)
        if not isinstance(found, QjaudioError):
            return EngineError(f"{who} cannot work: {found!r}", hint="see its own log")
        kind = type(found) if found.exit_code > 1 else EngineError
        return kind(f"{who}: {found}", hint=found.hint)

    def _difference(self, who: str, found: Facts) -> MissingPartError | None:
        """Why a worker of the same version would not speak as we do."""
        if found.build != self._ours.build:
            return MissingPartError(
                f"{who} has other files of qjaudio {__version__} than this machine",
                hint="install the same build on all of them; voices and rules count, too",
            )
        if found.model != self._ours.model:
            return MissingPartError(
                f"{who} has another offline voice: {found.model[:12]},"
                f" this is {self._ours.model[:12]}",
                hint="there: pip install --force-reinstall --no-cache-dir qjaudio",
            )
        return None

    def _nobody(self) -> EngineError:
        if self._pending:
            return EngineError(
                f"no worker answers, of {len(self._pending)}",
                hint="they are busy or paused: wait, or start others",
            )
        return EngineError(
            "the scheduler has no workers",
            hint="on each machine: dask worker tcp://SCHEDULER:8786 --nthreads 1",
        )


def _answer(future: "Future") -> Any:
    """The result of a finished future, or its error."""
    if future.status == "finished":
        return future.result(timeout=EXAMINE_S)
    if future.status == "error":
        return future.exception(timeout=EXAMINE_S)
    return None
