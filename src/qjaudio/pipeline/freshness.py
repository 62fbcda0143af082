"""Whether what is there was made of what is there now: one fingerprint for every such question.

A fingerprint is made of the kind of file, of the program's version and of the inputs. The audio of
an episode, a page, an archive of the feed keep theirs; where it is the same, nothing is made again.

To find that nothing has changed `make` reads and understands the pages, which takes a part of a
second for text and ten for scans. A range over years asks the file system alone: names, sizes and
times (`fingerprint_of_looks`). Whoever doubts it names the date itself, for that always reads.
"""

import datetime
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from qjaudio import __version__, rules, store
from qjaudio.config import LEXICON, Config
from qjaudio.errors import NotAnIssueError
from qjaudio.pipeline.lexicons import lexicon_path, own_lexicon
from qjaudio.pipeline.reading import CHINA, CORRECTIONS, location_of
from qjaudio.pipeline.scripting import SCRIPT, SCRIPT_JSON, script_is_spoken
from qjaudio.store import OutFolder

FOLDER = "seen"
RECENT_DAYS = 2
"""A site may correct an issue for so long: it is asked again for the episodes of these days."""
NOT_HEARD = frozenset(
    {
        "title", "description", "author", "producer", "email", "link", "base_url", "guid",
        "publish_to", "s3_endpoint", "cluster_storage", "key", "out", "days", "no_paper",
        "lang", "category", "copyright", "owner", "explicit", "publish_at", "colour", "logo",
        "cover", "footer", "whisper", "show_voice", "strict",
        "review", "webhook", "webhook_secret", "exports",
    }
)  # fmt: skip
"""Settings that never change an episode's audio."""
_STAGES = ("issue.json", "script.md", "script.json", "episode.json")


def fingerprint(kind: str, *inputs: object) -> str:
    """A hash of all that a file is made of; `inputs` are values whose `repr` tells all of them."""
    made_of = repr((kind, __version__, inputs))
    return hashlib.sha256(made_of.encode("utf-8", "surrogateescape")).hexdigest()


def fingerprint_of_looks(
    day: datetime.date, config: Config, now: datetime.datetime, *, force: bool
) -> str | None:
    """That of all an episode is made of, by the looks of the files; None = better look into it.

    To be taken before the pages are read: what changes meanwhile is noticed by the next run.
    """
    try:
        location = location_of(day, config)
    except NotAnIssueError:
        return None
    if location.startswith(("http://", "https://")):
        if day > now.astimezone(CHINA).date() - datetime.timedelta(days=RECENT_DAYS):
            return None
        pages: list[object] = [location]
    else:
        files = (Path(location), *sorted(Path(location).rglob("*")))
        pages = [(str(path), store.stamp_of(path)) for path in files]
    heard = [getattr(config, one.name) for one in fields(config) if one.name not in NOT_HEARD]
    cast = store.stamp_of(Path(config.cast)) if config.cast else []
    brand = [Path(name) for name in (config.phrases, config.sting_file, config.bed_file) if name]
    beside = (config.output.stage(day.isoformat(), name) for name in (CORRECTIONS, LEXICON))
    own = [cast, *map(store.stamp_of, (lexicon_path(config), *beside, *brand))]
    return fingerprint("looks", _stamps_of_rules(), heard, own, force, pages)


def content_parts(
    out: OutFolder, date: str, config: Config, engine: str, audio: Iterable[Path]
) -> dict[str, str]:
    """The hash of each part of an edition's exact content, as it is on the disk now.

    Of the show's lexicon those entries count whose words are in the script. A file that is not
    there has an empty hash.

    Raises:
        UsageError: the lexicon cannot be read.
    """
    files = {name: out.stage(date, name) for name in (SCRIPT, CORRECTIONS)}
    sums = {name: store.sha256_of(path) if path.is_file() else "" for name, path in files.items()}
    said = str(store.read_json(out.stage(date, SCRIPT_JSON)))
    entries = own_lexicon(config, date).entries
    used = sorted(repr(entry) for word, entry in entries.items() if word in said)
    cast = store.sha256_of(Path(config.cast)) if config.cast else ""
    return {
        "script": sums[SCRIPT],
        "corrections": sums[CORRECTIONS],
        "lexicon": hashlib.sha256("\n".join(used).encode()).hexdigest() if used else "",
        "voices": hashlib.sha256(f"{engine}\n{cast}".encode()).hexdigest(),
        "audio": " ".join(map(store.sha256_of, audio)),
    }


def is_remembered(out: OutFolder, date: str, looks: str | None) -> bool:
    """Whether the episode of a date was made of what looks so, and nobody edited its files."""
    return looks is not None and store.read_json(_path(out, date)) == _record(out, date, looks)


def remember(out: OutFolder, date: str, looks: str | None) -> None:
    """Note that the episode of a date is finished, and made of what looks so.

    A script.md that was saved while it was made is not noted: it has not been spoken yet.
    """
    if looks is None:
        return
    record = _record(out, date, looks)
    if script_is_spoken(out, date):  # read after its stamp is taken: what comes later is noticed
        store.write_json(_path(out, date), record)


def _path(out: OutFolder, date: str) -> Path:
    return out.cache / FOLDER / f"{date}.json"


def _record(out: OutFolder, date: str, looks: str) -> dict[str, object]:
    stages = [store.stamp_of(out.stage(date, name)) for name in _STAGES]
    return {"schema": store.SCHEMA, "inputs": looks, "stages": stages}


@functools.cache
def _stamps_of_rules() -> tuple[object, ...]:
    """Our own rules and voices, for those who work on them."""
    folders = (Path(rules.__file__).parent, rules.voices_folder())
    files = (path for folder in folders for path in sorted(folder.glob("*.t*")))
    return tuple((path.name, store.stamp_of(path)) for path in files)
