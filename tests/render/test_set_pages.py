"""What a reader sees on the PDF's pages: lines that belong together stay together, and nothing leaves the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from tests.conftest import numbered
from tests.render import pdf_parts

from paper.publishing.markdown import RepeatedCell, pipe_table
from paper.writers import typst

Book = Callable[..., Path]
MARGINS = (78.0, 595.3 - 78.0)  # of the text, in points; punctuation may hang into the margin by
HANG = 4.0


def made(root: Path) -> Path:
    project, chapters = numbered(root, "", "typst")
    out = root / "book.pdf"
    typst.book_pdf(project, chapters, out, root / ".paper")
    return out


def lines(path: Path) -> list[list[str]]:
    """The lines of each page, from its top."""
    texts = (page.get_textpage().get_text_range() for page in PdfDocument(path))
    return [text.replace("\u00a0", " ").splitlines() for text in texts]


def pages_of(path: Path, pattern: str) -> dict[str, int]:
    """The page of each word that the pattern finds."""
    return {
        word: number
        for number, page in enumerate(lines(path))
        for word in re.findall(pattern, " ".join(page))
    }


# Pages of some thirty lines, so that a few dozen places, each a line lower than the one before, are all on a page.
SMALL_PAGES = "  typst:\n    papersize: a5\n"
PLACES = 36
TABLES = 23  # of 5 to 27 rows

# Fifty paragraphs of one to ten lines: each is full of a word of its own.
PARAGRAPHS = "\n\n".join(" ".join([f"w{n}w"] * (18 * (n * 7 % 10 + 1))) for n in range(50))


def test_no_line_of_a_paragraph_stands_alone_on_a_page(book: Book) -> None:
    pages = lines(made(book(first=f"# First\n\n{PARAGRAPHS}\n")))
    assert len(pages) > 5
    whole = Counter(word for page in pages for word in (_word(line) for line in page) if word)
    alone = [
        (number, word)
        for number, page in enumerate(pages, 1)
        for word, count in Counter(filter(None, map(_word, page))).items()
        if count == 1 and whole[word] > 1
    ]
    assert alone == []


def _word(line: str) -> str:
    found = re.search(r"w\d+w", line)
    return found[0] if found else ""


@pytest.mark.parametrize(("before", "after"), [(0, 30), (12, 12)], ids=["first line", "last line but one"])
def test_a_note_is_on_the_page_of_its_mark(book: Book, before: int, after: int) -> None:
    text = "# First\n\n" + "\n\n".join(
        "Filling words. " * (60 + 4 * n)
        + f"\n\n{'Words before. ' * before}Mark{n}m.^[Note{n}n {'of several words ' * 12}]{' And so on.' * after}"
        for n in range(PLACES)
    )
    out = made(book(first=text, settings=SMALL_PAGES))
    marks, notes = pages_of(out, r"Mark(\d+)m"), pages_of(out, r"Note(\d+)n")
    assert len(marks) == PLACES
    assert [n for n in marks if marks[n] != notes[n]] == []


def test_a_heading_keeps_two_lines_beneath_it_though_they_call_a_note(book: Book) -> None:
    text = "# First\n\n" + "\n\n".join(
        "Filling words. " * (60 + 4 * n)
        + f"\n\n## Head{n}h\n\n"
        + f"{' '.join([f'w{n}w'] * 24)}^[{'A note of some words. ' * 8}] {' '.join([f'w{n}w'] * 60)}"
        for n in range(PLACES)
    )
    pages = lines(made(book(first=text, settings=SMALL_PAGES)))
    kept = 0
    for page in pages:
        for at, line in enumerate(page):
            if head := re.search(r"Head(\d+)h *$", line):
                beneath = [one for one in page[at + 1 :] if f"w{head[1]}w" in one]
                assert len(beneath) >= 2, line
                kept += 1
    assert kept == PLACES


def test_nothing_leaves_the_margins(book: Book) -> None:
    long = "https://example.org/" + "a-long-path/" * 12
    table = pipe_table(
        [["Internationalisation", "a bureaucratisation-of-everything case", 1]],
        ["On", "What", "N"],
        [10, 20, 5],
    )
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="300"><text y="99">END</text></svg>'
    )
    text = f"# First\n\n{PARAGRAPHS}\n\n<{long}>\n\n{table}\n\n![Wide](wide.svg){{#fig-wide}}\n"
    for number, page in enumerate(PdfDocument(made(book({"wide.svg": drawing}, first=text))), 1):
        shown = page.get_textpage()
        for left, bottom, right, top in (shown.get_rect(n) for n in range(shown.count_rects())):
            assert left > MARGINS[0] - HANG, number
            assert right < MARGINS[1] + HANG, number
            assert 20 < bottom < top < 841.9 - 20, number


def test_a_table_on_its_next_page_says_which_it_is_and_which_group_goes_on(book: Book) -> None:
    rows = [["Concern" if n == 0 else RepeatedCell("Concern"), f"row{n}r and its words"] for n in range(90)]
    table = pipe_table(rows, ["Group", "Words"], [10, 30])
    text = f"# First\n\n{table}\n\n: Long {{#tbl-long}}\n\n## After\n\nThe table has ended.\n\n{PARAGRAPHS}"
    pages = [" ".join(page) for page in lines(made(book(first=text)))]
    filled = [page for page in pages if re.search(r"row\d+r", page)]
    assert len(filled) >= 3
    assert [page.count("Table 1.1, continued") for page in filled] == [0] + [1] * (len(filled) - 1)
    assert [page.count("Concern") for page in filled] == [1] * len(filled)
    assert not any("continued" in page for page in pages if page not in filled)


def test_a_part_of_a_table_on_its_next_page_has_its_own_letter(book: Book) -> None:
    def part(name: str) -> str:
        rows = [[f"{name}{n}r", "Words"] for n in range(70)]
        return f"{pipe_table(rows, ['Row', 'Words'], [10, 30])}\n\n: Part {name} {{#tbl-{name}}}\n\n"

    text = f"# First\n\n::: {{#tbl-all}}\n\n{part('a')}{part('b')}All of it\n\n:::\n\nSee @tbl-b.\n"
    pages = [" ".join(page).replace("\u00a0", " ") for page in lines(made(book(first=text)))]
    continued = [
        (n, found)
        for n, page in enumerate(pages)
        for found in re.findall(r"Table 1\.1 \(\w\), continued", page)
    ]
    letters = [found[11] for _, found in continued]
    assert letters == sorted(letters) and set(letters) == {"a", "b"}
    for n, found in continued:
        assert re.search(rf"\b{found[11]}\d+r", pages[n])
    assert any("See Table 1.1 (b)" in page for page in pages)


def test_words_that_a_table_would_break_are_whole_where_there_is_room(book: Book) -> None:
    words = (
        "coordination harder consequence management understanding of the regulations that ministries approve"
    )
    table = pipe_table([[words, "x"]], ["Stated consequence", "B"], [10, 30])
    said = " ".join(" ".join(page) for page in lines(made(book(first=f"# First\n\n{table}\n"))))
    assert all(word in said for word in words.split())


def test_a_name_among_the_keywords_keeps_its_syllables_and_a_short_address_its_line(book: Book) -> None:
    entries = "".join(
        f"@article{{a{n}, author={{Writer, A{'b' * n}}}, title={{{'Words ' * (9 + n)}}}, journal={{J}}, year={{2000}},"
        f" doi={{10.1177/00208523177223{n:02}}}}}\n"
        for n in range(10)
    )
    cited = " ".join(f"@a{n}" for n in range(10))
    text = f"# First\n\n{cited} {'Kazakhstan ' * 400}\n"
    root = book({"references.bib": entries}, settings="keywords: [Kazakhstan]\n", first=text)
    found = [line for page in lines(made(root)) for line in page]
    assert sum(line.count("Kazakhstan") for line in found) == 400
    assert sum("https://doi.org/10.1177/00208523177223" in line for line in found) == 10


def test_neither_names_nor_pages_are_broken_in_the_list_of_works(book: Book) -> None:
    entries = "".join(
        f"@article{{b{n}, author={{Administrationswissenschaftler, A{'b' * n}}}, title={{{'Words ' * (6 + n)}}},"
        f" journal={{Journal of {'Many ' * (n % 5)}Things}}, year={{2000}}, volume={{3}}, pages={{1234--1267}}}}\n"
        for n in range(24)
    )
    cited = " ".join(f"@b{n}" for n in range(24))
    root = book({"references.bib": entries}, first=f"# First\n\n{cited}\n")
    said = "\n".join(line for page in lines(made(root)) for line in page)
    assert said.count("Administrationswissenschaftler, A") == 24
    assert said.count("1234–67") == 24


def test_a_claim_stands_over_its_evidence(book: Book) -> None:
    said = "**Claim{0}c is said.**\n\nRests on rows{0}r.\n\n- A row.\n- A row."
    block = "::: {{#claim-c{0} .claim-evidence}}\n" + said + "\n:::\n\n"
    evidence = "".join(block.format(n) for n in range(60))
    out = made(book(first=f"# First\n\n{evidence}\n"))
    claims, rows = pages_of(out, r"Claim(\d+)c"), pages_of(out, r"rows(\d+)r")
    assert len(claims) == 60
    assert claims == rows


def test_a_group_may_have_any_sign_in_its_name(book: Book) -> None:
    name = 'a "quoted" `name` | with \\ signs #x'
    rows = [[name if n == 0 else RepeatedCell(name), f"row{n}r"] for n in range(60)]
    said = " ".join(
        pdf_parts.page_words(made(book(first=f"# First\n\n{pipe_table(rows, ['G', 'W'], [2, 1])}\n")))
    )
    assert said.count("name` | with \\ signs #x") == 2


def test_no_row_of_a_table_stands_alone_on_a_page(book: Book) -> None:
    def table(n: int) -> str:
        rows = [[f"t{n}t row", "Words of the row. " * (1 + (n * at) % 5)] for at in range(5 + n % 23)]
        return pipe_table(rows, ["Name", "Words"], [10, 30]) + f"\n\n: Table {{#tbl-t{n}}}\n\n"

    text = "# First\n\n" + "".join(
        f"{'Filling words. ' * (40 + 23 * n % 160)}\n\n{table(n)}" for n in range(TABLES)
    )
    pages = [Counter(re.findall(r"t(\d+)t row", "\n".join(page))) for page in lines(made(book(first=text)))]
    split = [n for n in map(str, range(TABLES)) if sum(n in page for page in pages) > 1]
    assert len(split) > 5
    assert [(n, at) for n in split for at, page in enumerate(pages, 1) if page[n] == 1] == []


def test_no_note_of_a_table_stands_alone_on_a_page(book: Book) -> None:
    def table(n: int) -> str:
        rows = [[f"r{n}r", f"words of row {row}"] for row in range(2 + n % 9)]
        body = f"{pipe_table(rows, ['A', 'B'], [10, 30])}\n\nr{n}r A note of the table.\n"
        if n % 2:  # as a cell shows it
            shown = f"::: {{.cell-output .cell-output-display}}\n{body}:::"
            return f"::: {{#tbl-n{n} tbl-cap='Caption of it.'}}\n{shown}\n:::"
        return f"::: {{#tbl-n{n}}}\n{body}\nCaption of it.\n:::"

    text = "# First\n\n" + "\n\n".join(
        f"{'Filling words. ' * (20 + 13 * n % 90)}\n\n{table(n)}" for n in range(40)
    )
    pages = lines(made(book(first=text)))
    kept = 0
    for page in pages:
        for at, line in enumerate(page):
            if note := re.match(r"(r\d+r) A note", line):
                assert page[at - 1].startswith(note[1]) and page[at - 2].startswith((note[1], "A B")), line
                kept += 1
    assert kept == 40


def test_a_figure_stands_after_the_words_that_call_it_and_leaves_no_hole(book: Book) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="{}"><rect width="400" height="{}"/></svg>'
    count = 12  # Typst looks five times; with some twenty, the last may stand where it put them first
    heights = [80 + 61 * n % 420 for n in range(count)]
    files = {f"f{n}.svg": drawing.format(height, height) for n, height in enumerate(heights)}
    fill = "Filling words of the text that goes on and on. "
    text = "# First\n\n" + "".join(
        f"{fill * (8 + 7 * n % 30)}\n\nCall{n}c as in @fig-f{n}. {fill * 6}\n\n![Shown{n}s](f{n}.svg){{#fig-f{n}}}\n\n"
        + f"{fill * 9}\n\n" * 4
        for n in range(count)
    )
    out = made(book(files, settings="  typst:\n    fig-pos: auto\n", first=text))
    calls, shown = places_of(out, r"Call(\d+)c"), places_of(out, r"Shown(\d+)s")
    assert len(calls) == len(shown) == count
    assert [n for n in calls if not calls[n] < shown[n] < (calls[n][0] + 2, 0)] == []
    assert [hole for hole in pdf_parts.holes(out)[:-1] if hole > 2.0] == []


def places_of(path: Path, pattern: str) -> dict[str, tuple[int, float]]:
    """The page of each word that the pattern finds, and how far beneath the page's head it stands, in points."""
    found = {}
    for number, page in enumerate(PdfDocument(path)):
        text = page.get_textpage()
        for match in re.finditer(pattern, text.get_text_range()):
            found[match[1]] = (number, page.get_height() - text.get_charbox(match.start())[3])
    return found
