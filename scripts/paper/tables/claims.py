"""What stands behind each claim of the ledger: the entries that claims in the text are links to.

The form follows Annotation for Transparent Inquiry: why the evidence bears the claim, the passages in their own
words with translation and place, what speaks for and against. On pages an entry opens at the
claim itself (``site.evidence``).
"""

from __future__ import annotations

import html
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from paper.coding.claims import ANNOTATIONS, confidence
from paper.coding.claims.check import ANCHOR, SupportedClaim, supported_claims
from paper.coding.claims.ledger import Claim
from paper.coding.claims.parts import Passage
from paper.coding.claims.support import Quote, Row, Support
from paper.publishing.markdown import QueriedCell, escape
from paper.typography import capital

if TYPE_CHECKING:
    import pandas as pd

LIST: Final = 6  # rows that stand in a list, an item each; more run on in a paragraph
QUOTE: Final = "quote-"  # with a passage's id: the address of a quotation


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
    """See ``publishing.ui.ui_strings``."""
    attributes: tuple[str, ...]
    """The columns of cases that say something about a person."""
    download: str = ""
    """Address of the annotations to take away, from the chapter that is being run."""

    @classmethod
    def load(cls) -> Evidence:
        """Load the ledger of this edition. Raises SourceError where a claim's support falls below what it says."""
        from paper.coding.data.load import table
        from paper.coding.data.package import tables
        from paper.project import find_root
        from paper.publishing.page import address, language
        from paper.publishing.ui import ui_strings

        root = find_root(Path.cwd())
        codebook = table("codebook", root)
        codes = dict(zip(codebook["code"], codebook["name"], strict=True))
        described = tables(root)
        titles = {name: of.title for name, of in described.items()}
        return cls(
            supported_claims(root),
            codes,
            titles,
            table("cases", root),
            ui_strings(language(root)),
            described["cases"].attributes,
            address(ANNOTATIONS, root),
        )

    def markdown(self) -> str:
        """Render each claim in a block of its own: what it says, what supports it, what speaks against it."""
        if not self.claims:
            return self.words["claims_none"]
        quoted: set[str] = set()
        blocks = [self._claim(each.claim, each.support, quoted) for each in self.claims]
        if self.download:
            blocks.append(self._take_away())
        return "\n\n".join(blocks)

    def _take_away(self) -> str:
        """Render, for pages, the link to the annotations."""
        to, words = html.escape(self.download), html.escape(self.words["claims_file"])
        link = f'<p class="figure-links"><a href="{to}" download>{words}</a></p>'
        tools = f'<div class="figure-tools" data-pagefind-ignore>{link}</div>'
        return f'::: {{.content-visible when-format="html:js"}}\n```{{=html}}\n{tools}\n```\n:::'

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,  # noqa: ARG002
        exclude: Container[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {"text/markdown": self.markdown() + "\n"}

    def _claim(self, claim: Claim, support: Support | None, quoted: set[str]) -> str:
        if support is None:
            parts = [f"*{self.words['claim_elsewhere']}*"]
        else:
            parts = [
                *self._why(claim),
                *self._evidence(claim, support, quoted),
                *self._confidence(claim, support),
            ]
        mark = [f"[**{self.words['synthetic']}**]{{.synthetic-mark}}"] if support and claim.synthetic else []
        body = "\n\n".join([f"**{escape(claim.says)}**", *mark, *parts])
        return f"::: {{#{ANCHOR}{claim.id} .claim-evidence}}\n{body}\n:::"

    def _why(self, claim: Claim) -> Iterator[str]:
        """Yield the analytic note; to the author, that there is none."""
        if claim.note:
            yield self._label("claim_why")
            yield escape(claim.note)
        else:
            yield f'[{escape(self.words["claim_why"])}?]{{.query row="{claim.id}"}}'

    def _evidence(self, claim: Claim, support: Support, quoted: set[str]) -> Iterator[str]:
        yield self._label("claim_for")
        if claim.kind == "documents":
            yield from self._documents(claim, support)
        else:
            yield from self._interviews(claim, support, quoted)
        yield from map(self._passage, support.passages)
        against = [*map(self._passage, support.against_passages)]
        if claim.kind == "documents":
            against = [*self._rows(support.against_rows), *against]
        if against:
            yield self._label("claim_against")
            yield from against
        elif claim.kind == "documents":
            yield self.words["claim_against_none"]

    def _documents(self, claim: Claim, support: Support) -> Iterator[str]:
        t = self.words
        if claim.of:
            yield t["claim_rows_of"].format(
                rows=len(support.rows),
                total=support.total,
                table=escape(self.titles.get(claim.of, "")),
                least=claim.at_least["rows"],
            )
        else:
            number = {what: support.count(what) for what in ("rows", "passages")}
            yield t["claim_rows"].format(
                support=self._amounts({what: n for what, n in number.items() if n}),
                least=self._amounts(claim.at_least)
                if len(claim.at_least) > 1
                else next(iter(claim.at_least.values())),
            )
        yield from self._rows(support.rows)

    def _interviews(self, claim: Claim, support: Support, quoted: set[str]) -> Iterator[str]:
        t = self.words
        yield t["claim_interviews"].format(
            cases=len(support.supporting),
            total=support.total,
            segments=self._amounts({"segments": support.segments}),
            least=self._amounts(claim.at_least),
        )
        lines = [t["claim_codes"].format(codes=self._names(claim.codes))]
        if claim.against:
            lines.append(t["claim_codes_against"].format(codes=self._names(claim.against)))
        for position in ("supports", "both", "dissents", "silent"):
            if names := support.cases.get(position):
                lines.append(t[f"claim_{position}"].format(cases=escape(", ".join(names))))
        if support.against_segments:
            lines.append(t["claim_passages_against"].format(segments=support.against_segments))
        yield "\n".join(f"- {line}" for line in lines)
        rows = self.cases[["case", *self.attributes]].itertuples(index=False)
        attributes = {case: stated for case, *stated in rows}
        for quote in support.quotes:
            yield self._quote(quote, attributes[quote.case], quoted)

    def _quote(self, quote: Quote, attributes: Sequence[str], quoted: set[str]) -> str:
        """Render a quotation of an interview; the first time it has an address of its own."""
        address = "" if quote.segment in quoted else f"#{QUOTE}{quote.segment} "
        quoted.add(quote.segment)
        who = escape(", ".join(filter(None, (quote.case, *attributes, quote.locator))))
        if quote.against:
            who += f"; *{self.words['claim_speaks_against']}*"
        entry = quote.entry
        return self._excerpt(address, quote.excerpt, entry.language, entry.translation, who, entry.note)

    def _passage(self, passage: Passage) -> str:
        """Render a passage of a law, a document or a work."""
        who = f"@{passage.source}, {escape(passage.locator)}"
        return self._excerpt("", passage.excerpt, passage.language, passage.translation, who, passage.note)

    def _excerpt(
        self, address: str, excerpt: str, language: str, translation: str, who: str, note: str
    ) -> str:
        words = (
            f"[{escape(excerpt)}]{{lang={language}}}"
            if language.replace("-", "").isalnum()
            else escape(excerpt)
        )
        lines = [f"“{words}”"]
        if translation:
            lines.append(f"*{self.words['claim_translation']}:* “{escape(translation)}”")
        lines.append(f"— {who}")
        quotation = "\n".join(f"> {line}\\" for line in lines).removesuffix("\\")
        block = f"{quotation}\n\n{escape(note)}" if note else quotation
        return f"::: {{{address}.claim-quote}}\n{block}\n:::"

    def _rows(self, rows: Sequence[Row]) -> Iterator[str]:
        """Yield coded rows: a few as a list, many as one running paragraph."""
        if not rows:
            return
        if len(rows) <= LIST:
            yield "\n".join(f"- {self._row(row, first=True)}" for row in rows)
        else:
            texts = "; ".join(self._row(row, first=at == 0) for at, row in enumerate(rows))
            yield f"{texts}."

    def _row(self, row: Row, *, first: bool) -> str:
        text = capital(row.text) if first else row.text[:1].lower() + row.text[1:]
        said = QueriedCell(text, row.doubt, row.id, anchor=False).markdown()
        return f"{said}{f' [@{row.source}]' if row.source else ''} [({escape(row.id)})]{{.row-id}}"

    def _confidence(self, claim: Claim, support: Support) -> Iterator[str]:
        """Yield the confidence in the claim and its four parts."""
        t = self.words
        result = confidence.assess(claim, support)
        yield (
            self._label_of(t["confidence"].format(level=t[f"confidence_{result.level}"]))
            if result.level
            else self._label_of(t["confidence_open"])
        )
        computed = {"coherence": self._coherence(claim, support), "adequacy": self._adequacy(claim, support)}
        lines = []
        for name, part in result.parts.items():
            concerns = t[f"concerns_{part.concerns or ''}"]
            sentences = (
                escape(capital(reason).removesuffix("."))
                for reason in (computed.get(name), part.because)
                if reason
            )
            lines.append(f"- *{t[f'confidence_{name}']}:* {'. '.join([concerns, *sentences])}.")
        yield "\n".join(lines)

    def _coherence(self, claim: Claim, support: Support) -> str:
        against, every = confidence.opposition(claim, support)
        if not against:
            return self.words["confidence_against_none"]
        what = self.words[f"confidence_what_{claim.kind}"]
        return self.words["confidence_against"].format(against=against, every=every, what=what)

    def _adequacy(self, claim: Claim, support: Support) -> str:
        if claim.of:
            return self.words["confidence_rows"].format(n=support.total)
        if claim.kind == "documents":
            return self.words["confidence_works"].format(n=len(confidence.works(support)))
        return self.words["confidence_cases"].format(cases=len(support.supporting), segments=support.segments)

    def _amounts(self, counts: Mapping[str, int]) -> str:
        """Return numbers with their nouns, joined."""
        t = self.words
        return t["claim_and"].join(
            t[f"claim_least_{what}" + ("_1" if n == 1 else "")].format(n=n) for what, n in counts.items()
        )

    def _label(self, key: str) -> str:
        return self._label_of(self.words[key])

    def _label_of(self, words: str) -> str:
        return f"[*{escape(words)}*]{{.claim-label}}"

    def _names(self, codes: Sequence[str]) -> str:
        return escape(", ".join(self.codes.get(code, code) for code in codes))
