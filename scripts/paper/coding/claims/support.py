"""What stands behind a claim of the ledger: cases and passages, or rows coded from documents; and what doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from paper import project
from paper.bibliography import reader
from paper.coding.claims.ledger import OTHER, Claim, near
from paper.coding.claims.parts import Passage, QuoteEntry
from paper.coding.claims.quantities import FILE, Vocabulary
from paper.coding.data import load, package
from paper.coding.interviews.coded import apply_coder_rule, case_positions, with_parents
from paper.report import Fault

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Row:
    """A coded row of a document table, in words."""

    id: str
    table: str
    text: str
    doubt: str
    locator: str
    source: str = ""  # citation key, where the row has one


@dataclass(frozen=True)
class Quote:
    """A released passage that the claim quotes, with what it says for or against."""

    segment: str
    case: str
    excerpt: str
    against: bool
    entry: QuoteEntry
    """The author's note on it, and its translation."""
    locator: str = ""


@dataclass(frozen=True)
class Support:
    """What stands behind a claim."""

    cases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Position (supports, both, dissents, silent) → pseudonyms."""
    segments: int = 0
    """Passages for and against."""
    against_segments: int = 0
    """Passages for and against."""
    quotes: tuple[Quote, ...] = ()
    rows: tuple[Row, ...] = ()
    """Of a claim on documents."""
    against_rows: tuple[Row, ...] = ()
    """Of a claim on documents."""
    passages: tuple[Passage, ...] = ()
    """Passages of documents that support the claim."""
    against_passages: tuple[Passage, ...] = ()
    total: int = 0
    """Interviews in all, or rows of the table that the claim counts in."""

    @property
    def supporting(self) -> tuple[str, ...]:
        """Return the cases that support the claim, also those with passages against it."""
        return (*self.cases.get("supports", ()), *self.cases.get("both", ()))

    def count(self, what: str) -> int:
        """Return how much there is of what ``at_least`` counts: cases, segments, rows or passages."""
        return {
            "cases": len(self.supporting),
            "segments": self.segments,
            "rows": len(self.rows),
            "passages": len(self.passages),
        }[what]


class Evidence:
    """The coded data of one kind of interviews, read once, that claims are held against."""

    def __init__(self, root: Path, *, synthetic: bool) -> None:
        """Read the tables. Raises DataError when one can't be read."""
        self.root = root
        self.codebook, self.cases, self.segments = (
            load.table(name, root, synthetic=synthetic) for name in ("codebook", "cases", "segments")
        )
        self.described = {name: table for name, table in package.tables(root).items() if table.claim}
        self.documents = {name: load.table(name, root) for name in self.described}

    @cached_property
    def coded(self) -> pd.DataFrame:
        """Return passages with their codes and all that stand above these: a code stands for those beneath it, too."""
        return with_parents(apply_coder_rule(self.segments).table, self.codebook)

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Return every row that a claim can rest on, by id."""
        results: dict[str, Row] = {}
        for name, table in self.documents.items():
            for values in table.to_numpy(dtype=object).tolist():
                cells = {str(key): str(value) for key, value in zip(table.columns, values, strict=True)}
                described = self.described[name]
                # A source that stands in no other table is a work of the bibliography, by its key.
                source = "" if "source" in described.references else cells.get("source", "")
                text = described.claim.format(**cells)
                results[cells["id"]] = Row(cells["id"], name, text, cells["doubt"], cells["locator"], source)
        return results

    @cached_property
    def works(self) -> frozenset[str]:
        """Return the keys of the bibliography."""
        files = project.load(self.root).bibliography
        return frozenset(entry.key for file in files for entry in reader.read(file).entries)

    @cached_property
    def passages(self) -> dict[str, tuple[str, bool, str, str]]:
        """Return each passage's case, whether it is released, its words and its locator."""
        # One coder's doubt holds a passage back, as in ``analysis.quotations.released``.
        free = self.segments.groupby("segment", sort=False)["released"].all().to_dict()
        first = self.segments.drop_duplicates("segment")
        first = first.assign(released=first["segment"].map(free))
        columns = (first[name] for name in ("segment", "case", "released", "excerpt", "locator"))
        return {
            str(name): (str(case), bool(free), str(text), str(locator))
            for name, case, free, text, locator in zip(*columns, strict=True)
        }

    def support(self, claim: Claim) -> Support:
        """Return what stands behind the claim; codes, passages and rows that aren't there count for nothing."""
        passages = tuple(passage for passage in claim.passages if not passage.against)
        against_passages = tuple(passage for passage in claim.passages if passage.against)
        if claim.kind == "documents":
            return Support(
                rows=tuple(self.rows[name] for name in claim.rows if name in self.rows),
                against_rows=tuple(self.rows[name] for name in claim.against if name in self.rows),
                total=len(self.documents[claim.of]) if claim.of in self.documents else 0,
                passages=passages,
                against_passages=against_passages,
            )
        where = case_positions(self.coded, self.cases, list(claim.codes), list(claim.against))
        opposing = set(self.coded.loc[self.coded["code"].isin(claim.against), "segment"])
        return Support(
            cases={str(name): tuple(rows["case"]) for name, rows in where.groupby("position", sort=False)},
            segments=int(where["supporting"].sum()),
            against_segments=int(where["opposing"].sum()),
            quotes=tuple(
                self._quote(entry, entry.segment in opposing)
                for entry in claim.quotes
                if entry.segment in self.passages and self.passages[entry.segment][1]
            ),
            total=len(self.cases),
            passages=passages,
            against_passages=against_passages,
        )

    def _quote(self, entry: QuoteEntry, against: bool) -> Quote:
        case, _, excerpt, locator = self.passages[entry.segment]
        return Quote(entry.segment, case, excerpt, against, entry, locator)

    def check(self, claim: Claim, vocabulary: Vocabulary) -> Iterator[Fault]:
        """Yield what the claim names and isn't there, and where its support falls below what it says."""
        yield from self._names(claim)
        yield from self._sources(claim)
        support = self.support(claim)
        for what, least in claim.at_least.items():
            if support.count(what) < least:
                message = (
                    f"the claim {claim.id} says at least {least} {what}, and {support.count(what)} support it"
                )
                remedy = "weaken the claim and its at_least, or code the evidence that it rests on"
                yield claim.fault("at_least", "claim-support", message, remedy)
        yield from self._words(claim, support, vocabulary)

    def _words(self, claim: Claim, support: Support, vocabulary: Vocabulary) -> Iterator[Fault]:
        if claim.quantity == OTHER:
            return
        if claim.quantity and claim.quantity not in vocabulary.words:
            remedy = f"{near(claim.quantity, list(vocabulary.words))}Add it to {FILE}, or write `quantity: {OTHER}`"
            yield claim.fault(
                "quantity", "claim-quantity", f"{claim.quantity!r} is no word of quantity", remedy
            )
        elif claim.quantity and claim.quantity not in vocabulary.words_in(claim.says):
            message = f"the claim doesn't say {claim.quantity!r}"
            yield claim.fault("quantity", "claim-quantity", message, "take quantity away, or correct it")
        else:
            yield from claim_words(claim, support, vocabulary)

    def _sources(self, claim: Claim) -> Iterator[Fault]:
        """Yield works that passages name and the bibliography lacks."""
        for source in (passage.source for passage in claim.passages):
            if source not in self.works:
                remedy = f"{near(source, list(self.works))}Name a work of the bibliography by its key"
                yield claim.fault("passages", "claim-unknown", f"there is no work {source!r}", remedy)

    def _names(self, claim: Claim) -> Iterator[Fault]:
        """Yield names of codes, passages, rows or tables that aren't there, and quotations that can't stand for it."""
        if claim.kind == "documents":
            for key, names in (("rows", claim.rows), ("against", claim.against)):
                for name in names:
                    if name not in self.rows:
                        there = ", ".join(self.documents)
                        remedy = f"{near(name, list(self.rows))}A row is named by its id in one of: {there}"
                        yield claim.fault(key, "claim-unknown", f"there is no coded row {name!r}", remedy)
            if claim.of and claim.of not in self.documents:
                remedy = f"{near(claim.of, list(self.documents))}Tables are: {', '.join(self.documents)}"
                yield claim.fault(
                    "of", "claim-unknown", f"there is no table {claim.of!r} to count in", remedy
                )
            elif claim.of and (
                strange := [n for n in claim.rows if n in self.rows and self.rows[n].table != claim.of]
            ):
                message = f"{', '.join(strange)} stand in another table than {claim.of}"
                yield claim.fault("of", "claim-unknown", message, "count in one table, or leave `of` out")
            return
        known = list(self.codebook["code"])
        for key, names in (("codes", claim.codes), ("against", claim.against)):
            for name in names:
                if name not in known:
                    remedy = f"{near(name, known)}Codes stand in data/codebook.csv"
                    yield claim.fault(key, "claim-unknown", f"there is no code {name!r}", remedy)
        carried = self.coded[self.coded["code"].isin([*claim.codes, *claim.against])]
        bearing = set(carried["segment"])
        for name in (quote.segment for quote in claim.quotes):
            if name not in self.passages:
                message, remedy = f"there is no passage {name!r}", near(name, list(self.passages))
            elif not self.passages[name][1]:
                message, remedy = f"the passage {name} is not released", "quote another, or release it"
            elif name not in bearing:
                message, remedy = f"the passage {name} carries none of the claim's codes", "quote another"
            else:
                continue
            yield claim.fault("quotes", "claim-quote", message, remedy or "quote another")


def claim_words(
    claim: Claim,
    support: Support,
    vocabulary: Vocabulary,
    text: str = "",
    file: str = "",
    line: int | None = None,
) -> Iterator[Fault]:
    """Yield what is wrong with words of quantity in the claim, or in ``text`` that makes it (at its file and line)."""
    if claim.quantity == OTHER:
        return
    told = text or claim.says
    remedy = (
        f"change the word, or what it means in {FILE}; write `quantity: {OTHER}` if it counts something else"
    )
    if claim.kind == "documents" and not claim.of:
        said = [f"“{word}” counts rows of no table" for word in vocabulary.words_in(told)]
        remedy = f"name the table that it counts in by `of:`, or write `quantity: {OTHER}`"
    else:
        counted, people = (
            (len(support.rows), False) if claim.kind == "documents" else (len(support.supporting), True)
        )
        said = list(vocabulary.check(told, counted, support.total, word=claim.quantity, people=people))
    for message in said:
        place = claim.fault("says", "claim-quantity", message, remedy)
        yield Fault(file, line, place.rule, message, remedy) if text else place
