"""What the cells of the last build looked at beside the files that its manifest lists.

It lies in ``.paper``, and not in the site: variables and paths of the machine are nobody's business. A build that
fails leaves none, so that the next one asks the cells again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paper.cells.inside import looks
from paper.project import Project
from paper.settings import read_environment
from paper.tools import trace
from paper.tools.cache import digest, of_project
from paper.tools.files import write_atomic


@dataclass(frozen=True)
class CellInputs:
    """looks: each with the state that cells saw; again: whether some cell must run at each build."""

    looks: tuple[tuple[str, str], ...] = ()
    again: bool = False

    def unchanged(self, root: Path, environment: Mapping[str, str]) -> bool:
        """Whether cells would see the same now."""
        kept = of_project(root)
        return not self.again and all(
            looks.state(look, root, environment, kept) == was for look, was in self.looks
        )


def environment(project: Project) -> dict[str, str]:
    """Return the variables that cells see, as far as they outlive the kernel."""
    local = project.root / "_environment.local"
    return {
        **project.environment,
        **(read_environment(local) if local.is_file() else {}),
        **trace.untraced(os.environ),
        "QUARTO_PROFILE": project.profile,
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PAPER_ENGINE": "embedded",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


class Ledger:
    """The record of one output folder: target → what its cells looked at."""

    def __init__(self, project: Project) -> None:
        self._project = project
        name = digest(project.output_dir.name, project.profile)
        self._path = project.root / ".paper" / "cell-inputs" / f"{name}.json"
        self._known: dict[str, Any] = {}
        try:
            known = json.loads(self._path.read_bytes())
            self._known = known if isinstance(known, dict) else {}
        except (OSError, ValueError):
            pass

    def unchanged(self, targets: Iterable[str]) -> bool:
        """Whether the cells behind these targets would see what they saw."""
        variables = environment(self._project)
        return all(
            inputs is not None and inputs.unchanged(self._project.root, variables)
            for inputs in {self._inputs(target) for target in targets}
        )

    def looks(self, targets: Iterable[str]) -> list[str]:
        """Return what the cells behind these targets looked at, beside the files that the manifest lists, sorted."""
        known = [inputs for inputs in map(self._inputs, targets) if inputs is not None]
        return sorted({look for inputs in known for look, _ in inputs.looks})

    def _inputs(self, target: str) -> CellInputs | None:
        """Return what is known of the cells behind a target; None for nothing."""
        try:
            kept = self._known[target]
            return CellInputs(tuple((str(a), str(b)) for a, b in kept["looks"]), bool(kept["again"]))
        except (KeyError, TypeError, ValueError):
            return None

    def begin(self) -> None:
        """Forget it on disk while a build is under way."""
        self._path.unlink(missing_ok=True)

    def finish(self, targets: Iterable[str], inputs: Iterable[CellInputs], listed: Mapping[str, str]) -> None:
        """Keep what the cells of a finished build looked at. listed: the files whose content the manifest holds."""
        several = list(inputs)
        seen = {
            (look, was)
            for one in several
            for look, was in one.looks
            if was == looks.CHANGING
            or not (look.startswith(looks.OF_CONTENT) and look.partition(":")[2] in listed)
        }
        remaining = {"looks": sorted(seen), "again": any(one.again for one in several)}
        self._known |= dict.fromkeys(targets, remaining)
        write_atomic(self._path, json.dumps(self._known).encode())
