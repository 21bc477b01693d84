"""The synthetic interviews: repeatable, sound, marked, and rich enough to show every result."""

from __future__ import annotations

import csv
import importlib.util
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from paper import project
from paper.analysis import frequencies, robustness, saturation
from paper.coding.data import load, package
from paper.coding.data.attributes import scarce
from paper.coding.data.check import check_data
from paper.coding.interviews import agreement, coded
from paper.project import load as load_project


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    path = Path(__file__).parent.parent.parent / "scripts" / "generate_synthetic.py"
    spec = importlib.util.spec_from_file_location("generate_synthetic", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _codes(repository: Path) -> list[dict[str, str]]:
    with (repository / "data/codebook.csv").open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTO_PROFILE", "demo")


def test_making_them_again_gives_the_same_bytes(
    repository: Path, generator: ModuleType, tmp_path: Path
) -> None:
    generator.write(repository, tmp_path)
    for name in package.INTERVIEW_TABLES:
        committed = repository / package.SYNTHETIC / f"{name}.csv"
        assert (tmp_path / f"{name}.csv").read_bytes() == committed.read_bytes(), name


def test_the_script_runs_by_itself(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "data").mkdir()
    for name in ("scripts/generate_synthetic.py", "data/codebook.csv", "data/datapackage.json"):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    subprocess.run([sys.executable, tmp_path / "scripts/generate_synthetic.py"], check=True)
    assert (tmp_path / "data/synthetic/segments.csv").is_file()


def test_another_seed_gives_other_interviews(repository: Path, generator: ModuleType) -> None:
    codes = _codes(repository)
    assert generator.make(codes, {})["segments"] != generator.make(codes, {}, seed=1)["segments"]


def test_interviews_have_the_attributes_that_the_description_names(
    repository: Path, generator: ModuleType
) -> None:
    attributes = {"sector": ["health", "schools"], "rank": ["low", "high"]}
    header, *cases = generator.make(_codes(repository), attributes)["cases"]
    assert header == ["case", "sector", "rank"]
    assert Counter(tuple(case[1:]) for case in cases) == {("health", "high"): 3, ("schools", ""): 3}


def test_what_is_stated_of_the_synthetic_interviews_is_shared_by_enough(repository: Path) -> None:
    cases = load.table("cases", repository, synthetic=True)
    labels = [tuple(row) for row in cases.drop(columns="case").to_numpy().tolist()]
    assert not scarce(labels)


def test_they_keep_every_rule_of_the_data(repository: Path) -> None:
    assert [fault for fault in check_data(load_project(repository)) if "synthetic" in fault.file] == []


@pytest.mark.usefixtures("demo")
def test_every_text_in_them_says_that_it_is_made_up(repository: Path) -> None:
    texts = [*load.table("segments", repository)["excerpt"], *load.table("memos", repository)["text"]]
    assert all(text.startswith("[Synthetic] ") for text in texts if text)
    assert all(case.startswith("Synthetic ") for case in load.table("cases", repository)["case"])
    assert all("synthetic" in role for role in load.table("coders", repository)["role"])


@pytest.mark.usefixtures("demo")
def test_they_show_what_findings_has_to_show(repository: Path) -> None:
    segments, codebook, cases = (load.table(name, repository) for name in ("segments", "codebook", "cases"))
    assert len(cases) == 6 and segments["coder"].nunique() == 2
    assert segments["segment"].nunique() > 150
    assert set(segments["block"]) == {"A", "B", "C"}
    share = segments.drop_duplicates("segment")["released"].mean()
    assert 0.2 < share < 0.8
    table = coded.apply_coder_rule(segments).table
    assert set(frequencies.drivers(table, codebook, cases)["segments"] > 0) == {True}
    assert robustness.dissenting_cases(table, codebook, cases)["dissents"].sum() == 1
    overall = agreement.agreement(segments).overall
    assert 0.6 < overall["alpha"].item() < 0.95
    new = saturation.new_codes(table, cases)["new"]
    assert new.iloc[0] > new.iloc[1:].max() and new.iloc[1:].sum() > 0


def test_the_demo_profile_is_the_same_book_in_a_folder_of_its_own(repository: Path) -> None:
    real, demo = project.load(repository, ""), project.load(repository, "demo")
    assert demo.synthetic and not real.synthetic
    assert demo.output_dir != real.output_dir and demo.output_dir.name == "_site-demo"
    assert "synthetic data" in demo.subtitle
    assert demo.title == real.title and demo.chapters == real.chapters
    assert demo.config["execute"]["freeze"] is False


def test_the_demo_folder_is_ignored_by_git(repository: Path) -> None:
    assert "_site-demo/" in (repository / ".gitignore").read_text("utf8").splitlines()
