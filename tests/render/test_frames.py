"""Frames, films and what acts by script show on the page that asks for them, and are told where they can't."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from bs4 import BeautifulSoup
from tests.render import pdf_parts

from paper import build
from paper.images import policy

Book = Callable[..., Path]
CHAPTER = """
# One

```{python}
#| label: fig-map
#| fig-cap: "A map"
class Map:
    def _repr_html_(self):
        return ("<div><span>Make this Notebook Trusted to load map: File -> Trust Notebook</span><iframe srcdoc='"
                "&lt;!DOCTYPE html&gt;&lt;script src=&quot;https://cdn.example/map.js&quot;&gt;&lt;/script&gt;"
                "&lt;p&gt;inside&lt;/p&gt;' style='width:100%'></iframe></div>")
Map()
```

```{python}
class Chart:
    def _repr_html_(self):
        return "<div id='chart'></div><script>draw(1 < 2)</script>"
Chart()
```

{{< video https://www.youtube.com/embed/wo9vZccmqwc title="On governors" aspect-ratio="4x3" >}}

{{< video clip.mp4 title="Clip title" >}}

<iframe src="https://maps.example/embed?a=1" title="A frame"></iframe>

<p>Words <script>said()</script></p>

After words.
"""


def test_what_acts_is_let_in_on_its_page_alone_and_told_elsewhere(book: Book) -> None:
    root = book(one=CHAPTER, two="# Two\n\nNothing acts here.\n")
    (root / "clip.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    report = build.build(root, targets={"html", "pdf", "docx", "jats", "onefile"})
    site = root / "_site"
    soup = BeautifulSoup((site / "one.html").read_text("utf8"), "html.parser")
    frames = soup.select("main iframe")
    assert len(frames) == 4 and all(frame.get("title") for frame in frames)
    assert not [frame for frame in frames if frame.get("srcdoc")]
    inner = [(site / str(frame["src"])).read_text("utf8") for frame in frames if frame.get("sandbox")]
    assert [words in text for words, text in zip(("<p>inside</p>", "draw(1 < 2)"), inner, strict=True)] == [
        True,
        True,
    ]
    assert all("allow-same-origin" not in str(frame["sandbox"]) for frame in frames if frame.get("sandbox"))
    assert "Trusted" not in soup.get_text()
    assert (site / "clip.mp4").is_file()

    def allowed(page: str) -> str:
        element = BeautifulSoup((site / page).read_text("utf8"), "html.parser").select_one(
            'meta[http-equiv="Content-Security-Policy"]'
        )
        assert element is not None
        return str(element["content"])

    assert "frame-src 'self' https://www.youtube.com https://maps.example" in allowed("one.html")
    assert f"script-src 'self' 'wasm-unsafe-eval' {policy.hash_of('said()')};" in allowed("one.html")
    assert "cdn.example" not in allowed("one.html"), "a frame of its own needs nothing of the page"
    assert allowed("two.html") == policy.text()

    told = [(n.line, n.message) for n in report.notices if n.file == "one.qmd"]
    acts = [line for line, said in told if "interactive content" in said and "PDF, DOCX and JATS" in said]
    assert sorted(acts) == [4, 15], "each cell with its line"
    assert [line for line, said in told if "a frame (<iframe>)" in said] == [26]
    whole = BeautifulSoup((site / "A-small-book.html").read_text("utf8"), "html.parser")
    assert whole.select("iframe, video, script") == []
    document = pypdfium2.PdfDocument(next(site.glob("*.pdf")))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for said in (text, whole.get_text()):
        assert all(
            words in said
            for words in ("A map", "On governors", "Clip title", "After words.", "Interactive content")
        )


def test_the_policy_reads_tags_as_a_browser_does() -> None:
    markup = (
        "<iframe srcdoc=\"<script src='https://inner.example/x.js'></script>\" src=https://a.example/b?c></iframe>"
        "<img alt='>' src='//b.example/x.png'><video poster=\"https://c.example/p.png\"></video>"
        '<script src="https://d.example/e;f.js"></script><script src="https://d.example/e.js?v=1"></script>'
        '<script type="application/json">{}</script><audio src="data:audio/wav;base64,AA"></audio>'
    )
    assert list(policy.in_markup(markup)) == [
        ("frame-src", "https://a.example"),
        ("img-src", "https://b.example"),
        ("img-src", "https://c.example"),
        ("script-src", "https://d.example/e.js"),
        ("media-src", "data:"),
    ]


ALTAIR = """
# One

```{python}
#| label: fig-kept
#| fig-cap: "A chart"
#| fig-alt: "Two bars"
class Kept:
    def _repr_html_(self):
        spec = ('{"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "title": "Kept as HTML",'
                ' "data": {"values": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}, "mark": "bar",'
                ' "encoding": {"x": {"field": "a"}, "y": {"field": "b", "type": "quantitative"}}}')
        return "<div id='vis'></div><script>(f => { var spec = " + spec + "; f('#vis', spec); })(embed);</script>"
Kept()
```
"""


def test_a_chart_kept_as_html_is_drawn_from_its_specification_on_paper(book: Book) -> None:
    report = build.build(book(one=ALTAIR), targets={"html", "pdf", "docx"})
    assert report.notices == []
    page = BeautifulSoup((report.out / "one.html").read_text("utf8"), "lxml")
    assert page.select_one("#fig-kept iframe.paper-frame")
    words = " ".join(pdf_parts.words(report.outputs["paper"]).split())
    assert "Kept as HTML" in words and "Figure 1.1: A chart" in words.replace("\u00a0", " ")
    with zipfile.ZipFile(report.outputs["word"]) as archive:
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 1
