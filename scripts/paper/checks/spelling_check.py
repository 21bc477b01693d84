"""Spelling, by codespell's list of common misspellings."""

from __future__ import annotations

import re
import subprocess
import sys

from paper.errors import MachineError
from paper.project import Project
from paper.report import Fault

WORDS = "assets/spelling.txt"  # words that are right although they look wrong, one a line


def check_spelling(project: Project) -> list[Fault]:
    """Misspelt words in the text, by codespell's list of common misspellings. Raises MachineError without codespell."""
    root = project.root
    places = [
        name for name in ("index.qmd", "chapters", "brief", "data", "README.md") if (root / name).exists()
    ]
    command = [
        sys.executable,
        "-m",
        "codespell_lib",
        "--quiet-level",
        "2",
        "--skip",
        "*.json,*/private/*,*/synthetic/*",
    ]
    if (root / WORDS).is_file():
        command += ["--ignore-words", WORDS]
    done = subprocess.run(
        [*command, *places], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    if "No module named" in done.stderr:
        raise MachineError("codespell is not installed", remedy="run `make`, which installs it into .venv")
    results = []
    for said in done.stdout.splitlines():
        if match := re.match(r"(.+?):(\d+): (.+?) ==> (.+)$", said):
            file, line, word, right = match.groups()
            remedy = f"write {right}, or add the word to {WORDS}"
            results.append(
                Fault(
                    file.removeprefix("./"), int(line), "spelling", f"“{word}” is misspelt", remedy, "warning"
                )
            )
    return results
