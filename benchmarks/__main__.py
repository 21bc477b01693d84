"""Measure everything and write benchmarks/results.md and results.svg: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import machine, report
from benchmarks.cases import all_cases
from benchmarks.measure import Failed

FOLDER = Path(__file__).parent


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "--repeats",
        type=int,
        default=5,
        help="timed runs of each case at most, beside the one for memory; 0: that one is timed",
    )
    options.add_argument(
        "--only", choices=["paper", "growing", "large"], default="", help="one group, printed and not written"
    )
    given = options.parse_args()
    where = machine.describe()
    for line in where.lines():
        print(line)
    try:
        results = all_cases(given.repeats, lambda line: print(line, flush=True), given.only)
    except Failed as error:
        sys.exit(str(error))
    if not given.only:
        (FOLDER / "results.md").write_text(report.markdown(results, where, given.repeats), "utf8")
        (FOLDER / "results.svg").write_text(report.plot(results), "utf8")
        print("written: benchmarks/results.md, benchmarks/results.svg")


if __name__ == "__main__":
    main()
