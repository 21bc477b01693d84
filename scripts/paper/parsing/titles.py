"""A chapter's title, which heads its page and so takes no part in the text below it, and what stands under it.

What the front matter gives (subtitle, authors, date, abstract and so on) stands in the text as a ``Div`` of class
``quarto-title-block``, so that it may hold whatever the text may: references, citations, notes, mathematics. What
``_quarto.yml`` gives of the book stands so in the front page, in a ``Div`` that has the class ``of-book`` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import panflute as pf

from paper import dates
from paper.authors import Author, authors
from paper.fences import FencedCode
from paper.parsing.constructs import PART
from paper.parsing.tree import every, walk
from paper.parsing.wording import Wording
from paper.project import Project
from paper.text.inline import literal
from paper.text.markup import div
from paper.tools import pandoc, trees

Change: TypeAlias = Callable[[pf.Element], None]
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{([^{}]*)\})?\s*$")
_ID: Final = "the-title-of-this-page"  # stands in while pandoc gives ids to the sections


def parse(text: str, title: Any, under: str = "", *, front: bool, of_book: str = "") -> pf.Doc:
    """Parse a chapter whose front matter may give a title, which comes as its first heading.

    under: Markdown of what stands under the title, from ``block``; of_book: that of the book, on its front page.
    A section may have the id that the title's words would give: it is made as if the title weren't there. On the
    front page the heading stays in the text and is a section like others.
    """
    if title:
        text = f"# {title}\n\n{under}\n\n{text}"
    if not front:
        text = _with_own_id(text)
    if not title:
        text = f"{under}\n\n{text}" if under else text
    doc = trees.parse(f"{of_book}\n\n{text}" if of_book else text)
    if front:
        return doc
    for block in doc.content:
        if isinstance(block, pf.Header):
            if block.identifier == _ID:
                block.identifier = _id(pf.stringify(pf.Para(*without_notes(block.content))))
            break
    return doc


def _with_own_id(text: str) -> str:
    """Return the text with an id for its first heading, if that has none."""
    lines = text.split("\n")
    code = FencedCode()
    for at, line in enumerate(lines):
        if not code.covers(line) and (heading := _HEADING.match(line)):
            words, attributes = heading[2], heading[3] or ""
            if attributes and not re.fullmatch(r"\s*((-|[#.]\S+|\S+=(\"[^\"]*\"|\S+))\s*)*", attributes):
                words, attributes = f"{words} {{{attributes}}}", ""  # no attributes but a word in braces
            if not re.search(r"(^|\s)#\S", attributes):
                lines[at] = f"{heading[1]} {words} {{#{_ID} {attributes}}}"
            break
    return "\n".join(lines)


def _id(words: str) -> str:
    """Return the id that pandoc would make of a heading."""
    kept = re.sub(r"[^\w\s.-]", "", words).strip().lower()
    return re.sub(r"^[\W\d_]+", "", re.sub(r"\s+", "-", kept)) or "section"


def block(meta: Mapping[str, Any], wording: Wording) -> str:
    """Markdown of what stands under a chapter's title: the facts that its front matter gives; "" for none."""
    results = [_paragraph(name, meta.get(name)) for name in ("subtitle", "description")]
    people = list(authors(meta.get("author"), meta.get("affiliations")))
    facts = [_author(person) for person in people]
    if date := dates.shown(meta.get("date"), wording.lang, meta.get("date-format")):
        facts.append(_paragraph("date", literal(date)))
    facts.append(
        _doi(
            re.sub(
                r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", str(meta.get("doi") or "").strip(), flags=re.I
            )
        )
    )
    if facts := list(filter(None, facts)):
        results.append(div("\n\n".join(facts), classes=["quarto-title-meta"]))
    results.append(_abstract(meta, wording))
    if keywords := meta.get("keywords"):
        words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else str(keywords)
        results.append(_headed("keywords", wording.word("keywords"), words))
    return _together(results, ["quarto-title-block"])


