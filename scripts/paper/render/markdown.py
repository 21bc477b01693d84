"""A chapter's text with its cells' results in their place, as one Markdown for all formats.

Where formats want different representations of a result, each stands in a ``Div`` of class ``paper-only``
whose attribute ``only`` names its formats; ``structure.for_format`` keeps the right ones.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper.project import FORMATS, Project
from paper.render import pandoc
from paper.render.cache import digest, write_atomic
from paper.render.execute import Executed, Output, Result, option
from paper.render.source import Cell, Source

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

    def run(self, executed: Executed) -> Markdown:
        results = iter(executed.results)
        text: list[str] = []
        for part in self.source.parts:
            if isinstance(part, str):
                text.append(part)
            elif isinstance(part, Cell):
                text.append("\n" + self.cell(part, next(results)) + "\n")
            else:
                outputs = next(results).outputs
                text.append(outputs[0].data.get("text/markdown", "") if outputs else "")
        return Markdown("".join(text), self.files)

    def option(self, cell: Cell, name: str, default: Any) -> Any:
        return option(self.project, self.source, cell, name, default)

    # -- one cell ---------------------------------------------------------------------------------------------

    def cell(self, cell: Cell, result: Result) -> str:
        self.count += 1
        if self.option(cell, "include", True) is False:
            return ""
        output = self.option(cell, "output", True)
        blocks = []
        echo = self.option(cell, "echo", True)
        if echo is not False and cell.code.strip():
            blocks.append(self.code(cell, fenced=echo == "fenced"))
        shown = [] if output is False else self.shown(cell, result)
        if output == "asis" and shown:
            blocks.append("\n\n".join(self.asis(entry) for entry in shown))
            return "\n\n".join(blocks) + "\n"
        if shown:
            blocks.append(self.outputs(cell, shown))
        if not blocks:
            return ""
        column = self.option(cell, "column", None)
        own = "" if cell.label.startswith(("fig-", "tbl-", "lst-")) else cell.label
        classes = [f"column-{column}"] if column else []
        return div("\n\n".join(blocks), identifier=own, classes=["cell", *classes])

    def shown(self, cell: Cell, result: Result) -> list[Output]:
        warning = self.option(cell, "warning", True)
        keep = [
            o
            for o in result.outputs
            if o.kind != "stderr" or warning is not False or cell.options.get("error")
        ]
        return [o for o in keep if o.kind != "display" or o.data]

    def code(self, cell: Cell, fenced: bool) -> str:
        code = cell.code
        if fenced:
            options = "".join(f"#| {k}: {v}\n" for k, v in cell.options.items() if k != "echo")
            code = f"```{{python}}\n{options}{code}\n```"
        attributes = {
            name: str(given).lower() if isinstance(given, bool) else str(given)
            for name in ("code-fold", "code-summary", "code-line-numbers", "code-overflow", "filename")
            if (given := self.option(cell, name, None)) is not None
        }
        label = str(cell.options.get("lst-label") or "")
        block = raw_fence(code, "." + ("markdown" if fenced else "python") + " .cell-code", attributes)
        if label.startswith("lst-"):
            caption = str(cell.options.get("lst-cap") or "")
            return div(
                block + "\n\n" + caption,
                identifier=label,
                classes=["cell-float"],
                attributes={"has-caption": _yes(caption)},
            )
        return block

    def asis(self, output: Output) -> str:
        if output.kind != "display":
            return output.data["text/plain"]
        return self.display(output, {})

    def outputs(self, cell: Cell, shown: list[Output]) -> str:
        figure = cell.label.startswith("fig-") or "fig-cap" in cell.options
        table = cell.label.startswith("tbl-") or "tbl-cap" in cell.options
        kind = "fig" if figure else "tbl" if table else ""
        attributes = {}
        if alt := cell.options.get("fig-alt"):
            attributes["fig-alt"] = alt if isinstance(alt, str) else str(alt[0]) if alt else ""
        subcaptions = cell.options.get(f"{kind}-subcap") if kind else None
        displays = [o for o in shown if o.kind == "display"]
        blocks = []
        if kind and displays:
            blocks += [self.stream(o) for o in shown if o.kind != "display"]
            if isinstance(subcaptions, list) and len(displays) > 1:
                inner = self.subfloats(cell, displays, [str(s) for s in subcaptions])
            else:
                inner = "\n\n".join(self.display(o, attributes) for o in displays)
            inner = self.layout(cell, inner) if not subcaptions else inner
            blocks.append(
                div(self.float(cell, kind, inner, attributes), classes=["cell-output", "cell-output-display"])
            )
            return "\n\n".join(blocks)
        for entry in shown:
            blocks.append(
                div(self.display(entry, attributes), classes=["cell-output", "cell-output-display"])
                if entry.kind == "display"
                else self.stream(entry)
            )
        return self.layout(cell, "\n\n".join(blocks))

    def layout(self, cell: Cell, inner: str) -> str:
        given = _options(cell, "layout", "layout-ncol", "layout-nrow", "layout-align")
        return div(inner, attributes=given) if given else inner

    def subfloats(self, cell: Cell, displays: list[Output], captions: list[str]) -> str:
        alts = cell.options.get("fig-alt")
        parts = []
        for number, (entry, caption) in enumerate(
            zip(displays, captions + [""] * len(displays), strict=False), 1
        ):
            alt = {"fig-alt": str(alts[number - 1])} if isinstance(alts, list) and number <= len(alts) else {}
            parts.append(
                div(
                    self.display(entry, alt) + (f"\n\n{caption}" if caption else ""),
                    identifier=f"{cell.label}-{number}" if cell.label else "",
                    classes=["cell-float"],
                    attributes={"has-caption": _yes(caption), **alt},
                )
            )
        given = _options(cell, "layout", "layout-ncol", "layout-nrow")
        return div("\n\n".join(parts), attributes=given) if given else "\n\n".join(parts)

    def float(self, cell: Cell, kind: str, inner: str, attributes: dict[str, str]) -> str:
        caption = str(cell.options.get(f"{kind}-cap") or "")
        marks = {"has-caption": _yes(caption), "computed": "true", **attributes}
        if not cell.label.startswith(f"{kind}-"):
            marks["kind"] = kind
        place = cell.options.get(f"{kind}-cap-location") or cell.options.get("cap-location")
        if place:
            marks["cap-location"] = str(place)
        identifier = cell.label if cell.label.startswith(f"{kind}-") else ""
        return div(
            inner + (f"\n\n{caption}" if caption else ""),
            identifier=identifier,
            classes=["cell-float"],
            attributes=marks,
        )

    def stream(self, output: Output) -> str:
        return div(
            raw_fence(output.data["text/plain"].rstrip("\n"), ""),
            classes=["cell-output", f"cell-output-{output.kind}"],
        )

    # -- one result -------------------------------------------------------------------------------------------

    def display(self, output: Output, attributes: dict[str, str]) -> str:
        chosen: dict[str, list[str]] = {}
        for form in FORMATS:
            chosen.setdefault(_choose(output, form), []).append(form)
        if len(chosen) == 1:
            mimetype, forms = next(iter(chosen.items()))
            if not (mimetype in IMAGES and "html" in forms):
                return self.content(output, mimetype, forms, attributes)
        parts = []
        for mimetype, forms in chosen.items():
            for group in ([f for f in forms if f == "html"], [f for f in forms if f != "html"]):
                if group and mimetype:
                    content = self.content(output, mimetype, group, attributes)
                    parts.append(div(content, classes=["paper-only"], attributes={"only": " ".join(group)}))
        return "\n\n".join(parts)

    def content(self, output: Output, mimetype: str, forms: Iterable[str], attributes: dict[str, str]) -> str:
        if mimetype in IMAGES:
            return self.image(output.data[mimetype], mimetype, forms, attributes)
        if mimetype == "text/html":
            html = output.data[mimetype]
            if alt := attributes.get("fig-alt"):
                html = label_drawing(html, alt)
            return raw_fence(html, "=html", raw=True)
        if mimetype == "html-table":
            return pandoc.run(
                output.data["text/html"],
                source="html-native_divs-native_spans",
                to="markdown-smart",
                args=["--wrap=none"],
            )
        if mimetype == "text/markdown":
            return output.data[mimetype]
        return raw_fence(output.data.get("text/plain", ""), "")

    def image(self, data: str, mimetype: str, forms: Iterable[str], attributes: dict[str, str]) -> str:
        content = data.encode("utf8", "replace") if mimetype == "image/svg+xml" else _decoded(data)
        path = self.work / f"{digest(content)}.{IMAGES[mimetype]}"
        if not path.exists():
            write_atomic(path, content)
        target = path.as_posix()
        if "html" in forms:
            name = f"cell-{self.count}-output-{len(self.files) + 1}.{IMAGES[mimetype]}"
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


def label_drawing(html: str, alt: str) -> str:
    """The cell's alternative text as the label of the drawings (a figure's wide and narrow one) in its HTML."""
    from html import escape

    return re.sub(
        r'(<svg\b(?=[^>]*\brole="img")[^>]*?\baria-label=")[^"]*(")',
        lambda m: m[1] + escape(alt) + m[2],
        html,
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


def _choose(output: Output, form: str) -> str:
    for mimetype in PREFERRED[form]:
        if mimetype == "html-table":
            if re.search(r"<table\b", output.data.get("text/html", ""), re.I):
                return mimetype
        elif mimetype in output.data:
            return mimetype
    return ""


def _options(cell: Cell, *names: str) -> dict[str, str]:
    return {name: str(cell.options[name]) for name in names if name in cell.options}
