"""Adding a work: from Crossref by DOI or ISBN, or from BibTeX; never twice, never into a broken file.

The answers in ``crossref/`` are Crossref's own, cut to what matters; a server on this machine gives them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from small_books import Book

from paper.bibliography import crossref
from paper.bibliography.add import add, new_entries
from paper.bibliography.record import bibtex
from paper.bibliography.verification import asking
from paper.errors import MachineError, SourceError
from paper.project import load as load_project

ANSWERS = Path(__file__).parent / "crossref"
BIB = """\
@article{hood1991,
  author       = {Hood, C.},
  title        = {A Public Management for All Seasons?},
  journaltitle = {Public Administration},
  date         = {1991},
  doi          = {10.1111/j.1467-9299.1991.tb00779.x},
}
"""


@dataclass
class Server:
    """A stand-in for Crossref: what it answers by path, how often it is asked, and with which headers."""

    address: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    refusals: int = 0  # answer 503 so many times first
    delay: float = 0.0
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def works(self, **message: Any) -> None:
        """Answer every search with these items."""
        body = {"status": "ok", "message-type": "work-list", "message": {"total-results": 1, **message}}
        self.answers["/works"] = (200, json.dumps(body).encode())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    found = Server()
    for path in ANSWERS.glob("*.json"):
        found.answers["/works/" + path.stem.replace("_", "/", 1)] = (200, path.read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            found.agents.append(self.headers["User-Agent"])
            time.sleep(found.delay)
            status, body = found.answers.get(unquote(urlsplit(self.path).path), (404, b"Resource not found."))
            if found.refusals:
                found.refusals -= 1
                status, body = 503, b"busy"
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status == 200 else "text/plain")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        found.address = f"http://127.0.0.1:{http.server_port}"
        monkeypatch.setattr(crossref, "ADDRESS", found.address)
        monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))
        monkeypatch.setattr(asking, "SPACING", 0.0)
        yield found
        http.shutdown()


@pytest.fixture
def root(book: Book) -> Path:
    return book({"index.qmd": "Says @hood1991.\n", "references.bib": BIB})


def bib(root: Path) -> str:
    return (root / "references.bib").read_text("utf8")


@pytest.mark.usefixtures("server")
def test_a_doi_gives_an_entry_in_the_houses_form(root: Path) -> None:
    (work,) = add(load_project(root), "https://doi.org/10.1037/0003-066X.59.1.29".lower())
    assert work.key == "ray2004"
    assert work.text == (
        "@article{ray2004,\n"
        "  author       = {Ray, Oakley},\n"
        "  title        = {How the Mind Hurts and Heals the Body},\n"
        "  journaltitle = {American Psychologist},\n"
        "  volume       = {59},\n"
        "  number       = {1},\n"
        "  pages        = {29--40},\n"
        "  date         = {2004},\n"
        "  doi          = {10.1037/0003-066x.59.1.29},\n"
        "}"
    )
    assert bib(root) == BIB + "\n" + work.text + "\n"


@pytest.mark.usefixtures("server")
def test_it_goes_to_its_place_in_an_ordered_file_and_to_the_end_of_another(book: Book) -> None:
    late = BIB.replace("hood1991", "zhu1991")
    root = book({"index.qmd": "A\n", "references.bib": late})
    add(load_project(root), "10.1037/0003-066x.59.1.29")
    assert bib(root).index("@article{ray2004") < bib(root).index("@article{zhu1991")
    untidy = "@misc{z2000,title={x},year=2000}\n@misc{a2000,title={y},year=2000}"
    root = book({"references.bib": untidy, "index.qmd": "A\n"})
    add(load_project(root), "10.1037/0003-066x.59.1.29")
    assert bib(root).startswith(untidy + "\n\n@article{ray2004")


@pytest.mark.usefixtures("server")
def test_articles_of_a_journal_without_pages_and_preprints() -> None:
    (plos,) = new_entries("doi:10.1371/journal.pone.0033693")
    assert (plos.get("date"), plos.get("pages"), plos.get("author").count(" and ")) == ("2012", "e33693", 5)
    (preprint,) = new_entries("10.65215/nxvz2v36")
    assert (preprint.type, preprint.get("date")) == ("online", "2025-08-23")
    assert "jats" not in preprint.get("title") and not preprint.get("abstract")


def test_crossref_is_told_who_asks(server: Server, book: Book) -> None:
    text = "".join(["author:\n", "  - name: Ann Author\n", "    email: ann@example.org\n"])
    root = book({"index.qmd": "A\n", "references.bib": BIB}, text)
    add(load_project(root), "10.1037/0003-066x.59.1.29")
    assert "ann@example.org" in server.agents[0]


def test_a_doi_with_odd_characters_is_asked_for_whole(server: Server) -> None:
    doi = "10.1002/(SICI)1096-987X(199803)19:4<377::AID-JCC1>3.0.CO;2-P"
    server.answers[f"/works/{doi}"] = server.answers["/works/10.65215/nxvz2v36"]
    assert new_entries(doi)


def test_a_doi_that_crossref_doesnt_know_is_told_at_once(server: Server, root: Path) -> None:
    with pytest.raises(SourceError, match=r"Crossref knows no DOI 10\.9999/nothing"):
        add(load_project(root), "10.9999/nothing")
    assert len(server.asked) == 1 and bib(root) == BIB


def test_a_busy_server_is_asked_again(server: Server) -> None:
    server.refusals = 2
    assert new_entries("10.65215/nxvz2v36")[0].get("title") == "Attention Is All You Need"
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_given_up(server: Server, root: Path) -> None:
    server.refusals = 99
    with pytest.raises(MachineError, match="Crossref can't be asked: it answers 503"):
        add(load_project(root), "10.65215/nxvz2v36")
    assert len(server.asked) == 3 and bib(root) == BIB


def test_a_server_that_never_answers_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", 0.1)
    server.delay = 0.5
    with pytest.raises(MachineError, match=r"can't be asked: .*timed out"):
        new_entries("10.65215/nxvz2v36")


def test_offline_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref, "ADDRESS", "http://127.0.0.1:9")
    monkeypatch.setattr(asking, "PAUSES", (0.0,))
    with pytest.raises(MachineError) as caught:
        new_entries("10.1000/x")
    assert "look at the connection" in str(caught.value) and "BibTeX" in str(caught.value)
    with pytest.raises(MachineError):
        new_entries("978-0-8133-4966-4")


@pytest.mark.parametrize("body", [b"<html>Sign in to the hotel</html>", b"[]", b'{"message": 3}', b""])
def test_an_answer_that_is_none_is_told(server: Server, body: bytes) -> None:
    server.answers["/works/10.1000/x"] = (200, body)
    with pytest.raises(MachineError, match="Crossref"):
        new_entries("10.1000/x")


def test_an_isbn_gives_the_book_and_not_its_chapters(server: Server) -> None:
    chapter = {"type": "book-chapter", "title": ["Chapter 4"]}
    book = {
        "type": "monograph",
        "title": ["The Primer"],
        "subtitle": ["Third Edition"],
        "publisher": "Routledge",
        "ISBN": ["http://id.crossref.org/isbn/9780813349664"],
        "author": [{"family": "Frederickson", "given": "H. George"}],
        "issued": {"date-parts": [[2018]]},
    }
    server.works(items=[chapter, book])
    (entry,) = new_entries("ISBN 978-0-8133-4966-4")
    assert (entry.type, entry.get("title"), entry.get("isbn")) == (
        "book",
        "The Primer: Third Edition",
        "9780813349664",
    )
    assert parse_qs(urlsplit(server.asked[0]).query)["filter"] == ["isbn:9780813349664"]


def test_an_isbn_that_crossref_doesnt_know(server: Server) -> None:
    server.works(items=[])
    with pytest.raises(SourceError, match="knows no book with the ISBN 9780813349664"):
        new_entries("9780813349664")


def test_an_isbn_with_a_wrong_check_digit_is_not_asked_for(server: Server) -> None:
    with pytest.raises(SourceError, match="check digit"):
        new_entries("978-0-8133-4966-5")
    assert not server.asked


def test_records_become_latex_with_proper_nouns_protected() -> None:
    record = {
        "type": "book-chapter",
        "title": ["Reform &amp; <i>NPM</i> in\n Kazakhstan: 100% of $5_000?"],
        "subtitle": [],
        "author": [
            {"family": "van Thiel", "given": "Sandra"},
            {"name": "World Bank"},
            {"family": "Smith", "given": "J.", "suffix": "Jr."},
        ],
        "editor": [{"family": "Solo"}],
        "container-title": ["A BOOK ALL IN CAPITALS"],
        "published-print": {"date-parts": [[2013, 4]]},
        "page": "12–34",
        "publisher": "Press {Inc}",
    }
    text = bibtex(record)
    assert "author       = {van Thiel, Sandra and {World Bank} and Smith, Jr., J.}," in text
    assert r"title        = {Reform \& \emph{{NPM}} in {Kazakhstan}: 100\% of \$5\_000?}," in text
    assert "editor       = {{Solo}}," in text
    assert "booktitle    = {A book all in capitals}," in text
    assert "date         = {2013}," in text and "pages        = {12--34}," in text
    assert "publisher    = {Press (Inc)}," in text


@pytest.mark.parametrize(
    "record", [{}, {"title": None, "author": "x", "issued": {"date-parts": [[None]]}}, {"title": []}]
)
def test_a_poor_record_gives_what_it_has(record: dict[str, Any]) -> None:
    assert bibtex(record) == "@misc{,\n}"


# -- BibTeX ------------------------------------------------------------------------------------------------


def test_bibtex_is_laid_out_and_keyed(root: Path) -> None:
    (work,) = add(
        load_project(root),
        '@Book{Womack:96, Author="Womack, J. P.", title={Lean}, year=1996, pages={1-9}, publisher={S}}',
    )
    assert work.key == "womack1996"
    assert "  pages        = {1--9},\n" in work.text and work.text in bib(root)


def test_a_key_that_is_taken_gets_a_letter(root: Path) -> None:
    new = "@article{hood1991, author={Hood, C.}, title={Something else}, journaltitle={J}, date={1991}}"
    assert [
        add(load_project(root), new.replace("else", word))[0].key
        for word in ("else", "quite different", "new")
    ] == [
        *("hood1991b", "hood1991c", "hood1991d"),
    ]


def test_several_entries_and_a_file_of_them(root: Path, tmp_path: Path) -> None:
    text = "@misc{, title={One}, year=2001}\n@misc{b2002, title={Two}, year=2002}\n"
    assert [work.key for work in add(load_project(root), text, dry=True)] == ["one2001", "b2002"]
    assert bib(root) == BIB
    (tmp_path / "new.bib").write_text(text, "utf8")
    assert [work.key for work in add(load_project(root), str(tmp_path / "new.bib"))] == ["one2001", "b2002"]
    assert "b2002" in bib(root)


@pytest.mark.parametrize(
    "again",
    [
        "@misc{x, title={Y}, doi={https://doi.org/10.1111/J.1467-9299.1991.TB00779.X}, year=1991}",
        "@misc{x, title={A public management for all season}, author={Hood, Christopher}, year=1991}",
    ],
)
def test_what_is_listed_is_not_added_again(root: Path, again: str) -> None:
    with pytest.raises(SourceError, match=r"nothing added: .* hood1991 \(references.bib:1\)"):
        add(load_project(root), again)
    assert bib(root) == BIB
    assert add(load_project(root), again, force=True)[0].key in bib(root)


ZOTERO = r"""
@book{hammer1993, title = {Reengineering}, author = {Hammer, M.}, date = {1993}, publisher = {H}, location = {N},
  isbn = {0-88730-640-3}, month = {October}, note = {Publisher: H},
  abstract = {All is new.}, keywords = {lean, \_to\_read},
  file = {Hammer - 1993 - Reengineering.pdf:/home/ring/Zotero/storage/AB12/Hammer.pdf:application/pdf}}
