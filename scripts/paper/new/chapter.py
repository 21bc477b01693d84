"""A new chapter: its file, and its place in the book."""

from __future__ import annotations

import re
from pathlib import Path

from paper.new.names import in_words, require_file_name, require_new, require_new_label
from paper.new.plan import Plan, read, render_template
from paper.new.settings import with_chapter
from paper.project import Project
from paper.settings import project_file

REFERENCES = re.compile(r"^:{3,}\s*\{[^}]*#refs\b", re.M)


def plan(project: Project, name: str, *, title: str = "", after: str = "", appendix: bool = False) -> Plan:
    """Plan the chapter ``chapters/NAME.qmd``, listed after ``after``, else before the list of references.

    appendix: among the appendices, at the end. Raises SourceError for a name that can't be, or is taken.
    """
    require_file_name(name, "chapter")
    require_new(name, [chapter.path.stem for chapter in project.chapters], "a chapter called")
    path, label = f"chapters/{name}.qmd", f"sec-{name}"
    require_new_label(project, label)
    beside = project.chapter(after).path if after else _references(project, appendix=appendix)
    appendix = appendix or (bool(after) and project.chapter(after).kind == "appendix")
    settings = project_file(project.root).name
    listed = with_chapter(
        read(project.root, settings), path, beside=str(beside or ""), after=bool(after), appendix=appendix
    )
    return Plan(
        created={path: render_template("chapter.qmd.j2", title=title or in_words(name), label=label)},
        changed={settings: listed},
        steps=(f"write in {path}; refer to it from other chapters as @{label}", "paper build"),
    )


def _references(project: Project, *, appendix: bool) -> Path | None:
    """Return the chapter that holds the list of works: new ones come before it."""
    if appendix:
        return None
    for chapter in project.chapters:
        path = project.root / chapter.path
        if chapter.kind == "chapter" and REFERENCES.search(path.read_text("utf8", errors="replace")):
            return Path(chapter.path)
    return None
