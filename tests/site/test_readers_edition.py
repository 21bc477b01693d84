"""The readers' edition in every form: nothing in it is said to the author, and nothing contradicts the data."""

from __future__ import annotations

import csv
import gzip
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdfium2 import PdfDocument

from paper import project as projects
from paper.checks import prose_check
from paper.parsing import query_list
from paper.project import Project
from paper.writers import cite

TELLING = 24  # letters of a query that nothing else says by chance


@pytest.fixture(
    scope="module", params=["built_paper", pytest.param("with_manuscript", marks=pytest.mark.slow)]
)
def outputs(request: pytest.FixtureRequest) -> Path:
    """The output folder of the book, which may stand beside a folder ``manuscript``."""
    return Path(request.getfixturevalue(request.param)) / "_site"


@pytest.fixture(scope="module")
def book(outputs: Path) -> Project:
    return projects.load(outputs.parent)


@pytest.fixture(scope="module")
def texts(outputs: Path) -> dict[str, str]:
    """What each output says, by its path: letters and single spaces."""
    found = {}
    for path in sorted([*outputs.rglob("*"), *(outputs.parent / "manuscript").rglob("*")]):
        name = path.relative_to(outputs.parent).as_posix()
        if path.is_file() and not name.startswith("_site/drafts/") and (said := "\n".join(_said(path))):
            found[name] = " ".join(said.split())
    return found


def _said(path: Path) -> Iterator[str]:
    match path.suffix:
        case ".html":
            page = BeautifulSoup(path.read_text("utf8"), "lxml")
            for tag in page(["script", "style"]):
                tag.decompose()
            yield page.get_text(" ")
            yield from (str(tag["alt"]) for tag in page.select("img[alt]"))
        case ".pdf":
            yield from (page.get_textpage().get_text_bounded() for page in PdfDocument(path))
        case ".docx" | ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".xml"):
                        xml = archive.read(name).decode("utf8")
                        yield re.sub(r"<[^>]+>", "", re.sub(r"</(?:w:p|p|td|title)>", " ", xml))
        case ".pf_fragment":  # Pagefind's search index
            yield gzip.decompress(path.read_bytes()).decode("utf8", "replace")
        case ".csv" | ".json" | ".bib" | ".ris" | ".txt" | ".xml" | ".svg":
            yield path.read_text("utf8")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).lower()


def test_every_kind_of_output_is_read(texts: dict[str, str], outputs: Path) -> None:
    assert {Path(name).suffix for name in texts} >= {".html", ".pdf", ".docx", ".zip", ".csv", ".pf_fragment"}
    assert {
        "_site/local-drive.pdf",
        "_site/brief.pdf",
        "_site/local-drive.html",
    } <= {*texts}
    assert ("manuscript/manuscript.docx" in texts) == (outputs.parent / "manuscript").is_dir()
    long = (
        "_site/local-drive.pdf",
        "_site/local-drive.docx",
        "_site/local-drive.html",
        "_site/local-drive-jats.zip",
    )
    for name in long:
        assert "institutional mimicry" in texts[name], name


def test_no_query_is_in_what_readers_get(texts: dict[str, str], book: Project) -> None:
    asked = [query for query in query_list.list_queries(book) if len(_letters(query.words)) >= TELLING]
    assert len(asked) > 100
    said = {name: _letters(text) for name, text in texts.items()}
    kept = [
        (name, query.words) for query in asked for name, text in said.items() if _letters(query.words) in text
    ]
    assert kept == []


def test_nothing_published_has_a_column_of_doubts(outputs: Path) -> None:
    tables = [*outputs.rglob("*.csv")]
    assert len(tables) > 10
    heads = {path.name: next(csv.reader(path.open(encoding="utf-8-sig"))) for path in tables}
    assert [name for name, head in heads.items() if any("doubt" in column.lower() for column in head)] == []


