"""Callouts, theorems, proofs, tabsets and panels read as Quarto's do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.render.reading import built, main, said, text

Book = Callable[..., Path]


def test_theorems_have_names_in_markdown_and_are_counted_by_kind(book: Book) -> None:
    shown = said(
        book(
            one="""
    # One

    @thm-line, @lem-two, @Exr-three.

    ::: {#thm-line name="Line *x*"}
    A line.
    :::

    ::: {#lem-two}
    ## Named **here**

    - a list
    :::

    ::: {#exr-three}
    Try.
    :::
    """
        )
    )
    assert "Theorem 1.1, Lemma 1.1, Exercise 1.1." in shown
    assert "Theorem 1.1 (Line x) A line. Lemma 1.1 (Named here) a list Exercise 1.1 Try." in shown


def test_proofs_are_named_and_numbered_only_where_they_have_a_label(book: Book) -> None:
    shown = said(
        book(
            one="""
    # One

    @rem-note and @sol-it.

    ::: {.proof name="of it"}
    Clear.
    :::

    ::: {#rem-note .remark}
    Noted.
    :::

    ::: {#sol-it .solution}
    Solved.
    :::
    """
        )
    )
    assert (
        "Remark 1.1 and Solution 1.1. Proof (of it). Clear. Remark 1.1. Noted. Solution 1.1. Solved." in shown
    )


def test_callouts_look_as_asked(book: Book) -> None:
    page = main(
        built(
            book(
                one="""
    # One

    ::: {.callout-tip appearance="simple"}
    Simple.
    :::

    ::: {.callout-tip appearance="minimal"}
    ## Small
    Minimal.
    :::

    ::: {.callout}
    Of no kind.
    :::

    ::: {.callout-caution icon=false}
    No icon.
    :::
    """
            )
        ),
        "one",
    )
    assert text(page) == "1 One Simple. Small Minimal. Of no kind. Caution No icon."
    looks = [set(c["class"]) & {"callout-style-simple", "no-icon"} for c in page.select(".callout")]
    assert looks == [
        {"callout-style-simple"},
        {"callout-style-simple", "no-icon"},
        {"callout-style-simple", "no-icon"},
        {"no-icon"},
    ]


def test_the_book_may_set_how_callouts_look(book: Book) -> None:
    one = "# One\n\n::: {.callout-note}\nText.\n:::\n"
    assert said(book(one=one, settings="callout-appearance: simple\n")) == "1 One Text."


def test_numbered_callouts_nest_from_the_inside(book: Book) -> None:
    one = """
    # One

    ::: {#nte-out .callout-note}
    ## Outer
    ::: {#nte-in .callout-note}
    Inner
    :::
    :::

    @nte-out @nte-in
    """
    assert said(book(one=one)) == "1 One Note 1.2: Outer Note 1.1 Inner Note 1.2 Note 1.1"


def test_tabs_stand_together_above_what_they_hold(book: Book) -> None:
    page = main(
        built(
            book(
                one="""
    # One

    ## Before

    ::: {.panel-tabset}
    ## First *tab*
    Content A.

    ![In a tab](a.svg){#fig-tab}

    ## Second
    ### Below
    Content B.
    :::

    ## After

    @fig-tab
    """
            )
        ),
        "one",
    )
    tabs = page.select(".panel-tabset > ul > li > a")
    assert [text(tab) for tab in tabs] == ["First tab", "Second"]
    panes = page.select(".panel-tabset > .tab-content > .tab-pane")
    assert ["#" + str(pane["id"]) for pane in panes] == [tab["href"] for tab in tabs]
    assert [text(pane) for pane in panes] == ["Content A. Figure 1.1: In a tab", "1.1.1 Below Content B."]
    headings = [text(h) for h in page.select("h2, h3")]
    assert headings == ["1.1 Before", "1.1.1 Below", "1.2 After"]


def test_a_heading_in_a_panel_heads_the_cell_that_follows(book: Book) -> None:
    one = "# One\n\n::: {layout-ncol=2}\n### Left\n\nFirst.\n\n### Right\n\nSecond.\n:::\n"
    cells = main(built(book(one=one)), "one").select(".quarto-layout-cell")
    assert [text(cell) for cell in cells] == ["1.0.1 Left First.", "1.0.2 Right Second."]


def test_settings_that_mean_nothing_are_passed_over(book: Book) -> None:
    one = """
    # One

    ## A

    ::: {layout="5"}
    Text.
    :::

    ::: {layout="[[1], 2]"}
    More.
    :::

    ```{.python startFrom="x"}
    a  # <1>
    ```
    1. Note.

    ![F](a.svg){#fig-f}
    """
    settings = "crossref:\n  custom: nothing\n  fig-labels: 3\nlanguage: none.yml\n"
    assert said(book(one=one, settings=settings)) == "1 One 1.1 A Text. More. 1a 1 Note. Figure 1.1: F"


def test_a_tabset_without_tabs_keeps_its_text(book: Book) -> None:
    one = "# One\n\n::: {.panel-tabset}\nNo tab here.\n:::\n\n::: {.panel-tabset}\nBefore.\n\n## Tab\nIn it.\n:::\n"
    assert said(book(one=one)) == "1 One No tab here. Before. Tab In it."
