"""A chapter's text with its cells' results in their place, as one Markdown for all formats.

Where formats want different representations of a result, each stands in a ``Div`` of class ``paper-only``
whose attribute ``only`` names its formats; ``conditions.for_format`` keeps the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper.cells.displays import IMAGES, Context
from paper.cells.displays.writing import Writer, choose
from paper.cells.execute import Executed, Result, option
from paper.errors import ChapterError
from paper.images import images
from paper.project import Project
from paper.report import Fault
from paper.text import terminal
from paper.text.display_metadata import METADATA
from paper.text.inline import in_prose
from paper.text.markup import div, raw_fence
from paper.text.outputs import Output
from paper.text.reading import DIAGRAMS
from paper.text.shortcodes import Shortcodes, metadata
from paper.text.source import Cell, Source
from paper.tools.cache import Cache


@dataclass
class Markdown:
    """text: Markdown of the whole chapter; files: images to be written beside its page (path → file made).

    notices: what a format can't show of what the cells gave.
    """

    text: str
    files: dict[str, str] = field(default_factory=dict)
    notices: tuple[Fault, ...] = ()


def assemble(
    project: Project, source: Source, executed: Executed, work: Path, cache: Cache | None = None
) -> Markdown:
    """Return the chapter with its results. ``work``: folder for images, named by their content."""
    return _Assembler(project, source, work, cache).run(executed)


class _Assembler:
    def __init__(self, project: Project, source: Source, work: Path, cache: Cache | None) -> None:
        self.project = project
        self.source = source
        self.work = work
        self.cache = cache
        self.files: dict[str, str] = {}
        self.notices: list[Fault] = []
        self.count = 0
        self.name = ""  # of the cell: it names images
        known = metadata(project, source.path, source.meta, "")
        self.shortcodes = Shortcodes(project, known)

    def run(self, executed: Executed) -> Markdown:
        results = iter(executed.results)
        text: list[str] = []
        for part in self.source.parts:
            if isinstance(part, str):
                text.append(part)
            elif isinstance(part, Cell):
                result = next(results) if part.runs else Result(part.stored or ())
                text.append(self.indented("\n" + self.cell(part, result) + "\n", part.indent))
            else:
                outputs = next(results).outputs
                text.append(in_prose(outputs[0].data) if outputs else "")
        return Markdown("".join(text), self.files, tuple(self.notices))

    def option(self, cell: Cell, name: str, default: Any) -> Any:
        return option(self.project, self.source, cell, name, default)

    # -- one cell ---------------------------------------------------------------------------------------------

    def cell(self, cell: Cell, result: Result) -> str:
        self.count += 1
        self.name = re.sub(r"[^\w.-]+", "-", cell.label.lower()) or f"cell-{self.count + 1}"
        if self.option(cell, "include", True) is False:
            return ""
        if cell.language in DIAGRAMS:
            return self.diagram(cell)
        output = self.option(cell, "output", True)
        blocks = []
        echo = self.option(cell, "echo", True)
        if echo is not False and (cell.code.strip() or (echo == "fenced" and cell.header)):
            blocks.append(self.code(cell, fenced=echo == "fenced"))
        shown = [] if output is False else self.shown(cell, result)
        if output == "asis" and shown:
            written = "\n\n".join(self.asis(cell, entry, shown) for entry in shown)
            if kind := self.kind(cell):
                written = self.float(cell, kind, written, _first(cell.options.get(f"{kind}-cap")))
            return "\n\n".join([*blocks, written]) + "\n"
        if shown:
            blocks.append(self.outputs(cell, shown))
        if not blocks:
            return ""
        column = self.option(cell, "column", None)
        own = "" if cell.label.startswith(("fig-", "tbl-", "lst-")) else cell.label
        classes = [f"column-{column}"] if column else []
        classes += str(cell.options.get("classes") or "").replace(".", " ").split()
        return div("\n\n".join(blocks), identifier=own, classes=["cell", *classes])

    def kind(self, cell: Cell) -> str:
        """Return the kind of float that the cell's label or caption makes of its outputs; "" for none."""
        return next(
            (k for k in ("fig", "tbl") if cell.label.startswith(f"{k}-") or f"{k}-cap" in cell.options), ""
        )

    def indented(self, text: str, indent: str) -> str:
        return re.sub(r"^(?=.)", lambda _: indent, text, flags=re.M) if indent else text

    def shown(self, cell: Cell, result: Result) -> list[Output]:
        """Return the outputs to show: what was printed to one stream stands together, where it began."""
        if self.option(cell, "warning", True) is False:
            remaining = [o for o in result.outputs if o.kind != "stderr"]
        else:
            remaining = list(result.outputs)
        remaining = _once(remaining)
        drawing = any(choose(o.data, "html") in IMAGES for o in remaining if o.shown)
        results: list[Output] = []
        for entry in remaining:
            earlier = next((o for o in results if o.kind == entry.kind and not o.shown), None)
            if earlier is not None:
                text = earlier.data["text/plain"] + entry.data["text/plain"]
                results[results.index(earlier)] = Output(entry.kind, {"text/plain": text})
            elif not entry.shown or (entry.data and not _is_leftover(entry, drawing)):
                results.append(entry)
        return results

    def code(self, cell: Cell, fenced: bool) -> str:
        code = cell.code
        if fenced:
            options = "".join(
                f"{line}\n" for line in cell.header if line.strip() and not re.search(r"echo:\s+fenced", line)
            )
            code = f"```{{{cell.language}}}\n{options}{code}\n```"
        attributes = {
            name: str(given).lower() if isinstance(given, bool) else str(given)
            for name in ("code-fold", "code-summary", "code-line-numbers", "code-overflow", "filename")
            if (given := self.option(cell, name, None)) is not None
        }
        label = str(cell.options.get("lst-label") or "")
        block = raw_fence(code, "." + ("markdown" if fenced else cell.language) + " .cell-code", attributes)
        if label.startswith("lst-"):
            caption = str(cell.options.get("lst-cap") or "")
            return div(
                block + "\n\n" + caption,
                identifier=label,
                classes=["cell-float"],
                attributes={"has-caption": _yes(caption)},
            )
        return block

    def diagram(self, cell: Cell) -> str:
        """Draw a diagram; return its code where it can't be drawn, or where the author wants to show it."""
        from paper.cells import diagrams

        alt = str(cell.options.get("fig-alt") or _first(cell.options.get("fig-cap")))
        width = cell.options.get("fig-width")
        size = float(width) if isinstance(width, int | float) else None
        code = raw_fence(cell.code, f".{cell.language}")
        try:
            result = diagrams.draw(cell.language, self.diagram_code(cell), alt, size, self.cache)
            display = Output("display", {"text/html": result.inline, "image/svg+xml": result.file})
            drawing = self.display(display, [display], cell)
        except diagrams.DiagramError as error:
            line = (cell.place.line or 0) + len(cell.header) + min(error.line or 0, cell.code.count("\n") + 1)
            self.notices.append(
                Fault(str(cell.place.file), line, "diagram", f"the diagram can't be drawn: {error}",
                      "mend its code, which is shown instead", "warning")
            )  # fmt: skip
            drawing = code
        else:
            if cell.options.get("echo") not in (None, False):
                drawing = f"{code}\n\n{drawing}"
        kind = "fig" if cell.label.startswith("fig-") or "fig-cap" in cell.options else ""
        shown = self.float(cell, kind, drawing, _first(cell.options.get("fig-cap"))) if kind else drawing
        return div(shown, classes=["cell"])

    def diagram_code(self, cell: Cell) -> str:
        """Return the code of a diagram, which ``file:`` may name."""
        name = cell.options.get("file")
        if not name:
            return cell.code
        path = images.local_file(self.project, str(self.source.path), str(name))
        if path is None or not path.is_file():
            raise ChapterError(
                f"the diagram's file {name} does not exist", place=cell.place, remedy="correct its path"
            )
        return path.read_text("utf-8-sig", errors="replace")

    def asis(self, cell: Cell, output: Output, shown: list[Output]) -> str:
        if output.kind == "stdout":
            return self.expanded(terminal.plain(output.data["text/plain"]), cell)
        if not output.shown:
            return self.stream(output)
        return self.display(output, shown, cell)

    def expanded(self, text: str, cell: Cell) -> str:
        """Markdown that a cell wrote, with its shortcodes expanded."""
        return self.shortcodes.markdown(text, cell.place)

    def outputs(self, cell: Cell, shown: list[Output]) -> str:
        """Return a cell's outputs as one float, its parts, or a float each, as the captions ask for."""
        given = cell.options
        kind = self.kind(cell)
        displays = [o for o in shown if o.shown]
        if not kind or not displays:
            return self.layout(cell, "\n\n".join(self.output(cell, entry, shown) for entry in shown))
        blocks = [self.stream(o) for o in shown if not o.shown]
        written = [self.display(o, shown, cell) for o in displays]
        captions, parts = given.get(f"{kind}-cap"), given.get(f"{kind}-subcap")
        if isinstance(captions, list) and len(displays) > 1:
            floats = [
                self.float(cell, kind, text, caption, number)
                for number, (text, caption) in _each(written, captions)
            ]
            blocks.append(self.layout(cell, "\n\n".join(floats)))
        else:
            caption = _first(captions)
            if parts is None and kind == "fig" and len(displays) > 1 and cell.label:
                parts, caption = [caption], ""  # so Quarto numbers several figures with one caption
            if parts not in (None, False) and len(displays) > 1:
                said = parts if isinstance(parts, list) else [] if parts is True else [parts]
                floats = [
                    self.part(cell, text, part, number) for number, (text, part) in _each(written, said)
                ]
                inner = self.layout(cell, "\n\n".join(floats))
            else:
                inner = self.layout(cell, "\n\n".join(written))
            blocks.append(self.float(cell, kind, inner, caption))
        blocks[-1] = div(blocks[-1], classes=["cell-output", "cell-output-display"])
        return "\n\n".join(blocks)

    def output(self, cell: Cell, entry: Output, shown: list[Output]) -> str:
        if not entry.shown:
            return self.stream(entry)
        text = self.display(entry, shown, cell)
        return div(text, classes=["cell-output", "cell-output-display"])

    def display(self, entry: Output, shown: list[Output], cell: Cell) -> str:
        """One display, with its alternative text: that of its place among what the cell shows."""
        at = next(n for n, other in enumerate(shown) if other is entry)
        alt = cell.options.get("fig-alt")
        if isinstance(alt, list):
            alt = alt[at] if at < len(alt) else ""
        context = Context(
            *(self.project, self.source, cell, at + 1, self.work, self.cache, self.notices),
            name=self.name,
            files=self.files,
        )
        writer = Writer(self.name, self.shortcodes, self.files)
        return writer.write(entry.data, {"fig-alt": str(alt)} if alt else {}, context)

    def layout(self, cell: Cell, inner: str) -> str:
        given = _options(cell, "layout", "layout-ncol", "layout-nrow", "layout-align")
        return div(inner, attributes=given) if given else inner

    def part(self, cell: Cell, text: str, caption: str, number: int) -> str:
        return div(
            text + (f"\n\n{caption}" if caption else ""),
            identifier=f"{cell.label}-{number}" if cell.label else "",
            classes=["cell-float"],
            attributes={"has-caption": _yes(caption)},
        )

    def float(self, cell: Cell, kind: str, inner: str, caption: str, number: int = 1) -> str:
        marks = {"has-caption": _yes(caption), "computed": "true"}
        if kind == "fig" and isinstance(cell.options.get("fig-alt"), str):
            marks["fig-alt"] = cell.options["fig-alt"]
        if not cell.label.startswith(f"{kind}-"):
            marks["kind"] = kind
        if kind == "tbl" and "tbl-colwidths" in cell.options:
            marks["tbl-colwidths"] = str(cell.options["tbl-colwidths"])
        place = cell.options.get(f"{kind}-cap-location") or cell.options.get("cap-location")
        if place:
            marks["cap-location"] = str(place)
        identifier = cell.label if cell.label.startswith(f"{kind}-") else ""
        return div(
            inner + (f"\n\n{caption}" if caption else ""),
            identifier=f"{identifier}-{number}" if identifier and number > 1 else identifier,
            classes=["cell-float"],
            attributes=marks,
        )

    def stream(self, output: Output) -> str:
        text = output.data["text/plain"]
        block = raw_fence(terminal.plain(text).rstrip("\n"), "")
        if (page := terminal.coloured(text)) is not None:
            block = "\n\n".join(
                div(content, classes=["paper-only"], attributes={"only": forms})
                for content, forms in ((raw_fence(page, "=html", raw=True), "html"), (block, "typst docx"))
            )
        return div(block, classes=["cell-output", f"cell-output-{output.kind}"])


