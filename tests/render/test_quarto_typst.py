"""The template under Quarto: it stands between what Quarto defines before it and the text as Quarto's filters write it.

Quarto isn't run. The document below has, in its order, the names, rules and calls that its sources show.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader
from tests.render import pdf_parts

from paper.tools import pandoc

AROUND = """
#let callout-numbering = it => numbering("1.1", counter(heading).get().first(), it)
#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%))
#show terms.item: it => block[#strong(it.term) #it.description]
#let quarto_super(kind: str, caption: none, label: none, supplement: str, position: none, body) = body
#let callout(body: [], title: "Callout", icon: none) = block[#title #body]
#let NormalTok(s) = text(raw(s))

$typst-template.typ()$

#set table(inset: 6pt, stroke: none)
#let fa-exclamation() = [!]
#let brand-color = (:)
#set page(paper: "us-letter", margin: (x: 1.25in, y: 1.25in), numbering: none, columns: 1)

$typst-show.typ()$

#show heading.where(level: 1): it => {
  counter(figure.where(kind: "quarto-float-fig")).update(0)
  counter(figure.where(kind: "quarto-float-tbl")).update(0)
  counter(math.equation).update(0)
  it
}

$body$
"""

TEXT = """
#heading(level: 1, numbering: none)[Abstract]
<abstract>
#block[
#callout(
body:
[
Not yet whole.

]
,
title:
[
Mind
]
,
background_color:
rgb("#f7dddc")
,
icon_color:
rgb("#CC1914")
,
icon:
fa-exclamation()
,
body_background_color:
white
)
]
See #ref(<sec-one>, supplement: [Chapter]), #ref(<sec-near>, supplement: [Section]),
#ref(<fig-a>, supplement: [Figure]), #ref(<tbl-z>, supplement: [Table])
and #ref(<sec-things>, supplement: [Appendix]). Run #NormalTok("make");.

= One
<sec-one>
== Near
<sec-near>
#figure([
#box(image("a.svg", alt: "A square"))
], caption: figure.caption(
position: bottom,
[
A square
]),
kind: "quarto-float-fig",
supplement: "Figure",
)
<fig-a>

{appendices}
= Things
<sec-things>
#figure([
#table(
  columns: 2,
  align: (auto,auto,),
  table.header([Col], [Row],),
  table.hline(),
  [A], [B],
)
], caption: figure.caption(
position: top,
[
Letters
]),
kind: "quarto-float-tbl",
supplement: "Table",
)
<tbl-z>
"""

DIVIDER = "#heading(level: 1, numbering: none)[Appendices]"
FILTERED = '#show: appendices.with("Appendices", hide-parent: true)\n'

SETTINGS = """---
title: A book
by-author:
  - name: {literal: Ada Author}
    email: ada@example.org
    affiliations: [{name: A University, department: A School}]
date: 23 November 2026
version: "0.1.0"
status: Draft
keywords: [a, b]
lang: en
toc: true
toc-title: Contents
toc-depth: "2"
---

```{=typst}
BODY
```
"""


def compiled(repository: Path, tmp_path: Path, body: str, partials: str = "") -> str:
    """What a reader sees of the document that Quarto would hand to Typst, under its PDF standard.

    partials: the folder in ``assets/typst`` whose template it takes.
    """
    for folder in ("", partials):
        for path in (repository / "scripts/paper/assets/typst" / folder).glob("*.typ"):
            shutil.copyfile(path, tmp_path / path.name)
    (tmp_path / "quarto.typ").write_text(AROUND)
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>'
    )
    args = ["--wrap=none", f"--template={tmp_path / 'quarto.typ'}"]
    source = pandoc.run(SETTINGS.replace("BODY", body), source="markdown", to="typst-citations", args=args)
    (tmp_path / "book.typ").write_text(source)
    pdf = typst.compile(
        str(tmp_path / "book.typ"), format="pdf", pdf_standards="ua-1", ignore_system_fonts=True
    )
    (tmp_path / "book.pdf").write_bytes(pdf)
    return pdf_parts.words(tmp_path / "book.pdf").replace("\u00a0", " ")


@pytest.mark.parametrize(
    "appendices",
    [FILTERED + DIVIDER, FILTERED, DIVIDER],
    ids=["with Quarto's call and heading", "with its call alone", "with a heading alone"],
)
def test_appendices_are_lettered_however_quarto_opens_them(
    repository: Path, tmp_path: Path, appendices: str
) -> None:
    said = compiled(repository, tmp_path, TEXT.replace("{appendices}", appendices))
    assert "See Chapter 1, Section 1.1, Figure 1.1, Table A.1 and Appendix A. Run make." in said
    assert "Figure 1.1: A square" in said
    assert "Table A.1: Letters" in said
    assert "Appendix A Things" in said


def test_the_front_page_says_who_when_and_how_far(repository: Path, tmp_path: Path) -> None:
    said = compiled(repository, tmp_path, TEXT.replace("{appendices}", DIVIDER))
    assert "Ada Author A School, A University ada@example.org" in said
    assert "23 November 2026 · Version 0.1.0 Draft" in said
    assert "Mind Not yet whole." in said


def test_a_part_of_a_book_has_its_heading(repository: Path, tmp_path: Path) -> None:
    body = TEXT.replace("= One", "#part[First part]\n= One").replace("{appendices}", DIVIDER)
    said = compiled(repository, tmp_path, body)
    assert "First part 1 One" in said


def test_columns_of_the_brief_have_the_same_lines_in_either_engines_form(
    repository: Path, tmp_path: Path
) -> None:
    text = "A reform of the process of one body meets the controls and the back offices of all the others. "
    column = "== For a ministry\n\n" + text * 3
    ours = f"#grid(columns: (1fr, 1fr, 1fr,), column-gutter: 1em, {f'[{column}],' * 3})"
    boxes = f"rect(stroke: none, width: 100%)[{column}]," * 3
    quartos = f"#grid(\ncolumns: (33.3%, 33.3%, 33.3%), gutter: 1em, rows: 1,\n{boxes})"
    lines = []
    for form in (ours, quartos):
        compiled(repository, tmp_path, f"= What it means\n\n{form}\n", "brief")
        lines.append(PdfReader(tmp_path / "book.pdf").pages[0].extract_text().splitlines())
    assert len(lines[0]) > 20
    assert lines[0] == lines[1]


def test_a_query_in_the_brief_takes_no_room_in_the_working_edition(repository: Path, tmp_path: Path) -> None:
    said = compiled(repository, tmp_path, '= Sources\n\nA paper.#query-note("1")[Which one?]\n', "brief")
    assert "A paper." in said
    assert "Which one?" not in said
