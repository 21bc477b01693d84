"""`paper data import` and `paper data export`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import refi_builders as build
from exchange_house import everything, rows
from typer.testing import CliRunner

from paper.cli.data import app

run = CliRunner().invoke


@pytest.fixture(autouse=True)
def at_home(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(house)


def test_an_import_tells_what_changed_and_what_is_left_to_do(house: Path) -> None:
    path = build.nvivo_windows(house / "data/private/Aigerim.qdpx")

    result = run(app, ["import", str(path)])

    assert result.exit_code == 0, result.output
    for said in (
        "3 × codings without a user",
        "3 codes new: pressure, ministry, people",
        "1 case new: case-01",
        "3 codings new: case-01-001 + ministry + coder-1",
        "Written: data/codebook.csv, data/cases.csv, data/coders.csv, data/segments.csv, data/memos.csv",
        "fill in what is empty in data/cases.csv",
        "data/private/names.txt",
        "run `paper data check`",
    ):
        assert said in result.output
    assert "ministry asks" not in result.output and "Askar" not in result.output

    again = run(app, ["import", str(path)])
    assert "Nothing has changed" in again.output


def test_a_dry_run_writes_nothing(house: Path) -> None:
    path = build.maxqda(house / "data/private/study.qdpx")
    before = everything(house)

    result = run(app, ["import", str(path), "--dry-run"])

    assert "2 codings new" in result.output and "Nothing was written" in result.output
    assert everything(house) == before


def test_a_script_gets_json(house: Path) -> None:
    path = build.qc(house / "data/private/study.qdpx")

    found = json.loads(run(app, ["import", str(path), "--format", "json"]).output)

    assert {fault["rule"] for fault in found} == {"path", "same-code", "new-code", "no-block"}


def test_what_was_imported_goes_out_and_comes_back(house: Path) -> None:
    run(app, ["import", str(build.maxqda(house / "data/private/study.qdpx"))])
    before = rows(house, "segments")

    result = run(app, ["export", "--to", "qdpx", "--private"])
    assert "coding-private.qdpx written (2 passages with their text, 0 without)" in result.output
    result = run(app, ["import", "data/private/exchange/coding-private.qdpx"])

    assert result.exit_code == 0 and "Written: private files only" in result.output
    assert rows(house, "segments") == before
