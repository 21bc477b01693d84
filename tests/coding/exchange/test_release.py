"""`paper data release`: nothing becomes public unseen, unasked, or with what gives a person away."""

from __future__ import annotations

from pathlib import Path

import pytest
import refi_builders as build
from exchange_house import everything, rows
from typer.testing import CliRunner

from paper.cli.data import app
from paper.coding.exchange import release
from paper.coding.exchange.store import load
from paper.coding.privacy import check_privacy
from paper.errors import PaperError
from paper.project import load as load_project

run = CliRunner().invoke


@pytest.fixture
def passage(house: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An imported passage with private text."""
    monkeypatch.chdir(house)
    assert run(app, ["import", str(build.maxqda(house / "data/private/study.qdpx"))]).exit_code == 0
    [first, *_] = load(house).excerpts
    return first


def test_it_shows_what_would_be_public_and_asks(house: Path, passage: str) -> None:
    text = load(house).excerpts[passage]
    before = everything(house)
    refused = run(app, ["release", passage], input="n\n")
    assert refused.exit_code == 1
    assert text in refused.output and "Nothing was released" in refused.output
    assert everything(house) == before

    silent = run(app, ["release", passage])  # no one to answer
    assert silent.exit_code == 1 and everything(house) == before


def test_all_rows_of_a_passage_are_released_and_can_be_taken_back(house: Path, passage: str) -> None:
    before = everything(house)
    text = load(house).excerpts[passage]
    done = run(app, ["release", passage], input="y\n")
    assert done.exit_code == 0, done.output
    assert {(r["released"], r["excerpt"]) for r in rows(house, "segments") if r["segment"] == passage} == {
        ("true", text)
    }
    assert not [f for f in check_privacy(load_project(house)) if f.rule == "interview-text"]
    assert f"--withdraw {passage}" in done.output

    with pytest.raises(PaperError, match="released already"):
        release.plan_release(load_project(house), [passage])

    assert run(app, ["release", "--withdraw", passage]).exit_code == 0
    assert everything(house) == before


def test_a_passage_that_names_somebody_is_refused_without_repeating_the_name(
    house: Path, passage: str
) -> None:
    (house / "data/private/names.txt").write_text("Askar Bekov\n", "utf8")
    before = everything(house)
    with pytest.raises(PaperError) as refused:
        release.plan_release(load_project(house), [passage], "I told Askar Bekov, askar@gov.example")
    said = str(refused.value)
    assert "not released" in said and "[brackets]" in said
    assert "Askar" not in said and "askar@gov.example" not in said
    assert everything(house) == before


def test_words_that_nobody_said_are_refused(house: Path, passage: str) -> None:
    with pytest.raises(PaperError, match="not those of the transcript"):
        release.plan_release(load_project(house), [passage], "Something quite different was said here")


def test_a_passage_that_there_is_not_is_told_with_the_nearest(house: Path, passage: str) -> None:
    with pytest.raises(PaperError, match=f"did you mean {passage}"):
        release.plan_release(load_project(house), [passage + "9"])
    done = run(app, ["release", passage, "other", "--text", "x"])
    assert done.exit_code == 2
