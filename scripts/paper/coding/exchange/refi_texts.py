"""Texts inside a REFI-QDA project, and the places that selections mean in them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from paper.coding.exchange import markup, offsets
from paper.coding.exchange.archive import Archive
from paper.coding.exchange.remarks import Remarks
from paper.text.decoding import decode

HABITS = {  # how programs that are known count, by how their `origin` begins
    "nvivo": offsets.Count(utf16=True),
    "atlas.ti": offsets.Count(pair=False),
    "qualcoder": offsets.STANDARD,
    "qc ": offsets.STANDARD,
}


class Texts:
    """The texts of sources by their ids, and the selections in each; ``resolve`` finds what these mean."""

    def __init__(self, archive: Archive | None, origin: str, remarks: Remarks) -> None:
        self._archive = archive
        self._expected = next((way for name, way in HABITS.items() if origin.lower().startswith(name)), None)
        self._remarks = remarks
        self._documents: dict[str, offsets.Document] = {}
        self._selected: dict[str, list[offsets.Selected]] = {}

    def __contains__(self, source: str) -> bool:
        return source in self._documents

    def add(self, source: str, document: offsets.Document) -> None:
        """Add the text of a source."""
        self._documents[source] = document

    def select(self, source: str, selected: offsets.Selected) -> None:
        """Add a selection in the text of a source."""
        self._selected.setdefault(source, []).append(selected)

    def document(self, element: Element) -> offsets.Document | None:
        """Read the text of a source, memo or representation: in the XML or in the archive, and nowhere else."""
        inline = markup.child(element, "PlainTextContent")
        if inline is not None:
            return offsets.Document(markup.text(inline), inline=True)
        path = element.get("plainTextPath", "")
        if not path or self._archive is None:
            return None
        if path.startswith(("relative://", "absolute://")):
            self._remarks.dropped("outside", "texts that stand outside of the file", markup.guid(element))
            return None
        if not path.startswith("internal://"):
            self._remarks.repaired("path", "paths of texts without internal://", markup.guid(element))
        member = self._archive.find(path.removeprefix("internal://"))
        return self._decoded(self._archive.read(member), markup.guid(element)) if member else None

    def _decoded(self, data: bytes, guid: str) -> offsets.Document | None:
        result = decode(data)
        if result.encoding == "mixed":
            self._remarks.dropped("mixed-encoding", "texts in several encodings", guid)
            return None
        if result.encoding != "utf-8":
            self._remarks.repaired("encoding", f"texts in {result.encoding}, not in UTF-8", guid)
        mark = "\ufeff" if result.mark else ""
        return offsets.Document(mark + data[len(result.mark) :].decode(result.encoding, "replace"))

    def resolve(self) -> dict[str, tuple[int, int, str]]:
        """Start, end (exclusive) and text of each selection that lies in its text, by the selection's id."""
        texts = [(document, self._selected.get(guid, [])) for guid, document in self._documents.items()]
        decision = offsets.decide(texts, self._expected or offsets.STANDARD)
        if decision.by_text:
            self._remarks.repaired("offsets", f"positions counted, as the text shows, by {decision.count}")
        elif decision.doubtful and self._expected is None:
            self._remarks.unresolved(
                "offsets-open",
                "positions may have been counted in more than one way; the standard's was taken",
                remedy="compare some excerpts in data/private/excerpts.csv with the program",
            )
        results: dict[str, tuple[int, int, str]] = {}
        for document, selections in texts:
            for selected in selections:
                span = document.span(selected, decision.count)
                if span and document.text[slice(*span)].strip():
                    results[selected.id] = (*span, document.text[slice(*span)])
                else:
                    self._remarks.dropped(
                        "outside-text",
                        "selections that are empty or lie outside of their text: their codings stay, "
                        "without an excerpt",
                        selected.id,
                    )
        return results
