"""What respondents and coders said, as it lies in ``data/private/``: excerpts, memos, transcripts.

Maps, codebooks, keys and lists of names are no interview text, and of a table only the cells of the columns that hold
some are: those that a map beside it names, those that have the names of ours, and of others those in which people
write sentences. A project of a coding program is read as an import reads it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from paper.coding.privacy.extract import PART_NAME, pieces
from paper.coding.privacy.files import OPEN, PRIVATE
from paper.errors import PaperError
from paper.settings import parse_yaml
from paper.text.decoding import decode

# What `paper data` writes: copies of what stands in other private files, and the key, which has names in it.
EXCHANGE: Final = f"{PRIVATE}/exchange"
KEY: Final = f"{EXCHANGE}/key.csv"
# support.csv holds words of cited works, which the paper may quote.
NO_TEXT: Final = ("names.txt", "quotes.key", "support.csv", "README.md")
NO_TEXT_KINDS: Final = (".qdc", ".yml", ".yaml", ".key", ".bib", ".py", ".r")
TABLES: Final = (".csv", ".tsv", ".xlsx")
PROJECTS: Final = (".qdpx", ".qde")
DATABASES: Final = (".sqlite3", ".qda")  # of Taguette, and in QualCoder's folder
SAID: Final = ("excerpt", "memo", "text")  # columns of ours that hold what was said
_PEOPLE: Final = ("case", "source", "coder")  # kinds of the key's names that are people's
_SENTENCE: Final = 8  # words of a cell of an unknown column that is taken for what somebody said


def private_texts(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each private text with the name under which a report may tell it."""
    mapped = _mapped_columns(root)
    for path in sorted((root / PRIVATE).rglob("*")):
        if path.is_file() and _holds_text(root, path):
            shown = path.relative_to(root).as_posix()
            kind = path.suffix.lower()
            if path == root / KEY:
                yield from _names(path, shown)
            elif kind in TABLES:
                yield from _cells(path, shown, mapped)
            elif kind in (*PROJECTS, *DATABASES):
                yield from _project(path, shown)
            else:
                yield from _whole(path, shown)


def _holds_text(root: Path, path: Path) -> bool:
    if path.name in NO_TEXT or path == root / OPEN or path.suffix.lower() in NO_TEXT_KINDS:
        return False
    return path == root / KEY or not path.is_relative_to(root / EXCHANGE)


def _mapped_columns(root: Path) -> list[dict[str, str]]:
    """Return the columns of every map in the folder: column of ours → column of the table."""
    results = []
    for path in sorted((root / PRIVATE).rglob("*.y*ml")):
        try:
            columns = parse_yaml(path.read_text("utf-8-sig"), path.name).get("columns")
        except (OSError, UnicodeDecodeError, PaperError):
            continue
        if isinstance(columns, dict):
            results.append({str(ours): str(theirs).strip() for ours, theirs in columns.items()})
    return results


def _names(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    for row in csv.DictReader(io.StringIO(decode(path.read_bytes()).text)):
        if row.get("kind") in _PEOPLE:
            yield f"{shown} ({row.get('stands_for', '')[:40]})", row.get("name") or ""


def _cells(path: Path, shown: str, mapped: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the cells of a table that hold what somebody said."""
    for header, rows in _tables(path):
        columns = _columns(header, rows, mapped)
        for row in rows:
            for place, shortest in columns.items():
                if place < len(row) and len(row[place].split()) >= shortest:
                    name = row[0][:40] if 0 not in columns else ""
                    yield (f"{shown} ({name})" if name else shown), row[place]


def _tables(path: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
    if path.suffix.lower() == ".xlsx":
        from openpyxl import load_workbook

        try:
            book = load_workbook(path, read_only=True, data_only=True)
            tables = [
                [
                    ["" if cell is None else str(cell) for cell in row]
                    for row in sheet.iter_rows(values_only=True)
                ]
                for sheet in book.worksheets
            ]
        except Exception:  # openpyxl raises all kinds of errors on broken files
            return
    else:
        text = decode(path.read_bytes()).text.removeprefix("\ufeff")
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t|", key=first.count)
        tables = [list(csv.reader(io.StringIO(text), delimiter=delimiter))]
    for table in tables:
        if table:
            yield [cell.strip() for cell in table[0]], table[1:] if len(table) > 1 else table


def _columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], mapped: list[dict[str, str]]
) -> dict[int, int]:
    """Return which columns are looked for, each with the number of words of a cell that is."""
    for columns in mapped:
        if set(columns.values()) <= set(header):
            named = {theirs for ours, theirs in columns.items() if ours in SAID}
            others = set(columns.values()) - named
            known = {place: 1 for place, name in enumerate(header) if name in named}
            rest = _sentences(
                header, rows, passed_over={*known, *(i for i, n in enumerate(header) if n in others)}
            )
            return known | rest
    known = {place: 1 for place, name in enumerate(header) if name in SAID}
    codebook = {"definition", "when_to_use", "when_not_to_use"} & set(header)
    return (
        known
        if codebook or {"segment", "memo"} & set(header)
        else known | _sentences(header, rows, set(known))
    )


def _sentences(header: Sequence[str], rows: Sequence[Sequence[str]], passed_over: set[int]) -> dict[int, int]:
    """Columns without a meaning that is known: cells of eight words and more, unless the same ones come again."""
    results = {}
    for place in range(len(header)):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if place not in passed_over and cells and len(set(cells)) * 2 > len(cells):
            results[place] = _SENTENCE
    return results


def _project(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    """Yield the sources, passages and notes of a coding program's project; as a whole where it can't be read."""
    from paper.coding.exchange import databases, refi
    from paper.coding.exchange.remarks import Remarks

    try:
        project = (databases if path.suffix.lower() in DATABASES else refi).read(path, Remarks())
    except (PaperError, OSError):
        yield from _whole(path, shown)
        return
    for source in project.sources:
        yield shown, source.text or ""
    for passage in project.passages:
        yield shown, passage.text
    for note in project.notes:
        yield shown, note.text


def _whole(path: Path, shown: str) -> Iterator[tuple[str, str]]:
    for piece in pieces(path.name, path.read_bytes()):
        said = not (piece.wrong or piece.person or piece.markup)
        if said and piece.where != PART_NAME and "docProps/" not in piece.where:
            yield shown, piece.text
