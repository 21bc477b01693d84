"""ResolvedProject rows laid over the tables that stand in ``data/``: what is new, what changed, what contradicts.

Three ways meet in a cell: ours (the table, which the author may have changed), theirs (the file) and what came
in last time, of which a digest is kept for each cell. What only one side changed is taken from it; what both
changed stays ours, and is remarked. No cell is ever emptied, and no row deleted but on demand (``prune``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from paper.coding.exchange.history import ImportHistory
from paper.coding.exchange.ids import digest
from paper.coding.exchange.passages import Matcher
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.resolve import Memo, ResolvedPassage, ResolvedProject
from paper.coding.exchange.store import TABLES, Dataset, Row

PLACE = ("case", "block", "question", "locator")  # what a passage is, the same in all of its rows
CODING = ("segment", "code", "coder")


@dataclass
class Changes:
    """What an import does to each table: ids of rows that are new, changed or deleted."""

    new: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    deleted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def merge(
    resolved: ResolvedProject, dataset: Dataset, key: PseudonymMap, remarks: Remarks, *, prune: bool = False
) -> tuple[Dataset, Changes]:
    """Return the dataset after the import, and what has changed; ``dataset`` itself stays as it is."""
    return _Merge(dataset, key, remarks).merged(resolved, prune=prune)


class _Merge:
    def __init__(self, dataset: Dataset, key: PseudonymMap, remarks: Remarks) -> None:
        self._old, self._key, self._remarks = dataset, key, remarks
        self._new = Dataset(
            {name: [dict(row) for row in dataset.tables[name]] for name in TABLES},
            dict(dataset.excerpts),
            dict(dataset.memos),
            key.rows,
            [],
            [dict(row) for row in dataset.attributes],
            dict(dataset.transcripts),
            dataset.attribute_names,
        )
        self._history = ImportHistory(dataset.imported)
        self._changes = Changes()

    def merged(self, resolved: ResolvedProject, *, prune: bool) -> tuple[Dataset, Changes]:
        self._rows("codebook", "code", resolved.codebook)
        self._rows("cases", "case", resolved.cases)
        self._rows("coders", "coder", resolved.coders)
        segments = Matcher(self._old, self._key).match(resolved.passages, self._remarks)
        codings = {(segments[passage], code, coder) for passage, code, coder in resolved.codings}
        self._segments(resolved.passages, segments, codings)
        self._gone(resolved, codings, prune=prune)
        self._memos(resolved.memos, segments)
        self._new.transcripts.update(resolved.transcripts)
        self._new.imported = self._history.rows
        return self._new, self._changes

    # -- rows with an id of their own -------------------------------------------------------------------------

    def _rows(self, table: str, id_column: str, rows: Iterable[Row]) -> None:
        ours = {row[id_column]: row for row in self._new.tables[table]}
        for theirs in rows:
            identifier = theirs[id_column]
            kept: set[str] = set()
            if identifier not in ours:
                ours[identifier] = dict(theirs)
                self._new.tables[table].append(ours[identifier])
                self._changes.new[table].append(identifier)
            else:
                last = self._history.last(table, identifier)
                changed, kept = self._cells(table, identifier, ours[identifier], theirs, last)
                if changed:
                    self._changes.changed[table].append(identifier)
                if "name" in changed and table == "codebook":
                    message = "codes renamed in the program, and so in the table"
                    self._remarks.repaired("code-renamed", message, identifier)
            came = {name: value for name, value in theirs.items() if name not in kept}
            self._history.record(table, identifier, values=came)

    def _cells(
        self,
        table: str,
        identifier: str,
        ours: Row,
        theirs: Mapping[str, str],
        last: Mapping[str, str] | None,
    ) -> tuple[set[str], set[str]]:
        """Lay their cells over ours. Returns the columns that changed, and those that contradict."""
        changed: set[str] = set()
        contrary: set[str] = set()
        for name, value in theirs.items():
            before = last.get(name) if last else None
            if not value or value == ours[name] or digest(value) == before:
                continue
            if not ours[name] or digest(ours[name]) == before:
                ours[name] = value
                changed.add(name)
            elif name != "name" or value.casefold() != ours[name].casefold():
                contrary.add(name)
                self._remarks.unresolved(
                    f"differs-{table}-{name}",
                    f"rows of data/{table}.csv whose {name} differs from the file's: the table's was kept",
                    identifier,
                    f"decide which is right, and change data/{table}.csv or the project",
                )
        return changed, contrary

    # -- passages and codings ---------------------------------------------------------------------------------

    def _segments(
        self,
        passages: Sequence[ResolvedPassage],
        segments: Mapping[str, str],
        codings: set[tuple[str, str, str]],
    ) -> None:
        rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._new.tables["segments"]:
            rows[row["segment"]].append(row)
        given: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for coding in sorted(codings):
            given[coding[0]].append(coding)
        first_of: dict[str, ResolvedPassage] = {}
        for passage in passages:
            first_of.setdefault(segments[passage.id], passage)
        for segment, passage in first_of.items():
            there = bool(rows[segment])
            theirs = {"case": passage.case, "block": passage.block, "question": passage.question,
                      "locator": passage.locator}  # fmt: skip
            released = passage.stated.get("released", "")
            first = rows[segment][0] if there else self._first(segment, theirs, released, passage.text)
            kept: set[str] = set()
            if there:
                changed, kept = self._cells(
                    "segments", segment, first, theirs, self._history.last("segments", segment)
                )
                if changed:
                    self._changes.changed["segments"].append(segment)
                    for row in rows[segment]:
                        row.update({name: first[name] for name in PLACE})
            self._text(segment, first, passage.text)
            for coding in given[segment]:
                identity = dict(zip(CODING, coding, strict=True))
                if not any(_coding(row) == coding for row in rows[segment]):
                    rows[segment].append({**first, **identity})
                    self._changes.new["segments"].append(" + ".join(coding))
                self._history.record("segments", *coding, values=identity)
            came = {name: value for name, value in theirs.items() if name not in kept}
            self._history.record("segments", segment, values=came)
        self._new.tables["segments"] = [row for of_segment in rows.values() for row in of_segment]

    @staticmethod
    def _first(segment: str, theirs: Mapping[str, str], released: str, text: str) -> Row:
        public = released == "true"
        return {
            "segment": segment,
            **theirs,
            "code": "",
            "coder": "",
            "released": "true" if public else "false",
            "excerpt": text if public else "",
        }

    def _text(self, segment: str, row: Row, text: str) -> None:
        """Keep an excerpt in private; a released one stays as it was released."""
        if not text:
            return
        if row["released"] != "true":
            self._new.excerpts[segment] = text
            self._history.record("segments", segment, values={"excerpt": text})
        elif digest(text) != (self._history.last("segments", segment) or {}).get(
            "excerpt", digest(row["excerpt"])
        ):
            self._remarks.unresolved(
                "released-differs",
                "released passages whose text has changed in the project: the released text was kept",
                segment,
                "compare the two, and correct data/segments.csv if the transcript was mended",
            )

    def _gone(self, resolved: ResolvedProject, codings: set[tuple[str, str, str]], *, prune: bool) -> None:
        """Codings that these coders once gave in these cases, and that the file no longer has."""
        cases = {passage.case for passage in resolved.passages}
        coders = {coder for _, _, coder in resolved.codings}
        gone = {
            _coding(row)
            for row in self._new.tables["segments"]
            if row["case"] in cases
            and row["coder"] in coders
            and _coding(row) not in codings
            and self._history.last("segments", *_coding(row)) is not None
        }
        for coding in sorted(gone):
            if prune:
                self._changes.deleted["segments"].append(" + ".join(coding))
                continue
            self._remarks.unresolved(
                "taken-back",
                "codings that came in earlier and that the file no longer has: kept",
                " + ".join(coding),
                "import with --prune to delete them, unless they are in another file of the same coder",
            )
        if prune and gone:
            segments = self._new.tables["segments"]
            self._new.tables["segments"] = [row for row in segments if _coding(row) not in gone]
            for coding in gone:
                self._history.forget("segments", *coding)
            left = {row["segment"] for row in self._new.tables["segments"]}
            for segment in {coding[0] for coding in gone} - left:
                self._new.excerpts.pop(segment, None)

    # -- memos ------------------------------------------------------------------------------------------------

    def _memos(self, memos: Sequence[Memo], segments: Mapping[str, str]) -> None:
        texts = {
            row["memo"]: row["text"] or self._old.memos.get(row["memo"], "")
            for row in self._old.tables["memos"]
        }
        known = {
            (row["about_kind"], row["about"], texts[row["memo"]]): row["memo"]
            for row in self._old.tables["memos"]
        }
        reserved = [*texts, *(row["stands_for"] for row in self._key.entries("memo"))]
        number = max(
            (int(m.group(1)) for name in reserved if (m := re.fullmatch(r"memo-(\d+)", name))), default=0
        )
        ours = {row["memo"]: row for row in self._new.tables["memos"]}
        rows: list[Row] = []
        for memo in memos:
            about = segments[memo.about] if memo.kind == "segment" else memo.about
            found = memo.stated.get("memo") or self._key.by_id("memo", memo.id)
            found = found or known.get((memo.kind, about, memo.text), "")
            if not found:
                number += 1
                found = f"memo-{number:03}"
            self._key.record("memo", memo.id, "", found)
            public = memo.stated.get("released") == "true"
            rows.append(
                {"memo": found, "about_kind": memo.kind, "about": about, "coder": memo.coder,
                 "text": memo.text if public else "", "released": "true" if public else ""}
            )  # fmt: skip
            if not public and (found not in ours or ours[found]["released"] != "true"):
                self._new.memos[found] = memo.text
        self._rows("memos", "memo", rows)
        for row in self._new.tables["memos"]:
            row["released"] = row["released"] or "false"


def _coding(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["segment"], row["code"], row["coder"]
