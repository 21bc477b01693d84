"""An import keeps codings, gives people pseudonyms, changes nothing twice, and says what it could not keep."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import refi_builders as build
from exchange_house import everything, rows, write_rows
from refi_builders import MINISTRY, QUEUES, guid

from paper.coding.exchange.importing import Report, import_file
from paper.coding.exchange.store import EXCERPTS, KEY
from paper.errors import DataError, MachineError, SourceError

Bring = Callable[..., Report]
DIALECTS = [
    build.nvivo_windows, build.nvivo_mac, build.atlas_ti, build.maxqda, build.qualcoder, build.qc, build.media,
    build.quirkos, build.taguette, build.atlas_codebook,
]  # fmt: skip


def rules(report: Report) -> set[str]:
    return {fault.rule for fault in report.faults}


def one(text: str = build.TALK, *inside: str, codes: str = "", more: str = "") -> Callable[[Path], Path]:
    """A small project: one interview, and whatever else is asked for."""
    xml = build.project(
        "Test", build.users("Ada"), codes or build.codebook(build.code("Ministry"), build.code("People")), more,
        "<Sources>", build.source("Interview 1", *inside, file="1.txt"), "</Sources>",
    )  # fmt: skip
    return lambda path: build.qdpx(path, xml, {"1.txt": text})


def said(words: str, *codes: str, user: str = "Ada") -> str:
    return build.selection(build.TALK, words, *codes, user=user)


@pytest.mark.parametrize("make", DIALECTS, ids=lambda make: make.__name__)
def test_importing_twice_changes_nothing(house: Path, bring: Bring, make: Callable[[Path], Path]) -> None:
    first = bring(make)
    before = everything(house)

    again = bring(make)

    assert first.files and not again.files
    assert everything(house) == before
    assert list(again.lines()) == []
    assert {fault.rule for fault in again.faults} <= rules(first)


@pytest.mark.parametrize("make", DIALECTS, ids=lambda make: make.__name__)
def test_no_name_and_no_text_leaves_the_private_folder(
    house: Path, bring: Bring, make: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    report = bring(make)

    told = " ".join([*report.lines(), *report.next_steps(), *(fault.message for fault in report.faults)])
    told += capsys.readouterr().out + capsys.readouterr().err
    public = {name: data.decode() for name, data in everything(house).items() if "private" not in name}
    for secret in (
        "Aigerim",
        "Askar",
        "Interview",
        "asks",
        "Ведомство",
        "voice",
        "Head of office",
        "Oblast K",
    ):
        assert secret not in told
        assert not [
            name for name, text in public.items() if secret in text and name != "data/datapackage.json"
        ]


def test_nvivo_cases_that_are_codes_become_cases(house: Path, bring: Bring) -> None:
    bring(build.nvivo_windows)

    assert rows(house, "cases") == [{"case": "case-01", "role": "", "region": ""}]
    assert [row["code"] for row in rows(house, "codebook")] == ["pressure", "ministry", "people"]
    segments = rows(house, "segments")
    assert [(row["segment"], row["code"], row["coder"], row["released"]) for row in segments] == [
        ("case-01-001", "ministry", "coder-1", "false"),
        ("case-01-002", "people", "coder-1", "false"),
        ("case-01-002", "pressure", "coder-1", "false"),
    ]
    assert {row["excerpt"] for row in segments} == {""}
    assert (house / "data/private/transcripts/case-01.txt").read_text("utf8") == build.TALK
    assert MINISTRY in (house / EXCERPTS).read_text("utf8") and QUEUES in (house / EXCERPTS).read_text("utf8")
    assert rows(house, "memos") == [
        {"memo": "memo-001", "about_kind": "segment", "about": "case-01-001", "coder": "coder-1", "text": "",
         "released": "false"}
    ]  # fmt: skip


def test_new_guids_at_each_export_are_the_same_things(house: Path, bring: Bring) -> None:
    bring(build.atlas_ti)
    before = {name: rows(house, name) for name in ("codebook", "cases", "coders", "segments", "memos")}

    bring(lambda path: build.atlas_ti(path, salt="again"))

    assert {name: rows(house, name) for name in before} == before


def test_two_coders_of_one_passage_share_its_segment(house: Path, bring: Bring) -> None:
    bring(build.qc)

    assert [(row["segment"], row["coder"]) for row in rows(house, "segments")] == [
        ("case-01-001", "coder-1"), ("case-01-001", "coder-2"),
    ]  # fmt: skip


def test_a_second_coder_s_project_of_the_same_interview_joins_it(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    other = build.project(
        "Other", build.users("Bek"), build.codebook(build.code("ministry ")), "<Sources>",
        build.source("My copy", build.selection(build.TALK, MINISTRY, "ministry ", user="Bek"), file="x.txt"),
        "</Sources>",
    )  # fmt: skip

    bring(lambda path: build.qdpx(path, other, {"x.txt": build.TALK}), "other.qdpx")

    assert [(row["segment"], row["code"], row["coder"]) for row in rows(house, "segments")] == [
        ("case-01-001", "ministry", "coder-1"), ("case-01-001", "ministry", "coder-2"),
    ]  # fmt: skip
    assert len(rows(house, "codebook")) == 2


def test_another_interview_of_the_same_name_is_another_case(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    other = build.project(
        "Other", build.users("Ada"), build.codebook(build.code("People")), "<Sources>",
        build.source("Interview 1", build.selection(build.SECOND, "nobody", "People"), file="x.txt"), "</Sources>",
    ).replace(guid("sourceInterview 1"), guid("x"))  # fmt: skip

    report = bring(lambda path: build.qdpx(path, other, {"x.txt": build.SECOND}), "other.qdpx")

    assert [row["case"] for row in rows(house, "cases")] == ["case-01", "case-02"]
    assert "same-name-other-text" in rules(report)


def test_a_mended_transcript_moves_its_passages_and_keeps_what_the_author_decided(
    house: Path, bring: Bring
) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    decide(house, block="B", question="4")
    mended = "Recorded in spring.\n" + build.TALK

    report = bring(one(mended, build.selection(mended, MINISTRY, "Ministry", user="Ada")))

    start = mended.index(MINISTRY)
    (row,) = rows(house, "segments")
    assert row["locator"] == f"characters {start}-{start + len(MINISTRY)}"
    assert (row["segment"], row["block"], row["question"]) == ("case-01-001", "B", "4")
    assert (house / "data/private/transcripts/case-01.txt").read_text("utf8") == mended
    assert "moved" in rules(report)


def test_an_updated_project_adds_what_is_new(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    before = rows(house, "segments")

    report = bring(one(build.TALK, said(MINISTRY, "Ministry", "People"), said(QUEUES, "People")))

    after = rows(house, "segments")
    assert after[0] == before[0]
    assert [(row["segment"], row["code"]) for row in after[1:]] == [
        ("case-01-001", "people"), ("case-01-002", "people"),
    ]  # fmt: skip
    assert "2 codings new: case-01-001 + people + coder-1, case-01-002 + people + coder-1" in list(
        report.lines()
    )


def test_codings_that_were_taken_back_stay_until_they_are_pruned(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry"), said(QUEUES, "People")))
    smaller = one(build.TALK, said(MINISTRY, "Ministry"))

    report = bring(smaller)
    assert "taken-back" in rules(report) and len(rows(house, "segments")) == 2
    assert "case-01-002 + people + coder-1" in " ".join(fault.message for fault in report.faults)

    report = bring(smaller, prune=True)
    assert "taken-back" not in rules(report)
    assert [row["segment"] for row in rows(house, "segments")] == ["case-01-001"]
    assert QUEUES not in (house / EXCERPTS).read_text("utf8")


def test_a_code_renamed_in_the_program_is_renamed_and_said(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    renamed = build.codebook(
        build.code("Ministry").replace('"Ministry"', '"The centre"'), build.code("People")
    )

    report = bring(one(build.TALK, said(MINISTRY, "Ministry"), codes=renamed))

    assert [(row["code"], row["name"]) for row in rows(house, "codebook")] == [
        ("ministry", "The centre"), ("people", "People"),
    ]  # fmt: skip
    assert "code-renamed" in rules(report)


def test_a_code_renamed_on_both_sides_is_a_conflict_until_it_is_settled(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    codebook = house / "data/codebook.csv"
    codebook.write_text(codebook.read_text("utf8").replace(",Ministry,", ",Central bodies,"), "utf8")
    renamed = build.codebook(
        build.code("Ministry").replace('"Ministry"', '"The centre"'), build.code("People")
    )

    for _ in range(2):
        report = bring(one(build.TALK, said(MINISTRY, "Ministry"), codes=renamed))
        assert "differs-codebook-name" in rules(report)
        assert rows(house, "codebook")[0]["name"] == "Central bodies"


def test_what_the_author_wrote_in_the_tables_stays(house: Path, bring: Bring) -> None:
    make = one(build.TALK, said(MINISTRY, "Ministry"))
    bring(make)
    codebook = house / "data/codebook.csv"
    codebook.write_text(
        codebook.read_text("utf8").replace("ministry,,Ministry,,", "ministry,,Ministry,Orders.,"), "utf8"
    )
    (house / "data/cases.csv").write_text("case,role,region\ncase-01,public servant,north\n", "utf8")
    decide(house, block="C")
    before = everything(house)

    report = bring(make)

    assert everything(house) == before and not report.files


def test_a_released_passage_keeps_the_text_that_was_released(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    decide(house, block="A", released="true", excerpt="the ministry [of a neighbour] asks")

    report = bring(one(build.TALK, said(MINISTRY, "Ministry", "People")))
    assert {row["excerpt"] for row in rows(house, "segments")} == {"the ministry [of a neighbour] asks"}
    assert {row["released"] for row in rows(house, "segments")} == {"true"}
    assert "released-differs" not in rules(report)

    mended = build.TALK.replace(MINISTRY, "the ministry asked")
    make = one(mended, build.selection(mended, "the ministry asked", "Ministry", user="Ada"))
    same = (guid("selthe ministry askedAda"), guid(f"sel{MINISTRY}Ada"))
    for _ in range(2):
        report = bring(lambda path: edited(make(path), *same))
        assert "released-differs" in rules(report)
    assert {row["excerpt"] for row in rows(house, "segments")} == {"the ministry [of a neighbour] asks"}


def test_a_dry_run_says_the_same_and_writes_nothing(house: Path) -> None:
    make = one(build.TALK, said(MINISTRY, "Ministry"))
    path = make(house / "data/private/study.qdpx")
    before = everything(house)

    dry = import_file(house, path, dry_run=True)

    assert everything(house) == before
    assert list(dry.lines()) == list(import_file(house, path).lines())
    assert list(dry.next_steps()) == ["Nothing was written (--dry-run)"]


def test_names_of_people_in_codes_are_replaced(house: Path, bring: Bring) -> None:
    codes = build.codebook(build.code("What Interview 1 said", said="See interview 1, and ADA LOVELACE."))
    make = one(build.TALK, said(MINISTRY, "What Interview 1 said", user="Ada Lovelace"), codes=codes)

    full = (guid("Ada Lovelace"), guid("Ada"), 'name="Ada"', 'name="Ada Lovelace"')
    report = bring(lambda path: edited(make(path), *full))

    (row,) = rows(house, "codebook")
    assert (row["code"], row["name"]) == ("what-case-01-said", "What case-01 said")
    assert row["definition"] == "See case-01, and coder-1."
    assert "name-in-code" in rules(report)


def test_a_pseudonym_that_the_author_gave_is_taken(house: Path, bring: Bring) -> None:
    (house / "data/cases.csv").write_text("case,role,region\nInterview 1,think tank,\n", "utf8")

    bring(one(build.TALK, said(MINISTRY, "Ministry")))

    assert rows(house, "cases") == [{"case": "Interview 1", "role": "think tank", "region": ""}]
    assert rows(house, "segments")[0]["segment"] == "Interview-1-001"


def test_a_transcript_that_the_author_corrected_is_not_overwritten(house: Path, bring: Bring) -> None:
    make = one(build.TALK, said(MINISTRY, "Ministry"))
    bring(make)
    transcript = house / "data/private/transcripts/case-01.txt"
    transcript.write_text("corrected by hand", "utf8")

    report = bring(make)

    assert transcript.read_text("utf8") == "corrected by hand"
    assert "transcript-kept" in rules(report)


def test_several_transcripts_of_one_recording_are_one_case(house: Path, bring: Bring) -> None:
    def transcript(name: str, text: str, words: str) -> str:
        start, end = build.span(text, words)
        points = "".join(
            f'<SyncPoint guid="{guid(name + at)}" position="{place}"/>'
            for at, place in (("a", start), ("b", end))
        )
        return (
            f'<Transcript guid="{guid(name)}"><PlainTextContent>{text}</PlainTextContent>{points}<TranscriptSelection '
            f'guid="{guid(name + "s")}" fromSyncPoint="{guid(name + "a")}" toSyncPoint="{guid(name + "b")}">'
            f"{build.coding(name, 'Ministry', 'Ada')}</TranscriptSelection></Transcript>"
        )

    audio = f'<AudioSource guid="{guid("t")}" name="Tape">' + transcript("1", build.TALK, MINISTRY)
    audio += transcript("2", build.SECOND, "nobody") + "</AudioSource>"
    xml = build.project(
        "X", build.users("Ada"), build.codebook(build.code("Ministry")), f"<Sources>{audio}</Sources>"
    )

    bring(lambda path: build.qdpx(path, xml))

    assert [(row["case"], row["locator"]) for row in rows(house, "segments")] == [
        ("case-01", f"characters {build.TALK.index(MINISTRY)}-{build.TALK.index(MINISTRY) + len(MINISTRY)}"),
        ("case-01", "text 2, characters 12-18"),
    ]
    assert (house / "data/private/transcripts/case-01-2.txt").read_text("utf8") == build.SECOND


def test_a_source_in_two_cases_is_left_to_the_author(house: Path, bring: Bring) -> None:
    cases = "".join(
        f'<Case guid="{guid(name)}" name="{name}"><SourceRef targetGUID="{guid("sourceInterview 1")}"/></Case>'
        for name in ("P1", "P2")
    )

    report = bring(one(build.TALK, said(MINISTRY, "Ministry"), more=f"<Cases>{cases}</Cases>"))

    assert len(rows(house, "cases")) == 1
    assert "source-in-several-cases" in rules(report)


def test_people_of_a_group_interview_are_cases_of_their_own(house: Path, bring: Bring) -> None:
    cases = "".join(
        f'<Case guid="{guid(name)}" name="{name}"><CodeRef targetGUID="{guid(name)}"/></Case>'
        for name in ("P1", "P2")
    )
    lines = build.TALK.splitlines(keepends=True)
    codes = build.codebook(build.code("Ministry"), build.code("People"), build.code("P1"), build.code("P2"))
    inside = [said(lines[1], "P1"), said(lines[3], "P2"), said(MINISTRY, "Ministry"), said(QUEUES, "People")]

    bring(one(build.TALK, *inside, codes=codes, more=f"<Cases>{cases}</Cases>"))

    places = {(row["case"], row["code"]) for row in rows(house, "segments")}
    assert {code for _, code in places} == {"ministry", "people"}
    assert len({case for case, _ in places}) == 2


def test_a_file_that_fails_on_the_way_leaves_everything_as_it_was(
    house: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    before = everything(house)
    replace = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if target.name == "segments.csv":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(MachineError, match="nothing has been changed"):
        bring(one(build.TALK, said(MINISTRY, "Ministry", "People"), said(QUEUES, "People")))

    after = everything(house)
    after.pop("data/private/study.qdpx"), before.pop("data/private/study.qdpx")
    assert after == before


def test_nothing_is_imported_into_the_synthetic_tables(
    house: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house / "data/synthetic").mkdir()
    for name in ("cases", "coders", "segments", "memos"):
        (house / f"data/synthetic/{name}.csv").write_bytes((house / f"data/{name}.csv").read_bytes())
    monkeypatch.setenv("QUARTO_PROFILE", "demo")

    with pytest.raises(DataError, match="made-up interviews"):
        bring(build.qualcoder)


def test_broken_tables_stop_an_import_with_their_place(house: Path, bring: Bring) -> None:
    (house / "data/segments.csv").write_text("segment;case\n", "utf8")

    with pytest.raises(SourceError, match=r"data/segments.csv:1"):
        bring(build.qualcoder)


def test_the_private_key_can_be_read_by_its_owner_only(house: Path, bring: Bring) -> None:
    bring(build.qualcoder)

    assert (house / KEY).stat().st_mode & 0o077 == 0


def decide(house: Path, **values: str) -> None:
    """What an author does by hand: fill in cells of every segment."""
    write_rows(house, "segments", [{**row, **values} for row in rows(house, "segments")])


def edited(path: Path, *pairs: str) -> Path:
    """The project in a small archive, with each first text replaced by the one after it."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    xml = members.pop("project.qde")
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        xml = xml.replace(old, new)
    return build.qdpx(path, xml, {name.removeprefix("sources/"): text for name, text in members.items()})


