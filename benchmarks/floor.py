"""What no build can be faster than: pandoc, a kernel, Typst and Pagefind alone, on a built book's own sources.

    python -m benchmarks.floor prepare|pandoc|kernel|typst|pagefind BOOK WORK

``prepare`` takes from the last build of BOOK what the four programs worked on, and isn't measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAMS = ("pandoc", "kernel", "typst", "pagefind")


def prepare(root: Path, work: Path) -> None:
    """Write the chapters' Markdown with their results, the cells, and what pandoc is told of citing."""
    from paper import project
    from paper.cells import markdown
    from paper.cells.execute import Executor
    from paper.numbering import citing
    from paper.text.reading import read
    from paper.text.source import Cell
    from paper.tools.cache import Cache

    book = project.load(root)
    work.mkdir(parents=True, exist_ok=True)
    cells: list[tuple[str, str]] = []
    chapters = []
    with Executor(book, Cache(root / ".paper/cache")) as executor:
        for number, chapter in enumerate(book.chapters):
            source = read(book, chapter.path)
            cells += [
                (str(root / chapter.path.parent), part.code)
                for part in source.runnable
                if isinstance(part, Cell)
            ]
            text = markdown.assemble(book, source, executor.run(source), root / ".paper/images").text
            path = work / f"{number:03}.md"
            path.write_text(text, "utf8")
            chapters.append(str(path))
    args = citing.citation_args(book)
    formats = ["html5", *(name for name in ("typst", "docx") if name in book.config["format"])]
    (work / "floor.json").write_text(
        json.dumps({"cells": cells, "chapters": chapters, "args": args, "formats": formats})
    )


def run_pandoc(root: Path, work: Path) -> None:
    """The whole book parsed and cited once, then written in each format, by one living pandoc."""
    from paper.tools import pandoc

    given = json.loads((work / "floor.json").read_text())
    text = "\n\n".join(Path(chapter).read_text("utf8") for chapter in given["chapters"])
    tree = pandoc.run(text, source=pandoc.READER, to="json", args=given["args"], cwd=root)
    for name in given["formats"]:
        pandoc.run(tree, source="json", to=name, args=[f"--output={work / f'whole.{name}'}"], cwd=root)


def run_kernel(root: Path, work: Path) -> None:
    """All cells of the book in one kernel."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(cwd=str(root))
    try:
        for folder, code in json.loads((work / "floor.json").read_text())["cells"]:
            client.execute_interactive(
                f"__import__('os').chdir({folder!r})\n{code}", output_hook=lambda _: None
            )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run_typst(root: Path, _: Path) -> None:
    """The PDFs from the Typst sources that the build left, in the standards that the book asks for."""
    import typst

    from paper import project
    from paper.writers.typst import settings

    standards = settings.standards(project.load(root))
    for path in sorted((root / ".paper/typst").glob("*.typ")):
        typst.compile(
            str(path),
            root=str(root),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=standards,  # type: ignore[call-overload]
            timestamp=0,
        )


def run_pagefind(root: Path, work: Path) -> None:
    """The search index of the built site."""
    command = [
        "-m",
        "pagefind",
        "--site",
        str(root / "_site"),
        "--output-path",
        str(work / "pagefind"),
        "--quiet",
    ]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)


def main() -> None:
    what, root, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    steps = {
        "prepare": prepare,
        "pandoc": run_pandoc,
        "kernel": run_kernel,
        "typst": run_typst,
        "pagefind": run_pagefind,
    }
    steps[what](root, work)


if __name__ == "__main__":
    main()
