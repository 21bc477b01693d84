"""What an author takes out acts nowhere, and what is shown in some formats only is in no other."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
from bs4 import BeautifulSoup

from paper import build

Book = Callable[..., Path]


def docx_text(file: Path) -> str:
    """The words of a Word file, its notes after its text."""
    with zipfile.ZipFile(file) as archive:
        parts = [archive.read(f"word/{name}.xml").decode() for name in ("document", "footnotes")]
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", "\n".join(parts)))


def pdf_text(file: Path) -> str:
    """The words of a PDF."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file))


COMMENTED = """\
# One

<!-- {{< include nowhere.qmd >}} -->

Before. <!-- `{python} 1/0` --> After.

<!-- A comment over lines:
# A heading

{{< include nowhere.qmd >}}

```{python}
1 / 0
```

@fig-nowhere [@nobody2000] [^nothing]
--> Behind.

`<!-- shown -->`

```markdown
<!-- also
shown -->
```
"""


def test_what_is_commented_out_is_not_looked_for_nor_run(book: Book) -> None:
    root = book(one=COMMENTED)
    report = build.build(root, targets=["html"])
    main = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").select_one("main")
    assert main is not None
    text = re.sub(r"\s+", " ", main.get_text(" "))
    for words in ("Before. After.", "Behind.", "<!-- shown -->", "<!-- also shown -->"):
        assert words in text
    assert "A heading" not in text
    assert report.notices == []


CONDITIONAL = """\
# One

::: {#fig-print .content-visible unless-format="html"}
![](sq.svg)

For print only
:::

::: {#tbl-page .content-visible when-format="html:js"}
| a |
|---|
| for pages only |

: On the page
:::

::: {#thm-print .content-hidden when-format="html"}
A theorem for print.
:::

::: {.callout-note .content-visible when-format="docx"}
A callout for Word.
:::

``` {.python .content-visible when-format="html"}
code_of_the_page()
```

::: {.content-visible when-format="pdf"}
For the PDF.
:::

![Not counted](sq.svg){#picture}

![Counted](sq.svg){#fig-counted}
"""


def test_a_condition_on_a_float_itself_holds_in_every_format(book: Book) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    root = book({"sq.svg": svg}, one=CONDITIONAL)
    build.build(root, targets=["html", "pdf", "docx"])
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").select_one("main")
    assert page is not None
    texts = {
        "html": page.get_text(" "),
        "pdf": pdf_text(next((root / "_site").glob("*.pdf"))),
        "docx": docx_text(next((root / "_site").glob("*.docx"))),
    }
    shown = {
        "For print only": {"pdf", "docx"},
        "for pages only": {"html"},
        "A theorem for print": {"pdf", "docx"},
        "A callout for Word": {"docx"},
        "code_of_the_page": {"html"},
        "For the PDF": {"pdf"},
        "Not counted": {"html", "pdf", "docx"},
    }
    assert {words: {form for form in texts if words in texts[form]} for words in shown} == shown
    # An id that is no label counts nothing: https://github.com/quarto-dev/quarto-cli/issues/2742
    assert "Figure\xa01.1: Counted" in texts["html"]
    assert "Figure\xa01.2: Counted" in texts["docx"]


NOTES = """\
# One

Text.^[Outer words^[Inner words] end.] More.[^a]

[^a]: Second words.
[^a]: Third words.

[^b]: Unused words.

Open.[^c]
"""


def test_notes_within_notes_are_printed_and_wrong_names_told(book: Book) -> None:
    root = book(one=NOTES)
    report = build.build(root, targets=["html", "docx"])
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    assert [n["id"] for n in page.select("section.footnotes li")] == ["fn1", "fn2", "fn3"]
    assert [mark.get_text() for mark in page.select("section.footnotes .footnote-ref")] == ["3"]
    inner = page.select_one("#fn3")
    assert inner is not None
    assert "Inner words" in inner.get_text()
    assert "Outer words [Inner words] end." in docx_text(next((root / "_site").glob("*.docx")))
    assert [(n.line, n.rule) for n in report.notices] == [
        (6, "note-twice"),
        (8, "note-unused"),
        (10, "note-missing"),
    ]
    assert "first in line 5" in report.notices[0].message


MOVED = """\
# One

::: {#later}
Moved words.
:::

Middle.

{{< contents later >}}

{{< contents from-cell >}}

{{< contents nothing >}}

```{python}
#| label: from-cell
print(6 * 7)
```
"""


def test_contents_are_shown_where_they_are_called_for(book: Book) -> None:
    root = book(one=MOVED)
    report = build.build(root, targets=["html"])
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").select_one("main")
    assert page is not None
    assert page.get_text().split() == ["1", "One", "Middle.", "Moved", "words.", "42"]
    assert [(n.line, "'nothing'" in n.message) for n in report.notices] == [(13, True)]


COLOURED = """\
# One

Words [in red]{style="color: #c00"} and [**bold** on yellow]{style="color: navy; background: yellow"}.

<p>Within <span style="color: rgb(0, 128, 0)">green</span> HTML.</p>
"""


def test_words_in_colour_have_it_in_word(book: Book) -> None:
    root = book(one=COLOURED)
    assert not build.build(root, targets=["docx"]).notices
    document = docx.Document(str(root / "_site/A-small-book.docx"))
    runs = {run.text.strip(): run for paragraph in document.paragraphs for run in paragraph.runs}
    assert {"in red", "bold", "on yellow", "green"} <= set(runs), runs
    colours = {
        text: str(runs[text].style.font.color.rgb) for text in ("in red", "bold", "on yellow", "green")
    }
    assert colours == {"in red": "CC0000", "bold": "000080", "on yellow": "000080", "green": "008000"}
    assert runs["bold"].bold
    assert 'w:fill="FFFF00"' in runs["on yellow"].style.element.xml


ACTING = """\
# One

A <button onclick="alert(1)">press</button> in a line.

<form action="https://example.org/send"><input name="who"><button>Send</button></form>

<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="dot" onload="run()">

::: {.content-visible when-format="html"}
<div onmouseover="show()">Words</div>
:::
"""


def test_what_a_page_does_not_run_is_told_with_its_line(book: Book) -> None:
    root = book(one=ACTING)
    notices = build.build(root, targets=["html"]).notices
    assert sorted((f.line or 0, f.message) for f in notices if f.file == "one.qmd") == [
        (3, "a button (<button>) in raw HTML can't be shown in PDF, DOCX and JATS"),
        (3, "onclick of <button> does nothing: pages run no code in attributes"),
        (5, "a form (<form>) in raw HTML can't be shown in PDF, DOCX and JATS"),
        (5, "action of <form> does nothing: pages send no forms"),
        (7, "onload of <img> does nothing: pages run no code in attributes"),
        (10, "onmouseover of <div> does nothing: pages run no code in attributes"),
    ]
