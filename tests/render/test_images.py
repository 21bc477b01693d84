"""Images of every kind, however they are named, stand in every form of the paper; what can't be shown is told."""

from __future__ import annotations

import base64
import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from paper import build
from paper.errors import PaperError
from paper.images import images

Book = Callable[..., Path]
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="15"/></svg>\n'
)
EVERY = {"html", "pdf", "docx", "jats", "onefile"}


def picture(kind: str, colour: str = "red") -> bytes:
    """A small picture of a kind that Pillow writes."""
    stream = io.BytesIO()
    Image.new("RGB", (24, 16), colour).save(stream, kind)
    return stream.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A site elsewhere: its address and the folder that it serves."""
    folder = tmp_path / "web"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", folder
    server.shutdown()
    server.server_close()
    thread.join(60)


def pictures_of_pdf(path: Path) -> int:
    """How many pictures of pixels the pages of a PDF show."""
    document = pypdfium2.PdfDocument(path)
    kind = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    return sum(len(list(page.get_objects(filter=[kind], max_depth=9))) for page in document)


def media(path: Path) -> list[str]:
    """The endings of the pictures in a DOCX or an archive of an article."""
    with zipfile.ZipFile(path) as archive:
        return sorted(Path(name).suffix for name in archive.namelist() if re.search(r"media/|figures/", name))


def test_pictures_of_every_kind_stand_in_every_form(book: Book, web: tuple[str, Path]) -> None:
    address, folder = web
    (folder / "far.png").write_bytes(picture("PNG", "green"))
    kinds = {"a.webp": "WEBP", "b.gif": "GIF", "c.avif": "AVIF", "d.bmp": "BMP", "e.TIFF": "TIFF", "f.JPG": "JPEG",
             "really a jpeg.png": "JPEG", "page.pdf": "PDF", "рисунок.png": "PNG"}  # fmt: skip
    coloured = {
        name: picture(kind, f"rgb({20 * n}, 90, 200)") for n, (name, kind) in enumerate(kinds.items())
    }
    shown = "\n\n".join(f"![Words of {n}](<{name}>)" for n, name in enumerate(coloured))
    vector, plain = base64.b64encode(DRAWING.encode()).decode(), quote(DRAWING)
    root = book(
        {"pics/x.svg": DRAWING, "sub/two.qmd": "# Two\n\n![From the root](/pics/x.svg) and ![up](../pics/x.svg)\n"},
        settings="", one=f"""
        # One

        {{shown}}

        ![Far]({address}/far.png){{#fig-far}}

        ![Coded](data:image/svg+xml;base64,{vector})

        ![Plain](data:image/svg+xml,{plain}){{width=2cm}}

        ![Pixels](data:image/png;base64,{base64.b64encode(picture("PNG")).decode()})

        Several: ![a](pics/x.svg){{width=1em}} ![b](/pics/x.svg) and ![c](a.webp), see @fig-far.
        """.replace("{shown}", shown.replace("\n", "\n        ")),
    )  # fmt: skip
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(settings.replace("- one.qmd", "- one.qmd\n    - sub/two.qmd"), "utf8")
    for name, content in coloured.items():
        (root / name).write_bytes(content)
    report = build.build(root, targets=EVERY)
    assert report.notices == []
    site = root / "_site"

    page = BeautifulSoup((site / "one.html").read_text("utf8"), "lxml")
    sources = [str(image["src"]) for image in page.select("main img")]
    assert len(sources) == len(kinds) + 7
    local = [unquote(source) for source in sources if images.is_local(source)]
    assert all((site / source).is_file() for source in local)
    assert "page.pdf.png" in local and "e.TIFF.png" in local, "what no browser shows is a PNG"
    policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')
    assert policy and f"img-src 'self' data: {address};" in policy["content"]
    other = BeautifulSoup((site / "sub" / "two.html").read_text("utf8"), "lxml")
    assert [image["src"] for image in other.select("main img")] == ["../pics/x.svg", "../pics/x.svg"]
    assert address not in str(other), "only the page that asks for it lets it in"

    assert pictures_of_pdf(next(site.glob("*.pdf"))) == len(kinds) + 3
    assert set(media(next(site.glob("*.docx")))) <= {".png", ".jpg"}
    assert len(media(next(site.glob("*.docx")))) == len(kinds) + 3  # each picture once
    assert len(media(next(site.glob("*-jats.zip")))) == len(kinds) + 3
    whole = BeautifulSoup((site / "A-small-book.html").read_text("utf8"), "lxml")
    assert all(str(image["src"]).startswith("data:image/") for image in whole.select("img"))
    (folder / "far.png").unlink()
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\nChanged.\n")
    assert build.build(root, targets=EVERY).notices == [], "it was fetched once"


def test_what_can_not_be_had_leaves_its_words_and_is_told(book: Book, web: tuple[str, Path]) -> None:
    address, folder = web
    (folder / "page.png").write_text("<html>no image</html>")
    root = book(
        one=f"""
    # One

    ![Far words]({address}/none.png)

    ![No image]({address}/page.png)

    ![Film words](clip.mp4)

    After.
    """
    )
    (root / "clip.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    report = build.build(root, targets=EVERY)
    told = [(n.file, n.line, n.severity) for n in report.notices]
    assert told == [("one.qmd", 4, "warning"), ("one.qmd", 6, "warning")]
    assert f"{address}/none.png" in report.notices[0].message and "404" in report.notices[0].message
    assert "is no image" in report.notices[1].message
    assert "save it into the project" in report.notices[0].remedy
    site = root / "_site"
    text = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(next(site.glob("*.pdf")))
    )
    assert all(words in text for words in ("Far words", "No image", "Film words", "After."))
    assert (site / "clip.mp4").is_file()
    assert 'src="clip.mp4"' in (site / "one.html").read_text("utf8")
    assert "<video" not in (site / "A-small-book.html").read_text("utf8")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pics/plott.svg", "did you mean pics/plot.svg?"),
        ("plot.svg", "did you mean pics/plot.svg?"),
        ("../away.svg", "is outside the project"),
    ],
)
def test_an_image_that_is_not_there_names_its_line_and_the_near_file(
    book: Book, written: str, said: str
) -> None:
    root = book({"pics/plot.svg": DRAWING}, one=f"# One\n\nWords.\n\n![Caption]({written})\n")
    with pytest.raises(PaperError) as told:
        build.build(root, targets={"html", "pdf"})
    assert str(told.value).startswith("one.qmd:5: ")
    assert said in str(told.value)


def test_an_image_whose_name_differs_in_capitals_is_shown_in_every_form_and_told_once(book: Book) -> None:
    text = "# One\n\n![A map](Files/my%20Map.PNG)\n\nWords ![B](files/MY%20map.png) within.\n"
    text += "\n<img src='files/My map.png' alt='In HTML'>\n"
    root = book(one=text)
    if (root / "ONE.QMD").is_file():
        pytest.skip("this file system doesn't tell capitals apart")
    (root / "files").mkdir()
    (root / "files/my map.png").write_bytes(picture("PNG"))
    report = build.build(root, targets={"html", "pdf", "docx"})
    told = [(n.place, n.rule) for n in report.notices]
    assert told == [(f"one.qmd:{line}", "image-capitals") for line in (3, 5, 7)]
    assert (root / "_site/Files/my Map.PNG").is_file()  # where the page asks for it
    assert (root / "_site/files/MY map.png").is_file() and (root / "_site/files/My map.png").is_file()
    assert pictures_of_pdf(report.outputs["paper"]) == 3
    assert len(media(report.outputs["word"])) >= 1


def test_the_alternative_text_of_a_linked_image_is_no_caption_of_it(book: Book) -> None:
    text = """
    # One

    [![](a.svg){fig-alt="only alt"}](https://example.org)

    [![Said](a.svg){fig-alt="described"}](https://example.org)
    """
    root = book({"a.svg": DRAWING}, one=text)
    build.build(root, targets={"html", "pdf"})
    main = BeautifulSoup((root / "_site" / "one.html").read_text("utf8"), "lxml").select_one("main")
    assert main and [image["alt"] for image in main.select("a > img")] == ["only alt", "described"]
    document = pypdfium2.PdfDocument(next((root / "_site").glob("*.pdf")))
    for words in (main.get_text(), "".join(page.get_textpage().get_text_range() for page in document)):
        assert "Said" in words and "only alt" not in words and "described" not in words
