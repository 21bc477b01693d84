"""The paper's figures, one call each, drawn from the coded data.

A function here loads tables, asks ``analysis`` for the result and has a module of this package draw it.
FIGURES holds them all by name: it is what ``paper render-figures`` draws.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Final

from paper import project
from paper.analysis import documents, literature
from paper.coding import load as coded
from paper.figures import (
    by_case,
    chain,
    citations,
    curve,
    heat_map,
    literature_map,
    network,
    timeline,
    two_drivers,
    works,
)
from paper.figures.figure import Figure
from paper.figures.interviews import Interviews
from paper.figures.renderings import shown

FIGURES: Final[dict[str, Callable[[], Figure]]] = {}


def _public(draw: Callable[[], Figure]) -> Callable[[], Figure]:
    """Enter a figure in FIGURES; called by its public name it also has its renderings drawn anew where stale.

    So a change of data reaches every format with the cell itself, under either engine.
    """
    FIGURES[draw.__name__] = draw

    @wraps(draw)
    def checked() -> Figure:
        figure = draw()
        shown(figure, project.find_root(Path.cwd()))
        return figure

    return checked


@_public
def stakeholders() -> Figure:
    """Who designs, coordinates, controls, delivers and uses public services, and what ties them together."""
    people, ties = coded.table("stakeholders"), coded.table("relations")
    parts = documents.network(people, ties, list(network.ACTORS), list(network.RELATIONS))
    return network.figure(people, ties, parts)


@_public
def service_chain() -> Figure:
    """Which bodies a public service passes through, from its design to its delivery."""
    return chain.figure(documents.service_chain(coded.table("relations"), coded.table("stakeholders")))


@_public
def reform_timeline() -> Figure:
    """The reforms and what bears on them in order, each as precise as the sources date it."""
    return timeline.figure(documents.timeline(coded.table("events")))


@_public
def literature_over_time() -> Figure:
    """The works that the paper cites, by field, year and the stance in which it uses them."""
    return literature_map.figure(
        literature.over_time(coded.table("literature_claims")),
        works.labels(project.load(project.find_root(Path.cwd())).bibliography),
    )


@_public
def literature_by_chapter() -> Figure:
    """The works of the bibliography by year, in a row for each chapter that cites them."""
    root = project.find_root(Path.cwd())
    listed = coded.table("references_status")["key"]
    return citations.figure(works.by_chapter(root, listed), works.labels(project.load(root).bibliography))


@_public
def drivers() -> Figure:
    """The two drivers of local re-engineering with their indicators: what moves local bodies, and how it would show."""
    return two_drivers.figure(documents.drivers(coded.table("factors")))


@_public
def drivers_by_case() -> Figure:
    """Internal against external drivers in each interview; an empty frame while none is coded."""
    return by_case.figure(Interviews.load())


@_public
def code_case_matrix() -> Figure:
    """How many passages of each interview carry each code; an empty frame while none is coded."""
    return heat_map.figure(Interviews.load())


@_public
def saturation() -> Figure:
    """When new interviews stopped bringing new codes; an empty frame while none is coded."""
    return curve.figure(Interviews.load())
