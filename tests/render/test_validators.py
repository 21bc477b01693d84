"""Validators that others wrote find nothing in what is written, and find the faults that are put into it."""

from __future__ import annotations

import re
import textwrap
import zipfile
from pathlib import Path

import ooxml_integrity
import page
import pytest
from tests.conftest import numbered

from paper.writers import docx, typst

BOOK = {
    "_quarto.yml": """
        project:
          type: book
        book:
          title: A small book
          author: Aigerim Example
          chapters: [index.qmd]
        format:
          typst:
            pdf-standard: [ua-1, a-2a]
        """,
    "index.qmd": """
        # A chapter

        Words with a note.[^1] And a [link](https://example.org), *stress*, $x^2$.

        | head | other |
        |------|-------|
        | cell | words |

        : A caption {#tbl-words}

        ::: {.callout-note}
        ## Mind this
        A note apart.
        :::

        [^1]: The note.
        """,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small book as PDF and as Word file."""
    root = tmp_path_factory.mktemp("validators") / "book"
    root.mkdir()
    for name, text in BOOK.items():
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    made = {name: root / f"book.{name}" for name in ("pdf", "docx")}
    project, chapters = numbered(root, "", "typst")
    typst.book_pdf(project, chapters, made["pdf"], root / ".paper")
    project, chapters = numbered(root, "", "docx")
    docx.book_docx(project, chapters, made["docx"])
    return made


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_pdf_keeps_to_the_standards_that_its_settings_name(files: dict[str, Path], profile: str) -> None:
    report = page.validate_pdf(files["pdf"], profile=profile)
    assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]
    assert report.rules.total > 100


@pytest.mark.parametrize(("profile", "mark"), [("ua1", rb"pdfuaid:part"), ("2a", rb"pdfaid:part")])
def test_a_pdf_that_does_not_name_its_standard_is_found(
    files: dict[str, Path], profile: str, mark: bytes
) -> None:
    content = files["pdf"].read_bytes()
    assert mark in content
    faulty = content.replace(mark, mark[:-4] + b"trap")
    assert not page.validate_pdf_bytes(faulty, profile=profile).is_compliant


def word_faults(file: Path) -> list[str]:
    """What both validators find in a Word file."""
    from openxml_audit import OpenXmlValidator  # a tenth of a second, for each process that reads this file

    audited = [str(error) for error in OpenXmlValidator().validate(file).errors]
    severe = (ooxml_integrity.ERROR, ooxml_integrity.WARN)
    return audited + [str(found) for found in ooxml_integrity.check(file) if found.severity in severe]


def test_the_word_file_has_no_fault(files: dict[str, Path]) -> None:
    assert word_faults(files["docx"]) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/styles.xml", rb'w:styleId="TableNormal"', b'w:styleId="Elsewhere"'),
        ("word/document.xml", rb"<w:footnoteReference w:id=\"\d+\"", b'<w:footnoteReference w:id="4711"'),
    ],
)
def test_a_fault_in_the_word_file_is_found(
    files: dict[str, Path], tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    faulty = tmp_path / "faulty.docx"
    with zipfile.ZipFile(files["docx"]) as source, zipfile.ZipFile(faulty, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            changed = re.sub(old, new, content, count=1) if name == part else content
            assert name != part or changed != content
            target.writestr(name, changed)
    assert word_faults(faulty)
