"""What is to be created and changed for a new thing, carried out whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.errors import MachineError, Place, SourceError
from paper.tools.files import write_atomic

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Plan:
    """Files by path from the project's root, with their text."""

    created: dict[str, str] = field(default_factory=dict)
    """Files that may not be there yet."""
    changed: dict[str, str] = field(default_factory=dict)
    """Files that are."""
    paste: str = ""
    """What the author puts into a chapter."""
    steps: tuple[str, ...] = ()
    """What to do next, a sentence each."""


def carry_out(plan: Plan, root: Path, then: Callable[[], object] = lambda: None) -> None:
    """Write the plan's files and do what comes ``then``; when anything fails, all is put back as it was.

    Raises SourceError where a file to create is there already, MachineError where one can't be written.
    """
    for name in plan.created:
        refuse_existing(root / name, name)
    before = {name: (root / name).read_bytes() for name in plan.changed}
    written: list[Path] = []
    try:
        for name, text in plan.created.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf8", newline="") as file:
                written.append(path)
                file.write(text)
        for name, text in plan.changed.items():
            write_atomic(root / name, text.encode())
        then()
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        for name, data in before.items():
            if (root / name).read_bytes() != data:
                write_atomic(root / name, data)
        if isinstance(error, OSError):
            raise MachineError(
                f"a file could not be written: {error.strerror}",
                place=Place(Path(error.filename).name if error.filename else root),
                remedy="mend permissions or free space; nothing was changed",
            ) from None
        raise


def carry_out_in(folder: Path, texts: dict[str, str], others: dict[str, bytes]) -> list[str]:
    """Fill an empty folder with files, whole or not at all; return their names in order.

    Raises MachineError where one can't be written.
    """
    contents = {**{name: text.encode() for name, text in texts.items()}, **others}
    before = folder.is_dir()
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not before and folder.is_dir():
            folder.rmdir()
        raise MachineError(
            f"a file could not be written: {error.strerror}",
            place=Place(str(folder)),
            remedy="mend permissions or free space; nothing was changed",
        ) from None
    return list(contents)


def refuse_existing(path: Path, name: str) -> None:
    """Raise SourceError where there is such a file, also in other letter case: macOS and Windows take them as one."""
    folder = path.parent
    there = [other.name for other in folder.iterdir()] if folder.is_dir() else []
    if any(other.casefold() == path.name.casefold() for other in there):
        raise SourceError("the file is there already", place=Place(name), remedy="choose another name")


def read(root: Path, name: str) -> str:
    """Read a file's text with its own line ends. Raises SourceError where there is none or it isn't UTF-8."""
    try:
        return (root / name).read_bytes().decode()
    except FileNotFoundError:
        raise SourceError("the file is missing", place=Place(name), remedy="restore it from git") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"not UTF-8 (byte {error.start})", place=Place(name), remedy="save the file as UTF-8"
        ) from None


def render_template(template: str, **values: Any) -> str:
    """Render a template of this package with the values."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("paper.new"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Python, Markdown, no HTML
    )
