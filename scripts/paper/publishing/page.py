"""A figure on a page: the drawing, its marks as links, and beneath it the tools to check it and take it away."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from paper.analysis import datafile
from paper.analysis.datafile import format_value
from paper.coding.data.package import described
from paper.drawing.svg import link_overlay, page_markup
from paper.profiles import profile_name
from paper.project import Project, load
from paper.publishing.own import Kind, source
from paper.publishing.ui import ui_strings
from paper.settings import project_file
from paper.tools import watched

if TYPE_CHECKING:
    import pandas as pd

    from paper.drawing.canvas import Canvas
    from paper.publishing.figure import Figure
    from paper.publishing.table import Table


def _book(root: Path) -> Project:
    return watched.once(("book", root, profile_name()), lambda: load(root))


def language(root: Path) -> str:
    """Return the book's language."""
    return _book(root).lang


def address(path: str | Path, root: Path) -> str:
    """Return the way from the chapter that is being run (the working directory) to a file of the project."""
    return Path(os.path.relpath(root / path, Path.cwd())).as_posix()


def fragment(figure: Figure, files: Mapping[str, Path], root: Path) -> str:
    """Return the figure's HTML. files: its renderings, as ``renderings.current_files`` gives them.

    All that comes from data is escaped; no script, no style, no handler stands in it: marks are plain links.
    """
    t = ui_strings(language(root))
    link = {name: html.escape(address(path, root)) for name, path in files.items()}
    csv = html.escape(address(datafile.name("fig", figure.name, synthetic=figure.synthetic), root))
    label = figure.describe or figure.name.replace("_", " ")
    lines = [
        f'<div class="paper-figure{" has-narrow" if figure.narrow else ""}">',
        '<div class="figure-static">',
        page_markup(files["svg"].read_text("utf8"), kind="figure-wide", label=label),
        _links(figure.figure, "figure-wide", root),
    ]
    if figure.narrow is not None:
        lines.append(page_markup(files["narrow-svg"].read_text("utf8"), kind="figure-narrow", label=label))
        lines.append(_links(figure.narrow, "figure-narrow", root))
    lines = [line for line in lines if line]
    lines += [
        "</div>",
        '<div class="figure-tools" data-pagefind-ignore>',
        f'<p class="figure-links"><a href="{csv}" download>{html.escape(t["csv"])}</a> '
        f'<a href="{link["svg"]}" download>{html.escape(t["svg"])}</a> '
        f'<a href="{link["png"]}" download>{html.escape(t["png"])}</a></p>',
        f"<details><summary>{html.escape(t['tools'])}</summary>",
        f'<p class="figure-made">{provenance_html(figure, "figures", root)}</p>',
        data_table(datafile.without_private_columns(figure.data), t["behind"]),
        "</details>",
        "</div>",
        "</div>",
    ]
    if figure.synthetic:
        lines.insert(1, f'<p class="synthetic-mark"><strong>{html.escape(t["synthetic"])}</strong></p>')
    return "\n".join(lines)


def _links(sheet: Canvas, kind: str, root: Path) -> str:
    """Return the links over a drawing; pages that the book doesn't have, and those of a brief, are no target."""
    book = _book(root)
    is_brief = root in Path.cwd().parents and project_file(Path()).is_file()
    pages = frozenset() if is_brief else {chapter.page for chapter in book.chapters}

    def to(target: str) -> str:
        page, hash_, place = target.partition("#")
        return f"{address(page, root)}{hash_}{place}" if page in pages else ""

    return link_overlay(sheet, to, kind=kind, label=ui_strings(book.lang)["marks"])


def provenance_html(result: Figure | Table, package: Kind, root: Path) -> str:
    """Return how a figure or table was made, as HTML: its function, the data files, where these come from.

    package: ``figures`` or ``tables``. Function and files are links where the repository's address is known.
    """
    book = _book(root)
    sources = book.sources_url

    def to(path: str, text: str) -> str:
        code = f"<code>{html.escape(text)}</code>"
        address = html.escape(f"{sources}/{path}")
        return f'<a href="{address}">{code}</a>' if sources else code

    t = ui_strings(book.lang)
    path = source(package, result.name)
    called = f"{package}.{result.name}()"
    # What the package brings is not in the paper's repository.
    function = to(path, called) if (root / path).is_file() else f"<code>{html.escape(called)}</code>"
    inputs = [
        name if "/" in name else described(name, root).file(synthetic=result.synthetic)
        for name in result.inputs
    ]
    parts = {
        "function": function,
        "inputs": t["made_and"].join(to(path, path) for path in inputs),
        "source": html.escape(result.source),
    }
    return html.escape(t["made"]).format(**parts)


def data_table(data: pd.DataFrame, caption: str) -> str:
    """Return a table for readers. The page's frame puts it in a box that scrolls sideways."""
    head = "".join(
        f'<th scope="col">{html.escape(str(name).replace("_", " "))}</th>' for name in data.columns
    )
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(format_value(value))}</td>" for value in row) + "</tr>"
        for row in data.itertuples(index=False, name=None)
    )
    return (
        '<table data-quarto-disable-processing="true">'
        f'<caption class="visually-hidden">{html.escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
    )