@article{again, title = {A Public Management for All Seasons?}, author = {Hood, Christopher}, date = {1991}}
@online{portal2020, title = {Портал}, author = {{Министерство юстиции}}, date = {2020}, url = {https://x.kz},
  note = {Accessed 3 May 2021}, annotation = {Ask Anna}}
@book{hammer1993b, title = {Reengineering}, author = {Hammer, M.}, date = {1993}, publisher = {H}}
"""


def test_an_export_gives_what_is_new_without_what_its_owner_kept(root: Path, tmp_path: Path) -> None:
    (tmp_path / "export.bib").write_text(ZOTERO, "utf8")
    works = {work.key: work for work in add(load_project(root), str(tmp_path / "export.bib"))}
    assert [key for key, work in works.items() if not work.listed] == ["hammer1993", "portal2020"]
    assert works["again"].listed.startswith("again is hood1991 (references.bib:")
    assert "hammer1993" in works["hammer1993b"].listed
    assert set(works["hammer1993"].dropped) == {"note", "abstract", "keywords", "file"}
    assert works["portal2020"].dropped == ("annotation",)
    for lost in ("storage", "All is new", "to\\_read", "Ask Anna", "Publisher: H"):
        assert lost not in bib(root)
    assert "  month        = oct,\n" in bib(root)
    assert "Accessed 3 May 2021" in bib(root) and "langid       = {russian}" in bib(root)


def test_faults_of_the_new_entry_are_told_with_it(root: Path) -> None:
    (work,) = add(
        load_project(root), "@article{x, title={X}, author={Nobody, N.}, year={201}, journaltitle={J}}"
    )
    assert {"year", "missing-doi"} <= {fault.rule for fault in work.faults}


@pytest.mark.parametrize(
    "given, said",
    [
        ("", "neither DOI nor ISBN nor BibTeX nor a file"),
        ("Hood 1991", "neither DOI"),
        ("no/such/file.bib", "neither DOI"),
        ("x" * 5000, "neither DOI"),
        ("a\0b", "neither DOI"),
        ("@article{x, title={open", "braces"),
        ("@comment{nothing}", "no entry"),
        ("@", 'an "@" between entries'),
    ],
)
def test_what_is_no_work_is_told(root: Path, given: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        add(load_project(root), given)
    assert bib(root) == BIB


def test_nothing_is_added_to_a_broken_file(book: Book) -> None:
    root = book({"index.qmd": "A\n", "references.bib": BIB + "@misc{open, title={x"})
    with pytest.raises(SourceError, match=r"references\.bib:8: nothing added"):
        add(load_project(root), "@misc{x, title={Y}, year=2000}")
