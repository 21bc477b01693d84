"""Tables come in with a map of their columns; what a spreadsheet could run is refused or made harmless."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_house import everything, rows, write_rows
from openpyxl import Workbook, load_workbook

from paper.coding.exchange.exporting import export
from paper.coding.exchange.importing import Report, import_file
from paper.errors import DataError

Bring = Callable[..., Report]
MAP = """
columns: {case: Respondent, code: Codes, coder: Who, excerpt: Quote, block: Part, memo: Remark}
separator: ";"
block: {values: {"1": A, "2": B}}
role: {variable: Post, values: {Head: public servant}}
"""
HEADER = ["Respondent", "Codes", "Who", "Quote", "Part", "Remark", "Post"]
TABLE = [
    ["Aigerim", "Ministry; People", "Ada", "The ministry, it asks.", "1", "", "Head"],
    ["Aigerim", "People", "Bek", "Queues are long.", "2", "Look again", "Head"],
    ["", "People", "Bek", "Whose?", "", "", ""],
    ["Marat", "Ministry", "", "=1+1", "x", "", "Clerk"],
]


def as_csv(delimiter: str = ",", encoding: str = "utf-8") -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        lines = [delimiter.join(f'"{cell}"' for cell in row) for row in (HEADER, *TABLE)]
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
        return path

    return make


def as_xlsx(path: Path) -> Path:
    book = Workbook()
    book.active.title = "Coding"
    book.active.append(HEADER)
    for row in TABLE:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(path)
    return path


@pytest.fixture
def mapped(house: Path, bring: Bring) -> Callable[..., Report]:
    def run(make: Callable[[Path], Path], name: str, text: str = MAP) -> Report:
        path = house / "data/private/map.yml"
        path.write_text(text, "utf8")
        return bring(make, name, map_path=path)

    return run


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (as_csv(), "t.csv"),
        (as_csv(";", "utf-8-sig"), "t.csv"),
        (as_csv("\t", "utf-16"), "t.tsv"),
        (as_csv("|", "cp1252"), "t.csv"),
        (as_xlsx, "t.xlsx"),
    ],
)
def test_a_mapped_table_comes_in_whatever_wrote_it(
    house: Path, mapped: Callable[..., Report], make: Callable[[Path], Path], name: str
) -> None:
    report = mapped(make, name)

    assert [
        (r["segment"], r["block"], r["locator"], r["code"], r["coder"]) for r in rows(house, "segments")
    ] == [
        ("case-01-001", "A", "row 2 of the table", "ministry", "coder-1"),
        ("case-01-001", "A", "row 2 of the table", "people", "coder-1"),
        ("case-01-002", "B", "row 3 of the table", "people", "coder-2"),
        ("case-02-001", "", "row 5 of the table", "ministry", "coder-3"),
    ]
    assert rows(house, "cases") == [
        {"case": "case-01", "role": "public servant", "region": ""}, {"case": "case-02", "role": "", "region": ""},
    ]  # fmt: skip
    private = (house / "data/private/excerpts.csv").read_text("utf8")
    assert "=1+1" in private and "The ministry, it asks." in private
    assert "Look again" in (house / "data/private/memos.csv").read_text("utf8")
    assert {"row-without-case-or-code", "no-block", "unknown-user", "role-without-word"} <= {
        f.rule for f in report.faults
    }
    public = b"".join(data for file, data in everything(house).items() if "private" not in file)
    assert b"Aigerim" not in public and b"Marat" not in public


def test_a_table_whose_rows_moved_is_known_again(house: Path, mapped: Callable[..., Report]) -> None:
    mapped(as_csv(), "t.csv")
    before = [(r["segment"], r["code"], r["coder"]) for r in rows(house, "segments")]
    TABLE.reverse()
    try:
        mapped(as_csv(), "t.csv")
    finally:
        TABLE.reverse()

    assert [(r["segment"], r["code"], r["coder"]) for r in rows(house, "segments")] == before


def test_a_codebook_as_a_table(house: Path, bring: Bring) -> None:
    def make(path: Path) -> Path:
        path.write_text(
            "name,parent,definition,when_to_use,driver\nPressure,,Why,When,external\nMinistry,Pressure,Orders,,\n,,x,,\n",
            "utf8",
        )
        return path

    report = bring(make, "codes.csv")

    assert [(r["code"], r["parent"], r["definition"], r["driver"]) for r in rows(house, "codebook")] == [
        ("pressure", "", "Why", "external"), ("ministry", "pressure", "Orders", ""),
    ]  # fmt: skip
    assert rows(house, "codebook")[0]["when_to_use"] == "When"
    assert "code-without-name" in {fault.rule for fault in report.faults}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Name;Code\nx;y\n", "no column 'Respondent' in the table; its columns are: "),
        ("", "its columns are: none"),
        ('Respondent,Codes,Who,Quote,Part,Remark\n"x,y\n', "not readable as CSV"),
        (b"Respondent,Codes\n\xff\xfe\xd0,x\n\xd0\x90,x\n", "in several encodings: lines"),
    ],
)
def test_tables_that_do_not_fit_the_map_are_told(
    mapped: Callable[..., Report], content: str | bytes, said: str
) -> None:
    def make(path: Path) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    with pytest.raises(DataError, match=said):
        mapped(make, "t.csv")


def test_formulas_in_a_workbook_are_refused_with_their_place(mapped: Callable[..., Report]) -> None:
    def make(path: Path) -> Path:
        book = Workbook()
        book.active.append(HEADER)
        book.active.append(["A", "B", "C", '=HYPERLINK("http://localhost","x")', "1", "", ""])
        book.save(path)
        return path

    with pytest.raises(DataError, match="a formula stands in D2"):
        mapped(make, "t.xlsx")


def test_a_workbook_with_entities_or_bombs_is_refused(tmp_path: Path, mapped: Callable[..., Report]) -> None:
    good = as_xlsx(tmp_path / "good.xlsx")

    def changed(name: str, data: bytes) -> Callable[[Path], Path]:
        def make(path: Path) -> Path:
            with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
                for info in old.infolist():
                    new.writestr(info.filename, data if info.filename == name else old.read(info))
            return path

        return make

    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    with pytest.raises(DataError, match="document type or entities"):
        mapped(changed("xl/worksheets/sheet1.xml", bomb), "t.xlsx")
    with pytest.raises(DataError, match="times its size"):
        mapped(changed("xl/worksheets/sheet1.xml", b" " * 5_000_000), "t.xlsx")
    with pytest.raises(DataError, match="not a readable workbook"):
        mapped(changed("xl/workbook.xml", b"<workbook"), "t.xlsx")


def test_a_sheet_that_is_not_there_is_told(mapped: Callable[..., Report]) -> None:
    with pytest.raises(DataError, match="no sheet 'Codes'") as missing:
        mapped(as_xlsx, "t.xlsx", MAP + "sheet: Codes\n")
    assert "Coding" in missing.value.remedy


def test_exported_tables_run_nothing_in_a_spreadsheet(house: Path) -> None:
    danger = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\uff1d1"]
    write_rows(house, "coders", [{"coder": f"c{place}", "role": value} for place, value in enumerate(danger)])

    folder = export(house, "csv").path
    book = load_workbook(export(house, "xlsx").path)

    roles = [line.partition(",")[2] for line in (folder / "coders.csv").read_text("utf8").splitlines()[1:]]
    assert roles == ["'" + value for value in danger]
    cells = [row[1] for row in book["coders"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == danger
    assert {cell.data_type for cell in cells} == {"s"} and all(cell.quotePrefix for cell in cells)


def test_what_a_cell_cannot_hold_is_told(house: Path) -> None:
    write_rows(house, "coders", [{"coder": "c", "role": "x" * 40_000}])
    with pytest.raises(DataError, match="coders, row 2, role: longer than"):
        export(house, "xlsx")

    write_rows(house, "coders", [{"coder": "c", "role": "a\x01b"}])
    with pytest.raises(DataError, match="coders, row 2, role: a sign that a workbook can't hold"):
        export(house, "xlsx")
    with pytest.raises(DataError, match="a sign that XML can't hold"):
        export(house, "qdpx")


def test_unreleased_text_goes_nowhere_but_into_the_private_folder(house: Path, tmp_path: Path) -> None:
    write_rows(house, "cases", [{"case": "P1", "role": "", "region": ""}])
    write_rows(house, "coders", [{"coder": "AL", "role": ""}])
    segment = {"case": "P1", "block": "A", "question": "", "locator": "1", "code": "x", "coder": "AL"}
    write_rows(house, "segments", [
        {**segment, "segment": "P1-1", "released": "false", "excerpt": ""},
        {**segment, "segment": "P1-2", "released": "true", "excerpt": "said in public"},
    ])  # fmt: skip
    write_rows(house, "codebook", [{"code": "x", "name": "X"}])
    (house / "data/private/excerpts.csv").write_text("segment,excerpt\nP1-1,said in private\n", "utf8")

    for to in ("qdpx", "csv", "xlsx", "qdc"):
        with pytest.raises(DataError, match="must not leave data/private/"):
            export(house, to, tmp_path / "out", private=True)
        assert not (tmp_path / "out").exists()
        done = export(house, to, tmp_path / f"public-{to}")
        assert (done.with_text, done.without_text) == (1, 1)
        assert b"said in private" not in unpacked(done.path)
    assert b"said in private" in unpacked(export(house, "qdpx", private=True).path)
    assert b"said in public" in unpacked(tmp_path / "public-qdpx")


def test_an_export_overwrites_nothing_unasked(house: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")

    with pytest.raises(DataError, match="is there already"):
        export(house, "xlsx", tmp_path / "mine.xlsx")
    assert (tmp_path / "mine.xlsx").read_text() == "mine"

    export(house, "xlsx", tmp_path / "mine.xlsx", overwrite=True)
    export(house, "xlsx"), export(house, "xlsx")
    assert load_workbook(tmp_path / "mine.xlsx").sheetnames == [
        "codebook",
        "cases",
        "coders",
        "segments",
        "memos",
    ]


def test_a_folder_without_tables_is_told(house: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a folder without any of codebook.csv"):
        import_file(house, tmp_path)
    with pytest.raises(DataError, match="there is no such file"):
        import_file(house, tmp_path / "nothing.qdpx")


def unpacked(path: Path) -> bytes:
    """All bytes of a file, an archive's members or a folder's files."""
    if path.is_dir():
        return b"".join(file.read_bytes() for file in path.iterdir())
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
