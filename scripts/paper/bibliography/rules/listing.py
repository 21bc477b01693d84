"""Citations against the bibliography: every key cited is listed, every work listed is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.rules import Finding, Library, at, in_text, rule


def _aliases(library: Library) -> dict[str, str]:
    """Other keys of an entry (biblatex's ids) → its key."""
    return {
        alias.strip(): entry.key
        for entry in library.entries
        if "ids" in entry.values
        for alias in entry.get("ids").split(",")
    }


@rule("cited-not-listed", "error", "add the work (paper refs add), or correct the key", "text")
def cited_not_listed(library: Library) -> Iterator[Finding]:
    """Find a citation of a work that the bibliography lacks."""
    from rapidfuzz import fuzz, process

    files = {source.file: source for source in library.sources}
    aliases = _aliases(library)
    lower = {key.lower() for key in library.by_key}
    for citation in library.citations:
        key = citation.key
        if key in library.by_key or key in aliases or key.lower() in lower or key == "*":
            continue
        near = process.extract(key, list(library.by_key), scorer=fuzz.ratio, limit=3, score_cutoff=60)
        meant = ", ".join(str(found[0]) for found in near)
        yield in_text(
            files[citation.file],
            citation.start,
            f"@{key} is cited, and not listed",
            f"nearest keys: {meant}" if meant else "",
        )


@rule("cited-case", "error", "write the key as the entry has it", "text")
def cited_case(library: Library) -> Iterator[Finding]:
    """Find a citation whose key differs from the entry's in capitals."""
    files = {source.file: source for source in library.sources}
    lower = {key.lower(): key for key in library.by_key}
    for citation in library.citations:
        if citation.key not in library.by_key and citation.key.lower() in lower:
            right = lower[citation.key.lower()]
            yield in_text(
                files[citation.file],
                citation.start,
                f"@{citation.key} is @{right} in the bibliography",
                f"write @{right}",
            )


@rule("listed-not-cited", "note", "cite it, drop it, or let it stand under further reading", "text")
def listed_not_cited(library: Library) -> Iterator[Finding]:
    """Find a work that no text cites."""
    used = (
        library.cited
        | {entry.get("crossref") for entry in library.entries}
        | {entry.get("xdata") for entry in library.entries}
    )
    aliases = _aliases(library)
    used |= {aliases[key] for key in library.cited if key in aliases}
    if any(re.search(r"@\*", source.prose) for source in library.sources):
        return  # nocite: "@*" lists every work
    for entry in library.entries:
        if entry.key not in used and entry.type.lower() not in ("xdata", "set"):
            yield at(entry, (), f"{entry.key} is listed, and not cited")
