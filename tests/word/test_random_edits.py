"""A co-author's two hundred edits of this paper's own Word file: none is lost, each lands on its line, no cell changes.

Forty edits of two of its chapters in the quick group, which are sent without the rest.

The edits are made in the file's XML; where LibreOffice is installed, it opens and saves the file before it comes back.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import checkout
from tests.word.edits import Document, loaded, text_of

from paper.documents.word import received, sent
from paper.fences import FencedCode
from paper.project import Project

# How many of each kind are made in the running text; the others in tables, captions and the list of works.
KINDS = {"insert": 60, "delete": 45, "replace": 45, "comment": 20}
GENERATED = 30
SHARE = 5  # the part of them that the quick group makes
FOUR_WORDS = re.compile(r"(?<![\w.’'-])(?:[a-z]{2,} ){3}[a-z]{2,}(?![\w’'-])")
WORD = re.compile(r"zq\d+")


LIBREOFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


@dataclass(frozen=True)
class Edit:
    """An edit that was made, and where it belongs. line: None in what is generated."""

    kind: str
    words: str
    token: str
    file: str = ""
    line: int | None = None


@pytest.fixture(scope="module")
def book(built_paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("word") / "book"
    shutil.copytree(built_paper, root, ignore=shutil.ignore_patterns("_site*"))
    return loaded(root)


@pytest.fixture(scope="module")
def out(book: Project) -> sent.Sent:
    """The file as it is sent."""
    return sent.send(book)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two chapters of the paper with its list of works, as a book of their own."""
    root = tmp_path_factory.mktemp("word") / "short"
    checkout.copy(root, "tests", "benchmarks")
    text = (root / "_quarto.yml").read_text("utf8")
    chapters = "".join(
        f"    - chapters/{name}.qmd\n" for name in ("introduction", "literature-review", "references")
    )
    text = re.sub(r"(?ms)^  chapters:\n.*?(?=^\S)", f"  chapters:\n    - index.qmd\n{chapters}\n", text)
    (root / "_quarto.yml").write_text(text, "utf8")
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\nTwo chapters.\n", "utf8")
    return loaded(root)


@pytest.fixture(scope="module")
def sent_short(short: Project) -> sent.Sent:
    return sent.send(short)


def prose(project: Project) -> Iterator[tuple[str, int, str]]:
    """Lines of running text: file, number, text."""
    for chapter in project.chapters:
        code = FencedCode()
        for number, line in enumerate((project.root / chapter.path).read_text("utf8").split("\n"), 1):
            if not code.covers(line) and not re.match(r"[|#:!<{]|---", line):
                yield str(chapter.path), number, re.sub(r"\[[^\]]*\]\{\.query[^}]*\}", "", line)


