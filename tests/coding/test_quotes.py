"""Quotations: found in their transcripts but for what they declare; sealed so that only the key verifies them."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from typer.testing import CliRunner

from paper.cli import quotes as command
from paper.coding.data.check import check_data
from paper.coding.interviews import quotes, transcripts
from paper.errors import SourceError
from paper.project import load as load_project

SAID = """They, the people in the district, waited outside for hours.
Nobody asked them — “that's how it was”. The years went by.
"""


@pytest.mark.parametrize(
    "excerpt",
    [
        "waited outside for hours",
        "waited outside for hours. Nobody asked them",
        "They […] waited outside",
        "They [...] waited […] hours.",
        "[Citizens] waited outside for hours.",
        "They, [residents], waited outside",
        "[T]he people in the district [of the capital] waited outside",
        'Nobody asked them - "that\'s how it was".',
        "Nobody  asked them – ‘that’s how it was’.",
        "[…] The years went by. […]",
    ],
)
def test_a_quotation_that_declares_what_it_changes_is_found(excerpt: str) -> None:
    assert transcripts.departs(excerpt, transcripts.normalise_text(SAID)) is None


@pytest.mark.parametrize(
    ("excerpt", "where"),
    [
        ("waited outside for days", "waited outside for days"),
        ("They waited outside", "They waited outside"),
        ("They … waited outside", "They … waited outside"),
        ("waited […] the people", "the people"),
        ("ears went by", "ears went by"),
        ("The year", "The year"),
        ("they, the people", "they, the people"),
        ("They [all of them and everybody else] by.", "They [all of them and everybody else] by."),
        ("[…]", "[…]"),
        ("[all of it]", "[all of it]"),
        ("", ""),
    ],
    ids=lambda value: value[:20] or "nothing",
)
def test_a_quotation_that_changes_more_than_it_declares_is_not_found(excerpt: str, where: str) -> None:
    assert transcripts.departs(excerpt, transcripts.normalise_text(SAID)) == where


@examples(60)
@given(st.text("ab .,'[]…\n", min_size=1, max_size=30), st.data())
def test_any_stretch_of_whole_words_is_found_in_the_text_it_is_from(text: str, data: st.DataObject) -> None:
    words = text.replace("[", "").replace("]", "").split()
    start = data.draw(st.integers(0, len(words)))
    excerpt = " ".join(words[start : data.draw(st.integers(start, len(words)))])
    if any(sign.isalnum() for sign in excerpt):
        assert transcripts.departs(excerpt, transcripts.normalise_text(" ".join(words))) is None


def test_a_long_quotation_of_many_brackets_against_a_long_transcript_takes_no_time() -> None:
    excerpt = " ".join(f"word [{n}] word" for n in range(40)) + " never"
    assert transcripts.departs(excerpt, transcripts.normalise_text("word " * 20_000)) == excerpt


SEGMENTS = """\
segment,case,block,question,locator,code,coder,released,excerpt
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,BK,true,People waited outside.
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,XX,true,People waited outside.
i1-002,Interview 1,B,B1,paragraph 2,external-control,BK,false,
i2-001,Interview 2,C,C1,paragraph 1,context-donors,BK,true,A model [came] from abroad.
"""
KEY = "a key that is long enough to be one, and more"


@pytest.fixture
def study(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book with two released passages, their transcripts and a key."""
    monkeypatch.setenv(quotes.VARIABLE, KEY)
    (project / "data/segments.csv").write_text(SEGMENTS, "utf8")
    say(project, "Interview-1.txt", "I saw it. People waited outside. It rained.")
    say(project, "interview 2.txt", "A model arrived from abroad.")
    return project


def say(root: Path, name: str, text: str) -> None:
    folder = root / transcripts.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf8")


def stored(root: Path) -> dict[str, str]:
    lines = (root / quotes.FILE).read_text("utf8").splitlines()
    assert lines[0] == "segment,hmac"
    return dict(line.split(",") for line in lines[1:])  # type: ignore[misc]


def forget(root: Path) -> None:
    """As in a clone of the repository: without anything private."""
    for path in (root / transcripts.FOLDER).iterdir():
        path.unlink()


def test_quotations_that_are_found_get_seals_and_the_data_stay_sound(study: Path) -> None:
    found = quotes.check_quotes(study)
    assert (found.faults, found.compared, found.unverified, found.stored) == ([], 2, 0, True)
    assert set(stored(study)) == {"i1-001", "i2-001"}
    assert not any("waited" in seal for seal in stored(study).values())
    assert check_data(load_project(study)) == []


def test_checking_again_changes_nothing(study: Path) -> None:
    quotes.check_quotes(study)
    before = (study / quotes.FILE).read_bytes()
    assert quotes.check_quotes(study).stored is False
    assert (study / quotes.FILE).read_bytes() == before


def test_a_quotation_that_the_transcript_lacks_is_told_where_it_stands(study: Path) -> None:
    say(study, "Interview-1.txt", "People waited inside.")
    found = quotes.check_quotes(study)
    (fault,) = found.faults
    assert (fault.file, fault.line, fault.column, fault.rule) == (
        "data/segments.csv",
        2,
        "excerpt",
        "quote-differs",
    )
    assert "“People waited outside.”" in fault.message and "inside" not in str(fault)
    assert set(stored(study)) == {"i2-001"}


def test_an_interview_may_have_several_transcripts(study: Path) -> None:
    say(study, "Interview-1.txt", "The first hour.")
    say(study, "Interview-1-2.txt", "The second: People waited outside.")
    assert quotes.check_quotes(study).compared == 2


