"""Role and region of interviews, made broader until enough of them share what the open table says.

What would give an interview away stands in ``data/private/attributes.csv`` until others share it: first the region is
left out, then the role (global recoding and local suppression, Hundepool et al. 2012, "Statistical Disclosure
Control", chapter 3). The first interview is so entered without any; both come back with the next of their kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ATTRIBUTES: Final = "data/private/attributes.csv"
COLUMNS: Final = ("case", "role", "region")
SHARED: Final = 2  # cases that must share a combination of role and region
Label = tuple[str, str]  # role, region


@dataclass(frozen=True)
class Generalised:
    """open: role and region of each case as the open table may say them; held: cases of which less is said."""

    open: dict[str, Label]
    held: tuple[str, ...]


def generalised(known: Mapping[str, Label], shared: int = SHARED) -> Generalised:
    """Leave out regions, then roles, until at least ``shared`` cases have every combination that is said.

    known: role and region of each case as precisely as they are known.
    """
    said = dict(known)
    for broader in (lambda label: (label[0], ""), lambda _: ("", "")):
        alike = Counter(said.values())
        said = {case: label if alike[label] >= shared else broader(label) for case, label in said.items()}
    alike = Counter(said.values())
    said = {case: label if alike[label] >= shared else ("", "") for case, label in said.items()}
    held = tuple(case for case, label in said.items() if label != known[case])
    return Generalised(said, held)
