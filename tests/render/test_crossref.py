"""Cross-references read the same from every page, in every way that an author may write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from paper import build

Book = Callable[..., Path]


def page(root: Path, name: str) -> BeautifulSoup:
    build.build(root, targets=["html"])
    return BeautifulSoup((root / "_site" / f"{name}.html").read_text("utf8"), "lxml")


def text(soup: BeautifulSoup, selector: str = "main") -> str:
    found = soup.select_one(selector)
    assert found is not None
    return " ".join(found.get_text().replace("\xa0", " ").split())


TABLE = """
| a | b |
|---|---|
| 1 | 2 |

: Numbers {#tbl-one}
"""


def test_an_appendix_counts_by_letters(book: Book) -> None:
    root = book(one="# One {#sec-one}\n\nSee @sec-more, @tbl-one and @sec-deep.\n",
                appendix="# More {#sec-more}\n\n## Deep {#sec-deep}\n" + TABLE)  # fmt: skip
    assert "See Appendix A, Table A.1 and Section A.1." in text(page(root, "one"))
    assert "Appendix A — More A.1 Deep Table A.1: Numbers" in text(page(root, "appendix"))


def test_the_same_reference_may_be_capitalised_bare_or_renamed(book: Book) -> None:
    root = book(
        one="# One\n\nA @Tbl-one; B [-@tbl-one]; C [tab. @tbl-one]; D [@tbl-one; @sec-x].\n\n## X {#sec-x}\n"
        + TABLE
    )
    assert "A Table 1.1; B 1.1; C tab. 1.1; D Table 1.1, Section 1.1." in text(page(root, "one"))


def test_an_unnumbered_section_does_not_count(book: Book) -> None:
    root = book(one="# One\n\n## A\n\n## B {.unnumbered}\n\n## C {#sec-c}\n\n### D\n\n#### E\n\n@sec-c\n")
    assert "1.1 A B 1.2 C 1.2.1 D 1.2.1.1 E Section 1.2" in text(page(root, "one"))


def test_an_unnumbered_chapter_takes_no_number(book: Book) -> None:
    root = book(one="# One\n", two="# Two {.unnumbered}\n", three="# Three {#sec-three}\n\n@sec-three\n")
    assert text(page(root, "two"), "h1") == "Two"
    assert text(page(root, "three")) == "2 Three Chapter 2"


def test_sub_tables_are_lettered_within_their_panel(book: Book) -> None:
    root = book(
        one="""
    # One

    See @tbl-both, @tbl-left and @tbl-right.

    ::: {#tbl-both layout-ncol=2}
    | a |
    |---|
    | 1 |

    : Left {#tbl-left}

    | b |
    |---|
    | 2 |

    : Right {#tbl-right}

    Both of them
    :::
    """
    )
    said = text(page(root, "one"))
    assert "See Table 1.1, Table 1.1 (a) and Table 1.1 (b)." in said
    assert "Table 1.1: Both of them" in said and "(a) Left" in said and "(b) Right" in said


def test_equations_callouts_and_listings_can_be_referred_to(book: Book) -> None:
    root = book(
        one="""
    # One

    @eq-two, @nte-care, @lst-code, @wrn-loud.

    $$ a = 1 $$ {#eq-one}

    $$ b = 2 $$ {#eq-two}

    ::: {#nte-care .callout-note}
    ## Care
    Be careful.
    :::

    ::: {#wrn-loud .callout-warning title="Loud"}
    Not so loud.
    :::

    ```{#lst-code .python lst-cap="Some code"}
    x = 1
    ```
    """
    )
    said = text(page(root, "one"))
    assert "Equation 1.2, Note 1.1, Listing 1.1, Warning 1.1." in said
    assert "Note 1.1: Care" in said and "Warning 1.1: Loud" in said and "Listing 1.1: Some code" in said
    assert r"\tag{1.2}" in said


def test_computed_sub_figures_have_captions_of_their_own(book: Book) -> None:
    root = book(
        one="""
    # One

    @fig-pair and @fig-pair-2.

    ```{python}
    #| label: fig-pair
    #| fig-cap: "A pair"
    #| fig-subcap: ["First", "Second"]
    #| layout-ncol: 2
    from IPython.display import SVG, display
    for n in (1, 2):
        display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="{n}"/>'))
    ```
    """
    )
    said = text(page(root, "one"))
    assert "Figure 1.1 and Figure 1.1 (b)." in said
    assert "(a) First" in said and "(b) Second" in said and "Figure 1.1: A pair" in said
    assert len(list((root / "_site" / "one_files" / "figure-html").iterdir())) == 2


def test_a_reference_that_leads_nowhere_is_told_and_printed_as_quarto_prints_it(book: Book) -> None:
    root = book(one="# One\n\nNot `@tbl-onne`, but\nsee @tbl-onne, [p. 3 @Tbl-none; @tbl-one].\n" + TABLE)
    report = build.build(root, targets=["html"])
    told = [(n.place, n.message, n.remedy) for n in report.notices]
    assert ("one.qmd:4", "Unable to resolve crossref @tbl-onne", "did you mean @tbl-one?") in told
    main = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").main
    assert main is not None
    assert [bold.get_text() for bold in main.select("strong")] == ["?@tbl-onne", "?@tbl-none"]


def test_a_label_used_twice_is_told_with_both_places_and_nothing_follows_from_it(book: Book) -> None:
    root = book(one="# One\n\nSee @tbl-one.\n" + TABLE, two="# Two\n\nSee @tbl-one.\n" + TABLE)
    [told] = build.build(root, targets=["html", "pdf"]).notices
    assert (told.place, told.rule, told.severity) == ("two.qmd:9", "label-twice", "warning")
    assert "first in one.qmd:9: references lead to the first" in told.message
    assert "See Table 1.1." in text(page(root, "two"))


def test_raw_text_of_any_format_reaches_only_its_own_format(book: Book) -> None:
    text = "# One\n\nA `<b>raw</b>`{=html} and `#strong[raw]`{=typst} `x`{=strange}.\n\n"
    text += "```{=typst}\n#line()\n```\n\n{{< pagebreak >}}\n\nEnd.\n"
    html = str(page(book(one=text), "one").main)
    assert "<b>raw</b>" in html
    for left_out in ("#strong", "#line", "strange", "w:br"):
        assert left_out not in html


def test_what_stands_in_a_definition_list_is_numbered(book: Book) -> None:
    text = "# One\n\n$$ a $$ {#eq-a}\n\nTerm\n\n:   Meaning:\n\n    $$ b $$ {#eq-b}\n\nSee @eq-a and @eq-b.\n"
    main = page(book(one=text), "one")
    assert "See Equation 1.1 and Equation 1.2." in " ".join(main.get_text().replace("\xa0", " ").split())


def test_a_reference_leads_to_its_place_and_to_another_chapter_as_a_whole(book: Book) -> None:
    root = book(
        one="# One {#sec-one}\n\n@sec-near, @tbl-one, @sec-two, @sec-far, @sec-one.\n\n## Near {#sec-near}\n"
        + TABLE,
        two="# Two {#sec-two}\n\n## Far {#sec-far}\n",
    )
    links = {
        link.get_text().replace("\xa0", " "): link["href"]
        for link in page(root, "one").select("a.quarto-xref")
    }
    assert links == {
        "Section 1.1": "#sec-near",
        "Table 1.1": "#tbl-one",
        "Chapter 2": "two.html",
        "Section 2.1": "two.html#sec-far",
        "Chapter 1": "#sec-one",
    }


def test_a_label_used_twice_within_a_chapter_names_both_lines(book: Book) -> None:
    root = book(one="# One\n\nSee @sec-a.\n\n## A {#sec-a}\n\n## B {#sec-a}\n")
    [told] = build.build(root, targets=["html"]).notices
    assert (told.place, told.rule) == ("one.qmd:7", "label-twice")
    assert "first in one.qmd:5" in told.message and "a label of its own" in told.remedy


def test_a_work_cited_beside_a_reference_is_cited(book: Book) -> None:
    root = book(one="# One\n\nSee [@tbl-one; @hood1991].\n" + TABLE)
    assert "See Table 1.1, (Hood 1991)." in text(page(root, "one"))


def test_equations_count_in_their_order(book: Book) -> None:
    root = book(one="# One\n\n$$ a $$ {#eq-a}\n\n@eq-a and @eq-b.\n\n$$ b $$ {#eq-b}\n")
    assert "Equation 1.1 and Equation 1.2." in text(page(root, "one"))
