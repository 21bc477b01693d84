"""What authors' cells and scripts import is one list, it is true, and guides and templates keep to it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import paper

REPOSITORY = Path(__file__).parents[1]
IMPORT = re.compile(
    r"^\s*(?:from (?P<module>paper[\w.]*) import (?P<names>[\w, ]+)|import (?P<whole>paper[\w.]*))", re.M
)


@pytest.mark.parametrize("name", paper.__all__)
def test_every_public_name_is_there(name: str) -> None:
    program = f"from paper import {name}; import paper; assert paper.{name} is {name}"
    exec(program, {})


def test_types_are_declared_for_the_same_names() -> None:
    tree = ast.parse((REPOSITORY / "scripts/paper/__init__.py").read_text("utf8"))
    [guarded] = [node for node in tree.body if isinstance(node, ast.If)]
    typed = {
        alias.asname or alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
    }
    assert typed == set(paper.__all__)
    assert (REPOSITORY / "scripts/paper/py.typed").is_file()


def test_the_package_starts_without_what_nobody_asked_for() -> None:
    program = (
        "import sys, paper; print([name for name in ('pandas', 'numpy', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def imports() -> Iterator[tuple[str, str]]:
    """Yield file and imported name of everything that authors are shown."""
    shown = [
        *REPOSITORY.glob(".github/guides/*.md"),
        *REPOSITORY.glob("*.md"),
        *REPOSITORY.glob("data/*.md"),
        *REPOSITORY.glob("*.qmd"),
        *REPOSITORY.glob("chapters/*.qmd"),
        *REPOSITORY.glob("brief/*.qmd"),
        *REPOSITORY.glob("scripts/paper/new/templates/**/*.j2"),
    ]
    for file in shown:
        text = re.sub(r'\{\{ "(\w+, )" if \w+ \}\}', r"\1", file.read_text("utf8"))
        for match in IMPORT.finditer(text):
            for name in re.split(r",\s*", match["names"]) if match["names"] else [match["whole"]]:
                module = match["module"] or ""
                yield file.relative_to(REPOSITORY).as_posix(), f"{module}.{name}" if module else name


def test_what_authors_are_shown_imports_public_names_only() -> None:
    found = list(imports())
    assert len(found) > 30
    public = {f"paper.{name}" for name in paper.__all__}
    strange = [
        (file, name) for file, name in found if name not in public and not name.startswith("paper.quarto.")
    ]
    assert not strange
