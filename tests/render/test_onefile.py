"""The paper as one HTML file: it needs nothing else, and everything in it leads somewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html as tree
from playwright.sync_api import Browser

from paper import build

Book = Callable[..., Path]
CONFORMANCE = Path(__file__).parent.parent / "conformance" / "book"


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("onefile") / "book"
    shutil.copytree(CONFORMANCE, root)
    return build.build(root, targets=["onefile"]).outputs["one file"]


def test_nothing_is_fetched_from_anywhere(conformance: Path) -> None:
    page = tree.parse(str(conformance)).getroot()
    assert page.xpath("//script | //link | //iframe") == []
    sources = page.xpath("//img/@src")
    assert len(sources) == 3
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert "@import" not in conformance.read_text("utf8")
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")


def test_every_link_within_the_file_leads_somewhere_and_no_id_is_given_twice(conformance: Path) -> None:
    page = tree.parse(str(conformance)).getroot()
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = page.xpath("//a/@href")
    assert len([link for link in links if link.startswith("#")]) > 20
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert [link for link in links if not re.match(r"#|https?:|mailto:", link)] == []


def test_it_holds_every_chapter_and_one_list_of_references(conformance: Path) -> None:
    page = tree.parse(str(conformance)).getroot()
    headings = [" ".join(h.text_content().split()) for h in page.xpath("//article/h2")]
    assert headings == ["1 First chapter", "2 Second chapter", "References", "Appendix A — Instrument"]
    assert len(page.xpath("//*[@class and contains(@class, 'csl-bib-body')]")) == 1
    assert len(page.xpath("//h1")) == 1


def test_references_to_chapters_and_works_lead_to_them(conformance: Path) -> None:
    page = tree.parse(str(conformance)).getroot()
    chapter = page.xpath("//a[normalize-space(translate(., '\u00a0', ' '))='Chapter 1']/@href")[0]
    assert page.get_element_by_id(chapter[1:]).text_content().strip().startswith("1")
    work = page.xpath("//span[contains(@class, 'citation')]//a/@href")[0]
    assert "csl-entry" in page.get_element_by_id(work[1:]).get("class")


def test_what_only_a_site_can_do_is_left_out(book: Book) -> None:
    front = "# Preface {.unnumbered}\n\nHello.\n\n## Downloads {#downloads}\n\n- [PDF](A-small-book.pdf)\n"
    root = book(index=front, one="# One\n\nSee [the data](data.csv) and [the preface](index.qmd).\n")
    made = build.build(root, targets=["onefile"]).outputs["one file"].read_text("utf8")
    assert "Downloads" not in made
    assert "See the data and" in made
    assert 'href="#page-index"' in made


def test_status_and_synthetic_mark_head_the_file(book: Book) -> None:
    root = book({"_variables.yml": "status: Not for citation\n", "_quarto-demo.yml": "lang: en\n"})
    plain = build.build(root, targets=["onefile"]).outputs["one file"].read_text("utf8")
    assert "Not for citation" in plain
    assert "synthetic-banner" not in plain.split("</style>")[1]
    marked = build.build(root, targets=["onefile"], profile="demo").outputs["one file"].read_text("utf8")
    assert "synthetic-banner" in marked.split("</style>")[1]


def test_the_same_sources_give_the_same_bytes(book: Book) -> None:
    root = book(one="# One\n\nWords.^[A note.]\n")
    first = build.build(root, targets=["onefile"]).outputs["one file"].read_bytes()
    shutil.rmtree(root / "_site")
    assert build.build(root, targets=["onefile"]).outputs["one file"].read_bytes() == first


@pytest.mark.parametrize("width", [1440, 1280, 1000, 360])
def test_it_is_read_offline_at_every_width(conformance: Path, chrome: Browser, width: int) -> None:
    """Nothing is asked of the network, nothing is cut off, and the text stands in the middle of its room."""
    with chrome.new_context(viewport={"width": width, "height": 800}, offline=True) as context:
        page = context.new_page()
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(conformance.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [conformance.as_uri()]
        assert faults == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        text, contents = (page.locator(name).first.bounding_box() for name in ("article p", "nav.contents"))
        assert text is not None
        assert contents is not None
        beside = contents["width"] if width > 1088 else 0
        left, right = text["x"] - beside, width - text["x"] - text["width"]
        assert abs(left - right) < 20
        assert contents["x"] + contents["width"] <= text["x"] or not beside


def test_printed_it_has_the_width_of_the_sheet(conformance: Path, chrome: Browser) -> None:
    with chrome.new_context(viewport={"width": 700, "height": 1000}) as context:
        page = context.new_page()
        page.goto(conformance.as_uri())
        page.emulate_media(media="print")
        box, contents = (page.locator(name).first.bounding_box() for name in ("article p", "nav.contents"))
        assert box is not None
        assert contents is not None
        assert box["width"] > 650
        assert contents["x"] == box["x"]
