"""What journals ask of a manuscript: small files ``journals/NAME.yml``, the package's or the project's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

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
    """The name of a citation style, where it asks for one."""


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
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    given = read_yaml(path, shown)
    for key in given:
        if key not in KEYS:
            remedy = did_you_mean(str(key), sorted(KEYS), f"one of {', '.join(sorted(KEYS))}")
            raise ProjectError(
                f"{key!r} is nothing that a journal asks for",
                place=Place(shown, line_of(path, key)),
                remedy=remedy,
            )
    counts = tuple(str(part) for part in as_list(given.get("counts") or list(Journal.counts)))
    if unknown := [part for part in counts if part not in PARTS]:
        raise ProjectError(
            f"counts: {unknown[0]!r} is no part of a paper",
            place=Place(shown, line_of(path, "counts")),
            remedy=f"one of {', '.join(PARTS)}",
        )
    return Journal(
        name=str(given.get("name") or name),
        instructions=str(given.get("instructions") or ""),
        read=str(given.get("read") or ""),
        words=_number(given, "words", Journal.words, path, shown, int),
        counts=counts,
        abstract=_number(given, "abstract", 0, path, shown, int),
        anonymous=given.get("anonymous") is True,
        without=tuple(str(part) for part in as_list(given.get("without") or [])),
        spacing=_number(given, "spacing", 1.0, path, shown, float),
        line_numbers=given.get("line-numbers") is True,
        csl=str(given.get("csl") or ""),
    )


def _number(given: dict[str, Any], key: str, default: Any, path: Path, shown: str, kind: type[Any]) -> Any:
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        place = Place(shown, line_of(path, key))
        raise ProjectError(
            f"{key}: {value!r} is no number", place=place, remedy="write a number such as 8000"
        )
    return kind(value)
