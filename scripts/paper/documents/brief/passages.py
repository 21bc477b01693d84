"""What of the paper a sentence of the brief can rest on: sections with their words, floats, works, claims, rows."""

from __future__ import annotations

import re
from functools import cache, cached_property, partial

import panflute as pf

from paper.parsing import queries
from paper.parsing.tree import walk
from paper.project import Project
from paper.text.briefs import normalise_words
from paper.text.reading import read
from paper.text.source import Source
from paper.tools.cache import of_project

ABOUT_ITSELF = "brief"
_FLOAT = re.compile(r"#\|\s*label:\s*((?:fig|tbl|lst)-[\w-]+)|\{[^}]*#((?:fig|tbl|lst|eq)-[\w-]+)[^}]*\}")


class Passages:
    """The paper as it stands in its sources. Raises PaperError where a chapter can't be read."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._cache = of_project(project.root)

    @cached_property
    def sources(self) -> list[Source]:
        """Read the chapters."""
        return [read(self.project, chapter.path) for chapter in self.project.chapters]

    @cached_property
    def sections(self) -> dict[str, str]:
        """Id of each section, with its words (see ``normalise_words``), those of its subsections included."""
        return {name: words for name, (words, _) in self._sections.items()}

    @cached_property
    def cites(self) -> dict[str, set[str]]:
        """Id of each section, with the keys of the works that it cites."""
        return {name: set(keys) for name, (_, keys) in self._sections.items()}

    @cached_property
    def _sections(self) -> dict[str, tuple[str, list[str]]]:
        """Sections by id, those of a chapter kept while its text is the same: pandoc and its tree take long."""
        results: dict[str, tuple[str, list[str]]] = {}
        for source in self.sources:
            text = "".join(part for part in source.parts if isinstance(part, str))
            results |= self._cache.kept("sections", text, partial(_words_and_works, text))
        return results

    @cached_property
    def floats(self) -> set[str]:
        """Labels of figures, tables, listings and equations."""
        lines = (line.text for source in self.sources for line in source.lines)
        return {match[1] or match[2] for line in lines for match in _FLOAT.finditer(line)}

    @cached_property
    def works(self) -> set[str]:
        """Keys of the works that the paper cites."""
        from paper.bibliography.citations import cited_keys

        return set(cited_keys(self.project))

    @cached_property
    def claims(self) -> dict[str, str]:
        """Return the claims of the ledger, as a sentence names them, with what they say."""
        from paper.coding.claims import ledger

        return {
            f"claim-{claim.id}": normalise_words(claim.says) for claim in ledger.read(self.project.root)[0]
        }

    @cached_property
    def levels(self) -> dict[str, str]:
        """Return the level of confidence of each claim that is assessed, under the claim's name in a sentence.

        They are kept while the data are the same.
        """
        from paper.coding.data.state import state

        levels: dict[str, str] = self._cache.kept("levels", state(self.project), self._assessed)
        return levels

    def _assessed(self) -> dict[str, str]:
        from paper.coding.claims import confidence, ledger
        from paper.coding.claims.support import Evidence

        claims = ledger.read(self.project.root)[0]
        evidence = Evidence(self.project.root, synthetic=False) if claims else None
        results = [
            (one.id, confidence.assess(one, evidence.support(one)).level) for one in claims if evidence
        ]
        return {f"claim-{name}": level for name, level in results if level}

    @cache  # noqa: B019
    def _rows(self, table: str) -> dict[str, str]:
        """Return the rows of a coded table as their words, by id."""
        from paper.coding.data import load, package
        from paper.coding.data.sheet import read_whole

        described = package.described(table, self.project.root)
        file = described.file(synthetic=load.is_synthetic())
        columns = read_whole(self.project.root, file, described.columns).columns
        rows = zip(*columns.values(), strict=True)
        return {
            name: normalise_words(" ".join(row))
            for name, row in zip(columns.get("id", ()), rows, strict=False)
        }

    def row(self, name: str) -> str | None:
        """Return the words of the coded row ``table/id``; None where there is none."""
        table, _, key = name.partition("/")
        if not re.fullmatch(r"\w+", table) or not (self.project.root / "data" / f"{table}.csv").is_file():
            return None
        return self._rows(table).get(key)

    @cached_property
    def years(self) -> dict[str, str]:
        """Return the year of each work of the bibliography that has one, by its key."""
        from paper.bibliography.reader import read as entries

        works = (entry for path in self.project.bibliography for entry in entries(path).entries)
        return {work.key: (work.get("date") or work.get("year"))[:4] for work in works}

    def words(self, name: str) -> str:
        """Return what the section, claim or coded row of that name says, or the work's year; else ""."""
        said = self.sections.get(name) or self.claims.get(name) or ("/" in name and self.row(name))
        return said or self.years.get(name, "")

    def has(self, name: str) -> bool:
        """Return whether the paper has something of that name."""
        known = (self.sections, self.floats, self.works, self.claims)
        return (
            name == ABOUT_ITSELF
            or any(name in names for names in known)
            or ("/" in name and self.row(name) is not None)
        )

    @property
    def names(self) -> list[str]:
        """Everything that can be named, besides coded rows."""
        return sorted({*self.sections, *self.floats, *self.works, *self.claims})


def _words_and_works(text: str) -> dict[str, tuple[str, list[str]]]:
    return {
        name: (normalise_words(" ".join(map(pf.stringify, blocks))), sorted(_cited(blocks)))
        for name, blocks in _sections(text).items()
    }


def _cited(blocks: list[pf.Element]) -> set[str]:
    keys: set[str] = set()
    for block in blocks:
        walk(block, lambda e, _: keys.update(c.id for c in e.citations) if isinstance(e, pf.Cite) else None)
    return keys


def _sections(text: str) -> dict[str, list[pf.Element]]:
    doc = queries.parse_without(text)
    results: dict[str, list[pf.Element]] = {}
    above: list[tuple[int, str]] = []
    for block in doc.content:
        if isinstance(block, pf.Header):
            above = [(level, name) for level, name in above if level < block.level]
            above.append((block.level, block.identifier))
            results.setdefault(block.identifier, [])
        for _, name in above:
            results[name].append(block)
    return results
