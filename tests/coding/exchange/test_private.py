"""What an import keeps private is looked for in public; what is public already is no find."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import refi_builders as build

from paper.coding.exchange.exporting import export
from paper.coding.exchange.importing import Report, import_file
from paper.coding.privacy import check_privacy
from paper.errors import DataError
from paper.project import load as load_project

Bring = Callable[..., Report]
DEFINITION = (
    "Orders and expectations that come from above and that an office has to meet whatever it thinks of them."
)


SOURCE = "Talk with Aigerim S. in Kostanay"


@pytest.fixture
def imported(house: Path, bring: Bring, repository: Path) -> Path:
    """A folder with an imported project, its exports and its codebook in the private place."""
    shutil.copy(repository / ".gitignore", house)
    settings = "project:\n  type: book\nbook:\n  title: T\n  chapters: [index.qmd]\n"
    (house / "_quarto.yml").write_text(settings, "utf8")
    (house / "index.qmd").write_text("# T\n", "utf8")
    selection = build.selection(build.TALK, build.QUEUES, "Ministry")
    xml = build.project(
        "X", build.users("Ada"), build.codebook(build.code("Ministry", said=DEFINITION)),
        "<Sources>", build.source(SOURCE, selection, file="1.txt"), "</Sources>",
    )  # fmt: skip
    bring(lambda path: build.qdpx(path, xml, {"1.txt": build.TALK}))
    export(house, "qdc", house / "data/private/codebook.qdc")
    for to in ("qdpx", "csv", "xlsx"):
        export(house, to, private=True)
    return house


def found(house: Path) -> list[str]:
    return [fault.file for fault in check_privacy(load_project(house)) if fault.rule == "interview-text"]


def test_the_codebook_and_our_own_exports_are_no_finds(imported: Path) -> None:
    assert DEFINITION in (imported / "data/codebook.csv").read_text("utf8")
    assert found(imported) == []


@pytest.mark.parametrize("text", [build.QUEUES, " ".join(build.TALK.split()[8:20]), SOURCE])
def test_an_excerpt_a_transcript_and_the_name_of_a_source_are_found(imported: Path, text: str) -> None:
    (imported / "notes.md").write_text(f"He said: {text}\n", "utf8")

    assert set(found(imported)) == {"notes.md"}


def test_a_table_without_a_header_is_refused_without_its_words(house: Path) -> None:
    path = house / "data/private/talk.csv"
    path.write_text("Somebody told us about the money,x\nmore words that were said,y\n", "utf8")
    with pytest.raises(DataError) as caught:
        import_file(house, path)
    assert "its columns are: …, x" in str(caught.value)
    assert "money" not in str(caught.value)
