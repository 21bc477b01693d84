"""The one door to Typst: fonts, standards, date, and what is said when it fails."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Final

from paper.dates import epoch
from paper.errors import ChapterError, PaperError, Place, ToolError
from paper.project import Project
from paper.render.cache import write_atomic
from paper.render.typst.writer import MARK

STANDARD: Final = "ua-1"


def compile_pdf(project: Project, source: str, out: Path, typ: Path) -> None:
    """Typst source to a tagged PDF/UA-1 at ``out``; the same bytes for the same source. ``typ`` keeps the source.

    What is compiled is a file of this process: another build, of another profile perhaps, may write ``typ`` meanwhile.
    Only the fonts in the wheel are used, so that every machine sets the same lines. Raises ChapterError where the
    fault lies in a chapter, else ToolError.
    """
    import typst

    own = typ.with_name(f"{typ.stem}-{os.getpid()}.typ")
    write_atomic(own, source.encode("utf8"))
    try:
        made = typst.compile(
            str(own),
            root=str(project.root),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            timestamp=timestamp(project),
        )
    except typst.TypstError as error:
        raise _told(error, source, own.name, typ.name) from None
    finally:
        own.replace(typ)
    out.write_bytes(made)


def timestamp(project: Project) -> int:
    """Seconds since 1970 of the moment that files made from the book carry.

    ``SOURCE_DATE_EPOCH``, else the book's date, else 1980 (the first year that a DOCX can name).
    """
    if (moment := epoch()) is not None:
        return moment
    day = project.date or dt.date(1980, 1, 1)
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())


def _told(error: Exception, source: str, name: str, kept: str) -> PaperError:
    message = str(getattr(error, "message", error))
    shown = str(getattr(error, "diagnostic", "")).replace(name, kept)
    chapter = _chapter(shown, source)
    if "missing alt text" in message or "alt text" in message:
        remedy = "describe the figure with fig-alt"
    else:
        remedy = "look at raw Typst, unusual tables and images there; `paper build --to html` works without the PDF"
    said = f"Typst can't set {'this chapter' if chapter else 'the PDF'}: {message}"
    if chapter:
        return ChapterError(said, place=Place(chapter), detail=shown, remedy=remedy)
    return ToolError(said, detail=shown, remedy=remedy)


def _chapter(shown: str, source: str) -> str:
    """The chapter whose part of the source the first place in Typst's message lies in; "" where it names none."""
    place = re.search(r"\.typ:(\d+):", shown)
    if not place:
        return ""
    lines = source.splitlines()[: int(place[1])]
    return next((line.removeprefix(MARK) for line in reversed(lines) if line.startswith(MARK)), "")
