"""Citations with what stands next to them: all that citeproc must know of a text to cite in it.

citeproc looks at a citation's neighbours as well as at the citation: in a style of notes, or of raised numbers, the
space before a citation goes and the punctuation behind it comes before it; within a note it stands in brackets,
unless the note begins with it; and a full stop behind one that ends in one goes
(``mvPunct`` and ``deNote`` in pandoc's ``src/Text/Pandoc/Citeproc.hs``). So a citation is taken out of its text in a
*run*: with the word and the space before it and the signs behind it, cut down to what is looked at. What citeproc makes
of a run is put back in the places of its elements, whatever stands around them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import panflute as pf

from paper.numbering.counting import caption_location, reference_kind
from paper.parsing import constructs
from paper.parsing.constructs import Float
from paper.parsing.tree import every
from paper.parsing.wording import Wording
from paper.settings import Yaml

TEXT: Final = 0  # a run of the text itself
OPENING: Final = 1  # of a note of one paragraph, which it begins
NOTE: Final = 2  # of a note
BEFORE, BETWEEN, BEHIND = "before", "between", "behind"  # sides of a run: its first element, its end
_TAIL: Final = 3  # signs of a word before a citation that citeproc may look at
_SAME: Final = "paper-same"  # the class of what stands for an element that stays as it is

Run = tuple[int, list[int], list[Any]]
"""Where it stands, the numbers of its citations, and its inlines in pandoc's JSON."""


def number_citations(doc: pf.Doc) -> None:
    """Give each citation of a chapter the number by which it is known wherever in an output it comes to stand."""
    for number, cite in enumerate(every(doc, pf.Cite), start=1):
        for citation in cite.citations:
            citation.hash = number


def runs(trees: Iterable[pf.Element], options: Yaml, *, asides_are_notes: bool) -> list[Run]:
    """Return the runs of trees, in the order in which a reader meets their citations.

    options: the chapter's; asides_are_notes: whether what stands in the margin of a page becomes a footnote in this
    format.
    """
    gatherer = _Gatherer(options, asides_are_notes)
    for tree in trees:
        gatherer.gather(tree)
    return gatherer.runs


