"""A Jupyter kernel that runs the cells of chapters, within limits of time, memory and size."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from paper import limits
from paper.cells import kernelspecs
from paper.cells.cell_inputs import environment
from paper.cells.figure_settings import FigureSettings
from paper.cells.inside import launch
from paper.errors import CellError, MachineError, Place, ToolError
from paper.project import Project
from paper.text.outputs import plain_traceback
from paper.tools import processes
from paper.tools.processes import Allowance

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

CELL_TIMEOUT = limits.value("PAPER_CELL_TIMEOUT")
START_TIMEOUT = limits.value("PAPER_KERNEL_TIMEOUT")
MEMORY_LIMIT = int(limits.value("PAPER_CELL_MEMORY_GB") * 2**30)
MAX_OUTPUT = 20_000_000  # characters that one cell may print or return


START = "from paper.cells.inside.watch import start; start({root!r}, {memory}); del start"
CHARTING = "from paper.cells.inside.charting import start; start(); del start; __import__('gc').freeze()"
# Libraries stay, and are not searched for what may go each time that IPython empties itself.
BETWEEN = """
get_ipython().reset(new_session=True, aggressive=False)
__import__("os").chdir({folder!r})
__import__("sys")._paper_watcher.forget()
__import__("paper.cells.inside.charting", fromlist=["forget"]).forget()
__import__("gc").collect()
__import__("gc").freeze()
"""
USED = """
__import__("IPython.display", fromlist=["display"]).display(
    {"application/json": __import__("sys")._paper_watcher.used()}, raw=True
)
"""

# The watcher counts cells, to name the one that did something unseen; what the engine runs between them is none.
UNCOUNTED = '\n__import__("sys")._paper_watcher.cell -= 1'


class Kernel:
    """A kernel, whose process runs from the start; ``stop`` ends it, and so does a limit that is passed.

    It imports what it needs while this process does something else, which may fork: no thread is begun for it before
    ``begin``, which waits for it. name: of an installed kernel, "" for one of this very Python; early: names of
    ``paper`` and of libraries (of ``launch.EARLY``) that cells will import; ended: whether it is over, so that another
    one is needed. Raises MachineError where jupyter_client is not installed, and ToolError where the process does not
    start.
    """

    def __init__(self, project: Project, name: str = "", early: Iterable[str] = ()) -> None:
        self.name = name
        self.ended = False
        self._project = project
        self._ready = False
        self._ending = contextlib.ExitStack()
        self._manager: KernelManager
        self._client: BlockingKernelClient
        with self._stopping():
            self._start([f"{launch.OPTION}{name}" for name in early])

    def connect(self) -> None:
        """Wait until it answers. Raises ToolError."""
        if not self._ready:
            with self._stopping():
                self._connect()
            self._ready = True

    def begin(self, folder: Path, chapter: PurePosixPath, figures: FigureSettings) -> None:
        """Empty it for a chapter, which is run in the folder and draws such figures. Raises ToolError."""
        self.connect()
        self._prepare(BETWEEN.format(folder=str(folder)) + figures.code(), f" for {chapter}")

    def draw(self, figures: FigureSettings) -> None:
        """Let figures have this size and form from now on. Raises ToolError."""
        self._prepare(figures.code() + UNCOUNTED)

    @contextlib.contextmanager
    def drawing(self, own: FigureSettings, shared: FigureSettings) -> Iterator[None]:
        """Let figures have a cell's own size and form while it runs, and the chapter's after it. Raises ToolError."""
        if own == shared:
            yield
            return
        self.draw(own)
        yield
        if not self.ended:
            self.draw(shared)

    def run(self, code: str, place: Place | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Run the code; yield Jupyter's messages as (kind, content) until the kernel is idle.

        place: where the code stands. Raises CellError, and ends, when it is dead, too slow or too talkative.
        """
        import queue

        sent = self._client.execute(code, store_history=False, allow_stdin=False, stop_on_error=False)
        allowance = Allowance(self._manager.provisioner.pid, CELL_TIMEOUT)  # type: ignore[union-attr]
        size = 0
        while True:
            try:
                # The client's own way runs an event loop for each message.
                message = self._client.iopub_channel.get_msg(timeout=min(1.0, CELL_TIMEOUT))
            except queue.Empty:
                if self.ended or not self._manager.is_alive():
                    self.stop()
                    raise CellError(
                        "the kernel died while it ran this cell",
                        place=place,
                        remedy=f"perhaps it took more than {MEMORY_LIMIT // 2**30} GB (PAPER_CELL_MEMORY_GB)",
                    ) from None
                if allowance.is_spent():
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
                if size > MAX_OUTPUT or allowance.is_spent():
                    self.stop()
                    raise CellError(
                        f"the cell gave more than {MAX_OUTPUT:,} characters or did not end in time",
                        place=place,
                        remedy="print less",
                    )
            yield kind, content

    def used(self, chapter: PurePosixPath) -> tuple[dict[str, str], list[tuple[str, str, int]]]:
        """Return the cells' looks since the chapter began, and what they did unseen, as ``Watcher.used``.

        Raises ToolError.
        """
        for kind, content in self.run(USED):
            if kind == "display_data":
                used = content["data"]["application/json"]
                return used["looks"], [(kind, name, cell) for kind, name, cell in used["unwatched"]]
            if kind == "error":
                raise ToolError(
                    f"the kernel could not be asked about {chapter}",
                    detail=plain_traceback(content["traceback"]),
                )
        raise ToolError(f"the kernel gave no answer for {chapter}")

    def stop(self) -> None:
        """End it, and remove its folder."""
        self.ended = True
        self._ending.close()

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """Stop the kernel where something goes wrong."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def _start(self, arguments: list[str]) -> None:
        try:
            from jupyter_client.manager import KernelManager
        except ImportError:
            raise MachineError(
                "jupyter_client is not installed", remedy="run `make`, which installs it into .venv"
            ) from None
        if sys.platform == "win32":  # jupyter_client wants an event loop policy of its own there
            import asyncio

            asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
        folder = _own_folder()
        self._ending.callback(shutil.rmtree, folder, ignore_errors=True)
        transport = "tcp" if sys.platform == "win32" else "ipc"
        connection = str(Path(folder) / "kernel.json")
        self._manager = KernelManager(kernel_name="", transport=transport, connection_file=connection)
        self._manager._kernel_spec = kernelspecs.find(self.name)
        self._ending.callback(_quietly, self._manager.shutdown_kernel, now=True)
        # nobody's own start-up files
        variables = {**environment(self._project), "IPYTHONDIR": str(Path(folder) / "ipython")}
        with self._telling_the_start(), _without_socket(self._manager):
            self._manager.start_kernel(extra_arguments=arguments, env=variables, cwd=str(self._project.root))

    def _connect(self) -> None:
        """Wait until it answers, and let it watch what cells do."""
        with self._telling_the_start():
            self._client = self._manager.client()
            self._ending.callback(_quietly, self._client.stop_channels)
            self._client.start_channels()
            process: Any = self._manager.provisioner.process  # type: ignore[union-attr]
            with processes.limited(process, START_TIMEOUT), _briefly(self._client.iopub_channel):
                self._client.wait_for_ready(timeout=processes.LONGEST * START_TIMEOUT)
        if self.name:
            self._prepare(kernelspecs.package_code())
        self._prepare(START.format(root=str(self._project.root.resolve()), memory=MEMORY_LIMIT))
        self._prepare(CHARTING)

    @contextlib.contextmanager
    def _telling_the_start(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            named = f" {self.name}" if self.name else ""
            raise ToolError(
                f"the Jupyter kernel{named} did not start within {START_TIMEOUT:g} s",
                detail=str(error),
                remedy="run `make` again; on a slow machine set PAPER_KERNEL_TIMEOUT (seconds)",
            ) from None

    def _prepare(self, code: str, where: str = "") -> None:
        for kind, content in self.run(code):
            if kind == "error":
                raise ToolError(
                    f"the kernel could not be prepared{where}", detail=plain_traceback(content["traceback"])
                )


@contextlib.contextmanager
def _without_socket(manager: KernelManager) -> Iterator[None]:
    """Let the manager start a kernel and not make the socket yet by which it would ask it to end.

    ZeroMQ begins threads for it, and a process that has threads can't be forked.
    """
    manager._connect_control_socket = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        del manager._connect_control_socket


@contextlib.contextmanager
def _briefly(channel: Any) -> Iterator[None]:
    """Wait for each message at most a fiftieth of a second, and not the fifth that jupyter_client waits for the last.

    A kernel that starts says nothing that ``run`` would heed.
    """
    real = channel.get_msg
    channel.get_msg = lambda timeout: real(timeout=min(timeout, 0.02))
    try:
        yield
    finally:
        del channel.get_msg


def _quietly(end: Callable[..., object], **options: Any) -> None:
    """End something that perhaps never began or is over already."""
    with contextlib.suppress(Exception):
        end(**options)


def _own_folder() -> str:
    """Make a folder for a kernel's sockets, whose names must be short; remove those of killed builds."""
    for left in Path(tempfile.gettempdir()).glob("paper-kernel-*"):
        import psutil

        owner = left.name.split("-")[2]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"paper-kernel-{os.getpid()}-")
