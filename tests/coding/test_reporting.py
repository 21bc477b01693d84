"""The checklists: whole, in order, answered only where the paper says something."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper import tables
from paper.coding.interviews import reporting
from paper.errors import SourceError
from paper.project import load as load_project

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def checked(book: Callable[..., Path]) -> Path:
    """A book with both checklists, on which nothing is answered yet but one item of SRQR."""
    root = book(
        method="# Method {#sec-method}\n\nText.\n\n```{python}\n#| label: tbl-facts\n1\n```\n\n## Ways {#ways}\n"
    )
    bibliography = (REPOSITORY / "references.bib").read_text("utf8")
    (root / "references.bib").write_text(bibliography, "utf8")
    for name, standard in (("coreq", "tong2007"), ("srqr", "obrien2014")):
        write(root, name, standard, [item(number) for number in reporting.ITEMS[name]])
    return root


def item(number: str, more: str = "") -> str:
    return f'  - item: "{number}"\n    part: A part\n    asks: Something\n{more}'


def write(root: Path, name: str, standard: str, items: list[str]) -> None:
    path = root / reporting.FOLDER / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"standard: {standard}\nitems:\n{''.join(items)}", "utf8")


def with_first(root: Path, more: str) -> None:
    """SRQR with more said of its first item."""
    first, *others = reporting.ITEMS["srqr"]
    write(root, "srqr", "obrien2014", [item(first, more), *map(item, others)])


def test_the_projects_own_checklists_are_whole_and_lead_somewhere() -> None:
    assert reporting.check_reporting(load_project(REPOSITORY)) == []
    for name, number in (("coreq", 32), ("srqr", 21)):
        checklist = reporting.read(REPOSITORY, name)
        assert len(checklist.items) == number
        assert sum(map(checklist.count, ("answered", "in part", "open"))) == number
        assert checklist.count("open") > 0  # nobody has been interviewed yet


def test_an_item_without_an_answer_is_open_and_one_with_a_gap_is_answered_in_part(checked: Path) -> None:
    with_first(checked, "    answer: It says so.\n    where: [sec-method]\n")
    assert reporting.check_reporting(load_project(checked)) == []
    checklist = reporting.read(checked, "srqr")
    assert [checklist.items[0].status, checklist.items[1].status] == ["answered", "open"]
    with_first(checked, "    answer: It says so.\n    missing: But not all.\n    where: [sec-method]\n")
    assert reporting.read(checked, "srqr").items[0].status == "in part"


def test_places_may_be_labels_or_files_with_words(checked: Path) -> None:
    where = "[tbl-facts, {ways: method.qmd#ways}, {preface: index.qmd}]"
    with_first(checked, f"    answer: So.\n    where: {where}\n")
    assert reporting.check_reporting(load_project(checked)) == []
    assert reporting.read(checked, "srqr").items[0].where == (
        reporting.See("tbl-facts"),
        reporting.See("method.qmd#ways", "ways"),
        reporting.See("index.qmd", "preface"),
    )


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("[sec-methods]", "the paper has no label 'sec-methods'"),
        ("[{ways: method.qmd#way}]", "method.qmd has no 'way'"),
        ("[{ways: methods.qmd}]", "'methods.qmd' is no chapter"),
    ],
)
def test_a_place_that_the_paper_hasnt_is_told_with_what_was_meant(
    checked: Path, where: str, said: str
) -> None:
    with_first(checked, f"    answer: So.\n    where: {where}\n")
    [fault] = reporting.check_reporting(load_project(checked))
    assert (fault.file, fault.line, fault.message) == ("data/reporting/srqr.yml", 3, said)
    assert "did you mean" in fault.remedy


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    answer: So.\n", "an answer without a place"),
        ("    where: [sec-method]\n", "a place without an answer"),
        ("    answer: So.\n    where: sec-method\n", "where is not a list of places"),
        ("    answer: So.\n    where: [method]\n", "where is not a list of places"),
        ("    anwser: So.\n", "'anwser' is nothing that an item has"),
    ],
)
def test_an_item_that_is_written_wrongly_is_told_at_its_line(checked: Path, more: str, said: str) -> None:
    with_first(checked, more)
    [fault] = reporting.check_reporting(load_project(checked))
    assert (fault.line, fault.message) == (3, said)
    with pytest.raises(SourceError, match=said):
        reporting.read(checked, "srqr")


def test_items_have_to_be_those_of_the_checklist_in_its_order(checked: Path) -> None:
    numbers = ["S2", "S1", *reporting.ITEMS["srqr"][2:-1], "S22", "S3"]
    write(checked, "srqr", "obrien2014", list(map(item, numbers)))
    assert [(fault.line, fault.message) for fault in reporting.check_reporting(load_project(checked))] == [
        (None, "the item S21 is missing"),
        (6, "the item S1 stands behind S2"),
        (63, "the checklist has no item S22"),
        (66, "the item S3 stands there twice"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("items: []\n", "expected standard and items"),
        ("standard: tong2007\nitems: {}\n", "expected standard and items"),
        ("standard: [tong2007\n", "not valid YAML"),
        ("standard: tong2007\nitems: [text]\n", "not an item"),
        ("standard: tong2007\nitems:\n  - item: 1\n", "the item has no part"),
    ],
)
def test_a_checklist_that_cannot_be_read_is_told(checked: Path, text: str, said: str) -> None:
    (checked / "data/reporting/coreq.yml").write_text(text, "utf8")
    assert any(said in fault.message for fault in reporting.check_reporting(load_project(checked)))


def test_a_standard_that_the_bibliography_lacks_is_told(checked: Path) -> None:
    write(checked, "coreq", "tong2017", list(map(item, reporting.ITEMS["coreq"])))
    [fault] = reporting.check_reporting(load_project(checked))
    assert (fault.rule, fault.line) == ("reporting-standard", 1)


def test_a_missing_checklist_is_told_and_cannot_be_shown(checked: Path) -> None:
    (checked / "data/reporting/coreq.yml").unlink()
    [fault] = reporting.check_reporting(load_project(checked))
    assert fault.rule == "unreadable"
    with pytest.raises(SourceError, match="can't be read"):
        reporting.read(checked, "coreq")


@pytest.mark.parametrize("name", ["coreq", "srqr"])
def test_the_table_counts_what_is_open_and_prints_no_wording_of_its_own(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(REPOSITORY / "chapters")
    made = tables.every(REPOSITORY)[name]()
    checklist = reporting.read(REPOSITORY, name)
    numbers = [checklist.count(status) for status in ("answered", "in part", "open")]
    assert made.note == "Items: {}. Answered: {}; in part: {}; open: {}.".format(
        len(checklist.items), *numbers
    )
    text = made.markdown()
    assert text.count("**Open**") == checklist.count("open")
    labels = {see.target for item in checklist.items for see in item.where if not see.words}
    assert all(f"@{label}" in text for label in labels)
    if name == "srqr":
        assert "(<../index.qmd#abstract>)" in text


# -- standards that take their answers from the others ----------------------------------------------------------


def test_each_thing_is_answered_once_for_all_standards() -> None:
    known = {
        f"{name}-{item.number}": item
        for name in reporting.ANSWERED
        for item in reporting.read(REPOSITORY, name).items
    }
    for name in ("jars", "interview_methods"):
        checklist = reporting.read(REPOSITORY, name)
        assert [item.number for item in checklist.items] == list(reporting.ITEMS[name])
        for item in checklist.items:
            others = [known[same] for same in item.same]
            assert all(other.answer in item.answer for other in others)
            assert item.answer == "" or any(other.answer for other in others), "nothing is answered twice"
            assert {see for other in others for see in other.where} == set(item.where)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("as: [coreq-10]", "as: [coreq-40]", "there is no item 'coreq-40'"),
        ("as: [coreq-10]", "as: coreq-10", "as is not a list of items"),
        ("as: [coreq-10]", "as: [coreq-10]\n    answer: By lot.", "the item takes an answer and gives one"),
    ],
)
def test_an_answer_that_cannot_be_taken_over_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / reporting.FOLDER
    folder.mkdir(parents=True)
    for name in ("coreq", "srqr", "interview_methods"):
        text = (REPOSITORY / reporting.FOLDER / f"{name}.yml").read_text("utf8")
        (folder / f"{name}.yml").write_text(text.replace(old, new, 1), "utf8")
    with pytest.raises(SourceError, match=said):
        reporting.read(tmp_path, "interview_methods")
