"""Runs a chapter's cells in a Jupyter kernel, once for all formats, and keeps what they gave.

A result is kept under a key of the cells, and is good as long as every file that the cells opened and every
module of the project that they loaded has the same content: the kernel notes both while it runs. One kernel serves
all chapters of a build, emptied between them, so that libraries are imported once.
"""

from __future__ import annotations

import io
import json
import platform
import sys
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from paper import errors
from paper.errors import CellError
from paper.project import Project
from paper.render.cache import Cache, digest, file_digest
from paper.render.kernel import Kernel, plain_traceback, printable
from paper.render.source import Cell, Inline, Source

FAULTS = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
)


@dataclass(frozen=True)
class Output:
    """One thing that a cell gave. kind: "stdout", "stderr", "error", "display" or "result"; data: mimetype → content.

    A result is what the cell's last line gave; displays are what it showed on the way.
    """

    kind: str
    data: dict[str, str]

    @property
    def shown(self) -> bool:
        """Whether it is an object shown, and no printed text."""
        return self.kind in ("display", "result")


@dataclass(frozen=True)
class Result:
    """What one cell or inline expression gave."""

    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Executed:
    """A chapter's results in the order of ``Source.runnable``, and why they are as they are.

    used: files under the root whose content the results depend on; reason: why it was run, or "unchanged".
    """

    results: tuple[Result, ...]
    used: tuple[str, ...]
    key: str
    reason: str


class Executor:
    """Runs chapters one after another; a context manager that ends its kernel whatever happens.

    lenient: take kept results though the text of chapters, which the cells read, has changed since.
    """

    def __init__(self, project: Project, store: Cache) -> None:
        self.project = project
        self.cache = store
        self.lenient = False
        self._kernel: Kernel | None = None

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, source: Source) -> Executed:
        """A chapter's results, kept or new. Raises CellError with the cell's own traceback."""
        key = self._key(source)
        if not self._has_cells(source):
            return Executed(tuple(Result(()) for _ in source.runnable), (), key, "no cells")
        entry = self.cache.get("executed", key)
        changed = self._changed(entry)
        if entry is not None and (not changed or (self.lenient and self._are_texts(changed))):
            return Executed(_load(entry["results"]), tuple(entry["used"]), key, "unchanged")
        results, names = self._run(source)
        hashes = {name: file_digest(self.project.root / name) for name in names}
        self.cache.put("executed", key, {"used": hashes, "results": _dump(results)})
        return Executed(tuple(results), tuple(names), key, _reason(entry, changed))

    def kept(self, source: Source) -> tuple[str, tuple[str, ...]]:
        """Why the chapter's cells must run, or "unchanged" or "no cells"; and the files that they used."""
        if not self._has_cells(source):
            return "no cells", ()
        entry = self.cache.get("executed", self._key(source))
        return _reason(entry, self._changed(entry)), tuple(entry["used"]) if entry is not None else ()

    def _has_cells(self, source: Source) -> bool:
        return any(
            not isinstance(part, Cell) or _evaluated(self.project, source, part) for part in source.runnable
        )

    def _changed(self, entry: dict[str, Any] | None) -> list[str]:
        """Files that a kept result used, and that have another content now."""
        used = entry["used"] if entry is not None else {}
        return [name for name, was in used.items() if file_digest(self.project.root / name) != was]

    def _are_texts(self, names: list[str]) -> bool:
        return set(names) <= {str(chapter.path) for chapter in self.project.chapters}

    def stop(self) -> None:
        """End the kernel."""
        if self._kernel is not None:
            self._kernel.stop()
        self._kernel = None

    # -- keys -------------------------------------------------------------------------------------------------

    def _key(self, source: Source) -> str:
        cells = [
            (
                part.code,
                json.dumps({k: part.options[k] for k in sorted(part.options) if k in _RUNNING}, default=str),
            )
            if isinstance(part, Cell)
            else (part.code,)
            for part in source.runnable
        ]
        folder = source.path.parent.as_posix()
        return digest(
            "executed",
            cells,
            folder,
            self.project.profile,
            sys.version,
            libraries(),
            _settings(self.project, source),
            self.project.environment,
        )

    # -- running ----------------------------------------------------------------------------------------------

    def _run(self, source: Source) -> tuple[list[Result], list[str]]:
        if self._kernel is None or self._kernel.ended:
            self._kernel = Kernel(self.project)
        kernel = self._kernel
        kernel.begin((self.project.root / source.path).parent, source.path)
        results: list[Result] = []
        for part in source.runnable:
            if isinstance(part, Cell) and not _evaluated(self.project, source, part):
                results.append(Result(()))
            elif isinstance(part, Cell):
                results.append(self._cell(kernel, part, source))
            else:
                results.append(self._inline(kernel, part))
        root = self.project.root.resolve()
        return results, [Path(name).relative_to(root).as_posix() for name in kernel.used(source.path)]

    def _cell(self, kernel: Kernel, cell: Cell, source: Source) -> Result:
        outputs: list[Output] = []
        error = None
        # IPython finds the semicolon that silences a cell in its history, which isn't kept here
        code = cell.code + "\npass" if ends_in_semicolon(cell.code) else cell.code
        for kind, content in kernel.run(code, cell.place):
            if kind == "stream":
                name = str(content["name"])
                if outputs and outputs[-1].kind == name:
                    outputs[-1] = Output(
                        name, {"text/plain": outputs[-1].data["text/plain"] + printable(content["text"])}
                    )
                else:
                    outputs.append(Output(name, {"text/plain": printable(content["text"])}))
            elif kind in ("display_data", "execute_result"):
                sort = "result" if kind == "execute_result" else "display"
                outputs.append(Output(sort, {k: plain_text(v) for k, v in content["data"].items()}))
            elif kind == "clear_output":
                outputs.clear()
            elif kind == "error":
                error = content
        if error is not None:
            if option(self.project, source, cell, "error", False):
                said = plain_traceback([f"{error['ename']}: {error['evalue']}"])
                outputs.append(Output("error", {"text/plain": said}))
            else:
                named = f"the cell {cell.label!r}" if cell.label else "the cell"
                if error["ename"] in FAULTS:  # it says itself what is wrong, where, and what to do
                    raise CellError(f"{named} can't be shown\n  {error['evalue']}", place=cell.place)
                raise CellError(
                    f"{named} raised {error['ename']}: {error['evalue']}",
                    place=cell.place,
                    detail=plain_traceback(error["traceback"]),
                    remedy="mend the cell, or the function that its traceback names",
                )
        return Result(tuple(outputs))

    def _inline(self, kernel: Kernel, inline: Inline) -> Result:
        code = (
            f"_paper_inline = ({inline.code}\n)\n"
            "__import__('paper.render.inline', fromlist=['show']).show(_paper_inline)"
        )
        outputs = []
        for kind, content in kernel.run(code, inline.place):
            if kind == "display_data":
                outputs.append(Output("display", {k: plain_text(v) for k, v in content["data"].items()}))
            elif kind == "error":
                raise CellError(
                    f"the inline code `{inline.code}` raised {content['ename']}: {content['evalue']}",
                    place=inline.place,
                    remedy="mend the expression, or the cell that makes its names",
                )
        return Result(tuple(outputs))


