"""What cells give comes out right in every format, or is told: see README.md."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from docx.oxml.ns import qn
from tests.render import pdf_parts

from paper import build
from paper.cells.displays.writing import choose
from paper.report import Fault

HERE = Path(__file__).parent
CASES = {path.parent.name: path.parent for path in sorted(HERE.glob("*/expect.yml"))}
# Of packages that take a second and more to import, and that this paper doesn't use: a book of their own.
LONG = frozenset(
    (
        "altair-chart",
        "altair-data",
        "bokeh",
        "great-tables",
        "look",
        "look-after",
        "plotnine-seaborn",
        "polars",
        "pyvis",
        "statsmodels",
    )
)
SETTINGS = """\
project: {type: book, output-dir: _site}
book:
  title: Outputs
  author: Test Author
  output-file: outputs
  chapters: [index.qmd, CHAPTERS]
execute: {echo: false}
format: {html: default, typst: default, docx: default}
"""


def expected(case: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((CASES[case] / "expect.yml").read_text("utf8"))
    return read


def missing(case: str) -> list[str]:
    return [name for name in expected(case).get("packages", ()) if importlib.util.find_spec(name) is None]


def folded(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


@dataclass(frozen=True, eq=False)
class Built:
    """A book of kinds; ``pdf`` and ``docx`` are read once."""

    site: Path
    notices: list[Fault]
    pdf: str
    alts: list[str]
    docx: Any

    def page(self, case: str) -> BeautifulSoup:
        return BeautifulSoup((self.site / f"{case}.html").read_text("utf8"), "lxml")

    def text(self, case: str, form: str) -> str:
        """The words of a kind in a format: those between the words that begin and end its chapter."""
        if form == "html":
            main = self.page(case).select_one("main")
            assert main is not None
            whole = folded(main.get_text(" "))
        else:
            whole = self.whole[form]
        return folded(self.between(whole, case, floats=form == "pdf"))

    @cached_property
    def whole(self) -> dict[str, str]:
        """The words of each format that holds all kinds in one file."""
        word = (
            "".join(part.text or "" if part.tag in (qn("w:t"), qn("m:t")) else " " for part in block.iter())
            for block in self.docx.element.body
        )
        one = BeautifulSoup((self.site / "outputs.html").read_text("utf8"), "lxml")
        for unseen in one(["style", "script"]):
            unseen.decompose()
        found = {
            "pdf": self.pdf,
            "docx": " ".join(word),
            "jats": self.article.get_text(" "),
            "onefile": one.get_text(" "),
        }
        return {form: folded(text) for form, text in found.items()}

    @staticmethod
    def between(whole: str, case: str, floats: bool) -> str:
        """floats: figures may stand above and below the text, between the chapters beside this one."""
        before, found, rest = whole.partition(f"Begin-{case}-begin.")
        assert found, f"the chapter of {case} is not there"
        shown, found, after = rest.partition(f"End-{case}-end.")
        assert found, f"the chapter of {case} does not end"
        if not floats:
            return shown
        return f"{shown} {before.rpartition('-end.')[2]} {after.partition('Begin-')[0]}"

    @cached_property
    def article(self) -> BeautifulSoup:
        with zipfile.ZipFile(self.site / "outputs-jats.zip") as archive:
            name = next(name for name in archive.namelist() if name.endswith(".xml"))
            return BeautifulSoup(archive.read(name), "xml")

    def section(self, case: str) -> Tag:
        """The section of the JATS article that holds the kind."""
        title = self.article.find("title", string=re.compile(rf"^Kind {re.escape(case)}$"))
        assert isinstance(title, Tag) and title.parent is not None
        return title.parent

    def blocks(self, case: str) -> list[Any]:
        """The blocks of the Word file that hold the kind."""
        first = next(n for n, (_, text) in enumerate(self.body) if f"Begin-{case}-begin." in text)
        last = next(n for n, (_, text) in enumerate(self.body) if f"End-{case}-end." in text)
        return [block for block, _ in self.body[first:last]]

    @cached_property
    def body(self) -> list[tuple[Any, str]]:
        """Each block of the Word file and its words."""
        return [
            (block, "".join(t.text or "" for t in block.iter(qn("w:t")))) for block in self.docx.element.body
        ]


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The book of the kinds that are long, or that aren't."""
    root = tmp_path_factory.mktemp("outputs")
    cases = [case for case in CASES if (case in LONG) == request.param and not missing(case)]
    chapters = ", ".join(f"{case}.qmd" for case in cases)
    (root / "_quarto.yml").write_text(SETTINGS.replace("CHAPTERS", chapters), "utf8")
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\nHello.\n\n{{< pagebreak >}}\n", "utf8")
    for case in cases:
        for file in CASES[case].iterdir():
            if file.name not in ("cell.qmd", "expect.yml") and file.is_file():
                (root / file.name).write_bytes(file.read_bytes())
        cell = (CASES[case] / "cell.qmd").read_text("utf8")
        text = f"# Kind {case}\n\nBegin-{case}-begin.\n\n{cell}\n\nEnd-{case}-end.\n\n{{{{< pagebreak >}}}}\n"
        (root / f"{case}.qmd").write_text(text, "utf8")
    report = build.build(root, targets=["html", "pdf", "docx", "jats", "onefile"])
    pdf = root / "_site" / "outputs.pdf"
    alts = [str(tag["/Alt"]) for tag in pdf_parts.tags(pdf) if "/Alt" in tag]
    return Built(
        root / "_site",
        report.notices,
        pdf_parts.words(pdf),
        alts,
        docx.Document(str(root / "_site" / "outputs.docx")),
    )