def test_codings_without_a_user_in_a_team_belong_to_nobody_known(house: Path, bring: Bring) -> None:
    xml = build.project(
        "Test", build.users("Ada", "Bek"), build.codebook(build.code("Ministry")), "<Sources>",
        build.source("One", build.selection(build.TALK, MINISTRY, "Ministry"), file="1.txt").replace(
            "<TextSource ", f'<TextSource creatingUser="{guid("Ada")}" '
        ),
        "</Sources>",
    )  # fmt: skip

    report = bring(lambda path: build.qdpx(path, xml, {"1.txt": build.TALK}))

    assert "unknown-user" in rules(report)
    assert f"coder,{guid('Ada').lower()}" not in (house / KEY).read_text("utf8")
    assert [row["coder"] for row in rows(house, "coders")] == ["coder-1"]


def test_codes_of_one_name_in_two_places_stay_two(house: Path, bring: Bring) -> None:
    def make(salt: str) -> Callable[[Path], Path]:
        inner, outer = f"Control{salt}1", f"Control{salt}2"
        codes = build.codebook(
            build.code("Inside", build.code(inner)), build.code("Outside", build.code(outer))
        )
        make = one(build.TALK, said(MINISTRY, inner), said(QUEUES, outer), codes=codes)

        def named(path: Path) -> Path:
            return edited(
                make(path), f'name="{inner}"', 'name="Control"', f'name="{outer}"', 'name="Control"'
            )

        return named

    for salt in ("", "another export"):
        bring(make(salt))

        assert [(row["code"], row["parent"], row["name"]) for row in rows(house, "codebook")] == [
            ("inside", "", "Inside"), ("control", "inside", "Control"),
            ("outside", "", "Outside"), ("outside-control", "outside", "Outside: Control"),
        ]  # fmt: skip
        assert [row["code"] for row in rows(house, "segments")] == ["control", "outside-control"]


