"""The files to take away: whole, the same each time, and harmless in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from paper.analysis import datafile


def test_made_up_data_lie_apart_from_real_ones() -> None:
    assert datafile.name("fig", "drivers") == "assets/data/fig-drivers.csv"
    assert datafile.name("tbl", "drivers", synthetic=True) == "assets/data/demo/tbl-drivers.csv"


def test_a_table_is_written_with_its_heads_and_one_line_end() -> None:
    data = pd.DataFrame({"name": ["a, b", "Қ"], "n": [1, 2], "share": [0.5, None]})
    assert datafile.text(data) == 'name,n,share\n"a, b",1,0.5\nҚ,2,\n'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula_and_no_number_is_a_text(sign: str) -> None:
    written = datafile.text(pd.DataFrame({f"{sign}head": [f"{sign}1", "1=1"], "n": [-1, -2.5]}))
    assert f"'{sign}head" in written
    assert f"'{sign}1" in written
    assert "\n1=1,-2.5\n" in written
    assert "'-" not in written.replace("'-head", "").replace("'-1", "")


def test_a_file_is_written_only_where_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "assets/data/demo/fig-x.csv"
    assert datafile.write(path, pd.DataFrame({"n": [1]}))
    begun = path.stat().st_mtime_ns
    assert not datafile.write(path, pd.DataFrame({"n": [1]}))
    assert path.stat().st_mtime_ns == begun
    assert datafile.write(path, pd.DataFrame({"n": [2]}))
    assert path.read_bytes() == b"n\n2\n"
    assert [p.name for p in path.parent.iterdir()] == ["fig-x.csv"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (pd.NA, ""), (float("nan"), ""), (2.0, "2"), (0.126, "0.13"), (30, "30"), ("x", "x")]
)  # fmt: skip
def test_a_value_is_shown_without_needless_decimals(value: object, shown: str) -> None:
    assert datafile.format_value(value) == shown
