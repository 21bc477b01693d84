"""The dated record of what public indexes said of each work: ``data/references_verified.csv``.

``paper refs verify`` writes it; builds and checks read this alone, so that they need no network and say the same twice.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Final, get_args

from paper.bibliography.verification.model import Status, Verification
from paper.errors import CitationError, Place
from paper.tools.files import csv_bytes, write_atomic

FILE: Final = "data/references_verified.csv"
COLUMNS: Final = tuple(one.name for one in fields(Verification))


def read_record(root: Path) -> dict[str, Verification]:
    """Return key → what was last verified of it; nothing where nothing was. Raises CitationError for a broken file."""
    try:
        text = (root / FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CitationError(f"can't be read: {error}", place=Place(FILE), remedy="restore the file") from None
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        message = f"its columns are not {', '.join(COLUMNS)}"
        raise CitationError(message, place=Place(FILE, 1), remedy="restore it, or delete it and verify again")
    results = {}
    for row in rows:
        try:
            one = _parse(row)
        except (TypeError, ValueError) as error:
            message = f"the row can't be read: {error}"
            raise CitationError(
                message, place=Place(FILE, rows.line_num), remedy="delete it: paper refs verify asks again"
            ) from None
        results[one.key] = one
    return results


def _parse(row: dict[str, str]) -> Verification:
    if row["status"] not in get_args(Status):
        raise ValueError(f"there is no status {row['status']!r}")
    rest = {name: row[name] or "" for name in COLUMNS if name not in ("checked", "score")}
    score = int(row["score"]) if row["score"] else None
    return Verification(**rest, checked=dt.date.fromisoformat(row["checked"]), score=score)  # type: ignore[arg-type]


def write_record(root: Path, rows: Iterable[Verification]) -> None:
    """Write the record, in order of keys, whole or not at all."""
    cells = (
        ["" if (value := getattr(row, name)) is None else value for name in COLUMNS]
        for row in sorted(rows, key=lambda one: one.key)
    )
    write_atomic(root / FILE, csv_bytes(COLUMNS, cells))
