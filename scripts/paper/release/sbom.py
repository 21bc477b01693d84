"""The software bill of materials of a site: every package that it was made with, as CycloneDX has it.

Written by `cyclonedx-bom`, the standard's own tool, which holds its output to the standard's schema.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from paper.errors import Place, SourceError, ToolError
from paper.release import record
from paper.tools import trace
from paper.tools.files import write_atomic

NAME: Final = "sbom.cdx.json"
TIMEOUT: Final = 300.0  # seconds


def write(root: Path, site: Path) -> Path:
    """Write the bill of a site's packages beside its pages, and into its manifest; returns the file.

    From the project's lock, a requirements.txt with the hash of each package, which is what an installation was made
    from; else from what is installed here. The same lock gives the same bytes.
    Raises SourceError for a folder that is no built site, ToolError where the bill can't be made.
    """
    manifest = record.read(site)
    if manifest is None:
        raise SourceError(
            "there is no manifest.json", place=Place(site), remedy="build it with `paper build`"
        )
    lock = root / "requirements.txt"
    locked = lock.is_file() and "--hash=" in lock.read_text("utf8")
    source = ["requirements", str(lock)] if locked else ["environment", sys.executable]
    if (root / "pyproject.toml").is_file():
        source[1:1] = ["--pyproject", str(root / "pyproject.toml")]
    with tempfile.TemporaryDirectory(prefix="paper-sbom-") as folder:
        made = Path(folder) / NAME
        options = ("--output-reproducible", "--spec-version", "1.6", "--validate", "--output-file", str(made))
        command = [sys.executable, "-m", "cyclonedx_py", source[0], *options, *source[1:]]
        trace.show(command)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT)
        if done.returncode:
            raise ToolError("the list of packages can't be made", detail=done.stderr)
        bill = _without_folders(json.loads(made.read_text("utf8")))
    write_atomic(
        site / NAME, (json.dumps(bill, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    )
    record.renew(manifest, site)
    return site / NAME


def _without_folders(value: Any) -> Any:
    """Return a bill without addresses of folders on this computer, from which a package may be installed."""
    if isinstance(value, list):
        kept = (v for v in value if not (isinstance(v, dict) and str(v.get("url", "")).startswith("file:")))
        return [_without_folders(item) for item in kept]
    return (
        {name: _without_folders(item) for name, item in value.items()} if isinstance(value, dict) else value
    )
