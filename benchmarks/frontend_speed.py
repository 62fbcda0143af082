"""How fast text becomes spoken forms and readings: qjaudio against wetext with pypinyin.

    pip install wetext
    python benchmarks/frontend_speed.py [PAIRS] [--json FILE]

The text is the articles of the sample issue. Each side runs in a process of its own every time, so
that nothing is remembered from the last one, and has said another sentence before the clock starts.
wetext writes the spoken forms, pypinyin the readings with their tone changes.
"""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import results

from qjaudio.paper.reading import read_issue
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import explain
from qjaudio.sources.text import split_pages

SAMPLE = Path(__file__).parents[1] / "issues" / "2025-05-20" / "page1.md"
WARM = "图书馆2024年的读者增长了5%。"
PEER = "wetext with pypinyin"


def texts() -> list[str]:
    """The paragraphs of the sample issue."""
    issue = read_issue(split_pages(SAMPLE.read_text("utf-8")), date="2025-05-20")
    return [paragraph for article in issue.articles for paragraph in article.paragraphs]


def ours() -> Callable[[str], object]:
    """Our spoken forms and readings."""
    lexicon = default_lexicon()
    return lambda text: explain(text, lexicon).pinyin


def theirs() -> Callable[[str], object]:
    """Those of the peers; ImportError if they are not installed."""
    from pypinyin import Style, lazy_pinyin
    from wetext import Normalizer

    normalizer = Normalizer(lang="zh", operator="tn")

    def read(text: str) -> object:
        spoken = normalizer.normalize(text)
        return lazy_pinyin(spoken, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True)

    return read


SIDES: Mapping[str, Callable[[], Callable[[str], object]]] = {"qjaudio": ours, PEER: theirs}


def milliseconds(name: str) -> float:
    """What one side needs for a thousand characters."""
    read = SIDES[name]()
    read(WARM)
    paragraphs = texts()
    start = time.perf_counter()
    for text in paragraphs:
        read(text)
    return 1e6 * (time.perf_counter() - start) / sum(map(len, paragraphs))


def main() -> None:
    """Measure in turns and print."""
    parser = results.options(__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=7)
    wish = parser.parse_args()
    took: dict[str, list[float]] = {name: [] for name in SIDES}
    missing: dict[str, str] = {}
    for pair in range(wish.pairs):
        for name in sorted(SIDES.keys() - missing.keys(), reverse=bool(pair % 2)):
            with multiprocessing.get_context("spawn").Pool(1) as alone:
                try:
                    took[name].append(alone.apply(milliseconds, (name,)))
                except ImportError as error:
                    missing[name] = str(error)
    own = tuple(took.pop("qjaudio"))
    figure = results.Figure(
        what="spoken forms and readings",
        unit="ms for 1,000 characters",
        values=own,
        peers={name: tuple(values) for name, values in took.items() if values},
        missing=missing,
    )
    print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, [figure])


if __name__ == "__main__":
    main()
