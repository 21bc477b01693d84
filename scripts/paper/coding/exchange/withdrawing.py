"""Withdraw an interview or a passage: out of every table, never to come back with an import."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paper.coding.data import releases
from paper.coding.exchange import generalising, store
from paper.coding.exchange.store import Dataset
from paper.coding.privacy.withdrawal import FILE, Mark, Withdrawn, marks_of
from paper.errors import DataError, Place, did_you_mean
from paper.tools.files import write_atomic

CLAIMS = "data/claims.yml"
SEALS = "data/quotes.csv"


@dataclass(frozen=True)
class Withdrawal:
    """What is to go."""

    cases: tuple[str, ...]
    segments: tuple[str, ...]
    """Passages, those of the cases among them."""
    memos: tuple[str, ...]
    """Memos about these cases and passages."""
    marks: tuple[Mark, ...]
    private: tuple[str, ...]
    """Files in data/private/ that hold its text, which only the author can destroy."""
    too_short: tuple[str, ...]
    """Released passages of so few words that they are not looked for by these."""


def plan_withdrawal(root: Path, names: Sequence[str], date: dt.date) -> Withdrawal:
    """Return what withdrawing cases or passages takes. Raises DataError for a name that is neither."""
    dataset = store.load(root)
    rows = dataset.tables["segments"]
    all_cases = {row["case"] for row in dataset.tables["cases"]}
    all_segments = {row["segment"] for row in rows}
    for name in names:
        if name not in all_cases | all_segments:
            otherwise = "name a case, or a passage by its column `segment`"
            remedy = did_you_mean(name, sorted(all_cases | all_segments), otherwise)
            raise DataError(
                f"there is no interview or passage {name}", place=Place("data/segments.csv"), remedy=remedy
            )
    cases = tuple(name for name in dict.fromkeys(names) if name in all_cases)
    gone = {row["segment"]: row for row in rows if row["case"] in cases or row["segment"] in names}
    texts = {segment: row["excerpt"] for segment, row in gone.items() if row["excerpt"]}
    memos = [
        row
        for row in dataset.tables["memos"]
        if (row["about_kind"] == "case" and row["about"] in cases)
        or (row["about_kind"] == "segment" and row["about"] in gone)
    ]
    texts |= {row["memo"]: row["text"] for row in memos if row["text"]}
    marks = [mark for case in cases for mark in marks_of("case", case, date)]
    marks += [mark for segment in gone for mark in marks_of("segment", segment, date)]
    marks += [mark for text in texts.values() for mark in marks_of("passage", text, date)]
    private = [
        f"{store.TRANSCRIPTS}/{name}"
        for name in dataset.transcripts
        for case in cases
        if re.fullmatch(rf"{re.escape(case.replace(' ', '-'))}(-\d+)?\.txt", name)
    ]
    short = tuple(name for name, text in texts.items() if not marks_of("passage", text, date))
    return Withdrawal(
        cases, tuple(gone), tuple(row["memo"] for row in memos), tuple(marks), tuple(private), short
    )


def withdraw(root: Path, withdrawal: Withdrawal) -> list[str]:
    """Take it out of the tables, the claims' quotations and the seals. Return the changed files.

    What too few interviews share after that is withheld. The marks are written first, so that a failure on the way
    leaves nothing that isn't looked for.
    """
    known = Withdrawn.read(root)
    Withdrawn([*known.marks, *withdrawal.marks], known.counted).write(root)
    releases.forget(root, withdrawal.segments)
    old = store.load(root)
    new, _ = generalising.generalise_dataset(root, without(old, withdrawal))
    files = [FILE, *store.save(root, new, old)]
    for file, drop in ((SEALS, _unsealed), (CLAIMS, _unquoted)):
        path = root / file
        text = path.read_text("utf8") if path.is_file() else ""
        if (kept := drop(text, withdrawal.segments)) != text:
            write_atomic(path, kept.encode())
            files.append(file)
    return files


def without(dataset: Dataset, withdrawal: Withdrawal) -> Dataset:
    """Return the dataset without what was withdrawn."""
    tables = dict(dataset.tables)
    gone = {"cases": ("case", withdrawal.cases), "segments": ("segment", withdrawal.segments)}
    gone |= {"memos": ("memo", withdrawal.memos)}
    for table, (column, names) in gone.items():
        tables[table] = [row for row in tables[table] if row[column] not in names]
    return replace(
        dataset,
        tables=tables,
        excerpts={name: text for name, text in dataset.excerpts.items() if name not in withdrawal.segments},
        memos={name: text for name, text in dataset.memos.items() if name not in withdrawal.memos},
        attributes=[row for row in dataset.attributes if row["case"] not in withdrawal.cases],
    )


def drop_withdrawn(root: Path, dataset: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """Return the dataset without what an import would bring back, and the names of that."""
    withdrawn = Withdrawn.read(root)
    if not withdrawn.marks:
        return dataset, ()
    cases = tuple(row["case"] for row in dataset.tables["cases"] if withdrawn.has("case", row["case"]))
    segments = tuple(
        dict.fromkeys(
            row["segment"]
            for row in dataset.tables["segments"]
            if row["case"] in cases or withdrawn.has("segment", row["segment"])
        )
    )
    about: dict[str, tuple[str, ...]] = {"case": cases, "segment": segments}
    memos = tuple(
        row["memo"] for row in dataset.tables["memos"] if row["about"] in about.get(row["about_kind"], ())
    )
    again = Withdrawal(cases, segments, memos, (), (), ())
    kept = without(dataset, again)
    names = [f"{case.replace(' ', '-')}" for case in cases]
    transcripts = {
        name: text
        for name, text in kept.transcripts.items()
        if not any(re.fullmatch(rf"{re.escape(case)}(-\d+)?\.txt", name) for case in names)
    }
    return replace(kept, transcripts=transcripts), (*cases, *segments)


def _unsealed(text: str, segments: Sequence[str]) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.partition(",")[0] not in segments)


def _unquoted(text: str, segments: Sequence[str]) -> str:
    """Take passages out of the lists ``quotes: [a, b]`` of the ledger, and out of lists with a line each."""
    names = "|".join(map(re.escape, sorted(segments, key=len, reverse=True)))
    if not names:
        return text
    text = re.sub(rf"(?m)^[ \t]*-[ \t]+['\"]?(?:{names})['\"]?[ \t]*(?:#.*)?\n", "", text)

    def drop(match: re.Match[str]) -> str:
        remaining = [one for one in match[2].split(",") if one.strip().strip("'\"") not in segments]
        return f"{match[1]}{','.join(remaining).strip()}]"

    return re.sub(r"(?m)^([ \t]*(?:-[ \t]+)?quotes:[ \t]*\[)([^\]\n]*)\]", drop, text)
