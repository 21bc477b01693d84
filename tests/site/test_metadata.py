"""What catalogues, search engines and programs that manage references read of the site."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
import yaml
from lxml import html as tree
from pybtex.database import parse_string

from paper import project as projects
from paper.project import Project
from paper.site.site import Page, write_site

SITE = "https://example.org/a/paper"
TEXT = "<p>" + "The text of this chapter begins with a sentence that describes it. " * 5 + "</p>"
PAGES = [
    Page("index.html", "Front", "Front", "index", body=TEXT),
    Page("chapters/introduction.html", "Introduction", "Introduction", "chapter", "1", body=TEXT),
    Page(
        "chapters/codebook.html", "Codebook", "Codebook", "appendix", "A", body=TEXT, description="The codes."
    ),
]
Write = Callable[..., Path]


@pytest.fixture
def book(repository: Path) -> Project:
    return projects.load(repository, "")


@pytest.fixture
def write(book: Project, tmp_path: Path) -> Write:
    """Write three pages as the project's site, with these settings of ``book:``; returns its folder."""

    def written(profile: str = "", **settings: object) -> Path:
        config = {**book.config, "book": {**book.book, "site-url": SITE, **settings}}
        write_site(replace(book, config=config, profile=profile), PAGES, tmp_path / "site")
        return tmp_path / "site"

    return written


def meta(path: Path, kind: str = "name") -> list[tuple[str, str]]:
    return [(m.get(kind), m.get("content")) for m in tree.parse(str(path)).iter("meta") if m.get(kind)]


# -- the landing page ---------------------------------------------------------------------------------------


def test_the_landing_page_has_the_tags_that_scholar_and_zotero_read(write: Write) -> None:
    tags = [(name, said) for name, said in meta(write() / "index.html") if name.startswith("citation_")]
    assert tags == [
        (
            "citation_title",
            "Local Drive for Optimization of Public Services in Post-Soviet Transition Settings: "
            "Evidence from Kazakhstan",
        ),
        ("citation_author", "Kurmanov, Bakhytzhan"),
        ("citation_author_institution", "Graduate School of Public Policy, Nazarbayev University"),
        ("citation_publication_date", "2026/11/23"),
        ("citation_language", "en"),
        (
            "citation_keywords",
            "public services; new public management; business process re-engineering; institutional mimicry; "
            "local government; Kazakhstan",
        ),
        ("citation_public_url", f"{SITE}/"),
        ("citation_pdf_url", f"{SITE}/local-drive.pdf"),
    ]


def test_only_the_landing_page_has_them(write: Write) -> None:
    """Scholar would take each chapter for a paper of its own."""
    site = write()
    for path in site.rglob("*.html"):
        if path != site / "index.html":
            assert not [name for name, _ in meta(path) if name.startswith("citation_")], path
            assert "ScholarlyArticle" not in path.read_text("utf8")


