"""The scripts of live figures that a site's pages ask for, put into the site."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from paper.plots.engine import BUNDLES

FOLDER = "assets/vendor"


def copy_scripts(bodies: Iterable[str], out: Path) -> None:
    """Copy each bundle of plotly.js that a button of a page names, and the outlines of countries where maps are."""
    names: set[str] = set()
    maps = False
    for body in bodies:
        names |= set(re.findall(rf'data-plotly="[^"]*{FOLDER}/(plotly[\w-]*\.min\.js)"', body))
        maps = maps or 'data-maps="true"' in body
    for name in sorted(names):
        target = out / FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_source(name), target)
    if maps:
        shutil.copytree(BUNDLES / "topojson", out / FOLDER / "topojson", dirs_exist_ok=True)


def _source(name: str) -> Path:
    if (BUNDLES / name).is_file():
        return BUNDLES / name
    spec = find_spec("plotly")  # the whole of it comes with the package that made the figure
    assert spec is not None, "an author's Plotly drew the figure"
    assert spec.origin is not None
    return Path(spec.origin).parent / "package_data" / name
