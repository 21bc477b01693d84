"""What could harm an interviewee stops the build, and the message doesn't repeat it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper import build
from paper.errors import CellError, DataError, PaperError


def test_a_name_from_the_private_list_stops_the_build_and_is_not_repeated(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    site = build.build(root, targets={"html"}).out
    before = (site / "one.html").read_bytes()
    private = root / "data" / "private"
    private.mkdir(parents=True)
    (private / "names.txt").write_text("Aigerim Testova\n")
    (root / "one.qmd").write_text("# One\n\nAs Aigerim Testova said, it works.\n")
    with pytest.raises(DataError, match="must not be published") as caught:
        build.build(root, targets={"html"})
    assert "Testova" not in str(caught.value)
    assert "one.html" in str(caught.value)
    assert (site / "one.html").read_bytes() == before


PHONE = "# One\n\n```{python}\nprint('+7 7' + '01 123 45 67')\n```\n\nWrite to somebody" + "@somewhere.kz.\n"
DESCRIBED = """{"name": "n", "resources": [{"name": "cases", "title": "t", "description": "d", "path": "cases.csv",
  "schema": {"fields": [{"name": "id", "type": "string", "description": "d"}], "primaryKey": "id"}}]}"""


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({"data/private/README.md": ""}, ""),
        ({"data/datapackage.json": DESCRIBED, "data/cases.csv": "id\n"}, ""),
        ({}, "paper:\n  privacy:\n    allow: {}\n"),
    ],
)
def test_where_there_are_interviews_a_number_that_only_a_cell_prints_stops_the_build(
    book: Callable[..., Path], files: dict[str, str], settings: str
) -> None:
    root = book(files, one=PHONE, settings=settings)
    with pytest.raises(DataError, match=r"one\.html") as told:
        build.build(root, targets={"html"})
    assert "paper: privacy: allow:" in told.value.remedy


def test_a_description_that_cannot_be_read_stops_the_build_before_anything_is_run(
    book: Callable[..., Path],
) -> None:
    root = book({"data/datapackage.json": "{"}, one=PHONE)
    with pytest.raises(PaperError, match=r"data/datapackage\.json:1: .* is not valid JSON"):
        build.build(root, targets={"html"})
    assert not (root / "_site").exists()


def test_a_book_without_interviews_may_print_an_address_and_a_number(book: Callable[..., Path]) -> None:
    root = book(one=PHONE)
    assert "somewhere.kz" in (build.build(root, targets={"html"}).out / "one.html").read_text("utf8")


@pytest.mark.parametrize(
    "code",
    [
        "print(len(open('data/private/voices.txt').read()))",
        "import pandas as pd\npd.read_csv('shown/voices.txt')",
        "import os\nprint(len(os.listdir('data/private')))",
        "import os\nos.read(os.open('data/../data/private/voices.txt', os.O_RDONLY), 9)",
    ],
)
def test_a_cell_reads_no_private_data_not_even_to_count_them(book: Callable[..., Path], code: str) -> None:
    root = book({"data/private/voices.txt": "a,b\n1,2\n"}, one=f"# One\n\n```{{python}}\n{code}\n```\n")
    (root / "shown").symlink_to(root / "data/private")
    with pytest.raises(CellError, match="may not read data/private"):
        build.build(root, targets={"html"})


def test_a_cell_whose_folder_is_gone_goes_on(book: Callable[..., Path]) -> None:
    code = "import os, tempfile\nhere = tempfile.mkdtemp()\nos.chdir(here)\nos.rmdir(here)\nopen('/dev/null').read()"
    root = book(one=f"# One\n\n```{{python}}\n{code}\n```\n")
    build.build(root, targets={"html"})


def private(root: Path, **files: str) -> None:
    folder = root / "data" / "private"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, "utf8")


def test_a_name_in_a_chapter_is_told_before_anything_runs(book: Callable[..., Path]) -> None:
    cell = "```{python}\nopen('ran', 'w').write('x')\n```\n"
    root = book(one=f"# One\n\n{cell}\nAs Tulparbekov said.\n")
    private(root, names="Тулпарбеков\n")
    with pytest.raises(DataError, match=r"one\.qmd:7 \(one\.html\)"):
        build.build(root, targets={"html"})
    assert not (root / "ran").exists()


@pytest.mark.parametrize("name", ["_variables.yml", "_variables.yaml"])
def test_a_name_in_a_file_of_settings_is_told_before_anything_runs(
    book: Callable[..., Path], name: str
) -> None:
    root = book({name: "who: Tulparbekov\n"}, one="# One\n\n```{python}\nopen('ran', 'w').write('x')\n```\n")
    private(root, names="Тулпарбеков\n")
    with pytest.raises(DataError, match=rf"{name}:1"):
        build.build(root, targets={"html"})
    assert not (root / "ran").exists()


def test_a_name_that_is_new_to_the_list_stops_a_build_with_nothing_to_do(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nAs Tulparbekov said.\n")
    private(root, names="Seitova\n")
    build.build(root, targets={"html"})
    private(root, names="Seitova\nTulparbekov\n")
    with pytest.raises(DataError, match="must not be published"):
        build.build(root, targets={"html"})


def test_a_refused_build_leaves_assets_as_they_were(book: Callable[..., Path]) -> None:
    cell = "open('assets/data/x.csv', 'w').write('new'); open('assets/data/y.csv', 'w').write('new')"
    printed = "print('Tulpar' + 'bekov')"
    root = book({"assets/data/x.csv": "old"}, one=f"# One\n\n```{{python}}\n{cell}\n{printed}\n```\n")
    private(root, names="Tulparbekov\n")
    with pytest.raises(DataError, match="must not be published"):
        build.build(root, targets={"html"})
    assert (root / "assets/data/x.csv").read_text() == "old"
    assert not (root / "assets/data/y.csv").exists()


def test_a_manuscript_takes_a_last_look(book: Callable[..., Path]) -> None:
    from paper import project
    from paper.documents.manuscript.make import make

    thanks = "```{python}\nwhom = 'Tulpar' + 'bekov'\n```\n\nWe thank `{python} whom`.\n"
    root = book(one=f"# One\n\n{thanks}")
    private(root, names="Tulparbekov\n")
    with pytest.raises(DataError, match=r"manuscript\.docx"):
        make(project.load(root), root / "_manuscript", anonymous=False)
    assert not (root / "_manuscript").exists()


def test_an_authors_comment_and_a_cell_within_one_are_in_no_output(book: Callable[..., Path]) -> None:
    text = "# One\n\nShown. <!-- ask the head of Domalaq -->\n\n<!--\n```{python}\nprint('Domalaq' + 'ov')\n```\n-->\n"
    cell = "\n```{python}\nfrom IPython.display import HTML\nHTML('<b>Bold</b><!-- of Domalaq -->')\n```\n"
    site = build.build(book(one=text + cell), targets={"html", "onefile", "docx"}).out
    page = (site / "one.html").read_text("utf8")
    assert "Shown." in page
    assert "Bold" in page
    written = [path for path in site.rglob("*") if path.suffix in (".html", ".json", ".xml")]
    assert not [path.name for path in written if "Domalaq" in path.read_text("utf8")]
