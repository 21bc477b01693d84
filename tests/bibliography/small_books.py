"""What the tests of the bibliography write their small books with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

SETTINGS = """\
project:
  type: book
book:
  title: A small book
  chapters:
{chapters}
bibliography: references.bib
"""

Book = Callable[..., Path]


def write_book(root: Path, files: dict[str, str], settings: str = "") -> Path:
    """Write a book from texts by file name; the .qmd files become its chapters in the order given."""
    root.mkdir(exist_ok=True)
    names = [name for name in files if name.endswith(".qmd") and "/_" not in f"/{name}"]
    chapters = "\n".join(f"    - {name}" for name in names)
    (root / "_quarto.yml").write_text(SETTINGS.format(chapters=chapters) + settings, "utf8")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf8")
    return root
