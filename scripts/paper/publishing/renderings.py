"""The committed renderings of figures: which are in step, which are stale, and how they are renewed.

``assets/figures/NAME.svg``, ``.png`` (and ``NAME-narrow.svg``) show figure NAME;
``manifest.json`` beside them holds, for each figure, the hash of the drawing that they show and of each file.
Figures of synthetic data have a folder of their own, ``demo/``, with its own manifest. A cell that shows a figure
draws it anew where it is out of step.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from paper.analysis import datafile
from paper.drawing import pixels, style
from paper.drawing.svg import svg_markup
from paper.errors import MachineError
from paper.report import Fault
from paper.tools.files import PLAIN, write_atomic

if TYPE_CHECKING:
    import pandas as pd

    from paper.publishing.figure import Figure
    from paper.publishing.table import Table

FOLDER = "assets/figures"
MANIFEST = "manifest.json"
REMEDY = "run `paper render-figures` and commit assets/figures and assets/data"


def folder(root: Path, *, synthetic: bool) -> Path:
    """Return where the renderings of real or synthetic figures are kept."""
    return root / FOLDER / "demo" if synthetic else root / FOLDER


def file_names(figure: Figure) -> dict[str, str]:
    """Return the figure's renderings by kind: svg, png and, where it has a form for phones, narrow-svg."""
    names = {kind: f"{figure.name}.{kind}" for kind in ("svg", "png")}
    if figure.narrow is not None:
        names["narrow-svg"] = f"{figure.name}-narrow.svg"
    return names


def digest(figure: Figure) -> str:
    """Return what a rendering must show: the drawings and the style's version, hashed."""
    parts = [str(style.STYLE_VERSION), svg_markup(figure.figure)]
    if figure.narrow is not None:
        parts.append(svg_markup(figure.narrow))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def current_files(figure: Figure, root: Path) -> dict[str, Path]:
    """Return the figure's committed files by kind, after renewing them and its data file where out of step.

    Raises MachineError where assets/ can't be written.
    """
    where = folder(root, synthetic=figure.synthetic)
    if _stale(figure, where, read_manifest(where)):
        renew([figure], root)
    keep_data(figure, root)
    return {kind: where / name for kind, name in file_names(figure).items()}


def data_path(result: Figure | Table) -> str:
    """Return the CSV behind a figure or table, from the project's root."""
    kind: datafile.Kind = "tbl" if hasattr(result, "rows") else "fig"
    working = getattr(result, "working", False)
    return datafile.name(kind, result.name, synthetic=result.synthetic, working=working)


def keep_data(result: Figure | Table, root: Path) -> None:
    """Write the CSV that pages link to, where it doesn't hold the data as they are now."""
    path = root / data_path(result)
    if _data_stale(path, result.data):
        with _writing(root):
            datafile.write(path, result.data)


def check(figures: Iterable[Figure], tables: Iterable[Table], root: Path) -> list[Fault]:
    """Return what is out of step: stale or missing renderings and data files, and files that nothing makes."""
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
            remedy = "remove it, or write what makes it: scripts/figures/NAME.py, scripts/tables/NAME.py"
            faults.append(Fault(path.relative_to(root).as_posix(), None, "figure-unknown", message, remedy))
    return faults


def data_files(figures: Iterable[Figure], tables: Iterable[Table], root: Path) -> dict[Path, pd.DataFrame]:
    """Return the CSV files behind figures and tables: path → DataFrame."""
    results: list[Figure | Table] = [*figures, *tables]
    return {root / data_path(result): result.data for result in results}


def stale(figures: Iterable[Figure], root: Path) -> list[Figure]:
    """Return the figures whose committed renderings show something else, or are missing."""
    return [
        figure
        for figure in figures
        if _stale(
            figure,
            where := folder(root, synthetic=figure.synthetic),
            read_manifest(where),
        )
    ]


def renew(figures: Iterable[Figure], root: Path) -> None:
    """Draw the figures anew and enter them in the manifests.

    A manifest is written last, so that an interrupted run leaves figures stale, never wrong; and under a lock, since
    two builds may draw at once.
    """
    for figure in figures:
        where = folder(root, synthetic=figure.synthetic)
        drawing = files(figure)
        with _writing(root):
            where.mkdir(parents=True, exist_ok=True)
            for name, content in drawing.items():
                write_atomic(where / name, content, mode=PLAIN)
            hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(drawing.items())}
            entry = {"figure": digest(figure), "files": hashes}
            write_manifest(where, {**read_manifest(where), figure.name: entry})


def files(figure: Figure) -> dict[str, bytes]:
    """Return the figure's renderings: file name → content, the same on every machine."""
    names = file_names(figure)
    svg = svg_markup(figure.figure, centimetres=style.PRINT_CM).encode()
    with tempfile.TemporaryDirectory() as name:
        drawing = Path(name, names["svg"])
        drawing.write_bytes(svg)
        png = pixels.svg_to_png(drawing, dpi=style.PNG_DPI, centimetres=style.PNG_CM)
    results = {names["svg"]: svg, names["png"]: png}
    if figure.narrow is not None:
        results[names["narrow-svg"]] = svg_markup(figure.narrow).encode()
    return results


def tidy(figures: Iterable[Figure], root: Path) -> None:
    """Take away the renderings of figures that are no more, and drop those figures from the manifests.

    A file that is not as it was drawn stays, and ``check`` tells of it.
    """
    names = {where: set[str]() for where in (folder(root, synthetic=False), folder(root, synthetic=True))}
    for figure in figures:
        names[folder(root, synthetic=figure.synthetic)].add(figure.name)
    for where, known in names.items():
        manifest = read_manifest(where)
        if gone := set(manifest) - known:
            for name, drawing in (
                (n, d) for figure in gone for n, d in manifest[figure].get("files", {}).items()
            ):
                path = where / name
                if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == drawing:
                    path.unlink()
            write_manifest(where, {name: entry for name, entry in manifest.items() if name in known})


def read_manifest(where: Path) -> dict[str, Any]:
    """Return the folder's manifest: figure → its drawing's hash and its files' hashes.

    Empty where there is none that can be read, as after a merge that left marks in it: all is drawn anew then.
    """
    try:
        manifest = json.loads((where / MANIFEST).read_text("utf8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def write_manifest(where: Path, manifest: Mapping[str, Any]) -> None:
    """Write the folder's manifest, sorted by figure."""
    text = json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False) + "\n"
    write_atomic(where / MANIFEST, text.encode(), mode=PLAIN)


def _stale(figure: Figure, where: Path, manifest: Mapping[str, Any]) -> str:
    """Return what is wrong with the committed rendering, or "" when it shows this figure."""
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
    """Return what is wrong with a data file, or "" when it holds these data."""
    if not path.is_file():
        return "the data file is missing"
    return (
        ""
        if path.read_bytes() == datafile.text(data).encode()
        else "it doesn't hold the data as they are now"
    )


def _kept(root: Path) -> Iterator[Path]:
    """Yield every file in the folders that only ``paper render-figures`` writes."""
    for top in (root / FOLDER, root / "assets/data"):
        yield from sorted(path for path in top.rglob("*") if path.is_file() and path.name != "README.md")


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Let one writer in at a time; what the system refuses is told as a person can mend it."""
    try:
        (root / ".paper").mkdir(exist_ok=True)
        with FileLock(root / ".paper" / "assets.lock"):
            yield
    except OSError as error:
        raise MachineError(
            f"{error.filename or 'a file in assets/'} could not be written: {error.strerror or error}",
            remedy="free space or mend permissions",
        ) from None
