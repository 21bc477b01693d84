"""``paper data check``: everything that is wrong with the tables in ``data/``, found in one go.

Each table is read once, whatever its state; what its schema says of a column is tested on the column's
distinct values, so that 100,000 rows take well under a second. frictionless checks the description itself;
its own check of rows says the same (a test compares the two) and takes twice the time that a whole build may.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from paper.coding.data import readme, releases, rules
from paper.coding.data.load import FORMS, of_type
from paper.coding.data.package import (
    FILE,
    INTERVIEW_TABLES,
    SYNTHETIC,
    Described,
    check_description,
    tables,
)
from paper.coding.data.sheet import SAVE, Sheet, read
from paper.errors import nearest
from paper.project import Project
from paper.report import Fault, ordered

MOST: Final = 25  # faults of one rule in one column that are told one by one
# Letters that only a wrong turn between encodings puts together: UTF-8 read as Windows-1252, or as 1251.
MOJIBAKE: Final = re.compile(
    "\ufffd|(?:[ÃÐÑ][\u0080-\u00bf\u0152-\u0178\u2018-\u2122]){2}|(?:[РС][\u0080-\u00bf\u0402-\u040f\u0452-\u045f\u2018-\u2122]){2}"
)
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def check_data(project: Project) -> list[Fault]:
    """All faults of the data, by file, line and column. Interview tables are checked in both of their places.

    A paper without tables needs no description of them.
    """
    root = project.root
    if not (root / FILE).is_file() and not any((root / "data").glob("*.csv")):
        return []
    faults = check_description(root)
    if faults:
        return faults
    described = tables(root)
    real, found = _read(root, described, synthetic=False)
    faults += found
    faults += _tables(described, real)
    if (root / SYNTHETIC).is_dir():
        made_up, found = _read(root, described, synthetic=True)
        faults += found
        faults += _tables(described, {**real, **made_up}, only=INTERVIEW_TABLES)
    faults += rules.check(project, real)
    if (root / SYNTHETIC).is_dir():
        faults += rules.check_interviews({**real, **made_up})
    faults += _strangers(root, described)
    faults += readme.check(root)
    if "segments" in real:
        faults += releases.overdue(root, _released(real["segments"]), dt.date.today())
    return ordered(_limited(faults))


def _released(segments: Sheet) -> list[str]:
    if not {"segment", "released"} <= set(segments.columns):
        return []
    pairs = zip(segments.columns["segment"], segments.columns["released"], strict=True)
    return [segment for segment, released in pairs if released == "true"]


def _read(
    root: Path, described: dict[str, Described], *, synthetic: bool
) -> tuple[dict[str, Sheet], list[Fault]]:
    sheets: dict[str, Sheet] = {}
    faults: list[Fault] = []
    for name in (name for name in described if not synthetic or name in INTERVIEW_TABLES):
        sheet, found = read(root, described[name].file(synthetic=synthetic), described[name].columns)
        faults += found
        if sheet:
            sheets[name] = sheet
    return sheets, faults


def _tables(
    described: dict[str, Described], sheets: dict[str, Sheet], only: tuple[str, ...] = ()
) -> Iterator[Fault]:
    for name, sheet in sheets.items():
        if only and name not in only:
            continue
        for field in described[name].fields:
            if field["name"] in sheet.columns:
                yield from _column(sheet, field)
        yield from _key(sheet, described[name])
        for column, (other, target) in described[name].references.items():
            if other in sheets and target in sheets[other].columns and column in sheet.columns:
                yield from _reference(sheet, column, sheets[other], target)


def _column(sheet: Sheet, field: dict[str, Any]) -> Iterator[Fault]:
    """Report what the schema forbids of single values, and what no text should hold."""
    name = field["name"]
    values = sheet.columns[name]
    wrong = {value: said for value in set(values) if (said := value_fault(value, field))}
    if wrong:
        for value, line in zip(values, sheet.lines, strict=True):
            if value in wrong and line not in sheet.odd:
                rule, message, remedy = wrong[value]
                yield Fault(sheet.file, line, rule, message, remedy, column=name)
    if field.get("constraints", {}).get("unique"):
        yield from _twice(sheet, (name,), "unique")


def value_fault(value: str, field: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return what is wrong with one cell: rule, message and remedy; None where nothing is."""
    limits, name = field.get("constraints", {}), field["name"]
    if not value.strip():
        if value:
            return "spaces", "only spaces", "leave the cell empty, or fill it in"
        if limits.get("required"):
            return "required", "the cell is empty", f"fill it in: {field['description']}"
        return None
    shown = repr(value if len(value) <= 40 else value[:39] + "…")
    if CONTROL.search(value):
        return "control-character", "a sign that can't be seen stands in the text", "type the text anew"
    if MOJIBAKE.search(value):
        return "encoding", "letters that a wrong encoding made", f"restore the text, and {SAVE}"
    if not of_type(value, field["type"]):
        form = FORMS[field["type"]][1]
        return "type", f"{shown} is not {form}", f"write {form}"
    if value != value.strip():
        return "spaces", f"spaces around {shown}", "delete them"
    if "enum" in limits and value not in limits["enum"]:
        words = ", ".join(limits["enum"])
        return (
            "vocabulary",
            f"{shown} is not one of the words for {name}",
            f"{_near(value, limits['enum'])}{words}",
        )
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        return (
            "pattern",
            f"{shown} hasn't the form of {name}",
            f"{field['description']} As in: {field['example']}",
        )
    if len(value) > limits.get("maxLength", len(value)):
        return "length", f"{len(value)} letters, more than {limits['maxLength']}", "shorten it"
    if field["type"] in ("integer", "number"):
        low, high = limits.get("minimum", float("-inf")), limits.get("maximum", float("inf"))
        if not low <= float(value) <= high:
            return "range", f"{shown} is not between {low} and {high}", f"{field['description']}"
    return None


