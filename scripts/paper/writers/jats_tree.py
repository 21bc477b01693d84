"""What pandoc leaves to do on a JATS tree: numbers of sections, appendices, nothing empty, no reference to nowhere."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN" '
    '"JATS-archivearticle1.dtd">'
)

# By the element that a reference leads to.
KINDS = {
    "app": "app",
    "disp-formula": "disp-formula",
    "fig": "fig",
    "fig-group": "fig",
    "fn": "fn",
    "ref": "bibr",
    "sec": "sec",
    "table-wrap": "table",
}


# In a list, pandoc takes each tag of a float for a paragraph of its own.
_WRAPPED = re.compile(
    r'<p specific-use="wrapper">\s*(</?[a-z-]+[^<>]*>(?:[^<>]*</(?:label|graphic)>)?)\s*</p>'
)


def postprocess(xml: str, labels: dict[str, str], appendices: list[str]) -> Any:
    """Return the tree: numbers of sections in, what pandoc's template leaves empty out, appendices behind."""
    parser = etree.XMLParser(remove_blank_text=False, resolve_entities=False, no_network=True, load_dtd=False)
    xml = _WRAPPED.sub(r"\1", xml)
    root = etree.fromstring(re.sub(r"<!DOCTYPE.*?>", "", xml, count=1, flags=re.S).encode("utf8"), parser)
    for section in root.iter("sec"):
        if label := labels.get(section.get("id", "")):
            result = etree.Element("label")
            result.text = label
            section.insert(0, result)
    for item in root.iter("list-item"):
        for float_ in [child for child in item if child.tag in ("fig", "table-wrap", "fig-group")]:
            paragraph = etree.Element("p")
            item.replace(float_, paragraph)
            paragraph.append(float_)
    for wrap in list(root.iter("table-wrap")):
        parent = wrap.getparent()
        if parent.tag == "table-wrap":  # pandoc wraps each table, and the float has done so
            for table in wrap.findall("table"):
                parent.insert(parent.index(wrap), table)
            parent.remove(wrap)
    _number_formulas(root)
    known = set(root.xpath("//@id"))
    for reference in [x for x in root.iter("xref") if x.get("rid") not in known]:
        _unwrap(reference)  # to a place that only pages have
    _paragraphs_only(root)
    _drop_empty(root)
    _move_appendices(root, appendices)
    return root


def serialise(root: Any) -> bytes:
    """Return the finished tree as a file, with its DTD named and each reference telling what it leads to."""
    _name_kinds(root)
    head = f'<?xml version="1.0" encoding="utf-8"?>\n{DOCTYPE}\n'
    return f"{head}{etree.tostring(root, encoding='unicode')}\n".encode()


def _number_formulas(root: Any) -> None:
    """Give each numbered formula the id that stands before it, and its number as label."""
    for place in root.xpath("//target[@specific-use]"):
        formula = place.getnext()
        formula.set("id", place.get("id"))
        label = etree.Element("label")
        label.text = place.get("specific-use")
        formula.insert(0, label)
        before, parent = place.getprevious(), place.getparent()
        if before is not None:
            before.tail = (before.tail or "") + (place.tail or "")
        else:
            parent.text = (parent.text or "") + (place.tail or "")
        parent.remove(place)


def _name_kinds(root: Any) -> None:
    """Each reference says what it leads to."""
    kinds = {element.get("id"): KINDS.get(element.tag) for element in root.xpath("//*[@id]")}
    for reference in root.iter("xref"):
        if kind := kinds.get(reference.get("rid")):
            reference.set("ref-type", kind)


def _unwrap(element: Any) -> None:
    """Put an element's text in its place; a reference holds no other elements."""
    text, before, parent = (
        "".join(element.itertext()) + (element.tail or ""),
        element.getprevious(),
        element.getparent(),
    )
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def _paragraphs_only(root: Any) -> None:
    """Put lists and tables of an abstract, which holds paragraphs only, into paragraphs."""
    for block in [child for abstract in root.iter("abstract") for child in abstract]:
        if block.tag not in ("label", "title", "p", "sec"):
            wrapped = etree.Element("p")
            block.addprevious(wrapped)
            wrapped.append(block)


def _drop_empty(root: Any) -> None:
    for tag in (
        "journal-id",
        "issn",
        "publisher-name",
        "publisher",
        "journal-title-group",
        "journal-meta",
        "title",
        "back",
    ):
        for element in list(root.iter(tag)):
            if len(element) == 0 and not (element.text or "").strip():
                element.getparent().remove(element)
    for item in root.iter("list-item"):  # an item holds something, if only an empty paragraph
        if len(item) == 0:
            etree.SubElement(item, "p")


def _move_appendices(root: Any, appendices: list[str]) -> None:
    results = [root.find(f".//sec[@id='{name}']") for name in appendices]
    sections = [section for section in results if section is not None]
    if not sections:
        return
    back = root.find("back")
    if back is None:
        back = etree.SubElement(root, "back")
    group = etree.Element("app-group")
    for section in sections:
        section.tag = "app"
        group.append(section)
    at = next((n for n, child in enumerate(back) if child.tag == "fn-group"), len(back))
    back.insert(at, group)
