"""The one door to Typst: fonts, standards, date."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

from paper.dates import epoch
from paper.errors import PaperError
from paper.parsing.origins import Origin
from paper.project import Project
from paper.report import Fault
from paper.tools import trace
from paper.tools.files import write_atomic
from paper.writers.typst import faults, settings

TRIES = 40  # blocks that Typst refuses before the PDF is given up


def compile_pdf(
    project: Project,
    source: str,
    out: Path,
    typ: Path,
    origins: Sequence[Origin] = (),
    fonts: Sequence[Path] = (),
) -> list[Fault]:
    """Compile Typst source to a tagged PDF at ``out``; the same bytes for the same source. ``typ`` keeps the source.

    origins: where the marked blocks of the source are from. A block that Typst refuses through no fault of the author's
    gives way to a note, and what is returned says so. fonts: folders of fonts besides those in the wheel; no other is
    used, so that every machine sets the same lines.
    Raises ChapterError where the fault lies in raw Typst or an image of a chapter, else ToolError.
    """
    import typst

    # What is compiled is a file of this process: another build, of another profile perhaps, may write it meanwhile.
    own = typ.with_name(f"{typ.stem}-{os.getpid()}.typ")
    notices: list[Fault] = []
    refused: set[int] = set()
    try:
        for _ in range(TRIES):
            write_atomic(own, source.encode("utf8"))
            trace.show(["typst", "compile", f"--root={project.root}", own, out])  # within this process
            try:
                result, warnings = typst.compile_with_warnings(
                    str(own),
                    root=str(project.root),
                    format="pdf",
                    font_paths=[str(folder) for folder in fonts],
                    ignore_system_fonts=True,
                    pdf_standards=settings.standards(project),  # type: ignore[call-overload]
                    timestamp=timestamp(project),
                )
                break
            except typst.TypstError as error:
                if "PDF standards error" in str(error):
                    raise settings.incompatible_standards(project, str(error)) from None
                problems = faults.problems(error, source, own.name)
                source, told = faults.without_refused(project, source, problems, origins, refused)
                notices += told
        else:
            raise faults.given_up(problems)
    except PaperError as error:
        error.detail = error.detail.replace(own.name, typ.name)
        raise
    finally:
        if own.is_file():
            own.replace(typ)
    out.write_bytes(result)
    return notices + faults.unsettled([str(warning.message) for warning in warnings])


def timestamp(project: Project) -> int:
    """Seconds since 1970 of the moment that files made from the book carry.

    ``SOURCE_DATE_EPOCH``, else the book's date, else 1980 (the first year that a DOCX can name).
    """
    if (moment := epoch()) is not None:
        return moment
    day = project.date or dt.date(1980, 1, 1)
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
