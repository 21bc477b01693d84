"""The book as a Word file: what a person and Word find in it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from tests.conftest import numbered

from paper.errors import ToolError
from paper.images.raster import as_png
from paper.writers import docx as writer
from paper.writers import office, wordtables

HERE = Path(__file__).parent.parent / "conformance"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf8"))
Book = Callable[..., Path]


def made(root: Path, profile: str = "", name: str = "book.docx") -> Path:
    """The DOCX of a book, without the rest of a build."""
    project, chapters = numbered(root, profile, "docx")
    out = root / name
    writer.book_docx(project, chapters, out)
    return out


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    root = tmp_path_factory.mktemp("docx") / "book"
    shutil.copytree(HERE / "book", root)
    return made(root)


def paragraphs(path: Path) -> list[tuple[str, str]]:
    """Style and text of each paragraph outside tables."""
    return [
        (p.style.name if p.style else "", p.text.replace("\u00a0", " "))
        for p in docx.Document(str(path)).paragraphs
    ]


def styled(path: Path, style: str) -> list[str]:
    return [text for name, text in paragraphs(path) if name == style]


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf8")


def test_captions_are_captions_with_the_numbers_of_the_pages(conformance: Path) -> None:
    expected = {k: v for page in EXPECTED.values() for k, v in page["captions"].items()}
    file = docx.Document(str(conformance))
    cells = [cell for table in file.tables for row in table.rows for cell in row.cells]
    shown = [
        *file.paragraphs,
        *(one for cell in cells for one in cell.paragraphs),
    ]  # parts stand side by side
    captions = (one for one in shown if one.style and one.style.name in ("Image Caption", "Table Caption"))
    said = [one.text.replace("\u00a0", " ") for one in captions]
    assert sorted(said) == sorted(expected.values())
    assert styled(conformance, "Table Caption") == [
        expected[k] for k in ("tbl-first", "tbl-second", "tbl-blocks")
    ]


def test_headings_are_headings_with_the_numbers_of_the_pages(conformance: Path) -> None:
    sections = [s for page in EXPECTED.values() for s in page["sections"] if s["text"][-4:] != "book"]
    for level in (1, 2, 3):
        expected = sorted(s["text"] for s in sections if s["level"] == level)
        assert sorted(styled(conformance, f"Heading {level}")) == expected


def test_references_and_citations_lead_to_their_bookmarks(conformance: Path) -> None:
    whole = " ".join(text for _, text in paragraphs(conformance))
    references = [link["text"] for page in EXPECTED.values() for link in page["xrefs"]]
    assert [text for text in references if text not in whole] == []
    assert "(Hood 1991, 4–5; see also Meyer and Rowan 1977)" in whole
    document = part(conformance, "word/document.xml")
    anchors = set(re.findall(r'<w:hyperlink [^>]*w:anchor="([^"]+)"', document))
    assert {"ref-hood1991", "fig-bars"} <= anchors
    assert anchors <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', document))


def test_the_list_of_references_has_its_style(conformance: Path) -> None:
    works = {work for page in EXPECTED.values() for work in page["bibliography"]}
    assert set(styled(conformance, "Bibliography")) == works


def test_footnotes_are_words_own(conformance: Path) -> None:
    words = re.sub(r"<[^>]+>", "", part(conformance, "word/footnotes.xml"))
    assert "It cites (Womack and Jones 1996)." in words


def test_tables_are_tables_with_a_header_row_that_repeats(conformance: Path) -> None:
    every = docx.Document(str(conformance)).tables
    tables = [
        one for one in every if not one._tbl.xpath("./w:tblPr/w:tblBorders")
    ]  # others put parts side by side
    said = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    pages = ("chapters/first.html", "chapters/instrument.html")
    assert said == [table for page in pages for table in EXPECTED[page]["tables"]]
    assert part(conformance, "word/document.xml").count("<w:tblHeader") == len(tables)
    assert all(
        cell.paragraphs[0].style.name == ("Table Text" if n else "Table Heading")
        for t in tables
        for n, r in enumerate(t.rows)
        for cell in r.cells
    )


def test_callouts_have_their_styles(conformance: Path) -> None:
    assert styled(conformance, "Callout Title") == ["Draft", "Careful"]
    assert styled(conformance, "Callout") == ["A note with a title.", "A warning."]


def test_drawings_are_png_at_300_dpi_with_their_alternative_text(conformance: Path) -> None:
    with zipfile.ZipFile(conformance) as archive:
        images = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert images
    assert all(image.startswith(b"\x89PNG") for image in images)
    document = part(conformance, "word/document.xml")
    assert 'descr="Bar chart with two bars"' in document
    assert 'cx="1143000"' in document  # 120 px = 1.25 inches = 375 dots
    widths = [int.from_bytes(image[16:20], "big") for image in images]
    assert 375 in widths


def test_an_equation_keeps_its_number(conformance: Path) -> None:
    assert "(2.1)" in part(conformance, "word/document.xml")


def test_properties_say_what_it_is_and_nothing_of_the_machine(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    drawing = (HERE / "book/chapters/flow.svg").read_text("utf8")
    root = book(
        {"_variables.yml": "status: Not for citation\n", "flow.svg": drawing},
        settings="keywords: [services]\n",
        first="# One\n\n![A](flow.svg){#fig-a}\n",
    )
    path = made(root)
    core = docx.Document(str(path)).core_properties
    assert (core.title, core.author, core.keywords) == ("A small book", "Test Author", "services")
    assert core.created is not None
    assert core.created.isoformat().startswith("2020-09-13T12:26:40")
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if str(root).encode() in archive.read(name)]


def test_a_long_description_is_shortened_where_word_has_no_room_for_it(book: Book) -> None:
    root = book(one="# One\n")
    path = root / "_quarto.yml"
    told = "words of a description " * 20
    path.write_text(path.read_text("utf8").replace("book:\n", f"book:\n  description: {told}\n"), "utf8")
    subject = docx.Document(str(made(root))).core_properties.subject
    assert subject.startswith("words of a description words")
    assert (subject[-1], len(subject) <= 255) == ("…", True)


def test_status_is_over_every_page_and_the_synthetic_mark_where_it_is_due(book: Book) -> None:
    root = book({"_variables.yml": "status: Not for citation\n", "_quarto-demo.yml": "lang: en\n"})
    plain = docx.Document(str(made(root))).sections[0].header.paragraphs[0].text
    marked = docx.Document(str(made(root, "demo", "demo.docx"))).sections[0].header.paragraphs[0].text
    assert (plain, marked) == ("Not for citation", "Not for citation · Synthetic data")


def test_the_same_sources_give_the_same_bytes(book: Book) -> None:
    root = book(
        {"flow.svg": (HERE / "book/chapters/flow.svg").read_text()}, first="# One\n\n![A](flow.svg){#fig-a}\n"
    )
    assert made(root).read_bytes() == made(root, name="again.docx").read_bytes()


def test_a_drawing_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.svg").write_text("<svg", "utf8")
    with pytest.raises(ToolError, match=r"broken\.svg"):
        as_png(tmp_path / "broken.svg", tmp_path)


def test_a_date_before_zip_archives_is_told_as_their_first() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("b", "2")
        archive.writestr("[Content_Types].xml", "1")
    with zipfile.ZipFile(io.BytesIO(office.make_repeatable(stream.getvalue(), 0))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "b"]
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


# -- what a word processor makes of it ------------------------------------------------------------------------


def tabled(book: Book) -> Path:
    from paper.publishing.markdown import AnnotatedCell, pipe_table

    table = pipe_table([[AnnotatedCell("A value", "with a doubt"), 1]], ["On", "N"], [3, 1])
    return made(
        book(first=f"# First\n\n::: {{#tbl-a}}\n{table}\n\nA note beneath.\n\nCaption\n:::\n\nText after.\n")
    )


def test_heads_of_tables_and_notes_beneath_have_styles_of_their_own(book: Book) -> None:
    out = tabled(book)
    document = docx.Document(str(out))
    rows = [[cell.paragraphs[0].style.name for cell in row.cells] for row in document.tables[0].rows]  # type: ignore[union-attr]
    assert rows == [["Table Heading"] * 2, ["Table Text"] * 2]
    assert document.styles["Table Heading"].font.bold  # type: ignore[attr-defined]
    assert styled(out, "Table Note") == ["A note beneath."]


def test_no_line_begins_with_a_space(book: Book) -> None:
    cell = docx.Document(str(tabled(book))).tables[0].cell(1, 0)
    assert cell.text == "A value\nwith a doubt"


def test_a_reference_document_without_our_styles_serves_too(book: Book) -> None:
    import subprocess

    from paper.tools import pandoc

    root = book(first="# First\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Caption {#tbl-a}\n")
    settings = (
        (root / "_quarto.yml")
        .read_text("utf8")
        .replace("  html: default", "  docx: {reference-doc: own.docx}")
    )
    (root / "_quarto.yml").write_text(settings, "utf8")
    command = [str(pandoc.binary()), "--print-default-data-file", "reference.docx"]
    (root / "own.docx").write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    assert [[c.text for c in row.cells] for row in docx.Document(str(made(root))).tables[0].rows] == [
        ["a", "b"],
        ["1", "2"],
    ]


def test_ids_are_unique_and_lead_to_something(conformance: Path) -> None:
    """A bookmark or a picture whose id is taken twice makes Word mend the file, and say so."""
    import re

    text = part(conformance, "word/document.xml")
    styles = set(re.findall(r'w:styleId="([^"]+)"', part(conformance, "word/styles.xml")))
    relations = set(re.findall(r'Id="([^"]+)"', part(conformance, "word/_rels/document.xml.rels")))
    for pattern in (r'<w:bookmarkStart [^>]*w:id="([^"]+)"', r'<w:bookmarkStart [^>]*w:name="([^"]+)"',
                    r'<wp:docPr [^>]*?id="([^"]+)"'):  # fmt: skip
        found = re.findall(pattern, text)
        assert len(found) > 1
        assert len(found) == len(set(found))
    assert set(re.findall(r'r:(?:id|embed)="([^"]+)"', text)) <= relations
    assert set(re.findall(r'<w:[pr]Style w:val="([^"]+)"', text)) <= styles


def test_the_file_counts_nothing_that_is_not_its_own(conformance: Path) -> None:
    """What pandoc's own file has there, a page and 83 words, would be wrong."""
    said = part(conformance, "docProps/app.xml")
    assert not any(word in said for word in ("Words", "Pages", "TotalTime", "Template"))


