"""Runs a chapter's cells in a Jupyter kernel, once for all formats, and keeps what they gave.

A result is kept under a key of the cells, and is good as long as all that the cells looked at is as they saw it: the
kernel notes that while it runs (``watch``). What can't be watched is told, and its chapter is run at each build
(``keeping``). One kernel serves all chapters of a build, emptied between them, so that libraries are imported once.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final

from paper import errors
from paper.cells import figure_settings, keeping, kernelspecs
from paper.cells.cell_inputs import CellInputs, environment
from paper.cells.inside import launch, looks
from paper.cells.kernel import Kernel
from paper.cells.portable import portable, untimed
from paper.errors import CellError, PaperError
from paper.project import Project
from paper.report import Fault
from paper.text.display_metadata import with_metadata
from paper.text.outputs import Output, plain_text, plain_traceback, printed
from paper.text.source import Cell, Inline, Source
from paper.tools import installed
from paper.tools.cache import Cache, digest

_KIND: Final = "executed"  # of what is kept
# What chapters' code imports, nearly enough: a library too many is imported in vain, and one too few later.
_IMPORTS: Final = re.compile(rb"^[ \t]*(?:import|from(?:[ \t]+paper[ \t]+import)?)[ \t]+(.*)$", re.M)
_WORDS: Final = re.compile(rb"\w+")
FAULTS = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
)


@dataclass(frozen=True)
class Result:
    """What one cell or inline expression gave."""

    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Executed:
    """A chapter's results in the order of ``Source.runnable``, and why they are as they are.

    key: of the cells; reason: why they were run, or "unchanged" or "no cells"; inputs: what they looked at;
    notices: what they do that can't be watched.
    """

    results: tuple[Result, ...]
    key: str
    reason: str
    inputs: CellInputs = field(default=CellInputs())
    notices: tuple[Fault, ...] = field(default=())


class Executor:
    """Runs chapters one after another; a context manager that ends its kernel whatever happens.

    lenient: take kept results though the text of chapters, which the cells read, has changed since.
    allowed: is called before any cell runs, and raises what must stop it.
    """

    def __init__(self, project: Project, store: Cache) -> None:
        self.project = project
        self.cache = store
        self.lenient = False
        self.allowed: Callable[[], object] = lambda: None
        self._kernel: Kernel | None = None
        self._states: dict[str, str] | None = None

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether a kernel is there."""
        return self._kernel is not None and not self._kernel.ended

    def begin(self) -> None:
        """Start a kernel before the sources are read, where no result is kept of the cells that some have.

        It imports in the meantime what they will. One that can't be started is told when it is needed.
        """
        if (self.cache.folder / _KIND).is_dir():
            return
        files = (self.project.root / chapter.path for chapter in self.project.chapters)
        if texts := [text for path in files if path.is_file() and b"{python}" in (text := path.read_bytes())]:
            asked = {
                name for text in texts for line in _IMPORTS.findall(text) for name in _WORDS.findall(line)
            }
            early = [name for name in launch.EARLY if name.encode() in asked]
            with contextlib.suppress(PaperError):
                self._kernel = Kernel(self.project, early=early)

    @contextlib.contextmanager
    def looking_once(self) -> Iterator[None]:
        """Take what chapters' cells look at as it is when it is first looked at, until other cells have run."""
        self._states = {}
        try:
            yield
        finally:
            self._states = None

    def run(self, source: Source) -> Executed:
        """Return a chapter's results, cached or new. Raises CellError with the cell's own traceback."""
        key = self.key(source)
        if not self._has_cells(source):
            return Executed(tuple(_as_written(part) for part in source.runnable), key, "no cells")
        entry = self.cache.get(_KIND, key)
        reason = self._reason(source, entry)
        if entry is None or reason != "unchanged":
            results, seen, unwatched = self._run(source)
            entry = {"looks": seen, "unwatched": unwatched, "results": _dump(results)}
            self.cache.put(_KIND, key, entry)
        how = keeping.keeping(self.project, source)
        open_to_change = how == "never" or (how == "watched" and bool(entry["unwatched"]))
        told = (
            keeping.notices(source, entry["unwatched"], self._evaluated(source)) if how == "watched" else []
        )
        seen = {} if how == "frozen" else entry["looks"]
        inputs = CellInputs(tuple(seen.items()), open_to_change)
        return Executed(_load(entry["results"]), key, reason, inputs, tuple(told))

    def kept(self, source: Source) -> tuple[str, tuple[str, ...]]:
        """Why the chapter's cells must run, or "unchanged" or "no cells"; and the files that they used."""
        if not self._has_cells(source):
            return "no cells", ()
        entry = self.cache.get(_KIND, self.key(source))
        looked = entry["looks"] if entry is not None else {}
        return self._reason(source, entry), tuple(
            _name(look) for look in looked if look.startswith(looks.OF_CONTENT)
        )

    def _has_cells(self, source: Source) -> bool:
        return bool(self._evaluated(source))

    def _evaluated(self, source: Source) -> list[Cell | Inline]:
        """Return the cells and inline code of the chapter that a kernel runs."""
        if keeping.setting(self.project, source, "enabled") is False:
            return []
        return [
            part
            for part in source.runnable
            if not isinstance(part, Cell) or _evaluated(self.project, source, part)
        ]

    def _reason(self, source: Source, entry: dict[str, Any] | None) -> str:
        """Why the cells must run, or "unchanged"."""
        if entry is None:
            return "never run with these cells"
        how = keeping.keeping(self.project, source)
        if how == "frozen":
            return "unchanged"
        if how == "never":
            return "asked for at each build"
        if how == "watched" and entry["unwatched"]:
            return "can't be watched: " + ", ".join(sorted({kind for kind, *_ in entry["unwatched"]}))
        variables = environment(self.project)
        changed = [look for look, was in entry["looks"].items() if self._state(look, variables) != was]
        if not changed or (self.lenient and self._are_texts(changed)):
            return "unchanged"
        return "changed: " + ", ".join(sorted({_name(look) for look in changed}))

    def _state(self, look: str, variables: Mapping[str, str]) -> str:
        """Return the present state of a look."""
        if self._states is not None and look in self._states:
            return self._states[look]
        result = looks.state(look, self.project.root, variables, self.cache)
        if self._states is not None:
            self._states[look] = result
        return result

    def _are_texts(self, changed: list[str]) -> bool:
        texts = {str(chapter.path) for chapter in self.project.chapters}
        return all(look.startswith(looks.OF_CONTENT) and _name(look) in texts for look in changed)

    def stop(self) -> None:
        """End the kernel."""
        if self._kernel is not None:
            self._kernel.stop()
        self._kernel = None

    # -- keys -------------------------------------------------------------------------------------------------

    def key(self, source: Source) -> str:
        """Return what tells a chapter's cells, and how they run, from any others."""
        cells = [
            (
                part.code,
                json.dumps({k: part.options[k] for k in sorted(part.options) if k in _RUNNING}, default=str),
            )
            if isinstance(part, Cell)
            else (part.code,)
            for part in source.runnable
        ]
        frozen = keeping.keeping(self.project, source) == "frozen"
        return digest(
            "executed",
            cells,
            source.path if frozen else self._folder(source),
            self.project.profile,
            "" if frozen else sys.version,
            [] if frozen or not self._has_cells(source) else self._kernel_command(source),
            "" if frozen else installed.libraries(),
            _settings(self.project, source),
            self.project.environment,
        )

    def _kernel_command(self, source: Source) -> list[str]:
        return kernelspecs.identity(kernelspecs.chosen(self.project, source))

    # -- running ----------------------------------------------------------------------------------------------

    def _folder(self, source: Source) -> Path:
        """Return the folder that cells run in.

        https://quarto.org/docs/projects/code-execution.html#working-dir
        """
        settings = self.project.config.get("project")
        whole = isinstance(settings, dict) and settings.get("execute-dir") == "project"
        return self.project.root if whole else (self.project.root / source.path).parent

    def _run(self, source: Source) -> tuple[list[Result], dict[str, str], list[keeping.Unwatched]]:
        """Results, what was looked at, and what can't be watched."""
        if self._kernel is not None and not self._kernel.ended:
            self._kernel.connect()  # meanwhile: jupyter_client waits a fifth of a second for what else it says
        self.allowed()
        name = kernelspecs.chosen(self.project, source)
        if self._kernel is not None and self._kernel.name != name:
            self.stop()
        if self._kernel is None or self._kernel.ended:
            self._kernel = Kernel(self.project, name)
        kernel = self._kernel
        figures = figure_settings.of(self.project, source)
        kernel.begin(self._folder(source), source.path, figures)
        evaluated = self._evaluated(source)
        results: list[Result] = []
        for part in source.runnable:
            if part not in evaluated:
                results.append(Result(()))
            elif isinstance(part, Cell):
                with kernel.drawing(figure_settings.of(self.project, source, part), figures):
                    results.append(self._cell(kernel, part, source))
            else:
                results.append(self._inline(kernel, part))
        seen, told = kernel.used(source.path)
        if self._states is not None:
            self._states = {}  # the cells may have written what others look at
        own = [
            self.project.root / _name(look)
            for look in seen
            if look.startswith("file:") and look.endswith(".py")
        ]
        return results, seen, keeping.unwatched(told, evaluated, (path for path in own if path.is_file()))

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
                        name, {"text/plain": outputs[-1].data["text/plain"] + self._said(content["text"])}
                    )
                else:
                    outputs.append(Output(name, {"text/plain": self._said(content["text"])}))
            elif kind in ("display_data", "execute_result"):
                sort = "result" if kind == "execute_result" else "display"
                outputs.append(Output(sort, self._data(content)))
            elif kind == "clear_output":
                outputs.clear()
            elif kind == "error":
                error = content
        if error is not None:
            if option(self.project, source, cell, "error", False):
                said = self._said(f"{error['ename']}: {error['evalue']}")
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

    def _said(self, text: str) -> str:
        return untimed(portable(printed(text), self.project.root))

    def _data(self, content: dict[str, Any]) -> dict[str, str]:
        """Representations as text, without what is of this machine; pictures are in base 64 and stay as they are."""
        texts = with_metadata(content, plain_text)
        pictures = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")
        return {
            kind: text if kind in pictures else untimed(portable(text, self.project.root))
            for kind, text in texts.items()
        }

    def _inline(self, kernel: Kernel, inline: Inline) -> Result:
        code = (
            f"_paper_inline = ({inline.code}\n)\n"
            "__import__('paper.text.inline', fromlist=['show']).show(_paper_inline)"
        )
        outputs = []
        for kind, content in kernel.run(code, inline.place):
            if kind == "display_data":
                outputs.append(Output("display", self._data(content)))
            elif kind == "error":
                raise CellError(
                    f"the inline code `{inline.code}` raised {content['ename']}: {content['evalue']}",
                    place=inline.place,
                    remedy="mend the expression, or the cell that makes its names",
                )
        return Result(tuple(outputs))


