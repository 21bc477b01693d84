"""The private key: which GUIDs and names of a program stand for which pseudonyms and ids of ours.

It never leaves ``data/private/``. Programs keep GUIDs, or give new ones at each export (ATLAS.ti), so that an
entry is found by its GUID first and by its name next; each entry serves once in one import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from paper.coding.exchange.store import KEY_COLUMNS, Row

Kind = Literal["case", "source", "coder", "code", "segment", "memo"]


class PseudonymMap:
    """The rows of the key, looked up and added to. ``rows`` is what is to be stored."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = [dict(row) for row in rows]
        self._by_id = {(row["kind"], row["id"]): row for row in self.rows}
        self._of_kind: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self._of_kind[row["kind"]].append(row)

    def by_id(self, kind: Kind, identifier: str) -> str:
        """Return what this id stands for, "" where it is new."""
        row = self._by_id.get((kind, identifier)) if identifier else None
        return row["stands_for"] if row else ""

    def entries(self, kind: Kind) -> list[Row]:
        """All entries of a kind, in the order in which they were added."""
        return list(self._of_kind[kind])

    def record(self, kind: Kind, identifier: str, name: str, stands_for: str, mark: str = "") -> None:
        """Remember an id with its present name and mark (a hash of its text)."""
        values = dict(zip(KEY_COLUMNS, (kind, identifier, name, mark, stands_for), strict=True))
        row = self._by_id.get((kind, identifier))
        if row is None:
            row = {}
            self.rows.append(row)
            self._by_id[kind, identifier] = row
            self._of_kind[kind].append(row)
        row.update(values)
