"""Pages that lie in a remote place: which dates it has, and those of one date as local files."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

from qjaudio.config import Config
from qjaudio.errors import UsageError
from qjaudio.pipeline.ranges import ranges_of
from qjaudio.targets.address import Place, place_of
from qjaudio.targets.model import Target


def remote_issues(config: Config) -> Place | None:
    """Where the issues are, if that is no local folder.

    Raises:
        UsageError: it is an address that we cannot read from.
    """
    if "://" not in config.issues:
        return None
    return place_of(config.issues, endpoint=config.s3_endpoint)


def pages_of(issues: str, date: str) -> dict[str, int]:
    """Name and length of each page of a date in a local folder of issues."""
    root = Path(issues)
    there = (*root.glob(f"{date}.*"), *(root / date).rglob("*"))
    return {str(path.relative_to(root)): path.stat().st_size for path in there if path.is_file()}


def fetch_issue(target: Target, date: str, folder: Path) -> None:
    """Bring the pages of a date, if there are any, into a local folder of issues.

    They are a folder of that name, or a file whose name begins with the date and a point.
    """
    for name in _names(target, date):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(target.read(name))


def list_issues(
    target: Target, words: Sequence[str], since: str | None, now: datetime.datetime, folder: Path
) -> None:
    """Make an empty file for each page of the dates that are asked for: names are all that counts.

    Raises:
        UsageError: nothing says which dates to ask for, or the words are off.
    """
    ranges = ranges_of(words, since, now)
    if not ranges:
        raise UsageError(
            "a remote place of issues is asked date by date", hint="give a range, or --since DATE"
        )
    loose = list(target.listing(""))
    for begin, end in ranges:
        for number in range((end - begin).days + 1):
            date = (begin + datetime.timedelta(days=number)).isoformat()
            for name in (*_beginning(loose, date), *target.listing(date)):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).touch()


def _names(target: Target, date: str) -> list[str]:
    """The pages of a date; whatever else lies there is left out, and so are hidden files."""
    inside = [name for name in target.listing(date) if not Path(name).name.startswith(".")]
    return inside or _beginning(target.listing(""), date)


def _beginning(names: Iterable[str], date: str) -> list[str]:
    return [name for name in names if name.startswith(f"{date}.")]
