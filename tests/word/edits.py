"""A co-author's hand: edits of a Word file's own XML, with tracking or without it."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from paper import project as projects
from paper.documents.word import received, sent

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML = "{http://www.w3.org/XML/1998/namespace}"
DATE = "2026-11-24T10:00:00Z"
COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"


@dataclass
class Document:
    """A Word file to edit. tracked: whether changes are tracked; author: who makes them."""

    path: Path
    tracked: bool = True
    author: str = "Co Author"
    comments: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.number = 90000

    @property
    def paragraphs(self) -> list[Any]:
        return [p for p in self.root.iter(f"{W}p") if not any(a.tag == f"{W}p" for a in p.iterancestors())]

    def find(self, words: str) -> tuple[Any, int]:
        """The paragraph that holds the words, and where they begin in it."""
        found = [(p, text.index(words)) for p in self.paragraphs if words in (text := text_of(p))]
        assert len(found) == 1, (words, len(found))
        return found[0]

    # -- edits ------------------------------------------------------------------------------------------------

    def insert(self, after: str, words: str) -> None:
        """Put words after others."""
        paragraph, at = self.find(after)
        last = self._cut(paragraph, at + len(after) - 1, at + len(after))[-1]
        beside = last.getparent() if last.getparent().tag == f"{W}hyperlink" else last
        beside.addnext(self._inserted(last, words))

    def delete(self, words: str) -> None:
        """Take words away."""
        paragraph, at = self.find(words)
        for run in self._cut(paragraph, at, at + len(words)):
            self._gone(run)

    def replace(self, old: str, new: str) -> None:
        """Put words in the place of others."""
        paragraph, at = self.find(old)
        runs = self._cut(paragraph, at, at + len(old))
        runs[-1].addnext(self._inserted(runs[-1], new))
        for run in runs:
            self._gone(run)

    def move(self, words: str, after: str) -> None:
        """Move words to stand after others."""
        number = self._next()
        for tag, put in (("moveFrom", False), ("moveTo", True)):
            paragraph, at = self.find(after if put else words)
            end = at + len(after if put else words)
            runs = self._cut(paragraph, end - 1 if put else at, end)
            name = {f"{W}id": str(number + put), f"{W}name": f"move{number}", **self._about()}
            start = etree.Element(f"{W}{tag}RangeStart", name)
            stop = etree.Element(f"{W}{tag}RangeEnd", {f"{W}id": str(number + put)})
            wrapped = etree.Element(f"{W}{tag}", {f"{W}id": str(self._next()), **self._about()})
            if put:
                run = copy.deepcopy(runs[-1])
                for text in run.iter(f"{W}t"):
                    text.text = words
                runs[-1].addnext(start)
                wrapped.append(run)
            else:
                runs[0].addprevious(start)
                for run in runs:
                    wrapped.append(run)
            start.addnext(wrapped)
            wrapped.addnext(stop)
        self._next()

    def comment(self, words: str, says: str) -> None:
        """Comment on words."""
        paragraph, at = self.find(words)
        runs = self._cut(paragraph, at, at + len(words))
        number = len(self.comments)
        self.comments.append((number, says))
        about = {f"{W}id": str(number)}
        runs[0].addprevious(etree.Element(f"{W}commentRangeStart", about))
        end = etree.Element(f"{W}commentRangeEnd", about)
        runs[-1].addnext(end)
        reference = etree.Element(f"{W}r")
        etree.SubElement(reference, f"{W}commentReference", about)
        end.addnext(reference)

    def add_paragraph(self, after: str, words: str) -> None:
        """Put a new paragraph after the one that holds some words."""
        paragraph, _ = self.find(after)
        new = etree.Element(f"{W}p")
        properties = paragraph.find(f"{W}pPr")
        if properties is not None:
            new.append(copy.deepcopy(properties))
        run = etree.Element(f"{W}r")
        _text(run, words, "t")
        new.append(self._as_inserted(run))
        paragraph.addnext(new)
        if self.tracked:  # the end of the paragraph before is the new one
            self._ending(paragraph, "ins")

    def remove_paragraph(self, words: str) -> None:
        """Take the paragraph away that holds some words."""
        paragraph, _ = self.find(words)
        if not self.tracked:
            paragraph.getparent().remove(paragraph)
            return
        for run in list(paragraph.iter(f"{W}r")):
            self._gone(run)
        self._ending(paragraph, "del")

    def save(self, path: Path) -> Path:
        """Write the file to a path."""
        parts = dict(self.parts)
        parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        if self.comments:
            self._add_comments(parts)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        path.write_bytes(stream.getvalue())
        return path

    # -- parts of XML -----------------------------------------------------------------------------------------

    def _add_comments(self, parts: dict[str, bytes]) -> None:
        root = etree.Element(f"{W}comments", nsmap={"w": W.strip("{}")})
        for number, says in self.comments:
            about = {f"{W}id": str(number), f"{W}initials": "CA", **self._about()}
            paragraph = etree.SubElement(etree.SubElement(root, f"{W}comment", about), f"{W}p")
            _text(etree.SubElement(paragraph, f"{W}r"), says, "t")
        known = "word/comments.xml" in parts
        parts["word/comments.xml"] = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        if not known:
            for name, closing, added in (
                (
                    "[Content_Types].xml",
                    b"</Types>",
                    f'<Override PartName="/word/comments.xml" ContentType="{COMMENTS}"/>',
                ),
                (
                    "word/_rels/document.xml.rels",
                    b"</Relationships>",
                    f'<Relationship Id="rIdComments" Type="{RELATION}" Target="comments.xml"/>',
                ),
            ):
                parts[name] = parts[name].replace(closing, added.encode() + closing)

    def _cut(self, paragraph: Any, start: int, end: int) -> list[Any]:
        """The runs that hold a stretch of a paragraph's text, cut at its ends."""
        for place in (start, end):
            at = 0
            for run in list(_runs(paragraph)):
                length = len(_run_text(run))
                if at < place < at + length:
                    self._split(run, place - at)
                    break
                at += length
        at, found = 0, []
        for run in _runs(paragraph):
            length = len(_run_text(run))
            if start <= at and at + length <= end and length:
                found.append(run)
            at += length
        return found

    def _split(self, run: Any, at: int) -> None:
        text = _run_text(run)
        rest = copy.deepcopy(run)
        for part, words in ((run, text[:at]), (rest, text[at:])):
            for child in list(part):
                if child.tag in (f"{W}t", f"{W}delText"):
                    part.remove(child)
            _text(part, words, "t")
        run.addnext(rest)

    def _inserted(self, like: Any, words: str) -> Any:
        run = etree.Element(f"{W}r")
        properties = like.find(f"{W}rPr")
        if properties is not None:
            run.append(copy.deepcopy(properties))
        _text(run, words, "t")
        return self._as_inserted(run)

    def _as_inserted(self, run: Any) -> Any:
        if not self.tracked:
            return run
        wrapped = etree.Element(f"{W}ins", {f"{W}id": str(self._next()), **self._about()})
        wrapped.append(run)
        return wrapped

    def _gone(self, run: Any) -> None:
        if not self.tracked:
            run.getparent().remove(run)
            return
        for text in list(run.iter(f"{W}t")):
            text.tag = f"{W}delText"
        wrapped = etree.Element(f"{W}del", {f"{W}id": str(self._next()), **self._about()})
        run.addprevious(wrapped)
        wrapped.append(run)

    def _ending(self, paragraph: Any, kind: str) -> None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        marks = etree.SubElement(properties, f"{W}rPr")
        etree.SubElement(marks, f"{W}{kind}", {f"{W}id": str(self._next()), **self._about()})

    def _about(self) -> dict[str, str]:
        return {f"{W}author": self.author, f"{W}date": DATE}

    def _next(self) -> int:
        self.number += 1
        return self.number


