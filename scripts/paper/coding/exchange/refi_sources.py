"""The sources of a REFI-QDA project: their text, selections and codings, and the comments upon them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from paper.coding.exchange import labels, markup
from paper.coding.exchange.archive import Archive
from paper.coding.exchange.model import Coding, Note, Passage, Source, SourceKind
from paper.coding.exchange.offsets import Selected
from paper.coding.exchange.refi_texts import Texts
from paper.coding.exchange.remarks import Remarks

KINDS: Mapping[str, SourceKind] = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
TEXTS = ("Representation", "Transcript", "TextDescription")


@dataclass(frozen=True)
class Read:
    """What the sources hold."""

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    codings: tuple[Coding, ...]
    notes: tuple[Note, ...]


class SourceReader:
    """Takes sources and notes one by one; ``finish`` finds out how positions were counted and slices the texts."""

    def __init__(
        self, archive: Archive | None, origin: str, variables: Mapping[str, str], remarks: Remarks
    ) -> None:
        self._texts = Texts(archive, origin, remarks)
        self._variables = variables
        self._remarks = remarks
        self._sources: dict[str, Source] = {}
        self._passages: dict[str, Passage] = {}
        self._codings: list[Coding] = []
        self._notes: list[Note] = []

    def read(self, element: Element) -> None:
        """Take one source with its selections and codings."""
        kind = KINDS.get(markup.local(element))
        if kind is None:
            self._remarks.dropped("source-kind", "sources of an unknown kind", markup.guid(element))
            return
        guid = markup.guid(element) or _made_up("source", str(len(self._sources)))
        if guid in self._sources:
            self._remarks.dropped("source-twice", "sources whose GUID another source has", guid)
            return
        own = Source(guid, element.get("name", "").strip(), kind, None, values(element, self._variables))
        self._sources[guid] = own
        parts = [element] if kind == "text" else list(markup.children(element, *TEXTS))
        for part in parts:
            self._text_of(part, own)
        if kind == "text" and guid not in self._texts:
            self._remarks.dropped(
                "source-without-text",
                "sources whose text is not in the file: their codings stay, without an excerpt",
                guid,
                "export the project again with its sources",
            )
        if markup.description(element) == labels.PASSAGES_ONLY:
            self._sources[guid] = replace(own, kind="table")
        else:
            self._comment(guid, element, markup.description(element))
        self._codings_of(element, guid, "")
        if kind != "text":
            self._selections(element, guid)

    def note(self, element: Element) -> Note:
        """Read a memo or annotation, with its text; a selection inside it says which passage it is about."""
        document = self._texts.document(element)
        said = labels.split(markup.description(element))
        own = "memo" in said.fields
        parts = [document.text if document else "", said.text if own else markup.description(element)]
        text = "\n\n".join(dict.fromkeys(part for part in parts if part.strip()))
        if not text:
            self._remarks.dropped("empty-notes", "memos without text", markup.guid(element))
        for part in markup.children(element, "PlainTextSelection"):
            self._remarks.dropped("note-selection", "places of annotations within a text", markup.guid(part))
        name = element.get("name", "").strip()
        return Note(markup.guid(element), name, text, _user(element), (), said.fields if own else {})

    def finish(self) -> Read:
        """All that was taken, with the positions resolved."""
        for guid, (start, end, text) in self._texts.resolve().items():
            self._passages[guid] = replace(
                self._passages[guid], locator=f"characters {start}-{end}", start=start, end=end, text=text
            )
        coded = {coding.passage for coding in self._codings}
        noted = {target for note in self._notes for target in note.about}
        for guid in self._passages:
            if guid not in coded and guid not in noted:
                self._remarks.dropped("selection-without-code", "selections to which no coding refers", guid)
        return Read(
            tuple(self._sources.values()),
            tuple(self._passages.values()),
            tuple(self._codings),
            tuple(self._notes),
        )

    def _text_of(self, part: Element, own: Source) -> None:
        """Read the text of a source, or of a further transcript of it, which is a source of its own."""
        document = self._texts.document(part)
        guid = own.id
        if document:
            if guid in self._texts:
                guid = markup.guid(part) or _made_up(own.id, str(len(self._sources)))
            self._texts.add(guid, document)
            part_of = own.id if guid != own.id else ""
            self._sources[guid] = replace(own, id=guid, text=document.text, part_of=part_of)
        self._selections(part, guid)

    def _selections(self, element: Element, source: str) -> None:
        points = {
            markup.guid(point): point.get("position", "") for point in markup.children(element, "SyncPoint")
        }
        for part in markup.children(element):
            if not markup.local(part).endswith("Selection"):
                continue
            guid = markup.guid(part) or _made_up(source, str(len(self._passages)))
            if guid in self._passages:
                self._remarks.dropped("selection-twice", "selections whose GUID another has", guid)
                continue
            start, end = _positions(part, points)
            representation = markup.child(part, "Representation")
            document = self._texts.document(representation) if representation is not None else None
            said = labels.split(markup.description(part))
            self._passages[guid] = Passage(
                guid,
                source,
                _locator(part, start, end),
                text=document.text if document else "",
                stated=said.fields if "segment" in said.fields else {},
            )
            if start is not None and end is not None and source in self._texts:
                self._texts.select(source, Selected(guid, start, end, part.get("name", "")))
            elif not document and markup.local(part) != "PlainTextSelection":
                self._remarks.dropped(
                    "not-text", "passages of pictures, recordings or pages: kept without an excerpt", guid
                )
            self._codings_of(part, guid, markup.guid(part, "creatingUser"))
            self._comment(guid, part, said.text if "segment" in said.fields else markup.description(part))

    def _codings_of(self, element: Element, target: str, user: str) -> None:
        """Codings of a selection or source. user: whoever made the selection, for codings that name nobody."""
        for part in markup.children(element, "Coding"):
            code = next((markup.guid(ref, "targetGUID") for ref in markup.children(part, "CodeRef")), "")
            if not code:
                self._remarks.dropped("coding-without-code", "codings that name no code", markup.guid(part))
                continue
            if target in self._sources and target not in self._passages:
                self._passages[target] = Passage(target, target, "whole source", whole=True)
            guid = markup.guid(part) or _made_up(target, code, str(len(self._codings)))
            self._codings.append(Coding(guid, target, code, markup.guid(part, "creatingUser") or user))

    def _comment(self, guid: str, element: Element, said: str) -> None:
        """Read a description of a source or a selection as a memo (ATLAS.ti and MAXQDA write comments so)."""
        if said:
            self._notes.append(Note(_made_up("comment", guid), "", said, _user(element), (guid,)))


def values(element: Element, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a case or source: value by name."""
    results: dict[str, str] = {}
    for value in markup.children(element, "VariableValue"):
        name, content = "", ""
        for part in value:
            if markup.local(part) == "VariableRef":
                name = variables.get(markup.guid(part, "targetGUID"), "")
            else:
                content = markup.text(part).strip()
        if name and content:
            results[name] = content
    return results