def planned(project: Project, document: Document, share: int = 1) -> list[Edit]:
    """Where edits are to be made: four plain words that stand once in the file, and once in the sources."""
    chance = random.Random(20)
    whole = "\n".join(text_of(p) for p in document.paragraphs)
    lines = list(prose(project))
    sources = "\n".join(line for _, _, line in lines)
    places = [
        (file, number, match[0])
        for file, number, line in lines
        for match in list(FOUR_WORDS.finditer(line))[:1]
        if whole.count(match[0]) == 1 and sources.count(match[0]) == 1
    ]
    chance.shuffle(places)
    kinds = [kind for kind, number in KINDS.items() for _ in range(number // share)]
    made = [
        Edit(kind, words, f"zq{at}", file, number)
        for at, (kind, (file, number, words)) in enumerate(zip(kinds, places, strict=False))
    ]
    generated = [
        words
        for p in document.paragraphs
        if p.getparent().tag.endswith("}tc") or _style(p) in ("ImageCaption", "TableCaption", "Bibliography")
        for words in [match[0] for match in FOUR_WORDS.finditer(text_of(p))][:1]
        if whole.count(words) == 1
    ]
    chance.shuffle(generated)
    made += [
        Edit(chance.choice(["insert", "delete", "replace"]), words, f"zq{len(kinds) + at}")
        for at, words in enumerate(generated[: GENERATED // share])
    ]
    assert len(made) == len(kinds) + GENERATED // share
    return made


def _style(paragraph: object) -> str:
    found = paragraph.find("./{*}pPr/{*}pStyle")  # type: ignore[attr-defined]
    return next(iter(found.values()), "") if found is not None else ""


def edit(document: Document, edits: list[Edit]) -> None:
    for one in edits:
        first, *_ = one.words.split(" ")
        if one.kind == "insert":
            document.insert(one.words, f" {one.token}")
        elif one.kind == "delete":
            document.delete(one.words)
        elif one.kind == "replace":
            document.replace(one.words, f"{first} {one.token}")
        else:
            document.comment(one.words, f"Is this so? {one.token}")


def came_back(project: Project, file: Path, edits: list[Edit]) -> received.Received:
    """Receive the file, and hold every promise of it."""
    got = received.receive(project, file)
    lost, wrong, matched = [], [], []
    for one in edits:
        near = [
            p
            for p in got.proposals
            if one.token in (WORD.findall(p.change.text) + WORD.findall(p.change.words))
            or (one.kind == "delete" and one.words in p.before)
        ]
        matched += near
        if len(near) != 1:
            lost.append((one, near))
        elif one.line is None:
            assert got.state(near[0]) == "listed", (one, near[0])
        elif (near[0].file, near[0].line) != (one.file, one.line) or got.state(near[0]) != "open":
            wrong.append((one, near[0]))
    in_text = sum(one.line is not None for one in edits)
    assert not lost, lost[:3]
    assert len(wrong) <= 0.05 * in_text, (len(wrong), wrong[:3])
    # LibreOffice loses notes between comments when it opens a file; that comes back as changes of these notes.
    noted = [
        p for p in got.proposals if got.sent.paragraphs[p.change.paragraph].note or "\ufffc" in p.change.text
    ]
    assert not (extra := [p for p in got.proposals if p not in [*matched, *noted]]), extra
    assert all(got.state(p) == "listed" for p in noted if p not in matched), noted
    return got


def lands(project: Project, got: received.Received, edits: list[Edit]) -> None:
    """Take everything that may be taken: each edit is on its line, and nothing but prose has changed."""
    open_ones = [p.number for p in got.proposals if got.state(p) == "open"]
    files = received.take(project, got, open_ones)
    right = 0
    for one in edits:
        if one.line is None:
            assert not any(one.token in after for _, after in files.values())
            continue
        line = files[one.file][1].split("\n")[one.line - 1]
        right += (one.words not in line) if one.kind == "delete" else (one.token in line)
    assert right >= 0.95 * sum(one.line is not None for one in edits)
    for before, after in files.values():
        assert _code(before) == _code(after)
        for mark in (r"@[\w:-]+", r"\{\{<.*?>\}\}", r"\[\^\w+\]"):
            assert re.findall(mark, before) == re.findall(mark, after)


def _code(text: str) -> list[str]:
    code = FencedCode()
    return [line for line in text.split("\n") if code.covers(line)]


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "compared"])
def test_edits_of_two_chapters_come_back(
    short: Project, sent_short: sent.Sent, tracked: bool, tmp_path: Path
) -> None:
    document = Document(sent_short.file, tracked=tracked)
    edits = planned(short, document, SHARE)
    edit(document, edits)
    lands(short, came_back(short, document.save(tmp_path / "back.docx"), edits), edits)


@pytest.mark.slow
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "compared"])
def test_two_hundred_edits_come_back(book: Project, out: sent.Sent, tracked: bool, tmp_path: Path) -> None:
    document = Document(out.file, tracked=tracked)
    edits = planned(book, document)
    edit(document, edits)
    got = came_back(book, document.save(tmp_path / "back.docx"), edits)
    lands(book, got, edits)
    if tracked:
        assert {p.change.mark.author for p in got.proposals} == {"Co Author"}


@pytest.mark.slow  # it starts anew for each file
@LIBREOFFICE
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "compared"])
def test_two_hundred_edits_come_back_through_libreoffice(
    book: Project, out: sent.Sent, tracked: bool, tmp_path: Path
) -> None:
    document = Document(out.file, tracked=tracked)
    edits = planned(book, document)
    edit(document, edits)
    file = document.save(tmp_path / "back.docx")
    saved = tmp_path / "saved"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "docx", "--outdir", saved, file],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    lands(book, came_back(book, saved / "back.docx", edits), edits)


@pytest.mark.slow  # it starts anew for each file
@LIBREOFFICE
def test_a_file_that_libreoffice_only_saved_brings_nothing(
    book: Project, out: sent.Sent, tmp_path: Path
) -> None:
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "docx", "--outdir", tmp_path, out.file],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert received.receive(book, tmp_path / out.file.name).proposals == []
