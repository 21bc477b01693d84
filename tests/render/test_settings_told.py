"""Every setting does what it says or is told once with its line, and a misspelt one with the name that is meant."""

from __future__ import annotations

import html
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from paper import build, project
from paper.checks.before_build import check_book
from paper.checks.settings_check import HONOURED, NOTHING_TO_DO, quarto_keys, table
from paper.errors import ChapterError, ProjectError
from paper.images.policy import hash_of

Book = Callable[..., Path]
SETTINGS = """  pdf:
    documentclass: book
smooth-scroll: true
toc-deph: 2
number-sections: true
my-own-words: 3
editor: visual
theme: [cosmo]
"""
FRONT = """---
title: One
page-layout: full
number-section: false
format:
  html:
    code-tools: true
---

```{python}
#| ech: false
#| out-width: 50%
1
```
"""


def test_what_changes_nothing_is_told_once_with_its_line(book: Book) -> None:
    root = book(one=FRONT, settings=SETTINGS)
    settings = root / "_quarto.yml"
    settings.write_text(
        settings.read_text().replace("  author:", "  sidebar: {style: docked}\n  autor: Me\n  author:")
    )
    told = [(f.place, f.message, f.remedy, f.severity) for f in check_book(project.load(root))]
    quarto = "Quarto uses it (`--engine quarto`)"
    lines = {text.split(":")[0].strip(): n for n, text in enumerate(settings.read_text().splitlines(), 1)}
    at = {name: f"_quarto.yml:{line}" for name, line in lines.items()}
    used = "is not used by the embedded engine"
    assert (at["sidebar"], f"book: sidebar {used}", quarto, "note") in told
    assert (at["autor"], "book: autor is no setting", "did you mean author?", "warning") in told
    assert (at["smooth-scroll"], f"smooth-scroll {used}", quarto, "note") in told
    assert (at["toc-deph"], "toc-deph is no setting", "did you mean toc-depth?", "warning") in told
    assert (at["theme"], f"theme {used}", quarto, "note") in told
    assert any(place == at["pdf"] and "doesn't make this format" in said for place, said, _, _ in told)
    assert ("one.qmd:3", f"page-layout {used}", quarto, "note") in told
    assert ("one.qmd:4", "number-section is no setting", "did you mean number-sections?", "warning") in told
    assert ("one.qmd:7", f"format: html: code-tools {used}", quarto, "note") in told
    assert ("one.qmd:10", "the cell's option 'ech' is no option", "did you mean echo?", "warning") in told
    assert ("one.qmd:10", f"the cell's option 'out-width' {used}", quarto, "note") in told
    assert not [said for _, said, _, _ in told if "my-own-words" in said or "editor" in said]


def test_what_an_extension_brings_and_nobody_uses_is_told(book: Book) -> None:
    text = "title: Journal\ncontributes:\n  formats:\n    html:\n      toc: true\n  filters: []\n"
    root = book({"_extensions/j/journal/_extension.yml": text}, one="# One\n")
    [told] = [f for f in check_book(project.load(root)) if f.rule == "setting"]
    assert (told.place, told.severity) == ("_extensions/j/journal/_extension.yml:3", "warning")
    assert "the settings for formats of the extension journal" in told.message


def test_a_chapter_listed_twice_stands_once_and_is_told(book: Book) -> None:
    root = book(one="# One\n", two="# Two\n")
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text().replace("    - two.qmd", "    - two.qmd\n    - one.qmd"))
    loaded = project.load(root)
    assert [str(chapter.path) for chapter in loaded.chapters if chapter.kind == "chapter"] == [
        "one.qmd",
        "two.qmd",
    ]
    (fault,) = [f for f in check_book(loaded) if f.rule == "chapter-twice"]
    assert (fault.severity, "one.qmd is listed twice" in fault.message) == ("warning", True)
    assert fault.line == settings.read_text().splitlines().index("    - one.qmd", fault.line - 1) + 1


def test_the_design_lists_what_the_engine_acts_on(repository: Path) -> None:
    assert table() in (repository / ".github/guides/settings.md").read_text("utf8")
    quarto = quarto_keys()
    known = quarto["document"] | quarto["cell"] | {"keywords", "profile", "book", "project"}
    for group, names in HONOURED.items():
        ours = {
            "lst-cap",
            "lst-label",
            "export",
            "name",
            "tags",
            "id",
            "fig-scap",
            "message",
            "caption",
            "reference-section-title",
            "suppress-bibliography",
            "callout-icon",
            "callout-appearance",
        }
        assert names - ours <= known | quarto[group], group
    code = "".join(
        p.read_text("utf8") for p in (repository / "scripts/paper").rglob("*.py") if "_check" not in p.name
    )
    missing = [n for n in HONOURED["document"] | HONOURED["book"] if f'"{n}"' not in code]
    assert missing == [], "no code of the engine names it"
    assert not NOTHING_TO_DO & HONOURED["document"]


OF_PAGES = """
  favicon: images/icon.svg
  page-footer:
    left: "Written by **hand**"
    right:
      - text: Elsewhere
        href: https://example.org
      - text: Chapter
        href: one.qmd
"""
INCLUDED = """format:
  html:
    include-in-header:
      - text: <meta name="own" content="header words">
    include-before-body: before.html
    include-after-body:
      - file: after.html
"""


