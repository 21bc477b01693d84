"""A chapter's text with its cells' results in their place, as one Markdown for all formats.

Where formats want different representations of a result, each stands in a ``Div`` of class ``paper-only``
whose attribute ``only`` names its formats; ``conditions.for_format`` keeps the right ones.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper.project import FORMATS, Project
from paper.render import pandoc
from paper.render.cache import digest, write_atomic
from paper.render.execute import Executed, Output, Result, option
from paper.render.inline import in_prose
from paper.render.shortcodes import Shortcodes, metadata
from paper.render.source import DIAGRAMS, Cell, Source

IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
# What each format takes of the representations that a result has, best first. Quarto's order.
PREFERRED = {
    "html": ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"),
    "typst": ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "html-table", "text/plain"),
    "docx": ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "html-table", "text/plain"),
}


@dataclass
class Markdown:
    """text: Markdown of the whole chapter; files: images to be written beside its page (path → file made)."""

    text: str
    files: dict[str, str] = field(default_factory=dict)


def assemble(project: Project, source: Source, executed: Executed, work: Path) -> Markdown:
    """The chapter with its results. ``work``: folder for images, named by their content."""
    return _Assembler(project, source, work).run(executed)


class _Assembler:
    def __init__(self, project: Project, source: Source, work: Path) -> None:
        self.project = project
        self.source = source
        self.work = work
        self.files: dict[str, str] = {}
        self.count = 0
        self.name, self.at = "", 0  # of the cell, and which of its outputs is written: they name images
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
        return Markdown("".join(text), self.files)

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
            blocks.append("\n\n".join(self.asis(cell, entry, shown) for entry in shown))
            return "\n\n".join(blocks) + "\n"
        if shown:
            blocks.append(self.outputs(cell, shown))
        if not blocks:
            return ""
        column = self.option(cell, "column", None)
        own = "" if cell.label.startswith(("fig-", "tbl-", "lst-")) else cell.label
        classes = [f"column-{column}"] if column else []
        return div("\n\n".join(blocks), identifier=own, classes=["cell", *classes])

    def indented(self, text: str, indent: str) -> str:
        return re.sub(r"^(?=.)", lambda _: indent, text, flags=re.M) if indent else text

    def shown(self, cell: Cell, result: Result) -> list[Output]:
        """What is shown of a result: what was printed to one stream stands together, where it began."""
        if self.option(cell, "warning", True) is False:
            kept = [o for o in result.outputs if o.kind != "stderr"]
        else:
            kept = list(result.outputs)
        drawn = any(_choose(o, "html") in IMAGES for o in kept if o.shown)
        made: list[Output] = []
        for entry in kept:
            earlier = next((o for o in made if o.kind == entry.kind and not o.shown), None)
            if earlier is not None:
                text = earlier.data["text/plain"] + entry.data["text/plain"]
                made[made.index(earlier)] = Output(entry.kind, {"text/plain": text})
            elif not entry.shown or (entry.data and not _is_leftover(entry, drawn)):
                made.append(_with_mathematics(entry))
        return made

    def code(self, cell: Cell, fenced: bool) -> str:
        code = cell.code
        if fenced:
            options = "".join(f"{line}\n" for line in cell.header if not re.search(r"echo:\s+fenced", line))
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
        """The code of a diagram, which Quarto's pages hold too until the reader's browser draws it."""
        drawing = raw_fence(cell.code, f".{cell.language}")
        kind = "fig" if cell.label.startswith("fig-") or "fig-cap" in cell.options else ""
        shown = self.float(cell, kind, drawing, _first(cell.options.get("fig-cap"))) if kind else drawing
        return div(shown, classes=["cell"])

    def asis(self, cell: Cell, output: Output, shown: list[Output]) -> str:
        if output.kind == "stdout":
            return self.expanded(output.data["text/plain"], cell)
        if not output.shown:
            return self.stream(output)
        return self.display(output, self.alternative(cell, output, shown), cell)

    def expanded(self, text: str, cell: Cell) -> str:
        """Markdown that a cell wrote, with its shortcodes expanded."""
        return self.shortcodes.markdown(text, cell.place)

    def outputs(self, cell: Cell, shown: list[Output]) -> str:
        """What a cell gave: as a float, as the parts of one, or as one float each, as its captions ask for."""
        given = cell.options
        kind = next((k for k in ("fig", "tbl") if cell.label.startswith(f"{k}-") or f"{k}-cap" in given), "")
        displays = [o for o in shown if o.shown]
        if not kind or not displays:
            return self.layout(cell, "\n\n".join(self.output(cell, entry, shown) for entry in shown))
        blocks = [self.stream(o) for o in shown if not o.shown]
        written = [self.display(o, self.alternative(cell, o, shown), cell) for o in displays]
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
        text = self.display(entry, self.alternative(cell, entry, shown), cell)
        return div(text, classes=["cell-output", "cell-output-display"])

    def alternative(self, cell: Cell, entry: Output, shown: list[Output]) -> dict[str, str]:
        """The alternative text of an output, and its place among the cell's, which names its image."""
        at = next(n for n, other in enumerate(shown) if other is entry)
        self.at = at + 1
        alt = cell.options.get("fig-alt")
        if isinstance(alt, list):
            alt = alt[at] if at < len(alt) else ""
        return {"fig-alt": str(alt)} if alt else {}

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
        return div(
            raw_fence(output.data["text/plain"].rstrip("\n"), ""),
            classes=["cell-output", f"cell-output-{output.kind}"],
        )

    # -- one result -------------------------------------------------------------------------------------------

    def display(self, output: Output, attributes: dict[str, str], cell: Cell) -> str:
        chosen: dict[str, list[str]] = {}
        for form in FORMATS:
            chosen.setdefault(_choose(output, form), []).append(form)
        if len(chosen) == 1:
            mimetype, forms = next(iter(chosen.items()))
            if not (mimetype in IMAGES and "html" in forms):
                return self.content(output, mimetype, forms, attributes, cell)
        parts = []
        for mimetype, forms in chosen.items():
            for group in ([f for f in forms if f == "html"], [f for f in forms if f != "html"]):
                if group and mimetype:
                    content = self.content(output, mimetype, group, attributes, cell)
                    parts.append(div(content, classes=["paper-only"], attributes={"only": " ".join(group)}))
        return "\n\n".join(parts)

    def content(
        self, output: Output, mimetype: str, forms: Iterable[str], attributes: dict[str, str], cell: Cell
    ) -> str:
        if mimetype in IMAGES:
            return self.image(output.data[mimetype], mimetype, forms, attributes)
        if mimetype == "text/html":
            markup = output.data[mimetype]
            if alt := attributes.get("fig-alt"):
                markup = label_drawing(markup, alt)
            return raw_fence(markup, "=html", raw=True)
        if mimetype == "html-table":
            return pandoc.run(
                output.data["text/html"],
                source="html-native_divs-native_spans",
                to="markdown-smart",
                args=["--wrap=none"],
            )
        if mimetype == "text/markdown":
            return self.expanded(output.data[mimetype], cell)
        if "text/plain" not in output.data:
            said = "Unable to display output for mime type(s): " + ", ".join(output.data)
            return self.stream(Output("stderr", {"text/plain": said}))
        return raw_fence(output.data["text/plain"], "")

    def image(self, data: str, mimetype: str, forms: Iterable[str], attributes: dict[str, str]) -> str:
        content = data.encode("utf8", "replace") if mimetype == "image/svg+xml" else _decoded(data)
        path = self.work / f"{digest(content)}.{IMAGES[mimetype]}"
        if not path.exists():
            write_atomic(path, content)
        target = path.as_posix()
        if "html" in forms:
            name = f"{self.name}-output-{self.at}.{IMAGES[mimetype]}"
            target = f"{self.source.path.stem}_files/figure-html/{name}"
            self.files[(self.source.path.parent / target).as_posix()] = str(path)
        alt = attributes.get("fig-alt", "")
        return f"![](<{target}>){_attributes('', [], {'fig-alt': alt} if alt else {})}"