def test_tabs_theorems_notes_and_asides_read_in_word(book: Book) -> None:
    chapter = """
    # One

    Text.[An aside.]{.aside}

    ::: {.panel-tabset}
    ## First tab
    In it.
    :::

    ::: {#thm-a name="Name *x*"}
    So it is.
    :::

    ::: {.proof}
    Clear.
    :::

    ::: {.callout-tip appearance="simple"}
    Untitled.
    :::

    ```{.python filename="run.py"}
    a = 1  # <1>
    ```
    1. AnnotatedCell.
    """
    path = made(book(one=chapter))
    said = " ".join(text for _, text in paragraphs(path))
    assert "First tab In it. Theorem 1.1 (Name x) So it is. Proof. Clear. Untitled." in said
    assert "run.py a = 1 Line 1 AnnotatedCell." in said
    assert "An aside." in part(path, "word/footnotes.xml")


def test_rows_stay_together_and_words_whole(book: Book) -> None:
    def table(rows: int) -> str:
        lines = "".join(f"| {n} | Consequences | words of row {n} |\n" for n in range(rows))
        return f"| N | Consequence | Words |\n|-|---|{'-' * 90}|\n{lines}\n\n: Rows {{#tbl-r{rows}}}\n\n"

    long, short = docx.Document(str(made(book(one=f"# One\n\n{table(30)}{table(5)}")))).tables
    kept = [
        [p.paragraph_format.keep_with_next for p in row.cells[0].paragraphs] == [True] for row in long.rows
    ]
    assert [at for at, stays in enumerate(kept) if stays] == [0, 1, 29]
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in short.rows[:-1])
    assert not short.rows[-1].cells[0].paragraphs[0].paragraph_format.keep_with_next
    width = long.columns[1].width
    assert width is not None
    assert width.pt > len("Consequences") * 5 + 10  # its share of the dashes is a tenth of that


