"""What the last build had to tell and wrote, kept in ``.paper/`` for the next one: nothing of it is published."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from paper.project import Project
from paper.release import record
from paper.release.record import Manifest
from paper.report import Fault
from paper.tools.files import write_atomic

SEARCH_FAILED: Final = "search-failed"
# What lay in the machine and not in the sources: another build of the same may go well.
_PASSING: Final = frozenset({SEARCH_FAILED})


def notices(project: Project, manifest: Manifest, targets: Collection[str]) -> list[Fault] | None:
    """Return what the last build of these targets from the same sources had to tell.

    None where that isn't known, and where something failed that may go well now.
    """
    kept = _read(project)
    try:
        same = kept["origin"] == record.origin_of(manifest) and set(targets) <= set(kept["targets"])
        told = [Fault(**notice) for notice in kept["notices"]] if same else None
        return told if told is not None and is_final(told) else None
    except (KeyError, TypeError):
        return None


def is_final(told: Iterable[Fault]) -> bool:
    """Return whether another build of the same sources would have the same to tell."""
    return _PASSING.isdisjoint(fault.rule for fault in told)


def files(project: Project) -> dict[str, str]:
    """Return the files that the last build left in the output folder: path → hash."""
    kept = _read(project).get("files")
    return {str(name): str(was) for name, was in kept.items()} if isinstance(kept, dict) else {}


def keep(project: Project, manifest: Manifest, targets: Iterable[str], told: Iterable[Fault]) -> None:
    """Keep what a build of these targets had to tell, and what now stands in the output folder.

    What an earlier build of other targets from the same sources had to tell is kept with it.
    """
    written = record.read(project.output_dir)
    kept = _read(project)
    origin = record.origin_of(manifest)
    before = kept if kept.get("origin") == origin else {"targets": [], "notices": []}
    known = [asdict(notice) for notice in told]
    earlier = [
        notice for notice in before["notices"] if notice not in known and notice["rule"] not in _PASSING
    ]
    text = json.dumps(
        {
            "origin": origin,
            "targets": sorted({*targets, *before["targets"]}),
            "notices": [*known, *earlier],
            "files": written.files if written else {},
        },
        ensure_ascii=False,
    )
    write_atomic(_file(project), text.encode("utf8"))


def _read(project: Project) -> dict[str, Any]:
    try:
        kept = json.loads(_file(project).read_text("utf8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _file(project: Project) -> Path:
    return project.root / ".paper" / f"{project.output_dir.name}-last.json"
