"""What pandoc wrote of a chapter before, kept as long as nothing that it is made from changes.

pandoc writes a book as a whole, and takes longest for its text. Of chapters whose writing is kept it is given a
skeleton: the blocks that tell on other parts of what it writes, as headings do on contents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from paper.tools import pandoc
from paper.tools.cache import Cache, digest

Output = TypeVar("Output")
Share = TypeVar("Share")


@dataclass(frozen=True)
class Text:
    """The text of a chapter as it goes to pandoc, the blocks in pandoc's JSON."""

    whole: str
    """All its blocks."""
    skeleton: str
    """Those that tell on more than its own share of what pandoc writes."""
    first: str
    """The id of its first heading, which begins its share; "" for a chapter of which none is known."""
    around: object = None
    """What else of the book its share depends on."""


@dataclass(frozen=True)
class Form(Generic[Output, Share]):
    """How pandoc writes a book, and how that is taken apart."""

    name: str
    """Tells the form apart."""
    around: object
    """All that a share depends on besides the text, as ``str`` tells it apart."""
    convert: Callable[[Sequence[str]], Output]
    """Let pandoc write these texts."""
    shares: Callable[[Output, Sequence[Text]], list[Share | None]]
    """Return the share of each text, as JSON can hold it; None where it isn't clear which it is."""
    put: Callable[[Output, Sequence[Text], Sequence[Share | None]], Output | None]
    """Return what pandoc wrote with these shares in the place of its own; None where they have no place there."""

    def write(self, texts: Sequence[Text], cache: Cache | None) -> Output:
        """Return what pandoc writes of the texts. cache: where shares are kept."""
        if cache is None:
            return self.convert([text.whole for text in texts])
        keys = [
            digest(self.name, pandoc.binary(), self.around, text.around, text.first, text.whole)
            for text in texts
        ]
        kept: list[Share | None] = [
            cache.get(self.name, key) if text.first else None for key, text in zip(keys, texts, strict=True)
        ]
        output: Output | None = None
        if any(share is not None for share in kept):
            pairs = zip(texts, kept, strict=True)
            output = self.convert([text.whole if share is None else text.skeleton for text, share in pairs])
            output = self.put(output, texts, kept)
        if output is None:
            kept = [None for _ in texts]
            output = self.convert([text.whole for text in texts])
        made = zip(keys, kept, self.shares(output, texts), strict=True)
        for key, share, new in made:
            if share is None and new is not None:
                cache.put(self.name, key, new)
        return output
