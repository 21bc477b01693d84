"""A figure on a page: safe whatever its data say, usable by script, keyboard and without either."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from paper import assets
from paper import figures as drawings
from paper.analysis.datafile import without_private_columns
from paper.cells.displays.writing import label_drawing
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.images import policy
from paper.prepare import vendor
from paper.project import find_root, load
from paper.publishing import page, renderings
from paper.publishing.figure import Figure, build_figure

REPOSITORY = Path(__file__).parents[2]
FIGURES = drawings.every(REPOSITORY)
HOSTILE = (
    "</svg></script><script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'> "
    '" onload="window.hurt = 1" \' {0} %s \\1 \\g<0> &lt;b&gt; ]]> <!-- {{ }} javascript:1 \u202e'
)


def hostile(name: str = "hostile") -> Figure:
    """A figure whose every word comes from an enemy."""

    def draw(canvas: Canvas) -> None:
        canvas.height = canvas.text(0, canvas.height, HOSTILE, room=canvas.width).bottom
        canvas.link_mark(20, 20, HOSTILE, "index.html#top")

    data = pd.DataFrame({HOSTILE: [HOSTILE, "=1+1"]})
    return build_figure(name, draw, data=data, source=HOSTILE, describe=HOSTILE, inputs=("factors",))


@pytest.fixture(autouse=True)
def root(paper_to_draw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(paper_to_draw)
    return paper_to_draw


@pytest.fixture
def chapter(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(root / "chapters")
    return root / "chapters"


def elements(fragment: str) -> html.HtmlElement:
    return html.fragment_fromstring(fragment, create_parent="main")


def files_of(name: str) -> dict[str, Path]:
    return renderings.current_files(FIGURES[name](), find_root(Path.cwd()))


def test_addresses_lead_from_the_chapter_to_files_that_are_there(chapter: Path) -> None:
    tree = elements(FIGURES["drivers"]()._repr_mimebundle_()["text/html"])
    links = [a.get("href") for a in tree.iterfind(".//a[@download]")]
    assert len(links) == 3
    assert all(link.startswith("../assets/") and (chapter / link).is_file() for link in links)
    assert tree.find(".//button") is None


@pytest.mark.usefixtures("chapter")
@pytest.mark.parametrize(
    ("name", "first", "words"),
    [
        ("drivers", "evidence.html#row-F1a", "Internal drive: concern about citizens"),
        ("stakeholders", "evidence.html#row-S04", "Government for Citizens"),
        ("reform_timeline", "introduction.html#sec-introduction", "1991: Kazakhstan becomes independent"),
        ("literature_over_time", "references.html#ref-hood1991", "Hood 1991: "),
    ],
)
def test_a_mark_is_a_link_with_words_to_what_it_stands_for(name: str, first: str, words: str) -> None:
    tree = elements(FIGURES[name]()._repr_mimebundle_()["text/html"])
    wide, narrow = tree.xpath(".//*[contains(@class, 'figure-marks')]")
    links = {a.get("href"): a.findtext("title") for a in wide.iter("a")}
    assert links[first].startswith(words)
    assert all(links.values())
    assert set(links) == {a.get("href") for a in narrow.iter("a")}


def test_a_page_that_the_book_lacks_is_no_target(chapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = FIGURES["drivers"]()
    monkeypatch.setattr(page, "load", lambda root: replace(load(root), chapters=()))
    tree = elements(page.fragment(figure, files_of("drivers"), REPOSITORY))
    [marks, _] = tree.xpath(".//*[contains(@class, 'figure-marks')]")
    assert not list(marks.iter("a"))
    assert marks.findtext("g/title") == "Internal drive: concern about citizens"
    assert chapter


def test_from_the_first_page_addresses_need_no_step_up() -> None:
    fragment = FIGURES["drivers"]()._repr_mimebundle_()["text/html"]
    assert 'href="assets/data/fig-drivers.csv"' in fragment


@pytest.mark.usefixtures("chapter")
def test_each_format_gets_its_own_form() -> None:
    bundle = FIGURES["drivers"]()._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert 'width="15.5cm"' in bundle["image/svg+xml"]
    assert list(FIGURES["drivers"]()._repr_mimebundle_(include={"image/png"})) == ["image/png"]
    assert "text/html" not in FIGURES["drivers"]()._repr_mimebundle_(exclude={"text/html"})


def test_quarto_gets_the_picture_for_word_and_the_drawing_for_print(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {}
    for wanted in ("png", "svg"):
        monkeypatch.setenv("QUARTO_FIG_FORMAT", wanted)
        kinds[wanted] = set(FIGURES["drivers"]()._repr_mimebundle_())
    assert kinds["svg"] - kinds["png"] == {"image/svg+xml"}
    assert {"text/html", "image/png"} <= kinds["png"]


@pytest.mark.usefixtures("chapter")
def test_both_drawings_take_the_chapters_alternative_text() -> None:
    fragment = label_drawing(FIGURES["drivers"]()._repr_mimebundle_()["text/html"], 'Two "drivers"')
    labels = [svg.get("aria-label") for svg in elements(fragment).iterfind(".//svg[@role='img']")]
    assert labels == ['Two "drivers"'] * 2


@pytest.mark.usefixtures("chapter")
def test_the_data_are_a_table_with_a_caption_and_headings() -> None:
    figure = FIGURES["drivers"]()
    tree = elements(figure._repr_mimebundle_()["text/html"])
    [table] = tree.iterfind(".//details//table")
    assert table.findtext("caption")
    assert [th.get("scope") for th in table.iterfind(".//th")] == ["col"] * len(
        without_private_columns(figure.data).columns
    )
    assert len(table.findall("tbody/tr")) == len(figure.data)


@pytest.mark.usefixtures("chapter")
def test_how_it_was_made_names_the_function_and_the_data() -> None:
    said = page.provenance_html(FIGURES["drivers"](), "figures", REPOSITORY)
    assert "<code>figures.drivers()</code>" in said
    assert "<code>data/factors.csv</code>" in said


@pytest.mark.usefixtures("chapter")
def test_how_it_was_made_links_to_the_repository_where_its_address_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = {"chapters": ["index.qmd"], "repo-url": "https://example.org/paper"}
    monkeypatch.setattr(page, "load", lambda root: replace(load(root), config={"book": book}))
    said = page.provenance_html(FIGURES["drivers"](), "figures", REPOSITORY)
    assert 'href="https://example.org/paper/blob/main/scripts/figures/drivers.py"' in said
    assert 'href="https://example.org/paper/blob/main/data/factors.csv"' in said


@pytest.mark.usefixtures("chapter")
def test_hostile_words_stay_words() -> None:
    tree = elements(page.fragment(hostile(), files_of("drivers"), REPOSITORY))
    assert not list(tree.iter("script", "img", "iframe", "object", "style"))
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on")]
    assert not [a for a in tree.iter("a") if a.get("href", "").startswith("javascript")]
    assert tree.find(".//svg").get("aria-label") == HOSTILE
    assert tree.find(".//td").text == HOSTILE
    assert HOSTILE in "".join(tree.find(".//p[@class='figure-made']").itertext())


@pytest.mark.usefixtures("chapter")
def test_made_up_data_is_marked_before_the_drawing() -> None:
    figure = Figure("x", hostile().figure, pd.DataFrame(), "s", synthetic=True)
    assert "Synthetic data" in page.fragment(figure, files_of("drivers"), REPOSITORY).split("<svg")[0]


@pytest.mark.usefixtures("chapter")
def test_nothing_of_the_look_or_the_behaviour_stands_inline() -> None:
    fragment = FIGURES["stakeholders"]()._repr_mimebundle_()["text/html"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", fragment)


# -- in a real browser ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictured() -> list[dict[str, bytes]]:
    """The hostile figure's files, drawn twice."""
    return [renderings.files(hostile()), renderings.files(hostile())]


