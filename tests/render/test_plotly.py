"""Plotly's figures as pictures without a browser, and live on the page under its security policy."""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import plotly
import pytest
from lxml import etree
from playwright.sync_api import Browser, expect
from plotly import express as px
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from paper import build
from paper.plots import browser, drawing, engine, figure, theme
from paper.tools import browser as browsers

# Drawn when its test runs: plotly takes seconds for all, which each worker would pay as it collects.
KINDS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "scatter": (lambda: px.scatter(x=[1, 2], y=[2, 1], color=["First", "Second"]), ["First", "Second"]),
    "many points": (lambda: px.scatter(x=list(range(30)), y=list(range(30)), render_mode="webgl"), ["25"]),
    "box": (lambda: px.box(x=["Here", "There"], y=[1, 2]), ["Here"]),
    "violin": (lambda: px.violin(x=["Here"] * 3, y=[1, 2, 4]), ["Here"]),
    "histogram": (lambda: px.histogram(x=[1, 2, 2, 3], title="Spread"), ["Spread"]),
    "heat map": (lambda: px.imshow([[1, 2], [3, 4]], x=["Left", "Right"]), ["Left", "Right"]),
    "contour": (lambda: go.Figure(go.Contour(z=[[1, 2], [3, 5]], contours={"showlabels": True})), ["2"]),
    "pie": (lambda: px.pie(names=["State", "Private"], values=[3, 1]), ["State", "75%"]),
    "sunburst": (lambda: px.sunburst(names=["All", "Part"], parents=["", "All"], values=[2, 1]), ["All", "Part"]),
    "treemap": (lambda: px.treemap(names=["All", "Part"], parents=["", "All"], values=[2, 1]), ["Part"]),
    "sankey": (
        lambda: go.Figure(go.Sankey(node={"label": ["From", "To"]}, link={"source": [0], "target": [1], "value": [1]})),
        ["From", "To"],
    ),
    "table": (lambda: go.Figure(go.Table(header={"values": ["Head"]}, cells={"values": [["Cell"]]})), ["Head", "Cell"]),
    "error bars": (lambda: px.scatter(x=["One"], y=[1], error_y=[0.5]), ["One"]),
    "dates": (lambda: px.line(x=["2020-01-01", "2021-01-01"], y=[1, 2]), ["Jan 2021"]),
    "logarithms": (lambda: px.line(x=[1, 1000], y=[1, 2], log_x=True), ["1000"]),
    "facets": (
        lambda: px.scatter(x=[1, 2], y=[1, 2], facet_col=["West", "East"]),
        ["facet_col=West", "facet_col=East"],
    ),
    "subplots": (
        lambda: make_subplots(rows=1, cols=2, subplot_titles=["One", "Two"]).add_bar(x=["a"], y=[1]),
        ["One", "Two"],
    ),
    "country map": (lambda: px.choropleth(locations=["KAZ"], color=[1]), ["color"]),
    "annotations": (
        lambda: go.Figure(layout={"annotations": [{"text": "Said<br>twice", "x": 1, "y": 1}]}),
        ["Said", "twice"],
    ),
    "gauge": (lambda: go.Figure(go.Indicator(mode="gauge+number", value=42)), ["42"]),
}  # fmt: skip


def drawn(plot: Any) -> str:
    return engine.draw(figure.still(figure.read(plot.to_json())))


