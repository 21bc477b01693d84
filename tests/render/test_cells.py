"""Cells show what Quarto shows of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from paper import build
from paper.cells.execute import ends_in_semicolon


@pytest.mark.parametrize(
    ("code", "silent"),
    [
        ("x = 1\nx;", True),
        ("x;  # quiet\n\n", True),
        ("x # not;", False),
        ("print('a;')", False),
        ("'''\n;'''", False),
        ("def f():\n    return 1;", False),
        ("(", False),
    ],
)
def test_a_semicolon_at_the_end_is_told_from_others(code: str, silent: bool) -> None:
    assert ends_in_semicolon(code) == silent


def test_a_semicolon_silences_the_value_and_not_what_is_printed(book: Callable[..., Path]) -> None:
    cells = "```{python}\nprint('told')\n'value one';\n```\n\n```{python}\n'value two'\n```\n"
    root = book(one=f"# One\n\n{cells}")
    build.build(root, targets={"html"})
    main = BeautifulSoup((root / "_site/one.html").read_text(), "lxml").main
    assert main is not None
    text = main.get_text()
    assert "told" in text
    assert "value one" not in text
    assert "value two" in text


def test_signs_that_no_font_has_and_orders_to_a_terminal_are_not_passed_on(
    book: Callable[..., Path],
) -> None:
    cells = r"""
    # One

    ```{python}
    print('\x1b[31mred\x1b[0m words\x00')
    ```

    ```{python}
    from IPython.display import Markdown
    Markdown('some \x08 \x1b[1mbold\x1b[0m words')
    ```
    """
    root = book(one=cells)
    build.build(root, targets={"html", "pdf"})
    page = (root / "_site/one.html").read_text("utf8")
    text = BeautifulSoup(page, "lxml").get_text()
    assert "red words\ufffd" in text and "some \ufffd bold words" in text
    assert not re.search(r"[\x00-\x08\x1b]", page)


def test_a_picture_that_is_none_is_told_with_its_line(book: Callable[..., Path]) -> None:
    cell = """
    # One

    ```{python}
    class Picture:
        def _repr_mimebundle_(self, **_):
            return {"image/png": "not base 64!"}
    Picture()
    ```
    """
    report = build.build(book(one=cell), targets={"html", "pdf"})
    assert "the picture that this cell gives as image/png is none" in [n.message for n in report.notices]
    assert {n.place for n in report.notices} == {"one.qmd:4"}


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
DRAW = f"from IPython.display import SVG, display\nfor _ in range(2):\n    display(SVG('{SQUARE}'))\n"


def cell(code: str, *options: str, echo: bool = False) -> str:
    return "\n".join(
        ["```{python}", f"#| echo: {str(echo).lower()}", *(f"#| {o}" for o in options), code, "```", ""]
    )


GIVEN = [
    ("print('a')\n42", "a 42"),
    ("'text'", "'text'"),
    ("import sys\nprint('a')\nprint('w', file=sys.stderr)\nprint('b')", "a b w"),
    ("from IPython.display import Markdown, display\nprint('a')\ndisplay(Markdown('*m*'))\nprint('b')", "a b m"),
    ("from IPython.display import Math\nMath('x^2')", "\\(\\displaystyle x^2\\)"),
    ("from IPython.display import Latex\nLatex('$x$ and $y$')", "\\(x\\) and \\(y\\)"),
    ("from IPython.display import JSON\nJSON({'a': 1})", '{ "a": 1 }'),
    ("print('\\x1b[31mred\\x1b[0m')", "red"),
]  # fmt: skip


def test_a_cell_gives_what_quarto_takes_of_it(page: Callable[..., Any]) -> None:
    told = page(one="# One\n\n" + "\n".join(f"## Next\n\n{cell(code)}" for code, _ in GIVEN))
    shown = re.split(r" ?1\.\d Next ", told.text)[1:]
    assert list(zip([code for code, _ in GIVEN], shown, strict=True)) == GIVEN


def test_what_no_format_can_show_is_told_with_its_line(page: Callable[..., Any]) -> None:
    code = "from IPython.display import display\ndisplay({'x/y': 'z'}, raw=True)"
    read = page(one=f"# One\n\n{cell(code)}")
    assert read.text == "1 One"
    assert [(n.place, n.message) for n in read.notices] == [
        ("one.qmd:3", "what this cell shows (x/y) can't be shown in the page, PDF, DOCX and JATS")
    ]


def test_a_cell_that_may_fail_shows_its_error_in_one_line(page: Callable[..., Any]) -> None:
    assert (
        page(one=f"# One\n\n{cell('1 / 0', 'error: true')}").text
        == "1 One ZeroDivisionError: division by zero"
    )


def test_a_fenced_echo_shows_the_options_as_they_were_written(page: Callable[..., Any]) -> None:
    text = "# One\n\n```{python}\n#| echo: fenced\n#| label: mine\n#| classes: [a, b]\nx = 1\n```\n"
    assert page(one=text).main.select_one("pre").get_text() == (
        "```{python}\n#| label: mine\n#| classes: [a, b]\nx = 1\n```"
    )


def test_a_cell_in_a_list_stays_in_its_item(page: Callable[..., Any]) -> None:
    indented = "\n".join("    " + line for line in cell("print('told')").splitlines())
    told = page(one=f"# One\n\n1.  first\n\n{indented}\n\n2.  second\n")
    assert [item.get_text(" ", strip=True) for item in told.main.select("ol > li")] == [
        "first told",
        "second",
    ]


def test_code_that_is_folded_shows_its_summary(page: Callable[..., Any]) -> None:
    told = page(one=f"# One\n\n{cell('x = 1', 'code-fold: true', 'code-summary: Look & see', echo=True)}")
    assert told.main.select_one("details.code-fold > summary").get_text() == "Look & see"
    assert "x = 1" in told.main.select_one("details").get_text()


def test_folding_may_be_asked_of_the_whole_page(page: Callable[..., Any]) -> None:
    front = "---\nexecute:\n  echo: true\nformat:\n  html:\n    code-fold: show\n---\n\n"
    told = page(one=f"{front}# One\n\n```{{python}}\nx = 1\n```\n")
    assert told.main.select_one("details[open] > summary").get_text() == "Code"


def captions(main: Tag) -> list[str]:
    return [" ".join(c.get_text().replace("\xa0", " ").split()) for c in main.select("figcaption")]


def test_a_list_of_captions_gives_each_figure_its_own(page: Callable[..., Any]) -> None:
    told = page(one=f"# One\n\n{cell(DRAW, 'label: fig-two', 'fig-cap: [First, Second]')}")
    assert captions(told.main) == ["Figure 1.1: First", "Figure 1.2: Second"]


def test_sub_captions_may_be_left_empty(page: Callable[..., Any]) -> None:
    told = page(one=f"# One\n\n{cell(DRAW, 'label: fig-two', 'fig-cap: Both', 'fig-subcap: true')}")
    assert captions(told.main) == ["(a)", "(b)", "Figure 1.1: Both"]


def test_images_of_a_cell_are_named_as_quarto_names_them(page: Callable[..., Any]) -> None:
    text = f"# One\n\n{cell('x = 1')}\n{cell(DRAW)}\n{cell(DRAW, 'label: fig-Two', 'fig-cap: C', 'fig-subcap: [a, b]')}"
    assert [image["src"] for image in page(one=text).main.select("img")] == [
        "one_files/figure-html/cell-3-output-1.svg",
        "one_files/figure-html/cell-3-output-2.svg",
        "one_files/figure-html/fig-two-output-1.svg",
        "one_files/figure-html/fig-two-output-2.svg",
    ]


def test_each_figure_of_a_cell_may_have_its_own_alternative_text(page: Callable[..., Any]) -> None:
    told = page(
        one=f"# One\n\n{cell(DRAW, 'label: fig-x', 'fig-cap: C', 'fig-subcap: [a, b]', 'fig-alt: [A, B]')}"
    )
    assert [image.get("alt") for image in told.main.select("img")] == ["A", "B"]


def test_what_a_plotting_call_returns_is_not_printed_beside_its_picture(page: Callable[..., Any]) -> None:
    told = page(one=f"# One\n\n{cell(DRAW + 'object()')}")
    assert told.text == "1 One"


def test_a_cell_of_a_language_without_kernel_is_shown_and_not_run(page: Callable[..., Any]) -> None:
    told = page(one="# One\n\n```{bash}\necho never\n```\n")
    assert told.text == "1 One echo never"
    assert [n.rule for n in told.notices] == ["cell-language"]
