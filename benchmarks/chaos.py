"""Random faults against a living show with listeners: whatever strikes, what is published is true.

    python benchmarks/chaos.py FOLDER [--faults 1000] [--minutes 30] [--seed 1] [--full] [--sftp]

Each step runs a command, or several at once, in processes of their own and lets one fault strike:
a kill, a signal, an error of the system at some touch of the disk, a limit of memory, handles or
file sizes, a clock that jumps, a service that lies, a stream that is closed, an edit or damage by
somebody else. With `--full` (root, Linux) the show lies on a disk of its own of 48 MB, which then
really fills up; with `--sftp` it is also published by way of a real OpenSSH server. After each step
it looks at what subscribers get (`Checker`), and now and then a quiet run has to repair all. What
is wrong is printed with the seed of its step, then the counts; the exit status is 1 where anything
was. It forks before it has any thread (so no Windows).
"""

import argparse
import builtins
import contextlib
import datetime
import errno
import gc
import hashlib
import io
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/pipeline"))

from damaging import DAMAGES, identities

from crash_scenes import cheapened, put_pages, warmed, wrong_in
from qjaudio import errors, store
from qjaudio.cli import run
from qjaudio.engines import edge, service
from qjaudio.engines.silent import SilentEngine
from qjaudio.speech.model import Clip, Utterance
from ssh_server import ssh_server

DATES = [f"2025-05-{day}" for day in range(19, 25)]
WEEKDAYS = "一二三四五六"
SETTINGS = """base_url = "https://example.cn/qj/"
voice = "silent"
chain = ["edge", "silent"]
lexicon = "lexicon.tsv"
"""
QUIET_EVERY = 20
OWN_MOUNTS, DISK_MB = "QJAUDIO_CHAOS_MOUNTS", 48
MOST_S = 200.0
"""A command that takes longer hangs; on a busy machine one of two seconds takes a minute."""
GOOD = {0, 2, 3, 4, 5, 6, 7, 130}
"""Exit statuses that are answers; 1 is a bug."""
KILLED = {-signal.SIGKILL, -signal.SIGTERM, 137}
NO_MEMORY = {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}
"""How a library of C may end a process that gets no memory."""


@dataclass
class Step:
    """What is run, and what strikes: all of it follows from the seed."""

    seed: str
    kind: str
    commands: list[list[str]]
    codes: list[int] = field(default_factory=list)
    told: str = ""


TARGETS = ["www"]
"""Where the show is published: folders in the place; `far` by SFTP, under another address."""
ADDRESSES: dict[str, str] = {}


def commands(chance: random.Random) -> list[str]:
    """A command as a producer gives it."""
    date, target = chance.choice(DATES), chance.choice(TARGETS)
    target = ADDRESSES.get(target, target)
    return chance.choice([
        ["make", date], ["make", date], ["make", date, "--minutes", str(chance.randint(1, 3))],
        ["make", f"{DATES[0]}..{DATES[-1]}"], ["make", "--missing"], ["feed"], ["feed"],
        ["publish", target], ["publish", target], ["read", date], ["read", date, "--json"],
        ["script", date], ["say", "新桥通车了。", "-o", "say.mp3"], ["check", date], ["voices"],
        ["lexicon", "add", chance.choice("甲乙丙丁") + "村", "jia3 cun1"],
    ])  # fmt: skip


