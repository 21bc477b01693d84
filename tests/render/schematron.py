"""Run a Schematron of the query binding ``xslt2`` by SaxonC, whose processor is a wheel; no program need be installed.

ISO/IEC 19757-3: a pattern gives each node to the first of its rules whose context matches it; an assertion whose test
fails, and a report whose test holds, is a finding. A pattern becomes a mode of XSLT here and a rule a template in it,
as in the standard's own reference implementation.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

SCH = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
IDS = {"id": "ID", "rid": "IDREFS"}


@dataclass(frozen=True)
class Finding:
    """What a rule says of a node. role: as the rule states it, "error" where it states none."""

    role: str
    node: str
    message: str


def validate(schema: Path, xml: bytes) -> list[Finding]:
    """Return what the rules of a Schematron file, with those that it includes, find in a document."""
    root = etree.fromstring(xml, etree.XMLParser(load_dtd=False, no_network=True))
    # Rules follow ids, which are such by the document's DTD alone: here by a short one of the elements that it has.
    kinds = {(e.tag, name, kind) for e in root.iter("*") for name, kind in IDS.items() if name in e.attrib}
    declared = "".join(f"<!ATTLIST {tag} {name} {kind} #IMPLIED>" for tag, name, kind in sorted(kinds))
    text = f"<!DOCTYPE {root.tag} [{declared}]>{etree.tostring(root, encoding='unicode')}"
    with PySaxonProcessor(license=False) as saxon:
        processor = saxon.new_xslt30_processor()
        sheet = etree.tostring(stylesheet(schema), encoding="unicode")
        # Rules name their tables of values beside themselves.
        processor.set_cwd(f"{schema.parent.resolve()}/")
        compiled = processor.compile_stylesheet(stylesheet_text=sheet, base_uri=schema.resolve().as_uri())
        node = saxon.parse_xml(xml_text=text)
        result = etree.fromstring(compiled.transform_to_string(xdm_node=node).encode())
    return [
        Finding(item.get("role"), item.get("node"), " ".join("".join(item.itertext()).split()))
        for item in result
    ]


def stylesheet(schema: Path) -> Any:
    """Return the XSLT of a Schematron file."""
    root = etree.parse(str(schema)).getroot()
    for include in list(root.iter(f"{SCH}include")):
        part = etree.parse(str(schema.parent / include.get("href"))).getroot()
        include.getparent().replace(include, part)
    spaces = {ns.get("prefix"): ns.get("uri") for ns in root.iter(f"{SCH}ns")}
    types = dict.fromkeys(("xs", "xsd"), "http://www.w3.org/2001/XMLSchema")  # declared by the reference, too
    sheet = etree.Element(f"{XSL}stylesheet", {"version": "3.0"}, nsmap={**types, **spaces})
    sheet.extend(deepcopy(part) for part in root.iter(f"{XSL}function", f"{XSL}key"))
    sheet.extend(_variable(let) for let in root.findall(f"{SCH}let"))
    begin = etree.SubElement(sheet, f"{XSL}template", {"match": "/"})
    results = etree.SubElement(begin, "findings")
    for number, pattern in enumerate(root.iter(f"{SCH}pattern")):
        mode = f"pattern-{number}"
        etree.SubElement(results, f"{XSL}apply-templates", {"select": ".", "mode": mode})
        sheet.extend(_variable(let) for let in pattern.findall(f"{SCH}let"))
        rules = pattern.findall(f"{SCH}rule")
        for order, rule in enumerate(rules):
            match = {"match": rule.get("context"), "mode": mode, "priority": str(len(rules) - order)}
            template = etree.SubElement(sheet, f"{XSL}template", match)
            _fill(template, rule)
            etree.SubElement(template, f"{XSL}apply-templates", {"select": "@* | node()", "mode": mode})
        passing = etree.SubElement(
            sheet, f"{XSL}template", {"match": "@* | node() | /", "mode": mode, "priority": "0"}
        )
        etree.SubElement(passing, f"{XSL}apply-templates", {"select": "@* | node()", "mode": mode})
    return sheet


def _fill(template: Any, rule: Any) -> None:
    for part in rule:
        if part.tag == f"{SCH}let":
            template.append(_variable(part))
        elif part.tag in (f"{SCH}assert", f"{SCH}report"):
            test = part.get("test")
            condition = f"not({test})" if part.tag == f"{SCH}assert" else test
            when = etree.SubElement(template, f"{XSL}if", {"test": condition})
            finding = etree.SubElement(
                when, "finding", {"role": part.get("role", "error"), "node": "{path()}"}
            )
            finding.text = part.text
            for inner in part:
                select = inner.get("select") or inner.get("path") or "name()"
                value = etree.SubElement(finding, f"{XSL}value-of", {"select": select, "separator": " "})
                value.tail = inner.tail


def _variable(let: Any) -> Any:
    return etree.Element(f"{XSL}variable", {"name": let.get("name"), "select": let.get("value")})
