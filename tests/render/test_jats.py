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
from paper.cells.execute import Executor
from paper.numbering.book import number_with_images, read_book
from paper.tools.cache import Cache
from paper.writers import jats

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
    jats.book_jats(project, number_with_images(project, chapters, "jats", cache), root / name)
    return root / name


def article(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".xml"))
        return etree.fromstring(archive.read(name))


@pytest.fixture(scope="session")
def dtd(tmp_path_factory: pytest.TempPathFactory) -> etree.DTD:
    """JATS Publishing 1.1, in the public domain, as it is distributed.

    The archives' tag set, which the article declares, allows all that this one does and more; it is the stricter of
    the two, and packages bring no other.
    """
    folder = tmp_path_factory.mktemp("dtd")
    with zipfile.ZipFile(Path(__file__).with_name("jats-publishing-dtd-1.1.zip")) as archive:
        archive.extractall(folder)
    return etree.DTD(str(folder / "JATS-journalpublishing1.dtd"))


def refused(path: Path, dtd: etree.DTD) -> list[str]:
    """What the DTD refuses, but for what the archives' one does not ask for either: a journal and a date."""
    root = article(path)
    root.set("dtd-version", "1.1")
    if root.find(".//pub-date") is None:
        at = root.find(".//permissions")
        at.addprevious(etree.fromstring('<pub-date pub-type="epub"><year>2026</year></pub-date>'))
    journal = etree.fromstring(
        "<journal-meta><journal-id>none</journal-id><issn>0000-0000</issn></journal-meta>"
    )
    root.find("front").insert(0, journal)
    dtd.validate(root)
    return [f"{error.line}: {error.message}" for error in dtd.error_log]


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("jats") / "book"
    shutil.copytree(HERE / "book", root)
    return made(root)


HARD = """
    # Hard things {#sec-hard}

    A note.[^note] Another.[^list] A third.^[In the line, with *markup* and $x^2$.]

    [^note]: With *markup*, a [link](https://example.org/a?b=1&c=2) and `code`.

        and a second paragraph.

    [^list]: - A list
        - in a note

    ## Lists

    - one

      with two paragraphs

      ```python
      x = "<&>"
      ```
    - two
        1. deep
        2. deeper
            a. deepest

    (@first) An example, referred to as (@first).

    Term
    : What it means.
    : And more, with $$y = 1$$

    - [ ] open
    - [x] done

    | A line
    |    block
    | of verse

    ## Tables

    | Left | Right | Centre | *Any* |
    |:-----|------:|:------:|-------|
    | a    | 1     | [l](https://example.org) | `c|d` |
    | **b** ~~gone~~ | H~2~O | x^2^ | $x$ |

    : With *markup* {#tbl-one}

    +------+---------+
    | Head | Second  |
    +======+=========+
    | - a  | para    |
    | - b  |         |
    |      | again   |
    +------+---------+

    : Grid {#tbl-grid}

    ::: {#tbl-noted}
    **A mark.**

    | a | b |
    |---|---|
    | 1[^t] | 2 |

    A note beneath, with *markup*.

    With a caption and notes
    :::

    [^t]: A note from a table.

    | bare | table |
    |---|---|
    | 1 | 2 |

    ## Equations and code

    $$ a = b $$ {#eq-one}

    Inline $\\alpha$ and @eq-one, @tbl-one, @fig-one, @fig-panel-a, @sec-hard and @lst-code.

    ```{#lst-code .python lst-cap="A listing"}
    print("<&>")
    ```

    ```
    bare code
    ```

    ## Figures

    ![One](flow.svg){#fig-one fig-alt="Words"}

    ![A caption alone, without a number](flow.svg)

    An image ![inline](flow.svg){width=20px} in a line.

    ::: {#fig-panel layout-ncol=2}
    ![Left](flow.svg){#fig-panel-a}

    ![Right](flow.svg){#fig-panel-b}

    Both
    :::

    ## Boxes and quotations

    ::: {.callout-note}
    ## A title with *markup*

    - A list in a callout

    | a | b |
    |---|---|
    | 1 | 2 |
    :::

    ::: {#thm-one}
    ## Of nothing
    Nothing follows.
    :::

    > A quotation
    >
    > > in a quotation
    >
    > - with a list

    ::: {layout-ncol=2}
    Left words.

    Right words.
    :::

    [Small caps]{.smallcaps}, [underlined]{.underline}, [a place]{#place}, ["said"]{lang=kk}, <b>raw</b>, a hard\\
    break, an ellipsis... and a dash -- so. See [the place](#place) and [@hood1991, p. 3; see also @krause2013].

    * * *

    #### Deep {.unnumbered}

    ### Deeper

    # A second heading of the first level

    [Empty]{} []{#nothing}
    """