def _reason(entry: dict[str, Any] | None, changed: list[str]) -> str:
    if entry is None:
        return "never run with these cells"
    return "changed: " + ", ".join(sorted(changed)) if changed else "unchanged"


def option(project: Project, source: Source, cell: Cell | None, name: str, default: Any) -> Any:
    """A cell's option, else the chapter's ``execute:``, else the book's."""
    if cell is not None and name in cell.options:
        return cell.options[name]
    for settings in (source.meta.get("execute"), project.config.get("execute")):
        if isinstance(settings, dict) and name in settings:
            return settings[name]
    return default


@cache
def libraries() -> str:
    """Names and versions of the installed libraries: another version may give another result.

    Read from the names of their folders, which is quicker than from what is in them.
    """
    found = {entry.name for folder in sys.path for entry in Path(folder or ".").glob("*.dist-info")}
    return json.dumps(sorted(found)) + platform.python_implementation()


def ends_in_semicolon(code: str) -> bool:
    """Whether the last thing in the code, comments aside, is a semicolon: its value is then not shown."""
    last = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
                last = token.string
    except (tokenize.TokenError, SyntaxError):  # a magic, or code that will raise anyway
        return False
    return last == ";"


_RUNNING = ("eval", "error", "label")


def _settings(project: Project, source: Source) -> str:
    return json.dumps(
        [project.config.get("execute"), source.meta.get("execute")], sort_keys=True, default=str
    )


def _evaluated(project: Project, source: Source, cell: Cell) -> bool:
    return option(project, source, cell, "eval", True) is not False


def plain_text(value: Any) -> str:
    """Return what a kernel gives for a mimetype as text."""
    if isinstance(value, list):
        value = "".join(str(part) for part in value)
    return printable(value if isinstance(value, str) else json.dumps(value))


def _dump(results: list[Result]) -> list[list[list[Any]]]:
    return [[[output.kind, output.data] for output in result.outputs] for result in results]


def _load(kept: list[list[list[Any]]]) -> tuple[Result, ...]:
    return tuple(Result(tuple(Output(kind, data) for kind, data in outputs)) for outputs in kept)
