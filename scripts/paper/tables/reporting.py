"""The checklists for reports on qualitative research, with what the paper answers and what is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from paper.coding.interviews.reporting import Checklist, Item
from paper.publishing.markdown import AnnotatedCell, Cell, Places, Strong
from paper.publishing.table import Table
from paper.tables.cells import blank_repeats

SOURCE: Final = "The items are paraphrased; the answers say only what the paper says."


def checklist_table(checklist: Checklist, address: Callable[[str], str]) -> Table:
    """Tabulate a standard's items. address: the way to a file of the project from where the table stands."""
    items = checklist.items
    parts = blank_repeats(item.part for item in items)
    data = pd.DataFrame(
        [
            (
                item.number,
                item.part,
                item.asks,
                item.status,
                item.answer,
                item.missing,
                "; ".join(see.target for see in item.where),
            )
            for item in items
        ],
        columns=["item", "part", "asks", "status", "answer", "missing", "where_"],
    )
    answered, in_part, still_open = (checklist.count(status) for status in ("answered", "in part", "open"))
    return Table(
        checklist.name,
        data,
        [
            (f"{item.number}.", part, item.asks, _answer(item), _places(item, address))
            for part, item in zip(parts, items, strict=True)
        ],
        ("Item", "Part", "It asks for", "What the paper answers", "Where"),
        (7, 15, 26, 36, 16),
        SOURCE,
        (checklist.file,),
        f"Items: {len(items)}. Answered: {answered}; in part: {in_part}; open: {still_open}.",
        title=2,
        sortable=True,
    )


def _answer(item: Item) -> Cell:
    return AnnotatedCell(item.answer or Strong("Open"), item.missing)


def _places(item: Item, address: Callable[[str], str]) -> Places:
    links = tuple((see.words, _address(see.target, address)) for see in item.where if see.words)
    return Places(tuple(see.target for see in item.where if not see.words), links)


def _address(target: str, address: Callable[[str], str]) -> str:
    file, hash_, anchor = target.partition("#")
    return f"{address(file)}{hash_}{anchor}"
