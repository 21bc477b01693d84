"""A small book to cite in: ``book(files)`` writes it and gives its root."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from small_books import Book, write_book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """:func:`small_books.write_book` for a folder of this test's own."""
    return partial(write_book, tmp_path / "book")
