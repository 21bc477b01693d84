"""A ``CodedProject`` of ours as REFI-QDA 1.5: a .qdpx project or a .qdc codebook.

Elements and attributes stand in the order and number that the schema of the standard asks for. The same data
give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from paper.coding.exchange import labels
from paper.coding.exchange.ids import guid_of
from paper.coding.exchange.model import CodedProject, Coding, Note, Passage
from paper.errors import DataError

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
NO_TIME = "1970-01-01T00:00:00Z"
NAMED = 60  # letters of a passage that its selection is named by
# What XML 1.0 can't hold.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def codebook(project: CodedProject) -> bytes:
    """Write the codes as a .qdc file. Raises DataError without codes, which the standard asks for."""
    if not project.codes:
        raise DataError("the codebook is empty", remedy="a .qdc file needs at least one code")
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": project.origin})
    _codes(root, project, {})
    return _xml(root)


def archive(project: CodedProject, name: str) -> bytes:
    """Write the whole project as a .qdpx file; ``name`` is what programs show."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, "project.qde", _xml(_project(project, name)))
        for source in project.sources:
            _add(packed, f"sources/{source.id}.txt", _fit(source.text or "").encode())
    return out.getvalue()


def _add(packed: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(info, data)


def _xml(root: Element) -> bytes:
    indent(root, " ")
    data: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + data + b"\n"


def _project(project: CodedProject, name: str) -> Element:
    about: dict[str, list[str]] = defaultdict(list)
    for note in project.notes:
        for target in note.about or ("",):
            about[target].append(note.id)
    root = Element("Project", {"xmlns": PROJECT, "name": name, "origin": project.origin})
    users = _holder(root, "Users", project.users)
    for user in project.users:
        SubElement(users, "User", {"guid": user.id, "name": _fit(user.name)})
    if project.codes:
        _codes(SubElement(root, "CodeBook"), project, about)
    _cases(root, project)
    _sources(root, project, about)
    notes = _holder(root, "Notes", project.notes)
    for note in project.notes:
        _note(notes, note)
    _text(root, "Description", project.description)
    _note_refs(root, about.get("", ()))
    return root


def _holder(parent: Element, name: str, things: tuple[object, ...]) -> Element:
    """Make an element for a list, which the schema wants only where the list isn't empty."""
    return SubElement(parent, name) if things else Element(name)


def _codes(parent: Element, project: CodedProject, about: dict[str, list[str]]) -> None:
    """Codes within codes; parents come before their children."""
    within: dict[str, Element] = {"": SubElement(parent, "Codes")}
    for code in project.codes:
        element = SubElement(
            within.get(code.parent, within[""]),
            "Code",
            {"guid": code.id, "name": _fit(code.name), "isCodable": "true" if code.codable else "false"},
        )
        _text(element, "Description", code.description)
        _note_refs(element, about.get(code.id, ()))
        within[code.id] = element


def _cases(root: Element, project: CodedProject) -> None:
    used = list(dict.fromkeys(name for case in project.cases for name in case.values))
    variables = _holder(root, "Variables", tuple(used))
    for name in used:
        SubElement(
            variables, "Variable", {"guid": guid_of("variable", name), "name": name, "typeOfVariable": "Text"}
        )
    cases = _holder(root, "Cases", project.cases)
    for case in project.cases:
        element = SubElement(cases, "Case", {"guid": case.id, "name": _fit(case.name)})
        for name in used:
            if case.values.get(name):
                value = SubElement(element, "VariableValue")
                SubElement(value, "VariableRef", {"targetGUID": guid_of("variable", name)})
                _text(value, "TextValue", case.values[name])
        for source in case.sources:
            SubElement(element, "SourceRef", {"targetGUID": source})


def _sources(root: Element, project: CodedProject, about: dict[str, list[str]]) -> None:
    sources = _holder(root, "Sources", project.sources)
    passages: dict[str, list[Passage]] = defaultdict(list)
    codings: dict[str, list[Coding]] = defaultdict(list)
    for passage in project.passages:
        passages[passage.source].append(passage)
    for coding in project.codings:
        codings[coding.passage].append(coding)
    for source in project.sources:
        path = f"internal://{source.id}.txt"
        attributes = {"guid": source.id, "name": _fit(source.name), "plainTextPath": path}
        element = SubElement(sources, "TextSource", attributes)
        if source.kind == "table":
            _text(element, "Description", labels.PASSAGES_ONLY)
        for passage in passages[source.id]:
            # QualCoder takes the coder from the selection, not from its codings: a selection for each.
            of_coder: dict[str, list[Coding]] = {}
            for coding in codings[passage.id]:
                of_coder.setdefault(coding.user, []).append(coding)
            for number, (coder, given) in enumerate(of_coder.items() or [("", [])]):
                user = {"creatingUser": coder, "creationDateTime": NO_TIME} if coder else {}
                again = {"guid": guid_of("segment", f"{passage.id}+{coder}")} if number else {}
                selection = SubElement(element, "PlainTextSelection", {**_selected(passage), **again, **user})
                _text(selection, "Description", labels.join("", passage.stated))
                for coding in given:
                    mark = SubElement(selection, "Coding", {"guid": coding.id, "creatingUser": coding.user})
                    SubElement(mark, "CodeRef", {"targetGUID": coding.code})
                if not number:
                    _note_refs(selection, about.get(passage.id, ()))
        _note_refs(element, about.get(source.id, ()))


def _selected(passage: Passage) -> dict[str, str]:
    return {
        "guid": passage.id,
        "name": _fit(" ".join(passage.text.split())[:NAMED]),
        "startPosition": str(passage.start),
        "endPosition": str(passage.end),
    }


def _note(parent: Element, note: Note) -> None:
    user = {"creatingUser": note.user} if note.user else {}
    # QualCoder reads a note's time without looking whether it is there; ours are written down without one.
    attributes = {"guid": note.id, "name": _fit(note.name), **user, "creationDateTime": NO_TIME}
    element = SubElement(parent, "Note", attributes)
    _text(element, "Description", labels.join("", note.stated))
    _text(element, "PlainTextContent", note.text)


def _note_refs(parent: Element, notes: Iterable[str]) -> None:
    """After a code's description and before the codes in it, else at the end, as the schema has it."""
    for note in notes:
        SubElement(parent, "NoteRef", {"targetGUID": note})


def _text(parent: Element, name: str, text: str) -> None:
    if text:
        SubElement(parent, name).text = _fit(text)


def _fit(text: str) -> str:
    if _UNFIT.search(text):
        raise DataError(
            "a sign that XML can't hold stands in the data",
            remedy="`paper data check` says where; type the text anew",
        )
    return text
