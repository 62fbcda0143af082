"""The workers that may speak: each is examined once before it gets a date."""

import pkgutil
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qjaudio import __version__
from qjaudio.cluster import worker
from qjaudio.cluster.facts import facts
from qjaudio.cluster.model import Examined, Facts, Site
from qjaudio.errors import EngineError, MissingPartError, QjaudioError

if TYPE_CHECKING:
    from distributed import Client, Future

EXAMINE_S = 60.0
"""A worker that is busy with another run's date is examined when it is done with it."""
_VERSION = "qjaudio:__version__"


class Fleet:
    """Who is there, who may work, and why the others may not."""

    def __init__(
        self, client: "Client", sites: Sequence[Site], say: Callable[[str], None], *,
        with_model: bool,
    ) -> None:  # fmt: skip
        self._client, self._sites, self._say = client, sites, say
        self._with_model = with_model
        self._ours = facts(with_model=with_model)
        self._pending: dict[str, Future] = {}
        self._approved: set[str] = set()
        self._refused: dict[str, QjaudioError] = {}
        self._assembled = False
        self.alive: frozenset[str] = frozenset()
        self.closed: dict[str, QjaudioError] = {}
        """Why the dates of a site cannot be made, by its run: a worker does not reach it."""

    @property
    def fit(self) -> list[str]:
        """The addresses of the workers that are there and may work."""
        return sorted(self._approved & self.alive)

    def assemble(self) -> None:
        """Wait until the first workers may work, and all that answer have been examined.

        A site that one of them does not reach is `closed` from now on.

        Raises:
            QjaudioError: one of them may not: another version, no model.
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
        self._assembled = True
        self._say(f"{len(self.fit)} workers: {', '.join(self.fit)}")

    def look(self) -> None:
        """See who has come and who has gone; nobody is waited for."""
        before = self.alive
        self.alive = frozenset(self._client.ncores())
        for address in self.alive - before:
            self._pending[address] = self._ask(address, pkgutil.resolve_name, _VERSION)
        for address in list(self._pending):
            if address not in self.alive:
                self._forget(address)
        for address, future in list(self._pending.items()):
            if future.done():
                answer = _answer(future)
                self._forget(address)
                self._heard(address, answer)
        for address in sorted(before - self.alive):
            self._approved.discard(address)  # whoever comes back there may be another
            self._say(f"worker {address} has gone")

    def _ask(
        self, address: str, function: Callable[..., Any], *words: Any, **named: Any
    ) -> "Future":
        return self._client.submit(
            function, *words, **named, workers=[address], allow_other_workers=False, pure=False,
            priority=9,
        )  # fmt: skip

    def _forget(self, address: str) -> None:
        self._pending.pop(address).cancel()

    def _heard(self, address: str, answer: Any) -> None:
        """First the version, by a question that any Python understands: a worker that gets one of
        our own types and does not know it breaks down without a word."""
        if answer == __version__:
            self._pending[address] = self._ask(
                address, worker.examine, self._sites, with_model=self._with_model
            )
        elif refusal := self._refusal(address, answer):
            self._refused[address] = refusal
            self._say(f"{refusal}; it gets no date")
        else:
            self._approve(address, answer)

    def _approve(self, address: str, found: Examined) -> None:
        self._approved.add(address)
        theirs, ours = found.facts.parts, self._ours.parts
        others = sorted(name for name in ours if theirs.get(name) != ours[name])
        if others:
            told = ", ".join(f"{name} {theirs.get(name)} (here {ours[name]})" for name in others)
            self._say(f"worker {address} has {told}: its audio may differ in a few bytes")

    def _refusal(self, address: str, answer: Any) -> QjaudioError | None:
        who = f"worker {address}"
        hint = f'there: pip install "qjaudio[cluster]=={__version__}", then start the worker again'
        if isinstance(answer, ImportError | AttributeError):
            return MissingPartError(f"{who} has no qjaudio", hint=hint)
        if isinstance(answer, str):
            return MissingPartError(f"{who} has qjaudio {answer}, this is {__version__}", hint=hint)
        if isinstance(answer, Examined):
            return self._difference(who, answer.facts) or self._way_closed(who, answer)
        if not isinstance(answer, QjaudioError):
            return EngineError(f"{who} cannot work: {answer!r}", hint="see its own log")
        return _of_worker(who, answer)

    def _way_closed(self, who: str, found: Examined) -> QjaudioError | None:
        """A site that nobody has missed before: at the beginning only its own dates suffer."""
        news = {run: _of_worker(who, error) for run, error in found.closed.items()}
        if not self._assembled:
            self.closed |= news
            return None
        return next((error for run, error in news.items() if run not in self.closed), None)

    def _difference(self, who: str, found: Facts) -> MissingPartError | None:
        """Why a worker of the same version would not speak as we do."""
        if found.build != self._ours.build:
            return MissingPartError(
                f"{who} has other files of qjaudio {__version__}: {found.build[:12]},"
                f" this is {self._ours.build[:12]}",
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


def _of_worker(who: str, error: QjaudioError) -> QjaudioError:
    """What went wrong on a worker; an error without a kind is none of the caller's."""
    kind = type(error) if error.exit_code > 1 else EngineError
    return kind(f"{who}: {error}", hint=error.hint)


def _answer(future: "Future") -> Any:
    """The result of a finished future, or its error."""
    if future.status == "finished":
        return future.result(timeout=EXAMINE_S)
    if future.status == "error":
        return future.exception(timeout=EXAMINE_S)
    return None
