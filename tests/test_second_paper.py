"""The package knows nothing of this paper: a second one, about queues in two towns, is built with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from paper import build, project
from paper.bibliography.audit import check_references
from paper.checks.sources_check import check_sources
from paper.cli.new import app
from paper.coding.claims.check import check_claims
from paper.coding.data.check import check_data
from paper.coding.privacy import check_privacy
from paper.project import load as load_project

REPOSITORY = Path(__file__).parent.parent

SETTINGS = """\
project:
  type: book
  output-dir: _site
book:
  title: "Queues in two towns"
  author: Ann Author
  date: 2030-01-02
  output-file: queues
  chapters:
    - index.qmd
    - references.qmd
lang: en
bibliography: references.bib
csl: assets/vendor/apa.csl
format:
  html: default
  typst:
    template-partials:
      - assets/vendor/typst/typst-show.typ
      - assets/vendor/typst/typst-template.typ
"""
SOURCE = """\
@book{smith2001,
  author = {Smith, Ann},
  title = {On Queues},
  publisher = {A Press},
  year = {2001}
}
"""
FIGURE = """\
See @fig-minutes; {{< var towns >}} towns were visited.

```{python}
#| label: fig-minutes
#| fig-cap: "Minutes in the queue"
#| fig-alt: "Two bars: Aville 12 minutes, Beburg 30 minutes."
from IPython.display import SVG
from paper.coding.data import load
bars = "".join(
    f'<rect y="{20 * place}" width="{4 * row.minutes}" height="15"/>'
    for place, row in enumerate(load.table("visits").itertuples())
)
SVG(f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">{bars}</svg>')
```
"""


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Another paper with its own settings, two chapters, a dataset and a bibliography, and the PDF's templates."""
    root = tmp_path_factory.mktemp("second")
    (root / "_quarto.yml").write_text(SETTINGS)
    (root / "_variables.yml").write_text("towns: two\n")
    (root / "references.bib").write_text(SOURCE)
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\nPeople wait [@smith2001]; see @sec-queues.\n")
    (root / "references.qmd").write_text("# References {.unnumbered}\n\n::: {#refs}\n:::\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for command in (
            ["chapter", "queues", "--title", "Queues"],
            ["chapter", "conclusion"],
            ["dataset", "visits", "town", "minutes:integer"],
        ):
            assert CliRunner().invoke(app, command).exit_code == 0
        with (root / "data/visits.csv").open("a") as rows:
            rows.write("V01,Aville,12,,Notes 1,AA\nV02,Beburg,30,,Notes 2,AA\n")
        with (root / "chapters/queues.qmd").open("a") as chapter:
            chapter.write(f"\n{FIGURE}")
        yield root


@pytest.fixture(scope="module")
def site(second: Path) -> Path:
    return build.build(second, targets={"html", "pdf"}).out


def test_its_sources_hold(second: Path) -> None:
    assert check_data(load_project(second)) == []
    assert check_references(load_project(second)) == []
    assert check_privacy(load_project(second)) == []
    assert check_claims(load_project(second)) == []
    assert check_sources(project.load(second)) == []


def test_its_chapters_are_in_the_order_of_its_settings(second: Path) -> None:
    chapters = [str(chapter.path) for chapter in project.load(second).chapters]
    assert chapters == ["index.qmd", "chapters/queues.qmd", "chapters/conclusion.qmd", "references.qmd"]


def test_its_pages_show_its_data_and_its_sources(site: Path) -> None:
    page = (site / "chapters/queues.html").read_text("utf8")
    (drawn,) = (site / "chapters" / name for name in re.findall(r'<img[^>]* src="([^"]+\.svg)"', page))
    assert 'width="120"' in drawn.read_text("utf8")  # thirty minutes, four pixels each
    assert "two towns were visited" in page
    assert "Smith, A. (2001)" in re.sub(r"<[^>]+>", "", (site / "references.html").read_text("utf8"))


def test_its_pdf_carries_its_title_and_author(site: Path) -> None:
    pdf = PdfReader(site / "queues.pdf")
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Queues in two towns"
    assert pdf.metadata.author == "Ann Author"
    assert "Minutes in the queue" in "".join(page.extract_text() for page in pdf.pages)


def test_nothing_of_the_first_paper_is_in_it(site: Path) -> None:
    """Its author, title and country, and what it calls its files."""
    first = project.load(REPOSITORY)
    words = [
        first.title,
        first.output_file,
        str(first.variables["country"]),
        *(a.name for a in first.authors),
    ]
    printed = "".join(page.extract_text() for page in PdfReader(site / "queues.pdf").pages)
    assert not [word for word in words if word in printed]
    for path in site.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".json", ".xml", ".txt", ".bib", ".ris"):
            text = path.read_text("utf8")
            assert not [word for word in words if word in text], path


# Where words of this paper's country are no content: rules for names, numbers and laws of a language area.
LANGUAGES = {
    "bibliography/rules/transliteration.py",
    "bibliography/rules/titles.py",
    "bibliography/proper_nouns.txt",
    "coding/exchange/codes.py",
    "coding/privacy/names.py",
    "coding/privacy/signs.py",
}


def test_no_general_module_speaks_of_this_paper() -> None:
    first = project.load(REPOSITORY)
    names = [name.split()[-1] for name in (author.name for author in first.authors)]
    words = ["Local drive", first.output_file, str(first.variables["country"]), "one-stop", "oblast", *names]
    package = REPOSITORY / "scripts/paper"
    found = [
        f"{path.relative_to(package)}: {word}"
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".j2", ".js", ".css", ".yml", ".typ", ".txt")
        and path.relative_to(package).as_posix() not in LANGUAGES
        and path.parent.name != "bundles"  # plotly.js, which knows every country
        for word in words
        if re.search(re.escape(word), path.read_text("utf8"), re.I)
    ]
    assert found == []
