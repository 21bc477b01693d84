"""The round trip with constructs and habits of strangers: each change lands in its construct, is refused or listed."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.word.edits import DATE, Document, W, back, sent_book, text_of

from paper import project as projects
from paper.documents.word import merge, received, sent

FILES = {
    "_quarto.yml": """
project: {type: book}
book:
  title: Harbours
  author: Åse Nørgaard
  chapters: [index.qmd, quays.qmd]
bibliography: works.bib
""",
    "works.bib": "@book{ostrom1990, author={Ostrom, Elinor}, title={Commons}, publisher={CUP}, year={1990}}\n",
    "_variables.yml": "ships: seven\n",
    "index.qmd": "# Preface {.unnumbered}\n\nWords before all.\n",
    "quays.qmd": """---
title: "Quays and cranes"
---

Opening words are wrapped by hand, so that a sentence
goes over two lines.
A second sentence is alone in its line.
The third has `code()`, a formula $a^2$ and [small caps]{.smallcaps} in it.

1. First item about bollards
    - Inner bullet about hawsers
    - Second bullet about fenders

   A further paragraph of the item.
2. Second item about dredging
3.

> A quoted block says that ships wait.

Term one
:   Definition of the term.

| The verse has a first line
| and a second line

Setext heading here
-------------------

Escaped \\*stars\\* and \\$5 stand with a [link by reference][ref].

[ref]: https://example.org/ref

Soft hy\u00adphens stand in Donau\u00addampfer words.

This paragraph will be split in its middle. Its second half cites @ostrom1990 here.

Commons last.[^long] There were {{< var ships >}} of them.

[^long]: A first paragraph of the note.

    A second paragraph of the note.

| Port   | Ships |
|:-------|------:|
| Aarhus | 4,211 |

