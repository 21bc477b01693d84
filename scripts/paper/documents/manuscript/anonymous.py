"""Taking out of the paper who wrote it, and finding where it still says so.

In the chapters an author marks what tells who wrote it by the class ``identifying``: words ``[…]{.identifying}``, a
``::: {.identifying}`` block or a whole section ``## How to cite {.identifying}``. Passages that come from data are
named in ``_quarto.yml`` under ``anonymise: hide:``. Sections and blocks of the class ``acknowledgements`` go to the
title page.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import panflute as pf

from paper.errors import ChapterError, PaperError, Place, ProjectError, together
from paper.numbering.book import Read
from paper.parsing import structure
from paper.parsing.conditions import for_format
from paper.parsing.tree import walk
from paper.project import Author, Project
from paper.settings import line_of
from paper.tools import pandoc
from paper.tools.cache import digest
from paper.writers import cite

IDENTIFYING = "identifying"
ACKNOWLEDGEMENTS = "acknowledgements"
REMOVED = "Details removed for review"


def without(read: Read, name: str) -> tuple[Read, list[pf.Element]]:
    """The chapter without what has the class, and the blocks that were taken out."""
    doc = structure.load(read.tree)
    taken = _take_sections(doc, name)

    def take(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Div | pf.Span) and name in element.classes:
            taken.extend(element.content if isinstance(element, pf.Div) else [pf.Plain(*element.content)])
            return []
        return None

    walk(doc, take)
    if not taken:
        return read, []
    return replace(read, tree=structure.dump(doc), key=digest(read.key, "without", name)), taken


def _take_sections(doc: pf.Doc, name: str) -> list[pf.Element]:
    taken: list[pf.Element] = []
    kept: list[pf.Element] = []
    within = 0
    for block in list(doc.content):
        if isinstance(block, pf.Header):
            marked = name in block.classes or (name == ACKNOWLEDGEMENTS and block.identifier == name)
            if not within or block.level <= within:
                within = block.level if marked else 0
            if within == block.level and marked:
                continue  # the heading of what is taken
        (taken if within else kept).append(block)
    doc.content = pf.ListContainer(*kept)
    return taken


def hide(project: Project, chapters: list[Read]) -> list[Read]:
    """The chapters with the passages that ``anonymise: hide:`` names left out.

    Raises ProjectError for a passage that stands in no chapter: it has changed, and would be printed as it now is.
    """
    settings = project.config.get("anonymise")
    passages = [str(p) for p in (settings.get("hide") or [])] if isinstance(settings, dict) else []
    patterns = {passage: re.compile(re.escape(passage).replace("'", "['’]")) for passage in passages}
    found: set[str] = set()
    made = [_without_passages(read, patterns, found) for read in chapters]
    place = Place("_quarto.yml", line_of(project.root / "_quarto.yml", "anonymise", "hide"))
    if lost := [passage for passage in passages if passage not in found]:
        raise together(
            [
                ProjectError(
                    f"no chapter says what anonymise: hide: names: {passage}",
                    place=place,
                    remedy="give the words as the paper now prints them, or take them out",
                )
                for passage in lost
            ]
        )
    return made


def _without_passages(read: Read, patterns: Mapping[str, re.Pattern[str]], found: set[str]) -> Read:
    """One chapter without the passages, which come into ``found`` where they are met."""
    doc = structure.load(read.tree)
    here: set[str] = set()

    def hide(element: pf.Element, _: pf.Doc) -> None:
        if not isinstance(element, pf.Para | pf.Plain):
            return
        made: list[pf.Element] = []
        for run in _runs(element.content):
            text = "".join(pf.stringify(inline) for inline in run)
            met = [passage for passage, pattern in patterns.items() if pattern.search(text)]
            for passage in met:
                text = patterns[passage].sub(f"[{REMOVED}]", text)
            made += [pf.Str(text)] if met else run
            here.update(met)
        element.content = pf.ListContainer(*made)

    if patterns:
        walk(doc, hide)
    found |= here
    if not here:
        return read
    return replace(read, tree=structure.dump(doc), key=digest(read.key, "hidden", *sorted(here)))


def _runs(inlines: pf.ListContainer) -> Iterator[list[pf.Element]]:
    """Inlines in runs: plain words together, everything else by itself."""
    run: list[pf.Element] = []
    for inline in list(inlines):
        if isinstance(inline, pf.Str | pf.Space | pf.SoftBreak):
            run.append(inline)
            continue
        if run:
            yield run
        yield [inline]
        run = []
    if run:
        yield run


def nameless(project: Project) -> Project:
    """The book without its authors and its addresses."""
    book = {k: v for k, v in project.book.items() if k not in ("author", "site-url", "repo-url")}
    return replace(
        project, config={**{k: v for k, v in project.config.items() if k != "author"}, "book": book}
    )


# -- the author's own works -------------------------------------------------------------------------------------


def masked_bibliography(project: Project, folder: Path) -> Project:
    """The book with a bibliography in which the authors' own works say only their year.

    Raises ToolError where a bibliography can't be read.
    """
    families = {_folded(cite.family_and_given(author)[0]) for author in project.authors}
    items: list[dict[str, Any]] = []
    for path in project.bibliography:
        items += json.loads(pandoc.run(path.read_text("utf-8-sig"), source="bibtex", to="csljson"))
    own = [
        item
        for item in items
        if any(_folded(n.get("family", "")) in families for n in item.get("author", []))
    ]
    for number, item in enumerate(own):
        kept: dict[str, Any] = {name: item[name] for name in ("id", "issued") if name in item}
        author = {"author": [{"literal": "Author"}], "title": REMOVED, "note": str(number)}
        items[items.index(item)] = {"type": "document", **kept, **author}
    path = folder / "bibliography.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(items, ensure_ascii=False), "utf8")
    return replace(project, config={**project.config, "bibliography": [str(path)]})


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())


# -- what still tells ---------------------------------------------------------------------------------------------


def refuse_names(project: Project, chapters: list[Read]) -> None:
    """Raise ChapterError (or several together) for each place that names an author or leads to one.

    References to works are passed over: the place of a conference tells nothing of who cites it.
    """
    told = list(_identifying(project))
    errors: list[PaperError] = []
    for read in chapters:
        text = _text(for_format(read.tree, "docx", project, read.source))
        for what, words in told:
            if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.I):
                errors.append(
                    ChapterError(
                        f"the text tells {what}: {words}",
                        place=read.source.find(words),
                        remedy="mark it as [words]{.identifying}; what comes from data, name under anonymise: hide:",
                    )
                )
    if errors:
        raise together(errors)


def _identifying(project: Project) -> Iterator[tuple[str, str]]:
    for author in project.authors:
        yield from _of_author(author)
    for what, address in (("the site", project.site_url), ("the repository", project.repo_url)):
        if address:
            yield what, address.partition("://")[2] or address


def _of_author(author: Author) -> Iterator[tuple[str, str]]:
    family, _ = cite.family_and_given(author)
    known: list[tuple[str, str]] = [
        ("the author's name", family),
        ("the author's address", author.email),
        ("the author's ORCID", author.orcid.rpartition("/")[2]),
        ("the author's place of work", author.affiliation),
        ("the author's place of work", author.department),
    ]
    yield from ((what, words) for what, words in known if words)


def _text(doc: pf.Doc) -> str:
    """The words and addresses of a chapter, without its lists of works."""
    parts: list[str] = []

    def drop(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Div) and {"further-reading", "references"} & {*element.classes}:
            return []
        return None

    def gather(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.RawBlock | pf.RawInline):
            return []
        if isinstance(element, pf.Link | pf.Image):
            parts.append(element.url)
        return None

    walk(doc, drop)
    walk(doc, gather)
    return " ".join([pf.stringify(doc), *parts])
