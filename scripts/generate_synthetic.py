"""Make the synthetic interviews of the demonstration edition.

Source: data/codebook.csv (which codes there are), data/datapackage.json (which attributes interviews have, and with
which words), and chance from a fixed seed. Output: the interview tables in
data/synthetic/. Nobody was asked anything: the passages say of themselves that they are made up, and no number
in these tables says anything about Kazakhstan.

    python scripts/generate_synthetic.py

The tables are made so that every result of Findings has something to show: six cases of two kinds,
each attribute stated where three share it, coders who mostly agree, codes that thin out towards the last interviews,
a case that dissents, passages that are released and passages that are not.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

SEED = 20261123
CODERS = (("Coder 1", "synthetic first coder"), ("Coder 2", "synthetic second coder"))
QUESTIONS = {"A": ("A1", "A2", "A3"), "B": ("B1", "B2", "B3", "B4", "B5"), "C": ("C1", "C2")}
# How many passages an answer to a question of the block has, and how much each driver weighs there.
PASSAGES = {"A": (2, 3), "B": (3, 4), "C": (1, 2)}
WEIGHT = {
    "A": {"internal": 2.0, "external": 2.0, "context": 3.0},
    "B": {"internal": 4.0, "external": 4.5, "context": 1.0},
    "C": {"internal": 0.5, "external": 1.5, "context": 4.0},
}
RELEASED = 0.45
MISSED, MISTAKEN = 0.2, 0.12  # how often the second coder leaves out a code, or takes a sibling instead
SECOND_CODE, THIRD_CODE = 0.35, 0.08

SENTENCES = (
    "[Synthetic] Passage {number}, which nobody said. It stands where a released passage on “{name}” would stand.",
    "[Synthetic] A made-up answer to question {question}, coded as “{name}”, to show how a quotation of "
    "ordinary length looks on the page, in the PDF and in a table. It is passage {number}.",
    "[Synthetic] Here a respondent would speak about “{name}”. The words are a placeholder, number {number}.",
    "[Synthetic] Placeholder {number}: “{name}”.",
    "[Synthetic] This passage, number {number}, is longer than others, because answers by e-mail can be long, "
    "and a long quotation has to be set as well as a short one. It is coded as “{name}”, it was put under "
    "question {question}, and it reports nothing that happened anywhere.",
)


@dataclass(frozen=True)
class Case:
    """One made-up interview.

    words: for each attribute, which of its words the interview has (from 0), None where that isn't stated; lean: how
    much more or less a driver weighs than on average; silent: codes that never come up.
    """

    name: str
    words: tuple[int | None, ...]
    lean: dict[str, float]
    silent: tuple[str, ...] = ()


CASES = (
    Case("Synthetic 1", (0, 1), {"internal": 1.2}),
    Case("Synthetic 2", (0, 1), {"external": 1.4}, ("internal-radical",)),
    Case("Synthetic 3", (1, None), {"external": 1.6, "internal": 0.6}, ("internal-bottom-up",)),
    Case("Synthetic 4", (1, None), {"context": 1.3}),
    # The one that dissents: it speaks of the internal driver only.
    Case("Synthetic 5", (0, 1), {"internal": 2.0, "external": 0.0}),
    Case("Synthetic 6", (1, None), {"external": 1.2, "internal": 0.8}),
)
# Codes that come up from the third interview on, so that saturation has a course.
LATE = ("context-service-limits", "external-local-difference", "context-standards")


def make(
    codebook: list[dict[str, str]], attributes: dict[str, list[str]], seed: int = SEED
) -> dict[str, list[list[str]]]:
    """Return the four interview tables, name → rows with the header first.

    codebook: rows of data/codebook.csv; attributes: the words of each attribute, by its name.
    """
    chance = Random(seed)
    segments = [["segment", "case", "block", "question", "locator", "code", "coder", "released", "excerpt"]]
    number = 0
    for place, case in enumerate(CASES):
        paragraph = 0
        for block, questions in QUESTIONS.items():
            for question in questions:
                for _ in range(chance.choice(PASSAGES[block])):
                    number += 1
                    paragraph += 1
                    first = _codes(chance, codebook, case, block, late=place >= 2)
                    second = _second(chance, codebook, first)
                    released = chance.random() < RELEASED
                    name = next(row["name"] for row in codebook if row["code"] == first[0])
                    text = chance.choice(SENTENCES).format(number=number, name=name, question=question)
                    passage = [f"s{place + 1}-{paragraph:03}", case.name, block, question]
                    rest = ["true", text] if released else ["false", ""]
                    for (coder, _), codes in zip(CODERS, (first, second), strict=True):
                        segments += [
                            [*passage, f"paragraph {paragraph}", code, coder, *rest] for code in codes
                        ]
    return {
        "cases": [["case", *attributes], *([case.name, *_stated(case, attributes)] for case in CASES)],
        "coders": [["coder", "role"], *map(list, CODERS)],
        "segments": segments,
        "memos": _memos(segments),
    }


def _stated(case: Case, attributes: dict[str, list[str]]) -> list[str]:
    words = zip(attributes.values(), case.words, strict=False)
    stated = ["" if place is None else of[place % len(of)] for of, place in words if of]
    return stated + [""] * (len(attributes) - len(stated))


def _codes(
    chance: Random, codebook: list[dict[str, str]], case: Case, block: str, *, late: bool
) -> list[str]:
    """Return what the first coder gives a passage: one to three codes, top codes seldom, the first the plainest."""
    open_to = [
        row for row in codebook if row["code"] not in case.silent and (late or row["code"] not in LATE)
    ]
    weights = [
        WEIGHT[block][row["driver"]] * case.lean.get(row["driver"], 1.0) * (1.0 if row["parent"] else 0.3)
        for row in open_to
    ]
    wanted = 1 + (chance.random() < SECOND_CODE) + (chance.random() < THIRD_CODE)
    return list(dict.fromkeys(row["code"] for row in chance.choices(open_to, weights, k=wanted)))


def _second(chance: Random, codebook: list[dict[str, str]], first: list[str]) -> list[str]:
    """Return what the second coder makes of the same passage: mostly the same."""
    parent = {row["code"]: row["parent"] for row in codebook}
    given: list[str] = []
    for code in first:
        draw = chance.random()
        if draw < MISTAKEN and parent[code]:
            given.append(chance.choice([other for other in parent if parent[other] == parent[code]]))
        elif draw > MISSED + MISTAKEN or len(first) == 1:
            given.append(code)
    return list(dict.fromkeys(given))


def _memos(segments: list[list[str]]) -> list[list[str]]:
    """Memos of every kind, about rows that are there."""
    dissent = next(row for row in segments if row[1] == "Synthetic 5")
    other = next(row for row in segments if row[5].startswith("context-"))
    rows = [
        ("project", "", "Coder 1", "[Synthetic] A memo about the coding as a whole.", "true"),
        (
            "code",
            "external-mimicry",
            "Coder 2",
            "[Synthetic] A memo about where a code begins and ends.",
            "true",
        ),
        (
            "code",
            "internal-radical",
            "Coder 1",
            "[Synthetic] A memo about a code that is seldom used.",
            "true",
        ),
        (
            "case",
            "Synthetic 5",
            "Coder 1",
            "[Synthetic] A memo that a case speaks against the others.",
            "true",
        ),
        ("segment", dissent[0], "Coder 2", "[Synthetic] A memo about evidence against a driver.", "true"),
        ("segment", other[0], "Coder 1", "", "false"),
    ]
    head = ["memo", "about_kind", "about", "coder", "text", "released"]
    return [head, *([f"m-{number:02}", *row] for number, row in enumerate(rows, 1))]


def _attributes(root: Path) -> dict[str, list[str]]:
    """Return the words of each column of cases that says something about a person."""
    resources = json.loads((root / "data/datapackage.json").read_text("utf8"))["resources"]
    fields = next(one["schema"]["fields"] for one in resources if one["name"] == "cases")
    return {
        field["name"]: field.get("constraints", {}).get("enum", [])
        for field in fields
        if field["name"] != "case" and field.get("attribute", True)
    }


def write(root: Path, folder: Path | None = None) -> None:
    """Write the tables into ``folder``, by default data/synthetic/ of the project in ``root``."""
    with (root / "data/codebook.csv").open(encoding="utf8", newline="") as codes:
        tables = make(list(csv.DictReader(codes)), _attributes(root))
    folder = folder or root / "data/synthetic"
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent)
