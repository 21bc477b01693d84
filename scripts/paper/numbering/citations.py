"""Citations, made once for the whole book: pages and documents take what citeproc made of each.

A page that cited by itself would tell works apart, and number them, otherwise than the PDF and the list of references
do. Quarto's pages do so: https://github.com/quarto-dev/quarto-cli/issues/4160
In a style of notes a page is a text of its own all the same: it cites a work in full where it cites it first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import panflute as pf

from paper.bibliography import works
from paper.bibliography.excerpt import excerpt
from paper.errors import PaperError
from paper.numbering import citing, contexts
from paper.numbering.numbering import NumberedChapter
from paper.parsing.tree import every, walk
from paper.project import Project
from paper.text.source import Source
from paper.tools import pandoc, trees
from paper.tools.cache import Cache, digest, file_digest

_TITLE = "--metadata=reference-section-title:"
# https://pandoc.org/MANUAL.html#other-relevant-metadata-fields
_RESET = {"t": "Header", "c": [1, ["", ["reset-citation-positions"], []], []]}


@dataclass(frozen=True)
class Citations:
    """How a text's citations print, and the entries of its works."""

    records: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    """By the number of a citation, what ``contexts.records`` says of it."""
    entries: Sequence[Sequence[Any]] = ()
    """Each work's key and its entry, a ``Div`` in pandoc's JSON, in the order of the list."""
    classes: tuple[str, ...] = ()
    """Classes of the list."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Attributes of the list."""
    title: str = ""
    """What heads a list that has no place in the text; "" for nothing."""

    def insert(self, tree: pf.Element) -> None:
        """Write the citations of a tree out, in place."""
        around: dict[int, pf.ListContainer] = {}

        def visit(cite: pf.Cite, _: pf.Doc) -> None:
            record = self._record(cite)
            if record is not None:
                cite.content = trees.elements(record[0])
                if record[1] or record[2]:
                    around[id(cite.container)] = cite.container

        walk(tree, visit, pf.Cite)
        for container in around.values():
            inlines = list(container)
            for cite in reversed(inlines):
                if isinstance(cite, pf.Cite) and (record := self._record(cite)):
                    contexts.settle(inlines, next(n for n, e in enumerate(inlines) if e is cite), record)
            container[:] = inlines

    def _record(self, cite: pf.Cite) -> Sequence[Any] | None:
        return self.records.get(cite.citations[0].hash) if cite.citations else None

    def of(self, numbers: Iterable[int], keys: Collection[str]) -> list[Any]:
        """Return all that a text depends on that cites so and lists these works; "*" stands for all."""
        kept = [entry for entry in self.entries if "*" in keys or entry[0] in keys]
        return [
            [self.records.get(number) for number in numbers],
            kept,
            self.classes,
            self.attributes,
            self.title,
        ]

    def place_list(self, doc: pf.Doc, keys: Collection[str] = ("*",)) -> None:
        """Put the list of works in its place, ``Div#refs``, else at the end, as pandoc does it.

        keys: the works to list; "*" stands for all.
        """
        if not self.entries:
            return
        kept = [entry for key, entry in self.entries if "*" in keys or key in keys]
        places = [div for div in every(doc, pf.Div) if div.identifier == "refs"]
        for div in places:
            div.classes = list(dict.fromkeys([*div.classes, *self.classes]))
            div.attributes = {**dict(self.attributes), **div.attributes}
            div.content.extend(trees.elements(kept))
        if places:
            return
        last = doc.content[-1] if len(doc.content) else None
        if self.title:
            heading = pf.Header(
                pf.Str(self.title), level=1, identifier="bibliography", classes=["unnumbered"]
            )
            doc.content.append(heading)
        elif isinstance(last, pf.Header):
            last.classes = ["unnumbered", *(name for name in last.classes if name != "unnumbered")]
        works = trees.elements(kept)
        doc.content.append(
            pf.Div(*works, identifier="refs", classes=self.classes, attributes=dict(self.attributes))
        )


def of_documents(project: Project, chapters: Sequence[NumberedChapter], cache: Cache) -> Citations:
    """Return how a document of these chapters cites.

    Raises CitationError where a bibliography is missing or can't be read.
    """
    asked = citing.citation_args(project, [chapter.source for chapter in chapters], merged=True)
    return _cite(project, chapters, asked, cache, apart=False)


def of_pages(project: Project, chapters: Sequence[NumberedChapter], cache: Cache) -> dict[str, Citations]:
    """Return how the page of each chapter, by its path, cites.

    Raises CitationError where a bibliography is missing or can't be read.
    """
    sources = [chapter.source for chapter in chapters]
    of_book = citing.citation_args(project, sources, merged=True)
    same = (
        {arg for arg in of_book if arg.startswith("--bibliography")}
        if _keys_differ(project, sources)
        else set()
    )
    made: dict[tuple[str, ...], Citations] = {}
    results: dict[str, Citations] = {}
    for chapter in chapters:
        asked = of_book
        if citing.has_own(chapter.source):
            asked = citing.citation_args(project, [chapter.source, *sources])
            if same == {arg for arg in asked if arg.startswith("--bibliography")}:
                # All keys differ, and so the order of the files is of no matter.
                rest = [arg for arg in asked if not arg.startswith("--bibliography")]
                asked = [*rest, *(arg for arg in of_book if arg in same)]
        key = tuple(sorted(arg for arg in asked if not arg.startswith(_TITLE)))
        if key not in made:
            made[key] = _cite(project, chapters, asked, cache, apart=_cites_in_notes(asked))
        results[chapter.path] = replace(made[key], title=_title(asked))
    return results


