"""A built site carries an RO-Crate that its makers' validator takes, with what was made of what, by what."""

from __future__ import annotations

import hashlib
import json
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from crates import problems
from test_signposting import FILES
from tests.command import paper

from paper import build, project
from paper.release import crate, record
from paper.release.verify import verify

Entities = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("crate")
    for name, text in FILES.items():
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    (root / "data").mkdir()
    (root / "data/waits.csv").write_text("office,days\nA,3\n", "utf8")
    (root / "data/private").mkdir()
    (root / "data/private/notes.txt").write_text("Zhanerke said so.\n", "utf8")
    build.build(root, targets={"html", "docx"})
    return root


def entities(folder: Path) -> Entities:
    graph = json.loads((folder / crate.NAME).read_text("utf8"))["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(ids) == len(set(ids))
    return {entity["@id"]: entity for entity in graph}


def test_the_validator_of_its_makers_finds_nothing(root: Path, tmp_path: Path) -> None:
    assert problems(root / "_book", tmp_path / "web") == []


@pytest.mark.slow
def test_the_validator_finds_nothing_in_the_papers_crate(built_paper: Path, tmp_path: Path) -> None:
    assert problems(built_paper / "_site", tmp_path / "web") == []


def test_it_tells_what_was_made_of_what_by_what(root: Path) -> None:
    found = entities(root / "_book")
    action = found[crate.BUILD]
    results = {item["@id"] for item in action["result"]}
    assert {"index.html", "first.html", "book.docx"} <= results
    for name in results:
        content = (root / "_book" / name).read_bytes()
        assert found[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert found[name]["contentSize"] == str(len(content))
    assert {"@id": record.NAME} in found["./"]["hasPart"]
    sources = {found[item["@id"]]["name"] for item in action["object"]}
    assert {"_quarto.yml", "first.qmd", "data/waits.csv"} <= sources
    assert not [name for name in sources if "private" in name]
    software = found[action["instrument"]["@id"]]
    used = {found[item["@id"]]["name"] for item in software["softwareRequirements"]}
    assert software["name"] == "paper" and {"python", "pypandoc_binary"} <= used
    assert found["./"]["license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["https://orcid.org/0000-0002-1825-0097"]["name"] == "Aigerim Example"


def test_every_reference_in_it_leads_to_something(root: Path) -> None:
    found = entities(root / "_book")

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            return (
                [value["@id"]]
                if set(value) == {"@id"}
                else [r for v in value.values() for r in references(v)]
            )
        return [r for v in value for r in references(v)] if isinstance(value, list) else []

    outside = {crate.CRATE}
    assert {r for entity in found.values() for r in references(entity)} - outside <= set(found)


def test_it_is_named_in_the_manifest_and_the_same_each_time(root: Path) -> None:
    first = (root / "_book" / crate.NAME).read_bytes()
    manifest = record.read(root / "_book")
    assert manifest is not None and manifest.files[crate.NAME] == hashlib.sha256(first).hexdigest()
    shutil.rmtree(root / "_book")
    build.build(root, targets={"html", "docx"})
    assert (root / "_book" / crate.NAME).read_bytes() == first


def test_it_holds_when_drafts_are_kept(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    assert paper(tmp_path / "copy", "drafts", "keep").returncode == 0
    site = tmp_path / "copy/_book"
    for folder in (site, site / "drafts/2026-11-23"):
        for name, entity in entities(folder).items():
            if "sha256" in entity and entity["@type"] == "File":
                assert entity["sha256"] == record.file_hash(folder / unquote(name)), name
    manifest = record.read(site)
    assert manifest is not None and record.differences(manifest, site) == []
    assert verify(project.load(root), str(site)).same  # against the build here, without the draft


def test_a_book_without_a_date_or_a_licence_has_none(book: Callable[..., Path]) -> None:
    report = build.build(book(), targets={"html"})
    assert not (report.out / crate.NAME).exists()
    assert crate.NAME not in (report.out / "index.html").read_text("utf8")


def test_the_validator_catches_planted_faults(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "_book", tmp_path / "site")
    found = entities(tmp_path / "site")
    found["./"]["datePublished"] = "some day"
    found["./"].pop("license")
    found["./"]["hasPart"].append({"@id": "gone.csv"})
    found["gone.csv"] = {"@id": "gone.csv", "@type": "File", "name": "Gone"}
    found[crate.BUILD].pop("instrument")
    (tmp_path / "site" / crate.NAME).write_text(crate.text(found.values()), "utf8")
    told = " ".join(problems(tmp_path / "site", tmp_path / "web"))
    # The validator takes its namespaces out of its words, and more with them: "li./ense", "s./hema".
    for expected in ("datePublished", "ense` property", "gone.csv", "instrument"):
        assert expected in told
