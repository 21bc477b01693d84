"""The sentences that cite, and what is kept for each: the page that bears it, the whole work, or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from paper.bibliography.citations import Citation, Source, citations_in, sources
from paper.bibliography.names import fold
from paper.bibliography.rules.quotations import quoted_words, sentences
from paper.bibliography.support.model import Support
from paper.errors import CitationError, Place
from paper.project import Project

FILE: Final = "data/support.csv"
WHOLE: Final = "whole"
"""What stands for a page where the sentence rests on the whole work."""


@dataclass(frozen=True)
class CitingSentence:
    """A sentence and one work that it cites."""

    citation: Citation
    text: str
    """As written, on one line."""
    quotes: tuple[str, ...]
    """What stands in it between quotation marks, four words and more."""

    @property
    def digest(self) -> str:
        """Return what changes where the sentence's words change; its citations and locators don't count."""
        return sentence_digest(self.text)


def sentence_digest(text: str) -> str:
    """Return a short hash of a sentence's words, without citations, markup and capitals."""
    bare = re.sub(r"\[[^\[\]]*@[^\[\]]*\]|@\{?[\w:.#$%&+?<>~/-]+\}?(?:\s*\[[^\[\]]*\])?", " ", text)
    words = " ".join(re.findall(r"\w+", fold(bare)))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def citing_sentences(project: Project) -> list[CitingSentence]:
    """Return every citing sentence of the text in reading order, once for each work that it cites."""
    texts = sources(project, brief=True)
    return list(find_citing_sentences(texts, citations_in(project, texts)))


def find_citing_sentences(texts: Sequence[Source], citations: Sequence[Citation]) -> Iterator[CitingSentence]:
    """Yield the citing sentences of some texts, each once for each work that it cites."""
    for source in texts:
        here = [citation for citation in citations if citation.file == source.file]
        for start, sentence in sentences(source) if here else ():
            end = start + len(sentence)
            done: set[str] = set()
            for citation in here:
                if start <= citation.start < end and citation.key not in done:
                    done.add(citation.key)
                    text = " ".join(source.text[start:end].split())
                    yield CitingSentence(citation, text, tuple(quoted_words(sentence)))


def read_support(root: Path) -> list[Support]:
    """Return the rows of ``data/support.csv``; none where it isn't there. Raises CitationError for a broken file."""
    columns = [one.name for one in fields(Support)]
    rows = read_table(root, FILE, columns)
    return [Support(**{name: row[name] for name in columns}) for _, row in rows]  # type: ignore[arg-type]


def read_table(root: Path, file: str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return line and cells of each row of a CSV file; nothing where it isn't there. Raises CitationError."""
    try:
        text = (root / file).read_text("utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise CitationError(f"can't be read: {error}", place=Place(file), remedy="save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise CitationError(
            f"there is no column {missing[0]}",
            place=Place(file, 1),
            remedy=f"its columns are {', '.join(columns)}",
        )
    results = []
    for row in reader:
        cells = {name: (row[name] or "").strip() for name in columns}
        if any(cells.values()):
            results.append((reader.line_num, cells))
    return results


def support_by_citation(project: Project) -> list[tuple[CitingSentence, Support | None]]:
    """Return every citation of the text in reading order with what bears it, as the overlay of evidence may show it.

    ``support.page`` and ``support.reason`` may be shown; the words of the work aren't there to be shown. A sentence
    that was changed since has no support. Raises CitationError for a broken file.
    """
    known = {(row.key, row.sentence): row for row in read_support(project.root)}
    return [(one, known.get((one.citation.key, one.digest))) for one in citing_sentences(project)]
