"""REFI-QDA projects (.qdpx) and codebooks (.qdc) as programs really write them, read into a ``CodedProject``.

Format: REFI-QDA 1.5 (2019), data model and file layout. What its schema forbids and programs write all the
same (other namespaces, another order, missing parts) is read; what is mended or can't be kept is remarked.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from paper.coding.exchange import markup
from paper.coding.exchange.archive import MAX_MEMBER, Archive, MiB
from paper.coding.exchange.model import Case, Code, CodedProject, Note, Set, User
from paper.coding.exchange.refi_sources import SourceReader, values
from paper.coding.exchange.remarks import Remarks
from paper.errors import DataError, Place

ZIP = b"PK"
NAMESPACES = ("urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0")


def read(path: Path, remarks: Remarks) -> CodedProject:
    """Read a project or a codebook, told apart by what is in the file and not by its name.

    Raises DataError where the file is neither, is broken, or is refused (see ``archive`` and ``markup``).
    """
    with path.open("rb") as stream:
        zipped = stream.read(2) == ZIP
    if not zipped:
        if path.stat().st_size > MAX_MEMBER:
            raise DataError(f"refused: larger than {MAX_MEMBER // MiB} MiB", place=Place(path.name))
        return _read(path.read_bytes(), path.name, None, remarks)
    with Archive(path) as archive:
        results = [name for name in archive.names if name.endswith(".qde") and "/" not in name]
        name = "project.qde" if "project.qde" in results else results[0] if len(results) == 1 else ""
        if not name:
            raise DataError(
                "there is no project inside" if not results else "there are several projects inside",
                place=Place(path.name),
                remedy="a REFI-QDA project holds one file project.qde; export the project again as REFI-QDA",
            )
        if name != "project.qde":
            remarks.repaired("name-of-project", "the project inside is not called project.qde")
        return _read(archive.read(name), path.name, archive, remarks)


def _read(data: bytes, file: str, archive: Archive | None, remarks: Remarks) -> CodedProject:
    root = markup.parse(data, file)
    if markup.local(root) not in ("Project", "CodeBook"):
        raise DataError(
            "neither a REFI-QDA project nor a codebook",
            place=Place(file),
            remedy="export a .qdpx project or a .qdc codebook; for tables use .csv or .xlsx",
        )
    if _namespace(root) not in NAMESPACES or any(_namespace(part) != _namespace(root) for part in root):
        remarks.repaired("namespace", "the XML namespace is not that of the standard")
    if markup.local(root) == "CodeBook":
        return CodedProject(
            origin=root.get("origin", ""), codes=_codes(root, remarks), sets=_sets(root, remarks)
        )
    return _project(root, archive, remarks)


def _project(root: Element, archive: Archive | None, remarks: Remarks) -> CodedProject:
    order = [markup.local(part) for part in root]
    standard = ["Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs"]
    known = [name for name in order if name in standard]
    if known != sorted(known, key=standard.index):
        remarks.repaired("order", "the parts of the project stand in an order that the schema forbids")
    names = {markup.guid(v): v.get("name", "") for v in markup.children(markup.child(root, "Variables"))}
    origin = root.get("origin", "")
    sources = SourceReader(archive, origin, names, remarks)
    for element in markup.children(markup.child(root, "Sources")):
        sources.read(element)
    notes = [sources.note(element) for element in markup.children(markup.child(root, "Notes"), "Note")]
    read = sources.finish()
    linked = _links(root, {note.id for note in notes}, remarks)
    about = _references(root)
    for graph in markup.children(markup.child(root, "Graphs")):
        remarks.dropped("graphs", "graphs", markup.guid(graph))
    return CodedProject(
        origin=origin,
        owner=markup.guid(root, "creatingUserGUID"),
        description=markup.description(root),
        users=_users(root, remarks),
        codes=_codes(markup.child(root, "CodeBook"), remarks),
        sources=read.sources,
        passages=read.passages,
        codings=read.codings,
        notes=(*(_about(note, about, linked) for note in notes), *read.notes),
        cases=_cases(root, names, remarks),
        sets=_sets(root, remarks),
    )


def _namespace(element: Element) -> str:
    return str(element.tag).rpartition("}")[0].lstrip("{")


def _users(root: Element, remarks: Remarks) -> tuple[User, ...]:
    users: dict[str, User] = {}
    for element in markup.children(markup.child(root, "Users"), "User"):
        user = User(markup.guid(element), element.get("name", "").strip())
        if any(other.name == user.name != "" and other.id != user.id for other in users.values()):
            remarks.unresolved(
                "users-of-one-name",
                "users share a name and stay two coders",
                user.id,
                "if they are one person, name the same coder for both GUIDs under `coders:` in the map",
            )
        users.setdefault(user.id, user)
    return tuple(users.values())


def _codes(codebook: Element | None, remarks: Remarks) -> tuple[Code, ...]:
    """All codes, parents before their children, in the order of the file."""
    if codebook is None:
        return ()
    codes: dict[str, Code] = {}

    def add(element: Element, parent: str) -> None:
        guid = markup.guid(element)
        name = element.get("name", "").strip()
        if not name or not guid:
            remarks.dropped("code-without-name", "codes without a name or a GUID", guid)
            return
        if guid in codes:
            remarks.dropped("code-twice", "codes whose GUID another code has", guid)
            return
        codable = element.get("isCodable", "true").strip().lower() not in ("false", "0")
        codes[guid] = Code(guid, name, parent, markup.description(element), codable)
        for child in markup.children(element, "Code"):
            add(child, guid)

    for holder in (markup.child(codebook, "Codes"), codebook):
        for element in markup.children(holder, "Code"):
            add(element, "")
    return tuple(codes.values())


def _cases(root: Element, variables: dict[str, str], remarks: Remarks) -> tuple[Case, ...]:
    cases: list[Case] = []
    for element in markup.children(markup.child(root, "Cases"), "Case"):
        if markup.description(element):
            remarks.dropped("case-description", "descriptions of cases", markup.guid(element))
        cases.append(
            Case(
                markup.guid(element),
                element.get("name", "").strip(),
                values(element, variables),
                _targets(element, "SourceRef"),
                _targets(element, "SelectionRef"),
                _targets(element, "CodeRef"),
            )
        )
    return tuple(cases)


def _sets(root: Element, remarks: Remarks) -> tuple[Set, ...]:
    sets: list[Set] = []
    for element in markup.children(markup.child(root, "Sets"), "Set"):
        codes = _targets(element, "MemberCode") or tuple(
            markup.guid(member) for member in markup.children(element, "MemberCode")
        )
        sets.append(
            Set(
                markup.guid(element),
                element.get("name", "").strip(),
                codes,
                _targets(element, "MemberSource"),
            )
        )
        remarks.dropped(
            "sets",
            "sets of codes or sources (their members stay; a map can use them for drivers and blocks)",
            markup.guid(element),
        )
    return tuple(sets)


def _targets(element: Element, name: str) -> tuple[str, ...]:
    result = (markup.guid(reference, "targetGUID") for reference in markup.children(element, name))
    return tuple(target for target in result if target)


def _links(root: Element, notes: set[str], remarks: Remarks) -> dict[str, list[str]]:
    """Return what notes are linked to (NVivo ties annotations and memos by links); other links can't be kept."""
    linked: dict[str, list[str]] = {}
    for link in markup.children(markup.child(root, "Links"), "Link"):
        ends = markup.guid(link, "originGUID"), markup.guid(link, "targetGUID")
        for note, other in (ends, ends[::-1]):
            if note in notes and other not in notes:
                linked.setdefault(note, []).append(other)
                break
        else:
            remarks.dropped("links", "links between codes, sources or passages", markup.guid(link))
    return linked


def _references(root: Element) -> dict[str, list[str]]:
    """For each note, the ids of what refers to it; the project itself is ""."""
    results: dict[str, list[str]] = {}
    stack = [root]
    while stack:
        element = stack.pop()
        for part in element:
            if markup.local(part) == "NoteRef":
                owner = "" if element is root else markup.guid(element)
                results.setdefault(markup.guid(part, "targetGUID"), []).append(owner)
            elif len(part):
                stack.append(part)
    return results


def _about(note: Note, references: dict[str, list[str]], linked: dict[str, list[str]]) -> Note:
    targets = [*references.get(note.id, ()), *linked.get(note.id, ())]
    return replace(note, about=tuple(dict.fromkeys(target for target in targets if target)))