: Ports {#tbl-ports}
""",
}


@pytest.fixture(scope="module")
def sent_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sent_book(tmp_path_factory.mktemp("strangers") / "book", FILES)


@pytest.fixture
def book(sent_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sent_once, tmp_path / "book")


Edit = Callable[[Document], object]


def taken(root: Path, got: received.Received) -> str:
    """The chapter once everything that may be taken is taken."""
    numbers = [p.number for p in got.proposals if got.state(p) in ("open", "asks")]
    merge.write(root, received.take(projects.load(root), got, numbers))
    return (root / "quays.qmd").read_text("utf8")


def split(document: Document, before: str, after: str) -> None:
    """Part a paragraph in two between two words."""
    paragraph, at = document.find(before + after)
    run = document._cut(paragraph, at + len(before), len(text_of(paragraph)))[0]
    new = etree.Element(f"{W}p")
    if (properties := paragraph.find(f"{W}pPr")) is not None:
        new.append(copy.deepcopy(properties))
    for node in [run, *run.itersiblings()]:
        new.append(node)
    paragraph.addnext(new)
    if document.tracked:
        document._ending(paragraph, "ins")


@pytest.mark.parametrize("tracked", [True, False])
@pytest.mark.parametrize(
    ("edit", "after"),
    [
        # a new paragraph is written as the construct that it comes into
        (lambda d: d.add_paragraph("bullet about fenders", "Third bullet."),
         "    - Second bullet about fenders\n    - Third bullet.\n\n   A further"),
        (lambda d: d.add_paragraph("about dredging", "Third item."),
         "2. Second item about dredging\n3. Third item.\n3.\n"),
        (lambda d: d.add_paragraph("further paragraph", "One more of it."),
         "   A further paragraph of the item.\n\n   One more of it.\n\n2. Second"),
        (lambda d: d.add_paragraph("ships wait", "They go on."), "ships wait.\n>\n> They go on.\n\nTerm one"),
        (lambda d: d.add_paragraph("Definition of", "More of it."),
         ":   Definition of the term.\n\n    More of it.\n\n| The verse"),
        (lambda d: d.add_paragraph("Setext heading", "Another heading"),
         "Setext heading here\n-------------------\n\n## Another heading\n\nEscaped"),
        (lambda d: split(d, "in its middle.", " Its second"),
         "split in its middle.\n\nIts second half cites @ostrom1990 here.\n"),
        (lambda d: split(d, "about ", "bollards"), "1. First item about\n2. bollards\n    - Inner"),
        # what takes a line leaves none that parts the paragraph
        (lambda d: d.delete(" A second sentence is alone in its line."), "two lines.\nThe third"),
        # each kind of text is reached, to its end
        (lambda d: d.replace("a second line", "one more line"), "| and one more line\n"),
        (lambda d: d.replace("a formula", "the formula"), "`code()`, the formula $a^2$ and [small caps]"),
        (lambda d: d.replace("$5 stand", "many stand"), "\\*stars\\* and many stand with"),
        (lambda d: d.insert("by reference", " indeed"), "[link by reference][ref] indeed."),
        (lambda d: d.replace("stand in", "go on in"), "Soft hy\u00adphens go on in Donau\u00addampfer words"),
        (lambda d: d.replace("Quays", "Wharves"), 'title: "Wharves and cranes"'),
        (lambda d: d.delete(" seven"), "There were of them."),
    ],
)  # fmt: skip
def test_each_change_lands_in_its_construct(book: Path, edit: Edit, after: str, tracked: bool) -> None:
    before = (book / "quays.qmd").read_text("utf8")
    assert after not in before
    text = taken(book, back(book, edit, tracked=tracked))
    assert after in text
    assert text[-60:] == before[-60:] and text.count("@ostrom1990") == 1


def test_the_second_paragraph_of_a_note_has_its_source(book: Path) -> None:
    got = back(book, lambda _: None)
    (at,) = (n for n, p in enumerate(got.sent.paragraphs) if p.text == "A second paragraph of the note.")
    (region,) = got.sent.regions[at]
    assert FILES["quays.qmd"][region.source.start :].startswith("A second paragraph of the note.")


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d.insert("Quays", ' *and* "docks"'),  # would end the title's quotation
        lambda d: split(d, "Setext ", "heading"),
        lambda d: d.replace("seven", "eight"),
        lambda d: d.replace("4,211", "5"),
    ],
)
def test_what_a_source_can_not_take_is_listed(book: Path, edit: Edit) -> None:
    got = back(book, edit)
    assert got.proposals and {got.state(p) for p in got.proposals} == {"listed"}
    assert taken(book, got) == FILES["quays.qmd"]


# -- as Word writes -------------------------------------------------------------------------------------------------


def run_of(document: Document, words: str) -> Any:
    paragraph, at = document.find(words)
    (run,) = document._cut(paragraph, at, at + len(words))
    return run


def wrap(node: Any, tag: str, **about: str) -> Any:
    outer = etree.Element(f"{W}{tag}", {f"{W}{key}": value for key, value in about.items()})
    node.addprevious(outer)
    outer.append(node)
    return outer


def as_word_writes(document: Document) -> None:
    """Runs cut at will, revision ids, marks of spelling, tags and direction: nothing that anybody changed."""
    for at, words in enumerate(("sentence", "is wrapped", "quoted block", "Commons last")):
        if not any(words in text_of(p) for p in document.paragraphs):
            continue
        run = run_of(document, words) if words != "sentence" else run_of(document, "Opening words")
        run.set(f"{W}rsidR", f"00A{at}77")
        run.addprevious(etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))
        wrap(wrap(wrap(run, "smartTag", element="place"), "customXml", element="x"), "bdo", val="ltr")
    for text in list(document.root.iter(f"{W}t")):
        if "\u00ad" in (text.text or ""):
            first, *others = (text.text or "").split("\u00ad")
            text.text = first
            for words in reversed(others):
                rest = etree.Element(f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
                rest.text = words
                text.addnext(rest)
                text.addnext(etree.Element(f"{W}softHyphen"))


def test_what_word_adds_by_itself_is_no_change(book: Path) -> None:
    assert back(book, as_word_writes).proposals == []


def nested(document: Document) -> None:
    document.insert("Words before", " nobody wants")
    inserted = next(document.root.iter(f"{W}ins"))
    for text in inserted.iter(f"{W}t"):
        text.tag = f"{W}delText"
    wrap(inserted[0], "del", id="77001", author="Second Hand", date=DATE)


def page(document: Document) -> None:
    layout = document.root[0].find(f"{W}sectPr")
    if layout is None:
        layout = etree.SubElement(document.root[0], f"{W}sectPr")
    change = {f"{W}id": "77002", f"{W}author": "Co Author", f"{W}date": DATE}
    etree.SubElement(etree.SubElement(layout, f"{W}sectPrChange", change), f"{W}sectPr")


def header(document: Document) -> None:
    name = next(name for name in document.parts if name.startswith("word/header"))
    root = etree.fromstring(document.parts[name])
    paragraph = etree.SubElement(root, f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = "Draft of Monday"
    document.parts[name] = etree.tostring(root)


def symbol(document: Document) -> None:
    run = run_of(document, "before all")
    etree.SubElement(run, f"{W}sym", {f"{W}font": "Wingdings", f"{W}char": "F04A"})


def unplaced(document: Document) -> None:
    document.comment("before all", "Stands nowhere.")
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for mark in list(document.root.iter(f"{W}{tag}")):
            mark.getparent().remove(mark)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (nested, "“ nobody wants”, inserted by Co Author, was deleted again by Second Hand"),
        (page, "the page's layout was changed"),
        (header, "a header or footer now says “Draft of Monday”"),
        (unplaced, "a comment at no words of the text: Stands nowhere."),
    ],
)
def test_what_is_beside_the_text_is_listed(book: Path, edit: Edit, says: str) -> None:
    got = back(book, edit)
    assert [p.change.words for p in got.proposals] == [says]
    assert {got.state(p) for p in got.proposals} == {"listed"}


def test_a_symbol_is_listed(book: Path) -> None:
    got = back(book, symbol)
    assert [got.state(p) for p in got.proposals] == ["listed"]


def test_a_comment_over_several_paragraphs_is_one(book: Path) -> None:
    def edit(document: Document) -> None:
        document.comment("quoted block", "Both?")
        end = next(document.root.iter(f"{W}commentRangeEnd"))
        end.getnext().getparent().remove(end.getnext())
        paragraph, _ = document.find("Definition of the term")
        paragraph.append(end)

    got = back(book, edit)
    assert [(p.change.kind, p.change.words) for p in got.proposals] == [("comment", "Both?")]
    assert "the term.[Co Author: Both?]{.query}" in taken(book, got)


def test_a_reply_is_taken_and_a_resolved_comment_told(book: Path) -> None:
    """The working edition's query goes out as a comment; in Word it is answered and resolved."""
    (book / "index.qmd").write_text("# Preface {.unnumbered}\n\nWords before all.[Is it?]{.query}\n", "utf8")
    (book / "_quarto-working.yml").write_text("lang: en\n", "utf8")
    shutil.rmtree(book / "_word")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QUARTO_PROFILE", raising=False)
        project = projects.load(book, "working")
        document = Document(sent.send(project).file)
    w14, w15 = (f"http://schemas.microsoft.com/office/word/{part}/wordml" for part in ("2010", "2012"))
    comments = etree.fromstring(document.parts["word/comments.xml"])
    ids = [comment.get(f"{W}id") for comment in comments]
    reply = copy.deepcopy(comments[0])
    reply.set(f"{W}id", "990")
    reply.set(f"{W}author", "Co Author")
    for number, comment in enumerate((comments[0], reply)):
        list(comment.iter(f"{W}p"))[-1].set(f"{{{w14}}}paraId", f"0000000{number}")
    texts = list(reply.iter(f"{W}t"))
    for text in texts:
        text.text = ""
    texts[-1].text = "It is."
    comments.append(reply)
    document.parts["word/comments.xml"] = etree.tostring(comments)
    for tag in ("commentRangeStart", "commentRangeEnd"):
        mark = next(m for m in document.root.iter(f"{W}{tag}") if m.get(f"{W}id") == ids[0])
        mark.addnext(etree.Element(f"{W}{tag}", {f"{W}id": "990"}))
    document.parts["word/commentsExtended.xml"] = (
        f'<w15:commentsEx xmlns:w15="{w15}"><w15:commentEx w15:paraId="00000000" w15:done="1"/>'
        f'<w15:commentEx w15:paraId="00000001" w15:paraIdParent="00000000" w15:done="0"/></w15:commentsEx>'
    ).encode()
    got = received.receive(project, document.save(book / "back.docx"))
    said = {p.change.words: got.state(p) for p in got.proposals}
    assert said == {"It is.": "open", "the comment “1 Is it?” was marked as resolved": "listed"}


def test_moved_text_is_written_as_its_new_place_asks(book: Path) -> None:
    """An item that is moved out of its list, by Word's own marks of a move."""
    words = "Second item about dredging"

    def edit(document: Document) -> None:
        paragraph, _ = document.find(words)
        new = etree.Element(f"{W}p")
        etree.SubElement(etree.SubElement(new, f"{W}r"), f"{W}t").text = words
        document.find("Soft hy")[0].addnext(new)
        paragraph.getparent().remove(paragraph)

    text = taken(book, back(book, edit, tracked=False))
    assert "Donau\u00addampfer words.\n\nSecond item about dredging\n\nThis paragraph" in text
    assert "2. Second" not in text
