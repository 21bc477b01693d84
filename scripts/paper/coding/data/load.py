"""Coded tables from ``data/``, as ``data/datapackage.json`` describes them.

Loading checks what every reader of a table relies on: that the file is UTF-8, has the described columns and
holds values of the described types. All else (keys, vocabularies, references) is for ``coding.check``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from paper.coding.data import package
from paper.coding.data.sheet import Sheet, read_whole
from paper.errors import DataError, Place
from paper.profiles import profile_name, shows_synthetic
from paper.project import find_root

if TYPE_CHECKING:
    import pandas as pd

INTERVIEW_TABLES: Final = package.INTERVIEW_TABLES
BOOLEANS: Final = {"true": True, "false": False}
# What a cell of a type looks like, and how to say so.
FORMS: Final = {
    "integer": (re.compile(r"-?[0-9]{1,15}"), "a whole number"),
    "number": (re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?"), "a number, with a point before decimals"),
    "boolean": (re.compile("true|false"), "`true` or `false`"),
}


def table(name: str, root: Path | None = None, *, synthetic: bool | None = None) -> pd.DataFrame:
    """Read the table ``data/NAME.csv`` with the columns of its schema, in that order.

    Text columns hold str, "" for missing; integers are Int64 and numbers float64 (missing: NA, NaN); booleans
    bool. In the profile ``demo`` the INTERVIEW_TABLES come from ``data/synthetic/``. root: the project's
    folder, else found from the working directory; synthetic: which interviews, whatever the profile. Raises
    DataError with file, line and remedy.
    """
    import pandas as pd

    root = root or find_root(Path.cwd())
    described = package.described(name, root)
    made_up = is_synthetic() if synthetic is None else synthetic
    sheet = read_whole(root, described.file(synthetic=made_up), described.columns)
    return pd.DataFrame({field["name"]: _typed(sheet, field) for field in described.fields})


def is_synthetic() -> bool:
    """Whether the interview tables are made up: in the profile ``demo``, as ``QUARTO_PROFILE`` names it."""
    return shows_synthetic(profile_name())


def of_type(value: str, kind: str) -> bool:
    """Whether a cell that is not empty can be read as a value of the type."""
    return kind not in FORMS or FORMS[kind][0].fullmatch(value) is not None


def _typed(sheet: Sheet, field: dict[str, Any]) -> pd.Series[Any]:
    """Return the column in its type. Raises DataError at the first value that is not of it."""
    import pandas as pd

    values, kind = sheet.columns[field["name"]], field["type"]
    if kind == "string":
        return pd.Series(values, dtype="str")
    empty = kind != "boolean"
    for value, line in zip(values, sheet.lines, strict=True):
        if not (of_type(value, kind) if value else empty):
            raise DataError(
                f"{value[:40]!r} is not {FORMS[kind][1]}",
                place=Place(sheet.file, line, field["name"]),
                remedy=f"write {FORMS[kind][1]}" + (", or leave the cell empty" if empty else ""),
            )
    if kind == "boolean":
        return pd.Series([BOOLEANS[value] for value in values], dtype=bool)
    if kind == "integer":
        return pd.Series([int(value) if value else None for value in values], dtype="Int64")
    return pd.Series([float(value) if value else None for value in values], dtype="float64")