def words(svg: str) -> list[str]:
    root = etree.fromstring(svg.encode())
    return [
        " ".join("".join(t.itertext()).split())
        for t in root.iter(f"{drawing.SVG}text", f"{drawing.SVG}tspan")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_with_its_words_and_marks(kind: str) -> None:
    plot, wanted = KINDS[kind]
    svg = drawn(plot())
    assert set(wanted) <= set(words(svg)), words(svg)
    assert len(re.findall("<path|<rect|<image", svg)) > 2
    assert "NaN" not in svg
    assert "canvas:" not in svg


def test_points_stand_where_the_axes_say() -> None:
    """The middle of three values stands in the middle, and a box of 400 × 300 px keeps its margins."""
    plot = px.scatter(
        x=[0, 5, 10], y=[0, 5, 10], range_x=[0, 10], range_y=[0, 10], template="none", width=400, height=300
    )
    plot.update_layout(margin={"l": 100, "r": 100, "t": 50, "b": 50}, xaxis_title="", yaxis_title="")
    svg = drawn(plot)
    assert 'width="400" height="300"' in svg
    points = re.findall(r'<path class="point" transform="translate\(([\d.]+),([\d.]+)\)"', svg)
    assert [(float(x), float(y)) for x, y in points] == [(0, 200), (100, 100), (200, 0)]


def test_long_labels_get_the_room_that_they_need() -> None:
    long = "A category with a very long name indeed"
    svg = drawn(px.bar(y=[long, "Short"], x=[1, 2], orientation="h"))
    clip = re.search(r'<clipPath id="\w+xyplot" class="plotclip"><rect width="([\d.]+)"', svg)
    assert clip is not None
    assert float(clip[1]) < 400  # of 640


def test_the_same_figure_is_the_same_file_and_two_share_a_page() -> None:
    plot = px.scatter(x=[1, 2], y=[2, 1], color=["First", "Second"])
    first = drawn(plot)
    other = drawn(px.bar(x=["a"], y=[1]))
    assert drawn(plot) == first
    cleaned = [drawing.clean(svg, home=True) for svg in (first, other)]
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in cleaned]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip(cleaned, ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own
        assert not re.search(r"class=|style=|data-(?!role)", svg)


def test_greys_change_places_in_the_dark_and_hues_stay() -> None:
    assert int(theme.dark("#ffffff")[1:3], 16) < 0x20
    assert int(theme.dark("rgb(42, 63, 95)", text=True)[1:3], 16) > 0x90  # Plotly's own text
    assert theme.dark("#636efa") == "#636efa"
    assert theme.adaptive("#1e2023") == "var(--fig-ink,#1e2023)"
    assert theme.parse("rgba(1, 2, 3, 0.5)") == (1, 2, 3, 0.5)
    assert theme.parse("url(#a)") is None


def test_a_scale_of_colours_is_the_same_in_the_dark() -> None:
    svg = drawing.clean(drawn(px.imshow([[1, 2], [3, 4]], color_continuous_scale="Greys")), home=True)
    page = drawing.for_page(svg, kind="figure-wide", label="Greys")
    stops = re.findall(r"<stop[^>]*>", page)
    assert stops
    assert not any("light-dark" in stop for stop in stops)
    assert "light-dark" in page


@pytest.mark.parametrize(
    ("plot", "bundle"),
    [
        (lambda: px.bar(x=[1], y=[1]), "plotly-basic.min.js"),
        (lambda: px.box(y=[1, 2]), "plotly-charts.min.js"),
        (lambda: px.scatter_3d(x=[1], y=[1], z=[1]), "plotly.min.js"),
    ],
)
def test_a_page_fetches_the_smallest_script_that_knows_the_figure(plot: Any, bundle: str) -> None:
    assert figure.bundle(figure.read(plot().to_json())) == bundle


def test_the_bundles_are_of_the_package_s_own_plotly_js() -> None:
    whole = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf8")[:200]
    version = re.search(r"plotly\.js (v[\d.]+)", whole)
    assert version is not None
    for name in ("plotly-basic.min.js", "plotly-charts.min.js"):
        assert f"plotly.js {version[1]}," in (engine.BUNDLES / name).read_text("utf8")[:200]


SPACE = """\
# Space

```{python}
#| label: fig-space
#| fig-cap: Three dimensions
import plotly.express as px
px.scatter_3d(x=[1, 2], y=[1, 2], z=[1, 2])
```

```{python}
px.box(x=["Live", "Still"], y=[1, 2], title="Boxes")
```
"""
SETTINGS = """\
project: {type: book, output-dir: _site}
book: {title: Live, author: Test Author, output-file: live, chapters: [index.qmd]}
format: {html: default, typst: default, docx: default}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("live")
    (root / "_quarto.yml").write_text(SETTINGS, "utf8")
    (root / "index.qmd").write_text(SPACE, "utf8")
    return root


def test_without_a_browser_3d_is_told_and_the_page_comes_out(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER_BROWSER", "nowhere")
    report = build.build(book, targets=["html", "pdf", "docx"])
    told = [fault for fault in report.notices if fault.rule == "display-lost"]
    assert [(fault.file, fault.line) for fault in told] == [("index.qmd", 3)]
    assert "scatter3d" in told[0].message
    assert "PDF" in told[0].message
    assert "install Chrome or Chromium" in told[0].remedy
    page = (book / "_site" / "index.html").read_text("utf8")
    assert page.count("figure-explore") == 2
    assert (book / "_site" / "assets" / "vendor" / "plotly.min.js").is_file()


def test_a_kept_rendering_needs_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find", lambda: Path("chromium"))
    monkeypatch.setattr(browser, "_drawn", lambda *_: "<svg/>")
    still = {"data": [{"type": "scatter3d"}], "layout": {}}
    assert browser.draw(still, tmp_path)[2]
    monkeypatch.setattr(browsers, "find", lambda: None)
    assert browser.draw(json.loads(json.dumps(still)), tmp_path)[::2] == ("<svg/>", False)
    with pytest.raises(engine.PlotError, match="no Chrome or Chromium"):
        browser.draw({**still, "layout": {"width": 1}}, tmp_path)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.browser
def test_the_live_figure_opens_by_keyboard_in_both_themes(book: Path, chrome: Browser) -> None:
    build.build(book, targets=["html"])
    with served(book / "_site") as address:
        for scheme, ink in (("light", "rgb(42, 63, 95)"), ("dark", theme.dark("#2a3f5f", text=True))):
            tab = chrome.new_page(color_scheme="light" if scheme == "light" else "dark")
            faults: list[str] = []
            asked: list[str] = []
            tab.on("pageerror", partial(lambda kept, error: kept.append(str(error)), faults))
            tab.on(
                "console",
                partial(lambda kept, said: kept.append(said.text) if said.type == "error" else None, faults),
            )
            tab.on("request", partial(lambda kept, request: kept.append(request.url), asked))
            tab.goto(f"{address}/index.html")
            assert not any("plotly" in url or url.endswith(".json") for url in asked)
            tab.locator("button.figure-explore").last.focus()
            tab.keyboard.press("Enter")
            title = tab.locator(".js-plotly-plot .gtitle")
            title.wait_for()
            red, green, blue, _ = theme.parse(ink) or (0, 0, 0, 1)
            expect(title).to_have_css("fill", f"rgb({red}, {green}, {blue})")
            assert [url.rsplit("/", 1)[-1] for url in asked if "/vendor/" in url] == ["plotly-charts.min.js"]
            assert all(url.startswith(address) for url in asked)
            tab.keyboard.press("Escape")
            expect(tab.locator(".js-plotly-plot")).to_have_count(0)
            assert not faults
            tab.close()