def _runs(paragraph: Any) -> list[Any]:
    """The runs of a paragraph that aren't changed yet."""
    changed = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
    return [run for run in paragraph.iter(f"{W}r") if run.getparent().tag not in changed]


def _run_text(run: Any) -> str:
    return "".join(child.text or "" for child in run if child.tag == f"{W}t")


def text_of(paragraph: Any) -> str:
    """The text of a paragraph that isn't changed yet."""
    return "".join(_run_text(run) for run in _runs(paragraph))


def _text(run: Any, words: str, tag: str) -> None:
    element = etree.SubElement(run, f"{W}{tag}")
    element.text = words
    element.set(f"{XML}space", "preserve")


# -- books ----------------------------------------------------------------------------------------------------


def loaded(root: Path) -> projects.Project:
    """A book, whatever profile the person has who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUARTO_PROFILE", raising=False)
        return projects.load(root)


def sent_book(root: Path, files: Mapping[str, str]) -> Path:
    """A small book of these files that was sent."""
    root.mkdir()
    for name, text in files.items():
        (root / name).write_text(text, "utf8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUARTO_PROFILE", raising=False)
        sent.send(projects.load(root))
    return root


def back(root: Path, edit: Callable[[Document], object], *, tracked: bool = True) -> received.Received:
    """What comes back after some edits."""
    document = Document(next(root.glob("_word/*/*.docx")), tracked=tracked)
    edit(document)
    return received.receive(projects.load(root), document.save(root / "back.docx"))
