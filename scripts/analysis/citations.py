"""Citations and references: what the draft had wrong, what is doubtful still, who is cited where.

Pure: coded tables in, result tables out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from paper.bibliography.citations import Citation

# Finding about the draft → the rules of ``paper refs check`` that find its like today; the others take a reader.
FOUND_BY: Final[dict[str, tuple[str, ...]]] = {
    "I-C01": ("cited-not-listed", "year-mismatch"),
    "I-C02": ("year-mismatch",),
    "I-C03": ("year-mismatch",),
    "I-C05": ("mention-misspelt",),
    "I-C06": ("mention-misspelt",),
    "I-C07": ("mention-misspelt",),
    "I-C08": ("mention-misspelt",),
    "I-C09": ("mention-style", "ibid", "et-al"),
    "I-R01": ("listed-not-cited",),
    "I-R02": ("duplicate-work",),
    "I-R03": ("library-proxy",),
    "I-R05": ("wrong-type",),
    "I-R10": ("author-is-title",),
    "I-R12": ("pages",),
    "I-R13": ("ahead-of-print",),
    "I-R14": ("missing-field",),
    "I-R15": ("missing-issue",),
    "I-R16": ("missing-doi", "doi-url"),
    "I-R17": ("web-access-date",),
    "I-R18": ("unbalanced-bracket",),
    "I-R20": ("name-forms", "pages"),
    "I-R23": ("statute-number", "statute-body"),
    "I-R24": ("title-transliteration",),
    "I-R25": ("oral-source",),
    "I-Q01": ("unbalanced-quotation",),
    "I-Q02": ("unbalanced-quotation",),
    "I-Q03": ("quote-without-page",),
    "I-Q04": ("quote-without-page",),
    "I-Q05": ("quote-without-page",),
}
# What became of it in the words of a reader.
STATES: Final = {"applied": "corrected", "open": "open", "kept": "right as it was"}
_SUBJECTS: Final = ("I-C", "I-R", "I-Q")


def faults_of_the_draft(corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the findings on citations, references and quotations, in their order.

    corrections: the data table. Columns: its own, then state (as in STATES) and found_by (rules, "; " between, or "").
    """
    data = corrections[corrections["id"].str.startswith(_SUBJECTS)].reset_index(drop=True)
    return data.assign(
        state=data["status"].map(STATES),
        found_by=["; ".join(FOUND_BY.get(number, ())) for number in data["id"]],
    )


def doubts(status: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the works of the draft's list of which something could not be confirmed, in the list's order.

    status: the data table ``references_status``; names: key → "Hood 1991". Columns: status's own, then work.
    """
    data = status[(status["unsure"] != "") & (status["key"] != "")].reset_index(drop=True)
    return data.assign(work=[names.get(key, key) for key in data["key"]])


def by_year_and_chapter(
    citations: Iterable[Citation],
    years: Mapping[str, int],
    chapters: Mapping[str, str],
    listed: Iterable[str],
) -> pd.DataFrame:
    """Return each work in each chapter that cites it, by year; works that none cites come last, with chapter "".

    years: key → year, for the works to show; chapters: page → title, in book order; listed: the keys of the draft's
    own list. Columns: chapter, key, year (int), listed (bool); ordered by chapter, year, key.
    """
    cited = {(citation.page, citation.key) for citation in citations if citation.key in years}
    own = set(listed)
    rows = [
        (title, key, years[key], key in own)
        for page, title in chapters.items()
        for key in sorted(years, key=lambda key: (years[key], key))
        if (page, key) in cited
    ]
    results = {key for _, key, _, _ in rows}
    rest = sorted((key for key in years if key not in results), key=lambda key: (years[key], key))
    rows += [("", key, years[key], key in own) for key in rest]
    return pd.DataFrame(rows, columns=["chapter", "key", "year", "listed"])
