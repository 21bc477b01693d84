"""``paper claims check``: every claim of Findings against its evidence, in the ledger and in the text.

In a chapter a claim is a link to its evidence, in ordinary Markdown::

    [Most interviewees speak of client orientation](#claim-client-orientation){.claim}

from another chapter with the way to the one that lists the evidence (``tables.evidence()``):
``[…](findings.qmd#claim-client-orientation){.claim}``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.bibliography.citations import Source, sources
from paper.coding.claims import ledger, quantities
from paper.coding.claims.ledger import FILE, SYNTHETIC, SYNTHETIC_FILE, Claim, near
from paper.coding.claims.support import Evidence, Support, claim_words
from paper.coding.data import load
from paper.errors import PaperError, Place, SourceError, SourceErrors
from paper.project import Project
from paper.report import Fault, has_errors, ordered
from paper.tools.cache import digest

ANCHOR: Final = "claim-"
LISTING: Final = re.compile(r"^[ \t]*tables\.evidence\(\)", re.M)
_TEXT: Final = r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
LINK: Final = re.compile(
    rf"{_TEXT}\((?P<way>[^()\s#]*)#{ANCHOR}(?P<id>[\w-]+)\)(?P<attributes>\{{[^{{}}\n]*\}})?"
)


@dataclass(frozen=True)
class SupportedClaim:
    """A claim with what stands behind it; ``support`` is None where its interviews are not in this edition."""

    claim: Claim
    support: Support | None


def check_claims(project: Project) -> list[Fault]:
    """Return all faults of the ledgers, real and synthetic, and of the claims in the text, by file and line."""
    root = project.root
    vocabulary, wrong_words = quantities.read(root)
    faults: list[Fault] = []
    known: dict[str, tuple[Claim, Support | None]] = {}
    for synthetic in (False, True):
        claims, found = ledger.read(root, synthetic=synthetic)
        faults += found
        if not claims:
            continue
        try:
            evidence = Evidence(root, synthetic=synthetic)
        except PaperError as error:
            faults += _unreadable(error)
            known |= {claim.id: (claim, None) for claim in claims}
            continue
        for claim in claims:
            faults += evidence.check(claim, vocabulary)
            known[claim.id] = claim, evidence.support(claim)
    if not known:  # a book without claims needs no words for them
        faults = [fault for fault in faults if (fault.file, fault.rule) != (quantities.FILE, "missing")]
    if known:  # a book without claims needs no words for them
        faults += wrong_words
    return ordered([*faults, *_in_text(project, known, vocabulary)])


def text_state(project: Project) -> str:
    """Return the hash of all that the text says of claims, by file and line: of the rest no fault here tells."""
    said = [
        (source.file, source.page, bool(LISTING.search(source.text)), *_said(source))
        for source in sources(project)
    ]
    return digest(repr(said))


def _said(source: Source) -> Iterator[tuple[int, str]]:
    return ((source.line(match.start()), match[0]) for match in _links(source))


def _links(source: Source) -> Iterator[re.Match[str]]:
    """Yield the links to claims, but those in code or in a comment."""
    return (match for match in LINK.finditer(source.text) if source.prose[match.start()] == "[")


def supported_claims(root: Path) -> list[SupportedClaim]:
    """Return the claims that this edition can make, with their support, in the order of the ledger.

    In the profile ``demo`` those on synthetic interviews come after those on documents, and claims on real
    interviews have no support, because their interviews are not in it. Raises SourceError, for all of them
    together, where the support of a claim falls below what it says.
    """
    vocabulary, wrong_words = quantities.read(root)
    faults: list[Fault] = []
    results: list[SupportedClaim] = []
    demo = load.is_synthetic()
    for synthetic in (False, True) if demo else (False,):
        claims, wrong = ledger.read(root, synthetic=synthetic)
        faults += wrong
        evidence = Evidence(root, synthetic=synthetic) if claims else None
        for claim in claims:
            if evidence is None or (demo and not synthetic and claim.kind == "interviews"):
                results.append(SupportedClaim(claim, None))
                continue
            faults += evidence.check(claim, vocabulary)
            results.append(SupportedClaim(claim, evidence.support(claim)))
    if results:
        faults += wrong_words
    if has_errors(faults):
        raise _as_errors([fault for fault in ordered(faults) if fault.severity == "error"])
    return results


def _as_errors(faults: list[Fault]) -> SourceError:
    errors: list[PaperError] = [
        SourceError(fault.message, place=Place(fault.file, fault.line, fault.column), remedy=fault.remedy)
        for fault in faults
    ]
    first = errors[0]
    return first if len(errors) == 1 and isinstance(first, SourceError) else SourceErrors(errors)


def _unreadable(error: PaperError) -> Iterator[Fault]:
    for each in error.errors if isinstance(error, SourceErrors) else [error]:
        file = str(each.place.file) if each.place else "data"
        line = each.place.line if each.place else None
        remedy = "run `paper data check`, which tells all that is wrong with the data"
        yield Fault(file, line, "unreadable", f"claims are not checked: {each.message}", remedy)


def _in_text(
    project: Project, known: dict[str, tuple[Claim, Support | None]], vocabulary: quantities.Vocabulary
) -> Iterator[Fault]:
    """Claims in the text that the ledger lacks, and the other way round; words that say more than is counted."""
    texts = sources(project)
    page = next((source.page for source in texts if LISTING.search(source.text)), None)
    result: set[str] = set()
    for source in texts:
        for match in _links(source):
            line, name = source.line(match.start()), match["id"]
            result.add(name)
            if name not in known:
                file = SYNTHETIC_FILE if name.startswith(SYNTHETIC) else FILE
                remedy = f"{near(name, list(known))}Enter it in {file}, or correct the link"
                yield Fault(source.file, line, "claim-unknown", f"the ledger has no claim {name!r}", remedy)
                continue
            yield from _way(source, match, line, page)
            claim, support = known[name]
            if support:
                yield from claim_words(claim, support, vocabulary, match["text"], source.file, line)
    for name, (claim, _) in known.items():
        if name not in result:
            remedy = f"link the words that make it: [words](#{ANCHOR}{name}){{.claim}}; or take it out"
            yield claim.fault("id", "claim-unused", f"no chapter makes the claim {name}", remedy)
    if known and page is None:
        remedy = "call `tables.evidence()` in a cell at the end of the findings"
        yield Fault(FILE, None, "claim-evidence", "no chapter lists the evidence that claims link to", remedy)


def _way(source: Source, match: re.Match[str], line: int, page: str | None) -> Iterator[Fault]:
    """Yield what is wrong with a claim's link: another target than its evidence, no mark, a link within."""
    way = match["way"]
    if page:
        here = posixpath.dirname(source.page)
        to = posixpath.normpath(posixpath.join(here, way)).replace(".qmd", ".html") if way else source.page
        if to != page:
            target = posixpath.relpath(page, here or ".").replace(".html", ".qmd")
            address = f"#{ANCHOR}{match['id']}" if page == source.page else f"{target}#{ANCHOR}{match['id']}"
            message = f"the link to the claim {match['id']} doesn't lead to its evidence"
            yield Fault(source.file, line, "claim-link", message, f"write it as ({address})")
    if re.search(r"@\w|\]\(", match["text"]):
        message = f"the claim {match['id']} holds a citation or another link, which a link can't"
        yield Fault(source.file, line, "claim-link", message, "move it behind the claim")
    if ".claim" not in re.split(r"[\s{}]+", match["attributes"] or ""):
        message = f"the link to the claim {match['id']} isn't marked as a claim"
        yield Fault(source.file, line, "claim-link", message, "write {.claim} after it", "warning")
