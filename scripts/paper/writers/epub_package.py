"""What pandoc leaves to do on an EPUB: names of its files' pages, landmarks, whole links, bytes that don't change."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from paper.project import Project
from paper.words import words
from paper.writers import office

MIMETYPE: Final = (
    "mimetype"  # which comes first, and as it is. https://www.w3.org/TR/epub-33/#sec-zip-container-mime
)
XHTML: Final = "http://www.w3.org/1999/xhtml"
OPS: Final = "http://www.idpf.org/2007/ops"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
OPF: Final = "http://www.idpf.org/2007/opf"
_NAMES: Final = {"h": XHTML, "m": MATHML, "o": OPF}
_TYPE: Final = f"{{{OPS}}}type"
# What a chapter's first heading is → the role that a reader by ear is told. https://www.w3.org/TR/epub-aam-1.1/
_ROLES: Final = {"chapter": "doc-chapter", "appendix": "doc-appendix", "bibliography": "doc-bibliography"}


def finish(files: dict[str, bytes], project: Project, moment: int) -> bytes:
    """Return pandoc's EPUB as it is published. files: by name; moment: of its last change, seconds since 1970."""
    files = dict(files)
    pages = {name: _parsed(files[name]) for name in files if name.endswith(".xhtml")}
    places = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    t = words(project.lang)
    for name, page in pages.items():
        _name_page(page, project.title)
        _settle(page, name, places)
        _describe(page)
    nav = next(name for name in pages if posixpath.basename(name) == "nav.xhtml")
    _set_landmarks(pages[nav], nav, pages, t)
    for name, page in pages.items():
        files[name] = _written(page, "<!DOCTYPE html>")
    package = next(name for name in files if name.endswith(".opf"))
    files[package] = _package(files[package], pages, posixpath.dirname(package))
    return _zipped(files, moment)


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _written(root: Any, doctype: str | None = None) -> bytes:
    text = etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=doctype)
    return bytes(text) + b"\n"


def _name_page(page: Any, book: str) -> None:
    """Name a page by its heading, where pandoc names it by its file; its look is the stylesheet's alone."""
    heading = next(iter(page.xpath("//h:h1", namespaces=_NAMES)), None)
    name = " ".join("".join(heading.itertext()).split()) if heading is not None else ""
    page.find(f".//{{{XHTML}}}title").text = name or book
    for element in page.xpath(
        "/h:html/h:head/h:style|/h:html/h:head/h:meta[@name='generator']", namespaces=_NAMES
    ):
        element.getparent().remove(element)


def _settle(page: Any, name: str, places: dict[str, set[str]]) -> None:
    """Lead each link within the book to the file that holds its place; one to nowhere leaves its words.

    pandoc knows no place in HTML that it was given as it is. places: by file; notes begin with 1 in each.
    """
    for link in page.xpath("//h:a[@href]", namespaces=_NAMES):
        if _is_nowhere(link.get("href")):
            _unwrap(link)
            continue
        path, _, place = link.get("href").partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", path, re.I) or not place:
            continue
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
        homes = (home for home in (meant, *places) if unquote(place) in places.get(home, ()))
        home = next(homes, None)
        if home is None:
            _unwrap(link)
        else:
            way = "" if home == name else quote(posixpath.relpath(home, posixpath.dirname(name)))
            link.set("href", f"{way}#{place}")


