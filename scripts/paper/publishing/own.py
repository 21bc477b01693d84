"""Where the figures and tables of a paper's own stand: ``scripts/figures/NAME.py``, ``scripts/tables/NAME.py``."""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["figures", "tables"]
FOLDER: Final = "scripts"


def source(kind: Kind, name: str) -> str:
    """Return the file of one of the paper's own figures or tables, from the project's root."""
    return f"{FOLDER}/{kind}/{name}.py"
