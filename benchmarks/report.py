"""The results as a page of tables and as one picture."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.cases import CHECK, READ, SIZES, Result
from benchmarks.floor import PROGRAMS
from benchmarks.machine import Machine

INTRODUCTION = """\
# How fast it is

Written by `make bench`, which measures everything anew on the machine at hand.
A time is {runs}.
Time of processors is what the cores worked for it, together; other work on the machine hardly changes it.
Memory is the peak over all processes; pages that they share count once where the system tells.
*Cold* means that nothing was kept from an earlier build.
The *floor* is what pandoc, one Jupyter kernel, Typst and Pagefind work by themselves for the same Markdown, cells and
Typst source, each with the start of a Python that calls it; pandoc parses and cites the whole book once and writes each
format from that. No build that uses them can be much faster.

Measured on: {machine}
"""
GROUPS = {"paper": "This paper: pages, PDF, brief, DOCX, archive, one file"}
Key = tuple[str, str, str]


class Table:
    """The results by book, what was done and engine."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.results = {(r.book, r.what, r.engine): r.measured for r in results}

    def seconds(self, book: str, what: str, engine: str = "embedded") -> float | None:
        measured = self.results.get((book, what, engine))
        return measured.median if measured else None

    def processor(self, book: str, what: str, engine: str = "embedded") -> float | None:
        """The median of the processors' seconds; None where they weren't measured."""
        measured = self.results.get((book, what, engine))
        return statistics.median(measured.processor) if measured and measured.processor else None

    def megabytes(self, book: str, what: str) -> float | None:
        """The peak of memory."""
        measured = self.results.get((book, what, "embedded"))
        return measured.megabytes if measured else None

    def floor(self, book: str) -> float | None:
        """The sum of the programs' times, one after another; None unless all were measured."""
        return _sum([self.seconds(book, program, "floor") for program in PROGRAMS])

    def floor_processor(self, book: str) -> float | None:
        """The sum of what the processors work for the programs; None unless all were measured."""
        return _sum([self.processor(book, program, "floor") for program in PROGRAMS])


def markdown(results: Sequence[Result], machine: Machine, repeats: int) -> str:
    """The page benchmarks/results.md."""
    table = Table(results)
    runs = (
        f"the median of {repeats} runs, fewer where they take over a minute, fastest and slowest in brackets"
        if repeats > 1
        else "that of a single run"
    )
    parts = [INTRODUCTION.format(runs=runs, machine="; ".join(machine.lines()) + ".")]
    parts += ["## What is aimed at\n", _aims(table)]
    for book in dict.fromkeys(result.book for result in results):
        parts += [f"## {_title(book)}\n", _rows([r for r in results if r.book == book], table, book)]
    return "\n".join(parts) + "\n"


def _title(book: str) -> str:
    return GROUPS.get(book, f"Made-up books: {book}" if book.endswith("chapters") else f"Large: {book}")


def _rows(results: Sequence[Result], table: Table, book: str) -> str:
    lines = ["| what | by | time | of processors | peak memory |", "| --- | --- | ---: | ---: | ---: |"]
    for result in results:
        did = result.measured
        spread = f" ({min(did.seconds):.2f}–{max(did.seconds):.2f})" if len(did.seconds) > 1 else ""
        by = "alone" if result.engine == "floor" else result.engine
        worked = f"{statistics.median(did.processor):.2f} s" if did.processor else ""
        time = f"{did.median:.2f} s{spread}"
        lines.append(f"| {result.what} | {by} | {time} | {worked} | {did.megabytes:.0f} MB |")
    if (floor := table.floor(book)) is not None:
        processor = table.floor_processor(book)
        worked = "" if processor is None else f"*{processor:.2f} s*"
        lines.append(f"| *floor, the four together* | | *{floor:.2f} s* | {worked} | |")
    return "\n".join(lines) + "\n"


def _aims(table: Table) -> str:
    """What the project aims at, what was measured, and whether that is it."""
    large = f"{SIZES[-1]} chapters"
    aims: list[tuple[str, float | None, float, str]] = [
        ("pages, PDF and brief, cold: 5 s", table.seconds("paper", READ), 5, " s"),
        (
            "the same, time of processors: at most 1.5 × that of the floor",
            _ratio(table.processor("paper", READ), table.floor_processor("paper")),
            1.5,
            " ×",
        ),
        ("everything, cold: 7 s", table.seconds("paper", "cold"), 7, " s"),
        (
            "the same: at most a fifth of Quarto's",
            _ratio(table.seconds("paper", "cold"), table.seconds("paper", "cold", "Quarto")),
            0.2,
            " ×",
        ),
        (
            "pages after an edited sentence: 1.2 s",
            table.seconds("paper", "prose edit, pages only"),
            1.2,
            " s",
        ),
        ("everything after an edited sentence: 3 s", table.seconds("paper", "prose edit"), 3, " s"),
        ("nothing to do: 0.12 s", table.seconds("paper", "nothing to do"), 0.12, " s"),
        (
            "preview, sentence: 0.1 s until the browser is told",
            table.seconds("paper", "preview, prose edit"),
            0.1,
            " s",
        ),
        ("preview, cell: 0.4 s", table.seconds("paper", "preview, cell edit"), 0.4, " s"),
        (
            "preview, PDF beside the page: 0.8 s",
            table.seconds("paper", "preview, PDF beside the page"),
            0.8,
            " s",
        ),
        ("`paper check` after an edited sentence: 1.2 s", table.seconds("paper", CHECK), 1.2, " s"),
        (f"{large}, cold: 30 s", table.seconds(large, "cold"), 30, " s"),
        (f"{large}, peak memory: 1,000 MB", table.megabytes(large, "cold"), 1000, " MB"),
        ("a chapter of those: at most 1.2 × one between 10 and 50", _growth(table), 1.2, " ×"),
    ]
    lines = ["| aim | measured | |", "| --- | --- | --- |"]
    for aim, value, most, unit in aims:
        measured = "not measured" if value is None else f"{value:,.{0 if unit == ' MB' else 2}f}{unit}"
        lines.append(
            f"| {aim} | {measured} | {'' if value is None else 'met' if value <= most else 'missed'} |"
        )
    return "\n".join(lines) + "\n"


