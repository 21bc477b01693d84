"""Projects that Taguette and QualCoder keep as SQLite databases, read as they are, without the program.

Taguette's ``.sqlite3`` has its documents as HTML; a highlight's offsets count bytes of UTF-8 in the text of that HTML.
QualCoder's ``.qda`` is a folder with ``data.qda`` in it; its offsets count code points of ``source.fulltext``, as
Python does. The database is opened for reading alone, and nothing in it is run.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from paper.coding.exchange.archive import MiB
from paper.coding.exchange.ids import parents_first
from paper.coding.exchange.model import (
    Case,
    Code,
    CodedProject,
    Coding,
    Note,
    Passage,
    Source,
    SourceKind,
    User,
)
from paper.coding.exchange.remarks import Remarks
from paper.errors import DataError, Place

MAGIC: Final = b"SQLite format 3\0"
INSIDE: Final = "data.qda"  # the database in QualCoder's folder
MAX_DATABASE: Final = 1024 * MiB
Record = Mapping[str, object]
_Values = defaultdict[tuple[str, object], dict[str, str]]  # (file or case, number) → variable → value
# The tables that tell whose a database is.
_TAGUETTE: Final = {"documents", "highlights", "tags", "highlight_tags"}
_QUALCODER: Final = {"source", "code_name", "code_text"}


def database_at(path: Path) -> Path | None:
    """Return the database that a file is, or that a folder of QualCoder's holds; None where there is none."""
    file = path / INSIDE if path.is_dir() else path
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return file if stream.read(len(MAGIC)) == MAGIC else None


def read(path: Path, remarks: Remarks) -> CodedProject:
    """Read a database. Raises DataError for one of another program, and for one that is broken or too large."""
    if path.stat().st_size > MAX_DATABASE:
        raise DataError(f"refused: larger than {MAX_DATABASE // MiB} MiB", place=Place(path.name))
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as opened:
            opened.row_factory = sqlite3.Row
            opened.execute("PRAGMA trusted_schema = OFF")
            database = _Database(opened)
            if database.tables >= _TAGUETTE:
                return _taguette(database, remarks)
            if database.tables >= _QUALCODER:
                return _QualCoder(database, remarks).project()
    except sqlite3.Error as error:
        remedy = "close the program and copy the project again; else export it as REFI-QDA (.qdpx)"
        raise DataError(
            f"the database can't be read ({error})", place=Place(path.name), remedy=remedy
        ) from None
    raise DataError(
        "a database of neither Taguette nor QualCoder",
        place=Place(path.name),
        remedy="export the project from its program as REFI-QDA (.qdpx), or as a table (.csv, .xlsx) with a map",
    )


class _Database:
    def __init__(self, opened: sqlite3.Connection) -> None:
        self._opened = opened
        rows = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.tables = {str(row["name"]) for row in rows}

    def rows(self, table: str) -> Iterator[dict[str, object]]:
        """Yield the rows of a table in the order in which they were added; none where there is no such table."""
        if table in self.tables:
            for row in self._opened.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
                yield {name: row[name] for name in row.keys()}  # noqa: SIM118


# -- Taguette -------------------------------------------------------------------------------------------------------