class Errno:
    """Refuses a touch of the show or of our own files, once or from then on."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        name = chance.choice([*errors.WAYS_OUT, "ENOSPC", "ENOSPC"])
        self.number = getattr(errno, name)
        self.at, self.lasts = chance.randint(1, 250), chance.random() < 0.5
        self.places = (str(place), str(Path(errors.__file__).parent))
        self.writes_only = name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS")
        self.count = 0

    def touch(self, path: object, *, writes: bool) -> None:
        """Count one, and strike when it is time."""
        try:
            name = os.fsdecode(path)  # type: ignore[arg-type]
        except TypeError:
            return
        is_theirs = not str(Path.cwd() / name).startswith(self.places)
        if is_theirs or (self.writes_only and not writes):
            return
        self.count += 1
        if self.count == self.at or (self.lasts and self.count > self.at):
            raise OSError(self.number, os.strerror(self.number), name)

    def arm(self) -> None:
        """Put it into the functions of the system."""
        opened, os_opened = builtins.open, os.open

        def open_file(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            self.touch(file, writes=bool(set(mode) & set("wax+")))
            return opened(file, mode, *args, **kwargs)

        def open_handle(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            self.touch(path, writes=bool(flags & (os.O_WRONLY | os.O_RDWR)))
            return os_opened(path, flags, *args, **kwargs)

        builtins.open = io.open = open_file  # type: ignore[assignment]
        os.open = open_handle
        for name in ("replace", "rename", "unlink", "mkdir", "stat", "scandir", "listdir", "utime"):
            self._wrap(name, writes=name not in ("stat", "scandir", "listdir"))

    def _wrap(self, name: str, *, writes: bool) -> None:
        real = getattr(os, name)

        def call(path: Any = ".", *args: Any, **kwargs: Any) -> Any:
            self.touch(path, writes=writes)
            return real(path, *args, **kwargs)

        setattr(os, name, call)


def killed(place: Path, chance: random.Random) -> None:
    """The process is gone at some touch of the disk."""
    strike = Errno(place, chance)
    strike.writes_only = chance.random() < 0.8
    strike.touch = lambda path, *, writes: _count_to_death(strike, path, writes=writes)  # type: ignore[method-assign]
    strike.arm()


def _count_to_death(strike: Errno, path: object, *, writes: bool) -> None:
    strike.count += writes or not strike.writes_only
    if strike.count >= strike.at and isinstance(path, str | os.PathLike):
        os._exit(137)


def limited(place: Path, chance: random.Random) -> None:  # noqa: ARG001 - as all faults
    """Little memory, few handles, or files that may not grow: the system's own refusals."""
    which = chance.choice((resource.RLIMIT_DATA, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE))
    if which == resource.RLIMIT_DATA:
        status = Path("/proc/self/status").read_text("ascii")
        used = int(status.partition("VmData:")[2].split()[0]) * 1024
        most = used + chance.randint(0, 60_000_000)
    elif which == resource.RLIMIT_NOFILE:
        most = len(os.listdir("/proc/self/fd")) + chance.randint(0, 12)  # noqa: PTH208
    else:
        most = chance.choice((0, 100, 4_000, 50_000))
    resource.setrlimit(which, (most, resource.getrlimit(which)[1]))


def clocked(place: Path, chance: random.Random) -> None:  # noqa: ARG001
    """The clock stands in another year, and jumps meanwhile."""
    real, jump = datetime.datetime, chance.uniform(-20 * 365, 20 * 365)

    class Jumping(real):  # type: ignore[valid-type,misc]
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            day = datetime.timedelta(days=jump * chance.choice((1, 1, 0)))
            return real.now(tz) + day

    datetime.datetime = Jumping  # type: ignore[misc]
    os.environ["TZ"] = chance.choice(("America/Adak", "Nowhere/Land", "UTC+14", ""))
    time.tzset()


