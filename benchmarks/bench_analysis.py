"""How long every result table of Findings takes on a large study, and how much memory.

    python benchmarks/bench_analysis.py

A made-up study of 100,000 codings, 500 codes (in four levels), 200 cases and 3 coders is written as CSV, then
loaded, checked and analysed; one line a step, then the totals. The goal: 3 s on two cores.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

ROWS, CODES, CASES, CODERS = 100_000, 500, 200, 3


def study(seed: int = 1) -> dict[str, pd.DataFrame]:
    """The made-up tables: codebook, cases, coders, segments."""
    random = np.random.default_rng(seed)
    parent = [
        "" if number < 20 else f"code-{random.integers(0, number // 4 + 1):03}" for number in range(CODES)
    ]
    codebook = pd.DataFrame({"code": [f"code-{number:03}" for number in range(CODES)], "parent": parent})
    codebook["name"] = codebook["code"].str.replace("-", " ").str.capitalize()
    for column in ("definition", "when_to_use", "when_not_to_use", "example"):
        codebook[column] = "Made up for a benchmark."
    drivers = random.choice(["internal", "external", "context"], 20)
    codebook["driver"] = [drivers[number] if number < 20 else "" for number in range(CODES)]
    codebook["driver"] = [drivers[number % 20] for number in range(CODES)]
    codebook["coder"] = "coder-1"
    cases = pd.DataFrame({"case": [f"case-{number:03}" for number in range(CASES)]})
    cases["role"] = random.choice(["expert", "public servant", "international"], CASES)
    cases["region"] = random.choice(["north", "south", "east", "west"], CASES)
    coders = pd.DataFrame({"coder": [f"coder-{number}" for number in range(1, CODERS + 1)], "role": "coder"})
    passages = ROWS * 4 // 10
    passage = random.integers(0, passages, ROWS)
    in_case = random.integers(0, CASES, passages)
    block = random.choice(["A", "B", "C"], passages)
    popular = random.zipf(1.3, ROWS * 3)
    code = (popular[popular <= CODES] - 1)[:ROWS]
    segments = pd.DataFrame({"segment": [f"s{number:06}" for number in passage]})
    segments["case"] = cases["case"].to_numpy()[in_case[passage]]
    segments["block"] = block[passage]
    segments["question"] = segments["block"] + "1"
    segments["locator"] = [f"answer {number % 40}" for number in passage]
    segments["code"] = codebook["code"].to_numpy()[code]
    segments["coder"] = coders["coder"].to_numpy()[random.integers(0, CODERS, ROWS)]
    segments["released"] = passage % 3 == 0
    segments["excerpt"] = [
        f"A made-up passage number {number} of a benchmark, long enough to be a sentence."
        for number in passage
    ]
    segments = segments.drop_duplicates(["segment", "code", "coder"]).reset_index(drop=True)
    return {"codebook": codebook, "cases": cases, "coders": coders, "segments": segments}


def steps(tables: dict[str, pd.DataFrame]) -> dict[str, Callable[[], Any]]:
    """Every result table, by name."""
    from paper.analysis import frequencies as f
    from paper.analysis import quotations as q
    from paper.analysis import robustness as r
    from paper.analysis import saturation as s
    from paper.coding import agreement as a
    from paper.coding import coded as c

    codebook, cases, segments = tables["codebook"], tables["cases"], tables["segments"]
    coded = c.settle(segments, "any").table
    groups: tuple[f.Group, ...] = ("", "case", "role", "region", "block")
    return {
        "settle, all coders": lambda: c.settle(segments, "all"),
        "settle, any coder": lambda: c.settle(segments, "any"),
        "frequencies": lambda: f.frequencies(coded, codebook, cases),
        "frequencies with parents": lambda: f.frequencies(coded, codebook, cases, parents=True),
        "code by case": lambda: f.code_by_case(coded, codebook, cases),
        "drivers, five groupings": lambda: [f.drivers(coded, codebook, cases, by) for by in groups],
        "co-occurrence": lambda: f.cooccurrence(coded, codebook),
        "saturation": lambda: s.saturation(s.new_codes(coded, cases)["new"]),
        "saturation over 1000 orders": lambda: s.over_orders(coded, cases),
        "exemplars": lambda: q.exemplars(segments, coded, codebook),
        "quotation cover": lambda: q.quotation_cover(segments, coded, codebook),
        "leave one out": lambda: r.leave_one_out(coded, codebook, cases),
        "merged siblings": lambda: r.merged_siblings(coded, codebook, cases),
        "concentration": lambda: r.concentration(coded, codebook, cases),
        "dissenting cases": lambda: r.dissenting_cases(coded, codebook, cases),
        "agreement, 1000 draws": lambda: a.agreement(segments),
    }


def main() -> None:
    tables = study()
    total = 0.0
    for name, step in steps(tables).items():
        start = time.perf_counter()
        step()
        took = time.perf_counter() - start
        total += took
        print(f"{name:<32} {took:6.3f} s")
    print(f"{'all':<32} {total:6.3f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
