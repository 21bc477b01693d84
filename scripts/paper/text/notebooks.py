"""Jupyter notebooks as sources: chapters that are notebooks, and cells of one embedded elsewhere.

A notebook becomes the lines that its author would have written in a ``.qmd``. Quarto doesn't run one unless
``execute: enabled: true`` asks for it, so its cells come with the outputs that it keeps.
https://github.com/quarto-dev/quarto-cli/blob/main/src/execute/jupyter/jupyter.ts
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from paper.errors import ChapterError, Place
from paper.project import Project
from paper.text import front_matter
from paper.text.display_metadata import with_metadata
from paper.text.includes import normal
from paper.text.outputs import Output, plain_text, plain_traceback, printed
from paper.text.source import Cell, Embedded, Line

MAX_BYTES: Final = 200_000_000  # pictures in a notebook are text
# What a raw cell holds, by the type that Jupyter's editors give it; others are for formats that aren't made here.
_RAW: Final = {"text/html": "html", "text/latex": "latex", "text/typst": "typst"}
_ADDRESS: Final = re.compile(r"(?P<path>[^#\[]+?\.(?:ipynb|qmd))(?:#(?P<ids>.+)|\[(?P<at>[0-9,-]+)\])?")


@dataclass(frozen=True)
class NotebookCell:
    """A cell. number: its place, from 1; kind: "markdown", "code" or "raw"; outputs: those kept."""

    number: int
    kind: str
    text: str
    id: str = ""
    tags: tuple[str, ...] = ()
    mimetype: str = ""
    outputs: tuple[Output, ...] = ()
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Notebook:
    """A notebook's cells and the language of its kernel."""

    path: PurePosixPath
    language: str
    cells: tuple[NotebookCell, ...]

    def file(self, cell: NotebookCell) -> str:
        """Return how a fault in a cell calls its place: nobody knows the lines of a notebook's JSON."""
        return f"{self.path} (cell {cell.number})"


def load(root: Path, path: PurePosixPath, asked: Place | None = None) -> Notebook:
    """Read a notebook of any version. Raises ChapterError for what is missing, too large or no notebook."""
    place = asked or Place(str(path))
    full = root / path
    if path.parts[:1] == ("..",) or not full.resolve().is_relative_to(root.resolve()):
        raise ChapterError(
            "the notebook is outside the project", place=place, remedy="copy it into the project"
        )
    if path.parts[:2] == ("data", "private"):
        raise ChapterError(
            "a chapter must not show private data", place=place, remedy="show released data only"
        )
    try:
        if full.stat().st_size > MAX_BYTES:
            raise ChapterError(
                f"{path} has more than {MAX_BYTES:,} bytes", place=place, remedy="clear some outputs"
            )
        text = full.read_text("utf-8-sig")
    except OSError as error:
        message = (
            "does not exist" if isinstance(error, FileNotFoundError) else f"can't be read: {error.strerror}"
        )
        raise ChapterError(f"the notebook {path} {message}", place=place, remedy="check its name") from None
    except UnicodeDecodeError:
        raise ChapterError("not UTF-8", place=Place(str(path)), remedy="save the notebook as UTF-8") from None
    try:
        notebook = json.loads(text)
        if notebook["nbformat"] < 4:
            notebook = _of_today(text)
        cells = [_cell(number, cell) for number, cell in enumerate(notebook["cells"], 1)]
    except json.JSONDecodeError as error:
        message = f"not a notebook: {error.msg}"
        remedy = "open and save it in Jupyter, or restore it: a merge may have left marks in it"
        raise ChapterError(message, place=Place(str(path), error.lineno), remedy=remedy) from None
    except Exception as error:  # what is no notebook fails anywhere
        first = (str(error).splitlines() or ["?"])[0][:200]
        remedy = "open and save it in Jupyter"
        raise ChapterError(f"not a notebook: {first}", place=Place(str(path)), remedy=remedy) from None
    kernel = notebook.get("metadata", {})
    named = kernel.get("kernelspec", {}).get("language") or kernel.get("language_info", {}).get("name")
    return Notebook(path, str(named or "python").lower(), tuple(cells))


def _of_today(text: str) -> Any:
    """Return a notebook of an old version in the form of today's."""
    import nbformat

    return nbformat.convert(nbformat.reader.reads(text), 4)  # type: ignore[no-untyped-call]


