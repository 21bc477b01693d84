"""Why a chapter was or was not done again, and what would be done now."""

from __future__ import annotations

from dataclasses import dataclass

from paper.cells.execute import Executor
from paper.project import Project
from paper.release import record
from paper.text.reading import read
from paper.tools.cache import of_project


@dataclass(frozen=True)
class Explanation:
    """The state of one chapter against the last build.

    cells: why its cells would run ("unchanged": they would not; "no cells"); text: which of its own files differ;
    book: which settings or bibliography, that every page depends on, differ; uses: the files that its cells read.
    built: whether there is a build to compare with.
    """

    chapter: str
    cells: str
    text: tuple[str, ...]
    book: tuple[str, ...]
    uses: tuple[str, ...]
    built: bool

    def __str__(self) -> str:
        lines = [self.chapter]
        if not self.built:
            lines.append("  there is no build to compare with: everything is done")
        cells = {
            "unchanged": "kept: neither they nor what they use has changed",
            "no cells": "there are none",
        }.get(self.cells, f"would run, {self.cells}")
        lines.append(f"  cells: {cells}")
        if self.built:
            shared = f"would be written, changed: {', '.join(self.book)}" if self.book else "kept"
            own = f"would be written, changed: {', '.join(self.text)}" if self.text else shared
            rerun = self.cells not in ("unchanged", "no cells")
            lines.append(f"  page: {'would be written, its cells run' if rerun and not self.text else own}")
        if self.uses:
            lines.append("  its cells use:")
            lines += [f"    {name}" for name in self.uses]
        return "\n".join(lines)


def explain(project: Project, name: str) -> Explanation:
    """Explain a chapter given by path, or by its file's name. Raises ProjectError where there is none."""
    chapter = project.chapter(name).path
    source = read(project, chapter)
    executor = Executor(project, of_project(project.root))
    reason, uses = executor.kept(source)
    last = record.read(project.output_dir)
    now = record.of(project, last.engine if last else "embedded")
    shared = [
        path.relative_to(project.root).as_posix() for path in (*project.settings, *project.bibliography)
    ]

    def changed(names: list[str]) -> tuple[str, ...]:
        return tuple(n for n in names if last is not None and last.inputs.get(n) != now.inputs.get(n))

    own = [str(path) for path in source.files]
    return Explanation(str(chapter), reason, changed(own), changed(shared), uses, last is not None)
