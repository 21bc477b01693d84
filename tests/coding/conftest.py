"""A small book with the project's own data, to be spoilt."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paper.coding.data import check
from paper.coding.data.package import FILE
from paper.report import Fault

REPOSITORY = Path(__file__).parent.parent.parent

CASES = "case,role,region\nInterview 1,public servant,north\nInterview 2,think tank,capital\n"
CODERS = "coder,role\nBK,author\nXX,second coder\n"
SEGMENTS = """\
segment,case,block,question,locator,code,coder,released,excerpt
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,BK,true,People waited outside.
i1-001,Interview 1,A,A1,paragraph 1,internal-citizens,XX,true,People waited outside.
i1-002,Interview 1,B,B1,paragraph 2,external-control,BK,false,
i2-001,Interview 2,C,C1,paragraph 1,context-donors,BK,true,A model came from abroad.
"""
MEMOS = "memo,about_kind,about,coder,text,released\nm-01,code,internal-citizens,BK,Look again.,true\n"


@pytest.fixture(scope="session", autouse=True)
def descriptions() -> Iterator[None]:
    """Let frictionless judge the same description of the data once a run: nearly all tests have the project's own."""
    judge = check.check_description
    known: dict[bytes, list[Fault]] = {}

    def judged(root: Path) -> list[Fault]:
        text = (root / FILE).read_bytes()
        if text not in known:
            known[text] = judge(root)
        return list(known[text])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "check_description", judged)
        yield


@pytest.fixture
def project(book: Callable[..., Path]) -> Path:
    """A book that holds the project's data and bibliography, and two made-up interviews."""
    root = book()
    shutil.copytree(REPOSITORY / "data", root / "data", ignore=shutil.ignore_patterns("private", "synthetic"))
    shutil.copy(REPOSITORY / "references.bib", root / "references.bib")
    tables = {"cases": CASES, "coders": CODERS, "segments": SEGMENTS, "memos": MEMOS}
    for name, text in tables.items():
        (root / "data" / f"{name}.csv").write_text(text, "utf8")
    return root
