"""Printed text as a terminal shows it: lines written over, a cursor that goes up, colours.

What a program prints is a list of orders to a terminal. What stands there at last is what an author saw: a bar of
progress once, words in their colours. https://ecma-international.org/publications-and-standards/standards/ecma-48/
"""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import Final

# Sequences that a screen follows: colours (m), the cursor up (A), the rest of a line taken away (K).
KEPT: Final = r"\x1b\[[\d;:]*[mAK]"
_ORDER: Final = re.compile(rf"{KEPT}|\r\n|.", re.S)
_COLOUR: Final = re.compile(r"\x1b\[[\d;:]*m")
_NAMES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def screen(text: str) -> str:
    """Return what stands on the screen when all was printed, each sign behind the colours that it got."""
    lines: list[list[str]] = [[]]
    row = column = 0
    colours = ""
    over: set[int] = set()  # rows written over, which blanks fill up
    for order in _ORDER.findall(text):
        if order in ("\n", "\r\n"):
            lines[row].append(colours)  # at the line's end: what follows goes on with them
            colours = ""
            row, column = row + 1, 0
            if row == len(lines):
                lines.append([])
        elif order == "\r":
            column = 0
            over.add(row)
        elif order == "\b":
            column = max(0, column - 1)
        elif order.endswith("A") and order.startswith("\x1b"):
            row = max(0, row - int(re.sub(r"\D", "", order) or 1))
        elif order.endswith("K") and order.startswith("\x1b"):
            del lines[row][column:]
        elif order.startswith("\x1b"):
            colours += order
        else:
            line = lines[row]
            line += [" "] * (column - len(line))
            line[column : column + 1] = [colours + order]
            colours, column = "", column + 1
    lines[row].append(colours)
    shown = ("".join(line) for line in lines)
    return "\n".join(line.rstrip(" ") if row in over else line for row, line in enumerate(shown))


def plain(text: str) -> str:
    """Return the words on the screen, without colours."""
    return _COLOUR.sub("", screen(text))


def coloured(text: str) -> str | None:
    """Return the words on the screen as HTML with their colours; None where they have none.

    The sixteen colours that a reader's theme decides are classes (``ansi-red``), as notebooks name them.
    """
    from rich.text import Text

    shown = screen(text).rstrip("\n")
    if not _COLOUR.search(shown):
        return None
    read = Text.from_ansi(shown)
    marks = {at for span in read.spans for at in (span.start, span.end)}
    cuts = sorted({0, len(read.plain), *marks})
    parts = []
    for start, end in pairwise(cuts):
        classes: list[str] = []
        styles: list[str] = []
        for span in read.spans:
            if span.start <= start and end <= span.end and not isinstance(span.style, str):
                _look(span.style, classes, styles)
        words = html.escape(read.plain[start:end], quote=False)
        given = f' class="{" ".join(classes)}"' if classes else ""
        given += f' style="{"; ".join(styles)}"' if styles else ""
        parts.append(f"<span{given}>{words}</span>" if given else words)
    return (
        f'<pre class="ansi"><code>{"".join(parts)}</code></pre>' if any("<span" in p for p in parts) else None
    )


def _look(style: object, classes: list[str], styles: list[str]) -> None:
    """Add what a style of rich's asks for."""
    for name in ("bold", "italic", "underline"):
        if getattr(style, name, None):
            classes.append(f"ansi-{name}")
    for name, prefix, rule in (("color", "ansi-", "color"), ("bgcolor", "ansi-on-", "background-color")):
        colour = getattr(style, name, None)
        if colour is None or colour.is_default:
            continue
        if colour.number is not None and colour.number < 16:
            classes.append(prefix + _NAMES[colour.number % 8])
        else:
            red, green, blue = colour.get_truecolor()
            styles.append(f"{rule}: #{red:02x}{green:02x}{blue:02x}")