def _taguette(database: _Database, remarks: Remarks) -> CodedProject:
    projects = list(database.rows("projects"))
    if len(projects) > 1:
        remarks.unresolved(
            "several-projects",
            "projects in one database: all of them are read",
            remedy="in Taguette, export the one that you want as SQLite",
        )
    users = {_text(row, "user_login") for row in database.rows("project_members")} - {""}
    tags = {row["id"] for row in database.rows("tags")}
    codes = [
        Code(_id("tag", row["id"]), _text(row, "path"), description=_text(row, "description"))
        for row in database.rows("tags")
    ]
    texts: dict[object, str] = {}
    sources: list[Source] = []
    for row in database.rows("documents"):
        text = _text_of_html(_text(row, "contents"))
        texts[row["id"]] = text
        sources.append(Source(_id("document", row["id"]), _text(row, "name"), "text", text))
    given: defaultdict[object, list[object]] = defaultdict(list)
    for row in database.rows("highlight_tags"):
        given[row["highlight_id"]].append(row["tag_id"])
    user = _id("user", next(iter(users))) if len(users) == 1 else ""
    passages: list[Passage] = []
    codings: list[Coding] = []
    for row in database.rows("highlights"):
        span = _highlighted(row, texts.get(row["document_id"], ""), remarks)
        if span is None:
            continue
        begin, end = span
        identifier, source = _id("highlight", row["id"]), _id("document", row["document_id"])
        text = texts[row["document_id"]][begin:end]
        passages.append(Passage(identifier, source, f"characters {begin}-{end}", begin, end, text))
        for tag in given[row["id"]]:
            if tag in tags:
                codings.append(Coding(_id("coding", row["id"], tag), identifier, _id("tag", tag), user))
    return CodedProject(
        "Taguette", user, "\n\n".join(_text(row, "description") for row in projects).strip(),
        tuple(User(_id("user", name), name) for name in sorted(users)), tuple(codes), tuple(sources), tuple(passages),
        tuple(codings),
    )  # fmt: skip


def _highlighted(row: Record, text: str, remarks: Remarks) -> tuple[int, int] | None:
    """Return where a highlight is in the text, held against the snippet that the database has of it."""
    raw, start, end = text.encode(), _number(row, "start_offset"), _number(row, "end_offset")
    snippet = _text_of_html(_text(row, "snippet"))
    if 0 <= start < end <= len(raw):
        begin, stop = (len(raw[:at].decode("utf8", "ignore")) for at in (start, end))
        if not snippet or snippet.split() == text[begin:stop].split():
            return begin, stop
    places = [match.start() for match in re.finditer(re.escape(snippet), text)] if snippet else []
    if not places:
        remarks.dropped("outside", "selections outside their text", f"highlight {row['id']}")
        return None
    remarks.repaired("found-by-words", "selections that were found by their words", f"highlight {row['id']}")
    begin = min(places, key=lambda place: abs(place - start))
    return begin, begin + len(snippet)


