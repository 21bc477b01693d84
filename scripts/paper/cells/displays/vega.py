"""Charts of Altair (Vega-Lite and Vega): drawn as SVG by vl-convert, which holds Vega and needs no browser."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from paper.cells.displays import Bundle, Context
from paper.plots import drawing
from paper.project import FORMATS

PATTERN = "application/vnd.vega*+json"
_OBJECT = re.compile(r"(?:\bspec\s*=|[(,])\s*(?=\{)")  # where a script is given an object
_PARSED = (".csv", ".tsv", ".json", ".geojson", ".topojson")


class _DataError(Exception):
    """Data that a build can't take; the message says why, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return the chart as SVG: in the page's text, following the theme, and as a file for paper."""
    mimetype = next(kind for kind in bundle if fnmatchcase(kind, PATTERN))
    others = {kind: data for kind, data in bundle.items() if not kind.startswith(("text/", "application/"))}
    try:
        spec = json.loads(bundle[mimetype])
        svg = _drawn(_with_data(spec, context), "vegalite" in mimetype, context)
    except _DataError as error:
        context.lost(f"this chart ({error})", FORMATS, error.remedy)
    except (ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        context.lost(f"this chart (Vega says: {reason})", FORMATS, "mend its specification")
    else:
        home = _on_paper(spec)
        svg = drawing.clean(svg, home=home)
        label = _label(spec, context)
        return {
            **others,
            "text/html": '<div class="paper-figure"><div class="figure-static">\n'
            + drawing.for_page(svg, kind="figure-wide", label=label)
            + "\n</div></div>",
            "image/svg+xml": drawing.for_paper(svg, sized=True),
        }
    return {**others, "text/markdown": "*[…]*"}


def in_markup(markup: str, context: Context) -> str | None:
    """Return the chart whose specification stands in HTML, as Altair writes it, as SVG for paper.

    None where there is none, or where it can't be drawn.
    """
    if "vega.github.io/schema/vega" not in markup:
        return None
    for start in _OBJECT.finditer(markup):
        try:
            spec, _ = json.JSONDecoder().raw_decode(markup, start.end())
            schema = str(spec.get("$schema", ""))
            if "vega.github.io/schema/vega" in schema:
                svg = _drawn(_with_data(spec, context), "vega-lite" in schema, context)
                return drawing.for_paper(drawing.clean(svg, home=_on_paper(spec)), sized=True)
        except (_DataError, ValueError, TypeError):
            continue
    return None


def _drawn(spec: dict[str, Any], lite: bool, context: Context) -> str:
    key = json.dumps(spec, sort_keys=True)
    cached = context.cache.get("charts", key) if context.cache else None
    if isinstance(cached, str):
        return cached
    import vl_convert

    if lite:
        svg = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    else:
        svg = str(vl_convert.vega_to_svg(spec, allowed_base_urls=[]))
    if context.cache:
        context.cache.put("charts", key, svg)
    return svg


def _with_data(spec: Any, context: Context) -> Any:
    """Return the specification with the files that it names read in; they lie beside the chapter."""
    if isinstance(spec, list):
        return [_with_data(part, context) for part in spec]
    if not isinstance(spec, dict):
        return spec
    url = spec.get("url")
    if isinstance(url, str) and not ("mark" in spec or "encoding" in spec):
        return _read(spec, url, context)
    return {name: _with_data(part, context) if name != "values" else part for name, part in spec.items()}


def _read(data: dict[str, Any], url: str, context: Context) -> dict[str, Any]:
    if "://" in url:
        raise _DataError(
            f"it reads {url}, and a build reads nothing from the network",
            "keep the data as a file of the project",
        )
    root = context.project.root.resolve()
    path = (root / context.source.path.parent / url).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise _DataError(
            f"its data {url} are not there", "correct the path, which begins at the chapter's folder"
        )
    if path.suffix.lower() not in _PARSED:
        raise _DataError(f"its data {url} are of a kind that Vega doesn't read", "give them as CSV or JSON")
    kind = {".tsv": "tsv", ".csv": "csv", ".topojson": "topojson"}.get(path.suffix.lower(), "json")
    given = data.get("format") or {}
    text = path.read_text("utf8")
    kind = given.get("type") or kind
    values = text if kind in ("csv", "tsv", "dsv") else json.loads(text)
    rest = {name: part for name, part in data.items() if name not in ("url", "format")}
    return {**rest, "values": values, "format": {**given, "type": kind}}


def _on_paper(spec: dict[str, Any]) -> bool:
    """Whether the chart stands on white, or on no ground of its own."""
    from paper.plots import theme

    ground = spec.get("background") or (spec.get("config") or {}).get("background") or "white"
    return isinstance(ground, str) and theme.is_light(ground)


def _label(spec: dict[str, Any], context: Context) -> str:
    title = spec.get("title")
    text = title.get("text") if isinstance(title, dict) else title
    if isinstance(text, list):
        text = " ".join(map(str, text))
    caption = context.cell.options.get("fig-cap")
    return str(text or spec.get("description") or (caption if isinstance(caption, str) else "") or "Chart")
