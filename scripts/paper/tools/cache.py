"""What was made before, kept under a key of everything that it was made from.

Entries are files in ``.paper/cache``; writing is atomic; a damaged entry is as good as none, and so is one that
another version of the engine made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from paper.tools.files import write_atomic
from paper.tools.signature import Signature

_ALGORITHMS: Final[dict[str, Callable[[], Any]]] = {
    "sha256": hashlib.sha256,
    "blake2b": partial(hashlib.blake2b, digest_size=16),
}
LARGE: Final = (
    1_000_000  # bytes, from which on it takes longer to read a file than to find what is known of it
)
YOUNG: Final = 5_000_000_000  # nanoseconds within which a file may change again without getting another date


def digest(*parts: object) -> str:
    """Return a short hash of the parts, each told apart from the next."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf8", "surrogatepass")
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.hexdigest()


def file_digest(path: Path, kept: Cache | None = None) -> str:
    """Return the hash of a file's content; "" where there is none, or no end, as in a pipe.

    kept: as of ``content_hash``. Raises OSError where it can't be read.
    """
    return content_hash(path, "blake2b", kept)


def content_hash(path: Path, algorithm: Literal["blake2b", "sha256"], kept: Cache | None = None) -> str:
    """Return what ``file_digest`` does, by one of two algorithms; of BLAKE2 it has 16 bytes.

    kept: where the hash of a large file stays with its size, dates and inode, so that it isn't read each time.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return ""
    if not stat.S_ISREG(found.st_mode):
        return ""

    def read() -> str:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, _ALGORITHMS[algorithm]).hexdigest()

    if kept is None or found.st_size < LARGE or not is_settled(found):
        return read()
    return str(kept.kept("content", digest(algorithm, path, status(found)), read))


def status(found: os.stat_result) -> str:
    """Return what is another once a file has changed, where ``is_settled``."""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_dev} {found.st_ino}"


def is_settled(found: os.stat_result) -> bool:
    """Whether a file can't change any more without getting another status, as it might some seconds after a change.

    Windows doesn't tell the time of a change: https://docs.python.org/3/library/os.html#os.stat_result.st_ctime
    """
    return sys.platform != "win32" and max(found.st_mtime_ns, found.st_ctime_ns) < time.time_ns() - YOUNG


_engine: list[str] = []  # once a process: the code that runs stays the same


def engine(kept: Path) -> str:
    """Return the hash of the engine's own code. kept: as of ``hash_engine``."""
    if not _engine:
        _engine.append(hash_engine(kept))
    return _engine[0]


def hash_engine(kept: Path) -> str:
    """Return the hash of the engine's own code as it is on disk.

    kept: the folder of a cache, where it stays with the signature of the files, so that they aren't read each time.
    """
    package = Path(__file__).parents[1]
    signature = Signature()
    signature.add_folder(str(package))
    path = kept / "engine.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(path.read_bytes())
        if known["signature"] == signature.digest:
            return str(known["engine"])
    files = (f"{folder}/{name}" for folder, _, names in os.walk(package) for name in names)
    result = digest(
        *(Path(file).read_bytes() for file in sorted(files) if not file.endswith((".pyc", ".md")))
    )
    if signature.newest < time.time_ns() - YOUNG:
        with contextlib.suppress(OSError):
            write_atomic(path, json.dumps({"signature": signature.digest, "engine": result}).encode())
    return result


@dataclass(frozen=True)
class Cache:
    """Results by kind and key."""

    folder: Path

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / f"{digest(key, engine(self.folder))}.json"

    def get(self, kind: str, key: str) -> Any | None:
        """Return the cached value, or None."""
        try:
            return json.loads(self._path(kind, key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value that JSON can hold."""
        write_atomic(
            self._path(kind, key), json.dumps(value, ensure_ascii=False).encode("utf8", "surrogatepass")
        )

    def kept(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """Return the cached value, or make and keep it; what can't be written is made again the next time."""
        value = self.get(kind, key)
        if value is None:
            value = make()
            with contextlib.suppress(OSError):
                self.put(kind, key, value)
        return value

    def made_once(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """Return what ``kept`` does; of several processes that ask at the same time one makes it, others wait for it.

        What is made so asks for nothing of its kind.
        """
        from filelock import FileLock

        value = self.get(kind, key)
        if value is not None:
            return value
        with contextlib.ExitStack() as held:
            with contextlib.suppress(
                OSError, NotImplementedError
            ):  # where there can't be one, it is made twice
                self.folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(self.folder / f"{kind}.lock"))
            return self.kept(kind, key, make)

    def tidy(self, most: int = 2000) -> None:
        """Drop the oldest entries of each kind beyond ``most``: years of edits would fill a disk."""
        for folder in self.folder.glob("*/"):
            entries = list(folder.iterdir())
            if len(entries) <= most:
                continue
            entries.sort(key=lambda path: path.stat().st_mtime, reverse=True)
            for path in entries[most:]:
                with contextlib.suppress(OSError):
                    path.unlink()


def of_project(root: Path) -> Cache:
    """Return the cache of the project in a folder."""
    return Cache(root / ".paper" / "cache")
