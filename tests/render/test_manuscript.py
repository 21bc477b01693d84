"""The manuscript for a journal: counted, its title page apart, and on request without a trace of its author."""

from __future__ import annotations

import textwrap
import zipfile
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from tests.render import pdf_parts
from typer.testing import CliRunner

from paper import project as projects
from paper.cli import manuscript as command
from paper.documents.manuscript.make import Manuscript, make
from paper.errors import PaperError, ProjectError

SETTINGS = """
project:
  type: book
book:
  title: A small book
  author:
    - name: Aigerim Example
      email: aigerim@example.org
      orcid: 0000-0002-1825-0097
      affiliations:
        - name: Example University
          department: School of Examples
  chapters: [{chapters}]
  appendices: [more.qmd]
bibliography: references.bib
anonymise:
  hide: ["in data: Aigerim said so"]
"""
NAMES = ("Example University", "School of Examples", "Aigerim", "aigerim@example.org", "0000-0002-1825-0097")
WORKS = """@article{example2019,
  author = {Example, Aigerim},
  title = {What I Wrote Before},
  journal = {Journal of Examples},
  year = {2019}
}
@article{hood1991,
  author = {Hood, Christopher},
  title = {A Public Management for All Seasons?},
  journal = {Public Administration},
  year = {1991}
}
"""
CHAPTERS = {
    "index.qmd": """
        # Abstract {.unnumbered}

        Nine words stand here, and this line has them.

        ## How to cite {.unnumbered .identifying}

        Aigerim Example, Example University.
        """,
    "first.qmd": """
        # First

        As shown before [@example2019; @hood1991].
        [The author worked at Example University.]{.identifying}

        ::: {.identifying}
        Write to aigerim@example.org.
        :::

        | what | where |
        |------|-------|
        | said | in data: Aigerim said so |

        ## Acknowledgements {#acknowledgements}

        Thanks to a colleague.
        """,
    "second.qmd": "# Second\n\nFive words stand right here.\n\n| table | words |\n|---|---|\n| not | counted |\n",
    "last.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    "more.qmd": "# More\n\nFour words stand here.\n",
}


def written(root: Path, **chapters: str) -> Path:
    """A small book that tells who wrote it in every way there is."""
    root.mkdir()
    texts = CHAPTERS | {f"{name}.qmd": text for name, text in chapters.items()}
    names = ", ".join(name for name in texts if name != "more.qmd")
    for name, text in {
        **texts,
        "references.bib": WORKS,
        "_quarto.yml": SETTINGS.format(chapters=names),
    }.items():
        (root / name).write_text(textwrap.dedent(text), "utf8")
    return root


def made(root: Path, anonymous: bool = True) -> tuple[Manuscript, dict[str, Path]]:
    result = make(projects.load(root), root / "_manuscript", anonymous=anonymous)
    return result, {path.name: path for path in result.files}


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> tuple[Manuscript, dict[str, Path]]:
    return made(written(tmp_path_factory.mktemp("anonymous") / "book"))


def word_text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_nothing_in_an_anonymous_text_tells_who_wrote_it(hidden: tuple[Manuscript, dict[str, Path]]) -> None:
    _, files = hidden
    word, pdf = files["manuscript.docx"], files["manuscript.pdf"]
    with zipfile.ZipFile(word) as archive:
        inside = " ".join(archive.read(name).decode("utf8", "replace") for name in archive.namelist())
    metadata = PdfReader(pdf).metadata
    assert metadata is not None
    assert not metadata.author
    for words in NAMES:
        assert words not in inside
        assert words not in pdf_parts.words(pdf)
        assert words.encode() not in pdf.read_bytes()


def test_the_authors_own_works_are_masked_and_all_others_kept(
    hidden: tuple[Manuscript, dict[str, Path]],
) -> None:
    _, files = hidden
    for said in (word_text(files["manuscript.docx"]), pdf_parts.words(files["manuscript.pdf"])):
        assert "What I Wrote Before" not in said
        assert "Author. 2019" in said
        assert "A Public Management for All Seasons?" in said
        assert "Hood" in said


def test_what_an_anonymous_text_leaves_out_a_named_one_keeps(
    hidden: tuple[Manuscript, dict[str, Path]], tmp_path: Path
) -> None:
    without = word_text(hidden[1]["manuscript.docx"])
    named = word_text(made(written(tmp_path / "book"), anonymous=False)[1]["manuscript.docx"])
    for words in ("The author worked at", "Write to", "How to cite", "Aigerim said so"):
        assert words not in without
        assert words in named
    assert "[Details removed for review]" in without
    assert "Five words stand right here." in without


