"""The one door to Quarto: is a fit one there, and a render with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from paper.errors import MachineError, ToolError
from paper.project import Project

NEEDED = (1, 9, 17)
TIMEOUT = float(os.environ.get("PAPER_QUARTO_TIMEOUT", "1800"))


def find() -> tuple[Path | None, str]:
    """Quarto on PATH when it is new enough, and a sentence that says what was found."""
    found = shutil.which("quarto")
    wanted = ".".join(str(n) for n in NEEDED)
    if not found:
        return None, "Quarto is not on PATH"
    text = version(Path(found))
    numbers = tuple(int(n) for n in re.findall(r"\d+", text)[:3])
    if not numbers:
        return None, "Quarto on PATH doesn't tell its version"
    if numbers < NEEDED:
        return None, f"{text} on PATH is older than {wanted}"
    return Path(found), text


@cache
def version(quarto: Path) -> str:
    """Quarto's name and version, or only its name where it doesn't answer."""
    try:
        done = subprocess.run(
            [str(quarto), "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "Quarto"
    return f"Quarto {done.stdout.strip()}".strip()


def render(project: Project, quarto: Path, out: Path) -> None:
    """Render the whole book with Quarto into ``out``. Raises ToolError with Quarto's own last words."""
    command = [str(quarto), "render", str(project.root), "--output-dir", str(out)]
    if project.profile:
        command += ["--profile", project.profile]
    environment = {**os.environ, "QUARTO_PYTHON": sys.executable, "QUARTO_PROFILE": project.profile}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"Quarto did not end within {TIMEOUT:g} s", detail=" ".join(command)) from None
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise ToolError("quarto render failed", detail=" ".join(command) + "\n" + tail)


def require() -> Path:
    """Quarto, or a MachineError that says what is missing."""
    path, said = find()
    if path is None:
        raise MachineError(said, remedy="install Quarto 1.9.17 or newer, or build with --engine embedded")
    return path
