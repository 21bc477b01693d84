"""The sheet, its words and shapes, and what is left of them in the SVG."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
import typst
from lxml import etree
from PIL import Image

from paper import catalogue
from paper.drawing import paths, pixels, style, text
from paper.drawing.canvas import Canvas
from paper.drawing.svg import page_markup, svg_markup

timeline = catalogue.module(Path(__file__).parents[2], "figures.reform_timeline")


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


def test_a_drawing_has_each_stroke_and_each_text_where_it_was_placed() -> None:
    canvas = Canvas(300, 150)
    canvas.line([(0, 0), (5, 5)], colour=style.BLUE, width=2, dash=style.DASH, bend=0)
    canvas.box(10, 20, 4, 4, fill=style.PANEL, radius=0, opacity=0.5)
    canvas.box(0, 0, 9, 9, fill="")
    canvas.text(100, 20, "right", size=10, anchor="right", bold=True)
    canvas.text(50, 40, "two\nlines", size=10, anchor="center", italic=True)
    assert svg_markup(canvas, centimetres=15).splitlines() == [
        '<svg xmlns="http://www.w3.org/2000/svg" width="15cm" height="7.5cm" viewBox="0 0 300 150" '
        f'font-family="{style.FONT}">',
        '<path d="M 0 0 L 5 5" fill="none" stroke="#1f5fa8" stroke-width="2" stroke-dasharray="4,3"/>',
        '<path d="M 10 20 L 14 20 Q 14 20 14 20 L 14 24 Q 14 24 14 24 L 10 24 Q 10 24 10 24 L 10 20 Q 10 20 10 20 Z"'
        ' fill="#f3f4f6" opacity="0.5"/>',
        '<text x="100" y="30" text-anchor="end" font-size="10" fill="#1e2023" font-weight="bold">right</text>',
        '<text text-anchor="middle" font-size="10" fill="#1e2023" font-style="italic">'
        '<tspan x="50" y="50">two</tspan> <tspan x="50" y="63">lines</tspan></text>',
        "</svg>",
    ]


def test_a_control_character_in_the_data_leaves_the_drawing_valid() -> None:
    canvas = Canvas(300, 50)
    canvas.text(0, 0, "a\x0bb\x00 & <c>")
    assert etree.fromstring(svg_markup(canvas).encode()).findtext("{*}text") == "ab & <c>"


def test_on_a_page_colours_are_variables_with_the_printed_colour_to_fall_back_on() -> None:
    page = page_markup(
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
    assert timeline.decimal(date) == pytest.approx(begins)
    assert timeline.decimal(date, end=True) == pytest.approx(ends)


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
    assert timeline.short(printed) == shown


def test_the_axis_leaves_long_empty_years_out_and_keeps_the_scale() -> None:
    axis = timeline.Axis.spanning(events(("1991", "1991"), ("2006", "2006"), ("2019", "2019")), 0, 400)
    assert len(axis.parts) == 3
    assert axis.ticks() == [1991, 2006, 2020]
    assert len(axis.gaps()) == 2
    assert axis.place(1992) - axis.place(1991) == pytest.approx(axis.scale)
    assert axis.place(2020.5) == pytest.approx(400)
    assert axis.place(2005.5) - axis.place(1992.5) == pytest.approx(timeline.GAP)


def test_an_axis_without_long_gaps_is_whole() -> None:
    axis = timeline.Axis.spanning(
        events(("2010", "2012"), ("2013-04-15", "2013-04-15"), ("2017", "2020")), 0, 100
    )
    assert axis.gaps() == []
    assert axis.ticks() == [2010, 2015, 2020]


def test_a_png_keeps_the_pixels_that_typst_drew_and_says_its_resolution(tmp_path: Path) -> None:
    drawing = tmp_path / "dot.svg"
    circle = '<circle cx="60" cy="40" r="30" fill="#17714f"/>'
    drawing.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80">{circle}</svg>')
    source = b'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("dot.svg")'
    drawn = typst.Compiler(root=tmp_path).compile(source, format="png", ppi=300)
    png = pixels.svg_to_png(drawing, dpi=300)
    assert png == pixels.svg_to_png(drawing, dpi=300)
    assert len(png) <= len(drawn) + 21  # the chunk of the resolution, and nothing packed worse
    with Image.open(io.BytesIO(png)) as shown, Image.open(io.BytesIO(drawn)) as original:
        assert shown.tobytes() == original.tobytes()
        assert [round(dots) for dots in shown.info["dpi"]] == [300, 300]
        assert set(shown.info) <= {"dpi"}
