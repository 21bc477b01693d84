"""The last look at a finished folder before anybody sees it: nothing in it may harm an interviewee."""

from __future__ import annotations

from pathlib import Path

from paper.coding.privacy import check_built, has_interviews
from paper.errors import DataError
from paper.project import Project

SHOWN = 20


def refuse_leaks(project: Project, folder: Path) -> None:
    """Raise DataError when the folder, or the data that it is made from, hold what `paper privacy check` refuses.

    A book without interviews has nobody to guard: an address or a photograph's camera is its author's own affair.
    """
    if not has_interviews(project.root):
        return
    built = (f"{folder.name}/", f"{folder}/", "data/")
    faults = [
        fault
        for fault in check_built(project.root, folder)
        if fault.severity == "error" and fault.file.startswith(built)
    ]
    if not faults:
        return
    lines = [f"{_name(fault.place, folder)}: {fault.message}" for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"… and {len(faults) - SHOWN} more")
    raise DataError(
        f"the build holds what must not be published ({len(faults)} found)",
        detail="\n".join(lines),
        remedy="take it out of the source, then build again; what may be public stands in _quarto.yml under "
        "paper: privacy: allow:, each text with its reason, as `info@example.org: a public address`; "
        "`paper privacy check` shows each place with what to do",
    )


def _name(place: str, folder: Path) -> str:
    """The place within the site, not in the folder that is thrown away."""
    return place.removeprefix(f"{folder.name}/")
