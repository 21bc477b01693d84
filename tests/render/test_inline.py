"""Inline code prints its value as text, in the representation that each format takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import numbered

Page = Callable[..., Any]
CELL = """
```{python}
#| include: false
from IPython.display import Markdown
s = "a *starred* _under_ string | 1. $x$ @key ... it's"
class Emphasis:
    def _repr_html_(self):
        return "<em>on the page</em>"
    def __repr__(self):
        return "elsewhere"
e = Emphasis()
```
"""


PRINTED = [
    ("2 + 3", "5"),
    ("-1.50", "-1.5"),
    ("None", "None"),
    ("s", "a *starred* _under_ string | 1. $x$ @key ... it’s"),
    ("f'{1234.5:,.2f}'", "1,234.50"),
    ("Markdown('**bold**')", "bold"),
    ("[1, 2]", "[1, 2]"),
    ("e", "on the page"),
]


def test_inline_code_prints_its_value(page: Page) -> None:
    text = "\n".join(f"Said «`{{python}} {code}`» here.\n" for code, _ in PRINTED)
    shown = re.findall("Said «(.*?)» here.", page(one=f"# One\n{CELL}\n{text}").text)
    assert list(zip([code for code, _ in PRINTED], shown, strict=True)) == PRINTED


def test_html_is_for_pages_and_text_for_print(book: Callable[..., Path]) -> None:
    import panflute as pf

    _, chapters = numbered(book(one=f"# One\n{CELL}\nSaid `{{python}} e`.\n"), "", "typst")
    assert "Said elsewhere." in pf.stringify(chapters[-1].doc)


def test_inline_code_stands_in_headings_captions_tables_and_notes(page: Page) -> None:
    table = "| `{python} 6` |\n|---|\n| x |\n\n: C `{python} 7` {#tbl-x}\n"
    text = f"# One\n{CELL}\n## Of `{{python}} 5`\n\n{table}\nA.^[N `{{python}} 8`]\n"
    told = page(one=text)
    assert told.main.select_one("#of-5")
    assert "Table 1.1: C 7 6 x" in told.text
    assert "N 8" in told.text


def test_escaped_inline_code_is_shown(page: Page) -> None:
    assert "Write {python} x so." in page(one=f"# One\n{CELL}\nWrite `{{{{python}}}} x` so.\n").text


def test_in_a_chapter_without_cells_inline_code_is_shown_unless_the_engine_is_named(page: Page) -> None:
    told = page(one="# One\n\nSaid `{python} 2 + 3`.\n")
    assert "Said {python} 2 + 3." in told.text
    assert [(n.line, n.rule) for n in told.notices] == [(3, "inline-code")]
    assert "Said 5." in page(one="---\nengine: jupyter\n---\n\n# One\n\nSaid `{python} 2 + 3`.\n").text
