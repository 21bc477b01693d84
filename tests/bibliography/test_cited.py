"""Under each entry of the book's list of references: links to every place that cites it, and they lead there."""

from __future__ import annotations

import re

from paper.site.cited import link_citations
from paper.site.site import Page
from paper.words import words


def cite(*keys: str) -> str:
    return f'<p>Says <span class="citation" data-cites="{" ".join(keys)}"><a href="#ref-{keys[0]}">x</a></span>.</p>'


def entry(key: str) -> str:
    return f'<div id="ref-{key}" class="csl-entry" role="listitem">Work {key}.</div>\n'


INTRODUCTION = Page(
    "chapters/introduction.html", "Introduction & more: With a subtitle", "", "chapter", "1",
    cite("hood1991") + cite("knox2008", "hood1991") + f'<div id="refs">{entry("hood1991")}</div>',
)  # fmt: skip
FRONT = Page("index.html", "Front page", "", "index", "", cite("knox2008") + cite("a:b"))
REFERENCES = Page(
    "chapters/references.html", "References", "", "unnumbered", "",
    f'<div id="refs">{entry("a:b")}{entry("hood1991")}{entry("knox2008")}{entry("quiet2000")}</div>',
)  # fmt: skip
PAGES = [FRONT, INTRODUCTION, REFERENCES]


def body(path: str) -> str:
    return next(page.body for page in link_citations(PAGES, words("en")) if page.path == path)


def test_an_entry_leads_to_every_place_that_cites_it() -> None:
    listed = re.findall(r'<div id="ref-hood1991".*?</div>', body("chapters/references.html"))
    assert listed == [
        '<div id="ref-hood1991" class="csl-entry" role="listitem">Work hood1991.'
        '<nav role="none" class="cited-in" data-pagefind-ignore>Cited in '
        '<a href="introduction.html#cite-hood1991-1">Introduction &amp; more</a> '
        '<a href="introduction.html#cite-knox2008-1" aria-label="Introduction &amp; more, place 2">2</a></nav></div>'
    ]


def test_pages_are_parted_and_other_folders_reached() -> None:
    text = body("chapters/references.html")
    assert (
        '<a href="../index.html#cite-knox2008-1">Front page</a>; <a href="introduction.html#cite-knox2008-1">'
        in text
    )
    assert '<a href="../index.html#cite-a%3Ab-1">' in text


def test_every_link_leads_to_a_place_that_is_there() -> None:
    bodies = {page.path.rpartition("/")[2]: page.body for page in link_citations(PAGES, words("en"))}
    links = re.findall(r'href="(?:\.\./)?([\w.]+)#(cite-[^"]+)"', bodies["references.html"])
    assert len(links) == 5
    assert all(f'id="{place.replace("%3A", ":")}"' in bodies[page] for page, place in links)
    for text in bodies.values():
        ids = re.findall(r'id="(cite-[^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_a_work_that_nothing_cites_has_no_links() -> None:
    assert f"{entry('quiet2000')}" in body("chapters/references.html")


def test_a_pages_own_list_leads_back_to_its_places() -> None:
    listed = re.findall(r'<div id="ref-hood1991".*?</div>', body("chapters/introduction.html"))
    assert re.findall(r'href="([^"]*)"[^>]*>(\d)<', listed[0]) == [
        ("#cite-hood1991-1", "1"),
        ("#cite-knox2008-1", "2"),
    ]


def test_a_book_without_references_stays_as_it_is() -> None:
    page = Page("index.html", "A", "", "index", "", "<p>Text.</p>")
    assert link_citations([page], words("en")) == [page] and link_citations([], words("en")) == []
