"""Rows of a table, with columns of known meaning, as a ``CodedProject``."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from paper.coding.exchange import labels
from paper.coding.exchange.ids import parents_first
from paper.coding.exchange.mapping import Map
from paper.coding.exchange.model import Code, CodedProject, Coding, Note, Passage, Source, User
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.store import Row

BLOCKS = ("A", "B", "C")


def project_of_rows(
    kind: str, rows: Sequence[Row], others: Sequence[Row], map_: Map, remarks: Remarks
) -> CodedProject:
    """Read a codebook, or coded passages with one row a passage and code.

    others: the cells of each row that have no known meaning; they count as variables of the row's case.
    """
    return _codebook(rows, remarks) if kind == "codebook" else _Passages(map_, remarks).project(rows, others)


def _codebook(rows: Sequence[Row], remarks: Remarks) -> CodedProject:
    ids = {
        row[column]: _id("code", row["name"])
        for row in rows
        for column in ("name", "code")
        if row.get(column)
    }
    codes: dict[str, Code] = {}
    for number, row in enumerate(rows, 2):
        if not row["name"] or _id("code", row["name"]) in codes:
            remarks.dropped(
                "code-without-name", "codes without a name, or with that of another", f"row {number}"
            )
            continue
        said = labels.join(row.get("definition", ""), {name: row.get(name, "") for name in labels.LABELS})
        parent = ids.get(row.get("parent", ""), "")
        if row.get("parent") and not parent:
            remarks.dropped("parent-unknown", "codes above that the table lacks", f"row {number}")
        code = Code(_id("code", row["name"]), row["name"], parent, said)
        codes[code.id] = code
    order = parents_first({code.id: code.parent for code in codes.values()})
    return CodedProject(codes=tuple(codes[code] for code in order))


class _Passages:
    def __init__(self, map_: Map, remarks: Remarks) -> None:
        self._map, self._remarks = map_, remarks
        self._users: dict[str, User] = {}
        self._codes: dict[str, Code] = {}
        self._sources: dict[str, Source] = {}
        self._passages: dict[str, Passage] = {}
        self._codings: dict[str, Coding] = {}
        self._notes: dict[str, Note] = {}

    def project(self, rows: Sequence[Row], others: Sequence[Row]) -> CodedProject:
        for number, (row, other) in enumerate(zip(rows, others, strict=True), 2):
            if not row["case"] or not row["code"]:
                self._remarks.dropped(
                    "row-without-case-or-code", "rows without a case or a code", f"row {number}"
                )
            else:
                self._row(number, row, other)
        return CodedProject(
            users=tuple(self._users.values()),
            codes=tuple(self._codes.values()),
            sources=tuple(self._sources.values()),
            passages=tuple(self._passages.values()),
            codings=tuple(self._codings.values()),
            notes=tuple(self._notes.values()),
        )

    def _row(self, number: int, row: Row, other: Row) -> None:
        case, coder, excerpt = row["case"], row.get("coder", ""), row.get("excerpt", "")
        values = {name: value for name, value in other.items() if value}
        source = Source(_id("source", case), case, "table", None, values)
        self._sources.setdefault(source.id, source)
        user = User(_id("user", coder), coder) if coder else User("", "")
        if coder:
            self._users.setdefault(user.id, user)
        block = self._map.block.variable.values.get(row.get("block", ""), row.get("block", ""))
        locator = row.get("locator", "")
        stated = {
            "block": block if block in BLOCKS else "",
            "question": row.get("question", ""),
            "locator": locator,
        }
        place = f"row {number} of the table"
        passage = Passage(
            _id("passage", case, locator, excerpt or ("" if locator else place)),
            source.id,
            place,
            text=excerpt,
            stated={name: value for name, value in stated.items() if value},
        )
        self._passages.setdefault(passage.id, passage)
        for name in self._names(row["code"]):
            code = Code(_id("code", name), name)
            self._codes.setdefault(code.id, code)
            coding = Coding(_id("coding", passage.id, name, coder), passage.id, code.id, user.id)
            self._codings.setdefault(coding.id, coding)
        if row.get("memo"):
            note = Note(_id("memo", passage.id, row["memo"]), "", row["memo"], user.id, (passage.id,))
            self._notes.setdefault(note.id, note)

    def _names(self, cell: str) -> list[str]:
        parts = cell.split(self._map.separator) if self._map.separator else [cell]
        return [" ".join(part.split()) for part in parts if part.strip()]


def _id(*parts: str) -> str:
    """Make the same id for the same row at every import."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join(parts)))