def lied_to(place: Path, chance: random.Random) -> None:  # noqa: ARG001
    """The online voice answers, or fails, in every way."""
    os.environ["QJAUDIO_VOICE"] = "auto"
    named = [one for one in vars(service).values() if isinstance(one, type)]
    faults = [one for one in named if issubclass(one, service.OnlineVoiceError)]
    faults += [OverflowError, RecursionError, MemoryError, KeyError, OSError]
    share, silent = chance.choice((0.02, 0.2, 1.0)), SilentEngine()

    def speak(_self: object, utterance: Utterance) -> Clip:
        clip = silent.speak(utterance)
        if chance.random() > share:
            return clip
        if chance.random() < 0.5:
            raise chance.choice(faults)("as it likes")
        pcm = chance.choice((b"", clip.pcm[:-1], clip.pcm[: len(clip.pcm) // 8 * 2], clip.pcm * 5))
        return Clip(pcm, chance.choice((24_000, 24_000, 8_000)))

    edge.EdgeEngine.speak = speak  # type: ignore[method-assign]


def deaf(place: Path, chance: random.Random) -> None:  # noqa: ARG001
    """Streams that are full or gone; surroundings that are odd."""
    for number in (0, 1, 2):
        if chance.random() < 0.4:
            os.dup2(os.open("/dev/full", os.O_RDWR), number)
            sys.stdout, sys.stderr = (os.fdopen(n, "w", closefd=False) for n in (1, 2))
    for name in ("HOME", "TERM", "LANG", "PATH", "TMPDIR", "USER"):
        value = chance.choice((None, "", "/nowhere", "é\udcff"))
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


ARMED: dict[str, Callable[[Path, random.Random], None]] = {
    "errno": lambda place, chance: Errno(place, chance).arm(),
    "killed": killed,
    "limit": limited,
    "clock": clocked,
    "service": lied_to,
    "streams": deaf,
}
KINDS = [*ARMED, "errno", "errno", "signal", "at once", "edit", "damage"]


def started(place: Path, words: list[str], arm: Callable[[], None], told: Path) -> int:
    """A command in a child of its own; its process id."""
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        os.setpgid(0, 0)
        os.chdir(place)
        with told.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        sys.stdout, sys.stderr = (os.fdopen(n, "w", closefd=False) for n in (1, 2))
        sys.argv = ["qjaudio", *words]
        arm()
        code = run(words)
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """The exit status of a child; one that hangs is ended, and counts as 124."""
    until = time.monotonic() + MOST_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.003)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 124


class Show:
    """The place, and everything that is done to it."""

    def __init__(self, root: Path) -> None:
        self.place, self.told = root / "place", root / "told"
        self.place.mkdir(parents=True, exist_ok=True)
        self.told.mkdir()
        (self.place / "qjaudio.toml").write_text(SETTINGS, encoding="utf-8")
        (self.place / "lexicon.tsv").touch()
        for day, weekday, village in zip(DATES, WEEKDAYS, "甲乙丙丁戊己", strict=True):
            put_pages(self.place, day, f"星期{weekday}", village)
        for name in ("out/notes.txt", "out/.hidden", "www/theirs.html", "mine.txt"):
            (self.place / name).parent.mkdir(exist_ok=True)
            (self.place / name).write_text(f"of somebody: {name}", encoding="utf-8")

    def warm(self) -> None:
        """Load and compile here what each child would load and compile for itself."""
        here = Path.cwd()
        os.chdir(self.place)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for words in (["read"], ["make"], ["script"], ["check"], ["feed"]):
                run([*words, DATES[0]] if words != ["feed"] else words)
            for target in TARGETS:
                run(["publish", ADDRESSES.get(target, target)])
            run(["say", "新桥通车了。", "-o", "say.mp3"])
            run(["voices"])
        os.chdir(here)
        gc.freeze()

    def run(self, words: list[str]) -> tuple[int, str]:
        """A quiet run."""
        told = self.told / "quiet"
        code = ended(started(self.place, words, lambda: None, told))
        return code, told.read_text("utf-8", "replace")

    def step(self, seed: str) -> Step:
        """Let one fault strike."""
        chance = random.Random(seed)  # noqa: S311
        kind = chance.choice(KINDS)
        count = chance.randint(2, 4) if kind == "at once" else 1
        step = Step(seed, kind, [commands(chance) for _ in range(count)])
        if kind == "edit":
            self._edit(chance)
        if kind == "damage":
            step.told = self._damage(chance)
        filler = self._filled(chance) if kind == "full" else None
        arm: Callable[[], None] = lambda: None  # noqa: E731
        if kind in ARMED:
            arm = lambda: ARMED[kind](self.place, chance)  # noqa: E731
        files = [self.told / str(number) for number in range(count)]
        children = [
            started(self.place, words, arm, told)
            for words, told in zip(step.commands, files, strict=True)
        ]
        if kind in ("signal", "at once"):
            time.sleep(chance.uniform(0.0, 0.8))
        if kind == "signal":
            self._signal(children[0], chance)
        step.codes = [ended(child) for child in children]
        if filler:
            filler.unlink()
        step.told += "".join(told.read_text("utf-8", "replace") for told in files)
        return step

    def _filled(self, chance: random.Random) -> Path:
        """A file that leaves little of the disk, or nothing."""
        left = chance.choice((0, 0, 4_096, 50_000, 500_000, 2_000_000))
        filler = self.place / "filler"
        free = shutil.disk_usage(self.place).free
        with filler.open("wb") as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(1, free - left))
        return filler

    def _signal(self, child: int, chance: random.Random) -> None:
        number = chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)
            if number == signal.SIGSTOP:
                time.sleep(0.2)
                os.kill(child, signal.SIGCONT)

    def _edit(self, chance: random.Random) -> None:
        """Somebody writes into what is his to edit: pages, script, corrections, lexicon."""
        date = chance.choice(DATES)
        page = self.place / "issues" / date / "page1.md"
        script = self.place / "out" / date / "script.md"
        if chance.random() < 0.4 or not script.exists():
            text = page.read_text("utf-8")
            page.write_text(text.replace("村民", chance.choice(("村民", "大家"))), "utf-8")
        elif chance.random() < 0.7:
            text = script.read_text("utf-8", "replace")
            lines = text.splitlines(keepends=True)
            at = chance.randrange(len(lines) + 1)
            odd = ("<!-- \n", "# \n", "\0\n", "新桥很长。\n", "########\n")
            lines[at:at] = [chance.choice(odd)]
            script.write_text("".join(lines), "utf-8")
        else:
            (script.parent / "corrections.toml").write_text(chance.choice(("", "[[", "x = 1\n")))

    def _damage(self, chance: random.Random) -> str:
        """The disk, or somebody, spoils a file that we can make again."""
        found = [path for path in (self.place / "out").rglob("*") if path.is_file()]
        ours = [path for path in sorted(found) if path.suffix not in (".mp3", ".txt", ".xml")]
        kept = {".hidden", ".published", "episode.json"}  # without its record none is in the feed
        ours = [path for path in ours if not kept & set(path.parts)]
        if not ours:
            return ""
        path, feed = chance.choice(ours), self.place / "out/feed.xml"
        told = feed.read_text("utf-8") if feed.is_file() else ""  # it would name what is not there
        how = chance.choice(sorted({*DAMAGES} - {"folder", "gone" if path.name in told else ""}))
        with contextlib.suppress(OSError):
            DAMAGES[how](path)
        return f"({how} {path})\n"

    def repair(self) -> Iterator[str]:
        """A quiet run makes all whole again; what is still wrong then."""
        for path in self.place.rglob("corrections.toml"):
            path.unlink()
        for path in (self.place / "out").glob("*/script.md"):
            path.unlink()
        (self.place / "lexicon.tsv").write_bytes(b"")
        say = ["say", "新桥通车了。", "-o", "say.mp3"]
        publish = [["publish", ADDRESSES.get(target, target)] for target in TARGETS]
        for words in (["make", f"{DATES[0]}..{DATES[-1]}"], *publish, say):
            code, told = self.run(words)
            if code:
                yield f"a quiet {words[0]} ends with {code}: {told}"
        for folder in ("out", *TARGETS):
            lacking = len(DATES) - len(identities(self.place / folder))
            if lacking:
                yield f"{lacking} dates are not in the feed of {folder}"
        left = [*self.place.rglob("*.tmp"), *self.place.rglob("run-*")]
        yield from (f"left behind: {path}" for path in left)


