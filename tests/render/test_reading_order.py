"""What a PDF says aloud, by a checker of accessibility that others wrote, and that it says so in the order of the page.

``outloud`` finds no error in the paper, the brief, the demonstration or a book of many constructs, but for what this
file lists with its cause. Its own rule of order (ORD-001) can't be taken as it is: it has all words of a paragraph
read before the links within it, whatever order the tags give them. The order is asked here, and more strictly.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pytest
from outloud.model import Document

from paper import build

HEAD = 76.0  # points: the margin at the top of a page, where the running head stands
FLAWS = {
    # Typst marks the head of a row only for those who open a feature of its that its wheel for Python doesn't open:
    # the cell above the names of rows stays a head without words.
    "TBL-011",
    # The lines of a chart's own grid, in a figure that has its text.
    "TBL-014",
    # Said above.
    "ORD-001",
}
CHAPTER = """
# A chapter

Words that [lead on](https://example.org) stand among others.[^1] More words [lead](https://example.org/more) on.

![A drawing](box.svg){#fig-one fig-alt="A grey box."}

::: {#fig-two layout-ncol=2}

![Left](box.svg){#fig-left fig-alt="A grey box."}

![Right](box.svg){#fig-right fig-alt="A grey box."}

Two drawings
:::

::: {#tbl-noted}

| kind   | number |
|:-------|-------:|
| first  |      1 |
| second |      2 |
| third  |      3 |
| fourth |      4 |
| fifth  |      5 |

A note under the table.

A table
:::

::: {.callout-note}
## Mind this
A note apart.
:::

> Words of another.

1. An item
2. Another, with $x^2$

[^1]: The note, which has a [link](https://example.org/note).
"""
BOX = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><rect width="90" height="40" fill="#aaa"/></svg>'


def errors(pdf: Path) -> list[str]:
    """What outloud finds in a PDF, without the flaws above and running heads, which it takes for prose left out.

    It knows a running head by three pages with the same; a chapter may have two.
    """
    result = outloud.check(str(pdf))
    assert result.error is None
    assert len(result.runs) > 50
    with pikepdf.open(pdf) as document:
        heights = [float(page.mediabox[3]) for page in document.pages]
    return [
        f"{found.rule}, page {found.page}: {found.message}"
        for found in result.findings
        if not (
            found.rule in FLAWS
            or (found.rule == "TAG-002" and all(b["y0"] > heights[b["page"] - 1] - HEAD for b in found.boxes))
        )
    ]


def out_of_order(pdf: Path) -> list[int]:
    """Pages whose pieces aren't painted in the order in which their tags are read.

    A note is read where it is called and printed at the foot. A caption is read before its figure, wherever it stands
    (so does Typst, and ISO 14289 lets it be first or last).
    """
    document = Document(str(pdf))
    try:
        painted = {page.index: document.content(page.index).paint_order for page in document.pages}
        rank = {(page, *key): n for page, keys in painted.items() for n, key in enumerate(keys)}
        read: dict[int, list[int]] = {}
        for piece in _pieces(document.struct_root, None, document.page_index, rank):
            read.setdefault(piece[0], []).append(rank[piece])
        return [page + 1 for page, ranks in sorted(read.items()) if ranks != sorted(ranks)]
    finally:
        document.close()


def _pieces(
    node: Any, page: int | None, pages: dict[Any, int], rank: dict[Any, int]
) -> Iterator[tuple[Any, ...]]:
    """The pieces of content below a tag as they are read: page, stream and number."""
    if (own := node.get("/Pg")) is not None:
        page = pages[own.objgen]
    below = node.get("/K")
    parts: list[list[tuple[Any, ...]]] = []
    captioned = False
    for child in below if isinstance(below, pikepdf.Array) else [] if below is None else [below]:
        if isinstance(child, int):
            parts.append([(page, None, int(child))])
        elif child.get("/Type") == "/MCR":
            there = child.get("/Pg")
            parts.append([(pages[there.objgen] if there is not None else page, None, int(child.MCID))])
        elif child.get("/Type") != "/OBJR" and child.get("/S") != "/Note":
            captioned = captioned or child.get("/S") == "/Caption"
            parts.append(list(_pieces(child, page, pages, rank)))
    if captioned:
        parts.sort(key=lambda part: min(((piece[0], rank.get(piece, 0)) for piece in part), default=(0, 0)))
    yield from (
        piece for part in parts for piece in part if piece in rank
    )  # plain lines and areas are in none


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book with constructs of each kind."""
    root = tmp_path_factory.mktemp("aloud")
    chapters = (
        "project: {type: book}\nbook: {title: A small book, author: A. Example, chapters: [index.qmd]}\n"
    )
    (root / "_quarto.yml").write_text(chapters)
    (root / "index.qmd").write_text(CHAPTER)
    (root / "box.svg").write_text(BOX)
    return build.build(root, targets=["pdf"]).outputs["paper"]


@pytest.mark.parametrize("columns", [1, 2])
def test_a_book_of_many_constructs_is_read_as_it_is_printed(pdf: Path, columns: int, tmp_path: Path) -> None:
    if columns > 1:
        root = tmp_path / "book"
        shutil.copytree(pdf.parent.parent, root, ignore=shutil.ignore_patterns("_*", ".*"))
        settings = (pdf.parent.parent / "_quarto.yml").read_text()
        (root / "_quarto.yml").write_text(settings + f"format: {{typst: {{columns: {columns}}}}}\n")
        pdf = build.build(root, targets=["pdf"]).outputs["paper"]
    assert errors(pdf) == []
    assert out_of_order(pdf) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["local-drive.pdf", "brief.pdf"])
def test_the_paper_and_its_brief_are_read_as_they_are_printed(built_paper: Path, name: str) -> None:
    assert errors(built_paper / "_site" / name) == []
    assert out_of_order(built_paper / "_site" / name) == []


@pytest.mark.slow
def test_the_demonstration_is_read_as_it_is_printed(built_paper: Path, tmp_path: Path) -> None:
    root = tmp_path / "paper"
    shutil.copytree(built_paper, root)
    report = build.build(root, targets=["pdf", "brief"], profile="demo")
    for name in ("paper", "brief"):
        assert errors(report.outputs[name]) == []
        assert out_of_order(report.outputs[name]) == []


def test_a_note_that_ends_a_table_has_no_rule_through_it(pdf: Path) -> None:
    document = Document(str(pdf))
    try:
        (line,), (paths,) = zip(
            *(
                (line.bbox, content.paths)
                for page in document.pages
                for content in [document.content(page.index)]
                for line in content.lines
                if line.text == "A note under the table."
            ),
            strict=True,
        )
        rules = [
            path.bbox
            for path in paths
            if path.bbox[2] - path.bbox[0] > 20 and path.bbox[3] - path.bbox[1] < 2
        ]
        assert any(0 < rule[1] - line[3] < 9 for rule in rules), "none over it"
        assert not [rule for rule in rules if line[1] - 9 < rule[1] < line[3]]
    finally:
        document.close()


# -- and each would be found ---------------------------------------------------------------------------------------


def tags(node: Any, kind: str) -> Iterator[Any]:
    """The tags of a kind below one, in order."""
    if not isinstance(node, pikepdf.Dictionary):
        return
    if node.get("/S") == kind:
        yield node
    below = node.get("/K")
    for child in below if isinstance(below, pikepdf.Array) else [below]:
        yield from tags(child, kind)


def faulty(pdf: Path, folder: Path, kind: str, change: Any) -> Path:
    """A copy of a PDF whose first tag of a kind is changed."""
    with pikepdf.open(pdf) as document:
        change(next(tags(document.Root.StructTreeRoot, kind)))
        document.save(folder / "faulty.pdf")
    return folder / "faulty.pdf"


def test_a_picture_without_words_is_found(pdf: Path, tmp_path: Path) -> None:
    def silence(figure: Any) -> None:
        del figure["/Alt"]

    assert errors(faulty(pdf, tmp_path, "/Figure", silence))


def test_a_row_that_lacks_a_cell_is_found(pdf: Path, tmp_path: Path) -> None:
    def shorten(body: Any) -> None:
        del body.K[2].K[-1]

    assert any("TBL-004" in error for error in errors(faulty(pdf, tmp_path, "/TBody", shorten)))


def test_a_paragraph_that_is_left_out_is_found(pdf: Path, tmp_path: Path) -> None:
    with pikepdf.open(pdf) as document:
        page = document.pages[0]
        content = page.Contents.read_bytes()
        page.Contents = document.make_stream(re.sub(rb"/Span<</MCID \d+>>BDC", b"/Artifact BMC", content))
        document.save(tmp_path / "faulty.pdf")
    assert errors(tmp_path / "faulty.pdf")


def test_words_that_are_read_in_another_order_are_found(pdf: Path, tmp_path: Path) -> None:
    def turn(paragraph: Any) -> None:
        paragraph.K = pikepdf.Array(list(paragraph.K)[::-1])

    assert out_of_order(faulty(pdf, tmp_path, "/P", turn)) == [1]
