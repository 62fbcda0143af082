"""The show is brought to the place where the world finds it."""

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qjaudio.config import Config
from qjaudio.errors import NotAnIssueError, QjaudioError, UsageError
from qjaudio.pipeline import catalogue
from qjaudio.pipeline.locking import locked
from qjaudio.pipeline.publishing import publish_feed
from qjaudio.pipeline.reporting import Progress
from qjaudio.store import OutFolder
from qjaudio.targets.model import Place, Stored, Target, Upload
from qjaudio.targets.opening import RetryingTarget, open_target, place_of
from qjaudio.targets.planning import (
    Manifest,
    UploadPlan,
    is_ours,
    plan_uploads,
    upload_of,
)
from qjaudio.targets.sending import Sender, check_ownership
from qjaudio.web.published import medium_of, published_path

MANIFESTS = ".published"
"""The folder in `out/` that remembers what each target holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What was sent, or would be."""

    target: str
    sent: tuple[Upload, ...]
    """In the order in which the files appear on the target."""
    unchanged: int
    dry_run: bool

    @property
    def sent_bytes(self) -> int:
        """The length of all that was sent."""
        return sum(upload.size for upload in self.sent)


def mirror(  # noqa: PLR0913 - the last two are for tests and other callers
    *,
    target: str | None,
    config: Config,
    out: OutFolder,
    progress: Progress,
    now: datetime.datetime,
    dry_run: bool = False,
    adopt: bool = False,
    opener: Callable[[Place], Target] = open_target,
    sleep: Callable[[float], None] = time.sleep,
) -> Mirrored:
    """Rebuild the feed, then send what the target has not, audio first and the feed last.

    Raises:
        UsageError: the target or base_url is off, another run publishes there, or, without
            `adopt`, files lie there that this show has not sent and that would be replaced.
        NotAnIssueError: there is no finished episode.
        MissingPartError: the extra for this kind of target is not installed.
        EngineError: the target failed.
        NotWritableError: the target or the output folder cannot be written.
    """
    place = place_of(target or config.publish_to, endpoint=config.s3_endpoint)
    _check(place, config, out)
    with _alone(place, out, now):
        publish_feed(out, config, tell=progress.say)
        manifest = Manifest(out.root / MANIFESTS / f"{place.key}.jsonl")
        wanted = tuple(publishable(out, config, manifest))
        retrying = RetryingTarget(opener(place), say=progress.say, sleep=sleep)
        with contextlib.closing(retrying) as reached:
            stored = _listing(reached, wanted)
            what = plan_uploads(wanted, stored, manifest.entries)
            if not adopt:
                check_ownership(place, reached, what, stored, manifest)
            if not dry_run:
                _send(Sender(reached, manifest, stored, progress.say), what, now)
    return Mirrored(
        target=place.label, sent=what.sends, unchanged=len(what.unchanged), dry_run=dry_run
    )


def publishable(out: OutFolder, config: Config, manifest: Manifest) -> Iterator[Upload]:
    """The files of `out/` that are ours to publish: those that `serve` shows, less foreign ones.

    A file whose size and time of change are as remembered is not hashed again.
    """
    episodes = catalogue.episodes_of(out)
    dates = {one.date for one in episodes if catalogue.may_publish(one, config)}
    for path in sorted(out.root.iterdir()):
        if is_ours(path.name, dates) and (medium := medium_of(path.name)):
            if published_path(out.root, (path.name,)) is None:  # a folder, or a link out of it
                continue
            yield upload_of(
                path,
                path.name,
                manifest.entries.get(path.name),
                media_type=medium.media_type,
                cache_control=medium.cache_control,
            )


def _check(place: Place, config: Config, out: OutFolder) -> None:
    if not config.base_url:
        raise UsageError(
            "there is no base_url, so the feed would name this computer only",
            hint='set where the files will be reached: base_url = "https://example.cn/qj/"',
        )
    root = out.root.resolve()
    if place.kind == "folder" and Path(place.path).resolve().is_relative_to(root):
        raise UsageError(
            f"the target {place.path} lies in the output folder", hint="give a folder elsewhere"
        )
    if catalogue.newest_episode(out, config) is None:
        raise NotAnIssueError(
            f"there is no finished episode in {out.root}", hint="make one: qjaudio make DATE"
        )


@contextlib.contextmanager
def _alone(place: Place, out: OutFolder, now: datetime.datetime) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(out, f"publish-{place.key}", now))
        except UsageError as error:
            raise UsageError(
                f"another run is publishing to {place.label}", hint="wait for it or stop it"
            ) from error
        yield


def _listing(target: Target, wanted: Sequence[Upload]) -> dict[str, Stored]:
    folders = {upload.name.rpartition("/")[0] for upload in wanted}
    return {
        name: there for folder in sorted(folders) for name, there in target.listing(folder).items()
    }


def _send(sender: Sender, what: UploadPlan, now: datetime.datetime) -> None:
    try:
        sender.tidy(what, now.timestamp())
        sender.send(what)
    except QjaudioError as error:
        state = (
            f"{len(sender.shown)} of {len(what.sends)} files are there; "
            "the feed there names only what is there"
        )
        raise type(error)(f"{error}; {state}", hint=error.hint or "run this again") from error
