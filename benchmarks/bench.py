"""Run the benchmarks and print the table of README, section "Measured".

    ./run bench [--quick] [--only NAME …] [--practice DIR]
    python benchmarks/bench.py --render benchmarks/results/STAMP.json

Each benchmark runs in a process of its own, in turn; one that fails is a row that says why.
Progress goes to stderr, the table to stdout, every single value into a JSON file under
benchmarks/results/.
DIR is a folder with score_articles.py, frontend_peers.py, frontend/ with the tables of tests, and
pages with a gold.json beside them; none of it is a part of this project.
"""

import argparse
import datetime
import json
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import results

import qjaudio

HERE = Path(__file__).parent
SCHEMA = 1
PAGES = (".txt", ".md", ".pdf", ".png")
LONGEST_S = 3600
"""A benchmark that takes longer hangs."""
WIDTH = 60
"""Characters of a command in the table."""
STDERR = 2
"""The descriptor that shows what a benchmark prints while it runs."""


class Unmeasured(Exception):
    """Why a benchmark is not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A program beside this file, and how it is called."""

    name: str
    what: str
    """What the row says if there are no figures."""
    words: Callable[[argparse.Namespace], Sequence[str]]
    """Its arguments; Unmeasured if they cannot be had."""
    program: str = ""
    """The program's name where it is not the benchmark's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one benchmark."""

    name: str
    what: str
    command: str
    seconds: float = 0.0
    has_failed: bool = False
    """Whether it was run and went wrong."""
    why: str = ""
    """Why there are no figures, or what is wrong with them."""
    figures: tuple[results.Figure, ...] = ()

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Self:
        """An outcome as `asdict` and JSON have left it."""
        figures = tuple(results.Figure.from_json(figure) for figure in read["figures"])
        return cls(**{**read, "figures": figures})


def fixed(full: str, quick: str) -> Callable[[argparse.Namespace], Sequence[str]]:
    """Arguments that depend on nothing but --quick."""
    return lambda wish: (quick if wish.quick else full).split()


def practice(wish: argparse.Namespace) -> Path:
    """The folder of the practice material."""
    if wish.practice is None:
        raise Unmeasured("the tests are no part of this project: --practice DIR")
    return Path(wish.practice)


def there(path: Path) -> Path:
    """The path, if it exists."""
    if not path.exists():
        raise Unmeasured(f"--practice: no {path.name} in {path.parent}")
    return path


def frontend(wish: argparse.Namespace) -> Sequence[str]:
    """Scorer and tables."""
    folder = practice(wish)
    return [str(there(folder / "frontend_peers.py")), str(there(folder / "frontend"))]


def reading(wish: argparse.Namespace) -> Sequence[str]:
    """The scorer, then each page with its gold file: those of --practice and those of --gold."""
    folder = practice(wish)
    scorer = there(folder / "score_articles.py")
    pairs = [
        (str(gold), str(page))
        for gold in sorted(folder.glob("*/gold.json"))
        for page in sorted(gold.parent.iterdir())
        if page.suffix in PAGES
    ]
    return [str(scorer), *(word for pair in (*pairs, *wish.gold) for word in pair)]


BENCHMARKS = (
    Benchmark(name="startup", what="`qjaudio --help`", words=fixed("15", "7")),
    Benchmark(name="whole_run", what="the sample issue, page to episode", words=fixed("3", "1")),
    Benchmark(name="synthesis", what="offline synthesis", words=fixed("5", "3")),
    Benchmark(name="frontend_speed", what="spoken forms and readings", words=fixed("7", "3")),
    Benchmark(name="frontend", what="spoken forms and readings right", words=frontend),
    Benchmark(name="sample", program="reading", what="the sample issue read", words=fixed("", "")),
    Benchmark(name="reading", what="score of the reader", words=reading),
    Benchmark(
        name="feed",
        what="feed and pages of 4,000 episodes",
        words=fixed("4000 --repeats 5", "4000 --repeats 1"),
    ),
    Benchmark(name="mixing", what="mixing", words=fixed("10 60 180", "10 60")),
    Benchmark(name="serving", what="feed and audio served", words=fixed("", "")),
)


def measured(benchmark: Benchmark, wish: argparse.Namespace) -> Outcome:
    """Run one benchmark, whatever becomes of it."""
    program = f"benchmarks/{benchmark.program or benchmark.name}.py"
    outcome = Outcome(name=benchmark.name, what=benchmark.what, command=f"python {program}")
    try:
        words = benchmark.words(wish)
    except Unmeasured as error:
        return replace(outcome, why=str(error))
    began = time.monotonic()
    why, figures = run([str(HERE.parent / program), *words])
    return replace(
        outcome,
        command=shlex.join(["python", program, *words]),
        seconds=round(time.monotonic() - began, 1),
        has_failed=bool(why),
        why=why,
        figures=figures,
    )


