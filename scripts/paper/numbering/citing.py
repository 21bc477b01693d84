"""How pandoc is told to cite: the book's bibliography, and what a chapter's own settings add to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from paper.bibliography import ordering, styles, works
from paper.errors import CitationError, Place, did_you_mean
from paper.paths import is_private
from paper.project import Project
from paper.report import Fault, warning
from paper.settings import Yaml, place_of
from paper.text import places
from paper.text.source import Source
from paper.tools.cache import digest
from paper.tools.files import write_atomic

LINKS = Path(__file__).parent / "links.lua"
# Settings that pandoc's citeproc reads itself, with what Quarto gives where nothing is set.
PASSED: Yaml = {
    "link-citations": True,
    "link-bibliography": None,
    "suppress-bibliography": False,
    "reference-section-title": None,
    "notes-after-punctuation": None,
    "citation-abbreviations": None,
}


def citation_args(project: Project, sources: Sequence[Source] = (), *, merged: bool = False) -> list[str]:
    """Return what pandoc must be told to cite as the book, or one of its chapters, does.

    sources: the chapter whose page is written; or, with ``merged``, all whose citations stand in one document.
    Raises CitationError where a file is missing.
    """
    own: Yaml = {} if merged or not sources else sources[0].meta
    args = ["--citeproc"]
    for name, default in PASSED.items():
        value = own.get(name, project.config.get(name, default))
        if value is not None:
            args.append(f"--metadata={name}:{str(value).lower() if isinstance(value, bool) else value}")
    chosen = style(project, None if merged or not sources else sources[0])
    for path in files(project, sources):
        works.present(path)
        args.append(f"--bibliography={ordering.bibliography_for_pandoc(path, project, chosen)}")
    if chosen is not None:
        args.append(f"--csl={ordering.style_for_pandoc(chosen, project)}")
    args.append(f"--metadata=lang:{own.get('lang') or project.lang}")
    args.append(f"--lua-filter={LINKS}")  # in the order given: after citeproc
    return args


def has_own(source: Source) -> bool:
    """Whether a chapter's front matter says how, or from which works, its page cites."""
    return any(
        source.meta.get(name) is not None for name in (*PASSED, "csl", "lang", "bibliography", "references")
    )


def style(project: Project, source: Source | None = None) -> Path | None:
    """Return the file of the style that a chapter, or the book, cites in; None for pandoc's own.

    Raises CitationError for what is no style.
    """
    if source is not None and source.meta.get("csl"):
        return styles.resolve(_beside(project, source, source.meta["csl"]), source.find("csl:"))
    if project.csl is None:
        return None
    place = place_of(project.root, "csl")
    return styles.resolve(project.csl, place)


def files(project: Project, sources: Sequence[Source] = ()) -> list[Path]:
    """Return the bibliographies: the book's, those that chapters name, and the works in their front matter."""
    found = list(project.bibliography)
    inline: list[Any] = list(project.config.get("references") or [])
    for source in sources:
        setting = source.meta.get("bibliography") or []
        found += [
            _beside(project, source, name) for name in (setting if isinstance(setting, list) else [setting])
        ]
        inline += source.meta.get("references") or []
    if inline:
        text = json.dumps({"references": inline}, ensure_ascii=False, default=str)
        path = project.root / ".paper" / "references" / f"{digest(text)}.yaml"  # JSON is YAML
        if not path.is_file():
            write_atomic(path, text.encode())
        found.append(path)
    return list(dict.fromkeys(found))


def nocite(project: Project, source: Source) -> list[str]:
    """Keys of works to list though nothing cites them; "*" stands for all."""
    value = source.meta.get("nocite", project.config.get("nocite"))
    text = " ".join(str(item) for item in value) if isinstance(value, list) else str(value or "")
    return re.findall(r"@(\*|[\w:.#$%&+?<>~/-]*\w)", text)


def unknown(project: Project, cites: Sequence[tuple[Source, Iterable[str]]]) -> list[Fault]:
    """Return a warning for each work that a chapter cites and no bibliography has: it prints as **key?**.

    cites: chapters with the keys that they cite. Raises CitationError where a bibliography can't be read.
    """
    if not any(keys for _, keys in cites):
        return []
    known = works.known_keys(files(project, [source for source, _ in cites]))
    return [
        unknown_key(places.of_key(source, key), key, known)
        for source, keys in cites
        for key in keys
        if key not in known and key != "*"
    ]


def unknown_key(place: Place, key: str, known: Iterable[str]) -> Fault:
    """Return the warning of a citation without an entry, in pandoc's words, with the nearest key."""
    remedy = did_you_mean(key, known, "correct the key, or add the entry (`paper refs add DOI`)", "@")
    return warning(place, "cited-not-listed", f"Citeproc: citation {key} not found", remedy)


def _beside(project: Project, source: Source, name: Any) -> Path:
    """Return a file that a chapter names, from its own folder. Raises CitationError where it is outside the project."""
    text = str(name)
    path = (
        project.root / text.lstrip("/") if text.startswith("/") else project.root / source.path.parent / text
    )
    if not path.resolve().is_relative_to(project.root.resolve()) or is_private(project.root, path):
        raise CitationError(
            f"{text} is outside the project or private",
            place=source.find(text),
            remedy="copy the file into the project and name that",
        )
    return path
