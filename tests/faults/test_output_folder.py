"""Only what a build made is replaced by a build, and no two things of a site have one address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper.errors import ProjectError
from paper.render import build

Book = Callable[..., Path]


def setting(root: Path, old: str, new: str) -> None:
    path = root / "_quarto.yml"
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new), "utf8")


@pytest.mark.parametrize("name", ["data", "text", ".git", "./text/", "assets"])
def test_an_output_folder_that_holds_sources_is_refused(book: Book, name: str) -> None:
    root = book(
        {"data/x.csv": "a\n1\n", "text/one.qmd": "# One\n", ".git/HEAD": "ref\n", "assets/x.css": "p{}"}
    )
    setting(root, "    - index.qmd", "    - index.qmd\n    - text/one.qmd")
    setting(root, "output-dir: _site", f"output-dir: {name}")
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    with pytest.raises(ProjectError, match="holds files that the book is made from"):
        build.build(root, targets={"html"})
    assert {p: p.read_bytes() for p in before} == before


def test_a_file_in_the_outputs_place_is_kept(book: Book) -> None:
    root = book({"_site": "notes of mine"}, one="# One\n")
    with pytest.raises(ProjectError, match="is a file"):
        build.build(root, targets={"html"})
    assert (root / "_site").read_text() == "notes of mine"


def test_a_folder_that_no_build_made_is_kept(book: Book) -> None:
    root = book({"_site/interview.docx": "the only copy"}, one="# One\n")
    with pytest.raises(ProjectError, match="holds files that no build made"):
        build.build(root, targets={"html"})
    assert (root / "_site/interview.docx").read_text() == "the only copy"


def test_a_link_in_the_outputs_place_is_kept(book: Book) -> None:
    root = book({"elsewhere/x.txt": "mine"}, one="# One\n")
    (root / "_site").symlink_to(root / "elsewhere")
    with pytest.raises(ProjectError, match="is a link"):
        build.build(root, targets={"html"})
    assert (root / "elsewhere/x.txt").read_text() == "mine"


def test_an_empty_folder_and_one_that_lies_deeper_are_taken(book: Book) -> None:
    root = book(one="# One\n")
    (root / "_site").mkdir()
    build.build(root, targets={"html"})
    setting(root, "output-dir: _site", "output-dir: made/of/late")
    build.build(root, targets={"html"})
    assert (root / "made/of/late/one.html").is_file()


@pytest.mark.parametrize("name", ["state", "404", "One"])
def test_two_pages_of_one_address_are_refused(book: Book, name: str) -> None:
    root = book(one="# One\n", **{name: "# Other\n"})
    with pytest.raises(ProjectError, match=f"{name}.qmd would be written to"):
        build.build(root, targets={"html"})


@pytest.mark.parametrize("name", ["index", "state", "brief", "one"])
def test_a_file_of_the_paper_does_not_take_a_pages_place(book: Book, name: str) -> None:
    root = book(one="# One\n")
    setting(root, "  title:", f"  output-file: {name}\n  title:")
    with pytest.raises(ProjectError, match=r"book\.output-file would be written to"):
        build.build(root, targets={"html"})


@pytest.mark.parametrize("pattern", ["/etc/host*", "''", "../book/*.qmd", "a/../../x", '"a\\0b"', "7: x"])
def test_resources_from_elsewhere_are_refused(book: Book, pattern: str) -> None:
    root = book(one="# One\n")
    setting(root, "  output-dir: _site", f"  output-dir: _site\n  resources:\n    - {pattern}")
    before = set(root.parent.rglob("*.qmd"))
    if pattern == "7: x":  # a mapping where a name should be: no file has such a name
        build.build(root, targets={"html"})
    else:
        with pytest.raises(ProjectError, match="not within the project"):
            build.build(root, targets={"html"})
    assert set(root.parent.rglob("*.qmd")) == before


def test_private_data_are_no_resource(book: Book) -> None:
    root = book({"data/private/voices.txt": "a b c"}, one="# One\n")
    (root / "shown").symlink_to(root / "data/private")
    for pattern in ("data/private/*", "data/**/*", "shown/*"):
        text = (root / "_quarto.yml").read_text()
        setting(root, "  output-dir: _site", f"  output-dir: _site\n  resources: {pattern!r}")
        with pytest.raises(ProjectError, match="private data"):
            build.build(root, targets={"html"})
        (root / "_quarto.yml").write_text(text)


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside.bib", "data/private/x.bib"])
@pytest.mark.parametrize("setting_name", ["bibliography", "csl"])
def test_settings_name_files_of_the_project_only(book: Book, name: str, setting_name: str) -> None:
    root = book({"data/private/x.bib": "", "../outside.bib": ""}, one="# One\n")
    setting(root, "bibliography: references.bib", f"{setting_name}: {name}")
    with pytest.raises(ProjectError, match=f"{setting_name} is .* which a build may not read"):
        build.build(root, targets={"html"})
