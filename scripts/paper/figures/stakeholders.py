"""Who designs, coordinates, controls, delivers and uses public services: Figure 1, redrawn from the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paper.errors import DataError, Place
from paper.figures import style
from paper.figures.canvas import Box, Canvas, Point
from paper.figures.figure import Figure, drawn
from paper.figures.parts import Card, heading, key, notes

if TYPE_CHECKING:
    import pandas as pd

DASH: Final = "4px,3px"

# What each card says: (what it does, name, the draft's words in short, colour), by the stakeholder's id.
CAST: Final[dict[str, Card]] = {
    "S01": Card("", "Central state bodies", "ministries; determine almost 75% of services", style.BLUE),
    "S07": Card("", "Local state bodies", "design 25% of services", style.BLUE),
    "S04": Card(
        "Front office", "Government for Citizens", "its creation blurred responsibilities", style.GREEN
    ),
    "S05": Card("Back offices", "Various state bodies", "", style.GREEN),
    "S14": Card("Channels in the law", "One-stop shops, e-government portal", "", style.GREEN),
    "S02": Card("Coordinates", "Ministry of National Economy", "standards and regulations", style.PURPLE),
    "S03": Card("Controls", "Agency for Civil Service", "deals with complaints", style.PURPLE),
    "S16": Card("Use", "Citizens", "population, clients", style.INK),
    "S17": Card("", "Private sector", "", style.INK),
}
# A card that stands for a second stakeholder too.
ALSO: Final = {"S14": "S15"}
RELATIONS: Final = (
    "L01",
    "L02",
    "L03",
    "L04",
    "L05",
    "L06",
    "L08",
    "L09",
    "L10",
    "L11",
    "L12",
    "L14",
    "L16",
    "L18",
)

DESCRIBE: Final = (
    "Network of stakeholders in public services. Central state bodies and local state bodies design services; "
    "the centre can enforce and control, local bodies are proposed to mimic its directives. Government for Citizens "
    "is the front office and various state bodies the back offices that deliver. The Ministry of National Economy "
    "coordinates and the Agency for Civil Service controls; they shift blame on each other. Citizens use services "
    "and complain to the Agency."
)


def figure(stakeholders: pd.DataFrame, relations: pd.DataFrame, parts: pd.DataFrame) -> Figure:
    """The network. parts: ``documents.network`` of the same tables, for the ids drawn here."""
    people = {row.id: row for row in stakeholders.itertuples()}
    links = {row.id: row for row in relations.itertuples()}
    for wanted, known, table in ((CAST, people, "stakeholders"), (RELATIONS, links, "relations")):
        missing = sorted(set(wanted) - set(known))
        if missing:
            raise DataError(
                f"the figure of stakeholders draws {', '.join(missing)}, which the table lacks",
                place=Place(f"data/{table}.csv"),
                remedy="put the rows back, or change the layout in scripts/paper/figures/stakeholders.py",
            )

    def draw(canvas: Canvas) -> None:
        place = _wide if canvas.width >= style.WIDE else _narrow
        boxes, tags = place(canvas)
        for name, box in boxes.items():
            row = people[name]
            canvas.hover(
                *box.centre, f"{row.name}: {row.role}.{_doubt(row.doubt)}\nDraft: {row.locator}", size=40
            )
        for name, at in tags.items():
            row = links[name]
            canvas.hover(
                *at,
                f"{row.source_name} — {row.relation} — {row.target_name}. Basis: {row.basis}.{_doubt(row.doubt)}\n"
                f"Draft: {row.locator}",
                size=16,
            )

    return drawn(
        "stakeholders",
        draw,
        data=parts,
        source="Coded from the draft by the project; the draft's own drawing is lost.",
        describe=DESCRIBE,
        inputs=("stakeholders", "relations"),
    )


def _doubt(text: str) -> str:
    return f" Doubt: {text}." if text else ""


def _wide(canvas: Canvas) -> tuple[dict[str, Box], dict[str, Point]]:
    """Three columns: design, deliver, coordinate and control; users beneath."""
    w, top = 176.0, canvas.height
    left, middle, right = 1.0, 212.0, 423.0
    heading(canvas, left, top, "Design", style.BLUE)
    heading(canvas, middle, top, "Deliver", style.GREEN)
    heading(canvas, right, top, "Coordinate, control", style.PURPLE)
    y, pad = top + 26, 10.0

    inner = w - 2 * pad
    tall = {name: CAST[name].height(inner) for name in ("S04", "S05", "S14")}
    gap = 42.0
    panel = canvas.box(
        middle, y, w, 2 * pad + sum(tall.values()) + gap + 12, fill=style.soft(style.GREEN), line="", radius=8
    )
    s04 = CAST["S04"].draw(canvas, middle + pad, y + pad, inner)
    s05 = CAST["S05"].draw(canvas, middle + pad, s04.bottom + gap, inner)
    s14 = CAST["S14"].draw(canvas, middle + pad, s05.bottom + 12, inner)
    mid = middle + pad + 16
    canvas.line([(mid, s04.bottom), (mid, s05.y)], colour=style.GREEN, heads="end")
    canvas.text(
        mid + 10,
        s04.bottom + 4,
        "most of its services\nare delivered there",
        size=style.SMALL,
        colour=style.MUTED,
    )

    side = max(CAST[name].height(w) for name in ("S01", "S07", "S02", "S03"))
    s01 = CAST["S01"].draw(canvas, left, y, w, side)
    s07 = CAST["S07"].draw(canvas, left, panel.bottom - side, w, side)
    s02 = CAST["S02"].draw(canvas, right, y, w, side)
    s03 = CAST["S03"].draw(canvas, right, panel.bottom - side, w, side)
    between = (s01.bottom + s07.y) / 2
    canvas.line([(left + 18, s01.bottom), (left + 18, s07.y)], colour=style.BLUE, heads="end")
    canvas.text(left + 26, between - 16, "can enforce,\ncontrol", size=style.SMALL, colour=style.MUTED)
    canvas.line([(left + 104, s07.y), (left + 104, s01.bottom)], colour=style.BLUE, heads="end", dash=DASH)
    canvas.text(left + 112, between - 16, "mimic its\ndirectives", size=style.SMALL, colour=style.MUTED)
    canvas.line([(right + 40, s02.bottom), (right + 40, s03.y)], colour=style.ORANGE, heads="both", width=1.8)
    canvas.text(right + 52, between - 16, "shift blame on\neach other", size=style.SMALL, colour=style.ORANGE)

    for box, colour, x in (
        (s01, style.BLUE, panel.x),
        (s07, style.BLUE, panel.x),
        (s02, style.PURPLE, panel.right),
        (s03, style.PURPLE, panel.right),
    ):
        start = box.right if box.x < panel.x else box.x
        canvas.line([(start, box.centre[1]), (x, box.centre[1])], colour=colour, heads="end")

    s16 = CAST["S16"].draw(canvas, middle, panel.bottom + 38, w)
    s17 = CAST["S17"].draw(canvas, left, s16.y, w, s16.h)
    canvas.line([(left + 18, s17.y), (left + 18, s07.bottom)], colour=style.LINE, heads="end", dash=DASH)
    canvas.text(left + 28, s07.bottom + 10, "demands, pressure", size=style.SMALL, colour=style.MUTED)
    canvas.line([(s16.centre[0], panel.bottom), (s16.centre[0], s16.y)], colour=style.GREEN, heads="end")
    turn = s03.centre[0]
    canvas.line(
        [(s16.right, s16.centre[1]), (turn, s16.centre[1]), (turn, s03.bottom)],
        colour=style.LINE,
        heads="end",
        dash=DASH,
    )
    canvas.text(s16.right + 12, s16.centre[1] + 4, "complaints", size=style.SMALL, colour=style.MUTED)
    _foot(canvas, s16.bottom + 14)
    boxes = {
        "S01": s01,
        "S07": s07,
        "S04": s04,
        "S05": s05,
        "S14": s14,
        "S02": s02,
        "S03": s03,
        "S16": s16,
        "S17": s17,
    }
    tags = {
        "L11": (left + 18, between),
        "L12": (left + 104, between),
        "L14": (left + 18, (s07.bottom + s17.y) / 2),
        "L06": (right + 40, between),
        "L09": ((s01.right + panel.x) / 2, s01.centre[1]),
        "L10": ((s07.right + panel.x) / 2, s07.centre[1]),
        "L01": ((s02.x + panel.right) / 2, s02.centre[1]),
        "L02": ((s03.x + panel.right) / 2, s03.centre[1]),
        "L04": (mid, (s04.bottom + s05.y) / 2),
        "L18": (s16.centre[0], (panel.bottom + s16.y) / 2),
        "L03": (turn, s16.centre[1]),
    }
    return boxes, tags


def _narrow(canvas: Canvas) -> tuple[dict[str, Box], dict[str, Point]]:
    """One column for phones, in the order design, deliver, use, control, coordinate."""
    left, w, rail = 1.0, canvas.width - 27, canvas.width - 6
    boxes: dict[str, Box] = {}
    tags: dict[str, Point] = {}
    y = heading(canvas, 0, canvas.height, "Design", style.BLUE).bottom + 5
    s01 = CAST["S01"].draw(canvas, left, y, w)
    s07 = CAST["S07"].draw(canvas, left, s01.bottom + 44, w)
    _pair(canvas, s01, s07)
    tags |= {"L11": (20, s01.bottom + 22), "L12": (170, s01.bottom + 22)}

    s17 = CAST["S17"].draw(canvas, 100, s07.bottom + 36, w - 99)
    canvas.line([(120, s17.y), (120, s07.bottom)], colour=style.LINE, heads="end", dash=DASH)
    canvas.text(130, s07.bottom + 9, "demands, pressure", size=style.SMALL, colour=style.MUTED)
    top = s17.bottom + 20
    y = heading(canvas, 12, top + 8, "Deliver", style.GREEN).bottom + 5
    inner = w - 24
    heights = [CAST[name].height(inner) for name in ("S04", "S05", "S14")]
    bottom = y + sum(heights) + 32 + 10 + 12
    panel = Box(left, top, w, bottom - top)
    canvas.under(panel, fill=style.soft(style.GREEN))
    s04 = CAST["S04"].draw(canvas, 12, y, inner)
    s05 = CAST["S05"].draw(canvas, 12, s04.bottom + 32, inner)
    s14 = CAST["S14"].draw(canvas, 12, s05.bottom + 10, inner)
    canvas.line([(32, s04.bottom), (32, s05.y)], colour=style.GREEN, heads="end")
    canvas.text(
        42, s04.bottom + 8, "most of its services are delivered there", size=style.SMALL, colour=style.MUTED
    )
    canvas.line([(50, s07.bottom), (50, panel.y)], colour=style.BLUE, heads="end")
    canvas.line(
        [
            (s01.right, s01.centre[1]),
            (rail, s01.centre[1]),
            (rail, panel.y + 22),
            (panel.right, panel.y + 22),
        ],
        colour=style.BLUE,
        heads="end",
    )

    y = panel.bottom + 30
    s16 = CAST["S16"].draw(canvas, left, y, w)
    canvas.line([(60, panel.bottom), (60, s16.y)], colour=style.GREEN, heads="end")
    canvas.text(72, panel.bottom + 7, "used by", size=style.SMALL, colour=style.MUTED)

    y = s16.bottom + 34
    s03 = CAST["S03"].draw(canvas, left, y, w)
    canvas.line([(60, s16.bottom), (60, s03.y)], colour=style.LINE, heads="end", dash=DASH)
    canvas.text(72, s16.bottom + 9, "complaints", size=style.SMALL, colour=style.MUTED)
    s02 = CAST["S02"].draw(canvas, left, s03.bottom + 34, w)
    canvas.line([(60, s03.bottom), (60, s02.y)], colour=style.ORANGE, heads="both", width=1.8)
    canvas.text(72, s03.bottom + 9, "shift blame on each other", size=style.SMALL, colour=style.ORANGE)
    canvas.line(
        [
            (s02.right, s02.centre[1]),
            (rail, s02.centre[1]),
            (rail, panel.bottom - 22),
            (panel.right, panel.bottom - 22),
        ],
        colour=style.PURPLE,
        heads="end",
    )
    canvas.line([(s03.right, s03.centre[1]), (rail, s03.centre[1])], colour=style.PURPLE)
    _foot(canvas, s02.bottom + 14)
    boxes |= {
        "S01": s01,
        "S07": s07,
        "S17": s17,
        "S04": s04,
        "S05": s05,
        "S14": s14,
        "S16": s16,
        "S03": s03,
        "S02": s02,
    }
    tags |= {
        "L14": (120, (s07.bottom + s17.y) / 2),
        "L06": (60, (s03.bottom + s02.y) / 2),
        "L03": (60, (s16.bottom + s03.y) / 2),
        "L18": (60, (panel.bottom + s16.y) / 2),
        "L09": (rail, (s01.bottom + panel.y) / 2),
        "L10": (50, (s07.bottom + panel.y) / 2),
        "L04": (32, (s04.bottom + s05.y) / 2),
        "L02": (rail, s03.centre[1]),
        "L01": (rail, s02.centre[1]),
    }
    return boxes, tags


def _pair(canvas: Canvas, upper: Box, lower: Box) -> None:
    """The centre's control downwards, and the proposed mimicry upwards."""
    middle = (upper.bottom + lower.y) / 2 - 8
    canvas.line([(20, upper.bottom), (20, lower.y)], colour=style.BLUE, heads="end")
    canvas.text(30, middle, "can enforce, control", size=style.SMALL, colour=style.MUTED)
    canvas.line([(170, lower.y), (170, upper.bottom)], colour=style.BLUE, heads="end", dash=DASH)
    canvas.text(180, middle, "mimic its directives", size=style.SMALL, colour=style.MUTED)


def _foot(canvas: Canvas, y: float) -> None:
    y = key(
        canvas,
        y,
        [
            ("line", style.LINE, "stated in the draft"),
            ("dash", style.LINE, "proposed or inferred"),
            ("line", style.ORANGE, "conflict"),
        ],
    )
    canvas.height = notes(
        canvas, y + 2, ["Redrawn from the text: the file of the draft has only the caption."]
    )