class Checker:
    """What has to be true after each step."""

    def __init__(self, place: Path) -> None:
        self.place = place
        names = ("out/notes.txt", "out/.hidden", "www/theirs.html", "mine.txt", "qjaudio.toml")
        self.foreign = {name: (place / name).read_bytes() for name in names}
        self.guids: dict[str, dict[str, str]] = {}

    def faults(self, step: Step) -> Iterator[str]:
        """All that is wrong now."""
        for folder in ("out", *TARGETS):
            yield from wrong_in(self.place / folder)
            yield from self._changed_guids(folder)
            yield from self._spoiled_audio(folder)
        for name, content in self.foreign.items():
            path = self.place / name
            if not path.is_file() or path.read_bytes() != content:
                yield f"{name} is not as its owner left it"
        for code in step.codes:
            if code not in GOOD | self._deaths(step):
                yield f"exit status {code}"
        if "Traceback" in step.told or "a bug in qjaudio" in step.told:
            yield "a bug"

    @staticmethod
    def _deaths(step: Step) -> set[int]:
        if step.kind in ("killed", "signal"):
            return {*KILLED, -signal.SIGINT}
        return NO_MEMORY if step.kind == "limit" else set()

    def _changed_guids(self, folder: str) -> Iterator[str]:
        named = identities(self.place / folder)
        now = {address.replace(".former", ""): guid for address, guid in named.items()}
        for address, guid in self.guids.get(folder, now).items():
            if now.get(address) != guid:
                yield f"{address} has another guid, or none, in the feed of {folder}"
        self.guids[folder] = now

    def _spoiled_audio(self, folder: str) -> Iterator[str]:
        for address in identities(self.place / folder):
            audio = self.place / folder / unquote(address).rpartition("/")[2]
            record = self.place / "out" / audio.name[:10] / "episode.json"
            wanted = (store.read_json(record) or {}).get("audio_sha256")
            known = folder == "out" and isinstance(wanted, str) and "former" not in audio.name
            known = known and audio.is_file()
            if known and hashlib.sha256(audio.read_bytes()).hexdigest() != wanted:
                yield f"{audio.name} is not what its record says"