def _key(sheet: Sheet, table: Described) -> Iterator[Fault]:
    """Rows that say the same thing twice."""
    unique = [field["name"] for field in table.fields if field.get("constraints", {}).get("unique")]
    if list(table.key) != unique[:1]:
        yield from _twice(sheet, table.key, "double-row")


def _twice(sheet: Sheet, key: tuple[str, ...], rule: str) -> Iterator[Fault]:
    if any(name not in sheet.columns for name in key):
        return
    first: dict[tuple[str, ...], int] = {}
    for values, line in zip(
        zip(*(sheet.columns[name] for name in key), strict=True), sheet.lines, strict=True
    ):
        if not all(values) or line in sheet.odd:
            continue
        before = first.setdefault(values, line)
        if before != line:
            message = f"{' + '.join(key)} stands in line {before} too: {', '.join(map(_short, values))}"
            yield Fault(
                sheet.file, line, rule, message, "delete one of the two, or correct it", column=key[-1]
            )


def _reference(sheet: Sheet, column: str, other: Sheet, target: str) -> Iterator[Fault]:
    """Values that stand in no row of the table that they refer to."""
    known = dict.fromkeys(other.columns[target])
    strange = set(sheet.columns[column]) - set(known) - {""}
    remedies = {
        value: f"{_near(value, list(known))}or add it to {other.file}"
        for value in sorted(strange)[: MOST * 4]
    }
    for value, line in zip(sheet.columns[column], sheet.lines, strict=True):
        if value in strange and line not in sheet.odd:
            message = f"{_short(value)} stands in no row of {other.file}"
            remedy = remedies.get(value, f"add it to {other.file}")
            yield Fault(sheet.file, line, "unknown", message, remedy, column=column)


def _strangers(root: Path, described: dict[str, Described]) -> Iterator[Fault]:
    """Tables that nobody described."""
    for folder in ("data", SYNTHETIC):
        for path in sorted((root / folder).glob("*.csv")):
            if path.stem not in described or (folder == SYNTHETIC and path.stem not in INTERVIEW_TABLES):
                remedy = f"describe it in {FILE}, or move it elsewhere"
                yield Fault(
                    f"{folder}/{path.name}", None, "undescribed", "a table without description", remedy
                )


def _near(value: str, known: list[str]) -> str:
    name = nearest(value, known, cutoff=0.7)
    return f"did you mean {name!r}? " if name else ""


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:39] + "…")


def _limited(faults: list[Fault]) -> list[Fault]:
    """At most MOST faults of a rule in a column, and one that counts the others."""
    groups: dict[tuple[str, str, object], list[Fault]] = defaultdict(list)
    for fault in faults:
        groups[fault.file, fault.rule, fault.column].append(fault)
    remaining: list[Fault] = []
    for group in groups.values():
        remaining += group[:MOST]
        if len(group) > MOST:
            last = group[MOST]
            message = f"and {len(group) - MOST} more like these, from here on"
            remaining.append(
                Fault(last.file, last.line, last.rule, message, last.remedy, last.severity, last.column)
            )
    return remaining
