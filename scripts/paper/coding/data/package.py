"""The description of the data, ``data/datapackage.json``: which tables there are, with which columns.

A Data Package (https://datapackage.org) with a Table Schema for each table. Interview tables are described
once and stand twice: in ``data/`` for real ones, in ``data/synthetic/`` for the demonstration.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from paper.errors import DataError, Place
from paper.report import Fault

FILE: Final = "data/datapackage.json"
INTERVIEW_TABLES: Final = ("cases", "coders", "segments", "memos")
SYNTHETIC: Final = "data/synthetic"
RESTORE: Final = "correct it, or restore it from git"


@dataclass(frozen=True)
class Described:
    """One table's description."""

    name: str
    title: str
    description: str
    fields: tuple[dict[str, Any], ...]
    """Table Schema field descriptors, in order."""
    key: tuple[str, ...]
    """Columns of the primary key."""
    references: dict[str, tuple[str, str]]
    """Column → (table, column) that its values must stand in."""
    claim: str = ""
    """How a row reads, ``{column}`` in it for a cell, where claims of the ledger may rest on the table."""

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [field["name"] for field in self.fields]

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the columns that say something about a person, the one to keep longest first.

        They are those of ``cases`` beside its key. A field with ``"attribute": false`` is none; that it must be said
        protects a column that somebody adds.
        """
        if self.name != "cases":
            return ()
        return tuple(
            field["name"]
            for field in self.fields
            if field["name"] not in self.key and field.get("attribute", True) is not False
        )

    def values(self, column: str) -> tuple[str, ...]:
        """Return the words that a column may hold, () where any may stand there."""
        field = next(field for field in self.fields if field["name"] == column)
        return tuple(field.get("constraints", {}).get("enum", ()))

    def file(self, *, synthetic: bool = False) -> str:
        """Return the table's file from the project's root, with forward slashes."""
        folder = SYNTHETIC if synthetic and self.name in INTERVIEW_TABLES else "data"
        return f"{folder}/{self.name}.csv"


def tables(root: Path) -> dict[str, Described]:
    """Return the described tables by name, in order. Raises DataError when the description is missing or broken."""
    path = root / FILE
    try:
        return _tables(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise DataError(
            "the description of the data is missing", place=Place(FILE), remedy="restore it from git"
        ) from None
    except OSError as error:
        raise DataError(
            f"the description of the data cannot be read: {error.strerror}", place=Place(FILE)
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise DataError(
            f"the description of the data is not valid JSON: {error}", place=Place(FILE, line), remedy=RESTORE
        ) from None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, re.error) as error:
        raise DataError(
            f"not a data package with a schema for each table: {error}", place=Place(FILE), remedy=RESTORE
        ) from None


def has_interviews(root: Path) -> bool:
    """Return whether the project describes tables of coded interviews. Raises DataError for a broken description."""
    return (root / FILE).is_file() and {"cases", "segments", "codebook"} <= tables(root).keys()


def described(name: str, root: Path) -> Described:
    """One table's description. Raises DataError where there is none."""
    known = tables(root)
    if name not in known:
        raise DataError(
            f"there is no table {name!r}", place=Place(FILE), remedy=f"described are: {', '.join(known)}"
        )
    return known[name]


def check_description(root: Path) -> list[Fault]:
    """Report what the Data Package standard, as frictionless knows it, has against the description."""
    from frictionless import FrictionlessException, Package

    try:
        tables(root)
        Package.from_descriptor(json.loads((root / FILE).read_text("utf8")))
    except DataError as error:
        line = error.place.line if error.place else None
        return [Fault(FILE, line, "description", error.message, error.remedy)]
    except FrictionlessException as error:
        notes = [reason.note for reason in error.reasons] or [error.error.note]
        return [Fault(FILE, None, "description", f"not a data package: {note}", RESTORE) for note in notes]
    return []


@lru_cache(maxsize=8)
def _tables(path: Path, _: int) -> dict[str, Described]:
    """Read once for each state of the file."""
    results: dict[str, Described] = {}
    for resource in json.loads(path.read_text("utf8"))["resources"]:
        name, schema = str(resource["name"]), resource["schema"]
        if resource["path"] != f"{name}.csv":
            raise ValueError(f"the path of {name} is not {name}.csv")
        for field in schema["fields"]:
            re.compile(field.get("constraints", {}).get("pattern", ""))
            if field["type"] not in ("string", "integer", "number", "boolean"):
                raise ValueError(f"{name}.{field['name']} has the type {field['type']}")
        claim = str(resource.get("claim", ""))
        columns = {field["name"] for field in schema["fields"]}
        if unknown := {part for _, part, _, _ in Formatter().parse(claim) if part is not None} - columns:
            raise ValueError(f"the claim of {name} names {', '.join(sorted(unknown))}, which is no column")
        references = {
            key["fields"][0]: (key["reference"]["resource"] or name, key["reference"]["fields"][0])
            for key in schema.get("foreignKeys", [])
        }
        results[name] = Described(
            name,
            str(resource["title"]),
            str(resource["description"]),
            tuple(schema["fields"]),
            # one column may stand by itself: https://specs.frictionlessdata.io/table-schema/#primary-key
            (key,) if isinstance(key := schema["primaryKey"], str) else tuple(key),
            references,
            claim,
        )
    for table in results.values():
        known = {(other.name, column) for other in results.values() for column in other.columns}
        own = {(table.name, column) for column in (*table.key, *table.references)}
        lost = (own | set(table.references.values())) - known
        if lost:
            raise ValueError(
                f"{table.name} refers to {', '.join(sorted(map('.'.join, lost)))}, not described"
            )
    return results
