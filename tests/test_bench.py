"""`./run bench` measures what can be measured, and says of the rest why not."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

REPO = Path(__file__).parents[1]
RECORDED = Path(__file__).with_name("bench_recorded.json")


def saving(what: str) -> str:
    """A benchmark that has measured one figure."""
    figure = {"what": what, "unit": "s", "values": [1.5], "peers": {}, "missing": {}, "why": ""}
    save = f"pathlib.Path(sys.argv[-1]).write_text({json.dumps([figure])!r})"
    return f"import pathlib, sys; {save}\n"


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """benchmarks/results.py, imported as the benchmarks do it."""
    monkeypatch.syspath_prepend(REPO / "benchmarks")
    return importlib.import_module("results")


@pytest.fixture
def bench(results: ModuleType) -> ModuleType:
    """benchmarks/bench.py."""
    return importlib.import_module("bench")


Running = Callable[..., int]


@pytest.fixture
def running(bench: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Running:
    """Run the driver over programs given by their text; its results go to results.json."""

    def run(**programs: str) -> int:
        (tmp_path / "benchmarks").mkdir()
        for name, text in programs.items():
            (tmp_path / "benchmarks" / f"{name}.py").write_text(text, "utf-8")
        chosen = tuple(
            bench.Benchmark(name=name, what=f"what {name} does", words=bench.fixed("7", "3"))
            for name in programs
        )
        monkeypatch.setattr(bench, "BENCHMARKS", chosen)
        monkeypatch.setattr(bench, "HERE", tmp_path / "benchmarks")
        output = str(tmp_path / "results.json")
        monkeypatch.setattr(sys, "argv", ["bench", "--quick", "--output", output])
        status: int = bench.main()
        return status

    return run


def rows(table: str) -> dict[str, str]:
    """The figure of each row by what was measured."""
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return {what: figure for what, figure, _ in cells[1:]}


def rendered(path: Path) -> subprocess.CompletedProcess[str]:
    """What `bench.py --render` says."""
    command = [sys.executable, "benchmarks/bench.py", "--render", str(path)]
    return subprocess.run(command, cwd=REPO, check=False, capture_output=True, text=True)


def test_the_table_comes_from_recorded_results() -> None:
    """Nothing is run; each figure, ratio and gap of the record has its row under the machine."""
    done = rendered(RECORDED)
    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "qjaudio 0.1.0, 2026-01-02T030405Z: 2 cores of Example 9000, 8.2 GB, Linux 6.1 x86_64, "
        "Python 3.11.7, load 0.5 at the end; numpy 2.0.0. Measured with --quick: few repetitions.",
        "",
        "| what | figure | command |",
        "|---|---|---|",
        "| offline synthesis | 0.2 (0.1 to 0.4) s for each second of sound; "
        "1.1 (1 to 8) × as fast as kokoro-onnx; median of 3 | `python benchmarks/synthesis.py 3` |",
        "| spoken forms right | 98.00 %; wetext 90.83; cn2an not measured: No module named 'cn2an'"
        " | `python benchmarks/frontend.py a b` |",
        "| readings right | not measured: no table | `python benchmarks/frontend.py a b` |",
        "| score of the reader | not measured: no tests \\| here "
        "| `python benchmarks/reading.py` |",
        "| mixing 10 minutes | 1.5 s for each minute; exit status 1 "
        "| `python benchmarks/mixing.py` |",
    ] == done.stdout.splitlines()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1}'])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    """One line, exit status 2."""
    (tmp_path / "a.json").write_text(text, "utf-8")
    done = rendered(tmp_path / "a.json")
    assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))


def test_a_ratio_is_the_median_of_the_pairs(results: ModuleType) -> None:
    """Not the ratio of the medians, which mixes what ran at different times."""
    figure = results.Figure(
        what="a", unit="s", values=(1, 2, 4), peers={"b": (8, 2, 4), "c": (0.5, 1, 2)}
    )
    assert results.compared(figure, "b") == "1 (1 to 8) × as fast as b"
    assert results.compared(figure, "c") == "2 × the time of c"


def test_halves_of_pairs_are_refused(results: ModuleType) -> None:
    """A ratio needs both sides of each pair."""
    with pytest.raises(ValueError, match="zip"):
        results.ratios((1, 2), (1,))


def test_the_edges_of_many_values_are_left_out(results: ModuleType) -> None:
    """Those of a hundred requests are chance; those of three runs tell how noisy it was."""
    assert results.spread([1, 2, 9]) == "2 (1 to 9)"
    assert results.spread([*range(1, 100)]) == "50"


def test_a_failed_benchmark_stops_no_other(
    running: Running, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is a row that says why; the exit status tells that there is one, the record has all."""
    status = running(
        broken="raise SystemExit('nothing to mix')",
        silent="",
        rubbish="import pathlib, sys; pathlib.Path(sys.argv[-1]).write_text('[')",
        works=saving("a"),
        slow=saving("b") + "sys.exit('too slow')",
    )
    assert 1 == status
    output = capfd.readouterr().out
    assert 5 == len(rows(output))
    assert ("1.5 s", "1.5 s; exit status 1, too slow") == (rows(output)["a"], rows(output)["b"])
    found = json.loads((tmp_path / "results.json").read_text("utf-8"))["benchmarks"]
    assert [
        ("broken", True, "exit status 1, nothing to mix", 0),
        ("silent", True, "exit status 0, and no figures", 0),
        ("rubbish", True, "exit status 0, and no figures", 0),
        ("works", False, "", 1),
        ("slow", True, "exit status 1, too slow", 1),
    ] == [(one["name"], one["has_failed"], one["why"], len(one["figures"])) for one in found]
    assert "not measured: exit status 1, nothing to mix" == rows(output)["what broken does"]


