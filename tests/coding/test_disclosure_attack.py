"""What can be worked out of interviewees from all that is published, and that of our own tables nothing can."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from paper.analysis import datafile, frequencies
from paper.analysis.disclosure_attack import Count, Published, Statement, attack
from paper.analysis.disclosure_files import read_published
from paper.coding.exchange import generalising
from paper.figures import by_case
from paper.figures.interviews import Interviews
from paper.tables import findings

WORDS = {"role": ("servant", "expert", "donor"), "region": ("north", "south")}
PASSAGES = {"I1": 1, "I2": 2, "I3": 4, "I4": 8, "I5": 16}
NOTHING = {case: {"role": "", "region": ""} for case in PASSAGES}
TRUTH = dict(zip(PASSAGES, ("servant", "servant", "servant", "expert", "donor"), strict=True))


def counts(file: str, *, hidden: str = "", withheld: tuple[str, ...] = ()) -> list[Count]:
    """Passages by role: of which no two sets of interviews have the same number."""
    counted = {case: "" if case in withheld else role for case, role in TRUTH.items()}
    return [
        Count(
            file, "", {"role": role}, PASSAGES,
            None if role == hidden else sum(PASSAGES[case] for case in PASSAGES if counted[case] == role), role,
        )
        for role in dict.fromkeys(counted.values())
    ]  # fmt: skip


def certain(published: Published) -> set[str]:
    return {inference.what for inference in attack(published).certain}


def test_sums_by_group_and_by_interview_together_give_everybody_away() -> None:
    found = attack(Published(WORDS, NOTHING, (), counts("groups.csv")))
    assert {inference.what for inference in found.certain} == {f"role of {case}" for case in PASSAGES}
    assert {inference.files for inference in found.certain} == {("groups.csv",)}
    assert found.tried == 10


def test_who_is_counted_as_not_stated_may_be_anything() -> None:
    withheld = ("I3", "I4", "I5")
    stated = {case: {"role": "" if case in withheld else TRUTH[case], "region": ""} for case in PASSAGES}
    assert certain(Published(WORDS, stated, (), counts("groups.csv", withheld=withheld))) == set()


def test_a_number_that_is_hidden_and_can_be_computed_is_told() -> None:
    everybody = Count("groups.csv", "", {}, PASSAGES, sum(PASSAGES.values()), "total")
    found = certain(Published(WORDS, NOTHING, (), [*counts("groups.csv", hidden="donor"), everybody]))
    assert "donor, hidden there" in found


def test_the_sixth_person_is_given_away_by_two_tables_that_hide_different_ones() -> None:
    one = Count("a.csv", "", {"role": "servant"}, dict.fromkeys(PASSAGES, 1), 3)
    other = Count("b.csv", "", {"role": "expert"}, PASSAGES, 8)
    outcome = attack(
        Published(WORDS, NOTHING, [Statement("quotes.csv", "I1", "role", "servant")], [one, other])
    )
    assert {i.what: i.files for i in outcome.certain} == {
        "role of I1": ("quotes.csv",),
        "role of I4": ("b.csv",),
    }


def test_what_contradicts_the_rest_is_left_out_and_told() -> None:
    wrong = Count("old.csv", "old", {"role": "servant"}, PASSAGES, 1)
    outcome = attack(Published(WORDS, NOTHING, (), [*counts("groups.csv"), wrong]))
    assert outcome.unfit == ["old.csv"] and len(outcome.certain) == 5


# A whole project: made-up interviews, what it publishes of them, and the attack on the files


@pytest.fixture
def study(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project)
    return project


def fill(root: Path, chance: random.Random, number: int) -> dict[str, tuple[str, ...]]:
    """Write made-up interviews as an author enters them, generalise, and return the truth."""
    roles, regions = (
        [word for word in words if chance.random() < 0.8] or [words[0]]
        for words in (
            ("public servant", "think tank", "non-governmental organization", "international organization"),
            ("capital", "north", "south", "east"),
        )
    )
    labels = [(chance.choice(roles), chance.choice([*regions, regions[0]])) for _ in range(number)]
    codes = pd.read_csv(root / "data/codebook.csv")["code"].tolist()
    cases = [f"case-{n + 1:02}" for n in range(number)]
    rows = [
        f"{case}-{n:03},{case},{chance.choice('ABC')},,paragraph {n},{chance.choice(codes)},BK,{released},{excerpt}"
        for case in cases
        for n in range(1, chance.randint(4, 25))
        for released, excerpt in [chance.choice([("true", f"Words number {n}."), ("false", "")])]
    ]
    header = "segment,case,block,question,locator,code,coder,released,excerpt"
    (root / "data/segments.csv").write_text("\n".join([header, *rows]) + "\n", "utf8")
    (root / "data/memos.csv").write_text("memo,about_kind,about,coder,text,released\n", "utf8")
    table = [",".join((case, *label)) for case, label in zip(cases, labels, strict=True)]
    (root / "data/cases.csv").write_text("\n".join(["case,role,region", *table]) + "\n", "utf8")
    generalising.generalise_cases(root)
    return dict(zip(cases, labels, strict=True))


def publish(root: Path) -> None:
    interviews = Interviews.load()
    for table in (findings.sample, findings.driver_groups, findings.quotes):
        made = table(interviews)
        datafile.write(root / datafile.name("tbl", made.name), made.data)
    datafile.write(root / datafile.name("fig", "drivers_by_case"), by_case.figure(interviews).data)


@pytest.mark.parametrize(("seed", "number"), [(1, 1), (2, 5), (3, 6), (4, 7), (5, 12), (6, 25)])
def test_of_made_up_interviews_nothing_withheld_is_certain(study: Path, seed: int, number: int) -> None:
    truth = fill(study, random.Random(seed), number)
    publish(study)
    published = read_published(study)
    outcome = attack(published)
    withheld = sum(not value for stated in published.open.values() for value in stated.values())
    assert outcome.tried == withheld
    assert outcome.certain == [] and outcome.unfit == []
    assert generalising.known_by_method(study) == []
    for case, stated in published.open.items():
        assert all(value in ("", true) for value, true in zip(stated.values(), truth[case], strict=True))


def test_tables_that_count_what_is_withheld_are_broken(study: Path) -> None:
    """As this paper's own did, before the data themselves said less: the attack can find something."""
    truth = fill(study, random.Random(4), 7)
    publish(study)
    known = pd.DataFrame(
        [(case, *label) for case, label in truth.items()], columns=["case", "role", "region"]
    )
    interviews = Interviews.load()
    parts = [
        frequencies.drivers(interviews.coded, interviews.codebook, known, by).assign(by=by)
        for by in ("role", "region")
    ]
    table = pd.concat(parts)[["by", *parts[0].columns.drop("by")]]
    datafile.write(study / datafile.name("tbl", "driver_groups"), table)
    outcome = attack(read_published(study))
    assert len(outcome.certain) > 5
    assert {file for inference in outcome.certain for file in inference.files} == {
        "assets/data/tbl-driver_groups.csv"
    }


