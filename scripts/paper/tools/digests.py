"""Hashes of files, kept with the status that each file had: what has the same is not read again.

As in ``tools.signature``, a status holds the time of the file's own change, which no program sets; a file that changed
less than some seconds before it was read may change again without getting another, and is read each time.
"""

from __future__ import annotations

import contextlib
import json
import stat
from pathlib import Path

from paper.tools.cache import content_hash, digest, is_settled, status
from paper.tools.files import write_atomic


class Digests:
    """The SHA-256 of files, as earlier builds know it where they are the same. kept: the file in which they stay."""

    def __init__(self, kept: Path) -> None:
        self._path = kept
        self._before: dict[str, list[str]] = {}
        self._now: dict[str, list[str]] = {}
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(kept.read_bytes())
            self._before = known if isinstance(known, dict) else {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file; "" where there is none to read, or no end, as in a pipe."""
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                return ""
            now = status(found)
            name = digest(path)  # what a file is called may tell who was interviewed
            known = self._before.get(name)
            if isinstance(known, list) and len(known) == 2 and known[0] == now:
                self._now[name] = known
                return str(known[1])
            settled = is_settled(found)  # before it is read
            result = content_hash(path, "sha256")
        except (OSError, ValueError):
            return ""
        if settled:
            self._now[name] = [now, result]
        return result

    def keep(self) -> None:
        """Keep what was asked for, and forget the rest."""
        if self._now != self._before:
            with contextlib.suppress(OSError):  # then it is read again
                write_atomic(self._path, json.dumps(self._now).encode("utf8", "surrogatepass"))