def block_of_book(project: Project, wording: Wording) -> str:
    """Markdown of what the settings say of the book and plain text can't hold, its abstract, and its DOI."""
    book = project.book
    marked = {
        name: book.get(name) for name in ("title", "subtitle", "description") if _is_marked(book.get(name))
    }
    results = [_paragraph(name, value) for name, value in marked.items()]
    results += [_doi(project.doi), _abstract(book, wording)]
    return _together(results, ["quarto-title-block", "of-book"])


def _together(parts: Iterable[str], classes: list[str]) -> str:
    kept = list(filter(None, parts))
    return div("\n\n".join(kept), classes=classes) if kept else ""


def _is_marked(value: Any) -> bool:
    return re.search(r"[*_`$\[\]^~<>\\@]", str(value or "")) is not None


def _paragraph(name: str, text: Any) -> str:
    """Return a paragraph of its own class; what would begin a list or heading is text."""
    if not text:
        return ""
    line = re.sub(r"\s*\n\s*", " ", str(text).strip())
    line = re.sub(r"^([-+*>#|:](?=\s|$)|#)", r"\\\1", line)
    line = re.sub(r"^(\w+)([.)])(?=\s)", r"\1\\\2", line)
    return div(line, classes=[name])


def _author(person: Author) -> str:
    name = (
        f"[{person.name}]{{.author-name}}"
        if person.name.count("[") == person.name.count("]")
        else person.name
    )
    orcid = person.orcid.rpartition("/")[2]
    facts = [
        name,
        f"[ORCID](<https://orcid.org/{orcid}>){{.orcid}}" if orcid else "",
        *(f"[{literal(place)}]{{.affiliation}}" for place in person.places),
        f"[{literal(person.email)}](<mailto:{person.email}>){{.email}}" if person.email else "",
    ]
    return div(" ".join(filter(None, facts)), classes=["author"])


def _doi(name: str) -> str:
    return _paragraph("doi", f"[doi:{literal(name)}](<https://doi.org/{name}>)") if name else ""


def _abstract(meta: Mapping[str, Any], wording: Wording) -> str:
    setting = meta.get("abstract")
    return (
        _headed("abstract", str(meta.get("abstract-title") or wording.word("abstract")), str(setting))
        if setting
        else ""
    )


def _headed(name: str, title: str, text: str) -> str:
    inner = f"{div(literal(title), classes=['block-title'])}\n\n{text.strip()}"
    return div(inner, classes=["abstract", name] if name != "abstract" else ["abstract"])


# -- the block in a tree -----------------------------------------------------------------------------------------


def take(doc: pf.Doc, *, of_book: bool) -> pf.Div | None:
    """Take the block of the book, or of the chapter, out of a tree; None where there is none."""
    for at, element in enumerate(doc.content):
        own = isinstance(element, pf.Div) and "quarto-title-block" in element.classes
        if own and ("of-book" in element.classes) == of_book:
            return doc.content.pop(at)
    return None


def parts(block: pf.Div | None) -> dict[str, list[pf.Element]]:
    """Return the blocks of a title block by name: title, subtitle, description, abstract."""
    return {part.classes[0]: list(part.content) for part in (block.content if block else ()) if part.classes}


