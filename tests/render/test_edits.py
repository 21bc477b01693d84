"""Every file of a build after an edit of any kind, compared byte for byte with that of a build from nothing."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import examples
from tests.render.second_chapter import TWO

from paper import build
from paper.tools import cache

ONE = """\
# One {#sec-one}

First words, see @fig-dot, @sec-part and @eq-two, after @hood1991.[^n]

[^n]: A note.

![A dot](dot.png){#fig-dot fig-alt="A dot."}

<div class="own"><p>Some <b>markup</b>.</p><table><tr><td style="color: red">1</td></tr></table></div>
"""
CELL = """
```{python}
print(open("data.txt").read())
```
"""
LAST = "# Extra {#sec-extra}\n\nLast [words]{#place}, see @sec-part, @tbl-two and [there](#place).\n"
LEE = "@book{lee2020,\n  author = {Lee, Ann and {A Body}},\n  title = {Another Work},\n  year = {2020}\n}\n"

Edit = Callable[[Path], None]


def dot(root: Path, colour: str) -> None:
    from PIL import Image

    Image.new("RGB", (40, 40), colour).save(root / "dot.png")


def replacing(name: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        text = (root / name).read_text("utf8")
        assert old in text
        (root / name).write_text(text.replace(old, new), "utf8")

    return edit


def moving_a_section(root: Path) -> None:
    """Take the section that others refer to from the second chapter to the first."""
    two = (root / "two.qmd").read_text("utf8")
    before, mark, section = two.partition("## Section")
    (root / "two.qmd").write_text(before, "utf8")
    with (root / "one.qmd").open("a", encoding="utf8") as one:
        one.write("\n" + mark + section)


EDITS: dict[str, Edit] = {
    "a sentence": replacing("one.qmd", "First words", "The very first words"),
    "a sentence with a note": replacing("two.qmd", "Second words", "Other words^[With a note of its own.]"),
    "a work that was not cited before": replacing("two.qmd", "[@hood1991]", "[@hood1991; @lee2020]"),
    "a work that is cited no more": replacing("one.qmd", ", after @hood1991", ""),
    "a heading": replacing("two.qmd", "## Section", "## Section of another name"),
    "a chapter's title": replacing("one.qmd", "# One", "# Quite another"),
    "a section that others refer to": moving_a_section,
    "an image": lambda root: dot(root, "red"),
    "an entry of the bibliography": replacing("references.bib", "Hood, Christopher", "Hood, Chris and Doe, Jane"),
    "raw HTML": replacing("one.qmd", 'style="color: red"', 'style="font-weight: bold"'),
    "data that a cell reads": replacing("data.txt", "first", "second"),
    "an id that a later chapter has": replacing("one.qmd", "Some <b>", '<span id="place"></span>Some <b>'),
    "a formula that Typst doesn't know": replacing("one.qmd", "$$x = 1$$", "$$x = \\unheardof{1}$$"),
    "the place of the list of works": replacing("one.qmd", "## Section", "::: {#refs}\n:::\n\n## Section"),
    "the order of chapters": replacing("_quarto.yml", "one.qmd\n    - two.qmd", "two.qmd\n    - one.qmd"),
    "the book's title": replacing("_quarto.yml", "A small book", "A book of another name"),
}  # fmt: skip


def files(root: Path) -> tuple[dict[str, bytes], list[str]]:
    """Build everything; return the files by name, and what was told."""
    report = build.build(root)
    written = {p.relative_to(report.out).as_posix(): p for p in report.out.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in written.items()}, sorted(map(str, report.notices))


@pytest.mark.examples  # each edit by itself in the slow group; otherwise three at a time, as each is built twice
def test_after_edits_of_all_kinds_all_files_are_those_of_builds_from_nothing(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "YOUNG", -(10**12))  # as if all files were old: their hashes are kept
    root = book({"data.txt": "first"}, one=ONE, two=TWO + CELL, appendix=LAST)
    replacing("_quarto.yml", "  html: default\n", "  html: default\n  epub: default\n")(root)
    with (root / "references.bib").open("a", encoding="utf8") as bibliography:
        bibliography.write(LEE)
    dot(root, "black")
    before, _ = files(root)
    kinds = list(EDITS)
    together = 3 if examples.quick else 1  # in their order, as some find what earlier ones have left
    rounds = [kinds[first : first + together] for first in range(0, len(kinds), together)]
    for kind in rounds:
        for name in kind:
            EDITS[name](root)
        after, told = files(root)
        assert after != before, kind
        shutil.rmtree(root / ".paper")
        shutil.rmtree(root / "_site")
        before, told_of_clean = files(root)
        assert sorted(after) == sorted(before), kind
        assert [name for name in before if before[name] != after[name]] == [], kind
        assert told == told_of_clean, kind


def test_what_stands_beside_the_list_of_works_is_new_in_the_archive(book: Callable[..., Path]) -> None:
    works = "# Works {#sec-works}\n\n::: {#refs}\n:::\n\n## Further {#sec-further}\n\nFirst words.\n"
    root = book({}, one="# One {#sec-one}\n\nSee @hood1991.\n", works=works, appendix=LAST)

    def article() -> bytes:
        out = build.build(root, targets={"jats"}).out
        with zipfile.ZipFile(next(out.glob("*-jats.zip"))) as archive:
            return b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))

    article()
    replacing("works.qmd", "First words", "Other words")(root)
    assert b"Other words" in article()
