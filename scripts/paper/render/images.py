"""The images that a page shows: their addresses, and the files in the project that these mean."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import panflute as pf

from paper.project import Project
from paper.render.tree import walk


def shown(doc: pf.Doc) -> list[str]:
    """The addresses of the images in a document that may be files of the project, in order."""
    found: list[str] = []
    walk(doc, lambda e, _: found.append(e.url) if isinstance(e, pf.Image) else None)
    return [url for url in found if not re.match(r"^[a-z]+:|^//|^#", url)]


def local_file(project: Project, page: str, url: str) -> Path | None:
    """The file in the project that an image's address on a page means; None where it leads outside."""
    name = unquote(url.split("#")[0].split("?")[0])  # pandoc writes a space as %20
    path = (project.root / PurePosixPath(page).parent / name).resolve()
    return path if path.is_relative_to(project.root.resolve()) else None
