"""The PDF prints the signs of the page: Typst decides nothing about words, headings, notes or formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import docx
import pymupdf
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import numbered
from tests.examples import examples
from tests.render import pdf_parts

from paper import build
from paper.parsing import formulas
from paper.report import Fault
from paper.tools import pandoc
from paper.writers import typst
from paper.writers.typst import syntax as typst_block
from paper.writers.typst import text as typst_text

Book = Callable[..., Path]
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>'
)


def made(root: Path) -> tuple[Path, list[Fault]]:
    """The PDF of a book and what the build tells of it."""
    project, chapters = numbered(root, "", "typst")
    out = root / "book.pdf"
    return out, typst.book_pdf(project, chapters, out, root / ".paper")


def said(root: Path) -> str:
    return pdf_parts.words(made(root)[0]).replace("\u00a0", " ")


# -- words --------------------------------------------------------------------------------------------------------

NASTY = r"""
The ’90s and rock ’n’ roll, 5'10" tall, -1 and 1-2, a--b and c---d, wait... 'It's a fine day!' she said.

= not a heading, + no list, / no: term, 1\. no number, \- no bullet and \* none.

a\_b\_c, x\*y, #hash, \@at\@home, tilde~here, \~lit\~, \$5 and \$6, `code -- ~ @ # "q" 'x' \n`, // no /* comment */,
https://example.org/a//b_c#d, \<tag\>, [brackets], {braces}, back\\slash, back\`tick, soft­hyphen, non‑breaking, C#, F\*.

#let x = 1; #show "a" and #import, <label>, sym.arrow, $ alone, 100%, №5, §3, &amp; and "quotes 'within' quotes".
"""


def page_text(markdown: str) -> str:
    """The words of the page, as pandoc's HTML has them."""
    html = pandoc.run(markdown, source=pandoc.READER, to="html5", args=["--wrap=none"])
    return BeautifulSoup(html, "lxml").get_text()


def same(text: str) -> str:
    """Words without white space, and without what a line's end or a font may do to them."""
    return re.sub(
        r"[\s\u00ad\u200b\u2060\u2010-]", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")
    )


def test_signs_that_mean_something_to_typst_are_printed_as_on_the_page(book: Book) -> None:
    printed = same(said(book(first=f"# First\n{NASTY}")))
    for line in page_text(NASTY).split("\n"):
        assert same(line) in printed, line


@examples(25)
@given(
    st.lists(
        st.text("aZ0 .-+=/*_~#@$<>\\`'\"[]{}()%&:;,!?^|’“”–…", min_size=1, max_size=12),
        min_size=8,
        max_size=8,
    )
)
def test_any_words_are_printed_as_they_are(tmp_path: Path, words: list[str]) -> None:
    import typst as compiler
    from pypdfium2 import PdfDocument

    blocks = [
        {"t": "Para", "c": [{"t": "Str", "c": word.replace(" ", "")}]} for word in words if word.strip()
    ]
    typst_text.finish(blocks, {})
    source = pandoc.run(
        json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}),
        to="typst-smart",
    )
    pdf = compiler.compile(
        f"#set page(width: 40cm)\n#set smartquote(enabled: false)\n{source}".encode(), format="pdf"
    )
    (tmp_path / "words.pdf").write_bytes(pdf)
    printed = "".join(page.get_textpage().get_text_range() for page in PdfDocument(tmp_path / "words.pdf"))
    assert same(printed) == same("".join(words))


@pytest.mark.parametrize(
    ("lang", "printed"),
    [
        ("ru", "«Слово „внутри“ и» ‘"),
        ("de", "„Слово ‚внутри‘ и“"),
        ("fr", "«\u202fСлово “внутри” и\u202f»"),
        ("en", "“Слово ‘внутри’ и”"),
    ],
)
def test_straight_quotation_marks_are_those_of_the_language_in_every_format(
    book: Book, lang: str, printed: str
) -> None:
    from docx import Document

    from paper import build

    root = book(settings=f"lang: {lang}\n", one="# One\n\n\"Слово 'внутри' и\"\n")
    build.build(root, targets=["html", "docx", "pdf"])
    wanted = re.sub(r"\s", "", printed).rstrip("‘")
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").get_text()
    word = "".join(p.text for p in Document(str(root / "_site/A-small-book.docx")).paragraphs)
    paper = pdf_parts.words(root / "_site/A-small-book.pdf")
    assert [wanted in re.sub(r"\s", "", text) for text in (page, word, paper)] == [True] * 3