def _is_nowhere(address: str) -> bool:
    """Whether an address of the web names no host, as in "https://": reading systems refuse the whole file."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    return parts.scheme in ("http", "https", "ftp") and not parts.hostname


def _unwrap(element: Any) -> None:
    """Put what an element holds in its place."""
    parent, at = element.getparent(), element.getparent().index(element)
    before = parent[at - 1] if at else None

    def put(text: str) -> None:
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text

    put(element.text or "")
    children = list(element)
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)
    if children:
        children[-1].tail = (children[-1].tail or "") + (element.tail or "")
    else:
        put(element.tail or "")
    if element.getparent() is not None:
        element.tail = None
        parent.remove(element)


def _describe(page: Any) -> None:
    """Say of formulas and sections what they are, for readers by ear."""
    for formula in page.iter(f"{{{MATHML}}}math"):
        tex = formula.find(f".//{{{MATHML}}}annotation")
        if tex is not None and tex.text:
            formula.set("alttext", " ".join(tex.text.split()))
    for mark in page.xpath("//h:a[@role='doc-noteref'][@id]", namespaces=_NAMES):
        _number_note(page, mark)
    for section in page.xpath("/h:html/h:body/h:section", namespaces=_NAMES):
        if role := _ROLES.get(section.get(_TYPE, "")):
            section.set("role", role)


def _number_note(page: Any, mark: Any) -> None:
    """Begin a note with its number, which leads back to the text: not every reading system opens it there."""
    place = (mark.get("href") or "").removeprefix("#")
    for first in page.xpath("//h:aside[@id=$place]/h:p[1]", namespaces=_NAMES, place=place):
        link = etree.Element(f"{{{XHTML}}}a", {"href": f"#{mark.get('id')}", "role": "doc-backlink"})
        link.text = "".join(mark.itertext())
        link.tail = f" {first.text or ''}"
        first.text = None
        first.insert(0, link)


def _set_landmarks(nav: Any, name: str, pages: dict[str, Any], t: dict[str, str]) -> None:
    """List the book's main parts in the book's language, in place."""
    folder = posixpath.dirname(name)
    marks: list[tuple[str, str, str]] = [("toc", "#toc", t["contents"])]
    for kind, sought in (
        ("titlepage", "titlepage"),
        ("bodymatter", "chapter"),
        ("bibliography", "bibliography"),
    ):
        for page, section in _sections(pages):
            if section.get(_TYPE) == sought:
                way = f"{posixpath.relpath(page, folder)}#{section.get('id')}"
                heading = section.find(f"./{{{XHTML}}}h1")
                said = " ".join("".join(heading.itertext()).split()) if heading is not None else ""
                marks.append((kind, way, said or t["front"]))
                break
    for landmarks in nav.xpath("//h:nav[@id='landmarks']", namespaces=_NAMES):
        listed = landmarks.find(f"./{{{XHTML}}}ol")
        for item in list(listed):
            listed.remove(item)
        for kind, way, said in marks:
            item = etree.SubElement(listed, f"{{{XHTML}}}li")
            link = etree.SubElement(item, f"{{{XHTML}}}a", {"href": way, _TYPE: kind})
            link.text = said


def _sections(pages: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in sorted(pages):
        for section in pages[name].xpath("/h:html/h:body/h:section[@id]", namespaces=_NAMES):
            yield name, section


def _package(content: bytes, pages: dict[str, Any], folder: str) -> bytes:
    """Return the list of files with what each page holds, by which a reading system chooses how to show it."""
    root = _parsed(content)
    for item in root.iter(f"{{{OPF}}}item"):
        page = pages.get(posixpath.join(folder, unquote(item.get("href"))))
        if page is None:
            continue
        marks = [
            mark
            for mark in (item.get("properties") or "").split()
            if mark not in ("mathml", "svg", "scripted")
        ]
        marks += ["mathml"] if page.find(f".//{{{MATHML}}}math") is not None else []
        marks += ["svg"] if page.find(".//{http://www.w3.org/2000/svg}svg") is not None else []
        item.attrib.pop("properties", None)
        if marks:
            item.set("properties", " ".join(marks))
    listed = root.find(f"{{{OPF}}}spine")
    if len(listed) > 1 and listed[0].get("idref") == "nav":  # the title page is the first that a reader sees
        listed.insert(1, listed[0])
    return _written(root)


def _zipped(files: dict[str, bytes], moment: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files, key=lambda n: (n != MIMETYPE, not n.startswith("META-INF/"), n)):
            head = office.entry(name, moment)
            if name == MIMETYPE:
                head.compress_type = zipfile.ZIP_STORED
            archive.writestr(head, files[name])
    return stream.getvalue()