def _decoded(data: str) -> bytes:
    """A picture as a cell gives it, in base 64; what is none is left to whoever reads the picture."""
    try:
        return base64.b64decode(data)
    except ValueError:
        return b""


def label_drawing(markup: str, alt: str) -> str:
    """The cell's alternative text as the label of the drawings (a figure's wide and narrow one) in its HTML."""
    return re.sub(
        r'(<svg\b(?=[^>]*\brole="img")[^>]*?\baria-label=")[^"]*(")',
        lambda m: m[1] + html.escape(alt) + m[2],
        markup,
    )


def div(
    content: str,
    *,
    identifier: str = "",
    classes: Iterable[str] = (),
    attributes: dict[str, str] | None = None,
) -> str:
    """A fenced ``Div``, longer than those inside it."""
    fence = ":" * (max((len(m) for m in re.findall(r"^[ \t]*(:{3,})", content, re.M)), default=2) + 1)
    return (
        f"{fence} {_attributes(identifier, list(classes), attributes or {}) or '{.cell}'}\n{content}\n{fence}"
    )


def raw_fence(content: str, info: str, attributes: dict[str, str] | None = None, *, raw: bool = False) -> str:
    """A fenced code block (or, with ``raw``, a raw block) that nothing in its content can end."""
    fence = "`" * (max((len(m) for m in re.findall(r"`{3,}", content)), default=2) + 1)
    if raw:
        return f"{fence}{{{info}}}\n{content}\n{fence}"
    extra = " ".join(f'{k}="{_quoted(v)}"' for k, v in (attributes or {}).items())
    inside = " ".join(part for part in (info, extra) if part)
    return f"{fence}{f'{{{inside}}}' if inside else ''}\n{content}\n{fence}"


