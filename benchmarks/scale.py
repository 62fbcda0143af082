"""Years and regions: measure what a date costs, and plan any number of papers and days with it.

    python benchmarks/scale.py --measure docs/explanation/scale.json
    python benchmarks/scale.py --render docs/explanation/scale.json

The first makes episodes of the sample issue, a feed of ten years and a server, and takes about ten
minutes of two cores (and Linux, for /proc); the second prints the tables that stand in
docs/explanation/scale.md.
"""

import argparse
import json
from pathlib import Path


def main() -> None:
    """Do one of the two."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    wish = parser.add_mutually_exclusive_group(required=True)
    wish.add_argument("--measure", type=Path, metavar="FILE")
    wish.add_argument("--render", type=Path, metavar="FILE")
    asked = parser.parse_args()
    if asked.measure:
        from scale_measuring import measure

        text = json.dumps(measure(), indent=1, ensure_ascii=False)
        asked.measure.write_text(text + "\n", encoding="utf-8")
    else:
        from scale_table import render

        print(render(json.loads(asked.render.read_text(encoding="utf-8"))), end="")


if __name__ == "__main__":
    main()
