"""Results of cells that Quarto has frozen and the author has committed: they stand in place of the cells.

``_freeze/CHAPTER/execute-results/html.json`` holds the chapter's whole Markdown after its cells have run, and the MD5
of the source that it was made from. https://quarto.org/docs/projects/code-execution.html#freeze
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from paper.errors import ChapterError, Place
from paper.project import Project
from paper.settings import Yaml
from paper.text import front_matter
from paper.text.published import ignored

FOLDER = "_freeze"


def frozen(project: Project, path: PurePosixPath, meta: Yaml) -> tuple[PurePosixPath, str] | None:
    """Return the file of a chapter's frozen results and its Markdown without front matter; None where it has none.

    With ``freeze: true`` they count whatever the source says now, with ``auto`` while it is the same; what git
    ignores is left by a render on this machine and not committed, and ``auto`` runs the cells then.
    Raises ChapterError for a file that can't be read.
    """
    how = _setting(meta, project.config)
    if how is not True and how != "auto":
        return None
    folder = PurePosixPath(FOLDER, path.with_suffix(""))
    known = [folder / "execute-results" / f"{form}.json" for form in ("html", "typst", "docx")]
    file = next((name for name in known if (project.root / name).is_file()), None)
    if file is None:
        return None
    try:
        kept = json.loads((project.root / file).read_text("utf8"))
        if how == "auto" and isinstance(kept, dict) and "hash" not in kept:
            return None  # of no source, and so not of this one
        was, markdown = str(kept["hash"]), str(kept["result"]["markdown"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ChapterError(
            "the frozen results can't be read",
            place=Place(str(file)),
            remedy="restore the file, or delete it so that the cells run",
        ) from None
    source = (project.root / path).read_bytes().replace(b"\r\n", b"\n")
    same = hashlib.md5(source, usedforsecurity=False).hexdigest() == was
    if how == "auto" and (not same or ignored(project.root, [project.root / file])):
        return None
    _, text = front_matter.split(markdown.replace("\r\n", "\n"))
    # Quarto names pictures by the folder that they are copied to; they lie in the frozen one.
    text = re.sub(rf"(?<![\w/]){re.escape(path.stem)}_files/", f"/{folder}/", text)
    return file, text


def _setting(*settings: Mapping[str, Any]) -> object:
    for given in settings:
        execute = given.get("execute")
        if isinstance(execute, Mapping) and "freeze" in execute:
            return execute["freeze"]
    return None