def _sum(times: Sequence[float | None]) -> float | None:
    known = [time for time in times if time is not None]
    return sum(known) if len(known) == len(times) else None


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def _growth(table: Table) -> float | None:
    """What a chapter more costs in the largest book, against what it costs in the smaller ones."""
    times = [table.seconds(f"{size} chapters", "cold") for size in SIZES]
    if None in times:
        return None
    few, some, many = (float(time or 0) for time in times)
    return ((many - some) / (SIZES[2] - SIZES[1])) / ((some - few) / (SIZES[1] - SIZES[0]))


# -- the picture ---------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP = 760, 330, 130, 40
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.quiet { fill: #59636e; }
.axis { stroke: #b6bec7; stroke-width: 1; fill: none; }
.embedded { fill: #1f5fa8; stroke: #1f5fa8; }
.Quarto { fill: #a8500c; stroke: #a8500c; }
.floor { fill: #767c85; stroke: #767c85; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .axis { stroke: #59636e; }
  .embedded { fill: #6ea8e8; stroke: #6ea8e8; } .Quarto { fill: #e8a06a; stroke: #e8a06a; }
  .floor { fill: #9aa1ab; stroke: #9aa1ab; }
}
"""


def plot(results: Sequence[Result]) -> str:
    """results.svg: on the left this paper's builds as bars, on the right how time grows with the chapters."""
    table = Table(results)
    said = "How long builds of this paper take, and how that grows with the chapters of a book"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">',
            f"<style>{STYLE}</style>",
            *_bars(table),
            *_lines(table),
            "</svg>\n",
        ]
    )


def _bars(table: Table) -> list[str]:
    bars = [
        (what, engine, seconds)
        for what in ("cold", "prose edit", "data edit", "nothing to do")
        for engine in ("embedded", "Quarto")
        if (seconds := table.seconds("paper", what, engine)) is not None
    ]
    if (floor := table.floor("paper")) is not None:
        bars.insert(1, ("the floor", "floor", floor))
    most = max((seconds for *_, seconds in bars), default=1.0)
    room, tall = 190, min(26, (HEIGHT - TOP - 40) / max(1, len(bars)) - 8)
    shapes = [_text(LEFT, 22, "This paper, all formats: seconds", "title")]
    for place, (what, engine, seconds) in enumerate(bars):
        y = TOP + place * (tall + 8)
        long = max(1.0, room * seconds / most)
        name = what if engine != "Quarto" else f"{what}, Quarto"
        shapes += [
            _text(LEFT - 8, y + tall * 0.7, name, "", "end"),
            f'<rect class="{engine}" x="{LEFT}" y="{y:.1f}" width="{long:.1f}" height="{tall:.1f}" rx="2"/>',
            _text(
                LEFT + long + 6,
                y + tall * 0.7,
                f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}",
                "quiet",
            ),
        ]
    return shapes


def _lines(table: Table) -> list[str]:
    x0, y0, w, h = 430.0, HEIGHT - 50.0, 270.0, HEIGHT - 110.0
    series: dict[str, list[tuple[int, float]]] = {}
    for size in SIZES:
        book = f"{size} chapters"
        found = {engine: table.seconds(book, "cold", engine) for engine in ("embedded", "Quarto")}
        for engine, seconds in {**found, "floor": table.floor(book)}.items():
            if seconds is not None:
                series.setdefault(engine, []).append((size, seconds))
    most = max((seconds for points in series.values() for _, seconds in points), default=1.0)
    shapes = [
        _text(x0, 22, "Cold build by chapters: seconds", "title"),
        f'<path class="axis" d="M{x0} {y0 - h}V{y0}H{x0 + w}"/>',
        _text(x0 - 6, y0 - h + 4, f"{most:.0f}", "quiet", "end"),
        _text(x0 - 6, y0, "0", "quiet", "end"),
    ]
    shapes += [_text(x0 + w * size / SIZES[-1], y0 + 18, str(size), "quiet", "middle") for size in SIZES]
    for engine, points in series.items():
        placed = [(x0 + w * size / SIZES[-1], y0 - h * seconds / most) for size, seconds in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        shapes.append(f'<polyline class="{engine}" style="fill: none; stroke-width: 2" points="{path}"/>')
        shapes += [f'<circle class="{engine}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in placed]
        x, y = placed[-1]
        above = -8 if engine != "floor" else 26
        shapes.append(_text(x, y + above, {"embedded": "this engine"}.get(engine, engine), "", "end"))
    return shapes


def _text(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    of = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{of} text-anchor="{anchor}">{escape(text)}</text>'