def _cell(number: int, cell: Mapping[str, Any]) -> NotebookCell:
    meta = cell.get("metadata", {})
    return NotebookCell(
        number,
        str(cell["cell_type"]),
        _joined(cell["source"]).replace("\r\n", "\n"),
        str(cell.get("id") or ""),
        tuple(map(str, meta.get("tags") or ())),
        str(meta.get("raw_mimetype") or meta.get("format") or ""),
        tuple(_output(output) for output in cell.get("outputs") or ()),
        cell.get("attachments") or {},
    )


def _output(kept: Mapping[str, Any]) -> Output:
    kind = kept["output_type"]
    if kind == "stream":
        return Output(str(kept.get("name") or "stdout"), {"text/plain": printed(_joined(kept["text"]))})
    if kind == "error":
        return Output("error", {"text/plain": plain_traceback([f"{kept['ename']}: {kept['evalue']}"])})
    sort = "result" if kind == "execute_result" else "display"
    return Output(sort, with_metadata(kept, plain_text))


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


# -- a chapter ---------------------------------------------------------------------------------------------------


def chapter_lines(project: Project, path: PurePosixPath) -> list[Line]:
    """Return a notebook as the lines of a chapter, its front matter first."""
    notebook = load(project.root, path)
    front = next((cell for cell in notebook.cells if _is_front_matter(cell)), None)
    cells = [*([front] if front else []), *(cell for cell in notebook.cells if cell is not front)]
    results: list[Line] = []
    for cell in cells:
        results += _lines(notebook, cell, stripped=cell is front)
        results.append(Line("", notebook.file(cell), cell.text.count("\n") + 1))
    return results


def _is_front_matter(cell: NotebookCell) -> bool:
    return cell.kind != "code" and front_matter.closing_line(cell.text.strip().split("\n")) > 0


def _lines(notebook: Notebook, cell: NotebookCell, *, stripped: bool = False) -> list[Line]:
    file = notebook.file(cell)
    text = cell.text
    if cell.kind == "code":
        return _code_lines(notebook, cell, Embedded(cell.outputs))
    if cell.kind == "raw" and (form := _RAW.get(cell.mimetype)):
        text = f"```{{={form}}}\n{text}\n```"
    elif cell.kind == "raw" and cell.mimetype not in ("", "text/markdown"):
        return []
    for name, data in cell.attachments.items():
        text = _with_attachment(text, name, data)
    lines = text.strip("\n").split("\n") if stripped else text.split("\n")
    return [Line(line, file, number) for number, line in enumerate(lines, 1)]


def _code_lines(notebook: Notebook, cell: NotebookCell, kept: Embedded) -> list[Line]:
    """Return a code cell between fences that nothing in it can end."""
    file = notebook.file(cell)
    fence = "`" * max(
        3, 1 + max((len(run) for run in re.findall(r"^[ \t]*(`{3,})", cell.text, re.M)), default=0)
    )
    lines = [Line(line, file, number) for number, line in enumerate(cell.text.split("\n"), 1)]
    return [
        Line(f"{fence}{{{notebook.language}}}", file, 1, kept),
        *lines,
        Line(fence, file, len(lines)),
    ]


def _with_attachment(text: str, name: str, data: Mapping[str, Any]) -> str:
    """Return the text with the picture that was pasted into its cell in the place of its name."""
    for mimetype, content in data.items():
        joined = re.sub(r"\s+", "", _joined(content))
        return text.replace(f"attachment:{name}", f"data:{mimetype};base64,{joined}")
    return text


# -- embedded cells ----------------------------------------------------------------------------------------------


