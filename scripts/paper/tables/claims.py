"""What stands behind each claim of the ledger: the list that claims in the text are links to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.coding.claims.check import ANCHOR, SupportedClaim, supported_claims
from paper.coding.claims.ledger import Claim
from paper.coding.claims.support import Quote, Row, Support
from paper.publishing.markdown import QueriedCell, escape
from paper.typography import capital

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Evidence:
    """Claims with their evidence, as Markdown in which each has an address of its own (``#claim-ID``)."""

    claims: list[SupportedClaim]
    codes: Mapping[str, str]
    """Code → name."""
    titles: Mapping[str, str]
    """Table → title."""
    cases: pd.DataFrame
    """The data table, for attributes beside quotations."""
    words: Mapping[str, str]
    """See ``publishing.page.ui_strings``."""
    attributes: tuple[str, ...]
    """The columns of cases that say something about a person."""

    @classmethod
    def load(cls) -> Evidence:
        """Load the ledger of this edition. Raises SourceError where a claim's support falls below what it says."""
        from paper.coding.data.load import table
        from paper.coding.data.package import tables
        from paper.project import find_root
        from paper.publishing.page import language, ui_strings

        root = find_root(Path.cwd())
        codebook = table("codebook", root)
        codes = dict(zip(codebook["code"], codebook["name"], strict=True))
        described = tables(root)
        titles = {name: of.title for name, of in described.items()}
        strings, attributes = ui_strings(language(root)), described["cases"].attributes
        return cls(supported_claims(root), codes, titles, table("cases", root), strings, attributes)

    def markdown(self) -> str:
        """Render each claim in a block of its own: what it says, what supports it, what speaks against it."""
        if not self.claims:
            return self.words["claims_none"]
        return "\n\n".join(self._claim(each.claim, each.support) for each in self.claims)

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,  # noqa: ARG002
        exclude: Container[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {"text/markdown": self.markdown() + "\n"}

    def _claim(self, claim: Claim, support: Support | None) -> str:
        if support is None:
            parts = [f"*{self.words['claim_elsewhere']}*"]
        elif claim.kind == "documents":
            parts = list(self._documents(claim, support))
        else:
            parts = list(self._interviews(claim, support))
        mark = [f"**{self.words['synthetic']}**"] if support and claim.synthetic else []
        body = "\n\n".join([f"**{escape(claim.says)}**", *mark, *parts])
        return f"::: {{#{ANCHOR}{claim.id} .claim-evidence}}\n{body}\n:::"

    def _documents(self, claim: Claim, support: Support) -> Iterator[str]:
        yield self.words["claim_rows_of" if claim.of else "claim_rows"].format(
            rows=len(support.rows),
            total=support.total,
            table=escape(self.titles.get(claim.of, "")),
            least=claim.at_least["rows"],
        )
        yield "\n".join(_row(row) for row in support.rows)
        if support.against_rows:
            yield self.words["claim_rows_against"]
            yield "\n".join(_row(row) for row in support.against_rows)

    def _interviews(self, claim: Claim, support: Support) -> Iterator[str]:
        t = self.words
        least = t["claim_least_and"].join(
            t[f"claim_least_{what}" + ("_1" if n == 1 else "")].format(n=n)
            for what, n in claim.at_least.items()
        )
        yield t["claim_interviews"].format(
            cases=len(support.supporting), total=support.total, segments=support.segments, least=least
        )
        codes, against = (", ".join(map(self._name, names)) for names in (claim.codes, claim.against))
        lines = [t["claim_codes_against" if against else "claim_codes"].format(codes=codes, against=against)]
        for position in ("supports", "both", "dissents", "silent"):
            if names := support.cases.get(position):
                lines.append(t[f"claim_{position}"].format(cases=escape(", ".join(names))))
        if support.against_segments:
            lines.append(t["claim_passages_against"].format(segments=support.against_segments))
        yield "\n".join(f"- {line}" for line in lines)
        attributes = {
            case: stated for case, *stated in self.cases[["case", *self.attributes]].itertuples(index=False)
        }
        for quote in support.quotes:
            yield self._quote(quote, attributes[quote.case])

    def _quote(self, quote: Quote, attributes: Iterable[str]) -> str:
        who = ", ".join(filter(None, (quote.case, *attributes)))
        against = f"; *{self.words['claim_against']}*" if quote.against else ""
        return f"> {escape(quote.excerpt)}\\\n> — {escape(who)}{against}"

    def _name(self, code: str) -> str:
        return escape(self.codes.get(code, code))


def _row(row: Row) -> str:
    source = f" [@{row.source}]" if row.source else ""
    said = QueriedCell(capital(row.text), row.doubt, row.id, anchor=False).markdown()
    return f"- {escape(row.id)}: {said}{source}"