def test_columns_share_the_room_that_there_is() -> None:
    assert wordtables.widths([1, 1, 2], [2, 2, 2], 8000) == [2000, 2000, 4000]
    narrow = wordtables.widths([1, 9, 10], [12, 5, 5], 8000)
    assert sum(narrow) == 8000
    assert narrow[0] == 12 * wordtables.LETTER + wordtables.INSET
    assert wordtables.widths([1, 1], [18, 18], 2000) == [1000, 1000]


SIDE_BY_SIDE = """# One

\\listoffigures

::: {#fig-both layout-ncol=2}
![Left](a.png){#fig-left}

![Right](a.png){#fig-right}

Both *sides*^[A note.]
:::

::: {layout="[[1],[60,-10,30]]"}
Alone in its row.

Left words.

| a | b |
|---|---|
| 1 | 2 |
:::

![Narrow](a.png){#fig-narrow width=30%}
"""


def test_what_stands_side_by_side_on_a_page_does_in_word(book: Book) -> None:
    from PIL import Image

    root = book(one=SIDE_BY_SIDE)
    Image.new("RGB", (1200, 800), "red").save(root / "a.png")
    path = made(root)
    file = docx.Document(str(path))
    pair, words = file.tables
    assert [cell.text.strip() for cell in pair.rows[0].cells] == ["(a) Left", "(b) Right"]
    widths = [int(extent.get("cx")) / 914400 for extent in pair._tbl.xpath(".//wp:extent")]
    assert len(widths) == 2 and all(2.5 < width < 3.06 for width in widths)  # inches: each in its half
    assert [cell.text.strip() for cell in words.rows[0].cells] == ["Left words.", "", ""]
    assert [[c.text for c in row.cells] for row in words.cell(0, 2).tables[0].rows] == [
        ["a", "b"],
        ["1", "2"],
    ]
    inner = sum(int(width) for width in words.cell(0, 2)._tc.xpath("./w:tbl/w:tblGrid/w:gridCol/@w:w"))
    assert inner < int(words._tbl.xpath("./w:tblGrid/w:gridCol/@w:w")[2])
    for table in (pair, words):
        assert not table._tbl.xpath("./w:tblPr/w:tblBorders/*[@w:val!='nil']")
        assert table._tbl.xpath("./w:tblPr/w:tblBorders/*")
    assert pair._tbl.xpath(".//w:p[w:pPr/w:pStyle]/w:pPr/w:keepNext")  # stays with the caption beneath
    assert "Alone in its row." in [text for _, text in paragraphs(path)]


def test_a_list_of_figures_leads_to_them(book: Book) -> None:
    from PIL import Image

    root = book(one=SIDE_BY_SIDE)
    Image.new("RGB", (1200, 800), "red").save(root / "a.png")
    path = made(root)
    texts = [text for _, text in paragraphs(path)]
    at = texts.index("List of Figures")
    assert texts[at + 1 : at + 3] == ["Figure 1.1: Both sides", "Figure 1.2: Narrow"]
    links = re.findall(r'<w:hyperlink w:anchor="(fig-\w+)"', part(path, "word/document.xml"))
    assert links == ["fig-both", "fig-narrow"]
    assert all(f'w:name="{name}"' in part(path, "word/document.xml") for name in links)


def test_a_caption_has_the_delimiter_that_the_book_sets(book: Book) -> None:
    front = "---\ntitle: One\ncrossref:\n  title-delim: '.'\n---\n"
    path = made(book(one=f"{front}\n| a |\n|---|\n| 1 |\n\n: Words {{#tbl-a}}\n"))
    assert styled(path, "Table Caption") == ["Table 1.1. Words"]
