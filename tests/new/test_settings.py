"""A chapter is put into the list of _quarto.yml, and nothing else there changes."""

from __future__ import annotations

import difflib

import pytest

from paper.errors import ProjectError
from paper.new.settings import with_chapter

BLOCK = """\
# The book
book:
  title: "A: title"   # with a comment
  chapters:
    - index.qmd
    - one.qmd  # the first

    # every source, once
    - references.qmd
  output-file: book

lang: en
"""


def added(before: str, after: str) -> list[tuple[int, str]]:
    """The lines that are new, with their numbers; nothing may be gone."""
    lines = list(difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    assert not [line for line in lines if line.startswith("- ")]
    kept = [line for line in lines if not line.startswith("?")]
    return [(number, line[2:]) for number, line in enumerate(kept, 1) if line.startswith("+ ")]


@pytest.mark.parametrize(
    ("text", "options", "line"),
    [
        (BLOCK, {"beside": "references.qmd"}, (8, "    - two.qmd\n")),
        (BLOCK, {"beside": "one.qmd", "after": True}, (7, "    - two.qmd\n")),
        (BLOCK, {}, (10, "    - two.qmd\n")),
        (BLOCK.replace("\n", "\r\n"), {"beside": "references.qmd"}, (8, "    - two.qmd\r\n")),
        ("book:\n  chapters:\n  - index.qmd\n  - one.qmd", {"beside": "one.qmd"}, (4, "  - two.qmd\n")),
        ("book:\n  chapters:\n    - 'index.qmd'\n    -   one.qmd\n", {"beside": "one.qmd"}, (4, "    - two.qmd\n")),
    ],
    ids=["before", "after", "at the end", "Windows", "no line end", "quoted"],
)  # fmt: skip
def test_one_line_is_new(text: str, options: dict[str, object], line: tuple[int, str]) -> None:
    assert added(text, with_chapter(text, "two.qmd", **options)) == [line]  # type: ignore[arg-type]


def test_a_file_without_a_last_line_end_gets_one_line_more() -> None:
    text = "book:\n  chapters:\n  - index.qmd"
    assert with_chapter(text, "two.qmd") == "book:\n  chapters:\n  - index.qmd\n  - two.qmd\n"


def test_a_chapter_can_follow_one_in_a_part() -> None:
    part = "    - part: Method\n      chapters:\n        - one.qmd\n"
    text = f"book:\n  chapters:\n    - index.qmd\n{part}    - end.qmd\n"
    inside = with_chapter(text, "two.qmd", beside="one.qmd", after=True)
    assert added(text, inside) == [(7, "        - two.qmd\n")]
    assert added(text, with_chapter(text, "two.qmd", beside="end.qmd")) == [(7, "    - two.qmd\n")]


def test_a_chapter_can_come_after_a_last_part() -> None:
    text = (
        "book:\n  chapters:\n    - index.qmd\n    - part: Method\n      chapters:\n        - one.qmd\n# end\n"
    )
    assert added(text, with_chapter(text, "two.qmd")) == [(7, "    - two.qmd\n")]


def test_a_list_on_one_line_stays_on_one_line() -> None:
    text = "book:\n  chapters: [index.qmd, references.qmd] # short\n"
    before = with_chapter(text, "two.qmd", beside="references.qmd")
    assert before == "book:\n  chapters: [index.qmd, two.qmd, references.qmd] # short\n"
    after = with_chapter(text, "two.qmd", beside="references.qmd", after=True)
    assert after == "book:\n  chapters: [index.qmd, references.qmd, two.qmd] # short\n"


def test_appendices_are_a_list_of_their_own() -> None:
    text = BLOCK.replace("  output-file", "  appendices:\n    - codes.qmd\n  output-file")
    new = with_chapter(text, "two.qmd", appendix=True)
    assert "    - codes.qmd\n    - two.qmd\n  output-file" in new


def test_the_first_appendix_begins_the_list() -> None:
    new = with_chapter(BLOCK, "two.qmd", appendix=True)
    assert added(BLOCK, new) == [(10, "  appendices:\n"), (11, "    - two.qmd\n")]


@pytest.mark.parametrize(
    "text",
    [
        "book:\n  title: none\n",
        "book:\n  chapters: one.qmd\n",
        "project:\n  type: book\n",
        "book:\n  chapters:\n    - index.qmd\n    - two.qmd\n",
    ],
    ids=["no list", "one name", "no book", "listed already"],
)
def test_what_cannot_be_done_safely_is_left_to_the_author(text: str) -> None:
    with pytest.raises(ProjectError) as error:
        with_chapter(text, "two.qmd")
    assert "_quarto.yml" in str(error.value)
    assert "two.qmd" in error.value.remedy
