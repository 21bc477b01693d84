r"""A .bib file as it stands: every entry, field and word between them, with positions, whatever its state.

pybtex reads names here (see ``names``) but not the file. Its low-level parser gives no line for a field and
no text for what lies between entries; at a brace that is never closed it takes the rest of the file into
one value and gives up; it needs 1.5 s for 10,000 entries. The audit needs lines and findings from broken
files, the tidy needs every character back, and both need speed. So this reader keeps the text as blocks
that joined give the file again, and gets over a fault at the next line that looks like a field or an entry.

What counts as broken follows the reader that prints our lists, pandoc's: ``%`` begins a comment between
entries and between fields, ``\{`` doesn't open a brace, an entry stands in braces and not in brackets.

Every step takes time in proportion to what it reads over, so that no file, however broken, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from paper.bibliography.entries import Reader
from paper.bibliography.model import Bibliography, circular_keys
from paper.errors import CitationError, Place
from paper.text.decoding import Decoded, decode


def read(path: Path, name: str | None = None) -> Bibliography:
    """Read a file. Raises OSError only; whatever the file holds gives a Bibliography."""
    return parse(decode(path.read_bytes()), name or path.name)


def read_or_raise(path: Path, name: str) -> Bibliography:
    """Read a file that a person named. Raises CitationError where it can't be read."""
    try:
        return read(path, name)
    except IsADirectoryError:
        raise CitationError(
            "a folder, not a .bib file", place=Place(name), remedy="name the file in it"
        ) from None
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise CitationError(
            message, place=Place(name), remedy="look at its name and its permissions"
        ) from None


def read_text(text: str, name: str = "text") -> Bibliography:
    """Read a text that is no file."""
    return parse(Decoded(re.sub("\r\n?", "\n", text)), name)


@lru_cache(maxsize=16)  # several checks of one command read the same files
def parse(decoded: Decoded, name: str) -> Bibliography:
    """Parse a decoded file; what comes back is shared, and not to be changed."""
    return Reader(Bibliography(name, decoded)).run()


def refuse_circles(bibs: Sequence[Bibliography]) -> None:
    """Raise CitationError for entries that cross-reference each other in a circle: pandoc would read on for ever."""
    every = {entry.key: (entry, bib) for bib in bibs for entry in bib.entries}
    for key in sorted(circular_keys({name: entry for name, (entry, _) in every.items()})):
        entry, bib = every[key]
        raise CitationError(
            f"crossref leads back to {key}",
            place=Place(bib.name, bib.line(entry.place("crossref"))),
            remedy="break the circle",
        )
