"""Code with notes, numbers or folds, text in the margin, and what stands under a title, read as Quarto's do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from tests.render.reading import built, main, said, text

Book = Callable[..., Path]
ANNOTATED = """
# One

```python
import os  # <1>
a = 1
b = 2  # <2>
c = 3  # <2>
```
1. Import *it*.
2. Assign.

After.
"""


def test_notes_on_code_have_their_numbers_at_the_lines(book: Book) -> None:
    page = main(built(book(one=ANNOTATED)), "one")
    assert text(page) == "1 One 1import os a = 1 2b = 2 c = 3 1 Import it. 2 Assign. After."
    assert [text(dd) for dd in page.select("dl.code-annotations dd")] == ["Import it.", "Assign."]


def test_a_list_after_code_without_notes_stays_a_list(book: Book) -> None:
    page = main(built(book(one="# One\n\n```python\na = 1\n```\n\n1. One.\n2. Two.\n")), "one")
    assert len(page.select("ol > li")) == 2


def test_notes_know_the_comments_of_each_language(book: Book) -> None:
    one = "# One\n\n```sql\nselect 1 -- <1>\n```\n1. Select.\n\n```css\na {} /* <1> */\n```\n1. Rule.\n"
    assert said(book(one=one)) == "1 One 1select 1 1 Select. 1a {} 1 Rule."


def test_notes_on_a_cell_stand_between_its_code_and_its_result(book: Book) -> None:
    one = "# One\n\n```{python}\n#| echo: true\n6 * 7  # <1>\n```\n1. Multiply.\n"
    assert said(book(one=one)) == "1 One 16 * 7 1 Multiply. 42"


def test_code_is_folded_where_the_cell_or_the_book_says_so(book: Book) -> None:
    one = """
    # One

    ```{python}
    #| echo: true
    1 + 1
    ```

    ```{python}
    #| echo: true
    #| code-fold: false
    2 + 2
    ```

    ```{python}
    #| echo: true
    #| code-fold: show
    #| code-summary: "The code"
    3 + 3
    ```

    ```python
    x = 1
    ```
    """
    page = main(built(book(one=one, settings="code-fold: true\n")), "one")
    assert text(page) == "1 One Code 1 + 1 2 2 + 2 4 The code 3 + 3 6 x = 1"
    assert [box.has_attr("open") for box in page.select("details.code-fold")] == [False, True]


def test_an_aside_follows_its_paragraph(book: Book) -> None:
    one = "# One\n\nText.[An *aside*]{.aside} More.\n\nNext.\n\n::: {.column-margin}\nIn the margin.\n:::\n\nLast.\n"
    page = main(built(book(one=one)), "one")
    assert text(page) == "1 One Text. More.An aside Next. In the margin. Last."
    assert [text(box) for box in page.select(".column-container")] == ["An aside", "In the margin."]


def test_margin_text_in_a_list_or_callout_follows_the_whole(book: Book) -> None:
    one = "# One\n\n- First.[Aside]{.aside}\n- Second.\n\n::: {.callout-note}\nSaid.[Beside]{.aside}\n\nMore.\n:::\n"
    assert said(book(one=one)).endswith("First. Second. Aside Note Said. More. Beside")


def test_footnotes_stand_where_the_book_wants_them(book: Book) -> None:
    one = "# One\n\n## A\n\nText^[Note one.] here.\n\nMore^[Note two.].\n\n## B\n\nEnd.\n"
    at_margin = said(book(one=one, settings="reference-location: margin\n"))
    assert at_margin == "1 One 1.1 A Text1 here.1 Note one.2 Note two. More2. 1.2 B End."
    by_section = main(built(book(one=one, settings="reference-location: section\n")), "one")
    assert text(by_section).endswith("More2. Note one.↩︎ Note two.↩︎ 1.2 B End.")
    by_block = said(book(one=one, settings="reference-location: block\n"))
    assert "Text1 here. Note one.↩︎ More2. Note two.↩︎ 1.2 B" in by_block


def test_a_chapters_front_matter_stands_under_its_title(book: Book) -> None:
    one = """\
    ---
    title: "One *thing*"
    subtitle: "And $x$ another"
    author: A. Writer
    date: 2026-01-02
    abstract: "What it *says*."
    keywords: [one, two]
    ---

    Text.
    """
    page = main(built(book(one=one)), "one")
    assert text(page) == r"1 One thing And \(x\) another Abstract What it says. Keywords one, two Text."
    site = (book(one=one) / "_site" / "one.html").read_text("utf8")
    facts = BeautifulSoup(site, "lxml").select(".quarto-title-meta p")
    assert [fact.get_text() for fact in facts] == ["A. Writer", "2 January 2026"]


def test_mathematics_in_the_list_of_works_is_laid_out(book: Book) -> None:
    works = "@book{a1, author={A, B}, title={On $x^2$}, publisher={P}, year={2001}}\n"
    page = main(built(book({"references.bib": works}, one="# One\n\nSee @a1.\n")), "one")
    assert page.select_one("#ref-a1 .math[data-mathml]")


def test_mathematics_in_a_title_needs_no_script_to_be_laid_out(book: Book) -> None:
    page = main(built(book(one="# The set $A^2$\n\nText.\n")), "one")
    assert page.select_one("h1 .math[data-mathml]")


def test_the_front_page_says_what_the_book_is_about(book: Book) -> None:
    root = book(one="# One\n")
    settings = (root / "_quarto.yml").read_text("utf8")
    about = "  title: A small book\n  description: On small things.\n  abstract: In *short*.\n"
    (root / "_quarto.yml").write_text(settings.replace("  title: A small book\n", about), "utf8")
    assert said(root, "index") == "A small book On small things. Abstract In short. Preface Hello."


def test_notes_on_code_may_be_left_out(book: Book) -> None:
    shown = said(book(one=ANNOTATED, settings="code-annotations: none\n"))
    assert shown == "1 One import os a = 1 b = 2 c = 3 After."
