"""Fixtures for imports and exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_house import furnish

from paper.coding.exchange.importing import Report, import_file


@pytest.fixture
def house(tmp_path: Path, repository: Path) -> Path:
    """A project folder with empty tables."""
    return furnish(tmp_path / "house", repository)


@pytest.fixture
def bring(house: Path) -> Callable[..., Report]:
    """Make a file in the private folder and import it."""

    def run(make: Callable[[Path], Path], name: str = "study.qdpx", **how: object) -> Report:
        return import_file(house, make(house / "data" / "private" / name), **how)  # type: ignore[arg-type]

    return run
