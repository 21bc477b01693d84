"""Cells show what Quarto shows of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

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
