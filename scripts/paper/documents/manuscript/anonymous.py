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

from paper.authors import Author
from paper.errors import ChapterError, PaperError, ProjectError, together
from paper.numbering.book import ParsedChapter
from paper.parsing.conditions import for_format
from paper.parsing.tree import walk
from paper.project import Project
from paper.settings import place_of
from paper.tools import pandoc, trees
from paper.tools.cache import digest
from paper.writers import cite

IDENTIFYING = "identifying"
ACKNOWLEDGEMENTS = "acknowledgements"
REMOVED = "Details removed for review"


def drop_class(read: ParsedChapter, name: str) -> tuple[ParsedChapter, list[pf.Element]]:
    """Drop what has the class from a chapter; return the rest and the blocks that were dropped."""
    doc = trees.load(read.tree)
    dropped = _drop_sections(doc, name)

    def drop(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Div | pf.Span) and name in element.classes:
            dropped.extend(element.content if isinstance(element, pf.Div) else [pf.Plain(*element.content)])
            return []
        return None

    walk(doc, drop)
    if not dropped:
        return read, []
    return replace(read, tree=trees.dump(doc), key=digest(read.key, "without", name)), dropped


def _drop_sections(doc: pf.Doc, name: str) -> list[pf.Element]:
    dropped: list[pf.Element] = []
    rest: list[pf.Element] = []
    within = 0
    for block in list(doc.content):
        if isinstance(block, pf.Header):
            marked = name in block.classes or (name == ACKNOWLEDGEMENTS and block.identifier == name)
            if not within or block.level <= within:
                within = block.level if marked else 0
            if within == block.level and marked:
                continue  # the heading of what is dropped
        (dropped if within else rest).append(block)
    doc.content = pf.ListContainer(*rest)
    return dropped


def hide_passages(project: Project, chapters: list[ParsedChapter]) -> list[ParsedChapter]:
    """Replace the passages that ``anonymise: hide:`` names.

    Raises ProjectError for a passage that stands in no chapter: it has changed, and would be printed as it now is.
    """
    settings = project.config.get("anonymise")
    passages = [str(p) for p in (settings.get("hide") or [])] if isinstance(settings, dict) else []
    patterns = {passage: re.compile(re.escape(passage).replace("'", "['’]")) for passage in passages}
    present: set[str] = set()
    replaced = [_without_passages(read, patterns, present) for read in chapters]
    place = place_of(project.root, "anonymise", "hide")
    if lost := [passage for passage in passages if passage not in present]:
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
    return replaced


def _without_passages(
    read: ParsedChapter, patterns: Mapping[str, re.Pattern[str]], present: set[str]
) -> ParsedChapter:
    """Replace the passages in one chapter; add those that it holds to ``present``."""
    doc = trees.load(read.tree)
    here: set[str] = set()

    def hide(element: pf.Element, _: pf.Doc) -> None:
        if not isinstance(element, pf.Para | pf.Plain):
            return
        replaced: list[pf.Element] = []
        for run in _runs(element.content):
            text = "".join(pf.stringify(inline) for inline in run)
            matched = [passage for passage, pattern in patterns.items() if pattern.search(text)]
            for passage in matched:
                text = patterns[passage].sub(f"[{REMOVED}]", text)
            replaced += [pf.Str(text)] if matched else run
            here.update(matched)
        element.content = pf.ListContainer(*replaced)

    if patterns:
        walk(doc, hide)
    present |= here
    if not here:
        return read
    return replace(read, tree=trees.dump(doc), key=digest(read.key, "hidden", *sorted(here)))


def _runs(inlines: pf.ListContainer) -> Iterator[list[pf.Element]]:
    """Yield inlines in runs: plain words together, everything else by itself."""
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


def drop_authors(project: Project) -> Project:
    """Drop the authors and addresses from the project's settings."""
    book = {k: v for k, v in project.book.items() if k not in ("author", "site-url", "repo-url")}
    return replace(
        project, config={**{k: v for k, v in project.config.items() if k != "author"}, "book": book}
    )


# -- the author's own works -------------------------------------------------------------------------------------


def mask_own_works(project: Project, folder: Path) -> Project:
    """Mask the authors' own works in the bibliography: only their year is left.

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
        rest: dict[str, Any] = {name: item[name] for name in ("id", "issued") if name in item}
        author = {"author": [{"literal": "Author"}], "title": REMOVED, "note": str(number)}
        items[items.index(item)] = {"type": "document", **rest, **author}
    path = folder / "bibliography.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(items, ensure_ascii=False), "utf8")
    return replace(project, config={**project.config, "bibliography": [str(path)]})


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())


# -- what still tells ---------------------------------------------------------------------------------------------


def refuse_names(project: Project, chapters: list[ParsedChapter]) -> None:
    """Raise ChapterError (or several together) for each place that names an author or leads to one.

    References to works are passed over: the place of a conference tells nothing of who cites it.
    """
    identifiers = list(_identifying(project))
    errors: list[PaperError] = []
    for read in chapters:
        text = _text(for_format(read.tree, "docx", project, read.source))
        for what, words in identifiers:
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
    """Return the words and addresses of a chapter, without its lists of works."""
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
