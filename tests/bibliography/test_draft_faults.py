"""The citation faults that nobody saw in the draft: each, put into a small book, is found, with its place.

Their numbers are those of the table of corrections (data/corrections.csv).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from small_books import Book

from paper import catalogue
from paper.bibliography.audit import check_references
from paper.project import load as load_project

citations = catalogue.module(Path(__file__).parents[2], "analysis.citations")
LISTED = """\
@article{knox2008, author = {Knox, C.}, title = {Modernizing Government}, journaltitle = {IRAS}, date = {2008}}
@unpublished{knox2017, author = {Knox, C.}, title = {A speech}, date = {2017-10-30}}
@article{janenova2016, author = {Janenova, S. and Kim, P. S.}, title = {Shops}, date = {2016}}
@article{meyer1977, author = {Meyer, J. W. and Rowan, B.}, title = {Organizations}, journaltitle = {AJS}, date = {1977}}
@article{radnor2013, author = {Radnor, Z. and Osborne, S. P.}, title = {Lean}, journaltitle = {PMR}, date = {2013}}
@incollection{ibrayeva2013, author = {Ibrayeva, A. R. and Nezhina, T. G.}, title = {Reforms}, date = {2013}}
@article{dimaggio1983, author = {DiMaggio, P. J. and Powell, W. W.}, title = {Iron Cage}, date = {1983}}
@article{vanthiel2002, author = {{van Thiel}, S. and Leeuw, F. L.}, title = {Paradox}, date = {2002}}
@article{hood1991, author = {Hood, C.}, title = {All Seasons}, journaltitle = {PA}, date = {1991}}
@article{fritz2018, author = {Fritz, R. L. and Vandermause, R.}, title = {Email}, journaltitle = {QHR}, date = {2018}}
"""

# number in the table: a sentence that has the fault, the rule, what it says, what to do.
IN_THE_TEXT = [
    ("I-C01", "Mimicry is common (Knox 2012).", "year-mismatch", "“Knox 2012”", "knox2008 (2008), knox2017 (2017)"),
    ("I-C01", "Mimicry is common [@knox2012].", "cited-not-listed", "@knox2012", "knox2017"),
    ("I-C02", "Shops help, as Janenova & Kim (2013) show.", "year-mismatch", "Janenova & Kim (2013)", "janenova2016"),
    ("I-C03", "Form decouples (Meyer & Rowan 1997).", "year-mismatch", "Meyer & Rowan 1997", "meyer1977 (1977)"),
    ("I-C05", "Lean spread (Radnor & Osbourne, 2013).", "mention-misspelt", "“Osbourne”", "write Osborne"),
    ("I-C06", "Reform began (Ibrayeva & Nezhnina 2013).", "mention-misspelt", "“Nezhnina”", "write Nezhina"),
    ("I-C07", "So Di Maggio and Powell (1983) explain.", "mention-misspelt", "“Di Maggio”", "write DiMaggio"),
    ("I-C08", "So Thiel and Leeuw (2002) argue.", "mention-misspelt", "“Thiel”", "write van Thiel"),
    ("I-C09", "A (Hood, 1991; Hood, 1991) and B (Meyer & Rowan 1977).", "mention-style", "no comma", "cite by key"),
    ("I-C09", "It goes on (ibid).", "ibid", "“ibid”", "repeat"),
    ("I-C09", "As Radnor et al (2013) find.", "et-al", "full stop", "et al."),
    ("I-R01", "Nothing is cited here.", "listed-not-cited", "hood1991", "drop it"),
]  # fmt: skip

# number: an entry with the fault as the draft printed it, the rule, what it says.
IN_THE_LIST = [
    (
        "I-R02",
        "@online{a2017, author={{Assessment Center}}, title={Methodology of Assessment}, date={2017}}\n"
        "@online{b2017, author={{Assessment Center}}, title={Methodology of Assessment}, date={2017}}",
        "duplicate-work",
        "b2017 is a2017",
    ),
    (
        "I-R03",
        "@article{a2018, url={https://ezproxy.nu.edu.kz:2364/10.1177/1049732316689067}}",
        "library-proxy",
        "nu.edu.kz",
    ),
    (
        "I-R05",
        "@book{a1999, title={Exploiting Systems}, volume={6}, publisher={John Wiley}}",
        "wrong-type",
        "volume 6",
    ),
    (
        "I-R10",
        "@report{a2014, author={{Monitoring Report of Healthcare in Canada}}}",
        "author-is-title",
        "like a title",
    ),
    ("I-R12", "@inbook{a2003, pages={256-71}}", "pages", "256–71"),
    ("I-R13", "@article{a2013, volume={0}, number={0}, pages={1-21}}", "ahead-of-print", "volume is '0'"),
    (
        "I-R14",
        "@incollection{a2013, author={A, B.}, title={T}, booktitle={B}, date={2013}}",
        "missing-field",
        "publisher",
    ),
    ("I-R15", "@article{a2007, volume={25}, pages={420--437}}", "missing-issue", "volume 25"),
    ("I-R16", "@book{a2016, url={http://dx.doi.org/10.1787/9789264246768-en}}", "doi-url", "dx.doi.org"),
    ("I-R16", "@article{a2013, title={Public Sector Reforms}}", "missing-doi", "a2013 has no DOI"),
    (
        "I-R17",
        "@online{a2017, url={http://bagalau.kz/metod/citizen/}}",
        "web-access-date",
        "no day of access",
    ),
    ("I-R18", "@book{a2016, edition={Third edition)}}", "unbalanced-bracket", "0 ( and 1 )"),
    (
        "I-R20",
        "@misc{a2010, author={Bhuiyan, Shahjahan H.}}\n@misc{b2011, author={Bhuiyan, S. H.}}",
        "name-forms",
        "Shahjahan",
    ),
    ("I-R20", "@article{a2012, pages={pp. 364-71}}", "pages", "'pp. 364-71'"),
    (
        "I-R23",
        "@misc{a2013, author={{Law on Public Service}}, title={On Public Services}}",
        "statute-number",
        "its number",
    ),
    (
        "I-R23",
        "@misc{a2013, author={{Law on Public Service}}, title={On Public Services}}",
        "statute-body",
        "issuing body",
    ),
    (
        "I-R24",
        "@misc{a2017, title={Istoriya sozdaniya GK}}\n"
        "@misc{b2016, title={O Sisteme ocenki jeffektivnosti dejatel'nosti central'nyh gosudarstvennyh organov}}",
        "title-transliteration",
        "GOST",
    ),
    (
        "I-R25",
        "@misc{a2017, author={Kassenov, M.}, title={Speech at the conference}}",
        "oral-source",
        "a record",
    ),
]

QUOTED = [
    ("I-Q01", "Red tape is “common in every office of the state.", "unbalanced-quotation"),
    ("I-Q02", "An answer holds ‘less that is superfluous [@fritz2018, p. 1642].", "unbalanced-quotation"),
    (
        "I-Q03",
        "Hood (1991) stressed the “hands-on professional management” of services.",
        "quote-without-page",
    ),
    ("I-Q04", "@knox2008 wrote that reforms “failed to improve much on this”.", "quote-without-page"),
    ("I-Q05", "@hood1991 speak of an “epistemic bubble surrounding reform”.", "quote-without-page"),
]


def numbered(cases: list[tuple[str, ...]]) -> list[ParameterSet]:
    return [pytest.param(*rest, id=number) for number, *rest in cases]


@pytest.mark.parametrize("sentence, rule, said, remedy", numbered(IN_THE_TEXT))
def test_faults_of_the_drafts_text(book: Book, sentence: str, rule: str, said: str, remedy: str) -> None:
    root = book({"index.qmd": f"# A\n\nWords.\n{sentence}\n", "references.bib": LISTED})
    faults = [
        fault
        for fault in check_references(load_project(root))
        if fault.rule == rule and said in fault.message
    ]
    assert faults and remedy in faults[0].remedy, check_references(load_project(root))
    assert faults[0].place.startswith("references.bib:" if rule == "listed-not-cited" else "index.qmd:4")


@pytest.mark.parametrize("entry, rule, said", numbered(IN_THE_LIST))
def test_faults_of_the_drafts_list(book: Book, entry: str, rule: str, said: str) -> None:
    root = book({"index.qmd": "A\n", "references.bib": entry + "\n"})
    assert any(fault.rule == rule and said in fault.message for fault in check_references(load_project(root)))


@pytest.mark.parametrize("sentence, rule", numbered(QUOTED))
def test_faults_of_the_drafts_quotations_and_laws(book: Book, sentence: str, rule: str) -> None:
    root = book({"index.qmd": f"# A\n\n{sentence}\n", "references.bib": LISTED})
    assert [fault.line for fault in check_references(load_project(root)) if fault.rule == rule] == [3]


def test_a_page_that_a_query_asks_for_is_no_warning(book: Book) -> None:
    said = "@knox2008 wrote that reforms “failed to improve much on this”."
    root = book({"index.qmd": f"# A\n\n{said}[Which page?]{{.query}}\n\n{said}\n", "references.bib": LISTED})
    found = [fault for fault in check_references(load_project(root)) if fault.rule == "quote-without-page"]
    assert sorted(fault.severity for fault in found) == ["note", "warning"]


def test_a_decree_cited_by_number_alone(book: Book) -> None:
    root = book({"index.qmd": "# A\n\nThe system rests on Decree 954.\n", "references.bib": LISTED})
    assert [
        fault.line for fault in check_references(load_project(root)) if fault.rule == "statute-by-number"
    ] == [3]


def test_the_numbers_are_those_of_the_table(repository: Path) -> None:
    with (repository / "data" / "corrections.csv").open(encoding="utf8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    assert {row[0] for row in (*IN_THE_TEXT, *IN_THE_LIST, *QUOTED)} <= known


def test_the_appendix_names_for_each_fault_the_rules_that_find_it_here() -> None:
    tried = [(number, rule) for number, _, rule, *_ in (*IN_THE_TEXT, *IN_THE_LIST, *QUOTED)]
    assert {(number, rule) for number, rules in citations.FOUND_BY.items() for rule in rules} == set(tried)


def test_the_corrected_text_has_none_of_them(book: Book) -> None:
    text = (
        "# A\n\nShops help, as @janenova2016 show; form decouples [@meyer1977], and lean spread [@radnor2013].\n"
        "Reform began [@ibrayeva2013]. @dimaggio1983 explain it, @vanthiel2002 doubt it.\n"
        "@hood1991 [p. 4] stressed “hands-on professional management” of services.\n"
    )
    root = book({"index.qmd": text, "references.bib": LISTED})
    assert [fault for fault in check_references(load_project(root)) if fault.file == "index.qmd"] == []
