"""How wide a text will be, and where to break it, known before any browser draws it."""

from __future__ import annotations

from typing import Final

# Advance widths of Helvetica in thousandths of the size (Adobe Font Metrics, core 14 fonts), by groups.
_GROUPS: Final[dict[int, str]] = {
    222: "ijl'‘’",
    278: " \u00a0!,./:;I[]\\ft·|",
    333: "()-r`“”",
    355: '"',
    500: "Jcksvxyz–",
    556: "abdeghnopqu0123456789_L?$#",
    584: "+<=>~±",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→@",
}
_WIDTH: Final = {char: width for width, chars in _GROUPS.items() for char in chars}
# Readers' own faces run wider than Helvetica: Noto Sans by some 5 %, DejaVu Sans by 14 % on average, and bold
# by 8 to 13 % more (measured in Chromium over the texts of the figures).
_SLACK: Final = 1.14
BOLD: Final = 1.1
LINE_HEIGHT: Final = 1.3  # Plotly's own, in ems


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in px, a little generously."""
    thousandths = sum(_WIDTH.get(char, 600) for char in text)
    return thousandths / 1000 * size * _SLACK * (BOLD if bold else 1)


def advance_widths() -> dict[str, float]:
    """Return the widths of signs in thousandths of the size, as ``width`` reckons; "" stands for any other sign."""
    return {"": 600 * _SLACK, **{sign: thousandths * _SLACK for sign, thousandths in _WIDTH.items()}}


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text at its spaces and line ends, not at no-break spaces, into lines that fit the room, in px.

    A single word wider than the room keeps a line of its own.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width(longer, size, bold=bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def height(lines: int, size: float) -> float:
    """Return the height of a block of so many lines, in px."""
    return lines * size * LINE_HEIGHT
