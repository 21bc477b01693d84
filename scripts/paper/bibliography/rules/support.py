"""The passages that bear the citing sentences, as ``data/support.csv`` has them; see ``paper refs support``."""

from __future__ import annotations

from collections.abc import Iterator

from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.support.citing import find_citing_sentences


@rule("support-outdated", "warning", "look at the page again, then: paper refs support", "support")
def support_outdated(library: Library) -> Iterator[Finding]:
    """Find a passage that was kept for a citing sentence which the text no longer has."""
    known = {
        (one.citation.key, one.digest) for one in find_citing_sentences(library.sources, library.citations)
    }
    for row in library.support:
        entry = library.by_key.get(row.key)
        if entry and (row.key, row.sentence) not in known:
            what = f"page {row.page} of {row.key} was kept" if row.page else f"{row.key} as a whole was kept"
            yield at(entry, (), f"{what} for a sentence that was changed, or cites it no more")