def _user(element: Element) -> str:
    """Who wrote a memo."""
    return markup.guid(element, "creatingUser") or markup.guid(element, "modifyingUser")


def _positions(element: Element, points: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Start and end as counted in the text; None where the selection is not one of text."""
    if markup.local(element) == "TranscriptSelection":
        pair = (points.get(markup.guid(element, name), "") for name in ("fromSyncPoint", "toSyncPoint"))
    elif markup.local(element) == "PlainTextSelection":
        pair = (element.get(name, "") for name in ("startPosition", "endPosition"))
    else:
        return None, None
    start, end = (_integer(value) for value in pair)
    return start, end


def _integer(value: str) -> int | None:
    value = value.strip()
    return int(value) if value.lstrip("-").isdecimal() and len(value) < 16 else None


def _locator(element: Element, start: int | None, end: int | None) -> str:
    """Where a selection stands, as the file says it; text positions are put right when they are resolved."""
    if start is not None and end is not None:
        return f"positions {start}-{end} of the file"
    at = {
        name: element.get(name, "")
        for name in ("page", "firstX", "firstY", "secondX", "secondY", "begin", "end")
    }
    at = {name: value for name, value in at.items() if _integer(value) is not None}
    if "begin" in at and "end" in at:
        return f"time {int(at['begin']) / 1000:.1f}-{int(at['end']) / 1000:.1f} s"
    page = [f"page index {at['page']}"] if "page" in at else []
    corners = [at.get(name, "") for name in ("firstX", "firstY", "secondX", "secondY")]
    area = [f"area {corners[0]},{corners[1]}-{corners[2]},{corners[3]}"] if all(corners) else []
    return ", ".join(page + area) or "place not stated"


def _made_up(*parts: str) -> str:
    """Return an id for what has none, the same at every reading of the same file."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join(parts)))
