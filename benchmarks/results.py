"""What the benchmarks share: figures with their medians, files of them, facts about the machine."""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from qjaudio.machine import cores

PACKAGES = (
    "numpy", "onnxruntime", "pypinyin", "rjieba", "kokoro-onnx", "wetext", "cn2an",
    "zh-normalization", "g2pM",
)  # fmt: skip
"""The versions of these are kept with the results."""
TIMES = ("s", "ms")
"""Units of which less is better, each perhaps followed by ` for …`."""
FEW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured quantity, in all its repetitions."""

    what: str
    unit: str
    """`s`, `ms`, `MB`, `%`, `×`, `of 200` …; `s for each minute` is a time, too."""
    values: tuple[float, ...] = ()
    peers: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """What others took; of times, number N was measured in turn with our number N."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Peers without a value, and why."""
    why: str = ""
    """Why there is no value."""

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Self:
        """A figure as `asdict` and JSON have left it."""
        peers = {name: tuple(values) for name, values in read["peers"].items()}
        return cls(**{**read, "values": tuple(read["values"]), "peers": peers})


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """How many times our time each pair's other side took; ValueError unless all have pairs."""
    return [other / own for own, other in zip(ours, theirs, strict=True)]


def rounded(value: float, unit: str = "") -> str:
    """A number with the digits that count; a percentage or a score with two decimals."""
    if unit.startswith(("%", "of 100")):
        return f"{value:.2f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) >= 1 else f"{value:.2g}"


def spread(values: Sequence[float], unit: str = "") -> str:
    """The median, and the least and the most of a few; of many these would be chance."""
    middle = rounded(statistics.median(values), unit)
    least, most = (rounded(edge, unit) for edge in (min(values), max(values)))
    return middle if least == most or len(values) > FEW else f"{middle} ({least} to {most})"


def compared(figure: Figure, peer: str) -> str:
    """The figure against one peer: a ratio of times, otherwise the peer's own median."""
    theirs = figure.peers[peer]
    if figure.unit.split(" ")[0] not in TIMES:
        return f"{peer} {rounded(statistics.median(theirs), figure.unit)}"
    pairs = ratios(figure.values, theirs)
    if statistics.median(pairs) < 1:
        return f"{spread([1 / pair for pair in pairs])} × the time of {peer}"
    return f"{spread(pairs)} × as fast as {peer}"


def told(figure: Figure) -> str:
    """The figure as a cell of the table."""
    if not figure.values:
        return f"not measured: {figure.why or 'no value was given'}"
    count = len(figure.values)
    parts = [
        f"{spread(figure.values, figure.unit)} {figure.unit}".rstrip(),
        *(compared(figure, peer) for peer in figure.peers),
        *(f"{peer} not measured: {why}" for peer, why in figure.missing.items()),
        *([f"median of {count}"] if count > 1 else []),
    ]
    return "; ".join(parts)


def options(docstring: str | None) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes."""
    parser = argparse.ArgumentParser(
        description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser


def save(path: Path | None, figures: Iterable[Figure]) -> None:
    """Write the figures where `--json` says, if it does."""
    if path is not None:
        path.write_text(json.dumps([asdict(one) for one in figures], ensure_ascii=False), "utf-8")


def figures_in(path: Path) -> tuple[Figure, ...]:
    """The figures that a benchmark has saved; OSError or ValueError if it has not."""
    return tuple(Figure.from_json(read) for read in json.loads(path.read_text("utf-8")))


def machine() -> dict[str, Any]:
    """What the figures depend on: processor, cores, memory, system, Python, packages, load."""
    return {
        "cpu": processor(),
        "cores": cores(),
        "memory_gb": round(memory_bytes() / 1e9, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "packages": {name: version for name in PACKAGES if (version := installed(name))},
    }


def processor() -> str:
    """The model of the processor, as well as this system tells it."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_bytes() -> int:
    """The size of the machine's memory; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def installed(name: str) -> str:
    """The version of a package, or nothing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
