"""The bibliography in other programs' formats says what references.bib says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_books import Book

from paper.bibliography.export import export
from paper.bibliography.reader import read_text
from paper.bibliography.ris import ris
from paper.build import build
from paper.errors import CitationError
from paper.project import load as load_project
from paper.site.site import LISTS
from paper.tools import pandoc

BIB = r"""
@string{pmr = "Public Management Review"}
@article{radnor2013, author = {Radnor, Z. J. and {van Thiel}, S.}, title = {Lean: A Failed {Theory}?},
  journaltitle = pmr, volume = {15}, number = {2}, pages = {265--287}, date = {2013-04-15}, doi = {10.1080/x},
  doubt = {The day: 5 \% sure.}}
@inbook{hughes2003, author = {Hughes, O. E.}, title = {Conclusion}, crossref = {book2003}, chapter = {14},
  pages = {1--9}}
@book{book2003, author = {Hughes, O. E.}, title = {Public Management}, date = {2003}, publisher = {Palgrave},
  location = {Basingstoke}, isbn = {978-0-8133-4966-4}, audit-ignore = {key-pattern: so}}
@online{egov2017, author = {{eGov.kz}}, title = {e-Government}, date = {2017}, url = {http://egov.kz/a_b},
  urldate = {2018-01-02}}
@thesis{a2000, author = {A, B.}, title = {T}, type = {phdthesis}, institution = {NU}, date = {2000}}
@report{r2001, author = {{UNDP}}, title = {R}, institution = {UNDP}, type = {Paper}, date = {2001}}
@unpublished{kassenov2017, author = {Kassenov, M.}, title = {Speech}, eventtitle = {Issues}, venue = {Astana},
  date = {2017-10-30}}
@misc{law2013, author = {{Republic of Kazakhstan}}, title = {O uslugakh}, howpublished = {Law No. 88-V}, date = {2013}}
"""


@pytest.fixture
def root(book: Book) -> Path:
    return book({"index.qmd": "Says @radnor2013.\n", "references.bib": BIB})


def test_classic_bibtex_has_the_names_that_old_styles_know(root: Path) -> None:
    entries = read_text(export(load_project(root), "bibtex")).by_key
    assert entries["radnor2013"].values == {
        "author": "Radnor, Z. J. and {van Thiel}, S.",
        "title": "Lean: A Failed {Theory}?",
        "journal": "Public Management Review",
        "volume": "15",
        "number": "2",
        "pages": "265--287",
        "year": "2013",
        "month": "April",
        "day": "15",
        "doi": "10.1080/x",
        "annote": r"The day: 5 \% sure.",
    }
    kinds = {key: entry.type for key, entry in entries.items()}
    assert kinds == {
        "radnor2013": "article",
        "hughes2003": "incollection",
        "book2003": "book",
        "egov2017": "misc",
        "a2000": "phdthesis",
        "r2001": "techreport",
        "kassenov2017": "unpublished",
        "law2013": "misc",
    }
    assert entries["hughes2003"].get("booktitle") == "Public Management"
    assert entries["hughes2003"].get("publisher", "address", "year") == "Palgrave"
    assert entries["a2000"].get("school") == "NU"
    assert entries["egov2017"].get("note") == "Accessed 2018-01-02"
    assert entries["egov2017"].get("howpublished") == r"\url{http://egov.kz/a_b}"
    assert entries["kassenov2017"].get("note") == "Issues"
    assert not any("audit-ignore" in entry.values or "date" in entry.values for entry in entries.values())


def test_classic_bibtex_is_sound_and_pandoc_reads_it_alike(root: Path) -> None:
    text = export(load_project(root), "bibtex")
    assert not read_text(text).problems
    before, after = (
        {item["id"]: item for item in json.loads(pandoc.run(one, source=form, to="csljson"))}
        for one, form in ((BIB, "biblatex"), (text, "bibtex"))
    )
    for key in ("radnor2013", "a2000", "law2013"):
        for name in ("author", "title", "issued", "volume", "page", "DOI", "publisher"):
            assert after[key].get(name) == before[key].get(name), (key, name)


def test_csl_json_has_every_work_with_a_type_and_its_doubt(root: Path) -> None:
    items = {item["id"]: item for item in json.loads(export(load_project(root), "csljson"))}
    assert len(items) == 8 and all(item["type"] for item in items.values())
    assert items["law2013"]["type"] == "document"
    assert items["radnor2013"]["annote"] == "The day: 5 % sure."
    assert items["hughes2003"]["container-title"] == "Public management"


def test_ris_has_titles_as_printed_and_lines_as_the_format_asks(root: Path) -> None:
    text = export(load_project(root), "ris")
    assert text.count("\r\nER  - ") == 8 == text.count("TY  - ")
    assert all(line[2:6] == "  - " for line in text.split("\r\n") if line)
    record = text[: text.index("ER  - ")]
    for line in ("TY  - JOUR", "AU  - van Thiel, S.", "TI  - Lean: A Failed Theory?", "T2  - Public Management Review",
                 "SP  - 265", "EP  - 287", "PY  - 2013", "DA  - 2013/04/15", "DO  - 10.1080/x"):  # fmt: skip
        assert f"{line}\r\n" in record


def test_pandoc_reads_our_ris_as_we_meant_it(root: Path) -> None:
    items = {
        item["id"]: item
        for item in json.loads(pandoc.run(export(load_project(root), "ris"), source="ris", to="csljson"))
    }
    assert items["radnor2013"]["author"][0] == {"family": "Radnor", "given": "Z. J."}
    assert items["radnor2013"]["issued"]["date-parts"][0][0] == 2013
    assert items["book2003"]["publisher"] == "Palgrave"
    assert items["egov2017"]["URL"] == "http://egov.kz/a_b"


def test_a_work_of_no_known_type_and_with_no_date() -> None:
    text = ris(
        {"type": "performance", "id": "x", "author": [{"literal": "A\nB"}], "editor": [{"family": "E"}]}
    )
    assert text == "TY  - GEN\r\nID  - x\r\nAU  - A B\r\nA2  - E\r\nER  - \r\n"


def test_only_the_works_asked_for(root: Path) -> None:
    assert list(read_text(export(load_project(root), "bibtex", ["a2000", "a2000"])).by_key) == ["a2000"]
    assert [item["id"] for item in json.loads(export(load_project(root), "csljson", ["hughes2003"]))] == [
        "hughes2003"
    ]
    with pytest.raises(CitationError, match="no entry has the key 'nobody'"):
        export(load_project(root), "ris", ["nobody"])


def test_a_broken_file_is_not_exported(book: Book) -> None:
    root = book({"index.qmd": "A\n", "references.bib": "@misc{a,\n title={x\n}"})
    with pytest.raises(CitationError, match=r"references\.bib:\d: not exported"):
        export(load_project(root), "csljson")


def test_the_projects_own_works_can_be_exported(repository: Path) -> None:
    keys = read_text((repository / "references.bib").read_text("utf8")).by_key.keys()
    assert read_text(export(load_project(repository), "bibtex")).by_key.keys() == keys
    offered = {form: export(load_project(repository), form, doubts=False) for form in LISTS.values()}
    assert not [form for form, text in offered.items() if "annote" in text or "the draft" in text]


def test_the_site_offers_the_works_where_a_page_leads_to_them(book: Book) -> None:
    works = "@book{a, title = {A}, author = {Doe, J.}, year = 2001}\n"
    for text, offered in (("[@a]", set()), ("[@a] [all](references.ris)", {"references.ris"})):
        root = book({"index.qmd": f"# A\n\n{text}\n", "references.bib": works})
        site = build(root, targets={"html"}).outputs["website"].parent
        assert {name for name in LISTS if (site / name).exists()} == offered


@pytest.mark.parametrize(
    "year",
    ["forthcoming", "in press", "n.d.", "c. 1990", "1990-1995", "[1990] 2004", "cop. 1999", "", "1990/1995"],
)
def test_a_year_in_words_is_kept_as_words_and_ends_no_export(book: Book, year: str) -> None:
    root = book(
        {
            "index.qmd": "@x\n",
            "references.bib": f"@book{{x, author = {{A, B}}, title = {{T}}, year = {{{year}}}}}\n",
        }
    )
    lines = export(load_project(root), "ris").splitlines()
    (item,) = json.loads(export(load_project(root), "csljson"))
    if year == "1990/1995":
        assert "PY  - 1990" in lines and item["issued"] == {"date-parts": [[1990], [1995]]}
    else:
        assert not any(line.startswith(("PY", "DA")) for line in lines)
        assert item.get("issued") == ({"literal": year} if year else None)


@pytest.mark.parametrize("month", ["mar", "{March}", "{3}", '"03"', "{Mar.}"])
def test_a_month_in_any_form_is_exported(book: Book, month: str) -> None:
    bib = f"@article{{x, author = {{A, B}}, title = {{T}}, journal = {{J}}, year = {{1998}}, month = {month}}}\n"
    root = book({"index.qmd": "@x\n", "references.bib": bib})
    assert "DA  - 1998/03/" in export(load_project(root), "ris")
    assert json.loads(export(load_project(root), "csljson"))[0]["issued"] == {"date-parts": [[1998, 3]]}


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("al-Farabi, Abu", "al-Farabi, Abu"),
        ("d'Arcy, Lee", "d’Arcy, Lee"),
        ("von Braun, Wernher", "von Braun, Wernher"),
        ("de la Cruz, Juana", "de la Cruz, Juana"),
        ("van 't Hoff, Jacobus", "van ’t Hoff, Jacobus"),
        ("O'Neil, Paul", "O’Neil, Paul"),
        ("Charles de Gaulle", "de Gaulle, Charles"),
    ],
)
def test_particles_stand_before_the_name_as_they_are_written(book: Book, written: str, printed: str) -> None:
    bib = f"@book{{x, author = {{{written}}}, title = {{T}}, year = {{2001}}}}\n"
    root = book({"index.qmd": "@x\n", "references.bib": bib})
    assert f"AU  - {printed}" in export(load_project(root), "ris").splitlines()


INHERIT = """\
@mvbook{works, author = {Ring, Anna}, title = {Collected works}, publisher = {N}, location = {Leeds}, date = {1990}}
@book{keys, crossref = {works}, title = {On keys}, volume = {2}, date = {1991}, langid = {russian}}
@inbook{locks, crossref = {keys}, title = {A chapter on locks}, pages = {1--9}}
@xdata{press, publisher = {Southgate}, location = {York}}
@book{doors, author = {Lock, Ben and others}, xdata = {press}, title = {On doors}, date = {1992}}
"""


def test_what_is_taken_over_by_cross_reference_stands_in_classic_bibtex(book: Book) -> None:
    root = book({"index.qmd": "@locks\n", "references.bib": INHERIT})
    entries = read_text(export(load_project(root), "bibtex")).by_key
    assert entries["keys"].get("author", "publisher") == "Ring, Anna"
    assert entries["keys"].values["langid"] == "russian"
    assert {"author": "Ring, Anna", "booktitle": "On keys", "maintitle": "Collected works", "volume": "2",
            "year": "1991", "address": "Leeds"}.items() <= entries["locks"].values.items()  # fmt: skip
    assert entries["doors"].get("publisher") == "Southgate" and entries["doors"].get("author").endswith(
        "and others"
    )


def test_others_are_nobody_in_ris_and_csl(book: Book) -> None:
    root = book({"index.qmd": "@locks\n", "references.bib": INHERIT})
    assert "others" not in export(load_project(root), "ris", ["doors"])
    (item,) = json.loads(export(load_project(root), "csljson", ["doors"]))
    assert item["author"] == [{"family": "Lock", "given": "Ben"}]
