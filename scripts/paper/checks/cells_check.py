"""What can be known of a chapter's cells without running them: their Python, the figures and tables they call."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from paper import catalogue
from paper.cells import kernelspecs
from paper.errors import ChapterError, nearest
from paper.project import Project
from paper.publishing.own import Kind
from paper.report import Fault, Severity, of_error
from paper.settings import Yaml
from paper.text.source import Cell, Source

SHOWN = ("figures", "tables")  # the packages whose functions cells call by name


def check_cells(project: Project, source: Source) -> Iterator[Fault]:
    """Yield cells that Python can't read, functions that there aren't, floats without caption or alternative text."""
    execute: Yaml = {}
    for given in (project.config.get("execute"), source.meta.get("execute")):
        execute |= given if isinstance(given, dict) else {}
    cells = [part for part in source.runnable if isinstance(part, Cell)]
    asked = [{**execute, **cell.options} for cell in cells]
    runs = [one.get("eval", True) is not False and one.get("enabled", True) is not False for one in asked]
    own = True
    if any(runs):
        try:
            own = not kernelspecs.chosen(project, source)
        except ChapterError as error:
            yield replace(of_error(error)[0], rule="kernel")
    for cell, options, run in zip(cells, asked, runs, strict=True):
        yield from _words(cell)
        if cell.language == "python" and run and own and not options.get("error"):
            yield from _code(project.root, cell)


def _words(cell: Cell) -> Iterator[Fault]:
    kind = cell.label.partition("-")[0]
    if kind in ("fig", "tbl") and not (cell.options.get(f"{kind}-cap") or cell.options.get(f"{kind}-subcap")):
        message = f"{cell.label} has no caption, so it gets no number"
        yield _fault(cell, "no-caption", message, f"add a line `#| {kind}-cap: …` to the cell", "warning")
    if kind == "fig" and not cell.options.get("fig-alt"):
        message = f"{cell.label} says nothing to those who can't see it"
        yield _fault(
            cell, "no-alt", message, "add a line `#| fig-alt: …`: its kind, order and numbers", "warning"
        )


def _code(root: Path, cell: Cell) -> Iterator[Fault]:
    if any(line.lstrip().startswith(("%", "!", "?")) for line in cell.code.splitlines()):
        return  # IPython's own commands are no Python
    try:
        tree = ast.parse(cell.code)
    except (SyntaxError, ValueError) as error:
        line = (getattr(error, "text", "") or "").strip()
        version = ".".join(map(str, sys.version_info[:2]))  # a later one may read it
        message = f"the cell is no Python {version}: {getattr(error, 'msg', error)}" + (
            f", at `{line}`" if line else ""
        )
        yield _fault(
            cell, "cell-syntax", message, "mend that line; brackets and quotation marks come in pairs"
        )
        return
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "paper"
        for alias in node.names
        if alias.name in SHOWN
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        package = names.get(node.value.id)
        known = _functions(root, package) if package else frozenset()
        if known and node.attr not in known:
            near = nearest(node.attr, known)
            kind = str(package).removesuffix("s")
            remedy = f"did you mean {package}.{near}()?" if near else f"`paper new {kind}` begins one"
            yield _fault(cell, "unknown-function", f"{package}.{node.attr} does not exist", remedy)


@cache
def _functions(root: Path, package: Kind) -> frozenset[str]:
    """Return the names that a cell can call: the paper's own, and those at the top of the package.

    The package is read and not imported, since importing takes a while.
    """
    spec = find_spec(f"paper.{package}")
    if spec is None or spec.origin is None:
        return frozenset()
    path = Path(spec.origin)
    names = {*catalogue.names(root, package), *(info.stem for info in path.parent.glob("*.py"))}
    for node in ast.parse(path.read_text("utf8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return frozenset(names)


def _fault(cell: Cell, rule: str, said: str, remedy: str, severity: Severity = "error") -> Fault:
    return Fault(str(cell.place.file), cell.place.line, rule, said, remedy, severity)
