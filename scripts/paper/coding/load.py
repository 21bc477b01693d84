"""Coded tables from ``data/``, as ``data/datapackage.json`` describes them.

Loading checks what every reader of a table relies on: that the file is UTF-8, has the described columns and
holds values of the described types. All else (keys, vocabularies, references) is for ``coding.check``.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from paper.errors import DataError, Place
from paper.project import find_root

if TYPE_CHECKING:
    import pandas as pd

INTERVIEW_TABLES: Final = ("cases", "coders", "segments", "memos")
PACKAGE: Final = "data/datapackage.json"
BOOLEANS: Final = {"true": True, "false": False}


def table(name: str, root: Path | None = None) -> pd.DataFrame:
    """The table ``data/NAME.csv`` with the columns of its schema, in that order.

    Text columns hold str, "" for missing; integers are Int64 and numbers float64 (missing: NA, NaN); booleans
    bool. In the profile ``demo`` the INTERVIEW_TABLES come from ``data/synthetic/``. root: the project's
    folder, else found from the working directory. Raises DataError with file, line and remedy.
    """
    import pandas as pd

    root = root or find_root(Path.cwd())
    fields = schema(name, root)["fields"]
    file = file_of(name)
    content = _text(root, file)
    _columns(content, file, [field["name"] for field in fields])
    lines = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        rows = list(lines)[1:]
    except csv.Error as error:
        raise DataError(
            f"not readable as CSV: {error}",
            place=Place(file, lines.line_num),
            remedy='check quotation marks: a cell with a comma or a line break stands in "…"',
        ) from None
    _lengths(rows, content, file, len(fields))
    columns = zip(*rows, strict=True) if rows else ([] for _ in fields)
    return pd.DataFrame(
        {
            field["name"]: _typed(list(values), field, content, file)
            for field, values in zip(fields, columns, strict=True)
        }
    )


def is_synthetic() -> bool:
    """Whether the interview tables are made up: in the profile ``demo``, as ``QUARTO_PROFILE`` names it."""
    return "demo" in re.split(r"[,\s]+", os.environ.get("QUARTO_PROFILE", ""))


def file_of(name: str) -> str:
    """The table's file, from the project's root, with forward slashes."""
    return f"data/{'synthetic/' if is_synthetic() and name in INTERVIEW_TABLES else ''}{name}.csv"


def schema(name: str, root: Path) -> dict[str, Any]:
    """The Table Schema of a table. Raises DataError when the description or the table is not there."""
    tables = package(root)
    if name not in tables:
        raise DataError(
            f"there is no table {name!r}",
            place=Place(PACKAGE),
            remedy=f"described are: {', '.join(tables)}",
        )
    found: dict[str, Any] = tables[name]["schema"]
    return found


def package(root: Path) -> dict[str, dict[str, Any]]:
    """The data package's resources by name. Raises DataError when the description cannot be read."""
    path = root / PACKAGE
    try:
        return _package(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise DataError(
            "the description of the data is missing", place=Place(PACKAGE), remedy="restore it from git"
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise DataError(
            f"the description of the data is not valid JSON: {error}",
            place=Place(PACKAGE, line),
            remedy="correct it, or restore it from git",
        ) from None
    except (KeyError, TypeError, RecursionError):
        raise DataError(
            "the description of the data is not a data package with a schema for each table",
            place=Place(PACKAGE),
            remedy="restore it from git",
        ) from None


@lru_cache(maxsize=8)
def _package(path: Path, _: int) -> dict[str, dict[str, Any]]:
    resources = json.loads(path.read_text("utf8"))["resources"]
    return {item["name"]: item for item in resources if [field["name"] for field in item["schema"]["fields"]]}


def _text(root: Path, file: str) -> str:
    """The file's text. A byte order mark is let through here and told by ``paper data check``."""
    try:
        raw = (root / file).read_bytes()
    except FileNotFoundError:
        raise DataError(
            "the table is missing", place=Place(file), remedy="restore it from git; a table may be empty"
        ) from None
    except OSError as error:
        raise DataError(f"the table cannot be read: {error.strerror}", place=Place(file)) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8 (byte {error.start + 1})",
            place=Place(file, raw.count(b"\n", 0, error.start) + 1),
            remedy="save the table as UTF-8; `paper data check` says what it seems to be",
        ) from None


def _columns(content: str, file: str, wanted: list[str]) -> None:
    found = next(csv.reader(content.split("\n", 1)[:1]), [])
    if found == wanted:
        return
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    said = [f"{what} {', '.join(names)}" for what, names in (("lacks", missing), ("adds", extra)) if names]
    raise DataError(
        f"the columns are not those described: the table {' and '.join(said) or 'has them in another order'}",
        place=Place(file, 1),
        remedy=f"write the first line as: {','.join(wanted)}",
    )


def _lengths(rows: list[list[str]], content: str, file: str, width: int) -> None:
    number = next((number for number, row in enumerate(rows) if len(row) != width), None)
    if number is not None:
        raise DataError(
            f"{len(rows[number])} cells, where the table has {width} columns",
            place=Place(file, line_of_row(content, number)),
            remedy='a cell with a comma in it stands in "…"',
        )


def _typed(values: list[str], field: dict[str, Any], content: str, file: str) -> Any:
    """The column in its type. Raises DataError at the first value that is not of it."""
    import pandas as pd

    kind = field["type"]
    if kind == "boolean":
        wrong = next((number for number, value in enumerate(values) if value not in BOOLEANS), None)
        if wrong is None:
            return pd.Series([BOOLEANS[value] for value in values], dtype=bool)
        wanted = "`true` or `false`"
    elif kind in ("integer", "number"):
        numbers = pd.to_numeric(pd.Series(values, dtype=str).replace("", None), errors="coerce")
        bad = numbers.isna() & (pd.Series(values, dtype=str) != "")
        if kind == "integer":
            bad |= numbers.notna() & (numbers % 1 != 0)
        if not bad.any():
            return numbers.astype("Int64") if kind == "integer" else numbers.astype("float64")
        wrong, wanted = int(bad.to_numpy().argmax()), f"a {kind if kind == 'number' else 'whole number'}"
    else:
        return pd.Series(values, dtype="str")
    raise DataError(
        f"{values[wrong]!r} is not {wanted}",
        place=Place(file, line_of_row(content, wrong), field["name"]),
        remedy=f"write {wanted}" + ("" if kind == "boolean" else ", or leave the cell empty"),
    )


def line_of_row(content: str, number: int) -> int:
    """The line of the file on which a row starts; number: from 0, the header not counted."""
    reader = csv.reader(io.StringIO(content, newline=""))
    start = 1
    for place, _ in enumerate(reader):
        if place == number + 1:
            return start
        start = reader.line_num + 1
    return start
