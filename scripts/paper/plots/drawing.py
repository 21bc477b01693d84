"""A drawing of plotly.js as SVG for paper (self-contained, Typst's fonts) and for pages (following the theme)."""

from __future__ import annotations

import html
import re
from typing import Final

from lxml import etree

from paper.drawing import style
from paper.plots import theme
from paper.tools.cache import digest

SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK: Final = "{http://www.w3.org/1999/xlink}href"
PX_PER_CM: Final = 96 / 2.54
# Layers whose areas bear words: both keep their colours.
_AREAS: Final = re.compile(
    r"\b(barlayer|pielayer|sunburstlayer|treemaplayer|iciclelayer|funnelarealayer|heatmaplayer)\b"
)
# What shows values by a scale of colours; it must match the scale's bar.
_SCALED: Final = re.compile(r"\b(cbfills|points|contourlayer|contourfill|choropleth\w*|heatmaplayer|hm)\b")
# What Plotly writes on areas that it has coloured itself.
_ON_AREAS: Final = {"#444444", "#ffffff"}
_OWN_FONT: Final = re.compile(r"open sans|verdana", re.I)  # of Plotly's templates: nobody chose it


def clean(svg: str, *, home: bool) -> str:
    """Return the SVG without what only Plotly's script needs, with ids that two drawings on a page don't share.

    home: whether it stands on the page's ground: its white paper is then left out, and each element carries in
    ``data-role`` how its colours follow the theme. Feed the result to ``for_paper`` or ``for_page``.
    """
    root = _parsed(svg)
    mark = "p" + digest("ids", svg)[:8]
    scaled = bool(root.xpath("//*[contains(@class, 'cbfills')]"))
    if home and root[0].tag == f"{SVG}rect":
        root.remove(root[0])
    for element in root.iter(f"{SVG}*"):
        if home and (role := _role(element, scaled)):
            element.set("data-role", role)
    for ground in root.xpath("//*[@class='bg']") if home else ():
        if theme.is_light(_styles(ground).get("fill", "none")):
            ground.set("style", f"{ground.get('style')}; fill-opacity: 0")  # the page's own ground shows
    for element in root.iter(f"{SVG}*"):
        _plain(element, mark)
    for element in reversed(list(root.iter(f"{SVG}g", f"{SVG}defs", f"{SVG}text"))):
        parent = element.getparent()
        if parent is not None and not len(element) and not (element.text or "").strip():
            parent.remove(element)
    etree.cleanup_namespaces(root)
    return _written(root)


def for_paper(svg: str, *, sized: bool) -> str:
    """Return a cleaned drawing as a file: the width of a column of print, unless the author chose one."""
    root = _parsed(svg)
    width, height = float(root.get("width", "1")), float(root.get("height", "1"))
    room = style.PRINT_CM * PX_PER_CM
    scale = room / width if width > room or not sized else 1.0
    root.set("width", f"{width * scale / PX_PER_CM:.4g}cm")
    root.set("height", f"{height * scale / PX_PER_CM:.4g}cm")
    root.set("font-family", style.FONT)
    for element in root.iter(f"{SVG}*"):
        element.attrib.pop("data-role", None)
        if family := element.get("font-family"):
            element.set("font-family", family if family == style.FONT else f"{family}, {style.FONT}")
    return _written(root) + "\n"


def for_page(svg: str, *, kind: str, label: str) -> str:
    """Return a cleaned drawing as an element of a page. kind: its class, ``figure-wide`` or ``figure-narrow``."""
    root = _parsed(svg)
    width, height = root.get("width", ""), root.get("height", "")
    root.set("viewBox", root.get("viewBox") or f"0 0 {width} {height}")
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    for element in root.iter(f"{SVG}*"):
        role = element.attrib.pop("data-role", "")
        if not role:
            continue
        for name in ("fill", "stroke"):
            value = element.get(name)
            if value and not (name == "fill" and role == "stroke"):
                element.set(name, theme.adaptive(value, text=name != "fill" or role == "text"))
    text = _written(root)
    unindexed = " data-pagefind-ignore" if kind == "figure-narrow" else ""
    opening = (
        f'<svg class="figure-drawing {kind}" role="img" aria-label="{html.escape(label)}"'
        f'{unindexed} style="max-width:{float(width):g}px" '
    )
    return text.replace("<svg ", opening, 1)


def _parsed(svg: str) -> etree._Element:
    return etree.fromstring(
        svg.encode("utf8"), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )


def _written(root: etree._Element) -> str:
    return str(etree.tostring(root, encoding="unicode"))


def plain_text(label: str) -> str:
    """Return a text of Plotly without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", label)).split())


def _role(element: etree._Element, scaled: bool) -> str:
    """How the colours follow the theme: ``text``, ``area``, ``stroke`` (its line alone), or "" for not at all."""
    if element.tag == f"{SVG}stop":  # gradients show values
        return ""
    above = " ".join(str(node.get("class", "")) for node in (element, *element.iterancestors()))
    if scaled and _SCALED.search(above):
        return "stroke" if "points" not in above else ""
    is_text = element.tag in (f"{SVG}text", f"{SVG}tspan")
    if _AREAS.search(above):
        fill = theme.parse(_styles(element).get("fill", element.get("fill", "")))
        own = fill is not None and theme.hexadecimal(fill) in _ON_AREAS
        return "text" if is_text and not own else "" if is_text else "stroke"
    return "text" if is_text else "area"


def _styles(element: etree._Element) -> dict[str, str]:
    parts = re.findall(
        r"([\w-]+)\s*:\s*((?:[^;(\"']|\([^)]*\)|\"[^\"]*\"|'[^']*')+)", element.get("style", "")
    )
    return {name: value.strip() for name, value in parts}


def _plain(element: etree._Element, mark: str) -> None:
    """Styles as attributes, ids marked, and nothing that only a script reads."""
    for name, value in _styles(element).items():
        if name == "transform":
            element.set("transform", value.replace("px", ""))
        elif name == "font-family":
            if not _OWN_FONT.search(value) and value.replace('"', "") != style.FONT:
                element.set(name, value.replace('"', "'"))
        elif name.startswith(
            ("fill", "stroke", "stop", "font", "text-anchor", "opacity", "display", "image-rendering")
        ):
            element.set(name, value)
    for name in list(element.attrib):
        value = str(element.get(name))
        if (
            name in ("style", "class", "pointer-events", "tabindex", "cursor")
            or name.startswith("data-") != (name == "data-role")
            or (name == "font-family" and value == style.FONT)
        ):
            del element.attrib[name]
        elif name == "id":
            element.set("id", f"{mark}{value}")
        elif name == XLINK and value.startswith("#"):
            element.set(name, f"#{mark}{value[1:]}")
        elif "url(" in value:
            element.set(name, _address(value, mark))


def _address(value: str, mark: str) -> str:
    """``url(#id)`` with the marked id, whatever address and quotes stand around it."""
    return re.sub(r"url\([\"']?[^#)]*#([^\"')]+)[\"']?\)", rf"url(#{mark}\1)", value)
