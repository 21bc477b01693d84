"""What files are by their sizes and dates alone: a signature that is another one once any of them has changed.

Nothing is read, so that a thousand files take some milliseconds; little is imported, `typing` not either, since a
build with nothing to do begins here. A status holds the inode and the time of its own change too, which no program
sets: a file that was changed and given its old date back has another. What was changed in the very moment of the look,
as finely as the file system tells time, may be changed again unseen; ``Signature.newest`` tells that, as git's index
does: https://git-scm.com/docs/racy-git
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable

from paper.folders import is_environment, is_output

MOST = 50_000  # files, beyond which no signature is made
# Folders that nothing is made from, at any depth; at the top of a project, outputs and what a dot begins aren't either.
_NEVER = frozenset({"__pycache__", "node_modules"})


class TooManyError(Exception):
    """There are more files than a signature is made of."""


class Signature:
    """A hash over the names and statuses of files, of whole folders and of variables.

    newest: the last change among them, in nanoseconds since 1970; folders: those that were walked.
    """

    def __init__(self) -> None:
        self.newest = 0
        self.folders: set[str] = set()
        self._total = hashlib.blake2b(digest_size=16)
        self._count = 0

    @property
    def digest(self) -> str:
        """The hash of all that was added, in its order."""
        return self._total.hexdigest()

    def add(self, *words: object) -> None:
        """Take in words as they are."""
        self._total.update("\0".join(map(str, (*words, ""))).encode("utf8", "surrogateescape"))

    def add_project(self, root: str, apart: frozenset[str]) -> None:
        """Take in every file of a project but what is kept, installed or made. apart: further folders passed over."""
        self._walk(root, lambda entry, top: _passed_over(entry.name, top=top) or entry.path in apart)

    def add_folder(self, folder: str) -> None:
        """Take in every file of a folder, without environments of Python within it."""
        self._walk(folder, lambda entry, _: _passed_over(entry.name, top=False))

    def add_all(self, folder: str, apart: frozenset[str]) -> None:
        """Take in every file of a folder, hidden ones too. apart: paths or names of the folders passed over."""
        self._walk(folder, lambda entry, _: entry.path in apart or entry.name in apart, environments=True)

    def add_looks(self, root: str, looks: Iterable[str]) -> None:
        """Take in what cells looked at, as `cells.inside.looks` writes it, and files: ``stat:`` with a path."""
        for look in looks:
            kind, _, name = look.partition(":")
            path = os.path.join(root, name)
            if kind == "env":
                self.add(look, name in os.environ, os.environ.get(name, ""))
            elif kind == "kind":
                self.add(look, _kind(path))
            elif kind in ("list", "entries"):
                self.add(look, *_names(path))
                if kind == "entries":
                    self.add(*(self._status(os.path.join(path, name)) for name in _names(path)))
            else:
                self.add(look, self._status(path))

    def covers(self, root: str, look: str) -> bool:
        """Return whether what a look is at lies in folders that were walked."""
        kind, _, name = look.partition(":")
        if kind == "env" or ".." in name.split("/"):
            return False
        path = os.path.normpath(os.path.join(root, name))
        if kind in ("list", "entries"):
            return path in self.folders
        above, last = os.path.split(path)
        return path in self.folders or (above in self.folders and not _passed_over(last, top=above == root))

    def _walk(
        self,
        folder: str,
        over: Callable[[os.DirEntry[str], bool], bool],
        *,
        environments: bool = False,
        top: bool = True,
        through: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        """Take in a folder and those in it.

        over: whether a folder is passed over, which may be at the top; environments: whether Python's are not; through:
        the folders that links led to on the way here.
        """
        self.folders.add(folder)
        lines, inner = [folder], []
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self.add(folder, error.errno)
            return
        if not top and not environments and is_environment(entry.name for entry in entries):
            self.folders.discard(folder)
            return
        self._count += len(entries)
        if self._count > MOST:
            raise TooManyError
        for entry in entries:
            found = entry.stat(follow_symlinks=False)
            link = stat.S_ISLNK(found.st_mode)
            if link:
                lines.append(self._line(entry.name, found))
                try:
                    found = entry.stat()
                except OSError:
                    continue
            if not stat.S_ISDIR(found.st_mode):
                lines.append(self._line(entry.name, found))
            elif not over(entry, top):
                lines.append(entry.name + "/")
                here = (found.st_dev, found.st_ino)
                if not link:
                    inner.append((entry.path, through))
                elif here not in through:
                    inner.append((entry.path, through | {here}))
        self.add(*lines)
        for path, led in inner:
            self._walk(path, over, environments=environments, top=False, through=led)

    def _line(self, name: str, found: os.stat_result) -> str:
        if (changed := max(found.st_mtime_ns, found.st_ctime_ns)) > self.newest:
            self.newest = changed
        times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
        return f"{name} {found.st_mode} {found.st_size} {times} {found.st_ino}"

    def _status(self, path: str) -> str:
        """Return the status of a file or folder by itself; "" where there is none."""
        try:
            return self._line("", os.stat(path))
        except (OSError, ValueError):
            return ""


def _passed_over(name: str, *, top: bool) -> bool:
    return name in _NEVER or (top and (name.startswith(".") or is_output(name)))


def sure(root: str, make: Callable[[], Signature]) -> Signature | None:
    """Return a signature; None where a file is so young that it may change again without getting another date.

    root: of the project, where a file is written that tells the time as its file system does.
    """
    moment = os.path.join(root, ".paper", f"moment-{os.getpid()}")
    try:
        with open(moment, "w", encoding="utf8"):
            now = os.stat(moment).st_mtime_ns
        signature = make()
        return signature if signature.newest < now else None
    except (OSError, TooManyError):
        return None
    finally:
        if os.path.exists(moment):
            os.unlink(moment)


def _kind(path: str) -> int:
    try:
        return stat.S_IFMT(os.stat(path).st_mode)
    except (OSError, ValueError):
        return 0


def _names(path: str) -> list[str]:
    try:
        return sorted(os.listdir(path))
    except (OSError, ValueError):
        return []
