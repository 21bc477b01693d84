"""REFI-QDA files come in as each program writes them, with every coding on the words that were selected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import refi_builders as build
from refi_builders import MINISTRY, QUEUES, guid

from paper.coding.exchange import refi
from paper.coding.exchange.model import CodedProject
from paper.coding.exchange.remarks import Remarks
from paper.errors import DataError

Reader = Callable[[Callable[[Path], Path]], tuple[CodedProject, Remarks]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def reader(make: Callable[[Path], Path]) -> tuple[CodedProject, Remarks]:
        remarks = Remarks()
        return refi.read(make(tmp_path / "study.qdpx"), remarks), remarks

    return reader


def coded(project: CodedProject) -> set[tuple[str, str]]:
    """Every coding as (name of the code, the words)."""
    names = {code.id: code.name for code in project.codes}
    texts = {passage.id: passage.text for passage in project.passages}
    return {(names[coding.code], texts[coding.passage]) for coding in project.codings}


def rules(remarks: Remarks) -> set[str]:
    return {fault.rule for fault in remarks.faults("study.qdpx")}


def test_nvivo_for_windows(read: Reader) -> None:
    project, remarks = read(build.nvivo_windows)

    assert coded(project) == {
        ("Ministry", MINISTRY), ("People", QUEUES), ("Pressure", QUEUES), ("Aigerim S.", ""),
    }  # fmt: skip
    assert project.cases[0].codes == (guid("Aigerim S.").lower(),)
    assert project.cases[0].values == {"Cases:Position": "Head of office"}
    assert [note.text for note in project.notes] == ["She lowers her voice here."]
    assert project.notes[0].about == (guid("sel" + MINISTRY).lower(),)
    assert not remarks.count("links")


def test_nvivo_for_mac(read: Reader) -> None:
    project, remarks = read(build.nvivo_mac)

    assert [code.name for code in project.codes] == [f"L{level}" for level in range(1, 8)]
    assert coded(project) == {("L7", MINISTRY), ("L7", "")}
    assert remarks.count("outside-text") == 1


def test_atlas_ti(read: Reader) -> None:
    project, remarks = read(build.atlas_ti)

    assert coded(project) == {("Ministry", MINISTRY), ("People", QUEUES)}
    assert [note.text for note in project.notes] == ["A turning point"]
    assert rules(remarks) == {"name-of-project", "sets"}


def test_maxqda(read: Reader) -> None:
    project, remarks = read(build.maxqda)

    assert coded(project) == {("Ministry", MINISTRY), ("People", QUEUES)}
    assert len({coding.user for coding in project.codings}) == 2
    assert project.cases[0].name == "" and project.cases[0].values == {"Region": "Oblast K"}
    assert [note.text for note in project.notes] == ["A hesitant beginning"]
    assert rules(remarks) == {"sets"}


def test_qualcoder(read: Reader) -> None:
    project, remarks = read(build.qualcoder)

    assert coded(project) == {("Ministry", MINISTRY)}
    above, ministry, sub = project.codes
    assert not above.codable and ministry.parent == above.id and sub.parent == ministry.id
    assert project.cases[0].sources == (project.sources[0].id,)
    assert rules(remarks) == {"order"}


def test_qc(read: Reader) -> None:
    project, remarks = read(build.qc)

    assert coded(project) == {("Ministry", build.TALK.splitlines(keepends=True)[1])}
    assert [coding.user for coding in project.codings] == [guid("x").lower(), guid("y").lower()]
    assert rules(remarks) == {"path"}


def test_quirkos(read: Reader) -> None:
    project, _ = read(build.quirkos)

    assert coded(project) == {("Ministry", MINISTRY)}
    assert project.cases[0].values == {"Role": "Official"}


def test_sources_that_are_not_text_keep_their_codings(read: Reader) -> None:
    project, remarks = read(build.media)

    texts = {passage.locator: passage.text for passage in project.passages}
    start, end = build.span(build.TALK, MINISTRY)
    assert texts == {
        f"characters {start}-{end}": MINISTRY,
        "page index 2, area 1,2-30,40": "",
        "page index 3, area 1,2-30,40": "",
        "characters 12-27": "nobody asked us",
        "area 1,2-30,40": "",
        "time 21.5-30.0 s": "",
    }
    assert len(project.codings) == 6
    assert remarks.count("not-text") == 4
    assert remarks.count("selection-without-code") == 1
    assert remarks.count("graphs") == 1
    assert [s.kind for s in project.sources] == ["text", "pdf", "picture", "audio"]


def test_a_text_outside_of_the_file_is_never_opened(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(build.TALK, "utf8")
    inside = build.selection(build.TALK, MINISTRY, "Ministry")
    for path in ("absolute://" + str(tmp_path), "relative:///.."):
        xml = build.project(
            "X", build.codebook(build.code("Ministry")), "<Sources>",
            build.source("One", inside, file="/secret.txt", path=path), "</Sources>",
        )  # fmt: skip
        project, remarks = read(lambda path, xml=xml: build.qdpx(path, xml))

        assert coded(project) == {("Ministry", "")}
        assert remarks.count("outside") == remarks.count("source-without-text") == 1


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_texts_in_other_encodings_are_read_and_said(read: Reader, encoding: str) -> None:
    raw = build.TALK.replace(" 🙂", "").replace("\n", "\r\n")
    xml = build.project(
        "X", build.codebook(build.code("R")), "<Sources>",
        build.source("One", build.selection(raw, build.RUSSIAN, "R"), file="1.txt"), "</Sources>",
    )  # fmt: skip

    project, remarks = read(lambda path: build.qdpx(path, xml, {"1.txt": raw.encode(encoding)}))

    assert coded(project) == {("R", build.RUSSIAN)}
    assert remarks.count("encoding") == 1


def test_codebooks(read: Reader) -> None:
    project, remarks = read(build.taguette)
    assert [(code.name, code.description) for code in project.codes] == [
        ("ministry", ""), ("people", "Demand from below"),
    ]  # fmt: skip
    assert rules(remarks) == set()

    project, remarks = read(build.atlas_codebook)
    assert [(code.id, code.description) for code in project.codes] == [(guid("Ministry").lower(), "Orders")]
    assert project.sets[0].codes == (guid("Ministry").lower(),)
    assert rules(remarks) == {"namespace", "sets"}


def test_a_project_with_nothing_in_it_is_valid(read: Reader) -> None:
    project, remarks = read(lambda path: build.qdpx(path, build.project("ATLAS.ti 23")))

    assert project == CodedProject(origin="ATLAS.ti 23")
    assert rules(remarks) == set()


def test_two_users_of_one_name_stay_two(read: Reader) -> None:
    xml = build.project(
        "NVivo", f'<Users><User guid="{guid("1")}" name="A"/><User guid="{guid("2")}" name="A"/></Users>'
    )

    project, remarks = read(lambda path: build.qdpx(path, xml))

    assert len(project.users) == 2
    assert remarks.count("users-of-one-name") == 1


def test_damage_is_listed_and_does_not_stop_the_rest(read: Reader) -> None:
    whole = build.selection(build.TALK, MINISTRY, "Ministry")
    xml = build.project(
        "X",
        build.codebook(build.code("Ministry"), build.code("Ministry"), '<Code guid="x" isCodable="true"/>'),
        "<Sources>",
        build.source("One", whole, whole, f'<Coding guid="{guid("c")}"/>', file="1.txt"),
        build.source("One", whole, file="1.txt"),
        f'<Scroll guid="{guid("s")}"/></Sources><Links><Link guid="{guid("l")}"/></Links>',
    )

    project, remarks = read(lambda path: build.qdpx(path, xml, {"1.txt": build.TALK}))

    assert coded(project) == {("Ministry", MINISTRY)}
    assert rules(remarks) == {
        "code-twice", "code-without-name", "selection-twice", "coding-without-code", "source-twice",
        "source-kind", "links",
    }  # fmt: skip


def test_no_remark_holds_text_or_a_name(read: Reader) -> None:
    for make in (
        build.nvivo_windows,
        build.nvivo_mac,
        build.maxqda,
        build.media,
        build.qualcoder,
        build.atlas_ti,
    ):
        _, remarks = read(make)
        said = " ".join(fault.message for fault in remarks.faults("study.qdpx"))
        for secret in ("Aigerim", "Askar", "Interview", "ministry", "Ministry", "voice", "default"):
            assert secret not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "not well-formed XML"),
        (b"<html/>", "neither a REFI-QDA project nor a codebook"),
        (b"PK\x03\x04 no zip", "not a readable zip archive"),
        (b"", "not well-formed XML"),
    ],
)
def test_what_is_not_refi_qda_is_refused_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(content)

    with pytest.raises(DataError, match=said) as refused:
        refi.read(path, Remarks())
    assert refused.value.remedy and str(tmp_path) not in str(refused.value)
