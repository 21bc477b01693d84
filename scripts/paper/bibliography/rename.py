"""Another key for a work, everywhere at once: in the bibliography, the texts, the brief and the data.

What is renamed: the entry, and the entries that refer to it; ``@key`` in every text and in ``_quarto.yml``; in the
brief the sentences that name it as their source (``from="key"``); in ``data/`` the cells that hold it. Private data
stay as they are. All files are written, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paper.bibliography.citations import sources
from paper.bibliography.formatted import bibliography_files
from paper.bibliography.model import Entry
from paper.bibliography.reader import read, read_text
from paper.bibliography.settings import settings
from paper.bibliography.tidy import keep_order
from paper.errors import CitationError, Place
from paper.paths import is_private
from paper.project import Project
from paper.settings import project_file
from paper.text.decoding import decode
from paper.tools.files import write_all

_REFERRING = frozenset({"crossref", "xdata", "xref", "related", "entryset"})
_DATA = (".csv", ".yml", ".yaml")
_END = r"(?!\w|[:.#$%&\-+?<>~/](?=\w))"  # where a key ends, as pandoc reads it
Change = Callable[[str], tuple[str, int]]


@dataclass(frozen=True)
class RenameResult:
    """What a renaming changed."""

    files: dict[str, int]
    """Path from the root → how many places."""
    left: list[str]
    """Places that still name the key, for the author to change."""


def rename(project: Project, old: str, new: str, *, dry: bool = False) -> RenameResult:
    """Give the work with the key ``old`` the key ``new`` wherever the project names it; dry: change nothing.

    Raises CitationError for a key that no entry has, one that is taken, and one off the pattern of keys.
    """
    root = project.root
    _check_keys(project, old, new)
    files: dict[str, int] = {}
    texts: dict[Path, bytes] = {}
    for path, change in _files(project, old, new):
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        decoded = decode(path.read_bytes())
        after, count = change(decoded.text)
        if count and not decoded.exact:
            message = "not renamed: the file is not UTF-8"
            raise CitationError(message, place=Place(name), remedy="save it as UTF-8 first")
        if count:
            files[name], texts[path] = count, decoded.encode(after)
    if not dry:
        _write(texts)
    return RenameResult(files, [] if dry else _remaining_places(root, old))


def _check_keys(project: Project, old: str, new: str) -> None:
    bibs = [read(path) for path in bibliography_files(project)]
    every = {entry.key.lower(): (entry, bib) for bib in bibs for entry in bib.entries}
    place = Place(bibs[0].name)
    if old.lower() not in every or every[old.lower()][0].key != old:
        raise CitationError(
            f"no entry has the key {old!r}", place=place, remedy="paper refs show finds the nearest"
        )
    if new.lower() in every and new.lower() != old.lower():
        entry, bib = every[new.lower()]
        place = Place(bib.name, bib.line(entry.start))
        raise CitationError(
            f"the key {new} is taken", place=place, remedy="choose another, as with a letter after it"
        )
    pattern = settings(project).key_pattern
    if not re.fullmatch(pattern, new):
        raise CitationError(
            f"{new!r} is off the pattern of keys, {pattern}", remedy="choose a key as hood1991"
        )


class _InBibliography:
    """The key of an entry, and what refers to it, in a .bib file."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def __call__(self, text: str) -> tuple[str, int]:
        bib = read_text(text)
        places = sorted(place for entry in bib.entries for place in self._places(text, entry))
        pieces, done = [], 0
        for start in places:
            pieces += [text[done:start], self.new]
            done = start + len(self.old)
        return keep_order(bib, "".join([*pieces, text[done:]])), len(places)

    def _places(self, text: str, entry: Entry) -> Iterator[int]:
        if entry.key == self.old:
            yield text.index(self.old, entry.start)
        for one in entry.fields:
            if one.name.lower() in _REFERRING:
                start = one.end - len(one.raw)
                for match in re.finditer(rf"(?<![^\s,{{\"]){re.escape(self.old)}(?![^\s,}}\"])", one.raw):
                    yield start + match.start()


def _files(project: Project, old: str, new: str) -> Iterator[tuple[Path, Change]]:
    """Every file that may name the key, with the way to rename it there."""
    root = project.root
    for path in bibliography_files(project):
        yield path, _InBibliography(old, new)
    texts = {root / source.file for source in sources(project, brief=True)} | set(root.glob("_quarto*.y*ml"))
    for pattern in ("*.qmd", "*.ipynb"):  # chapters of other profiles, too
        texts |= {path for path in root.rglob(pattern) if not _is_foreign(project, path)}
    for path in sorted(path for path in texts if path.is_file()):
        yield path, lambda text: _in_text(text, old, new)
    for path in sorted((root / "data").rglob("*")):
        if path.suffix in _DATA and path.is_file() and not is_private(root, path):
            yield path, lambda text: _in_data(text, old, new)


def _is_foreign(project: Project, path: Path) -> bool:
    """Whether a file is in a hidden folder, a build's output, private data or another book within this one."""
    root = project.root
    below = [folder for folder in path.parents if folder.is_relative_to(root) and folder != root]
    return (
        path.is_relative_to(project.output_dir)
        or is_private(root, path)
        or any(folder.name.startswith(".") or project_file(folder).is_file() for folder in below)
    )


def _in_text(text: str, old: str, new: str) -> tuple[str, int]:
    """Citations, links to the list of references, and the sources that sentences of the brief name."""
    cited = rf"((?<![\w\\])@\{{?|\(#ref-){re.escape(old)}{_END}"
    text, count = re.subn(cited, lambda match: match[1] + new, text)

    def renamed(match: re.Match[str]) -> str:
        nonlocal count
        words = match[2].split(" ")
        count += words.count(old)
        return match[1] + " ".join(new if word == old else word for word in words) + match[3]

    return re.sub(r"(\bfrom=\")([^\"\n]*)(\")", renamed, text), count


def _in_data(text: str, old: str, new: str) -> tuple[str, int]:
    """Cells that hold the key; where it could be a word, those that begin with it, alone or before a comma."""
    key = re.escape(old)
    if re.search(r"\d", old):
        return re.subn(rf"(?<![\w.@/-]){key}{_END}|(?<=@){key}{_END}", new, text)
    return re.subn(rf"(?m)(?:(?<=^)|(?<=[,;:] )|(?<=[,;\"])){key}(?=[,;\"\r]|$)|(?<=@){key}{_END}", new, text)


def _write(texts: dict[Path, bytes]) -> None:
    """Write every file or none. Raises CitationError where one can't be written."""
    try:
        write_all(texts)
    except OSError as error:
        message = f"not renamed: {error.strerror}"
        raise CitationError(
            message, remedy="look who may write to it, and whether the disk is full"
        ) from None


def _remaining_places(root: Path, old: str) -> list[str]:
    """Places of the project's code that still name the key."""
    results = []
    for folder in ("scripts/figures", "scripts/tables", "scripts/analysis"):
        for path in sorted((root / folder).glob("*.py")):
            for number, line in enumerate(path.read_text("utf8", errors="replace").split("\n"), 1):
                if re.search(rf"(?<![\w-]){re.escape(old)}(?![\w-])", line):
                    results.append(f"{path.relative_to(root).as_posix()}:{number}")
    return results
