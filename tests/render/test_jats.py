"""The article as JATS XML: parts in their place, everything that is referred to is there."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from paper import project as projects
from paper.render import jats
from paper.render.book import numbered_with_images, read_book
from paper.render.cache import Cache
from paper.render.execute import Executor

HERE = Path(__file__).parent.parent / "conformance"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf8"))
Book = Callable[..., Path]
LINK = "{http://www.w3.org/1999/xlink}href"


def made(root: Path, name: str = "book.zip") -> Path:
    project = projects.load(root)
    work = root / ".paper"
    cache = Cache(work / "cache")
    with Executor(project, cache) as executor:
        chapters = read_book(project, work, cache, executor)
    jats.book_jats(project, numbered_with_images(project, chapters, "docx", cache), root / name, work)
    return root / name


def article(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".xml"))
        return etree.fromstring(archive.read(name))


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("jats") / "book"
    shutil.copytree(HERE / "book", root)
    return made(root)


def test_every_reference_leads_to_something_in_the_article(conformance: Path) -> None:
    root = article(conformance)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = root.xpath("//xref/@rid")
    assert len(targets) > 15
    assert set(targets) <= set(ids)


def test_captions_carry_their_numbers_as_labels(conformance: Path) -> None:
    root = article(conformance)
    captions = {k: v for page in EXPECTED.values() for k, v in page["captions"].items()}
    for name, expected in captions.items():
        element = root.find(f".//*[@id='{name}']")
        assert element.tag in ("fig", "fig-group", "table-wrap")
        label, caption = words(element.find("label")), words(element.find("caption"))
        assert f"{label}{' ' if label.startswith('(') else ': '}{caption}" == expected


def test_parts_of_a_figure_stand_in_a_group(conformance: Path) -> None:
    group = article(conformance).find(".//fig-group[@id='fig-panel']")
    assert [part.get("id") for part in group.findall("fig")] == ["fig-left", "fig-right"]


def test_figures_are_in_the_archive_with_their_alternative_texts(conformance: Path) -> None:
    root = article(conformance)
    graphics = root.findall(".//graphic")
    with zipfile.ZipFile(conformance) as archive:
        names = set(archive.namelist())
        assert {g.get(LINK) for g in graphics} <= names
        assert archive.read(graphics[0].get(LINK)).startswith(b"\x89PNG")
    assert "Bar chart with two bars" in [
        words(g.find("alt-text")) for g in graphics if g.find("alt-text") is not None
    ]


def test_sections_have_labels_and_appendices_stand_behind_the_article(conformance: Path) -> None:
    root = article(conformance)
    chapters = [
        words(sec.find("label")) + " " + words(sec.find("title")) for sec in root.findall("body/sec[label]")
    ]
    assert chapters == ["1 First chapter", "2 Second chapter"]
    app = root.find("back/app-group/app")
    assert (words(app.find("label")), words(app.find("title"))) == ("Appendix A", "Instrument")
    first = root.find("body/sec[@id='sec-first']")
    assert [words(s.find("label")) for s in first.findall("sec")] == ["1.1", "1.2"]


def test_works_cited_are_the_list_of_references(conformance: Path) -> None:
    listed = [words(ref) for ref in article(conformance).findall(".//ref-list/ref")]
    expected = {work for page in EXPECTED.values() for work in page["bibliography"]}
    assert {text.replace(" ", "") for text in listed} == {text.replace(" ", "") for text in expected}


def test_tables_are_tables_once_wrapped(conformance: Path) -> None:
    root = article(conformance)
    assert root.xpath("//table-wrap//table-wrap") == []
    found = [[[words(cell) for cell in row] for row in table.iter("tr")] for table in root.iter("table")]
    assert found == [
        t for page in ("first", "instrument") for t in EXPECTED[f"chapters/{page}.html"]["tables"]
    ]


def test_the_article_says_who_wrote_it_when_and_under_which_licence(book: Book) -> None:
    root = book({"_variables.yml": "status: Draft\nlicence:\n  text: Some rights\n  url: https://example.org/l\n"},
                index="# Abstract {.unnumbered}\n\nIn short.\n\n## More {.unnumbered}\n\nLonger.\n",
                settings="keywords: [services]\n")  # fmt: skip
    settings = (root / "_quarto.yml").read_text("utf8")
    author = "  author:\n    - name: A. Writer\n      email: a@example.org\n      affiliations: [{name: U}]\n"
    author += "  date: 2026-11-23\n"
    (root / "_quarto.yml").write_text(settings.replace("  author: Test Author\n", author), "utf8")
    meta = article(made(root)).find("front/article-meta")
    said = {
        tag: words(meta.find(f".//{tag}"))
        for tag in ("article-title", "surname", "email", "institution", "year")
    }
    assert list(said.values()) == ["A small book", "Writer", "a@example.org", "U", "2026"]
    assert words(meta.find("abstract")) == "In short."
    assert (words(meta.find(".//kwd")), words(meta.find(".//license-p"))) == ("services", "Some rights")
    assert "Longer." in words(article(root / "book.zip").find("body"))


def test_the_same_sources_give_the_same_bytes(book: Book) -> None:
    drawing = (HERE / "book/chapters/flow.svg").read_text("utf8")
    root = book({"flow.svg": drawing}, first="# One\n\n![A](flow.svg){#fig-a}\n")
    assert made(root).read_bytes() == made(root, "again.zip").read_bytes()
