"""``paper data export``: the tables out, as REFI-QDA or as tables, with pseudonyms only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from paper import project
from paper.coding.data.load import is_synthetic
from paper.coding.data.package import described
from paper.coding.exchange import refi_writer, spreadsheets, store
from paper.coding.exchange.ours import project_of, text_of
from paper.errors import DataError, MachineError

Form = Literal["qdpx", "qdc", "csv", "xlsx"]
FOLDER = f"{store.PRIVATE}/exchange"  # where exports go unless told otherwise; git ignores it


@dataclass(frozen=True)
class Exported:
    """Where the export is, and how much is in it: passages with and without their text."""

    path: Path
    with_text: int
    without_text: int


def export(
    root: Path, to: Form, out: Path | None = None, *, private: bool = False, overwrite: bool = False
) -> Exported:
    """Write the coded interviews for another program.

    private: with the text of what isn't released, which may only go into ``data/private/``. out: by default a
    file, or for ``csv`` a folder, in FOLDER. Raises DataError where the target isn't fit or stands there
    already, MachineError where it can't be written.
    """
    target = out or root / FOLDER / f"coding{'-private' if private else ''}{spreadsheets.ending(to)}"
    if private and not target.resolve().is_relative_to((root / store.PRIVATE).resolve()):
        raise DataError(
            "text that isn't released must not leave data/private/",
            remedy="choose a place within data/private/, or export without --private",
        )
    if out and out.exists() and not overwrite:
        raise DataError(f"{out.name} is there already", remedy="choose another name, or add --overwrite")
    dataset = store.load(root)
    texts = [text_of(row, dataset.excerpts if private else {}) for row in dataset.tables["segments"]]
    segments = {row["segment"]: text for row, text in zip(dataset.tables["segments"], texts, strict=True)}
    try:
        spreadsheets.write(target, _data(root, to, dataset, private=private))
    except OSError as error:
        raise MachineError(
            f"the export can't be written: {error.strerror}", remedy="free space, or choose another place"
        ) from None
    with_text = sum(bool(text) for text in segments.values())
    return Exported(target, with_text, len(segments) - with_text)


def _data(root: Path, to: Form, dataset: store.Dataset, *, private: bool) -> bytes | dict[str, bytes]:
    if to in ("qdpx", "qdc"):
        coded = project_of(dataset, private=private)
        what = "synthetic data" if is_synthetic() else "coded interviews"
        name = f"{project.load(root).title}: {what}"
        return refi_writer.codebook(coded) if to == "qdc" else refi_writer.archive(coded, name)
    tables = {
        name: (described(name, root).columns, rows)
        for name, rows in _filled(dataset, private=private).items()
    }
    return spreadsheets.csv_files(tables) if to == "csv" else spreadsheets.workbook(tables)


def _filled(dataset: store.Dataset, *, private: bool) -> dict[str, list[store.Row]]:
    """Return the tables, with private text in its columns where that is asked for."""
    tables = dict(dataset.tables)
    if private:
        tables["segments"] = [
            {**row, "excerpt": text_of(row, dataset.excerpts)} for row in tables["segments"]
        ]
        tables["memos"] = [
            {**row, "text": row["text"] or dataset.memos.get(row["memo"], "")} for row in tables["memos"]
        ]
    return tables
