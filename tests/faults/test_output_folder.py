"""Only what a build made is replaced by a build, and no two things of a site have one address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper import build
from paper.errors import ProjectError
from paper.project import load
from paper.text.published import resource_files

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


def test_files_written_by_hand_beside_a_build_are_named_and_left(book: Book) -> None:
    root = book(one="# One\n")
    setting(root, "output-dir: _site", "output-dir: docs")
    (root / "docs/notes").mkdir(parents=True)
    own = {"index.html": "<p>by hand</p>", "notes/a.txt": "mine", "CNAME": "a.example", ".nojekyll": ""}
    for name, text in own.items():
        (root / "docs" / name).write_text(text)
    with pytest.raises(ProjectError, match=r"no build made \(index\.html, notes/a\.txt\)"):
        build.build(root, targets={"html"})
    (root / "docs/index.html").unlink()
    (root / "docs/notes/a.txt").unlink()
    build.build(root, targets={"html"})  # what a web server reads stays where it is
    assert [(root / "docs" / name).read_text() for name in ("CNAME", ".nojekyll")] == ["a.example", ""]
    (root / "docs/notes").mkdir()
    (root / "docs/notes/a.txt").write_text("mine")
    (root / "one.qmd").write_text("# Other\n")
    with pytest.raises(ProjectError, match=r"no build made \(notes/a\.txt\)"):
        build.build(root, targets={"html"})
    assert (root / "docs/notes/a.txt").read_text() == "mine"


def test_a_folder_of_quartos_is_taken_file_by_file(book: Book) -> None:
    root = book({"data/x.csv": "a\n"}, one="# One\n")
    quarto = '<html><head><meta name="generator" content="quarto-1.10.18"></head></html>'
    for name, text in {
        "index.html": quarto, "one.html": quarto, "site_libs/quarto.js": "", "search.json": "[]",
        "one_files/figure-html/a.png": "", "data/x.csv": "a\n",
    }.items():  # fmt: skip
        (root / "_site" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "_site" / name).write_text(text)
    (root / "_site/mine.html").write_text("<p>by hand</p>")
    with pytest.raises(ProjectError, match=r"no build made \(mine\.html\)"):
        build.build(root, targets={"html"})
    (root / "_site/mine.html").unlink()
    build.build(root, targets={"html"})


def test_pictures_that_quartos_pages_show_are_quartos_though_the_project_has_them_no_more(book: Book) -> None:
    page = '<head><meta name="generator" content="quarto-1.10.18"></head><img class="a" src="../img/a%20b.PNG?1">'
    root = book({"_site/text/one.html": page, "_site/site_libs/quarto.js": ""}, one="# One\n")
    (root / "_site/img").mkdir()
    for name in ("a b.PNG", "mine.png"):
        (root / "_site/img" / name).write_bytes(b"x")
    with pytest.raises(ProjectError, match=r"no build made \(img/mine\.png\)"):
        build.build(root, targets={"html"})
    (root / "_site/img/mine.png").unlink()
    build.build(root, targets={"html"})


def test_a_site_beside_the_project_is_built_in_its_repository(book: Book) -> None:
    root = book(one="# One\n")
    (root.parent / ".git").mkdir()
    setting(root, "output-dir: _site", "output-dir: ../docs")
    done = build.build(root, targets={"html", "docx"})
    assert done.outputs["website"].resolve() == (root.parent / "docs/index.html").resolve()
    assert build.build(root, targets={"html", "docx"}).unchanged
    (root.parent / "docs/notes.txt").write_text("mine")
    (root / "one.qmd").write_text("# Other\n")
    with pytest.raises(ProjectError, match=r"\.\./docs: the output folder holds files .*notes\.txt"):
        build.build(root, targets={"html"})


def test_a_paper_that_quarto_put_beside_its_pages_is_taken_by_its_name(book: Book) -> None:
    quarto = '<html><head><meta name="generator" content="quarto-1.10.18"></head></html>'
    root = book({"_site/index.html": quarto, "_site/site_libs/quarto.js": ""}, one="# One\n")
    name = load(root).output_file
    for ending in (".pdf", ".epub", ".docx"):  # the PDF by LaTeX: nothing in it names Quarto
        (root / "_site" / f"{name}{ending}").write_bytes(b"%PDF-1.5 xdvipdfmx")
    (root / "_site/other.pdf").write_bytes(b"%PDF-1.5 xdvipdfmx")
    with pytest.raises(ProjectError, match=r"no build made \(other\.pdf\)"):
        build.build(root, targets={"html"})
    (root / "_site/other.pdf").unlink()
    build.build(root, targets={"html"})


def test_one_of_several_profiles_marks_what_is_made_up(book: Book) -> None:
    root = book({"_quarto-demo.yml": "", "_quarto-draft.yml": ""}, one="# One\n")
    assert all(load(root, profile).synthetic for profile in ("demo", "demo,draft", "draft demo"))
    assert not load(root, "draft").synthetic


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


@pytest.mark.parametrize("pattern", ["'/'", "'!'", "''", "../book/*.qmd", "a/../../x", '"a\\0b"', "7: x"])
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


RESOURCES = [
    ("notes.txt", ["deep/er/notes.txt", "deep/notes.txt", "notes.txt"]),  # in any folder
    ("/notes.txt", ["notes.txt"]),
    ("./notes.txt", ["notes.txt"]),
    ("[notes.txt, '!deep']", ["notes.txt"]),
    ("[notes.txt, '!/deep/notes.txt']", ["deep/er/notes.txt", "notes.txt"]),
    ("deep", ["deep/er/data.csv", "deep/er/notes.txt", "deep/notes.txt"]),
    ("er/", ["deep/er/data.csv", "deep/er/notes.txt"]),
    ("deep/*.txt", ["deep/notes.txt"]),
    ("/*/**/*.{csv,txt}", ["deep/er/data.csv", "deep/er/notes.txt", "deep/notes.txt"]),
    ("er/!(notes).*", ["deep/er/data.csv"]),
    ("/etc/host*", []),  # from the project's root
    (".kept/*", []),
]


@pytest.mark.parametrize(("given", "expected"), RESOURCES)
def test_resources_are_named_as_for_quarto(book: Book, given: str, expected: list[str]) -> None:
    names = ["notes.txt", "deep/notes.txt", "deep/er/notes.txt", "deep/er/data.csv", ".kept/notes.txt"]
    root = book({**dict.fromkeys(names, "x"), "_site/old/notes.txt": "x"}, one="# One\n")
    setting(root, "  output-dir: _site", f"  output-dir: _site\n  resources: {given}")
    files = resource_files(load(root))
    assert [path.relative_to(root).as_posix() for path in files] == expected


def test_what_servers_read_in_the_projects_root_is_published_unasked(book: Book) -> None:
    root = book({"CNAME": "paper.example", ".nojekyll": "", "robots.txt": "mine"}, one="# One\n")
    site = build.build(root, targets={"html"}).out
    assert [(site / name).read_text() for name in ("CNAME", ".nojekyll", "robots.txt")] == [
        "paper.example",
        "",
        "mine",
    ]


def test_private_data_are_no_resource(book: Book) -> None:
    root = book({"data/private/voices.txt": "a b c"}, one="# One\n")
    (root / "shown").symlink_to(root / "data/private")
    for pattern in ("data/private/*", "data/**/*", "shown/*", "voices.txt", "data"):
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
