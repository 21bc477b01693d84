"""Hashes of files, kept with the status that each file had: what has the same is not read again.

As in ``tools.signature``, a status holds the time of the file's own change, which no program sets; a file that changed
less than some seconds before it was read may change again without getting another, and is read each time.
"""

from __future__ import annotations

import contextlib
import json
import stat
import sys
import time
from pathlib import Path
from typing import Final

from paper.tools.cache import YOUNG, content_hash, digest
from paper.tools.files import write_atomic

# There the time of a file's own change isn't told: https://docs.python.org/3/library/os.html#os.stat_result.st_ctime
_TOLD: Final = sys.platform != "win32"


class Digests:
    """The SHA-256 of files, as earlier builds know it where they are the same. kept: the file in which they stay."""

    def __init__(self, kept: Path) -> None:
        self._path = kept
        self._before: dict[str, list[str]] = {}
        self._now: dict[str, list[str]] = {}
        if _TOLD:
            with contextlib.suppress(OSError, ValueError):
                known = json.loads(kept.read_bytes())
                self._before = known if isinstance(known, dict) else {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file; "" where there is none to read, or no end, as in a pipe."""
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                return ""
            changed = max(found.st_mtime_ns, found.st_ctime_ns)
            status = f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_dev} {found.st_ino}"
            name = digest(path)  # what a file is called may tell who was interviewed
            known = self._before.get(name)
            if isinstance(known, list) and len(known) == 2 and known[0] == status:
                self._now[name] = known
                return str(known[1])
            begun = time.time_ns()
            result = content_hash(path, "sha256")
        except (OSError, ValueError):
            return ""
        if changed < begun - YOUNG:
            self._now[name] = [status, result]
        return result

    def keep(self) -> None:
        """Keep what was asked for, and forget the rest."""
        if _TOLD and self._now != self._before:
            with contextlib.suppress(OSError):  # then it is read again
                write_atomic(self._path, json.dumps(self._now).encode("utf8", "surrogatepass"))
