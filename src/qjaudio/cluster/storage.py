"""The place that the caller and all workers reach: parcels lie there until they are taken."""

import contextlib
import datetime
import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from qjaudio.cluster.model import Parcel
from qjaudio.config import Config
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.store import OutFolder
from qjaudio.targets.address import Place, place_of
from qjaudio.targets.model import Target, Upload
from qjaudio.targets.opening import open_target
from qjaudio.targets.retrying import Retrying
from qjaudio.targets.sending import digests

FOLDER = "parcels"
MARK = ".mark"
ANSWER_S = 60.0
"""How long a small answer of the scheduler is waited for."""
STALE_DAYS = 7
"""What a killed run has left in the storage goes after this time: no parcel waits so long."""
MARK_DAYS = 366
"""A run of years over many papers may be as long; a mark has twenty bytes."""


def place_for(config: Config) -> Place:
    """Where the workers of a show hand in: as the settings say, else in the output folder's cache.

    Raises:
        UsageError: the setting names nothing that we can write to.
    """
    if config.cluster_storage:
        return place_of(config.cluster_storage, endpoint=config.s3_endpoint)
    return place_of(str(OutFolder(config.out_folder).cache))


def new_run() -> str:
    """A name that no other run has."""
    return f"run-{secrets.token_hex(8)}"


@contextlib.contextmanager
def opened(place: Place, told: Callable[[str], None] = lambda _: None) -> Iterator["Storage"]:
    """The storage of a place; each step is tried again while the network fails.

    Raises:
        MissingPartError: the extra for this kind of place is not installed.
    """
    with reading(place, told) as target:
        yield Storage(target, place)


@contextlib.contextmanager
def reading(place: Place, told: Callable[[str], None] = lambda _: None) -> Iterator[Target]:
    """The target of a place, as `opened` has it: for those who only read."""
    target = Retrying(open_target(place), told=told)
    try:
        yield target
    finally:
        target.close()


class Storage:
    """The files of runs: a mark while the run is on, a parcel for each finished date."""

    def __init__(self, target: Target, place: Place) -> None:
        self._target, self._place = target, place

    def begin(self, run: str, now: datetime.datetime) -> None:
        """Set the mark of a run, and clear away what dead runs have left long ago."""
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder) / "mark"
            mark.write_text(run, encoding="utf-8")
            self._put(mark, _mark(run))
        for name, stored in self._target.listing(FOLDER).items():
            days = MARK_DAYS if name.endswith(MARK) else STALE_DAYS
            if now.timestamp() - stored.modified > days * 86_400:
                self._target.remove(name)

    def end(self, run: str) -> None:
        """Remove the mark and all parcels of a run; what cannot be removed gets stale."""
        with contextlib.suppress(QjaudioError):
            self._target.remove(_mark(run))
            for name in self._target.listing(FOLDER):
                if name.startswith(f"{FOLDER}/{run}."):
                    self._target.remove(name)

    def is_on(self, run: str) -> bool:
        """Whether the caller of a run still waits for it, as far as can be told."""
        try:
            return self._target.stat(_mark(run)) is not None
        except EngineError:
            return True

    def check(self, run: str) -> None:
        """Make sure that this machine can read what the caller has written, and write itself.

        Raises:
            QjaudioError: it cannot.
        """
        if self._target.read(_mark(run)).decode("utf-8", "replace") != run:
            raise EngineError(f"{self._place.label} holds another run's mark")
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe"
            probe.write_text(run, encoding="utf-8")
            name = f"{FOLDER}/{run}.{secrets.token_hex(8)}.probe"
            self._put(probe, name)
            self._target.remove(name)

    def hand_in(self, path: Path, run: str, date: str) -> Parcel:
        """Send a file under a name of its own, so that two workers of one date never meet."""
        name = f"{FOLDER}/{run}.{date}.{secrets.token_hex(8)}.zip"
        upload = self._put(path, name)
        return Parcel(name=name, size=upload.size, sha256=upload.sha256)

    def fetch(self, parcel: Parcel, path: Path) -> None:
        """Bring a parcel into a local file, and remove it from the storage.

        Raises:
            EngineError: it is not the one that was handed in.
            QjaudioError: the storage or the disk failed.
        """
        content = self._target.read(parcel.name)
        if hashlib.sha256(content).hexdigest() != parcel.sha256:
            raise EngineError(
                f"{self._place.label} gave back other bytes than it got: {parcel.name}",
                hint="run this again; if it stays, check that storage",
            )
        path.write_bytes(content)
        with contextlib.suppress(QjaudioError):
            self._target.remove(parcel.name)

    def _put(self, path: Path, name: str) -> Upload:
        sha256, md5 = digests(path)
        status = path.stat()
        upload = Upload(
            name=name,
            path=path,
            size=status.st_size,
            sha256=sha256,
            md5=md5,
            modified_ns=status.st_mtime_ns,
        )
        self._target.put(upload, name)
        return upload


class Stores:
    """One open storage for each place, however many shows hand in there."""

    def __init__(self, opened: contextlib.ExitStack, told: Callable[[str], None]) -> None:
        """What is opened is closed with the stack."""
        self._opened, self._told = opened, told
        self._there: dict[Place, Storage] = {}

    def begun(self, place: Place, run: str, now: datetime.datetime) -> Storage:
        """The storage of a place, with the mark of a run that goes at the end.

        Raises:
            QjaudioError: it cannot be reached or written.
        """
        if place not in self._there:
            self._there[place] = self._opened.enter_context(opened(place, self._told))
        there = self._there[place]
        there.begin(run, now)
        self._opened.callback(there.end, run)
        return there


def _mark(run: str) -> str:
    return f"{FOLDER}/{run}{MARK}"
