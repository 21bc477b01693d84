"""Each page tells machines what it is, and its links lead to files that are there."""

from __future__ import annotations

import shutil
import textwrap
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from signposting import find_signposting_html

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
          date: 2026-11-23
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
    assert found["describedby"] == ["cite.bib", "cite.ris", "ro-crate-metadata.json"]
    assert found["item"] == ["book.docx"]  # no PDF was made
    for name in (*found["describedby"], *found["item"]):
        assert (site / name).is_file()


def test_other_pages_lead_to_the_front_page(site: Path) -> None:
    found = signs(site / "first.html")
    assert found["collection"] == ["index.html"] and "cite-as" not in found
    assert "collection" not in signs(site / "state.html")


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def followed(address: str) -> dict[str, set[str]]:
    """Where the library that machines follow signposts with is led to, by relation."""
    found: dict[str, set[str]] = {}
    for signpost in find_signposting_html(address).signposts:
        found.setdefault(str(signpost.rel), set()).add(str(signpost.target).replace(address, ""))
    return found


def test_a_machine_finds_its_way_through_the_served_site(site: Path) -> None:
    with served(site) as address:
        front = followed(f"{address}/")
        assert front["cite-as"] == {"https://doi.org/10.1234/book"}
        assert front["author"] == {"https://orcid.org/0000-0002-1825-0097"}
        assert front["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
        assert front["type"] == {"https://schema.org/AboutPage", "https://schema.org/ScholarlyArticle"}
        for name in front["describedby"] | front["item"]:
            with urllib.request.urlopen(f"{address}/{name}", timeout=60) as answer:
                assert answer.status == 200 and answer.headers["Content-Type"]
        assert followed(f"{address}/first.html")["collection"] == {f"{address}/index.html"}


def test_a_machine_stumbles_at_planted_faults(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path, dirs_exist_ok=True)
    page = tmp_path / "index.html"
    text = page.read_text("utf8")
    page.write_text(text.replace('rel="cite-as"', 'rel="citeas"').replace("cite.bib", "gone.bib"), "utf8")
    with served(tmp_path) as address:
        front = followed(f"{address}/")
        assert "cite-as" not in front
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(
                f"{address}/{next(n for n in front['describedby'] if 'gone' in n)}", timeout=60
            )
