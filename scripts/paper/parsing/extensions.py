"""An author's own filters and shortcodes, in Lua or as programs, and those that extensions bring.

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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

import panflute as pf

from paper import assets, prepare
from paper.checks.settings_check import OWN_SCRIPT
from paper.errors import ChapterError, Place, ProjectError, ToolError
from paper.parsing import conditions, structure
from paper.parsing.tree import walk
from paper.project import Project, is_private
from paper.report import Fault
from paper.settings import Yaml, line_of, merge, read_yaml
from paper.text.shortcodes import QUARTO
from paper.text.source import Source
from paper.tools import pandoc
from paper.tools.cache import digest, file_digest

DRIVER: Final = Path(__file__).parent / "lua" / "driver.lua"
FORMS: Final = ("html", "typst", "docx", "jats")
_ENGINES: Final = frozenset({"quarto", "citeproc"})  # entries that name a place in the order, and no file
# When filters run, in order; here, whatever is meant for after Quarto's own runs before numbering too, and is told.
# https://quarto.org/docs/extensions/filters.html#activation-and-ordering
STAGES: Final = (
    "pre-ast", "post-ast", "pre-quarto", "post-quarto", "pre-render", "post-render", "pre-finalize", "post-finalize",
)  # fmt: skip
EARLY: Final = STAGES.index("pre-quarto")
# Lua that looks beyond its arguments: what it gives is not kept.
_LOOKS_AROUND: Final = re.compile(
    r"\bio\.|\bos\.|pandoc\.(?:pipe|system|mediabag)|read_file|dofile|include_file|math\.random"
)
_FIRST_HEADING: Final = re.compile(r"^#(?!#)[^\n{]*(?:\{([^\n}]*)\})?", re.M)
_FAILED: Final = re.compile(r"([^\s:\"\[\]]+\.lua):(\d+): (.*)")


@dataclass(frozen=True)
class Extra:
    """A filter, or a file of shortcodes.

    path: its file; name: how a message calls it; kind: "lua", "json" (a program) or "shortcode";
    at: the place in ``STAGES`` at which Quarto runs it; named: where it is named.
    """

    path: Path
    name: str
    kind: str
    at: int = field(default=EARLY, compare=False)
    named: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Extras:
    """What runs on a chapter, in order, and the names of the shortcodes that it defines."""

    filters: tuple[Extra, ...] = ()
    shortcodes: tuple[Extra, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.filters or self.shortcodes)

    @property
    def key(self) -> str:
        """What tells their content apart: every file in their folders that they may load."""
        files = sorted({f for e in (*self.filters, *self.shortcodes) for f in _neighbours(e.path)})
        return digest(*(f"{path}:{file_digest(path)}" for path in files), file_digest(DRIVER))

    @property
    def keeps(self) -> bool:
        """Whether what they give depends on nothing but the chapter and their own files."""
        return not any(
            e.kind == "json" or _LOOKS_AROUND.search(e.path.read_text("utf8", errors="replace"))
            for e in (*self.filters, *self.shortcodes)
        )


def _neighbours(path: Path) -> Iterable[Path]:
    return (
        {path, *path.parent.glob("**/*.lua")}
        if "_extensions" in path.parts
        else {path, *path.parent.glob("*.lua")}
    )


# -- what the settings name --------------------------------------------------------------------------------------


def of_chapter(project: Project, path: PurePosixPath, meta: Mapping[str, Any]) -> Extras:
    """The filters and shortcodes of a chapter. Raises ProjectError, with its line, for one that isn't there."""
    filters: dict[Extra, None] = {}
    codes: dict[Extra, None] = {}
    book_formats = project.config.get("format")
    own_formats = meta.get("format")
    in_book = [(settings, PurePosixPath(), True) for settings in (project.config, *_formats(book_formats))]
    in_chapter = [(settings, path.parent, False) for settings in (meta, *_formats(own_formats))]
    for settings, base, of_book in (*in_book, *in_chapter):
        line = (
            line_of(project.root / "_quarto.yml", "filters") if of_book and settings.get("filters") else None
        )
        place = Place("_quarto.yml", line) if of_book else Place(str(path))
        at = EARLY
        for entry in _several(settings.get("filters")):
            at = STAGES.index("post-render") if entry == "quarto" else at
            filters |= dict.fromkeys(_resolved(project, entry, base, "filters", place, at))
        for entry in _several(settings.get("shortcodes")):
            codes |= dict.fromkeys(_resolved(project, entry, base, "shortcodes", place))
    for folder in installed(project.root):
        codes |= dict.fromkeys(_contributed(project.root, folder, "shortcodes"))
    return Extras(tuple(sorted(filters, key=lambda extra: extra.at)), tuple(codes))