def _attributes(identifier: str, classes: list[str], attributes: dict[str, str]) -> str:
    parts = [f"#{identifier}"] if identifier else []
    parts += [f".{name}" for name in classes]
    parts += [f'{name}="{_quoted(value)}"' for name, value in attributes.items()]
    return "{" + " ".join(parts) + "}" if parts else ""


def _quoted(value: str) -> str:
    return re.sub(r"\s+", " ", value).replace("\\", "\\\\").replace('"', '\\"')


def _yes(value: str) -> str:
    return "true" if value else "false"


def _is_leftover(output: Output, drawn: bool) -> bool:
    """Whether a result is only what a plotting call returned beside its picture."""
    if output.kind != "result" or set(output.data) != {"text/plain"}:
        return False
    text = output.data["text/plain"]
    if drawn and "\n" not in text:
        return re.fullmatch(r"[<(\[].*?[>)\]]", text.strip()) is not None
    return text.startswith(("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:"))


def _with_mathematics(output: Output) -> Output:
    """A result that is a formula, with the formula as Markdown."""
    latex = output.data.get("text/latex", "").strip()
    if not output.shown or "text/markdown" in output.data or not re.fullmatch(r"\$.*\$", latex, re.S):
        return output
    return Output(output.kind, {**output.data, "text/markdown": latex})


def _choose(output: Output, form: str) -> str:
    for mimetype in PREFERRED[form]:
        if mimetype == "html-table":
            if re.search(r"<table\b", output.data.get("text/html", ""), re.I):
                return mimetype
        elif mimetype in output.data:
            return mimetype
    return ""


def _each(written: list[str], captions: list[Any]) -> Iterator[tuple[int, tuple[str, str]]]:
    """What was written with its caption, "" where the list is too short, counted from 1."""
    said = [str(caption or "") for caption in captions] + [""] * len(written)
    return enumerate(zip(written, said, strict=False), 1)


def _first(caption: Any) -> str:
    return str((caption[0] if isinstance(caption, list) and caption else caption) or "")


def _options(cell: Cell, *names: str) -> dict[str, str]:
    return {name: str(cell.options[name]) for name in names if name in cell.options}
