"""A new table of coded data: an empty CSV file, and its description in ``data/datapackage.json``."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from paper.coding.data.package import FILE, tables
from paper.errors import SourceError
from paper.new.names import in_words, require_identifier, require_new
from paper.new.plan import Plan, read

TYPES: Final = ("string", "integer", "number", "boolean")
# What every row says of itself, whatever its table is about.
LAST: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "doubt",
        "type": "string",
        "description": "What a reader should know before relying on the row; empty where there is no doubt.",
    },
    {
        "name": "locator",
        "type": "string",
        "description": "Where it stands in the source: document, then page, section or sentence.",
        "constraints": {"required": True},
    },
    {
        "name": "coder",
        "type": "string",
        "description": "Who coded the row: a name or initials.",
        "constraints": {"required": True},
    },
)


def plan(root: Path, name: str, columns: list[str], *, title: str = "", description: str = "") -> Plan:
    """Plan the table ``data/NAME.csv`` with the columns id, those given, doubt, locator, coder.

    columns: each as ``office``, ``days:integer`` (or ``number``, ``boolean``), or ``kind:counter,online`` for one
    of these words. Raises SourceError for a name that can't be, or is taken, and for a column likewise.
    """
    require_identifier(name, "dataset")
    there = (root / FILE).exists()
    require_new(name, tables(root) if there else (), "a table called")
    text = read(root, FILE) if there else _empty_package(root)
    package = json.loads(text)
    fields = [
        _id(name),
        *map(_field, columns or ["what"]),
        *(_as_elsewhere(field, package) for field in LAST),
    ]
    names = [field["name"] for field in fields]
    for twice in {column for column in names if names.count(column) > 1}:
        raise SourceError(
            f"the column {twice!r} would be there twice",
            remedy=f"leave it out: id, {', '.join(field['name'] for field in LAST)} are always there",
        )
    title = title or in_words(name)
    package["resources"].append(_resource(name, title, description or f"{title}, one row each.", fields))
    new = {FILE: _dumped(package, text)}
    return Plan(
        created={f"data/{name}.csv": header(names)} | ({} if there else new),
        changed=new if there else {},
        steps=(
            f"say in {FILE} what the table and each column hold, then: paper data readme",
            f"fill data/{name}.csv, then: paper data check",
        ),
    )


def describe(root: Path, resource: dict[str, Any]) -> Plan:
    """Plan the description of a table that the program itself writes; nothing where it is described.

    resource: as a Data Package has it. Raises DataError where the description of the data is broken.
    """
    there = (root / FILE).exists()
    if there and resource["name"] in tables(root):
        return Plan()
    text = read(root, FILE) if there else _empty_package(root)
    package = json.loads(text)
    package["resources"].append(resource)
    new = {FILE: _dumped(package, text)}
    return Plan(created={} if there else new, changed=new if there else {})


def _field(column: str) -> dict[str, Any]:
    name, _, form = column.partition(":")
    require_identifier(name, "column")
    field: dict[str, Any] = {"name": name, "type": "string", "description": f"{in_words(name)}."}
    if "," in form:
        words = [word.strip() for word in form.split(",")]
        if not all(words) or len(set(words)) < len(words):
            raise SourceError(f"{form!r} is not a list of words", remedy="write it as kind:counter,online")
        return field | {"constraints": {"required": True, "enum": words}}
    if form and form not in TYPES:
        raise SourceError(
            f"{form!r} is not a type of column {name}",
            remedy=f"types: {', '.join(TYPES)}; or two or more words with commas between",
        )
    if form == "boolean":
        return field | {
            "type": form,
            "trueValues": ["true"],
            "falseValues": ["false"],
            "constraints": {"required": True},
        }
    return field | ({"type": form} if form else {})


def _id(name: str) -> dict[str, Any]:
    letter = name[0].upper()
    return {
        "name": "id",
        "type": "string",
        "description": "Number of the row.",
        "example": f"{letter}01",
        "constraints": {"required": True, "pattern": f"^{letter}\\d{{2,}}$", "unique": True},
    }


def _as_elsewhere(field: dict[str, Any], package: dict[str, Any]) -> dict[str, Any]:
    """Return the field as another table has it: one column means one thing in all of the data."""
    for resource in package["resources"]:
        for other in resource["schema"]["fields"]:
            if other["name"] == field["name"]:
                return dict(other)
    return field


def _resource(name: str, title: str, description: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
        "schema": {"fields": fields, "primaryKey": ["id"], "missingValues": [""]},
    }


def _empty_package(root: Path) -> str:
    """Return the description of a book's data before its first table."""
    from paper import project

    book = project.load(root)
    return json.dumps(package_of(book.title, book.output_file, []))


def package_of(title: str, output_file: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the description of a paper's data (https://datapackage.org) with these tables."""
    slug = re.sub(r"[^a-z0-9]+", "-", output_file.lower()).strip("-") or "paper"
    return {
        "profile": "tabular-data-package",
        "name": f"{slug}-data",
        "title": f"Data of: {title}",
        "resources": resources,
    }


def header(columns: Iterable[str]) -> str:
    """Return the first line of a table's CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(columns)
    return out.getvalue()


def _dumped(package: dict[str, Any], text: str) -> str:
    """Return the description in the indentation that it has."""
    indent = re.search(r"\n( +)\S", text)
    return json.dumps(package, indent=len(indent[1]) if indent else 2, ensure_ascii=False) + "\n"