# -- headings and notes -------------------------------------------------------------------------------------------


def test_a_heading_s_note_stands_once_and_not_in_contents_bookmarks_or_running_heads(book: Book) -> None:
    root = book(
        one="# Queues^[Words of the note.]\n\n## Deep^[Another.]\n\nText.^[Third.]\n\n" + "More.\n\n" * 60
    )
    pdf, _ = made(root)
    printed = pdf_parts.words(pdf)
    assert printed.count("Words of the note.") == 1
    assert printed.count("Another.") == 1
    assert "1 Queues1" in printed.replace(" 1 Queues 1", " 1 Queues1")
    assert [text for _, text in pdf_parts.bookmarks(pdf)][-2:] == ["1 Queues", "1.1 Deep"]
    assert "Queues" in pdf_parts.page_words(pdf)[1]
    assert "Queues1" not in pdf_parts.page_words(pdf)[1]


def test_headings_may_skip_levels_be_pictures_or_hold_formulas(book: Book) -> None:
    text = """
    # Speed $n^2$ {#sec-speed}

    ### Deep {#sec-deep}

    ## Back {#sec-back}

    ## ![Our logo](x.svg)

    ## Share $\\beta_1$ [x](https://example.org)

    See @sec-deep, @sec-back and @sec-speed.
    """
    root = book({"x.svg": DRAWING}, one=text)
    pdf, notices = made(root)
    assert notices == []
    printed = pdf_parts.words(pdf).replace("\u00a0", " ")
    assert "See Section 1.0.1, Section 1.1 and Chapter 1." in printed
    marks = [text for _, text in pdf_parts.bookmarks(pdf)]
    assert "1.0.1 Deep" in marks
    assert "1.1 Back" in marks
    assert "1.2 Our logo" in marks


def test_a_heading_without_words_stops_no_pdf_and_is_told_with_its_line(book: Book) -> None:
    from paper.checks.sources_check import check_sources
    from paper.project import load

    root = book(
        {"x.svg": DRAWING}, one="# One\n\nA.\n\n##\n\n## ![](x.svg)\n\n## Next {#sec-n}\n\nSee @sec-n.\n"
    )
    assert "See Section 1.3." in said(root)
    told = [(f.file, f.line, f.severity) for f in check_sources(load(root)) if f.rule == "heading-empty"]
    assert told == [("one.qmd", 5, "warning"), ("one.qmd", 7, "warning")]


# -- links --------------------------------------------------------------------------------------------------------


def test_links_lead_to_the_section_of_their_own_chapter(book: Book) -> None:
    from pypdf import PdfReader

    one = "# A\n\n## Background\n\nOwn: [here](#background)\n\n```{=typst}\n#pagebreak()\n```\n"
    root = book(
        a=one,
        b=one.replace("# A", "# B"),
        c="# C\n\n[to B](b.qmd#background) [dead](#nothere) [no](b.qmd#no)\n",
    )
    pdf, _ = made(root)
    links = [link for link in pdf_parts.links(pdf) if link.startswith("p.")]
    assert links[-4:] == ["p. 1", "p. 2", "p. 2", "p. 2"]
    assert len(PdfReader(pdf).pages) == 3
    assert "dead" in pdf_parts.words(pdf)


# -- formulas -----------------------------------------------------------------------------------------------------


def test_formulas_without_dollars_macros_and_old_symbols_are_set(book: Book) -> None:
    text = r"""
    # One

    \begin{align}
    a &= b \\
    c &= d
    \end{align}

    $$\newcommand{\E}[1]{\mathbb{E}[#1]} \E{x}$$ and $\E{y}$.

    $A \cap B \otimes C \odot D$, $\begin{vmatrix} a & b\\ c & d\end{vmatrix}$, $$x = y \tag{*} \label{eq:a}$$

    \textbf{Bold words} stay.
    """
    root = book(one=text)
    pdf, notices = made(root)
    assert notices == []
    alternatives = [str(t.get("/Alt", "")) for t in pdf_parts.tags(pdf) if t["/S"] == "/Formula"]
    assert any("{align}" in alt for alt in alternatives)
    printed = pdf_parts.words(pdf)
    assert "∩" in printed
    assert "(*)" in printed.replace("∗", "*")
    assert "Bold words stay." in printed
    assert "newcommand" not in printed


