"""PDF, DOCX, JATS and EPUB after an edit: only what changed is converted, and the files are those of a clean build."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.many_constructs import write_book
from tests.render.second_chapter import TWO

from paper import project as projects
from paper import targets
from paper.cells.execute import Executor
from paper.numbering.book import read_book
from paper.numbering.numbering import NumberedChapter
from paper.tools import pandoc
from paper.tools.cache import Cache

ONE = """\
# One {#sec-one}

First words, see @fig-dot, @sec-two and @eq-two, after @hood1991.[^n]

[^n]: A note.

![A dot](dot.png){#fig-dot fig-alt="A dot."}

::: {.callout-note}
::: {.landscape}
Words across, in a box.
:::
:::
"""
FORMS = ("pdf", "docx", "jats", "epub")


@pytest.fixture
def root(book: Callable[..., Path]) -> Path:
    path = book(
        one=ONE,
        two=f"{TWO}\nSee @tbl-two.\n",
        appendix="# Extra {#sec-extra}\n\nLast words, see @sec-part.\n",
    )
    dot(path, "black")
    return path


def dot(root: Path, colour: str) -> None:
    from PIL import Image

    Image.new("RGB", (40, 40), colour).save(root / "dot.png")


def made(root: Path, out: Path, *forms: str) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    """Make the book's files, of all forms where none is named; return them, and what there is to tell of each."""
    project = projects.load(root, None)
    cache = Cache(root / ".paper/cache")
    with Executor(project, cache) as executor:
        chapters = read_book(project, root / ".paper", cache, executor)
    files, told = {}, {}
    out.mkdir(exist_ok=True)
    for form in forms or FORMS:
        product = targets.make(form, project, chapters, out / form)
        files[form] = (out / form).read_bytes()
        told[form] = [f"{fault.place}: {fault.message}" for fault in product.notices]
    return files, told


def save(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "numbered"),
    [
        ("one.qmd", "First words", "The very first words", {"one.qmd"}),
        ("two.qmd", "## Section", "## Unlabelled\n\nIts words.\n\n## Section", {"two.qmd", "appendix.qmd"}),
        ("two.qmd", "Second words [@hood1991]", "Second words", {"two.qmd"}),
        ("one.qmd", "First words", "A new paragraph.\n\nFirst words", {"one.qmd"}),
        ("dot.png", "", "", {"one.qmd"}),
    ],
)
def test_an_edit_converts_what_depends_on_it_and_makes_the_files_of_a_clean_build(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    old: str,
    new: str,
    numbered: set[str],
) -> None:
    made(root, tmp_path / "first")
    if name == "dot.png":
        dot(root, "red")
    else:
        save(root, name, old, new)
    asked: set[str] = set()
    parts = NumberedChapter.__dict__["_parts"].func

    def noted(chapter: NumberedChapter) -> object:
        asked.add(chapter.path)
        return parts(chapter)

    monkeypatch.setattr(NumberedChapter.__dict__["_parts"], "func", noted)
    after = made(root, tmp_path / "after")
    assert asked >= numbered
    if old.endswith(
        ("words", "hood1991]")
    ):  # a new id may be another label, and an image is numbered in the archive
        assert asked == numbered
    shutil.rmtree(root / ".paper")
    assert made(root, tmp_path / "clean") == after


def test_what_is_told_of_a_chapter_is_told_again_though_it_is_not_converted(
    root: Path, tmp_path: Path
) -> None:
    _, first = made(root, tmp_path / "first")
    assert any("one.qmd" in line and ".landscape" in line for line in first["pdf"])
    _, again = made(root, tmp_path / "again")
    assert again == first


def test_an_image_that_is_gone_from_the_cache_is_made_again(root: Path, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 40), "red").save(root / "dot.webp")
    save(root, "one.qmd", "dot.png", "dot.webp")
    first = made(root, tmp_path / "first")
    shutil.rmtree(root / ".paper/images")
    assert made(root, tmp_path / "again") == first


@pytest.mark.parametrize(("form", "to"), [("epub", "epub3"), ("jats", "jats")])
def test_pandoc_is_given_the_skeleton_alone_of_chapters_whose_writing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, to: str
) -> None:
    root = write_book(tmp_path / "book")
    first = made(root, tmp_path / "first", form)
    convert, given = pandoc.run, dict[str, str]()

    def noted(text: str, *, to: str = "html5", **options: object) -> str:
        given[to] = text
        return convert(text, to=to, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pandoc, "run", noted)
    for name, (old, new) in {
        "one.qmd": ("In the first.", "In the very first.^[And a note.]"),
        "extra.qmd": ("See @sec-one", "Now see @sec-one"),
        "two.qmd": ("# Two", "A note.^[Before others.]\n\n# Two"),
        "index.qmd": ("Hello.", "Good day."),
    }.items():
        save(root, name, old, new)
        after = made(root, tmp_path / "after", form)
        assert new.split()[0] in given[to]
        assert '[2,["sec-part",' in given[to]  # a heading
        of_all = (form, name) == ("jats", "index.qmd")  # the abstract, of which all may depend
        assert ("Called" in given[to]) == (of_all or name == "one.qmd")  # words beside it
        shutil.rmtree(root / ".paper")
        assert made(root, tmp_path / "clean", form) == after != first
        assert "Called" in given[to]


def test_pages_of_an_e_book_are_written_again_where_a_name_in_them_changes(
    root: Path, tmp_path: Path
) -> None:
    made(root, tmp_path / "first", "epub")
    (root / "zero.qmd").write_text("# Zero {#sec-zero}\n\n![](zero.png)\n\n# Another\n\nWords.\n", "utf8")
    shutil.copyfile(root / "dot.png", root / "zero.png")
    save(root, "_quarto.yml", "    - one.qmd", "    - zero.qmd\n    - one.qmd")
    after = made(root, tmp_path / "after", "epub")
    shutil.rmtree(root / ".paper")
    assert made(root, tmp_path / "clean", "epub") == after