def _yes(value: str) -> str:
    return "true" if value else "false"


def _once(outputs: list[Output]) -> list[Output]:
    """Drop the second of a figure that is a cell's last line: Jupyter shows it as value, and at the end."""
    pictures = {o.data[kind] for o in outputs if o.kind == "result" for kind in IMAGES if kind in o.data}
    return [o for o in outputs if o.kind != "display" or pictures.isdisjoint(o.data.values())]


def _is_leftover(output: Output, drawn: bool) -> bool:
    """Whether a result is only what a plotting call returned beside its picture."""
    if output.kind != "result" or set(output.data) - {METADATA} != {"text/plain"}:
        return False
    text = output.data["text/plain"]
    if drawn and (text.startswith("Text(") or re.match(r"array\(\[+<Axes", text)):
        return True
    if drawn and "\n" not in text:
        return re.fullmatch(r"[<(\[].*?[>)\]]", text.strip()) is not None
    return text.startswith(("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:"))


def _each(written: list[str], captions: list[Any]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield each output with its caption, "" where the list is too short, counted from 1."""
    said = [str(caption or "") for caption in captions] + [""] * len(written)
    return enumerate(zip(written, said, strict=False), 1)


def _first(caption: Any) -> str:
    return str((caption[0] if isinstance(caption, list) and caption else caption) or "")


def _options(cell: Cell, *names: str) -> dict[str, str]:
    return {name: str(cell.options[name]) for name in names if name in cell.options}