def test_without_transcripts_the_key_verifies_the_seals(study: Path) -> None:
    quotes.check_quotes(study)
    forget(study)
    found = quotes.check_quotes(study)
    assert (found.faults, found.compared, found.sealed, found.stored) == ([], 0, 2, False)


def test_without_transcripts_a_changed_quotation_is_told(study: Path) -> None:
    quotes.check_quotes(study)
    forget(study)
    (study / "data/segments.csv").write_text(SEGMENTS.replace("People waited", "Many people waited"), "utf8")
    before = stored(study)
    (fault,) = quotes.check_quotes(study).faults
    assert (fault.line, fault.rule, fault.severity) == (2, "quote-changed", "error")
    assert stored(study) == before


def test_other_marks_and_spaces_are_the_same_quotation_and_another_case_is_another() -> None:
    one = quotes.Passage("s", "Interview 1", "It's “so” – yes", 2)
    key = KEY.encode()
    assert quotes.seal(one, key) == quotes.seal(
        quotes.Passage("s", "Interview 1", 'It’s  "so" - yes', 9), key
    )
    assert quotes.seal(one, key) != quotes.seal(quotes.Passage("s", "Interview 2", one.excerpt, 2), key)
    assert quotes.seal(one, key) != quotes.seal(one, b"another key of the same kind of length")


def test_another_key_verifies_nothing(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quotes.check_quotes(study)
    forget(study)
    monkeypatch.setenv(quotes.VARIABLE, KEY.replace("a key", "no key"))
    assert [fault.rule for fault in quotes.check_quotes(study).faults] == ["quote-changed"] * 2


def test_with_neither_transcript_nor_key_nothing_is_verified_and_nothing_lost(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotes.check_quotes(study)
    before = stored(study)
    forget(study)
    monkeypatch.delenv(quotes.VARIABLE)
    found = quotes.check_quotes(study)
    assert (found.unverified, found.stored, stored(study)) == (2, False, before)
    assert {(fault.rule, fault.severity) for fault in found.faults} == {("quote-unverified", "note")}


def test_a_quotation_that_was_never_checked_is_a_warning(study: Path) -> None:
    forget(study)
    found = quotes.check_quotes(study)
    assert {(fault.rule, fault.severity) for fault in found.faults} == {("quote-unverified", "warning")}


def test_with_transcripts_and_no_key_seals_are_asked_for(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(quotes.VARIABLE)
    found = quotes.check_quotes(study)
    assert found.compared == 2
    assert [(fault.rule, fault.severity) for fault in found.faults] == [("quote-key", "warning")]


def test_a_passage_that_is_no_longer_released_loses_its_seal(study: Path) -> None:
    quotes.check_quotes(study)
    held = SEGMENTS.replace("true,A model [came] from abroad.", "false,")
    (study / "data/segments.csv").write_text(held, "utf8")
    quotes.check_quotes(study)
    assert set(stored(study)) == {"i1-001"}


def test_nothing_is_stored_when_that_is_not_wanted(study: Path) -> None:
    assert quotes.check_quotes(study, store=False).stored is False
    assert stored(study) == {}


def test_synthetic_quotations_are_nobodys(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (study / "data/synthetic").mkdir()
    (study / "data/synthetic/segments.csv").write_text(SEGMENTS.replace("outside", "in the moon"), "utf8")
    monkeypatch.setenv("QUARTO_PROFILE", "demo")
    assert quotes.check_quotes(study).faults == []


def test_a_table_that_cannot_be_read_is_told_and_no_seal_is_lost(study: Path) -> None:
    quotes.check_quotes(study)
    before = stored(study)
    (study / "data/segments.csv").write_text("segment;case\n", "utf8")
    found = quotes.check_quotes(study)
    assert {fault.rule for fault in found.faults} == {"unreadable"}
    assert stored(study) == before
    (study / quotes.FILE).write_text("broken\n", "utf8")
    assert any(fault.file == quotes.FILE for fault in quotes.check_quotes(study).faults)
    assert (study / quotes.FILE).read_text("utf8") == "broken\n"


def test_a_key_is_made_once_for_its_owner_only(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(quotes.VARIABLE)
    path = quotes.make_key(study)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(quotes.read_key(study)) == 64
    assert quotes.check_quotes(study).stored
    with pytest.raises(SourceError, match="there is a key already"):
        quotes.make_key(study)


def test_a_key_that_is_too_short_is_refused(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(quotes.VARIABLE, "secret")
    with pytest.raises(SourceError, match="fewer than 32 signs"):
        quotes.check_quotes(study)
    monkeypatch.delenv(quotes.VARIABLE)
    (study / quotes.KEY).write_text("", "utf8")
    with pytest.raises(SourceError, match=r"quotes\.key"):
        quotes.check_quotes(study)


def test_the_commands_say_what_they_did(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    done = CliRunner().invoke(command.app, ["check"])
    assert done.exit_code == 0
    assert "2 found in their transcripts, 0 verified by their seals, 0 not verified" in done.output
    assert "data/quotes.csv renewed" in done.output
    say(study, "Interview-1.txt", "Something else.")
    assert CliRunner().invoke(command.app, ["check", "--no-store"]).exit_code == 1
    done = CliRunner().invoke(command.app, ["key"])
    assert done.output == "data/private/quotes.key made; keep a copy in a safe place\n"