def test_all_is_well_when_all_is_measured(running: Running) -> None:
    """Exit status 0."""
    assert 0 == running(works=saving("a"))


def test_what_lies_outside_the_project_is_no_failure(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Without --practice its rows say how to have them; exit status 0."""
    words = ["--only", "reading", "--only", "frontend", "--output", str(tmp_path / "a.json")]
    monkeypatch.setattr(sys, "argv", ["bench", *words])
    assert 0 == bench.main()
    figures = rows(capfd.readouterr().out).values()
    assert 2 == len(figures)
    assert all("not measured" in figure and "--practice DIR" in figure for figure in figures)


def test_an_interrupted_run_keeps_what_it_has(
    bench: ModuleType, running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Ctrl-C in the second benchmark: the table and the record of the first, exit status 130."""
    whole = bench.measured

    def measured(benchmark: object, wish: object) -> object:
        if getattr(benchmark, "name", "") == "second":
            raise KeyboardInterrupt
        return whole(benchmark, wish)

    monkeypatch.setattr(bench, "measured", measured)
    assert 130 == running(first=saving("a"), second=saving("b"), third=saving("c"))
    assert {"a": "1.5 s"} == rows(capfd.readouterr().out)
    kept = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert ["first"] == [one["name"] for one in kept["benchmarks"]]


def test_a_real_benchmark_runs(tmp_path: Path) -> None:
    """The sample issue is read five times, and the record knows the machine."""
    output = tmp_path / "results.json"
    command = [sys.executable, "benchmarks/bench.py", "--only", "sample", "--output", str(output)]
    done = subprocess.run(command, cwd=REPO, check=True, capture_output=True, text=True)
    assert rows(done.stdout)["the sample issue read"].endswith("median of 5")
    record = json.loads(output.read_text("utf-8"))
    assert record["machine"]["cores"] >= 1
    assert record["machine"]["cpu"]
    assert 5 == len(record["benchmarks"][0]["figures"][0]["values"])


def test_every_benchmark_takes_what_the_driver_gives(bench: ModuleType) -> None:
    """Its program is there, and has the option that hands over its figures."""
    programs = {f"{one.program or one.name}.py" for one in bench.BENCHMARKS}
    texts = {name: (REPO / "benchmarks" / name).read_text("utf-8") for name in programs}
    assert all("results.options(__doc__)" in text for text in texts.values())
    assert all("results.save(wish.json" in text for text in texts.values())


def test_the_benchmarks_are_in_the_sdist_alone() -> None:
    """Who has the source can measure; who installs the wheel carries nothing of it."""
    sdist = {file.distribution_path for file in SdistBuilder(str(REPO)).recurse_included_files()}
    wheel = {file.distribution_path for file in WheelBuilder(str(REPO)).recurse_included_files()}
    assert {"benchmarks/bench.py", "benchmarks/results.py", "run"} <= sdist
    assert not [path for path in sdist if path.startswith("benchmarks/results/")]
    assert not [path for path in wheel if "benchmark" in path]


def test_a_peer_that_cannot_be_had_stops_no_other(tmp_path: Path) -> None:
    """`./run bench` then installs the others one by one, says which is missing, and measures."""
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("pyproject.toml", "requirements.lock", ".venv/.installed"):
        (tmp_path / name).touch()  # in this order: what is locked is installed
    shutil.copy(REPO / "run", tmp_path / "run")
    (programs / "python").write_text(
        "#!/bin/sh\n"
        'echo "$*" >>called\n'
        'case "$*" in\n'
        "  *bench]*|*cn2an*) exit 1 ;;\n"
        "  -c*) echo 'cn2an>=0.5'; echo 'wetext>=0.1' ;;\n"
        "esac\n",
        "utf-8",
    )
    (programs / "python").chmod(0o755)
    command = ["./run", "bench", "--quick"]
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert "run: cn2an>=0.5 cannot be had here" in done.stderr.splitlines()
    called = (tmp_path / "called").read_text("utf-8").splitlines()
    assert called[-2].endswith("wetext>=0.1")
    assert "benchmarks/bench.py --quick" == called[-1]
