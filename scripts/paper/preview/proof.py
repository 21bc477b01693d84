"""The PDF beside the page: drawn page by page, so that the place stays where the author reads."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pypdfium2

from paper.tools.cache import file_digest

WIDEST = 3000  # pixels of a page that is drawn


class Proof:
    """A PDF that is made anew again and again, of which pages are asked for one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()  # PDFium does one thing at a time
        self._open: tuple[str, pypdfium2.PdfDocument] | None = None

    @property
    def version(self) -> str:
        """Return what tells the file apart from earlier ones; "" where there is none."""
        return file_digest(self.path)

    def sizes(self) -> list[tuple[float, float]]:
        """Return the width and height of each page, in points."""
        with self._lock:
            return [page.get_size() for page in self._document()]

    def page(self, number: int, width: int) -> bytes | None:
        """Draw a page, from 0, as a PNG so many pixels wide; None where the PDF has no such page."""
        with self._lock:
            document = self._document()
            if not 0 <= number < len(document):
                return None
            page = document[number]
            drawn = page.render(scale=min(width, WIDEST) / page.get_width())
            stream = io.BytesIO()
            drawn.to_pil().save(stream, "PNG", compress_level=1)
            return stream.getvalue()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open is not None:
                self._open[1].close()
            self._open = None

    def _document(self) -> pypdfium2.PdfDocument:
        content = self.path.read_bytes()  # a file that is open can't be replaced on every system
        version = file_digest(self.path)
        if self._open is None or self._open[0] != version:
            if self._open is not None:
                self._open[1].close()
            self._open = version, pypdfium2.PdfDocument(content)
        return self._open[1]
