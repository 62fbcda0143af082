"""How long the program takes to begin: `qjaudio --help` against a Python that does nothing.

    python benchmarks/startup.py [PAIRS] [--json FILE]

Both run in turns, each in a process of its own.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

import results

COMMANDS = {"qjaudio": ("-m", "qjaudio", "--help"), "`python -c pass`": ("-c", "pass")}


def seconds(words: Sequence[str]) -> float:
    """How long this Python takes with these words."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = results.options(__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=15)
    wish = parser.parse_args()
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for words in COMMANDS.values():
        seconds(words)  # what is compiled once is compiled now
    for pair in range(wish.pairs):
        for name in sorted(COMMANDS, reverse=bool(pair % 2)):
            took[name].append(seconds(COMMANDS[name]))
    ours = tuple(took.pop("qjaudio"))
    theirs = {name: tuple(values) for name, values in took.items()}
    figure = results.Figure(what="`qjaudio --help`", unit="s", values=ours, peers=theirs)
    print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, [figure])


if __name__ == "__main__":
    main()
