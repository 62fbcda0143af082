"""Settings: a flag beats `QJAUDIO_*`, that beats `qjaudio.toml`, that beats the default."""

import datetime
import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qjaudio.errors import UsageError, cut_short, in_brief, unreadable
from qjaudio.store import OutFolder, text_of

FILE = "qjaudio.toml"
MOST_SETTINGS = 1_000_000
"""Bytes of the file of settings."""
UNNAMED = "今日报纸"
"""What a paper is called where neither the settings nor its pages tell its name."""
LOUDEST_DB = {"sting": -2.0, "bed": -18.0, "chime": -2.0, "closing": -2.0}
"""How loud each piece of music may be, in dB over the speech. Louder music hurts understanding, and
`check` could take it for a voice."""
QUIETEST_DB = -60.0
SLOW, SLOW_PACE = "slow", 220
"""The folder in `out/` of the slow edition, and how many characters a minute it says."""
PACES = (220, 300)
"""Characters a minute that may be asked for: from a slow reader to the evening news."""
_EMAIL = re.compile(r"([^\s@<>()\[\],:;\"\\]{1,64}@[\w-]+(\.[\w-]+)+)?")
"""Addresses as feeds and apps take them; empty = none."""
_AGENT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?|")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?")
LEXICON = "lexicon.tsv"
"""The name of a show's own lexicon where the settings give no other."""
NESTED = {"engines", "exports"}
"""The settings that are tables of tables: `[engine.NAME]`, `[export.KIND]`; the file alone has
them."""
PATHS = {
    "out": "out", "issues": "issues", "cast": "", "lexicon": "", "publish_to": "",
    "cluster_storage": "", "links_to": "", "phrases": "", "cover": "", "logo": "", "sting_file": "",
    "bed_file": "",
}  # fmt: skip
"""The settings that are paths, with their defaults; `whisper` is one if it has a slash."""


