"""Runs a chapter's cells in a Jupyter kernel, once for all formats, and keeps what they gave.

A result is kept under a key of the cells, and is good as long as every file that the cells opened and every
module of the project that they loaded has the same content: the kernel notes both while it runs. One kernel serves
all chapters of a build, emptied between them, so that libraries are imported once.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper import errors, limits
from paper.errors import CellError, MachineError, ToolError
from paper.project import Project
from paper.render.cache import Cache, digest, file_digest
from paper.render.source import Cell, Inline, Source
from paper.settings import read_environment

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

CELL_TIMEOUT = limits.value("PAPER_CELL_TIMEOUT")
START_TIMEOUT = limits.value("PAPER_KERNEL_TIMEOUT")
MEMORY_LIMIT = int(limits.value("PAPER_CELL_MEMORY_GB") * 2**30)
FAULTS = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MAX_OUTPUT = 20_000_000  # characters that one cell may print or return

START = "from paper.render.watch import start; start({root!r}, {memory}); del start"
BETWEEN = """
get_ipython().reset(new_session=True, aggressive=False)
__import__("os").chdir({folder!r})
__import__("sys")._paper_watcher.forget()
"""
USED = "print(__import__('json').dumps(__import__('sys')._paper_watcher.used()))"


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
        self._manager: KernelManager | None = None
        self._client: BlockingKernelClient | None = None
        self._folder = ""

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, source: Source) -> Executed:
        """A chapter's results, kept or new. Raises CellError with the cell's own traceback."""
        key = self._key(source)
        reason, used = self.kept(source)
        if reason == "no cells":
            return Executed(tuple(Result(()) for _ in source.runnable), (), key, reason)
        kept = self.cache.get("executed", key)
        if kept is not None and self.lenient and self._read_only_texts(kept["used"]):
            reason = "unchanged"
        if reason == "unchanged" and kept is not None:
            return Executed(_load(kept["results"]), used, key, reason)
        results, names = self._run(source)
        hashes = {name: file_digest(self.project.root / name) for name in names}
        self.cache.put("executed", key, {"used": hashes, "results": _dump(results)})
        return Executed(tuple(results), tuple(names), key, reason)

    def kept(self, source: Source) -> tuple[str, tuple[str, ...]]:
        """Why the chapter's cells must run, or "unchanged" or "no cells"; and the files that they used."""
        if not any(
            not isinstance(part, Cell) or _evaluated(self.project, source, part) for part in source.runnable
        ):
            return "no cells", ()
        kept = self.cache.get("executed", self._key(source))
        if kept is None:
            return "never run with these cells", ()
        changed = self._changed(kept["used"])
        return "changed: " + ", ".join(sorted(changed)) if changed else "unchanged", tuple(kept["used"])

    def _changed(self, used: dict[str, str]) -> list[str]:
        return [name for name, was in used.items() if file_digest(self.project.root / name) != was]

    def _read_only_texts(self, used: dict[str, str]) -> bool:
        """Whether something has changed since, and nothing but chapters."""
        changed = self._changed(used)
        return bool(changed) and set(changed) <= {str(chapter.path) for chapter in self.project.chapters}

    def stop(self) -> None:
        """End the kernel."""
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.stop_channels()
        if self._manager is not None:
            with contextlib.suppress(Exception):
                self._manager.shutdown_kernel(now=True)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._client = self._manager = None
        self._folder = ""

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

    # -- the kernel -------------------------------------------------------------------------------------------

    def _run(self, source: Source) -> tuple[list[Result], list[str]]:
        client = self._kernel()
        folder = str((self.project.root / source.path).parent)
        self._silent(client, BETWEEN.format(folder=folder), source)
        results: list[Result] = []
        for part in source.runnable:
            if isinstance(part, Cell) and not _evaluated(self.project, source, part):
                results.append(Result(()))
            elif isinstance(part, Cell):
                results.append(self._cell(client, part, source))
            else:
                results.append(self._inline(client, part))
        used = json.loads(self._evaluate(client, USED, source))
        root = self.project.root.resolve()
        return results, [Path(name).relative_to(root).as_posix() for name in used]

    def _kernel(self) -> BlockingKernelClient:
        if self._client is not None:
            return self._client
        try:
            from jupyter_client.manager import KernelManager
        except ImportError:
            raise MachineError(
                "jupyter_client is not installed", remedy="run `make`, which installs it into .venv"
            ) from None
        local = self.project.root / "_environment.local"
        environment = {
            **self.project.environment,
            **(read_environment(local) if local.is_file() else {}),
            **os.environ,
            "QUARTO_PROFILE": self.project.profile,
            "PYTHONHASHSEED": "0",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PAPER_ENGINE": "embedded",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        with _quiet_asyncio():
            transport = "tcp" if sys.platform == "win32" else "ipc"
            self._folder = _own_folder()
            connection = str(Path(self._folder) / "kernel.json")
            environment["IPYTHONDIR"] = str(Path(self._folder) / "ipython")  # nobody's own start-up files
            manager = KernelManager(kernel_name="", transport=transport, connection_file=connection)
            manager._kernel_spec = _own_kernel()
            try:
                manager.start_kernel(env=environment, cwd=str(self.project.root))
                client = manager.client()
                client.start_channels()
                client.wait_for_ready(timeout=START_TIMEOUT)
            except Exception as error:
                with contextlib.suppress(Exception):
                    manager.shutdown_kernel(now=True)
                raise ToolError(
                    f"the Jupyter kernel did not start within {START_TIMEOUT:g} s",
                    detail=str(error),
                    remedy="run `make` again; on a slow machine set PAPER_KERNEL_TIMEOUT (seconds)",
                ) from None
        self._manager, self._client = manager, client
        self._silent(client, START.format(root=str(self.project.root.resolve()), memory=MEMORY_LIMIT), None)
        return client

    def _cell(self, client: BlockingKernelClient, cell: Cell, source: Source) -> Result:
        outputs: list[Output] = []
        error = None
        # IPython finds the semicolon that silences a cell in its history, which isn't kept here
        code = cell.code + "\npass" if ends_in_semicolon(cell.code) else cell.code
        for kind, content in self._messages(client, code, cell):
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
                outputs.append(Output(sort, {k: _text(v) for k, v in content["data"].items()}))
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

    def _inline(self, client: BlockingKernelClient, inline: Inline) -> Result:
        code = (
            f"_paper_inline = ({inline.code}\n)\n"
            "__import__('paper.render.inline', fromlist=['show']).show(_paper_inline)"
        )
        outputs = []
        for kind, content in self._messages(client, code, inline):
            if kind == "display_data":
                outputs.append(Output("display", {k: _text(v) for k, v in content["data"].items()}))
            elif kind == "error":
                raise CellError(
                    f"the inline code `{inline.code}` raised {content['ename']}: {content['evalue']}",
                    place=inline.place,
                    remedy="mend the expression, or the cell that makes its names",
                )
        return Result(tuple(outputs))

    def _silent(self, client: BlockingKernelClient, code: str, source: Source | None) -> None:
        for kind, content in self._messages(client, code, None):
            if kind == "error":
                where = f" for {source.path}" if source else ""
                raise ToolError(
                    f"the kernel could not be prepared{where}", detail=plain_traceback(content["traceback"])
                )

    def _evaluate(self, client: BlockingKernelClient, expression: str, source: Source) -> str:
        for kind, content in self._messages(client, expression, None):
            if kind == "stream":
                return str(content["text"])
            if kind == "error":
                raise ToolError(
                    f"the kernel could not be asked about {source.path}",
                    detail=plain_traceback(content["traceback"]),
                )
        raise ToolError(f"the kernel gave no answer for {source.path}")

    def _messages(
        self, client: BlockingKernelClient, code: str, part: Cell | Inline | None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the kernel says while it runs the code; ends when it is idle, dead, too slow or too talkative."""
        import queue

        sent = client.execute(code, store_history=False, allow_stdin=False, stop_on_error=False)
        end = time.monotonic() + CELL_TIMEOUT
        size = 0
        place = part.place if part else None
        while True:
            try:
                message = client.get_iopub_msg(timeout=min(1.0, max(0.01, end - time.monotonic())))
            except queue.Empty:
                if self._manager is None or not self._manager.is_alive():
                    self.stop()
                    raise CellError(
                        "the kernel died while it ran this cell",
                        place=place,
                        remedy=f"perhaps it took more than {MEMORY_LIMIT // 2**30} GB (PAPER_CELL_MEMORY_GB)",
                    ) from None
                if time.monotonic() > end:
                    self.stop()
                    raise CellError(
                        f"the cell did not end within {CELL_TIMEOUT:g} s",
                        place=place,
                        remedy="mend the cell, or allow more time with PAPER_CELL_TIMEOUT (seconds)",
                    ) from None
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if kind in ("stream", "display_data", "execute_result"):
                size += len(str(content.get("text", ""))) + sum(
                    len(str(v)) for v in content.get("data", {}).values()
                )
                if size > MAX_OUTPUT or time.monotonic() > end:
                    self.stop()
                    raise CellError(
                        f"the cell gave more than {MAX_OUTPUT:,} characters or did not end in time",
                        place=place,
                        remedy="print less",
                    )
            yield kind, content


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


def plain_traceback(lines: list[str]) -> str:
    """A traceback without the colours of a terminal."""
    return printable("\n".join(lines))


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


def printable(text: str) -> str:
    """What a cell wrote without the colours of a terminal and without signs that no page or font can show."""
    return _UNSHOWN.sub("\ufffd", _COLOURS.sub("", text))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(str(part) for part in value)
    return printable(value if isinstance(value, str) else json.dumps(value))


def _dump(results: list[Result]) -> list[list[list[Any]]]:
    return [[[output.kind, output.data] for output in result.outputs] for result in results]


def _load(kept: list[list[list[Any]]]) -> tuple[Result, ...]:
    return tuple(Result(tuple(Output(kind, data) for kind, data in outputs)) for outputs in kept)


def _own_folder() -> str:
    """A folder for a kernel's sockets: short, as their names are limited. Those of killed builds are removed."""
    import psutil

    for left in Path(tempfile.gettempdir()).glob("paper-kernel-*"):
        owner = left.name.split("-")[2]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"paper-kernel-{os.getpid()}-")


def _own_kernel() -> Any:
    """A kernel of this very Python, whatever kernels the machine has."""
    from jupyter_client.kernelspec import KernelSpec

    return KernelSpec(
        argv=[
            *(sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"),
            *("-f", "{connection_file}", "--HistoryManager.enabled=False"),
        ],
        display_name="Python",
        language="python",
        metadata={},
    )


@contextlib.contextmanager
def _quiet_asyncio() -> Iterator[None]:
    """jupyter_client wants an event loop policy of its own on Windows; elsewhere nothing is to do."""
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    yield