def test_codes_in_kazakh_and_russian_get_latin_ids(house: Path, bring: Bring) -> None:
    names = ["Ведомство ждёт", "Қызмет көрсету", "2 шага", "…", "…"]
    codes = [build.code(f"c{place}").replace(f'"c{place}"', f'"{name}"') for place, name in enumerate(names)]

    bring(one(build.TALK, codes=build.codebook(*codes)))

    assert [(row["code"], row["name"]) for row in rows(house, "codebook")] == [
        ("vedomstvo-zhdyot", "Ведомство ждёт"), ("qyzmet-korsetu", "Қызмет көрсету"), ("code-2-shaga", "2 шага"),
        ("code", "…"), ("code-2", "… (2)"),
    ]  # fmt: skip


def test_a_passage_mended_in_place_without_its_guid_is_the_same_one(house: Path, bring: Bring) -> None:
    bring(one(build.TALK, said(MINISTRY, "Ministry")))
    mended = build.TALK.replace(MINISTRY, "that ministry ask")
    again = one(mended, build.selection(mended, "that ministry ask", "Ministry", user="Ada"))

    bring(lambda path: edited(again(path), guid("selthat ministry askAda"), guid("new")))

    (row,) = rows(house, "segments")
    assert row["segment"] == "case-01-001"
    assert "that ministry ask" in (house / EXCERPTS).read_text("utf8")


