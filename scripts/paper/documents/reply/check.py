"""Whether each point of a reply is answered, and names something that was really changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from paper.documents.reply.points import Change, Point
from paper.errors import MachineError
from paper.paths import is_below
from paper.report import Fault
from paper.tools import git


def check(root: Path, name: str, commit: str, points: list[Point]) -> list[Fault]:
    """Return what is missing or wrong in a reply. name: its path, for faults; commit: what was sent to reviewers."""
    return [fault for point in points for fault in _point(root, name, commit, point)]


def _point(root: Path, name: str, commit: str, point: Point) -> Iterator[Fault]:
    def fault(rule: str, said: str, remedy: str) -> Fault:
        return Fault(name, point.line, rule, f"point {point.name} {said}", remedy)

    if not point.answer:
        yield fault("reply-answer", "has no answer", "write it after Answer:")
    if not point.given:
        yield fault("reply-changes", "names no change", "write file:line after Changes:, or: none, because …")
    elif point.given.lower().startswith("none"):
        if not point.reason:
            yield fault("reply-reason", "says none without a reason", "write: none, because …")
    elif not point.changes:
        remedy = "write it as chapters/findings.qmd:12 or chapters/findings.qmd:12-14"
        yield fault("reply-changes", f"names no line: {point.given}", remedy)
    for change in point.changes:
        path = root / change.file
        if not is_below(path, root) or not path.is_file():
            yield fault("reply-file", f"names {change.file}, which is no file", "correct its path")
            continue
        lines = path.read_text("utf8", errors="replace").count("\n") + 1
        if change.last > lines or change.first > change.last or not change.first:
            yield fault(
                "reply-lines",
                f"names lines that {change.file} hasn't: {change.first}–{change.last}",
                "correct them",
            )
        elif commit and not any(_meet(change, hunk) for hunk in hunks(root, commit, change.file)):
            message = f"names {change.file}:{change.first}, where nothing has changed since {commit[:7]}"
            yield fault("reply-unchanged", message, f"see what has: git diff {commit[:7]} -- {change.file}")


def _meet(change: Change, hunk: tuple[int, int]) -> bool:
    return change.first <= hunk[1] and hunk[0] <= change.last


def hunks(root: Path, commit: str, file: str) -> list[tuple[int, int]]:
    """Return the lines of a file that have changed since a commit, first and last of each stretch, as they are now.

    What was only taken away has the lines on both sides. Raises MachineError where git doesn't know the commit.
    """
    done = git.run(root, "diff", "-U0", "--no-color", "--no-ext-diff", commit, "--", file)
    if done.returncode:
        said = done.stderr.decode("utf8", "replace").strip()
        raise MachineError(
            f"git can't compare with {commit}", detail=said, remedy="correct the commit in the reply"
        )
    results = []
    for match in re.finditer(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", done.stdout, re.MULTILINE):
        first, length = int(match[1]), int(match[2] or 1)
        results.append((first, first + length - 1) if length else (first, first + 1))
    return results
