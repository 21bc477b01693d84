"""Public indexes are asked whether works exist, are as listed and are not retracted; the answers are kept with date."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from index_server import Indexes
from planted_works import bibtex, book_of
from small_books import Book
from typer.testing import CliRunner

from paper.bibliography.audit import check_record, check_references
from paper.bibliography.verification import store
from paper.bibliography.verification.run import verify
from paper.bibliography.verification.summary import summarise
from paper.cli.refs import app
from paper.coding.data.check import check_data
from paper.coding.data.package import tables
from paper.errors import CitationError, MachineError
from paper.project import load as load_project

DAY = dt.date(2026, 11, 1)


HOOD = {
    "doi": "10.1111/j.1467-9299.1991.tb00779.x",
    "type": "journal-article",
    "title": "A PUBLIC MANAGEMENT FOR ALL SEASONS?",
    "container": "Public Administration",
    "people": [["HOOD", "CHRISTOPHER"]],
    "year": 1991,
    "volume": "69",
    "issue": "1",
    "page": "3-19",
}
ENTRY = {
    "author": "Hood, C.",
    "title": "A Public Management for All Seasons?",
    "journaltitle": "Public Administration",
    "date": "1991",
    "volume": "69",
    "pages": "3--19",
    "doi": HOOD["doi"],
}


def row_of(root: Path, key: str = "hood1991") -> store.Verification:
    return store.read_record(root)[key]


def test_the_answers_are_kept_with_their_date_and_the_check_says_how_old_they_are(
    book: Book, server: Indexes
) -> None:
    server.works.append(HOOD)
    root = book_of(
        book, bibtex("hood1991", "article", ENTRY), bibtex("law2013", "legislation", {"title": "On services"})
    )
    assert summarise(load_project(root)).startswith("never verified")
    verify(load_project(root), today=DAY)
    row = row_of(root)
    assert (row.status, row.checked, row.method, row.index, row.score) == (
        "confirmed",
        DAY,
        "doi",
        "Crossref",
        100,
    )
    assert row.record == f"https://doi.org/{HOOD['doi']}"
    assert row_of(root, "law2013").status == "unknowable"
    said = summarise(load_project(root), DAY + dt.timedelta(40))
    assert said == "last verified 40 days ago: 1 confirmed, 1 not to be known"
    assert {fault.rule for fault in check_record(load_project(root))} == {"not-to-be-known"}


def test_what_was_verified_lately_is_asked_again_only_when_it_changed_or_is_old(
    book: Book, server: Indexes
) -> None:
    server.works.append(HOOD)
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    verify(load_project(root), today=DAY)
    asked = len(server.asked)
    assert verify(load_project(root), today=DAY + dt.timedelta(29)).kept == 1 and len(server.asked) == asked
    assert not verify(load_project(root), today=DAY + dt.timedelta(30)).kept
    text = (root / "references.bib").read_text("utf8")
    (root / "references.bib").write_text(text.replace("{1991}", "{1992}"), "utf8")
    assert "1 changed since" in summarise(load_project(root), DAY)
    assert check_record(load_project(root)) == []  # what was said of the old entry is not said of the new one
    verify(load_project(root), today=DAY)
    [fault] = check_record(load_project(root))
    assert fault.rule == "record-differs" and fault.message == "hood1991: year: 1992 here, 1991 in Crossref"
    assert fault.line == 5


def test_a_retraction_stands_whatever_is_changed_in_the_entry(book: Book, server: Indexes) -> None:
    server.works.append(HOOD)
    date = {"date-parts": [[2020, 6, 5]]}
    server.updated_by[str(HOOD["doi"])] = [
        {"DOI": "10.1/n", "type": "retraction", "label": "Retraction", "source": source, "updated": date}
        for source in ("publisher", "retraction-watch")
    ]
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    verify(load_project(root), today=DAY)
    assert row_of(root).notices == "retraction 2020-06-05 10.1/n (publisher)"
    text = (root / "references.bib").read_text("utf8")
    (root / "references.bib").write_text(text.replace("Hood, C.", "Hood, Christopher"), "utf8")
    [fault] = check_record(load_project(root))
    assert (fault.rule, fault.severity) == ("retracted", "error")
    exempt = text.replace("  doi", "  audit-ignore = {retracted: discussed as such},\n  doi")
    (root / "references.bib").write_text(exempt, "utf8")
    assert check_record(load_project(root)) == []


@pytest.mark.usefixtures("server")
def test_laws_speeches_and_works_in_cyrillic_are_not_to_be_known_and_have_a_place_for_proof(
    book: Book,
) -> None:
    entries = [
        bibtex("kazakhstan2013law", "misc", {"title": "Law of the Republic of Kazakhstan No. 88-V", "date": "2013"}),
        bibtex("knox2017", "speech", {"author": "Knox, Colin", "title": "Reform of services", "date": "2017"}),
        bibtex("ivanov2010", "article", {
            "author": "Иванов, И.", "title": "Управление в Казахстане", "journal": "Вопросы", "volume": "3",
            "year": "2010",
        }),
        bibtex("petrov2011", "book", {
            "author": "Petrov, I.", "title": "Gosudarstvennoe upravlenie i razvitie uslug", "publisher": "Nauka",
            "year": "2011",
        }),
        bibtex("news2012", "article", {
            "author": "Smith, J.", "title": "Queues at the office", "journal": "Daily", "date": "2012-03-04",
            "url": "http://d.kz",
        }),
    ]  # fmt: skip
    root = book_of(book, *entries)
    run = verify(load_project(root), today=DAY)
    assert {row.status for row in run.rows} == {"unknowable"}
    assert len(check_record(load_project(root))) == len(entries)
    text = (root / "references.bib").read_text("utf8")
    (root / "references.bib").write_text(text.replace("  title", "  proof = {photograph},\n  title"), "utf8")
    assert check_record(load_project(root)) == []


def test_a_doi_of_another_agency_is_not_called_false(book: Book, server: Indexes) -> None:
    server.foreign.add("10.3969/j.issn.1")
    fields = {
        "author": "Li, W.",
        "title": "A study of rivers and lakes",
        "journal": "J",
        "year": "2010",
        "volume": "1",
    }
    root = book_of(book, bibtex("li2010", "article", {**fields, "doi": "10.3969/j.issn.1"}))
    assert [row.status for row in verify(load_project(root), today=DAY).rows] == ["unknowable"]


def test_a_chapter_that_no_index_holds_is_not_called_missing_where_its_book_exists(
    book: Book, server: Indexes
) -> None:
    assert server.works
    chapter = {
        "author": "Petrova, I.",
        "title": "Offices as places of waiting",
        "publisher": "Sage",
        "year": "1994",
    }
    known = {**chapter, "booktitle": "Qualitative Data Analysis", "editor": "Miles, Matthew B."}
    unknown = {**chapter, "booktitle": "Annals of Imaginary Waiting Rooms", "editor": "Nobody, A."}
    root = book_of(book, bibtex("a1994", "incollection", known), bibtex("b1994", "incollection", unknown))
    assert [row.status for row in verify(load_project(root), today=DAY).rows] == ["unknowable", "not-found"]


def test_a_first_name_and_its_short_form_are_one(book: Book, server: Indexes) -> None:
    server.works.append({**HOOD, "people": [["Hood", "William"]]})
    root = book_of(book, bibtex("hood1991", "article", {**ENTRY, "author": "Hood, Bill"}))
    assert [row.status for row in verify(load_project(root), today=DAY).rows] == ["confirmed"]


def test_a_preprint_that_was_published_since_is_told(book: Book, server: Indexes) -> None:
    server.datacite["10.48550/arxiv.1506.02078"] = {
        "doi": "10.48550/arxiv.1506.02078",
        "titles": [{"title": "Visualizing and Understanding Recurrent Networks"}],
        "creators": [
            {
                "name": "Karpathy, Andrej",
                "givenName": "Andrej",
                "familyName": "Karpathy",
                "nameType": "Personal",
            }
        ],
        "publicationYear": 2015,
        "types": {"resourceTypeGeneral": "Preprint"},
        "relatedIdentifiers": [
            {
                "relationType": "IsVersionOf",
                "relatedIdentifier": "10.1000/journal",
                "relatedIdentifierType": "DOI",
            }
        ],
    }
    posted = {**HOOD, "doi": "10.1101/2020.01", "type": "posted-content", "title": "On waiting in offices"}
    server.works.append(posted)
    server.relations["10.1101/2020.01"] = {
        "is-preprint-of": [{"id-type": "doi", "id": "10.1000/OTHER", "asserted-by": "subject"}]
    }
    arxiv = {
        "author": "Karpathy, A.",
        "title": "Visualizing and Understanding Recurrent Networks",
        "date": "2015",
    }
    root = book_of(
        book,
        bibtex("karpathy2015", "online", {**arxiv, "eprint": "1506.02078v2", "eprinttype": "arxiv"}),
        bibtex(
            "hood1991",
            "misc",
            {"author": "Hood, C.", "title": "On waiting in offices", "doi": "10.1101/2020.01"},
        ),
    )
    verify(load_project(root), today=DAY)
    found = {
        fault.message for fault in check_record(load_project(root)) if fault.rule == "preprint-published"
    }
    assert found == {
        "karpathy2015 was published as 10.1000/journal",
        "hood1991 was published as 10.1000/other",
    }


def test_the_notice_in_the_place_of_the_work_is_told(book: Book, server: Indexes) -> None:
    date = {"date-parts": [[2020]]}
    server.works.append(
        {
            **HOOD,
            "update-to": [{"DOI": "10.1/work", "type": "retraction", "source": "publisher", "updated": date}],
        }
    )
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    verify(load_project(root), today=DAY)
    [fault] = check_record(load_project(root))
    assert fault.rule == "retracted" and "the DOI is that of the notice" in fault.message


def test_a_title_in_cyrillic_may_be_held_in_translation(book: Book, server: Indexes) -> None:
    work = {
        **HOOD,
        "doi": "10.17323/1",
        "title": "Public services in Kazakhstan",
        "people": [["Ivanov", "Ivan"]],
        "year": 2010,
    }
    server.works.append(work)
    fields = {
        "author": "Иванов, И.",
        "title": "Государственные услуги в Казахстане",
        "date": "2010",
        "doi": "10.17323/1",
    }
    root = book_of(book, bibtex("ivanov2010", "article", fields))
    assert [row.status for row in verify(load_project(root), today=DAY).rows] == ["confirmed"]
    assert check_record(load_project(root)) == []


def test_an_index_that_is_down_is_left_out_and_nothing_is_called_missing(book: Book, server: Indexes) -> None:
    server.works.append(HOOD)
    server.down.add("openalex")
    invented = {
        "author": "Nobody, A.",
        "title": "Things that were never written down",
        "journal": "J",
        "volume": "1",
        "year": "2001",
    }
    root = book_of(book, bibtex("hood1991", "article", ENTRY), bibtex("nobody2001", "article", invented))
    run = verify(load_project(root), today=DAY)
    assert [row.key for row in run.rows] == ["hood1991"] and run.left == ["nobody2001"]
    assert "it answers 503" in run.unreachable["OpenAlex"]
    assert sum("openalex" in path for path in server.asked) == 3  # tried three times, once and for all
    server.down |= {"crossref"}
    with pytest.raises(MachineError, match="nothing verified: Crossref can't be asked: it answers 503"):
        verify(load_project(root), every=True, today=DAY)
    assert row_of(root).status == "confirmed"


def test_we_say_who_asks(book: Book, server: Indexes) -> None:
    server.works.append(HOOD)
    verify(load_project(book_of(book, bibtex("hood1991", "article", ENTRY))), today=DAY)
    assert server.agents and all("mailto:author@example.org" in agent for agent in server.agents)
    assert any("mailto=author%40example.org" in path for path in server.asked if "openalex" in path)


def test_a_dry_run_keeps_nothing_and_a_key_that_is_none_is_told(book: Book, server: Indexes) -> None:
    server.works.append(HOOD)
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    assert verify(load_project(root), dry=True, today=DAY).rows and not (root / store.FILE).exists()
    with pytest.raises(CitationError, match="no entry has the key 'hood1992'"):
        verify(load_project(root), ["hood1992"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,checked\n", r"verified.csv:1: its columns are not key"),
        (None, r"verified.csv:2: the row can't be read"),
    ],
)
def test_a_broken_record_is_told_with_its_line(book: Book, text: str | None, said: str) -> None:
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    head = ",".join(store.COLUMNS)
    (root / store.FILE).write_text(text or f"{head}\nhood1991,yesterday,confirmed,f,doi,,,,,,\n", "utf8")
    with pytest.raises(CitationError, match=said):
        check_references(load_project(root))


def test_a_check_needs_neither_network_nor_its_clients(book: Book, server: Indexes) -> None:
    server.works.append(HOOD)
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    verify(load_project(root), today=DAY)
    code = (
        "import sys; from pathlib import Path; from paper.bibliography.audit import check_references; "
        f"from paper.project import load; check_references(load(Path({str(root)!r}))); "
        "print(*({'httpx2', 'habanero', 'paper.bibliography.verification.indexes'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_command_shows_scores_keeps_the_record_and_describes_it_among_the_data(
    book: Book, server: Indexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.works.append(HOOD)
    server.retracted.add(str(HOOD["doi"]))
    root = book_of(book, bibtex("hood1991", "article", ENTRY))
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 1
    assert (
        f"hood1991                 confirmed    100 of 100  https://doi.org/{HOOD['doi']} (Crossref)"
        in done.output
    )
    assert "hood1991 is retracted: (OpenAlex)" in done.output
    assert check_data(load_project(root)) == []
    assert tables(root)["references_verified"].columns == list(store.COLUMNS)
    done = CliRunner().invoke(app, ["check"])
    assert done.output.rstrip().endswith("last verified today: 1 confirmed")
