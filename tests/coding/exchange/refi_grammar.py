"""What the schema of REFI-QDA 1.5 asks of a document, written down anew: children in order, attributes, forms.

Source: REFI-QDA 1.5 (2019), section 5, "XML representation". Only the parts that the export writes are here;
any other element is a fault.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"  # xsd:dateTime
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TEXT, INTEGER, BOOLEAN, COLOUR = r"(?s).*", r"-?\d+", "true|false|0|1", "#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"
INSIDE = r"internal://[^/\\]+"
TEXT_SOURCE = "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*"
Grammar = dict[str, tuple[str, dict[str, str]]]
# Element → its children in order, with ? * + for their number; then its attributes, ! for required.
PROJECT: Grammar = {
    "Project": (
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
        {"name!": TEXT, "origin": TEXT},
    ),
    "Users": ("User+", {}),
    "User": ("", {"guid!": GUID, "name": TEXT, "id": TEXT}),
    "CodeBook": ("Codes", {}),
    "Codes": ("Code+", {}),
    "Code": (
        "Description? NoteRef* Code*",
        {"guid!": GUID, "name!": TEXT, "isCodable!": BOOLEAN, "color": COLOUR},
    ),
    "Variables": ("Variable+", {}),
    "Variable": (
        "Description?",
        {"guid!": GUID, "name!": TEXT, "typeOfVariable!": "Text|Boolean|Integer|Float|Date|DateTime"},
    ),
    "Cases": ("Case+", {}),
    "Case": ("Description? CodeRef* VariableValue* SourceRef* SelectionRef*", {"guid!": GUID, "name": TEXT}),
    "VariableValue": ("VariableRef TextValue?", {}),
    "Sources": ("TextSource+", {}),
    "TextSource": (
        TEXT_SOURCE,
        {"guid!": GUID, "name": TEXT, "plainTextPath": INSIDE, "creatingUser": GUID},
    ),
    "PlainTextSelection": (
        "Description? Coding* NoteRef*",
        {
            "guid!": GUID,
            "name": TEXT,
            "startPosition!": INTEGER,
            "endPosition!": INTEGER,
            "creatingUser": GUID,
            "creationDateTime": TIME,
        },
    ),
    "Coding": ("CodeRef NoteRef*", {"guid!": GUID, "creatingUser": GUID}),
    "Notes": ("Note+", {}),
    "Note": (
        TEXT_SOURCE,
        {
            "guid!": GUID,
            "name": TEXT,
            "plainTextPath": INSIDE,
            "creatingUser": GUID,
            "creationDateTime": TIME,
        },
    ),
    **{name: ("", {"targetGUID!": GUID}) for name in ("NoteRef", "CodeRef", "SourceRef", "VariableRef")},
    **{name: ("", {}) for name in ("Description", "PlainTextContent", "TextValue")},
}
CODEBOOK: Grammar = {
    **PROJECT,
    "CodeBook": ("Codes Sets?", {"origin": TEXT}),
    "Code": ("Description? Code*", PROJECT["Code"][1]),
}


def faults(root: Element, grammar: Grammar, namespace: str) -> list[str]:
    """Everything that the schema forbids in a document."""
    found: list[str] = []
    for element in root.iter():
        space, _, name = str(element.tag).rpartition("}")
        if space != "{" + namespace or name not in grammar:
            found.append(f"{element.tag} is not known")
            continue
        order, attributes = grammar[name]
        names = [part.rstrip("?*+") for part in order.split()]
        numbers = [part.removeprefix(child) for part, child in zip(order.split(), names, strict=True)]
        pattern = "".join(f"(?:{child} ){number}" for child, number in zip(names, numbers, strict=True))
        inside = "".join(f"{str(child.tag).rpartition('}')[2]} " for child in element)
        if not re.fullmatch(pattern, inside):
            found.append(f"{name} holds {inside}")
        forms = {key.rstrip("!"): form for key, form in attributes.items()}
        required = [key[:-1] for key in attributes if key[-1] == "!"]
        found += [f"{name} lacks {key}" for key in required if key not in element.attrib]
        for key, value in element.attrib.items():
            if key not in forms or not re.fullmatch(forms[key], value):
                found.append(f"{name} has {key}={value}")
    return found + _references(root)


def _references(root: Element) -> list[str]:
    """GUIDs that stand twice, and references to what isn't there."""
    guids = [element.attrib["guid"] for element in root.iter() if "guid" in element.attrib]
    links = (element.attrib.get(key) for element in root.iter() for key in ("targetGUID", "creatingUser"))
    strange = {target for target in links if target} - set(guids)
    twice = [f"{guid} stands twice" for guid in sorted(set(guids)) if guids.count(guid) > 1]
    return twice + [f"{target} refers to nothing" for target in sorted(strange)]
