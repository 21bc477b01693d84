"""``paper data import``: a file in, tables out, and a report of what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paper.coding.exchange import databases, generalising, mapping, refi, sheets, store, withdrawing
from paper.coding.exchange.merge import Changes, merge
from paper.coding.exchange.model import CodedProject
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.resolve import resolve_codings
from paper.errors import DataError, Place
from paper.report import Fault

CLOSED = (".qda", ".nvp", ".nvpx", ".mx24", ".mx22", ".mx20", ".atlproj", ".atlproj9", ".sqlite3", ".qrk")
SHOWN = 12  # ids that are named in a line of the report
LEADS = {"codebook": "codes", "cases": "cases", "coders": "coders", "segments": "codings", "memos": "memos"}


@dataclass(frozen=True)
class Report:
    """What an import did, or would do."""

    faults: list[Fault]
    """Remarks on what was repaired, dropped or left for a person."""
    changes: Changes
    files: list[str]
    """Files that were written."""
    dry_run: bool = False
    withheld: str = ""
    """A line on cases of which the open table states less than is known."""

    def lines(self) -> Iterator[str]:
        """Yield the changes for people, one line a table and kind; no text and no name is in them."""
        for table, what in LEADS.items():
            for said, part in (
                ("new", self.changes.new),
                ("changed", self.changes.changed),
                ("deleted", self.changes.deleted),
            ):
                ids = list(dict.fromkeys(part.get(table, ())))
                if ids:
                    shown = ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
                    yield f"{len(ids)} {what if len(ids) > 1 else what[:-1]} {said}: {shown}"

        if self.withheld:
            yield self.withheld

    def next_steps(self) -> Iterator[str]:
        """Yield what is left to a person, and whether anything was written."""
        if self.dry_run:
            yield "Nothing was written (--dry-run)"
            return
        if not self.files:
            yield "Nothing has changed"
            return
        public = [file for file in self.files if not file.startswith(store.PRIVATE)]
        yield f"Written: {', '.join(public) or 'private files only'}"
        if self.changes.new.get("cases"):
            yield "  → fill in what is empty in data/cases.csv (broad words only), then run `paper data generalise`"
            yield "  → put the names of respondents and small places into data/private/names.txt"
        if self.changes.new.get("codebook"):
            yield "  → write definition and use of the new codes in data/codebook.csv"
        yield "  → run `paper data check`, then `paper privacy check`"


def import_file(
    root: Path,
    path: Path,
    *,
    map_path: Path | None = None,
    dry_run: bool = False,
    prune: bool = False,
    generalise: bool = False,
) -> Report:
    """Bring a coded project, a codebook or tables into ``data/``.

    path: .qdpx, .qdc, .sqlite3 of Taguette, .qda of QualCoder, .csv, .xlsx, or a folder of tables as
    ``export_tables`` writes them. generalise: state of attributes only what enough cases share. Raises DataError for
    a file or a map that can't be used, MachineError where writing fails; then nothing has changed.
    """
    if not path.exists():
        raise DataError("there is no such file", place=Place(path.name), remedy="check its name and folder")
    remarks = Remarks()
    map_ = mapping.read(map_path, root) if map_path else mapping.Map()
    if map_path and map_.named and not _private(root, map_path):
        remarks.unresolved(
            "map-in-the-open",
            "maps that say who somebody is and stand outside of data/private/",
            remedy="move the map into data/private/, which git ignores",
        )
    if path.resolve().is_relative_to(root) and not _private(root, path):
        remarks.unresolved(
            "file-in-the-open",
            "files that stand in the project's folder outside of data/private/, where git would take them",
            remedy="move the file into data/private/, which git ignores",
        )
    stored = store.load(root)
    dataset = generalising.restore_attributes(stored)
    key = PseudonymMap(dataset.key)
    project = read(path, root, map_, remarks)
    new, changes = merge(
        resolve_codings(project, map_, dataset, key, remarks), dataset, key, remarks, prune=prune
    )
    new, again = withdrawing.drop_withdrawn(root, new)
    for name in again:
        remarks.dropped("withdrawn", "interviews or passages that were withdrawn: they stay out", name)
    withheld = ""
    if generalise:
        new, cases = generalising.generalise_dataset(root, new, dry_run=dry_run)
        withheld = generalising.describe_withheld(root, cases)
    files = [] if dry_run else store.save(root, new, stored)
    return Report(remarks.faults(path.name), changes, files, dry_run, withheld)


def read(path: Path, root: Path, map_: mapping.Map, remarks: Remarks) -> CodedProject:
    """Read a file of any of the forms, told apart by its ending, and where that says nothing by its beginning."""
    if database := databases.database_at(path):
        return databases.read(database, remarks)
    if path.is_dir() or path.suffix.lower() in sheets.ENDINGS:
        return sheets.read(path, root, map_, remarks)
    if path.suffix.lower() in CLOSED:
        raise DataError(
            "a program's own project, which only that program reads",
            place=Place(path.name),
            remedy="export it there as REFI-QDA project (.qdpx), with its sources",
        )
    return refi.read(path, remarks)


def _private(root: Path, path: Path) -> bool:
    return path.resolve().is_relative_to((root / store.PRIVATE).resolve())
