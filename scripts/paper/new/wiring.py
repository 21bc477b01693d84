"""A new function in ``figures/__init__.py`` or ``tables/__init__.py``, with the imports that it needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from paper.errors import Place, SourceError
from paper.new.plan import read

WIDTH = 110  # the length of a line that `make check` allows


def wired(text: str, file: str, package: str, module: str, function: str) -> str:
    """The package's source with ``module`` imported and the function at its end.

    function: the source; ``coded`` in it stands for the loader of tables. Raises SourceError where the source
    can't be read, or imports nothing of ``paper``.
    """
    text, loader = _importing(text, file, "paper.coding", "load", "coded")
    text, _ = _importing(text, file, f"paper.{package}", module, module)
    return text.rstrip() + "\n\n\n" + re.sub(r"\bcoded\b", loader, function)


def taken(root: Path, package: str) -> set[str]:
    """Names that mean something in the package already: its modules, and all that it imports and defines."""
    file = f"scripts/paper/{package}/__init__.py"
    found = {path.stem for path in (root / file).parent.iterdir()}
    for node in ast.walk(_parsed(read(root, file), file)):
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


def _parsed(text: str, file: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise SourceError(
            f"not valid Python: {error.msg}", place=Place(file, error.lineno), remedy="correct the file"
        ) from None


def _importing(text: str, file: str, source: str, name: str, alias: str) -> tuple[str, str]:
    """The text with the name imported, if need be under the alias, and what the name is called in it."""
    imports = [
        node
        for node in _parsed(text, file).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "paper"
    ]
    if not imports:
        raise SourceError(
            "it imports nothing of the package paper", place=Place(file), remedy="restore the file from git"
        )
    there = next((node for node in imports if node.module == source), None)
    for known in there.names if there else ():
        if known.name == name:
            return text, known.asname or name
    names = [_said(known) for known in (there.names if there else ())]
    names.append(name if alias == name else f"{name} as {alias}")
    lines = text.splitlines(keepends=True)
    written = _written(f"from {source} import", sorted(names, key=_natural))
    if there:
        lines[there.lineno - 1 : there.end_lineno] = [written]
    else:
        after = [node for node in imports if str(node.module) > source]
        place = after[0].lineno - 1 if after else int(imports[-1].end_lineno or 0)
        lines.insert(place, written)
    return "".join(lines), alias


def _said(name: ast.alias) -> str:
    return f"{name.name} as {name.asname}" if name.asname else name.name


def _natural(name: str) -> list[tuple[int, str]]:
    """As the linter sorts names: numbers in them by their size."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _written(start: str, names: list[str]) -> str:
    line = f"{start} {', '.join(names)}\n"
    if len(line) - 1 <= WIDTH:
        return line
    return f"{start} (\n" + "".join(f"    {name},\n" for name in names) + ")\n"