def for_paper(doc: pf.Doc) -> None:
    """Set what stands under a chapter's title as paragraphs, in place.

    The block of the book stays, for the title page, with every part in a ``Div`` that writers leave alone.
    """

    def visit(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Link) and "orcid" in element.classes:
            return pf.Str(f"(ORCID {element.url.rpartition('/')[2]})")
        if isinstance(element, pf.Span) and "affiliation" in element.classes:
            return [pf.Str("·"), pf.Space(), *element.content]
        if not isinstance(element, pf.Div):
            return None
        if "subtitle" in element.classes:
            return [pf.Para(pf.Emph(*_inlines(element)))]
        if "block-title" in element.classes:
            return [pf.Para(pf.Strong(*_inlines(element)))]
        return list(element.content)

    for element in doc.content:
        if isinstance(element, pf.Div) and "quarto-title-block" in element.classes and not _is_own(element):
            element.classes = [*element.classes, PART]
            walk(
                element,
                lambda div, _: visit(div, doc) if "block-title" in div.classes else None,
                pf.Div,
            )
            for part in element.content:
                part.classes = [*part.classes, PART]
    at = next((n for n, e in enumerate(doc.content) if _is_own(e)), None)
    if at is not None:
        block = pf.Div(*doc.content.pop(at).content)
        walk(block, visit, pf.Link, pf.Span, pf.Div)
        for offset, element in enumerate(block.content):
            doc.content.insert(at + offset, element)


def take_of_book(doc: pf.Doc) -> dict[str, pf.MetaInlines]:
    """Take title and subtitle of the book out of a document; its abstract and DOI stay."""
    remaining: dict[str, pf.MetaInlines] = {}
    for block in list(doc.content):
        if isinstance(block, pf.Div) and {"quarto-title-block", "of-book"} <= set(block.classes):
            at = doc.content.index(block)
            doc.content[at : at + 1] = [
                part for part in block.content if part.classes[0] in ("abstract", "doi")
            ]
            named = {name: parts(block).get(name) for name in ("title", "subtitle")}
            remaining = {name: pf.MetaInlines(*_inlines(pf.Div(*b))) for name, b in named.items() if b}
    return remaining


def of_book(document: dict[str, Any]) -> dict[str, pf.MetaInlines]:
    """Do the same with a document in pandoc's JSON."""
    remaining: dict[str, pf.MetaInlines] = {}
    blocks: list[Any] = []
    for block in document["blocks"]:
        if block["t"] == "Div" and {"quarto-title-block", "of-book"} <= set(block["c"][0][1]):
            doc = pf.Doc(*trees.elements([block]), api_version=(1, 23, 1))
            remaining = take_of_book(doc)
            blocks += doc.to_json()["blocks"]
        else:
            blocks.append(block)
    document["blocks"] = blocks
    return remaining


def _is_own(element: pf.Element) -> bool:
    return (
        isinstance(element, pf.Div)
        and "quarto-title-block" in element.classes
        and "of-book" not in element.classes
    )


def _inlines(element: pf.Element) -> list[pf.Element]:
    results: list[pf.Element] = []
    for block in element.content:
        results += [*([pf.Space()] if results else []), *block.content]
    return results


# -- a heading outside the text ----------------------------------------------------------------------------------


def without_notes(inlines: Iterable[pf.Element], change: Change | None = None) -> list[pf.Element]:
    """Return a heading's inlines, copied, as contents and navigation show them: notes are left out.

    change: what is done to the copy before, in place.
    """
    para = trees.copy(pf.Doc(pf.Para(*inlines), api_version=(1, 23, 1))).content[0]
    if change is not None:
        change(para)
    walk(para, lambda *_: [], pf.Note)
    return list(para.content)


def plain(inlines: Iterable[pf.Element], change: Change | None = None) -> str:
    """Return a heading as plain text: without notes, formulas as far as signs can show them.

    change: what writes citations out; without it they stand as they were written.
    """
    kept = without_notes(inlines, change)
    special = every(pf.Para(*kept), pf.Math, pf.Cite)
    if not any(isinstance(e, pf.Math) for e in special) and not (special and change is not None):
        return str(pf.stringify(pf.Para(*kept))).strip()
    bare = trees.copy(pf.Doc(pf.Plain(*kept), api_version=(1, 23, 1)))
    walk(bare, lambda marked, _: list(marked.content), pf.Emph, pf.Strong, pf.Link)
    return " ".join(pandoc.run(trees.dump(bare), to="plain", args=["--wrap=none"]).split())
