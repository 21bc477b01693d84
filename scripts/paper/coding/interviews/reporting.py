"""Answers to standards of reporting: COREQ (32 items), SRQR (21), JARS-Qual (19), an interview methods appendix (10).

``data/reporting/NAME.yml`` has for each item what it asks in our own words, what the paper answers, what is missing,
and where the paper says it. An item without an answer is open. An item that asks what others ask takes their answers,
``as: [coreq-10, srqr-S8]``, so that each thing is answered once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from paper.bibliography.citations import Source, sources
from paper.bibliography.formatted import bibliography_files
from paper.bibliography.reader import read as read_bibliography
from paper.coding.claims.ledger import near
from paper.errors import PaperError, Place, ProjectError, SourceError, together
from paper.project import Project
from paper.report import Fault, ordered
from paper.settings import compose, parse_yaml
from paper.text.citations import is_cross_reference

FOLDER: Final = "data/reporting"
ITEMS: Final = {
    "coreq": tuple(str(number) for number in range(1, 33)),
    "srqr": tuple(f"S{number}" for number in range(1, 22)),
    "jars": tuple(f"J{number}" for number in range(1, 20)),
    "interview_methods": tuple(f"M{number}" for number in range(1, 11)),
}
ANSWERED: Final = ("coreq", "srqr")  # have answers of their own; the others may take them over
KEYS: Final = ("item", "part", "asks", "answer", "missing", "as", "where")
Status = Literal["answered", "in part", "open"]
_LABEL: Final = re.compile(r"\{[^{}\n]*?#(?P<id>[\w:.-]+)[^{}\n]*\}|^#\|\s*label:\s*(?P<cell>[\w:.-]+)", re.M)


@dataclass(frozen=True)
class See:
    """A place in the paper: a label (``sec-sample``), or a file, with or without ``#id``, and words to show for it."""

    target: str
    words: str = ""


@dataclass(frozen=True)
class Item:
    """One item of a checklist."""

    number: str
    part: str
    asks: str
    answer: str
    missing: str
    where: tuple[See, ...]
    line: int
    """Where it stands in its file."""
    same: tuple[str, ...] = ()
    """Items whose answers it takes, as ``coreq-10``."""

    @property
    def status(self) -> Status:
        """Return whether the paper answers the item, in whole or in part."""
        if not self.answer:
            return "open"
        return "in part" if self.missing else "answered"


@dataclass(frozen=True)
class Checklist:
    """All items of a standard, in order."""

    name: str
    file: str
    standard: str
    """The citation key of the article that sets it."""
    items: tuple[Item, ...]

    def count(self, status: Status) -> int:
        """Count the items of a status."""
        return sum(item.status == status for item in self.items)


def path(root: Path, name: str) -> Path:
    """Return the file of a checklist's answers."""
    return root / FOLDER / f"{name}.yml"


def read(root: Path, name: str) -> Checklist:
    """Read a checklist of ITEMS. Raises SourceError, for all mistakes together."""
    checklist, faults = _read(root, name)
    if checklist is None or faults:
        errors: list[PaperError] = [
            SourceError(fault.message, place=Place(fault.file, fault.line), remedy=fault.remedy)
            for fault in faults
        ]
        raise together(errors)
    return checklist


def check_reporting(project: Project) -> list[Fault]:
    """Return what is wrong with the checklists: form, items that aren't theirs, places that the paper hasn't.

    A book without the folder of checklists answers none, and that is no fault.
    """
    root = project.root
    if not (root / FOLDER).is_dir():
        return []
    faults: list[Fault] = []
    texts = sources(project)
    for name in ITEMS:
        if name not in ANSWERED and not path(root, name).is_file():
            continue
        checklist, found = _read(root, name)
        faults += found
        if checklist:
            faults += _places(project, checklist, texts)
    return ordered(faults)


def _read(root: Path, name: str) -> tuple[Checklist | None, list[Fault]]:
    file = f"{FOLDER}/{name}.yml"
    try:
        text = (root / file).read_text("utf-8-sig")
        whole = parse_yaml(text, file)
    except (OSError, UnicodeDecodeError) as error:
        message = getattr(error, "strerror", None) or "it is not UTF-8"
        return None, [Fault(file, None, "unreadable", f"can't be read: {message}", "restore it from git")]
    except ProjectError as error:
        line = error.place.line if error.place else None
        return None, [Fault(file, line, "unreadable", error.message, error.remedy)]
    standard, entries = whole.get("standard"), whole.get("items")
    if set(whole) != {"standard", "items"} or not isinstance(standard, str) or not isinstance(entries, list):
        remedy = "write `standard:` with the article's citation key, and `items:` with a list"
        return None, [
            Fault(file, 1, "reporting-form", "expected standard and items, and nothing else", remedy)
        ]
    faults: list[Fault] = []
    items: list[Item] = []
    for entry, line in zip(entries, _lines(text), strict=True):
        wrong = list(_form(entry, file, line))
        faults += wrong
        if not wrong:
            items.append(_item(entry, line))
    if not faults:
        faults += _numbers(file, items, ITEMS[name])
    if not faults and any(item.same for item in items):
        items, faults = _taken_over(root, file, items)
    return Checklist(name, file, standard, tuple(items)), faults