HARD_APPENDIX = """
    # Tools {#sec-tools}

    ![Three](flow.svg){#fig-three}

    ## Inner

    | a |
    |---|
    | 1 |

    : Kept {#tbl-kept}

    Words.^[A note in an appendix.] Back to @sec-hard and @fig-three.
    """
REFERENCES = """
@article{hood1991, author={Hood, C.}, title={A public management for all {S}easons & more?}, journal={Public
  Administration}, year={1991}, volume={69}, pages={3--19}, doi={10.1111/j.1467-9299.1991.tb00779.x}}
@book{krause2013, author={{An Institute <of> \\& things}}, title={On {\\emph{things}}}, year={2013},
  url={http://example.org/a?b=1&c=%20d}, publisher={P}}
"""


def test_the_dtd_accepts_the_article(conformance: Path, dtd: etree.DTD) -> None:
    assert refused(conformance, dtd) == []


def test_the_dtd_accepts_whatever_a_chapter_may_hold(book: Book, dtd: etree.DTD) -> None:
    drawing = (HERE / "book/chapters/flow.svg").read_text("utf8")
    index = (
        "# Abstract {.unnumbered}\n\n::: {.callout-note}\nA box.\n:::\n\nIn short.^[A note.]\n\n- A point.\n"
    )
    index += (
        "\n- ![In a list](flow.svg)\n\n::: {#thm-two}\nSo.\n:::\n\n::: {.panel-tabset}\n## Tab\nIn it.\n:::\n"
    )
    index += "\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## More {.unnumbered}\n\n- Longer.\n"
    hard = f"{HARD}\n\nItems:\n\n- One.\n\n-   \n\n- Three.\n"
    root = book(
        {"flow.svg": drawing, "references.bib": REFERENCES}, index=index, first=hard, appendix=HARD_APPENDIX
    )
    assert refused(made(root), dtd) == []


def test_tables_side_by_side_stand_in_a_group(book: Book, dtd: etree.DTD) -> None:
    table = "| a |\n|---|\n| 1 |\n\n: {name} {{#tbl-{name}}}\n\n"
    panel = "".join(table.format(name=name) for name in ("left", "right"))
    path = made(book(one=f"# One\n\n::: {{#tbl-both layout-ncol=2}}\n{panel}Both\n:::\n\nSee @tbl-left.\n"))
    assert refused(path, dtd) == []
    group = article(path).find(".//table-wrap-group")
    assert group is not None and [part.get("id") for part in group.findall("table-wrap")] == [
        "tbl-left",
        "tbl-right",
    ]


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


def test_references_say_what_kind_of_thing_they_lead_to(conformance: Path) -> None:
    root = article(conformance)
    kinds = {x.get("rid"): x.get("ref-type") for x in root.iter("xref")}
    assert {kind for rid, kind in kinds.items() if rid.startswith("fig-")} == {"fig"}
    assert {kind for rid, kind in kinds.items() if rid.startswith("tbl-")} == {"table"}
    assert {kind for rid, kind in kinds.items() if rid.startswith("ref-")} == {"bibr"}
    assert "sec" in kinds.values()


def test_a_numbered_formula_has_its_number_as_label_and_is_referred_to(conformance: Path) -> None:
    root = article(conformance)
    formula = root.find(".//disp-formula[@id='eq-kappa']")
    assert words(formula.find("label")) == "(2.1)"
    assert "2.1" not in words(formula.find("alternatives"))
    assert [words(x) for x in root.findall(".//xref[@rid='eq-kappa']")] == ["Equation 2.1"]


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
