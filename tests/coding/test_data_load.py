"""Loading coded tables: types, missing values, profiles, and errors that name the place."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from paper.coding.data import load, package
from paper.errors import DataError, SourceErrors


def test_every_table_of_the_project_loads_with_the_columns_described(repository: Path) -> None:
    for name, described in package.tables(repository).items():
        assert list(load.table(name, repository).columns) == described.columns


def test_missing_text_is_an_empty_string_and_a_missing_number_is_missing(project: Path) -> None:
    claims, relations = load.table("literature_claims", project), load.table("relations", project)
    assert not claims.drop(columns="year").isna().any().any()
    assert (claims.loc[claims["source"] == "", "year"]).isna().all()
    assert (claims.loc[claims["source"] != "", "year"] >= 1977).all()
    assert relations["weight"].dropna().tolist() == [75.0, 25.0]
    assert str(claims["year"].dtype) == "Int64" and relations["weight"].dtype == float


def test_words_that_pandas_takes_for_missing_stay_words(project: Path) -> None:
    path = project / "data/cases.csv"
    path.write_text("case,role,region\nNA,null,nan\n", "utf8")
    assert load.table("cases", project).iloc[0].tolist() == ["NA", "null", "nan"]


def test_released_is_a_truth_value(project: Path) -> None:
    segments = load.table("segments", project)
    assert segments["released"].dtype == bool
    assert segments["released"].tolist() == [True, True, False, True]


def test_an_empty_table_has_its_columns_and_types(project: Path) -> None:
    path = project / "data/segments.csv"
    path.write_text(path.read_text("utf8").splitlines()[0] + "\n", "utf8")
    segments = load.table("segments", project)
    assert segments.empty and segments["released"].dtype == bool
    assert segments["code"].dtype == pd.Series(["a"]).dtype


def test_the_project_is_found_from_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "chapters").mkdir()
    monkeypatch.chdir(project / "chapters")
    assert len(load.table("cases")) == 2


def test_only_the_demo_profile_reads_synthetic_interviews(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "data/synthetic").mkdir()
    (project / "data/synthetic/cases.csv").write_text("case,role,region\nSynthetic 1,,\n", "utf8")
    assert not load.is_synthetic()
    assert load.table("cases", project)["case"].tolist() == ["Interview 1", "Interview 2"]
    monkeypatch.setenv("QUARTO_PROFILE", "draft,demo")
    assert load.is_synthetic()
    assert load.table("cases", project)["case"].tolist() == ["Synthetic 1"]
    assert len(load.table("questionnaire", project)) == 3
    monkeypatch.setenv("QUARTO_PROFILE", "demonstration")
    assert not load.is_synthetic()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "data/coders.csv: the table is missing"),
        (b"coder;role\nBK;author\n", "data/coders.csv:1: the cells are divided by semicolons"),
        ("coder,role\nBK,автор\n".encode("cp1251"), "data/coders.csv:2: not UTF-8: the table looks like Win"),
        (b"coder,role\nBK,a,b\n", "data/coders.csv:2: 3 cells, where the table has 2 columns"),
        (b"coder,part\nBK,author\n", "data/coders.csv:1:role: the column is missing"),
        (b'coder,role\nBK,"author\n', "data/coders.csv:2: not readable as CSV"),
        (b"", "data/coders.csv:1: the table is empty"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(project: Path, content: bytes | None, said: str) -> None:
    path = project / "data/coders.csv"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises((DataError, SourceErrors)) as caught:
        load.table("coders", project)
    assert said in str(caught.value)
    assert "→" in str(caught.value)


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("segments", "released", "yes", "is not `true` or `false`"),
        ("segments", "released", "", "is not `true` or `false`"),
        ("relations", "weight", "75%", "is not a number"),
        ("relations", "weight", "1e9", "is not a number"),
        ("literature_claims", "year", "1999.5", "is not a whole number"),
        ("literature_claims", "year", "9" * 400, "is not a whole number"),
    ],
)
def test_a_value_of_the_wrong_type_is_told_with_its_line(
    project: Path, table: str, column: str, value: str, said: str
) -> None:
    path = project / f"data/{table}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[1, column] = value
    rows.to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(DataError) as caught:
        load.table(table, project)
    assert str(caught.value).startswith(f"data/{table}.csv:3:{column}:")
    assert said in str(caught.value)


def test_the_line_counts_line_breaks_inside_cells(project: Path) -> None:
    path = project / "data/memos.csv"
    path.write_text(
        'memo,about_kind,about,coder,text,released\nm-1,project,,BK,"one\ntwo\nthree",true\nm-2,project,,BK,x,maybe\n',
        "utf8",
    )
    with pytest.raises(DataError, match=r"data/memos\.csv:5:released"):
        load.table("memos", project)


def test_an_unknown_table_is_answered_with_those_there_are(project: Path) -> None:
    with pytest.raises(DataError, match="there is no table 'codes'") as caught:
        load.table("codes", project)
    assert "codebook" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"resources": [{"name": "cases"}]}',
        '{"resources": [{"name": "cases", "path": "../cases.csv", "schema": {"fields": []}}]}',
        "[" * 100_000,
    ],
)
def test_a_broken_description_is_told_and_not_raised_as_a_traceback(project: Path, text: str) -> None:
    (project / package.FILE).write_text(text, "utf8")
    with pytest.raises(DataError, match=r"data/datapackage\.json"):
        load.table("cases", project)