def test_a_formula_that_can_t_be_turned_is_told_with_line_and_remedy_and_printed_as_tex(book: Book) -> None:
    from paper.cells.execute import Executor
    from paper.numbering.book import read_book
    from paper.project import load
    from paper.tools.cache import Cache

    root = book(one="# One\n\nWater $\\ce{H2O}$ flows.\n")
    project = load(root)
    cache = Cache(root / ".paper" / "cache")
    with Executor(project, cache) as executor:
        notices = [n for read in read_book(project, root / ".paper", cache, executor) for n in read.notices]
    assert [(n.file, n.line, n.severity) for n in notices] == [("one.qmd", 3, "warning")]
    assert "\\ce is not known" in notices[0].message
    assert "\\mathrm" in notices[0].remedy
    assert "\\ce{H2O}" in said(root)


def test_word_shows_formulas_as_the_pdf_does(book: Book) -> None:
    from paper import build

    text = r"""
    # One

    $$x = y \tag{*} \label{eq:a}$$

    \begin{align}
    a &= b
    \end{align}

    Water $\ce{H2O}$ flows.
    """
    root = book(one=text)
    build.build(root, targets=["docx"])
    import zipfile

    with zipfile.ZipFile(root / "_site/A-small-book.docx") as archive:
        xml = archive.read("word/document.xml").decode()
    assert xml.count("<m:oMathPara>") == 2
    assert "(*)" in re.sub(r"<[^>]+>", "", xml)
    assert "\\ce{H2O}" in re.sub(r"<[^>]+>", "", xml)
    assert "$" not in re.sub(r"<[^>]+>", "", xml)


# -- signs that the fonts lack --------------------------------------------------------------------------------------


