"""Code with a file's name above it, and code whose lines are annotated.

A line that ends in a comment such as ``# <1>`` is annotated by the first item of the list after the code. The list
becomes definitions whose terms are ``Span.code-lines`` with the lines (attributes ``lines`` as a reader writes them,
``line`` the first, ``annotation`` the number, ``cell`` the id of the code).
"""

from __future__ import annotations

import re
from itertools import count

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import Float
from paper.parsing.tree import HOLDERS, walk

_LANGUAGES = {
    (
        "//",
    ): """c cpp csharp cs java javascript js typescript ts jsx tsx go rust scala swift kotlin dart php groovy
        fsharp zig d ojs dot stan scss sass asymptote""",
    ("--",): "sql mysql psql haskell lua vhdl ada elm",
    ("%",): "matlab octave latex tex erlang prolog",
    ("<!--", "-->"): "html xml svg markdown qmd",
    ("/*", "*/"): "css sas",
    ("(*", "*)"): "ocaml",
    ("!",): "fortran fortran95 f90",
    (";",): "lisp clojure scheme asm",
}  # all others comment with #
_COMMENTS = {name: marks for marks, names in _LANGUAGES.items() for name in names.split()}


def annotate(doc: pf.Doc) -> None:
    """Bring annotated code to its one form, in place."""
    numbers = count(1)

    def visit(element: pf.Element, _: pf.Doc) -> None:
        content = getattr(element, "content", None)
        if not isinstance(content, pf.ListContainer) or not any(
            isinstance(b, pf.OrderedList) for b in content
        ):
            return
        element.content = _siblings(list(content), numbers)

    walk(doc, visit, *HOLDERS)


def _siblings(blocks: list[pf.Element], numbers: count[int]) -> list[pf.Element]:
    results: list[pf.Element] = []
    for block in blocks:
        if isinstance(block, pf.OrderedList) and results:
            code = _code(results[-1])
            notes = _strip(code) if code is not None else {}
            if code is not None and notes:
                code.identifier = code.identifier or f"annotated-cell-{next(numbers)}"
                code.classes.append("code-annotation-code")
                definitions = _definitions(block, notes, code.identifier)
                if "cell" in getattr(results[-1], "classes", ()):
                    results[-1].content.insert(1, pf.Div(definitions, classes=["cell-annotation"]))
                else:
                    results.append(definitions)
                continue
        results.append(block)
    return results


def _code(block: pf.Element) -> pf.CodeBlock | None:
    """Return the code that a block shows: itself, or the first within a cell or under a file's name."""
    if isinstance(block, pf.CodeBlock):
        return block
    if isinstance(block, pf.Div) and (
        isinstance(constructs.of(block), Float) or {"cell", "code-with-filename"} & set(block.classes)
    ):
        return next((code for inner in block.content if (code := _code(inner)) is not None), None)
    return None


def _strip(code: pf.CodeBlock) -> dict[int, list[int]]:
    """Take the marks out of the code; which lines each number marks."""
    opening, *closing = _COMMENTS.get(code.classes[0].lower() if code.classes else "", ("#",))
    end = rf"\s*{re.escape(closing[0])}" if closing else ""
    mark = re.compile(rf"\s*{re.escape(opening)}\s*<([0-9]{{1,4}})>{end}\s*$")
    given = code.attributes.get("startFrom", "1")
    first = int(given) if re.fullmatch(r"[0-9]{1,6}", given, re.ASCII) else 1
    results: dict[int, list[int]] = {}
    lines = code.text.split("\n")
    for at, line in enumerate(lines):
        if match := mark.search(line):
            results.setdefault(int(match[1]), []).append(first + at)
            lines[at] = line[: match.start()]
    if results:
        code.text = "\n".join(lines)
    return results


def _definitions(given: pf.OrderedList, notes: dict[int, list[int]], cell: str) -> pf.DefinitionList:
    items = []
    for number, item in enumerate(given.content, given.start):
        if number not in notes:
            continue
        lines = notes[number]
        term = pf.Span(
            pf.Str(str(number)),
            classes=["code-lines"],
            attributes={
                "lines": _ranges(lines),
                "line": str(lines[0]),
                "annotation": str(number),
                "cell": cell,
            },
        )
        items.append(pf.DefinitionItem([term], [pf.Definition(*item.content)]))
    return pf.DefinitionList(*items)


def _ranges(lines: list[int]) -> str:
    """Return lines as a reader writes them: "2-4,7"."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1].append(line)
        else:
            parts.append([line])
    return ",".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)


def with_filename(code: pf.CodeBlock) -> pf.Element:
    """Code under the name of its file, where it has one."""
    name = code.attributes.pop("filename", "")
    if not name:
        return code
    head = pf.Div(pf.Plain(pf.Strong(pf.Str(name))), classes=["code-with-filename-file"])
    return pf.Div(head, code, classes=["code-with-filename"])