def _formats(given: Any) -> list[Mapping[str, Any]]:
    return [own for own in given.values() if isinstance(own, Mapping)] if isinstance(given, Mapping) else []


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _resolved(
    project: Project, entry: Any, base: PurePosixPath, sort: str, place: Place, at: int = EARLY
) -> list[Extra]:
    """A filter as ``filters:`` names it, at a place: a file, or an extension that brings some."""
    kind = "shortcode" if sort == "shortcodes" else "lua"
    if isinstance(entry, Mapping):
        kind = "json" if entry.get("type") == "json" else kind
        at = STAGES.index(entry["at"]) if entry.get("at") in STAGES else at
        entry = entry.get("path") or entry.get("name") or ""
    name = str(entry)
    if name in _ENGINES:
        return []
    root = project.root
    if (assets.PACKAGED / name.removeprefix(f"{prepare.FOLDER}/")).is_file():
        return []  # of this engine itself, put there for Quarto
    for folder in (root / base / name, root / name.lstrip("/")):
        if (
            folder.is_file()
            and folder.resolve().is_relative_to(root.resolve())
            and not is_private(root, folder)
        ):
            if OWN_SCRIPT.search(folder.read_text("utf8", errors="replace")):
                return []  # what this engine does by itself, for Quarto
            return [Extra(folder, name, kind if name.endswith(".lua") else "json", at, place)]
    if (extension := _extension(root, name)) is not None and (
        found := _contributed(root, extension, sort, at)
    ):
        return found
    known = ", ".join(folder.name for folder in installed(root))
    raise ProjectError(
        f"there is no {sort.removesuffix('s')} {name!r}, neither a file nor in _extensions/",
        place=place,
        remedy=f"extensions that are there: {known}" if known else "add its file, or take it out",
    )


def installed(root: Path) -> tuple[Path, ...]:
    """The folders of the extensions that a project has."""
    found = [f.parent for ending in ("yml", "yaml") for f in root.glob(f"_extensions/**/_extension.{ending}")]
    return tuple(sorted(found))


def _extension(root: Path, name: str) -> Path | None:
    """The folder of an extension: OWNER/NAME, or NAME of any owner."""
    wanted = PurePosixPath(name).parts
    return next((f for f in installed(root) if wanted and f.parts[-len(wanted) :] == wanted), None)


def settings_of(folder: Path) -> Yaml:
    """What an extension's ``_extension.yml`` says. Raises ProjectError."""
    path = next(p for p in (folder / "_extension.yml", folder / "_extension.yaml") if p.is_file())
    return read_yaml(path, f"{folder.name}/{path.name}")


def _contributed(root: Path, folder: Path, sort: str, at: int = EARLY) -> list[Extra]:
    """The filters or shortcodes that an extension brings."""
    contributes = settings_of(folder).get("contributes")
    made = []
    for entry in _several(contributes.get(sort) if isinstance(contributes, Mapping) else None):
        name = str(entry.get("path") or "") if isinstance(entry, Mapping) else str(entry)
        if name in _ENGINES:
            continue
        path = folder / name
        if not path.is_file():
            raise ProjectError(
                f"the extension {folder.name} has no file {name}",
                place=Place(folder.relative_to(root).as_posix() + "/_extension.yml"),
                remedy="install the extension again",
            )
        kind = "shortcode" if sort == "shortcodes" else "lua" if name.endswith(".lua") else "json"
        own = STAGES.index(entry["at"]) if isinstance(entry, Mapping) and entry.get("at") in STAGES else at
        named = Place(folder.relative_to(root).as_posix() + "/_extension.yml")
        made.append(Extra(path, folder.name, kind, own, named))
    return made


