"""A new function in ``figures/__init__.py`` or ``tables/__init__.py``, with the import that it needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from paper.errors import Place, SourceError

WIDTH = 110  # the length of a line that `make check` allows


def wired(text: str, file: str, package: str, module: str, function: str) -> str:
    """The package's source with ``module`` imported and the function at its end.

    function: the source; ``coded`` in it stands for the loader of tables. Raises SourceError where the source
    doesn't import the loader and the package's modules as ever.
    """
    tree = ast.parse(text)
    loader = next(
        (name.asname or name.name for name in _names(tree, "paper.coding") if name.name == "load"), ""
    )
    line = _import(tree, f"paper.{package}")
    if not loader or line is None:
        raise SourceError(
            f"it doesn't import the loader of tables, or the modules of paper.{package}, as this command expects",
            place=Place(file),
            remedy="restore the imports, or add the function by hand",
        )
    names = sorted({*(_said(name) for name in line.names), module}, key=natural)
    lines = text.splitlines(keepends=True)
    lines[line.lineno - 1 : line.end_lineno] = [_written(f"from paper.{package} import", names)]
    return "".join(lines).rstrip() + "\n\n\n" + re.sub(r"\bcoded\b", loader, function)


def taken(root: Path, package: str) -> set[str]:
    """Names that mean something in the package already: its modules, and all that it imports and defines."""
    folder = root / "scripts/paper" / package
    found = {path.stem for path in folder.iterdir()}
    for node in ast.walk(ast.parse((folder / "__init__.py").read_text("utf8"))):
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


def natural(name: str) -> list[tuple[int, str]]:
    """As the linter sorts names: numbers in them by their size."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _import(tree: ast.Module, module: str) -> ast.ImportFrom | None:
    return next(
        (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == module), None
    )


def _names(tree: ast.Module, module: str) -> list[ast.alias]:
    found = _import(tree, module)
    return found.names if found else []


def _said(name: ast.alias) -> str:
    return f"{name.name} as {name.asname}" if name.asname else name.name


def _written(start: str, names: list[str]) -> str:
    line = f"{start} {', '.join(names)}\n"
    if len(line) - 1 <= WIDTH:
        return line
    return f"{start} (\n" + "".join(f"    {name},\n" for name in names) + ")\n"
