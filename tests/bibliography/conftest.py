"""A small book to cite in: ``book(files)`` writes it and gives its root."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from small_books import Book, write_book

# A busy machine must not fail a test: what is measured for speed is measured by the benchmark.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """:func:`small_books.write_book` for a folder of this test's own."""
    return partial(write_book, tmp_path / "book")