def run(words: Sequence[str]) -> tuple[str, tuple[results.Figure, ...]]:
    """Run a program that takes `--json FILE`: what went wrong, and the figures that it saved."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "figures.json"
        command = [sys.executable, *words, "--json", str(kept)]
        try:
            done = subprocess.run(
                command, stdout=STDERR, stderr=subprocess.PIPE, timeout=LONGEST_S, check=False
            )
        except subprocess.TimeoutExpired:
            return f"it took longer than {LONGEST_S} s", ()
        complaint = done.stderr.decode(errors="replace")
        sys.stderr.write(complaint)
        try:
            figures = results.figures_in(kept)
        except (OSError, ValueError):
            figures = ()
    if done.returncode == 0 and figures:
        return "", figures
    last = complaint.strip().splitlines()[-1:] or ["" if figures else "and no figures"]
    return f"exit status {done.returncode}, {last[0]}".rstrip(", "), figures


def report(outcomes: Iterable[Outcome], *, quick: bool, stamp: str) -> dict[str, Any]:
    """All that is kept of a run."""
    return {
        "schema": SCHEMA,
        "stamp": stamp,
        "qjaudio": qjaudio.__version__,
        "quick": quick,
        "machine": results.machine(),
        "benchmarks": [asdict(outcome) for outcome in outcomes],
    }


def table(read: dict[str, Any]) -> str:
    """The table in Markdown, with a line about the machine before it; ValueError if it is none."""
    if not isinstance(read, dict) or read.get("schema") != SCHEMA:
        raise ValueError("no results of benchmarks in a form that this version reads")
    rows = [
        f"| {cell(what)} | {cell(figure)} | `{shortened(cell(command))}` |"
        for outcome in map(Outcome.from_json, read["benchmarks"])
        for what, figure, command in lines(outcome)
    ]
    return "\n".join([facts(read), "", "| what | figure | command |", "|---|---|---|", *rows])


def lines(outcome: Outcome) -> Iterable[tuple[str, str, str]]:
    """What, figure and command of each row of one benchmark."""
    for number, figure in enumerate(outcome.figures):
        failed = f"; {outcome.why}" if outcome.why and number == 0 else ""
        yield figure.what, results.told(figure) + failed, outcome.command
    if not outcome.figures:
        yield outcome.what, f"not measured: {outcome.why}", outcome.command


def shortened(command: str) -> str:
    """A command as far as it fits into a table; the record has all of it."""
    return command if len(command) <= WIDTH else f"{' '.join(command.split()[:2])} …"


def cell(text: str) -> str:
    """A text that does not break the table."""
    return " ".join(text.split()).replace("|", "\\|")


def facts(read: dict[str, Any]) -> str:
    """Where and when it was measured."""
    machine = read["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    quick = " Measured with --quick: few repetitions." if read["quick"] else ""
    return (
        f"qjaudio {read['qjaudio']}, {read['stamp']}: "
        f"{machine['cores']} cores of {machine['cpu']}, {machine['memory_gb']} GB, "
        f"{machine['system']}, Python {machine['python']}, "
        f"load {machine['load']} at the end; {versions}.{quick}"
    )


def arguments() -> argparse.Namespace:
    """What is wished."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser.add_argument("--quick", action="store_true", help="few repetitions: some minutes")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=", ".join(names)
    )
    parser.add_argument("--practice", metavar="DIR", help="where scorers and tables are")
    parser.add_argument(
        "--gold", nargs=2, action="append", default=[], metavar=("GOLD", "PAGE"),
        help="with --practice: score one more page",
    )  # fmt: skip
    parser.add_argument("--render", type=Path, metavar="FILE", help="only print recorded results")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the results go")
    return parser.parse_args()


def rendered(path: Path) -> int:
    """Print the table of a run that was recorded."""
    try:
        print(table(json.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"bench: cannot read {path}: {error}", file=sys.stderr)
        return 2
    return 0


def main() -> int:
    """Measure all that is wished; 1 if a benchmark failed, 130 after Ctrl-C, with what there is."""
    wish = arguments()
    if wish.render:
        return rendered(wish.render)
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H%M%SZ")
    output: Path = wish.output or HERE / "results" / f"{stamp}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in BENCHMARKS if not wish.only or one.name in wish.only]
    outcomes: list[Outcome] = []
    status = 0
    try:
        for number, benchmark in enumerate(chosen, 1):
            print(
                f"bench: {number} of {len(chosen)}: {benchmark.name}", file=sys.stderr, flush=True
            )
            outcomes.append(measured(benchmark, wish))
            status |= outcomes[-1].has_failed
            kept = report(outcomes, quick=wish.quick, stamp=stamp)
            output.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    except KeyboardInterrupt:
        status = 130
    if outcomes:
        print(table(kept), flush=True)
        print(f"bench: every value is in {output}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
