"""A report of reviewers as numbered points, and the file in which the author answers them.

The file is Markdown, one for each round, ``replies/round-1.md``::

    ## Point 1.2

    > What the reviewer wrote.

    Answer: Thank you; the sentence now says so.

    Changes: chapters/findings.qmd:12-14, chapters/conclusion.qmd:8

``Changes: none, because …`` gives a reason instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.errors import Place, SourceError

FOLDER: Final = "replies"
_WHO: Final = re.compile(
    r"\s*(?:#+\s*|\*\*|__)?(?:(?:comments?|remarks|report|review)\s+(?:of|from|by)\s+(?:the\s+)?)?"
    r"(?P<who>(?:(?:associate|handling|guest|academic)\s+)?editor"
    r"|(?:reviewer|referee)\b(?:\s*(?:no\.?|number|[:#])?\s*(?:\d+|[A-Z]|[IVX]+|one|two|three|four)\b)?)"
    r"(?:['’]s)?(?:\s*(?:comments?|remarks|report|review))?"
    r"(?:\s*\(?(?:(?:comments?|remarks)\s+)?(?:to|for)\s+(?:the\s+)?authors?\)?)?\s*[:.]?\s*(?:\*\*|__)?\s*[:.]?\s*",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(
    r"\s*(?:#+\s*|\*\*|__)?(?:(?:general\s+)?(?:comments?|remarks)\s+(?:to|for)\s+(?:the\s+)?authors?"
    r"|(?:major|minor|general|specific|other|further)(?:\s+(?:comments?|points?|concerns?|issues?|remarks?))?)"
    r"\s*[:.]?\s*(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\s{0,6}(?:(?:comment|point)\s+)?(?:\(?\d{1,2}(?:\.\d{1,2})?[.):]|[-*•])\s+", re.IGNORECASE
)
_POINT: Final = re.compile(r"^## Point (?P<name>\S+)[ \t]*$", re.MULTILINE)
_CHANGE: Final = re.compile(r"(?P<file>[^\s,:]+):(?P<first>\d+)(?:[-–](?P<last>\d+))?")
_SINCE: Final = re.compile(r"^Compared with commit (?P<commit>[0-9a-f]{7,64})\.[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Reviewed:
    """A point of a report."""

    name: str
    """Reviewer and number: "1.2", "E.1" for an editor."""
    who: str
    """Who wrote it, as the report has it."""
    words: str
    """The point itself; paragraphs parted by empty lines."""


@dataclass(frozen=True)
class Change:
    """Lines of a source that a point names."""

    file: str
    first: int
    last: int


@dataclass(frozen=True)
class Point:
    """A point with its answer."""

    name: str
    line: int
    """Where it begins in the file."""
    words: str
    """What the reviewer wrote."""
    answer: str
    """The author's answer, in Markdown."""
    changes: tuple[Change, ...]
    """The lines that were changed for it."""
    given: str
    """What stands after ``Changes:``."""

    @property
    def reason(self) -> str:
        """Why nothing was changed; "" where something was, or no reason is given."""
        match = re.match(r"none\b[\s,:;.–—-]*(.*)", self.given, re.IGNORECASE | re.DOTALL)
        return match[1].strip() if match else ""


def points_of_report(text: str) -> list[Reviewed]:
    """Return the points of a pasted report: numbered or listed ones, else its paragraphs, by reviewer."""
    results: list[Reviewed] = []
    shorts: dict[str, str] = {}
    for who, lines in _by_reviewer(text.replace("\r\n", "\n").split("\n")):
        short = shorts.setdefault(who, _short(who, {*shorts.values()}))
        count = sum(one.who == who for one in results)
        for number, words in enumerate(_split(lines), count + 1):
            results.append(Reviewed(f"{short}.{number}", who, words))
    return results


def _short(who: str, taken: set[str]) -> str:
    """Return what the points of a reviewer are numbered by: 2, or C, or E for an editor; no other's."""
    named = re.search(r"\s(\d+|[A-Z])$", who)
    short = named[1] if named else "E" if "editor" in who.lower() else ""
    return (
        short if short and short not in taken else next(str(n) for n in range(1, 100) if str(n) not in taken)
    )


def _by_reviewer(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of each who writes; what stands before the first reviewer is the editor's letter."""
    several = any(_WHO.fullmatch(line) for line in lines)
    who, own = "Editor" if several else "Reviewer 1", []
    for line in lines:
        match = _WHO.fullmatch(line)
        if match is None:
            own.append(line)
            continue
        if any(text.strip() for text in own):
            yield who, own
        who, own = " ".join(re.sub(r"\s*(?:\bno\b\.?|\bnumber\b|[:#])", " ", match["who"]).split()), []
    if any(text.strip() for text in own):
        yield who, own


def _split(lines: list[str]) -> Iterator[str]:
    """Yield points: what is numbered, with the paragraphs that follow it; what stands before is one, too."""
    numbered = any(_NUMBER.match(line) for line in lines)
    current: list[str] = []
    for line in lines:
        match = _NUMBER.match(line)
        heading = _HEADING.fullmatch(line) is not None
        begins = heading or match is not None or (not numbered and not line.strip())
        if begins and any(text.strip() for text in current):
            yield _joined(current)
            current = []
        if not heading:
            current.append(line[match.end() :] if match else line)
    if any(text.strip() for text in current):
        yield _joined(current)


def _joined(lines: list[str]) -> str:
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines).strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def render(points: list[Reviewed], title: str, commit: str) -> str:
    """Return the file to answer in."""
    results = [f"# Reply to the reviewers of “{title}”\n"]
    if commit:
        results.append(f"Compared with commit {commit}.\n")
    who = ""
    for point in points:
        if point.who != who:
            who = point.who
            results.append(f"# {who}\n")
        quoted = "\n".join(f"> {line}".rstrip() for line in point.words.split("\n"))
        results.append(f"## Point {point.name}\n\n{quoted}\n\nAnswer:\n\nChanges:\n")
    return "\n".join(results)


def read(text: str, name: str) -> tuple[str, list[Point]]:
    """Return the commit that a reply compares with ("" for none), and its points. Raises SourceError without points."""
    since = _SINCE.search(text)
    heads = list(_POINT.finditer(text))
    if not heads:
        raise SourceError(
            "no point is answered here",
            place=Place(name),
            remedy="begin the file with: paper reply start REPORT.txt",
        )
    points = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        body = re.split(r"^# ", body, maxsplit=1, flags=re.MULTILINE)[0]
        answer = re.search(r"^Answer:(.*?)(?=^Changes:|\Z)", body, re.MULTILINE | re.DOTALL)
        changes = re.search(r"^Changes:(.*)\Z", body, re.MULTILINE | re.DOTALL)
        given = " ".join(changes[1].split()) if changes else ""
        quoted = [line[1:].strip() for line in body.split("\n") if line.startswith(">")]
        points.append(
            Point(
                head["name"],
                text.count("\n", 0, head.start()) + 1,
                "\n".join(quoted).strip(),
                answer[1].strip() if answer else "",
                tuple(
                    Change(m["file"], int(m["first"]), int(m["last"] or m["first"]))
                    for m in _CHANGE.finditer(given)
                ),
                given,
            )
        )
    return since["commit"] if since else "", points


def latest(root: Path) -> Path:
    """Return the file of the last round; the first one's where there is none."""
    rounds = {
        int(m[1]): path
        for path in (root / FOLDER).glob("round-*.md")
        if (m := re.fullmatch(r"round-(\d+)", path.stem))
    }
    return rounds[max(rounds)] if rounds else root / FOLDER / "round-1.md"