def _name(look: str) -> str:
    return look.partition(":")[2]


def _as_written(part: Cell | Inline) -> Result:
    """Return the result of what isn't run: none, and of inline code the code."""
    if isinstance(part, Cell):
        return Result(())
    return Result((Output("display", {"text/markdown": f"`{{python}} {part.code}`"}),))


def option(project: Project, source: Source, cell: Cell | None, name: str, default: Any) -> Any:
    """Return a cell's option, else the chapter's ``execute:``, else the book's."""
    if cell is not None and name in cell.options:
        return cell.options[name]
    for settings in (source.meta.get("execute"), project.config.get("execute")):
        if isinstance(settings, dict) and name in settings:
            return settings[name]
    return default


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


_RUNNING = ("eval", "error", "label", *figure_settings.OPTIONS)


def _settings(project: Project, source: Source) -> str:
    return json.dumps(
        [
            project.config.get("execute"),
            source.meta.get("execute"),
            astuple(figure_settings.of(project, source)),
        ],
        sort_keys=True,
        default=str,
    )


def _evaluated(project: Project, source: Source, cell: Cell) -> bool:
    return option(project, source, cell, "eval", True) is not False


def _dump(results: list[Result]) -> list[list[list[Any]]]:
    return [[[output.kind, output.data] for output in result.outputs] for result in results]


def _load(kept: list[list[list[Any]]]) -> tuple[Result, ...]:
    return tuple(Result(tuple(Output(kind, data) for kind, data in outputs)) for outputs in kept)
