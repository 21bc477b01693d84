"""The files of the site, read without a browser: valid, and no link leads nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
from lxml import html as tree
from tests.site.conftest import Site

from paper import project as projects
from paper.site.files import downloads

ADDRESSES = {"href", "src", "data-figure", "data-figure-narrow", "data-plotly"}
IDS = {"aria-labelledby", "aria-describedby", "for", "popovertarget", "data-copy"}


@cache
def read(path: Path) -> tree.HtmlElement:
    return tree.document_fromstring(path.read_bytes())


@cache
def ids(path: Path) -> list[str]:
    return [str(name) for name in read(path).xpath("//@id")]


def every(site: Site) -> Iterator[Path]:
    return (path for path in sorted(site.folder.rglob("*.html")))


def broken(path: Path, promised: set[Path]) -> Iterator[str]:
    """Links of a page that lead to no file, or to no place in it."""
    for element in read(path).iter(tree.etree.Element):
        for name in ADDRESSES & set(element.attrib):
            parts = urlsplit(element.get(name))
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if target in promised:
                continue
            fragment = unquote(parts.fragment)
            if not target.is_file() or (
                fragment and target.suffix == ".html" and fragment not in ids(target)
            ):
                yield element.get(name)


def test_every_link_and_every_anchor_leads_somewhere(site: Site, repository: Path) -> None:
    """A build of the pages alone lacks the other forms of the paper, which its links promise."""
    book = projects.load(repository, "")
    folders = [site.folder, *(path for path in (site.folder / "drafts").iterdir() if path.is_dir())]
    promised = {folder / name for folder in folders for name, _ in downloads(book)}
    # An earlier draft's page may have gone from the latest one, but none has here.
    wrong = {str(path.relative_to(site.folder)): list(broken(path, promised)) for path in every(site)}
    assert {page: links for page, links in wrong.items() if links} == {}


def test_what_refers_to_an_id_finds_it(site: Site) -> None:
    for path in every(site):
        known = set(ids(path))
        for name in IDS:
            for value in read(path).xpath(f"//@{name}"):
                assert set(value.split()) <= known, f"{path}: {name}={value}"


def test_ids_are_unique(site: Site) -> None:
    for path in every(site):
        assert [name for name, times in Counter(ids(path)).items() if times > 1] == [], path


def test_the_pages_are_valid_html(site: Site) -> None:
    for path in every(site):
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text("utf8"))
        assert parser.errors == [], path


def test_no_page_has_a_script_or_a_handler_in_its_text(site: Site) -> None:
    for path in every(site):
        page = read(path)
        assert [s.get("type") for s in page.iter("script") if not s.get("src")] in (
            ["application/json"],
            ["application/ld+json", "application/json"],
        ), path
        handlers = [
            name
            for element in page.iter(tree.etree.Element)
            for name in element.attrib
            if name.startswith("on")
        ]
        assert handlers == [], path


def test_headings_form_an_outline(site: Site) -> None:
    """A page begins with its title, and no level is left out on the way down."""
    for path in every(site):
        levels = [
            int(heading.tag[1]) for heading in read(path).find(".//main").iter("h1", "h2", "h3", "h4", "h5")
        ]
        assert levels[0] == 1
        steps = [f"h{a} → h{b}" for a, b in pairwise(levels) if b > a + 1]
        assert steps == [], path


def test_every_picture_and_drawing_has_words(site: Site) -> None:
    for path in every(site):
        for picture in read(path).iter("img"):
            assert picture.get("alt"), path
        for drawing in read(path).xpath("//main//svg[@role='img']"):
            assert drawing.get("aria-label") or drawing.get("aria-labelledby"), path


def test_every_page_says_its_language_and_is_named(site: Site) -> None:
    titles = []
    for path in every(site):
        page = read(path)
        assert page.get("lang") == "en"
        if "drafts" not in path.relative_to(site.folder).parts:
            titles.append(page.findtext(".//title"))
    assert len(titles) == len(set(titles))


def test_paragraphs_keep_their_links_when_others_change(site: Site) -> None:
    """The earlier draft has one other sentence: every other paragraph of its page has the same id."""
    now = set(re.findall(r'<p id="(p-[0-9a-f]+)"', (site.folder / "index.html").read_text("utf8")))
    then = set(
        re.findall(r'<p id="(p-[0-9a-f]+)"', (site.folder / "drafts/2020-01-31/index.html").read_text("utf8"))
    )
    assert now == then != set()
