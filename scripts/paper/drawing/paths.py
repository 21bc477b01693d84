"""Shapes as SVG paths, in px: what ``canvas`` puts on its sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]
KAPPA: Final = 0.5523  # a Bézier curve's handle for a quarter of a circle, by its radius


def number(value: float) -> str:
    """Return a coordinate, short."""
    return f"{round(float(value), 2):g}"


def at(x: float, y: float) -> str:
    """Return a point as a path has it."""
    return f"{number(x)} {number(y)}"


def polyline(points: Sequence[Point]) -> str:
    """Return a line through the points."""
    return "M " + " L ".join(at(*point) for point in points)


def rounded_polyline(points: Sequence[Point], bend: float) -> str:
    """Return a line through the points, its corners rounded by ``bend`` px."""
    path = f"M {at(*points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path += (
            f" L {at(*_towards(corner, before, bend))} Q {at(*corner)} {at(*_towards(corner, after, bend))}"
        )
    return f"{path} L {at(*points[-1])}"


def rectangle(x: float, y: float, w: float, h: float, radius: float) -> str:
    """Return a rectangle with rounded corners."""
    r, right, bottom = min(radius, w / 2, h / 2), x + w, y + h
    return (
        f"M {at(x + r, y)} L {at(right - r, y)} Q {at(right, y)} {at(right, y + r)} "
        f"L {at(right, bottom - r)} Q {at(right, bottom)} {at(right - r, bottom)} "
        f"L {at(x + r, bottom)} Q {at(x, bottom)} {at(x, bottom - r)} "
        f"L {at(x, y + r)} Q {at(x, y)} {at(x + r, y)} Z"
    )


def half_disc(x: float, y: float, r: float) -> str:
    """Return the upper half of a disc."""
    return f"{_arc(x, y, r)} Z"


def mark(kind: str, x: float, y: float, r: float) -> str:
    """Return a mark's outline: ``diamond``, ``square``, ``frame``; any other kind is round."""
    if kind == "diamond":
        long = r * 1.2
        return polyline([(x, y - long), (x + long, y), (x, y + long), (x - long, y)]) + " Z"
    if kind in ("square", "frame"):
        return polyline([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]) + " Z"
    k = r * KAPPA
    return (
        f"{_arc(x, y, r)} C {at(x + r, y + k)} {at(x + k, y + r)} {at(x, y + r)} "
        f"C {at(x - k, y + r)} {at(x - r, y + k)} {at(x - r, y)} Z"
    )


def head(before: Point, tip: Point, length: float = 8.0, half: float = 3.6) -> tuple[str, Point]:
    """Return an arrowhead at the tip of a line, and where the line itself must end."""
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    along, across = math.cos(angle), math.sin(angle)
    back = (tip[0] - length * along, tip[1] - length * across)
    corners = [
        tip,
        (back[0] + half * across, back[1] - half * along),
        (back[0] - half * across, back[1] + half * along),
    ]
    return polyline(corners) + " Z", (tip[0] - (length - 1) * along, tip[1] - (length - 1) * across)


def _arc(x: float, y: float, r: float) -> str:
    k = r * KAPPA
    return (
        f"M {at(x - r, y)} C {at(x - r, y - k)} {at(x - k, y - r)} {at(x, y - r)} "
        f"C {at(x + k, y - r)} {at(x + r, y - k)} {at(x + r, y)}"
    )


def _towards(corner: Point, other: Point, distance: float) -> Point:
    """Return the point so far from the corner towards the other point, at most half way."""
    length = math.dist(corner, other) or 1
    part = min(distance, length / 2) / length
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part
