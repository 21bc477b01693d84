"""The state of the data: one hash of all that checks of them rest on beside the text of the chapters."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from paper.coding.data import releases
from paper.project import Project
from paper.settings import as_list
from paper.tools.cache import digest, file_digest


def state(project: Project) -> str:
    """Return the hash of everything in ``data/``, the bibliographies, the settings, and the day: releases fall due."""
    root = project.root
    named: list[Any] = as_list(project.config.get("bibliography") or ())
    bibs = [root / name for name in ("references.bib", *map(str, named)) if "\0" not in name]
    files = {*root.glob("data/**/*"), *bibs, *project.settings, root / releases.FILE}
    known = sorted((os.path.relpath(path, root), file_digest(path)) for path in files)
    return digest(dt.date.today(), *(part for one in known for part in one))
