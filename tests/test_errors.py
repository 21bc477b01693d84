"""What a person reads when something is wrong."""

from __future__ import annotations

import subprocess
import sys

from paper.errors import Place, SourceError

CELL = """
from IPython.core.interactiveshell import InteractiveShell
from paper.errors import Place, SourceError
def deep():
    raise SourceError("the claim falls", place=Place("data/claims.yml", 7), remedy="weaken it")
shell = InteractiveShell()
shell.user_ns["deep"] = deep
shell.run_cell("deep()")
"""


def test_a_fault_says_where_what_and_what_to_do() -> None:
    fault = SourceError("the claim falls", place=Place("data/claims.yml", 7), remedy="weaken it")
    assert str(fault) == "data/claims.yml:7: the claim falls\n  → weaken it"


def test_a_fault_in_a_cell_is_shown_without_a_traceback() -> None:
    """IPython asks the exception, so that it holds under Quarto, too, which prints what the kernel says."""
    shown = subprocess.run([sys.executable, "-c", CELL], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "data/claims.yml:7: the claim falls\n  → weaken it"
