"""A display as Markdown: each format's own representation, images as files."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable

from paper.cells.displays import IMAGES, PREFERRED, Bundle, Context, represent
from paper.parsing import rawhtml
from paper.project import FORMATS
from paper.text.display_metadata import METADATA, size
from paper.text.markup import attributes_of, div, raw_fence
from paper.text.shortcodes import Shortcodes
from paper.tools.cache import digest
from paper.tools.files import write_atomic

# How the files of pictures begin.
_BEGINS = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8", "image/gif": b"GIF8"}
WIDEST = 520  # pixels (1/96 inch) that surely have room on a page of paper
_LIVE = re.compile(r'class="figure-explore|<iframe\b')  # what acts on the page
_REPR = re.compile(r"<[\w.]+[^\n]*>|[\w.]+\([^\n]*\)", re.S)
_REMEDY = (
    'show a still picture or a table of it there: this cell within ::: {.content-visible when-format="html:js"}, '
    'the other within ::: {.content-visible unless-format="html:js"}'
)


class Writer:
    """Writes the displays of one cell, named ``name`` in the addresses of its images.

    files: images to be written beside the chapter's page (path → file made); it grows.
    """

    def __init__(self, name: str, shortcodes: Shortcodes, files: dict[str, str]) -> None:
        self.name = name
        self.shortcodes = shortcodes
        self.files = files

    def write(self, bundle: Bundle, attributes: dict[str, str], context: Context) -> str:
        """Write the display for all formats; attributes: the image's ``fig-alt`` where the author gave it."""
        bundle = represent(_readable(bundle, context), context)
        chosen: dict[str, list[str]] = {}
        for form in FORMATS:
            chosen.setdefault(choose(bundle, form), []).append(form)
        _tell_losses(bundle, chosen, context)
        groups = [
            (mimetype, group)
            for mimetype, forms in chosen.items()
            for group in _groups(mimetype, forms)
            if mimetype
        ]
        parts = []
        for mimetype, group in groups:
            asked = size(bundle, mimetype)
            if "html" not in group and asked.get("width", 0) > WIDEST:
                asked = {}  # as wide as there is room
            own = {**attributes, **{name: f"{pixels:g}" for name, pixels in asked.items()}}
            content = self._content(bundle[mimetype], mimetype, group, own, context)
            if len(group) < len(FORMATS):
                content = div(content, classes=["paper-only"], attributes={"only": " ".join(group)})
            parts.append(content)
        if _LIVE.search(bundle.get("text/html", "")) and chosen.keys() & IMAGES.keys():
            parts.append(
                div(context.see_page(), classes=["paper-only", "figure-live"], attributes={"only": "epub"})
            )
        return "\n\n".join(parts)

    def _content(
        self, data: str, mimetype: str, forms: Iterable[str], attributes: dict[str, str], context: Context
    ) -> str:
        if mimetype in IMAGES:
            return self._image(data, mimetype, forms, attributes, context)
        if mimetype == "text/html":
            if alt := attributes.get("fig-alt"):
                data = label_drawing(data, alt)
            place = str(context.cell.place)
            return div(raw_fence(data, "=html", raw=True), attributes={rawhtml.PLACE: place})
        if mimetype == "text/markdown":
            return self.shortcodes.markdown(data, context.cell.place)
        return raw_fence(data, "")

    def _image(
        self,
        data: str,
        mimetype: str,
        forms: Iterable[str],
        attributes: dict[str, str],
        context: Context,
    ) -> str:
        content = data.encode("utf8", "replace") if IMAGES[mimetype] == "svg" else _decoded(data)
        path = context.work / f"{digest(content)}.{IMAGES[mimetype]}"
        if not path.exists():
            write_atomic(path, content)
        target = path.as_posix()
        if "html" in forms:
            name = f"{self.name}-output-{context.at}.{IMAGES[mimetype]}"
            target = f"{context.source.path.stem}_files/figure-html/{name}"
            self.files[(context.source.path.parent / target).as_posix()] = str(path)
        return f"![](<{target}>){attributes_of('', [], attributes)}"


def choose(bundle: Bundle, form: str) -> str:
    """Return the mimetype that a format takes; "" where it can have none."""
    for mimetype in PREFERRED[form]:
        if mimetype in ("html-table", "html-text"):
            wanted = rawhtml.has_table if mimetype == "html-table" else rawhtml.has_text
            if wanted(bundle.get("text/html", "")):
                return "text/html"
        elif mimetype in bundle and not (mimetype == "text/plain" and _is_mere_name(bundle)):
            return mimetype
    return ""


def _groups(mimetype: str, forms: list[str]) -> list[list[str]]:
    """Group the formats that share a display: a page has its images beside it, paper in the work folder."""
    if mimetype not in IMAGES:
        return [forms]
    return [
        group for group in ([f for f in forms if f == "html"], [f for f in forms if f != "html"]) if group
    ]


def _is_mere_name(bundle: Bundle) -> bool:
    """Whether the text of a display only names an object that shows itself otherwise."""
    others = set(bundle) - {"text/plain", METADATA}
    return bool(others) and _REPR.fullmatch(bundle["text/plain"].strip()) is not None


def _tell_losses(bundle: Bundle, chosen: dict[str, list[str]], context: Context) -> None:
    if rawhtml.is_only_style(bundle.get("text/html", "-")):
        return  # paper has looks of its own
    if bundle and (lost := chosen.get("")):
        named = re.match(r"<?([\w.]+)", bundle.get("text/plain", "").strip())
        what = f"what this cell shows ({named[1] if named else ', '.join(sorted(bundle))})"
        remedy = _REMEDY if len(lost) < len(FORMATS) else "show it as a figure, a table, Markdown or text"
        context.lost(what, lost, remedy)


def _readable(bundle: Bundle, context: Context) -> Bundle:
    """Return the bundle without pictures that are none, which are told."""
    broken = [
        kind
        for kind, begins in _BEGINS.items()
        if kind in bundle and not _decoded(bundle[kind]).startswith(begins)
    ]
    for kind in broken:
        context.tell(
            "display-unreadable",
            f"the picture that this cell gives as {kind} is none",
            "give the bytes of the picture's file in base 64, as IPython.display.Image does",
        )
    return {kind: data for kind, data in bundle.items() if kind not in broken}


def _decoded(data: str) -> bytes:
    """Decode a picture of a cell from base 64; what is none is left to whoever reads the picture."""
    try:
        return base64.b64decode(data)
    except ValueError:
        return b""


def label_drawing(markup: str, alt: str) -> str:
    """Set the alternative text as the label of the drawings (a figure's wide and narrow one) in HTML."""
    return re.sub(
        r'(<svg\b(?=[^>]*\brole="img")[^>]*?\baria-label=")[^"]*(")',
        lambda m: m[1] + html.escape(alt) + m[2],
        markup,
    )
