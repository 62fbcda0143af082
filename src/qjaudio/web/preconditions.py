"""What the conditional headers of a request mean for a file (RFC 9110, section 13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


class Verdict(Enum):
    """How a request is to be answered."""

    SEND = 200
    NOT_MODIFIED = 304
    FAILED = 412


@dataclass(frozen=True, slots=True)
class Validators:
    """What a client can know a version of a file by."""

    etag: str
    """A strong entity tag with its quotes."""
    modified: int | None = None
    """Last-Modified in whole seconds since 1970; None where there is no such date."""


def http_date(seconds: int) -> str:
    """The time as HTTP writes it: `Tue, 20 May 2025 00:30:00 GMT`."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def parse_http_date(text: str) -> int | None:
    """Seconds since 1970 of any of HTTP's three forms of a date; None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # asctime names no zone; it is GMT by definition
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def judge(headers: Mapping[str, str], file: Validators) -> Verdict:
    """Decide in the order of RFC 9110 13.2.2: an entity tag beats a date."""
    if "If-Match" in headers:
        if not _matches(headers["If-Match"], file.etag, weak=False):
            return Verdict.FAILED
    elif _changed_since(headers.get("If-Unmodified-Since"), file.modified) is True:
        return Verdict.FAILED
    if "If-None-Match" in headers:
        unchanged = _matches(headers["If-None-Match"], file.etag, weak=True)
    else:
        unchanged = _changed_since(headers.get("If-Modified-Since"), file.modified) is False
    return Verdict.NOT_MODIFIED if unchanged else Verdict.SEND


def range_applies(headers: Mapping[str, str], file: Validators) -> bool:
    """Whether If-Range, where given, names this very version (strong comparison)."""
    condition = headers.get("If-Range")
    if condition is None:
        return True
    condition = condition.strip()
    if is_entity_tag(condition):
        return condition == file.etag
    return file.modified is not None and parse_http_date(condition) == file.modified


def is_entity_tag(condition: str) -> bool:
    """Whether the value of If-Range is an entity tag; else it is a date."""
    return condition.strip().startswith(('"', "W/"))


def _matches(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = _ENTITY_TAG.findall(header)
    return etag in ([tag.removeprefix("W/") for tag in tags] if weak else tags)


def _changed_since(header: str | None, modified: int | None) -> bool | None:
    """Whether the file is younger than the date of the header; None where that cannot be said."""
    since = parse_http_date(header) if header else None
    return None if since is None or modified is None else modified > since
