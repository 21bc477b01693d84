"""Signs expected under each side of the codebook's division, written down before coding and sealed by hash and date.

``data/expectations.yml``, as the author writes it::

    signs:
      - id: begins-with-order
        says: The account begins with an order, a deadline or an assessment.
        codes: [external-directives]
        speaks_for: external
        likelihood: {internal: 0.2, external: 0.7}   # optional: how likely an interview shows it under each side
        absence: counts                              # optional: not to show it speaks, too; by default it is silence

`paper claims seal` writes ``data/expectations-sealed.json``: the SHA-256 of what the signs say, the date, and how many
passages were coded by then. A seal is never replaced, only followed by another, so that a change of mind shows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from paper.coding.claims.files import read_yaml_file
from paper.coding.claims.ledger import ID, near
from paper.coding.data import load
from paper.coding.interviews.coded import sides
from paper.errors import DataError, Place, SourceError
from paper.project import Project
from paper.report import Fault, has_errors
from paper.settings import compose
from paper.tools.files import write_atomic

FILE: Final = "data/expectations.yml"
SYNTHETIC_FILE: Final = "data/synthetic/expectations.yml"
SEALS: Final = "data/expectations-sealed.json"
KEYS: Final = ("id", "says", "codes", "speaks_for", "likelihood", "absence")


@dataclass(frozen=True)
class Sign:
    """A sign that an account can show."""

    id: str
    says: str
    codes: tuple[str, ...]
    """A passage with any of them shows the sign; a code stands for those beneath it, too."""
    speaks_for: str
    """The side of the division under which it is expected."""
    likelihood: dict[str, float] = field(default_factory=dict)
    """Side → how likely an interview shows the sign if that side is at work; empty where the author gave none."""
    absence: bool = False
    """Whether not to show the sign speaks against its side."""


@dataclass(frozen=True)
class Seal:
    """That the signs were written down."""

    date: str
    sha256: str
    coded: int
    """Passages that were coded by then."""


def path(*, synthetic: bool = False) -> str:
    """Return the file of the signs, from the project's root."""
    return SYNTHETIC_FILE if synthetic else FILE


def read(root: Path, *, synthetic: bool = False) -> list[Sign]:
    """Read the signs. Raises SourceError for the first thing that is wrong with them, DataError with the codebook."""
    signs, faults = parse(root, synthetic=synthetic)
    if has_errors(faults):
        fault = faults[0]
        raise SourceError(fault.message, place=Place(fault.file, fault.line), remedy=fault.remedy)
    return signs


def parse(root: Path, *, synthetic: bool = False) -> tuple[list[Sign], list[Fault]]:
    """Return the signs, and everything that is wrong with how they are written. No file: no signs."""
    file = path(synthetic=synthetic)
    text, whole, unreadable = read_yaml_file(root, file)
    if whole is None:
        return [], unreadable
    entries = whole.get("signs") or []
    if not isinstance(entries, list):
        return [], [Fault(file, 1, "sign-form", "expected a list of signs", "begin each with `- id:`")]
    codebook = load.table("codebook", root, synthetic=synthetic)
    codes, both = [str(code) for code in codebook["code"]], sides(codebook)
    signs: list[Sign] = []
    faults: list[Fault] = []
    known: set[str] = set()
    for entry, line in zip(entries, _lines(text), strict=True):
        wrong = list(_wrong(entry, codes, both, known))
        faults += [Fault(file, line, "sign-form", said, remedy) for said, remedy in wrong]
        if not wrong:
            known.add(entry["id"])
            signs.append(_sign(entry))
    return signs, faults


def check_expectations(project: Project) -> list[Fault]:
    """Return what is wrong with the signs, real and synthetic, and where they are not as they were sealed."""
    faults: list[Fault] = []
    for synthetic in (False, True):
        try:
            signs, wrong = parse(project.root, synthetic=synthetic)
        except DataError as error:
            place = error.place
            return [
                Fault(str(place.file) if place else "data", None, "unreadable", error.message, error.remedy)
            ]
        faults += wrong
        if not synthetic and signs and not wrong:
            faults += _sealed(project.root, signs)
    return faults


def _sealed(root: Path, signs: list[Sign]) -> Iterator[Fault]:
    kept = seals(root)
    if kept and kept[-1].sha256 != digest(signs):
        message = f"the signs are not as they were sealed on {kept[-1].date}"
        remedy = "restore them, or run `paper claims seal` again: the earlier seal stays, and the paper tells of both"
        yield Fault(FILE, None, "sign-seal", message, remedy)
    elif not kept and coded_passages(root):
        message = "passages are coded, and the expected signs were never sealed"
        yield Fault(
            FILE,
            None,
            "sign-seal",
            message,
            "run `paper claims seal`; it says that coding had begun",
            "warning",
        )