class _Gatherer:
    """Gathers the runs of trees. around: the ids of the elements that hold a citation."""

    def __init__(self, options: Yaml, asides_are_notes: bool) -> None:
        self.options = options
        self.wording = Wording.of(options)
        self.asides_are_notes = asides_are_notes
        self.runs: list[Run] = []
        self.around: set[int] = set()

    def gather(self, tree: pf.Element) -> None:
        for cite in every(tree, pf.Cite):
            above = cite.parent if self.cites(cite) else None
            while above is not None and id(above) not in self.around:
                self.around.add(id(above))
                above = above.parent
        if self.around:
            self.element(tree, TEXT)

    def cites(self, element: pf.Element) -> bool:
        """Whether an element cites works, and doesn't only refer to labels."""
        return isinstance(element, pf.Cite) and bool(self.works(element))

    def parts(self, element: pf.Element) -> list[pf.Element]:
        """Return what an element comes to: of labels and works cited in one, the works stand by themselves."""
        if self.cites(element) and len(self.works(element)) < len(element.citations):
            return [pf.Str(self.wording.between), pf.Space(), element]
        return [element]

    def works(self, cite: pf.Cite) -> list[pf.Citation]:
        return [c for c in cite.citations if not reference_kind(c.id, self.wording.custom)]

    def element(self, element: pf.Element, where: int) -> None:
        """Gather what is in an element. where: in the text or in a note."""
        opens = False
        if isinstance(element, pf.Note):
            opens = where == TEXT and len(element.content) == 1 and isinstance(element.content[0], pf.Para)
            where = NOTE
        elif isinstance(element, pf.Span) and self.asides_are_notes and _is_aside(element):
            self.inlines(element.content, NOTE, opens=where == TEXT)
            return
        elif isinstance(element, pf.Div) and element.classes[:1] == [Float.form]:
            self.float(element, where)
            return
        for name in element._children:
            child = getattr(element, name)
            if isinstance(child, pf.ListContainer):
                self.children(child, where, opens)
            elif child is not None and id(child) in self.around:
                self.element(child, where)

    def children(self, children: pf.ListContainer, where: int, opens: bool) -> None:
        if any(isinstance(child, pf.Cite) for child in children.list):
            self.inlines(children, where, opens=False)
            return
        for child in children:
            if id(child) in self.around:
                if opens:
                    self.inlines(child.content, where, opens=True)
                else:
                    self.element(child, where)

    def float(self, element: pf.Div, where: int) -> None:
        """Gather what is in a float, its caption first where it stands above."""
        float_ = constructs.of(element)
        *content, caption = element.content
        above = isinstance(float_, Float) and (
            replace(float_, caption_location=caption_location(float_, self.options, self.wording)).side
            == "top"
        )
        for child in [caption, *content] if above else [*content, caption]:
            if id(child) in self.around:
                self.element(child, where)

    def inlines(self, inlines: pf.ListContainer, where: int, *, opens: bool) -> None:
        """Gather the runs of a line. opens: whether it is the only paragraph of a note."""
        items = [part for item in inlines for part in self.parts(item)]
        for start, end in self.ranges(items, where):
            for item in items[start:end]:
                if id(item) in self.around and not self.cites(item):
                    self.element(item, where)
            if numbers := [c.citations[0].hash for c in items[start:end] if self.cites(c)]:
                begins = opens and start == 0 and self.cites(items[0])
                self.runs.append((OPENING if begins else where, numbers, self.reduced(items[start:end])))

    def ranges(self, items: Sequence[pf.Element], where: int) -> list[tuple[int, int]]:
        """Return the parts of a line that are runs, and, one by one, what else holds citations, in order.

        What else holds some is in no run but at its beginning, so that citations come in the order of the text.
        """
        results: list[tuple[int, int]] = []
        for at, item in enumerate(items):
            if not self.cites(item):
                if id(item) in self.around:
                    results.append((at, at + 1))
                continue
            start = at
            if at and _is_space(items[at - 1]):
                start = max(0, at - 2)
            end = at + 1
            while end < len(items) and not self.cites(items[end]) and id(items[end]) not in self.around:
                end += 1
                if not _goes_on(items[end - 1], where):
                    break
            if results and start < results[-1][1]:
                start = results.pop()[0]
            results.append((start, end))
        return results

    def reduced(self, items: Sequence[pf.Element]) -> list[Any]:
        """Return a run's inlines as JSON, cut down to what citeproc looks at."""
        results: list[Any] = []
        last = max(at for at, item in enumerate(items) if self.cites(item))
        for at, item in enumerate(items):
            if self.cites(item):
                works = [{**citation.to_json(), "citationHash": 0} for citation in self.works(item)]
                results.append({"t": "Cite", "c": [works, []]})
            else:
                results.append(_reduced(item, BEFORE if at == 0 else BETWEEN if at < last else BEHIND))
        return results


def _reduced(item: pf.Element, side: str) -> Any:
    """Return a neighbour of a citation as JSON, cut down. side: where in the run it stands."""
    if _is_space(item):
        return {"t": "Space"}
    text = item.text if isinstance(item, pf.Str) else pf.stringify(item)
    if side == BEFORE:
        text = text[-_TAIL:]
    elif side == BEHIND:
        text = text[: _signs(text) + 1]
    if isinstance(item, pf.Str):
        return {"t": "Str", "c": text}
    if isinstance(item, pf.Quoted):  # whose closing mark may come behind the sign that follows
        return {"t": "Quoted", "c": [{"t": item.quote_type}, [{"t": "Str", "c": text}] if text else []]}
    return {"t": "Span", "c": [["", [_SAME], []], [{"t": "Str", "c": text}] if text else []]}


def _signs(text: str) -> int:
    """Return how many signs of punctuation a text begins with, as pandoc counts them: dashes are none."""
    kinds = (unicodedata.category(sign)[0] == "P" and sign not in "—–" for sign in text)
    return next((at for at, is_sign in enumerate(kinds) if not is_sign), len(text))


def _goes_on(item: pf.Element, where: int) -> bool:
    """Whether citeproc may look at what follows an element behind a citation."""
    if isinstance(item, pf.Str):
        return _signs(item.text) == len(item.text)
    return where != TEXT if _is_space(item) else not pf.stringify(item)


def _is_space(item: pf.Element) -> bool:
    return isinstance(item, pf.Space | pf.SoftBreak)


