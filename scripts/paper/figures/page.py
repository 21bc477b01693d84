"""A figure on a page: the drawing at once, and beneath it the tools to explore, check and take it away."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from paper.analysis import datafile
from paper.figures.svg import themed

if TYPE_CHECKING:
    import pandas as pd

    from paper.figures.figure import Figure

_STRINGS = Path(__file__).with_name("strings")
PLOTLY = "assets/vendor/plotly.min.js"


@cache
def words(lang: str) -> Mapping[str, str]:
    """The words around figures and tables in a language; English stands in for what has no translation."""
    found: dict[str, str] = {}
    for name in ("en", lang.split("-")[0].lower()):
        path = _STRINGS / f"{name}.yml"
        if path.is_file():
            found.update(yaml.safe_load(path.read_text("utf8")))
    return found


@cache
def _project(root: Path) -> tuple[str, str]:
    """The book's language and the address of its repository ("" where none is given)."""
    from paper.project import load

    project = load(root)
    return project.lang, project.repo_url


def language(root: Path) -> str:
    return _project(root)[0]


def address(path: str | Path, root: Path) -> str:
    """The way from the chapter that is being run (the working directory) to a file of the project."""
    return Path(os.path.relpath(root / path, Path.cwd())).as_posix()


def fragment(figure: Figure, files: Mapping[str, Path], root: Path) -> str:
    """The figure's HTML. files: its renderings, as ``renderings.shown`` gives them.

    All that comes from data is escaped; no script, no style, no handler stands in it: ``assets/js/figures.js``
    finds the button by its class and data.
    """
    lang, repository = _project(root)
    t = words(lang)
    link = {name: html.escape(address(path, root)) for name, path in files.items()}
    csv = html.escape(address(datafile.name("fig", figure.name, synthetic=figure.synthetic), root))
    label = figure.describe or figure.name.replace("_", " ")
    drawings = [themed(files["svg"].read_text("utf8"), kind="figure-wide", label=label)]
    narrow = ""
    if figure.narrow is not None:
        drawings.append(themed(files["narrow-svg"].read_text("utf8"), kind="figure-narrow", label=label))
        narrow = f' data-figure-narrow="{link["narrow-json"]}"'
    mark = (
        f'<p class="synthetic-mark"><strong>{html.escape(t["synthetic"])}</strong></p>'
        if figure.synthetic
        else ""
    )
    return "\n".join(
        part
        for part in (
            f'<div class="paper-figure{" has-narrow" if narrow else ""}">',
            mark,
            '<div class="figure-static">',
            *drawings,
            "</div>",
            '<details class="figure-tools" data-pagefind-ignore>',
            f"<summary>{html.escape(t['tools'])}</summary>",
            '<p class="figure-links">'
            f'<button type="button" class="figure-explore needs-script" data-figure="{link["json"]}"{narrow} '
            f'data-plotly="{html.escape(address(PLOTLY, root))}"{_said(t)}>{html.escape(t["explore"])}</button> '
            f'<a href="{csv}" download>{html.escape(t["csv"])}</a> '
            f'<a href="{link["svg"]}" download>{html.escape(t["svg"])}</a> '
            f'<a href="{link["png"]}" download>{html.escape(t["png"])}</a></p>',
            f'<p class="figure-made">{_made(figure, t, repository)}</p>',
            data_table(figure.data, f"{t['behind']}: {label}"),
            "</details>",
            "</div>",
        )
        if part
    )


def _said(t: Mapping[str, str]) -> str:
    """What the script says, in the page's language, as data of its button."""
    return "".join(
        f' data-{name}="{html.escape(t[name])}"' for name in ("close", "loading", "ready", "failed", "folder")
    )


def _made(figure: Figure, t: Mapping[str, str], repository: str) -> str:
    """How it was made: the function and the data files, each a link where the repository's address is known."""

    def to(path: str, text: str) -> str:
        code = f"<code>{html.escape(text)}</code>"
        return (
            f'<a href="{html.escape(repository)}/blob/main/{html.escape(path)}">{code}</a>'
            if repository
            else code
        )

    folder = "data/synthetic" if figure.synthetic else "data"
    inputs = t["made_and"].join(to(f"{folder}/{name}.csv", f"{folder}/{name}.csv") for name in figure.inputs)
    function = to("scripts/paper/figures/__init__.py", f"paper.figures.{figure.name}()")
    return html.escape(t["made"]).format(function=function, inputs=inputs, source=html.escape(figure.source))


def data_table(data: pd.DataFrame, label: str) -> str:
    """A table for readers, in a box that scrolls sideways and can be reached from the keyboard."""
    from paper.analysis.datafile import shown

    head = "".join(
        f'<th scope="col">{html.escape(str(name).replace("_", " "))}</th>' for name in data.columns
    )
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{html.escape(shown(value))}</td>" for value in row) + "</tr>"
        for row in data.itertuples(index=False)
    )
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{html.escape(label)}">\n'
        f'<table data-quarto-disable-processing="true">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        "</table>\n</div>"
    )
