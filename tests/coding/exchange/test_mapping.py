"""The author's map decides who is who, which block a passage is in, and which words stand for roles and regions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import refi_builders as build
import yaml
from exchange_house import rows
from refi_builders import MINISTRY, QUEUES, guid

from paper.coding.exchange import mapping
from paper.coding.exchange.importing import Report
from paper.errors import DataError

Bring = Callable[..., Report]
LINES = build.TALK.splitlines(keepends=True)
HEADED = f"Block A: you\n{LINES[0]}{LINES[1]}Block B: why\nQuestion 7\n{LINES[2]}{LINES[3]}"


@pytest.fixture
def mapped(house: Path, bring: Bring) -> Callable[..., Report]:
    """Import a file with a map."""

    def run(make: Callable[[Path], Path], text: str, *, where: str = "data/private/map.yml") -> Report:
        (house / where).write_text(text, "utf8")
        return bring(make, map_path=house / where)

    return run


def talk(text: str, *inside: str, codes: str, more: str = "") -> Callable[[Path], Path]:
    xml = build.project(
        "Test", build.users("Ada"), codes, more,
        "<Sources>", build.source("Interview 1", *inside, file="1.txt"), "</Sources>",
    )  # fmt: skip
    return lambda path: build.qdpx(path, xml, {"1.txt": text})


def places(house: Path) -> list[tuple[str, str, str]]:
    return [(row["code"], row["block"], row["question"]) for row in rows(house, "segments")]


CODES = build.codebook(build.code("Ministry"), build.code("People"))


def test_headings_in_the_transcript_tell_block_and_question(
    house: Path, mapped: Callable[..., Report]
) -> None:
    make = talk(
        HEADED,
        build.selection(HEADED, MINISTRY, "Ministry"),
        build.selection(HEADED, QUEUES, "People"),
        codes=CODES,
    )

    report = mapped(
        make,
        "block:\n  headings: {'^Block A': A, '^Block B': B}\nquestion:\n  headings: '^Question (\\d+)'\n",
    )

    assert places(house) == [("ministry", "A", ""), ("people", "B", "7")]
    assert not [fault for fault in report.faults if fault.rule == "no-block"]


def test_codes_that_mark_blocks_are_no_codes_of_ours(house: Path, mapped: Callable[..., Report]) -> None:
    codes = build.codebook(
        build.code("Ministry"), build.code("People"), build.code("Part 1"), build.code("Part 2")
    )
    make = talk(
        build.TALK,
        build.selection(build.TALK, LINES[0] + LINES[1], "Part 1"),
        build.selection(build.TALK, LINES[3], "Part 2"),
        build.selection(build.TALK, MINISTRY, "Ministry"),
        build.selection(build.TALK, QUEUES, "People"),
        codes=codes,
    )

    mapped(make, "block:\n  codes: {Part 1: A, Part 2: C}\n  default: B\n")

    assert places(house) == [("ministry", "A", ""), ("people", "C", "")]
    assert [row["code"] for row in rows(house, "codebook")] == ["ministry", "people"]


def test_a_passage_between_two_equal_blocks_is_left_open(house: Path, mapped: Callable[..., Report]) -> None:
    codes = build.codebook(build.code("Ministry"), build.code("Part 1"), build.code("Part 2"))
    make = talk(
        build.TALK, build.selection(build.TALK, MINISTRY, "Ministry", "Part 1", "Part 2"), codes=codes
    )

    report = mapped(make, "block:\n  codes: {Part 1: A, Part 2: C}\n")

    assert places(house) == [("ministry", "", "")]
    assert {"several-blocks", "no-block"} <= {fault.rule for fault in report.faults}


def test_a_variable_tells_the_block_and_a_later_map_fills_it_in(
    house: Path, mapped: Callable[..., Report]
) -> None:
    more = (
        f'<Variables><Variable guid="{guid("v")}" name="Part" typeOfVariable="Integer"/></Variables><Cases>'
        f'<Case guid="{guid("c")}"><VariableValue><VariableRef targetGUID="{guid("v")}"/><IntegerValue>2</IntegerValue>'
        f'</VariableValue><SourceRef targetGUID="{guid("sourceInterview 1")}"/></Case></Cases>'
    )
    make = talk(build.TALK, build.selection(build.TALK, MINISTRY, "Ministry"), codes=CODES, more=more)
    mapped(make, "block: {}\n")
    assert places(house) == [("ministry", "", "")]

    mapped(make, "block:\n  variable: Part\n  values: {2: B}\n")

    assert places(house) == [("ministry", "B", "")]


def test_roles_and_regions_are_words_of_the_map_and_never_of_the_file(
    house: Path, mapped: Callable[..., Report]
) -> None:
    report = mapped(
        build.nvivo_windows, "role:\n  variable: Cases:Position\n  values: {Head of office: public servant}\n"
    )
    assert rows(house, "cases") == [{"case": "case-01", "role": "public servant", "region": ""}]
    assert "role-without-word" not in {fault.rule for fault in report.faults}

    report = mapped(build.maxqda, "region:\n  variable: Region\n  values: {Somewhere: north}\n")
    assert "region-without-word" in {fault.rule for fault in report.faults}
    assert rows(house, "cases")[-1]["region"] == ""


def test_names_codes_and_drivers_of_the_map(house: Path, mapped: Callable[..., Report]) -> None:
    (house / "data/codebook.csv").open("a", encoding="utf8").write(
        "external-control,,Control from the centre,d,u,n,,external,project\n"
    )
    codes = build.codebook(
        build.code("Pressure", build.code("Ministry"), build.code("To do")), build.code("People")
    )
    make = talk(
        build.TALK,
        build.selection(build.TALK, MINISTRY, "Ministry", "To do", user="Ada"),
        build.selection(build.TALK, QUEUES, "People", user="Ada"),
        codes=codes,
        more=f'<Sets><Set guid="{guid("s")}" name="Inner"><MemberCode targetGUID="{guid("People")}"/></Set></Sets>',
    )

    report = mapped(
        make,
        "cases: {Interview 1: north-02}\ncoders: {Ada: AL}\n"
        "codes: {Pressure/Ministry: external-control, To do: ''}\ndrivers: {Inner: internal, Pressure: external}\n",
    )

    assert [(row["case"], row["code"], row["coder"]) for row in rows(house, "segments")] == [
        ("north-02", "external-control", "AL"), ("north-02", "people", "AL"),
    ]  # fmt: skip
    assert {row["code"]: row["driver"] for row in rows(house, "codebook")} == {
        "external-control": "external", "pressure": "external", "people": "internal",
    }  # fmt: skip
    assert "left-out" in {fault.rule for fault in report.faults}


def test_a_map_with_names_in_the_open_is_told(mapped: Callable[..., Report]) -> None:
    report = mapped(build.qualcoder, "coders: {default: AL}\n", where="map.yml")
    assert "map-in-the-open" in {fault.rule for fault in report.faults}

    report = mapped(build.qualcoder, "block: {default: A}\n", where="map.yml")
    assert "map-in-the-open" not in {fault.rule for fault in report.faults}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("blok: {}\n", r"map.yml:1: 'blok' is not known here\n.*did you mean block\?"),
        ("block:\n  default: D\n", r"map.yml:2: 'D' is not known here\n.*A, B, C"),
        ("block:\n  codes: {X: Z}\n", r"map.yml:2: 'Z' is not known"),
        ("block: [A]\n", "block: expected settings beneath it"),
        ("role:\n  values: {Boss: chief}\n", r"map.yml:2: 'chief' is not known here\n.*public servant"),
        ("drivers: {X: sideways}\n", "'sideways' is not known"),
        ("question:\n  headings: '('\n", "a pattern can't be read"),
        ("codes: {X: [a, b]}\n", "X stands for several things"),
        ("codes: {Ministry: nowhere}\n", "'nowhere', which data/codebook.csv lacks"),
        ("cases: {P1: 'Aigerim!'}\n", "can't be a pseudonym"),
        ("coders: {default: 7}\n", "can't be a pseudonym"),
        ("cases: yes\n", "expected pairs"),
        ("table: cases\n", "'cases' is not known here"),
        ("a: [\n", r"map.yml:\d: not valid YAML|not valid YAML"),
        ("- x\n", "expected settings"),
    ],
)
def test_mistakes_in_a_map_are_told_with_line_and_remedy(
    mapped: Callable[..., Report], text: str, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        mapped(build.qualcoder, text)


def test_a_map_that_is_not_there(house: Path, bring: Bring) -> None:
    with pytest.raises(DataError, match=r"nowhere.yml: the map can't be read"):
        bring(build.qualcoder, map_path=house / "nowhere.yml")


def test_the_maps_in_the_instructions_can_be_read(house: Path, repository: Path) -> None:
    page = (repository / "data/ADDING-INTERVIEWS.md").read_text("utf8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    for text in examples:
        (house / "map.yml").write_text(text, "utf8")
        assert mapping.read(house / "map.yml", house) != mapping.Map()
    written = {key for text in examples for key in yaml.safe_load(text)}
    assert written | {"table"} == {*mapping.SETTINGS, "role", "region"}