@pytest.mark.parametrize(
    ("built", "case"),
    [
        pytest.param(long, case, id=case, marks=[pytest.mark.slow] if long else [])
        for long in (False, True)
        for case in CASES
        if (case in LONG) == long
    ],
    indirect=["built"],
    scope="module",  # one book for all of its kinds
)
def test_every_format_shows_what_the_cell_gives(built: Built, case: str) -> None:
    if absent := missing(case):
        pytest.skip(f"not installed: {', '.join(absent)}")
    wanted = expected(case)
    everywhere = wanted.get("everywhere", {})
    for form in ("html", "pdf", "docx", "jats", "onefile"):
        own = wanted.get(form, {})
        text = built.text(case, form)
        # a PDF breaks words and lines as it must
        said = re.sub(r"[\s\u00ad]|-(?=\s)", "", text) if form == "pdf" else text
        for words in [*everywhere.get("shows", ()), *own.get("shows", ())]:
            sought = re.sub(r"\s", "", words) if form == "pdf" else folded(words)
            assert sought in said, f"{form} lacks {words!r}: {text[:2000]}"
        for words in [*everywhere.get("lacks", ()), *own.get("lacks", ())]:
            assert words not in text, f"{form} shows {words!r}: {text[:2000]}"
    assert_structure(built, case, wanted)
    told = [f for f in built.notices if f.file == f"{case}.qmd" and f.rule != "not-watched"]
    assert all(f.line and f.remedy for f in told), told
    messages = [f"{f.message} → {f.remedy}" for f in told]
    for part in wanted.get("told", ()):
        assert any(part in message for message in messages), (part, messages)
    assert all(any(part in message for part in wanted.get("told", ())) for message in messages), messages


def assert_structure(built: Built, case: str, wanted: dict[str, Any]) -> None:
    page, section = built.page(case), built.section(case)
    for form, tree in (("html", page), ("jats", section)):
        for selector in wanted.get(form, {}).get("has", ()):
            assert tree.select(selector), f"{form} has no {selector}: {str(tree.find('main') or tree)[:3000]}"
        for selector in wanted.get(form, {}).get("hasnt", ()):
            assert not tree.select(selector), f"{form} has {selector}"
    word = wanted.get("docx", {})
    blocks = built.blocks(case)
    if "tables" in word:
        tables = [t for block in blocks for t in block.iter(qn("w:tbl"))]
        assert len(tables) == word["tables"], len(tables)
    if "images" in word:
        images = [i for block in blocks for i in block.iter(qn("a:blip"))]
        assert len(images) == word["images"], len(images)
    for alt in wanted.get("pdf", {}).get("alts", ()):
        assert alt in built.alts, built.alts


def test_no_kind_is_without_its_cells() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(CASES)
    assert all((folder / "cell.qmd").is_file() for folder in CASES.values())


def test_word_takes_the_pixels_that_a_display_brings_and_print_its_lines() -> None:
    drawing, pixels = {"image/svg+xml": "<svg/>"}, {"image/png": "iVBORw0KGgo="}
    assert [choose({**drawing, **pixels}, form) for form in ("html", "typst", "docx")] == [
        "image/svg+xml",
        "image/svg+xml",
        "image/png",
    ]
    assert choose(drawing, "docx") == "image/svg+xml"
