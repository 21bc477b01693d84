"""What is said to the author: in no readers' edition, in the margin of the working one, in one letter."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from typer.testing import CliRunner

from paper import assets, editions
from paper import project as projects
from paper.bibliography import cited_in
from paper.build import build
from paper.checks.sources_check import check_sources
from paper.cli import queries as command
from paper.errors import ChapterError
from paper.parsing.query_list import list_queries
from paper.project import load as load_project
from paper.release.compare import publishable
from paper.tools import pandoc

Book = Callable[..., Path]

ASKED = (
    "in the front matter", "a bold doubt", "in a note", "a note of its own", "an item", "in a cell", "of a row",
    "in a caption", "in a heading", "first of a block", "a whole section", "in an alternative", "in the title",
)  # fmt: skip
ONE = """
# Design [in a heading]{.query} of services {#sec-design}

Words [a **bold doubt**]{.query}, a note^[Which [in a note]{.query} stays.] and none^[[a note of its own]{.query}].

- [an item]{.query}
- stays

::: {.query}
The first of a block, @hood1991.

::: {.inner}
And more of it.
:::
:::

| a | b [in a cell]{.query} |
|---|---|
| x [of a row]{.query row="P01"} | y |

: Caption [in a caption]{.query} {#tbl-x}

![](drawing.png){fig-alt="Seen" #fig-x}

## Asked {.query}

This is a whole section.

## Kept {#sec-kept}

[None is coded.]{.content-visible unless-data="segments"}[Some are coded.]{.content-visible when-data="segments"}

1. Always there.
2. [Only while none is coded.]{.content-visible unless-data="segments"}
3. Last of all.

::: {.content-visible when-data="segments"}
## Results {#sec-results}
:::
"""
SETTINGS = """
  typst: default
  docx: default
filters: [assets/filters/editions.lua]
"""


@pytest.fixture
def asked(book: Book, repository: Path) -> Path:
    root = book(
        {
            "data/segments.csv": "case,text\n",
            "data/document_problems.csv": 'id,problem,doubt\nP01,Too many,For which "year"?\n',
            "data/synthetic/segments.csv": "case,text\n1,a\n",
            "_quarto-working.yml": "project: {output-dir: _site-working}\nbook: {appendices: [open.qmd]}\n",
            "_quarto-demo.yml": "project: {output-dir: _site-demo}\n",
            "assets/filters/editions.lua": (assets.PACKAGED / "filters/editions.lua").read_text("utf8"),
            "open.qmd": "# Open {#sec-open}\n\nOnly for the author, see @sec-design.\n",
        },
        settings=SETTINGS,
        index='---\ntitle: "Preface [in the front matter]{.query}"\n---\n\nHello.\n',
        one=ONE,
    )
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(
        settings.replace("A small book", '"A book [in the title]{.query}"'), "utf8"
    )
    drawing = next((repository / "assets/figures").glob("*.png"))
    (root / "drawing.png").write_bytes(drawing.read_bytes())
    return root


def text_of(out: Path) -> dict[str, str]:
    """The words of everything in a site that a reader can open, by file."""
    found = {}
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        name = path.relative_to(out).as_posix()
        if path.suffix == ".pdf":
            found[name] = " ".join(page.extract_text() for page in PdfReader(path).pages)
        elif path.suffix in (".docx", ".zip"):
            with zipfile.ZipFile(path) as archive:
                parts = [n for n in archive.namelist() if n.endswith(".xml")]
                found[name] = " ".join(re.sub("<[^>]+>", "", archive.read(n).decode("utf8")) for n in parts)
        elif path.suffix in (".html", ".json", ".csv", ".txt", ".xml", ".bib"):
            found[name] = re.sub("<[^>]+>", "", path.read_text("utf8"))
    return {name: " ".join(text.split()) for name, text in found.items()}


def test_no_query_reaches_a_reader(asked: Path) -> None:
    report = build(asked)
    texts = text_of(report.out)
    assert {Path(name).suffix for name in texts} >= {".html", ".pdf", ".docx", ".zip"}
    for name, text in texts.items():
        for words in (*ASKED, "And more of it", "This is a whole section", "Only for the author", ".query"):
            assert words not in text, f"{name}: {words}"
    page = texts["one.html"]
    assert "Design of services" in page
    assert "Words, a note" in page
    assert "None is coded." in page
    assert "Results" not in page
    assert "Some are coded" not in page
    assert publishable(report.out) == []
    assert set(cited_in(load_project(asked))) == set(), "what is cited in a query alone is not cited"


def test_the_working_edition_numbers_them_in_the_margin_and_is_not_published(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = build(asked, profile="working", targets={"html", "pdf", "docx"})
    page = (report.out / "one.html").read_text("utf8")
    assert re.search(r'<span class="query-note" id="query-2"><strong>2</strong>\s+a <strong>bold doubt', page)
    assert '<meta name="robots" content="noindex">' in page
    assert "Disallow: /" in (report.out / "robots.txt").read_text("utf8")
    assert "it was built with the profile working" in publishable(report.out)
    assert (report.out / "open.html").is_file()
    numbers = [re.sub(r"\D", "", mark) for mark in re.findall(r'class="query-mark">([^<]+)<', page)]
    assert sorted({int(n) for n in numbers}) == [1, 2, 3, 4, 5, 6, 7, 8, 9]  # and P01, without its letter
    pdf = " ".join(
        " ".join(p.extract_text() for p in PdfReader(next(report.out.glob("*.pdf"))).pages).split()
    )
    assert "2 a bold doubt" in pdf
    with zipfile.ZipFile(next(report.out.glob("*.docx"))) as archive:
        comments = archive.read("word/comments.xml").decode("utf8")
        notes = re.sub("<[^>]+>", "", archive.read("word/footnotes.xml").decode("utf8"))
    assert len(set(re.findall(r'w:id="(\d+)"', comments))) == comments.count("<w:comment ")
    assert "a note of its own" in notes, "Word has no comments in notes"
    monkeypatch.setenv("QUARTO_PROFILE", "working")
    assert "hood1991" in cited_in(load_project(asked))


def test_the_letter_has_their_numbers_files_and_lines(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list_queries(projects.load(asked, "working"))
    by_words = {one.words: one for one in found}
    assert (by_words["a **bold doubt**"].mark, by_words["a **bold doubt**"].line) == ("2", 4)
    assert by_words["in the title"].mark == ""
    assert by_words["The first of a block, @hood1991. ::: {.inner} And more of it. :::"].mark == "6"
    doubt = by_words["For which “year”?"]
    assert (doubt.mark, doubt.file, doubt.line) == ("document_problems/P01", "data/document_problems.csv", 2)
    monkeypatch.chdir(asked)
    said = CliRunner().invoke(command.app, []).output
    assert said.startswith("Dear Test Author,")
    assert "2. a **bold doubt**\n     one.qmd:4" in said
    rows = json.loads(CliRunner().invoke(command.app, ["--format", "json"]).output)
    assert len(rows) == len(found)


def test_what_depends_on_coded_data_follows_them(asked: Path) -> None:
    page = text_of(build(asked, profile="demo", targets={"html"}).out)["one.html"]
    assert "Some are coded." in page
    assert "None is coded." not in page
    assert "Only while" not in page
    items = BeautifulSoup((asked / "_site-demo/one.html").read_text("utf8"), "lxml").select("main ol > li")
    assert [item.get_text(strip=True) for item in items][:2] == ["Always there.", "Last of all."]
    (asked / "data/segments.csv").write_text("case,text\n1,a\n", "utf8")
    page = text_of(build(asked, targets={"html"}).out)["one.html"]
    assert "Some are coded." in page
    assert "Results" in page


def test_a_reference_into_what_an_edition_leaves_out_is_told(asked: Path) -> None:
    path = asked / "one.qmd"
    path.write_text(path.read_text("utf8") + "\nSee @sec-results.\n", "utf8")
    assert [f.rule for f in check_sources(projects.load(asked))] == ["unknown-reference"]
    assert check_sources(projects.load(asked, "demo")) == []


def test_quarto_leaves_out_the_same(repository: Path) -> None:
    """Its own filters run the script that the book names."""
    text = ONE.replace('![](drawing.png){fig-alt="Seen" #fig-x}', "")
    script = repository / "scripts/paper/assets/filters/editions.lua"

    def rendered(profile: str) -> str:
        done = subprocess.run(
            [pandoc.binary(), "-f", "markdown", "-t", "plain", "--wrap=none", f"--lua-filter={script}"],
            input=text, capture_output=True, text=True, check=True, env={"QUARTO_PROFILE": profile},
        )  # fmt: skip
        return " ".join(done.stdout.split())

    plain = rendered("")
    assert not [words for words in ASKED if words in plain]
    assert "Words, a note[1] and none." in plain
    assert "This is a whole section" not in plain
    assert "None is coded." in plain
    working = rendered("working")
    assert "2 a bold doubt" in working.replace("**", "")
    assert "This is a whole section" in working
    assert "Some are coded." in rendered("demo")
    assert "2. Last of all." in rendered("demo")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a [b [c](d) e]{.query} f", ["b [c](d) e"]),
        ("a \\[b [c]{.query}", ["c"]),
        ("`[a]{.query}` and\n\n```\n[b]{.query}\n```", []),
        ("[a]{.query-like} [b]{.other}", []),
        ("[two\nlines]{#id .query}", ["two lines"]),
        ("::: query\nblock\n:::\nafter", ["block"]),
        ("[outer [inner]{.query}]{.query}", ["outer [inner]{.query}"]),
    ],
)
def test_queries_are_found_as_pandoc_reads_them(text: str, words: list[str]) -> None:
    assert [query.words for query in editions.queries(text)] == words
    left = editions.blanked(text)
    assert len(left) == len(text)
    assert left.count("\n") == text.count("\n")


def test_a_query_that_pandoc_reads_as_words_stops_the_build(book: Book) -> None:
    """After a note without a space, brackets are no span: the words would stand before readers."""
    root = book(one="# One\n\nWords.^[A note.][Secret doubt]{.query} More.\n")
    with pytest.raises(ChapterError, match="not read as one") as raised:
        build(root, targets={"html"})
    assert str(raised.value.place) == "one.qmd:3"
