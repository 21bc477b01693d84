"""Quarto's side: a fit one is taken, an unfit one is not, and its pages get the frame of this site."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docx import Document
from tests.conformance.facts import page_facts

from paper import assets, build, project
from paper.errors import MachineError, ToolError
from paper.quarto import site as quarto_site
from paper.release import record
from paper.tools import pandoc, quarto

# A page as Quarto 1.10 leaves it: what it puts around the text, and inside the text for its scripts.
PAGE = """<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><head><meta charset="utf-8">
<meta name="generator" content="quarto-1.10.18"><meta name="description" content="About one.">
<script src="site_libs/quarto-nav/quarto-nav.js"></script><title>x</title></head>
<body class="nav-sidebar floating quarto-light">
<div id="quarto-search-results"></div>
<header id="quarto-header" class="headroom fixed-top"><nav class="quarto-secondary-nav"><h1 class="no-breadcrumbs">
</h1></nav></header>
<div id="quarto-content" class="quarto-container page-columns page-rows-contents page-layout-article">
<nav id="quarto-sidebar" class="sidebar"><a href="./two.html"><span class="menu-text">Two</span></a></nav>
<div id="quarto-margin-sidebar" class="sidebar margin-sidebar"><nav id="TOC" role="doc-toc">
<h2 id="toc-title">Contents</h2>
<ul><li><a href="#sec-near">Near</a></li></ul></nav></div>
<main class="content" id="quarto-document-content">

<header id="title-block-header" class="quarto-title-block default">
<nav class="quarto-page-breadcrumbs quarto-title-breadcrumbs d-none d-lg-block" aria-label="breadcrumb"><ol>
<li class="breadcrumb-item"><a href="./one.html">One</a></li></ol></nav>
<div class="quarto-title"><h1 class="title">{title}</h1></div>
<div class="quarto-title-meta-author"><div class="quarto-title-meta-heading">Author</div>
<div class="quarto-title-meta-contents"><p class="author">Test Author</p></div></div>
<div class="quarto-title-meta"></div>
</header>

<p>It costs a &lt; b, see <a href="./two.html#sec-far" class="quarto-xref"><span>Section 2.1</span></a> and
<a href="#fig-a" class="quarto-xref"><span>Figure&nbsp;1.1</span></a>, says
<span class="citation" data-cites="hood1991">Hood
(<a href="./two.html#ref-hood1991" role="doc-biblioref">1991</a>)</span>.<a href="#fn1" class="footnote-ref" id="fnref1"
role="doc-noteref"><sup>1</sup></a></p>
<section id="sec-near" class="level2" data-number="1.1">
<h2 data-number="1.1" class="anchored" data-anchor-id="sec-near">
<span class="header-section-number">1.1</span> Near <em>by</em></h2>
<p>Formula <span class="math inline">\\(a &lt; b^2\\)</span>.</p>
<div class="callout callout-style-default callout-note callout-titled" title="Mind">
<div class="callout-header d-flex align-content-center">
<div class="callout-icon-container"><i class="callout-icon"></i></div>
<div class="callout-title-container flex-fill"><span class="screen-reader-only">Note</span>Mind</div></div>
<div class="callout-body-container callout-body"><p>This.</p></div></div>
<div id="cell-fig-a" class="cell" data-execution_count="1">
<div class="cell-output cell-output-display" data-execution_count="1">
<div id="fig-a" class="quarto-float quarto-figure quarto-figure-center anchored" alt="A square">
<figure class="quarto-float quarto-float-fig figure">
<div aria-describedby="fig-a-caption-0">
<div class="paper-figure"><svg role="img" aria-label="A square"><rect></rect></svg></div>
</div>
<figcaption class="quarto-float-caption-bottom quarto-float-caption quarto-float-fig" id="fig-a-caption-0">
Figure&nbsp;1.1: A square
</figcaption></figure></div></div></div>
</section>