def test_the_paper_never_speaks_of_itself_as_somebody_elses_draft(
    texts: dict[str, str], book: Project
) -> None:
    """The words that ``prose: refuse`` of _quarto.yml names, as far as they would be unmistakable anywhere."""
    refused = [words for words in book.config["prose"]["refuse"] if "draft" in words] + [
        "for the author to confirm"
    ]
    assert len(refused) >= 3
    status = cite.status(book).lower()
    for name, text in texts.items():
        low = text.lower().replace(status, "")
        for words in refused:
            assert not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", low), f"{name}: {words}"


def test_no_text_speaks_of_interviews_that_the_tables_lack(texts: dict[str, str], outputs: Path) -> None:
    rows = (outputs.parent / "data" / f"{prose_check.INTERVIEWS}.csv").read_text("utf8").splitlines()
    assert len(rows) == 1, "an interview is coded: hold the text to the opposite"
    for name, text in texts.items():
        assert not prose_check.SOME_CODED.search(text), name
    assert prose_check.NONE_CODED.search(texts["_site/local-drive.pdf"])
    assert prose_check.NONE_CODED.search(texts["_site/brief.pdf"])


def test_with_coded_interviews_no_text_says_that_there_are_none(book: Project) -> None:
    """Every such sentence is a condition on the data, in chapters and brief; the checklists have none."""
    assert [
        fault.message for fault in prose_check.check_prose(book) if fault.rule == "contradicts-data"
    ] == []
    for path in (book.root / "data" / "reporting").glob("*.yml"):
        assert not prose_check.NONE_CODED.search(path.read_text("utf8")), path.name


def test_a_source_is_named_as_the_list_of_works_has_it(texts: dict[str, str], book: Project) -> None:
    """What the earlier manuscript misprinted stands in no output, on cards of phones and for screen readers either."""
    names = {
        row["source_as_cited"]
        for row in csv.DictReader((book.root / "data/literature_claims.csv").open(encoding="utf-8-sig"))
    }
    misprints = {word for name in names for word in re.findall(r"\w+", name)} & {"Osbourne"}
    assert misprints
    assert [(name, word) for name, text in texts.items() for word in misprints if word in text] == []


# -- one recommended citation -----------------------------------------------------------------------------------


def test_one_citation_is_recommended_everywhere(texts: dict[str, str], book: Project) -> None:
    wanted = _letters(cite.apa(book))
    whole = ("index.html", "local-drive.pdf", "local-drive.docx", "local-drive.html", "local-drive-jats.zip")
    for name in (*(f"_site/{name}" for name in whole), "_site/brief.pdf"):
        assert wanted in _letters(texts[name]), name


def test_citation_cff_names_the_same_paper(book: Project) -> None:
    given = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text("utf8"))
    preferred, author = given["preferred-citation"], book.authors[0]
    assert book.date
    assert preferred["title"] == given["title"] == book.title
    for one in (given["authors"], preferred["authors"]):
        assert [(person["family-names"], person["given-names"]) for person in one] == [
            cite.family_and_given(author) for author in book.authors
        ]
        assert one[0]["affiliation"] == f"{author.department}, {author.affiliation}"
    assert (preferred["year"], preferred["month"]) == (book.date.year, book.date.month)
    assert given["date-released"] == book.date
    assert str(given["version"]) == str(preferred["version"]) == book.version
    assert preferred["notes"] == cite.status(book)


def test_the_archive_for_journals_says_the_same_in_its_own_fields(outputs: Path, book: Project) -> None:
    with zipfile.ZipFile(outputs / f"{book.output_file}-jats.zip") as archive:
        xml = next(archive.read(name).decode("utf8") for name in archive.namelist() if name.endswith(".xml"))
    front = BeautifulSoup(xml, "xml").find("article-meta")
    assert " ".join(front.find("article-title").get_text().split()) == book.title
    assert front.find("surname").get_text() == cite.family_and_given(book.authors[0])[0]
    assert book.date
    assert front.find("pub-date").find("year").get_text() == str(book.date.year)
