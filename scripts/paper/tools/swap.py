"""Puts a finished folder in the place of the last one in a single step, so that one of them is always whole."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

from paper.errors import MachineError, Place

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places in one step of the file system; False where it knows no such step."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            done = library.renamex_np(os.fsencode(one), os.fsencode(other), _RENAME_SWAP)
        else:
            done = library.renameat2(
                _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
            )
    except (AttributeError, OSError, TypeError):
        return False
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def replace_folder(new: Path, place: Path) -> None:
    """Let ``new`` become ``place``; remove what stood there. Raises MachineError where that can't be done."""
    old = place.with_name(place.name + ".old")
    try:
        if not place.exists():
            if old.exists():
                shutil.rmtree(old, ignore_errors=True)
            new.rename(place)
            return
        if exchange(new, place):
            shutil.rmtree(new, ignore_errors=True)
            return
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        with contextlib.suppress(OSError):
            if old.exists() and not place.exists():
                old.rename(place)
        raise MachineError(
            f"the new output can't be put in place: {error.strerror}",
            place=Place(place),
            remedy="free space or mend the folder's permissions; the last output is untouched",
        ) from None


def recover(place: Path) -> None:
    """After a build that was killed between two renames: bring the last good output back."""
    old = place.with_name(place.name + ".old")
    if old.exists():
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(place)