def _text_of_html(contents: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(contents, "html.parser").get_text()


# -- QualCoder ------------------------------------------------------------------------------------------------------


class _QualCoder:
    """One reading of a database of QualCoder's."""

    def __init__(self, database: _Database, remarks: Remarks) -> None:
        self._database, self._remarks = database, remarks
        self._texts: dict[object, str] = {}
        self._passages: dict[str, Passage] = {}
        self._notes: list[Note] = []

    def project(self) -> CodedProject:
        database, values = self._database, _attributes(self._database)
        sources = tuple(self._sources(values))
        codings = tuple(self._codings())
        for row in database.rows("annotation"):
            if passage := self._passage(row):
                self._note("annotation", row, passage.id)
        for row in database.rows("journal"):
            self._note("journal", row, "", "jentry")
        cases = tuple(self._cases(values))
        owned = ("code_text", "annotation", "journal")
        users = dict.fromkeys(_text(row, "owner") for table in owned for row in database.rows(table))
        return CodedProject(
            "QualCoder",
            "",
            "\n".join(_text(row, "memo") for row in database.rows("project")).strip(),
            tuple(User(_id("user", name), name) for name in users if name),
            _codes_of_qualcoder(database),
            sources,
            tuple(self._passages.values()),
            codings,
            tuple(self._notes),
            cases,
        )

    def _note(self, kind: str, row: Record, about: str, text: str = "memo") -> None:
        if said := _text(row, text).strip():
            identifier = _id("memo", kind, about, said)
            name = _text(row, "name") if kind == "journal" else ""
            self._notes.append(Note(identifier, name, said, _user(row), (about,) if about else ()))

    def _sources(self, values: _Values) -> Iterator[Source]:
        for row in self._database.rows("source"):
            identifier, text = _id("source", row["id"]), _text(row, "fulltext")
            self._texts[row["id"]] = text
            kind: SourceKind = "text" if text else "picture"
            yield Source(identifier, _text(row, "name"), kind, text or None, values["file", row["id"]])
            self._note("source", row, identifier)

    def _passage(self, row: Record) -> Passage | None:
        text, start, end = self._texts.get(row["fid"], ""), _number(row, "pos0"), _number(row, "pos1")
        if not 0 <= start < end <= len(text):
            self._remarks.dropped("outside", "selections outside their text", f"positions {start}-{end}")
            return None
        identifier, source = _id("passage", row["fid"], start, end), _id("source", row["fid"])
        result = Passage(identifier, source, f"characters {start}-{end}", start, end, text[start:end])
        return self._passages.setdefault(identifier, result)

    def _codings(self) -> Iterator[Coding]:
        for row in self._database.rows("code_text"):
            if passage := self._passage(row):
                identifier = _id("coding", row["cid"], passage.id, row["owner"])
                yield Coding(identifier, passage.id, _id("code", row["cid"]), _user(row))
                self._note("coding", row, identifier)
        for table in ("code_image", "code_av"):
            for number, _ in enumerate(self._database.rows(table), 1):
                self._remarks.dropped("not-text", "codings of pictures and recordings", f"{table} {number}")

    def _cases(self, values: _Values) -> Iterator[Case]:
        whole: defaultdict[object, list[str]] = defaultdict(list)
        parts: defaultdict[object, list[str]] = defaultdict(list)
        for row in self._database.rows("case_text"):
            of, span = row["caseid"], (_number(row, "pos0"), _number(row, "pos1"))
            if span[0] <= 0 and span[1] in (0, -1, len(self._texts.get(row["fid"], ""))):
                whole[of].append(_id("source", row["fid"]))
            elif passage := self._passage(row):
                parts[of].append(passage.id)
        for row in self._database.rows("cases"):
            of, identifier = row["caseid"], _id("case", row["caseid"])
            yield Case(identifier, _text(row, "name"), values["case", of], tuple(whole[of]), tuple(parts[of]))
            self._note("case", row, identifier)


def _codes_of_qualcoder(database: _Database) -> tuple[Code, ...]:
    """Return categories, which are not given themselves, and codes; parents first."""
    results: dict[str, Code] = {}
    for row in database.rows("code_cat"):
        parent = _id("category", row["supercatid"]) if row["supercatid"] else ""
        identifier = _id("category", row["catid"])
        results[identifier] = Code(identifier, _text(row, "name"), parent, _text(row, "memo"), codable=False)
    for row in database.rows("code_name"):
        parent = _id("category", row["catid"]) if row["catid"] else ""
        parent = _id("code", row["supercid"]) if row.get("supercid") else parent
        identifier = _id("code", row["cid"])
        results[identifier] = Code(identifier, _text(row, "name"), parent, _text(row, "memo"))
    order = parents_first({code.id: code.parent for code in results.values()})
    return tuple(results[code] for code in order)


def _attributes(database: _Database) -> _Values:
    values: _Values = defaultdict(dict)
    for row in database.rows("attribute"):
        if value := _text(row, "value").strip():
            values[_text(row, "attr_type"), row["id"]][_text(row, "name")] = value
    return values


def _user(row: Record) -> str:
    name = _text(row, "owner")
    return _id("user", name) if name else ""


def _text(row: Record, name: str) -> str:
    value = row.get(name)
    return "" if value is None or isinstance(value, bytes) else str(value)


def _number(row: Record, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else -1


def _id(*parts: object) -> str:
    """Make the same id for the same thing at every reading; numbers of a database are its own, and stay."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join(("database", *map(str, parts)))))
