"""The EPUB: valid to the W3C's checker, and a book that reads as the other forms do."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.conftest import numbered
from tests.many_constructs import FLOW, write_book
from tests.validators import epubcheck

from paper import build
from paper.project import load
from paper.writers import epub

Book = Callable[..., Path]
NAMES = {
    "h": "http://www.w3.org/1999/xhtml",
    "m": "http://www.w3.org/1998/Math/MathML",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}
PREFACE, SECOND = "ch002.xhtml", "ch004.xhtml"
TYPE = "{http://www.idpf.org/2007/ops}type"


def made(root: Path, profile: str = "", name: str = "book.epub") -> Path:
    project, chapters = numbered(root, profile, "epub")
    epub.book_epub(project, chapters, root / name)
    return root / name


class Opened:
    """An EPUB as its reader has it: each page's tree by its file's name, the package, and the text."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
            self.infos = archive.infolist()
        self.pages = {n: etree.fromstring(c) for n, c in self.files.items() if n.endswith(".xhtml")}
        self.package = etree.fromstring(self.files["EPUB/content.opf"])

    def every(self, path: str) -> list[Any]:
        return [found for page in self.pages.values() for found in page.xpath(path, namespaces=NAMES)]

    @property
    def text(self) -> str:
        bodies = ("".join(page.find("h:body", NAMES).itertext()) for page in self.pages.values())
        return " ".join(" ".join(bodies).replace("\u00a0", " ").split())

    def metadata(self, name: str) -> list[str]:
        """Return the values of a property, or of an element of Dublin Core."""
        if name.startswith("dc:"):
            return [e.text for e in self.package.findall(f".//{name}", NAMES)]
        return [e.text for e in self.package.findall(".//o:meta", NAMES) if e.get("property") == name]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book of many constructs."""
    return made(write_book(tmp_path_factory.mktemp("epub") / "book"))


@pytest.fixture(scope="module")
def opened(whole: Path) -> Opened:
    return Opened(whole)


@pytest.mark.slow  # ten seconds of Java
def test_the_checker_of_the_w3c_finds_planted_faults_and_no_other_in_a_book_of_many_constructs(
    whole: Path, tmp_path: Path
) -> None:
    """Planted: in the short preface what a plain EPUB of pandoc's has of an author's HTML, elsewhere a dead link.

    In one run, as to start takes the checker longer than to look.
    """
    target = tmp_path / "faulty.epub"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(target, "w") as book:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith(PREFACE):
                assert b"<p>Hello.</p>" in content
                content = content.replace(b"Hello.", b"Hello.<br>")
            if info.filename.endswith(SECOND):
                assert content.count(b'href="ch') == 1
                content = content.replace(b'href="ch', b'href="no')
            book.writestr(info, content)
    said = epubcheck(target)
    assert any(PREFACE in fault and "RSC-016" in fault for fault in said), said
    assert any(SECOND in fault and "RSC-007" in fault for fault in said), said
    assert not [f for f in said if PREFACE not in f and not (SECOND in f and "RSC-007" in f)], said


def test_headings_that_are_alike_have_ids_of_their_own_and_an_address_without_host_is_no_link(
    tmp_path: Path,
) -> None:
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nbook: {title: A, author: B, chapters: [index.qmd, one.qmd, two.qmd]}\n",
        "utf8",
    )
    (tmp_path / "index.qmd").write_text("# Preface {.unnumbered}\n", "utf8")
    (tmp_path / "one.qmd").write_text("# One\n\n## Why\n\n## Why\n", "utf8")
    (tmp_path / "two.qmd").write_text(
        "# Two\n\n## Why\n\n## Why\n\n## Why\n\nBegin with <https://>.\n", "utf8"
    )
    opened = Opened(made(tmp_path))
    ids = [id_ for name, page in opened.pages.items() if "ch0" in name for id_ in page.xpath("//@id")]
    assert len(ids) == len({*ids}), ids
    assert not opened.every("//h:a[@href='https://']") and "Begin with https://." in opened.text


@pytest.mark.slow
def test_the_checker_has_nothing_against_the_paper(built_paper: Path) -> None:
    assert epubcheck(_copy(built_paper / "_site" / "local-drive.epub", built_paper.parent)) == []


def _copy(book: Path, folder: Path) -> Path:
    return Path(shutil.copy(book, folder / "checked.epub"))


@pytest.mark.slow  # it runs the whole demonstration
def test_the_checker_has_nothing_against_the_demonstration_and_its_data_are_marked(paper_copy: Path) -> None:
    book = made(paper_copy, "demo")
    assert epubcheck(book) == []
    opened = Opened(book)
    chapters = [page for name, page in opened.pages.items() if "/ch" in name]
    first = "//h:h1/following-sibling::*[1][contains(@class, 'synthetic-banner')]"
    files_of_chapters = [page for page in chapters if page.xpath("//h:section[@role]", namespaces=NAMES)]
    assert len(files_of_chapters) > 10
    assert all(page.xpath(first, namespaces=NAMES) for page in files_of_chapters)
    tables = opened.every("//h:table[ancestor::h:figure]")
    marked = opened.every("//h:figure[.//*[contains(@class, 'synthetic-mark')]]//h:table")
    assert len(tables) > 3 and marked


def test_numbers_and_references_are_those_of_the_other_forms(opened: Opened) -> None:
    for words in (
        "See Figure 1.1, Table 1.1, Equation 1.1, Chapter 2, Section 1.1 and there",
        "1.1 A part",
        "Figure 1.1: Drawn.",
        "Table 1.1: Rows",
        "(1.1)",
        "Appendix A — Extra",
        "A.1 More",
        "See Chapter 1 and Table 1.1.",
        "A Public Management for All Seasons",
    ):
        assert words in opened.text, words


def test_each_link_within_the_book_leads_to_a_place_that_is_there(opened: Opened) -> None:
    places = {(name, place) for name, page in opened.pages.items() for place in page.xpath("//@id")}
    led = 0
    for name, page in opened.pages.items():
        for url in page.xpath("//h:a/@href", namespaces=NAMES):
            if re.match(r"[a-z]+:", url):
                continue
            path, _, place = url.partition("#")
            target = str(Path(name).parent / path) if path else name
            assert (target, place) in places, (name, url)
            led += 1
    assert led > 15
    assert "The file" in opened.text and "a page that isn't" in opened.text.replace("’", "'")
    assert not opened.every("//h:a[contains(@href, 'data.csv')]")


def test_notes_are_those_of_an_e_book(opened: Opened) -> None:
    marks = [a for a in opened.every("//h:a") if a.get(TYPE) == "noteref"]
    notes = [a for a in opened.every("//h:aside") if a.get(TYPE) == "footnote"]
    assert [mark.get("href") for mark in marks] == [f"#{note.get('id')}" for note in notes]
    back = opened.every("//h:aside//h:a[@role='doc-backlink']/@href")
    assert back == [f"#{mark.get('id')}" for mark in marks]
    assert [" ".join("".join(note.itertext()).split()) for note in notes] == [
        "1 A note with words.",
        "1 Second note.",
    ]


def test_formulas_are_mathml_with_their_number_beside(opened: Opened) -> None:
    formula = opened.every("//m:math")[0]
    assert formula.get("alttext") == "x^2 < y"
    assert formula.getparent().get("id") == "eq-e"
    page = next(name for name, page in opened.pages.items() if page.xpath("//m:math", namespaces=NAMES))
    item = next(i for i in opened.package.findall(".//o:item", NAMES) if f"EPUB/{i.get('href')}" == page)
    assert item.get("properties") == "mathml"


def test_what_an_author_wrote_in_html_is_there_as_xhtml_and_no_script(opened: Opened) -> None:
    for words in (
        "Raw words in two lines",
        "Shown where HTML is one more",
        "Only in an e-book.",
        "Ctrl",
        "In the second.",
    ):
        assert words in opened.text, words
    assert "Only where scripts run" not in opened.text
    assert not opened.every("//h:script") and "alert" not in opened.text
    assert opened.every("//h:sub")[0].text == "2"
    assert not opened.every("//h:details")


def test_pictures_are_files_of_the_book_and_say_what_they_show(opened: Opened) -> None:
    (image,) = opened.every("//*[@id='fig-a']//h:img")
    assert image.get("alt") == "A flow from left to right"
    assert opened.files[f"EPUB/{image.get('src').removeprefix('../')}"].decode() == FLOW
    covers = [
        i.get("href")
        for i in opened.package.findall(".//o:item", NAMES)
        if i.get("properties") == "cover-image"
    ]
    assert [name.endswith(".png") and f"EPUB/{name}" in opened.files for name in covers] == [True]


def test_what_the_book_says_of_itself(opened: Opened) -> None:
    assert opened.metadata("dc:title") == ["A small book", "Of much"]
    assert opened.metadata("dc:creator") == ["Ann van Author"]
    assert opened.metadata("file-as") == ["van Author, Ann"]
    assert opened.metadata("dc:language") == ["en"]
    assert opened.metadata("dc:subject") == ["alpha", "beta"]
    assert opened.metadata("dc:date") == ["2026-03-04"]
    assert opened.metadata("dcterms:modified") == ["2026-03-04T00:00:00Z"]
    assert opened.metadata("schema:accessMode") == ["textual", "visual"]
    features = set(opened.metadata("schema:accessibilityFeature"))
    assert {"MathML", "tableOfContents"} <= features
    assert "alternativeText" not in features  # one picture has no words
    landmarks = {a.get(TYPE): a.text for a in opened.every("//h:nav[@id='landmarks']//h:a")}
    assert landmarks == {
        "toc": "Contents", "titlepage": "A small book", "bodymatter": "1 One", "bibliography": "References",
    }  # fmt: skip
    titles = [page.findtext(".//h:title", namespaces=NAMES) for page in opened.pages.values()]
    assert {"1 One", "2 Two", "References", "Appendix A — Extra", "Contents"} <= set(titles)


def test_the_same_sources_give_the_same_bytes_and_the_same_name(whole: Path, opened: Opened) -> None:
    again = made(whole.parent, name="again.epub")
    assert again.read_bytes() == whole.read_bytes()
    first = opened.infos[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert opened.files["mimetype"] == b"application/epub+zip"
    assert epub.identifier(load(whole.parent)) in opened.metadata("dc:identifier")


def test_a_picture_without_words_is_not_said_to_have_them(book: Book) -> None:
    opened = Opened(made(book({"flow.svg": FLOW}, one="# One\n\n![](flow.svg)\n")))
    assert "alternativeText" not in opened.metadata("schema:accessibilityFeature")
    assert opened.metadata("schema:accessModeSufficient") == ["textual,visual"]


def test_a_live_figure_is_a_still_picture_and_the_way_to_the_page(book: Book) -> None:
    cell = (
        "# One\n\n```{python}\n#| label: fig-live\n#| fig-cap: Moves.\n#| fig-alt: Bars\n"
        "import plotly.express as px\npx.bar(x=[1, 2], y=[2, 3])\n```\n"
    )
    root = book(one=cell)
    text = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(
        text.replace("book:\n", "book:\n  site-url: https://example.org/book\n"), "utf8"
    )
    opened = Opened(made(root))
    assert [image.get("alt") for image in opened.every("//h:figure//h:img")] == ["Bars"]
    assert "alternativeText" in opened.metadata("schema:accessibilityFeature")
    (link,) = opened.every("//h:figure//h:a")
    assert link.get("href") == "https://example.org/book/one.html#fig-live"
    assert "see the web page" in link.text


def test_it_is_made_and_offered_where_the_settings_ask_for_it(book: Book) -> None:
    root = book(one="# One\n\nText.\n", settings="  epub: default\n")
    made_ones = build.build(root, targets=None).outputs
    assert made_ones["e-book"].name == "A-small-book.epub"
    front = (root / "_site" / "index.html").read_text("utf8")
    assert 'href="A-small-book.epub"' in front
    assert 'type="application/epub+zip"' in front
    build.build(root, targets={"html"})
    (root / "one.qmd").write_text("# One\n\nOther text.\n", "utf8")
    build.build(root, targets={"html"})
    assert "A-small-book.epub" not in (root / "_site" / "index.html").read_text("utf8")


def test_a_book_that_does_not_ask_for_it_has_none_but_by_name(book: Book) -> None:
    root = book(one="# One\n\nText.\n")
    assert "e-book" not in build.build(root).outputs
    assert "e-book" in build.build(root, targets={"epub"}).outputs