# -- running them ------------------------------------------------------------------------------------------------


def applied(doc: pf.Doc, extras: Extras, project: Project, source: Source) -> tuple[pf.Doc, list[Fault]]:
    """The chapter after its filters, with what differs between formats in ``Div``s of class ``paper-only``.

    Raises ChapterError, with the line of the Lua, for a filter that fails.
    """
    told: dict[str, Fault] = {str(fault): fault for fault in _early(extras)}
    trees: dict[str, list[Any]] = {}
    for form in FORMS:
        pruned = structure.copy(doc)
        walk(pruned, partial(_for_form, form))
        text = structure.dump(pruned)
        trees[form], faults = _run(text, form, extras, project, source)
        told |= {str(fault): fault for fault in faults}
    head = json.loads(structure.dump(doc))
    return structure.load(json.dumps({**head, "blocks": _merged(trees)})), list(told.values())


def _early(extras: Extras) -> Iterator[Fault]:
    """Tell the filters that Quarto would run when references and captions are set, which they are not here yet."""
    for extra in extras.filters:
        if extra.at > EARLY and extra.named is not None:
            said = (
                f"the filter {extra.name} is meant for {STAGES[extra.at]}: here it runs before numbers and references "
                "are set"
            )
            remedy = "look whether it does what it should, or build with Quarto (`--engine quarto`)"
            yield Fault(str(extra.named.file), extra.named.line, "filter-late", said, remedy, "warning")


def rendered(project: Project) -> list[dict[str, Any]]:
    """The book's files as filters find them under ``book: render``, each with its kind, and a chapter with its number.

    https://github.com/quarto-dev/quarto-cli/blob/main/src/project/types/book/book-types.ts
    """
    made: list[dict[str, Any]] = []
    counts = {"chapter": 0, "appendix": 0}
    for chapter in project.chapters:
        kind = "part" if chapter.opens else "index" if chapter.kind == "index" else "chapter"
        item: dict[str, Any] = {"type": kind, "depth": 1 if chapter.part else 0, "file": str(chapter.path)}
        heading = _FIRST_HEADING.search((project.root / chapter.path).read_text("utf8", errors="replace"))
        classes = (heading[1] or "").split() if heading else []
        if kind == "chapter" and not {"-", ".unnumbered"} & set(classes):
            counts[chapter.kind] += 1
            item["number"] = counts[chapter.kind]
        made.append(item)
    return made


def _for_form(form: str, element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
    if isinstance(element, pf.Div | pf.Span) and "paper-only" in element.classes:
        return list(element.content) if conditions.meant_for(element, form) else []
    return None


def _merged(trees: Mapping[str, list[Any]]) -> list[Any]:
    """One list of blocks for all formats: what is the same stands once, what differs in a ``Div`` for each."""
    lists = list(trees.values())
    if all(blocks == lists[0] for blocks in lists):
        return list(lists[0])
    if len({len(blocks) for blocks in lists}) > 1:
        return _apart(trees)
    made: list[Any] = []
    for row in zip(*lists, strict=True):
        if all(block == row[0] for block in row):
            made.append(row[0])
        else:
            made += _apart({form: [block] for form, block in zip(trees, row, strict=True)})
    return made


def _apart(trees: Mapping[str, list[Any]]) -> list[Any]:
    """A ``Div`` for each format (``conditions.meant_for``), one for DOCX and JATS where they are alike."""
    alike = trees["docx"] == trees["jats"]
    names = {"docx": "docx" if alike else "word", "jats": "" if alike else "jats"}
    return [
        {"t": "Div", "c": [["", ["paper-only"], [["only", name]]], blocks]}
        for form, blocks in trees.items()
        if (name := names.get(form, form))
    ]


def _run(
    text: str, form: str, extras: Extras, project: Project, source: Source
) -> tuple[list[Any], list[Fault]]:
    of_book = {"book": {**project.book, "render": rendered(project)}} if project.book else {}
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
    """The fault of a filter, with the line of its Lua where the failure names one."""
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
