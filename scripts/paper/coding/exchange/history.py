"""What came in last, cell by cell, as digests: enough to see who changed a cell since, and not to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paper.coding.exchange.ids import digest
from paper.coding.exchange.store import Row


class ImportHistory:
    """Digests of the cells of imported rows."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._cells: dict[tuple[str, str], dict[str, str]] = {}
        for row in rows:
            cells = (cell.partition("=") for cell in row["cells"].split())
            self._cells[row["table"], row["key"]] = {name: mark for name, _, mark in cells}

    @property
    def rows(self) -> list[Row]:
        """Return the rows that are to be stored."""
        return [
            {
                "table": table,
                "key": key,
                "cells": " ".join(f"{name}={mark}" for name, mark in sorted(cells.items())),
            }
            for (table, key), cells in self._cells.items()
        ]

    def last(self, table: str, *ids: str) -> Mapping[str, str] | None:
        """Column → digest of the row with these ids; None where it never came in."""
        return self._cells.get((table, _key(ids)))

    def record(self, table: str, *ids: str, values: Mapping[str, str]) -> None:
        """Remember a row. Empty values leave what came before."""
        cells = self._cells.setdefault((table, _key(ids)), {})
        cells.update({name: digest(value) for name, value in values.items() if value})

    def forget(self, table: str, *ids: str) -> None:
        """Forget a row that was deleted."""
        self._cells.pop((table, _key(ids)), None)


def _key(ids: tuple[str, ...]) -> str:
    return digest("\x1f".join(ids))
