"""How long every result table of Findings takes on a large study, and how much memory.

    python benchmarks/bench_analysis.py

A made-up study of 100,000 codings, 500 codes (in four levels), 200 cases and 3 coders is written as CSV beside the
project's other tables; then it is checked, loaded and analysed, one line a step. Goal: 3 s and no more in all, on
two cores. Importing the libraries is told apart, since a build does it once for everything.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROWS, CODES, CASES, CODERS = 100_000, 500, 200, 3
GOAL = 3.0
ROLES = ["public servant", "think tank", "non-governmental organisation", "international organisation"]
REGIONS = ["capital", "north", "south", "east", "west", "centre"]


def study(seed: int = 1) -> dict[str, Any]:
    """The made-up tables, as DataFrames of text: codebook, cases, coders, segments, memos."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(seed)
    names = [f"code-{number:03}" for number in range(CODES)]
    parent = [random.integers(0, number // 4 + 1) if number >= 20 else -1 for number in range(CODES)]
    made_up = "Made up for a benchmark"
    codebook = pd.DataFrame(
        {
            "code": names,
            "parent": [names[number] if number >= 0 else "" for number in parent],
            "name": [f"Code {number}" for number in range(CODES)],
            **dict.fromkeys(("definition", "when_to_use", "when_not_to_use"), made_up),
            "example": "",
            "driver": [("internal", "external", "context")[n % 3] if n < 20 else "" for n in range(CODES)],
            "coder": "project",
        }
    )
    cases = pd.DataFrame(
        {
            "case": [f"Interview {number}" for number in range(CASES)],
            "role": random.choice(ROLES, CASES),
            "region": random.choice(REGIONS, CASES),
        }
    )
    coders = pd.DataFrame({"coder": [f"Coder {number}" for number in range(1, CODERS + 1)], "role": made_up})
    passages = ROWS * 4 // 10
    in_case, block = random.integers(0, CASES, passages), random.choice(["A", "B", "C"], passages)
    popular = random.zipf(1.3, ROWS * 4)
    code = (popular[popular <= CODES] - 1)[: ROWS + ROWS // 5]
    marks = pd.DataFrame({"passage": random.integers(0, passages, len(code)), "code": code})
    marks["coder"] = random.integers(0, CODERS, len(marks))
    marks = marks.drop_duplicates().head(ROWS)
    passage = marks["passage"].to_numpy()
    free = passage % 3 == 0
    segments = pd.DataFrame(
        {
            "segment": [f"s{number:06}" for number in passage],
            "case": cases["case"].to_numpy()[in_case[passage]],
            "block": block[passage],
            "question": [f"{letter}1" for letter in block[passage]],
            "locator": [f"answer {number % 40}" for number in passage],
            "code": np.array(names)[marks["code"]],
            "coder": coders["coder"].to_numpy()[marks["coder"]],
            "released": np.where(free, "true", "false"),
            "excerpt": [
                f"A made-up passage number {number} of a benchmark, as long as a sentence." if open_ else ""
                for number, open_ in zip(passage, free, strict=True)
            ],
        }
    )
    memos = pd.DataFrame(columns=["memo", "about_kind", "about", "coder", "text", "released"])
    return {"codebook": codebook, "cases": cases, "coders": coders, "segments": segments, "memos": memos}


@contextmanager
def project() -> Iterator[Path]:
    """A copy of the project's data and chapters in which the interviews are the made-up study."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        skip = shutil.ignore_patterns("private", "synthetic", "claims.yml", "quotes.csv")
        shutil.copytree(ROOT / "data", root / "data", ignore=skip)
        shutil.copytree(ROOT / "chapters", root / "chapters")
        for name in ("_quarto.yml", "_variables.yml", "index.qmd", "references.bib"):
            shutil.copy(ROOT / name, root / name)
        for name, table in study().items():
            table.to_csv(root / "data" / f"{name}.csv", index=False, lineterminator="\n")
        (root / "data/quotes.csv").write_text("segment,hmac\n", "utf8")
        yield root


def steps(tables: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Every result table, by name."""
    from paper.analysis import disclosure as d
    from paper.analysis import frequencies as f
    from paper.analysis import quotations as q
    from paper.analysis import robustness as r
    from paper.analysis import saturation as s
    from paper.coding.interviews import agreement as a
    from paper.coding.interviews import coded as c

    codebook, cases, segments = tables["codebook"], tables["cases"], tables["segments"]
    coded = c.apply_coder_rule(segments, "any").table
    groups: tuple[f.Group, ...] = ("", "case", "role", "region", "block")
    return {
        "codings that stand": lambda: c.apply_coder_rule(segments, "any"),
        "frequencies": lambda: f.frequencies(coded, codebook, cases),
        "frequencies with parents": lambda: f.frequencies(coded, codebook, cases, parents=True),
        "code by case": lambda: f.code_by_case(coded, codebook, cases),
        "drivers, five groupings": lambda: [f.drivers(coded, codebook, cases, by) for by in groups],
        "drivers by role, protected": lambda: d.protected(f.drivers(coded, codebook, cases, "role")),
        "sample, protected": lambda: d.sample(cases),
        "co-occurrence": lambda: f.cooccurrence(coded, codebook),
        "saturation": lambda: s.saturation(s.new_codes(coded, cases)["new"]),
        "saturation over 1000 orders": lambda: s.over_orders(coded, cases),
        "exemplars": lambda: q.exemplars(segments, coded, codebook, cases),
        "quotation cover": lambda: q.quotation_cover(segments, coded, codebook),
        "leave one out": lambda: r.leave_one_out(coded, codebook, cases),
        "merged siblings": lambda: r.merged_siblings(coded, codebook, cases),
        "concentration": lambda: r.concentration(coded, codebook, cases),
        "dissenting cases": lambda: r.dissenting_cases(coded, codebook, cases),
        "only what all coders gave": lambda: c.apply_coder_rule(segments, "all"),
        "agreement, 1000 draws": lambda: a.agreement(segments),
    }


class Clock:
    """Prints how long each step takes, and adds up."""

    total = 0.0

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = step()
        took = time.perf_counter() - start
        self.total += took
        print(f"{name:<32} {took:6.3f} s")
        return result


def main() -> int:
    """Run all steps; 1 when they take longer than the goal."""
    import psutil

    clock = Clock()
    start = time.perf_counter()
    import frictionless  # noqa: F401
    import krippendorff  # noqa: F401
    import pandas  # noqa: F401

    print(f"{'(importing the libraries)':<32} {time.perf_counter() - start:6.3f} s")
    from paper.coding.data import check, load

    with project() as root:
        faults = clock("check the data", lambda: check.check_data(root))
        assert not faults, faults[:3]
        names = ("codebook", "cases", "coders", "segments")
        tables = clock("load the tables", lambda: {name: load.table(name, root) for name in names})
    assert len(tables["segments"]) == ROWS, len(tables["segments"])
    for name, step in steps(tables).items():
        clock(name, step)
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", 0)
    if not peak:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"{'all':<32} {clock.total:6.3f} s   (goal {GOAL:g} s)")
    print(f"{'peak memory':<32} {peak / 2**20:6.0f} MB")
    return int(clock.total > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