def _is_aside(span: pf.Span) -> bool:
    return not {"aside", "column-margin"}.isdisjoint(span.classes)


# -- back into the text ------------------------------------------------------------------------------------------


def blocks(runs: Iterable[Run]) -> list[Any]:
    """Return a block of pandoc's JSON for each run, in which citeproc does what it does in the text."""
    return [_block(where, inlines) for where, _, inlines in runs]


def _block(where: int, inlines: list[Any]) -> Any:
    if where == TEXT:
        return {"t": "Para", "c": inlines}
    # The note of which a citation is the first paragraph's beginning is told apart by its form alone.
    kind = "Para" if where == OPENING else "Plain"
    return {"t": "Para", "c": [{"t": "Note", "c": [{"t": kind, "c": inlines}]}]}


def records(run: Run, block: Any) -> list[list[Any]]:
    """Return what citeproc has made of each citation of a run. block: that of ``blocks``, cited.

    Each record holds the citation's inlines and, where they have changed, what stood before it and behind it, with
    what stands there now.
    """
    where, numbers, given = run
    cited = block["c"] if where == TEXT else block["c"][0]["c"][0]["c"]
    old, new = _between(given), _between(cited)
    cites = [inline["c"][1] for inline in cited if inline["t"] == "Cite"]
    assert len(cites) == len(numbers), "citeproc keeps every citation"
    changes = [[was, now] if was != now else None for was, now in zip(old, new, strict=True)]
    ends = [None] * (len(cites) - 1) + changes[-1:]
    return [[content, *around] for content, *around in zip(cites, changes, ends, strict=False)]


def _between(inlines: Sequence[Any]) -> list[list[Any]]:
    """Return what stands before, between and behind the citations of a run."""
    results: list[list[Any]] = [[]]
    for inline in inlines:
        if inline["t"] == "Cite":
            results.append([])
        else:
            results[-1].append(inline)
    return results


def settle(inlines: list[pf.Element], at: int, record: Sequence[Any]) -> None:
    """Put what citeproc makes of the neighbours of the citation at ``at`` in their place, in place.

    Neighbours that aren't those that citeproc was shown stay as they are.
    """
    _, before, behind = record
    if behind is not None:
        _replace(inlines, at + 1, at + 1 + len(behind[0]), behind, (BEHIND,))
    if before is not None:
        _replace(inlines, at - len(before[0]), at, before, (BEFORE, BETWEEN))


def _replace(
    inlines: list[pf.Element], start: int, end: int, change: Sequence[list[Any]], sides: Sequence[str]
) -> None:
    old, new = change
    own = inlines[max(0, start) : end]
    for side in sides:
        shown = [_reduced(item, BETWEEN if side == BEFORE and n else side) for n, item in enumerate(own)]
        if shown == old:
            inlines[start:end] = _restored(own, old, new, side)
            return


def _restored(own: Sequence[pf.Element], old: list[Any], new: list[Any], side: str) -> list[pf.Element]:
    """Return the elements of ``new``, with what was cut off those of ``old``, and with those that stay."""
    spaces = [item for item in own if _is_space(item)]
    same = [item for item, shown in zip(own, old, strict=True) if shown["t"] in ("Span", "Quoted")]
    quoted = [_text(shown["c"][1]) for shown in old if shown["t"] == "Quoted"]
    results: list[pf.Element] = []
    for inline in new:
        if inline["t"] == "Str":
            results.append(pf.Str(inline["c"]))
        elif inline["t"] == "Span":
            results.append(same.pop(0))
        elif inline["t"] == "Quoted":
            results.append(same.pop(0))
            if sign := _text(inline["c"][1]).removeprefix(quoted.pop(0)):
                results[-1].content.append(pf.Str(sign))
        else:
            results.append(spaces.pop(0) if spaces else pf.Space())
    if side == BEFORE and isinstance(own[0], pf.Str) and isinstance(results[0], pf.Str):
        results[0].text = own[0].text.removesuffix(old[0]["c"]) + results[0].text
    if side == BEHIND and isinstance(own[-1], pf.Str) and results and isinstance(results[-1], pf.Str):
        results[-1].text += own[-1].text.removeprefix(old[-1]["c"])
    return results


def _text(inlines: Iterable[Any]) -> str:
    return "".join(str(inline.get("c", " ")) for inline in inlines)
