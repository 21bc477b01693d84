"""Pictures in a Word file have the sizes that pandoc gives them, without pandoc decoding any."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import panflute as pf
import pytest
from PIL import Image

from paper import assets
from paper.parsing.tree import every
from paper.tools import pandoc, trees
from paper.writers import docx_pictures

GIVEN = (
    "", "width=50%", "height=1in", "width=2in", "width=200", "width=200px", "width=10em", "width=3cm",
    "width=50% height=1in", "width=20% height=9in", "height=50%", "width=2in height=50%", "width=9in height=2in",
    "width=3furlongs", "width=9in",
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    picture = Image.new("RGB", (400, 300), "teal")
    exif = Image.Exif()
    exif[274] = 6  # turned, as a telephone held upright writes it
    picture.save(folder / "plain.jpg")
    picture.save(folder / "fine.jpg", dpi=(300, 150))
    picture.save(folder / "turned.jpg", exif=exif)
    picture.save(folder / "plain.png")
    picture.save(folder / "fine.png", dpi=(200, 200))
    picture.resize((2000, 1000)).save(folder / "large.jpg")
    return sorted(folder.iterdir())


def extents(tree: str, reference: Path, folder: Path) -> list[tuple[int, int]]:
    out = folder / "out.docx"
    pandoc.run(tree, to="docx", args=[f"--reference-doc={reference}", f"--output={out}"])
    text = zipfile.ZipFile(out).read("word/document.xml").decode()
    return [(int(x), int(y)) for x, y in re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', text)]


def test_both_sides_of_a_picture_are_those_that_pandoc_finds(pictures: list[Path], tmp_path: Path) -> None:
    reference = assets.find(tmp_path, "docx/reference.docx")
    shown = [f"![]({path})" + (f"{{{given}}}" if given else "") for path in pictures for given in GIVEN]
    doc = trees.parse("\n\n".join(shown))
    expected = extents(trees.dump(doc), reference, tmp_path)
    room = docx_pictures.printed_width(reference)
    for image in every(doc, pf.Image):
        docx_pictures.set_size(image, room)
    results = extents(trees.dump(doc), reference, tmp_path)
    assert len(expected) == len(results) == len(shown)
    for picture, (x, y), (width, height) in zip(shown, expected, results, strict=True):
        assert abs(x - width) <= 2 and abs(y - height) <= 2, picture  # of a unit of which 36 are a micrometre
    undecoded = [image for image in every(doc, pf.Image) if {"width", "height"} <= image.attributes.keys()]
    assert len(undecoded) == len(shown) - sum("furlongs" in picture for picture in shown)


def test_a_picture_that_cannot_be_read_is_left_to_pandoc(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    image = pf.Image(url=str(tmp_path / "broken.jpg"), attributes={"width": "2in"})
    docx_pictures.set_size(image, 6.0)
    assert image.attributes == {"width": "2in"}


def test_a_reference_without_pages_has_the_width_that_pandoc_takes(tmp_path: Path) -> None:
    assert docx_pictures.printed_width(tmp_path / "none.docx") == 420 / 72
    with zipfile.ZipFile(tmp_path / "bare.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    assert docx_pictures.printed_width(tmp_path / "bare.docx") == 420 / 72
