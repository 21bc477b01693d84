"""The coded tables and what belongs to them in ``data/private/``, read and written as a whole.

Written is only what changed, all of it or nothing: new files are laid beside the old ones first, and a failure
on the way brings the old ones back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paper.coding.data.attributes import ATTRIBUTES
from paper.coding.data.load import is_synthetic
from paper.coding.data.package import described
from paper.coding.data.sheet import read_whole
from paper.errors import DataError, MachineError
from paper.tools.files import SECRET, write_all

Row = dict[str, str]
TABLES = ("codebook", "cases", "coders", "segments", "memos")
PRIVATE = "data/private"
EXCERPTS = f"{PRIVATE}/excerpts.csv"  # text of passages that are not released
MEMOS = f"{PRIVATE}/memos.csv"  # text of memos that are not released
TRANSCRIPTS = f"{PRIVATE}/transcripts"
KEY = f"{PRIVATE}/exchange/key.csv"  # who and what the pseudonyms stand for
IMPORTED = f"{PRIVATE}/exchange/imported.csv"  # what came in last, as digests

KEY_COLUMNS = ("kind", "id", "name", "mark", "stands_for")
IMPORTED_COLUMNS = ("table", "key", "cells")


@dataclass
class Dataset:
    """All that is stored."""

    tables: dict[str, list[Row]]
    """The five tables of coded interviews, by name."""
    excerpts: dict[str, str] = field(default_factory=dict)
    """Private texts by segment."""
    memos: dict[str, str] = field(default_factory=dict)
    """Private texts by memo."""
    key: list[Row] = field(default_factory=list)
    """Rows of KEY_COLUMNS, see ``pseudonym_map``."""
    imported: list[Row] = field(default_factory=list)
    """Rows of IMPORTED_COLUMNS, see ``history``."""
    attributes: list[Row] = field(default_factory=list)
    """Attributes of cases of which the open table states less (columns case and each attribute)."""
    transcripts: dict[str, str] = field(default_factory=dict)
    """Text by file name."""
    attribute_names: tuple[str, ...] = ()
    """The columns of ``cases`` that say something about a person."""


def load(root: Path) -> Dataset:
    """Read everything. Raises DataError, or SourceErrors of several, where a file is not in order."""
    columns = {name: described(name, root).columns for name in TABLES}
    folder = root / TRANSCRIPTS
    return Dataset(
        {
            name: read_rows(root, described(name, root).file(synthetic=is_synthetic()), columns[name])
            for name in TABLES
        },
        {row["segment"]: row["excerpt"] for row in _private(root, EXCERPTS, ["segment", "excerpt"])},
        {row["memo"]: row["text"] for row in _private(root, MEMOS, ["memo", "text"])},
        _private(root, KEY, list(KEY_COLUMNS)),
        _private(root, IMPORTED, list(IMPORTED_COLUMNS)),
        _private(root, ATTRIBUTES, _attribute_columns(root)),
        {path.name: _text(path) for path in sorted(folder.glob("*.txt"))} if folder.is_dir() else {},
        described("cases", root).attributes,
    )


def save(root: Path, new: Dataset, old: Dataset) -> list[str]:
    """Write what differs from ``old``. Returns the changed files, from the project's root.

    Raises DataError in the profile ``demo``, whose tables a script makes; MachineError where writing fails, and
    then nothing has changed.
    """
    if is_synthetic():
        raise DataError(
            "the profile `demo` shows made-up interviews, into which nothing can be imported",
            remedy="call the command without QUARTO_PROFILE=demo",
        )
    before = _files(root, old)
    changed = {file: data for file, data in _files(root, new).items() if before.get(file) != data}
    _replace(root, changed)
    return list(changed)


def _files(root: Path, dataset: Dataset) -> dict[str, bytes]:
    """Every file that the holdings fill; private ones first, and not where there is nothing to hold."""
    files: dict[str, bytes] = {}
    for name, text in dataset.transcripts.items():
        files[f"{TRANSCRIPTS}/{name}"] = text.encode("utf8", "surrogatepass")
    pairs = ((EXCERPTS, ("segment", "excerpt"), dataset.excerpts), (MEMOS, ("memo", "text"), dataset.memos))
    for file, columns, texts in pairs:
        files[file] = _csv(columns, [dict(zip(columns, pair, strict=True)) for pair in texts.items()])
    files[KEY] = _csv(KEY_COLUMNS, dataset.key)
    files[ATTRIBUTES] = _csv(_attribute_columns(root), dataset.attributes)
    files[IMPORTED] = _csv(IMPORTED_COLUMNS, dataset.imported)
    for name, rows in dataset.tables.items():
        files[described(name, root).file()] = _csv(described(name, root).columns, rows)
    return files


def _attribute_columns(root: Path) -> list[str]:
    return ["case", *described("cases", root).attributes]


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _replace(root: Path, files: Mapping[str, bytes]) -> None:
    """Put all files in place, or none."""
    secret = {root / file: SECRET for file in files if file.startswith(PRIVATE)}
    try:
        write_all({root / file: data for file, data in files.items()}, modes=secret)
    except OSError as error:
        raise MachineError(
            f"the tables can't be written: {error.strerror}",
            remedy="free space, or mend the permissions of data/; nothing has been changed",
        ) from None


def _private(root: Path, file: str, columns: list[str]) -> list[Row]:
    return read_rows(root, file, columns) if (root / file).is_file() else []


def read_rows(root: Path, file: str, columns: list[str]) -> list[Row]:
    """Read the rows of a CSV file of ours. Raises DataError, or SourceErrors, with every place that is wrong."""
    sheet = read_whole(root, file, columns)
    values = [sheet.columns[name] for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