def test_a_book_shows_its_cover_and_leads_from_images_to_their_full_size(book: Book) -> None:
    files = {"images/cover.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}
    text = "# One\n\n![A](images/cover.svg){#fig-a fig-alt='Told'}\n\n![B](images/cover.svg){.nolightbox}\n\n"
    text += "[![](images/cover.svg)](https://example.org)\n"
    root = book(files, one=text, settings="lightbox: auto\n")
    settings = root / "_quarto.yml"
    own = "  cover-image: images/cover.svg\n  cover-image-alt: A cover\n  site-url: https://example.org\n"
    settings.write_text(
        settings.read_text().replace("  author: Test Author\n", f"  author: Test Author\n{own}")
    )
    report = build.build(root, targets=["html"])
    assert not report.notices
    front, page = (
        BeautifulSoup((root / f"_site/{n}.html").read_text("utf8"), "lxml") for n in ("index", "one")
    )
    assert front.select_one("main .cover-image img[src='images/cover.svg'][alt='A cover']")
    assert (root / "_site/images/cover.svg").is_file()
    shared = "meta[property='og:image'][content='https://example.org/images/cover.svg']"
    assert front.select_one(shared) and not page.select_one(".cover-image")
    [link] = page.select("main a.lightbox")
    assert link["href"] == "images/cover.svg" and link.find_parent(id="fig-a") and link.img["alt"] == "Told"


OWN_INCLUDES = """---
title: One
include-after-body: {text: "<p>After this chapter.</p>"}
format:
  html:
    include-in-header: own.html
  typst:
    papersize: a5
---

Words.
"""


def test_a_chapters_own_html_stands_in_its_page_alone(book: Book) -> None:
    files = {"chapters/own.html": "<meta name='own' content='of one'>", "chapters/two.qmd": "# Two\n"}
    root = book(files, one="# First\n")
    settings = root / "_quarto.yml"
    settings.write_text(
        settings.read_text().replace("    - one.qmd", "    - chapters/one.qmd\n    - chapters/two.qmd")
    )
    (root / "chapters/one.qmd").write_text(OWN_INCLUDES)
    told = [(f.place, f.message) for f in build.build(root, targets=["html"]).notices]
    pages = [
        BeautifulSoup((root / f"_site/chapters/{n}.html").read_text("utf8"), "lxml") for n in ("one", "two")
    ]
    assert [bool(page.select_one("head meta[name=own][content='of one']")) for page in pages] == [True, False]
    assert ["After this chapter." in page.get_text() for page in pages] == [True, False]
    said = "format: typst: papersize of one chapter is not used: the PDF is set as a whole"
    assert told == [("chapters/one.qmd:8", said)]
    (root / "chapters/own.html").unlink()
    with pytest.raises(ChapterError, match=r"include-in-header: there is no file own\.html") as caught:
        build.build(root, targets=["html"])
    assert str(caught.value.place) == "chapters/one.qmd:6"


def test_a_page_has_the_icon_the_footer_and_the_html_that_a_book_asks_for(book: Book) -> None:
    script = "document.body.dataset.ran = 'yes'"
    files = {
        "images/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "before.html": "<p>Before all.</p>",
        "after.html": f"<script>{script}</script>",
    }
    root = book(files, one="# One\n")
    settings = root / "_quarto.yml"
    given = settings.read_text().replace("format:\n  html: default\n", INCLUDED)
    settings.write_text(given.replace("  author: Test Author\n", f"  author: Test Author{OF_PAGES}"))
    report = build.build(root, targets=["html"])
    assert not report.notices
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    assert page.select_one("link[rel=icon][href='images/icon.svg']")
    assert (root / "_site/images/icon.svg").is_file()
    assert page.select_one("head meta[name=own][content='header words']")
    footer = page.select_one(".own-footer")
    assert footer and footer.strong and footer.strong.get_text() == "hand"
    assert [a["href"] for a in footer.select("a")] == ["https://example.org", "one.html"]
    assert page.body and "Before all." in page.body.get_text()
    policy = str(page.select_one("meta[http-equiv]"))
    assert hash_of(script) in html.unescape(policy)
    (root / "before.html").write_text("<p>Other words.</p>")
    build.build(root, targets=["html"])
    assert "Other words." in (root / "_site/one.html").read_text("utf8")
    (root / "before.html").unlink()
    with pytest.raises(ProjectError, match=r"there is no file before\.html"):
        build.build(root, targets=["html"])


def test_a_book_with_a_remote_is_told_which_addresses_it_lacks_and_what_they_may_be(book: Book) -> None:
    root = book(one="# One\n")
    assert not build.build(root, targets=["html"]).notices  # nothing says that it is to be published
    for arguments in (("init", "-q"), ("remote", "add", "origin", "git" + "@github.com:Name/a.paper.git")):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    (root / "one.qmd").write_text("# One more\n")
    notes = {note.message.split(",")[0]: note for note in build.build(root, targets=["html"]).notices}
    assert {note.severity for note in notes.values()} == {"note"}
    assert "site-url: https://name.github.io/a.paper" in notes["without site-url"].remedy
    assert "repo-url: https://github.com/Name/a.paper" in notes["without repo-url"].remedy
    assert str(notes["without site-url"].place) == "_quarto.yml:5"
    settings = root / "_quarto.yml"
    given = (
        "book:\n  site-url: https://example.org\n  repo-url: https://example.org/code\n  repo-branch: final\n"
    )
    settings.write_text(settings.read_text().replace("book:\n", f"{given}  repo-subdir: book\n"))
    assert not build.build(root, targets=["html"]).notices
    assert "https://example.org/code/blob/final/book/one.qmd" in (root / "_site/one.html").read_text("utf8")
