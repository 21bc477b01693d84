"""Citations are found in the sources where pandoc sees them, with file, line and page."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_books import Book

from paper.bibliography import cited_in
from paper.bibliography.citations import Source, all_citations, citations, sources
from paper.project import load as load_project
from paper.text.citations import blank, is_cross_reference
from paper.tools import pandoc

SAMPLES = {
    "in the text and in brackets": "As @hood1991 [p. 3] and [see @a2000, pp. 1-2; -@b2001] say; [@{c 2002}] doesn't.\n",
    "at marks of sentences": "Thus @hood1991. And @hood1991: so; (@a2000), “@b2001”.\n",
    "keys with marks within": "[@DBLP:conf/x/SmithJ99; @a_b; @a.b.c; @{http://x.kz/a?b}]\n",
    "code": "Type `@no` or ``a `@no` b``; then @yes.\n\n```\n@no\n```\n\n~~~ {.x}\n@no\n~~~\n\n    @no\n\n@yes2\n",
    "an open backtick": "It costs 5` or @yes.\n\nAnd ` again @yes2.\n",
    "lists": "- one @yes\n\n    continued @yes2\n\n1. two @yes3\n",
    "comments": "A <!-- @no --> @yes <!--\n@no\n-->\n",
    "mail and web": "user@example.org, <mailto:a@example.org>, https://x.kz/@no, @yes; [a](http://x.kz/@no) \\@no\n",
    "footnotes and headings": "# Of @yes\n\nText.^[See @yes2.] More[^1].\n\n[^1]: And @yes3.\n",
    "further paragraphs of a note": "Text[^1].\n\n[^1]: First.\n\n    And @yes.\n\nThen:\n\n    @no\n",
    "tables": "| a | b |\n|---|---|\n| @yes | [@yes2] |\n",
    "quotations": "> As @yes says\n> [@yes2].\n",
    "math": "$x@no$ and $$\n@no\n$$ and @yes\n",
    "emphasis": "*@yes* **[@yes2]** ~~@yes3~~ “@yes4”\n",
    "attributes": "[a]{.x data-y=\"@no\"} and [@yes]{.z}\n",
    "raw": "```{=html}\n@no\n```\n\n@yes\n",
}  # fmt: skip


def seen_by_pandoc(text: str) -> Counter[str]:
    """The keys that pandoc's reader sees, with how often."""
    found: Counter[str] = Counter()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("t") == "Cite":
                found.update(c["citationId"] for c in node["c"][0] if not is_cross_reference(c["citationId"]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(pandoc.run(text, source=pandoc.READER, to="json")))
    return found


def seen_by_us(text: str) -> Counter[str]:
    return Counter(found.key for found in citations(Source("a.qmd", "a.html", text, blank(text))))


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_sees_what_pandoc_sees(text: str) -> None:
    assert seen_by_us(text) == seen_by_pandoc(text)


def test_sees_what_pandoc_sees_in_the_paper_itself(repository: Path) -> None:
    for source in sources(load_project(repository)):
        body = source.text
        assert seen_by_us(body) == seen_by_pandoc(body), source.file


def test_blanking_keeps_every_place() -> None:
    text = "---\ntitle: T\n---\n\nA `@no`\n\n```{python}\n#| fig-cap: Of @yes\nx = '@no'\n```\n"
    blanked = blank(text)
    assert len(blanked) == len(text) and blanked.count("\n") == text.count("\n")
    assert "@yes" in blanked and "@no" not in blanked


def test_places_pages_and_locators(book: Book) -> None:
    root = book(
        {
            "index.qmd": "# A\n\nSays @hood1991 [p. 3].\n",
            "chapters/one.qmd": "{{< include _part.qmd >}}\n\nAgain [see @hood1991, pp. 4-5; @a2000].\n",
            "chapters/_part.qmd": "Part: @hood1991.\n",
            "references.bib": "",
        }
    )
    found = [
        (c.file, c.line, c.column, c.page, c.occurrence, c.suffix, c.bracketed)
        for c in cited_in(load_project(root))["hood1991"]
    ]
    assert found == [
        ("index.qmd", 3, 6, "index.html", 1, "p. 3", False),
        ("chapters/one.qmd", 3, 12, "chapters/one.html", 1, "pp. 4-5", True),
        ("chapters/_part.qmd", 1, 7, "chapters/one.html", 2, "", False),
    ]


def test_figures_tables_and_own_kinds_are_no_works(book: Book) -> None:
    text = "@fig-x @Tbl-y @sec-z @eq-a @memo-b @figures2001 @sector-c\n"
    settings = "crossref:\n  custom:\n    - key: memo\n      kind: float\n"
    root = book({"index.qmd": text, "references.bib": ""}, settings)
    assert [c.key for c in all_citations(load_project(root))] == ["figures2001", "sector-c"]


def test_a_file_that_includes_itself_ends(book: Book) -> None:
    root = book({"index.qmd": "@a2000\n\n{{< include index.qmd >}}\n", "references.bib": ""})
    assert {c.key for c in all_citations(load_project(root))} == {"a2000"}


def test_the_brief_is_read_when_asked(book: Book) -> None:
    root = book({"index.qmd": "@a2000\n", "references.bib": ""})
    (root / "brief").mkdir()
    (root / "brief" / "brief.qmd").write_text("@b2000\n", "utf8")
    assert {c.key for c in all_citations(load_project(root))} == {"a2000"}
    assert {c.key for c in all_citations(load_project(root), brief=True)} == {"a2000", "b2000"}
