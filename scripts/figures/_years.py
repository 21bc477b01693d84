"""Works over years: the axis of the figures of literature."""

from __future__ import annotations

from dataclasses import dataclass

from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.text import width

EDGE = 10.0  # px beside the first and the last year


@dataclass(frozen=True)
class Years:
    """An axis over the sheet, from five years to five years."""

    first: int
    """Years."""
    last: int
    """Years."""
    right: float
    """Its end, in px."""

    @classmethod
    def spanning(cls, earliest: int, latest: int, canvas: Canvas) -> Years:
        """Return the axis that has room for works from ``earliest`` to ``latest``."""
        return cls(earliest // 5 * 5, -(-latest // 5) * 5, canvas.width - EDGE)

    def place(self, year: float) -> float:
        """Return where a year stands, in px."""
        return EDGE + (self.right - EDGE) * (year - self.first) / (self.last - self.first)

    def draw(self, canvas: Canvas, top: float, bottom: float) -> None:
        """Name every tenth year at ``top``, and draw its line beneath all down to ``bottom``."""
        for year in range(-(-self.first // 10) * 10, self.last + 1, 10):
            x, half = self.place(year), width(str(year), style.SMALL) / 2
            place = min(max(x, half), canvas.width - half)
            canvas.text(place, top, str(year), size=style.SMALL, colour=style.MUTED, anchor="center")
            canvas.beneath([(x, top + 18), (x, bottom)], colour=style.RULE)
