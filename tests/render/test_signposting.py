"""Each page tells machines what it is, and its links lead to files that are there."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from paper import build

FILES = {
    "_quarto.yml": """
        project:
          type: book
        book:
          title: A small book
          author: {name: Aigerim Example, orcid: 0000-0002-1825-0097}
          site-url: https://example.org/book
          doi: 10.1234/book
          output-file: book
          chapters: [index.qmd, first.qmd]
        format:
          html: default
          typst: default
          docx: default
        """,
    "_variables.yml": """
        licence: {text: CC BY 4.0, url: "https://creativecommons.org/licenses/by/4.0/"}
        """,
    "index.qmd": "# Preface {.unnumbered}\n\nWords.\n",
    "first.qmd": "# First\n\nWords.\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("signposts")
    for name, text in FILES.items():
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    return build.build(root, targets={"html", "docx"}).out


def signs(page: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in BeautifulSoup(page.read_text("utf8"), "html.parser").head.find_all("link"):
        found.setdefault(" ".join(link["rel"]), []).append(link["href"])
    return found


def test_the_front_page_names_citation_authors_licence_type_and_forms(site: Path) -> None:
    found = signs(site / "index.html")
    assert found["cite-as"] == ["https://doi.org/10.1234/book"]
    assert found["author"] == ["https://orcid.org/0000-0002-1825-0097"]
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert found["type"] == ["https://schema.org/AboutPage", "https://schema.org/ScholarlyArticle"]
    assert found["describedby"] == ["cite.bib", "cite.ris"]
    assert found["item"] == ["book.docx"]  # no PDF was made
    for name in (*found["describedby"], *found["item"]):
        assert (site / name).is_file()


def test_other_pages_lead_to_the_front_page(site: Path) -> None:
    found = signs(site / "first.html")
    assert found["collection"] == ["index.html"] and "cite-as" not in found
    assert "collection" not in signs(site / "state.html")
