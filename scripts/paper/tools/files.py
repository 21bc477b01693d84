"""Files written whole or not at all, one or several together; the bytes of a CSV file."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

SECRET: Final = 0o600  # for its owner alone
PLAIN: Final = (
    0o666  # as any new file: asks nothing of one that is there, which a watched cell would be held to
)


def write_atomic(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file whole or not at all, with its folders. Raises OSError.

    mode: the permissions of the file; those that it has, or a new file gets, where none is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _prepare(path, data, mode)
    try:
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_all(files: Mapping[Path, bytes], *, modes: Mapping[Path, int] | None = None) -> None:
    """Write all files or none: what was there before comes back where one can't be written. Raises OSError."""
    parts: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path] = _prepare(path, data, (modes or {}).get(path))
        for path, part in parts.items():
            before[path] = path.read_bytes() if path.is_file() else None
            part.replace(path)
    except BaseException:
        for path, old in before.items():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True) if old is None else path.write_bytes(old)
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def csv_bytes(columns: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a CSV file as the project keeps them: UTF-8 without a mark, commas, plain line ends, a line of names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def _prepare(path: Path, data: bytes, mode: int | None) -> Path:
    """Write the data beside their place, and return where."""
    part = path.with_name(f".{secrets.token_hex(8)}.tmp")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if mode is None and path.is_file():
            shutil.copymode(path, part)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part
