"""The committed renderings of figures: which are in step, which are stale, and how to renew them.

``assets/figures/NAME.svg``, ``.png``, ``.json`` (and ``NAME-narrow.svg``, ``.json``) show figure NAME;
``manifest.json`` beside them holds, for each figure, the hash of the drawing that they show and of each file.
Figures of synthetic data have a folder of their own, ``demo/``, with its own manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.analysis import datafile
from paper.errors import Place, StaleError
from paper.figures import style
from paper.report import Fault

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure as PlotlyFigure

    from paper.figures.figure import Figure
    from paper.tables.table import Table

FOLDER = "assets/figures"
MANIFEST = "manifest.json"
REMEDY = "run `paper render-figures` and commit assets/figures and assets/data"


def folder(root: Path, *, synthetic: bool) -> Path:
    """Where the renderings of real or synthetic figures are kept."""
    return root / FOLDER / "demo" if synthetic else root / FOLDER


def spec(figure: PlotlyFigure) -> str:
    """The drawing as canonical JSON: sorted keys, no spaces; equal drawings give equal text."""
    return json.dumps(
        json.loads(figure.to_json(engine="json")), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def file_names(figure: Figure) -> dict[str, str]:
    """The figure's renderings by kind: svg, png, json and, where it has a form for phones, narrow-svg, -json."""
    names = {kind: f"{figure.name}.{kind}" for kind in ("svg", "png", "json")}
    if figure.narrow is not None:
        names |= {f"narrow-{kind}": f"{figure.name}-narrow.{kind}" for kind in ("svg", "json")}
    return names


def digest(figure: Figure) -> str:
    """What a rendering must show: the drawings and the style's version, hashed."""
    parts = [str(style.STYLE_VERSION), spec(figure.figure)]
    if figure.narrow is not None:
        parts.append(spec(figure.narrow))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def shown(figure: Figure, root: Path) -> dict[str, Path]:
    """The figure's committed files by kind. Raises StaleError when they, or its data file, are out of step."""
    where = folder(root, synthetic=figure.synthetic)
    wrong = _stale(figure, where, read_manifest(where))
    if wrong:
        raise StaleError(
            f"the rendering of figure {figure.name!r} {wrong}",
            place=Place((where / file_names(figure)["svg"]).relative_to(root).as_posix()),
            remedy=REMEDY,
        )
    require_data_file(figure, root)
    return {kind: where / name for kind, name in file_names(figure).items()}


def data_path(result: Figure | Table) -> str:
    """The CSV behind a figure or table, from the project's root."""
    kind: datafile.Kind = "tbl" if hasattr(result, "rows") else "fig"
    return datafile.name(kind, result.name, synthetic=result.synthetic)


def require_data_file(result: Figure | Table, root: Path) -> None:
    """Raises StaleError when the CSV that pages link to doesn't hold the data as they are now."""
    path = data_path(result)
    if wrong := _data_stale(root / path, result.data):
        raise StaleError(wrong, place=Place(path), remedy=REMEDY)


def check(figures: Iterable[Figure], tables: Iterable[Table], root: Path) -> list[Fault]:
    """What is out of step: stale or missing renderings and data files, and files that nothing makes."""
    figures, tables = list(figures), list(tables)
    faults = []
    known: set[Path] = set()
    for figure in figures:
        where = folder(root, synthetic=figure.synthetic)
        known |= {where / MANIFEST, *(where / name for name in file_names(figure).values())}
        wrong = _stale(figure, where, read_manifest(where))
        if wrong:
            path = where / file_names(figure)["svg"]
            message = f"the rendering of figure {figure.name!r} {wrong}"
            faults.append(Fault(path.relative_to(root).as_posix(), None, "figure-stale", message, REMEDY))
    for path, data in data_files(figures, tables, root).items():
        known.add(path)
        if wrong := _data_stale(path, data):
            faults.append(Fault(path.relative_to(root).as_posix(), None, "data-file-stale", wrong, REMEDY))
    for path in _kept(root):
        if path not in known:
            message = "no figure or table makes this file, so nobody can renew it"
            remedy = "remove it, or add its function to paper.figures.FIGURES or paper.tables.TABLES"
            faults.append(Fault(path.relative_to(root).as_posix(), None, "figure-unknown", message, remedy))
    return faults


