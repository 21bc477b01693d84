"""Cells show what Quarto shows of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from paper.errors import PaperError
from paper.render import build
from paper.render.execute import ends_in_semicolon


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


def test_signs_that_no_font_has_and_colours_of_a_terminal_are_not_passed_on(
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
    assert "red words\ufffd" in page and "some \ufffd bold words" in page
    assert not re.search(r"[\x00-\x08\x1b]", page)


def test_a_picture_that_is_none_is_no_traceback(book: Callable[..., Path]) -> None:
    cell = """
    # One

    ```{python}
    class Picture:
        def _repr_mimebundle_(self, **_):
            return {"image/png": "not base 64!"}
    Picture()
    ```
    """
    root = book(one=cell)
    build.build(root, targets={"html"})
    with pytest.raises(PaperError, match=r"one\.qmd: Typst can't set this chapter"):
        build.build(root, targets={"pdf"})