@pytest.fixture(scope="module")
def site(pictured: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with one hostile figure and one real one, served with the policy of the paper's pages."""
    root = tmp_path_factory.mktemp("site")
    vendor(root)
    for folder in ("css", "js"):
        (root / "assets" / folder).symlink_to(assets.PACKAGED / folder)
    for folder in ("figures", "data"):
        (root / "assets" / folder).symlink_to(REPOSITORY / "assets" / folder)
    (root / "own").mkdir()
    figure = hostile()
    made, _ = pictured
    for name, content in made.items():
        (root / "own" / name).write_bytes(content)
    files = {kind: root / "own" / name for kind, name in renderings.file_names(figure).items()}
    with pytest.MonkeyPatch.context() as patch:
        book = load(REPOSITORY)
        patch.setattr(page, "load", lambda _: replace(book, chapters=book.chapters[:1]))
        patch.setattr(page, "address", lambda path, _: str(path).removeprefix(f"{root}/"))
        patch.setattr(page, "provenance_html", lambda *_: "")
        fragment = page.fragment(figure, files, root)
    (root / "index.html").write_text(
        f'<!DOCTYPE html><html lang="en" class="js"><meta charset="utf-8"><title>x</title>'
        '<link rel="icon" href="data:,">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy.text()}">'
        '<link rel="stylesheet" href="assets/css/site.css"><link rel="stylesheet" href="assets/css/figures.css">'
        f"<main>{fragment}</main>",
        "utf8",
    )

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(60)


@pytest.fixture
def opened(chrome: Browser, site: str) -> Iterator[tuple[Page, list[str], list[str]]]:
    """The page, the addresses that it asked for, and what went wrong in it."""
    tab = chrome.new_page(color_scheme="light", viewport={"width": 900, "height": 800})
    asked: list[str] = []
    wrong: list[str] = []
    tab.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.goto(f"{site}/index.html")
    yield tab, asked, wrong
    tab.close()


@pytest.mark.browser
def test_marks_are_reached_by_keyboard_and_show_it_and_lead_there(
    opened: tuple[Page, list[str], list[str]],
) -> None:
    tab, asked, wrong = opened
    mark = tab.locator("svg.figure-marks.figure-wide a")
    expect(mark).to_have_accessible_name(re.compile("^</svg></script>"))
    tab.keyboard.press("Tab")
    expect(mark).to_be_focused()
    shape = mark.locator("rect")
    assert shape.evaluate("e => getComputedStyle(e).stroke") != "none"
    place, drawing = shape.bounding_box(), tab.locator("svg.figure-drawing.figure-wide").bounding_box()
    assert place and drawing
    scale = drawing["width"] / style.WIDE
    assert abs(place["x"] - drawing["x"] - 11 * scale) < 3
    assert abs(place["y"] - drawing["y"] - 11 * scale) < 3
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/index.html#top")
    assert all(address.startswith(("/", "data:")) for address in asked)
    assert not any("plotly" in address for address in asked)
    assert tab.evaluate("window.hurt") is None
    assert wrong == []


@pytest.mark.browser
def test_a_figure_follows_the_theme(opened: tuple[Page, list[str], list[str]]) -> None:
    tab, _, _ = opened
    words = tab.locator("svg.figure-drawing.figure-wide text").first
    expect(words).to_have_css("fill", "rgb(30, 32, 35)")
    tab.emulate_media(color_scheme="dark")
    expect(words).to_have_css("fill", "rgb(230, 227, 221)")


@pytest.mark.browser
def test_a_phone_gets_the_narrow_drawing_and_paper_the_wide_one(
    opened: tuple[Page, list[str], list[str]],
) -> None:
    tab, _, _ = opened
    tab.set_viewport_size({"width": 360, "height": 700})
    assert tab.locator("svg.figure-drawing.figure-narrow").is_visible()
    assert not tab.locator("svg.figure-drawing.figure-wide").is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.emulate_media(media="print")
    assert tab.locator("svg.figure-drawing.figure-wide").is_visible()


@pytest.mark.browser
def test_words_stay_on_the_sheet_in_faces_that_readers_have(chrome: Browser) -> None:
    """Measured, not reckoned: each line of each drawing, in a face as wide as Arial and in a very wide one."""
    tab = chrome.new_page()
    sheets = [
        (name, kind, path) for name in FIGURES for kind, path in files_of(name).items() if "svg" in kind
    ]
    assert {kind for _, kind, _ in sheets} == {"svg", "narrow-svg"}
    tab.set_content("".join(f"<div>{path.read_text('utf8')}</div>" for _, _, path in sheets))
    beyond = []
    for face in ("Liberation Sans", "DejaVu Sans"):
        ends = tab.evaluate(
            "face => [...document.querySelectorAll('div > svg')].map(svg => { svg.removeAttribute('width');"
            "svg.style.width = svg.viewBox.baseVal.width + 'px'; svg.style.fontFamily = face;"
            "return Math.max(...[...svg.querySelectorAll('text')].map(t => t.getBBox().x + t.getBBox().width)) })",
            face,
        )
        for (name, kind, _), right in zip(sheets, ends, strict=True):
            if right > (style.NARROW if kind == "narrow-svg" else style.WIDE) + 12:
                beyond.append((name, kind, face, right))
    tab.close()
    assert beyond == []


@pytest.mark.browser
def test_a_drawing_of_hostile_words_is_safe_as_a_file(chrome: Browser, site: str) -> None:
    tab = chrome.new_page()
    tab.goto(f"{site}/own/hostile.svg")
    assert tab.evaluate("window.hurt") is None
    assert tab.evaluate("document.querySelectorAll('script, image, foreignObject').length") == 0
    assert "<script>window.hurt" in tab.evaluate("document.documentElement.textContent")
    tab.close()


def test_the_same_figure_gives_the_same_bytes(pictured: list[dict[str, bytes]]) -> None:
    one, other = pictured
    assert one == other
    assert b"tEXt" not in one["hostile.png"] and b"tIME" not in one["hostile.png"]
    assert b"pHYs" in one["hostile.png"]
