"""The manuscript that a journal asks for: parts left out, floats at the end, lines numbered, words by part."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from paper import project as projects
from paper.cli import line
from paper.cli import manuscript as command
from paper.documents.manuscript import journals, lines
from paper.errors import MachineError, ProjectError

FILES = {
    "_quarto.yml": """
        project:
          type: book
        book:
          title: A small book
          author: {name: Aigerim Example, email: aigerim@example.org}
          chapters: [index.qmd, first.qmd, last.qmd]
          appendices: [more.qmd]
        bibliography: references.bib
        """,
    "references.bib": """
        @article{hood1991,
          author = {Hood, Christopher},
          title = {A Public Management for All Seasons?},
          journal = {Public Administration},
          year = {1991}
        }
        """,
    "index.qmd": """
        # Preface {.unnumbered}

        ## Abstract {.unnumbered #abstract}

        This abstract has six words here.
        """,
    "first.qmd": """
        # First {#sec-first}

        The opening sentence of this chapter is long enough to fill a line of the page and to go on beyond its end.
        Another sentence follows the first one, cites a work [@hood1991], and speaks of @tbl-words and @sec-more.[^1]

        [^1]: A note of five words.

        | head | other |
        |------|-------|
        | cell | words |

        : Caption of the table {#tbl-words}

        Closing words stand after the table, and they are the last ones before the section that follows.

        ## Left out {#sec-left-out}

        Words of a section that a journal doesn't want.
        """,
    "last.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    "more.qmd": "# More {#sec-more}\n\nWords of the appendix are seven here.\n",
    "journals/ours.yml": """
        name: A journal of ours
        instructions: https://example.org/authors
        read: 2026-11-28
        words: 80
        counts: [abstract, text, notes]
        abstract: 5
        anonymous: true
        without: [appendices, tables-in-text, sec-left-out]
        spacing: 2
        line-numbers: true
        """,
}


def write_book(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"), "utf8")
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The book with its manuscript, and what the command printed."""
    root = write_book(tmp_path_factory.mktemp("journal") / "book")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("QUARTO_PROFILE", raising=False)
        done = CliRunner().invoke(command.app, ["--journal", "ours"])
    assert (root / "_manuscript/manuscript.pdf").is_file(), done.output + str(done.exception)
    return root, done.output


def word_text(root: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(root / "_manuscript/manuscript.docx")).paragraphs)


def pdf_text(root: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(root / "_manuscript/manuscript.pdf").pages)


@pytest.mark.parametrize("read", [word_text, pdf_text])
def test_what_a_journal_does_not_want_stays_out_and_numbers_stay(
    made: tuple[Path, str], read: object
) -> None:
    text = " ".join(read(made[0]).split())  # type: ignore[operator]
    assert "Words of the appendix" not in text and "doesn" not in text
    assert "Appendix A" in text.replace("\u00a0", " ")  # the reference to it, as words
    assert "[Table 1.1 about here]" in text
    assert text.index("about here") < text.index("Closing words") < text.index("Caption of the table")
    assert "Table 1.1" in text[text.index("Closing words") :].replace("\u00a0", " ")
    assert "Aigerim" not in text


def test_lines_are_apart_and_numbered_in_word(made: tuple[Path, str]) -> None:
    document = docx.Document(str(made[0] / "_manuscript/manuscript.docx"))
    assert document.styles["Body Text"].paragraph_format.line_spacing == 2
    for section in document.sections:
        (numbers,) = section._sectPr.xpath("./w:lnNumType")
        assert numbers.values() == ["1", "continuous"]


def test_a_numbered_line_leads_to_its_source_and_back(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = made
    numbered = lines.pdf_lines(root / "_manuscript/manuscript.pdf")
    assert [line.number for line in numbered] == list(range(1, len(numbered) + 1))
    (opening,) = [line for line in numbered if line.text.startswith("The opening sentence")]
    (closing,) = [line for line in numbered if line.text.startswith("Closing words")]
    monkeypatch.chdir(root)
    shown = CliRunner().invoke(line.app, [str(closing.number)])
    assert shown.exit_code == 0 and "first.qmd:14: Closing words stand" in shown.output
    _, found = lines.look_up(projects.load(root), root / "_manuscript/manuscript.pdf", opening.number)
    assert [(one.file, one.line) for one in found] == [("first.qmd", 3)]
    sources = lines.Sources(projects.load(root))
    back = lines.numbers_of(sources, numbered, "first.qmd", 14, 14)
    assert closing in back and opening not in back
    with pytest.raises(MachineError, match="no line has the number 999"):
        lines.look_up(projects.load(root), root / "_manuscript/manuscript.pdf", 999)


def test_a_line_leads_to_its_own_paragraph_and_not_to_those_like_it(tmp_path: Path) -> None:
    settings = "project: {type: book}\nbook: {title: A, author: B, chapters: [index.qmd]}\n"
    (tmp_path / "_quarto.yml").write_text(settings, "utf8")
    paragraphs = [
        "A further paragraph of the first item.",
        "Other words.",
        "A further paragraph of that note.",
    ]
    (tmp_path / "index.qmd").write_text("\n\n".join(["# One", *paragraphs]) + "\n", "utf8")
    sources = lines.Sources(projects.load(tmp_path))
    for number, words in ((3, paragraphs[0]), (7, paragraphs[2])):
        assert [one.line for one in sources.find(lines.NumberedLine(1, 1, words))] == [number]


def test_words_are_counted_by_part_against_the_limit(made: tuple[Path, str]) -> None:
    _, output = made
    assert (
        "abstract 6" in output and "notes 5" in output and "tables (4)" in output and "captions (" in output
    )
    assert "under the limit of 80" in output
    assert "Abstract: 6 words of 5, 1 too many" in output
    assert "A journal of ours: https://example.org/authors (read 2026-11-28)" in output


def test_journals_that_come_with_the_program_name_their_instructions(tmp_path: Path) -> None:
    names = sorted(path.stem for path in journals.PACKAGED.glob("*.yml"))
    assert len(names) >= 2
    for name in names:
        journal = journals.load(tmp_path, name)
        assert journal.instructions.startswith("http") and journal.read and journal.words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wrods: 10\n", "'wrods' is nothing that a journal asks for"),
        ("counts: [footers]\n", "no part of a paper"),
        ("words: many\n", "no number"),
        ("words: 0\n", "no number from 1"),
        ("spacing: 9\n", "no number from 1 to 3"),
        ('line-numbers: "true"\n', "neither true nor false"),
        ("csl: no-such-style\n", "no citation style 'no-such-style'"),
    ],
)
def test_a_journal_that_is_not_understood_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals/odd.yml").write_text(text, "utf8")
    with pytest.raises(ProjectError, match=said) as told:
        journals.load(tmp_path, "odd")
    assert str(told.value.place) == "journals/odd.yml:1"
    with pytest.raises(ProjectError, match="no journal 'od' is known"):
        journals.load(tmp_path, "od")


def test_a_part_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(tmp_path)
    monkeypatch.chdir(write_book(tmp_path))
    done = CliRunner().invoke(command.app, ["--without", "sec-nowhere"])
    assert isinstance(done.exception, ProjectError) and "nothing is called 'sec-nowhere'" in str(
        done.exception
    )
    (tmp_path / "journals/odd.yml").write_text("name: Odd\nwithout: [figures]\n", "utf8")
    asked = CliRunner().invoke(command.app, ["--journal", "odd"])
    assert str(asked.exception.place) == "journals/odd.yml:2"  # type: ignore[union-attr]
