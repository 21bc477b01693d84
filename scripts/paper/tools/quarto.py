"""The one door to Quarto: is a fit one there, and a render with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from paper import limits
from paper.errors import MachineError, ToolError
from paper.project import Project
from paper.tools import trace

NEEDED = (1, 9, 17)
TIMEOUT = limits.value("PAPER_QUARTO_TIMEOUT")


def find() -> tuple[Path | None, str]:
    """Quarto on PATH when it is new enough, and a sentence that says what was found."""
    result = shutil.which("quarto")
    wanted = ".".join(str(n) for n in NEEDED)
    if not result:
        return None, "Quarto is not on PATH"
    text = version(Path(result))
    numbers = tuple(int(n) for n in re.findall(r"\d+", text)[:3])
    if not numbers:
        return None, "Quarto on PATH doesn't tell its version"
    if numbers < NEEDED:
        return None, f"{text} on PATH is older than {wanted}"
    return Path(result), text


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
    try:
        done = subprocess.run(
            command, env=environment(project), capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise ToolError(
            f"Quarto did not end within {TIMEOUT:g} s",
            detail=" ".join(command),
            remedy="allow more time with PAPER_QUARTO_TIMEOUT (seconds)",
        ) from None
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise ToolError("quarto render failed", detail=" ".join(command) + "\n" + tail)


def of_environment(environment: Mapping[str, str]) -> Path:
    """Return the Quarto that runs a script of ours, by the folder that it names; else the one on PATH."""
    folder = environment.get("QUARTO_BIN_PATH") or None
    return Path(shutil.which("quarto", path=folder) or shutil.which("quarto") or "quarto")


def rendered_files(environment: Mapping[str, str]) -> list[str] | None:
    """Return the files that a render has just made, relative to the project; None where Quarto doesn't tell.

    A list too long for the environment stands in a file that ``QUARTO_USE_FILE_FOR_PROJECT_OUTPUT_FILES`` names.
    """
    listed = environment.get("QUARTO_PROJECT_OUTPUT_FILES")
    elsewhere = environment.get("QUARTO_USE_FILE_FOR_PROJECT_OUTPUT_FILES")
    if elsewhere and Path(elsewhere).is_file():
        listed = Path(elsewhere).read_text("utf8")
    return None if listed is None else [Path(line).as_posix() for line in listed.splitlines() if line]


def environment(project: Project) -> dict[str, str]:
    """Return the environment for a render within a render: nothing of the outer one's files."""
    inherited = trace.untraced(os.environ)  # its kernel is a process of this one
    remaining = {name: value for name, value in inherited.items() if not name.startswith("QUARTO_PROJECT_")}
    return {**remaining, "QUARTO_PYTHON": sys.executable, "QUARTO_PROFILE": project.profile}


def require() -> Path:
    """Quarto, or a MachineError that says what is missing."""
    path, said = find()
    if path is None:
        raise MachineError(said, remedy="install Quarto 1.9.17 or newer, or build with --engine embedded")
    return path