REVIEWS = {"none": (), "one": ("终审",), "three": ("一审", "二审", "终审")}
"""As whom an edition is signed, in order, by the setting `review`."""
SECRETS = frozenset({"key", "webhook", "webhook_secret"})
"""Settings that no message shows."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_BREAK_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDays:
    """On which days the paper appears."""

    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0."""
    breaks: tuple[tuple[datetime.date, datetime.date], ...] = ()
    """Holidays without a paper: first and last day of each."""

    def has(self, day: datetime.date) -> bool:
        """Whether a paper is to be expected that day."""
        on_break = any(first <= day <= last for first, last in self.breaks)
        return day.weekday() in self.weekdays and not on_break


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. In `qjaudio.toml` they stand as `name = value`, in any table."""

    paper: str = ""
    """The paper's name; empty = as the masthead says."""
    title: str = ""
    """The show's title; empty = made from the paper's name."""
    description: str = ""
    author: str = ""
    producer: str = ""
    """Who answers for the programme in its AIGC label: a name or a code; empty = the author."""
    email: str = ""
    link: str = ""
    base_url: str = ""
    """Where `out/` is reached: `https://example.cn/qj/`. `serve` works without it."""
    guid: str = ""
    """The show's podcast:guid, to keep it when the feed moves."""
    publish_to: str = ""
    """Where `publish` brings the show: a folder, `sftp://user@host/path`, `s3://bucket/folder`."""
    s3_endpoint: str = ""
    """The address of an S3-compatible service; empty = as the AWS settings say."""
    key: str = ""
    """A private show's key, the first name in the path of every address that `serve` answers."""
    cluster_storage: str = ""
    """Where workers of `--cluster` hand in: as `publish_to`; empty = in the output folder."""
    out: str = "out"
    issues: str = "issues"
    links_to: str = ""
    """A folder to which links among pages and script.md may lead; empty = they stay in theirs."""
    epaper: str = ""
    """The first page of a day on the paper's site: `…/{year}-{month}/{day}/node_1.htm`."""
    epaper_hosts: tuple[str, ...] = ()
    """Other hosts of the paper's site that may be asked: `content.example.cn`."""
    epaper_user_agent: str = ""
    """What to call ourselves to the site, where the paper gave its tool leave under a name."""
    days: str = ""
    """The days on which the paper appears: `mon-fri`; empty = every day."""
    no_paper: str = ""
    """Days on which it does not, with both ends: `2026-02-17, 2026-10-01..2026-10-07`."""
    voice: str = "auto"
    """`auto`, an engine (`edge`, `kokoro`, `silent`) or a voice (`kokoro:zm_yunxi`)."""
    chain: tuple[str, ...] = ("edge", "kokoro")
    """The engines of `auto`: the first that can speaks the whole episode, else the next."""
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The tables `[engine.NAME]`: what each engine is made from."""
    exports: Mapping[str, Any] = field(default_factory=dict)
    """The table `[export]`: which files for other outlets `make` writes, where, and how."""
    minutes: float | None = None
    """Fill or trim the episode to about this long; unset = what tells each story."""
    leaders: int | None = None
    """How many are named of a list of leaders who were there; unset (in the file `"all"`) = all."""
    pace: int | None = None
    """Characters a minute, pauses within stories included; unset = as the voices speak."""
    slow: bool = False
    """Whether there is a slow edition in large print as well: `edition.slow = true`."""
    strict: bool = False
    """Whether nothing is made while a place to check could put a wrong word into the ear."""
    review: str = "none"
    """How many sign an edition before it is published: `none`, `one` or `three`."""
    webhook: str = ""
    """The address that is told when a draft is ready, returned, published or withdrawn."""
    webhook_secret: str = ""
    """What the webhook knows these messages by."""
    cast: str = ""
    """A cast.toml of your own."""
    lexicon: str = ""
    """A lexicon.tsv of your own, beside the one that comes with the program."""
    whisper: str = ""
    """The Whisper model that listens: a folder, or a name in the local cache; empty = packaged."""
    verify: bool = True
    """Whether an installed recogniser listens: to all clips of an online engine, else to a few."""
    sting: float | None = -3.0
    """The opening music, in decibels over the speech; None (in the file `"off"`) = without."""
    bed: float | None = -24.0
    """The music under opening and headlines while somebody speaks, likewise."""
    chime: float | None = -9.0
    """The sound before each story, likewise."""
    closing: float | None = -5.0
    """The music at the end, likewise."""
    category: str = "News > Daily News"
    """One of Apple's categories and, after `>`, one of its subcategories."""
    copyright: str = ""
    """Whose the show is, as the feed says it: `© 2026 某某县融媒体中心`."""
    owner: str = ""
    """Whom Apple may write to, under `email`; empty = the author."""
    explicit: bool = False
    """Whether the show is not for children."""
    publish_at: str = "06:00"
    """The time of day, in China, under which an old date is published; none is in the future."""
    phrases: str = ""
    """A phrases.toml of your own: opening, words around the headlines, sign-off."""
    colour: str = ""
    """The colour of pages and covers, `#0b5c4a`; empty = our red. White letters stand on it."""
    logo: str = ""
    """A PNG or JPEG for the head of the pages and for the covers."""
    cover: str = ""
    """The show's picture, square, 1,400 to 3,000 pixels, PNG or JPEG; empty = drawn."""
    footer: str = ""
    """A line at the foot of every page, such as the ICP number."""
    sting_file: str = ""
    """An opening music of your own: any sound file, 1 to 12 seconds."""
    bed_file: str = ""
    """A music of your own under opening and headlines: any sound file, 4 to 300 seconds."""
    lang: str = ""
    """The language of messages and help: `zh` or `en`; empty = that of the system."""
    wait: float = 120.0
    """How many seconds to wait for another run that writes the feed; 4,000 episodes take two."""
    edition: str = field(default="", metadata={"setting": False})
    """The folder of the edition that these settings are for; no setting of its own."""
    show_voice: str = field(default="", metadata={"setting": False})
    """The voice of file and environment where a flag gives another; no setting of its own."""

    @property
    def publishes_silence(self) -> bool:
        """Whether the show asks for the silent voice by name: a flag alone publishes no silence."""
        engine = (self.show_voice or self.voice).partition(":")[0]
        return engine in ("silent", "silence") or "silent" in self.chain

    @property
    def paper_days(self) -> PaperDays:
        """The days on which the paper appears, by `days` and `no_paper`."""
        return PaperDays(weekdays=_weekdays(self.days), breaks=_breaks(self.no_paper))

    @property
    def output(self) -> OutFolder:
        """The names of all files there."""
        return OutFolder(self.out_folder / self.edition)

    @property
    def clip_folder(self) -> Path:
        """Where spoken clips are kept, for all editions."""
        return OutFolder(self.out_folder).cache / "clips"

    @property
    def editions(self) -> tuple["Config", ...]:
        """The settings of each edition: the show's own, and the slow one's where it is asked for.

        An edition is a show of its own in a folder of `out/`: episodes of the same dates, feed and
        pages. Voices' clips and scripts are those of the first.
        """
        if not self.slow or self.edition:
            return (self,)
        return (self, replace(self, edition=SLOW, pace=SLOW_PACE, guid=""))

    @property
    def out_folder(self) -> Path:
        """Where episodes are written."""
        return Path(self.out)


