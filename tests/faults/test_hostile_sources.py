"""Whatever stands in a chapter or in the settings: an answer or a message, never a traceback, never a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from paper import project
from paper.cells.execute import Executor
from paper.errors import PaperError
from paper.numbering.book import read_book
from paper.settings import merge
from paper.site import pages
from paper.tools.cache import Cache

Book = Callable[..., Path]
FRAGMENTS = [
    "# ", "## ", "{#sec-a}", "{#fig-a}", "{#tbl-a}", "{.unnumbered}", "@sec-a", "@fig-a", "@hood1991", "[@nobody]",
    "::: {.callout-note}\n", ":::: {}\n", ":::\n", "::::\n", "![x](x.png)", "![](a b.svg){#fig-b fig-alt=\"<b>\"}",
    "| a | b |\n|---|---|\n| 1 | 2 |\n", ": Caption {#tbl-b}\n", "{{< var x >}}", "{{< include one.qmd >}}",
    "{{< meta title >}}", "{{<", ">}}", "{{< pagebreak >}}", "`{python} 1`", "^[note]", "[^1]", "\n[^1]: text\n",
    "$$ x $$ {#eq-a}\n", "$\\badmacro{$", "::: {layout-ncol=2}\n", "::: {layout=\"[[1,\"}\n", "```\n", "````\n", "\n\n",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "`<b>`{=html}", "\\",
    "\x00",
    "\u202e", "😀", "қ", "---\n", "title: x\n", "- ", "1. ", "> ", "    ", "\t", "~~~{.x\n", "#| label: a\n", "%%",
    "::: {.content-visible when-format=\"html\"}\n", "::: {.panel-tabset}\n", "[x]{.smallcaps", "{=typst}", "***",
    "x" * 200,
]  # fmt: skip
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=8), st.dates(),
    st.sampled_from(["../x", "/etc/passwd", "chapters/x.qmd", "index.qmd", "\x00", "a" * 5000]),
)  # fmt: skip
KEYS = st.sampled_from(
    ["project", "book", "type", "title", "chapters", "appendices", "part", "href", "file", "author", "name", "date",
     "output-dir", "output-file", "format", "html", "typst", "bibliography", "csl", "lang", "execute", "keywords",
     "resources", "affiliations", "number-depth", "toc-depth", "site-url", "repo-url"]
)  # fmt: skip
YAML = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@pytest.fixture(scope="module")
def quiet_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    (root / "_quarto.yml").write_text(
        "project:\n  type: book\n  output-dir: _site\nbook:\n  title: A book\n"
        "  chapters:\n    - index.qmd\n    - one.qmd\nbibliography: references.bib\nexecute:\n  enabled: false\n"
    )
    (root / "references.bib").write_text(
        "@book{hood1991,\n  author = {Hood, C.},\n  title = {T},\n  year = {1991}\n}\n"
    )
    (root / "_variables.yml").write_text("x: 1\n")
    (root / "index.qmd").write_text("# Preface\n\nHello.\n")
    return root


@examples(60)
@given(parts=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=25))
def test_any_chapter_gives_a_page_or_a_message(quiet_book: Path, parts: list[str]) -> None:
    text = "".join(parts).replace("`{python} 1`", "code")
    (quiet_book / "one.qmd").write_text(text, "utf8", newline="")
    book = project.load(quiet_book)
    work = quiet_book / ".paper"
    out = work / "out"
    try:
        cache = Cache(work / "cache")
        with Executor(book, cache) as executor:
            chapters = read_book(book, work, cache, executor)
        out.mkdir(parents=True, exist_ok=True)
        pages.write_pages(book, chapters, out, cache)
    except PaperError as error:
        assert "Traceback" not in str(error)
        return
    soup = BeautifulSoup((out / "one.html").read_text("utf8"), "lxml")
    policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')
    assert policy is not None
    script = next(part for part in str(policy["content"]).split(";") if "script-src" in part)
    assert "unsafe-inline" not in script, "a script that a chapter brings is not run"


@examples(300)
@given(top=st.dictionaries(KEYS, YAML, max_size=4), inner=st.dictionaries(KEYS, YAML, max_size=4), key=KEYS)
def test_any_settings_give_a_project_or_a_message(
    tmp_path: Path, top: dict[str, object], inner: dict[str, object], key: str
) -> None:
    (tmp_path / "index.qmd").write_text("# x\n")
    sound = {"project": {"type": "book"}, "book": {"chapters": ["index.qmd"]}, "format": {"html": {}}}
    value = merge({**sound, **top}, {"project": inner} if key == "project" else {"book": inner})
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(value, allow_unicode=True), "utf8")
    try:
        book = project.load(tmp_path)
        told = [
            book.title,
            book.authors,
            book.date,
            book.lang,
            book.keywords,
            book.output_file,
            book.output_dir,
        ]
        told += [book.site_url, book.bibliography, book.csl, book.format("html"), book.version, book.repo_url]
        assert book.output_dir.resolve().is_relative_to(tmp_path.resolve())
        assert "/" not in book.output_file
        assert told
    except PaperError as error:
        assert "Traceback" not in str(error)


@examples(150)
@given(data=st.binary(max_size=300))
def test_any_bytes_as_settings_give_a_message(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "_quarto.yml").write_bytes(b"project:\n  type: book\n" + data)
    with pytest.raises(PaperError):
        project.load(tmp_path)


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join(['*a' + str(n - 1)] * 9)}]" for n in range(1, 30))]
    (tmp_path / "_quarto.yml").write_text("\n".join(lines))
    with pytest.raises(PaperError, match="aliases"):
        project.load(tmp_path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    for bomb in ("[" * 5_000, "{a: " * 5_000, json.dumps([[]]) * 3):
        (tmp_path / "_quarto.yml").write_text(f"project: {bomb}")
        with pytest.raises(PaperError):
            project.load(tmp_path)


@pytest.mark.parametrize("name", ["../x", "/tmp/x", ".", "a/../..", "a\0b"])
def test_an_output_folder_outside_the_project_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "index.qmd").write_text("# x\n")
    value = {"project": {"output-dir": name}, "book": {"chapters": ["index.qmd"]}}
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(value))
    with pytest.raises(PaperError, match="not a folder within the project"):
        _ = project.load(tmp_path).output_dir


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("../../x", "not a folder within"), ("..", "not a folder within"), ("../.git/x", "holds files")],
)
def test_an_output_folder_beside_the_project_stays_in_its_repository(
    tmp_path: Path, name: str, remedy: str
) -> None:
    root = tmp_path / "repository/book"
    (tmp_path / "repository/.git/x").mkdir(parents=True)
    root.mkdir()
    (root / "index.qmd").write_text("# x\n")
    for folder in ("../docs", name):
        value = {"project": {"output-dir": folder}, "book": {"chapters": ["index.qmd"]}}
        (root / "_quarto.yml").write_text(yaml.safe_dump(value))
        if folder == name:
            with pytest.raises(PaperError, match=remedy):
                _ = project.load(root).output_dir
        else:
            assert project.load(root).output_dir.resolve() == tmp_path / "repository/docs"


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "a\0b"])
def test_an_output_file_never_leads_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "index.qmd").write_text("# x\n")
    value = {"book": {"chapters": ["index.qmd"], "output-file": name}}
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(value))
    with pytest.raises(PaperError, match="not the name of a file"):
        _ = project.load(tmp_path).output_file


def test_a_translation_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    from paper.site import points

    path = tmp_path / "chapters/translations/points.kk.md"
    path.parent.mkdir(parents=True)
    path.write_bytes("# Қазақ\n".encode("utf-16"))
    with pytest.raises(PaperError, match=r"points\.kk\.md: not UTF-8"):
        points.read(tmp_path)


def test_a_draft_of_a_day_that_never_was_is_none(tmp_path: Path) -> None:
    from paper.site import drafts

    for name in ("2026-13-45", "2026-02-30", "0000-00-00", "2026-02-28"):
        (tmp_path / "drafts" / name).mkdir(parents=True)
    assert [str(day) for day in drafts.draft_dates(tmp_path)] == ["2026-02-28"]