def test_an_earlier_draft_and_an_earlier_commit_are_looked_at_too(study: Path) -> None:
    (study / "data/cases.csv").write_text(
        "case,role,region\nInterview 1,think tank,\nInterview 2,,north\n", "utf8"
    )
    git = ["git", "-C", str(study), "-c", "user.name=A", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "data/cases.csv"], ["commit", "-qm", "Cases"]):
        subprocess.run([*git, *command], check=True)
    (study / "data/cases.csv").write_text("case,role,region\nInterview 1,,\nInterview 2,,\n", "utf8")
    draft = study / "_site/drafts/2026-01-01/assets/data"
    draft.mkdir(parents=True)
    (draft / "tbl-quotes.csv").write_text("case,role,region\nInterview 2,,north\n", "utf8")
    found = {i.what: i.files for i in attack(read_published(study, study / "_site")).certain}
    commit = found["role of Interview 1"][0]
    assert commit.startswith("data/cases.csv in commit ")
    assert found["region of Interview 2"] == (commit, "_site/drafts/2026-01-01/assets/data/tbl-quotes.csv")


def test_a_number_that_prose_takes_from_the_variables_counts_too(study: Path) -> None:
    shutil.rmtree(study / "assets", ignore_errors=True)
    (study / "data/cases.csv").write_text("case,role,region\nInterview 1,,\nInterview 2,,\n", "utf8")
    (study / "_variables.yml").write_text("interviews:\n  planned: 5–7\n  capital: two\n", "utf8")
    found = attack(read_published(study)).certain
    assert {i.what for i in found} == {"region of Interview 1", "region of Interview 2"}
    assert {i.files for i in found} == {("_variables.yml",)}


def test_the_command_tells_what_is_certain_and_never_the_value(study: Path) -> None:
    from paper.cli.privacy import app

    shutil.rmtree(study / "assets", ignore_errors=True)
    (study / "data/cases.csv").write_text("case,role,region\nInterview 1,,\nInterview 2,,\n", "utf8")
    result = CliRunner().invoke(app, ["attack"])
    assert result.exit_code == 0, result.output
    assert "2 interviews" in result.output and "None of them is certain" in result.output
    (study / "assets/data").mkdir(parents=True)
    (study / "assets/data/tbl-mine.csv").write_text("case,role\nInterview 2,think tank\n", "utf8")
    result = CliRunner().invoke(app, ["attack"])
    assert result.exit_code == 1
    assert "certain: role of Interview 2, from assets/data/tbl-mine.csv" in result.output
    assert "think tank" not in result.output
