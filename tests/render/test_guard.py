"""What could harm an interviewee stops the build, and the message doesn't repeat it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper.errors import DataError
from paper.render import build


def test_a_name_from_the_private_list_stops_the_build_and_is_not_repeated(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    site = build.build(root, targets={"html"}).out
    before = (site / "one.html").read_bytes()
    private = root / "data" / "private"
    private.mkdir(parents=True)
    (private / "names.txt").write_text("Aigerim Testova\n")
    (root / "one.qmd").write_text("# One\n\nAs Aigerim Testova said, it works.\n")
    with pytest.raises(DataError, match="must not be published") as caught:
        build.build(root, targets={"html"})
    assert "Testova" not in str(caught.value)
    assert "one.html" in str(caught.value)
    assert (site / "one.html").read_bytes() == before


def test_a_telephone_number_that_only_a_cell_prints_stops_the_build(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\n```{python}\nprint('+7 7' + '01 123 45 67')\n```\n")
    with pytest.raises(DataError, match=r"one\.html"):
        build.build(root, targets={"html"})
