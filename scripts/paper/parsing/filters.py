"""Run an author's own filters and shortcodes, and those that extensions bring, on a chapter's tree.

pandoc runs Lua itself: ``lua/driver.lua`` gives filters what they use of Quarto's Lua API. They run once for each
format, before anything is numbered, as Quarto runs what stands before its own filters.
https://quarto.org/docs/extensions/filters.html
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import panflute as pf

from paper.errors import ChapterError, Place, ToolError
from paper.parsing import conditions
from paper.parsing.tree import walk
from paper.project import Project
from paper.report import Fault, warning
from paper.settings import merge
from paper.text.extensions import EARLY, STAGES, Extra, Extras
from paper.text.shortcodes import QUARTO
from paper.text.source import Source
from paper.tools import pandoc, trees

DRIVER: Final = Path(__file__).parent / "lua" / "driver.lua"
FORMS: Final = ("html", "typst", "docx", "jats", "epub")  # the last where the book asks for it
_FIRST_HEADING: Final = re.compile(r"^#(?!#)[^\n{]*(?:\{([^\n}]*)\})?", re.M)
_FAILED: Final = re.compile(r"([^\s:\"\[\]]+\.lua):(\d+): (.*)")


# -- running them ------------------------------------------------------------------------------------------------


def apply(doc: pf.Doc, extras: Extras, project: Project, source: Source) -> tuple[pf.Doc, list[Fault]]:
    """Run a chapter's filters; what differs between formats then stands in ``Div``s of class ``paper-only``.

    Raises ChapterError, with the line of the Lua, for a filter that fails.
    """
    notices: dict[str, Fault] = {str(fault): fault for fault in _early(extras)}
    filtered: dict[str, list[Any]] = {}
    for form in FORMS if "epub" in project.formats else FORMS[:-1]:
        pruned = trees.copy(doc)
        walk(pruned, partial(_for_form, form))
        text = trees.dump(pruned)
        filtered[form], faults = _run(text, form, extras, project, source)
        notices |= {str(fault): fault for fault in faults}
    head = json.loads(trees.dump(doc))
    return trees.load(json.dumps({**head, "blocks": _merged(filtered)})), list(notices.values())


def _early(extras: Extras) -> Iterator[Fault]:
    """Tell the filters that Quarto would run when references and captions are set, which they are not here yet."""
    for extra in extras.filters:
        if extra.at > EARLY and extra.named is not None:
            message = (
                f"the filter {extra.name} is meant for {STAGES[extra.at]}: here it runs before numbers and references "
                "are set"
            )
            remedy = "look whether it does what it should, or build with Quarto (`--engine quarto`)"
            yield warning(extra.named, "filter-late", message, remedy)


def rendered_settings(project: Project) -> list[dict[str, Any]]:
    """Return the book's files as filters find them under ``book: render``, each with its kind and number.

    https://github.com/quarto-dev/quarto-cli/blob/main/src/project/types/book/book-types.ts
    """
    results: list[dict[str, Any]] = []
    counts = {"chapter": 0, "appendix": 0}
    for chapter in project.chapters:
        kind = "part" if chapter.opens else "index" if chapter.kind == "index" else "chapter"
        item: dict[str, Any] = {"type": kind, "depth": 1 if chapter.part else 0, "file": str(chapter.path)}
        heading = _FIRST_HEADING.search((project.root / chapter.path).read_text("utf8", errors="replace"))
        classes = (heading[1] or "").split() if heading else []
        if kind == "chapter" and not {"-", ".unnumbered"} & set(classes):
            counts[chapter.kind] += 1
            item["number"] = counts[chapter.kind]
        results.append(item)
    return results


def _for_form(form: str, element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
    if isinstance(element, pf.Div | pf.Span) and "paper-only" in element.classes:
        return list(element.content) if conditions.meant_for(element, form) else []
    return None


def _merged(filtered: Mapping[str, list[Any]]) -> list[Any]:
    """One list of blocks for all formats: what is the same stands once, what differs in a ``Div`` for each."""
    lists = list(filtered.values())
    if all(blocks == lists[0] for blocks in lists):
        return list(lists[0])
    if len({len(blocks) for blocks in lists}) > 1:
        return _apart(filtered)
    results: list[Any] = []
    for row in zip(*lists, strict=True):
        if all(block == row[0] for block in row):
            results.append(row[0])
        else:
            results += _apart({form: [block] for form, block in zip(filtered, row, strict=True)})
    return results


def _apart(filtered: Mapping[str, list[Any]]) -> list[Any]:
    """Return a ``Div`` for each format (``conditions.meant_for``), one for two that are alike."""
    names: dict[str, str] = {}
    for form, alone, other in (("docx", "word", "jats"), ("typst", "pdf", "epub")):
        alike = filtered[form] == filtered.get(other, filtered[form])
        names |= {form: form if alike else alone, other: "" if alike else other}
    return [
        {"t": "Div", "c": [["", ["paper-only"], [["only", name]]], blocks]}
        for form, blocks in filtered.items()
        if (name := names.get(form, form))
    ]


def _run(
    text: str, form: str, extras: Extras, project: Project, source: Source
) -> tuple[list[Any], list[Fault]]:
    of_book = {"book": {**project.book, "render": rendered_settings(project)}} if project.book else {}
    meta = merge({**project.config, **project.book, **of_book}, source.meta)
    out = project.output_dir / source.path.with_suffix(".html")
    with tempfile.TemporaryDirectory() as folder:
        report, metadata = Path(folder) / "report", Path(folder) / "meta.json"
        report.touch()
        metadata.write_text(json.dumps({k: v for k, v in meta.items() if v is not None}, default=str), "utf8")
        job = {
            "form": form, "report": str(report), "version": [int(n) for n in QUARTO.split(".")],
            "filters": [_entry(project.root, e, form) for e in extras.filters],
            "shortcodes": [_entry(project.root, e, form) for e in extras.shortcodes],
            "input": str(project.root / source.path), "output": str(out), "out": str(project.output_dir),
            "root": str(project.root), "offset": os.path.relpath(".", source.path.parent),
            "profile": project.profile.split(",") if project.profile else [],
            "variables": project.variables, "doc_meta": meta,
        }  # fmt: skip
        (Path(folder) / "job.json").write_text(json.dumps(job, default=str), "utf8")
        try:
            written = pandoc.run(
                text, to="json", args=[f"--metadata-file={metadata}", f"--lua-filter={DRIVER}"],
                cwd=(project.root / source.path).parent, env={"PAPER_FILTERS": str(Path(folder) / "job.json"),
                     "QUARTO_PROFILE": project.profile},
            )  # fmt: skip
        except ToolError as error:
            raise _failed(error, extras, project, source, form) from None
        lines = [json.loads(line) for line in report.read_text("utf8").splitlines()]
    faults = [
        Fault(str(source.path), None, "filter", f"the filter {line['filter']}: {line['message']}",
              "look at the page there, or take the filter out", "warning")
        for line in lines
    ]  # fmt: skip
    return json.loads(written)["blocks"], faults


def _entry(root: Path, extra: Extra, form: str) -> dict[str, Any]:
    command = (
        [sys.executable, str(extra.path), form] if extra.path.suffix == ".py" else [str(extra.path), form]
    )
    short = extra.path.relative_to(root).as_posix() if extra.path.is_relative_to(root) else extra.path.name
    return {
        "path": str(extra.path),
        "name": extra.name,
        "short": short,
        "kind": extra.kind,
        "command": command,
    }


def _failed(error: ToolError, extras: Extras, project: Project, source: Source, form: str) -> ChapterError:
    """Return the fault of a filter, with the line of its Lua where the failure names one."""
    match = _FAILED.search(error.detail)
    files = {e.path.name: e for e in (*extras.filters, *extras.shortcodes)}
    if match is None or (extra := files.get(Path(match[1]).name)) is None:
        last = [line for line in error.detail.splitlines() if line.strip()][1:6]
        return ChapterError(
            f"a filter failed on this chapter ({form})", place=Place(str(source.path)), detail="\n".join(last),
            remedy="mend the filter, or take it out of filters:",
        )  # fmt: skip
    path = extra.path.relative_to(project.root) if extra.path.is_relative_to(project.root) else extra.path
    return ChapterError(
        f"the filter {extra.name} failed on {source.path} ({form}): {match[3]}",
        place=Place(path.as_posix(), int(match[2])),
        remedy="mend the filter, or take it out of filters:",
    )