def embedded_lines(
    project: Project, base: PurePosixPath, words: list[str], named: Mapping[str, str], place: Place
) -> tuple[list[Line], PurePosixPath]:
    """Return the lines that stand for ``{{< embed … >}}``, and the file that they come from.

    base: the chapter's folder. Raises ChapterError for an address that leads nowhere.
    https://github.com/quarto-dev/quarto-cli/blob/main/src/core/jupyter/jupyter-embed.ts
    """
    match = _ADDRESS.fullmatch(words[0]) if words else None
    if match is None:
        raise ChapterError(
            "embed needs a notebook or a .qmd file",
            place=place,
            remedy="write it as {{< embed notebook.ipynb#label >}}",
        )
    name = match["path"]
    path = normal(PurePosixPath(name.lstrip("/")) if name.startswith("/") else base / name)
    options = {"echo": named.get("echo") == "true", "warning": False, "include": True}
    shown = tuple(n - 1 for n in _numbers(named.get("outputs", "")))
    if path.suffix == ".qmd":
        return _of_document(project, path, match["ids"], options, place), path
    notebook = load(project.root, path, place)
    results: list[Line] = []
    for cell in _chosen(notebook, match["ids"], match["at"], place):
        if cell.kind != "code":
            results += _lines(notebook, cell)
        elif cell.outputs or options["echo"]:
            kept = tuple(cell.outputs[n] for n in shown if n < len(cell.outputs)) if shown else cell.outputs
            results += _code_lines(notebook, cell, Embedded(kept, options))
        elif match["ids"] or match["at"]:
            raise ChapterError(
                f"the cell {match['ids'] or match['at']} of {path} keeps no output to show",
                place=place,
                remedy="run the notebook and save it",
            )
        results.append(Line("", notebook.file(cell), 1))
    return results, path


def _chosen(notebook: Notebook, ids: str | None, at: str | None, place: Place) -> Iterator[NotebookCell]:
    if not ids and not at:
        yield from (cell for cell in notebook.cells if not _is_front_matter(cell))
        return
    for wanted in re.split(r"[,\s]+", ids.strip()) if ids else map(str, _numbers(at or "")):
        if ids:
            found = next((cell for cell in notebook.cells if _is_called(cell, wanted)), None)
        else:
            found = notebook.cells[int(wanted) - 1] if 0 < int(wanted) <= len(notebook.cells) else None
        if found is None:
            known = ", ".join(filter(None, map(_label, notebook.cells)))
            raise ChapterError(
                f"{notebook.path} has no cell {wanted}",
                place=place,
                remedy=f"its labels: {known}"
                if known
                else "give the cell a line `#| label: …`, or name its number",
            )
        yield found


def _is_called(cell: NotebookCell, name: str) -> bool:
    return name in (cell.id, _label(cell), *cell.tags) or bool(
        cell.kind == "markdown" and re.search(rf"\{{#{re.escape(name)}[\s}}]", cell.text)
    )


def _label(cell: NotebookCell) -> str:
    match = re.search(r"^#\|\s*label:\s*[\"']?([^\s\"']+)", cell.text, re.M) if cell.kind == "code" else None
    return match[1] if match else ""


def _numbers(text: str) -> list[int]:
    """Return the numbers that a list such as ``1,3-5`` names."""
    results: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.strip().partition("-")
        if first.isdigit() and (last or first).isdigit():
            results += range(int(first), min(int(last or first), int(first) + 1000) + 1)
    return results


def _of_document(
    project: Project, path: PurePosixPath, ids: str | None, options: Mapping[str, Any], place: Place
) -> list[Line]:
    """Return cells of a ``.qmd``, which are run there: by their labels, or all."""
    from paper.text.reading import read  # which reads this chapter by way of this module

    try:
        source = read(project, path)
    except ChapterError as error:
        if error.place and error.place.file == str(path) and error.place.line is None:
            error.place = place
        raise
    cells = [(at, part) for at, part in enumerate(source.runnable) if isinstance(part, Cell)]
    wanted = re.split(r"[,\s]+", ids.strip()) if ids else [""]
    results: list[Line] = []
    for name in wanted:
        chosen = [(at, cell) for at, cell in cells if not name or name == cell.label]
        if not chosen:
            known = ", ".join(cell.label for _, cell in cells if cell.label)
            raise ChapterError(
                f"{path} has no cell {name}", place=place, remedy=f"its labels: {known or 'none'}"
            )
        for at, cell in chosen:
            file, first = str(cell.place.file), cell.place.line or 1
            kept = Embedded(None, dict(options), (path, at))
            text = [*cell.header, *cell.code.split("\n")]
            results.append(Line("```{python}", file, first, kept))
            results += [Line(line, file, first + n) for n, line in enumerate(text, 1)]
            results += [Line("```", file, first), Line("", file, first)]
    return results
