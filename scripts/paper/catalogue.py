"""The figures and tables of a paper by name: a file each in ``scripts/figures`` and ``scripts/tables``.

``scripts/figures/waits.py`` holds the function ``waits()``, which a cell calls as ``figures.waits()``. A file whose
name begins with ``_`` is a helper. They reach each other by relative imports: ``from ..analysis import counts``.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from paper.errors import Place, SourceError
from paper.publishing.own import FOLDER, Kind, source

if TYPE_CHECKING:
    from paper.publishing.figure import Figure
    from paper.publishing.table import Table

Made = TypeVar("Made", bound="Figure | Table")


def names(root: Path, kind: Kind) -> list[str]:
    """Return the names of the paper's own figures or tables, sorted.

    Raises SourceError for a name that a module of the package has, which a cell would get in its place.
    """
    own = sorted(path.stem for path in (root / FOLDER / kind).glob("*.py") if not path.stem.startswith("_"))
    for name in own:
        if is_module(kind, name):
            raise SourceError(
                f"paper.{kind}.{name} is a module of the package",
                place=Place(source(kind, name)),
                remedy="give the file, its function and the calls of it another name",
            )
    return own


def is_module(kind: Kind, name: str) -> bool:
    """Return whether the package ``paper.KIND`` has a module of that name."""
    return (Path(__file__).parent / kind / f"{name}.py").is_file()


def module(root: Path, name: str) -> ModuleType:
    """Import a module of the paper's own, such as ``figures.waits`` or ``analysis.counts``."""
    importlib.invalidate_caches()  # a file may be younger than the last look into its folder
    return importlib.import_module(f"{_package(root)}.{name}")


def function(root: Path, kind: Kind, name: str) -> Callable[[], Any]:
    """Return the function that makes one of the paper's own figures or tables.

    Raises SourceError where its file has no function of its name, AttributeError where there is no such file.
    """
    if not (root / source(kind, name)).is_file():
        raise AttributeError(
            f"this paper has no {kind.removesuffix('s')} {name!r}: {source(kind, name)} isn't there"
        )
    make = getattr(module(root, f"{kind}.{name}"), name, None)
    if not callable(make):
        raise SourceError(
            f"it has no function {name}()",
            place=Place(source(kind, name)),
            remedy=f"name the function that makes the {kind.removesuffix('s')} as the file: def {name}()",
        )
    return make  # type: ignore[no-any-return]


def own(root: Path, kind: Kind) -> dict[str, Callable[[], Any]]:
    """Return the functions that make the paper's own figures or tables, by name."""
    return {name: function(root, kind, name) for name in names(root, kind)}


def renewing(make: Callable[[], Made]) -> Callable[[], Made]:
    """Have a function also renew what is committed of its figure or table, where that is out of step.

    So a change of data reaches every format with the cell itself, under either engine.
    """

    @wraps(make)
    def renewing() -> Made:
        from paper.project import find_root
        from paper.publishing import renderings
        from paper.publishing.figure import Figure

        result, root = make(), find_root(Path.cwd())
        if isinstance(result, Figure):
            renderings.current_files(result, root)
        else:
            renderings.keep_data(result, root)
        return result

    return renewing


def _package(root: Path) -> str:
    """Return the name of the package that stands for ``scripts/`` of a project, so that two projects don't mix."""
    name = f"paper_at_{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        package = ModuleType(name, f"The scripts of {root.name}.")
        package.__path__ = [str(root / FOLDER)]
        sys.modules[name] = package
    return name
