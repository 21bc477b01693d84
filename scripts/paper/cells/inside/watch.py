"""Runs inside the kernel: notes what the cells look at, and what they do that can't be watched.

Python's audit events tell of files, folders, programs, databases and connections; ``os.stat`` and variables of the
environment raise none, so the functions that read them are wrapped. The watcher hangs on ``sys``, out of the cells'
sight, and lives on when the project's modules, this one among them, are forgotten between chapters.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote

from paper.cells.inside import looks
from paper.cells.inside.callers import Callers
from paper.cells.inside.interpreter import InterpreterState

PROGRAMS = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile",
)  # fmt: skip
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg")
KINDS = frozenset(  # functions that ask a file's status for what it is, and for neither size nor date
    {
        "exists", "lexists", "isfile", "isdir", "islink", "ismount", "is_file", "is_dir", "is_symlink", "is_mount",
        "mkdir", "makedirs", "which", "_access_check", "realpath", "_joinrealpath", "resolve",
        "_lexists", "select_exists",
    }
)  # fmt: skip


class Watcher:
    """What the chapter that runs now has looked at so far.

    unwatched: what it did that nobody sees the inside of, as (kind, name) → the number of the cell, from 1.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root) + os.sep
        self.roots = tuple({self.root, os.path.abspath(root) + os.sep})
        self.private = os.path.realpath(self.root + "data/private") + os.sep
        self.callers = Callers(self.root)
        self.state = InterpreterState(self.callers)
        self.looks: dict[str, str] = {}
        # (kind of look, file) → size and date when it was first opened
        self.first: dict[tuple[str, str], str] = {}
        self.written: set[str] = set()
        self.given: set[str] = set()  # variables that the cells set themselves
        self.asked: dict[str, str] = {}  # module that a cell asked for → the folder it was asked from
        self.unwatched: dict[tuple[str, str], int] = {}
        self.cell = 0
        self.changes = 0  # files written and programs run so far
        self.made: dict[Hashable, Any] = {}  # what the engine read or reckoned once for the chapter
        self._own = threading.local()
        self._handlers: dict[str, Callable[[str, tuple[Any, ...], FrameType], None]] = {
            "open": self._opened,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "os.rename": self._renamed,
            "sqlite3.connect": self._database,
            "import": self._imported,
            **dict.fromkeys(PROGRAMS, self._program),
            **dict.fromkeys(NETWORK, lambda _, __, frame: self._connected(frame)),
        }

    # -- events -----------------------------------------------------------------------------------------------

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """Note what an audit event looks at. Raises PermissionError for private text.

        A build publishes what cells show, and counts or excerpts of private text show a person too.
        """
        handler = self._handlers.get(event)
        if handler is None or getattr(self._own, "busy", False):
            return
        self._own.busy = True
        try:
            handler(event, args, sys._getframe(1))
        finally:
            self._own.busy = False

    def _opened(self, _: str, args: tuple[Any, ...], frame: FrameType) -> None:
        path = self._path(args[0] if args else None)
        if path is None:
            return
        self._refuse_private(path)
        mode, flags = (args[1], args[2]) if len(args) > 2 else (None, 0)
        letters = mode if isinstance(mode, str) else ""
        flags = flags if isinstance(flags, int) else 0
        writes = bool(set(letters) & set("wax+")) or bool(flags & (os.O_WRONLY | os.O_RDWR))
        anew = bool(set(letters) & set("wx")) or bool(flags & os.O_TRUNC)
        if not self._watched(path, frame):
            return
        if not anew:
            self._read(path, "file" if writes else getattr(self._own, "reading_for", "file"))
        if writes:
            self.changes += 1
            self.written.add(path)

    def _listed(self, event: str, args: tuple[Any, ...], frame: FrameType) -> None:
        path = self._path((args[0] if args else None) or ".")
        if path is None:
            return
        self._refuse_private(path)
        if self._watched(path, frame) and not self.callers.is_importing(frame):
            if event == "os.scandir" and not self.callers.is_standard(frame.f_code.co_filename):
                self._note("entries", path, looks.entries)  # which tell size and date without another call
            else:
                self._note("list", path, looks.listing)

    def _renamed(self, _: str, args: tuple[Any, ...], frame: FrameType) -> None:
        target = self._path(args[1])
        if target is not None and self._watched(target, frame):
            self.changes += 1
            self.written.add(target)

    def _database(self, _: str, args: tuple[Any, ...], frame: FrameType) -> None:
        name = args[0] if args else None
        if isinstance(name, str) and name.startswith("file:"):
            name = unquote(name.removeprefix("file:").partition("?")[0])
            name = "/" + name.lstrip("/") if name.startswith("//") else name
        path = self._path(name)
        if not name or name in (":memory:", b":memory:") or path is None:
            return
        self._refuse_private(path)
        if self._watched(path, frame):
            for part in (path, path + "-wal"):
                self._read(part)

    def _imported(self, _: str, args: tuple[Any, ...], frame: FrameType) -> None:
        name = args[0] if args else None
        if isinstance(name, str) and "." not in name and self.callers.of(frame) == "project":
            self.asked.setdefault(name, os.getcwd())

    def _program(self, event: str, args: tuple[Any, ...], frame: FrameType) -> None:
        if self.callers.is_harmless(frame):
            return
        given = args[1] if event == "subprocess.Popen" and len(args) > 1 else args[0] if args else ""
        words = given if isinstance(given, str | bytes) else next(iter(given or ()), "")
        name = os.fsdecode(words).split()[:1] if isinstance(words, str | bytes | os.PathLike) else []
        self._unseen("program", os.path.basename(name[0]) if name else "")

    def _connected(self, frame: FrameType) -> None:
        if not self.callers.is_harmless(frame):
            self._unseen("network", "")

    def started_process(self) -> None:
        """Note that a process of ``multiprocessing`` was started."""
        if not self.callers.is_harmless(sys._getframe(2)):
            self._unseen("program", "")

    def asked_status(self, given: object, frame: FrameType) -> None:
        """Somebody asked what is under a path: whether there is something, or how large and how old."""
        if getattr(self._own, "busy", False):
            return
        self._own.busy = True
        try:
            path = self._path(given)
            if path is None or not self._watched(path, frame) or self.callers.is_importing(frame):
                return
            asking: FrameType | None = frame
            for _ in range(2):
                if asking is None or asking.f_code.co_name in KINDS:
                    break
                asking = asking.f_back if asking.f_code.co_name == "stat" else None
            if asking is not None and asking.f_code.co_name in KINDS:
                self._note("kind", path, looks.kind_of)
            else:
                self._note("stat", path, looks.status)
        finally:
            self._own.busy = False

    def asked_variable(self, name: object, value: str | None, frame: FrameType) -> None:
        """Somebody read a variable of the environment; ``name`` is None where it was all of them."""
        if self.callers.of(frame) != "project":
            return
        if name is None:
            self._unseen("environment", "")
        elif isinstance(name, str) and name not in self.given:
            self.looks.setdefault(f"env:{name}", looks.variable(value))

    def _unseen(self, kind: str, name: str) -> None:
        self.changes += 1
        self.unwatched.setdefault((kind, name), self.cell)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gave for the key since a file was last written: see ``paper.tools.watched``."""
        known = (key, self.changes)
        if known not in self.made:
            self.made[known] = make()
        return self.made[known]

    @contextmanager
    def reading_for(self, kind: str) -> Iterator[None]:
        """Let files that are read within be looks of this kind: see ``paper.tools.watched``."""
        self._own.reading_for = kind
        try:
            yield
        finally:
            del self._own.reading_for

    # -- paths ------------------------------------------------------------------------------------------------

    def _path(self, given: object) -> str | None:
        """Return the whole path, as given: a link may be made to lead elsewhere."""
        if not isinstance(given, str | bytes | os.PathLike):
            return None
        try:
            return os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(given)))
        except (OSError, ValueError):  # a cell removed the folder that it works in
            return None

    def _refuse_private(self, path: str) -> None:
        if (os.path.realpath(path) + os.sep).startswith(self.private) and not path.endswith("README.md"):
            raise PermissionError("a chapter's cell may not read data/private")

    def _below(self, path: str) -> str | None:
        """Return the path from the root; "" for the root itself, None for what is outside."""
        for root in self.roots:
            if (path + os.sep).startswith(root):
                return path[len(root) :]
        return None

    def _watched(self, path: str, frame: FrameType) -> bool:
        name = self._below(path)
        if name is None:
            return not path.endswith(".pyc") and self.callers.may_read_for_cells(path, frame)
        if looks.passed_over(name.partition(os.sep)[0]) or path.endswith(".pyc"):
            return False
        if path.startswith(self.callers.engine):
            return False
        return self.callers.of(frame) != "kernel"

    def _name(self, path: str) -> str:
        below = self._below(path)
        return path if below is None else below.replace(os.sep, "/") or "."

    def _read(self, path: str, kind: str = "file") -> None:
        if path not in self.written and (kind, path) not in self.first:
            self.first[kind, path] = looks.status(path)

    def _note(self, kind: str, path: str, state: Callable[[str], str]) -> None:
        look = f"{kind}:{self._name(path)}"
        if look not in self.looks and path not in self.written:
            self.looks[look] = state(path)

    # -- chapters ---------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Begin a chapter as in a kernel of its own: modules of the project are loaded anew, settings put back."""
        self._own.busy = True
        try:
            for name, module in list(sys.modules.items()):
                if self.callers.is_own(module):
                    del sys.modules[name]
            self.state.restore()
        finally:
            self._own.busy = False
        for kept in (self.looks, self.first, self.written, self.given, self.asked, self.unwatched, self.made):
            kept.clear()
        self.cell = 0

    def used(self) -> dict[str, Any]:
        """Return the chapter's looks (look → state seen), and what was done unseen: kind, name, cell."""
        self._own.busy = True
        try:
            seen = dict(self.looks)
            for module in list(sys.modules.values()):
                if self.callers.is_own(module):
                    seen[f"file:{self._name(str(module.__file__))}"] = looks.content(str(module.__file__))
            for (kind, path), was in self.first.items():
                look = f"{kind}:{self._name(path)}"
                same = self._is_renewed(path) or looks.status(path) == was
                seen[look] = looks.state(look, Path(self.root), {}) if same else looks.CHANGING
            # Who deletes what a cell wrote wants it written again.
            for path in self.written - {path for kind, path in self.first if kind == "file"}:
                if self._below(path) is not None and not self._is_renewed(path) and os.path.isfile(path):
                    seen[f"file:{self._name(path)}"] = looks.content(path)
            for name, folder in self.asked.items():
                if name not in sys.modules:
                    for candidate in (f"{name}.py", name):
                        path = os.path.join(folder, candidate)
                        seen[f"kind:{self._name(path)}"] = looks.kind_of(path)
            # A cell asks whether what it keeps is there, and makes it where it isn't.
            for look in seen:
                kind, _, name = look.partition(":")
                if kind == "kind" and name.startswith(looks.RENEWED):
                    seen[look] = looks.kind_of(self.root + name)
            for ledger in looks.LEDGERS:
                seen.pop(f"file:{ledger}", None)
            for look in [look for look, was in seen.items() if was and self._came_and_went(look)]:
                del seen[look]
            return {"looks": seen, "unwatched": [[*what, cell] for what, cell in self.unwatched.items()]}
        finally:
            self._own.busy = False

    def _came_and_went(self, look: str) -> bool:
        """Whether a look was at a temporary file that is gone: of names drawn by chance, no later run meets one."""
        path = look.partition(":")[2]
        return path.startswith(tempfile.gettempdir() + os.sep) and not os.path.lexists(path)

    def _is_renewed(self, path: str) -> bool:
        """Whether a file is one that cells keep of what they show, of which nothing shown depends."""
        return self._name(path).startswith(looks.RENEWED)


def start(root: str, memory: int) -> None:
    """Begin to watch, and limit the kernel's memory (bytes) where the system knows how."""
    from paper.cells.inside.wrapping import wrap

    watcher = Watcher(root)
    sys._paper_watcher = watcher  # type: ignore[attr-defined]
    wrap(watcher)
    sys.addaudithook(watcher.hook)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
