"""Faults that are kept while all that they rest on is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from paper.project import Project
from paper.report import Fault
from paper.tools.cache import digest, of_project


def kept(project: Project, check: str, rests_on: str, find: Callable[[Project], list[Fault]]) -> list[Fault]:
    """Return what a check finds, from now or from before.

    rests_on: the hash of everything that it reads, but for the engine, which the cache itself knows. A check that
    raises keeps nothing.
    """
    cache = of_project(project.root)
    key = digest(check, project.profile, rests_on)
    faults = cache.kept("checks", key, lambda: [asdict(fault) for fault in find(project)])
    return [Fault(**fault) for fault in faults]
