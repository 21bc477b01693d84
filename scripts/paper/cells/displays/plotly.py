"""Plotly's figures: a picture that is there at once, and on the page the live figure for whoever asks for it."""

from __future__ import annotations

import html
import json
import os
import re
from typing import Any

from paper.cells.displays import Bundle, Context
from paper.plots import browser, drawing, engine, figure
from paper.project import FORMATS
from paper.publishing.ui import button_labels, ui_strings

_ALT_LIMIT = 300


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return the figure as SVG for paper, and as HTML with the picture and a button for the live figure."""
    try:
        given = figure.read(bundle[figure.MIMETYPE], _size(context), _columns(context))
    except (ValueError, TypeError, AttributeError):
        return bundle
    if tex := re.search(r'"(\$[^"$]+\$)"', json.dumps([given.data, given.layout], ensure_ascii=False)):
        context.tell(
            "figure-tex",
            f"this Plotly figure shows {json.loads(tex[0])} as it stands, since no TeX is set in figures",
            "write it in Plotly's own tags, as in <i>x</i><sup>2</sup>",
        )
    others = {kind: data for kind, data in bundle.items() if not kind.startswith(("text/", figure.MIMETYPE))}
    wide = _picture(given, context)
    if wide is None:
        t = ui_strings(context.project.lang)
        return {**others, "text/html": _fragment(given, "", "", context), "text/markdown": t["no_picture"]}
    alone = not given.sized and not given.undrawable and given.width > figure.NARROW
    narrow = "" if not alone else _picture(given, context, narrow=True) or ""
    return {
        **others,
        "text/html": _fragment(given, wide, narrow, context),
        "image/svg+xml": drawing.for_paper(wide, sized=given.sized),
    }


def _size(context: Context) -> tuple[float | None, float | None]:
    """Width and height in px that the cell, the chapter or the book asks for (``fig-width``, in inches)."""

    def pixels(name: str) -> float | None:
        value = context.option(name)
        return 96 * float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    return pixels("fig-width"), pixels("fig-height")


def _columns(context: Context) -> int:
    """How many of the cell's figures stand side by side."""
    layout = context.option("layout")
    rows = layout if isinstance(layout, list) else []
    widest = max((len(row) for row in rows if isinstance(row, list)), default=len(rows) or 1)
    count = context.option("layout-ncol")
    return count if isinstance(count, int) and count > 0 else widest


def _picture(given: figure.Figure, context: Context, *, narrow: bool = False) -> str | None:
    """Return the cleaned drawing, kept by content; None where there can be none, which is told."""
    still = figure.still(given, narrow=narrow)
    key = json.dumps(still, sort_keys=True)
    cached = context.cache.get("plots", key) if context.cache else None
    if isinstance(cached, str):
        return cached
    try:
        if given.undrawable:
            svg, path, new = browser.draw(still, context.project.root)
            if new:
                context.tell(
                    "rendering-new", f"the browser's rendering of this figure is new: {path}", "commit it"
                )
        else:
            svg = engine.draw(still)
    except engine.PlotError as error:
        _tell(given, str(error), context)
        return None
    svg = drawing.clean(svg, home=given.themed and not given.undrawable)
    if context.cache:
        context.cache.put("plots", key, svg)
    return svg


def _tell(given: figure.Figure, reason: str, context: Context) -> None:
    paper = [form for form in FORMATS if form != "html"]
    if kinds := given.undrawable:
        what = f"this Plotly figure ({', '.join(kinds)}: only a browser draws that, and {reason})"
        remedy = (
            "install Chrome or Chromium (or name it in PAPER_BROWSER), build, and commit assets/figures/plots"
        )
    else:
        what = f"this Plotly figure (plotly.js says: {reason})"
        remedy = "mend the figure; `fig.show()` in a notebook says the same"
    context.lost(what, paper, remedy)


def _fragment(given: figure.Figure, wide: str, narrow: str, context: Context) -> str:
    """Return the figure's HTML for ``assets/js/figures.js``; what comes from data is escaped."""
    t = ui_strings(context.project.lang)
    folder = context.source.path.parent
    spec = context.attach("json", figure.live(given).encode("utf8"))
    script = os.path.relpath(f"assets/vendor/{figure.bundle(given)}", folder).replace(os.sep, "/")
    label = _label(given, context)
    drawings = [drawing.for_page(wide, kind="figure-wide", label=label)] if wide else []
    if narrow:
        drawings.append(drawing.for_page(narrow, kind="figure-narrow", label=label))
    if not wide:
        drawings = [f'<p role="img" aria-label="{html.escape(label)}">{html.escape(t["no_picture"])}</p>']
    maps = ' data-maps="true"' if given.kinds & {"choropleth", "scattergeo"} else ""
    button = (
        f'<button type="button" class="figure-explore needs-script" data-figure="{html.escape(spec)}" '
        f'data-plotly="{html.escape(script)}"{maps}{button_labels(t)}>{html.escape(t["explore"])}</button>'
    )
    return "\n".join(
        [
            f'<div class="paper-figure figure-plotly{" has-narrow" if narrow else ""}">',
            '<div class="figure-static">',
            *drawings,
            "</div>",
            f'<div class="figure-tools" data-pagefind-ignore><p class="figure-links">{button}</p></div>',
            "</div>",
        ]
    )


def _label(given: figure.Figure, context: Context) -> str:
    """Return the alternative text of a picture without ``fig-alt``: its title, else its caption."""
    caption: Any = context.cell.options.get("fig-cap")
    if isinstance(caption, list):
        caption = caption[context.at - 1] if context.at <= len(caption) else ""
    return drawing.plain_text(given.title) or str(caption or "Figure")[:_ALT_LIMIT]
