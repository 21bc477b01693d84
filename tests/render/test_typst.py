"""The book's PDF: what a person reads on it, and what it says when it can't be made."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst as typst_door
from tests.conftest import numbered
from tests.render import pdf_parts

from paper.errors import ChapterError
from paper.tools import pandoc
from paper.writers import typst
from paper.writers.typst import template
from paper.writers.typst.syntax import attached, label, length, string

HERE = Path(__file__).parent.parent / "conformance"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf8"))


def made(root: Path, profile: str = "", name: str = "book.pdf") -> Path:
    """The PDF of a book, without the rest of a build."""
    project, chapters = numbered(root, profile, "typst")
    out = root / name
    typst.book_pdf(project, chapters, out, root / ".paper")
    return out


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    root = tmp_path_factory.mktemp("pdf") / "book"
    shutil.copytree(HERE / "book", root)
    return made(root)


Book = Callable[..., Path]


# -- the same as the pages -----------------------------------------------------------------------------------


def test_figures_tables_and_their_captions_have_the_numbers_of_the_pages(conformance: Path) -> None:
    said = pdf_parts.words(conformance)
    captions = [text for page in EXPECTED.values() for text in page["captions"].values()]
    assert len(captions) == 8
    assert [text for text in captions if text not in said] == []


def test_cross_references_read_as_on_the_pages(conformance: Path) -> None:
    said = pdf_parts.words(conformance).replace("\u00a0", " ")
    references = [link["text"] for page in EXPECTED.values() for link in page["xrefs"]]
    assert [text for text in references if text not in said] == []
    assert (
        "See Figure 1.1, Figure 1.1, Figure 1.2, 1.1, Fig. 1.1 and the panel Figure 1.3 with Figure 1.3 (a)."
        in said
    )
    assert "Agreement is defined in Equation 2.1, after Chapter 1 and Section 1.2." in said
    assert "ends in Appendix A." in said


def test_sections_have_the_numbers_of_the_pages(conformance: Path) -> None:
    bookmarks = [text for _, text in pdf_parts.bookmarks(conformance)]
    sections = [s["text"] for page in EXPECTED.values() for s in page["sections"] if s["text"][-4:] != "book"]
    assert len(sections) == 9
    assert [text for text in sections if text.replace("Appendix A — ", "A ") not in bookmarks] == []


def test_citations_and_references_read_as_on_the_pages(conformance: Path) -> None:
    said = pdf_parts.words(conformance)
    works = {work for page in EXPECTED.values() for work in page["bibliography"]}
    citations = [text for page in EXPECTED.values() for text in page["citations"]]
    squeezed = said.replace(" ", "")
    assert [text for text in {*works, *citations} if text.replace(" ", "") not in squeezed] == []


def test_what_is_meant_for_pages_only_is_left_out(conformance: Path) -> None:
    said = pdf_parts.words(conformance)
    assert "Never in HTML." in said
    assert "Only in HTML." not in said


def test_the_text_comes_out_in_reading_order(conformance: Path) -> None:
    said = pdf_parts.words(conformance)
    order = [
        "The study covers",
        "Managerialism",
        "is computed",
        "Inline value",
        "Agreement is defined",
        "Block A asks",
    ]
    places = [said.index(text) for text in order]
    assert places == sorted(places)


# -- tagged, described, repeatable ---------------------------------------------------------------------------


def test_the_file_says_that_it_is_pdf_ua_1_and_in_which_language(conformance: Path) -> None:
    from pypdf import PdfReader

    reader = PdfReader(conformance)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_every_figure_and_formula_has_an_alternative_text(conformance: Path) -> None:
    """What the author wrote, else the caption."""
    described = [tag for tag in pdf_parts.tags(conformance) if tag["/S"] in ("/Figure", "/Formula")]
    alternatives = {str(tag.get("/Alt", "")) for tag in described}
    assert {"Bar chart with two bars", "Arrow between two boxes", "Left part"} <= alternatives
    assert "" not in alternatives


def test_tables_are_tagged_with_header_cells(conformance: Path) -> None:
    names = pdf_parts.tag_names(conformance)
    assert names.count("Table") == 3
    assert names.count("TH") == 6
    assert names.count("TD") == 10


def test_title_author_keywords_and_subject_are_in_the_metadata(book: Book) -> None:
    from pypdf import PdfReader

    root = book(settings="keywords: [services, Қазақстан]\n")
    settings = (root / "_quarto.yml").read_text("utf8")
    described = settings.replace("  author:", "  description: What drives it?\n  author:")
    (root / "_quarto.yml").write_text(described, "utf8")
    found = PdfReader(made(root)).metadata
    assert found is not None
    assert (found.title, found.author, found.subject) == ("A small book", "Test Author", "What drives it?")
    assert found["/Keywords"] == "services, Қазақстан"


def test_the_same_sources_give_the_same_bytes(book: Book) -> None:
    root = book()
    first = made(root).read_bytes()
    os.utime(root / "index.qmd", (0, 0))
    assert made(root, name="again.pdf").read_bytes() == first


def test_a_book_that_is_written_in_parts_is_the_same(
    conformance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = conformance.parent / ".paper/typst/book.typ"
    whole, at_once = conformance.read_bytes(), source.read_text("utf8")
    monkeypatch.setattr(template, "PART", 1)
    convert, conversions = pandoc.run, []
    monkeypatch.setattr(pandoc, "run", lambda *args, **told: conversions.append(1) or convert(*args, **told))
    in_parts = made(conformance.parent, name="parts.pdf")
    assert in_parts.read_bytes() == whole
    assert source.with_stem("parts").read_text("utf8") == at_once
    assert len(conversions) > at_once.count("\n// block: ") > 10


def test_the_date_in_the_file_is_the_source_date(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    from pypdf import PdfReader

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    found = PdfReader(made(book())).metadata
    assert found is not None
    assert found["/CreationDate"].startswith("D:20200913122640")


# -- the look -------------------------------------------------------------------------------------------------


def test_status_is_on_every_page_and_the_synthetic_mark_only_where_it_is_due(book: Book) -> None:
    long = "# First\n\n" + "A sentence of the text that fills the page.\n\n" * 150
    root = book(
        {"_variables.yml": "status: Not for citation\n", "_quarto-demo.yml": "lang: en\n"}, first=long
    )
    plain, marked = made(root), made(root, "demo", "demo.pdf")
    assert len(pdf_parts.page_words(plain)) > 3
    assert all("Not for citation" in page for page in pdf_parts.shown_words(plain))
    assert all("Synthetic data" in page for page in pdf_parts.shown_words(marked))
    assert "Synthetic data" not in pdf_parts.words(plain)


def test_kazakh_letters_are_set_in_the_fonts_of_the_wheel(book: Book) -> None:
    letters = "Ә ә Ғ ғ Қ қ Ң ң Ө ө Ұ ұ Ү ү Һ һ І і"
    said = pdf_parts.words(
        made(book(first=f"# Жергілікті\n\n{letters} *{letters}* **{letters}** `{letters}`\n"))
    )
    assert said.count(letters) == 4
    assert "Жергілікті" in said


def test_a_table_that_breaks_over_pages_repeats_its_header(book: Book) -> None:
    rows = "\n".join(f"| row {n} | what it says |" for n in range(120))
    text = f"# First\n\n| Kind of row | Words |\n|---|---|\n{rows}\n\n: Long {{#tbl-long}}\n"
    pages = pdf_parts.page_words(made(book(first=text)))
    filled = [page for page in pages if "what it says" in page]
    assert len(filled) > 2
    assert all("Kind of row Words" in page for page in filled)


def test_a_caption_stays_with_its_table_and_a_row_on_its_page(book: Book) -> None:
    fillers = ("Words to fill.\n\n" * (29 + n) for n in range(14))
    row = "| first {0} | " + "many words in a narrow cell " * 6 + "tail {0} | last {0} |"
    table = (
        "::: {{#tbl-t{0}}}\n**Marked {0}.**\n\n| a | b | c |\n|--|--|--|\n" + row + "\n\nCaption {0}\n:::\n\n"
    )
    text = "# First\n\n" + "".join(filler + table.format(n) for n, filler in enumerate(fillers))
    pages = pdf_parts.page_words(made(book(first=text)))
    for number in range(14):
        page = next(page for page in pages if f"Caption {number} " in page)
        assert all(f"{word} {number}" in page for word in ("Marked", "first", "last", "tail"))


def test_a_row_taller_than_a_page_is_not_cut(book: Book) -> None:
    long = " ".join(f"w{n}" for n in range(2500))
    pages = pdf_parts.page_words(made(book(first=f"# First\n\n| a | b |\n|---|---|\n| {long} | x |\n")))
    said = " ".join(pages)
    assert len(pages) > 2
    assert all(f"w{n} " in said for n in (0, 1200, 2499))


def test_a_figure_larger_than_a_page_is_shrunk_to_it(book: Book) -> None:
    drawing = '<text x="9" y="{2}" font-size="60">END</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{{0}}" height="{{1}}">{drawing}</svg>'
    files = {"tall.svg": svg.format(300, 3000, 2990), "wide.svg": svg.format(3000, 300, 290)}
    text = "# First\n\n![Tall](tall.svg){#fig-tall}\n\n![Wide](wide.svg){#fig-wide}\n"
    pages = pdf_parts.page_words(made(book(files, first=text)))
    whole = " ".join(pages)
    assert whole.count("END") == 2
    assert "Figure 1.1: Tall" in whole
    assert "Figure 1.2: Wide" in whole


def test_links_lead_to_places_in_the_file_and_to_the_web(book: Book) -> None:
    text = "# First {#sec-first}\n\nSee [the second](second.qmd), [its end](second.qmd#end) and <https://example.org/a>.\n"
    root = book(first=text, second="# Second\n\nWords.\n\n## End {#end}\n\nBack to @sec-first.\n")
    found = pdf_parts.links(made(root))
    assert "https://example.org/a" in found
    assert found.count("p. 1") >= 3


def test_a_heading_that_is_a_link_within_the_book_stays(book: Book) -> None:
    text = "# First\n\n## Here {#sec-here}\n\nWords.\n\n## [Led to](#sec-here)\n\nAfter, and [lost](#nowhere) words.\n"
    path = made(book(first=text))
    assert "Led to" in [title for _, title in pdf_parts.bookmarks(path)] or "1.2 Led to" in [
        title for _, title in pdf_parts.bookmarks(path)
    ]
    assert "After, and lost words." in pdf_parts.words(path)
    assert pdf_parts.links(path).count("p. 1") >= 1


def test_contents_stand_where_a_chapter_calls_for_them(book: Book) -> None:
    front = "# Abstract {.unnumbered}\n\nShort words first.\n\n```{=typst}\n#contents()\n```\n"
    said = pdf_parts.words(made(book(index=front, first="# First\n\nText.\n")))
    assert said.index("Short words first.") < said.index("Contents") < said.index("Text.")
    assert said.count("Contents") == 1


ROUNDS = """
#context {
  let before = query(<rounds>)
  let places = query(heading).map(it => (it.location().page(), calc.round(it.location().position().y.pt(), digits: 1)))
  [#metadata((if before.len() > 0 { before.first().value } else { () }) + (places,)) <rounds>]
}
"""


@pytest.mark.parametrize("front", ["Words.", "```{=typst}\n#contents()\n```"])
def test_all_places_are_known_after_typsts_first_round(book: Book, front: str) -> None:
    # Each round more costs a long book a third of its time and memory.
    text = "".join(
        f"\n## Part {n}\n\n" + "As @sec-one says, and @tbl-a [@doe2020]. " * 8 + "\n" for n in range(40)
    )
    table = "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Kept {#tbl-a}\n"
    root = book(
        index=f"# Abstract {{.unnumbered}}\n\n{front}\n",
        first="# First {#sec-one}\n" + text + table,
        files={"references.bib": "@book{doe2020, author={Doe, Jo}, title={T}, publisher={P}, year={2020}}\n"},
    )
    made(root)
    source = root / "rounds.typ"
    source.write_text(next((root / ".paper/typst").glob("*.typ")).read_text("utf8") + ROUNDS, "utf8")
    (told,) = json.loads(typst_door.query(str(source), "<rounds>", root=str(root), ignore_system_fonts=True))
    unknown, *rounds = told["value"]
    assert unknown == [] and len(rounds[0]) > 40
    assert [places for places in rounds if places != rounds[-1]] == []


def test_an_appendix_is_counted_in_letters_and_a_part_figure_as_on_its_page(book: Book) -> None:
    text = """
        # Tools {#sec-tools}

        ## Inner

        | a |
        |---|
        | 1 |

        : Kept {#tbl-kept}

        $$ x $$ {#eq-x}

        ::: {#nte-mind .callout-note}
        ## Mind
        Words.
        :::

        See @tbl-kept, @eq-x, @nte-mind and @sec-tools.
        """
    root = book(first="# First\n\n## Own\n\nText.\n", appendix=text)
    said = pdf_parts.words(made(root)).replace("\u00a0", " ")
    assert "Table A.1: Kept" in said
    assert "See Table A.1, Equation A.1, Note A.1 and Appendix A." in said
    assert "Note A.1: Mind" in said
    assert (2, "A.1 Inner") in pdf_parts.bookmarks(root / "book.pdf")


# -- when it can't be made ------------------------------------------------------------------------------------


def test_raw_typst_that_typst_refuses_is_told_with_its_line_and_what_to_do(book: Book) -> None:
    text = "# Second\n\nWords.\n\n```{=typst}\n#let a = 1\n#nowhere()\n```\n"
    with pytest.raises(ChapterError) as told:
        made(book(first="# First\n\nFine.\n", second=text))
    assert str(told.value.place) == "second.qmd:7"
    assert "unknown variable: nowhere" in told.value.message
    assert "correct this line of Typst" in told.value.remedy


# -- pieces of the language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("60%", "60%"),
        ("4in", "4in"),
        ("100", "75pt"),
        ("100px", "75pt"),
        ("3.5cm", "3.5cm"),
        ("wide", ""),
        ("", ""),
    ],
)
def test_lengths_are_turned_into_typsts(given: str, expected: str) -> None:
    assert length(given) == expected


def test_strings_and_labels_hold_whatever_an_author_writes() -> None:
    assert string('a "b" \\ c\nd') == '"a \\"b\\" \\\\ c d"'
    assert label("fig-x") == "<fig-x>"
    assert label("a b") == 'label("a b")'
    assert attached("a b") == ' #label("a b")'
    assert attached("") == ""


def test_blocks_of_every_kind_read_on_paper_as_on_the_page(book: Book) -> None:
    drawing = (HERE / "book/chapters/flow.svg").read_text("utf8")
    chapter = """
    # One {#sec-one}

    See @sec-one, @thm-line, @rem-on, @nte-out, @fig-left and @fig-after.[An aside.]{.aside}

    ::: {#thm-line name="Line *x*"}
    A line.
    :::

    ::: {.proof}
    Clear.
    :::

    ::: {#rem-on .remark}
    Noted.
    :::

    ::: {#nte-out .callout-note}
    ## Outer
    ::: {.callout-warning}
    Within.
    :::
    :::

    ::: {.panel-tabset}
    ## First tab
    In the first.

    ## Second tab
    In the second.
    :::

    ```{.python filename="run.py"}
    a = 1
    b = 2  # <1>
    ```
    1. Two.

    ::: {#fig-pair layout-ncol=2}
    ![Left](flow.svg){#fig-left fig-alt="A flow"}

    ![Right](flow.svg){fig-alt="A flow"}

    Both
    :::

    ![After](flow.svg){#fig-after fig-alt="A flow"}

    - ![In a list](flow.svg){fig-alt="A flow"}
    """
    said = pdf_parts.words(made(book({"flow.svg": drawing}, one=chapter))).replace("\u00a0", " ")
    assert "See Chapter 1, Theorem 1.1, Remark 1.1, Note 1.1, Figure 1.1 (a) and Figure 1.2." in said
    for words in (
        "Theorem 1.1 (Line x). A line. Proof. Clear. Remark 1.1. Noted.",
        "Note 1.1: Outer Warning Within.",
        "First tab In the first. Second tab In the second.",
        "run.py a = 1 b = 2 Line 2 Two.",
        "(a) Left",
        "Figure 1.1: Both",
        "Figure 1.2: After",
        "In a list",
        "An aside.",
    ):
        assert words in said, words


def test_chapters_have_the_numbers_of_the_pages_after_one_without_or_with_several_headings(
    book: Book,
) -> None:
    root = book(
        index="Words only.\n",
        one="# One {#sec-one}\n\n# More {#sec-more}\n",
        two="# Two\n\n@sec-one, @sec-more.\n",
    )
    bookmarks = [text for _, text in pdf_parts.bookmarks(made(root))]
    assert [text for text in bookmarks if text[0].isdigit()] == ["2 One", "3 More", "3 Two"]
    assert "Chapter 2, Chapter 3." in pdf_parts.words(root / "book.pdf").replace("\u00a0", " ")
