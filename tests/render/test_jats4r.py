"""Archives find in the JATS what JATS for Reuse recommends, by its own rules and by ours after its recommendations.

JATS4R's rules come from npm (MIT, https://github.com/JATS4R/jats-schematrons) where it can be reached; what they are
silent about is in ``jats4r.sch``, which always runs.
"""

from __future__ import annotations

import re
import shutil
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from schematron import validate
from tests import npm

from paper import build

RULES = Path(__file__).with_name("jats4r.sch")
FILES = {
    "_quarto.yml": """
        project: {type: book, output-dir: _site}
        book:
          title: A small book
          doi: 10.5555/98765
          author:
            - name: {given: Ana Maria, family: de la Cruz}
              orcid: 0000-0002-1825-0097
              email: ana@example.org
              corresponding: true
              roles: [conceptualization, {writing: lead}, Interviewing]
              affiliations: [{ref: a}, {name: B University, city: Bern, country: Switzerland}]
            - name: Bo Brown
              affiliations: [{ref: a}]
              role: writing – review & editing
          date: 2026-11-23
          chapters: [index.qmd, one.qmd]
        affiliations:
          - {id: a, name: A University, department: Policy, ror: 05dxps055, country: Kazakhstan}
        funding:
          - statement: Paid by A Fund (X-1).
            awards:
              - id: X-1
                source: [{institution: {name: A Fund, ror: "https://ror.org/021nxhr62"}}, B Fund]
                recipient: {ref: a}
                investigator: {name: {given: Bo, family: Brown}}
        copyright: {holder: [Ana de la Cruz, Bo Brown], year: 2026}
        license: CC BY
        citation: {submitted: 2026-10-01}
        keywords: [queues]
        bibliography: references.bib
        """,
    "references.bib": """
        @article{hood1991, author={Hood, C.}, title={A Public Management?}, journal={PA}, year={1991},
          doi={10.1111/j.1467-9299.1991.tb00779.x}}
        @book{krause2013, author={Krause, P.}, title={On Things}, year={2013}, url={https://example.org/a?b=1}}
        @dataset{doe2020, author={Doe, J.}, title={The Great Table}, year={2020}, doi={10.5281/zenodo.1234}}
        """,
    "index.qmd": "# Abstract {.unnumbered}\n\nIn short.\n",
    "one.qmd": """
        # One {#sec-one}

        Words [@hood1991; @krause2013; @doe2020]. See @sec-ethics, @sec-interests and <https://example.org/x>.

        ## Funding of schools {#sec-funding}

        Is the subject.

        ## Ethics {#sec-ethics .ethics-statement}

        A board agreed.

        ## Data {.data-availability .unnumbered}

        The table is at [@doe2020].

        ## Interests {#sec-interests .competing-interests}

        None *at all*.

        ## Money {.funding .unnumbered}

        And *by* B.

        ## Thanks {.acknowledgements .unnumbered}

        To all.

        ## More {.supplementary-material .unnumbered}

        Elsewhere.
        """,
}


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("jats4r")
    for name, text in FILES.items():
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    report = build.build(root, targets=["jats"])
    assert report.notices == []
    return text_of(report.outputs["archive"])


@pytest.fixture(scope="module")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("jats4r-conformance") / "book"
    shutil.copytree(Path(__file__).parent.parent / "conformance/book", root)
    return text_of(build.build(root, targets=["jats"]).outputs["archive"])


