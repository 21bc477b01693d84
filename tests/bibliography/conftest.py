"""A small book to cite in: ``book(files)`` writes it and gives its root."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest
from index_server import Indexes, serve
from planted_works import recorded
from small_books import Book, write_book

from paper.bibliography import crossref
from paper.bibliography.verification import asking, indexes


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """:func:`small_books.write_book` for a folder of this test's own."""
    return partial(write_book, tmp_path / "book")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Indexes]:
    """The indexes, with every recorded work."""
    with serve(Indexes(works=recorded(random.Random(7)))) as found, httpx2.Client() as client:
        monkeypatch.setattr(crossref, "ADDRESS", f"{found.address}/crossref")
        for index in indexes.ADDRESSES:
            name = {"doi.org": "doi"}.get(index, index.lower().replace(" ", ""))
            monkeypatch.setitem(indexes.ADDRESSES, index, f"{found.address}/{name}")
        # one connection: a new one loads the certificates each time, which takes longer than all the rest
        monkeypatch.setattr(httpx2, "get", client.get)
        monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))
        monkeypatch.setattr(asking, "SPACING", 0.0)
        yield found