def test_the_title_page_stands_apart_with_authors_thanks_and_words(
    hidden: tuple[Manuscript, dict[str, Path]],
) -> None:
    result, files = hidden
    for said in (word_text(files["title-page.docx"]), pdf_parts.words(files["title-page.pdf"])):
        for words in ("A small book", "Aigerim Example", "aigerim@example.org", "Thanks to a colleague."):
            assert words in said
        assert f"appendices: {result.total}." in said
        assert "Five words" not in said
    assert "Thanks to a colleague." not in word_text(files["manuscript.docx"])


def test_words_are_counted_by_chapter_without_tables_references_and_appendices(
    hidden: tuple[Manuscript, dict[str, Path]],
) -> None:
    counts = {count.title: (count.words, count.counted) for count in hidden[0].counts}
    assert counts["Second"] == (5, True)
    assert counts["More"] == (4, False)
    assert counts["References"][1] is False
    assert hidden[0].total == sum(words for words, counted in counts.values() if counted)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Aigerim Example wrote this.", "the author's name: Example"),
        ("Write to aigerim@example.org.", "the author's address"),
        ("See <https://orcid.org/0000-0002-1825-0097>.", "the author's ORCID"),
        ("Done at the School of Examples.", "the author's place of work"),
        ("Drawn by EXAMPLE.", "the author's name"),
    ],
)
def test_a_place_that_still_tells_is_refused_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    root = written(tmp_path / "book", second=f"# Second\n\nWords.\n\n{text}\n")
    with pytest.raises(PaperError) as told:
        made(root)
    assert what in str(told.value)
    assert "second.qmd" in str(told.value)
    assert ".identifying" in str(told.value)
    assert not (root / "_manuscript").exists()


def test_a_word_that_only_contains_a_name_is_no_name(tmp_path: Path) -> None:
    assert made(written(tmp_path / "book", second="# Second\n\nCounterexamples and exampled things.\n"))[1]


def test_the_same_sources_give_the_same_bytes(hidden: tuple[Manuscript, dict[str, Path]]) -> None:
    first = {name: path.read_bytes() for name, path in hidden[1].items()}
    again = made(hidden[1]["manuscript.docx"].parents[1])[1]
    assert {name: path.read_bytes() for name, path in again.items()} == first


def test_the_command_counts_and_fails_above_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = written(tmp_path / "book")
    monkeypatch.chdir(root)
    within = CliRunner().invoke(command.app, ["--anonymous"])
    assert within.exit_code == 0, within.output
    assert "under the limit of 8,000" in within.stdout
    assert "_manuscript/manuscript.docx" in within.stdout
    above = CliRunner().invoke(command.app, ["--limit", "10", "--out", "elsewhere"])
    assert above.exit_code == 1
    assert "over the limit of 10" in above.stdout
    assert (root / "elsewhere" / "title-page.pdf").is_file()


def test_a_passage_to_hide_that_nobody_says_any_more_is_told(tmp_path: Path) -> None:
    """It has changed, and would be printed as it now is."""
    root = written(tmp_path / "book")
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(settings.replace("Aigerim said so", "Aigerim said no"), "utf8")
    with pytest.raises(ProjectError, match="no chapter says") as told:
        made(root)
    line = settings.splitlines().index("anonymise:") + 2
    assert str(told.value.place) == f"_quarto.yml:{line}"


def test_a_passage_is_hidden_whatever_form_its_apostrophe_has(tmp_path: Path) -> None:
    root = written(tmp_path / "book", second="# Second\n\nThe author's former employer paid.\n")
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(
        settings.replace("  hide: [", '  hide: ["author\'s former employer", '), "utf8"
    )
    _, files = made(root)
    assert "former employer" not in word_text(files["manuscript.docx"])


def test_the_papers_own_manuscript_names_nobody(repository: Path) -> None:
    """What the author marked is enough, as far as sources alone can tell."""
    from paper.documents.manuscript import anonymous
    from paper.text.reading import read

    project = projects.load(repository)
    settings = project.config["anonymise"]["hide"]
    told = [words for _, words in anonymous._identifying(project)]
    assert len(told) >= 3
    assert any(words in passage for words in told for passage in settings)
    marked = [
        line.text
        for c in project.chapters
        for line in read(project, c.path).lines
        if ".identifying" in line.text
    ]
    assert len(marked) >= 2