def test_the_landing_page_is_a_scholarly_article_in_json_ld(write: Write, book: Project) -> None:
    page = tree.parse(str(write() / "index.html"))
    (script,) = page.xpath("//script[@type='application/ld+json']")
    record = json.loads(script.text)
    assert (record["@context"], record["@type"]) == ("https://schema.org", "ScholarlyArticle")
    assert record["headline"] == book.title
    assert record["author"][0]["name"] == "Bakhytzhan Kurmanov"
    assert record["description"] == book.description
    assert record["creativeWorkStatus"] == "Incomplete draft, for information only"
    assert record["datePublished"] == "2026-11-23"
    assert record["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert record["encoding"]["contentUrl"] == f"{SITE}/local-drive.pdf"


def test_words_of_the_title_cannot_end_the_script(write: Write) -> None:
    title = 'A </script><script>alert("x")</script> & <!-- title'
    page = tree.parse(str(write(title=title) / "index.html"))
    (script,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(script.text)["headline"] == title
    assert page.findtext(".//title") == title
    assert [s.get("src") or s.get("type") for s in page.iter("script")] == [
        "assets/js/theme.js", "assets/js/site.js", "assets/js/preview.js", "assets/js/search.js",
        "application/ld+json", "application/json",
    ]  # fmt: skip


# -- sharing --------------------------------------------------------------------------------------------------


def test_a_shared_link_shows_title_description_and_a_picture(write: Write) -> None:
    site = write()
    front = dict(meta(site / "index.html", "property"))
    assert front["og:url"] == f"{SITE}/index.html"
    assert front["og:image"] == f"{SITE}/assets/og.png"
    assert front["og:description"].startswith("What drives local bodies")
    assert dict(meta(site / "index.html"))["twitter:card"] == "summary_large_image"
    head = (site / "assets/og.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (1200, 630)


def test_a_page_is_described_by_itself_or_by_how_it_begins(write: Write) -> None:
    site = write()
    assert dict(meta(site / "chapters/codebook.html"))["description"] == "The codes."
    said = dict(meta(site / "chapters/introduction.html"))["description"]
    assert said.startswith("The text of this chapter begins")
    assert said.endswith(" …")
    assert len(said) <= 202


def test_the_same_words_make_the_same_picture(write: Write) -> None:
    first = (write() / "assets/og.png").read_bytes()
    assert (write() / "assets/og.png").read_bytes() == first
    assert (write(title="Another title") / "assets/og.png").read_bytes() != first


# -- addresses --------------------------------------------------------------------------------------------------


def test_each_page_names_its_one_address(write: Write) -> None:
    site = write()
    for name in ("index.html", "chapters/introduction.html", "state.html"):
        links = tree.parse(str(site / name)).xpath("//link[@rel='canonical']/@href")
        assert links == [f"{SITE}/{name}"]


def test_without_an_address_nothing_claims_one(write: Write) -> None:
    site = write(**{"site-url": None})
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text()
    for path in site.rglob("*.html"):
        page = tree.parse(str(path))
        assert page.xpath("//link[@rel='canonical']") == []
        assert not {"og:url", "og:image"} & {name for name, _ in meta(path, "property")}
        assert "citation_pdf_url" not in dict(meta(path))


def test_the_page_that_stands_for_missing_ones_works_at_any_depth(write: Write) -> None:
    page = tree.parse(str(write() / "404.html"))
    addresses = [link.get("href") for link in page.iter("a", "link") if link.get("href")]
    assert "/a/paper/chapters/introduction.html" in addresses
    assert all(address.startswith(("/a/paper/", "#", "mailto:", "https:")) for address in addresses)


def test_the_sitemap_lists_the_pages_and_robots_txt_names_it(write: Write) -> None:
    site = write()
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = xml.parse(site / "sitemap.xml").findall("s:url", spaces)
    assert [url.findtext("s:loc", None, spaces) for url in found] == [f"{SITE}/{page.path}" for page in PAGES]
    assert {url.findtext("s:lastmod", None, spaces) for url in found} == {"2026-11-23"}
    assert (site / "robots.txt").read_text() == f"User-agent: *\nAllow: /\nSitemap: {SITE}/sitemap.xml\n"


def test_pages_about_the_site_are_not_indexed(write: Write) -> None:
    site = write()
    assert dict(meta(site / "state.html"))["robots"] == "noindex"
    assert "robots" not in dict(meta(site / "chapters/introduction.html"))


def test_synthetic_data_are_never_indexed_and_always_named(write: Write) -> None:
    site = write(profile="demo")
    assert (site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    for path in site.rglob("*.html"):
        assert dict(meta(path))["robots"] == "noindex"
        assert "Synthetic data: every interview shown" in path.read_text("utf8")


def test_llms_txt_leads_to_the_text_of_every_page_with_a_sentence_and_to_every_file(write: Write) -> None:
    site = write()
    text = (site / "llms.txt").read_text("utf8")
    assert text.startswith("# Local Drive for Optimization")
    assert "> Incomplete draft, for information only What drives local bodies" in text
    for path in ("local-drive.pdf", "local-drive.epub", "cite.bib"):
        assert f"({SITE}/{path})" in text
    listed = re.findall(rf"^- \[.+?\]\({SITE}/(\S+?\.llms\.md)\)", text, re.M)
    assert listed == [page.path.replace(".html", ".llms.md") for page in PAGES]
    assert all((site / path).is_file() for path in listed)
    assert re.search(r"index\.llms\.md\): What drives local bodies", text)


def test_each_page_leads_to_its_text_as_markdown(write: Write) -> None:
    site = write()
    for page in PAGES:
        own = tree.parse(str(site / page.path))
        (address,) = own.xpath("//link[@rel='alternate'][@type='text/markdown']/@href")
        assert (site / page.path).parent.joinpath(address).is_file()
    assert not tree.parse(str(site / "state.html")).xpath("//link[@type='text/markdown']")


def test_neither_is_in_the_working_edition_and_synthetic_data_are_marked(write: Write) -> None:
    demo = write(profile="demo")
    texts = list(demo.rglob("*.llms.md"))
    assert texts and all("**Synthetic data:" in path.read_text("utf8") for path in texts)
    for given in ({"profile": "working"}, {"llms-txt": False}):
        shutil.rmtree(demo)
        written = write(**given)
        assert not [*written.rglob("*.llms.md"), *written.rglob("llms.txt")]


def test_the_feed_is_atom_with_an_entry_for_the_draft(write: Write) -> None:
    feed = xml.parse(write() / "feed.xml").getroot()
    spaces = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    (entry,) = feed.findall("a:entry", spaces)
    assert entry.findtext("a:title", None, spaces) == "Draft of 23 November 2026"
    assert entry.find("a:link", spaces).get("href") == f"{SITE}/index.html"
    assert entry.findtext("a:updated", None, spaces) == "2026-11-23T00:00:00Z"
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", None, spaces)


# -- citing ---------------------------------------------------------------------------------------------------


def test_bibtex_reads_back_and_leads_to_the_draft_that_is_cited(write: Write, book: Project) -> None:
    entries = parse_string((write() / "cite.bib").read_text("utf8"), "bibtex").entries
    assert list(entries) == ["kurmanov2026"]
    entry = entries["kurmanov2026"]
    assert entry.type == "unpublished"
    assert [str(person) for person in entry.persons["author"]] == ["Kurmanov, Bakhytzhan"]
    assert entry.fields["title"] == "{" + book.title + "}"
    assert entry.fields["note"] == "Incomplete draft, for information only"
    assert entry.fields["url"] == f"{SITE}/drafts/2026-11-23/"


def test_ris_has_the_lines_that_its_readers_ask_for(write: Write, book: Project) -> None:
    text = (write() / "cite.ris").read_bytes().decode("utf8")
    assert text.endswith("ER  - \r\n")
    lines = [line.split("  - ", 1) for line in text.split("\r\n") if line]
    assert lines[0] == ["TY", "UNPB"]
    assert ["AU", "Kurmanov, Bakhytzhan"] in lines
    assert ["TI", book.title] in lines
    assert ["UR", f"{SITE}/drafts/2026-11-23/"] in lines
    assert ["L1", f"{SITE}/local-drive.pdf"] in lines


def test_the_reference_in_apa_is_whole(write: Write) -> None:
    page = tree.parse(str(write() / "chapters/introduction.html"))
    assert page.xpath("//pre[@id='cite-apa']")[0].text == (
        "Kurmanov, B. (2026). Local Drive for Optimization of Public Services in Post-Soviet Transition Settings: "
        "Evidence from Kazakhstan [Incomplete draft, for information only, version 0.1.0]. Graduate School of Public "
        f"Policy, Nazarbayev University. {SITE}/drafts/2026-11-23/"
    )


def test_citation_cff_says_what_the_book_says(book: Project, repository: Path) -> None:
    said = yaml.safe_load((repository / "CITATION.cff").read_text("utf8"))
    (author,) = book.authors
    person = {
        "given-names": "Bakhytzhan",
        "family-names": "Kurmanov",
        "email": author.email,
        "affiliation": f"{author.department}, {author.affiliation}",
    }
    assert f"{person['given-names']} {person['family-names']}" == author.name
    assert said["title"] == said["preferred-citation"]["title"] == book.title
    assert said["authors"] == said["preferred-citation"]["authors"] == [person]
    assert said["version"] == said["preferred-citation"]["version"] == book.version
    assert said["date-released"] == book.date
    assert (said["preferred-citation"]["year"], said["preferred-citation"]["month"]) == (
        book.date.year,
        book.date.month,
    )
    assert tuple(said["keywords"]) == book.keywords
    assert said["preferred-citation"]["notes"] == book.variables["status"]
    assert said["license"].replace("-", " ").startswith("CC BY")
    assert "CC BY 4.0" in book.variables["licence"]["text"]