<div id="refs" class="references csl-bib-body" role="list" style="display: none">
<div id="ref-hood1991" class="csl-entry" role="listitem">Hood, C. (1991). A public management.</div>
</div>
<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes">
<hr>
<ol><li id="fn1"><p>A note.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol>
</section>

<script>alert(1)</script>
</main> <!-- /main -->
<script id="quarto-html-after-body" type="application/javascript">1</script>
<nav class="page-navigation"><div class="nav-page nav-page-next"><a href="./two.html">Two</a></div></nav>
</div> <!-- /content -->
</body></html>
"""
NUMBERED = (
    '<span id="sec-one" class="quarto-section-identifier">'
    '<span class="chapter-number">1</span>&nbsp; <span class="chapter-title">One</span></span>'
)


def fake_quarto(folder: Path, version: str, render: str = "") -> Path:
    """A program on PATH that answers as Quarto does."""
    folder.mkdir(exist_ok=True)
    path = folder / "quarto"
    path.write_text(
        f"#!{sys.executable}\nimport json, os, sys, pathlib\n"
        f"if sys.argv[1] == '--version': print({version!r}); sys.exit()\n"
        f"out = pathlib.Path(sys.argv[sys.argv.index('--output-dir') + 1])\n{render}\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("version", "fit", "said"),
    [
        ("1.10.18", True, "Quarto 1.10.18"),
        ("1.9.17", True, "Quarto 1.9.17"),
        ("1.9.9", False, "older than 1.9.17"),
        ("1.4.550", False, "older than 1.9.17"),
        ("", False, "doesn't tell its version"),
    ],
)
def test_only_a_fit_quarto_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fit: bool, said: str
) -> None:
    fake_quarto(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    found, text = quarto.find()
    assert (found is not None) == fit
    assert said in text


def test_without_quarto_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        MachineError, match=r"install Quarto 1\.9\.17 or newer, or build with --engine embedded"
    ):
        quarto.require()


def test_a_failing_quarto_leaves_the_last_site(
    book: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(one="# One\n\nText.\n")
    build.build(root, targets={"html"})
    before = record.read(root / "_site")
    (root / "one.qmd").write_text("# One\n\nOther text.\n")
    bad = fake_quarto(tmp_path / "bin", "1.10.18", "print('ERROR: no such filter'); sys.exit(1)")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(ToolError, match="no such filter"):
        build.build(root, quarto=bad)
    assert record.read(root / "_site") == before
    assert "Text." in (root / "_site/one.html").read_text()


def test_quartos_pages_get_the_frame_of_the_site_and_keep_their_text(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n", **{"appendix-a": "# Things\n\nText.\n"})
    (root / "_variables.yml").write_text('status: "Incomplete draft"\n')
    out = root / "_site"
    out.mkdir()
    (out / "index.html").write_text(PAGE.format(title="A small book"))
    (out / "one.html").write_text(PAGE.format(title=NUMBERED))
    (out / "appendix-a.html").write_text(
        PAGE.format(title='<span class="chapter-title">Appendix A — Things</span>')
    )
    before = page_facts((out / "one.html").read_text())
    assert quarto_site.finish(project.load(root), out, Path("quarto")) == []

    html = (out / "one.html").read_text()
    soup = BeautifulSoup(html, "lxml")
    assert soup.select_one(".status-banner strong").text == "Incomplete draft"  # type: ignore[union-attr]
    said = soup.select_one("meta[name=description]")["content"]  # type: ignore[index]
    assert str(said).startswith("It costs a < b")  # its own; Quarto's is the book's on every page
    assert [a.get_text() for a in soup.select("#TOC a")] == ["1.1 Near by"]
    assert [e.get_text(" ") for e in soup.select(".chapters > li > a")] == ["Front page", "1 One", "A Things"]
    assert soup.select_one("[data-mathml]") is not None
    assert "alert(1)" not in html
    assert "site_libs" not in html
    after = page_facts(html)
    own = "Author Test Author "  # the front page says it in the site's own words
    assert own in before["text"]
    assert after == {**before, "text": before["text"].replace(own, "")}
    assert after["captions"] == {"fig-a": "Figure 1.1: A square"}
    assert after["footnotes"] == ["A note."]
    assert len(soup.select("#sec-one")) == 1
    assert (out / "pagefind").is_dir()
    manifest = record.read(out)
    assert manifest is not None
    assert record.differences(manifest, out) == []


def test_citations_lead_to_the_list_of_their_page_and_back(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = as_rendered(root)
    quarto_site.finish(project.load(root), out, Path("quarto"))
    soup = BeautifulSoup((out / "one.html").read_text(), "lxml")
    assert soup.select_one(".citation a")["href"] == "#ref-hood1991"  # type: ignore[index]
    assert not soup.select_one("#refs").has_attr("style")  # type: ignore[union-attr]
    back = soup.select_one("#ref-hood1991 .cited-in a[href^='#']")
    assert back and soup.select_one(str(back["href"])) == soup.select_one(".citation")


def test_the_number_of_a_reference_stays_on_the_line_of_its_word(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = as_rendered(root)
    quarto_site.finish(project.load(root), out, Path("quarto"))
    soup = BeautifulSoup((out / "one.html").read_text(), "lxml")
    assert [a.get_text() for a in soup.select("a.quarto-xref")] == ["Section\xa02.1", "Figure\xa01.1"]


def test_headings_of_level_one_are_in_the_contents(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = as_rendered(root)
    heading = (
        '<section id="abstract" class="level1 unnumbered"><h1 class="unnumbered">Abstract</h1></section>'
    )
    page = (
        (out / "index.html").read_text().replace('<section id="sec-near"', heading + '<section id="sec-near"')
    )
    (out / "index.html").write_text(page)
    quarto_site.finish(project.load(root), out, Path("quarto"))
    soup = BeautifulSoup((out / "index.html").read_text(), "lxml")
    assert [a.get_text() for a in soup.select("#TOC a")] == ["Abstract", "1.1 Near by"]


def test_what_only_quartos_look_uses_is_not_published_and_all_may_read_the_rest(
    book: Callable[..., Path],
) -> None:
    root = book(one="# One\n\nText.\n")
    for other in ('<link href="site_libs/a.css">', ""):
        out = as_rendered(root)
        (out / "site_libs").mkdir()
        (out / "site_libs/a.css").write_text("")
        (out / "search.json").write_text("[]")
        (out / "own.html").write_text(other)  # a page in Quarto's look beside the chapters
        quarto_site.finish(project.load(root), out, Path("quarto"))
        assert [(out / name).exists() for name in ("site_libs", "search.json")] == [bool(other)] * 2
        (out / "own.html").unlink()
        shutil.rmtree(out / "site_libs", ignore_errors=True)
    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(root.stat().st_mode)


def test_drawings_on_quartos_pages_have_the_chapters_alternative_text(book: Callable[..., Path]) -> None:
    cell = '```{python}\n#| label: fig-a\n#| fig-alt: "A square, \\"black\\""\n#| fig-cap: A square\n1\n```\n'
    root = book(one="# One\n\n" + cell)
    out = as_rendered(root)
    quarto_site.finish(project.load(root), out, Path("quarto"))
    soup = BeautifulSoup((out / "one.html").read_text(), "lxml")
    assert [svg["aria-label"] for svg in soup.select("#fig-a svg")] == ['A square, "black"']


def test_a_folder_that_is_gone_is_told_without_a_traceback(repository: Path, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    done = run_script(
        repository,
        "post_render.py",
        QUARTO_PROJECT_RENDER_ALL="1",
        QUARTO_PROJECT_OUTPUT_DIR=gone,
        QUARTO_PROJECT_OUTPUT_FILES="",
        QUARTO_BIN_PATH=str(fake_quarto(tmp_path / "bin", "1.10.18").parent),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{gone}/manifest.json could not be read or written" in done.stderr


BRIEF = {"brief/_quarto.yml": "project:\n  type: default\n", "brief/brief.qmd": "Text.\n"}


def as_rendered(root: Path) -> Path:
    """The output folder as Quarto leaves it before our step."""
    out = root / "_site"
    out.mkdir(exist_ok=True)
    (out / "index.html").write_text(PAGE.format(title="A small book"))
    (out / "one.html").write_text(PAGE.format(title=NUMBERED))
    return out


def test_a_render_of_the_pdf_alone_leaves_the_pages_in_their_frame(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = as_rendered(root)
    loaded = project.load(root)
    quarto_site.finish(loaded, out, Path("quarto"), ["_site/index.html", "_site/one.html"])
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.suffix != ".json"}
    (out / f"{loaded.output_file}.pdf").write_bytes(b"%PDF")
    assert quarto_site.finish(loaded, out, Path("quarto"), [f"_site/{loaded.output_file}.pdf"]) == []
    assert {path: path.read_bytes() for path in before} == before
    manifest = record.read(out)
    assert manifest is not None
    assert {"html", "pdf"} <= set(manifest.made_from)
    assert "docx" not in manifest.made_from


def test_the_word_file_gets_head_properties_and_tables(book: Callable[..., Path]) -> None:
    root = book({"_variables.yml": "status: Draft\n"}, one="# One\n\nText.\n")
    out = as_rendered(root)
    loaded = project.load(root)
    word = out / f"{loaded.output_file}.docx"
    args = [f"--output={word}", f"--reference-doc={assets.PACKAGED / 'docx/reference.docx'}"]
    pandoc.run("| Name |\n|------|\n| a |\n", source="markdown", to="docx", args=args)
    quarto_site.finish(loaded, out, Path("quarto"), [f"_site/{word.name}"])
    document = Document(str(word))
    assert document.core_properties.author == "Test Author"
    assert document.sections[0].header.paragraphs[0].text == "Draft"
    styles = [row.cells[0].paragraphs[0].style for row in document.tables[0].rows]
    assert [style and style.name for style in styles] == ["Table Heading", "Table Text"]


def test_a_fault_in_the_frame_leaves_quartos_pages_as_they_are(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(one="# One\n\nText.\n")
    out = as_rendered(root)
    before = {path: path.read_bytes() for path in out.rglob("*")}

    def failing(*_: object) -> None:
        raise ToolError("Pagefind failed")

    monkeypatch.setattr("paper.site.search.write_index", failing)
    with pytest.raises(ToolError, match="Pagefind failed"):
        quarto_site.finish(project.load(root), out, Path("quarto"))
    assert {path: path.read_bytes() for path in out.rglob("*")} == before


def test_a_brief_that_fails_is_told_when_all_else_is_done(book: Callable[..., Path], tmp_path: Path) -> None:
    root = book(BRIEF, one="# One\n\nText.\n")
    out = as_rendered(root)
    bad = fake_quarto(tmp_path / "bin", "1.10.18", "print('ERROR: no such figure'); sys.exit(1)")
    with pytest.raises(ToolError, match="the brief could not be rendered") as failed:
        quarto_site.finish(project.load(root), out, bad)
    assert "no such figure" in failed.value.detail
    assert 'class="site-header"' in (out / "one.html").read_text()
    manifest = record.read(out)
    assert manifest is not None
    assert "brief" not in manifest.made_from
    assert record.differences(manifest, out) == []


def test_the_brief_is_rendered_into_the_same_output_and_told_nothing_of_the_book(
    book: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(BRIEF, one="# One\n\nText.\n")
    out = as_rendered(root)
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(out))
    monkeypatch.setenv("QUARTO_PROJECT_RENDER_ALL", "1")
    (root / "_quarto-demo.yml").write_text("lang: en\n")
    good = fake_quarto(
        tmp_path / "bin",
        "1.10.18",
        "target = pathlib.Path(sys.argv[2], out)\n"  # as Quarto: from the project's folder
        "(target / 'brief.pdf').write_text(json.dumps(dict(os.environ)))\n",
    )
    quarto_site.finish(project.load(root, "demo"), out, good)
    seen = json.loads((out / "brief.pdf").read_text())
    assert [name for name in seen if name.startswith("QUARTO_PROJECT_")] == []
    assert (seen["QUARTO_PROFILE"], seen["QUARTO_PYTHON"]) == ("demo", sys.executable)


def test_which_files_were_rendered_is_read_from_where_quarto_says_it(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("_site/index.html\n_site/book.pdf\n")
    both = ["_site/index.html", "_site/book.pdf"]
    assert quarto.rendered_files({}) is None
    assert quarto.rendered_files({"QUARTO_PROJECT_OUTPUT_FILES": "\n".join(both)}) == both
    assert quarto.rendered_files({"QUARTO_USE_FILE_FOR_PROJECT_OUTPUT_FILES": str(tmp_path / "list")}) == both


def test_the_quarto_that_runs_the_step_renders_the_brief_too(tmp_path: Path) -> None:
    ours = fake_quarto(tmp_path / "bin", "1.10.18")
    assert quarto.of_environment({"QUARTO_BIN_PATH": str(tmp_path / "bin")}) == ours


def test_a_brief_that_quarto_rendered_alone_is_in_no_builds_way(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    (root / "_site").mkdir()
    for name in ("brief.pdf", "brief.kk.pdf"):
        (root / "_site" / name).write_bytes(b"%PDF\n%Creator: Typst")
    build.build(root, targets={"html"})
    assert (root / "_site/one.html").is_file()


# -- the scripts, run as Quarto runs them: from the project's folder, with its variables ------------------------


def run_script(root: Path, name: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, str(Path("scripts") / name)],
        cwd=root,
        env={"PATH": os.environ["PATH"], "QUARTO_PROJECT_DIR": str(root), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("settings", "folder"), [("", "chapters"), ("brief", "brief")])
def test_cells_find_the_package_where_it_is_not_installed(
    repository: Path, settings: str, folder: str
) -> None:
    """Quarto starts a kernel in the folder of the document, with what ``_environment`` sets."""
    lines = (repository / settings / "_environment").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import paper; print(paper.__file__)"],
        cwd=repository / folder,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert Path(repository / folder, done.stdout.strip()).samefile(repository / "scripts/paper/__init__.py")
    assert given["QUARTO_PYTHON"] == ".venv/bin/python"


def test_a_python_without_the_libraries_is_told_what_to_do(repository: Path) -> None:
    done = run_script(repository, "post_render.py", "-S", QUARTO_PROJECT_RENDER_ALL="1")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "is not installed for" in done.stderr
    assert "QUARTO_PYTHON=.venv/bin/python" in done.stderr


def test_a_render_of_one_page_is_left_to_quarto(repository: Path) -> None:
    done = run_script(repository, "post_render.py", QUARTO_PROJECT_OUTPUT_FILES="_site/index.html")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_of_another_form_keeps_quartos_look_and_is_told(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = root / "_site"
    out.mkdir()
    (out / "index.html").write_text(PAGE.format(title="A small book"))
    (out / "one.html").write_text("<html><body><p>Other</p></body></html>")
    told = quarto_site.finish(project.load(root), out, Path("quarto"))
    assert told == ["one.html: Quarto's page has another form than expected; it keeps Quarto's look"]
    assert (out / "one.html").read_text() == "<html><body><p>Other</p></body></html>"


def test_where_no_page_has_the_expected_form_quartos_site_stays_as_it_is(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    out = root / "_site"
    out.mkdir()
    for name in ("index.html", "one.html"):
        (out / name).write_text("<html><body><p>Other</p></body></html>")
    told = quarto_site.finish(project.load(root), out, Path("quarto"))
    assert len(told) == 2
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "manifest.json", "one.html"]