def load(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Config:
    """Put the settings together from flags that are not None, environment and qjaudio.toml.

    Raises:
        UsageError: a setting has the wrong type, or the file an unknown name.
    """
    return _put_together(_from_file((folder or Path()) / FILE), flags, environ)


def load_without_file(
    flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """The same as if there were no qjaudio.toml; UsageError where a setting has the wrong type."""
    return _put_together({}, flags, environ)


def load_show(
    folder: Path, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> Config:
    """The settings of the show in a folder: relative paths in its file begin at that folder.

    Those in flags and environment begin where the command runs, as before.

    Raises:
        UsageError: a setting has the wrong type, or the file an unknown name.
    """
    found = _from_file(folder / FILE)
    paths = {name: found.get(name, default) for name, default in PATHS.items()}
    if not paths["lexicon"] and (folder / LEXICON).is_file():
        paths["lexicon"] = LEXICON
    if "/" in str(found.get("whisper", "")):  # else the name of a model in the local cache
        paths["whisper"] = found["whisper"]
    if isinstance(exports := found.get("exports"), dict):
        found["exports"] = exports | {"folder": str(folder / exports.get("folder", "exports"))}
    placed = {name: _place_path(folder, path) for name, path in paths.items() if path}
    return _put_together({**found, **placed}, flags, environ)


def _place_path(folder: Path, path: Any) -> Any:
    """A path seen from `folder`; addresses, and what is not text, as they are."""
    return path if not isinstance(path, str) or "://" in path else str(folder / path)


def _put_together(
    found: dict[str, Any], flags: Mapping[str, Any] | None, environ: Mapping[str, str] | None
) -> Config:
    """What the file says, under what environment and flags say."""
    environ = os.environ if environ is None else environ
    for name in setting_names() - NESTED:
        if f"QJAUDIO_{name.upper()}" in environ:
            found[name] = environ[f"QJAUDIO_{name.upper()}"]
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    show_voice = _check_value("voice", found.get("voice", "auto")) if "voice" in given else ""
    found |= given
    config = Config(**{name: _check_value(name, value) for name, value in found.items()})
    _check_url(config.webhook, "webhook")
    return replace(config, base_url=_check_url(config.base_url), show_voice=show_voice)


def setting_names() -> set[str]:
    """The names of all settings."""
    return {one.name for one in fields(Config) if one.metadata.get("setting", True)}


def _from_file(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            return {}
        text = text_of(path, MOST_SETTINGS).removeprefix("\ufeff")
        tables = tomllib.loads(text)
    except UnicodeError as error:
        raise unreadable(path, error, "save it as UTF-8") from error
    except (OSError, ValueError, RecursionError) as error:
        is_path = re.search(r"'\\'|hex value", str(error))  # TOML takes \ for an escape
        way = "write paths with /, as in D:/show" if is_path else "repair or remove the file"
        raise unreadable(path, error, way) from error
    found: dict[str, Any] = {}
    nested = {"engines": tables.pop("engine", {}), "exports": tables.pop("export", {})}
    for name, value in tables.items():
        found |= value if isinstance(value, dict) else {name: value}
    known = sorted(setting_names() - NESTED)
    for name in sorted(set(found) - set(known)):
        raise _unknown(path, text, name, known)
    return found | {name: table for name, table in nested.items() if table}


def _unknown(path: Path, text: str, name: str, known: list[str]) -> UsageError:
    """What to say of a setting that there is not: where it stands, and what may be meant."""
    from difflib import get_close_matches

    lines = text.splitlines()
    key = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    line = next((at for at, one in enumerate(lines, 1) if key.match(one)), 0)
    where = f", line {line}" if line else ""
    near = get_close_matches(name, known, 1)
    meant = f"did you mean {near[0]}?" if near else "take it out;"
    shown = cut_short(name if name.isprintable() else ascii(name), 80)
    reason = f"{path}{where}: unknown setting: {shown}"
    return UsageError(reason, hint=f"{meant} all settings are in docs/reference/config.md")


def _check_value(name: str, value: Any) -> Any:
    if _has_nul(value):
        reason = f"{name} holds NUL or another control character, which no path can"
        raise UsageError(reason, hint=f"take it out of {FILE}; write paths with /, as in D:/show")
    return _CHECKS[name](name, value)


_IN_NO_PATH = re.compile(r"\0|^[A-Za-z]:[\b\t\n\f\r]")  # "D:\new" of TOML has the end of a line


def _has_nul(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_nul, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and bool(_IN_NO_PATH.search(value))


_SWITCHES = {"1": True, "true": True, "yes": True, "on": True}
_SWITCHES |= {"0": False, "false": False, "no": False, "off": False, "": False}


def _switch(name: str, value: Any) -> bool:
    """A setting that is on or off; in the environment as a word."""
    on = _SWITCHES.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(on, bool):
        raise UsageError(f"{name} = {in_brief(value)} is not true or false", hint=f"{name} = true")
    return on


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        shown = name if name in SECRETS else f"{name} = {in_brief(value)}"  # not for the screen
        raise UsageError(f"{shown} must be text", hint=f'write {name} = "…" in {FILE}')
    return value


def _agent(name: str, value: Any) -> str:
    text = _text(name, value)
    if not _AGENT.fullmatch(text):
        raise UsageError(
            f"epaper_user_agent = {in_brief(value)} is not the name of a program",
            hint='write letters as the paper gave them, e.g. epaper_user_agent = "radio-qj/1.0"',
        )
    return text


def _email(_name: str, value: Any) -> str:
    if not (isinstance(value, str) and _EMAIL.fullmatch(value)):
        reason = f"email = {in_brief(value)} is not an e-mail address"
        raise UsageError(reason, hint='write it as email = "radio@example.cn", or leave it out')
    return value


def _days(name: str, value: Any) -> str:
    """Days as text, once they have been understood."""
    text = _text(name, value)
    _weekdays(text) if name == "days" else _breaks(text)
    return text


def _chain(_name: str, value: Any) -> tuple[str, ...]:
    """Names of engines, each once; in the environment with commas between them."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        reason = f"chain = {in_brief(value)} is not a list of engines"
        raise UsageError(reason, hint='write chain = ["edge", "kokoro"]')
    chain = tuple(name.strip() for name in names if name.strip())
    if not chain or len(set(chain)) < len(chain):
        wrong = "names an engine twice" if chain else "names no engine"
        reason = f"chain {wrong}: {in_brief(value)}"
        raise UsageError(reason, hint='e.g. chain = ["edge", "kokoro"]')
    return chain


def _hosts(_name: str, value: Any) -> tuple[str, ...]:
    """Names of hosts; in the environment with commas between them."""
    names = value.split(",") if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        hosts = tuple(name.strip().lower() for name in names if name.strip())
        if all(map(_HOST.fullmatch, hosts)):
            return hosts
    reason = f"epaper_hosts = {in_brief(value)} is not a list of hosts"
    raise UsageError(reason, hint='write their names alone: epaper_hosts = ["content.example.cn"]')


def _engine_tables(_name: str, value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping) or not all(isinstance(one, dict) for one in value.values()):
        raise UsageError(
            f"engine in {FILE} is not a table of tables",
            hint="write a line [engine.NAME], and the settings of that engine below it",
        )
    return {name: dict(table) for name, table in value.items()}


def _export_table(_name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"export in {FILE} is not a table", hint="write a line [export]")
    return dict(value)


def _kind_of_review(_name: str, value: Any) -> str:
    if not isinstance(value, str) or value not in REVIEWS:
        reason = f"review = {in_brief(value)} is not a kind of review"
        raise UsageError(reason, hint='write review = "none", "one" or "three"')
    return value


def _minutes(_name: str, value: Any) -> float | None:
    minutes = None if value in (None, "") else _number(value)
    if minutes is not None and not 0 < minutes <= 24 * 60:
        reason = f"minutes = {in_brief(value)} is not a length"
        raise UsageError(reason, hint="give minutes, e.g. 12")
    return minutes


def _leaders(_name: str, value: Any) -> int | None:
    count = None if value in (None, "", "all") else _number(value)
    if count is not None and not (1 <= count <= 99 and count == int(count)):
        reason = f"leaders = {in_brief(value)} is neither a number of names nor all"
        raise UsageError(reason, hint='write leaders = 3, or leaders = "all"')
    return None if count is None else int(count)


def _pace(_name: str, value: Any) -> int | None:
    pace = None if value in (None, "") else _number(value)
    if pace is not None and not PACES[0] <= pace <= PACES[1]:
        raise UsageError(
            f"pace = {in_brief(value)} is not a pace that can be kept",
            hint=f"give characters a minute, from {PACES[0]} to {PACES[1]}: pace = 250",
        )
    return None if pace is None else round(pace)


def _wait(_name: str, value: Any) -> float:
    seconds = _number(value)
    if not 0 <= seconds <= 24 * 3600:
        raise UsageError(
            f"wait = {in_brief(value)} is not a length of time", hint="give seconds, e.g. 120"
        )
    return seconds


def _gain(name: str, value: Any) -> float | None:
    """A gain in decibels, or None for what is off."""
    gain = None if value in (None, "off") else _number(value)
    loudest = LOUDEST_DB[name]
    if gain is not None and not QUIETEST_DB <= gain <= loudest:
        raise UsageError(
            f"{name} = {in_brief(value)} is neither a gain in dB nor off",
            hint=f'write {name} = "off", or a number from {QUIETEST_DB:g} to {loudest:g}',
        )
    return gain


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **{one.name: _switch if one.type is bool else _text for one in fields(Config)},
    **dict.fromkeys(LOUDEST_DB, _gain),
    "minutes": _minutes, "leaders": _leaders, "pace": _pace, "wait": _wait,
    "chain": _chain, "epaper_hosts": _hosts, "engines": _engine_tables, "exports": _export_table,
    "review": _kind_of_review, "epaper_user_agent": _agent, "email": _email,
    "days": _days, "no_paper": _days,
}  # fmt: skip
"""What makes a setting of what stands in the file or the environment."""


def _number(value: Any) -> float:
    """The value as a number; what is none becomes NaN, which no range holds."""
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _check_url(url: str, name: str = "base_url") -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.netloc)
        good = good and (parts.port or 0) >= 0 and url.isprintable()
    except ValueError:  # brackets that do not close, or a port that is not a number
        good = False
    if not good:
        raise UsageError(
            f"{name}{'' if name in SECRETS else f' {in_brief(url)}'} is not a web address",
            hint=f'write it with its scheme: {name} = "https://example.cn/qj/"',
        )
    return url.rstrip("/") + "/"


def _weekdays(text: str) -> frozenset[int]:
    """`mon-fri, sun`; also `sat-mon`, and numbers from 1 for Monday: `1-5`."""
    if not text.strip():
        return frozenset(range(7))
    found: set[int] = set()
    for part in re.split(r"[,\s、，]+", text.strip().lower()):
        first, dash, last = re.sub("[–—~]", "-", part).partition("-")
        begin, end = _weekday(first), _weekday(last if dash else first)
        if begin is None or end is None:
            reason = f"days = {text!r}: {part!r} is not a day"
            raise UsageError(reason, hint='write days = "mon-fri"')
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return frozenset(found)


def _weekday(word: str) -> int | None:
    if word in ("1", "2", "3", "4", "5", "6", "7"):
        return int(word) - 1
    return WEEKDAYS.index(word[:3]) if len(word) >= 3 and word[:3] in WEEKDAYS else None


def _breaks(text: str) -> tuple[tuple[datetime.date, datetime.date], ...]:
    found = []
    for part in re.split(r"[,\s、，]+", text.strip()):
        if not part:
            continue
        first, _, last = part.partition("..")
        try:
            begin = datetime.date.fromisoformat(first)
            end = datetime.date.fromisoformat(last or first)
        except ValueError:
            begin, end = datetime.date.max, datetime.date.min
        if not 0 <= (end - begin).days <= _LONGEST_BREAK_DAYS:
            reason = f"no_paper: {part!r} is not a day and no time between two days"
            raise UsageError(reason, hint='write no_paper = "2026-02-17, 2026-10-01..2026-10-07"')
        found.append((begin, end))
    return tuple(found)
