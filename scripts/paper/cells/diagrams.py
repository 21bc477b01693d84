"""Diagrams in Mermaid and Graphviz's language, drawn while the book is built: no browser, no program besides.

Mermaid's own script runs in an embedded engine (``mermaidx``), Graphviz's layout is a program in a wheel
(``graphviz-pure``). A page gets the drawing within its text, so that words stay words; other formats a file.
"""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from paper import limits
from paper.errors import MachineError
from paper.tools.cache import Cache, digest

VERSION: Final = 1  # raised when a change here alters drawings
PRINT: Final = 0.66  # points a pixel of Mermaid's: its letters of 16 px become as large as the text
# No family with a number in its name: Mermaid writes it into CSS without quotes.
_FONT: Final = "Noto Sans, Helvetica Neue, Liberation Sans, Arial, DejaVu Sans, Libertinus Serif, sans-serif"
# Labels as text of SVG, which every format can show; the same drawing each time (rough edges and ids are random).
_MERMAID: Final[dict[str, Any]] = {
    "htmlLabels": False, "flowchart": {"htmlLabels": False}, "journey": {"textPlacement": "tspan"},
    "theme": "neutral", "fontFamily": _FONT,
    "deterministicIds": True, "handDrawnSeed": 1, "securityLevel": "strict",
}  # fmt: skip
_MERMAID_ID: Final = "my-svg"
_COMMIT: Final = re.compile(r"(?m)^(\s*commit\b)(?!.*\bid:)")
_RANDOM_COMMIT: Final = re.compile(r"\b(\d+)-[0-9a-f]{7}\b")
# A label set at the middle of its node, as those of circles are, without saying so.
_CENTRED: Final = re.compile(
    r'(<g class="label"[^<>]*transform="translate\(0, [^"]*"[^<>]*>(?:<rect[^<>]*/>|<g>)*<text)(?![^<>]*text-anchor)'
)
_TODAY: Final = re.compile(r'<g class="today">.*?</g>', re.S)  # a line at the day of the build


class DiagramError(Exception):
    """A diagram that can't be drawn: the message says why; line: of its code, from 1, where one is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Drawing:
    """A diagram: the SVG within a page, and the one that is a file of its own."""

    inline: str
    file: str


def draw(language: str, code: str, alt: str, width: float | None, cache: Cache | None) -> Drawing:
    """Draw a diagram, or take the drawing that was made before of the same code.

    language: ``mermaid`` or ``dot``; alt: its alternative text; width: inches, where one is asked for.
    Raises DiagramError for code that can't be drawn, MachineError where a package is missing.
    """
    key = digest("diagram", VERSION, language, code)
    cached = cache.get("diagram", key) if cache else None
    if cached is None:
        cached = _mermaid(code) if language == "mermaid" else _dot(code)
        if cache:
            cache.put("diagram", key, cached)
    name = f"diagram-{key[:10]}"
    return _sized(cached.replace(_MERMAID_ID, name), language, alt, width)


def _mermaid(code: str) -> str:
    try:
        import mermaidx
    except ImportError:
        raise MachineError("mermaidx is not installed", remedy="run `make`, which installs it") from None
    if re.match(r"\s*(%%.*\n\s*)*gitGraph\b", code):
        numbers = iter(range(10_000))
        code = _COMMIT.sub(lambda match: f'{match[1]} id: "{_commit(next(numbers))}"', code)
    try:
        drawing = str(mermaidx.render(code, config=_MERMAID).svg())
    except Exception as error:  # the library's own, and those of its engine
        message = re.sub(r"^.*?(?:Error: )+", "", str(error).strip(), count=1, flags=re.S)
        line = re.search(r"\bline (\d+)", message)
        first = " ".join(message.split("\nExpecting")[0].split())
        raise DiagramError(first[:300], int(line[1]) if line else None) from None
    if 'aria-roledescription="error"' in drawing:
        raise DiagramError("it is no diagram that Mermaid knows")
    drawing = _CENTRED.sub(r'\1 text-anchor="middle"', _TODAY.sub("", drawing))
    return (
        _RANDOM_COMMIT.sub(lambda match: _commit(int(match[1])), drawing) if "gitGraph" in code else drawing
    )


def _commit(number: int) -> str:
    return f"{number}-{hashlib.sha256(str(number).encode()).hexdigest()[:7]}"


def _dot(code: str) -> str:
    family = "Arial"  # whose widths it knows
    command = [_graphviz(), "-Tsvg", "-Gbgcolor=transparent",
               *(f"-{part}fontname={family}" for part in "GNE")]  # fmt: skip
    try:
        done = subprocess.run(
            command, input=code.encode(), capture_output=True, check=False, timeout=limits.value("PAPER_CELL_TIMEOUT")
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DiagramError("it isn't drawn within PAPER_CELL_TIMEOUT") from None
    if done.returncode or not done.stdout.strip():
        said = done.stderr.decode("utf8", "replace").replace("<stdin>: ", "").strip()
        errors = [line for line in said.splitlines() if "rror" in line] or [said]
        line = re.search(r"\bline (\d+)", errors[0])
        raise DiagramError(errors[0].removeprefix("Error: ")[:300], int(line[1]) if line else None)
    drawing = done.stdout.decode("utf8")
    drawing = re.sub(r"<!--.*?-->\s*|<title>.*?</title>\s*", "", drawing[drawing.index("<svg") :], flags=re.S)
    drawing = re.sub(r' id="(?:graph|node|edge|clust)\d+"', "", drawing)
    return drawing.replace(f'font-family="{family}"', f'font-family="{_FONT}"')


def _graphviz() -> str:
    """Where the program of the wheel is."""
    beside = shutil.which("graphviz-pure", path=str(Path(sys.executable).parent)) or shutil.which(
        "graphviz-pure"
    )
    if beside:
        return beside
    from importlib import metadata

    try:
        files = metadata.files("graphviz-pure") or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.stem == "graphviz-pure" and (path := Path(str(file.locate()))).is_file():
            return str(path.resolve())
    raise MachineError("graphviz-pure is not installed", remedy="run `make`, which installs it")


def _sized(drawing: str, language: str, alt: str, width: float | None) -> Drawing:
    """Return the drawing with its alternative text, as large as is asked for, else in its own size."""
    opening = re.match(r"<svg\b[^>]*>", drawing)
    assert opening
    box = re.search(r'viewBox="([^"]+)"', opening[0])
    assert box
    wide, high = (float(number) for number in box[1].split()[2:4])
    rest = re.sub(r'\s(?:width|height|style|role|aria-[a-z]+)="[^"]*"', "", opening[0][4:-1])
    label = f' role="img" aria-label="{html.escape(alt)}"' if alt else ' role="img"'
    on_page = (
        f"{width * 96:.0f}px"
        if width
        else f"{wide:.0f}px"
        if language == "mermaid"
        else f"{wide * 4 / 3:.0f}px"
    )
    points = width * 72 if width else wide * PRINT if language == "mermaid" else wide * 0.75
    within = f'<svg{rest}{label} style="width: {on_page}; max-width: 100%; height: auto">'
    alone = f'<svg{rest} width="{points:.2f}pt" height="{points * high / wide:.2f}pt">'
    body = drawing[opening.end() :]
    return Drawing(f'<div class="diagram">{within}{body}</div>', alone + body)
