"""The sheet, its words and shapes, and what is left of them in the SVG."""

from __future__ import annotations

import pandas as pd
import pytest

from paper.errors import ToolError
from paper.figures import paths, text
from paper.figures.canvas import Canvas
from paper.figures.svg import themed, tidy
from paper.figures.timeline import GAP, Axis, decimal, short

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300">{}</svg>'


def test_words_break_at_spaces_and_never_at_no_break_spaces() -> None:
    assert text.wrap("one two three", text.width("one two", 12), 12) == ["one two", "three"]
    assert text.wrap("two\u00a0[3]", 1, 12) == ["two\u00a0[3]"]
    assert text.wrap("a\nb", 500, 12) == ["a", "b"]


def test_a_wide_letter_takes_more_room_than_a_narrow_one_and_bold_more_still() -> None:
    assert text.width("W", 12) > text.width("i", 12)
    assert text.width("words", 12, bold=True) > text.width("words", 12)


def test_a_sheet_tells_which_texts_clash() -> None:
    canvas = Canvas(200, 60)
    canvas.text(0, 0, "one over another")
    canvas.text(20, 4, "another")
    canvas.text(180, 40, "beyond the edge")
    canvas.line([(5, 0), (5, 60)])
    said = " ".join(canvas.clashes())
    assert "'one over another' over 'another'" in said
    assert "'beyond the edge' leaves the sheet" in said
    assert "a line crosses 'one over another'" in said


def test_a_line_ends_short_of_its_arrowhead() -> None:
    head, end = paths.head((0, 0), (10, 0))
    assert end == (3, 0)
    assert head.startswith("M 10 0 L 2 ") and head.endswith("Z")


def test_a_tidied_drawing_keeps_what_leaves_ink_where_its_groups_put_it() -> None:
    raw = SVG.format(
        '<defs><style>x</style></defs><g transform="translate(10,20)" class="a" id="b">'
        '<path d="M0,0L5,5" style="fill: none; stroke: rgb(31, 95, 168); stroke-width: 2px;"/>'
        '<rect x="1" y="2" width="3" height="4" style="fill-opacity: 0; stroke-width: 0px"/></g>'
    )
    assert tidy(raw, centimetres=15).splitlines()[1:] == [
        '<path d="M0,0L5,5" fill="none" stroke="#1f5fa8" stroke-width="2" transform="translate(10,20)"/>',
        "</svg>",
    ]
    assert 'width="15cm" height="7.5cm" viewBox="0 0 600 300"' in tidy(raw, centimetres=15)


@pytest.mark.parametrize("element", ["<image href='x.png'/>", "<script>1</script>", "<use href='#a'/>"])
def test_a_drawing_with_anything_but_shapes_and_words_is_refused(element: str) -> None:
    with pytest.raises(ToolError, match="no figure here should draw"):
        tidy(SVG.format(element))


def test_a_drawing_that_is_turned_is_refused() -> None:
    with pytest.raises(ToolError, match="moved by"):
        tidy(SVG.format('<g transform="rotate(45)"><path d="M0,0L5,5"/></g>'))


def test_on_a_page_colours_are_variables_with_the_printed_colour_to_fall_back_on() -> None:
    page = themed(
        '<svg xmlns="x" viewBox="0 0 1 1"><path fill="#1f5fa8"/></svg>', kind="k", label='a "b" \\1'
    )
    assert 'fill="var(--fig-blue,#1f5fa8)"' in page
    assert 'aria-label="a &quot;b&quot; \\1" viewBox="0 0 1 1"' in page


def events(*spans: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(spans, columns=["start", "end"])


@pytest.mark.parametrize(
    ("date", "begins", "ends"),
    [("2013", 2013, 2014), ("2013-07", 2013.5, 2013 + 7 / 12), ("2013-01-01", 2013, 2013 + 1 / 372)],
)
def test_a_date_is_a_stretch_of_its_year(date: str, begins: float, ends: float) -> None:
    assert decimal(date) == pytest.approx(begins)
    assert decimal(date, end=True) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("between 2015 and 2017", "2015–2017"),
        ("2013-14", "2013–14"),
        ("18 September 2013", "18 Sep 2013"),
        ("April and June of 2019", "Apr and Jun 2019"),
    ],
)
def test_a_printed_date_is_shortened(printed: str, shown: str) -> None:
    assert short(printed) == shown


def test_the_axis_leaves_long_empty_years_out_and_keeps_the_scale() -> None:
    axis = Axis.of(events(("1991", "1991"), ("2006", "2006"), ("2019", "2019")), 0, 400)
    assert len(axis.parts) == 3
    assert axis.ticks() == [1991, 2006, 2020]
    assert len(axis.gaps()) == 2
    assert axis.place(1992) - axis.place(1991) == pytest.approx(axis.scale)
    assert axis.place(2020.5) == pytest.approx(400)
    assert axis.place(2005.5) - axis.place(1992.5) == pytest.approx(GAP)


def test_an_axis_without_long_gaps_is_whole() -> None:
    axis = Axis.of(events(("2010", "2012"), ("2013-04-15", "2013-04-15"), ("2019", "2020")), 0, 100)
    assert axis.gaps() == []
    assert axis.ticks() == [2010, 2015, 2020]
