"""`paper check --fix` takes tables as spreadsheets save them, and changes no cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from paper.coding.data import normalise
from paper.coding.data.sheet import read

COLUMNS = ["id", "town", "note"]
ROWS = 'id,town,note\nV01,Қостанай,"one, two; three"\nV02,Almaty,"a ""word""\nin two lines"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    fields = [{"name": name, "type": "string", "title": name, "description": name} for name in COLUMNS]
    schema = {"fields": fields, "primaryKey": ["id"]}
    table = {
        "name": "visits",
        "path": "visits.csv",
        "title": "Visits",
        "description": "Visits",
        "schema": schema,
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "data/datapackage.json").write_text(json.dumps({"name": "x", "resources": [table]}))
    return tmp_path


def semicolons(text: str) -> str:
    for before, after in (
        ("id,town,", "id;town;"),
        ("1,Қ", "1;Қ"),
        ("й,", "й;"),
        ("2,A", "2;A"),
        ("y,", "y;"),
    ):
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize(
    "as_saved",
    [
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: semicolons(text).encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode() + b",,\r\n,,\r\n",
    ],
    ids=["Excel, CSV UTF-8", "Unicode", "Excel in Russian", "line ends of Windows", "emptied rows"],
)
def test_a_table_as_a_spreadsheet_saves_it_gets_its_form(
    project: Path, as_saved: Callable[[str], bytes]
) -> None:
    path = project / "data/visits.csv"
    path.write_bytes(as_saved(ROWS))
    assert normalise.normalise_csv_files(project) == ["data/visits.csv"]
    assert path.read_bytes().replace(b"\r\nin two", b"\nin two") == ROWS.encode()
    sheet, faults = read(project, "data/visits.csv", COLUMNS)
    assert not faults and sheet and sheet.columns["town"] == ["Қостанай", "Almaty"]
    assert normalise.normalise_csv_files(project) == []


@pytest.mark.parametrize(
    "content",
    [
        "id,town,note\nV01,Костанай,x\n".encode("cp1251"),  # Kazakh letters would be lost already
        b"\xef\xbb\xbfid,town\nV01,x\n",
        b"\xef\xbb\xbfid,town,note\nV01,x\n",
        b'\xef\xbb\xbfid,town,note\nV01,"x,y\n',
        b"",
        ROWS.encode(),
    ],
)
def test_what_would_be_a_guess_is_left_as_it_is(project: Path, content: bytes) -> None:
    path = project / "data/visits.csv"
    path.write_bytes(content)
    assert normalise.normalise_csv_files(project) == []
    assert path.read_bytes() == content
