"""A mistake gives one clear message with file and line, and leaves the last good site as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from paper import build
from paper.cells.kernel import Kernel
from paper.errors import (
    BusyError,
    CellError,
    ChapterError,
    PaperError,
    ProjectError,
    ToolError,
)
from paper.project import load

Book = Callable[..., Path]


def message(root: Path, kind: type[PaperError]) -> str:
    with pytest.raises(kind) as caught:
        build.build(root, targets=["html"], strict=True)
    return str(caught.value)


def test_a_cell_that_raises_shows_its_own_traceback(book: Book) -> None:
    root = book(one="# One\n\n```{python}\n#| label: bad\nx = 1\nx / 0\n```\n")
    said = message(root, CellError)
    assert said.startswith("one.qmd:3: the cell 'bad' raised ZeroDivisionError: division by zero")
    assert "x / 0" in said


def test_inline_code_that_raises_is_placed(book: Book) -> None:
    root = book(one="# One\n\nText\nand `{python} missing` here.\n\n```{python}\n1\n```\n")
    assert message(root, CellError).startswith("one.qmd:4: the inline code `missing` raised NameError")


def test_an_unknown_citation_is_placed(book: Book) -> None:
    root = book(one="# One\n\nSaid [@hood1991].\n\nAlso @nobody2000.\n")
    assert message(root, ChapterError).startswith("one.qmd:5: Citeproc: citation nobody2000 not found")


def test_several_mistakes_are_told_together(book: Book) -> None:
    root = book(one="# One\n\n@fig-a\n", two="# Two\n\n@fig-b\n")
    said = message(root, PaperError)
    assert "one.qmd:3" in said and "two.qmd:3" in said


def test_a_missing_include_is_placed_where_it_is_asked_for(book: Book) -> None:
    root = book(one="# One\n\n{{< include _none.qmd >}}\n")
    assert message(root, ChapterError).startswith("one.qmd:3: the file _none.qmd does not exist")


def test_a_fault_in_an_included_file_names_that_file(book: Book) -> None:
    root = book({"_part.qmd": "fine\n\n@fig-gone\n"}, one="# One\n\n{{< include _part.qmd >}}\n")
    assert message(root, ChapterError).startswith("_part.qmd:3:")


@pytest.mark.parametrize("target", ["../secret.qmd", "/../secret.qmd", "a/../../secret.qmd"])
def test_an_include_from_outside_the_project_is_refused(book: Book, target: str) -> None:
    root = book(one=f"# One\n\n{{{{< include {target} >}}}}\n")
    (root.parent / "secret.qmd").write_text("secret", "utf8")
    assert "outside the project" in message(root, ChapterError)


def test_an_include_through_a_link_out_of_the_project_is_refused(book: Book) -> None:
    root = book(one="# One\n\n{{< include link.qmd >}}\n")
    (root.parent / "secret.qmd").write_text("secret", "utf8")
    (root / "link.qmd").symlink_to(root.parent / "secret.qmd")
    assert "outside the project" in message(root, ChapterError)


def test_a_chapter_that_includes_itself_is_refused(book: Book) -> None:
    root = book(
        {"_a.qmd": "{{< include _b.qmd >}}\n", "_b.qmd": "{{< include _a.qmd >}}\n"},
        one="# One\n\n{{< include _a.qmd >}}\n",
    )
    assert "includes itself" in message(root, ChapterError)


def test_a_cell_in_another_language_is_said(book: Book) -> None:
    root = book(one="# One\n\n```{r}\n1\n```\n")
    assert message(root, ChapterError).startswith("one.qmd:3: cells in 'r' are not known")


def test_a_code_block_that_is_not_closed_is_placed(book: Book) -> None:
    root = book(one="# One\n\n```{python}\n1\n")
    assert "one.qmd:3: the code block opened here" in message(root, ChapterError)


def test_a_cell_option_that_the_engine_does_not_know_is_noticed(book: Book) -> None:
    root = book(one="# One\n\n```{python}\n#| wobble: 3\n1\n```\n")
    report = build.build(root, targets=["html"])
    assert [(n.file, n.line, n.rule) for n in report.notices] == [("one.qmd", 3, "cell-option")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("project:\n  type: book\n output-dir: x\n", 3, "not valid YAML"),
        (
            "project:\n  type: book\nbook:\n  chapters: [index.qmd]\nbook:\n  title: x\n",
            5,
            "'book' is given twice",
        ),
        (
            "project:\n  type: book\nbook:\n  chapters:\n    - index.qmd\n    - chapters/gone.qmd\n",
            6,
            "does not exist",
        ),
    ],
)
def test_a_bad_project_file_is_placed(book: Book, text: str, line: int, said: str) -> None:
    root = book()
    (root / "_quarto.yml").write_text(text, "utf8")
    found = message(root, ProjectError)
    assert found.startswith(f"_quarto.yml:{line}") and said in found


def test_a_chapter_that_is_not_utf8_is_placed(book: Book) -> None:
    root = book(one="# One\n")
    (root / "one.qmd").write_bytes("# One\n\nКазахстан\n".encode("cp1251"))
    assert message(root, ChapterError).startswith("one.qmd:3: not UTF-8")


def test_the_last_good_site_stays_when_a_build_fails(book: Book) -> None:
    root = book(one="# One\n\nGood.\n")
    build.build(root, targets=["html"])
    before = {p.relative_to(root): p.read_bytes() for p in sorted((root / "_site").rglob("*")) if p.is_file()}
    (root / "one.qmd").write_text("# One\n\nBad @fig-gone.\n", "utf8")
    message(root, ChapterError)
    after = {p.relative_to(root): p.read_bytes() for p in sorted((root / "_site").rglob("*")) if p.is_file()}
    assert after == before
    assert [p.name for p in root.iterdir() if p.name.endswith((".new", ".old"))] == []


def test_two_builds_at_once_do_not_meet(book: Book) -> None:
    from filelock import FileLock

    root = book(one="# One\n")
    (root / ".paper").mkdir()
    with FileLock(root / ".paper" / "_site.lock"):
        assert "another build" in message(root, BusyError)
    build.build(root, targets=["html"])


def test_a_cell_that_never_ends_is_ended(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paper.cells.kernel.CELL_TIMEOUT", 2.0)
    root = book(one="# One\n\n```{python}\nwhile True: pass\n```\n")
    assert message(root, CellError).startswith("one.qmd:3: the cell did not end within 2 s")


def test_a_kernel_that_cannot_start_is_told_and_leaves_nothing(
    book: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-python"))
    with pytest.raises(ToolError, match="the Jupyter kernel did not start"):
        Kernel(load(book(one="# One\n")))
    assert list(tmp_path.glob("paper-kernel-*")) == []


def test_a_cell_that_prints_without_end_is_ended(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paper.cells.kernel.MAX_OUTPUT", 10_000)
    root = book(one="# One\n\n```{python}\nwhile True: print('again and again')\n```\n")
    assert message(root, CellError).startswith("one.qmd:3: the cell gave more than 10,000 characters")


def test_a_cell_that_kills_its_kernel_is_named(book: Book) -> None:
    root = book(one="# One\n\n```{python}\nimport os\nos._exit(1)\n```\n")
    assert message(root, CellError).startswith("one.qmd:3: the kernel died")


def test_a_cell_that_takes_all_memory_is_stopped(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paper.cells.kernel.MEMORY_LIMIT", 2**30)
    root = book(one="# One\n\n```{python}\nx = bytearray(2 * 2**30)\n```\n")
    assert "MemoryError" in message(root, CellError)


def test_paths_with_spaces_and_other_scripts_work(book: Book, tmp_path: Path) -> None:
    root = book(one="# One\n\n```{python}\n2 + 3\n```\n")
    other = tmp_path / "Қазақ қағаз (2)"
    root.rename(other)
    build.build(other, targets=["html"])
    assert (other / "_site" / "one.html").is_file()


def test_the_command_gives_one_message_and_an_exit_code(book: Book) -> None:
    root = book(one="# One\n\n@fig-gone\n")
    done = subprocess.run(
        [sys.executable, "-c", "from paper.cli import main; main()", "build", "--to", "html", "--strict"],
        cwd=root, capture_output=True, text=True, env={**os.environ}, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "one.qmd:3" in done.stderr and "@fig-gone" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_that_the_papers_own_functions_raise_is_told_without_a_traceback(book: Book) -> None:
    cell = """
    # One

    ```{python}
    #| label: tbl-x
    from paper.errors import DataError, Place
    raise DataError("a column is missing", place=Place("data/x.csv", 3), remedy="add it")
    ```
    """
    root = book(one=cell)
    with pytest.raises(PaperError) as caught:
        build.build(root, targets={"html"})
    assert str(caught.value) == (
        "one.qmd:4: the cell 'tbl-x' can't be shown\n  data/x.csv:3: a column is missing\n  → add it"
    )
