"""`paper deposit` writes what an archive takes, of one commit, and nothing that may not be published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crates import problems
from tests.command import paper

from paper import build, project
from paper.errors import DataError, PaperError, ProjectError, SourceError, SourceErrors
from paper.release import crate
from paper.release.deposit import make as deposits

SETTINGS = """
project: {type: book, output-dir: _site}
book:
  title: A small book
  subtitle: On queues
  author:
    - {name: Aigerim Example, orcid: 0000-0002-1825-0097, affiliations: [{name: A University}]}
    - name: Bo Brown
  date: 2026-11-23
  description: What queues are for.
  output-file: small
  chapters: [index.qmd]
lang: en
license: CC BY 4.0
keywords: [queues]
"""
PACKAGE = {
    "name": "waits",
    "resources": [
        {
            "name": "waits", "path": "waits.csv", "title": "Waits", "description": "Days.",
            "schema": {
                "fields": [{"name": "office", "type": "string", "description": "The office."}],
                "primaryKey": ["office"],
            },
        }
    ],
}  # fmt: skip
# What Zenodo takes: https://developers.zenodo.org/#representation
ASKED = {"title", "upload_type", "description", "creators", "publication_date", "access_right", "license"}
KNOWN = ASKED | {
    "publication_type", "keywords", "version", "language", "notes", "related_identifiers", "doi", "communities",
}  # fmt: skip


def git(root: Path, *arguments: str) -> str:
    about = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *about, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy of the small book that may be changed."""
    shutil.copytree(built, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book under version control, built."""
    root = tmp_path_factory.mktemp("deposit") / "small"
    files = {
        "_quarto.yml": SETTINGS,
        "index.qmd": "# Preface {.unnumbered}\n\nHello.\n\n## Data {.data-availability}\n\nBeside it.\n",
        "data/datapackage.json": json.dumps(PACKAGE),
        "data/waits.csv": "office\nA\n",
        "data/synthetic/README.md": "Made up.\n",
        "data/private/README.md": "Nothing leaves.\n",
        "data/private/notes.txt": "Zhanerke said so.\n",
        "LICENSE": "MIT License\n",
        ".gitignore": "_site/\n.paper/\ndata/private/*\n!data/private/README.md\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "All of it")
    build.build(root, targets={"html", "docx", "jats"})
    return root


def deposit(root: Path) -> deposits.Deposit:
    return deposits.make(project.load(root), root / "_deposit")


def test_the_folder_holds_outputs_data_code_and_what_describes_them(root: Path, tmp_path: Path) -> None:
    made = deposit(root)
    assert set(made.files) == {
        "small.docx", "small-jats.zip", "website.zip", "data.zip", "code.tar.gz", "LICENSE", "README.md",
        ".zenodo.json", "datacite.json", "ro-crate-metadata.json", "SHA256SUMS",
    }  # fmt: skip
    folder = made.folder
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        was, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == was
    with zipfile.ZipFile(folder / "data.zip") as packed:
        assert packed.namelist() == ["datapackage.json", "waits.csv"]
    with tarfile.open(folder / "code.tar.gz") as packed:
        names = packed.getnames()
    assert {"small/_quarto.yml", "small/index.qmd", "small/data/waits.csv"} <= set(names)
    with zipfile.ZipFile(folder / "website.zip") as packed:
        assert {"index.html", "manifest.json", crate.NAME} <= set(packed.namelist())
    assert git(root, "rev-parse", "HEAD") in (folder / "README.md").read_text()
    ids = [entity["@id"] for entity in json.loads((folder / crate.NAME).read_text("utf8"))["@graph"]]
    assert len(ids) == len(set(ids))
    assert problems(folder, tmp_path / "web") == []


def test_nothing_private_or_made_up_is_in_it(root: Path) -> None:
    git(root, "add", "-f", "data/private/notes.txt")
    git(root, "commit", "-qm", "By mistake")
    with pytest.raises(DataError, match="must not be published"):
        deposit(root)
    git(root, "rm", "-q", "--cached", "data/private/notes.txt")
    git(root, "commit", "-qm", "Taken back")
    made = deposit(root)
    whole = b"".join(_unpacked(made.folder / name) for name in made.files)
    assert b"Zhanerke" not in whole
    with zipfile.ZipFile(made.folder / "data.zip") as packed:
        assert not [name for name in packed.namelist() if name.startswith(("private", "synthetic"))]


def _unpacked(path: Path) -> bytes:
    if path.suffix in (".zip", ".docx"):
        with zipfile.ZipFile(path) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as tar:
            files = [tar.extractfile(member) for member in tar if member.isfile()]
            return b"".join(file.read() for file in files if file)
    return path.read_bytes()


def test_a_passage_that_is_not_released_is_not_in_it(paper_copy: Path) -> None:
    """In the paper itself, whose data describe interviews."""
    table = paper_copy / "data/segments.csv"
    columns = next(csv.reader(io.StringIO(table.read_text("utf8"))))
    row = {
        "segment": "case-01-001",
        "case": "case-01",
        "released": "false",
        "excerpt": "Words that nobody released.",
    }
    with table.open("a", encoding="utf8", newline="") as stream:
        csv.DictWriter(stream, columns, restval="x", lineterminator="\n").writerow(row)
    (paper_copy / "_site").mkdir()
    git(paper_copy, "init", "-q")
    git(paper_copy, "add", "-A")
    with pytest.raises(DataError, match="must not be published"):
        deposits._refuse_harm(project.load(paper_copy))


def test_the_same_commit_gives_the_same_bytes(root: Path) -> None:
    first = {name: (root / "_deposit" / name).read_bytes() for name in deposit(root).files}
    (root / "index.qmd").touch()
    again = deposit(root)
    assert {name: (again.folder / name).read_bytes() for name in again.files} == first


def is_valid_for_datacite(metadata: dict[str, Any]) -> bool:
    """Ask DataCite's own schema; imported here, as that takes half a second."""
    from datacite import schema45

    return bool(schema45.validate(metadata))


def test_zenodo_and_datacite_take_the_metadata(root: Path) -> None:
    folder = deposit(root).folder
    zenodo = json.loads((folder / ".zenodo.json").read_text("utf8"))
    assert set(zenodo) >= ASKED and set(zenodo) <= KNOWN
    assert zenodo["license"] == "cc-by-4.0" and zenodo["language"] == "eng"
    assert zenodo["creators"][0] == {
        "name": "Example, Aigerim", "affiliation": "A University", "orcid": "0000-0002-1825-0097",
    }  # fmt: skip
    assert is_valid_for_datacite(json.loads((folder / "datacite.json").read_text("utf8")))


def test_the_schema_of_datacite_catches_a_planted_fault(root: Path) -> None:
    metadata = json.loads((deposit(root).folder / "datacite.json").read_text("utf8"))
    for spoilt in ({**metadata, "creators": []}, {**metadata, "types": {"resourceTypeGeneral": "Paper"}}):
        assert not is_valid_for_datacite(spoilt)


def test_the_papers_citation_file_keeps_to_its_schema(repository: Path, tmp_path: Path) -> None:
    def check(path: Path) -> int:
        schema = "vendor.citation-file-format"
        asked = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", schema, path]
        return subprocess.run(asked, check=False, capture_output=True).returncode

    assert check(repository / "CITATION.cff") == 0
    spoilt = tmp_path / "CITATION.cff"
    spoilt.write_text((repository / "CITATION.cff").read_text("utf8").replace("authors:", "writers:"), "utf8")
    assert check(spoilt) != 0


def test_the_authors_own_words_to_zenodo_stand(root: Path) -> None:
    (root / ".zenodo.json").write_text(
        '{"communities": [{"identifier": "queues"}], "upload_type": "dataset"}'
    )
    git(root, "add", "-A")
    git(root, "commit", "-qm", "For Zenodo")
    build.build(root, targets={"html", "docx", "jats"})
    zenodo = json.loads((deposit(root).folder / ".zenodo.json").read_text("utf8"))
    assert zenodo["upload_type"] == "dataset" and zenodo["communities"] == [{"identifier": "queues"}]


def test_what_archives_ask_for_and_nobody_said_is_told_with_where_to_say_it(root: Path) -> None:
    told = {fault.message: fault for fault in deposit(root).gaps}
    assert all(fault.severity == "note" and fault.remedy for fault in told.values())
    assert told["the ORCID iD of Bo Brown is not stated"].line == 5
    assert "the ORCID iD of Aigerim Example is not stated" not in told
    assert "no statement of interests was found" in told
    assert "no statement where the data are was found" not in told  # the section is there


REFUSED: dict[str, tuple[Callable[[Path], object], type[PaperError], str]] = {
    "a changed file": (lambda root: (root / "index.qmd").write_text("# New\n"), SourceError, "commit them"),
    "a new file": (lambda root: (root / "new.qmd").write_text("# New\n"), SourceError, "commit them"),
    "no site": (lambda root: shutil.rmtree(root / "_site"), SourceError, "paper build"),
    "a damaged site": (lambda root: (root / "_site/index.html").write_text("x"), SourceError, "paper build"),
    "an older site": (lambda root: _commit(root, "index.qmd", "# New\n"), SourceError, "paper build"),
    "no date": (lambda root: _rewrite(root, "  date: 2026-11-23\n", ""), SourceError, "date:"),
    "no licence": (lambda root: _rewrite(root, "license: CC BY 4.0\n", ""), SourceError, "license:"),
    "no commit": (lambda root: shutil.rmtree(root / ".git"), ProjectError, "git init"),
    "other files in its place": (lambda root: _foreign(root), ProjectError, "--out"),
}


def _commit(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, "utf8")
    git(root, "commit", "-qam", "Newer")


def _rewrite(root: Path, old: str, new: str) -> None:
    _commit(root, "_quarto.yml", (root / "_quarto.yml").read_text("utf8").replace(old, new))


def _foreign(root: Path) -> None:
    (root / "_deposit").mkdir()
    (root / "_deposit/mine.txt").write_text("Keep me.\n", "utf8")


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses_with_the_way_out(case: str, root: Path) -> None:
    spoil, kind, remedy = REFUSED[case]
    spoil(root)
    with pytest.raises(kind) as told:
        deposit(root)
    assert remedy in told.value.remedy
    folder = root / "_deposit"
    assert not folder.exists() or (folder / "mine.txt").read_text() == "Keep me.\n"


def test_all_that_an_archive_cannot_do_without_is_told_at_once(root: Path) -> None:
    said = (root / "_quarto.yml").read_text("utf8")
    for line in ("  date: 2026-11-23\n", "license: CC BY 4.0\n"):
        said = said.replace(line, "")
    before, after = said.split("  author:\n")
    _commit(root, "_quarto.yml", before + after[after.index("  description:") :])
    with pytest.raises(SourceErrors) as told:
        deposit(root)
    assert [error.message.split(",")[0] for error in told.value.errors] == [
        f"an archive asks for {thing}" for thing in ("an author", "a date", "a licence")
    ]


def test_the_abstract_of_a_book_without_description_describes_it(root: Path) -> None:
    _rewrite(root, "  description: What queues are for.", "  abstract: What *queues* do to H~2~O.")
    _rewrite(root, "lang: en", "lang: cy")
    build.build(root, targets={"html", "jats"})
    done = deposit(root)
    zenodo, datacite = (
        json.loads((done.folder / name).read_text("utf8")) for name in (".zenodo.json", "datacite.json")
    )
    assert zenodo["description"] == "<p>What <em>queues</em> do to H<sub>2</sub>O.</p>"
    assert zenodo["language"] == "cym"
    assert datacite["descriptions"][0]["description"] == "What queues do to H₂O."
    assert not any("description" in gap.message for gap in done.gaps)


def test_the_command_says_that_nothing_was_sent(root: Path) -> None:
    for _ in range(2):  # its own folder doesn't make the tree dirty
        done = paper(root, "deposit")
        assert done.returncode == 0, done.stderr
        assert "nothing was sent" in done.stdout and "code.tar.gz" in done.stdout