def _taken_over(root: Path, file: str, items: list[Item]) -> tuple[list[Item], list[Fault]]:
    """Return the items with the answers that they take from other checklists, and what there is not to take."""
    known = {f"{name}-{item.number}": item for name in ANSWERED for item in _items(root, name)}
    faults: list[Fault] = []
    result: list[Item] = []
    for item in items:
        for name in item.same:
            if name not in known:
                remedy = f"{near(name, list(known))}Name items as coreq-10 or srqr-S8"
                faults.append(Fault(file, item.line, "reporting-form", f"there is no item {name!r}", remedy))
        others = [known[name] for name in item.same if name in known]
        result.append(
            replace(
                item,
                answer=" ".join(dict.fromkeys(filter(None, (other.answer for other in others))))
                or item.answer,
                missing=" ".join(dict.fromkeys(filter(None, (other.missing for other in others))))
                or item.missing,
                where=tuple(dict.fromkeys(see for other in others for see in other.where)) or item.where,
            )
        )
    return result, faults


def _items(root: Path, name: str) -> tuple[Item, ...]:
    checklist, _ = _read(root, name)
    return checklist.items if checklist else ()


def _item(entry: dict[str, Any], line: int) -> Item:
    words = {key: " ".join(str(entry.get(key) or "").split()) for key in KEYS[:-2]}
    where = [
        See(*reversed(next(iter(place.items())))) if isinstance(place, dict) else See(place)
        for place in entry.get("where") or ()
    ]
    return Item(
        words["item"],
        words["part"],
        words["asks"],
        words["answer"],
        words["missing"],
        tuple(where),
        line,
        tuple(map(str, entry.get("as") or ())),
    )


def _form(entry: Any, file: str, line: int) -> Iterator[Fault]:
    def fault(said: str, remedy: str) -> Fault:
        return Fault(file, line, "reporting-form", said, remedy)

    if not isinstance(entry, dict):
        yield fault("not an item", "write it as `- item: …`, with `part:` and `asks:` below")
        return
    for key in entry:
        if key not in KEYS:
            yield fault(f"{str(key)[:40]!r} is nothing that an item has", f"an item has: {', '.join(KEYS)}")
    for key in ("item", "part", "asks"):
        if not str(entry.get(key) or "").strip():
            yield fault(f"the item has no {key}", f"write `{key}:` and its text")
    if entry.get("as") is not None:
        if not isinstance(entry["as"], list) or not entry["as"]:
            yield fault("as is not a list of items", "write it as [coreq-10, srqr-S8]")
        if {"answer", "missing", "where"} & set(entry):
            yield fault(
                "the item takes an answer and gives one", "give one of them: `as`, or `answer` and `where`"
            )
        return
    where = entry.get("where") or []
    if not isinstance(where, list) or not all(_is_place(place) for place in where):
        form = "[sec-sample, {abstract: index.qmd#abstract}]"
        yield fault("where is not a list of places", f"write it as {form}")
    elif bool(where) != bool(entry.get("answer")):
        message = "an answer without a place" if entry.get("answer") else "a place without an answer"
        yield fault(message, "give both, or neither: what the paper says, and where")


def _is_place(place: Any) -> bool:
    if isinstance(place, dict):
        return len(place) == 1 and all(
            isinstance(part, str) and part for pair in place.items() for part in pair
        )
    return isinstance(place, str) and is_cross_reference(place)


def _numbers(file: str, items: list[Item], wanted: tuple[str, ...]) -> Iterator[Fault]:
    """Items that are missing, twice there, out of order or not of this checklist."""
    results = [item.number for item in items]
    remedy = f"the items are {wanted[0]} to {wanted[-1]}, each once and in this order"
    for number in wanted:
        if number not in results:
            yield Fault(file, None, "reporting-items", f"the item {number} is missing", remedy)
    for at, item in enumerate(items):
        if item.number not in wanted:
            message = f"the checklist has no item {item.number}"
        elif item.number in results[:at]:
            message = f"the item {item.number} stands there twice"
        elif at and results[at - 1] in wanted and wanted.index(results[at - 1]) > wanted.index(item.number):
            message = f"the item {item.number} stands behind {results[at - 1]}"
        else:
            continue
        yield Fault(file, item.line, "reporting-items", message, remedy)


def _places(project: Project, checklist: Checklist, texts: list[Source]) -> Iterator[Fault]:
    labels = {
        source.file: {match["id"] or match["cell"] for match in _LABEL.finditer(source.text)}
        for source in texts
    }
    every = set().union(*labels.values())
    for item in checklist.items:
        for see in item.where:
            file, _, anchor = see.target.partition("#")
            if not see.words and see.target not in every:
                message = f"the paper has no label {see.target!r}"
                remedy = f"{near(see.target, sorted(every))}Name a label of a section, figure or table"
            elif see.words and file not in labels:
                message, remedy = (
                    f"{file!r} is no chapter",
                    f"{near(file, list(labels))}Name a file of the book",
                )
            elif see.words and anchor and anchor not in labels[file]:
                message = f"{file} has no {anchor!r}"
                remedy = f"{near(anchor, sorted(labels[file]))}Name a label of that chapter"
            else:
                continue
            yield Fault(checklist.file, item.line, "reporting-place", message, remedy)
    if checklist.standard not in _works(project):
        message = f"the standard {checklist.standard!r} is no entry of the bibliography"
        yield Fault(
            checklist.file, 1, "reporting-standard", message, "name the key of the article, as tong2007"
        )


def _works(project: Project) -> set[str]:
    """Return the keys of the bibliography. Raises PaperError when it can't be read."""
    return {entry.key for path in bibliography_files(project) for entry in read_bibliography(path).entries}


def _lines(text: str) -> Iterator[int]:
    node = compose(text)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
        if key.value == "items" and isinstance(value, yaml.SequenceNode):
            yield from (entry.start_mark.line + 1 for entry in value.value)
