"""A site is of one state of its sources: what a build of some targets didn't make anew is not left beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from paper import build, project
from paper.release import record
from paper.release.compare import publishable
from paper.release.verify import verify

Book = Callable[..., Path]
LINKS = (
    "# Preface {.unnumbered}\n\nTake [the PDF](A-small-book.pdf).\n\n- [The Word file](A-small-book.docx)\n"
)
FORMATS = "  typst: default\n  docx: default\n"


def test_what_was_withdrawn_from_the_text_is_in_no_file_of_the_site(book: Book) -> None:
    root = book(index=LINKS, one="# One\n\nThe words of a withdrawn quotation.\n", settings=FORMATS)
    build.build(root)
    (root / "one.qmd").write_text("# One\n\nOther words.\n")
    report = build.build(root, targets={"html"})
    assert report.removed == [
        f"_site/A-small-book{ending}" for ending in ("-jats.zip", ".docx", ".html", ".pdf")
    ]
    assert set(report.outputs) == {"website"}
    assert not list(report.out.glob("A-small-book*"))
    front = (report.out / "index.html").read_text("utf8")
    assert "Take the PDF." in front and "A-small-book." not in front
    assert publishable(report.out) == []
    assert verify(project.load(root), str(report.out)).same

    report = build.build(root)  # pages too are made anew: they offer the other files again
    assert not report.unchanged and "pdf" in record.read(report.out).made_from  # type: ignore[union-attr]
    assert 'href="A-small-book.docx"' in (report.out / "index.html").read_text("utf8")


def test_what_is_of_the_same_sources_stays(book: Book) -> None:
    root = book(one="# One\n", settings=FORMATS)
    build.build(root, targets={"docx"})
    report = build.build(root, targets={"html"})
    assert report.removed == [] and set(report.outputs) == {"website", "word"}
    page = (report.out / "index.html").read_text("utf8")
    assert 'href="A-small-book.docx"' in page and "A-small-book.pdf" not in page
    assert build.build(root, targets={"html", "docx"}).unchanged
    assert record.read(report.out).without == {"pdf": "A-small-book.pdf"}  # type: ignore[union-attr]


def test_a_build_of_another_profile_takes_nothing_of_the_last_one_over(book: Book) -> None:
    root = book({"_quarto-short.yml": "book:\n  subtitle: Short\n"}, one="# One\n", settings=FORMATS)
    build.build(root, targets={"docx"})
    report = build.build(root, targets={"html"}, profile="short")
    assert report.removed == ["_site/A-small-book.docx"]


def test_a_site_of_two_states_is_neither_published_nor_verified(book: Book) -> None:
    root = book(one="# One\n", settings=FORMATS)
    site = build.build(root, targets={"html", "docx"}).out
    manifest = record.read(site)
    assert manifest is not None
    manifest.made_from["docx"] = "of last week"  # as Quarto leaves it that renders the pages alone
    record.renew(manifest, site)
    assert publishable(site) == ["its docx is made from other sources than its pages"]
    verdict = verify(project.load(root), str(site))
    assert verdict.stale == ["docx"] and not verdict.same
