"""When passages were released, and when to look at each release again: ``data/private/releases.csv``."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from paper.report import Fault
from paper.tools.files import SECRET, write_atomic

FILE: Final = "data/private/releases.csv"
YEARS: Final = 2  # until a release is looked at again, where nobody says when
_COLUMNS: Final = ("segment", "released", "review")


def record(root: Path, segments: Iterable[str], review: dt.date | None, today: dt.date) -> None:
    """Note that passages were released today, to be looked at again on a date; by default in YEARS years."""
    again = review or today.replace(year=today.year + YEARS, day=min(today.day, 28))
    dates = {"released": today.isoformat(), "review": again.isoformat()}
    new = {segment: {"segment": segment, **dates} for segment in segments}
    _write(root, [*({row["segment"]: row for row in _rows(root)} | new).values()])


def forget(root: Path, segments: Iterable[str]) -> None:
    """Drop the dates of passages that are released no more."""
    gone, rows = set(segments), _rows(root)
    remaining = [row for row in rows if row["segment"] not in gone]
    if remaining != rows:
        _write(root, remaining)


def overdue(root: Path, released: Iterable[str], today: dt.date) -> list[Fault]:
    """Return a warning for the released passages whose date to look at them again is past."""
    stands = set(released)
    past = [row for row in _rows(root) if row["segment"] in stands and row["review"] < today.isoformat()]
    if not past:
        return []
    names = ", ".join(row["segment"] for row in past[:12]) + (" …" if len(past) > 12 else "")
    what = "1 released passage" if len(past) == 1 else f"{len(past)} released passages"
    message = f"{what} to look at again since {min(row['review'] for row in past)}: {names}"
    remedy = "if it may stand: `paper data release --still NAME`; if not: `paper data withdraw NAME`"
    return [Fault(FILE, None, "review", message, remedy, "warning")]


def _rows(root: Path) -> list[dict[str, str]]:
    path = root / FILE
    if not path.is_file():
        return []
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    return [{name: row.get(name) or "" for name in _COLUMNS} for row in rows]


def _write(root: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = root / FILE
    if not rows:
        path.unlink(missing_ok=True)
        return
    write_atomic(path, out.getvalue().encode(), mode=SECRET)