def test_signs_without_a_font_are_named_and_told_with_their_line(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from paper.writers.typst import glyphs

    monkeypatch.setattr(glyphs, "_of_packages", lambda: iter(()))
    monkeypatch.setattr(glyphs, "_of_system", lambda: iter(()))
    text = """
    # One 😀

    Words.

    A smile 😀 and 中文 in a sentence, `code ✅`, 🇰🇿 and $\\text{😀}$.

    ```
    print("😀")
    ```

    ![Alt 😀](x.svg){#fig-x fig-alt="A 🚀 in words"}
    """
    pdf, notices = made(book({"x.svg": DRAWING}, one=text))
    printed = pdf_parts.words(pdf)
    assert "A smile ‹grinning face› and □□ in a sentence" in printed
    assert "‹white heavy check mark›" in printed
    assert "‹flag KZ›" in printed
    told = [(n.file, n.line) for n in notices if n.rule == "sign-without-font"]
    assert told == [("one.qmd", line) for line in (2, 6, 9, 12)]
    assert all("font" in n.remedy for n in notices)
    assert any("😀" in n.message and "中" in n.message for n in notices)
    alternatives = [str(t.get("/Alt", "")) for t in pdf_parts.tags(pdf) if t["/S"] == "/Figure"]
    assert len(alternatives) == 1


def test_a_font_of_the_project_sets_what_the_wheel_s_fonts_lack(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    from importlib.util import find_spec

    from paper.writers.typst import glyphs

    monkeypatch.setattr(glyphs, "_of_packages", lambda: iter(()))
    monkeypatch.setattr(glyphs, "_of_system", lambda: iter(()))
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    root = book(one="# One\n\nA smile 😀 and bold **😀**.\n")
    fonts = root / "assets" / "fonts"
    fonts.mkdir(parents=True)
    shutil.copy(Path(spec.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf", fonts)
    pdf, notices = made(root)
    assert notices == []
    assert pdf_parts.words(pdf).count("😀") == 2


def test_a_font_that_draws_a_box_for_every_sign_is_none(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib brings Unicode's Last Resort Font."""
    from paper.writers.typst import glyphs

    monkeypatch.setattr(glyphs, "_of_system", lambda: iter(()))
    _, notices = made(book(one="# One\n\nA sign: 中.\n"))
    assert [(n.line, n.rule) for n in notices] == [(3, "sign-without-font")]


def test_an_installed_package_brings_the_font_before_the_system_does(book: Book) -> None:
    from paper.writers.typst import glyphs

    root = book(one="# One\n\nA smile 😀.\n")
    pdf, notices = made(root)
    assert notices == []
    assert "😀" in pdf_parts.words(pdf)
    assert glyphs.lacking({"😀", "a", "中"}) == {"😀", "中"}


def test_every_sign_that_is_taken_for_known_is_in_the_wheel() -> None:
    from paper.writers.typst import glyphs

    known = {chr(code) for code in range(0x20, 0x2FFF) if not glyphs.unknown_signs(chr(code))}
    drawn = {
        sign for sign in known if sign.isprintable() and sign not in '"\\' and not glyphs._UNDRAWN.match(sign)
    }
    assert len(drawn) > 900
    assert glyphs.lacking(drawn) == set()


# -- the page -------------------------------------------------------------------------------------------------------


def boxes(pdf: Path) -> list[tuple[float, float]]:
    """Each page's width and height in points."""
    from pypdf import PdfReader

    return [(float(p.mediabox.width), float(p.mediabox.height)) for p in PdfReader(pdf).pages]


def overhang(pdf: Path) -> float:
    """How far, in points, any sign stands beyond the right margin of its page."""
    from pypdfium2 import PdfDocument

    furthest = -1000.0
    for page in PdfDocument(pdf):
        text = page.get_textpage()
        right = max((text.get_charbox(n)[2] for n in range(text.count_chars())), default=0.0)
        furthest = max(furthest, right - (page.get_width() - 78))
    return furthest


def test_nothing_runs_off_the_paper(book: Book) -> None:
    name = "a_very_long_identifier_name_" * 6
    row = " | ".join(["identifier_of_a_column_that_is_long"] * 9)
    text = f"""
    # One

    In code `{name}` and in words {"Donaudampfschifffahrt" * 8} and <https://example.org/{"path/" * 40}>.

    ```python
    {name} = call("{"x" * 150}")
    ```

    | {row} |
    |{"---|" * 9}
    | {row} |

    $$ {" + ".join(f"a_{{{n}}}^2 b_{{{n}}}" for n in range(40))} $$

    ![](wide.svg){{width=1500px}}
    """
    wide = DRAWING.replace('width="20"', 'width="3000"')
    pdf, notices = made(book({"wide.svg": wide}, one=text))
    assert notices == []
    assert overhang(pdf) < 6  # a stop or hyphen may hang


def test_landscape_gives_a_page_across_between_upright_ones(book: Book) -> None:
    text = "# One\n\nBefore.\n\n::: {.landscape}\n\n| a |\n|---|\n| 1 |\n\n: Wide {#tbl-w}\n\n:::\n\nAfter @tbl-w.\n"
    pdf, _ = made(book(one=text))
    assert [width > height for width, height in boxes(pdf)] == [False, True, False]
    assert "Table 1.1: Wide" in pdf_parts.page_words(pdf)[1].replace("\u00a0", " ")


def test_landscape_turns_pages_in_word_too_and_tells_where_nothing_can_turn(book: Book) -> None:
    row = "| a |\n|---|\n| 1 |\n"
    text = f"# One\n\nBefore.\n\n::: {{.landscape}}\n\n{row}\n:::\n\nAfter.\n\n"
    text += f"::: {{.callout-note}}\n\n::: {{.landscape}}\n\nWithin.\n\n{row}\n:::\n\n:::\n"
    root = book(one=text)
    report = build.build(root, targets=["pdf", "docx"])
    [told] = [f for f in report.notices if f.rule == "landscape"]
    assert (told.place, told.severity) == ("one.qmd:19", "warning")
    document = docx.Document(str(report.outputs["word"]))
    sizes = [(section.page_width, section.page_height) for section in document.sections]
    upright = sizes[0]
    assert sizes == [upright, upright[::-1], upright] and upright[0] < upright[1]
    assert all(section.left_margin == document.sections[-1].left_margin for section in document.sections)


def test_figures_stay_where_they_are_written(book: Book) -> None:
    figure = '![{0}](x.svg){{#fig-{1} fig-alt="A square"}}'
    text = f"""
    # One

    ::: {{.callout-note}}
    ## Title
    Before.

    {figure.format("In a callout", "a")}

    After.
    :::

    - Item.

      {figure.format("In a list", "b")}

      Item's end.

    > Quoted.
    >
    > {figure.format("In a quotation", "c")}
    >
    > Quotation's end.

    First words.

    {figure.format("In the text", "d")}

    Last words.
    """
    for setting in ("", "  typst:\n    fig-pos: auto\n"):
        printed = said(book({"x.svg": DRAWING}, settings=setting, one=text))
        order = [
            "Title",
            "Before.",
            "In a callout",
            "After.",
            "Item.",
            "In a list",
            "end.",
            "Quoted.",
            "In a quotation",
        ]
        order += ["Quotation", "First words."] + (["In the text", "Last words."] if not setting else [])
        at = -1
        for words in order:
            at = printed.index(words, at + 1)


def test_a_figure_that_just_fits_or_just_does_not_has_its_number_and_stands_beneath_its_mention(
    book: Book,
) -> None:
    """Above the text it leaves other room than beneath: Typst went back and forth, and gave up with "Figure A.0"."""
    one = ["# One"]
    for at, height in enumerate(range(300, 400, 5)):
        image = f'![Drawn.](x.svg){{#fig-{at} fig-alt="A square" height="{height}pt"}}'
        space = "```{=typst}\n#pagebreak(weak: true)\n#v(270pt)\n```"
        one += [space, f"See @fig-{at}.", image, "Words after it. " * 40]
    book_settings = "  typst:\n    fig-pos: auto\n"
    pdf, _ = made(book({"x.svg": DRAWING}, settings=book_settings, one="\n\n".join(one), two="# Two"))
    numbers = []
    with pymupdf.open(pdf) as pages:
        for page in pages:
            height = {
                words.strip().replace("\u00a0", " "): top
                for _, top, _, _, words, *_ in page.get_text("blocks")
            }
            for caption in (words for words in height if words.endswith("Drawn.")):
                number = caption.removeprefix("Figure ").partition(":")[0]
                numbers.append(number)
                assert height[caption] > height.get(f"See Figure {number}.", 0), caption
    assert sorted(numbers, key=lambda n: int(n[2:])) == [f"1.{n}" for n in range(1, 21)]


def test_pages_that_do_not_come_to_rest_are_told(book: Book) -> None:
    restless = '#context { let n = counter("x").final().first(); counter("x").update(n + 1) }'
    _, notices = made(book({}, one=f"# One\n\nWords.\n\n```{{=typst}}\n{restless}\n```\n"))
    assert [notice.rule for notice in notices] == ["pdf-unsettled"]
    assert made(book({}, one="# One\n\nWords.\n"))[1] == []


@pytest.mark.parametrize("kind", ["thm-x", "exm-x", "rem-x .remark", "nte-x .callout-note", "fig-x"])
def test_what_is_longer_than_a_page_goes_on_on_the_next(book: Book, kind: str) -> None:
    paragraphs = "\n\n".join(f"Paragraph {n}. " + "Words that fill a line and more. " * 8 for n in range(40))
    caption = "\n\nThe caption\n" if kind == "fig-x" else "\n"
    pdf, _ = made(book(one=f"# One\n\n::: {{#{kind}}}\n{paragraphs}\n\nLAST WORDS{caption}:::\n\nAfter.\n"))
    pages = pdf_parts.shown_words(pdf)
    assert len(pages) > 2
    shown = " ".join(pages)
    assert all(f"Paragraph {n}." in shown for n in range(40))
    assert "LAST WORDS" in shown


def test_a_table_with_a_link_in_its_head_goes_over_pages(book: Book) -> None:
    rows = "\n".join(f"| row {number} | words of it |" for number in range(90))
    text = f"# One\n\n| [Index](https://example.org) | Words @hood1991 |\n|---|---|\n{rows}\n\n: Long. {{#tbl-long}}\n"
    pdf, notices = made(book(one=text))
    assert not notices
    words = pdf_parts.words(pdf)
    assert "row 0" in words and "row 89" in words and "Index" in words


def test_settings_of_the_format_are_honoured_and_a_wrong_one_is_told(book: Book) -> None:
    from pypdf import PdfReader

    from paper.errors import ProjectError

    typ = """  typst:
    papersize: us-letter
    margin: {x: 1in, top: 2cm}
    fontsize: 12pt
    columns: 2
    pdf-standard: [a-2a, ua-1]
    toc-title: What is in it
    section-numbering: "1.a"
    include-in-header: head.typ
    include-before-body: {text: "Words before."}
    include-after-body: [{text: "Words after."}]
"""
    root = book(
        {"head.typ": "#let mine = [My own]\n"},
        settings=typ,
        one="# One\n\n## Deep\n\n`#mine`{=typst} words.\n",
    )
    pdf, _ = made(root)
    printed = pdf_parts.words(pdf)
    for words in ("What is in it", "Words before.", "My own words.", "1.a Deep", "Words after."):
        assert words in printed, words
    assert boxes(pdf)[0] == (612, 792)
    xmp = PdfReader(pdf).trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    for wrong in (
        "pdf-standard: ua-9",
        "pdf-standard: [ua-1, a-4]",
        "fontsize: large",
        "margin: wide",
        "include-in-header: none.typ",
    ):
        with pytest.raises(ProjectError, match=wrong.partition(":")[0]):
            made(book(settings=f"  typst:\n    {wrong}\n", one="# One\n"))


def test_a_standard_is_named_as_quarto_has_it_and_one_of_latex_is_told(book: Book) -> None:
    """Quarto drops "PDF/" before a name, reads 2 as 2.0, and warns of those that Typst doesn't know."""
    from pypdf import PdfReader

    pdf, notices = made(book(settings="  typst:\n    pdf-standard: [PDF/A-2b, ua-2]\n", one="# One\n"))
    xmp = PdfReader(pdf).trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert [(one.line is not None, "'ua-2'" in one.message) for one in notices] == [(True, True)]


def test_every_sign_of_mathematics_that_pandoc_names_is_one_that_typst_knows() -> None:
    from paper.writers.typst.formulas import SYMBOLS, typeset

    blocks = [(0x2190, 0x2300), (0x27C0, 0x2800), (0x2900, 0x2B00)]
    formulas = [(False, f"a {chr(code)} b") for first, last in blocks for code in range(first, last)]
    refused = [tex for _, tex in set(formulas) - set(typeset(formulas))]
    assert refused == []
    assert typeset([(False, r"a \cap b")]) == {(False, r"a \cap b"): "$a ∩ b$"}
    assert typeset([(True, r"\begin{Vmatrix} a \end{Vmatrix} \begin{vmatrix} b \end{vmatrix}")])
    assert len(SYMBOLS) > 30


# -- what Typst refuses ---------------------------------------------------------------------------------------------


def test_a_block_that_typst_refuses_gives_way_to_a_note_that_is_told(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from paper.writers.typst import writer

    monkeypatch.setattr(
        writer.TypstRenderer,
        "link",
        lambda *_: typst_block.inline("#a-fault-of-the-program[x]"),
        raising=True,
    )
    pdf, notices = made(
        book(one="# One\n\nFirst words.\n\nA [link](two.qmd) here.\n\nLast words.\n", two="# Two\n")
    )
    printed = pdf_parts.words(pdf)
    assert "First words. What stands here can’t be shown in the PDF" in printed
    assert "Last words." in printed
    assert [(n.file, n.line, n.rule) for n in notices] == [("one.qmd", 5, "pdf")]
    assert "unknown variable: a-fault-of-the-program" in notices[0].message


def test_an_image_that_typst_can_t_read_is_told_with_its_line(book: Book) -> None:
    from paper.errors import ChapterError

    root = book({"y.png": "no picture"}, one='# One\n\nWords `#image("/y.png")`{=typst}.\n')
    with pytest.raises(ChapterError) as told:
        made(root)
    assert str(told.value.place) == "one.qmd:3"


def test_a_check_tells_of_signs_and_formulas_before_a_build(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from paper.checks.before_build import check_print
    from paper.project import load
    from paper.writers.typst import glyphs

    monkeypatch.setattr(glyphs, "_of_packages", lambda: iter(()))
    monkeypatch.setattr(glyphs, "_of_system", lambda: iter(()))
    text = "# One\n\nA smile 😀, $5 and $6, `$\\ce{x}$`.\n\nWater $\\ce{H2O}$ and\n\n$$\n\\frac{a}{b}\n$$\n"
    told = [(f.file, f.line, f.rule, f.severity) for f in check_print(load(book(one=text)))]
    assert told == [("one.qmd", 5, "formula", "warning"), ("one.qmd", 3, "sign-without-font", "warning")]


def test_the_contents_are_headed_in_the_book_s_language(book: Book) -> None:
    assert "Inhaltsverzeichnis" in said(book(settings="lang: de\n", one="# Eins\n"))
    assert "Содержание" in said(book(settings="lang: ru\n", one="# Один\n"))


@pytest.mark.parametrize(
    ("tex", "prepared"),
    [
        (r"{1\over 2} m v^2", r"{\frac{1}{2}} m v^2"),
        (r"a \over b", r"\frac{a}{b}"),
        (r"{{a \over \sqrt{b}} \over \{c\}}", r"{\frac{{\frac{a}{\sqrt{b}}}}{\{c\}}}"),
        (r"x &= {dM\over dt} \\\\ \overline{y}", r"x &= {\frac{dM}{dt}} \\\\ \overline{y}"),
        (r"\left( a \over b \right)", r"\left( a \over b \right)"),
    ],
)
def test_fractions_of_plain_tex_are_set(tex: str, prepared: str) -> None:
    assert formulas.prepare(tex) == prepared
