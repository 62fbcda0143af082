"""The place that the caller and all workers reach: finished dates lie there as bundles."""

import contextlib
import datetime
import hashlib
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qjaudio import store
from qjaudio.config import Config
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.feed.rss import COMPANIONS
from qjaudio.pipeline import catalogue, publishing
from qjaudio.store import OutFolder
from qjaudio.targets import RetryingTarget, open_target, place_of
from qjaudio.targets.model import Place, Target, Upload
from qjaudio.targets.sending import upload_of

RECORD = "episode.json"
SCRIPT = "script.md"
STAGES = ("issue.json", "script.json", SCRIPT, RECORD)
"""What a worker is given of a finished date, and what it gives back."""
_BEGINNING = ("issue.json", "script.json", SCRIPT)
AUDIO = ".mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The finished files of a date, as one file in the storage."""

    name: str
    size: int
    sha256: str


def bundle_names(date: str) -> Iterator[str]:
    """Every file of a date below `out/`, in the order in which `make` writes them.

    The record, which makes the episode count, comes last; the audio just before it.
    """
    yield from (f"{date}{suffix}" for suffix in COMPANIONS)
    yield from (f"{date}/{name}" for name in _BEGINNING)
    yield f"{date}{AUDIO}"
    yield f"{date}/{RECORD}"


def pack_bundle(out: OutFolder, date: str, path: Path) -> None:
    """Put the files of a date into one; they are compressed already, most of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        for name in bundle_names(date):
            if (out.root / name).is_file():
                bundle.write(out.root / name, name)


def unpack_bundle(
    path: Path, out: OutFolder, date: str, config: Config, sent_script: bytes | None
) -> None:
    """Bring a bundle into `out/` as `make` would have written it there; for the lock's holder.

    A former episode stays whole in the feed until all is there (see `replacing`). A script.md that
    somebody has edited since `sent_script` went to the worker is kept: the next run speaks it.

    Raises:
        EngineError: the bundle is damaged or lacks what every episode has.
        NotWritableError: `out/` cannot be written.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            there = set(bundle.namelist())
            if not {f"{date}{AUDIO}", f"{date}/{RECORD}"} <= there:
                raise _damaged_bundle(date)
            where = out if config.review == "none" else out.drafts
            if where is out and (former := catalogue.recorded_episode(out, date)):
                publishing.make_way(out, config, former.episode)
            for name in (name for name in bundle_names(date) if name in there):
                if name == f"{date}/{SCRIPT}" and _script_bytes(out, date) != sent_script:
                    continue
                with (
                    store.writing(_path_of(name, where, date)) as beside,
                    bundle.open(name) as packed,
                    beside.open("wb") as file,
                ):
                    shutil.copyfileobj(packed, file, 1 << 20)
    except zipfile.BadZipFile as error:
        raise _damaged_bundle(date) from error


def _path_of(name: str, where: OutFolder, date: str) -> Path:
    """Where a file of a bundle belongs."""
    folder, slash, last = name.rpartition("/")
    return where.stage(folder, last) if slash else where.published(date, name.removeprefix(date))


def _script_bytes(out: OutFolder, date: str) -> bytes | None:
    with contextlib.suppress(OSError):
        return out.stage(date, SCRIPT).read_bytes()
    return None


def _damaged_bundle(date: str) -> EngineError:
    reason = f"what a worker has handed in for {date} is not a whole episode"
    return EngineError(reason, hint="run this again for that date")


FOLDER = "bundles"
MARK = ".mark"
ANSWER_S = 60.0
"""How long a small answer of the scheduler is waited for."""
STALE_DAYS = 7
"""What a killed run has left in the storage goes after this time: no bundle waits so long."""
MARK_DAYS = 366
"""A run of years over many papers may be as long; a mark has twenty bytes."""


def storage_place(config: Config) -> Place:
    """Where the workers of a show hand in, by default in `out/.cache`; raises as `place_of`."""
    if config.cluster_storage:
        return place_of(config.cluster_storage, endpoint=config.s3_endpoint)
    return place_of(str(config.output.cache))


def new_run() -> str:
    """A name that no other run has."""
    return f"run-{secrets.token_hex(8)}"


@contextlib.contextmanager
def open_storage(place: Place, say: Callable[[str], None] = lambda _: None) -> Iterator["Storage"]:
    """The storage of a place, asked again while the network fails; raises as `open_target`."""
    with open_source(place, say) as target:
        yield Storage(target, place)


@contextlib.contextmanager
def open_source(place: Place, say: Callable[[str], None] = lambda _: None) -> Iterator[Target]:
    """The target of a place, as `open_storage` has it: for those who only read."""
    with contextlib.closing(RetryingTarget(open_target(place), say=say)) as target:
        yield target


class Storage:
    """The files of runs: a mark while the run is on, a bundle for each finished date."""

    def __init__(self, target: Target, place: Place) -> None:
        self._target, self._place = target, place

    def begin(self, run: str, now: datetime.datetime) -> None:
        """Set the mark of a run, and clear away what dead runs have left long ago."""
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder) / "mark"
            mark.write_text(run, encoding="utf-8")
            self._put(mark, _mark_name(run))
        for name, stored in self._target.listing(FOLDER).items():
            days = MARK_DAYS if name.endswith(MARK) else STALE_DAYS
            if now.timestamp() - stored.modified > days * 86_400:
                self._target.remove(name)

    def end(self, run: str) -> None:
        """Remove the mark and all parcels of a run; what cannot be removed gets stale."""
        with contextlib.suppress(QjaudioError):
            self._target.remove(_mark_name(run))
            for name in self._target.listing(FOLDER):
                if name.startswith(f"{FOLDER}/{run}."):
                    self._target.remove(name)

    def is_on(self, run: str) -> bool:
        """Whether the caller of a run still waits for it, as far as can be told."""
        try:
            return self._target.stat(_mark_name(run)) is not None
        except EngineError:
            return True

    def check(self, run: str) -> None:
        """Raise QjaudioError unless this machine reads what the caller wrote, and can write."""
        if self._target.read(_mark_name(run)).decode("utf-8", "replace") != run:
            reason = f"{self._place.label} holds another run's mark"
            raise EngineError(reason, hint="run this again")
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe"
            probe.write_text(run, encoding="utf-8")
            name = f"{FOLDER}/{run}.{secrets.token_hex(8)}.probe"
            self._put(probe, name)
            self._target.remove(name)

    def hand_in(self, path: Path, run: str, date: str) -> Bundle:
        """Send a file under a name of its own, so that two workers of one date never meet."""
        name = f"{FOLDER}/{run}.{date}.{secrets.token_hex(8)}.zip"
        upload = self._put(path, name)
        return Bundle(name=name, size=upload.size, sha256=upload.sha256)

    def fetch(self, bundle: Bundle, path: Path) -> None:
        """Bring a bundle into a local file and remove it there; EngineError where it is another."""
        content = self._target.read(bundle.name)
        if hashlib.sha256(content).hexdigest() != bundle.sha256:
            raise EngineError(
                f"{self._place.label} returned different bytes than were written: {bundle.name}",
                hint="run this again; if it stays, check that storage",
            )
        path.write_bytes(content)
        with contextlib.suppress(QjaudioError):
            self._target.remove(bundle.name)

    def _put(self, path: Path, name: str) -> Upload:
        upload = upload_of(path, name)
        self._target.put(upload, name)
        return upload


def _mark_name(run: str) -> str:
    return f"{FOLDER}/{run}{MARK}"
