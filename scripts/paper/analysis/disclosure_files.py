"""What is published of interviews, read from the files themselves, as an attacker would (``disclosure_attack``)."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from paper import project
from paper.analysis.datafile import name as datafile
from paper.analysis.disclosure import TOTAL
from paper.analysis.disclosure_attack import Count, Published, Statement
from paper.analysis.frequencies import UNSTATED
from paper.coding.data.load import is_synthetic
from paper.coding.data.package import described
from paper.text.decoding import decode
from paper.tools import git

_KEYS: Final = ("driver", "code", "block", "question")  # columns that tell what is counted
_PEOPLE: Final = ("interviewees", "group_cases")  # columns in which each interview counts once
_OF_CASES: Final = ("group", "case")  # columns that may hold pseudonyms
_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
Row = Mapping[str, str]
Weights = Mapping[tuple[tuple[str, ...], str], Mapping[str, int]]  # (what is counted, column) → case → number


def read_published(root: Path, site: Path | None = None) -> Published:
    """Read the tables in ``data/`` and ``assets/data``, of a built site and its kept drafts, and git's old ones.

    Raises DataError where the table of cases isn't described.
    """
    table = described("cases", root)
    vocabulary = {name: list(table.values(name)) for name in table.attributes}
    cases_file = table.file(synthetic=is_synthetic())
    own = _rows((root / cases_file).read_bytes()) if (root / cases_file).is_file() else []
    stated = {row["case"]: {name: row.get(name, "") for name in vocabulary} for row in own}
    folders = {"": root / Path(datafile("fig", "x", synthetic=is_synthetic())).parent}
    if site:
        for path in sorted(path for path in site.rglob("assets/data") if path.is_dir()):
            folders[f"{(Path(site.name) / path.relative_to(site)).parent.parent.as_posix()}/"] = path
    statements = [
        *_statements(cases_file, own, vocabulary),
        *([] if is_synthetic() else _committed(root, cases_file, vocabulary)),
    ]
    counts: list[Count] = []
    for state, folder in folders.items():
        within = "assets/data" if state else folder.relative_to(root).as_posix()
        tables = {
            f"{state}{within}/{path.name}": _rows(path.read_bytes()) for path in sorted(folder.glob("*.csv"))
        }
        for file, rows in tables.items():
            statements += _statements(file, rows, vocabulary)
        of_case = _weights(tables.values(), stated)
        counts += [
            one for file, rows in tables.items() for one in _counts(file, state, rows, vocabulary, of_case)
        ]
    counts += _in_prose(root, vocabulary, stated)
    for name, words in vocabulary.items():
        words += {one.value for one in statements if one.attribute == name} - set(words)
        words += {one.group.get(name, "") for one in counts} - {*words, ""}
    return Published(vocabulary, stated, statements, counts)


def _in_prose(root: Path, vocabulary: Mapping[str, Sequence[str]], cases: Iterable[str]) -> Iterator[Count]:
    """Yield numbers that prose takes from ``_variables.yml``, as of ``interviews: {capital: two}``."""
    values = project.load(root).variables.get("interviews")
    for word, value in values.items() if isinstance(values, dict) else ():
        number = _NUMBERS.index(str(value).lower()) if str(value).lower() in _NUMBERS else _number(str(value))
        for name, words in vocabulary.items():
            if number is not None and word in words:
                weights = dict.fromkeys(cases, 1)
                yield Count(
                    "_variables.yml", "prose", {name: str(word)}, weights, number, f"interviews.{word}"
                )


def _rows(content: bytes) -> list[dict[str, str]]:
    return [dict(row) for row in csv.DictReader(io.StringIO(decode(content).text))]


def _statements(
    file: str, rows: Sequence[Row], vocabulary: Mapping[str, Sequence[str]]
) -> Iterator[Statement]:
    """Yield the attributes that stand in a row with a pseudonym."""
    for row in rows:
        for name in vocabulary:
            if row.get("case") and row.get(name):
                yield Statement(file, row["case"], name, row[name])


def _committed(root: Path, file: str, vocabulary: Mapping[str, Sequence[str]]) -> Iterator[Statement]:
    """Yield what earlier commits of the table of cases state, as far as git is there."""
    for commit in (git.ask(root, "log", "--format=%h", "--", file) or b"").decode().split():
        content = (git.ask(root, "show", f"{commit}:./{file}") or b"").decode("utf8", "replace")
        yield from _statements(f"{file} in commit {commit}", _rows(content.encode()), vocabulary)


def _weights(tables: Iterable[Sequence[Row]], cases: Iterable[str]) -> Weights:
    """Return what the tables by interview say: a row a case, or a column a case and a row a code."""
    known = set(cases)
    result: dict[tuple[tuple[str, ...], str], dict[str, int]] = defaultdict(dict)
    for rows in tables:
        of = next((name for name in _OF_CASES if rows and {row.get(name, "") for row in rows} <= known), "")
        for row in rows:
            key = _key(row)
            if of:
                for column, value in row.items():
                    if (number := _number(value)) is not None and column != of:
                        result[key, column][row[of]] = number
            elif len(known & set(row)) > 1:
                for case in known & set(row):
                    if (number := _number(row[case])) is not None:
                        result[key, "segments"][case] = number
    for column in _PEOPLE:
        result[(), column] = dict.fromkeys(known, 1)
    return result


def _counts(
    file: str, state: str, rows: Sequence[Row], vocabulary: Mapping[str, Sequence[str]], of_case: Weights
) -> Iterator[Count]:
    """Yield the numbers of a table that count interviews of a group."""
    for line, row in enumerate(rows, 2):
        group = _group(row, vocabulary)
        if group is None or row.get("case"):
            continue
        for column, value in row.items():
            key = () if column in _PEOPLE else _key(row)
            weights = of_case.get((key, column))
            if weights and (not value.strip() or _number(value) is not None):
                yield Count(file, state, group, weights, _number(value), f"{file}, line {line}, {column}")


def _group(row: Row, vocabulary: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """Return which interviews a row counts; None where it counts them by no attribute."""
    named = {name: row[name] for name in vocabulary if name in row}
    if row.get("by") in vocabulary and "group" in row:
        named = {row["by"]: row["group"]}
    if not named:
        return None
    return {name: "" if value == UNSTATED else value for name, value in named.items() if value != TOTAL}


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEYS if row.get(name))


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.strip().isdecimal() else None
