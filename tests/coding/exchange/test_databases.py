"""Projects of Taguette and QualCoder come in from their own databases, with the right words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from exchange_house import everything, rows

from paper.coding.exchange.importing import import_file
from paper.coding.exchange.store import load
from paper.errors import DataError

PAGE = "<h1>Сұхбат</h1>\n<p>People waited &amp; nobody said why.</p><p>Министрлік <b>asks</b> every week.</p>"
TEXT = "Сұхбат\nPeople waited & nobody said why.Министрлік asks every week."
TALK = "😀 People waited outside.\nThe ministry asks every week.\n"


def build(path: Path, script: str, *rows_: tuple[str, list[tuple[object, ...]]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as database:
        database.executescript(script)
        for statement, values in rows_:
            database.executemany(statement, values)
    database.close()
    return path


def taguette(path: Path, *, shift: int = 0) -> Path:
    def highlight(number: int, words: str, snippet: str) -> tuple[object, ...]:
        start = len(TEXT[: TEXT.index(words)].encode()) + shift
        return number, 1, start, start + len(words.encode()), snippet

    return build(
        path,
        """
        CREATE TABLE projects (id INTEGER, name TEXT, description TEXT);
        CREATE TABLE project_members (project_id INTEGER, user_login TEXT, privileges TEXT);
        CREATE TABLE documents (id INTEGER, name TEXT, description TEXT, filename TEXT, project_id INTEGER,
            contents TEXT);
        CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, end_offset INTEGER,
            snippet TEXT);
        CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT);
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        """,
        ("INSERT INTO projects VALUES (?, ?, ?)", [(1, "Study", "")]),
        ("INSERT INTO project_members VALUES (?, ?, ?)", [(1, "aigerim", "ADMIN")]),
        ("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", [(1, "Talk with Askar", "", "a.html", 1, PAGE)]),
        (
            "INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
            [
                highlight(1, "waited & nobody", "waited &amp; nobody"),
                highlight(2, "Министрлік asks", "Министрлік <b>asks</b>"),
            ],
        ),
        ("INSERT INTO tags VALUES (?, ?, ?, ?)", [(1, 1, "Waiting", "Queues."), (2, 1, "Ministry", "")]),
        ("INSERT INTO highlight_tags VALUES (?, ?)", [(1, 1), (2, 2), (2, 1)]),
    )


def qualcoder(folder: Path) -> Path:
    def span(words: str) -> tuple[int, int]:
        return TALK.index(words), TALK.index(words) + len(words)

    def coding(code: int, words: str, owner: str, memo: str = "") -> tuple[object, ...]:
        return code, 1, words, *span(words), owner, "2026-01-01", memo

    build(
        folder / "data.qda",
        """
        CREATE TABLE project (databaseversion TEXT, date TEXT, memo TEXT, about TEXT);
        CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT,
            date TEXT);
        CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, date TEXT, memo TEXT,
            supercatid INTEGER);
        CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER, owner TEXT, date TEXT,
            color TEXT);
        CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER, owner TEXT,
            date TEXT, memo TEXT);
        CREATE TABLE code_image (imid INTEGER, id INTEGER, cid INTEGER, owner TEXT);
        CREATE TABLE annotation (anid INTEGER PRIMARY KEY, fid INTEGER, pos0 INTEGER, pos1 INTEGER, memo TEXT,
            owner TEXT, date TEXT);
        CREATE TABLE cases (caseid INTEGER PRIMARY KEY, name TEXT, memo TEXT, owner TEXT, date TEXT);
        CREATE TABLE case_text (id INTEGER PRIMARY KEY, caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER,
            owner TEXT);
        CREATE TABLE attribute (attrid INTEGER PRIMARY KEY, name TEXT, attr_type TEXT, value TEXT, id INTEGER);
        CREATE TABLE journal (jid INTEGER PRIMARY KEY, name TEXT, jentry TEXT, date TEXT, owner TEXT);
        """,
        ("INSERT INTO project VALUES (?, ?, ?, ?)", [("v11", "", "", "QualCoder")]),
        (
            "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (1, "askar.txt", TALK, None, "", "Ada", ""),
                (2, "photo.jpg", None, "/images/photo.jpg", "", "Ada", ""),
            ],
        ),
        ("INSERT INTO code_cat VALUES (?, ?, ?, ?, ?, ?)", [(1, "Pressure", "Ada", "", "", None)]),
        (
            "INSERT INTO code_name VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(1, "Ministry", "From above.", 1, "Ada", "", ""), (2, "Waiting", "", None, "Ada", "", "")],
        ),
        (
            "INSERT INTO code_text VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                coding(1, "ministry asks", "Ada", "Note this."),
                coding(1, "ministry asks", "Ben"),
                coding(2, "People waited", "Ben"),
            ],
        ),
        ("INSERT INTO code_image VALUES (?, ?, ?, ?)", [(1, 2, 1, "Ada")]),
        ("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", [(1, "Askar Bekov", "", "Ada", "")]),
        ("INSERT INTO case_text VALUES (?, ?, ?, ?, ?, ?)", [(1, 1, 1, 0, len(TALK), "Ada")]),
        ("INSERT INTO attribute VALUES (?, ?, ?, ?, ?)", [(1, "Position", "case", "Head", 1)]),
        ("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", [(1, "Diary", "Began today.", "", "Ben")]),
    )
    return folder


def texts(root: Path) -> dict[str, set[str]]:
    """Words of each passage by code."""
    stored = load(root)
    found: dict[str, set[str]] = {}
    for row in stored.tables["segments"]:
        found.setdefault(row["code"], set()).add(stored.excerpts[row["segment"]])
    return found


@pytest.mark.parametrize("shift", [0, 5, 10_000])
def test_taguettes_database_comes_in_with_the_right_words(house: Path, shift: int) -> None:
    report = import_file(house, taguette(house / "data/private/study.sqlite3", shift=shift))
    assert texts(house) == {
        "waiting": {"waited & nobody", "Министрлік asks"}, "ministry": {"Министрлік asks"},
    }  # fmt: skip
    assert [row["coder"] for row in rows(house, "coders")] == ["coder-1"]
    assert ("found-by-words" in {fault.rule for fault in report.faults}) == bool(shift)


def test_qualcoders_folder_comes_in_with_its_cases_and_coders(house: Path) -> None:
    mapped = house / "data/private/map.yml"
    mapped.write_text("role:\n  variable: Position\n  values: {Head: public servant}\n", "utf8")
    report = import_file(house, qualcoder(house / "data/private/study.qda"), map_path=mapped)
    assert texts(house) == {"ministry": {"ministry asks"}, "waiting": {"People waited"}}
    assert rows(house, "cases") == [{"case": "case-01", "role": "public servant", "region": ""}]
    coders = [(row["code"], row["coder"]) for row in rows(house, "segments")]
    assert sorted(coders) == [("ministry", "coder-1"), ("ministry", "coder-2"), ("waiting", "coder-2")]
    parents = {row["code"]: row["parent"] for row in rows(house, "codebook")}
    assert parents == {"pressure": "", "ministry": "pressure", "waiting": ""}
    assert sorted(load(house).memos.values()) == ["Diary\n\nBegan today.", "Note this."]
    assert {"not-text", "category", "source-without-codes"} <= {fault.rule for fault in report.faults}
    public = b"".join(data for name, data in everything(house).items() if "private" not in name)
    assert b"Askar" not in public and b"Ada" not in public


@pytest.mark.parametrize("make", [taguette, qualcoder])
def test_importing_a_database_again_changes_nothing(house: Path, make: object) -> None:
    path = make(house / "data/private/study.qda")  # type: ignore[operator]
    import_file(house, path)
    assert import_file(house, path).files == []


def test_another_database_and_a_broken_one_are_told(house: Path) -> None:
    other = build(house / "data/private/other.sqlite3", "CREATE TABLE things (id INTEGER);")
    with pytest.raises(DataError, match="neither Taguette nor QualCoder"):
        import_file(house, other)
    broken = house / "data/private/broken.sqlite3"
    broken.write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    with pytest.raises(DataError, match="can't be read"):
        import_file(house, broken)
