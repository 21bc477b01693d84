"""What a filter makes of the PDF and the Word file under Quarto, on trees as its filters leave them before the last.

Quarto isn't run: the trees have the form that its sources give (``customnodes/floatreftarget.lua`` and
``layout/docx.lua`` among its filters).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image
from pypdf import PdfReader
from tests.render.test_quarto_typst import compiled

from paper.tools import pandoc

FILTER = Path(__file__).parents[2] / "scripts/paper/assets/filters/looks.lua"
# A float as Quarto renders it for Word: its picture, or table, and its caption in the one cell of a table.
AS_QUARTO = """
local function float(div)
  local caption = div.content:remove()
  caption.content:insert(1, pandoc.RawInline("openxml", '<w:pPr><w:pStyle w:val="ImageCaption" /></w:pPr>'))
  local top = div.identifier:find("^tbl")
  div.content:insert(top and 1 or #div.content + 1, caption)
  local rows = { pandoc.List({ pandoc.List({ div }) }) }
  local made = pandoc.SimpleTable(pandoc.List(), { pandoc.AlignDefault }, { 1 }, pandoc.List(), rows)
  return pandoc.utils.from_simple_table(made)
end
return { { Div = function(div) if div.classes:includes("float") then return float(div) end end } }
"""
WORD = """---
title: A paper
author: Ada Author
date: 23 November 2026
version: "0.1.0"
status: Draft
by-author:
  - name: {{literal: Ada Author}}
    email: ada@example.org
    affiliations: [{{name: A University, department: A School}}]
  - name: {{literal: Bo Writer}}
---

See [Figure 1.1](#fig-a) and [Table 1.1](#tbl-b).

::: {{#fig-a .float}}
![]({picture}){{alt="A black square"}}

Figure 1.1: A square
:::

::: {{#tbl-b .float}}
| Name | What |
|------|------|
| a    | b    |

Table 1.1: Letters
:::

| Plain | table |
|-------|-------|
| c     | d     |
"""


@pytest.fixture
def document(tmp_path: Path) -> Any:
    Image.new("RGB", (40, 40)).save(tmp_path / "square.png")
    (tmp_path / "quarto.lua").write_text(AS_QUARTO)
    source = WORD.format(picture=tmp_path / "square.png")
    args = [
        f"--lua-filter={tmp_path / 'quarto.lua'}",
        f"--lua-filter={FILTER}",
        f"--output={tmp_path / 'a.docx'}",
    ]
    pandoc.run(source, source="markdown", to="docx", args=args)
    return docx.Document(str(tmp_path / "a.docx"))


def test_the_title_page_of_the_word_file_says_who_which_version_and_how_far(document: Any) -> None:
    said = [(p.style.name, p.text) for p in document.paragraphs]
    assert said[:7] == [
        ("Title", "A paper"),
        ("Author", "Ada Author"),
        ("Affiliation", "A School, A University"),
        ("Affiliation", "ada@example.org"),
        ("Author", "Bo Writer"),
        ("Date", "23 November 2026 · Version 0.1.0"),
        ("Draft Status", "Draft"),
    ]


def test_floats_of_the_word_file_stand_on_the_page_and_pictures_are_described(document: Any) -> None:
    said = [(p.style.name, p.text) for p in document.paragraphs]
    assert ("Captioned Figure", "") in said
    assert ("Image Caption", "Figure 1.1: A square") in said
    assert ("Table Caption", "Table 1.1: Letters") in said
    assert [len(table.columns) for table in document.tables] == [2, 2]  # none within another
    xml = document.element.xml
    assert 'descr="A black square"' in xml
    assert all(f'w:anchor="{name}"' in xml and f'w:name="{name}"' in xml for name in ("fig-a", "tbl-b"))


def test_claims_evidence_and_further_works_of_the_pdf_have_their_look() -> None:
    source = """So [it is *said*](#claim-a){.claim} ([see](#sec-b)).

::: {#claim-a .claim-evidence}
**It is said**
:::

::: {.further-reading}
A work.
:::
"""
    written = pandoc.run(source, source="markdown", to="typst", args=[f"--lua-filter={FILTER}"])
    assert 'So #claim(label("claim-a"))[it is #emph[said]]; (#link(<sec-b>)[see]).' in written
    assert "#evidence[\n#strong[It is said]\n\n]" in written
    assert '#metadata(none)#label("claim-a")' in written
    assert "#listed[\nA work.\n\n]" in written


def test_the_template_takes_what_the_filter_calls(repository: Path, tmp_path: Path) -> None:
    source = "# One\n\nSo [it is](#claim-a){.claim}.\n\n::: {#claim-a .claim-evidence}\n**Said**\n:::\n"
    body = pandoc.run(source, source="markdown", to="typst", args=[f"--lua-filter={FILTER}"])
    assert "So it is. Said" in compiled(repository, tmp_path, body)
    links = [a for page in PdfReader(tmp_path / "book.pdf").pages for a in page.get("/Annots") or []]
    assert links  # the claim leads to its evidence


def test_other_formats_stay_as_they_are() -> None:
    source = '[a](#claim-a){.claim} ![](b.png){fig-alt="c"}\n'
    plain = pandoc.run(source, source="markdown", to="json")
    assert json.loads(
        pandoc.run(source, source="markdown", to="json", args=[f"--lua-filter={FILTER}"])
    ) == json.loads(plain)
