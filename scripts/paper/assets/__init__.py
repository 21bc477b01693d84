"""The looks that the package brings, by their paths in ``assets/``; a project's own file of a path comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGED: Final = Path(__file__).parent
VENDOR: Final = "assets/vendor"  # of a project: what Quarto takes from installed packages
# Named by scripts and filters that have Quarto do what this engine does anyway.
_FOR_QUARTO: Final = re.compile(r"\bpaper[./](?:quarto|parsing|writers)\b")


def find(root: Path, name: str) -> Path:
    """Return the file ``assets/NAME`` of the project, else the package's, whether or not either is there."""
    own = root / "assets" / name
    return own if own.is_file() else PACKAGED / name


def within(root: Path, folder: str, pattern: str = "*") -> Iterator[Path]:
    """Yield the files of a folder of ``assets/``, by name: the project's, and the package's of other names."""
    results = {
        path.name: path
        for top in (PACKAGED, root / "assets")
        for path in (top / folder).glob(pattern)
        if path.is_file() and path.suffix != ".py"
    }
    yield from (results[name] for name in sorted(results))


def is_for_quarto(script: Path) -> bool:
    """Return whether a script or filter has Quarto do what this engine does by itself."""
    return bool(_FOR_QUARTO.search(script.read_text("utf8", errors="replace")))