def data_files(figures: Iterable[Figure], tables: Iterable[Table], root: Path) -> dict[Path, pd.DataFrame]:
    """The CSV files behind figures and tables: path → DataFrame."""
    results: list[Figure | Table] = [*figures, *tables]
    return {root / data_path(result): result.data for result in results}


def stale(figures: Iterable[Figure], root: Path) -> list[Figure]:
    """The figures whose committed renderings show something else, or are missing."""
    return [
        figure
        for figure in figures
        if _stale(
            figure,
            where := folder(root, synthetic=figure.synthetic),
            read_manifest(where),
        )
    ]


def renew(figures: Iterable[Figure], root: Path, *, browser: str | None = None) -> None:
    """Draw the figures anew, all in one browser, and enter them in the manifests.

    Each folder's manifest is written last, so that an interrupted run leaves figures stale, never wrong.
    """
    from paper.figures.browser import pictures

    figures = list(figures)
    drawn = pictures(figures, browser=browser)
    entries: dict[Path, dict[str, Any]] = {}
    for figure, files in zip(figures, drawn, strict=True):
        where = folder(root, synthetic=figure.synthetic)
        where.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _write(where / name, content)
        entries.setdefault(where, read_manifest(where))[figure.name] = {
            "figure": digest(figure),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    for where, manifest in entries.items():
        write_manifest(where, manifest)


def tidy(figures: Iterable[Figure], root: Path) -> None:
    """Drop from the manifests the figures that are no more (their files are told of by ``check``)."""
    names = {where: set[str]() for where in (folder(root, synthetic=False), folder(root, synthetic=True))}
    for figure in figures:
        names[folder(root, synthetic=figure.synthetic)].add(figure.name)
    for where, known in names.items():
        manifest = read_manifest(where)
        if set(manifest) - known:
            write_manifest(where, {name: entry for name, entry in manifest.items() if name in known})


def read_manifest(where: Path) -> dict[str, Any]:
    """The folder's manifest: figure → its drawing's hash and its files' hashes; empty where there is none."""
    path = where / MANIFEST
    if not path.is_file():
        return {}
    try:
        manifest = json.loads(path.read_text("utf8"))
    except ValueError as error:
        raise StaleError(
            f"it is not JSON: {error}", place=Place(path), remedy=f"remove it, then {REMEDY}"
        ) from None
    return dict(manifest)


def write_manifest(where: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False) + "\n"
    _write(where / MANIFEST, text.encode())


def _stale(figure: Figure, where: Path, manifest: Mapping[str, Any]) -> str:
    """What is wrong with the committed rendering, or "" when it shows this figure."""
    entry = manifest.get(figure.name)
    if not isinstance(entry, dict):
        return "is missing"
    if entry.get("figure") != digest(figure):
        return "shows an earlier state of the figure or its data"
    hashes = entry.get("files") or {}
    for name in file_names(figure).values():
        path = where / name
        if not path.is_file():
            return f"is missing: {name}"
        if hashlib.sha256(path.read_bytes()).hexdigest() != hashes.get(name):
            return f"was changed by hand: {name}"
    return ""


def _data_stale(path: Path, data: pd.DataFrame) -> str:
    """What is wrong with a data file, or "" when it holds these data."""
    if not path.is_file():
        return "the data file is missing"
    return (
        ""
        if path.read_bytes() == datafile.text(data).encode()
        else "it doesn't hold the data as they are now"
    )


def _kept(root: Path) -> Iterator[Path]:
    """Every file in the folders that only ``paper render-figures`` writes."""
    for top in (root / FOLDER, root / "assets/data"):
        yield from sorted(path for path in top.rglob("*") if path.is_file() and path.name != "README.md")


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
