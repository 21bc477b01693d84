"""Figures by name, one call each: those of coded interviews here, a paper's own from ``scripts/figures``.

A function loads tables, asks ``analysis`` for the result and has it drawn; ``catalogue`` says where a paper's own are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from paper import catalogue, project
from paper.coding.data.package import has_interviews
from paper.figures import by_case, curve, heat_map
from paper.figures.interviews import Interviews
from paper.publishing.figure import Figure

_OF_INTERVIEWS: Final[dict[str, Callable[[], Figure]]] = {}


def _public(draw: Callable[[], Figure]) -> Callable[[], Figure]:
    _OF_INTERVIEWS[draw.__name__] = draw
    return catalogue.renewing(draw)


def every(root: Path) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of the paper, by name: with coded interviews also those of this package."""
    general = _OF_INTERVIEWS if has_interviews(root) else {}
    return {**catalogue.own(root, "figures"), **general}


def __getattr__(name: str) -> Any:
    # ``from paper.figures import canvas`` asks here first: modules of the package are no figures.
    if name.startswith("_") or catalogue.is_module("figures", name):
        raise AttributeError(name)
    return catalogue.renewing(catalogue.function(project.find_root(Path.cwd()), "figures", name))


@_public
def drivers_by_case() -> Figure:
    """Draw the two sides of the codebook's division in each interview; an empty frame while none is coded."""
    return by_case.figure(Interviews.load())


@_public
def code_case_matrix() -> Figure:
    """Draw how many passages of each interview carry each code; an empty frame while none is coded."""
    return heat_map.figure(Interviews.load())


@_public
def saturation() -> Figure:
    """Draw when new interviews stopped bringing new codes; an empty frame while none is coded."""
    return curve.figure(Interviews.load())
