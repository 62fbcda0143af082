"""What travels between the caller and its workers: small values and one file for each date."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.one_day import Order
from qjaudio.targets.address import Place


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Task:
    """One date for one worker. It has no repr: Dask logs those, and settings may hold a password.

    The caller alone puts files into `out/`. A worker that was thought dead and comes back hands in
    a parcel of its own, which nobody takes.
    """

    date: str
    run: str
    """The caller's run: its files in the storage begin with it."""
    config: Config
    """The caller's settings; `issues` is an absolute path where it is one."""
    order: Order
    now: datetime.datetime
    storage: Place
    issues: Place | None
    """Where the pages are, if a worker has to fetch them."""
    pages: Mapping[str, int] | None
    """Name and length of each page, where the workers see the caller's folder."""
    cast: str | None
    lexicon: str
    """The texts of the caller's own files."""
    stages: Mapping[str, bytes]
    """What is in the stage folder of the date, by name: a script may have been edited."""
    audio_bytes: int | None
    """The length of the finished MP3 of the date; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The finished files of a date, as one file in the storage."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a date ended on a worker."""

    outcome: Outcome
    worker: str
    log: str
    """What the run log of the date has got."""
    parcel: Parcel | None = None
    """Only of a new episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a machine would speak with."""

    build: str
    """sha256 over our program, its rules and voices."""
    model: str
    """sha256 of the offline voice's model; empty where none is needed."""
    parts: Mapping[str, str]
    """The versions of the libraries that we build on, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a worker must reach for the dates of one show."""

    run: str
    """The caller's run of that show, which has left its mark in the place."""
    place: Place
    """Where to hand in."""
    issues: str | None
    """The folder of pages that all machines share; None where they are fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a worker has answered before its first date."""

    facts: Facts
    closed: Mapping[str, QjaudioError] = field(default_factory=dict)
    """Why it does not reach some of the sites, by their runs."""
