"""Every file of the project that a page leads to is in the site; a link that leads nowhere is told with its line."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup

from paper import build, project
from paper.checks.sources_check import check_sources

Book = Callable[..., Path]


def links(site: Path, page: str) -> list[str]:
    soup = BeautifulSoup((site / page).read_text("utf8"), "lxml")
    return [str(a["href"]) for a in soup.select("main p a[href]")]


def test_files_that_pages_lead_to_lie_in_the_site(book: Book) -> None:
    root = book(
        {"data/x.csv": "a\n1\n", "docs/my form.txt": "f", "code/run.py": "1", "docs/отчёт.txt": "r", "e/b c.html": "e",
         "sub dir/b c.qmd": "# Bee {#sec-b}\n\n[up](../data/x.csv) [root](/data/x.csv) [one](../one.qmd#sec-o) "
         "[by root](/one.qmd) [no ending](../one) <a href='/code/run.py'>code</a>\n"},
        one="""
        # One {#sec-o}

        [data](data/x.csv) and [form](<docs/my form.txt>), [rooted](/data/x.csv?a=1#b), [report](docs/отчёт.txt).

        See @sec-b, [b](<sub dir/b c.qmd>), [page](sub%20dir/b%20c.html#sec-b) and [the PDF](A-small-book.pdf).

        <a href="code/run.py">code</a> <iframe src="e/b c.html" title="Frame"></iframe>
        """,
    )  # fmt: skip
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(
        settings.replace("- one.qmd", "- one.qmd\n    - sub dir/b c.qmd"), "utf8"
    )
    report = build.build(root, targets=["html"])
    assert {notice.rule for notice in report.notices} == {"raw-html"}, "but a frame is nothing for paper"
    site = root / "_site"
    assert all(" " not in link for page in ("one.html", "sub dir/b c.html") for link in links(site, page))
    for page in ("one.html", "sub dir/b c.html"):
        for link in links(site, page):
            target = (site / page).parent / unquote(link.split("#")[0].split("?")[0])
            assert not link.startswith("/") and (target.is_file() or target.suffix == ".pdf"), link
    assert links(site, "sub dir/b c.html")[:5] == [
        "../data/x.csv", "../data/x.csv", "../one.html#sec-o", "../one.html", "../one.html",
    ]  # fmt: skip
    assert (site / "e" / "b c.html").is_file()
    (root / "data" / "x.csv").write_text("a\n2\n")
    build.build(root, targets=["html"])
    assert (site / "data" / "x.csv").read_text() == "a\n2\n"


def test_a_document_that_changes_is_copied_anew(book: Book) -> None:
    root = book(one="# One\n\n[form](form.pdf)\n")
    (root / "form.pdf").write_bytes(b"%PDF-1")
    build.build(root, targets=["html"])
    (root / "form.pdf").write_bytes(b"%PDF-2")
    build.build(root, targets=["html"])
    assert (root / "_site" / "form.pdf").read_bytes() == b"%PDF-2"


def test_what_is_private_hidden_elsewhere_or_missing_is_told_and_stays_out(
    book: Book, tmp_path: Path
) -> None:
    (tmp_path / "away.txt").write_text("away")
    root = book(
        {"data/private/talk.txt": "private", ".secret/x.txt": "hidden", "files/a.csv": "a", "Data.csv": "d"},
        one="""
        # One

        [talk](data/private/talk.txt)
        [x](.secret/x.txt)
        [away](../away.txt)
        [folder](files)
        [none](files/b.csv)
        <a href="data.csv">case</a>
        [chapter](two.qmd)
        [fine](files/a.csv) [web](https://example.org/none) [mail](mailto:a@example.org) [anchor](#one)
        """,
    )  # fmt: skip
    report = build.build(root, targets=["html"])
    told = sorted((n.line, n.message.partition(": ")[2], n.remedy) for n in report.notices)
    assert [line for line, *_ in told] == [4, 5, 6, 7, 8, 9, 10]
    said = [
        "private",
        "hidden",
        "outside the project",
        "folder",
        "no such file",
        "no such file",
        "no chapter",
    ]
    assert all(words in message for words, (_, message, _) in zip(said, told, strict=True))
    assert "did you mean files/a.csv?" in told[4][2] and "Small and capital letters differ" in told[5][2]
    copied = {path.name for path in (root / "_site").rglob("*") if path.is_file()}
    assert not copied & {"talk.txt", "x.txt", "away.txt", "b.csv", "Data.csv"}
    assert (root / "_site" / "files" / "a.csv").is_file()
    found = [f for f in check_sources(project.load(root)) if f.rule == "link-to-nowhere"]
    assert [f.line for f in found if f.line != 9] == [4, 5, 6, 7, 8, 10], (
        "the check says the same of Markdown links"
    )


def test_a_file_that_git_ignores_is_published_and_told(book: Book) -> None:
    root = book(
        {".gitignore": "*.csv\n", "out.csv": "a\n", "kept.txt": "b"},
        one="# One\n\n[kept](kept.txt)\n\nSee [the data](out.csv).\n",
    )
    assert not build.build(root, targets=["html"]).notices
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "one.qmd").write_text((root / "one.qmd").read_text() + "\nMore.\n")
    told = [(f.place, f.message) for f in build.build(root, targets=["html"]).notices]
    assert told == [("one.qmd:5", "out.csv: git ignores this file, and the site publishes it")]
    assert (root / "_site/out.csv").is_file()
