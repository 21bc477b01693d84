"""Filters and shortcodes of an author's own, and those that extensions bring: which of them a chapter's settings name.

https://quarto.org/docs/extensions/filters.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from paper import assets
from paper.errors import Place, ProjectError
from paper.paths import is_private
from paper.project import Project
from paper.settings import Yaml, as_list, place_of, read_yaml
from paper.tools.cache import digest, file_digest

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
        return digest(*(f"{path}:{file_digest(path)}" for path in files))

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
    """Return the filters and shortcodes of a chapter. Raises ProjectError, with its line, for one that isn't there."""
    filters: dict[Extra, None] = {}
    codes: dict[Extra, None] = {}
    book_formats = project.config.get("format")
    own_formats = meta.get("format")
    in_book = [(settings, PurePosixPath(), True) for settings in (project.config, *_formats(book_formats))]
    in_chapter = [(settings, path.parent, False) for settings in (meta, *_formats(own_formats))]
    for settings, base, of_book in (*in_book, *in_chapter):
        keys = ["filters"] if settings.get("filters") else []
        place = place_of(project.root, *keys) if of_book else Place(str(path))
        at = EARLY
        for entry in as_list(settings.get("filters") or []):
            at = STAGES.index("post-render") if entry == "quarto" else at
            filters |= dict.fromkeys(_resolved(project, entry, base, "filters", place, at))
        for entry in as_list(settings.get("shortcodes") or []):
            codes |= dict.fromkeys(_resolved(project, entry, base, "shortcodes", place))
    for folder in installed(project.root):
        codes |= dict.fromkeys(_contributed(project.root, folder, "shortcodes"))
    return Extras(tuple(sorted(filters, key=lambda extra: extra.at)), tuple(codes))


def _formats(given: Any) -> list[Mapping[str, Any]]:
    return [own for own in given.values() if isinstance(own, Mapping)] if isinstance(given, Mapping) else []


def _resolved(
    project: Project, entry: Any, base: PurePosixPath, sort: str, place: Place, at: int = EARLY
) -> list[Extra]:
    """Return a filter as ``filters:`` names it, at a place: a file, or an extension that brings some."""
    kind = "shortcode" if sort == "shortcodes" else "lua"
    if isinstance(entry, Mapping):
        kind = "json" if entry.get("type") == "json" else kind
        at = STAGES.index(entry["at"]) if entry.get("at") in STAGES else at
        entry = entry.get("path") or entry.get("name") or ""
    name = str(entry)
    if name in _ENGINES:
        return []
    root = project.root
    if (assets.PACKAGED / name.removeprefix(f"{assets.VENDOR}/")).is_file():
        return []  # of this engine itself, put there for Quarto
    for folder in (root / base / name, root / name.lstrip("/")):
        if (
            folder.is_file()
            and folder.resolve().is_relative_to(root.resolve())
            and not is_private(root, folder)
        ):
            if assets.is_for_quarto(folder):
                return []  # what this engine does by itself, for Quarto
            return [Extra(folder, name, kind if name.endswith(".lua") else "json", at, place)]
    if (extension := _extension(root, name)) is not None and (
        result := _contributed(root, extension, sort, at)
    ):
        return result
    known = ", ".join(folder.name for folder in installed(root))
    raise ProjectError(
        f"there is no {sort.removesuffix('s')} {name!r}, neither a file nor in _extensions/",
        place=place,
        remedy=f"extensions that are there: {known}" if known else "add its file, or take it out",
    )


def installed(root: Path) -> tuple[Path, ...]:
    """Return the folders of the extensions that a project has."""
    results = [
        f.parent for ending in ("yml", "yaml") for f in root.glob(f"_extensions/**/_extension.{ending}")
    ]
    return tuple(sorted(results))


def _extension(root: Path, name: str) -> Path | None:
    """Return the folder of an extension: OWNER/NAME, or NAME of any owner."""
    wanted = PurePosixPath(name).parts
    return next((f for f in installed(root) if wanted and f.parts[-len(wanted) :] == wanted), None)


def settings_of(folder: Path) -> Yaml:
    """Return what an extension's ``_extension.yml`` says. Raises ProjectError."""
    path = next(p for p in (folder / "_extension.yml", folder / "_extension.yaml") if p.is_file())
    return read_yaml(path, f"{folder.name}/{path.name}")


def _contributed(root: Path, folder: Path, sort: str, at: int = EARLY) -> list[Extra]:
    """Return the filters or shortcodes that an extension brings."""
    contributes = settings_of(folder).get("contributes")
    results = []
    for entry in as_list((contributes.get(sort) if isinstance(contributes, Mapping) else None) or []):
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
        results.append(Extra(path, folder.name, kind, own, named))
    return results
