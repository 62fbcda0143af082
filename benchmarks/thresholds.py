"""What each threshold of the layout is worth: stories read otherwise when it is smaller or larger.

    python benchmarks/thresholds.py FOLDER

FOLDER is what broadsheet.py wrote. Each number at the top of the `paper/layout*` modules is set to
four fifths and to five fourths (a whole number by one, at least); a row tells how many stories are
then read otherwise, and how many of them worse and better than before by broadsheet_score.py.
"""

import argparse
import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from broadsheet_score import compared

from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import Page, issue_json
from qjaudio.pipeline.reading import read_pages, understand

NAMES = ("layout", "layout_blocks", "layout_lines", "layout_parts", "layout_regions")
Case = tuple[tuple[Page, ...], list[dict[str, Any]]]


def thresholds(module: ModuleType) -> dict[str, Any]:
    """The numbers, and tuples of numbers, that a module defines at its top."""
    names = {line.split(" = ")[0] for line in _lines(module) if " = " in line}
    each = {one for name in names if name.isupper() for one in name.split(", ")}
    return {one: getattr(module, one) for one in sorted(each) if _is_number(getattr(module, one))}


def _lines(module: ModuleType) -> list[str]:
    return Path(module.__file__ or "").read_text("utf-8").splitlines()


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_number, value))
    return isinstance(value, int | float)


def scaled(value: Any, factor: float) -> Any:
    """A threshold times a factor, a whole number by one at least."""
    if isinstance(value, tuple):
        return tuple(scaled(one, factor) for one in value)
    if isinstance(value, int):
        return (
            min(value - 1, int(value * factor))
            if factor < 1
            else max(value + 1, int(value * factor))
        )
    return value * factor


def stories(case: Case) -> list[tuple[str, str, bool]]:
    """Headline and text of each story of a case, and whether it is right."""
    pages, gold = case
    try:
        got = issue_json(understand(pages, Config()))["articles"]
    except QjaudioError:
        return []
    found = []
    for one in got:
        faults = compared([row for row in gold if row["headline"] == one["headline"]], [one])[1]
        found.append((str(one["headline"]), "".join(one["body"]), not faults))
    return found


LAID_OUT: dict[str, list[Page]] = {}
"""The pages of each case as the layout puts them with the thresholds that there are."""


def laid_out(case: Case) -> list[Page]:
    """The pages in the order of the layout, which is a part of the time of a reading."""
    return [arrange(page) for page in case[0]]


def effect(cases: Mapping[str, Case], before: Mapping[str, list[tuple[str, str, bool]]]) -> str:
    """How many stories are no longer read as before, and how many right ones less and more."""
    other = worse = better = 0
    for name, case in cases.items():
        now = before[name] if laid_out(case) == LAID_OUT[name] else stories(case)
        other += len({*before[name]} - {*now})
        right = sum(row[2] for row in now) - sum(row[2] for row in before[name])
        worse, better = worse - min(right, 0), better + max(right, 0)
    return f"{other} (−{worse} +{better})"


def rows(cases: Mapping[str, Case]) -> Iterator[str]:
    """One line for each threshold."""
    modules = [importlib.import_module(f"qjaudio.paper.{name}") for name in NAMES]
    before = {name: stories(case) for name, case in cases.items()}
    LAID_OUT.update({name: laid_out(case) for name, case in cases.items()})
    yield f"{sum(map(len, before.values()))} stories on {len(cases)} sheets"
    for module in modules:
        for name, value in thresholds(module).items():
            told = []
            users = [one for one in modules if getattr(one, name, None) is value]
            for factor in (0.8, 1.25):
                for one in users:
                    setattr(one, name, scaled(value, factor))
                told.append(effect(cases, before))
                for one in users:
                    setattr(one, name, value)
            yield f"| `{name}` | {value} | {' | '.join(told)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    cases = {
        path.name: (
            read_pages(str(path).replace(".expected.json", ".pdf")),
            json.loads(path.read_text("utf-8"))["articles"],
        )
        for path in sorted(parser.parse_args().folder.glob("*.expected.json"))
    }
    for row in rows(cases):
        print(row, flush=True)


if __name__ == "__main__":
    main()
