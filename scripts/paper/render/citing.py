"""How pandoc is told to cite: the book's bibliography, and what a chapter's own settings add to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from paper.errors import CitationError, Place, together
from paper.project import Project, is_private
from paper.render.cache import digest, write_atomic
from paper.render.source import Source
from paper.settings import Yaml

LINKS = Path(__file__).parent / "templates" / "links.lua"
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
    """What pandoc must be told to cite as the book, or one of its chapters, does.

    sources: the chapter whose page is written; or, with ``merged``, all whose citations stand in one document.
    Raises CitationError where a file is missing.
    """
    own: Yaml = {} if merged or not sources else sources[0].meta
    args = ["--citeproc"]
    for name, default in PASSED.items():
        value = own.get(name, project.config.get(name, default))
        if value is not None:
            args.append(f"--metadata={name}:{str(value).lower() if isinstance(value, bool) else value}")
    for path in files(project, sources):
        if not path.is_file():
            raise CitationError(
                f"the bibliography {path.name} is missing",
                remedy="restore it, or correct `bibliography:` in _quarto.yml or in the chapter",
            )
        args.append(f"--bibliography={path}")
    style = _beside(project, sources[0], own["csl"]) if own.get("csl") else project.csl
    if style is not None:
        args.append(f"--csl={style}")
    args.append(f"--metadata=lang:{own.get('lang') or project.lang}")
    args.append(f"--lua-filter={LINKS}")  # in the order given: after citeproc
    return args


def files(project: Project, sources: Sequence[Source] = ()) -> list[Path]:
    """The bibliographies: the book's, those that the chapters name, and the works written in their front matter."""
    found = list(project.bibliography)
    inline: list[Any] = list(project.config.get("references") or [])
    for source in sources:
        given = source.meta.get("bibliography") or []
        found += [_beside(project, source, name) for name in (given if isinstance(given, list) else [given])]
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


def refuse_unknown(warnings: Iterable[str], where: Callable[[str], Place | None]) -> None:
    """Raise CitationError, or several together, for the keys that citeproc warns it doesn't know.

    where: the place at which a key is cited.
    """
    unknown = dict.fromkeys(m[1] for w in warnings if (m := re.search(r"[Cc]itation (\S+) not found", w)))
    errors = [
        CitationError(
            f"the citation @{key} has no entry in the bibliography",
            place=where(key),
            remedy="correct the key, or add the entry (`paper refs add DOI`)",
        )
        for key in unknown
    ]
    if errors:
        raise together(errors)


def _beside(project: Project, source: Source, name: Any) -> Path:
    """A file that a chapter names, from its own folder. Raises CitationError where it is outside the project."""
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