def listening(port: int, told: Path) -> None:
    """A listener: takes the feed and some of each enclosure, again and again."""
    base = f"http://127.0.0.1:{port}/"
    while True:
        time.sleep(0.3)
        with contextlib.suppress(OSError, ET.ParseError, urllib.error.URLError):
            feed = _got(f"{base}feed.xml")[1]
            for enclosure in ET.fromstring(feed).iter("enclosure"):  # noqa: S314 - our own
                path = urlsplit(enclosure.attrib["url"]).path.rpartition("/")[2]
                status, sound = _got(base + path)
                is_whole = status == 200 and len(sound) == int(enclosure.attrib["length"])
                if not is_whole and feed == _got(f"{base}feed.xml")[1]:
                    with told.open("a") as file:
                        file.write(f"{path}: {status}, {len(sound)} bytes\n")


def _got(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def served(place: Path, told: Path) -> list[int]:
    """The processes of a server and of a listener."""
    out = told.with_name("serve")
    server = started(place, ["serve", "--port", "0"], lambda: None, out)
    while not (found := out.read_text("utf-8", "replace") if out.exists() else "").count("feed"):
        time.sleep(0.05)
    port = urlsplit(found.split()[1]).port or 0
    listener = os.fork()
    if not listener:
        with contextlib.suppress(BaseException):
            listening(port, told)
        os._exit(0)
    return [server, listener]


def main() -> int:
    """Faults until there have been enough."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faults", type=int, default=1_000)
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--full", action="store_true", help="on a small disk that fills up")
    parser.add_argument("--sftp", action="store_true", help="published by SFTP, too")
    options = parser.parse_args()
    if options.full and not os.environ.get(OWN_MOUNTS):
        os.environ[OWN_MOUNTS] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])  # noqa: S606,S607
    with contextlib.ExitStack() as stack:
        return _chaos(options, stack)


def _small_disk(folder: Path) -> None:
    """A disk in memory, which only this process and its children see."""
    folder.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    subprocess.run(words, check=True)
    KINDS.extend(("full", "full"))


def _prepared(options: argparse.Namespace, root: Path, stack: contextlib.ExitStack) -> Show:
    """The show, its disk and its server; the modules are loaded."""
    root.mkdir(parents=True)
    if options.full:
        _small_disk(root / "place")
    if options.sftp:
        server = stack.enter_context(ssh_server(root / "ssh"))
        os.environ["HOME"] = str(server.home)
        ADDRESSES["far"] = f"{server.address}{root}/place/far"
        TARGETS.append("far")
    os.environ["TMPDIR"] = str(root)
    os.environ["QJAUDIO_VERIFY"] = "off"
    os.environ["QJAUDIO_EDGE_ENDPOINT"] = "ws://127.0.0.1:9/edge"
    cheapened()
    warmed(root / "warm")
    show = Show(root)
    show.warm()
    return show


def _chaos(options: argparse.Namespace, stack: contextlib.ExitStack) -> int:
    """The run itself, with what it needs around it."""
    root = options.folder.absolute()
    show = _prepared(options, root, stack)
    told = root / "listener"
    processes = served(show.place, told)
    checker, found, counts = Checker(show.place), 0, Counter[str]()
    until = time.monotonic() + 60 * options.minutes
    try:
        for number in range(options.faults):
            if time.monotonic() > until:
                break
            step = show.step(f"{options.seed}.{number}")
            counts[step.kind] += 1
            counts.update(f"exit {code}" for code in step.codes)
            faults = [*checker.faults(step)]
            if number % QUIET_EVERY == QUIET_EVERY - 1:
                sys.stderr.write(f"{number + 1} faults, {found} wrong\n")
                faults += [*show.repair(), *checker.faults(Step("", "", []))]
            for fault in faults:
                found += 1
                words = f"{step.seed} {step.kind} {step.commands} {step.codes}: {fault}"
                sys.stdout.write(f"{words}\n{step.told[-2000:] if fault == 'a bug' else ''}")
                sys.stdout.flush()
        heard = told.read_text().splitlines() if told.exists() else []
        for line in [*show.repair(), *(f"a listener got {line}" for line in heard)]:
            found += 1
            sys.stdout.write(f"{line}\n")
    finally:
        for process in processes:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    struck = sum(counts[kind] for kind in {*KINDS})
    sys.stdout.write(f"{counts}\n{found} wrong after {struck} faults\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
