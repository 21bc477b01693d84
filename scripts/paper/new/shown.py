"""A new figure or table: its file, the cell that shows it and, where the project has tests, its test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from paper import catalogue
from paper.coding.data import load
from paper.coding.data.package import INTERVIEW_TABLES, Described, described
from paper.errors import Place, SourceError
from paper.new.names import in_words, require_identifier, require_new, require_new_label
from paper.new.plan import Plan, read, render_template
from paper.publishing.own import Kind as Package
from paper.publishing.own import source

if TYPE_CHECKING:
    import pandas as pd

    from paper.project import Project

Kind = Literal["figure", "table"]
# Columns that say where a row comes from, and not what it is about.
ORIGIN: Final = ("id", "doubt", "locator", "coder")
MOST_BARS: Final = 12
MOST_COLUMNS: Final = 5


@dataclass(frozen=True)
class _Data:
    """The table that is to be shown."""

    described: Described
    rows: pd.DataFrame

    def subject(self) -> list[str]:
        """Return the columns that say what a row is about."""
        apart = {*ORIGIN, *self.described.key}
        return [column for column in self.described.columns if column not in apart and column.isidentifier()]


def figure(project: Project, name: str, *, table: str, by: str = "", chapter: str = "") -> Plan:
    """Plan a figure with a bar for each value of a column of ``data/TABLE.csv``, as long as it has rows.

    by: the column, else the first that has few values; chapter: where its cell goes. Raises SourceError for a name
    that is taken, a table that is unknown or empty, a column that can't be drawn as bars.
    """
    data = _data(project, table, "figure")
    column = by or _default_column(data)
    counts = _counts(data, column)
    title, what = data.described.title, _words(column)
    told = ", ".join(f"{value} {count}" for value, count in counts.items())
    values: dict[str, Any] = {
        "column": column,
        "what": what,
        "cap": f"{title}, by {what}",
        "sentence": f"@fig-{name.replace('_', '-')} counts the rows of “{title}” by {what}.",
        "alt": f"Bar chart with a horizontal bar for each {what}, as long as it has rows in the data. "
        f"{title}, {len(data.rows)} in all: {told}.",
    }
    return _plan(project, "figure", name, data, chapter, values)


def table(project: Project, name: str, *, table: str, chapter: str = "") -> Plan:
    """Plan a table that prints the rows of ``data/TABLE.csv``, each with its doubt.

    chapter: where its cell goes. Raises SourceError for a name that is taken, a table that is unknown or empty.
    """
    data = _data(project, table, "table")
    columns = data.subject()[:MOST_COLUMNS]
    if not columns:
        raise SourceError("the table has no column to print", place=Place(data.described.file()))
    noted = "doubt" in data.described.columns
    values: dict[str, Any] = {
        "columns": columns,
        "headings": [in_words(column) for column in columns],
        "widths": _widths(data.rows[columns]),
        "noted": noted,
        "cap": data.described.title + (", with what is doubtful about each" if noted else ", row by row"),
        "sentence": f"@tbl-{name.replace('_', '-')} lists the rows of “{data.described.title}”.",
    }
    return _plan(project, "table", name, data, chapter, values)


def _plan(project: Project, kind: Kind, name: str, data: _Data, chapter: str, values: dict[str, Any]) -> Plan:
    package: Package = "figures" if kind == "figure" else "tables"
    require_identifier(name, kind)
    require_new(name, reserved_names(project.root, package), f"in paper.{package} something called")
    label = f"{'fig' if kind == 'figure' else 'tbl'}-{name.replace('_', '-')}"
    require_new_label(project, label)
    values |= {
        "name": name,
        "table": data.described.name,
        "title": data.described.title,
        "label": label,
        "located": "locator" in data.described.columns,
    }
    # Captions are YAML in quotation marks, which JSON's are too.
    for key in ("cap", "alt"):
        values[key] = json.dumps(values.get(key, ""), ensure_ascii=False)
    cell = render_template(f"{kind}_cell.qmd.j2", **values)
    changed = {}
    if chapter:
        path = str(project.chapter(chapter).path)
        changed[path] = read(project.root, path).rstrip() + "\n\n" + cell
    file = source(package, name)
    created = {file: render_template(f"{kind}.py.j2", **values)}
    if (project.root / "tests").is_dir():
        created[f"tests/{package}/test_{name}_{kind}.py"] = render_template(f"{kind}_test.py.j2", **values)
    return Plan(
        created=created,
        changed=changed,
        paste="" if chapter else cell,
        steps=(
            *([] if chapter else ["put the cell above into a chapter"]),
            f"change {file} until it shows what you mean; `paper preview` shows each save",
            "paper build",
        ),
    )


def reserved_names(root: Path, package: Package) -> set[str]:
    """Return the names that mean something already: to a cell that calls the package, or in the new file itself."""
    from paper import __all__ as public
    from paper import figures, tables

    modules = {path.stem for path in (Path(catalogue.__file__).parent / package).glob("*.py")}
    called = {*catalogue.names(root, package), *dir(figures if package == "figures" else tables)}
    return modules | called | {"coded", *public}


def _data(project: Project, name: str, kind: Kind) -> _Data:
    table = described(name, project.root)
    if name in INTERVIEW_TABLES:
        raise SourceError(
            f"{table.file()} is about people, and small groups among them can be recognised",
            place=Place(table.file()),
            remedy=f"take a {kind} of the Findings chapter, which hides small groups, and change it",
        )
    rows = load.table(name, project.root)
    if rows.empty:
        raise SourceError(
            "the table has no rows yet, so there is nothing to show",
            place=Place(table.file()),
            remedy="fill in a row or more first, and run `paper data check`",
        )
    return _Data(table, rows)


def _counts(data: _Data, column: str) -> dict[str, int]:
    """Return how many rows have each value of the column. Raises SourceError where bars can't show that."""
    choice = f"columns: {', '.join(data.subject())}"
    if column not in data.subject():
        raise SourceError(
            f"{column!r} is not a column to count by", place=Place(data.described.file()), remedy=choice
        )
    counts = data.rows[column].astype("string").fillna("").value_counts(sort=False)
    counts = counts.sort_values(ascending=False, kind="stable")
    if len(counts) > MOST_BARS:
        raise SourceError(
            f"{column} has {len(counts)} different values, too many for bars",
            place=Place(data.described.file(), None, column),
            remedy=f"choose another with --by; {choice}",
        )
    return {str(value) or "not stated": int(count) for value, count in counts.items()}


def _default_column(data: _Data) -> str:
    """Return the first column of few fixed words, else the first whose values repeat."""
    fields = {field["name"]: field for field in data.described.fields}
    columns = data.subject()
    fixed = [column for column in columns if "enum" in fields[column].get("constraints", {})]
    repeated = [
        column for column in columns if data.rows[column].nunique() <= min(MOST_BARS, len(data.rows) / 2)
    ]
    for column in [*fixed, *repeated]:
        return column
    raise SourceError(
        "no column of the table has few enough values to count by",
        place=Place(data.described.file()),
        remedy=f"choose one with --by; columns: {', '.join(columns)}",
    )


def _widths(rows: pd.DataFrame) -> list[int]:
    """Shares of the line, in per cent, that suit the longest texts."""
    longest = [min(60, max(8, *(len(str(value)) for value in [name, *rows[name]]))) for name in rows]
    return [max(8, round(100 * length / sum(longest))) for length in longest]


def _words(column: str) -> str:
    return column.replace("_", " ").strip()
