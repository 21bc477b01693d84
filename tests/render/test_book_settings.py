"""Settings are read as Quarto reads them: YAML, profiles, folders' metadata, environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from typer.testing import CliRunner

from paper import build
from paper.checks.settings_check import check_settings
from paper.cli.build import app
from paper.errors import ProjectError
from paper.project import find_root, load
from paper.settings import parse_yaml
from paper.text.reading import read

Book = Callable[..., Path]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("2024-01-02", "2024-01-02"),
        ("1.10", 1.1),
        ("!expr x", "x"),
        ("010", 10),
        ("0o17", 15),
        ("12:30:45", "12:30:45"),
        ("1e3", 1000.0),
        ("=", "="),
        ("\tparted by a\ttab\t# and a comment", "parted by a\ttab"),
        ("[1,\t2]", [1, 2]),
        ("{b:\t1}", {"b": 1}),
        ("'x'\t", "x"),
    ],
)
def test_yaml_has_the_types_that_quarto_gives_it(written: str, value: Any) -> None:
    assert parse_yaml(f"a: {written}\n", "x.yml") == {"a": value}


def test_a_tab_that_would_indent_is_refused_with_its_line() -> None:
    with pytest.raises(ProjectError) as refused:
        parse_yaml("a:\n\tb: 1\n", "x.yml")
    assert str(refused.value.place) == "x.yml:2:1"


@pytest.mark.parametrize(
    ("written", "lang", "shown"),
    [
        ("date: 6/4/2021", "en", "4 June 2021"),
        ("date: June 4, 2021", "de", "4. Juni 2021"),
        ("date: 2021-06-04T10:00:00Z", "fr", "4 juin 2021"),
        ("date: {value: 2021-06-04, format: long}", "en", "June 4, 2021"),
        ("date: 2021-06-04\n  date-format: dddd [the] Do, YYYY", "en", "Friday the 4th, 2021"),
        ("date: Spring 2021", "en", "Spring 2021"),
        ("date: last-modified", "en", "2 February 2020"),
    ],
)
def test_a_date_is_read_in_every_form_and_shown_in_the_books_language(
    book: Book, monkeypatch: pytest.MonkeyPatch, written: str, lang: str, shown: str
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    root = book(one="# One\n", settings=f"lang: {lang}\n")
    settings = (root / "_quarto.yml").read_text().replace("  author:", f"  {written}\n  author:")
    (root / "_quarto.yml").write_text(settings)
    for path in root.glob("*.qmd"):
        os.utime(path, (1580601600, 1580601600))
    assert load(root).date_text == shown


def test_a_folders_metadata_lie_under_its_chapters_front_matter(book: Book) -> None:
    files = {"part/_metadata.yml": "execute:\n  echo: true\n  warning: false\nmine: folder\n"}
    root = book(files, one="# One\n")
    (root / "part/two.qmd").write_text("---\nmine: chapter\nexecute:\n  echo: false\n---\n\n# Two\n")
    source = read(load(root), PurePosixPath("part/two.qmd"))
    assert source.meta == {"mine": "chapter", "execute": {"echo": False, "warning": False}}
    assert PurePosixPath("part/_metadata.yml") in source.files
    assert read(load(root), PurePosixPath("one.qmd")).meta == {}


def test_a_default_profile_is_in_force_until_another_is_asked_for(book: Book) -> None:
    files = {"_quarto-a.yml": "mine: a\n", "_quarto-b.yml": "mine: b\n"}
    root = book(files, one="# One\n", settings="profile:\n  default: a\n")
    assert (load(root).profile, load(root).config["mine"]) == ("a", "a")
    assert (load(root, "b").profile, load(root, "b").config["mine"]) == ("b", "b")


def test_of_each_group_of_profiles_one_is_in_force(book: Book) -> None:
    root = book({"_quarto-b.yml": "mine: b\n"}, one="# One\n", settings="profile:\n  group: [[a, b], [c]]\n")
    assert load(root).profile == "a,c"
    assert load(root, "b").profile == "b,c"


def test_metadata_files_lie_under_the_settings(book: Book) -> None:
    root = book(
        {"more.yml": "a: 1\nlang: de\n"}, one="# One\n", settings="metadata-files: [more.yml]\nlang: kk\n"
    )
    assert load(root).config["a"] == 1 and load(root).lang == "kk"


def test_a_metadata_file_outside_the_project_is_refused(book: Book) -> None:
    root = book(one="# One\n", settings="metadata-files: [../more.yml]\n")
    (root.parent / "more.yml").write_text("a: 1\n")
    with pytest.raises(ProjectError, match=r"\.\./more\.yml is outside the project"):
        load(root)


def test_the_environment_file_is_read_as_dotenv_reads_it(book: Book) -> None:
    text = "A=1 # one\nexport B='two # 2'\nC=\"three\"\n# D=4\n"
    assert load(book({"_environment": text}, one="# One\n")).environment == {
        "A": "1",
        "B": "two # 2",
        "C": "three",
    }


def test_cells_see_the_environment_file(page: Callable[..., Any]) -> None:
    files = {"_environment": "STATED=told\n", "_environment.local": "LOCAL=here\n"}
    text = "# One\n\n```{python}\nimport os\nprint(os.environ['STATED'], os.environ['LOCAL'])\n```\n"
    assert page(files, one=text).text == "1 One told here"


def test_settings_may_end_in_yaml_as_quarto_reads_them(tmp_path: Path) -> None:
    for name, text in {
        "_quarto.yaml": "project: {type: book}\nbook:\n  title: A\n  chapters: [index.qmd, no.qmd]\n  titel: B\n",
        "_quarto-draft.yaml": "book:\n  subtitle: B\n",
        "_variables.yaml": "word: C\n",
        "index.qmd": "# One\n\n{{< var word >}}\n",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "sub").mkdir()
    with pytest.raises(ProjectError, match=r"^_quarto\.yaml:4: the chapter no\.qmd"):
        load(find_root(tmp_path / "sub"), "draft")
    (tmp_path / "no.qmd").write_text("# Two\n")
    project = load(find_root(tmp_path / "sub"), "draft")
    assert (project.title, project.subtitle, project.variables) == ("A", "B", {"word": "C"})
    assert ("_quarto.yaml", "setting") in {(f.file, f.rule) for f in check_settings(project, [])}
    site = build.build(tmp_path, targets={"html"}).out
    assert "C" in (site / "index.html").read_text("utf8")
    assert build.build(tmp_path, targets={"html"}).unchanged


@pytest.mark.parametrize(
    ("files", "said", "remedy"),
    [
        (
            {"_quarto.yml": "project:\n  type: website\n"},
            "_quarto.yml:2: the project is of type 'website'",
            "type: book",
        ),
        ({"_quarto.yml": "title: A paper\n", "a.qmd": "# A\n"}, "of type 'default'", "quarto render"),
        ({"a.qmd": "# A\n"}, "a.qmd stands alone", "name a.qmd index.qmd and write a _quarto.yml"),
        ({"index.qmd": "# A\n"}, "index.qmd stands alone", "chapters: [index.qmd]"),
        ({"a.ipynb": "{}"}, "a.ipynb stands alone", "name a.ipynb index.ipynb and write"),
        ({}, "no book was found", "call the command in the project's folder"),
    ],
)
def test_what_is_no_book_says_in_a_line_what_to_do(
    tmp_path: Path, files: dict[str, str], said: str, remedy: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ProjectError) as refused:
        find_root(tmp_path)
    assert said in str(refused.value)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    ("name", "said", "remedy"),
    [
        ("book/one.qmd", "one.qmd is a chapter, and a book is built whole", "call `paper build`"),
        ("book/notes.qmd", "notes.qmd is in no list of chapters", "list it under book: chapters:"),
        ("b.qmd", "b.qmd: b.qmd stands alone", "name b.qmd index.qmd and write a _quarto.yml"),
        ("away.qmd", "away.qmd does not exist", "`paper build` alone"),
    ],
)
def test_a_build_of_one_document_says_in_a_line_what_to_do(
    book: Book, tmp_path: Path, name: str, said: str, remedy: str
) -> None:
    book({"notes.qmd": "# N\n"}, one="# One\n")
    (tmp_path / "a.qmd").write_text("# A\n")
    (tmp_path / "b.qmd").write_text("# B\n")
    refused = CliRunner().invoke(app, [str(tmp_path / name)]).exception
    assert isinstance(refused, ProjectError)
    assert said in str(refused)
    assert remedy in refused.remedy


def test_each_reader_of_the_same_settings_has_values_of_its_own() -> None:
    first, second = (parse_yaml("book: {chapters: [index.qmd]}", "_quarto.yml") for _ in range(2))
    first["book"]["chapters"].append("one.qmd")
    assert second == {"book": {"chapters": ["index.qmd"]}}