def _keys_differ(project: Project, sources: Sequence[Source]) -> bool:
    """Whether no two of the book's bibliographies have a work of the same key."""
    each = [works.known_keys([path]) for path in citing.files(project, sources)]
    return sum(map(len, each)) == len(frozenset().union(*each))


def _title(asked: Iterable[str]) -> str:
    return next((arg.removeprefix(_TITLE) for arg in asked if arg.startswith(_TITLE)), "")


def _cite(
    project: Project, chapters: Sequence[NumberedChapter], asked: list[str], cache: Cache, *, apart: bool
) -> Citations:
    """Let citeproc cite, or take what it made of the same before. apart: whether each chapter is a text of its own."""
    texts = [json.loads(chapter.outline.runs) for chapter in chapters]
    listed = dict.fromkeys(key for chapter in chapters for key in citing.nocite(project, chapter.source))
    title, asked = _title(asked), [arg for arg in asked if not arg.startswith(_TITLE)]
    if not listed and not any(texts):
        return Citations(title=title)
    blocks: list[Any] = []
    for runs in texts:
        blocks += [_RESET] if apart and runs else []
        blocks += contexts.blocks(runs)
    settings = [arg for arg in asked if not arg.startswith(("--bibliography=", "--csl="))]
    files = [file_digest(Path(arg.partition("=")[2])) for arg in asked if arg not in settings]
    key = digest("citations", json.dumps(blocks), list(listed), settings, files, pandoc.binary())
    runs_of_all = [run for runs in texts for run in runs]
    known = cache.made_once("citations", key, lambda: _ask(blocks, list(listed), asked, runs_of_all))
    numbers = (
        chapter.citations_from + number
        for chapter, runs in zip(chapters, texts, strict=True)
        for run in runs
        for number in run[1]
    )
    records = dict(zip(numbers, known["records"], strict=True))
    attributes = tuple((name, value) for name, value in known["attributes"])
    return Citations(records, known["entries"], tuple(known["classes"]), attributes, title)


def _ask(blocks: list[Any], listed: list[str], asked: list[str], runs: list[Any]) -> dict[str, Any]:
    """Let citeproc cite. blocks: of the runs, and what stands between them; listed: works to list all the same."""
    cites = [pf.Cite(citations=[pf.Citation(key, mode="NormalCitation")]).to_json() for key in listed]
    meta = {"nocite": {"t": "MetaInlines", "c": cites}} if cites else {}
    # No heading is the last block, which pandoc would take for that of the list.
    doc = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks or [{"t": "Para", "c": []}]}
    written = json.loads(_cited(json.dumps(doc), asked, {*_keys(blocks), *listed}))
    cited = [block for block in written["blocks"] if block["t"] == "Para" and block["c"]]
    records = [
        record for run, block in zip(runs, cited, strict=True) for record in contexts.records(run, block)
    ]
    lists = (block["c"] for block in written["blocks"] if block["t"] == "Div")
    refs: list[Any] = next(lists, [["", [], []], []])
    return {
        "records": records,
        "entries": [[entry["c"][0][0].removeprefix("ref-"), entry] for entry in refs[1]],
        "classes": refs[0][1],
        "attributes": refs[0][2],
    }


def _cited(doc: str, asked: list[str], keys: set[str]) -> str:
    """Let citeproc cite in a document, from bibliographies that are cut down to the works of these keys."""
    with TemporaryDirectory() as folder:
        args = []
        for number, arg in enumerate(asked):
            name, _, path = arg.partition("=")
            text = excerpt(Path(path), keys) if name == "--bibliography" else None
            if text is not None:
                cut = Path(folder) / f"{number}{Path(path).suffix}"
                cut.write_text(text, "utf8")
                arg = f"{name}={cut}"
            args.append(arg)
        try:
            return pandoc.run(doc, to="json", args=args)
        except PaperError:
            if args == asked:
                raise
    return pandoc.run(doc, to="json", args=asked)  # tells what is wrong by the lines of the author's own file


def _keys(value: Any) -> Iterator[str]:
    """Yield the keys of all works that are cited in a part of pandoc's JSON."""
    if isinstance(value, dict):
        if "citationId" in value:
            yield value["citationId"]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _keys(part)


def _cites_in_notes(asked: Iterable[str]) -> bool:
    """Whether the style is one of notes.

    https://docs.citationstyles.org/en/stable/specification.html#the-root-element
    """
    style = next((arg.partition("=")[2] for arg in asked if arg.startswith("--csl=")), "")
    if not style:
        return False
    head = Path(style).read_text("utf8", errors="replace")[:5000]
    return bool(re.search(r"<style\b[^>]*\bclass=[\"']note[\"']", head))