def digest(signs: list[Sign]) -> str:
    """Return the SHA-256 of what the signs say, whatever the file's layout and comments."""
    plain = [
        [sign.id, sign.says, list(sign.codes), sign.speaks_for, sorted(sign.likelihood.items()), sign.absence]
        for sign in signs
    ]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()


def seals(root: Path) -> list[Seal]:
    """Return the seals in order. Raises SourceError where their file can't be read."""
    try:
        return [Seal(**entry) for entry in json.loads((root / SEALS).read_text("utf8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise SourceError("it can't be read", place=Place(SEALS), remedy="restore it from git") from None


def seal(root: Path, today: dt.date) -> Seal:
    """Seal the signs as they are now. Raises SourceError where there are none, or the last seal holds still."""
    signs, kept = read(root), seals(root)
    if not signs:
        raise SourceError("there are no signs to seal", place=Place(FILE), remedy="write them down first")
    if kept and kept[-1].sha256 == digest(signs):
        raise SourceError(f"they are sealed since {kept[-1].date}", place=Place(FILE), remedy="nothing to do")
    new = Seal(today.isoformat(), digest(signs), coded_passages(root))
    entries = [vars(each) for each in [*kept, new]]
    write_atomic(root / SEALS, f"{json.dumps(entries, indent=1)}\n".encode())
    return new


def coded_passages(root: Path) -> int:
    """Count the coded passages of the real interviews."""
    return int(load.table("segments", root, synthetic=False)["segment"].nunique())


def _sign(entry: dict[str, Any]) -> Sign:
    return Sign(
        entry["id"],
        " ".join(entry["says"].split()),
        tuple(entry["codes"]),
        entry["speaks_for"],
        {str(side): float(value) for side, value in (entry.get("likelihood") or {}).items()},
        entry.get("absence") == "counts",
    )


def _wrong(entry: Any, codes: list[str], both: tuple[str, str], known: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an entry, each with the way out."""
    if not isinstance(entry, dict):
        yield "not a sign", "write it as `- id: …`, with `says:` below"
        return
    for key in entry:
        if key not in KEYS:
            remedy = f"{near(str(key), list(KEYS))}A sign has: {', '.join(KEYS)}"
            yield f"{str(key)[:40]!r} is nothing that a sign has", remedy
    if not isinstance(entry.get("id"), str) or not ID.fullmatch(entry["id"]):
        yield "the sign has no id", "write `id:` with small letters, digits and hyphens"
    elif entry["id"] in known:
        yield f"the id {entry['id']} is given twice", "give each sign an id of its own"
    if not isinstance(entry.get("says"), str) or not entry["says"].strip():
        yield "the sign says nothing", "write `says:` and what an account shows"
    given = entry.get("codes")
    if not isinstance(given, list) or not given:
        yield "the sign has no codes", "name by `codes: […]` what shows it"
    for code in given if isinstance(given, list) else ():
        if code not in codes:
            yield (
                f"there is no code {str(code)!r}",
                f"{near(str(code), codes)}Codes stand in data/codebook.csv",
            )
    if entry.get("speaks_for") not in both:
        yield "the sign speaks for no side", f"write `speaks_for: {both[0]}` or `speaks_for: {both[1]}`"
    if entry.get("absence") not in (None, "counts", "silent"):
        yield f"absence is {entry['absence']!r}", "write `absence: counts`, or leave it out"
    yield from _wrong_likelihood(entry.get("likelihood"), both)


def _wrong_likelihood(given: Any, both: tuple[str, str]) -> Iterator[tuple[str, str]]:
    if given is None:
        return
    form = f"write `likelihood: {{{both[0]}: 0.7, {both[1]}: 0.2}}`, each above 0 and below 1"
    if not isinstance(given, dict) or set(given) != set(both):
        yield "likelihood doesn't name both sides", form
    elif not all(
        isinstance(n, float | int) and not isinstance(n, bool) and 0 < n < 1 for n in given.values()
    ):
        yield "a likelihood is no number above 0 and below 1", form


def _lines(text: str) -> Iterator[int]:
    """Yield the line of each sign."""
    node = compose(text)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "signs" and isinstance(value, yaml.SequenceNode):
            yield from (entry.start_mark.line + 1 for entry in value.value)