def test_a_passage_of_a_pdf_that_is_held_twice_comes_in_once(house: Path, bring: Bring) -> None:
    area = 'page="1" firstX="1" firstY="2" secondX="3" secondY="4"'
    shown = "<PlainTextContent>nobody  asked us</PlainTextContent>"
    shown = f'<Representation guid="{guid("r2")}">{shown}</Representation>'
    pdf = (
        f'<PDFSource guid="{guid("pdf")}" name="P"><PDFSelection guid="{guid("p")}" {area}>{shown}'
        f'{build.coding("p", "Ministry", "Ada")}</PDFSelection><Representation guid="{guid("r")}" '
        f'plainTextPath="internal://P.txt">{build.selection(build.SECOND, "nobody asked us", "Ministry", user="Ada")}'
        "</Representation></PDFSource>"
    )
    xml = build.project(
        "X", build.users("Ada"), build.codebook(build.code("Ministry")), f"<Sources>{pdf}</Sources>"
    )

    report = bring(lambda path: build.qdpx(path, xml, {"P.txt": build.SECOND}))

    assert [row["locator"] for row in rows(house, "segments")] == ["characters 12-27"]
    assert "coding-twice" in rules(report)


def test_memos_find_what_they_are_about(house: Path, bring: Bring) -> None:
    def ref(name: str) -> str:
        return f'<NoteRef targetGUID="{guid(name)}"/>'

    names = ("of a code", "of the source", "of what is not kept", "free")
    xml = build.project(
        "X", build.users("Ada"),
        build.codebook(build.code("Ministry").replace("</Code>", ref("of a code") + "</Code>")), "<Sources>",
        build.source("Interview 1", said(MINISTRY, "Ministry", "gone"), ref("of the source"), file="1.txt"),
        build.source("Not coded", ref("of what is not kept")), "</Sources><Notes>",
        *(build.note(name, f"text {name}", user="Ada") for name in names), build.note("empty"),
        "</Notes><Description>On the whole</Description>", ref("free"),
    )  # fmt: skip

    report = bring(lambda path: build.qdpx(path, xml, {"1.txt": build.TALK}))

    assert [(row["about_kind"], row["about"], row["coder"]) for row in rows(house, "memos")] == [
        ("code", "ministry", "coder-1"), ("case", "case-01", "coder-1"), ("project", "", "coder-1"),
        ("project", "", "coder-1"),
    ]  # fmt: skip
    private = (house / "data/private/memos.csv").read_text("utf8")
    assert "text of a code" in private and "On the whole" in private
    assert {"memo-about-nothing", "empty-notes", "unknown-code", "source-without-codes"} <= rules(report)