@pytest.fixture(scope="session")
def of_jats4r(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JATS4R's own rules."""
    integrity = "LHbiFKI4++eH8IJxmC30bxtF15ChfqGOKLdl+rU+anWq9/5oE+z9y3kYniLUrm+DySe/OAf4VddzWaaOqLk81A=="
    folder = npm.package("@jats4r/schematrons", "0.0.6", integrity, tmp_path_factory.mktemp("npm"))
    return folder / "schematrons/1.0/jats4r.sch"


@pytest.fixture(scope="session")
def declared_dtd(tmp_path_factory: pytest.TempPathFactory) -> etree.DTD:
    """The DTD that the article declares, in the public domain (https://jats.nlm.nih.gov/archiving/1.2/)."""
    integrity = "PtN1KLAuHEGEI6Ur6GBBv3oTXAgl9zW87eLktPAObsOeKlxLG08slUL1UPnPfQ8Wy4J7eqTcOBKB74liQAlWWw=="
    folder = npm.package("@jats4r/dtds", "0.0.10", integrity, tmp_path_factory.mktemp("npm"))
    return etree.DTD(str(folder / "schema/1.2/JATS-archivearticle1.dtd"))


def refused(dtd: etree.DTD, xml: bytes) -> list[str]:
    dtd.validate(etree.fromstring(xml))
    return [f"{error.line}: {error.message}" for error in dtd.error_log]


def text_of(archive: Path) -> bytes:
    with zipfile.ZipFile(archive) as packed:
        return packed.read(next(name for name in packed.namelist() if name.endswith(".xml")))


def errors(rules: Path, xml: bytes) -> list[str]:
    return [finding.message for finding in validate(rules, xml) if finding.role == "error"]


def test_what_an_author_states_stands_where_archives_look_for_it(article: bytes) -> None:
    root = etree.fromstring(article)

    def words(path: str) -> list[str]:
        return [" ".join("".join(e.itertext()).split()) for e in root.findall(path)]

    first, second = root.findall(".//contrib")
    assert [first.findtext("name/surname"), second.findtext("name/surname")] == ["de la Cruz", "Brown"]
    roles = [(role.get("vocab-term"), role.get("degree-contribution")) for role in root.iter("role")]
    assert roles == [
        ("Conceptualization", None), ("Writing – original draft", "Lead"), (None, None),
        ("Writing – review & editing", None),
    ]  # fmt: skip
    assert [x.get("rid") for x in second.findall("xref[@ref-type='aff']")] == ["aff-1"]
    assert words(".//aff//institution-id") == ["https://ror.org/05dxps055"]
    assert [country.get("country") for country in root.iter("country")] == ["KZ", "CH"]
    assert words(".//funding-source/institution-wrap/institution") == ["A Fund", "B Fund"]
    assert words(".//funding-statement") == ["Paid by A Fund (X-1). And by B."]
    assert words(".//copyright-holder") == ["Ana de la Cruz", "Bo Brown"]
    assert words(".//{http://www.niso.org/schemas/ali/1.0/}license_ref") == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert root.find(".//history/date[@date-type='received']").get("iso-8601-date") == "2026-10-01"
    assert words(".//author-notes/fn[@fn-type='coi-statement']") == ["None at all."]
    assert words("back/sec[@sec-type='data-availability']/title") == ["Data"]
    assert words("back/sec[@sec-type='supplementary-material']/title") == ["More"]
    assert words("back/ack/title") == ["Thanks"]
    assert words("body//sec[@sec-type='ethics-statement']/title") == ["Ethics"]
    assert words("body//sec/title") == ["One", "Funding of schools", "Ethics"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_each_work_tells_its_kind_and_its_doi_and_reads_as_before(article: bytes) -> None:
    root = etree.fromstring(article)
    refs = {ref.get("id"): ref.find("mixed-citation") for ref in root.iter("ref")}
    kinds = {name: citation.get("publication-type") for name, citation in refs.items()}
    assert kinds == {"ref-hood1991": "journal", "ref-krause2013": "book", "ref-doe2020": "data"}
    assert refs["ref-hood1991"].findtext("pub-id[@pub-id-type='doi']") == "10.1111/j.1467-9299.1991.tb00779.x"
    assert "https://doi.org/10.1111/j.1467-9299.1991.tb00779.x" in "".join(refs["ref-hood1991"].itertext())
    assert "".join(refs["ref-doe2020"].find(".//data-title").itertext()) == "The Great Table"


def test_a_chapter_or_an_appendix_may_be_a_statement(book: Callable[..., Path]) -> None:
    root = book(
        one="# One\n\nWords.\n",
        two="# Interests {.competing-interests .unnumbered}\n\nNone.\n",
        appendix="# Data {.data-availability}\n\nBeside it.\n",
    )
    xml = etree.fromstring(text_of(build.build(root, targets=["jats"]).outputs["archive"]))
    assert [title.text for title in xml.findall("body/sec/title")] == ["One"]
    assert "".join(xml.find(".//author-notes/fn").itertext()).strip() == "None."
    assert xml.findtext("back/sec[@sec-type='data-availability']/title") == "Data"
    assert xml.find("back/app-group") is None


@pytest.mark.parametrize("book", ["article", "conformance"])
def test_it_keeps_the_recommendations(book: str, request: pytest.FixtureRequest) -> None:
    assert errors(RULES, request.getfixturevalue(book)) == []


def test_the_paper_keeps_the_recommendations(built_paper: Path) -> None:
    assert errors(RULES, text_of(built_paper / "_site/local-drive-jats.zip")) == []


@pytest.mark.parametrize("book", ["article", "conformance"])
def test_jats4rs_own_rules_find_nothing(book: str, request: pytest.FixtureRequest, of_jats4r: Path) -> None:
    found = errors(of_jats4r, request.getfixturevalue(book))
    # These rules are older than the recommendation of 2023, which has this name in small letters.
    assert [message for message in found if "COI-statement" not in message] == []


def test_jats4rs_own_rules_find_nothing_in_the_paper(built_paper: Path, of_jats4r: Path) -> None:
    assert errors(of_jats4r, text_of(built_paper / "_site/local-drive-jats.zip")) == []


@pytest.mark.parametrize("book", ["article", "conformance"])
def test_the_dtd_that_it_declares_accepts_it(
    book: str, request: pytest.FixtureRequest, declared_dtd: etree.DTD
) -> None:
    xml = request.getfixturevalue(book)
    assert refused(declared_dtd, xml) == []
    assert refused(declared_dtd, xml.replace(b"<front>", b"<front><oddity/>")) != []


def test_the_dtd_that_it_declares_accepts_the_paper(built_paper: Path, declared_dtd: etree.DTD) -> None:
    assert refused(declared_dtd, text_of(built_paper / "_site/local-drive-jats.zip")) == []


def test_the_data_behind_figures_and_tables_come_with_the_article(built_paper: Path) -> None:
    path = built_paper / "_site/local-drive-jats.zip"
    root = etree.fromstring(text_of(path))
    (section,) = root.findall("back/sec[@sec-type='supplementary-material']")
    with zipfile.ZipFile(path) as packed:
        for item in section.findall("supplementary-material"):
            name = item.get("{http://www.w3.org/1999/xlink}href")
            assert packed.read(name) == (built_paper / "assets" / name).read_bytes()
            assert root.find(f".//*[@id='{item.get('id').removesuffix('-data')}']") is not None
    labels = {label.text for label in section.iter("label")}
    assert {"Figure\xa04.1", "Table\xa0A.1"} <= {label.replace(" ", "\xa0") for label in labels if label}


FAULTS: dict[str, Callable[[str], str]] = {
    "names its vocabulary": lambda xml: xml.replace('vocab-identifier="https://credit.niso.org/"', ""),
    "says that it is CRediT's": lambda xml: xml.replace("<role>Interviewing", "<role>Formal analysis"),
    "as its whole address": lambda xml: xml.replace(">https://orcid.org/", ">"),
    "affiliation is there": lambda xml: xml.replace('<aff id="aff-1">', '<aff id="aff-9">'),
    "one giver": lambda xml: re.sub(r"<funding-source>.*?</funding-source>", "", xml, count=1),
    "note to the authors": lambda xml: xml.replace('"coi-statement"', '"conflict"'),
    "behind the article": lambda xml: xml.replace('"ethics-statement"', '"data-availability"'),
    "its year": lambda xml: xml.replace("<copyright-year>2026</copyright-year>", ""),
    "tells its language": lambda xml: xml.replace(' xml:lang="en"', "", 1),
    "what it leads to": lambda xml: xml.replace('xlink:title="example.org"', ""),
    "what kind it is": lambda xml: xml.replace(' publication-type="journal"', ""),
    "given by itself": lambda xml: re.sub(r"<pub-id [^>]*>(.*?)</pub-id>", r"\1", xml),
    "Data have their title": lambda xml: re.sub(r"</?data-title>", "", xml),
}


@pytest.mark.parametrize("expected", FAULTS)
def test_our_rules_catch_a_planted_fault(expected: str, article: bytes) -> None:
    broken = FAULTS[expected](article.decode())
    assert broken != article.decode()
    assert any(expected in message for message in errors(RULES, broken.encode()))


def test_jats4rs_own_rules_catch_planted_faults(article: bytes, of_jats4r: Path) -> None:
    broken: Any = article.decode()
    broken = broken.replace("<copyright-year>2026</copyright-year>", "").replace(
        ' contrib-id-type="orcid"', ""
    )
    found = " ".join(errors(of_jats4r, broken.encode()))
    assert "Missing <copyright-year>" in found and "@contrib-id-type" in found
