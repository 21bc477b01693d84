"""Figures, tables, listings and equations are found however they are written, and captioned as Quarto captions them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.render.reading import built, main, said, text

Book = Callable[..., Path]


def test_only_parts_with_labels_get_letters(book: Book) -> None:
    one = """
    # One

    ::: {#fig-pair layout-ncol=2}
    ![Left](a.svg){#fig-left}

    ![Right](a.svg)

    Both
    :::

    @fig-left
    """
    assert said(book(one=one)) == "1 One (a) Left Right Figure 1.1: Both Figure 1.1 (a)"


def test_a_labelled_image_is_a_figure_without_a_caption_too(book: Book) -> None:
    assert said(book(one="# One\n\n![](a.svg){#fig-bare}\n\n@fig-bare\n")) == "1 One Figure 1.1 Figure 1.1"


def test_an_image_that_is_a_link_is_a_figure(book: Book) -> None:
    one = "# One\n\n[![Linked](a.svg){#fig-to}](https://example.org)\n\n[![Plain](a.svg)](https://example.org)\n"
    page = main(built(book(one=one)), "one")
    assert text(page) == "1 One Figure 1.1: Linked Plain"
    assert page.select_one("#fig-to a[href='https://example.org'] img:not([alt])")


def test_an_image_within_a_line_keeps_its_description(book: Book) -> None:
    page = main(built(book(one="# One\n\nA ![small one](a.svg) in text.\n")), "one")
    image = page.select_one("p img")
    assert image is not None and image["alt"] == "small one"


def test_a_float_may_have_its_caption_as_an_attribute(book: Book) -> None:
    one = '# One\n\n::: {#tbl-a tbl-cap="By *attribute*"}\n| a |\n|---|\n| 1 |\n:::\n'
    assert said(book(one=one)) == "1 One Table 1.1: By attribute a 1"


def test_a_block_that_a_filter_gives_quartos_class_is_no_float_of_ours(book: Book) -> None:
    assert said(book(one="# One\n\n::: {.quarto-float}\nWords.\n:::\n\nAfter.\n")) == "1 One Words. After."


def test_the_caption_of_a_raw_table_becomes_that_of_its_float(book: Book) -> None:
    table = "<table><caption>Raw <em>one</em></caption><tr><th>a</th></tr></table>"
    one = f"# One\n\n::: {{#tbl-a}}\n```{{=html}}\n{table}\n```\n:::\n\n@tbl-a\n"
    assert said(book(one=one)) == "1 One Table 1.1: Raw one a Table 1.1"


def test_a_table_takes_label_and_widths_with_its_caption(book: Book) -> None:
    one = '# One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n: Wide {#tbl-w .striped tbl-colwidths="[25,75]"}\n\n@tbl-w\n'
    page = main(built(book(one=one)), "one")
    assert text(page) == "1 One Table 1.1: Wide a b 1 2 Table 1.1"
    assert ["25" in str(c["style"]) for c in page.select("#tbl-w col")] == [True, False]


def test_captions_stand_where_the_book_wants_them(book: Book) -> None:
    one = "# One\n\n![Fig](a.svg){#fig-a}\n\n| a |\n|---|\n| 1 |\n\n: Tab {#tbl-a}\n"
    settings = "fig-cap-location: top\ntbl-cap-location: bottom\n"
    page = main(built(book(one=one, settings=settings)), "one")
    assert text(page) == "1 One Figure 1.1: Fig a 1 Table 1.1: Tab"
    figure, table = page.select_one("#fig-a figure"), page.select_one("#tbl-a figure")
    assert figure is not None and [c.name for c in figure.find_all(True, recursive=False)] == [
        "figcaption",
        "div",
    ]
    assert table is not None and [c.name for c in table.find_all(True, recursive=False)] == [
        "div",
        "figcaption",
    ]


def test_a_listing_shows_its_file_above_the_code(book: Book) -> None:
    one = '# One\n\n```{#lst-a .python lst-cap="A *listing*" filename="run.py"}\nx = 1\n```\n\n'
    one += '```{.bash filename="go.sh"}\nls\n```\n\n@lst-a\n'
    assert said(book(one=one)) == "1 One Listing 1.1: A listing run.py x = 1 go.sh ls Listing 1.1"


def test_equations_are_labelled_one_by_one_and_may_be_described(book: Book) -> None:
    one = '# One\n\n$$ a $$ {#eq-a} and $$ b $$ {#eq-b alt="the second"}\n\n@eq-a, @eq-b.\n'
    shown = said(book(one=one))
    assert r"\[ a \tag{1.1}\] and \[ b \tag{1.2}\] Equation 1.1, Equation 1.2." in shown


def test_a_table_may_be_written_as_lists(book: Book) -> None:
    one = """
    # One

    See @tbl-l.

    ::: {.list-table #tbl-l aligns="l,r" widths="1,3"}
    A *caption*

    - - Name
      - Value
    - - a
      - - one
        - two
    - - []{colspan=2}both
    :::

    ::: {.list-table header-rows=0}
    - - x
      - y
    :::
    """
    page = main(built(book(one=one)), "one")
    assert text(page) == "1 One See Table 1.1. Table 1.1: A caption Name Value a one two both x y"
    assert [len(row.select("th, td")) for row in page.select("tr")] == [2, 2, 1, 2]
    assert [str(c["style"]) for c in page.select("#tbl-l col")] == ["width: 25%", "width: 75%"]