def test_a_project_that_lies_where_git_would_take_it_is_told(house: Path, tmp_path: Path) -> None:
    assert "file-in-the-open" in rules(import_file(house, build.qc(house / "data/study.qdpx")))
    assert "file-in-the-open" not in rules(import_file(house, build.qc(tmp_path / "study.qdpx")))
    assert "file-in-the-open" not in rules(import_file(house, build.qc(house / "data/private/study.qdpx")))


@pytest.mark.parametrize("name", ["study.nvp", "study.mx24", "study.atlproj"])
def test_a_programs_own_project_is_told_with_what_to_export(house: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"anything")
    with pytest.raises(DataError, match="own project") as told:
        import_file(house, path)
    assert "REFI-QDA" in told.value.remedy


def test_a_coded_picture_of_nobody_is_no_interview(house: Path, bring: Bring) -> None:
    report = bring(build.media)
    assert "picture-without-case" in rules(report)
    assert len(rows(house, "cases")) == len({row["case"] for row in rows(house, "segments")}) == 3


def test_what_has_no_place_in_the_tables_is_told(house: Path, bring: Bring) -> None:
    values = (
        f'<VariableValue><VariableRef targetGUID="{guid("var")}"/><TextValue>f</TextValue></VariableValue>'
    )
    more = (
        f'<Variables><Variable guid="{guid("var")}" name="Gender" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{guid("nobody")}" name="Nobody Coded">{values}</Case></Cases>'
    )
    codes = build.codebook(build.code("Group", build.code("Ministry"), codable=False), build.code("People"))
    mapped = house / "data/private/map.yml"
    mapped.write_text("region:\n  variable: Oblast\n", "utf8")
    report = bring(one(build.TALK, said(MINISTRY, "Ministry"), codes=codes, more=more), map_path=mapped)
    assert {"variable-unmapped", "variable-unknown", "case-without-codes", "category"} <= rules(report)
    told = " ".join(fault.message for fault in report.faults)
    assert "Gender" in told and "Oblast" in told and "Nobody Coded" not in told


def test_somebody_who_coded_nothing_and_wrote_a_memo_is_an_author(house: Path, bring: Bring) -> None:
    xml = build.project(
        "Test", build.users("Ada", "Owner"), build.codebook(build.code("Ministry")), "<Sources>",
        build.source("Interview 1", said(MINISTRY, "Ministry"), file="1.txt"), "</Sources><Notes>",
        build.note("n1", "Look at it again.", user="Owner"), "</Notes>",
    )  # fmt: skip
    bring(lambda path: build.qdpx(path, xml, {"1.txt": build.TALK}))
    assert [row["coder"] for row in rows(house, "coders")] == ["coder-1", "author-1"]
    assert [row["coder"] for row in rows(house, "memos")] == ["author-1"]
